//! Every form that a label or the report of an audit comes in, as one table each.
//!
//! The values of `--format`, the files that `--out` writes, docs/formats.md and tests read these tables: a form that is added
//! here is known everywhere.

use plimsoll_model::{AuditReport, CanonicalError, Comparison, Statement, to_canonical, to_readable};

use crate::{
    TextOptions, annotations, assessment, audit_html, audit_text,
    badge::strip,
    declarations, diff_annotations, diff_env, diff_markdown, diff_text, env,
    face::{comment, drawing},
    html::page,
    junit, oscal, sarif, summary, svr, text,
    view::View,
    vsa,
};

/// One form of a `T`.
pub struct Form<T: 'static> {
    /// The value of `--format`.
    pub name: &'static str,
    /// What it is, in a few words: without a full stop, as help shows it.
    pub about: &'static str,
    /// The file that `--out` writes it to, where it does.
    pub file: Option<&'static str>,
    /// Its media type, without parameters.
    pub media_type: &'static str,
    /// Gives its bytes. Of the options the day matters to all that is drawn or written for people, the others to text alone.
    pub render: fn(&T, &TextOptions) -> Result<Vec<u8>, CanonicalError>,
}

/// The forms of a label, in the order of help and docs. JSON is canonical and has no newline at the end.
pub const FORMS: &[Form<Statement>] = &[
    Form {
        name: "text",
        about: "For a terminal",
        file: None,
        media_type: "text/plain",
        render: |label, options| Ok(text(label, options).into_bytes()),
    },
    Form {
        name: "json",
        about: "label.json: an in-toto Statement, canonical bytes (RFC 8785)",
        file: Some("label.json"),
        media_type: "application/vnd.in-toto+json",
        render: |label, _| to_canonical(label),
    },
    Form {
        name: "svg",
        about: "The label",
        file: Some("label.svg"),
        media_type: "image/svg+xml",
        render: |label, options| Ok(drawing(View::new(label).on(options.on)).into_bytes()),
    },
    Form {
        name: "html",
        about: "The label with all its details, one self-contained page",
        file: Some("label.html"),
        media_type: "text/html",
        render: |label, options| Ok(page(View::new(label).on(options.on)).into_bytes()),
    },
    Form {
        name: "markdown",
        about: "For a pull request",
        file: None,
        media_type: "text/markdown",
        render: |label, options| Ok(comment(View::new(label).on(options.on)).into_bytes()),
    },
    Form {
        name: "badge",
        about: "A small badge (SVG)",
        file: None,
        media_type: "image/svg+xml",
        render: |label, options| Ok(strip(View::new(label).on(options.on)).into_bytes()),
    },
    Form {
        name: "sarif",
        about: "What is missing, for code scanning (SARIF 2.1.0)",
        file: None,
        media_type: "application/sarif+json",
        render: |label, _| Ok(sarif(label).into_bytes()),
    },
    Form {
        name: "junit",
        about: "Each criterion as a test, for pipelines that show reports of tests (JUnit XML)",
        file: None,
        media_type: "application/xml",
        render: |label, _| Ok(junit(label).into_bytes()),
    },
    Form {
        name: "oscal",
        about: "Each entry of the catalogs as a finding (OSCAL 1.1.2 assessment results)",
        file: None,
        media_type: "application/oscal+json",
        render: |label, _| to_readable(&assessment(label)).map(String::into_bytes),
    },
    Form {
        name: "cyclonedx-declarations",
        about: "Entries of the catalogs as claims with their evidence (CycloneDX 1.6 declarations)",
        file: None,
        media_type: "application/vnd.cyclonedx+json",
        render: |label, _| to_readable(&declarations(label)).map(String::into_bytes),
    },
    Form {
        name: "svr",
        about: "What was verified, as an in-toto Simple Verification Result (unsigned)",
        file: None,
        media_type: "application/vnd.in-toto+json",
        render: |label, _| to_canonical(&svr(label)),
    },
    Form {
        name: "vsa",
        about: "The SLSA levels that are proven, as a Verification Summary Attestation (unsigned)",
        file: None,
        media_type: "application/vnd.in-toto+json",
        render: |label, _| to_canonical(&vsa(label)),
    },
    Form {
        name: "env",
        about: "NAME=VALUE lines for CI variables",
        file: None,
        media_type: "text/plain",
        render: |label, _| Ok(env(label).into_bytes()),
    },
    Form {
        name: "summary",
        about: "One line of Markdown: the tier and what is missing for the next",
        file: None,
        media_type: "text/markdown",
        render: |label, _| Ok(summary(label).into_bytes()),
    },
    Form {
        name: "annotations",
        about: "Marks on files for a GitHub job: what is wrong as errors and warnings",
        file: None,
        media_type: "text/plain",
        render: |label, _| Ok(annotations(label).into_bytes()),
    },
    Form {
        name: "predicate",
        about: "The predicate only, for tools that create the statement themselves (canonical JSON)",
        file: None,
        media_type: "application/json",
        render: |label, _| to_canonical(&label.predicate),
    },
];

/// The forms of an audit's report, in the order of help and docs.
pub const AUDIT_FORMS: &[Form<AuditReport>] = &[
    Form {
        name: "text",
        about: "For a terminal",
        file: None,
        media_type: "text/plain",
        render: |report, options| Ok(audit_text(report, options).into_bytes()),
    },
    Form {
        name: "json",
        about: "For programs",
        file: None,
        media_type: "application/json",
        render: |report, _| to_readable(report).map(String::into_bytes),
    },
    Form {
        name: "html",
        about: "One self-contained page",
        file: None,
        media_type: "text/html",
        render: |report, _| Ok(audit_html(report).into_bytes()),
    },
    Form {
        name: "oscal",
        about: "OSCAL assessment results (JSON)",
        file: None,
        media_type: "application/json",
        render: |report, _| to_readable(&oscal(report)).map(String::into_bytes),
    },
];

/// The forms of a comparison, in the order of help and docs.
pub const COMPARISON_FORMS: &[Form<Comparison>] = &[
    Form {
        name: "text",
        about: "For a terminal",
        file: None,
        media_type: "text/plain",
        render: |found, options| Ok(diff_text(found, options).into_bytes()),
    },
    Form {
        name: "json",
        about: "For programs",
        file: None,
        media_type: "application/json",
        render: |found, _| to_readable(found).map(String::into_bytes),
    },
    Form {
        name: "markdown",
        about: "For a pull request",
        file: None,
        media_type: "text/markdown",
        render: |found, _| Ok(diff_markdown(found).into_bytes()),
    },
    Form {
        name: "annotations",
        about: "Marks on files for a GitHub job: what got worse as errors",
        file: None,
        media_type: "text/plain",
        render: |found, _| Ok(diff_annotations(found).into_bytes()),
    },
    Form {
        name: "env",
        about: "NAME=VALUE lines for CI variables",
        file: None,
        media_type: "text/plain",
        render: |found, _| Ok(diff_env(found).into_bytes()),
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn check<T>(forms: &[Form<T>]) {
        let names: BTreeSet<&str> = forms.iter().map(|form| form.name).collect();
        assert_eq!(names.len(), forms.len(), "a name appears twice");
        let files: Vec<&str> = forms.iter().filter_map(|form| form.file).collect();
        assert_eq!(files.iter().collect::<BTreeSet<_>>().len(), files.len(), "a file appears twice");
        for form in forms {
            assert!(form.media_type.split_once('/').is_some_and(|(kind, name)| !kind.is_empty() && !name.is_empty()));
            assert!(!form.about.is_empty() && !form.about.ends_with('.'), "{}", form.name);
        }
    }

    #[test]
    fn names_and_files_are_there_once() {
        check(FORMS);
        check(AUDIT_FORMS);
        check(COMPARISON_FORMS);
    }
}

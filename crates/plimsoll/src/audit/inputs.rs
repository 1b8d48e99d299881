//! Which inputs of a collection are not at hand, and what rests on them.

use std::collections::BTreeSet;

use plimsoll_collect::Options;
use plimsoll_model::{Evidence, Input, one_line};

/// What was not at hand, and the kinds whose facts may differ for want of it.
#[derive(Default)]
pub struct Missing {
    /// Each in a sentence with its cure.
    pub told: Vec<String>,
    /// Names of kinds.
    pub kinds: BTreeSet<&'static str>,
    /// Names of inputs.
    pub inputs: BTreeSet<&'static str>,
    /// Are files of the release, or what was given with them, others than then?
    pub files: bool,
}

/// One input of a collection.
struct Row {
    /// Its name in evidence.
    name: &'static str,
    /// What it is.
    what: &'static str,
    /// How it is given.
    cure: &'static str,
    /// The kinds whose facts rest on it. Everything else comes out the same without it, and is a difference where it does not.
    kinds: &'static [&'static str],
}

/// Every input that is not the commit's own. What is excused for want of an input is decided here and nowhere else.
const INPUTS: &[Row] = &[
    Row {
        name: "trust",
        what: "the trust policy",
        cure: "--their-trust, or the keys as they were given then",
        kinds: ON_TRUST,
    },
    Row {
        name: "attestation-trust",
        what: "the built-in roots, builders and registry keys",
        cure: "the version of plimsoll that collected",
        kinds: ON_TRUST,
    },
    Row { name: "advisories", what: "the advisory data", cure: "--their-advisories", kinds: ON_ADVISORIES },
    Row {
        name: "registry-index",
        what: "the registry's index",
        cure: "--their-index",
        kinds: &["advisory-database", "advisory-finding"],
    },
    Row { name: "previous", what: "the earlier evidence", cure: "--their-previous", kinds: &["continuity"] },
    Row {
        name: "crate-sources",
        what: "what is downloaded of the locked crates",
        cure: "`cargo fetch --locked` in the repository, or a CARGO_HOME without them where there were none",
        kinds: ON_GRAPH,
    },
    Row { name: "resolver", what: "the resolver", cure: "the version of cargo that resolved then", kinds: ON_GRAPH },
    Row { name: "countersignatures", what: "the countersignatures", cure: "--with", kinds: &["countersignature"] },
    Row {
        name: "countersignature-trust",
        what: "the trust policy for countersignatures",
        cure: "--their-countersignature-trust",
        kinds: &["countersignature"],
    },
];
/// Verdicts about signatures. The commits, tags and packages themselves are what they are, whoever is trusted.
const ON_TRUST: &[&str] =
    &["commit-signature", "tag-signature", "signature-totals", "attestation", "signature-file", "checksum-file"];
const ON_ADVISORIES: &[&str] = &["advisory-database", "advisory-finding", "advisory-exception"];
const ON_GRAPH: &[&str] = &[
    "advisory-database",
    "ecosystem",
    "workspace",
    "lockfile",
    "component",
    "advisory-finding",
    "advisory-exception",
    "published-sbom",
    "binary-dependencies",
];
/// What rests on files that are given.
const ON_FILES: &[&str] = &[
    "artifact",
    "attestation",
    "signature-file",
    "checksum-file",
    "published-sbom",
    "package-comparison",
    "binary-dependencies",
];

/// The kinds whose facts rest on an input, by its name in evidence; `files` are those given with `--artifact` and
/// `--attestation`. An unknown name has none.
pub fn kinds_that_rest_on(input: &str) -> &'static [&'static str] {
    if input == "files" {
        return ON_FILES;
    }
    INPUTS.iter().find(|row| row.name == input).map_or(&[], |row| row.kinds)
}

/// Compares the inputs of the audited evidence with those that were at hand.
pub fn missing(audited: &Evidence, again: &Evidence, options: &Options) -> Missing {
    let mut missing = Missing::default();
    for row in INPUTS {
        let (one, other) = (audited.inputs.get(row.name), again.inputs.get(row.name));
        if one == other {
            continue;
        }
        let (what, cure) = (row.what, row.cure);
        let told = match one {
            Some(input) => format!("{what} is not the one of then ({}); it takes {cure}", told(input)),
            None => format!("{what} was given now and not then: leave it out"),
        };
        missing.told.push(told);
        missing.kinds.extend(row.kinds);
        missing.inputs.insert(row.name);
    }
    let lacking: Vec<String> = audited
        .subject
        .artifacts
        .iter()
        .filter(|artifact| !again.subject.artifacts.contains(artifact))
        .map(|artifact| one_line(&artifact.name))
        .collect();
    let unasked = again.subject.artifacts.iter().any(|artifact| !audited.subject.artifacts.contains(artifact));
    if !lacking.is_empty() || unasked {
        let told = if lacking.is_empty() {
            "files of the release were given now and not then: leave them out".to_owned()
        } else {
            format!("files of the release are not at hand: {}; give them with --artifact", lacking.join(", "))
        };
        missing.told.push(told);
        missing.files = true;
    }
    let given = given_names(audited);
    let here: BTreeSet<String> = options.attestations.iter().map(|file| one_line(&file.name)).collect();
    let lacking: Vec<&str> = given.difference(&here).map(String::as_str).collect();
    if !lacking.is_empty() {
        missing
            .told
            .push(format!("files given then are not at hand: {}; give them with --attestation", lacking.join(", ")));
        missing.files = true;
    }
    if missing.files {
        missing.kinds.extend(ON_FILES);
    }
    missing
}

/// Says that evidence names another version of the program than this; nothing where it names this one.
pub fn other_version(audited: &Evidence) -> Option<String> {
    let own = crate::tool();
    (audited.tool != own).then(|| {
        format!(
            "it says that {} {} collected it, and this is {} {}",
            one_line(&audited.tool.name),
            one_line(&audited.tool.version),
            own.name,
            own.version
        )
    })
}

/// Tags that are there now and were not then: they change what is collected, and the repository is not the one of then.
pub fn later_tags(audited: &Evidence, again: &Evidence) -> Option<String> {
    let tags = |evidence: &Evidence| -> BTreeSet<String> {
        evidence.facts_of("tag").map(|fact| one_line(&fact.subject.id)).collect()
    };
    let later: Vec<String> = tags(again).difference(&tags(audited)).cloned().collect();
    (!later.is_empty()).then(|| {
        format!(
            "tags are there now that were not there then: {}; collect from a clone without them (git tag --delete)",
            later.join(", ")
        )
    })
}

fn told(input: &Input) -> String {
    let digest = input.digest.get("sha256").map(|sha256| format!("SHA-256 {}", one_line(sha256)));
    let revision = input.revision.as_deref().map(one_line);
    let date = input.date.map(|date| date.to_string());
    let parts: Vec<String> =
        std::iter::once(one_line(&input.source)).chain([revision, date, digest].into_iter().flatten()).collect();
    parts.join(", ")
}

/// Names of files that were given beside the repository, as facts tell them.
fn given_names(evidence: &Evidence) -> BTreeSet<String> {
    let text =
        |fact: &plimsoll_model::Fact, name: &str| fact.body.get(name).and_then(serde_json::Value::as_str).map(one_line);
    let given = evidence.facts.iter().filter(|fact| text(fact, "source").as_deref() == Some("given"));
    given.filter_map(|fact| text(fact, "path")).collect()
}

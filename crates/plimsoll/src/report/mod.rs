//! One framework, or one questionnaire, answered entry by entry: by evidence, by the maker's word, or open with what would close it.
//!
//! Nothing is evaluated here: outcomes are those that the practices give. What is added is the rule that an answer needs a place to
//! look at, or a line of the maker's claims file. An entry that has neither is open, whatever it results in.

mod entry;
mod fields;
mod form;
mod gemara;
mod host;
mod judged;
mod machine;
mod proposals;

use plimsoll_collect::collectors::history::TAG;
use plimsoll_model::{
    Assurance, DigestSet, Evidence, Extra, REPORT_PREDICATE_TYPE, REPORT_SCHEMA_VERSION, Report, ReportAnswer,
    ReportCatalog, ReportCounts, ReportEntry, ReportInput, ReportIssuer, ReportSubject, ResourceDescriptor,
    STATEMENT_TYPE, Statement,
    body::{ClaimsFile, Product},
    sha256_hex, to_canonical,
};
use plimsoll_practices::{Catalog, Practices};
use plimsoll_score::Answers;

pub use self::{
    form::{Form, read_form, report_form},
    gemara::gemara,
    host::CodeHost,
    machine::{MachineFormError, machine_form},
    proposals::badge_proposals,
};
use crate::{Error, tool};

/// What the answers of a report come from.
pub(crate) struct Sources<'a> {
    pub(crate) evidence: &'a Evidence,
    pub(crate) practices: &'a Practices,
    pub(crate) answers: &'a Answers,
    pub(crate) host: Option<&'a CodeHost>,
    /// The product as the maker states it; nothing where that counts no more.
    pub(crate) product: Option<Product>,
}

/// Answers every entry of `catalog` by `evidence`. `repository` is the address of the repository on its code host, for links; where
/// there is none, the page that the maker states is taken if it is one of a known host.
///
/// Evidence that gives no label gives no report.
pub fn report(
    evidence: &Evidence,
    catalog: &Catalog,
    practices: &Practices,
    repository: Option<&CodeHost>,
) -> Result<Report, Error> {
    with_sources(evidence, practices, repository, |sources| {
        let entries = entry::of_catalog(catalog, sources);
        let head = ReportCatalog {
            id: catalog.id.clone(),
            title: catalog.title.clone(),
            version: catalog.version.clone(),
            source: catalog.source.clone(),
        };
        let mut reading = vec![format!(
            "Which evidence answers which entry is the reading of whoever wrote the practices whose digests are listed below, not that of \
             the publisher of the framework ({}).",
            catalog.source
        )];
        reading.push(NO_ADVICE.to_owned());
        whole(sources, head, entries, fields::of(catalog, sources), reading)
    })
}

/// Gives the in-toto statement of a report: about its commit, and the released files that it names.
pub fn report_statement(report: &Report) -> Statement<Report> {
    let subject = &report.subject;
    let one = |name: &str, algorithm: &str, digest: &str| ResourceDescriptor {
        name: if name.is_empty() { "source".to_owned() } else { name.to_owned() },
        digest: DigestSet::from([(algorithm.to_owned(), digest.to_owned())]),
        extra: Extra::new(),
    };
    let commit = one(&subject.name, "gitCommit", &subject.commit);
    let files = subject.artifacts.iter().map(|(name, digest)| one(name, "sha256", digest));
    Statement {
        statement_type: STATEMENT_TYPE.to_owned(),
        subject: std::iter::once(commit).chain(files).collect(),
        predicate_type: REPORT_PREDICATE_TYPE.to_owned(),
        predicate: report.clone(),
        extra: Extra::new(),
    }
}

/// What no report is.
const NO_ADVICE: &str = "It is no legal advice, and it claims no conformity with any law, standard or form. It shows what was found, \
                         what the maker says, and what is open. What is \"seen in its source\" is what files of this commit show; \
                         only what is \"checked by computation\" was verified.";

fn with_sources(
    evidence: &Evidence,
    practices: &Practices,
    repository: Option<&CodeHost>,
    make: impl FnOnce(&Sources<'_>) -> Result<Report, Error>,
) -> Result<Report, Error> {
    let answers = plimsoll_score::answers(evidence, practices)?;
    let product = evidence.bodies::<Product>().next().transpose().map_err(plimsoll_score::ScoreError::from)?;
    let product = product.filter(|product| product.current);
    let stated = product.as_ref().and_then(|product| CodeHost::of(product.url.as_deref()?));
    let host = repository.or(stated.as_ref());
    make(&Sources { evidence, practices, answers: &answers, host, product })
}

fn whole(
    sources: &Sources<'_>,
    catalog: ReportCatalog,
    entries: Vec<ReportEntry>,
    fields: Vec<plimsoll_model::ReportField>,
    mut reading: Vec<String>,
) -> Result<Report, Error> {
    let evidence = sources.evidence;
    let mut catalog = catalog;
    if let Some(whose) = plimsoll_score::practices_of(&evidence.inputs, sources.practices) {
        // By rules of somebody else anything may be answered: it has to be read before the answers.
        let whose = plimsoll_model::one_line(whose.trim());
        let by = if whose.is_empty() { "changed practices".to_owned() } else { format!("practices of {whose}") };
        catalog.title = format!("{} (judged by {by}, not by those of Plimsoll)", catalog.title);
        reading.insert(0, format!("Judged by {by}, not by those of Plimsoll."));
    }
    let links = sources.host.map(|host| {
        format!("Links lead to {}; whether that repository holds this commit was not checked.", host.address())
    });
    reading.extend(links);
    let digest = sha256_hex(&to_canonical(evidence)?);
    Ok(Report {
        schema_version: REPORT_SCHEMA_VERSION.to_owned(),
        tool: tool(),
        collected_by: evidence.tool.clone(),
        catalog,
        subject: subject(sources),
        as_of: evidence.as_of,
        inputs: inputs(evidence),
        issuer: issuer(sources),
        reading,
        counts: counts(&entries),
        fields,
        entries,
        evidence: DigestSet::from([("sha256".to_owned(), digest)]),
        practices: sources.practices.digests().clone(),
    })
}

fn subject(sources: &Sources<'_>) -> ReportSubject {
    let (examined, product) = (&sources.evidence.subject, &sources.answers.product);
    let artifacts = examined.artifacts.iter();
    ReportSubject {
        name: product.name.clone(),
        version: product.version.clone(),
        commit: examined.commit.clone(),
        committed: examined.committed,
        worktree: examined.worktree,
        unreleased: unreleased(sources),
        page: Some(product.url.clone()).filter(|page| !page.is_empty()),
        contact: Some(product.contact.clone()).filter(|contact| !contact.is_empty()),
        repository: sources.host.map(|host| host.address().to_owned()),
        artifacts: artifacts
            .map(|one| (one.name.clone(), one.digest.get("sha256").cloned().unwrap_or_default()))
            .collect(),
    }
}

/// Why the commit is not the release of the version that is stated; nothing where a release tag of that version is on it.
fn unreleased(sources: &Sources<'_>) -> Option<String> {
    let (examined, version) = (&sources.evidence.subject, &sources.answers.product.version);
    if examined.worktree {
        return Some("files of a working copy are in no release".to_owned());
    }
    if version.is_empty() {
        return Some("no version is stated".to_owned());
    }
    let on_it = |tag: &plimsoll_model::Fact| {
        let says = |name: &str, value: &str| tag.body.get(name).and_then(serde_json::Value::as_str) == Some(value);
        let is_release = tag.body.get("release").and_then(serde_json::Value::as_bool) == Some(true);
        is_release && says("target", &examined.commit) && says("version", version)
    };
    let stated = plimsoll_model::one_line(version);
    (!sources.evidence.facts_of(TAG.name).any(on_it))
        .then(|| format!("no release tag of version {stated} is on this commit"))
}

fn inputs(evidence: &Evidence) -> Vec<ReportInput> {
    let stated = |name: String, input: &plimsoll_model::Input| ReportInput {
        name,
        source: input.source.clone(),
        date: input.date,
        revision: input.revision.clone(),
    };
    let inputs = evidence.inputs.iter();
    inputs
        .flat_map(|(name, input)| {
            // Data of several ecosystems has a day for each; that of the whole is the oldest of them.
            let parts: Vec<ReportInput> =
                input.parts.iter().map(|(part, one)| stated(format!("{name} of {part}"), one)).collect();
            if parts.is_empty() { vec![stated(name.clone(), input)] } else { parts }
        })
        .collect()
}

/// Who issues it, as far as facts say. Without a signature no one does.
fn issuer(sources: &Sources<'_>) -> ReportIssuer {
    let stated = sources.product.as_ref().and_then(|product| product.issuer.clone());
    let file = sources.evidence.bodies::<ClaimsFile>().find_map(Result::ok);
    let counts_not = file.as_ref().and_then(|file| match file.problems.first() {
        Some(problem) if !file.valid => Some(format!(
            "{} of this commit has a mistake, so that nothing in it counts: {}",
            plimsoll_model::one_line(&file.path),
            plimsoll_model::excerpt(problem, 200)
        )),
        _ if !file.current => file.review_by.map(|day| {
            format!("{} of this commit counted until {day}: review it", plimsoll_model::one_line(&file.path))
        }),
        _ => None,
    });
    if let Some(known) = counts_not {
        return ReportIssuer { known, ..ReportIssuer::default() };
    }
    let known = match &stated {
        Some(_) => {
            "The maker's plimsoll.toml names the issuer; whether this copy comes from them only a signature shows."
        }
        None => "plimsoll.toml of this commit names no issuer: the one who signs or hands on this copy answers for it.",
    };
    let stated = stated.unwrap_or_default();
    ReportIssuer {
        name: stated.name,
        address: stated.address,
        website: stated.website,
        contact: stated.contact,
        role: stated.role,
        known: known.to_owned(),
    }
}

fn counts(entries: &[ReportEntry]) -> ReportCounts {
    let with = |answer: ReportAnswer| entries.iter().filter(|entry| entry.answer == answer).count();
    ReportCounts {
        entries: entries.len(),
        evidence: with(ReportAnswer::Evidence),
        verified: entries
            .iter()
            .filter(|entry| entry.answer == ReportAnswer::Evidence && entry.assurance > Some(Assurance::Observed))
            .count(),
        word: with(ReportAnswer::Word),
        open: with(ReportAnswer::Open),
        in_part: entries
            .iter()
            .filter(|entry| entry.answer == ReportAnswer::Open && entry.outcome == plimsoll_model::Outcome::Partial)
            .count(),
    }
}

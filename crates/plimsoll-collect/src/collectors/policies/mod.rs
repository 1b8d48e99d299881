//! What the project has written down: how to report, who is responsible, what is licensed, until when it is supported.

mod asks;
mod bots;
mod defaults;
mod documents;
mod doubts;
mod english;
mod hidden;
mod insights;
mod licences;
mod moments;
mod others;
mod patterns;
mod places;
mod promises;
mod prose;
mod security;
mod security_txt;
mod tools;
mod topics;

pub(crate) use bots::updatable;
pub(crate) use defaults::is_default_document;

#[cfg(test)]
mod tests;

use jiff::civil::Date;
use plimsoll_model::{Assurance, Evidence, Fact, InputId, Kind, OrgDefaults, Pointer, Rests, Subject};
use plimsoll_snapshot::EntryKind;
use plimsoll_sources::languages;
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::{Collector, Context, Gathered, PathClass, collector::day_in, manifest::Manifests};

/// Bytes of one document.
const LARGEST: u64 = 2 * 1024 * 1024;
/// Documents that are read.
const MOST: usize = 5000;
/// Headings of a README or a security policy under which there is what has a page of its own elsewhere.
const SECTIONS: &[(&str, &str)] = &[
    (
        "configuration-docs",
        r"(?i)(?:^|/ )(?:\S+ )?(?:configuration|configuring(?: \w+)?|config(?: file)?|settings|options|environment variables|configuration (?:options|file|reference)|hardening)(?: /|$)",
    ),
    ("threat-model", r"(?i)(?:^|/ )(?:\S+ ){0,4}(?:threat model(?:l?ing)?|security model|threats)(?: /|$)"),
];
/// What a document says on its subject. What is there and was not understood is neither yes nor no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Statement {
    /// It says what a document of its type has to say.
    Stated,
    /// It says that it is not done: that reports are not taken.
    Refused,
    /// It is a template that is not filled in.
    Template,
    /// It is filled in with an address on a domain that is reserved for samples.
    Sample,
    /// It points to a page that is not read.
    Elsewhere,
    /// It says something, and what was not recognised.
    NotUnderstood,
    /// It says nothing on its subject.
    Nothing,
}

/// One document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PolicyFact {
    /// What it is: `security-policy`, `licence` and so on.
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    /// Its path.
    pub(super) path: String,
    /// Does it say what a document of this type has to say?
    pub(super) valid: bool,
    /// What is wrong with it.
    pub(super) problems: Vec<String>,
    /// What it says on its subject; null where only its form is read.
    pub(super) statement: Option<Statement>,
    /// `en`, or `other` where the rules do not understand its language; null where that does not matter.
    pub(super) language: Option<&'static str>,
    /// Addresses at which somebody can be reached.
    pub(super) contacts: Vec<String>,
    /// Days within which an answer is promised.
    pub(super) response_days: Option<u64>,
    /// Does it say which versions or parts it covers?
    pub(super) has_scope: bool,
    /// Does it say how a report is handled?
    pub(super) has_process: bool,
    /// The day on which it expires.
    pub(super) expires: Option<Date>,
    /// Has it expired on the day of as-of?
    pub(super) expired: Option<bool>,
    /// The day until which support is promised.
    pub(super) until: Option<Date>,
    /// What it covers: ecosystems that are updated, checks that are configured, roles that are named.
    pub(super) covers: Vec<String>,
    /// SPDX ids of the licences that its text is recognised as.
    pub(super) licences: Vec<&'static str>,
    /// Version of its format.
    pub(super) version: Option<String>,
    /// Lines with text.
    pub(super) lines: u64,
    /// Where a bot looks for what it updates.
    #[serde(skip)]
    reach: Vec<bots::Reach>,
    /// Patterns of dependencies that a bot leaves out, each with its ecosystem or `all`.
    #[serde(skip)]
    ignored: Vec<(String, String)>,
    /// Patterns of paths that a bot leaves out, each with its ecosystem or `all`.
    #[serde(skip)]
    excluded: Vec<(String, String)>,
    /// Names that the product is known by.
    #[serde(skip)]
    own: Vec<String>,
    /// The name that the title of a README is.
    #[serde(skip)]
    titles: Vec<String>,
}

const POLICY: Kind =
    Kind::of::<PolicyFact>("policy", "One document about how the project works, and whether it says what it should.")
        .on_day(expire)
        .resting_on(&[Rests::all(InputId::OrgDefaults)])
        .settled(last_review);

/// The type of document that a file is by its place and name, as it is in the `type` of a fact.
pub(crate) fn document_type(entry: &plimsoll_snapshot::Entry) -> Option<&'static str> {
    places::recognise(&entry.path).map(|place| place.kind)
}

/// Where documents on reporting say that somebody can be reached, each with the path of the document: the most private first, and
/// a list of issues, which is public, last.
pub fn reporting_contacts(evidence: &Evidence) -> Vec<(&str, &str)> {
    const ON_REPORTING: [&str; 3] = ["security-policy", "security-txt", "security-insights"];
    let mut found: Vec<(&str, &str)> = Vec::new();
    for fact in evidence.facts_of(POLICY.name) {
        let kind = fact.body.get("type").and_then(Value::as_str).unwrap_or_default();
        let contacts = fact.body.get("contacts").and_then(Value::as_array).filter(|_| ON_REPORTING.contains(&kind));
        let contacts = contacts.map(Vec::as_slice).unwrap_or_default().iter().filter_map(Value::as_str);
        found.extend(contacts.map(|contact| (contact, fact.subject.id.as_str())));
    }
    found.retain(|(contact, _)| contact.starts_with("http") || contact.contains('@') && !contact.starts_with('@'));
    found.sort_by_key(|(contact, _)| (contact.trim_end_matches('/').ends_with("/issues"), contact.starts_with("http")));
    found
}

/// The last day until which a document promises support, and its path.
pub fn promised_until(evidence: &Evidence) -> Option<(Date, &str)> {
    let promises = evidence.facts_of(POLICY.name).filter_map(|fact| {
        let until = day_in(&fact.body, "until")?;
        Some((until, fact.subject.id.as_str()))
    });
    promises.max()
}

/// How long ago a document was reviewed is in no fact.
fn last_review(evidence: &Evidence) -> Option<&'static str> {
    let is_reviewed = |fact: &Fact| fact.body.get("type").and_then(Value::as_str) == Some("security-insights");
    evidence.facts_of(POLICY.name).any(is_reviewed).then_some(
        "The age of the last review of security-insights.yml: it was judged when the evidence was collected.",
    )
}

/// A document that names the day of its end is valid until then.
fn expire(body: &mut Map<String, Value>, today: Date) {
    let expires = day_in(body, "expires");
    let Some(end) = expires.or_else(|| day_in(body, "until")) else { return };
    let was = body.get("expired").and_then(Value::as_bool) == Some(true);
    body.insert("expired".to_owned(), json!(end < today));
    if end < today && !was && expires.is_some() {
        body.insert("valid".to_owned(), json!(false));
        if let Some(problems) = body.get_mut("problems").and_then(Value::as_array_mut) {
            problems.push(json!(format!("it expired on {end}")));
        }
    }
}

/// A reader fills the fact; path, type and lines are there already. `today` is the day of as-of.
type Reader = fn(&str, &mut PolicyFact, Date);

/// Policies.
pub struct Policies;

impl Collector for Policies {
    fn name(&self) -> &'static str {
        "policies"
    }

    fn about(&self) -> &'static str {
        "Security policy and contact, licence, responsibilities, support, update and dependency rules."
    }

    fn states(&self) -> &'static [Kind] {
        &[POLICY]
    }

    fn collect(&self, cx: &Context<'_>) -> Vec<Gathered> {
        let entries = cx.snapshot.entries();
        let code_owners = places::code_owners(|path| {
            cx.snapshot.entry(path).is_some()
                || path == ".github/workflows" && entries.iter().any(|entry| entry.folder() == path)
        });
        // Links are among them: one is not followed, and says so when it is read.
        let mut files: Vec<_> = cx
            .snapshot
            .entries()
            .iter()
            .filter(|entry| entry.kind != EntryKind::Submodule && cx.classes.of(&entry.path).may_speak())
            .filter_map(|entry| {
                let of_part = || {
                    let ships = cx.classes.of(&entry.path) == PathClass::Shipped;
                    places::licence_of_part(&entry.path).filter(|_| ships)
                };
                Some((entry, places::recognise(&entry.path).or_else(of_part)?))
            })
            .filter(|(entry, place)| place.kind != "code-owners" || code_owners == Some(entry.path.as_str()))
            .filter(|(entry, place)| {
                // A site serves what ships, and no sample of it.
                place.kind != "security-txt"
                    || entry.path.starts_with(".well-known/")
                    || cx.classes.of(&entry.path) == PathClass::Shipped
            })
            .collect();
        let left_out = files.len().saturating_sub(MOST);
        files.truncate(MOST);
        let mut gathered = Gathered::searched(&POLICY, "documents", files.len() as u64);
        if let Some(gap) = cx.snapshot.tree_gap() {
            gathered.gap(gap);
        }
        if left_out > 0 {
            gathered.gap(format!(
                "{} more than the {MOST} that are read",
                plimsoll_model::plural(left_out, "document", "documents")
            ));
        }
        for path in places::CENTRAL.iter().filter(|path| cx.snapshot.entry(path).is_some_and(|entry| !entry.is_file()))
        {
            gathered.gap(format!("{path}: a link or a submodule, which is not entered"));
        }
        gathered
            .limitation("What a linked page says is not seen; a document in another language may not be understood.");
        let today = cx.today();
        let names: Vec<String> = Manifests::read(cx.snapshot, cx.classes)
            .names()
            .chain(cx.claims.product_name())
            .map(ToOwned::to_owned)
            .chain(owners(cx))
            .collect();
        let pages = files.iter().filter(|(entry, place)| place.kind == "readme" && !entry.path.contains('/'));
        let titles: Vec<String> = pages
            .filter_map(|(entry, _)| prose::title(&cx.snapshot.read_text(entry, LARGEST).ok()?).map(str::to_owned))
            .collect();
        let read: Vec<_> = files
            .par_iter()
            .map(|(entry, place)| {
                let text = cx.snapshot.read_text(entry, LARGEST)?;
                let mut fact = start(place.kind, &entry.path, &hidden::visible(&text));
                fact.own.clone_from(&names);
                fact.titles.clone_from(&titles);
                (place.reader)(&text, &mut fact, today);
                if place.kind == "code-owners" && fact.problems.is_empty() {
                    own(cx, &text, &mut fact);
                }
                bots::settle(&mut fact, cx.snapshot, cx.classes);
                fact.valid = fact.problems.is_empty() || licences::holds_one(&fact);
                let mut facts = vec![fact];
                if place.tentative {
                    facts.retain(|fact| fact.valid);
                }
                for (kind, heading) in SECTIONS.iter().filter(|_| matches!(place.kind, "readme" | "security-policy")) {
                    let mut fact = start(kind, &entry.path, "");
                    if documents::section(&text, heading, &mut fact) {
                        fact.valid = true;
                        facts.push(fact);
                    }
                }
                if matches!(place.kind, "readme" | "contributing" | "support") {
                    let mut fact = start("security-policy", &entry.path, &text);
                    fact.own.clone_from(&names);
                    fact.titles.clone_from(&titles);
                    if security::read_sections(&text, &mut fact) {
                        fact.valid = fact.problems.is_empty();
                        facts.push(fact);
                    }
                }
                Ok::<_, plimsoll_snapshot::ReadError>(facts)
            })
            .collect();
        for ((entry, _), outcome) in files.iter().zip(read) {
            match outcome {
                Ok(facts) => {
                    for fact in facts {
                        gathered.push(Subject::path(&entry.path), Assurance::Observed, &fact, vec![entry.pointer()]);
                    }
                }
                Err(error) => gathered.gap(format!("{}: {error}", entry.path)),
            }
        }
        let manifests = cx.snapshot.entries().iter().filter(|entry| {
            entry.is_file() && licences::is_manifest(&entry.path) && cx.classes.of(&entry.path) == PathClass::Shipped
        });
        for entry in manifests.take(MOST) {
            // One that cannot be read is a gap of those who read manifests.
            let Ok(text) = cx.snapshot.read_text(entry, LARGEST) else { continue };
            for fact in licences::in_manifest(&entry.path, &text) {
                gathered.push(Subject::path(&entry.path), Assurance::Observed, &fact, vec![entry.pointer()]);
            }
        }
        if let Some(entry) = cx.snapshot.entry("package.json").filter(|entry| entry.is_file())
            && let Ok(text) = cx.snapshot.read_text(entry, LARGEST)
        {
            let mut fact = start("dependency-update", &entry.path, &text);
            if bots::renovate_in_package(&text, &mut fact) {
                bots::settle(&mut fact, cx.snapshot, cx.classes);
                fact.valid = fact.problems.is_empty();
                gathered.push(Subject::path(&entry.path), Assurance::Observed, &fact, vec![entry.pointer()]);
            }
        }
        match cx.file(InputId::OrgDefaults).ok().map(OrgDefaults::read) {
            None => {}
            Some(Err(reason)) => gathered.gap(reason),
            Some(Ok(given)) => {
                let own = entries.iter().map(|entry| entry.path.as_str());
                let prepare = |fact: &mut PolicyFact| fact.own.clone_from(&names);
                for fact in defaults::facts(&given, own, prepare, today) {
                    let pointer = Pointer::path(fact.path.as_str());
                    gathered.push(Subject::path(&fact.path), Assurance::Observed, &fact, vec![pointer]);
                }
            }
        }
        vec![gathered]
    }
}

/// The lines of the manifests at the root that say where the project lives, which its owner names.
fn owners(cx: &Context<'_>) -> Vec<String> {
    const FIELDS: &[&str] = &[
        "repository",
        "homepage",
        "authors",
        "author",
        "url",
        "source",
        "module",
        "name",
        "rootproject.name",
        "project(",
        "artifactid",
        "groupid",
    ];
    let mut lines = Vec::new();
    for name in [
        "Cargo.toml",
        "package.json",
        "pyproject.toml",
        "go.mod",
        "composer.json",
        "setup.cfg",
        "setup.py",
        "pom.xml",
        "settings.gradle",
        "settings.gradle.kts",
        "CMakeLists.txt",
        "mix.exs",
        "pubspec.yaml",
    ] {
        let text = cx.snapshot.entry(name).filter(|entry| entry.is_file());
        let Some(text) = text.and_then(|entry| cx.snapshot.read_text(entry, LARGEST).ok()) else { continue };
        let of_owner = text.lines().filter(|line| {
            let start = line.trim_start_matches(|letter: char| !letter.is_alphanumeric()).to_ascii_lowercase();
            FIELDS.iter().any(|field| start.starts_with(field))
        });
        lines.extend(of_owner.take(20).map(|line| line.chars().take(200).collect()));
    }
    lines
}

/// Says how much of the source that ships has an owner. Owners of a few files look at few changes.
fn own(cx: &Context<'_>, text: &str, fact: &mut PolicyFact) {
    let files = cx.snapshot.entries().iter().filter(|entry| entry.is_file());
    let ships: Vec<_> = files.filter(|entry| cx.classes.of(&entry.path) == PathClass::Shipped).collect();
    let sources: Vec<&str> =
        ships.iter().filter(|entry| languages::of(entry.name()).is_some()).map(|entry| entry.path.as_str()).collect();
    let all: Vec<&str> = ships.iter().map(|entry| entry.path.as_str()).collect();
    let what = if sources.is_empty() { "files" } else { "source files" };
    let (owned, of) = documents::owned_files(text, if sources.is_empty() { all } else { sources }.into_iter());
    fact.covers.push(format!("{owned} of {of} {what} that ship"));
    if owned == 0 {
        fact.problems.push(format!("none of its rules gives an owner to {what} that ship"));
    } else if owned * 2 < of {
        fact.problems.push(format!("its rules give an owner to {owned} of {of} {what} that ship"));
    }
}

fn start(kind: &'static str, path: &str, text: &str) -> PolicyFact {
    let lines = text.lines().filter(|line| !line.trim().is_empty()).count() as u64;
    PolicyFact { kind, path: path.to_owned(), lines, ..PolicyFact::default() }
}

/// Reads anything; properties and fuzzing ask that it ends and does not panic.
#[cfg(any(test, fuzzing))]
pub(crate) fn read_anything(text: &str) {
    let today = Date::constant(2026, 11, 1);
    let text = &*hidden::visible(text);
    let _ = documents::owned_files(text, ["src/lib.rs", "x"].into_iter());
    let readers: [Reader; 15] = [
        documents::explanation,
        documents::readme,
        documents::people,
        security::read,
        documents::changelog,
        documents::code_owners,
        documents::support,
        documents::end_of_life,
        security_txt::read,
        insights::read,
        licences::read,
        bots::dependabot,
        bots::renovate,
        tools::deny,
        tools::vet,
    ];
    for reader in readers {
        reader(text, &mut start("x", "x", text), today);
    }
}

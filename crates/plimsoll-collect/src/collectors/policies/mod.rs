//! What the project has written down: how to report, who is responsible, what is licensed, until when it is supported.

mod documents;
mod insights;
mod licences;
mod security_txt;
mod tools;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use jiff::civil::Date;
use plimsoll_model::{Assurance, Kind, Subject};
use plimsoll_snapshot::{Entry, EntryKind};
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{Collector, Context, Gathered, PathClass};

/// Bytes of one document.
const LARGEST: u64 = 2 * 1024 * 1024;
/// Documents that are read.
const MOST: usize = 5000;
/// The folders in which forges and readers look, beside the root.
const CENTRAL: &[&str] = &[".github", ".gitlab", "docs", "doc"];

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
}

const POLICY: Kind =
    Kind::of::<PolicyFact>("policy", "One document about how the project works, and whether it says what it should.");

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
        // Links are among them: one is not followed, and says so when it is read.
        let mut files: Vec<_> = cx
            .snapshot
            .entries()
            .iter()
            .filter(|entry| entry.kind != EntryKind::Submodule && cx.classes.of(&entry.path).may_speak())
            .filter_map(|entry| Some((entry, recognise(entry)?)))
            .collect();
        let left_out = files.len().saturating_sub(MOST);
        files.truncate(MOST);
        let mut gathered = Gathered::searched(&POLICY, "documents", files.len() as u64);
        if let Some(gap) = cx.snapshot.tree_gap() {
            gathered.gap(gap);
        }
        if left_out > 0 {
            gathered.gap(format!("{left_out} more documents than the {MOST} that are read"));
        }
        for path in CENTRAL.iter().filter(|path| cx.snapshot.entry(path).is_some_and(|entry| !entry.is_file())) {
            gathered.gap(format!("{path}: a link or a submodule, which is not entered"));
        }
        gathered
            .limitation("What a linked page says is not seen; a document in another language may not be understood.");
        let today = cx.today();
        let read: Vec<_> = files
            .par_iter()
            .map(|(entry, (kind, reader))| {
                let text = cx.snapshot.read_text(entry, LARGEST)?;
                let is_page = entry.name().to_ascii_lowercase().ends_with(".md");
                let text = if is_page { documents::visible(&text) } else { Cow::Borrowed(text.as_str()) };
                let mut fact = start(kind, &entry.path, &text);
                reader(&text, &mut fact, today);
                if *kind == "code-owners" && fact.problems.is_empty() {
                    let shipped = |path: &&str| cx.classes.of(path) == PathClass::Shipped;
                    let paths = cx.snapshot.entries().iter().map(|entry| entry.path.as_str());
                    if !documents::own_something(&text, paths.filter(shipped)) {
                        fact.problems.push("none of its rules covers a file that ships".to_owned());
                    }
                }
                fact.valid = fact.problems.is_empty();
                Ok::<_, plimsoll_snapshot::ReadError>(fact)
            })
            .collect();
        for ((entry, _), outcome) in files.iter().zip(read) {
            match outcome {
                Ok(fact) => {
                    gathered.push(Subject::path(&entry.path), Assurance::Observed, &fact, vec![entry.pointer()]);
                }
                Err(error) => gathered.gap(format!("{}: {error}", entry.path)),
            }
        }
        vec![gathered]
    }
}

fn start(kind: &'static str, path: &str, text: &str) -> PolicyFact {
    let lines = text.lines().filter(|line| !line.trim().is_empty()).count() as u64;
    PolicyFact { kind, path: path.to_owned(), lines, ..PolicyFact::default() }
}

/// The type of a document by its place and name, and how it is read.
fn recognise(entry: &Entry) -> Option<(&'static str, Reader)> {
    let path = entry.path.to_ascii_lowercase();
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
    let stem = name.split('.').next().unwrap_or_default();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let text = matches!(extension, "md" | "txt" | "rst" | "adoc" | "") || name == stem;
    let central = folder.is_empty() || CENTRAL.contains(&folder);
    let found: (&'static str, Reader) = match (central, stem) {
        _ if name == "security.txt" && matches!(folder, "" | ".well-known") => ("security-txt", security_txt::read),
        _ if matches!(name, "security-insights.yml" | "security-insights.yaml") && central => {
            ("security-insights", insights::read)
        }
        (true, "security") if text => ("security-policy", documents::security),
        (true, "license" | "licence" | "copying" | "unlicense") if text || stem != name => ("licence", licences::read),
        (true, _) if folder.is_empty() && (stem.starts_with("license-") || stem.starts_with("licence-")) => {
            ("licence", licences::read)
        }
        _ if folder == "licenses" => ("licence", licences::read),
        (true, "contributing") if text => ("contributing", documents::explanation),
        (true, "codeowners") if name == stem => ("code-owners", documents::code_owners),
        (true, "maintainers" | "owners" | "authors") if text => ("maintainers", documents::some_text),
        (true, "governance") if text => ("governance", documents::some_text),
        (true, "changelog" | "changes" | "history" | "news" | "release-notes" | "releases") if text => {
            ("changelog", documents::changelog)
        }
        (true, "support" | "supported-versions") if text => ("support", documents::support),
        (true, "code_of_conduct" | "code-of-conduct") if text => ("code-of-conduct", documents::some_text),
        (true, "readme") if folder.is_empty() && text => ("readme", documents::some_text),
        (true, "threat-model" | "threat_model" | "threatmodel") if text => ("threat-model", documents::explanation),
        (_, "threat-model" | "threat_model" | "threatmodel") if folder.ends_with("security") && text => {
            ("threat-model", documents::explanation)
        }
        (true, "architecture" | "design") if text => ("design", documents::explanation),
        (true, "configuration" | "config" | "settings") if text && !folder.is_empty() => {
            ("configuration-docs", documents::explanation)
        }
        _ if (folder.ends_with("adr") || folder.ends_with("decisions") || folder.ends_with("rfcs"))
            && text
            && extension == "md" =>
        {
            ("decision-record", documents::explanation)
        }
        _ if matches!(path.as_str(), ".github/dependabot.yml" | ".github/dependabot.yaml") => {
            ("dependency-update", tools::dependabot)
        }
        _ if matches!(
            path.as_str(),
            "renovate.json"
                | "renovate.json5"
                | ".renovaterc"
                | ".renovaterc.json"
                | ".github/renovate.json"
                | ".github/renovate.json5"
                | ".gitlab/renovate.json"
        ) =>
        {
            ("dependency-update", tools::renovate)
        }
        _ if matches!(path.as_str(), "deny.toml" | ".deny.toml" | ".cargo/deny.toml") => ("cargo-deny", tools::deny),
        _ if path == "supply-chain/config.toml" => ("cargo-vet", tools::vet),
        _ if name.starts_with("openeox") || name == "eol.json" || name == "end-of-life.json" => {
            ("end-of-life", documents::end_of_life)
        }
        _ => return None,
    };
    Some(found)
}

/// Reads anything; properties and fuzzing ask that it ends and does not panic.
#[cfg(any(test, fuzzing))]
pub(crate) fn read_anything(text: &str) {
    let today = Date::constant(2026, 11, 1);
    let text = &documents::visible(text);
    let _ = documents::own_something(text, ["src/lib.rs", "x"].into_iter());
    let readers: [Reader; 13] = [
        documents::explanation,
        documents::security,
        documents::changelog,
        documents::code_owners,
        documents::support,
        documents::end_of_life,
        security_txt::read,
        insights::read,
        licences::read,
        tools::dependabot,
        tools::renovate,
        tools::deny,
        tools::vet,
    ];
    for reader in readers {
        reader(text, &mut start("x", "x", text), today);
    }
}

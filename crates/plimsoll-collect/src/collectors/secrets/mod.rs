//! Keys and tokens left in the tree, whose structure or checksum proves what they are.

mod allowed;
mod archives;
mod armor;
mod blocks;
mod checksums;
mod encoded;
mod encodings;
mod formats;
mod letters;
mod markers;
mod masked;
mod numbers;
mod passwords;
mod past;
mod phrases;
mod placeholders;
mod prefixed;
mod rewritten;
mod rule;
mod rules;
mod scan;
mod services;
mod wallets;

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod encoded_tokens;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod wrappings;

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::{Assurance, Kind, Subject};
use plimsoll_snapshot::{Entry, EntryKind, ReadError};
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;

use super::submodules;
use crate::{
    Collector, Context, Gathered, PathClass,
    paths::{Delivery, rust_tests},
};
use allowed::{Allowed, Excepted};
pub(crate) use masked::{mask, mask_inventory};
pub use past::PastSecrets;
use scan::{Found, MOST, found_in};

/// As [`scan::read_anything`], and the lists of exceptions.
#[cfg(fuzzing)]
pub(crate) fn read_anything(bytes: &[u8]) {
    scan::read_anything(bytes);
    allowed::read_anything(&String::from_utf8_lossy(bytes));
}

/// Bytes of one file.
const LARGEST: u64 = 8 * 1024 * 1024;
/// Findings of all files that become facts; more are counted.
const MOST_IN_ALL: usize = 20_000;

/// One key or token. Its value is nowhere.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct SecretFact {
    /// What it is.
    kind: &'static str,
    /// Where it is.
    path: String,
    /// On which line it begins.
    line: u64,
    /// SHA-256 of a fixed word, the commit and the value: the same value in two commits looks different, so that the
    /// digest cannot be looked up in a list, and twice in one commit it looks the same.
    digest: String,
    /// Class of the path.
    class: PathClass,
    /// Why the build says that it ships although its name does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    because: Option<String>,
    /// What the maker alone says that the path is for; it counts as it is classed.
    #[serde(skip_serializing_if = "Option::is_none")]
    declared: Option<PathClass>,
    /// `checksum` or `structure`.
    proof: &'static str,
    /// What the maker says of it in the list of another scanner; it counts as it is classed.
    #[serde(skip_serializing_if = "Option::is_none")]
    excepted: Option<Excepted>,
}

const SECRET: Kind = Kind::of::<SecretFact>("secret", "A key or token in the tree; its value is not kept.");

/// Secrets.
pub struct Secrets;

impl Collector for Secrets {
    fn name(&self) -> &'static str {
        "secrets"
    }

    fn about(&self) -> &'static str {
        "Private keys and tokens in the tree, recognised by structure or checksum; values are never kept or shown."
    }

    fn states(&self) -> &'static [Kind] {
        const { &[SECRET] }
    }

    fn is_of_the_commit(&self) -> bool {
        true
    }

    fn collect(&self, cx: &Context<'_>) -> Vec<Gathered> {
        // A link is a text of its own: where it leads is written in the commit.
        let files: Vec<_> = cx.snapshot.entries().iter().filter(|entry| entry.kind != EntryKind::Submodule).collect();
        // What is at many paths is looked at once.
        let mut contents: BTreeMap<(&str, bool, bool, bool), usize> = BTreeMap::new();
        let firsts: Vec<usize> = files
            .iter()
            .enumerate()
            .map(|(at, entry)| {
                // The name of a file says whether a key is public, and in which language it is.
                let path = entry.path.as_str();
                let key = (entry.blob.as_str(), scan::names_public(path), is_rust(path), archives::is_left_out(path));
                if entry.blob.is_empty() { at } else { *contents.entry(key).or_insert(at) }
            })
            .collect();
        let commit = cx.snapshot.commit();
        let read: Vec<_> = files
            .par_iter()
            .enumerate()
            .map(|(at, entry)| {
                (firsts.get(at) == Some(&at))
                    .then(|| bytes_of(cx, entry).map(|bytes| found_in_entry(&bytes, &entry.path, &commit)))
            })
            .collect();
        let outcomes: Vec<_> = firsts.iter().filter_map(|first| read.get(*first).and_then(Option::as_ref)).collect();
        let done = outcomes.iter().filter(|outcome| outcome.is_ok()).count() as u64;
        let mut gathered = Gathered::searched(&SECRET, "files", done);
        let unread: Vec<_> =
            files.iter().zip(&outcomes).filter_map(|(entry, outcome)| Some((entry, outcome.as_ref().err()?))).collect();
        if done == 0
            && let Some((entry, error)) = unread.first()
        {
            let reason = format!(
                "none of {} could be read ({}: {error})",
                plimsoll_model::plural(files.len(), "file", "files"),
                entry.path
            );
            return vec![Gathered::unavailable(&SECRET, "files", reason)];
        }
        let (shipped, others): (Vec<_>, Vec<_>) =
            unread.into_iter().partition(|(entry, _)| class_of(cx, &entry.path).may_ship());
        if let Some((entry, error)) = shipped.first() {
            gathered.gap(format!(
                "{} of {} could not be read ({}: {error})",
                shipped.len(),
                plimsoll_model::plural(files.len(), "file", "files"),
                entry.path
            ));
        }
        if let Some((entry, error)) = others.first() {
            gathered.limitation(format!(
                "{} of the files that do not ship could not be read ({}: {error}).",
                others.len(),
                entry.path
            ));
        }
        if let Some(gap) = cx.snapshot.tree_gap() {
            gathered.gap(gap);
        }
        if let Some(gap) = submodules(cx, PathClass::may_ship) {
            gathered.gap(gap);
        }
        state(cx, &files, &outcomes, &mut gathered);
        gathered.limitation(format!(
            "{} kinds of keys and tokens are known by structure or checksum; passwords without a form or for this machine alone, packed files and submodules are not looked into; older commits are with --history alone.",
            rules::kinds() + armor::KINDS.len()
        ));
        vec![gathered]
    }
}

fn is_rust(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| ending == "rs")
}

/// What is found in a file, with the lines of it that the compiler takes for tests alone.
fn found_in_entry(bytes: &[u8], path: &str, commit: &str) -> Found {
    let mut found = found_in(bytes, path, commit);
    found.packed = found.hits.is_empty() && archives::is_packed(bytes, path);
    if is_rust(path) && !found.hits.is_empty() {
        found.for_tests = rust_tests(&String::from_utf8_lossy(bytes));
    }
    found
}

/// The bytes of a file, or where a link leads.
fn bytes_of(cx: &Context<'_>, entry: &Entry) -> Result<Vec<u8>, ReadError> {
    if entry.is_file() { cx.snapshot.read(entry, LARGEST) } else { cx.snapshot.link(entry).map(String::into_bytes) }
}

/// In copies of others' source their tests are known by their names: what is there is not the product's.
fn class_of(cx: &Context<'_>, path: &str) -> PathClass {
    cx.classes.within_copy(path)
}

/// Says of which files with keys or tokens it is not known whether something delivers them.
fn open_question(delivered: &BTreeMap<&str, Delivery>, gathered: &mut Gathered) {
    let mut open = delivered.iter().filter_map(|(path, delivery)| match delivery {
        Delivery::Unknown(reason) => Some((path, reason)),
        Delivery::Yes(_) | Delivery::No => None,
    });
    let Some((path, reason)) = open.next() else { return };
    let path = plimsoll_model::one_line(path);
    let more = match open.count() {
        0 => String::new(),
        1 => "; it is not known of one more file either".to_owned(),
        more => format!("; it is not known of {more} more files either"),
    };
    gathered.gap(format!("whether {path}, which holds a key or token, ships is not known: {reason}{more}"));
}

fn state(cx: &Context<'_>, files: &[&Entry], outcomes: &[&Result<Found, ReadError>], gathered: &mut Gathered) {
    let (mut examples, mut public, mut left_out) = (0, 0, 0);
    let allowed = Allowed::read(cx);
    allowed.say(gathered);
    let mut declared: Vec<&str> = Vec::new();
    let with_hits =
        files.iter().zip(outcomes).filter(|(_, outcome)| outcome.as_ref().is_ok_and(|found| !found.hits.is_empty()));
    let excused: BTreeSet<&str> =
        with_hits.map(|(entry, _)| entry.path.as_str()).filter(|path| !class_of(cx, path).may_ship()).collect();
    let packed = files.iter().zip(outcomes).filter(|(_, outcome)| outcome.as_ref().is_ok_and(|found| found.packed));
    let packed = packed.map(|(entry, _)| entry.path.as_str());
    // What the rules of the build or a name take for tests, examples or pages is left out without being opened.
    let packed: Vec<&str> = packed.filter(|path| class_of(cx, path).may_ship()).collect();
    if let Some(gap) = archives::gap(&packed) {
        gathered.gap(gap);
    }
    let delivered = cx.classes.delivered(cx.snapshot, &excused);
    open_question(&delivered, gathered);
    for (entry, outcome) in files.iter().zip(outcomes) {
        let Ok(found) = outcome else { continue };
        examples += found.examples;
        public += found.public;
        let room = MOST_IN_ALL.saturating_sub(gathered.facts().len());
        left_out += found.hits.len().saturating_sub(room);
        if found.more > 0 {
            let all = found.more + found.hits.len();
            gathered.gap(format!("{}: {all} keys or tokens were found, of which {MOST} are listed", entry.path));
        }
        for finding in found.hits.iter().take(room) {
            let word = cx.classes.word(&entry.path);
            if word.is_some() {
                declared.push(&entry.path);
            }
            let (class, because) = match delivered.get(entry.path.as_str()) {
                Some(Delivery::Yes(rule)) => (PathClass::Shipped, Some(rule.clone())),
                None if found.for_tests.iter().any(|(first, last)| (*first..=*last).contains(&finding.line)) => {
                    (PathClass::Test, None)
                }
                _ => (class_of(cx, &entry.path), cx.classes.why(&entry.path).map(ToOwned::to_owned)),
            };
            let fact = SecretFact {
                kind: finding.kind,
                path: entry.path.clone(),
                line: finding.line,
                digest: finding.digest.clone(),
                class,
                because,
                declared: word,
                proof: finding.proof,
                excepted: allowed.of(&entry.path, finding.line),
            };
            let pointer = entry.pointer().at_line(finding.line);
            gathered.push(Subject::path(&entry.path), Assurance::Observed, &fact, vec![pointer]);
        }
    }
    if let Some(told) = cx.classes.told(declared.into_iter()) {
        gathered.limitation(told);
    }
    if left_out > 0 {
        gathered.gap(format!("{left_out} more keys or tokens were found than the {MOST_IN_ALL} that are listed"));
    }
    let values = |count: usize, one: &str, many: &str| match count {
        1 => format!("1 {one} was left out"),
        _ => format!("{count} {many} were left out"),
    };
    if examples > 0 {
        let left_out = values(examples, "value that reads as an example", "values that read as examples");
        gathered.limitation(format!("{left_out}: the word EXAMPLE, one character repeated, words instead of letters."));
    }
    if public > 0 {
        let left_out = values(public, "key of Google", "keys of Google");
        gathered.limitation(format!("{left_out} that web pages and phone apps carry for everybody to see."));
    }
}

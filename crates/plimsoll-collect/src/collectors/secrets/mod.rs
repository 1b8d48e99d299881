//! Keys and tokens left in the tree, whose structure or checksum proves what they are.

mod formats;
mod rules;

#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use plimsoll_model::{Assurance, Kind, Subject, sha256_hex};
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{Collector, Context, Gathered, PathClass};
use rules::RULES;

/// Bytes of one file.
const LARGEST: u64 = 8 * 1024 * 1024;
/// Findings of one file.
const MOST: usize = 200;

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
    /// `checksum` or `structure`.
    proof: &'static str,
}

const SECRET: Kind = Kind::of::<SecretFact>("secret", "A key or token in the tree; its value is not kept.");

/// Where one was found, as a range of bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Hit {
    kind: &'static str,
    proof: &'static str,
    start: usize,
    end: usize,
}

/// Secrets.
pub struct Secrets;

impl Collector for Secrets {
    fn name(&self) -> &'static str {
        "secrets"
    }

    fn about(&self) -> &'static str {
        "Private keys and tokens in the tree, told by structure or checksum; values are never kept or shown."
    }

    fn states(&self) -> &'static [Kind] {
        const { &[SECRET] }
    }

    fn collect(&self, cx: &Context<'_>) -> Vec<Gathered> {
        let files: Vec<_> = cx.snapshot.entries().iter().filter(|entry| entry.is_file()).collect();
        let read: Vec<_> = files
            .par_iter()
            .map(|entry| cx.snapshot.read(entry, LARGEST).map(|bytes| found_in(&bytes, &cx.snapshot.commit())))
            .collect();
        let done = read.iter().filter(|outcome| outcome.is_ok()).count() as u64;
        let mut gathered = Gathered::searched(&SECRET, "files", done);
        let unread: Vec<_> =
            files.iter().zip(&read).filter_map(|(entry, outcome)| Some((entry, outcome.as_ref().err()?))).collect();
        if let Some((entry, error)) = unread.first() {
            let reason =
                format!("{} of {} files could not be read ({}: {error})", unread.len(), files.len(), entry.path);
            if done == 0 {
                return vec![Gathered::unavailable(&SECRET, "files", reason)];
            }
            gathered.gap(reason);
        }
        if let Some(gap) = cx.snapshot.tree_gap() {
            gathered.gap(gap);
        }
        let mut examples = 0;
        for (entry, outcome) in files.iter().zip(&read) {
            let Ok(found) = outcome else { continue };
            examples += found.examples;
            for (hit, line, digest) in &found.hits {
                let fact = SecretFact {
                    kind: hit.kind,
                    path: entry.path.clone(),
                    line: *line,
                    digest: digest.clone(),
                    class: cx.classes.of(&entry.path),
                    proof: hit.proof,
                };
                gathered.push(
                    Subject::path(&entry.path),
                    Assurance::Observed,
                    &fact,
                    vec![entry.pointer().at_line(*line)],
                );
            }
        }
        if examples > 0 {
            gathered.limitation(format!(
                "{examples} values that read as examples (the word EXAMPLE, one character repeated) were left out."
            ));
        }
        gathered.limitation(format!(
            "{} kinds of keys and tokens are known by structure or checksum; passwords without a form, older commits and packed archives are not looked into.",
            RULES.len()
        ));
        vec![gathered]
    }
}

struct Found {
    hits: Vec<(Hit, u64, String)>,
    examples: usize,
}

fn found_in(bytes: &[u8], commit: &str) -> Found {
    let mut examples = 0;
    let mut hits = Vec::new();
    for hit in scan(bytes) {
        let value = bytes.get(hit.start..hit.end).unwrap_or_default();
        if reads_as_example(value) {
            examples += 1;
            continue;
        }
        let before = bytes.get(..hit.start).unwrap_or_default();
        let line = before.split(|byte| *byte == b'\n').count() as u64;
        let digest = sha256_hex(&[b"plimsoll secret v1\0", commit.as_bytes(), b"\0", value].concat());
        hits.push((hit, line, digest));
        if hits.len() >= MOST {
            break;
        }
    }
    Found { hits, examples }
}

/// Everything that a rule recognises, in the order of places; where two rules see one place the first of the table counts.
pub(super) fn scan(bytes: &[u8]) -> Vec<Hit> {
    static PREFIXES: LazyLock<Option<AhoCorasick>> =
        LazyLock::new(|| AhoCorasick::new(RULES.iter().map(|rule| rule.prefix)).ok());
    let mut hits: Vec<Hit> = Vec::new();
    let Some(prefixes) = PREFIXES.as_ref() else { return hits };
    for found in prefixes.find_overlapping_iter(bytes) {
        let Some(rule) = RULES.get(found.pattern().as_usize()) else { continue };
        let start = found.start();
        // In the middle of a longer word it is a part of something else.
        let before = start.checked_sub(1).and_then(|at| bytes.get(at));
        if rule.whole_word && before.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')) {
            continue;
        }
        let rest = bytes.get(start..).unwrap_or_default();
        if let Some(length) = (rule.check)(rest).filter(|length| *length > 0)
            && !hits.iter().any(|hit| hit.start == start)
        {
            hits.push(Hit { kind: rule.kind, proof: rule.proof, start, end: start + length });
        }
    }
    hits.sort_by_key(|hit| hit.start);
    hits
}

/// Documentation shows values of this form: with the word EXAMPLE in them, or with hardly any different characters.
fn reads_as_example(value: &[u8]) -> bool {
    let body = value.get(value.len().saturating_sub(64)..).unwrap_or_default();
    let different = body.iter().collect::<std::collections::BTreeSet<_>>().len();
    let says_so = value.len() < 512 && value.windows(7).any(|window| window.eq_ignore_ascii_case(b"example"));
    says_so || different < 8
}

/// Reads anything; properties and fuzzing ask that it ends and does not panic.
#[cfg(any(test, fuzzing))]
pub(crate) fn read_anything(bytes: &[u8]) {
    let _ = found_in(bytes, "commit");
}

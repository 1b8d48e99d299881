//! Keys and tokens left in the tree, whose structure or checksum proves what they are.

mod formats;
mod rules;

#[cfg(test)]
mod tests;

use std::{borrow::Cow, collections::BTreeMap, sync::LazyLock};

use aho_corasick::AhoCorasick;
use memchr::memchr_iter;
use plimsoll_model::{Assurance, Kind, Subject, sha256_hex};
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;

use super::shipped_submodules;
use crate::{Collector, Context, Gathered, PathClass};
use rules::RULES;

/// Bytes of one file.
const LARGEST: u64 = 8 * 1024 * 1024;
/// Findings of one file that become facts; more are counted.
const MOST: usize = 200;
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
    /// `checksum` or `structure`.
    proof: &'static str,
}

const SECRET: Kind = Kind::of::<SecretFact>("secret", "A key or token in the tree; its value is not kept.");

/// Where one was found, as a range of bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Hit {
    kind: &'static str,
    proof: &'static str,
    block: bool,
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

    fn is_of_the_commit(&self) -> bool {
        true
    }

    fn collect(&self, cx: &Context<'_>) -> Vec<Gathered> {
        let files: Vec<_> = cx.snapshot.entries().iter().filter(|entry| entry.is_file()).collect();
        // What stands at many paths is looked at once.
        let mut contents: BTreeMap<&str, usize> = BTreeMap::new();
        let firsts: Vec<usize> = files
            .iter()
            .enumerate()
            .map(|(at, entry)| if entry.blob.is_empty() { at } else { *contents.entry(&entry.blob).or_insert(at) })
            .collect();
        let commit = cx.snapshot.commit();
        let read: Vec<_> = files
            .par_iter()
            .enumerate()
            .map(|(at, entry)| {
                (firsts.get(at) == Some(&at))
                    .then(|| cx.snapshot.read(entry, LARGEST).map(|bytes| found_in(&bytes, &commit)))
            })
            .collect();
        let outcomes: Vec<_> = firsts.iter().filter_map(|first| read.get(*first).and_then(Option::as_ref)).collect();
        let done = outcomes.iter().filter(|outcome| outcome.is_ok()).count() as u64;
        let mut gathered = Gathered::searched(&SECRET, "files", done);
        let unread: Vec<_> =
            files.iter().zip(&outcomes).filter_map(|(entry, outcome)| Some((entry, outcome.as_ref().err()?))).collect();
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
        if let Some(gap) = shipped_submodules(cx) {
            gathered.gap(gap);
        }
        let (mut examples, mut left_out) = (0, 0);
        for (entry, outcome) in files.iter().zip(&outcomes) {
            let Ok(found) = outcome else { continue };
            examples += found.examples;
            let room = MOST_IN_ALL.saturating_sub(gathered.facts().len());
            left_out += found.hits.len().saturating_sub(room);
            if found.more > 0 {
                gathered.gap(format!(
                    "{}: {} keys or tokens were found, of which {MOST} are listed",
                    entry.path,
                    found.more + found.hits.len()
                ));
            }
            for (hit, line, digest) in found.hits.iter().take(room) {
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
        if left_out > 0 {
            gathered.gap(format!("{left_out} more keys or tokens were found than the {MOST_IN_ALL} that are listed"));
        }
        if examples > 0 {
            gathered.limitation(format!(
                "{examples} values that read as examples (the word EXAMPLE, one character repeated) were left out."
            ));
        }
        gathered.limitation(format!(
            "{} kinds of keys and tokens are known by structure or checksum; passwords without a form, older commits, packed archives and submodules are not looked into.",
            RULES.len()
        ));
        vec![gathered]
    }
}

#[derive(Default)]
struct Found {
    hits: Vec<(Hit, u64, String)>,
    /// Hits beyond those.
    more: usize,
    examples: usize,
}

fn found_in(bytes: &[u8], commit: &str) -> Found {
    let text = in_utf8(bytes);
    let bytes = text.as_ref();
    let mut found = Found::default();
    let (mut line, mut counted) = (1, 0);
    for hit in scan(bytes) {
        let value = bytes.get(hit.start..hit.end).unwrap_or_default();
        if !hit.block && reads_as_example(value) {
            found.examples += 1;
            continue;
        }
        if found.hits.len() >= MOST {
            found.more += 1;
            continue;
        }
        line += memchr_iter(b'\n', bytes.get(counted..hit.start).unwrap_or_default()).count() as u64;
        counted = hit.start;
        let digest = sha256_hex(&[b"plimsoll secret v1\0", commit.as_bytes(), b"\0", value].concat());
        found.hits.push((hit, line, digest));
    }
    found
}

/// Text in UTF-16, as some shells write it, as UTF-8; anything else as it is.
fn in_utf8(bytes: &[u8]) -> Cow<'_, [u8]> {
    let unit: fn([u8; 2]) -> u16 = match bytes.get(..2) {
        Some([0xff, 0xfe]) => u16::from_le_bytes,
        Some([0xfe, 0xff]) => u16::from_be_bytes,
        _ => return Cow::Borrowed(bytes),
    };
    let units = bytes.chunks_exact(2).filter_map(|pair| Some(unit(pair.try_into().ok()?)));
    let text: String = char::decode_utf16(units).map(|read| read.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    Cow::Owned(text.into_bytes())
}

/// Everything that a rule recognises, in the order of places; where two rules see one place the first of the table counts.
pub(super) fn scan(bytes: &[u8]) -> Vec<Hit> {
    static PREFIXES: LazyLock<Option<AhoCorasick>> =
        LazyLock::new(|| AhoCorasick::new(RULES.iter().map(|rule| rule.prefix)).ok());
    let mut hits: Vec<(usize, Hit)> = Vec::new();
    let Some(prefixes) = PREFIXES.as_ref() else { return Vec::new() };
    for found in prefixes.find_overlapping_iter(bytes) {
        let number = found.pattern().as_usize();
        let Some(rule) = RULES.get(number) else { continue };
        let start = found.start();
        // In the middle of a longer word it is a part of something else.
        let before = start.checked_sub(1).and_then(|at| bytes.get(at));
        if rule.whole_word && before.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')) {
            continue;
        }
        let rest = bytes.get(start..).unwrap_or_default();
        if let Some(length) = (rule.check)(rest).filter(|length| *length > 0) {
            let hit = Hit { kind: rule.kind, proof: rule.proof, block: rule.block, start, end: start + length };
            hits.push((number, hit));
        }
    }
    hits.sort_by_key(|(number, hit)| (hit.start, *number));
    hits.dedup_by_key(|(_, hit)| hit.start);
    hits.into_iter().map(|(_, hit)| hit).collect()
}

/// Documentation shows values of this form: with the word EXAMPLE in them, or with hardly any different characters.
fn reads_as_example(value: &[u8]) -> bool {
    let body = value.get(value.len().saturating_sub(64)..).unwrap_or_default();
    let mut seen = [0_u64; 4];
    for byte in body {
        if let Some(part) = seen.get_mut(usize::from(*byte >> 6)) {
            *part |= 1 << (*byte & 63);
        }
    }
    let different: u32 = seen.iter().map(|part| part.count_ones()).sum();
    let says_so = value.len() < 512 && value.windows(7).any(|window| window.eq_ignore_ascii_case(b"example"));
    says_so || different < 8
}

/// Reads anything; properties and fuzzing ask that it ends and does not panic.
#[cfg(any(test, fuzzing))]
pub(crate) fn read_anything(bytes: &[u8]) {
    let _ = found_in(bytes, "commit");
}

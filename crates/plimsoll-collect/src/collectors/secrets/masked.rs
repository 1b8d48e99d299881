//! Texts with keys and tokens taken out. Names of files, references, reasons and addresses are the maker's: what is a value in them is
//! shown in no output. It is replaced where evidence is made, of which every output is made.

use std::collections::BTreeMap;

use plimsoll_components::Inventory;
use plimsoll_model::{Evidence, Fact, Pointer, sha256_hex};
use rayon::prelude::*;
use serde_json::{Map, Value};

use super::scan::{has_marker, places};

/// Bytes of the shortest text that is looked at: no value is shorter.
const SHORTEST: usize = 8;
/// Bytes of a text with blanks in which parted values are sought, words of it, and parts of one value.
const LONGEST: usize = 1000;
const MOST_WORDS: usize = 200;
const MOST_PARTS: usize = 16;
/// Places of a name at which a value may be joined to what is before it, and bytes of one.
const MOST_JOINTS: usize = 64;
const LONGEST_NAME: usize = 512;
/// Letters of a long value that are shown, so that its sort is seen, and how long such a value is.
const SHOWN: usize = 4;
const LONG: usize = 20;

/// Replaces every value in the texts of the evidence, names of members too.
pub(crate) fn mask(evidence: &mut Evidence) {
    let salt = evidence.subject.commit.clone();
    let salt = salt.as_str();
    evidence.facts.par_iter_mut().for_each(|fact| mask_fact(fact, salt));
    for report in evidence.kinds.values_mut() {
        report.reason.iter_mut().chain(&mut report.limitations).for_each(|text| mask_text(text, salt));
    }
    for input in evidence.inputs.values_mut() {
        mask_text(&mut input.source, salt);
        input.revision.iter_mut().for_each(|text| mask_text(text, salt));
        input.extra.values_mut().for_each(|value| mask_value(value, salt));
    }
    evidence.subject.artifacts.iter_mut().for_each(|artifact| mask_text(&mut artifact.name, salt));
}

/// Replaces every value in the texts of the inventory that documents show: paths, addresses and reasons.
pub(crate) fn mask_inventory(inventory: &mut Inventory, salt: &str) {
    inventory.components.par_iter_mut().for_each(|component| {
        mask_text(&mut component.purl, salt);
        component.depends_on.iter_mut().for_each(|purl| mask_text(purl, salt));
        component.source_url.iter_mut().chain(&mut component.lockfile).for_each(|text| mask_text(text, salt));
    });
    for workspace in &mut inventory.workspaces {
        mask_text(&mut workspace.manifest, salt);
        workspace.lockfile.iter_mut().for_each(|path| mask_text(path, salt));
    }
    inventory.lockfiles.iter_mut().for_each(|lockfile| mask_text(&mut lockfile.path, salt));
    for gap in &mut inventory.gaps {
        mask_text(&mut gap.path, salt);
        mask_text(&mut gap.reason, salt);
    }
    inventory.limitations.iter_mut().for_each(|text| mask_text(text, salt));
}

fn mask_fact(fact: &mut Fact, salt: &str) {
    mask_text(&mut fact.subject.id, salt);
    mask_members(&mut fact.body, salt);
    for Pointer { path, tag, advisory, extra, .. } in &mut fact.pointers {
        [path, tag, advisory].into_iter().flatten().for_each(|text| mask_text(text, salt));
        extra.values_mut().for_each(|value| mask_value(value, salt));
    }
}

fn mask_members(members: &mut Map<String, Value>, salt: &str) {
    members.values_mut().for_each(|value| mask_value(value, salt));
    let named: BTreeMap<String, String> =
        members.keys().filter_map(|name| Some((name.clone(), masked(name, salt)?))).collect();
    for (name, shown) in named {
        if let Some(value) = members.remove(&name) {
            members.insert(shown, value);
        }
    }
}

fn mask_value(value: &mut Value, salt: &str) {
    match value {
        Value::String(text) => mask_text(text, salt),
        Value::Array(values) => values.iter_mut().for_each(|value| mask_value(value, salt)),
        Value::Object(members) => mask_members(members, salt),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn mask_text(text: &mut String, salt: &str) {
    if let Some(shown) = masked(text, salt) {
        *text = shown;
    }
}

/// Gives `text` with every value replaced by its first letters, three stars, and a digest by which two values differ; nothing where no
/// value is in it. `salt` keeps the digest from being looked up in a list.
pub(super) fn masked(text: &str, salt: &str) -> Option<String> {
    if text.len() < SHORTEST {
        return None;
    }
    let mut ranges = places(text.as_bytes());
    // In a name a value may be joined to what is before it: `v1-glpat-...`.
    if has_marker(text.as_bytes()) {
        let joints = text.match_indices(['/', '-', '_', '.', '+']).map(|(at, _)| at + 1);
        for start in joints.take(MOST_JOINTS) {
            let rest = text.as_bytes().get(start..text.len().min(start + LONGEST_NAME)).unwrap_or_default();
            let first = places(rest).into_iter().find(|(from, _)| *from == 0);
            ranges.extend(first.map(|(from, to)| (start + from, start + to)));
        }
    }
    ranges.extend(parted(text));
    if ranges.is_empty() {
        return None;
    }
    ranges.sort_unstable();
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for (from, to) in ranges {
        // Of two that overlap the rest is replaced as well; a letter of several bytes is taken whole.
        let Some(from) = (at..=from.max(at)).rev().find(|place| text.is_char_boundary(*place)) else { continue };
        let Some(to) = (to.max(from)..=text.len()).find(|place| text.is_char_boundary(*place)) else { continue };
        let value = text.get(from..to).unwrap_or_default();
        if value.is_empty() {
            continue;
        }
        let goes_on = from == at && at > 0;
        out.push_str(text.get(at..from).unwrap_or_default());
        if value.len() >= LONG && !goes_on {
            out.extend(value.chars().take_while(char::is_ascii_graphic).take(SHOWN));
        }
        let digest = sha256_hex(&[b"plimsoll masked v1\0", salt.as_bytes(), b"\0", value.as_bytes()].concat());
        out.push_str("***");
        out.push_str(digest.get(..8).unwrap_or_default());
        at = to;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    Some(out)
}

/// Where values are that blanks or line ends part.
fn parted(text: &str) -> Vec<(usize, usize)> {
    let mut words: Vec<(usize, &str)> = Vec::new();
    let mut start = 0;
    for part in text.split(char::is_whitespace) {
        if !part.is_empty() {
            words.push((start, part));
        }
        // A blank may have several bytes.
        start += part.len();
        start += text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        if start > LONGEST || words.len() >= MOST_WORDS {
            break;
        }
    }
    let together: String = words.iter().map(|(_, word)| *word).collect();
    if words.len() < 2 || !has_marker(together.as_bytes()) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for first in 0..words.len() {
        let mut joined = String::new();
        // Where in the joined text a word begins, and where in the text.
        let mut borders: Vec<(usize, usize)> = Vec::new();
        for (place, word) in words.iter().skip(first).take(MOST_PARTS) {
            borders.push((joined.len(), *place));
            joined.push_str(word);
            if borders.len() < 2 {
                continue;
            }
            let origin = |at: usize| {
                let next = borders.partition_point(|(start, _)| *start <= at);
                borders.get(next.saturating_sub(1)).map_or(0, |(start, place)| place + (at - start))
            };
            let crosses = |from: usize, to: usize| borders.iter().any(|(start, _)| (from + 1..to).contains(start));
            let values = places(joined.as_bytes()).into_iter().filter(|(from, to)| crosses(*from, *to));
            found.extend(values.map(|(from, to)| (origin(from), origin(to - 1) + 1)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::STANDARD};

    use super::{
        super::samples::{ALL, Random, tokens},
        *,
    };

    fn token() -> String {
        format!("{}-{}", "glpat", Random::of(1).letters(ALL, 20))
    }

    #[test]
    fn values_are_replaced_wherever_they_are_and_nothing_else_is() {
        let token = token();
        for (before, after) in [
            ("", ""),
            ("src/", ".txt"),
            ("a/b/", "/c.rs"),
            ("keys/my ", " key.pem"),
            ("it is ", ""),
            ("ä/", "/ö"),
            ("refs/heads/", ""),
            ("v1-", ""),
            ("a_b_", ".tar.gz"),
            ("\"", "\""),
        ] {
            let shown = masked(&format!("{before}{token}{after}"), "c").unwrap();
            assert!(shown.starts_with(&format!("{before}glpa***")) && shown.ends_with(after), "{shown}");
            assert_eq!(shown.len(), before.len() + 4 + 3 + 8 + after.len(), "{shown}");
            assert_eq!(masked(&shown, "c"), None);
        }
        let two = masked(&format!("{token}/{token}"), "c").unwrap();
        assert_eq!(two.matches("***").count(), 2, "{two}");
        assert_ne!(masked(&token, "c"), masked(&token, "d"));
        for text in [
            "",
            "a",
            "src/collectors/secrets/masked.rs",
            "glpat-short",
            "tests/glpat-xxxxxxxxxxxxxxxxxxxx.txt",
            "0123456789012345678901234567890123456789",
            "https://example.com/a/b?c=d",
            "pkg:cargo/serde@1.0.200?checksum=sha256:9f1c0b7d3e5a8f2246d0c3b1a79e8d549f1c0b7d3e5a8f2246d0c3b1a79e8d54",
            "The quick brown fox jumps over the lazy dog and does so again, as it is written.",
        ] {
            assert_eq!(masked(text, "c"), None, "{text}");
        }
    }

    #[test]
    fn parted_and_encoded_values_are_replaced() {
        let token = token();
        let (head, tail) = token.split_at(13);
        for between in [" ", "\n", "\t", "\r\n  ", "\u{a0}"] {
            let shown = masked(&format!("see: {head}{between}{tail} is none"), "c").unwrap();
            assert!(shown.starts_with("see: glpa***") && shown.ends_with(" is none"), "{shown}");
        }
        let (middle, end) = tail.split_at(4);
        let shown = masked(&format!("so {head} {middle} {end} there"), "c").unwrap();
        assert!(shown.starts_with("so glpa***") && shown.ends_with(" there") && !shown.contains(end), "{shown}");
        let encoded = STANDARD.encode(&token);
        let shown = masked(&format!("keys/{encoded}.txt"), "c").unwrap();
        assert!(!shown.contains(&encoded[8..]) && shown.strip_suffix(".txt").is_some(), "{shown}");
    }

    #[test]
    fn no_token_of_any_kind_is_left_in_a_name() {
        for seed in 1..=5 {
            for token in tokens(&mut Random::of(seed)).iter().filter(|token| !token.is_password) {
                let text = token.text();
                let Some(shown) = masked(&format!("a/{text}"), "c") else {
                    // Some are known by the words of their service alone.
                    continue;
                };
                assert!(!shown.contains(&text), "{shown}");
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_taken(text: String, other in "[a-zA-Z0-9/ ä._-]{0,60}") {
            let token = token();
            let _ = masked(&text, "c");
            let shown = masked(&format!("{other}/{token}/{other}"), "c");
            proptest::prop_assert!(shown.is_some_and(|shown| !shown.contains(&token)));
        }
    }
}

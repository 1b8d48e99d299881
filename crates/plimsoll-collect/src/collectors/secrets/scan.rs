//! From the bytes of a file to what is in them. Bytes are read as they are, and once more without what UTF-16 puts between.

use std::{borrow::Cow, collections::BTreeSet, sync::LazyLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use memchr::memchr;
use plimsoll_model::sha256_hex;

use super::{
    armor::{self, ANCHORS},
    formats::{aws_secrets, is_near, starts_behind_escape},
    letters::{rest, within},
    phrases,
    placeholders::reads_as_example,
    rewritten,
    rule::{Before, Check, Rule},
    rules::{AWS_IDS, AWS_NAMED, COUNT, PUBLIC, all, numbered},
};

/// Findings of one file that become facts; more are counted.
pub(super) const MOST: usize = 200;
/// How far from an access key's id its secret is sought.
const PAIR: usize = 16 * 1024;

/// Something that a rule recognised, as a range of bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) kind: &'static str,
    pub(super) proof: &'static str,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Words in it do not make it an example.
    block: bool,
    /// Nor in what was asked for words already.
    judged: bool,
    /// What it is without its wrapping, where that differs from its bytes.
    value: Option<Vec<u8>>,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) kind: &'static str,
    pub(super) proof: &'static str,
    pub(super) line: u64,
    pub(super) digest: String,
}

#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) hits: Vec<Finding>,
    /// Hits beyond those.
    pub(super) more: usize,
    pub(super) examples: usize,
    /// Keys that are public by design.
    pub(super) public: usize,
    /// Lines that are compiled for tests alone, first and last.
    pub(super) for_tests: Vec<(u64, u64)>,
    /// Is it a packed file, which was not opened?
    pub(super) packed: bool,
    /// What was counted.
    seen: BTreeSet<(u64, String)>,
}

/// Gives what is found in the file at `path`, each secret once for each line that holds it.
pub(super) fn found_in(bytes: &[u8], path: &str, commit: &str) -> Found {
    let mut found = Found::default();
    if let Some(kind) = armor::whole_file(bytes) {
        found.push(kind, "structure", 1, bytes, commit);
        return found;
    }
    // UTF-16 of plain letters is these letters with a zero beside each, with a mark or without, at even or odd places.
    let without_zeros: Option<Cow<'_, [u8]>> =
        memchr(0, bytes).map(|_| Cow::Owned(bytes.split(|byte| *byte == 0).collect::<Vec<_>>().concat()));
    for text in std::iter::once(Cow::Borrowed(bytes)).chain(without_zeros) {
        let is_second = matches!(text, Cow::Owned(_));
        let (mut line, mut counted) = (1, 0);
        for hit in scan(&text) {
            let value = text.get(hit.start..hit.end).unwrap_or_default();
            if !hit.block && !hit.judged && reads_as_example(value, hit.proof == "checksum") {
                found.examples += usize::from(!is_second);
                continue;
            }
            if hit.kind == PUBLIC && is_public(&text, hit.start, path) {
                found.public += usize::from(!is_second);
                continue;
            }
            line += lines(text.get(counted..hit.start).unwrap_or_default());
            counted = hit.start;
            found.push(hit.kind, hit.proof, line, hit.value.as_deref().unwrap_or(value), commit);
        }
    }
    once_it_runs(bytes, path, commit, &mut found);
    found
}

/// What is found where literals are put together and escapes are written out, and was not before.
fn once_it_runs(bytes: &[u8], path: &str, commit: &str, found: &mut Found) {
    let (mut line, mut counted) = (1, 0);
    for piece in rewritten::pieces(bytes) {
        for hit in scan(&piece.bytes) {
            let value = piece.bytes.get(hit.start..hit.end).unwrap_or_default();
            if !piece.is_changed(hit.start, hit.end)
                || (!hit.block && !hit.judged && reads_as_example(value, hit.proof == "checksum"))
                || (hit.kind == PUBLIC && is_public(&piece.bytes, hit.start, path))
            {
                continue;
            }
            // Pieces lie behind each other, and hits of one likewise.
            let place = piece.place(hit.start).max(counted);
            line += lines(bytes.get(counted..place).unwrap_or_default());
            counted = place;
            if !found.hits.iter().any(|before| before.line == line && before.kind == hit.kind) {
                found.push(hit.kind, hit.proof, line, hit.value.as_deref().unwrap_or(value), commit);
            }
        }
    }
}

impl Found {
    fn push(&mut self, kind: &'static str, proof: &'static str, line: u64, value: &[u8], commit: &str) {
        let digest = sha256_hex(&[b"plimsoll secret v1\0", commit.as_bytes(), b"\0", value].concat());
        let finding = Finding { kind, proof, line, digest };
        // The second reading of a file shows again what the first has shown, a value in pieces on one line likewise.
        if !self.seen.insert((line, finding.digest.clone())) {
            return;
        }
        if self.hits.len() >= MOST {
            self.more += 1;
        } else {
            self.hits.push(finding);
        }
    }
}

/// How many lines end in `text`, whichever way they do.
fn lines(text: &[u8]) -> u64 {
    let ends = |(at, byte): (usize, &u8)| match byte {
        b'\n' => true,
        b'\r' => text.get(at + 1) != Some(&b'\n') && at + 1 < text.len(),
        _ => false,
    };
    text.iter().enumerate().filter(|one| ends(*one)).count() as u64
}

/// Is it a key of Google that the settings of a web page or a phone app carry for everybody to see?
///
/// Source: Firebase documentation, "Learn about using and managing API keys": they identify a project and open nothing.
fn is_public(text: &[u8], at: usize, path: &str) -> bool {
    names_public(path)
        || is_near(
            text,
            at,
            600,
            &["firebase", "authdomain", "messagingsenderid", "mobilesdk_app_id", "google_app_id", "maps/api/js?key="],
        )
}

/// Does the name of a file say that it holds such settings?
pub(super) fn names_public(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    name.contains("firebase") || matches!(name.as_str(), "google-services.json" | "googleservice-info.plist")
}

/// Everything that a rule recognises, in the order of places; of two that overlap a key counts, then the first of the table.
pub(super) fn scan(bytes: &[u8]) -> Vec<Hit> {
    static MARKERS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
        let markers = all().map(|rule| rule.marker).chain(ANCHORS.iter().map(|(anchor, _)| *anchor));
        AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).build(markers).ok()
    });
    let Some(markers) = MARKERS.as_ref() else { return Vec::new() };
    let mut hits: Vec<(usize, Hit)> = Vec::new();
    let mut keys = armor::Reader::default();
    let mut anchors: Vec<(usize, armor::Anchor)> = Vec::new();
    for found in markers.find_overlapping_iter(bytes) {
        let number = found.pattern().as_usize();
        let start = found.start();
        match numbered(number) {
            Some(rule) => hits.extend(applied(rule, bytes, start).map(|hit| (number + 1, hit))),
            None => anchors.extend(ANCHORS.get(number - COUNT).map(|(_, anchor)| (start, *anchor))),
        }
    }
    anchors.sort_by_key(|(start, _)| *start);
    for (start, anchor) in anchors {
        for key in keys.keys(bytes, start, anchor) {
            let kind = if key.kind == "pkcs8-private-key" && is_service_account(bytes, &key) {
                "google-service-account"
            } else {
                key.kind
            };
            let hit = Hit {
                kind,
                proof: "structure",
                start: key.start,
                end: key.end,
                block: true,
                judged: true,
                value: Some(key.value),
            };
            hits.push((0, hit));
        }
    }
    for phrases::Phrase { start, end, value } in phrases::find(bytes) {
        let hit =
            Hit { kind: phrases::KIND, proof: "checksum", start, end, block: false, judged: true, value: Some(value) };
        hits.push((0, hit));
    }
    paired(bytes, &mut hits);
    hits.sort_by_key(|(number, hit)| (hit.start, *number));
    let mut all: Vec<Hit> = Vec::new();
    for (_, hit) in hits {
        match all.last_mut() {
            Some(last)
                if hit.start < last.end
                    && !(hit.start == last.start && hit.block && last.block && hit.value != last.value) =>
            {
                // A key whose text begins within another value is what is there.
                if hit.block && !last.block {
                    *last = hit;
                }
            }
            _ => all.push(hit),
        }
    }
    all
}

fn applied(rule: &'static Rule, bytes: &[u8], start: usize) -> Option<Hit> {
    if !may_begin(rule.before, bytes, start) {
        return None;
    }
    let (start, end) = match rule.check {
        Check::From(check) => (start, start + check(bytes.get(start..)?).filter(|length| *length > 0)?),
        Check::Around(check) => check(bytes, start).map(|span| (span.start, span.end))?,
        Check::Rest(letters, least, most) => {
            (start, start + rest(bytes.get(start..)?, rule.marker.len(), letters, least, most)?)
        }
        Check::Within(letters, head, tail) => {
            within(bytes, start, rule.marker.len(), letters, head, tail).map(|span| (span.start, span.end))?
        }
    };
    Some(Hit { kind: rule.kind, proof: rule.proof, start, end, block: rule.block, judged: rule.judges, value: None })
}

/// May a secret begin here? In the middle of a longer word it is a part of something else; what an escape ends is a border,
/// and so are the signs that a patch or a comment puts before a line.
fn may_begin(before: Before, bytes: &[u8], start: usize) -> bool {
    let Some(last) = start.checked_sub(1).and_then(|at| bytes.get(at)) else { return true };
    let joined = match before {
        Before::Anything => false,
        Before::NoWord => last.is_ascii_alphanumeric() || matches!(last, b'_' | b'-'),
        Before::NoValue => last.is_ascii_alphanumeric() || matches!(last, b'_' | b'-' | b'+' | b'/' | b'.'),
    };
    if !joined || starts_behind_escape(bytes, start) {
        return true;
    }
    let head = bytes.get(start.saturating_sub(5)..start).unwrap_or_default();
    let signs = head.iter().rev().take_while(|byte| matches!(byte, b'+' | b'-' | b'/')).count();
    let beyond = head.len().checked_sub(signs + 1).and_then(|at| head.get(at));
    match beyond {
        None => signs == start && signs > 0,
        Some(byte) => signs > 0 && byte.is_ascii_whitespace(),
    }
}

/// Takes out ids of access keys without a secret in reach, and secrets that were found beside their id already.
fn paired(bytes: &[u8], hits: &mut Vec<(usize, Hit)>) {
    if hits.iter().all(|(_, hit)| !AWS_IDS.contains(&hit.kind)) {
        return;
    }
    let secrets = aws_secrets(bytes);
    let near = |at: usize| {
        let next = secrets.partition_point(|place| *place < at);
        let places = [next.checked_sub(1), Some(next)].into_iter().flatten();
        places.filter_map(|number| secrets.get(number)).any(|place| place.abs_diff(at) <= PAIR)
    };
    hits.retain(|(_, hit)| !AWS_IDS.contains(&hit.kind) || near(hit.start));
    let ids: Vec<usize> =
        hits.iter().filter(|(_, hit)| AWS_IDS.contains(&hit.kind)).map(|(_, hit)| hit.start).collect();
    let has_id = |at: usize| {
        let next = ids.partition_point(|place| *place < at);
        let places = [next.checked_sub(1), Some(next)].into_iter().flatten();
        places.filter_map(|number| ids.get(number)).any(|place| place.abs_diff(at) <= PAIR)
    };
    hits.retain(|(_, hit)| hit.kind != AWS_NAMED || !has_id(hit.start));
}

/// Is the key that of a Google service account: with its id and its address beside it?
fn is_service_account(bytes: &[u8], key: &armor::Key) -> bool {
    let near = bytes.get(key.start.saturating_sub(1000)..bytes.len().min(key.end + 2000)).unwrap_or_default();
    let has = |needle: &[u8]| memchr::memmem::find(near, needle).is_some();
    has(b"private_key_id") && has(b".iam.gserviceaccount.com")
}

/// Reads anything; properties and fuzzing ask that it ends and does not panic.
#[cfg(any(test, fuzzing))]
pub(crate) fn read_anything(bytes: &[u8]) {
    let _ = found_in(bytes, "a", "commit");
}

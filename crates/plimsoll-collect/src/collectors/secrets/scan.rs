//! From the bytes of a file to what is in them. Bytes are read as they are, and once more without what UTF-16 puts between.

use std::{borrow::Cow, collections::BTreeSet, sync::LazyLock};

use memchr::memchr_iter;
use plimsoll_model::sha256_hex;

use super::{
    armor::{self, ANCHORS},
    blocks::Blocks,
    formats::{aws_secrets, is_near, starts_behind_escape},
    letters::{rest, within},
    markers::Markers,
    phrases,
    placeholders::reads_as_example,
    rewritten::{self, Piece},
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

impl Hit {
    /// Does it read as an example, in the text that it was found in?
    fn is_example(&self, text: &[u8]) -> bool {
        let value = text.get(self.start..self.end).unwrap_or_default();
        !self.block && !self.judged && reads_as_example(value, self.proof == "checksum")
    }
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
    // UTF-16 of plain letters is these letters with a zero next to each, with a mark or without, at even or odd places.
    let without_zeros: Option<Cow<'_, [u8]>> =
        has_wide_letters(bytes).then(|| Cow::Owned(bytes.iter().copied().filter(|byte| *byte != 0).collect()));
    for text in std::iter::once(Cow::Borrowed(bytes)).chain(without_zeros) {
        let is_second = matches!(text, Cow::Owned(_));
        let (mut line, mut counted) = (1, 0);
        let blocks = Blocks::of(&text);
        for hit in scan_with(&text, &blocks) {
            let value = text.get(hit.start..hit.end).unwrap_or_default();
            if hit.is_example(&text) {
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
        once_it_runs(&text, &blocks, path, commit, &mut found);
    }
    found
}

/// Are there letters with one zero or three between them, as UTF-16 and UTF-32 have them?
fn has_wide_letters(bytes: &[u8]) -> bool {
    let is_sign = |at: usize| bytes.get(at).is_some_and(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace());
    let is_zero = |at: usize| bytes.get(at) == Some(&0);
    memchr_iter(0, bytes).any(|at| {
        let of_two = (1..4).all(|count| is_sign(at + 2 * count - 1) && is_zero(at + 2 * count));
        let of_four = || {
            (1..4).all(|count| {
                let end = at + 4 * count;
                is_sign(end - 3) && (end - 2..=end).all(is_zero)
            })
        };
        of_two || of_four()
    })
}

/// What is found where literals are put together, escapes are written out and values are decoded, and was not before.
fn once_it_runs(text: &[u8], blocks: &Blocks, path: &str, commit: &str, found: &mut Found) {
    let before = found.hits.len();
    for pieces in [rewritten::pieces(text), rewritten::decoded(text, blocks)] {
        in_pieces(text, &pieces, before, path, commit, found);
    }
}

/// What is found in pieces and is none of the first findings, of which there are `before`.
fn in_pieces(text: &[u8], pieces: &[Piece], before: usize, path: &str, commit: &str, found: &mut Found) {
    let (mut line, mut counted) = (1, 0);
    for piece in pieces {
        for hit in scan(&piece.bytes) {
            let value = piece.bytes.get(hit.start..hit.end).unwrap_or_default();
            if !piece.is_changed(hit.start, hit.end)
                || hit.is_example(&piece.bytes)
                || (hit.kind == PUBLIC && is_public(&piece.bytes, hit.start, path))
            {
                continue;
            }
            // Pieces lie behind each other, and hits of one likewise.
            let place = piece.place(hit.start).max(counted);
            line += lines(text.get(counted..place).unwrap_or_default());
            counted = place;
            let value = hit.value.as_deref().unwrap_or(value);
            let digest = hit.block.then(|| digest(value, commit));
            // Keys are decoded where they are found first as well, and where they begin is not the same then.
            let is_known = |known: &Finding| {
                (known.line == line && known.kind == hit.kind) || digest.as_ref() == Some(&known.digest)
            };
            if !found.hits.iter().take(before).any(is_known) {
                found.push(hit.kind, hit.proof, line, value, commit);
            }
        }
    }
}

fn digest(value: &[u8], commit: &str) -> String {
    sha256_hex(&[b"plimsoll secret v1\0", commit.as_bytes(), b"\0", value].concat())
}

impl Found {
    fn push(&mut self, kind: &'static str, proof: &'static str, line: u64, value: &[u8], commit: &str) {
        let finding = Finding { kind, proof, line, digest: digest(value, commit) };
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

static MARKERS: LazyLock<Markers> =
    LazyLock::new(|| Markers::new(all().map(|rule| rule.marker).chain(ANCHORS.iter().map(|(anchor, _)| *anchor))));

/// Is there a part that some kind has?
pub(super) fn has_marker(text: &[u8]) -> bool {
    let mut has = false;
    MARKERS.each(text, |_, _| has = true);
    has
}

/// Where values are in a text, in any writing: from where to where.
pub(super) fn places(text: &[u8]) -> Vec<(usize, usize)> {
    let blocks = Blocks::of(text);
    let mut all: Vec<(usize, usize)> =
        scan_with(text, &blocks).iter().filter(|hit| !hit.is_example(text)).map(|hit| (hit.start, hit.end)).collect();
    for piece in rewritten::pieces(text).into_iter().chain(rewritten::decoded(text, &blocks)) {
        let hits = scan(&piece.bytes);
        let hits = hits.iter().filter(|hit| piece.is_changed(hit.start, hit.end) && !hit.is_example(&piece.bytes));
        all.extend(hits.map(|hit| piece.origin(hit.start, hit.end)));
    }
    all
}

/// Everything that a rule recognises, in the order of places; of two that overlap a key counts, then the first of the table.
pub(super) fn scan(bytes: &[u8]) -> Vec<Hit> {
    scan_with(bytes, &Blocks::of(bytes))
}

fn scan_with(bytes: &[u8], blocks: &Blocks) -> Vec<Hit> {
    let mut hits: Vec<(usize, Hit)> = Vec::new();
    let mut keys = armor::Reader::default();
    let mut anchors: Vec<(usize, armor::Anchor)> = Vec::new();
    MARKERS.each(bytes, |start, number| match numbered(number) {
        Some(rule) => hits.extend(applied(rule, bytes, start).map(|hit| (number + 1, hit))),
        None => anchors.extend(ANCHORS.get(number - COUNT).map(|(_, anchor)| (start, *anchor))),
    });
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
    for phrases::Phrase { start, end, value } in phrases::find(bytes, &blocks.phrases) {
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

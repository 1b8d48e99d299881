//! A text as it is once it runs: literals that are joined in one piece, escapes as the letters that they stand for, values in base64 or
//! hexadecimal digits as the text that they are.
//!
//! Only the neighbourhood of such places is given, and which bytes of it were not next to each other before.

use std::cell::LazyCell;

use memchr::{memchr_iter, memmem};

use super::{blocks::Blocks, encoded};

/// Bytes about a place that are looked at again.
const ABOUT: usize = 600;
/// Bytes of the shortest secret that is sought so, about the place.
const SHORTEST: usize = 16;
/// Bytes between two literals.
const BETWEEN: usize = 60;

/// A piece of the text.
pub(super) struct Piece {
    pub(super) bytes: Vec<u8>,
    changes: Vec<Changed>,
    start: usize,
}

/// Where in the piece something was put together, written out or decoded, and where in the text that is.
struct Changed {
    start: usize,
    end: usize,
    from: usize,
    to: usize,
}

/// What is replaced: from, to, and by which letters.
type Change = (usize, usize, Letters);

enum Letters {
    None,
    One(u8),
    Text(Vec<u8>),
}

impl Piece {
    /// The place in the text of one in the piece; of a decoded text that is where it begins.
    pub(super) fn place(&self, at: usize) -> usize {
        let next = self.changes.partition_point(|change| change.start <= at);
        match next.checked_sub(1).and_then(|last| self.changes.get(last)) {
            Some(change) if at < change.end => change.from,
            Some(change) => change.to + (at - change.end),
            None => self.start + at,
        }
    }

    /// From where to where in the text something is that is between two places of the piece; of a decoded text that is all of it.
    pub(super) fn origin(&self, start: usize, end: usize) -> (usize, usize) {
        let last = end.saturating_sub(1);
        let change = self.changes.partition_point(|change| change.start <= last).checked_sub(1);
        let within = change.and_then(|at| self.changes.get(at)).filter(|change| last < change.end);
        (self.place(start), within.map_or_else(|| self.place(last) + 1, |change| change.to))
    }

    /// Was something changed between two places of the piece?
    pub(super) fn is_changed(&self, start: usize, end: usize) -> bool {
        let first = self.changes.partition_point(|change| change.end <= start);
        self.changes.get(first).is_some_and(|change| change.start < end)
    }
}

/// The pieces of a text that are otherwise once it runs.
pub(super) fn pieces(text: &[u8]) -> Vec<Piece> {
    let mut changes: Vec<Change> = joints(text);
    changes.extend(escapes(text));
    changes.sort_unstable_by_key(|(from, to, _)| (*from, *to));
    grouped(text, changes)
}

/// The pieces about values that are a text in base64 or digits; `blocks` are those of the text. A value may be a part of a token
/// as it is, so these pieces are others.
pub(super) fn decoded(text: &[u8], blocks: &Blocks) -> Vec<Piece> {
    let texts = encoded::texts(text, &blocks.values).into_iter();
    grouped(text, texts.map(|one| (one.from, one.to, Letters::Text(one.text))).collect())
}

/// Changes in the order of their places, those near each other in one piece.
fn grouped(text: &[u8], changes: Vec<Change>) -> Vec<Piece> {
    let mut all = Vec::new();
    let mut group: Vec<Change> = Vec::new();
    for change in changes {
        match group.last() {
            Some((_, end, _)) if change.0 < *end => continue,
            Some((_, end, _)) if change.0 > end + ABOUT => {
                all.push(piece(text, &group));
                group.clear();
            }
            _ => {}
        }
        group.push(change);
    }
    if !group.is_empty() {
        all.push(piece(text, &group));
    }
    all
}

fn piece(text: &[u8], group: &[Change]) -> Piece {
    let first = group.first().map_or(0, |change| change.0);
    let start = first.saturating_sub(ABOUT);
    let mut made = Piece { bytes: Vec::new(), changes: Vec::new(), start };
    let mut at = start;
    for (from, to, letters) in group {
        made.bytes.extend(text.get(at..*from).unwrap_or_default());
        let start = made.bytes.len();
        match letters {
            Letters::None => {}
            Letters::One(letter) => made.bytes.push(*letter),
            Letters::Text(text) => made.bytes.extend(text),
        }
        made.changes.push(Changed { start, end: made.bytes.len(), from: *from, to: *to });
        at = *to;
    }
    made.bytes.extend(text.get(at..text.len().min(at + ABOUT)).unwrap_or_default());
    made
}

/// Where one literal ends and the next that is joined to it begins: `" + "`, `" "`, `" .\n "`; `", "` where lists are joined.
fn joints(text: &[u8]) -> Vec<Change> {
    let joins = [&b".join("[..], b"Join(", b"concat!(", b".concat("];
    let has_lists = LazyCell::new(|| joins.iter().any(|word| memmem::find(text, word).is_some()));
    let mut all = Vec::new();
    for quote in [b'"', b'\''] {
        let mut done = 0;
        for end in memchr_iter(quote, text) {
            let next = text.get(end + 1).copied().unwrap_or_default();
            let may_be = matches!(next, b' ' | b'\t' | b'\n' | b'\r' | b'\\' | b'+' | b'.' | b'&' | b',');
            if end < done
                || !may_be
                || !end.checked_sub(1).and_then(|at| text.get(at)).is_some_and(|byte| is_of_value(*byte))
            {
                continue;
            }
            let rest = text.get(end + 1..text.len().min(end + 1 + BETWEEN)).unwrap_or_default();
            let length = rest.iter().take_while(|byte| **byte != quote).count();
            let between = rest.get(..length).unwrap_or_default();
            if length == rest.len() || between.is_empty() || !is_joint(between, &has_lists) {
                continue;
            }
            done = end + length + 2;
            if is_long(text, end, done) {
                all.push((end, done, Letters::None));
            }
        }
    }
    all
}

/// Do letters of a value, or what stands for them, come right before and behind the place, enough of them for a secret?
fn is_long(text: &[u8], from: usize, to: usize) -> bool {
    let before = text.get(from.saturating_sub(SHORTEST)..from).unwrap_or_default();
    let behind = text.get(to..text.len().min(to + SHORTEST)).unwrap_or_default();
    let before = before.iter().rev().take_while(|byte| is_of_value(**byte)).count();
    before + behind.iter().take_while(|byte| is_of_value(**byte)).count() >= SHORTEST
}

fn is_of_value(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'_' | b'-' | b'.' | b'+' | b'/' | b'=' | b':' | b'~' | b'%' | b'\\' | b'&' | b'#' | b';')
}

fn is_joint(between: &[u8], has_lists: &LazyCell<bool, impl FnOnce() -> bool>) -> bool {
    let (mut signs, mut letters, mut commas) = (0, 0, 0);
    for byte in between {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b'\\' => {}
            b'+' | b'.' | b'&' => signs += 1,
            b',' => commas += 1,
            // The sort of a literal: `b"`, `f'`.
            b'b' | b'r' | b'f' | b'u' | b'L' => letters += 1,
            _ => return false,
        }
    }
    signs + commas <= 2 && letters <= 1 && (commas == 0 || **has_lists)
}

/// Escapes of letters that secrets have: `\u005f`, `\x5f`, `\/`, `%5F`, `&#95;`.
fn escapes(text: &[u8]) -> Vec<Change> {
    let hexadecimal = |digits: Option<&[u8]>| {
        let value = u32::from_str_radix(std::str::from_utf8(digits?).ok()?, 16).ok()?;
        u8::try_from(value).ok()
    };
    let mut all = Vec::new();
    let mut add = |from: usize, to: usize, value: Option<u8>| {
        let of_secret = |byte: &u8| {
            byte.is_ascii_alphanumeric()
                || matches!(
                    byte,
                    b'_' | b'-' | b'.' | b'+' | b'/' | b'=' | b':' | b'~' | b'@' | b'?' | b'&' | b'$' | b' '
                )
        };
        if let Some(value) = value.filter(of_secret)
            && is_long(text, from, to)
        {
            all.push((from, to, Letters::One(value)));
        }
    };
    for at in memchr_iter(b'\\', text) {
        match text.get(at + 1) {
            Some(b'u') => add(at, at + 6, hexadecimal(text.get(at + 2..at + 6))),
            Some(b'x') => add(at, at + 4, hexadecimal(text.get(at + 2..at + 4))),
            Some(b'/') => add(at, at + 2, Some(b'/')),
            _ => {}
        }
    }
    for at in memchr_iter(b'%', text) {
        add(at, at + 3, hexadecimal(text.get(at + 1..at + 3)));
    }
    for at in memmem::find_iter(text, b"&#") {
        let rest = text.get(at + 2..text.len().min(at + 8)).unwrap_or_default();
        let Some(length) = rest.iter().position(|byte| *byte == b';') else { continue };
        let digits = rest.get(..length).unwrap_or_default();
        let value = match digits.split_first() {
            Some((b'x' | b'X', digits)) => hexadecimal(Some(digits)),
            _ => std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok()),
        };
        add(at, at + 3 + length, value);
    }
    all
}

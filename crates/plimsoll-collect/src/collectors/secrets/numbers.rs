//! Keys written as numbers: `{0x30, 0x82, ...}`, `[48, 130, ...]`, `new byte[] {48, -126, ...}`, and as one row of digits.

use super::{
    armor::{der_kind, is_openssh},
    encodings::hexadecimal_run,
};

/// Bytes of one key.
const LONGEST: usize = 64 * 1024;
/// The bytes with which keys begin: a sequence of DER, armor, OpenSSH's magic.
const STARTS: &[&[u8]] =
    &[&[0x30, 0x82], &[0x30, 0x81], &[0x30, 0x77], &[0x30, 0x2e], &[0x30, 0x51], b"-----BEGIN", b"openssh-key-v1"];

/// What a key is made of, and how much of the text it takes.
pub(super) struct Run {
    pub(super) bytes: Vec<u8>,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The bytes of the numbers from `at` on, where they begin as a key does.
pub(super) fn numbers(text: &[u8], at: usize) -> Option<Run> {
    let before = at.checked_sub(1).and_then(|before| text.get(before));
    if before.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')) {
        return None;
    }
    // Most numbers are none of these: two of them say so.
    let (head, _) = run(text, at, 2);
    if !STARTS.iter().any(|start| start.starts_with(&head)) {
        return None;
    }
    let (head, _) = run(text, at, 14);
    if !STARTS.iter().any(|start| head.starts_with(start)) {
        return None;
    }
    let (bytes, end) = run(text, at, LONGEST);
    Some(Run { bytes, start: at, end })
}

fn run(text: &[u8], at: usize, most: usize) -> (Vec<u8>, usize) {
    let mut bytes = Vec::new();
    let (mut here, mut end) = (at, at);
    while bytes.len() < most {
        let Some((value, next)) = number(text, here) else { break };
        bytes.push(value);
        end = next;
        here = next;
        let between = text.get(here..).unwrap_or_default().iter().take(80);
        let length = between.take_while(|byte| byte.is_ascii_whitespace() || **byte == b',').count();
        if length == 0 {
            break;
        }
        here += length;
    }
    (bytes, end)
}

/// One number of a byte, with its sign, cast and suffix.
fn number(text: &[u8], at: usize) -> Option<(u8, usize)> {
    let mut here = at;
    let rest = text.get(here..)?;
    for cast in [&b"(byte)"[..], b"(byte) "] {
        if rest.starts_with(cast) {
            here = at + cast.len();
        }
    }
    let is_negative = text.get(here) == Some(&b'-');
    here += usize::from(is_negative);
    let rest = text.get(here..text.len().min(here + 6))?;
    let (radix, skip) = match rest {
        [b'0', b'x' | b'X', ..] => (16, 2),
        _ => (10, 0),
    };
    let digits = rest.get(skip..)?;
    let takes = |byte: &u8| if radix == 16 { byte.is_ascii_hexdigit() } else { byte.is_ascii_digit() };
    let length = digits.iter().take(3).take_while(|byte| takes(byte)).count();
    let value = i32::from_str_radix(std::str::from_utf8(digits.get(..length)?).ok()?, radix).ok()?;
    let value = if is_negative { 256 - value } else { value };
    here += skip + length;
    for suffix in [&b"u8"[..], b"u", b"U", b"y"] {
        if text.get(here..).is_some_and(|rest| rest.starts_with(suffix)) {
            here += suffix.len();
            break;
        }
    }
    Some((u8::try_from(value).ok()?, here))
}

/// The key in hexadecimal digits of which a part that all of its kind have is at `at`: its sequence begins before that.
pub(super) fn digits(text: &[u8], at: usize, budget: &mut usize) -> Option<Run> {
    let starts = [0, 8, 6, 4].into_iter().filter_map(|length| at.checked_sub(length));
    for start in starts {
        let window = text.get(start..)?;
        let (head, _) = hexadecimal_run(window, 14);
        let length = match (length_of(&head), head.starts_with(b"openssh-key-v1")) {
            (Some(length), _) => length,
            (None, true) => LONGEST,
            (None, false) => continue,
        };
        if *budget < length {
            return None;
        }
        *budget -= length;
        let (bytes, taken) = hexadecimal_run(window, length.min(LONGEST));
        if key(&bytes).is_some() {
            return Some(Run { bytes, start, end: start + taken });
        }
    }
    None
}

/// The length of the DER sequence that begins with these bytes.
fn length_of(head: &[u8]) -> Option<usize> {
    match head {
        [0x30, 0x82, high, low, ..] => Some(4 + usize::from(*high) * 256 + usize::from(*low)),
        [0x30, 0x81, length, ..] => Some(3 + usize::from(*length)),
        [0x30, length @ ..=0x7f, ..] => Some(2 + usize::from(*length)),
        _ => None,
    }
}

/// The kind of the key with which bytes begin, and its own bytes.
pub(super) fn key(bytes: &[u8]) -> Option<(&'static str, &[u8])> {
    if is_openssh(bytes) {
        return Some(("openssh-private-key", bytes));
    }
    let whole = bytes.get(..length_of(bytes)?)?;
    Some((der_kind(whole)?, whole))
}

//! The versions of Debian packages.
//!
//! Source: Debian Policy 5.6.12; dpkg, `lib/dpkg/version.c` and `parsehelp.c`.

use std::cmp::Ordering;

use crate::{
    cursor::Cursor,
    digits::{Digits, is_number, padded, without_tail},
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    epoch: Digits,
    upstream: Vec<Part>,
    revision: Vec<Part>,
}

/// Characters that are no digits, closed by [`END`], and the number behind them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Part(Vec<u16>, Digits);

/// The weight of the end, which only a tilde is below.
const END: u16 = 1;

pub(crate) fn read(text: &str) -> Result<Key, &'static str> {
    let text = text.trim();
    let (epoch, rest) = match text.split_once(':') {
        Some((epoch, rest)) if is_number(epoch) => (Digits::of(epoch), rest),
        Some(_) => return Err("its epoch is not a number"),
        None => (Digits::default(), text),
    };
    let (upstream, revision) = match rest.rsplit_once('-') {
        Some((_, "")) => return Err("its revision is empty"),
        Some((upstream, revision)) => (upstream, revision),
        None => (rest, ""),
    };
    if !upstream.starts_with(|character: char| character.is_ascii_digit()) {
        return Err("it does not begin with a digit");
    }
    let good = |text: &str, more: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c));
    if !good(upstream, "-.+~:") || !good(revision, ".+~") {
        return Err("it has characters that Debian has no place for");
    }
    Ok(Key { epoch, upstream: parts(upstream), revision: parts(revision) })
}

fn parts(text: &str) -> Vec<Part> {
    let mut cursor = Cursor(text);
    let mut parts = Vec::new();
    while !cursor.is_at_end() {
        let mut weights: Vec<u16> = cursor.run(|character| !character.is_ascii_digit()).bytes().map(weight).collect();
        weights.push(END);
        parts.push(Part(weights, Digits::of(cursor.digits())));
    }
    without_tail(parts, |part| *part == null())
}

/// What is compared with where there is nothing more.
fn null() -> Part {
    Part(vec![END], Digits::default())
}

/// Letters are below everything else but the tilde.
fn weight(byte: u8) -> u16 {
    match byte {
        b'~' => 0,
        _ if byte.is_ascii_alphabetic() => u16::from(byte),
        _ => u16::from(byte) + 256,
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        let null = null();
        self.epoch
            .cmp(&other.epoch)
            .then_with(|| padded(&self.upstream, &other.upstream, &null))
            .then_with(|| padded(&self.revision, &other.revision, &null))
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

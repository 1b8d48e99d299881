//! The versions of `RubyGems`.
//!
//! Source: `RubyGems`, `Gem::Version`.

use std::cmp::Ordering;

use crate::{
    cursor::Cursor,
    digits::{Digits, padded, without_tail},
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key(Vec<Segment>);

/// Words come before numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    Word(Box<str>),
    Number(Digits),
}

pub(crate) fn read(text: &str) -> Result<Key, &'static str> {
    let text = text.trim();
    let (release, pre) = match text.split_once('-') {
        Some((release, pre)) => (release, Some(pre)),
        None => (text, None),
    };
    if !release.starts_with(|character: char| character.is_ascii_digit()) {
        return Err("it does not begin with a number");
    }
    if !are_parts(release, "") || pre.is_some_and(|pre| !are_parts(pre, "-")) {
        return Err("it is not of the form of a gem's version");
    }
    if release.split('.').next().is_some_and(|first| first.bytes().any(|byte| !byte.is_ascii_digit())) {
        return Err("its first part is not a number");
    }
    let mut segments = Vec::new();
    scan(release, &mut segments);
    // Each hyphen is another "pre".
    for part in pre.into_iter().flat_map(|pre| pre.split('-')) {
        segments.push(Segment::Word("pre".into()));
        scan(part, &mut segments);
    }
    let is_zero = |segment: &Segment| matches!(segment, Segment::Number(number) if number.is_zero());
    let words = segments.iter().position(|segment| matches!(segment, Segment::Word(_))).unwrap_or(segments.len());
    let after = segments.split_off(words);
    let mut canonical = without_tail(segments, is_zero);
    canonical.extend(without_tail(after, is_zero));
    Ok(Key(canonical))
}

/// Are these letters, digits and what else is given, between dots?
fn are_parts(text: &str, more: &str) -> bool {
    let good = |character: char| character.is_ascii_alphanumeric() || more.contains(character);
    text.split('.').all(|part| !part.is_empty() && part.chars().all(good))
}

fn scan(text: &str, segments: &mut Vec<Segment>) {
    let mut cursor = Cursor(text);
    while !cursor.is_at_end() {
        cursor.eat(".");
        let digits = cursor.digits();
        if !digits.is_empty() {
            segments.push(Segment::Number(Digits::of(digits)));
        }
        let word = cursor.run(|character| character.is_ascii_alphabetic());
        if !word.is_empty() {
            segments.push(Segment::Word(word.into()));
        }
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        padded(&self.0, &other.0, &Segment::Number(Digits::default()))
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

//! Maven's versions.
//!
//! Source: Maven, "POM Reference", Version Order Specification.
//!
//! `ComparableVersion`, which Maven itself compares with, goes in circles where the specification does not: in 3.8.7
//! `1-alpha < 1 < 1.sp.1 < 1-alpha`, and `1-0-alpha < 1 < 1-sp < 1-0-alpha`. There this follows the specification, by which a word
//! behind a dot is one behind a hyphen, and a zero before a hyphen is nothing.

use crate::digits::Digits;

/// Parts, closed by [`Part::End`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key(Vec<Part>);

/// In their order. Zeros and words for "released" that stand at the end, or before a hyphen, are dropped before; what is left of
/// them is therefore followed by more than nothing, and more than the end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Alpha,
    Beta,
    Milestone,
    Candidate,
    Snapshot,
    End,
    Release,
    ServicePack,
    Word(Box<str>),
    /// A number behind a hyphen.
    Hyphen(Digits),
    /// A number behind a dot, or in front.
    Dot(Digits),
}

pub(crate) fn read(text: &str) -> Key {
    let text = text.to_ascii_lowercase();
    let mut parts = Vec::new();
    let mut rest = text.as_str();
    let mut hyphen = false;
    loop {
        let is_digit = rest.starts_with(|character: char| character.is_ascii_digit());
        let is_end = |character: char| matches!(character, '.' | '-') || character.is_ascii_digit() != is_digit;
        let (token, behind) = rest.split_at_checked(rest.find(is_end).unwrap_or(rest.len())).unwrap_or((rest, ""));
        // From digits to letters and back is like a hyphen.
        let separator = behind.chars().next().filter(|character| matches!(character, '.' | '-'));
        let before_digit = separator.is_none() && !behind.is_empty();
        let part = match token {
            _ if token.is_empty() || is_digit => {
                let number = Digits::of(token);
                if hyphen { Part::Hyphen(number) } else { Part::Dot(number) }
            }
            _ => qualifier(token, before_digit),
        };
        // A word begins a part of its own, whatever is in front of it.
        if hyphen || !matches!(part, Part::Dot(_)) {
            drop_nulls(&mut parts);
        }
        parts.push(part);
        if behind.is_empty() {
            break;
        }
        hyphen = separator != Some('.');
        rest = separator.map_or(behind, |_| behind.get(1..).unwrap_or_default());
        if rest.is_empty() {
            // A separator at the end is followed by nothing, which is zero.
            break;
        }
    }
    drop_nulls(&mut parts);
    parts.push(Part::End);
    Key(parts)
}

fn drop_nulls(parts: &mut Vec<Part>) {
    let is_null = |part: &Part| match part {
        Part::Release => true,
        Part::Dot(number) | Part::Hyphen(number) => number.is_zero(),
        _ => false,
    };
    while parts.last().is_some_and(is_null) {
        parts.pop();
    }
}

fn qualifier(word: &str, before_digit: bool) -> Part {
    match word {
        "alpha" => Part::Alpha,
        "beta" => Part::Beta,
        "milestone" => Part::Milestone,
        "a" if before_digit => Part::Alpha,
        "b" if before_digit => Part::Beta,
        "m" if before_digit => Part::Milestone,
        "rc" | "cr" => Part::Candidate,
        "snapshot" => Part::Snapshot,
        "ga" | "final" | "release" => Part::Release,
        "sp" => Part::ServicePack,
        _ => Part::Word(word.into()),
    }
}

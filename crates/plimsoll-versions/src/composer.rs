//! Composer's versions.
//!
//! Source: composer/semver, `VersionParser::normalize`, and PHP, `version_compare`, for what that gives.

use crate::{cursor::Cursor, digits::Digits};

/// Parts, closed by [`Part::End`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key(Vec<Part>);

/// In their order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Dev,
    Alpha,
    Beta,
    Candidate,
    End,
    Number(Digits),
    Patch,
}

const STABILITIES: [&str; 5] = ["@dev", "@alpha", "@beta", "@rc", "@stable"];
/// What a branch has in the place of an `x`.
const ANY: &str = "9999999";
/// Between a year, pairs of digits, and one more group.
const DATE_SEPARATORS: &[char] = &['.', ':', '-'];

pub(crate) fn read(original: &str) -> Result<Key, &'static str> {
    let mut text = original.trim().to_ascii_lowercase();
    // `VERSION as OTHER`: in the order stands the first.
    if let Some((version, alias)) = text.split_once(" as ") {
        let good = |part: &str| !part.is_empty() && !part.contains([',', ' ']);
        if !good(version.trim_end()) || !good(alias.trim_start()) {
            return Err("its alias cannot be read");
        }
        text = version.trim_end().to_owned();
    }
    if let Some(version) = STABILITIES.iter().find_map(|flag| text.strip_suffix(flag)) {
        text = version.to_owned();
    }
    // Written otherwise it is below everything by Composer's rules, which nobody means.
    if text.contains("stable") && !original.contains("stable") {
        return Err("\"stable\" is not in small letters");
    }
    if text.starts_with("dev-") || ["master", "trunk", "default"].contains(&text.as_str()) {
        return Err("it is a branch, which is not ordered");
    }
    if let Some((version, build)) = text.split_once('+')
        && !version.is_empty()
        && !version.contains([',', ' '])
        && !build.is_empty()
        && !build.contains(' ')
    {
        text = version.to_owned();
    }
    let unprefixed = text.strip_prefix('v').unwrap_or(&text);
    classical(unprefixed)
        .or_else(|| dated(unprefixed))
        .or_else(|| branch(&text))
        .map(|mut parts| {
            parts.push(Part::End);
            Key(parts)
        })
        .ok_or("it is not of the form of a Composer version")
}

/// One to four numbers, the first of up to five digits, and a modifier.
fn classical(text: &str) -> Option<Vec<Part>> {
    let mut cursor = Cursor(text);
    let first = cursor.digits();
    if first.is_empty() || first.len() > 5 {
        return None;
    }
    let mut parts = vec![Part::Number(Digits::of(first))];
    while parts.len() < 4 {
        let Some(number) = cursor.try_to(|cursor| {
            let dot = cursor.eat(".");
            Some(cursor.digits()).filter(|digits| dot && !digits.is_empty())
        }) else {
            break;
        };
        parts.push(Part::Number(Digits::of(number)));
    }
    parts.resize(4, Part::Number(Digits::default()));
    parts.extend(modifier(cursor.0)?);
    Some(parts)
}

/// A date, maybe with a time, and a modifier. Where its groups end is ambiguous, and each way is tried: there are a few dozen.
fn dated(text: &str) -> Option<Vec<Part>> {
    let (year, rest) = text.split_at_checked(4)?;
    if !year.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let group = |rest: &str, width: usize| -> Option<usize> {
        let after = rest.strip_prefix(DATE_SEPARATORS).unwrap_or(rest);
        let digits = after.get(..width)?;
        digits.bytes().all(|byte| byte.is_ascii_digit()).then_some(rest.len() - after.len() + width)
    };
    let mut ends = Vec::new();
    let mut pairs = 0;
    for _ in 0..6 {
        let Some(width) = group(rest.get(pairs..)?, 2) else { break };
        pairs += width;
        ends.push(pairs);
    }
    let mut longer = Vec::new();
    for end in &ends {
        let behind = rest.get(*end..)?;
        longer.extend((1..=3).filter_map(|width| Some(end + group(behind, width)?)));
    }
    ends.extend(longer);
    ends.sort_unstable();
    // The longest comes first, as a pattern takes as much as it can.
    let (end, modifier) = ends.iter().rev().find_map(|end| Some((*end, modifier(rest.get(*end..)?)?)))?;
    let date = text.get(..4 + end)?;
    let mut parts: Vec<Part> = date.split(DATE_SEPARATORS).map(|number| Part::Number(Digits::of(number))).collect();
    parts.extend(modifier);
    Some(parts)
}

/// A stability word with numbers, and whether it is in development.
fn modifier(text: &str) -> Option<Vec<Part>> {
    let mut cursor = Cursor(text);
    let mut parts = Vec::new();
    let word = cursor.try_to(|cursor| {
        cursor.eat_any(&['.', '_', '-']);
        let word = cursor.word(&["stable", "beta", "b", "rc", "alpha", "a", "patch", "pl", "p"])?;
        let mut numbers = Vec::new();
        while let Some(digits) = cursor.try_to(|cursor| {
            cursor.eat_any(&['.', '-']);
            Some(cursor.digits()).filter(|digits| !digits.is_empty())
        }) {
            numbers.push(Part::Number(Digits::of(digits)));
        }
        Some((word, numbers))
    });
    if word.is_none() {
        // The separator may be there alone.
        let alone = cursor.try_to(|cursor| {
            cursor.eat_any(&['.', '_', '-']);
            (cursor.is_at_end() || cursor.0.trim_start_matches(['.', '-']) == "dev").then_some(())
        });
        alone?;
    }
    let stable = matches!(word, Some(("stable", _)));
    if let Some((word, numbers)) = word.filter(|_| !stable) {
        parts.push(match word.chars().next() {
            Some('a') => Part::Alpha,
            Some('b') => Part::Beta,
            Some('r') => Part::Candidate,
            _ => Part::Patch,
        });
        parts.extend(numbers);
    }
    cursor.try_to(|cursor| {
        cursor.eat_any(&['.', '-']);
        let dev = cursor.eat("dev");
        // Of `stable` nothing else is said.
        parts.extend((dev && !stable).then_some(Part::Dev));
        dev.then_some(())
    });
    cursor.is_at_end().then_some(parts)
}

/// `1.2.x-dev`: numbers and places for any number.
fn branch(text: &str) -> Option<Vec<Part>> {
    let name = text.strip_suffix("dev")?;
    let name = name.strip_suffix(['.', '-']).unwrap_or(name);
    let name = name.strip_prefix('v').unwrap_or(name);
    let mut parts = Vec::new();
    for part in name.split('.') {
        let any = !parts.is_empty() && ["x", "*"].contains(&part);
        if !any && !crate::digits::is_number(part) {
            return None;
        }
        parts.push(Part::Number(Digits::of(if any { ANY } else { part })));
    }
    if parts.len() > 4 {
        return None;
    }
    parts.resize(4, Part::Number(Digits::of(ANY)));
    parts.push(Part::Dev);
    Some(parts)
}

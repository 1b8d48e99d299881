//! Semantic Versioning and its dialects.
//!
//! Source: Semantic Versioning 2.0.0, item 11; what differs is in the tables below.

use std::cmp::Ordering;

use crate::{
    cursor::Cursor,
    digits::{Digits, is_number},
};

/// What an ecosystem does differently.
pub(crate) struct Dialect {
    /// Characters that may be in front, any number of them.
    prefix: &'static [char],
    /// At least and at most so many numbers; those that are left out are zero.
    numbers: (usize, usize),
    /// Labels may follow only where so many numbers are written.
    labels_after: usize,
    /// Numbers may have zeros in front, and then are the same numbers.
    zeros_in_front: bool,
    /// Labels that are numbers may.
    zeros_in_labels: bool,
    /// The hyphen before labels may be left out.
    no_hyphen: bool,
    /// The largest label that is a number; those above are words.
    largest: Option<&'static str>,
    /// Labels in capitals are the same.
    any_case: bool,
    /// Build metadata is compared too, and more than none.
    build_counts: bool,
    /// White space around is no part of it.
    trimmed: bool,
}

/// As it is written.
pub(crate) const STRICT: Dialect = Dialect {
    prefix: &[],
    numbers: (3, 3),
    labels_after: 3,
    zeros_in_front: false,
    zeros_in_labels: false,
    no_hyphen: false,
    largest: None,
    any_case: false,
    build_counts: false,
    trimmed: false,
};

/// Source: node-semver, README, "Versions" and `loose`.
pub(crate) const NPM: Dialect = Dialect {
    prefix: &['v', '=', ' '],
    zeros_in_front: true,
    zeros_in_labels: true,
    no_hyphen: true,
    trimmed: true,
    ..STRICT
};

/// Source: Go, `golang.org/x/mod/semver`.
pub(crate) const GO: Dialect = Dialect { prefix: &['v'], numbers: (1, 3), ..STRICT };

/// Source: Dart, `pub_semver`, `Version.parse` and `compareTo`; its integers have 64 bits.
pub(crate) const PUB: Dialect = Dialect {
    zeros_in_front: true,
    zeros_in_labels: true,
    largest: Some("9223372036854775807"),
    build_counts: true,
    ..STRICT
};

/// Source: `NuGet`, "Package versioning"; `NuGetVersion`, whose integers have 32 bits.
pub(crate) const NUGET: Dialect = Dialect {
    numbers: (1, 4),
    labels_after: 1,
    zeros_in_front: true,
    largest: Some("2147483647"),
    any_case: true,
    trimmed: true,
    ..STRICT
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    numbers: [Digits; 4],
    labels: Option<Vec<Label>>,
    build: Vec<Label>,
}

/// Numbers come before words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Label {
    Number(Digits),
    Word(Box<str>),
}

pub(crate) fn read(dialect: &Dialect, text: &str) -> Result<Key, &'static str> {
    let mut cursor = Cursor(if dialect.trimmed { text.trim() } else { text });
    // Go has one `v`, and node-semver any number of any of its three.
    let many = dialect.no_hyphen;
    while cursor.eat_any(dialect.prefix) && many {}
    let (least, most) = dialect.numbers;
    let (mut numbers, mut count) = (<[Digits; 4]>::default(), 0);
    for number in numbers.iter_mut().take(most) {
        if count > 0 && !cursor.eat(".") {
            break;
        }
        let digits = cursor.digits();
        if digits.is_empty() {
            return Err("a number is missing");
        }
        if !dialect.zeros_in_front && has_zero_in_front(digits) {
            return Err("a number has zeros in front");
        }
        *number = Digits::of(digits);
        count += 1;
    }
    if count < least {
        return Err("it has too few numbers");
    }
    let (before, build) = match cursor.0.split_once('+') {
        Some((before, build)) => (before, Some(build)),
        None => (cursor.0, None),
    };
    let labels = match before.strip_prefix('-') {
        // Of a hyphen with nothing that could be a label behind it node-semver makes a label.
        Some(labels) if !dialect.no_hyphen || !labels.is_empty() => Some(labels),
        _ if before.is_empty() => None,
        _ if dialect.no_hyphen && !before.starts_with('.') => Some(before),
        _ => return Err("something else follows the numbers"),
    };
    if (labels.is_some() || build.is_some()) && count < dialect.labels_after {
        return Err("labels follow too few numbers");
    }
    // Metadata that does not count is read by the rules of Semantic Versioning, and dropped.
    let of_build = if dialect.build_counts { dialect } else { &Dialect { zeros_in_labels: true, ..STRICT } };
    let build = build.map(|build| read_labels(of_build, build)).transpose()?.unwrap_or_default();
    Ok(Key {
        numbers,
        labels: labels.map(|labels| read_labels(dialect, labels)).transpose()?,
        build: if dialect.build_counts { build } else { Vec::new() },
    })
}

fn read_labels(dialect: &Dialect, text: &str) -> Result<Vec<Label>, &'static str> {
    let one = |label: &str| {
        if label.is_empty() {
            return Err("a label is empty");
        }
        if !label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return Err("a label has other characters than letters, digits and hyphens");
        }
        if !is_number(label) {
            if dialect.largest.is_some() && is_odd_integer(label, dialect.build_counts) {
                return Err("a label is an integer with a sign or in hexadecimal");
            }
            let word = if dialect.any_case { label.to_ascii_lowercase() } else { label.to_owned() };
            return Ok(Label::Word(word.into()));
        }
        if !dialect.zeros_in_labels && has_zero_in_front(label) {
            return Err("a label that is a number has zeros in front");
        }
        let digits = Digits::of(label);
        Ok(match dialect.largest {
            Some(largest) if digits > Digits::of(largest) => Label::Word(label.into()),
            _ => Label::Number(digits),
        })
    };
    text.split('.').map(one).collect()
}

fn has_zero_in_front(digits: &str) -> bool {
    digits.len() > 1 && digits.starts_with('0')
}

/// .NET reads more as an integer than digits, and Dart hexadecimal too. Nobody who writes such a label means that.
fn is_odd_integer(label: &str, hexadecimal: bool) -> bool {
    let unsigned = label.strip_prefix('-').unwrap_or(label);
    let digits = unsigned.strip_prefix("0x").or_else(|| unsigned.strip_prefix("0X")).filter(|_| hexadecimal);
    let is_hexadecimal = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    digits.is_some_and(is_hexadecimal) || (unsigned.len() < label.len() && is_number(unsigned))
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        let labels = match (&self.labels, &other.labels) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(one), Some(other)) => one.cmp(other),
        };
        self.numbers.cmp(&other.numbers).then(labels).then_with(|| self.build.cmp(&other.build))
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

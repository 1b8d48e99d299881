//! Options as a table lists them.

use super::UNKNOWN;

pub(in super::super) enum Matched {
    Alone,
    /// Its value, and how many words it takes.
    Value(String, usize),
}

/// An option as a table lists it.
pub(in super::super) fn option(listed: &[&str], word: &str, next: Option<&str>) -> Option<Matched> {
    for entry in listed {
        if let Some(name) = entry.strip_suffix("[=]") {
            if word == name {
                return Some(Matched::Alone);
            }
            if let Some(value) = word.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')) {
                return Some(Matched::Value(value.to_owned(), 1));
            }
        } else if let Some(name) = entry.strip_suffix('=') {
            if word == name {
                return next.map(|value| Matched::Value(value.to_owned(), 2));
            }
            let rest = word.strip_prefix(name);
            if let Some(value) = rest.and_then(|rest| rest.strip_prefix('=')) {
                return Some(Matched::Value(value.to_owned(), 1));
            }
            // `-j4`
            if let Some(value) = rest.filter(|rest| name.len() == 2 && !name.starts_with("--") && !rest.is_empty()) {
                return Some(Matched::Value(value.to_owned(), 1));
            }
        } else if word == *entry {
            return Some(Matched::Alone);
        } else if let Some((name, expected)) = entry.split_once('=')
            && word == name
            && next == Some(expected)
        {
            return Some(Matched::Value(expected.to_owned(), 2));
        }
    }
    // `-av` is `-a -v`.
    let letters = word
        .strip_prefix('-')
        .filter(|letters| letters.len() > 1 && letters.chars().all(|c| c.is_ascii_alphabetic()))?;
    letters.chars().all(|letter| listed.contains(&format!("-{letter}").as_str())).then_some(Matched::Alone)
}

/// Is the word one of the list; `name=value` also in two words, `+` any value but nought?
pub(in super::super) fn fits_one(list: &[&str], word: &str, next: Option<&str>) -> bool {
    list.iter().any(|one| match one.split_once('=') {
        None => *one == word,
        Some((name, expected)) => {
            let value =
                if word == name { next } else { word.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')) };
            value.is_some_and(|value| match expected {
                "+" => !matches!(value, "0" | "" | "false" | "none") && value != UNKNOWN,
                expected => value == expected,
            })
        }
    })
}

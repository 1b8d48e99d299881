//! Python's versions.
//!
//! Source: PEP 440, now "Version specifiers" of the Python packaging guide, with its appendix B.

use crate::{
    cursor::Cursor,
    digits::{Digits, is_number, without_tail},
};

/// The fields in the order in which they are compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    epoch: Digits,
    /// Without zeros at the end.
    release: Vec<Digits>,
    stage: Stage,
    /// None is less than any.
    post: Option<Digits>,
    dev: Dev,
    local: Vec<Local>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    /// A development release of the final one, before all of its other stages.
    Dev,
    Alpha(Digits),
    Beta(Digits),
    Candidate(Digits),
    Final,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Dev {
    Number(Digits),
    Not,
}

/// Words come before numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Local {
    Word(Box<str>),
    Number(Digits),
}

const SEPARATORS: &[char] = &['-', '_', '.'];

pub(crate) fn read(text: &str) -> Result<Key, &'static str> {
    let text = text.trim().to_ascii_lowercase();
    let mut cursor = Cursor(&text);
    cursor.eat("v");
    let mut first = cursor.digits();
    if first.is_empty() {
        return Err("it does not begin with a number");
    }
    let mut epoch = Digits::default();
    if cursor.eat("!") {
        epoch = Digits::of(first);
        first = cursor.digits();
        if first.is_empty() {
            return Err("no number follows the epoch");
        }
    }
    let mut release = vec![Digits::of(first)];
    while let Some(digits) = cursor.try_to(|cursor| {
        let dot = cursor.eat(".");
        Some(cursor.digits()).filter(|digits| dot && !digits.is_empty())
    }) {
        release.push(Digits::of(digits));
    }
    let stage = labelled(&mut cursor, &["alpha", "a", "beta", "b", "preview", "pre", "c", "rc"]);
    let post = cursor
        .try_to(|cursor| {
            let hyphen = cursor.eat("-");
            Some(cursor.digits()).filter(|digits| hyphen && !digits.is_empty()).map(Digits::of)
        })
        .or_else(|| labelled(&mut cursor, &["post", "rev", "r"]).map(|(_, number)| number));
    let dev = labelled(&mut cursor, &["dev"]).map(|(_, number)| number);
    let local = if cursor.eat("+") { read_local(std::mem::take(&mut cursor.0))? } else { Vec::new() };
    if !cursor.is_at_end() {
        return Err("it is not of the form of PEP 440");
    }
    let stage = match stage {
        Some((word, number)) if word.starts_with('a') => Stage::Alpha(number),
        Some((word, number)) if word.starts_with('b') => Stage::Beta(number),
        Some((_, number)) => Stage::Candidate(number),
        None if post.is_none() && dev.is_some() => Stage::Dev,
        None => Stage::Final,
    };
    let release = without_tail(release, Digits::is_zero);
    Ok(Key { epoch, release, stage, post, dev: dev.map_or(Dev::Not, Dev::Number), local })
}

/// A word with or without a separator in front, and a number behind it, which is zero where it is left out.
fn labelled<'w>(cursor: &mut Cursor<'_>, words: &[&'w str]) -> Option<(&'w str, Digits)> {
    cursor.try_to(|cursor| {
        cursor.eat_any(SEPARATORS);
        let word = cursor.word(words)?;
        cursor.eat_any(SEPARATORS);
        Some((word, Digits::of(cursor.digits())))
    })
}

fn read_local(text: &str) -> Result<Vec<Local>, &'static str> {
    let one = |part: &str| match part {
        _ if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            Err("its local part is not of the form of PEP 440")
        }
        _ if is_number(part) => Ok(Local::Number(Digits::of(part))),
        _ => Ok(Local::Word(part.into())),
    };
    text.split(SEPARATORS).map(one).collect()
}

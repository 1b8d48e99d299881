//! The versions of RPM packages: `epoch:version-release`.
//!
//! Source: RPM, `rpmio/rpmvercmp.c` and `lib/rpmver.c`.

use crate::{cursor::Cursor, digits::Digits};

/// The fields in the order in which they are compared. Without a release a version is below every one that has one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    epoch: Digits,
    version: Vec<Segment>,
    release: Option<Vec<Segment>>,
}

/// In their order; a list is closed by [`Segment::End`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    Tilde,
    End,
    Caret,
    Word(Box<str>),
    Number(Digits),
}

pub(crate) fn read(text: &str) -> Key {
    let mut cursor = Cursor(text);
    let epoch = cursor.try_to(|cursor| {
        let digits = cursor.digits();
        cursor.eat(":").then(|| Digits::of(digits))
    });
    let (version, release) = match cursor.0.rsplit_once('-') {
        Some((version, release)) => (version, Some(segments(release))),
        None => (cursor.0, None),
    };
    Key { epoch: epoch.unwrap_or_default(), version: segments(version), release }
}

fn segments(text: &str) -> Vec<Segment> {
    let mut cursor = Cursor(text);
    let mut segments = Vec::new();
    while !cursor.is_at_end() {
        // Whatever separates says nothing by itself.
        cursor.run(|character| !character.is_ascii_alphanumeric() && !matches!(character, '~' | '^'));
        if cursor.eat("~") {
            segments.push(Segment::Tilde);
        } else if cursor.eat("^") {
            segments.push(Segment::Caret);
        } else {
            let digits = cursor.digits();
            if !digits.is_empty() {
                segments.push(Segment::Number(Digits::of(digits)));
                continue;
            }
            let word = cursor.run(|character| character.is_ascii_alphabetic());
            if !word.is_empty() {
                segments.push(Segment::Word(word.into()));
            }
        }
    }
    segments.push(Segment::End);
    segments
}

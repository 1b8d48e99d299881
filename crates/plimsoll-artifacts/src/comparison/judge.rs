//! One file of a package against the files of the tree that it may be.

use crate::PackagedFile;

use super::{
    source::SourceError,
    tree::{Found, SourceFiles},
    types::FileClass,
};

/// What was found of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Judged {
    pub(super) class: FileClass,
    /// The path of the tree that it was compared with, in plain spelling.
    pub(super) source: Option<String>,
    pub(super) reason: Option<String>,
}

impl Judged {
    pub(super) fn new(class: FileClass, reason: impl Into<String>) -> Self {
        Self { class, source: None, reason: Some(reason.into()) }
    }

    pub(super) fn generated(reason: impl Into<String>) -> Self {
        Self::new(FileClass::Generated, reason)
    }

    pub(super) fn differs(reason: impl Into<String>) -> Self {
        Self::new(FileClass::Differs, reason)
    }

    pub(super) fn unknown(reason: impl Into<String>) -> Self {
        Self::new(FileClass::Unknown, reason)
    }

    pub(super) fn from(mut self, source: impl Into<String>) -> Self {
        self.source = Some(source.into());
        self
    }
}

/// Compares a file with the first of `candidates` that is in the tree.
pub(super) fn against(tree: SourceFiles<'_>, file: &PackagedFile<'_>, candidates: &[String]) -> Judged {
    for candidate in candidates {
        match tree.find(candidate) {
            Found::Nothing => {}
            Found::Closed(reason) => return Judged::unknown(reason).from(candidate),
            Found::File(found) => {
                // One that differs in the ends of lines alone has at most twice the length.
                let limit = (file.bytes.len() as u64).saturating_mul(2).saturating_add(1024);
                let judged = match tree.tree.read(&found, limit) {
                    Ok(bytes) => class_of(file.bytes, &bytes),
                    Err(SourceError::TooLarge(_)) => Judged::differs("the tree's is more than twice as long"),
                    Err(SourceError::Unreadable(reason)) => Judged::unknown(reason),
                };
                return judged.from(candidate);
            }
        }
    }
    Judged { class: FileClass::OnlyInPackage, source: None, reason: None }
}

fn class_of(packed: &[u8], source: &[u8]) -> Judged {
    if packed == source {
        return Judged { class: FileClass::Same, source: None, reason: None };
    }
    if lines(packed).eq(lines(source)) {
        return Judged::new(FileClass::LineEndings, "only the ends of lines differ");
    }
    if source.starts_with(b"version https://git-lfs.github.com/spec/") {
        return Judged::unknown("the tree has a pointer of Git LFS in its place, and not the file");
    }
    Judged::differs(first_difference(packed, source))
}

/// The bytes with every CRLF as LF.
fn lines(bytes: &[u8]) -> impl Iterator<Item = u8> {
    let mut bytes = bytes.iter().copied().peekable();
    std::iter::from_fn(move || {
        let byte = bytes.next()?;
        Some(if byte == b'\r' && bytes.peek() == Some(&b'\n') { bytes.next()? } else { byte })
    })
}

fn first_difference(packed: &[u8], source: &[u8]) -> String {
    let same = packed.iter().zip(source).take_while(|(one, other)| one == other).count();
    let line = packed.iter().take(same).filter(|byte| **byte == b'\n').count() + 1;
    format!("{} bytes, the tree's has {}; they differ from line {line} on", packed.len(), source.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_lines_are_told_apart_from_content() {
        for (packed, source, class) in [
            (&b"a\nb\n"[..], &b"a\nb\n"[..], FileClass::Same),
            (b"a\r\nb\r\n", b"a\nb\n", FileClass::LineEndings),
            (b"a\nb\r\n", b"a\r\nb\n", FileClass::LineEndings),
            (b"a\rb\n", b"a\nb\n", FileClass::Differs),
            (b"a\r", b"a", FileClass::Differs),
            (b"a\r\r\n", b"a\n", FileClass::Differs),
            (b"a\n", b"a", FileClass::Differs),
            (b"", b"a", FileClass::Differs),
            (b"\xff\r\n", b"\xff\n", FileClass::LineEndings),
        ] {
            assert_eq!(class_of(packed, source).class, class, "{packed:?}");
        }
        let judged = class_of(b"a\nb\nc", b"a\nb\nd");
        assert_eq!(judged.reason.unwrap(), "5 bytes, the tree's has 5; they differ from line 3 on");
    }
}

//! What a kind is: a fixed part, what may come before it, and a check.

use super::{formats::Span, letters::Letters};

/// One kind.
pub(super) struct Rule {
    pub(super) kind: &'static str,
    /// What is in each of them, at the beginning unless the check is [`Check::Around`].
    pub(super) marker: &'static str,
    /// What may stand before it.
    pub(super) before: Before,
    /// A key in a file of its own, which carries words of its author: these do not make it an example.
    pub(super) block: bool,
    /// The check itself leaves out what reads as an example.
    pub(super) judges: bool,
    pub(super) proof: &'static str,
    pub(super) check: Check,
}

/// What may stand right before a secret.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    /// Anything: what comes after proves it.
    Anything,
    /// No letter of a word: in the middle of a longer one it is a part of something else.
    NoWord,
    /// Neither that nor a sign of base64: the form is found in long values by chance.
    NoValue,
}

pub(super) enum Check {
    /// Gives the length of a secret that begins with the first byte.
    From(fn(&[u8]) -> Option<usize>),
    /// Gives where the secret is that has the marker at a place of the text.
    Around(fn(&[u8], usize) -> Option<Span>),
    /// So many of these letters come behind the marker, and no more.
    Rest(Letters, usize, usize),
    /// So many of these letters are before the marker and so many behind it, and no more on either side.
    Within(Letters, usize, usize),
}

//! Numbers of any length.

use std::cmp::Ordering;

/// A number as its digits, without zeros in front: none is too large.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct Digits(Box<str>);

impl Digits {
    /// Takes the digits of `text`, which has nothing else. No digits are zero.
    pub(crate) fn of(text: &str) -> Self {
        Self(text.trim_start_matches('0').into())
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.0.is_empty()
    }
}

impl Ord for Digits {
    fn cmp(&self, other: &Self) -> Ordering {
        // Of two without zeros in front the longer one is larger.
        (self.0.len(), &self.0).cmp(&(other.0.len(), &other.0))
    }
}

impl PartialOrd for Digits {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Is it digits and nothing else?
pub(crate) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Drops what equals `null` at the end.
pub(crate) fn without_tail<T>(mut parts: Vec<T>, is_null: impl Fn(&T) -> bool) -> Vec<T> {
    while parts.last().is_some_and(&is_null) {
        parts.pop();
    }
    parts
}

/// Compares two lists, the shorter one filled up with `null`.
pub(crate) fn padded<T: Ord>(one: &[T], other: &[T], null: &T) -> Ordering {
    let longer = one.len().max(other.len());
    let pairs = (0..longer).map(|at| one.get(at).unwrap_or(null).cmp(other.get(at).unwrap_or(null)));
    pairs.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

//! Patterns of words, without regard to case.

use std::sync::LazyLock;

use regex::Regex;

pub(super) type Pattern = LazyLock<Option<Regex>>;

macro_rules! pattern {
    ($name:ident, $text:expr) => {
        static $name: $crate::collectors::policies::patterns::Pattern =
            std::sync::LazyLock::new(|| regex::Regex::new(concat!("(?i)", $text)).ok());
    };
}
pub(super) use pattern;

pub(super) fn fits(pattern: &Pattern, text: &str) -> bool {
    pattern.as_ref().is_some_and(|pattern| pattern.is_match(text))
}

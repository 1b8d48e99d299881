//! Patterns of words, without regard to case.

use std::sync::LazyLock;

use regex::Regex;

pub(super) type Pattern = LazyLock<Option<Regex>>;

macro_rules! pattern {
    ($name:ident, $text:expr) => {
        static $name: $crate::collectors::policies::patterns::Pattern =
            std::sync::LazyLock::new(|| $crate::collectors::policies::patterns::compiled($text));
    };
}
pub(super) use pattern;

/// Letters and digits, those of other scripts as everything outside of ASCII but its signs and punctuation. The exact class has
/// eight hundred ranges: where it is in a pattern a hundred times, building the pattern takes longer than all else that is read.
const WORD: &str = r"0-9A-Za-z_\u{AA}\u{B5}\u{BA}\u{C0}-\u{1FFF}\u{2070}-\u{2FFF}\u{3040}-\u{FDFF}\u{FE70}-\u{10FFFF}";

/// Builds a pattern; nothing where it is none, which a test below refuses for those of this program.
pub(super) fn compiled(text: &str) -> Option<Regex> {
    let mut built = String::from("(?i)");
    let (mut in_class, mut letters) = (false, text.chars());
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next()? {
                // The class has both cases of all letters, and looking for the other case of each takes long.
                'w' if !in_class => built.extend(["(?-i:[", WORD, "])"]),
                'W' if !in_class => built.extend(["(?-i:[^", WORD, "])"]),
                'd' if in_class => built.push_str("0-9"),
                'd' => built.push_str("[0-9]"),
                other => built.extend(['\\', other]),
            },
            other => {
                in_class = if in_class { other != ']' } else { other == '[' };
                built.push(other);
            }
        }
    }
    Regex::new(&built).ok()
}

pub(super) fn fits(pattern: &Pattern, text: &str) -> bool {
    pattern.as_ref().is_some_and(|pattern| pattern.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A pattern that is none would fit nothing, without a word.
    #[test]
    fn each_pattern_of_this_folder_is_one() {
        let mut count = 0;
        for text in [
            include_str!("asks.rs"),
            include_str!("documents.rs"),
            include_str!("doubts.rs"),
            include_str!("moments.rs"),
            include_str!("others.rs"),
            include_str!("promises.rs"),
            include_str!("security.rs"),
        ] {
            for part in text.split("\npattern!(").skip(1) {
                let part = part.get(part.find("r\"").unwrap() + 2..).unwrap();
                let pattern = part.split('"').next().unwrap();
                assert!(compiled(pattern).is_some(), "{pattern}");
                count += 1;
            }
        }
        assert!(count >= 96, "{count} patterns were found");
    }

    #[test]
    fn words_of_all_scripts_are_words() {
        let word = compiled(r"^\w+$").unwrap();
        for (text, is_word) in [
            ("report", true),
            ("Müller", true),
            ("報告", true),
            ("отчёт", true),
            ("a_1", true),
            ("", false),
            ("a-b", false),
            ("a b", false),
            ("a\u{A0}b", false),
            ("a—b", false),
            ("“a”", false),
            ("a…", false),
            ("a、b", false),
            ("a©", false),
        ] {
            assert_eq!(word.is_match(text), is_word, "{text}");
            assert_eq!(compiled(r"\W").unwrap().is_match(text), !is_word && !text.is_empty(), "{text}");
        }
        assert!(compiled("(").is_none());
    }
}

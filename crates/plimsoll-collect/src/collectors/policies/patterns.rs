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

/// Letters, digits and marks: the longer ranges of the exact class below U+10000, with what is assigned to nothing between them. No
/// sign, blank or punctuation is among them. The exact class has eight hundred ranges: where it is in a pattern a hundred times,
/// building the pattern takes longer than all else that is read.
const WORD: &str = concat!(
    r"0-9A-Za-z_\u{AA}\u{B5}\u{BA}\u{C0}-\u{D6}\u{D8}-\u{F6}\u{F8}-\u{2C1}\u{300}-\u{374}\u{388}-\u{3F5}\u{3F7}-\u{481}",
    r"\u{483}-\u{559}\u{560}-\u{588}\u{591}-\u{5BD}\u{5C7}-\u{5F2}\u{620}-\u{669}\u{66E}-\u{6D3}\u{6EA}-\u{6FC}",
    r"\u{710}-\u{7F5}\u{800}-\u{82D}\u{840}-\u{85B}\u{860}-\u{887}\u{898}-\u{8E1}\u{8E3}-\u{963}\u{971}-\u{9F1}",
    r"\u{9FE}-\u{A75}\u{A81}-\u{AEF}\u{AF9}-\u{B6F}\u{B82}-\u{BEF}\u{C00}-\u{C6F}\u{C85}-\u{D4E}\u{D5F}-\u{D6F}",
    r"\u{D7A}-\u{DF3}\u{E01}-\u{E3A}\u{E81}-\u{F00}\u{F3E}-\u{F84}\u{F86}-\u{FBC}\u{1000}-\u{1049}\u{1050}-\u{109D}",
    r"\u{10A0}-\u{10FA}\u{10FC}-\u{135F}\u{1380}-\u{138F}\u{13A0}-\u{13FD}\u{1401}-\u{166C}\u{166F}-\u{167F}",
    r"\u{1681}-\u{169A}\u{16A0}-\u{16EA}\u{16EE}-\u{1734}\u{1740}-\u{17D3}\u{180F}-\u{193B}\u{1946}-\u{19D9}",
    r"\u{1A00}-\u{1A1B}\u{1A20}-\u{1A99}\u{1AB0}-\u{1B4D}\u{1B50}-\u{1B59}\u{1B80}-\u{1BF3}\u{1C00}-\u{1C37}\u{1C40}-\u{1C7D}",
    r"\u{1C80}-\u{1CBF}\u{1CD4}-\u{1FBC}\u{20D0}-\u{20F0}\u{2160}-\u{2188}\u{2C00}-\u{2CE4}\u{2D00}-\u{2D6F}",
    r"\u{2D7F}-\u{2DFF}\u{3041}-\u{309A}\u{30A1}-\u{30FA}\u{30FC}-\u{318E}\u{31A0}-\u{31BF}\u{31F0}-\u{31FF}",
    r"\u{3400}-\u{4DBF}\u{4E00}-\u{A48C}\u{A4D0}-\u{A4FD}\u{A500}-\u{A60C}\u{A610}-\u{A672}\u{A67F}-\u{A6F1}",
    r"\u{A722}-\u{A788}\u{A78B}-\u{A827}\u{A840}-\u{A873}\u{A880}-\u{A8C5}\u{A8D0}-\u{A8F7}\u{A8FD}-\u{A92D}",
    r"\u{A930}-\u{A953}\u{A960}-\u{A9C0}\u{A9E0}-\u{AA59}\u{AA60}-\u{AA76}\u{AA7A}-\u{AADD}\u{AAE0}-\u{AAEF}",
    r"\u{AAF2}-\u{AB5A}\u{AB70}-\u{ABEA}\u{ABEC}-\u{FB28}\u{FB2A}-\u{FBB1}\u{FBD3}-\u{FD3D}\u{FD50}-\u{FDC7}",
    r"\u{FE00}-\u{FE0F}\u{FE20}-\u{FE2F}\u{FE70}-\u{FEFC}\u{FF21}-\u{FF3A}\u{FF41}-\u{FF5A}\u{FF66}-\u{FFDC}",
);

/// Builds a pattern; nothing where it is none, which a test below refuses for those of this program.
pub(super) fn compiled(text: &str) -> Option<Regex> {
    let mut built = String::from("(?i)");
    let (mut in_class, mut letters) = (false, text.chars());
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next()? {
                // The class has both cases of all letters, and looking for the other case of each takes long.
                'w' if !in_class => built.extend(["(?-i:[", WORD, "])"]),
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
            include_str!("licences/ordinary.rs"),
            include_str!("topics.rs"),
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
        assert!(count >= 110, "{count} patterns were found");
    }

    /// A sign that counted as a letter would hide what a sentence ends with; what is no word is told by the exact class.
    #[test]
    fn letters_are_words_and_signs_are_none() {
        let (word, other) = (compiled(r"^\w$").unwrap(), compiled(r"^\W$").unwrap());
        let (exact, sign) = (Regex::new(r"^\w$").unwrap(), Regex::new(r"^[\p{S}\p{P}\p{Z}--_]$").unwrap());
        let (mut letters, mut missed, mut signs) = (0, 0, Vec::new());
        for letter in '\0'..=char::MAX {
            let text = letter.to_string();
            assert_eq!(other.is_match(&text), !exact.is_match(&text), "{letter:?}");
            if word.is_match(&text) {
                // A connector as `‿` is in the exact class, too.
                if !exact.is_match(&text) && sign.is_match(&text) {
                    signs.push(letter);
                }
            }
            if exact.is_match(&text) && (letter as u32) < 0x1_0000 {
                letters += 1;
                missed += usize::from(!word.is_match(&text));
            }
        }
        assert_eq!(signs, Vec::<char>::new());
        assert!(missed * 100 < letters, "{missed} of {letters} are missing");
        for text in ["report", "Müller", "報告", "отчёт", "a_1"] {
            assert!(compiled(r"^\w+$").unwrap().is_match(text), "{text}");
        }
        assert!(compiled("(").is_none());
    }
}

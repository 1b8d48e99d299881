//! Phrases of words that are the key of a wallet: 12 to 24 words of one list, the last of which carries a checksum.
//!
//! Any text has words of the list, so a phrase is one where the words are a whole value: so many words and no more, in quotes, in a list
//! of texts or on a line of their own, not in the order of the alphabet, and with the right checksum.
//!
//! Source: BIP-39, "Generating the mnemonic" and its English word list (`data/bip39`).

use std::sync::LazyLock;

use plimsoll_model::sha256;

pub(super) const KIND: &str = "bip39-mnemonic";

/// Letters of the shortest phrase: twelve words of three letters and what is between them.
const SHORTEST: usize = 12 * 3 + 11;
/// Different words of a phrase; documentation repeats one.
const LEAST_DIFFERENT: usize = 6;
/// How phrases begin that the papers print as test vectors.
const PRINTED: &[&[u8]] = &[b"legal winner thank year", b"letter advice cage absurd"];

/// A phrase, and its words with one blank between them.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Phrase {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) value: Vec<u8>,
}

/// The words, and where those begin that have the same first two letters.
struct List {
    words: Vec<&'static [u8]>,
    starts: Vec<usize>,
}

static LIST: LazyLock<List> = LazyLock::new(|| {
    let words: Vec<&[u8]> =
        include_str!("../../../data/bip39/english.txt").lines().map(|word| word.trim_ascii().as_bytes()).collect();
    let starts =
        (0..=26 * 26).map(|pair| words.partition_point(|word| pair_of(word).is_some_and(|own| own < pair))).collect();
    List { words, starts }
});

fn pair_of(word: &[u8]) -> Option<usize> {
    let letter = |at: usize| word.get(at).filter(|byte| byte.is_ascii_lowercase()).map(|byte| usize::from(byte - b'a'));
    Some(letter(0)? * 26 + letter(1)?)
}

impl List {
    fn number(&self, word: &[u8]) -> Option<usize> {
        let pair = pair_of(word)?;
        let (from, to) = (*self.starts.get(pair)?, *self.starts.get(pair + 1)?);
        self.words.get(from..to)?.iter().position(|one| *one == word).map(|at| from + at)
    }
}

/// Letters that a phrase, or a list of its words, is made of.
const fn may_be_of_phrase(byte: u8) -> bool {
    byte.is_ascii_lowercase() || matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | b'"' | b'\'')
}

/// The phrases of a text, in their order. Most of a text is passed over in steps of the shortest phrase.
pub(super) fn find(text: &[u8]) -> Vec<Phrase> {
    let list = &*LIST;
    let mut found = Vec::new();
    // What lies from `at` to `clean` has letters of phrases alone.
    let (mut at, mut clean) = (0, 0);
    while let Some(window) = text.get(clean.max(at)..at + SHORTEST) {
        let from = clean.max(at);
        if let Some(other) = window.iter().rposition(|byte| !may_be_of_phrase(*byte)) {
            at = from + other + 1;
            clean = at;
            continue;
        }
        clean = at + SHORTEST;
        let letters = letters_at(text, at);
        let within = at.checked_sub(1).and_then(|before| text.get(before)).is_some_and(|byte| is_word(*byte));
        if letters == 0 || within {
            at += letters.max(1);
            continue;
        }
        let run = Run::at(text, at, list);
        found.extend(run.phrase(text, list));
        at = run.next.max(at + 1);
    }
    found
}

fn letters_at(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..text.len().min(at + 10)).unwrap_or_default();
    rest.iter().take_while(|byte| byte.is_ascii_lowercase()).count()
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// What is between two words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Between {
    Blank,
    Comma,
    Quotes(u8),
}

/// The longest row of words of the list that begins at a place.
struct Run {
    start: usize,
    end: usize,
    numbers: Vec<usize>,
    between: Option<Between>,
    /// Where to go on.
    next: usize,
}

impl Run {
    fn at(text: &[u8], start: usize, list: &List) -> Self {
        let mut run = Self { start, end: start, numbers: Vec::new(), between: None, next: start };
        let mut at = start;
        loop {
            let end = at + letters_at(text, at);
            run.next = end;
            let number = text.get(at..end).and_then(|word| list.number(word));
            let ends = !text.get(end).is_some_and(|byte| is_word(*byte));
            let Some(number) = number.filter(|_| ends) else { return run };
            run.numbers.push(number);
            run.end = end;
            let Some((between, length)) = between(text, end) else { return run };
            if *run.between.get_or_insert(between) != between {
                return run;
            }
            at = end + length;
        }
    }

    fn phrase(&self, text: &[u8], list: &List) -> Option<Phrase> {
        let count = self.numbers.len();
        if !matches!(count, 12 | 15 | 18 | 21 | 24) || !self.is_whole(text) || !has_checksum(&self.numbers) {
            return None;
        }
        let mut different = self.numbers.clone();
        different.sort_unstable();
        let in_order = different == self.numbers;
        different.dedup();
        let words: Vec<&[u8]> = self.numbers.iter().filter_map(|number| list.words.get(*number).copied()).collect();
        let value = words.join(&b' ');
        let is_printed = PRINTED.iter().any(|start| value.starts_with(start));
        (!in_order && different.len() >= LEAST_DIFFERENT && !is_printed).then_some(Phrase {
            start: self.start,
            end: self.end,
            value,
        })
    }

    /// Is it a whole value: do no more words come before or behind it?
    fn is_whole(&self, text: &[u8]) -> bool {
        let blank = |byte: &&u8| matches!(byte, b' ' | b'\t');
        let before = text.get(..self.start).unwrap_or_default().iter().rev().take(200).find(|byte| !blank(byte));
        let behind = text.get(self.end..).unwrap_or_default().iter().take(200).find(|byte| !blank(byte));
        let begins =
            before.is_none_or(|byte| !is_word(*byte) && !matches!(byte, b'.' | b'!' | b'?') && byte.is_ascii());
        let ends = behind.is_none_or(|byte| {
            matches!(
                byte,
                b'\n' | b'\r' | b'"' | b'\'' | b'`' | b'\\' | b']' | b')' | b'}' | b'<' | b';' | b'#' | b'&' | b'%'
            )
        });
        begins && ends
    }
}

/// What is between two words, and how long it is. Words on lines of their own are a list only where they are in quotes.
fn between(text: &[u8], at: usize) -> Option<(Between, usize)> {
    let rest = text.get(at..text.len().min(at + 80))?;
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    let blanks = |from: usize| rest.get(from..).unwrap_or_default().iter().take_while(|byte| is_blank(byte)).count();
    match rest {
        [b' ', ..] => (blanks(0) == 1).then_some((Between::Blank, 1)),
        [b',', b' ', ..] => (blanks(1) == 1).then_some((Between::Comma, 2)),
        [b',', ..] => (blanks(1) == 0).then_some((Between::Comma, 1)),
        [quote @ (b'"' | b'\''), ..] => {
            let comma = 1 + blanks(1);
            if rest.get(comma) != Some(&b',') {
                return None;
            }
            let next = comma + 1 + blanks(comma + 1);
            (rest.get(next) == Some(quote)).then_some((Between::Quotes(*quote), next + 1))
        }
        _ => None,
    }
}

/// Do the last bits say what the SHA-256 of those before them does?
fn has_checksum(numbers: &[usize]) -> bool {
    let bits: Vec<bool> =
        numbers.iter().flat_map(|number| (0..11).rev().map(move |bit| number >> bit & 1 == 1)).collect();
    let sum = numbers.len() / 3;
    let Some((entropy, own)) = bits.split_at_checked(bits.len() - sum) else { return false };
    let bytes: Vec<u8> =
        entropy.chunks(8).map(|eight| eight.iter().fold(0, |byte, bit| byte << 1 | u8::from(*bit))).collect();
    let digest = sha256(&bytes);
    own.iter().enumerate().all(|(at, bit)| digest.first().is_some_and(|first| (first >> (7 - at) & 1 == 1) == *bit))
}

/// The phrase of some entropy, 16 to 32 bytes.
#[cfg(test)]
pub(super) fn of_entropy(entropy: &[u8]) -> String {
    let sum = sha256(entropy)[0];
    let bits: Vec<u8> =
        entropy.iter().chain([&sum]).flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
    let words = bits.chunks_exact(11).take(entropy.len() * 3 / 4);
    let word = |bits: &[u8]| LIST.words[bits.iter().fold(0, |number, bit| number << 1 | usize::from(*bit))];
    words.map(|bits| String::from_utf8_lossy(word(bits)).into_owned()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{super::samples::Random, *};

    fn count(text: &str) -> usize {
        find(text.as_bytes()).len()
    }

    #[test]
    fn the_list_is_whole_and_in_order() {
        assert_eq!((LIST.words.len(), LIST.words.is_sorted()), (2048, true));
        assert!(LIST.words.iter().enumerate().all(|(number, word)| LIST.number(word) == Some(number)));
        assert!(LIST.words.iter().all(|word| (3..=8).contains(&word.len())));
        assert_eq!((LIST.number(b"the"), LIST.number(b""), LIST.number(b"Abandon")), (None, None, None));
    }

    #[test]
    fn phrases_of_every_length_are_found_in_every_writing() {
        for (seed, bytes) in [(1, 16), (2, 20), (3, 24), (4, 28), (5, 32), (6, 16), (7, 32)] {
            let phrase = of_entropy(&Random::of(seed).bytes(bytes));
            let words: Vec<&str> = phrase.split(' ').collect();
            for text in [
                phrase.clone(),
                format!("MNEMONIC=\"{phrase}\"\n"),
                format!("mnemonic: {phrase}\n"),
                format!("MNEMONIC={phrase}\nNEXT=1\n"),
                format!("x\n{phrase}\ny\n"),
                format!("\"{{\\\"seed\\\":\\\"{phrase}\\\"}}\""),
                format!("const words = [\"{}\"];", words.join("\", \"")),
                format!("const words = ['{}'];", words.join("',\n  '")),
                words.join(","),
                words.join(", "),
            ] {
                let found = find(text.as_bytes());
                assert_eq!(found.len(), 1, "{text}");
                assert_eq!(found[0].value, phrase.as_bytes());
            }
        }
    }

    #[test]
    fn another_word_another_length_and_prose_are_none() {
        let phrase = of_entropy(&Random::of(1).bytes(16));
        let words: Vec<&str> = phrase.split(' ').collect();
        // Of other last words one in sixteen is right.
        let wrong = LIST.words.iter().filter(|last| {
            let last = String::from_utf8_lossy(last);
            count(&format!("\"{} {last}\"", words[..11].join(" "))) == 1
        });
        assert_eq!(wrong.count(), 128);
        for text in [
            words[..11].join(" "),
            format!("{phrase} {}", words[0]),
            format!("and so {phrase} it goes"),
            format!("It was so. {phrase} was what they said."),
            format!("{phrase}."),
            phrase.replace(' ', "\n"),
            phrase.replace(' ', "  "),
            phrase.to_uppercase(),
            format!("x{phrase}"),
            format!("{phrase}s"),
            format!("{} about", ["abandon"; 11].join(" ")),
            format!("{} junk", ["test"; 11].join(" ")),
            "legal winner thank year wave sausage worth useful legal winner thank yellow".to_owned(),
            include_str!("../../../data/bip39/english.txt").to_owned(),
            include_str!("../../../data/bip39/english.txt").replace('\n', " "),
        ] {
            assert_eq!(count(&text), 0, "{}", text.chars().take(100).collect::<String>());
        }
        // Rows of the list in the order of the alphabet, of any length.
        let list: Vec<&str> = include_str!("../../../data/bip39/english.txt").lines().collect();
        assert!(list.windows(12).all(|row| count(&format!("\"{}\"", row.join(" "))) == 0));
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[a-z ,\"'\n]{0,300}", bytes: Vec<u8>) {
            let _ = (find(text.as_bytes()), find(&bytes));
        }
    }
}

//! Phrases of words that are the key of a wallet: 12 to 24 words of one list, the last of which carries a checksum.
//!
//! Any text has words of the list, so a phrase is one where the words are a whole value: so many words and no more, in quotes, in a list
//! of texts, numbered, or on lines of their own, not in the order of the alphabet, and with the right checksum. Upper case is read as
//! lower case.
//!
//! Source: BIP-39, "Generating the mnemonic" and its English word list (`data/bip39`).

use std::sync::LazyLock;

use plimsoll_model::sha256;

use super::blocks::OF_PHRASE as BLOCK;

pub(super) const KIND: &str = "bip39-mnemonic";

/// Letters of the longest word.
const LONGEST: usize = 8;
/// Bytes between two words.
const BETWEEN: usize = 40;
/// Words of the longest phrase: a row that goes on beyond it is none.
const MOST: usize = 24;
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

/// The words, each as a number of eight bytes, and a table that says which of these may be one.
struct List {
    words: Vec<&'static [u8]>,
    /// In their order, with the number of the word.
    packed: Vec<(u64, usize)>,
    filter: Box<[bool; 1 << FILTER]>,
}

/// Rows of the table, as a power of two.
const FILTER: u32 = 15;

static LIST: LazyLock<List> = LazyLock::new(|| {
    let words: Vec<&[u8]> =
        include_str!("../../../data/bip39/english.txt").lines().map(|word| word.trim_ascii().as_bytes()).collect();
    let mut packed: Vec<(u64, usize)> = words.iter().enumerate().map(|(at, word)| (packed(word), at)).collect();
    packed.sort_unstable();
    let mut filter = Box::new([false; 1 << FILTER]);
    for (word, _) in &packed {
        if let Some(row) = filter.get_mut(row(*word)) {
            *row = true;
        }
    }
    List { words, packed, filter }
});

/// A word of up to eight letters, in lower case, as a number.
fn packed(word: &[u8]) -> u64 {
    word.iter().rev().fold(0, |all, letter| all << 8 | u64::from(letter.to_ascii_lowercase()))
}

const fn row(word: u64) -> usize {
    (word.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - FILTER)) as usize
}

impl List {
    #[expect(clippy::indexing_slicing, reason = "a row is below the length of the filter, by its shift")]
    fn number_of_packed(&self, word: u64) -> Option<usize> {
        if !self.filter[row(word)] {
            return None;
        }
        let at = self.packed.binary_search_by_key(&word, |(word, _)| *word).ok()?;
        self.packed.get(at).map(|(_, number)| *number)
    }

    /// The number of a word in any case.
    fn number_of(&self, word: &[u8]) -> Option<usize> {
        (word.len() <= LONGEST).then(|| self.number_of_packed(packed(word)))?
    }
}

/// A block with a word that begins at its end.
const WITH_WORD: usize = BLOCK + LONGEST;

/// One for letters.
#[expect(clippy::indexing_slicing, reason = "the loop ends with the table")]
static LETTERS: [u8; 256] = {
    let mut all = [0; 256];
    let mut at = 0;
    while at < all.len() {
        all[at] = (at as u8).is_ascii_alphabetic() as u8;
        at += 1;
    }
    all
};

/// The phrases of a text, in their order. `blocks` may be parts of one: their words are looked up, and the neighbours of those that are
/// of the list.
pub(super) fn find(text: &[u8], blocks: &[usize]) -> Vec<Phrase> {
    let list = &*LIST;
    let mut found = Vec::new();
    // What lies before `done` was read.
    let mut done = 0;
    for place in blocks.iter().copied() {
        if place < done {
            continue;
        }
        let Some(start) = word_of(text, place, list) else { continue };
        let mut start = first_of_row(text, start, done, list);
        // A row may break off before the place: what is between its words changes.
        loop {
            let run = Run::at(text, start, list);
            found.extend(run.phrase(text, list));
            done = run.next.max(start + 1);
            match word_at(text, done) {
                Some((next, _)) if next < place + BLOCK => start = next,
                _ => break,
            }
        }
    }
    found
}

/// Where the first word begins of a block that may be a part of a phrase: nothing but words of the list, and what is between them.
#[expect(clippy::indexing_slicing, reason = "the table has a place for each byte")]
fn word_of(text: &[u8], place: usize, list: &List) -> Option<usize> {
    let mut whole = [0; WITH_WORD];
    match text.get(place..place + WITH_WORD).and_then(|text| text.first_chunk()) {
        Some(text) => whole = *text,
        None => whole.iter_mut().zip(text.get(place..)?).for_each(|(to, from)| *to = *from),
    }
    let letters =
        whole.iter().enumerate().fold(0, |letters, (at, byte)| letters | u64::from(LETTERS[usize::from(*byte)]) << at);
    // Where a letter comes behind what is none.
    let mut starts = letters & !(letters << 1) & ((1 << BLOCK) - 1);
    let first = if starts > 1 { starts & !1 } else { starts };
    starts &= !1;
    while starts != 0 {
        let start = starts.trailing_zeros() as usize;
        let length = (letters >> start).trailing_ones() as usize;
        // A word that the block does not end is not known.
        if start + length >= WITH_WORD {
            break;
        }
        let eight = whole.get(start..start + LONGEST).and_then(|eight| eight.first_chunk());
        let word = match eight {
            _ if length > LONGEST => return None,
            Some(eight) => (u64::from_le_bytes(*eight) | 0x2020_2020_2020_2020) & (u64::MAX >> (64 - 8 * length)),
            None => packed(whole.get(start..start + length)?),
        };
        list.number_of_packed(word)?;
        starts &= starts - 1;
    }
    (first != 0).then(|| place + first.trailing_zeros() as usize)
}

/// The word at a place, or the first behind it, as long as words of the list are; nothing where none is near.
fn word_at(text: &[u8], at: usize) -> Option<(usize, usize)> {
    let window = text.get(at..text.len().min(at + BETWEEN))?;
    let first = at + window.iter().position(u8::is_ascii_alphabetic)?;
    let before = if first == at { text.get(at.saturating_sub(LONGEST)..at)? } else { &[] };
    let start = first - before.iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let end = start + letters_at(text, start);
    (end - start <= LONGEST).then_some((start, end))
}

/// How many letters come at a place, up to one more than a word has.
fn letters_at(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..text.len().min(at + LONGEST + 1)).unwrap_or_default();
    rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count()
}

/// The word before a place with what is between, not before `floor`.
fn word_before(text: &[u8], at: usize, floor: usize) -> Option<(usize, usize)> {
    let window = text.get(floor.max(at.saturating_sub(BETWEEN))..at)?;
    let gap = window.iter().rev().position(u8::is_ascii_alphabetic)?;
    let end = at - gap;
    let window = text.get(floor.max(end.saturating_sub(LONGEST + 1))..end)?;
    let start = end - window.iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).count();
    Some((start, end))
}

/// The first of the words of the list that come one behind the other up to `start`.
fn first_of_row(text: &[u8], mut start: usize, floor: usize, list: &List) -> usize {
    while let Some((before, end)) = word_before(text, start, floor) {
        if text.get(before..end).and_then(|word| list.number_of(word)).is_none() {
            break;
        }
        start = before;
    }
    start
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// What is between two words. It is the same between all words of a phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Between {
    quote: Option<u8>,
    comma: bool,
    /// Is each on a line of its own? Those of a list with commas may be or not.
    line: bool,
    /// The sign before each on its line, or zero.
    sign: u8,
    numbered: bool,
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
        let mut case = None;
        loop {
            let end = at + letters_at(text, at);
            run.next = end;
            let word = text.get(at..end).unwrap_or_default();
            let whole = !text.get(end).is_some_and(|byte| is_word(*byte));
            let same = *case.get_or_insert(case_of(word)) == case_of(word);
            let Some(number) = list.number_of(word).filter(|_| whole && same) else { return run };
            run.numbers.push(number);
            run.end = end;
            let Some((between, count, length)) = between(text, end) else { return run };
            // Numbers count from one; the word before the first number is a title.
            let counts = count.is_none_or(|count| count == run.numbers.len() + 1);
            if !counts || *run.between.get_or_insert(between) != between {
                return run;
            }
            at = end + length;
        }
    }

    fn phrase(&self, text: &[u8], list: &List) -> Option<Phrase> {
        let count = self.numbers.len();
        if !matches!(count, 12 | 15 | 18 | 21 | MOST) || !self.is_whole(text) || !has_checksum(&self.numbers) {
            return None;
        }
        let in_order = self.numbers.is_sorted() || self.numbers.iter().rev().is_sorted();
        let mut different = self.numbers.clone();
        different.sort_unstable();
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
        let (Some(head), Some(tail)) = (text.get(..self.start), text.get(self.end..)) else { return false };
        let on_lines = self.between.is_some_and(|form| form.line && form.quote.is_none());
        let goes_on = |from: usize| between(text, from).filter(|(form, _, _)| Some(*form) == self.between);
        let next = goes_on(self.end).map(|(_, _, length)| self.end + length);
        let last = word_before(text, self.start, 0)
            .filter(|(_, end)| goes_on(*end).is_some_and(|(_, _, length)| end + length == self.start));
        // On lines a text may come before or behind, of which a line has more words than one.
        let is_behind = next.is_some_and(|next| {
            let after = text.get(next + letters_at(text, next)..).unwrap_or_default().iter();
            !on_lines || after.take(20).find(|byte| !matches!(byte, b' ' | b'\t')).is_none_or(|byte| is_end(*byte))
        });
        let is_before = last.is_some_and(|(start, _)| {
            let before = text.get(..start).unwrap_or_default().iter().rev();
            !on_lines || before.take(20).find(|byte| !matches!(byte, b' ' | b'\t')).is_none_or(|byte| !is_word(*byte))
        });
        if is_behind || is_before {
            return false;
        }
        let is_mark = |byte: &u8| matches!(byte, b'-' | b'*' | b'#' | b'.' | b')' | b':') || byte.is_ascii_digit();
        let blank = |byte: &&u8| {
            matches!(byte, b' ' | b'\t')
                || (self.between.is_some_and(|form| form.line || form.numbered) && is_mark(byte))
        };
        let before = head.iter().rev().take(200).find(|byte| !blank(byte));
        let behind = tail.iter().take(200).find(|byte| !matches!(byte, b' ' | b'\t'));
        let begins =
            before.is_none_or(|byte| !is_word(*byte) && !matches!(byte, b'.' | b'!' | b'?') && byte.is_ascii());
        let is_edge = |byte: &u8| {
            matches!(
                byte,
                b'\n' | b'\r' | b'"' | b'\'' | b'`' | b'\\' | b']' | b')' | b'}' | b'<' | b';' | b'#' | b'&' | b'%'
            )
        };
        let is_line =
            |byte: &u8| matches!(byte, b'\n' | b'\r' | b'"' | b'\'' | b'`' | b'|' | b'<' | b'>' | b'(' | b'[');
        if on_lines {
            return before.is_none_or(is_line) && behind.is_none_or(is_line);
        }
        begins && behind.is_none_or(is_edge)
    }
}

fn is_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    Lower,
    Upper,
    Title,
    Mixed,
}

fn case_of(word: &[u8]) -> Case {
    let upper = word.iter().filter(|byte| byte.is_ascii_uppercase()).count();
    match upper {
        0 => Case::Lower,
        1 if word.first().is_some_and(u8::is_ascii_uppercase) => Case::Title,
        _ if upper == word.len() => Case::Upper,
        _ => Case::Mixed,
    }
}

/// What is between two words, the number before the second, and how long it is: `" "`, `", "`, a line's end, `2. `, and quotes on both
/// sides.
fn between(text: &[u8], at: usize) -> Option<(Between, Option<usize>, usize)> {
    let rest = text.get(at..text.len().min(at + BETWEEN))?;
    let byte = |at: usize| rest.get(at).copied().unwrap_or_default();
    let mut here = 0;
    let mut form = Between { quote: None, comma: false, line: false, sign: 0, numbered: false };
    let mut lines = 0;
    let mut blanks = |here: &mut usize| {
        let from = *here;
        *here += rest.get(from..).unwrap_or_default().iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let blanks = rest.get(from..*here).unwrap_or_default();
        lines += memchr::memchr_iter(b'\n', blanks).count();
        blanks.iter().copied().any(is_end)
    };
    if matches!(byte(0), b'"' | b'\'') {
        form.quote = Some(byte(0));
        here += 1;
    }
    form.line = blanks(&mut here);
    if byte(here) == b',' {
        form.comma = true;
        here += 1;
        form.line |= blanks(&mut here);
    }
    if form.line && matches!((byte(here), byte(here + 1)), (b'-' | b'*' | b'#', b' ')) {
        form.sign = byte(here);
        here += 2;
        blanks(&mut here);
    }
    let digits = rest.get(here..)?.iter().take(3).take_while(|byte| byte.is_ascii_digit()).count();
    let mut count = None;
    if digits > 0 {
        count = std::str::from_utf8(rest.get(here..here + digits)?).ok().and_then(|digits| digits.parse().ok());
        form.numbered = true;
        here += digits;
        let sign = usize::from(matches!(byte(here), b'.' | b')' | b':'));
        here += sign;
        let from = here;
        blanks(&mut here);
        if here == from && sign == 0 {
            return None;
        }
    }
    if form.quote.is_some() {
        if form.quote != Some(byte(here)) || !(form.comma || form.line) {
            return None;
        }
        here += 1;
    }
    // An empty line ends a list.
    if lines > 1 {
        return None;
    }
    // A list with commas may be wrapped anywhere.
    form.line &= !form.comma;
    (here > 0 && byte(here).is_ascii_alphabetic()).then_some((form, count, here))
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
mod tests;

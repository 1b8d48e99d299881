//! Texts in base64 or hexadecimal digits, undone once: values of a Kubernetes `Secret`, literals of programs, members of JSON.
//!
//! Digests, pictures and names are long as well. What is text has letters of ASCII alone, which shows in the letters of base64 before
//! anything is decoded.

use super::blocks::OF_VALUE as BLOCK;

/// Letters of a text in a row that nothing but a text has, once it is decoded.
const TEXT: usize = 16;
/// Letters of one value.
const LONGEST: usize = 1024 * 1024;
/// Letters of a line at which values are wrapped.
const WRAPPED: usize = 40;

const HIGH: u8 = 1;
const HIGH_IN_SECOND: u8 = 2;
const HIGH_IN_THIRD: u8 = 4;
/// No letter of base64.
const OTHER: u8 = 8;
/// Neither a hexadecimal digit.
const NO_DIGIT: u8 = 16;
/// A digit that is not the first of two which mean a letter.
const NOT_FIRST: u8 = 32;

/// What each byte is: whether it makes a decoded byte no ASCII at each place of a group of four, and the rest.
#[expect(clippy::indexing_slicing, reason = "the loop ends with the table")]
static CLASSES: [u8; 256] = {
    let mut all = [0; 256];
    let mut at = 0;
    while at < all.len() {
        let byte = at as u8;
        let mut class = 0;
        match value(byte) {
            None => class |= OTHER,
            Some(value) => {
                class |= if value & 32 == 0 { 0 } else { HIGH };
                class |= if value & 8 == 0 { 0 } else { HIGH_IN_SECOND };
                class |= if value & 2 == 0 { 0 } else { HIGH_IN_THIRD };
            }
        }
        class |= if byte.is_ascii_hexdigit() { 0 } else { NO_DIGIT };
        class |= if matches!(byte, b'2'..=b'7') { 0 } else { NOT_FIRST };
        all[at] = class;
        at += 1;
    }
    all
};

/// What a letter of base64 means, in the form for addresses or the other.
const fn value(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    }
}

/// A text that was encoded: from where to where, and what it is.
pub(super) struct Encoded {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) text: Vec<u8>,
}

/// Reads a value of which a group or pair begins at a place, not before another place.
type Read = fn(&[u8], usize, usize) -> Encoded;

/// The encoded texts, in their order. `blocks` are made of letters of base64 alone.
#[expect(clippy::indexing_slicing, reason = "the table has a place for each byte")]
pub(super) fn texts(bytes: &[u8], blocks: &[usize]) -> Vec<Encoded> {
    let mut all: Vec<Encoded> = Vec::new();
    let mut done = 0;
    // Up to where groups that begin at such places were decoded for nothing: four ways to read letters, two to read digits.
    let mut tried = [0; 6];
    for place in blocks.iter().copied() {
        let Some(block) = bytes.get(place..).and_then(|rest| rest.first_chunk::<BLOCK>()) else { continue };
        if place < done {
            continue;
        }
        let classes = block.map(|byte| CLASSES[usize::from(byte)]);
        let together = classes.iter().fold(0, |together, class| together | class);
        let pairs = (0..2).filter(|shift| together & NO_DIGIT == 0 && may_be_digits(&classes, *shift));
        let groups = (0..4).filter(|shift| may_be_letters(&classes, *shift));
        let of_pairs = pairs.map(|shift| (place + shift, 4 + (place + shift) % 2, digits as Read));
        for (at, way, read) in of_pairs.chain(groups.map(|shift| (place + shift, (place + shift) % 4, letters as Read)))
        {
            let Some(tried) = tried.get_mut(way).filter(|tried| **tried <= place) else { continue };
            let found = read(bytes, at, done.max(*tried));
            if has_text(&found.text) {
                done = found.to;
                all.push(found);
                break;
            }
            *tried = found.to;
        }
    }
    all
}

/// Do whole groups of four that begin at `shift` decode to ASCII?
fn may_be_letters(classes: &[u8; BLOCK], shift: usize) -> bool {
    classes.get(shift..).unwrap_or_default().chunks_exact(4).all(|group| {
        matches!(group, [one, two, three, _] if one & HIGH == 0 && two & HIGH_IN_SECOND == 0 && three & HIGH_IN_THIRD == 0)
    })
}

/// Do pairs of digits that begin at `shift` mean letters?
fn may_be_digits(classes: &[u8; BLOCK], shift: usize) -> bool {
    classes.iter().skip(shift).step_by(2).all(|class| class & NOT_FIRST == 0)
}

/// The value in base64 of which a group begins at `group`, not before `floor`.
#[expect(clippy::indexing_slicing, reason = "the table has a place for each byte")]
fn letters(bytes: &[u8], group: usize, floor: usize) -> Encoded {
    let of_both = |byte: &&u8| CLASSES[usize::from(**byte)] & OTHER == 0;
    let of_plain = |byte: &u8| matches!(byte, b'+' | b'/');
    let of_addresses = |byte: &u8| matches!(byte, b'-' | b'_');
    // Paths have signs of both forms; a value has those of one.
    let behind = bytes.get(group..).unwrap_or_default().iter().take(LONGEST).take_while(of_both);
    let is_address = behind.copied().find(|byte| of_plain(byte) || of_addresses(byte)).map(|byte| of_addresses(&byte));
    let takes = |byte: &u8| {
        of_both(&byte)
            && match is_address {
                Some(true) => !of_plain(byte),
                Some(false) => !of_addresses(byte),
                None => true,
            }
    };
    let before = bytes.get(floor.min(group)..group).unwrap_or_default();
    let before = before.iter().rev().take(LONGEST).take_while(|byte| takes(byte)).count();
    let from = group - before / 4 * 4;
    let (letters, to) = letters_from(bytes, from, takes);
    Encoded { from, to, text: decoded(&letters) }
}

/// The letters of a value that begins at `from`, and where it ends: it may be wrapped, in quotes or not, at lines that are long enough.
fn letters_from(bytes: &[u8], from: usize, takes: impl Fn(&u8) -> bool) -> (Vec<u8>, usize) {
    let (mut at, mut end) = (from, from);
    let mut letters = Vec::new();
    while letters.len() < LONGEST {
        let rest = bytes.get(at..).unwrap_or_default();
        let line = rest.iter().take(LONGEST).take_while(|byte| takes(byte)).count();
        if line == 0 {
            break;
        }
        letters.extend(rest.get(..line).unwrap_or_default());
        let signs = rest.iter().skip(line).take(2).take_while(|byte| **byte == b'=').count();
        end = at + line + signs;
        if line < WRAPPED || signs > 0 {
            break;
        }
        // `\n` and quotes, with what joins two literals.
        let gap = bytes.get(end..bytes.len().min(end + 40)).unwrap_or_default();
        let (skipped, is_end) = match gap {
            [b'\\', b'n', ..] => (2, true),
            [b'\\', b'r', b'\\', b'n', ..] => (4, true),
            _ => {
                let between = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'\\' | b',');
                let length = gap.iter().take_while(|byte| between(byte)).count();
                let ends = gap.get(..length).is_some_and(|gap| gap.iter().any(|byte| matches!(byte, b'\n' | b'\r')));
                (length, ends)
            }
        };
        if !is_end {
            break;
        }
        at = end + skipped;
    }
    (letters, end)
}

/// The bytes that letters of base64 mean. Zeros of UTF-16 are left out.
fn decoded(letters: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(letters.len() / 4 * 3);
    let (mut held, mut bits) = (0_u32, 0_u32);
    for value in letters.iter().filter_map(|byte| value(*byte)) {
        held = (held << 6) | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    let zeros = memchr::memchr_iter(0, &out).count();
    if zeros * 5 > out.len() * 2 {
        out.retain(|byte| *byte != 0);
    }
    out
}

/// The value in digits of which a pair begins at `pair`, not before `floor`.
fn digits(bytes: &[u8], pair: usize, floor: usize) -> Encoded {
    let before = bytes.get(floor.min(pair)..pair).unwrap_or_default();
    let before = before.iter().rev().take(LONGEST).take_while(|byte| byte.is_ascii_hexdigit()).count();
    let from = pair - before / 2 * 2;
    let rest = bytes.get(from..).unwrap_or_default();
    let length = rest.iter().take(LONGEST).take_while(|byte| byte.is_ascii_hexdigit()).count();
    let digit = |byte: &u8| char::from(*byte).to_digit(16).unwrap_or_default() as u8;
    let pairs = rest.get(..length).unwrap_or_default().chunks_exact(2);
    let text: Vec<u8> = pairs.filter_map(|pair| Some(digit(pair.first()?) << 4 | digit(pair.get(1)?))).collect();
    Encoded { from, to: from + length / 2 * 2, text }
}

/// Are there so many letters in a row that this is a text?
fn has_text(decoded: &[u8]) -> bool {
    let mut row = 0;
    decoded.iter().any(|byte| {
        row = if byte.is_ascii_graphic() || byte.is_ascii_whitespace() { row + 1 } else { 0 };
        row >= TEXT
    })
}

#[cfg(test)]
mod tests {
    use base64::{
        Engine as _,
        engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE},
    };

    use super::{
        super::{blocks::Blocks, samples::Random},
        *,
    };

    fn texts(bytes: &[u8]) -> Vec<Encoded> {
        super::texts(bytes, &Blocks::of(bytes).values)
    }

    fn found(text: &str) -> Vec<(usize, String)> {
        texts(text.as_bytes()).iter().map(|one| (one.from, String::from_utf8_lossy(&one.text).into_owned())).collect()
    }

    #[test]
    fn a_text_is_found_at_every_place_and_length() {
        let letters = "The quick brown fox?>~ jumps over the lazy dog, and more.";
        for length in 18..letters.len() {
            for before in 0..30 {
                let text = &letters[..length];
                for encoded in [STANDARD.encode(text), STANDARD_NO_PAD.encode(text), URL_SAFE.encode(text)] {
                    let place = format!("{}\"", " ".repeat(before));
                    assert_eq!(found(&format!("{place}{encoded}\";")), [(before + 1, text.to_owned())], "{encoded}");
                }
                let digits: String = text.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
                for digits in [digits.to_uppercase(), digits] {
                    let place = format!("{}=", " ".repeat(before));
                    assert_eq!(found(&format!("{place}{digits} ")), [(before + 1, text.to_owned())]);
                }
            }
        }
    }

    #[test]
    fn values_are_wrapped_and_have_neighbours() {
        let text = "one line of many, one line of many. ".repeat(9);
        let encoded = STANDARD.encode(&text);
        for (width, between) in [(76, "\n"), (64, "\r\n  "), (60, "\\n"), (60, "\"\n    \""), (76, "',\n '")] {
            let lines: Vec<_> =
                encoded.as_bytes().chunks(width).map(|line| String::from_utf8_lossy(line).into_owned()).collect();
            let found = found(&format!("\"{}\"", lines.join(between)));
            assert_eq!(found, [(1, text.clone())], "{width} {between:?}");
        }
        let two = format!("{}:{}", STANDARD.encode("the first of the two"), STANDARD.encode("and the other of them"));
        assert_eq!(found(&two), [(0, "the first of the two".to_owned()), (29, "and the other of them".to_owned())]);
        let wide: Vec<u8> = "a text of wide letters".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(found(&STANDARD.encode(wide)), [(0, "a text of wide letters".to_owned())]);
    }

    #[test]
    fn names_digests_pictures_and_short_values_are_none() {
        let mut random = Random::of(5);
        let digest: String = random.bytes(32).iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
        for text in [
            String::new(),
            STANDARD.encode("too short a one"),
            "src/collectors/secrets/encoded.rs/and/more/of/it".to_owned(),
            "A_CONSTANT_WITH_A_VERY_LONG_NAME_THAT_IS_NO_VALUE".to_owned(),
            "anIdentifierOfManyWordsAsTheyAreInSomeLanguages".to_owned(),
            "a-name-in-kebab-case-of-many-words-as-styles-have-it".to_owned(),
            digest.to_uppercase(),
            digest,
            format!("sha512-{}", STANDARD.encode(random.bytes(64))),
            format!("data:image/png;base64,{}", STANDARD.encode(random.bytes(3000))),
            "0123456789abcdef".repeat(8),
            "=".repeat(99),
            "A".repeat(99),
        ] {
            assert_eq!(found(&text), [], "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[A-Za-z0-9+/=_\n\"' -]{0,200}", bytes: Vec<u8>) {
            let _ = (texts(text.as_bytes()), texts(&bytes));
        }

        #[test]
        fn what_was_encoded_is_found(before in "[ -~]{0,40}", text in "[ -~]{18,90}") {
            let encoded = STANDARD.encode(&text);
            let all = found(&format!("{before} = '{encoded}';"));
            proptest::prop_assert!(all.iter().any(|(_, one)| *one == text), "{:?}", all);
        }
    }
}

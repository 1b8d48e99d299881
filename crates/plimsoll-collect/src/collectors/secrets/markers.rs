//! Where the fixed parts of all kinds are in a text. A table has for every two bytes whether they are the first or the last two of three
//! bytes that some part has; the whole part is compared only where both are.
//!
//! An automaton over all parts takes five times as long: its states are megabytes, and ordinary text has the beginning of some part at
//! almost every byte.

/// Bytes of a window.
const WINDOW: usize = 3;
/// Parts are dealt into so many groups: both pairs of a window have to be of the same one.
const GROUPS: u32 = 4;
/// Rows of the index, as a power of two.
const ROWS: u32 = 14;
/// Places that are asked for at once.
const AT_ONCE: usize = 16;
/// Bytes of the text that they take.
const BLOCK: usize = AT_ONCE + WINDOW - 1;

/// A window of a part: its bytes, the number of the part, and how far behind the beginning of the part it is.
#[derive(Clone, Copy)]
struct Entry {
    key: u32,
    number: u16,
    offset: u16,
}

/// The parts, and how they are found.
pub(super) struct Markers {
    parts: Vec<&'static [u8]>,
    /// For each pair, the groups that have it first (lower half) and last (upper half).
    pairs: Box<[u8; 1 << 16]>,
    /// Where in `entries` a row begins.
    starts: Vec<u16>,
    entries: Vec<Entry>,
}

const fn row(key: u32) -> usize {
    (key.wrapping_mul(0x9E37_79B1) >> (32 - ROWS)) as usize
}

/// How rare a byte is in source: a rough guess, which costs time alone where it is wrong.
fn rarity(byte: u8) -> u32 {
    match byte {
        b'e' | b't' | b'a' | b'o' | b'i' | b'n' | b's' | b'r' | b'l' | b'c' | b' ' | b'\n' => 0,
        b'a'..=b'z' | b'0' | b'1' | b'/' | b'"' | b'\'' | b'=' | b'(' | b'-' | b'_' | b'.' | b',' => 2,
        b'A' | b'C' | b'E' | b'I' | b'N' | b'O' | b'R' | b'S' | b'T' | b':' | b'2'..=b'9' => 3,
        _ => 5,
    }
}

impl Markers {
    /// The parts in the order of their numbers. One of fewer bytes than two is never found.
    pub(super) fn new(parts: impl Iterator<Item = &'static str>) -> Self {
        let parts: Vec<&'static [u8]> = parts.map(str::as_bytes).collect();
        let mut entries: Vec<Entry> = Vec::new();
        for (number, part) in (0_u16..).zip(&parts) {
            let windows = (0_u16..).zip(part.windows(WINDOW));
            let best = windows.max_by_key(|(offset, window)| {
                (window.iter().map(|byte| rarity(*byte)).sum::<u32>(), u16::MAX - offset)
            });
            match (best, part) {
                (Some((offset, [one, two, three])), _) => {
                    entries.push(Entry { key: key(*one, *two, *three), number, offset });
                }
                // What follows is a letter or a sign.
                (None, [one, two]) => {
                    entries.extend((b'!'..=b'~').map(|three| Entry { key: key(*one, *two, three), number, offset: 0 }));
                }
                _ => {}
            }
        }
        entries.sort_by_key(|entry| (row(entry.key), entry.number));
        let starts = (0..=1 << ROWS)
            .map(|number| u16::try_from(entries.partition_point(|entry| row(entry.key) < number)).unwrap_or(u16::MAX))
            .collect();
        #[expect(clippy::large_stack_arrays, reason = "it is made once, and then on the heap")]
        let mut pairs = Box::new([0; 1 << 16]);
        for entry in &entries {
            let [_, one, two, three] = entry.key.to_le_bytes();
            // Short parts keep to themselves: what may come behind them is much.
            let is_short = parts.get(usize::from(entry.number)).is_some_and(|part| part.len() < WINDOW);
            let group = if is_short { 0 } else { 1 + u32::from(two) % (GROUPS - 1) };
            for (pair, bit) in [([one, two], group), ([two, three], group + GROUPS)] {
                if let Some(groups) = pairs.get_mut(usize::from(u16::from_le_bytes(pair))) {
                    *groups |= 1 << bit;
                }
            }
        }
        Self { parts, pairs, starts, entries }
    }

    /// Calls `found` with the place and the number of every part in the text, in no order. Behind one of two bytes a letter or a sign comes.
    #[expect(
        clippy::indexing_slicing,
        reason = "a block has a byte more than places, the table a row for every two bytes"
    )]
    pub(super) fn each(&self, text: &[u8], mut found: impl FnMut(usize, usize)) {
        let mut at = 0;
        while let Some(block) = text.get(at..).and_then(|rest| rest.first_chunk::<BLOCK>()) {
            let mut groups = [0_u8; AT_ONCE + 1];
            for (place, groups) in groups.iter_mut().enumerate() {
                // The block has two bytes for each of them, the table a row for every two bytes.
                *groups = self.pairs[usize::from(u16::from_le_bytes([block[place], block[place + 1]]))];
            }
            let mut both = [0_u8; AT_ONCE];
            for (place, both) in both.iter_mut().enumerate() {
                *both = groups[place] & (groups[place + 1] >> GROUPS);
            }
            let mut hits = u128::from_le_bytes(both);
            while hits != 0 {
                let place = hits.trailing_zeros() as usize / 8;
                hits &= !(0xff << (place * 8));
                self.at(text, at + place, &mut found);
            }
            at += AT_ONCE;
        }
        for place in at..text.len().saturating_sub(1) {
            self.at(text, place, &mut found);
        }
    }

    /// The parts of which a window is at a place.
    #[inline(never)]
    fn at(&self, text: &[u8], place: usize, found: &mut impl FnMut(usize, usize)) {
        let key = match text.get(place..) {
            Some([one, two, three, ..]) => key(*one, *two, *three),
            _ => return,
        };
        let row = row(key);
        let (Some(from), Some(to)) = (self.starts.get(row), self.starts.get(row + 1)) else { return };
        for entry in self.entries.get(usize::from(*from)..usize::from(*to)).unwrap_or_default() {
            if entry.key != key {
                continue;
            }
            let (Some(start), number) = (place.checked_sub(usize::from(entry.offset)), usize::from(entry.number))
            else {
                continue;
            };
            let part = self.parts.get(number).copied().unwrap_or_default();
            if text.get(start..).is_some_and(|rest| rest.starts_with(part)) {
                found(start, number);
            }
        }
    }
}

/// Three bytes, in the upper part of a word: the lowest byte is empty.
const fn key(one: u8, two: u8, three: u8) -> u32 {
    u32::from_le_bytes([0, one, two, three])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(parts: &[&'static str], text: &[u8]) -> Vec<(usize, usize)> {
        let mut all = Vec::new();
        Markers::new(parts.iter().copied()).each(text, |place, number| all.push((place, number)));
        all.sort_unstable();
        all
    }

    fn slowly(parts: &[&'static str], text: &[u8]) -> Vec<(usize, usize)> {
        (0..text.len())
            .flat_map(|at| {
                let here = parts.iter().enumerate().filter(move |(_, part)| text[at..].starts_with(part.as_bytes()));
                here.map(move |(number, _)| (at, number))
            })
            .collect()
    }

    #[test]
    fn parts_are_found_wherever_they_are_and_nothing_else_is() {
        let parts = ["ghp_", "ghp", "MT", "a very long part with words", "://", "p_"];
        for before in 0..40 {
            for part in parts {
                let text = format!("{}{part}x{}", "-".repeat(before), "=".repeat(before % 7));
                assert_eq!(found(&parts, text.as_bytes()), slowly(&parts, text.as_bytes()), "{text}");
                assert_eq!(found(&parts, &text.as_bytes()[..=before]), []);
            }
        }
        for text in ["", "g", "gh", "ghq_", "GHP_", "M T", "a very long part with word", ":/ /"] {
            assert_eq!(found(&parts, text.as_bytes()), [], "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn it_finds_what_a_plain_search_does(text in "[MT:/abc_]{0,90}", tail: Vec<u8>) {
            let parts = ["MTa", ":/a", "abc", "cab_", "aaa", "MT:/abc", "_a_"];
            let text = [text.as_bytes(), b"!", &tail, b"!!"].concat();
            proptest::prop_assert_eq!(found(&parts, &text), slowly(&parts, &text));
        }
    }
}

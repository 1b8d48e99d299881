//! How much room text takes, and how it is made to fit: smaller, on two lines, or cut.

mod widths;

use unicode_width::UnicodeWidthChar;

use crate::words;

/// Weight of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    Bold,
}

/// One line of text that fits.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    pub(crate) text: String,
    pub(crate) size: f64,
    /// Width in the units of `size`; an upper bound where `exact` is false.
    pub(crate) width: f64,
    /// True when the width is known for every character.
    pub(crate) exact: bool,
}

const UNITS: f64 = 2048.0;
// Characters that a label's line could ever show; a longer text is cut before it is measured.
const LONGEST: usize = 600;

/// The advance of one character in units of 1/2048 em, and whether it is known.
///
/// A character that the table does not have is taken as one em wide, twice that where terminals give it three
/// columns or more: fonts that step in for a script are rarely wider.
fn advance(character: char, weight: Weight) -> (u32, bool) {
    let runs = match weight {
        Weight::Regular => widths::REGULAR,
        Weight::Bold => widths::BOLD,
    };
    let code = u32::from(character);
    let known = runs.iter().find_map(|(first, advances)| {
        let place = usize::try_from(code.checked_sub(*first)?).ok()?;
        advances.get(place).copied().filter(|advance| *advance > 0)
    });
    match known {
        Some(advance) => (u32::from(advance), true),
        // Spaces of typography are at most as wide as a third of an em, but for the first few.
        None if matches!(character, '\u{2004}'..='\u{200a}' | '\u{202f}' | '\u{205f}') => (683, false),
        None if character.width() == Some(0) => (0, false),
        None if character.width() > Some(2) => (4096, false),
        None => (2048, false),
    }
}

fn measure(text: &str, size: f64, weight: Weight) -> Line {
    let (mut units, mut exact) = (0_u32, true);
    for character in text.chars() {
        let (advance, known) = advance(character, weight);
        units = units.saturating_add(advance);
        exact &= known;
    }
    Line { text: text.to_owned(), size, width: f64::from(units) * size / UNITS, exact }
}

/// Gives `text` in at most `lines` lines that are at most `room` wide each.
///
/// `sizes` go from the one that is wanted to the smallest that can be read: the first at which the text fits on one
/// line wins, then the first at which it fits on all lines, and at the smallest it is cut with an ellipsis. Text is
/// made safe first; an empty one gives no line.
pub(crate) fn fit(text: &str, room: f64, sizes: &[f64], weight: Weight, lines: usize) -> Vec<Line> {
    let text = words::shorten(&words::clean(text), LONGEST);
    if text.is_empty() {
        return Vec::new();
    }
    for allowed in [1, lines] {
        for size in sizes {
            if let (wrapped, true) = wrap(&text, room, *size, weight, allowed) {
                return wrapped;
            }
        }
    }
    wrap(&text, room, sizes.last().copied().unwrap_or(10.0), weight, lines).0
}

/// Breaks `text` at spaces, slashes and hyphens, or inside a word that is longer than a line; false when it had to be cut.
fn wrap(text: &str, room: f64, size: f64, weight: Weight, lines: usize) -> (Vec<Line>, bool) {
    let mut done: Vec<Line> = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let fitting = prefix(rest, room, size, weight);
        if fitting == rest.len() {
            done.push(measure(rest, size, weight));
            return (done, true);
        }
        if done.len() + 1 == lines {
            let ellipsis = measure("…", size, weight).width;
            let cut = prefix(rest, room - ellipsis, size, weight);
            let kept = rest.get(..cut).unwrap_or_default().trim_end();
            done.push(measure(&format!("{kept}…"), size, weight));
            return (done, false);
        }
        let taken = rest.get(..fitting).unwrap_or_default();
        let follows_space = rest.get(fitting..).is_some_and(|tail| tail.starts_with(' '));
        // A word that would leave more than half of the line empty is broken instead.
        let breaks = taken.rmatch_indices([' ', '/', '-']).map(|(at, by)| if by == " " { at } else { at + 1 });
        let at_break = breaks.filter(|at| *at * 2 >= fitting).max();
        let end = if follows_space { fitting } else { at_break.unwrap_or(fitting) };
        // At least one character, so that the loop comes to an end in any room.
        let end = if end == 0 { rest.chars().next().map_or(rest.len(), char::len_utf8) } else { end };
        let (line, tail) = rest.split_at_checked(end).unwrap_or((rest, ""));
        done.push(measure(line.trim_end(), size, weight));
        rest = tail.trim_start();
    }
    (done, true)
}

/// How many bytes of `text` fit into `room`. A mark without a width stays with its letter.
fn prefix(text: &str, room: f64, size: f64, weight: Weight) -> usize {
    let room = room * UNITS / size;
    let mut units = 0_u32;
    for (place, character) in text.char_indices() {
        let (advance, _) = advance(character, weight);
        units = units.saturating_add(advance);
        if f64::from(units) > room {
            return place;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, room: f64, lines: usize, expected: &[(&str, f64)]) {
        let fitted = fit(text, room, &[20.0, 10.0], Weight::Regular, lines);
        let shown: Vec<(&str, f64)> = fitted.iter().map(|line| (line.text.as_str(), line.size)).collect();
        assert_eq!(shown, expected, "{text:?} in {room}");
        for line in &fitted {
            assert!(line.width <= room || line.text.chars().count() <= 2, "{line:?} leaves {room}");
        }
    }

    #[test]
    fn text_shrinks_then_wraps_then_is_cut() {
        check("Notes", 100.0, 2, &[("Notes", 20.0)]);
        check("Example Notes", 80.0, 2, &[("Example Notes", 10.0)]);
        check("Example Notes and Tasks", 80.0, 2, &[("Example Notes", 10.0), ("and Tasks", 10.0)]);
        check("Example Notes and Tasks", 80.0, 1, &[("Example Notes…", 10.0)]);
        check("MMMMMMMMMMMMMMMM", 80.0, 2, &[("MMMMMMMMM", 10.0), ("MMMMMMM", 10.0)]);
        check("測試測試", 40.0, 1, &[("測試測試", 10.0)]);
        check("測試測試", 35.0, 1, &[("測試…", 10.0)]);
        check("", 35.0, 1, &[]);
        check("wide", 1.0, 2, &[("w", 10.0), ("…", 10.0)]);
    }

    #[test]
    fn known_widths_are_the_fonts_own() {
        let line = measure("A b", 2048.0, Weight::Regular);
        assert_eq!((line.width, line.exact), (1366.0 + 569.0 + 1139.0, true));
        assert!(measure("A", 2048.0, Weight::Bold).width > 1400.0, "bold letters are wider");
        assert_eq!(
            measure("測", 2048.0, Weight::Bold),
            Line { text: "測".into(), size: 2048.0, width: 2048.0, exact: false }
        );
    }
}

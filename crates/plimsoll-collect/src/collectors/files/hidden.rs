//! Text that shows itself otherwise than it is: letters that turn the direction, that nobody sees, or that look like others.
//!
//! Right-to-left languages need marks of direction, and emoji need joiners. So source code and prose are held to different rules: in code
//! a mark that turns the order of what comes after it is reported wherever it is, in prose only where its line does not end it.
//!
//! Sources: UAX 9 (the controls of direction), UTS 39 section 3 and 5 (letters that look like others, mixed scripts), UTS 51 (sequences
//! of tags), CVE-2021-42574 and CVE-2021-42694.

use std::collections::{BTreeMap, BTreeSet};

/// Letters that one fact names.
const MOST_NAMED: usize = 8;
/// Selectors of variants in a row that no picture needs.
const MOST_SELECTORS: usize = 4;

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    /// Controls that turn the direction.
    Direction,
    /// Letters without a shape, inside of a word or in place of one.
    Invisible,
    /// Tags or selectors that carry a message nobody sees.
    Carrier,
    /// A word of Latin letters with one of another script that looks the same.
    Mixed,
}

impl What {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Direction => "direction",
            Self::Invisible => "invisible",
            Self::Carrier => "carrier",
            Self::Mixed => "mixed-scripts",
        }
    }
}

/// One sort of fault of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Hidden {
    pub(super) what: What,
    /// The first line that has it.
    pub(super) line: u64,
    /// How many lines have it.
    pub(super) lines: u64,
    /// The letters, as `U+202E`, in the order of their numbers.
    pub(super) letters: Vec<String>,
}

/// Finds what is hidden in a text; `is_code` says by which rules.
pub(super) fn find(text: &str, is_code: bool) -> Vec<Hidden> {
    if text.is_ascii() {
        return Vec::new();
    }
    let mut found: BTreeMap<What, (u64, u64, BTreeSet<char>)> = BTreeMap::new();
    // A mark of byte order begins a file and nothing else.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (number, line) in text.split('\n').enumerate() {
        if line.is_ascii() {
            continue;
        }
        let mut of_line: BTreeMap<What, BTreeSet<char>> = BTreeMap::new();
        let mut add = |what: What, letter: char| {
            of_line.entry(what).or_default().insert(letter);
        };
        direction(line, is_code, &mut add);
        carriers(line, &mut add);
        if is_code {
            invisible(line, &mut add);
            mixed(line, &mut add);
        }
        for (what, letters) in of_line {
            let entry = found.entry(what).or_insert((number as u64 + 1, 0, BTreeSet::new()));
            entry.1 += 1;
            entry.2.extend(letters);
        }
    }
    let named =
        |letters: BTreeSet<char>| letters.iter().take(MOST_NAMED).map(|one| format!("U+{:04X}", *one as u32)).collect();
    found
        .into_iter()
        .map(|(what, (line, lines, letters))| Hidden { what, line, lines, letters: named(letters) })
        .collect()
}

/// Begins text of another direction, to its end or to the end of the line.
const fn opens(letter: char) -> bool {
    matches!(letter, '\u{202a}' | '\u{202b}' | '\u{202d}' | '\u{202e}' | '\u{2066}'..='\u{2068}')
}

const fn closes(letter: char) -> bool {
    matches!(letter, '\u{202c}' | '\u{2069}')
}

fn direction(line: &str, is_code: bool, add: &mut impl FnMut(What, char)) {
    // A letter of the embeddings ends with one sign, an isolate with another; UAX 9 rules X6a and X7.
    let (mut embeddings, mut isolates) = (Vec::new(), Vec::new());
    for letter in line.chars() {
        if opens(letter) {
            if is_code {
                add(What::Direction, letter);
            }
            if letter >= '\u{2066}' { isolates.push(letter) } else { embeddings.push(letter) }
        } else if closes(letter) {
            let _ = if letter == '\u{2069}' { isolates.pop() } else { embeddings.pop() };
        }
    }
    for letter in embeddings.into_iter().chain(isolates) {
        add(What::Direction, letter);
    }
}

/// Tags behind no flag, and more selectors in a row than any picture has.
fn carriers(line: &str, add: &mut impl FnMut(What, char)) {
    let mut selectors = 0;
    let mut in_flag = false;
    for letter in line.chars() {
        let is_selector = matches!(letter, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}');
        selectors = if is_selector { selectors + 1 } else { 0 };
        if selectors >= MOST_SELECTORS {
            add(What::Carrier, letter);
        }
        match letter {
            // The flags of parts of a country: a black flag, tags, and a sign that ends them.
            '\u{1f3f4}' => in_flag = true,
            '\u{e0020}'..='\u{e007f}' if in_flag => in_flag = letter != '\u{e007f}',
            '\u{e0000}'..='\u{e007f}' => add(What::Carrier, letter),
            _ => in_flag = false,
        }
    }
}

/// Letters that take no room, where they part a word; and letters of Hangul without a shape, which are names by themselves.
fn invisible(line: &str, add: &mut impl FnMut(What, char)) {
    let is_word = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    let mut before = None;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' => add(What::Invisible, letter),
            '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{180e}' | '\u{ad}'
                if is_word(before) && is_word(letters.peek().copied()) =>
            {
                add(What::Invisible, letter);
            }
            _ => {}
        }
        before = Some(letter);
    }
}

/// Words that look wholly Latin and are not: every letter that is not Latin has a twin that is.
fn mixed(line: &str, add: &mut impl FnMut(What, char)) {
    for word in line.split(|letter: char| !letter.is_alphanumeric() && letter != '_') {
        if word.is_ascii() || word.chars().filter(char::is_ascii_alphabetic).count() < 2 {
            continue;
        }
        let foreign = || word.chars().filter(|letter| !letter.is_ascii());
        if foreign().all(|letter| twin(letter).is_some()) {
            foreign().for_each(|letter| add(What::Mixed, letter));
        }
    }
}

/// The Latin letter that another letter looks like in most fonts.
///
/// Source: UTS 39, `confusables.txt`: letters of Cyrillic, Greek, Armenian and Cherokee, and the wide forms. Small letters of Greek that
/// formulas use are left out.
pub(super) fn twin(letter: char) -> Option<char> {
    const TWINS: &[(char, char)] = &[
        ('\u{0430}', 'a'),
        ('\u{0435}', 'e'),
        ('\u{043e}', 'o'),
        ('\u{0440}', 'p'),
        ('\u{0441}', 'c'),
        ('\u{0443}', 'y'),
        ('\u{0445}', 'x'),
        ('\u{0455}', 's'),
        ('\u{0456}', 'i'),
        ('\u{0458}', 'j'),
        ('\u{04bb}', 'h'),
        ('\u{04cf}', 'l'),
        ('\u{0501}', 'd'),
        ('\u{051b}', 'q'),
        ('\u{051d}', 'w'),
        ('\u{03bf}', 'o'),
        ('\u{0585}', 'o'),
        ('\u{057d}', 'u'),
        ('\u{0578}', 'n'),
        ('\u{0570}', 'h'),
        ('\u{0410}', 'A'),
        ('\u{0412}', 'B'),
        ('\u{0415}', 'E'),
        ('\u{0406}', 'I'),
        ('\u{0408}', 'J'),
        ('\u{041a}', 'K'),
        ('\u{041c}', 'M'),
        ('\u{041d}', 'H'),
        ('\u{041e}', 'O'),
        ('\u{0420}', 'P'),
        ('\u{0421}', 'C'),
        ('\u{0422}', 'T'),
        ('\u{0425}', 'X'),
        ('\u{0405}', 'S'),
        ('\u{04ae}', 'Y'),
        ('\u{0391}', 'A'),
        ('\u{0392}', 'B'),
        ('\u{0395}', 'E'),
        ('\u{0396}', 'Z'),
        ('\u{0397}', 'H'),
        ('\u{0399}', 'I'),
        ('\u{039a}', 'K'),
        ('\u{039c}', 'M'),
        ('\u{039d}', 'N'),
        ('\u{039f}', 'O'),
        ('\u{03a1}', 'P'),
        ('\u{03a4}', 'T'),
        ('\u{03a5}', 'Y'),
        ('\u{03a7}', 'X'),
        ('\u{13aa}', 'G'),
        ('\u{13b3}', 'W'),
        ('\u{13d4}', 'W'),
    ];
    match letter {
        '\u{ff21}'..='\u{ff3a}' | '\u{ff41}'..='\u{ff5a}' => char::from_u32(letter as u32 - 0xfee0),
        _ => TWINS.iter().find(|(other, _)| *other == letter).map(|(_, latin)| *latin),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, is_code: bool, expected: &[(What, u64, u64)]) {
        let found: Vec<_> = find(text, is_code).iter().map(|one| (one.what, one.line, one.lines)).collect();
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn direction_is_reported_in_code_always_and_in_prose_where_it_does_not_end() {
        let trojan = "a\n/*\u{202e} } \u{2066}if (isAdmin)\u{2069} \u{2066} begin */\n\u{2066}b\u{2069}\n";
        check(trojan, true, &[(What::Direction, 2, 2)]);
        check(trojan, false, &[(What::Direction, 2, 1)]);
        check("\u{202b}\u{05e9}\u{05dc}\u{05d5}\u{05dd}\u{202c}", false, &[]);
        check("\u{202b}\u{05e9}\u{05dc}\u{05d5}\u{05dd}\u{202c}", true, &[(What::Direction, 1, 1)]);
        // Each sort ends with its own sign, and marks without an extent turn nothing.
        check("\u{202e}abc\u{2069}", false, &[(What::Direction, 1, 1)]);
        check("\u{2067}abc\u{202c}", false, &[(What::Direction, 1, 1)]);
        check("a\u{200e}b\u{200f}c\u{061c}d \u{202c}\u{2069}", true, &[]);
        assert_eq!(find("\u{202e}\u{202e}", true)[0].letters, ["U+202E"]);
    }

    #[test]
    fn what_nobody_sees_is_reported_in_words_and_not_in_scripts_that_need_it() {
        check("let user\u{200b}name = 1;", true, &[(What::Invisible, 1, 1)]);
        check("const \u{3164} = 1;", true, &[(What::Invisible, 1, 1)]);
        check("// a \u{200b} b", true, &[]);
        check("\u{feff}let a = 1;", true, &[]);
        check("\n\u{feff}let a = 1;", true, &[]);
        check("\u{0645}\u{06cc}\u{200c}\u{062e}", true, &[]);
        check("\u{1f468}\u{200d}\u{1f469}", true, &[]);
        check("user\u{200b}name", false, &[]);
    }

    #[test]
    fn messages_in_tags_and_selectors_are_reported_and_flags_are_not() {
        let england = "\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}";
        check(england, true, &[]);
        check(&format!("{england}\u{e0061}"), false, &[(What::Carrier, 1, 1)]);
        check("a\u{e0068}\u{e0069}", false, &[(What::Carrier, 1, 1)]);
        check("\u{2764}\u{fe0f} \u{2764}\u{fe0f}\u{fe0f}\u{fe0f}", true, &[]);
        check("``\u{fe00}\u{fe01}\u{e0100}\u{e01ef}", false, &[(What::Carrier, 1, 1)]);
    }

    #[test]
    fn words_that_look_latin_are_reported() {
        check("if p\u{0430}ssword == x", true, &[(What::Mixed, 1, 1)]);
        check("\u{ff41}dmin", true, &[(What::Mixed, 1, 1)]);
        for text in [
            "\u{043f}\u{0440}\u{0438}\u{0432}\u{0435}\u{0442}",
            // A letter without a twin shows what the word is.
            "PostgreSQL\u{0430}\u{043c}\u{0438}",
            "na\u{ef}ve caf\u{e9} kay\u{131}t",
            "\u{0394}x \u{03bd}_max \u{03bc}s",
            "x\u{0430}",
            "\u{4e2d}\u{6587}abc",
        ] {
            check(text, true, &[]);
        }
        check("p\u{0430}ssword", false, &[]);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic_and_lines_are_within(text: String, is_code: bool) {
            let lines = text.split('\n').count() as u64;
            for one in find(&text, is_code) {
                proptest::prop_assert!(one.line >= 1 && one.line + one.lines <= lines + 1 && !one.letters.is_empty());
            }
        }
    }
}

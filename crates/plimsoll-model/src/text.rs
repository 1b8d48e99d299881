//! Untrusted text made safe to show, and numbers with their nouns.

use std::fmt::Display;

/// Gives `text` with every character that could act on a terminal or disorder a line made visible.
///
/// Control characters (C0, DEL, C1) except newline, bidirectional controls, zero-width and other
/// format characters, line separators and private-use characters come out as `\u{XX}`.
///
/// Source: Unicode Technical Report 36 section 3 (visual spoofing); CVE-2021-42574 for the bidirectional controls.
pub fn visible(text: &str) -> String {
    escape(text, false)
}

/// As [`visible`], and newlines become one space, so that the text stays in its line.
pub fn one_line(text: &str) -> String {
    escape(text.trim(), true)
}

/// The words of a sentence without the signs around them: paths and tags that it names are among them.
pub fn names_in(sentence: &str) -> Vec<&str> {
    sentence
        .split(|character: char| character.is_whitespace() || ",;()".contains(character))
        .map(|word| word.trim_end_matches([':', '.']))
        .filter(|word| !word.is_empty())
        .collect()
}

/// The first `most` characters of a text, as [`one_line`]: what is enough to know which text is meant.
pub fn excerpt(text: &str, most: usize) -> String {
    one_line(&text.chars().take(most).collect::<String>())
}

/// Is it the schema version of a document that this version reads: `1.` and digits, and nothing else?
pub fn is_version_one(text: &str) -> bool {
    let minor = text.strip_prefix("1.").unwrap_or_default();
    !minor.is_empty() && minor.bytes().all(|byte| byte.is_ascii_digit())
}

/// `1 day`, `3 days`: the one place where a number and its noun are put together.
pub fn plural<N: Copy + Display + From<u8> + PartialEq>(count: N, one: &str, many: &str) -> String {
    format!("{count} {}", if count == N::from(1) { one } else { many })
}

fn escape(text: &str, single: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' if !single => out.push('\n'),
            '\n' | '\t' => out.push(' '),
            '\r' if single => {}
            _ if acts(character) => out.extend(character.escape_unicode()),
            _ => out.push(character),
        }
    }
    out
}

fn acts(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{00ad}' | '\u{061c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{e0fff}'
            | '\u{f0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_acts_on_the_terminal_and_one_is_one() {
        assert_eq!(visible("a\u{1b}[31mb\nc"), "a\\u{1b}[31mb\nc");
        assert_eq!(one_line(" a\r\nb\tc\u{202e}d\u{9b}1m "), "a b c\\u{202e}d\\u{9b}1m");
        for (count, expected) in [(0, "0 days"), (1, "1 day"), (2, "2 days")] {
            assert_eq!(plural(count, "day", "days"), expected);
        }
        assert_eq!(one_line("Größe 測試 👍"), "Größe 測試 👍");
    }
}

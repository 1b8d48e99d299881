//! What a page holds and its reader does not see: comments, letters without a width or in the colour of the page.

use std::borrow::Cow;

/// `text` without the comments of HTML and without letters that have no width. A comment that does not end goes on to the end.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    let has_comment = text.contains("<!--");
    if !has_comment && !text.contains(has_no_width) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<!--") {
        shown.push_str(before);
        rest = after.split_once("-->").map_or("", |(_, after)| after);
    }
    shown.push_str(rest);
    shown.retain(|letter| !has_no_width(letter));
    Cow::Owned(shown)
}

/// Joiners, marks of direction, tags, selectors and fillers.
///
/// Source: Unicode, `DerivedCoreProperties`, `Default_Ignorable_Code_Point`.
fn has_no_width(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
}

/// Does the tag of an element, without its brackets, hide what is in it? A style is plain where each of its settings is known to
/// leave letters to be seen; of any other that is not known.
pub(super) fn is_hidden(tag: &str) -> bool {
    attributes(tag).iter().any(|(name, value)| match name.as_str() {
        "hidden" | "inert" => true,
        "aria-hidden" => value.trim() == "true",
        "style" => value.split(';').any(|setting| !is_plain(setting)),
        "color" | "text" => !is_seen(value),
        "size" => value.trim().starts_with('-') && value.trim() != "-1",
        "width" | "height" => matches!(value.trim().trim_end_matches("px"), "0" | "1"),
        _ => false,
    })
}

/// The attributes of a tag in small letters.
fn attributes(tag: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = tag.trim_start_matches(|letter: char| letter.is_ascii_alphanumeric());
    loop {
        rest = rest.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '/');
        let end = rest.find(|letter: char| letter.is_whitespace() || matches!(letter, '=' | '/')).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        if name.is_empty() && after.is_empty() {
            return found;
        }
        let (value, next) = match after.trim_start().strip_prefix('=') {
            None => ("", after),
            Some(value) => {
                let value = value.trim_start();
                match value.chars().next().filter(|quote| matches!(quote, '"' | '\'')) {
                    Some(quote) => {
                        let inner = value.get(1..).unwrap_or_default();
                        inner.split_once(quote).unwrap_or((inner, ""))
                    }
                    None => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
                }
            }
        };
        found.push((name.to_ascii_lowercase(), value.to_ascii_lowercase()));
        rest = next;
    }
}

/// Is it a setting of a style that leaves letters to be seen?
fn is_plain(setting: &str) -> bool {
    let Some((name, value)) = setting.split_once(':') else { return setting.trim().is_empty() };
    let (name, value) = (name.trim(), value.trim().trim_end_matches("!important").trim());
    let number =
        value.trim_end_matches(|letter: char| letter.is_ascii_alphabetic() || letter == '%').parse::<f64>().ok();
    match name {
        "text-align" | "text-decoration" | "vertical-align" | "font-weight" | "font-style" | "font-family"
        | "list-style" | "list-style-type" | "border" | "border-radius" | "border-collapse" | "float" | "clear"
        | "cursor" | "white-space" | "word-break" | "word-wrap" | "overflow-wrap" => true,
        "line-height" | "width" | "max-width" | "min-width" | "height" | "min-height" => {
            value == "auto" || number.is_some_and(|number| number >= 1.0 && (number >= 20.0 || !value.ends_with("px")))
        }
        name if name.starts_with("margin") || name.starts_with("padding") => !value.contains('-'),
        "font-size" => {
            let least = if value.ends_with("em") {
                0.6
            } else if value.ends_with('%') {
                60.0
            } else {
                8.0
            };
            matches!(value, "small" | "smaller" | "medium" | "large" | "larger" | "x-large" | "xx-large")
                || number.is_some_and(|number| number >= least)
        }
        "display" => matches!(value, "block" | "inline" | "inline-block" | "flex" | "grid" | "table" | "list-item"),
        "color" => is_seen(value),
        _ => false,
    }
}

/// Is it a colour that is seen on a white page and on a black one, as far as it is known?
fn is_seen(colour: &str) -> bool {
    const SEEN: &[&str] = &[
        "red",
        "green",
        "blue",
        "gray",
        "grey",
        "orange",
        "purple",
        "darkred",
        "darkgreen",
        "darkblue",
        "firebrick",
        "crimson",
        "brown",
        "teal",
        "magenta",
        "inherit",
        "currentcolor",
        "black",
        "navy",
        "maroon",
        "tomato",
        "orangered",
    ];
    let colour = colour.trim();
    if let Some(digits) = colour.strip_prefix('#') {
        let parts: Vec<u32> = match digits.len() {
            3 => digits.chars().filter_map(|digit| digit.to_digit(16)).map(|digit| digit * 17).collect(),
            6 => (0..3).filter_map(|at| u32::from_str_radix(digits.get(at * 2..at * 2 + 2)?, 16).ok()).collect(),
            _ => return false,
        };
        return parts.len() == 3 && parts.iter().sum::<u32>() <= 510;
    }
    SEEN.contains(&colour)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_that_are_not_known_hide() {
        for tag in [
            "p hidden",
            "p hidden=''",
            "div style=\"display: none\"",
            "span style='visibility:hidden'",
            "span style=\"color:white\"",
            "font color=white",
            "font color='#FFF'",
            "p style='color: #fefefe'",
            "p style='color: rgb(255, 255, 255)'",
            "p style='color: rgba(0,0,0,0)'",
            "p style='color: snow'",
            "p style='font-size: 0'",
            "p style='font-size:1px'",
            "p style='font-size:.1em'",
            "p style='opacity: 0.01'",
            "p style='position:absolute; left:-9999px'",
            "p style='text-indent:-999px'",
            "p style='margin-left: -999px'",
            "p style='width:1px; height:1px; overflow:hidden'",
            "p style='clip: rect(0,0,0,0)'",
            "p style='transform: scale(0)'",
            "p style=color:white",
            "p style = 'color:white'",
            "p class=a style=\"font-weight:bold;color:white\"",
            "p STYLE='COLOR:WHITE'",
            "span aria-hidden=true",
            "font size=-7",
            "p style='color:red;;x'",
        ] {
            assert!(is_hidden(tag), "{tag}");
        }
        for tag in [
            "p",
            "p align=center",
            "a href='https://a.dev/hidden' title=\"color:white\"",
            "p style='text-align: center; margin: 0 auto'",
            "p style='color:red'",
            "p style='color:#c00; font-size: 12px'",
            "p style='font-size:1.2em;'",
            "td width=100",
            "img width=\"200\" /",
            "p style=''",
            "div class=hidden-note",
        ] {
            assert!(!is_hidden(tag), "{tag}");
        }
    }

    #[test]
    fn letters_without_a_width_are_left_out() {
        for (text, expected) in
            [("a\u{200b}b", "ab"), ("\u{feff}a", "a"), ("a\u{e0041}", "a"), ("a<!--\u{200b}-->b", "ab"), ("aé", "aé")]
        {
            assert_eq!(visible(text), expected, "{text:?}");
        }
    }
}

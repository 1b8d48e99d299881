//! JSON for people and programs alike: indented, and safe to show.

use serde::Serialize;

use crate::{CanonicalError, one_line};

/// Gives indented JSON with a newline at its end, in which no character acts on a terminal.
pub fn to_readable<T: Serialize>(value: &T) -> Result<String, CanonicalError> {
    Ok(visible_json(&serde_json::to_string_pretty(value)?) + "\n")
}

/// The same JSON, in which no character acts on a terminal: such characters stand in strings alone, where they can be escaped.
fn visible_json(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        let plain = character == '\n' || (' '..='~').contains(&character);
        if plain || one_line(character.encode_utf8(&mut [0; 4])).starts_with(character) {
            text.push(character);
        } else {
            let mut units = [0; 2];
            text.extend(character.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_character_acts_on_a_terminal_and_the_value_stays() {
        for text in
            ["plain", "\u{1b}[31m", "\u{9b}", "\u{202e}evil", "\u{e000}", "\u{1f600}", "a\nb", "\\u0041", "\"", ""]
        {
            let value = serde_json::json!({ text: text });
            let written = to_readable(&value).unwrap();
            assert_eq!(crate::visible(&written), written, "{text:?}");
            assert_eq!(serde_json::from_str::<serde_json::Value>(&written).unwrap(), value, "{text:?}");
        }
    }
}

//! JSON as people write it in configuration: comments, commas at the end, bare keys, single quotes.
//!
//! Source: the JSON5 Data Interchange Format 1.0.0, in the parts that configuration uses. Numbers in hexadecimal, `Infinity` and
//! `NaN` are refused.

use serde_json::{Map, Value};

/// Values inside of each other.
const DEEPEST: usize = 64;

/// Reads one value, or says where it stopped.
pub fn read(text: &str) -> Result<Value, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut parser = Parser { rest: text, whole: text };
    let value = parser.value(0)?;
    parser.blank()?;
    if parser.rest.is_empty() { Ok(value) } else { Err(parser.wrong("something follows the end")) }
}

struct Parser<'a> {
    rest: &'a str,
    whole: &'a str,
}

impl Parser<'_> {
    fn wrong(&self, what: &str) -> String {
        let read = self.whole.len() - self.rest.len();
        let line = self.whole.bytes().take(read).filter(|byte| *byte == b'\n').count() + 1;
        format!("line {line}: {what}")
    }

    fn blank(&mut self) -> Result<(), String> {
        loop {
            self.rest = self.rest.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}');
            if let Some(comment) = self.rest.strip_prefix("//") {
                self.rest = comment.split_once('\n').map_or("", |(_, after)| after);
            } else if let Some(comment) = self.rest.strip_prefix("/*") {
                let (_, after) = comment.split_once("*/").ok_or_else(|| self.wrong("a comment does not end"))?;
                self.rest = after;
            } else {
                return Ok(());
            }
        }
    }

    fn take(&mut self, mark: char) -> bool {
        match self.rest.strip_prefix(mark) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn value(&mut self, depth: usize) -> Result<Value, String> {
        if depth > DEEPEST {
            return Err(self.wrong("nested too deeply"));
        }
        self.blank()?;
        match self.rest.chars().next() {
            Some('{') => self.object(depth),
            Some('[') => self.array(depth),
            Some('"' | '\'') => self.string().map(Value::String),
            _ => self.word(),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, String> {
        self.take('{');
        let mut object = Map::new();
        loop {
            self.blank()?;
            if self.take('}') {
                return Ok(Value::Object(object));
            }
            let key = if self.rest.starts_with(['"', '\'']) { self.string()? } else { self.name()? };
            self.blank()?;
            if !self.take(':') {
                return Err(self.wrong("a \":\" is missing"));
            }
            let value = self.value(depth + 1)?;
            object.insert(key, value);
            self.blank()?;
            if !self.take(',') && !self.rest.starts_with('}') {
                return Err(self.wrong("a \",\" or \"}\" is missing"));
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, String> {
        self.take('[');
        let mut array = Vec::new();
        loop {
            self.blank()?;
            if self.take(']') {
                return Ok(Value::Array(array));
            }
            array.push(self.value(depth + 1)?);
            self.blank()?;
            if !self.take(',') && !self.rest.starts_with(']') {
                return Err(self.wrong("a \",\" or \"]\" is missing"));
            }
        }
    }

    fn name(&mut self) -> Result<String, String> {
        let end = self
            .rest
            .find(|letter: char| !(letter.is_alphanumeric() || matches!(letter, '_' | '$')))
            .unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        if name.is_empty() {
            return Err(self.wrong("a name is missing"));
        }
        self.rest = rest;
        Ok(name.to_owned())
    }

    fn word(&mut self) -> Result<Value, String> {
        let end = self
            .rest
            .find(|letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, '+' | '-' | '.')))
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        let value = match word {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            "null" => Some(Value::Null),
            number => {
                let number = number.strip_prefix('+').unwrap_or(number);
                let whole = if number.starts_with('.') { format!("0{number}") } else { number.to_owned() };
                serde_json::from_str(&whole).ok().filter(Value::is_number)
            }
        };
        let value = value.ok_or_else(|| self.wrong("a value is missing or not known"))?;
        self.rest = rest;
        Ok(value)
    }

    fn string(&mut self) -> Result<String, String> {
        let Some(quote) = self.rest.chars().next() else { return Err(self.wrong("a text is missing")) };
        let mut letters = self.rest.char_indices();
        letters.next();
        let mut text = String::new();
        while let Some((at, letter)) = letters.next() {
            match letter {
                end if end == quote => {
                    self.rest = self.rest.get(at + quote.len_utf8()..).unwrap_or_default();
                    return Ok(text);
                }
                '\n' => break,
                '\\' => match letters.next().map(|(_, letter)| letter) {
                    Some('n') => text.push('\n'),
                    Some('r') => text.push('\r'),
                    Some('t') => text.push('\t'),
                    Some('b') => text.push('\u{8}'),
                    Some('f') => text.push('\u{c}'),
                    Some('\n') => {}
                    Some(mark @ ('u' | 'x')) => {
                        let count = if mark == 'u' { 4 } else { 2 };
                        let digits: String = letters.by_ref().take(count).map(|(_, digit)| digit).collect();
                        let code =
                            u32::from_str_radix(&digits, 16).map_err(|_| self.wrong("an escape is not known"))?;
                        text.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                    }
                    Some(other) => text.push(other),
                    None => break,
                },
                other => text.push(other),
            }
        }
        Err(self.wrong("a text does not end"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(read(text).ok().map(|value| value.to_string()).as_deref(), expected, "{text}");
    }

    #[test]
    fn what_people_write_is_read() {
        for (text, expected) in [
            ("{}", "{}"),
            ("{ a: 'b', } // c", "{\"a\":\"b\"}"),
            ("/* a */ [1, -2, .5, +3, true, null,]", "[1,-2,0.5,3,true,null]"),
            ("{\"a\": \"b // c\", 'd': \"\\u0041\\x42\\\n\\'\"}", "{\"a\":\"b // c\",\"d\":\"AB'\"}"),
            ("\u{feff}{$a_1: []}", "{\"$a_1\":[]}"),
        ] {
            check(text, Some(expected));
        }
        for wrong in [
            "",
            "{",
            "{a}",
            "{a:}",
            "{a:1 b:2}",
            "[1 2]",
            "'a",
            "'a\n'",
            "{} {}",
            "/* a",
            "{,}",
            "0x",
            "[,]",
            "\"\\uzzzz\"",
        ] {
            check(wrong, None);
        }
        check(&"[".repeat(100_000), None);
        check(&"{a:".repeat(100_000), None);
    }

    proptest::proptest! {
        #[test]
        fn json_is_read_as_json(keys: Vec<String>, number: i32, text: String) {
            let value = serde_json::json!({"keys": keys, "number": number, "deep": {"text": text}});
            proptest::prop_assert_eq!(read(&value.to_string()).ok(), Some(value));
        }

        #[test]
        fn no_text_makes_it_panic(text: String) {
            let _ = read(&text);
        }
    }
}

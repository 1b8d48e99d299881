//! YAML of the repository, read within bounds: a small file may be nested so deeply, or repeat itself so often,
//! that a parser takes minutes and gigabytes over it.

use std::cell::Cell;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor,
};
use yaml_serde::{
    Mapping, Value,
    value::{Tag, TaggedValue},
};

/// Brackets that may be open at once. The scanner looks at each of them again for every token.
const MOST_OPEN: usize = 512;
/// Columns by which a line may be indented.
const DEEPEST_COLUMN: usize = 1024;
/// Dashes with which a line may begin.
const MOST_DASHES: usize = 64;
/// How large a document may be.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Values, those counted again that an alias repeats.
    pub values: usize,
    /// Bytes of its texts, counted so as well.
    pub bytes: usize,
}

impl Bounds {
    /// For a file that people write.
    pub const WRITTEN: Self = Self { values: 300_000, bytes: 8 << 20 };
    /// For a file that a tool writes for them, such as a lockfile.
    pub const GENERATED: Self = Self { values: 3_000_000, bytes: 64 << 20 };
}

/// Reads one document that people write, with its aliases put in. Keys that stand twice are refused.
pub fn read(text: &str) -> Result<Value, String> {
    read_within(text, Bounds::WRITTEN)
}

/// Reads one document within the given bounds.
pub fn read_within(text: &str, bounds: Bounds) -> Result<Value, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    check_nesting(text)?;
    let left = Left { values: Cell::new(bounds.values), bytes: Cell::new(bounds.bytes) };
    Bounded(&left)
        .deserialize(yaml_serde::Deserializer::from_str(text))
        .map_err(|error| error.to_string().replace('\n', " "))
}

/// Refuses what is nested more deeply than any file that people write, before a parser sees it.
///
/// A bracket opens a collection only where a value may begin: at the start of a line or behind `:`, `-`, `,`, `?`,
/// another bracket, an anchor or a tag. Those that stand open at the end of their line are summed up. What closes them may be
/// text, and counts only in a line of which it is known what is text in it: one without comments, whose quotes end where they
/// began. From the first line on where they do not, a line may begin inside of quotes, and lines with quotes close nothing.
fn check_nesting(text: &str) -> Result<(), String> {
    let mut open = 0_usize;
    let mut quotes_end = true;
    // Not `lines`: the parser ends a line at each of these.
    for line in text.split(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']) {
        let trimmed = line.trim_start();
        // A block can only be deeper than the one before by being indented more, or by several dashes.
        let dashes = trimmed.chars().take_while(|c| matches!(c, '-' | ' ' | '?' | '\t')).filter(|c| !c.is_whitespace());
        if line.len() - trimmed.len() > DEEPEST_COLUMN || dashes.count() > MOST_DASHES {
            return Err("nested too deeply".to_owned());
        }
        let has_quotes = trimmed.contains(['"', '\'']);
        quotes_end &= !has_quotes || without_quoted(trimmed).is_some();
        open += match without_quoted(trimmed) {
            Some(plain) if quotes_end && has_quotes => left_open(&plain),
            _ => left_open(trimmed),
        };
        if open > MOST_OPEN {
            return Err("nested too deeply".to_owned());
        }
    }
    Ok(())
}

/// The line with each text in quotes taken out, where all of them end in it and no comment may begin in it.
fn without_quoted(line: &str) -> Option<String> {
    if line.contains('#') {
        return None;
    }
    let mut plain = String::with_capacity(line.len());
    let mut begins = Begins::default();
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        if !matches!(character, '"' | '\'') || !begins.value {
            begins.after(character);
            plain.push(character);
            continue;
        }
        loop {
            match characters.next()? {
                '\\' if character == '"' => {
                    characters.next()?;
                }
                other if other == character => {
                    // Two of them are one in the text.
                    if character == '"' || characters.peek() != Some(&'\'') {
                        break;
                    }
                    characters.next();
                }
                _ => {}
            }
        }
        begins.after('x');
        plain.push('x');
    }
    Some(plain)
}

/// Whether a value may begin at a place of a line.
struct Begins {
    value: bool,
    /// Does the word that is being read name an anchor or a tag?
    names: bool,
    before: char,
}

impl Default for Begins {
    fn default() -> Self {
        Self { value: true, names: false, before: ' ' }
    }
}

impl Begins {
    /// Goes on over a character outside of quotes.
    fn after(&mut self, character: char) {
        match character {
            '[' | '{' => {
                // `${{` is an expression and opens nothing.
                self.value = self.before != '$';
                self.names = false;
            }
            ':' | '-' | ',' | '?' => self.value = true,
            '&' | '!' if self.before.is_whitespace() || self.value => self.names = true,
            ' ' | '\t' => {
                self.value |= self.names;
                self.names = false;
            }
            '\u{feff}' => {}
            _ => self.value = false,
        }
        self.before = character;
    }
}

fn left_open(line: &str) -> usize {
    let plain = !line.contains(['"', '\'', '#']);
    let (mut open, mut deepest) = (0_usize, 0_usize);
    let mut begins = Begins::default();
    for character in line.chars() {
        match character {
            '[' | '{' if begins.value && begins.before != '$' => {
                open += 1;
                deepest = deepest.max(open);
            }
            ']' | '}' => open = if plain { open.saturating_sub(1) } else { open },
            _ => {}
        }
        begins.after(character);
    }
    // So many in one line are too deep even where they are closed again.
    if deepest > MOST_OPEN { deepest } else { open }
}

struct Left {
    values: Cell<usize>,
    bytes: Cell<usize>,
}

impl Left {
    fn take<E: Error>(&self, bytes: usize) -> Result<(), E> {
        let (values, left) = (self.values.get(), self.bytes.get());
        if values == 0 || left < bytes {
            return Err(E::custom("it is larger than is read, with what its aliases repeat"));
        }
        self.values.set(values - 1);
        self.bytes.set(left - bytes);
        Ok(())
    }
}

#[derive(Clone, Copy)]
struct Bounded<'a>(&'a Left);

impl<'de> DeserializeSeed<'de> for Bounded<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bounded<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("any YAML value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        self.0.take(0).map(|()| Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        self.0.take(0).map(|()| Value::Number(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        self.0.take(0).map(|()| Value::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        self.0.take(0).map(|()| Value::Number(value.into()))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.0.take(value.len()).map(|()| Value::String(value.to_owned()))
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        self.0.take(0).map(|()| Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut data: A) -> Result<Value, A::Error> {
        self.0.take(0)?;
        let mut values = Vec::new();
        while let Some(value) = data.next_element_seed(self)? {
            values.push(value);
        }
        Ok(Value::Sequence(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut data: A) -> Result<Value, A::Error> {
        self.0.take(0)?;
        let mut table = Mapping::new();
        while let Some(key) = data.next_key_seed(self)? {
            let value = data.next_value_seed(self)?;
            if table.contains_key(&key) {
                return Err(A::Error::custom("a key appears twice"));
            }
            table.insert(key, value);
        }
        Ok(Value::Mapping(table))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Value, A::Error> {
        self.0.take(0)?;
        let (tag, contents) = data.variant_seed(TagName)?;
        let value = contents.newtype_variant_seed(self)?;
        Ok(Value::Tagged(Box::new(TaggedValue { tag: Tag::new(tag), value })))
    }
}

/// The tag's text; an empty one is none.
struct TagName;

impl<'de> DeserializeSeed<'de> for TagName {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        let tag = String::deserialize(deserializer)?;
        if tag.trim_start_matches('!').is_empty() { Err(D::Error::custom("an empty tag")) } else { Ok(tag) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_reads_what_the_parser_reads() {
        for text in [
            "a: 1\nb: [x, 1.5, true, null, ~]\nc: {d: 'e', f: \"g\"}\n",
            "on: push\njobs:\n  a:\n    steps:\n      - run: |\n          if [ -f x ]; then echo ${{ y }}; fi\n",
            "a: &a {b: 1}\nc: *a\nd:\n  <<: *a\n",
            "a: !reference [b, c]\n",
            "- - - x\n",
            "- 0x1f\n- 1e3\n- -3\n- 0o7\n",
            "",
        ] {
            assert_eq!(read(text).unwrap(), yaml_serde::from_str::<Value>(text).unwrap(), "{text}");
        }
        // A mark of the encoding is none of the text.
        assert_eq!(read("\u{feff}on: push\na: [b]\n"), read("on: push\na: [b]\n"));
        for text in ["a: 1\na: 2\n", "a: [", "a: *b\n", "--- 1\n--- 2\n", "\t", "a: &a [*a]\n"] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn many_plain_lists_are_not_deep() {
        let text =
            (0..3000).map(|n| format!("k{n}:\n  a: [main, {{b: c}}]\n  b: x[1]{{\n")).collect::<Vec<_>>().concat();
        assert!(read(&text).is_ok());
        let quoted =
            (0..3000).map(|n| format!("k{n}: {{a: '>= 1', \"b\": [\"x]\", 'it''s']}}\n")).collect::<Vec<_>>().concat();
        assert!(read(&quoted).is_ok());
        // A text over several lines: what is closed in lines with quotes may be text from there on.
        assert!(read(&format!("t: \"a\n  b\"\n{quoted}")).is_err());
    }

    // Each took seconds to minutes, or hundreds of megabytes.
    #[test]
    fn a_small_file_does_not_take_long() {
        let merges = (0..20_000).map(|n| format!("k{n}: {{<<: *a}}\n")).collect::<Vec<_>>().concat();
        let large = "x".repeat(100_000);
        for (name, text) in [
            ("maps in one line", "a: {".repeat(50_000)),
            ("maps by lines", "a: {\n".repeat(100_000)),
            ("lists by lines", "a: [\n".repeat(100_000)),
            ("two by two", "x: {a: {\n".repeat(50_000)),
            ("with spaces", "a: {b: [ \n".repeat(45_000)),
            ("by carriage returns", "a: {\r".repeat(50_000)),
            ("by other line ends", "a: {\u{2028}".repeat(50_000)),
            ("closed in quotes", "a: {b: '}', \n".repeat(40_000)),
            ("opened between quotes that another line began", format!("a: \"\n{}", "\", b: [, \"\n".repeat(50_000))),
            ("opened between quotes in a list", format!("a: [\"\n{}", "\", [, \"\n".repeat(50_000))),
            ("opened behind an escape", "a: {\"\\\"\": {b: '', \n".repeat(40_000)),
            ("closed in quotes of the other kind", "a: {'\"': {\"}'\": [\n".repeat(30_000)),
            ("closed in comments", "a: { # }\n".repeat(40_000)),
            ("after a key in quotes", "\"a\": {\n".repeat(50_000)),
            ("as keys", "? [\n".repeat(100_000)),
            ("after anchors", "&a {\n".repeat(80_000)),
            ("after tags", "!a {\n".repeat(80_000)),
            ("in a list", "- [\n".repeat(100_000)),
            ("closed in one line", format!("a: {}{}", "[".repeat(5000), "]".repeat(5000))),
            ("dashes", "- ".repeat(100_000)),
            ("a text repeated", format!("a: &a {large}\nb: [{}]\n", "*a, ".repeat(5000))),
            ("repeated by ten", {
                let level = |name: char, of: char| format!("{name}: &{name} [{}]\n", format!("*{of},").repeat(10));
                format!("a: &a [1]\n{}", ('b'..'j').zip('a'..'i').map(|(name, of)| level(name, of)).collect::<String>())
            }),
        ] {
            assert!(read(&text).is_err(), "{name}");
        }
        assert!(read(&format!("a: &a {{b: 1}}\n{merges}")).is_ok());
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text: String, likely in "[a-c:\\[\\]{},&*!?'\"# \n|>-]{0,60}") {
            let _ = read(&text);
            let _ = read(&likely);
        }
    }
}

//! The digest that a composer.lock has of the composer.json for which it was written.
//!
//! Source: Composer, `Composer\Package\Locker::getContentHash`; PHP manual, `json_encode`.

use std::fmt::Write as _;

use md5::{Digest, Md5};
use serde_json::{Map, Value};

/// What of a composer.json decides what is locked, in the order of names; of `config` its `platform` does.
const KEYS: [&str; 12] = [
    "config",
    "conflict",
    "extra",
    "minimum-stability",
    "name",
    "prefer-stable",
    "provide",
    "replace",
    "repositories",
    "require",
    "require-dev",
    "version",
];

/// Gives the digest; nothing where a number in it is none that PHP writes in one known way.
pub(super) fn of(manifest: &Map<String, Value>) -> Option<String> {
    let mut text = String::from("{");
    let mut first = true;
    for key in KEYS {
        let Some(value) = manifest.get(key) else { continue };
        if key == "config" && value.get("platform").is_none_or(Value::is_null) {
            continue;
        }
        if !std::mem::take(&mut first) {
            text.push(',');
        }
        quoted(key, &mut text);
        text.push(':');
        if key == "config" {
            text.push_str("{\"platform\":");
            encode(value.get("platform")?, &mut text)?;
            text.push('}');
        } else {
            encode(value, &mut text)?;
        }
    }
    text.push('}');
    // PHP does not tell an empty object from an empty list.
    let text = if first { "[]" } else { &text };
    Some(plimsoll_model::hex(&Md5::digest(text.as_bytes())))
}

/// The digest of a whole file, which the first lockfiles have.
pub(super) fn of_bytes(bytes: &[u8]) -> String {
    plimsoll_model::hex(&Md5::digest(bytes))
}

/// Writes a value as PHP does that it has read. The depth is bounded where it was read.
fn encode(value: &Value, text: &mut String) -> Option<()> {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(known) => write!(text, "{known}").ok()?,
        Value::Number(number) if number.is_i64() => write!(text, "{number}").ok()?,
        Value::Number(_) => return None,
        Value::String(inner) => quoted(inner, text),
        Value::Array(values) => listed(values.iter(), text)?,
        // Names that count from 0 make a list of it.
        Value::Object(members) if members.keys().enumerate().all(|(at, name)| *name == at.to_string()) => {
            listed(members.values(), text)?;
        }
        Value::Object(members) => {
            text.push('{');
            for (at, (name, value)) in members.iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                quoted(name, text);
                text.push(':');
                encode(value, text)?;
            }
            text.push('}');
        }
    }
    Some(())
}

fn listed<'a>(values: impl Iterator<Item = &'a Value>, text: &mut String) -> Option<()> {
    text.push('[');
    for (at, value) in values.enumerate() {
        if at > 0 {
            text.push(',');
        }
        encode(value, text)?;
    }
    text.push(']');
    Some(())
}

fn quoted(inner: &str, text: &mut String) {
    text.push('"');
    for character in inner.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '/' => text.push_str("\\/"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            ' '..='\u{7f}' => text.push(character),
            _ => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    // Writing to a text does not fail.
                    let _ = write!(text, "\\u{unit:04x}");
                }
            }
        }
    }
    text.push('"');
}

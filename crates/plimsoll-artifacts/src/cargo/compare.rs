//! Two manifests, value by value.

use toml::{Table, Value};

use super::{Reason, Refusal, Unexplained, targets};

/// A value is shown with at most so many bytes.
const MAX_SHOWN_BYTES: usize = 160;

/// A key is shown with at most so many bytes.
const MAX_KEY_BYTES: usize = 240;

/// Lists of targets, which are compared by the names in them.
const TARGETS: [&str; 4] = ["bin", "example", "test", "bench"];

/// Gives all differences, sorted by key, and the refusals among them.
pub(super) fn differences(packed: &Table, expected: &Table, refusals: Vec<Refusal>) -> Vec<Unexplained> {
    let (mut packed, mut expected) = (with_named_targets(packed), with_named_targets(expected));
    let mut result = Vec::new();
    for Refusal { path, says, reason } in refusals {
        // Both sides are taken out: what cannot be derived is unexplained as it is, even where nothing was packed.
        take(&mut expected, &path);
        let packed = take(&mut packed, &path);
        let (packed, expected) = (packed.as_ref().map(show), says.as_ref().map(show));
        result.push(Unexplained { key: key_of(&path), packed, expected, reason });
    }
    tables(&mut Vec::new(), &packed, &expected, &mut result);
    result.sort();
    result
}

/// Gives the manifest with its lists of targets as tables.
fn with_named_targets(manifest: &Table) -> Table {
    let mut manifest = manifest.clone();
    for key in TARGETS {
        if let Some(list) = manifest.get_mut(key) {
            *list = targets::by_name(list);
        }
    }
    manifest
}

/// Takes the value at `path` out of a table.
fn take(table: &mut Table, path: &[String]) -> Option<Value> {
    let (last, folders) = path.split_last()?;
    let mut table = table;
    for folder in folders {
        table = table.get_mut(folder)?.as_table_mut()?;
    }
    table.remove(last)
}

/// Compares two tables. The depth is that of the texts, which their parser bounds.
fn tables<'a>(path: &mut Vec<&'a str>, packed: &'a Table, expected: &'a Table, result: &mut Vec<Unexplained>) {
    for (key, packed) in packed {
        path.push(key);
        values(path, Some(packed), expected.get(key), result);
        path.pop();
    }
    for (key, expected) in expected.iter().filter(|(key, _)| !packed.contains_key(*key)) {
        path.push(key);
        values(path, None, Some(expected), result);
        path.pop();
    }
}

fn values<'a>(
    path: &mut Vec<&'a str>,
    packed: Option<&'a Value>,
    expected: Option<&'a Value>,
    result: &mut Vec<Unexplained>,
) {
    match (packed, expected) {
        (Some(Value::Table(packed)), Some(Value::Table(expected))) => tables(path, packed, expected, result),
        (Some(packed), Some(expected)) if is_same(packed, expected) => {}
        (packed, expected) => result.push(Unexplained {
            key: key_of(path),
            packed: packed.map(show),
            expected: expected.map(show),
            reason: Reason::Differs,
        }),
    }
}

/// Tells whether two values are the same, once the source's ends of lines are written as cargo writes them.
fn is_same(packed: &Value, expected: &Value) -> bool {
    match (packed, expected) {
        (Value::String(packed), Value::String(expected)) => {
            packed == expected || (expected.contains("\r\n") && *packed == expected.replace("\r\n", "\n"))
        }
        (Value::Array(packed), Value::Array(expected)) => {
            packed.len() == expected.len()
                && packed.iter().zip(expected).all(|(packed, expected)| is_same(packed, expected))
        }
        (packed, expected) => packed == expected,
    }
}

/// Gives a dotted key, with quotes where TOML needs them.
fn key_of<S: AsRef<str>>(path: &[S]) -> String {
    let is_bare =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    let parts =
        path.iter().map(AsRef::as_ref).map(|part| if is_bare(part) { part.to_owned() } else { format!("\"{part}\"") });
    shown(&parts.collect::<Vec<_>>().join("."), MAX_KEY_BYTES)
}

fn show(value: &Value) -> String {
    shown(&value.to_string(), MAX_SHOWN_BYTES)
}

/// Gives a text on one line of at most `limit` bytes, in which nothing is there that a reader does not see.
pub(super) fn shown(text: &str, limit: usize) -> String {
    let mut result = String::new();
    for character in text.chars() {
        let before = result.len();
        match character {
            '"' | '\'' | '\\' => result.push(character),
            character => result.extend(character.escape_debug()),
        }
        if result.len() > limit {
            result.truncate(before);
            result.push('…');
            break;
        }
    }
    result
}

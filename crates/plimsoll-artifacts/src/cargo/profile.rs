//! Build profiles, which cargo keeps and writes in its own way.

use toml::{Table, Value};

/// The settings of a profile that some version of cargo knows; it leaves out all others.
const SETTINGS: [&str; 17] = [
    "opt-level",
    "lto",
    "codegen-backend",
    "codegen-units",
    "debug",
    "split-debuginfo",
    "debug-assertions",
    "rpath",
    "panic",
    "overflow-checks",
    "incremental",
    "dir-name",
    "inherits",
    "strip",
    "rustflags",
    "trim-paths",
    "hint-mostly-unused",
];

/// Gives the profiles as cargo writes them; `packed` decides between ways of writing one value.
pub(super) fn profiles(original: Option<&Value>, packed: Option<&Value>) -> Option<Value> {
    let Some(profiles) = original?.as_table() else {
        return original.cloned();
    };
    let each = profiles.iter().map(|(name, settings)| (name.clone(), profile(settings, child(packed, name))));
    Some(Value::Table(each.collect()))
}

fn profile(original: &Value, packed: Option<&Value>) -> Value {
    let Some(settings) = original.as_table() else {
        return original.clone();
    };
    let mut expected = Table::new();
    for (key, value) in settings {
        let packed = child(packed, key);
        let value = match key.as_str() {
            // `overrides` is what `package` was called before it was stable.
            "package" | "overrides" => profiles(Some(value), packed),
            "build-override" => Some(profile(value, packed)),
            "debug" => Some(one_of(debug(value), packed)),
            "opt-level" => Some(one_of(vec![opt_level(value), value.clone()], packed)),
            key => SETTINGS.contains(&key).then(|| value.clone()),
        };
        super::put(&mut expected, key, value);
    }
    Value::Table(expected)
}

/// Gives all ways to write the same amount of debug information.
///
/// Source: The Cargo Book, "Profiles", "debug".
fn debug(value: &Value) -> Vec<Value> {
    let number = match value {
        Value::Boolean(false) => 0,
        Value::Boolean(true) => 2,
        Value::Integer(number) => *number,
        Value::String(name) => match name.as_str() {
            "none" => 0,
            "limited" => 1,
            "full" => 2,
            _ => return vec![value.clone()],
        },
        other => return vec![other.clone()],
    };
    vec![Value::Integer(number), value.clone()]
}

/// Gives the level as the number that cargo writes for digits in quotes.
fn opt_level(value: &Value) -> Value {
    value.as_str().and_then(|level| level.parse().ok()).map_or_else(|| value.clone(), Value::Integer)
}

/// Takes the packed value where it is one of those that may stand here, else the first of them.
fn one_of(mut ways: Vec<Value>, packed: Option<&Value>) -> Value {
    let index = ways.iter().position(|way| Some(way) == packed).unwrap_or(0);
    ways.swap_remove(index)
}

fn child<'a>(value: Option<&'a Value>, key: &str) -> Option<&'a Value> {
    value?.as_table()?.get(key)
}

//! JSON of strangers, and the way to what stands in it.

pub(super) use plimsoll_model::parse_strict as parse;
use serde_json::Value;

/// A text member.
pub(super) fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str)
}

/// A member by the names on the way to it.
pub(super) fn at<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, name| value.get(name))
}

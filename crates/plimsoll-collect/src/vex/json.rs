//! Members of JSON of strangers, where one of another type is as good as none.

use jiff::Timestamp;
use serde_json::Value;

use super::LONGEST;

/// The text of a member, where there is one that is not empty and not longer than a name is.
pub(super) fn name<'a>(value: &'a Value, member: &str) -> Option<&'a str> {
    text(value, member).map(str::trim).filter(|text| !text.is_empty() && text.len() <= LONGEST)
}

/// The text of a member.
pub(super) fn text<'a>(value: &'a Value, member: &str) -> Option<&'a str> {
    value.get(member).and_then(Value::as_str)
}

/// The values of a list.
pub(super) fn list<'a>(value: &'a Value, member: &str) -> &'a [Value] {
    value.get(member).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The texts of a list.
pub(super) fn texts<'a>(value: &'a Value, member: &str) -> impl Iterator<Item = &'a str> {
    let texts = list(value, member).iter().filter_map(Value::as_str).map(str::trim);
    texts.filter(|text| !text.is_empty() && text.len() <= LONGEST)
}

/// The first of the members that is there, as a time. One that is no time is not passed over: `None`.
#[expect(clippy::option_option, reason = "a time that cannot be read is not one that is missing")]
pub(super) fn time(value: &Value, members: &[&str]) -> Option<Option<Timestamp>> {
    let first = members.iter().find_map(|member| value.get(*member).filter(|value| !value.is_null()))?;
    Some(first.as_str().and_then(|text| text.parse().ok()))
}

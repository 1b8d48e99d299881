//! RFC 8785 bytes: what is hashed, signed and compared.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;

/// The value cannot be written as RFC 8785 JSON (a number that is not finite, a key that is not a string).
#[derive(Debug, thiserror::Error)]
#[error("cannot write canonical JSON (RFC 8785): {0}")]
pub struct CanonicalError(String);

impl From<serde_json::Error> for CanonicalError {
    fn from(error: serde_json::Error) -> Self {
        Self(error.to_string())
    }
}

/// Gives the RFC 8785 bytes of `value`, without a newline at the end, so that the digest of a written
/// file is the digest of the value.
pub fn to_canonical<T: Serialize>(value: &T) -> Result<Vec<u8>, CanonicalError> {
    serde_json_canonicalizer::to_vec(value).map_err(|error| CanonicalError(error.to_string()))
}

/// Gives the RFC 8785 bytes of `value`, which was read from `bytes`: those bytes where they are canonical already.
///
/// Whether they are is told without writing it anew in order, where nothing in it makes a difference between canonical JSON
/// and JSON without blanks: names in ASCII, each in its place, and numbers that are whole and exact. Anything else goes the
/// long way.
///
/// Source: RFC 8785, sections 3.2.2 and 3.2.3.
pub fn canonical_of<'a>(value: &Value, bytes: &'a [u8]) -> Result<Cow<'a, [u8]>, CanonicalError> {
    if is_plain(value) && serde_json::to_vec(value).is_ok_and(|written| written == bytes) {
        return Ok(Cow::Borrowed(bytes));
    }
    to_canonical(value).map(Cow::Owned)
}

/// The largest whole number that a double holds with all below it. Source: RFC 8785, section 3.2.2.3; RFC 7493, section 2.2.
pub(crate) const LARGEST_EXACT: u64 = (1 << 53) - 1;

/// Is it written the same, canonical or not?
fn is_plain(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => true,
        Value::Number(number) => {
            number.as_u64().or_else(|| number.as_i64().map(i64::unsigned_abs)).is_some_and(|size| size <= LARGEST_EXACT)
        }
        Value::Array(values) => values.iter().all(is_plain),
        Value::Object(members) => {
            members.keys().is_sorted() && members.iter().all(|(name, value)| name.is_ascii() && is_plain(value))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            (-3_i64..3).prop_map(|near| Value::from(near + (1 << 53))),
            any::<f64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec((any::<String>(), inner.clone()), 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
                prop::collection::vec(("[a-c]{0,3}", inner), 0..6).prop_map(|mut members| {
                    members.sort_by(|one, other| one.0.cmp(&other.0));
                    Value::Object(members.into_iter().collect())
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn the_short_way_leads_to_where_the_long_one_does(value in any_json(), spoilt in any::<prop::sample::Index>()) {
            let canonical = to_canonical(&value).unwrap();
            for bytes in [canonical.clone(), serde_json::to_vec(&value).unwrap(), serde_json::to_vec_pretty(&value).unwrap()] {
                // What a reader makes of the bytes is what is asked about them.
                let Ok(read) = serde_json::from_slice::<Value>(&bytes) else { continue };
                prop_assert_eq!(canonical_of(&read, &bytes).unwrap().into_owned(), to_canonical(&read).unwrap());
            }
            // Bytes that are not those of the value.
            let mut other = canonical.clone();
            let at = spoilt.index(other.len());
            other[at] ^= 1;
            prop_assert_eq!(canonical_of(&value, &other).unwrap().into_owned(), canonical);
        }
    }

    #[test]
    fn keys_are_sorted_by_utf16_and_numbers_are_ecmascript() {
        // RFC 8785 section 3.2.3 has the sorting example, section 3.2.2.3 the numbers.
        let value =
            serde_json::json!({"\u{20ac}": 1, "\r": 2, "1": 333_333_333.333_333_3, "\u{1f600}": 4.5, "\u{80}": 1e30});
        let bytes = to_canonical(&value).unwrap();
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "{\"\\r\":2,\"1\":333333333.3333333,\"\u{80}\":1e+30,\"\u{20ac}\":1,\"\u{1f600}\":4.5}"
        );
    }
}

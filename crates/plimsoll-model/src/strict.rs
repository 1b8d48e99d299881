//! JSON of strangers: every name once in an object, bounded in size, depth and number of values.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value, map::Entry};

use crate::canonical::LARGEST_EXACT;

/// Bytes of one document; the largest bundle that was met has 30 KiB.
const LARGEST: usize = 32 * 1024 * 1024;
/// Objects in objects.
const DEEPEST: usize = 100;
/// Values in a document.
const MOST_VALUES: usize = 1_000_000;

/// How much of a document is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Bytes.
    pub(crate) bytes: usize,
    /// Values.
    pub(crate) values: usize,
}

/// Gives the one value that `text` holds.
///
/// Refused: what is not JSON, a name that appears twice in one object (two readers would see two things in it), and what
/// is larger, deeper or of more values than the bounds.
///
/// Source: RFC 8259, section 4: the behaviour of software that receives such an object is unpredictable.
pub fn parse_strict(text: &[u8]) -> Result<Value, String> {
    parse_within(text, Bounds { bytes: LARGEST, values: MOST_VALUES })
}

/// The same within other bounds.
pub(crate) fn parse_within(text: &[u8], bounds: Bounds) -> Result<Value, String> {
    if text.len() > bounds.bytes {
        return Err(format!("larger than {} bytes", bounds.bytes));
    }
    let mut left = bounds.values;
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let value = Strict { depth: 0, left: &mut left, most: bounds.values }
        .deserialize(&mut deserializer)
        .map_err(|error| plain(&error))?;
    deserializer.end().map_err(|error| plain(&error))?;
    Ok(value)
}

fn plain(error: &serde_json::Error) -> String {
    format!("not JSON that can be read: {}", crate::excerpt(&error.to_string(), 200))
}

/// Refuses a number that other readers may read as its neighbour: a whole one that a double does not hold exactly. Two such
/// numbers would have one canonical form, and so one digest.
///
/// Source: RFC 8785, section 3.2.2.3; RFC 7493, section 2.2.
pub fn exact_numbers(value: &Value) -> Result<(), String> {
    let mut left = vec![value];
    while let Some(value) = left.pop() {
        match value {
            Value::Number(number) if !is_exact(number) => {
                return Err(format!("the number {number} is beyond what every reader keeps exactly (2^53)"));
            }
            Value::Array(values) => left.extend(values),
            Value::Object(members) => left.extend(members.values()),
            _ => {}
        }
    }
    Ok(())
}

/// Is it read alike by whoever reads numbers as doubles?
pub(crate) fn is_exact(number: &Number) -> bool {
    if let Some(size) = number.as_u64().or_else(|| number.as_i64().map(i64::unsigned_abs)) {
        return size <= LARGEST_EXACT;
    }
    // Above it every double is whole.
    #[expect(clippy::cast_precision_loss, reason = "it is the largest that is held exactly")]
    number.as_f64().is_some_and(|number| number.abs() <= LARGEST_EXACT as f64)
}

struct Strict<'a> {
    depth: usize,
    left: &'a mut usize,
    most: usize,
}

impl Strict<'_> {
    fn inner(&mut self) -> Strict<'_> {
        Strict { depth: self.depth + 1, left: self.left, most: self.most }
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        if self.depth > DEEPEST {
            return Err(D::Error::custom(format!("deeper than {DEEPEST} levels")));
        }
        let most = self.most;
        *self.left = self.left.checked_sub(1).ok_or_else(|| D::Error::custom(format!("more than {most} values")))?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self.inner())? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let value = members.next_value_seed(self.inner())?;
            match map.entry(name) {
                Entry::Vacant(place) => place.insert(value),
                Entry::Occupied(place) => {
                    let shown = crate::excerpt(place.key(), 40);
                    return Err(A::Error::custom(format!("\"{shown}\" appears twice")));
                }
            };
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_nothing_stands_twice() {
        let text = r#"{"a":[1,-2,1.5,"x",true,null,{"b":{}}],"c":18446744073709551615}"#;
        assert_eq!(parse_strict(text.as_bytes()).unwrap(), serde_json::from_str::<Value>(text).unwrap());
        for (bad, reason) in [
            (r#"{"a":1,"a":1}"#.to_owned(), "appears twice"),
            (r#"{"b":[{"a":1,"a":1}]}"#.to_owned(), "appears twice"),
            (r#"{"a":1,"\u0061":1}"#.to_owned(), "appears twice"),
            ("{} {}".to_owned(), "trailing"),
            ("{".to_owned(), "EOF"),
            (String::new(), "EOF"),
            (format!("{}{}", "[".repeat(102), "]".repeat(102)), "deeper"),
            (format!("[{}0]", "0,".repeat(MOST_VALUES)), "more than"),
        ] {
            let reason_given = parse_strict(bad.as_bytes()).unwrap_err();
            assert!(reason_given.contains(reason), "{reason_given}");
        }
        assert!(parse_strict(&vec![b' '; LARGEST + 1]).unwrap_err().contains("larger"));
        assert!(parse_strict(b"\xff").is_err());
    }

    #[test]
    fn no_two_whole_numbers_have_one_form() {
        for (text, expected) in [
            ("9007199254740991", true),
            ("-9007199254740991", true),
            ("0.5", true),
            ("1e15", true),
            ("9007199254740992", false),
            ("9007199254740993", false),
            ("-9007199254740993", false),
            ("18446744073709551615", false),
            ("18446744073709551617", false),
            ("9007199254740993.0", false),
            ("1e300", false),
        ] {
            for text in [text.to_owned(), format!("{{\"a\":[{text}]}}")] {
                let value = parse_strict(text.as_bytes()).unwrap();
                assert_eq!(exact_numbers(&value).is_ok(), expected, "{text}");
            }
        }
    }
}

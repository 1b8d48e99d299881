//! RFC 8785 bytes: what is hashed, signed and compared.

use serde::Serialize;

/// The value cannot be written as RFC 8785 JSON (a number that is not finite, a key that is not a string).
#[derive(Debug, thiserror::Error)]
#[error("cannot write canonical JSON (RFC 8785): {0}")]
pub struct CanonicalError(String);

/// Gives the RFC 8785 bytes of `value`, without a newline at the end, so that the digest of a written
/// file is the digest of the value.
pub fn to_canonical<T: Serialize>(value: &T) -> Result<Vec<u8>, CanonicalError> {
    serde_json_canonicalizer::to_vec(value).map_err(|error| CanonicalError(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

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

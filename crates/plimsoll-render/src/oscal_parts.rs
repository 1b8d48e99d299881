//! What every document of OSCAL that is written has in common.

use plimsoll_model::sha256_hex;

use crate::words;

/// The version of OSCAL that is written.
pub(crate) const OSCAL_VERSION: &str = "1.1.2";
/// The namespace of the properties that are ours.
pub(crate) const NAMESPACE: &str = "https://plimsoll.dev/ns/oscal";

/// A text that is never empty.
pub(crate) fn filled(text: &str) -> String {
    let text = words::clean(text);
    if text.trim().is_empty() { "-".to_owned() } else { text }
}

/// A property's value: one line without blanks at its ends.
pub(crate) fn token(text: &str) -> String {
    let text = words::clean(text).trim().to_owned();
    if text.is_empty() { "-".to_owned() } else { text }
}

/// An id that is made from a name. Source: RFC 9562, section 5.5, with SHA-256 in the place of SHA-1: OSCAL knows no newer
/// kind of made ids.
pub(crate) fn uuid(name: &str) -> String {
    let hex = sha256_hex(name.as_bytes());
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    let variant = match part(16, 17) {
        "0" | "4" | "8" | "c" => '8',
        "1" | "5" | "9" | "d" => '9',
        "2" | "6" | "a" | "e" => 'a',
        _ => 'b',
    };
    format!("{}-{}-5{}-{variant}{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_the_form_that_oscal_asks_for() {
        for name in ["", "a", "b", "c", "d", "e"] {
            let id = uuid(name);
            let parts: Vec<&str> = id.split('-').collect();
            assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [8, 4, 4, 4, 12], "{id}");
            assert!(parts[2].starts_with('5') && parts[3].starts_with(['8', '9', 'a', 'b']), "{id}");
        }
    }
}

//! Licence expressions as manifests have them, brought to SPDX.

/// Gives the SPDX expression that `text` means, or `None` where it means none.
///
/// Old spellings are repaired (`MIT/Apache-2.0`, `GPL-2.0+`, `Apache 2.0`); what still does not parse is `None`, so that
/// no document states a licence that its readers refuse.
///
/// Source: SPDX 2.3 annex D; the Cargo Book, "The license and license-file fields".
pub(crate) fn normalise(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() || text.len() > 1024 {
        return None;
    }
    spdx::Expression::parse_mode(text, spdx::ParseMode::LAX).ok()?;
    if text.split(|character: char| character.is_whitespace() || "()/".contains(character)).any(is_family) {
        return None;
    }
    let canonical = spdx::Expression::canonicalize(text).ok()?.unwrap_or_else(|| text.to_owned());
    spdx::Expression::parse(&canonical).ok()?;
    Some(canonical)
}

/// Is it the name of several licences, of which none is meant before the others?
fn is_family(word: &str) -> bool {
    ["bsd", "cc", "creative", "gpl", "lgpl", "agpl", "gfdl", "gnu", "mpl", "epl", "eupl", "artistic"]
        .contains(&word.trim_end_matches('+').to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_spellings_are_repaired_and_nonsense_is_none() {
        for (text, expected) in [
            ("MIT", Some("MIT")),
            ("MIT/Apache-2.0", Some("MIT OR Apache-2.0")),
            ("Apache-2.0 WITH LLVM-exception", Some("Apache-2.0 WITH LLVM-exception")),
            ("GPL-2.0+", Some("GPL-2.0-or-later")),
            ("", None),
            ("MIT AND", None),
            ("see LICENSE", None),
            ("BSD", None),
            ("MIT OR BSD", None),
            ("(bsd)/MIT", None),
            ("GPL", None),
            ("LGPL+", None),
            ("BSD-3-Clause", Some("BSD-3-Clause")),
            ("(((((", None),
        ] {
            assert_eq!(normalise(text).as_deref(), expected, "{text}");
        }
        assert_eq!(normalise(&"(".repeat(5000)), None);
    }
}

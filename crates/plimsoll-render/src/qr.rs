//! The QR code of an address.

use fast_qr::{ECL, QRBuilder};
use std::fmt::Write as _;

/// Dark modules as an SVG path of unit squares. Who draws it leaves [`QUIET`] modules of white around it.
pub(crate) struct Code {
    pub(crate) path: String,
    /// Modules on one side.
    pub(crate) side: usize,
}

/// Modules of white that belong around a code. Source: ISO/IEC 18004 section 5.3.8.
pub(crate) const QUIET: usize = 4;
// A longer address makes modules too small for a telephone at this size.
const LONGEST: usize = 180;

/// Gives the code of `address` at error correction level M; none for a text that is too long to scan.
pub(crate) fn code(address: &str) -> Option<Code> {
    if address.is_empty() || address.len() > LONGEST {
        return None;
    }
    let code = QRBuilder::new(address).ecl(ECL::M).build().ok()?;
    let mut path = String::new();
    for (y, row) in code.data.chunks(code.size).take(code.size).enumerate() {
        let mut x = 0;
        // Neighbouring dark modules become one rectangle.
        for run in row.chunk_by(|one, other| one.value() == other.value()) {
            if run.first().is_some_and(|module| module.value()) {
                let width = run.len();
                // Writing to a String cannot fail.
                let _ = write!(path, "M{x} {y}h{width}v1h-{width}z");
            }
            x += run.len();
        }
    }
    Some(Code { path, side: code.size })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_becomes_a_code_and_a_long_one_does_not() {
        let code = code("https://example.org/notes").unwrap();
        assert_eq!(code.side, 25, "version 2 holds 26 bytes at level M");
        assert!(code.path.starts_with("M0 0h7v1h-7z"), "the finder pattern comes first: {}", code.path);
        assert!(super::code("").is_none());
        assert!(super::code(&"x".repeat(181)).is_none());
    }
}

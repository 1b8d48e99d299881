//! Whether a licence, as a package states it, is an open one.

use spdx::{Expression, LicenseId, ParseMode};

/// Letters of a licence that are read.
const LONGEST: usize = 1024;
/// What npm and Composer write where nothing is granted.
const CLOSED: [&str; 2] = ["unlicensed", "proprietary"];

/// Is `stated` a licence, or a choice or combination of some, that the OSI has approved or the FSF calls free? Not known where it is
/// no SPDX expression, or names a licence of one's own, whose text would have to be read.
///
/// Source: SPDX 2.3, Annex D (licence expressions); the lists of the OSI and the FSF as the SPDX licence list 3 has them.
pub fn is_open(stated: &str) -> Option<bool> {
    let stated = stated.trim();
    if stated.is_empty() || stated.len() > LONGEST {
        return None;
    }
    // What SPDX writes where nothing is said, or where there is none.
    if ["NOASSERTION", "NONE"].contains(&stated) {
        return None;
    }
    if CLOSED.contains(&stated.to_lowercase().as_str()) {
        return Some(false);
    }
    // Cargo once took `/` for OR.
    let expression = Expression::parse_mode(stated, ParseMode::LAX).ok()?;
    let open = |licence: LicenseId| licence.is_osi_approved() || licence.is_fsf_free_libre();
    if expression.evaluate(|asked| asked.license.id().is_some_and(open)) {
        return Some(true);
    }
    // It would be open if each name that is not known were: then that is not known.
    let may_be = expression.evaluate(|asked| asked.license.id().is_none_or(open));
    (!may_be).then_some(false)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_expression_is_open_where_what_may_be_chosen_is() {
        for open in [
            "MIT",
            "mit",
            "MIT OR Apache-2.0",
            "MIT/Apache-2.0",
            "Apache-2.0 WITH LLVM-exception",
            "(MIT OR BUSL-1.1)",
            "MIT AND BSD-3-Clause AND Zlib",
            "GPL-3.0-or-later",
            "GPL-2.0+",
            "CC0-1.0",
            "MIT OR LicenseRef-own",
            "Unicode-3.0",
        ] {
            assert_eq!(is_open(open), Some(true), "{open}");
        }
        for closed in [
            "BUSL-1.1",
            "MIT AND BUSL-1.1",
            "SSPL-1.0 OR Elastic-2.0",
            "UNLICENSED",
            "proprietary",
            "JSON",
            "CC-BY-NC-4.0",
            "BUSL-1.1 AND LicenseRef-own",
        ] {
            assert_eq!(is_open(closed), Some(false), "{closed}");
        }
        for unknown in [
            "",
            " ",
            "LicenseRef-own",
            "MIT AND LicenseRef-own",
            "SEE LICENSE IN LICENSE.md",
            "MIT License, or what we agree on",
            "MIT OR",
            "NOASSERTION",
            "NONE",
            "Commons Clause",
            &"MIT OR ".repeat(400),
        ] {
            assert_eq!(is_open(unknown), None, "{unknown}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,60}") {
            let _ = is_open(&text);
        }

        /// Another choice never closes what is open, and another part never opens what is closed.
        #[test]
        fn choices_open_and_parts_close(
            one in prop::sample::select(vec!["MIT", "BUSL-1.1", "LicenseRef-a", "Apache-2.0"]),
            other in prop::sample::select(vec!["MIT", "BUSL-1.1", "LicenseRef-b", "JSON"]),
        ) {
            let (either, both) = (is_open(&format!("{one} OR {other}")), is_open(&format!("{one} AND {other}")));
            if is_open(one) == Some(true) {
                prop_assert_eq!(either, Some(true));
            }
            if is_open(one) == Some(false) {
                prop_assert_eq!(both, Some(false));
            }
        }
    }
}

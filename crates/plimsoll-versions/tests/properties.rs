//! Each scheme is a total order over whatever it reads.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

use std::cmp::Ordering;

use plimsoll_versions::{Scheme, Version};
use proptest::prelude::*;

/// Parts that mean something in one scheme or another.
const PARTS: [&str; 52] = [
    "0",
    "1",
    "2",
    "10",
    "01",
    "00",
    ".",
    ".",
    ".",
    "-",
    "-",
    "+",
    "_",
    "~",
    "^",
    ":",
    "!",
    "v",
    "a",
    "b",
    "A",
    "rc",
    "RC",
    "sp",
    "ga",
    "final",
    "alpha",
    "beta",
    "m1",
    "a1",
    "dev",
    "post",
    "patch",
    "pl",
    "snapshot",
    "xyz",
    "pre",
    "x",
    "*",
    "--",
    "..",
    "-0",
    "-1",
    ".0",
    ".Final",
    "-dev",
    "-alpha",
    "1.0",
    "1.0.0",
    "99999999999999999999",
    "2020-01-01",
    "-SNAPSHOT",
];

fn text() -> impl Strategy<Value = String> {
    let start = prop::sample::select(vec!["", "", "1", "1.0", "1.0.0", "1.0.0-", "1.0.0-a."]);
    let parts = prop::collection::vec(prop::sample::select(PARTS.to_vec()), 0..6);
    (start, parts).prop_map(|(start, parts)| start.to_owned() + &parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_order_is_total(texts in prop::collection::vec(text(), 6)) {
        for scheme in Scheme::ALL {
            let versions: Vec<Version> = texts.iter().filter_map(|text| scheme.parse(text).ok()).collect();
            let order = |one: &Version, other: &Version| one.partial_cmp(other).unwrap();
            for one in &versions {
                prop_assert_eq!(order(one, one), Ordering::Equal);
                for other in &versions {
                    prop_assert_eq!(order(one, other), order(other, one).reverse(), "{:?} {:?}", one, other);
                    prop_assert_eq!(one == other, order(one, other).is_eq(), "{:?} {:?}", one, other);
                    for third in &versions {
                        let (first, second) = (order(one, other), order(other, third));
                        if first == second || second.is_eq() {
                            prop_assert_eq!(order(one, third), first, "{:?} {:?} {:?}", one, other, third);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn no_text_makes_it_panic(one in ".{0,40}", other in "[0-9a-z.+~^:_!-]{0,600}") {
        for scheme in Scheme::ALL {
            let _ = scheme.compare(&one, &other);
            let _ = scheme.compare(&other, &other);
        }
    }
}

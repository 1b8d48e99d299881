//! How each ecosystem orders its versions.
//!
//! In: the name of a scheme and versions as text. Out: which one is lower, or why they cannot be compared.
//!
//! ```
//! use std::cmp::Ordering;
//!
//! use plimsoll_versions::Scheme;
//!
//! assert_eq!(Scheme::Semver.compare("1.0.0-rc.1", "1.0.0"), Ok(Ordering::Less));
//! assert_eq!(Scheme::Pep440.compare("1.0", "1.0.0"), Ok(Ordering::Equal));
//! assert!(Scheme::Semver.compare("1.0.0", "latest").is_err());
//! ```
//!
//! One decision shaped this crate: a version is turned into a key once, and keys of a scheme are totally ordered. Numbers are kept
//! as digits, so that none is too large, and a key is never longer than a constant times its text, so that a comparison takes
//! linear time. The cost is that a text is refused where the ecosystem's own tool has no order either: where it compares in a
//! circle, or reads what was meant as something else. Each scheme is tested against that tool (`fixtures/versions/`).

mod composer;
mod cursor;
mod debian;
mod digits;
mod maven;
mod pep440;
mod rpm;
mod rubygems;
mod scheme;
mod semver;

pub use scheme::{NotComparable, Scheme, Version};

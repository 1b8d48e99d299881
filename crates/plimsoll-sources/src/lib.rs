//! What source text holds: its language, its code without comments, its tests and its examples.
//!
//! In: the path and text of a file, and manifests as tables. Out: counts, file by file.
//!
//! One decision shaped this crate: no language is parsed. Rust is read token by token with the compiler's own lexer, the others
//! line by line with patterns for the conventions of their test tools. The cost is that what a pattern does not recognise is
//! *unclear*, which is counted by itself and is never a test; what is gained is that no text can make a reader recurse, and that
//! one more language is one more row.

mod cfg;
pub mod conventions;
mod counts;
mod file_tests;
mod hollow;
pub mod languages;
mod members;
mod modules;
mod pytest;
pub mod rust;
mod skips;

pub use counts::Counts;
pub use file_tests::{FileTests, rust_counts, test_main_of_go_is_plain, tests_of_file, tests_of_rust};
pub use languages::{Language, Syntax};
pub use members::tested_packages;
pub use pytest::PytestSettings;
pub use rust::RustFile;

/// Reads anything; properties and fuzzing ask that it ends and does not panic.
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub fn read_anything(text: &str) {
    let _ = rust::read(text).counts(&cfg::Features::default());
    for path in ["tests/test_a.py", "a_test.go", "a.test.js", "tests/a.c", "test/a.exs", "t/a.t", "tests/A.swift"] {
        let _ = conventions::tests_in(path, text);
    }
}

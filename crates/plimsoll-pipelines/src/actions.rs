//! Published actions of which more than their row decides what they do: languages that are set up, documents that are made.

use super::tools::DATA;

pub(super) mod documents;

/// What `CodeQL` calls languages.
///
/// Source: GitHub, "`CodeQL`: supported languages".
pub(super) const ANALYSED: &[(&str, &[&str])] = &[
    ("actions", &[DATA]),
    ("c-cpp", &["C", "C++"]),
    ("c", &["C", "C++"]),
    ("cpp", &["C", "C++"]),
    ("csharp", &["C#"]),
    ("go", &["Go"]),
    ("java-kotlin", &["Java", "Kotlin"]),
    ("java", &["Java", "Kotlin"]),
    ("kotlin", &["Java", "Kotlin"]),
    ("javascript-typescript", &["JavaScript", "TypeScript", "Vue"]),
    ("javascript", &["JavaScript", "TypeScript", "Vue"]),
    ("typescript", &["JavaScript", "TypeScript", "Vue"]),
    ("python", &["Python"]),
    ("ruby", &["Ruby"]),
    ("rust", &["Rust"]),
    ("swift", &["Swift"]),
];

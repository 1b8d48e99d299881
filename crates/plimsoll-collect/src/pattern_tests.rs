//! Every pattern that is written in this crate compiles. One that does not matches nothing, and nothing would say so: a contact
//! would not be found, or a test that is skipped would count as one that runs.

use std::{fs, path::Path};

use regex::Regex;

/// The raw strings of a source file.
fn raw_strings(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("r\"").into_iter().chain(rest.find("r#")).min() {
        let is_word = rest[..at].chars().next_back().is_some_and(|before| before.is_alphanumeric() || before == '_');
        let after = &rest[at + 1..];
        let body = after.trim_start_matches('#');
        let hashes = &after[..after.len() - body.len()];
        rest = body;
        if is_word || !body.starts_with('"') {
            continue;
        }
        let end = format!("\"{hashes}");
        let (literal, behind) = body[1..].split_once(&end).unwrap();
        found.push(literal);
        rest = behind;
    }
    found
}

#[test]
fn raw_strings_are_found() {
    let text = "a(r\"b\\\"), r#\"c \"d\" \"#; for r in bar\"x\" { r # } r\"e\"";
    assert_eq!(raw_strings(text), ["b\\", "c \"d\" ", "e"]);
}

#[test]
fn every_pattern_compiles() {
    let mut count = 0;
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() && !path.ends_with("tests") {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("pattern_tests.rs") {
                let text = fs::read_to_string(&path).unwrap();
                let text = text.split("#[cfg(test)]").next().unwrap();
                let makes_patterns = ["Regex::new(", "pattern!(", "pattern("].iter().any(|word| text.contains(word));
                for pattern in raw_strings(text).into_iter().filter(|_| makes_patterns) {
                    let compiled = Regex::new(pattern).and_then(|_| Regex::new(&format!("(?i){pattern}")));
                    assert!(compiled.is_ok(), "{}: {compiled:?}", path.display());
                    count += 1;
                }
            }
        }
    }
    assert!(count > 100, "{count} patterns were found");
}

//! One Rust file, token by token. The compiler's own lexer tells code from comments and strings, and never recurses.

use ra_ap_rustc_lexer::{DocStyle, FrontmatterAllowed, TokenKind, tokenize};

/// What one file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RustFile {
    pub(super) tests: u64,
    pub(super) properties: u64,
    pub(super) doc_tests: u64,
    pub(super) benches: u64,
    pub(super) fuzz_targets: u64,
    pub(super) snapshots: u64,
    pub(super) unsafe_uses: u64,
    pub(super) forbids_unsafe: bool,
    pub(super) denies_unsafe: bool,
}

/// Macros that make several tests of what is inside.
const PROPERTY_MACROS: &[&str] = &["proptest", "quickcheck"];

/// Counts. Attributes are told by their last word: `#[test]`, `#[tokio::test]`, `#[rstest]`, `#[test_case(...)]`.
pub(super) fn read(text: &str) -> RustFile {
    let mut file = RustFile::default();
    let mut at = 0;
    // Words and signs without comments and blanks, the last few of them.
    let mut tokens: Vec<&str> = Vec::new();
    let mut doc = String::new();
    for token in tokenize(text, FrontmatterAllowed::Yes) {
        let length = token.len as usize;
        let piece = text.get(at..at + length).unwrap_or_default();
        at += length;
        match token.kind {
            TokenKind::LineComment { doc_style: Some(DocStyle::Outer | DocStyle::Inner) } => {
                doc.push_str(piece.get(3..).unwrap_or_default());
                doc.push('\n');
            }
            TokenKind::BlockComment { doc_style: Some(_), .. } => {
                doc.push_str(piece);
                doc.push('\n');
            }
            TokenKind::LineComment { .. } | TokenKind::BlockComment { .. } | TokenKind::Whitespace => {}
            _ => {
                if !doc.is_empty() {
                    file.doc_tests += fences(&doc);
                    doc.clear();
                }
                tokens.push(piece);
            }
        }
    }
    file.doc_tests += fences(&doc);
    for (number, token) in tokens.iter().enumerate() {
        let before =
            |distance: usize| number.checked_sub(distance).and_then(|at| tokens.get(at)).copied().unwrap_or_default();
        let after = |distance: usize| tokens.get(number + distance).copied().unwrap_or_default();
        match *token {
            "unsafe" => file.unsafe_uses += 1,
            "#" if after(1) == "[" => attribute(tokens.get(number + 2..).unwrap_or_default(), false, &mut file),
            "#" if after(1) == "!" && after(2) == "[" => {
                attribute(tokens.get(number + 3..).unwrap_or_default(), true, &mut file);
            }
            name if after(1) == "!" && before(1) != "macro_rules" => match name {
                _ if PROPERTY_MACROS.contains(&name) => file.properties += 1,
                "fuzz_target" => file.fuzz_targets += 1,
                "criterion_group" | "benchmark_group" => file.benches += 1,
                _ if name.starts_with("assert_") && name.contains("snapshot") => file.snapshots += 1,
                _ => {}
            },
            _ => {}
        }
    }
    // `#[test]` inside of proptest! is a property, and counted as one.
    file
}

fn attribute(tokens: &[&str], inner: bool, file: &mut RustFile) {
    let words: Vec<&str> = tokens.iter().copied().take(40).take_while(|token| *token != "]").collect();
    let name: Vec<&str> =
        words.iter().copied().take_while(|word| !matches!(*word, "(" | "=")).filter(|word| *word != ":").collect();
    if !inner {
        match name.last() {
            Some(&("test" | "rstest" | "test_case" | "wasm_bindgen_test")) => file.tests += 1,
            Some(&"bench") => file.benches += 1,
            Some(&"quickcheck") => file.properties += 1,
            _ => {}
        }
        return;
    }
    if words.contains(&"unsafe_code") {
        match name.first() {
            Some(&"forbid") => file.forbids_unsafe = true,
            Some(&"deny") => file.denies_unsafe = true,
            _ => {}
        }
    }
}

/// Fenced examples that are run: Rust, and not marked to be ignored or only shown.
///
/// Source: the rustdoc book, "Documentation tests", attributes.
fn fences(doc: &str) -> u64 {
    let (mut open, mut count) = (false, 0);
    for line in doc.lines() {
        let Some(language) = line.trim().strip_prefix("```") else { continue };
        if open {
            open = false;
        } else {
            open = true;
            let words = language.split([',', ' ']).map(str::trim).filter(|word| !word.is_empty());
            let known = ["rust", "should_panic", "compile_fail", "edition2018", "edition2021", "edition2024"];
            count += u64::from(words.clone().all(|word| known.contains(&word)));
        }
    }
    count
}

/// Reads anything; properties and fuzzing ask that it ends and does not panic.
#[cfg(any(test, fuzzing))]
pub(crate) fn read_anything(text: &str) {
    let _ = read(text);
    for (language, path) in [("python", "tests/test_a.py"), ("go", "a_test.go"), ("javascript", "a.test.js")] {
        let _ = super::languages::tests_in(language, path, text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_told_from_words() {
        let file = read(
            "#![forbid(unsafe_code)]\n//! ```\n//! run();\n//! ```\n/// ```text\n/// no\n/// ```\n/// ```ignore\n/// ```\n\
             // #[test] unsafe\nconst TEXT: &str = \"#[test] unsafe { }\";\n#[test]\nfn a() { unsafe { b() } }\n\
             #[tokio::test(flavor = \"x\")]\nasync fn b() {}\n#[cfg(test)]\nmod tests {}\nproptest! { }\nassert_snapshot!(x);\n",
        );
        let expected = RustFile {
            tests: 2,
            properties: 1,
            doc_tests: 1,
            snapshots: 1,
            unsafe_uses: 1,
            forbids_unsafe: true,
            ..RustFile::default()
        };
        assert_eq!(file, expected);
        assert_eq!(read("fuzz_target!(|data: &[u8]| {});").fuzz_targets, 1);
        assert!(read("#![deny(unsafe_code)]").denies_unsafe && !read("#[forbid(unsafe_code)] mod a {}").forbids_unsafe);
        assert_eq!(read(""), RustFile::default());
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text: String) {
            read_anything(&text);
        }
    }
}

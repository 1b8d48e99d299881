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
    /// Files that it takes in by name: `include!("x")`, `#[path = "x"]`.
    pub(super) named: Vec<String>,
}

/// Files that one file takes in by name; one that takes in more is told by those.
const MOST_NAMED: usize = 1000;
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
    // Attributes of the function that comes next: tests that it is, and whether it is left out.
    let (mut tests, mut ignored) = (0, false);
    // Where the attribute ends in which a token stands: what is written in it is no code.
    let mut attribute_end = 0;
    for (number, token) in tokens.iter().enumerate() {
        let before =
            |distance: usize| number.checked_sub(distance).and_then(|at| tokens.get(at)).copied().unwrap_or_default();
        let after = |distance: usize| tokens.get(number + distance).copied().unwrap_or_default();
        match *token {
            "unsafe" => file.unsafe_uses += 1,
            "fn" | "{" | "}" | ";" if number < attribute_end => {}
            "fn" => {
                if !ignored && !is_empty(tokens.get(number + 1..).unwrap_or_default()) {
                    file.tests += tests;
                }
                (tests, ignored) = (0, false);
            }
            "{" | "}" | ";" => (tests, ignored) = (0, false),
            "#" if after(1) == "[" => {
                let (test, ignore) = attribute(tokens.get(number + 2..).unwrap_or_default(), false, &mut file);
                tests += u64::from(test);
                ignored |= ignore;
                if number >= attribute_end {
                    attribute_end = end_of(&tokens, number + 1);
                }
            }
            "#" if after(1) == "!" && after(2) == "[" => {
                attribute(tokens.get(number + 3..).unwrap_or_default(), true, &mut file);
            }
            "include" if after(1) == "!" && file.named.len() < MOST_NAMED => {
                file.named.extend(literal(after(3)));
            }
            "path" if after(1) == "=" && before(1) == "[" && file.named.len() < MOST_NAMED => {
                file.named.extend(literal(after(2)));
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

/// The text of a literal that is a plain string.
fn literal(token: &str) -> Option<String> {
    Some(token.strip_prefix('"')?.strip_suffix('"')?.to_owned())
}

/// Where the bracket at `start` closes; the end of all tokens where it does not.
fn end_of(tokens: &[&str], start: usize) -> usize {
    let mut depth = 0_usize;
    for (number, token) in tokens.iter().enumerate().skip(start) {
        match *token {
            "[" => depth += 1,
            "]" if depth == 1 => return number,
            "]" => depth -= 1,
            _ => {}
        }
    }
    tokens.len()
}

/// A function without parameters that has nothing in its body: as a test it proves nothing.
fn is_empty(tokens: &[&str]) -> bool {
    matches!(tokens, [_, "(", ")", "{", "}", ..])
}

/// Counts what one attribute says; gives whether it makes a test of the function behind it, and whether it leaves that out.
fn attribute(tokens: &[&str], inner: bool, file: &mut RustFile) -> (bool, bool) {
    let words: Vec<&str> = tokens.iter().copied().take(40).take_while(|token| *token != "]").collect();
    let name: Vec<&str> =
        words.iter().copied().take_while(|word| !matches!(*word, "(" | "=")).filter(|word| *word != ":").collect();
    if !inner {
        match name.last() {
            Some(&("test" | "rstest" | "test_case" | "wasm_bindgen_test")) => return (true, false),
            Some(&"ignore") => return (false, true),
            Some(&"bench") => file.benches += 1,
            Some(&"quickcheck") => file.properties += 1,
            _ => {}
        }
        return (false, false);
    }
    if words.contains(&"unsafe_code") {
        match name.first() {
            Some(&"forbid") => file.forbids_unsafe = true,
            Some(&"deny") => file.denies_unsafe = true,
            _ => {}
        }
    }
    (false, false)
}

/// Fenced examples that are run: Rust, and not marked to be ignored or only shown.
///
/// Source: the rustdoc book, "Documentation tests", attributes.
fn fences(doc: &str) -> u64 {
    let (mut open, mut count) = (false, 0);
    // Is the open one run, and is anything in it?
    let (mut runs, mut says) = (false, false);
    for line in doc.lines() {
        let Some(language) = line.trim().strip_prefix("```") else {
            says |= !line.trim().is_empty();
            continue;
        };
        if open {
            open = false;
            count += u64::from(runs && says);
        } else {
            (open, says) = (true, false);
            let words = language.split([',', ' ']).map(str::trim).filter(|word| !word.is_empty());
            let known = ["rust", "should_panic", "compile_fail", "edition2018", "edition2021", "edition2024"];
            runs = words.clone().all(|word| known.contains(&word));
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
             #[tokio::test(flavor = \"x\")]\nasync fn b() { c() }\n#[cfg(test)]\nmod tests {}\nproptest! { }\nassert_snapshot!(x);\n",
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
        let named =
            read("include!(\"a.in\"); #[path = \"b.rs\"] mod b; include!(concat!(env!(\"OUT_DIR\"), \"/c\"));").named;
        assert_eq!(named, ["a.in", "b.rs"]);
    }

    #[test]
    fn what_tests_nothing_is_no_test() {
        for text in [
            "#[test]",
            "#[test(fn a() { b() })]",
            "#[test fn a() { b() }",
            "#[test]\n#[ignore]\nfn a() { b() }",
            "#[ignore = \"slow\"] #[test] fn a() { b() }",
            "#[test] fn a() {}",
            "#[test] fn a() { /* later */ }",
            "#[test] struct A; fn a() { b() }",
            "/// ```\n/// ```\nfn a() {}",
            "/// ```\n///\n/// ```\nfn a() {}",
            "/// ```\n/// never_ended();\nfn a() {}",
        ] {
            let file = read(text);
            assert_eq!((file.tests, file.doc_tests), (0, 0), "{text}");
        }
        for (text, tests) in [
            ("#[test_case(1)] #[test_case(2)] fn a(b: u8) {}", 2),
            ("#[test_case([1], 2 ; \"both\")] fn a(b: u8) { c() }", 1),
            ("#[rstest] #[case(1)] pub async fn a(#[case] b: u8) { c() }", 1),
            ("#[ignore] fn a() {} #[test] fn b() -> u8 { c() }", 1),
            ("#[test] #[cfg_attr(miri, ignore)] fn a() { b() }", 1),
        ] {
            assert_eq!(read(text).tests, tests, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text: String) {
            read_anything(&text);
        }
    }
}

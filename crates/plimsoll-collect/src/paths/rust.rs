//! What one Rust file takes in: modules, files by name, and which of it for tests alone.
//!
//! The compiler's own lexer tells code from comments and strings, and never recurses. Conditions other than `cfg(test)` are
//! taken to hold, and a name that cannot be worked out names nothing.

use ra_ap_rustc_lexer::{FrontmatterAllowed, LiteralKind, TokenKind, tokenize};

/// One file taking in another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Taken {
    pub(super) what: What,
    /// Only where tests are compiled.
    pub(super) test: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// `mod name;` within the modules that are written out around it.
    Module { within: Vec<String>, name: String },
    /// A file beside this one: `#[path]`, `include!` and what is like it.
    Beside(String),
    /// A file or folder from the package's folder on.
    InPackage(String),
}

/// References of one file; one with more is told by those.
const MOST: usize = 5000;
/// Modules inside each other in one file.
const DEEPEST: usize = 64;

/// A word, sign or text of the source.
#[derive(Clone, Copy)]
struct Token<'a> {
    text: &'a str,
    /// What stands between the quotes, where it is a text.
    literal: Option<&'a str>,
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut at = 0;
    let mut all = Vec::new();
    for token in tokenize(text, FrontmatterAllowed::Yes) {
        let piece = text.get(at..at + token.len as usize).unwrap_or_default();
        at += token.len as usize;
        let literal = match token.kind {
            TokenKind::LineComment { .. } | TokenKind::BlockComment { .. } | TokenKind::Whitespace => continue,
            TokenKind::Literal { kind: LiteralKind::Str { .. }, .. } => {
                piece.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'))
            }
            TokenKind::Literal { kind: LiteralKind::RawStr { .. }, .. } => {
                let inner = piece.trim_start_matches('r').trim_matches('#');
                inner.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'))
            }
            _ => None,
        };
        all.push(Token { text: piece, literal });
    }
    all
}

/// Gives what the file takes in. A build script's texts count as files that it reads.
pub(super) fn taken(text: &str, is_build_script: bool) -> Vec<Taken> {
    let tokens = tokens(text);
    let at = |number: usize| tokens.get(number).map_or("", |token| token.text);
    let mut all: Vec<Taken> = Vec::new();
    // Depths at which a module that is written out, and code for tests, began.
    let (mut modules, mut test_from): (Vec<(usize, String)>, Option<usize>) = (Vec::new(), None);
    let (mut depth, mut brackets) = (0_usize, 0_usize);
    // What the attributes of the next item say: it is for tests (with the brackets around it), and where its source is.
    let (mut for_tests, mut paths): (Option<usize>, Vec<String>) = (None, Vec::new());
    let mut number = 0;
    while number < tokens.len() && all.len() < MOST {
        let test = test_from.is_some() || for_tests.is_some();
        match at(number) {
            "#" if at(number + 1) == "[" || (at(number + 1) == "!" && at(number + 2) == "[") => {
                let inner = at(number + 1) == "!";
                let start = number + if inner { 2 } else { 1 };
                let end = end_of(&tokens, start);
                let attribute = tokens.get(start + 1..end).unwrap_or_default();
                if is_for_tests(attribute) {
                    if inner && depth == 0 {
                        test_from = Some(0);
                    } else if !inner {
                        for_tests = for_tests.or(Some(brackets));
                    }
                }
                paths.extend(values(attribute, "path"));
                for folder in values(attribute, "folder") {
                    all.push(Taken { what: What::InPackage(folder), test });
                }
                number = end;
            }
            "mod" if at(number + 2) == ";" => {
                let within: Vec<String> = modules.iter().map(|(_, name)| name.clone()).collect();
                let name = at(number + 1).trim_start_matches("r#").to_owned();
                all.extend(paths.drain(..).map(|path| Taken { what: What::Beside(path), test }));
                all.push(Taken { what: What::Module { within, name }, test });
                for_tests = None;
                number += 2;
            }
            "mod" if at(number + 2) == "{" && modules.len() < DEEPEST => {
                modules.push((depth + 1, at(number + 1).to_owned()));
                number += 1;
            }
            "include" | "include_str" | "include_bytes" | "include_dir" if at(number + 1) == "!" => {
                let end = end_of(&tokens, number + 2);
                let inside = tokens.get(number + 3..end).unwrap_or_default();
                all.extend(named(inside).map(|what| Taken { what, test }));
                number = end;
            }
            "{" => {
                depth += 1;
                if for_tests.take().is_some() && test_from.is_none() {
                    test_from = Some(depth);
                }
                paths.clear();
            }
            "}" => {
                if test_from == Some(depth) && depth > 0 {
                    test_from = None;
                }
                if modules.last().is_some_and(|(from, _)| *from == depth) {
                    modules.pop();
                }
                depth = depth.saturating_sub(1);
                (for_tests, paths) = (None, Vec::new());
            }
            "(" | "[" => brackets += 1,
            ")" | "]" => brackets = brackets.saturating_sub(1),
            ";" if for_tests.is_none_or(|from| brackets <= from) => (for_tests, paths) = (None, Vec::new()),
            _ => {
                if let Some(literal) = tokens.get(number).and_then(|token| token.literal).filter(|_| is_build_script) {
                    all.push(Taken { what: What::InPackage(literal.to_owned()), test });
                }
            }
        }
        number += 1;
    }
    all
}

/// The lines of a source that are compiled for tests alone, first and last of each. What a macro is given is not among them:
/// it may drop the condition.
pub(crate) fn tests(text: &str) -> Vec<(u64, u64)> {
    let mut at = 0;
    let mut line = 1;
    let mut words: Vec<(Token<'_>, u64, u64)> = Vec::new();
    for token in tokenize(text, FrontmatterAllowed::Yes) {
        let piece = text.get(at..at + token.len as usize).unwrap_or_default();
        at += token.len as usize;
        let first = line;
        line += piece.bytes().filter(|byte| *byte == b'\n').count() as u64;
        let is_blank = matches!(
            token.kind,
            TokenKind::LineComment { .. } | TokenKind::BlockComment { .. } | TokenKind::Whitespace
        );
        if !is_blank {
            words.push((Token { text: piece, literal: None }, first, line));
        }
    }
    let tokens: Vec<Token<'_>> = words.iter().map(|(token, ..)| *token).collect();
    let word = |number: usize| tokens.get(number).map_or("", |token| token.text);
    let line = |number: usize| words.get(number).map_or(u64::MAX, |(_, _, last)| *last);
    let mut all = Vec::new();
    // Is what the brackets around this place hold given to a macro?
    let mut around: Vec<bool> = Vec::new();
    let mut number = 0;
    while number < tokens.len() {
        let inner = word(number + 1) == "!";
        let open = number + if inner { 2 } else { 1 };
        match word(number) {
            "#" if word(open) == "[" => {
                let end = end_of(&tokens, open);
                let holds = is_for_tests(tokens.get(open + 1..end).unwrap_or_default());
                if holds && inner && around.is_empty() {
                    return vec![(1, u64::MAX)];
                }
                let first = words.get(number).map_or(1, |(_, first, _)| *first);
                number = end;
                if holds && !inner && !around.contains(&true) {
                    number = end_of_item(&tokens, end + 1);
                    all.push((first, line(number)));
                }
            }
            "{" | "(" | "[" => {
                let before = |back: usize| number.checked_sub(back).map_or("", word);
                let is_given = before(1) == "!" || before(2) == "!" || around.last() == Some(&true);
                around.push(is_given);
            }
            "}" | ")" | "]" => {
                around.pop();
            }
            _ => {}
        }
        number += 1;
    }
    all
}

/// The last token of the item that begins at `start`, behind its other attributes.
fn end_of_item(tokens: &[Token<'_>], start: usize) -> usize {
    let mut depth = 0_usize;
    for (number, token) in tokens.iter().enumerate().skip(start) {
        match token.text {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" if depth == 0 => return number.saturating_sub(1),
            "}" | ")" | "]" => {
                depth -= 1;
                if depth == 0 && token.text == "}" {
                    return number;
                }
            }
            ";" | "," if depth == 0 => return number,
            _ => {}
        }
    }
    tokens.len().saturating_sub(1)
}

/// Where the bracket at `start` closes; the end of all where it does not.
fn end_of(tokens: &[Token<'_>], start: usize) -> usize {
    let mut depth = 0_usize;
    for (number, token) in tokens.iter().enumerate().skip(start) {
        match token.text {
            "[" | "(" | "{" => depth += 1,
            "]" | ")" | "}" if depth <= 1 => return number,
            "]" | ")" | "}" => depth -= 1,
            _ => {}
        }
    }
    tokens.len()
}

/// `test`, `bench` and what ends so; `cfg(test)` alone or with more that has to hold beside it.
fn is_for_tests(attribute: &[Token<'_>]) -> bool {
    let words: Vec<&str> = attribute.iter().map(|token| token.text).collect();
    matches!(
        words.as_slice(),
        ["test" | "bench"]
            | ["cfg", "(", "test", ")"]
            | ["cfg", "(", "all", "(", "test", "," | ")", ..]
            | [.., ":", "test"]
    )
}

/// The texts that stand behind `key =`.
fn values(attribute: &[Token<'_>], key: &str) -> Vec<String> {
    let after = attribute.windows(3).filter(|part| part.first().is_some_and(|token| token.text == key));
    after
        .filter(|part| part.get(1).is_some_and(|token| token.text == "="))
        .filter_map(|part| Some(part.get(2)?.literal?.to_owned()))
        .collect()
}

/// The file that the arguments of such a macro name.
fn named(inside: &[Token<'_>]) -> Option<What> {
    let mut joined = String::new();
    let mut in_package = false;
    for token in inside {
        match token.literal {
            Some("CARGO_MANIFEST_DIR") => in_package = true,
            // What a build script made is not in the tree.
            Some("OUT_DIR") => return None,
            Some(text) => joined.push_str(text),
            None => {}
        }
    }
    let rest = joined.strip_prefix("$CARGO_MANIFEST_DIR").map(ToOwned::to_owned);
    let in_package = in_package || rest.is_some();
    let joined = rest.unwrap_or(joined);
    if joined.is_empty() {
        return None;
    }
    Some(if in_package { What::InPackage(joined.trim_start_matches('/').to_owned()) } else { What::Beside(joined) })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each as `mod a/b`, `beside x` or `package x`, with `?` where it is for tests alone.
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<String> = taken(text, false)
            .into_iter()
            .map(|one| {
                let what = match one.what {
                    What::Module { within, name } => format!("mod {}", [within, vec![name]].concat().join("/")),
                    What::Beside(path) => format!("beside {path}"),
                    What::InPackage(path) => format!("package {path}"),
                };
                format!("{what}{}", if one.test { "?" } else { "" })
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn what_is_taken_in_is_seen() {
        check(
            "mod a; pub(crate) mod b { mod c; mod d { mod e; } } mod f;",
            &["mod a", "mod b/c", "mod b/d/e", "mod f"],
        );
        check("#[path = \"../examples/x.rs\"] mod a;", &["beside ../examples/x.rs", "mod a"]);
        check(
            "#[path = r\"x.rs\"] mod a; #[cfg_attr(b, path = r#\"y.rs\"#)] mod c;",
            &["beside x.rs", "mod a", "beside y.rs", "mod c"],
        );
        check(
            "const A: &str = include_str!(\"../tests/a\"); include!(r\"b.in\");",
            &["beside ../tests/a", "beside b.in"],
        );
        check(
            "include!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/demo\", \"/a.rs\")); include!(concat!(env!(\"OUT_DIR\"), \"/b\"));",
            &["package demo/a.rs"],
        );
        check("static A: Dir = include_dir!(\"$CARGO_MANIFEST_DIR/samples\");", &["package samples"]);
        check("#[derive(RustEmbed)] #[folder = \"examples/web\"] struct A;", &["package examples/web"]);
        check("// mod a;\n/* include!(\"b\") */ const A: &str = \"mod c; include!(d)\";", &[]);
        check("#[doc = include_str!(\"../examples/a.rs\")] mod a {}", &[]);
        check("#[cfg(any(test, unix))] mod a; #[cfg(not(test))] mod b;", &["mod a", "mod b"]);
    }

    #[test]
    fn what_is_for_tests_alone_is_told_apart() {
        check("#[cfg(test)] mod a; mod b;", &["mod a?", "mod b"]);
        check(
            "#[cfg(test)]\nmod tests { const A: &[u8] = include_bytes!(\"k.pem\"); mod c; } mod d;",
            &["beside k.pem?", "mod tests/c?", "mod d"],
        );
        check(
            "#[test] fn a(b: [u8; 2]) { include_str!(\"c\"); } fn d() { include_str!(\"e\"); }",
            &["beside c?", "beside e"],
        );
        check("#[tokio::test] async fn a() { include_str!(\"c\"); }", &["beside c?"]);
        check("#[cfg(test)] use a::b; mod c;", &["mod c"]);
        check("#[cfg(all(test, unix))] mod a; #![cfg(test)] mod b;", &["mod a?", "mod b?"]);
        check("#[cfg(test)] } mod a; { mod b; }", &["mod a", "mod b"]);
    }

    #[test]
    fn lines_that_are_compiled_for_tests_alone_are_known() {
        for (text, expected) in [
            ("fn a() {}\n#[cfg(test)]\nmod tests {\n    const A: &str = \"\";\n}\nfn b() {}\n", vec![(2, 5)]),
            ("#[cfg(test)]\nconst A: &str = \"a\\\n  b\";\nfn b() {}\n", vec![(1, 3)]),
            ("#[test]\n#[ignore]\nfn a() { b(\"}\"); }\nfn c() {}\n", vec![(1, 3)]),
            ("mod a {\n  mod b {\n    #[cfg(test)]\n    mod c {}\n  }\n}\n", vec![(3, 4)]),
            ("#![cfg(test)]\nfn a() {}\n", vec![(1, u64::MAX)]),
            ("struct A {\n #[cfg(test)]\n b: u8,\n c: u8,\n}\n", vec![(2, 3)]),
            ("#[cfg(not(test))]\nmod a {}\n", vec![]),
            ("#[cfg(any(test, unix))]\nmod a {}\n", vec![]),
            ("drop_conditions! {\n#[cfg(test)]\nconst A: &str = \"\";\n}\n", vec![]),
            ("macro_rules! a {\n() => {\n#[cfg(test)]\nmod b {}\n}\n}\n", vec![]),
            ("// #[cfg(test)]\nmod a {}\nconst B: &str = \"#[cfg(test)]\";\n", vec![]),
            ("mod a {\n#![cfg(test)]\n}\nmod b {}\n", vec![]),
        ] {
            assert_eq!(tests(text), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text: String) {
            let _ = taken(&text, true);
            let _ = tests(&text);
        }
    }
}

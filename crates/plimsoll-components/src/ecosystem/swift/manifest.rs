//! Package.swift: a program, of which the words alone are read.
//!
//! A package from elsewhere is asked for by a call of `package`, and an archive of built code by one of `binaryTarget`. A program
//! without the word asks for none, whatever it computes.
//!
//! Source: Swift Package Manager, "`PackageDescription`"; The Swift Programming Language, "Lexical Structure".

use plimsoll_model::sha256_hex;

use super::super::address;

/// What can be told of one without running it.
#[derive(Clone, Debug, Default)]
pub(super) struct Program {
    pub name: Option<String>,
    /// May it ask for packages?
    pub asks: bool,
    /// The addresses or identities that it asks for as plain texts.
    pub texts: Vec<String>,
    /// May it fetch archives of built code?
    pub fetches: bool,
    /// Why what it asks for may change while it stays as it is, in one clause about the lockfile.
    pub depends: Option<&'static str>,
    /// Its SHA-256, in hexadecimal.
    pub digest: String,
}

/// A part of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    Word(&'a str),
    /// A text, where nothing is computed in it.
    Text(Option<&'a str>),
    Sign(char),
}

/// Modules that describe a package and know nothing of where it is built.
const MODULES: [&str; 2] = [DESCRIPTION, "CompilerPluginSupport"];
const DESCRIPTION: &str = "PackageDescription";
/// What may stand between `import` and the name of a module.
const KINDS: [&str; 8] = ["class", "struct", "enum", "func", "let", "var", "protocol", "typealias"];

/// Reads one; nothing where its words cannot be told apart.
pub(super) fn read(bytes: &[u8]) -> Option<Program> {
    let text = std::str::from_utf8(bytes).ok()?;
    let tokens = tokens(text)?;
    let is_word = |at: usize, word: &str| tokens.get(at) == Some(&Token::Word(word));
    let is_sign = |at: usize, sign: char| tokens.get(at) == Some(&Token::Sign(sign));
    let before = |at: usize, word: &str| at.checked_sub(1).is_some_and(|at| is_word(at, word));
    let before_sign = |at: usize| at.checked_sub(1).is_some_and(|at| is_sign(at, '.'));
    let mut program = Program { digest: sha256_hex(bytes), ..Program::default() };
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Word("package") if !before(at, "let") && !before(at, "var") => {
                // The value that is described is called so as well: `package.targets`.
                let called = is_sign(at + 1, '(') || before_sign(at);
                program.asks |= called || !is_sign(at + 1, '.');
                match argument(&tokens, at + 1).filter(|_| called) {
                    Some(text) => program.texts.push(text.to_owned()),
                    None if called && labels(&tokens, at + 1, "path") == Some(true) => {
                        let reason = "packages of the tree, whose manifests are programs too, are not in its digest";
                        program.depends.get_or_insert(reason);
                    }
                    None if called => {
                        program.depends = Some("Package.swift is a program that computes what it asks for");
                    }
                    None => {}
                }
            }
            Token::Word("Dependency") => program.asks = true,
            // So it was called in Swift 3.
            Token::Word("Package")
                if before_sign(at) && !at.checked_sub(1).is_some_and(|dot| before(dot, DESCRIPTION)) =>
            {
                program.asks = true;
                program.depends = Some("Package.swift is a program for a version of Swift that is not known here");
            }
            Token::Word("binaryTarget") => program.fetches |= labels(&tokens, at + 1, "url") != Some(false),
            Token::Word("Package") if is_sign(at + 1, '(') && is_word(at + 2, "name") && is_sign(at + 3, ':') => {
                if let (None, Some(Token::Text(Some(name)))) = (&program.name, tokens.get(at + 4)) {
                    program.name = address::is_plain(name).then(|| (*name).to_owned());
                }
            }
            Token::Word("import") => {
                let next = if KINDS.iter().any(|kind| is_word(at + 1, kind)) { at + 2 } else { at + 1 };
                if !MODULES.iter().any(|module| is_word(next, module)) {
                    program.depends = Some("Package.swift is a program that may look at where it is built");
                }
            }
            Token::Word("Context" | "getenv") => {
                program.depends = Some("Package.swift is a program that looks at where it is built");
            }
            Token::Sign('#') if is_word(at + 1, "if") => {
                program.depends = Some("Package.swift is a program that does different things on different systems");
            }
            _ => {}
        }
    }
    Some(program)
}

/// The plain text that is given as `url` or `id` in the call whose bracket is at `from`.
fn argument<'a>(tokens: &[Token<'a>], from: usize) -> Option<&'a str> {
    let call = tokens.get(from..)?;
    if call.first() != Some(&Token::Sign('(')) {
        return None;
    }
    // The first argument, or the second behind a name.
    let at = if call.get(1) == Some(&Token::Word("name")) { 5 } else { 1 };
    let [Token::Word("url" | "id"), Token::Sign(':'), Token::Text(Some(text)), after] = call.get(at..at + 4)? else {
        return None;
    };
    matches!(after, Token::Sign(',' | ')')).then_some(*text)
}

/// Whether the call whose bracket is at `from` has a label: `None` where its end is not found.
fn labels(tokens: &[Token<'_>], from: usize, label: &str) -> Option<bool> {
    /// More words than any call has that is no program itself.
    const MOST: usize = 200;
    let call = tokens.get(from..)?;
    if call.first() != Some(&Token::Sign('(')) {
        return None;
    }
    let mut depth = 0_usize;
    let mut found = false;
    for (at, token) in call.iter().enumerate().take(MOST) {
        match token {
            Token::Sign('(') => depth += 1,
            Token::Sign(')') => {
                depth -= 1;
                if depth == 0 {
                    return Some(found);
                }
            }
            Token::Word(word) => found |= *word == label && call.get(at + 1) == Some(&Token::Sign(':')),
            _ => {}
        }
    }
    None
}

/// The parts of a program, without comments and white space.
fn tokens(text: &str) -> Option<Vec<Token<'_>>> {
    let mut all = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("//") {
            rest = after.find('\n').and_then(|end| after.get(end..)).unwrap_or_default();
        } else if let Some(after) = rest.strip_prefix("/*") {
            rest = after_comment(after)?;
        } else if first == '"' || (first == '#' && rest.trim_start_matches('#').starts_with('"')) {
            let (token, after) = literal(rest)?;
            all.push(token);
            rest = after;
        } else if first.is_alphanumeric() || first == '_' {
            let end = rest.find(|one: char| !one.is_alphanumeric() && one != '_').unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            all.push(Token::Word(word));
            rest = after;
        } else {
            // A name that is a word of the language stands between backticks.
            if !first.is_whitespace() && first != '`' {
                all.push(Token::Sign(first));
            }
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
    }
    Some(all)
}

/// What follows a comment, which may hold others.
fn after_comment(text: &str) -> Option<&str> {
    let mut depth = 1_usize;
    let mut rest = text;
    while depth > 0 {
        let at = rest.find(['/', '*'])?;
        let tail = rest.get(at..)?;
        if let Some(after) = tail.strip_prefix("*/") {
            depth -= 1;
            rest = after;
        } else if let Some(after) = tail.strip_prefix("/*") {
            depth += 1;
            rest = after;
        } else {
            rest = tail.get(1..)?;
        }
    }
    Some(rest)
}

/// A text and what follows it. One in which something is computed is known by that alone: what is computed ends it, for the
/// purpose here, at the first quotation mark that is not within brackets.
fn literal(text: &str) -> Option<(Token<'_>, &str)> {
    let hashes = text.len() - text.trim_start_matches('#').len();
    let open = text.get(hashes..)?;
    let marks = if open.starts_with("\"\"\"") { "\"\"\"" } else { "\"" };
    let body = open.get(marks.len()..)?;
    let fence = "#".repeat(hashes);
    let (close, escape, computed) = (format!("{marks}{fence}"), format!("\\{fence}"), format!("\\{fence}("));
    let mut at = 0;
    let mut plain = true;
    loop {
        let rest = body.get(at..)?;
        if rest.starts_with(&close) {
            let value = plain.then(|| body.get(..at)).flatten();
            return Some((Token::Text(value), rest.get(close.len()..)?));
        }
        if rest.starts_with(&computed) {
            plain = false;
            at += computed.len() + within_brackets(rest.get(computed.len()..)?)?;
        } else if let Some(after) = rest.strip_prefix(escape.as_str()) {
            plain = false;
            at += escape.len() + after.chars().next()?.len_utf8();
        } else {
            let first = rest.chars().next()?;
            if first == '\n' && marks.len() == 1 {
                return None;
            }
            at += first.len_utf8();
        }
    }
}

/// How many bytes there are up to the end of what is computed in a text. A text within it that has a bracket is not told apart.
fn within_brackets(text: &str) -> Option<usize> {
    let mut depth = 1_usize;
    for (at, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            '\n' => return None,
            _ => {}
        }
        if depth == 0 {
            return Some(at + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_asks_for_nothing_is_told_from_others() {
        let head = "// swift-tools-version: 6.0\nimport PackageDescription\n";
        for (text, asks, fetches, depends) in [
            ("let package = Package(name: \"A\", targets: [.target(name: \"package\")])", false, false, false),
            ("let package = Package(name: \"A\")\npackage.targets.append(.target(name: \"B\"))", false, false, false),
            ("/* .package(url: \"x\") /* */ */ let package = Package(name: \"A\") // .package(", false, false, false),
            (
                "let package = Package(name: \"A\", dependencies: [.package(url: \"https://e.example/b\", from: \"1.0.0\")])",
                true,
                false,
                false,
            ),
            ("let a = [ . package (url: \"x\", branch: \"main\") ]", true, false, false),
            ("let a: [Package.Dependency] = [.init(b)]", true, false, false),
            ("let f = Package.Dependency.package", true, false, true),
            ("let f = [.`package`(url: \"x\")]", true, false, false),
            (".package(name: \"b\", url: \"x\", from: \"1.0.0\")", true, false, false),
            (".package(url: \"x\" + y)", true, false, true),
            (".package(url: \"\\(x)\")", true, false, true),
            (".package(url: x)", true, false, true),
            ("let package = PackageDescription.Package(name: \"A\")", false, false, false),
            (
                "let package = Package(name: \"A\", dependencies: [.Package(url: \"x\", majorVersion: 1)])",
                true,
                false,
                true,
            ),
            ("a(package)", true, false, false),
            (".package(path: \"../b\")", true, false, true),
            (".package(name: \"b\", path: b)", true, false, true),
            (".binaryTarget(name: \"b\", url: \"https://e.example/b.zip\", checksum: \"x\")", false, true, false),
            (".binaryTarget(name: \"b\", path: \"b.xcframework\")", false, false, false),
            ("let f = Target.binaryTarget", false, true, false),
            ("#if os(Linux)\nlet a = 1\n#endif", false, false, true),
            ("import Foundation", false, false, true),
            ("import class Foundation.ProcessInfo", false, false, true),
            ("let a = Context.environment[\"X\"]", false, false, true),
            ("let a = #\"\\(b) \"#; let c = \"\"\"\n .package(url: \"x\")\n\"\"\"", false, false, false),
            ("let a = \"\\(b(\"x\")) package\"", false, false, false),
        ] {
            let found = read(format!("{head}{text}").as_bytes()).unwrap();
            assert_eq!((found.asks, found.fetches, found.depends.is_some()), (asks, fetches, depends), "{text}");
        }
        let named = |text: &str| read(text.as_bytes()).and_then(|program| program.name);
        assert_eq!(named("let package = Package(name: \"A\", products: [])").as_deref(), Some("A"));
        assert_eq!(named("let package = Package(\n    name: \"A\\(1)\")"), None);
        for broken in ["\"a", "/* ", "\"\"\"\n", "\"\\(", "#\"a\"", "\"a\nb\"", "\"\\"] {
            assert!(read(broken.as_bytes()).is_none(), "{broken}");
        }
        assert!(read(b"\xff").is_none());
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text: String, code in "([#\"\\\\()/*:.`\n ]|package|path|import|binaryTarget){0,40}") {
            let _ = (read(text.as_bytes()), read(code.as_bytes()));
        }

        #[test]
        fn what_is_called_is_seen(before in "[^\"/*#]{0,12}", gap in "[ \n`]{0,3}") {
            let text = format!("{before}\n.{gap}package(url: \"x\")");
            proptest::prop_assert!(read(text.as_bytes()).is_none_or(|program| program.asks));
        }
    }
}

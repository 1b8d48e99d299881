//! One Rust file, token by token. The compiler's own lexer tells code from comments and strings, and never recurses.

use ra_ap_rustc_lexer::{DocStyle, FrontmatterAllowed, TokenKind, tokenize};

use crate::{
    cfg::{Cfg, Features, Holds},
    counts::Counts,
    hollow,
};

mod tokens;

use tokens::{closing, fences, holds_test, is_open, is_word, joined, literal};

/// What one file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RustFile {
    /// Bytes of code, without comments and blanks.
    pub code: u64,
    /// How often the word `unsafe` is in its code.
    pub unsafe_uses: u64,
    /// Does the crate whose root it is forbid unsafe code?
    pub forbids_unsafe: bool,
    /// Does that crate deny unsafe code?
    pub denies_unsafe: bool,
    /// Files that it takes in by name: `include!("x")`, `#[path = "x"]`.
    pub named: Vec<String>,
    /// The modules that it declares and does not hold.
    pub(super) modules: Vec<Module>,
    items: Vec<Item>,
    /// Examples in its documentation that are run.
    doc_tests: u64,
    /// Does its `main` do something?
    pub(super) has_main: bool,
}

/// A module in another file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Module {
    /// Its name, the modules inside of this file in which it is declared before it.
    pub(super) inside: Vec<String>,
    pub(super) name: String,
    /// The file, where an attribute or `include!` names it.
    pub(super) path: Option<String>,
    pub(super) included: bool,
    when: Vec<Cfg>,
}

impl Module {
    /// Is it part of the build?
    pub(super) fn holds(&self, features: &Features) -> Holds {
        Cfg::all(&self.when, features)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Item {
    what: What,
    count: u64,
    when: Vec<Cfg>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Test,
    Property,
    Bench,
    Fuzz,
    Snapshot,
}

/// Modules, included files and items of one file that are kept.
const MOST: usize = 10_000;
/// Scopes inside of each other; what is deeper counts for the one above.
const DEEPEST: usize = 500;
/// Macros that make a property of each function inside.
const PROPERTY_MACROS: &[&str] = &["proptest", "quickcheck"];
/// Macros that leave what is inside as it is.
const PLAIN_MACROS: &[&str] = &["cfg_if", "rusty_fork_test"];

impl RustFile {
    /// What of it is run, where the file is part of a build with `features`.
    pub(super) fn counts(&self, features: &Features) -> Counts {
        let mut counts = Counts { doc_tests: self.doc_tests, ..Counts::default() };
        for item in &self.items {
            match Cfg::all(&item.when, features) {
                Holds::Yes | Holds::Somewhere => {
                    let sum = match item.what {
                        What::Test => &mut counts.tests,
                        What::Property => &mut counts.properties,
                        What::Bench => &mut counts.benches,
                        What::Fuzz => &mut counts.fuzz_targets,
                        What::Snapshot => &mut counts.snapshots,
                    };
                    *sum += item.count;
                }
                Holds::Unknown | Holds::OnDemand if matches!(item.what, What::Test | What::Property) => {
                    counts.unclear += item.count;
                }
                _ => {}
            }
        }
        counts
    }
}

/// What stands between a bracket and the one that closes it.
struct Scope {
    kind: ScopeKind,
    /// Conditions that held before it.
    when: usize,
}

#[derive(PartialEq, Eq)]
enum ScopeKind {
    Module(String),
    Function,
    Macro(String),
    Other,
}

/// The attributes of what comes next.
#[derive(Default)]
struct Attributes {
    tests: u64,
    property: bool,
    ignored: bool,
    when: Vec<Cfg>,
    path: Option<String>,
    other_paths: Vec<(Cfg, String)>,
}

/// Reads a file. Attributes are told by their last word: `#[test]`, `#[tokio::test]`, `#[rstest]`, `#[test_case(...)]`.
pub fn read(text: &str) -> RustFile {
    let mut file = RustFile::default();
    let mut at = 0;
    // Words and signs without comments and blanks.
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
                file.code += length as u64;
                tokens.push(piece);
            }
        }
    }
    file.doc_tests += fences(&doc);
    file.unsafe_uses = tokens.iter().filter(|token| **token == "unsafe").count() as u64;
    let closes = closing(&tokens);
    Reader { tokens: &tokens, closes, file, scopes: Vec::new(), when: Vec::new(), test_macros: Vec::new() }.run()
}

struct Reader<'a> {
    tokens: &'a [&'a str],
    closes: Vec<usize>,
    file: RustFile,
    scopes: Vec<Scope>,
    when: Vec<Cfg>,
    /// Macros of this file whose body holds a test.
    test_macros: Vec<&'a str>,
}

impl<'a> Reader<'a> {
    fn at(&self, number: usize) -> &'a str {
        self.tokens.get(number).copied().unwrap_or_default()
    }

    fn run(mut self) -> RustFile {
        let mut next = 0;
        let mut attributes = Attributes::default();
        while next < self.tokens.len() {
            let (one, two, three) = (self.at(next + 1), self.at(next + 2), self.at(next + 3));
            let token = self.at(next);
            next = match token {
                "#" if one == "[" => {
                    let end = self.end_of(next + 1);
                    let words = self.tokens.get(next + 2..end).unwrap_or_default();
                    self.attribute(words, &mut attributes);
                    end + 1
                }
                "#" if one == "!" && two == "[" => {
                    let end = self.end_of(next + 2);
                    let words = self.tokens.get(next + 3..end).unwrap_or_default();
                    self.inner_attribute(words);
                    end + 1
                }
                "macro_rules" if one == "!" => {
                    let end = self.end_of(next + 3);
                    let body = self.tokens.get(next + 4..end).unwrap_or_default();
                    if holds_test(body) && self.test_macros.len() < MOST {
                        self.test_macros.push(two);
                    }
                    attributes = Attributes::default();
                    end + 1
                }
                "include" if one == "!" => {
                    let end = self.end_of(next + 2);
                    if let Some(path) = joined(self.tokens.get(next + 3..end).unwrap_or_default()) {
                        self.name(&path);
                        self.module(String::new(), Some(path), true, &attributes);
                    }
                    attributes = Attributes::default();
                    end + 1
                }
                "mod" if two == ";" => {
                    self.module(one.trim_start_matches("r#").to_owned(), attributes.path.clone(), false, &attributes);
                    for (when, path) in std::mem::take(&mut attributes.other_paths) {
                        attributes.when.push(when);
                        self.module(one.to_owned(), Some(path), false, &attributes);
                        attributes.when.pop();
                    }
                    attributes = Attributes::default();
                    next + 3
                }
                "mod" if two == "{" => {
                    self.open(ScopeKind::Module(one.to_owned()), &mut attributes);
                    next + 3
                }
                "fn" if one != "(" => self.function(next, &mut attributes),
                name if one == "!" && is_open(two) && is_word(name) => {
                    self.invoked(name, &attributes);
                    self.open(ScopeKind::Macro(name.to_owned()), &mut attributes);
                    next + 3
                }
                name if one == "!" && is_open(three) && is_word(name) && is_word(two) => {
                    self.open(ScopeKind::Macro(name.to_owned()), &mut attributes);
                    next + 4
                }
                "{" | "(" | "[" => {
                    self.open(ScopeKind::Other, &mut attributes);
                    next + 1
                }
                "}" | ")" | "]" => {
                    if let Some(scope) = self.scopes.pop() {
                        self.when.truncate(scope.when);
                    }
                    attributes = Attributes::default();
                    next + 1
                }
                ";" => {
                    attributes = Attributes::default();
                    next + 1
                }
                _ => next + 1,
            };
        }
        self.file
    }

    fn open(&mut self, kind: ScopeKind, attributes: &mut Attributes) {
        // Deeper than this nothing is declared; the closing brackets are then one scope's.
        if self.scopes.len() < DEEPEST * 20 {
            self.scopes.push(Scope { kind, when: self.when.len() });
            if self.scopes.len() < DEEPEST {
                self.when.append(&mut attributes.when);
            }
        }
        *attributes = Attributes::default();
    }

    /// Where the bracket at `start` closes; `start` itself where there is none.
    fn end_of(&self, start: usize) -> usize {
        if is_open(self.at(start)) { self.closes.get(start).copied().unwrap_or(start) } else { start }
    }

    fn name(&mut self, path: &str) {
        if self.file.named.len() < MOST {
            self.file.named.push(path.to_owned());
        }
    }

    fn module(&mut self, name: String, path: Option<String>, included: bool, attributes: &Attributes) {
        if self.file.modules.len() >= MOST {
            return;
        }
        let inside = self
            .scopes
            .iter()
            .filter_map(|scope| match &scope.kind {
                ScopeKind::Module(name) => Some(name.clone()),
                _ => None,
            })
            .collect();
        let when = self.conditions(&attributes.when);
        self.file.modules.push(Module { inside, name, path, included, when });
    }

    /// The conditions of what is declared here. What a macro makes of what is inside is not known.
    fn conditions(&self, own: &[Cfg]) -> Vec<Cfg> {
        let by_macro = self.scopes.iter().any(|scope| match &scope.kind {
            ScopeKind::Macro(name) => {
                !PLAIN_MACROS.contains(&name.as_str()) && !PROPERTY_MACROS.contains(&name.as_str())
            }
            _ => false,
        });
        let mut when = self.when.clone();
        when.extend(own.iter().cloned());
        if by_macro {
            when.push(Cfg::Unknown);
        }
        when
    }

    fn item(&mut self, what: What, count: u64, own: &[Cfg]) {
        if count > 0 && self.file.items.len() < MOST {
            let when = self.conditions(own);
            self.file.items.push(Item { what, count, when });
        }
    }

    fn invoked(&mut self, name: &'a str, attributes: &Attributes) {
        let what = match name {
            "fuzz_target" => What::Fuzz,
            "criterion_group" | "benchmark_group" => What::Bench,
            name if self.test_macros.contains(&name) => What::Test,
            name if name.starts_with("assert_") && name.contains("snapshot") => What::Snapshot,
            _ => return,
        };
        self.item(what, 1, &attributes.when);
    }

    /// A function: whether it is a test, and its body as a scope. Gives where to go on.
    fn function(&mut self, at: usize, attributes: &mut Attributes) -> usize {
        let mut end = at + 1;
        while end < self.tokens.len() && !matches!(self.at(end), "{" | ";" | "}") {
            end = if matches!(self.at(end), "(" | "[") { self.end_of(end) + 1 } else { end + 1 };
        }
        if self.at(end) != "{" {
            *attributes = Attributes::default();
            return end;
        }
        let body = self.tokens.get(end + 1..self.end_of(end)).unwrap_or_default();
        let is_empty = hollow::is_blank_in_rust(body);
        if self.at(at + 1) == "main" && self.scopes.is_empty() && !is_empty {
            self.file.has_main = true;
        }
        // The compiler does not collect tests that are inside of functions.
        let nested = self.scopes.iter().any(|scope| scope.kind == ScopeKind::Function);
        let by_property = self.scopes.last().is_some_and(
            |scope| matches!(&scope.kind, ScopeKind::Macro(name) if PROPERTY_MACROS.contains(&name.as_str())),
        );
        if !nested && !attributes.ignored {
            let takes_nothing = self.at(at + 2) == "(" && self.at(at + 3) == ")";
            if by_property || attributes.property {
                self.item(What::Property, u64::from(!is_empty), &attributes.when);
            } else if !(is_empty && takes_nothing) {
                self.item(What::Test, attributes.tests, &attributes.when);
            }
        }
        self.open(ScopeKind::Function, attributes);
        end + 1
    }

    fn attribute(&mut self, words: &[&'a str], attributes: &mut Attributes) {
        let name: Vec<&str> =
            words.iter().copied().take_while(|word| !matches!(*word, "(" | "=")).filter(|word| *word != ":").collect();
        match name.last() {
            Some(&("test" | "rstest" | "test_case" | "wasm_bindgen_test" | "gtest")) => attributes.tests += 1,
            Some(&"ignore") => attributes.ignored = true,
            Some(&"bench") => self.item(What::Bench, 1, &attributes.when),
            Some(&("quickcheck" | "proptest" | "property_test")) => attributes.property = true,
            Some(&"cfg") => attributes.when.push(Cfg::read(words.get(2..).unwrap_or_default())),
            Some(&"path") => {
                if let Some(path) = words.get(2).and_then(|word| literal(word)) {
                    self.name(&path);
                    attributes.path = Some(path);
                }
            }
            Some(&"cfg_attr") => {
                let inner = words.get(2..).unwrap_or_default();
                let when = Cfg::read(inner);
                let rest = inner.get(Cfg::length(inner)..).unwrap_or_default();
                let says = |what: &str| rest.contains(&what);
                if says("ignore") {
                    attributes.when.push(Cfg::Not(Box::new(when)));
                } else if says("test") {
                    attributes.tests += 1;
                    attributes.when.push(when);
                } else if let Some(path) = rest
                    .iter()
                    .position(|word| *word == "path")
                    .and_then(|at| rest.get(at + 2))
                    .and_then(|word| literal(word))
                {
                    self.name(&path);
                    attributes.other_paths.push((when, path));
                }
            }
            _ => {}
        }
    }

    fn inner_attribute(&mut self, words: &[&'a str]) {
        match words.first() {
            Some(&"cfg") => {
                let when = Cfg::read(words.get(2..).unwrap_or_default());
                self.when.push(when);
            }
            // Inside of a module it is about that module alone.
            Some(&"forbid") if self.scopes.is_empty() && words.contains(&"unsafe_code") => {
                self.file.forbids_unsafe = true;
            }
            Some(&"deny") if self.scopes.is_empty() && words.contains(&"unsafe_code") => {
                self.file.denies_unsafe = true;
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;

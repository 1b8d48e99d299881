//! What `go test` runs: the tests of the packages that it names, as far as their files are built.
//!
//! Source: `go help packages`, `go help buildconstraint`, the package `testing` ("Main").

use plimsoll_sources::{test_main_of_go_is_plain, tests_of_file};

use super::{is_in, values};
use crate::{tree, tree::Tree};

/// Words of a build constraint that hold on some machine of a forge.
const HOLD: &[&str] = &["linux", "darwin", "windows", "unix", "amd64", "arm64", "cgo", "gc", "go1", "race"];
/// Ends of names that stand for a machine on which no CI of a forge runs by itself.
const ELSEWHERE: &[&str] = &[
    "js",
    "wasip1",
    "plan9",
    "solaris",
    "aix",
    "freebsd",
    "openbsd",
    "netbsd",
    "dragonfly",
    "illumos",
    "android",
    "ios",
    "wasm",
    "mips",
    "mips64",
    "mips64le",
    "mipsle",
    "ppc64",
    "ppc64le",
    "riscv64",
    "s390x",
    "loong64",
    "386",
    "arm",
];

pub(super) fn reason(tree: &dyn Tree, folder: &str, arguments: &[&str], operands: &[&str]) -> Option<String> {
    let tags: Vec<&str> =
        values(arguments, &["-tags", "--tags"]).iter().flat_map(|text| text.split([',', ' '])).collect();
    let sources = tree.sources();
    // Folders that are modules of their own are no part of the one above.
    let modules: Vec<&str> =
        sources.iter().filter_map(|path| path.strip_suffix("go.mod")).map(|path| path.trim_end_matches('/')).collect();
    let module_of =
        |path: &str| modules.iter().copied().filter(|module| is_in(module, path)).max_by_key(|module| module.len());
    let named = if operands.is_empty() { &["."][..] } else { operands };
    let mut why = None;
    for operand in named {
        let (base, below) = match operand.strip_suffix("...") {
            Some(base) => (base.trim_end_matches('/'), true),
            None => (*operand, false),
        };
        let Some(base) = tree::join(folder, base) else { continue };
        for path in sources.iter().filter(|path| path.ends_with("_test.go") && is_in(&base, path)) {
            let (own, file) = path.rsplit_once('/').unwrap_or(("", path));
            let hidden = |part: &str| part.starts_with(['.', '_']) || matches!(part, "testdata" | "vendor");
            let inner = own.strip_prefix(base.as_str()).unwrap_or(own);
            if (!below && own != base && *path != base)
                || inner.split('/').any(hidden)
                || file.starts_with(['.', '_'])
                || module_of(path) != module_of(&format!("{base}/x")) && !modules.is_empty() && !base.is_empty()
                || base.is_empty() && module_of(path).is_some_and(|module| !module.is_empty())
            {
                continue;
            }
            let seen = tree.seen(path);
            if seen.tests == 0 && (seen.unclear == 0 || tags.is_empty()) {
                continue;
            }
            let Some(Ok(text)) = tree.text(path) else { continue };
            // Tests behind a tag are unclear by themselves, and known where the command gives it.
            if seen.tests == 0 && tests_of_file(path, &without_tags(&text)).tests == 0 {
                continue;
            }
            if !is_built(file, &text, &tags) {
                why.get_or_insert_with(|| format!("the tests of {path} are built with tags alone that are not given"));
            } else if let Some(main) = odd_main(tree, &sources, own) {
                why.get_or_insert_with(|| format!("what TestMain of {main} makes of the tests is not known"));
            } else {
                return None;
            }
        }
    }
    Some(why.unwrap_or_else(|| "no test was found in the packages that \"go test\" names".to_owned()))
}

fn without_tags(text: &str) -> String {
    let kept = text.lines().filter(|line| !line.starts_with("//go:build ") && !line.starts_with("// +build "));
    kept.flat_map(|line| [line, "\n"]).collect()
}

fn is_built(file: &str, text: &str, tags: &[&str]) -> bool {
    let stem = file.strip_suffix("_test.go").unwrap_or(file);
    // Without a part before it, it is no suffix.
    if stem.rsplit_once('_').is_some_and(|(_, end)| ELSEWHERE.contains(&end)) {
        return false;
    }
    for line in text.lines().map(str::trim) {
        if line.starts_with("package ") {
            break;
        }
        if let Some(constraint) = line.strip_prefix("//go:build ")
            && !holds(constraint, tags)
        {
            return false;
        }
        // The older form: words in a line are alternatives, commas join.
        if let Some(constraint) = line.strip_prefix("// +build ") {
            let any = constraint.split_whitespace().any(|option| option.split(',').all(|word| word_holds(word, tags)));
            if !any {
                return false;
            }
        }
    }
    true
}

fn word_holds(word: &str, tags: &[&str]) -> bool {
    match word.strip_prefix('!') {
        Some(word) => {
            !tags.contains(&word) && (!HOLD.contains(&word) || matches!(word, "windows" | "darwin" | "race" | "cgo"))
        }
        None => tags.contains(&word) || HOLD.contains(&word) || word.starts_with("go1."),
    }
}

/// `a && (b || !c)`; one that is nested or cannot be read does not hold.
fn holds(text: &str, tags: &[&str]) -> bool {
    let mut tokens = Vec::new();
    let spaced =
        text.replace('(', " ( ").replace(')', " ) ").replace("&&", " && ").replace("||", " || ").replace('!', " ! ");
    tokens.extend(spaced.split_whitespace());
    let mut reader = Constraint { tokens: &tokens, at: 0, tags, depth: 0 };
    let value = reader.any();
    value == Some(true) && reader.at == tokens.len()
}

struct Constraint<'a> {
    tokens: &'a [&'a str],
    at: usize,
    tags: &'a [&'a str],
    depth: usize,
}

impl Constraint<'_> {
    fn eat(&mut self, token: &str) -> bool {
        let fits = self.tokens.get(self.at) == Some(&token);
        self.at += usize::from(fits);
        fits
    }

    fn any(&mut self) -> Option<bool> {
        let mut value = self.all()?;
        while self.eat("||") {
            value |= self.all()?;
        }
        Some(value)
    }

    fn all(&mut self) -> Option<bool> {
        let mut value = self.one()?;
        while self.eat("&&") {
            value &= self.one()?;
        }
        Some(value)
    }

    fn one(&mut self) -> Option<bool> {
        self.depth += 1;
        let value = if self.depth > 50 {
            None
        } else if self.eat("!") {
            // What is negated is one word, or it is not understood.
            let word = self.tokens.get(self.at).filter(|word| **word != "(" && **word != "!")?;
            self.at += 1;
            Some(word_holds(&format!("!{word}"), self.tags))
        } else if self.eat("(") {
            let value = self.any()?;
            self.eat(")").then_some(value)
        } else {
            let word = self.tokens.get(self.at).filter(|word| !matches!(**word, ")" | "&&" | "||"))?;
            self.at += 1;
            Some(word_holds(word, self.tags))
        };
        self.depth -= 1;
        value
    }
}

/// A file of the package whose `TestMain` does not plainly run the tests and end as they do.
fn odd_main(tree: &dyn Tree, sources: &[String], folder: &str) -> Option<String> {
    let beside = sources
        .iter()
        .filter(|path| path.ends_with("_test.go") && path.rsplit_once('/').map_or("", |(own, _)| own) == folder);
    for path in beside {
        let Some(Ok(text)) = tree.text(path) else { return Some(path.clone()) };
        if !test_main_of_go_is_plain(&text) {
            return Some(path.clone());
        }
    }
    None
}

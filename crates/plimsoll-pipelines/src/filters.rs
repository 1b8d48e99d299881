//! The filters of events: branches, tags, paths, types.
//!
//! Source: GitHub, "Workflow syntax", on `on.<event>.branches|tags|paths|types` and the filter pattern cheat sheet.

use std::cell::Cell;

use yaml_serde::Value;

mod never;

pub(super) use never::is_never;

/// Names of the branch that changes go to, where nobody says which one it is.
pub(super) const MAIN_BRANCHES: &[&str] =
    &["main", "master", "trunk", "develop", "development", "devel", "dev", "default"];
/// Paths that stand for the source where the tree holds none.
const USUAL_SOURCES: &[&str] =
    &["src/lib.rs", "crates/a/src/lib.rs", "main.go", "src/a.py", "src/index.js", "src/index.ts", "src/main.c"];
/// Patterns of one filter; more are not understood.
const MOST_PATTERNS: usize = 100;
/// Characters of a pattern and of a path that are compared.
const LONGEST: usize = 300;

/// Steps of comparing that one collection may take over all its filters. The usual filter takes some thousands.
const MOST_WORK: u64 = 100_000_000;

/// What may still be compared for one file.
#[derive(Debug)]
pub(super) struct Budget(Cell<u64>);

impl Budget {
    /// The share of one of `files` files.
    pub(super) fn share(files: usize) -> Self {
        Self(Cell::new(MOST_WORK / (files.max(1) as u64)))
    }

    pub(super) fn is_spent(&self) -> bool {
        self.0.get() == 0
    }

    fn take(&self, steps: usize) -> Option<()> {
        let left = self.0.get().checked_sub(steps as u64).filter(|left| *left > 0);
        self.0.set(left.unwrap_or(0));
        left.map(|_| ())
    }
}

/// For how many changes an event comes about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// For none.
    #[default]
    None,
    /// A filter is not understood or takes too long to compare.
    Unknown,
    /// For some of them.
    Some,
    /// For every one.
    Every,
}

impl Reach {
    /// The word in a fact.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Unknown => "unknown",
            Self::Some => "some",
            Self::Every => "every",
        }
    }

    fn of(passed: usize, all: usize) -> Self {
        if passed == 0 {
            Self::None
        } else if passed * 2 > all {
            Self::Every
        } else {
            Self::Some
        }
    }
}

/// For how many changes on their way to the main branch does an event with these filters come about, whatever source
/// they touch? `sources` are paths of the source; most of them have to pass.
pub(super) fn reach(event: &str, body: Option<&Value>, sources: &[&str], budget: &Budget) -> Reach {
    if !matches!(event, "push" | "pull_request" | "merge_group") {
        return Reach::None;
    }
    let Some(body) = body.filter(|body| !body.is_null()) else { return Reach::Every };
    let Some(body) = body.as_mapping() else { return Reach::None };
    let get = |key: &str| body.get(key);
    let has = |key: &str| body.contains_key(key);
    let types = |needed: &[&str]| match get("types") {
        None => true,
        Some(types) => texts(types).is_some_and(|types| needed.iter().all(|one| types.contains(one))),
    };
    let branches = || branches(get("branches"), get("branches-ignore"), budget);
    let paths = || paths(get("paths"), get("paths-ignore"), sources, budget);
    match event {
        // Only filters for tags: branches are left out.
        "push" if (has("tags") || has("tags-ignore")) && !has("branches") && !has("branches-ignore") => Reach::None,
        "push" => match branches().min(paths()) {
            Reach::Every if !takes_topics(get("branches"), budget) => Reach::Some,
            reach => reach,
        },
        "pull_request" if types(&["opened", "synchronize"]) => branches().min(paths()),
        "merge_group" if types(&["checks_requested"]) => branches(),
        _ => Reach::None,
    }
}

/// Names of branches on which changes are made.
pub(super) const TOPICS: &[&str] = &["topic", "topic/a", "feature/a", "feat/a", "fix/a", "dev/a"];

/// Does a push to a branch on which a change is made, before it is taken, pass? What is pushed to the main branch alone is taken
/// already: its failure keeps nothing out.
fn takes_topics(only: Option<&Value>, budget: &Budget) -> bool {
    let Some(only) = only else { return true };
    let patterns = parsed(only);
    patterns.is_some_and(|patterns| TOPICS.iter().any(|topic| passes(&patterns, topic, budget) == Some(true)))
}

/// Does the event come about for a draft that is made ready as well?
pub(super) fn sees_ready(body: Option<&Value>) -> bool {
    body.and_then(|body| body.get("types")).and_then(texts).is_some_and(|types| types.contains(&"ready_for_review"))
}

fn branches(only: Option<&Value>, ignored: Option<&Value>, budget: &Budget) -> Reach {
    let passes_all = |patterns: &Value| {
        let patterns = parsed(patterns)?;
        MAIN_BRANCHES.iter().map(|branch| passes(&patterns, branch, budget)).collect::<Option<Vec<bool>>>()
    };
    match (only, ignored) {
        (None, None) => Reach::Every,
        // GitHub refuses both.
        (Some(_), Some(_)) => Reach::None,
        (Some(only), None) => match passes_all(only) {
            Some(passed) if passed.contains(&true) => Reach::Every,
            // The main branch may have a name of its own.
            Some(_) => Reach::Some,
            None => Reach::Unknown,
        },
        // The branch that is left out may be the main one, whatever its name.
        (None, Some(ignored)) => match passes_all(ignored) {
            Some(left_out) if left_out.contains(&true) => Reach::Some,
            Some(_) => Reach::Every,
            None => Reach::Unknown,
        },
    }
}

fn paths(only: Option<&Value>, ignored: Option<&Value>, sources: &[&str], budget: &Budget) -> Reach {
    let (patterns, wanted) = match (only, ignored) {
        (None, None) => return Reach::Every,
        (Some(only), None) => (parsed(only), true),
        (None, Some(ignored)) => (parsed(ignored), false),
        (Some(_), Some(_)) => return Reach::None,
    };
    let Some(patterns) = patterns else { return Reach::Unknown };
    let usual = sources.is_empty();
    let sources = if usual { USUAL_SOURCES } else { sources };
    let passed: Option<Vec<bool>> = sources.iter().map(|path| passes(&patterns, path, budget)).collect();
    let Some(passed) = passed else { return Reach::Unknown };
    let passed = passed.into_iter().filter(|passed| *passed == wanted).count();
    Reach::of(passed, if usual { passed } else { sources.len() })
}

fn texts(value: &Value) -> Option<Vec<&str>> {
    match value {
        Value::String(text) => Some(vec![text]),
        Value::Sequence(values) if values.len() <= MOST_PATTERNS => values.iter().map(Value::as_str).collect(),
        _ => None,
    }
}

/// A part of a pattern.
#[derive(Debug, PartialEq)]
enum Atom {
    /// One of these; it may be left out, and it may be repeated.
    Byte { ranges: Vec<(u8, u8)>, optional: bool, repeated: bool },
    /// `*`: anything within a part of the path.
    Star,
    /// `**`: anything.
    Deep,
    /// `**/`: anything that ends with a slash, or nothing.
    Folders,
}

struct Pattern {
    positive: bool,
    atoms: Vec<Atom>,
}

fn parsed(value: &Value) -> Option<Vec<Pattern>> {
    texts(value)?.into_iter().map(pattern).collect()
}

/// Absent where it is not understood.
fn pattern(text: &str) -> Option<Pattern> {
    let (text, positive) = text.strip_prefix('!').map_or((text, true), |text| (text, false));
    if text.len() > LONGEST {
        return None;
    }
    let mut atoms = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        rest = behind;
        let one = |byte| Atom::Byte { ranges: vec![(byte, byte)], optional: false, repeated: false };
        let atom = match first {
            b'*' if rest.starts_with(b"*/") => {
                rest = rest.get(2..)?;
                Atom::Folders
            }
            b'*' if rest.starts_with(b"*") => {
                rest = rest.get(1..)?;
                Atom::Deep
            }
            b'*' => Atom::Star,
            b'?' | b'+' => {
                let Some(Atom::Byte { optional, repeated, .. }) = atoms.last_mut() else { return None };
                *(if *first == b'?' { optional } else { repeated }) = true;
                continue;
            }
            b'[' => {
                let end = rest.iter().position(|byte| *byte == b']')?;
                let ranges = ranges(rest.get(..end)?)?;
                rest = rest.get(end + 1..)?;
                Atom::Byte { ranges, optional: false, repeated: false }
            }
            b']' => return None,
            b'\\' => {
                let (escaped, behind) = rest.split_first()?;
                rest = behind;
                one(*escaped)
            }
            other => one(*other),
        };
        atoms.push(atom);
    }
    Some(Pattern { positive, atoms })
}

/// Letters and digits, and ranges of them.
fn ranges(mut inside: &[u8]) -> Option<Vec<(u8, u8)>> {
    let mut ranges = Vec::new();
    while let Some((first, behind)) = inside.split_first() {
        let (last, behind) = match behind {
            [b'-', last, behind @ ..] => (last, behind),
            _ => (first, behind),
        };
        let kind = |byte: &u8| (byte.is_ascii_digit(), byte.is_ascii_lowercase(), byte.is_ascii_uppercase());
        if !first.is_ascii_alphanumeric() || kind(first) != kind(last) {
            return None;
        }
        ranges.push((*first, *last));
        inside = behind;
    }
    (!ranges.is_empty()).then_some(ranges)
}

/// The last pattern that matches decides; `!` turns it round. Absent where it takes too long.
fn passes(patterns: &[Pattern], name: &str, budget: &Budget) -> Option<bool> {
    if name.len() > LONGEST {
        return None;
    }
    let mut passed = false;
    for pattern in patterns {
        if matches(&pattern.atoms, name, budget)? {
            passed = pattern.positive;
        }
    }
    Some(passed)
}

fn matches(atoms: &[Atom], name: &str, budget: &Budget) -> Option<bool> {
    let name = name.as_bytes();
    // The lengths of `name` that the pattern so far can have taken.
    let mut reached = vec![false; name.len() + 1];
    if let Some(first) = reached.first_mut() {
        *first = true;
    }
    for atom in atoms {
        budget.take(name.len() + 1)?;
        let was = |at: usize| reached.get(at) == Some(&true);
        let mut next = vec![false; name.len() + 1];
        let mut taking = false;
        for at in 0..=name.len() {
            let before = at.checked_sub(1).and_then(|before| name.get(before));
            let fits = match atom {
                Atom::Star => {
                    taking = was(at) || (taking && before != Some(&b'/'));
                    taking
                }
                Atom::Deep => {
                    taking |= was(at);
                    taking
                }
                Atom::Folders => {
                    let fits = was(at) || (taking && before == Some(&b'/'));
                    taking |= was(at);
                    fits
                }
                Atom::Byte { ranges, optional, repeated } => {
                    let byte = before.is_some_and(|byte| ranges.iter().any(|(from, to)| (from..=to).contains(&byte)));
                    let from = at.checked_sub(1).is_some_and(was) || (*repeated && taking);
                    taking = byte && from;
                    taking || (*optional && was(at))
                }
            };
            if let Some(slot) = next.get_mut(at) {
                *slot = fits;
            }
        }
        if !next.contains(&true) {
            return Some(false);
        }
        reached = next;
    }
    Some(reached.last() == Some(&true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_github_has_them() {
        for (pattern, name, expected) in [
            ("*", "main", true),
            ("*", "a/b", false),
            ("**", "a/b", true),
            ("**.js", "a/b.js", true),
            ("*.js", "a/b.js", false),
            ("**/README.md", "README.md", true),
            ("**/README.md", "a/b/README.md", true),
            ("**/README.md", "a/NOREADME.md", false),
            ("docs/**", "docs/a/b", true),
            ("docs/**", "src/docs/a", false),
            ("**/src/**", "src/a", true),
            ("releases/**-alpha", "releases/a/b-alpha", true),
            ("main", "main2", false),
            ("", "a", false),
            ("*.jsx?", "a.js", true),
            ("*.jsx?", "a.jsx", true),
            ("*.jsx?", "a.jsxx", false),
            ("[CB]at", "Cat", true),
            ("[CB]at", "Dat", false),
            ("[1-2]00", "200", true),
            ("[1-2]00", "300", false),
            ("v[12].[0-9]+.[0-9]+", "v1.10.1", true),
            ("v[12].[0-9]+.[0-9]+", "v3.1.1", false),
            ("v[12].[0-9]+.[0-9]+", "v1..1", false),
            ("[a-z]+", "main", true),
            ("[a-z]+", "Main", false),
            ("a\\*", "a*", true),
            ("a\\*", "ab", false),
        ] {
            let pattern = super::pattern(pattern).unwrap();
            assert_eq!(matches(&pattern.atoms, name, &Budget::share(1)), Some(expected), "{name}");
        }
        for pattern in ["*?", "+", "?a", "[", "a]", "[]", "[a-Z]", "[é]", "\\", &"a".repeat(301)] {
            assert!(super::pattern(pattern).is_none(), "{pattern}");
        }
    }

    // 100 patterns x 300 paths x 300 x 300 steps for each event of each file: 90 minutes for 2,000 files of one blob.
    #[test]
    fn all_filters_together_have_one_bound() {
        let budget = Budget::share(2000);
        let patterns: Vec<String> = (0..100).map(|n| format!("{}{n}", "*a".repeat(140))).collect();
        let body = yaml_serde::to_value(serde_json::json!({ "paths": patterns })).unwrap();
        let sources: Vec<String> = (0..300).map(|n| format!("{}{n}.rs", "a/".repeat(140))).collect();
        let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
        assert_eq!(reach("push", Some(&body), &sources, &budget), Reach::Unknown);
        assert!(budget.is_spent());
        let (small, body) = (Budget::share(2000), yaml_serde::from_str("paths: ['src/**', '!**.md']").unwrap());
        let sources: Vec<String> = (0..300).map(|n| format!("src/a/b/c{n}.rs")).collect();
        let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
        assert_eq!(reach("push", Some(&body), &sources, &small), Reach::Every);
    }

    #[test]
    fn a_filter_that_leaves_changes_out_does_not_count() {
        let check = |event: &str, body: &str, sources: &[&str]| {
            reach(event, Some(&yaml_serde::from_str(body).unwrap()), sources, &Budget::share(1)) == Reach::Every
        };
        let sources = ["src/lib.rs", "src/a.rs", "build.rs"];
        for (event, body) in [
            ("push", "~"),
            ("pull_request", "branches: [main]"),
            ("pull_request", "branches: main"),
            ("pull_request", "branches: [v0.*, trunk]"),
            ("push", "branches: ['**']\ntags-ignore: ['**']"),
            ("push", "branches: [main, 'feature/*']"),
            ("push", "branches-ignore: ['dependabot/**', gh-pages]"),
            ("push", "paths: ['**']"),
            ("push", "paths: ['src/**', Cargo.toml]"),
            ("push", "paths: ['**.rs']"),
            ("push", "paths-ignore: ['**.md', 'docs/**']"),
            ("push", "paths: ['**', '!docs/**']"),
            ("pull_request", "types: [opened, synchronize, labeled]"),
            ("merge_group", "types: [checks_requested]"),
        ] {
            assert!(check(event, body, &sources), "{event} {body}");
        }
        for (event, body) in [
            ("push", "tags: ['v*']"),
            // By then it is taken.
            ("push", "branches: [main]"),
            ("push", "branches: main"),
            ("push", "branches: [v0.*, trunk]"),
            ("push", "tags-ignore: [x]"),
            ("push", "tags-ignore: [x]\nbranches: []"),
            ("push", "branches: [never-exists]"),
            ("push", "branches: ['release/**']"),
            ("push", "branches: ['**', '!**']"),
            ("push", "branches: ['**', '!ma*', '!tr*', '!de*']"),
            ("push", "branches: ['[z]+']"),
            ("push", "branches: ['*?']"),
            ("push", "branches: {a: b}"),
            ("push", "branches: [1]"),
            ("push", "branches-ignore: ['**']"),
            ("push", "branches-ignore: [main]"),
            ("push", "branches: [main]\nbranches-ignore: [x]"),
            ("push", "paths: ['docs/src/**']"),
            ("push", "paths: ['build.rs']"),
            ("push", "paths: ['**/Cargo.lock']"),
            ("push", "paths-ignore: ['**']"),
            ("push", "paths-ignore: ['src/**']"),
            ("push", "paths: ['**', '!**.rs']"),
            ("push", "[a]"),
            ("pull_request", "types: [closed]"),
            ("pull_request", "types: [opened]"),
            ("pull_request", "types: labeled"),
            ("pull_request", "branches: [never-exists]"),
            ("merge_group", "types: [destroyed]"),
            ("pull_request_target", "~"),
            ("schedule", "~"),
        ] {
            assert!(!check(event, body, &sources), "{event} {body}");
        }
        // Where the tree shows no source, the usual places stand for it.
        assert!(check("push", "paths: ['crates/**']", &[]));
        assert!(!check("push", "paths: ['docs/src/**']", &[]));
    }

    #[test]
    fn what_lets_some_changes_in_is_not_nothing() {
        let sources = ["src/lib.rs", "src/a.rs", "build.rs", "web/a.ts", "web/b.ts"];
        for (body, expected) in [
            ("paths: ['web/**']", Reach::Some),
            ("paths: ['src/**', build.rs]", Reach::Every),
            ("paths: ['docs/**']", Reach::None),
            ("paths: ['*?']", Reach::Unknown),
            ("branches: [stable]", Reach::Some),
            ("branches-ignore: [main]", Reach::Some),
            ("branches: [stable]\npaths: ['docs/**']", Reach::None),
            ("branches: ['*?']\npaths: ['web/**']", Reach::Unknown),
            ("tags: [v1]", Reach::None),
        ] {
            let body: Value = yaml_serde::from_str(body).unwrap();
            assert_eq!(reach("push", Some(&body), &sources, &Budget::share(1)), expected, "{body:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_pattern_makes_it_panic(
            any: String, name: String, likely in "[*/a!?+\\[\\]-]{0,12}", path in "[a/]{0,12}",
        ) {
            for (text, name) in [(any, name), (likely, path)] {
                if let Some(pattern) = pattern(&text) {
                    let _ = matches(&pattern.atoms, &name, &Budget::share(1));
                }
            }
        }
    }
}

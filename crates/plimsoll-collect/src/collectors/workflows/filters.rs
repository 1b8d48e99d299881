//! The filters of events: branches, tags, paths, types.
//!
//! Source: GitHub, "Workflow syntax", on `on.<event>.branches|tags|paths|types` and the filter pattern cheat sheet.

use yaml_serde::Value;

/// Names of the branch that changes go to, where nobody says which one it is.
const MAIN_BRANCHES: &[&str] = &["main", "master", "trunk", "develop", "development", "devel", "dev", "default"];
/// Paths that stand for the source where the tree holds none.
const USUAL_SOURCES: &[&str] =
    &["src/lib.rs", "crates/a/src/lib.rs", "main.go", "src/a.py", "src/index.js", "src/index.ts", "src/main.c"];
/// Patterns of one filter; more are not understood.
const MOST_PATTERNS: usize = 100;
/// Characters of a pattern and of a path that are compared.
const LONGEST: usize = 300;

/// Does an event with these filters come about for every change on its way to the main branch, whatever source it
/// touches? `sources` are paths of the source; most of them have to pass.
pub(super) fn every_change(event: &str, body: Option<&Value>, sources: &[&str]) -> bool {
    if !matches!(event, "push" | "pull_request" | "merge_group") {
        return false;
    }
    let Some(body) = body.filter(|body| !body.is_null()) else { return true };
    let Some(body) = body.as_mapping() else { return false };
    let get = |key: &str| body.get(key);
    let has = |key: &str| body.contains_key(key);
    let types = |needed: &[&str]| match get("types") {
        None => true,
        Some(types) => texts(types).is_some_and(|types| needed.iter().all(|one| types.contains(one))),
    };
    match event {
        "push" => {
            // Only filters for tags: branches are left out.
            let tags_alone = (has("tags") || has("tags-ignore")) && !has("branches") && !has("branches-ignore");
            !tags_alone
                && branches(get("branches"), get("branches-ignore"))
                && paths(get("paths"), get("paths-ignore"), sources)
        }
        "pull_request" => {
            types(&["opened", "synchronize"])
                && branches(get("branches"), get("branches-ignore"))
                && paths(get("paths"), get("paths-ignore"), sources)
        }
        "merge_group" => types(&["checks_requested"]) && branches(get("branches"), get("branches-ignore")),
        _ => false,
    }
}

/// Does the event come about for a draft that is made ready as well?
pub(super) fn sees_ready(body: Option<&Value>) -> bool {
    body.and_then(|body| body.get("types")).and_then(texts).is_some_and(|types| types.contains(&"ready_for_review"))
}

fn branches(only: Option<&Value>, ignored: Option<&Value>) -> bool {
    match (only, ignored) {
        (None, None) => true,
        (Some(only), None) => {
            texts(only).is_some_and(|only| MAIN_BRANCHES.iter().any(|branch| passes(&only, branch) == Some(true)))
        }
        // The branch that is left out may be the main one, whatever its name.
        (None, Some(ignored)) => texts(ignored)
            .is_some_and(|ignored| MAIN_BRANCHES.iter().all(|branch| passes(&ignored, branch) == Some(false))),
        // GitHub refuses both.
        (Some(_), Some(_)) => false,
    }
}

fn paths(only: Option<&Value>, ignored: Option<&Value>, sources: &[&str]) -> bool {
    let (patterns, wanted) = match (only, ignored) {
        (None, None) => return true,
        (Some(only), None) => (texts(only), true),
        (None, Some(ignored)) => (texts(ignored), false),
        (Some(_), Some(_)) => return false,
    };
    let Some(patterns) = patterns else { return false };
    if sources.is_empty() {
        return USUAL_SOURCES.iter().any(|path| passes(&patterns, path) == Some(wanted));
    }
    let passed = sources.iter().filter(|path| passes(&patterns, path) == Some(wanted)).count();
    passed * 2 > sources.len()
}

fn texts(value: &Value) -> Option<Vec<&str>> {
    match value {
        Value::String(text) => Some(vec![text]),
        Value::Sequence(values) if values.len() <= MOST_PATTERNS => values.iter().map(Value::as_str).collect(),
        _ => None,
    }
}

/// The last pattern that matches decides; `!` turns it round. Absent where a pattern is not understood.
fn passes(patterns: &[&str], name: &str) -> Option<bool> {
    let mut passed = false;
    for pattern in patterns {
        let (pattern, positive) = pattern.strip_prefix('!').map_or((*pattern, true), |pattern| (pattern, false));
        // `?`, `+` and `[]` stand for repetitions and ranges.
        if pattern.contains(['?', '+', '[', ']', '\\']) || pattern.len() > LONGEST || name.len() > LONGEST {
            return None;
        }
        if matches(pattern, name) {
            passed = positive;
        }
    }
    Some(passed)
}

/// `*` stands for anything within a part of the path, `**` over parts; `**/` also for nothing.
fn matches(pattern: &str, name: &str) -> bool {
    let name = name.as_bytes();
    // The lengths of `name` that the pattern so far can have taken.
    let mut reached = vec![false; name.len() + 1];
    if let Some(first) = reached.first_mut() {
        *first = true;
    }
    let mut rest = pattern.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let deep = *first == b'*' && behind.first() == Some(&b'*');
        let mut next = vec![false; name.len() + 1];
        if *first == b'*' {
            rest = if deep { behind.get(1..).unwrap_or_default() } else { behind };
            let folders = deep && rest.first() == Some(&b'/');
            let mut taking = false;
            for at in 0..=name.len() {
                taking |= reached.get(at) == Some(&true);
                // With `**/` the rest begins where `**` did, or behind a slash.
                let fits = if folders {
                    reached.get(at) == Some(&true) || (taking && at > 0 && name.get(at - 1) == Some(&b'/'))
                } else {
                    taking
                };
                if let Some(slot) = next.get_mut(at) {
                    *slot = fits;
                }
                taking &= deep || name.get(at) != Some(&b'/');
            }
            rest = if folders { rest.get(1..).unwrap_or_default() } else { rest };
        } else {
            for (at, byte) in name.iter().enumerate() {
                if reached.get(at) == Some(&true)
                    && byte == first
                    && let Some(slot) = next.get_mut(at + 1)
                {
                    *slot = true;
                }
            }
            rest = behind;
        }
        reached = next;
    }
    reached.last() == Some(&true)
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
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn a_filter_that_leaves_changes_out_does_not_count() {
        let check = |event: &str, body: &str, sources: &[&str]| {
            every_change(event, Some(&yaml_serde::from_str(body).unwrap()), sources)
        };
        let sources = ["src/lib.rs", "src/a.rs", "build.rs"];
        for (event, body) in [
            ("push", "~"),
            ("push", "branches: [main]"),
            ("push", "branches: main"),
            ("push", "branches: ['**']\ntags-ignore: ['**']"),
            ("push", "branches: [v0.*, trunk]"),
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
            ("push", "tags-ignore: [x]"),
            ("push", "tags-ignore: [x]\nbranches: []"),
            ("push", "branches: [never-exists]"),
            ("push", "branches: ['release/**']"),
            ("push", "branches: ['**', '!**']"),
            ("push", "branches: ['**', '!ma*', '!tr*', '!de*']"),
            ("push", "branches: ['[a-z]+']"),
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

    proptest::proptest! {
        #[test]
        fn no_pattern_makes_it_panic(pattern: String, name: String, likely in "[*/a!]{0,12}", path in "[a/]{0,12}") {
            let _ = matches(&pattern, &name);
            let _ = matches(&likely, &path);
        }
    }
}

//! Which packages of Cargo a run of all tests takes in: those at the top, and the members of their workspaces.
//!
//! Source: the Cargo book, "Workspaces" (members, path dependencies as members, `exclude`).

use std::collections::{BTreeMap, BTreeSet};

use globset::GlobBuilder;

/// Patterns of members that are compared with folders.
const MOST_PATTERNS: usize = 500;

/// Folders of the packages that a run of the tests takes in, of the manifests by their folders.
pub(super) fn run(manifests: &BTreeMap<&str, toml::Table>) -> BTreeSet<String> {
    let mut run = BTreeSet::new();
    for (root, manifest) in manifests {
        if ancestors(root).any(|above| manifests.contains_key(above)) {
            continue;
        }
        run.insert((*root).to_owned());
        let Some(workspace) = manifest.get("workspace") else { continue };
        let excluded = texts(workspace.get("exclude"));
        let named: Vec<String> = texts(workspace.get("members")).into_iter().take(MOST_PATTERNS).collect();
        let below = |folder: &str| within(root, folder).map(ToOwned::to_owned);
        let is_named = |folder: &str| {
            below(folder).is_some_and(|inside| {
                named.iter().any(|pattern| {
                    let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
                    GlobBuilder::new(pattern)
                        .literal_separator(true)
                        .build()
                        .is_ok_and(|glob| glob.compile_matcher().is_match(&inside))
                })
            })
        };
        let is_excluded = |folder: &str| {
            below(folder).is_some_and(|inside| {
                excluded.iter().any(|one| {
                    let one = one.trim_start_matches("./").trim_end_matches('/');
                    within(one, &inside).is_some() && !one.is_empty()
                })
            })
        };
        let has_own = |folder: &str| manifests.get(folder).is_some_and(|table| table.contains_key("workspace"));
        let members = manifests
            .keys()
            .filter(|folder| *folder != root && within(root, folder).is_some() && !has_own(folder) && is_named(folder));
        let mut open: Vec<String> = members.map(|folder| (*folder).to_owned()).collect();
        // What is named by itself stays a member; what an exclusion takes out of a pattern does not.
        open.retain(|folder| !is_excluded(folder) || named.iter().any(|one| below(folder).as_ref() == Some(one)));
        open.push((*root).to_owned());
        let mut seen = BTreeSet::new();
        while let Some(folder) = open.pop() {
            if !seen.insert(folder.clone()) {
                continue;
            }
            let depended = manifests.get(folder.as_str()).map(paths).unwrap_or_default();
            for path in depended.iter().filter_map(|path| super::modules::resolve(&folder, path)) {
                if manifests.contains_key(path.as_str())
                    && within(root, &path).is_some()
                    && !is_excluded(&path)
                    && !has_own(&path)
                {
                    open.push(path);
                }
            }
        }
        run.extend(seen);
    }
    run
}

/// The folders above a folder, up to the root.
fn ancestors(folder: &str) -> impl Iterator<Item = &str> {
    let above = |folder: &str| folder.rsplit_once('/').map_or("", |(above, _)| above).len();
    std::iter::successors(Some(folder), move |here| {
        (!here.is_empty()).then(|| folder.get(..above(here)).unwrap_or_default())
    })
    .skip(1)
}

/// `folder` from `root`; nothing where it is not below it.
fn within<'a>(root: &str, folder: &'a str) -> Option<&'a str> {
    if root.is_empty() {
        return Some(folder);
    }
    let rest = folder.strip_prefix(root)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

fn texts(value: Option<&toml::Value>) -> Vec<String> {
    let all = value.and_then(toml::Value::as_array).into_iter().flatten();
    all.filter_map(|one| Some(one.as_str()?.to_owned())).collect()
}

/// The paths of dependencies of every type, also of those for one target and of those that members inherit.
fn paths(manifest: &toml::Table) -> Vec<String> {
    let mut found = Vec::new();
    let mut tables: Vec<&toml::Table> = vec![manifest];
    tables.extend(manifest.get("workspace").and_then(toml::Value::as_table));
    let targets = manifest.get("target").and_then(toml::Value::as_table).into_iter().flatten();
    tables.extend(targets.filter_map(|(_, target)| target.as_table()));
    for table in tables {
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for (_, one) in table.get(kind).and_then(toml::Value::as_table).into_iter().flatten() {
                found.extend(one.get("path").and_then(toml::Value::as_str).map(ToOwned::to_owned));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(manifests: &[(&str, &str)], expected: &str) {
        let tables = manifests.iter().map(|(folder, text)| (*folder, text.parse().unwrap())).collect();
        assert_eq!(run(&tables).into_iter().collect::<Vec<_>>().join(" "), expected, "{manifests:?}");
    }

    #[test]
    fn members_are_those_of_cargo() {
        let package = "[package]\nname = \"x\"\n";
        check(&[("", package)], "");
        check(&[("a", package), ("b", package)], "a b");
        check(&[("", package), ("a", package)], "");
        check(
            &[("", "[workspace]\nmembers = [\"a\", \"c/*\"]"), ("a", package), ("b", package), ("c/d", package)],
            " a c/d",
        );
        check(&[("", "[workspace]\nmembers = [\"*\"]\nexclude = [\"b\"]"), ("a", package), ("b", package)], " a");
        check(&[("", "[workspace]\nmembers = [\"*\"]\n"), ("a", package), ("a/fixture", package)], " a");
        check(
            &[
                ("", "[workspace]\n[dependencies]\nq = { path = \"a\" }"),
                ("a", "[dev-dependencies]\nb = { path = \"../b\" }"),
                ("b", package),
            ],
            " a b",
        );
        check(&[("", "[dependencies]\nq = { path = \"a\" }"), ("a", package)], "");
        check(&[("", "[workspace]\nmembers = [\"a\"]"), ("a", "[workspace]\n[package]\n")], "");
        check(&[("", "[workspace]\nmembers = [\"./a/\"]"), ("a", package), ("ab", package)], " a");
        check(&[("x", "[workspace]\nmembers = [\"a\"]"), ("x/a", package), ("xa", package)], "x x/a xa");
    }
}

//! Which packages of Cargo a run of all tests takes in: those at the top, and the members of their workspaces.
//!
//! Source: the Cargo book, "Workspaces" (members, path dependencies as members, `exclude`).

use std::collections::{BTreeMap, BTreeSet};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// Patterns of members of one workspace that are compared with folders.
const MOST_PATTERNS: usize = 500;
/// Bytes of patterns times bytes of folders that are compared, in all workspaces of a tree together.
const MOST_WORK: u64 = 500_000_000;
/// What it costs to make a pattern ready, as bytes of folders.
const READY: u64 = 4_096;

/// The members that the list of a workspace names.
struct Named {
    plain: BTreeSet<String>,
    patterns: GlobSet,
}

impl Named {
    /// Nothing where there is more to compare with these folders than the work that is left.
    fn new(members: &[String], folders: &[&str], left: &mut u64) -> Option<Self> {
        let trimmed = members.iter().map(|member| trimmed(member));
        let (patterns, plain): (Vec<&str>, Vec<&str>) =
            trimmed.partition(|member| member.contains(['*', '?', '[', '{', '\\']));
        let bytes = |texts: &[&str]| texts.iter().fold(0_u64, |sum, text| sum.saturating_add(text.len() as u64 + 1));
        let work = bytes(&patterns).saturating_mul(bytes(folders).saturating_add(READY));
        *left = left.checked_sub(work)?;
        if patterns.len() > MOST_PATTERNS {
            return None;
        }
        let mut set = GlobSetBuilder::new();
        for pattern in patterns {
            if let Ok(glob) = GlobBuilder::new(pattern).literal_separator(true).build() {
                set.add(glob);
            }
        }
        Some(Self { plain: plain.into_iter().map(ToOwned::to_owned).collect(), patterns: set.build().ok()? })
    }

    fn takes(&self, inside: &str) -> bool {
        self.plain.contains(inside) || self.patterns.is_match(inside)
    }
}

fn trimmed(member: &str) -> &str {
    member.trim_start_matches("./").trim_end_matches('/')
}

/// Folders of the packages that a run of the tests takes in, of the manifests by their folders; and are they all?
pub fn tested_packages(manifests: &BTreeMap<&str, toml::Table>) -> (BTreeSet<String>, bool) {
    let mut run = BTreeSet::new();
    let (mut left, mut is_whole) = (MOST_WORK, true);
    for (root, manifest) in manifests {
        if ancestors(root).any(|above| manifests.contains_key(above)) {
            continue;
        }
        run.insert((*root).to_owned());
        let Some(workspace) = manifest.get("workspace") else { continue };
        let excluded = texts(workspace.get("exclude"));
        let excluded: BTreeSet<&str> = excluded.iter().map(|one| trimmed(one)).filter(|one| !one.is_empty()).collect();
        let folders: Vec<&str> = manifests
            .range(*root..)
            .map(|(folder, _)| *folder)
            .take_while(|folder| folder.starts_with(root))
            .filter(|folder| folder != root && within(root, folder).is_some())
            .collect();
        let Some(named) = Named::new(&texts(workspace.get("members")), &folders, &mut left) else {
            is_whole = false;
            continue;
        };
        let is_named = |folder: &str| within(root, folder).is_some_and(|inside| named.takes(inside));
        let is_excluded = |folder: &str| {
            within(root, folder).is_some_and(|inside| {
                excluded.contains(inside) || ancestors(inside).any(|above| excluded.contains(above))
            })
        };
        let has_own = |folder: &str| manifests.get(folder).is_some_and(|table| table.contains_key("workspace"));
        let members = folders.into_iter().filter(|folder| !has_own(folder) && is_named(folder));
        let mut open: Vec<String> = members.map(ToOwned::to_owned).collect();
        // What is named by itself stays a member; what an exclusion takes out of a pattern does not.
        open.retain(|folder| {
            !is_excluded(folder) || within(root, folder).is_some_and(|inside| named.plain.contains(inside))
        });
        open.push((*root).to_owned());
        let mut seen = BTreeSet::new();
        while let Some(folder) = open.pop() {
            if !seen.insert(folder.clone()) {
                continue;
            }
            let depended = manifests.get(folder.as_str()).map(paths).unwrap_or_default();
            for path in depended.iter().filter_map(|path| crate::modules::resolve(&folder, path)) {
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
    (run, is_whole)
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
        let (run, is_whole) = tested_packages(&tables);
        assert_eq!(run.into_iter().collect::<Vec<_>>().join(" "), expected, "{manifests:?}");
        assert!(is_whole, "{manifests:?}");
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
    /// More than is compared is not only slow: it is reported.
    #[test]
    fn more_patterns_than_are_compared_are_told() {
        let package: toml::Table = "[package]\nname = \"x\"\n".parse().unwrap();
        for (patterns, folders, expected) in [(400, 300, true), (501, 1, false), (500, 6_000, false)] {
            let deep = "folder/".repeat(20);
            let names: Vec<String> = (0..folders).map(|number| format!("{deep}{number}")).collect();
            let members: Vec<String> = (0..patterns).map(|number| format!("\"f{number}/**/*\"")).collect();
            let root = format!("[workspace]\nmembers = [{}, \"{deep}1\"]", members.join(", "));
            let mut tables: BTreeMap<&str, toml::Table> =
                names.iter().map(|name| (name.as_str(), package.clone())).collect();
            tables.insert("", root.parse().unwrap());
            let (run, is_whole) = tested_packages(&tables);
            assert_eq!(is_whole, expected, "{patterns} {folders}");
            assert_eq!(run.len(), if expected { 2 } else { 1 }, "{patterns} {folders}");
        }
    }
}

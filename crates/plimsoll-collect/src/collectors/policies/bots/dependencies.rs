//! The dependencies that manifests name, to see whether a bot that leaves some out brings any.

use plimsoll_snapshot::Snapshot;
use regex::Regex;

use crate::{PathClass, PathClasses};

/// Bytes of a manifest, and manifests that are read.
const LARGEST: u64 = 1024 * 1024;
const MOST: usize = 200;
/// Bytes of a pattern that is tried.
const LONGEST: usize = 200;

/// Ecosystems whose dependencies are read, with the name of the manifest.
const READ: &[(&str, &str)] = &[("cargo", "Cargo.toml"), ("go", "go.mod"), ("npm", "package.json")];

/// The names of what the manifests of an ecosystem depend on, by its name; of other ecosystems nothing is known.
pub(super) fn named(ecosystem: &str, snapshot: &Snapshot, classes: &PathClasses) -> Vec<String> {
    let Some((_, manifest)) = READ.iter().find(|(name, _)| *name == ecosystem) else { return Vec::new() };
    let manifests = snapshot
        .entries()
        .iter()
        .filter(|entry| entry.is_file() && entry.name() == *manifest && classes.of(&entry.path) == PathClass::Shipped);
    let mut names: Vec<String> = manifests
        .take(MOST)
        .filter_map(|entry| snapshot.read_text(entry, LARGEST).ok())
        .flat_map(|text| match ecosystem {
            "cargo" => cargo(&text),
            "npm" => npm(&text),
            _ => go(&text),
        })
        .collect();
    names.sort();
    names.dedup();
    names
}

/// The ecosystems whose dependencies are read.
pub(super) fn readable() -> impl Iterator<Item = &'static str> {
    READ.iter().map(|(name, _)| *name)
}

fn cargo(text: &str) -> Vec<String> {
    let Ok(manifest) = text.parse::<toml::Table>() else { return Vec::new() };
    let mut tables: Vec<&toml::Table> = vec![&manifest];
    tables.extend(manifest.get("workspace").and_then(toml::Value::as_table));
    let targets = manifest.get("target").and_then(toml::Value::as_table).into_iter().flatten();
    tables.extend(targets.filter_map(|(_, target)| target.as_table()));
    let mut names = Vec::new();
    for table in tables {
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for (name, one) in table.get(kind).and_then(toml::Value::as_table).into_iter().flatten() {
                let own = one.get("path").is_some() || one.get("workspace").is_some();
                let real = one.get("package").and_then(toml::Value::as_str).unwrap_or(name);
                names.extend((!own).then(|| real.to_owned()));
            }
        }
    }
    names
}

fn npm(text: &str) -> Vec<String> {
    let Ok(package) = serde_json::from_str::<serde_json::Value>(text) else { return Vec::new() };
    let kinds = ["dependencies", "devDependencies", "optionalDependencies"];
    let tables = kinds.iter().filter_map(|kind| package.get(kind)?.as_object());
    tables.flat_map(|table| table.keys().cloned()).collect()
}

fn go(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| line.trim().trim_start_matches("require ").trim_start());
    lines
        .filter_map(|line| {
            let (name, version) = line.split_once(' ')?;
            (name.contains('.') && version.starts_with('v')).then(|| name.to_owned())
        })
        .collect()
}

/// Does a pattern with `*`, or between slashes a regular expression, match the name?
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    if pattern.len() > LONGEST {
        return false;
    }
    if let Some(regex) = pattern.strip_prefix('/').and_then(|rest| rest.trim_end_matches('i').strip_suffix('/')) {
        return Regex::new(regex).is_ok_and(|regex| regex.is_match(name));
    }
    let regex: Vec<String> = pattern.split('*').map(regex::escape).collect();
    Regex::new(&format!("^{}$", regex.join(".*"))).is_ok_and(|regex| regex.is_match(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn direct_dependencies_are_read() {
        let cargo = cargo(
            "[dependencies]\na = \"1\"\nb = { path = \"b\" }\nc = { package = \"d\", version = \"1\" }\n[target.x.dev-dependencies]\ne = \"1\"\n[workspace.dependencies]\nf = \"1\"\n",
        );
        assert_eq!(cargo.join(" "), "a d f e");
        assert_eq!(npm("{\"dependencies\":{\"a\":\"1\"},\"devDependencies\":{\"@b/c\":\"1\"}}").join(" "), "a @b/c");
        assert_eq!(
            go("module x\nrequire a.b/c v1\nrequire (\n\td.e/f v2 // indirect\n)\ngo 1.22\n").join(" "),
            "a.b/c d.e/f"
        );
        for (pattern, name, expected) in [
            ("serde*", "serde_json", true),
            ("serde", "serde_json", false),
            ("*", "x", true),
            ("/^a/", "ab", true),
            ("/[/", "ab", false),
            ("a.c", "abc", false),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }
}

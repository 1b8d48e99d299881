//! What a tree sets for Cargo that lets something else be built than its manifests and its lockfile say.
//!
//! Nothing of it is followed: what is set so is a gap of each workspace in which it is in force.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::tree_path;
use toml::{Table, Value};

/// Tables that change how something is built or shown, and not which packages it is built from.
///
/// Source: the Cargo Book, "Configuration".
const PLAIN: &[&str] = &[
    "alias",
    "build",
    "cache",
    "cargo-new",
    "credential-alias",
    "doc",
    "env",
    "future-incompat-report",
    "host",
    "http",
    "install",
    "lints",
    "net",
    "profile",
    "target",
    "term",
    "unstable",
];
/// Keys with which a registry is asked, or to which one it is published.
const ACCESS: &[&str] = &["protocol", "token", "credential-provider", "global-credential-providers", "secret-key"];

/// May this path be a configuration of Cargo?
pub(crate) fn is_one(path: &str) -> bool {
    matches!(tree_path::name(path), "config.toml" | "config") && tree_path::name(tree_path::folder(path)) == ".cargo"
}

/// The configurations of a tree in which there is something that is not followed.
#[derive(Default)]
pub(crate) struct Configurations<'a> {
    /// By the folder for which they are in force: path and reason.
    by_folder: BTreeMap<&'a str, Vec<(&'a str, String)>>,
}

impl<'a> Configurations<'a> {
    /// `manifests` are the folders that hold manifests.
    pub(crate) fn read(
        files: &'a BTreeMap<String, Result<Vec<u8>, String>>,
        manifests: &BTreeSet<&str>,
    ) -> Configurations<'a> {
        let mut all = Self::default();
        for (path, content) in files.iter().filter(|(path, _)| is_one(path)) {
            let folder = tree_path::folder(tree_path::folder(path));
            let reason = match content {
                Ok(bytes) => reason(bytes, folder, manifests),
                Err(reason) => Some(reason.clone()),
            };
            if let Some(reason) = reason {
                all.by_folder.entry(folder).or_default().push((path, reason));
            }
        }
        all
    }

    /// What is in force in one of these folders: path and reason, by path.
    pub(crate) fn in_force<'b>(&self, folders: impl Iterator<Item = &'b str>) -> BTreeMap<&'a str, &str> {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut found = BTreeMap::new();
        if self.by_folder.is_empty() {
            return found;
        }
        for mut folder in folders {
            while seen.insert(folder) {
                let here = self.by_folder.get(folder).into_iter().flatten();
                found.extend(here.map(|(path, reason)| (*path, reason.as_str())));
                if folder.is_empty() {
                    break;
                }
                folder = tree_path::folder(folder);
            }
        }
        found
    }
}

/// What of a configuration is not followed, in one clause.
fn reason(bytes: &[u8], folder: &str, manifests: &BTreeSet<&str>) -> Option<String> {
    let table = std::str::from_utf8(bytes).ok().and_then(|text| text.parse::<Table>().ok());
    let Some(table) = table else { return Some("is not understood".to_owned()) };
    table.iter().find_map(|(key, value)| {
        let said = match key.as_str() {
            key if PLAIN.contains(&key) => return None,
            "source" if is_vendored(value, folder, manifests) => return None,
            "registries" if all(value, &|name, value| name == "crates-io" && has_only(value, ACCESS)) => return None,
            "registry" if all(value, &|key, _| key == "default" || ACCESS.contains(&key)) => return None,
            "resolver" if has_only(value, &["incompatible-rust-versions"]) => return None,
            "patch" | "source" => "replaces sources",
            "paths" => "replaces packages",
            "registries" | "registry" => "says where registries are",
            "resolver" => "says what is locked",
            "include" => "takes in other files",
            _ => "has a setting that is not known",
        };
        let key = plimsoll_model::excerpt(key, 80);
        Some(match value {
            Value::Table(_) => format!("{said} ([{key}]), which is not followed"),
            _ => format!("{said} ({key}), which is not followed"),
        })
    })
}

fn all(value: &Value, test: &dyn Fn(&str, &Value) -> bool) -> bool {
    value.as_table().is_some_and(|table| table.iter().all(|(key, value)| test(key, value)))
}

fn has_only(value: &Value, keys: &[&str]) -> bool {
    all(value, &|key, _| keys.contains(&key))
}

/// Does each source lead to a folder with packages in the tree, as `cargo vendor` writes it? Such copies are looked at as
/// what they are.
fn is_vendored(sources: &Value, folder: &str, manifests: &BTreeSet<&str>) -> bool {
    let is_folder = |source: &Value| {
        let directory =
            source.get("directory").and_then(Value::as_str).and_then(|place| tree_path::join(folder, place));
        has_only(source, &["directory"])
            && directory.is_some_and(|directory| {
                let below = format!("{directory}/");
                manifests.range(below.as_str()..).next().is_some_and(|next| next.starts_with(&below))
            })
    };
    all(sources, &|name, source| {
        let target = source.get("replace-with").and_then(Value::as_str).and_then(|name| sources.get(name));
        let own: &[&str] = if name == "crates-io" {
            &["replace-with"]
        } else {
            &["replace-with", "git", "branch", "tag", "rev", "registry"]
        };
        is_folder(source) || has_only(source, own) && target.is_some_and(&is_folder)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configuration_is_known_by_its_place() {
        for (path, expected) in [
            (".cargo/config.toml", true),
            ("a/.cargo/config", true),
            ("cargo/config.toml", false),
            (".cargo/a/config.toml", false),
            (".cargo/audit.toml", false),
            ("config.toml", false),
            ("", false),
        ] {
            assert_eq!(is_one(path), expected, "{path}");
        }
    }

    #[test]
    fn what_replaces_packages_is_told_from_plain_settings() {
        let manifests = BTreeSet::from(["", "vendor/itoa"]);
        for text in [
            "",
            "[build]\ntarget = \"x86_64-unknown-linux-musl\"\nrustflags = [\"-Dwarnings\"]\nrustc-wrapper = \"sccache\"",
            "[alias]\nxtask = \"run -p xtask --\"\n[net]\noffline = true\n[term]\ncolor = \"always\"",
            "[env]\nA = \"b\"\n[target.x86_64-unknown-linux-gnu]\nlinker = \"clang\"\n[profile.release]\nlto = true",
            "[registries.crates-io]\nprotocol = \"sparse\"",
            "[registry]\ndefault = \"own\"",
            "[resolver]\nincompatible-rust-versions = \"fallback\"",
            "[source.crates-io]\nreplace-with = \"v\"\n[source.v]\ndirectory = \"vendor\"",
            "[source.crates-io]\nreplace-with = \"v\"\n[source.\"git+https://g.example/x\"]\ngit = \"https://g.example/x\"\n\
             rev = \"01\"\nreplace-with = \"v\"\n[source.v]\ndirectory = \"./vendor/\"",
        ] {
            assert_eq!(reason(text.as_bytes(), "", &manifests), None, "{text}");
        }
        for (text, says) in [
            ("[patch.crates-io]\nitoa = { git = \"https://g.example/x\" }", "replaces sources ([patch])"),
            ("patch.crates-io.itoa.path = \"x\"", "replaces sources ([patch])"),
            ("[build]\njobs = 1\n[patch]", "replaces sources ([patch])"),
            ("paths = [\"evc\"]", "replaces packages (paths)"),
            ("[source.crates-io]\nreplace-with = \"m\"\n[source.m]\nregistry = \"https://m.example\"", "([source])"),
            ("[source.crates-io]\nreplace-with = \"v\"\n[source.v]\ndirectory = \"elsewhere\"", "([source])"),
            ("[source.crates-io]\nreplace-with = \"v\"\n[source.v]\ndirectory = \"../vendor\"", "([source])"),
            ("[source.crates-io]\nreplace-with = \"v\"\n[source.v]\ndirectory = \"/vendor\"", "([source])"),
            ("[source.crates-io]\nreplace-with = \"v\"\n[source.v]\nlocal-registry = \"vendor\"", "([source])"),
            ("[source.crates-io]\nreplace-with = \"v\"", "([source])"),
            ("[source.crates-io]\nregistry = \"https://m.example\"", "([source])"),
            ("[source.m]\nregistry = \"https://m.example\"", "([source])"),
            ("source = 1", "(source)"),
            ("[registries.own]\nindex = \"https://own.example\"", "says where registries are ([registries])"),
            ("[registries.crates-io]\nindex = \"https://own.example\"", "([registries])"),
            ("[registry]\nindex = \"https://own.example\"", "([registry])"),
            ("[resolver]\nlockfile-path = \"other/Cargo.lock\"", "says what is locked ([resolver])"),
            ("include = \"x.toml\"", "takes in other files (include)"),
            ("include = [{ path = \"x.toml\", optional = true }]", "takes in other files (include)"),
            ("[Patch.crates-io]", "not known ([Patch])"),
            ("[patch", "is not understood"),
        ] {
            let told = reason(text.as_bytes(), "", &manifests).unwrap_or_default();
            assert!(told.contains(says), "{text}: {told}");
        }
        assert!(reason(b"\xff", "", &manifests).is_some());
        let vendored = b"[source.crates-io]\nreplace-with = \"v\"\n[source.v]\ndirectory = \"vendor\"";
        assert!(reason(vendored, "a", &manifests).is_some());
    }

    #[test]
    fn it_is_in_force_below_its_folder_alone() {
        let patch = || Ok(b"[patch.crates-io]".to_vec());
        let files = BTreeMap::from([
            (".cargo/config.toml".to_owned(), Ok(Vec::new())),
            ("a/.cargo/config".to_owned(), patch()),
            ("a/b/.cargo/config.toml".to_owned(), Err("is a link".to_owned())),
        ]);
        let all = Configurations::read(&files, &BTreeSet::new());
        for (folders, expected) in [
            (vec![""], vec![]),
            (vec!["b", "ab", ""], vec![]),
            (vec!["a"], vec!["a/.cargo/config"]),
            (vec!["a/c/d"], vec!["a/.cargo/config"]),
            (vec!["", "a/b/c", "a"], vec!["a/.cargo/config", "a/b/.cargo/config.toml"]),
        ] {
            let told: Vec<_> = all.in_force(folders.iter().copied()).into_keys().collect();
            assert_eq!(told, expected, "{folders:?}");
        }
    }
}

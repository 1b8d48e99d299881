//! Dependencies and features as cargo writes them.

use std::collections::BTreeSet;

use toml::{Table, Value};

use super::{Era, Reason, Refusal, Sources, put, workspace};

/// What a dependency is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Normal,
    Development,
    Build,
}

/// What of a dependency is kept. The places that it comes from in the source (`path`, `git`, `branch`, `tag`, `rev`) are
/// taken out, and so is what cargo does not know.
const KEPT: [&str; 7] =
    ["version", "registry-index", "features", "optional", "default-features", "default_features", "package"];

/// What only unstable cargo understands: dependencies on binaries, and paths that start at a configured place.
const UNSTABLE: [&str; 4] = ["artifact", "lib", "target", "base"];

impl Kind {
    pub(super) const ALL: [Self; 3] = [Self::Normal, Self::Development, Self::Build];

    /// The key that cargo writes.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Normal => "dependencies",
            Self::Development => "dev-dependencies",
            Self::Build => "build-dependencies",
        }
    }

    /// The table in a manifest, also under the name that it had before; the new name wins.
    fn table(self, manifest: &Table) -> Option<&Table> {
        let old = match self {
            Self::Normal => None,
            Self::Development => manifest.get("dev_dependencies"),
            Self::Build => manifest.get("build_dependencies"),
        };
        manifest.get(self.key()).or(old).and_then(Value::as_table)
    }
}

impl Sources<'_> {
    /// Gives one kind of dependencies of `manifest`, which is the source's manifest or its part for one platform; `place`
    /// says where that is.
    pub(super) fn dependencies(
        &self,
        kind: Kind,
        place: &[&str],
        manifest: &Table,
        refusals: &mut Vec<Refusal>,
    ) -> Option<Table> {
        let mut expected = Table::new();
        for (name, value) in kind.table(manifest)? {
            let mut path = place.to_vec();
            path.extend([kind.key(), name]);
            let Some(stated) = self.stated(name, value) else {
                refusals.push(Refusal::not_inherited(&path, value));
                continue;
            };
            // A dependency of the tests that has no version is on something that is nowhere but in the source.
            if kind == Kind::Development && !stated.contains_key("version") {
                continue;
            }
            if let Some(key) = UNSTABLE.into_iter().find(|key| stated.contains_key(*key)) {
                path.push(key);
                refusals
                    .push(Refusal { says: stated.get(key).cloned(), ..Refusal::new(&path, value, Reason::Unstable) });
                path.pop();
            }
            if let Some(registry) = stated.get("registry") {
                path.push("registry-index");
                refusals.push(Refusal::new(&path, registry, Reason::RegistryName));
            }
            let kept = stated.into_iter().filter(|(key, _)| KEPT.contains(&key.as_str())).collect();
            expected.insert(name.clone(), Value::Table(kept));
        }
        Some(expected)
    }

    /// Gives a dependency as a table, with what the workspace says of it; nothing where it is inherited from nowhere.
    fn stated(&self, name: &str, value: &Value) -> Option<Table> {
        match value {
            Value::String(_) => Some(detailed(value)),
            Value::Table(member) if member.contains_key("workspace") => {
                let shared = self.workspace.dependency(name).filter(|_| workspace::inherits(value))?;
                Some(merged(detailed(shared), member))
            }
            Value::Table(table) => Some(table.clone()),
            _ => Some(Table::new()),
        }
    }

    /// Gives the dependencies that depend on the platform.
    pub(super) fn platforms(&self, refusals: &mut Vec<Refusal>) -> Option<Table> {
        let mut expected = Table::new();
        for (platform, manifest) in self.original.get("target")?.as_table()? {
            let mut tables = Table::new();
            for kind in Kind::ALL {
                let Some(manifest) = manifest.as_table() else { continue };
                let value = self.dependencies(kind, &["target", platform], manifest, refusals);
                put(&mut tables, kind.key(), value.map(Value::Table));
            }
            expected.insert(platform.clone(), Value::Table(tables));
        }
        Some(expected)
    }

    /// Gives the features; `expected` has the dependencies already.
    ///
    /// From 1.79 on what a feature asks of a dependency that was left out is left out with it. One that could not be
    /// derived was not left out.
    pub(super) fn features(&self, expected: &Table, refusals: &[Refusal]) -> Option<Value> {
        let Some(features) = self.original.get("features")?.as_table() else {
            return self.original.get("features").cloned();
        };
        let packed = self.packed.get("features").and_then(Value::as_table);
        let mut names = dependency_names(expected);
        names.extend(refusals.iter().filter_map(|refusal| refusal.path.last()).map(String::as_str));
        let stripped = features.iter().map(|(feature, asked)| {
            let packed = packed.and_then(|packed| packed.get(feature));
            let as_stated = self.era == Era::Found && packed == Some(asked);
            let asked = match asked {
                Value::Array(asked) if !as_stated => {
                    Value::Array(asked.iter().filter(|item| is_met(item, &names)).cloned().collect())
                }
                other => other.clone(),
            };
            (feature.clone(), asked)
        });
        Some(Value::Table(stripped.collect()))
    }
}

/// Gives a dependency as a table, also one that is only a version.
fn detailed(value: &Value) -> Table {
    match value {
        Value::Table(table) => table.clone(),
        Value::String(_) => Table::from_iter([("version".to_owned(), value.clone())]),
        _ => Table::new(),
    }
}

/// Gives what a member makes of a dependency that its workspace describes.
///
/// Features add up, `optional` is the member's alone, and default features can be switched on by the member, not off.
///
/// Source: The Cargo Book, "Specifying Dependencies", "Inheriting a dependency from a workspace".
fn merged(mut shared: Table, member: &Table) -> Table {
    fn default_features(table: &Table) -> Option<bool> {
        table.get("default-features").or_else(|| table.get("default_features")).and_then(Value::as_bool)
    }
    if (default_features(member), default_features(&shared)) == (Some(true), Some(false)) {
        shared.insert("default-features".to_owned(), Value::Boolean(true));
    }
    let features = match (shared.remove("features"), member.get("features")) {
        (Some(Value::Array(mut shared)), Some(Value::Array(own))) => {
            shared.extend(own.iter().cloned());
            Some(Value::Array(shared))
        }
        (shared, own) => shared.or_else(|| own.cloned()),
    };
    put(&mut shared, "features", features);
    shared.remove("optional");
    put(&mut shared, "optional", member.get("optional").cloned());
    shared
}

/// Gives the names of all dependencies of a manifest, of every kind and platform.
fn dependency_names(manifest: &Table) -> BTreeSet<&str> {
    let platforms = manifest.get("target").and_then(Value::as_table).into_iter().flat_map(Table::values);
    let manifests = std::iter::once(manifest).chain(platforms.filter_map(Value::as_table));
    manifests
        .flat_map(|manifest| Kind::ALL.into_iter().filter_map(|kind| kind.table(manifest)))
        .flat_map(|table| table.keys().map(String::as_str))
        .collect()
}

/// Tells whether what a feature asks for is still there: another feature always is, `dep:name`, `name/feature` and
/// `name?/feature` are where there is a dependency of that name.
///
/// Source: The Cargo Book, "Features", "Dependency features".
fn is_met(item: &Value, names: &BTreeSet<&str>) -> bool {
    let Some(item) = item.as_str() else { return true };
    if let Some((name, _)) = item.split_once('/') {
        return names.contains(name.strip_suffix('?').unwrap_or(name));
    }
    item.strip_prefix("dep:").is_none_or(|name| names.contains(name))
}

//! The product's name and version, as the manifest at the root has them.

use plimsoll_model::Pointer;
use plimsoll_snapshot::Snapshot;

/// Bytes of a manifest.
const LARGEST: u64 = 1024 * 1024;

pub(super) struct Named {
    pub(super) name: String,
    pub(super) version: Option<String>,
    pub(super) pointer: Pointer,
}

/// Name and version that the text of a manifest gives.
type Reader = fn(&str) -> Option<(String, Option<String>)>;

/// Gives what the first of Cargo.toml, pyproject.toml and package.json at the root names.
pub(super) fn product(snapshot: &Snapshot) -> Option<Named> {
    let readers: [(&str, Reader); 3] =
        [("Cargo.toml", cargo), ("pyproject.toml", pyproject), ("package.json", package)];
    readers.into_iter().find_map(|(path, read)| {
        let entry = snapshot.entry(path)?;
        let (name, version) = read(&snapshot.read_text(entry, LARGEST).ok()?)?;
        Some(Named { name, version, pointer: entry.pointer() })
    })
}

fn text(value: Option<&toml::Value>) -> Option<String> {
    value.and_then(toml::Value::as_str).map(ToOwned::to_owned)
}

fn cargo(manifest: &str) -> Option<(String, Option<String>)> {
    let table: toml::Table = manifest.parse().ok()?;
    let package = table.get("package")?;
    let inherited = || text(table.get("workspace")?.get("package")?.get("version"));
    Some((text(package.get("name"))?, text(package.get("version")).or_else(inherited)))
}

fn pyproject(manifest: &str) -> Option<(String, Option<String>)> {
    let table: toml::Table = manifest.parse().ok()?;
    let project = table.get("project").or_else(|| table.get("tool")?.get("poetry"))?;
    Some((text(project.get("name"))?, text(project.get("version"))))
}

fn package(manifest: &str) -> Option<(String, Option<String>)> {
    let value: serde_json::Value = serde_json::from_str(manifest).ok()?;
    let text = |key: &str| value.get(key).and_then(serde_json::Value::as_str).map(ToOwned::to_owned);
    Some((text("name")?, text("version")))
}

/// Reads anything; properties and fuzzing ask that it ends and does not panic.
#[cfg(any(test, fuzzing))]
pub(super) fn read_anything(text: &str) {
    let _ = (cargo(text), pyproject(text), package(text));
}

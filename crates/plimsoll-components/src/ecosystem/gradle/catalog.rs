//! libs.versions.toml: packages that build scripts may ask for by an alias.
//!
//! Source: Gradle User Manual, "Version Catalogs", "The libs.versions.toml file".

use std::collections::BTreeMap;

use toml::{Table, Value};

use crate::ecosystem::locked::graph::{Usage, Want};
use crate::ecosystem::maven::coordinates;

/// What may be asked for, by its alias as scripts write it.
pub(super) type Catalog = BTreeMap<String, Want>;

/// Reads one.
pub(super) fn read(bytes: &[u8]) -> Result<Catalog, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8")?;
    let table: Table = text.parse().map_err(|error: toml::de::Error| {
        let message = plimsoll_model::excerpt(error.message(), 80);
        format!("it is no TOML: {message}")
    })?;
    let section = |name: &str| table.get(name).and_then(Value::as_table).into_iter().flatten();
    let versions = table.get("versions").and_then(Value::as_table);
    let mut all = Catalog::new();
    for (alias, value) in section("libraries") {
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        let lacks = |what: &str| format!("the library {} has no {what}", plimsoll_model::excerpt(alias, 80));
        let (module, version) = if let Some(written) = value.as_str() {
            let (module, version) = written.rsplit_once(':').ok_or_else(|| lacks("version"))?;
            (module.to_owned(), version.to_owned())
        } else {
            let module = text("module").map(ToOwned::to_owned);
            let parts = || Some(format!("{}:{}", text("group")?, text("name")?));
            let module = module.or_else(parts).ok_or_else(|| lacks("module"))?;
            (module, version(value.get("version"), versions).unwrap_or_default())
        };
        let is_module = module
            .split_once(':')
            .is_some_and(|(group, name)| coordinates::is_part(group) && coordinates::is_part(name));
        if !is_module {
            return Err(format!("the library {} names no package", plimsoll_model::excerpt(alias, 80)));
        }
        all.insert(accessor(alias), Want { name: module, requirement: version, usage: Usage::Normal, optional: true });
    }
    for (alias, value) in section("plugins") {
        let written = value.as_str().and_then(|written| written.split_once(':'));
        let (id, version) = if let Some((id, version)) = written {
            (id.to_owned(), version.to_owned())
        } else {
            let id = value.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
            (id, version(value.get("version"), versions).unwrap_or_default())
        };
        if !coordinates::is_part(&id) {
            return Err(format!("the plugin {} has no id", plimsoll_model::excerpt(alias, 80)));
        }
        // A plugin is found by a package of that name.
        let name = format!("{id}:{id}.gradle.plugin");
        let want = Want { name, requirement: version, usage: Usage::Build, optional: true };
        all.insert(format!("plugins.{}", accessor(alias)), want);
    }
    Ok(all)
}

/// How scripts write an alias.
fn accessor(alias: &str) -> String {
    alias.replace(['-', '_'], ".").to_ascii_lowercase()
}

/// A version: a text, a table of what it may be, or a reference to one of the list.
fn version(value: Option<&Value>, versions: Option<&Table>) -> Option<String> {
    let value = value?;
    let value = match value.get("ref").and_then(Value::as_str) {
        Some(name) => versions?.get(name)?,
        None => value,
    };
    let of_table = || ["strictly", "require", "prefer"].into_iter().find_map(|name| value.get(name)?.as_str());
    value.as_str().or_else(of_table).map(ToOwned::to_owned)
}

//! vcpkg.json and vcpkg-configuration.json.
//!
//! Source: vcpkg docs, "vcpkg.json Reference" and "vcpkg-configuration.json Reference".

use std::collections::BTreeMap;

use plimsoll_formats::json5;
use plimsoll_model::excerpt;
use serde_json::{Map, Value};

use crate::ecosystem::{address, locked::graph::Usage};

/// What a manifest says.
#[derive(Debug, Default)]
pub(super) struct Asking {
    pub name: Option<String>,
    pub version: Option<String>,
    pub licence: Option<String>,
    pub asked: Vec<Asked>,
    /// Versions that are taken whatever is asked for.
    pub overrides: BTreeMap<String, String>,
    pub registries: Option<Registries>,
    /// Why not all that it asks for is known.
    pub open: Option<String>,
}

/// One thing that is asked for.
#[derive(Debug)]
pub(super) struct Asked {
    pub name: String,
    pub usage: Usage,
    /// The least version.
    pub least: Option<String>,
    /// Is it asked for under a condition?
    pub optional: bool,
}

/// From where packages come.
#[derive(Clone, Debug, Default)]
pub(super) struct Registries {
    /// The one for all others, where it is not the built-in one.
    default: Option<String>,
    /// Patterns of names with the address of their registry.
    others: Vec<(String, String)>,
}

/// Fields of which one says the version of the package.
const VERSIONS: [&str; 4] = ["version", "version-semver", "version-date", "version-string"];
/// Dependencies of one manifest. Nobody writes nearly as many.
const MOST: usize = 10_000;

fn object(bytes: &[u8]) -> Result<Map<String, Value>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8")?;
    match json5::read(text)? {
        Value::Object(object) => Ok(object),
        _ => Err("it is no JSON object".to_owned()),
    }
}

/// Could a package have this name?
fn is_name(name: &str) -> bool {
    let part =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    name.len() <= 256 && name.split('-').all(part)
}

/// Reads a manifest.
pub(super) fn read(bytes: &[u8]) -> Result<Asking, String> {
    let root = object(bytes)?;
    let mut all = Asking {
        name: text(&root, "name").filter(|name| is_name(name)).map(ToOwned::to_owned),
        version: version(&root),
        licence: root.get("license").and_then(Value::as_str).and_then(licence),
        ..Asking::default()
    };
    let mut lists = vec![(root.get("dependencies"), false)];
    match root.get("features") {
        None | Some(Value::Null) => {}
        Some(Value::Object(features)) => lists.extend(features.values().map(|one| (one.get("dependencies"), true))),
        // An older form.
        Some(Value::Array(features)) => lists.extend(features.iter().map(|one| (one.get("dependencies"), true))),
        Some(_) => return Err("its features are no list".to_owned()),
    }
    let mut left = MOST;
    for (list, is_feature) in lists {
        let list = match list {
            None | Some(Value::Null) => continue,
            Some(Value::Array(list)) => list,
            Some(_) => return Err("its dependencies are no list".to_owned()),
        };
        left = left.checked_sub(list.len()).ok_or_else(|| format!("it asks for more than {MOST} packages"))?;
        for value in list {
            if let Some(asked) = asked(value, is_feature) {
                all.asked.push(asked);
            } else {
                let shown = excerpt(&value.to_string(), 80);
                all.open.get_or_insert(format!("what it asks for as {shown} is not understood"));
            }
        }
    }
    // A feature of the package itself brings what it asks for.
    all.asked.retain(|asked| Some(&asked.name) != all.name.as_ref());
    all.asked
        .sort_by(|one, other| (&one.name, one.usage, one.optional).cmp(&(&other.name, other.usage, other.optional)));
    all.asked.dedup_by(|one, other| one.name == other.name);
    for value in root.get("overrides").and_then(Value::as_array).into_iter().flatten() {
        let entry = value.as_object().and_then(|entry| Some((text(entry, "name")?.to_owned(), version(entry)?)));
        if let Some((name, version)) = entry {
            all.overrides.insert(name, version);
        } else {
            let shown = excerpt(&value.to_string(), 80);
            all.open.get_or_insert(format!("what it overrides as {shown} is not understood"));
        }
    }
    let embedded = root.get("configuration").or(root.get("vcpkg-configuration")).and_then(Value::as_object);
    all.registries = embedded.map(registries).transpose()?;
    Ok(all)
}

/// An SPDX expression.
fn licence(text: &str) -> Option<String> {
    spdx::Expression::parse(text).is_ok().then(|| text.to_owned())
}

/// Reads a configuration.
pub(super) fn configuration(bytes: &[u8]) -> Result<Registries, String> {
    registries(&object(bytes)?)
}

fn text<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str).filter(|text| address::is_plain(text))
}

/// A version with that of the recipe behind it, as vcpkg writes it.
fn version(object: &Map<String, Value>) -> Option<String> {
    let version = VERSIONS.iter().find_map(|name| text(object, name))?;
    Some(match object.get("port-version").and_then(Value::as_u64) {
        None | Some(0) => version.to_owned(),
        Some(port) => format!("{version}#{port}"),
    })
}

fn asked(value: &Value, is_feature: bool) -> Option<Asked> {
    let entry = match value {
        Value::String(name) => {
            let usage = Usage::Normal;
            return is_name(name).then(|| Asked { name: name.clone(), usage, least: None, optional: is_feature });
        }
        Value::Object(entry) => entry,
        _ => return None,
    };
    let name = text(entry, "name").filter(|name| is_name(name))?.to_owned();
    let is_host = match entry.get("host") {
        None => false,
        Some(host) => host.as_bool()?,
    };
    let least = text(entry, "version>=").map(ToOwned::to_owned);
    let usage = if is_host { Usage::Build } else { Usage::Normal };
    Some(Asked { name, usage, least, optional: is_feature || entry.contains_key("platform") })
}

fn registries(root: &Map<String, Value>) -> Result<Registries, String> {
    let mut all = Registries::default();
    let place = |registry: &Map<String, Value>| -> Result<Option<String>, String> {
        match text(registry, "kind") {
            Some("git") => {
                let url = text(registry, "repository").and_then(address::repository);
                url.map(Some).ok_or_else(|| "a registry has no address".to_owned())
            }
            // A folder of this or another tree.
            Some("filesystem") => Ok(Some("file:".to_owned())),
            // The latter has tools that are fetched, and no packages.
            Some("builtin" | "artifact") => Ok(None),
            _ => Err("a registry is of an unknown kind".to_owned()),
        }
    };
    match root.get("default-registry") {
        None | Some(Value::Null) => {}
        Some(Value::Object(registry)) => all.default = place(registry)?,
        Some(_) => return Err("its default-registry is not as the format has it".to_owned()),
    }
    let list = match root.get("registries") {
        None | Some(Value::Null) => return Ok(all),
        Some(Value::Array(list)) if list.len() <= MOST => list,
        Some(_) => return Err("its registries are no list".to_owned()),
    };
    for value in list {
        let registry = value.as_object().ok_or("a registry is not as the format has it")?;
        let Some(url) = place(registry)? else { continue };
        let patterns = registry.get("packages").and_then(Value::as_array).into_iter().flatten().take(MOST);
        all.others.extend(patterns.filter_map(Value::as_str).map(|pattern| (pattern.to_owned(), url.clone())));
    }
    Ok(all)
}

impl Registries {
    /// The address of the registry of a package, where it is not the built-in one: the longest pattern that fits counts.
    pub fn of(&self, name: &str) -> Option<&str> {
        let fits = |pattern: &str| match pattern.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => name == pattern,
        };
        let found = self.others.iter().filter(|(pattern, _)| fits(pattern)).max_by_key(|(pattern, _)| pattern.len());
        found.map(|(_, url)| url.as_str()).or(self.default.as_deref())
    }
}

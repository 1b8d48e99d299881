//! pubspec.lock.
//!
//! Source: Dart, `pub`, `lib/src/lock_file.dart` and `lib/src/source`; docs, "Pub's lockfile".

use plimsoll_formats::yaml::{self, Bounds};
use plimsoll_model::excerpt;
use yaml_serde::{Mapping, Value};

use super::{super::address, REGISTRY};
use crate::{
    component::Origin,
    hash::{Algorithm, Hash},
};

/// Hosts of the public registry.
///
/// Source: Dart docs, "Custom package repositories"; its name until 2022.
const PUBLIC: [&str; 2] = ["pub.dev", "pub.dartlang.org"];

/// What one says.
#[derive(Debug, Default)]
pub(super) struct Locked {
    /// Sorted by name, since the keys of the file are.
    pub entries: Vec<Entry>,
    /// Entries that were not understood, in one clause each.
    pub faults: Vec<String>,
}

/// One package.
#[derive(Debug)]
pub(super) struct Entry {
    pub name: String,
    pub version: String,
    pub place: Place,
    pub hash: Option<Hash>,
    /// Is it asked for by name?
    pub direct: bool,
    /// Is it asked for by name to run?
    pub is_main: bool,
}

/// From where it comes.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place {
    Hosted(Origin),
    Git {
        url: String,
        /// The address as it is written.
        written: String,
        reference: String,
        revision: Option<String>,
    },
    Folder(String),
    Sdk(String),
}

/// Could a package have this name?
///
/// Source: Dart docs, "The pubspec file", Name.
pub(super) fn is_name(name: &str) -> bool {
    let part = |part: &str| {
        part.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    name.len() <= 256 && name.split('.').all(part)
}

/// Reads one.
pub(super) fn read(bytes: &[u8]) -> Result<Locked, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8")?;
    let value =
        yaml::read_within(text, Bounds::GENERATED).map_err(|error| format!("not YAML: {}", excerpt(&error, 120)))?;
    let Some(Value::Mapping(packages)) = value.as_mapping().and_then(|root| root.get("packages")) else {
        return Err("it has no list of packages".to_owned());
    };
    let mut all = Locked::default();
    for (name, value) in packages {
        let name = name.as_str().unwrap_or_default();
        match value
            .as_mapping()
            .ok_or_else(|| "is not as the format has it".to_owned())
            .and_then(|one| entry(name, one))
        {
            Ok(entry) => all.entries.push(entry),
            Err(reason) => all.faults.push(format!("the package \"{}\" {reason}", excerpt(name, 80))),
        }
    }
    all.entries.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(all)
}

fn entry(name: &str, list: &Mapping) -> Result<Entry, String> {
    if !is_name(name) {
        return Err("has no valid name".to_owned());
    }
    let text = |member: &str| list.get(member).and_then(Value::as_str);
    let version = text("version").filter(|version| address::is_plain(version)).ok_or("has no valid version")?;
    let description = list.get("description");
    let (place, hash) = place(name, text("source").unwrap_or_default(), description)?;
    // Before this was kept, everything was what it is now called transitive.
    let asked = match text("dependency") {
        None | Some("transitive") => (false, false),
        Some("direct main") => (true, true),
        Some("direct dev" | "direct overridden") => (true, false),
        Some(_) => return Err("is listed for a use that is not known".to_owned()),
    };
    Ok(Entry { name: name.to_owned(), version: version.to_owned(), place, hash, direct: asked.0, is_main: asked.1 })
}

/// From where a package comes, with its digest, or what is wrong, as what follows its name in a sentence.
fn place(name: &str, source: &str, description: Option<&Value>) -> Result<(Place, Option<Hash>), String> {
    let list = description.and_then(Value::as_mapping);
    // Short forms of the first lockfiles.
    let alone = description.and_then(Value::as_str);
    let text = |member: &str| list.and_then(|list| list.get(member)).and_then(Value::as_str);
    match source {
        "hosted" => {
            if text("name").or(alone) != Some(name) {
                return Err("is listed under another name".to_owned());
            }
            let origin = match text("url") {
                Some(url) => hosted(url).ok_or("comes from a registry without an address")?,
                None if list.is_some_and(|list| list.contains_key("url")) => {
                    return Err("comes from a registry without an address".to_owned());
                }
                None => Origin::Public(REGISTRY),
            };
            let hash = match list.and_then(|list| list.get("sha256")) {
                None | Some(Value::Null) => None,
                Some(Value::String(digest)) if digest.is_empty() => None,
                Some(Value::String(digest)) => {
                    Some(Hash::of_hex(Algorithm::Sha256, digest).ok_or("has a digest that is none")?)
                }
                Some(_) => return Err("has a digest that is none".to_owned()),
            };
            Ok((Place::Hosted(origin), hash))
        }
        "git" => {
            let written = text("url").ok_or("comes from git without an address")?;
            let url = address::repository(written).ok_or("comes from git without an address")?;
            let revision = text("resolved-ref").filter(|revision| address::is_revision(revision));
            let reference = match list.and_then(|list| list.get("ref")) {
                Some(Value::Number(number)) => number.to_string(),
                other => other.and_then(Value::as_str).unwrap_or("HEAD").to_owned(),
            };
            let (written, revision) = (written.to_owned(), revision.map(str::to_ascii_lowercase));
            Ok((Place::Git { url, written, reference, revision }, None))
        }
        "path" => {
            let path = text("path").or(alone).ok_or("has no folder")?;
            Ok((Place::Folder(path.to_owned()), None))
        }
        "sdk" => {
            let sdk = alone.filter(|sdk| address::is_plain(sdk)).ok_or("comes with an SDK without a name")?;
            Ok((Place::Sdk(sdk.to_owned()), None))
        }
        _ => Err("comes from a source of an unknown kind".to_owned()),
    }
}

/// The origin of what a registry gives.
pub(super) fn hosted(written: &str) -> Option<Origin> {
    let url = address::registry(written)?;
    let is_root = url.path().trim_matches('/').is_empty();
    // Over a connection that anybody can change it is not known whose package it is.
    let is_public = url.host_str().is_some_and(|host| PUBLIC.contains(&host)) && url.scheme() == "https";
    Some(if is_public && is_root && url.port().is_none() {
        Origin::Public(REGISTRY)
    } else {
        Origin::Registry(url.as_str().trim_end_matches('/').to_owned())
    })
}

impl Locked {
    /// The entry of a name.
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        let at = self.entries.binary_search_by(|entry| entry.name.as_str().cmp(name)).ok()?;
        self.entries.get(at)
    }
}

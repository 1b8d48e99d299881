//! yarn.lock of Yarn 2 and later.
//!
//! Source: Yarn, "Lockfile" and `@yarnpkg/core` `Project`: metadata versions 4 to 10.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_formats::yaml::{self, Bounds};
use plimsoll_model::{excerpt, tree_path};
use yaml_serde::{Mapping, Value};

use super::{REGISTRY, npm_url, sources};
use crate::{
    component::Origin,
    ecosystem::locked::{
        graph::{Edge, Graph, LockError, Member, Package, Usage, Want},
        manifest::{Agreement, Manifest, looked_up},
    },
    hash::{Algorithm, Hash},
    options::Limits,
    tree_file::SourceFile,
};

pub(super) const FORMAT: &str = "yarn.lock (berry)";
const VERSIONS: &str = "4 to 10";

/// Is it written in this format?
pub(super) fn is_one(file: &SourceFile) -> bool {
    file.bytes.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"__metadata:"))
}

/// What a requirement that a catalog has begins with, and what all packages of a name are found by.
const CATALOG: &str = "catalog:";

/// A member, and whether the lockfile holds what it asks for. The lockfile lists that without what for.
pub(super) fn member(manifest: &Manifest, member: &Member, graph: &Graph) -> (Member, Agreement) {
    let of_name = |want: &Want| format!("{}@{CATALOG}", want.name);
    let mut replaced = Vec::new();
    // Without a protocol it is of the registry.
    let asked = |want: &Want| {
        [format!("{}@{}", want.name, want.requirement), format!("{}@npm:{}", want.name, want.requirement)]
    };
    let keys = |want: &Want| asked(want).into_iter().chain([of_name(want)]).collect();
    let (mut found, told) = looked_up(manifest, graph, &BTreeSet::new(), keys);
    let mut agreement = told;
    for want in manifest.wants.iter().filter(|want| graph.answers.contains_key(&of_name(want))) {
        if want.requirement.starts_with(CATALOG) {
            let name = excerpt(&want.name, 80);
            let reason = format!("which version the catalog has for {name} is in Yarn's settings");
            agreement = agreement.and(Agreement::NotKnown(reason));
        // What others bring is asked for by them.
        } else if !manifest.peers.contains(&want.name)
            && !asked(want).iter().any(|descriptor| graph.answers.contains_key(descriptor))
        {
            replaced.push(want.name.clone());
        }
    }
    found.package = member.package;
    found.replaced = replaced;
    (found, agreement)
}

/// Reads one.
pub(super) fn read(file: &SourceFile, limits: &Limits) -> Result<Graph, LockError> {
    let text = std::str::from_utf8(&file.bytes).map_err(|_| LockError::Malformed("it is not UTF-8".to_owned()))?;
    let value = yaml::read_within(text, Bounds::GENERATED)
        .map_err(|error| LockError::Malformed(format!("not YAML: {}", excerpt(&error, 120))))?;
    let Value::Mapping(root) = value else { return Err(LockError::Malformed("it has no members".to_owned())) };
    let metadata = root.get("__metadata").and_then(Value::as_mapping);
    let version = match metadata.and_then(|metadata| metadata.get("version")) {
        Some(Value::Number(version)) => version.to_string(),
        Some(Value::String(version)) => version.clone(),
        _ => return Err(LockError::Malformed("it says no version of its format".to_owned())),
    };
    if !matches!(version.parse::<u32>(), Ok(4..=10)) {
        return Err(LockError::Future(excerpt(&version, 20), VERSIONS));
    }
    if root.len() > limits.packages {
        return Err(LockError::Limit(format!("it lists more than {} packages", limits.packages)));
    }
    let folder = tree_path::folder(&file.path);
    let mut graph = Graph { format: FORMAT, version, has_edges: true, ..Graph::default() };
    let mut members: BTreeMap<String, Member> = BTreeMap::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut wanted: Vec<(usize, &Mapping)> = Vec::new();
    for (key, value) in &root {
        let (Some(key), Value::Mapping(entry)) = (key.as_str(), value) else {
            graph.faults.push("an entry is not as the format has it".to_owned());
            continue;
        };
        if key == "__metadata" {
            continue;
        }
        let index = graph.packages.len();
        match package(entry, folder) {
            Ok((package, member)) => {
                if let Some(path) = member {
                    members.insert(path, Member { package: Some(index), ..Member::default() });
                }
                for descriptor in key.split(", ") {
                    // What follows says where a folder is named, which the name of a package does not repeat.
                    let bare = descriptor.split("::").next().unwrap_or(descriptor);
                    places.extend([descriptor, bare].map(|descriptor| (descriptor.to_owned(), index)));
                }
                by_name.entry(package.name.clone()).or_default().push(index);
                graph.packages.push(package);
                wanted.push((index, entry));
            }
            Err(reason) => graph.faults.push(format!("the entry \"{}\" {reason}", excerpt(key, 80))),
        }
    }
    let mut left = limits.edges;
    for (index, entry) in wanted {
        // What a member asks for, and what for, is in its manifest.
        if graph.packages.get(index).is_some_and(|package| package.own) {
            continue;
        }
        let may_be_missing = optional(entry);
        for (name, requirement) in entry.get("dependencies").and_then(Value::as_mapping).into_iter().flatten() {
            left = left
                .checked_sub(1)
                .ok_or_else(|| LockError::Limit(format!("it lists more than {} dependencies", limits.edges)))?;
            let pair = name.as_str().zip(requirement.as_str());
            let to = pair.and_then(|(name, requirement)| {
                let descriptors = [format!("{name}@{requirement}"), format!("{name}@npm:{requirement}")];
                descriptors.iter().find_map(|descriptor| places.get(descriptor)).copied()
            });
            // A resolution of the root puts another requirement in place of what is asked for.
            let others = pair.and_then(|(name, _)| by_name.get(name)).filter(|_| to.is_none());
            match (to, graph.packages.get_mut(index)) {
                (Some(to), Some(package)) => package.edges.push(Edge { to, usage: Usage::Normal }),
                (None, Some(package)) if others.is_some() => {
                    let others = others.into_iter().flatten();
                    package.edges.extend(others.map(|to| Edge { to: *to, usage: Usage::Normal }));
                    graph.replaced.extend(pair.map(|(name, _)| name.to_owned()));
                }
                (None, Some(_)) if pair.is_some_and(|(name, _)| may_be_missing.contains(&name)) => {}
                (_, package) => {
                    let shown = package.map(|package| package.name.clone()).unwrap_or_default();
                    let name = excerpt(name.as_str().unwrap_or_default(), 80);
                    graph.faults.push(format!("{shown} asks for {name}, which it does not hold"));
                }
            }
        }
    }
    graph.members = Some(members);
    for (descriptor, index) in places {
        graph.answers.entry(descriptor).or_default().push(index);
    }
    // Which version a catalog means is in the settings of Yarn.
    for (name, found) in by_name {
        graph.answers.entry(format!("{name}@{CATALOG}")).or_default().extend(found);
    }
    Ok(graph)
}

/// Names that an entry marks as such that may be missing.
fn optional(entry: &Mapping) -> Vec<&str> {
    let meta = entry.get("dependenciesMeta").and_then(Value::as_mapping);
    let meta = meta.into_iter().flatten().filter(|(_, value)| {
        matches!(value.as_mapping().and_then(|value| value.get("optional")), Some(Value::Bool(true)))
    });
    meta.filter_map(|(name, _)| name.as_str()).collect()
}

/// A package, and its folder relative to the lockfile where it is a member.
fn package(entry: &Mapping, folder: &str) -> Result<(Package, Option<String>), String> {
    let text = |name: &str| entry.get(name).and_then(Value::as_str);
    let resolution = text("resolution").ok_or("says not where it comes from")?;
    let at = resolution.get(1..).and_then(|rest| rest.find('@')).ok_or("says not where it comes from")? + 1;
    let (name, reference) = (resolution.get(..at).unwrap_or_default(), resolution.get(at + 1..).unwrap_or_default());
    if !sources::is_name(name) {
        return Err("has no valid name".to_owned());
    }
    // A number where the version has one part.
    let version = match entry.get("version") {
        Some(Value::String(version)) => version.clone(),
        Some(Value::Number(version)) => version.to_string(),
        _ => return Err("has no version".to_owned()),
    };
    if version.is_empty() || version.len() > 256 || version.contains(char::is_whitespace) {
        return Err("has no valid version".to_owned());
    }
    if let Some(path) = reference.strip_prefix("workspace:") {
        let path = if path == "." { "" } else { path };
        let full = tree_path::join(folder, path).ok_or("leads out of the tree")?;
        let purl = npm_url(name, &version).in_folder(Some(&full));
        let own = Package { name: name.to_owned(), version: String::new(), purl, own: true, ..Package::default() };
        return Ok((own, Some(path.to_owned())));
    }
    let origin = origin(reference).ok_or("comes from a source of an unknown kind")?;
    if matches!(origin, Origin::Git { revision: None, .. }) {
        return Err("comes from git and is not pinned to a revision".to_owned());
    }
    // `KEY/HEX`: the key says how the cache packs what it holds. Of what is changed here it is no digest of what is published.
    let checksum = text("checksum")
        .filter(|_| !reference.starts_with("patch:"))
        .map(|checksum| checksum.rsplit_once('/').map_or(checksum, |(_, hex)| hex));
    let hash = checksum.map(|hex| Hash::of_hex(Algorithm::YarnCache, hex).ok_or("has a checksum that is no digest"));
    Ok((
        Package {
            purl: npm_url(name, &version).from(&origin),
            name: name.to_owned(),
            version,
            own: origin == Origin::Folder,
            origin,
            hashes: hash.transpose()?.into_iter().collect(),
            ..Package::default()
        },
        None,
    ))
}

/// Where a reference leads: `npm:VERSION`, `patch:...`, `https://...#commit=...`, `link:`, `portal:`, `file:`.
fn origin(reference: &str) -> Option<Origin> {
    if let Some(version) = reference.strip_prefix("npm:") {
        // With an address in it, it is of another registry.
        return match version.split_once("::__archiveUrl=") {
            None => Some(Origin::Public(REGISTRY)),
            Some((_, address)) => sources::origin(&percent_decoded(address)),
        };
    }
    // What is changed here is made of a published package.
    if let Some(patched) = reference.strip_prefix("patch:") {
        let inner = percent_decoded(patched.split('#').next().unwrap_or_default());
        let at = inner.get(1..)?.find('@')? + 1;
        return origin(inner.get(at + 1..)?);
    }
    if ["link:", "portal:", "file:", "exec:"].iter().any(|start| reference.starts_with(start)) {
        return Some(Origin::Folder);
    }
    sources::origin(reference)
}

/// Addresses inside of references are percent-encoded.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = (*first == b'%').then(|| after.get(..2)).flatten().and_then(|hex| std::str::from_utf8(hex).ok());
        if let Some(byte) = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            bytes.push(byte);
            rest = after.get(2..).unwrap_or_default();
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

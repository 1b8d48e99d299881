//! bun.lock.
//!
//! Source: Bun docs, "Lockfile", and the comments of its writer: version 0 and 1.

use std::collections::{BTreeMap, HashMap};

use plimsoll_formats::json5;
use plimsoll_model::{excerpt, tree_path};
use serde_json::{Map, Value};

use super::{
    REGISTRY, npm_url,
    package_json::{self, SECTIONS},
    sources,
};
use crate::{
    component::Origin,
    ecosystem::locked::graph::{Edge, Graph, LockError, Member, Package, Usage},
    hash::Hash,
    options::Limits,
    tree_file::SourceFile,
};

const FORMAT: &str = "bun.lock";
const VERSIONS: &str = "0 and 1";

/// Reads one.
pub(super) fn read(file: &SourceFile, limits: &Limits) -> Result<Graph, LockError> {
    let text = std::str::from_utf8(&file.bytes).map_err(|_| LockError::Malformed("it is not UTF-8".to_owned()))?;
    let value = json5::read(text).map_err(LockError::Malformed)?;
    let Value::Object(root) = value else { return Err(LockError::Malformed("it is no JSON object".to_owned())) };
    let version = root.get("lockfileVersion").and_then(Value::as_u64);
    let version = version.ok_or_else(|| LockError::Malformed("it says no version of its format".to_owned()))?;
    if version > 1 {
        return Err(LockError::Future(version.to_string(), VERSIONS));
    }
    let list = |name: &str| match root.get(name) {
        Some(Value::Object(list)) => Ok(list),
        _ => Err(LockError::Malformed(format!("{name} is no list"))),
    };
    let (workspaces, packages) = (list("workspaces")?, list("packages")?);
    if packages.len() > limits.packages {
        return Err(LockError::Limit(format!("it lists more than {} packages", limits.packages)));
    }
    let folder = tree_path::folder(&file.path);
    let mut graph = Graph { format: FORMAT, version: version.to_string(), has_edges: true, ..Graph::default() };
    let mut members: BTreeMap<String, Member> = BTreeMap::new();
    // Packages by place: `PARENT/NAME` is what PARENT gets under NAME, `NAME` what all others do.
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut asks: Vec<(usize, String, &Map<String, Value>)> = Vec::new();
    for (path, value) in workspaces {
        let full = tree_path::join(folder, path).or_else(|| path.is_empty().then(|| folder.to_owned()));
        let (Some(full), Value::Object(workspace)) = (full, value) else {
            graph.faults.push(format!("the workspace \"{}\" is not as the format has it", excerpt(path, 80)));
            continue;
        };
        let name = workspace.get("name").and_then(Value::as_str).unwrap_or_else(|| tree_path::name(&full));
        let asked = package_json::wants(workspace).map_err(LockError::Malformed)?;
        let index = graph.packages.len();
        let purl = npm_url(name, "").in_folder(Some(&full));
        graph.packages.push(Package { name: name.to_owned(), purl, own: true, ..Package::default() });
        members.insert(path.clone(), Member { package: Some(index), asked: Some(asked), ..Member::default() });
        asks.push((index, name.to_owned(), workspace));
    }
    for (place, value) in packages {
        let shown = excerpt(place, 80);
        let Value::Array(entry) = value else {
            graph.faults.push(format!("the entry \"{shown}\" is not as the format has it"));
            continue;
        };
        let resolution = entry.first().and_then(Value::as_str).unwrap_or_default();
        let at = resolution.get(1..).and_then(|rest| rest.find('@')).map(|at| at + 1);
        let Some((name, reference)) = at.and_then(|at| Some((resolution.get(..at)?, resolution.get(at + 1..)?))) else {
            graph.faults.push(format!("the entry \"{shown}\" says not what it is"));
            continue;
        };
        if let Some(path) = reference.strip_prefix("workspace:") {
            match members.get(path).and_then(|member| member.package) {
                Some(index) => {
                    places.insert(place.clone(), index);
                }
                None => graph.faults.push(format!("the entry \"{shown}\" is no workspace of it")),
            }
            continue;
        }
        match package(name, reference, entry) {
            Ok(package) => {
                let index = graph.packages.len();
                places.insert(place.clone(), index);
                if let Some(members) = entry.iter().find_map(Value::as_object) {
                    asks.push((index, place.clone(), members));
                }
                graph.packages.push(package);
            }
            Err(reason) => graph.faults.push(format!("the entry \"{shown}\" {reason}")),
        }
    }
    let mut left = limits.edges;
    for (index, place, entry) in asks {
        for (section, usage, optional) in SECTIONS {
            let own = graph.packages.get(index).is_some_and(|package| package.own);
            if usage == Usage::Dev && !own {
                continue;
            }
            for name in entry.get(section).and_then(Value::as_object).into_iter().flat_map(Map::keys) {
                left = left
                    .checked_sub(1)
                    .ok_or_else(|| LockError::Limit(format!("it lists more than {} dependencies", limits.edges)))?;
                match (find(&place, name, &places), graph.packages.get_mut(index)) {
                    (Some(to), Some(package)) => package.edges.push(Edge { to, usage }),
                    _ if optional && !(own && section == "optionalDependencies") => {}
                    _ => graph.faults.push(format!(
                        "the entry \"{}\" asks for {}, which it does not hold",
                        excerpt(&place, 80),
                        excerpt(name, 80)
                    )),
                }
            }
        }
    }
    for member in members.values_mut() {
        let own = member.package.and_then(|index| graph.packages.get(index));
        member.edges = own.map(|own| own.edges.clone()).unwrap_or_default();
    }
    graph.members = Some(members);
    Ok(graph)
}

/// The package that `name` means to what is at `place`: from the innermost parent outwards.
fn find(place: &str, name: &str, places: &HashMap<String, usize>) -> Option<usize> {
    let mut inside = Some(place);
    while let Some(parent) = inside {
        if let Some(found) = places.get(&format!("{parent}/{name}")) {
            return Some(*found);
        }
        inside = parent.rsplit_once('/').map(|(outer, last)| match outer.rsplit_once('/') {
            // A scope and its name are one.
            Some((outer, scope)) if scope.starts_with('@') && !last.is_empty() => outer,
            None if outer.starts_with('@') => "",
            _ => outer,
        });
        if inside == Some("") {
            break;
        }
    }
    places.get(name).copied()
}

/// `[NAME@VERSION, REGISTRY, MEMBERS, INTEGRITY]`; from git `[NAME@git+ADDRESS#REVISION, MEMBERS, ID]`.
fn package(name: &str, reference: &str, entry: &[Value]) -> Result<Package, String> {
    if !sources::is_name(name) {
        return Err("has no valid name".to_owned());
    }
    let texts: Vec<&str> = entry.iter().skip(1).filter_map(Value::as_str).collect();
    let hashes =
        texts.iter().map(|text| Hash::of_integrity(text)).find(|hashes| !hashes.is_empty()).unwrap_or_default();
    let (origin, version) = if reference.contains(':') {
        // `github:OWNER/NAME#REVISION`
        let address = match reference.strip_prefix("github:") {
            Some(rest) => format!("git+https://github.com/{}", full_revision(rest, &texts)),
            None => reference.to_owned(),
        };
        (sources::origin(&address).ok_or("comes from a source of an unknown kind")?, "")
    } else {
        let origin = match texts.first().filter(|text| !text.is_empty() && Hash::of_integrity(text).is_empty()) {
            None => Origin::Public(REGISTRY),
            Some(address) => sources::origin(address).ok_or("comes from a source of an unknown kind")?,
        };
        (origin, reference)
    };
    if matches!(origin, Origin::Git { revision: None, .. }) {
        return Err("comes from git and is not pinned to a revision".to_owned());
    }
    if version.len() > 256 || version.contains(char::is_whitespace) {
        return Err("has no valid version".to_owned());
    }
    Ok(Package {
        purl: npm_url(name, version).from(&origin),
        name: name.to_owned(),
        version: version.to_owned(),
        own: origin == Origin::Folder,
        origin,
        hashes,
        ..Package::default()
    })
}

/// Bun writes a shortened revision behind the address, and the full one in the entry's last text.
fn full_revision(address: &str, texts: &[&str]) -> String {
    let Some((repository, short)) = address.split_once('#') else { return address.to_owned() };
    let full = texts
        .iter()
        .filter_map(|text| text.rsplit('-').next())
        .find(|one| sources::is_revision(one) && one.starts_with(short));
    format!("{repository}#{}", full.unwrap_or(short))
}

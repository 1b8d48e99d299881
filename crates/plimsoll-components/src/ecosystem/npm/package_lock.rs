//! package-lock.json and npm-shrinkwrap.json, versions 1 to 3.
//!
//! Source: npm docs, "package-lock.json".

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use serde_json::{Map, Value};

use plimsoll_model::{excerpt, tree_path};

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

pub(super) const FORMAT: &str = "package-lock.json";
const VERSIONS: &str = "1 to 3";
const FOLDER: &str = "node_modules/";

/// How many folders deep a package may lie in others.
const DEEPEST: usize = 64;
/// Bytes of a place.
const LONGEST: usize = 2048;

/// Reads one.
pub(super) fn read(file: &SourceFile, limits: &Limits) -> Result<Graph, LockError> {
    let value = plimsoll_model::parse_strict(package_json::without_mark(&file.bytes)).map_err(LockError::Malformed)?;
    let Value::Object(object) = value else { return Err(LockError::Malformed("it is no JSON object".to_owned())) };
    let version = object.get("lockfileVersion").map_or(Some(1), Value::as_u64).unwrap_or_default();
    let folder = tree_path::folder(&file.path);
    let graph = match version {
        // Version 2 has both lists; npm since version 7 reads this one.
        2 | 3 => match object.get("packages") {
            Some(Value::Object(packages)) => by_place(packages, folder, limits)?,
            _ => return Err(LockError::Malformed("it has no list of packages".to_owned())),
        },
        1 => nested(&object, limits)?,
        0 => return Err(LockError::Malformed("it says no version of its format".to_owned())),
        other => return Err(LockError::Future(other.to_string(), VERSIONS)),
    };
    Ok(Graph { format: FORMAT, version: version.to_string(), has_edges: true, ..graph })
}

/// One entry. Version 1 has `bundled` for what is `inBundle` since.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Entry {
    name: Option<String>,
    version: Option<String>,
    resolved: Option<String>,
    integrity: Option<String>,
    license: Option<Value>,
    link: bool,
    in_bundle: bool,
    bundled: bool,
}

/// The list by place: `""` for the root, a folder for a member, `node_modules/NAME` for what is put there.
fn by_place(packages: &Map<String, Value>, folder: &str, limits: &Limits) -> Result<Graph, LockError> {
    if packages.len() > limits.packages {
        return Err(LockError::Limit(format!("it lists more than {} packages", limits.packages)));
    }
    let mut tree = Tree::default();
    let mut members = BTreeMap::new();
    for (place, value) in packages {
        let shown = excerpt(place, 80);
        let (Value::Object(object), Ok(entry)) = (value, Entry::deserialize(value)) else {
            tree.faults.push(format!("the entry \"{shown}\" is not as the format has it"));
            continue;
        };
        if place.len() > LONGEST || place.matches(FOLDER).count() > DEEPEST {
            tree.faults.push(format!("the entry \"{shown}\" lies too deep"));
            continue;
        }
        if let Some(name) = name_of(place) {
            if entry.link {
                tree.links.insert(place.clone(), entry.resolved.unwrap_or_default());
                continue;
            }
            let mut entry = entry;
            entry.in_bundle &= is_bundled(place, packages);
            match package(entry.name.as_deref().unwrap_or(name), &entry, place) {
                Ok(package) => {
                    let package = Package { asks: ranges(object), ..package };
                    tree.insert(place.clone(), package, named(object));
                }
                Err(reason) => tree.faults.push(format!("the entry \"{shown}\" {reason}")),
            }
            continue;
        }
        // A folder of the tree: a member, or what one takes by path.
        let path = if place.is_empty() { Some(folder.to_owned()) } else { tree_path::join(folder, place) };
        let (Some(path), Ok(asked)) = (path, package_json::wants(object)) else {
            tree.faults.push(format!("the entry \"{shown}\" is not as the format has it"));
            continue;
        };
        let name = entry.name.unwrap_or_else(|| tree_path::name(&path).to_owned());
        let version = entry.version.unwrap_or_default();
        let purl = npm_url(&name, &version).in_folder(Some(&path));
        let own = Package { name, version, purl, own: true, ..Package::default() };
        let mut asks = named(object);
        // npm puts what a member may do without into the lockfile all the same.
        let surely = object.get("optionalDependencies").and_then(Value::as_object);
        for (name, _, optional) in &mut asks {
            *optional &= !surely.is_some_and(|list| list.contains_key(name));
        }
        members.insert(
            place.clone(),
            Member { package: Some(tree.packages.len()), asked: Some(asked), ..Member::default() },
        );
        tree.insert(place.clone(), own, asks);
    }
    let mut graph = tree.graph(limits)?;
    for member in members.values_mut() {
        let own = member.package.and_then(|index| graph.packages.get(index));
        member.edges = own.map(|own| own.edges.clone()).unwrap_or_default();
    }
    graph.members = Some(members);
    Ok(graph)
}

/// Version 1: packages lie one in another, and what the root asks for is in its manifest alone.
fn nested(object: &Map<String, Value>, limits: &Limits) -> Result<Graph, LockError> {
    let mut tree = Tree::default();
    let mut queue: Vec<(String, &Map<String, Value>)> = Vec::new();
    match object.get("dependencies") {
        None => {}
        Some(Value::Object(dependencies)) => queue.push((String::new(), dependencies)),
        Some(_) => return Err(LockError::Malformed("dependencies is no list of packages".to_owned())),
    }
    let mut top = BTreeMap::new();
    while let Some((inside, dependencies)) = queue.pop() {
        for (name, value) in dependencies {
            let place = tree_path::within(&inside, &format!("{FOLDER}{name}"));
            let shown = excerpt(&place, 80);
            let (Value::Object(object), Ok(entry)) = (value, Entry::deserialize(value)) else {
                tree.faults.push(format!("the entry \"{shown}\" is not as the format has it"));
                continue;
            };
            if place.len() > LONGEST || place.matches(FOLDER).count() > DEEPEST {
                tree.faults.push(format!("the entry \"{shown}\" lies too deep"));
                continue;
            }
            if tree.packages.len() >= limits.packages {
                return Err(LockError::Limit(format!("it lists more than {} packages", limits.packages)));
            }
            match package_of_version_1(name, entry, &place) {
                Ok(package) => {
                    if inside.is_empty() {
                        top.insert(name.clone(), vec![tree.packages.len()]);
                    }
                    let requires = object.get("requires").and_then(Value::as_object);
                    let requires = requires.into_iter().flat_map(Map::keys);
                    tree.insert(
                        place.clone(),
                        package,
                        requires.map(|name| (name.clone(), Usage::Normal, false)).collect(),
                    );
                }
                Err(reason) => tree.faults.push(format!("the entry \"{shown}\" {reason}")),
            }
            if let Some(Value::Object(inner)) = object.get("dependencies") {
                queue.push((place, inner));
            }
        }
    }
    let graph = tree.graph(limits)?;
    Ok(Graph { answers: top, ..graph })
}

/// In version 1 the version may be an address, or another name with a version.
fn package_of_version_1(name: &str, mut entry: Entry, place: &str) -> Result<Package, String> {
    let version = entry.version.take().unwrap_or_default();
    if let Some((other, version)) = version.strip_prefix("npm:").and_then(|alias| alias.rsplit_once('@')) {
        entry.version = Some(version.to_owned());
        return package(other, &entry, place);
    }
    if version.contains(':') {
        // Where its address does not say what version it is, that stands in its archive alone.
        entry.version = Some(sources::version_in(&version, name).unwrap_or_default());
        entry.resolved = Some(version);
    } else {
        entry.version = Some(version).filter(|version| !version.is_empty());
    }
    package(name, &entry, place)
}

/// Does something that a package lies in say that it brings others with it?
fn is_bundled(place: &str, packages: &Map<String, Value>) -> bool {
    let mut inside = place;
    while let Some((outer, _)) = inside.rsplit_once("/node_modules/") {
        let brings = ["bundleDependencies", "bundledDependencies"].iter().any(|name| {
            let list = packages.get(outer).and_then(|outer| outer.get(*name));
            list.is_some_and(|list| list.as_array().is_some_and(|list| !list.is_empty()) || *list == Value::Bool(true))
        });
        if brings {
            return true;
        }
        inside = outer;
    }
    false
}

/// The name in `.../node_modules/NAME`; nothing for a folder of the tree.
fn name_of(place: &str) -> Option<&str> {
    let at = place.rfind(FOLDER).filter(|at| *at == 0 || place.as_bytes().get(at - 1) == Some(&b'/'))?;
    place.get(at + FOLDER.len()..)
}

/// What an entry asks for by name, folders of the tree included.
fn named(object: &Map<String, Value>) -> Vec<(String, Usage, bool)> {
    let mut all: BTreeMap<&str, (Usage, bool)> = BTreeMap::new();
    for (section, usage, optional) in SECTIONS {
        for name in object.get(section).and_then(Value::as_object).into_iter().flat_map(Map::keys) {
            all.entry(name).or_insert((usage, optional));
        }
    }
    all.into_iter().map(|(name, (usage, optional))| (name.to_owned(), usage, optional)).collect()
}

/// The ranges of what an entry asks for.
fn ranges(object: &Map<String, Value>) -> BTreeMap<String, Vec<String>> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (section, ..) in SECTIONS {
        for (name, range) in object.get(section).and_then(Value::as_object).into_iter().flatten() {
            // What is none is not understood, and takes no version that is known.
            let range = range.as_str().unwrap_or_default().to_owned();
            let ranges = all.entry(name.clone()).or_default();
            if !ranges.contains(&range) {
                ranges.push(range);
            }
        }
    }
    all
}

fn package(name: &str, entry: &Entry, place: &str) -> Result<Package, String> {
    if !sources::is_name(name) {
        return Err("has no valid name".to_owned());
    }
    let version = entry.version.as_deref().ok_or("has no version")?;
    if version.len() > 256 || version.chars().any(|character| character.is_whitespace() || character.is_control()) {
        return Err("has no valid version".to_owned());
    }
    // What is bundled lies in what brings it, and is pinned with that; the root brings nothing.
    let inside = place.matches(FOLDER).count() > 1;
    let bundled = (entry.in_bundle || entry.bundled) && inside && entry.resolved.is_none();
    let origin = match entry.resolved.as_deref() {
        // Without an address it comes from the registry that is set, or in an archive of it.
        None => Origin::Public(REGISTRY),
        Some(resolved) => sources::origin(resolved).ok_or("comes from a source of an unknown kind")?,
    };
    if entry.resolved.as_deref().is_some_and(|resolved| !sources::is_of(resolved, name, version)) {
        return Err("comes from the archive of another package or version".to_owned());
    }
    if matches!(origin, Origin::Git { revision: None, .. }) {
        return Err("comes from git and is not pinned to a revision".to_owned());
    }
    let hashes = entry.integrity.as_deref().map(Hash::of_integrity).unwrap_or_default();
    if hashes.is_empty() && entry.integrity.as_deref().is_some_and(|text| !text.trim().is_empty()) {
        return Err("has an integrity that is no digest".to_owned());
    }
    let licence = entry.license.as_ref().and_then(Value::as_str).and_then(package_json::licence);
    Ok(Package {
        purl: npm_url(name, version).from(&origin),
        name: name.to_owned(),
        version: version.to_owned(),
        origin,
        hashes,
        licence,
        bundled,
        ..Package::default()
    })
}

/// Packages by the place where they are put, as npm finds them: from the innermost folder outwards.
#[derive(Default)]
struct Tree {
    packages: Vec<Package>,
    /// What each asks for: by name, for what, and whether it may be missing.
    asks: Vec<Vec<(String, Usage, bool)>>,
    places: HashMap<String, usize>,
    names: Vec<String>,
    /// Folders to which a place leads.
    links: HashMap<String, String>,
    faults: Vec<String>,
}

impl Tree {
    fn insert(&mut self, place: String, package: Package, asks: Vec<(String, Usage, bool)>) {
        self.places.insert(place.clone(), self.packages.len());
        self.names.push(place);
        self.packages.push(package);
        self.asks.push(asks);
    }

    fn graph(mut self, limits: &Limits) -> Result<Graph, LockError> {
        let mut left = limits.edges;
        for ((place, asks), index) in self.names.iter().zip(&self.asks).zip(0..) {
            for (name, usage, optional) in asks {
                left = left
                    .checked_sub(1)
                    .ok_or_else(|| LockError::Limit(format!("it lists more than {} dependencies", limits.edges)))?;
                match find(place, name, &self.places, &self.links) {
                    Some(to) => {
                        if let Some(package) = self.packages.get_mut(index) {
                            package.edges.push(Edge { to, usage: *usage });
                        }
                    }
                    None if *optional => {}
                    None => self.faults.push(format!(
                        "the entry \"{}\" asks for {}, which it does not hold",
                        excerpt(place, 80),
                        excerpt(name, 80)
                    )),
                }
            }
        }
        Ok(Graph { packages: self.packages, faults: self.faults, ..Graph::default() })
    }
}

/// The package that `name` means to what lies at `place`.
fn find(place: &str, name: &str, places: &HashMap<String, usize>, links: &HashMap<String, String>) -> Option<usize> {
    let mut inside = Some(place);
    while let Some(folder) = inside {
        let candidate = tree_path::within(folder, &format!("{FOLDER}{name}"));
        if let Some(found) = places.get(&candidate) {
            return Some(*found);
        }
        if let Some(found) = links.get(&candidate).and_then(|folder| places.get(folder)) {
            return Some(*found);
        }
        inside = match (folder.is_empty(), name_of(folder)) {
            (true, _) => None,
            // The folder that holds its `node_modules`.
            (false, Some(name)) => {
                folder.get(..folder.len() - name.len() - FOLDER.len()).map(|up| up.trim_end_matches('/'))
            }
            (false, None) => Some(tree_path::folder(folder)),
        };
    }
    None
}

//! conan.lock of Conan 2 (version 0.5) and Conan 1 (version 0.4).
//!
//! Source: Conan 2, `conan/internal/model/lockfile.py`; Conan 1, `conans/model/graph_lock.py`.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::{excerpt, tree_path};
use serde_json::{Map, Value};

use super::{LOCK, origin, purl, reference::Reference};
use crate::{
    ecosystem::locked::graph::{Edge, Graph, LockError, Package, Usage},
    options::Limits,
    tree_file::SourceFile,
};

/// The format of one with another name.
const NAMED: &str = "conan-*.lock";
const VERSIONS: &str = "0.4 and 0.5";

/// Lists of a lockfile of Conan 2. What is for the build machine has lists of its own; among the first is what is tested with.
const LISTS: [(&str, Option<Usage>); 4] = [
    ("requires", None),
    ("build_requires", Some(Usage::Build)),
    ("python_requires", Some(Usage::Build)),
    ("config_requires", Some(Usage::Build)),
];

/// Reads one.
pub(super) fn read(file: &SourceFile, limits: &Limits) -> Result<Graph, LockError> {
    let value = plimsoll_model::parse_strict(&file.bytes).map_err(LockError::Malformed)?;
    let root = value.as_object().ok_or_else(|| LockError::Malformed("it is no JSON object".to_owned()))?;
    let version = match root.get("version") {
        Some(Value::String(version)) => version.as_str(),
        // Conan 2 takes it for its own.
        None if LISTS.iter().any(|(list, _)| root.contains_key(*list)) => "0.5",
        _ => return Err(LockError::Malformed("it says no version of its format".to_owned())),
    };
    let mut reading = Reading {
        graph: Graph {
            format: if tree_path::name(&file.path) == LOCK { LOCK } else { NAMED },
            version: version.to_owned(),
            ..Graph::default()
        },
        revisions: BTreeMap::new(),
        folder: tree_path::folder(&file.path),
        limits,
    };
    match version {
        "0.5" => reading.two(root)?,
        "0.4" => reading.one(root)?,
        other => return Err(LockError::Future(excerpt(other, 20), VERSIONS)),
    }
    Ok(reading.graph)
}

/// Why it may count for nothing: Conan 2 takes one of the usual name by itself.
///
/// Source: Conan docs, "Lockfiles"; Conan 1 docs, "Lockfiles", `--lockfile`.
pub(super) fn counts(graph: &Graph) -> Option<&'static str> {
    if graph.version == "0.4" {
        return Some("Conan 1 takes it only where a command names it");
    }
    (graph.format != LOCK).then_some("Conan takes a lockfile of this name only where a command names it")
}

struct Reading<'a> {
    graph: Graph,
    /// The revision of the recipe behind each package URL.
    revisions: BTreeMap<String, Option<String>>,
    folder: &'a str,
    limits: &'a Limits,
}

impl Reading<'_> {
    fn two(&mut self, root: &Map<String, Value>) -> Result<(), LockError> {
        for (list, usage) in LISTS {
            let entries = match root.get(list) {
                None => continue,
                Some(Value::Array(entries)) => entries,
                Some(_) => return Err(LockError::Malformed(format!("{list} is no list"))),
            };
            for entry in entries {
                // How it was built may follow.
                let text = entry.as_str().or_else(|| entry.as_array()?.first()?.as_str());
                self.add(text, usage)?;
            }
        }
        // What is put in place of something else is among the others.
        Ok(())
    }

    /// Adds the package of a reference.
    fn add(&mut self, text: Option<&str>, usage: Option<Usage>) -> Result<Option<usize>, LockError> {
        let Some(reference) = text.and_then(Reference::read).filter(|one| !one.version.starts_with('[')) else {
            let shown = excerpt(text.unwrap_or_default(), 80);
            self.graph.faults.push(format!("the entry \"{shown}\" is no reference to a recipe"));
            return Ok(None);
        };
        if self.graph.packages.len() >= self.limits.packages {
            return Err(LockError::Limit(format!("it lists more than {} packages", self.limits.packages)));
        }
        let index = self.graph.packages.len();
        let purl = purl(&reference);
        let (name, version) = (reference.name.to_owned(), reference.version.to_owned());
        let revision = reference.revision.map(ToOwned::to_owned);
        if revision.is_none() {
            self.graph.partial = Some("it does not say of which revision every recipe is".to_owned());
        }
        let known = self.revisions.entry(purl.clone()).or_insert_with(|| revision.clone());
        if *known != revision {
            self.graph.faults.push(format!("{name} {version} is listed with two revisions of its recipe"));
        }
        let plain = Reference { revision: None, ..reference };
        let keys =
            [name.clone(), format!("{name}/{}", plain.requirement()), format!("{name}/{}", reference.requirement())];
        for key in BTreeSet::from(keys) {
            self.graph.answers.entry(key).or_default().push(index);
        }
        let origin = origin(&reference);
        self.graph.packages.push(Package { name, version, purl, origin, usage, ..Package::default() });
        Ok(Some(index))
    }

    fn one(&mut self, root: &Map<String, Value>) -> Result<(), LockError> {
        let nodes = root.get("graph_lock").and_then(|lock| lock.get("nodes")).and_then(Value::as_object);
        let nodes = nodes.ok_or_else(|| LockError::Malformed("it has no nodes of a graph".to_owned()))?;
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        let mut left = self.limits.edges;
        let mut edges: Vec<(usize, usize, Usage)> = Vec::new();
        for (id, node) in nodes {
            let reference = node.get("ref").and_then(Value::as_str);
            let is_build = node.get("context").and_then(Value::as_str) == Some("build");
            // What is built here has a path, and may have no name.
            let place = if node.get("path").is_some() || (reference.is_none() && id == "0") {
                Some(self.own(id == "0", reference))
            } else {
                self.add(reference, is_build.then_some(Usage::Build))?
            };
            let Some(place) = place else { continue };
            places.insert(id, place);
            for text in node.get("python_requires").and_then(Value::as_array).into_iter().flatten() {
                if let Some(to) = self.add(text.as_str(), Some(Usage::Build))? {
                    edges.push((place, to, Usage::Build));
                }
            }
        }
        for (id, node) in nodes {
            let Some(from) = places.get(id.as_str()).copied() else { continue };
            for (list, usage) in [("requires", Usage::Normal), ("build_requires", Usage::Build)] {
                let ids = match node.get(list) {
                    None | Some(Value::Null) => continue,
                    Some(Value::Array(ids)) => ids,
                    Some(_) => return Err(LockError::Malformed(format!("{list} of a node is no list"))),
                };
                for to in ids {
                    left = left.checked_sub(1).ok_or_else(|| {
                        LockError::Limit(format!("it lists more than {} dependencies", self.limits.edges))
                    })?;
                    match to.as_str().and_then(|to| places.get(to).copied()) {
                        Some(to) => edges.push((from, to, usage)),
                        None => self
                            .graph
                            .faults
                            .push(format!("the node {} asks for one that it does not have", excerpt(id, 20))),
                    }
                }
            }
        }
        for (from, to, usage) in edges {
            if let Some(package) = self.graph.packages.get_mut(from) {
                package.edges.push(Edge { to, usage });
            }
        }
        self.graph.has_edges = true;
        Ok(())
    }

    /// Adds what is built here: the product, or a package that is worked on next to it.
    fn own(&mut self, is_root: bool, reference: Option<&str>) -> usize {
        let index = self.graph.packages.len();
        let read = reference.and_then(Reference::read);
        let (name, version) = read.map_or(("unnamed", ""), |one| (one.name, one.version));
        let purl = super::conan_url(name, version).in_folder(is_root.then_some(self.folder));
        if is_root {
            self.graph.answers.entry(String::new()).or_default().push(index);
        } else {
            let fault =
                format!("{} {} is on the machine where it was written", excerpt(name, 80), excerpt(version, 80));
            self.graph.faults.push(fault);
        }
        let (name, version) = (name.to_owned(), version.to_owned());
        self.graph.packages.push(Package { name, version, purl, own: is_root, ..Package::default() });
        index
    }
}

//! What the lockfiles of Python have in common: tables of packages with digests of their archives.

use std::collections::HashMap;

use plimsoll_model::excerpt;
use toml::{Table, Value};

use super::names::{is_name, is_version, normal, url};
use crate::{
    component::Origin,
    ecosystem::locked::graph::{Edge, Graph, LockError, Package, Usage},
    hash::Hash,
    options::Limits,
    tree_file::SourceFile,
};

/// Packages by name while a lockfile is read.
#[derive(Default)]
pub(super) struct Entries {
    pub graph: Graph,
    pub by_name: HashMap<String, Vec<usize>>,
}

impl Entries {
    /// Adds one.
    pub fn add(&mut self, package: Package) -> usize {
        let index = self.graph.packages.len();
        self.by_name.entry(package.name.clone()).or_default().push(index);
        self.graph.packages.push(package);
        index
    }

    /// Says that an entry was not understood.
    pub fn fault(&mut self, entry: &str, reason: &str) {
        self.graph.faults.push(format!("the entry \"{}\" {reason}", excerpt(entry, 80)));
    }

    /// All packages of a name.
    pub fn of_name(&self, name: &str) -> &[usize] {
        self.by_name.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// Adds that a package depends on each of `to`.
    pub fn depend(&mut self, from: usize, to: &[usize], usage: Usage) {
        if let Some(package) = self.graph.packages.get_mut(from) {
            package.edges.extend(to.iter().map(|to| Edge { to: *to, usage }));
        }
    }

    /// The graph, whose packages are asked for by their names.
    pub fn asked_by_name(self) -> Graph {
        Graph { answers: self.by_name.into_iter().collect(), ..self.graph }
    }
}

/// A lockfile as TOML.
pub(super) fn table(file: &SourceFile) -> Result<Table, LockError> {
    super::pyproject::parse(&file.bytes).map_err(LockError::Malformed)
}

/// The tables of its packages.
pub(super) fn packages<'a>(table: &'a Table, name: &str, limits: &Limits) -> Result<Vec<&'a Table>, LockError> {
    let list = match table.get(name) {
        None => return Ok(Vec::new()),
        Some(Value::Array(list)) => list,
        Some(_) => return Err(LockError::Malformed(format!("{name} is no list"))),
    };
    if list.len() > limits.packages {
        return Err(LockError::Limit(format!("it lists more than {} packages", limits.packages)));
    }
    let tables = list.iter().map(Value::as_table).collect::<Option<_>>();
    tables.ok_or_else(|| LockError::Malformed(format!("{name} has an entry that is no table")))
}

/// The bound on what all packages depend on together.
pub(super) struct EdgesLeft(pub usize, usize);

impl EdgesLeft {
    pub fn of(limits: &Limits) -> Self {
        Self(limits.edges, limits.edges)
    }

    pub fn take(&mut self, count: usize) -> Result<(), LockError> {
        let left = self.0.checked_sub(count);
        self.0 = left.ok_or_else(|| LockError::Limit(format!("it lists more than {} dependencies", self.1)))?;
        Ok(())
    }
}

/// Is it a version of a format whose first number is one of these?
pub(super) fn is_major(version: &str, known: &[u32]) -> bool {
    version.split('.').next().and_then(|major| major.parse().ok()).is_some_and(|major: u32| known.contains(&major))
}

pub(super) fn text<'a>(table: &'a Table, name: &str) -> Option<&'a str> {
    table.get(name).and_then(Value::as_str)
}

pub(super) fn below<'a>(table: &'a Table, name: &str) -> Option<&'a Table> {
    table.get(name).and_then(Value::as_table)
}

/// The tables of a list; what is none is left out.
pub(super) fn tables<'a>(table: &'a Table, name: &str) -> impl Iterator<Item = &'a Table> {
    table.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_table)
}

/// The texts of a list; what is none is left out.
pub(super) fn texts<'a>(table: &'a Table, name: &str) -> impl Iterator<Item = &'a str> {
    table.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// Makes a package of what an entry says; fails with what is wrong, as a clause about the entry.
pub(super) fn package(name: &str, version: &str, origin: Origin, hashes: Vec<Hash>) -> Result<Package, String> {
    if !is_name(name) {
        return Err("has no valid name".to_owned());
    }
    // Archives of a local version are in no public index, whatever the lockfile is silent about.
    //
    // Source: Python Packaging User Guide, "Version specifiers", "Local version identifiers".
    let is_public = matches!(origin, Origin::Public(_));
    let origin = if is_public && version.contains('+') { Origin::Registry("unknown".to_owned()) } else { origin };
    let may_lack = !matches!(origin, Origin::Public(_));
    if !(is_version(version) || (version.is_empty() && may_lack)) {
        return Err("has no valid version".to_owned());
    }
    if matches!(origin, Origin::Git { revision: None, .. }) {
        return Err("comes from git and is not pinned to a revision".to_owned());
    }
    let name = normal(name);
    let purl = url(&name, version).from(&origin);
    Ok(Package { purl, version: version.to_owned(), name, origin, hashes: sorted(hashes), ..Package::default() })
}

fn sorted(mut hashes: Vec<Hash>) -> Vec<Hash> {
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// Digests as `ALGORITHM:HEX`; fails where one is none that is known.
pub(super) fn hashes<'a>(texts: impl Iterator<Item = &'a str>) -> Result<Vec<Hash>, String> {
    let of_one = |text: &str| text.parse::<Hash>().ok().filter(|hash| hash.algorithm().in_documents().is_some());
    texts.map(of_one).collect::<Option<_>>().ok_or_else(|| "has a digest that is none".to_owned())
}

/// A package that is a folder of the tree: part of the product.
pub(super) fn own(name: &str, version: &str, folder: Option<&str>) -> Result<Package, String> {
    let mut one = package(name, version, Origin::Folder, Vec::new())?;
    one.purl = url(&one.name, version).in_folder(folder);
    one.own = true;
    Ok(one)
}

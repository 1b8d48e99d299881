//! requirements.txt and the like: what pip is given. A lockfile where all that is asked for is pinned to one version.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::{excerpt, tree_path};

use super::{
    REGISTRY,
    entries::{self, Entries},
    names::normal,
    requirements_file::{Line, Requirements, What},
    sources,
};
use crate::{
    component::Origin,
    ecosystem::locked::{
        graph::{Edge, Graph, Package, Usage},
        manifest::Manifest,
    },
    options::Limits,
    tree_file::SourceFile,
};

pub(super) const FORMAT: &str = "requirements.txt";

/// Lines of files that are taken in, counted for each file that does.
pub(super) const LINES_LOOKED_AT: usize = 1_000_000;

/// Files that one leads to.
const MOST_INCLUDED: usize = 1_000;

/// Words in the name of a file of what only those who work on a product need.
const FOR_WORK: [&str; 18] = [
    "ci",
    "dev",
    "develop",
    "development",
    "doc",
    "docs",
    "documentation",
    "format",
    "lint",
    "linting",
    "mypy",
    "style",
    "test",
    "testing",
    "tests",
    "tox",
    "types",
    "typing",
];

/// All requirement files of a tree by path.
pub(super) type All = BTreeMap<String, Requirements>;

/// What a file comes to with what it takes in.
#[derive(Debug)]
pub(super) struct Environment {
    pub manifest: Manifest,
    /// Where it is a lockfile.
    pub lock: Option<Graph>,
    /// What it pins though it is none.
    pub pins: Graph,
    /// Does it take in other files and nothing else?
    pub is_empty: bool,
}

/// Gives what a file comes to. What it takes in is listed with the file that it stands in.
///
/// `left` is how many lines of files that are taken in may still be looked at, for all files together.
pub(super) fn environment(file: &SourceFile, all: &All, limits: &Limits, left: &mut usize) -> Environment {
    let usage = if is_for_work(&file.path) { Usage::Dev } else { Usage::Normal };
    let empty = Requirements::default();
    let own = all.get(&file.path).unwrap_or(&empty);
    let mut manifest = Manifest::of(file);
    let (with, bounds, mut open) = included(&file.path, all, left);
    let indexes: Vec<&Option<Origin>> =
        with.iter().filter_map(|path| all.get(*path)).flat_map(|one| &one.indexes).collect();
    let mut entries = Entries::default();
    let mut is_lock = true;
    for line in &own.lines {
        match package(line, &bounds, &indexes) {
            Ok(Some(mut package)) => {
                package.usage = Some(usage);
                manifest.wants.push(line.wanted(package.name.clone(), usage));
                entries.add(package);
            }
            // A folder of the tree is looked at where it is a package.
            Ok(None) => {}
            Err(Unpinned { name, fault }) => {
                is_lock = false;
                if let Some(fault) = fault {
                    open.get_or_insert_with(|| format!("\"{}\" {fault}", excerpt(&line.text, 80)));
                }
                let name = name.unwrap_or_else(|| excerpt(&line.text, 80));
                manifest.wants.push(line.wanted(name, usage));
            }
        }
    }
    let mut seen = BTreeSet::new();
    manifest.wants.retain(|want| seen.insert(want.name.clone()));
    if let Some(odd) = with.iter().filter_map(|path| all.get(*path)).find_map(|one| one.odd.first()) {
        open.get_or_insert_with(|| format!("the option {odd} is not read"));
    }
    let is_empty = own.lines.is_empty() && open.is_none();
    // A file that takes in one that pins not all pins not all.
    for path in with.iter().filter(|path| **path != file.path) {
        let unpinned = all
            .get(*path)
            .into_iter()
            .flat_map(|one| &one.lines)
            .find(|line| package(line, &bounds, &indexes).is_err());
        if unpinned.is_some() {
            let path = plimsoll_model::one_line(path);
            open.get_or_insert_with(|| format!("{path}, which it takes in, does not pin all that it asks for"));
        }
    }
    if manifest.wants.len() > limits.packages {
        manifest.wants.truncate(limits.packages);
        open.get_or_insert_with(|| format!("it lists more than {} packages", limits.packages));
        is_lock = false;
    }
    let with_digests = own.lines.iter().all(|line| !line.hashes.is_empty() || matches!(line.what, What::Path { .. }));
    let has_via = annotate(own, &mut entries, &mut manifest, limits);
    if is_lock && !with_digests && !has_via {
        let reason = "it pins versions without digests, so whether it lists all that its packages need is not known";
        open.get_or_insert_with(|| reason.to_owned());
    }
    manifest.open = open;
    let graph = entries.asked_by_name();
    // What a remark leaves out is not known to be unused: it may be written by hand.
    let graph = Graph { format: FORMAT, has_edges: false, ..graph };
    let (lock, pins) = if is_lock && !own.lines.is_empty() { (Some(graph), Graph::default()) } else { (None, graph) };
    Environment { manifest, lock, pins, is_empty }
}

/// Who asks for what, where the tool that wrote the file says so for all of it. What is not asked for by a package of the file
/// is what the manifest asks for.
fn annotate(own: &Requirements, entries: &mut Entries, manifest: &mut Manifest, limits: &Limits) -> bool {
    let mut left = limits.edges;
    let named: Vec<&Line> = own.lines.iter().filter(|line| matches!(line.what, What::Named(_))).collect();
    if named.is_empty() || named.iter().any(|line| line.via.is_empty()) {
        return false;
    }
    let mut direct: BTreeSet<String> = BTreeSet::new();
    let mut found: Vec<(usize, Edge)> = Vec::new();
    for line in &named {
        let What::Named(one) = &line.what else { continue };
        let to = entries.of_name(&one.name);
        for via in &line.via {
            let name = via.split(['[', ' ', '(']).next().unwrap_or(via);
            // `-r FILE`, `NAME (pyproject.toml)` and names that are not listed are the manifest's.
            let from =
                if via.contains(['(', '/']) || via.starts_with('-') { &[] } else { entries.of_name(&normal(name)) };
            if from.is_empty() {
                direct.insert(one.name.clone());
            }
            for from in from {
                let Some(enough) = left.checked_sub(to.len()) else { return false };
                left = enough;
                found.extend(to.iter().map(|to| (*from, Edge { to: *to, usage: Usage::Normal })));
            }
        }
    }
    for (from, edge) in found {
        if let Some(package) = entries.graph.packages.get_mut(from) {
            package.edges.push(edge);
        }
    }
    let unnamed: BTreeSet<String> = own
        .lines
        .iter()
        .filter(|line| !matches!(line.what, What::Named(_)))
        .filter_map(|line| if let What::Address { name, .. } = &line.what { name.clone() } else { None })
        .collect();
    manifest.wants.retain(|want| direct.contains(&want.name) || unnamed.contains(&want.name));
    true
}

/// Files that one takes in with itself, the versions that are given by those that bound them, and what could not be followed.
fn included<'a>(
    path: &'a str,
    all: &'a All,
    left: &mut usize,
) -> (Vec<&'a str>, BTreeMap<&'a str, &'a Line>, Option<String>) {
    let mut with: Vec<&str> = Vec::new();
    let mut bounds: BTreeMap<&str, &Line> = BTreeMap::new();
    let mut open = None;
    let mut seen: BTreeSet<(&str, bool)> = BTreeSet::from([(path, false)]);
    let mut queue: Vec<(&str, bool)> = vec![(path, false)];
    while let Some((path, is_bound)) = queue.pop() {
        let Some(one) = all.get(path) else {
            let shown = plimsoll_model::one_line(path);
            open.get_or_insert_with(|| format!("it takes in {shown}, which is not among the files that are read"));
            continue;
        };
        // The file itself is read in any case.
        let lines = if queue.is_empty() && with.is_empty() {
            one.included.len()
        } else {
            one.lines.len() + one.included.len() + 1
        };
        let Some(enough) = left.checked_sub(lines) else {
            open.get_or_insert_with(|| "it takes in more lines than are looked at".to_owned());
            break;
        };
        *left = enough;
        if is_bound {
            for line in &one.lines {
                if let What::Named(requirement) = &line.what {
                    bounds.entry(&requirement.name).or_insert(line);
                }
            }
        } else {
            with.push(path);
        }
        for (place, bounds_only) in &one.included {
            match place {
                Some(place) if seen.len() < MOST_INCLUDED => {
                    let next = (place.as_str(), is_bound || *bounds_only);
                    if seen.insert(next) {
                        queue.push(next);
                    }
                }
                _ => {
                    open.get_or_insert_with(|| "it takes in a file that is not in the tree".to_owned());
                }
            }
        }
    }
    (with, bounds, open)
}

/// Why a line pins nothing.
struct Unpinned {
    name: Option<String>,
    /// Where it is not understood, in one clause.
    fault: Option<String>,
}

/// The package that a line pins; none where it is a folder of the tree.
fn package(
    line: &Line,
    bounds: &BTreeMap<&str, &Line>,
    indexes: &[&Option<Origin>],
) -> Result<Option<Package>, Unpinned> {
    let fault =
        |name: Option<&str>, fault: &str| Unpinned { name: name.map(ToOwned::to_owned), fault: Some(fault.to_owned()) };
    match &line.what {
        What::Unknown => Err(fault(None, "is no requirement")),
        What::Path { place: Some(_), is_archive: false } => Ok(None),
        What::Path { .. } => Err(fault(None, "is a path of which nothing is known")),
        What::Address { name, address } => {
            let Some(name) = name else { return Err(fault(None, "is an address without the name of a package")) };
            at_address(name, address, line)
        }
        What::Named(one) => {
            if let Some(address) = &one.address {
                return at_address(&one.name, address, line);
            }
            let bound = bounds.get(one.name.as_str());
            let of_bound = bound.and_then(|bound| match &bound.what {
                What::Named(bound) => bound.pinned(),
                _ => None,
            });
            let unpinned = || Unpinned { name: Some(one.name.clone()), fault: None };
            let version = one.pinned().or(of_bound.filter(|_| one.clauses.is_empty())).ok_or_else(unpinned)?;
            let hashes = match (line.hashes.is_empty(), bound) {
                (true, Some(bound)) => bound.hashes.clone(),
                _ => line.hashes.clone(),
            };
            entries::package(&one.name, version, from_indexes(indexes), hashes)
                .map(Some)
                .map_err(|reason| fault(Some(&one.name), &reason))
        }
    }
}

fn at_address(name: &str, address: &str, line: &Line) -> Result<Option<Package>, Unpinned> {
    let unpinned = |fault: &str| Unpinned { name: Some(name.to_owned()), fault: Some(fault.to_owned()) };
    if address.starts_with("file:") {
        return Ok(None);
    }
    let fragment = address.split('#').nth(1).unwrap_or_default();
    let digest = fragment.split('&').find_map(|part| part.strip_prefix("sha256=").map(|hex| format!("sha256:{hex}")));
    let mut hashes = line.hashes.clone();
    hashes.extend(digest.and_then(|digest| digest.parse().ok()));
    let origin = sources::of_pip(address).or_else(|| sources::archive(address.split('#').next().unwrap_or(address)));
    match origin {
        Some(Origin::Git { revision: None, .. }) => Err(Unpinned { name: Some(name.to_owned()), fault: None }),
        Some(origin) => {
            let version = version_of_archive(name, address).unwrap_or_default();
            entries::package(name, version, origin, hashes).map(Some).map_err(|reason| unpinned(&reason))
        }
        None => Err(unpinned("comes from a source of an unknown kind")),
    }
}

/// The version in the name of an archive.
///
/// Source: Python Packaging User Guide, "Binary distribution format", "File name convention".
fn version_of_archive<'a>(name: &str, address: &'a str) -> Option<&'a str> {
    let file = tree_path::name(address.split(['#', '?']).next()?);
    if let Some(stem) = file.strip_suffix(".whl") {
        let mut parts = stem.split('-');
        return parts.next().filter(|own| normal(own) == name).and_then(|_| parts.next());
    }
    let stem = file.strip_suffix(".tar.gz").or_else(|| file.strip_suffix(".zip"))?;
    let (own, version) = stem.rsplit_once('-')?;
    (normal(own) == name).then_some(version)
}

/// Where packages come from that name no address: the public registry where no other index is named. Of several it is not
/// known which has a package, so it is none that can be compared.
fn from_indexes(indexes: &[&Option<Origin>]) -> Origin {
    let other = indexes.iter().find(|index| !matches!(index, Some(Origin::Public(_))));
    match other {
        None => Origin::Public(REGISTRY),
        Some(Some(other)) => other.clone(),
        Some(None) => Origin::Registry("unknown".to_owned()),
    }
}

/// Is it, by its name, for those who work on the product alone?
pub(super) fn is_for_work(path: &str) -> bool {
    let name = tree_path::name(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let in_folder = tree_path::name(tree_path::folder(path)) == "requirements";
    let words: Vec<&str> = stem.split(['-', '_', '.']).filter(|word| !word.is_empty()).collect();
    let mut told = words
        .iter()
        .filter(|word| !matches!(**word, "requirements" | "requirement" | "reqs" | "constraints"))
        .peekable();
    let is_named = in_folder || words.len() > 1;
    // All words that are left say so: `requirements-dev.txt`, `test_requirements.txt`, and not `requirements-test-server.txt`.
    is_named && told.peek().is_some() && told.all(|word| FOR_WORK.contains(word))
}

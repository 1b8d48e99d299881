//! pnpm-lock.yaml, versions 5 to 9.
//!
//! Source: pnpm, "lockfile" specifications 5.x, 6.0 and 9.0.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use plimsoll_formats::yaml::{self, Bounds};
use plimsoll_model::{excerpt, tree_path};
use yaml_serde::{Mapping, Value};

use super::{REGISTRY, npm_url, package_json, sources};
use crate::{
    component::Origin,
    ecosystem::locked::{
        graph::{Edge, Graph, LockError, Member, Package, Usage, Want},
        manifest::{Agreement, Manifest, asks_the_same},
    },
    hash::Hash,
    options::Limits,
    tree_file::SourceFile,
};

pub(super) const FORMAT: &str = "pnpm-lock.yaml";
const VERSIONS: &str = "5 to 9";

/// Sections of an importer with what each is for, and whether what it lists may be missing.
const SECTIONS: [(&str, Usage, bool); 3] = [
    ("dependencies", Usage::Normal, false),
    ("optionalDependencies", Usage::Normal, true),
    ("devDependencies", Usage::Dev, false),
];

/// How packages are named in the versions of the format.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    /// `/NAME/VERSION` with peers behind `_`.
    Slash,
    /// `/NAME@VERSION` with peers in brackets.
    At,
    /// `NAME@VERSION`; what a package depends on is in a list of its own, by package with peers.
    Snapshots,
}

/// Reads one.
pub(super) fn read(file: &SourceFile, limits: &Limits) -> Result<Graph, LockError> {
    let text = std::str::from_utf8(&file.bytes).map_err(|_| LockError::Malformed("it is not UTF-8".to_owned()))?;
    let value = yaml::read_within(text, Bounds::GENERATED)
        .map_err(|error| LockError::Malformed(format!("not YAML: {}", excerpt(&error, 120))))?;
    let Value::Mapping(root) = value else { return Err(LockError::Malformed("it has no members".to_owned())) };
    let version = match root.get("lockfileVersion") {
        Some(Value::String(version)) => version.clone(),
        Some(Value::Number(version)) => version.to_string(),
        _ => return Err(LockError::Malformed("it says no version of its format".to_owned())),
    };
    let style = match version.split('.').next().and_then(|major| major.parse::<u32>().ok()) {
        Some(5) => Style::Slash,
        Some(6) => Style::At,
        Some(9) => Style::Snapshots,
        _ => return Err(LockError::Future(excerpt(&version, 20), VERSIONS)),
    };
    let graph =
        Reading { style, folder: tree_path::folder(&file.path), limits, graph: Graph::default() }.read(&root)?;
    Ok(Graph { format: FORMAT, version, has_edges: true, ..graph })
}

/// pnpm-workspace.yaml: which folders are members.
///
/// Source: pnpm docs, "pnpm-workspace.yaml".
pub(super) fn workspace(file: &SourceFile) -> Result<Manifest, String> {
    let text = std::str::from_utf8(&file.bytes).map_err(|_| "it is not UTF-8")?;
    let value = yaml::read(text).map_err(|error| format!("not YAML: {}", excerpt(&error, 120)))?;
    let members = match value.as_mapping().and_then(|root| root.get("packages")) {
        None => Vec::new(),
        Some(Value::Sequence(list)) => {
            let text = |one: &Value| one.as_str().map(|pattern| pattern.trim_end_matches('/').to_owned());
            let list: Option<Vec<String>> = list.iter().map(text).collect();
            let list = list.ok_or("packages has an entry that is no text")?;
            list.iter().flat_map(|pattern| package_json::alternatives(pattern)).collect()
        }
        Some(_) => return Err("packages is no list of folders".to_owned()),
    };
    Ok(Manifest { members, ..Manifest::of(file) })
}

/// The member, and whether the lockfile holds what it asks for. What others bring is in it only where pnpm is set so.
pub(super) fn member(manifest: &Manifest, member: &Member) -> (Member, Agreement) {
    let asked: BTreeSet<&str> = member.asked.iter().flatten().map(|want| want.name.as_str()).collect();
    let mut manifest = manifest.clone();
    let peers = std::mem::take(&mut manifest.peers);
    manifest.wants.retain(|want| !peers.contains(&want.name) || asked.contains(want.name.as_str()));
    (member.clone(), asks_the_same(&manifest, member))
}

struct Reading<'a> {
    style: Style,
    folder: &'a str,
    limits: &'a Limits,
    graph: Graph,
}

impl Reading<'_> {
    fn read(mut self, root: &Mapping) -> Result<Graph, LockError> {
        let empty = Mapping::new();
        let list = |name: &str| match root.get(name) {
            None | Some(Value::Null) => Ok(&empty),
            Some(Value::Mapping(list)) => Ok(list),
            Some(_) => Err(LockError::Malformed(format!("{name} is no list"))),
        };
        let packages = list("packages")?;
        // With snapshots, a package is listed once, and once more for each set of its peers.
        let snapshots = if self.style == Style::Snapshots { list("snapshots")? } else { packages };
        if packages.len().max(snapshots.len()) > self.limits.packages {
            return Err(LockError::Limit(format!("it lists more than {} packages", self.limits.packages)));
        }
        let mut places: HashMap<String, usize> = HashMap::new();
        for key in snapshots.keys() {
            let Some(key) = key.as_str() else {
                self.graph.faults.push("an entry has no name".to_owned());
                continue;
            };
            let described = packages.get(if self.style == Style::Snapshots { without_peers(key) } else { key });
            let Some(Value::Mapping(described)) = described else {
                self.graph.faults.push(format!("the entry \"{}\" is not described", excerpt(key, 80)));
                continue;
            };
            match self.package(key, described) {
                Ok(package) => {
                    places.insert(key.to_owned(), self.graph.packages.len());
                    self.graph.packages.push(package);
                }
                Err(reason) => self.graph.faults.push(format!("the entry \"{}\" {reason}", excerpt(key, 80))),
            }
        }
        // Where there is one, what it asks for is at the top.
        let importers: Vec<(Option<&str>, Option<&Mapping>)> = match root.get("importers") {
            None => vec![(Some("."), Some(root))],
            Some(Value::Mapping(list)) => list.iter().map(|(path, one)| (path.as_str(), one.as_mapping())).collect(),
            Some(_) => return Err(LockError::Malformed("importers is no list".to_owned())),
        };
        let mut members: BTreeMap<String, Member> = BTreeMap::new();
        let mut listed: Vec<(String, &Mapping)> = Vec::new();
        for (path, importer) in importers {
            let place = path.and_then(|path| Some((path, tree_path::join(self.folder, path)?)));
            let (Some((path, full)), Some(importer)) = (place, importer) else {
                self.graph.faults.push(format!(
                    "the importer \"{}\" is not as the format has it",
                    excerpt(path.unwrap_or_default(), 80)
                ));
                continue;
            };
            let relative = if path == "." { String::new() } else { path.to_owned() };
            let name = if full.is_empty() { "unnamed" } else { tree_path::name(&full) };
            let purl = npm_url(name, "").in_folder(Some(&full));
            let member =
                Member { package: Some(self.graph.packages.len()), asked: Self::asked(importer), ..Member::default() };
            self.graph.packages.push(Package { name: name.to_owned(), purl, own: true, ..Package::default() });
            members.insert(relative.clone(), member);
            listed.push((relative, importer));
        }
        self.edges(snapshots, &places, &members, &listed)?;
        for member in members.values_mut() {
            let own = member.package.and_then(|index| self.graph.packages.get(index));
            member.edges = own.map(|own| own.edges.clone()).unwrap_or_default();
        }
        self.graph.members = Some(members);
        Ok(self.graph)
    }

    /// What an importer asked for; nothing where the format of an entry is not understood.
    fn asked(importer: &Mapping) -> Option<Vec<Want>> {
        let specifiers = importer.get("specifiers").and_then(Value::as_mapping);
        let mut wants = Vec::new();
        for (section, usage, optional) in SECTIONS {
            for (name, value) in importer.get(section).and_then(Value::as_mapping).into_iter().flatten() {
                let name = name.as_str()?;
                let requirement = match value {
                    Value::Mapping(value) => value.get("specifier").and_then(Value::as_str)?,
                    _ => specifiers?.get(name).and_then(Value::as_str)?,
                };
                if !package_json::is_in_tree(requirement) {
                    wants.push(Want { name: name.to_owned(), requirement: requirement.to_owned(), usage, optional });
                }
            }
        }
        wants.sort();
        Some(wants)
    }

    fn edges(
        &mut self,
        snapshots: &Mapping,
        places: &HashMap<String, usize>,
        members: &BTreeMap<String, Member>,
        importers: &[(String, &Mapping)],
    ) -> Result<(), LockError> {
        let of_packages = snapshots.iter().filter_map(|(key, value)| {
            let key = key.as_str()?;
            Some((*places.get(key)?, key, value.as_mapping()?, None))
        });
        let of_members = importers.iter().filter_map(|(path, importer)| {
            Some((members.get(path)?.package?, path.as_str(), *importer, Some(path.as_str())))
        });
        let mut left = self.limits.edges;
        let mut found: Vec<(usize, Edge)> = Vec::new();
        let mut faults = Vec::new();
        for (from, shown, entry, importer) in of_packages.chain(of_members) {
            for (section, usage, optional) in SECTIONS {
                // What a package is tested with is not locked.
                if importer.is_none() && usage == Usage::Dev {
                    continue;
                }
                for (name, value) in entry.get(section).and_then(Value::as_mapping).into_iter().flatten() {
                    left = left.checked_sub(1).ok_or_else(|| {
                        LockError::Limit(format!("it lists more than {} dependencies", self.limits.edges))
                    })?;
                    let version = match value {
                        Value::Mapping(value) => value.get("version").and_then(Value::as_str),
                        other => other.as_str(),
                    };
                    let to = name
                        .as_str()
                        .zip(version)
                        .map(|(name, version)| self.find(name, version, importer, places, members));
                    match to {
                        Some(Some(to)) => found.push((from, Edge { to, usage })),
                        // A folder that is no member is looked at where it is a package of its own.
                        Some(None)
                            if (optional && importer.is_none())
                                || version.is_some_and(|version| version.starts_with("link:")) => {}
                        _ => faults.push(format!(
                            "the entry \"{}\" asks for {}, which it does not hold",
                            excerpt(shown, 80),
                            excerpt(name.as_str().unwrap_or_default(), 80)
                        )),
                    }
                }
            }
        }
        for (from, edge) in found {
            if let Some(package) = self.graph.packages.get_mut(from) {
                package.edges.push(edge);
            }
        }
        self.graph.faults.extend(faults);
        Ok(())
    }

    /// The package that a name with a version means.
    fn find(
        &self,
        name: &str,
        version: &str,
        importer: Option<&str>,
        places: &HashMap<String, usize>,
        members: &BTreeMap<String, Member>,
    ) -> Option<usize> {
        if let Some(folder) = version.strip_prefix("link:") {
            let path = tree_path::join(importer?, folder)?;
            return members.get(&path)?.package;
        }
        let named = match self.style {
            Style::Slash => format!("/{name}/{version}"),
            Style::At => format!("/{name}@{version}"),
            Style::Snapshots => format!("{name}@{version}"),
        };
        // An alias, an address or a path is written in full.
        places.get(&named).or_else(|| places.get(version)).copied()
    }

    fn package(&self, key: &str, entry: &Mapping) -> Result<Package, String> {
        let text = |name: &str| entry.get(name).and_then(Value::as_str);
        let split = self.name_and_version(key);
        // What comes from an address says its name and version.
        let name = text("name").or(split.map(|(name, _)| name)).ok_or("has no name")?;
        let version = text("version").or(split.map(|(_, version)| version)).unwrap_or_default();
        if !sources::is_name(name) {
            return Err("has no valid name".to_owned());
        }
        let resolution = entry.get("resolution").and_then(Value::as_mapping).ok_or("says not where it comes from")?;
        let said = |name: &str| resolution.get(name).and_then(Value::as_str);
        let hashes = said("integrity").map(Hash::of_integrity).unwrap_or_default();
        if hashes.is_empty() && said("integrity").is_some() {
            return Err("has an integrity that is no digest".to_owned());
        }
        let origin = match (said("type"), said("tarball"), said("commit"), said("directory")) {
            (Some("git"), _, Some(commit), _) => {
                let revision = sources::is_revision(commit).then(|| commit.to_owned());
                let repository = said("repo").ok_or("comes from git without an address")?;
                Origin::Git { url: excerpt(repository, 300), revision }
            }
            (Some("directory"), _, _, Some(_)) => Origin::Folder,
            (None, Some(tarball), ..) => sources::origin(tarball).ok_or("comes from a source of an unknown kind")?,
            (None, None, ..) if said("integrity").is_some() => Origin::Public(REGISTRY),
            _ => return Err("comes from a source of an unknown kind".to_owned()),
        };
        if said("tarball").is_some_and(|tarball| !sources::is_of(tarball, name, version)) {
            return Err("comes from the archive of another package or version".to_owned());
        }
        if matches!(origin, Origin::Git { revision: None, .. }) {
            return Err("comes from git and is not pinned to a revision".to_owned());
        }
        let version = if origin == Origin::Public(REGISTRY) { version } else { text("version").unwrap_or_default() };
        if version.len() > 256 || version.contains(char::is_whitespace) {
            return Err("has no valid version".to_owned());
        }
        let usage = match entry.get("dev") {
            Some(Value::Bool(true)) => Some(Usage::Dev),
            Some(Value::Bool(false)) => Some(Usage::Normal),
            _ => None,
        };
        Ok(Package {
            purl: npm_url(name, version).from(&origin),
            name: name.to_owned(),
            version: version.to_owned(),
            own: origin == Origin::Folder,
            origin,
            hashes,
            usage,
            ..Package::default()
        })
    }

    /// Name and version in the name of an entry.
    fn name_and_version<'k>(&self, key: &'k str) -> Option<(&'k str, &'k str)> {
        let plain = without_peers(key);
        match self.style {
            Style::Slash => {
                let (name, version) = plain.strip_prefix('/')?.rsplit_once('/')?;
                // Peers stand behind the first `_` of the version.
                Some((name, version.split('_').next().unwrap_or(version)))
            }
            Style::At => split_at_version(plain.strip_prefix('/')?),
            Style::Snapshots => split_at_version(plain),
        }
    }
}

/// `NAME@VERSION`, where a scope begins with `@` too.
fn split_at_version(text: &str) -> Option<(&str, &str)> {
    let at = text.get(1..)?.find('@')? + 1;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// The name of an entry without what stands in brackets behind it.
fn without_peers(key: &str) -> &str {
    key.find('(').and_then(|at| key.get(..at)).unwrap_or(key)
}

//! Elixir, Erlang and Gleam: mix.exs with mix.lock, rebar.config with rebar.lock, gleam.toml with manifest.toml.

mod gleam;
mod mix_exs;
mod mix_lock;
mod rebar;
mod terms;

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::{excerpt, tree_path};

use self::rebar::{Config, Wrong};
use super::{
    Ecosystem, Resolution, address,
    locked::{
        self, Reader,
        graph::{Edge, Graph, LockError, Member, Package, Usage, Want},
        manifest::{Agreement, Manifest},
    },
    purl::Named,
};
use crate::{
    component::{Component, Origin},
    hash::Hash,
    options::{Limits, Options},
    tree_file::SourceFile,
};

const MIX: &str = "mix.exs";
const MIX_LOCK: &str = "mix.lock";
const REBAR: &str = "rebar.config";
const REBAR_SCRIPT: &str = "rebar.config.script";
const REBAR_LOCK: &str = "rebar.lock";
const GLEAM: &str = "gleam.toml";
const GLEAM_LOCK: &str = "manifest.toml";

/// The public registry.
///
/// Source: OSV schema, `affected[].package.ecosystem`.
const REGISTRY: &str = "Hex";
/// What its own tools call it, and what they put in front of the name of an organisation of it.
const OWN: &str = "hexpm";

/// What a lockfile says.
#[derive(Clone, Debug, Default)]
struct Locked {
    entries: Vec<Entry>,
    version: String,
    /// Entries that were not understood, in one clause each.
    faults: Vec<String>,
}

/// One package.
#[derive(Clone, Debug, Default)]
struct Entry {
    /// The application that it is.
    app: String,
    name: String,
    version: String,
    place: Place,
    hash: Option<Hash>,
    /// What it needs, where the format keeps that.
    needs: Option<Vec<Need>>,
    /// Does the lockfile say that it is asked for by name?
    direct: bool,
}

/// An application that a package needs.
#[derive(Clone, Debug)]
struct Need {
    app: String,
    optional: bool,
}

/// From where it comes.
#[derive(Clone, Debug)]
enum Place {
    /// A registry, by the name that the tools have for it: the public one where they give none.
    Hex(Option<String>),
    Git {
        url: String,
        revision: Option<String>,
    },
    Folder(String),
}

impl Default for Place {
    fn default() -> Self {
        Self::Hex(None)
    }
}

/// What is asked for, with the address and revision of git.
#[derive(Clone, Debug)]
struct Asked {
    name: String,
    version: Option<String>,
    git: Option<(String, Option<String>)>,
}

/// The ecosystem, with what was read of the manifests of a tree by their folders.
pub(crate) struct Hex {
    /// Applications of the tree.
    apps: BTreeSet<String>,
    mixes: BTreeSet<String>,
    configs: BTreeMap<String, Config>,
}

/// Nothing read yet.
pub(crate) const HEX: Hex = Hex { apps: BTreeSet::new(), mixes: BTreeSet::new(), configs: BTreeMap::new() };

impl Ecosystem for Hex {
    fn name(&self) -> &'static str {
        "hex"
    }

    fn purl_types(&self) -> &'static [&'static str] {
        &["hex"]
    }

    fn manifests(&self) -> &'static [&'static str] {
        &[MIX, REBAR, REBAR_SCRIPT, GLEAM]
    }

    fn lockfiles(&self) -> &'static [&'static str] {
        &[MIX_LOCK, REBAR_LOCK, GLEAM_LOCK]
    }

    fn update_tools(&self) -> &'static [&'static str] {
        &["gleam", "mix"]
    }

    fn public_registry(&self) -> Option<&'static str> {
        Some(REGISTRY)
    }

    fn archive(&self, component: &Component) -> Option<String> {
        let (name, version) = (&component.name, &component.version);
        component.is_from(REGISTRY).then(|| format!("https://repo.hex.pm/tarballs/{name}-{version}.tar"))
    }

    fn resolve(&self, files: &[SourceFile], options: &Options) -> Resolution {
        let mut read = HEX;
        let small = |file: &&SourceFile| file.bytes.len() <= options.limits.manifest_bytes;
        for file in files.iter().filter(small).filter(|file| tree_path::is_clean(&file.path)) {
            let folder = tree_path::folder(&file.path).to_owned();
            match tree_path::name(&file.path) {
                MIX => {
                    read.apps.extend(mix_exs::read(&file.bytes).ok().and_then(|program| program.app));
                    read.mixes.insert(folder);
                }
                REBAR => {
                    if let Ok(config) = rebar::config(&file.bytes) {
                        read.configs.insert(folder, config);
                    }
                }
                _ => {}
            }
        }
        locked::resolve(&read, files, options)
    }
}

/// Could a package or an application have this name?
fn is_name(name: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'@');
    !name.is_empty() && name.len() <= 256 && name.bytes().all(is_part)
}

impl Hex {
    fn of_mix(file: &SourceFile) -> Result<Manifest, String> {
        let program = mix_exs::read(&file.bytes)?;
        let members = program.apps.map(|apps| format!("{}/*", apps.trim_end_matches('/')));
        Ok(Manifest {
            name: program.app,
            version: program.version,
            members: members.into_iter().collect(),
            open: Some("what mix.exs asks for is not known: it is a program, and is not run".to_owned()),
            ..Manifest::of(file)
        })
    }

    fn of_rebar(file: &SourceFile) -> Result<Manifest, String> {
        let config = rebar::config(&file.bytes)?;
        let want = |name: &str, requirement: Option<&str>, usage: Usage| Want {
            name: name.to_owned(),
            requirement: requirement.unwrap_or_default().to_owned(),
            usage,
            optional: false,
        };
        let wants = config.asked.iter().map(|asked| want(&asked.name, asked.version.as_deref(), Usage::Normal));
        let in_profiles = config.in_profiles.iter().map(|name| want(name, None, Usage::Dev));
        Ok(Manifest {
            wants: wants.chain(in_profiles).collect(),
            // Where Rebar3 looks for applications.
            members: vec!["apps/*".to_owned(), "lib/*".to_owned()],
            open: config.open,
            ..Manifest::of(file)
        })
    }

    /// Whether a lockfile of Rebar3 holds what is asked for next to it and no more.
    fn belongs(&self, folder: &str, entries: &[(usize, &Package)], graph: &Graph) -> (Vec<Edge>, Agreement) {
        let Some(config) = self.configs.get(folder) else {
            return (Vec::new(), Agreement::NotKnown("rebar.config next to it was not read".to_owned()));
        };
        let mut told = Agreement::Yes;
        let mut edges = Vec::new();
        for asked in &config.asked {
            let what = excerpt(&asked.name, 80);
            let found = graph.answers.get(&asked.name).and_then(|found| found.first());
            let package = found.and_then(|index| graph.packages.get(*index));
            edges.extend(found.map(|to| Edge { to: *to, usage: Usage::Normal }));
            told = told.and(match (package.map(|package| (&package.origin, package)), &asked.git, &asked.version) {
                (None, ..) if self.apps.contains(&asked.name) => Agreement::Yes,
                (None, ..) => Agreement::No(format!("it does not hold {what}")),
                (Some((Origin::Git { url, revision }, _)), Some((written, pinned)), _) => {
                    let same_place = address::repository(written).as_ref() == Some(url);
                    match pinned {
                        _ if !same_place => Agreement::No(format!("it was not written for {what}")),
                        // It may be asked for by the start of it.
                        Some(pinned)
                            if pinned.len() > 6 && revision.as_ref().is_some_and(|own| own.starts_with(pinned)) =>
                        {
                            Agreement::Yes
                        }
                        Some(_) => Agreement::No(format!("it was not written for {what}")),
                        None => Agreement::NotKnown(format!("the revision of {what} is asked for by another name")),
                    }
                }
                (Some((Origin::Git { .. }, _)), None, _) | (Some(_), Some(_), _) => {
                    Agreement::No(format!("it was not written for {what}"))
                }
                (Some(_), None, None) => Agreement::Yes,
                (Some((_, package)), None, Some(version)) => {
                    let is_exact = version.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-+".contains(&byte));
                    let shown = excerpt(version, 80);
                    if !is_exact {
                        Agreement::NotKnown(format!("whether it holds {what} {shown} is not compared"))
                    } else if *version == package.version {
                        Agreement::Yes
                    } else {
                        Agreement::No(format!("what it holds is not {what} {shown}"))
                    }
                }
            });
        }
        let asked: BTreeSet<&str> = config.asked.iter().map(|asked| asked.name.as_str()).collect();
        let names: BTreeMap<usize, &str> = graph
            .answers
            .iter()
            .flat_map(|(name, found)| found.iter().map(move |index| (*index, name.as_str())))
            .collect();
        // Members of the same workspace ask for others.
        let is_alone = !self
            .configs
            .range(folder.to_owned()..)
            .any(|(other, _)| other != folder && tree_path::is_below(other, folder));
        for (index, _) in entries {
            edges.push(Edge { to: *index, usage: Usage::Normal });
            let name = names.get(index).copied().unwrap_or_default();
            if is_alone && !asked.contains(name) {
                let name = excerpt(name, 80);
                told = told.and(Agreement::No(format!("it was written for {name}, for which nothing asks")));
            }
        }
        edges.sort_unstable();
        edges.dedup();
        (edges, told)
    }
}

impl Reader for Hex {
    fn manifest(&self, file: &SourceFile, _: &Limits) -> Result<Option<Manifest>, String> {
        let mut manifest = match tree_path::name(&file.path) {
            MIX => Self::of_mix(file)?,
            REBAR => Self::of_rebar(file)?,
            GLEAM => gleam::manifest(file)?,
            _ => {
                let open = "what rebar.config.script asks for is not known: it is a program, and is not run";
                Manifest { open: Some(open.to_owned()), ..Manifest::of(file) }
            }
        };
        // What the tools fetch into the tree is a copy.
        let folder = manifest.folder();
        let above = tree_path::folder(folder);
        let is_deps = above == "deps" || above.ends_with("/deps");
        let is_fetched = is_deps && self.mixes.contains(tree_path::folder(above));
        manifest.copy = is_fetched || folder.split('/').any(|part| part == "_build");
        Ok(Some(manifest))
    }

    fn lockfile(&self, file: &SourceFile, limits: &Limits) -> Result<Graph, LockError> {
        let mut members = None;
        let (format, lock) = match tree_path::name(&file.path) {
            MIX_LOCK => (MIX_LOCK, mix_lock::read(&file.bytes).map_err(LockError::Malformed)?),
            REBAR_LOCK => {
                let lock = rebar::lock(&file.bytes).map_err(|wrong| match wrong {
                    Wrong::Future(version) => LockError::Future(version, "1"),
                    Wrong::Malformed(reason) => LockError::Malformed(reason),
                })?;
                (REBAR_LOCK, lock)
            }
            _ => {
                let (lock, member) = gleam::lock(&file.bytes).map_err(LockError::Malformed)?;
                members = Some(BTreeMap::from([(String::new(), member)]));
                (GLEAM_LOCK, lock)
            }
        };
        if lock.entries.len() > limits.packages {
            return Err(LockError::Limit(format!("it lists more than {} packages", limits.packages)));
        }
        let mut graph = Graph {
            format,
            version: lock.version,
            members,
            has_edges: format != REBAR_LOCK,
            faults: lock.faults,
            ..Graph::default()
        };
        let folder = tree_path::folder(&file.path);
        if format == REBAR_LOCK && self.configs.get(folder).is_some_and(|config| config.plugins) {
            graph.partial = Some("it does not list the plugins that rebar.config builds with".to_owned());
        }
        for (index, entry) in lock.entries.iter().enumerate() {
            if graph.answers.insert(entry.app.clone(), vec![index]).is_some() {
                graph.faults.push(format!("the package \"{}\" appears twice", excerpt(&entry.app, 80)));
            }
            let (package, fault) = package(folder, entry);
            graph.packages.push(package);
            graph.faults.extend(fault);
        }
        let mut left = limits.edges;
        for (from, entry) in lock.entries.iter().enumerate() {
            for need in entry.needs.iter().flatten() {
                left = left
                    .checked_sub(1)
                    .ok_or_else(|| LockError::Limit(format!("it lists more than {} dependencies", limits.edges)))?;
                match graph.answers.get(&need.app).and_then(|found| found.first().copied()) {
                    Some(to) => {
                        let edge = Edge { to, usage: Usage::Normal };
                        graph.packages.get_mut(from).into_iter().for_each(|package| package.edges.push(edge));
                    }
                    None if need.optional || self.apps.contains(&need.app) => {}
                    None => {
                        let (one, other) = (excerpt(&entry.app, 80), excerpt(&need.app, 80));
                        graph.faults.push(format!("{one} asks for {other}, which it does not hold"));
                    }
                }
            }
        }
        // Only those that are asked for by name have a use that is known.
        for (package, entry) in graph.packages.iter_mut().zip(&lock.entries) {
            package.usage = entry.direct.then_some(Usage::Normal);
        }
        Ok(graph)
    }

    fn locks<'a>(&self, manifests: &[&'a SourceFile], lockfiles: &[&'a SourceFile]) -> Vec<&'a SourceFile> {
        let is_lock = |file: &&SourceFile| tree_path::name(&file.path) != GLEAM_LOCK || gleam::is_lock(file, manifests);
        lockfiles.iter().copied().filter(is_lock).collect()
    }

    /// Only Gleam's names one.
    fn named(&self, manifest: &Manifest, member: &Member, graph: &Graph) -> (Member, Agreement) {
        gleam::belongs(manifest, member, graph)
    }

    fn member(&self, manifest: &Manifest, graph: &Graph, _: &BTreeSet<&str>) -> (Member, Agreement) {
        let mut member = Member::default();
        let open = manifest.open.clone().map_or(Agreement::Yes, Agreement::NotKnown);
        if graph.format == MIX_LOCK {
            return (member, open);
        }
        // Members of the root have no lockfile of their own.
        if manifest.folder() != graph.folder {
            let reason = "what members of its workspace ask for is not compared".to_owned();
            return (member, Agreement::NotKnown(reason).and(open));
        }
        let direct: Vec<(usize, &Package)> =
            graph.packages.iter().enumerate().filter(|(_, package)| package.usage == Some(Usage::Normal)).collect();
        let (edges, told) = self.belongs(manifest.folder(), &direct, graph);
        member.edges = edges;
        (member, told.and(open))
    }

    fn own_purl<'a>(&self, name: &'a str, version: &'a str) -> Named<'a> {
        hex_url(name, version)
    }

    fn registry_address(&self) -> &'static str {
        "https://hex.pm"
    }
}

/// A package of a lockfile in `folder`, with what is wrong with it.
fn package(folder: &str, entry: &Entry) -> (Package, Option<String>) {
    let Entry { app, name, version, .. } = entry;
    let shown = excerpt(app, 80);
    let (origin, fault) = match &entry.place {
        Place::Folder(path) => {
            let inside = tree_path::join(folder, path);
            let outside = || format!("{shown} is in the folder {}, which is not in the tree", excerpt(path, 80));
            let fault = inside.is_none().then(outside);
            let (name, version, own) = (name.clone(), version.clone(), inside.is_some());
            let purl = hex_url(&name, &version).in_folder(inside.as_deref());
            return (Package { name, version, purl, own, ..Package::default() }, fault);
        }
        Place::Hex(None) => (Origin::Public(REGISTRY), None),
        Place::Hex(Some(repository)) if repository == OWN => (Origin::Public(REGISTRY), None),
        Place::Hex(Some(repository)) => match repository.split_once(':') {
            Some((OWN, organisation)) if is_name(organisation) => {
                (Origin::Registry(format!("https://repo.hex.pm/repos/{organisation}")), None)
            }
            _ => {
                let name = excerpt(repository, 80);
                let fault = format!("{shown} comes from the registry {name}, whose address it does not have");
                (Origin::Registry(format!("hex:{name}")), Some(fault))
            }
        },
        Place::Git { url, revision } => {
            let fault = revision.is_none().then(|| format!("{shown} comes from git and is not pinned to a revision"));
            (Origin::Git { url: url.clone(), revision: revision.clone() }, fault)
        }
    };
    let purl = hex_url(name, version).from(&origin);
    let hashes = entry.hash.iter().cloned().collect();
    (Package { name: name.clone(), version: version.clone(), purl, origin, hashes, ..Package::default() }, fault)
}

/// The package URL of a package is made of this.
///
/// Source: Package URL specification, type `hex`.
fn hex_url<'a>(name: &'a str, version: &'a str) -> Named<'a> {
    Named { kind: "hex", namespace: None, name, version }
}

#[cfg(test)]
mod tests;

//! Asking cargo about one workspace: with default and with all features, for every target or at least for
//! this machine's.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
    sync::OnceLock,
    time::Instant,
};

use crate::{
    cargo::{Cargo, Refusal, Version},
    discover::Found,
    graph::Graph,
    input::{Options, Resolver, SourceFile},
    lock::{Lock, Origin},
    manifest::Manifest,
    reach::Answer,
    resolve::LockFile,
    scratch::{self, Scratch},
};

/// How cargo can be asked. One value serves all workspaces of a tree.
pub(crate) struct Asking<'a> {
    cargo: Cargo,
    scratch: Scratch,
    version: OnceLock<Option<Version>>,
    at_hand: OnceLock<Option<BTreeSet<String>>>,
    files: BTreeMap<&'a str, &'a SourceFile>,
    options: &'a Options,
}

/// What cargo told of one workspace.
#[derive(Default)]
pub(crate) struct Told {
    pub default: Option<Answer>,
    pub all_features: Option<Answer>,
    /// Why an answer is missing or is for one target alone, in one clause.
    pub reason: Option<String>,
    /// The target of answers that are for one alone.
    pub host: Option<String>,
    pub unlocked: bool,
    pub demanded: bool,
    pub nothing_to_ask: bool,
}

impl Told {
    pub(crate) fn nothing_to_ask() -> Self {
        Self { nothing_to_ask: true, ..Self::default() }
    }

    pub(crate) fn refused(reason: String) -> Self {
        Self { reason: Some(reason), ..Self::default() }
    }

    /// What cannot be told without the missing answers.
    pub(crate) fn difference(&self) -> Option<String> {
        if self.nothing_to_ask {
            return None;
        }
        let reason = self.reason.as_deref().unwrap_or("cargo gave no answer");
        let whole = |answer: &Option<Answer>| answer.as_ref().map(|answer| answer.every_target);
        let host = self.host.as_deref().unwrap_or("one target");
        match (whole(&self.default), whole(&self.all_features)) {
            (Some(true), Some(true)) => None,
            (None, None) => Some(format!(
                "{reason}; from Cargo.lock alone it cannot be told which packages are built, with which features, for which \
                 targets, and which serve only building or testing"
            )),
            (None, Some(_)) => Some(format!("{reason}; the graph with default features is not known")),
            (Some(_), None) => Some(format!("{reason}; the graph with all features is not known")),
            (Some(_), Some(_)) => {
                Some(format!("{reason}; the graph is known for {host} and not for every other target"))
            }
        }
    }

    /// Licences as stated, of packages that cargo read.
    pub(crate) fn licences(self) -> BTreeMap<usize, String> {
        let graphs = self.all_features.into_iter().chain(self.default).map(|answer| answer.graph.licences);
        graphs
            .reduce(|mut left, right| {
                left.extend(right);
                left
            })
            .unwrap_or_default()
    }
}

impl<'a> Asking<'a> {
    /// Makes the scratch folder; the error is one clause.
    pub(crate) fn new(files: &'a [SourceFile], options: &'a Options) -> Result<Self, String> {
        let scratch = Scratch::new().map_err(|error| format!("no scratch folder could be made ({})", error.kind()))?;
        Ok(Self {
            cargo: Cargo {
                program: options.cargo.clone().unwrap_or_else(|| PathBuf::from("cargo")),
                run_folder: scratch.run_folder(),
                timeout: options.timeout,
                // Many slow workspaces must not add up.
                deadline: Instant::now() + options.timeout * 2,
                output_bytes: options.limits.output_bytes,
                hidden: hidden(&scratch),
            },
            scratch,
            version: OnceLock::new(),
            at_hand: OnceLock::new(),
            files: files.iter().map(|file| (file.path.as_str(), file)).collect(),
            options,
        })
    }

    /// cargo's version; asked once.
    pub(crate) fn version(&self) -> Option<&Version> {
        self.version.get_or_init(|| self.cargo.version()).as_ref()
    }

    /// Asks about one workspace.
    pub(crate) fn ask(&self, manifests: &[Manifest], found: &Found, lockfile: &LockFile<'_>, number: usize) -> Told {
        let mut told = match self.try_ask(manifests, found, lockfile, number) {
            Ok(told) => told,
            Err(reason) => Told::refused(reason),
        };
        told.demanded = self.options.resolver == Resolver::Cargo;
        told
    }

    fn try_ask(
        &self,
        manifests: &[Manifest],
        found: &Found,
        lockfile: &LockFile<'_>,
        number: usize,
    ) -> Result<Told, String> {
        let closure = || found.closure.iter().filter_map(|index| manifests.get(*index));
        if let Some(refusal) = scratch::refusal(closure()) {
            return Err(refusal);
        }
        if self.nothing_at_hand(&lockfile.lock) {
            return Err(Refusal::Offline.reason());
        }
        let mut copies: Vec<(&str, &[u8])> = vec![(lockfile.path, lockfile.bytes)];
        let mut stubs: BTreeSet<String> = BTreeSet::new();
        for manifest in closure() {
            let file = self.files.get(manifest.path.as_str());
            copies.extend(file.map(|file| (file.path.as_str(), file.bytes.as_slice())));
            stubs.extend(scratch::stubs(manifest, &self.options.target_files)?);
        }
        copies.extend(stubs.iter().map(|stub| (stub.as_str(), [].as_slice())));
        self.scratch
            .write(number, &copies)
            .map_err(|error| format!("the manifests could not be copied aside ({})", error.kind()))?;
        let root = manifests.get(found.root).map_or("Cargo.toml", |root| root.path.as_str());
        let place = self.scratch.tree(number).join(root);
        let ships: BTreeMap<&str, bool> = found
            .members
            .iter()
            .filter_map(|index| manifests.get(*index))
            .filter_map(|manifest| {
                Some((manifest.package.as_ref()?.name.as_str(), manifest.class == crate::class::SHIPPED))
            })
            .collect();
        let ask = |all_features: bool| -> (Option<Answer>, Option<Refusal>) {
            let whole = self.cargo.metadata(&place, all_features, None);
            let (metadata, every_target, refusal) = match whole {
                Ok(metadata) => (metadata, true, None),
                Err(Refusal::Offline) => {
                    // What is built on this machine is on this machine more often than the rest.
                    let host = self.version().and_then(|version| version.host.as_deref());
                    match host.map(|host| self.cargo.metadata(&place, all_features, Some(host))) {
                        Some(Ok(metadata)) => (metadata, false, Some(Refusal::Offline)),
                        Some(Err(refusal)) => return (None, Some(refusal)),
                        None => return (None, Some(Refusal::Offline)),
                    }
                }
                Err(refusal) => return (None, Some(refusal)),
            };
            let host = self.version().filter(|_| !every_target).and_then(|version| version.host.as_deref());
            match Graph::read(&metadata, &lockfile.lock, &ships, host) {
                Ok(graph) => (Some(Answer { graph, every_target }), refusal),
                Err(reason) => (None, Some(Refusal::Said(reason))),
            }
        };
        let features = closure().filter_map(|manifest| manifest.package.as_ref()).any(|package| package.features);
        let ((default, first), (all_features, second)) = if features {
            rayon::join(|| ask(false), || ask(true))
        } else {
            // The two answers would be one.
            let (answer, refusal) = ask(false);
            let same = answer.as_ref().map(Answer::copy);
            ((answer, refusal.clone()), (same, refusal))
        };
        let refusal = first.or(second);
        let partial = [&default, &all_features].into_iter().flatten().any(|answer| !answer.every_target);
        Ok(Told {
            reason: refusal.as_ref().map(Refusal::reason),
            unlocked: refusal == Some(Refusal::Unlocked),
            host: if partial { self.version().and_then(|version| version.host.clone()) } else { None },
            default,
            all_features,
            ..Told::default()
        })
    }

    /// Is the source of no registry package on this machine? Then there is no need to ask.
    ///
    /// A configuration of the user's own may have sources elsewhere: then cargo is asked anyway.
    fn nothing_at_hand(&self, lock: &Lock) -> bool {
        let names = self.at_hand.get_or_init(at_hand);
        let Some(names) = names else { return false };
        let mut registry =
            lock.packages.iter().filter(|package| matches!(package.origin, Origin::CratesIo | Origin::Registry(_)));
        let mut any = false;
        let none = registry.all(|package| {
            any = true;
            !names.contains(&format!("{}-{}", package.name, package.version))
        });
        any && none
    }
}

/// Folders that are not told of, the longest first so that one inside another goes whole.
pub(crate) fn hidden(scratch: &Scratch) -> Vec<String> {
    let mut folders = vec![scratch.name()];
    let own = ["CARGO_HOME", "RUSTUP_HOME", "HOME", "USERPROFILE", "TMPDIR"];
    folders.extend(own.iter().filter_map(std::env::var_os).map(|folder| folder.to_string_lossy().into_owned()));
    folders.sort_by_key(|folder| std::cmp::Reverse(folder.len()));
    folders
}

/// Names of the package sources in the user's cargo folder; `None` where they may lie elsewhere too.
fn at_hand() -> Option<BTreeSet<String>> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| {
        let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"))?;
        Some(PathBuf::from(home).join(".cargo"))
    })?;
    if ["config", "config.toml"].iter().any(|name| home.join(name).exists()) {
        return None;
    }
    let mut names = BTreeSet::new();
    for kind in ["cache", "src"] {
        let Ok(registries) = fs::read_dir(home.join("registry").join(kind)) else { continue };
        for registry in registries.flatten() {
            let Ok(packages) = fs::read_dir(registry.path()) else { continue };
            for package in packages.flatten() {
                let name = package.file_name().to_string_lossy().into_owned();
                names.insert(name.strip_suffix(".crate").map_or(name.clone(), str::to_owned));
            }
        }
    }
    Some(names)
}

//! Asks `cargo metadata` about one workspace: what the manifests of its packages say, with all features and for every target, or as
//! much of that as is on this machine.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
    sync::OnceLock,
    time::Instant,
};

use cargo_metadata::Metadata;

use super::{
    linked_manifest::Description,
    lockfile::{Lock, LockFile, Package},
    manifest::Manifest,
    program::{Cargo, Refusal, Version},
    scratch::{self, Scratch},
    workspaces::Found,
};
use crate::{
    component::Origin,
    options::{Options, Resolver},
    tree_file::SourceFile,
};

/// How cargo can be asked. One value serves all workspaces of a tree.
pub(crate) struct CargoMetadata<'a> {
    cargo: Cargo,
    scratch: Scratch,
    version: OnceLock<Option<Version>>,
    at_hand: OnceLock<Option<BTreeSet<String>>>,
    files: BTreeMap<&'a str, &'a SourceFile>,
    options: &'a Options,
}

/// What cargo told of one workspace.
#[derive(Default)]
pub(crate) struct MetadataAnswers {
    /// What the manifests say that cargo read, by package of the lockfile.
    pub known: BTreeMap<usize, Description>,
    /// Licences as stated, of the same packages.
    pub licences: BTreeMap<usize, String>,
    pub answered: bool,
    /// Why an answer is missing or is of a part, in one clause.
    pub reason: Option<String>,
    /// The same by its name; `None` where cargo was not asked.
    pub refusal: Option<Refusal>,
    pub demanded: bool,
}

impl MetadataAnswers {
    pub(crate) fn refused(reason: &str) -> Self {
        Self { reason: Some(reason.to_owned()), ..Self::default() }
    }

    /// Did cargo say that it would write another lockfile?
    pub(crate) fn unlocked(&self) -> bool {
        self.refusal == Some(Refusal::Unlocked)
    }
}

impl<'a> CargoMetadata<'a> {
    /// Makes the scratch folder; the error is one clause.
    pub(crate) fn new(files: &'a [SourceFile], options: &'a Options) -> Result<Self, String> {
        let scratch = Scratch::new().map_err(|_| "no scratch folder could be made".to_owned())?;
        Ok(Self {
            cargo: Cargo {
                program: options.cargo.clone().unwrap_or_else(|| PathBuf::from("cargo")),
                run_folder: scratch.run_folder(),
                timeout: options.timeout,
                // Many slow workspaces must not add up.
                deadline: Instant::now() + options.timeout * 2,
                output_bytes: options.limits.output_bytes,
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
    pub(crate) fn ask(
        &self,
        manifests: &[Manifest],
        found: &Found,
        lockfile: &LockFile<'_>,
        number: usize,
    ) -> MetadataAnswers {
        let mut told = match self.prepare(manifests, found, lockfile, number) {
            Ok(place) => self.metadata(&place, &lockfile.lock),
            Err(reason) => MetadataAnswers::refused(&reason),
        };
        told.demanded = self.options.resolver == Resolver::PackageManager;
        told
    }

    /// Copies what cargo is to see, and gives the place of the root manifest in the copy.
    fn prepare(
        &self,
        manifests: &[Manifest],
        found: &Found,
        lockfile: &LockFile<'_>,
        number: usize,
    ) -> Result<PathBuf, String> {
        let closure = || found.closure.iter().filter_map(|index| manifests.get(*index));
        if let Some(refusal) = scratch::refusal(closure()) {
            return Err(refusal);
        }
        let mut copies: Vec<(&str, &[u8])> = vec![(lockfile.path, lockfile.bytes)];
        let mut stubs: BTreeSet<String> = BTreeSet::new();
        for manifest in closure() {
            let file = self.files.get(manifest.path.as_str());
            copies.extend(file.map(|file| (file.path.as_str(), file.bytes.as_slice())));
            stubs.extend(scratch::stubs(manifest, &self.options.named)?);
        }
        copies.extend(stubs.iter().map(|stub| (stub.as_str(), [].as_slice())));
        self.scratch.write(number, &copies).map_err(|_| "the manifests could not be copied aside".to_owned())?;
        let root = manifests.get(found.root).map_or("Cargo.toml", |root| root.path.as_str());
        Ok(self.scratch.tree(number).join(root))
    }

    /// Takes the first answer that cargo gives, from the widest question to the narrowest: what is built on this machine
    /// is on this machine more often than the rest.
    fn metadata(&self, place: &std::path::Path, lock: &Lock) -> MetadataAnswers {
        let refused =
            |refusal: Refusal| MetadataAnswers { refusal: Some(refusal), ..MetadataAnswers::refused(refusal.reason()) };
        if self.sources_missing(lock) {
            return refused(Refusal::Offline);
        }
        let mut first = None;
        for (all_features, for_host) in [(true, false), (true, true), (false, false), (false, true)] {
            let host = if for_host { self.version().and_then(|version| version.host.as_deref()) } else { None };
            if for_host && host.is_none() {
                continue;
            }
            match self.cargo.metadata(place, all_features, host) {
                Ok(metadata) => {
                    let Some(mut told) = read(&metadata, lock) else { return refused(Refusal::NotUnderstood) };
                    told.refusal = first;
                    told.reason = first.map(|refusal: Refusal| refusal.reason().to_owned());
                    return told;
                }
                Err(refusal) => {
                    first = first.or(Some(refusal));
                    // No narrower question helps where something else than sources is missing.
                    if refusal != Refusal::Offline {
                        break;
                    }
                }
            }
        }
        refused(first.unwrap_or(Refusal::Offline))
    }

    /// Is the source of no registry package on this machine? Then there is no need to ask.
    ///
    /// A configuration of the user's own may have sources elsewhere: then cargo is asked anyway.
    fn sources_missing(&self, lock: &Lock) -> bool {
        let names = self.at_hand.get_or_init(at_hand);
        let Some(names) = names else { return false };
        let mut registry =
            lock.packages.iter().filter(|package| matches!(package.origin, Origin::Public(_) | Origin::Registry(_)));
        let mut any = false;
        let none = registry.all(|package| {
            any = true;
            !names.contains(&format!("{}-{}", package.name, package.version))
        });
        any && none
    }
}

/// Reads cargo's answer; `None` where it holds what the lockfile does not.
fn read(metadata: &Metadata, lock: &Lock) -> Option<MetadataAnswers> {
    let mut told = MetadataAnswers { answered: true, ..MetadataAnswers::default() };
    for package in &metadata.packages {
        let version = package.version.to_string();
        let source = package.source.as_ref().map(|source| source.repr.as_str());
        let index = find(lock, package.name.as_str(), &version, source)?;
        told.known.insert(index, Description::from(package));
        if let Some(licence) = &package.license {
            told.licences.insert(index, licence.clone());
        }
    }
    Some(told)
}

/// Lockfiles of version 3 and before write some git addresses in another way: there name and version decide, if they
/// are the only ones.
fn find(lock: &Lock, name: &str, version: &str, source: Option<&str>) -> Option<usize> {
    if let Some(index) = lock.find(name, version, source) {
        return Some(index);
    }
    let same = |package: &Package| package.name == name && package.version == version;
    let start =
        lock.packages.partition_point(|package| (package.name.as_str(), package.version.as_str()) < (name, version));
    let mut found = lock.packages.iter().enumerate().skip(start).take_while(|(_, package)| same(package));
    let only = found.next().filter(|(_, package)| package.source.is_some() == source.is_some());
    if found.next().is_some() { None } else { only.map(|(index, _)| index) }
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

//! Swift: Package.swift with Package.resolved.

mod manifest;
mod resolved;

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::{excerpt, tree_path};

use self::manifest::Program;
use super::{
    Ecosystem, Resolution, address,
    locked::{
        self, Reader,
        graph::{Edge, Graph, LockError, Member, Package, Usage},
        manifest::{Agreement, Manifest},
    },
    purl::Named,
};
use crate::{
    component::{Component, Source},
    options::{Limits, Options},
    tree_file::SourceFile,
};

const MANIFEST: &str = "Package.swift";
const LOCK: &str = "Package.resolved";

/// The registry: names are addresses of repositories.
///
/// Source: OSV schema, `affected[].package.ecosystem`.
const REGISTRY: &str = "SwiftURL";

/// The ecosystem, with what was read of the manifests of each folder.
pub(crate) struct Swift {
    programs: BTreeMap<String, Vec<Program>>,
}

/// Nothing read yet.
pub(crate) const SWIFT: Swift = Swift { programs: BTreeMap::new() };

impl Ecosystem for Swift {
    fn name(&self) -> &'static str {
        "swift"
    }

    fn purl_types(&self) -> &'static [&'static str] {
        &["swift"]
    }

    fn manifests(&self) -> &'static [&'static str] {
        &[MANIFEST, "package.swift", "Package@swift-*.swift"]
    }

    fn lockfiles(&self) -> &'static [&'static str] {
        &[LOCK]
    }

    fn update_tools(&self) -> &'static [&'static str] {
        &["swift"]
    }

    fn public_registry(&self) -> Option<&'static str> {
        Some(REGISTRY)
    }

    /// There is no registry: packages are repositories, and advisories name them by their addresses and the versions that tags
    /// give them.
    fn is_published(&self, component: &Component) -> bool {
        component.is_from(REGISTRY)
            || (component.source == Source::Git && component.version.parse::<semver::Version>().is_ok())
    }

    fn resolve(&self, files: &[SourceFile], options: &Options) -> Resolution {
        let mut read = SWIFT;
        let manifests = files.iter().filter(|file| {
            tree_path::name(&file.path) != LOCK
                && self.role(&file.path).is_some()
                && tree_path::is_clean(&file.path)
                && file.bytes.len() <= options.limits.manifest_bytes
        });
        for file in manifests {
            let program = manifest::read(&file.bytes);
            read.programs.entry(tree_path::folder(&file.path).to_owned()).or_default().extend(program);
        }
        locked::resolve(&read, files, options)
    }
}

impl Swift {
    fn programs_in(&self, folder: &str) -> &[Program] {
        self.programs.get(folder).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether a lockfile was written for the manifest next to it: by the digest that it has of that, where nothing else decides.
    ///
    /// Source: Swift Package Manager, `Workspace.computeResolvedFileOriginHash`.
    fn written_for(&self, folder: &str, graph: &Graph) -> Agreement {
        let unknown = |reason: &str| Agreement::NotKnown(reason.to_owned());
        let programs = self.programs_in(folder);
        if programs.iter().all(|program| !program.asks) {
            return match graph.packages.first() {
                _ if programs.is_empty() => unknown("the manifest next to it could not be read"),
                None => Agreement::Yes,
                Some(package) => {
                    let name = excerpt(&package.name, 80);
                    Agreement::No(format!("it was written for {name}, for which nothing asks"))
                }
            };
        }
        let Some(digest) = &graph.written_for else {
            return unknown("it has no digest of Package.swift, which is a program that is not run");
        };
        let [program] = programs else {
            return unknown("which of the manifests next to it counts depends on the version of Swift");
        };
        if *digest != program.digest {
            let reason = "its digest is not that of Package.swift, which is a program that is not run; `swift package resolve` writes it again";
            return unknown(reason);
        }
        if let Some(reason) = program.depends {
            return unknown(reason);
        }
        // A digest alone is not believed.
        let names = names_of(graph);
        match program.texts.iter().find(|text| asked_as(text).is_none_or(|name| !names.contains(&name))) {
            Some(text) => {
                let text = excerpt(text, 80);
                Agreement::NotKnown(format!("it does not hold {text}, which it need not where no target takes it"))
            }
            None => Agreement::Yes,
        }
    }
}

/// By what name a package is asked for, in small letters: host and path of its repository, or its identity in a registry.
fn asked_as(text: &str) -> Option<String> {
    match address::repository(text) {
        Some(url) => resolved::name(&url).map(|name| name.to_lowercase()),
        None => address::is_plain(text).then(|| text.to_lowercase()),
    }
}

fn names_of(graph: &Graph) -> BTreeSet<String> {
    graph.packages.iter().map(|package| package.name.to_lowercase()).collect()
}

impl Reader for Swift {
    fn manifest(&self, file: &SourceFile, _: &Limits) -> Result<Option<Manifest>, String> {
        let program = manifest::read(&file.bytes).ok_or("it is no program in UTF-8 that can be split into words")?;
        let mut manifest = Manifest { name: program.name, ..Manifest::of(file) };
        let parts: Vec<&str> = manifest.folder().split('/').collect();
        // What the tool fetches into the tree is a copy.
        let is_fetched = |pair: &[&str]| matches!(pair, [".build" | "SourcePackages", "checkouts"]);
        manifest.copy = parts.windows(2).any(is_fetched);
        if program.asks && !manifest.copy {
            let reason = "what Package.swift asks for is not known: it is a program, and is not run";
            manifest.open = Some(reason.to_owned());
        }
        Ok(Some(manifest))
    }

    fn lockfile(&self, file: &SourceFile, limits: &Limits) -> Result<Graph, LockError> {
        let mut graph = resolved::read(&file.bytes, limits)?;
        if self.programs_in(self.place(&file.path)).iter().any(|program| program.fetches) {
            graph.partial = Some(
                "Package.swift takes archives of built code by their addresses, which it does not list".to_owned(),
            );
        }
        Ok(graph)
    }

    /// Xcode keeps that of a package in a folder below it.
    fn place<'a>(&self, lockfile: &'a str) -> &'a str {
        let folder = tree_path::folder(lockfile);
        let below = ".swiftpm/xcode/package.xcworkspace/xcshareddata/swiftpm";
        match folder.strip_suffix(below) {
            Some("") => "",
            Some(above) => above.strip_suffix('/').unwrap_or(folder),
            None => folder,
        }
    }

    /// Xcode keeps that of a project or a workspace inside of it.
    fn belongs_to(&self, lockfile: &str) -> Option<String> {
        let inner = tree_path::folder(lockfile).strip_suffix("/xcshareddata/swiftpm")?;
        let project = inner.strip_suffix("/project.xcworkspace").filter(|project| project.ends_with(".xcodeproj"));
        let (kind, path) = match project {
            Some(project) => ("project", project),
            None if inner.ends_with(".xcworkspace") => ("workspace", inner),
            None => return None,
        };
        Some(format!("the Xcode {kind} {}", excerpt(path, 120)))
    }

    fn member(&self, manifest: &Manifest, graph: &Graph, _: &BTreeSet<&str>) -> (Member, Agreement) {
        let programs = self.programs_in(manifest.folder());
        let asked: BTreeSet<String> =
            programs.iter().flat_map(|program| &program.texts).filter_map(|text| asked_as(text)).collect();
        let is_asked = |package: &Package| asked.contains(&package.name.to_lowercase());
        let packages = graph.packages.iter().enumerate().filter(|(_, package)| is_asked(package));
        let edges = packages.map(|(to, _)| Edge { to, usage: Usage::Normal }).collect();
        (Member { edges, ..Member::default() }, self.written_for(manifest.folder(), graph))
    }

    fn own_purl<'a>(&self, name: &'a str, version: &'a str) -> Named<'a> {
        Named::split("swift", name, version)
    }

    fn registry_address(&self) -> &'static str {
        "https://swift.org"
    }
}

#[cfg(test)]
mod tests;

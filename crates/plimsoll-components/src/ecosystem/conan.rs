//! Conan (C and C++): conanfile.txt and conanfile.py with conan.lock.

mod conanfile;
mod lockfile;
mod reference;

use std::collections::BTreeSet;

use plimsoll_model::{excerpt, tree_path};

use self::reference::Reference;
use super::{
    Ecosystem, Resolution,
    locked::{
        self, Reader,
        graph::{Edge, Graph, LockError, Member},
        manifest::{Agreement, Manifest},
    },
    purl::Named,
};
use crate::{
    component::Origin,
    options::{Limits, Options},
    tree_file::SourceFile,
};

const TEXT: &str = "conanfile.txt";
const PROGRAM: &str = "conanfile.py";
const DATA: &str = "conandata.yml";
const LOCK: &str = "conan.lock";

/// The public registry.
///
/// Source: OSV schema, `affected[].package.ecosystem`.
const REGISTRY: &str = "ConanCenter";

pub(crate) struct Conan;

impl Ecosystem for Conan {
    fn name(&self) -> &'static str {
        "conan"
    }

    fn purl_types(&self) -> &'static [&'static str] {
        &["conan"]
    }

    fn manifests(&self) -> &'static [&'static str] {
        &[PROGRAM, TEXT, DATA]
    }

    /// Where a product is built in several ways, each may have one of its own.
    fn lockfiles(&self) -> &'static [&'static str] {
        &[LOCK, "conan-*.lock", "conan_*.lock"]
    }

    fn update_tools(&self) -> &'static [&'static str] {
        &["conan"]
    }

    fn public_registry(&self) -> Option<&'static str> {
        Some(REGISTRY)
    }

    fn resolve(&self, files: &[SourceFile], options: &Options) -> Resolution {
        locked::resolve(self, files, options)
    }
}

impl Reader for Conan {
    fn manifest(&self, file: &SourceFile, _: &Limits) -> Result<Option<Manifest>, String> {
        let manifest = Manifest::of(file);
        let open = |reason: &str| Some(reason.to_owned());
        match tree_path::name(&file.path) {
            TEXT => conanfile::text(file).map(Some),
            PROGRAM => {
                let (name, version) = conanfile::named(&file.bytes);
                let open = open("what conanfile.py asks for is not known: it is a program, and is not run");
                Ok(Some(Manifest { name, version, open, ..manifest }))
            }
            _ => Ok(Some(Manifest { open: open("which sources conandata.yml names is not read"), ..manifest })),
        }
    }

    fn lockfile(&self, file: &SourceFile, limits: &Limits) -> Result<Graph, LockError> {
        lockfile::read(file, limits)
    }

    fn member(&self, manifest: &Manifest, graph: &Graph, _: &BTreeSet<&str>) -> (Member, Agreement) {
        // Where the lockfile says what was asked for, it is under no name.
        let root = graph.answers.get("").map(Vec::as_slice).unwrap_or_default();
        let mut member = Member { package: root.first().copied(), ..Member::default() };
        let own = member.package.and_then(|index| graph.packages.get(index));
        member.edges = own.map(|own| own.edges.clone()).unwrap_or_default();
        let mut told = Agreement::Yes;
        let mut asked = BTreeSet::new();
        for want in &manifest.wants {
            asked.insert(want.name.as_str());
            let what = excerpt(&format!("{}/{}", want.name, want.requirement), 80);
            let is_range = want.requirement.starts_with('[');
            let key = if is_range { want.name.clone() } else { format!("{}/{}", want.name, want.requirement) };
            let found = graph.answers.get(&key).map(Vec::as_slice).unwrap_or_default();
            member.edges.extend(found.iter().map(|to| Edge { to: *to, usage: want.usage }));
            told = told.and(match (found.is_empty(), is_range) {
                (true, _) => Agreement::No(format!("it does not hold {what}")),
                (false, true) => Agreement::NotKnown(format!("whether it holds {what} is not compared")),
                (false, false) => Agreement::Yes,
            });
        }
        if let Some(own) = own.filter(|_| manifest.open.is_none()) {
            let names = own.edges.iter().filter_map(|edge| graph.packages.get(edge.to)).map(|package| &package.name);
            if let Some(name) = names.into_iter().find(|name| !asked.contains(name.as_str())) {
                let name = excerpt(name, 80);
                told = told.and(Agreement::No(format!("it was written for {name}, for which nothing asks")));
            }
        }
        if let Some(open) = &manifest.open {
            told = told.and(Agreement::NotKnown(open.clone()));
        }
        if let Some(reason) = lockfile::counts(graph) {
            told = told.and(Agreement::NotKnown(reason.to_owned()));
        }
        member.edges.sort_unstable();
        member.edges.dedup();
        (member, told)
    }

    fn own_purl<'a>(&self, name: &'a str, version: &'a str) -> Named<'a> {
        conan_url(name, version)
    }

    fn registry_address(&self) -> &'static str {
        "https://center2.conan.io"
    }
}

/// Where a recipe comes from. A lockfile does not say which registry gave it: those of the public one have no user.
///
/// Source: Conan docs, "`ConanCenter`", and its contribution guidelines.
fn origin(reference: &Reference<'_>) -> Origin {
    match reference.user {
        None => Origin::Public(REGISTRY),
        Some(user) => Origin::Registry(format!("conan:{user}")),
    }
}

/// The package URL of a package.
///
/// Source: Package URL specification, type `conan`: `user` and `channel` are qualifiers.
fn purl(reference: &Reference<'_>) -> String {
    let named = conan_url(reference.name, reference.version);
    let Some(user) = reference.user else { return named.from(&Origin::Public(REGISTRY)) };
    match user.split_once('/') {
        Some((user, channel)) => named.qualified(&[("channel", channel), ("user", user)]),
        None => named.qualified(&[("user", user)]),
    }
}

fn conan_url<'a>(name: &'a str, version: &'a str) -> Named<'a> {
    Named { kind: "conan", namespace: None, name, version }
}

#[cfg(test)]
mod tests;

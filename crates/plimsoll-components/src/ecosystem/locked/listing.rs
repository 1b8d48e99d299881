//! The components of a lockfile, and what is told of the lockfile itself.

use std::collections::BTreeMap;

use plimsoll_model::body::Reach;

use super::{
    LockFile, Reader, graph,
    graph::{Member, Package, Usage},
    manifest::{Agreement, Manifest},
    reach::{self, Root, Verdict},
};
use crate::{
    component::{Component, Origin, Scope, Source},
    path_class,
    tree_file::SourceFile,
    workspace::{Lockfile, Whole},
};

/// The components of one lockfile: its packages, and the members that are not among them.
pub(super) fn components(reader: &dyn Reader, lock: &LockFile<'_>, members: &[(&Manifest, Member)]) -> Vec<Component> {
    let LockFile { file, graph, .. } = lock;
    let roots: Vec<Root<'_>> = members
        .iter()
        .map(|(manifest, member)| Root {
            class: &manifest.class,
            bundles: manifest.bundles,
            package: member.package,
            edges: &member.edges,
        })
        .collect();
    let mut verdicts = reach::verdicts(&graph.packages, &roots);
    // Nor is it known what a manifest leads to that does not say all that it asks for.
    let is_told = graph.members.is_some() || members.iter().all(|(manifest, _)| manifest.open.is_none());
    if !(graph.has_edges && is_told) {
        // What leads to a package that nobody asks for by name is not known; nor whether what is asked for to test something
        // is needed by what ships as well, where anything does.
        let ships = roots.iter().any(|root| root.class == path_class::SHIPPED);
        for (verdict, package) in verdicts.iter_mut().zip(&graph.packages) {
            if verdict.reach == Reach::NotInGraph || (ships && verdict.reach != Reach::Shipped) {
                *verdict = Verdict { direct: verdict.direct, ..without_edges(package) };
            }
        }
    }
    for (verdict, package) in verdicts.iter_mut().zip(&graph.packages) {
        if graph.installs_all && verdict.reach == Reach::NotInGraph {
            *verdict = without_edges(package);
        }
        if package.unused {
            *verdict = Verdict { reach: Reach::NotInGraph, scopes: Vec::new(), ..verdict.clone() };
        } else if graph.use_unknown && verdict.reach == Reach::Shipped && !package.own {
            *verdict = Verdict { reach: Reach::Unknown, scopes: Vec::new(), ..verdict.clone() };
        }
    }
    let listed: BTreeMap<usize, &Manifest> =
        members.iter().filter_map(|(manifest, member)| Some((member.package?, *manifest))).collect();
    let purls: Vec<String> = graph
        .packages
        .iter()
        .enumerate()
        .map(|(index, package)| listed.get(&index).map_or_else(|| package.purl.clone(), |own| own_purl(reader, own)))
        .collect();
    let is_understood = graph.faults.is_empty() && graph.partial.is_none();
    let named = |edges: &[graph::Edge]| {
        let mut all: Vec<String> = edges.iter().filter_map(|edge| purls.get(edge.to).cloned()).collect();
        all.sort_unstable();
        all.dedup();
        all
    };
    let rows = graph.packages.iter().enumerate().zip(&purls).zip(verdicts);
    let packages = rows.map(|(((index, package), purl), verdict)| {
        if let Some(manifest) = listed.get(&index) {
            let edges = members.iter().filter(|(_, member)| member.package == Some(index));
            let edges: Vec<graph::Edge> = edges.flat_map(|(_, member)| member.edges.iter().copied()).collect();
            let own = own_component(reader, manifest, Some(file));
            let edges_known = is_understood && manifest.open.is_none();
            return Component { depends_on: named(&edges), direct: verdict.direct, edges_known, ..own };
        }
        let (source, source_url) = source(reader, package);
        Component {
            name: package.name.clone(),
            version: package.version.clone(),
            release: None,
            purl: purl.clone(),
            source,
            source_url,
            hashes: package.hashes.clone(),
            licence: package.licence.clone(),
            open_licence: None,
            member: false,
            direct: verdict.direct,
            scopes: verdict.scopes,
            in_default: None,
            in_all_features: None,
            targets: Vec::new(),
            reach: verdict.reach,
            class: verdict.rank.map_or_else(|| file.class.clone(), |rank| path_class::word(rank).to_owned()),
            lockfile: Some(file.path.clone()),
            depends_on: named(&package.edges),
            asks: package.asks.clone(),
            place: file.path.clone(),
            blob: file.blob.clone(),
            origin: package.origin.clone(),
            own: package.own,
            opaque: false,
            edges_known: graph.has_edges && is_understood,
        }
    });
    let mut all: Vec<Component> = packages.collect();
    let unlisted = members.iter().filter(|(manifest, member)| member.package.is_none() && !manifest.environment);
    all.extend(unlisted.map(|(manifest, member)| Component {
        depends_on: named(&member.edges),
        edges_known: is_understood && manifest.open.is_none(),
        ..own_component(reader, manifest, Some(file))
    }));
    all
}

/// A member without a lockfile, and what it asks for in one version.
pub(super) fn with_pins(reader: &dyn Reader, manifest: &Manifest) -> Vec<Component> {
    if manifest.pins.is_empty() {
        let edges_known = manifest.wants.is_empty() && manifest.open.is_none();
        return vec![Component { edges_known, ..own_component(reader, manifest, None) }];
    }
    let Manifest { path, blob, class, .. } = manifest.clone();
    let file = SourceFile { path, blob, bytes: Vec::new(), class };
    let graph = graph::Graph { packages: manifest.pins.clone(), has_edges: true, ..graph::Graph::default() }.merged();
    let of_one = |(to, package): (usize, &Package)| graph::Edge { to, usage: package.usage.unwrap_or(Usage::Normal) };
    let member = Member { edges: graph.packages.iter().enumerate().map(of_one).collect(), ..Member::default() };
    let lock = LockFile { file: &file, folder: manifest.folder(), graph };
    let found = components(reader, &lock, &[(manifest, member)]);
    // A manifest says what it asks for, and nothing of what that needs.
    found.into_iter().map(|component| Component { lockfile: None, edges_known: false, ..component }).collect()
}

/// The verdict on a package by what the lockfile itself says of it.
fn without_edges(package: &Package) -> Verdict {
    let alone = reach::verdicts(std::slice::from_ref(package), &[]);
    let unknown = Verdict { reach: Reach::Unknown, scopes: Vec::new(), rank: None, direct: false };
    alone.into_iter().next().unwrap_or(unknown)
}

fn source(reader: &dyn Reader, package: &Package) -> (Source, Option<String>) {
    match &package.origin {
        Origin::Folder => (Source::Path, None),
        Origin::Public(_) => (Source::Registry, Some(reader.registry_address().to_owned())),
        Origin::Registry(url) => (Source::Registry, Some(url.clone())),
        Origin::Git { url, .. } => (Source::Git, Some(url.clone())),
    }
}

fn own_purl(reader: &dyn Reader, manifest: &Manifest) -> String {
    let (name, version) = (manifest.shown_name(), manifest.version.clone().unwrap_or_default());
    reader.own_purl(&name, &version).in_folder(Some(manifest.folder()))
}

/// A member of a workspace.
pub(super) fn own_component(reader: &dyn Reader, manifest: &Manifest, lockfile: Option<&SourceFile>) -> Component {
    Component {
        name: manifest.shown_name(),
        version: manifest.version.clone().unwrap_or_default(),
        release: None,
        purl: own_purl(reader, manifest),
        source: Source::Workspace,
        source_url: None,
        hashes: Vec::new(),
        licence: manifest.licence.clone(),
        open_licence: None,
        member: true,
        direct: false,
        scopes: vec![Scope::Normal],
        in_default: None,
        in_all_features: None,
        targets: Vec::new(),
        reach: path_class::reach_of_package(&manifest.class),
        class: manifest.class.clone(),
        lockfile: lockfile.map(|file| file.path.clone()),
        depends_on: Vec::new(),
        asks: asks(manifest),
        place: lockfile.map_or(&manifest.path, |file| &file.path).clone(),
        blob: lockfile.map_or(&manifest.blob, |file| &file.blob).clone(),
        origin: Origin::Folder,
        own: manifest.class != path_class::VENDORED,
        opaque: false,
        edges_known: false,
    }
}

/// The versions that a manifest asks for, by name.
fn asks(manifest: &Manifest) -> BTreeMap<String, Vec<String>> {
    let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for want in &manifest.wants {
        let ranges = all.entry(want.name.clone()).or_default();
        if !ranges.contains(&want.requirement) {
            ranges.push(want.requirement.clone());
        }
    }
    all
}

/// A copy of a published package that lies in the tree with its manifest.
pub(super) fn copied(reader: &dyn Reader, manifest: &Manifest) -> Component {
    Component {
        source: Source::Path,
        member: false,
        own: false,
        scopes: Vec::new(),
        reach: if path_class::may_ship(&manifest.class) { Reach::Unknown } else { Reach::Dev },
        ..own_component(reader, manifest, None)
    }
}

pub(super) fn describe(lock: &LockFile<'_>, agreement: Option<&Agreement>) -> Lockfile {
    let LockFile { file, graph, .. } = lock;
    let registry = graph.packages.iter().filter(|package| {
        !package.own && !package.bundled && matches!(package.origin, Origin::Public(_) | Origin::Registry(_))
    });
    let (with, without): (Vec<_>, Vec<_>) = registry.partition(|package| !package.hashes.is_empty());
    let git = graph.packages.iter().filter(|package| matches!(package.origin, Origin::Git { revision: Some(_), .. }));
    let (whole, whole_reason) = match (graph.faults.first(), agreement) {
        (Some(fault), _) => (Whole::Contradicted, fault.clone()),
        (None, None) => (Whole::NotChecked, "it belongs to no manifest of this tree".to_owned()),
        (None, Some(Agreement::No(reason))) => (Whole::Contradicted, reason.clone()),
        (None, Some(_)) => (Whole::NotChecked, "what its packages depend on is known from it alone".to_owned()),
    };
    Lockfile {
        path: file.path.clone(),
        format: graph.format.to_owned(),
        format_version: graph.version.clone(),
        packages: graph.packages.len() as u64,
        registry_packages: (with.len() + without.len()) as u64,
        with_checksum: with.len() as u64,
        missing_checksum: without.len() as u64,
        git_pinned: git.count() as u64,
        whole,
        whole_reason: Some(whole_reason),
        class: file.class.clone(),
        blob: file.blob.clone(),
    }
}

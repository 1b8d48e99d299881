//! uv.lock.
//!
//! Source: uv, `crates/uv-resolver/src/lock`; docs, "Locking and syncing".

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::{excerpt, tree_path};
use toml::{Table, Value};

use super::{
    entries::{self, EdgesLeft, Entries, below, tables, text, texts},
    names::{clauses, in_one_spelling, is_name, normal},
    pyproject::without_version,
    sources,
};
use crate::{
    component::Origin,
    ecosystem::locked::{
        graph::{Edge, Graph, LockError, Member, Package, Usage, Want},
        manifest::{Agreement, Manifest},
    },
    options::Limits,
    tree_file::SourceFile,
};

pub(super) const FORMAT: &str = "uv.lock";
const VERSIONS: &str = "1";

/// Ways to name what does not come from an index.
const ELSEWHERE: [&str; 6] = ["git", "url", "path", "directory", "editable", "virtual"];

/// Reads one.
pub(super) fn read(file: &SourceFile, limits: &Limits) -> Result<Graph, LockError> {
    let root = entries::table(file)?;
    let version = match root.get("version") {
        Some(Value::Integer(version)) => *version,
        _ => return Err(LockError::Malformed("it says no version of its format".to_owned())),
    };
    if version != 1 {
        return Err(LockError::Future(version.to_string(), VERSIONS));
    }
    let revision = root.get("revision").and_then(Value::as_integer).map(|revision| format!(".{revision}"));
    let listed = entries::packages(&root, "package", limits)?;
    let folder = tree_path::folder(&file.path);
    let mut all = Entries::default();
    let mut places: Vec<Option<usize>> = Vec::with_capacity(listed.len());
    let mut members: BTreeMap<String, Member> = BTreeMap::new();
    for entry in &listed {
        let name = text(entry, "name").unwrap_or_default();
        match package(entry, folder) {
            Ok((package, member)) => {
                let index = all.add(package);
                places.push(Some(index));
                if let Some(member) = member {
                    let found = Member { package: Some(index), asked: asked(entry), ..Member::default() };
                    if members.insert(member, found).is_some() {
                        all.fault(name, "is in the folder of another");
                    }
                }
            }
            Err(reason) => {
                places.push(None);
                all.fault(name, &reason);
            }
        }
    }
    let mut left = EdgesLeft::of(limits);
    for (entry, place) in listed.iter().zip(places) {
        let Some(from) = place else { continue };
        let lists = [("optional-dependencies", Usage::Normal), ("dev-dependencies", Usage::Dev)];
        let groups = lists.into_iter().flat_map(|(name, usage)| {
            let names = below(entry, name).into_iter().flat_map(|groups| groups.keys().map(move |key| (groups, key)));
            names.flat_map(move |(groups, key)| tables(groups, key).map(move |one| (one, usage)))
        });
        let asked: Vec<(&Table, Usage)> =
            tables(entry, "dependencies").map(|one| (one, Usage::Normal)).chain(groups).collect();
        for (one, usage) in asked {
            let named = all.of_name(&normal(text(one, "name").unwrap_or_default())).len();
            left.take(named.max(1))?;
            let found = find(&all, one);
            if found.is_empty() {
                let what = excerpt(text(one, "name").unwrap_or_default(), 80);
                all.fault(text(entry, "name").unwrap_or_default(), &format!("asks for {what}, which it does not hold"));
            }
            all.depend(from, &found, usage);
        }
    }
    // A workspace whose root is no package.
    if !members.contains_key("")
        && let Some(manifest) = below(&root, "manifest")
    {
        members.insert(String::new(), root_member(manifest, &all));
    }
    for member in members.values_mut() {
        let own = member.package.and_then(|index| all.graph.packages.get(index));
        if let Some(own) = own {
            member.edges.clone_from(&own.edges);
        }
    }
    let version = format!("{version}{}", revision.unwrap_or_default());
    Ok(Graph { format: FORMAT, version, members: Some(members), has_edges: true, ..all.graph })
}

/// A package, and its folder relative to that of the lockfile where it is a member.
fn package(entry: &Table, folder: &str) -> Result<(Package, Option<String>), String> {
    let name = text(entry, "name").unwrap_or_default();
    let version = text(entry, "version").unwrap_or_default();
    let source = below(entry, "source").ok_or("says not where it comes from")?;
    let archives = || {
        let one = below(entry, "sdist").into_iter();
        one.chain(tables(entry, "wheels")).filter_map(|archive| text(archive, "hash"))
    };
    for (kind, value) in source {
        let Some(value) = value.as_str() else { continue };
        let origin = match kind.as_str() {
            "registry" => sources::index(value).unwrap_or(Origin::Folder),
            "git" => {
                let revision = value.rsplit_once('#').map(|(_, revision)| revision);
                sources::git(value, revision).ok_or("comes from git without an address")?
            }
            "url" => sources::archive(value).ok_or("comes from a source of an unknown kind")?,
            "path" => Origin::Folder,
            "editable" | "virtual" | "directory" => {
                let place = tree_path::join(folder, value);
                let member = place.as_deref().and_then(|place| tree_path::relative(place, folder));
                let member = member.map(ToOwned::to_owned);
                if !is_name(name) {
                    return Err("has no valid name".to_owned());
                }
                let mut own = entries::own(name, version, place.as_deref())?;
                // What lies beside the tree is not part of it.
                own.own = place.is_some();
                return Ok((own, member));
            }
            _ => continue,
        };
        if version.is_empty() && matches!(origin, Origin::Registry(_)) && kind == "registry" {
            return Err("has no valid version".to_owned());
        }
        return Ok((entries::package(name, version, origin, entries::hashes(archives())?)?, None));
    }
    Err("comes from a source of an unknown kind".to_owned())
}

/// The packages that an entry of a list of dependencies means.
fn find(all: &Entries, one: &Table) -> Vec<usize> {
    let Some(name) = text(one, "name") else { return Vec::new() };
    let version = text(one, "version");
    let is_one = |index: &&usize| {
        all.graph.packages.get(**index).is_some_and(|package| version.is_none_or(|version| package.version == version))
    };
    all.of_name(&normal(name)).iter().filter(is_one).copied().collect()
}

fn root_member(manifest: &Table, all: &Entries) -> Member {
    let groups = below(manifest, "dependency-groups");
    let groups = groups.into_iter().flat_map(|groups| groups.keys().flat_map(|key| tables(groups, key)));
    let asked: Vec<(&Table, Usage)> = groups
        .map(|one| (one, Usage::Dev))
        .chain(tables(manifest, "requirements").map(|one| (one, Usage::Normal)))
        .collect();
    let mut edges: Vec<Edge> =
        asked.iter().flat_map(|(one, usage)| find(all, one).into_iter().map(|to| Edge { to, usage: *usage })).collect();
    edges.sort_unstable();
    edges.dedup();
    let asked = asked.iter().map(|(one, usage)| want(one, *usage)).collect();
    Member { edges, asked, ..Member::default() }
}

/// What a member asked for.
fn asked(entry: &Table) -> Option<Vec<Want>> {
    let Some(metadata) = below(entry, "metadata") else { return Some(Vec::new()) };
    let groups = below(metadata, "requires-dev");
    let groups = groups.into_iter().flat_map(|groups| groups.keys().flat_map(|key| tables(groups, key)));
    let all = tables(metadata, "requires-dist").map(|one| (one, Usage::Normal));
    all.chain(groups.map(|one| (one, Usage::Dev))).map(|(one, usage)| want(one, usage)).collect()
}

fn want(one: &Table, usage: Usage) -> Option<Want> {
    let mut extras: Vec<String> = texts(one, "extras").map(normal).collect();
    extras.sort_unstable();
    let extras = if extras.is_empty() { String::new() } else { format!("[{}]", extras.join(",")) };
    let version = if ELSEWHERE.iter().any(|kind| one.contains_key(*kind)) {
        "@".to_owned()
    } else {
        in_one_spelling(&clauses(text(one, "specifier").unwrap_or_default())?)
    };
    let name = normal(text(one, "name")?);
    Some(Want { name, requirement: extras + &version, usage, optional: false })
}

/// Does a member of a lockfile ask for what its manifest asks for now? What it is built with is not locked.
pub(super) fn belongs(manifest: &Manifest, member: &Member) -> Agreement {
    let Some(asked) = &member.asked else {
        return Agreement::NotKnown("what it was written for is not as its format has it".to_owned());
    };
    let by_name = |wants: &[Want]| -> BTreeMap<(String, bool), BTreeSet<String>> {
        let mut all: BTreeMap<(String, bool), BTreeSet<String>> = BTreeMap::new();
        for want in wants.iter().filter(|want| want.usage != Usage::Build) {
            let key = (want.name.clone(), want.usage == Usage::Dev);
            all.entry(key).or_default().insert(want.requirement.clone());
        }
        all
    };
    let (then, now) = (by_name(asked), by_name(&manifest.wants));
    for ((name, is_dev), requirements) in &now {
        let known = then.get(&(name.clone(), *is_dev));
        // Where it is to come from may be said in the manifest of the workspace: then its version does not count.
        let is_elsewhere = |all: &BTreeSet<String>| all.iter().any(|one| one.ends_with('@'));
        let extras = |all: &BTreeSet<String>| -> BTreeSet<String> {
            all.iter().map(|one| without_version(one).to_owned()).collect()
        };
        let same = known.is_some_and(|known| {
            known == requirements
                || ((is_elsewhere(known) || is_elsewhere(requirements)) && extras(known) == extras(requirements))
        });
        if !same {
            let what: Vec<&str> = requirements.iter().map(String::as_str).collect();
            let what = excerpt(&format!("{name} {}", what.join(" or ")), 80);
            return Agreement::No(format!("it was not written for {}", what.trim_end()));
        }
    }
    if let Some(open) = &manifest.open {
        return Agreement::NotKnown(open.clone());
    }
    // Folders of the tree are not among what a manifest asks for from elsewhere.
    let siblings: BTreeSet<&str> = manifest.siblings.iter().map(|sibling| sibling.name.as_str()).collect();
    match then.keys().find(|key| !now.contains_key(*key) && !siblings.contains(key.0.as_str())) {
        Some((name, _)) => Agreement::No(format!("it was written for {}, for which nothing asks", excerpt(name, 80))),
        None => Agreement::Yes,
    }
}

//! gleam.toml and manifest.toml of Gleam.
//!
//! Source: Gleam, "gleam.toml" reference, and `compiler-core/src/manifest.rs`.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::{excerpt, tree_path};
use toml::{Table, Value};

use super::{Entry, Locked, Need, Place, is_name};
use crate::{
    ecosystem::{
        address,
        locked::{
            graph::{Edge, Graph, Member, Usage, Want},
            manifest::{Agreement, Manifest, Sibling},
        },
    },
    hash::{Algorithm, Hash},
    tree_file::SourceFile,
};

fn table(bytes: &[u8]) -> Result<Table, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8")?;
    text.parse().map_err(|error: toml::de::Error| format!("not TOML: {}", excerpt(error.message(), 120)))
}

/// What is asked for, in one spelling; nothing where it is not understood. A folder is told apart.
fn requirement(value: &Value) -> Option<Result<String, String>> {
    let text = |table: &Table, name: &str| table.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
    match value {
        Value::String(version) => Some(Ok(version.trim().to_owned())),
        Value::Table(table) => match (text(table, "version"), text(table, "path"), text(table, "git")) {
            (Some(version), None, None) => Some(Ok(version.trim().to_owned())),
            (None, Some(path), None) => Some(Err(path)),
            (None, None, Some(git)) => Some(Ok(format!("git {git} {}", text(table, "ref").unwrap_or_default()))),
            _ => None,
        },
        _ => None,
    }
}

/// Reads a gleam.toml.
pub(super) fn manifest(file: &SourceFile) -> Result<Manifest, String> {
    let root = table(&file.bytes)?;
    let text = |name: &str| root.get(name).and_then(Value::as_str).filter(|text| address::is_plain(text));
    let mut manifest = Manifest {
        name: text("name").filter(|name| is_name(name)).map(ToOwned::to_owned),
        version: text("version").map(ToOwned::to_owned),
        ..Manifest::of(file)
    };
    let sections =
        [("dependencies", Usage::Normal), ("dev-dependencies", Usage::Dev), ("dev_dependencies", Usage::Dev)];
    for (section, usage) in sections {
        let list = match root.get(section) {
            None => continue,
            Some(Value::Table(list)) => list,
            Some(_) => return Err(format!("its {section} are no table")),
        };
        for (name, value) in list {
            let name = name.clone();
            match requirement(value).filter(|_| is_name(&name)) {
                Some(Ok(requirement)) => manifest.wants.push(Want { name, requirement, usage, optional: false }),
                Some(Err(path)) => manifest.siblings.push(Sibling { name, usage, path: Some(path) }),
                None => {
                    let reason = format!("what it asks for as {} is not understood", excerpt(&name, 80));
                    manifest.open.get_or_insert(reason);
                }
            }
        }
    }
    Ok(manifest)
}

/// Reads a lockfile, with what was asked for when it was written.
pub(super) fn lock(bytes: &[u8]) -> Result<(Locked, Member), String> {
    let root = table(bytes)?;
    let (Some(Value::Array(packages)), Some(Value::Table(requirements))) =
        (root.get("packages"), root.get("requirements"))
    else {
        return Err("it has no lists of packages and requirements".to_owned());
    };
    let mut all = Locked::default();
    let mut asked = Vec::new();
    for (name, value) in requirements {
        match requirement(value) {
            Some(Ok(requirement) | Err(requirement)) => {
                asked.push(Want { name: name.clone(), requirement, usage: Usage::Normal, optional: false });
            }
            None => all.faults.push(format!("the requirement \"{}\" is not understood", excerpt(name, 80))),
        }
    }
    for value in packages {
        let name = value.get("name").and_then(Value::as_str).unwrap_or_default();
        let table = value.as_table().ok_or_else(|| "is not as the format has it".to_owned());
        match table.and_then(|table| entry(name, table)) {
            Ok(entry) => all.entries.push(entry),
            Err(reason) => all.faults.push(format!("the package \"{}\" {reason}", excerpt(name, 80))),
        }
    }
    Ok((all, Member { asked: Some(asked), ..Member::default() }))
}

/// One, or what is wrong with it as what follows its name in a sentence.
fn entry(name: &str, table: &Table) -> Result<Entry, String> {
    let text = |member: &str| table.get(member).and_then(Value::as_str);
    if !is_name(name) {
        return Err("has no valid name".to_owned());
    }
    let version = text("version").filter(|version| address::is_plain(version)).ok_or("has no valid version")?;
    let needs = table.get("requirements").and_then(Value::as_array).ok_or("has no list of what it needs")?;
    let need = |value: &Value| {
        let app = value.as_str().filter(|name| is_name(name))?.to_owned();
        // What a package may do without is among what it needs, and not told apart.
        Some(Need { app, optional: true })
    };
    let needs = needs.iter().map(need).collect::<Option<_>>().ok_or("needs something that is not understood")?;
    let (place, hash) = match text("source") {
        Some("hex") => {
            let digest = text("outer_checksum").and_then(|digest| Hash::of_hex(Algorithm::Sha256, digest));
            (Place::Hex(None), Some(digest.ok_or("has a digest that is none")?))
        }
        Some("git") => {
            let url = text("repo").and_then(address::repository).ok_or("comes from git without an address")?;
            let revision =
                text("commit").filter(|revision| address::is_revision(revision)).map(str::to_ascii_lowercase);
            (Place::Git { url, revision }, None)
        }
        Some("local") => (Place::Folder(text("path").ok_or("has no folder")?.to_owned()), None),
        _ => return Err("comes from a source of an unknown kind".to_owned()),
    };
    let (app, name, version) = (name.to_owned(), name.to_owned(), version.to_owned());
    Ok(Entry { app, name, version, place, hash, needs: Some(needs), direct: false })
}

/// The member that a lockfile is for, and whether it was written for what its manifest asks for.
pub(super) fn belongs(manifest: &Manifest, member: &Member, graph: &Graph) -> (Member, Agreement) {
    let asked = member.asked.iter().flatten().map(|want| (want.name.as_str(), want.requirement.as_str()));
    let asked: BTreeMap<&str, &str> = asked.collect();
    let wants = manifest.wants.iter().map(|want| (want.name.as_str(), want.requirement.as_str(), want.usage));
    let paths = manifest.siblings.iter().filter_map(|one| Some((one.name.as_str(), one.path.as_deref()?, one.usage)));
    let mut told = Agreement::Yes;
    let mut now = BTreeSet::new();
    let mut edges = Vec::new();
    for (name, requirement, usage) in wants.chain(paths) {
        now.insert(name);
        let found = graph.answers.get(name).map(Vec::as_slice).unwrap_or_default();
        edges.extend(found.iter().map(|to| Edge { to: *to, usage }));
        let shown = excerpt(&format!("{name} {requirement}"), 80);
        told = told.and(match asked.get(name) {
            Some(then) if *then != requirement => Agreement::No(format!("it was not written for {shown}")),
            None => Agreement::No(format!("it was not written for {shown}")),
            Some(_) if found.is_empty() => Agreement::No(format!("it does not hold {shown}")),
            Some(_) => Agreement::Yes,
        });
    }
    let unasked = asked.keys().find(|name| !now.contains(**name));
    // What was not understood may be it.
    if let Some(name) = unasked.filter(|_| manifest.open.is_none()) {
        let name = excerpt(name, 80);
        told = told.and(Agreement::No(format!("it was written for {name}, for which nothing asks")));
    }
    if let Some(open) = &manifest.open {
        told = told.and(Agreement::NotKnown(open.clone()));
    }
    edges.sort_unstable();
    edges.dedup();
    (Member { edges, ..member.clone() }, told)
}

/// Is it a lockfile? One of this name belongs to Gleam where a gleam.toml lies next to it.
pub(super) fn is_lock(file: &SourceFile, manifests: &[&SourceFile]) -> bool {
    let folder = tree_path::folder(&file.path);
    let next = tree_path::within(folder, super::GLEAM);
    manifests.binary_search_by(|one| one.path.as_str().cmp(&next)).is_ok()
}

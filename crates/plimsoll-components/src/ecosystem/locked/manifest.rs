//! What a manifest asks for, whatever its format.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::{Graph, Member, Package, Usage, Want};
use crate::tree_file::SourceFile;
use plimsoll_model::tree_path;

/// Another package of the tree that a manifest asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sibling {
    /// By what name.
    pub name: String,
    pub usage: Usage,
    /// The path to it as written, from the folder of the manifest; `None` where the name says which it is.
    pub path: Option<String>,
}

/// A manifest that was understood.
#[derive(Clone, Debug, Default)]
pub(crate) struct Manifest {
    pub path: String,
    pub blob: String,
    pub class: String,
    pub name: Option<String>,
    pub version: Option<String>,
    /// An SPDX expression.
    pub licence: Option<String>,
    /// Packages from elsewhere that it asks for.
    pub wants: Vec<Want>,
    /// What of it can be but one version, which is listed where there is no lockfile.
    pub pins: Vec<Package>,
    /// Other members of its workspace, or folders of the tree, that it asks for.
    pub siblings: Vec<Sibling>,
    /// Names for which it puts another requirement in place of what packages ask for.
    pub overrides: Vec<String>,
    /// Names that it asks for and others bring.
    pub peers: Vec<String>,
    /// Members of the workspace that it is the root of: folders or patterns of them, relative to its own; `!` takes out.
    pub members: Vec<String>,
    /// Why it is not known what it asks for, or not all of it, in one clause.
    pub open: Option<String>,
    /// Does what builds it put packages into it that it asks for to build and to test alone? Then those may ship.
    pub bundles: bool,
    /// Is it that of a copy of a published package, which asks for nothing here?
    pub copy: bool,
    /// Is it that of an environment, which is no package of its own?
    pub environment: bool,
}

impl Manifest {
    /// One of which nothing is known yet.
    pub fn of(file: &SourceFile) -> Self {
        Self { path: file.path.clone(), blob: file.blob.clone(), class: file.class.clone(), ..Self::default() }
    }

    /// Its folder.
    pub fn folder(&self) -> &str {
        tree_path::folder(&self.path)
    }

    /// Takes in another manifest of the same folder.
    pub fn join(&mut self, other: Self) {
        self.name = self.name.take().or(other.name);
        self.version = self.version.take().or(other.version);
        self.licence = self.licence.take().or(other.licence);
        self.wants.extend(other.wants);
        self.pins.extend(other.pins);
        self.siblings.extend(other.siblings);
        self.overrides.extend(other.overrides);
        self.peers.extend(other.peers);
        self.members.extend(other.members);
        self.open = self.open.take().or(other.open);
        self.bundles |= other.bundles;
    }

    /// A name that a person knows it by.
    pub fn shown_name(&self) -> String {
        let folder = tree_path::name(self.folder());
        self.name.clone().unwrap_or_else(|| if folder.is_empty() { "unnamed".to_owned() } else { folder.to_owned() })
    }
}

/// How a lockfile stands to a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Agreement {
    /// It holds what the manifest asks for.
    Yes,
    /// It does not, in one clause about it.
    No(String),
    /// Nobody can tell, in one clause.
    NotKnown(String),
}

impl Agreement {
    /// The weaker of two.
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No(reason), _) | (_, Self::No(reason)) => Self::No(reason),
            (Self::NotKnown(reason), _) | (_, Self::NotKnown(reason)) => Self::NotKnown(reason),
            (Self::Yes, Self::Yes) => Self::Yes,
        }
    }
}

/// Compares what a member asked for when the lockfile was written with what its manifest asks for now.
pub(crate) fn asks_the_same(manifest: &Manifest, member: &Member) -> Agreement {
    let Some(asked) = &member.asked else {
        return Agreement::NotKnown("its format does not keep what was asked for".to_owned());
    };
    let by_name = |wants: &[Want]| -> BTreeMap<(String, Usage), String> {
        wants.iter().map(|want| ((want.name.clone(), want.usage), want.requirement.clone())).collect()
    };
    let (then, now) = (by_name(asked), by_name(&manifest.wants));
    let differs = now.iter().find(|(key, requirement)| then.get(*key) != Some(*requirement));
    if let Some(((name, _), requirement)) = differs {
        let what = plimsoll_model::excerpt(&format!("{name} {requirement}"), 80);
        return Agreement::No(format!("it was not written for {what}"));
    }
    match then.keys().find(|key| !now.contains_key(*key)) {
        Some((name, _)) => {
            let name = plimsoll_model::excerpt(name, 80);
            Agreement::No(format!("it was written for {name}, for which nothing asks"))
        }
        None => manifest.open.clone().map_or(Agreement::Yes, Agreement::NotKnown),
    }
}

/// The member that a manifest is, for a lockfile that does not name members: what it asks for, looked up by `key`. Says what
/// the lockfile does not hold. What is the name of another member need not be in it.
pub(crate) fn looked_up(
    manifest: &Manifest,
    graph: &Graph,
    siblings: &BTreeSet<&str>,
    keys: impl Fn(&Want) -> Vec<String>,
) -> (Member, Agreement) {
    let mut member = Member::default();
    let mut agreement = Agreement::Yes;
    // What is asked for many times is followed once.
    let mut followed: BTreeSet<(&str, Usage)> = BTreeSet::new();
    for want in &manifest.wants {
        let answer = keys(want).into_iter().find_map(|key| graph.answers.get_key_value(&key));
        let found = answer.map(|(_, found)| found.as_slice()).unwrap_or_default();
        if found.is_empty() {
            let what = plimsoll_model::excerpt(&format!("{} {}", want.name, want.requirement), 80);
            let is_sibling = siblings.contains(want.name.as_str());
            agreement = agreement.and(match (is_sibling, want.optional) {
                // Of which version another member is, the registry is asked where it does not fit.
                (true, _) if matches!(want.requirement.as_str(), "*" | "" | "@") => Agreement::Yes,
                (true, _) => Agreement::NotKnown(format!("whether the member of that name is {what} is not compared")),
                (false, false) => Agreement::No(format!("it does not hold {what}")),
                (false, true) if manifest.peers.contains(&want.name) => Agreement::Yes,
                (false, true) => {
                    Agreement::NotKnown(format!("it does not hold {what}, which is asked for under a condition"))
                }
            });
        }
        if answer.is_some_and(|(key, _)| followed.insert((key, want.usage))) {
            member.edges.extend(found.iter().map(|to| super::graph::Edge { to: *to, usage: want.usage }));
        }
    }
    if let Some(reason) = &manifest.open {
        agreement = agreement.and(Agreement::NotKnown(reason.clone()));
    }
    member.edges.sort_unstable();
    member.edges.dedup();
    (member, agreement)
}

//! A component: one package that a tree is built from, of whatever ecosystem.

use std::collections::BTreeMap;

use plimsoll_model::body::{Body, Reach};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    hash::{Algorithm, Hash},
    path_class,
};

/// Where a component comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// A package registry.
    Registry,
    /// A git repository.
    Git,
    /// A folder that is not a member of the workspace.
    Path,
    /// A member of the workspace.
    Workspace,
}

/// Where exactly a component comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A folder, of the tree or beside it.
    #[default]
    Folder,
    /// The public registry of its ecosystem, by the name that OSV has for it: a name and a version there are one package.
    Public(&'static str),
    /// Another registry, by its index.
    Registry(String),
    /// A git repository.
    Git {
        /// Its address.
        url: String,
        /// The revision, where it is pinned to one.
        revision: Option<String>,
    },
}

/// For what a component is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// For the target.
    Normal,
    /// For build scripts and procedural macros, which run while building.
    Build,
    /// For tests, examples and benchmarks.
    Dev,
}

/// One package of one lockfile, or a member of a workspace that has none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Component {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The release that a comment in the file that names it says its commit is, where one says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// Its package URL.
    pub purl: String,
    /// Where it comes from.
    pub source: Source,
    /// Address of the registry or repository; `null` for folders.
    pub source_url: Option<String>,
    /// Digests of its archives that the lockfile pins, sorted; `sha256:HEX` and so on.
    pub hashes: Vec<Hash>,
    /// The licence as its manifest states it, an SPDX expression; `null` when its manifest is not at hand.
    pub licence: Option<String>,
    /// Is that an open-source licence, by the lists of the OSI and the FSF? Left out where it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_licence: Option<bool>,
    /// Is it a member of the workspace?
    pub member: bool,
    /// Is it a dependency of a member?
    pub direct: bool,
    /// For what it is built, from every member; empty when unknown or in no graph.
    pub scopes: Vec<Scope>,
    /// Is it in the graph with default features?
    pub in_default: Option<bool>,
    /// Is it in the graph with all features?
    pub in_all_features: Option<bool>,
    /// Target triples on which it is in the graph. `all` stands for every one of the main targets; where it is on none
    /// of those, the others are named. Empty: unknown, none, or only with a `--cfg` that builds set themselves.
    pub targets: Vec<String>,
    /// How far it reaches.
    pub reach: Reach,
    /// The class nearest to the user among the members that lead to it.
    pub class: String,
    /// Path of the lockfile.
    pub lockfile: Option<String>,
    /// Package URLs of what it depends on, as the lockfile has it: all targets, all features.
    pub depends_on: Vec<String>,
    /// The versions that it asks for, by the names of packages, as its manifest or the lockfile writes them; empty where neither
    /// does. A package may be asked for in several ways.
    #[serde(skip)]
    pub asks: BTreeMap<String, Vec<String>>,
    /// Path of the file that names it: the lockfile, or the member's manifest.
    #[serde(skip)]
    pub place: String,
    /// Blob of that file.
    #[serde(skip)]
    pub blob: String,
    /// Where exactly it comes from, as far as that decides what it can be compared with.
    #[serde(skip)]
    pub origin: Origin,
    /// Is it the repository's own: a member of a workspace, or a folder of the tree that is taken by path, and no
    /// copy?
    #[serde(skip)]
    pub own: bool,
    /// Is it more than a package whose parts are listed: an image, another repository, a step of a build?
    #[serde(skip)]
    pub opaque: bool,
    /// Is `depends_on` all that it depends on? Formats that list packages alone leave that open.
    #[serde(skip)]
    pub edges_known: bool,
}

impl Body for Component {
    const KIND: plimsoll_model::KindName = "component";
}

impl Component {
    /// Does it come from this public registry, named as OSV does?
    pub fn is_from(&self, registry: &str) -> bool {
        matches!(self.origin, Origin::Public(own) if own == registry)
    }

    /// The same as if it were the package of its name and version in this public registry.
    #[must_use]
    pub fn as_published_in(&self, registry: &'static str) -> Self {
        Self { origin: Origin::Public(registry), member: false, ..self.clone() }
    }

    /// The SHA-256 of its archive, in hexadecimal, where exactly one is pinned.
    pub fn sha256(&self) -> Option<&str> {
        let mut all = self.hashes.iter().filter(|hash| hash.algorithm() == Algorithm::Sha256);
        let first = all.next()?;
        all.next().is_none().then(|| first.value())
    }

    /// Does it reach the user, or is it part of a copy that may, as far as can be told?
    pub fn is_carried(&self) -> bool {
        path_class::may_ship(&self.class) && matches!(self.reach, Reach::Shipped | Reach::Unknown)
    }

    /// Does it reach the user, as far as can be told?
    pub fn ships(&self) -> bool {
        self.class == path_class::SHIPPED && matches!(self.reach, Reach::Shipped | Reach::Unknown)
    }
}

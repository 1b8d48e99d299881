//! What comes out: ecosystems, workspaces, lockfiles, components, and what could not be told.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The name of the one ecosystem whose components are listed.
pub(crate) const CARGO: &str = "cargo";

/// A package ecosystem that the tree has manifests or lockfiles of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Ecosystem {
    /// `cargo`, `npm`, `pypi` and so on; the name of a build system; what else is not read, in words.
    pub name: String,
    /// What its files say of the product.
    pub holds: Holds,
    /// How many manifests.
    pub manifests: u64,
    /// How many lockfiles.
    pub lockfiles: u64,
    /// Can all of its components that ship be listed and compared with advisories?
    pub checked: bool,
    /// The class nearest to the user among its files.
    pub class: String,
    /// Why they cannot.
    pub reason: Option<String>,
    /// Paths of its files, sorted.
    #[serde(skip)]
    pub places: Vec<String>,
}

/// What the files of an ecosystem say of the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Holds {
    /// Packages of a package manager, which a bot can update.
    Packages,
    /// How something is built, which may bring in more.
    BuildFiles,
    /// Copies of other software.
    Copies,
    /// Sources for which no manifest speaks.
    Sources,
    /// Other repositories.
    Submodules,
}

/// Who said what the resolved graph is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ResolvedBy {
    /// cargo, from the manifests and the lockfile.
    Cargo,
    /// The lockfile alone.
    Lockfile,
    /// Nobody: there is no lockfile that could be read.
    None,
}

/// One Cargo workspace, or a package that stands alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Workspace {
    /// Path of its root manifest.
    pub manifest: String,
    /// Path of the Cargo.lock beside it.
    pub lockfile: Option<String>,
    /// How many member packages.
    pub members: u64,
    /// Does the lockfile name every member at its version and hold each of their dependencies at a version and from a
    /// source that the manifests ask for, and did cargo not ask for a change?
    pub locked: bool,
    /// The class nearest to the user among its members.
    pub class: String,
    /// Who said what the resolved graph is.
    pub resolver: ResolvedBy,
    /// Does it depend on packages from elsewhere, for whatever use?
    pub dependencies: Dependencies,
    /// What is not known because cargo was not asked, or answered for a part.
    pub difference: Option<String>,
    /// Blob of the root manifest.
    #[serde(skip)]
    pub blob: String,
}

/// Does something depend on packages from elsewhere?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Dependencies {
    /// All that it is built from is in the tree.
    None,
    /// On at least one.
    Some,
    /// Its lockfile or a manifest was not understood.
    NotKnown,
}

/// Does a lockfile hold everything that its packages depend on?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Whole {
    /// Each package's own manifest, or the registry's index, was compared with it.
    Proven,
    /// What its packages depend on is known from it alone.
    NotChecked,
    /// Something that it has to hold is missing, or it does not belong to the manifests.
    Contradicted,
}

/// One lockfile that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Lockfile {
    /// Its path.
    pub path: String,
    /// `Cargo.lock`.
    pub format: String,
    /// 1 to 4.
    pub format_version: u64,
    /// How many packages it lists, members included.
    pub packages: u64,
    /// How many of them come from a registry.
    pub registry_packages: u64,
    /// Registry packages with a checksum.
    pub with_checksum: u64,
    /// Registry packages without one.
    pub missing_checksum: u64,
    /// Packages from git; each is pinned to a revision.
    pub git_pinned: u64,
    /// Does it hold everything that its packages depend on?
    pub whole: Whole,
    /// Why that is not proven, in one clause with its cure.
    pub whole_reason: Option<String>,
    /// The class of its path.
    pub class: String,
    /// Its blob.
    #[serde(skip)]
    pub blob: String,
}

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

/// How far a component reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// Built into what ships, with default or with all features, on some target.
    Shipped,
    /// Runs while building what ships.
    Build,
    /// Used by tests, examples, benchmarks or members that do not ship.
    Dev,
    /// In the lockfile and in no graph.
    NotInGraph,
    /// Could not be told.
    Unknown,
}

/// One package of one lockfile, or a member of a workspace that has none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Component {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its package URL.
    pub purl: String,
    /// Where it comes from.
    pub source: Source,
    /// Address of the registry or repository; `null` for folders.
    pub source_url: Option<String>,
    /// SHA-256 of the registry's archive, in lower-case hexadecimal.
    pub checksum: Option<String>,
    /// The licence as its manifest states it, an SPDX expression; `null` when its manifest is not at hand.
    pub licence: Option<String>,
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
    /// Path of the file that names it: the lockfile, or the member's manifest.
    #[serde(skip)]
    pub place: String,
    /// Blob of that file.
    #[serde(skip)]
    pub blob: String,
    /// The source as the lockfile writes it (`registry+https://...`), for matching.
    #[serde(skip)]
    pub source_id: Option<String>,
    /// Is it the repository's own: a member of a workspace, or a folder of the tree that is taken by path?
    #[serde(skip)]
    pub own: bool,
}

impl Component {
    /// Reads one back from the fact that was made of it. What is not in a fact is filled in as far as it decides anything:
    /// the source as a lockfile writes it from the package URL of Cargo's packages, which names every registry but crates.io.
    pub fn of_fact(body: &serde_json::Map<String, serde_json::Value>) -> Option<Self> {
        let mut component: Self = serde_json::from_value(serde_json::Value::Object(body.clone())).ok()?;
        let crates_io = component.source == Source::Registry
            && component.purl.starts_with("pkg:cargo/")
            && !component.purl.contains('?');
        component.source_id = crates_io.then(|| crate::ecosystem::cargo::lockfile::CRATES_IO.to_owned());
        component.own = matches!(component.source, Source::Workspace | Source::Path);
        Some(component)
    }

    /// Is it from crates.io, of which the advisories speak?
    pub fn from_crates_io(&self) -> bool {
        self.source_id.as_deref().and_then(crate::ecosystem::cargo::lockfile::origin)
            == Some(crate::ecosystem::cargo::lockfile::Origin::CratesIo)
    }

    /// The same as if it were the package of its name and version on crates.io, of which advisories speak.
    #[must_use]
    pub fn as_published(&self) -> Self {
        Self { source_id: Some(crate::ecosystem::cargo::lockfile::CRATES_IO.to_owned()), member: false, ..self.clone() }
    }

    /// Does it reach the user, as far as can be told?
    pub fn ships(&self) -> bool {
        self.class == crate::path_class::SHIPPED && matches!(self.reach, Reach::Shipped | Reach::Unknown)
    }

    /// Does it ship, and can it match no advisory, whatever it holds?
    pub fn ships_uncompared(&self) -> bool {
        self.ships() && !self.own && !self.from_crates_io()
    }
}

/// What a gap is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Cause {
    /// A manifest could not be read or understood: members may be missing.
    Manifest,
    /// A lockfile could not be read or understood: its packages are missing.
    Lockfile,
    /// A lockfile of a version that this version of Plimsoll does not know.
    FutureLockfile,
    /// A lockfile was understood but for some entries.
    LockfileEntry,
    /// A workspace with dependencies has no lockfile.
    NoLockfile,
    /// A lockfile does not belong to the manifests beside it.
    StaleLockfile,
    /// A configuration of cargo lets something else be built than manifests and lockfile say.
    Configuration,
    /// cargo was demanded and refused.
    Cargo,
    /// There is more than the bounds allow.
    Limit,
    /// A part that may ship is of a kind that is not read: its components are missing.
    NotListed,
    /// Components are listed that no advisory speaks of.
    NotCompared,
}

/// Something that could not be looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// What it is about.
    pub cause: Cause,
    /// The path concerned.
    pub path: String,
    /// Why, in one clause that names the path.
    pub reason: String,
}

/// Everything found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inventory {
    /// Ecosystems by name.
    pub ecosystems: Vec<Ecosystem>,
    /// Workspaces by manifest path.
    pub workspaces: Vec<Workspace>,
    /// Lockfiles by path.
    pub lockfiles: Vec<Lockfile>,
    /// Components by lockfile, package URL and source.
    pub components: Vec<Component>,
    /// What could not be looked at in what may ship.
    pub gaps: Vec<Gap>,
    /// What the rules cannot see here, in plain words.
    pub limitations: Vec<String>,
    /// Version of the cargo that said what the graph is, where one did.
    pub cargo_version: Option<String>,
    /// Which sources of packages from elsewhere were at hand; `None` where none is locked in what ships.
    pub crate_sources: Option<crate::CrateSources>,
    /// How many Cargo.toml were looked at.
    pub manifests: u64,
}

impl Inventory {
    /// Version of the cargo that said what the graph is, where one did.
    pub fn cargo_version(&self) -> Option<&str> {
        self.cargo_version.as_deref()
    }
}

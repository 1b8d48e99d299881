//! What a tree has of one ecosystem.

use plimsoll_model::body::Body;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A package ecosystem that the tree has manifests or lockfiles of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Ecosystem")]
#[serde(rename_all = "camelCase")]
pub struct FoundEcosystem {
    /// `cargo`, `npm`, `pypi` and so on; the name of a build system; what else is not read, in words.
    pub name: String,
    /// What its files say of the product.
    pub holds: Holds,
    /// How many manifests.
    pub manifests: u64,
    /// How many lockfiles.
    pub lockfiles: u64,
    /// How many packages from elsewhere its files lead to, as far as they are read.
    pub packages: u64,
    /// Are its files read by this version, so that all that they bring in is listed?
    pub read: bool,
    /// The public registry of it that advisories speak of, as OSV calls it; `null` where no database does, or it is not read.
    pub registry: Option<String>,
    /// Can all of its components that ship be listed, and compared with advisories where there are any about its registry?
    pub checked: bool,
    /// The class nearest to the user among its files.
    pub class: String,
    /// Why they cannot.
    pub reason: Option<String>,
    /// Paths of its files, sorted.
    #[serde(skip)]
    pub places: Vec<String>,
}

impl Body for FoundEcosystem {
    const KIND: plimsoll_model::KindName = "ecosystem";
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
    /// What runs while the product is built, tested or released.
    Steps,
}

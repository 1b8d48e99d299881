//! An advisory that holds for a locked package, as a fact.

use jiff::civil::Date;
use plimsoll_advisories::{AdvisoryKind, Severity};
use plimsoll_components::Reach;
use plimsoll_model::{InputId, Kind, Rests};
use schemars::JsonSchema;
use serde::Serialize;

/// An advisory that holds for a locked package.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FindingFact {
    /// RustSec id; `yanked:NAME@VERSION` for a version that was taken back.
    pub advisory: String,
    /// Ids in other databases.
    pub aliases: Vec<String>,
    /// The id of the vulnerability: of several advisories that share an alias the first, so that it is counted once.
    pub vulnerability: String,
    /// The package.
    pub package: String,
    /// Its locked version.
    pub version: String,
    /// Its package URL.
    pub purl: String,
    /// What the advisory is about.
    pub kind: AdvisoryKind,
    /// How severe it is.
    pub severity: Severity,
    /// CVSS vector.
    pub cvss: Option<String>,
    /// Versions that are free of it.
    pub patched: Vec<String>,
    /// Functions of this version that have it.
    pub affected_functions: Vec<String>,
    /// Processor architectures it is limited to.
    pub arch: Vec<String>,
    /// Operating systems it is limited to.
    pub os: Vec<String>,
    /// The day on which it was made known; `null` for a version that was taken back.
    pub published: Option<String>,
    /// How far the package reaches.
    pub reach: Reach,
    /// Class of what leads to it.
    pub class: String,
    /// The lockfile.
    pub lockfile: Option<String>,
    /// Package URLs from a workspace member to it.
    pub path: Vec<String>,
    /// What the maker says about it.
    pub exceptions: Vec<ExceptionOnFinding>,
    /// Is there an exception that counts: with a reason and an end date that lies neither behind nor more than a year ahead?
    pub handled: bool,
}

/// An exception beside a finding.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExceptionOnFinding {
    /// The file that states it.
    pub file: String,
    /// The reason given.
    pub reason: String,
    /// The last day on which it counts.
    pub until: Option<Date>,
    /// Does it count?
    pub valid: bool,
}

/// The kind of what is known about a locked package.
pub const FINDING: Kind = Kind::of::<FindingFact>("advisory-finding", "An advisory that holds for a locked package.")
    .resting_on(&[
        Rests::all(InputId::Advisories),
        // Versions that were yanked, and nothing else.
        Rests::called(InputId::RegistryIndex, "yanked"),
        Rests::members(InputId::CrateSources, GRAPH),
        Rests::members(InputId::Resolver, GRAPH),
    ]);
/// What is locked is in the repository; how it is reached is what is resolved.
const GRAPH: &[&str] = &["body/path", "body/reach"];

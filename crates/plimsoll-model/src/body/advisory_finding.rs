//! An advisory that holds for a locked package, as a fact.

use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Body, Reach};
use crate::{Epss, Extra, KindName};

/// What an advisory is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum AdvisoryKind {
    /// A security hole.
    Vulnerability,
    /// Nobody looks after the package.
    Unmaintained,
    /// Safe code can cause undefined behaviour.
    Unsound,
    /// The version was yanked from the registry.
    Yanked,
    /// Anything else that its users should know.
    Notice,
    /// Of a kind that this version does not know: it may be as bad as a vulnerability.
    Unclassified,
}

impl AdvisoryKind {
    /// The word as it stands in facts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Vulnerability => "vulnerability",
            Self::Unmaintained => "unmaintained",
            Self::Unsound => "unsound",
            Self::Yanked => "yanked",
            Self::Notice => "notice",
            Self::Unclassified => "unclassified",
        }
    }
}

/// The qualitative rating of a vulnerability.
///
/// Source: CVSS v3.1 specification section 5 and v4.0 section 6 (the same bounds).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Not a vulnerability.
    None,
    /// 0.1 to 3.9.
    Low,
    /// 4.0 to 6.9.
    Medium,
    /// 7.0 to 8.9.
    High,
    /// 9.0 to 10.
    Critical,
    /// A vulnerability without a rating. Never to be taken for a small one.
    Unknown,
}

impl Severity {
    /// The word as it stands in facts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
            Self::Unknown => "unknown",
        }
    }
}

/// How a limitation of the kind ends that says of a finding about a name alone that the maker answers for it: without that
/// answer it would be a gap.
pub const ANSWERED_BY_THE_MAKER: &str = "; the maker says that it does not apply.";

/// An advisory that holds for a locked package.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "FindingFact")]
pub struct AdvisoryFinding {
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
    /// The lowest version above this one that is free of it; `null` where none is named, or it cannot be compared.
    pub fixed_in: Option<String>,
    /// The direct dependency that brings it in, by its package URL: what to raise; `null` where no path leads to it.
    pub through: Option<String>,
    /// Is `fixedIn` within what everything that takes the package asks for; left out where no version is known that fixes it?
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix_allowed: Option<FixAllowed>,
    /// What asks for other versions than that: it has to be raised first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held_by: Vec<HeldBy>,
    /// The day on which the catalogue of known exploited vulnerabilities that was given added it; left out where it is not in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_exploited: Option<Date>,
    /// How probable it is that it is exploited, by the scores that were given; left out where they do not have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epss: Option<Epss>,
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
    /// Members that this version does not know.
    #[serde(flatten)]
    #[schemars(skip)]
    pub extra: Extra,
}

/// Do declared ranges allow the version that fixes a flaw?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FixAllowed {
    /// All of them do: updating the lockfile is enough.
    Yes,
    /// One does not.
    No,
    /// The ranges are not at hand, or not understood: many lockfiles keep none.
    NotKnown,
}

/// What asks for other versions than the one that fixes a flaw.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HeldBy {
    /// Its package URL.
    pub purl: String,
    /// What it asks for, as it is written.
    pub range: String,
}

/// An exception beside a finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExceptionOnFinding {
    /// The file that states it.
    pub file: String,
    /// The reason given.
    pub reason: String,
    /// The person who answers for it, where that is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// What a VEX statement says: `not-affected`, `fixed`, `affected`, `under-investigation`; `null` for what is no VEX.
    pub status: Option<String>,
    /// When it was said, where that is known.
    pub said: Option<Timestamp>,
    /// The last day on which it counts.
    pub until: Option<Date>,
    /// Does it count?
    pub valid: bool,
    /// Members that this version does not know.
    #[serde(flatten)]
    #[schemars(skip)]
    pub extra: Extra,
}

impl Body for AdvisoryFinding {
    const KIND: KindName = "advisory-finding";
}

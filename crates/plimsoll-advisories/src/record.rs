//! One advisory as the OSV schema has it: what every database is read into.
//!
//! Source: OSV schema 1.7, <https://ossf.github.io/osv-schema>.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::ecosystem::Ecosystem;

/// The facts of one advisory, without its prose.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// Its id.
    pub id: String,
    /// Ids in other databases of the same flaw.
    pub aliases: Vec<String>,
    /// Ids of flaws that have to do with it and are others.
    pub related: Vec<String>,
    /// One line about it; empty where there is none.
    pub summary: String,
    /// When it was published, as it is written.
    pub published: Option<String>,
    /// When it was last changed.
    pub modified: Option<String>,
    /// When it was withdrawn.
    pub withdrawn: Option<String>,
    /// Ratings of the flaw.
    pub severity: Vec<Rating>,
    /// What it says of packages.
    pub affected: Vec<Affected>,
    /// What its database adds.
    pub database_specific: Map<String, Value>,
}

/// A CVSS vector, or a rating of another kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rating {
    /// `CVSS_V2`, `CVSS_V3`, `CVSS_V4`, `Ubuntu`.
    pub kind: String,
    /// The vector or the word.
    pub score: String,
}

/// What an advisory says of one package.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Affected {
    /// The ecosystem as OSV names it, with its release behind a colon. Empty where only commits are named.
    pub ecosystem: String,
    /// The name of the package there.
    pub name: String,
    /// Its package URL without a version.
    pub purl: Option<String>,
    /// Ranges of versions; any of them affects.
    pub ranges: Vec<Range>,
    /// Versions that are affected besides.
    pub versions: Vec<String>,
    /// Ratings of this package.
    pub severity: Vec<Rating>,
    /// What its ecosystem adds.
    pub ecosystem_specific: Map<String, Value>,
    /// What its database adds.
    pub database_specific: Map<String, Value>,
}

/// A range of versions or commits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// How its events are ordered.
    #[serde(rename = "type")]
    pub kind: RangeKind,
    /// The repository that has the commits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repo: Option<String>,
    /// Its events, in any order.
    pub events: Vec<Event>,
}

/// How the events of a range are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum RangeKind {
    /// By Semantic Versioning.
    Semver,
    /// As the ecosystem orders versions.
    Ecosystem,
    /// By the history of a git repository.
    Git,
}

/// Where a range begins or ends. `0` is before every version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// From here on versions are affected.
    Introduced(String),
    /// From here on they are not.
    Fixed(String),
    /// Behind this one they are not.
    LastAffected(String),
    /// From here on nothing is said; `*` is behind every version.
    Limit(String),
}

impl Event {
    /// The version or commit.
    pub fn version(&self) -> &str {
        match self {
            Self::Introduced(version) | Self::Fixed(version) | Self::LastAffected(version) | Self::Limit(version) => {
                version
            }
        }
    }
}

impl Record {
    /// Was it withdrawn by `today`? What is no date, or one that is to come, withdraws nothing.
    pub fn is_withdrawn(&self, today: Date) -> bool {
        self.withdrawn.as_deref().and_then(day).is_some_and(|day| day <= today)
    }

    /// The last day on which it was published, changed or withdrawn.
    pub fn last_day(&self) -> Option<Date> {
        let moments = [&self.published, &self.modified, &self.withdrawn];
        moments.into_iter().flatten().filter_map(|text| day(text)).max()
    }

    /// Does it say that a package is malware?
    ///
    /// Source: ossf/malicious-packages: its ids begin with `MAL-`.
    pub fn is_malware(&self) -> bool {
        let of_malware = |id: &String| id.starts_with("MAL-");
        of_malware(&self.id) || self.aliases.iter().any(of_malware)
    }
}

impl Affected {
    /// Is it about the package `name` of `ecosystem`, however either is spelled?
    pub fn is_about(&self, ecosystem: &Ecosystem, name: &str) -> bool {
        Ecosystem::of(&self.ecosystem) == Some(ecosystem)
            && ecosystem.normal_name(&self.name) == ecosystem.normal_name(name)
    }
}

/// The day of a moment or of a date, as it is written in UTC.
pub(crate) fn day(text: &str) -> Option<Date> {
    let moment = text.parse::<Timestamp>().ok().map(|moment| moment.to_zoned(TimeZone::UTC).date());
    // The first day of all is what a database writes that does not know it.
    moment.or_else(|| text.parse::<Date>().ok()).filter(|day| day.year() > 1)
}

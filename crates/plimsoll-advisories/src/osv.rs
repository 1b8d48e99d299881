//! Reads records that are written as the OSV schema has it: JSON, and the YAML of the Python advisory database.
//!
//! Members that the schema does not have are passed over, as it asks. A record that cannot be judged in full is refused as a whole:
//! half of it would be silent about the other half.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::record::{Affected, Event, Range, RangeKind, Rating, Record};

/// Bytes of one record.
pub const LARGEST_RECORD: usize = 16 * 1024 * 1024;
/// Packages of one record.
const MOST_AFFECTED: usize = 20_000;
/// Ranges, events, versions, ratings and aliases of one record, added up.
const MOST_PARTS: usize = 500_000;
/// Bytes of an id, a name, a version or an address.
const LONGEST: usize = 4096;
/// Characters of the summary that are kept.
const SUMMARY: usize = 400;

/// Members that are passed over. With this a list in the place of an object is refused, of which the members would be taken in order.
#[derive(Deserialize)]
struct OtherMembers {}

#[derive(Deserialize)]
struct RecordFile {
    id: String,
    #[serde(default)]
    aliases: Option<Vec<String>>,
    #[serde(default)]
    related: Option<Vec<String>>,
    #[serde(default)]
    summary: Option<String>,
    #[serde(default)]
    published: Option<String>,
    #[serde(default)]
    modified: Option<String>,
    #[serde(default)]
    withdrawn: Option<String>,
    #[serde(default)]
    severity: Option<Vec<RatingFile>>,
    #[serde(default)]
    affected: Option<Vec<AffectedFile>>,
    #[serde(default)]
    database_specific: Option<Map<String, Value>>,
    #[serde(flatten)]
    _more: OtherMembers,
}

#[derive(Deserialize)]
struct RatingFile {
    #[serde(rename = "type")]
    kind: String,
    score: String,
    #[serde(flatten)]
    _more: OtherMembers,
}

#[derive(Deserialize)]
struct AffectedFile {
    #[serde(default)]
    package: Option<PackageFile>,
    #[serde(default)]
    ranges: Option<Vec<RangeFile>>,
    #[serde(default)]
    versions: Option<Vec<String>>,
    #[serde(default)]
    severity: Option<Vec<RatingFile>>,
    #[serde(default)]
    ecosystem_specific: Option<Map<String, Value>>,
    #[serde(default)]
    database_specific: Option<Map<String, Value>>,
    #[serde(flatten)]
    _more: OtherMembers,
}

#[derive(Deserialize)]
struct PackageFile {
    ecosystem: String,
    name: String,
    #[serde(default)]
    purl: Option<String>,
    #[serde(flatten)]
    _more: OtherMembers,
}

#[derive(Deserialize)]
struct RangeFile {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    repo: Option<String>,
    #[serde(default)]
    events: Option<Vec<Map<String, Value>>>,
    #[serde(flatten)]
    _more: OtherMembers,
}

/// Reads one record as JSON.
pub fn read_json(bytes: &[u8]) -> Result<Record, String> {
    check_size(bytes.len())?;
    let file = serde_json::from_slice::<RecordFile>(bytes).map_err(|error| format!("not an OSV record: {error}"))?;
    Record::try_from(file)
}

/// Reads one record as YAML.
pub fn read_yaml(text: &str) -> Result<Record, String> {
    check_size(text.len())?;
    let value = plimsoll_formats::yaml::read(text).map_err(|error| format!("not YAML: {error}"))?;
    // Through JSON, so that one reader says what a record is.
    let value = serde_json::to_value(value).map_err(|error| format!("not an OSV record: {error}"))?;
    let file = RecordFile::deserialize(value).map_err(|error| format!("not an OSV record: {error}"))?;
    Record::try_from(file)
}

fn check_size(bytes: usize) -> Result<(), String> {
    if bytes > LARGEST_RECORD { Err(format!("larger than {LARGEST_RECORD} bytes")) } else { Ok(()) }
}

impl TryFrom<RecordFile> for Record {
    type Error = String;

    fn try_from(file: RecordFile) -> Result<Self, String> {
        let listed = file.affected.unwrap_or_default();
        if listed.len() > MOST_AFFECTED {
            return Err(format!("it names more than {MOST_AFFECTED} packages"));
        }
        let affected = listed.into_iter().map(Affected::try_from).collect::<Result<Vec<_>, _>>()?;
        let summary = file.summary.unwrap_or_default().chars().take(SUMMARY).collect();
        let record = Self {
            id: file.id,
            aliases: file.aliases.unwrap_or_default(),
            related: file.related.unwrap_or_default(),
            summary,
            published: file.published,
            modified: file.modified,
            withdrawn: file.withdrawn,
            severity: ratings(file.severity),
            affected,
            database_specific: file.database_specific.unwrap_or_default(),
        };
        record.check()?;
        Ok(record)
    }
}

impl Record {
    /// Refuses what is out of bounds, and what has no id.
    fn check(&self) -> Result<(), String> {
        let events = |affected: &Affected| affected.ranges.iter().map(|range| range.events.len() + 1).sum::<usize>();
        let of_package = |affected: &Affected| events(affected) + affected.versions.len() + affected.severity.len();
        let parts = self.aliases.len() + self.related.len() + self.severity.len();
        if parts + self.affected.iter().map(of_package).sum::<usize>() > MOST_PARTS {
            return Err(format!("it has more than {MOST_PARTS} aliases, ranges, events and versions"));
        }
        if self.id.trim().is_empty() {
            return Err("it has no id".to_owned());
        }
        let of_package = |affected: &Affected| {
            let events = affected.ranges.iter().flat_map(|range| &range.events).map(Event::version);
            let longest = events.chain(affected.versions.iter().map(String::as_str)).map(str::len).max();
            longest.max(Some(affected.name.len())).max(Some(affected.ecosystem.len())).unwrap_or_default()
        };
        let ids = std::iter::once(&self.id).chain(&self.aliases).chain(&self.related).map(String::len);
        if ids.chain(self.affected.iter().map(of_package)).any(|length| length > LONGEST) {
            return Err(format!("an id, a name or a version in it is longer than {LONGEST} bytes"));
        }
        if self.affected.iter().any(|one| one.name.is_empty() && !one.ecosystem.is_empty()) {
            return Err("a package in it has no name".to_owned());
        }
        Ok(())
    }
}

impl TryFrom<AffectedFile> for Affected {
    type Error = String;

    fn try_from(file: AffectedFile) -> Result<Self, String> {
        // A package may be left out where only commits are named.
        let (ecosystem, name, purl) =
            file.package.map(|package| (package.ecosystem, package.name, package.purl)).unwrap_or_default();
        Ok(Self {
            ecosystem,
            name,
            purl,
            ranges: file.ranges.unwrap_or_default().into_iter().map(Range::try_from).collect::<Result<_, _>>()?,
            versions: file.versions.unwrap_or_default(),
            severity: ratings(file.severity),
            ecosystem_specific: file.ecosystem_specific.unwrap_or_default(),
            database_specific: file.database_specific.unwrap_or_default(),
        })
    }
}

impl TryFrom<RangeFile> for Range {
    type Error = String;

    fn try_from(file: RangeFile) -> Result<Self, String> {
        let kind = match file.kind.as_str() {
            "SEMVER" => RangeKind::Semver,
            "ECOSYSTEM" => RangeKind::Ecosystem,
            "GIT" => RangeKind::Git,
            other => return Err(format!("a range in it is of the unknown type \"{other:.40}\"")),
        };
        let events = file.events.unwrap_or_default().into_iter().map(event).collect::<Result<_, _>>()?;
        Ok(Self { kind, repo: file.repo, events })
    }
}

/// An event has one member, which says what happened.
fn event(members: Map<String, Value>) -> Result<Event, String> {
    let mut members = members.into_iter();
    match (members.next(), members.next()) {
        (Some((what, Value::String(version))), None) if !version.is_empty() => match what.as_str() {
            "introduced" => Ok(Event::Introduced(version)),
            "fixed" => Ok(Event::Fixed(version)),
            "last_affected" => Ok(Event::LastAffected(version)),
            "limit" => Ok(Event::Limit(version)),
            other => Err(format!("an event in it is of the unknown kind \"{other:.40}\"")),
        },
        _ => Err("an event in it is not one name with one version".to_owned()),
    }
}

fn ratings(listed: Option<Vec<RatingFile>>) -> Vec<Rating> {
    listed.unwrap_or_default().into_iter().map(|one| Rating { kind: one.kind, score: one.score }).collect()
}

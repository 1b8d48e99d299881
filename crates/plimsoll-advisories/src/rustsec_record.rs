//! The facts of one RustSec advisory, without its prose, and what they are as a record of OSV.

use std::collections::BTreeMap;

use jiff::civil::Date;
use plimsoll_model::body::{AdvisoryKind, Severity};
use rustsec::{
    Advisory,
    advisory::{Informational, Versions},
    osv::{OsvRange, ranges_for_advisory},
};
use semver::{Version, VersionReq};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    ecosystem::REGISTRY,
    rating,
    record::{Affected, Event, Range, RangeKind, Rating, Record},
    verdict::Verdict,
};

/// The facts of one advisory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RustsecRecord {
    /// RustSec id.
    pub id: String,
    /// Ids in other databases.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// What it is about.
    pub kind: AdvisoryKind,
    /// Versions that are free of it, as Cargo's requirements.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub patched: Vec<String>,
    /// Versions that never had it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unaffected: Vec<String>,
    /// Functions that have it, with the versions of each.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub functions: BTreeMap<String, Vec<String>>,
    /// Processor architectures it is limited to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arch: Vec<String>,
    /// Operating systems it is limited to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub os: Vec<String>,
    /// CVSS vector.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cvss: Option<String>,
    /// The day on which it was made known.
    pub date: String,
    /// The day on which it was withdrawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<String>,
    /// Registry of the package, where it is not crates.io.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl RustsecRecord {
    /// Takes the facts out of a RustSec advisory.
    pub fn of(advisory: &Advisory) -> Self {
        let metadata = &advisory.metadata;
        let text = |requirements: &[VersionReq]| requirements.iter().map(ToString::to_string).collect();
        let affected = advisory.affected.clone().unwrap_or_default();
        Self {
            id: metadata.id.to_string(),
            aliases: metadata.aliases.iter().map(ToString::to_string).collect(),
            kind: match &metadata.informational {
                None => AdvisoryKind::Vulnerability,
                Some(Informational::Unmaintained) => AdvisoryKind::Unmaintained,
                Some(Informational::Unsound) => AdvisoryKind::Unsound,
                Some(Informational::Notice) => AdvisoryKind::Notice,
                Some(_) => AdvisoryKind::Unclassified,
            },
            patched: text(advisory.versions.patched()),
            unaffected: text(advisory.versions.unaffected()),
            functions: affected.functions.iter().map(|(path, versions)| (path.to_string(), text(versions))).collect(),
            arch: affected.arch.iter().map(|arch| arch.as_str().to_owned()).collect(),
            os: affected.os.iter().map(|os| os.as_str().to_owned()).collect(),
            cvss: metadata.cvss.as_ref().map(ToString::to_string),
            date: metadata.date.as_str().to_owned(),
            withdrawn: metadata.withdrawn.as_ref().map(|date| date.as_str().to_owned()),
            source: metadata
                .source
                .as_ref()
                .filter(|source| !source.is_default_registry())
                .map(|source| source.url().to_string()),
        }
    }

    /// Was it withdrawn by `today`? What is no date, or one that is to come, withdraws nothing.
    pub fn is_withdrawn(&self, today: Date) -> bool {
        let day = self.withdrawn.as_deref().and_then(|text| text.parse::<Date>().ok());
        day.is_some_and(|day| day <= today)
    }

    /// The same as a record of crates.io about `package`.
    ///
    /// What OSV has no place for is put where RustSec's own export puts it; the versions of single functions are left out.
    pub fn to_record(&self, package: &str) -> Record {
        let object = |value: Value| value.as_object().cloned().unwrap_or_default();
        let functions: Vec<&String> = self.functions.keys().collect();
        let affects = json!({ "affects": { "arch": self.arch, "os": self.os, "functions": functions } });
        let informational = match self.kind {
            AdvisoryKind::Vulnerability => Value::Null,
            kind => json!(kind),
        };
        let severity =
            self.cvss.iter().map(|score| Rating { kind: kind_of_vector(score), score: score.clone() }).collect();
        Record {
            id: self.id.clone(),
            aliases: self.aliases.clone(),
            published: Some(self.date.clone()),
            withdrawn: self.withdrawn.clone(),
            severity,
            affected: vec![Affected {
                ecosystem: REGISTRY.to_owned(),
                name: package.to_owned(),
                ranges: self.ranges(),
                ecosystem_specific: object(affects),
                database_specific: object(json!({ "informational": informational })),
                ..Affected::default()
            }],
            ..Record::default()
        }
    }

    /// Does `version` have it? A range that cannot be read affects everything.
    pub fn affects(&self, version: &Version) -> bool {
        let affected = Affected { ecosystem: REGISTRY.to_owned(), ranges: self.ranges(), ..Affected::default() };
        affected.verdict(&version.to_string()) != Verdict::NotAffected
    }

    /// The affected ranges, as the rustsec crate makes them of those that are not; everything where it cannot.
    fn ranges(&self) -> Vec<Range> {
        let parse = |texts: &[String]| texts.iter().map(|text| VersionReq::parse(text)).collect::<Result<Vec<_>, _>>();
        let all =
            || vec![Range { kind: RangeKind::Semver, repo: None, events: vec![Event::Introduced("0".to_owned())] }];
        let (Ok(patched), Ok(unaffected)) = (parse(&self.patched), parse(&self.unaffected)) else { return all() };
        let Ok(versions) = Versions::new(patched, unaffected) else { return all() };
        let range = |range: OsvRange| {
            let begin = range.introduced.map_or_else(|| "0".to_owned(), |version| version.to_string());
            let end = range.fixed.map(|version| Event::Fixed(version.to_string()));
            let events = std::iter::once(Event::Introduced(begin)).chain(end).collect();
            Range { kind: RangeKind::Semver, repo: None, events }
        };
        let mut ranges: Vec<Range> = ranges_for_advisory(&versions).into_iter().map(range).collect();
        if ranges.is_empty() {
            // No version is affected: a range that ends where it begins says so.
            let zero = || "0".to_owned();
            let events = vec![Event::Introduced(zero()), Event::Fixed(zero())];
            ranges.push(Range { kind: RangeKind::Semver, repo: None, events });
        }
        ranges
    }

    /// The functions of `version` that have it.
    pub fn functions_of(&self, version: &Version) -> Vec<String> {
        self.functions
            .iter()
            .filter(|(_, versions)| {
                versions.is_empty()
                    || versions.iter().any(|text| VersionReq::parse(text).map_or(true, |range| range.matches(version)))
            })
            .map(|(path, _)| path.clone())
            .collect()
    }

    /// How severe it is. A vulnerability without a vector that can be read is `unknown`.
    pub fn severity(&self) -> Severity {
        if self.kind != AdvisoryKind::Vulnerability {
            return Severity::None;
        }
        self.cvss.as_deref().and_then(rating::of_vector).unwrap_or(Severity::Unknown)
    }
}

/// What OSV calls a vector of this version of CVSS.
fn kind_of_vector(vector: &str) -> String {
    let kinds = [("CVSS:4", "CVSS_V4"), ("CVSS:3", "CVSS_V3")];
    let kind = kinds.iter().find(|(start, _)| vector.starts_with(start)).map_or("CVSS_V2", |(_, kind)| kind);
    kind.to_owned()
}

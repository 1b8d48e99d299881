//! The facts of one advisory, without its prose.

use std::collections::BTreeMap;

use cvss::Cvss;
use jiff::civil::Date;
use plimsoll_model::body::{AdvisoryKind, Severity};
use rustsec::{
    Advisory,
    advisory::{Informational, Versions},
};
use semver::{Version, VersionReq};
use serde::{Deserialize, Serialize};

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

    /// Does `version` have it? By the rule of the rustsec crate; a range that cannot be read affects everything.
    pub fn affects(&self, version: &Version) -> bool {
        let parse = |texts: &[String]| texts.iter().map(|text| VersionReq::parse(text)).collect::<Result<Vec<_>, _>>();
        match (parse(&self.patched), parse(&self.unaffected)) {
            (Ok(patched), Ok(unaffected)) => {
                Versions::new(patched, unaffected).map_or(true, |versions| versions.is_vulnerable(version))
            }
            _ => true,
        }
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
        match self.cvss.as_deref().and_then(|vector| vector.parse::<Cvss>().ok()) {
            Some(cvss) => match cvss.severity() {
                // Also what a vector with missing metrics scores; a hole that harms nothing is not in the database.
                cvss::Severity::None => Severity::Unknown,
                cvss::Severity::Low => Severity::Low,
                cvss::Severity::Medium => Severity::Medium,
                cvss::Severity::High => Severity::High,
                cvss::Severity::Critical => Severity::Critical,
            },
            None => Severity::Unknown,
        }
    }
}

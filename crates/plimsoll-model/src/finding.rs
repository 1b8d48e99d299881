//! What a label says of an advisory that matches a component.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Epss;

/// An advisory that matches a component.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// RustSec or OSV id.
    pub advisory: String,
    /// Ids in other databases, as that of CVE; left out where there are none, and before schema version 1.2.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// `vulnerability`, `unmaintained`, `unsound`, `yanked`, `notice`.
    pub kind: String,
    /// `critical`, `high`, `medium`, `low`, `none`, `unknown`.
    pub severity: String,
    /// The package.
    pub package: String,
    /// Its version.
    pub version: String,
    /// `shipped`, `build`, `dev`, `not-in-graph`, `unknown`.
    pub reach: String,
    /// Class of the lockfile's path: `shipped`, `test`, `example`, `fixture`, `vendored`.
    pub class: String,
    /// The lockfile.
    pub lockfile: String,
    /// Version requirements that are free of it.
    pub patched: Vec<String>,
    /// The day on which the catalogue of known exploited vulnerabilities added it, where one was given that has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_exploited: Option<Date>,
    /// How probable it is that it is exploited, where scores were given that have it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epss: Option<Epss>,
    /// What the maker says about it. It never removes the finding.
    pub exceptions: Vec<FindingException>,
}

impl Finding {
    /// Puts what is known to be exploited first, then what is exploited more probably.
    pub fn urgency(&self, other: &Self) -> std::cmp::Ordering {
        let number = |finding: &Self| finding.epss.as_ref().map_or(0.0, Epss::number);
        let exploited = |finding: &Self| finding.known_exploited.is_none();
        exploited(self).cmp(&exploited(other)).then_with(|| number(other).total_cmp(&number(self)))
    }
}

/// The maker's word on a finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FindingException {
    /// The file that says so.
    pub file: String,
    /// The reason given, or empty.
    pub reason: String,
    /// The person who answers for it, where that is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// The end date given.
    pub until: Option<Date>,
    /// True when it has a reason and an end date that has not passed.
    pub valid: bool,
}

//! The evidence file: facts, what was searched for each kind, and the inputs that were pinned.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    DigestSet, Document, Extra, Fact, FactError, exact_numbers, other_document,
    strict::{Bounds, parse_within},
    unfit,
};

/// Bytes of an evidence file. A hundred thousand commits with their signatures take half of it.
pub(crate) const LARGEST_EVIDENCE: usize = 256 * 1024 * 1024;
const BOUNDS: Bounds = Bounds { bytes: LARGEST_EVIDENCE, values: 10_000_000 };

/// The version of the evidence format that this crate writes. A reader takes any `1.x`.
pub const EVIDENCE_SCHEMA_VERSION: &str = "1.0";

/// What is examined, what was found, and all that the finding depended on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// `MAJOR.MINOR`; members may be added within a major version.
    pub schema_version: String,
    /// The program that collected.
    pub tool: Tool,
    /// What was examined.
    pub subject: Examined,
    /// The moment for which everything is stated, in UTC with whole seconds.
    pub as_of: Timestamp,
    /// The label and evidence that this evidence was made from without the source, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows: Option<Follows>,
    /// Everything else that the facts depend on, by name: `advisories`, `claims`, `resolver`, `trust`.
    pub inputs: BTreeMap<String, Input>,
    /// For every kind that a collector states: was it searched, and how many facts were seen.
    pub kinds: BTreeMap<String, KindReport>,
    /// The facts, sorted by kind, subject and pointers.
    pub facts: Vec<Fact>,
    /// Members that this version does not know.
    #[serde(flatten)]
    #[schemars(skip)]
    pub extra: Extra,
}

/// The label that stored evidence came with, before it was judged anew: a link of a chain of digests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Follows {
    /// SHA-256 of the canonical label.
    pub label: DigestSet,
    /// SHA-256 of the canonical evidence.
    pub evidence: DigestSet,
    /// The moment for which the source was examined: that of the first label of the chain.
    pub examined: Timestamp,
    /// SHA-256 of every other label of the chain before, in whatever form: what takes one of them back, or follows it, is known
    /// to speak of this one where those between are not at hand. The latest first, at most a fixed number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<DigestSet>,
}

/// A program and its version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Members that this version does not know.
    #[serde(flatten)]
    #[schemars(skip)]
    pub extra: Extra,
}

/// The commit and the artifacts that evidence speaks of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Examined {
    /// Object id of the commit, in lower-case hexadecimal.
    pub commit: String,
    /// Hash function of the repository: `sha1` or `sha256`.
    pub object_format: String,
    /// Committer's time of that commit.
    pub committed: Timestamp,
    /// Files that were given as built from this commit, sorted by name.
    pub artifacts: Vec<Artifact>,
    /// True when files of the working copy were examined beside the commit.
    pub worktree: bool,
    /// Members that this version does not know.
    #[serde(flatten)]
    #[schemars(skip)]
    pub extra: Extra,
}

/// A file given with `--artifact`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Artifact {
    /// File name without folders.
    pub name: String,
    /// Its digests; `sha256` at least.
    pub digest: DigestSet,
    /// Members that this version does not know.
    #[serde(flatten)]
    #[schemars(skip)]
    pub extra: Extra,
}

/// One pinned input.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Input {
    /// What it is, in a few words: `embedded snapshot`, `given RustSec checkout`, `cargo`.
    pub source: String,
    /// Revision or version, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// Date of the data, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<jiff::civil::Date>,
    /// How many records it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// How many records it lacks that the program which read it has built in; absent where that was not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lacks: Option<u64>,
    /// Digests of the input.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub digest: DigestSet,
    /// What it is made of where each part has a date of its own: advisory data by ecosystem, as OSV calls it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parts: BTreeMap<String, Input>,
    /// Members that this version does not know.
    #[serde(flatten)]
    #[schemars(skip)]
    pub extra: Extra,
}

/// Could a kind be looked for? Ordered from the widest gap to none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum KindStatus {
    /// None of it could be looked at; the reason says why.
    Unavailable,
    /// Some of it could not be looked at; the reason says what.
    Partial,
    /// Everything in scope was looked at.
    Searched,
}

/// What a collector says about one kind: so that "found none" differs from "could not look".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct KindReport {
    /// The collector that states the kind.
    pub collector: String,
    /// Could it be looked for?
    pub status: KindStatus,
    /// What was looked at, as a noun in plural: `commits`, `lockfiles`, `workflow files`.
    pub searched: String,
    /// How many of them were looked at.
    pub searched_count: u64,
    /// How many facts of this kind there are. Scoring refuses evidence that holds another number.
    pub count: u64,
    /// Why it is not `searched`; present exactly then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What the collector's rules cannot see, in plain words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limitations: Vec<String>,
    /// Members that this version does not know.
    #[serde(flatten)]
    #[schemars(skip)]
    pub extra: Extra,
}

/// Evidence that cannot be scored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EvidenceError {
    /// Not JSON, or not evidence.
    #[error("not an evidence file: {0}")]
    Malformed(String),
    /// Another major version.
    #[error(
        "evidence of schema version {found} cannot be read by this version (it reads 1.0, 1.1 and so on); use the plimsoll that wrote it, or a newer one"
    )]
    SchemaVersion {
        /// What the file says.
        found: String,
    },
    /// A fact of a kind that no report names.
    #[error("a fact of kind \"{kind}\" has no entry under \"kinds\": the file was changed after it was collected")]
    UnreportedKind {
        /// The kind.
        kind: String,
    },
    /// The collector stated another number of facts: one was dropped or added.
    #[error(
        "the collector \"{collector}\" stated {stated} facts of kind \"{kind}\", the file holds {found}: it was changed after it was collected; collect again"
    )]
    Count {
        /// The kind.
        kind: String,
        /// Who stated it.
        collector: String,
        /// How many were stated.
        stated: u64,
        /// How many are there.
        found: u64,
    },
    /// An unavailable kind has facts, or a gap has no reason.
    #[error("kind \"{kind}\" contradicts itself: {problem}; collect again")]
    Report {
        /// The kind.
        kind: String,
        /// What is wrong.
        problem: &'static str,
    },
    /// A fact is not what its kind declares.
    #[error(transparent)]
    Fact(#[from] FactError),
}

impl Evidence {
    /// Reads evidence from JSON of any schema version `1.x`, and checks it as [`Evidence::check`] does. Its facts are not held to
    /// what their kinds declare: that is [`Kinds::read`](crate::Kinds::read), for who reads facts.
    ///
    /// Refused as well: a name that appears twice in one object, at whatever depth; numbers that not every reader keeps exactly; more
    /// than 256 MiB or 10,000,000 values.
    pub fn from_json(bytes: &[u8]) -> Result<Self, EvidenceError> {
        let value = parse_within(bytes, BOUNDS).map_err(EvidenceError::Malformed)?;
        if let Some(other) = other_document(&value, Document::Evidence) {
            return Err(EvidenceError::Malformed(other.to_owned()));
        }
        exact_numbers(&value).map_err(EvidenceError::Malformed)?;
        let evidence: Self =
            serde_json::from_value(value).map_err(|error| EvidenceError::Malformed(unfit(&error, "evidence")))?;
        evidence.check()?;
        Ok(evidence)
    }

    /// Refuses evidence whose facts and reports do not agree.
    pub fn check(&self) -> Result<(), EvidenceError> {
        if !crate::is_version_one(&self.schema_version) {
            return Err(EvidenceError::SchemaVersion { found: self.schema_version.clone() });
        }
        let mut found: BTreeMap<&str, u64> = BTreeMap::new();
        for fact in &self.facts {
            if !self.kinds.contains_key(&fact.kind) {
                return Err(EvidenceError::UnreportedKind { kind: fact.kind.clone() });
            }
            *found.entry(fact.kind.as_str()).or_default() += 1;
        }
        for (kind, report) in &self.kinds {
            let seen = found.get(kind.as_str()).copied().unwrap_or_default();
            if report.count != seen {
                return Err(EvidenceError::Count {
                    kind: kind.clone(),
                    collector: report.collector.clone(),
                    stated: report.count,
                    found: seen,
                });
            }
            let problem = match report.status {
                KindStatus::Unavailable if seen > 0 => Some("it is unavailable and has facts"),
                KindStatus::Searched if report.reason.is_some() => Some("it was searched and has a reason why not"),
                KindStatus::Unavailable | KindStatus::Partial
                    if report.reason.as_deref().unwrap_or_default().is_empty() =>
                {
                    Some("it was not wholly searched and has no reason")
                }
                _ => None,
            };
            if let Some(problem) = problem {
                return Err(EvidenceError::Report { kind: kind.clone(), problem });
            }
        }
        Ok(())
    }

    /// Puts the facts in the order in which they are written.
    pub fn sort(&mut self) {
        self.facts.sort_by(Fact::order);
    }

    /// The facts of one kind.
    pub fn facts_of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Fact> {
        self.facts.iter().filter(move |fact| fact.kind == kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"{"schemaVersion":"1.0","tool":{"name":"plimsoll","version":"0"},"subject":{"commit":"1","objectFormat":"sha1","committed":"2026-10-30T12:00:00Z","artifacts":[],"worktree":false},"asOf":"2026-11-01T00:00:00Z","inputs":{"trust":{"source":"trust policy"}},"kinds":{"tag":{"collector":"tags","status":"searched","searched":"tags","searchedCount":1,"count":1}},"facts":[{"kind":"tag","subject":{"type":"tag","id":"v1"},"assurance":"observed","body":{"commits":1,"more":{"a":[1]}},"pointers":[]}]}"#;

    fn check(from: &str, to: &str, says: &str) {
        assert!(WHOLE.contains(from), "{from}");
        let error = Evidence::from_json(WHOLE.replacen(from, to, 1).as_bytes()).unwrap_err().to_string();
        assert!(error.contains(says), "{to}: {error}");
        assert!(!error.contains("struct "), "{error}");
    }

    #[test]
    fn evidence_says_one_thing_to_every_reader() {
        assert!(Evidence::from_json(WHOLE.as_bytes()).is_ok());
        for (from, to) in [
            ("\"commits\":1", "\"commits\":5000,\"commits\":1"),
            ("\"commits\":1", "\"commits\":1,\"\\u0063ommits\":1"),
            ("\"a\":[1]", "\"a\":[{\"b\":1,\"b\":1}]"),
            (
                "\"kinds\":{",
                "\"kinds\":{\"tag\":{\"collector\":\"x\",\"status\":\"searched\",\"searched\":\"x\",\"searchedCount\":1,\"count\":1},",
            ),
            ("\"inputs\":{", "\"inputs\":{\"trust\":{\"source\":\"another\"},"),
            ("\"schemaVersion\":\"1.0\"", "\"schemaVersion\":\"1.0\",\"schemaVersion\":\"1.0\""),
        ] {
            check(from, to, "appears twice");
        }
        check("\"commits\":1", "\"commits\":9007199254740993", "2^53");
        check("\"a\":[1]", "\"a\":[1e300]", "2^53");
        check("\"commit\":\"1\",", "", "\"commit\" is missing");
        check("\"artifacts\":[]", "\"artifacts\":{}", "is not what evidence has there");
        check("\"facts\":[", "\"_type\":\"x\",\"predicateType\":\"x\",\"facts\":[", "this is a label");
        check("\"1.0\"", &format!("{}{}", "[".repeat(200), "]".repeat(200)), "deeper");
    }
}

//! A report: what evidence answers of one framework, or of one questionnaire, entry by entry.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Assurance, Claimed, DigestSet, Outcome, Pointer, Tool};

/// `predicateType` of a statement that carries a report.
pub const REPORT_PREDICATE_TYPE: &str = "https://plimsoll.dev/report/v1";
/// The version of the report that this crate writes.
pub const REPORT_SCHEMA_VERSION: &str = "1.0";

/// Every entry of one framework with its answer, and all that the answers rest on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// `MAJOR.MINOR` of this document.
    pub schema_version: String,
    /// The program that evaluated.
    pub tool: Tool,
    /// The program that collected the evidence.
    pub collected_by: Tool,
    /// The framework or questionnaire.
    pub catalog: ReportCatalog,
    /// What it is about.
    pub subject: ReportSubject,
    /// The moment for which everything is stated.
    pub as_of: Timestamp,
    /// Data from elsewhere that the answers depend on: advisory data and others, by name.
    pub inputs: Vec<ReportInput>,
    /// Who issues it, where that is known.
    pub issuer: ReportIssuer,
    /// Whose reading of the framework this is, and what the report is not.
    pub reading: Vec<String>,
    /// How many entries have which answer.
    pub counts: ReportCounts,
    /// What a form asks besides its entries.
    pub fields: Vec<ReportField>,
    /// The entries in the order of the framework.
    pub entries: Vec<ReportEntry>,
    /// SHA-256 of the canonical evidence.
    pub evidence: DigestSet,
    /// SHA-256 of every file of practices by its path: whose criteria, catalogs and tiers these are.
    pub practices: BTreeMap<String, DigestSet>,
}

/// The framework or questionnaire that a report answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportCatalog {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its version, or empty.
    pub version: String,
    /// Where it is published, or who asks.
    pub source: String,
}

/// What a report is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportSubject {
    /// Name of the product, or empty.
    pub name: String,
    /// Its version, or empty.
    pub version: String,
    /// Object id of the commit.
    pub commit: String,
    /// When it was committed.
    pub committed: Timestamp,
    /// True when files of a working copy were examined that are in no commit.
    pub worktree: bool,
    /// Why the commit is not the release of `version`, as far as its tags show; nothing where a release tag of it is on the commit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unreleased: Option<String>,
    /// Address of the repository on its code host, where it is known.
    pub repository: Option<String>,
    /// Page of the product, by the maker.
    pub page: Option<String>,
    /// Where to report a problem, where that is known.
    pub contact: Option<String>,
    /// Files that were provided as built from the commit: name, SHA-256.
    pub artifacts: BTreeMap<String, String>,
}

/// One input with its date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportInput {
    /// Its name: `advisories`, `trust`, ...
    pub name: String,
    /// What it is.
    pub source: String,
    /// Date of the data, where it has one.
    pub date: Option<Date>,
    /// Its revision, where it has one.
    pub revision: Option<String>,
}

/// Who issues a report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportIssuer {
    /// Name of the organisation, by the maker's claims file.
    pub name: Option<String>,
    /// Its registered address.
    pub address: Option<String>,
    /// Its website.
    pub website: Option<String>,
    /// The person who answers for it.
    pub contact: Option<String>,
    /// The role of that person.
    pub role: Option<String>,
    /// What is known about who issues it, in one sentence.
    pub known: String,
}

/// How many entries have which answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportCounts {
    /// All entries.
    pub entries: usize,
    /// Answered by evidence.
    pub evidence: usize,
    /// Of those that evidence answers: checked by computation or cryptography, and not seen alone.
    pub verified: usize,
    /// Answered by the maker's word.
    pub word: usize,
    /// Open.
    pub open: usize,
    /// Of those that are open: answered in part.
    pub in_part: usize,
}

/// What a form asks besides its entries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportField {
    /// The section of the form.
    pub section: String,
    /// What is asked.
    pub title: String,
    /// The answer; absent where only the person who files it can give it.
    pub value: Option<String>,
    /// Where the answer comes from, or how to give it.
    pub note: String,
}

/// How an entry is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReportAnswer {
    /// By evidence, with its place. How sure that is, the assurance says: what is seen in the source alone is no proof.
    Evidence,
    /// By the maker's claims file.
    Word,
    /// Not, or in part only.
    Open,
}

/// One entry with its answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportEntry {
    /// Its id.
    pub id: String,
    /// Title of the group that it is in, or empty.
    pub group: String,
    /// What it asks, in the words of the practices; of a questionnaire, the question.
    pub asks: String,
    /// What a form wants with the answer, by the catalog's file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// How it is answered.
    pub answer: ReportAnswer,
    /// What evidence and claims result in.
    pub outcome: Outcome,
    /// How it is known; absent where it is not.
    pub assurance: Option<Assurance>,
    /// Why, in one sentence.
    pub reason: String,
    /// True when the evidence disproves what the maker claims.
    pub contradicted: bool,
    /// Where it was seen.
    pub places: Vec<ReportPlace>,
    /// What was looked through where what was looked for is not there, so that no place can be shown.
    pub searched: Vec<ReportSearched>,
    /// The maker's own answer, where there is one.
    pub claimed: Option<Claimed>,
    /// The criteria behind it.
    pub criteria: Vec<ReportCriterion>,
    /// What would close it, where it is open.
    pub to_close: Vec<ReportStep>,
    /// Entries of other catalogs that the framework names for it, or that a question names.
    pub crosswalk: Vec<ReportCrosswalk>,
    /// Members of the form for machines, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub shows: BTreeMap<String, bool>,
}

/// A place, and its address on the code host where that is known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportPlace {
    /// The place.
    pub pointer: Pointer,
    /// The place in words: path and line, commit, tag.
    pub shown: String,
    /// Its address.
    pub url: Option<String>,
}

/// What was looked through.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportSearched {
    /// The kind of evidence.
    pub kind: String,
    /// What was looked through, as a noun in plural.
    pub searched: String,
    /// How many of them.
    pub count: u64,
    /// How many facts of the kind there are.
    pub found: u64,
}

/// A criterion behind an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportCriterion {
    /// Its id.
    pub id: String,
    /// Its question.
    pub asks: String,
    /// What it resulted in.
    pub outcome: Outcome,
    /// How it is known.
    pub assurance: Option<Assurance>,
    /// Why.
    pub reason: String,
}

/// Something to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportStep {
    /// The criterion, or `plimsoll.toml` for an answer of the maker.
    pub by: String,
    /// What to do.
    pub action: String,
    /// Minutes that it takes, roughly.
    pub minutes: u64,
    /// The same in words.
    pub effort: String,
}

/// An entry of another catalog.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportCrosswalk {
    /// `CATALOG/ENTRY`, or a criterion.
    pub id: String,
    /// Its title.
    pub title: String,
    /// How it is answered.
    pub answer: ReportAnswer,
    /// What it resulted in.
    pub outcome: Outcome,
    /// How it is known.
    pub assurance: Option<Assurance>,
}

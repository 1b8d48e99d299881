//! A dispute: where two issuers differ about one commit, and what of the outcome follows from it.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Change, DigestSet, Tool};

/// The version of the document that this crate writes.
pub const DISPUTE_SCHEMA_VERSION: &str = "1.1";

/// Where two issuers differ about one commit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Dispute {
    /// `MAJOR.MINOR` of this document.
    pub schema_version: String,
    /// Object id of the commit that both are about.
    pub commit: String,
    /// True where nothing differs.
    pub same: bool,
    /// One issuer.
    pub a: DisputeSide,
    /// The other.
    pub b: DisputeSide,
    /// What differs: practices and inputs first, then what was examined, then facts.
    pub differences: Vec<DisputePlace>,
    /// How many more differences there are that are not listed.
    pub more: u64,
    /// Criteria that result in something else, with what they follow from.
    pub outcomes: Vec<Disputed>,
    /// Entries of catalogs, as `ssdf-1.1/PO.1.1`, that result in something else, with what they follow from: a fact, or a criterion.
    /// Since 1.1.
    #[serde(default)]
    pub entries: Vec<Disputed>,
}

/// What one issuer has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DisputeSide {
    /// The program that collected.
    pub tool: Tool,
    /// The moment that it is about.
    pub as_of: Timestamp,
    /// SHA-256 of the canonical evidence.
    pub evidence: DigestSet,
    /// The tier: of the label where there is one, else by the practices that are used here.
    pub tier: u8,
    /// Was there a label?
    pub labelled: bool,
}

/// What kind of thing differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DisputeKind {
    /// A file of the practices.
    Practices,
    /// The label is not the one of the evidence, or was scored by another program.
    Label,
    /// The moment.
    AsOf,
    /// An input, as advisory data or the trust policy.
    Input,
    /// The commit's files, artifacts or working copy that were examined.
    Examined,
    /// How much of a kind was looked through.
    Searched,
    /// A fact.
    Fact,
    /// Anything else.
    Other,
}

/// One thing that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DisputePlace {
    /// What kind of thing it is.
    pub kind: DisputeKind,
    /// Which one: `input trust /digest`, `fact secret: config/key.pem /body/rule`.
    pub place: String,
    /// What one issuer has there; nothing where it is not there.
    pub a: Option<String>,
    /// The same of the other.
    pub b: Option<String>,
    /// Of a fact: where it was seen, with the blob.
    pub seen: Vec<String>,
    /// What it means, in one sentence.
    pub explanation: String,
    /// Differing inputs on which such a fact may rest, and what else of this list may cause it.
    pub rests_on: Vec<String>,
    /// Criteria whose outcome differs and that read it.
    pub follows: Vec<String>,
}

/// A criterion, or an entry of a catalog, on which the issuers differ.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Disputed {
    /// What it results in for one, `before`, and for the other, `after`.
    #[serde(flatten)]
    pub change: Change,
    /// Places of the list of differences that it reads; empty where only other rules explain it.
    pub because: Vec<String>,
}

//! What an audit of a label came to: what was repeated, what differs, and what it would be worth to whoever audits.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Assurance, Input, Outcome, ResourceDescriptor, Tool};

/// The version of the report that this crate writes.
pub const AUDIT_SCHEMA_VERSION: &str = "1.0";

/// The report of an audit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditReport {
    /// `MAJOR.MINOR` of this report.
    pub schema_version: String,
    /// The program that audited.
    pub tool: Tool,
    /// The moment of the audit.
    pub time: Timestamp,
    /// What came of it.
    pub verdict: AuditVerdict,
    /// The label.
    pub label: AuditedLabel,
    /// Questions about the label as it was signed, and what came of each.
    pub checks: Vec<AuditCheck>,
    /// The label computed from the evidence again.
    pub score: Repetition,
    /// The evidence collected from the repository again.
    pub collect: Repetition,
    /// What the label would be by the trust policy, the practices and the advisories of whoever audits.
    pub judged: Judged,
}

/// What came of an audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AuditVerdict {
    /// Everything was repeated and came out the same.
    Identical,
    /// What could be repeated came out the same; something could not be.
    Incomplete,
    /// Something came out otherwise, or a question about the signed label was answered with no.
    Differs,
}

/// The label that was audited.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditedLabel {
    /// SHA-256 of its canonical bytes.
    pub digest: String,
    /// SHA-256 of the canonical evidence that it names.
    pub evidence: String,
    /// SHA-256 of that evidence without countersignatures: what a countersignature is over.
    pub base: String,
    /// Name and version of the product.
    pub product: String,
    /// Who signed it, once that was proven.
    pub signer: Option<String>,
    /// What it is about.
    pub subject: Vec<ResourceDescriptor>,
    /// The moment for which it speaks.
    pub as_of: Timestamp,
    /// The last moment at which it may be relied on.
    pub expires: Timestamp,
    /// The tier that it states.
    pub tier: u8,
    /// The name of that tier.
    pub tier_name: String,
    /// Is it an outside view, which states no tier?
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_view: bool,
}

impl AuditedLabel {
    /// What it states: its tier by number and name, or that it has none.
    pub fn stated(&self) -> String {
        if self.is_view {
            "no tier: an outside view".to_owned()
        } else {
            format!("tier {} {}", self.tier, self.tier_name)
        }
    }
}

/// What came of one question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CheckVerdict {
    /// It holds.
    Passed,
    /// It does not hold.
    Failed,
    /// Nobody asked, or it could not be asked; the reason says which.
    NotChecked,
}

impl CheckVerdict {
    /// The word as it stands in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::NotChecked => "not-checked",
        }
    }
}

/// One question about the label as it was signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AuditCheck {
    /// Its stable name.
    pub name: String,
    /// What came of it.
    pub verdict: CheckVerdict,
    /// Why, in one sentence.
    pub reason: String,
}

/// Something that was repeated, or was to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Repetition {
    /// What came of it.
    pub verdict: RepetitionVerdict,
    /// What came of it in one sentence.
    pub reason: String,
    /// What was not at hand, each with the cure.
    pub missing: Vec<String>,
    /// What differs, in a fixed order; at most a fixed number, the first ones.
    pub differences: Vec<Difference>,
    /// How many more differ.
    pub more: u64,
}

/// What came of repeating.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RepetitionVerdict {
    /// The same bytes.
    Identical,
    /// Other bytes, with the same inputs.
    Differs,
    /// Other bytes, and an input was not at hand.
    Incomplete,
    /// It was not repeated.
    NotDone,
}

/// One thing that differs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// Where: `input trust`, `kind secret`, `fact secret: path config/key.pem`, `/predicate/tier/level`.
    pub place: String,
    /// What is in what was audited, as JSON of a bounded length; nothing where it is not there.
    pub audited: Option<String>,
    /// The same in what came out again.
    pub again: Option<String>,
}

/// What the label would be to whoever audits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Judged {
    /// The tier, where it could be told.
    pub tier: Option<u8>,
    /// The name of that tier.
    pub tier_name: Option<String>,
    /// What it rests on, or why there is none.
    pub reason: String,
    /// The advisory data of whoever audits.
    pub advisories: Option<Input>,
    /// SHA-256 of the trust policy of whoever audits.
    pub trust: Option<String>,
    /// Every criterion that comes to something else than in the label, in the order of the ids.
    pub changes: Vec<Change>,
}

/// One criterion that comes to something else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// Its id.
    pub id: String,
    /// Its question.
    pub asks: String,
    /// What it came to in the label; nothing where the label does not have it.
    pub before: Option<Standing>,
    /// What it comes to now.
    pub after: Option<Standing>,
}

/// What a criterion came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    /// The outcome.
    pub outcome: Outcome,
    /// How that is known.
    pub assurance: Option<Assurance>,
    /// Why, in one sentence.
    pub reason: String,
}

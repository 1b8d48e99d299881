//! A countersignature as a fact: as the trust policy of whoever collected took it.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Body;
use crate::{Extra, KindName, Repeated};

/// A countersignature over this evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "CountersignatureFact")]
pub struct JudgedCountersignature {
    /// SHA-256 of its statement.
    pub statement: String,
    /// Who countersigned: by the trust policy, else in their own words.
    pub by: String,
    /// As what, in their own words.
    pub role: String,
    /// The party of the trust policy that signed it.
    pub party: Option<String>,
    /// The key or identity that signed it.
    pub signer: Option<String>,
    /// `verified` or `not-verified`.
    pub verdict: String,
    /// Does the trust policy have the party as independent of the maker?
    pub independent: bool,
    /// Do they declare it themselves?
    pub declares_independent: bool,
    /// Is it over this very evidence?
    pub same_evidence: bool,
    /// Does it count: verified, by somebody independent, who collected and scored again and got this very evidence?
    pub counts: bool,
    /// Why it does not count.
    pub reason: Option<String>,
    /// SHA-256 of the evidence that it is over.
    pub evidence: String,
    /// SHA-256 of the label that it is over.
    pub label: String,
    /// The moment at which it was made, by the word of who did.
    pub time: String,
    /// The day of that moment in UTC.
    pub date: Date,
    /// Days from the moment that the evidence speaks for to that one; negative where it was made before.
    pub days_after: i64,
    /// The last day on which its signature is verified, where a key, a certificate or the trust policy ends that within a year.
    pub until: Option<Date>,
    /// The program by which it was repeated.
    pub tool: String,
    /// What was repeated.
    pub repeated: Vec<Repeated>,
    /// SHA-256 of the files that were built again and came out the same.
    pub rebuilt: Vec<String>,
    /// Members that this version does not know.
    #[serde(flatten)]
    #[schemars(skip)]
    pub extra: Extra,
}

impl Body for JudgedCountersignature {
    const KIND: KindName = "countersignature";
}

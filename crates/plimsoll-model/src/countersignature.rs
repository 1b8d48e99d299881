//! A countersignature: somebody else repeated what a label rests on, and signs that it came out the same.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{DigestSet, Extra, ResourceDescriptor, Tool};

/// `predicateType` of a countersignature.
pub const COUNTERSIGNATURE_PREDICATE_TYPE: &str = "https://plimsoll.dev/countersignature/v1";
/// The version of its predicate that this crate writes.
pub const COUNTERSIGNATURE_SCHEMA_VERSION: &str = "1.0";

/// The predicate of a countersignature. Its one subject is the label, by the SHA-256 of its canonical bytes.
///
/// It speaks for itself: it names the evidence and the label by digest, so that it means the same whatever other signatures
/// stand beside it.
///
/// Source: Executive Order 14028, section 4(u) (third-party conformity assessment).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Countersignature {
    /// `MAJOR.MINOR` of this predicate.
    pub schema_version: String,
    /// The program that repeated it.
    pub tool: Tool,
    /// When it was countersigned, by the word of who did.
    pub time: Timestamp,
    /// Who countersigns.
    pub auditor: Auditor,
    /// SHA-256 of the canonical evidence that was got again.
    pub evidence: DigestSet,
    /// What was repeated and came out the same.
    pub repeated: Vec<Repeated>,
    /// Files of the release that were built again and came out the same, bit for bit.
    pub rebuilt: Vec<ResourceDescriptor>,
    /// Members that this version does not know.
    #[serde(flatten)]
    #[schemars(skip)]
    pub extra: Extra,
}

/// Who countersigns, in their own words; the trust policy of the reader decides what that is worth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Auditor {
    /// A person or an organisation.
    pub name: String,
    /// As what: `auditor`, `distribution`, `customer`.
    pub role: String,
    /// Do they declare themselves independent of the maker?
    pub independent: bool,
    /// Members that this version does not know.
    #[serde(flatten)]
    #[schemars(skip)]
    pub extra: Extra,
}

/// Something that can be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Repeated {
    /// The label was computed from the evidence again.
    Score,
    /// The evidence was collected from the repository again.
    Collect,
}

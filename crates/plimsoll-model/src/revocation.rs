//! A revocation: whoever signed a label or a countersignature takes it back.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{DigestSet, Extra, Tool};

/// `predicateType` of a revocation.
pub const REVOCATION_PREDICATE_TYPE: &str = "https://plimsoll.dev/revocation/v1";
/// The version of its predicate that this crate writes.
pub const REVOCATION_SCHEMA_VERSION: &str = "1.0";

/// The predicate of a revocation. Its one subject is what is taken back, by the SHA-256 of its canonical bytes: a label or a
/// countersignature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Revocation {
    /// `MAJOR.MINOR` of this predicate.
    pub schema_version: String,
    /// The program that wrote it.
    pub tool: Tool,
    /// When it was taken back, by the word of who did.
    pub time: Timestamp,
    /// Why, in one sentence.
    pub reason: String,
    /// The label that stands in its place, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<DigestSet>,
    /// Members that this version does not know.
    #[serde(flatten)]
    #[schemars(skip)]
    pub extra: Extra,
}

//! The claims file as a fact.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Body;
use crate::{Extra, KindName};

/// The claims file itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "FileFact")]
pub struct ClaimsFile {
    /// Its path.
    pub path: String,
    /// Was it understood?
    pub valid: bool,
    /// What is wrong with it.
    pub problems: Vec<String>,
    /// When its claims were made.
    pub date: Option<Date>,
    /// The last day on which they count.
    pub review_by: Option<Date>,
    /// Do they count on the day of as-of?
    pub current: bool,
    /// Members that this version does not know.
    #[serde(flatten)]
    #[schemars(skip)]
    pub extra: Extra,
}

impl Body for ClaimsFile {
    const KIND: KindName = "claims-file";
}

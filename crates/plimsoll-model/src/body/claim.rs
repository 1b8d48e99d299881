//! One answer of the producer as a fact.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Body;
use crate::{Extra, KindName};

/// The producer's answer about an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// It is done.
    Done,
    /// A part of it is done.
    Partly,
    /// It is not done and will be.
    Planned,
    /// It is not done.
    No,
    /// The question does not arise; the note says why.
    NotApplicable,
}

impl Answer {
    /// The word as it stands in facts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Partly => "partly",
            Self::Planned => "planned",
            Self::No => "no",
            Self::NotApplicable => "not-applicable",
        }
    }
}

/// One answer of the producer about an entry of a catalog.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "ClaimFact")]
pub struct Claim {
    /// The catalog's id.
    pub catalog: String,
    /// The entry's id, or that of a practice whose tasks it answers.
    pub entry: String,
    /// The answer.
    pub answer: Answer,
    /// The maker's words.
    pub note: String,
    /// When it was claimed.
    pub date: Date,
    /// The last day on which it counts.
    pub review_by: Date,
    /// Does it count on the day of as-of?
    pub current: bool,
    /// Members that this version does not know.
    #[serde(flatten)]
    #[schemars(skip)]
    pub extra: Extra,
}

impl Body for Claim {
    const KIND: KindName = "claim";
}

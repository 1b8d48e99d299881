//! What the source shows by itself: how far the evidence alone carries, and the rows that are shown where the maker has not spoken.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Extra;

/// How far the evidence alone carries: without any claim, answer or exception of the maker. It never raises a tier.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SourceLine {
    /// The highest tier of which all that evidence can answer is met, and of all tiers below it; 0 where there is none.
    pub level: u8,
    /// Every tier above 0 from low to high.
    pub rungs: Vec<SourceRung>,
    /// Members that this version does not know.
    #[serde(flatten)]
    #[schemars(skip)]
    pub extra: Extra,
}

/// What one tier asks of the evidence alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SourceRung {
    /// 1 and up.
    pub level: u8,
    /// Demands of this tier alone that evidence can answer and does, at the assurance asked.
    pub met: u64,
    /// Demands of this tier alone that evidence can answer.
    pub asked: u64,
    /// The demands that are not met, in the order of the tier file: `CATALOG/ENTRY`, or the id of a criterion.
    pub missing: Vec<String>,
}

/// What a row comes to, of a label or of the outside view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Sign {
    /// It was looked for and is as it should be.
    Good,
    /// It was looked for and is so in part.
    Weak,
    /// It was looked for and found wanting.
    Bad,
    /// It was not looked at, or not enough of it.
    Unknown,
}

impl Sign {
    /// All signs, the best first.
    pub const ALL: [Self; 4] = [Self::Good, Self::Weak, Self::Bad, Self::Unknown];

    /// The word as it stands in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Weak => "weak",
            Self::Bad => "bad",
            Self::Unknown => "unknown",
        }
    }
}

/// What the source shows of software whose maker has not spoken. A statement with it is no label: it states no tier.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SourceView {
    /// Whose view it is, by their own word; named when it is signed. It is in no evidence and is not computed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assessor: Option<String>,
    /// The rows, in the order of the tier file.
    pub rows: Vec<SourceRow>,
    /// What only the maker can say, in words.
    pub only_maker: Vec<String>,
    /// Members that this version does not know.
    #[serde(flatten)]
    #[schemars(skip)]
    pub extra: Extra,
}

impl SourceView {
    /// How many rows come to `sign`.
    pub fn count(&self, sign: Sign) -> usize {
        self.rows.iter().filter(|row| row.sign == sign).count()
    }
}

/// One row of what the source shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SourceRow {
    /// Its id in the tier file.
    pub id: String,
    /// What it is about, whatever it comes to.
    pub topic: String,
    /// What it comes to.
    pub sign: Sign,
    /// The answer in plain words; a question where it is not known.
    pub title: String,
    /// What was seen, or what is missing.
    pub text: String,
    /// The criteria that decide it.
    pub criteria: Vec<String>,
}

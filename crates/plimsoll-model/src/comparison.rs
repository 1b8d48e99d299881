//! What changed between two labels of one software: what got worse, what got better, and what cannot be laid on the change.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Change, Difference, Pointer};

/// The version of the comparison that this crate writes.
pub const COMPARISON_SCHEMA_VERSION: &str = "1.0";

/// The comparison of a base with what came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Comparison {
    /// `MAJOR.MINOR` of this document.
    pub schema_version: String,
    /// Are both the same, inputs and moment included?
    pub same: bool,
    /// What came of it.
    pub verdict: ChangeVerdict,
    /// The same in one sentence.
    pub summary: String,
    /// Why the two cannot be compared, with the cure. Where there is one, no list below has an item.
    pub obstacles: Vec<Obstacle>,
    /// The names of the software.
    pub product: Sides<String>,
    /// The tiers.
    pub tier: Sides<u8>,
    /// How far the evidence alone carries.
    pub source_tier: Sides<Option<u8>>,
    /// Which document each is, as a predicate type.
    pub form: Sides<String>,
    /// The moments for which they were computed.
    pub as_of: Sides<Timestamp>,
    /// Inputs that differ, the moment among them: what rests on them is in `by_inputs`.
    pub inputs: Vec<String>,
    /// What got worse by the change, the most important first.
    pub worse: Vec<LabelChange>,
    /// What got better by the change.
    pub better: Vec<LabelChange>,
    /// What came out differently and is neither.
    pub other: Vec<LabelChange>,
    /// What may come from other inputs or another moment, and is therefore not laid on the change.
    pub by_inputs: Vec<LabelChange>,
    /// Every criterion that came to something else, in the order of the ids.
    pub criteria: Vec<Change>,
    /// Where two evidences differ; empty for labels.
    pub differences: Vec<Difference>,
    /// How many more such places there are.
    pub more: u64,
}

/// Before the change and after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sides<T> {
    /// Of the base.
    pub before: T,
    /// Of what came of it.
    pub after: T,
}

/// What came of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeVerdict {
    /// Something got better, and nothing worse.
    Better,
    /// Something got worse, and nothing better.
    Worse,
    /// Some got better, and some worse.
    Both,
    /// Nothing got better or worse.
    Nothing,
    /// They cannot be compared.
    NotComparable,
}

impl ChangeVerdict {
    /// The word as it is in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Worse => "worse",
            Self::Both => "both",
            Self::Nothing => "nothing",
            Self::NotComparable => "not-comparable",
        }
    }
}

/// What keeps two labels from being compared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Obstacle {
    /// Which.
    pub cause: ObstacleCause,
    /// The same in words, with both sides.
    pub reason: String,
    /// What to do.
    pub cure: String,
}

/// The causes for which two labels cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ObstacleCause {
    /// They are of different software.
    Software,
    /// Their schema versions differ.
    Schema,
    /// Different versions of the program made them.
    Tool,
    /// They were evaluated by different practices or tiers.
    Practices,
}

/// One thing that came out differently.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LabelChange {
    /// What it is.
    pub about: ChangeAbout,
    /// Its id: of a criterion, `CATALOG/ENTRY`, or an advisory. Empty for the tier and what is like it.
    pub id: String,
    /// Its question or title.
    pub title: String,
    /// Which way it went.
    pub direction: Direction,
    /// What it was in a word or two; nothing where it was not there.
    pub before: Option<String>,
    /// What it is now; nothing where it is gone.
    pub after: Option<String>,
    /// Why it was so.
    pub reason_before: String,
    /// Why it is so now.
    pub reason_after: String,
    /// Where, the places first that were not named before.
    pub places: Vec<Pointer>,
    /// The differing inputs from which it may come.
    pub inputs: Vec<String>,
}

/// What a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeAbout {
    /// The tier.
    Tier,
    /// How far the evidence alone carries.
    SourceTier,
    /// Whether it is a maker's label or an outside view.
    Form,
    /// A claim that the evidence disproves.
    Contradiction,
    /// A criterion.
    Criterion,
    /// An entry of a catalog that no criterion behind it explains: a claim.
    Entry,
    /// An advisory that matches a component.
    Finding,
}

/// Which way something went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// It counts for less.
    Worse,
    /// It counts for more.
    Better,
    /// Neither.
    Other,
}

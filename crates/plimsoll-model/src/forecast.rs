//! A forecast: what the same evidence comes to on later days.

use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Assurance, DigestSet, Outcome, Tool};

/// The version of the forecast that this crate writes.
pub const FORECAST_SCHEMA_VERSION: &str = "1.0";

/// What the same evidence comes to on every later day, until a last one.
///
/// It is computed from evidence, practices and days alone. Between two changes everything is as after the first of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Forecast {
    /// `MAJOR.MINOR` of this document.
    pub schema_version: String,
    /// The program that judged.
    pub tool: Tool,
    /// Name and version of the product, as the label has them; empty where there is none.
    pub product: String,
    /// Object id of the commit.
    pub commit: String,
    /// SHA-256 of the canonical evidence.
    pub evidence: DigestSet,
    /// The moment that the evidence speaks for.
    pub evidence_as_of: Timestamp,
    /// The moment from which days are counted; that of the evidence, unless a later one was asked for.
    pub as_of: Timestamp,
    /// The last day that was judged.
    pub until: Date,
    /// Has the maker spoken? Where not, there is no label and no tier, and the source line is what changes.
    pub spoken: bool,
    /// The tier on the day of as-of, as the evidence gives it.
    pub tier: Level,
    /// The highest level there is.
    pub highest: u8,
    /// How far the source alone carries on the day of as-of.
    pub source_tier: u8,
    /// The last moment at which a label made for the moment of the evidence may be relied on.
    pub expires: Timestamp,
    /// The last whole day on which that label may be relied on.
    pub label_last_day: Date,
    /// The first day on which the tier is lower than on the day of as-of, or the label has ended; `null` where neither comes.
    pub falls: Option<Fall>,
    /// Every day on which something changes, in order.
    pub changes: Vec<DayOfChange>,
    /// What is not in the forecast, and why.
    pub not_forecast: Vec<String>,
}

/// A tier by its number and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Level {
    /// 0 to 4.
    pub level: u8,
    /// Its name in the tier file.
    pub name: String,
}

/// The first fall of the tier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Fall {
    /// The first day on which it is so.
    pub date: Date,
    /// Days from the day of as-of to that one.
    pub days: i64,
    /// What the evidence comes to on that day.
    pub to: Level,
    /// Is the label over on that day?
    pub label_ends: bool,
}

/// A day on which the same evidence comes to something else.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DayOfChange {
    /// The first day on which it is so.
    pub date: Date,
    /// Days from the day of as-of to that one.
    pub days: i64,
    /// The tier before.
    pub from: Level,
    /// The tier from that day on.
    pub to: Level,
    /// How far the source alone carries before.
    pub source_from: u8,
    /// How far it carries from that day on.
    pub source_to: u8,
    /// Is it the first day on which the label that was made for the moment of the evidence has ended?
    pub label_ends: bool,
    /// What had its last day on the day before.
    pub lapses: Vec<Lapse>,
    /// The criteria that come out otherwise.
    pub criteria: Vec<CriterionChange>,
    /// The rows of the face, and of what the source shows, that say something else.
    pub rows: Vec<RowChange>,
}

/// What had its last day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Lapse {
    /// What happens, as a clause.
    pub what: String,
    /// To how many things.
    pub count: u64,
    /// Each of them, in order.
    pub items: Vec<LapseItem>,
    /// What to do about it.
    pub fix: String,
}

/// One thing that had its last day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct LapseItem {
    /// What it is called.
    pub name: String,
    /// The file or other place that says so, where that is known.
    pub place: Option<String>,
}

/// A criterion that comes out otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CriterionChange {
    /// Its id.
    pub id: String,
    /// The question.
    pub asks: String,
    /// What it came to before.
    pub before: Came,
    /// What it comes to from that day on.
    pub after: Came,
    /// Why, from that day on.
    pub reason: String,
    /// What to do about it.
    pub fix: String,
}

/// What a criterion comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Came {
    /// The outcome.
    pub outcome: Outcome,
    /// How that is known.
    pub assurance: Option<Assurance>,
}

/// A row that says something else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RowChange {
    /// Its id in the tier file.
    pub id: String,
    /// What it is about.
    pub title: String,
    /// What it said before.
    pub before: String,
    /// What it says from that day on.
    pub after: String,
}

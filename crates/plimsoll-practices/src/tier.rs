//! Tiers: what each asks, what caps it, and what the face shows.

use std::collections::BTreeMap;

use plimsoll_model::Assurance;
use serde::Deserialize;
use toml::Spanned;

use crate::{
    Expression, ProductRules, SignRule, SourceRules, product::ProductFile, sign::SignFile, source::Source,
    source_view::SourceFile,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct TiersFile {
    pub(crate) limits: BTreeMap<String, i64>,
    pub(crate) tier: Vec<Spanned<TierFile>>,
    pub(crate) contradiction: Vec<Spanned<CapFile>>,
    pub(crate) row: Vec<Spanned<RowFile>>,
    #[serde(default)]
    pub(crate) end: Vec<Spanned<EndFile>>,
    pub(crate) source: SourceFile,
    pub(crate) product: Option<ProductFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct TierFile {
    pub(crate) level: u8,
    pub(crate) name: String,
    pub(crate) plain: Option<String>,
    pub(crate) sentence: String,
    #[serde(default)]
    pub(crate) demands: Vec<Spanned<DemandFile>>,
}

/// Demands of one assurance that the same can answer, together.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DemandFile {
    pub(crate) at: Assurance,
    pub(crate) by: By,
    #[serde(default)]
    pub(crate) entries: Vec<Spanned<String>>,
    #[serde(default)]
    pub(crate) criteria: Vec<Spanned<String>>,
}

/// A file that demands more of the tiers of another.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MoreFile {
    pub(crate) more: Vec<Spanned<MoreRow>>,
}

/// Demands that a tier has as well.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MoreRow {
    /// The tier.
    pub(crate) level: u8,
    pub(crate) at: Assurance,
    pub(crate) by: By,
    #[serde(default)]
    pub(crate) entries: Vec<Spanned<String>>,
    #[serde(default)]
    pub(crate) criteria: Vec<Spanned<String>>,
}

/// Has the file no tiers of its own, and only demands more of those of another?
pub(crate) fn only_adds(source: &Source<'_>) -> bool {
    source.parse::<toml::Table>().is_ok_and(|table| table.contains_key("more") && !table.contains_key("tier"))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CapFile {
    /// `CATALOG/ENTRY`, or `CATALOG/PREFIX*`, or `*`.
    pub(crate) entries: Vec<String>,
    pub(crate) cap: u8,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RowFile {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) entry: Option<Spanned<String>>,
    pub(crate) criterion: Option<Spanned<String>>,
    pub(crate) otherwise: Option<Spanned<String>>,
    pub(crate) needs: Vec<String>,
    #[serde(default)]
    pub(crate) also: Vec<String>,
    pub(crate) text: Spanned<String>,
    pub(crate) unknown: String,
    pub(crate) signs: Option<Spanned<SignFile>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EndFile {
    pub(crate) what: String,
    #[serde(default)]
    pub(crate) many: String,
    #[serde(default)]
    pub(crate) fix: String,
    pub(crate) needs: Vec<String>,
    #[serde(default)]
    pub(crate) criteria: Vec<Spanned<String>>,
    pub(crate) days: Spanned<String>,
}

/// Who can answer a demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// The maker alone: who stands behind the software, its scope, dates, support, answers.
    Maker,
    /// The evidence, without a word of the maker.
    Evidence,
}

/// One thing that a tier asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// `CATALOG/ENTRY`, or the id of a criterion.
    pub id: String,
    /// The assurance asked.
    pub at: Assurance,
    /// Who can answer it.
    pub by: By,
}

/// One tier.
#[derive(Clone, Debug)]
pub struct Tier {
    /// 0 and up.
    pub level: u8,
    /// Its name.
    pub name: String,
    /// Its name in plain words.
    pub plain: Option<String>,
    /// In a consumer's words.
    pub sentence: String,
    /// What it asks beyond those below it.
    pub demands: Vec<Demand>,
}

/// One row of the face.
#[derive(Debug)]
pub struct FaceRowRule {
    /// Its id.
    pub id: String,
    /// What it is about.
    pub title: String,
    /// The entry or criterion that decides it.
    pub decided_by: String,
    /// What decides where that is not known.
    pub otherwise: Option<String>,
    /// Kinds without which there is no answer.
    pub needs: Vec<String>,
    /// The answer.
    pub text: Expression,
    /// The answer where there is none.
    pub unknown: String,
    /// What makes it good or bad; where there is none, what is not met is not known to be bad.
    pub signs: Option<SignRule>,
}

/// What may end before the days of a label are over, and ends the label with it.
#[derive(Debug)]
pub struct EndRule {
    /// What happens, as a clause: `a policy expires`.
    pub what: String,
    /// The same where it happens to several at once, behind their number; empty where it is one thing.
    pub many: String,
    /// What to do about it; empty where only the criteria say that.
    pub fix: String,
    /// Kinds that it is told by. A tier that rests on none of them does not end with it.
    pub needs: Vec<String>,
    /// The criteria that end with it; where there are none, all that need one of its kinds.
    pub criteria: Vec<String>,
    /// The last days on which it holds, as a list of days.
    pub days: Expression,
}

/// All tiers with all that belongs to them.
#[derive(Debug)]
pub struct Tiers {
    /// From 0 upward.
    pub tiers: Vec<Tier>,
    /// Thresholds by name.
    pub limits: BTreeMap<String, i64>,
    /// Patterns of entries and the highest tier that a contradiction leaves; the first that fits counts.
    pub caps: Vec<(String, u8)>,
    /// The rows of the face.
    pub rows: Vec<FaceRowRule>,
    /// What ends a label early.
    pub ends: Vec<EndRule>,
    /// What is shown where the maker has not spoken.
    pub source: SourceRules,
    /// Which version the commit is; where there is none, what the maker or a manifest says.
    pub product: Option<ProductRules>,
}

impl Tiers {
    /// The highest tier that is left when the claim about `entry` (`CATALOG/ENTRY`) is disproved.
    pub fn cap_of(&self, entry: &str) -> u8 {
        let fits = |pattern: &str| match pattern.strip_suffix('*') {
            Some(start) => entry.starts_with(start),
            None => entry == pattern,
        };
        self.caps.iter().find(|(pattern, _)| fits(pattern)).map_or(0, |(_, cap)| *cap)
    }
}

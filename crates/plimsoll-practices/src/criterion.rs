//! Criteria: as read, and as valid.

use std::collections::BTreeSet;

use plimsoll_model::{Assurance, SafeWrite};
use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::{
    Expression, PracticeError, Vocabulary,
    error::hint,
    source::{Source, at},
};

/// How gaps in the evidence bear on the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Quantifier {
    /// It holds where nothing bad is found: with a gap, `met` cannot be told.
    Every,
    /// It holds where something good is found: with a gap, `unmet` cannot be told.
    Some,
}

/// The work to meet a criterion. Ordered from little to much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effort {
    /// A line in a file.
    Minutes,
    /// A file or two.
    Hours,
    /// A change to how the project works.
    Days,
    /// A change to the product.
    Weeks,
}

impl Effort {
    /// The word as it stands in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Minutes => "minutes",
            Self::Hours => "hours",
            Self::Days => "days",
            Self::Weeks => "weeks",
        }
    }
}

/// Names of fact sets under fixtures/criteria/ that a criterion has to judge in a known way.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Examples {
    /// Where it is met.
    pub met: Vec<String>,
    /// Where it is unmet.
    pub unmet: Vec<String>,
    /// Where it cannot be decided.
    pub unknown: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CriteriaFile {
    #[serde(default)]
    pub(crate) criterion: Vec<Spanned<CriterionFile>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct CriterionFile {
    pub(crate) id: Spanned<String>,
    asks: String,
    needs: Spanned<Vec<String>>,
    met: Spanned<String>,
    partial: Option<Spanned<String>>,
    not_applicable: Option<Spanned<String>>,
    decidable: Option<Spanned<String>>,
    undecided: Option<Spanned<String>>,
    quantifier: Quantifier,
    assurance: Spanned<Assurance>,
    /// Why the result is proven and not merely seen.
    proof: Option<String>,
    /// What an empty list means; absent: nothing.
    empty: Option<EmptyMeans>,
    /// May no entry, tier or row use it?
    #[serde(default)]
    alone: bool,
    shows: Option<Spanned<String>>,
    reason_met: Option<Spanned<String>>,
    reason_unmet: Option<Spanned<String>>,
    effort: Effort,
    why: String,
    fix: String,
    #[serde(default)]
    how: Vec<How>,
    /// What `plimsoll plan --write` can write for it.
    #[serde(default)]
    writes: Vec<SafeWrite>,
    refs: Vec<String>,
    since: String,
    examples: Examples,
}

/// The exact lines that meet a criterion somewhere.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct How {
    /// Where: `GitHub`, `GitLab`, `anywhere`.
    pub on: String,
    /// What to write or run, line by line.
    pub lines: String,
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum EmptyMeans {
    Met,
}

/// A criterion that was checked.
#[derive(Debug)]
pub struct Criterion {
    /// `topic.statement`.
    pub id: String,
    /// The question.
    pub asks: String,
    /// Kinds without which it cannot be decided.
    pub needs: Vec<String>,
    /// Does it hold?
    pub met: Expression,
    /// Does a part of it hold?
    pub partial: Option<Expression>,
    /// Does the question not arise?
    pub not_applicable: Option<Expression>,
    /// Can it be decided at all with these facts? Where not, it is unknown.
    pub decidable: Option<Expression>,
    /// The reason in words where it cannot.
    pub undecided: Option<Expression>,
    /// How gaps bear on it.
    pub quantifier: Quantifier,
    /// The highest assurance that it gives.
    pub assurance: Assurance,
    /// Why the result is proven and not merely seen; only then it may be above `observed`.
    pub proof: Option<String>,
    /// May it be met when there is no fact of any kind that it needs? Only where something was searched.
    pub empty_is_met: bool,
    /// Is it shown by itself, where no framework asks for it? Else one that nothing uses is a mistake.
    pub alone: bool,
    /// Of a fact `f` of the first kind needed: is it one to point at?
    pub shows: Option<Expression>,
    /// The reason in words where it is met.
    pub reason_met: Option<Expression>,
    /// The reason in words where it is not.
    pub reason_unmet: Option<Expression>,
    /// The work to meet it.
    pub effort: Effort,
    /// Why it matters.
    pub why: String,
    /// What to do.
    pub fix: String,
    /// The same as exact lines, for each place where they differ.
    pub how: Vec<How>,
    /// What the program can write for it.
    pub writes: Vec<SafeWrite>,
    /// Standards and sections.
    pub refs: Vec<String>,
    /// The version in which it came.
    pub since: String,
    /// Fact sets with known outcomes.
    pub examples: Examples,
    /// The file that it stands in, and the line.
    pub place: (String, usize),
}

impl Criterion {
    /// All its expressions.
    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        let optional = [
            &self.partial,
            &self.not_applicable,
            &self.decidable,
            &self.undecided,
            &self.shows,
            &self.reason_met,
            &self.reason_unmet,
        ];
        optional.into_iter().flatten().chain(std::iter::once(&self.met))
    }

    /// Every kind that one of its expressions reads, with underscores.
    pub fn reads(&self) -> BTreeSet<String> {
        self.expressions().flat_map(|expression| expression.reads().iter().cloned()).collect()
    }
}

/// Checks one row. Everything wrong with it is put into `problems`.
pub(crate) fn check(
    source: &Source<'_>,
    row: Spanned<CriterionFile>,
    kinds: &BTreeSet<String>,
    vocabulary: &Vocabulary,
    problems: &mut Vec<PracticeError>,
) -> Option<Criterion> {
    let start = at(&row);
    let row = row.into_inner();
    let id = row.id.get_ref().clone();
    let before = problems.len();
    let name_is_right = id.split('.').count() == 2
        && id.split('.').all(|part| {
            part.starts_with(|character: char| character.is_ascii_lowercase())
                && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        });
    if !name_is_right {
        problems.push(
            source.error(
                at(&row.id),
                format!("\"{id}\" is no id of a criterion; write topic.statement in small letters"),
            ),
        );
    }
    for kind in row.needs.get_ref() {
        if !kinds.contains(&kind.replace('-', "_")) {
            let names: Vec<String> = kinds.iter().map(|kind| kind.replace('_', "-")).collect();
            let hint = hint(kind, names.iter().map(String::as_str));
            problems
                .push(source.error(at(&row.needs), format!("{id} needs \"{kind}\", which no collector states{hint}")));
        }
    }
    if row.needs.get_ref().is_empty() {
        problems.push(source.error(
            at(&row.needs),
            format!("{id} needs no evidence; what is decided without any is decided by no one"),
        ));
    }
    let mut compile = |text: &Spanned<String>, name: &str| match Expression::compile(text.get_ref(), kinds, vocabulary)
    {
        Ok(expression) => Some(expression),
        Err(reason) => {
            problems.push(source.error(at(text), format!("{id}: {name}: {reason}")));
            None
        }
    };
    let met = compile(&row.met, "met");
    let partial = row.partial.as_ref().and_then(|text| compile(text, "partial"));
    let not_applicable = row.not_applicable.as_ref().and_then(|text| compile(text, "not-applicable"));
    let decidable = row.decidable.as_ref().and_then(|text| compile(text, "decidable"));
    let undecided = row.undecided.as_ref().and_then(|text| compile(text, "undecided"));
    let shows = row.shows.as_ref().and_then(|text| compile(text, "shows"));
    let reason_met = row.reason_met.as_ref().and_then(|text| compile(text, "reason-met"));
    let reason_unmet = row.reason_unmet.as_ref().and_then(|text| compile(text, "reason-unmet"));
    if *row.assurance.get_ref() > Assurance::Observed && row.proof.as_deref().unwrap_or_default().trim().is_empty() {
        let assurance = row.assurance.get_ref();
        problems.push(source.error(
            at(&row.assurance),
            format!("{id} claims to be {assurance} without a `proof` that says what is computed"),
        ));
    }
    for (name, text) in [("asks", &row.asks), ("why", &row.why), ("fix", &row.fix), ("since", &row.since)] {
        if text.trim().is_empty() {
            problems.push(source.error(start, format!("{id}: `{name}` is empty")));
        }
    }
    if row.refs.is_empty() {
        problems.push(source.error(start, format!("{id} refers to no standard; name one and its section in `refs`")));
    }
    if row.examples.met.is_empty() || row.examples.unmet.is_empty() || row.examples.unknown.is_empty() {
        problems.push(
            source.error(start, format!("{id} lacks an example; it needs one each that is met, unmet and unknown")),
        );
    }
    let criterion = Criterion {
        id,
        asks: row.asks,
        needs: row.needs.into_inner(),
        met: met?,
        partial,
        not_applicable,
        decidable,
        undecided,
        quantifier: row.quantifier,
        assurance: row.assurance.into_inner(),
        proof: row.proof,
        empty_is_met: row.empty == Some(EmptyMeans::Met),
        alone: row.alone,
        shows,
        reason_met,
        reason_unmet,
        effort: row.effort,
        why: row.why,
        fix: row.fix,
        how: row.how,
        writes: row.writes,
        refs: row.refs,
        since: row.since,
        examples: row.examples,
        place: (source.file.to_owned(), source.line_of(start)),
    };
    // What is read has to be needed: else a kind that is missing could pass for an empty one.
    for kind in criterion.reads() {
        if !criterion.needs.iter().any(|need| need.replace('-', "_") == kind) {
            problems.push(source.error(
                at(&row.met),
                format!(
                    "{} reads \"{kind}\" without needing it; add \"{}\" to `needs`",
                    criterion.id,
                    kind.replace('_', "-")
                ),
            ));
        }
    }
    (problems.len() == before).then_some(criterion)
}

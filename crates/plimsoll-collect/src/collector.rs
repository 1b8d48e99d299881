//! What a collector is, and what it hands over.

use std::borrow::Cow;

use jiff::civil::Date;
use plimsoll_model::{Assurance, Extra, Fact, Kind, KindReport, KindStatus, Pointer, Subject};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::Context;

/// Gathers facts of some kinds from a repository at a commit. Runs in parallel with the others, runs
/// nothing of the repository, and never fails as a whole: what cannot be looked at becomes a reason.
pub trait Collector: Sync {
    /// One word: the argument of `plimsoll inspect`.
    fn name(&self) -> &'static str;
    /// One sentence for help and reference.
    fn about(&self) -> &'static str;
    /// The kinds that it states. A kind that `collect` leaves out becomes `unavailable`.
    fn states(&self) -> &'static [Kind];
    /// What it needs to have computed before it starts.
    fn needs(&self) -> &'static [Need] {
        &[]
    }
    /// Does what it gives rest on the commit, its files and its components alone: on no policy, day, advisory or given file?
    /// Then it is collected once where a commit is looked at twice.
    fn is_of_the_commit(&self) -> bool {
        false
    }
    /// Does it rest on the files of the commit alone? Then it is collected once for a commit, and kept between runs.
    fn is_of_the_files(&self) -> bool {
        self.is_of_the_commit() && self.needs().is_empty()
    }
    /// Gives one [`Gathered`] for each kind in `states`.
    fn collect(&self, cx: &Context<'_>) -> Vec<Gathered>;
}

/// A day in the body of a fact.
pub(crate) fn day_in(body: &Map<String, Value>, name: &str) -> Option<Date> {
    body.get(name).and_then(Value::as_str)?.parse().ok()
}

/// What several collectors need and is computed once, before they start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The commits and tags.
    History,
    /// The commits and tags, and what their signatures are worth.
    Signatures,
    /// The components of every workspace.
    Inventory,
    /// The advisory data.
    Advisories,
}

/// How many reasons are told for one kind before the rest is counted.
const REASONS_TOLD: usize = 5;

/// The facts of one kind, what was searched for them, and what could not be.
#[derive(Clone, Debug, PartialEq)]
pub struct Gathered {
    kind: &'static str,
    searched: Cow<'static, str>,
    searched_count: u64,
    unavailable: bool,
    gaps: Vec<String>,
    limitations: Vec<String>,
    facts: Vec<Fact>,
}

impl Gathered {
    /// Says that all `count` of `what` (a noun in plural: "workflow files") were looked at for `kind`.
    pub fn searched(kind: &Kind, what: &'static str, count: u64) -> Self {
        Self {
            kind: kind.name,
            searched: Cow::Borrowed(what),
            searched_count: count,
            unavailable: false,
            gaps: Vec::new(),
            limitations: Vec::new(),
            facts: Vec::new(),
        }
    }

    /// Says that nothing could be looked at for `kind`, and why.
    pub fn unavailable(kind: &Kind, what: &'static str, reason: impl Into<String>) -> Self {
        let mut gathered = Self::searched(kind, what, 0);
        gathered.unavailable = true;
        gathered.gap(reason);
        gathered
    }

    /// Adds a fact. A body that is not a JSON object is a fault of the collector and becomes a gap.
    pub fn push<B: Serialize>(&mut self, subject: Subject, assurance: Assurance, body: &B, pointers: Vec<Pointer>) {
        match Fact::new(self.kind, subject, assurance, body, pointers) {
            Some(fact) => self.facts.push(fact),
            None => self.gap("a fact could not be written"),
        }
    }

    /// Says what could not be looked at: the kind is then `partial`.
    pub fn gap(&mut self, reason: impl Into<String>) {
        let reason = reason.into();
        if !self.gaps.contains(&reason) {
            self.gaps.push(reason);
        }
    }

    /// Says in plain words what the rules cannot see.
    pub fn limitation(&mut self, text: impl Into<String>) {
        self.limitations.push(text.into());
    }

    /// The kind's name.
    pub fn kind(&self) -> &'static str {
        self.kind
    }

    /// The facts so far.
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// The same in a form that is written and read.
    pub(crate) fn to_record(&self) -> GatheredRecord {
        GatheredRecord {
            kind: self.kind.to_owned(),
            searched: self.searched.clone().into_owned(),
            searched_count: self.searched_count,
            unavailable: self.unavailable,
            gaps: self.gaps.clone(),
            limitations: self.limitations.clone(),
            facts: self.facts.clone(),
        }
    }

    /// From that form, where the kind is one of `kinds`.
    pub(crate) fn of_record(record: GatheredRecord, kinds: &[Kind]) -> Option<Self> {
        let GatheredRecord { kind, searched, searched_count, unavailable, gaps, limitations, facts } = record;
        let kind = kinds.iter().find(|one| one.name == kind)?.name;
        Some(Self { kind, searched: Cow::Owned(searched), searched_count, unavailable, gaps, limitations, facts })
    }

    /// Gives the report and the facts. An unavailable kind has no facts: those found before are dropped with it.
    pub fn finish(mut self, collector: &str) -> (KindReport, Vec<Fact>) {
        self.gaps.sort();
        let status = match (self.unavailable, self.gaps.is_empty()) {
            (true, _) => KindStatus::Unavailable,
            (false, false) => KindStatus::Partial,
            (false, true) => KindStatus::Searched,
        };
        if status == KindStatus::Unavailable {
            self.facts.clear();
        }
        let more = self.gaps.len().saturating_sub(REASONS_TOLD);
        let mut reason = self.gaps.into_iter().take(REASONS_TOLD).collect::<Vec<_>>().join("; ");
        if more > 0 {
            reason.push_str(&format!("; and {more} more"));
        }
        let report = KindReport {
            collector: collector.to_owned(),
            status,
            searched: self.searched.into_owned(),
            searched_count: self.searched_count,
            count: self.facts.len() as u64,
            reason: (status != KindStatus::Searched).then_some(reason),
            limitations: self.limitations,
            extra: Extra::new(),
        };
        (report, self.facts)
    }
}

/// What was gathered of one kind, as it is kept between runs.
#[derive(Serialize, Deserialize)]
pub(crate) struct GatheredRecord {
    kind: String,
    searched: String,
    searched_count: u64,
    unavailable: bool,
    gaps: Vec<String>,
    limitations: Vec<String>,
    facts: Vec<Fact>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: Kind = Kind::of::<String>("thing", "A thing.");

    fn check(gathered: Gathered) -> (KindStatus, u64, Option<String>) {
        let (report, facts) = gathered.finish("things");
        assert_eq!(report.count, facts.len() as u64);
        (report.status, report.count, report.reason)
    }

    fn with_fact() -> Gathered {
        let mut gathered = Gathered::searched(&KIND, "things", 3);
        gathered.push(Subject::repository(), Assurance::Observed, &serde_json::json!({"a": 1}), vec![]);
        gathered
    }

    #[test]
    fn none_found_differs_from_could_not_look() {
        assert_eq!(check(Gathered::searched(&KIND, "things", 3)), (KindStatus::Searched, 0, None));
        assert_eq!(check(with_fact()), (KindStatus::Searched, 1, None));
        let reason = Some("missing".to_owned());
        assert_eq!(
            check(Gathered::unavailable(&KIND, "things", "missing")),
            (KindStatus::Unavailable, 0, reason.clone())
        );
        let mut partial = with_fact();
        partial.gap("missing");
        partial.gap("missing");
        assert_eq!(check(partial), (KindStatus::Partial, 1, reason));
    }

    #[test]
    fn a_body_that_is_no_object_is_a_gap_and_not_silence() {
        let mut gathered = Gathered::searched(&KIND, "things", 1);
        gathered.push(Subject::repository(), Assurance::Observed, &3, vec![]);
        assert_eq!(check(gathered), (KindStatus::Partial, 0, Some("a fact could not be written".to_owned())));
    }

    #[test]
    fn reasons_are_bounded() {
        let mut gathered = with_fact();
        (0..9).for_each(|number| gathered.gap(format!("r{number}")));
        assert_eq!(check(gathered).2.unwrap(), "r0; r1; r2; r3; r4; and 4 more");
    }
}

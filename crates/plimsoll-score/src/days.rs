//! One evidence judged for many days: what rests on no day is judged once.
//!
//! What may come out otherwise on another day is known from the expressions: a criterion that reads a kind whose facts change with
//! the day, or that asks for the day itself. All else keeps its result, and the facts that nothing else reads are left out.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use jiff::{Timestamp, civil::Date};
use plimsoll_model::{
    CriterionResult, Evidence, Extra, FaceRow, Fact, SourceLine, SourceView, TierResult,
    body::{AdvisoryFinding, Body as _, Claim, ClaimsFile, Product},
};
use plimsoll_practices::{Criterion, Environment, Expression, Lists, Practices, SignRule, SourceRowRule};

use crate::{
    Judged, Known, ScoreError,
    again::{Last, Reader},
    come_to, criteria, product,
};

/// What evidence comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// The tier.
    pub tier: TierResult,
    /// How far the source alone carries.
    pub source_line: SourceLine,
    /// What the source shows where the maker has not spoken.
    pub source_view: Option<SourceView>,
    /// The rows of the face.
    pub face: Vec<FaceRow>,
    /// Every criterion, in the order of its id.
    pub criteria: Vec<CriterionResult>,
    /// The last moment at which a label of this moment may be relied on.
    pub expires: Timestamp,
}

/// What may end, by the tier file, and its last days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End<'p> {
    /// What happens, as a clause.
    pub what: &'p str,
    /// The same of several, behind their number; empty where it is one thing.
    pub many: &'p str,
    /// What to do about it; empty where only the criteria say that.
    pub fix: &'p str,
    /// The kinds that it is known from.
    pub needs: &'p [String],
    /// The criteria that end with it; where there are none, all that need one of its kinds.
    pub criteria: &'p [String],
    /// The last days on which it holds.
    pub days: BTreeSet<Date>,
}

/// Evidence that is judged for several days.
pub struct Days<'p> {
    practices: &'p Practices,
    settled: Judged,
    dated: Vec<Reader<'p>>,
    /// What expressions read that are evaluated on each day, with underscores.
    reads: BTreeSet<String>,
    /// The kinds whose facts are others on another day, with underscores.
    changing: BTreeSet<String>,
    /// The kinds that are read by what asks for the day, with underscores.
    asked: BTreeSet<String>,
    /// Numbers with which days may be compared.
    limits: BTreeSet<i64>,
    /// The facts that are asked for and are the same on each day.
    fixed: Vec<Fact>,
    /// The same as expressions read them, with an empty list for each kind that changes.
    lists: Lists,
    /// What the moment before came to: with the word of the maker, and without.
    last: Mutex<Last>,
    last_silent: Mutex<Last>,
}

impl<'p> Days<'p> {
    /// Judges what rests on no day. `changing` are the kinds whose facts are others on another day.
    pub fn new(evidence: &Evidence, practices: &'p Practices, changing: &[&str]) -> Result<Self, ScoreError> {
        evidence.check()?;
        let tiers = practices.tiers();
        let words = tiers.source.word_of_maker.iter().map(String::as_str);
        let own = [AdvisoryFinding::KIND, Claim::KIND, ClaimsFile::KIND, Product::KIND];
        let changing: BTreeSet<String> =
            changing.iter().copied().chain(words).chain(own).map(|kind| kind.replace('-', "_")).collect();
        let asks_for = |criterion: &Criterion| {
            let needs = criterion.needs.iter().map(|need| need.replace('-', "_"));
            criterion.reads().into_iter().chain(needs).collect::<BTreeSet<String>>()
        };
        let is_dated = |criterion: &&Criterion| {
            criterion.expressions().any(Expression::asks_day) || !asks_for(criterion).is_disjoint(&changing)
        };
        let (dated, settled): (Vec<&Criterion>, Vec<&Criterion>) = practices.criteria().values().partition(is_dated);
        let mut reads = practices.reads_beyond_criteria();
        reads.extend(dated.iter().flat_map(|criterion| criterion.reads()));
        let mut kept: BTreeSet<String> = dated.iter().flat_map(|criterion| asks_for(criterion)).collect();
        kept.extend(reads.iter().chain(&changing).cloned());
        let signs = tiers.rows.iter().filter_map(|row| row.signs.as_ref()).flat_map(SignRule::expressions);
        let rows = tiers.rows.iter().map(|row| &row.text).chain(tiers.ends.iter().map(|end| &end.days)).chain(signs);
        let views = tiers.source.rows.iter().flat_map(SourceRowRule::expressions);
        let of_criteria = dated.iter().flat_map(|criterion| criterion.expressions());
        let asking = rows.chain(views).chain(of_criteria).filter(|expression| expression.asks_day());
        let asked = asking.flat_map(|expression| expression.reads().iter().cloned()).collect();
        let literals = dated.iter().flat_map(|criterion| criterion.expressions()).flat_map(Expression::numbers);
        let limits = tiers.limits.values().copied().chain(literals).collect();
        let settled_reads = settled.iter().flat_map(|criterion| criterion.reads()).collect();
        let settled_lists = Lists::of(evidence.facts.iter(), &settled_reads);
        let environment = Environment::new(&settled_lists, evidence, &tiers.limits);
        let facts = criteria::by_kind(evidence.facts.iter());
        let settled = criteria::assess(&evidence.kinds, &facts, settled.into_iter(), &environment);
        let is_fixed = |fact: &&Fact| {
            let kind = fact.kind.replace('-', "_");
            kept.contains(&kind) && !changing.contains(&kind)
        };
        let fixed: Vec<Fact> = evidence.facts.iter().filter(is_fixed).cloned().collect();
        let lists = Lists::of(fixed.iter(), &reads);
        let dated = dated.into_iter().map(Reader::of).collect();
        let (last, last_silent) = (Mutex::default(), Mutex::default());
        Ok(Self { practices, settled, dated, reads, changing, asked, limits, fixed, lists, last, last_silent })
    }

    /// The facts that are asked for and are the same on each day.
    pub fn fixed(&self) -> &[Fact] {
        &self.fixed
    }

    /// What of evidence may be otherwise on another day; its counts are those of all of it.
    pub fn kept(&self, evidence: &Evidence) -> Evidence {
        let is_kept = |kind: &str| self.changing.contains(&kind.replace('-', "_"));
        Evidence {
            schema_version: evidence.schema_version.clone(),
            tool: evidence.tool.clone(),
            subject: evidence.subject.clone(),
            as_of: evidence.as_of,
            follows: evidence.follows.clone(),
            inputs: evidence.inputs.clone(),
            kinds: evidence.kinds.clone(),
            facts: evidence.facts.iter().filter(|fact| is_kept(&fact.kind)).cloned().collect(),
            extra: Extra::new(),
        }
    }

    /// Are facts of this kind others on another day?
    pub fn is_changing(&self, kind: &str) -> bool {
        self.changing.contains(&kind.replace('-', "_"))
    }

    /// Is this kind read by what asks for the day itself?
    pub fn is_asked(&self, kind: &str) -> bool {
        self.asked.contains(&kind.replace('-', "_"))
    }

    /// The numbers with which days may be compared: the limits of the tier file, and those that criteria name.
    pub fn limits(&self) -> &BTreeSet<i64> {
        &self.limits
    }

    /// Gives what evidence comes to for its moment: what [`Days::kept`] left of it, as it is on that day.
    pub fn on(&self, evidence: &Evidence) -> Result<Standing, ScoreError> {
        let facts = criteria::by_kind(evidence.facts.iter().chain(&self.fixed));
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let changed = last.take(&facts, &self.changing);
        let lists = self.lists.with(last.lists().clone());
        let environment = Environment::new(&lists, evidence, &self.practices.tiers().limits);
        let mut judged = self.settled.clone();
        judged.extend(last.assess(self.dated.iter(), &changed, (&evidence.kinds, &facts), &environment));
        let known = Known { evidence, facts: &facts, lists: &lists, last: Some((&self.last_silent, &self.changing)) };
        let came = come_to(&known, self.practices, judged, &environment)?;
        Ok(Standing {
            tier: came.tier,
            source_line: came.source_line,
            source_view: came.source_view,
            face: came.face,
            criteria: came.criteria.into_values().map(|judged| judged.result).collect(),
            expires: came.expires,
        })
    }

    /// What the label says of the product.
    pub fn product(&self, evidence: &Evidence) -> Result<plimsoll_model::Product, ScoreError> {
        let lists = self.lists_on(evidence);
        let environment = Environment::new(&lists, evidence, &self.practices.tiers().limits);
        Ok(product::of(evidence, self.practices, &environment)?)
    }

    /// Gives what may end, as evidence has it for its moment. What cannot be dated has no days.
    pub fn ends(&self, evidence: &Evidence) -> Vec<End<'p>> {
        let lists = self.lists_on(evidence);
        let environment = Environment::new(&lists, evidence, &self.practices.tiers().limits);
        let ends = self.practices.tiers().ends.iter().map(|rule| End {
            what: &rule.what,
            many: &rule.many,
            fix: &rule.fix,
            needs: &rule.needs,
            criteria: &rule.criteria,
            days: rule.days.days(&environment).unwrap_or_default().into_iter().collect(),
        });
        ends.collect()
    }

    fn lists_on(&self, evidence: &Evidence) -> Lists {
        let changing = self.changing.intersection(&self.reads).cloned().collect();
        self.lists.with(Lists::of(evidence.facts.iter(), &changing))
    }
}

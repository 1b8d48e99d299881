//! What only shows when everything is there: answers over no evidence, rows that nothing uses, tiers that can be reached.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use plimsoll_model::{Assurance, EVIDENCE_SCHEMA_VERSION, Evidence, Examined, Extra, Tool};

use crate::{By, Environment, Lists, PracticeError, Practices, SignRule, Tier};

/// Can a tier be reached by this version, and if not, why?
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierReach {
    /// Its level.
    pub level: u8,
    /// Its name.
    pub name: String,
    /// Demands of it or of one below that nothing can meet yet: id, assurance asked, why.
    pub pending: Vec<(String, Assurance, String)>,
    /// The same for demands that are met as well where they do not apply to the product.
    pub unless_not_applicable: Vec<(String, Assurance, String)>,
}

/// What a set of practices holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// How many criteria.
    pub criteria: usize,
    /// Catalogs: id, title, entries, entries that a criterion decides, entries that only the producer can declare.
    pub catalogs: Vec<(String, String, usize, usize, usize)>,
    /// Each tier.
    pub tiers: Vec<TierReach>,
}

/// Evidence in which nothing was found.
fn nothing() -> Evidence {
    let tool = Tool { name: String::new(), version: String::new(), extra: Extra::new() };
    Evidence {
        schema_version: EVIDENCE_SCHEMA_VERSION.to_owned(),
        tool,
        subject: Examined {
            commit: String::new(),
            object_format: String::new(),
            committed: Timestamp::UNIX_EPOCH,
            artifacts: Vec::new(),
            worktree: false,
            extra: Extra::new(),
        },
        as_of: Timestamp::UNIX_EPOCH,
        follows: None,
        inputs: BTreeMap::new(),
        kinds: BTreeMap::new(),
        facts: Vec::new(),
        extra: Extra::new(),
    }
}

/// Gives what is wrong with practices whose files are right one by one.
pub(crate) fn consistency(practices: &Practices) -> Vec<PracticeError> {
    let mut problems = Vec::new();
    let nothing = nothing();
    let lists = Lists::of(nothing.facts.iter(), &practices.reads());
    let environment = Environment::new(&lists, &nothing, &practices.tiers().limits);
    for criterion in practices.criteria().values() {
        let (file, line) = criterion.place.clone();
        let mut say = |message: String| problems.push(PracticeError { file: file.clone(), line, message });
        let over_nothing = criterion.met.boolean(&environment);
        if over_nothing == Ok(true) && !criterion.empty_is_met {
            say(format!(
                "{} is met where there is no evidence; ask for size() > 0 too, or say empty = \"met\" if finding none is the point",
                criterion.id
            ));
        }
        if let Some(reason) = over_nothing.as_ref().err().filter(|_| criterion.empty_is_met) {
            say(format!("{}: met: {reason}", criterion.id));
        } else if criterion.empty_is_met && over_nothing != Ok(true) {
            say(format!("{} says empty = \"met\" and is not met where there is no evidence", criterion.id));
        }
        for (name, expression) in [("partial", &criterion.partial), ("not-applicable", &criterion.not_applicable)] {
            if expression.as_ref().is_some_and(|expression| expression.boolean(&environment) == Ok(true)) {
                say(format!("{}: {name} holds where there is no evidence", criterion.id));
            }
        }
    }
    let used: BTreeSet<&str> = used(practices).collect();
    for criterion in
        practices.criteria().values().filter(|criterion| !criterion.alone && !used.contains(criterion.id.as_str()))
    {
        let (file, line) = criterion.place.clone();
        let message = format!("{} is used by no entry, tier or row; name it in one or delete it", criterion.id);
        problems.push(PracticeError { file, line, message });
    }
    let file = practices.digests().keys().find(|path| path.starts_with("tiers/")).cloned().unwrap_or_default();
    for tier in reach(practices) {
        let all = tier.pending.iter().chain(&tier.unless_not_applicable);
        for (id, at, why) in all.filter(|(_, _, why)| why.is_empty()) {
            let message = format!("tier {} asks {id} at {at}, which nothing can come to{why}", tier.level);
            problems.push(PracticeError { file: file.clone(), line: 1, message });
        }
    }
    for (level, demand, criterion) in misplaced(&practices.tiers().tiers, &|id| behind(practices, id)) {
        let message = format!(
            "tier {level} says that evidence answers {demand}, and {criterion} rests on the maker's word; say by = \"maker\""
        );
        problems.push(PracticeError { file: file.clone(), line: 1, message });
    }
    problems.sort();
    problems.dedup();
    problems
}

/// Demands that evidence is said to answer and that rest on the maker's word: level of the tier, demand, criterion.
///
/// `behind` gives the criteria behind a demand that have to hold, with the assurance of each.
fn misplaced<'a>(tiers: &'a [Tier], behind: &dyn Fn(&str) -> Vec<(&'a str, Assurance)>) -> Vec<(u8, &'a str, &'a str)> {
    let demands = tiers.iter().flat_map(|tier| tier.demands.iter().map(move |demand| (tier.level, demand)));
    let by_evidence = demands.filter(|(_, demand)| demand.by == By::Evidence);
    by_evidence
        .flat_map(|(level, demand)| {
            let declared = behind(&demand.id).into_iter().filter(|(_, assurance)| *assurance == Assurance::Declared);
            declared.map(move |(criterion, _)| (level, demand.id.as_str(), criterion))
        })
        .collect()
}

/// The criteria behind a demand, without which nothing else counts for it.
fn behind<'a>(practices: &'a Practices, demand: &str) -> Vec<(&'a str, Assurance)> {
    let ids = match practices.entry(demand) {
        Some(entry) => entry.supported_by.iter().map(String::as_str).collect::<Vec<_>>(),
        None => practices.criteria().get_key_value(demand).map(|(id, _)| id.as_str()).into_iter().collect(),
    };
    ids.into_iter().filter_map(|id| Some((id, practices.criteria().get(id)?.assurance))).collect()
}

fn used(practices: &Practices) -> impl Iterator<Item = &str> {
    let entries = practices.all_catalogs().iter().flat_map(|catalog| &catalog.entries);
    let by_entries = entries.flat_map(|entry| {
        let raised_by = entry.strengthened_by.iter().chain(&entry.corroborated_by);
        entry.supported_by.iter().chain(raised_by).chain(&entry.contradicted_by)
    });
    let by_tiers = practices.tiers().tiers.iter().flat_map(|tier| tier.demands.iter().map(|demand| &demand.id));
    let by_rows =
        practices.tiers().rows.iter().flat_map(|row| [Some(&row.decided_by), row.otherwise.as_ref()]).flatten();
    let signs = practices.tiers().rows.iter().filter_map(|row| row.signs.as_ref());
    let by_signs = signs.chain(practices.tiers().source.rows.iter().map(|row| &row.signs)).flat_map(SignRule::criteria);
    by_entries.chain(by_tiers).chain(by_rows).map(String::as_str).chain(by_signs)
}

fn reach(practices: &Practices) -> Vec<TierReach> {
    let (mut pending, mut conditional) = (Vec::new(), Vec::new());
    let mut tiers = Vec::new();
    for tier in &practices.tiers().tiers {
        for demand in &tier.demands {
            let (reachable, may_not_apply, why) = match practices.entry(&demand.id) {
                Some(entry) => {
                    let why = entry.pending.clone().filter(|_| entry.reach >= demand.at);
                    (entry.reachable, entry.may_not_apply, why)
                }
                None => match practices.criteria().get(&demand.id) {
                    Some(criterion) => (criterion.assurance, false, None),
                    None => continue,
                },
            };
            if reachable < demand.at {
                let list = if may_not_apply { &mut conditional } else { &mut pending };
                list.push((demand.id.clone(), demand.at, why.unwrap_or_default()));
            }
        }
        tiers.push(TierReach {
            level: tier.level,
            name: tier.name.clone(),
            pending: pending.clone(),
            unless_not_applicable: conditional.clone(),
        });
    }
    tiers
}

pub(crate) fn report(practices: &Practices) -> Report {
    let catalogs = practices
        .all_catalogs()
        .iter()
        .map(|catalog| {
            let decided = catalog.entries.iter().filter(|entry| !entry.supported_by.is_empty()).count();
            let total = catalog.entries.len();
            (catalog.id.clone(), catalog.title.clone(), total, decided, total - decided)
        })
        .collect();
    Report { criteria: practices.criteria().len(), catalogs, tiers: reach(practices) }
}

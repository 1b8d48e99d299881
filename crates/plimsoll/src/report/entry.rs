//! The answer of one entry.

use std::collections::BTreeSet;

use plimsoll_collect::claims::CLAIMS_FILE;
use plimsoll_model::{
    Assurance, CatalogResult, CriterionResult, EntryResult, Outcome, Pointer, ReportAnswer, ReportCriterion,
    ReportCrosswalk, ReportEntry, ReportPlace, ReportSearched, ReportStep,
};
use plimsoll_practices::{Catalog, Entry, Quantifier};

use super::{
    Sources,
    judged::{self, Judged},
};
use crate::plan::{answer as to_answer, effort};

/// Every entry of a catalog, in its order.
pub(super) fn of_catalog(catalog: &Catalog, sources: &Sources<'_>) -> Vec<ReportEntry> {
    let found = sources.answers.catalogs.iter().find(|one| one.id == catalog.id);
    let results = found.map(|found| found.entries.as_slice()).unwrap_or_default();
    let pairs = catalog.entries.iter().zip(results);
    pairs.map(|(entry, result)| of_entry(catalog, entry, result, sources)).collect()
}

fn of_entry(catalog: &Catalog, entry: &Entry, result: &EntryResult, sources: &Sources<'_>) -> ReportEntry {
    let criteria: Vec<&CriterionResult> =
        result.supported_by.iter().filter_map(|support| criterion(sources, &support.criterion)).collect();
    // What a form asks besides, as checksums, is to be seen as well.
    let besides = entry.shows.values().filter_map(|id| criterion(sources, id));
    let besides: Vec<&CriterionResult> = besides.filter(|one| one.outcome == Outcome::Met).collect();
    let mut shown = places(&[seen(&criteria, sources), seen(&besides, sources)].concat(), sources);
    let searched = searched(&criteria, sources);
    let is_seen = !shown.is_empty() || !searched.is_empty();
    let judged = judged::of_entry(entry, result, is_seen, sources);
    let answer = judged.answer;
    if judged.outcome == Outcome::Unknown {
        // What was read and did not decide it shows nothing.
        shown.clear();
    }
    if result.claimed.is_some() {
        // Of the maker's word the place is the line that says it, also where it does not settle the entry.
        let mut word = claim_places(catalog, entry, sources);
        word.append(&mut shown);
        shown = word;
    }
    let group = catalog.groups.iter().find(|group| group.id == entry.group);
    ReportEntry {
        id: entry.id.clone(),
        group: group.map(|group| group.title.clone()).unwrap_or_default(),
        asks: entry.title.clone(),
        class: entry.class.clone(),
        answer,
        outcome: judged.outcome,
        assurance: judged.assurance,
        reason: judged.reason,
        contradicted: judged.contradicted,
        to_close: if answer == ReportAnswer::Open {
            to_close(catalog, entry, &criteria, judged.contradicted, sources)
        } else {
            Vec::new()
        },
        places: shown,
        searched,
        claimed: result.claimed.clone(),
        criteria: criteria.iter().map(|one| shown_criterion(one)).collect(),
        crosswalk: entry.crosswalk.iter().filter_map(|id| crosswalk(id, sources)).collect(),
        shows: shows(entry, sources),
    }
}

/// A criterion by its id.
pub(super) fn criterion<'a>(sources: &Sources<'a>, id: &str) -> Option<&'a CriterionResult> {
    let criteria = &sources.answers.criteria;
    criteria.binary_search_by(|one| one.id.as_str().cmp(id)).ok().and_then(|at| criteria.get(at))
}

pub(super) fn shown_criterion(one: &CriterionResult) -> ReportCriterion {
    ReportCriterion {
        id: one.id.clone(),
        asks: one.asks.clone(),
        outcome: one.outcome,
        assurance: one.assurance,
        reason: one.reason.clone(),
    }
}

/// The places with their addresses.
pub(super) fn places(pointers: &[Pointer], sources: &Sources<'_>) -> Vec<ReportPlace> {
    let commit = &sources.evidence.subject.commit;
    let worktree = sources.evidence.subject.worktree;
    let mut places: Vec<ReportPlace> = Vec::new();
    for pointer in pointers {
        let shown = pointer.display();
        // Two facts of one file are one place.
        if places.iter().any(|one| one.shown == shown && one.pointer.blob == pointer.blob) {
            continue;
        }
        // What is in a working copy alone is on no code host.
        let url = sources.host.filter(|_| !worktree).and_then(|host| host.page(pointer, commit));
        places.push(ReportPlace { shown, url, pointer: pointer.clone() });
    }
    places
}

/// Places of one entry.
const MOST_PLACES: usize = 10;

/// Where criteria were seen to hold, or not: that something was looked for in vain shows nothing, nor does what is not known.
pub(super) fn seen(criteria: &[&CriterionResult], sources: &Sources<'_>) -> Vec<Pointer> {
    let mut all: Vec<Pointer> = Vec::new();
    let in_vain = |one: &CriterionResult| {
        let rule = sources.practices.criteria().get(&one.id);
        one.outcome == Outcome::Unmet && rule.is_some_and(|rule| rule.quantifier == Quantifier::Some)
    };
    for one in criteria.iter().filter(|one| one.outcome != Outcome::Unknown && !in_vain(one)) {
        let mut found: Vec<&Pointer> = one.pointers.iter().collect();
        if sources.practices.is_word_of_maker(&one.id) {
            // What the maker states is in the claims file; a manifest that it was compared with does not say it.
            found.retain(|pointer| pointer.path.as_deref().is_some_and(|path| path.ends_with(CLAIMS_FILE)));
        }
        for pointer in found {
            if all.len() < MOST_PLACES && !all.contains(pointer) {
                all.push(pointer.clone());
            }
        }
    }
    all
}

/// The line of the claims file that answers an entry: its own, else that of the practice it belongs to.
fn claim_places(catalog: &Catalog, entry: &Entry, sources: &Sources<'_>) -> Vec<ReportPlace> {
    use plimsoll_model::body::{Body as _, Claim};
    let facts = sources.evidence.facts_of(Claim::KIND);
    let text = |fact: &plimsoll_model::Fact, name: &str| {
        fact.body.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
    };
    let own = facts.filter(|fact| text(fact, "catalog") == catalog.id).filter(|fact| {
        let of = text(fact, "entry");
        of == entry.id || entry.id.strip_prefix(of.as_str()).is_some_and(|rest| rest.starts_with('.'))
    });
    let nearest = own.max_by_key(|fact| text(fact, "entry").len());
    nearest.map(|fact| places(&fact.pointers, sources)).unwrap_or_default()
}

/// What was looked through for criteria that hold and have no place to show, as "none was found".
pub(super) fn searched(criteria: &[&CriterionResult], sources: &Sources<'_>) -> Vec<ReportSearched> {
    let holds = |one: &&&CriterionResult| {
        matches!(one.outcome, Outcome::Met | Outcome::NotApplicable)
            && one.assurance > Some(Assurance::Declared)
            && one.pointers.is_empty()
    };
    let mut found = BTreeSet::new();
    for one in criteria.iter().filter(holds) {
        let needs = sources.practices.criteria().get(&one.id).map(|known| known.needs.as_slice()).unwrap_or_default();
        for (kind, report) in needs.iter().filter_map(|kind| sources.evidence.kinds.get_key_value(kind)) {
            found.insert(ReportSearched {
                kind: kind.clone(),
                searched: report.searched.clone(),
                count: report.searched_count,
                found: report.count,
            });
        }
    }
    found.into_iter().collect()
}

/// What would close an open entry: each criterion that does not hold, then the maker's answer where one would count.
fn to_close(
    catalog: &Catalog,
    entry: &Entry,
    criteria: &[&CriterionResult],
    contradicted: bool,
    sources: &Sources<'_>,
) -> Vec<ReportStep> {
    // What only raises the assurance of an entry closes nothing.
    let needed = criteria.iter().filter(|one| entry.supported_by.contains(&one.id));
    let mut steps: Vec<ReportStep> = needed.filter_map(|one| step(one)).collect();
    if contradicted {
        steps.extend(entry.contradicted_by.iter().filter_map(|id| criterion(sources, id)).filter_map(step));
    }
    // Over what was found against it the maker's word does not count.
    if entry.claimable && !contradicted {
        steps.push(claim_step(&format!("{}/{}", catalog.id, entry.id), &entry.ask));
    }
    steps
}

/// The step of answering an entry in the claims file.
pub(super) fn claim_step(id: &str, asks: &str) -> ReportStep {
    let minutes = effort::minutes("minutes", true);
    let action = format!("{} {asks}", to_answer(id));
    ReportStep { by: CLAIMS_FILE.to_owned(), action, minutes, effort: effort::words(minutes) }
}

/// What to do about a criterion that does not hold.
pub(super) fn step(one: &CriterionResult) -> Option<ReportStep> {
    if matches!(one.outcome, Outcome::Met | Outcome::NotApplicable) {
        return None;
    }
    let minutes = effort::minutes(&one.effort, false);
    Some(ReportStep { by: one.id.clone(), action: one.fix.clone(), minutes, effort: effort::words(minutes) })
}

/// An entry `CATALOG/ENTRY`, or a criterion, with what it results in.
pub(super) fn crosswalk(id: &str, sources: &Sources<'_>) -> Option<ReportCrosswalk> {
    if let Some(one) = criterion(sources, id) {
        let is_seen = !seen(&[one], sources).is_empty() || !searched(&[one], sources).is_empty();
        return Some(crossed(id, &one.asks, &judged::of_criterion(one, is_seen)));
    }
    let result = entry_result(id, &sources.answers.catalogs)?;
    Some(crossed(id, &result.title, &judged_entry(id, result, sources)?))
}

fn crossed(id: &str, title: &str, judged: &Judged) -> ReportCrosswalk {
    let Judged { answer, outcome, assurance, .. } = *judged;
    ReportCrosswalk { id: id.to_owned(), title: title.to_owned(), answer, outcome, assurance }
}

/// The entry `CATALOG/ENTRY`, judged.
pub(super) fn judged_entry(id: &str, result: &EntryResult, sources: &Sources<'_>) -> Option<Judged> {
    let (catalog, of) = id.split_once('/')?;
    let entry = sources.practices.catalog(catalog)?.entries.iter().find(|entry| entry.id == of)?;
    let criteria: Vec<&CriterionResult> =
        result.supported_by.iter().filter_map(|support| criterion(sources, &support.criterion)).collect();
    let base = criteria.iter().filter(|one| entry.supported_by.contains(&one.id));
    let is_seen = base.into_iter().any(|one| !one.pointers.is_empty()) || !searched(&criteria, sources).is_empty();
    Some(judged::of_entry(entry, result, is_seen, sources))
}

/// The result of the entry `CATALOG/ENTRY`.
pub(super) fn entry_result<'a>(id: &str, catalogs: &'a [CatalogResult]) -> Option<&'a EntryResult> {
    let (catalog, entry) = id.split_once('/')?;
    catalogs.iter().find(|one| one.id == catalog)?.entries.iter().find(|one| one.id == entry)
}

fn shows(entry: &Entry, sources: &Sources<'_>) -> std::collections::BTreeMap<String, bool> {
    let met = |id: &String| criterion(sources, id).is_some_and(|one| one.outcome == Outcome::Met);
    entry.shows.iter().map(|(member, id)| (member.clone(), met(id))).collect()
}

//! One criterion against the evidence: fail closed at every step.

use std::collections::BTreeMap;

#[cfg(test)]
use plimsoll_model::Evidence;
use plimsoll_model::{Assurance, CriterionResult, Fact, KindReport, KindStatus, Outcome, Pointer};
use plimsoll_practices::{Criterion, Environment, Quantifier};
use rayon::prelude::*;

use crate::{MOST_POINTERS, MOST_POINTERS_OF_FILE};

/// How a reason begins where evidence has nothing of a kind.
pub(crate) const NO_EVIDENCE: &str = "there is no evidence of kind";

/// What stands between a kind and the reason for which it was not wholly looked at.
pub(crate) const IN_PART: [&str; 2] = [" could only be looked at in part: ", " could not be looked at: "];

/// A result, and why it is unknown where it is.
#[derive(Clone)]
pub(crate) struct Judged {
    pub(crate) result: CriterionResult,
    /// A kind that it needs is missing or unavailable.
    pub(crate) unavailable: bool,
}

/// Facts by their kind.
pub(crate) type ByKind<'f> = BTreeMap<&'f str, Vec<&'f Fact>>;

/// Puts facts in the order of their kinds.
pub(crate) fn by_kind<'f>(facts: impl Iterator<Item = &'f Fact>) -> ByKind<'f> {
    let mut all = ByKind::new();
    for fact in facts {
        all.entry(fact.kind.as_str()).or_default().push(fact);
    }
    all
}

/// Judges `criteria` by `facts`, which were looked for as `kinds` say.
pub(crate) fn assess<'c>(
    kinds: &BTreeMap<String, KindReport>,
    facts: &ByKind<'_>,
    criteria: impl Iterator<Item = &'c Criterion>,
    environment: &Environment<'_, '_>,
) -> BTreeMap<String, Judged> {
    let criteria: Vec<&Criterion> = criteria.collect();
    let judged = criteria.into_par_iter();
    judged.map(|criterion| (criterion.id.clone(), judge(criterion, kinds, facts, environment))).collect()
}

/// The outcome of one criterion alone.
#[cfg(test)]
pub(crate) fn one(criterion: &Criterion, evidence: &Evidence, environment: &Environment<'_, '_>) -> Outcome {
    answer(criterion, &evidence.kinds, &by_kind(evidence.facts.iter()), environment).outcome
}

struct Answer {
    outcome: Outcome,
    assurance: Option<Assurance>,
    reason: String,
    unavailable: bool,
}

fn unknown(reason: String) -> Answer {
    Answer { outcome: Outcome::Unknown, assurance: None, reason, unavailable: false }
}

fn judge(
    criterion: &Criterion,
    kinds: &BTreeMap<String, KindReport>,
    facts: &ByKind<'_>,
    environment: &Environment<'_, '_>,
) -> Judged {
    let answer = answer(criterion, kinds, facts, environment);
    let (fix, effort) = to_do(criterion, answer.outcome);
    let pointers = pointers(criterion, &answer, facts, environment);
    let result = CriterionResult {
        id: criterion.id.clone(),
        asks: criterion.asks.clone(),
        outcome: answer.outcome,
        assurance: answer.assurance,
        reason: answer.reason,
        why: criterion.why.clone(),
        fix: fix.to_owned(),
        effort: effort.to_owned(),
        refs: criterion.refs.clone(),
        pointers,
    };
    Judged { result, unavailable: answer.unavailable }
}

/// What is left to do about a criterion that came to `outcome`, and how much work it is; nothing where it is settled.
pub(crate) fn to_do(criterion: &Criterion, outcome: Outcome) -> (&str, &str) {
    match outcome {
        Outcome::Met | Outcome::NotApplicable => ("", ""),
        Outcome::Partial | Outcome::Unmet | Outcome::Unknown => (&criterion.fix, criterion.effort.as_str()),
    }
}

fn answer(
    criterion: &Criterion,
    kinds: &BTreeMap<String, KindReport>,
    facts: &ByKind<'_>,
    environment: &Environment<'_, '_>,
) -> Answer {
    let mut reports: Vec<(&str, &KindReport)> = Vec::new();
    for need in &criterion.needs {
        match kinds.get(need) {
            None => return Answer { unavailable: true, ..unknown(format!("{NO_EVIDENCE} \"{need}\"")) },
            Some(report) if report.status == KindStatus::Unavailable => {
                let reason = report.reason.clone().unwrap_or_default();
                return Answer { unavailable: true, ..unknown(format!("{need}{}{reason}", IN_PART[1])) };
            }
            Some(report) => reports.push((need, report)),
        }
    }
    let gap = reports
        .iter()
        .find(|(_, report)| report.status == KindStatus::Partial)
        .map(|(need, report)| format!("{need}{}{}", IN_PART[0], report.reason.clone().unwrap_or_default()));
    let undecided = |error: String| unknown(format!("it could not be decided: {error}"));
    if let Some(expression) = &criterion.decidable {
        match expression.boolean(environment) {
            Ok(true) => {}
            Ok(false) => {
                return unknown(words(
                    criterion.undecided.as_ref(),
                    environment,
                    "the evidence is not enough to decide it",
                ));
            }
            Err(error) => return undecided(error),
        }
    }
    if let Some(expression) = &criterion.not_applicable {
        match expression.boolean(environment) {
            Ok(true) if gap.is_none() => {
                let assurance = Some(assurance(criterion, facts));
                let reason = words(criterion.reason_met.as_ref(), environment, "the question does not arise");
                return Answer { outcome: Outcome::NotApplicable, assurance, reason, unavailable: false };
            }
            Ok(_) => {}
            Err(error) => return undecided(error),
        }
    }
    let met = match criterion.met.boolean(environment) {
        Ok(met) => met,
        Err(error) => return undecided(error),
    };
    if met {
        if let (Some(gap), Quantifier::Every) = (&gap, criterion.quantifier) {
            return unknown(gap.clone());
        }
        // Finding none says something only where something was searched.
        let found = criterion.needs.iter().any(|need| facts.get(need.as_str()).is_some_and(|facts| !facts.is_empty()));
        if !found && reports.iter().any(|(_, report)| report.searched_count == 0) {
            let what = reports.first().map(|(_, report)| report.searched.clone()).unwrap_or_default();
            return unknown(format!("there were no {what} to look at"));
        }
        let reason = words(criterion.reason_met.as_ref(), environment, "it holds");
        return Answer {
            outcome: Outcome::Met,
            assurance: Some(assurance(criterion, facts)),
            reason,
            unavailable: false,
        };
    }
    let partly = match &criterion.partial {
        Some(expression) => match expression.boolean(environment) {
            Ok(partly) => partly,
            Err(error) => return undecided(error),
        },
        None => false,
    };
    if let (Some(gap), Quantifier::Some) = (&gap, criterion.quantifier) {
        return unknown(gap.clone());
    }
    // "There is none" cannot be said of a kind of which a part was not looked at. A row that can say more does, in `decidable`.
    let unseen = |(need, report): &(&str, &KindReport)| {
        report.status == KindStatus::Partial && facts.get(*need).is_none_or(Vec::is_empty)
    };
    if let (Some(gap), None) = (&gap, &criterion.decidable)
        && reports.iter().any(unseen)
    {
        return unknown(gap.clone());
    }
    let reason = words(criterion.reason_unmet.as_ref(), environment, "it does not hold");
    let outcome = if partly { Outcome::Partial } else { Outcome::Unmet };
    // A part is not proven: it is known as its facts are.
    Answer { outcome, assurance: partly.then(|| weakest(criterion, facts)), reason, unavailable: false }
}

/// The weakest assurance of the facts of all kinds needed, at most what the criterion gives.
///
/// Where the criterion computes its answer (it states a proof), facts that are at least observed give its own assurance.
fn assurance(criterion: &Criterion, facts: &ByKind<'_>) -> Assurance {
    let weakest = weakest(criterion, facts);
    if criterion.proof.is_some() && weakest >= Assurance::Observed { criterion.assurance } else { weakest }
}

fn weakest(criterion: &Criterion, facts: &ByKind<'_>) -> Assurance {
    let weakest = criterion
        .needs
        .iter()
        .flat_map(|need| facts.get(need.as_str()).into_iter().flatten())
        .map(|fact| fact.assurance)
        .min()
        .unwrap_or(Assurance::Observed);
    weakest.min(criterion.assurance)
}

fn words(
    expression: Option<&plimsoll_practices::Expression>,
    environment: &Environment<'_, '_>,
    otherwise: &str,
) -> String {
    expression.and_then(|expression| expression.text(environment).ok()).unwrap_or_else(|| otherwise.to_owned())
}

/// Where a reader sees what a criterion came to.
///
/// What a criterion reads may be much more than what decides it. Where the criterion says which facts show it, these are the places;
/// else those that the reason names; else all that was read, where that can show the outcome: what was looked for and not found, and
/// what is not known, is at no place.
fn pointers(
    criterion: &Criterion,
    answer: &Answer,
    facts: &ByKind<'_>,
    environment: &Environment<'_, '_>,
) -> Vec<Pointer> {
    let of = |need: &String| facts.get(need.as_str()).map(Vec::as_slice).unwrap_or_default().iter().copied();
    if let Some(expression) = &criterion.shows {
        let first = criterion.needs.first().into_iter().flat_map(of);
        return few(first.filter(|fact| expression.boolean(&environment.with_fact(fact)) == Ok(true)), &|_| true);
    }
    let named = plimsoll_model::names_in(&answer.reason);
    let is_named = |pointer: &Pointer| {
        pointer.path.as_ref().or(pointer.tag.as_ref()).is_some_and(|name| named.contains(&name.as_str()))
    };
    let places = few(criterion.needs.iter().flat_map(of), &is_named);
    let is_at_none = match answer.outcome {
        Outcome::Unknown => true,
        Outcome::Unmet => criterion.quantifier == Quantifier::Some,
        Outcome::Met | Outcome::NotApplicable | Outcome::Partial => false,
    };
    if !places.is_empty() || is_at_none {
        return places;
    }
    few(criterion.needs.first().into_iter().flat_map(of), &|_| true)
}

/// The first places of facts that are wanted, each once, and not many of them in one file.
fn few<'f>(facts: impl Iterator<Item = &'f Fact>, wanted: &dyn Fn(&Pointer) -> bool) -> Vec<Pointer> {
    let mut pointers: Vec<Pointer> = Vec::new();
    for pointer in facts.flat_map(|fact| &fact.pointers).filter(|pointer| wanted(pointer)) {
        let same_file = |one: &&Pointer| one.path.is_some() && one.path == pointer.path;
        let of_file = pointers.iter().filter(same_file).count();
        if of_file < MOST_POINTERS_OF_FILE && !pointers.contains(pointer) {
            pointers.push(pointer.clone());
        }
        if pointers.len() >= MOST_POINTERS {
            break;
        }
    }
    pointers
}

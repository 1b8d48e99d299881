//! "Not looked" is never "no" and never "yes": held for every criterion against every kind that it needs.
//!
//! A kind of which a part could not be looked at may hold facts that nobody saw. So an answer counts only where no such
//! fact could change it. The facts that could be there are made from those of all fixtures: each as it is, and each with
//! one member set to any value that the member has elsewhere.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use plimsoll_model::{Assurance, Evidence, Fact, KindStatus, Outcome};
use plimsoll_practices::{Environment, Lists, Practices};
use serde_json::{Value, json};

use crate::criteria;

/// Kinds that sum up: one fact for a collection, or one for each value of a member. No gap hides a second.
const SUMS: &[(&str, &str)] = &[("history", ""), ("advisory-database", ""), ("signature-totals", "part")];
/// Values of one member that are tried.
const MOST_VALUES: usize = 6;

fn fixtures() -> Vec<(String, Evidence)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let mut read = Vec::new();
    for part in ["criteria", "evidence"] {
        for entry in std::fs::read_dir(folder.join(part)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "json") {
                let evidence = Evidence::from_json(&std::fs::read(&path).unwrap()).unwrap();
                read.push((path.file_stem().unwrap().to_string_lossy().into_owned(), evidence));
            }
        }
    }
    read.sort_by(|one, other| one.0.cmp(&other.0));
    assert!(read.len() >= 10, "the fixtures are not where they were");
    read
}

fn practices(evidence: &[(String, Evidence)]) -> Practices {
    let kinds: BTreeSet<&str> = evidence.iter().flat_map(|(_, one)| one.kinds.keys().map(String::as_str)).collect();
    Practices::embedded(&kinds.into_iter().collect::<Vec<_>>()).unwrap_or_else(|problems| panic!("{problems}"))
}

/// What is known of one kind from all fixtures: its facts, and the values that each member has somewhere.
#[derive(Default)]
struct Known {
    facts: Vec<Fact>,
    values: BTreeMap<String, Vec<Value>>,
}

fn known(evidence: &[(String, Evidence)]) -> BTreeMap<String, Known> {
    let mut known: BTreeMap<String, Known> = BTreeMap::new();
    for fact in evidence.iter().flat_map(|(_, one)| &one.facts) {
        let of_kind = known.entry(fact.kind.clone()).or_default();
        if !of_kind.facts.iter().any(|other| other.body == fact.body) {
            of_kind.facts.push(fact.clone());
        }
        for (member, value) in &fact.body {
            let seen = of_kind.values.entry(member.clone()).or_default();
            let others = match value {
                Value::Bool(value) => vec![json!(value), json!(!value)],
                Value::Number(_) => vec![value.clone(), json!(0), json!(100_000)],
                Value::Array(_) => vec![value.clone(), json!([])],
                other => vec![other.clone()],
            };
            for other in others {
                if !seen.contains(&other) && seen.len() < MOST_VALUES {
                    seen.push(other);
                }
            }
        }
    }
    known
}

/// Facts that a gap in a kind may hide from a criterion whose expressions are `text`: those of all fixtures, and the same
/// with one of the members that it reads changed.
fn hidden(known: &Known, text: &str) -> Vec<Fact> {
    let mut hidden: Vec<Fact> = known.facts.clone();
    for fact in &known.facts {
        for member in fact.body.keys().filter(|member| text.contains(member.as_str())) {
            for value in &known.values[member] {
                let mut changed = fact.clone();
                changed.body.insert(member.clone(), value.clone());
                changed.assurance = Assurance::Observed;
                if !hidden.iter().any(|other| other.body == changed.body) {
                    hidden.push(changed);
                }
            }
        }
    }
    hidden
}

/// The evidence with `kind` looked at in part, or looked at wholly with one more fact that the gap hid.
fn looked_at(evidence: &Evidence, kind: &str, hidden: Option<&Fact>) -> Evidence {
    let mut evidence = evidence.clone();
    evidence.facts.extend(hidden.cloned());
    let count = evidence.facts.iter().filter(|fact| fact.kind == kind).count() as u64;
    if let Some(report) = evidence.kinds.get_mut(kind) {
        report.status = if hidden.is_some() { KindStatus::Searched } else { KindStatus::Partial };
        report.reason = hidden.is_none().then(|| "a part could not be read".to_owned());
        report.count = count;
        report.searched_count = report.searched_count.max(1);
    }
    evidence
}

fn outcome(criterion: &str, evidence: &Evidence, practices: &Practices) -> Outcome {
    let criterion = &practices.criteria()[criterion];
    let lists = Lists::of(evidence.facts.iter(), &criterion.reads());
    let environment = Environment::new(&lists, evidence, &practices.tiers().limits);
    criteria::one(criterion, evidence, &environment)
}

/// Could `fact` lie next to those that were seen?
fn fits(fact: &Fact, seen: &Evidence) -> bool {
    let Some((_, member)) = SUMS.iter().find(|(kind, _)| *kind == fact.kind) else { return true };
    seen.facts_of(&fact.kind).all(|other| !member.is_empty() && other.body.get(*member) != fact.body.get(*member))
}

/// Where something was seen that does not hold, more of it may hold in part: that is the same "no".
fn same_answer(one: Outcome, other: Outcome, seen: bool) -> bool {
    let no = |outcome| matches!(outcome, Outcome::Unmet | Outcome::Partial);
    one == other || (seen && no(one) && no(other))
}

#[test]
fn what_was_not_looked_at_cannot_change_an_answer() {
    let evidence = fixtures();
    let practices = practices(&evidence);
    let known = known(&evidence);
    let mut wrong: Vec<String> = Vec::new();
    let (mut decided, mut tried) = (0, 0);
    for (id, criterion) in practices.criteria() {
        let text: String = criterion.expressions().map(|expression| expression.source().to_owned()).collect();
        for kind in &criterion.needs {
            let hidden = known.get(kind).map(|known| hidden(known, &text)).unwrap_or_default();
            // With what the fixture has of the kind, and with none of it seen.
            let bases = evidence.iter().flat_map(|(name, base)| [(name, base, false), (name, base, true)]);
            'fixtures: for (name, base, none_seen) in bases {
                let missing =
                    |kind: &String| base.kinds.get(kind).is_none_or(|one| one.status == KindStatus::Unavailable);
                if criterion.needs.iter().any(missing) {
                    continue;
                }
                let mut base = base.clone();
                base.facts.retain(|fact| criterion.needs.contains(&fact.kind) && !(none_seen && fact.kind == *kind));
                let answer = outcome(id, &looked_at(&base, kind, None), &practices);
                if answer == Outcome::Unknown {
                    continue;
                }
                decided += 1;
                let seen = base.facts.iter().any(|fact| fact.kind == *kind);
                for fact in hidden.iter().filter(|fact| fits(fact, &base)) {
                    tried += 1;
                    let other = outcome(id, &looked_at(&base, kind, Some(fact)), &practices);
                    if other != Outcome::Unknown && !same_answer(answer, other, seen) {
                        let body = serde_json::to_string(&fact.body).unwrap_or_default();
                        wrong.push(format!("{id} over {name} with a gap in {kind}: {answer}, and {other} with {body}"));
                        break 'fixtures;
                    }
                }
            }
        }
    }
    assert!(decided > 50 && tried > 1000, "{decided} answers, {tried} facts: too few to say anything");
    assert!(wrong.is_empty(), "{} answers rest on what was not looked at:\n{}", wrong.len(), wrong.join("\n"));
}

/// A kind that could not be looked at at all decides nothing, whatever the rest says.
#[test]
fn what_could_not_be_looked_at_decides_nothing() {
    let evidence = fixtures();
    let practices = practices(&evidence);
    for (id, criterion) in practices.criteria() {
        for kind in &criterion.needs {
            for (name, base) in &evidence {
                let mut base = base.clone();
                base.facts.retain(|fact| fact.kind != *kind);
                if let Some(report) = base.kinds.get_mut(kind) {
                    report.status = KindStatus::Unavailable;
                    report.count = 0;
                    report.reason = Some("it could not be read".to_owned());
                }
                assert_eq!(outcome(id, &base, &practices), Outcome::Unknown, "{id} over {name} without {kind}");
            }
        }
    }
}

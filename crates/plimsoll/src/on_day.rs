//! Stored evidence as it is on a later day: what was seen stays as it was seen, and what counts until a day ends on it.
//!
//! What changes with the day is declared where a kind is (`on_day`). What the maker says of a finding depends on what else is
//! said of it, and is judged again by the rules of the collection.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use plimsoll_collect::{
    collectors::{exception_use::exceptions_of, exceptions::Exceptions, sbom::COMPONENT},
    kinds,
};
use plimsoll_components::{Component, component_of_fact};
use plimsoll_model::{
    Evidence,
    body::{AdvisoryFinding, Body as _, ExceptionOnFinding},
};
use serde_json::Value;

use crate::RefreshError;

/// Changes the bodies of all facts for a day, but for the maker's word on findings.
pub(crate) fn bodies_on(evidence: &mut Evidence, today: Date) {
    let by_day: BTreeMap<&str, _> =
        kinds().into_iter().filter_map(|(_, kind)| Some((kind.name, kind.on_day?))).collect();
    for fact in &mut evidence.facts {
        if let Some(change) = by_day.get(fact.kind.as_str()) {
            change(&mut fact.body, today);
        }
    }
}

/// The kinds whose facts are others on another day.
pub(crate) fn changing() -> Vec<&'static str> {
    let by_day = kinds().into_iter().filter(|(_, kind)| kind.on_day.is_some()).map(|(_, kind)| kind.name);
    by_day.chain([AdvisoryFinding::KIND]).collect()
}

/// The components of evidence.
pub(crate) fn components(evidence: &Evidence) -> Result<Vec<Component>, RefreshError> {
    evidence
        .facts_of(COMPONENT.name)
        .map(|fact| {
            component_of_fact(&fact.body).ok_or_else(|| RefreshError::Component { purl: fact.subject.id.clone() })
        })
        .collect()
}

/// A finding of which the maker says something.
struct Answered {
    finding: AdvisoryFinding,
    /// Does the evidence hold the statements from which its exceptions follow? Where not, they can only end.
    follows: bool,
}

/// What is asked to put evidence on another day.
pub(crate) struct OtherDays {
    exceptions: Exceptions,
    /// By the place among the findings, in the order of the facts.
    answered: BTreeMap<usize, Answered>,
}

impl OtherDays {
    /// Reads what the maker says of findings.
    pub(crate) fn of(evidence: &Evidence) -> Result<Self, RefreshError> {
        let mut found = Vec::new();
        for (place, fact) in evidence.facts_of(AdvisoryFinding::KIND).enumerate() {
            let has_word =
                |name: &str| fact.body.get(name).and_then(Value::as_array).is_some_and(|all| !all.is_empty());
            if has_word("exceptions") {
                found.push((place, fact.body_as::<AdvisoryFinding>()?));
            }
        }
        if found.is_empty() {
            return Ok(Self { exceptions: Exceptions::default(), answered: BTreeMap::new() });
        }
        let exceptions = exceptions_of(evidence, &components(evidence)?)?;
        let today = day_of(evidence.as_of);
        let answered = found.into_iter().map(|(place, finding)| {
            let follows = exceptions.on(&finding, today) == finding.exceptions;
            (place, Answered { finding, follows })
        });
        let answered = answered.collect();
        Ok(Self { exceptions, answered })
    }

    /// Are there exceptions that do not follow from what the evidence says was stated?
    pub(crate) fn has_loose(&self) -> bool {
        self.answered.values().any(|one| !one.follows)
    }

    /// Gives the evidence as it is at `as_of`, which is not before its own moment. It may be a part of the evidence that was
    /// read, with all of its findings.
    pub(crate) fn on(&self, evidence: &Evidence, as_of: Timestamp) -> Evidence {
        let mut later = evidence.clone();
        later.as_of = as_of;
        let today = day_of(as_of);
        if today == day_of(evidence.as_of) {
            return later;
        }
        bodies_on(&mut later, today);
        let findings = later.facts.iter_mut().filter(|fact| fact.kind == AdvisoryFinding::KIND);
        for (place, fact) in findings.enumerate() {
            let Some(answered) = self.answered.get(&place) else { continue };
            let exceptions = self.exceptions_on(answered, today);
            let handled = exceptions.iter().any(|exception| exception.valid);
            if let Ok(exceptions) = serde_json::to_value(exceptions) {
                fact.body.insert("exceptions".to_owned(), exceptions);
                fact.body.insert("handled".to_owned(), handled.into());
            }
        }
        later
    }

    fn exceptions_on(&self, answered: &Answered, today: Date) -> Vec<ExceptionOnFinding> {
        if answered.follows {
            return self.exceptions.on(&answered.finding, today);
        }
        let mut exceptions = answered.finding.exceptions.clone();
        for exception in &mut exceptions {
            exception.valid &= exception.until.is_some_and(|until| until >= today);
        }
        exceptions
    }
}

/// Gives the same evidence as it is at a later moment, without its source and by the same data.
///
/// Refused: a moment before its own, and facts that are not what their kind has.
pub fn evidence_on(evidence: &Evidence, as_of: Timestamp) -> Result<Evidence, RefreshError> {
    if as_of < evidence.as_of {
        return Err(RefreshError::Earlier { have: evidence.as_of, asked: as_of });
    }
    Ok(OtherDays::of(evidence)?.on(evidence, as_of))
}

/// The day of a moment in UTC.
pub(crate) fn day_of(moment: Timestamp) -> Date {
    moment.to_zoned(TimeZone::UTC).date()
}

//! The rows of the face: always all of them, each with an answer.

use plimsoll_model::{Assurance, CatalogResult, Contradiction, Evidence, FaceRow, KindStatus, Outcome};
use plimsoll_practices::{Environment, FaceRowRule, Practices};

use crate::{Judged, ladder::held};

/// Gives the rows in the order of the tier file.
pub(crate) fn rows(
    practices: &Practices,
    catalogs: &[CatalogResult],
    criteria: &Judged,
    evidence: &Evidence,
    environment: &Environment<'_>,
    contradictions: &[Contradiction],
) -> Vec<FaceRow> {
    practices
        .tiers()
        .rows
        .iter()
        .map(|rule| {
            let decided = decide(rule, catalogs, criteria, contradictions);
            let looked = rule
                .needs
                .iter()
                .all(|need| evidence.kinds.get(need).is_some_and(|report| report.status != KindStatus::Unavailable));
            let text = if looked { rule.text.text(environment).ok() } else { None };
            FaceRow {
                id: rule.id.clone(),
                title: rule.title.clone(),
                text: text.unwrap_or_else(|| rule.unknown.clone()),
                outcome: decided.outcome,
                assurance: decided.assurance,
                contradicted: decided.contradicted,
            }
        })
        .collect()
}

/// What a row says beside its words.
pub(crate) struct Decided {
    pub(crate) outcome: Outcome,
    pub(crate) assurance: Option<Assurance>,
    pub(crate) contradicted: bool,
}

/// Gives what the entry or criterion behind a row came to.
pub(crate) fn decide(
    rule: &FaceRowRule,
    catalogs: &[CatalogResult],
    criteria: &Judged,
    contradictions: &[Contradiction],
) -> Decided {
    let first = held(&rule.decided_by, catalogs, criteria);
    let other = || held(rule.otherwise.as_deref()?, catalogs, criteria);
    let held = first.filter(|held| held.outcome != Outcome::Unknown || rule.otherwise.is_none()).or_else(other);
    let outcome = held.as_ref().map_or(Outcome::Unknown, |held| held.outcome);
    // Dots are for what holds. What is unknown or does not hold has none.
    let has_dots = matches!(outcome, Outcome::Met | Outcome::NotApplicable | Outcome::Partial);
    Decided {
        outcome,
        assurance: held.as_ref().and_then(|held| held.assurance).filter(|_| has_dots),
        contradicted: held.is_some_and(|held| held.contradicted)
            || contradictions.iter().any(|contradiction| contradiction.entry == rule.decided_by),
    }
}

//! The rows of the face: always all of them, each with an answer.

use plimsoll_model::{CatalogResult, Contradiction, Evidence, FaceRow, KindStatus, Outcome};
use plimsoll_practices::{Environment, Practices};

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
            let first = held(&rule.decided_by, catalogs, criteria);
            let other = || held(rule.otherwise.as_deref()?, catalogs, criteria);
            let held = first.filter(|held| held.outcome != Outcome::Unknown || rule.otherwise.is_none()).or_else(other);
            let outcome = held.as_ref().map_or(Outcome::Unknown, |held| held.outcome);
            let assurance = held.as_ref().and_then(|held| held.assurance);
            let contradicted = held.as_ref().is_some_and(|held| held.contradicted)
                || contradictions.iter().any(|contradiction| contradiction.entry == rule.decided_by);
            let looked = rule
                .needs
                .iter()
                .all(|need| evidence.kinds.get(need).is_some_and(|report| report.status != KindStatus::Unavailable));
            let text = if looked { rule.text.text(environment).ok() } else { None };
            FaceRow {
                id: rule.id.clone(),
                title: rule.title.clone(),
                text: text.unwrap_or_else(|| rule.unknown.clone()),
                outcome,
                // Dots are for what holds. What is unknown or does not hold has none.
                assurance: assurance
                    .filter(|_| matches!(outcome, Outcome::Met | Outcome::NotApplicable | Outcome::Partial)),
                contradicted,
            }
        })
        .collect()
}

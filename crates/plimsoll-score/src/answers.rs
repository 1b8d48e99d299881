//! What evidence answers of every catalog, also of those that no label holds.

use plimsoll_model::{CatalogResult, Contradiction, CriterionResult, Evidence, Product};
use plimsoll_practices::{Environment, Lists, Practices};

use crate::{ScoreError, contradictions, criteria, entries, product};

/// Every entry and every criterion, judged.
pub struct Answers {
    /// What the evidence is about, as a label says it.
    pub product: Product,
    /// Every catalog, in the order in which the practices have them.
    pub catalogs: Vec<CatalogResult>,
    /// Every criterion, in the order of its id.
    pub criteria: Vec<CriterionResult>,
    /// Claims that the evidence disproves, of any catalog.
    pub contradictions: Vec<Contradiction>,
}

/// Judges every entry of every catalog by `evidence`, as a label judges those that it holds.
///
/// No tier follows from it. Evidence whose facts are not those that its collectors counted is refused.
pub fn answers(evidence: &Evidence, practices: &Practices) -> Result<Answers, ScoreError> {
    evidence.check()?;
    let lists = Lists::of(evidence.facts.iter(), &practices.reads());
    let environment = Environment::new(&lists, evidence, &practices.tiers().limits);
    let facts = criteria::by_kind(evidence.facts.iter());
    let judged = criteria::assess(&evidence.kinds, &facts, practices.criteria().values(), &environment);
    let claims = entries::claims(evidence)?;
    let catalogs: Vec<CatalogResult> =
        practices.all_catalogs().iter().map(|catalog| entries::assess(catalog, &claims, practices, &judged)).collect();
    let product = product::of(evidence, practices, &environment)?;
    let found = contradictions::find(practices, practices.all_catalogs(), &catalogs, &judged, false);
    let catalogs = contradictions::mark(catalogs, &found.contradictions);
    Ok(Answers {
        product,
        catalogs,
        criteria: judged.into_values().map(|judged| judged.result).collect(),
        contradictions: found.contradictions,
    })
}

//! Catalogs that a label holds because someone asked for them, in short.
//!
//! They never bear on the tier: what a label says of its tier must not depend on which frameworks are shown next to it.

use plimsoll_model::{Evidence, FrameworkEntry, FrameworkResult, LabelBody, Statement};
use plimsoll_practices::{Catalog, Practices, hint};

use crate::{Judged, ScoreError, contradictions, criteria, entries, line_by_line};

/// Puts the entries of the catalogs `ids` into a label that was scored from `evidence` by `practices`, in the order of the
/// practices. One that every label holds in full is left as it is.
///
/// An id that no catalog has, and two versions of one framework, are refused.
pub fn with_frameworks(
    mut statement: Statement,
    evidence: &Evidence,
    practices: &Practices,
    ids: &[String],
) -> Result<Statement, ScoreError> {
    let chosen = chosen(practices, ids)?;
    if chosen.is_empty() {
        return Ok(statement);
    }
    let claims = entries::claims(evidence)?;
    let judged = judged(&statement.predicate);
    let results = chosen.into_iter().map(|catalog| {
        let found = entries::assess(catalog, &claims, practices, &judged);
        short(catalog, found, practices, &judged)
    });
    statement.predicate.frameworks = results.collect();
    Ok(statement)
}

/// The catalogs `ids`, or short names of them, that a label holds only when it is asked for them, in the order of the practices.
pub fn chosen<'p>(practices: &'p Practices, ids: &[String]) -> Result<Vec<&'p Catalog>, ScoreError> {
    let mut named = Vec::new();
    for id in ids {
        if let Some(catalog) = practices.catalog(id).or_else(|| practices.catalog_called(id)) {
            named.push(&catalog.id);
        } else {
            let hint = hint(id, practices.all_catalogs().iter().map(|catalog| catalog.id.as_str()));
            return Err(ScoreError::Catalog { id: plimsoll_model::one_line(id), hint });
        }
    }
    let asked = practices.all_catalogs().iter().filter(|catalog| !catalog.in_label && named.contains(&&catalog.id));
    let chosen: Vec<&Catalog> = asked.collect();
    for (number, catalog) in chosen.iter().enumerate() {
        if let Some(other) = chosen.iter().take(number).find(|other| other.framework == catalog.framework) {
            return Err(ScoreError::TwoVersions { one: other.id.clone(), other: catalog.id.clone() });
        }
    }
    Ok(chosen)
}

/// The criteria of a label. Which of them could not be looked at bears on caps alone, and there are none here.
fn judged(body: &LabelBody) -> Judged {
    let judged =
        |result: &plimsoll_model::CriterionResult| criteria::Judged { result: result.clone(), unavailable: false };
    body.criteria.iter().map(|result| (result.id.clone(), judged(result))).collect()
}

/// The outcomes alone, as a report has them. A claim that the evidence disproves does not hold.
fn short(
    catalog: &Catalog,
    found: plimsoll_model::CatalogResult,
    practices: &Practices,
    judged: &Judged,
) -> FrameworkResult {
    let found = vec![found];
    let disproved = contradictions::find(practices, std::slice::from_ref(catalog), &found, judged, false);
    let marked = contradictions::mark(found, &disproved.contradictions);
    let results = marked.into_iter().flat_map(|found| found.entries);
    let criterion = |id: &str| judged.get(id).map(|judged| &judged.result);
    let entries = catalog.entries.iter().zip(results).map(|(rule, result)| {
        let whole = line_by_line(rule, &result, practices, &criterion);
        FrameworkEntry { id: result.id, outcome: whole.outcome, assurance: whole.assurance }
    });
    FrameworkResult { id: catalog.id.clone(), version: catalog.version.clone(), entries: entries.collect() }
}

/// Says where the frameworks of a label cannot follow from its criteria: each entry is what the criteria come to by themselves,
/// or what the maker's word, which is not in the label, makes of it.
pub(crate) fn inconsistency(body: &LabelBody, practices: &Practices, judged: &Judged) -> Result<(), String> {
    let ids: Vec<String> = body.frameworks.iter().map(|framework| framework.id.clone()).collect();
    let chosen = chosen(practices, &ids).map_err(|error| error.to_string())?;
    if chosen.len() != body.frameworks.len() {
        return Err("it has a framework twice, or in short and in full".to_owned());
    }
    for (catalog, given) in chosen.into_iter().zip(&body.frameworks) {
        let silent = entries::assess_by(catalog, &|_| None, practices, judged);
        let own = short(catalog, silent, practices, judged);
        let ids = |framework: &FrameworkResult| framework.entries.iter().map(|one| one.id.clone()).collect::<Vec<_>>();
        if (&own.id, &own.version, ids(&own)) != (&given.id, &given.version, ids(given)) {
            return Err(format!(
                "its framework \"{}\" is not that of the practices",
                plimsoll_model::one_line(&given.id)
            ));
        }
        for ((rule, own), given) in catalog.entries.iter().zip(&own.entries).zip(&given.entries) {
            let by_word =
                rule.claimable && given.assurance.is_none_or(|known| known <= plimsoll_model::Assurance::Declared);
            if own != given && !by_word {
                return Err(format!("its entry {}/{} does not follow from its criteria", catalog.id, rule.id));
            }
        }
    }
    Ok(())
}

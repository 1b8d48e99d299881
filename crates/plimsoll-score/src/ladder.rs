//! How high the demands of the tiers are met.

use plimsoll_model::{Assurance, Cap, CatalogResult, EntryResult, Missing, Outcome, Rung, TierResult};
use plimsoll_practices::{Demand, Practices};

use crate::Judged;

/// Gives the highest tier all of whose demands, and those of all tiers below, are met at the assurance asked, at most
/// what `cap` leaves; and every tier with what it misses.
///
/// Source: Executive Order 14028 section 4(u) (levels that rise with increasingly comprehensive testing and assessment).
pub(crate) fn climb(
    practices: &Practices,
    catalogs: &[CatalogResult],
    criteria: &Judged,
    cap: Option<&Cap>,
) -> (TierResult, Vec<Rung>) {
    let tiers = &practices.tiers().tiers;
    let mut ladder = Vec::new();
    let mut reached = true;
    for tier in tiers.iter().filter(|tier| tier.level > 0) {
        let missing: Vec<Missing> =
            tier.demands.iter().filter_map(|demand| missing(demand, practices, catalogs, criteria)).collect();
        reached &= missing.is_empty();
        ladder.push(Rung {
            level: tier.level,
            name: tier.name.clone(),
            plain: tier.plain.clone(),
            sentence: tier.sentence.clone(),
            reached,
            missing,
        });
    }
    let climbed = ladder.iter().filter(|rung| rung.reached).map(|rung| rung.level).max().unwrap_or_default();
    let level = cap.map_or(climbed, |cap| climbed.min(cap.level));
    let highest = tiers.last().map_or(0, |tier| tier.level);
    let (name, plain, sentence) = tiers
        .iter()
        .find(|tier| tier.level == level)
        .map(|tier| (tier.name.clone(), tier.plain.clone(), tier.sentence.clone()))
        .unwrap_or_default();
    (TierResult { level, highest, name, plain, sentence, cap: cap.cloned() }, ladder)
}

/// What is found under an id of a demand: an entry or a criterion.
pub(crate) struct Held<'a> {
    pub(crate) title: &'a str,
    pub(crate) outcome: Outcome,
    pub(crate) assurance: Option<Assurance>,
    pub(crate) reason: &'a str,
    pub(crate) contradicted: bool,
    entry: Option<&'a EntryResult>,
}

pub(crate) fn held<'a>(id: &str, catalogs: &'a [CatalogResult], criteria: &'a Judged) -> Option<Held<'a>> {
    if let Some((catalog, entry)) = id.split_once('/') {
        let result = catalogs.iter().find(|one| one.id == catalog)?.entries.iter().find(|one| one.id == entry)?;
        return Some(Held {
            title: &result.title,
            outcome: result.outcome,
            assurance: result.assurance,
            reason: &result.reason,
            contradicted: result.contradicted,
            entry: Some(result),
        });
    }
    let result = &criteria.get(id)?.result;
    Some(Held {
        title: &result.asks,
        outcome: result.outcome,
        assurance: result.assurance,
        reason: &result.reason,
        contradicted: false,
        entry: None,
    })
}

/// Is `demand` met at the assurance that it asks?
pub(crate) fn is_met(demand: &Demand, practices: &Practices, catalogs: &[CatalogResult], criteria: &Judged) -> bool {
    held(&demand.id, catalogs, criteria).is_some_and(|held| holds(demand, practices, &held))
}

fn holds(demand: &Demand, practices: &Practices, held: &Held<'_>) -> bool {
    let reached = held.assurance.is_some_and(|assurance| assurance >= demand.at);
    match held.outcome {
        Outcome::Met => reached,
        // Where the catalog says that it may not apply the claim says why, and what does not apply cannot be seen any better.
        Outcome::NotApplicable => reached || practices.entry(&demand.id).is_some_and(|entry| entry.may_not_apply),
        Outcome::Partial | Outcome::Unmet | Outcome::Unknown => false,
    }
}

fn missing(demand: &Demand, practices: &Practices, catalogs: &[CatalogResult], criteria: &Judged) -> Option<Missing> {
    let held = held(&demand.id, catalogs, criteria)?;
    let rule = practices.entry(&demand.id);
    if holds(demand, practices, &held) {
        return None;
    }
    let mut candidates: Vec<&str> = match rule {
        Some(entry) => {
            // What strengthens an entry helps only where its other criteria cannot come to what is asked.
            let of = |id: &String| practices.criteria().get(id).map(|criterion| criterion.assurance);
            let reach = |ids: &[String]| ids.iter().map(of).min().flatten().is_some_and(|reach| reach >= demand.at);
            let enough = reach(&entry.supported_by);
            let stronger = entry.strengthened_by.iter().filter(|_| !enough);
            let others = entry.corroborated_by.iter().filter(|_| !enough && !reach(&entry.strengthened_by));
            entry.supported_by.iter().chain(stronger).chain(others).map(String::as_str).collect()
        }
        None => vec![demand.id.as_str()],
    };
    candidates.retain(|id| criteria.get(*id).is_none_or(|judged| judged.result.outcome != Outcome::Met));
    candidates.sort_by_key(|id| practices.criteria().get(*id).map(|criterion| criterion.effort));
    let reachable = match rule {
        Some(entry) => entry.reachable,
        None => practices.criteria().get(&demand.id).map_or(Assurance::Declared, |criterion| criterion.assurance),
    };
    let reason = match (held.outcome, held.entry.and_then(|entry| entry.pending.as_ref())) {
        (_, Some(pending)) if reachable < demand.at => pending.clone(),
        (Outcome::Met | Outcome::NotApplicable, _) => {
            format!("it is known as {} only: {}", held.assurance.map_or("nothing", Assurance::as_str), held.reason)
        }
        _ => held.reason.to_owned(),
    };
    Some(Missing {
        id: demand.id.clone(),
        title: held.title.to_owned(),
        asked: demand.at,
        outcome: held.outcome,
        assurance: held.assurance,
        reason,
        criteria: candidates.into_iter().map(ToOwned::to_owned).collect(),
        out_of_reach: reachable < demand.at,
    })
}

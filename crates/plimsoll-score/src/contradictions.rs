//! Claims that the evidence disproves, or whose proof could not be looked for: both hold the tier down.

use plimsoll_model::{Assurance, Cap, CatalogResult, Contradiction, EntryResult, Outcome};
use plimsoll_practices::{Catalog, Practices};

use crate::Judged;

/// The highest tier that is left when a claim could only in part be held against the evidence.
const CAP_OF_PARTIAL: u8 = 1;

/// What was found, and the lowest cap that follows.
pub(crate) struct Found {
    pub(crate) contradictions: Vec<Contradiction>,
    pub(crate) cap: Option<Cap>,
}

/// Finds every contradiction, in the order of catalogs and entries.
///
/// A claim that counts (done, or not applicable) is held against the criteria that could disprove it. Where one of them
/// could not be decided because its evidence is unavailable, the tier is capped as if it had been disproved: otherwise
/// hiding the evidence would help. A capped result is at the most what the worst cap leaves.
///
/// `catalogs` are what the entries of `rules` came to, in the same order. `unreadable` says that there are claims and that nobody could read them.
pub(crate) fn find(
    practices: &Practices,
    rules: &[Catalog],
    catalogs: &[CatalogResult],
    criteria: &Judged,
    unreadable: bool,
) -> Found {
    let mut contradictions = Vec::new();
    let mut caps: Vec<Cap> = Vec::new();
    for (catalog, results) in rules.iter().zip(catalogs) {
        for (entry, result) in catalog.entries.iter().zip(&results.entries) {
            let Some(claimed) = claimed(result) else { continue };
            let id = format!("{}/{}", catalog.id, entry.id);
            for judged in entry.contradicted_by.iter().filter_map(|criterion| criteria.get(criterion)) {
                let cap = practices.tiers().cap_of(&id);
                let found = &judged.result;
                match found.outcome {
                    Outcome::Unmet | Outcome::Partial => {
                        let reason = format!(
                            "the maker says \"{}\" about {} ({}); the evidence says otherwise: {}",
                            claimed, entry.id, entry.title, found.reason
                        );
                        caps.push(Cap { level: cap, reason: reason.clone() });
                        contradictions.push(Contradiction {
                            entry: id.clone(),
                            title: entry.title.clone(),
                            criterion: found.id.clone(),
                            reason,
                            cap,
                            pointers: found.pointers.clone(),
                        });
                    }
                    Outcome::Unknown => {
                        let level = if judged.unavailable { cap } else { cap.max(CAP_OF_PARTIAL) };
                        let reason = format!(
                            "the maker's word about {} ({}) could not be checked: {}",
                            entry.id, entry.title, found.reason
                        );
                        caps.push(Cap { level, reason });
                    }
                    Outcome::Met | Outcome::NotApplicable => {}
                }
            }
        }
    }
    if unreadable {
        caps.push(Cap { level: 0, reason: "the maker's claims could not be read".to_owned() });
    }
    // min_by_key keeps the first of equals: the order is that of the catalogs.
    let cap = caps.into_iter().min_by_key(|cap| cap.level);
    Found { contradictions, cap }
}

/// What the maker says of an entry that evidence could disprove: an answer that counts, or a declaration in the claims file
/// that a criterion takes up.
pub(crate) fn claimed(result: &EntryResult) -> Option<&str> {
    let answered = result.claimed.as_ref().filter(|claimed| claimed.current).map(|claimed| claimed.answer.as_str());
    let declares = || {
        result
            .supported_by
            .iter()
            .any(|support| support.outcome == Outcome::Met && support.assurance == Some(Assurance::Declared))
            .then_some("stated")
    };
    answered.filter(|answer| matches!(*answer, "done" | "not-applicable")).or_else(declares)
}

/// Marks the entries that are contradicted.
pub(crate) fn mark(mut catalogs: Vec<CatalogResult>, contradictions: &[Contradiction]) -> Vec<CatalogResult> {
    for catalog in &mut catalogs {
        for entry in &mut catalog.entries {
            let id = format!("{}/{}", catalog.id, entry.id);
            if let Some(found) = contradictions.iter().find(|contradiction| contradiction.entry == id) {
                entry.contradicted = true;
                entry.outcome = Outcome::Unmet;
                entry.assurance = None;
                entry.reason.clone_from(&found.reason);
            }
        }
    }
    catalogs
}

//! Until when a label may be relied on: its days, and no longer than anything that its tier rests on.

use std::collections::BTreeSet;

use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use plimsoll_model::{
    Assurance, CatalogResult, Outcome,
    body::{Body as _, Claim},
};
use plimsoll_practices::{Demand, EndRule, Environment, LABEL_DAYS, Practices};

use crate::{Judged, contradictions};

/// What a tier rests on.
#[derive(Default)]
pub(crate) struct Resting<'a> {
    criteria: BTreeSet<&'a str>,
    kinds: BTreeSet<&'a str>,
}

impl Resting<'_> {
    /// Does the tier end with what `rule` is about?
    pub(crate) fn rests_on(&self, rule: &EndRule) -> bool {
        if rule.criteria.is_empty() {
            rule.needs.iter().any(|kind| self.kinds.contains(kind.as_str()))
        } else {
            rule.criteria.iter().any(|id| self.criteria.contains(id.as_str()))
        }
    }
}

/// Gives the earliest of the days of a label and of each end that the tier file names for what it rests on.
///
/// An end whose days cannot be told ends the label on its own day: what nobody can date is not promised. Nothing is given
/// where `as_of` is so late that no such moment exists.
pub(crate) fn expiry(
    as_of: Timestamp,
    resting: &Resting<'_>,
    practices: &Practices,
    environment: &Environment<'_, '_>,
) -> Option<Timestamp> {
    let tiers = practices.tiers();
    let days = tiers.limits.get("label_days").copied().unwrap_or(LABEL_DAYS);
    let longest = as_of.checked_add((days * 24).hours()).ok()?;
    let today = as_of.to_zoned(TimeZone::UTC).date();
    let ends = tiers.ends.iter().filter(|rule| resting.rests_on(rule)).flat_map(|rule| {
        // What is over already is not what the tier rests on.
        let days = rule.days.days(environment).unwrap_or_else(|_| vec![today]);
        days.into_iter().filter(|day| *day >= today)
    });
    Some(ends.filter_map(end_of).fold(longest, Timestamp::min))
}

/// The last second of a day; nothing for the last day that there is.
pub(crate) fn end_of(day: Date) -> Option<Timestamp> {
    let next = day.tomorrow().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp();
    next.checked_sub(1.second()).ok()
}

/// These criteria and the kinds of evidence behind them.
pub(crate) fn resting_on<'a>(criteria: impl Iterator<Item = &'a str>, practices: &'a Practices) -> Resting<'a> {
    let mut resting = Resting { criteria: criteria.collect(), kinds: BTreeSet::new() };
    let needs = resting.criteria.iter().filter_map(|id| practices.criteria().get(*id)).flat_map(|one| &one.needs);
    resting.kinds.extend(needs.map(String::as_str));
    resting
}

/// The criteria that hold up the demands of all tiers up to `level`, those that would disprove a claim if they ceased to hold,
/// and the kinds of evidence behind them.
pub(crate) fn resting<'a>(
    level: u8,
    practices: &'a Practices,
    catalogs: &'a [CatalogResult],
    criteria: &'a Judged,
) -> Resting<'a> {
    let mut resting = Resting::default();
    let tiers = practices.tiers();
    let demands = tiers.tiers.iter().filter(|tier| tier.level <= level).flat_map(|tier| &tier.demands);
    demands.for_each(|demand| hold_up(demand, practices, catalogs, criteria, &mut resting));
    for (catalog, results) in practices.catalogs().iter().zip(catalogs) {
        for (entry, result) in catalog.entries.iter().zip(&results.entries) {
            let caps = tiers.cap_of(&format!("{}/{}", catalog.id, entry.id)) < level;
            if caps && contradictions::claimed(result).is_some() {
                resting.criteria.extend(entry.contradicted_by.iter().map(String::as_str));
            }
        }
    }
    let needs = resting.criteria.iter().filter_map(|id| practices.criteria().get(*id)).flat_map(|one| &one.needs);
    resting.kinds.extend(needs.map(String::as_str));
    resting
}

fn hold_up<'a>(
    demand: &'a Demand,
    practices: &'a Practices,
    catalogs: &'a [CatalogResult],
    criteria: &Judged,
    resting: &mut Resting<'a>,
) {
    let Some(entry) = practices.entry(&demand.id) else {
        resting.criteria.insert(&demand.id);
        return;
    };
    let result = demand.id.split_once('/').and_then(|(catalog, id)| {
        catalogs.iter().find(|one| one.id == catalog)?.entries.iter().find(|one| one.id == id)
    });
    if result.and_then(|result| result.claimed.as_ref()).is_some_and(|claimed| claimed.current) {
        resting.kinds.insert(Claim::KIND);
    }
    // Each further group is there for what those before it do not come to.
    let mut reached: Option<Assurance> = None;
    for group in [&entry.supported_by, &entry.strengthened_by, &entry.corroborated_by] {
        if reached.is_some_and(|reached| reached >= demand.at) {
            break;
        }
        let results = group.iter().filter_map(|id| criteria.get(id)).map(|judged| &judged.result);
        let held = results.clone().all(|one| matches!(one.outcome, Outcome::Met | Outcome::NotApplicable));
        if held {
            resting.criteria.extend(group.iter().map(String::as_str));
            reached = reached.max(results.filter_map(|one| one.assurance).min());
        }
    }
}

#[cfg(test)]
mod tests {
    use plimsoll_model::Evidence;
    use serde_json::{Value, json};

    use crate::tests::{label, practices, read};

    fn expires(path: &str, change: impl Fn(&mut Evidence)) -> (u8, String) {
        let mut evidence = read(path);
        change(&mut evidence);
        let label = label(&evidence);
        (label.tier.level, label.expires.to_string())
    }

    fn set(kind: &'static str, name: &'static str, value: &'static str) -> impl Fn(&mut Evidence) {
        move |evidence| {
            let value: Value = serde_json::from_str(value).unwrap();
            evidence.facts.iter_mut().filter(|fact| fact.kind == kind).for_each(|fact| {
                fact.body.insert(name.to_owned(), value.clone());
            });
        }
    }

    #[test]
    fn a_label_ends_with_the_first_thing_that_its_tier_rests_on() {
        // The evidence is of 1 November 2026, the data of 25 October.
        let whole = "2027-01-30T00:00:00Z";
        let end = |day: &str| format!("{day}T23:59:59Z");
        for (what, path, change, expected) in [
            ("all of it", "tier-2", set("nothing", "", "0"), (2, whole.to_owned())),
            (
                "the review of the claims",
                "tier-2",
                set("product", "reviewBy", "\"2026-12-01\""),
                (2, end("2026-12-01")),
            ),
            ("the review of one claim", "tier-2", set("claim", "reviewBy", "\"2026-11-01\""), (2, end("2026-11-01"))),
            ("the promise", "tier-2", set("product", "supportUntil", "\"2026-12-24\""), (2, end("2026-12-24"))),
            ("the last change", "tier-2", set("history", "lastCommit", "\"2025-11-10\""), (2, end("2026-11-10"))),
            ("old data", "tier-2", set("advisory-database", "date", "\"2026-05-10\""), (2, end("2026-11-06"))),
            ("data of weeks", "tier-3", set("nothing", "", "0"), (3, end("2026-11-24"))),
            ("a key or certificate", "tier-3", set("attestation", "until", "\"2026-11-19\""), (3, end("2026-11-19"))),
            ("none that ends", "tier-3", set("attestation", "until", "null"), (3, end("2026-11-24"))),
            (
                "nothing that rests on it",
                "tier-2",
                set("attestation", "until", "\"2026-11-19\""),
                (2, whole.to_owned()),
            ),
            (
                "the key of who countersigned",
                "tier-4",
                set("countersignature", "until", "\"2026-11-18\""),
                (4, end("2026-11-18")),
            ),
            (
                "what is over already",
                "tier-2",
                set("data-category", "reviewBy", "\"2026-10-01\""),
                (2, whole.to_owned()),
            ),
            (
                "nothing, where there is no tier",
                "tier-0",
                set("product", "reviewBy", "\"2026-12-01\""),
                (0, whole.to_owned()),
            ),
        ] {
            assert_eq!(expires(&format!("evidence/{path}.json"), change), expected, "{what}");
        }
    }

    #[test]
    fn an_exception_ends_the_label() {
        let mut evidence = read("evidence/tier-2.json");
        let mut finding =
            read("evidence/tier-0.json").facts.into_iter().find(|fact| fact.kind == "advisory-finding").unwrap();
        let exceptions = json!([
            { "file": "plimsoll.toml", "reason": "not reachable", "until": "2026-11-20", "valid": true },
            { "file": "deny.toml", "reason": "over", "until": "2026-11-05", "valid": false },
        ]);
        finding.body.insert("handled".to_owned(), json!(true));
        finding.body.insert("exceptions".to_owned(), exceptions);
        evidence.facts.push(finding);
        evidence.kinds.get_mut("advisory-finding").unwrap().count += 1;
        let label = label(&evidence);
        assert_eq!((label.tier.level, label.expires.to_string()), (2, "2026-11-20T23:59:59Z".to_owned()));
    }

    /// A policy that expires is needed for what no other says: that there is one, or that it is complete.
    #[test]
    fn a_policy_ends_the_label_where_no_other_says_the_same() {
        let (whole, end) = ("2027-01-30T00:00:00Z", "2026-12-05T23:59:59Z");
        for (of_first, of_second, expected) in [
            // Whether it is complete, and when it expires.
            ((true, None), None, whole),
            ((true, Some("2026-12-05")), None, end),
            ((true, Some("2026-12-05")), Some((true, None)), whole),
            ((true, Some("2026-12-05")), Some((false, None)), end),
            ((false, None), Some((true, Some("2026-12-05"))), end),
            ((false, Some("2026-12-05")), Some((true, None)), whole),
            ((true, None), Some((false, Some("2026-12-05"))), whole),
            ((true, Some("2027-06-01")), Some((true, Some("2026-12-05"))), end),
        ] {
            let mut evidence = read("evidence/tier-2.json");
            let at =
                evidence.facts.iter().position(|fact| fact.body.get("path") == Some(&json!("SECURITY.md"))).unwrap();
            let mut second = evidence.facts[at].clone();
            let write = |fact: &mut plimsoll_model::Fact, (complete, expires): (bool, Option<&str>)| {
                fact.body.insert("hasProcess".to_owned(), json!(complete));
                fact.body.insert("expires".to_owned(), json!(expires));
            };
            write(&mut evidence.facts[at], of_first);
            if let Some(of_second) = of_second {
                write(&mut second, of_second);
                second.subject.id = "SECURITY-INSIGHTS.yml".to_owned();
                second.body.insert("path".to_owned(), json!("SECURITY-INSIGHTS.yml"));
                second.body.insert("type".to_owned(), json!("security-insights"));
                evidence.facts.push(second);
                evidence.kinds.get_mut("policy").unwrap().count += 1;
            }
            let label = label(&evidence);
            let found = (label.tier.level, label.expires.to_string());
            assert_eq!(found, (2, expected.to_owned()), "{of_first:?} {of_second:?}");
        }
    }

    #[test]
    fn every_end_can_be_told_of_all_evidence() {
        let practices = practices();
        for path in
            ["criteria/exemplary.json", "criteria/neglected.json", "criteria/expired.json", "evidence/tier-4.json"]
        {
            let evidence = read(path);
            let lists = plimsoll_practices::Lists::of(evidence.facts.iter(), &practices.reads());
            let environment = plimsoll_practices::Environment::new(&lists, &evidence, &practices.tiers().limits);
            for rule in &practices.tiers().ends {
                assert!(
                    rule.days.days(&environment).is_ok(),
                    "{path}: {}: {:?}",
                    rule.what,
                    rule.days.days(&environment)
                );
            }
        }
    }
}

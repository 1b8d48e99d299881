//! A label against itself: do its tier, ladder, rows and entries follow from the outcomes that stand in it?
//!
//! Without the evidence nobody can say whether a criterion is met. What follows from the criteria is arithmetic, and a label
//! that does not do it right was not computed.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use plimsoll_model::{
    Assurance, CatalogResult, Claimed, CriterionResult, EVIDENCE_SCHEMA_VERSION, Evidence, Examined, Extra, Fact,
    InputId, KindName, KindStatus, LabelBody, Outcome, Sign, Subject,
    body::{AdvisoryDatabase, Body as _, Claim},
};
use plimsoll_practices::{Criterion, Environment, Lists, Practices, Quantifier};

use crate::{Judged, contradictions, criteria, end, entries, face, frameworks, ladder, source};

/// The kind of what the advisory data is.
const DATA: KindName = AdvisoryDatabase::KIND;

/// Says where a label does not follow from its own criteria and claims by `practices`; nothing where all of it does.
///
/// What only evidence can tell is believed: outcomes, reasons, findings, the words of the rows.
pub fn inconsistency(body: &LabelBody, practices: &Practices) -> Option<String> {
    check(body, practices).err()
}

fn check(body: &LabelBody, practices: &Practices) -> Result<(), String> {
    let criteria = judged(body, practices)?;
    for claimed in body.catalogs.iter().flat_map(|catalog| &catalog.entries).filter_map(|entry| entry.claimed.as_ref())
    {
        current(claimed, body.as_of)?;
    }
    let known: BTreeMap<(&str, &str), &Claimed> = body
        .catalogs
        .iter()
        .flat_map(|catalog| catalog.entries.iter().map(move |entry| (catalog, entry)))
        .filter_map(|(catalog, entry)| Some(((catalog.id.as_str(), entry.id.as_str()), entry.claimed.as_ref()?)))
        .collect();
    let catalogs: Vec<_> = practices
        .catalogs()
        .iter()
        .map(|catalog| {
            let claimed = |entry: &str| known.get(&(catalog.id.as_str(), entry)).map(|claimed| (*claimed).clone());
            entries::assess_by(catalog, &claimed, practices, &criteria)
        })
        .collect();
    let found =
        contradictions::find(practices, practices.catalogs(), &catalogs, &criteria, is_unavailable(body, Claim::KIND));
    let catalogs = contradictions::mark(catalogs, &found.contradictions);
    let (tier, rungs) = ladder::climb(practices, &catalogs, &criteria, found.cap.as_ref());
    // The tier first: it is what somebody reads.
    if tier != body.tier {
        let stated = body.tier.level;
        return Err(if tier.level == stated {
            format!("its criteria come to tier {stated}, and not as it says")
        } else {
            format!("its own criteria come to tier {}, and it says {stated}", tier.level)
        });
    }
    if body.practices_of != crate::practices_of(&body.inputs, practices) {
        return Err("whose practices it rests on is not as it says".to_owned());
    }
    if rungs != body.ladder {
        return Err("what it says is missing for the next tiers does not follow from its criteria".to_owned());
    }
    if found.contradictions != body.contradictions {
        return Err("its contradictions do not follow from its claims and criteria".to_owned());
    }
    if catalogs.len() != body.catalogs.len() {
        return Err("it has other catalogs than the practices".to_owned());
    }
    for (own, given) in catalogs.iter().zip(&body.catalogs) {
        if (&own.id, &own.title, own.entries.len()) != (&given.id, &given.title, given.entries.len()) {
            return Err(format!(
                "its catalog \"{}\" is not that of the practices",
                plimsoll_model::one_line(&given.id)
            ));
        }
        if let Some((own, _)) = own.entries.iter().zip(&given.entries).find(|(own, given)| own != given) {
            return Err(format!("its entry {} does not follow from its criteria", own.id));
        }
    }
    frameworks::inconsistency(body, practices, &criteria)?;
    let rows = &practices.tiers().rows;
    let right = |(rule, row): (&plimsoll_practices::FaceRowRule, &plimsoll_model::FaceRow)| {
        let own = face::decide(rule, practices, &catalogs, &criteria, &found.contradictions);
        let known = own.assurance.filter(|_| row.sign != Some(Sign::Unknown));
        (&rule.id, &rule.title) == (&row.id, &row.title)
            && (own.outcome, known, own.contradicted) == (row.outcome, row.assurance, row.contradicted)
            && face::can_be(rule, &own, row)
    };
    if rows.len() != body.face.len() || !rows.iter().zip(&body.face).all(right) {
        return Err("the rows of its face do not follow from its criteria".to_owned());
    }
    if let Some(reason) = source::inconsistency(body, practices, &criteria) {
        return Err(reason.to_owned());
    }
    ends(body, practices)?;
    data(body, practices, &catalogs, &criteria)
}

/// The criteria of the label as they would have been judged; why one of them cannot have been.
fn judged(body: &LabelBody, practices: &Practices) -> Result<Judged, String> {
    let rules = practices.criteria();
    if body.criteria.len() != rules.len() {
        return Err("it has other criteria than the practices".to_owned());
    }
    let judge = |(rule, result): (&Criterion, &CriterionResult)| {
        if let Some(wrong) = cannot_be(rule, result, body) {
            return Err(format!("its criterion {} cannot have come out as it says: {wrong}", rule.id));
        }
        let missing = result.reason.starts_with(criteria::NO_EVIDENCE);
        let unavailable =
            result.outcome == Outcome::Unknown && (missing || rule.needs.iter().any(|kind| is_unavailable(body, kind)));
        Ok((rule.id.clone(), criteria::Judged { result: result.clone(), unavailable }))
    };
    rules.values().zip(&body.criteria).map(judge).collect()
}

fn cannot_be(rule: &Criterion, result: &CriterionResult, body: &LabelBody) -> Option<&'static str> {
    let (fix, effort) = criteria::to_do(rule, result.outcome);
    let words = (&rule.id, &rule.asks, &rule.why, fix, effort, &rule.refs);
    if words != (&result.id, &result.asks, &result.why, &*result.fix, &*result.effort, &result.refs) {
        return Some("it is not worded as the practices have it");
    }
    let status =
        |status: KindStatus| body.limitations.iter().any(|one| one.status == status && rule.needs.contains(&one.kind));
    let gap = status(KindStatus::Partial);
    let assurance = |most: Assurance| result.assurance.is_none_or(|assurance| assurance > most);
    match result.outcome {
        Outcome::Unknown if result.assurance.is_some() => Some("what is unknown has no assurance"),
        Outcome::Unknown => None,
        _ if status(KindStatus::Unavailable) => Some("its evidence could not be looked at"),
        Outcome::Met if gap && rule.quantifier == Quantifier::Every => Some("a part was not looked at"),
        Outcome::Unmet | Outcome::Partial if gap && rule.quantifier == Quantifier::Some => {
            Some("a part was not looked at")
        }
        Outcome::NotApplicable if gap || rule.not_applicable.is_none() => Some("it applies"),
        Outcome::Unmet if result.assurance.is_some() => Some("what does not hold has no assurance"),
        Outcome::Partial if rule.partial.is_none() => Some("it holds or does not"),
        Outcome::Met | Outcome::Partial | Outcome::NotApplicable if assurance(rule.assurance) => {
            Some("it is never known as well as that")
        }
        Outcome::Met | Outcome::Unmet | Outcome::Partial | Outcome::NotApplicable => None,
    }
}

fn is_unavailable(body: &LabelBody, kind: &str) -> bool {
    body.limitations.iter().any(|one| one.kind == kind && one.status == KindStatus::Unavailable)
}

/// An answer counts from its day to its review date.
fn current(claimed: &Claimed, as_of: Timestamp) -> Result<(), String> {
    let today = as_of.to_zoned(TimeZone::UTC).date();
    if claimed.current && !(claimed.date <= today && today <= claimed.review_by) {
        return Err(format!(
            "a claim of {} counts until {}, and it says that it counts",
            claimed.date, claimed.review_by
        ));
    }
    Ok(())
}

/// What stands in the label and ends before it ends the label, where the practices say so.
fn ends(body: &LabelBody, practices: &Practices) -> Result<(), String> {
    if body.tier.level == 0 {
        return Ok(());
    }
    let ends_with = |kind: &str| {
        let mut rules = practices.tiers().ends.iter().filter(|rule| rule.criteria.is_empty());
        rules.any(|rule| rule.needs.iter().any(|need| need == kind))
    };
    let entries = body.catalogs.iter().flat_map(|catalog| &catalog.entries);
    let claims = entries.filter_map(|entry| entry.claimed.as_ref()).filter(|claimed| claimed.current);
    let claims = claims.map(|claimed| claimed.review_by).filter(|_| ends_with(Claim::KIND));
    let first = claims.filter_map(end::end_of).min();
    match first {
        Some(first) if body.expires > first => {
            Err(format!("it says that it is good until {}, and a claim of it counts until {first}", body.expires))
        }
        _ => Ok(()),
    }
}

/// Advisory data that lacks something, or is too old, proves nothing, and a label is not good for longer than it. What the
/// data is stands in the label itself.
fn data(body: &LabelBody, practices: &Practices, catalogs: &[CatalogResult], criteria: &Judged) -> Result<(), String> {
    let needs_it = |rule: &Criterion| rule.needs.iter().any(|kind| kind == DATA);
    let met = || {
        let all = practices.criteria().values().zip(&body.criteria);
        all.filter(|(_, result)| result.outcome == Outcome::Met).map(|(rule, _)| rule)
    };
    let input = body.inputs.get(InputId::Advisories.name());
    if input.and_then(|input| input.lacks).is_some_and(|lacks| lacks > 0)
        && let Some(rule) = met().find(|rule| needs_it(rule) && rule.quantifier == Quantifier::Every)
    {
        return Err(format!("its criterion {} is met, and its advisory data lacks advisories", rule.id));
    }
    let evidence = evidence_of(body, input.and_then(|input| input.date));
    let lists = Lists::of(evidence.facts.iter(), &practices.reads());
    let environment = Environment::new(&lists, &evidence, &practices.tiers().limits);
    let today = body.as_of.to_zoned(TimeZone::UTC).date();
    let resting = end::resting(body.tier.level, practices, catalogs, criteria);
    for rule in practices.tiers().ends.iter().filter(|rule| rule.needs == [DATA]) {
        // A rule that asks for more than the date of the data cannot be asked here.
        let Ok(days) = rule.days.days(&environment) else { continue };
        let last = days.iter().min().copied();
        let by_it = |one: &Criterion| {
            if rule.criteria.is_empty() { needs_it(one) } else { rule.criteria.contains(&one.id) }
        };
        if last.is_none_or(|last| last < today)
            && let Some(one) = met().find(|one| by_it(one))
        {
            return Err(format!("its criterion {} is met, and its advisory data is too old or has no date", one.id));
        }
        let first = last.filter(|last| *last >= today && resting.rests_on(rule)).and_then(end::end_of);
        if let Some(first) = first.filter(|first| body.expires > *first && body.tier.level > 0) {
            return Err(format!(
                "it says that it is good until {}, and its advisory data counts until {first}",
                body.expires
            ));
        }
    }
    Ok(())
}

/// Evidence that holds what a label says of its advisory data, and nothing else.
fn evidence_of(body: &LabelBody, date: Option<Date>) -> Evidence {
    let said = serde_json::json!({ "date": date, "ships": true });
    let fact = Fact::new(DATA, Subject::repository(), Assurance::Observed, &said, Vec::new());
    Evidence {
        schema_version: EVIDENCE_SCHEMA_VERSION.to_owned(),
        tool: body.tool.clone(),
        subject: Examined {
            commit: String::new(),
            object_format: String::new(),
            committed: body.as_of,
            artifacts: Vec::new(),
            worktree: false,
            extra: Extra::new(),
        },
        as_of: body.as_of,
        follows: None,
        inputs: BTreeMap::new(),
        kinds: BTreeMap::new(),
        facts: fact.into_iter().collect(),
        extra: Extra::new(),
    }
}

#[cfg(test)]
mod tests {
    use plimsoll_model::Outcome;

    use super::*;
    use crate::{
        score,
        tests::{label, practices, read, tool},
    };

    const ALL: [&str; 13] = [
        "evidence/tier-0.json",
        "evidence/tier-1.json",
        "evidence/tier-2.json",
        "evidence/tier-3.json",
        "evidence/tier-4.json",
        "criteria/contradicted.json",
        "criteria/dangerous.json",
        "criteria/expired.json",
        "criteria/leaky.json",
        "criteria/neglected.json",
        "criteria/no-history.json",
        "criteria/stale-data.json",
        "criteria/unreadable.json",
    ];

    #[test]
    fn what_was_computed_agrees_with_itself() {
        let practices = practices();
        for path in ALL {
            let label = label(&read(path));
            assert_eq!(inconsistency(&label, &practices), None, "{path}");
        }
        // A kind that is not there at all, and one that could not be looked at.
        let needs = practices.criteria().values().flat_map(|criterion| &criterion.needs);
        for kind in needs.collect::<std::collections::BTreeSet<_>>() {
            for gone in [true, false] {
                let mut evidence = read("evidence/tier-2.json");
                evidence.facts.retain(|fact| fact.kind != *kind);
                if gone {
                    evidence.kinds.remove(kind);
                } else if let Some(report) = evidence.kinds.get_mut(kind) {
                    (report.count, report.status) = (0, KindStatus::Unavailable);
                    report.reason = Some("it was not there".to_owned());
                }
                let label = score(&evidence, &practices, &tool()).unwrap().predicate;
                assert_eq!(inconsistency(&label, &practices), None, "without {kind}");
            }
        }
    }

    type Change = fn(&mut LabelBody);

    fn stated(label: &mut LabelBody) -> &mut plimsoll_model::Input {
        label.inputs.get_mut("advisories").unwrap()
    }

    #[test]
    fn what_was_changed_by_hand_does_not() {
        let practices = practices();
        let met = |label: &LabelBody, outcome: Outcome| {
            label.criteria.iter().position(|criterion| criterion.outcome == outcome).unwrap()
        };
        let changes: [(&str, Change); 21] = [
            ("whose practices", |label| label.practices_of = Some("Somebody".to_owned())),
            ("own criteria come to tier 2", |label| label.tier.level = 3),
            ("own criteria come to tier 2", |label| label.tier.level = 1),
            ("tier 2, and not as it says", |label| label.tier.name = "Verified".to_owned()),
            ("next tiers", |label| label.ladder[2].missing.truncate(1)),
            ("next tiers", |label| label.ladder[2].reached = true),
            ("contradictions", |label| {
                let one = plimsoll_model::Contradiction {
                    entry: "x".to_owned(),
                    title: String::new(),
                    criterion: String::new(),
                    reason: String::new(),
                    cap: 4,
                    pointers: Vec::new(),
                };
                label.contradictions.push(one);
            }),
            ("rows of its face", |label| label.face[3].assurance = Some(Assurance::Verified)),
            ("rows of its face", |label| drop(label.face.pop())),
            ("rows of its face", |label| label.face[0].contradicted = true),
            ("other catalogs", |label| drop(label.catalogs.pop())),
            ("other criteria", |label| drop(label.criteria.pop())),
            ("never known as well", |label| {
                for criterion in &mut label.criteria {
                    if criterion.outcome == Outcome::Met {
                        criterion.assurance = Some(Assurance::Corroborated);
                    }
                }
            }),
            ("not worded", |label| label.criteria[0].asks = "Is all well?".to_owned()),
            ("does not follow from its criteria", |label| {
                label.catalogs.iter_mut().find(|one| one.id == "cswp-23").unwrap().entries[0].reason =
                    "it is".to_owned();
            }),
            ("good until", |label| {
                label.expires = "2030-01-01T00:00:00Z".parse().unwrap();
            }),
            ("lacks advisories", |label| stated(label).lacks = Some(1)),
            ("too old or has no date", |label| stated(label).date = None),
            ("too old or has no date", |label| stated(label).date = Some("2026-05-04".parse().unwrap())),
            ("too old or has no date", |label| drop(label.inputs.remove("advisories"))),
            ("advisory data counts until 2026-11-01", |label| {
                stated(label).date = Some("2026-05-05".parse().unwrap());
            }),
        ];
        for (says, change) in changes {
            let mut label = label(&read("evidence/tier-2.json"));
            change(&mut label);
            let found = inconsistency(&label, &practices).unwrap_or_default();
            assert!(found.contains(says), "{says}: {found}");
        }
        // Each outcome that is turned alone shows in what stands beside it, where an entry rests on it.
        for (path, from, to) in [
            ("evidence/tier-2.json", Outcome::Met, Outcome::Unmet),
            ("criteria/neglected.json", Outcome::Unmet, Outcome::Met),
        ] {
            let mut label = label(&read(path));
            let at = met(&label, from);
            label.criteria[at].outcome = to;
            label.criteria[at].assurance = (to == Outcome::Met).then_some(Assurance::Declared);
            assert!(inconsistency(&label, &practices).is_some(), "{}", label.criteria[at].id);
        }
    }

    #[test]
    fn a_claim_counts_on_its_days_alone() {
        let practices = practices();
        let claimed = |change: fn(&mut Claimed)| {
            let mut label = label(&read("evidence/tier-2.json"));
            let entries = label.catalogs.iter_mut().flat_map(|catalog| &mut catalog.entries);
            entries.filter_map(|entry| entry.claimed.as_mut()).for_each(change);
            inconsistency(&label, &practices).unwrap_or_default()
        };
        assert!(claimed(|claimed| claimed.review_by = "2026-10-30".parse().unwrap()).contains("says that it counts"));
        assert!(claimed(|claimed| claimed.date = "2026-11-02".parse().unwrap()).contains("says that it counts"));
        assert!(claimed(|claimed| claimed.review_by = "2026-11-02".parse().unwrap()).contains("counts until"));
    }
}

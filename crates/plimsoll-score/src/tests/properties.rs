//! What holds of any evidence: order says nothing, hiding never helps, more of what is good never hurts, and nothing panics.

use proptest::prelude::*;

use super::*;

fn shuffled(evidence: &Evidence, seed: &[prop::sample::Index]) -> Evidence {
    let mut evidence = evidence.clone();
    let length = evidence.facts.len();
    for (at, index) in seed.iter().enumerate() {
        evidence.facts.swap(at % length, index.index(length));
    }
    evidence
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_facts_does_not_matter(seed: Vec<prop::sample::Index>, level in 0..=2) {
        let evidence = read(&format!("evidence/tier-{level}.json"));
        let practices = &*PRACTICES;
        let one = plimsoll_model::to_canonical(&score(&evidence, practices, &tool()).unwrap()).unwrap();
        let other = plimsoll_model::to_canonical(&score(&shuffled(&evidence, &seed), practices, &tool()).unwrap()).unwrap();
        prop_assert_eq!(one, other);
    }

    #[test]
    fn hiding_evidence_never_raises_a_tier(hidden in prop::collection::vec(any::<prop::sample::Index>(), 1..5), name in 0_usize..8) {
        let names = ["exemplary", "neglected", "contradicted", "expired", "stale-data", "dangerous", "leaky", "unreadable"];
        let evidence = read(&format!("criteria/{}.json", names[name]));
        let practices = &*PRACTICES;
        let before = score(&evidence, practices, &tool()).unwrap().predicate;
        let mut after = evidence.clone();
        let kinds = kinds();
        for index in hidden {
            let kind: &String = index.get(&kinds);
            unavailable(&mut after, kind);
        }
        let after = score(&after, practices, &tool()).unwrap().predicate;
        prop_assert!(after.tier.level <= before.tier.level);
        for (one, other) in before.criteria.iter().zip(&after.criteria) {
            prop_assert!(other.outcome != Outcome::Met || one.outcome == Outcome::Met, "{} became met", one.id);
        }
    }

    #[test]
    fn good_evidence_never_lowers_a_tier(kept in prop::collection::vec(any::<bool>(), 200)) {
        // A part of the good evidence, then all of it: more facts of the same good kinds.
        let good = read("evidence/tier-2.json");
        let practices = &*PRACTICES;
        let mut part = good.clone();
        let mut at = 0;
        part.facts.retain(|fact| {
            at += 1;
            // Facts that are the only one of their kind stay: without them the kind would say something else.
            kept[at % kept.len()] || good.facts.iter().filter(|other| other.kind == fact.kind).count() == 1
        });
        recount(&mut part);
        let before = score(&part, practices, &tool()).unwrap().predicate.tier.level;
        let after = score(&good, practices, &tool()).unwrap().predicate.tier.level;
        prop_assert!(before <= after, "{before} with a part, {after} with all");
    }

    #[test]
    fn no_evidence_makes_it_panic(bodies in prop::collection::vec((0_usize..40, "[a-z]{1,12}", any::<i64>(), ".*"), 0..20)) {
        let mut evidence = read("evidence/tier-0.json");
        let kinds = kinds();
        for (kind, member, number, text) in bodies {
            let body = json!({member.as_str(): number, "class": text, "kind": null});
            let kind = &kinds[kind % kinds.len()];
            evidence.facts.push(Fact::new(kind, Subject::path(text), Assurance::Observed, &body, vec![]).unwrap());
        }
        recount(&mut evidence);
        for report in evidence.kinds.values_mut() {
            report.status = KindStatus::Searched;
            report.reason = None;
        }
        // What the label shows and cannot be read is refused; what is left gives no tier.
        let label = loop {
            match score(&evidence, &practices(), &tool()) {
                Ok(statement) => break statement.predicate,
                Err(ScoreError::Body(error)) => evidence.facts.retain(|fact| fact.kind != error.kind),
                Err(error) => panic!("{error}"),
            }
            recount(&mut evidence);
        };
        prop_assert_eq!(label.tier.level, 0);
    }
}

//! An audit of what was made honestly, and of what was changed by whoever signs.

use std::collections::BTreeMap;

use plimsoll_model::{AuditReport, AuditVerdict, to_canonical};
use serde_json::{Value, json};

use crate::{
    audited::{Made, places, read},
    made::{BUILT_IN, changed, label_of},
};

/// Facts of one kind.
fn facts<'a>(evidence: &'a mut Value, kind: &'a str) -> impl Iterator<Item = &'a mut Value> {
    let all = evidence["facts"].as_array_mut().unwrap().iter_mut().filter(move |fact| fact["kind"] == kind);
    let mut all = all.peekable();
    assert!(all.peek().is_some(), "there is no fact of kind {kind}");
    all
}

fn add(evidence: &mut Value, kind: &str, fact: Value) {
    evidence["facts"].as_array_mut().unwrap().push(fact);
    let count = evidence["kinds"][kind]["count"].as_u64().unwrap();
    evidence["kinds"][kind]["count"] = json!(count + 1);
}

fn remove(evidence: &mut Value, kind: &str) {
    let all = evidence["facts"].as_array_mut().unwrap();
    let at = all.iter().position(|fact| fact["kind"] == kind).unwrap();
    all.remove(at);
    let count = evidence["kinds"][kind]["count"].as_u64().unwrap();
    evidence["kinds"][kind]["count"] = json!(count - 1);
}

/// An input that is named as it should be.
fn other(source: &str) -> Value {
    json!({ "source": source, "count": 1, "date": "2026-10-30", "digest": { "sha256": "5".repeat(64) } })
}

fn without(evidence: &mut Value, input: &str) {
    evidence["inputs"].as_object_mut().unwrap().remove(input).unwrap();
}

fn countersignature() -> Value {
    json!({
        "kind": "countersignature", "assurance": "corroborated", "pointers": [{ "artifact": "6".repeat(64) }],
        "subject": { "type": "artifact", "id": format!("sha256:{}", "7".repeat(64)) },
        "body": {
            "by": "Example Audit Ltd", "counts": true, "date": "2026-11-10", "daysAfter": 9, "declaresIndependent": true,
            "evidence": "9".repeat(64), "independent": true, "label": "6".repeat(64), "party": "audit", "reason": null,
            "rebuilt": [], "repeated": ["collect", "score"], "role": "auditor", "sameEvidence": true,
            "signer": "SHA256:8", "statement": "7".repeat(64), "time": "2026-11-10T10:00:00Z", "tool": "plimsoll 0.1.0",
            "until": null, "verdict": "verified",
        },
    })
}

/// What is changed: the label as it was computed; the evidence, of which the label is computed; or the evidence alone.
enum Tampering {
    Label(fn(&mut Value)),
    Evidence(fn(&mut Value)),
    Swapped(fn(&mut Value)),
}

use AuditVerdict::{Differs, Incomplete};
use Tampering::{Evidence as InEvidence, Label, Swapped};

/// Name, what is changed, what the audit comes to, and the place that it names.
const TAMPERINGS: [(&str, Tampering, AuditVerdict, &str); 47] = [
    ("tier-raised", Label(|label| label["predicate"]["tier"]["level"] = json!(3)), Differs, "/predicate/tier/level"),
    (
        "outcome",
        Label(|label| label["predicate"]["criteria"][0]["outcome"] = json!("not-applicable")),
        Differs,
        "/predicate/criteria/advisories.each-answered/outcome",
    ),
    ("face", Label(|label| label["predicate"]["face"][2]["text"] = json!("none at all")), Differs, "/predicate/face/"),
    (
        "expiry",
        Label(|label| label["predicate"]["expires"] = json!("2028-01-30T00:00:00Z")),
        Differs,
        "/predicate/expires",
    ),
    (
        "finding-left-out",
        Label(|label| drop(label["predicate"]["findings"].as_array_mut().unwrap().pop())),
        Differs,
        "/predicate/findings/",
    ),
    (
        "contradictions",
        Label(|label| label["predicate"]["limitations"] = json!([])),
        Differs,
        "/predicate/limitations/0",
    ),
    (
        "subject-added",
        Label(|label| {
            label["subject"]
                .as_array_mut()
                .unwrap()
                .push(json!({ "name": "a", "digest": { "sha256": "ab".repeat(32) } }));
        }),
        Differs,
        "/subject/1",
    ),
    ("unknown-member", Label(|label| label["note"] = json!("as good as tier 4")), Differs, "/note"),
    (
        "practices",
        Label(|label| label["predicate"]["practices"]["tiers/plimsoll.toml"]["sha256"] = json!("0".repeat(64))),
        Differs,
        "/predicate/practices/tiers~1plimsoll.toml/sha256",
    ),
    (
        "evidence-digest",
        Label(|label| label["predicate"]["evidence"]["sha256"] = json!("0".repeat(64))),
        Differs,
        "digest of the evidence",
    ),
    (
        "evidence-alone",
        Swapped(|evidence| facts(evidence, "secret").for_each(|fact| fact["body"]["class"] = json!("test"))),
        Differs,
        "digest of the evidence",
    ),
    (
        "fact-removed",
        InEvidence(|evidence| remove(evidence, "advisory-finding")),
        Differs,
        "fact advisory-finding: pkg:cargo/smallvec@0.6.9",
    ),
    (
        "fact-added",
        InEvidence(|evidence| {
            let mut fact = facts(evidence, "policy").next().unwrap().clone();
            fact["subject"]["id"] = json!("docs/MORE.md");
            add(evidence, "policy", fact);
        }),
        Differs,
        "fact policy: docs/MORE.md",
    ),
    (
        "secret-class",
        InEvidence(|evidence| facts(evidence, "secret").for_each(|fact| fact["body"]["class"] = json!("test"))),
        Differs,
        "/body/class",
    ),
    (
        "assurance-raised",
        InEvidence(|evidence| facts(evidence, "product").for_each(|fact| fact["assurance"] = json!("verified"))),
        Differs,
        "/assurance",
    ),
    (
        "claims-digest",
        InEvidence(|evidence| evidence["inputs"]["claims"]["digest"]["sha256"] = json!("0".repeat(64))),
        Differs,
        "input claims",
    ),
    (
        "other-input",
        InEvidence(|evidence| evidence["inputs"]["blessing"] = json!({ "source": "somebody" })),
        Differs,
        "input blessing",
    ),
    (
        "advisories-not-those-built-in",
        InEvidence(|evidence| evidence["inputs"]["advisories"]["digest"]["sha256"] = json!("0".repeat(64))),
        Differs,
        "input advisories",
    ),
    (
        "advisories-that-nobody-gave",
        InEvidence(|evidence| evidence["inputs"]["advisories"] = other("given RustSec checkout")),
        Incomplete,
        "input advisories",
    ),
    (
        "advisories-without-a-digest",
        InEvidence(|evidence| evidence["inputs"]["advisories"] = json!({ "source": "given RustSec checkout" })),
        Differs,
        "input advisories",
    ),
    (
        "advisories-with-no-digest-of-this-kind",
        InEvidence(|evidence| {
            evidence["inputs"]["advisories"] = other("given RustSec checkout");
            evidence["inputs"]["advisories"]["digest"]["sha256"] = json!("unknown");
        }),
        Differs,
        "input advisories",
    ),
    ("advisories-removed", InEvidence(|evidence| without(evidence, "advisories")), Differs, "input advisories"),
    (
        "roots-not-those-built-in",
        InEvidence(|evidence| evidence["inputs"]["attestation-trust"] = other("built-in")),
        Differs,
        "input attestation-trust",
    ),
    (
        "roots-removed",
        InEvidence(|evidence| without(evidence, "attestation-trust")),
        Differs,
        "input attestation-trust",
    ),
    (
        "trust-not-the-one-given",
        InEvidence(|evidence| evidence["inputs"]["trust"]["digest"]["sha256"] = json!("0".repeat(64))),
        Incomplete,
        "input trust",
    ),
    (
        "signature-removed-for-a-policy",
        InEvidence(|evidence| {
            evidence["inputs"]["trust"]["digest"]["sha256"] = json!("0".repeat(64));
            remove(evidence, "signature-totals");
        }),
        Differs,
        "fact signature-totals",
    ),
    (
        "trust-without-a-digest",
        InEvidence(|evidence| drop(evidence["inputs"]["trust"].as_object_mut().unwrap().remove("digest"))),
        Differs,
        "input trust",
    ),
    (
        "index-that-nobody-gave",
        InEvidence(|evidence| evidence["inputs"]["registry-index"] = other("crates.io index checkout")),
        Incomplete,
        "input registry-index",
    ),
    (
        "index-that-nobody-gave-and-a-yanked-package",
        InEvidence(|evidence| {
            evidence["inputs"]["registry-index"] = other("crates.io index checkout");
            let mut fact = facts(evidence, "advisory-finding").next().unwrap().clone();
            fact["body"]["kind"] = json!("yanked");
            fact["body"]["advisory"] = json!("");
            add(evidence, "advisory-finding", fact);
        }),
        Incomplete,
        "fact advisory-finding",
    ),
    (
        "index-without-a-digest",
        InEvidence(|evidence| evidence["inputs"]["registry-index"] = json!({ "source": "crates.io index checkout" })),
        Differs,
        "input registry-index",
    ),
    (
        "finding-removed-for-an-index",
        InEvidence(|evidence| {
            evidence["inputs"]["registry-index"] = other("crates.io index checkout");
            remove(evidence, "advisory-finding");
        }),
        Differs,
        "fact advisory-finding: pkg:cargo/smallvec@0.6.9",
    ),
    (
        "finding-changed-for-an-index",
        InEvidence(|evidence| {
            evidence["inputs"]["registry-index"] = other("crates.io index checkout");
            facts(evidence, "advisory-finding").for_each(|fact| fact["body"]["handled"] = json!(true));
        }),
        Differs,
        "/body/handled",
    ),
    (
        "crates-that-are-not-here",
        InEvidence(|evidence| evidence["inputs"]["crate-sources"] = other("sources of locked crates: complete")),
        Incomplete,
        "input crate-sources",
    ),
    (
        "reach-for-crates-that-are-not-here",
        InEvidence(|evidence| {
            evidence["inputs"]["crate-sources"] = other("sources of locked crates: complete");
            facts(evidence, "component").for_each(|fact| fact["body"]["reach"] = json!("dev"));
        }),
        Incomplete,
        "/body/reach",
    ),
    (
        "finding-removed-for-crates",
        InEvidence(|evidence| {
            evidence["inputs"]["crate-sources"] = other("sources of locked crates: complete");
            remove(evidence, "advisory-finding");
        }),
        Differs,
        "fact advisory-finding: pkg:cargo/smallvec@0.6.9",
    ),
    (
        "component-changed-for-crates",
        InEvidence(|evidence| {
            evidence["inputs"]["crate-sources"] = other("sources of locked crates: complete");
            facts(evidence, "component").for_each(|fact| fact["body"]["version"] = json!("1.13.2"));
        }),
        Differs,
        "/body/version",
    ),
    ("crates-removed", InEvidence(|evidence| without(evidence, "crate-sources")), Differs, "input crate-sources"),
    (
        "component-removed-for-a-resolver",
        InEvidence(|evidence| {
            evidence["inputs"]["resolver"] = json!({ "source": "cargo", "revision": "1.2.3" });
            remove(evidence, "component");
        }),
        Differs,
        "fact component: ",
    ),
    (
        "resolver-of-no-version",
        InEvidence(|evidence| evidence["inputs"]["resolver"] = json!({ "source": "cargo", "revision": "blessed" })),
        Differs,
        "input resolver",
    ),
    (
        "previous-that-nobody-gave",
        InEvidence(|evidence| {
            evidence["inputs"]["previous"] = other("earlier evidence");
            facts(evidence, "history").for_each(|fact| fact["body"]["forged"] = json!(true));
        }),
        Differs,
        "fact history",
    ),
    (
        "previous-without-a-digest",
        InEvidence(|evidence| evidence["inputs"]["previous"] = json!({ "source": "earlier evidence" })),
        Differs,
        "input previous",
    ),
    (
        "claim",
        InEvidence(|evidence| facts(evidence, "claim").for_each(|fact| fact["body"]["answer"] = json!("done"))),
        Differs,
        "fact claim: ",
    ),
    (
        "gap-hidden",
        InEvidence(|evidence| {
            let kinds = evidence["kinds"].as_object_mut().unwrap();
            let (_, report) = kinds
                .iter_mut()
                .find(|(_, report)| report["status"] == "partial" || !report["limitations"].is_null())
                .unwrap();
            report.as_object_mut().unwrap().remove("limitations");
            report.as_object_mut().unwrap().remove("reason");
            if report["status"] == "partial" {
                report["status"] = json!("searched");
            }
        }),
        Differs,
        "kind ",
    ),
    (
        "countersignature",
        InEvidence(|evidence| add(evidence, "countersignature", countersignature())),
        Differs,
        "fact countersignature: sha256:777",
    ),
    (
        "countersignature-with-input",
        InEvidence(|evidence| {
            add(evidence, "countersignature", countersignature());
            for name in ["countersignatures", "countersignature-trust"] {
                evidence["inputs"][name] =
                    json!({ "source": "trust policy", "count": 1, "digest": { "sha256": "0".repeat(64) } });
            }
        }),
        Incomplete,
        "fact countersignature: sha256:777",
    ),
    ("other-members", InEvidence(|evidence| evidence["blessed"] = json!(true)), Differs, "other members"),
    (
        "kind-of-its-own",
        InEvidence(|evidence| {
            // Named as if it were one that rests on an input.
            let mut report = evidence["kinds"]["tag"].clone();
            report["count"] = json!(1);
            evidence["kinds"]["countersignature: x"] = report;
            let mut fact = countersignature();
            fact["kind"] = json!("countersignature: x");
            evidence["facts"].as_array_mut().unwrap().push(fact);
        }),
        Differs,
        "fact countersignature: x",
    ),
];

#[test]
fn what_was_made_honestly_comes_out_the_same_and_every_tampering_is_named() {
    let made = Made::new();
    let evidence = to_canonical(&read(&made.evidence)).unwrap();
    let honest = made.audit(&made.label, &evidence, true);
    assert_eq!(honest.verdict, AuditVerdict::Identical, "{:?} {:?} {:?}", honest.score, honest.collect, honest.checks);
    assert!(honest.judged.tier.is_some() && honest.collect.missing.is_empty());
    let wrong: Vec<String> = TAMPERINGS
        .iter()
        .filter_map(|(name, tampering, verdict, place)| {
            let mut value = made.evidence.clone();
            let label = match tampering {
                Label(change) => changed(&made.label, change),
                InEvidence(change) => {
                    change(&mut value);
                    label_of(&read(&value), &BUILT_IN)
                }
                Swapped(change) => {
                    change(&mut value);
                    made.label.clone()
                }
            };
            let report = made.audit(&label, &to_canonical(&read(&value)).unwrap(), true);
            let named = places(&report).iter().any(|found| found.contains(place));
            // What rests on an input that is not there says which.
            let cured = *verdict == Differs || report.collect.missing.iter().any(|told| told.contains("; it takes "));
            (report.verdict != *verdict || !named || !cured).then(|| {
                format!(
                    "{name}: {:?} with {:?}, {:?}; {place} is not named",
                    report.verdict,
                    places(&report),
                    report.collect
                )
            })
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn without_the_makers_policy_it_says_what_is_missing_and_still_finds_the_rest() {
    let made = Made::new();
    let audit = |change: fn(&mut Value)| {
        let mut value = made.evidence.clone();
        change(&mut value);
        let evidence = read(&value);
        made.audit(&label_of(&evidence, &BUILT_IN), &to_canonical(&evidence).unwrap(), false)
    };
    let honest = audit(|_| {});
    assert_eq!(honest.verdict, AuditVerdict::Incomplete, "{:?}", honest.collect);
    let cure = |report: &AuditReport| {
        report.collect.missing.iter().any(|told| told.contains("the trust policy") && told.contains("--their-trust"))
    };
    assert!(cure(&honest), "{:?}", honest.collect);
    // What rests on the policy is named, and cannot be told from what was forged.
    let resting =
        audit(|evidence| facts(evidence, "signature-totals").for_each(|fact| fact["body"]["forged"] = json!(true)));
    assert!(
        resting.verdict == AuditVerdict::Incomplete && places(&resting).iter().any(|one| one.contains("/body/forged"))
    );
    let found: BTreeMap<&str, fn(&mut Value)> = BTreeMap::from([
        (
            "fact secret: ",
            (|evidence| facts(evidence, "secret").for_each(|fact| fact["body"]["class"] = json!("test")))
                as fn(&mut Value),
        ),
        ("fact product: ", |evidence| {
            facts(evidence, "product").for_each(|fact| fact["body"]["claimant"] = json!("Other"));
        }),
        // What the commits say does not rest on who is trusted.
        ("fact history: ", |evidence| {
            facts(evidence, "history").for_each(|fact| fact["body"]["forged"] = json!(true));
        }),
        ("fact commit: ", |evidence| {
            facts(evidence, "commit").for_each(|fact| fact["body"]["forged"] = json!(true));
        }),
        ("kind continuity", |evidence| evidence["kinds"]["continuity"]["searched"] = json!("forged")),
        ("kind package-comparison", |evidence| {
            evidence["kinds"]["package-comparison"]["searched"] = json!("forged");
        }),
        ("kind secret", |evidence| evidence["kinds"]["secret"]["searchedCount"] = json!(1)),
        ("input claims", |evidence| evidence["inputs"]["claims"]["digest"]["sha256"] = json!("0".repeat(64))),
        ("input blessing", |evidence| evidence["inputs"]["blessing"] = json!({ "source": "somebody" })),
        ("fact attestation: x", |evidence| {
            let mut report = evidence["kinds"]["tag"].clone();
            report["count"] = json!(1);
            evidence["kinds"]["attestation: x"] = report;
            let mut fact = countersignature();
            fact["kind"] = json!("attestation: x");
            evidence["facts"].as_array_mut().unwrap().push(fact);
        }),
    ]);
    for (place, change) in found {
        let report = audit(change);
        assert_eq!(report.verdict, AuditVerdict::Differs, "{place}: {:?}", report.collect);
        assert!(places(&report).iter().any(|one| one.starts_with(place)), "{place}: {:?}", places(&report));
        assert!(cure(&report), "{place}: {:?}", report.collect);
    }
}

//! A body that is not whole is never judged better than a whole one, for every kind and every member.

use std::{collections::BTreeSet, fs, mem::discriminant, path::PathBuf, slice};

use plimsoll_model::{Assurance, DigestSet, Fact, LabelBody, Outcome, Pointer, Subject};
use plimsoll_practices::Practices;
use rayon::prelude::*;
use serde_json::{Map, Value, json};

use super::*;

const ARTIFACT: &str = "1111111111111111111111111111111111111111111111111111111111111111";

/// Every fixture that has facts.
fn fixtures() -> Vec<Evidence> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let mut read = Vec::new();
    for part in ["criteria", "evidence"] {
        for entry in fs::read_dir(folder.join(part)).unwrap() {
            let path = entry.unwrap().path();
            let evidence = read_evidence(&fs::read(&path).unwrap()).unwrap_or_else(|error| panic!("{path:?}: {error}"));
            read.push(evidence);
        }
    }
    read.push(with_further());
    read
}

/// The exemplary fixture with facts of the kinds of which no fixture has any: what contradicts the artifact, or does not count.
fn with_further() -> Evidence {
    let mut evidence = read_evidence(include_bytes!("../../../../fixtures/criteria/exemplary.json")).unwrap();
    let further = [
        (
            "advisory-exception",
            json!({
                "file": "deny.toml", "tool": "cargo-deny", "advisory": "RUSTSEC-2020-0001", "package": null, "version": null,
                "lockfile": null, "reason": "", "until": "2026-01-01", "valid": false, "problem": "it has no reason", "matches": true,
                "aliases": [], "products": [], "purl": null, "status": null, "said": null, "fault": null, "elsewhere": null,
            }),
        ),
        (
            "checksum-file",
            json!({
                "source": "given", "path": "SHA256SUMS", "algorithm": "sha256", "entries": 2, "artifacts": [ARTIFACT],
                "matchesArtifact": true, "contradicts": ["demo"], "signed": true, "signedBy": "x",
            }),
        ),
        (
            "commit",
            json!({
                "authored": "2026-10-01", "committed": "2026-10-01", "authorEmail": "a@acme.example",
                "committerEmail": "a@acme.example", "parents": 1, "merge": false, "forgeMerge": false, "reviewers": 0,
                "secondPerson": false, "signature": "none", "sinceRelease": true, "botAuthor": false,
            }),
        ),
        ("odd-name", json!({"path": "src/A.rs", "what": "case", "other": "src/a.rs", "class": "shipped"})),
        (
            "signature-file",
            json!({
                "source": "given", "path": "demo.sig", "format": "openpgp", "signs": "demo", "about": "artifact",
                "artifact": ARTIFACT, "verdict": "not-verified", "layer": "signature", "reason": "it is over something else",
                "key": null, "party": null, "partyName": null, "until": null,
            }),
        ),
    ];
    for (kind, body) in further {
        evidence
            .facts
            .push(Fact::new(kind, Subject::path("x"), Assurance::Observed, &body, vec![Pointer::path("x")]).unwrap());
        evidence.kinds.get_mut(kind).unwrap().count += 1;
    }
    evidence
}

fn practices() -> Practices {
    crate::practices(None).unwrap()
}

fn label(evidence: &Evidence, practices: &Practices) -> Option<LabelBody> {
    plimsoll_score::judge(evidence, DigestSet::new(), practices, &crate::tool())
        .ok()
        .map(|statement| statement.predicate)
}

/// Values that are declared and say something else, which is better: no manifest has a version to compare with, or none is
/// claimed; the advisory data is newer than the day of the label.
const DECLARED: [(&str, &str, &str); 3] =
    [("product", "/manifestVersion", "null"), ("product", "/version", "null"), ("advisory-database", "/ageDays", "-1")];

/// What of `after` is better than `before`.
fn better(before: &LabelBody, after: &LabelBody) -> Option<String> {
    if after.tier.level > before.tier.level {
        return Some(format!("tier {} instead of {}", after.tier.level, before.tier.level));
    }
    let worth = |outcome: Outcome| match outcome {
        Outcome::Unmet | Outcome::Unknown => 0,
        Outcome::Partial => 1,
        Outcome::Met | Outcome::NotApplicable => 2,
    };
    let pairs = before.criteria.iter().zip(&after.criteria);
    let mut raised = pairs.filter(|(one, other)| {
        (worth(other.outcome), other.assurance) > (worth(one.outcome), one.assurance) && worth(other.outcome) > 0
    });
    raised.next().map(|(one, other)| format!("{} is {} instead of {}", one.id, other.outcome, one.outcome))
}

/// Every place in a value, as a JSON Pointer.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| {
            found.push(format!("{at}/{name}"));
            places(value, &format!("{at}/{name}"), found);
        }),
        // What holds of one item of a list holds of all.
        Value::Array(values) => values.iter().enumerate().take(1).for_each(|(number, value)| {
            found.push(format!("{at}/{number}"));
            places(value, &format!("{at}/{number}"), found);
        }),
        _ => {}
    }
}

/// What is left where a member was taken out.
const GONE: &str = "gone";

/// The body without what is at `place`, and with values of other types there.
fn broken(whole: &Value, place: &str) -> Vec<(String, Map<String, Value>)> {
    let (above, name) = place.rsplit_once('/').unwrap();
    let mut all = Vec::new();
    let mut without = whole.clone();
    if let Some(members) = without.pointer_mut(above).unwrap().as_object_mut() {
        members.remove(name);
        all.push((GONE.to_owned(), without));
    }
    let own = whole.pointer(place).unwrap();
    let others =
        [json!(null), json!(true), json!(false), json!(0), json!(-1), json!(1.5), json!(""), json!([]), json!({})];
    let is_other = |other: &Value| discriminant(own) != discriminant(other) || own.is_u64() && !other.is_u64();
    for other in others.into_iter().filter(is_other) {
        let what = other.to_string();
        let mut changed = whole.clone();
        *changed.pointer_mut(place).unwrap() = other;
        all.push((what, changed));
    }
    all.into_iter().map(|(what, body)| (what, body.as_object().unwrap().clone())).collect()
}

/// What came of the broken bodies of one fact.
#[derive(Default)]
struct Tried {
    refused: usize,
    judged: usize,
    better: Vec<(String, String, String, String)>,
}

fn try_all(evidence: &Evidence, at: usize, practices: &Practices, before: &LabelBody) -> Tried {
    let mut tried = Tried::default();
    let mut fact = evidence.facts[at].clone();
    let whole = Value::Object(fact.body.clone());
    let mut found = Vec::new();
    places(&whole, "", &mut found);
    for place in found {
        for (what, body) in broken(&whole, &place) {
            fact.body = body;
            if KINDS.check(slice::from_ref(&fact)).is_err() {
                tried.refused += 1;
                continue;
            }
            // What is declared in the place of null makes another body, and no broken one.
            if whole.pointer(&place).is_some_and(Value::is_null) && what != GONE {
                continue;
            }
            tried.judged += 1;
            let mut evidence = evidence.clone();
            evidence.facts[at] = fact.clone();
            if let Some(better) = label(&evidence, practices).and_then(|after| better(before, &after)) {
                tried.better.push((fact.kind.clone(), place.clone(), what, better));
            }
        }
    }
    tried
}

#[test]
fn a_broken_body_is_never_better_than_a_whole_one() {
    let fixtures = fixtures();
    let practices = practices();
    let mut tries = Vec::new();
    for evidence in &fixtures {
        let before = label(evidence, &practices).unwrap();
        tries.extend((0..evidence.facts.len()).map(|at| (evidence, at, before.clone())));
    }
    let seen: BTreeSet<&str> = tries.iter().map(|(evidence, at, _)| evidence.facts[*at].kind.as_str()).collect();
    let known: BTreeSet<&str> = plimsoll_collect::kinds().into_iter().map(|(_, kind)| kind.name).collect();
    assert_eq!(seen, known, "a kind without an example");
    let tried: Vec<Tried> =
        tries.par_iter().map(|(evidence, at, before)| try_all(evidence, *at, &practices, before)).collect();
    let sum = |count: fn(&Tried) -> usize| tried.iter().map(count).sum::<usize>();
    let (refused, judged) = (sum(|tried| tried.refused), sum(|tried| tried.judged));
    assert!(refused > 10_000 && judged > 100, "{refused} refused, {judged} judged: too few to say anything");
    let (declared, better): (Vec<_>, Vec<_>) = tried
        .iter()
        .flat_map(|tried| &tried.better)
        .partition(|(kind, place, what, _)| DECLARED.contains(&(kind.as_str(), place.as_str(), what.as_str())));
    assert!(better.is_empty(), "{} are better: {better:#?}", better.len());
    for (kind, place, _) in DECLARED {
        assert!(
            declared.iter().any(|one| (one.0.as_str(), one.1.as_str()) == (kind, place)),
            "{kind} {place}: needed no more"
        );
    }
}

/// What is not understood of a schema would be refused, whatever the body.
#[test]
fn all_that_the_kinds_declare_is_understood() {
    assert!(!format!("{:?}", *KINDS).contains("NotUnderstood"));
    for (_, kind) in plimsoll_collect::kinds() {
        let fixtures = fixtures();
        let bodies = fixtures.iter().flat_map(|evidence| evidence.facts_of(kind.name)).map(|fact| &fact.body);
        for body in bodies {
            for (whole, parts) in kind.parts {
                assert!(
                    body[*whole].is_u64() && parts.iter().all(|part| body[*part].is_u64()),
                    "{}: {whole}",
                    kind.name
                );
            }
            for member in kind.unique.unwrap_or_default() {
                assert!(body[*member].is_string(), "{}: {member}", kind.name);
            }
        }
    }
}

#[test]
fn facts_that_contradict_one_another_are_refused() {
    let fixtures = fixtures();
    for (_, kind) in plimsoll_collect::kinds() {
        let of_kind = |evidence: &Evidence| evidence.facts.iter().position(|fact| fact.kind == kind.name);
        let (whole, at) = fixtures.iter().find_map(|evidence| Some((evidence, of_kind(evidence)?))).unwrap();
        let refused = |change: &dyn Fn(&mut Evidence)| {
            let mut evidence = whole.clone();
            change(&mut evidence);
            KINDS.check(&evidence.facts).err().map(|error| error.to_string()).unwrap_or_default()
        };
        assert_eq!(refused(&|_| {}), "");
        for (all, part) in kind.parts.iter().flat_map(|(all, parts)| parts.iter().map(move |part| (all, part))) {
            let error = refused(&|evidence| {
                let body = &mut evidence.facts[at].body;
                let more = body[*all].as_u64().unwrap() + 1;
                body.insert((*part).to_owned(), more.into());
            });
            assert!(error.contains(&format!("/{part} is more than")), "{} {part}: {error}", kind.name);
        }
        // Another one of the same, with other words and another subject.
        let twice = refused(&|evidence| {
            let mut fact = evidence.facts[at].clone();
            fact.subject = Subject::path("another");
            evidence.facts.push(fact);
        });
        assert_eq!(twice.contains("is a second one"), kind.unique.is_some(), "{}: {twice}", kind.name);
    }
}

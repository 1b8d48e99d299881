//! Every example of every criterion, the outcomes that are kept, and what must hold for any evidence.

mod coverage;
mod frameworks;
mod kept;
mod properties;
mod signs;
mod source;

use std::{collections::BTreeSet, path::PathBuf, sync::LazyLock};

use plimsoll_model::{Assurance, EntryResult, Fact, KindStatus, Outcome, Pointer, Subject};
use serde_json::json;

use super::*;

fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../fixtures")
}

pub(crate) fn read(path: &str) -> Evidence {
    let path = fixtures().join(path);
    let bytes = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Evidence::from_json(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn kinds() -> Vec<String> {
    read("criteria/exemplary.json").kinds.keys().cloned().collect()
}

pub(crate) fn practices() -> Practices {
    let kinds = kinds();
    Practices::embedded(&kinds.iter().map(String::as_str).collect::<Vec<_>>())
        .unwrap_or_else(|problems| panic!("{problems}"))
}

pub(crate) fn tool() -> Tool {
    Tool { name: "plimsoll".to_owned(), version: "0.1.0".to_owned(), extra: Extra::new() }
}

/// Compiling them takes longer than scoring by them.
pub(crate) static PRACTICES: LazyLock<Practices> = LazyLock::new(practices);

pub(crate) fn label(evidence: &Evidence) -> LabelBody {
    score(evidence, &PRACTICES, &tool()).unwrap().predicate
}

#[test]
fn every_example_of_every_criterion_comes_out_as_it_says() {
    let practices = practices();
    let mut wrong = Vec::new();
    let mut seen = 0;
    for criterion in practices.criteria().values() {
        let examples = &criterion.examples;
        for (names, expected) in
            [(&examples.met, Outcome::Met), (&examples.unmet, Outcome::Unmet), (&examples.unknown, Outcome::Unknown)]
        {
            for name in names {
                let evidence = read(&format!("criteria/{name}.json"));
                let label = score(&evidence, &practices, &tool()).unwrap().predicate;
                let found = label.criteria.iter().find(|one| one.id == criterion.id).unwrap();
                seen += 1;
                if found.outcome != expected {
                    wrong.push(format!(
                        "{} over {name}: {} instead of {expected}: {}",
                        criterion.id, found.outcome, found.reason
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen >= practices.criteria().len() * 3);
}

#[test]
fn a_count_that_does_not_fit_is_refused() {
    let mut evidence = read("evidence/tier-0.json");
    let at = evidence.facts.iter().position(|fact| fact.kind == "advisory-finding").unwrap();
    evidence.facts.remove(at);
    let error = score(&evidence, &practices(), &tool()).unwrap_err().to_string();
    assert!(error.contains("stated 1 facts of kind \"advisory-finding\", the file holds 0"), "{error}");
}

/// What the label shows is read or refused: a finding is not left out, and no member of it is taken for an empty one.
#[test]
fn what_is_shown_and_cannot_be_read_gives_no_label() {
    for (path, kind, member, value) in [
        ("evidence/tier-0.json", "advisory-finding", "kind", json!("malicious")),
        ("evidence/tier-0.json", "advisory-finding", "severity", json!(null)),
        ("evidence/tier-0.json", "advisory-finding", "exceptions", json!([{"valid": true}])),
        ("evidence/tier-4.json", "countersignature", "counts", json!("true")),
        ("evidence/tier-4.json", "countersignature", "statement", json!(null)),
        ("evidence/tier-2.json", "product", "name", json!(["x"])),
        ("evidence/tier-2.json", "product", "claimant", json!(1)),
    ] {
        let mut evidence = read(path);
        let fact = evidence.facts.iter_mut().find(|fact| fact.kind == kind).unwrap();
        fact.body.insert(member.to_owned(), value);
        let error = score(&evidence, &practices(), &tool()).unwrap_err().to_string();
        assert!(error.starts_with(&format!("a fact of kind \"{kind}\" cannot be read")), "{member}: {error}");
    }
}

/// A claim that cannot be read gives no label: without it what contradicts it would be gone, or the answer about the whole practice
/// would take its place.
#[test]
fn a_claim_that_cannot_be_read_gives_no_label() {
    let scored = |member: &str, value: serde_json::Value| {
        let evidence = with(|evidence| {
            evidence.facts.retain(|fact| fact.kind != "claim");
            let mut claim = claim("ssdf-1.1/PO.1.1");
            claim.body.insert(member.to_owned(), value.clone());
            evidence.facts.push(claim);
        });
        score(&evidence, &practices(), &tool()).map(|statement| {
            let label = statement.predicate;
            entry(&label, "ssdf-1.1", "PO.1.1").claimed.clone()
        })
    };
    assert_eq!(scored("note", json!("x")).unwrap().unwrap().answer, "done");
    assert!(!scored("current", json!(false)).unwrap().unwrap().current);
    for (member, value) in [
        ("answer", json!("mostly")),
        ("answer", json!(null)),
        ("date", json!("soon")),
        ("reviewBy", json!(null)),
        ("current", json!("true")),
        ("note", json!(null)),
        ("entry", json!(["PO.1.1"])),
    ] {
        let error = scored(member, value.clone()).unwrap_err().to_string();
        assert!(error.contains("cannot be read"), "{member} {value}: {error}");
    }
}

/// That files of a working copy were examined is a member of the label, and not a row of words alone.
#[test]
fn a_label_says_whether_it_is_of_a_working_copy() {
    let evidence = read("evidence/tier-2.json");
    let json = |evidence: &Evidence| serde_json::to_value(label(evidence)).unwrap();
    assert_eq!(json(&evidence).get("worktree"), None);
    let of_files = with(|evidence| evidence.subject.worktree = true);
    assert_eq!(json(&of_files).get("worktree"), Some(&json!(true)));
}

/// Good facts of one kind are swapped for what the row says, everything else stays.
pub(crate) fn with(change: impl Fn(&mut Evidence)) -> Evidence {
    let mut evidence = read("evidence/tier-2.json");
    change(&mut evidence);
    recount(&mut evidence);
    evidence
}

pub(crate) fn recount(evidence: &mut Evidence) {
    let kinds: Vec<String> = evidence.facts.iter().map(|fact| fact.kind.clone()).collect();
    for (kind, report) in &mut evidence.kinds {
        report.count = kinds.iter().filter(|one| *one == kind).count() as u64;
    }
}

fn unavailable(evidence: &mut Evidence, kind: &str) {
    evidence.facts.retain(|fact| fact.kind != kind);
    let report = evidence.kinds.get_mut(kind).unwrap();
    report.status = KindStatus::Unavailable;
    report.count = 0;
    report.reason = Some("it could not be read".to_owned());
}

fn claim(entry: &str) -> Fact {
    let (catalog, entry) = entry.split_once('/').unwrap();
    let body = json!({"catalog": catalog, "entry": entry, "answer": "done", "note": "", "date": "2026-10-01", "reviewBy": "2027-10-01", "current": true});
    Fact::new("claim", Subject::product(), Assurance::Declared, &body, vec![Pointer::path("plimsoll.toml")]).unwrap()
}

/// For each criterion, evidence in which it is unmet.
fn spoiled(criterion: &str) -> Evidence {
    let practices = practices();
    let name = practices.criteria()[criterion].examples.unmet[0].clone();
    read(&format!("criteria/{name}.json"))
}

#[test]
fn every_contradiction_caps() {
    let practices = practices();
    let mut pairs = 0;
    for catalog in practices.catalogs() {
        for entry in &catalog.entries {
            for criterion in &entry.contradicted_by {
                let id = format!("{}/{}", catalog.id, entry.id);
                let bad = spoiled(criterion);
                let kinds: BTreeSet<&String> = practices.criteria()[criterion].needs.iter().collect();
                // All is good but the kinds that the criterion needs, which are those of its bad example.
                let mut evidence = with(|evidence| {
                    evidence.facts.retain(|fact| !kinds.contains(&fact.kind));
                    evidence.facts.extend(bad.facts.iter().filter(|fact| kinds.contains(&fact.kind)).cloned());
                    if entry.claimable {
                        evidence.facts.push(claim(&id));
                    }
                });
                if !entry.claimable {
                    // What is declared in the claims file stays; only the evidence against it is bad.
                    for fact in evidence.facts.iter_mut().filter(|fact| fact.kind == "product") {
                        fact.body.insert("current".to_owned(), json!(true));
                    }
                }
                recount(&mut evidence);
                let label = label(&evidence);
                assert!(
                    label.contradictions.iter().any(|one| one.entry == id && one.criterion == *criterion),
                    "{id} is not contradicted by {criterion}"
                );
                let cap = practices.tiers().cap_of(&id);
                assert!(label.tier.level <= cap, "{id}: tier {} is above the cap {cap}", label.tier.level);
                assert_eq!(
                    cap,
                    u8::from(
                        !(id.starts_with("cswp-23/C.") || ["/D.1", "/D.2", "/S.2"].iter().any(|end| id.ends_with(end)))
                    )
                );
                pairs += 1;
            }
        }
    }
    assert!(pairs >= 7, "{pairs}");
}

#[test]
fn old_advisory_data_lowers_what_may_be_said() {
    let at = |age: i64, date: &str| {
        let label = label(&with(|evidence| {
            for fact in evidence.facts.iter_mut().filter(|fact| fact.kind == "advisory-database") {
                fact.body.insert("ageDays".to_owned(), json!(age));
                fact.body.insert("date".to_owned(), json!(date));
            }
        }));
        let entry = entry(&label, "cswp-23", "C.1");
        let seen = entry.supported_by.iter().find(|one| one.criterion == "advisories.none-known").unwrap().outcome;
        (entry.assurance, seen, label.tier.level)
    };
    assert_eq!(at(30, "2026-10-02"), (Some(Assurance::Verified), Outcome::Met, 2));
    assert_eq!(at(31, "2026-10-01"), (Some(Assurance::Observed), Outcome::Met, 2));
    assert_eq!(at(180, "2026-05-05"), (Some(Assurance::Observed), Outcome::Met, 2));
    assert_eq!(at(181, "2026-05-04"), (Some(Assurance::Declared), Outcome::Unknown, 0));
}

fn entry<'l>(label: &'l LabelBody, catalog: &str, id: &str) -> &'l EntryResult {
    let catalog = label.catalogs.iter().find(|one| one.id == catalog).unwrap();
    catalog.entries.iter().find(|entry| entry.id == id).unwrap()
}

fn outcome(label: &LabelBody, criterion: &str) -> (Outcome, Option<Assurance>) {
    let found = label.criteria.iter().find(|one| one.id == criterion).unwrap();
    (found.outcome, found.assurance)
}

/// The kind's facts of good evidence with one member of each set to a value.
fn with_member(kind: &str, member: &str, value: &serde_json::Value) -> LabelBody {
    label(&with(|evidence| {
        for fact in evidence.facts.iter_mut().filter(|fact| fact.kind == kind) {
            fact.body.insert(member.to_owned(), value.clone());
        }
    }))
}

#[test]
fn a_lockfile_that_does_not_fit_locks_nothing() {
    let label = with_member("workspace", "locked", &json!(false));
    assert_eq!(outcome(&label, "deps.locked"), (Outcome::Unmet, None));
    assert!(label.tier.level < 2);
}

/// Good evidence with the claims about the SSDF that `entries` name and no others.
fn answered(entries: &[&str]) -> LabelBody {
    label(&with(|evidence| {
        evidence.facts.retain(|fact| fact.kind != "claim" || fact.body["catalog"] != "ssdf-1.1");
        evidence.facts.extend(entries.iter().map(|entry| claim(&format!("ssdf-1.1/{entry}"))));
    }))
}

#[test]
fn a_practice_is_answered_when_each_of_its_tasks_is() {
    let practices = practices();
    let catalog = practices.catalogs().iter().find(|catalog| catalog.id == "ssdf-1.1").unwrap();
    let practices: Vec<String> = catalog.entries.iter().map(|entry| entry.id.clone()).collect();
    let tasks: Vec<&str> = practices.iter().map(String::as_str).collect();
    let whole: BTreeSet<&str> = tasks.iter().map(|task| &task[..4]).collect();
    let whole: Vec<&str> = whole.into_iter().collect();
    let check = |entries: &[&str]| outcome(&answered(entries), "claims.practices-answered").0;
    assert_eq!(check(&tasks), Outcome::Met);
    assert_eq!(check(&whole), Outcome::Met);
    assert_eq!(check(&tasks[1..]), Outcome::Unmet);
    assert_eq!(check(&whole[1..]), Outcome::Unmet);
    // A group is no practice, and a task that there is not answers nothing.
    assert_eq!(check(&["PO", "PS", "PW", "RV"]), Outcome::Unmet);
    let invented: Vec<String> = whole.iter().map(|practice| format!("{practice}.99")).collect();
    assert_eq!(check(&invented.iter().map(String::as_str).collect::<Vec<_>>()), Outcome::Unmet);
    let label = answered(&["PO"]);
    let entry = entry(&label, "ssdf-1.1", "PO.2.2");
    assert_eq!((entry.outcome, &entry.claimed), (Outcome::Unknown, &None));
}

#[test]
fn where_no_manifest_ships_nothing_is_known_of_the_components() {
    let label = with_member("ecosystem", "class", &json!("example"));
    for criterion in ["advisories.none-known", "advisories.none-known-fresh", "advisories.maintained"] {
        assert_eq!(outcome(&label, criterion), (Outcome::Unknown, None), "{criterion}");
    }
}

#[test]
fn data_past_its_review_date_is_expired_as_well() {
    let label = with_member("data-category", "current", &json!(false));
    assert_eq!(outcome(&label, "claims.none-expired"), (Outcome::Unmet, None));
}

#[test]
fn what_no_advisory_speaks_of_is_not_free_of_holes() {
    let label = with_member("ecosystem", "checked", &json!(false));
    for criterion in ["advisories.none-known", "advisories.none-known-fresh"] {
        assert_eq!(outcome(&label, criterion), (Outcome::Unknown, None), "{criterion}");
    }
    assert!(label.tier.level < 2);
}

/// What was not looked at must not turn what was found into "not known".
#[test]
fn a_hole_that_is_known_stays_known_whatever_was_not_looked_at() {
    let bad = read("criteria/neglected.json");
    let evidence = |old: bool, checked: bool| {
        let mut evidence = bad.clone();
        for fact in &mut evidence.facts {
            match fact.kind.as_str() {
                "ecosystem" => {
                    fact.body.insert("checked".to_owned(), json!(checked));
                }
                "advisory-database" if old => {
                    fact.body.insert("ageDays".to_owned(), json!(400));
                }
                _ => {}
            }
        }
        label(&evidence)
    };
    for (old, checked) in [(false, true), (false, false), (true, true), (true, false)] {
        let label = evidence(old, checked);
        for criterion in ["none-known", "none-known-fresh", "none-serious", "each-answered", "maintained"] {
            assert_eq!(outcome(&label, &format!("advisories.{criterion}")).0, Outcome::Unmet, "{criterion}");
        }
    }
}

/// Good evidence in which the maker answers every entry with "not applicable", with or without a note.
fn nothing_applies(note: &str) -> Evidence {
    with(|evidence| {
        for fact in evidence.facts.iter_mut().filter(|fact| fact.kind == "claim") {
            fact.body.insert("answer".to_owned(), json!("not-applicable"));
            fact.body.insert("note".to_owned(), json!(note));
        }
    })
}

#[test]
fn not_applicable_counts_only_where_the_catalog_says_that_it_may_be() {
    let practices = practices();
    for note in ["we do it elsewhere", ""] {
        // Nothing is seen either: only the word is left.
        let mut evidence = nothing_applies(note);
        for kind in kinds().iter().filter(|kind| *kind != "claim" && *kind != "product") {
            unavailable(&mut evidence, kind);
        }
        let label = label(&evidence);
        assert_eq!(label.tier.level, 0);
        for (catalog, result) in practices.catalogs().iter().zip(&label.catalogs) {
            for (entry, result) in catalog.entries.iter().zip(&result.entries) {
                let may = entry.may_not_apply && !note.is_empty();
                assert_eq!(result.outcome == Outcome::NotApplicable, may && result.claimed.is_some(), "{}", entry.id);
                if !may && entry.claimable {
                    assert_ne!(result.outcome, Outcome::Met, "{}: {}", entry.id, result.reason);
                }
            }
        }
    }
}

#[test]
fn accounts_and_no_need_of_authentication_contradict_each_other() {
    for (accounts, expected) in [(Some(false), Outcome::Met), (None, Outcome::Met), (Some(true), Outcome::Unmet)] {
        let evidence = with(|evidence| {
            for fact in evidence.facts.iter_mut().filter(|fact| fact.kind == "product") {
                fact.body.insert("accounts".to_owned(), json!(accounts));
            }
        });
        assert_eq!(outcome(&label(&evidence), "claims.attestations-answered").0, expected, "{accounts:?}");
    }
}

#[test]
fn not_applicable_takes_the_place_of_no_evidence() {
    let label = label(&nothing_applies("we do it elsewhere"));
    // What is seen is still seen, and the practices are still not answered.
    assert_eq!(outcome(&label, "claims.practices-answered"), (Outcome::Unmet, None));
    assert_eq!(outcome(&label, "claims.attestations-answered"), (Outcome::Unmet, None));
    assert_eq!(label.tier.level, 0);
    let entry =
        |id: &str| label.catalogs.iter().flat_map(|catalog| &catalog.entries).find(|entry| entry.id == id).unwrap();
    assert_eq!(entry("C.4").outcome, Outcome::Met);
    assert_eq!(entry("C.3").outcome, Outcome::NotApplicable);
    let reason = &entry("PO.2.2").reason;
    assert!(reason.contains("does not count: it applies to every product"), "{reason}");
}

/// An organisation's own catalog may let an entry not apply that a criterion can see.
#[test]
fn not_applicable_never_counts_against_what_is_seen() {
    let mut files = plimsoll_practices::embedded_files();
    let catalog = files.get_mut("catalogs/cswp-23.toml").unwrap();
    *catalog = catalog.replacen(
        "ask = \"Is the software free from keys",
        "may-not-apply = true\nask = \"(or not-applicable) Is the software free from keys",
        1,
    );
    let kinds = kinds();
    let practices = Practices::load(&files, &kinds.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
    let judge = |mut evidence: Evidence| {
        evidence.facts.retain(|fact| fact.kind != "claim");
        let mut fact = claim("cswp-23/C.4");
        fact.body.insert("answer".to_owned(), json!("not-applicable"));
        fact.body.insert("note".to_owned(), json!("it has none"));
        evidence.facts.push(fact);
        recount(&mut evidence);
        let label = score(&evidence, &practices, &tool()).unwrap().predicate;
        entry(&label, "cswp-23", "C.4").outcome
    };
    assert_eq!(judge(read("criteria/leaky.json")), Outcome::Unmet);
    assert_eq!(judge(with(|evidence| unavailable(evidence, "secret"))), Outcome::NotApplicable);
}

#[test]
fn an_expired_claim_counts_for_nothing() {
    let label = label(&read("criteria/expired.json"));
    assert_eq!(label.tier.level, 0);
    let entry = entry(&label, "ssdf-1.1", "PW.2.1");
    assert_eq!((entry.outcome, entry.assurance), (Outcome::Unknown, None));
}

#[test]
fn a_gap_is_never_good() {
    let practices = practices();
    for kind in kinds() {
        let evidence = with(|evidence| {
            let report = evidence.kinds.get_mut(&kind).unwrap();
            report.status = KindStatus::Partial;
            report.reason = Some("a part could not be read".to_owned());
        });
        let label = score(&evidence, &practices, &tool()).unwrap().predicate;
        for result in &label.criteria {
            let criterion = &practices.criteria()[&result.id];
            if criterion.needs.contains(&kind) && criterion.quantifier == plimsoll_practices::Quantifier::Every {
                assert_ne!(result.outcome, Outcome::Met, "{} with a gap in {kind}", result.id);
            }
        }
        assert!(label.limitations.iter().any(|one| one.kind == kind && one.status == KindStatus::Partial));
    }
}

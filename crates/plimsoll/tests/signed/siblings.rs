//! One label in several forms, several signatures over one statement, and labels that claim to be of another making.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use plimsoll::{Verification, VerificationPolicy};
use plimsoll_attest::{PAYLOAD_TYPE, Signer as _, pae};
use plimsoll_model::{DigestSet, Evidence, Follows, sha256_hex, to_canonical};
use serde_json::{Value, json};

use crate::made::{BUILT_IN, Keys, Scene, asked, changed, digest_of, failed, label_of, opened, time};

fn answer(file: &[u8], keys: &Keys, asked: &VerificationPolicy<'_>) -> Verification {
    plimsoll::verify(file, &keys.policy(), &*BUILT_IN, asked).unwrap()
}

fn with(files: &[&[u8]]) -> Vec<(String, Vec<u8>)> {
    files.iter().enumerate().map(|(at, bytes)| (format!("file {at}"), bytes.to_vec())).collect()
}

/// A bare envelope over `statement` with a signature of each of `names`.
fn envelope(keys: &Keys, names: &[&str], statement: &Value) -> Vec<u8> {
    let payload = to_canonical(statement).unwrap();
    let message = pae(PAYLOAD_TYPE, &payload);
    let sign = |name: &&str| json!({ "sig": STANDARD.encode(keys.key(name).sign(&message).unwrap()) });
    let signatures: Vec<Value> = names.iter().map(sign).collect();
    json!({ "payload": STANDARD.encode(payload), "payloadType": PAYLOAD_TYPE, "signatures": signatures })
        .to_string()
        .into_bytes()
}

/// The label as a pipeline's own tool signs it: its predicate, under label.json as the subject.
fn by_file(scene: &Scene) -> Vec<u8> {
    let mut statement: Value = serde_json::from_slice(&scene.label).unwrap();
    statement["subject"] = json!([{ "name": "label.json", "digest": { "sha256": sha256_hex(&scene.label) } }]);
    scene.keys.sign_any("maker", &statement)
}

#[test]
fn a_label_that_names_another_version_has_to_follow_from_its_evidence_as_any_other() {
    let scene = Scene::new();
    let own = &scene.bytes;
    let other = |change: fn(&mut Value)| {
        scene.keys.sign(
            "maker",
            &changed(&scene.label, |label| {
                label["predicate"]["tool"]["version"] = json!("0.1.1");
                change(label);
            }),
        )
    };
    let ask = |file: &[u8]| answer(file, &scene.keys, &VerificationPolicy { evidence: Some(own), ..asked() });
    // The version alone changes nothing of what follows.
    assert_eq!(ask(&other(|_| {})).counted_tier, 3);
    let changes: [fn(&mut Value); 4] = [
        |label| label["predicate"]["product"]["version"] = json!("99"),
        |label| label["predicate"]["criteria"][0]["outcome"] = json!("unmet"),
        |label| label["predicate"]["asOf"] = json!("2026-11-02T00:00:00Z"),
        |label| label["predicate"]["inputs"] = json!({}),
    ];
    for change in changes {
        let answer = ask(&other(change));
        assert!(!answer.verified && failed(&answer)[0].0 == "evidence", "{:?}", answer.checks);
    }
}

#[test]
fn a_key_that_is_asked_for_is_asked_for_beside_a_policy() {
    let scene = Scene::new();
    let keys = &scene.keys;
    let by = |name: &str| keys.key(name).public_key().fingerprint();
    let ask = |file: &[u8], wanted: Vec<String>| answer(file, keys, &VerificationPolicy { keys: wanted, ..asked() });
    let auditors = keys.sign("auditor", &scene.label);
    assert!(ask(&scene.bundle, vec![by("maker")]).verified);
    assert!(ask(&scene.bundle, vec![by("auditor"), by("maker")]).verified, "one of several is enough");
    let refused = ask(&auditors, vec![by("maker")]);
    assert!(
        !refused.verified && failed(&refused)[0].1.contains("not a key that was asked for"),
        "{:?}",
        refused.checks
    );
    // Where nobody but the policy is asked, it is said that another than the claimant signed.
    let told = ask(&auditors, Vec::new());
    assert!(told.notes.iter().any(|note| note.contains("who stands behind the product is")), "{:?}", told.notes);
    // A second signature, by whomever and wherever the policy has them, changes nothing.
    let label: Value = serde_json::from_slice(&scene.label).unwrap();
    for names in [["maker", "auditor"], ["auditor", "maker"]] {
        assert!(ask(&envelope(keys, &names, &label), vec![by("maker")]).verified, "{names:?}");
    }
    assert!(!ask(&envelope(keys, &["auditor"], &label), vec![by("maker")]).verified);
}

#[test]
fn what_ends_a_label_ends_it_in_every_form() {
    let scene = Scene::new();
    let keys = &scene.keys;
    let file = by_file(&scene);
    let ended = |label: &[u8], by: &[&[u8]]| {
        let with = with(by);
        let answer = answer(label, keys, &VerificationPolicy { with: &with, ..asked() });
        assert!(
            answer.verified || failed(&answer).iter().all(|(name, _)| *name == "revocation"),
            "{:?}",
            answer.checks
        );
        !answer.verified
    };
    assert!(!ended(&file, &[]));
    let back = keys.revoke("maker", &scene.bundle);
    assert!(ended(&scene.bundle, &[&back]) && ended(&file, &[&back]));
    let sha256 = |digest: String| DigestSet::from([("sha256".to_owned(), digest)]);
    let mut evidence = scene.evidence.clone();
    evidence.as_of = time("2026-11-10T00:00:00Z");
    evidence.follows = Some(Follows {
        label: sha256(sha256_hex(&scene.label)),
        evidence: sha256(sha256_hex(&scene.bytes)),
        examined: scene.evidence.as_of,
        earlier: Vec::new(),
    });
    let later = label_of(&evidence, &BUILT_IN);
    let follower = keys.sign("maker", &later);
    assert!(ended(&scene.bundle, &[&follower]) && ended(&file, &[&follower]));
    // What follows a label that was taken back has gone with it, but for what came in its place.
    assert!(ended(&follower, &[&back]));
    let replaced = |by: &[u8]| {
        let time = time("2026-11-15T00:00:00Z");
        plimsoll::revoke(&scene.bundle, "anew", Some(sha256_hex(by)), time, keys.key("maker")).unwrap()
    };
    assert!(!ended(&follower, &[&replaced(&later)]) && ended(&scene.bundle, &[&replaced(&later)]));
    assert!(ended(&follower, &[&replaced(b"another")]));
    // It has one name, in whatever form it is taken back, and whatever was made of it.
    let by_name = keys.revoke("maker", &file);
    assert!(ended(&scene.bundle, &[&by_name]) && ended(&file, &[&by_name]) && ended(&follower, &[&by_name]));
    assert_eq!(plimsoll::label_digest(&file).unwrap(), sha256_hex(&scene.label));
    let mut evidence = evidence.clone();
    evidence.as_of = time("2026-11-14T00:00:00Z");
    evidence.follows = Some(Follows {
        label: sha256(sha256_hex(&later)),
        evidence: sha256("7".repeat(64)),
        examined: scene.evidence.as_of,
        earlier: vec![sha256(sha256_hex(&scene.label))],
    });
    let latest = keys.sign("maker", &label_of(&evidence, &BUILT_IN));
    for (label, by, ends) in [(&latest, &back, true), (&scene.bundle, &latest, true), (&file, &latest, true)] {
        assert_eq!(ended(label, &[by]), ends);
    }
    assert!(ended(&follower, &[&latest]) && !ended(&latest, &[&follower]) && !ended(&latest, &[&scene.bundle]));
    // By whomever else it is signed as well, and in whatever order.
    let statement = opened(&back).1;
    for names in [["maker", "auditor"], ["auditor", "maker"], ["stranger", "maker"], ["maker", "stranger"]] {
        assert!(ended(&scene.bundle, &[&envelope(keys, &names, &statement)]), "{names:?}");
        let follower = envelope(keys, &names, &serde_json::from_slice(&later).unwrap());
        assert!(ended(&scene.bundle, &[&follower]), "{names:?}");
    }
    for name in ["auditor", "stranger"] {
        assert!(!ended(&scene.bundle, &[&envelope(keys, &[name], &statement)]), "{name}");
        assert!(!ended(&scene.bundle, &[&keys.sign(name, &later)]), "{name}");
    }
}

#[test]
fn a_builder_who_signs_as_well_takes_nothing_from_who_may() {
    let scene = Scene::new();
    let keys = &scene.keys;
    let policy = keys.beside_builder("stranger", &["maker"]);
    let label: Value = serde_json::from_slice(&scene.label).unwrap();
    let back = opened(&keys.revoke("maker", &scene.bundle)).1;
    for (names, good) in
        [(vec!["stranger", "maker"], true), (vec!["maker", "stranger"], true), (vec!["stranger"], false)]
    {
        let signed = plimsoll::verify(&envelope(keys, &names, &label), &policy, &*BUILT_IN, &asked()).unwrap();
        assert_eq!(signed.verified, good, "{names:?}: {:?}", signed.checks);
        let with = with(&[&envelope(keys, &names, &back)]);
        let asked = VerificationPolicy { with: &with, ..asked() };
        let ended = plimsoll::verify(&scene.bundle, &policy, &*BUILT_IN, &asked).unwrap();
        assert_eq!(ended.verified, !good, "{names:?}: {:?}", ended.checks);
    }
}

#[test]
fn keys_that_are_asked_for_together_may_be_those_of_maker_and_auditor() {
    let scene = Scene::new();
    let keys = &scene.keys;
    let by = |name: &str| keys.key(name).public_key().fingerprint();
    let word = keys.countersign("auditor", &sha256_hex(&scene.label), &digest_of(&scene.evidence), |_| {});
    let with = with(&[&word]);
    let asked = VerificationPolicy {
        keys: vec![by("maker"), by("auditor")],
        with: &with,
        evidence: Some(&scene.bytes),
        ..asked()
    };
    let answer = answer(&scene.bundle, keys, &asked);
    let check = answer.checks.iter().find(|check| check.name == "countersignature").unwrap();
    assert!(check.reason.starts_with("by "), "{:?} {:?}", answer.checks, answer.notes);
}

#[test]
fn the_commit_of_a_label_that_was_signed_as_a_file_is_told_by_its_digest() {
    let scene = Scene::new();
    let file = by_file(&scene);
    let commit = scene.evidence.subject.commit.clone();
    let about = |file: &[u8], commit: String| {
        answer(file, &scene.keys, &VerificationPolicy { commit: Some(commit), ..asked() })
    };
    assert!(about(&file, commit.clone()).verified);
    assert!(!about(&file, "7".repeat(commit.len())).verified);
    // Another predicate under the same name is no label of that commit.
    let mut statement = opened(&file).1;
    statement["predicate"]["product"]["version"] = json!("99");
    assert!(!about(&scene.keys.sign_any("maker", &statement), commit).verified);
    // It is the label of its evidence as well.
    let given = VerificationPolicy { evidence: Some(&scene.bytes), ..asked() };
    assert_eq!(answer(&file, &scene.keys, &given).counted_tier, 3);
}

#[test]
fn a_document_of_two_forms_is_none() {
    let scene = Scene::new();
    let (bundle, statement) = opened(&scene.bundle);
    let mut raised = statement.clone();
    raised["predicate"]["tier"] = json!({ "level": 4, "highest": 4, "name": "Corroborated", "sentence": "s" });
    let join = |one: &Value, other: &Value| {
        let mut all = one.as_object().unwrap().clone();
        all.extend(other.as_object().unwrap().clone());
        serde_json::to_vec(&all).unwrap()
    };
    let envelope = &bundle["dsseEnvelope"];
    let lists = json!({ "attestations": [{ "bundle": bundle }] });
    for (name, file) in [
        ("a bundle with a label", join(&bundle, &raised)),
        ("an envelope with a label", join(envelope, &raised)),
        ("a bundle with an envelope", join(&bundle, envelope)),
        ("an envelope with a list", join(envelope, &lists)),
        ("a label with a list", join(&raised, &lists)),
    ] {
        assert!(!answer(&file, &scene.keys, &asked()).verified, "{name}");
        assert!(plimsoll::read_any_label(&file).is_err(), "{name}");
        assert!(plimsoll::read_label(&file).is_err(), "{name}");
        assert!(plimsoll::label_digest(&file).is_err(), "{name}");
    }
}

#[test]
fn evidences_that_differ_late_in_a_long_text_differ() {
    let scene = Scene::new();
    let changes: [fn(&mut Evidence); 3] = [
        |evidence| {
            let report = evidence.kinds.values_mut().next().unwrap();
            report.limitations.push("b".to_owned());
        },
        |evidence| {
            let input = evidence.inputs.values_mut().next().unwrap();
            input.source.push('b');
        },
        |evidence| evidence.subject.object_format.push('b'),
    ];
    for change in changes {
        let mut one = scene.evidence.clone();
        let long = "a".repeat(400);
        one.kinds.values_mut().next().unwrap().limitations = vec![long.clone()];
        one.inputs.values_mut().next().unwrap().source = long.clone();
        one.subject.object_format = long;
        let mut other = one.clone();
        change(&mut other);
        assert!(plimsoll::diff_evidence(&one, &one).is_empty());
        assert!(!plimsoll::diff_evidence(&one, &other).is_empty());
    }
}

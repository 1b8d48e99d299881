//! What others say of a label: who counts, and for how long.

use plimsoll::{AuditorStatement, Refresh, Verification, VerificationPolicy};
use plimsoll_advisories::{Database, Ecosystem};
use plimsoll_model::{
    Artifact, CheckVerdict, DigestSet, Evidence, Extra, Follows, Statement, sha256_hex, to_canonical,
};
use plimsoll_trust::TrustPolicy;
use serde_json::{Value, json};

use crate::made::{BUILT_IN, NOW, Scene, asked, changed, digest_of, label_of, opened, time};

type Given = Vec<(String, Vec<u8>)>;

fn given(files: &[&[u8]]) -> Given {
    files.iter().enumerate().map(|(at, bytes)| (format!("file {at}"), bytes.to_vec())).collect()
}

/// A scene, an auditor's countersignature over its evidence, and the label that follows with it.
struct Corroborated {
    scene: Scene,
    word: Vec<u8>,
    evidence: Evidence,
    bundle: Vec<u8>,
}

impl Corroborated {
    fn new() -> Self {
        Self::by(Scene::new(), "auditor", |_| {})
    }

    fn by(scene: Scene, who: &str, change: impl FnOnce(&mut AuditorStatement)) -> Self {
        let word = scene.keys.countersign(who, &sha256_hex(&scene.label), &digest_of(&scene.evidence), change);
        let (evidence, label) = refresh_label(&scene, &given(&[&word]), &scene.keys.policy());
        let bundle = scene.keys.sign("maker", &to_canonical(&label).unwrap());
        Self { scene, word, evidence, bundle }
    }

    /// What comes of it with other words, by a policy.
    fn ask(&self, policy: &TrustPolicy, with: &Given) -> Verification {
        self.try_ask(policy, with).unwrap()
    }

    fn try_ask(&self, policy: &TrustPolicy, with: &Given) -> Result<Verification, plimsoll::Error> {
        let evidence = to_canonical(&self.evidence).unwrap();
        let asked = VerificationPolicy { evidence: Some(&evidence), with, ..asked() };
        plimsoll::verify(&self.bundle, policy, &*BUILT_IN, &asked)
    }
}

fn refresh_label(scene: &Scene, with: &Given, policy: &TrustPolicy) -> (Evidence, Statement) {
    plimsoll::refresh_label(&Refresh {
        label: &scene.label,
        evidence: &scene.bytes,
        advisories: None,
        with,
        trust: policy,
        practices: &BUILT_IN,
        now: time(NOW),
    })
    .unwrap()
}

/// All that is told, in one text.
fn told(answer: &Verification) -> String {
    let checks = answer.checks.iter().map(|check| format!("{} {:?}: {}", check.name, check.verdict, check.reason));
    checks.chain(answer.notes.iter().cloned()).collect::<Vec<_>>().join("\n")
}

/// The same payload under a signature that is none.
fn broken(bundle: &[u8]) -> Vec<u8> {
    let mut value = opened(bundle).0;
    let envelope = &mut value["dsseEnvelope"];
    envelope["signatures"][0]["sig"] = json!("AAAA");
    value.to_string().into_bytes()
}

#[test]
fn the_word_of_somebody_independent_makes_the_highest_tier_and_no_other_word_does() {
    let made = Corroborated::new();
    let Corroborated { scene, word, .. } = &made;
    let keys = &scene.keys;
    let policy = keys.policy();
    let good = made.ask(&policy, &given(&[word]));
    assert!(good.verified && (good.stated_tier, good.counted_tier) == (Some(4), 4), "{}", told(&good));
    assert!(told(&good).contains("countersignature Passed: by Example Audit Ltd"), "{}", told(&good));

    let (label, evidence) = (sha256_hex(&scene.label), digest_of(&scene.evidence));
    let by = |who: &str, change: fn(&mut AuditorStatement)| keys.countersign(who, &label, &evidence, change);
    let custom = |change: fn(&mut Value)| {
        let mut statement = opened(word).1;
        change(&mut statement);
        keys.sign_any("auditor", &statement)
    };
    let unrelated = keys.sign_any(
        "auditor",
        &json!({
            "_type": "https://in-toto.io/Statement/v1", "predicateType": "https://example.org/p/v1", "predicate": {},
            "subject": [{ "name": "label.json", "digest": { "sha256": label } }],
        }),
    );
    let withdrawn = keys.revoke("auditor", word);
    let cases: Vec<(&str, Given, &str)> = vec![
        ("nothing", given(&[]), "nobody whom your trust policy has as independent countersigned it"),
        (
            "other-evidence",
            given(&[&keys.countersign("auditor", &label, &"9".repeat(64), |_| {})]),
            "it is over other evidence",
        ),
        ("no-evidence", given(&[&custom(|one| one["predicate"]["evidence"] = json!({}))]), "it is over other evidence"),
        ("maker", given(&[&by("maker", |_| {})]), "by who signed the label"),
        ("friend", given(&[&by("friend", |_| {})]), "does not have \"friend\" as independent"),
        ("stranger", given(&[&by("stranger", |_| {})]), "its signature is not verified"),
        (
            "says-not-independent",
            given(&[&by("auditor", |word| word.auditor.independent = false)]),
            "does not declare to be independent",
        ),
        (
            "before-the-evidence",
            given(&[&by("auditor", |word| word.time = time("2026-10-20T00:00:00Z"))]),
            "no more than tier 3",
        ),
        (
            "nothing-collected",
            given(&[&custom(|one| one["predicate"]["repeated"] = json!(["score"]))]),
            "it does not say that the evidence was collected",
        ),
        (
            "nothing-repeated",
            given(&[&custom(|one| one["predicate"]["repeated"] = json!([]))]),
            "it does not say that the evidence was collected",
        ),
        ("withdrawn", given(&[word, &withdrawn]), "taken back by who made it"),
        ("withdrawn-first", given(&[&withdrawn, word]), "taken back by who made it"),
        ("withdrawn-and-copied", given(&[word, &withdrawn, &broken(word)]), "taken back by who made it"),
        ("copied-and-withdrawn", given(&[&broken(word), word, &withdrawn]), "taken back by who made it"),
        ("unrelated", given(&[&unrelated]), "a statement that says nothing about labels"),
        ("label", given(&[&scene.bundle]), "nobody whom your trust policy has as independent"),
        ("broken", given(&[&broken(word)]), "its signature is not verified"),
    ];
    let mut wrong = Vec::new();
    for (name, with, reason) in &cases {
        let answer = made.ask(&policy, with);
        if !answer.verified || answer.counted_tier != 3 || !told(&answer).contains(reason) {
            wrong.push(format!("{name}: tier {} in the place of {reason}\n{}", answer.counted_tier, told(&answer)));
        }
        // What is given beside a good one takes nothing from it, where it does not take it back.
        if !name.contains("withdrawn") {
            for with in [[given(&[word]), with.clone()].concat(), [with.clone(), given(&[word])].concat()] {
                let answer = made.ask(&policy, &with);
                if answer.counted_tier != 4 {
                    wrong.push(format!("{name} beside a good one: {}", told(&answer)));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    // One that cannot be used is told, and keeps nobody from asking.
    for (with, reason) in [
        (custom(|one| one["predicate"]["schemaVersion"] = json!("2.0")), "schema version 2.0"),
        (by("auditor", |word| word.time = time("2026-12-01T00:00:00Z")), "which is to come"),
        (
            custom(|one| one["subject"] = json!([{ "name": "a", "digest": { "gitCommit": "1".repeat(40) } }])),
            "by its SHA-256",
        ),
    ] {
        let answer = made.ask(&policy, &given(&[word, &with]));
        assert!(answer.counted_tier == 4 && answer.notes.iter().any(|note| note.contains(reason)), "{}", told(&answer));
        assert_eq!(made.ask(&policy, &given(&[&with])).counted_tier, 3);
    }
    // What is no statement at all may be what ends the label: the rest is answered all the same.
    for (with, reason) in [(b"{}".to_vec(), "no form of an attestation"), (Vec::new(), "not JSON")] {
        let answer = made.ask(&policy, &given(&[word, &with]));
        let told = told(&answer);
        assert!(!answer.verified && told.contains("revocation Failed: file 1 cannot be read"), "{told}");
        assert!(told.contains(reason) && told.contains("signature Passed"), "{told}");
    }
}

#[test]
fn who_stands_behind_the_product_is_not_independent_of_it() {
    // The policy calls the maker independent, and another signs the label: the name is the maker's all the same.
    let made = Corroborated::by(Scene::new(), "maker", |_| {});
    let label = to_canonical(&plimsoll_score::score(&made.evidence, &BUILT_IN, &plimsoll::tool()).unwrap()).unwrap();
    let bundle = made.scene.keys.sign("second", &label);
    let evidence = to_canonical(&made.evidence).unwrap();
    let with = given(&[&made.word]);
    let asked = VerificationPolicy { evidence: Some(&evidence), with: &with, ..asked() };
    let answer = plimsoll::verify(&bundle, &made.scene.keys.policy(), &*BUILT_IN, &asked).unwrap();
    assert!(answer.counted_tier <= 3 && told(&answer).contains("stands behind the product"), "{}", told(&answer));
}

#[test]
fn without_evidence_or_a_policy_nobody_elses_word_counts() {
    let made = Corroborated::new();
    let keys = &made.scene.keys;
    let with = given(&[&made.word]);
    let blind =
        plimsoll::verify(&made.bundle, &keys.policy(), &*BUILT_IN, &VerificationPolicy { with: &with, ..asked() })
            .unwrap();
    assert!(blind.verified && blind.counted_tier == 3, "{}", told(&blind));
    assert!(told(&blind).contains("give the evidence (--evidence)"), "{}", told(&blind));
    // Keys without parties: nobody is said to be independent.
    let answer = made.ask(&keys.only(&["maker", "auditor"]), &with);
    assert!(
        answer.verified && answer.counted_tier == 3 && told(&answer).contains("names no party"),
        "{}",
        told(&answer)
    );
    let answer = made.ask(&keys.only(&["maker"]), &with);
    assert!(answer.verified && answer.counted_tier == 3, "{}", told(&answer));
    let evidence = to_canonical(&made.evidence).unwrap();
    let asked = VerificationPolicy { evidence: Some(&evidence), min_tier: Some(4), ..asked() };
    let answer = plimsoll::verify(&made.bundle, &keys.policy(), &*BUILT_IN, &asked).unwrap();
    assert!(!answer.verified && answer.counted_tier == 0, "{}", told(&answer));
}

/// The maker writes the words of an auditor into evidence of their own, and signs what comes of it.
#[test]
fn a_forged_highest_tier_counts_for_no_more_than_the_maker_can_prove() {
    let scene = Scene::new();
    let keys = &scene.keys;
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/evidence/tier-4.json");
    let mut forged = plimsoll::read_evidence(&std::fs::read(path).unwrap()).unwrap();
    forged.sort();
    // As much like a real one as can be had.
    let digest = digest_of(&scene.evidence);
    for fact in forged.facts.iter_mut().filter(|fact| fact.kind == "countersignature") {
        fact.body.insert("evidence".to_owned(), json!(digest));
        fact.body.insert("party".to_owned(), json!("auditor"));
    }
    let real = Corroborated::new();
    let mut with_inputs = forged.clone();
    with_inputs.inputs.clone_from(&real.evidence.inputs);
    let unrelated = keys.countersign("auditor", &"5".repeat(64), &"9".repeat(64), |_| {});
    let revoked = keys.revoke("stranger", &scene.bundle);
    for evidence in [&forged, &with_inputs] {
        let label = label_of(evidence, &BUILT_IN);
        let bundle = keys.sign("maker", &label);
        assert_eq!(plimsoll::read_label(&label).unwrap().predicate.tier.level, 4);
        let bytes = to_canonical(evidence).unwrap();
        let own = keys.countersign("maker", &sha256_hex(&label), &digest, |word| {
            word.auditor.name = "Example Audit Ltd".to_owned();
        });
        for policy in [keys.policy(), keys.only(&["maker"]), keys.only(&["maker", "auditor", "second"])] {
            for with in
                [given(&[]), given(&[&unrelated]), given(&[&own]), given(&[&own, &unrelated, &revoked, &scene.bundle])]
            {
                for evidence in [None, Some(bytes.as_slice())] {
                    let asked = VerificationPolicy { evidence, with: &with, ..asked() };
                    let answer = plimsoll::verify(&bundle, &policy, &*BUILT_IN, &asked).unwrap();
                    assert!(answer.stated_tier == Some(4) && answer.counted_tier <= 3, "{}", told(&answer));
                    let asked = VerificationPolicy { min_tier: Some(4), ..asked };
                    assert!(!plimsoll::verify(&bundle, &policy, &*BUILT_IN, &asked).unwrap().verified);
                }
            }
        }
    }
}

#[test]
fn a_revocation_counts_where_the_signer_made_it() {
    let scene = Scene::new();
    let Scene { keys, label, bundle, .. } = &scene;
    let other = keys.sign("maker", &changed(label, |label| label["predicate"]["product"]["version"] = json!("0")));
    let ask = |policy: &TrustPolicy, with: Given| {
        plimsoll::verify(bundle, policy, &*BUILT_IN, &VerificationPolicy { with: &with, ..asked() }).unwrap()
    };
    let ahead = plimsoll::revoke(bundle, "later", None, time("2027-01-01T00:00:00Z"), keys.key("maker")).unwrap();
    for policy in [keys.policy(), keys.only(&["maker"])] {
        for (name, file, ends) in [
            ("signer", keys.revoke("maker", bundle), true),
            ("dated-ahead", ahead.clone(), true),
            ("stranger", keys.revoke("stranger", bundle), false),
            ("somebody-known", keys.revoke("auditor", bundle), false),
            ("other-label", keys.revoke("maker", &other), false),
            ("damaged", broken(&keys.revoke("maker", bundle)), false),
        ] {
            let answer = ask(&policy, given(&[&file]));
            let revoked =
                answer.checks.iter().any(|check| check.name == "revocation" && check.verdict == CheckVerdict::Failed);
            assert_eq!((revoked, answer.verified), (ends, !ends), "{name}: {}", told(&answer));
            assert!(!ends || told(&answer).contains("a mistake") || name == "dated-ahead", "{name}: {}", told(&answer));
            assert!(
                ends || name == "other-label" || told(&answer).contains("counts for nothing"),
                "{name}: {}",
                told(&answer)
            );
            // In the label's own file it counts as well, before it or behind.
            for lines in [[bundle.as_slice(), b"\n", &file].concat(), [file.as_slice(), b"\n", bundle].concat()] {
                let answer = plimsoll::verify(&lines, &policy, &*BUILT_IN, &asked()).unwrap();
                assert_eq!(answer.verified, !ends, "{name} in the same file: {}", told(&answer));
            }
        }
        // A stranger's beside the signer's own takes nothing from it.
        let both = given(&[
            &keys.revoke("stranger", bundle),
            &broken(&keys.revoke("maker", bundle)),
            &keys.revoke("maker", bundle),
        ]);
        assert!(!ask(&policy, both).verified);
    }
}

/// An envelope may bear several signatures: each signer may take the label back, whoever stands first in the policy.
#[test]
fn a_second_signature_takes_no_revocation_from_the_first() {
    let scene = Scene::new();
    let Scene { keys, label, bundle, .. } = &scene;
    let mut envelope = opened(bundle).0["dsseEnvelope"].clone();
    let second = opened(&keys.sign("auditor", label)).0["dsseEnvelope"]["signatures"][0].clone();
    let signatures = envelope["signatures"].as_array_mut().unwrap();
    signatures.push(second);
    signatures.push(json!({ "keyid": "", "sig": "AAAA" }));
    let both = envelope.to_string().into_bytes();
    for policy in [keys.only(&["maker", "auditor"]), keys.only(&["auditor", "maker"]), keys.policy()] {
        assert!(plimsoll::verify(&both, &policy, &*BUILT_IN, &asked()).unwrap().verified);
        for (who, ends) in [("maker", true), ("auditor", true), ("second", false), ("stranger", false)] {
            let with = given(&[&keys.revoke(who, bundle)]);
            let answer =
                plimsoll::verify(&both, &policy, &*BUILT_IN, &VerificationPolicy { with: &with, ..asked() }).unwrap();
            assert_eq!(answer.verified, !ends, "{who}: {}", told(&answer));
        }
    }
}

#[test]
fn no_label_before_one_goes_unnamed() {
    let scene = Scene::new();
    let database = Database::embedded().unwrap();
    let sha256 = |number: usize| DigestSet::from([("sha256".to_owned(), format!("{number:064x}"))]);
    let refreshed = |earlier: Vec<DigestSet>| {
        let mut evidence = scene.evidence.clone();
        // No older data than what is built in is taken.
        let known = evidence.inputs.get_mut("advisories").unwrap();
        let built_in = database.data_of(Ecosystem::of("crates.io").unwrap()).unwrap().unwrap().date;
        for known in known.parts.values_mut() {
            known.date = known.date.min(built_in);
        }
        known.date = known.date.min(built_in);
        evidence.follows =
            Some(Follows { label: sha256(0), evidence: sha256(0), examined: evidence.as_of, earlier: earlier.clone() });
        let trust = TrustPolicy::default();
        let made = plimsoll::refresh_label(&Refresh {
            label: &label_of(&evidence, &BUILT_IN),
            evidence: &to_canonical(&evidence).unwrap(),
            advisories: Some(&database),
            with: &[],
            trust: &trust,
            practices: &BUILT_IN,
            now: time(NOW),
        });
        made.map(|(evidence, _)| evidence.follows.unwrap().earlier).map_err(|refusal| refusal.to_string())
    };
    for count in [0, 1, 199] {
        let earlier: Vec<DigestSet> = (1..=count).map(sha256).collect();
        assert_eq!(refreshed(earlier), Ok((0..=count).map(sha256).collect()));
    }
    for count in [200, 300] {
        let refusal = refreshed((1..=count).map(sha256).collect()).unwrap_err();
        assert!(refusal.contains("follows 200 others"), "{refusal}");
    }
    let refusal = refreshed(vec![DigestSet::from([("sha512".to_owned(), "0".repeat(128))])]).unwrap_err();
    assert!(refusal.contains("SHA-256"), "{refusal}");
}

#[test]
fn a_later_label_by_the_same_signer_ends_the_first() {
    let scene = Scene::new();
    let Scene { keys, bundle, .. } = &scene;
    let follow_far = |label: &str, earlier: &[&str], as_of: &str| {
        let mut evidence = scene.evidence.clone();
        evidence.as_of = time(as_of);
        let sha256 = |digest: &str| DigestSet::from([("sha256".to_owned(), digest.to_owned())]);
        evidence.follows = Some(Follows {
            label: sha256(label),
            evidence: sha256(&digest_of(&scene.evidence)),
            examined: scene.evidence.as_of,
            earlier: earlier.iter().map(|digest| sha256(digest)).collect(),
        });
        label_of(&evidence, &BUILT_IN)
    };
    let follow = |label: &str, as_of: &str| follow_far(label, &[], as_of);
    let again = |change: &dyn Fn(&mut Evidence)| {
        let mut evidence = scene.evidence.clone();
        evidence.as_of = time("2026-11-10T00:00:00Z");
        change(&mut evidence);
        label_of(&evidence, &BUILT_IN)
    };
    let set = |evidence: &mut Evidence, member: &str, value: &str| {
        let products = evidence.facts.iter_mut().filter(|fact| fact.kind == "product");
        products.for_each(|fact| drop(fact.body.insert(member.to_owned(), value.into())));
    };
    let at_once = again(&|one| {
        one.as_of = scene.evidence.as_of;
        set(one, "version", "99.0");
    });
    let digest = sha256_hex(&scene.label);
    let later = follow(&digest, "2026-11-10T00:00:00Z");
    for (name, file, ends) in [
        ("signer", keys.sign("maker", &later), true),
        ("stranger", keys.sign("stranger", &later), false),
        ("somebody-known", keys.sign("auditor", &later), false),
        // It follows one that follows the first, and is not at hand.
        (
            "link-not-at-hand",
            keys.sign("maker", &follow_far(&"7".repeat(64), &[&"6".repeat(64), &digest], "2026-11-10T00:00:00Z")),
            true,
        ),
        // It does not name the first, and speaks for a later moment of the same product at the same commit.
        ("of-the-same", keys.sign("maker", &follow(&"7".repeat(64), "2026-11-10T00:00:00Z")), true),
        ("of-the-same-alone", keys.sign("maker", &again(&|_| {})), true),
        ("of-the-same-by-a-stranger", keys.sign("stranger", &again(&|_| {})), false),
        ("of-the-same-by-somebody-known", keys.sign("auditor", &again(&|_| {})), false),
        ("of-the-same-to-come", keys.sign("maker", &again(&|one| one.as_of = time("2026-12-10T00:00:00Z"))), false),
        ("of-the-same-moment", keys.sign("maker", &again(&|one| one.as_of = scene.evidence.as_of)), false),
        ("of-another-commit", keys.sign("maker", &again(&|one| one.subject.commit = "9".repeat(40))), false),
        // Name and version are the signer's choice.
        ("of-the-same-by-another-name", keys.sign("maker", &again(&|one| set(one, "name", "other"))), true),
        ("of-the-same-by-another-version", keys.sign("maker", &again(&|one| set(one, "version", "99.0"))), true),
        ("at-once", keys.sign("maker", &at_once), true),
        ("at-once-by-a-stranger", keys.sign("stranger", &at_once), false),
        ("at-once-by-somebody-known", keys.sign("auditor", &at_once), false),
    ] {
        let with = given(&[&file]);
        let answer =
            plimsoll::verify(bundle, &keys.policy(), &*BUILT_IN, &VerificationPolicy { with: &with, ..asked() })
                .unwrap();
        assert_eq!(answer.verified, !ends, "{name}: {}", told(&answer));
        let how = match name {
            _ if name.starts_with("of-the-same") => "a later label speaks of the same",
            "at-once" => "another label of the same moment says something else",
            _ => "a later label follows it",
        };
        assert!(!ends || told(&answer).contains(how), "{name}: {}", told(&answer));
    }
    // The later one is good beside the first.
    let with = given(&[bundle]);
    let answer = plimsoll::verify(
        &keys.sign("maker", &later),
        &keys.policy(),
        &*BUILT_IN,
        &VerificationPolicy { with: &with, ..asked() },
    );
    assert!(answer.unwrap().verified);
}

/// A pipeline may label each file of a release by itself: those say nothing of each other.
#[test]
fn a_later_label_of_other_files_ends_nothing() {
    let scene = Scene::new();
    let of = |files: &[&str], as_of: &str| {
        let mut evidence = scene.evidence.clone();
        evidence.as_of = time(as_of);
        let file = |digit: &&str| Artifact {
            name: format!("app-{digit}"),
            digest: DigestSet::from([("sha256".to_owned(), digit.repeat(64))]),
            extra: Extra::new(),
        };
        evidence.subject.artifacts = files.iter().map(file).collect();
        scene.keys.sign("maker", &label_of(&evidence, &BUILT_IN))
    };
    let first = of(&["1", "2"], "2026-11-01T00:00:00Z");
    for (files, ends) in
        [(&["1", "2"][..], true), (&["1", "2", "3"], true), (&[], true), (&["3"], false), (&["1"], false)]
    {
        let with = given(&[&of(files, "2026-11-10T00:00:00Z")]);
        let asked = VerificationPolicy { with: &with, ..asked() };
        let answer = plimsoll::verify(&first, &scene.keys.policy(), &*BUILT_IN, &asked).unwrap();
        assert_eq!(answer.verified, !ends, "{files:?}: {}", told(&answer));
    }
}

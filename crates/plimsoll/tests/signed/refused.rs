//! What is no proof is refused, with its reason.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use plimsoll::VerificationPolicy;
use plimsoll_attest::{Signer as _, pae};
use plimsoll_model::to_canonical;
use plimsoll_trust::{IdentityRule, TrustPolicy};
use serde_json::{Value, json};

use crate::made::{BUILT_IN, NOW, Scene, asked, changed, failed, opened, time};

/// A bundle whose members are changed after it was signed.
fn bundle_with(bundle: &[u8], change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut value = opened(bundle).0;
    change(&mut value);
    value.to_string().into_bytes()
}

/// A text in the place of another, which has to be there.
fn replaced(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = std::str::from_utf8(bytes).unwrap();
    assert!(text.contains(from), "{from} is not in {text}");
    text.replacen(from, to, 1).into_bytes()
}

/// What is asked beyond the signature.
#[derive(Default)]
struct Asks {
    now: Option<&'static str>,
    artifact: Option<String>,
    commit: Option<String>,
    evidence: Option<Vec<u8>>,
    identity: bool,
    most_days: Option<u32>,
    least: Option<u8>,
}

impl Asks {
    fn asked(&self) -> VerificationPolicy<'_> {
        let identity = IdentityRule::Exact("a@example.org".to_owned());
        VerificationPolicy {
            now: time(self.now.unwrap_or(NOW)),
            artifacts: self.artifact.iter().map(|sha256| ("other".to_owned(), sha256.clone())).collect(),
            has_claims: false,
            commit: self.commit.clone(),
            evidence: self.evidence.as_deref(),
            identity: self.identity.then_some(identity),
            max_age_days: self.most_days,
            min_tier: self.least,
            ..asked()
        }
    }
}

/// One thing that is wrong: the bundle, who is trusted, the question, the check that fails, and words of its reason.
struct Case<'a> {
    name: &'a str,
    bundle: Vec<u8>,
    trust: &'a TrustPolicy,
    asks: Asks,
    fails: &'a str,
    reason: &'a str,
}

#[test]
fn what_is_no_proof_is_refused_with_its_reason() {
    let scene = Scene::new();
    let Scene { keys, label, bundle, .. } = &scene;
    let maker = keys.only(&["maker"]);
    let (p256, p384) = (keys.only(&["maker-p256"]), keys.only(&["maker-p384"]));
    let nobody = TrustPolicy::new();
    let plain = Asks::default;
    let at = |now: &'static str| Asks { now: Some(now), ..Asks::default() };
    let raw = |payload: &[u8], signed: &[u8], kind: &str| {
        bundle_with(bundle, |value| {
            let envelope = &mut value["dsseEnvelope"];
            envelope["payload"] = json!(STANDARD.encode(payload));
            envelope["payloadType"] = json!(kind);
            envelope["signatures"][0]["sig"] = json!(STANDARD.encode(keys.key("maker").sign(signed).unwrap()));
        })
    };
    let statement = "application/vnd.in-toto+json";
    let doubled = |name: &str| {
        let text = std::str::from_utf8(label).unwrap();
        let value = serde_json::from_slice::<Value>(label).unwrap()[name].clone();
        let payload = text.replacen(&format!("\"{name}\":"), &format!("\"{name}\":{value},\"{name}\":"), 1);
        raw(payload.as_bytes(), &pae(statement, payload.as_bytes()), statement)
    };
    let dsse = |name: &str| opened(&keys.sign(name, label)).0["dsseEnvelope"].to_string().into_bytes();
    let unnamed = |name: &str| {
        bundle_with(&keys.sign(name, label), |value| {
            value["verificationMaterial"]["publicKey"]["hint"] = json!("");
            value["dsseEnvelope"]["signatures"][0]["keyid"] = json!("");
        })
    };
    let (payload, sig) = {
        let envelope = opened(bundle).0["dsseEnvelope"].clone();
        (envelope["payload"].to_string(), envelope["signatures"][0].to_string())
    };
    let other = keys.sign("maker", &changed(label, |label| label["predicate"]["tier"]["level"] = json!(4)));
    let others_payload = opened(&other).0["dsseEnvelope"]["payload"].to_string();
    let mut better = scene.evidence.clone();
    better.facts.retain(|fact| fact.kind != "advisory-finding");
    better.kinds.get_mut("advisory-finding").unwrap().count = 0;
    better.as_of = time("2026-11-02T00:00:00Z");
    let better = to_canonical(&better).unwrap();
    let raised = keys.sign(
        "maker",
        &changed(label, |label| {
            label["predicate"]["tier"]["level"] = json!(4);
            label["predicate"]["tier"]["name"] = json!("Corroborated");
        }),
    );
    let lasting = |expires: &'static str| {
        keys.sign("maker", &changed(label, |label| label["predicate"]["expires"] = json!(expires)))
    };
    let renamed =
        keys.sign("maker", &changed(label, |label| label["predicate"]["tier"]["name"] = json!("Corroborated")));
    let two_lines = [bundle.as_slice(), other.as_slice()].concat();
    let case = |name, bundle, trust, asks, fails, reason| Case { name, bundle, trust, asks, fails, reason };
    let given = |bytes: &[u8]| Asks { evidence: Some(bytes.to_vec()), ..Asks::default() };
    let own = scene.bytes.as_slice();
    let whole =
        |change: fn(&mut Value)| keys.sign_any("maker", &serde_json::from_slice(&changed(label, change)).unwrap());
    let cases = vec![
        case(
            "replayed-artifact",
            bundle.clone(),
            &maker,
            Asks { artifact: Some("ab".repeat(32)), ..Asks::default() },
            "subject",
            "it is not about other: no subject has its SHA-256",
        ),
        case(
            "replayed-commit",
            bundle.clone(),
            &maker,
            Asks { commit: Some("2".repeat(40)), ..Asks::default() },
            "subject",
            "and not about commit 2222",
        ),
        case(
            "of-a-working-copy",
            whole(|label| label["predicate"]["worktree"] = json!(true)),
            &maker,
            Asks { commit: Some(scene.evidence.subject.commit.clone()), ..Asks::default() },
            "subject",
            "it is about files of a working copy",
        ),
        case(
            "of-a-working-copy-by-an-earlier-version",
            whole(|label| {
                let row = json!({ "kind": "subject", "collector": "", "status": "partial", "reason": "files of a working copy" });
                label["predicate"]["limitations"].as_array_mut().unwrap().push(row);
            }),
            &maker,
            Asks { commit: Some(scene.evidence.subject.commit.clone()), ..Asks::default() },
            "subject",
            "it is about files of a working copy",
        ),
        case(
            "said-to-be-text",
            raw(label, &pae("text/plain", label), "text/plain"),
            &maker,
            plain(),
            "format",
            "the payload is said to be \"text/plain\"",
        ),
        case(
            "signed-as-text",
            raw(label, &pae("text/plain", label), statement),
            &maker,
            plain(),
            "signature",
            "not one by a key that is trusted",
        ),
        case(
            "signed-without-type",
            raw(label, label, statement),
            &maker,
            plain(),
            "signature",
            "not one by a key that is trusted",
        ),
        case(
            "not-a-label",
            raw(b"{}", &pae(statement, b"{}"), statement),
            &maker,
            plain(),
            "format",
            "not an in-toto statement",
        ),
        case(
            "twice-in-bundle",
            replaced(bundle, "{\"dsseEnvelope\"", "{\"mediaType\":\"x\",\"dsseEnvelope\""),
            &maker,
            plain(),
            "format",
            "\"mediaType\" appears twice",
        ),
        case(
            "twice-by-escape",
            replaced(bundle, "\"payload\":", "\"p\\u0061yload\":\"\",\"payload\":"),
            &maker,
            plain(),
            "format",
            "\"payload\" appears twice",
        ),
        case("twice-in-label", doubled("predicateType"), &maker, plain(), "format", "\"predicateType\" appears twice"),
        case("twice-in-subject", doubled("subject"), &maker, plain(), "format", "\"subject\" appears twice"),
        case(
            "two-payloads",
            replaced(
                bundle,
                &format!("\"payload\":{payload}"),
                &format!("\"payload\":{others_payload},\"payload\":{payload}"),
            ),
            &maker,
            plain(),
            "format",
            "\"payload\" appears twice",
        ),
        case(
            "other-payload",
            replaced(bundle, &payload, &others_payload),
            &maker,
            plain(),
            "signature",
            "not one by a key that is trusted",
        ),
        case("two-labels", two_lines, &maker, plain(), "format", "several labels"),
        case(
            "envelope-and-message",
            bundle_with(bundle, |value| value["messageSignature"] = json!({ "signature": "AA==" })),
            &maker,
            plain(),
            "format",
            "an envelope and a signature over a file",
        ),
        case(
            "two-signers",
            bundle_with(bundle, |value| value["verificationMaterial"]["certificate"] = json!({ "rawBytes": "MAA=" })),
            &maker,
            plain(),
            "format",
            "names its signer in two ways",
        ),
        case(
            "stripped",
            bundle_with(bundle, |value| value["dsseEnvelope"]["signatures"] = json!([])),
            &maker,
            plain(),
            "format",
            "an envelope without a signature",
        ),
        case(
            "emptied",
            bundle_with(bundle, |value| value["dsseEnvelope"]["signatures"][0]["sig"] = json!("")),
            &maker,
            plain(),
            "format",
            "\"sig\" is missing",
        ),
        case("unsigned", label.clone(), &maker, plain(), "format", "nobody has signed it"),
        case("second-signature", replaced(bundle, &sig, &format!("{sig},{sig}")), &maker, plain(), "signature", ""),
        case(
            "by-stranger",
            keys.sign("stranger", label),
            &maker,
            plain(),
            "signature",
            "names another key than the one that is trusted",
        ),
        case(
            "by-stranger-unnamed",
            unnamed("stranger"),
            &maker,
            plain(),
            "signature",
            "not one by a key that is trusted",
        ),
        case("nobody-trusted", bundle.clone(), &nobody, plain(), "signature", "no key that is trusted made it"),
        case(
            "key-has-no-identity",
            bundle.clone(),
            &maker,
            Asks { identity: true, ..Asks::default() },
            "signature",
            "a key has no identity",
        ),
        case("ed25519-for-p256", unnamed("maker"), &p256, plain(), "signature", "not one by a key that is trusted"),
        case("ed25519-for-p384", unnamed("maker"), &p384, plain(), "signature", "not one by a key that is trusted"),
        case(
            "p256-for-ed25519",
            unnamed("maker-p256"),
            &maker,
            plain(),
            "signature",
            "not one by a key that is trusted",
        ),
        case("p256-for-p384", unnamed("maker-p256"), &p384, plain(), "signature", "not one by a key that is trusted"),
        case("p384-for-p256", unnamed("maker-p384"), &p256, plain(), "signature", "not one by a key that is trusted"),
        case(
            "p384-for-ed25519",
            unnamed("maker-p384"),
            &maker,
            plain(),
            "signature",
            "not one by a key that is trusted",
        ),
        case(
            "p256-envelope-for-ed25519",
            dsse("maker-p256"),
            &maker,
            plain(),
            "signature",
            "no key that is trusted made it",
        ),
        case("ed25519-envelope-for-p256", dsse("maker"), &p256, plain(), "signature", "no key that is trusted made it"),
        case(
            "p384-envelope-for-p256",
            dsse("maker-p384"),
            &p256,
            plain(),
            "signature",
            "no key that is trusted made it",
        ),
        case(
            "p256-envelope-for-p384",
            dsse("maker-p256"),
            &p384,
            plain(),
            "signature",
            "no key that is trusted made it",
        ),
        case(
            "named-for-another",
            bundle_with(&keys.sign("maker-p256", label), |value| {
                value["verificationMaterial"]["publicKey"]["hint"] =
                    opened(bundle).0["verificationMaterial"]["publicKey"]["hint"].clone();
            }),
            &maker,
            plain(),
            "signature",
            "not one by a key that is trusted",
        ),
        case("expired", bundle.clone(), &maker, at("2027-01-31T00:00:00Z"), "validity", "it was good until 2026-11-24"),
        case("not-yet", bundle.clone(), &maker, at("2026-10-31T23:59:59Z"), "validity", "which is to come"),
        case(
            "too-old",
            bundle.clone(),
            &maker,
            Asks { most_days: Some(18), ..Asks::default() },
            "age",
            "19 days old, and 18 were asked for",
        ),
        case(
            "too-low",
            bundle.clone(),
            &maker,
            Asks { least: Some(4), ..Asks::default() },
            "tier",
            "and 4 was asked for",
        ),
        case(
            "other-predicate",
            whole(|label| label["predicateType"] = json!("https://plimsoll.dev/label/v2")),
            &maker,
            plain(),
            "format",
            "the predicate type is \"https://plimsoll.dev/label/v2\"",
        ),
        case(
            "other-version",
            whole(|label| label["predicate"]["schemaVersion"] = json!("2.0")),
            &maker,
            plain(),
            "format",
            "schema version is 2.0",
        ),
        case(
            "no-version",
            whole(|label| drop(label["predicate"].as_object_mut().unwrap().remove("schemaVersion"))),
            &maker,
            plain(),
            "format",
            "not a Plimsoll label",
        ),
        case(
            "level-as-text",
            whole(|label| label["predicate"]["tier"]["level"] = json!("4")),
            &maker,
            plain(),
            "format",
            "not a Plimsoll label",
        ),
        case("no-subject", whole(|label| label["subject"] = json!([])), &maker, plain(), "format", "without a subject"),
        case(
            "weak-subject",
            whole(|label| label["subject"] = json!([{ "name": "a", "digest": { "sha1": "1".repeat(40) } }])),
            &maker,
            plain(),
            "signature",
            "no digest that tells one file from another",
        ),
        case("better-evidence", bundle.clone(), &maker, given(&better), "evidence", "the label is of other evidence"),
        case("no-evidence", bundle.clone(), &maker, given(b"{}"), "evidence", "the label is of other evidence"),
        case("broken-evidence", bundle.clone(), &maker, given(b"{\"a\":1,\"a\":2}"), "evidence", "appears twice"),
        case("raised", raised, &maker, given(own), "evidence", "another label follows from it, of tier 3"),
        case(
            "lasting",
            lasting("2099-01-01T00:00:00Z"),
            &maker,
            Asks::default(),
            "practices",
            "a label is good for 90 days",
        ),
        case("renamed", renamed, &maker, Asks::default(), "practices", "it calls tier 3 \"Corroborated\""),
        case(
            "other-subject",
            whole(|label| {
                let subjects = label["subject"].as_array_mut().unwrap();
                subjects.push(json!({ "name": "other", "digest": { "sha256": "ab".repeat(32) } }));
            }),
            &maker,
            given(own),
            "evidence",
            "about something that the evidence is not about",
        ),
        case(
            "countersignature",
            keys.countersign("maker", &"0".repeat(64), &"0".repeat(64), |_| {}),
            &maker,
            plain(),
            "format",
            "the predicate type is \"https://plimsoll.dev/countersignature/v1\"",
        ),
        case(
            "revocation",
            keys.revoke("maker", bundle),
            &maker,
            plain(),
            "format",
            "the predicate type is \"https://plimsoll.dev/revocation/v1\"",
        ),
        case(
            "too-deep",
            [vec![b'['; 200], vec![b']'; 200]].concat(),
            &maker,
            plain(),
            "format",
            "deeper than 100 levels",
        ),
        case("too-large", vec![b' '; 33 * 1024 * 1024], &maker, plain(), "format", "larger than"),
        case("not-text", b"\xff\xfe{}".to_vec(), &maker, plain(), "format", "not UTF-8"),
        case("nothing", Vec::new(), &maker, plain(), "format", "no signed label"),
    ];
    // What is taken as good is good.
    for (name, trust) in [("maker", &maker), ("maker-p256", &p256), ("maker-p384", &p384)] {
        for file in [keys.sign(name, label), unnamed(name), dsse(name)] {
            let answer =
                plimsoll::verify(&file, trust, &*BUILT_IN, &VerificationPolicy { evidence: Some(own), ..asked() })
                    .unwrap();
            assert!(answer.verified && answer.counted_tier == 3, "{name}: {:?}", answer.checks);
        }
    }
    let mut wrong = Vec::new();
    for Case { name, bundle, trust, asks, fails, reason } in cases {
        let answer = plimsoll::verify(&bundle, trust, &*BUILT_IN, &asks.asked()).unwrap();
        let found = failed(&answer);
        let told = matches!(found.as_slice(), [(check, told)] if *check == fails && told.contains(reason));
        if answer.verified || answer.counted_tier != 0 || !told {
            wrong.push(format!("{name}: verified {}, {found:?} in the place of {fails}: {reason}", answer.verified));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

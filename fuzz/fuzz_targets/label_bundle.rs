//! A signed label, as a file and as what the right key signed, against its key and an evidence.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use plimsoll::{SignedLabel, VerificationPolicy};
use plimsoll_attest::{KeyKind, Signer as _, SigningKey};
use plimsoll_practices::Practices;
use plimsoll_trust::TrustPolicy;

const EVIDENCE: &[u8] = include_bytes!("../../fixtures/evidence/tier-3.json");

/// A key that nothing in a file can come from, who trusts it, and the practices.
static MADE: LazyLock<(SigningKey, TrustPolicy, Practices)> = LazyLock::new(|| {
    let key = SigningKey::generate(KeyKind::Ed25519).expect("a key can be made");
    let mut policy = TrustPolicy::new();
    policy.attestations_mut().add_keys(key.public_key().pem().as_bytes(), None).expect("it is a key");
    (key, policy, plimsoll::practices(None).expect("the built-in practices are valid"))
});

fuzz_target!(|bytes: &[u8]| {
    let (key, policy, practices) = &*MADE;
    let verify = |bundle: &[u8], with: &[(String, Vec<u8>)]| {
        let asked = VerificationPolicy {
            keys: Vec::new(),
            identity: None,
            issuer: None,
            artifacts: Vec::new(),
            commit: None,
            evidence: Some(EVIDENCE),
            with,
            min_tier: None,
            max_age_days: None,
            now: "2026-11-20T00:00:00Z".parse().expect("a moment"),
        };
        plimsoll::verify(bundle, policy, practices, &asked)
    };
    let _ = SignedLabel::read(bytes);
    let answer = verify(bytes, &[]);
    assert!(answer.is_ok_and(|answer| !answer.verified && answer.counted_tier == 0), "nobody has signed it");
    // What comes behind the signature, of a label and of a statement beside one.
    if let Ok(bundle) = plimsoll_attest::sign(bytes, key) {
        let with = [("a file".to_owned(), bundle)];
        if let Ok(answer) = verify(&with[0].1, &with) {
            assert!(answer.counted_tier <= 3, "nobody has countersigned it");
        }
    }
});

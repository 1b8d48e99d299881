//! A countersignature, as a file and as what the right key signed, put beside an evidence and taken off again.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use plimsoll::{corroborate, read_countersignatures, without_countersignatures};
use plimsoll_attest::{KeyKind, Signer as _, SigningKey};
use plimsoll_model::Evidence;
use plimsoll_trust::TrustPolicy;

const EVIDENCE: &[u8] = include_bytes!("../../fixtures/evidence/tier-3.json");

/// A key that nothing in a file can come from, who trusts it, and the evidence.
static MADE: LazyLock<(SigningKey, TrustPolicy, Evidence)> = LazyLock::new(|| {
    let key = SigningKey::generate(KeyKind::EcdsaP256).expect("a key can be made");
    let mut policy = TrustPolicy::new();
    policy.attestations_mut().add_keys(key.public_key().pem().as_bytes(), None).expect("it is a key");
    let mut evidence = without_countersignatures(&plimsoll::read_evidence(EVIDENCE).expect("the fixture is evidence"));
    evidence.sort();
    (key, policy, evidence)
});

fuzz_target!(|bytes: &[u8]| {
    let (key, policy, evidence) = &*MADE;
    let now = "2026-11-20T00:00:00Z".parse().expect("a moment");
    if let Ok(all) = read_countersignatures(bytes, policy, now) {
        assert!(all.iter().all(|one| !one.finding.is_verified()), "nobody has signed it");
    }
    let mut files = vec![("a file".to_owned(), bytes.to_vec())];
    if let Ok(signed) = plimsoll_attest::sign(bytes, key) {
        files.push(("signed".to_owned(), signed));
    }
    for file in files {
        if let Ok(corroborated) = corroborate(evidence, &[file], policy, now) {
            assert!(without_countersignatures(&corroborated) == *evidence, "something was left behind");
            let counting = corroborated.facts_of("countersignature").find(|fact| fact.body["counts"] == true);
            assert!(counting.is_none(), "the policy has nobody as independent");
        }
    }
});

//! Every single bit of a signed bundle.

use plimsoll_attest::Signer as _;
use plimsoll_trust::TrustPolicy;
use rayon::prelude::*;

use crate::made::{Keys, TINY, asked, label_of, opened, tiny_evidence};

/// Flips each bit of the smallest bundle that `name` can sign, and gives how many bits carry no meaning.
fn flip(name: &str) -> (usize, usize) {
    let keys = Keys::new();
    let label = label_of(&tiny_evidence(1), &TINY);
    let bundle = keys.sign(name, &label);
    let trust = keys.only(&[name]);
    let asked = asked();
    let good = plimsoll::verify(&bundle, &trust, &*TINY, &asked).unwrap();
    assert!(good.verified, "{:?}", good.checks);
    let (digest, tier) = (good.label_digest.unwrap(), good.counted_tier);
    assert_eq!(digest, plimsoll_model::sha256_hex(&label));
    let bits = bundle.len() * 8;
    let same = (0..bits)
        .into_par_iter()
        .filter(|bit| {
            let mut damaged = bundle.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            // A file that makes the question impossible to ask is refused as well.
            let Ok(answer) = plimsoll::verify(&damaged, &trust, &*TINY, &asked) else { return false };
            if !answer.verified {
                assert_eq!((answer.counted_tier, answer.checks.is_empty()), (0, false));
                return false;
            }
            let place =
                String::from_utf8_lossy(&damaged[(bit / 8).saturating_sub(20)..]).chars().take(40).collect::<String>();
            assert_eq!(answer.label_digest.as_ref(), Some(&digest), "bit {bit} gives another statement: {place}");
            assert_eq!(answer.counted_tier, tier, "bit {bit} gives another tier: {place}");
            true
        })
        .count();
    (bits, same)
}

#[test]
fn every_flipped_bit_is_refused_or_carries_no_meaning() {
    for name in ["maker", "maker-p256", "maker-p384"] {
        let (bits, same) = flip(name);
        eprintln!("{name}: {bits} bits, of which {same} carry no meaning");
        // The name of the key in the envelope is a hint that nobody has to follow.
        assert!(same > 0 && same < bits / 10, "{name}: {same} of {bits}");
    }
}

/// The same for the key: no damaged public key verifies what its owner signed, with and without a name for the key.
#[test]
fn every_flipped_bit_of_the_key_is_refused_or_gives_another_key() {
    let keys = Keys::new();
    for name in ["maker", "maker-p256", "maker-p384"] {
        let bundle = keys.sign(name, &label_of(&tiny_evidence(1), &TINY));
        let envelope = opened(&bundle).0["dsseEnvelope"].to_string().into_bytes();
        assert!(plimsoll::verify(&envelope, &keys.only(&[name]), &*TINY, &asked()).unwrap().verified);
        let der = keys.key(name).public_key().der().to_vec();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.der");
        for bit in 0..der.len() * 8 {
            let mut damaged = der.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            std::fs::write(&path, &damaged).unwrap();
            let mut trust = TrustPolicy::new();
            // Refused as a key, or taken as another one.
            if trust.add_public_keys(&path, None).is_ok() {
                for file in [&bundle, &envelope] {
                    let answer = plimsoll::verify(file, &trust, &*TINY, &asked()).unwrap();
                    assert!(!answer.verified, "{name}: bit {bit} of the key");
                }
            }
        }
    }
}

use pgp::{
    composed::{
        ArmorOptions, DetachedSignature, KeyType, SecretKeyParamsBuilder, SignedSecretKey, SubkeyParamsBuilder,
    },
    types::{KeyVersion, Password, SigningKey},
};
use rand::{SeedableRng as _, rngs::StdRng};

use super::*;

const PAYLOAD: &[u8] = b"tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n\nmessage\n";

fn rng() -> StdRng {
    StdRng::seed_from_u64(1)
}

/// A key of this version and kind whose primary key may sign or not, with a subkey that may.
fn key(version: KeyVersion, kind: &KeyType, signs: bool) -> SignedSecretKey {
    let subkey = SubkeyParamsBuilder::default().version(version).key_type(kind.clone()).can_sign(true).build().unwrap();
    let mut builder = SecretKeyParamsBuilder::default();
    builder.version(version).key_type(kind.clone()).can_certify(true).can_sign(signs);
    builder.primary_user_id("Maker <Maker@Example.org>".into()).subkey(subkey);
    builder.build().unwrap().generate(rng()).unwrap()
}

fn sign(signer: &impl SigningKey, payload: &[u8]) -> String {
    let hash = signer.hash_alg();
    let signature = DetachedSignature::sign_binary_data(rng(), signer, &Password::empty(), hash, payload).unwrap();
    signature.to_armored_string(ArmorOptions::default()).unwrap()
}

fn keyring(key: &SignedSecretKey) -> Keyring {
    let mut keyring = Keyring::default();
    let armored = key.to_public_key().to_armored_string(ArmorOptions::default()).unwrap();
    assert_eq!(keyring.add(armored.as_bytes(), 0, 0), Ok(1));
    keyring
}

fn kinds() -> Vec<(KeyVersion, KeyType)> {
    use pgp::crypto::ecc_curve::ECCCurve;
    vec![
        (KeyVersion::V4, KeyType::Ed25519Legacy),
        (KeyVersion::V4, KeyType::Ed25519),
        (KeyVersion::V4, KeyType::Rsa(2048)),
        (KeyVersion::V4, KeyType::ECDSA(ECCCurve::P256)),
        (KeyVersion::V4, KeyType::ECDSA(ECCCurve::P384)),
        (KeyVersion::V4, KeyType::ECDSA(ECCCurve::P521)),
        (KeyVersion::V4, KeyType::ECDSA(ECCCurve::Secp256k1)),
        (KeyVersion::V6, KeyType::Ed25519),
        (KeyVersion::V6, KeyType::Ed448),
        (KeyVersion::V6, KeyType::Rsa(2048)),
        (KeyVersion::V6, KeyType::ECDSA(ECCCurve::P256)),
    ]
}

#[test]
fn each_kind_of_key_verifies_its_own_signatures_and_no_other() {
    let mut rings: Vec<Keyring> = Vec::new();
    for (version, kind) in kinds() {
        let name = format!("{version:?} {kind:?}");
        let key = key(version, &kind, true);
        let ring = keyring(&key);
        for armored in [sign(&key.primary_key, PAYLOAD), sign(&key.secret_subkeys[0].key, PAYLOAD)] {
            let checked = check(armored.as_bytes(), PAYLOAD, &ring);
            let Proof::OpenPgp { key: found, .. } = &checked.proof else { panic!("{name}: {checked:?}") };
            let known = ring.get(found).unwrap();
            assert_eq!(known.addresses, ["maker@example.org"], "{name}");
            let other = check(armored.as_bytes(), b"another", &ring);
            assert!(matches!(other.proof, Proof::Bad { .. }), "{name}: {other:?}");
            for strange in &rings {
                let other = check(armored.as_bytes(), PAYLOAD, strange);
                assert!(matches!(other.proof, Proof::UnknownKey { .. }), "{name}: {other:?}");
            }
            // Each byte of the signature in turn; what remains good says the same of the key.
            let (begin, rest) = armored.split_once("\n\n").unwrap();
            for at in 0..rest.find("\n-----END").unwrap() {
                let mut changed = rest.as_bytes().to_vec();
                changed[at] ^= 1;
                let armored = [begin.as_bytes(), b"\n\n", &changed].concat();
                let changed = check(&armored, PAYLOAD, &ring);
                if let Proof::OpenPgp { key: other, .. } = &changed.proof {
                    assert_eq!(other, found, "{name} byte {at}");
                }
            }
        }
        rings.push(ring);
    }
}

#[test]
fn a_key_that_may_not_sign_proves_nothing() {
    for (version, kind) in [(KeyVersion::V4, KeyType::Ed25519Legacy), (KeyVersion::V6, KeyType::Ed25519)] {
        let key = key(version, &kind, false);
        let ring = keyring(&key);
        let checked = check(sign(&key.primary_key, PAYLOAD).as_bytes(), PAYLOAD, &ring);
        assert!(matches!(&checked.proof, Proof::Error { reason } if reason.contains("may not sign")), "{checked:?}");
        let checked = check(sign(&key.secret_subkeys[0].key, PAYLOAD).as_bytes(), PAYLOAD, &ring);
        assert!(matches!(checked.proof, Proof::OpenPgp { .. }), "{checked:?}");
    }
}

/// A subkey that was taken out of another certificate: its own statement is missing there.
#[test]
fn an_adopted_subkey_proves_nothing() {
    let kind = KeyType::Ed25519Legacy;
    let own = key(KeyVersion::V4, &kind, true);
    let mut public = own.to_public_key();
    let stranger = SecretKeyParamsBuilder::default()
        .version(KeyVersion::V4)
        .key_type(kind)
        .can_certify(true)
        .can_sign(true)
        .primary_user_id("Stranger <s@example.org>".into())
        .build()
        .unwrap()
        .generate(StdRng::seed_from_u64(2))
        .unwrap();
    let mut theirs = stranger.to_public_key();
    theirs.public_subkeys.append(&mut public.public_subkeys);
    let mut ring = Keyring::default();
    let armored = theirs.to_armored_string(ArmorOptions::default()).unwrap();
    ring.add(armored.as_bytes(), 0, 0).unwrap();
    let checked = check(sign(&own.secret_subkeys[0].key, PAYLOAD).as_bytes(), PAYLOAD, &ring);
    assert!(matches!(&checked.proof, Proof::Error { reason } if reason.contains("vouch")), "{checked:?}");
}

/// A name that somebody put beside the key, and that the key itself says nothing of.
#[test]
fn a_user_id_of_somebody_else_is_not_the_keys() {
    let own = key(KeyVersion::V4, &KeyType::Ed25519Legacy, true);
    let mut public = own.to_public_key();
    let mut foreign = public.details.users[0].clone();
    let id = "Victim <victim@example.org>";
    foreign.id = pgp::packet::UserId::from_str(pgp::types::PacketHeaderVersion::New, id).unwrap();
    public.details.users.insert(0, foreign);
    let mut ring = Keyring::default();
    ring.add(public.to_armored_string(ArmorOptions::default()).unwrap().as_bytes(), 0, 0).unwrap();
    let checked = check(sign(&own.primary_key, PAYLOAD).as_bytes(), PAYLOAD, &ring);
    let Proof::OpenPgp { key, .. } = &checked.proof else { panic!("{checked:?}") };
    let known = ring.get(key).unwrap();
    assert_eq!(known.addresses, ["maker@example.org"]);
    assert_eq!(known.user, "Maker <Maker@Example.org>");
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes: Vec<u8>) {
        read_anything(&bytes);
        let armor = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &bytes);
        for kind in ["SIGNATURE", "PUBLIC KEY BLOCK"] {
            read_anything(format!("-----BEGIN PGP {kind}-----\n\n{armor}\n-----END PGP {kind}-----\n").as_bytes());
        }
    }
}

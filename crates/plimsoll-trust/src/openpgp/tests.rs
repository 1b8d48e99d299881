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

/// One certificate, its pieces spread over files, in every order: what comes out is the same, and it is what gpg makes of it.
mod merging {
    use pgp::{
        composed::SignedPublicKey,
        packet::{RevocationCode, SignatureConfig, SubpacketData as Data, UserId},
        ser::Serialize as _,
        types::{PacketHeaderVersion, Tag, Timestamp},
    };
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: u32) -> Timestamp {
        Timestamp::from_secs(seconds)
    }

    fn config(key: &SignedSecretKey, kind: SignatureType, made: u32, more: Vec<Data>) -> SignatureConfig {
        stated(key, key, kind, made, more)
    }

    /// Made by `key`, where `issuer` stands.
    fn stated(
        key: &SignedSecretKey,
        issuer: &SignedSecretKey,
        kind: SignatureType,
        made: u32,
        more: Vec<Data>,
    ) -> SignatureConfig {
        let primary = &key.primary_key;
        let mut config = SignatureConfig::from_key(rng(), primary, kind).unwrap();
        let plain = |data| pgp::packet::Subpacket::regular(data).unwrap();
        config.hashed_subpackets = vec![plain(Data::SignatureCreationTime(at(made)))];
        config.hashed_subpackets.extend(more.into_iter().map(plain));
        config.unhashed_subpackets = vec![plain(Data::IssuerKeyId(issuer.primary_key.legacy_key_id()))];
        config
    }

    fn revocation(key: &SignedSecretKey, code: RevocationCode, made: u32) -> Signature {
        let reason = vec![Data::RevocationReason(code, "".into())];
        let config = config(key, SignatureType::KeyRevocation, made, reason);
        config.sign_key(&key.primary_key, &Password::empty(), key.primary_key.public_key()).unwrap()
    }

    fn named(
        key: &SignedSecretKey,
        id: &str,
        kind: SignatureType,
        made: u32,
        more: Vec<Data>,
    ) -> pgp::types::SignedUser {
        let id = UserId::from_str(PacketHeaderVersion::New, id).unwrap();
        let config = config(key, kind, made, more);
        let primary = &key.primary_key;
        let statement =
            config.sign_certification(primary, primary.public_key(), &Password::empty(), Tag::UserId, &id).unwrap();
        pgp::types::SignedUser::new(id, vec![statement])
    }

    fn armored(packets: &[u8]) -> Vec<u8> {
        let body = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, packets);
        format!("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n{body}\n-----END PGP PUBLIC KEY BLOCK-----\n").into_bytes()
    }

    fn bare(signature: &Signature) -> Vec<u8> {
        let mut packet = Vec::new();
        pgp::packet::PacketTrait::to_writer_with_header(signature, &mut packet).unwrap();
        armored(&packet)
    }

    /// Copies of one certificate: older and newer ends, another address, an address that was revoked, a subkey alone.
    fn copies(key: &SignedSecretKey) -> Vec<SignedPublicKey> {
        let whole = key.to_public_key();
        let created = whole.primary_key.created_at().as_secs();
        let mut without = whole.clone();
        without.details.users.clear();
        without.public_subkeys.clear();
        let with = |user| {
            let mut copy = without.clone();
            copy.details.users = vec![user];
            copy
        };
        let ends = |seconds| vec![Data::KeyExpirationTime(pgp::types::Duration::from_secs(seconds))];
        let (plain, taken) = (SignatureType::CertPositive, SignatureType::CertRevocation);
        vec![
            whole.clone(),
            with(named(key, "Maker <maker@example.org>", plain, created + 10, ends(1000))),
            with(named(key, "Maker <maker@example.org>", plain, created + 20, ends(5000))),
            with(named(key, "Maker <second@example.org>", plain, created + 5, Vec::new())),
            with(named(key, "Maker <former@example.org>", plain, created + 5, Vec::new())),
            with(named(key, "Maker <former@example.org>", taken, created + 30, Vec::new())),
        ]
    }

    /// Everything that a verdict is read off.
    type Seen = Vec<(
        String,
        String,
        Vec<String>,
        Vec<(String, i64)>,
        Option<i64>,
        Option<i64>,
        Option<bool>,
        bool,
        Vec<usize>,
    )>;

    fn seen(ring: &Keyring) -> Seen {
        let one = |key: &crate::openpgp::SigningKey| {
            let revoked = key.revoked;
            (
                key.fingerprint.clone(),
                key.user.clone(),
                key.addresses.clone(),
                key.former.clone(),
                key.expires.map(|end| end - key.created),
                revoked.map(|one| one.made - key.created),
                revoked.map(|one| one.total),
                key.unusable.is_none(),
                key.entries.iter().copied().collect(),
            )
        };
        ring.keys().map(one).collect()
    }

    fn files(key: &SignedSecretKey) -> Vec<Vec<u8>> {
        let copies = copies(key);
        let created = key.primary_key.created_at().as_secs();
        let mut files: Vec<Vec<u8>> = copies
            .iter()
            .enumerate()
            .map(|(at, copy)| {
                let bytes = copy.to_bytes().unwrap();
                if at % 2 == 0 { bytes } else { armored(&bytes) }
            })
            .collect();
        files.push(bare(&revocation(key, RevocationCode::KeySuperseded, created + 40)));
        files
    }

    fn ring_of(files: &[Vec<u8>], order: &[usize]) -> Keyring {
        let mut ring = Keyring::default();
        for at in order {
            ring.add(&files[*at], at % 2, 9).unwrap();
        }
        ring
    }

    #[test]
    fn copies_are_put_together() {
        let key = key(KeyVersion::V4, &KeyType::Ed25519Legacy, true);
        let files = files(&key);
        let ring = ring_of(&files, &[0, 1, 2, 3, 4, 5]);
        let found = seen(&ring);
        assert_eq!(found.len(), 2);
        for one in &found {
            assert_eq!(one.2, ["maker@example.org", "second@example.org"]);
            assert_eq!(one.3.len(), 1);
            assert_eq!((one.4, one.5, &one.8), (Some(5000), None, &vec![0, 1]));
        }
        let primary = ring.keys().find(|one| one.key.fingerprint() == key.primary_key.fingerprint()).unwrap();
        assert!(primary.is_of("former@example.org", primary.created + 29));
        assert!(!primary.is_of("former@example.org", primary.created + 30));
        let ring = ring_of(&files, &[0, 1, 2, 3, 4, 5, 6]);
        assert!(ring.revocations_of_nothing().is_empty());
        for one in seen(&ring) {
            assert_eq!((one.5, one.6), (Some(40), Some(false)));
        }
    }

    #[test]
    fn a_revocation_is_of_the_key_that_made_it() {
        let own = key(KeyVersion::V4, &KeyType::Ed25519Legacy, true);
        let stranger = SecretKeyParamsBuilder::default()
            .version(KeyVersion::V4)
            .key_type(KeyType::Ed25519Legacy)
            .can_certify(true)
            .can_sign(true)
            .primary_user_id("Stranger <s@example.org>".into())
            .build()
            .unwrap()
            .generate(StdRng::seed_from_u64(2))
            .unwrap();
        let (mine, theirs) = (own.to_public_key().to_bytes().unwrap(), stranger.to_public_key().to_bytes().unwrap());
        let made = own.primary_key.created_at().as_secs() + 40;
        let compromised = revocation(&own, RevocationCode::KeyCompromised, made);
        // A stranger says so in the key's name: only the issuer that is stated is the key.
        let config = stated(&stranger, &own, SignatureType::KeyRevocation, made, Vec::new());
        let target = own.primary_key.public_key();
        let forged = config.sign_key(&stranger.primary_key, &Password::empty(), target).unwrap();
        let revoked = |ring: &Keyring| ring.keys().filter(|key| key.revoked.is_some()).count();
        for (name, files, expected, open) in [
            ("behind", vec![mine.clone(), bare(&compromised)], 2, 0),
            ("before", vec![bare(&compromised), mine.clone()], 2, 0),
            ("in one file", vec![[armored(&mine), b"\ntext: between\n".to_vec(), bare(&compromised)].concat()], 2, 0),
            ("without its key", vec![theirs.clone(), bare(&compromised)], 0, 1),
            ("forged", vec![mine.clone(), bare(&forged)], 0, 1),
            ("alone", vec![bare(&compromised)], 0, 1),
        ] {
            let mut ring = Keyring::default();
            for file in &files {
                ring.add(file, 0, 0).unwrap();
            }
            assert_eq!((revoked(&ring), ring.revocations_of_nothing().len()), (expected, open), "{name}");
        }
        // As gpg keeps it, so that nobody revokes a key by mistake.
        let off = [b":".to_vec(), bare(&compromised)].concat();
        assert!(Keyring::default().add(&off, 0, 0).unwrap_err().contains("colon"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn the_order_of_files_and_entries_decides_nothing(order in Just((0..7).collect::<Vec<usize>>()).prop_shuffle(), again in 0..7_usize) {
            let key = key(KeyVersion::V4, &KeyType::Ed25519Legacy, true);
            let files = files(&key);
            let first = seen(&ring_of(&files, &[0, 1, 2, 3, 4, 5, 6]));
            prop_assert_eq!(&seen(&ring_of(&files, &order)), &first);
            let twice: Vec<usize> = order.iter().copied().chain([again]).collect();
            prop_assert_eq!(&seen(&ring_of(&files, &twice)), &first);
        }
    }
}

#[test]
fn what_cannot_be_read_as_one_signature_is_none() {
    let key = key(KeyVersion::V4, &KeyType::Ed25519Legacy, true);
    let ring = keyring(&key);
    let good = sign(&key.primary_key, PAYLOAD);
    let begin = "-----BEGIN PGP SIGNATURE-----";
    for (name, armored) in [
        ("a header alone", begin.to_owned()),
        ("nothing in it", format!("{begin}\n\n-----END PGP SIGNATURE-----\n")),
        ("cut off", good.lines().take(4).collect::<Vec<_>>().join("\n")),
        ("two", format!("{good}{good}")),
        ("words", format!("{begin}\n\nhello\n-----END PGP SIGNATURE-----\n")),
    ] {
        let checked = check(armored.as_bytes(), PAYLOAD, &ring);
        assert!(matches!(&checked.proof, Proof::Malformed { reason } if !reason.is_empty()), "{name}: {checked:?}");
        assert!(!checked.is_signature() && !is_one(armored.as_bytes()), "{name}");
    }
    assert!(is_one(good.as_bytes()));
    let large = format!("{begin}\nComment: {}\n\n", "x".repeat(LARGEST_SIGNATURE));
    assert!(matches!(check(large.as_bytes(), PAYLOAD, &ring).proof, Proof::Error { .. }));
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

//! One signature checked (armor, packets, digest, arithmetic) against the arithmetic of the cryptographic library alone, by the same
//! key over the same digest, on one thread.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "a bench that cannot be set up has to fail at once"
)]

use std::{hint::black_box, time::Duration};

use aws_lc_rs::{
    digest::{Digest, SHA256, SHA512, digest},
    signature::{ED25519, Ed25519KeyPair, KeyPair as _, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use criterion::Criterion;
use der::{Encode as _, asn1::UintRef};
use pgp::{
    composed::{ArmorOptions, DetachedSignature, KeyType, SecretKeyParamsBuilder},
    crypto::hash::HashAlgorithm,
    ser::Serialize as _,
    types::{KeyDetails as _, KeyVersion, Password, PublicParams, SignatureBytes},
};
use plimsoll_trust::{Proof, TrustPolicy};
use rand::{SeedableRng as _, rngs::StdRng};

/// As long as a usual commit.
const PAYLOAD: &[u8] = &[b'x'; 700];

fn openpgp(criterion: &mut Criterion, name: &str, kind: KeyType) {
    let mut rng = StdRng::seed_from_u64(1);
    let mut builder = SecretKeyParamsBuilder::default();
    builder.version(KeyVersion::V4).key_type(kind).can_certify(true).can_sign(true);
    let key = builder.primary_user_id("Maker <maker@example.org>".into()).build().unwrap().generate(&mut rng).unwrap();
    let hash = HashAlgorithm::Sha256;
    let signed =
        DetachedSignature::sign_binary_data(&mut rng, &key.primary_key, &Password::empty(), hash, PAYLOAD).unwrap();
    let armored = signed.to_armored_string(ArmorOptions::default()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key.asc");
    std::fs::write(&file, key.to_public_key().to_armored_string(ArmorOptions::default()).unwrap()).unwrap();
    let mut policy = TrustPolicy::new();
    policy.trust_keyring(&file).unwrap();
    let checked = policy.check(armored.as_bytes(), PAYLOAD);
    assert!(matches!(checked.proof, Proof::OpenPgp { .. }), "{checked:?}");

    // The digest that was signed is not kept; any other costs the same, and is refused at the very end.
    let other = digest(&SHA256, PAYLOAD);
    let Some(SignatureBytes::Mpis(numbers)) = signed.signature.signature().cloned() else { panic!("numbers") };
    let raw: Box<dyn Fn() -> bool> = match key.primary_key.public_key().public_params() {
        PublicParams::RSA(params) => {
            let written = params.to_bytes().unwrap();
            let length = usize::from(u16::from_be_bytes([written[0], written[1]])).div_ceil(8);
            let (modulus, rest) = written[2..].split_at(length);
            let parts =
                [UintRef::new(modulus).unwrap().to_der().unwrap(), UintRef::new(&rest[2..]).unwrap().to_der().unwrap()]
                    .concat();
            let header = [0x30, 0x82, (parts.len() >> 8) as u8, parts.len() as u8];
            let key = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, [&header[..], &parts].concat()).unwrap();
            let number = numbers[0].as_ref().to_vec();
            let bytes = [vec![0; length - number.len()], number].concat();
            let other = Digest::import_less_safe(other.as_ref(), &SHA256).unwrap();
            Box::new(move || key.verify_digest_sig(&other, &bytes).is_ok())
        }
        PublicParams::EdDSALegacy(_) => {
            let padded = |bytes: &[u8]| [vec![0; 32 - bytes.len()], bytes.to_vec()].concat();
            let bytes = [padded(numbers[0].as_ref()), padded(numbers[1].as_ref())].concat();
            let written = key.primary_key.public_key().public_params().to_bytes().unwrap();
            let key = ParsedPublicKey::new(&ED25519, &written[written.len() - 32..]).unwrap();
            Box::new(move || key.verify_sig(other.as_ref(), &bytes).is_ok())
        }
        other => panic!("{other:?}"),
    };
    compare(criterion, name, &policy, &armored, &raw);
}

fn ssh(criterion: &mut Criterion) {
    let string = |bytes: &[u8]| [&u32::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat();
    let pair = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
    let blob = [string(b"ssh-ed25519"), string(pair.public_key().as_ref())].concat();
    let hash = digest(&SHA512, PAYLOAD);
    let middle = [string(b"git"), string(b""), string(b"sha512")].concat();
    let message = [&b"SSHSIG"[..], &middle, &string(hash.as_ref())].concat();
    let signature = pair.sign(&message).as_ref().to_vec();
    let wire = [string(b"ssh-ed25519"), string(&signature)].concat();
    let whole = [&b"SSHSIG\0\0\0\x01"[..], &string(&blob), &middle, &string(&wire)].concat();
    let encoded = STANDARD.encode(whole);
    let lines: Vec<&str> = encoded.as_bytes().chunks(70).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let armored = format!("-----BEGIN SSH SIGNATURE-----\n{}\n-----END SSH SIGNATURE-----\n", lines.join("\n"));
    let policy = TrustPolicy::new();
    let checked = policy.check(armored.as_bytes(), PAYLOAD);
    assert!(matches!(checked.proof, Proof::Ssh { .. }), "{checked:?}");
    let key = ParsedPublicKey::new(&ED25519, pair.public_key().as_ref()).unwrap();
    compare(criterion, "ssh-ed25519", &policy, &armored, &move || key.verify_sig(&message, &signature).is_ok());
}

fn compare(criterion: &mut Criterion, name: &str, policy: &TrustPolicy, armored: &str, raw: &dyn Fn() -> bool) {
    let group_name = format!("check-{name}");
    let mut group = criterion.benchmark_group(&group_name);
    group.measurement_time(Duration::from_secs(4));
    group.bench_function("plimsoll", |bencher| {
        bencher.iter(|| policy.check(black_box(armored.as_bytes()), black_box(PAYLOAD)));
    });
    group.bench_function("aws-lc-rs-alone", |bencher| bencher.iter(|| black_box(raw())));
    group.finish();
    plimsoll_testkit::print_ratio(&group_name, "plimsoll", "aws-lc-rs-alone");
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    openpgp(&mut criterion, "openpgp-rsa2048", KeyType::Rsa(2048));
    openpgp(&mut criterion, "openpgp-ed25519", KeyType::Ed25519Legacy);
    ssh(&mut criterion);
    criterion.final_summary();
}

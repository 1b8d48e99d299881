//! Files made in code.

use aws_lc_rs::{
    encoding::AsDer as _,
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair,
    },
};
use pkcs8::{
    AlgorithmIdentifierRef, ObjectIdentifier, PrivateKeyInfo,
    der::{
        Encode as _,
        asn1::{AnyRef, OctetStringRef},
    },
};
use sec1::EcPrivateKey;

use super::*;

const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

/// SEC 2 version 2.0, sections 2.4.2 and 2.5.1.
const P256_ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
const P384_ORDER: &str =
    "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973";

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

/// PKCS#8 of an EC key with whatever number and point.
fn ec_file(curve: ObjectIdentifier, number: &[u8], point: Option<&[u8]>) -> String {
    let inner = EcPrivateKey { private_key: number, parameters: None, public_key: point }.to_der().unwrap();
    let algorithm = AlgorithmIdentifierRef { oid: EC, parameters: Some(AnyRef::from(&curve)) };
    pem("PRIVATE KEY", PrivateKeyInfo::new(algorithm, &inner).to_der().unwrap())
}

/// PKCS#8 of an Ed25519 key, of version 2 when there is a point.
fn ed_file(seed: &[u8], point: Option<&[u8]>) -> String {
    let inner = OctetStringRef::new(seed).unwrap().to_der().unwrap();
    let algorithm = AlgorithmIdentifierRef { oid: ED25519, parameters: None };
    let info = PrivateKeyInfo { algorithm, private_key: &inner, public_key: point };
    pem("PRIVATE KEY", info.to_der().unwrap())
}

#[test]
fn a_new_key_is_written_and_read_again() {
    for kind in KINDS {
        let key = SigningKey::generate(kind).unwrap();
        assert_eq!(key.kind(), kind);
        let again = plain(&*key.to_pkcs8_pem(None).unwrap()).unwrap();
        assert_eq!(again.public_key(), key.public_key());
        let signature = again.sign(b"message").unwrap();
        assert!(key.public_key().verifies(b"message", &signature));
        assert!(!key.public_key().verifies(b"massage", &signature));
        assert!(!key.public_key().verifies(b"message", &signature[1..]));
        assert!(!SigningKey::generate(kind).unwrap().public_key().verifies(b"message", &signature));

        let locked = key.to_pkcs8_pem(Some(PASSPHRASE)).unwrap();
        assert!(locked.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"), "{}", *locked);
        assert_ne!(locked, key.to_pkcs8_pem(Some(PASSPHRASE)).unwrap(), "salt and IV are new each time");
        assert_eq!(with(PASSPHRASE, &*locked).unwrap().public_key(), key.public_key());
        assert!(matches!(with("correct hors", &*locked), Err(KeyError::WrongPassphrase { .. })));
        assert!(matches!(key.to_pkcs8_pem(Some("")), Err(KeyError::Unfit { .. })));
    }
}

#[test]
fn a_public_key_is_read_as_it_is_written() {
    for kind in KINDS {
        let public = SigningKey::generate(kind).unwrap().public_key().clone();
        assert_eq!(PublicPart::read(public.pem().as_bytes()).unwrap(), public);
        assert_eq!(public.fingerprint().len(), 7 + 64);
        let mut off = public.der().to_vec();
        *off.last_mut().unwrap() ^= 1;
        assert!(kind == KeyKind::Ed25519 || PublicPart::read(pem("PUBLIC KEY", &off).as_bytes()).is_err(), "{kind:?}");
        off.push(0);
        assert!(PublicPart::read(pem("PUBLIC KEY", &off).as_bytes()).is_err());
        assert!(PublicPart::read(pem("CERTIFICATE", public.der()).as_bytes()).is_err());
    }
}

#[test]
fn nothing_secret_is_shown() {
    for kind in KINDS {
        let key = SigningKey::generate(kind).unwrap();
        let shown = format!("{key:?}");
        assert!(shown.contains(&key.public_key().fingerprint()) && shown.len() < 150, "{shown}");
    }
}

/// RFC 8032 section 7.1, tests 1 and 3.
#[test]
fn ed25519_signs_as_the_standard_says() {
    for (seed, point, message, signature) in [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
    ] {
        let (seed, point) = (unhex(seed), unhex(point));
        for file in [ed_file(&seed, None), ed_file(&seed, Some(&point))] {
            let key = plain(file).unwrap();
            assert_eq!(key.public_key().point(), point);
            assert_eq!(key.sign(&unhex(message)).unwrap(), unhex(signature));
        }
    }
}

#[test]
fn keys_of_the_library_are_read() {
    let made = Ed25519KeyPair::generate().unwrap();
    for document in [made.to_pkcs8().unwrap(), made.to_pkcs8v1().unwrap()] {
        let key = plain(pem("PRIVATE KEY", document)).unwrap();
        assert_eq!(key.public_key().der(), made.public_key().as_der().unwrap().as_ref());
    }
    for algorithm in [&ECDSA_P256_SHA256_ASN1_SIGNING, &ECDSA_P384_SHA384_ASN1_SIGNING] {
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new()).unwrap();
        let made = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref()).unwrap();
        let key = plain(pem("PRIVATE KEY", document)).unwrap();
        assert_eq!(key.public_key().der(), made.public_key().as_der().unwrap().as_ref());
    }
}

#[test]
fn the_stated_public_key_has_to_be_its_own() {
    let other = |kind| SigningKey::generate(kind).unwrap().public_key().point().to_vec();
    let is_other = |file: String| {
        let error = plain(&file).unwrap_err();
        assert!(matches!(error, KeyError::OtherPublicKey { .. }), "{error}");
    };
    let key = SigningKey::generate(KeyKind::Ed25519).unwrap();
    is_other(ed_file(&key_secret(&key), Some(&other(KeyKind::Ed25519))));
    is_other(ed_file(&key_secret(&key), Some(&key.public_key().point()[..31])));

    for (kind, curve) in [(KeyKind::EcdsaP256, P256), (KeyKind::EcdsaP384, P384)] {
        let key = SigningKey::generate(kind).unwrap();
        let (number, point) = (key_secret(&key), key.public_key().point().to_vec());
        let half = number.len();
        let parity = 2 + (point[2 * half] & 1);
        let compressed = |first: u8| [&[first], &point[1..=half]].concat();
        for good in [None, Some(point.clone()), Some(compressed(parity))] {
            assert_eq!(plain(ec_file(curve, &number, good.as_deref())).unwrap().public_key(), key.public_key());
        }
        let infinity = vec![0];
        for bad in [other(kind), compressed(parity ^ 1), point[..half].to_vec(), point[1..].to_vec(), infinity] {
            is_other(ec_file(curve, &number, Some(&bad)));
        }
    }
}

#[test]
fn a_number_has_to_be_in_range() {
    for (curve, order) in [(P256, P256_ORDER), (P384, P384_ORDER)] {
        let order = unhex(order);
        let near = |step: i16| {
            let mut number = order.clone();
            let last = number.last_mut().unwrap();
            *last = u8::try_from(i16::from(*last) + step).unwrap();
            number
        };
        let one = [vec![0; order.len() - 1], vec![1]].concat();
        for good in [one, near(-1)] {
            plain(ec_file(curve, &good, None)).unwrap().sign(b"message").unwrap();
        }
        for bad in [vec![0; order.len()], near(0), near(1), vec![255; order.len()]] {
            let error = plain(ec_file(curve, &bad, None)).unwrap_err();
            assert!(matches!(error, KeyError::OutOfRange { .. }), "{error}");
        }
        for length in [0, 1, order.len() - 1, order.len() + 1] {
            refused(ec_file(curve, &vec![1; length], None), "bytes, and ecdsa-p");
        }
    }
    refused(ed_file(&[1; 31], None), "31 bytes, and ed25519 has 32");
    refused(ed_file(&[1; 33], None), "33 bytes, and ed25519 has 32");
    refused(ec_file(P256, &[1; 48], None), "48 bytes, and ecdsa-p256 has 32");
}

#[test]
fn other_kinds_are_named() {
    let file = |oid: &str, parameters: Option<AnyRef<'_>>| {
        let algorithm = AlgorithmIdentifierRef { oid: ObjectIdentifier::new_unwrap(oid), parameters };
        pem("PRIVATE KEY", PrivateKeyInfo::new(algorithm, &[4, 1, 1]).to_der().unwrap())
    };
    refused(file("1.2.840.113549.1.1.1", Some(AnyRef::NULL)), "an RSA key; use an Ed25519, P-256 or P-384 key");
    refused(file("1.2.840.113549.1.1.10", None), "an RSA key");
    refused(file("1.3.101.113", None), "an Ed448 key");
    refused(file("1.3.101.110", None), "an X25519 key");
    refused(file("1.2.3.4", None), "a kind that is not known (1.2.3.4)");
    refused(file("1.3.101.112", Some(AnyRef::NULL)), "RFC 8410 allows none");
    refused(file("1.2.840.10045.2.1", None), "spells its curve out");
    refused(file("1.2.840.10045.2.1", Some(AnyRef::NULL)), "spells its curve out");
    refused(ec_file(ObjectIdentifier::new_unwrap("1.3.132.0.35"), &[1; 66], None), "P-521");
    refused(pem("RSA PRIVATE KEY", [0x30, 0]), "this is an RSA key");
    refused(pem("DSA PRIVATE KEY", [0x30, 0]), "this is a DSA key");
    refused(pem("PUBLIC KEY", [0x30, 0]), "a private key is wanted");
    refused(pem("RSA PUBLIC KEY", [0x30, 0]), "a private key is wanted");
    refused(pem("CERTIFICATE", [0x30, 0]), "a private key is wanted");
    refused(pem("PGP PRIVATE KEY BLOCK", [0x30, 0]), "a PGP PRIVATE KEY BLOCK is not read");
    refused(pem("EC PARAMETERS", [0x30, 0]), "names a curve and holds no key");
    refused("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA someone", "public key of OpenSSH");
    refused("PuTTY-User-Key-File-3: ssh-ed25519\n", "puttygen");
    refused(der_of(&SigningKey::generate(KeyKind::EcdsaP256).unwrap()), "openssl pkey -inform DER");
    refused("", "there is no key in it");
    refused([255, 254, 0], "there is no key in it");
}

#[test]
fn one_key_and_nothing_beside_it() {
    let key = SigningKey::generate(KeyKind::EcdsaP256).unwrap();
    let file = key.to_pkcs8_pem(None).unwrap().to_string();
    let body = file.lines().filter(|line| !line.starts_with('-')).collect::<String>();
    for good in [
        format!("\n\n{file}\n \n"),
        format!("\u{feff}{file}"),
        file.replace('\n', "\r\n"),
        file.replace('\n', " \t\n"),
        file.trim_end().to_owned(),
        format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----"),
    ] {
        assert_eq!(plain(&good).unwrap().public_key(), key.public_key(), "{good}");
    }
    let public = key.public_key().pem();
    let parameters = pem("EC PARAMETERS", P256.to_der().unwrap());
    refused(format!("{file}{file}"), "more than one armored part (PRIVATE KEY, PRIVATE KEY)");
    refused(format!("{file}{public}"), "more than one armored part (PRIVATE KEY, PUBLIC KEY)");
    refused(format!("{parameters}{file}"), "more than one armored part");
    refused(format!("{parameters}{parameters}{file}"), "more than one armored part");
    refused(format!("{file}rubbish"), "text outside of the armor");
    refused(format!("Bag Attributes\n{file}"), "text outside of the armor");
    refused(format!("{file}-----BEGIN PRIVATE KEY-----"), "has no END line");
    refused(file.replace("END PRIVATE", "END PUBLIC"), "is not followed by its END line");
    refused(file.replace("PRIVATE", "private"), "names nothing that is known");
    refused(file.replace("PRIVATE", "\u{1b}[2J"), "names nothing that is known");
    refused(format!("-----BEGIN {}-----\n", "A".repeat(41)), "names nothing that is known");
    refused("-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n", "nothing between BEGIN and END");
    refused(file.replace("KEY-----\nM", "KEY-----\nProc-Type: 4,ENCRYPTED\n\nM"), "openssl pkcs8 -topk8");
    refused(format!("-----BEGIN PRIVATE KEY-----\n{body}=\n-----END PRIVATE KEY-----"), "is not base64");
    refused(format!("-----BEGIN PRIVATE KEY-----\n*{body}\n-----END PRIVATE KEY-----"), "is not base64");
    let longer = [der_of(&key), vec![0]].concat();
    refused(pem("PRIVATE KEY", longer), "is damaged");
    refused(format!("{file}{}", "\n".repeat(64 << 10)), "larger than 64 KiB");
}

#[test]
fn sec1_names_its_curve() {
    let key = SigningKey::generate(KeyKind::EcdsaP384).unwrap();
    let (number, point) = (key_secret(&key), key.public_key().point());
    let sec1 = |parameters| {
        let inner = EcPrivateKey { private_key: &number, parameters, public_key: Some(point) };
        pem("EC PRIVATE KEY", inner.to_der().unwrap())
    };
    let named = |curve: ObjectIdentifier| pem("EC PARAMETERS", curve.to_der().unwrap());
    let (bare, full) = (sec1(None), sec1(Some(P384.into())));
    for good in [full.clone(), named(P384) + &full, named(P384) + &bare] {
        assert_eq!(plain(good).unwrap().public_key(), key.public_key());
    }
    refused(&bare, "does not name its curve");
    refused(named(P256) + &full, "names two curves");
    refused(named(P256) + &bare, "48 bytes, and ecdsa-p256 has 32");
    refused(sec1(Some(P256.into())), "48 bytes, and ecdsa-p256 has 32");
    refused(sec1(Some(ObjectIdentifier::new_unwrap("1.3.132.0.10").into())), "secp256k1");
    refused(pem("EC PARAMETERS", [0x30, 0]) + &full, "spells its curve out");
    refused(full.clone() + &named(P384), "more than one armored part");
}

#[test]
fn keys_of_cosign_are_read() {
    for kind in KINDS {
        let key = SigningKey::generate(kind).unwrap();
        for (n, passphrase) in [(65_536, PASSPHRASE), (32_768, "")] {
            let file = cosign_file(&der_of(&key), passphrase, n);
            for file in [file.clone(), file.replace("SIGSTORE", "COSIGN")] {
                assert_eq!(with(passphrase, &file).unwrap().public_key(), key.public_key());
            }
        }
    }
    let der = der_of(&SigningKey::generate(KeyKind::EcdsaP256).unwrap());
    let error = with("else", cosign_file(&der, PASSPHRASE, 32_768)).unwrap_err();
    assert!(matches!(error, KeyError::WrongPassphrase { .. }), "{error}");
    let file = cosign_file(&der, PASSPHRASE, 2);
    let error = SigningKey::read(file.as_bytes(), &mut |form| {
        assert!(form.contains("cosign"));
        Err("no terminal".into())
    });
    assert!(error.unwrap_err().to_string().ends_with("there is no passphrase: no terminal"));
}

#[test]
fn a_key_of_cosign_is_as_cosign_writes_it() {
    let der = der_of(&SigningKey::generate(KeyKind::EcdsaP256).unwrap());
    let json = cosign_json(&der, PASSPHRASE, 2);
    let file = |json: String| pem("ENCRYPTED SIGSTORE PRIVATE KEY", json);
    for (from, to, reason) in [
        ("scrypt", "argon2", "something else than scrypt"),
        ("nacl/secretbox", "aes", "something else than scrypt"),
        (r#""r":8"#, r#""r":4"#, "which cosign never writes"),
        (r#""p":1"#, r#""p":2"#, "which cosign never writes"),
        (r#""N":2"#, r#""N":3"#, "which cosign never writes"),
        (r#""N":2"#, r#""N":1"#, "which cosign never writes"),
        (r#""N":2"#, r#""N":0"#, "which cosign never writes"),
        (r#""N":2"#, r#""N":-2"#, "members"),
        (r#""N":2"#, r#""N":2.5"#, "members"),
        (r#""N":2"#, r#""N":2,"N":2"#, "JSON"),
        (r#""N":2"#, r#""N":2,"x":2"#, "members"),
        (r#""salt":"#, r#""pepper":"#, "members"),
        (r#""salt":"B"#, r#""salt":"*"#, "salt is not base64"),
        (r#""nonce":"CQkJ"#, r#""nonce":""#, "24 bytes"),
        (r#""ciphertext":""#, r#""ciphertext":"=", "x":""#, "members"),
    ] {
        assert!(json.contains(from), "{json} {from}");
        refused(file(json.replace(from, to)), reason);
    }
    refused(file("[]".into()), "members");
    refused(file("{".into()), "JSON");
    refused(file(json + " x"), "JSON");
    // What is inside is judged as any other key.
    let rsa = AlgorithmIdentifierRef {
        oid: ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1"),
        parameters: Some(AnyRef::NULL),
    };
    let rsa = PrivateKeyInfo::new(rsa, &[4, 1, 1]).to_der().unwrap();
    let error = with(PASSPHRASE, cosign_file(&rsa, PASSPHRASE, 2)).unwrap_err();
    assert!(error.to_string().contains("an RSA key"), "{error}");
}

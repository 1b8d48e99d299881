//! Messages made with openssl and gpgsm, and what each must come out as; `fixtures/signatures/x509/README.md` says how
//! they were made.

use super::*;

const FROM_2020: i64 = 1_577_836_800;
const UNTIL_2021: i64 = 1_609_459_200;
const UNTIL_2126: i64 = 4_922_899_200;

fn outcome(name: &str, trust: &X509Trust) -> Proof {
    let folder = fixtures("x509");
    let checked = check(&read(&folder.join(format!("{name}.sig"))), &read(&folder.join("payload.txt")), trust);
    assert_eq!(checked.scheme, SignatureScheme::X509, "{name}");
    checked.proof
}

#[test]
fn signatures_that_hold_and_lead_to_the_root() {
    let trust = example_roots();
    let cases = [
        ("ec", "ada@example.org", UNTIL_2126),
        ("p384", "ada@example.org", UNTIL_2126),
        ("p521", "ada@example.org", UNTIL_2126),
        ("ed25519", "ada@example.org", UNTIL_2126),
        ("rsa", "ada@example.org", UNTIL_2126),
        ("rsa-sha384", "ada@example.org", UNTIL_2126),
        ("rsa-pss", "ada@example.org", UNTIL_2126),
        ("gpgsm", "ada@example.org", UNTIL_2126),
        ("under-intermediate", "ada@example.org", UNTIL_2126),
        ("key-identifier", "ada@example.org", UNTIL_2126),
        ("no-attributes", "ada@example.org", UNTIL_2126),
        ("email", "ada@example.org", UNTIL_2126),
        ("plain", "https://example.org/ada", UNTIL_2126),
        // Whether it held at some moment is the caller's question.
        ("expired", "ada@example.org", UNTIL_2021),
    ];
    for (name, who, end) in cases {
        let Proof::X509 { key, signer, issuer, from, until, proven, .. } = outcome(name, &trust) else {
            panic!("{name}: {:?}", outcome(name, &trust))
        };
        assert_eq!((signer.as_str(), from, until, proven), (who, FROM_2020, end, None), "{name}");
        let intermediate = if name == "under-intermediate" { "intermediate" } else { "root" };
        assert_eq!(issuer, format!("CN=Plimsoll test {intermediate},O=Example"), "{name}");
        assert!(key.len() == 64 && key.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')), "{key}");
    }
}

#[test]
fn signatures_that_do_not() {
    let trust = example_roots();
    let cases = [
        ("server", "unanchored", "its extended key usage does not have codeSigning or emailProtection"),
        ("encipher", "unanchored", "neither digitalSignature nor nonRepudiation"),
        ("authority", "unanchored", "neither digitalSignature nor nonRepudiation"),
        ("unknown", "unanchored", "no root of the policy leads to it"),
        ("missing-intermediate", "unanchored", "no root of the policy leads to it"),
        ("under-leaf", "unanchored", "no root of the policy leads to it"),
        ("never", "unanchored", "no moment at which every certificate holds"),
        ("no-certificate", "unknown_key", "of CN=Plimsoll test root,O=Example"),
        ("other-payload", "bad", "the message digest is not that of the signed bytes"),
        ("other-key", "bad", "does not verify with the certificate's key"),
        ("rsa1024", "weak", "an RSA key of 1024 bits"),
        ("sha1", "weak", "SHA-1"),
        ("md5", "weak", "MD5"),
        ("two-signers", "error", "2 signers"),
        ("encapsulated", "error", "carries its content"),
        ("not-signed", "error", "not SignedData"),
        ("rsa-pss-other-salt", "error", "parameters of RSA-PSS"),
    ];
    for (name, expected, why) in cases {
        let proof = outcome(name, &trust);
        assert_eq!(word(&proof), expected, "{name}: {proof:?}");
        assert!(reason(&proof).contains(why), "{name}: {proof:?}");
    }
}

#[test]
fn every_fixture_has_an_outcome_here() {
    let text = include_str!("fixtures.rs");
    let mut count = 0;
    for entry in std::fs::read_dir(fixtures("x509")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "sig") {
            let name = path.file_stem().unwrap().to_str().unwrap();
            assert!(text.contains(&format!("(\"{name}\",")), "{name} is asked nowhere");
            count += 1;
        }
    }
    assert_eq!(count, 32);
}

#[test]
fn without_roots_nothing_is_believed_and_the_arithmetic_stays() {
    let trust = X509Trust::new();
    assert_eq!(reason(&outcome("ec", &trust)), "the policy has no root for it");
    assert_eq!(word(&outcome("other-payload", &trust)), "bad");
    // A Sigstore instance vouches for Fulcio's certificates only.
    assert_eq!(word(&outcome("ec", &public_good())), "unanchored");
}

/// Whoever can issue certificates can write Fulcio's extension into them.
#[test]
fn a_certificate_like_those_of_fulcio_needs_fulcio() {
    let (signature, payload) =
        (read(&fixtures("x509").join("like-fulcio.sig")), read(&fixtures("x509").join("payload.txt")));
    let mut trust = example_roots();
    for _ in 0..2 {
        let checked = check(&signature, &payload, &trust);
        assert_eq!(checked.scheme, SignatureScheme::Gitsign, "{:?}", ("like-fulcio", "unanchored"));
        let Proof::Unanchored { signer, .. } = checked.proof else { panic!("{checked:?}") };
        assert_eq!(signer, "ada");
        trust.add_sigstore_public_good().unwrap();
    }
}

#[test]
fn signed_attributes_are_read_strictly() {
    let (folder, trust) = (fixtures("x509"), example_roots());
    let payload = read(&folder.join("payload.txt"));
    let message = bare(&read(&folder.join("ec.sig")));
    let parts = Message::read(&message).unwrap();
    let attributes: Vec<&[u8]> =
        parts.signer.signed_attributes.as_ref().unwrap().iter().map(|attribute| attribute.whole).collect();
    let start = place_of(attributes[0], &message).start;
    let old = start..place_of(attributes[attributes.len() - 1], &message).end;
    let outcome = |new: &[&[u8]]| check(&armored(&replaced(&message, &old, &new.concat())), &payload, &trust).proof;

    // Content type, signing time, message digest, and what the mail program can do.
    let &[content_type, time, digest, capabilities] = attributes.as_slice() else { panic!("{attributes:?}") };
    assert_eq!(word(&outcome(&[content_type, time, digest, capabilities])), "x509");
    assert_eq!(word(&outcome(&[capabilities, digest, time, content_type])), "x509", "any order is sorted");
    assert_eq!(word(&outcome(&[content_type, digest, capabilities])), "bad", "one is left out");

    let signed_data_type =
        b"\x30\x18\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x03\x31\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
    let two_digests = b"\x30\x13\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04\x31\x06\x04\x01a\x04\x01b";
    let no_digest = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04\x31\x00";
    let number = b"\x30\x10\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04\x31\x03\x02\x01\x01";
    let cases: [(&[&[u8]], &str); 9] = [
        (&[], "no content type"),
        (&[time, digest], "no content type"),
        (&[content_type, time], "no message digest"),
        (&[content_type, time, digest, digest], "appears twice"),
        (&[content_type, time, time, digest], "appears twice"),
        (&[signed_data_type, time, digest], "content type is not data"),
        (&[content_type, two_digests], "does not have one value"),
        (&[content_type, no_digest], "does not have one value"),
        (&[content_type, number], "message digest does not have the structure"),
    ];
    for (new, why) in cases {
        let proof = outcome(new);
        assert_eq!(word(&proof), "error", "{why}: {proof:?}");
        assert!(reason(&proof).contains(why), "{why}: {proof:?}");
    }
}

#[test]
fn a_flipped_byte_of_the_payload_is_seen() {
    let (folder, trust) = (fixtures("x509"), example_roots());
    let payload = read(&folder.join("payload.txt"));
    for name in ["ec", "no-attributes", "rsa-pss", "ed25519", "gpgsm"] {
        let signature = read(&folder.join(format!("{name}.sig")));
        flipped(&payload, |place, changed| {
            assert_eq!(word(&check(&signature, changed, &trust).proof), "bad", "{name}: byte {place}");
        });
        assert_eq!(word(&check(&signature, &payload[1..], &trust).proof), "bad");
        assert_eq!(word(&check(&signature, b"", &trust).proof), "bad");
    }
}

/// The one byte that may change unseen is the version of `SignedData`: 1 and 3 both exist, and nothing covers it.
#[test]
fn a_flipped_byte_of_the_message_is_seen_or_not_signed() {
    let (folder, trust) = (fixtures("x509"), example_roots());
    let payload = read(&folder.join("payload.txt"));
    for name in ["ec", "rsa", "under-intermediate", "key-identifier", "no-attributes", "ed25519"] {
        let message = bare(&read(&folder.join(format!("{name}.sig"))));
        let (leaf, signer) = signed_parts(&message);
        let mut unseen = Vec::new();
        flipped(&message, |place, changed| {
            if let Proof::X509 { .. } = check(&armored(changed), &payload, &trust).proof {
                assert!(!leaf.contains(&place) && !signer.contains(&place), "{name}: byte {place}");
                unseen.push(place);
            }
        });
        let version = message.windows(4).position(|bytes| bytes == [2, 1, message[25], 0x31]).unwrap() + 2;
        assert_eq!(unseen, [version], "{name}");
    }
}

/// Where the signing certificate and what the signer signed lie in `message`.
fn signed_parts(message: &[u8]) -> (std::ops::Range<usize>, std::ops::Range<usize>) {
    let parts = Message::read(message).unwrap();
    let leaf =
        parts.certificates.iter().find(|der| Read::new(der).unwrap().is_named_by(&parts.signer.identifier)).unwrap();
    let signature = place_of(parts.signer.signature, message);
    let start = match &parts.signer.signed_attributes {
        Some(attributes) => attributes::value(attributes, ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3"))
            .unwrap()
            .map_or(signature.start, |value| place_of(value.whole, message).start),
        None => signature.start,
    };
    (place_of(leaf, message), start..signature.end)
}

#[test]
fn roots_that_are_none_are_refused() {
    let pem = read(&fixtures("x509").join("root.pem"));
    let text = String::from_utf8(pem.clone()).unwrap();
    let der = armor::certificates(&pem).unwrap().remove(0);
    let message = bare(&read(&fixtures("x509").join("ec.sig")));
    let leaf = Message::read(&message).unwrap().certificates.remove(0).to_vec();
    let cases: [(&[u8], &str); 9] = [
        (b"", "no certificate"),
        (b"hello", "no certificate"),
        (b"\xff\xfe", "neither DER nor PEM"),
        (&der[..der.len() - 1], "malformed"),
        (&leaf, "does not say that it is a certificate authority"),
        (&pem[..pem.len() - 30], "does not end"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "only CERTIFICATE belongs here"),
        (b"-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n", "not base64"),
        (b"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n", "structure"),
    ];
    for (bytes, why) in cases {
        let mut trust = X509Trust::new();
        let refused = trust.add_roots(bytes).unwrap_err();
        assert!(refused.contains(why), "{refused}");
        assert!(trust.roots.is_empty());
    }

    let mut trust = X509Trust::new();
    assert_eq!(trust.add_roots(&der), Ok(1));
    assert_eq!(trust.add_roots(format!("a comment\n{text}{text}").as_bytes()), Ok(2));
    assert_eq!(trust.roots.len(), 1);
    assert_eq!(format!("{trust:?}"), "X509Trust { roots: 1, sigstore_authorities: [] }");
    for json in ["", "{}", "[]", r#"{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}"#] {
        assert!(trust.add_sigstore(json.as_bytes()).is_err(), "{json}");
    }
}

#[test]
fn threads_share_it() {
    fn shared<T: Send + Sync>() {}
    shared::<X509Trust>();
}

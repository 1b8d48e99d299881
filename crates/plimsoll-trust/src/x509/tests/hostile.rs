//! Armor and bytes that no signer writes.

use super::*;

#[test]
fn armor_that_is_not_one_block_is_refused() {
    let folder = fixtures("x509");
    let good = String::from_utf8(read(&folder.join("ec.sig"))).unwrap();
    let payload = read(&folder.join("payload.txt"));
    let trust = example_roots();
    let outcome = |text: &str| check(text.as_bytes(), &payload, &trust).proof;
    for text in [good.clone(), good.replace('\n', "\r\n"), good.trim_end().to_owned(), format!("{good}\n\n")] {
        assert_eq!(word(&outcome(&text)), "x509");
    }
    let body = good.lines().nth(1).unwrap();
    for text in [
        String::new(),
        format!(" {good}"),
        format!("\n{good}"),
        format!("{good}{good}"),
        format!("{good}x"),
        good.replace("SIGNED MESSAGE", "PKCS7"),
        good.replace("SIGNED MESSAGE", "CMS"),
        good.replace("SIGNED MESSAGE", "PGP MESSAGE"),
        good.replace("-----END SIGNED MESSAGE-----", ""),
        good.replace("END SIGNED", "END PGP"),
        good.replacen("-----\n", "-----", 1),
        good.replacen(body, "", 1),
        good.replacen(body, &format!("Version: 1\n\n{body}"), 1),
        good.replacen(body, &format!("{}!", &body[1..]), 1),
        good.replacen("-----END", "=\n-----END", 1),
        "-----BEGIN SIGNED MESSAGE-----\n-----END SIGNED MESSAGE-----\n".into(),
    ] {
        assert_eq!(word(&outcome(&text)), "error", "{text}");
    }
    let mut binary = good.clone().into_bytes();
    binary[40] = 0xff;
    assert_eq!(word(&check(&binary, &payload, &trust).proof), "error");
}

#[test]
fn ten_megabytes_are_refused_unread() {
    let proof = check(&vec![b'A'; 10 << 20], b"", &X509Trust::new()).proof;
    assert!(reason(&proof).contains("262144 are the most"), "{proof:?}");
}

#[test]
fn every_truncation_is_an_error() {
    let folder = fixtures("x509");
    let payload = read(&folder.join("payload.txt"));
    let trust = example_roots();
    for name in ["ec", "gpgsm"] {
        let message = bare(&read(&folder.join(format!("{name}.sig"))));
        for end in 1..message.len() {
            assert_eq!(word(&check(&armored(&message[..end]), &payload, &trust).proof), "error", "{name}: {end}");
        }
        let longer = [&message, &b"\x05\x00"[..]].concat();
        assert_eq!(word(&check(&armored(&longer), &payload, &trust).proof), "error");
    }
}

#[test]
fn lengths_are_made_definite_and_only_those() {
    let rewritten = |bytes: &[u8]| ber_to_der::definite(bytes).map(std::borrow::Cow::into_owned);
    assert_eq!(
        rewritten(b"\x30\x80\x31\x80\x05\x00\x00\x00\x02\x01\x07\x00\x00"),
        Ok(b"\x30\x07\x31\x02\x05\x00\x02\x01\x07".to_vec())
    );
    assert_eq!(rewritten(b"\x30\x02\x05\x00"), Ok(b"\x30\x02\x05\x00".to_vec()));
    let long = [&b"\x30\x80\x04\x82\x01\x00"[..], &[7; 256], b"\x00\x00"].concat();
    assert_eq!(rewritten(&long), Ok([&b"\x30\x82\x01\x04\x04\x82\x01\x00"[..], &[7; 256]].concat()));
    for bytes in [
        &b"\x30\x80"[..],
        b"\x30\x80\x00",
        b"\x30\x80\x05",
        b"\x30\x80\x04\x05abcd",
        b"\x04\x80\x00\x00",
        b"\x3f\x80\x00\x00",
        b"\x30\x80\x04\x85\x01\x00\x00\x00\x00\x00\x00",
        b"\x30\x80\x04\x84\xff\xff\xff\xff\x00\x00",
        &[0x30, 0x80].repeat(1000),
    ] {
        assert!(rewritten(bytes).is_err(), "{bytes:02x?}");
    }
}

/// Names are sorted as they are read, which must not cost more than their bytes allow.
#[test]
fn many_small_parts_are_read_or_refused() {
    let message = bare(&read(&fixtures("x509").join("ec.sig")));
    let parts = Message::read(&message).unwrap();
    // The first RDN of the issuer, in the certificate and in the signer's identifier.
    let organization = b"\x31\x10\x30\x0e\x06\x03\x55\x04\x0a\x0c\x07Example";
    let in_certificate = place_of(organization, parts.certificates[0]);
    let in_identifier = place_of(parts.certificates[0], &message).end;
    let in_identifier = in_identifier + place_of(organization, &message[in_identifier..]).start + 2;
    let outcome = |message: &[u8]| check(&armored(message), b"", &example_roots()).proof;
    for (count, why) in [(200, "message digest"), (360, "message digest"), (3000_u16, "more than 4096 bytes")] {
        let mut names = Vec::new();
        for number in (0..count).rev() {
            names.extend_from_slice(b"\x30\x09\x06\x03\x55\x04\x0a\x0c\x02");
            names.extend_from_slice(&(0x2020 + number % 100 + number / 100 * 0x100).to_be_bytes());
        }
        let certificate = replaced(parts.certificates[0], &(in_certificate.start + 2..in_certificate.end), &names);
        let changed = replaced(&message, &(in_identifier..in_identifier + 16), &names);
        // The set of certificates has this one alone.
        let changed = replaced(&changed, &place_of(parts.certificates[0], &changed), &certificate);
        let proof = outcome(&changed);
        assert!(reason(&proof).contains(why), "{count}: {proof:?}");
    }
    read_anything(&[&[0x30, 0x83, 0x02, 0xee, 0][..], &b"\x30\x00".repeat(96_000)].concat());
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes: Vec<u8>) {
        read_anything(&bytes);
        read_anything(&armored(&bytes));
    }

    #[test]
    fn no_bytes_inside_a_message_make_it_panic(name in 0..5_usize, place: proptest::sample::Index, cut in 0..40_usize, bytes: Vec<u8>) {
        let folder = fixtures("x509");
        let name = ["ec", "rsa-pss", "gpgsm", "under-intermediate", "two-signers"][name];
        let message = bare(&read(&folder.join(format!("{name}.sig"))));
        let place = place.index(message.len());
        let end = (place + cut).min(message.len());
        let spliced = [&message[..place], &bytes, &message[end..]].concat();
        read_anything(&spliced);
        let proof = check(&armored(&spliced), b"not what was signed", &example_roots()).proof;
        proptest::prop_assert_ne!(word(&proof), "x509");
    }
}

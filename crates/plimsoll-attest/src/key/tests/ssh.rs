//! Keys of ssh-keygen(1).

use super::*;

/// A file of OpenSSH whose encrypted part is nothing but zeroes.
pub(super) fn head(cipher: &[u8], rounds: u32, keys: u32, kind: &[u8]) -> Vec<u8> {
    fn string(bytes: &[u8]) -> Vec<u8> {
        [&u32::try_from(bytes.len()).unwrap().to_be_bytes()[..], bytes].concat()
    }
    let options = [string(&[5; 16]), rounds.to_be_bytes().to_vec()].concat();
    let public = [string(kind), string(&[6; 32])].concat();
    let mut file = b"openssh-key-v1\0".to_vec();
    for part in [string(cipher), string(b"bcrypt"), string(&options), keys.to_be_bytes().to_vec(), string(&public)] {
        file.extend(part);
    }
    file.extend(string(&[0; 144]));
    file
}

fn file(folder: &Path, name: &str, args: &[&str]) -> Vec<u8> {
    done(folder, "ssh-keygen", &[&["-q", "-f", name, "-C", "someone"], args].concat());
    std::fs::read(folder.join(name)).unwrap()
}

/// The key as `NAME.pub` has it.
fn public_blob(folder: &Path, name: &str) -> Vec<u8> {
    let line = std::fs::read_to_string(folder.join(format!("{name}.pub"))).unwrap();
    STANDARD.decode(line.split(' ').nth(1).unwrap()).unwrap()
}

#[test]
fn keys_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    if !have("ssh-keygen", "-?") {
        return;
    }
    for (name, kind, bits) in [
        ("ed", KeyKind::Ed25519, &["-t", "ed25519"][..]),
        ("p256", KeyKind::EcdsaP256, &["-t", "ecdsa", "-b", "256"]),
        ("p384", KeyKind::EcdsaP384, &["-t", "ecdsa", "-b", "384"]),
    ] {
        let bare = plain(file(folder, name, &[bits, &["-N", ""]].concat())).unwrap();
        assert_eq!(bare.kind(), kind);
        assert!(public_blob(folder, name).ends_with(bare.public_key().point()));
        bare.sign(b"message").unwrap();

        let locked = format!("{name}-locked");
        let bytes = file(folder, &locked, &[bits, &["-N", PASSPHRASE, "-a", "2"]].concat());
        let key = with(PASSPHRASE, &bytes).unwrap();
        assert!(public_blob(folder, &locked).ends_with(key.public_key().point()));
        for wrong in ["", "correct hors", "correct horse "] {
            let error = with(wrong, &bytes).unwrap_err();
            assert!(matches!(error, KeyError::WrongPassphrase { .. }), "{error}");
        }
    }
}

#[test]
fn ciphers_of_openssh_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    if !have("ssh-keygen", "-?") {
        return;
    }
    for (number, cipher) in [
        "aes128-ctr",
        "aes192-ctr",
        "aes256-ctr",
        "aes128-cbc",
        "aes192-cbc",
        "aes256-cbc",
        "aes128-gcm@openssh.com",
        "aes256-gcm@openssh.com",
        "chacha20-poly1305@openssh.com",
    ]
    .iter()
    .enumerate()
    {
        let name = number.to_string();
        let bytes = file(folder, &name, &["-t", "ed25519", "-N", PASSPHRASE, "-a", "1", "-Z", cipher]);
        let key = with(PASSPHRASE, bytes).unwrap_or_else(|error| panic!("{cipher}: {error}"));
        assert!(public_blob(folder, &name).ends_with(key.public_key().point()));
    }
    let tdes = file(folder, "tdes", &["-t", "ed25519", "-N", PASSPHRASE, "-a", "1", "-Z", "3des-cbc"]);
    refused(tdes, "ssh-keygen -p -Z aes256-ctr");
}

#[test]
fn other_keys_of_openssh_are_named() {
    let named = |kind: &[u8], reason: &str| {
        refused(pem("OPENSSH PRIVATE KEY", head(b"aes256-ctr", 1, 1, kind)), reason);
    };
    named(b"ssh-rsa", "an RSA key");
    named(b"ssh-dss", "a DSA key");
    named(b"ecdsa-sha2-nistp521", "P-521");
    named(b"sk-ssh-ed25519@openssh.com", "security key (sk)");
    named(b"sk-ecdsa-sha2-nistp256@openssh.com", "security key (sk)");
    named(b"ssh-ed25519-cert-v01@openssh.com", "a kind that is not known");
    named(b"\x1b[2J", "a kind that is not known");
    for keys in [0, 2, u32::MAX] {
        refused(
            pem("OPENSSH PRIVATE KEY", head(b"aes256-ctr", 1, keys, b"ssh-ed25519")),
            &format!("holds {keys} keys"),
        );
    }
    refused(pem("OPENSSH PRIVATE KEY", head(b"aes256-ctr", 0, 1, b"ssh-ed25519")), "no rounds of bcrypt");
    refused(pem("OPENSSH PRIVATE KEY", head(b"rot13", 1, 1, b"ssh-ed25519")), "a cipher that is not read");
    refused(pem("OPENSSH PRIVATE KEY", head(b"aes512-xyz", 1, 1, b"ssh-ed25519")), "a cipher that is not read");
    refused(pem("OPENSSH PRIVATE KEY", head(b"none", 1, 1, b"ssh-ed25519")), "is damaged");
    refused(pem("OPENSSH PRIVATE KEY", b"openssh-key-v2\0"), "its head does not end");

    let folder = tempfile::tempdir().unwrap();
    if have("ssh-keygen", "-?") {
        refused(file(folder.path(), "rsa", &["-t", "rsa", "-b", "2048", "-N", ""]), "an RSA key");
        refused(file(folder.path(), "p521", &["-t", "ecdsa", "-b", "521", "-N", PASSPHRASE]), "P-521");
        let public = std::fs::read(folder.path().join("p521.pub")).unwrap();
        refused(public, "public key of OpenSSH");
    }
}

/// One number in 256 begins with a zero, which the wire format leaves out.
#[test]
fn a_number_that_begins_with_zero_is_read() {
    let (key, number) = std::iter::repeat_with(|| {
        let key = SigningKey::generate(KeyKind::EcdsaP256).unwrap();
        let der = der_of(&key);
        // RFC 5915: OCTET STRING of the curve's length.
        let at = der.windows(2).position(|pair| pair == [0x04, 0x20]).unwrap() + 2;
        (key, der[at..at + 32].to_vec())
    })
    .find(|(_, number)| number[0] == 0)
    .unwrap();
    let wire = |parts: &[&[u8]]| -> Vec<u8> {
        parts.iter().flat_map(|part| [&u32::try_from(part.len()).unwrap().to_be_bytes()[..], part].concat()).collect()
    };
    let digits: Vec<u8> = number.iter().copied().skip_while(|byte| *byte == 0).collect();
    let digits = if digits[0] >= 0x80 { [&[0], &digits[..]].concat() } else { digits };
    let public = wire(&[b"ecdsa-sha2-nistp256", b"nistp256", key.public_key().point()]);
    let with_digits = |digits: &[u8]| {
        let mut body = [&[7; 8][..], &public, &wire(&[digits, b""])].concat();
        let missing = u8::try_from((8 - body.len() % 8) % 8).unwrap();
        body.extend(1..=missing);
        [b"openssh-key-v1\0", &wire(&[b"none", b"none", b""])[..], &1_u32.to_be_bytes(), &wire(&[&public, &body])]
            .concat()
    };
    let read = with("", pem("OPENSSH PRIVATE KEY", with_digits(&digits))).unwrap();
    assert_eq!(read.public_key(), key.public_key());
    for wrong in [&digits[1..], &[&[1; 8], &number[..]].concat(), &[1; 32], b""] {
        assert!(with("", pem("OPENSSH PRIVATE KEY", with_digits(wrong))).is_err(), "{wrong:?}");
    }
}

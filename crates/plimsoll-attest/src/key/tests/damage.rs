//! Every truncation and every flipped byte: never another key, never a panic.

use pkcs8::{EncryptedPrivateKeyInfo, der::Encode as _, pkcs5::pbes2::Parameters};

use super::*;

/// `file` cut at every byte and with each byte flipped in three ways gives the same key or none.
#[track_caller]
fn survives(file: &str, key: &SigningKey) {
    let passphrase = PASSPHRASE;
    assert_eq!(with(passphrase, file).unwrap().public_key(), key.public_key());
    let end = file.trim_end().len();
    let mut bytes = file.as_bytes().to_vec();
    for at in 0..bytes.len() {
        let cut = with(passphrase, &bytes[..at]);
        assert_eq!(cut.is_ok(), at >= end, "cut at {at}: {cut:?}");
        for mask in [0x01, 0x20, 0x80] {
            bytes[at] ^= mask;
            if let Ok(read) = with(passphrase, &bytes) {
                assert_eq!(read.public_key(), key.public_key(), "byte {at} flipped by {mask:#x}");
            }
            bytes[at] ^= mask;
        }
    }
}

/// The same for the bytes under the armor.
#[track_caller]
fn survives_inside(label: &str, der: &[u8], key: &SigningKey) {
    let mut bytes = der.to_vec();
    for at in 0..bytes.len() {
        assert!(with(PASSPHRASE, pem(label, &bytes[..at])).is_err(), "cut at {at}");
        for mask in [0x01, 0x20, 0x80] {
            bytes[at] ^= mask;
            if let Ok(read) = with(PASSPHRASE, pem(label, &bytes)) {
                assert_eq!(read.public_key(), key.public_key(), "byte {at} flipped by {mask:#x}");
            }
            bytes[at] ^= mask;
        }
    }
}

#[test]
fn pkcs8_that_states_its_public_key() {
    let key = SigningKey::generate(KeyKind::EcdsaP256).unwrap();
    survives(&key.to_pkcs8_pem(None).unwrap(), &key);
    survives_inside("PRIVATE KEY", &der_of(&key), &key);
    let made = aws_lc_rs::signature::Ed25519KeyPair::generate().unwrap();
    let der = made.to_pkcs8().unwrap();
    let key = plain(pem("PRIVATE KEY", &der)).unwrap();
    survives(&pem("PRIVATE KEY", &der), &key);
    survives_inside("PRIVATE KEY", der.as_ref(), &key);
}

/// The form states no public key, so that a flipped bit of the seed is another key to every reader. Nothing else is.
#[test]
fn pkcs8_of_ed25519_version_1() {
    let key = SigningKey::generate(KeyKind::Ed25519).unwrap();
    let der = der_of(&key);
    let seed = der.len() - 32;
    for at in 0..der.len() {
        assert!(plain(pem("PRIVATE KEY", &der[..at])).is_err(), "cut at {at}");
        let mut bytes = der.clone();
        bytes[at] ^= 1;
        assert_eq!(plain(pem("PRIVATE KEY", &bytes)).is_ok(), at >= seed, "byte {at}");
    }
}

#[test]
fn encrypted_pkcs8() {
    let key = SigningKey::generate(KeyKind::EcdsaP256).unwrap();
    let cheap = scrypt::Params::new(1, 1, 1, 32).unwrap();
    for scheme in [
        Parameters::pbkdf2_sha256_aes256cbc(1, &[1; 8], &[2; 16]).unwrap(),
        Parameters::scrypt_aes128cbc(cheap, &[1; 8], &[2; 16]).unwrap(),
    ] {
        let encrypted = scheme.encrypt(PASSPHRASE, &der_of(&key)).unwrap();
        let info = EncryptedPrivateKeyInfo { encryption_algorithm: scheme.into(), encrypted_data: &encrypted };
        let der = info.to_der().unwrap();
        survives(&pem("ENCRYPTED PRIVATE KEY", &der), &key);
        survives_inside("ENCRYPTED PRIVATE KEY", &der, &key);
    }
}

#[test]
fn cosign() {
    let key = SigningKey::generate(KeyKind::Ed25519).unwrap();
    survives(&cosign_file(&der_of(&key), PASSPHRASE, 2), &key);
    survives_inside("ENCRYPTED SIGSTORE PRIVATE KEY", cosign_json(&der_of(&key), PASSPHRASE, 2).as_bytes(), &key);
}

#[test]
fn openssh() {
    let folder = tempfile::tempdir().unwrap();
    if !have("ssh-keygen", "-?") {
        return;
    }
    for (name, kind, passphrase) in [("plain", "ed25519", ""), ("locked", "ed25519", PASSPHRASE), ("ec", "ecdsa", "")] {
        done(folder.path(), "ssh-keygen", &["-q", "-t", kind, "-N", passphrase, "-a", "1", "-C", "", "-f", name]);
        let file = std::fs::read_to_string(folder.path().join(name)).unwrap();
        let key = with(PASSPHRASE, &file).unwrap();
        let inside = armor::read(file.as_bytes()).unwrap().key.bytes;
        survives_inside("OPENSSH PRIVATE KEY", &inside, &key);
        if passphrase.is_empty() {
            survives(&file, &key);
        }
    }
}

#[test]
fn public_keys() {
    for kind in KINDS {
        let public = SigningKey::generate(kind).unwrap().public_key().clone();
        let der = public.der();
        for at in 0..der.len() {
            assert!(PublicPart::read(pem("PUBLIC KEY", &der[..at]).as_bytes()).is_err());
            let mut bytes = der.to_vec();
            bytes[at] ^= 1;
            let read = PublicPart::read(pem("PUBLIC KEY", &bytes).as_bytes());
            // Any 32 bytes may be a point of Ed25519.
            assert!(read.is_err() || (kind == KeyKind::Ed25519 && at >= 12), "{kind:?} {at}");
        }
    }
}

//! All readers of key files, for the fuzzer.

use zeroize::Zeroizing;

use super::{PublicPart, Signer as _, SigningKey, armor, limits::Limits};

const LABELS: &[&str] = &[
    "PRIVATE KEY",
    "EC PRIVATE KEY",
    "ENCRYPTED PRIVATE KEY",
    "ENCRYPTED SIGSTORE PRIVATE KEY",
    "OPENSSH PRIVATE KEY",
    "PUBLIC KEY",
];

/// Reads `bytes` as a file, and with each armor around them. A key that is read has to sign.
pub fn key(bytes: &[u8]) {
    read(bytes);
    for label in LABELS {
        read(armor::write(label, bytes).as_bytes());
    }
}

#[expect(clippy::expect_used, reason = "the fuzzer is told by a panic")]
fn read(file: &[u8]) {
    let mut passphrase = |_: &str| Ok(Zeroizing::new("passphrase".to_owned()));
    if let Ok(key) = SigningKey::read_within(file, &mut passphrase, &Limits::SMALL) {
        key.sign(b"message").expect("a key that was read signs");
        let again = key.to_pkcs8_pem(None).expect("a key that was read is written");
        let again = SigningKey::read_within(again.as_bytes(), &mut passphrase, &Limits::SMALL).expect("and read again");
        assert_eq!(again.public_key(), key.public_key());
    }
    if let Ok(public) = PublicPart::read(file) {
        assert_eq!(PublicPart::read(public.pem().as_bytes()), Ok(public));
    }
}

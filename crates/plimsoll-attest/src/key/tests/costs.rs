//! Files that ask for minutes or gigabytes.

use pkcs8::{
    EncryptedPrivateKeyInfo,
    der::Encode as _,
    pkcs5::pbes2::{EncryptionScheme, Kdf, Parameters, Pbkdf2Params, ScryptParams},
};

use super::*;

/// Refused before anybody is asked for a passphrase.
#[track_caller]
fn too_costly(file: &str, asked: &str) {
    let error = plain(file).unwrap_err();
    assert!(matches!(error, KeyError::TooCostly { .. }) && error.to_string().contains(asked), "{error}");
}

fn encrypted(kdf: Kdf<'_>) -> String {
    let scheme = Parameters { kdf, encryption: EncryptionScheme::Aes256Cbc { iv: &[2; 16] } };
    let info = EncryptedPrivateKeyInfo { encryption_algorithm: scheme.into(), encrypted_data: &[0; 48] };
    pem("ENCRYPTED PRIVATE KEY", info.to_der().unwrap())
}

fn scrypt_kdf(cost_parameter: u64, block_size: u16, parallelization: u16) -> String {
    let salt = &[1; 8];
    encrypted(Kdf::Scrypt(ScryptParams { salt, cost_parameter, block_size, parallelization, key_length: None }))
}

#[test]
fn pbkdf2() {
    for iterations in [5_000_001, u32::MAX] {
        let kdf = Pbkdf2Params::hmac_with_sha256(iterations.min(10_000_000), &[1; 8]).map(Kdf::from);
        too_costly(&encrypted(kdf.unwrap()), "iterations of PBKDF2");
    }
}

#[test]
fn scrypt_of_pkcs8() {
    for (n, r, p) in
        [(1 << 40, 8, 1), (1 << 63, 1, 1), (2, u16::MAX, u16::MAX), (1 << 20, 8, 1), (1 << 17, 8, 5), (1 << 14, 8, 64)]
    {
        too_costly(&scrypt_kdf(n, r, p), "scrypt with N = ");
    }
    for (n, r, p) in [(0, 8, 1), (1, 8, 1), (3, 8, 1), (16, 0, 1), (16, 8, 0)] {
        refused(scrypt_kdf(n, r, p), "the parameters of scrypt are none");
    }
}

#[test]
fn scrypt_of_cosign() {
    let json = cosign_json(b"", PASSPHRASE, 2);
    for cost in [r#""N":1048576"#, r#""N":18446744073709551615"#, r#""N":4611686018427387904"#] {
        too_costly(&pem("ENCRYPTED SIGSTORE PRIVATE KEY", json.replace(r#""N":2"#, cost)), "scrypt with N = ");
    }
    let many = json.replace(r#""p":1"#, r#""p":18446744073709551615"#);
    too_costly(&pem("ENCRYPTED SIGSTORE PRIVATE KEY", many), "scrypt with N = ");
}

#[test]
fn bcrypt() {
    for rounds in [501, u32::MAX] {
        too_costly(
            &pem("OPENSSH PRIVATE KEY", ssh::head(b"aes256-ctr", rounds, 1, b"ssh-ed25519")),
            "rounds of bcrypt",
        );
    }
}

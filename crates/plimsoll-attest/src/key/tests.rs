//! Key files of every form, good, wrong and damaged; programs that sign, and programs that do not.

mod costs;
mod damage;
mod external;
mod made;
mod openssl;
mod ssh;

use std::{
    path::Path,
    process::{Command, Output, Stdio},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

use super::{KeyError, KeyKind, PublicPart, Signer, SigningKey, armor};

const KINDS: [KeyKind; 3] = [KeyKind::Ed25519, KeyKind::EcdsaP256, KeyKind::EcdsaP384];
const PASSPHRASE: &str = "correct horse";

/// Reads a file that is not encrypted: nobody may be asked.
fn plain(file: impl AsRef<[u8]>) -> Result<SigningKey, KeyError> {
    SigningKey::read(file.as_ref(), &mut |form| panic!("asked for the passphrase of the {form}"))
}

fn with(passphrase: &str, file: impl AsRef<[u8]>) -> Result<SigningKey, KeyError> {
    SigningKey::read(file.as_ref(), &mut |_| Ok(Zeroizing::new(passphrase.to_owned())))
}

/// The file must be refused for this reason, in one line, and nobody asked for a passphrase.
#[track_caller]
fn refused(file: impl AsRef<[u8]>, reason: &str) {
    let error = plain(file.as_ref()).expect_err(reason).to_string();
    assert!(error.contains(reason), "{error:?} does not say {reason:?}");
    assert!(!error.chars().any(char::is_control), "{error:?}");
}

fn pem(label: &str, der: impl AsRef<[u8]>) -> String {
    armor::write(label, der.as_ref()).to_string()
}

/// A key file of cosign as its package `encrypted` writes one.
fn cosign_file(der: &[u8], passphrase: &str, n: u64) -> String {
    pem("ENCRYPTED SIGSTORE PRIVATE KEY", cosign_json(der, passphrase, n))
}

fn cosign_json(der: &[u8], passphrase: &str, n: u64) -> String {
    use crypto_secretbox::{KeyInit as _, XSalsa20Poly1305, aead::Aead as _};

    let (salt, nonce) = ([7; 32], [9; 24]);
    let key = super::cosign::derive(passphrase.as_bytes(), &salt, n).unwrap();
    let ciphertext = XSalsa20Poly1305::new((&*key).into()).encrypt((&nonce).into(), der).unwrap();
    format!(
        r#"{{"kdf":{{"name":"scrypt","params":{{"N":{n},"r":8,"p":1}},"salt":"{}"}},"cipher":{{"name":"nacl/secretbox","nonce":"{}"}},"ciphertext":"{}"}}"#,
        STANDARD.encode(salt),
        STANDARD.encode(nonce),
        STANDARD.encode(ciphertext)
    )
}

fn der_of(key: &SigningKey) -> Vec<u8> {
    super::pkcs8::write(key.kind(), &key_secret(key), key.public_key().point()).unwrap().to_vec()
}

fn key_secret(key: &SigningKey) -> Vec<u8> {
    key.secret_for_tests().to_vec()
}

/// Says whether `program` is there. Where it is not, the test says so aloud, and fails in CI.
fn have(program: &str, argument: &str) -> bool {
    let found = Command::new(program).arg(argument).stdin(Stdio::null()).output().is_ok();
    if !found {
        assert!(std::env::var_os("CI").is_none(), "{program} is not there, and CI has to compare with it");
        eprintln!("NOT TESTED: {program} is not there, nothing was compared with it");
    }
    found
}

/// Runs a program in `folder`; its output is for the caller to judge.
fn run(folder: &Path, program: &str, args: &[&str]) -> Output {
    Command::new(program).args(args).current_dir(folder).stdin(Stdio::null()).output().unwrap()
}

/// Runs a program that has to succeed, and gives its standard output.
#[track_caller]
fn done(folder: &Path, program: &str, args: &[&str]) -> Vec<u8> {
    let output = run(folder, program, args);
    assert!(output.status.success(), "{program} {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

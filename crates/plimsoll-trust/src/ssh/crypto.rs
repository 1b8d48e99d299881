//! The arithmetic of SSH keys by aws-lc-rs: Ed25519, ECDSA, RSA, security keys, and certificates.

use std::{cell::RefCell, rc::Rc};

use aws_lc_rs::{
    digest::{SHA256, digest},
    signature::{self, ParsedPublicKey, VerificationAlgorithm},
};
use der::{Encode as _, Sequence, asn1::UintRef};
use ssh_encoding::Decode as _;
use ssh_key::public::{EcdsaPublicKey, KeyData};

use super::certificate::{self, Certificate};

/// Keys that one thread keeps ready.
const MOST_READY: usize = 64;
/// The smallest RSA key that OpenSSH takes, in bits.
const SMALLEST_RSA: usize = 1024;

/// Why a signature does not count.
#[derive(Debug)]
pub(super) enum Refused {
    Bad(String),
    Weak(String),
    /// The arithmetic is not here.
    NotComputed(String),
}

fn bad(reason: &str) -> Refused {
    Refused::Bad(reason.to_owned())
}

/// PKCS#1 `RSAPublicKey` (RFC 8017, appendix A.1.1).
#[derive(Sequence)]
struct RsaPublicKey<'a> {
    modulus: UintRef<'a>,
    exponent: UintRef<'a>,
}

/// Verifies `signature` (algorithm and bytes, RFC 4253 section 6.6) over `message` by the key or certificate `blob`.
pub(super) fn verify(blob: &[u8], message: &[u8], signature: &[u8]) -> Result<(), Refused> {
    let ready = ready(blob)?;
    let unreadable = |_| bad("the signature cannot be read");
    let mut rest = signature;
    let name = String::decode(&mut rest).map_err(unreadable)?;
    let bytes = Vec::<u8>::decode(&mut rest).map_err(unreadable)?;
    let does_not_fit = |_| bad("the signature does not fit");
    match &*ready {
        Ready::Ed25519(key) => {
            expect(&name, "ssh-ed25519", rest)?;
            key.verify_sig(message, &bytes).map_err(does_not_fit)
        }
        Ready::Ecdsa { key, name: own, length } => {
            expect(&name, own, rest)?;
            key.verify_sig(message, &fixed(&bytes, *length)?).map_err(does_not_fit)
        }
        Ready::Rsa { sha256, sha512, length } => {
            let key = match name.as_str() {
                "rsa-sha2-256" => sha256,
                "rsa-sha2-512" => sha512,
                "ssh-rsa" => return Err(Refused::Weak("the digest is SHA-1".to_owned())),
                _ => return Err(bad("the algorithm is not one of the key")),
            };
            expect(&name, &name, rest)?;
            // Leading zeros may be left out (OpenSSH ssh-rsa.c).
            let missing = length.checked_sub(bytes.len()).ok_or_else(|| bad("the signature does not fit"))?;
            key.verify_sig(message, &[vec![0; missing], bytes].concat()).map_err(does_not_fit)
        }
        Ready::SecurityKey { key, name: own, application, length } => {
            let flags = u8::decode(&mut rest).map_err(unreadable)?;
            let counter = u32::decode(&mut rest).map_err(unreadable)?;
            expect(&name, own, rest)?;
            // What the device signs: OpenSSH's PROTOCOL.u2f.
            let mut signed = digest(&SHA256, application.as_bytes()).as_ref().to_vec();
            signed.push(flags);
            signed.extend_from_slice(&counter.to_be_bytes());
            signed.extend_from_slice(digest(&SHA256, message).as_ref());
            match length {
                Some(length) => key.verify_sig(&signed, &fixed(&bytes, *length)?).map_err(does_not_fit),
                None => key.verify_sig(&signed, &bytes).map_err(does_not_fit),
            }
        }
    }
}

fn expect(found: &str, expected: &str, rest: &[u8]) -> Result<(), Refused> {
    if found != expected {
        return Err(bad("the algorithm is not one of the key"));
    }
    if rest.is_empty() { Ok(()) } else { Err(bad("something follows the signature")) }
}

/// Two numbers, each as long as the field (RFC 5656, section 3.1.2).
fn fixed(bytes: &[u8], length: usize) -> Result<Vec<u8>, Refused> {
    let unreadable = || bad("the signature cannot be read");
    let mut rest = bytes;
    let mut out = Vec::with_capacity(2 * length);
    for _ in 0..2 {
        let number = Vec::<u8>::decode(&mut rest).map_err(|_| unreadable())?;
        // A number whose first bit is set is negative.
        if number.first().is_some_and(|first| *first >= 0x80) {
            return Err(unreadable());
        }
        let start = number.iter().position(|byte| *byte != 0).unwrap_or(number.len());
        let number = number.get(start..).unwrap_or_default();
        let missing = length.checked_sub(number.len()).ok_or_else(unreadable)?;
        out.resize(out.len() + missing, 0);
        out.extend_from_slice(number);
    }
    if rest.is_empty() { Ok(out) } else { Err(unreadable()) }
}

/// A key that was parsed.
enum Ready {
    Ed25519(ParsedPublicKey),
    Ecdsa { key: ParsedPublicKey, name: String, length: usize },
    Rsa { sha256: ParsedPublicKey, sha512: ParsedPublicKey, length: usize },
    SecurityKey { key: ParsedPublicKey, name: String, application: String, length: Option<usize> },
}

// Parsing a key costs as much as a tenth of a verification, and a history has few keys.
thread_local! {
    static READY: RefCell<Vec<(Vec<u8>, Rc<Ready>)>> = const { RefCell::new(Vec::new()) };
}

fn ready(blob: &[u8]) -> Result<Rc<Ready>, Refused> {
    let known = READY.with_borrow(|ready| ready.iter().find(|(known, _)| known == blob).map(|(_, key)| Rc::clone(key)));
    if let Some(key) = known {
        return Ok(key);
    }
    let key = Rc::new(match certificate(blob) {
        Some(certificate) => {
            let certificate = certificate?;
            parse(&key_data(&certificate.key)?)?
        }
        None => parse(&key_data(blob)?)?,
    });
    READY.with_borrow_mut(|ready| {
        if ready.len() >= MOST_READY {
            ready.remove(0);
        }
        ready.push((blob.to_vec(), Rc::clone(&key)));
    });
    Ok(key)
}

/// Kinds of keys that OpenSSH signs with.
const KINDS: &[&str] = &["ssh-ed25519", "ssh-rsa", "ssh-dss", "ecdsa-sha2-", "sk-ssh-ed25519@", "sk-ecdsa-sha2-"];

fn key_data(blob: &[u8]) -> Result<KeyData, Refused> {
    let kind = String::decode(&mut &*blob).map_err(|_| bad("the key cannot be read"))?;
    if !KINDS.iter().any(|known| kind.starts_with(known)) {
        return Err(Refused::NotComputed(UNKNOWN_KIND.to_owned()));
    }
    let mut rest = blob;
    let key = KeyData::decode(&mut rest).map_err(|_| bad("the key cannot be read"))?;
    if rest.is_empty() { Ok(key) } else { Err(bad("the key cannot be read")) }
}

const UNKNOWN_KIND: &str = "a kind of key that this program cannot compute";

/// The certificate where the blob is one; refused where its authority has not signed it.
///
/// Source: OpenSSH's PROTOCOL.certkeys; `sshkey.c`, `cert_parse`, which verifies while reading.
pub(super) fn certificate(blob: &[u8]) -> Option<Result<Certificate, Refused>> {
    if !certificate::is_one(blob) {
        return None;
    }
    let read = || -> Result<Certificate, Refused> {
        let certificate = Certificate::read(blob).ok_or_else(|| bad("the certificate cannot be read"))?;
        verify(&certificate.authority, &certificate.signed, &certificate.signature).map_err(
            |refused| match refused {
                Refused::Bad(_) => bad("the certificate is not signed by its authority"),
                Refused::Weak(reason) => Refused::Weak(format!("the certificate's authority: {reason}")),
                Refused::NotComputed(reason) => Refused::NotComputed(format!("the certificate's authority: {reason}")),
            },
        )?;
        Ok(certificate)
    };
    Some(read())
}

/// The key inside a certificate; nothing where the blob is none.
pub(super) fn plain_key(blob: &[u8]) -> Option<Vec<u8>> {
    Certificate::read(blob).map(|certificate| certificate.key)
}

fn parse(key: &KeyData) -> Result<Ready, Refused> {
    let one = |algorithm: &'static dyn VerificationAlgorithm, bytes: &[u8]| {
        ParsedPublicKey::new(algorithm, bytes).map_err(|_| bad("the key cannot be read"))
    };
    Ok(match key {
        KeyData::Ed25519(key) => Ready::Ed25519(one(&signature::ED25519, &key.0)?),
        KeyData::Ecdsa(key) => {
            let (algorithm, name, length): (&'static dyn VerificationAlgorithm, _, _) = match key {
                EcdsaPublicKey::NistP256(_) => (&signature::ECDSA_P256_SHA256_FIXED, "ecdsa-sha2-nistp256", 32),
                EcdsaPublicKey::NistP384(_) => (&signature::ECDSA_P384_SHA384_FIXED, "ecdsa-sha2-nistp384", 48),
                EcdsaPublicKey::NistP521(_) => (&signature::ECDSA_P521_SHA512_FIXED, "ecdsa-sha2-nistp521", 66),
            };
            Ready::Ecdsa { key: one(algorithm, key.as_sec1_bytes())?, name: name.to_owned(), length }
        }
        KeyData::Rsa(key) => {
            let unreadable = || bad("the key cannot be read");
            let modulus = key.n.as_positive_bytes().ok_or_else(unreadable)?;
            let exponent = key.e.as_positive_bytes().ok_or_else(unreadable)?;
            let bits = modulus.len() * 8 - modulus.first().map_or(0, |first| first.leading_zeros() as usize);
            if bits < SMALLEST_RSA {
                return Err(Refused::Weak(format!("an RSA key of {bits} bits")));
            }
            let der = RsaPublicKey {
                modulus: UintRef::new(modulus).map_err(|_| unreadable())?,
                exponent: UintRef::new(exponent).map_err(|_| unreadable())?,
            }
            .to_der()
            .map_err(|_| unreadable())?;
            let large = |_| Refused::NotComputed(format!("an RSA key of {bits} bits"));
            Ready::Rsa {
                sha256: one(&signature::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, &der).map_err(large)?,
                sha512: one(&signature::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY, &der).map_err(large)?,
                length: modulus.len(),
            }
        }
        KeyData::SkEd25519(key) => Ready::SecurityKey {
            key: one(&signature::ED25519, &key.public_key().0)?,
            name: "sk-ssh-ed25519@openssh.com".to_owned(),
            application: key.application().to_owned(),
            length: None,
        },
        KeyData::SkEcdsaSha2NistP256(key) => Ready::SecurityKey {
            key: one(&signature::ECDSA_P256_SHA256_FIXED, key.ec_point().as_bytes())?,
            name: "sk-ecdsa-sha2-nistp256@openssh.com".to_owned(),
            application: key.application().to_owned(),
            length: Some(32),
        },
        KeyData::Dsa(_) => return Err(Refused::Weak("a DSA key".to_owned())),
        _ => return Err(Refused::NotComputed(UNKNOWN_KIND.to_owned())),
    })
}

//! Public keys as OpenSSH writes them into `.pub` files.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use der::{
    Encode as _, Sequence,
    asn1::{AnyRef, BitStringRef, ObjectIdentifier, UintRef},
};
use ssh_encoding::Decode as _;

/// Keys of one file.
const MOST_KEYS: usize = 1000;

/// PKCS#1 `RSAPublicKey` (RFC 8017, appendix A.1.1).
#[derive(Sequence)]
struct RsaPublicKey<'a> {
    modulus: UintRef<'a>,
    exponent: UintRef<'a>,
}

/// `AlgorithmIdentifier` (RFC 5280, section 4.1.1.2).
#[derive(Sequence)]
struct Algorithm<'a> {
    algorithm: ObjectIdentifier,
    parameters: Option<AnyRef<'a>>,
}

/// `SubjectPublicKeyInfo` (RFC 5280, section 4.1).
#[derive(Sequence)]
struct Spki<'a> {
    algorithm: Algorithm<'a>,
    key: BitStringRef<'a>,
}

const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const P256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7");
const P384: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34");
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// The keys of a file of OpenSSH's lines, each as a `SubjectPublicKeyInfo` in DER; `None` where its first line is none of these.
///
/// Refused as a whole: a line that is no key, and a key of a kind that signs no files here.
///
/// Source: sshd(8), section `AUTHORIZED_KEYS`; RFC 4253 section 6.6, RFC 5656 section 3.1, RFC 8709 section 4.
pub(super) fn spki_of_lines(text: &str) -> Option<Result<Vec<Vec<u8>>, String>> {
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let is_key = |line: &str| ["ssh-", "ecdsa-sha2-", "sk-"].iter().any(|kind| line.starts_with(kind));
    if !lines().next().is_some_and(is_key) {
        return None;
    }
    if lines().count() > MOST_KEYS {
        return Some(Err(format!("more than {MOST_KEYS} keys")));
    }
    Some(lines().map(spki_of_line).collect())
}

fn spki_of_line(line: &str) -> Result<Vec<u8>, String> {
    let mut words = line.split_whitespace();
    let (kind, encoded) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let broken = || "a public key of OpenSSH that is broken".to_owned();
    let blob = STANDARD.decode(encoded).map_err(|_| broken())?;
    if String::decode(&mut blob.as_slice()).ok().as_deref() != Some(kind) {
        return Err(broken());
    }
    spki_of_blob(&blob)
}

/// The key of the wire format as a `SubjectPublicKeyInfo` in DER.
pub(super) fn spki_of_blob(blob: &[u8]) -> Result<Vec<u8>, String> {
    let broken = || "a public key of OpenSSH that is broken".to_owned();
    let rest = &mut &*blob;
    let kind = String::decode(rest).map_err(|_| broken())?;
    let mut next = || Vec::<u8>::decode(rest).map_err(|_| broken());
    let no_parameters = |algorithm| Algorithm { algorithm, parameters: None };
    let der = match kind.as_str() {
        "ssh-ed25519" => {
            Some(next()?).filter(|point| point.len() == 32).and_then(|point| written(no_parameters(ED25519), &point))
        }
        "ecdsa-sha2-nistp256" | "ecdsa-sha2-nistp384" => {
            let (curve, point) = (next()?, next()?);
            if kind.strip_prefix("ecdsa-sha2-").map(str::as_bytes) != Some(curve.as_slice()) {
                return Err(broken());
            }
            let curve = if kind.ends_with("256") { P256 } else { P384 };
            written(Algorithm { algorithm: EC, parameters: Some(AnyRef::from(&curve)) }, &point)
        }
        "ssh-rsa" => {
            let (exponent, modulus) = (next()?, next()?);
            let key = RsaPublicKey {
                modulus: UintRef::new(&modulus).map_err(|_| broken())?,
                exponent: UintRef::new(&exponent).map_err(|_| broken())?,
            };
            let key = key.to_der().map_err(|_| broken())?;
            written(Algorithm { algorithm: RSA, parameters: Some(AnyRef::NULL) }, &key)
        }
        _ => {
            return Err(
                "a kind of OpenSSH key that signs no files here (Ed25519, ECDSA P-256 and P-384, RSA do)".to_owned()
            );
        }
    };
    if rest.is_empty() { der.ok_or_else(broken) } else { Err(broken()) }
}

fn written(algorithm: Algorithm<'_>, key: &[u8]) -> Option<Vec<u8>> {
    Spki { algorithm, key: BitStringRef::from_bytes(key).ok()? }.to_der().ok()
}

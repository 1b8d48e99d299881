//! SSH signatures over data (`SSHSIG`), with the rules of ssh-keygen.

mod allowed;
mod certificate;
mod crypto;
mod krl;
mod pattern;
mod revoked;
#[cfg(test)]
mod tests;

use aws_lc_rs::digest::{SHA256, SHA512, digest};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use plimsoll_model::SignatureScheme;
use ssh_encoding::{Decode as _, Encode as _};

pub(crate) use self::pattern::{fits, names};
pub use self::{
    allowed::{AllowedSigners, DescribedSigner, LARGEST_FILE, Standing},
    revoked::RevokedKeys,
};
use crate::{Checked, Proof};

/// The namespace that git signs in.
pub(crate) const NAMESPACE: &str = "git";
/// The namespace for files (ssh-keygen(1), `-n`).
pub(crate) const FILE_NAMESPACE: &str = "file";
/// Bytes of an armored signature; those of RSA with a certificate are below ten thousand.
const LARGEST_SIGNATURE: usize = 256 * 1024;
const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----";
const END: &str = "-----END SSH SIGNATURE-----";
const MAGIC: &[u8] = b"SSHSIG";

/// Checks an armored signature over `payload`. Who may sign is not asked here.
///
/// Source: OpenSSH's `PROTOCOL.sshsig`; `sshsig.c` for what it refuses.
pub fn check(signature: &[u8], payload: &[u8]) -> Checked {
    check_for(signature, payload, NAMESPACE)
}

/// Checks an armored signature over `payload` that has to be made for `namespace`.
pub fn check_for(signature: &[u8], payload: &[u8], namespace: &str) -> Checked {
    let proof = match Parts::read(signature) {
        Ok(parts) => parts.verify(payload, namespace),
        Err(reason) => Proof::Malformed { reason },
    };
    Checked { scheme: SignatureScheme::Ssh, proof }
}

/// Is there one signature in the armor, whoever made it and over whatever?
pub fn is_one(signature: &[u8]) -> bool {
    Parts::read(signature).is_ok()
}

/// What stands in a signature.
struct Parts {
    key: Vec<u8>,
    namespace: String,
    digest: String,
    signature: Vec<u8>,
}

impl Parts {
    fn read(armored: &[u8]) -> Result<Self, String> {
        let blob = dearmor(armored)?;
        let broken = |_| "the signature cannot be read".to_owned();
        let mut rest = blob.strip_prefix(MAGIC).ok_or("it is not an SSH signature")?;
        let rest = &mut rest;
        let version = u32::decode(rest).map_err(broken)?;
        if version != 1 {
            return Err(format!("version {version} of SSH signatures is not known"));
        }
        let key = Vec::<u8>::decode(rest).map_err(broken)?;
        let namespace = String::decode(rest).map_err(broken)?;
        // Reserved: read over, and empty in what is signed.
        Vec::<u8>::decode(rest).map_err(broken)?;
        let digest = String::decode(rest).map_err(broken)?;
        let signature = Vec::<u8>::decode(rest).map_err(broken)?;
        if !rest.is_empty() {
            return Err("something follows the signature".to_owned());
        }
        Ok(Self { key, namespace, digest, signature })
    }

    fn verify(self, payload: &[u8], namespace: &str) -> Proof {
        let fingerprint = fingerprint(&self.key);
        let bad = |reason: &str| Proof::Bad { key: Some(fingerprint.clone()), reason: reason.to_owned() };
        let hash = match self.digest.as_str() {
            "sha256" => digest(&SHA256, payload),
            "sha512" => digest(&SHA512, payload),
            _ => {
                let reason = "its digest is one that this program cannot compute".to_owned();
                return Proof::NotComputed { key: Some(fingerprint), reason };
            }
        };
        let mut message = MAGIC.to_vec();
        let mut put = |bytes: &[u8]| bytes.encode(&mut message);
        let written = put(self.namespace.as_bytes())
            .and_then(|()| put(b""))
            .and_then(|()| put(self.digest.as_bytes()))
            .and_then(|()| put(hash.as_ref()));
        if written.is_err() {
            return bad("the signature cannot be read");
        }
        match crypto::verify(&self.key, &message, &self.signature) {
            Ok(()) => {}
            Err(crypto::Refused::Weak(reason)) => {
                return Proof::Weak { key: Some(fingerprint), reason };
            }
            Err(crypto::Refused::NotComputed(reason)) => {
                return Proof::NotComputed { key: Some(fingerprint), reason };
            }
            Err(crypto::Refused::Bad(reason)) => return bad(&reason),
        }
        if self.namespace != namespace {
            return bad(&format!("it was made for another purpose than {namespace}"));
        }
        Proof::Ssh { key: fingerprint, blob: self.key, namespace: self.namespace }
    }
}

/// The bytes of the one armored block.
fn dearmor(armored: &[u8]) -> Result<Vec<u8>, String> {
    if armored.len() > LARGEST_SIGNATURE {
        return Err(format!("the signature is larger than {LARGEST_SIGNATURE} bytes"));
    }
    let text = std::str::from_utf8(armored).map_err(|_| "the armor of the signature cannot be read".to_owned())?;
    let inside = text.strip_prefix(BEGIN).and_then(|rest| rest.split_once(END));
    let Some((body, after)) = inside else { return Err("the armor of the signature is cut off".to_owned()) };
    if after.contains("-----BEGIN") {
        return Err("there is more than one signature".to_owned());
    }
    let packed: String = body.chars().filter(|character| !character.is_ascii_whitespace()).collect();
    STANDARD.decode(packed).map_err(|_| "the armor of the signature cannot be read".to_owned())
}

/// A key as a line of `authorized_keys` has it, type and base64; nothing where it is a certificate.
pub(crate) fn key_line(blob: &[u8]) -> Option<String> {
    let kind = String::decode(&mut &*blob).ok()?;
    let is_word = kind.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'@' | b'.'));
    (crypto::plain_key(blob).is_none() && is_word).then(|| format!("{kind} {}", STANDARD.encode(blob)))
}

/// The fingerprint of a key or of the key in a certificate, as OpenSSH shows it.
pub(crate) fn fingerprint(blob: &[u8]) -> String {
    use base64::engine::general_purpose::STANDARD_NO_PAD;
    let key = crypto::plain_key(blob).unwrap_or_else(|| blob.to_vec());
    format!("SHA256:{}", STANDARD_NO_PAD.encode(digest(&SHA256, &key)))
}

/// Reads anything; properties and fuzzing ask that it ends and does not panic.
#[cfg(any(test, fuzzing))]
pub fn read_anything(bytes: &[u8]) {
    let _ = check(bytes, b"payload");
    let _ = crypto::verify(bytes, b"payload", bytes);
    let _ = fingerprint(bytes);
    let _ = RevokedKeys::read(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = AllowedSigners::read(text, 0);
    }
}

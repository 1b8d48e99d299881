//! OpenPGP signatures over data, with gpg's rules.

mod certificates;
mod cleartext;
mod crypto;
mod keys;
#[cfg(test)]
mod tests;

use std::{hash::Hasher as _, io::Read as _};

use crc24::Crc24Hasher;
use pgp::{
    armor::{Dearmor, DearmorOptions},
    crypto::hash::HashAlgorithm,
    line_writer::LineBreak,
    normalize_lines::NormalizedReader,
    packet::{
        Packet, PacketParser, Signature, SignatureConfig, SignatureType, SignatureVersion, SignatureVersionSpecific,
        SubpacketData,
    },
    types::{KeyDetails as _, KeyVersion},
};
use plimsoll_model::{SignatureScheme, hex};

pub(crate) use self::certificates::{begins_with_revocation, begins_with_secret_key};
pub use self::cleartext::Cleartext;
pub(crate) use self::cleartext::begins as begins_signed_text;
pub use self::keys::{Keyring, LARGEST_KEY_FILE, SigningKey};
use self::{
    crypto::{FastKey, Fits},
    keys::plain,
};
use crate::{Checked, Proof};

/// Bytes of an armored signature; gpg's own are below a thousand.
const LARGEST_SIGNATURE: usize = 256 * 1024;
/// Packets that are looked at in one block.
const MOST_PACKETS: usize = 16;

/// Checks an armored signature over `payload` with the keys of `keyring`.
///
/// Source: RFC 9580, section 5.2; where gpg is stricter or says it in another way, gpg 2.2 (`g10/sig-check.c`,
/// `g10/mainproc.c`): one signature alone, MD5 refused, SHA-1 taken, critical subpackets that are not known refused.
pub fn check(signature: &[u8], payload: &[u8], keyring: &Keyring) -> Checked {
    let proof = match read(signature) {
        Ok(read) => verify(&read, payload, keyring),
        Err(Unread::Malformed(reason)) => Proof::Malformed { reason },
        Err(Unread::Other(reason)) => Proof::Error { reason },
    };
    Checked { scheme: SignatureScheme::OpenPgp, proof }
}

/// Is there one signature in the armor, whoever made it and over whatever?
pub fn is_one(signature: &[u8]) -> bool {
    !matches!(read(signature), Err(Unread::Malformed(_)))
}

/// Is it a signature over text, whose ends of lines may be written either way (RFC 9580, section 5.2.1.2)?
pub fn is_over_text(signature: &[u8]) -> bool {
    read(signature).is_ok_and(|read| read.typ() == Some(SignatureType::Text))
}

fn verify(signature: &Signature, payload: &[u8], keyring: &Keyring) -> Proof {
    let named = named(signature);
    let Some(config) = signature.config() else {
        return Proof::Error { reason: "the version of the signature is not known".to_owned() };
    };
    if !matches!(signature.typ(), Some(SignatureType::Binary | SignatureType::Text)) {
        return Proof::Error { reason: "it is not a signature over data".to_owned() };
    }
    let candidates = keyring.candidates(signature);
    if candidates.is_empty() {
        return Proof::UnknownKey { key: named };
    }
    if config.hash_alg == HashAlgorithm::Md5 {
        return Proof::Weak { key: named, reason: "the digest is MD5".to_owned() };
    }
    let strange = config.hashed_subpackets().any(|one| one.is_critical && !is_known(&one.data));
    if strange {
        return Proof::Bad { key: named, reason: "a critical part of the signature is not known".to_owned() };
    }
    let Some(made) = signature.created().map(|time| i64::from(time.as_secs())) else {
        return Proof::Error { reason: "the signature does not say when it was made".to_owned() };
    };
    let mut key = None;
    let mut cannot = None;
    for one in &candidates {
        match fits(signature, config, &one.key, payload) {
            Fits::Yes => {
                key = Some((*one, None));
                break;
            }
            Fits::Weakly(reason) => key = key.or(Some((*one, Some(reason)))),
            Fits::NotComputed(reason) => cannot = cannot.or(Some((*one, reason))),
            Fits::No => {}
        }
    }
    let Some((key, weak)) = key else {
        let first = || candidates.first().map(|key| key.fingerprint.clone());
        return match cannot {
            Some((key, reason)) => Proof::NotComputed { key: Some(key.fingerprint.clone()), reason },
            None => Proof::Bad { key: first(), reason: "the signature does not fit".to_owned() },
        };
    };
    if let Some(reason) = &key.unusable {
        return Proof::Error { reason: reason.clone() };
    }
    if made < key.created {
        return Proof::Error { reason: "the key was made after the signature".to_owned() };
    }
    let lasts = signature.signature_expiration_time().map(|time| i64::from(time.as_secs()));
    Proof::OpenPgp {
        key: key.fingerprint.clone(),
        made,
        expires: lasts.filter(|seconds| *seconds > 0).map(|seconds| made + seconds),
        weak_digest: (config.hash_alg == HashAlgorithm::Sha1).then(|| "SHA-1".to_owned()),
        weak,
    }
}

/// Is this a signature of `key` over `payload`?
///
/// By hand because of two octets: a signature repeats the first two of its digest, and the crate refuses one where they are
/// wrong. gpg does not look at them, and GitHub has signed with wrong ones for years; only for version 6 they have to be right
/// (RFC 9580, section 5.2.4).
fn fits(signature: &Signature, config: &SignatureConfig, key: &FastKey, payload: &[u8]) -> Fits {
    let version_6 = config.version() == SignatureVersion::V6;
    if version_6 != (key.version() == KeyVersion::V6) {
        return Fits::No;
    }
    if config.hash_alg.new_hasher().is_err() {
        return Fits::NotComputed("its digest is one that this program cannot compute".to_owned());
    }
    let digest = || -> pgp::errors::Result<Box<[u8]>> {
        let mut hasher = config.hash_alg.new_hasher()?;
        if let SignatureVersionSpecific::V6 { salt } = &config.version_specific {
            hasher.update(salt);
        }
        if config.typ() == SignatureType::Text {
            config.hash_data_to_sign(&mut hasher, NormalizedReader::new(payload, LineBreak::Crlf))?;
        } else {
            config.hash_data_to_sign(&mut hasher, payload)?;
        }
        let length = config.hash_signature_data(&mut hasher)?;
        hasher.update(&config.trailer(length)?);
        Ok(hasher.finalize())
    };
    let (Ok(digest), Some(bytes)) = (digest(), signature.signature()) else { return Fits::No };
    if version_6 {
        let salted = match &config.version_specific {
            SignatureVersionSpecific::V6 { salt } => config.hash_alg.salt_len() == Some(salt.len()),
            _ => false,
        };
        if !salted || signature.signed_hash_value().is_none_or(|stated| !digest.starts_with(&stated)) {
            return Fits::No;
        }
    }
    key.fits(config.hash_alg, &digest, bytes)
}

/// Why no signature could be read.
enum Unread {
    /// What is there is not one signature.
    Malformed(String),
    /// It may be one, of a form that is not read.
    Other(String),
}

/// The one signature of an armored block.
fn read(armored: &[u8]) -> Result<Signature, Unread> {
    let malformed = |reason: &str| Unread::Malformed(reason.to_owned());
    if armored.len() > LARGEST_SIGNATURE {
        return Err(Unread::Other(format!("the signature is larger than {LARGEST_SIGNATURE} bytes")));
    }
    // git hands the whole block to gpg, which takes every block in it.
    let begins = armored.split(|byte| *byte == b'\n').filter(|line| line.starts_with(b"-----BEGIN PGP ")).count();
    if begins != 1 {
        return Err(malformed("there is more than one signature"));
    }
    let unreadable = || malformed("the armor of the signature cannot be read");
    let mut bytes = Vec::new();
    let mut dearmor = Dearmor::with_options(armored, DearmorOptions::new().set_limit(LARGEST_SIGNATURE));
    dearmor.by_ref().take(LARGEST_SIGNATURE as u64).read_to_end(&mut bytes).map_err(|_| unreadable())?;
    // RFC 9580 lets a reader pass over the checksum (section 6.1); gpg does not.
    let mut sum = Crc24Hasher::new();
    sum.write(&bytes);
    if dearmor.checksum.is_some_and(|stated| stated != sum.finish()) {
        return Err(unreadable());
    }
    // A message may carry its signature in a part that is packed, which old versions of git wrote.
    let is_message = armored.starts_with(b"-----BEGIN PGP MESSAGE-----");
    let mut found = None;
    for packet in PacketParser::new(bytes.as_slice()).take(MOST_PACKETS) {
        match packet.map_err(|error| Unread::Malformed(format!("the signature cannot be read: {}", plain(&error))))? {
            Packet::Signature(signature) if found.is_none() => found = Some(signature),
            Packet::Signature(_) => return Err(malformed("there is more than one signature")),
            Packet::Marker(_) | Packet::Padding(_) => {}
            _ if is_message => {
                return Err(Unread::Other("it is a message that holds more than a signature".to_owned()));
            }
            _ => return Err(malformed("there is something else beside the signature")),
        }
    }
    let found = found.ok_or_else(|| malformed("there is no signature in the armor"))?;
    match found.typ() {
        // Of a version that is not known nothing is known.
        None | Some(SignatureType::Binary | SignatureType::Text) => Ok(found),
        // Whole, and made for something else, as early signers of commits did: no accusation of whoever made the commit.
        Some(_) => Err(Unread::Other("it is not a signature over data".to_owned())),
    }
}

/// Subpackets that gpg understands when they are marked as critical.
///
/// Source: gpg 2.2, `g10/parse-packet.c`, `can_handle_critical`.
fn is_known(data: &SubpacketData) -> bool {
    !matches!(
        data,
        SubpacketData::Notation(_)
            | SubpacketData::Experimental(..)
            | SubpacketData::Other(..)
            | SubpacketData::SignatureTarget(..)
            | SubpacketData::IntendedRecipientFingerprint(_)
            | SubpacketData::PreferredEncryptionModes(_)
    )
}

/// The key that the signature names: its fingerprint, else its id.
fn named(signature: &Signature) -> Option<String> {
    let fingerprint = signature.issuer_fingerprint().first().map(|one| hex(one.as_bytes()));
    let id = || signature.issuer_key_id().first().map(|one| hex(one.as_ref()));
    fingerprint.or_else(id).map(|text| text.to_ascii_uppercase())
}

/// Reads anything; properties and fuzzing ask that it ends and does not panic.
#[cfg(any(test, fuzzing))]
pub fn read_anything(bytes: &[u8]) {
    let mut keyring = Keyring::default();
    let _ = keyring.add(bytes, 0, 0);
    let _ = check(bytes, b"payload", &keyring);
}

//! CMS signatures by certificates: smimesign, gpgsm, gitsign.
//!
//! One decision shaped this module: the message is taken apart as bytes and never written again, so that what is
//! hashed and shown is what was sent. The cost is a reader of its own for the outer layers; certificates, chains and
//! logs are left to x509-cert, rustls-webpki and sigstore-verify.

mod armor;
mod attributes;
mod ber_to_der;
mod certificate;
mod chain;
mod crypto;
mod fulcio;
mod log_entry;
mod message;
mod roots;
#[cfg(test)]
mod tests;
mod tlv;

use der::asn1::ObjectIdentifier;
use plimsoll_model::SignatureScheme;

pub(crate) use armor::certificates;
pub use roots::X509Trust;
pub(crate) use tlv::elements;

use crate::checked::{Checked, Proof};
use certificate::{CODE_SIGNING, EMAIL_PROTECTION, Read};
use chain::Purpose;
use crypto::{Digest, Holds};
use log_entry::LogEntry;
use message::{Message, Signer};

/// Largest signature that is read, armor included; one with a chain and a log entry has 10 KiB.
const LARGEST: usize = 256 * 1024;

/// The unsigned attribute in which gitsign keeps the log entry (gitsign, docs/data-format.md).
const LOG_ENTRY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.57264.3.1");

/// Says what a signature in the armor SIGNED MESSAGE over `payload` proves.
///
/// `signature` is the block as git hands it on, `payload` the object without it. The proof is
/// - `Malformed` where the message is, is not detached, or has several signers;
/// - `Error` where it has more than 256 KiB, an algorithm that is not known, or a certificate that cannot be read;
/// - `UnknownKey` where the message does not bring its signing certificate;
/// - `Bad` where the digest or the signature is not one of `payload`, or a log entry in it does not verify;
/// - `Weak` for MD5, SHA-1 and RSA below 2048 bits;
/// - `Unanchored` where no root of `trust` leads to the certificate or it is not for signing;
/// - else `X509`, with the period in which the whole chain holds.
///
/// Revocation is not looked at: a revocation list would have to be fetched. Total: no panic on any bytes.
///
/// Source: RFC 5652 section 5 (CMS), RFC 5280 section 6 (chains), gitsign docs/data-format.md (log entries).
pub(crate) fn check(signature: &[u8], payload: &[u8], trust: &X509Trust) -> Checked {
    if signature.len() > LARGEST {
        let reason = format!("the signature has {} bytes, and {LARGEST} are the most", signature.len());
        return Checked { scheme: SignatureScheme::X509, proof: Proof::Error { reason } };
    }
    let read = armor::signed_message(signature)
        .and_then(|message| ber_to_der::definite(&message).map(std::borrow::Cow::into_owned));
    match read {
        Ok(message) => check_message(&message, payload, trust),
        Err(reason) => Checked { scheme: SignatureScheme::X509, proof: Proof::Malformed { reason } },
    }
}

/// Is there one signature in the armor, whoever made it and over whatever?
pub(crate) fn is_one(signature: &[u8]) -> bool {
    let message = armor::signed_message(signature)
        .and_then(|message| ber_to_der::definite(&message).map(std::borrow::Cow::into_owned));
    signature.len() > LARGEST || message.is_ok_and(|message| Message::read(&message).is_ok())
}

/// [`check`] without armor.
fn check_message(message: &[u8], payload: &[u8], trust: &X509Trust) -> Checked {
    let error = |reason: String| Checked { scheme: SignatureScheme::X509, proof: Proof::Error { reason } };
    let Message { certificates, signer } = match Message::read(message) {
        Ok(message) => message,
        Err(reason) => return Checked { scheme: SignatureScheme::X509, proof: Proof::Malformed { reason } },
    };
    let (mut read, mut refused) = (Vec::new(), None);
    for der in certificates {
        match Read::new(der) {
            Ok(certificate) => read.push(certificate),
            Err(reason) => refused = Some(reason),
        }
    }
    let Some(place) = read.iter().position(|certificate| certificate.is_named_by(&signer.identifier)) else {
        // One that cannot be read may be the one that is looked for.
        return match refused {
            Some(reason) => error(reason),
            None => Checked {
                scheme: SignatureScheme::X509,
                proof: Proof::UnknownKey { key: Some(certificate::described(&signer.identifier)) },
            },
        };
    };
    let leaf = read.swap_remove(place);
    let scheme = if leaf.is_of_fulcio() { SignatureScheme::Gitsign } else { SignatureScheme::X509 };
    let proof = match arithmetic(&signer, &leaf, payload) {
        Ok(signed) => match scheme {
            SignatureScheme::Gitsign => anchored_in_sigstore(&signer, &signed, &leaf, &read, trust),
            _ => anchored_in_roots(&leaf, &read, trust),
        },
        Err(proof) => *proof,
    };
    Checked { scheme, proof }
}

/// Gives the bytes that the signature covers, if it holds over them and they stand for `payload`.
///
/// Source: RFC 5652 sections 5.4 and 5.6.
fn arithmetic(signer: &Signer<'_>, leaf: &Read<'_>, payload: &[u8]) -> Result<Vec<u8>, Box<Proof>> {
    let error = |reason: String| Box::new(Proof::Error { reason });
    let bad = |reason: &str| Box::new(Proof::Bad { key: Some(leaf.fingerprint()), reason: reason.into() });
    let digest = Digest::named(&signer.digest_algorithm).map_err(error)?;
    let signed = match &signer.signed_attributes {
        Some(attributes) => {
            let stated = attributes::message_digest(attributes).map_err(error)?;
            if digest.is_of(payload, stated) == Some(false) {
                return Err(bad("the message digest is not that of the signed bytes"));
            }
            attributes::signed_bytes(attributes).map_err(error)?
        }
        None => payload.to_vec(),
    };
    let key = &leaf.certificate.tbs_certificate.subject_public_key_info;
    match crypto::holds(key, &signer.signature_algorithm, digest, &signed, signer.signature).map_err(error)? {
        Holds::Yes => Ok(signed),
        Holds::No => Err(bad("the signature does not verify with the certificate's key")),
        Holds::Weakly(reason) => Err(Box::new(Proof::Weak { key: Some(leaf.fingerprint()), reason })),
    }
}

/// Judges a certificate of an authority that the policy names.
fn anchored_in_roots(leaf: &Read<'_>, others: &[Read<'_>], trust: &X509Trust) -> Proof {
    let purposes = [(CODE_SIGNING, "codeSigning"), (EMAIL_PROTECTION, "emailProtection")];
    let period = leaf
        .may_sign(&purposes, false)
        .and_then(|()| chain::period(leaf, others, &trust.roots, &[Purpose::CodeSigning, Purpose::EmailProtection]));
    match period {
        Ok(period) => anchored(leaf, period, None),
        Err(reason) => unanchored(leaf, reason),
    }
}

/// Judges a certificate of Fulcio, and the log entry where there is one.
fn anchored_in_sigstore(
    signer: &Signer<'_>,
    signed: &[u8],
    leaf: &Read<'_>,
    others: &[Read<'_>],
    trust: &X509Trust,
) -> Proof {
    if let Err(reason) = leaf.may_sign(&[(CODE_SIGNING, "codeSigning")], true) {
        return unanchored(leaf, reason);
    }
    let bad = |reason: String| Proof::Bad {
        key: Some(leaf.fingerprint()),
        reason: format!("the entry of the transparency log in the signature does not verify: {reason}"),
    };
    let octets = match attributes::value(&signer.unsigned_attributes, LOG_ENTRY) {
        Ok(value) => value.map(|value| value.octets("the log entry")),
        Err(reason) => return bad(reason),
    };
    let mut refusal = "the policy has no Sigstore trusted root".to_owned();
    let mut proof = None;
    for instance in &trust.instances {
        let period = match instance.period(leaf, others) {
            Ok(period) => period,
            Err(reason) => {
                refusal = reason;
                continue;
            }
        };
        let Some(octets) = &octets else { return anchored(leaf, period, None) };
        let time = octets
            .clone()
            .and_then(LogEntry::read)
            .and_then(|entry| instance.integrated_time(&entry, leaf, signed, signer.signature));
        match time {
            Ok(proven) => return anchored(leaf, period, proven),
            // Another instance may share the authority and know the log.
            Err(reason) => proof = Some(bad(reason)),
        }
    }
    proof.unwrap_or_else(|| unanchored(leaf, refusal))
}

fn anchored(leaf: &Read<'_>, (from, until): (i64, i64), proven: Option<i64>) -> Proof {
    let (key, signer, issuer) = (leaf.fingerprint(), leaf.signer(), leaf.issuer());
    let mut names = leaf.names();
    if names.is_empty() {
        names.push((crate::checked::NameKind::Subject, signer.clone()));
    }
    Proof::X509 { key, signer, names, issuer, run_of: leaf.run_of(), from, until, proven, group: 0 }
}

fn unanchored(leaf: &Read<'_>, reason: String) -> Proof {
    Proof::Unanchored { key: leaf.fingerprint(), signer: leaf.signer(), reason }
}

/// The public key of a certificate as a `SubjectPublicKeyInfo` in DER.
pub(crate) fn public_key(certificate: &[u8]) -> Result<Vec<u8>, String> {
    use der::{Decode as _, Encode as _};
    let unread = |_| "its certificate cannot be read".to_owned();
    let certificate = x509_cert::Certificate::from_der(certificate).map_err(unread)?;
    certificate.tbs_certificate.subject_public_key_info.to_der().map_err(unread)
}

/// Reads anything; properties and fuzzing ask that it ends and does not panic.
#[cfg(any(test, fuzzing))]
pub fn read_anything(bytes: &[u8]) {
    static TRUST: std::sync::LazyLock<X509Trust> = std::sync::LazyLock::new(|| {
        let mut trust = X509Trust::new();
        let _ = trust.add_sigstore_public_good();
        trust
    });
    let _ = check(bytes, b"payload", &TRUST);
    if let Ok(message) = ber_to_der::definite(bytes) {
        let _ = check_message(&message, b"payload", &TRUST);
    }
    let _ = LogEntry::read(bytes);
    let _ = X509Trust::new().add_roots(bytes);
    let _ = X509Trust::new().add_sigstore(bytes);
}

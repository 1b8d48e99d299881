//! Bundles about a git commit, whose statements have no digest that the library binds.
//!
//! The library wants a SHA-256 or SHA-512 among the subjects and refuses a statement about a commit before it looks at the
//! signature. Here the same proof is put to it as a signature over the bytes that were signed (DSSE's `PAE`), which it proves
//! in full up to its last step: there it tells that an entry for envelopes is none for files. That step is done here. That
//! all the others came before it is not taken on trust: the same proof is put to it again with the signature, the promise,
//! the path and the certificate broken in turn, and each has to be refused for its own reason.

use sigstore_verify::{
    Error, TransparencyLogError, VerificationPolicy, Verifier,
    crypto::parse_certificate_info,
    rekor::body::RekorEntryBody,
    types::{
        Bundle, DerCertificate, HashAlgorithm, KindVersion, MessageSignature, Sha256Hash, SignatureBytes,
        SignatureContent, SignedTimestamp, VerificationMaterialContent,
        bundle::{CertificateContent, InclusionPromise, X509Certificate},
    },
};

use super::{
    bundle::refusal,
    envelope::Envelope,
    refusal::{Layer, Refusal},
};

/// What was proven of a bundle about a commit.
pub(super) struct Proven {
    pub certificate: sigstore_verify::crypto::CertificateInfo,
    pub times: Vec<jiff::Timestamp>,
}

/// Verifies a bundle whose statement is about a commit.
pub(super) fn verify(
    bundle: &Bundle,
    envelope: &Envelope,
    verifier: &Verifier,
    policy: &VerificationPolicy,
) -> Result<Proven, Refusal> {
    let signed = envelope.pae();
    let [signature] = envelope.signatures.as_slice() else {
        return Err(Refusal::format("an envelope in a bundle has one signature"));
    };
    let certificate = bundle.signing_certificate().ok_or_else(|| Refusal::format("a bundle without a certificate"))?;
    let info = parse_certificate_info(certificate).map_err(|error| {
        Refusal::new(Layer::Certificate, "the signing certificate cannot be read").with(&error.to_string())
    })?;
    let mut shadow = bundle.clone();
    shadow.content = content(&signature.signature);
    match verifier.verify(signed.as_slice(), &shadow, policy) {
        // An entry of Rekor 2 is about the bytes that were signed, whoever wrapped them.
        Ok(proven) if no_other_kind(bundle) => {
            return Ok(Proven { certificate: info, times: proven.verified_timestamps().to_vec() });
        }
        Ok(_) => {
            let reason = "the entry of the log is of a kind that is not for statements";
            return Err(Refusal::new(Layer::TransparencyLog, reason));
        }
        Err(error) if is_last_step(&error) => {}
        Err(error) => return Err(refusal(&error)),
    }
    for (broken, expected) in broken(&shadow, &signature.signature) {
        let found = verifier.verify(signed.as_slice(), &broken, policy).err();
        if !found.as_ref().is_some_and(expected) {
            return Err(Refusal::new(Layer::TransparencyLog, "the library left out a check that was asked for"));
        }
    }
    let mut times = Vec::new();
    for entry in &bundle.verification_material.tlog_entries {
        entry_is_about(entry, envelope, &signature.signature, certificate)
            .map_err(|reason| Refusal::new(Layer::TransparencyLog, reason))?;
        // A promise covers the time (Rekor 1).
        times.extend(entry.integrated_time.filter(|_| entry.inclusion_promise.is_some()));
    }
    if times.is_empty() {
        return Err(Refusal::new(Layer::Timestamp, "no promise of a log proves when it was made"));
    }
    Ok(Proven { certificate: info, times })
}

/// Are its entries all of the one kind that stands for envelopes and for files alike?
fn no_other_kind(bundle: &Bundle) -> bool {
    bundle.verification_material.tlog_entries.iter().all(|entry| entry.kind_version == KindVersion::HashedRekordV002)
}

fn content(signature: &[u8]) -> SignatureContent {
    SignatureContent::MessageSignature(MessageSignature::new(SignatureBytes::from_bytes(signature)))
}

fn is_last_step(error: &Error) -> bool {
    matches!(error, Error::UnsupportedBundle(words) if words.ends_with("is incompatible with a message signature"))
}

type Expected = fn(&Error) -> bool;

/// The proof with one thing broken in each, and what it has to be refused for.
fn broken(shadow: &Bundle, signature: &[u8]) -> Vec<(Bundle, Expected)> {
    let mut all: Vec<(Bundle, Expected)> = Vec::new();
    let mut one = shadow.clone();
    one.content = content(&flipped(signature));
    all.push((one, |error| matches!(error, Error::SignatureInvalid(_) | Error::Timestamp(_))));
    let mut one = shadow.clone();
    let certificate = |der: &DerCertificate| DerCertificate::new(flipped(der.as_bytes()));
    match &mut one.verification_material.content {
        VerificationMaterialContent::Certificate(own) => *own = CertificateContent::new(certificate(&own.raw_bytes)),
        VerificationMaterialContent::X509CertificateChain { certificates } => {
            if let Some(own) = certificates.first_mut() {
                *own = X509Certificate::new(certificate(&own.raw_bytes));
            }
        }
        _ => {}
    }
    all.push((one, |error| matches!(error, Error::Certificate(_))));
    let is_log: Expected = |error| {
        matches!(
            error,
            Error::TransparencyLog(
                TransparencyLogError::InclusionPromise(_)
                    | TransparencyLogError::InclusionProof(_)
                    | TransparencyLogError::Checkpoint(_)
            ) | Error::Bundle(_)
        )
    };
    for number in 0..shadow.verification_material.tlog_entries.len() {
        let mut one = shadow.clone();
        if let Some(entry) = one.verification_material.tlog_entries.get_mut(number)
            && let Some(promise) = &entry.inclusion_promise
        {
            let stamp = SignedTimestamp::new(flipped(promise.signed_entry_timestamp.as_bytes()));
            entry.inclusion_promise = Some(InclusionPromise::new(stamp));
            all.push((one, is_log));
        }
        let mut one = shadow.clone();
        if let Some(entry) = one.verification_material.tlog_entries.get_mut(number)
            && let Some(proof) = &mut entry.inclusion_proof
        {
            let root = Sha256Hash::try_from(flipped(proof.root_hash.as_bytes()).as_slice());
            if let Ok(root) = root {
                proof.root_hash = root;
                all.push((one, is_log));
            }
        }
    }
    all
}

/// The bytes with one bit of the last changed.
fn flipped(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    if let Some(last) = bytes.last_mut() {
        *last ^= 1;
    }
    bytes
}

/// Is the entry of the log about this envelope? The library's last step for entries of the kind `dsse`.
///
/// Source: Rekor, `pkg/types/dsse/v0.0.1`; the digest of the whole envelope in it is one of a text that nobody has.
fn entry_is_about(
    entry: &sigstore_verify::types::TransparencyLogEntry,
    envelope: &Envelope,
    signature: &[u8],
    certificate: &DerCertificate,
) -> Result<(), String> {
    let other = || "the entry of the log is about something else".to_owned();
    if entry.kind_version != KindVersion::DsseV001 {
        return Err("the entry of the log is of a kind that is not for statements about commits".to_owned());
    }
    let body = RekorEntryBody::parse(&entry.canonicalized_body, entry.kind_version)
        .map_err(|_| "the entry of the log cannot be read".to_owned())?;
    let RekorEntryBody::DsseV001(body) = body else { return Err(other()) };
    let hash = &body.spec.payload_hash;
    if hash.algorithm != HashAlgorithm::Sha2256 || hash.value != plimsoll_model::sha256_hex(&envelope.payload) {
        return Err(other());
    }
    let [logged] = body.spec.signatures.as_slice() else { return Err(other()) };
    let by = logged.parse_certificate().map_err(|_| other())?;
    if logged.signature.as_bytes() != signature || by.as_bytes() != certificate.as_bytes() {
        return Err(other());
    }
    Ok(())
}

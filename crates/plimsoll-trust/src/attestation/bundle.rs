//! Sigstore bundles: what the library proves, and what it leaves to its caller.
//!
//! The library checks the chain, the certificate's log, the promise, the proof with its tree head, the time stamps, the
//! signature, and that the entry of the log is about this bundle. Added here: what it takes without looking (certificates
//! beside the chain, a root hash and a log id that nothing else binds, a moment after the one that is asked for), and whose
//! instance it is, which is told by the issuer of the certificate.

use jiff::Timestamp;
use serde_json::Value;
use sigstore_verify::{
    CertificateError, Error, PublicKeyVerificationPolicy, TransparencyLogError, VerificationPolicy, VerificationResult,
    bundle::Error as StructureError,
    types::{
        Artifact, ArtifactDigest, Bundle, HashAlgorithm, MessageDigest, Sha256Hash, SignatureContent,
        VerificationMaterialContent,
    },
};

use super::{
    artifact::ArtifactFile,
    claims::CertificateClaims,
    commit,
    envelope::{AttestationForm, Envelope},
    instance::{Instance, InstanceName, Leaf},
    keys::{PublicKey, RegistryKey},
    raw_signature,
    refusal::{Layer, Refusal},
    signer::{KeyOwner, Signer},
    timestamp,
};

/// What was proven of a signature.
#[derive(Clone, Debug)]
pub(super) struct Signed {
    pub signer: Signer,
    /// Moments that a log or a time-stamp authority proves, in order.
    pub times: Vec<Timestamp>,
    /// Is it in a transparency log?
    pub logged: bool,
    /// May an instance that vouches do so for anybody, or only for whom an entry of the policy names?
    pub general: bool,
    /// The instances that vouch for the certificate: a copy of a trusted root is another name for the same one.
    pub instances: Vec<InstanceName>,
    /// Kind and digest of the file that the signature was proven to be over, where it is one over a file by its digest. It
    /// need not be the artifact.
    pub over: Option<(String, String)>,
}

impl Signed {
    /// By a key alone: no log, no time.
    pub fn by(signer: Signer) -> Self {
        Self { signer, times: Vec::new(), logged: false, general: true, instances: Vec::new(), over: None }
    }
}

/// Whose signatures are looked for.
pub(super) struct Trusted<'a> {
    /// Instances, and whether each may vouch for anybody.
    pub instances: Vec<(&'a Instance, bool)>,
    pub keys: &'a [PublicKey],
    pub npm: &'a [RegistryKey],
}

/// Verifies a bundle. `file` is what a signature over a file alone has to be over.
pub(super) fn verify(
    value: &Value,
    envelope: Option<&Envelope>,
    form: AttestationForm,
    file: &ArtifactFile<'_>,
    trusted: &Trusted<'_>,
) -> Result<Signed, Refusal> {
    if let (AttestationForm::SigstoreBundle, Some(envelope), Some(hint)) = (form, envelope, raw_signature::hint(value))
    {
        return raw_signature::verify(hint, envelope, trusted.keys);
    }
    let text = serde_json::to_string(value).map_err(|_| Refusal::format("a bundle that cannot be read"))?;
    let bundle = Bundle::from_json(&text)
        .map_err(|error| Refusal::format("not a Sigstore bundle of v0.1 to v0.3").with(&error.to_string()))?;
    let subject = subject(&bundle, envelope, file)?;
    let signed = match &bundle.verification_material.content {
        VerificationMaterialContent::PublicKey(hint) => {
            let candidates: Vec<(&PublicKey, Option<&RegistryKey>)> = if form == AttestationForm::Npm {
                trusted.npm.iter().filter(|key| key.hint == hint.hint).map(|key| (&key.key, Some(key))).collect()
            } else {
                trusted.keys.iter().map(|key| (key, None)).collect()
            };
            by_key(&bundle, &hint.hint, envelope, &subject, &candidates, trusted)
        }
        _ => by_certificate(&bundle, envelope, &subject, trusted),
    };
    let over = match (&subject, envelope) {
        (Bound::Digest(digest), None) => {
            Some((digest_name(digest.algorithm()), plimsoll_model::hex(digest.as_bytes())))
        }
        _ => None,
    };
    signed.map(|signed| Signed { over, ..signed })
}

/// The kind of a digest by in-toto's names.
fn digest_name(algorithm: HashAlgorithm) -> String {
    algorithm.as_rekor_str().to_owned()
}

/// What the library is to bind the signature to: what the bundle itself names, so that a wrong artifact is told apart from
/// a wrong signature; the artifact is compared afterwards.
enum Bound<'a> {
    Digest(ArtifactDigest),
    Bytes(&'a [u8]),
    /// A statement about something that has no digest which the library knows.
    Nothing,
}

impl<'a> Bound<'a> {
    fn artifact(&'a self) -> Result<Artifact<'a>, Refusal> {
        match self {
            Self::Digest(digest) => Ok(Artifact::Digest(digest.clone())),
            Self::Bytes(bytes) => Ok(Artifact::Blob(bytes)),
            Self::Nothing => Err(Refusal::format(
                "no subject of it has a SHA-256 or SHA-512 digest, and its log entry cannot be checked",
            )),
        }
    }
}

fn subject<'a>(bundle: &Bundle, envelope: Option<&Envelope>, file: &ArtifactFile<'a>) -> Result<Bound<'a>, Refusal> {
    let digest_of = |algorithm, hex: &str| {
        let raw = super::unhex(hex)?;
        ArtifactDigest::new(algorithm, raw).ok().map(Bound::Digest)
    };
    if let Some(envelope) = envelope {
        let found = envelope.statement.subjects.iter().find_map(|subject| {
            let with = |name: &str, algorithm| digest_of(algorithm, subject.digest.get(name)?);
            with("sha256", HashAlgorithm::Sha2256).or_else(|| with("sha512", HashAlgorithm::Sha2512))
        });
        return Ok(found.unwrap_or(Bound::Nothing));
    }
    let named = match &bundle.content {
        SignatureContent::MessageSignature(message) => message.message_digest.as_ref(),
        _ => None,
    };
    let digest = |named: &MessageDigest| {
        ArtifactDigest::new(named.algorithm, named.digest.as_bytes().to_vec())
            .map(Bound::Digest)
            .map_err(|error| Refusal::format("a digest of another length than its kind").with(&error.to_string()))
    };
    match (named, file.bytes) {
        (Some(named), bytes) => {
            let own = file.digests.get(&digest_name(named.algorithm));
            let same = own.is_some_and(|own| *own == plimsoll_model::hex(named.digest.as_bytes()));
            // For another file the signature is checked over what it names.
            match bytes.filter(|_| same) {
                Some(bytes) => Ok(Bound::Bytes(bytes)),
                None => digest(named),
            }
        }
        (None, Some(bytes)) => Ok(Bound::Bytes(bytes)),
        (None, None) => Sha256Hash::from_hex(file.sha256().unwrap_or_default())
            .map(|hash| Bound::Digest(ArtifactDigest::sha256(hash)))
            .map_err(|_| Refusal::new(Layer::Subject, "a signature over a file needs the file or its SHA-256")),
    }
}

fn by_certificate(
    bundle: &Bundle,
    envelope: Option<&Envelope>,
    subject: &Bound<'_>,
    trusted: &Trusted<'_>,
) -> Result<Signed, Refusal> {
    let refuse = |reason: &str| Refusal::new(Layer::Certificate, reason);
    let leaf = bundle.signing_certificate().ok_or_else(|| Refusal::format("a bundle without a certificate"))?;
    let leaf = Leaf::new(leaf.as_bytes()).map_err(|reason| refuse(&reason))?;
    let mut proven: Option<Signed> = None;
    let mut first = None;
    for (instance, general) in trusted.instances.iter().filter(|(instance, _)| instance.issued(&leaf)) {
        match by_instance(bundle, envelope, subject, instance) {
            Ok(signed) => {
                let signed = proven.get_or_insert(signed);
                signed.general |= *general;
                signed.instances.push(instance.name.clone());
            }
            Err(refusal) => {
                first.get_or_insert(refusal);
            }
        }
    }
    proven.ok_or_else(|| first.unwrap_or_else(|| refuse("its issuer is no authority of a trusted root")))
}

fn by_instance(
    bundle: &Bundle,
    envelope: Option<&Envelope>,
    subject: &Bound<'_>,
    instance: &Instance,
) -> Result<Signed, Refusal> {
    let refuse = |reason: &str| Refusal::new(Layer::Certificate, reason);
    // The library builds a chain from what it can use and passes over the rest.
    if let VerificationMaterialContent::X509CertificateChain { certificates } = &bundle.verification_material.content
        && certificates.iter().skip(1).any(|one| !instance.is_authority(one.raw_bytes.as_bytes()))
    {
        return Err(refuse("a certificate of its chain is not one of the trusted root"));
    }
    let mut policy = VerificationPolicy::any_identity();
    if !instance.has_certificate_log {
        policy = policy.skip_sct();
    }
    if !instance.has_log() {
        policy = policy.skip_tlog_unsafe();
    }
    unbound(bundle, instance)?;
    let logged = instance.has_log() && !bundle.verification_material.tlog_entries.is_empty();
    let incomplete = || Refusal::new(Layer::TransparencyLog, "the library left out a check that was asked for");
    if instance.has_log() && !logged {
        return Err(incomplete());
    }
    let (certificate, times) = if let (Bound::Nothing, Some(envelope)) = (subject, envelope) {
        let proven = commit::verify(bundle, envelope, &instance.verifier, &policy)?;
        (proven.certificate, sorted(proven.times))
    } else {
        let proven = instance.verifier.verify(subject.artifact()?, bundle, &policy).map_err(|error| refusal(&error))?;
        let complete = proven.certificate_verified()
            && (proven.sct_verified() || !instance.has_certificate_log)
            && (proven.tlog_verified() || !instance.has_log());
        let certificate = proven.certificate().filter(|_| complete).cloned().ok_or_else(incomplete)?;
        (certificate, times(&proven))
    };
    if times.is_empty() {
        return Err(incomplete());
    }
    let identity = certificate.identity.as_ref().ok_or_else(|| refuse("the certificate names nobody"))?;
    Ok(Signed {
        signer: Signer::Certificate {
            identity: identity.as_str().to_owned(),
            issuer: certificate.issuer.clone(),
            claims: Box::new(CertificateClaims::of(&certificate)),
            instance: instance.name.clone(),
        },
        times,
        logged,
        general: false,
        instances: Vec::new(),
        over: None,
    })
}

fn times(proven: &VerificationResult) -> Vec<Timestamp> {
    sorted(proven.verified_timestamps().to_vec())
}

fn sorted(mut times: Vec<Timestamp>) -> Vec<Timestamp> {
    times.sort();
    times.dedup();
    times
}

/// Parts that look like proof and are bound by nothing that the library checks.
fn unbound(bundle: &Bundle, instance: &Instance) -> Result<(), Refusal> {
    let refuse = |reason: &str| Err(Refusal::new(Layer::TransparencyLog, reason));
    for entry in &bundle.verification_material.tlog_entries {
        if !instance.knows_log(entry.log_id.key_id.as_bytes()) {
            return refuse("its entry is of a log that the trusted root does not name");
        }
        if let Some(proof) = &entry.inclusion_proof
            && let Some(head) = proof.checkpoint.checkpoint()
            && (head.root_hash() != &proof.root_hash || head.tree_size() != proof.tree_size)
        {
            return refuse("the tree that its proof names is not the one that the log signed");
        }
    }
    for stamp in &bundle.verification_material.timestamp_verification_data.rfc3161_timestamps {
        timestamp::unbound(stamp.signed_timestamp.as_bytes(), instance)
            .map_err(|reason| Refusal::new(Layer::Timestamp, reason))?;
    }
    Ok(())
}

fn by_key(
    bundle: &Bundle,
    hint: &str,
    envelope: Option<&Envelope>,
    subject: &Bound<'_>,
    candidates: &[(&PublicKey, Option<&RegistryKey>)],
    trusted: &Trusted<'_>,
) -> Result<Signed, Refusal> {
    let first = bundle.verification_material.tlog_entries.first();
    let stamped = !bundle.verification_material.timestamp_verification_data.rfc3161_timestamps.is_empty();
    let instance = match first {
        Some(entry) => {
            let known = trusted.instances.iter().find(|(one, _)| one.knows_log(entry.log_id.key_id.as_bytes()));
            let unknown = || Refusal::new(Layer::TransparencyLog, "its entry is of a log that no trusted root names");
            Some(known.ok_or_else(unknown)?.0)
        }
        None => trusted.instances.first().filter(|_| stamped).map(|(one, _)| *one),
    };
    let mut last =
        Refusal::new(Layer::Signature, "no key that is trusted made it; give it with --key or in the trust policy");
    for (key, registry) in candidates {
        if registry.is_none() && raw_signature::names_other(hint, key) {
            last = Refusal::new(Layer::Signature, "it names another key than the one that is trusted");
            continue;
        }
        let (times, logged) = match instance {
            Some(instance) => {
                unbound(bundle, instance)?;
                let mut policy = PublicKeyVerificationPolicy::new(key.der.clone());
                if first.is_none() {
                    policy = policy.skip_tlog_unsafe();
                }
                match instance.verifier.verify(subject.artifact()?, bundle, &policy) {
                    Ok(proven) => (times(&proven), first.is_some()),
                    Err(error) => {
                        last = refusal(&error);
                        continue;
                    }
                }
            }
            // Nothing but the key speaks: no log, no time.
            None if by_key_alone(bundle, envelope, subject, key) => (Vec::new(), false),
            None => {
                last = Refusal::new(Layer::Signature, "the signature is not one by a key that is trusted");
                continue;
            }
        };
        if let Some(registry) = registry
            && (times.is_empty() || !times.iter().all(|time| registry.counts(*time)))
        {
            last = Refusal::new(Layer::Timestamp, "the registry's key did not count when it was made");
            continue;
        }
        let owner = if registry.is_some() { KeyOwner::NpmRegistry } else { KeyOwner::Given };
        let signer = Signer::Key { fingerprint: key.fingerprint.clone(), owner };
        return Ok(Signed { times, logged, ..Signed::by(signer) });
    }
    Err(last)
}

fn by_key_alone(bundle: &Bundle, envelope: Option<&Envelope>, subject: &Bound<'_>, key: &PublicKey) -> bool {
    match (&bundle.content, envelope, subject) {
        (SignatureContent::DsseEnvelope(_), Some(envelope), _) => {
            matches!(envelope.signatures.as_slice(), [one] if key.verifies(&envelope.pae(), &one.signature))
        }
        (SignatureContent::MessageSignature(message), None, Bound::Bytes(bytes)) => {
            key.verifies(bytes, message.signature.as_bytes())
        }
        (SignatureContent::MessageSignature(message), None, Bound::Digest(digest)) => {
            key.verifies_digest(digest, message.signature.as_bytes())
        }
        _ => false,
    }
}

/// Puts the library's errors into our layers; its words stay beside ours.
pub(super) fn refusal(error: &Error) -> Refusal {
    let (layer, reason) = match error {
        Error::SignatureInvalid(_) => (Layer::Signature, "the signature does not hold"),
        // It was bound to what the bundle itself names, so that it is the entry of the log that names something else.
        Error::ArtifactMismatch(_) => (Layer::TransparencyLog, "the entry of the log is about something else"),
        Error::UnsupportedArtifact(_) => {
            (Layer::Subject, "the file itself is needed, and only a digest of it is known")
        }
        Error::IdentityMismatch { .. } | Error::IssuerMismatch { .. } => (Layer::Identity, "somebody else signed it"),
        Error::Certificate(CertificateError::Sct(_)) => {
            (Layer::Certificate, "no log of certificates proves its certificate")
        }
        Error::Certificate(CertificateError::Expired { .. } | CertificateError::NotYetValid { .. }) => {
            (Layer::Certificate, "its certificate did not hold when it was made")
        }
        // The library passes the chain builder's words on.
        Error::Certificate(CertificateError::ChainInvalid(words))
            if ["CertExpired", "CertNotValidYet"].iter().any(|word| words.contains(word)) =>
        {
            (Layer::Certificate, "a certificate of its chain did not hold when it was made")
        }
        Error::Certificate(_) | Error::TrustedCertificate(_) => {
            (Layer::Certificate, "its certificate leads to no authority of the trusted root, or is not for this")
        }
        Error::TransparencyLog(TransparencyLogError::IntegratedTime(_)) => {
            (Layer::Timestamp, "the log took it in at a time that cannot be")
        }
        Error::TransparencyLog(TransparencyLogError::EntryMismatch(_)) => {
            (Layer::TransparencyLog, "the entry of the log is about something else")
        }
        Error::TransparencyLog(_) => (Layer::TransparencyLog, "the log does not prove it"),
        Error::Timestamp(_) | Error::Bundle(StructureError::MissingTimestamp) => {
            (Layer::Timestamp, "no time stamp proves when it was made")
        }
        Error::Bundle(
            StructureError::MissingInclusionPromise(_)
            | StructureError::MissingInclusionProof(_)
            | StructureError::MissingSigningTimeEvidence
            | StructureError::MissingCheckpoint
            | StructureError::LogIndexOutOfRange { .. }
            | StructureError::CheckpointRootMismatch,
        ) => (Layer::TransparencyLog, "the proof of a log is missing or broken"),
        Error::Crypto(_) => (Layer::Signature, "the key or the signature cannot be used"),
        _ => (Layer::Format, "it is not what its format asks for"),
    };
    Refusal::new(layer, reason).with(&error.to_string())
}

//! Certificates of Fulcio, and the log entry that proves when gitsign signed.

use std::fmt::Write as _;

use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use sigstore_verify::{
    VerificationPolicy, Verifier,
    trust_root::TrustedRoot,
    types::{
        Bundle, HashAlgorithm, MediaType, SignatureBytes, SignatureContent,
        bundle::{
            CertificateContent, CheckpointData, InclusionPromise, InclusionProof, KindVersion, LogId, MessageDigest,
            MessageSignature, TransparencyLogEntry, VerificationMaterial, VerificationMaterialContent,
        },
    },
};

use super::{
    certificate::{Read, hex},
    chain::{Purpose, Root, period},
    log_entry::LogEntry,
};

/// Largest trusted root that is read; the public one has 7 KiB.
const LARGEST: usize = 4 * 1024 * 1024;

/// One Sigstore instance: its authorities, and the verifier with its logs.
pub(super) struct Instance {
    authorities: Vec<Root>,
    verifier: Verifier,
}

impl Instance {
    /// Reads a trusted root (Sigstore, `protos/sigstore_trustroot.proto`, as JSON).
    ///
    /// Refused: what is not one, one without a certificate authority, and what sigstore-verify refuses of it.
    pub(super) fn new(trusted_root: &[u8]) -> Result<Self, String> {
        if trusted_root.len() > LARGEST {
            return Err(format!("a Sigstore trusted root has at most {LARGEST} bytes"));
        }
        let text = std::str::from_utf8(trusted_root).map_err(|_| "a Sigstore trusted root is JSON".to_owned())?;
        let trusted_root =
            TrustedRoot::from_json(text).map_err(|error| format!("this is not a Sigstore trusted root: {error}"))?;
        let mut authorities = Vec::new();
        for authority in &trusted_root.certificate_authorities {
            for certificate in &authority.cert_chain.certificates {
                let mut root = Root::new(certificate.raw_bytes.as_bytes())?;
                if let Some(window) = authority.valid_for {
                    root.from = root.from.max(window.start.as_second());
                    root.until = root.until.min(window.end.map_or(i64::MAX, jiff::Timestamp::as_second));
                }
                authorities.push(root);
            }
        }
        if authorities.is_empty() {
            return Err("the Sigstore trusted root names no certificate authority".into());
        }
        let verifier =
            Verifier::new(&trusted_root).map_err(|error| format!("the Sigstore trusted root is refused: {error}"))?;
        Ok(Self { authorities, verifier })
    }

    /// How many certificates of authorities it has.
    pub(super) fn len(&self) -> usize {
        self.authorities.len()
    }

    /// Gives the period in which `leaf` and an authority of this instance hold together.
    pub(super) fn period(&self, leaf: &Read<'_>, others: &[Read<'_>]) -> Result<(i64, i64), String> {
        period(leaf, others, &self.authorities, &[Purpose::CodeSigning])
    }

    /// Gives the moment, seconds since 1970, at which the log says that it took `signature` over `artifact` in.
    ///
    /// sigstore-verify checks everything anew: the chain at that moment, the certificate's own log, the promise, and
    /// the proof with its tree head. An entry without a tree head, of before there were any, rests on the promise
    /// alone, which is what bundles of version 0.1 allow.
    ///
    /// `Ok(None)` for an entry of Rekor 2, which has no time in it. The only clock is sigstore-verify's own: it refuses
    /// a moment that is yet to come.
    pub(super) fn integrated_time(
        &self,
        entry: &LogEntry<'_>,
        certificate: &Read<'_>,
        artifact: &[u8],
        signature: &[u8],
    ) -> Result<Option<i64>, String> {
        match (entry.kind, entry.version) {
            // Early gitsign left it out; the body made below is of this kind, and the log has signed it or not.
            ("", "") | ("hashedrekord", "0.0.1") => {}
            ("hashedrekord", "0.0.2") => return Ok(None),
            _ => return Err("it is of a kind that gitsign does not write".into()),
        }
        let bundle = bundle(entry, certificate, artifact, signature).map_err(|error| error.to_string())?;
        let checked = self
            .verifier
            .verify(artifact, &bundle, &VerificationPolicy::any_identity())
            .map_err(|error| first_line(&error.to_string()))?;
        match checked.integrated_time() {
            Some(time) if checked.certificate_verified() && checked.tlog_verified() && checked.sct_verified() => {
                Ok(Some(time.as_second()))
            }
            _ => Err("it proves no time".into()),
        }
    }
}

/// Puts the parts of a signature together as a Sigstore bundle.
fn bundle(
    entry: &LogEntry<'_>,
    certificate: &Read<'_>,
    artifact: &[u8],
    signature: &[u8],
) -> Result<Bundle, sigstore_verify::types::Error> {
    use sigstore_verify::types::{
        CanonicalizedBody, DerCertificate, DigestBytes, LogIndex, LogKeyId, Sha256Hash, SignedTimestamp,
    };
    let sha256 = digest::digest(&digest::SHA256, artifact);
    let body = canonical_body(sha256.as_ref(), signature, certificate.der);
    let mut logged = TransparencyLogEntry::new(
        LogIndex::new(entry.log_index)?,
        LogId::new(LogKeyId::from_bytes(entry.log_id)),
        KindVersion::HashedRekordV001,
        CanonicalizedBody::new(body.into_bytes()),
    );
    if let Ok(time) = jiff::Timestamp::from_second(entry.integrated_time) {
        logged = logged.with_integrated_time(time);
    }
    if !entry.promise.is_empty() {
        logged = logged.with_inclusion_promise(InclusionPromise::new(SignedTimestamp::from_bytes(entry.promise)));
    }
    let mut media_type = MediaType::Bundle0_1;
    // A proof without a tree head ends in a hash that nobody signed.
    if let Some(proof) = entry.proof.as_ref().filter(|proof| !proof.checkpoint.is_empty()) {
        media_type = MediaType::Bundle0_3;
        let hashes = proof.hashes.iter().map(|hash| Sha256Hash::try_from(*hash)).collect::<Result<_, _>>()?;
        logged = logged.with_inclusion_proof(InclusionProof::new(
            LogIndex::new(proof.log_index)?,
            Sha256Hash::try_from(proof.root_hash)?,
            proof.tree_size,
            hashes,
            CheckpointData::new(proof.checkpoint)?,
        ));
    }
    let content = CertificateContent::new(DerCertificate::from_bytes(certificate.der));
    let material =
        VerificationMaterial::new(VerificationMaterialContent::Certificate(content)).with_tlog_entries(vec![logged]);
    let message = MessageSignature::new(SignatureBytes::from_bytes(signature))
        .with_message_digest(MessageDigest::new(HashAlgorithm::Sha2256, DigestBytes::from(sha256.as_ref())));
    Ok(Bundle::new(media_type, material, SignatureContent::MessageSignature(message)))
}

/// Writes the `hashedrekord` 0.0.1 that gitsign uploads, as the log keeps it.
///
/// Its values are hexadecimal and base64, so that the canonical form of RFC 8785 is this order and no escapes.
///
/// Source: gitsign, docs/data-format.md (the artifact is the DER of the signed attributes); Rekor,
/// `pkg/types/hashedrekord/v0.0.1`.
fn canonical_body(sha256: &[u8], signature: &[u8], certificate: &[u8]) -> String {
    let encoded = STANDARD.encode(certificate);
    let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
    let mut rest = encoded.as_str();
    while let Some((line, after)) = rest.split_at_checked(64) {
        // Writing to a `String` does not fail.
        let _ = writeln!(pem, "{line}");
        rest = after;
    }
    if !rest.is_empty() {
        let _ = writeln!(pem, "{rest}");
    }
    pem.push_str("-----END CERTIFICATE-----\n");
    format!(
        r#"{{"apiVersion":"0.0.1","kind":"hashedrekord","spec":{{"data":{{"hash":{{"algorithm":"sha256","value":"{}"}}}},"signature":{{"content":"{}","publicKey":{{"content":"{}"}}}}}}}}"#,
        hex(sha256),
        STANDARD.encode(signature),
        STANDARD.encode(pem)
    )
}

/// Gives the first line of a message of another library, without control characters.
fn first_line(message: &str) -> String {
    message.lines().next().unwrap_or_default().chars().filter(|character| !character.is_control()).take(300).collect()
}

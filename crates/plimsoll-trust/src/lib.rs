//! The trust policy, and signatures verified against it: OpenPGP, SSH, X.509 and gitsign.
//!
//! One decision shaped this crate: checking and judging are two steps. [`Checked`] is what the arithmetic says of one
//! signature and depends on no clock, so it can be kept; a verdict is read off it for a moment by rules that are cheap.
//! The cost is that everything a rule may ask for has to be in it.

mod attestation;
mod cache;
mod checked;
mod ending;
mod error;
mod forges;
mod identity;
mod openpgp;
mod policy;
mod ssh;
mod unfit;
mod verdict;
mod x509;

pub use attestation::{
    Answer, ArtifactFile, Attestation, AttestationForm, AttestationTrust, Builder, BuilderEntry, CertificateClaims,
    Checksums, EMBEDDED_ROOTS_DATE, Finding, IdentityRule, InTotoStatement, InstanceName, KeyOwner, Layer,
    NPM_KEYS_DATE, Provenance, PublicKey, Question, Refusal, Signer, SourceName, StatementSubject, Summary,
    builders_date, detached_form, embedded_digest,
};
pub use cache::Cache;
pub use checked::{Checked, KeyMaterial, NameKind, Proof};
pub use ending::last_day;
pub use error::TrustError;
pub use forges::{Forge, built_in as built_in_forges, known as known_forges, named_by as forge_of_key};
pub use policy::{
    Confirmed, ForgeNames, Party, PersonNames, PolicyFile, TrustPolicy, TrustedKey, confirm, is_signature,
};
pub use verdict::{Judgement, SignedBy, Stated, Verdict};

/// The parsers of untrusted bytes, for the targets in `fuzz/`; not in any other build.
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing {
    use base64::{Engine as _, engine::general_purpose::STANDARD};

    pub use crate::x509::read_anything as x509;

    /// Bundles and lists of them, as they are and as good ones with parts exchanged.
    pub fn bundle(bytes: &[u8]) {
        crate::attestation::fuzzing::bundle(bytes);
    }

    /// Envelopes.
    pub fn dsse(bytes: &[u8]) {
        crate::attestation::fuzzing::dsse(bytes);
    }

    /// Statements and what they say.
    pub fn statement(bytes: &[u8]) {
        crate::attestation::fuzzing::statement(bytes);
    }

    /// Signatures over files, checksums, keys and trusted roots.
    pub fn detached(bytes: &[u8]) {
        crate::attestation::fuzzing::detached(bytes);
    }

    fn armored(kind: &str, bytes: &[u8]) -> Vec<u8> {
        format!("-----BEGIN {kind}-----\n\n{}\n-----END {kind}-----\n", STANDARD.encode(bytes)).into_bytes()
    }

    /// As they are, and as what an armor holds: no fuzzer guesses one.
    pub fn openpgp(bytes: &[u8]) {
        crate::openpgp::read_anything(bytes);
        crate::openpgp::read_anything(&armored("PGP SIGNATURE", bytes));
    }

    /// Signatures, keys and certificates.
    pub fn sshsig(bytes: &[u8]) {
        crate::ssh::read_anything(bytes);
        crate::ssh::read_anything(&armored("SSH SIGNATURE", &[b"SSHSIG\0\0\0\x01", bytes].concat()));
    }

    /// `allowed_signers` files and revocation lists.
    pub fn allowed_signers(bytes: &[u8]) {
        let _ = crate::ssh::RevokedKeys::read(bytes);
        let _ = crate::ssh::RevokedKeys::read(&[b"SSHKRL\n\0\0\0\0\x01", bytes].concat());
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        if let Ok(signers) = crate::ssh::AllowedSigners::read(text, 0) {
            let _ = signers.standing(b"key", 0);
        }
    }
}

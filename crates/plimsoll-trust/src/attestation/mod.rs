//! Attestations, offline: in-toto statements and signatures over files, by Sigstore's certificates or by keys.
//!
//! What is signed is settled before anybody asks who signed, and who signed before what was built: the first layer that does
//! not hold is the answer. Nothing is fetched; what cannot be proven from the file and the trust policy is not verified.

mod artifact;
mod builders;
mod bundle;
mod checksums;
mod claims;
mod commit;
mod detached;
mod envelope;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod instance;
mod json;
mod keys;
mod npm;
mod openssh;
mod origin;
mod publisher;
mod question;
mod raw_signature;
mod refusal;
mod signer;
mod slsa;
mod source;
mod statement;
#[cfg(test)]
mod tests;
mod timestamp;
mod trust;
mod verify;
mod vsa;

pub use artifact::ArtifactFile;
pub(crate) use builders::KnownBuilder;
pub use builders::{Builder, BuilderEntry, builders_date};
pub use checksums::Checksums;
pub use claims::CertificateClaims;
pub use detached::detached_form;
pub use envelope::{Attestation, AttestationForm};
pub use instance::{EMBEDDED_ROOTS_DATE, InstanceName};
pub(crate) use keys::LARGEST_KEYS;
pub use keys::{NPM_KEYS_DATE, PublicKey};
pub use question::{Answer, Finding, IdentityRule, Question};
pub use refusal::{Layer, Refusal};
pub use signer::{KeyOwner, Signer};
pub use slsa::Provenance;
pub use source::SourceName;
pub use statement::{InTotoStatement, StatementSubject};
pub use trust::AttestationTrust;
pub(crate) use trust::KnownIdentity;
pub use vsa::Summary;

/// SHA-256 over all that is built in: the trusted roots, the table of builders, npm's keys.
pub fn embedded_digest() -> String {
    use sigstore_verify::trust_root::{SIGSTORE_GITHUB_TRUSTED_ROOT, SIGSTORE_PRODUCTION_TRUSTED_ROOT};
    let parts = [
        SIGSTORE_PRODUCTION_TRUSTED_ROOT.to_owned(),
        SIGSTORE_GITHUB_TRUSTED_ROOT.to_owned(),
        builders::TABLE.to_owned(),
        keys::npm_table(),
    ];
    plimsoll_model::sha256_hex(parts.map(|part| plimsoll_model::sha256_hex(part.as_bytes())).join("\n").as_bytes())
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    if !text.len().is_multiple_of(2) {
        return None;
    }
    text.as_bytes().chunks(2).map(byte).collect()
}

//! Who signed, as far as it was proven.

use super::{claims::CertificateClaims, instance::InstanceName};

/// Who signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signer {
    /// Somebody whom a Sigstore instance named in a short-lived certificate.
    Certificate {
        /// The address or URI (subject alternative name).
        identity: String,
        /// Who told the instance (OpenID Connect).
        issuer: Option<String>,
        /// What the platform says of the run.
        claims: Box<CertificateClaims>,
        /// Which instance vouches.
        instance: InstanceName,
    },
    /// The holder of a key.
    Key {
        /// `SHA256:` and the digest of the `SubjectPublicKeyInfo`, or as the kind of key shows it.
        fingerprint: String,
        /// Whose key it is.
        owner: KeyOwner,
    },
}

impl Signer {
    /// Is it npm's registry?
    pub(super) fn is_npm_registry(&self) -> bool {
        matches!(self, Self::Key { owner: KeyOwner::NpmRegistry, .. })
    }
}

/// Whose key it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyOwner {
    /// It was given for this question, or stands in the trust policy.
    Given,
    /// npm's registry.
    NpmRegistry,
}

//! What was computed of one signature, before anybody is trusted and without a clock.

use plimsoll_model::SignatureScheme;
use serde::{Deserialize, Serialize};

/// The result of the arithmetic. Holds everything that a judgement needs and depends on no moment: it may be kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// How it is signed.
    pub scheme: SignatureScheme,
    /// What came out.
    pub proof: Proof,
}

/// What a name in a certificate is, by the form in which the certificate has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NameKind {
    /// An e-mail address.
    Address,
    /// A URI.
    Uri,
    /// Fulcio's user name.
    User,
    /// The subject of the certificate.
    Subject,
}

/// What came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Proof {
    /// There is no signature.
    Unsigned,
    /// It cannot be checked: malformed, too large, more than one, an algorithm that is not known.
    Error {
        /// Why, in one sentence without a full stop.
        reason: String,
    },
    /// It is not a signature over these bytes.
    Bad {
        /// The key that it claims, as far as it is known.
        key: Option<String>,
        /// Why.
        reason: String,
    },
    /// It uses a digest or a key that proves nothing any more.
    Weak {
        /// The key, as far as it is known.
        key: Option<String>,
        /// Which.
        reason: String,
    },
    /// The key is not at hand.
    UnknownKey {
        /// What the signature says about the key.
        key: Option<String>,
    },
    /// An OpenPGP signature over these bytes by a key of the policy.
    OpenPgp {
        /// Fingerprint of the signing key in upper-case hexadecimal.
        key: String,
        /// When it says that it was made, seconds since 1970.
        made: i64,
        /// When it says that it ends.
        expires: Option<i64>,
        /// A digest that is weak and that gpg still takes, by its name.
        weak_digest: Option<String>,
        /// Why it proves nothing though gpg takes it: key or digest are too short.
        weak: Option<String>,
    },
    /// An SSH signature over these bytes.
    Ssh {
        /// Fingerprint of the key, `SHA256:...`.
        key: String,
        /// The key or certificate as in the signature.
        blob: Vec<u8>,
        /// The namespace that was signed.
        namespace: String,
    },
    /// A CMS signature over these bytes whose certificate leads to a root of the policy.
    X509 {
        /// SHA-256 of the signing certificate in lower-case hexadecimal.
        key: String,
        /// Who: the address or URI of the certificate, else its subject.
        signer: String,
        /// Every address and URI of the certificate and what each of them is, else its subject.
        names: Vec<(NameKind, String)>,
        /// Who says so: the OpenID issuer for Fulcio, else the issuer's name.
        issuer: String,
        /// The repository whose run asked for the certificate, where it says so.
        run_of: Option<String>,
        /// From when on every certificate of the chain holds, seconds since 1970.
        from: i64,
        /// Until when.
        until: i64,
        /// The moment of signing where a log or a time-stamp authority of the policy proves it.
        proven: Option<i64>,
        /// Which group of roots of the policy it leads to.
        group: usize,
    },
    /// A CMS signature over these bytes whose certificate leads to no root of the policy, or is not for signing.
    Unanchored {
        /// SHA-256 of the signing certificate.
        key: String,
        /// Who the certificate says it is.
        signer: String,
        /// Why.
        reason: String,
    },
    /// Where a signature should stand is what is none: cut off, two of them, something else.
    Malformed {
        /// What is wrong with it.
        reason: String,
    },
    /// It is a signature, and this program has no arithmetic for its kind: it may be over these bytes or not.
    NotComputed {
        /// The key, as far as it is known.
        key: Option<String>,
        /// Which kind.
        reason: String,
    },
}

/// What a signature brings of the key that made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyMaterial {
    /// An SSH key, as a line of `authorized_keys` has it: type and base64.
    Ssh(String),
    /// An SSH certificate, which is good for its hours; who is trusted is the authority.
    SshCertificate,
    /// A certificate of X.509, by which its authority says whose key it is.
    X509,
}

impl Checked {
    /// Was it computed, and is it over these bytes, whoever made it?
    pub fn fits(&self) -> bool {
        matches!(self.proof, Proof::OpenPgp { .. } | Proof::Ssh { .. } | Proof::X509 { .. } | Proof::Unanchored { .. })
    }

    /// Is the key here, so that the signature can be computed?
    pub fn key_is_at_hand(&self) -> bool {
        match &self.proof {
            Proof::Bad { key, .. } | Proof::Weak { key, .. } | Proof::NotComputed { key, .. } => key.is_some(),
            _ => self.fits(),
        }
    }

    /// What it brings of its key, where it is over these bytes.
    pub fn material(&self) -> Option<KeyMaterial> {
        match &self.proof {
            Proof::Ssh { blob, .. } => Some(match crate::ssh::key_line(blob) {
                Some(line) => KeyMaterial::Ssh(line),
                None => KeyMaterial::SshCertificate,
            }),
            Proof::X509 { .. } | Proof::Unanchored { .. } => Some(KeyMaterial::X509),
            _ => None,
        }
    }

    /// Does it say that it is signed, as far as that can be told without anybody's key: is there a signature, and not one that
    /// is seen to be of something else?
    pub fn says_signed(&self) -> bool {
        // An SSH signature brings its key.
        self.is_signature() && !matches!((self.scheme, &self.proof), (SignatureScheme::Ssh, Proof::Bad { .. }))
    }

    /// Is there a signature, of a form that git has a program for, whoever made it and whatever it is worth?
    pub fn is_signature(&self) -> bool {
        !matches!(self.scheme, SignatureScheme::None | SignatureScheme::Unknown)
            && !matches!(self.proof, Proof::Unsigned | Proof::Malformed { .. })
    }
}

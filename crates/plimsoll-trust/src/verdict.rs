//! The words for what a signature is worth.

use plimsoll_model::SignatureScheme;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a signature is worth at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is over these bytes, by a key that the policy trusts at that moment.
    Good,
    /// It is not over these bytes, not for git, or no signature at all where one should stand.
    Bad,
    /// The key is not at hand.
    UnknownKey,
    /// The key has ended.
    ExpiredKey,
    /// The signature says that it has ended.
    ExpiredSignature,
    /// The key was revoked.
    RevokedKey,
    /// It is over these bytes, by a key that the policy does not name, or not for then.
    Untrusted,
    /// It is over these bytes, by a short-lived certificate, and nothing proves when.
    NoTimeProof,
    /// Digest or key are too short, or can be forged: it proves nothing.
    Weak,
    /// It cannot be checked here, and may be over these bytes.
    Error,
    /// There is no signature.
    Unsigned,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 11] = [
        Self::Good,
        Self::Bad,
        Self::UnknownKey,
        Self::ExpiredKey,
        Self::ExpiredSignature,
        Self::RevokedKey,
        Self::Untrusted,
        Self::NoTimeProof,
        Self::Weak,
        Self::Error,
        Self::Unsigned,
    ];

    /// The word as it stands in facts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::UnknownKey => "unknown_key",
            Self::ExpiredKey => "expired_key",
            Self::ExpiredSignature => "expired_signature",
            Self::RevokedKey => "revoked_key",
            Self::Untrusted => "untrusted",
            Self::NoTimeProof => "no_time_proof",
            Self::Weak => "weak",
            Self::Error => "error",
            Self::Unsigned => "unsigned",
        }
    }
}

/// Whose key it is, next to who made the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum SignedBy {
    /// The author (of a tag: the tagger) of the change.
    Author,
    /// Who made the commit and did not write the change.
    Committer,
    /// A forge: it proves that the forge made the commit, not who wrote the change.
    Forge,
    /// Somebody else whom the policy knows.
    Other,
    /// Nobody whom the policy knows.
    Unknown,
}

impl SignedBy {
    /// The word as it stands in facts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Author => "author",
            Self::Committer => "committer",
            Self::Forge => "forge",
            Self::Other => "other",
            Self::Unknown => "unknown",
        }
    }
}

/// A signature judged by a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// How it is signed.
    pub scheme: SignatureScheme,
    /// Is there a signature at all, whatever it is worth?
    pub signed: bool,
    /// The verdict at the moment that git's programs take: as-of for keys and certificates, the commit's time for SSH.
    pub verdict: Verdict,
    /// The letter that `git log --format=%G?` would print, were the policy's keys in its key ring and fully trusted.
    pub git: char,
    /// The verdict at the time that the commit or tag states.
    pub at_commit: Verdict,
    /// The verdict at the as-of time.
    pub as_of: Verdict,
    /// Who signed: user id, principal or identity.
    pub signer: Option<String>,
    /// The key: fingerprint or certificate digest.
    pub key: Option<String>,
    /// Whose key it is.
    pub by: SignedBy,
    /// Is the key a forge's that is built in and that the policy does not name? Then whose it is is known, and nobody answers.
    pub reported: bool,
    /// The party of the policy that the key belongs to.
    pub party: Option<String>,
    /// Why it is not good, or what is weak about it.
    pub reason: Option<String>,
}

impl Judgement {
    /// Nothing could be said of a signature, for this reason: no signer is known, and it is good at no moment.
    pub fn error(scheme: SignatureScheme, reason: Option<String>) -> Self {
        Self {
            scheme,
            signed: false,
            verdict: Verdict::Error,
            git: 'E',
            at_commit: Verdict::Error,
            as_of: Verdict::Error,
            signer: None,
            key: None,
            by: SignedBy::Unknown,
            reported: false,
            party: None,
            reason,
        }
    }

    /// Did the signature hold when it was made? A key that was revoked since because it may have been in other hands never held.
    pub fn held(&self) -> bool {
        self.at_commit == Verdict::Good
    }
}

/// What a commit or tag says about itself, for the judgement.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stated<'a> {
    /// Committer's or tagger's time, seconds since 1970.
    pub time: i64,
    /// Address of the author or tagger.
    pub author: &'a str,
    /// Address of the committer; empty for a tag.
    pub committer: &'a str,
}

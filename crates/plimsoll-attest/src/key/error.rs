//! Why a key is not taken, or a signature not given.

/// Why a key file is not read, or why nothing was signed. Each is one line with cause and cure; the file's name is the
/// caller's to add.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// More bytes than any key file has.
    #[error("the file is larger than {limit} KiB, and no key is; give the file that holds the key alone")]
    TooLarge {
        /// The most that is read, in KiB.
        limit: usize,
    },
    /// Something else than one private key that signs here.
    #[error("{what}; {cure}")]
    Unfit {
        /// What the file is.
        what: String,
        /// What to do.
        cure: &'static str,
    },
    /// The form was recognised and does not hold.
    #[error("the {form} is damaged: {reason}; take it from a copy, or make a new key")]
    Damaged {
        /// The file form.
        form: &'static str,
        /// What does not hold.
        reason: String,
    },
    /// The passphrase does not fit, which cannot be told from damage.
    #[error("the passphrase does not open the {form}; if it is the right one, the file is damaged")]
    WrongPassphrase {
        /// The file form.
        form: &'static str,
    },
    /// The file is encrypted and nobody gave a passphrase.
    #[error("the {form} is encrypted and there is no passphrase: {reason}")]
    NoPassphrase {
        /// The file form.
        form: &'static str,
        /// What the caller said.
        reason: String,
    },
    /// The file asks for more work than an honest one.
    #[error(
        "the {form} asks for {asked} to open it, and {most} is the most that is done; encrypt the key again with less"
    )]
    TooCostly {
        /// The file form.
        form: &'static str,
        /// What it asks for.
        asked: String,
        /// The bound.
        most: String,
    },
    /// The public key in the file belongs to another private key.
    #[error("the {form} states a public key that is not its private key's; take it from a copy, or make a new key")]
    OtherPublicKey {
        /// The file form.
        form: &'static str,
    },
    /// Zero, or not below the order of the curve.
    #[error("the number in the {form} is not a private key of its curve; take it from a copy, or make a new key")]
    OutOfRange {
        /// The file form.
        form: &'static str,
    },
    /// The program that holds the key did not do what it should.
    #[error("the signer {program} {reason}")]
    Signer {
        /// The program as it was named.
        program: String,
        /// What it did.
        reason: String,
    },
    /// A signature was made and does not verify.
    #[error("the signature that was made does not verify with the key's own public key, and is not given out")]
    FaultySignature,
    /// The library that calculates gave no result.
    #[error("{what} failed in the arithmetic library")]
    Arithmetic {
        /// What was asked of it.
        what: &'static str,
    },
}

impl KeyError {
    /// Makes [`KeyError::Unfit`].
    pub(super) fn unfit(what: impl Into<String>, cure: &'static str) -> Self {
        Self::Unfit { what: what.into(), cure }
    }

    /// Makes [`KeyError::Damaged`].
    pub(super) fn damaged(form: &'static str, reason: impl Into<String>) -> Self {
        Self::Damaged { form, reason: reason.into() }
    }
}

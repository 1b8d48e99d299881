//! What can go wrong, with its cause and its cure. No secret and no text of a registry's own stands in a message.

use std::path::PathBuf;

/// Why a statement could not be attached or found, or a file not downloaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NetError {
    /// The target's text names nothing that a statement can be attached to, or two things.
    #[error("{text}: {reason}")]
    Target {
        /// The text, made visible.
        text: String,
        /// Why, and how to write it.
        reason: String,
    },
    /// What should be attached is refused before anything is written.
    #[error("the statement is not attached: {reason}")]
    Refused {
        /// Why.
        reason: String,
    },
    /// The text names no place that a file can be downloaded from.
    #[error("{text}: {reason}")]
    Address {
        /// The text, made visible.
        text: String,
        /// Why, and how to write it.
        reason: String,
    },
    /// A file or folder cannot be read or written, or does not hold what it should.
    #[error("{}: {reason}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// Credentials are named and cannot be had.
    #[error("credentials for {registry}: {reason}")]
    Credentials {
        /// The registry they are for.
        registry: String,
        /// Why, without the secret.
        reason: String,
    },
    /// No answer came: name, connection, certificate.
    #[error("{host}: {reason}")]
    Connection {
        /// The host that was asked.
        host: String,
        /// Why.
        reason: String,
    },
    /// The time for the whole call is over.
    #[error("{host}: no whole answer within the {seconds} seconds that the call may take, while {doing}")]
    Time {
        /// The host that was asked.
        host: String,
        /// The bound.
        seconds: u64,
        /// What was being done.
        doing: String,
    },
    /// An answer is larger than its bound.
    #[error("{host}: {what} is larger than {bound} bytes; reading stopped there")]
    TooLarge {
        /// The host that answered.
        host: String,
        /// What was read.
        what: String,
        /// The bound.
        bound: u64,
    },
    /// The registry says no.
    #[error("{host}: {doing}: {status}{meaning}")]
    Status {
        /// The host that answered.
        host: String,
        /// What was asked.
        doing: String,
        /// The HTTP status.
        status: u16,
        /// What that means here, with a separator before it; empty where nothing more is known.
        meaning: String,
    },
    /// Bytes do not have the digest under which they were asked for or announced.
    #[error("{host}: {what} should have the digest {expected}, and its bytes have {actual}")]
    Digest {
        /// The host that answered.
        host: String,
        /// What was read.
        what: String,
        /// The digest that was asked for or announced.
        expected: String,
        /// The digest of the bytes, or the other announced one.
        actual: String,
    },
    /// An answer breaks the protocol in another way, or contradicts another answer.
    #[error("{host}: {reason}")]
    Protocol {
        /// The host that answered.
        host: String,
        /// What is wrong.
        reason: String,
    },
}

impl NetError {
    pub(crate) fn target(text: &str, reason: impl Into<String>) -> Self {
        Self::Target { text: plimsoll_model::one_line(text), reason: reason.into() }
    }

    pub(crate) fn file(path: impl Into<PathBuf>, reason: impl Into<String>) -> Self {
        Self::File { path: path.into(), reason: reason.into() }
    }

    pub(crate) fn protocol(host: &str, reason: impl Into<String>) -> Self {
        Self::Protocol { host: host.to_owned(), reason: reason.into() }
    }
}

//! What can go wrong when a document is written.

/// A document that was not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ComponentsError {
    /// The document does not pass the checks of its own format.
    #[error("the {format} document would not be valid: {problem}; please report this with the repository's lockfiles")]
    Invalid {
        /// `CycloneDX` or `SPDX`.
        format: &'static str,
        /// What the check said.
        problem: String,
    },
    /// The writer of the format failed.
    #[error("the {format} document could not be written: {problem}")]
    Write {
        /// `CycloneDX` or `SPDX`.
        format: &'static str,
        /// What the writer said.
        problem: String,
    },
}

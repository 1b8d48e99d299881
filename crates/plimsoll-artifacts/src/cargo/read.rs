//! The texts that are compared, read as TOML within bounds, and strictly: what is not known refuses the comparison.

use toml::Table;

/// A manifest of more bytes is not read. The largest ones known, with a feature for each item of an API, have a third of it.
pub const MAX_MANIFEST_BYTES: usize = 1 << 20;

/// A lockfile of more bytes is not read; a workspace with ten thousand packages has a third of it.
pub const MAX_LOCKFILE_BYTES: usize = 8 << 20;

/// As many bytes of a parser's message are passed on.
const MAX_REASON_BYTES: usize = 200;

/// Which of the texts an error is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SourceText {
    /// `Cargo.toml` in the package.
    PackedManifest,
    /// The package's `Cargo.toml` in the source.
    OriginalManifest,
    /// `Cargo.toml` of the workspace's root in the source.
    WorkspaceManifest,
    /// `Cargo.lock` in the package.
    PackedLockfile,
    /// `Cargo.lock` in the source.
    SourceLockfile,
}

impl std::fmt::Display for SourceText {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::PackedManifest => "the package's Cargo.toml",
            Self::OriginalManifest => "the source's Cargo.toml",
            Self::WorkspaceManifest => "the workspace's Cargo.toml",
            Self::PackedLockfile => "the package's Cargo.lock",
            Self::SourceLockfile => "the source's Cargo.lock",
        })
    }
}

/// Why two manifests or lockfiles could not be compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestError {
    /// The text is larger than what is read.
    #[error("{text} has {size} bytes, and not more than {limit} are read")]
    TooLarge {
        /// Which text.
        text: SourceText,
        /// Its size in bytes.
        size: usize,
        /// The bound in bytes.
        limit: usize,
    },
    /// The text is not TOML.
    #[error("{text} is not TOML: {reason}")]
    NotToml {
        /// Which text.
        text: SourceText,
        /// What the parser says, on one line.
        reason: String,
    },
    /// The text is TOML and not a lockfile as cargo writes it.
    #[error("{text} is not a lockfile of cargo: {reason}")]
    NotLockfile {
        /// Which text.
        text: SourceText,
        /// What is wrong with it.
        reason: String,
    },
}

/// Gives the table of a manifest.
pub(super) fn manifest(text: SourceText, content: &str) -> Result<Table, ManifestError> {
    table(text, content, MAX_MANIFEST_BYTES)
}

/// Gives the table of a text of at most `limit` bytes.
///
/// The nesting is bounded by the parser.
pub(super) fn table(text: SourceText, content: &str, limit: usize) -> Result<Table, ManifestError> {
    if content.len() > limit {
        return Err(ManifestError::TooLarge { text, size: content.len(), limit });
    }
    content.parse::<Table>().map_err(|error| {
        let reason = super::compare::shown(error.message(), MAX_REASON_BYTES);
        ManifestError::NotToml { text, reason }
    })
}

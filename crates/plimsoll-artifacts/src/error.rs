//! Why an artifact is refused.

mod archive;
mod content;

use thiserror::Error;

pub use archive::{GzipFault, PathFault, TarFault, ZipFault};
pub use content::{BinaryFault, MetadataFault, RecordFault};

use crate::{BinaryFormat, Bound};

/// Why a package or a binary is refused as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ArtifactError {
    /// Neither ending nor content are those of a package.
    #[error("{name}: not a package that is read (.crate, .tgz of npm, .tar.gz of Python, .whl)")]
    UnknownFormat {
        /// The name that was given.
        name: String,
    },
    /// A bound of [`Limits`](crate::Limits) is passed.
    #[error("more than {limit} {bound}")]
    TooMuch {
        /// Which one.
        bound: Bound,
        /// Where it stands.
        limit: usize,
    },
    /// The gzip stream is not one that all unpackers read alike.
    #[error("gzip: {fault}")]
    Gzip {
        /// What is wrong.
        fault: GzipFault,
    },
    /// The tar archive is not one that all unpackers read alike.
    #[error("tar, header at byte {at}: {fault}")]
    Tar {
        /// Where the header stands in the unpacked archive.
        at: usize,
        /// What is wrong.
        fault: TarFault,
    },
    /// The zip archive is not one that all unpackers read alike.
    #[error("zip, {place}: {fault}")]
    Zip {
        /// The entry or the record.
        place: String,
        /// What is wrong.
        fault: ZipFault,
    },
    /// A path that could lead somewhere else.
    #[error("{path}: {fault}")]
    Path {
        /// As it stands in the archive, escaped and cut to a few hundred characters.
        path: String,
        /// What is wrong.
        fault: PathFault,
    },
    /// The package does not say what it is, or says two things.
    #[error("{path}: {fault}")]
    Metadata {
        /// The file of metadata.
        path: String,
        /// What is wrong.
        fault: MetadataFault,
    },
    /// The list of files in a wheel does not hold.
    #[error("RECORD, {path}: {fault}")]
    Record {
        /// The file or the row.
        path: String,
        /// What is wrong.
        fault: RecordFault,
    },
    /// The binary, or the dependency list in it, cannot be read.
    #[error("{format} binary: {fault}")]
    Binary {
        /// Its format.
        format: BinaryFormat,
        /// What is wrong.
        fault: BinaryFault,
    },
}

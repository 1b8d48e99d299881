//! What is wrong with what packages and binaries say of themselves.

use thiserror::Error;

/// What is wrong with what a package says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum MetadataFault {
    /// No such file.
    #[error("it is not in the package")]
    Missing,
    /// It does not parse.
    #[error("it cannot be read: {reason}")]
    Malformed {
        /// By the parser's words.
        reason: String,
    },
    /// A field that is not there, is empty, or no name or version.
    #[error("{field} is missing or no valid one")]
    Field {
        /// The field.
        field: &'static str,
    },
    /// A field that stands there twice.
    #[error("{field} appears twice")]
    Twice {
        /// The field.
        field: &'static str,
    },
    /// The file name says another thing.
    #[error("it says {stated}, but the file is named {named}")]
    FileName {
        /// Name and version by the metadata.
        stated: String,
        /// The file's name.
        named: String,
    },
    /// The top folder says another thing.
    #[error("it says {stated}, but the folder is named {folder}")]
    Folder {
        /// Name and version by the metadata.
        stated: String,
        /// The folder.
        folder: String,
    },
    /// Several folders ending in `.dist-info`.
    #[error("there are several such folders")]
    Several,
    /// A wheel of a major version that is not known.
    #[error("wheel version {version} is not known")]
    WheelVersion {
        /// As stated.
        version: String,
    },
}

/// What is wrong with the RECORD of a wheel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RecordFault {
    /// A row that is not path, digest and size.
    #[error("the row is broken")]
    Row,
    /// A row for a file that is not there.
    #[error("it is listed and not there")]
    Absent,
    /// A file without a row.
    #[error("it is there and not listed")]
    Unlisted,
    /// Two rows for one file.
    #[error("it is listed twice")]
    Twice,
    /// No digest, or one weaker than SHA-256.
    #[error("it has no digest of SHA-256 or stronger")]
    Weak,
    /// The content is another.
    #[error("the digest is that of other content")]
    Digest,
    /// The size is another.
    #[error("the size is missing or wrong")]
    Size,
}

/// What is wrong with a binary, or with the list in it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BinaryFault {
    /// Headers or sections do not parse.
    #[error("it cannot be read: {reason}")]
    Malformed {
        /// By the parser's words.
        reason: String,
    },
    /// A WebAssembly component; modules are read.
    #[error("a WebAssembly component is not read, only a module")]
    Component,
    /// Several sections of the name.
    #[error("it has several sections for a dependency list")]
    SeveralSections,
    /// Several lists in the section, as after linking two that had one each.
    #[error("data follows the dependency list in its section")]
    Trailing,
    /// The zlib stream is broken or ends too early.
    #[error("the compressed dependency list is broken or ends too early")]
    Data,
    /// Not JSON of the form that cargo auditable writes.
    #[error("the dependency list is not what cargo auditable writes: {reason}")]
    Json {
        /// By the parser's words.
        reason: String,
    },
    /// A name or version that is none.
    #[error("the dependency list has {name:?} {version:?}, which is no package")]
    Package {
        /// As listed.
        name: String,
        /// As listed.
        version: String,
    },
    /// An edge to a package that the list does not have.
    #[error("the dependency list points at package {index}, which it does not have")]
    Edge {
        /// The position that is asked for.
        index: usize,
    },
    /// Packages that depend on themselves.
    #[error("the dependency list has a cycle")]
    Cycle,
    /// Two roots.
    #[error("the dependency list has several roots")]
    SeveralRoots,
    /// The halves of a universal binary.
    #[error("its architectures have different dependency lists, or only some have one")]
    ArchitecturesDiffer,
}

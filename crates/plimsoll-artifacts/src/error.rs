//! Why an artifact is refused.

use crate::{BinaryFormat, Bound};
use thiserror::Error;

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

/// What is wrong with a gzip stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum GzipFault {
    /// RFC 1952, section 2.3.
    #[error("the header is none")]
    Header,
    /// It ends before its trailer does.
    #[error("it ends too early")]
    Truncated,
    /// The deflate stream is broken.
    #[error("the compressed data is broken")]
    Data,
    /// CRC32 or length in the trailer are those of other content.
    #[error("checksum or length are wrong")]
    Checksum,
    /// cargo reads the first member, pip and npm read all.
    #[error("it has several members, and unpackers differ in which they read")]
    Members,
    /// Some unpackers stop, some refuse.
    #[error("data follows it, which unpackers treat differently")]
    Trailing,
}

/// What is wrong with a tar archive.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TarFault {
    /// It ends before the end marker of two empty blocks.
    #[error("the archive ends too early")]
    Truncated,
    /// Content behind the end marker, which some unpackers read and some do not.
    #[error("data follows the end of the archive")]
    AfterEnd,
    /// The header's own sum.
    #[error("the checksum of the header is wrong")]
    Checksum,
    /// Neither ustar, GNU nor the oldest form.
    #[error("the header is of no known form")]
    Magic,
    /// Number fields that unpackers could read differently.
    #[error("{field} is no plain octal number")]
    Number {
        /// The field.
        field: &'static str,
    },
    /// A symbolic or hard link.
    #[error("it has a link, and links are refused")]
    Link,
    /// A device or a fifo.
    #[error("it has a device or a fifo")]
    Device,
    /// A sparse file, whose content is not what stands in the archive.
    #[error("it has a sparse file")]
    Sparse,
    /// Any other type.
    #[error("it has an entry of the unknown type {kind:?}")]
    Kind {
        /// The type flag.
        kind: char,
    },
    /// A folder cannot have content.
    #[error("it has a folder with content")]
    FolderWithContent,
    /// An old header with a prefix that only some unpackers read.
    #[error("the header has a prefix that unpackers read differently")]
    Prefix,
    /// A pax header that is not records of length, key and value.
    #[error("the pax header is broken")]
    Pax,
    /// A pax header with a key twice, or one that changes how content or names are read.
    #[error("the pax header has {key}, which unpackers read differently")]
    PaxKey {
        /// The key.
        key: String,
    },
    /// The header and the pax header give two sizes.
    #[error("header and pax header give different sizes")]
    SizeDisagrees,
    /// Two long names, or one with no entry behind it.
    #[error("extension headers are doubled, mixed or without an entry")]
    Extension,
}

/// What is wrong with a zip archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ZipFault {
    /// The end record is not the last thing in the file, or has a comment.
    #[error("the file does not end with the end record of a zip archive")]
    End,
    /// Records that do not parse.
    #[error("the record is broken or ends too early")]
    Record,
    /// The directory is not where, or not as long as, the end record says.
    #[error("the directory is not what the end record says")]
    Directory,
    /// More than one volume.
    #[error("it is a part of several volumes")]
    Volumes,
    /// Sizes in 64-bit fields, which readers take from different places.
    #[error("it uses zip64, which no package of this size needs")]
    Zip64,
    /// Bytes that belong to no entry: before the first, between two, or entries over one another.
    #[error("entries overlap, or bytes belong to none")]
    Layout,
    /// Local header and directory.
    #[error("local header and directory differ in {field}")]
    Disagree {
        /// The field.
        field: &'static str,
    },
    /// Encrypted content.
    #[error("it is encrypted")]
    Encrypted,
    /// Flags that change how an entry is read.
    #[error("it has flags that are not known")]
    Flags,
    /// Neither stored nor deflated.
    #[error("it is compressed with method {method}; stored and deflated are read")]
    Method {
        /// The number of the method.
        method: u16,
    },
    /// An extra field that gives another name or another reading.
    #[error("it has the extra field {id:#06x}, which unpackers read differently")]
    Extra {
        /// The number of the field.
        id: u16,
    },
    /// The deflate stream is broken, or its lengths are not those stated.
    #[error("the compressed data is broken or of another length than stated")]
    Data,
    /// The CRC32 is that of other content.
    #[error("the checksum is wrong")]
    Checksum,
    /// A symbolic link or a special file.
    #[error("it is a link or a special file")]
    Special,
    /// The mode says one thing, the name another.
    #[error("it is a folder by its mode or its name, not by both, or has content")]
    Folder,
}

/// What is wrong with a path.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PathFault {
    /// Bytes that are not UTF-8, or are but are not marked so.
    #[error("the name is not UTF-8")]
    NotUtf8,
    /// No name at all, or an empty part.
    #[error("the path is empty or has an empty part")]
    Empty,
    /// From the root.
    #[error("the path is absolute")]
    Absolute,
    /// `.`, `..`, more dots, and spaces.
    #[error("the path has a part of dots or spaces alone")]
    Dots,
    /// A folder separator on Windows.
    #[error("the path has a backslash")]
    Backslash,
    /// `C:` at the start of a part.
    #[error("the path has a drive letter")]
    Drive,
    /// A stream of another file on Windows.
    #[error("the path has a colon, which names another file's stream on Windows")]
    Colon,
    /// NUL and the other control characters.
    #[error("the path has a control character")]
    Control,
    /// A file whose name ends as a folder's does.
    #[error("a file has the name of a folder")]
    FileAsFolder,
    /// Twice the same.
    #[error("it is in the package twice")]
    Duplicate,
    /// A file is also the folder of another.
    #[error("it is a file and a folder")]
    FileAndFolder,
    /// Two names that are one where case or composition of letters do not count.
    #[error("it is the same as {other} on file systems that ignore case or composition")]
    Collision {
        /// The other one.
        other: String,
    },
    /// Not below the one top folder.
    #[error("it is outside of the top folder {folder}")]
    Outside {
        /// The folder that the first entry is in.
        folder: String,
    },
}

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
    #[error("{field} is there twice")]
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

//! What is wrong with gzip, tar, zip and the paths in them.

use thiserror::Error;

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
    /// Stored content whose length stands behind it.
    #[error("it is stored with its length behind it, so that nothing marks its end")]
    Endless,
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

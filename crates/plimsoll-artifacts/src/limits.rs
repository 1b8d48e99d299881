//! How much of an artifact is read.

/// Bounds of what is read; what passes one is refused whole, never cut.
///
/// The bound on unpacked bytes is also the guard against bombs: no more is ever made of a package, whatever its ratio.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a package as it is fetched.
    pub packed: usize,
    /// Bytes that it unpacks to; for tar with its headers.
    pub unpacked: usize,
    /// Files and folders that it lists.
    pub files: usize,
    /// Bytes of all paths together.
    pub names: usize,
    /// Bytes of one path.
    pub path: usize,
    /// Parts of one path.
    pub depth: usize,
    /// Bytes of one file of metadata: a manifest, `PKG-INFO`, `METADATA`, `WHEEL`.
    pub metadata: usize,
    /// Bytes of a binary.
    pub binary: usize,
    /// Bytes of the dependency list in it, decompressed.
    pub list: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            packed: 512 << 20,
            unpacked: 1 << 30,
            files: 100_000,
            names: 32 << 20,
            path: 4_096,
            depth: 100,
            metadata: 4 << 20,
            binary: 1 << 30,
            list: 8 << 20,
        }
    }
}

/// Names a bound of [`Limits`], in an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Bound {
    /// [`Limits::packed`].
    Packed,
    /// [`Limits::unpacked`].
    Unpacked,
    /// [`Limits::files`].
    Files,
    /// [`Limits::names`].
    Names,
    /// [`Limits::path`].
    Path,
    /// [`Limits::depth`].
    Depth,
    /// [`Limits::metadata`].
    Metadata,
    /// [`Limits::binary`].
    Binary,
    /// [`Limits::list`].
    List,
}

impl std::fmt::Display for Bound {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::Packed => "bytes in the package",
            Self::Unpacked => "bytes unpacked",
            Self::Files => "files in the package",
            Self::Names => "bytes in all paths",
            Self::Path => "bytes in a path",
            Self::Depth => "folders in a path",
            Self::Metadata => "bytes of metadata",
            Self::Binary => "bytes in the binary",
            Self::List => "bytes in the dependency list",
        })
    }
}

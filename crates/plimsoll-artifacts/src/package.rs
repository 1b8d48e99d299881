//! Packages unpacked in memory.

mod compression;
mod identity;
mod paths;
mod pax;
pub mod python;
mod record;
mod tar;
mod wheel;
mod zip;

#[cfg(test)]
mod tests;

use std::{fmt, ops::Range};

use crate::{ArtifactError, Limits, MetadataFault, PathFault};
use paths::shown;

/// What kind of package a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum PackageFormat {
    /// A crate of Rust, `.crate`.
    Crate,
    /// A package of npm, `.tgz`.
    Npm,
    /// A source distribution of Python, `.tar.gz`.
    Sdist,
    /// A wheel of Python, `.whl`.
    Wheel,
}

impl PackageFormat {
    /// Gives the format by the ending of the file's name and by content; `None` for anything else.
    ///
    /// A `.crate` has to begin as gzip, a `.whl` as zip. A `.tgz` is npm's where it holds `package.json` in its top folder
    /// (`npm pack` calls that `package`, others do not, and npm takes any), a `.tar.gz` is an sdist where it holds `PKG-INFO`
    /// there. Both are unpacked within the usual [`Limits`] to see that; one that [`Package::read`] refuses is `None`.
    pub fn of(name: &str, bytes: &[u8]) -> Option<Self> {
        match Ending::of(name)? {
            Ending::Crate => bytes.starts_with(&[0x1f, 0x8b]).then_some(Self::Crate),
            Ending::Whl => bytes.starts_with(b"PK").then_some(Self::Wheel),
            ending => Some(unpacked(ending, name, bytes, &Limits::default()).ok()?.format),
        }
    }

    /// Gives the word for the format: `crate`, `npm`, `sdist`, `wheel`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Crate => "crate",
            Self::Npm => "npm",
            Self::Sdist => "sdist",
            Self::Wheel => "wheel",
        }
    }
}

impl fmt::Display for PackageFormat {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    Crate,
    Tgz,
    TarGz,
    Whl,
}

impl Ending {
    fn of(name: &str) -> Option<Self> {
        [(".crate", Self::Crate), (".tgz", Self::Tgz), (".tar.gz", Self::TarGz), (".whl", Self::Whl)]
            .into_iter()
            .find_map(|(ending, kind)| name.ends_with(ending).then_some(kind))
    }
}

/// A package, unpacked in memory: each unpacker that its users have sees these files and no others.
#[derive(Debug, Clone)]
pub struct Package {
    format: PackageFormat,
    name: String,
    version: String,
    folder: String,
    pure: bool,
    buffer: Vec<u8>,
    entries: Vec<Entry>,
}

/// One file of a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackagedFile<'a> {
    /// From the package's top folder, for a wheel from its root, with `/` between the parts.
    pub path: &'a str,
    /// The content.
    pub bytes: &'a [u8],
    /// Whether the archive has it executable by anybody.
    pub executable: bool,
}

/// A file or folder, before and after the top folder is cut off; its content is a range of the one buffer.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    path: String,
    is_folder: bool,
    content: Range<usize>,
    executable: bool,
}

/// Files and folders with the top folder cut off, before the package was asked who it is.
struct Unpacked {
    format: PackageFormat,
    folder: String,
    buffer: Vec<u8>,
    entries: Vec<Entry>,
}

impl Unpacked {
    fn content(&self, entry: &Entry) -> &[u8] {
        // Each range was made for this buffer.
        self.buffer.get(entry.content.clone()).unwrap_or_default()
    }

    fn get(&self, path: &str) -> Option<&[u8]> {
        find(&self.entries, path).map(|entry| self.content(entry))
    }

    /// A file of metadata, within its bound.
    fn metadata(&self, path: &str, limits: &Limits) -> Result<&[u8], ArtifactError> {
        let bytes = self
            .get(path)
            .ok_or_else(|| ArtifactError::Metadata { path: path.to_owned(), fault: MetadataFault::Missing })?;
        if bytes.len() > limits.metadata {
            return Err(ArtifactError::TooMuch { bound: crate::Bound::Metadata, limit: limits.metadata });
        }
        Ok(bytes)
    }
}

fn find<'a>(entries: &'a [Entry], path: &str) -> Option<&'a Entry> {
    let position = entries.binary_search_by(|entry| entry.path.as_str().cmp(path)).ok()?;
    entries.get(position)
}

impl Package {
    /// Gives the files of a package, and who it says it is.
    ///
    /// `name` is the name of the file without folders, `bytes` the file. Nothing is written anywhere. The package is refused
    /// whole, with the reason, where two unpackers could see two things in it or a path could lead out of it: see
    /// [`ArtifactError`]. Name and version are those that its own metadata states; the name of a `.crate`, an sdist and a
    /// wheel has to say the same, and so has the top folder of a crate and an sdist. npm gives its files no fixed name. Of a
    /// wheel every file has to be listed in `RECORD` with the right digest.
    ///
    /// Sources: RFC 1951 and 1952; POSIX.1-2017, pax; APPNOTE 6.3.10; the Python packaging specifications for source and
    /// binary distributions and for recording installed projects.
    pub fn read(name: &str, bytes: &[u8], limits: &Limits) -> Result<Self, ArtifactError> {
        let ending = Ending::of(name).ok_or_else(|| ArtifactError::UnknownFormat { name: shown(name) })?;
        let unpacked = unpacked(ending, name, bytes, limits)?;
        let identity = match unpacked.format {
            PackageFormat::Crate => identity::of_crate(name, &unpacked, limits)?,
            PackageFormat::Npm => identity::of_npm(&unpacked, limits)?,
            PackageFormat::Sdist => python::of_sdist(name, &unpacked, limits)?,
            PackageFormat::Wheel => wheel::of_wheel(name, &unpacked, limits)?,
        };
        let Unpacked { format, folder, buffer, entries } = unpacked;
        let Identity { name, version, pure } = identity;
        Ok(Self { format, name, version, folder, pure, buffer, entries })
    }

    /// Gives the format.
    pub fn format(&self) -> PackageFormat {
        self.format
    }

    /// Gives the name that the package's metadata states, as it is written there.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Gives the version that the package's metadata states, as it is written there.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Gives the single top folder that is cut off from the paths; empty for a wheel.
    pub fn folder(&self) -> &str {
        &self.folder
    }

    /// Whether its files are sources and not compiled: always for a crate, an npm package and an sdist; for a wheel where
    /// name, tags and `Root-Is-Purelib` all say that it is for every platform.
    ///
    /// A statement of the package about itself; nothing is looked at for machine code.
    pub fn is_pure(&self) -> bool {
        self.pure
    }

    /// Gives the files, sorted by path.
    pub fn files(&self) -> impl ExactSizeIterator<Item = PackagedFile<'_>> {
        self.entries.iter().map(|entry| self.packaged(entry))
    }

    /// Gives the file of this path, where there is one.
    pub fn get(&self, path: &str) -> Option<PackagedFile<'_>> {
        find(&self.entries, path).map(|entry| self.packaged(entry))
    }

    fn packaged<'a>(&'a self, entry: &'a Entry) -> PackagedFile<'a> {
        // Each range was made for this buffer.
        let bytes = self.buffer.get(entry.content.clone()).unwrap_or_default();
        PackagedFile { path: &entry.path, bytes, executable: entry.executable }
    }
}

/// Who a package says it is.
struct Identity {
    name: String,
    version: String,
    pure: bool,
}

fn unpacked(ending: Ending, name: &str, bytes: &[u8], limits: &Limits) -> Result<Unpacked, ArtifactError> {
    let (buffer, mut entries) = if ending == Ending::Whl {
        zip::entries(bytes, limits)?
    } else {
        let buffer = compression::gunzip(bytes, limits)?;
        let entries = tar::entries(&buffer, limits)?;
        (buffer, entries)
    };
    paths::distinct(entries.iter().map(|entry| (entry.path.as_str(), entry.is_folder)))?;
    let folder = if ending == Ending::Whl { String::new() } else { without_top_folder(&mut entries)? };
    entries.retain(|entry| !entry.is_folder);
    entries.sort_unstable_by(|one, other| one.path.cmp(&other.path));
    let format = match ending {
        Ending::Crate => PackageFormat::Crate,
        Ending::Whl => PackageFormat::Wheel,
        Ending::Tgz if find(&entries, "package.json").is_some() => PackageFormat::Npm,
        Ending::TarGz if find(&entries, "PKG-INFO").is_some() => PackageFormat::Sdist,
        Ending::Tgz | Ending::TarGz => return Err(ArtifactError::UnknownFormat { name: shown(name) }),
    };
    Ok(Unpacked { format, folder, buffer, entries })
}

/// Cuts off the one folder that all is in, and gives it.
fn without_top_folder(entries: &mut Vec<Entry>) -> Result<String, ArtifactError> {
    let Some(first) = entries.first() else { return Ok(String::new()) };
    let folder = first.path.split('/').next().unwrap_or_default().to_owned();
    entries.retain(|entry| !(entry.is_folder && entry.path == folder));
    for entry in entries {
        match entry.path.split_once('/') {
            Some((top, rest)) if top == folder => entry.path = rest.to_owned(),
            _ => {
                let fault = PathFault::Outside { folder: shown(&folder) };
                return Err(ArtifactError::Path { path: shown(&entry.path), fault });
            }
        }
    }
    Ok(folder)
}

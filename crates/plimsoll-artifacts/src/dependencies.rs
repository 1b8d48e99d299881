//! The dependency list that cargo auditable writes into a binary.

mod list;
mod section;

#[cfg(test)]
mod tests;

use crate::{ArtifactError, BinaryFault, BinaryFormat, Bound, Limits};

/// The packages that a binary was built from, as cargo auditable wrote them into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DependencyList {
    binary: BinaryFormat,
    revision: u32,
    packages: Vec<ListedPackage>,
}

/// One package of a [`DependencyList`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListedPackage {
    /// Its name.
    pub name: String,
    /// Its version, a semantic one.
    pub version: String,
    /// Where it came from.
    pub source: ListedSource,
    /// What it is for.
    pub kind: ListedKind,
    /// Whether it is the package that was built.
    pub root: bool,
    /// What it depends on: positions in [`DependencyList::packages`], sorted, each once.
    pub dependencies: Vec<usize>,
}

/// Where a listed package came from, which is all that the list says of it: no address, no digest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ListedSource {
    /// crates.io.
    CratesIo,
    /// Some Git repository.
    Git,
    /// A folder.
    Local,
    /// Some other registry.
    Registry,
    /// A word that is not known, as written.
    Other(String),
}

/// What a listed package is for; one that is for both is listed as [`Runtime`](Self::Runtime).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ListedKind {
    /// Build scripts and, from revision 1 on, procedural macros.
    Build,
    /// The binary itself.
    Runtime,
}

impl DependencyList {
    /// Gives the dependency list of a binary, or `None` where the binary has none.
    ///
    /// Whatever is no binary is `None` too: ask [`BinaryFormat::of`] first. Refused: a binary that does not parse or passes a
    /// bound; several sections or lists; a stream that is broken; JSON of another form; names and versions that are none;
    /// edges that lead nowhere or in a circle; several roots; a universal binary whose architectures have different lists.
    /// The list is the builder's word: nothing here shows that the code is in the binary. Source: cargo auditable,
    /// PARSING.md and cargo-auditable.schema.json.
    pub fn read(bytes: &[u8], limits: &Limits) -> Result<Option<Self>, ArtifactError> {
        let Some(format) = BinaryFormat::of(bytes) else { return Ok(None) };
        if bytes.len() > limits.binary {
            return Err(ArtifactError::TooMuch { bound: Bound::Binary, limit: limits.binary });
        }
        let refused = |fault| ArtifactError::Binary { format, fault };
        let mut lists = Vec::new();
        for section in section::find(format, bytes).map_err(refused)? {
            let list = match section {
                Some(section) => Some(list::read(&list::decompressed(format, section, limits)?).map_err(refused)?),
                None => None,
            };
            if lists.first().is_some_and(|first| *first != list) {
                return Err(refused(BinaryFault::ArchitecturesDiffer));
            }
            lists.push(list);
        }
        let list = lists.into_iter().next().flatten();
        Ok(list.map(|(revision, packages)| Self { binary: format, revision, packages }))
    }

    /// Gives the format of the binary that it was read from.
    pub fn binary(&self) -> BinaryFormat {
        self.binary
    }

    /// Gives the revision of the list's format, which says what it was made from: below 8 `cargo metadata`, which may list
    /// more than was built; from 8 on cargo's own record of the build. Below 1 procedural macros are listed as runtime.
    pub fn revision(&self) -> u32 {
        self.revision
    }

    /// Gives the packages in the list's order.
    pub fn packages(&self) -> &[ListedPackage] {
        &self.packages
    }

    /// Gives the package that was built, where the list names it.
    pub fn root(&self) -> Option<&ListedPackage> {
        self.packages.iter().find(|package| package.root)
    }

    /// Gives what a package depends on.
    pub fn dependencies_of<'a>(&'a self, package: &'a ListedPackage) -> impl Iterator<Item = &'a ListedPackage> {
        package.dependencies.iter().filter_map(|index| self.packages.get(*index))
    }
}

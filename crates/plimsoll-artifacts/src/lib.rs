//! What people install: packages unpacked in memory and compared with a source, and the dependency lists inside binaries.
//!
//! In: bytes of a file, and a [`comparison::SourceTree`], which is the tree of a commit wherever that is kept. Out: files and lists,
//! and for each file of a package whether the source explains it.
//!
//! One decision shaped this crate: a package is unpacked whole, in memory, within bounds, and refused whole where two
//! unpackers could see two things in it. The cost is memory; what is won is that nothing is ever written where its names
//! say, and that what was compared is what is installed.

mod binary_format;
pub mod cargo;
pub mod comparison;
mod dependencies;
mod error;
mod limits;
mod package;

#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;

pub use binary_format::BinaryFormat;
pub use dependencies::{DependencyList, ListedKind, ListedPackage, ListedSource};
pub use error::{ArtifactError, BinaryFault, GzipFault, MetadataFault, PathFault, RecordFault, TarFault, ZipFault};
pub use limits::{Bound, Limits};
pub use package::{Package, PackageFormat, PackagedFile, python};

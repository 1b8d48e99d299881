//! Advisories from disk or from the packed snapshot in the binary; component against advisory.
//!
//! In: RustSec's files, records as the OSV schema has them, and packages. Out: which advisory holds for which package, or why
//! nobody can say.
//!
//! One decision shaped this crate: every database is read into one [`Advisory`] for each package that it names, facts without
//! prose, and one evaluation judges versions by it ([`Advisory::verdict`]). The cost is that an advisory's text is not at hand
//! (its id leads to it), and that each database needs an adaptor that is tested against its own tool; what is won is one file of
//! which only the lines of packages in the lockfile are ever read.

mod action;
mod advisory;
mod aliases;
mod database;
mod ecosystem;
mod error;
mod exploitation;
mod index;
mod lockfile;
mod matching;
mod osv;
mod osv_files;
mod rating;
mod record;
mod rustsec_checkout;
mod rustsec_file;
mod source;
mod store;
mod verdict;

#[cfg(test)]
mod tests;

pub use advisory::{Advisory, Part};
pub use aliases::Aliases;
pub use database::{DataOf, Database};
pub use ecosystem::{Ecosystem, OSV_ECOSYSTEMS, REGISTRY};
pub use error::AdvisoryError;
pub use exploitation::Exploitation;
pub use index::{RegistryIndex, YankedReport};
pub use lockfile::LockedPackage;
pub use matching::{Match, Package, match_packages, path_to, understated};
pub use osv::{LARGEST_RECORD, read_json, read_yaml};
pub use record::{Affected, Event, Range, RangeKind, Rating, Record};
pub use store::{ENDING, EcosystemData};
pub use verdict::Verdict;

#[cfg(fuzzing)]
#[doc(hidden)]
pub use index::read_anything;

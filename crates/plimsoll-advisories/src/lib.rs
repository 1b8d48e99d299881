//! Advisories from disk or from the packed snapshot in the binary; component against advisory.
//!
//! In: RustSec's files, records as the OSV schema has them, and packages. Out: which advisory holds for which package, or why that
//! cannot be told.
//!
//! One decision shaped this crate: every database is read into one [`Record`], facts without prose, and one evaluation judges
//! versions by it ([`Affected::verdict`]). The cost is that an advisory's text is not at hand (its id leads to it), and that each
//! database needs an adaptor that is tested against its own tool; what is won is one file of a few hundred kilobytes of which only
//! the lines of packages in the lockfile are ever parsed.

mod aliases;
mod checkout;
mod database;
mod ecosystem;
mod error;
mod index;
mod lockfile;
mod matching;
mod osv;
mod osv_folder;
mod pack;
mod rating;
mod record;
mod rustsec_record;
mod snapshot;
mod verdict;

#[cfg(test)]
mod tests;

pub use aliases::Aliases;
pub use database::Database;
pub use ecosystem::{Ecosystem, OSV_ECOSYSTEMS, REGISTRY};
pub use error::AdvisoryError;
pub use index::{RegistryIndex, YankedReport};
pub use lockfile::LockedPackage;
pub use matching::{Match, match_packages, path_to, understated};
pub use osv::{LARGEST_RECORD, read_json, read_yaml};
pub use osv_folder::{EcosystemData, OsvFolder, OsvMatch};
pub use pack::pack;
pub use record::{Affected, Event, Range, RangeKind, Rating, Record};
pub use rustsec_record::RustsecRecord;
pub use verdict::Verdict;

#[cfg(fuzzing)]
#[doc(hidden)]
pub use index::read_anything;

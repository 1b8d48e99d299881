//! What every collector is given.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use plimsoll_advisories::{Database, YankedReport};
use plimsoll_components::Inventory;
use plimsoll_model::DigestSet;
use plimsoll_snapshot::{History, Snapshot};
use plimsoll_trust::TrustPolicy;

use crate::{PathClasses, claims::ClaimsFile, signatures::Computed};

/// A file that was given on the command line beside the repository.
#[derive(Clone, Debug)]
pub struct GivenFile {
    /// Its name without folders.
    pub name: String,
    /// SHA-256 of its bytes, lower-case hexadecimal.
    pub sha256: String,
    /// SHA-512 of its bytes, lower-case hexadecimal.
    pub sha512: String,
    /// Its length in bytes.
    pub size: u64,
    /// Its bytes, where it is small enough to be read whole.
    pub bytes: Option<Vec<u8>>,
}

impl GivenFile {
    /// Its digests by in-toto's names.
    pub fn digests(&self) -> DigestSet {
        [("sha256", &self.sha256), ("sha512", &self.sha512)]
            .into_iter()
            .map(|(name, digest)| (name.to_owned(), digest.clone()))
            .collect()
    }
}

/// The commit of an earlier evidence.
#[derive(Clone, Debug)]
pub struct Previous {
    /// Object id.
    pub commit: String,
    /// The moment for which it spoke.
    pub as_of: Timestamp,
    /// SHA-256 of the canonical evidence.
    pub sha256: String,
}

/// The inputs of a collection. Everything that a fact depends on is in here.
pub struct Context<'a> {
    /// The repository at the commit.
    pub snapshot: &'a Snapshot,
    /// The moment for which facts are stated.
    pub as_of: Timestamp,
    /// Which paths ship.
    pub classes: &'a PathClasses,
    /// The producer's claims.
    pub claims: &'a ClaimsFile,
    /// The commits and tags, or why they could not be read.
    pub history: &'a Result<History, String>,
    /// What was computed of the signatures of the commits.
    pub computed: &'a Computed,
    /// Who is trusted.
    pub policy: &'a TrustPolicy,
    /// The commit of an earlier evidence, where one was given.
    pub previous: Option<&'a Previous>,
    /// The components of every workspace.
    pub inventory: &'a Inventory,
    /// The advisory data, or why it could not be read.
    pub advisories: Result<&'a Database, &'a str>,
    /// What the registry's index says of the components, where one was given.
    pub index: Option<&'a YankedReport>,
    /// Files said to be built from this commit.
    pub artifacts: &'a [GivenFile],
    /// Attestations given beside the repository.
    pub attestations: &'a [GivenFile],
}

impl Context<'_> {
    /// The day of `as_of` in UTC.
    pub fn today(&self) -> Date {
        self.as_of.to_zoned(TimeZone::UTC).date()
    }
}

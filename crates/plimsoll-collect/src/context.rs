//! What every collector is given.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use plimsoll_advisories::{Database, YankedReport};
use plimsoll_components::Inventory;
use plimsoll_model::InputId;
use plimsoll_pipelines::Tools;
use plimsoll_snapshot::{History, Snapshot};
use plimsoll_trust::TrustPolicy;

use crate::{GivenFile, InputFiles, PathClasses, claims::ClaimsFile, signatures::Computed};

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
    /// The components of every workspace.
    pub inventory: &'a Inventory,
    /// The advisory data, or why it could not be read.
    pub advisories: Result<&'a Database, &'a str>,
    /// What the registry's index says of the components, where one was given.
    pub index: Option<&'a YankedReport>,
    /// What the tools are that pipelines call.
    pub tools: &'a Tools,
    /// Files said to be built from this commit.
    pub artifacts: &'a [GivenFile],
    /// Attestations given beside the repository.
    pub attestations: &'a [GivenFile],
    /// Is every version of every file looked at that a reference reaches, where a collector asks?
    pub every_version: bool,
    /// Files for inputs: those of the repository before those of all.
    pub(crate) files: [&'a InputFiles; 2],
}

impl<'a> Context<'a> {
    /// The bytes of the file that was given for an input; else that it was not, and the flag that gives it.
    pub fn file(&self, id: InputId) -> Result<&'a [u8], String> {
        self.files.iter().find_map(|files| files.bytes(id)).ok_or_else(|| id.row().not_given())
    }

    /// The day of `as_of` in UTC.
    pub fn today(&self) -> Date {
        self.as_of.to_zoned(TimeZone::UTC).date()
    }
}

//! What can go wrong, each in one line that a person can act on.

use std::path::PathBuf;

use jiff::{Timestamp, civil::Date};

/// No label came of it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nothing could be collected.
    #[error(transparent)]
    Collect(#[from] plimsoll_collect::CollectError),
    /// The evidence cannot be read.
    #[error(transparent)]
    ReadEvidence(#[from] plimsoll_model::EvidenceError),
    /// The evidence gives no label.
    #[error(transparent)]
    Score(#[from] plimsoll_score::ScoreError),
    /// The practices are not valid.
    #[error(transparent)]
    Problems(#[from] plimsoll_practices::Problems),
    /// A folder of practices cannot be read.
    #[error("{}: cannot be read as practices: {reason}", path.display())]
    Practices {
        /// The folder or file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A file is not a label.
    #[error("not a Plimsoll label: {reason}; `plimsoll label --format json` writes one")]
    Label {
        /// Why.
        reason: String,
    },
    /// A label cannot be judged anew with what was given.
    #[error("{reason}")]
    Refresh {
        /// Why.
        reason: &'static str,
    },
    /// A file is not evidence.
    #[error("{reason}")]
    Evidence {
        /// Why.
        reason: String,
    },
    /// A file holds no signed label.
    #[error("no signed label: {reason}")]
    Bundle {
        /// Why.
        reason: String,
    },
    /// A statement that was given beside a label cannot be read.
    #[error("{name}: {reason}")]
    Statement {
        /// The file.
        name: String,
        /// Why.
        reason: String,
    },
    /// Countersignatures cannot be put beside evidence.
    #[error(transparent)]
    Corroborate(#[from] crate::CorroborateError),
    /// Evidence cannot be judged anew.
    #[error(transparent)]
    RefreshEvidence(#[from] RefreshError),
    /// Advisory data cannot be read.
    #[error("{reason}")]
    Advisories {
        /// Why, with the file.
        reason: String,
    },
    /// Nothing was signed.
    #[error(transparent)]
    Sign(#[from] plimsoll_attest::SignError),
    /// An SBOM cannot be written.
    #[error(transparent)]
    Components(#[from] plimsoll_components::ComponentsError),
    /// JSON cannot be written.
    #[error(transparent)]
    Canonical(#[from] plimsoll_model::CanonicalError),
}

/// Evidence of which there is no forecast.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ForecastError {
    /// It cannot be put on another day.
    #[error(transparent)]
    Day(#[from] RefreshError),
    /// It gives no label.
    #[error(transparent)]
    Score(#[from] plimsoll_score::ScoreError),
    /// There is no day to look at.
    #[error("the last day, {until}, is not after {today}: give a later --until")]
    Until {
        /// The last day.
        until: Date,
        /// The day from which it is looked ahead.
        today: Date,
    },
}

/// Evidence that cannot be judged anew.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RefreshError {
    /// It is of a later moment.
    #[error("the evidence speaks for {have}, which is after {asked}: give a later --as-of")]
    Earlier {
        /// Its moment.
        have: Timestamp,
        /// The moment asked for.
        asked: Timestamp,
    },
    /// The advisory data is older than what the evidence was made with.
    #[error(
        "the advisory data is of {given}, and the evidence was made with data of {had}: give newer data with --advisories"
    )]
    OlderData {
        /// Date of the data that is given.
        given: Date,
        /// Date of the data that was used.
        had: Date,
    },
    /// A component of it cannot be read.
    #[error("a component of the evidence cannot be read ({purl}): collect again from the source")]
    Component {
        /// Its subject.
        purl: String,
    },
    /// Another fact of it cannot be read.
    #[error(transparent)]
    Body(#[from] plimsoll_model::body::BodyError),
    /// The advisories cannot be matched.
    #[error("the advisories cannot be matched: {0}")]
    Advisories(String),
}

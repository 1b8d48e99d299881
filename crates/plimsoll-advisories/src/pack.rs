//! A database as a snapshot.

use jiff::civil::Date;

use crate::{AdvisoryError, Database, snapshot::write};

/// Gives the snapshot of `database` as a file to keep: facts alone, no prose.
///
/// `revision` and `date` say which state of the source it is; without a date there is no staleness to tell,
/// hence it is asked for.
pub fn pack(database: &Database, revision: Option<String>, date: Date) -> Result<Vec<u8>, AdvisoryError> {
    if !database.gaps().is_empty() {
        return Err(AdvisoryError::snapshot(format!(
            "{} advisories of the source cannot be read (first: {})",
            database.gaps().len(),
            database.gaps().first().map(String::as_str).unwrap_or_default()
        )));
    }
    write(&database.all()?, revision, date)
}

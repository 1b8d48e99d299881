//! A record of runs, in a form of our own: what a report does not say of itself. Which commit was looked at, when, and with which
//! exit status each tool ended.

use std::collections::BTreeMap;

use jiff::civil::Date;
use plimsoll_model::is_hex;
use serde::Deserialize;

use super::report::{day, name};

/// The version of the form.
const SCHEMA: u32 = 1;

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct File {
    plimsoll_run: u32,
    repository: String,
    commit: String,
    date: String,
    reports: Vec<Named>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Named {
    sha256: String,
    exit_code: i64,
}

/// A record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    /// The repository.
    pub(crate) repository: String,
    /// The commit, in full.
    pub(crate) commit: String,
    /// The day in UTC.
    pub(crate) date: Date,
    /// How each tool ended, by the SHA-256 of the report.
    pub(crate) ended_with: BTreeMap<String, i64>,
}

/// Is it such a file?
pub(super) fn is(value: &serde_json::Value) -> bool {
    value.get("plimsollRun").is_some()
}

/// Reads it.
pub(super) fn read(value: &serde_json::Value) -> Result<Run, String> {
    let file: File = serde_json::from_value(value.clone()).map_err(|error| error.to_string())?;
    if file.plimsoll_run != SCHEMA {
        return Err(format!("version {}, and this version reads {SCHEMA}", file.plimsoll_run));
    }
    if !is_hex(&file.commit, 40) && !is_hex(&file.commit, 64) {
        return Err("its commit is no full id".to_owned());
    }
    let mut ended_with = BTreeMap::new();
    for report in file.reports {
        if !is_hex(&report.sha256, 64) {
            return Err("it names a report by what is no SHA-256".to_owned());
        }
        if ended_with.insert(report.sha256, report.exit_code).is_some() {
            return Err("it names a report twice".to_owned());
        }
    }
    let date = day(&file.date).ok_or("its date is no time (RFC 3339)")?;
    Ok(Run { repository: name(&file.repository), commit: file.commit, date, ended_with })
}

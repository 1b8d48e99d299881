//! Reports of other tools, read from files: what each format says, and what it leaves open.
//!
//! A format is one module and one row of [`FORMATS`]. Which one a file has its content says, never its name; what could be two is
//! refused. Nothing here knows the repository: whether a report is about it the collector decides.

mod cargo_deny;
mod cargo_vet;
mod oscal;
mod osv_scanner;
mod report;
mod run;
mod sarif;
mod scorecard;
mod settings;
mod tools;
mod zizmor;

#[cfg(test)]
mod tests;

use plimsoll_model::{excerpt, parse_strict};
use serde_json::Value;

pub(crate) use report::{Report, Severity};
pub(crate) use run::Run;
pub(crate) use settings::Settings;

/// A format of reports.
pub(crate) struct Format {
    /// Its name in evidence.
    pub(crate) name: &'static str,
    /// Does a file have it, by its content?
    is: fn(&Value) -> bool,
    /// Reads a file of it.
    read: fn(&Value) -> Result<Report, String>,
    /// Did the run come to its end that ended with this status? Where another is an error, the report may be of a part.
    pub(crate) ended: fn(i64) -> bool,
}

/// Every format of one JSON document.
const FORMATS: &[Format] = &[
    Format { name: "sarif", is: sarif::is, read: sarif::read, ended: |code| code == 0 },
    Format { name: "zizmor", is: zizmor::is, read: zizmor::read, ended: zizmor::ended },
    Format { name: "scorecard", is: scorecard::is, read: scorecard::read, ended: |code| code == 0 },
    Format { name: "cargo-vet", is: cargo_vet::is, read: cargo_vet::read, ended: cargo_vet::ended },
    Format { name: "osv-scanner", is: osv_scanner::is, read: osv_scanner::read, ended: osv_scanner::ended },
    Format { name: "oscal", is: oscal::is, read: oscal::read, ended: |code| code == 0 },
    Format { name: "forge-settings", is: settings::is, read: settings::read, ended: |code| code == 0 },
];
/// The one format of several JSON documents, one in a line.
const LINES: Format = Format {
    name: "cargo-deny",
    is: cargo_deny::is,
    read: |value| cargo_deny::read(std::slice::from_ref(value)),
    ended: cargo_deny::ended,
};
/// Lines of a file.
const MOST_LINES: usize = 100_000;
/// Characters of a reason.
const LONGEST_REASON: usize = 200;

/// What a file is.
pub(crate) enum Read {
    /// A report.
    Report(&'static Format, Box<Report>),
    /// A record of runs.
    Run(Run),
}

/// Reads a file. Refused, with the reason, is what is of no format, of two, or broken.
pub(crate) fn read(bytes: &[u8]) -> Result<Read, String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let shown = |reason: String| excerpt(&reason, LONGEST_REASON);
    let value = match parse_strict(bytes) {
        Ok(value) => value,
        Err(reason) => return lines(bytes).map_err(|of_lines| shown(of_lines.unwrap_or(reason))),
    };
    if run::is(&value) {
        if FORMATS.iter().any(|format| (format.is)(&value)) {
            return Err("it could be of two formats".to_owned());
        }
        return run::read(&value).map(Read::Run).map_err(shown);
    }
    let mut fits = FORMATS.iter().chain([&LINES]).filter(|format| (format.is)(&value));
    let Some(format) = fits.next() else {
        let empty = value.as_array().is_some_and(Vec::is_empty);
        return Err(if empty { "an empty list names no tool" } else { "of no format that is read" }.to_owned());
    };
    if let Some(other) = fits.next() {
        return Err(format!("it could be of {} and of {}", format.name, other.name));
    }
    (format.read)(&value).map(|report| Read::Report(format, Box::new(report))).map_err(shown)
}

/// Reads several documents, one in a line; the error is absent where it is not such a file at all.
fn lines(bytes: &[u8]) -> Result<Read, Option<String>> {
    let text = std::str::from_utf8(bytes).map_err(|_| None)?;
    let mut values = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        if values.len() >= MOST_LINES {
            return Err(Some(format!("more than {MOST_LINES} lines")));
        }
        let value = parse_strict(line.as_bytes());
        let value = value.map_err(|reason| if values.is_empty() { None } else { Some(reason) })?;
        if !(LINES.is)(&value) {
            return Err(if values.is_empty() { None } else { Some("a line of another format".to_owned()) });
        }
        values.push(value);
    }
    if values.is_empty() {
        return Err(None);
    }
    cargo_deny::read(&values).map(|report| Read::Report(&LINES, Box::new(report))).map_err(Some)
}

/// Reads anything; fuzzing asks that it ends and does not panic.
#[cfg(fuzzing)]
#[doc(hidden)]
pub fn read_anything(bytes: &[u8]) {
    let _ = plimsoll_model::ResultFiles::read(bytes);
    if let Ok(Read::Report(format, report)) = read(bytes) {
        let _ = (report.unfinished(), (format.ended)(0));
    }
}

//! osv-scanner's `--format json`: vulnerabilities of locked dependencies. It says neither of which commit nor whether the run
//! succeeded: a record of the run has to.
//!
//! Source: OSV-Scanner, "Output", JSON, and "Return codes".

use serde_json::Value;

use super::report::{Purpose, Report, Severity, list, text};

/// Is it such a result?
pub(super) fn is(value: &Value) -> bool {
    let all = list(value, "results");
    all.is_some_and(|all| all.iter().all(|one| one.get("source").is_some() && one.get("packages").is_some()))
        && value.get("runs").is_none()
        && value.get("assessment-results").is_none()
}

/// Reads it: one finding for each group of aliases.
pub(super) fn read(value: &Value) -> Result<Report, String> {
    let mut report = Report::of("osv-scanner", &[Purpose::Vulnerabilities]);
    for source in list(value, "results").ok_or("it has no list of results")? {
        for package in list(source, "packages").ok_or("a source without packages")? {
            let known = list(package, "vulnerabilities").map_or(0, Vec::len);
            let groups = list(package, "groups").map(Vec::as_slice).unwrap_or_default();
            let mut named = 0;
            for group in groups {
                let ids = list(group, "ids").map(Vec::as_slice).unwrap_or_default();
                named += ids.len();
                let id = ids.first().and_then(Value::as_str).unwrap_or("no id");
                let score = text(group, "max_severity").map_or(Severity::Unrated, Severity::of_score);
                report.found(id, score);
            }
            // What is in no group is a finding all the same.
            (named..known).for_each(|_| report.found("no group", Severity::Unrated));
        }
    }
    Ok(report)
}

/// What osv-scanner ends with: 0 without and 1 with findings; 127 and above are errors.
pub(super) fn ended(code: i64) -> bool {
    matches!(code, 0 | 1)
}

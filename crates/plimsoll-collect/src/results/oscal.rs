//! OSCAL assessment results: controls, each satisfied or not.
//!
//! Source: NIST, OSCAL 1.1, assessment results model. The model has no member for the commit: a property `commit` of the result or
//! of the metadata names it, and `repository` the repository.

use serde_json::Value;

use super::report::{Check, Purpose, Report, State, day, list, name, text};

/// Is it such a document?
pub(super) fn is(value: &Value) -> bool {
    value.get("assessment-results").is_some()
}

/// Reads it. A control that is found both satisfied and not is not satisfied.
pub(super) fn read(value: &Value) -> Result<Report, String> {
    let document = value.get("assessment-results").ok_or("not assessment results")?;
    let metadata = document.get("metadata").ok_or("it has no metadata")?;
    let version = text(metadata, "oscal-version").ok_or("it does not say of which version of OSCAL it is")?;
    if !version.starts_with("1.") {
        return Err(format!("OSCAL of version {}, which is not read", name(version)));
    }
    let title = text(metadata, "title").unwrap_or("assessment results");
    let mut report = Report::of(title, &[Purpose::Controls]);
    let results = list(document, "results").filter(|results| !results.is_empty());
    let results = results.ok_or("it has no results")?;
    let mut days = Vec::new();
    for result in results {
        days.push(text(result, "end").or_else(|| text(result, "start")).and_then(day));
        if text(result, "end").is_none() {
            report.problem("a result has no end, so the assessment goes on");
        }
        for finding in list(result, "findings").map(Vec::as_slice).unwrap_or_default() {
            let target = finding.get("target").ok_or("a finding without a target")?;
            let id = name(text(target, "target-id").ok_or("a target without an id")?);
            let state = match target.get("status").and_then(|status| text(status, "state")) {
                Some("satisfied") => State::Met,
                Some("not-satisfied") => State::Unmet,
                _ => State::Unknown,
            };
            match report.checks.iter_mut().find(|one| one.id == id) {
                Some(known) if known.state == state => {}
                Some(known) if known.state == State::Unmet || state == State::Unmet => known.state = State::Unmet,
                Some(known) => known.state = State::Unknown,
                None => report.checked(Check { id, state, score: None }),
            }
        }
    }
    report.ended = true;
    report.date = days.into_iter().collect::<Option<Vec<_>>>().and_then(|days| days.into_iter().min());
    let properties = || std::iter::once(metadata).chain(results).filter_map(|one| list(one, "props")).flatten();
    let mut property = |wanted: &str| {
        let mut all: Vec<&str> =
            properties().filter(|one| text(one, "name") == Some(wanted)).filter_map(|one| text(one, "value")).collect();
        all.sort_unstable();
        all.dedup();
        match all.as_slice() {
            [only] => Some((*only).to_owned()),
            [] => None,
            _ => {
                report.problem(format!("it has several properties \"{wanted}\""));
                None
            }
        }
    };
    let (commit, repository) = (property("commit"), property("repository"));
    report.commit = commit.map(|commit| commit.to_ascii_lowercase());
    report.repository = repository.as_deref().map(name);
    Ok(report)
}

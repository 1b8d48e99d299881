//! OpenSSF Scorecard's JSON: points for practices of a project at its code host.
//!
//! Source: ossf/scorecard, `docs/checks.md` and the JSON of `--format json`: a score of -1 is a check that could not be decided.

use serde_json::Value;

use super::report::{Check, Purpose, Report, State, day, list, name, text};

/// Is it a result of Scorecard?
pub(super) fn is(value: &Value) -> bool {
    value.get("scorecard").is_some() && value.get("checks").is_some() && value.get("repo").is_some()
}

/// Reads it. Each check says for itself whether it came to an end; the whole did where it has checks.
pub(super) fn read(value: &Value) -> Result<Report, String> {
    let mut report = Report::of("Scorecard", &[Purpose::Practices]);
    report.version = value.get("scorecard").and_then(|one| text(one, "version")).map(name);
    let repository = value.get("repo").ok_or("it names no repository")?;
    report.repository = text(repository, "name").map(name);
    report.commit = text(repository, "commit").map(str::to_ascii_lowercase);
    report.date = text(value, "date").and_then(day);
    let checks = list(value, "checks").ok_or("it has no list of checks")?;
    report.ended = !checks.is_empty();
    for check in checks {
        let id = text(check, "name").ok_or("a check without a name")?;
        let score = check.get("score").and_then(Value::as_i64).and_then(|score| u8::try_from(score).ok());
        let score = score.filter(|score| *score <= 10);
        let state = match score {
            Some(10) => State::Met,
            Some(0) => State::Unmet,
            Some(_) => State::Partly,
            None => State::Unknown,
        };
        if report.checks.iter().any(|one| one.id == name(id)) {
            return Err(format!("two checks are called {}", name(id)));
        }
        report.checked(Check { id: name(id), state, score });
    }
    Ok(report)
}

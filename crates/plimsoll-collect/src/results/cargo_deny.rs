//! cargo-deny's `--format json check`: one object in a line, a summary last.
//!
//! Source: cargo-deny, "check", `--format json`; `src/cargo-deny/stats.rs`.

use serde_json::Value;

use super::report::{Purpose, Report, Severity, text};

/// Is it a line of cargo-deny?
pub(super) fn is(value: &Value) -> bool {
    matches!(text(value, "type"), Some("diagnostic" | "summary" | "log")) && value.get("fields").is_some()
}

/// Reads the lines. Without a summary the run did not come to its end; with several, which is which is not known.
pub(super) fn read(lines: &[Value]) -> Result<Report, String> {
    let mut report = Report::of("cargo-deny", &[]);
    let mut summary = None;
    for line in lines {
        let fields = line.get("fields").ok_or("a line without fields")?;
        match text(line, "type") {
            Some("summary") if summary.is_none() => summary = Some(fields),
            Some("summary") => return Err("it has several summaries".to_owned()),
            Some("diagnostic") => {
                let rule = text(fields, "code").unwrap_or("no code");
                match text(fields, "severity").unwrap_or_default() {
                    "error" => report.found(rule, Severity::High),
                    "warning" => report.found(rule, Severity::Medium),
                    "note" | "help" => report.found(rule, Severity::Low),
                    _ => report.found(rule, Severity::Unrated),
                }
            }
            // What is logged as an error went wrong in the run itself.
            Some("log") if matches!(text(fields, "level"), Some("ERROR" | "error")) => {
                report.problem("the run tells of an error");
            }
            Some("log") => {}
            _ => return Err("a line of another kind".to_owned()),
        }
    }
    let Some(summary) = summary else {
        report.problem("it has no summary, so the run did not come to its end");
        return Ok(report);
    };
    let summary = summary.as_object().ok_or("a summary that cannot be read")?;
    for (check, purpose) in [
        ("advisories", Purpose::Vulnerabilities),
        ("licenses", Purpose::DependencyPolicy),
        ("bans", Purpose::DependencyPolicy),
        ("sources", Purpose::DependencyPolicy),
    ] {
        if summary.contains_key(check) && !report.purposes.contains(&purpose) {
            report.purposes.push(purpose);
        }
    }
    // The rules for dependencies are three; with fewer of them checked the rest is not known.
    if !["licenses", "bans", "sources"].iter().all(|check| summary.contains_key(*check)) {
        report.purposes.retain(|purpose| *purpose != Purpose::DependencyPolicy);
    }
    let errors: u64 = summary.values().filter_map(|one| one.get("errors")?.as_u64()).sum();
    let seen = report.open.get(&Severity::High).copied().unwrap_or_default() as u64;
    if summary.values().any(|one| one.get("errors").and_then(Value::as_u64).is_none()) {
        report.problem("its summary does not count errors");
    } else if errors > seen {
        report.problem("its summary counts more errors than it has, so a part of it is missing");
    }
    report.ended = true;
    Ok(report)
}

/// What cargo-deny ends with: a bit for each check that failed. Source: cargo-deny, "check", exit codes.
pub(super) fn ended(code: i64) -> bool {
    (0..=15).contains(&code)
}

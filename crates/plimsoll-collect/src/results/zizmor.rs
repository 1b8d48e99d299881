//! zizmor's own JSON: a list of findings in workflows. It says neither of which commit nor whether the run succeeded: a record of
//! the run has to.
//!
//! Source: zizmor's documentation, "Usage", output formats (JSON).

use serde_json::Value;

use super::report::{Purpose, Report, Severity, text};

/// Is it a list of such findings? An empty list could be of any tool.
pub(super) fn is(value: &Value) -> bool {
    value.as_array().is_some_and(|all| {
        !all.is_empty() && all.iter().all(|one| one.get("ident").is_some() && one.get("determinations").is_some())
    })
}

/// Reads the list.
pub(super) fn read(value: &Value) -> Result<Report, String> {
    let mut report = Report::of("zizmor", &[Purpose::WorkflowAnalysis]);
    for finding in value.as_array().ok_or("not a list of findings")? {
        let rule = text(finding, "ident").ok_or("a finding without a name")?;
        if finding.get("ignored").and_then(Value::as_bool) == Some(true) {
            report.suppressed += 1;
            continue;
        }
        let severity = finding.get("determinations").and_then(|one| text(one, "severity")).unwrap_or_default();
        report.found(
            rule,
            match severity {
                "High" => Severity::High,
                "Medium" => Severity::Medium,
                "Low" | "Informational" => Severity::Low,
                _ => Severity::Unrated,
            },
        );
    }
    Ok(report)
}

/// What zizmor ends with: 0, or 11 to 14 where it found something. Source: zizmor's documentation, "Exit codes".
pub(super) fn ended(code: i64) -> bool {
    matches!(code, 0 | 11..=14)
}

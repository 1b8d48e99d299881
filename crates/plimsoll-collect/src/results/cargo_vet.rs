//! cargo-vet's `--output-format=json`: were the dependencies reviewed by people who are trusted for it?
//!
//! Source: cargo-vet, `src/resolver.rs` and `src/format.rs` (`JsonReport`): what it concludes, and the packages behind it.

use serde_json::Value;

use super::report::{Purpose, Report, Severity, list, text};

/// Is it such a report?
pub(super) fn is(value: &Value) -> bool {
    text(value, "conclusion").is_some()
        && ["vetted_fully", "failures", "violations"].iter().any(|member| value.get(*member).is_some())
}

/// Reads it. A package that is exempted was not reviewed: that is a finding of low severity.
pub(super) fn read(value: &Value) -> Result<Report, String> {
    let mut report = Report::of("cargo-vet", &[Purpose::DependencyReview]);
    match text(value, "conclusion") {
        Some("success") => {
            let reviewed = ["vetted_fully", "vetted_partially"].map(|member| list(value, member).map_or(0, Vec::len));
            let exempted = list(value, "vetted_with_exemptions").map_or(0, Vec::len);
            // Those who reviewed in part rest on an exemption for the rest.
            for _ in 0..exempted {
                report.found("exempted", Severity::Low);
            }
            report.ended = reviewed.iter().sum::<usize>() + exempted > 0;
            if !report.ended {
                report.problem("it names no package, so it looked at none");
            }
        }
        Some("fail (vetting)") => {
            let failures = list(value, "failures").ok_or("it names no failure")?;
            for _ in failures {
                report.found("not reviewed", Severity::Medium);
            }
            report.ended = !failures.is_empty();
        }
        Some("fail (violation)") => {
            let violations = value.get("violations").ok_or("it names no violation")?;
            let count = violations.as_object().map_or(0, serde_json::Map::len);
            for _ in 0..count.max(1) {
                report.found("violation", Severity::High);
            }
            report.ended = true;
        }
        _ => return Err("what it concludes is not known".to_owned()),
    }
    Ok(report)
}

/// What cargo-vet ends with.
pub(super) fn ended(code: i64) -> bool {
    code == 0 || code == 255
}

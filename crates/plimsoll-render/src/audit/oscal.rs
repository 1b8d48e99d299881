//! OSCAL assessment results, for whoever keeps assessments in that form.

use plimsoll_model::{AuditReport, AuditVerdict, Repetition, RepetitionVerdict, sha256_hex};
use serde_json::{Value, json};

use super::{PARTS, headline, word};
use crate::words;

/// The version of OSCAL that is written.
const OSCAL_VERSION: &str = "1.1.2";
/// The namespace of the properties that are ours.
const NAMESPACE: &str = "https://plimsoll.dev/ns/oscal";

/// Gives the report as OSCAL assessment results: an observation for each question and each repetition, and one finding about
/// the label.
///
/// Ids are made from the contents, so that the same report gives the same bytes.
///
/// Source: NIST OSCAL 1.1.2, Assessment Results model (JSON).
pub fn oscal(report: &AuditReport) -> Value {
    let label = &report.label;
    let seed = sha256_hex(serde_json::to_string(report).unwrap_or_default().as_bytes());
    let id = |what: &str| uuid(&format!("{seed} {what}"));
    let time = report.time.to_string();
    let property = |name: &str, value: &str| json!({ "name": name, "ns": NAMESPACE, "value": token(value) });
    let mut observations = Vec::new();
    let mut observe = |what: &str, title: &str, description: &str, verdict: &str| {
        observations.push(json!({
            "uuid": id(what),
            "title": words::clean(title),
            "description": filled(description),
            "props": [property("verdict", verdict)],
            "methods": ["TEST"],
            "collected": time,
        }));
    };
    for check in &report.checks {
        observe(
            &format!("check {}", check.name),
            &format!("Signed label: {}", check.name),
            &check.reason,
            check.verdict.as_str(),
        );
    }
    let [score, collect, own] = PARTS;
    let parts: [(&str, &str, &Repetition); 2] =
        [("score", score, &report.score), ("collect", collect, &report.collect)];
    for (name, title, part) in parts {
        let more = part.differences.len() as u64 + part.more;
        let mut told = vec![part.reason.clone()];
        told.extend(part.missing.iter().map(|missing| format!("not available: {missing}")));
        if part.verdict != RepetitionVerdict::Identical && more > 0 {
            told.push(format!("{more} differences"));
        }
        observe(name, title, &told.join("; "), &word(part.verdict).replace(' ', "-"));
    }
    let judged = match report.judged.tier {
        Some(tier) => (format!("tier {tier}: {}", report.judged.reason), format!("tier-{tier}")),
        None => (report.judged.reason.clone(), "not-told".to_owned()),
    };
    observe("judged", own, &judged.0, &judged.1);
    let related: Vec<Value> = observations
        .iter()
        .filter_map(|observation| observation.get("uuid").map(|uuid| json!({ "observation-uuid": uuid })))
        .collect();
    let state = if report.verdict == AuditVerdict::Identical { "satisfied" } else { "not-satisfied" };
    let reason = match report.verdict {
        AuditVerdict::Identical => "pass",
        AuditVerdict::Incomplete => "other",
        AuditVerdict::Differs => "fail",
    };
    let title = format!("Audit of the software security label of {}", words::clean(&label.product));
    json!({
        "assessment-results": {
            "uuid": id("assessment"),
            "metadata": {
                "title": title,
                "last-modified": time,
                "version": words::clean(&report.schema_version),
                "oscal-version": OSCAL_VERSION,
                "props": [property("tool", &format!("{}-{}", report.tool.name, report.tool.version))],
            },
            // There is no plan but the question itself: is the label what its evidence and its source come to?
            "import-ap": { "href": "#label", "remarks": "The label is assessed against its own evidence and source." },
            "results": [{
                "uuid": id("result"),
                "title": title,
                "description": headline(report),
                "start": time,
                "end": time,
                "props": [
                    property("label-sha256", &label.digest),
                    property("evidence-sha256", &label.evidence),
                    property("stated-tier", &if label.is_view { "none".to_owned() } else { label.tier.to_string() }),
                ],
                "reviewed-controls": {
                    "control-selections": [{
                        "description": "Every practice that the label speaks of.",
                        "include-all": {},
                    }],
                },
                "observations": observations,
                "findings": [{
                    "uuid": id("finding"),
                    "title": "The label is what its evidence and its source come to",
                    "description": headline(report),
                    "target": {
                        "type": "objective-id",
                        "target-id": "plimsoll-label",
                        "status": { "state": state, "reason": reason },
                    },
                    "related-observations": related,
                }],
            }],
        },
    })
}

/// A text that is never empty.
fn filled(text: &str) -> String {
    let text = words::clean(text);
    if text.trim().is_empty() { "-".to_owned() } else { text }
}

/// A property's value: one line without blanks at its ends.
fn token(text: &str) -> String {
    let text = words::clean(text).trim().to_owned();
    if text.is_empty() { "-".to_owned() } else { text }
}

/// An id that is made from a name. Source: RFC 9562, section 5.5, with SHA-256 in the place of SHA-1: OSCAL knows no newer
/// kind of made ids.
fn uuid(name: &str) -> String {
    let hex = sha256_hex(name.as_bytes());
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    let variant = match part(16, 17) {
        "0" | "4" | "8" | "c" => '8',
        "1" | "5" | "9" | "d" => '9',
        "2" | "6" | "a" | "e" => 'a',
        _ => 'b',
    };
    format!("{}-{}-5{}-{variant}{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_the_form_that_oscal_asks_for() {
        for name in ["", "a", "b", "c", "d", "e"] {
            let id = uuid(name);
            let parts: Vec<&str> = id.split('-').collect();
            assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [8, 4, 4, 4, 12], "{id}");
            assert!(parts[2].starts_with('5') && parts[3].starts_with(['8', '9', 'a', 'b']), "{id}");
        }
    }
}

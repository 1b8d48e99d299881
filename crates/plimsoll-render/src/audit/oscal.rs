//! OSCAL assessment results, for whoever keeps assessments in that form.

use plimsoll_model::{AuditReport, AuditVerdict, Repetition, RepetitionVerdict, sha256_hex};
use serde_json::{Value, json};

use super::{PARTS, headline, word};
use crate::{
    oscal_parts::{NAMESPACE, OSCAL_VERSION, filled, token, uuid},
    words,
};

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

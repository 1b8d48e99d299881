//! OSCAL assessment results: what the label found of each entry of its catalogs.

use plimsoll_model::{Assurance, Outcome, Statement, sha256_hex};
use serde_json::{Value, json};

use super::{entries, reason_of, set};
use crate::{
    oscal_parts::{NAMESPACE, OSCAL_VERSION, filled, token, uuid},
    view::View,
    words,
};

/// Gives the label as OSCAL assessment results: an observation for each criterion, and a finding for each entry. An entry is
/// satisfied where all of it is met by more than the maker's word; what the maker says is no assessment. Ids are made from the contents.
///
/// Source: NIST OSCAL 1.1.2, Assessment Results model (JSON).
pub fn assessment(statement: &Statement) -> Value {
    let body = &statement.predicate;
    let seed = body.evidence.get("sha256").map_or("", String::as_str).to_owned() + &body.as_of.to_string();
    let id = |what: &str| uuid(&format!("{seed} {what}"));
    let property = |name: &str, value: &str| json!({ "name": name, "ns": NAMESPACE, "value": token(value) });
    let observation_id = |criterion: &str| id(&format!("criterion {criterion}"));
    let observations: Vec<Value> = (body.criteria.iter())
        .map(|criterion| {
            let mut props = vec![property("outcome", criterion.outcome.as_str())];
            props.extend(criterion.assurance.map(|assurance| property("assurance", assurance.as_str())));
            let places: Vec<Value> = (criterion.pointers.iter())
                .map(|pointer| json!({ "description": filled(&pointer.display()) }))
                .collect();
            let mut observation = json!({
                "uuid": observation_id(&criterion.id),
                "title": words::clean(&criterion.asks),
                "description": filled(&criterion.reason),
                "props": props,
                "methods": ["EXAMINE"],
                "collected": body.as_of,
                "expires": body.expires,
            });
            if !places.is_empty() {
                set(&mut observation, "relevant-evidence", json!(places));
            }
            observation
        })
        .collect();
    let known = |criterion: &str| body.criteria.iter().any(|one| one.id == criterion);
    let findings: Vec<Value> = entries(body)
        .map(|(catalog, entry)| {
            let is_word = entry.assurance == Some(Assurance::Declared);
            let (state, reason) = match entry.outcome {
                Outcome::Met if !is_word && entry.not_looked_at.is_none() => ("satisfied", "pass"),
                Outcome::Unmet => ("not-satisfied", "fail"),
                _ => ("not-satisfied", "other"),
            };
            let mut props = vec![property("outcome", entry.outcome.as_str())];
            props.extend(entry.assurance.map(|assurance| property("assurance", assurance.as_str())));
            props.extend(entry.not_looked_at.as_ref().map(|_| property("covered", "in-part")));
            let mut finding = json!({
                "uuid": id(&format!("entry {}/{}", catalog.id, entry.id)),
                "title": filled(&format!("{} {}", entry.id, entry.title)),
                "description": filled(&reason_of(entry)),
                "props": props,
                "target": {
                    "type": "objective-id",
                    "target-id": name(&format!("{}_{}", catalog.id, entry.id)),
                    "status": { "state": state, "reason": reason },
                },
            });
            let related: Vec<Value> = (entry.supported_by.iter())
                .filter(|support| known(&support.criterion))
                .map(|support| json!({ "observation-uuid": observation_id(&support.criterion) }))
                .collect();
            if !related.is_empty() {
                set(&mut finding, "related-observations", json!(related));
            }
            finding
        })
        .collect();
    let title = filled(&format!(
        "Security label of {}{}",
        words::clean(&body.product.name),
        View::new(statement).by_other_practices()
    ));
    let sha256 = |digest: &plimsoll_model::DigestSet| digest.get("sha256").cloned().unwrap_or_default();
    let tier = if body.source_view.is_some() { "none".to_owned() } else { body.tier.level.to_string() };
    json!({
        "assessment-results": {
            "uuid": id("assessment"),
            "metadata": {
                "title": title,
                "last-modified": body.as_of,
                "version": filled(&body.schema_version),
                "oscal-version": OSCAL_VERSION,
                "props": [property("tool", &format!("{}-{}", body.tool.name, body.tool.version))],
            },
            // No plan but the practices themselves.
            "import-ap": { "href": "#practices", "remarks": "Every criterion of the practices is judged by the evidence." },
            "results": [{
                "uuid": id("result"),
                "title": title,
                "description": filled(&body.tier.sentence),
                "start": body.as_of,
                "end": body.as_of,
                "props": [
                    property("evidence-sha256", &sha256(&body.evidence)),
                    property("practices-sha256", &sha256_hex(serde_json::to_string(&body.practices).unwrap_or_default().as_bytes())),
                    property("tier", &tier),
                ],
                "reviewed-controls": {
                    "control-selections": [{
                        "description": "Every entry of the catalogs of the label.",
                        "include-all": {},
                    }],
                },
                "observations": observations,
                "findings": findings,
            }],
        },
    })
}

/// A token of OSCAL: letters, digits, `.`, `-` and `_`, with a letter or `_` in front.
fn name(text: &str) -> String {
    let letter = |letter: char| if letter.is_ascii_alphanumeric() || ".-_".contains(letter) { letter } else { '_' };
    let text: String = text.chars().map(letter).collect();
    if text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_') { text } else { format!("_{text}") }
}

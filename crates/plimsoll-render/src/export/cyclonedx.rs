//! Declarations of CycloneDX: which requirements of a standard are met, by which claim, on what evidence.

use std::collections::BTreeMap;

use plimsoll_model::{EntryResult, LabelBody, Outcome, Statement, is_hex, urn_uuid};
use serde_json::{Value, json};

use super::{entries, reason_of, set};
use crate::{view::View, words};

/// Gives the label as a document of CycloneDX 1.6 with a standard for each catalog, a claim for each entry that is met or met in part,
/// and an attestation that maps the entries to the claims. What is not known has no score, and nobody affirms anything: that is for
/// a person to sign.
///
/// Source: CycloneDX 1.6, `declarations` and `definitions.standards`.
pub fn declarations(statement: &Statement) -> Value {
    let body = &statement.predicate;
    let seed = body.evidence.get("sha256").map_or("", String::as_str);
    let mut claims = Vec::new();
    let mut evidence = Vec::new();
    let mut maps: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for (catalog, entry) in entries(body) {
        let id = words::clean(&format!("{}/{}", catalog.id, entry.id));
        let mut map = json!({ "requirement": requirement(&id) });
        if let Some(conformance) = conformance(entry) {
            set(&mut map, "conformance", conformance);
        }
        if let Some(assurance) = entry.assurance {
            set(&mut map, "confidence", json!({ "rationale": words::meaning(assurance) }));
        }
        if matches!(entry.outcome, Outcome::Met | Outcome::Partial) {
            let claim = format!("claim:{id}");
            set(&mut map, "claims", json!([claim]));
            evidence.push(proof(&id, entry, body));
            claims.push(json!({
                "bom-ref": claim,
                "target": "product",
                "predicate": words::clean(&entry.title),
                "reasoning": reason_of(entry),
                "evidence": [format!("evidence:{id}")],
            }));
        } else if entry.contradicted {
            let claim = format!("counter-claim:{id}");
            set(&mut map, "counterClaims", json!([claim]));
            evidence.push(proof(&id, entry, body));
            claims.push(json!({
                "bom-ref": claim,
                "target": "product",
                "predicate": format!("Not so: {}", words::clean(&entry.title)),
                "reasoning": words::clean(&entry.reason),
                "counterEvidence": [format!("evidence:{id}")],
            }));
        }
        maps.entry(catalog.id.as_str()).or_default().push(map);
    }
    let attestations: Vec<Value> = (body.catalogs.iter())
        .map(|catalog| {
            json!({
                "summary": format!(
                    "What a label of {} shows of {}{}",
                    words::clean(&body.product.name),
                    words::clean(&catalog.title),
                    View::new(statement).by_other_practices()
                ),
                "map": maps.remove(catalog.id.as_str()).unwrap_or_default(),
            })
        })
        .collect();
    let commit = statement.subject.iter().find_map(|one| one.digest.get("gitCommit"));
    let commit = commit.filter(|id| is_hex(id, 40) || is_hex(id, 64));
    let mut component = json!({
        "type": "application",
        "bom-ref": "product",
        "name": filled(&body.product.name),
    });
    if !body.product.version.is_empty() {
        set(&mut component, "version", json!(words::clean(&body.product.version)));
    }
    if let Some(commit) = commit {
        set(&mut component, "pedigree", json!({ "commits": [{ "uid": commit }] }));
    }
    json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": urn_uuid(seed),
        "version": 1,
        "metadata": {
            "timestamp": body.as_of,
            "tools": { "components": [{
                "type": "application",
                "name": words::clean(&body.tool.name),
                "version": words::clean(&body.tool.version),
            }] },
            "component": component,
        },
        "definitions": { "standards": body.catalogs.iter().map(standard).collect::<Vec<_>>() },
        "declarations": {
            "targets": { "components": [{ "type": "application", "bom-ref": "target", "name": filled(&body.product.name) }] },
            "claims": claims,
            "evidence": evidence,
            "attestations": attestations,
        },
    })
}

fn standard(catalog: &plimsoll_model::CatalogResult) -> Value {
    let requirements: Vec<Value> = (catalog.entries.iter())
        .map(|entry| {
            json!({
                "bom-ref": requirement(&format!("{}/{}", catalog.id, entry.id)),
                "identifier": words::clean(&entry.id),
                "title": words::clean(&entry.title),
            })
        })
        .collect();
    json!({
        "bom-ref": format!("standard:{}", words::clean(&catalog.id)),
        "name": words::clean(&catalog.title),
        "requirements": requirements,
    })
}

fn requirement(id: &str) -> String {
    format!("requirement:{}", words::clean(id))
}

/// How much of it is met; nothing where it is not known, or does not apply.
fn conformance(entry: &EntryResult) -> Option<Value> {
    let score = match entry.outcome {
        Outcome::Met if entry.not_looked_at.is_some() => 0.5,
        Outcome::Met => 1.0,
        Outcome::Partial => 0.5,
        Outcome::Unmet => 0.0,
        Outcome::Unknown | Outcome::NotApplicable => return None,
    };
    Some(json!({ "score": score, "rationale": reason_of(entry) }))
}

fn proof(id: &str, entry: &EntryResult, body: &LabelBody) -> Value {
    let places: Vec<Value> = (body.places_of(entry).iter())
        .map(|pointer| json!({ "name": "place", "contents": { "attachment": { "content": words::clean(&pointer.display()) } } }))
        .collect();
    json!({
        "bom-ref": format!("evidence:{id}"),
        "propertyName": words::clean(id),
        "description": words::clean(&entry.reason),
        "data": places,
        "created": body.as_of,
    })
}

fn filled(text: &str) -> String {
    let text = words::clean(text);
    if text.trim().is_empty() { "unnamed".to_owned() } else { text }
}

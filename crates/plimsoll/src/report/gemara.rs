//! A report as an evaluation log of Gemara, the model of the OpenSSF for the evaluation of controls.

use plimsoll_model::{Assurance, Outcome, Report, ReportAnswer, ReportEntry, ReportPlace, is_hex};
use plimsoll_practices::Catalog;
use serde_json::{Value, json};

/// The version of Gemara whose `EvaluationLog` this is.
const VERSION: &str = "1.4.1";

/// Gives a report of `catalog` as an evaluation log. What rests on the maker's word, or is met in part, needs review: it is never
/// passed. Requirements of one control are put together, and the control has the result of the worst.
///
/// Source: Gemara 1.4.1, `EvaluationLog`; its JSON form.
pub fn gemara(report: &Report, catalog: &Catalog) -> Value {
    let mut evaluations: Vec<(String, Vec<(&ReportEntry, Value)>)> = Vec::new();
    for entry in &report.entries {
        let (control, log) = (control(catalog, &entry.id), assessment(report, catalog, entry));
        match evaluations.last_mut() {
            Some((last, logs)) if *last == control => logs.push((entry, log)),
            _ => evaluations.push((control, vec![(entry, log)])),
        }
    }
    let evaluations: Vec<Value> = evaluations
        .into_iter()
        .map(|(control, logs)| {
            let worst = logs.iter().map(|(entry, _)| result(entry)).max().unwrap_or(Came::Unknown);
            let decides = logs.iter().find(|(entry, _)| result(entry) == worst);
            let (message, name) = decides
                .map_or((String::new(), String::new()), |(entry, _)| (filled(&entry.reason), filled(&entry.group)));
            json!({
                "name": name,
                "result": worst.word(),
                "message": message,
                "control": { "reference-id": catalog.id, "entry-id": control },
                "assessment-logs": logs.into_iter().map(|(_, log)| log).collect::<Vec<_>>(),
            })
        })
        .collect();
    let worst = report.entries.iter().map(result).max().unwrap_or(Came::Unknown);
    let subject = &report.subject;
    let digest = report.evidence.get("sha256").map(String::as_str).unwrap_or_default();
    let mut target = json!({
        "id": filled(&subject.commit),
        "name": filled(&subject.name),
        "type": "Software",
        "version": filled(&subject.version),
    });
    if let Some(url) = subject.repository.as_deref().filter(|url| url.starts_with("https://")) {
        set(&mut target, "uri", json!(url));
    }
    json!({
        "metadata": {
            "id": format!("{}-{}", catalog.id, digest.get(..12).unwrap_or("evidence")),
            "type": "EvaluationLog",
            "gemara-version": VERSION,
            "date": report.as_of,
            "description": format!(
                "{}. {}", filled(&report.catalog.title), report.reading.iter().map(|line| filled(line)).collect::<Vec<_>>().join(" ")
            ),
            "author": {
                "id": filled(&report.tool.name),
                "name": filled(&report.tool.name),
                "type": "Software",
                "version": filled(&report.tool.version),
            },
            "mapping-references": [{
                "id": catalog.id,
                "title": filled(&catalog.title),
                "version": filled(&catalog.version),
                "description": filled(&catalog.source),
            }],
        },
        "target": target,
        "result": worst.word(),
        "evaluations": evaluations,
    })
}

/// The results that an entry can come to, the worst last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Came {
    NotApplicable,
    Passed,
    NeedsReview,
    Unknown,
    Failed,
}

impl Came {
    fn word(self) -> &'static str {
        match self {
            Self::NotApplicable => "Not Applicable",
            Self::Passed => "Passed",
            Self::NeedsReview => "Needs Review",
            Self::Unknown => "Unknown",
            Self::Failed => "Failed",
        }
    }
}

fn result(entry: &ReportEntry) -> Came {
    match (entry.answer, entry.outcome) {
        _ if entry.contradicted => Came::Failed,
        (ReportAnswer::Evidence, Outcome::Met) => Came::Passed,
        (ReportAnswer::Evidence, Outcome::NotApplicable) => Came::NotApplicable,
        (ReportAnswer::Word, _) | (_, Outcome::Partial) => Came::NeedsReview,
        (_, Outcome::Unmet) => Came::Failed,
        (_, Outcome::Met | Outcome::NotApplicable | Outcome::Unknown) => Came::Unknown,
    }
}

fn assessment(report: &Report, catalog: &Catalog, entry: &ReportEntry) -> Value {
    let level = catalog.entries.iter().find(|one| one.id == entry.id).and_then(|one| one.level.clone());
    let steps: Vec<String> = entry.criteria.iter().map(|one| filled(&one.id)).collect();
    let confidence = match (result(entry), entry.assurance) {
        (Came::Unknown, _) | (_, None) => "Undetermined",
        (_, Some(Assurance::Declared)) => "Low",
        (_, Some(Assurance::Observed)) => "Medium",
        (_, Some(_)) => "High",
    };
    let mut log = json!({
        "requirement": { "reference-id": catalog.id, "entry-id": format!("{}{}", catalog.published_prefix, entry.id) },
        "description": filled(&entry.asks),
        "result": result(entry).word(),
        "message": filled(&entry.reason),
        "applicability": [level.map_or_else(|| "All".to_owned(), |level| format!("Level {level}"))],
        "steps-executed": steps.len(),
        "steps": if steps.is_empty() { vec!["claims of the maker".to_owned()] } else { steps },
        "start": report.as_of,
        "end": report.as_of,
        "confidence-level": confidence,
    });
    let to_close: Vec<String> = entry.to_close.iter().map(|step| filled(&step.action)).collect();
    if !to_close.is_empty() {
        set(&mut log, "recommendation", json!(to_close.join(" ")));
    }
    let evidence: Vec<Value> =
        entry.places.iter().enumerate().map(|(number, place)| evidence(report, &entry.id, number, place)).collect();
    if !evidence.is_empty() {
        set(&mut log, "evidence", json!(evidence));
    }
    log
}

fn evidence(report: &Report, entry: &str, number: usize, place: &ReportPlace) -> Value {
    let mut payload = json!({ "place": filled(&place.shown) });
    if let Some(blob) = place.pointer.blob.as_deref().filter(|blob| is_hex(blob, 40) || is_hex(blob, 64)) {
        set(&mut payload, "gitBlob", json!(blob));
    }
    if let Some(url) = &place.url {
        set(&mut payload, "url", json!(url));
    }
    json!({
        "id": format!("{entry}.{}", number + 1),
        "type": "Place",
        "collected-at": report.as_of,
        "payload": payload,
    })
}

/// The control that a requirement is of: `OSPS-AC-01` of `AC-01.01`. Where a framework has no published prefix each entry is its own.
fn control(catalog: &Catalog, entry: &str) -> String {
    let own = if catalog.published_prefix.is_empty() { None } else { entry.rsplit_once('.') };
    format!("{}{}", catalog.published_prefix, own.map_or(entry, |(control, _)| control))
}

fn filled(text: &str) -> String {
    let text = plimsoll_model::one_line(text.trim());
    if text.is_empty() { "not stated".to_owned() } else { text }
}

fn set(object: &mut Value, name: &str, value: Value) {
    if let Some(members) = object.as_object_mut() {
        members.insert(name.to_owned(), value);
    }
}

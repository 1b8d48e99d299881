//! What manifests say of the licence of their package, where that is no licence that the OSI has approved.
//!
//! Source: npm Docs, `license` of package.json; the Cargo Book, "The license and license-file fields"; PEP 639; the Composer schema.

use plimsoll_model::tree_path;
use serde_json::Value;
use spdx::{Expression, LicenseItem, ParseMode};

use super::super::{PolicyFact, Statement, places, start};

/// Letters of a licence field.
const LONGEST: usize = 1024;
/// Words of fields that are no expressions and say that the package is not free to use.
const CLOSED: &[&str] =
    &["unlicensed", "proprietary", "commercial", "all rights reserved", "noncommercial", "non-commercial"];

/// Is it a manifest that may say under which licence its package is?
pub(in super::super) fn is_manifest(path: &str) -> bool {
    matches!(tree_path::name(path), "package.json" | "composer.json" | "Cargo.toml" | "pyproject.toml")
}

/// A fact where the manifest says something that is not open source, or is not known to be.
pub(in super::super) fn facts(path: &str, text: &str) -> Vec<PolicyFact> {
    let said = match tree_path::name(path) {
        "Cargo.toml" | "pyproject.toml" => {
            text.parse::<toml::Table>().ok().map(|table| of_toml(&table)).unwrap_or_default()
        }
        _ => serde_json::from_str(text).map(|value| of_json(&value)).unwrap_or_default(),
    };
    said.iter().filter_map(|said| judge(path, said)).collect()
}

/// The texts of a licence field.
fn of_json(manifest: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().or_else(|| value.get("type")?.as_str()).map(str::to_owned);
    match manifest.get("license").or_else(|| manifest.get("licenses")) {
        // Of a list any one may be chosen.
        Some(Value::Array(all)) => {
            let all: Vec<String> = all.iter().filter_map(text).collect();
            let closed = |one: &&String| CLOSED.iter().any(|word| one.to_lowercase().contains(word));
            if let Some(open) = all.iter().find(|one| {
                !closed(one)
                    && Expression::parse_mode(one, ParseMode::LAX)
                        .is_ok_and(|it| it.evaluate(|asked| is_approved(&asked.license)))
            }) {
                return vec![open.clone()];
            }
            if all.is_empty() { Vec::new() } else { vec![all.join(" OR ")] }
        }
        Some(one) => text(one).into_iter().collect(),
        None => Vec::new(),
    }
}

fn of_toml(manifest: &toml::Table) -> Vec<String> {
    let mut found = Vec::new();
    let tables = ["package", "project", "workspace"].iter().filter_map(|name| manifest.get(*name));
    for table in tables.map(|table| table.get("package").unwrap_or(table)) {
        let licence = table.get("license");
        let text = licence.and_then(|one| one.as_str().or_else(|| one.get("text")?.as_str()));
        found.extend(text.map(str::to_owned));
        let file = table.get("license-file").or_else(|| licence?.get("file")).and_then(toml::Value::as_str);
        found.extend(file.map(|file| format!("SEE LICENSE IN {file}")));
    }
    found
}

/// What is wrong with what a manifest says.
fn judge(path: &str, said: &str) -> Option<PolicyFact> {
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown: String = said.chars().take(60).collect();
    let lower = said.to_lowercase();
    let mut fact = start("licence-in-manifest", path, "");
    if let Some(file) = lower.strip_prefix("see license in ").or_else(|| lower.strip_prefix("see licence in ")) {
        // What that file says is looked at where it is known as one.
        let whole = tree_path::join(tree_path::folder(path), file.trim_start_matches("./"))?;
        let is_read = places::recognise(&whole)
            .or_else(|| places::licence_of_part(&whole))
            .is_some_and(|place| place.kind.starts_with("licence"));
        if is_read {
            return None;
        }
        fact.problems.push(format!("it says `{shown}`, which is not known to hold a licence"));
    } else if said.len() > LONGEST {
        return None;
    } else if let Ok(expression) = Expression::parse_mode(&said, ParseMode::LAX) {
        if expression.evaluate(|asked| is_approved(&asked.license)) {
            return None;
        }
        let named = expression.requirements().filter_map(|one| one.req.license.id());
        fact.licences.extend(named.filter(|id| !id.is_osi_approved()).map(|id| id.name));
        fact.problems.push(format!("it says `{shown}`, which the OSI has not approved"));
    } else if CLOSED.iter().any(|word| lower.contains(word)) || lower.contains("licenseref-") {
        fact.problems.push(format!("it says `{shown}`"));
    } else {
        // Neither an expression nor a word that says so: the name of a licence as people write it.
        return None;
    }
    fact.statement = Some(Statement::NotUnderstood);
    Some(fact)
}

fn is_approved(licence: &LicenseItem) -> bool {
    licence.id().is_some_and(spdx::LicenseId::is_osi_approved)
}

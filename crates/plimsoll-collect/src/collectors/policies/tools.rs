//! Configuration that is itself a policy: which dependencies are updated, allowed, audited.

use jiff::civil::Date;
use yaml_serde::Value;

use super::PolicyFact;

/// Dependabot: version 2, and at least one ecosystem that is looked at on a schedule.
///
/// Source: GitHub, "Dependabot options reference".
pub(super) fn dependabot(text: &str, fact: &mut PolicyFact, _: Date) {
    let value: Value = match yaml_serde::from_str(text) {
        Ok(value) => value,
        Err(error) => {
            fact.problems.push(format!("not YAML: {}", error.to_string().replace('\n', " ")));
            return;
        }
    };
    fact.version = value.get("version").and_then(Value::as_i64).map(|version| version.to_string());
    if fact.version.as_deref() != Some("2") {
        fact.problems.push("its version is not 2".to_owned());
    }
    for update in value.get("updates").and_then(Value::as_sequence).into_iter().flatten() {
        // A limit of 0 switches version updates off and leaves those for security on.
        let on = update.get("schedule").and_then(|schedule| schedule.get("interval")).and_then(Value::as_str).is_some();
        match update.get("package-ecosystem").and_then(Value::as_str) {
            Some(ecosystem) if on => fact.covers.push(ecosystem.to_owned()),
            _ => fact.problems.push("an update has no ecosystem or no schedule".to_owned()),
        }
    }
    if fact.covers.is_empty() && fact.problems.is_empty() {
        fact.problems.push("it updates nothing".to_owned());
    }
    fact.covers.sort();
    fact.covers.dedup();
}

/// Renovate: on unless it says otherwise. JSON5 is read as far as it is JSON with comments.
pub(super) fn renovate(text: &str, fact: &mut PolicyFact, _: Date) {
    let plain: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    match serde_json::from_str::<serde_json::Value>(&plain) {
        Ok(serde_json::Value::Object(settings)) => {
            if settings.get("enabled") == Some(&serde_json::Value::Bool(false)) {
                fact.problems.push("it is switched off".to_owned());
            } else {
                fact.covers = vec!["all".to_owned()];
            }
        }
        _ => fact.problems.push("not a table of settings in JSON".to_owned()),
    }
}

/// cargo-deny: the checks that it configures.
pub(super) fn deny(text: &str, fact: &mut PolicyFact, _: Date) {
    match text.parse::<toml::Table>() {
        Ok(table) => {
            fact.covers = ["advisories", "bans", "licenses", "sources"]
                .into_iter()
                .filter(|check| table.contains_key(*check))
                .map(ToOwned::to_owned)
                .collect();
            if fact.covers.is_empty() {
                fact.problems.push("it configures no check".to_owned());
            }
        }
        Err(error) => fact.problems.push(format!("not TOML: {}", error.message())),
    }
}

/// cargo-vet: whose audits are imported, and how many exemptions stand.
pub(super) fn vet(text: &str, fact: &mut PolicyFact, _: Date) {
    match text.parse::<toml::Table>() {
        Ok(table) => {
            let imports = table.get("imports").and_then(toml::Value::as_table).map_or(0, toml::Table::len);
            let exemptions = table.get("exemptions").and_then(toml::Value::as_table).map_or(0, toml::Table::len);
            fact.covers = vec![format!("{imports} imports"), format!("{exemptions} exempted packages")];
            fact.version = table
                .get("cargo-vet")
                .and_then(|vet| vet.get("version"))
                .and_then(toml::Value::as_str)
                .map(ToOwned::to_owned);
        }
        Err(error) => fact.problems.push(format!("not TOML: {}", error.message())),
    }
}

//! Configuration that is itself a policy: which dependencies are allowed, and whose audits count.

use jiff::civil::Date;

use super::PolicyFact;

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
            fact.covers = vec![
                plimsoll_model::plural(imports, "import", "imports"),
                plimsoll_model::plural(exemptions, "exempted package", "exempted packages"),
            ];
            fact.version = table
                .get("cargo-vet")
                .and_then(|vet| vet.get("version"))
                .and_then(toml::Value::as_str)
                .map(ToOwned::to_owned);
        }
        Err(error) => fact.problems.push(format!("not TOML: {}", error.message())),
    }
}

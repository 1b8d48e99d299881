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
            } else if !forbids_something(&table) {
                fact.problems.push("it allows everything that it speaks of".to_owned());
            }
        }
        Err(error) => fact.problems.push(format!("not TOML: {}", error.message())),
    }
}

/// Is there a rule that something can break? What a newer cargo-deny refuses by itself is one, unless it is allowed.
///
/// Source: the cargo-deny book, "Config".
fn forbids_something(table: &toml::Table) -> bool {
    let get = |check: &str, key: &str| table.get(check).and_then(|check| check.get(key));
    let allows = |check: &str, key: &str| get(check, key).and_then(toml::Value::as_str) == Some("allow");
    let lists =
        |check: &str, key: &str| get(check, key).and_then(toml::Value::as_array).is_some_and(|all| !all.is_empty());
    let advisories = table.contains_key("advisories") && !allows("advisories", "vulnerability");
    let licenses = table.contains_key("licenses")
        && !(allows("licenses", "default") || allows("licenses", "unlicensed") && !lists("licenses", "allow"));
    // Of versions that are there twice it only warns by itself.
    let bans = lists("bans", "deny")
        || lists("bans", "allow")
        || lists("bans", "features")
        || ["multiple-versions", "wildcards", "workspace-default-features", "external-default-features"]
            .iter()
            .any(|key| get("bans", key).and_then(toml::Value::as_str) == Some("deny"));
    let sources = table.contains_key("sources")
        && ["unknown-registry", "unknown-git"]
            .iter()
            .any(|key| get("sources", key).and_then(toml::Value::as_str) == Some("deny"));
    advisories || licenses || bans || sources
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

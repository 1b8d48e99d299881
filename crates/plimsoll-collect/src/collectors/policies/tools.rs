//! Configuration that is itself a policy: which dependencies are updated, allowed, audited.

use jiff::civil::Date;
use yaml_serde::Value;

use super::PolicyFact;
use crate::collectors::yaml;

/// What Dependabot and Renovate call an ecosystem, and the name that package URLs have for it.
///
/// Source: GitHub, "Dependabot options reference", `package-ecosystem`; Renovate, "Managers".
const ECOSYSTEMS: &[(&str, &str)] = &[
    ("bun", "npm"),
    ("bundler", "rubygems"),
    ("cargo", "cargo"),
    ("cocoapods", "cocoapods"),
    ("composer", "composer"),
    ("conan", "conan"),
    ("gomod", "go"),
    ("gradle", "gradle"),
    ("maven", "maven"),
    ("mix", "hex"),
    ("npm", "npm"),
    ("nuget", "nuget"),
    ("pep621", "pypi"),
    ("pip", "pypi"),
    ("pip_requirements", "pypi"),
    ("pip_setup", "pypi"),
    ("pipenv", "pypi"),
    ("poetry", "pypi"),
    ("pub", "pub"),
    ("swift", "swift"),
    ("uv", "pypi"),
];

fn ecosystem(name: &str) -> &str {
    ECOSYSTEMS.iter().find(|(theirs, _)| *theirs == name).map_or(name, |(_, ecosystem)| ecosystem)
}

/// Dependabot: version 2, and at least one ecosystem that is looked at on a schedule.
///
/// Source: GitHub, "Dependabot options reference".
pub(super) fn dependabot(text: &str, fact: &mut PolicyFact, _: Date) {
    let value: Value = match yaml::read(text) {
        Ok(value) => value,
        Err(error) => {
            fact.problems.push(format!("not YAML: {error}"));
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
            Some(name) if on && !ignores_all(update) => fact.covers.push(ecosystem(name).to_owned()),
            Some(_) if on => {}
            _ => fact.problems.push("an update has no ecosystem or no schedule".to_owned()),
        }
    }
    if fact.covers.is_empty() && fact.problems.is_empty() {
        fact.problems.push("it updates nothing".to_owned());
    }
    fact.covers.sort();
    fact.covers.dedup();
}

fn ignores_all(update: &Value) -> bool {
    let ignored = update.get("ignore").and_then(Value::as_sequence).into_iter().flatten();
    ignored
        .filter(|one| one.get("versions").is_none() && one.get("update-types").is_none())
        .any(|one| one.get("dependency-name").and_then(Value::as_str) == Some("*"))
}

/// Renovate: on unless it says otherwise, for every manager that it does not leave out. JSON5 is read as far as it is
/// JSON with comments.
pub(super) fn renovate(text: &str, fact: &mut PolicyFact, _: Date) {
    use serde_json::Value as Json;
    let plain: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let Ok(Json::Object(settings)) = serde_json::from_str::<Json>(&plain) else {
        fact.problems.push("not a table of settings in JSON".to_owned());
        return;
    };
    if settings.get("enabled") == Some(&Json::Bool(false)) {
        fact.problems.push("it is switched off".to_owned());
        return;
    }
    let texts = |value: Option<&Json>| -> Vec<String> {
        let all = value.and_then(Json::as_array).into_iter().flatten();
        all.filter_map(|text| Some(text.as_str()?.to_owned())).collect()
    };
    // Rules that switch off everything, or all of some managers.
    let mut off: Vec<String> = Vec::new();
    for rule in settings.get("packageRules").and_then(Json::as_array).into_iter().flatten() {
        let asks = |key: &str| rule.get(key).is_some();
        let narrow = ["matchPackagePatterns", "matchDepTypes", "matchUpdateTypes", "matchPaths", "matchFileNames"];
        let names = texts(rule.get("matchPackageNames"));
        let every = names.iter().any(|name| matches!(name.as_str(), "*" | "**" | "/.*/"));
        let some = (asks("matchPackageNames") && !every) || narrow.iter().any(|key| asks(key));
        if rule.get("enabled") == Some(&Json::Bool(false)) && !some {
            match rule.get("matchManagers") {
                Some(managers) => off.extend(texts(Some(managers))),
                None => fact.problems.push("a rule switches all of it off".to_owned()),
            }
        }
    }
    let own = settings.iter().filter(|(_, own)| own.get("enabled") == Some(&Json::Bool(false)));
    off.extend(own.map(|(name, _)| name.clone()));
    let known = ECOSYSTEMS.iter().map(|(theirs, _)| (*theirs).to_owned());
    let only = settings.get("enabledManagers").map(|managers| texts(Some(managers)));
    fact.covers = if only.is_none() && !off.iter().any(|name| known.clone().any(|known| known == *name)) {
        vec!["all".to_owned()]
    } else {
        let managers = only.unwrap_or_else(|| known.collect());
        managers.iter().filter(|name| !off.contains(name)).map(|name| ecosystem(name).to_owned()).collect()
    };
    fact.covers.sort();
    fact.covers.dedup();
    if fact.covers.is_empty() && fact.problems.is_empty() {
        fact.problems.push("it updates nothing".to_owned());
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

//! Bots that update dependencies: what Dependabot and Renovate are set to bring, and what is switched off.

use jiff::civil::Date;
use plimsoll_snapshot::Snapshot;
use regex::Regex;
use serde_json::{Map, Value as Json};
use yaml_serde::Value;

use super::{PolicyFact, Statement, json5};
use crate::{PathClass, PathClasses, collectors::yaml};

/// What Dependabot and Renovate call an ecosystem, and the name that facts have for it.
///
/// Source: GitHub, "Dependabot options reference", `package-ecosystem`; Renovate, "Managers".
const ECOSYSTEMS: &[(&str, &str)] = &[
    ("bun", "npm"),
    ("bundler", "rubygems"),
    ("cargo", "cargo"),
    ("cocoapods", "cocoapods"),
    ("composer", "composer"),
    ("conan", "conan"),
    ("cpanfile", "cpan"),
    ("deps-edn", "clojars"),
    ("git-submodules", "git-submodule"),
    ("gitsubmodule", "git-submodule"),
    ("gleam", "hex"),
    ("gomod", "go"),
    ("gradle", "gradle"),
    ("haskell-cabal", "hackage"),
    ("helmv3", "helm"),
    ("leiningen", "clojars"),
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

/// The manifests of an ecosystem, by name or by its beginning; of others any file counts.
const MANIFESTS: &[(&str, &[&str])] = &[
    ("cargo", &["Cargo.toml"]),
    ("composer", &["composer.json"]),
    ("go", &["go.mod"]),
    ("gradle", &["build.gradle", "settings.gradle"]),
    ("maven", &["pom.xml"]),
    ("npm", &["package.json"]),
    ("pub", &["pubspec.yaml"]),
    ("pypi", &["pyproject.toml", "requirements", "setup.py", "setup.cfg", "Pipfile", "uv.lock", "poetry.lock"]),
    ("rubygems", &["Gemfile", "gems.rb"]),
];

fn ecosystem(name: &str) -> &str {
    ECOSYSTEMS.iter().find(|(theirs, _)| *theirs == name).map_or(name, |(_, ecosystem)| ecosystem)
}

/// An ecosystem and the folders in which a bot looks for it; patterns may be among these.
pub(super) type Reach = (String, Vec<String>);

/// Takes out what is looked for in folders that do not hold it.
pub(super) fn settle(fact: &mut PolicyFact, snapshot: &Snapshot, classes: &PathClasses) {
    if fact.reach.is_empty() {
        return;
    }
    let mut nowhere = Vec::new();
    for (name, folders) in &fact.reach {
        let names = MANIFESTS.iter().find(|(ecosystem, _)| ecosystem == name).map(|(_, names)| *names);
        let is_manifest = |file: &str| {
            names.map_or(
                name != "all" || MANIFESTS.iter().any(|(_, all)| all.iter().any(|one| file.starts_with(one))),
                |names| names.iter().any(|one| file.starts_with(one)),
            )
        };
        let globs: Vec<_> = folders.iter().filter_map(|folder| matcher(folder)).collect();
        let found = snapshot.entries().iter().any(|entry| {
            entry.is_file()
                && classes.of(&entry.path) != PathClass::Vendored
                && is_manifest(entry.name())
                && globs.iter().any(|glob| glob.is_match(if name == "all" { &entry.path } else { entry.folder() }))
        });
        if !found {
            nowhere.push(name.clone());
        }
    }
    for name in nowhere {
        fact.covers.retain(|covered| *covered != name);
        fact.problems.push(if name == "all" {
            "none of the paths that it includes holds a manifest".to_owned()
        } else {
            format!("the folders that it names for {name} hold no manifest of it")
        });
    }
    // One folder that is not there does not take away what the others bring.
    if !fact.covers.is_empty() {
        fact.problems.retain(|problem| !problem.starts_with("the folders that it names"));
    }
}

fn matcher(folder: &str) -> Option<globset::GlobMatcher> {
    let inner = folder.trim_matches('/');
    let inner = if inner == "." { "" } else { inner.trim_start_matches("./") };
    Some(globset::GlobBuilder::new(inner).literal_separator(true).build().ok()?.compile_matcher())
}

/// Dependabot: version 2, and at least one ecosystem that is updated on a schedule.
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
    let mut off = Vec::new();
    for update in value.get("updates").and_then(Value::as_sequence).into_iter().flatten() {
        let Some(name) = update.get("package-ecosystem").and_then(Value::as_str) else {
            fact.problems.push("an update has no ecosystem".to_owned());
            continue;
        };
        let group = update.get("multi-ecosystem-group").and_then(Value::as_str);
        let group = group.and_then(|group| value.get("multi-ecosystem-groups")?.get(group));
        let Some(schedule) = update.get("schedule").or_else(|| group?.get("schedule")) else {
            fact.problems.push("an update has no schedule".to_owned());
            continue;
        };
        if let Some(why) = idle(update, schedule) {
            off.push(format!("{name}: {why}"));
            continue;
        }
        let one = update.get("directory").and_then(Value::as_str).into_iter();
        let more =
            update.get("directories").and_then(Value::as_sequence).into_iter().flatten().filter_map(Value::as_str);
        let folders: Vec<String> = one.chain(more).map(ToOwned::to_owned).collect();
        if folders.is_empty() {
            off.push(format!("{name}: no directory is named"));
            continue;
        }
        let name = ecosystem(name).to_owned();
        match fact.reach.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => known.extend(folders),
            None => fact.reach.push((name.clone(), folders)),
        }
        fact.covers.push(name);
    }
    if fact.covers.is_empty() && fact.problems.is_empty() {
        fact.problems.push(match off.first() {
            Some(why) => format!("it updates nothing ({why})"),
            None => "it updates nothing".to_owned(),
        });
    }
    fact.covers.sort();
    fact.covers.dedup();
}

/// Why an update brings no new versions; nothing where it does.
fn idle(update: &Value, schedule: &Value) -> Option<&'static str> {
    const INTERVALS: &[&str] = &["daily", "weekly", "monthly", "quarterly", "semiannually", "yearly"];
    const TYPES: &[&str] =
        &["version-update:semver-major", "version-update:semver-minor", "version-update:semver-patch"];
    let list = |value: &Value, name: &str| value.get(name).and_then(Value::as_sequence).cloned().unwrap_or_default();
    let interval = schedule.get("interval").and_then(Value::as_str).unwrap_or_default();
    let by_cron = interval == "cron" && schedule.get("cronjob").is_some();
    if !by_cron && !INTERVALS.contains(&interval) {
        return Some("its interval is none that there is");
    }
    // A limit of 0 switches updates of versions off and leaves those for security on.
    if update.get("open-pull-requests-limit").and_then(Value::as_i64) == Some(0) {
        return Some("its limit of pull requests is 0");
    }
    let every =
        |name: Option<&Value>| name.and_then(Value::as_str).is_some_and(|name| name.trim_matches('*').is_empty());
    let ignores_all = list(update, "ignore").iter().any(|one| {
        let types: Vec<String> =
            list(one, "update-types").iter().filter_map(|one| Some(one.as_str()?.to_owned())).collect();
        let versions = list(one, "versions");
        let all_versions = versions.is_empty()
            || versions
                .iter()
                .filter_map(Value::as_str)
                .any(|version| matches!(version.trim(), "*" | ">= 0" | ">=0" | "> 0" | ">0" | "x"));
        every(one.get("dependency-name"))
            && all_versions
            && (types.is_empty() || TYPES.iter().all(|one| types.iter().any(|known| known == one)))
    });
    if ignores_all {
        return Some("it ignores every dependency");
    }
    let allowed = list(update, "allow");
    if !allowed.is_empty()
        && !allowed.iter().any(|one| one.get("dependency-name").is_none() || every(one.get("dependency-name")))
    {
        return Some("it allows only dependencies that it names");
    }
    if list(update, "exclude-paths").iter().filter_map(Value::as_str).any(|path| matches!(path, "**" | "**/*" | "*")) {
        return Some("it leaves out every path");
    }
    None
}

/// Matchers of a rule of Renovate. One that is set makes the rule narrower, unless it matches everything.
///
/// Source: Renovate, "Configuration options", `packageRules`.
const MATCHERS: &[&str] = &[
    "matchBaseBranches",
    "matchCategories",
    "matchConfidence",
    "matchCurrentAge",
    "matchCurrentValue",
    "matchCurrentVersion",
    "matchDatasources",
    "matchDepNames",
    "matchDepPatterns",
    "matchDepPrefixes",
    "matchDepTypes",
    "matchFileNames",
    "matchFiles",
    "matchJsonata",
    "matchLanguages",
    "matchManagers",
    "matchNewValue",
    "matchPackageNames",
    "matchPackagePatterns",
    "matchPackagePrefixes",
    "matchPaths",
    "matchRegistryUrls",
    "matchRepositories",
    "matchSourceUrlPrefixes",
    "matchSourceUrls",
    "matchUpdateTypes",
    "excludeDepNames",
    "excludeDepPatterns",
    "excludeDepPrefixes",
    "excludePackageNames",
    "excludePackagePatterns",
    "excludePackagePrefixes",
    "excludeRepositories",
];

/// Renovate: on unless it says otherwise, for every manager that it does not leave out.
pub(super) fn renovate(text: &str, fact: &mut PolicyFact, _: Date) {
    match json5::read(text) {
        Ok(Json::Object(settings)) => settings_of_renovate(&settings, fact),
        Ok(_) => fact.problems.push("not a table of settings".to_owned()),
        Err(error) => fact.problems.push(format!("not JSON5: {error}")),
    }
}

/// Settings of Renovate in package.json. Gives whether there are any.
pub(super) fn renovate_in_package(text: &str, fact: &mut PolicyFact) -> bool {
    let Ok(Json::Object(package)) = serde_json::from_str::<Json>(text) else { return false };
    let Some(Json::Object(settings)) = package.get("renovate") else { return false };
    settings_of_renovate(settings, fact);
    true
}

fn texts(value: Option<&Json>) -> Vec<String> {
    let one = value.and_then(Json::as_str).map(ToOwned::to_owned);
    let all = value.and_then(Json::as_array).into_iter().flatten();
    one.into_iter().chain(all.filter_map(|text| Some(text.as_str()?.to_owned()))).collect()
}

/// Does a pattern of Renovate match every name?
fn is_everything(pattern: &str) -> bool {
    const NAMES: &[&str] =
        &["serde", "tokio", "@types/node", "left-pad", "a", "github.com/acme/w", "org.acme:w", "Q9_x"];
    if let Some(regex) = pattern.strip_prefix('/').and_then(|rest| rest.trim_end_matches('i').strip_suffix('/')) {
        return regex.len() < 200 && Regex::new(regex).is_ok_and(|regex| NAMES.iter().all(|name| regex.is_match(name)));
    }
    !pattern.is_empty() && pattern.bytes().all(|byte| matches!(byte, b'*' | b'/'))
}

/// Does the matcher of a rule leave nothing out?
fn matches_everything(key: &str, value: &Json) -> bool {
    let patterns = texts(Some(value));
    match key {
        "matchUpdateTypes" => ["major", "minor", "patch"].iter().all(|one| patterns.iter().any(|known| known == one)),
        "matchPackageNames" | "matchDepNames" | "matchFileNames" | "matchPaths" | "matchSourceUrls"
        | "matchRepositories" => {
            patterns.iter().any(|pattern| is_everything(pattern))
                && !patterns.iter().any(|pattern| pattern.starts_with('!'))
        }
        "matchPackagePatterns" | "matchDepPatterns" => {
            patterns.iter().any(|pattern| pattern == "*" || is_everything(&format!("/{pattern}/")))
        }
        "matchPackagePrefixes" | "matchDepPrefixes" => patterns.iter().any(String::is_empty),
        "matchCurrentVersion" | "matchCurrentValue" => {
            patterns.iter().any(|pattern| is_everything(pattern) || pattern == ">=0")
        }
        _ => key.starts_with("exclude") && patterns.is_empty(),
    }
}

fn settings_of_renovate(settings: &Map<String, Json>, fact: &mut PolicyFact) {
    let off = |value: Option<&Json>| value == Some(&Json::Bool(false));
    let whole = whole_off(settings);
    if let Some(why) = whole {
        fact.problems.push(why.to_owned());
        return;
    }
    // What is switched off by rules, in their order: everything, or some managers.
    let (mut all_off, mut managers_off): (bool, Vec<String>) = (false, Vec::new());
    let mut unclear = None;
    for rule in settings.get("packageRules").and_then(Json::as_array).into_iter().flatten() {
        let Some(enabled) = rule.get("enabled").and_then(Json::as_bool) else { continue };
        let Some(rule) = rule.as_object() else { continue };
        let matchers: Vec<(&String, &Json)> =
            rule.iter().filter(|(key, _)| key.starts_with("match") || key.starts_with("exclude")).collect();
        if let Some((key, _)) = matchers.iter().find(|(key, _)| !MATCHERS.contains(&key.as_str())) {
            unclear = Some(format!("a rule matches by \"{key}\", which is not known here"));
            continue;
        }
        let narrow: Vec<&str> = matchers
            .iter()
            .filter(|(key, value)| *key != "matchManagers" && !matches_everything(key, value))
            .map(|(key, _)| key.as_str())
            .collect();
        let managers = rule.get("matchManagers").map(|managers| texts(Some(managers)));
        match (enabled, narrow.is_empty(), managers) {
            (false, true, Some(managers)) => managers_off.extend(managers),
            (false, true, None) => all_off = true,
            (true, true, Some(managers)) if !all_off => managers_off.retain(|name| !managers.contains(name)),
            (true, true, None) => (all_off, managers_off) = (false, Vec::new()),
            (true, _, _) if all_off => unclear = Some("rules switch everything off and some of it on again".to_owned()),
            _ => {}
        }
    }
    if all_off && unclear.is_none() {
        fact.problems.push("a rule switches all of it off".to_owned());
        return;
    }
    managers_off.extend(
        settings.iter().filter(|(_, own)| own.get("enabled") == Some(&Json::Bool(false))).map(|(name, _)| name.clone()),
    );
    let known = ECOSYSTEMS.iter().map(|(theirs, _)| (*theirs).to_owned());
    let only = settings.get("enabledManagers").map(|managers| texts(Some(managers)));
    fact.covers = if only.is_none() && !managers_off.iter().any(|name| known.clone().any(|known| known == *name)) {
        vec!["all".to_owned()]
    } else {
        let managers = only.unwrap_or_else(|| known.collect());
        managers.iter().filter(|name| !managers_off.contains(name)).map(|name| ecosystem(name).to_owned()).collect()
    };
    fact.covers.sort();
    fact.covers.dedup();
    if fact.covers.is_empty() {
        fact.problems.push("it updates nothing".to_owned());
        return;
    }
    if let Some(paths) = settings.get("includePaths").map(|paths| texts(Some(paths))).filter(|paths| !paths.is_empty())
    {
        fact.reach.push(("all".to_owned(), paths));
        fact.covers = vec!["all".to_owned()];
    }
    let schedules = texts(settings.get("schedule"));
    if let Some(schedule) = schedules.iter().find(|schedule| !is_schedule(schedule)) {
        unclear =
            Some(format!("whether its schedule \"{}\" ever begins is not known", plimsoll_model::one_line(schedule)));
    }
    let updates = ["major", "minor", "patch"];
    if updates.iter().all(|name| settings.get(*name).is_some_and(|one| off(one.get("enabled")))) {
        fact.problems.push("updates of every size are switched off".to_owned());
    } else if let Some(why) = unclear {
        fact.statement = Some(Statement::NotUnderstood);
        fact.problems.push(why);
    }
}

/// Why Renovate as a whole brings nothing by itself.
fn whole_off(settings: &Map<String, Json>) -> Option<&'static str> {
    let is = |key: &str, value: &Json| settings.get(key) == Some(value);
    let every = |key: &str| texts(settings.get(key)).iter().any(|path| is_everything(path));
    let disabling = |preset: &String| {
        matches!(
            preset.trim_start_matches("default"),
            ":disableRenovate" | ":disableAll" | ":disable" | "config:disableAll"
        )
    };
    let never = |schedule: &String| {
        let schedule = schedule.to_ascii_lowercase();
        schedule.contains("never")
            || (schedule.contains("february") || schedule.contains("feb "))
                && (schedule.contains("30") || schedule.contains("31"))
    };
    if is("enabled", &Json::Bool(false)) {
        Some("it is switched off")
    } else if texts(settings.get("extends")).iter().any(disabling) {
        Some("it extends a preset that switches it off")
    } else if every("ignorePaths") || every("ignoreDeps") {
        Some("it ignores everything")
    } else if is("dependencyDashboardApproval", &Json::Bool(true)) {
        Some("it brings nothing before somebody approves it")
    } else if is("mode", &Json::String("silent".to_owned())) {
        Some("it is silent: it opens no pull request")
    } else if !texts(settings.get("schedule")).is_empty() && texts(settings.get("schedule")).iter().all(never) {
        Some("its schedule never begins")
    } else {
        None
    }
}

/// Is it a schedule of the usual words?
fn is_schedule(schedule: &str) -> bool {
    const WORDS: &[&str] = &[
        "at",
        "any",
        "time",
        "before",
        "after",
        "and",
        "on",
        "every",
        "weekend",
        "weekday",
        "weekdays",
        "day",
        "days",
        "of",
        "the",
        "month",
        "months",
        "week",
        "first",
        "last",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
        "sat",
        "sun",
        "quarterly",
        "monthly",
        "weekly",
        "daily",
        "instance",
        "through",
    ];
    let lower = schedule.to_ascii_lowercase();
    let fields: Vec<&str> = lower.split_whitespace().collect();
    let cron = fields.len() == 5
        && fields
            .iter()
            .take(4)
            .all(|field| field.bytes().all(|byte| byte.is_ascii_digit() || b"*,-/?l".contains(&byte)));
    let impossible = cron && fields.get(3) == Some(&"2") && matches!(fields.get(2), Some(&("30" | "31")));
    let word = |word: &&str| {
        let word = word.trim_matches(',');
        WORDS.contains(&word)
            || ["am", "pm", "st", "nd", "rd", "th", ":00am", ":00pm", ""].iter().any(|end| {
                word.strip_suffix(end).is_some_and(|number| number.parse::<u8>().is_ok_and(|number| number <= 31))
            })
    };
    !impossible && (cron || fields.iter().all(word))
}

/// A bot whose configuration is known by its name alone.
pub(super) fn known_by_name(_: &str, fact: &mut PolicyFact, _: Date) {
    fact.statement = Some(Statement::NotUnderstood);
    fact.problems.push("the configuration of this bot is not read; what it updates is not known".to_owned());
}

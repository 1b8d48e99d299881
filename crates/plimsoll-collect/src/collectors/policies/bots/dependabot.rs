//! Dependabot: which ecosystems it brings new versions for.
//!
//! Source: GitHub, "Dependabot options reference".

use jiff::civil::Date;
use yaml_serde::Value;

use super::{PolicyFact, Statement, ecosystem};
use crate::collectors::{
    cron::{self, Begins},
    yaml,
};

/// Days of waiting after which a bot brings what is long known.
const LONGEST_COOLDOWN: i64 = 180;
/// The branches that a repository has by default.
const DEFAULT_BRANCHES: &[&str] = &["main", "master"];

/// What one update brings.
enum Brings {
    New,
    Nothing(&'static str),
    NotKnown(String),
}

/// Dependabot: version 2, and at least one ecosystem that is updated on a schedule.
pub(in super::super) fn dependabot(text: &str, fact: &mut PolicyFact, _: Date) {
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
    let (mut off, mut unclear) = (Vec::new(), Vec::new());
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
        match brings(update, schedule) {
            Brings::New => {}
            Brings::Nothing(why) => {
                off.push(format!("{name}: {why}"));
                continue;
            }
            Brings::NotKnown(why) => {
                unclear.push(format!("{name}: {why}"));
                continue;
            }
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
        fact.ignored.extend(ignored(update).into_iter().map(|pattern| (name.clone(), pattern)));
        fact.covers.push(name);
    }
    if let Some(why) = unclear.first() {
        fact.statement = Some(Statement::NotUnderstood);
        if fact.covers.is_empty() && fact.problems.is_empty() {
            fact.problems.push(why.clone());
        }
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

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_sequence).map_or(&[], Vec::as_slice)
}

fn every(name: Option<&Value>) -> bool {
    name.and_then(Value::as_str).is_some_and(|name| name.trim_matches('*').is_empty())
}

/// Does a rule leave out every version of what it names?
fn is_whole(rule: &Value) -> bool {
    const TYPES: &[&str] =
        &["version-update:semver-major", "version-update:semver-minor", "version-update:semver-patch"];
    let types: Vec<&str> = list(rule, "update-types").iter().filter_map(Value::as_str).collect();
    let versions = list(rule, "versions");
    let all_versions = versions.is_empty()
        || versions.iter().filter_map(Value::as_str).any(|version| {
            matches!(version.trim(), "*" | ">= 0" | ">=0" | "> 0" | ">0" | "x" | ">= 0.0.0" | ">=0.0.0")
        });
    all_versions && (types.is_empty() || TYPES.iter().all(|one| types.contains(one)))
}

/// Patterns of dependencies that an update leaves out as a whole.
fn ignored(update: &Value) -> Vec<String> {
    let whole = list(update, "ignore").iter().filter(|rule| is_whole(rule));
    whole.filter_map(|rule| Some(rule.get("dependency-name")?.as_str()?.to_owned())).collect()
}

/// What an update brings.
fn brings(update: &Value, schedule: &Value) -> Brings {
    const INTERVALS: &[&str] = &["daily", "weekly", "monthly", "quarterly", "semiannually", "yearly"];
    let interval = schedule.get("interval").and_then(Value::as_str).unwrap_or_default();
    let cronjob = schedule.get("cronjob").and_then(Value::as_str);
    match (interval, cronjob.map(cron::begins)) {
        ("cron", Some(Begins::Never)) => return Brings::Nothing("its schedule never begins"),
        ("cron", Some(Begins::NotUnderstood)) => {
            return Brings::NotKnown("when its schedule begins is not known".to_owned());
        }
        ("cron", Some(Begins::Sometimes)) => {}
        (interval, _) if INTERVALS.contains(&interval) => {}
        _ => return Brings::Nothing("its interval is none that there is"),
    }
    // A limit of 0 switches updates of versions off and leaves those for security on.
    if update.get("open-pull-requests-limit").and_then(Value::as_i64) == Some(0) {
        return Brings::Nothing("its limit of pull requests is 0");
    }
    if list(update, "ignore").iter().any(|rule| every(rule.get("dependency-name")) && is_whole(rule)) {
        return Brings::Nothing("it ignores every dependency");
    }
    let allowed = list(update, "allow");
    let is_open = |rule: &Value| rule.get("dependency-name").is_none() || every(rule.get("dependency-name"));
    if !allowed.is_empty() && !allowed.iter().any(is_open) {
        return Brings::Nothing("it allows only dependencies that it names");
    }
    let kinds: Vec<&str> = allowed
        .iter()
        .filter(|rule| is_open(rule))
        .map(|rule| rule.get("dependency-type").and_then(Value::as_str).unwrap_or("all"))
        .collect();
    if !kinds.is_empty() && !kinds.iter().any(|kind| matches!(*kind, "all" | "direct" | "production")) {
        return Brings::Nothing(if kinds.contains(&"development") {
            "it allows only dependencies of development"
        } else {
            "it allows no direct dependencies"
        });
    }
    if list(update, "exclude-paths").iter().filter_map(Value::as_str).any(|path| matches!(path, "**" | "**/*" | "*")) {
        return Brings::Nothing("it leaves out every path");
    }
    let cooldown = update.get("cooldown");
    let waits = cooldown.and_then(|cooldown| cooldown.get("default-days")).and_then(Value::as_i64).unwrap_or_default();
    if waits > LONGEST_COOLDOWN && cooldown.is_some_and(|cooldown| cooldown.get("include").is_none()) {
        return Brings::Nothing("it waits for more than half a year");
    }
    match update.get("target-branch").and_then(Value::as_str) {
        Some(branch) if !DEFAULT_BRANCHES.contains(&branch) => Brings::NotKnown(format!(
            "it updates the branch \"{}\", and whether that is there and is released is not seen at this commit",
            plimsoll_model::one_line(branch)
        )),
        _ => Brings::New,
    }
}

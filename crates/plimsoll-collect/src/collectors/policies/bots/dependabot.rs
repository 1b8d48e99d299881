//! Dependabot: which ecosystems it brings new versions for.
//!
//! Source: GitHub, "Dependabot options reference".

use jiff::civil::Date;
use plimsoll_formats::yaml;
use plimsoll_pipelines::cron::{self, Begins};
use yaml_serde::Value;

use super::{PolicyFact, Statement, ecosystem};

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
        let excluded = list(update, "exclude-paths").iter().filter_map(Value::as_str);
        fact.excluded.extend(excluded.map(|path| (name.clone(), path.to_owned())));
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

const SIZES: [&str; 3] = ["version-update:semver-major", "version-update:semver-minor", "version-update:semver-patch"];

/// Does a range take in every version?
fn is_every_version(range: &str) -> bool {
    let range: String = range.chars().filter(|letter| !letter.is_whitespace()).collect();
    let nought = |text: &str| {
        let number = text.split('-').next().unwrap_or_default();
        number.bytes().all(|byte| matches!(byte, b'0' | b'.' | b'*' | b'x' | b'X'))
    };
    match range.strip_prefix(['>', '[', '(']) {
        Some(rest) if range.starts_with('>') => nought(rest.trim_start_matches('=')),
        Some(rest) => rest.split_once(',').is_some_and(|(low, high)| nought(low) && matches!(high, ")" | "]")),
        None => !range.is_empty() && range.bytes().all(|byte| matches!(byte, b'*' | b'x' | b'X' | b'.')),
    }
}

/// The sizes of updates that a rule leaves out, whatever the version; nothing where that is not known.
fn sizes(rule: &Value) -> Option<Vec<&'static str>> {
    let texts = |name: &str| match rule.get(name) {
        None => Some(Vec::new()),
        Some(Value::Sequence(all)) => all.iter().map(Value::as_str).collect::<Option<Vec<&str>>>(),
        Some(_) => None,
    };
    let (types, versions) = (texts("update-types")?, texts("versions")?);
    if !versions.is_empty() && !versions.iter().any(|range| is_every_version(range)) {
        return None;
    }
    if types.is_empty() {
        return Some(SIZES.to_vec());
    }
    types.iter().map(|one| SIZES.into_iter().find(|size| size == one)).collect()
}

fn is_all(sizes: &[&str]) -> bool {
    SIZES.iter().all(|size| sizes.contains(size))
}

/// Patterns of dependencies that an update leaves out as a whole, by one rule or by several together.
fn ignored(update: &Value) -> Vec<String> {
    let rules = list(update, "ignore");
    let name = |rule: &Value| rule.get("dependency-name").and_then(Value::as_str).map(ToOwned::to_owned);
    let named = rules.iter().filter_map(name);
    named
        .filter(|pattern| {
            let own = rules.iter().filter(|rule| {
                name(rule).is_some_and(|other| other == *pattern || super::dependencies::matches(&other, pattern))
            });
            is_all(&own.filter_map(sizes).flatten().collect::<Vec<_>>())
        })
        .collect()
}

/// What the rules that hold for every dependency leave out.
fn ignores(update: &Value) -> Option<Brings> {
    let unclear = || Some(Brings::NotKnown("what it ignores is not understood".to_owned()));
    let rules = match update.get("ignore") {
        None => return None,
        Some(Value::Sequence(rules)) => rules,
        Some(_) => return unclear(),
    };
    let of_all = || rules.iter().filter(|rule| every(rule.get("dependency-name")));
    let left_out: Vec<&str> = of_all().filter_map(sizes).flatten().collect();
    if is_all(&left_out) {
        return Some(Brings::Nothing("it ignores every dependency"));
    }
    let named = rules.iter().all(|rule| rule.get("dependency-name").is_some_and(Value::is_string));
    if named && of_all().all(|rule| sizes(rule).is_some()) { None } else { unclear() }
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
    match update.get("open-pull-requests-limit").map(Value::as_i64) {
        Some(Some(0)) => return Brings::Nothing("its limit of pull requests is 0"),
        Some(limit) if limit.is_none_or(|limit| limit < 0) => {
            return Brings::NotKnown("its limit of pull requests is no number that there can be".to_owned());
        }
        _ => {}
    }
    if let Some(nothing) = ignores(update) {
        return nothing;
    }
    for name in ["allow", "exclude-paths"] {
        if update.get(name).is_some_and(|value| !value.is_sequence()) {
            return Brings::NotKnown(format!("\"{name}\" is no list, and what it means is not known"));
        }
    }
    if list(update, "exclude-paths").iter().any(|path| !path.is_string()) {
        return Brings::NotKnown("a path that it leaves out is no text".to_owned());
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

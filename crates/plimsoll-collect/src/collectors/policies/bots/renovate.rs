//! Renovate: which ecosystems it brings new versions for, and what switches it off.
//!
//! Source: Renovate, "Configuration options" and "Default presets".

use jiff::civil::Date;
use plimsoll_components::update_tools;
use plimsoll_pipelines::cron::Begins;
use regex::Regex;
use serde_json::{Map, Value as Json};

use super::{
    PolicyFact, Statement, ecosystem, forms,
    times::{days, schedule},
};
use plimsoll_formats::json5;

/// Days after which a version is no longer new.
const LONGEST_AGE: u64 = 180;

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

/// Matchers of what is not seen at a commit.
const NOT_SEEN: &[&str] = &[
    "matchBaseBranches",
    "matchConfidence",
    "matchCurrentAge",
    "matchJsonata",
    "matchNewValue",
    "matchRegistryUrls",
    "matchRepositories",
];

/// Namespaces of presets that come with Renovate.
const OWN_PRESETS: &[&str] = &[
    "",
    "abandonments",
    "config",
    "customManagers",
    "default",
    "docker",
    "global",
    "group",
    "helpers",
    "mergeConfidence",
    "monorepo",
    "npm",
    "packages",
    "preview",
    "regexManagers",
    "replacements",
    "schedule",
    "security",
    "workarounds",
];
/// Presets that switch off a part that is not asked for.
const HARMLESS: &[&str] = &[
    ":disableDependencyDashboard",
    ":disableDigestUpdates",
    ":disableDomain",
    ":disableHost",
    ":disableLockFiles",
    ":disableMajorUpdates",
    ":disablePeerDependencies",
    ":disableRateLimiting",
    ":disableVulnerabilityAlerts",
    "docker:disable",
    "docker:disableMajor",
    ":maintainLockFilesDisabled",
];
/// Parts that may be switched off without a word on new versions.
const PARTS: &[&str] = &[
    "lockFileMaintenance",
    "vulnerabilityAlerts",
    "osvVulnerabilityAlerts",
    "pin",
    "pinDigest",
    "digest",
    "rollback",
    "replacement",
    "major",
    "minor",
    "patch",
];
/// What managers call the dependencies that a product has when it runs.
const RUNTIME: &[&str] = &[
    "dependencies",
    "require",
    "project.dependencies",
    "tool.poetry.dependencies",
    "packages",
    "compile",
    "runtime",
    "prod",
    "production",
];

/// Sources and groups of versions that are no packages of a language.
const NO_PACKAGES: &[&str] = &[
    "ansible",
    "cd",
    "ci",
    "docker",
    "github-actions",
    "github-releases",
    "github-tags",
    "golang-version",
    "helm",
    "iac",
    "kubernetes",
    "node-version",
    "python-version",
    "ruby-version",
    "terraform",
];

/// What is known of the whole.
enum Whole {
    On,
    Off(String),
    NotKnown(String),
}

/// Renovate: on unless it says otherwise, for every manager that it does not leave out.
pub(in super::super) fn renovate(text: &str, fact: &mut PolicyFact, _: Date) {
    match json5::read(text) {
        Ok(Json::Object(settings)) => settings_of_renovate(&settings, fact),
        Ok(_) => fact.problems.push("not a table of settings".to_owned()),
        Err(error) => fact.problems.push(format!("not JSON5: {error}")),
    }
}

/// Settings of Renovate in package.json. Gives whether there are any.
pub(in super::super) fn renovate_in_package(text: &str, fact: &mut PolicyFact) -> bool {
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

/// Names of packages of several ecosystems; what matches all of them matches every name.
const SAMPLES: &[&str] = &["serde", "tokio", "@types/node", "left-pad", "a", "github.com/acme/w", "org.acme:w", "Q9_x"];

/// Does a pattern of Renovate match every name?
fn is_everything(pattern: &str) -> bool {
    if let Some(regex) = pattern.strip_prefix('/').and_then(|rest| rest.trim_end_matches('i').strip_suffix('/')) {
        return regex.len() < 200
            && Regex::new(regex).is_ok_and(|regex| SAMPLES.iter().all(|name| regex.is_match(name)));
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

/// What the rules of `packageRules` switch off, in their order.
#[derive(Default)]
struct Rules {
    all_off: Option<String>,
    managers: Vec<String>,
    updates: Vec<String>,
    packages: Vec<String>,
    paths: Vec<String>,
    unclear: Option<String>,
}

impl Rules {
    fn read(settings: &Map<String, Json>) -> Self {
        let mut rules = Self::default();
        let mut wrong = settings.get("packageRules").is_some_and(|all| !all.is_array());
        for rule in settings.get("packageRules").and_then(Json::as_array).into_iter().flatten() {
            match rule.as_object() {
                Some(rule) => rules.rule(rule),
                None => wrong = true,
            }
        }
        if wrong {
            rules.unclear = Some("its \"packageRules\" are no list of rules".to_owned());
        }
        let has = |size: &&str| rules.updates.iter().any(|one| one == size);
        if ["major", "minor", "patch"].iter().all(has) && rules.all_off.is_none() {
            rules.all_off = Some("its rules switch off updates of every size".to_owned());
        }
        let covered = |name: &&str| rules.packages.iter().any(|pattern| super::dependencies::matches(pattern, name));
        if rules.packages.len() > 1 && SAMPLES.iter().all(covered) {
            rules.unclear.get_or_insert_with(|| "its rules may switch off every package".to_owned());
        }
        rules
    }

    fn rule(&mut self, rule: &Map<String, Json>) {
        if let Some(wrong) = forms::wrong(rule) {
            self.unclear = Some(wrong);
            return;
        }
        let enabled = rule.get("enabled").and_then(Json::as_bool);
        let whole = if enabled == Some(true) { Whole::On } else { whole(rule) };
        let sizes = switched_off_sizes(rule);
        let why = match &whole {
            Whole::Off(why) => Some(why.clone()),
            Whole::On if sizes => Some("updates of every size are switched off".to_owned()),
            Whole::On if enabled.is_none() => return,
            Whole::NotKnown(_) | Whole::On => None,
        };
        let matchers: Vec<(&String, &Json)> =
            rule.iter().filter(|(key, _)| key.starts_with("match") || key.starts_with("exclude")).collect();
        if let Some((key, _)) = matchers.iter().find(|(key, _)| !MATCHERS.contains(&key.as_str())) {
            self.unclear = Some(format!("a rule matches by \"{key}\", which is not known here"));
            return;
        }
        let narrow: Vec<(&str, &Json)> = matchers
            .iter()
            .filter(|(key, value)| *key != "matchManagers" && !matches_everything(key, value))
            .map(|(key, value)| (key.as_str(), *value))
            .collect();
        let managers = rule.get("matchManagers").map(|managers| texts(Some(managers)));
        if enabled == Some(true) {
            match (narrow.is_empty(), managers) {
                (true, Some(managers)) if self.all_off.is_none() => self.managers.retain(|one| !managers.contains(one)),
                (true, None) => *self = Self { unclear: self.unclear.take(), ..Self::default() },
                _ if self.all_off.is_some() => {
                    self.unclear = Some("rules switch everything off and some of it on again".to_owned());
                }
                _ => {}
            }
            return;
        }
        if let (Whole::NotKnown(why), true) = (&whole, narrow.is_empty()) {
            self.unclear = Some(why.clone());
            return;
        }
        let Some(why) = why else { return };
        if let Some((key, _)) = narrow.iter().find(|(key, _)| NOT_SEEN.contains(key)) {
            self.unclear = Some(format!("a rule switches off what \"{key}\" matches, which is not seen here"));
            return;
        }
        let rest_of = |value: &Json| {
            let patterns = texts(Some(value));
            !patterns.is_empty() && patterns.iter().all(|pattern| pattern.starts_with('!'))
        };
        match narrow.as_slice() {
            [] => match managers {
                Some(managers) if managers.iter().any(|name| name.starts_with('!') || name.contains('*')) => {
                    self.unclear = Some("a rule switches off all managers but some".to_owned());
                }
                Some(managers) => self.managers.extend(managers),
                None => self.all_off = Some(format!("a rule switches all of it off: {why}")),
            },
            // What is left is a few packages, and which of them are used is not read.
            narrow if narrow.iter().all(|(key, value)| key.starts_with("exclude") || rest_of(value)) => {
                self.unclear = Some("a rule switches off everything but a few".to_owned());
            }
            [("matchDepTypes", types)] => {
                let types = texts(Some(types));
                if types.iter().any(|one| RUNTIME.contains(&one.as_str())) {
                    self.all_off = Some("a rule switches off the dependencies that ship".to_owned());
                } else if types.iter().any(|one| one.contains(['*', '/', '!'])) {
                    self.unclear = Some("which types of dependencies a rule switches off is not known".to_owned());
                }
            }
            [("matchFileNames" | "matchPaths" | "matchFiles", paths)] if managers.is_none() => {
                self.paths.extend(texts(Some(paths)));
            }
            [("matchUpdateTypes", types)] if managers.is_none() => self.updates.extend(texts(Some(types))),
            [("matchPackageNames" | "matchDepNames", names)] if managers.is_none() => {
                self.packages.extend(texts(Some(names)));
            }
            [("matchPackagePatterns" | "matchDepPatterns", patterns)] if managers.is_none() => {
                self.packages.extend(texts(Some(patterns)).iter().map(|pattern| format!("/{pattern}/")));
            }
            [("matchDatasources" | "matchCategories" | "matchLanguages", names)]
                if managers.is_none()
                    && !texts(Some(names)).iter().all(|name| NO_PACKAGES.contains(&name.as_str())) =>
            {
                self.unclear = Some("which ecosystems a rule switches off is not known".to_owned());
            }
            _ => {}
        }
    }
}

fn is_off(value: Option<&Json>) -> bool {
    value.and_then(|one| one.get("enabled")) == Some(&Json::Bool(false))
}

fn switched_off_sizes(settings: &Map<String, Json>) -> bool {
    ["major", "minor", "patch"].iter().all(|name| is_off(settings.get(*name)))
}

fn settings_of_renovate(settings: &Map<String, Json>, fact: &mut PolicyFact) {
    let mut unclear = match whole(settings) {
        Whole::On => None,
        Whole::Off(why) => {
            fact.problems.push(why);
            return;
        }
        Whole::NotKnown(why) => Some(why),
    };
    if switched_off_sizes(settings) {
        fact.problems.push("updates of every size are switched off".to_owned());
        return;
    }
    unclear = unclear.or_else(|| forms::wrong(settings));
    let mut rules = Rules::read(settings);
    unclear = unclear.or(rules.unclear.take());
    if let Some(why) = rules.all_off.take().filter(|_| unclear.is_none()) {
        fact.problems.push(why);
        return;
    }
    let known = || update_tools().iter().map(|(theirs, _)| (*theirs).to_owned());
    let mut managers_off = rules.managers;
    for (name, _) in settings.iter().filter(|(_, own)| is_off(Some(own))) {
        if RUNTIME.contains(&name.as_str()) || name == "force" {
            fact.problems.push(format!("it switches off \"{name}\""));
            return;
        }
        if known().any(|known| known == *name) {
            managers_off.push(name.clone());
        } else if !PARTS.contains(&name.as_str()) {
            unclear.get_or_insert_with(|| {
                format!("it switches off \"{}\", and what that is is not known", plimsoll_model::one_line(name))
            });
        }
    }
    let only = settings.get("enabledManagers").map(|managers| texts(Some(managers)));
    fact.covers = if only.is_none() && !managers_off.iter().any(|name| known().any(|known| known == *name)) {
        vec!["all".to_owned()]
    } else {
        let managers = only.unwrap_or_else(|| known().collect());
        managers.iter().filter(|name| !managers_off.contains(name)).map(|name| ecosystem(name).to_owned()).collect()
    };
    fact.covers.sort();
    fact.covers.dedup();
    if fact.covers.is_empty() {
        fact.problems.push("it updates nothing".to_owned());
        return;
    }
    let ignored = texts(settings.get("ignoreDeps")).into_iter().chain(rules.packages);
    fact.ignored.extend(ignored.map(|pattern| ("all".to_owned(), pattern)));
    let excluded = texts(settings.get("ignorePaths")).into_iter().chain(rules.paths);
    fact.excluded.extend(excluded.map(|path| ("all".to_owned(), path)));
    if let Some(paths) = settings.get("includePaths").map(|paths| texts(Some(paths))).filter(|paths| !paths.is_empty())
    {
        fact.reach.push(("all".to_owned(), paths));
        fact.covers = vec!["all".to_owned()];
    }
    if let Some(why) = unclear {
        fact.statement = Some(Statement::NotUnderstood);
        fact.problems.push(why);
    }
}

/// Does a table of settings, of all or of one rule, bring anything by itself?
fn whole(settings: &Map<String, Json>) -> Whole {
    let is = |key: &str, value: &Json| settings.get(key) == Some(value);
    let every = |key: &str| texts(settings.get(key)).iter().any(|path| is_everything(path));
    let off = |why: &str| Whole::Off(why.to_owned());
    let word = |key: &str, word: &str| is(key, &Json::String(word.to_owned()));
    if is("enabled", &Json::Bool(false)) || is_off(settings.get("force")) {
        return off("it is switched off");
    }
    if every("ignorePaths") || every("ignoreDeps") {
        return off("it ignores everything");
    }
    if is("dependencyDashboardApproval", &Json::Bool(true)) || word("prCreation", "approval") {
        return off("it proposes nothing before someone approves it");
    }
    if word("mode", "silent")
        || settings.get("dryRun").is_some_and(|run| !matches!(run, Json::Null | Json::Bool(false)))
    {
        return off("it is silent: it opens no pull request");
    }
    let mut not_known = None;
    for preset in texts(settings.get("extends")) {
        let name = preset.split('(').next().unwrap_or_default();
        let (space, _) = name.split_once(':').unwrap_or(("config", name));
        let name = name.strip_prefix("default").unwrap_or(name);
        if matches!(name, ":disableRenovate" | ":disableAll" | ":disable" | "config:disableAll") {
            return off("it extends a preset that switches it off");
        }
        if name == ":dependencyDashboardApproval" {
            return off("it proposes nothing before someone approves it");
        }
        let own = OWN_PRESETS.contains(&space) && preset.contains(':') && !preset.contains(['>', '/']);
        if !own || name.to_ascii_lowercase().contains("disable") && !HARMLESS.contains(&name) {
            let shown = plimsoll_model::one_line(&preset);
            not_known = Some(format!("it extends \"{shown}\", which is not read here"));
        }
    }
    let schedules = texts(settings.get("schedule"));
    if !schedules.is_empty() && schedules.iter().all(|one| schedule(one) == Begins::Never) {
        return off("its schedule never begins");
    }
    if !schedules.is_empty() && !schedules.iter().any(|one| schedule(one) == Begins::Sometimes) {
        let shown = plimsoll_model::one_line(schedules.first().map_or("", String::as_str));
        not_known = Some(format!("whether its schedule \"{shown}\" ever begins is not known"));
    }
    match settings.get("minimumReleaseAge").and_then(Json::as_str).map(days) {
        Some(Some(days)) if days > LONGEST_AGE => return off("it waits for more than half a year"),
        Some(None) => not_known = Some("how long it waits for a release is not known".to_owned()),
        _ => {}
    }
    if settings.get("stabilityDays").and_then(Json::as_u64).is_some_and(|days| days > LONGEST_AGE) {
        return off("it waits for more than half a year");
    }
    let branches = texts(settings.get("baseBranches")).into_iter().chain(texts(settings.get("baseBranchPatterns")));
    let branches: Vec<String> = branches.collect();
    if !branches.is_empty() && !branches.iter().any(|branch| matches!(branch.as_str(), "main" | "master" | "$default"))
    {
        let shown = plimsoll_model::one_line(branches.first().map_or("", String::as_str));
        not_known = Some(format!("whether there is a branch \"{shown}\" is not seen at this commit"));
    }
    not_known.map_or(Whole::On, Whole::NotKnown)
}

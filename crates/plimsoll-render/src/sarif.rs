//! What a label misses as a SARIF log, for code scanning and editors.

mod form;
mod place;

use std::collections::BTreeMap;

use form::{
    AutomationDetails, BaseId, Configuration, Driver, Found, Help, Invocation, Level, Log, Message, Notification,
    Properties, Rule, Run, Tool,
};
pub(crate) use place::uri;
use plimsoll_model::{Contradiction, CriterionResult, Finding, Missing, Outcome, Pointer, Statement, sha256_hex};

use serde_json::Value;

use crate::{html, markdown, view::View, words};

/// The schema that the log is valid against.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Code scanning on GitHub cuts descriptions at 1,024 characters.
const DESCRIPTION: usize = 1000;

/// Gives a SARIF 2.1.0 log with one run: a rule and a result for each criterion that is not met, each claim that the
/// evidence disproves, each demand of the next tier that only the maker's word can fill, and each advisory finding.
///
/// Errors are claims that are disproved, what the first tier misses, and vulnerabilities of high or unknown severity in
/// what ships; notes are what is not known. The maker's word on a finding stands in its message and is no suppression: it never
/// removes a finding. What was not seen are notifications of the invocation. Paths are relative to the repository, and
/// what has no file says so. The same label gives the same bytes; fingerprints do not depend on lines.
///
/// There is no `helpUri`: it has to be absolute, and the reference travels with the sources; the rule's property `reference`
/// names the place there.
///
/// Source: SARIF Version 2.1.0, OASIS Standard.
pub fn sarif(statement: &Statement) -> String {
    let view = View::new(statement);
    let mut list = List::default();
    for item in &view.body().contradictions {
        list.contradiction(view, item);
    }
    for criterion in &view.body().criteria {
        list.criterion(view, criterion);
    }
    for step in view.steps() {
        list.demand(view, step);
    }
    for finding in &view.body().findings {
        list.finding(finding);
    }
    let log = Log { schema: SCHEMA, version: "2.1.0", runs: [run(view, list)] };
    // Strings, numbers, and maps with names for keys: nothing in it can fail to be written.
    serde_json::to_string_pretty(&log).unwrap_or_default() + "\n"
}

/// Rules by id, and results that name them by id until all are known.
#[derive(Default)]
struct List {
    rules: BTreeMap<String, Rule>,
    results: Vec<Found>,
    contradicted: Vec<String>,
}

impl List {
    fn contradiction(&mut self, view: View<'_>, item: &Contradiction) {
        let criterion = view.criterion(&item.criterion);
        let rule = criterion.map_or_else(
            || plain_rule(&item.criterion, &item.title, "", Level::Error),
            |criterion| criterion_rule(view, criterion, Level::Error),
        );
        let told = format!(
            "The source disproves the claim {} ({}): {}",
            item.entry,
            item.title,
            words::sentence(&item.reason)
        );
        self.contradicted.push(item.criterion.clone());
        let identity = ["contradiction", &item.criterion, &item.entry];
        let properties = properties([("entry", item.entry.as_str().into()), ("cap", item.cap.into())]);
        self.push(rule, Level::Error, &told, &item.pointers, &identity, properties);
    }

    fn criterion(&mut self, view: View<'_>, criterion: &CriterionResult) {
        if matches!(criterion.outcome, Outcome::Met | Outcome::NotApplicable)
            || self.contradicted.contains(&criterion.id)
        {
            return;
        }
        let level = level(view, criterion);
        let told = format!(
            "{} {}: {}",
            words::clean(&criterion.asks),
            words::capital(words::outcome(criterion.outcome)),
            words::sentence(&criterion.reason)
        );
        let properties = properties([("outcome", criterion.outcome.as_str().into())]);
        let rule = criterion_rule(view, criterion, level);
        self.push(rule, level, &told, &criterion.pointers, &["criterion", &criterion.id], properties);
    }

    /// A demand of the next tier, where no criterion of it stands in the log already.
    fn demand(&mut self, view: View<'_>, step: &Missing) {
        let shown = |id: &String| self.rules.contains_key(id);
        if shown(&step.id) || step.criteria.iter().any(shown) {
            return;
        }
        let tier = view.next().map(|rung| rung.level).unwrap_or_default();
        let level = if tier == 1 { Level::Error } else { Level::Warning };
        let mut rule = plain_rule(&step.id, &step.title, view.remedy(step).unwrap_or_default(), level);
        rule.properties.insert("tier", tier.into());
        let told = format!("{} {}", words::sentence(&step.title), words::sentence(&step.reason));
        let properties = properties([("outcome", step.outcome.as_str().into()), ("asked", step.asked.as_str().into())]);
        self.push(rule, level, &told, &[], &["demand", &step.id], properties);
    }

    fn finding(&mut self, finding: &Finding) {
        let level = weight(finding);
        let mut told = format!(
            "{} {} has {} ({}, severity {}); it is {} in {}, {}.",
            finding.package,
            finding.version,
            finding.advisory,
            finding.kind,
            finding.severity,
            finding.reach,
            finding.class,
            finding.lockfile
        );
        let fix = if finding.patched.is_empty() {
            "No version is free of it.".to_owned()
        } else {
            format!("Free of it: {} {}.", finding.package, finding.patched.join(", "))
        };
        let exploited = words::exploitation(finding).map(|told| format!("It is {told}. "));
        let exploited = exploited.filter(|_| finding.known_exploited.is_some()).unwrap_or_default();
        told = format!("{told} {exploited}{fix}");
        for exception in &finding.exceptions {
            told = format!("{told} {}.", words::capital(&words::exception(exception)));
        }
        let title = format!("{}: {} in {}", finding.advisory, finding.kind, finding.package);
        let mut rule = plain_rule(&finding.advisory, &title, &fix, level);
        rule.properties.insert("tags", vec!["security", "advisory"].into());
        if let Some(score) = score(&finding.severity) {
            rule.properties.insert("security-severity", score.into());
        }
        let properties = properties([
            ("package", finding.package.as_str().into()),
            ("version", finding.version.as_str().into()),
            ("reach", finding.reach.as_str().into()),
            ("class", finding.class.as_str().into()),
            ("answered", finding.exceptions.iter().any(|exception| exception.valid).into()),
        ]);
        let identity = ["finding", &finding.advisory, &finding.package, &finding.version, &finding.lockfile];
        self.push(rule, level, &told, &[Pointer::path(&finding.lockfile)], &identity, properties);
    }

    fn push(
        &mut self,
        rule: Rule,
        level: Level,
        told: &str,
        pointers: &[Pointer],
        identity: &[&str],
        mut properties: Properties,
    ) {
        let places: Vec<String> = pointers
            .iter()
            .filter(|pointer| pointer.path.is_none())
            .map(|pointer| words::clean(&pointer.display()))
            .filter(|place| !place.is_empty())
            .collect();
        if !places.is_empty() {
            properties.insert("seenAt", places.into());
        }
        // Lengths before the parts: no two lists of parts give the same text.
        let identity: Vec<String> = identity.iter().map(|part| format!("{}:{part};", part.len())).collect();
        let fingerprint = sha256_hex(identity.concat().as_bytes());
        self.results.push(Found {
            rule_id: rule.id.clone(),
            rule_index: 0,
            level,
            message: message(told, usize::MAX),
            locations: place::locations(pointers),
            // The first name is ours; GitHub keeps an alert the same by the second and asks for no other.
            partial_fingerprints: BTreeMap::from([
                ("plimsoll/v1", fingerprint.clone()),
                ("primaryLocationLineHash", fingerprint),
            ]),
            properties,
        });
        let known = self.rules.entry(rule.id.clone()).or_insert(rule);
        known.default_configuration.level = known.default_configuration.level.max(level);
    }
}

fn run(view: View<'_>, list: List) -> Run {
    let body = view.body();
    let List { rules, mut results, .. } = list;
    let index: BTreeMap<&String, usize> = rules.keys().zip(0..).collect();
    for result in &mut results {
        result.rule_index = index.get(&result.rule_id).copied().unwrap_or_default();
    }
    drop(index);
    let notifications = body
        .limitations
        .iter()
        .map(|item| Notification {
            level: Level::Note,
            message: message(&format!("Not seen: {}: {}", item.kind, words::sentence(&item.reason)), usize::MAX),
            properties: properties([("collector", item.collector.as_str().into())]),
        })
        .collect();
    let commit = view.commit();
    Run {
        tool: Tool {
            driver: Driver {
                name: words::clean(&body.tool.name),
                version: words::clean(&body.tool.version),
                rules: rules.into_values().collect(),
            },
        },
        invocations: [Invocation { execution_successful: true, tool_execution_notifications: notifications }],
        // What stands before the last slash is the category that one log replaces another in.
        automation_details: AutomationDetails { id: format!("plimsoll/{commit}") },
        original_uri_base_ids: BTreeMap::from([(
            place::ROOT,
            BaseId { description: Message { text: "The top of the repository.".to_owned() } },
        )]),
        column_kind: "unicodeCodePoints",
        results,
        properties: properties([
            ("tier", body.tier.level.into()),
            ("tierName", format!("{}{}", words::clean(&body.tier.name), view.by_other_practices()).into()),
            ("commit", commit.into()),
            ("asOf", body.as_of.to_string().into()),
            ("expires", body.expires.to_string().into()),
            ("evidence", body.evidence.get("sha256").cloned().into()),
        ]),
    }
}

/// The lowest tier that misses the criterion.
fn tier(view: View<'_>, id: &str) -> Option<u8> {
    let misses = |step: &Missing| step.id == id || step.criteria.iter().any(|criterion| criterion == id);
    let rungs = view.body().ladder.iter().filter(|rung| rung.missing.iter().any(misses));
    rungs.map(|rung| rung.level).min()
}

fn level(view: View<'_>, criterion: &CriterionResult) -> Level {
    match (tier(view, &criterion.id), criterion.outcome) {
        (Some(1), _) => Level::Error,
        (_, Outcome::Unknown) => Level::Note,
        _ => Level::Warning,
    }
}

/// Is a finding shown as an error?
pub(crate) fn is_serious(finding: &Finding) -> bool {
    weight(finding) == Level::Error
}

/// How much a finding weighs. One without a rating counts as serious; outside of what ships nothing is an error.
fn weight(finding: &Finding) -> Level {
    let level = match (finding.kind.as_str(), finding.severity.as_str()) {
        ("notice", _) | ("vulnerability", "low" | "none") => Level::Note,
        ("vulnerability", "medium") | ("unmaintained" | "unsound" | "yanked", _) => Level::Warning,
        _ => Level::Error,
    };
    let beside = matches!(finding.reach.as_str(), "dev" | "not-in-graph")
        || matches!(finding.class.as_str(), "test" | "example" | "fixture");
    if beside { level.min(Level::Warning) } else { level }
}

/// The lowest score of a severity, by which GitHub tells its four words apart.
///
/// Source: CVSS v3.1 specification section 5, qualitative severity rating scale.
fn score(severity: &str) -> Option<&'static str> {
    match severity {
        "critical" => Some("9.0"),
        "high" => Some("7.0"),
        "medium" => Some("4.0"),
        "low" => Some("0.1"),
        _ => None,
    }
}

fn criterion_rule(view: View<'_>, criterion: &CriterionResult, level: Level) -> Rule {
    let mut rule = plain_rule(&criterion.id, &criterion.asks, &criterion.fix, level);
    rule.full_description =
        message(&format!("{} {}", words::clean(&criterion.asks), words::clean(&criterion.why)), DESCRIPTION);
    let refs: Vec<String> = criterion.refs.iter().map(|source| words::clean(source)).collect();
    let anchor: String = criterion
        .id
        .to_lowercase()
        .chars()
        .filter(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_'))
        .collect();
    rule.properties.extend(properties([
        ("tier", tier(view, &criterion.id).into()),
        ("effort", words::clean(&criterion.effort).into()),
        ("refs", refs.into()),
        ("reference", format!("docs/criteria.md#{anchor}").into()),
    ]));
    // Not a `helpUri`, which has to be absolute: where the page of the label is published, nobody knows here.
    if let Some(place) = html::anchor(&criterion.id) {
        rule.properties.insert("page", format!("label.html#{place}").into());
    }
    rule
}

fn plain_rule(id: &str, title: &str, fix: &str, level: Level) -> Rule {
    let more = "What it asks, and where that is from:";
    let explain = words::clean(id);
    let fix = words::clean(fix);
    Rule {
        id: words::clean(id),
        short_description: message(title, DESCRIPTION),
        full_description: message(title, DESCRIPTION),
        default_configuration: Configuration { level },
        help: Help {
            text: escape(format!("{fix} {more} plimsoll explain {explain}").trim_start()),
            markdown: format!(
                "{} {more} {}",
                markdown::remedy(&fix),
                markdown::code(&format!("plimsoll explain {explain}"))
            )
            .trim_start()
            .to_owned(),
        },
        properties: properties([("tags", vec!["supply-chain"].into())]),
    }
}

fn properties<const N: usize>(members: [(&'static str, Value); N]) -> Properties {
    let clean = |value| if let Value::String(text) = value { words::clean(&text).into() } else { value };
    members.into_iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| (name, clean(value))).collect()
}

fn message(text: &str, limit: usize) -> Message {
    Message { text: escape(&words::shorten(&words::clean(text), limit)) }
}

/// Text in which no bracket makes a link and no brace a placeholder.
///
/// Source: SARIF 2.1.0 sections 3.11.5 (braces are doubled) and 3.11.6 (a backslash before brackets and itself).
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '[' | ']' | '\\' => out.extend(['\\', character]),
            '{' | '}' => out.extend([character, character]),
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests;

//! SARIF 2.1.0: what any analyser found, and whether it came to its end.
//!
//! Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0": 3.14 (run), 3.20 (invocation), 3.27 (result),
//! 3.35 (suppression), 3.58 (notification), 4.1 (version control).

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    report::{Report, Severity, day, list, name, text},
    tools,
};

/// Is it a document of this format?
pub(super) fn is(value: &Value) -> bool {
    text(value, "version").is_some_and(|version| version.starts_with("2.1")) && value.get("runs").is_some()
}

/// Reads all runs of a log as one report. Runs of several tools are for what all of them are for.
pub(super) fn read(value: &Value) -> Result<Report, String> {
    if text(value, "version") != Some("2.1.0") {
        return Err("SARIF of a version that is not read (2.1.0 is)".to_owned());
    }
    let runs = list(value, "runs").filter(|runs| !runs.is_empty());
    let runs = runs.ok_or("SARIF without a run says nothing")?;
    let mut report = Report { ended: true, ..Report::default() };
    let (mut names, mut commits, mut addresses) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    let (mut days, mut silent) = (Vec::new(), 0);
    for (at, run) in runs.iter().enumerate() {
        let driver = run.get("tool").and_then(|tool| tool.get("driver"));
        let driver = driver.ok_or("a run of SARIF names no tool")?;
        let tool = text(driver, "name").ok_or("a run of SARIF names no tool")?;
        let own = tools::purposes(tool).to_vec();
        if at == 0 {
            report.purposes = own;
            report.version = text(driver, "semanticVersion").or_else(|| text(driver, "version")).map(name);
        } else {
            report.purposes.retain(|purpose| own.contains(purpose));
        }
        if !names.contains(&name(tool)) {
            names.push(name(tool));
        }
        silent += usize::from(!subject(run, &mut commits, &mut addresses));
        days.push(invocations(run, &mut report));
        results(run, driver, &mut report);
    }
    report.tool = name(&names.join(", "));
    // The oldest run counts; one without a day may be older.
    report.date = days.into_iter().collect::<Option<Vec<_>>>().and_then(|days| days.into_iter().min());
    // A run that names no commit is of another one, for all that is known.
    if silent > 0 && !commits.is_empty() {
        report.problem("a run does not say of which commit it is, and another does");
    }
    report.commit = only(commits, "commits", &mut report);
    report.repository = only(addresses, "repositories", &mut report);
    Ok(report)
}

fn only(mut all: BTreeSet<String>, what: &str, report: &mut Report) -> Option<String> {
    if all.len() > 1 {
        report.problem(format!("it is about several {what}"));
        return None;
    }
    all.pop_first()
}

/// Takes the commit and the repository of a run. Does each place of it name a commit?
fn subject(run: &Value, commits: &mut BTreeSet<String>, addresses: &mut BTreeSet<String>) -> bool {
    let places = list(run, "versionControlProvenance").map(Vec::as_slice).unwrap_or_default();
    let revisions: Vec<&str> = places.iter().filter_map(|place| text(place, "revisionId")).collect();
    let named = revisions.len() == places.len() && !places.is_empty();
    commits.extend(revisions.into_iter().map(|revision| name(&revision.to_ascii_lowercase())));
    addresses.extend(places.iter().filter_map(|place| text(place, "repositoryUri")).map(name));
    named
}

/// Holds the invocations of a run to success, and gives the day of the oldest.
fn invocations(run: &Value, report: &mut Report) -> Option<jiff::civil::Date> {
    let all = list(run, "invocations").map(Vec::as_slice).unwrap_or_default();
    report.ended &= !all.is_empty();
    let mut days = Vec::new();
    for one in all {
        match one.get("executionSuccessful").and_then(Value::as_bool) {
            Some(true) => {}
            Some(false) => report.problem("a run says that it failed (executionSuccessful)"),
            None => report.problem("a run does not say whether it succeeded (executionSuccessful)"),
        }
        if one.get("exitSignalName").is_some_and(|signal| !signal.is_null()) {
            report.problem("a run was ended by a signal");
        }
        for kind in ["toolExecutionNotifications", "toolConfigurationNotifications"] {
            // What is there and no list could be anything.
            let notes = one.get(kind).filter(|notes| !notes.is_null());
            let Some(notes) = notes else { continue };
            let Some(notes) = notes.as_array() else {
                report.problem("its notifications cannot be read");
                continue;
            };
            // Where no level is given it is a warning. Source: 3.58.6.
            if notes.iter().any(|one| one.get("level").and_then(Value::as_str) == Some("error")) {
                report.problem("a run tells of an error, so a part may not have been looked at");
            }
        }
        let time = text(one, "endTimeUtc").or_else(|| text(one, "startTimeUtc"));
        days.push(time.and_then(day));
    }
    days.into_iter().collect::<Option<Vec<_>>>()?.into_iter().min()
}

fn results(run: &Value, driver: &Value, report: &mut Report) {
    // Without the list the tool has not begun to look. Source: 3.14.23.
    let Some(results) = list(run, "results") else {
        report.problem("a run has no list of results, so it looked at nothing");
        return;
    };
    if run.get("externalPropertyFileReferences").and_then(|files| files.get("results")).is_some() {
        report.problem("a part of the results is in other files");
    }
    let mut rules: Vec<&Value> = list(driver, "rules").into_iter().flatten().collect();
    let extensions = run.get("tool").and_then(|tool| list(tool, "extensions"));
    rules.extend(extensions.into_iter().flatten().filter_map(|one| list(one, "rules")).flatten());
    let rules: std::collections::BTreeMap<&str, &Value> =
        rules.into_iter().rev().filter_map(|rule| Some((text(rule, "id")?, rule))).collect();
    for result in results {
        // What is no failure is no finding; nor is what an earlier run had and this one has not.
        let kind = text(result, "kind").unwrap_or("fail");
        if matches!(kind, "pass" | "notApplicable" | "informational") || text(result, "baselineState") == Some("absent")
        {
            continue;
        }
        let id = text(result, "ruleId").or_else(|| text(result.get("rule")?, "id"));
        let by_number = || {
            let number = result.get("ruleIndex").or_else(|| result.get("rule")?.get("index"))?.as_u64()?;
            list(driver, "rules")?.get(usize::try_from(number).ok()?)
        };
        let rule = id.and_then(|id| rules.get(id).copied()).or_else(by_number);
        let id = id.or_else(|| text(rule?, "id")).unwrap_or("no rule");
        if is_suppressed(result) {
            report.suppressed += 1;
        } else {
            report.found(id, severity(result, rule, kind));
        }
    }
}

/// Is it suppressed by somebody? A suppression that is under review or rejected suppresses nothing. Source: 3.35.3, 3.27.23.
fn is_suppressed(result: &Value) -> bool {
    let all = list(result, "suppressions").map(Vec::as_slice).unwrap_or_default();
    !all.is_empty() && all.iter().all(|one| one.get("status").is_none_or(|status| status.as_str() == Some("accepted")))
}

/// How serious a result is: by the score that code scanning reads, else by its level.
///
/// Source: GitHub, "SARIF support for code scanning" (`security-severity`); SARIF 3.27.10 (level).
fn severity(result: &Value, rule: Option<&Value>, kind: &str) -> Severity {
    let score = |value: &Value| match value.get("properties")?.get("security-severity")? {
        Value::String(score) => Some(Severity::of_score(score)),
        Value::Number(score) => Some(Severity::of_score(&score.to_string())),
        _ => Some(Severity::Unrated),
    };
    if let Some(rated) = score(result).or_else(|| score(rule?)) {
        return rated;
    }
    let of_rule = || text(rule?.get("defaultConfiguration")?, "level");
    // Of what is to be looked at (`review`, `open`) only what the result itself says counts: zizmor writes its notes so.
    let level = match (text(result, "level"), kind) {
        (Some(level), _) => level,
        (None, "fail") => of_rule().unwrap_or("warning"),
        (None, _) => return Severity::Unrated,
    };
    match (level, kind) {
        ("error", _) => Severity::High,
        ("warning", _) => Severity::Medium,
        ("note", _) | ("none", "fail") => Severity::Low,
        _ => Severity::Unrated,
    }
}

//! What GitHub refuses before it runs anything: a workflow with it tests, lints and publishes nothing, whatever its jobs
//! say.
//!
//! Source: GitHub, "Workflow syntax for GitHub Actions"; actions/languageservices, `workflow-v1.0.json`.

use std::collections::{BTreeMap, BTreeSet};

use yaml_serde::{Mapping, Value};

use super::on;

use crate::waiting::waits_for_itself;

const TOP: &[&str] =
    &["on", "name", "description", "run-name", "defaults", "env", "permissions", "concurrency", "jobs"];
const JOB: &[&str] = &[
    "name",
    "permissions",
    "needs",
    "if",
    "runs-on",
    "snapshot",
    "environment",
    "concurrency",
    "outputs",
    "env",
    "defaults",
    "steps",
    "timeout-minutes",
    "cancel-timeout-minutes",
    "strategy",
    "continue-on-error",
    "container",
    "services",
];
const CALL: &[&str] = &["name", "uses", "with", "secrets", "needs", "if", "permissions", "concurrency", "strategy"];
const USES: &[&str] =
    &["name", "id", "if", "uses", "with", "env", "continue-on-error", "timeout-minutes", "background"];
const RUN: &[&str] = &[
    "name",
    "id",
    "if",
    "run",
    "env",
    "continue-on-error",
    "timeout-minutes",
    "background",
    "shell",
    "working-directory",
];
/// Steps that run nothing themselves.
const OTHER_STEPS: &[&str] = &["parallel", "wait", "wait-all", "cancel"];

/// Why GitHub refuses a workflow, where it does.
pub(super) fn check(value: &Value) -> Result<(), String> {
    let Some(all) = value.as_mapping() else { return Err("it is no table".to_owned()) };
    // YAML 1.1 readers take the key `on` for true.
    let top = all.iter().filter(|(key, _)| key.as_bool() != Some(true));
    known(top.map(|(key, _)| key), TOP, "the workflow")?;
    if let Some(events) = on(value).and_then(Value::as_mapping) {
        events_are_known(events)?;
    }
    let jobs = all.get("jobs").and_then(Value::as_mapping).filter(|jobs| !jobs.is_empty());
    let Some(jobs) = jobs else { return Err("it has no jobs".to_owned()) };
    let mut needs: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (key, body) in jobs {
        let id = key.as_str().filter(|id| is_id(id));
        let Some(id) = id else { return Err(format!("\"{}\" is no name of a job", shown(key))) };
        let Some(body) = body.as_mapping() else { return Err(format!("the job {id} is no table")) };
        job(id, body)?;
        needs.insert(id, names(body.get("needs")));
    }
    for (id, own) in &needs {
        if let Some(other) = own.iter().find(|other| !needs.contains_key(**other)) {
            return Err(format!("the job {id} needs \"{}\", which is no job", short(other)));
        }
    }
    let needs: Vec<(&str, Vec<&str>)> = needs.into_iter().collect();
    match waits_for_itself(&needs) {
        Some(id) => Err(format!("the job {id} needs jobs that wait for each other")),
        None => Ok(()),
    }
}

/// Filters of the events that changes come about with.
fn events_are_known(events: &Mapping) -> Result<(), String> {
    const BOTH: &[&str] = &["branches", "branches-ignore", "paths", "paths-ignore"];
    for (name, more) in [
        ("push", &["tags", "tags-ignore"][..]),
        ("pull_request", &["types"]),
        ("pull_request_target", &["types"]),
        ("merge_group", &["types"]),
    ] {
        let Some(filters) = events.get(name).and_then(Value::as_mapping) else { continue };
        let listed: Vec<&str> = BOTH.iter().chain(more).copied().collect();
        known(filters.keys(), &listed, &format!("the event {name}"))?;
        for kind in ["branches", "tags", "paths"] {
            if filters.contains_key(kind) && filters.contains_key(format!("{kind}-ignore")) {
                return Err(format!("the event {name} has `{kind}:` and `{kind}-ignore:`"));
            }
        }
    }
    Ok(())
}

fn job(id: &str, body: &Mapping) -> Result<(), String> {
    if body.contains_key("uses") {
        return known(body.keys(), CALL, &format!("the job {id}, which calls a workflow,"));
    }
    known(body.keys(), JOB, &format!("the job {id}"))?;
    if body.get("runs-on").is_none_or(Value::is_null) {
        return Err(format!("the job {id} has no `runs-on:`"));
    }
    let mut ids: BTreeSet<String> = BTreeSet::new();
    for step in body.get("steps").and_then(Value::as_sequence).into_iter().flatten() {
        let Some(step) = step.as_mapping() else { return Err(format!("a step of the job {id} is no table")) };
        let what = format!("a step of the job {id}");
        match (step.contains_key("run"), step.contains_key("uses")) {
            (true, true) => return Err(format!("{what} has `run:` and `uses:`")),
            (true, false) => known(step.keys(), RUN, &what)?,
            (false, true) => known(step.keys(), USES, &what)?,
            (false, false) if OTHER_STEPS.iter().any(|key| step.contains_key(*key)) => {}
            (false, false) => return Err(format!("{what} has neither `run:` nor `uses:`")),
        }
        if let Some(value) = step.get("id").filter(|value| !value.is_null()) {
            let Some(own) = value.as_str().filter(|own| is_id(own)) else {
                return Err(format!("\"{}\" is no name of a step", shown(value)));
            };
            if !ids.insert(own.to_ascii_lowercase()) {
                return Err(format!("the job {id} has two steps with the id {own}"));
            }
        }
    }
    Ok(())
}

fn known<'v>(keys: impl Iterator<Item = &'v Value>, listed: &[&str], what: &str) -> Result<(), String> {
    for key in keys {
        if !key.as_str().is_some_and(|key| listed.contains(&key)) {
            return Err(format!("{what} has the key \"{}\", which is not known", shown(key)));
        }
    }
    Ok(())
}

fn is_id(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

fn names(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::String(name)) => vec![name],
        Some(Value::Sequence(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn shown(key: &Value) -> String {
    key.as_str().map_or_else(|| "that is no text".to_owned(), short)
}

fn short(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '?' } else { c }).take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> Option<String> {
        check(&yaml_serde::from_str(text).unwrap()).err()
    }

    #[test]
    fn what_github_takes_is_told_from_what_it_refuses() {
        let with = |job: &str| format!("on: push\njobs:\n  a:\n    {job}\n");
        let step = |step: &str| with(&format!("runs-on: x\n    steps:\n      - {step}"));
        for text in [
            with("runs-on: x"),
            with("runs-on: x").replace("push", "{push: {branches: [a], tags: [b]}, pull_request: {types: [opened]}}"),
            with("uses: ./a.yml\n    with: {x: 1}\n    secrets: inherit"),
            with("runs-on: x\n  b:\n    needs: a\n    runs-on: x\n  c:\n    needs: [a, b]\n    runs-on: x"),
            step("run: x\n        shell: bash\n        id: a"),
            step("uses: x\n        with: {a: 1}"),
            step("run: x\n        id: a\n      - run: x\n        id: b"),
            format!("name: x\nenv: {{A: 1}}\nconcurrency: x\n{}", with("runs-on: x")),
        ] {
            assert_eq!(refused(&text), None, "{text}");
        }
        for text in [
            "on: push".to_owned(),
            "on: push\njobs: {}\n".to_owned(),
            "on: push\njobs:\n  1a:\n    runs-on: x\n".to_owned(),
            "on: push\njobs:\n  a b:\n    runs-on: x\n".to_owned(),
            format!("x-common: 1\n{}", with("runs-on: x")),
            with("runs-on: x").replace("push", "{push: {branch: main}}"),
            with("runs-on: x").replace("push", "{pull_request: {tags: [a]}}"),
            with("runs-on: x").replace("push", "{push: {branches: [a], branches-ignore: [b]}}"),
            with("name: x"),
            with("runs-on:"),
            with("runs-on: x\n    uses: ./a.yml"),
            with("runs-on: x\n    step: []"),
            with("runs-on: x\n    allow-failure: true"),
            with("needs: a\n    runs-on: x"),
            with("needs: b\n    runs-on: x"),
            with("needs: b\n    runs-on: x\n  b:\n    needs: a\n    runs-on: x"),
            with("needs: b\n    runs-on: x\n  b:\n    needs: [c]\n    runs-on: x\n  c:\n    needs: b\n    runs-on: x"),
            step("run: x\n        uses: y"),
            step("name: x"),
            step("run: x\n        with: {a: 1}"),
            step("uses: x\n        shell: bash"),
            step("run: x\n        when: always"),
            step("run: x\n        id: a\n      - run: x\n        id: A"),
            step("run: x\n        id: 1"),
            step("run: x\n        id: a b"),
        ] {
            assert!(refused(&text).is_some(), "{text}");
        }
    }
}

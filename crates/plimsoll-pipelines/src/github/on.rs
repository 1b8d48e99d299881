//! What starts a workflow, and what it is given when it is called.

use std::collections::BTreeMap;

use yaml_serde::Value;

use crate::{
    cron::{self, Begins},
    expressions::Known,
};

/// What a workflow that is called knows of its inputs: constants of the caller, or its own defaults.
pub(super) fn inputs_of(value: &Value, with: &[(String, String)]) -> BTreeMap<String, Known> {
    let declared = on(value).and_then(|on| on.get("workflow_call")?.get("inputs")?.as_mapping());
    let mut inputs = BTreeMap::new();
    for (name, body) in declared.into_iter().flatten() {
        let Some(name) = name.as_str() else { continue };
        let own = with.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.clone());
        let default = body.get("default").map(|value| match value {
            Value::Bool(value) => value.to_string(),
            Value::Number(value) => value.to_string(),
            other => other.as_str().unwrap_or_default().to_owned(),
        });
        // An expression in place of the whole table may give anything.
        let text = if with.iter().any(|(key, _)| key.is_empty()) { None } else { Some(own.or(default)) };
        let known = match (text, body.get("type").and_then(Value::as_str)) {
            (None, _) => Known::Unknown,
            (Some(Some(text)), _) if text.contains("${{") => Known::Unknown,
            (Some(text), Some("boolean")) => Known::Bool(text.is_some_and(|text| text.eq_ignore_ascii_case("true"))),
            (Some(text), Some("number")) => {
                text.map_or(Known::Number(0.0), |text| text.parse().map_or(Known::Unknown, Known::Number))
            }
            (Some(text), _) => Known::Text(text.unwrap_or_default()),
        };
        inputs.insert(name.to_ascii_lowercase(), known);
    }
    inputs
}

/// Events that start a workflow.
///
/// Source: GitHub, "Events that trigger workflows".
const EVENTS: &[&str] = &[
    "branch_protection_rule",
    "check_run",
    "check_suite",
    "create",
    "delete",
    "deployment",
    "deployment_status",
    "discussion",
    "discussion_comment",
    "fork",
    "gollum",
    "image_version",
    "issue_comment",
    "issues",
    "label",
    "member",
    "merge_group",
    "milestone",
    "page_build",
    "project",
    "project_card",
    "project_column",
    "public",
    "pull_request",
    "pull_request_comment",
    "pull_request_review",
    "pull_request_review_comment",
    "pull_request_target",
    "push",
    "registry_package",
    "release",
    "repository_dispatch",
    "schedule",
    "status",
    "watch",
    "workflow_call",
    "workflow_dispatch",
    "workflow_run",
];

pub(super) fn check_on(value: &Value) -> Result<(), String> {
    if on(value).is_none_or(Value::is_null) {
        return Err("it has no `on:` that says what starts it".to_owned());
    }
    let named = triggers(value);
    if named.is_empty() {
        return Err("`on:` names no event".to_owned());
    }
    match named.iter().find(|name| !EVENTS.contains(&name.as_str())) {
        Some(name) => Err(format!("`on:` names \"{}\", which is no event", name.chars().take(40).collect::<String>())),
        None => Ok(()),
    }
}

pub(super) fn on(value: &Value) -> Option<&Value> {
    // YAML 1.1 readers take the key `on` for true.
    value
        .get("on")
        .or_else(|| value.as_mapping()?.iter().find(|(key, _)| key.as_bool() == Some(true)).map(|(_, on)| on))
}

/// Is it started by a tag, a release, or a push to a branch of releases?
pub(super) fn releases(value: &Value) -> bool {
    let push = on(value).and_then(|on| on.get("push"));
    let tags = push.and_then(|push| push.get("tags")).is_some_and(|tags| !tags.is_null());
    let branches = push.and_then(|push| push.get("branches")).map(|branches| format!("{branches:?}"));
    tags || branches.is_some_and(|branches| branches.contains("release"))
        || triggers(value).iter().any(|name| name == "release")
}

/// Does a clock start it? Where GitHub would not take one of the times, nothing is known.
pub(super) fn begins(value: &Value) -> Begins {
    let Some(times) = on(value).and_then(|on| on.get("schedule")).and_then(Value::as_sequence) else {
        return Begins::NotUnderstood;
    };
    let begun: Vec<Begins> = times
        .iter()
        .map(|time| time.get("cron").and_then(Value::as_str).map_or(Begins::NotUnderstood, cron::begins))
        .collect();
    if begun.contains(&Begins::NotUnderstood) {
        Begins::NotUnderstood
    } else if begun.contains(&Begins::Sometimes) {
        Begins::Sometimes
    } else {
        Begins::Never
    }
}

pub(super) fn triggers(value: &Value) -> Vec<String> {
    let mut names: Vec<String> = match on(value) {
        Some(Value::String(name)) => vec![name.clone()],
        Some(Value::Sequence(names)) => names.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect(),
        Some(Value::Mapping(events)) => events.keys().filter_map(Value::as_str).map(ToOwned::to_owned).collect(),
        _ => Vec::new(),
    };
    names.sort();
    names.dedup();
    names
}

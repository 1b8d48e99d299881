//! What GitLab refuses before it runs anything, and what changes the shell that reads the scripts of a job.
//!
//! Source: GitLab, "CI/CD YAML syntax reference".

use std::collections::{BTreeMap, BTreeSet};

use yaml_serde::{Mapping, Value};

use super::{list, stages};
use crate::{model::Job, waiting::waits_for_itself};

const KEYS: &[&str] = &[
    "after_script",
    "allow_failure",
    "artifacts",
    "before_script",
    "cache",
    "coverage",
    "dast_configuration",
    "dependencies",
    "environment",
    "except",
    "extends",
    "hooks",
    "id_tokens",
    "identity",
    "image",
    "inherit",
    "inputs",
    "interruptible",
    "manual_confirmation",
    "needs",
    "only",
    "pages",
    "parallel",
    "publish",
    "release",
    "resource_group",
    "retry",
    "rules",
    "run",
    "script",
    "secrets",
    "services",
    "stage",
    "start_in",
    "tags",
    "timeout",
    "trigger",
    "type",
    "variables",
    "when",
];
const WHEN: &[&str] = &["on_success", "on_failure", "always", "manual", "delayed", "never"];

/// Why GitLab refuses a job, where it does. What it extends may be elsewhere, and have what is missing.
pub(super) fn job(id: &str, job: &BTreeMap<&str, Value>, complete: bool) -> Result<(), String> {
    let refused = |what: &str| Err(format!("not a pipeline that GitLab would run: the job {} {what}", short(id)));
    if let Some(key) = job.keys().find(|key| !KEYS.contains(key)) {
        return refused(&format!("has the key \"{}\", which is not known", short(key)));
    }
    if complete && !["script", "trigger", "run"].iter().any(|key| job.contains_key(*key)) {
        return refused("has no script");
    }
    if let Some(when) = job.get("when").and_then(Value::as_str)
        && !WHEN.contains(&when)
    {
        return refused(&format!("runs \"{}\", which GitLab does not know", short(when)));
    }
    Ok(())
}

/// Why GitLab refuses all of it: a stage, or a job that is needed, which is not there; jobs that wait for each other.
pub(super) fn order(all: &Mapping, jobs: &[Job], places: &[stages::Place]) -> Result<(), String> {
    let refused = |what: String| Err(format!("not a pipeline that GitLab would run: {what}"));
    let stages = stages::stages(all);
    let known: BTreeSet<&str> = stages.iter().map(String::as_str).collect();
    let ids: BTreeSet<&str> = jobs.iter().map(|job| job.id.as_str()).collect();
    for (job, place) in jobs.iter().zip(places) {
        if !known.contains(place.stage.as_str()) {
            return refused(format!(
                "the job {} is of the stage \"{}\", which is none",
                short(&job.id),
                short(&place.stage)
            ));
        }
        if let Some(other) = job.needs.iter().find(|other| !ids.contains(other.as_str())) {
            return refused(format!("the job {} needs \"{}\", which is no job", short(&job.id), short(other)));
        }
    }
    let needs: Vec<(&str, Vec<&str>)> =
        jobs.iter().map(|job| (job.id.as_str(), job.needs.iter().map(String::as_str).collect())).collect();
    match waits_for_itself(&needs) {
        Some(id) => refused(format!("the job {} needs jobs that wait for each other", short(id))),
        None => Ok(()),
    }
}

/// Names of variables that rules and a matrix put in.
pub(super) fn names_put_in<'v>(parts: impl IntoIterator<Item = Option<&'v Value>>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for part in parts.into_iter().flatten() {
        let tables = match part.get("matrix") {
            Some(matrix) => list(Some(matrix)),
            None => list(Some(part)).iter().filter_map(|rule| rule.get("variables").cloned()).collect(),
        };
        let keys = tables.iter().filter_map(Value::as_mapping).flat_map(Mapping::keys);
        names.extend(keys.filter_map(|key| Some(key.as_str()?.to_owned())));
    }
    names
}

/// Is the script of a job read by the shell that GitLab takes where nothing else is said?
pub(super) fn has_plain_shell<'v>(
    get: &dyn Fn(&str) -> Option<&'v Value>,
    image: Option<&Value>,
    tags: Option<&Value>,
) -> bool {
    let entrypoint = image.and_then(|image| image.get("entrypoint"));
    // An empty one leaves the shell to GitLab.
    let own = list(entrypoint).iter().any(|word| word.as_str() != Some(""));
    let elsewhere = list(tags)
        .iter()
        .any(|tag| tag.as_str().is_none_or(|tag| tag.to_ascii_lowercase().contains("windows") || tag.contains('$')));
    !own && !elsewhere && get("hooks").is_none() && get("inherit").is_none()
}

fn short(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '?' } else { c }).take(40).collect()
}

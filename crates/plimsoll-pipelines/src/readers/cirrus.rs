//! Cirrus CI: tasks and their scripts.
//!
//! Source: Cirrus CI, "Writing tasks". The service ended on 2026-06-01 (cirruslabs.org), so that a file alone does not show
//! that anything runs.

use std::sync::Arc;

use yaml_serde::Value;

use crate::{
    commands::Fails,
    environment::Environment,
    filters::Reach,
    model::{Lines, Pipeline},
    readers::draft::{self, Around, JobDraft, MOST_STEPS, Runs, StepDraft, entries, environment, lines, list, text_of},
    shell::Shell,
};
use plimsoll_formats::yaml;

/// Where a task may name the image that it runs in.
const PLACES: &[&str] = &["container", "arm_container", "docker_builder", "windows_container", "macos_instance"];

/// Reads the tasks.
pub(crate) fn pipeline(source: &str, _: &Around<'_>) -> Result<Pipeline, String> {
    let mut value = yaml::read(&with_names(source))?;
    value.apply_merge().map_err(|error| error.to_string().replace('\n', " "))?;
    let around = environment(&Arc::default(), value.get("env"));
    let mut places = Lines::new(source);
    let mut jobs = Vec::new();
    for (key, task) in entries(Some(&value)) {
        if key == "task" || key.ends_with("_task") {
            jobs.push(job(key, task, &around, &mut places));
        }
    }
    if jobs.is_empty() {
        return Err("it has no tasks".to_owned());
    }
    let unsure =
        Some("Cirrus CI ended on 2026-06-01, and whether another server runs the file is not known".to_owned());
    draft::finish(Pipeline { unsure, ..Pipeline::default() }, "Cirrus CI", jobs)
}

/// Several tasks may have the key `task`, which is no YAML: each gets one of its own.
fn with_names(source: &str) -> String {
    let mut count = 0;
    let named = source.split_inclusive('\n').map(|line| match line.strip_prefix("task:") {
        Some(rest) => {
            count += 1;
            format!("{count}_task:{rest}")
        }
        None => line.to_owned(),
    });
    named.collect()
}

fn job(key: &str, task: &Value, around: &Arc<Environment>, places: &mut Lines<'_>) -> JobDraft {
    let name = text_of(task, "name").unwrap_or_else(|| key.trim_end_matches("_task").to_owned());
    let mut job = JobDraft::new(&name);
    job.line = places.find(&name).or_else(|| places.find(key));
    job.runs = Runs::UNKNOWN;
    if text_of(task, "trigger_type").as_deref() == Some("manual") {
        job.runs = Runs { changes: Reach::Some, clock: Reach::None };
    }
    job.fails = match task.get("allow_failures") {
        None | Some(Value::Null | Value::Bool(false)) => Fails::Yes,
        Some(Value::Bool(true)) => Fails::No,
        Some(_) => Fails::Unknown,
    };
    for place in PLACES {
        if let Some(name) = task.get(place).and_then(|place| text_of(place, "image")) {
            let line = places.find(&name);
            job.uses.push(draft::image(&name, line));
        }
    }
    let own = environment(around, task.get("env"));
    steps(task, &own, Runs::ALWAYS, &mut job);
    for leg in list(task.get("matrix")) {
        steps(leg, &Environment::over_unknown(&own), Runs::UNKNOWN, &mut job);
    }
    job
}

fn steps(task: &Value, around: &Arc<Environment>, runs: Runs, job: &mut JobDraft) {
    for (key, body) in entries(Some(task)) {
        if !key.ends_with("script") || job.steps.len() >= MOST_STEPS {
            continue;
        }
        if key == "clone_script" {
            job.cloned = false;
            job.steps.push(StepDraft::opaque("a clone of its own"));
            continue;
        }
        let mut step = StepDraft::script(lines(Some(body)), Shell::Strict, around);
        step.runs = runs;
        if around.named("CIRRUS_SHELL").is_some() || task.get("windows_container").is_some() {
            step.shell = Shell::Unknown;
        }
        if key.ends_with("background_script") {
            step.fails = Fails::No;
        }
        job.steps.push(step);
    }
}

#[cfg(test)]
mod tests;

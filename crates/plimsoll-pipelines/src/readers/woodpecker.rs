//! Woodpecker, and Drone from which it comes: one file is one workflow, whose steps share a folder.
//!
//! Source: Woodpecker, "Workflow syntax"; Drone, "Docker pipelines: syntax". Whether a repository is switched on, and whether
//! its pull requests are run, is a setting at the server.

use std::sync::Arc;

use yaml_serde::Value;

use crate::{
    commands::Fails,
    environment::Environment,
    model::{Lines, Pipeline},
    readers::draft::{
        self, Around, JobDraft, MOST_STEPS, Runs, StepDraft, documents, entries, environment, lines, list, text_of,
    },
    shell::Shell,
};

mod when;

use when::ByEvent;

/// Reads a workflow of Woodpecker.
pub(crate) fn pipeline(source: &str, around: &Around<'_>) -> Result<Pipeline, String> {
    let value = draft::merged(source)?;
    if ["steps", "pipeline"].iter().all(|key| value.get(key).is_none()) {
        return Err("it has no steps".to_owned());
    }
    let name = around.path.rsplit('/').next().unwrap_or(around.path);
    let name = name.trim_start_matches('.').split('.').next().unwrap_or(name);
    let runs = when::holds(value.get("when"), around).and(older_branches(&value, around));
    let (mut lines, mut triggers) = (Lines::new(source), runs.names());
    let mut job = job(name, &value, runs, around, &mut lines);
    // A server reads one folder and none below it, and a workflow may be for failures alone.
    if around.path.matches('/').count() > 1 || value.get("runs_on").is_some() {
        job.runs = job.runs.and(Runs::UNKNOWN);
        triggers.clear();
    }
    // Workflows of other files that it waits for may not run.
    if value.get("depends_on").is_some_and(|needs| !list(Some(needs)).is_empty()) {
        job.runs = job.runs.and(Runs::UNKNOWN);
        triggers.clear();
    }
    let clone = list(value.get("clone"));
    let own_clone = clone.iter().any(|one| !format!("{one:?}").contains("plugin-git"));
    if own_clone || value.get("skip_clone").and_then(Value::as_bool) == Some(true) {
        job.cloned = false;
        if own_clone {
            job.steps.insert(0, StepDraft::opaque("a clone of its own"));
        }
    }
    draft::finish(Pipeline { triggers, ..Pipeline::default() }, "Woodpecker", vec![job])
}

/// The older key for branches of the whole file.
fn older_branches(value: &Value, around: &Around<'_>) -> ByEvent {
    value.get("branches").map_or(ByEvent::ALWAYS, |branches| when::branches(branches, around))
}

/// Reads the pipelines of Drone, each in a document of its own.
pub(crate) fn drone(source: &str, around: &Around<'_>) -> Result<Pipeline, String> {
    let mut pipeline = Pipeline::default();
    let mut jobs = Vec::new();
    let mut lines = Lines::new(source);
    for (at, document) in documents(source)?.iter().enumerate() {
        match text_of(document, "kind").as_deref() {
            Some("pipeline") => {}
            // They hold what is encrypted, and no steps.
            Some("secret" | "signature") => continue,
            _ => {
                pipeline.gaps.push("a part of it is not understood".to_owned());
                continue;
            }
        }
        let name = text_of(document, "name")
            .unwrap_or_else(|| if at == 0 { "default".to_owned() } else { format!("pipeline {at}") });
        let runs = when::holds(document.get("trigger"), around);
        let mut job = job(&name, document, runs, around, &mut lines);
        job.needs = list(document.get("depends_on")).into_iter().filter_map(draft::text).collect();
        job.cloned =
            document.get("clone").and_then(|clone| clone.get("disable")).and_then(Value::as_bool) != Some(true);
        // Other kinds run on machines that somebody set up.
        if !matches!(text_of(document, "type").as_deref(), None | Some("docker" | "kubernetes")) {
            for step in &mut job.steps {
                step.shell = Shell::Unknown;
            }
        }
        pipeline.triggers.extend(runs.names());
        jobs.push(job);
    }
    if jobs.is_empty() {
        return Err("it has no pipelines".to_owned());
    }
    draft::finish(pipeline, "Drone", jobs)
}

fn job(name: &str, value: &Value, runs: ByEvent, around: &Around<'_>, places: &mut Lines<'_>) -> JobDraft {
    let mut job = JobDraft::new(name);
    job.runs = runs.runs();
    let steps = value.get("steps").or_else(|| value.get("pipeline"));
    let of_all = environment(&Arc::default(), value.get("environment"));
    // What a matrix puts in is another in each run.
    let names: Vec<&str> = entries(value.get("matrix")).into_iter().map(|(name, _)| name).collect();
    let of_all = Environment::over(&of_all, names.into_iter().map(|name| (name, "$".to_owned())));
    // A list of steps with names, or a table of them.
    let steps: Vec<(Option<&str>, &Value)> = match steps {
        Some(Value::Mapping(_)) => entries(steps).into_iter().map(|(name, step)| (Some(name), step)).collect(),
        other => list(other).into_iter().map(|step| (None, step)).collect(),
    };
    for (_, step) in steps.iter().take(MOST_STEPS) {
        if let Some(name) = text_of(step, "image") {
            let line = places.find(&name);
            places.pass();
            job.uses.push(draft::image(&name, line));
        }
        let own = runs.and(when::holds(step.get("when"), around));
        let mut drawn = match lines(step.get("commands")) {
            script if script.is_empty() => {
                let image = text_of(step, "image").unwrap_or_default();
                StepDraft::opaque(&format!("the plugin {image}"))
            }
            script => {
                let around = names_of(step.get("environment"), &of_all);
                let shell = if step.get("entrypoint").is_some() { Shell::Unknown } else { Shell::Strict };
                let mut drawn = StepDraft::script(script, shell, &around);
                drawn.folder = text_of(step, "directory");
                drawn
            }
        };
        drawn.runs = own.runs();
        let passes = text_of(step, "failure").as_deref() == Some("ignore")
            || step.get("detach").and_then(Value::as_bool) == Some(true);
        drawn.fails = if passes { Fails::No } else { Fails::Yes };
        job.steps.push(drawn);
    }
    for service in list(value.get("services")) {
        if let Some(name) = text_of(service, "image") {
            let line = places.find(&name);
            places.pass();
            job.uses.push(draft::image(&name, line));
        }
    }
    for (_, service) in entries(value.get("services")) {
        if let Some(name) = text_of(service, "image") {
            let line = places.find(&name);
            places.pass();
            job.uses.push(draft::image(&name, line));
        }
    }
    job
}

/// Names of a step: a table, or a list of `NAME=value`.
fn names_of(value: Option<&Value>, around: &Arc<Environment>) -> Arc<Environment> {
    match value {
        Some(Value::Sequence(all)) => {
            let pairs = all.iter().filter_map(|one| one.as_str()?.split_once('='));
            Environment::over(around, pairs.map(|(name, value)| (name, value.to_owned())))
        }
        other => environment(around, other),
    }
}

#[cfg(test)]
mod tests;

//! Buildkite: the steps of a pipeline that is kept in the tree. Which changes start it, and which file is uploaded, is a
//! setting of the pipeline at Buildkite.
//!
//! Source: Buildkite, "Defining pipeline steps", "Command step", "Group step".

use std::sync::Arc;

use yaml_serde::Value;

use crate::{
    commands::Fails,
    environment::Environment,
    filters::Reach,
    model::{Lines, Pinned, Pipeline, Used},
    readers::draft::{self, Around, JobDraft, Runs, StepDraft, entries, environment, lines, list, text, text_of},
    shell::Shell,
};

/// Groups inside one another.
const DEEPEST: usize = 4;

/// Reads a pipeline.
pub(crate) fn pipeline(source: &str, _: &Around<'_>) -> Result<Pipeline, String> {
    let value = draft::merged(source)?;
    let steps = if value.is_sequence() { Some(&value) } else { value.get("steps") };
    let Some(steps) = steps.filter(|steps| steps.is_sequence()) else { return Err("it has no steps".to_owned()) };
    let mut reader = Reader {
        lines: Lines::new(source),
        around: environment(&Arc::default(), value.get("env")),
        runs: Runs::UNKNOWN,
        jobs: Vec::new(),
    };
    reader.steps(steps, 0);
    let unsure = Some("which changes start it is a setting of the pipeline at Buildkite".to_owned());
    draft::finish(Pipeline { unsure, ..Pipeline::default() }, "Buildkite", reader.jobs)
}

struct Reader<'t> {
    lines: Lines<'t>,
    around: Arc<Environment>,
    /// When what is behind a block runs.
    runs: Runs,
    jobs: Vec<JobDraft>,
}

impl Reader<'_> {
    fn steps(&mut self, steps: &Value, depth: usize) {
        for step in list(Some(steps)) {
            if ["block", "input", "manual"].iter().any(|key| step.get(key).is_some()) {
                // Somebody has to say so.
                self.runs = Runs { changes: Reach::Some, clock: Reach::None };
            } else if let Some(inner) = step.get("steps").filter(|_| step.get("group").is_some() && depth < DEEPEST) {
                self.steps(inner, depth + 1);
            } else if step.is_mapping() && step.get("wait").is_none() && step.get("waiter").is_none() {
                self.step(step);
            }
        }
    }

    fn step(&mut self, step: &Value) {
        let name = ["key", "id", "identifier", "label", "name"].iter().find_map(|key| text_of(step, key));
        let name = name.unwrap_or_else(|| format!("step {}", self.jobs.len() + 1));
        let taken = self.jobs.iter().any(|job| job.id == name);
        let mut job = JobDraft::new(&if taken { format!("{name} ({})", self.jobs.len() + 1) } else { name.clone() });
        job.line = self.lines.find(&name);
        job.runs = self.runs;
        if step.get("skip").is_some_and(|skip| !matches!(skip, Value::Bool(false)) && skip.as_str() != Some("")) {
            job.runs = Runs::NEVER;
        }
        job.fails = match step.get("soft_fail") {
            None | Some(Value::Null | Value::Bool(false)) => Fails::Yes,
            Some(Value::Bool(true)) => Fails::No,
            Some(_) => Fails::Unknown,
        };
        for plugin in list(step.get("plugins")) {
            let names = match plugin {
                Value::String(name) => vec![name.as_str()],
                other => entries(Some(other)).into_iter().map(|(name, _)| name).collect(),
            };
            for name in names {
                let line = self.lines.find(name);
                job.uses.push(plugin_used(name, line));
            }
            for (_, settings) in entries(Some(plugin)) {
                if let Some(name) = text_of(settings, "image") {
                    let line = self.lines.find(&name);
                    job.uses.push(draft::image(&name, line));
                }
            }
        }
        if let Some(name) = text_of(step, "image") {
            let line = self.lines.find(&name);
            job.uses.push(draft::image(&name, line));
        }
        let own = environment(&self.around, step.get("env"));
        let commands = ["command", "commands", "script"].iter().find_map(|key| step.get(key));
        let own_shell = step.get("plugins").is_some() || self.around.named("BUILDKITE_SHELL").is_some();
        match (lines(commands), step.get("trigger")) {
            (_, Some(other)) => {
                let other = text(other).unwrap_or_default();
                job.steps.push(StepDraft::opaque(&format!("the pipeline {other}")));
            }
            // A plugin alone has a command of its own.
            (script, None) if script.is_empty() => job.steps.push(StepDraft::opaque("a plugin alone")),
            (script, None) => {
                // A plugin may hand the command to another shell.
                let shell = if own_shell { Shell::Unknown } else { Shell::Strict };
                job.steps.push(StepDraft::script(script, shell, &own));
            }
        }
        self.jobs.push(job);
    }
}

/// A plugin: `name#v1.2.3`, `owner/name#reference`, or an address.
fn plugin_used(name: &str, line: Option<u64>) -> Used {
    let reference = name.rsplit_once('#').map_or("", |(_, reference)| reference);
    let local = name.starts_with("./");
    let pinned = if local {
        Pinned::Local
    } else if reference.contains('$') {
        Pinned::Unknown
    } else if reference.is_empty() {
        Pinned::Branch
    } else {
        Pinned::of_reference(reference)
    };
    Used { text: name.to_owned(), pinned, first_party: local, line }
}

#[cfg(test)]
mod tests;

//! `CircleCI`: jobs and steps of one file, its own commands and executors put in, and the workflows that start them.
//!
//! Source: `CircleCI`, "Configuration reference" and "Reusable config reference guide". What an orb brings is elsewhere, and
//! not known. That a project is built at all, and whether pull requests of others are, is a setting at `CircleCI`.

use std::{collections::BTreeSet, sync::Arc};

use yaml_serde::Value;

use crate::{
    commands::Fails,
    environment::Environment,
    model::{Lines, Pinned, Pipeline, Used},
    readers::draft::{
        self, Around, JobDraft, MOST_STEPS, Runs, StepDraft, anything, entries, environment, list, text, text_of,
    },
    shell::Shell,
};

mod parameters;
mod workflows;

use parameters::Given;

/// Commands inside one another.
const DEEPEST: usize = 8;

/// Reads a configuration.
pub(crate) fn pipeline(source: &str, _: &Around<'_>) -> Result<Pipeline, String> {
    let value = draft::merged(source)?;
    if !value.is_mapping() || (value.get("jobs").is_none() && value.get("workflows").is_none()) {
        return Err("it has no jobs and no workflows".to_owned());
    }
    let mut pipeline = Pipeline::default();
    if value.get("setup").and_then(Value::as_bool) == Some(true) {
        pipeline.gaps.push("it makes the pipeline that runs while it runs, which is not followed".to_owned());
    }
    let pipeline_values = parameters::of_pipeline(value.get("parameters"));
    let config = Config { value: &value, pipeline: &pipeline_values };
    let mut lines = Lines::new(source);
    let mut jobs = Vec::new();
    let orbs = orbs(&value, &mut lines);
    for use_of in workflows::uses(&value, &pipeline_values)? {
        let mut job = config.job(&use_of, &mut lines);
        job.needs = use_of.needs;
        job.runs = use_of.runs;
        job.id = use_of.id;
        jobs.push(job);
    }
    // They are of the whole file: the first job has them.
    if let Some(first) = jobs.first_mut() {
        first.uses.extend(orbs);
    }
    draft::finish(pipeline, "CircleCI", jobs)
}

/// What is fetched from the registry of orbs. A version of three numbers is never another; it is no digest.
fn orbs(value: &Value, lines: &mut Lines<'_>) -> Vec<Used> {
    let named = entries(value.get("orbs")).into_iter().filter_map(|(_, orb)| Some(orb.as_str()?.to_owned()));
    named
        .map(|orb| Used {
            pinned: Pinned::of_reference(orb.split_once('@').map_or("", |(_, version)| version)),
            first_party: orb.starts_with("circleci/"),
            line: lines.find(&orb),
            text: orb,
        })
        .collect()
}

struct Config<'a> {
    value: &'a Value,
    pipeline: &'a Given,
}

/// What is kept while the steps of a job are gone through.
struct Steps<'l, 't> {
    job: JobDraft,
    around: Arc<Environment>,
    shell: Shell,
    /// The folder of the job, as written.
    home: Option<String>,
    /// A script may have set the environment of what is behind it.
    changed: bool,
    /// A script may have ended the job.
    ended: bool,
    lines: &'l mut Lines<'t>,
}

impl Config<'_> {
    fn job(&self, use_of: &workflows::Use, lines: &mut Lines<'_>) -> JobDraft {
        let mut job = JobDraft::new(&use_of.id);
        job.cloned = false;
        let Some(body) = self.value.get("jobs").and_then(|jobs| jobs.get(use_of.job.as_str())) else {
            if !use_of.approval {
                job.cloned = true;
                job.steps.push(StepDraft::opaque(&format!("the job {}", use_of.job)));
            }
            return job;
        };
        job.line = lines.find(&format!("{}:", use_of.job));
        if body.get("type").is_some_and(|kind| kind.as_str() != Some("build")) {
            return job;
        }
        let given = Given::of(body.get("parameters"), &use_of.given, self.pipeline);
        let executor = self.executor(body, &given);
        let get = |name: &str| body.get(name).or_else(|| executor.as_ref().and_then(|one| one.0.get(name)));
        let inside = executor.as_ref().map_or(&given, |one| &one.1);
        job.runner = runner(&get, inside);
        for docker in list(get("docker")) {
            if let Some(name) = text_of(docker, "image") {
                let line = lines.find(&name);
                job.uses.push(draft::image(&inside.fill(&name), line));
            }
        }
        let around = environment(&Arc::default(), executor.as_ref().and_then(|one| one.0.get("environment")));
        let of_images = list(get("docker")).first().and_then(|docker| docker.get("environment"));
        let around = names(&names(&around, of_images, inside), body.get("environment"), &given);
        let shell = get("shell").and_then(text).map_or(Shell::Pipefail, |named| shell(&inside.fill(&named)));
        let windows = body.get("executor").is_some_and(|one| format!("{one:?}").contains("win"));
        let mut steps = Steps {
            job,
            around,
            shell: if windows && get("shell").is_none() { Shell::LastDecides } else { shell },
            home: get("working_directory").and_then(text).map(|folder| inside.fill(&folder)),
            changed: false,
            ended: false,
            lines,
        };
        // What a workflow puts in front of and behind the steps of a job.
        let own = Given::of(None, &[], self.pipeline);
        let parts = [(use_of.before.as_ref(), &own), (body.get("steps"), &given), (use_of.after.as_ref(), &own)];
        for (part, given) in parts {
            self.steps(part, given, Runs::ALWAYS, 0, &mut steps);
        }
        steps.job
    }

    /// The executor that a job names, with what it is given.
    fn executor(&self, body: &Value, given: &Given) -> Option<(&Value, Given)> {
        let named = body.get("executor")?;
        let (name, own) = match named {
            Value::String(name) => (given.fill(name), Vec::new()),
            other => (given.fill(&text_of(other, "name")?), given.filled(other)),
        };
        let found = self.value.get("executors")?.get(name.as_str())?;
        Some((found, Given::of(found.get("parameters"), &own, self.pipeline)))
    }

    fn steps(&self, steps: Option<&Value>, given: &Given, runs: Runs, depth: usize, to: &mut Steps<'_, '_>) {
        for step in list(steps) {
            if to.job.steps.len() >= MOST_STEPS || depth > DEEPEST {
                to.job.steps.push(StepDraft::opaque("behind as many steps as are followed"));
                return;
            }
            match step {
                Value::String(name) => self.step(&given.fill(name), &Value::Null, given, runs, depth, to),
                other => {
                    for (name, body) in entries(Some(other)) {
                        self.step(name, body, given, runs, depth, to);
                    }
                }
            }
        }
    }

    fn step(&self, name: &str, body: &Value, given: &Given, runs: Runs, depth: usize, to: &mut Steps<'_, '_>) {
        match name {
            "checkout" => {
                let beside = text_of(body, "path").is_some_and(|path| Some(given.fill(&path)) != to.home);
                to.push(
                    if beside { StepDraft::opaque("checkout into another folder") } else { StepDraft::checkout() },
                    runs,
                );
            }
            "run" | "deploy" => Self::run(body, given, runs, to),
            "when" | "unless" => {
                let answer = body.get("condition").and_then(|condition| given.holds(condition, 0));
                let answer = if name == "unless" { answer.map(|answer| !answer) } else { answer };
                self.steps(body.get("steps"), given, runs.and(Runs::of(answer)), depth + 1, to);
            }
            "save_cache"
            | "restore_cache"
            | "store_artifacts"
            | "store_test_results"
            | "persist_to_workspace"
            | "add_ssh_keys"
            | "setup_remote_docker" => {}
            // Where nothing is checked out, what is there comes from another job.
            "attach_workspace" => to.push(StepDraft::opaque("attach_workspace"), runs),
            name => match self.value.get("commands").and_then(|commands| commands.get(name)) {
                Some(command) => {
                    let own = given.filled(body);
                    let inner = Given::of(command.get("parameters"), &own, self.pipeline);
                    self.steps(command.get("steps"), &inner, runs, depth + 1, to);
                }
                None => to.push(StepDraft::opaque(name), runs),
            },
        }
    }

    fn run(body: &Value, given: &Given, runs: Runs, to: &mut Steps<'_, '_>) {
        let command = match body {
            Value::String(command) => Some(command.clone()),
            other => text_of(other, "command"),
        };
        let Some(command) = command.map(|command| given.fill(&command)) else {
            return to.push(StepDraft::opaque("run without a command"), runs);
        };
        let around = names(&to.around, body.get("environment"), given);
        // What stands in `BASH_ENV` is read before each later script.
        let around = if to.changed { Environment::over_unknown(&around) } else { around };
        let named = text_of(body, "shell").map(|named| shell(&given.fill(&named)));
        let mut step = StepDraft::script(command, named.unwrap_or(to.shell), &around);
        let folder = text_of(body, "working_directory").map(|folder| given.fill(&folder));
        step.folder = folder.and_then(|folder| below(&folder, to.home.as_deref()));
        if body.get("background").is_some_and(|value| value.as_bool() != Some(false)) {
            step.fails = Fails::No;
        }
        let when = text_of(body, "when").map(|when| given.fill(&when));
        let runs = match when.as_deref() {
            None | Some("on_success" | "always") => runs,
            Some("on_fail") => Runs::NEVER,
            Some(_) => runs.and(Runs::UNKNOWN),
        };
        let script = step.run.clone().unwrap_or_default();
        to.push(step, runs);
        to.changed |= script.contains("BASH_ENV");
        to.ended |= script.split_whitespace().any(|word| word.trim_matches(['"', '\'', ';', ')', '`']) == "halt");
    }
}

impl Steps<'_, '_> {
    fn push(&mut self, mut step: StepDraft, runs: Runs) {
        step.runs = if self.ended { runs.and(Runs::UNKNOWN) } else { runs };
        if let Some(run) = &step.run {
            // The lines of what is asked for next are behind it.
            let _ = self.lines.find(run);
        }
        self.job.steps.push(step);
    }
}

/// Lays a table of names over `around`, with what is known put in.
fn names(around: &Arc<Environment>, table: Option<&Value>, given: &Given) -> Arc<Environment> {
    let own = entries(table).into_iter().map(|(name, value)| {
        let value = text(value).map(|text| given.fill(&text)).filter(|text| !text.contains(anything().as_str()));
        (name, value.unwrap_or_else(|| "$".to_owned()))
    });
    Environment::over(around, own)
}

/// The folder from the top of the source; kept as it is where it leads elsewhere, so that it is not known.
fn below(folder: &str, home: Option<&str>) -> Option<String> {
    let home = home.unwrap_or("~/project").trim_end_matches('/');
    let folder = folder.trim_end_matches('/');
    if folder == home || matches!(folder, "" | ".") {
        return None;
    }
    let inside = folder.strip_prefix(home).and_then(|rest| rest.strip_prefix('/'));
    Some(inside.unwrap_or(folder).to_owned())
}

fn shell(named: &str) -> Shell {
    let words: Vec<&str> = named.split_whitespace().collect();
    match words.first().map(|word| word.rsplit(['/', '\\']).next().unwrap_or(word)) {
        Some("powershell.exe" | "powershell" | "pwsh" | "cmd.exe" | "cmd") => Shell::LastDecides,
        Some("bash" | "sh" | "bash.exe") if words.len() == 1 => Shell::Lenient,
        None | Some("bash.exe") => Shell::Unknown,
        Some(_) => Shell::named(&format!("{named} {{0}}")),
    }
}

fn runner<'v>(get: &dyn Fn(&str) -> Option<&'v Value>, given: &Given) -> &'static str {
    let class = get("resource_class").and_then(text).map(|class| given.fill(&class));
    match class.as_deref() {
        // A class with an owner is one of machines that somebody set up.
        Some(class) if class.contains('/') => "self-hosted",
        Some(class) if class.contains(anything().as_str()) => "unknown",
        _ if ["docker", "machine", "macos"].iter().any(|name| get(name).is_some()) => "hosted",
        _ => "unknown",
    }
}

/// Names that stand more than once.
fn doubled(names: &[&str]) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    names.iter().filter(|name| !seen.insert(**name)).map(|name| (*name).to_owned()).collect()
}

#[cfg(test)]
mod tests;

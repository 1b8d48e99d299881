//! GitHub Actions: workflows and composite actions. The types are those of github-actions-models; what it
//! refuses, GitHub refuses as well, and it counts as not understood.

use std::{collections::BTreeMap, sync::Arc};

use github_actions_models::{
    action::{self, Action},
    common::{DockerUses, Env, If, Permissions, Uses, expr::LoE},
    workflow::{
        Defaults, Job as GitHubJob, Workflow,
        job::{ReusableWorkflowCallJob, Secrets},
    },
};
use yaml_serde::Value;

use super::{
    commands::Fails,
    environment::Environment,
    expressions::Known,
    filters::{self, Budget, Reach},
    flaws, local, matrix,
    model::{Access, Call, Job, Lines, Pinned, Pipeline, Step, Used},
    permissions,
    runs::{Asked, Asks, Event, Leg},
    shell::Shell,
};
use crate::cron::Begins;
use plimsoll_formats::yaml;

mod on;
mod refused;
mod steps;

use on::{begins, check_on, inputs_of, on, releases, triggers};
use steps::StepReader;

/// Owners whose actions are the forge's own.
const FIRST_PARTY: &[&str] = &["actions/", "github/"];
/// Events that changes come about with.
const CHANGES: &[&str] = &["push", "pull_request", "merge_group"];

/// What is known around a workflow.
pub(super) struct Setting<'a> {
    /// Paths of the source, by which filters of paths are judged.
    pub(super) sources: &'a [&'a str],
    /// This repository's name, where it is known.
    pub(super) own: Option<&'a str>,
    /// The calls by other workflows of this repository.
    pub(super) calls: &'a [Called],
    /// What the filters of this file may take to compare.
    pub(super) budget: Budget,
}

/// One call of a workflow by another, under one event.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Called {
    pub(super) event: String,
    pub(super) sees_ready: bool,
    pub(super) with: Vec<(String, String)>,
}

/// Reads a workflow.
pub(super) fn workflow(text: &str, setting: &Setting<'_>) -> Result<Pipeline, String> {
    let value = yaml::read(text).map_err(|error| refused(&error))?;
    check_on(&value).map_err(|error| refused(&error))?;
    refused::check(&value).map_err(|error| refused(&error))?;
    let workflow: Workflow = yaml_serde::from_str(text).map_err(|error| one_line(&error))?;
    let triggers = triggers(&value);
    let body = |name: &str| on(&value).and_then(|on| on.get(name));
    let given: Vec<BTreeMap<String, Known>> = setting.calls.iter().map(|call| inputs_of(&value, &call.with)).collect();
    let plain = Event { own: setting.own, ..Event::default() };
    let mut reach = Reach::None;
    let mut events: Vec<Event<'_>> = Vec::new();
    // Those whose filters are not understood.
    let mut unsure: Vec<Event<'_>> = Vec::new();
    for name in CHANGES.iter().filter(|name| triggers.iter().any(|trigger| trigger == *name)) {
        let this = filters::reach(name, body(name), setting.sources, &setting.budget);
        reach = reach.max(this);
        let event = Event { name, sees_ready: filters::sees_ready(body(name)), ..plain };
        match this {
            Reach::Every => events.push(event),
            Reach::Unknown => unsure.push(event),
            Reach::Some | Reach::None => {}
        }
    }
    if triggers.iter().any(|trigger| trigger == "schedule") {
        let event = Event { name: "schedule", ..plain };
        match begins(&value) {
            Begins::Sometimes => events.push(event),
            Begins::NotUnderstood => unsure.push(event),
            Begins::Never => {}
        }
    }
    events.extend(setting.calls.iter().zip(&given).map(|(call, inputs)| Event {
        name: &call.event,
        sees_ready: call.sees_ready,
        inputs: Some(inputs),
        ..plain
    }));
    if events.iter().any(|event| event.name != "schedule") {
        reach = Reach::Every;
    }
    let mut pipeline = Pipeline {
        name: workflow.name.clone(),
        on_change: reach == Reach::Every,
        reach,
        scheduled: events.iter().any(|event| event.name == "schedule"),
        outputs: texts_of(on(&value).and_then(|on| on.get("workflow_call")?.get("outputs")), "value"),
        defaults: texts_of(on(&value).and_then(|on| on.get("workflow_call")?.get("inputs")), "default"),
        flaws: flaws::find(&value, text),
        releases: releases(&value),
        ..Pipeline::default()
    };
    if setting.budget.is_spent() {
        pipeline.gaps.push("its filters take longer to compare than is waited for".to_owned());
    }
    let only_called = triggers == ["workflow_call"];
    let lone = workflow.jobs.len() == 1;
    let all_state = workflow.jobs.values().all(|job| *permissions::of(job) != Permissions::default());
    for mut permission in permissions::stated(&workflow.permissions, None, lone) {
        // Where every job states its own, and in a workflow that gets its caller's rights, nothing is by default.
        if permission.access != Access::Default || !(all_state || only_called) {
            permission.least_privilege |= all_state;
            pipeline.permissions.push(permission);
        }
    }
    let conditions = conditions(&workflow);
    let asked = asked(&workflow, &conditions);
    let running: Vec<Vec<Option<bool>>> = events.iter().map(|event| event.jobs(&asked)).collect();
    let unsure_running: Vec<Vec<Option<bool>>> = unsure.iter().map(|event| event.jobs(&asked)).collect();
    let without_drafts: Vec<Vec<bool>> = events.iter().map(|event| event.leaves_drafts_out(&asked)).collect();
    let possible: Vec<Vec<Option<bool>>> = triggers
        .iter()
        .map(|name| {
            let never = match name.as_str() {
                "schedule" => begins(&value) == Begins::Never,
                name => filters::is_never(name, body(name)),
            };
            let jobs = Event { name, asks: Asks::Possibly, ..plain }.jobs(&asked);
            if never { vec![Some(false); jobs.len()] } else { jobs }
        })
        .chain(setting.calls.iter().map(|call| Event { name: &call.event, asks: Asks::Possibly, ..plain }.jobs(&asked)))
        .collect();
    let environment = layer(&Arc::default(), &workflow.env);
    let mut lines = Lines::new(text);
    for (at, (id, job)) in workflow.jobs.iter().enumerate() {
        if *permissions::of(job) != Permissions::default() {
            pipeline.permissions.extend(permissions::stated(permissions::of(job), Some(id), true));
        }
        let line = lines.find(&format!("{id}:"));
        // The events under which it surely runs.
        let surely: Vec<Event<'_>> = events
            .iter()
            .zip(&running)
            .filter(|(_, jobs)| jobs.get(at) == Some(&Some(true)))
            .map(|(event, _)| *event)
            .collect();
        // Those under which it may.
        let perhaps: Vec<Event<'_>> = events
            .iter()
            .chain(&unsure)
            .zip(running.iter().chain(&unsure_running))
            .zip(without_drafts.iter().map(Some).chain(std::iter::repeat(None)))
            .filter(|((_, jobs), _)| matches!(jobs.get(at), Some(Some(true) | None)))
            // What runs for all changes but drafts is known to run for some alone.
            .filter(|(_, drafts)| drafts.is_none_or(|jobs| jobs.get(at) != Some(&true)))
            .map(|((event, _), _)| *event)
            .collect();
        let raw = value.get("jobs").and_then(|jobs| jobs.get(id.as_str())).unwrap_or(&Value::Null);
        let dead = !possible.is_empty() && possible.iter().all(|jobs| jobs.get(at) == Some(&Some(false)));
        let mut read = match job {
            GitHubJob::NormalJob(job) => {
                let shell = shell_of(job.defaults.as_ref()).or_else(|| shell_of(workflow.defaults.as_ref()));
                let combinations = matrix::combinations(raw);
                let runs_on = raw.get("runs-on").and_then(Value::as_str);
                let reader = StepReader {
                    job,
                    raw,
                    own: setting.own,
                    surely: &surely,
                    perhaps: &perhaps,
                    legs: match &combinations {
                        Some(all) => all.iter().map(|one| Leg { matrix: Some(one), runs_on }).collect(),
                        None => vec![Leg { matrix: None, runs_on }],
                    },
                    shell: shell.unwrap_or_default(),
                    shell_named: shell.is_some(),
                    shell_text: shell_text(raw).or_else(|| shell_text(&value)),
                    folder: folder(raw).or_else(|| folder(&value)),
                    environment: layer(&environment, &job.env),
                };
                let mut read = reader.job(&mut lines);
                read.runs_on = runs_on.map(ToOwned::to_owned);
                read.combinations = combinations.unwrap_or_default();
                read
            }
            GitHubJob::ReusableWorkflowCallJob(job) => {
                let line = lines.find(job.uses.raw());
                let here = local::path(job.uses.raw(), setting.own).is_some();
                Job {
                    uses: vec![used(&job.uses, line, setting.own)],
                    inherits_secrets: matches!(job.secrets, Some(Secrets::Inherit)) && !here,
                    steps: vec![Step {
                        action: Some(name_of(&job.uses)),
                        gates: surely.iter().any(|event| event.name != "schedule"),
                        scheduled: surely.iter().any(|event| event.name == "schedule"),
                        may_gate: perhaps.iter().any(|event| event.name != "schedule"),
                        may_be_scheduled: perhaps.iter().any(|event| event.name == "schedule"),
                        ..Step::default()
                    }],
                    condition: job.r#if.as_ref().map(condition),
                    // The jobs of the workflow that is called have their own.
                    runner: if here { "called" } else { "unknown" },
                    needs: job.needs.clone(),
                    call: Some(Call { uses: job.uses.raw().to_owned(), with: handed_over(job) }),
                    around: Arc::clone(&environment),
                    ..Job::default()
                }
            }
        };
        read.id.clone_from(id);
        read.line = line;
        read.on_change = surely.iter().any(|event| event.name != "schedule");
        read.scheduled = surely.iter().any(|event| event.name == "schedule");
        read.surely = surely.iter().map(|event| (event.name.to_owned(), event.sees_ready)).collect();
        read.matrix = raw.get("strategy").and_then(|strategy| strategy.get("matrix")).cloned();
        read.dead = dead;
        if dead {
            read.steps.iter_mut().for_each(|step| step.never = true);
        }
        pipeline.jobs.push(read);
    }
    pipeline.triggers = triggers;
    Ok(pipeline)
}

/// What a job gives to the workflow that it calls.
fn handed_over(job: &ReusableWorkflowCallJob) -> Vec<(String, String)> {
    let mut given = inputs(&job.with);
    if let Some(Secrets::Env(secrets)) = &job.secrets {
        given.extend(secrets.iter().map(|(name, value)| (format!("secrets.{name}"), value.to_string())));
    }
    given
}

/// Names in lower case and the texts behind them, or behind the key `under` of each.
fn texts_of(table: Option<&Value>, under: &str) -> BTreeMap<String, String> {
    let table = table.and_then(Value::as_mapping);
    let texts = table.into_iter().flatten().filter_map(|(name, value)| {
        let text = if under.is_empty() { value.as_str() } else { value.get(under).and_then(Value::as_str) };
        Some((name.as_str()?.to_ascii_lowercase(), text?.to_owned()))
    });
    texts.collect()
}

fn shell_text(around: &Value) -> Option<String> {
    Some(around.get("defaults")?.get("run")?.get("shell")?.as_str()?.to_owned())
}

fn folder(around: &Value) -> Option<String> {
    Some(around.get("defaults")?.get("run")?.get("working-directory")?.as_str()?.to_owned())
}

/// Reads the definition of an action. Only its steps matter.
pub(super) fn action(text: &str, own: Option<&str>) -> Result<Pipeline, String> {
    let value = yaml::read(text).map_err(|error| refused(&error))?;
    let action: Action = yaml_serde::from_str(text).map_err(|error| one_line(&error))?;
    let mut pipeline = Pipeline {
        is_action: true,
        outputs: texts_of(value.get("outputs"), "value"),
        defaults: texts_of(value.get("inputs"), "default"),
        flaws: flaws::find(&value, text),
        ..Pipeline::default()
    };
    let mut job = Job { id: action.name.unwrap_or_default(), runner: "unknown", ..Job::default() };
    let mut lines = Lines::new(text);
    match action.runs {
        action::Runs::Composite(composite) => {
            let raw = value.get("runs").and_then(|runs| runs.get("steps"));
            for (at, step) in composite.steps.iter().enumerate() {
                let continues = raw.and_then(|steps| steps.get(at)).and_then(|step| step.get("continue-on-error"));
                let mut read = Step {
                    id: step.id.clone(),
                    environment: layer(&Arc::default(), &step.env),
                    condition: step.r#if.as_ref().map(condition),
                    fails: match continues {
                        None | Some(Value::Null | Value::Bool(false)) => None,
                        Some(Value::Bool(true)) => Some(Fails::No),
                        Some(_) => Some(Fails::Unknown),
                    },
                    ..Step::default()
                };
                match &step.body {
                    action::StepBody::Uses { uses, with } => {
                        read.line = lines.find(uses.raw());
                        job.uses.push(used(uses, read.line, own));
                        read.uses = Some(written(uses));
                        read.action = Some(name_of(uses));
                        read.with = inputs(with);
                    }
                    action::StepBody::Run { run, shell: named, working_directory } => {
                        read.line = lines.find(run);
                        read.shell = shell(Some(named)).unwrap_or_default();
                        read.shell_named = true;
                        read.shell_text = Some(raw_shell(named).to_owned());
                        read.folder.clone_from(working_directory);
                        read.run = Some(run.clone());
                    }
                }
                lines.pass();
                job.steps.push(read);
            }
        }
        action::Runs::Docker(docker) => {
            if let action::DockerActionUses::Image(image) = &docker.image {
                let text = raw_image(image);
                job.uses.push(image_used(text, lines.find(text)));
            }
            let runs = value.get("runs");
            let text = |name: &str| runs.and_then(|runs| runs.get(name)).into_iter().flat_map(all_texts);
            job.settings.extend(text("args").map(|text| ("args", text)));
            for name in ["entrypoint", "pre-entrypoint", "post-entrypoint"] {
                job.settings.extend(text(name).map(|text| ("entrypoint", text)));
            }
        }
        action::Runs::JavaScript(_) => {}
    }
    pipeline.jobs.push(job);
    Ok(pipeline)
}

fn all_texts(value: &Value) -> Vec<String> {
    let mut texts = Vec::new();
    local::texts(value, &mut texts);
    texts.into_iter().map(ToOwned::to_owned).collect()
}

/// The words of the reader are about its own types; what is left of them is the place.
fn one_line(error: &yaml_serde::Error) -> String {
    let text = error.to_string().replace('\n', " ");
    let Some(at) = text.find("data did not match any variant of untagged enum") else { return refused(&text) };
    let place = text.get(at..).and_then(|rest| rest.find(" at line ").and_then(|place| rest.get(place..)));
    let before = text.get(..at).unwrap_or_default().trim_end_matches([' ', ':']);
    let before = if before.is_empty() { "a part" } else { before };
    refused(&format!("{before} is written in a form that GitHub does not know{}", place.unwrap_or_default()))
}

fn refused(error: &str) -> String {
    format!("not a workflow that GitHub would run: {error}")
}

fn conditions(workflow: &Workflow) -> Vec<Option<String>> {
    let one = |job: &GitHubJob| match job {
        GitHubJob::NormalJob(job) => job.r#if.as_ref().map(condition),
        GitHubJob::ReusableWorkflowCallJob(job) => job.r#if.as_ref().map(condition),
    };
    workflow.jobs.values().map(one).collect()
}

/// What is asked to know which jobs run.
fn asked<'a>(workflow: &'a Workflow, conditions: &'a [Option<String>]) -> Vec<Asked<'a>> {
    workflow
        .jobs
        .iter()
        .zip(conditions)
        .map(|((id, job), condition)| {
            let needs = match job {
                GitHubJob::NormalJob(job) => &job.needs,
                GitHubJob::ReusableWorkflowCallJob(job) => &job.needs,
            };
            Asked { id, needs: needs.iter().map(String::as_str).collect(), condition: condition.as_deref() }
        })
        .collect()
}

fn shell_of(defaults: Option<&Defaults>) -> Option<Shell> {
    shell(defaults?.run.as_ref()?.shell.as_ref())
}

fn shell(named: Option<&LoE<String>>) -> Option<Shell> {
    Some(match named? {
        LoE::Literal(name) => Shell::named(name),
        LoE::Expr(_) => Shell::Unknown,
    })
}

fn layer(around: &Arc<Environment>, own: &LoE<Env>) -> Arc<Environment> {
    match own {
        LoE::Literal(own) => {
            Environment::over(around, own.iter().map(|(name, value)| (name.as_str(), value.to_string())))
        }
        // Which names it sets is not known.
        LoE::Expr(_) => Environment::over_unknown(around),
    }
}

fn image_used(image: &str, line: Option<u64>) -> Used {
    Used { line, pinned: Pinned::of_image(image), first_party: false, text: image.to_owned() }
}

fn raw_image(image: &LoE<DockerUses>) -> &str {
    match image {
        LoE::Literal(image) => image.raw(),
        LoE::Expr(expression) => expression.as_curly(),
    }
}

fn raw_shell(shell: &LoE<String>) -> &str {
    match shell {
        LoE::Literal(text) => text,
        LoE::Expr(expression) => expression.as_curly(),
    }
}

fn inputs(with: &LoE<Env>) -> Vec<(String, String)> {
    match with {
        LoE::Literal(values) => values.iter().map(|(key, value)| (key.clone(), value.to_string())).collect(),
        LoE::Expr(expression) => vec![(String::new(), expression.as_curly().to_owned())],
    }
}

fn condition(condition: &If) -> String {
    match condition {
        If::Bool(value) => value.to_string(),
        If::Expr(text) => text.clone(),
    }
}

fn written(uses: &Uses) -> String {
    let image = if matches!(uses, Uses::Docker(_)) { "docker://" } else { "" };
    format!("{image}{}", uses.raw())
}

fn name_of(uses: &Uses) -> String {
    match uses {
        Uses::Repository(repository) => match repository.subpath() {
            Some(path) => format!("{}/{path}", repository.slug()),
            None => repository.slug().to_owned(),
        },
        Uses::Local(local) => local.raw().to_owned(),
        Uses::Docker(image) => image.raw().to_owned(),
    }
}

fn used(uses: &Uses, line: Option<u64>, own: Option<&str>) -> Used {
    let raw = uses.raw().to_owned();
    let here = local::path(&raw, own).is_some();
    let pinned = match uses {
        // What a reference to this repository names may be another state of it, so the reference counts.
        Uses::Repository(repository) => Pinned::of_reference(repository.git_ref()),
        Uses::Docker(image) => Pinned::of_image(image.raw()),
        Uses::Local(_) if here => Pinned::Local,
        // It leads out of the repository.
        Uses::Local(_) => Pinned::Unknown,
    };
    let forge = FIRST_PARTY.iter().any(|owner| raw.to_ascii_lowercase().starts_with(owner));
    Used { line, pinned, first_party: here || forge, text: raw }
}

//! GitHub Actions: workflows and composite actions. The types are those of github-actions-models; what it
//! refuses, GitHub refuses as well, and it counts as not understood.

use std::sync::Arc;

use github_actions_models::{
    action::{self, Action},
    common::{DockerUses, Env, If, Permissions, Uses, expr::BoE, expr::LoE},
    workflow::{
        Defaults, Job as GitHubJob, Workflow,
        job::{NormalJob, ParallelStep, RunsOn, Secrets, SharedStepFields, Step as GitHubStep},
    },
};
use yaml_serde::Value;

use super::{
    environment::Environment,
    filters, matrix,
    model::{Access, Job, Lines, Pinned, Pipeline, Step, Used},
    permissions,
    runs::{self, Asked, Event, Leg},
    shell::Shell,
};
use crate::collectors::yaml;

/// Owners whose actions are the forge's own.
const FIRST_PARTY: &[&str] = &["actions/", "github/"];
/// Events that changes come about with.
const CHANGES: &[&str] = &["push", "pull_request", "merge_group"];

/// Reads a workflow. `sources` are paths of the source, by which filters of paths are judged.
pub(super) fn workflow(text: &str, sources: &[&str]) -> Result<Pipeline, String> {
    let value = yaml::read(text).map_err(|error| refused(&error))?;
    let workflow: Workflow = yaml_serde::from_str(text).map_err(|error| one_line(&error))?;
    let triggers = triggers(&value);
    let body = |name: &str| on(&value).and_then(|on| on.get(name));
    let mut events: Vec<Event> = CHANGES
        .iter()
        .filter(|name| triggers.iter().any(|trigger| trigger == *name))
        .filter(|name| filters::every_change(name, body(name), sources))
        .map(|name| Event { name, sees_ready: filters::sees_ready(body(name)) })
        .collect();
    let on_change = !events.is_empty();
    let scheduled = triggers.iter().any(|trigger| trigger == "schedule");
    events.extend(scheduled.then_some(Event { name: "schedule", sees_ready: false }));
    let mut pipeline = Pipeline { name: workflow.name.clone(), triggers, on_change, scheduled, ..Pipeline::default() };
    let lone = workflow.jobs.len() == 1;
    let all_state = workflow.jobs.values().all(|job| *permissions::of(job) != Permissions::default());
    for permission in permissions::stated(&workflow.permissions, None, lone) {
        if permission.access != Access::Default || !all_state {
            pipeline.permissions.push(permission);
        }
    }
    let running = running(&workflow, &events);
    let environment = layer(&Arc::default(), &workflow.env);
    let mut lines = Lines::new(text);
    for (at, (id, job)) in workflow.jobs.iter().enumerate() {
        if *permissions::of(job) != Permissions::default() {
            pipeline.permissions.extend(permissions::stated(permissions::of(job), Some(id), true));
        }
        let line = lines.find(&format!("{id}:"));
        // The events under which it surely runs.
        let surely: Vec<Event> = events
            .iter()
            .zip(&running)
            .filter(|(_, jobs)| jobs.get(at) == Some(&Some(true)))
            .map(|(event, _)| *event)
            .collect();
        // Those under which it may.
        let perhaps: Vec<Event> = events
            .iter()
            .zip(&running)
            .filter(|(_, jobs)| matches!(jobs.get(at), Some(Some(true) | None)))
            .map(|(event, _)| *event)
            .collect();
        let mut read = match job {
            GitHubJob::NormalJob(job) => {
                let raw = value.get("jobs").and_then(|jobs| jobs.get(id.as_str())).unwrap_or(&Value::Null);
                let shell = shell_of(job.defaults.as_ref()).or_else(|| shell_of(workflow.defaults.as_ref()));
                let combinations = matrix::combinations(raw);
                let runs_on = raw.get("runs-on").and_then(Value::as_str);
                let reader = StepReader {
                    job,
                    surely: &surely,
                    perhaps: &perhaps,
                    legs: match &combinations {
                        Some(all) => all.iter().map(|one| Leg { matrix: Some(one), runs_on }).collect(),
                        None => vec![Leg { matrix: None, runs_on }],
                    },
                    shell: shell.unwrap_or_default(),
                    shell_named: shell.is_some(),
                    folder: folder_of(job.defaults.as_ref()).or_else(|| folder_of(workflow.defaults.as_ref())),
                    environment: layer(&environment, &job.env),
                };
                let mut read = reader.job(&mut lines);
                read.runs_on = runs_on.map(ToOwned::to_owned);
                read.combinations = combinations.unwrap_or_default();
                read
            }
            GitHubJob::ReusableWorkflowCallJob(job) => {
                let line = lines.find(job.uses.raw());
                Job {
                    uses: vec![used(&job.uses, line)],
                    inherits_secrets: matches!(job.secrets, Some(Secrets::Inherit))
                        && !matches!(job.uses, Uses::Local(_)),
                    steps: vec![Step {
                        action: Some(name_of(&job.uses)),
                        gates: surely.iter().any(|event| event.name != "schedule"),
                        scheduled: surely.iter().any(|event| event.name == "schedule"),
                        may_gate: perhaps.iter().any(|event| event.name != "schedule"),
                        may_be_scheduled: perhaps.iter().any(|event| event.name == "schedule"),
                        ..Step::default()
                    }],
                    condition: job.r#if.as_ref().map(condition),
                    runner: "unknown",
                    ..Job::default()
                }
            }
        };
        read.id.clone_from(id);
        read.line = line;
        read.on_change = surely.iter().any(|event| event.name != "schedule");
        read.scheduled = surely.iter().any(|event| event.name == "schedule");
        pipeline.jobs.push(read);
    }
    Ok(pipeline)
}

/// Reads the definition of an action. Only its steps matter.
pub(super) fn action(text: &str) -> Result<Pipeline, String> {
    yaml::read(text).map_err(|error| refused(&error))?;
    let action: Action = yaml_serde::from_str(text).map_err(|error| one_line(&error))?;
    let mut pipeline = Pipeline { is_action: true, ..Pipeline::default() };
    let mut job = Job { id: action.name.unwrap_or_default(), runner: "unknown", ..Job::default() };
    let mut lines = Lines::new(text);
    match action.runs {
        action::Runs::Composite(composite) => {
            for step in &composite.steps {
                let mut read = Step {
                    environment: layer(&Arc::default(), &step.env),
                    condition: step.r#if.as_ref().map(condition),
                    ..Step::default()
                };
                match &step.body {
                    action::StepBody::Uses { uses, with } => {
                        read.line = lines.find(uses.raw());
                        job.uses.push(used(uses, read.line));
                        read.action = Some(name_of(uses));
                        read.with = inputs(with);
                    }
                    action::StepBody::Run { run, shell: named, working_directory, .. } => {
                        read.line = lines.find(run);
                        read.shell = shell(Some(named)).unwrap_or_default();
                        read.shell_named = true;
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
                job.uses.push(image_used(image, &mut lines));
            }
        }
        action::Runs::JavaScript(_) => {}
    }
    pipeline.jobs.push(job);
    Ok(pipeline)
}

fn one_line(error: &yaml_serde::Error) -> String {
    refused(&error.to_string().replace('\n', " "))
}

fn refused(error: &str) -> String {
    format!("not a workflow that GitHub would run: {error}")
}

fn on(value: &Value) -> Option<&Value> {
    // YAML 1.1 readers take the key `on` for true.
    value
        .get("on")
        .or_else(|| value.as_mapping()?.iter().find(|(key, _)| key.as_bool() == Some(true)).map(|(_, on)| on))
}

fn triggers(value: &Value) -> Vec<String> {
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

/// For each event whether each job runs.
fn running(workflow: &Workflow, events: &[Event]) -> Vec<Vec<Option<bool>>> {
    let conditions: Vec<Option<String>> = workflow
        .jobs
        .values()
        .map(|job| match job {
            GitHubJob::NormalJob(job) => job.r#if.as_ref().map(condition),
            GitHubJob::ReusableWorkflowCallJob(job) => job.r#if.as_ref().map(condition),
        })
        .collect();
    let asked: Vec<Asked<'_>> = workflow
        .jobs
        .iter()
        .zip(&conditions)
        .map(|((id, job), condition)| {
            let needs = match job {
                GitHubJob::NormalJob(job) => &job.needs,
                GitHubJob::ReusableWorkflowCallJob(job) => &job.needs,
            };
            Asked { id, needs: needs.iter().map(String::as_str).collect(), condition: condition.as_deref() }
        })
        .collect();
    events.iter().map(|event| event.jobs(&asked)).collect()
}

fn folder_of(defaults: Option<&Defaults>) -> Option<String> {
    defaults?.run.as_ref()?.working_directory.clone()
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

/// Reads the steps of one job.
struct StepReader<'a> {
    job: &'a NormalJob,
    /// The events under which the job surely runs.
    surely: &'a [Event],
    /// Those under which it may run.
    perhaps: &'a [Event],
    /// The combinations of its matrix.
    legs: Vec<Leg<'a>>,
    shell: Shell,
    shell_named: bool,
    folder: Option<String>,
    environment: Arc<Environment>,
}

impl StepReader<'_> {
    fn job(&self, lines: &mut Lines<'_>) -> Job {
        let job = self.job;
        let mut read = Job {
            tolerant: !self.legs.iter().any(|leg| {
                let any = Event { name: "push", sees_ready: false };
                fails(&job.continue_on_error, self.surely.first().copied().unwrap_or(any), leg) == Some(true)
            }),
            runner: runner(&job.runs_on),
            environment: job.environment.is_some(),
            condition: job.r#if.as_ref().map(condition),
            ..Job::default()
        };
        for step in &job.steps {
            match step {
                GitHubStep::Uses(step) => self.uses_step(step, lines, &mut read),
                GitHubStep::Run(step) => self.run_step(step, lines, &mut read),
                GitHubStep::Parallel { parallel } => {
                    for step in parallel {
                        match step {
                            ParallelStep::Uses(step) => self.uses_step(step, lines, &mut read),
                            ParallelStep::Run(step) => self.run_step(step, lines, &mut read),
                        }
                    }
                }
                GitHubStep::Wait { .. } | GitHubStep::WaitAll { .. } | GitHubStep::Cancel { .. } => {}
            }
        }
        for container in job.container.iter().chain(job.services.values()) {
            use github_actions_models::workflow::job::Container;
            let (Container::Name(image) | Container::Container { image, .. }) = container;
            read.uses.push(image_used(image, lines));
        }
        read
    }

    fn uses_step(&self, step: &github_actions_models::workflow::job::UsesStep, lines: &mut Lines<'_>, job: &mut Job) {
        let line = lines.find(step.uses.raw());
        lines.pass();
        job.uses.push(used(&step.uses, line));
        let read =
            Step { action: Some(name_of(&step.uses)), with: inputs(&step.with), line, ..self.shared(&step.shared) };
        job.steps.push(read);
    }

    fn run_step(&self, step: &github_actions_models::workflow::job::RunStep, lines: &mut Lines<'_>, job: &mut Job) {
        let line = lines.find(&step.run);
        lines.pass();
        let shell = shell(step.shell.as_ref()).unwrap_or(self.shell);
        job.steps.push(Step {
            run: Some(step.run.clone()),
            shell,
            shell_named: self.shell_named || step.shell.is_some(),
            folder: step.working_directory.clone().or_else(|| self.folder.clone()),
            line,
            ..self.shared(&step.shared)
        });
    }

    fn shared(&self, step: &SharedStepFields) -> Step {
        let condition = step.r#if.as_ref().map(condition);
        let asked = condition.as_deref().map(runs::condition);
        // Does it run and fail the job in this combination of the matrix? The answer may be that this is not known.
        let strict = |event: Event, leg: &Leg<'_>| {
            let runs = match &asked {
                None => Some(true),
                Some(None) => None,
                Some(Some(asked)) => event.holds(asked, leg),
            };
            let counts = [&step.continue_on_error, &self.job.continue_on_error].map(|one| fails(one, event, leg));
            runs::every([runs, counts[0], counts[1]].into_iter())
        };
        let any = |events: &[Event], scheduled: bool, holds: &dyn Fn(Event) -> bool| {
            !step.background && events.iter().any(|event| (event.name == "schedule") == scheduled && holds(*event))
        };
        let of =
            |scheduled: bool, leg: &Leg<'_>| any(self.surely, scheduled, &|event| strict(event, leg) == Some(true));
        let may = |scheduled: bool| {
            any(self.perhaps, scheduled, &|event| self.legs.iter().any(|leg| strict(event, leg) != Some(false)))
        };
        let legs: Vec<(bool, bool)> = self.legs.iter().map(|leg| (of(false, leg), of(true, leg))).collect();
        Step {
            gates: legs.iter().any(|(gates, _)| *gates),
            scheduled: legs.iter().any(|(_, scheduled)| *scheduled),
            may_gate: may(false),
            may_be_scheduled: may(true),
            legs,
            never: condition.as_deref().is_some_and(runs::is_never),
            environment: layer(&self.environment, &step.env),
            condition,
            ..Step::default()
        }
    }
}

/// Does a failure count, where that is known?
fn fails(continues: &BoE, event: Event, leg: &Leg<'_>) -> Option<bool> {
    match continues {
        BoE::Literal(continues) => Some(!continues),
        BoE::Expr(text) => {
            let continues = runs::condition(text.as_curly()).and_then(|expression| event.holds(&expression, leg));
            continues.map(|continues| !continues)
        }
    }
}

fn image_used(image: &LoE<DockerUses>, lines: &mut Lines<'_>) -> Used {
    let (name, pinned) = match image {
        LoE::Literal(image) => (image.raw().to_owned(), Pinned::of_image(image.raw())),
        LoE::Expr(expression) => (expression.as_curly().to_owned(), Pinned::Unknown),
    };
    Used { line: lines.find(&name), pinned, first_party: false, text: name }
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

fn runner(runs_on: &LoE<RunsOn>) -> &'static str {
    /// Images of GitHub's own runners.
    const HOSTED: &[&str] = &["ubuntu-", "windows-", "macos-"];
    let LoE::Literal(runs_on) = runs_on else { return "unknown" };
    let labels = match runs_on {
        RunsOn::Target(labels) | RunsOn::Group { labels, .. } => labels,
    };
    if labels.iter().any(|label| label == "self-hosted") {
        "self-hosted"
    } else if !labels.is_empty() && labels.iter().all(|label| HOSTED.iter().any(|image| label.starts_with(image))) {
        "hosted"
    } else {
        "unknown"
    }
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

fn used(uses: &Uses, line: Option<u64>) -> Used {
    let raw = uses.raw().to_owned();
    let (pinned, first_party) = match uses {
        Uses::Local(_) => (Pinned::Local, true),
        Uses::Docker(image) => (Pinned::of_image(image.raw()), false),
        Uses::Repository(repository) => (
            Pinned::of_reference(repository.git_ref()),
            FIRST_PARTY.iter().any(|owner| raw.to_ascii_lowercase().starts_with(owner)),
        ),
    };
    Used { line, pinned, first_party, text: raw }
}

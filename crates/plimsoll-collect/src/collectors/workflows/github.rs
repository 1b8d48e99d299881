//! GitHub Actions: workflows and composite actions. The types are those of github-actions-models; what it
//! refuses, GitHub refuses as well, and it counts as not understood.

use std::{collections::BTreeMap, sync::Arc};

use github_actions_models::{
    action::{self, Action},
    common::{DockerUses, Env, If, Permissions, Uses, expr::BoE, expr::LoE},
    workflow::{
        Defaults, Job as GitHubJob, Workflow,
        job::{NormalJob, ParallelStep, ReusableWorkflowCallJob, Secrets, SharedStepFields, Step as GitHubStep},
    },
};
use yaml_serde::Value;

use super::{
    environment::Environment,
    expressions::Known,
    filters::{self, Budget, Reach},
    flaws, local, matrix,
    model::{Access, Call, Job, Lines, Pinned, Pipeline, Step, Used},
    permissions, runners,
    runs::{self, Asked, Asks, Event, Leg},
    shell::Shell,
};
use crate::collectors::yaml;

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
    let scheduled = triggers.iter().any(|trigger| trigger == "schedule");
    events.extend(scheduled.then_some(Event { name: "schedule", ..plain }));
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
        flaws: flaws::find(&value, text),
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
    let possible: Vec<Vec<Option<bool>>> = triggers
        .iter()
        .map(|name| Event { name, asks: Asks::Possibly, ..plain }.jobs(&asked))
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
            .filter(|(_, jobs)| matches!(jobs.get(at), Some(Some(true) | None)))
            .map(|(event, _)| *event)
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

/// What a workflow that is called knows of its inputs: constants of the caller, or its own defaults.
fn inputs_of(value: &Value, with: &[(String, String)]) -> BTreeMap<String, Known> {
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
        flaws: flaws::find(&value, text),
        ..Pipeline::default()
    };
    let mut job = Job { id: action.name.unwrap_or_default(), runner: "unknown", ..Job::default() };
    let mut lines = Lines::new(text);
    match action.runs {
        action::Runs::Composite(composite) => {
            for step in &composite.steps {
                let mut read = Step {
                    id: step.id.clone(),
                    environment: layer(&Arc::default(), &step.env),
                    condition: step.r#if.as_ref().map(condition),
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
        }
        action::Runs::JavaScript(_) => {}
    }
    pipeline.jobs.push(job);
    Ok(pipeline)
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

fn check_on(value: &Value) -> Result<(), String> {
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

/// Reads the steps of one job.
struct StepReader<'a> {
    job: &'a NormalJob,
    /// The same job as it is written.
    raw: &'a Value,
    own: Option<&'a str>,
    /// The events under which the job surely runs.
    surely: &'a [Event<'a>],
    /// Those under which it may run.
    perhaps: &'a [Event<'a>],
    /// The combinations of its matrix.
    legs: Vec<Leg<'a>>,
    shell: Shell,
    shell_named: bool,
    shell_text: Option<String>,
    folder: Option<String>,
    environment: Arc<Environment>,
}

impl StepReader<'_> {
    fn job(&self, lines: &mut Lines<'_>) -> Job {
        let job = self.job;
        let matrix = self.raw.get("strategy").and_then(|strategy| strategy.get("matrix"));
        let runs_on = self.raw.get("runs-on").unwrap_or(&Value::Null);
        let mut read = Job {
            tolerant: !self.legs.iter().any(|leg| {
                let any = Event { name: "push", ..Event::default() };
                fails(&job.continue_on_error, self.surely.first().copied().unwrap_or(any), leg) == Some(true)
            }),
            runner: runners::of(runs_on, matrix, &|_| Known::Unknown).as_str(),
            environment: job.environment.is_some(),
            condition: job.r#if.as_ref().map(condition),
            needs: job.needs.clone(),
            outputs: job.outputs.iter().map(|(name, text)| (name.to_ascii_lowercase(), text.to_string())).collect(),
            labels: runs_on.clone(),
            around: Arc::clone(&self.environment),
            ..Job::default()
        };
        let start = lines.place();
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
        for container in flaws::containers(self.raw) {
            let image =
                container.as_str().or_else(|| container.get("image").and_then(Value::as_str)).unwrap_or_default();
            read.settings.push(("image", image.to_owned()));
            if let Some(options) = container.get("options").and_then(Value::as_str) {
                read.settings.push(("options", options.to_owned()));
            }
            let line = lines.set_after(start, &["image", "container"], image);
            let images = runners::texts(image, matrix, &|_| Known::Unknown).unwrap_or_else(|| vec![image.to_owned()]);
            // An empty name is no container.
            for image in images.iter().filter(|image| !image.trim().is_empty()) {
                read.uses.push(image_used(image.strip_prefix("docker://").unwrap_or(image), line));
            }
        }
        read
    }

    fn uses_step(&self, step: &github_actions_models::workflow::job::UsesStep, lines: &mut Lines<'_>, job: &mut Job) {
        let line = lines.find(step.uses.raw());
        lines.pass();
        job.uses.push(used(&step.uses, line, self.own));
        job.steps.push(Step {
            uses: Some(written(&step.uses)),
            action: Some(name_of(&step.uses)),
            with: inputs(&step.with),
            line,
            ..self.shared(&step.shared)
        });
    }

    fn run_step(&self, step: &github_actions_models::workflow::job::RunStep, lines: &mut Lines<'_>, job: &mut Job) {
        let line = lines.find(&step.run);
        lines.pass();
        let shell = shell(step.shell.as_ref()).unwrap_or(self.shell);
        job.steps.push(Step {
            run: Some(step.run.clone()),
            shell,
            shell_named: self.shell_named || step.shell.is_some(),
            shell_text: step.shell.as_ref().map(raw_shell).map(ToOwned::to_owned).or_else(|| self.shell_text.clone()),
            folder: step.working_directory.clone().or_else(|| self.folder.clone()),
            line,
            ..self.shared(&step.shared)
        });
    }

    fn shared(&self, step: &SharedStepFields) -> Step {
        let condition = step.r#if.as_ref().map(condition);
        let asked = condition.as_deref().map(runs::condition);
        // Does it run and fail the job in this combination of the matrix? The answer may be that this is not known.
        let strict = |event: Event<'_>, leg: &Leg<'_>| {
            let runs = match &asked {
                None => Some(true),
                Some(None) => None,
                Some(Some(asked)) => event.holds(asked, leg),
            };
            let counts = [&step.continue_on_error, &self.job.continue_on_error].map(|one| fails(one, event, leg));
            runs::every([runs, counts[0], counts[1]].into_iter())
        };
        let any = |events: &[Event<'_>], scheduled: bool, holds: &dyn Fn(Event<'_>) -> bool| {
            !step.background && events.iter().any(|event| (event.name == "schedule") == scheduled && holds(*event))
        };
        let of =
            |scheduled: bool, leg: &Leg<'_>| any(self.surely, scheduled, &|event| strict(event, leg) == Some(true));
        let may = |scheduled: bool| {
            any(self.perhaps, scheduled, &|event| self.legs.iter().any(|leg| strict(event, leg) != Some(false)))
        };
        let legs: Vec<(bool, bool)> = self.legs.iter().map(|leg| (of(false, leg), of(true, leg))).collect();
        Step {
            id: step.id.clone(),
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
fn fails(continues: &BoE, event: Event<'_>, leg: &Leg<'_>) -> Option<bool> {
    match continues {
        BoE::Literal(continues) => Some(!continues),
        BoE::Expr(text) => {
            let continues = runs::condition(text.as_curly()).and_then(|expression| event.holds(&expression, leg));
            continues.map(|continues| !continues)
        }
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

//! GitHub Actions: workflows and composite actions. The types are those of github-actions-models; what it
//! refuses, GitHub refuses as well, and it counts as not understood.

use github_actions_models::{
    action::{self, Action},
    common::{BasePermission, DockerUses, If, Permissions, Uses, expr::BoE, expr::LoE},
    workflow::{
        Job as GitHubJob, Workflow,
        job::{NormalJob, ParallelStep, RunsOn, Secrets, Step as GitHubStep},
    },
};
use yaml_serde::Value;

use super::model::{Access, Job, Permission, Pinned, Pipeline, Step, Used, check_depth, line_of};

/// Owners whose actions are the forge's own.
const FIRST_PARTY: &[&str] = &["actions/", "github/"];

/// Reads a workflow.
pub(super) fn workflow(text: &str) -> Result<Pipeline, String> {
    check_depth(text)?;
    let value: Value = yaml_serde::from_str(text).map_err(|error| one_line(&error))?;
    let workflow: Workflow = yaml_serde::from_str(text).map_err(|error| one_line(&error))?;
    let triggers = triggers(&value);
    let on_change = runs_on_change(&value, &triggers);
    let scheduled = triggers.iter().any(|trigger| trigger == "schedule");
    let mut pipeline = Pipeline { name: workflow.name.clone(), triggers, on_change, scheduled, ..Pipeline::default() };
    let lone = workflow.jobs.len() == 1;
    let all_state = workflow.jobs.values().all(|job| *permissions_of(job) != Permissions::default());
    for permission in permissions(&workflow.permissions, None, lone) {
        if permission.access != Access::Default || !all_state {
            pipeline.permissions.push(permission);
        }
    }
    for (id, job) in &workflow.jobs {
        if *permissions_of(job) != Permissions::default() {
            pipeline.permissions.extend(permissions(permissions_of(job), Some(id), true));
        }
        let line = line_of(text, &format!("{id}:"));
        let mut read = match job {
            GitHubJob::NormalJob(job) => normal(job, text),
            GitHubJob::ReusableWorkflowCallJob(job) => Job {
                uses: vec![used(&job.uses, text)],
                inherits_secrets: matches!(job.secrets, Some(Secrets::Inherit)) && !matches!(job.uses, Uses::Local(_)),
                steps: vec![Step { action: Some(name_of(&job.uses)), ..Step::default() }],
                condition: job.r#if.as_ref().map(condition),
                runner: "unknown",
                ..Job::default()
            },
        };
        read.id.clone_from(id);
        read.line = line;
        let excluded = read.condition.as_deref().is_some_and(keeps_changes_out);
        read.on_change = on_change && !excluded;
        read.scheduled = scheduled && !read.condition.as_deref().is_some_and(super::purposes::is_never);
        pipeline.jobs.push(read);
    }
    Ok(pipeline)
}

/// Reads the definition of an action. Only its steps matter.
pub(super) fn action(text: &str) -> Result<Pipeline, String> {
    check_depth(text)?;
    let action: Action = yaml_serde::from_str(text).map_err(|error| one_line(&error))?;
    let mut pipeline = Pipeline { is_action: true, ..Pipeline::default() };
    let mut job = Job { id: action.name.unwrap_or_default(), runner: "unknown", ..Job::default() };
    match action.runs {
        action::Runs::Composite(composite) => {
            for step in &composite.steps {
                let shared = Step {
                    tolerant: tolerates(&step.continue_on_error),
                    condition: step.r#if.as_ref().map(condition),
                    ..Step::default()
                };
                match &step.body {
                    action::StepBody::Uses { uses, with } => {
                        job.uses.push(used(uses, text));
                        job.steps.push(Step {
                            action: Some(name_of(uses)),
                            with: inputs(with),
                            line: line_of(text, uses.raw()),
                            ..shared
                        });
                    }
                    action::StepBody::Run { run, .. } => {
                        job.steps.push(Step { run: Some(run.clone()), line: line_of(text, run), ..shared });
                    }
                }
            }
        }
        action::Runs::Docker(docker) => {
            if let action::DockerActionUses::Image(image) = &docker.image {
                job.uses.push(image_used(image, text));
            }
        }
        action::Runs::JavaScript(_) => {}
    }
    pipeline.jobs.push(job);
    Ok(pipeline)
}

fn one_line(error: &yaml_serde::Error) -> String {
    format!("not a workflow that GitHub would run: {}", error.to_string().replace('\n', " "))
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

/// Does it run for a change to any file on the way to a branch? A filter that leaves out the source does not count.
fn runs_on_change(value: &Value, triggers: &[String]) -> bool {
    triggers.iter().any(|trigger| {
        let body = on(value).and_then(|on| on.get(trigger.as_str()));
        let has = |key: &str| body.is_some_and(|body| body.get(key).is_some());
        let names_source = || {
            body.and_then(|body| body.get("paths")).and_then(Value::as_sequence).is_some_and(|paths| {
                paths.iter().filter_map(Value::as_str).any(|path| {
                    path.starts_with("**")
                        || path == "*"
                        || path.contains("src")
                        || path.contains("crates")
                        || path.contains(".rs")
                })
            })
        };
        match trigger.as_str() {
            "pull_request" | "merge_group" => !has("paths") || names_source(),
            "push" => (!has("tags") || has("branches")) && (!has("paths") || names_source()),
            _ => false,
        }
    })
}

/// Does this condition keep the job from running for changes? Only what is plain is understood; a condition on the
/// event that names no change, on tags, or on the commit's author counts as keeping out.
fn keeps_changes_out(condition: &str) -> bool {
    let names_event = condition.contains("github.event_name");
    let names_change =
        condition.contains("'push'") || condition.contains("'pull_request'") || condition.contains("event_name !=");
    super::purposes::is_never(condition)
        || (names_event && !names_change)
        || condition.contains("refs/tags")
        || condition.contains("github.actor ==")
}

fn permissions_of(job: &GitHubJob) -> &Permissions {
    match job {
        GitHubJob::NormalJob(job) => &job.permissions,
        GitHubJob::ReusableWorkflowCallJob(job) => &job.permissions,
    }
}

fn permissions(permissions: &Permissions, job: Option<&String>, confined: bool) -> Vec<Permission> {
    let one = |scope: &str, access: Access, least_privilege: bool| Permission {
        job: job.cloned(),
        scope: scope.to_owned(),
        access,
        least_privilege,
    };
    match permissions {
        Permissions::Base(BasePermission::Default) => vec![one("all", Access::Default, false)],
        Permissions::Base(BasePermission::ReadAll) => vec![one("all", Access::Read, true)],
        Permissions::Base(BasePermission::WriteAll) => vec![one("all", Access::Write, false)],
        Permissions::Explicit(scopes) if scopes.is_empty() => vec![one("all", Access::None, true)],
        Permissions::Explicit(scopes) => scopes
            .iter()
            .map(|(scope, permission)| {
                use github_actions_models::common::Permission as Given;
                match permission {
                    Given::Read => one(scope, Access::Read, true),
                    Given::None => one(scope, Access::None, true),
                    // Writing for every job of a file is more than one of them needs.
                    Given::Write => one(scope, Access::Write, confined),
                }
            })
            .collect(),
    }
}

fn normal(job: &NormalJob, text: &str) -> Job {
    let mut read = Job {
        tolerant: tolerates(&job.continue_on_error),
        runner: runner(&job.runs_on),
        environment: job.environment.is_some(),
        condition: job.r#if.as_ref().map(condition),
        ..Job::default()
    };
    for step in &job.steps {
        match step {
            GitHubStep::Uses(step) => uses_step(step, text, &mut read),
            GitHubStep::Run(step) => run_step(step, text, &mut read),
            GitHubStep::Parallel { parallel } => {
                for step in parallel {
                    match step {
                        ParallelStep::Uses(step) => uses_step(step, text, &mut read),
                        ParallelStep::Run(step) => run_step(step, text, &mut read),
                    }
                }
            }
            GitHubStep::Wait { .. } | GitHubStep::WaitAll { .. } | GitHubStep::Cancel { .. } => {}
        }
    }
    let images = job.container.iter().chain(job.services.values());
    for container in images {
        use github_actions_models::workflow::job::Container;
        let (Container::Name(image) | Container::Container { image, .. }) = container;
        read.uses.push(image_used(image, text));
    }
    read
}

fn image_used(image: &LoE<DockerUses>, text: &str) -> Used {
    let (name, pinned) = match image {
        LoE::Literal(image) => (image.raw().to_owned(), Pinned::of_image(image.raw())),
        LoE::Expr(expression) => (expression.as_curly().to_owned(), Pinned::Unknown),
    };
    Used { line: line_of(text, &name), pinned, first_party: false, text: name }
}

fn uses_step(step: &github_actions_models::workflow::job::UsesStep, text: &str, job: &mut Job) {
    job.uses.push(used(&step.uses, text));
    job.steps.push(Step {
        action: Some(name_of(&step.uses)),
        with: inputs(&step.with),
        tolerant: tolerates(&step.shared.continue_on_error),
        condition: step.shared.r#if.as_ref().map(condition),
        line: line_of(text, step.uses.raw()),
        ..Step::default()
    });
}

fn run_step(step: &github_actions_models::workflow::job::RunStep, text: &str, job: &mut Job) {
    job.steps.push(Step {
        run: Some(step.run.clone()),
        tolerant: tolerates(&step.shared.continue_on_error),
        condition: step.shared.r#if.as_ref().map(condition),
        line: line_of(text, &step.run),
        ..Step::default()
    });
}

fn inputs(with: &LoE<github_actions_models::common::Env>) -> Vec<(String, String)> {
    match with {
        LoE::Literal(values) => values.iter().map(|(key, value)| (key.clone(), value.to_string())).collect(),
        LoE::Expr(expression) => vec![(String::new(), expression.as_curly().to_owned())],
    }
}

// An expression may come out either way: it counts as letting failures pass.
fn tolerates(value: &BoE) -> bool {
    !matches!(value, BoE::Literal(false))
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

fn used(uses: &Uses, text: &str) -> Used {
    let raw = uses.raw().to_owned();
    let (pinned, first_party) = match uses {
        Uses::Local(_) => (Pinned::Local, true),
        Uses::Docker(image) => (Pinned::of_image(image.raw()), false),
        Uses::Repository(repository) => (
            Pinned::of_reference(repository.git_ref()),
            FIRST_PARTY.iter().any(|owner| raw.to_ascii_lowercase().starts_with(owner)),
        ),
    };
    Used { line: line_of(text, &raw), pinned, first_party, text: raw }
}

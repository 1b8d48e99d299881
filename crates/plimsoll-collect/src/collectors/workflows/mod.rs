//! What the CI does: which jobs test, lint, audit, fuzz, publish; what is pinned; who may write; what is dangerous.

mod dangers;
mod github;
mod gitlab;
mod model;
mod purposes;

#[cfg(test)]
mod tests;

use plimsoll_model::{Assurance, Kind, Pointer, Subject};
use plimsoll_snapshot::Entry;
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{Collector, Context, Gathered, PathClass};
use model::{Access, Pinned, Pipeline};

/// Bytes of one CI file. GitHub itself refuses files beyond 512 KiB.
const LARGEST: u64 = 512 * 1024;
/// CI files that are read.
const MOST_FILES: usize = 2000;

/// One CI file.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct WorkflowFact {
    /// Its path.
    path: String,
    /// `github` or `gitlab`.
    system: &'static str,
    /// The name it gives itself.
    name: Option<String>,
    /// The events that start it, sorted.
    triggers: Vec<String>,
    /// How many jobs.
    jobs: usize,
    /// Does it run for every change: a push to a branch, a pull or merge request?
    on_change: bool,
    /// Does it run by the clock?
    scheduled: bool,
    /// Was it understood?
    parsed: bool,
}

/// One job.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct JobFact {
    /// Path of its file.
    workflow: String,
    /// Its id.
    job: String,
    /// What it does, by the commands and actions that it names.
    purposes: Vec<&'static str>,
    /// Does it run for every change?
    on_change: bool,
    /// Does it run by the clock?
    scheduled: bool,
    /// Does it run for every change, and does the change fail with it?
    gates: bool,
    /// Of the purposes, those whose failure fails the job.
    gated_purposes: Vec<&'static str>,
    /// `hosted`, `self-hosted`, `unknown`.
    runner: &'static str,
    /// Does it name a deployment environment?
    environment: bool,
}

/// One action, reusable workflow or image that a CI file pulls in.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ActionFact {
    /// Path of its file.
    workflow: String,
    /// The job, where it is used in one.
    job: Option<String>,
    /// As written.
    uses: String,
    /// `digest`, `tag`, `branch`, `local`, `image-digest`, `image-tag`, `unknown`.
    pinned: Pinned,
    /// By digest, or local?
    by_digest: bool,
    /// Local, or by the forge itself?
    first_party: bool,
}

/// What a workflow's or job's token may do.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct PermissionFact {
    /// Path of its file.
    workflow: String,
    /// The job; absent for the whole file.
    job: Option<String>,
    /// The scope's name, or `all`.
    scope: String,
    /// `read`, `write`, `none`, `default` (GitHub's default, which the file does not show).
    access: Access,
    /// Is it stated, and is writing confined to a job?
    least_privilege: bool,
}

/// Something that lets strangers act with the workflow's rights.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct DangerFact {
    /// Path of its file.
    workflow: String,
    /// The job, where it is in one.
    job: Option<String>,
    /// The rule.
    rule: &'static str,
    /// `high`, `medium`, `low`.
    severity: &'static str,
    /// What was seen.
    detail: String,
}

const WORKFLOW: Kind = Kind::of::<WorkflowFact>("workflow", "One CI file and what starts it.");
const JOB: Kind = Kind::of::<JobFact>("workflow-job", "One CI job, what it does and whether it gates changes.");
const ACTION: Kind =
    Kind::of::<ActionFact>("workflow-action", "One action or image that CI pulls in, and how it is pinned.");
const PERMISSION: Kind = Kind::of::<PermissionFact>("workflow-permission", "What a CI token may do.");
const DANGER: Kind = Kind::of::<DangerFact>("workflow-danger", "A way for strangers to act with a workflow's rights.");

/// CI files.
pub struct Workflows;

impl Collector for Workflows {
    fn name(&self) -> &'static str {
        "workflows"
    }

    fn about(&self) -> &'static str {
        "GitHub Actions and GitLab CI: jobs and what they do, pinned actions, token permissions, dangerous triggers."
    }

    fn states(&self) -> &'static [Kind] {
        &[WORKFLOW, JOB, ACTION, PERMISSION, DANGER]
    }

    fn collect(&self, cx: &Context<'_>) -> Vec<Gathered> {
        let files: Vec<(&Entry, Shape)> = cx
            .snapshot
            .entries()
            .iter()
            .filter_map(|entry| Some((entry, shape(entry, cx)?)))
            .take(MOST_FILES)
            .collect();
        let read: Vec<_> = files.par_iter().map(|(entry, shape)| (*entry, read(cx, entry, *shape))).collect();
        let count = files.len() as u64;
        let mut all =
            [WORKFLOW, JOB, ACTION, PERMISSION, DANGER].map(|kind| Gathered::searched(&kind, "CI files", count));
        let [workflows, jobs, actions, permissions, dangers] = &mut all;
        let others = [&mut *jobs, &mut *actions, &mut *permissions, &mut *dangers];
        let mut unread = Vec::new();
        for (entry, outcome) in &read {
            match outcome {
                Ok(pipeline) => unread.extend(pipeline.gaps.iter().map(|gap| format!("{}: {gap}", entry.path))),
                Err(reason) => unread.push(format!("{}: {reason}", entry.path)),
            }
        }
        for one in others {
            for gap in &unread {
                one.gap(gap.clone());
            }
        }
        if let Some(gap) = cx.snapshot.tree_gap() {
            workflows.gap(gap);
        }
        jobs.limitation("What a script, a Makefile target or a remote reusable workflow does inside is not seen.");
        jobs.limitation("Whether a job is required before merging is kept at the forge and not seen.");
        for (entry, outcome) in read {
            push(entry, outcome.ok(), workflows, jobs, actions, permissions, dangers);
        }
        all.into()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    GitHub,
    Action,
    GitLab,
}

fn shape(entry: &Entry, cx: &Context<'_>) -> Option<Shape> {
    if !entry.is_file() {
        return None;
    }
    // Case matters: the forge runs no `CI.YML`.
    let yaml = matches!(entry.path.rsplit_once('.'), Some((_, "yml" | "yaml")));
    if entry.folder() == ".github/workflows" && yaml {
        return Some(Shape::GitHub);
    }
    if entry.path == ".gitlab-ci.yml" {
        return Some(Shape::GitLab);
    }
    let action =
        matches!(entry.name(), "action.yml" | "action.yaml") && cx.classes.of(&entry.path) == PathClass::Shipped;
    action.then_some(Shape::Action)
}

fn read(cx: &Context<'_>, entry: &Entry, shape: Shape) -> Result<Pipeline, String> {
    let text = cx.snapshot.read_text(entry, LARGEST).map_err(|error| error.to_string())?;
    match shape {
        Shape::GitHub => github::workflow(&text),
        Shape::Action => github::action(&text),
        Shape::GitLab => gitlab::pipeline(&text, &|path| {
            let included = cx.snapshot.entry(path).ok_or("no such file")?;
            cx.snapshot.read_text(included, LARGEST).map_err(|error| error.to_string())
        }),
    }
}

fn push(
    entry: &Entry,
    pipeline: Option<Pipeline>,
    workflows: &mut Gathered,
    jobs: &mut Gathered,
    actions: &mut Gathered,
    permissions: &mut Gathered,
    dangers: &mut Gathered,
) {
    let path = || entry.path.clone();
    let subject = || Subject::path(&entry.path);
    let at = |line: Option<u64>| -> Vec<Pointer> {
        vec![line.map_or_else(|| entry.pointer(), |line| entry.pointer().at_line(line))]
    };
    let parsed = pipeline.is_some();
    let pipeline = pipeline.unwrap_or_default();
    // An action is a part of workflows, not one itself.
    if !pipeline.is_action {
        let fact = WorkflowFact {
            path: path(),
            system: if entry.path == ".gitlab-ci.yml" { "gitlab" } else { "github" },
            name: pipeline.name.clone(),
            triggers: pipeline.triggers.clone(),
            jobs: pipeline.jobs.len(),
            on_change: pipeline.on_change,
            scheduled: pipeline.scheduled,
            parsed,
        };
        workflows.push(subject(), Assurance::Observed, &fact, at(None));
    }
    for danger in dangers::find(&pipeline) {
        let fact = DangerFact {
            workflow: path(),
            job: danger.job,
            rule: danger.rule,
            severity: danger.severity,
            detail: danger.detail,
        };
        dangers.push(subject(), Assurance::Observed, &fact, at(danger.line));
    }
    for job in &pipeline.jobs {
        let found = purposes::of(job);
        if !pipeline.is_action {
            let gates = job.on_change && !job.tolerant;
            let fact = JobFact {
                workflow: path(),
                job: job.id.clone(),
                purposes: found.iter().map(|(purpose, _)| *purpose).collect(),
                on_change: job.on_change,
                scheduled: job.scheduled,
                gates,
                gated_purposes: found
                    .iter()
                    .filter(|(_, gated)| gates && *gated)
                    .map(|(purpose, _)| *purpose)
                    .collect(),
                runner: job.runner,
                environment: job.environment,
            };
            jobs.push(subject(), Assurance::Observed, &fact, at(job.line));
        }
        for used in &job.uses {
            let fact = ActionFact {
                workflow: path(),
                job: (!pipeline.is_action).then(|| job.id.clone()),
                uses: used.text.clone(),
                pinned: used.pinned,
                by_digest: used.pinned.by_digest(),
                first_party: used.first_party,
            };
            actions.push(subject(), Assurance::Observed, &fact, at(used.line));
        }
    }
    for permission in &pipeline.permissions {
        let fact = PermissionFact {
            workflow: path(),
            job: permission.job.clone(),
            scope: permission.scope.clone(),
            access: permission.access,
            least_privilege: permission.least_privilege,
        };
        permissions.push(subject(), Assurance::Observed, &fact, at(None));
    }
}

/// Reads anything; properties and fuzzing ask that it ends and does not panic.
#[cfg(any(test, fuzzing))]
pub(crate) fn read_anything(text: &str) {
    let _ = github::workflow(text);
    let _ = github::action(text);
    let _ = gitlab::pipeline(text, &|_| Err("none".to_owned()));
}

//! What the CI does: which jobs test, lint, audit, fuzz, publish; what is pinned; who may write; what is dangerous.

mod actions;
mod cargo_config;
mod change;
mod commands;
mod dangers;
mod environment;
mod expressions;
mod files;
mod filters;
mod flaws;
mod follow;
mod github;
mod gitlab;
mod local;
mod matrix;
mod model;
mod of_commit;
mod permissions;
mod purposes;
mod reach;
mod runners;
mod runs;
mod scripts;
mod shell;
mod sinks;
mod surroundings;
mod systems;
mod taint;
mod tool_config;
mod tools;
mod tree;
mod waiting;

#[cfg(test)]
mod borders;
#[cfg(test)]
mod gates;
#[cfg(test)]
mod surrounded;
#[cfg(test)]
mod tests;

use plimsoll_model::{Assurance, Kind, Pointer, Subject};
use plimsoll_snapshot::Entry;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{Collector, Context, Gathered};
use model::{Access, Pinned, Pipeline};
use of_commit::OfCommit;
use purposes::{Local, Weight};

/// One CI file.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct WorkflowFact {
    /// Its path.
    path: String,
    /// `github`, `gitlab`, `forgejo`, `gitea`.
    system: &'static str,
    /// The name it gives itself.
    name: Option<String>,
    /// The events that start it, sorted.
    triggers: Vec<String>,
    /// How many jobs.
    jobs: usize,
    /// Does it run for every change: a push to a branch, a pull or merge request?
    on_change: bool,
    /// For how many changes it runs: `every`, `some`, `none`, or `unknown` where a filter was not understood.
    changes: &'static str,
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
    /// What it does, by the commands and actions that it names, whether or not a failure counts.
    purposes: Vec<&'static str>,
    /// Does it run for every change?
    on_change: bool,
    /// Does it run by the clock?
    scheduled: bool,
    /// Does it run for every change, and does the change fail with it?
    gates: bool,
    /// Of the purposes, those that surely run for every change and whose failure fails it.
    gated_purposes: Vec<&'static str>,
    /// Of the purposes, those that surely run by the clock and whose failure fails the run.
    scheduled_purposes: Vec<&'static str>,
    /// Purposes of which it is not known whether it serves them; `any` where a command or action is not understood.
    unclear_purposes: Vec<&'static str>,
    /// Purposes of which it is not known whether a change fails with them; `any` as above.
    unclear_gates: Vec<&'static str>,
    /// The same by the clock.
    unclear_scheduled: Vec<&'static str>,
    /// What is not understood, where something is not.
    unclear: Option<String>,
    /// `hosted`, `self-hosted`, `unknown`, or `called` for a job that calls a workflow of this repository.
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
        "GitHub Actions (also of Forgejo and Gitea) and GitLab CI: jobs and what they do, pinned actions, token permissions, dangerous triggers."
    }

    fn states(&self) -> &'static [Kind] {
        &[WORKFLOW, JOB, ACTION, PERMISSION, DANGER]
    }

    fn is_of_the_commit(&self) -> bool {
        true
    }

    fn collect(&self, cx: &Context<'_>) -> Vec<Gathered> {
        let files::Read { files, gaps, missing, own } = files::read(cx);
        let count = files.len() as u64;
        let mut all =
            [WORKFLOW, JOB, ACTION, PERMISSION, DANGER].map(|kind| Gathered::searched(&kind, "CI files", count));
        // What was not read may hold anything.
        for one in &mut all {
            for gap in &gaps {
                one.gap(gap.clone());
            }
        }
        let [workflows, jobs, actions, permissions, dangers] = &mut all;
        let mut unread = Vec::new();
        for (entry, outcome) in &files {
            match outcome {
                Ok(pipeline) => unread.extend(pipeline.gaps.iter().map(|gap| format!("{}: {gap}", entry.path))),
                Err(reason) => unread.push(format!("{}: {reason}", entry.path)),
            }
        }
        for one in [&mut *workflows, &mut *jobs, &mut *actions, &mut *permissions, &mut *dangers] {
            for gap in &unread {
                one.gap(gap.clone());
            }
        }
        // An action that comes from elsewhere at run time is pinned by nothing that is seen here.
        for gap in &missing {
            actions.gap(gap.clone());
            dangers.gap(gap.clone());
        }
        for (entry, outcome) in &files {
            if let Ok(Pipeline { rights_gap: Some(gap), .. }) = outcome {
                permissions.gap(format!("{}: {gap}", entry.path));
            }
        }
        if let Some(gap) = cx.snapshot.tree_gap() {
            workflows.gap(gap);
        }
        jobs.limitation(
            "What a remote action or reusable workflow, an image, an installer or a build does inside is not seen.",
        );
        actions.limitation("What scripts download, and the base images of container files, are not looked at.");
        jobs.limitation("Whether a job is required before merging is kept at the forge and not seen.");
        let read = files.iter().filter_map(|(entry, outcome)| Some((entry.path.as_str(), outcome.as_ref().ok()?)));
        let dangers::Found { dangers: mut found, gaps } = dangers::find(read.collect(), own.as_deref());
        for gap in files::told(gaps) {
            dangers.gap(gap);
        }
        for entry in flaws::UPDATES.iter().filter_map(|path| cx.snapshot.entry(path)) {
            let text = cx.snapshot.read_text(entry, files::LARGEST);
            if text.is_ok_and(|text| flaws::updates_run_code(&text)) {
                let fact = DangerFact {
                    workflow: entry.path.clone(),
                    job: None,
                    rule: "dependabot-execution",
                    severity: "medium",
                    detail: "updates run the code of the manifests that they change".to_owned(),
                };
                dangers.push(Subject::path(&entry.path), Assurance::Observed, &fact, vec![entry.pointer()]);
            }
        }
        let tree = OfCommit::new(cx);
        let outcomes: Vec<(&Entry, Option<Pipeline>)> =
            files.into_iter().map(|(entry, outcome)| (entry, outcome.ok())).collect();
        let of_the_tree = outcomes
            .iter()
            .filter_map(|(entry, pipeline)| Some((entry.folder().to_owned(), pipeline.as_ref()?)))
            .filter(|(_, pipeline)| pipeline.is_action)
            .collect();
        let local = Local { actions: of_the_tree, own: own.as_deref() };
        let judged: Vec<Vec<purposes::Purposes>> = outcomes
            .iter()
            .map(|(entry, pipeline)| {
                let workflows = pipeline.iter().filter(|pipeline| !pipeline.is_action);
                let jobs = workflows.flat_map(|pipeline| pipeline.jobs.iter().map(move |job| (pipeline, job)));
                jobs.map(|(pipeline, job)| {
                    // The jobs of a workflow that is called are judged where they stand.
                    if job.runner == "called" {
                        return purposes::Purposes::default();
                    }
                    let mut found = purposes::found(job, &tree, &local);
                    if pipeline.triggers.iter().any(|trigger| trigger.starts_with("pull_request")) {
                        found.doubt_provenance(&[&entry.path, &job.id]);
                    }
                    found
                })
                .collect()
            })
            .collect();
        for ((entry, outcome), judged) in outcomes.into_iter().zip(judged) {
            let dangers_found = found.remove(&entry.path).unwrap_or_default();
            let part = Part { pipeline: outcome, dangers: dangers_found, purposes: judged };
            push(entry, part, workflows, jobs, actions, permissions, dangers);
        }
        all.into()
    }
}

/// What one file gave.
struct Part {
    /// Absent where it was not understood.
    pipeline: Option<Pipeline>,
    dangers: Vec<dangers::Danger>,
    /// Of each job.
    purposes: Vec<purposes::Purposes>,
}

fn push(
    entry: &Entry,
    part: Part,
    workflows: &mut Gathered,
    jobs: &mut Gathered,
    actions: &mut Gathered,
    permissions: &mut Gathered,
    dangers: &mut Gathered,
) {
    let Part { pipeline, dangers: found, purposes: judged } = part;
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
            system: files::system(entry).unwrap_or("github"),
            name: pipeline.name.clone(),
            triggers: pipeline.triggers.clone(),
            jobs: pipeline.jobs.len(),
            on_change: pipeline.on_change,
            changes: pipeline.reach.as_str(),
            scheduled: pipeline.scheduled,
            parsed,
        };
        workflows.push(subject(), Assurance::Observed, &fact, at(None));
    }
    for danger in found {
        let fact = DangerFact {
            workflow: path(),
            job: danger.job,
            rule: danger.rule,
            severity: danger.severity,
            detail: danger.detail,
        };
        dangers.push(subject(), Assurance::Observed, &fact, at(danger.line));
    }
    let mut judged = judged.into_iter();
    for job in &pipeline.jobs {
        if !pipeline.is_action {
            let found = judged.next().unwrap_or_default();
            let gates = job.on_change && !job.tolerant;
            let of = |counts: &dyn Fn(&Weight) -> bool| -> Vec<&'static str> {
                found.weights.iter().filter(|(_, weight)| counts(weight)).map(|(purpose, _)| *purpose).collect()
            };
            let fact = JobFact {
                workflow: path(),
                job: job.id.clone(),
                purposes: of(&|weight| weight.named),
                on_change: job.on_change,
                scheduled: job.scheduled,
                gates,
                gated_purposes: of(&|weight| weight.gates),
                scheduled_purposes: of(&|weight| weight.scheduled),
                unclear_purposes: of(&|weight| weight.may_be && !weight.named),
                unclear_gates: of(&|weight| weight.may_gate && !weight.gates),
                unclear_scheduled: of(&|weight| weight.may_be_scheduled && !weight.scheduled),
                unclear: found.unclear,
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

#[cfg(test)]
fn workflow(text: &str, sources: &[&str]) -> Result<Pipeline, String> {
    let setting = github::Setting { sources, own: None, calls: &[], budget: filters::Budget::share(1) };
    github::workflow(text, &setting)
}

/// Reads anything; properties and fuzzing ask that it ends and does not panic.
#[cfg(any(test, fuzzing))]
pub(crate) fn read_anything(text: &str) {
    let setting = github::Setting { sources: &[], own: None, calls: &[], budget: filters::Budget::share(1) };
    for pipeline in [github::workflow(text, &setting), github::action(text, None)].into_iter().flatten() {
        let _ = dangers::find([("a.yml", &pipeline)].into(), None);
    }
    let _ = gitlab::pipeline(text, &|_| Err("none".to_owned()));
}

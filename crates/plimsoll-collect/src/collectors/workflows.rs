//! What the CI does: which jobs test, lint, audit, fuzz, publish; what is pinned; who may write; what is dangerous.

use std::collections::BTreeSet;

use plimsoll_model::{Assurance, InputId, Kind, Pointer, Rests, Subject};
use plimsoll_pipelines::{
    Access, Analysis, CiFile, Danger, File, FileKind, Pinned, Pipeline, Repository, Weight, analyse,
};
use plimsoll_snapshot::{Entry, EntryKind};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{Collector, Context, Gathered, PathClass};

/// One CI file.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct WorkflowFact {
    /// Its path.
    path: String,
    /// The system that runs it, as `github`, `gitlab`, `forgejo`, `circleci`, `azure-pipelines` or `jenkins`.
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
    /// The line of the step that is not understood; older evidence does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unclear_line: Option<u64>,
    /// The languages of the product that tools are for whose tests gate; older evidence does not say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tested_languages: Vec<&'static str>,
    /// The languages of the product that tools are for whose analysis gates; older evidence does not say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    analysed_languages: Vec<&'static str>,
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
const JOB: Kind = Kind::of::<JobFact>("workflow-job", "One CI job, what it does and whether it gates changes.")
    .resting_on(&[Rests::members(InputId::Tools, BY_TOOLS)]);
/// What of a job follows from what the tools are that it calls.
const BY_TOOLS: &[&str] = &[
    "body/purposes",
    "body/gates",
    "body/gatedPurposes",
    "body/scheduledPurposes",
    "body/unclearPurposes",
    "body/unclearGates",
    "body/unclearScheduled",
    "body/unclear",
    "body/unclearLine",
    "body/testedLanguages",
    "body/analysedLanguages",
];
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
        "CI of GitHub, Forgejo, Gitea, GitLab, CircleCI, Azure, Woodpecker, Jenkins, Buildkite and others: jobs and what they do, pinned actions, token permissions, dangerous triggers."
    }

    fn states(&self) -> &'static [Kind] {
        &[WORKFLOW, JOB, ACTION, PERMISSION, DANGER]
    }

    fn is_of_the_commit(&self) -> bool {
        true
    }

    fn collect(&self, cx: &Context<'_>) -> Vec<Gathered> {
        let Analysis { files, gaps, missing_actions, danger_gaps, update_dangers } = analyse(&OfCommit(cx), cx.tools);
        let count = files.len() as u64;
        let mut all =
            [WORKFLOW, JOB, ACTION, PERMISSION, DANGER].map(|kind| Gathered::searched(&kind, "CI files", count));
        // What was not read may hold anything.
        for gathered in &mut all {
            for gap in &gaps {
                gathered.gap(gap.clone());
            }
            for file in &files {
                match &file.pipeline {
                    Ok(pipeline) => {
                        pipeline.gaps.iter().for_each(|gap| gathered.gap(format!("{}: {gap}", file.path)));
                    }
                    Err(reason) => gathered.gap(format!("{}: {reason}", file.path)),
                }
            }
        }
        let [workflows, jobs, actions, permissions, dangers] = &mut all;
        // An action that comes from elsewhere at run time is pinned by nothing that is seen here.
        for gap in missing_actions {
            actions.gap(gap.clone());
            dangers.gap(gap);
        }
        for file in &files {
            if let Ok(Pipeline { rights_gap: Some(gap), .. }) = &file.pipeline {
                permissions.gap(format!("{}: {gap}", file.path));
            }
            if let Ok(Pipeline { dangers_gap: Some(gap), .. }) = &file.pipeline {
                dangers.gap(format!("{}: {gap}", file.path));
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
        if files.iter().any(|file| !["github", "gitlab", "forgejo", "gitea"].contains(&file.system)) {
            jobs.limitation("Whether the repository is connected to a CI system of others is kept there and not seen.");
        }
        for gap in danger_gaps {
            dangers.gap(gap);
        }
        for (path, danger) in update_dangers {
            if let Some(entry) = cx.snapshot.entry(&path) {
                push_danger(entry, danger, dangers);
            }
        }
        for file in files {
            if let Some(entry) = cx.snapshot.entry(&file.path) {
                push(entry, file, &mut all);
            }
        }
        all.into()
    }
}

/// The files of the commit.
struct OfCommit<'a>(&'a Context<'a>);

impl Repository for OfCommit<'_> {
    fn files(&self) -> Box<dyn Iterator<Item = File<'_>> + '_> {
        Box::new(self.0.snapshot.entries().iter().map(file_of))
    }

    fn file(&self, path: &str) -> Option<File<'_>> {
        self.0.snapshot.entry(path).map(file_of)
    }

    fn has_folder(&self, path: &str) -> bool {
        let start = format!("{path}/");
        let entries = self.0.snapshot.entries();
        let at = entries.partition_point(|entry| entry.path.as_str() < start.as_str());
        entries.get(at).is_some_and(|entry| entry.path.starts_with(&start))
    }

    fn text(&self, path: &str, limit: u64) -> Result<String, String> {
        let entry = self.0.snapshot.entry(path).ok_or("no such file")?;
        self.0.snapshot.read_text(entry, limit).map_err(|error| error.to_string())
    }

    fn bytes(&self, path: &str, limit: u64) -> Result<Vec<u8>, String> {
        let entry = self.0.snapshot.entry(path).ok_or("no such file")?;
        self.0.snapshot.read(entry, limit).map_err(|error| error.to_string())
    }

    fn ships(&self, path: &str) -> bool {
        self.0.classes.of(path) == PathClass::Shipped
    }

    fn is_vendored(&self, path: &str) -> bool {
        self.0.classes.of(path) == PathClass::Vendored
    }
}

fn file_of(entry: &Entry) -> File<'_> {
    let kind = match entry.kind {
        EntryKind::File | EntryKind::Executable => FileKind::File,
        EntryKind::Symlink => FileKind::Link,
        EntryKind::Submodule => FileKind::Submodule,
    };
    File { path: &entry.path, kind }
}

fn push_danger(entry: &Entry, danger: Danger, to: &mut Gathered) {
    let pointer = danger.line.map_or_else(|| entry.pointer(), |line| entry.pointer().at_line(line));
    let Danger { job, rule, severity, detail, .. } = danger;
    let fact = DangerFact { workflow: entry.path.clone(), job, rule, severity, detail };
    to.push(Subject::path(&entry.path), Assurance::Observed, &fact, vec![pointer]);
}

/// States what one file gave.
fn push(entry: &Entry, file: CiFile, all: &mut [Gathered; 5]) {
    let [workflows, jobs, actions, permissions, dangers] = all;
    let path = || entry.path.clone();
    let subject = || Subject::path(&entry.path);
    let at = |line: Option<u64>| -> Vec<Pointer> {
        vec![line.map_or_else(|| entry.pointer(), |line| entry.pointer().at_line(line))]
    };
    let parsed = file.pipeline.is_ok();
    let pipeline = file.pipeline.unwrap_or_default();
    // An action is a part of workflows, not one itself.
    if !pipeline.is_action {
        let fact = WorkflowFact {
            path: path(),
            system: file.system,
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
    for danger in file.dangers {
        push_danger(entry, danger, dangers);
    }
    for job in &pipeline.jobs {
        if !pipeline.is_action {
            let gates = job.on_change && !job.tolerant;
            let of = |counts: &dyn Fn(&Weight) -> bool| -> Vec<&'static str> {
                job.purposes.weights.iter().filter(|(_, weight)| counts(weight)).map(|(purpose, _)| *purpose).collect()
            };
            let languages = |purposes: &[&str]| -> Vec<&'static str> {
                let of = purposes.iter().filter_map(|purpose| job.purposes.languages.get(purpose)).flatten();
                of.copied().collect::<BTreeSet<_>>().into_iter().collect()
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
                unclear: job.purposes.unclear.clone(),
                unclear_line: job.purposes.unclear_line.filter(|_| job.purposes.unclear.is_some()),
                tested_languages: languages(&["test"]),
                analysed_languages: languages(&["lint", "analysis"]),
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

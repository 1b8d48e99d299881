//! Ways for strangers to act with a workflow's rights.

use super::model::{Access, Pipeline, Step};

/// One of them.
pub(super) struct Danger {
    pub(super) job: Option<String>,
    pub(super) rule: &'static str,
    pub(super) severity: &'static str,
    pub(super) detail: String,
    pub(super) line: Option<u64>,
}

/// Events that run with the repository's own rights on behalf of anybody.
const PRIVILEGED: &[&str] = &["pull_request_target", "workflow_run", "issue_comment"];

/// Contexts whose text anybody can choose.
///
/// Source: GitHub, "Security hardening for GitHub Actions", on untrusted input; the fields of each event's payload.
const UNTRUSTED: &[&str] = &[
    "github.event.issue.title",
    "github.event.issue.body",
    "github.event.pull_request.title",
    "github.event.pull_request.body",
    "github.event.pull_request.head.ref",
    "github.event.pull_request.head.label",
    "github.event.pull_request.head.repo.default_branch",
    "github.event.comment.body",
    "github.event.review.body",
    "github.event.review_comment.body",
    "github.event.discussion.title",
    "github.event.discussion.body",
    "github.event.pages",
    "github.event.commits",
    "github.event.head_commit.message",
    "github.event.head_commit.author",
    "github.event.workflow_run.head_branch",
    "github.event.workflow_run.head_commit",
    "github.head_ref",
];

/// References under which a checkout gets what a stranger wrote.
const FOREIGN_HEADS: &[&str] = &[
    "github.event.pull_request.head",
    "github.head_ref",
    "github.event.workflow_run.head",
    "refs/pull/",
    "github.event.number",
];

/// Gives all of them, in the order of jobs.
pub(super) fn find(pipeline: &Pipeline) -> Vec<Danger> {
    let mut dangers = Vec::new();
    let privileged: Vec<&str> =
        PRIVILEGED.iter().copied().filter(|event| pipeline.triggers.iter().any(|trigger| trigger == event)).collect();
    let from_forks = pipeline.triggers.iter().any(|trigger| trigger.starts_with("pull_request"));
    let mut add = |job: Option<&str>, rule, severity, detail: String, line| {
        dangers.push(Danger { job: job.map(ToOwned::to_owned), rule, severity, detail, line });
    };
    for event in privileged.iter().filter(|event| **event != "issue_comment") {
        let detail = format!("{event} runs with this repository's rights for anybody's change");
        add(None, "dangerous-trigger", "medium", detail, None);
    }
    for job in &pipeline.jobs {
        let id = Some(job.id.as_str());
        for step in &job.steps {
            if !privileged.is_empty()
                && let Some(head) = foreign_checkout(step)
            {
                add(
                    id,
                    "privileged-checkout",
                    "high",
                    format!("checks out {head} under {}", privileged.join(", ")),
                    step.line,
                );
            }
            for context in injected(step) {
                add(id, "template-injection", "high", format!("{context} is put into a script as text"), step.line);
            }
        }
        if job.inherits_secrets {
            add(
                id,
                "secrets-inherit",
                "medium",
                "hands all secrets to a workflow of another repository".to_owned(),
                job.line,
            );
        }
        if job.runner == "self-hosted" && from_forks {
            add(
                id,
                "self-hosted-on-pull-request",
                "high",
                "runs strangers' changes on a machine of its own".to_owned(),
                job.line,
            );
        }
        let conditions = job.condition.iter().map(|condition| (condition, job.line));
        let conditions =
            conditions.chain(job.steps.iter().filter_map(|step| Some((step.condition.as_ref()?, step.line))));
        for (condition, line) in conditions {
            if always_true(condition) {
                add(
                    id,
                    "unsound-condition",
                    "medium",
                    "a condition with text around ${{ }} is always true".to_owned(),
                    line,
                );
            }
        }
    }
    for permission in
        pipeline.permissions.iter().filter(|permission| permission.scope == "all" && permission.access == Access::Write)
    {
        add(permission.job.as_deref(), "write-all", "medium", "the token may write everything".to_owned(), None);
    }
    dangers
}

fn foreign_checkout(step: &Step) -> Option<&'static str> {
    let checks_out = step.action.as_deref().is_some_and(|action| action.eq_ignore_ascii_case("actions/checkout"));
    let asked = step.with.iter().filter(|(key, _)| checks_out && matches!(key.as_str(), "ref" | "repository"));
    let scripts = step.run.iter().filter(|script| {
        script.contains("git fetch") || script.contains("git checkout") || script.contains("gh pr checkout")
    });
    let texts: Vec<&String> = asked.map(|(_, value)| value).chain(scripts).collect();
    if texts.iter().any(|text| text.contains("gh pr checkout")) {
        return Some("the change");
    }
    FOREIGN_HEADS.iter().copied().find(|head| texts.iter().any(|text| text.contains(head)))
}

/// Untrusted contexts in a step's script.
fn injected(step: &Step) -> Vec<&'static str> {
    let script_action =
        step.action.as_deref().is_some_and(|action| action.eq_ignore_ascii_case("actions/github-script"));
    let scripts = step
        .run
        .iter()
        .chain(step.with.iter().filter(|(key, _)| script_action && key == "script").map(|(_, text)| text));
    let expressions: Vec<&str> = scripts.flat_map(|script| expressions(script)).collect();
    UNTRUSTED
        .iter()
        .copied()
        .filter(|context| expressions.iter().any(|expression| names(expression, context)))
        .collect()
}

/// The insides of `${{ }}`.
fn expressions(text: &str) -> Vec<&str> {
    text.split("${{").skip(1).filter_map(|rest| rest.split_once("}}").map(|(inside, _)| inside)).collect()
}

// Does the expression put the context's own text out, rather than compare it or ask whether it contains something?
fn names(expression: &str, context: &str) -> bool {
    let compares = expression.contains("==")
        || expression.contains("!=")
        || ["contains(", "startsWith(", "endsWith("].iter().any(|call| expression.contains(call));
    !compares && expression.contains(context)
}

fn always_true(condition: &str) -> bool {
    let text = condition.trim();
    text.contains("${{")
        && (!text.starts_with("${{") || !text.ends_with("}}") || text.matches("${{").count() != 1)
        && !text.contains("&&")
        && !text.contains("||")
        && !["==", "!="].iter().any(|comparison| text.rsplit("}}").next().is_some_and(|rest| rest.contains(comparison)))
}

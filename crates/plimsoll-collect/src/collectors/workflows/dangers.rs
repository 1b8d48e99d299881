//! Ways for strangers to act with a workflow's rights.

use super::{
    environment::Source,
    model::{Access, Pipeline, Step},
};

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
    "github.event.pull_request.head.repo.description",
    "github.event.pull_request.head.repo.homepage",
    "github.event.comment.body",
    "github.event.review.body",
    "github.event.review_comment.body",
    "github.event.discussion.title",
    "github.event.discussion.body",
    "github.event.answer.body",
    "github.event.changes",
    "github.event.pages",
    "github.event.commits",
    "github.event.head_commit.message",
    "github.event.head_commit.author",
    "github.event.head_commit.committer",
    "github.event.workflow_run.head_branch",
    "github.event.workflow_run.head_commit",
    "github.event.workflow_run.display_title",
    "github.event.workflow_run.pull_requests",
    "github.event.workflow_run.head_repository.description",
    "github.head_ref",
];

/// Contexts that name what a stranger wrote.
const FOREIGN: &[&str] = &[
    "github.event.pull_request.head",
    "github.event.pull_request.merge_commit_sha",
    "github.event.number",
    "github.event.workflow_run.head_branch",
    "github.event.workflow_run.head_sha",
    "github.event.workflow_run.head_commit",
    "github.event.workflow_run.head_repository",
    "github.event.workflow_run.pull_requests",
    "github.head_ref",
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
                let detail = format!("checks out {head} under {}", privileged.join(", "));
                add(id, "privileged-checkout", "high", detail, step.line);
            }
            for context in injected(step) {
                add(id, "template-injection", "high", format!("{context} is put into a script as text"), step.line);
            }
        }
        if job.inherits_secrets {
            let detail = "hands all secrets to a workflow of another repository".to_owned();
            add(id, "secrets-inherit", "medium", detail, job.line);
        }
        if job.runner == "self-hosted" && from_forks {
            let detail = "runs strangers' changes on a machine of its own".to_owned();
            add(id, "self-hosted-on-pull-request", "high", detail, job.line);
        }
        let conditions = job.condition.iter().map(|condition| (condition, job.line));
        let conditions =
            conditions.chain(job.steps.iter().filter_map(|step| Some((step.condition.as_ref()?, step.line))));
        for (condition, line) in conditions {
            if always_true(condition) {
                let detail = "a condition with text around ${{ }} is always true".to_owned();
                add(id, "unsound-condition", "medium", detail, line);
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

/// Commands by which a script gets other source than the event's own.
const FETCHING: &[&str] =
    &["git fetch", "git checkout", "git pull", "git switch", "git merge", "git clone", "git worktree", "gh repo clone"];

fn foreign_checkout(step: &Step) -> Option<String> {
    let checks_out = step.action.as_deref().is_some_and(|action| action.eq_ignore_ascii_case("actions/checkout"));
    let asked = step.with.iter().filter(|(key, _)| {
        // An expression in place of the whole table may name anything.
        checks_out && (key.is_empty() || key.eq_ignore_ascii_case("ref") || key.eq_ignore_ascii_case("repository"))
    });
    for (_, value) in asked {
        if value.contains("refs/pull/") {
            return Some("refs/pull/".to_owned());
        }
        let sources = step.environment.sources(value);
        if let Some(head) = named_in(&sources, FOREIGN) {
            return Some(head);
        }
        if sources.iter().any(computed) {
            return Some("what another step names".to_owned());
        }
    }
    let script = step.run.as_deref()?;
    if script.contains("gh pr checkout") {
        return Some("the change".to_owned());
    }
    if !FETCHING.iter().any(|command| script.contains(command)) {
        return None;
    }
    if script.contains("refs/pull/") || (script.contains("pull/") && script.contains("/head")) {
        return Some("refs/pull/".to_owned());
    }
    let variables = variables(script);
    if variables.iter().any(|name| name.eq_ignore_ascii_case("github_head_ref")) {
        return Some("github.head_ref".to_owned());
    }
    let through = variables.iter().flat_map(|name| step.environment.named(name).unwrap_or_default().iter().cloned());
    let sources: Vec<Source> = step.environment.sources(script).into_iter().chain(through).collect();
    named_in(&sources, FOREIGN)
}

/// The names of variables that a script reads.
fn variables(script: &str) -> Vec<&str> {
    let parts = script.split('$').skip(1).map(|part| part.strip_prefix('{').unwrap_or(part));
    parts
        .map(|part| part.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next().unwrap_or_default())
        .filter(|name| !name.is_empty())
        .collect()
}

/// Is it computed while the workflow runs, so that it may name what a stranger wrote?
fn computed(source: &Source) -> bool {
    match source {
        Source::Path(path) => matches!(path.first().map(String::as_str), Some("steps" | "needs" | "env")),
        Source::Unread(_) | Source::TooMany => true,
    }
}

/// The context of `known` that a text is made of, if any: one that is named, lies in one that is named, or holds it.
fn named_in(sources: &[Source], known: &[&str]) -> Option<String> {
    sources.iter().find_map(|source| match source {
        Source::Path(path) => known.iter().find_map(|known| overlap(path, known)),
        // Not understood is not harmless where it speaks of what strangers write.
        Source::Unread(text) => {
            let text = text.replace(char::is_whitespace, "");
            let speaks = ["github.event.", "github.event)", "github[", "head_ref", "github)"]
                .iter()
                .any(|part| text.contains(part));
            speaks.then(|| "an expression that is not understood".to_owned())
        }
        Source::TooMany => Some("more than can be followed".to_owned()),
    })
}

fn overlap(path: &[String], known: &str) -> Option<String> {
    let matches = path.iter().zip(known.split('.')).all(|(name, known)| name == known || name == "*");
    let whole = path.len() >= known.split('.').count();
    matches.then(|| if whole { known.to_owned() } else { path.join(".") })
}

/// Untrusted contexts in a step's script, each once.
fn injected(step: &Step) -> Vec<String> {
    let script_action =
        step.action.as_deref().is_some_and(|action| action.eq_ignore_ascii_case("actions/github-script"));
    let inputs =
        step.with.iter().filter(|(key, _)| script_action && (key.is_empty() || key.eq_ignore_ascii_case("script")));
    let mut found: Vec<String> = Vec::new();
    for script in step.run.iter().chain(inputs.map(|(_, text)| text)) {
        for source in step.environment.sources(script) {
            if let Some(name) = named_in(&[source], UNTRUSTED)
                && !found.contains(&name)
            {
                found.push(name);
            }
        }
    }
    found.sort();
    found
}

fn always_true(condition: &str) -> bool {
    let text = condition.trim();
    text.contains("${{")
        && (!text.starts_with("${{") || !text.ends_with("}}") || text.matches("${{").count() != 1)
        && !text.contains("&&")
        && !text.contains("||")
        && !["==", "!="].iter().any(|comparison| text.rsplit("}}").next().is_some_and(|rest| rest.contains(comparison)))
}

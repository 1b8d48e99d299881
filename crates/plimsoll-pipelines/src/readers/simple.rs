//! Systems whose file is a list of commands: Travis CI, `AppVeyor`, Bitbucket Pipelines, sourcehut builds.

use std::sync::Arc;

use yaml_serde::Value;

use crate::{
    commands::Fails,
    environment::Environment,
    filters::Reach,
    model::{Lines, Pipeline},
    readers::draft::{self, Around, JobDraft, MOST_STEPS, Runs, StepDraft, entries, environment, list, text, text_of},
    shell::Shell,
};

/// Travis CI. Each line of a phase runs whatever those before it come to.
///
/// Source: Travis CI, "Job Lifecycle". Many files were left behind when travis-ci.org ended, so that one alone does not show
/// that anything runs.
pub(crate) fn travis(source: &str, _: &Around<'_>) -> Result<Pipeline, String> {
    let value = draft::merged(source)?;
    if !value.is_mapping() {
        return Err("it is not a table".to_owned());
    }
    let mut jobs = vec![of_travis("script", &value, &value)];
    let included = ["jobs", "matrix"].iter().find_map(|key| value.get(key));
    let included = included.map_or_else(Vec::new, |jobs| list(jobs.get("include").or(Some(jobs))));
    for (at, one) in included.into_iter().enumerate().filter(|(_, one)| one.get("script").is_some()) {
        let name = text_of(one, "name").or_else(|| text_of(one, "stage"));
        jobs.push(of_travis(&format!("{} ({})", name.unwrap_or_else(|| "job".to_owned()), at + 1), one, &value));
    }
    let unsure = Some(
        "a file of Travis CI is often left behind, and whether the repository is switched on is kept there".to_owned(),
    );
    draft::finish(Pipeline { unsure, ..Pipeline::default() }, "Travis CI", jobs)
}

fn of_travis(name: &str, job: &Value, whole: &Value) -> JobDraft {
    let mut draft = JobDraft::new(name);
    draft.runs = Runs::UNKNOWN;
    draft.runner = "hosted";
    // What a table of several environments sets is another in each run.
    let around = if whole.get("env").is_some() || job.get("env").is_some() {
        Environment::over_unknown(&Arc::default())
    } else {
        Arc::default()
    };
    for phase in ["before_install", "install", "before_script", "script"] {
        let phase = list(job.get(phase).or_else(|| whole.get(phase)));
        for line in phase.into_iter().filter_map(text).take(MOST_STEPS) {
            draft.steps.push(StepDraft::script(line, Shell::Lenient, &around));
        }
    }
    if job.get("script").or_else(|| whole.get("script")).is_none() {
        // The language has a command of its own.
        draft.steps.push(StepDraft::opaque("the script that Travis CI has for the language"));
    }
    draft
}

/// `AppVeyor`: phases of lines, each for a shell.
///
/// Source: `AppVeyor`, "appveyor.yml reference", "Build pipeline". A project builds every push and pull request.
pub(crate) fn appveyor(source: &str, around: &Around<'_>) -> Result<Pipeline, String> {
    let value = draft::merged(source)?;
    if !value.is_mapping() {
        return Err("it is not a table".to_owned());
    }
    let mut job = JobDraft::new("build");
    job.runner = "hosted";
    job.runs = Runs::CHANGES;
    if let Some(branches) = value.get("branches") {
        let only = branches.get("only").cloned();
        let filters = match (only, branches.get("except")) {
            (Some(only), None) if !format!("{only:?}").contains('/') => {
                Value::Mapping(std::iter::once((Value::String("branches".to_owned()), only)).collect())
            }
            _ => Value::Bool(true),
        };
        job.runs.changes = match &filters {
            // The branch that a pull request is for is asked as well.
            Value::Mapping(_) => crate::filters::reach("pull_request", Some(&filters), around.sources, &around.budget),
            _ => Reach::Unknown,
        };
    }
    if ["only_commits", "skip_commits", "skip_branch_with_pr", "for", "skip_non_tags"]
        .iter()
        .any(|key| value.get(key).is_some())
    {
        job.runs = job.runs.and(Runs::UNKNOWN);
    }
    let matrix = value.get("matrix");
    if matrix.is_some_and(|matrix| matrix.get("allow_failures").is_some()) {
        job.fails = Fails::Unknown;
    }
    job.cloned = value.get("clone_script").is_none();
    let mut names = environment(&Arc::default(), value.get("environment").and_then(|one| one.get("global")));
    if value.get("environment").is_some() {
        names = Environment::over_unknown(&names);
    }
    for phase in
        ["init", "install", "before_build", "build_script", "after_build", "before_test", "test_script", "after_test"]
    {
        if value
            .get(phase.trim_end_matches("_script"))
            .is_some_and(|phase| phase.as_str() == Some("off") || phase.as_bool() == Some(false))
        {
            continue;
        }
        for line in list(value.get(phase)).into_iter().take(MOST_STEPS) {
            // A bare line is of `cmd` on Windows and of `sh` elsewhere.
            let (shell, script) = match line {
                Value::String(line) => (Shell::LastDecides, Some(line.clone())),
                other => {
                    let key = entries(Some(other)).first().map(|(key, _)| (*key).to_owned()).unwrap_or_default();
                    let shell = if key == "sh" { Shell::Strict } else { Shell::LastDecides };
                    (shell, text_of(other, &key))
                }
            };
            job.steps.push(match script {
                Some(script) => StepDraft::script(script, shell, &names),
                None => StepDraft::opaque("a line that is not understood"),
            });
        }
    }
    if value.get("test_script").is_none()
        && value.get("test").is_none_or(|test| test.as_bool() != Some(false) && test.as_str() != Some("off"))
    {
        job.steps.push(StepDraft::opaque("the tests that AppVeyor finds by itself"));
    }
    let unsure = Some(
        "which image runs it, and with it which of its lines, is not read, nor what ends a build early".to_owned(),
    );
    draft::finish(Pipeline { unsure, ..Pipeline::default() }, "AppVeyor", vec![job])
}

/// Bitbucket Pipelines: scripts by branch, pull request, tag, or by hand.
///
/// Source: Atlassian, "Bitbucket Pipelines configuration reference".
pub(crate) fn bitbucket(source: &str, _: &Around<'_>) -> Result<Pipeline, String> {
    let value = draft::merged(source)?;
    let Some(pipelines) = value.get("pipelines").filter(|pipelines| pipelines.is_mapping()) else {
        return Err("it has no pipelines".to_owned());
    };
    let mut places = Lines::new(source);
    let mut jobs = Vec::new();
    let branches = pipelines.get("branches").is_some();
    for (kind, body) in entries(Some(pipelines)) {
        let parts: Vec<(String, &Value)> = if kind == "default" {
            vec![("default".to_owned(), body)]
        } else {
            entries(Some(body)).into_iter().map(|(name, body)| (format!("{kind} {name}"), body)).collect()
        };
        for (name, body) in parts {
            let runs = match kind {
                // It runs where no other key fits the branch.
                "default" if !branches => Runs::CHANGES,
                // What is pushed to the main branch alone is taken already.
                "pull-requests" | "branches" if name.ends_with(" **") => Runs::CHANGES,
                "default" | "pull-requests" | "branches" => Runs { changes: Reach::Some, clock: Reach::Unknown },
                _ => Runs { changes: Reach::None, clock: Reach::Unknown },
            };
            of_bitbucket(&name, body, runs, &value, &mut places, &mut jobs, 0);
        }
    }
    if let (Some(name), Some(first)) =
        (value.get("image").and_then(|one| text(one).or_else(|| text_of(one, "name"))), jobs.first_mut())
    {
        first.uses.push(draft::image(&name, None));
    }
    // Triggers and conditions of a stage are not followed.
    let has_stages = format!("{pipelines:?}").contains("\"stage\"");
    let unsure = has_stages.then(|| "what starts a stage, and under which condition, is not read".to_owned());
    draft::finish(Pipeline { unsure, ..Pipeline::default() }, "Bitbucket Pipelines", jobs)
}

fn of_bitbucket(
    name: &str,
    body: &Value,
    runs: Runs,
    whole: &Value,
    places: &mut Lines<'_>,
    jobs: &mut Vec<JobDraft>,
    depth: usize,
) {
    if depth > 4 {
        return;
    }
    let mut runs = runs;
    for one in list(Some(body)) {
        for inner in ["parallel", "stage"].iter().filter_map(|key| one.get(key)) {
            of_bitbucket(name, inner.get("steps").unwrap_or(inner), runs, whole, places, jobs, depth + 1);
        }
        let Some(step) = one.get("step") else { continue };
        let own = text_of(step, "name").unwrap_or_else(|| "step".to_owned());
        let mut job = JobDraft::new(&format!("{name}: {own} ({})", jobs.len() + 1));
        job.line = places.find(&own);
        if text_of(step, "trigger").as_deref() == Some("manual") {
            runs = Runs { changes: Reach::Some, clock: Reach::None };
        }
        job.runs = if step.get("condition").is_some() { runs.and(Runs::UNKNOWN) } else { runs };
        let own_machine =
            list(step.get("runs-on")).iter().any(|label| label.as_str().is_some_and(|label| label.starts_with("self")));
        job.runner = if own_machine { "self-hosted" } else { "hosted" };
        job.deploys = step.get("deployment").is_some();
        let clone = step.get("clone").or_else(|| whole.get("clone"));
        job.cloned = clone.and_then(|clone| clone.get("enabled")).and_then(Value::as_bool) != Some(false);
        if step.get("on-fail").is_some_and(|fail| text_of(fail, "strategy").as_deref() == Some("ignore")) {
            job.fails = Fails::No;
        }
        if let Some(name) = step.get("image").and_then(|one| text(one).or_else(|| text_of(one, "name"))) {
            let line = places.find(&name);
            job.uses.push(draft::image(&name, line));
        }
        // One shell runs all lines, and a pipe is an image of somebody.
        let mut script = String::new();
        for line in list(step.get("script")) {
            match line {
                Value::String(line) => script.extend([line.as_str(), "\n"]),
                other => {
                    job.steps.push(StepDraft::script(std::mem::take(&mut script), Shell::Strict, &Arc::default()));
                    let pipe = text_of(other, "pipe").unwrap_or_default();
                    job.steps.push(StepDraft::opaque(&format!("the pipe {pipe}")));
                }
            }
        }
        job.steps.push(StepDraft::script(script, Shell::Strict, &Arc::default()));
        jobs.push(job);
    }
}

/// sourcehut builds: tasks of a manifest, that start in the home folder next to the sources.
///
/// Source: sourcehut, "Build manifests reference". It is started by a push to git.sr.ht alone, or by hand.
pub(crate) fn sourcehut(source: &str, around: &Around<'_>) -> Result<Pipeline, String> {
    let value = draft::merged(source)?;
    let tasks = list(value.get("tasks"));
    if tasks.is_empty() {
        return Err("it has no tasks".to_owned());
    }
    let name = around.path.rsplit('/').next().unwrap_or(around.path).trim_start_matches('.');
    let mut job = JobDraft::new(name.split('.').next().unwrap_or(name));
    job.runs = Runs::UNKNOWN;
    job.runner = "hosted";
    let names = environment(&Arc::default(), value.get("environment"));
    let folders: Vec<String> = list(value.get("sources"))
        .into_iter()
        .filter_map(text)
        .filter_map(|address| {
            let name = address.split('#').next()?.trim_end_matches('/').rsplit('/').next()?;
            Some(name.trim_end_matches(".git").to_owned())
        })
        .collect();
    job.cloned = folders.len() == 1;
    for (_, script) in tasks.into_iter().flat_map(|task| entries(Some(task))).take(MOST_STEPS) {
        let Some(script) = text(script) else { continue };
        // The one source is in a folder of its name.
        let inside = folders.first().and_then(|folder| {
            let rest = script.trim_start().strip_prefix("cd ")?.trim_start().strip_prefix(folder.as_str())?;
            rest.trim_start_matches('/').strip_prefix('\n').map(ToOwned::to_owned)
        });
        let folder = inside.is_none().then(draft::anything);
        let mut step = StepDraft::script(inside.unwrap_or(script), Shell::Strict, &names);
        step.folder = folder;
        job.steps.push(step);
    }
    let unsure =
        Some("it is started by a push to git.sr.ht alone, and where the repository is kept is not known".to_owned());
    draft::finish(Pipeline { unsure, ..Pipeline::default() }, "sourcehut builds", vec![job])
}

#[cfg(test)]
mod tests;

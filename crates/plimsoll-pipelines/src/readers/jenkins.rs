//! Jenkins: the stages of a declarative pipeline. One that is a script is a program, and not followed. Which changes start
//! it, and whether they wait for it, is kept at the server.
//!
//! Source: Jenkins, "Pipeline Syntax", declarative pipelines; "Pipeline: Nodes and Processes" (`sh`, `bat`).

use std::sync::Arc;

use crate::{
    commands::Fails,
    environment::Environment,
    model::{Lines, Pipeline},
    readers::draft::{self, Around, JobDraft, MOST_STEPS, Runs, StepDraft, anything},
    shell::Shell,
    tree,
};

mod statements;
mod tokens;

use statements::Statement;
use tokens::Token;

/// Steps that only show, keep or hand on.
const PLAIN: &[&str] = &[
    "archiveArtifacts",
    "buildDiscarder",
    "cobertura",
    "echo",
    "emailext",
    "fingerprint",
    "jacoco",
    "junit",
    "mail",
    "milestone",
    "publishCoverage",
    "publishHTML",
    "recordCoverage",
    "recordIssues",
    "slackSend",
    "sleep",
    "stash",
    "unstash",
    "xunit",
];
/// Blocks that change nothing about what a failure in them comes to.
const AROUND: &[&str] = &[
    "ansiColor",
    "container",
    "gitStatusWrapper",
    "lock",
    "node",
    "retry",
    "sshagent",
    "timeout",
    "timestamps",
    "withChecks",
    "withCredentials",
    "wrap",
];

/// Reads a Jenkinsfile.
pub(crate) fn pipeline(source: &str, _: &Around<'_>) -> Result<Pipeline, String> {
    let all = tokens::tokens(source).and_then(|tokens| statements::statements(&tokens));
    let all = all.ok_or("its brackets or quotes do not fit together")?;
    let Some(whole) = all.iter().find(|one| one.name == "pipeline" && one.block.is_some()) else {
        return Err("a pipeline that is a script is not followed".to_owned());
    };
    let mut reader = Reader { lines: Lines::new(source), jobs: Vec::new() };
    let cloned = !skips_checkout(whole);
    let place = Place { environment: names(whole, &Arc::default()), runs: Runs::UNKNOWN, cloned, path: String::new() };
    for stages in whole.inner("stages") {
        reader.stages(stages, &place);
    }
    let mut pipeline = Pipeline::default();
    if reader.jobs.is_empty() {
        pipeline.gaps.push("it has no stages that are understood".to_owned());
    }
    if let Some(first) = reader.jobs.first_mut() {
        first.uses.extend(images(whole));
    }
    // What runs behind all stages.
    let mut job = JobDraft::new("post");
    job.runs = Runs::UNKNOWN;
    for condition in whole.inner("post").flat_map(|post| post.block.iter().flatten()) {
        steps(condition, &At { place: &place, folder: None, fails: Fails::Unknown, runs: Runs::UNKNOWN }, &mut job);
    }
    if !job.steps.is_empty() {
        reader.jobs.push(job);
    }
    pipeline.unsure = Some("which changes start it is kept at the server of Jenkins".to_owned());
    draft::finish(pipeline, "Jenkins", reader.jobs)
}

fn skips_checkout(of: &Statement) -> bool {
    of.inner("options").any(|options| {
        options.inner("skipDefaultCheckout").any(|one| one.given.first() != Some(&Token::Word("false".to_owned())))
    })
}

/// The names that a pipeline or a stage sets.
fn names(of: &Statement, around: &Arc<Environment>) -> Arc<Environment> {
    let own: Vec<(String, String)> = of
        .inner("environment")
        .flat_map(|one| one.block.iter().flatten())
        .map(|one| match one.given.as_slice() {
            [Token::Mark('='), Token::Text(text)] if !text.contains(anything().as_str()) => {
                (one.name.clone(), text.clone())
            }
            _ => (one.name.clone(), "$".to_owned()),
        })
        .collect();
    Environment::over(around, own.iter().map(|(name, value)| (name.as_str(), value.clone())))
}

/// The images of an agent.
fn images(of: &Statement) -> Vec<crate::model::Used> {
    let mut found = Vec::new();
    for agent in of.inner("agent") {
        let named = agent.inner("docker").filter_map(|docker| {
            docker.text("image").or_else(|| docker.inner("image").find_map(|image| image.text("name")))
        });
        found.extend(named.map(|name| draft::image(name, None)));
    }
    found
}

struct Place {
    environment: Arc<Environment>,
    runs: Runs,
    cloned: bool,
    path: String,
}

struct Reader<'t> {
    lines: Lines<'t>,
    jobs: Vec<JobDraft>,
}

impl Reader<'_> {
    fn stages(&mut self, of: &Statement, place: &Place) {
        for stage in of.inner("stage") {
            self.stage(stage, place);
        }
        for matrix in of.inner("matrix") {
            // The values of its axes are names of the environment.
            let names: Vec<String> = matrix
                .inner("axes")
                .flat_map(|axes| axes.inner("axis"))
                .flat_map(|axis| axis.inner("name"))
                .filter_map(|name| Some(name.text("name")?.to_owned()))
                .collect();
            let environment =
                Environment::over(&place.environment, names.iter().map(|name| (name.as_str(), "$".to_owned())));
            let place = Place { environment, runs: place.runs, cloned: place.cloned, path: place.path.clone() };
            for stages in matrix.inner("stages") {
                self.stages(stages, &place);
            }
        }
    }

    fn stage(&mut self, stage: &Statement, place: &Place) {
        let name = stage.text("name").filter(|name| !name.is_empty()).unwrap_or("stage");
        let name = name.replace(anything().as_str(), "*");
        let path = if place.path.is_empty() { name.clone() } else { format!("{}/{name}", place.path) };
        let taken = self.jobs.iter().filter(|job| job.id == path).count();
        let place = Place {
            environment: names(stage, &place.environment),
            runs: place.runs,
            cloned: place.cloned && !skips_checkout(stage),
            path: path.clone(),
        };
        let mut job = JobDraft::new(&if taken > 0 { format!("{path} ({})", taken + 1) } else { path });
        job.line = self.lines.find(&name);
        job.runs = place.runs;
        job.cloned = place.cloned;
        job.uses = images(stage);
        let at = At { place: &place, folder: None, fails: Fails::Yes, runs: Runs::ALWAYS };
        for part in stage.inner("steps") {
            steps(part, &at, &mut job);
        }
        for condition in stage.inner("post").flat_map(|post| post.block.iter().flatten()) {
            steps(condition, &At { fails: Fails::Unknown, ..at }, &mut job);
        }
        if !job.steps.is_empty() {
            self.jobs.push(job);
        }
        for part in ["stages", "parallel"].into_iter().flat_map(|name| stage.inner(name)) {
            self.stages(part, &place);
        }
        if stage.inner("matrix").next().is_some() {
            self.stages(stage, &place);
        }
    }
}

/// Where a step is.
#[derive(Clone, Copy)]
struct At<'p> {
    place: &'p Place,
    folder: Option<&'p str>,
    fails: Fails,
    runs: Runs,
}

fn steps(of: &Statement, at: &At<'_>, job: &mut JobDraft) {
    for one in of.block.iter().flatten() {
        if job.steps.len() >= MOST_STEPS {
            job.steps.push(StepDraft::opaque("behind as many steps as are followed"));
            return;
        }
        step(one, at, job);
    }
}

fn step(one: &Statement, at: &At<'_>, job: &mut JobDraft) {
    let push = |mut step: StepDraft, job: &mut JobDraft| {
        step.runs = at.runs;
        if at.fails != Fails::Yes {
            step.fails = at.fails;
        }
        step.folder = at.folder.map(ToOwned::to_owned);
        job.steps.push(step);
    };
    match one.name.as_str() {
        "sh" | "bat" | "powershell" | "pwsh" => {
            let Some(text) = one.text("script") else {
                return push(StepDraft::opaque("a script that is computed"), job);
            };
            // A line that names an interpreter takes the place of `sh -xe`.
            let shell = match (one.name.as_str(), text.trim_start().starts_with("#!")) {
                ("sh", false) => Shell::Strict,
                ("sh", true) => Shell::Unknown,
                _ => Shell::LastDecides,
            };
            let mut step = StepDraft::script(text.to_owned(), shell, &at.place.environment);
            if one.named("returnStatus").is_some_and(|value| *value != Token::Word("false".to_owned())) {
                step.fails = Fails::No;
            }
            // Behind the call something is made of it.
            if one.given.len() > 1 && one.named("script").is_none() {
                step.fails = Fails::Unknown;
            }
            push(step, job);
        }
        "checkout" if one.given.first() == Some(&Token::Word("scm".to_owned())) => push(StepDraft::checkout(), job),
        "checkout" | "git" | "svn" => push(StepDraft::opaque("a checkout of another source"), job),
        "dir" => {
            let inside = one.text("path").filter(|path| !path.contains(anything().as_str()));
            let folder = inside.and_then(|path| tree::join(at.folder.unwrap_or_default(), path));
            // It is not known which.
            let folder = folder.unwrap_or_else(anything);
            steps(one, &At { folder: Some(&folder), ..*at }, job);
        }
        "withEnv" => {
            let own: Vec<(&str, String)> = one
                .given
                .iter()
                .filter_map(|token| match token {
                    Token::Text(text) => text.split_once('='),
                    _ => None,
                })
                .map(|(name, value)| {
                    (name, if value.contains(anything().as_str()) { "$".to_owned() } else { value.to_owned() })
                })
                .collect();
            let environment = Environment::over(&at.place.environment, own.into_iter());
            let place =
                Place { environment, runs: at.place.runs, cloned: at.place.cloned, path: at.place.path.clone() };
            steps(one, &At { place: &place, ..*at }, job);
        }
        "catchError" | "warnError" => {
            let passes = one.name == "warnError" || one.named("buildResult").is_some();
            steps(one, &At { fails: if passes { Fails::No } else { at.fails }, ..*at }, job);
        }
        // A program of its own: what is in it may run, or may not.
        "script" => steps(one, &At { runs: at.runs.and(Runs::UNKNOWN), fails: Fails::Unknown, ..*at }, job),
        name if AROUND.contains(&name) => steps(one, at, job),
        name if PLAIN.contains(&name) && one.block.is_none() => {}
        name => {
            push(
                StepDraft::opaque(&format!("the step {}", if name.is_empty() { "that is computed" } else { name })),
                job,
            );
            if one.block.is_some() {
                steps(one, &At { runs: at.runs.and(Runs::UNKNOWN), fails: Fails::Unknown, ..*at }, job);
            }
        }
    }
}

#[cfg(test)]
mod tests;

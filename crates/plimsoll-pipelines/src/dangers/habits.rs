//! What a workflow does by habit, and what a mistake elsewhere makes of it: a token that stays in the working copy, a cache
//! that a release is built from, expressions in scripts, packages by the way. Nobody from outside reaches these alone, so
//! that none is rated high but the name of an action that looks like another.

use std::collections::BTreeSet;

use super::Danger;
use crate::{
    expressions::{self, Expression},
    model::{Job, Pipeline, Step},
};

mod data;

use data::{ABANDONED, CACHING, Cache, KNOWN, PLAIN, RELEASING};

/// The rule of an expression that becomes a part of a script.
pub(super) const EXPRESSION: &str = "expression-in-script";
/// The most that is reported of one job.
const MOST_OF_JOB: usize = 200;

/// The habits of all steps of a file in GitHub's format.
pub(super) fn find(pipeline: &Pipeline, privileged: bool) -> Vec<Danger> {
    let mut found = Vec::new();
    for job in &pipeline.jobs {
        let first = found.len();
        let release = pipeline.releases || job.steps.iter().any(releases);
        for step in &job.steps {
            let mut add = |rule, severity, detail: String, line: Option<u64>| {
                found.push(Danger { job: Some(job.id.clone()), rule, severity, detail, line });
            };
            if let Some(action) = &step.action {
                let action = action.to_ascii_lowercase();
                of_action(&action, step, job, release, &mut add);
            }
            if let Some(script) = &step.run {
                expressions_of(script, step, job, &mut add);
                if (pipeline.is_action || privileged) && sets_environment(script) {
                    let detail = "a script writes what it computes into the environment of later steps".to_owned();
                    add("environment-file", "low", detail, step.line);
                }
                for (at, what) in packages(script) {
                    let detail = format!("{what} takes the newest version from a registry, past any lockfile");
                    add("adhoc-packages", "low", detail, step.line.map(|line| line + at));
                }
            }
        }
        if found.len() - first > MOST_OF_JOB {
            found.truncate(first + MOST_OF_JOB);
        }
    }
    found
}

/// What is reported as the act of a stranger is no habit as well.
pub(super) fn once(found: BTreeSet<Danger>) -> Vec<Danger> {
    let of_strangers = found.iter().filter(|danger| danger.rule == "template-injection");
    let said: BTreeSet<(Option<String>, String)> = of_strangers
        .filter_map(|danger| Some((danger.job.clone(), danger.detail.split_once(" is put into ")?.0.to_owned())))
        .collect();
    let is_said = |danger: &Danger| {
        let what = danger.detail.split_once(" becomes a part ").map_or("", |(what, _)| what);
        let same = |(job, other): &(Option<String>, String)| {
            *job == danger.job && (other.starts_with(what) || what.starts_with(other))
        };
        danger.rule == EXPRESSION && said.iter().any(same)
    };
    found.into_iter().filter(|danger| !is_said(danger)).collect()
}

type Add<'a> = &'a mut dyn FnMut(&'static str, &'static str, String, Option<u64>);

fn of_action(action: &str, step: &Step, job: &Job, release: bool, add: Add<'_>) {
    let has =
        |name: &str| step.with.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim());
    let is = |name: &str, value: &str| has(name).is_some_and(|text| text.eq_ignore_ascii_case(value));
    if action == "actions/checkout" && has("persist-credentials").is_none() {
        let uploads = job.steps.iter().any(|other| {
            other.action.as_deref().is_some_and(|name| name.eq_ignore_ascii_case("actions/upload-artifact"))
                && other.with.iter().any(|(name, path)| {
                    name == "path" && path.lines().any(|path| matches!(path.trim(), "." | "./" | "*" | ".git"))
                })
        });
        let (severity, more) = if uploads { ("medium", ", and the working copy is uploaded") } else { ("low", "") };
        let detail = format!(
            "the token of the job stays in the working copy for all later steps{more}: set persist-credentials to false"
        );
        add("persisted-credentials", severity, detail, step.line);
    }
    if release && let Some((_, cache)) = CACHING.iter().find(|(name, _)| *name == action) {
        let restores = match cache {
            Cache::Always => true,
            Cache::Unless(name, value) => !is(name, value),
            Cache::If(name) => has(name).is_some_and(|value| !matches!(value, "" | "false")),
        };
        if restores {
            let detail =
                format!("a release is built with what {action} restores, and any other job may have put it there");
            add("cache-poisoning", "medium", detail, step.line);
        }
    }
    if ABANDONED.contains(&action) {
        add("abandoned-action", "low", format!("{action} is archived, and nobody fixes it"), step.line);
    }
    if let Some(known) = looks_like(action) {
        let detail = format!("{action} is named almost like {known}, and is of somebody else");
        add("look-alike-action", "high", detail, step.line);
    }
}

/// Does a step publish something?
fn releases(step: &Step) -> bool {
    let Some(action) = step.action.as_deref().map(str::to_ascii_lowercase) else { return false };
    RELEASING.iter().any(|(name, input)| {
        *name == action
            && (input.is_empty()
                || step.with.iter().any(|(key, value)| key == input && !matches!(value.trim(), "" | "false")))
    })
}

/// The well-known action whose owner differs by one letter, where the rest is the same.
fn looks_like(action: &str) -> Option<&'static str> {
    let (owner, rest) = action.split_once('/')?;
    let name = rest.split('/').next()?;
    KNOWN.iter().copied().find(|known| {
        known.split_once('/').is_some_and(|(known_owner, known_name)| {
            (known_name == name && is_one_apart(owner, known_owner))
                || (known_owner == owner
                    && name.len() > 6
                    && is_one_apart(name, known_name)
                    && !KNOWN.contains(&action))
        })
    })
}

/// Do two words differ by one letter that is another, missing, too many or swapped?
fn is_one_apart(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let same = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    let (one, other) = (one.get(same..).unwrap_or_default(), other.get(same..).unwrap_or_default());
    match (one, other) {
        ([_, rest @ ..], [_, others @ ..]) if rest == others => true,
        ([_, rest @ ..], others) if rest == others => true,
        (rest, [_, others @ ..]) if rest == others => true,
        ([a, b, rest @ ..], [c, d, others @ ..]) => a == d && b == c && rest == others,
        _ => false,
    }
}

/// Expressions that become a part of the script, whatever is in them.
fn expressions_of(script: &str, step: &Step, job: &Job, add: Add<'_>) {
    for (at, line) in script.lines().enumerate() {
        for inside in expressions::inside(line) {
            let what = match expressions::parse(inside) {
                Some(expression) => {
                    let mut paths = Vec::new();
                    expression.carried(&mut paths);
                    // A function of a whole context gives its texts.
                    let whole = matches!(&expression, Expression::Call(name, _) if name == "tojson");
                    paths
                        .into_iter()
                        .find(|path| !is_plain(path, step, job) || (whole && path.len() == 1))
                        .map(|path| path.join("."))
                }
                None => Some(inside.trim().chars().take(40).collect()),
            };
            if let Some(what) = what {
                let detail = format!("{what} becomes a part of a script: hand it over in `env`");
                add(EXPRESSION, "low", detail, step.line.map(|line| line + at as u64));
            }
        }
    }
}

/// Is it of one form, no matter who starts the workflow: an id, a number, a word that the file itself has?
fn is_plain(path: &[String], step: &Step, job: &Job) -> bool {
    let words: Vec<&str> = path.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["secrets" | "runner" | "strategy" | "job", ..]
        | ["needs", _, "result"]
        | ["steps", _, "outcome" | "conclusion"] => true,
        // Where all of its values are in the file, they are the file's.
        ["matrix", ..] => {
            !job.combinations.is_empty() && !job.combinations.iter().any(|one| format!("{one:?}").contains("${{"))
        }
        ["env", name] => step.environment.named(name).is_some_and(<[_]>::is_empty),
        ["github", ..] => PLAIN.contains(&words.join(".").as_str()),
        _ => false,
    }
}

/// Does a script put something that it computes into the environment of later steps?
fn sets_environment(script: &str) -> bool {
    script.lines().any(|line| {
        let Some((before, _)) = ["GITHUB_ENV", "GITHUB_PATH"].iter().find_map(|name| line.split_once(name)) else {
            return false;
        };
        let Some((what, _)) = before.rsplit_once('>').or_else(|| before.rsplit_once("tee")) else { return false };
        what.contains(['$', '`']) || !what.contains("echo")
    })
}

/// Commands that install packages by name, with the lines that they are on.
fn packages(script: &str) -> Vec<(u64, String)> {
    let mut found = Vec::new();
    for (at, line) in script.lines().enumerate() {
        for part in line.split([';', '&', '|', '(', ')']) {
            let words: Vec<&str> = part
                .split_whitespace()
                .skip_while(|word| matches!(*word, "sudo" | "exec") || word.contains('='))
                .collect();
            if let Some(what) = installs(&words) {
                found.push((at as u64, what));
            }
        }
    }
    found
}

fn installs(words: &[&str]) -> Option<String> {
    let named = |rest: &[&str]| {
        rest.iter().any(|word| {
            !word.starts_with(['-', '.', '/', '#', '>', '\\']) && !word.contains(".whl") && !word.contains(".tgz")
        })
    };
    let (shown, rest): (&str, &[&str]) = match words {
        ["npm", "install" | "i" | "add", rest @ ..] if rest.iter().any(|word| matches!(*word, "-g" | "--global")) => {
            ("npm install -g", rest)
        }
        ["pnpm" | "yarn", "global", "add", rest @ ..] | ["pnpm", "add", "-g" | "--global", rest @ ..] => {
            ("a global installation", rest)
        }
        ["pip" | "pip3" | "pipx", "install", rest @ ..] | ["python" | "python3", "-m", "pip", "install", rest @ ..] => {
            let listed = rest
                .iter()
                .any(|word| matches!(*word, "-r" | "--requirement" | "--require-hashes" | "-e" | "--editable" | "-c"));
            if listed {
                return None;
            }
            ("pip install", rest)
        }
        ["gem", "install", rest @ ..] => ("gem install", rest),
        ["go", "install", rest @ ..] if rest.iter().any(|word| word.ends_with("@latest")) => ("go install", rest),
        ["cargo", "install", rest @ ..]
            if !rest.contains(&"--locked") && !rest.iter().any(|word| word.starts_with("--path")) =>
        {
            ("cargo install without --locked", rest)
        }
        _ => return None,
    };
    named(rest).then(|| shown.to_owned())
}

#[cfg(test)]
mod tests;

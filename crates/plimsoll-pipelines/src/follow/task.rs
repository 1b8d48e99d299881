//! Tasks of a Taskfile.
//!
//! Source: Task, "Schema reference", "Guide": commands of a task run one after the other, and the first that fails ends it.

use yaml_serde::Value;

use super::{Steps, beside};
use crate::{
    commands::{Evaluator, How},
    shell::words,
    surroundings,
};
use plimsoll_formats::yaml;

/// Names of the file, in the order in which Task looks for them.
const NAMES: &[&str] = &[
    "Taskfile.yml",
    "taskfile.yml",
    "Taskfile.yaml",
    "taskfile.yaml",
    "Taskfile.dist.yml",
    "taskfile.dist.yml",
    "Taskfile.dist.yaml",
    "taskfile.dist.yaml",
];
/// Options that change nothing about which tasks run and whether they fail.
const OPTIONS: &[&str] =
    &["-s", "--silent", "-v", "--verbose", "-y", "--yes", "-f", "--force", "--color", "--exit-code", "-x"];
/// Members of a task and of a command that change nothing about whether it runs and fails.
const HARMLESS: &[&str] = &[
    "desc",
    "summary",
    "silent",
    "aliases",
    "internal",
    "interactive",
    "label",
    "prefix",
    "prompt",
    "preconditions",
    "requires",
    "vars",
    "cmds",
    "cmd",
    "deps",
    "task",
    "failfast",
];

/// `task [options] NAME...`; false where there is no Taskfile.
pub(super) fn task(to: &mut Evaluator<'_>, words: &[String], how: How) -> bool {
    let plain: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
    if plain.iter().any(|word| {
        matches!(
            *word,
            "--list"
                | "-l"
                | "--list-all"
                | "-a"
                | "--version"
                | "--help"
                | "-h"
                | "--dry"
                | "-n"
                | "--status"
                | "--summary"
                | "--init"
                | "-i"
        )
    }) {
        return true;
    }
    let Some(text) = NAMES.iter().find_map(|name| beside(to, name)) else { return false };
    let (options, named): (Vec<&str>, Vec<&str>) = plain.iter().partition(|word| word.starts_with('-'));
    // One that gives a value to what stands for the words behind `--` is not followed.
    let text = text.ok().filter(|text| !text.contains("CLI_ARGS:"));
    let file = text.and_then(|text| yaml::read(&text).ok());
    let understood = options.iter().all(|option| OPTIONS.contains(option))
        && named.iter().all(|name| !name.contains(['=', '\u{2}', '\u{3}']));
    let Some(file) = file.filter(|file| understood && plain_file(file)) else {
        to.unclear(words, how);
        return true;
    };
    let named = if named.is_empty() { vec!["default"] } else { named };
    let mut steps = Steps::default();
    if named.iter().all(|name| of_task(&file, name, false, &mut steps, 0)) {
        steps.run(to, words, how);
    } else {
        to.unclear(words, how);
    }
    true
}

/// Nothing for all tasks that is not understood.
fn plain_file(file: &Value) -> bool {
    let Some(table) = file.as_mapping() else { return false };
    table.iter().all(|(name, value)| match name.as_str() {
        Some("version" | "tasks" | "vars" | "silent" | "output" | "interval" | "includes") => true,
        Some("env") => value.as_mapping().is_some_and(|env| {
            env.iter()
                .all(|(name, value)| name.as_str().is_some_and(|name| surroundings::is_harmless(name, value.as_str())))
        }),
        Some("set") => value.as_sequence().is_some_and(|set| {
            set.iter().all(|one| {
                matches!(one.as_str(), Some("errexit" | "e" | "pipefail" | "nounset" | "u" | "xtrace" | "x"))
            })
        }),
        _ => false,
    })
}

/// The commands of a task in their order, each with whether its failure counts for nothing; false where it is not understood.
fn of_task(file: &Value, name: &str, lenient: bool, steps: &mut Steps, depth: usize) -> bool {
    // One of an included file has a name with a colon.
    let Some(task) = file.get("tasks").and_then(|tasks| tasks.get(name)).filter(|_| steps.enter(depth)) else {
        return false;
    };
    let Some(table) = task.as_mapping() else { return of_commands(file, task, lenient, steps, depth) };
    if !table.iter().all(|(key, value)| known(key, value)) {
        return false;
    }
    let lenient = lenient || is(task, "ignore_error");
    let deps = task.get("deps").is_none_or(|deps| of_commands_as(file, deps, lenient, steps, depth, true));
    let commands = match (task.get("cmds"), task.get("cmd")) {
        (Some(commands), None) | (None, Some(commands)) => of_commands(file, commands, lenient, steps, depth),
        (None, None) => task.get("deps").is_some(),
        _ => false,
    };
    deps && commands
}

fn known(key: &Value, value: &Value) -> bool {
    match key.as_str() {
        // Without a state that is kept there is nothing that could be up to date; with one the task is left out.
        Some("ignore_error") => value.as_bool().is_some(),
        Some(name) => HARMLESS.contains(&name),
        None => false,
    }
}

fn is(value: &Value, name: &str) -> bool {
    value.get(name).and_then(Value::as_bool) == Some(true)
}

fn of_commands(file: &Value, commands: &Value, lenient: bool, steps: &mut Steps, depth: usize) -> bool {
    of_commands_as(file, commands, lenient, steps, depth, false)
}

/// A text is a command, or in `deps` the name of a task.
fn of_commands_as(
    file: &Value,
    commands: &Value,
    lenient: bool,
    steps: &mut Steps,
    depth: usize,
    are_tasks: bool,
) -> bool {
    let all: Vec<&Value> = commands.as_sequence().map_or_else(|| vec![commands], |all| all.iter().collect());
    all.into_iter().all(|one| {
        if let Some(text) = one.as_str() {
            if are_tasks {
                return of_task(file, text, lenient, steps, depth + 1);
            }
            return steps.push(substituted(text), lenient);
        }
        let Some(table) = one.as_mapping().filter(|table| table.iter().all(|(key, value)| known(key, value))) else {
            return false;
        };
        let lenient = lenient || is(one, "ignore_error");
        match (table.get("cmd").and_then(Value::as_str), table.get("task").and_then(Value::as_str)) {
            (Some(text), None) => steps.push(substituted(text), lenient),
            (None, Some(name)) => of_task(file, name, lenient, steps, depth + 1),
            _ => false,
        }
    })
}

/// `{{.CLI_ARGS}}` is what is given behind `--`, which is nothing here; of other templates the value is not known.
fn substituted(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("{{") {
        plain.push_str(before);
        let Some((inside, after)) = behind.split_once("}}") else {
            plain.push(words::ANYTHING);
            return plain;
        };
        if inside.trim() != ".CLI_ARGS" {
            plain.push(words::ANYTHING);
        }
        rest = after;
    }
    plain.push_str(rest);
    plain
}

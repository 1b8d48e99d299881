//! Scripts that tools of Python run by name: Hatch, PDM, Poe, Rye and Pixi. One of the tree takes the place of a program of
//! that name.
//!
//! Source: Hatch, "Environment scripts"; PDM, "PDM Scripts"; Poe the Poet, "Task types"; Rye, "tool.rye.scripts"; Pixi, "Tasks".

use toml::Value;

use super::{Steps, beside, python};
use crate::commands::{Evaluator, How};

/// One file with scripts, and where they are in it.
type Place = (&'static str, &'static [&'static str]);

/// Where each tool keeps them, in the order in which it looks.
const PLACES: &[(&str, &[Place])] = &[
    ("pdm", &[("pyproject.toml", &["tool", "pdm", "scripts"])]),
    (
        "poe",
        &[
            ("pyproject.toml", &["tool", "poe", "tasks"]),
            ("poe_tasks.toml", &["tool", "poe", "tasks"]),
            ("poe_tasks.toml", &["tasks"]),
        ],
    ),
    ("rye", &[("pyproject.toml", &["tool", "rye", "scripts"])]),
    ("pixi", &[("pixi.toml", &["tasks"]), ("pyproject.toml", &["tool", "pixi", "tasks"])]),
];

/// Follows a script by its name; false where there is none of this name, and a program is run.
pub(super) fn script(to: &mut Evaluator<'_>, words: &[String], how: How) -> bool {
    let plain: Vec<&str> = words.iter().map(String::as_str).collect();
    let (tool, name, more) = match plain.as_slice() {
        ["poe", name, more @ ..] => ("poe", *name, more),
        [tool @ ("hatch" | "pdm" | "rye" | "pixi"), "run", name, more @ ..] => (*tool, *name, more),
        _ => return false,
    };
    let (table, name) = if tool == "hatch" {
        let (environment, name) = name.split_once(':').unwrap_or(("default", name));
        let files: [(&str, &[&str]); 2] = [("pyproject.toml", &["tool", "hatch", "envs"]), ("hatch.toml", &["envs"])];
        let found = files.into_iter().find_map(|(file, path)| {
            let mut table = table(to, file, path)?;
            table.get_mut(environment)?.as_table_mut()?.remove("scripts")?.as_table().cloned()
        });
        (found, name)
    } else {
        let places = PLACES.iter().find(|(one, _)| *one == tool).map_or(&[][..], |(_, places)| places);
        (places.iter().find_map(|(file, path)| table(to, file, path)), name)
    };
    let Some(table) = table.filter(|table| table.contains_key(name)) else { return false };
    let mut steps = Steps::default();
    let hooks = ["pre_", "post_"].iter().any(|hook| table.contains_key(&format!("{hook}{name}")));
    let understood = more.is_empty() && !hooks && !table.contains_key("_") && !is_elsewhere(to, tool);
    if understood && of_script(tool, &table, name, &mut steps, 0) {
        steps.run(to, words, how);
    } else {
        to.unclear(words, how);
    }
    true
}

/// Does a file of the tool set what its scripts run in, or put other scripts in their place? None of that is followed.
fn is_elsewhere(to: &Evaluator<'_>, tool: &str) -> bool {
    let (files, words): (&[&str], &[&str]) = match tool {
        "hatch" => {
            (&["pyproject.toml", "hatch.toml"], &["env-vars", "overrides", "template", "platforms", "extra-scripts"])
        }
        "poe" => (
            &["pyproject.toml", "poe_tasks.toml"],
            &[
                "poe.env",
                "[env",
                "envfile",
                "default_task_type",
                "default_array_task_type",
                "shell_interpreter",
                "executor",
            ],
        ),
        "pixi" => (&["pixi.toml", "pyproject.toml"], &["activation", "target."]),
        _ => (&[], &[]),
    };
    let there: Vec<String> = files.iter().filter_map(|file| beside(to, file)?.ok()).collect();
    // Scripts in two files: which of them counts is the tool's.
    let doubled = tool == "hatch" && there.len() > 1 && there.iter().all(|text| text.contains("scripts"));
    doubled || there.iter().any(|text| words.iter().any(|word| text.contains(word)))
}

fn table(to: &Evaluator<'_>, file: &str, path: &[&str]) -> Option<toml::Table> {
    let table: toml::Table = beside(to, file)?.ok()?.parse().ok()?;
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(table.get(*first)?, |value, key| value.get(*key))?.as_table().cloned()
}

/// The commands of a script, each with whether its failure counts for nothing; false where it is not understood.
fn of_script(tool: &str, table: &toml::Table, name: &str, steps: &mut Steps, depth: usize) -> bool {
    let Some(script) = table.get(name).filter(|_| steps.enter(depth)) else { return false };
    match script {
        Value::String(text) => command(tool, table, text, steps, depth),
        // Of Poe the names of other tasks, else commands.
        Value::Array(all) => all.iter().all(|one| match one.as_str() {
            Some(name) if tool == "poe" => of_script(tool, table, name, steps, depth + 1),
            Some(text) => command(tool, table, text, steps, depth),
            None => false,
        }),
        Value::Table(parts) => {
            let known = ["cmd", "shell", "composite", "chain", "sequence", "help", "description", "depends-on"];
            if !parts.keys().all(|key| known.contains(&key.as_str())) {
                return false;
            }
            let list = |key: &str| {
                parts.get(key).map(|value| value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]))
            };
            let before = list("depends-on")
                .unwrap_or_default()
                .iter()
                .all(|one| one.as_str().is_some_and(|name| of_script(tool, table, name, steps, depth + 1)));
            let one = match (parts.get("cmd"), parts.get("shell")) {
                (Some(Value::String(text)), None) => command(tool, table, text, steps, depth),
                (None, Some(Value::String(text))) if !text.contains('\n') => command(tool, table, text, steps, depth),
                (None, None) => {
                    let all = list("composite").or_else(|| list("chain")).or_else(|| list("sequence"));
                    all.map_or(parts.contains_key("depends-on"), |all| {
                        all.iter().all(|one| match one.as_str() {
                            Some(name) if table.contains_key(name) => of_script(tool, table, name, steps, depth + 1),
                            Some(_) if tool == "poe" => false,
                            Some(text) => command(tool, table, text, steps, depth),
                            None => false,
                        })
                    })
                }
                _ => false,
            };
            before && one
        }
        _ => false,
    }
}

/// One command. Of Hatch a `-` before it makes its failure count for nothing, and its first word may be another script.
fn command(tool: &str, table: &toml::Table, text: &str, steps: &mut Steps, depth: usize) -> bool {
    let (lenient, text) = match text.strip_prefix("- ") {
        Some(rest) if tool == "hatch" => (true, rest),
        _ => (false, text),
    };
    let first = text.split_whitespace().next().unwrap_or_default();
    if tool == "hatch" && table.contains_key(first) {
        let at = steps.commands.len();
        let done = text.trim() == first && of_script(tool, table, first, steps, depth + 1);
        if lenient {
            steps.commands.iter_mut().skip(at).for_each(|step| step.1 = true);
        }
        return done;
    }
    steps.push(python::substituted(text), lenient)
}

//! Whether a command that runs tests reaches any: a suite that is not built, not selected or not there lets every change
//! pass. Tests are counted as the tests collector counts them.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use plimsoll_sources::{conventions, languages};
use toml::{Table, Value};

use super::{
    tools::{Tool, UNKNOWN},
    tree,
    tree::Tree,
};

pub(super) mod clippy;
mod cmake;
mod go;
mod jvm;
mod rust;

/// Files that are looked into for one command.
const MOST_FILES: usize = 20_000;

/// Why it is not known that a command reaches a test; absent where it does. `operands` are the paths that it names.
pub(super) fn reason(
    tree: &dyn Tree,
    folder: &str,
    tool: &Tool,
    arguments: &[&str],
    operands: &[&str],
) -> Option<String> {
    let name = tool.name();
    let question = format!("{folder}\n{name}\n{}\n{}", arguments.join("\n"), operands.join("\n"));
    tree.kept(question, &|| found(tree, folder, tool, arguments, operands))
}

fn found(tree: &dyn Tree, folder: &str, tool: &Tool, arguments: &[&str], operands: &[&str]) -> Option<String> {
    let name = tool.name();
    if name.starts_with("cargo") {
        return rust::reason(&tree.rust(), folder, name, arguments);
    }
    if name == "go test" {
        return go::reason(tree, folder, arguments, operands);
    }
    // Of more than one the last counts.
    let started: Vec<&str> = if name == "unittest" {
        values(arguments, &["-s", "--start-directory"]).last().copied().into_iter().collect()
    } else {
        Vec::new()
    };
    let of_build = match name {
        "ctest" => cmake::reason(tree),
        "meson test" => cmake::meson(tree),
        _ => None,
    };
    if let Some(reason) = of_build {
        return Some(reason);
    }
    let operands = if started.is_empty() { operands } else { &started };
    let places: Vec<String> = if operands.is_empty() {
        vec![folder.to_owned()]
    } else {
        operands.iter().filter_map(|path| tree::join(folder, path.trim_end_matches("/..."))).collect()
    };
    // Without the option it looks into the folder alone.
    let flat = name == "bats" && !arguments.iter().any(|word| matches!(*word, "-r" | "--recursive"));
    let skips_failsafe = name == "mvn" && arguments.iter().any(|word| matches!(*word, "-DskipITs" | "-DskipITs=true"));
    let folder_of = |path: &str| path.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned());
    let sources = tree.sources();
    let candidates = sources.iter().filter(|path| {
        let language = languages::name_of(path.rsplit('/').next().unwrap_or_default());
        language.is_some_and(|language| tool.of.is_empty() || tool.of.contains(&language))
            && language != Some("Rust")
            && !(skips_failsafe && is_of_failsafe(path))
            && (name != "node --test" || !operands.is_empty() || is_of_node(path))
            && places.iter().any(|place| is_in(place, path))
            && (!flat || places.iter().any(|place| path.as_str() == place.as_str() || folder_of(path) == *place))
            && conventions::may_hold_tests(path)
    });
    let mut build = jvm::Build::read(tree, folder, name);
    let (mut unclear, mut left_out) = (None, None);
    for path in candidates.take(MOST_FILES) {
        let seen = tree.seen(path);
        if name == "unittest" && !is_of_unittest(tree, places.first().map_or("", String::as_str), path) {
            continue;
        }
        if seen.tests > 0 {
            match build.as_mut().and_then(|build| build.leaves_out(tree, path)) {
                None => return None,
                Some(reason) => left_out = left_out.or(Some(reason)),
            }
        }
        unclear = unclear.or_else(|| (seen.unclear > 0).then_some(path));
    }
    // Tools of many languages test Rust as well.
    if tool.of.is_empty() && tree.rust().tests(folder) {
        return None;
    }
    if let Some(reason) = left_out {
        return Some(format!("no test that \"{name}\" runs was found: {reason}"));
    }
    Some(match unclear {
        Some(path) => format!("whether {path} holds tests that \"{name}\" runs was not recognised"),
        None => format!("no test that \"{name}\" runs was found where it looks"),
    })
}

/// Is it a test that only the plugin for integration tests runs?
///
/// Source: Maven Failsafe, "Inclusions and Exclusions of Tests".
fn is_of_failsafe(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default().split('.').next().unwrap_or_default();
    name.starts_with("IT") || name.ends_with("IT") || name.ends_with("ITCase")
}

/// Does the runner of Python itself take it for a test? It enters packages alone, and runs cases that are classes.
///
/// Source: Python, "unittest", "Test Discovery".
fn is_of_unittest(tree: &dyn Tree, start: &str, path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let mut above = folder;
    while above.len() > start.len() {
        if !tree.has(&format!("{above}/__init__.py")) {
            return false;
        }
        above = above.rsplit_once('/').map_or("", |(above, _)| above);
    }
    let is_case = |line: &str| line.trim_start().starts_with("class ") && line.contains("TestCase");
    name.starts_with("test") && tree.text(path).is_some_and(|text| text.is_ok_and(|text| text.lines().any(is_case)))
}

/// Does Node.js take it for a test where no path is named?
///
/// Source: Node.js, "Test runner", "Running tests from the command line".
fn is_of_node(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let Some((stem, end)) = name.rsplit_once('.') else { return false };
    let named = [".test", "-test", "_test"].iter().any(|mark| stem.ends_with(mark)) || stem.starts_with("test-");
    matches!(end, "js" | "cjs" | "mjs" | "ts" | "cts" | "mts")
        && (named || stem == "test" || folder.split('/').any(|part| part == "test"))
}

/// Is the path the place, or below it?
fn is_in(place: &str, path: &str) -> bool {
    place.is_empty() || path.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The values of an option, in one word or two.
fn values<'w>(arguments: &[&'w str], names: &[&str]) -> Vec<&'w str> {
    let mut found = Vec::new();
    for (at, word) in arguments.iter().enumerate() {
        for name in names {
            if word == name {
                found.extend(arguments.get(at + 1).copied());
            } else if let Some(value) = word.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')) {
                found.push(value);
            } else if let Some(value) = word.strip_prefix(name).filter(|_| name.len() == 2 && !name.ends_with('-')) {
                // `-pname`
                found.push(value);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests;

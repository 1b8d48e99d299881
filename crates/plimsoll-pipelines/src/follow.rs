//! Commands that run what is in the tree: package scripts, make targets, just recipes, tasks, tox, pre-commit hooks and
//! shell scripts. They are read, and what is in them is looked at as a part of the script that runs them.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    commands::{Evaluator, Fails, How, Mode},
    surroundings,
    tools::UNKNOWN,
    tree,
};

mod composer;
mod just;
mod make;
mod node;
mod python;
mod python_scripts;
mod rake;
mod task;
#[cfg(test)]
mod tests;
mod tox;

const NO_ERREXIT: Mode = Mode { errexit: false, pipefail: false };

/// Follows a command into the tree; false where it is none that runs what stands there.
pub(super) fn command(to: &mut Evaluator<'_>, words: &[String], how: How) -> bool {
    let plain: Vec<&str> = words.iter().map(String::as_str).collect();
    match plain.as_slice() {
        ["bash" | "sh", rest @ ..] => shell(to, words, rest, how),
        [path, rest @ ..] if path.contains('/') && !path.starts_with('/') => in_tree(to, words, path, rest, how),
        ["npm" | "pnpm" | "yarn" | "bun" | "wireit", ..] => node::command(to, words, how),
        ["make", ..] => make::make(to, words, how),
        ["just", ..] => just::just(to, words, how),
        ["rake", ..] => rake::rake(to, words, how),
        ["task" | "go-task", ..] => task::task(to, words, how),
        ["composer", ..] => composer::composer(to, words, how),
        ["tox", ..] => python::tox(to, words, how),
        ["pre-commit" | "prek", ..] => python::pre_commit(to, words, how),
        ["gradle" | "mvn", ..] => {
            wrapper(to, words);
            false
        }
        _ => false,
    }
}

/// Follows a runner that has a script of the tree in the place of a program; false where it runs a program.
pub(super) fn script_of_runner(to: &mut Evaluator<'_>, words: &[String], how: How) -> bool {
    python_scripts::script(to, words, how)
}

/// The text of a file beside the place where a command runs.
pub(super) fn beside(to: &Evaluator<'_>, name: &str) -> Option<Result<String, String>> {
    let path = tree::join(to.folder.as_deref()?, name)?;
    to.tree.text(&path)
}

// A build tool that the tree itself brings along is that tool where it starts it.
fn wrapper(to: &mut Evaluator<'_>, words: &[String]) {
    let name = if words.first().is_some_and(|word| word == "gradle") { "gradlew" } else { "mvnw" };
    if let Some(text) = beside(to, name) {
        let known = text.is_ok_and(|text| {
            text.len() > 1000
                && ["GradleWrapperMain", "gradle-wrapper.jar", "MavenWrapperMain", "maven-wrapper"]
                    .iter()
                    .any(|mark| text.contains(mark))
                && !text.contains("exit 0")
        });
        if !known {
            to.not_understood(&format!("{name} is not the one that its makers give"));
        }
    }
}

/// `bash x.sh`, `sh -c '...'`.
fn shell(to: &mut Evaluator<'_>, words: &[String], rest: &[&str], how: How) -> bool {
    let mut mode = NO_ERREXIT;
    let mut at = 0;
    while let Some(option) = rest.get(at).filter(|word| word.starts_with('-')) {
        let letters = option.get(1..).unwrap_or_default();
        if !letters.chars().all(|letter| matches!(letter, 'e' | 'u' | 'x' | 'c' | 'o' | 'l')) || letters.is_empty() {
            to.unclear(words, how);
            return true;
        }
        mode.errexit |= letters.contains('e');
        at += 1;
        if letters.contains('o') {
            mode.pipefail |= rest.get(at) == Some(&"pipefail");
            if rest.get(at) != Some(&"pipefail") {
                to.unclear(words, how);
                return true;
            }
            at += 1;
        }
        if letters.contains('c') {
            let Some(text) = rest.get(at).filter(|text| **text != UNKNOWN && !text.contains('\u{3}')) else {
                to.unclear(words, how);
                return true;
            };
            let text = (*text).to_owned();
            if !to.follow(|to| to.script(&text, mode, how)) {
                to.unclear(words, how);
            }
            return true;
        }
    }
    match rest.get(at) {
        Some(path) => {
            let arguments: Vec<String> = rest.iter().skip(at + 1).map(|word| (*word).to_owned()).collect();
            script_file(to, words, path, &arguments, Some(mode), how);
        }
        None => to.unclear(words, how),
    }
    true
}

fn in_tree(to: &mut Evaluator<'_>, words: &[String], path: &str, rest: &[&str], how: How) -> bool {
    let arguments: Vec<String> = rest.iter().map(|word| (*word).to_owned()).collect();
    script_file(to, words, path, &arguments, None, how);
    true
}

fn script_file(
    to: &mut Evaluator<'_>,
    words: &[String],
    path: &str,
    arguments: &[String],
    started: Option<Mode>,
    how: How,
) {
    let Some(Ok(text)) = beside(to, path) else {
        to.unclear(words, how);
        return;
    };
    let Some(mode) = started.or_else(|| first_line(&text)) else {
        to.unclear(words, how);
        return;
    };
    let own = to.folder.as_deref().and_then(|folder| tree::join(folder, path));
    let followed = to.follow(|to| {
        for number in 0..=9_usize {
            let value = if number == 0 {
                own.clone()
            } else {
                arguments.get(number - 1).filter(|word| !word.contains(['\u{2}', '\u{3}'])).cloned()
            };
            to.names.insert(number.to_string(), value);
        }
        to.script(&text, mode, how);
    });
    if !followed {
        to.unclear(words, how);
    }
}

/// The options of the shell that a script names; absent where it names none, or another program.
fn first_line(text: &str) -> Option<Mode> {
    let line = text.lines().next()?.strip_prefix("#!")?;
    let mut words: Vec<&str> = line.split_whitespace().collect();
    if words.first().is_some_and(|word| word.ends_with("/env")) {
        words.remove(0);
        if words.first() == Some(&"-S") {
            words.remove(0);
        }
    }
    let (program, options) = words.split_first()?;
    if !matches!(program.rsplit('/').next(), Some("sh" | "bash" | "dash")) {
        return None;
    }
    let mut mode = NO_ERREXIT;
    for option in options {
        match *option {
            "-e" | "-eu" | "-ex" | "-eux" | "-ue" | "-xe" | "-exu" => mode.errexit = true,
            "-u" | "-x" | "-ux" => {}
            "-euo" | "-eo" | "-euxo" => {
                mode.errexit = true;
            }
            "pipefail" => mode.pipefail = true,
            _ => return None,
        }
    }
    Some(mode)
}

/// Commands that scripts of the tree come to, within bounds.
#[derive(Default)]
pub(super) struct Steps {
    /// Each with whether its failure counts for nothing.
    commands: Vec<(String, bool)>,
    /// Scripts and commands that were gone into.
    visited: usize,
}

impl Steps {
    /// Scripts within scripts.
    const DEEPEST: usize = 8;
    /// Scripts and commands of one call.
    const MOST: usize = 200;

    /// Goes into one more script; false where that is too deep or too many.
    fn enter(&mut self, depth: usize) -> bool {
        self.visited += 1;
        depth < Self::DEEPEST && self.visited <= Self::MOST
    }

    /// One more command; false where that is too many.
    fn push(&mut self, command: String, lenient: bool) -> bool {
        self.visited += 1;
        self.commands.push((command, lenient));
        self.visited <= Self::MOST
    }

    /// Runs them one after the other; what cannot be followed is unclear.
    fn run(&self, to: &mut Evaluator<'_>, words: &[String], how: How) {
        let followed = !self.commands.is_empty()
            && to.follow(|to| {
                for (text, lenient) in &self.commands {
                    let how = if *lenient { How { fails: Fails::No, ..how } } else { how };
                    to.script(text, NO_ERREXIT, how);
                }
            });
        if !followed {
            to.unclear(words, how);
        }
    }
}

/// A word as it is written into a script again.
pub(super) fn quoted(word: &str) -> String {
    if word.contains(['\u{2}', '\u{3}']) {
        // It has no value that is known.
        "$plimsoll_unknown".to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// Names that stand behind a command, as `NAME=value`, and the rest.
fn overrides<'a>(words: &[&'a str]) -> (BTreeMap<&'a str, &'a str>, Vec<&'a str>) {
    let mut names = BTreeMap::new();
    let mut rest = Vec::new();
    for word in words {
        match word.split_once('=') {
            Some((name, value)) if !word.starts_with('-') => {
                names.insert(name, value);
            }
            _ => rest.push(*word),
        }
    }
    (names, rest)
}

fn harmless(names: &BTreeMap<&str, &str>) -> bool {
    names.iter().all(|(name, value)| surroundings::is_harmless(name, Some(value)))
}

/// What was gone through, so that what needs itself ends.
type Seen = BTreeSet<String>;

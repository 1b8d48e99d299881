//! What one command of a script is for, and whether it fails for what it finds: by the table of tools, and by what the
//! tree says where a command runs what stands there.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    cargo_config, follow,
    shell::{
        self,
        words::{self, Names},
    },
    surroundings, tools,
    tools::{Operands, Tool},
    tree::{self, Tree},
};

/// Commands that are gone through for one job, followed ones included.
const MOST_COMMANDS: usize = 4000;
/// Scripts that run each other.
const DEEPEST: usize = 6;
/// The purpose of what is not understood: it may serve any.
pub(super) const ANY: &str = "any";
/// Purposes that a name alone does not give: they leave something behind, or they do not.
pub(super) const MAKING: &[&str] = &["sbom", "provenance", "sign", "publish"];

/// What is known of a purpose that a script serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Answer {
    /// The script does not fail for what is found.
    Passes,
    NotKnown,
    /// The script surely runs it and fails with it.
    Gates,
}

/// What a failure comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fails {
    Yes,
    No,
    Unknown,
}

/// Whether a command surely runs, and what its failure comes to.
#[derive(Clone, Copy, Debug)]
pub(super) struct How {
    pub(super) sure: bool,
    pub(super) fails: Fails,
}

/// How a shell is started.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mode {
    pub(super) errexit: bool,
    pub(super) pipefail: bool,
}

/// A purpose that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Found {
    pub(super) purpose: &'static str,
    pub(super) answer: Answer,
    /// It is surely carried out.
    pub(super) done: bool,
}

/// What a command does about what it finds.
#[derive(Clone, Debug, PartialEq)]
enum Does {
    /// It fails.
    Fails,
    Passes,
    /// It does nothing.
    Nothing,
    NotKnown(String),
}

/// What is kept while a part has a shell of its own.
pub(super) struct Kept {
    folder: Option<String>,
    names: Names,
}

/// Goes through the scripts of one job in order.
pub(super) struct Evaluator<'t> {
    pub(super) tree: &'t dyn Tree,
    /// The folder in the tree; absent where it is not known.
    pub(super) folder: Option<String>,
    /// Nothing is checked out: only what fails without the source is known to fail.
    pub(super) absent: bool,
    /// What the tree sets for Cargo, by folder.
    cargo: BTreeMap<String, Option<String>>,
    /// Folders that scripts made.
    made: BTreeSet<String>,
    pub(super) names: Names,
    /// Why what is behind this point of the script may mean something else.
    spoiled: Option<String>,
    /// The same for all later scripts of the job.
    pub(super) tampered: Option<String>,
    pub(super) found: Vec<Found>,
    /// Reasons for what is not known, in order.
    pub(super) reasons: Vec<String>,
    left: usize,
    depth: usize,
}

impl<'t> Evaluator<'t> {
    pub(super) fn new(tree: &'t dyn Tree) -> Self {
        Self {
            tree,
            folder: Some(String::new()),
            absent: false,
            cargo: BTreeMap::new(),
            made: BTreeSet::new(),
            names: Names::new(),
            spoiled: None,
            tampered: None,
            found: Vec::new(),
            reasons: Vec::new(),
            left: MOST_COMMANDS,
            depth: 0,
        }
    }

    /// A new script of the job begins: in a new shell, in a tree that may have been changed.
    pub(super) fn begin(&mut self, folder: Option<String>, names: Names) {
        self.folder = folder;
        self.names = names;
        self.spoiled = None;
    }

    pub(super) fn not_understood(&mut self, reason: &str) {
        self.spoiled.get_or_insert_with(|| reason.to_owned());
    }

    /// A script of which nothing is known: it may do anything.
    pub(super) fn script_not_understood(&mut self, reason: &str, how: How) {
        self.not_understood(reason);
        self.record(ANY, &Does::NotKnown(reason.to_owned()), how);
    }

    /// Nothing that later scripts of the job say is known to mean what it says.
    pub(super) fn tamper(&mut self, reason: String) {
        self.spoiled.get_or_insert_with(|| reason.clone());
        self.tampered.get_or_insert(reason);
    }

    pub(super) fn may_go_on(&mut self) -> bool {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 {
            self.tamper("a job runs more commands than are gone through".to_owned());
        }
        self.left > 0
    }

    pub(super) fn keep(&self) -> Kept {
        Kept { folder: self.folder.clone(), names: self.names.clone() }
    }

    pub(super) fn restore(&mut self, kept: Kept) {
        self.folder = kept.folder;
        self.names = kept.names;
    }

    fn reason(&mut self, reason: &str) {
        if !self.reasons.iter().any(|one| one == reason) && self.reasons.len() < 3 {
            self.reasons.push(reason.to_owned());
        }
    }

    fn record(&mut self, purpose: &'static str, does: &Does, how: How) {
        let spoiled = self.tampered.clone().or_else(|| self.spoiled.clone());
        let answer = match (&spoiled, does) {
            (_, Does::Nothing) => return,
            (Some(reason), _) => {
                self.reason(&reason.clone());
                Answer::NotKnown
            }
            (None, Does::Passes) => Answer::Passes,
            (None, Does::Fails) => how.answer(),
            (None, Does::NotKnown(reason)) => match how.fails {
                Fails::No => Answer::Passes,
                Fails::Yes | Fails::Unknown => {
                    self.reason(reason);
                    Answer::NotKnown
                }
            },
        };
        if answer == Answer::NotKnown && spoiled.is_none() && *does == Does::Fails {
            self.reason("a check stands where it may not run, or where its failure may be let pass");
        }
        let done = how.sure && self.tampered.is_none() && !matches!(does, Does::NotKnown(_));
        self.found.push(Found { purpose, answer, done });
    }

    /// Something that is not understood, and may serve any purpose.
    fn opaque(&mut self, shown: &str, how: How) {
        let reason = format!("what \"{}\" does is not known", short(shown));
        self.record(ANY, &Does::NotKnown(reason.clone()), how);
        self.not_understood(&reason);
    }

    /// One command as it is written.
    pub(super) fn simple(&mut self, raw: &[String], how: How) {
        if !self.may_go_on() {
            return;
        }
        self.check_substitutions(raw);
        let Some((words, outputs)) = redirections(raw) else {
            let shown = raw.join(" ");
            self.opaque(&shown, how);
            return;
        };
        // A question has no purpose, and no effect but its answer.
        if matches!(words.first().map(String::as_str), Some("[[" | "[" | "test")) {
            self.wrote(&outputs);
            return;
        }
        let assignments =
            words.iter().take_while(|word| word.split_once('=').is_some_and(|(name, _)| words::is_name(name))).count();
        let (assigned, command) = words.split_at_checked(assignments).unwrap_or((&[], &[]));
        let values: Vec<(String, Option<String>)> = assigned
            .iter()
            .filter_map(|word| word.split_once('='))
            .map(|(name, value)| (name.to_owned(), words::value(value, &self.names)))
            .collect();
        let harmful = assigned
            .iter()
            .zip(&values)
            .find(|(raw, (name, value))| !surroundings::is_harmless(name, value.as_deref()) && !is_path_of_home(raw))
            .map(|(_, (name, _))| name.clone());
        if command.is_empty() {
            if let Some(name) = harmful {
                self.not_understood(&format!("a script sets {name}"));
            }
            self.assign(values, how.sure);
            self.wrote(&outputs);
            return;
        }
        if let Some(name) = harmful {
            let kept = self.spoiled.clone();
            self.not_understood(&format!("a script sets {name}"));
            self.command(command, &outputs, how);
            // The command alone sees it, unless it is one that the shell itself carries out.
            if !matches!(
                command.first().map(String::as_str),
                Some("export" | "exec" | "eval" | "exit" | "." | "source")
            ) {
                self.spoiled =
                    if self.spoiled == Some(format!("a script sets {name}")) { kept } else { self.spoiled.take() };
            }
        } else {
            self.command(command, &outputs, how);
        }
        self.wrote(&outputs);
    }

    fn assign(&mut self, values: Vec<(String, Option<String>)>, sure: bool) {
        for (name, value) in values {
            let value = if sure || self.names.get(&name) == Some(&value) { value } else { None };
            self.names.insert(name, value);
        }
    }

    /// Commands whose output is put into words run as well.
    pub(super) fn check_substitutions(&mut self, raw: &[String]) {
        for word in raw {
            match words::substituted(word) {
                None => self.tamper("a script computes its words".to_owned()),
                Some(inner) => {
                    for command in inner {
                        let words: Vec<String> =
                            command.split_whitespace().map(|word| word.trim_matches('"').to_owned()).collect();
                        let joined = command.contains(['|', ';', '&']);
                        if joined || !matches!(lookup(&words), Some((Row::Harmless, _))) {
                            self.not_understood("a script computes its words");
                        }
                    }
                }
            }
        }
    }

    /// Where a compound command's output goes.
    pub(super) fn redirected(&mut self, raw: &[String], _sure: bool) {
        match redirections(raw) {
            Some((_, outputs)) => self.wrote(&outputs),
            None => self.tamper("a script writes to a file that is not known".to_owned()),
        }
    }

    fn wrote(&mut self, outputs: &[String]) {
        for raw in outputs {
            let bare = raw.trim_matches('"').replace(['{', '}'], "");
            let stream =
                bare.starts_with('&') || matches!(bare.as_str(), "/dev/null" | "/dev/stderr" | "/dev/stdout" | "-");
            if stream || matches!(bare.as_str(), "$GITHUB_OUTPUT" | "$GITHUB_STEP_SUMMARY") {
                continue;
            }
            if matches!(bare.as_str(), "$GITHUB_ENV" | "$GITHUB_PATH" | "$BASH_ENV") {
                // What is understood of it was looked at with the command.
                continue;
            }
            let value = words::value(raw, &self.names);
            let path = value.as_deref().and_then(|value| tree::join(self.folder.as_deref().unwrap_or("?"), value));
            let scratch = value.as_deref().is_some_and(|value| value.starts_with("/tmp/") && !value.contains(".."));
            let name = path.as_deref().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
            let log = matches!(name.rsplit_once('.'), Some((_, "log" | "out")));
            match path {
                _ if scratch => {}
                Some(path) if log && !self.tree.has(&path) => {}
                Some(path) if !self.tree.has(&path) && is_report(&path) => {
                    self.not_understood(&format!("a script writes to {}", short(&path)));
                }
                _ => self.tamper("a script writes to a file of the tree, or to one that is not known".to_owned()),
            }
        }
    }

    fn command(&mut self, raw: &[String], outputs: &[String], how: How) {
        let shown = raw.join(" ");
        let Some(mut words) = self.spelled(raw) else {
            self.opaque(&shown, how);
            return;
        };
        for _ in 0..8 {
            if self.carried_out_by_the_shell(&words, raw, outputs, how) {
                return;
            }
            match self.unwrapped(&words) {
                Unwrapped::Same => break,
                Unwrapped::Inner(inner) if inner.is_empty() => return self.opaque(&shown, how),
                Unwrapped::Inner(inner) => words = inner,
                Unwrapped::NotUnderstood => {
                    self.hint(&words, how);
                    return self.opaque(&shown, how);
                }
            }
        }
        // What runs a file of the tree fails where the tree is not there, whatever stands in the file.
        let absent = self.absent;
        let by_file = words.first().is_some_and(|program| {
            matches!(program.as_str(), "npm" | "pnpm" | "yarn" | "bun" | "make" | "just") || program.contains('/')
        });
        let spoiled = self.spoiled.clone();
        if by_file {
            self.absent = false;
        } else if absent {
            self.not_understood(ABSENT);
        }
        let followed = follow::command(self, &words, how);
        self.absent = absent;
        if followed {
            return;
        }
        self.spoiled = spoiled;
        self.tool(&words, &shown, how);
    }

    /// The words with their values; one that has none is kept as [`UNKNOWN`]. Absent where the program itself is not plain.
    fn spelled(&self, raw: &[String]) -> Option<Vec<String>> {
        let first = raw.first()?;
        let program = words::value(first, &self.names)?;
        let plain =
            |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "_./@+-:[".contains(c));
        let variable = first.trim_matches('"').starts_with('$');
        if !plain(&program) || (!variable && program != *first) {
            return None;
        }
        let rest = raw.iter().skip(1).map(|word| words::value(word, &self.names).unwrap_or_else(|| unknown(word)));
        Some(std::iter::once(program).chain(rest).collect())
    }

    fn carried_out_by_the_shell(&mut self, words: &[String], raw: &[String], outputs: &[String], how: How) -> bool {
        let plain: Vec<&str> = words.iter().map(String::as_str).collect();
        match plain.as_slice() {
            ["cd", target] => {
                if let Some(place) = raw.get(1).and_then(|raw| self.beside_script(raw)) {
                    self.folder = if how.sure && self.tree.has(&place) { Some(place) } else { None };
                    return true;
                }
                let target = match *target {
                    UNKNOWN
                        if raw.get(1).is_some_and(|word| {
                            word.trim_matches('"').replace(['{', '}'], "") == "$GITHUB_WORKSPACE"
                        }) =>
                    {
                        self.folder = if how.sure { Some(String::new()) } else { None };
                        return true;
                    }
                    other => other,
                };
                let next = self.folder.as_deref().and_then(|folder| tree::join(folder, target));
                let there = next
                    .as_deref()
                    .is_some_and(|path| self.tree.has(path) || self.made.contains(path) || path.is_empty());
                self.folder = if how.sure && there { next } else { None };
                true
            }
            ["cd" | "pushd" | "popd", ..] => {
                self.folder = None;
                true
            }
            ["mkdir", rest @ ..] => {
                for path in rest.iter().filter(|word| !word.starts_with('-')) {
                    let path = self.folder.as_deref().and_then(|folder| tree::join(folder, path));
                    self.made.extend(path.filter(|path| !self.tree.has(path)));
                }
                true
            }
            ["export", rest @ ..] => {
                for (word, raw) in rest.iter().zip(raw.iter().skip(1)) {
                    let (name, value) = match raw.split_once('=') {
                        Some((name, value)) => (name.to_owned(), words::value(value, &self.names)),
                        None => ((*word).to_owned(), self.names.get(*word).cloned().flatten()),
                    };
                    if !words::is_name(&name)
                        || !(surroundings::is_harmless(&name, value.as_deref()) || is_path_of_home(raw))
                    {
                        self.not_understood(&format!("a script exports {}", short(&name)));
                    }
                    self.assign(vec![(name, value)], how.sure);
                }
                true
            }
            ["source" | ".", path] => {
                let raw = raw.get(1).map(|raw| raw.trim_matches('"')).unwrap_or_default();
                let environment = (path.ends_with("/bin/activate") || path.ends_with("/Scripts/activate"))
                    && self
                        .folder
                        .as_deref()
                        .and_then(|folder| tree::join(folder, path))
                        .is_some_and(|path| !self.tree.has(&path));
                if !environment
                    && !matches!(raw, "$HOME/.cargo/env" | "~/.cargo/env" | "${HOME}/.cargo/env" | "$CARGO_HOME/env")
                {
                    self.tamper("a script sources another that is not followed".to_owned());
                }
                true
            }
            ["command", "-v" | "-V", ..] => true,
            ["tee", rest @ ..] => {
                let files: Vec<String> =
                    rest.iter().filter(|word| !word.starts_with('-')).map(|word| (*word).to_owned()).collect();
                self.wrote(&files);
                true
            }
            ["echo" | "printf", ..] => {
                self.said(words, raw, outputs);
                true
            }
            _ => false,
        }
    }

    /// `"$(dirname "$0")/.."`: a place that a script names by its own.
    fn beside_script(&self, raw: &str) -> Option<String> {
        let bare =
            raw.replace('"', "").replace("${BASH_SOURCE[0]}", "$0").replace("$BASH_SOURCE", "$0").replace("${0}", "$0");
        let rest = bare
            .strip_prefix("$(dirname $0)")
            .or_else(|| bare.strip_prefix("$(dirname -- $0)"))
            .or_else(|| bare.strip_prefix("${0%/*}"))?;
        let script = self.names.get("0")?.as_deref()?;
        let folder = script.rsplit_once('/').map(|(folder, _)| folder).unwrap_or_default();
        tree::join(folder, rest.trim_start_matches('/'))
    }

    /// What is said to the files by which later steps get their environment.
    fn said(&mut self, words: &[String], raw: &[String], outputs: &[String]) {
        for output in outputs {
            let bare = output.trim_matches('"').replace(['{', '}'], "");
            let ["echo", said] = words.iter().map(String::as_str).collect::<Vec<_>>()[..] else {
                if matches!(bare.as_str(), "$GITHUB_ENV" | "$GITHUB_PATH" | "$BASH_ENV") {
                    self.tamper("a script writes to the environment of later steps".to_owned());
                }
                continue;
            };
            let text = if said.contains(UNKNOWN) || said.contains(ONE_WORD) {
                raw.get(1).map(|raw| raw.trim_matches('"')).unwrap_or_default()
            } else {
                said
            };
            match bare.as_str() {
                "$GITHUB_ENV" => {
                    let harmless = text.split_once('=').is_some_and(|(name, value)| {
                        let value = (!value.contains('$')).then_some(value);
                        words::is_name(name) && surroundings::is_harmless(name, value) && !text.contains(['\n', '\\'])
                    });
                    if !harmless {
                        self.tamper("a script writes to the environment of later steps".to_owned());
                    }
                }
                "$GITHUB_PATH" if !is_of_home(text) => {
                    self.tamper("a script writes to the path of later steps".to_owned());
                }
                "$BASH_ENV" => self.tamper("a script writes to the environment of later steps".to_owned()),
                _ => {}
            }
        }
    }

    /// Takes off one program that only runs another.
    fn unwrapped(&mut self, words: &[String]) -> Unwrapped {
        let Some(first) = words.first() else { return Unwrapped::Same };
        let program = self.named(first);
        let rest: Vec<String> = words.iter().skip(1).cloned().collect();
        let whole = || std::iter::once(program.clone()).chain(rest.iter().cloned()).collect::<Vec<_>>();
        if program == "env" && rest.iter().any(|word| word.contains('=')) {
            let mut at = 0;
            while let Some((name, value)) = rest.get(at).and_then(|word| word.split_once('=')) {
                if !words::is_name(name) || !surroundings::is_harmless(name, Some(value)) {
                    self.not_understood(&format!("a script sets {}", short(name)));
                }
                at += 1;
            }
            return Unwrapped::Inner(rest.get(at..).unwrap_or_default().to_vec());
        }
        if program == "cross-env" || program == "env" {
            let at = rest.iter().take_while(|word| {
                word.split_once('=')
                    .is_some_and(|(name, value)| words::is_name(name) && surroundings::is_harmless(name, Some(value)))
            });
            let count = at.count();
            if count < rest.len() {
                return Unwrapped::Inner(rest.get(count..).unwrap_or_default().to_vec());
            }
            return Unwrapped::Same;
        }
        if program == "python" {
            return module(&rest);
        }
        if program == "go" && matches!(rest.first().map(String::as_str), Some("run" | "tool")) {
            let name = rest.get(1).map(|path| path.split('@').next().unwrap_or(path));
            // A package of the tree is no tool that is known.
            return match name {
                Some(path)
                    if rest.first().is_some_and(|word| word == "tool")
                        || path
                            .split('/')
                            .next()
                            .is_some_and(|host| host.contains('.') && host.len() > 2 && !host.starts_with('.')) =>
                {
                    let tool = path.rsplit('/').find(|part| !is_major(part)).unwrap_or(path).to_owned();
                    Unwrapped::Inner(std::iter::once(tool).chain(rest.iter().skip(2).cloned()).collect())
                }
                _ => Unwrapped::NotUnderstood,
            };
        }
        let full = whole();
        for (runner, options) in tools::RUNNERS {
            let head: Vec<&str> = runner.split(' ').collect();
            if !full.iter().map(String::as_str).take(head.len()).eq(head.iter().copied()) {
                continue;
            }
            let behind = full.get(head.len()..).unwrap_or_default();
            return match pass_over(behind, options) {
                Some(inner) if inner.first().is_some_and(|word| word == "-m") && head.first() != Some(&"sudo") => {
                    module(&inner)
                }
                Some(_) if says_more(&full, head.len()) => Unwrapped::Same,
                Some(inner) => Unwrapped::Inner(inner),
                None => Unwrapped::NotUnderstood,
            };
        }
        if program == *first { Unwrapped::Same } else { Unwrapped::Inner(full) }
    }

    /// A program by its usual name.
    fn named(&self, word: &str) -> String {
        let word = match word.rsplit_once('/') {
            // A package of a scope.
            Some(_) if word.starts_with('@') => word,
            Some((folder, name)) => {
                let there = self
                    .folder
                    .as_deref()
                    .and_then(|folder| tree::join(folder, word))
                    .is_some_and(|path| self.tree.has(&path));
                let known = matches!(
                    folder,
                    "/usr/bin"
                        | "/bin"
                        | "/usr/local/bin"
                        | "vendor/bin"
                        | "./vendor/bin"
                        | "node_modules/.bin"
                        | "./node_modules/.bin"
                        | ".venv/bin"
                        | "venv/bin"
                        | "./venv/bin"
                        | "./.venv/bin"
                        | "bin"
                        | "./bin"
                );
                let own = matches!(name, "gradlew" | "mvnw" | "manage.py");
                if (known && !there) || own { name } else { return word.to_owned() }
            }
            None => word,
        };
        let digits = |start: &str| {
            word.strip_prefix(start).is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == '.'))
        };
        if digits("python") {
            "python".to_owned()
        } else if digits("pip") {
            "pip".to_owned()
        } else {
            match word {
                "cross" => "cargo",
                "py.test" => "pytest",
                "gmake" => "make",
                "gradlew" => "gradle",
                "mvnw" => "mvn",
                "@cyclonedx/cyclonedx-npm" => "cyclonedx-npm",
                "@cyclonedx/cdxgen" => "cdxgen",
                "@biomejs/biome" => "biome",
                other => other,
            }
            .to_owned()
        }
    }

    /// A command whose words give away what it is for, though not what it does.
    pub(super) fn hint(&mut self, words: &[String], how: How) {
        let text = words.join(" ").to_ascii_lowercase();
        let is = |names: &[&str]| text.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| names.contains(&part));
        for (purpose, names) in [
            ("test", &["test", "tests", "check", "spec", "unittest", "pytest", "tox", "nox"][..]),
            ("lint", &["lint", "clippy"]),
            ("audit", &["audit"]),
            ("fuzz", &["fuzz"]),
        ] {
            if is(names) {
                let reason = format!("what \"{}\" does is not known", short(&words.join(" ")));
                self.record(purpose, &Does::NotKnown(reason), How { sure: false, fails: how.fails });
            }
        }
    }

    /// Runs another script as a part of this one.
    pub(super) fn follow(&mut self, run: impl FnOnce(&mut Self)) -> bool {
        if self.depth == DEEPEST {
            return false;
        }
        self.depth += 1;
        let kept = self.keep();
        run(self);
        self.restore(kept);
        self.depth -= 1;
        true
    }

    pub(super) fn script(&mut self, text: &str, mode: Mode, how: How) {
        shell::run_as(self, text, mode, how);
    }

    /// What an action is for.
    pub(super) fn action_found(&mut self, purpose: &'static str, passes: bool, how: How) {
        let does = if passes { Does::Passes } else { Does::Fails };
        self.record(purpose, &does, how);
    }

    /// An action that is not known. One of the tree may change what is behind it.
    pub(super) fn action_not_known(&mut self, action: &str, how: How, of_the_tree: bool) {
        self.opaque(action, how);
        if of_the_tree {
            self.tamper(format!("what \"{}\" does is not known", short(action)));
        }
    }

    /// One of many checks that run whatever the others do is not known.
    pub(super) fn hook_not_known(&mut self, how: How) {
        self.record(ANY, &Does::NotKnown("a hook of pre-commit is not known".to_owned()), how);
    }

    /// A command of the tree that cannot be followed.
    pub(super) fn unclear(&mut self, words: &[String], how: How) {
        self.hint(words, how);
        self.opaque(&words.join(" "), how);
        self.tamper(format!("what \"{}\" does is not known", short(&words.join(" "))));
    }

    pub(super) fn tool(&mut self, words: &[String], shown: &str, how: How) {
        if self.absent && !words.first().is_some_and(|program| tools::FAIL_WITHOUT_SOURCE.contains(&program.as_str())) {
            self.not_understood(ABSENT);
        }
        if words.first().is_some_and(|program| program.starts_with("cargo"))
            && let Some(folder) = self.folder.clone()
        {
            let tree = self.tree;
            let reason =
                self.cargo.entry(folder.clone()).or_insert_with(|| cargo_config::reason(tree, &folder)).clone();
            if let Some(reason) = reason {
                self.not_understood(&reason);
            }
        }
        if cargo_deny(words).is_some() {
            return self.deny(words, how);
        }
        match lookup(words) {
            Some((Row::Tool(tool), used)) => {
                let arguments: Vec<&str> = words
                    .iter()
                    .enumerate()
                    .filter(|(at, _)| !used.contains(at))
                    .map(|(_, word)| word.as_str())
                    .collect();
                let verdict = judge(self, tool, &arguments);
                let works = verdict.iter().any(|(_, does)| *does != Does::Nothing);
                for (purpose, does) in verdict {
                    self.record(purpose, &does, how);
                }
                for (option, purpose) in tool.also {
                    let fits = (0..arguments.len()).any(|at| {
                        arguments.get(at).is_some_and(|word| fits_one(&[option], word, arguments.get(at + 1).copied()))
                    });
                    if fits && works {
                        self.record(purpose, &Does::Fails, how);
                    }
                }
            }
            Some((Row::Harmless, used)) => {
                let rest: Vec<&str> = words.iter().skip(used.len()).map(String::as_str).collect();
                let asked = used.len() == 1
                    && words.first().is_some_and(|program| tools::ASKED_ALONE.contains(&program.as_str()));
                let asks = rest.iter().all(|word| matches!(*word, "--version" | "-version" | "-v" | "-V"));
                let installs =
                    words.iter().take(3).any(|word| matches!(word.as_str(), "install" | "i" | "add" | "get"));
                let of_the_tree = installs
                    && rest.iter().any(|word| {
                        (word.starts_with(['.', '/']) && !word.starts_with(".[") && *word != ".")
                            || word.starts_with("file:")
                            || word.starts_with("git+")
                    })
                    && !words.iter().any(|word| word == "-r" || word == "--requirement");
                let runs = rest.iter().any(|word| tools::UNLESS.contains(word))
                    || matches!(words.first().map(String::as_str), Some("cmake"))
                        && rest.iter().any(|word| matches!(*word, "-P" | "-E"));
                let targets = words.first().is_some_and(|word| word == "cmake")
                    && rest.contains(&"--build")
                    && rest.contains(&"--target");
                if (asked && !asks) || of_the_tree || runs || targets {
                    self.hint(words, how);
                    self.opaque(shown, how);
                }
            }
            Some((Row::Tampers, _)) => {
                if words.len() == 2 && matches!(words.get(1).map(String::as_str), Some("--version" | "-v" | "-V")) {
                    return;
                }
                self.hint(words, how);
                self.opaque(shown, how);
                self.tamper(format!("what \"{}\" changes is not known", short(shown)));
            }
            None if words.len() == 2
                && matches!(words.get(1).map(String::as_str), Some("--version" | "version" | "-V" | "--help"))
                && !words.iter().any(|word| word.contains('/')) => {}
            None => {
                self.hint(words, how);
                self.opaque(shown, how);
            }
        }
    }

    /// cargo-deny: which of its checks run. Without a name all of them do.
    ///
    /// Source: the cargo-deny book, "cargo deny check".
    fn deny(&mut self, words: &[String], how: How) {
        let Some(rest) = cargo_deny(words) else { return };
        for (purpose, does) in deny_checks(&rest) {
            self.record(purpose, &does, how);
        }
    }
}

/// Why a check finds nothing.
pub(super) const ABSENT: &str = "nothing is checked out before it";

/// Stands for a word whose value is not known.
pub(super) const UNKNOWN: &str = "\u{2}";

/// Stands for a value that is not known and is one word.
const ONE_WORD: &str = "\u{3}";

/// What is kept of a word without a value: whether it is one word, and the option that it is for.
fn unknown(raw: &str) -> String {
    let (name, value) = match raw.split_once('=') {
        Some((name, value)) if name.starts_with("--") && words::is_name(&name.replace('-', "_")) => {
            (format!("{name}="), value)
        }
        _ => (String::new(), raw),
    };
    let inside = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let one =
        inside.is_some_and(|inside| !inside.contains(['"', '`', words::ANYTHING, '@', '*']) && !inside.contains("$("));
    if one { format!("{name}{ONE_WORD}") } else { UNKNOWN.to_owned() }
}

enum Unwrapped {
    Same,
    Inner(Vec<String>),
    NotUnderstood,
}

/// A text as it is shown in a reason.
fn short(text: &str) -> String {
    let mut shown: String = text.chars().map(|c| if c.is_control() { '?' } else { c }).take(60).collect();
    if text.chars().count() > 60 {
        shown.push('…');
    }
    shown
}

fn is_major(part: &str) -> bool {
    part.strip_prefix('v').is_some_and(|digits| !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit()))
}

/// `PATH=$HOME/.cargo/bin:$PATH` and its like: tools that were installed, not ones of the tree.
fn is_path_of_home(raw: &str) -> bool {
    let Some((name, value)) = raw.split_once('=') else { return false };
    let value = value.trim_matches('"').replace(['{', '}'], "");
    name == "PATH" && value.contains("$PATH") && value.split(':').all(|part| part == "$PATH" || is_of_home(part))
}

fn is_of_home(path: &str) -> bool {
    let path = path.replace(['{', '}'], "");
    let start = ["$HOME/.", "~/.", "/usr/", "/opt/", "$HOME/go/bin", "$GOPATH/bin", "$HOME/bin"]
        .iter()
        .any(|start| path.starts_with(start));
    start && !path.contains("..") && !path.contains("$(") && !path.contains("work")
}

/// Is it a file that a tool may leave behind, and that no tool reads?
fn is_report(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ends = [".json", ".xml", ".sarif", ".txt", ".html", ".md", ".info", ".lcov", ".csv", ".spdx", ".tar.gz"];
    !path.split('/').any(|part| part.starts_with('.'))
        && ends.iter().any(|end| name.ends_with(end))
        && !matches!(
            name,
            "package.json"
                | "tsconfig.json"
                | "requirements.txt"
                | "CMakeLists.txt"
                | "pom.xml"
                | "biome.json"
                | "deno.json"
        )
}

/// Parts a command into its words and where its output goes; absent where that is not plain.
fn redirections(raw: &[String]) -> Option<(Vec<String>, Vec<String>)> {
    let (mut words, mut outputs) = (Vec::new(), Vec::new());
    let mut waiting: Option<bool> = None;
    if raw.first().is_some_and(|word| word == "[[") {
        return Some((raw.to_vec(), outputs));
    }
    for word in raw {
        let mut rest = word.as_str();
        loop {
            if let Some(output) = waiting.take() {
                let end = outside_quotes(rest).unwrap_or(rest.len());
                let (target, behind) = rest.split_at_checked(end)?;
                if target.is_empty() {
                    return None;
                }
                if output {
                    outputs.push(target.to_owned());
                }
                rest = behind;
                if rest.is_empty() {
                    break;
                }
            }
            let Some(at) = outside_quotes(rest) else {
                if !rest.is_empty() {
                    words.push(rest.to_owned());
                }
                break;
            };
            let (before, behind) = rest.split_at_checked(at)?;
            if !(before.is_empty() || before == "&" || before.chars().all(|c| c.is_ascii_digit())) {
                words.push(before.to_owned());
            }
            let operator = ["<<<", ">>", ">|", "<>", ">&", "<&", ">", "<"]
                .into_iter()
                .find(|operator| behind.starts_with(operator))?;
            rest = behind.get(operator.len()..)?;
            let target_is_stream = operator.ends_with('&');
            if target_is_stream && !rest.is_empty() {
                let stream = rest.chars().all(|c| c.is_ascii_digit() || c == '-');
                if !stream {
                    outputs.push(rest.to_owned());
                }
                break;
            }
            waiting = Some(operator.contains('>'));
            if rest.is_empty() {
                break;
            }
        }
    }
    waiting.is_none().then_some((words, outputs))
}

/// The place of the first `<` or `>` outside of quotes and of `$( )`.
fn outside_quotes(text: &str) -> Option<usize> {
    let (mut quote, mut depth) = (None, 0_usize);
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match (quote, character) {
            (_, '\\') if quote != Some('\'') => {
                characters.next();
            }
            (None, '\'' | '"' | '`') => quote = Some(character),
            (Some(open), close) if open == close => quote = None,
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (None, '<' | '>') if depth == 0 => return Some(at),
            _ => {}
        }
    }
    None
}

/// `python -m NAME`, and scripts that frameworks put at the top.
fn module(rest: &[String]) -> Unwrapped {
    let mut at = 0;
    while let Some(word) = rest.get(at) {
        match word.as_str() {
            "-m" => {
                let Some(name) = rest.get(at + 1) else { return Unwrapped::NotUnderstood };
                let program = name.replace('_', "-");
                return Unwrapped::Inner(std::iter::once(program).chain(rest.iter().skip(at + 2).cloned()).collect());
            }
            "-X" | "-W" => at += 2,
            "-u" | "-B" | "-s" | "-I" | "-E" | "-b" | "-bb" | "-Werror" => at += 1,
            "--version" | "-V" if rest.len() == 1 => return Unwrapped::Inner(vec!["true".to_owned()]),
            name if matches!(name.rsplit('/').next(), Some("manage.py" | "setup.py" | "runtests.py")) => {
                let name = name.rsplit('/').next().unwrap_or(name).to_owned();
                return Unwrapped::Inner(std::iter::once(name).chain(rest.iter().skip(at + 1).cloned()).collect());
            }
            _ => return Unwrapped::Same,
        }
    }
    Unwrapped::Same
}

/// Options that a table lists, with their values, taken off the front; absent where one is not listed.
fn pass_over(words: &[String], options: &str) -> Option<Vec<String>> {
    let listed: Vec<&str> = options.split_whitespace().collect();
    let mut operands = listed.iter().filter(|option| **option == "*").count();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let next = words.get(at + 1).map(String::as_str);
        if word == "-m" && !listed.contains(&"-m") {
            break;
        }
        if word == "--" && listed.contains(&"--") {
            at += 1;
            break;
        }
        if word.starts_with('-') {
            at += match option(&listed, word, next) {
                Some(Matched::Alone) => 1,
                Some(Matched::Value(_, used)) => used,
                None => return None,
            };
        } else if operands > 0 {
            operands -= 1;
            at += 1;
        } else {
            break;
        }
    }
    Some(words.get(at..).unwrap_or_default().to_vec())
}

enum Matched {
    Alone,
    /// Its value, and how many words it takes.
    Value(String, usize),
}

/// An option as a table lists it.
fn option(listed: &[&str], word: &str, next: Option<&str>) -> Option<Matched> {
    for entry in listed {
        if let Some(name) = entry.strip_suffix("[=]") {
            if word == name {
                return Some(Matched::Alone);
            }
            if let Some(value) = word.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')) {
                return Some(Matched::Value(value.to_owned(), 1));
            }
        } else if let Some(name) = entry.strip_suffix('=') {
            if word == name {
                return next.map(|value| Matched::Value(value.to_owned(), 2));
            }
            let rest = word.strip_prefix(name);
            if let Some(value) = rest.and_then(|rest| rest.strip_prefix('=')) {
                return Some(Matched::Value(value.to_owned(), 1));
            }
            // `-j4`
            if let Some(value) = rest.filter(|rest| name.len() == 2 && !name.starts_with("--") && !rest.is_empty()) {
                return Some(Matched::Value(value.to_owned(), 1));
            }
        } else if word == *entry {
            return Some(Matched::Alone);
        } else if let Some((name, expected)) = entry.split_once('=')
            && word == name
            && next == Some(expected)
        {
            return Some(Matched::Value(expected.to_owned(), 2));
        }
    }
    // `-av` is `-a -v`.
    let letters = word
        .strip_prefix('-')
        .filter(|letters| letters.len() > 1 && letters.chars().all(|c| c.is_ascii_alphabetic()))?;
    letters.chars().all(|letter| listed.contains(&format!("-{letter}").as_str())).then_some(Matched::Alone)
}

/// Is there a row of the table that says more of these words than that they run another program?
fn says_more(words: &[String], runner: usize) -> bool {
    lookup(words).is_some_and(|(_, used)| used.len() > runner)
}

enum Row {
    Tool(&'static Tool),
    Harmless,
    Tampers,
}

/// The row with the longest beginning that fits, and the places of the words that it took.
fn lookup(words: &[String]) -> Option<(Row, Vec<usize>)> {
    let mut best: Option<(usize, Row, Vec<usize>)> = None;
    let mut offer = |row: Row, head: &str| {
        if let Some(used) = begins(words, head)
            && best.as_ref().is_none_or(|(length, _, _)| used.len() > *length)
        {
            best = Some((used.len(), row, used));
        }
    };
    for tool in tools::TOOLS {
        for head in tool.run {
            offer(Row::Tool(tool), head);
        }
    }
    for head in tools::HARMLESS {
        offer(Row::Harmless, head);
    }
    for head in tools::TAMPERS {
        offer(Row::Tampers, head);
    }
    best.map(|(_, row, used)| (row, used))
}

/// Do the words begin so? Options of the program may stand between it and its subcommand.
fn begins(words: &[String], head: &str) -> Option<Vec<usize>> {
    let mut used = vec![0];
    let mut parts = head.split(' ');
    let program = parts.next()?;
    if words.first().map(String::as_str) != Some(program) {
        return None;
    }
    let between: Vec<&str> = tools::BEFORE_SUBCOMMANDS
        .iter()
        .filter(|(name, _)| *name == program)
        .flat_map(|(_, options)| options.split_whitespace())
        .collect();
    let mut at = 1;
    for part in parts {
        if !part.starts_with('-') {
            while let Some(word) = words.get(at) {
                let toolchain = program == "cargo" && at == 1 && is_toolchain(word);
                if toolchain {
                    used.push(at);
                } else if !word.starts_with('-') {
                    break;
                }
                at += match option(&between, word, words.get(at + 1).map(String::as_str)) {
                    Some(Matched::Value(_, taken)) => taken,
                    _ => 1,
                };
            }
        }
        if words.get(at).map(String::as_str) != Some(part) {
            return None;
        }
        used.push(at);
        at += 1;
    }
    Some(used)
}

fn is_toolchain(word: &str) -> bool {
    word.strip_prefix('+').is_some_and(|name| name.chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c)))
}

/// What the arguments make of a tool.
fn judge(to: &Evaluator<'_>, tool: &'static Tool, arguments: &[&str]) -> Vec<(&'static str, Does)> {
    let split = |text: &'static str| text.split_whitespace().collect::<Vec<_>>();
    let (listed, void, passes, needs) = (split(tool.options), split(tool.void), split(tool.passes), split(tool.needs));
    let folders: Vec<String> = tool.folder.split_whitespace().map(|name| format!("{name}=")).collect();
    let folders: Vec<&str> = folders.iter().map(String::as_str).collect();
    let all = |does: Does| tool.is.iter().map(|purpose| (*purpose, does.clone())).collect::<Vec<_>>();
    let name = tool.run.first().copied().unwrap_or_default();
    if let [only] = arguments
        && tools::ABOUT.contains(only)
        && !listed.contains(only)
    {
        return all(Does::Nothing);
    }
    let mut folder = to.folder.clone();
    let mut unclear: Option<String> = None;
    let mut lenient = false;
    let mut needed = needs.is_empty();
    let mut goals: Vec<&'static str> = Vec::new();
    let mut seen_goal = false;
    let mut at = 0;
    let said = |reason: String, unclear: &mut Option<String>| {
        unclear.get_or_insert(reason);
    };
    while let Some(word) = arguments.get(at).copied() {
        let next = arguments.get(at + 1).copied();
        if word == "--" {
            let behind = arguments.get(at + 1..).unwrap_or_default();
            match tool.behind {
                Some(known) => {
                    let known = split(known);
                    let mut at = 0;
                    while let Some(word) = behind.get(at) {
                        if void.contains(word) || *word == "--help" {
                            return all(Does::Nothing);
                        }
                        if needs.contains(word) {
                            needed = true;
                        }
                        if matches!(*word, "--cap-lints" | "--cap-lints=allow") {
                            lenient = true;
                        }
                        at += match option(&known, word, behind.get(at + 1).copied()) {
                            Some(Matched::Alone) => 1,
                            Some(Matched::Value(value, used)) => {
                                if value == UNKNOWN && used == 1 {
                                    said(format!("an option of \"{name}\" is not known"), &mut unclear);
                                }
                                used
                            }
                            None => {
                                said(not_known(name, word), &mut unclear);
                                1
                            }
                        };
                    }
                }
                None if behind.is_empty() => {}
                None => said(not_known(name, "--"), &mut unclear),
            }
            break;
        }
        let fits = |list: &[&str]| fits_one(list, word, next);
        if tools::VOID.split(' ').any(|one| one == word) && !listed.contains(&word) && !passes.contains(&word)
            || fits(&void)
        {
            return all(Does::Nothing);
        }
        if fits(&passes) {
            lenient = true;
            at += if word.contains('=')
                || !passes.iter().any(|one| one.split_once('=').is_some_and(|(name, _)| name == word))
            {
                1
            } else {
                2
            };
            continue;
        }
        needed |= fits(&needs);
        if word.starts_with('-') && word != "-" {
            if let Some(Matched::Value(value, used)) = option(&folders, word, next) {
                folder = folder_named(folder.as_deref(), &value);
                at += used;
                continue;
            }
            match option(&listed, word, next) {
                Some(Matched::Alone) => at += 1,
                Some(Matched::Value(value, used)) => {
                    // Without quotes a value that is not known may be more than one word.
                    if value == UNKNOWN {
                        said(format!("the value of {word} is not known"), &mut unclear);
                    }
                    at += used;
                }
                None => {
                    said(not_known(name, word), &mut unclear);
                    at += 1;
                }
            }
            continue;
        }
        match tool.operands {
            Operands::Any if word != UNKNOWN && word != ONE_WORD => {}
            Operands::Paths if is_there(to, word) => {}
            Operands::Goals(known) => match known.iter().find(|(goal, _)| {
                *goal == word
                    || word.strip_prefix(':').and_then(|word| word.rsplit(':').next()) == Some(*goal)
                        && word.matches(':').count() == 1
            }) {
                Some((_, purpose)) => {
                    seen_goal = true;
                    goals.extend((!purpose.is_empty()).then_some(*purpose));
                }
                None => said(not_known(name, word), &mut unclear),
            },
            _ => said(not_known(name, word), &mut unclear),
        }
        at += 1;
    }
    // An audit of nothing finds nothing.
    let of_lockfiles = ["cargo", "npm", "pnpm", "yarn", "bun"].iter().any(|program| name.starts_with(program));
    if of_lockfiles && tool.is.contains(&"audit") && tool.manifests.iter().all(|one| to.tree.folders_of(one).is_empty())
    {
        said(format!("there is no {} in the tree for \"{name}\"", tool.manifests.join(" or ")), &mut unclear);
    }
    if matches!(tool.operands, Operands::Select) && tool.options.is_empty() {
        said(format!("whether \"{name}\" fails for what it finds is not known"), &mut unclear);
    }
    let place = match &folder {
        Some(folder) if folder.is_empty() => None,
        Some(folder) if to.made.contains(folder) && matches!(name, "ctest" | "meson test" | "cmake") => None,
        Some(folder) if tree::is_whole(to.tree, folder, tool.manifests) => None,
        Some(folder) => {
            Some(format!("\"{name}\" runs in {}, which is a part of the source or none of it", short(folder)))
        }
        None => Some(format!("in which folder \"{name}\" runs is not known")),
    };
    let does = match (lenient || !needed, unclear.or(place)) {
        (true, _) => Does::Passes,
        (false, Some(reason)) => Does::NotKnown(reason),
        (false, None) => Does::Fails,
    };
    // Making something needs no finding to fail for.
    let does = |purpose: &str| match &does {
        Does::Passes if MAKING.contains(&purpose) && !needed => Does::Nothing,
        other => other.clone(),
    };
    let purposes: Vec<&'static str> = match tool.operands {
        Operands::Goals(_) if seen_goal => goals,
        _ => tool.is.to_vec(),
    };
    // Steps of a build that are not known may be any.
    purposes.into_iter().map(|purpose| (purpose, does(purpose))).collect()
}

fn not_known(name: &str, word: &str) -> String {
    if word == UNKNOWN || word == ONE_WORD {
        format!("a word of \"{name}\" is not known")
    } else {
        format!("what {} makes of \"{name}\" is not known", short(word))
    }
}

/// Is the word one of the list; `name=value` also in two words, `+` any value but nought?
fn fits_one(list: &[&str], word: &str, next: Option<&str>) -> bool {
    list.iter().any(|one| match one.split_once('=') {
        None => *one == word,
        Some((name, expected)) => {
            let value =
                if word == name { next } else { word.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')) };
            value.is_some_and(|value| match expected {
                "+" => !matches!(value, "0" | "" | "false" | "none") && value != UNKNOWN,
                expected => value == expected,
            })
        }
    })
}

/// The folder that an option names, or the one of a manifest that it names.
fn folder_named(folder: Option<&str>, value: &str) -> Option<String> {
    let path = tree::join(folder?, value)?;
    let name = path.rsplit('/').next().unwrap_or_default();
    let manifest = matches!(name, "Cargo.toml" | "Cargo.lock" | "pom.xml" | "build.gradle");
    if !manifest {
        return Some(path);
    }
    Some(path.rsplit_once('/').map(|(folder, _)| folder.to_owned()).unwrap_or_default())
}

/// Is it a path of the tree, or a pattern over all of it?
fn is_there(to: &Evaluator<'_>, word: &str) -> bool {
    if matches!(word, "." | "./..." | "./" | "**" | "...") {
        return true;
    }
    let word = word.strip_suffix("/...").unwrap_or(word);
    to.folder
        .as_deref()
        .and_then(|folder| tree::join(folder, word))
        .is_some_and(|path| !path.is_empty() && to.tree.has(&path))
}

/// The words behind `cargo deny`.
fn cargo_deny(words: &[String]) -> Option<Vec<&str>> {
    let used = begins(words, "cargo deny").or_else(|| begins(words, "cargo-deny"))?;
    Some(words.iter().enumerate().filter(|(at, _)| !used.contains(at)).map(|(_, word)| word.as_str()).collect())
}

fn deny_checks(words: &[&str]) -> Vec<(&'static str, Does)> {
    const OPTIONS: &str = "--all-features --no-default-features --workspace --locked --frozen --offline --features= --target= --log-level= -L= \
        --format= -f= --color= -c= --exclude-dev --hide-inclusion-graph --show-stats -s -D= --deny= --deny-unmatched-skips --disable-fetch -d --audit-compatible-output --metadata-path=";
    let listed: Vec<&str> = OPTIONS.split_whitespace().collect();
    let (mut verbs, mut at) = (Vec::new(), 0);
    let (mut lenient, mut unclear) = (false, None);
    while let Some(word) = words.get(at).copied() {
        let next = words.get(at + 1).copied();
        at += 1;
        if matches!(word, "--help" | "-h" | "--version" | "-V" | "help") {
            return Vec::new();
        }
        if matches!(word, "-A" | "-W" | "--allow" | "--warn")
            || word.starts_with("--allow=")
            || word.starts_with("--warn=")
        {
            lenient = true;
            at += usize::from(!word.contains('='));
        } else if word.starts_with('-') {
            match option(&listed, word, next) {
                Some(Matched::Alone) => {}
                Some(Matched::Value(_, used)) => at += used - 1,
                None => unclear = Some(not_known("cargo deny", word)),
            }
        } else {
            verbs.push(word);
        }
    }
    let Some(("check", named)) = verbs.split_first().map(|(first, rest)| (*first, rest)) else {
        let known = verbs.first().is_none_or(|verb| matches!(*verb, "list" | "fetch" | "init"));
        return if known {
            Vec::new()
        } else {
            vec![("dependency-rules", Does::NotKnown(not_known("cargo deny", "it")))]
        };
    };
    if let Some(other) = named
        .iter()
        .find(|name| !matches!(**name, "advisories" | "ban" | "bans" | "license" | "licenses" | "sources" | "all"))
    {
        unclear = Some(not_known("cargo deny check", other));
    }
    let does = match (lenient, unclear) {
        (true, _) => Does::Passes,
        (false, Some(reason)) => Does::NotKnown(reason),
        (false, None) => Does::Fails,
    };
    let mut found = vec![("dependency-rules", does.clone())];
    let unknown = named.iter().any(|name| name.contains(UNKNOWN) || name.contains(ONE_WORD));
    if named.is_empty() || unknown || named.contains(&"all") || named.contains(&"advisories") {
        found.push(("audit", does));
    }
    found
}

//! What one command of a script is for, and whether it fails for what it finds: by the table of tools, and by what the
//! tree says where a command runs what stands there.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    follow,
    shell::{
        self,
        words::{self, Names},
    },
    surroundings,
    tools::UNKNOWN,
    tree::Tree,
};

mod built_in;
mod computed;
mod environment;
mod images;
mod judge;
mod looked_at;
mod output;
mod programs;
mod settings;

use built_in::is_path_of_home;
use output::redirections;
use programs::Unwrapped;

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
    /// Names that commands before, or words before a command, put into the environment of what runs.
    pub(super) given: BTreeSet<String>,
    /// Why what is behind this point of the script may mean something else.
    spoiled: Option<String>,
    /// The same for all later scripts of the job.
    pub(super) tampered: Option<String>,
    pub(super) found: Vec<Found>,
    /// The languages of the tool at hand.
    of: Vec<&'static str>,
    /// Purposes that gate, each with a language of the tool.
    pub(super) languages: Vec<(&'static str, &'static str)>,
    /// Reasons for what is not known, in order.
    pub(super) reasons: Vec<String>,
    left: usize,
    depth: usize,
    /// What the command at hand prints is thrown away.
    dropped: bool,
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
            given: BTreeSet::new(),
            spoiled: None,
            tampered: None,
            found: Vec::new(),
            of: Vec::new(),
            languages: Vec::new(),
            reasons: Vec::new(),
            left: MOST_COMMANDS,
            depth: 0,
            dropped: false,
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

    /// Is it a folder that a script of the job made?
    pub(super) fn has_made(&self, folder: &str) -> bool {
        self.made.contains(folder)
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
            self.reason("a check is where it may not run, or where its failure may be let pass");
        }
        if answer == Answer::Gates {
            let product = self.tree.languages();
            let of = self.of.iter().filter(|language| product.is_empty() || product.contains(language));
            self.languages.extend(of.map(|language| (purpose, *language)));
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
        self.dropped = is_dropped(raw);
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
        // What is assigned alone is the shell's own, unless the environment has the name.
        let harmless = |name: &str, value: Option<&str>| {
            let kept = command.is_empty() && !self.given.contains(name);
            if kept { surroundings::is_not_read(name, value) } else { self.leaves_alone(name, value) }
        };
        let harmful = assigned
            .iter()
            .zip(&values)
            .find(|(raw, (name, value))| !harmless(name, value.as_deref()) && !is_path_of_home(raw))
            .map(|(_, (name, _))| name.clone());
        if command.is_empty() {
            if let Some(name) = harmful {
                self.not_understood(&format!("a script sets {name}"));
            }
            self.assign(values, how.sure);
            self.wrote(&outputs);
            return;
        }
        self.given.extend(values.into_iter().map(|(name, _)| name));
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
            if follow::script_of_runner(self, &words, how) {
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
            matches!(program.as_str(), "npm" | "pnpm" | "yarn" | "bun" | "make" | "just" | "task")
                || program.contains('/')
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
        // From the top of the tree a path of the workspace is one of the tree.
        let in_tree = |word: &str| {
            let path = words::in_workspace(word.trim_matches('"')).filter(|path| words::is_one_word(path))?;
            (self.folder.as_deref() == Some("")).then(|| path.to_owned())
        };
        let value =
            |word: &String| words::value(word, &self.names).or_else(|| in_tree(word)).unwrap_or_else(|| unknown(word));
        let rest = raw.iter().skip(1).flat_map(|word| match self.packages_listed(&program, word) {
            Some(packages) => packages,
            None => vec![value(word)],
        });
        Some(std::iter::once(program.clone()).chain(rest).collect())
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
    pub(super) fn action_found(&mut self, purpose: &'static str, languages: &[&'static str], passes: bool, how: How) {
        let does = if passes { Does::Passes } else { Does::Fails };
        self.of = languages.to_vec();
        self.record(purpose, &does, how);
        self.of.clear();
    }

    /// An action of which it is not known whether it does what it is for.
    pub(super) fn action_doubtful(&mut self, purpose: &'static str, reason: String, how: How) {
        self.record(purpose, &Does::NotKnown(reason), how);
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
}

/// Is what a command prints thrown away?
fn is_dropped(raw: &[String]) -> bool {
    let to_nothing = |word: &String| matches!(word.as_str(), ">/dev/null" | "1>/dev/null" | "&>/dev/null");
    raw.iter().any(to_nothing)
        || raw
            .iter()
            .zip(raw.iter().skip(1))
            .any(|(word, next)| matches!(word.as_str(), ">" | "1>" | "&>") && next == "/dev/null")
}

/// Why a check finds nothing.
pub(super) const ABSENT: &str = "nothing is checked out before it";

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

/// A text as it is shown in a reason.
fn short(text: &str) -> String {
    let mut shown: String = text.chars().map(|c| if c.is_control() { '?' } else { c }).take(60).collect();
    if text.chars().count() > 60 {
        shown.push('…');
    }
    shown
}

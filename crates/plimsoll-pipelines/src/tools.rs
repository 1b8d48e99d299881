//! The tools that scripts call, as rows of `practices/tools/`: what each is for, and the words with which it is known to fail
//! for what it finds.
//!
//! A row says what is understood. An option that is in no list is not understood, and then it is not known whether the
//! command checks anything: a new option of a tool makes an answer vague, and never wrong.
//!
//! Options are written as `--flag`, `--name=` (with a value, in one word or two) and `--name[=]` (a value only in one word).

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, LazyLock},
};

mod check;
mod file;
mod load;
mod options;

#[cfg(test)]
mod tests;

pub use check::{PURPOSES, ToolProblem};
pub(super) use options::{Matched, fits_one, option};

include!(concat!(env!("OUT_DIR"), "/tools.rs"));

/// Stands for a word of a call whose value is not known.
pub(super) const UNKNOWN: &str = "\u{2}";

/// What is about text and data, and no source of a product.
pub(super) const DATA: &str = "text and data";

/// With these every tool says something about itself, or what it would do.
pub(super) const VOID: &str = "--help --version --dry-run";

/// Words of which the first alone makes a tool say something about itself.
pub(super) const ABOUT: &[&str] = &["help", "version", "-h", "-V", "-v", "-version", "-help"];

/// One way to call a tool.
#[derive(Debug)]
pub(super) struct Tool {
    /// Program and subcommand, in every spelling; blanks part the words. At least one.
    run: Vec<String>,
    /// Its purposes.
    pub(super) is: Vec<&'static str>,
    /// The languages of source that it is about, by the names of the languages; none for a tool of any.
    pub(super) of: Vec<&'static str>,
    /// Options that change nothing about whether it fails.
    pub(super) options: String,
    pub(super) operands: Operands,
    /// With one of these words it does nothing.
    pub(super) void: String,
    /// With one of these it passes whatever it finds; a value stands behind `=`.
    pub(super) passes: String,
    /// Without one of these it passes whatever it finds; `+` is any value but nought.
    pub(super) needs: String,
    /// Options behind `--`; absent where nothing there is understood.
    pub(super) behind: Option<String>,
    /// Options that name the folder it works in, or a manifest there.
    pub(super) folder: String,
    /// The files that make a folder its project.
    pub(super) manifests: Vec<String>,
    /// Options that name what an audit looks at.
    pub(super) scans: String,
    /// What it is for as well, where an option says so.
    pub(super) also: Vec<(String, &'static str)>,
}

impl Tool {
    /// The first way in which it is called.
    pub(super) fn name(&self) -> &str {
        self.run.first().map(String::as_str).unwrap_or_default()
    }
}

/// The words of a command that are no options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Operands {
    None,
    /// Files and folders of the tree.
    Paths,
    /// Anything: they say what it writes, or where it looks.
    Any,
    /// They select what is done: it is not known whether that is anything.
    Select,
    /// Steps of a build, each with its purpose; one without a purpose is empty.
    Goals(Vec<(String, &'static str)>),
}

/// One published action.
#[derive(Debug)]
pub(super) struct Action {
    pub(super) is: Vec<&'static str>,
    /// The languages of source that it is about; none for an action of any.
    pub(super) of: Vec<&'static str>,
    /// The command that it runs; `{input}` is put in, `{input|text}` has a default. Without one it fails for what it finds.
    pub(super) command: String,
    /// Inputs that change nothing about whether it fails.
    pub(super) inputs: String,
    /// Inputs, with their value, by which it passes whatever it finds.
    pub(super) passes: String,
    /// An input without which it passes whatever it finds.
    pub(super) needs: String,
    /// Inputs, with their value, by which it does nothing of the sort.
    pub(super) void: String,
    /// What it is for as well, where an input says so: `input=value` and the purpose.
    pub(super) also: Vec<(String, &'static str)>,
}

/// Files in which a tool is set up.
#[derive(Debug)]
pub(super) struct Settings {
    pub(super) tools: Vec<String>,
    /// A name, and the part of the file that is about the tool: a key, a path of keys, the beginning of a section.
    pub(super) files: Vec<(String, String)>,
    /// Words that may void a check, as they are without blanks and quotes, in lower case.
    pub(super) words: String,
    /// What switches everything off, and what has to be there with it.
    pub(super) empty: Option<(String, String)>,
}

/// What a row says of a command that begins as it does.
#[derive(Clone, Copy, Debug)]
enum Place {
    Tool(usize),
    Harmless,
    Tampers,
}

/// The row that a command has.
pub(super) enum Row<'t> {
    Tool(&'t Tool),
    Harmless,
    Tampers,
}

/// The rows of all files of tools, checked together.
#[derive(Debug, Default)]
pub struct Tools {
    files: BTreeMap<String, String>,
    rows: Vec<Tool>,
    /// The beginnings of commands, by their program: those of tools first.
    heads: BTreeMap<String, Vec<(String, Place)>>,
    actions: Vec<Action>,
    by_action: BTreeMap<String, usize>,
    plain_actions: BTreeSet<String>,
    /// Inputs of many actions that say where and with which rights they work.
    pub(super) common_inputs: String,
    /// Files in which tools are set up.
    pub(super) settings: Vec<Settings>,
    /// Programs before a program, with their options; the first that fits counts.
    pub(super) runners: Vec<(String, String)>,
    asked_alone: BTreeSet<String>,
    unless: BTreeSet<String>,
    fails_without_source: BTreeSet<String>,
    before_subcommand: BTreeMap<String, String>,
    aliases: BTreeMap<String, String>,
    packages: BTreeMap<String, String>,
}

static BUILT_IN: LazyLock<Arc<Tools>> = LazyLock::new(|| {
    // Of files that a test has checked there is no problem; without rows nothing is known of any command.
    Arc::new(Tools::load(&Tools::built_in_files()).unwrap_or_default())
});

impl Tools {
    /// The rows that are built in.
    pub fn built_in() -> Arc<Self> {
        Arc::clone(&BUILT_IN)
    }

    /// The files that are built in: path under practices/, text.
    pub fn built_in_files() -> BTreeMap<String, String> {
        EMBEDDED.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    }

    /// The rows that are built in, for who keeps none.
    pub(super) fn known() -> &'static Self {
        &BUILT_IN
    }

    /// The files that the rows were read from: path under practices/, text.
    pub fn files(&self) -> &BTreeMap<String, String> {
        &self.files
    }

    /// The row with the longest beginning that fits, and the places of the words that it took.
    pub(super) fn row(&self, words: &[String]) -> Option<(Row<'_>, Vec<usize>)> {
        let mut best: Option<(Place, Vec<usize>)> = None;
        for (head, place) in self.heads.get(words.first()?)? {
            if let Some(used) = self.begins(words, head)
                && best.as_ref().is_none_or(|(_, before)| used.len() > before.len())
            {
                best = Some((*place, used));
            }
        }
        let (place, used) = best?;
        let row = match place {
            Place::Tool(at) => Row::Tool(self.rows.get(at)?),
            Place::Harmless => Row::Harmless,
            Place::Tampers => Row::Tampers,
        };
        Some((row, used))
    }

    /// The action of this name in small letters.
    pub(super) fn action(&self, name: &str) -> Option<&Action> {
        self.by_action.get(name).and_then(|at| self.actions.get(*at))
    }

    /// Is it an action that checks nothing, and leaves the source, the tools and the shell as later steps expect them?
    pub(super) fn is_plain_action(&self, name: &str) -> bool {
        self.plain_actions.contains(name)
    }

    /// Is it harmless only where it is asked for its version? What an interpreter runs is not known.
    pub(super) fn is_asked_alone(&self, program: &str) -> bool {
        self.asked_alone.contains(program)
    }

    /// Is it a word that makes a harmless command one that is not understood? It then takes something from a place in the
    /// tree, runs what it is given, or writes where it is told.
    pub(super) fn is_unless(&self, word: &str) -> bool {
        self.unless.contains(word.split_once('=').map_or(word, |(name, _)| name))
    }

    /// Does the program fail where there is no project? A job that checks nothing out lets no change pass by it.
    pub(super) fn fails_without_source(&self, program: &str) -> bool {
        self.fails_without_source.contains(program)
    }

    /// The program that is meant by another name of it.
    pub(super) fn usual_name<'a>(&'a self, program: &'a str) -> &'a str {
        self.aliases.get(program).map_or(program, String::as_str)
    }

    /// The package of npm that brings a program.
    pub(super) fn package<'a>(&'a self, program: &'a str) -> &'a str {
        self.packages.get(program).map_or(program, String::as_str)
    }

    /// Do the words begin so? Options of the program may stand between it and its subcommand.
    pub(super) fn begins(&self, words: &[String], head: &str) -> Option<Vec<usize>> {
        let mut used = vec![0];
        let mut parts = head.split(' ');
        let program = parts.next()?;
        if words.first().map(String::as_str) != Some(program) {
            return None;
        }
        let between = self.before_subcommand.get(program).map(String::as_str).unwrap_or_default();
        let between: Vec<&str> = between.split_whitespace().collect();
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
}

fn is_toolchain(word: &str) -> bool {
    word.strip_prefix('+').is_some_and(|name| name.chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c)))
}

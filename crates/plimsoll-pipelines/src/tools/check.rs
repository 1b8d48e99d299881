//! What is wrong with files of tools: all of it at once, each with its line.

use std::collections::BTreeMap;

use plimsoll_sources::languages;
use toml::Spanned;

use super::{DATA, file::Named};

/// The purposes that a row may give a tool, which criteria ask for.
pub const PURPOSES: &[&str] = &[
    "analysis",
    "audit",
    "coverage",
    "dependency-check",
    "dependency-rules",
    "docs",
    "format",
    "fuzz",
    "lint",
    "posture",
    "provenance",
    "publish",
    "report",
    "sbom",
    "secret-scan",
    "security-analysis",
    "sign",
    "spelling",
    "test",
    "types",
    "workflow-lint",
];

/// One mistake in a file of tools: file, line, cause and cure.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ToolProblem {
    /// Path under practices/.
    pub file: String,
    /// Line, counted from 1.
    pub line: usize,
    /// Cause and cure.
    pub message: String,
}

/// One file, and what is found in it.
pub(super) struct Checked<'a> {
    pub(super) file: &'a str,
    pub(super) text: &'a str,
    /// The words that rows of any file name.
    pub(super) words: &'a BTreeMap<String, String>,
    pub(super) problems: Vec<ToolProblem>,
}

impl Checked<'_> {
    pub(super) fn say(&mut self, at: usize, message: impl Into<String>) {
        let line = self.text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
        self.problems.push(ToolProblem { file: self.file.to_owned(), line, message: message.into() });
    }

    /// The words of a column with what `@NAME` stands for put in, parted by one blank. Empty where the column is absent.
    pub(super) fn words(&mut self, column: &str, value: Option<&Spanned<String>>) -> String {
        let Some(value) = value else { return String::new() };
        let mut all: Vec<&str> = Vec::new();
        for word in value.get_ref().split_whitespace() {
            match word.strip_prefix('@').map(|name| (name, self.words.get(name))) {
                None => all.push(word),
                Some((_, Some(words))) => all.extend(words.split_whitespace()),
                Some((name, None)) => {
                    self.say(start(value), format!("no file has words that are called \"{name}\""));
                }
            }
        }
        if value.get_ref().trim().is_empty() {
            self.say(start(value), format!("{column} is empty; leave it out"));
        }
        all.join(" ")
    }

    /// A text of which every blank counts.
    pub(super) fn text(&mut self, column: &str, value: Option<&Spanned<String>>) -> String {
        let Some(value) = value else { return String::new() };
        if value.get_ref().trim().is_empty() {
            self.say(start(value), format!("{column} is empty; leave it out"));
        }
        value.get_ref().clone()
    }

    /// A program, with a subcommand or without: words with one blank between them.
    pub(super) fn command(&mut self, value: &Spanned<String>) -> String {
        let text = value.get_ref();
        if text.is_empty() || text.split(' ').any(str::is_empty) || text.contains(char::is_control) {
            self.say(start(value), format!("\"{text}\" is no command: words with one blank between them"));
        }
        text.clone()
    }

    /// One word.
    pub(super) fn word(&mut self, value: &Spanned<String>) -> String {
        let text = value.get_ref();
        if text.is_empty() || text.contains(char::is_whitespace) {
            self.say(start(value), format!("\"{text}\" is not one word"));
        }
        text.clone()
    }

    pub(super) fn purpose(&mut self, value: &Spanned<String>) -> &'static str {
        let name = value.get_ref();
        PURPOSES.iter().find(|known| *known == name).copied().unwrap_or_else(|| {
            self.say(start(value), format!("\"{name}\" is no purpose; there are: {}", PURPOSES.join(", ")));
            ""
        })
    }

    /// Purposes, each once.
    pub(super) fn purposes(&mut self, values: &[Spanned<String>]) -> Vec<&'static str> {
        let mut all = Vec::new();
        for value in values {
            let purpose = self.purpose(value);
            if all.contains(&purpose) {
                self.say(start(value), format!("the purpose \"{purpose}\" appears twice"));
            }
            all.push(purpose);
        }
        all
    }

    /// What options or inputs give a purpose as well.
    pub(super) fn also(&mut self, values: &Named) -> Vec<(String, &'static str)> {
        values.iter().map(|(option, purpose)| (option.clone(), self.purpose(purpose))).collect()
    }

    /// Languages by their names, each once.
    pub(super) fn languages(&mut self, values: &[Spanned<String>]) -> Vec<&'static str> {
        let mut all = Vec::new();
        for value in values {
            let name = value.get_ref();
            let known = if name == DATA { Some(DATA) } else { languages::named(name).map(|one| one.name) };
            match known {
                None => self.say(start(value), format!("\"{name}\" is no language that is known")),
                Some(name) if all.contains(&name) => {
                    self.say(start(value), format!("the language \"{name}\" appears twice"));
                }
                Some(name) => all.push(name),
            }
        }
        all
    }

    /// Enters a name that no two rows may have.
    pub(super) fn once<V>(&mut self, at: usize, what: &str, name: &str, value: V, all: &mut BTreeMap<String, V>) {
        if all.contains_key(name) {
            self.say(at, format!("{what} \"{name}\" has two rows"));
        } else {
            all.insert(name.to_owned(), value);
        }
    }
}

/// Where a value begins.
pub(super) fn start<T>(value: &Spanned<T>) -> usize {
    value.span().start
}

//! Asks on the terminal. What files of the repository say is shown as text that acts on nothing.

use std::{
    io::{self, BufRead as _, Read as _, Write as _},
    path::Path,
};

use anyhow::{Context as _, Result, bail};
use plimsoll::init::{Interview, Question};
use plimsoll_model::{one_line, plural};

use super::super::table::wrapped;
use crate::output::Output;

/// Bytes of a line that are read.
const LONGEST: u64 = 64 * 1024;
const KEPT: &str = "your answers are kept, run `plimsoll init` to go on";

pub struct Ask<'a> {
    output: &'a Output,
}

impl<'a> Ask<'a> {
    pub fn new(output: &'a Output) -> Self {
        Self { output }
    }

    /// One paragraph on standard error, where the questions are.
    fn show(&self, indent: &str, text: &str) {
        let _ = io::stderr().lock().write_all(wrapped(indent, &one_line(text), self.output.columns()).as_bytes());
    }

    fn space() {
        let _ = io::stderr().lock().write_all(b"\n");
    }

    pub fn begin(&self, draft: &Path) {
        self.show(
            "",
            "A few questions for plimsoll.toml. Enter takes the answer in brackets; an honest no is an answer.",
        );
        let kept = format!("Ctrl-C or Ctrl-D ends it at any time: your answers are kept in {}.", draft.display());
        self.show("", &kept);
    }

    /// One line, as the terminal lets it be edited. A line without an end is none: the input is closed, or by Ctrl-D.
    fn line(&self, prompt: &str) -> Result<String> {
        loop {
            let _ = io::stderr().lock().write_all(format!("{prompt}: ").as_bytes());
            let mut text = String::new();
            io::stdin().lock().take(LONGEST).read_line(&mut text).context(KEPT)?;
            let Some(line) = text.strip_suffix('\n') else {
                Self::space();
                bail!("it ended before the last question; {KEPT}");
            };
            let line = line.trim();
            if !line.contains(char::is_control) {
                return Ok(line.to_owned());
            }
            self.show("    ", "that has a key in it which is no letter, such as an arrow; type the line again");
        }
    }

    /// Shows what is kept, with the questions as they were asked, and asks whether it counts. Enter alone decides nothing.
    pub fn resume(&self, interview: &mut Interview<'_>, text: &str) -> Result<()> {
        let before = interview.clone();
        let taken = interview.resume(text);
        if taken.is_empty() {
            return Ok(());
        }
        Self::space();
        self.show("", &format!("There are {} of an earlier interview:", plural(taken.len(), "answer", "answers")));
        for (question, reply) in &taken {
            self.show("  ", &question.ask);
            for line in &question.about {
                self.show("      ", line);
            }
            let reply = if reply.is_empty() { "(left out)" } else { reply };
            self.show("    ", &format!("{}: {reply}", question.id));
        }
        loop {
            match self.line("Go on from there? (yes or no)")?.to_lowercase().as_str() {
                "yes" | "y" => return Ok(()),
                "no" | "n" => {
                    *interview = before;
                    return Ok(());
                }
                _ => self.show("    ", "answer with yes or no; no asks everything again"),
            }
        }
    }

    /// Asks until there is an answer.
    pub fn question(&self, interview: &mut Interview<'_>, number: usize, of: usize, question: &Question) -> Result<()> {
        Self::space();
        self.show("", &format!("{number}/{of}  {}", question.ask));
        for line in &question.about {
            self.show("    ", line);
        }
        let shown = question
            .default
            .as_deref()
            .filter(|text| !text.is_empty())
            .map(|text| format!(" [{}]", one_line(text)))
            .unwrap_or_default();
        loop {
            let reply = self.line(&format!("{}{shown}", one_line(&question.id)))?;
            match interview.reply(question, &reply) {
                Ok(()) => return Ok(()),
                Err(why) => self.show("    ", &why),
            }
        }
    }

    pub fn end(&self, claims: &Path, answers: usize) {
        Self::space();
        let answers = plural(answers, "answer", "answers");
        self.show("", &format!("Wrote {} from {answers}. Look at it, then commit it.", claims.display()));
    }

    pub fn outlook(&self, lines: &[String]) {
        let mut lines = lines.iter();
        if let Some(first) = lines.next() {
            self.show("", &format!("With it the label comes to {first}."));
        }
        for line in lines {
            self.show("  ", line);
        }
        self.show("", "`plimsoll label . --worktree` shows it; `plimsoll plan .` lists the steps.");
    }
}

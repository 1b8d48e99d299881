//! Asks on the terminal. What files of the repository say is shown as text that acts on nothing.

use std::{
    io::{self, Write as _},
    path::Path,
};

use anyhow::{Result, anyhow};
use dialoguer::{
    Input,
    theme::{ColorfulTheme, SimpleTheme, Theme},
};
use plimsoll::init::{Interview, Question};
use plimsoll_model::{one_line, plural};

use super::super::table::wrapped;
use crate::output::Output;

pub struct Ask<'a> {
    output: &'a Output,
    theme: Box<dyn Theme>,
}

impl<'a> Ask<'a> {
    pub fn new(output: &'a Output) -> Self {
        let theme: Box<dyn Theme> =
            if output.color() { Box::new(ColorfulTheme::default()) } else { Box::new(SimpleTheme) };
        Self { output, theme }
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
        let kept = format!("Ctrl-C ends it at any time: your answers are kept in {}.", draft.display());
        self.show("", &kept);
    }

    fn line(&self, prompt: &str) -> Result<String> {
        let asked: Input<'_, String> = Input::with_theme(self.theme.as_ref()).with_prompt(prompt).allow_empty(true);
        asked.interact_text().map_err(|error| anyhow!("{error}; your answers are kept, run `plimsoll init` to go on"))
    }

    /// Shows what is kept, as it may be from anyone, and asks whether it counts.
    pub fn resume(&self, interview: &mut Interview<'_>, text: &str) -> Result<()> {
        let before = interview.clone();
        let taken = interview.resume(text);
        if taken.is_empty() {
            return Ok(());
        }
        Self::space();
        self.show("", &format!("There are {} of an earlier interview:", plural(taken.len(), "answer", "answers")));
        for (question, reply) in &taken {
            self.show("    ", &format!("{} {reply}", question.ask));
        }
        let answer = self.line("Go on from there? [yes]")?;
        if answer.trim().to_lowercase().starts_with('n') {
            *interview = before;
        }
        Ok(())
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

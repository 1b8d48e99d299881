//! Where the output of a command goes.

use super::{Evaluator, short};
use crate::{shell::words, tree};

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
pub(super) fn redirections(raw: &[String]) -> Option<(Vec<String>, Vec<String>)> {
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

impl Evaluator<'_> {
    /// Where a compound command's output goes.
    pub(in super::super) fn redirected(&mut self, raw: &[String], _sure: bool) {
        match redirections(raw) {
            Some((_, outputs)) => self.wrote(&outputs),
            None => self.tamper("a script writes to a file that is not known".to_owned()),
        }
    }

    pub(super) fn wrote(&mut self, outputs: &[String]) {
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
}

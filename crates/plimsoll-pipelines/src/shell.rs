//! Shell scripts: which commands surely run, and whose failure fails the script.
//!
//! The rules are those of POSIX `set -e`: a failure counts where the command stands for itself or last in its list,
//! and not in a condition, after `!`, before `||`, or in a pipe but for the last program. A script is understood by an
//! allow-list: from the first word on that is not, nothing behind it is known to fail anything.

mod parse;
mod tokens;
mod walk;
pub(super) mod words;

pub(super) use super::commands::{Answer, Evaluator, Fails, How, Mode};

/// Which shell reads the script.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Shell {
    /// `sh -e`, or bash as it is started where a step names no shell.
    #[default]
    Strict,
    /// `bash -eo pipefail`, as it is started where a step names bash.
    Pipefail,
    /// A shell that goes on behind what fails: the last command decides.
    Lenient,
    /// The last program decides: PowerShell, `cmd`.
    LastDecides,
    /// Nothing is known of it.
    Unknown,
}

impl Shell {
    /// By what a workflow says under `shell`.
    ///
    /// Source: GitHub, "Workflow syntax", on `jobs.<job_id>.steps[*].shell` and exit codes.
    pub(super) fn named(name: &str) -> Self {
        let words: Vec<&str> = name.split_whitespace().collect();
        match words.as_slice() {
            ["bash"] => Self::Pipefail,
            ["sh"] => Self::Strict,
            ["pwsh" | "powershell" | "cmd"] => Self::LastDecides,
            ["bash" | "sh" | "/bin/bash" | "/bin/sh" | "/usr/bin/bash", options @ .., "{0}"] => strict(options),
            _ => Self::Unknown,
        }
    }
}

/// The options of a shell, where each of them is known.
fn strict(options: &[&str]) -> Shell {
    let (mut errexit, mut pipefail) = (false, false);
    let mut options = options.iter();
    while let Some(option) = options.next() {
        match *option {
            "--noprofile" | "--norc" | "--login" => continue,
            _ => {}
        }
        let letters = option.strip_prefix('-').unwrap_or_default();
        let known = letters.chars().all(|letter| matches!(letter, 'e' | 'u' | 'x' | 'l' | 'o' | 'v'));
        if letters.is_empty() || !known {
            return Shell::Unknown;
        }
        errexit |= letters.contains('e');
        if letters.contains('o') {
            match options.next() {
                Some(&"pipefail") => pipefail = true,
                Some(&"errexit") => errexit = true,
                Some(&("nounset" | "xtrace")) => {}
                _ => return Shell::Unknown,
            }
        }
    }
    match (errexit, pipefail) {
        (true, true) => Shell::Pipefail,
        (true, false) => Shell::Strict,
        (false, _) => Shell::Unknown,
    }
}

/// The words of each command of a text that is nothing but one pipe; absent where it is more, or not understood.
pub(super) fn pipe(text: &str) -> Option<Vec<Vec<String>>> {
    let (tokens, whole) = tokens::tokens(text);
    let is_pipe = tokens.iter().all(|token| matches!(token, tokens::Token::Word(_) | tokens::Token::Operator("|")));
    let commands = parse::flat(&tokens);
    let count = tokens.iter().filter(|token| matches!(token, tokens::Token::Operator(_))).count();
    (whole && is_pipe && commands.len() == count + 1).then_some(commands)
}

/// Goes through a script; what is found is kept in `to`.
pub(super) fn run(to: &mut Evaluator<'_>, script: &str, shell: Shell, how: How) {
    match shell {
        Shell::Strict => walk::script(to, script, Mode { errexit: true, pipefail: false }, how),
        Shell::Pipefail => walk::script(to, script, Mode { errexit: true, pipefail: true }, how),
        Shell::Lenient => walk::script(to, script, Mode { errexit: false, pipefail: false }, how),
        Shell::LastDecides => {
            let (tokens, whole) = tokens::tokens(script);
            let joins = tokens.iter().any(tokens::Token::joins);
            let lines = parse::flat(&tokens);
            // One plain command: it is the last as well.
            match lines.as_slice() {
                [words] if whole && !joins && !words.iter().any(|word| word.contains(['{', '}', '$', '`'])) => {
                    to.simple(words, how);
                }
                _ => {
                    to.script_not_understood("a script of another shell has more than one command", how);
                    walk::flat(to, &tokens, how);
                }
            }
        }
        Shell::Unknown => {
            to.script_not_understood("the shell of a script, or an option of it, is not understood", how);
            walk::flat(to, &tokens::tokens(script).0, how);
        }
    }
}

/// Goes through a script that another program hands to a shell.
pub(super) fn run_as(to: &mut Evaluator<'_>, script: &str, mode: Mode, how: How) {
    walk::script(to, script, mode, how);
}

#[cfg(test)]
mod tests;

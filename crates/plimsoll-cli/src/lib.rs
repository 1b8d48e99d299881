//! The commands `plimsoll` and `cargo plimsoll`: arguments, progress, exit codes. What they do is in the library `plimsoll`.
//!
//! It is a library so that two small binaries share it, and so that the man pages come from the table that is parsed.

mod args;
mod claims;
mod commands;
mod exit;
mod folders;
mod input;
mod judged;
mod options;
mod output;
mod signer;
mod staging;
mod trust;

use std::{ffi::OsString, io::Write as _, process::ExitCode};

use clap::FromArgMatches as _;

use crate::{args::Cli, exit::Exit, output::Output};

/// Gives the table of commands and flags, for man pages and completions.
pub fn command() -> clap::Command {
    args::table()
}

/// Runs `plimsoll` with the arguments of the process, the name of the program first, and gives its exit code.
///
/// Wrong arguments are said in one line and give 2, as every question that cannot be asked.
pub fn plimsoll(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    run(args::table(), arguments)
}

/// As [`plimsoll`], for cargo: it starts `cargo-plimsoll plimsoll ARGUMENTS`, and the second is no argument of ours.
///
/// Source: The Cargo Book, "External tools", custom subcommands.
pub fn cargo_plimsoll(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    run(args::table().name("cargo-plimsoll").bin_name("cargo plimsoll"), without_subcommand(arguments))
}

// Without it the program was started by hand, and all arguments are ours.
fn without_subcommand(arguments: impl IntoIterator<Item = OsString>) -> impl Iterator<Item = OsString> {
    arguments
        .into_iter()
        .enumerate()
        .filter(|(place, argument)| *place != 1 || argument != "plimsoll")
        .map(|(_, it)| it)
}

fn run(mut command: clap::Command, arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let matches = match command.try_get_matches_from_mut(arguments) {
        Ok(matches) => matches,
        Err(error) => return misused(&error),
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => return misused(&error.format(&mut command)),
    };
    if let Some(jobs) = cli.global.jobs {
        // Refused only where a pool exists already, and none does.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(usize::from(jobs)).build_global();
    }
    let output = Output::new(&cli.global);
    match commands::run(cli, &output) {
        Ok(exit) => exit.into(),
        Err(error) => {
            output.fail(&error);
            Exit::Error.into()
        }
    }
}

/// Prints help where it was asked for, and what is wrong with the arguments under the name that every other error has.
fn misused(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        // A reader that has gone away is not an error.
        let _ = error.print();
        return Exit::Done.into();
    }
    let text = error.render().to_string();
    let _ = write!(std::io::stderr().lock(), "plimsoll: {}", text.strip_prefix("error: ").unwrap_or(&text));
    Exit::Error.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(given: &[&str], expected: &[&str]) {
        let kept: Vec<OsString> = without_subcommand(given.iter().map(OsString::from)).collect();
        assert_eq!(kept, expected);
    }

    #[test]
    fn only_the_word_that_cargo_adds_is_dropped() {
        check(&["cargo-plimsoll", "plimsoll", "label", "."], &["cargo-plimsoll", "label", "."]);
        check(&["cargo-plimsoll", "label", "."], &["cargo-plimsoll", "label", "."]);
        check(&["cargo-plimsoll", "plimsoll", "label", "plimsoll"], &["cargo-plimsoll", "label", "plimsoll"]);
        check(&["cargo-plimsoll", "plimsoll", "plimsoll"], &["cargo-plimsoll", "plimsoll"]);
        check(&["cargo-plimsoll", "plimsoll"], &["cargo-plimsoll"]);
        check(&["plimsoll"], &["plimsoll"]);
        check(&[], &[]);
    }

    #[test]
    fn help_says_how_it_was_started() {
        let help = |mut command: clap::Command, words: &[&str]| {
            command.try_get_matches_from_mut(words.iter().copied()).unwrap_err().to_string()
        };
        let cargo = || args::table().name("cargo-plimsoll").bin_name("cargo plimsoll");
        assert!(help(cargo(), &["cargo-plimsoll", "--help"]).contains("Usage: cargo plimsoll "));
        assert!(help(cargo(), &["cargo-plimsoll", "label", "--help"]).contains("Usage: cargo plimsoll label "));
        assert!(help(args::table(), &["plimsoll", "label", "--help"]).contains("Usage: plimsoll label "));
    }
}

//! The flags of inputs that are files: the rows of the table of inputs are what is parsed and what help shows.

use std::{path::PathBuf, sync::LazyLock};

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, value_parser};
use plimsoll_model::{FileInput, INPUTS, InputId, InputRow};

/// The files that were given for inputs: those of one's own, or, with `MAKERS`, those that the maker of an audited label had.
pub struct InputFlags<const MAKERS: bool>(pub Vec<(InputId, PathBuf)>);

/// One flag.
struct Flag {
    id: InputId,
    file: &'static FileInput,
    name: String,
    help: String,
}

impl Flag {
    fn own(row: &'static InputRow) -> Option<Self> {
        let file = row.file()?;
        Some(Self { id: row.id, file, name: file.flag.to_owned(), help: file.help.to_owned() })
    }

    fn makers(row: &'static InputRow) -> Option<Self> {
        let file = row.file()?;
        let mut noun = row.noun().chars();
        let what: String = noun.next().iter().flat_map(|first| first.to_uppercase()).chain(noun).collect();
        let (name, help) = (format!("their-{}", file.flag), format!("{what} that was passed with --{}", file.flag));
        Some(Self { id: row.id, file, name, help })
    }
}

fn flags(makers: bool) -> &'static [Flag] {
    static OWN: LazyLock<Vec<Flag>> = LazyLock::new(|| INPUTS.iter().filter_map(|row| Flag::own(row)).collect());
    static MAKERS: LazyLock<Vec<Flag>> = LazyLock::new(|| INPUTS.iter().filter_map(|row| Flag::makers(row)).collect());
    if makers { &MAKERS } else { &OWN }
}

impl<const MAKERS: bool> Args for InputFlags<MAKERS> {
    fn augment_args(command: Command) -> Command {
        command.args(flags(MAKERS).iter().map(|flag| {
            let arg = Arg::new(flag.name.as_str()).long(flag.name.as_str()).value_name(flag.file.value);
            let arg = arg.help(flag.help.as_str()).value_parser(value_parser!(PathBuf));
            if MAKERS { arg } else { arg.help_heading(super::INPUTS) }
        }))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<const MAKERS: bool> FromArgMatches for InputFlags<MAKERS> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let given = |flag: &Flag| Some((flag.id, matches.get_one::<PathBuf>(&flag.name)?.clone()));
        Ok(Self(flags(MAKERS).iter().filter_map(given).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::args::Cli;

    #[test]
    fn every_input_that_is_a_file_has_a_flag_and_one_for_an_audit() {
        let command = Cli::command();
        let has = |command: &str, flag: &str| {
            let found = Cli::command();
            let found = found.find_subcommand(command).unwrap();
            found.get_arguments().any(|arg| arg.get_long() == Some(flag))
        };
        let files: Vec<&FileInput> = INPUTS.iter().filter_map(|row| row.file()).collect();
        assert!(!files.is_empty() && command.get_subcommands().count() > 0);
        for file in files {
            let theirs = format!("their-{}", file.flag);
            for name in ["label", "collect", "plan"] {
                assert!(has(name, file.flag) && !has(name, &theirs), "{name} --{}", file.flag);
            }
            for name in ["audit", "countersign"] {
                assert!(has(name, &theirs) && !has(name, file.flag), "{name} --{theirs}");
            }
        }
    }
}

//! `plimsoll completions`: a script for a shell.

use anyhow::Result;
use clap::CommandFactory as _;

use crate::{args::Cli, exit::Exit, output::Output};

pub fn run(shell: clap_complete::Shell, output: &Output) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "plimsoll", &mut script);
    output.print(script)?;
    Ok(Exit::Done)
}

//! The command `plimsoll`: arguments, progress, exit codes. What it does is in the library.

mod args;
mod commands;
mod exit;
mod input;
mod output;
mod signer;
mod trust;

use std::process::ExitCode;

use clap::Parser as _;

use crate::{args::Cli, exit::Exit, output::Output};

fn main() -> ExitCode {
    // clap prints help and usage itself, and exits with 2 where the arguments are wrong.
    let cli = Cli::parse();
    if let Some(jobs) = cli.global.jobs {
        // Refused only where a pool exists already, and none does.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(usize::from(jobs)).build_global();
    }
    let output = Output::new(&cli.global);
    match commands::run(cli, &output) {
        Ok(exit) => exit.into(),
        Err(error) => {
            output.fail(&error);
            Exit::Unasked.into()
        }
    }
}

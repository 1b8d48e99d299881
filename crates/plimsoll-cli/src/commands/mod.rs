//! One module for each command.

mod attach;
mod audit;
mod catalog;
mod collect;
mod completions;
mod db;
mod dependencies;
mod diff;
mod dispute;
mod explain;
mod forecast;
mod init;
mod inspect;
mod key;
mod label;
mod package;
mod plan;
mod provenance;
mod refresh;
mod render;
mod report;
mod sbom;
mod score;
mod sign;
mod signatures;
mod table;
mod trust;
mod verify;
mod vex;

use anyhow::Result;

use crate::{
    args::{Cli, Command},
    exit::Exit,
    output::Output,
};

/// Runs the command that was asked for.
pub fn run(cli: Cli, output: &Output) -> Result<Exit> {
    let practices = cli.global.practices.as_deref();
    match cli.command {
        Command::Label(args) => label::run(&args, practices, output),
        Command::Collect(args) => collect::run(&args, practices, output),
        Command::Score(args) => score::run(&args, practices, output),
        Command::Render(args) => render::run(&args, output),
        Command::Explain(args) => explain::run(&args, practices, output),
        Command::Forecast(args) => forecast::run(&args, practices, output),
        Command::Plan(args) => plan::run(&args, practices, output),
        Command::Report(args) => report::run(&args, practices, output),
        Command::Answer(args) => report::answer(&args, practices, output),
        Command::Init(args) => init::run(&args, practices, output),
        Command::Inspect(args) => inspect::run(&args, practices, output),
        Command::Trust(args) => trust::run(args, output),
        Command::Sign(args) => sign::sign(&args, output),
        Command::Verify(args) => verify::run(&args, practices, output),
        Command::Audit(args) => audit::audit(&args, practices, output),
        Command::Countersign(args) => audit::countersign(&args, practices, output),
        Command::Refresh(args) => refresh::run(&args, practices, output),
        Command::Diff(args) => diff::run(&args, practices, output),
        Command::Dispute(args) => dispute::run(&args, practices, output),
        Command::Attach(args) => attach::attach(&args, output),
        Command::Fetch(args) => attach::fetch(&args, output),
        Command::Revoke(args) => sign::revoke(&args, output),
        Command::Key(args) => key::run(&args, output),
        Command::Catalog(args) => catalog::run(&args, practices, output),
        Command::Db(args) => db::run(&args, output),
        Command::Completions { shell } => completions::run(shell, output),
    }
}

//! `plimsoll trust`: who signs in a repository, and a policy of the signers that the reader trusts.

mod check;
mod confirm;
mod draft;
mod draft_text;
mod signers;

use anyhow::Result;

use crate::{
    args::{TrustAction, TrustArgs},
    exit::Exit,
    output::Output,
};

pub fn run(args: TrustArgs, output: &Output) -> Result<Exit> {
    match args.action {
        TrustAction::Signers(args) => signers::run(&args, output),
        TrustAction::Draft(args) => draft::run(&args, output),
        TrustAction::Confirm(args) => confirm::run(&args, output),
        TrustAction::Check(args) => check::run(&args, output),
    }
}

//! `plimsoll score`: the label from evidence alone.

use std::path::Path;

use anyhow::{Context as _, Result};

use super::label::verdict;
use crate::{
    args::ScoreArgs,
    exit::Exit,
    output::{Output, read_input},
};

pub fn run(args: &ScoreArgs, practices: Option<&Path>, output: &Output) -> Result<Exit> {
    let practices = plimsoll::practices(practices)?;
    let evidence = read_input(&args.evidence)?;
    plimsoll::check_catalogs(&practices, &args.catalogs.catalog)?;
    let scored = plimsoll::score_for(&evidence, &practices, &args.catalogs.catalog);
    let statement = scored.with_context(|| format!("{}", args.evidence.display()))?;
    output.print((args.format.0.render)(&statement, &output.text_options())?)?;
    Ok(verdict(&statement, &args.floors, output))
}

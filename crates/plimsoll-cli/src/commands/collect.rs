//! `plimsoll collect`: evidence alone.

use std::path::Path;

use anyhow::Result;
use plimsoll_model::to_canonical;

use crate::{
    args::CollectArgs,
    claims,
    exit::Exit,
    options,
    output::{Output, write_file},
};

pub fn run(args: &CollectArgs, practices: Option<&Path>, output: &Output) -> Result<Exit> {
    let (target, inputs) = options::collection(&args.source.repository, &args.source.at, None, practices)?;
    let progress = output.progress();
    let collected = plimsoll_collect::collect(&target, &inputs, &|what| progress.tell(what))?;
    drop(progress);
    claims::tell(&args.source.repository, &args.source.at, &collected.evidence, None, output);
    let bytes = to_canonical(&collected.evidence)?;
    match &args.out {
        Some(path) => write_file(path, &bytes)?,
        None => output.print(bytes)?,
    }
    Ok(Exit::Done)
}

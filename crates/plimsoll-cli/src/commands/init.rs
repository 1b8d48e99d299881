//! `plimsoll init`: a first plimsoll.toml.

use std::path::Path;

use anyhow::{Result, bail};

use crate::{
    args::InitArgs,
    exit::Exit,
    options,
    output::{Output, write_file},
};

const CLAIMS_FILE: &str = "plimsoll.toml";

pub fn run(args: &InitArgs, practices: Option<&Path>, output: &Output) -> Result<Exit> {
    let file = args.source.repository.join(CLAIMS_FILE);
    if !args.print && !args.force && file.exists() {
        bail!(
            "{}: it is there already; use --force to overwrite it, or --print to see what would be written",
            file.display()
        );
    }
    let practices = plimsoll::practices(practices)?;
    let only = ["claims", "policies"];
    let (target, inputs) = options::collection(&args.source.repository, &args.source.at, Some(&only))?;
    let collected = plimsoll_collect::collect(&target, &inputs, &|_| {})?;
    let text = plimsoll::claims_file(&collected.evidence, &practices);
    if args.print {
        output.print(text)?;
    } else {
        write_file(&file, text.as_bytes())?;
        output.say(&format!("wrote {}; answer its questions, commit it, and run `plimsoll label .`", file.display()));
    }
    Ok(Exit::Done)
}

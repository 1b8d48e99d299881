//! `plimsoll render`: a label file in another form.

use anyhow::{Context as _, Result};
use plimsoll_render::TextOptions;

use crate::{
    args::RenderArgs,
    exit::Exit,
    output::{Output, read_input, write_file},
};

pub fn run(args: &RenderArgs, output: &Output) -> Result<Exit> {
    let statement =
        plimsoll::read_label(&read_input(&args.label)?).with_context(|| format!("{}", args.label.display()))?;
    let options = TextOptions { on: args.on, ..output.text_options() };
    let bytes = (args.format.0.render)(&statement, &options)?;
    match &args.out {
        Some(path) => write_file(path, &bytes)?,
        None => output.print(bytes)?,
    }
    Ok(Exit::Done)
}

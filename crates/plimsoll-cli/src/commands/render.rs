//! `plimsoll render`: a label file in another form.

use anyhow::{Context as _, Result};
use plimsoll_model::{Statement, to_canonical};
use plimsoll_render::{Detail, TextOptions};

use crate::{
    args::{LabelFormat, RenderArgs},
    exit::Exit,
    output::{Output, read_input, write_file},
};

pub fn run(args: &RenderArgs, output: &Output) -> Result<Exit> {
    let statement =
        plimsoll::read_label(&read_input(&args.label)?).with_context(|| format!("{}", args.label.display()))?;
    let bytes = rendered(&statement, args.format, output)?;
    match &args.out {
        Some(path) => write_file(path, &bytes)?,
        None => output.print(bytes)?,
    }
    Ok(Exit::Done)
}

/// The bytes of a label in one form. JSON is canonical and has no newline at the end.
pub fn rendered(statement: &Statement, format: LabelFormat, output: &Output) -> Result<Vec<u8>> {
    Ok(match format {
        LabelFormat::Text => {
            let options = TextOptions { width: output.columns(), color: output.color(), detail: Detail::Short };
            plimsoll_render::text(statement, &options).into_bytes()
        }
        LabelFormat::Json => to_canonical(statement)?,
        LabelFormat::Svg => plimsoll_render::svg(statement).into_bytes(),
        LabelFormat::Html => plimsoll_render::html(statement).into_bytes(),
        LabelFormat::Markdown => plimsoll_render::markdown(statement).into_bytes(),
        LabelFormat::Badge => plimsoll_render::badge(statement).into_bytes(),
        LabelFormat::Sarif => plimsoll_render::sarif(statement).into_bytes(),
        LabelFormat::Predicate => to_canonical(&statement.predicate)?,
        LabelFormat::Env => plimsoll_render::env(statement).into_bytes(),
    })
}

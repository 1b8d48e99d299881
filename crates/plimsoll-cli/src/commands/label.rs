//! `plimsoll label`: collect, assess, score, show.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};
use plimsoll_model::Statement;

use super::render::rendered;
use crate::{
    args::LabelArgs,
    exit::Exit,
    input,
    output::{Output, write_file},
    trust,
};

pub fn run(args: &LabelArgs, practices: Option<&Path>, output: &Output) -> Result<Exit> {
    let practices = plimsoll::practices(practices)?;
    let options = input::options(&args.source.at, None)?;
    let progress = output.progress();
    let labelled = plimsoll::label(&args.source.repository, &options, &practices, &|what| progress.tell(what))?;
    if let Some(folder) = &args.out {
        progress.tell("writing");
        fs::create_dir_all(folder).with_context(|| format!("{}: the folder cannot be made", folder.display()))?;
        for (name, bytes) in plimsoll::outputs(&labelled)? {
            write_file(&folder.join(name), &bytes)?;
        }
    }
    drop(progress);
    trust::keep(&options.trust, output);
    output.print(rendered(&labelled.statement, args.format, output)?)?;
    if let Some(folder) = &args.out {
        output.say(&format!("wrote {} to {}", plimsoll::OUTPUT_FILES.join(", "), folder.display()));
    }
    Ok(verdict(&labelled.statement, args.fail_below, output))
}

/// No, where the tier is lower than what was asked for.
pub fn verdict(statement: &Statement, fail_below: Option<u8>, output: &Output) -> Exit {
    let level = statement.predicate.tier.level;
    match fail_below {
        Some(asked) if level < asked => {
            output
                .say(&format!("tier {level} is below {asked}, as --fail-below asks; `plimsoll plan` tells the way up"));
            Exit::No
        }
        _ => Exit::Done,
    }
}

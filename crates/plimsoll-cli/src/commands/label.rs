//! `plimsoll label`: collect, assess, score, show.

use std::path::Path;

use anyhow::Result;
use plimsoll_model::{Evidence, LabelForm, Statement};
use plimsoll_practices::Practices;

use crate::{
    args::{Floors, LabelArgs},
    claims,
    exit::Exit,
    options,
    output::Output,
    staging::write_files,
    trust,
};

pub fn run(args: &LabelArgs, practices: Option<&Path>, output: &Output) -> Result<Exit> {
    let folder = practices;
    let practices = plimsoll::practices(folder)?;
    plimsoll::check_catalogs(&practices, &args.catalogs.catalog)?;
    let (target, inputs) = options::collection(&args.source.repository, &args.source.at, None, folder)?;
    let progress = output.progress();
    let labelled = plimsoll::label_repository(&target, &inputs, &practices, &|what| progress.tell(what))?;
    let labelled = plimsoll::label_for(labelled, &practices, &args.catalogs.catalog)?;
    if let Some(folder) = &args.out {
        progress.tell("writing");
        write_files(folder, &plimsoll::outputs(&labelled)?, &plimsoll::label_files())?;
    }
    drop(progress);
    trust::report_not_kept(labelled.collected.not_kept.as_ref(), output);
    claims::tell(&args.source.repository, &args.source.at, &labelled.collected.evidence, Some(&practices), output);
    output.print((args.format.0.render)(&labelled.statement, &output.text_options())?)?;
    if let Some(folder) = &args.out {
        output.say(&format!("wrote {} to {}", plimsoll::output_files().join(", "), folder.display()));
    }
    let exit = verdict(&labelled.statement, &args.floors, output);
    Ok(if args.strict && has_mistakes(&labelled.collected.evidence, &practices, output) { Exit::Failed } else { exit })
}

/// Is there a claims file with a mistake? Its mistakes were said above.
fn has_mistakes(evidence: &Evidence, practices: &Practices, output: &Output) -> bool {
    let mistaken = !claims::mistakes(evidence, Some(practices)).is_empty();
    if mistaken {
        output.say("plimsoll.toml has a mistake; --strict takes no mistake");
    }
    mistaken
}

/// No, where the tier or the source line is lower than what was asked for. An outside view has no tier, however low.
pub fn verdict(statement: &Statement, floors: &Floors, output: &Output) -> Exit {
    let body = &statement.predicate;
    let (tier, line) = (body.tier.level, body.source_line.as_ref().map_or(0, |line| line.level));
    let mut exit = Exit::Done;
    let mut fail = |what: String| {
        output.say(&what);
        exit = Exit::Failed;
    };
    match floors.fail_below {
        Some(asked) if body.form() == LabelForm::SourceView => fail(format!(
            "tier {asked} is the least, as --fail-below asks, and there is no tier: the maker has not spoken \
             (`plimsoll init` starts a plimsoll.toml; --fail-below-source asks the source alone)"
        )),
        Some(asked) if tier < asked => {
            fail(format!("tier {tier} is below {asked}, as --fail-below asks; `plimsoll plan` lists the way up"));
        }
        _ => {}
    }
    match floors.fail_below_source {
        Some(asked) if line < asked => fail(format!(
            "by the source alone it comes to tier {line}, which is below {asked}, as --fail-below-source asks; \
             `plimsoll plan` lists what is missing"
        )),
        _ => {}
    }
    exit
}

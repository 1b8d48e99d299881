//! `plimsoll label`: collect, assess, score, show.

use std::path::Path;

use anyhow::Result;
use plimsoll_model::{Evidence, Statement};
use plimsoll_practices::Practices;

use crate::{args::LabelArgs, claims, exit::Exit, options, output::Output, staging::write_files, trust};

pub fn run(args: &LabelArgs, practices: Option<&Path>, output: &Output) -> Result<Exit> {
    let practices = plimsoll::practices(practices)?;
    let (target, inputs) = options::collection(&args.source.repository, &args.source.at, None)?;
    let progress = output.progress();
    let labelled = plimsoll::label_repository(&target, &inputs, &practices, &|what| progress.tell(what))?;
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
    let exit = verdict(&labelled.statement, args.fail_below, output);
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

/// No, where the tier is lower than what was asked for.
pub fn verdict(statement: &Statement, fail_below: Option<u8>, output: &Output) -> Exit {
    let level = statement.predicate.tier.level;
    match fail_below {
        Some(asked) if level < asked => {
            output
                .say(&format!("tier {level} is below {asked}, as --fail-below asks; `plimsoll plan` tells the way up"));
            Exit::Failed
        }
        _ => Exit::Done,
    }
}

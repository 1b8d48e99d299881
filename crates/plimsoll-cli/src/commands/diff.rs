//! `plimsoll diff`: what a change made of a label.

use std::path::Path;

use anyhow::{Context as _, Result, anyhow, bail};
use plimsoll::Compare;
use plimsoll_model::{ChangeVerdict, Comparison, Direction, parse_strict};

use crate::{
    args::DiffArgs,
    exit::Exit,
    output::{Output, read_input},
};

const NO_BASE: &str = "the base has no label: `plimsoll label --rev BASE --out DIR` makes one";

pub fn run(args: &DiffArgs, practices: Option<&Path>, output: &Output) -> Result<Exit> {
    let practices = plimsoll::practices(practices)?;
    let how = Compare { practices: &practices, renamed: args.renamed };
    if !args.base.exists() && args.base != Path::new("-") {
        return Err(anyhow!(NO_BASE).context(format!("{}: cannot read", args.base.display())));
    }
    let (base, head) = (read_input(&args.base)?, read_input(&args.head)?);
    let is_evidence = |bytes: &[u8]| parse_strict(bytes).is_ok_and(|value| value.get("facts").is_some());
    let named = |path: &Path| path.display().to_string();
    let found = match (is_evidence(&base), is_evidence(&head)) {
        (true, true) => {
            let one = plimsoll::read_evidence(&base).with_context(|| named(&args.base))?;
            let other = plimsoll::read_evidence(&head).with_context(|| named(&args.head))?;
            plimsoll::compare_evidence(&one, &other, &how)?
        }
        (false, false) => {
            let one = plimsoll::read_any_label(&base).with_context(|| named(&args.base))?;
            let other = plimsoll::read_any_label(&head).with_context(|| named(&args.head))?;
            plimsoll::compare_labels(&one, &other, &how)
        }
        _ => bail!("one of them is evidence and the other is not: give two labels or two evidences"),
    };
    // For a terminal the reasons are the error.
    if found.verdict != ChangeVerdict::NotComparable || args.format.0.name != "text" {
        output.print((args.format.0.render)(&found, &output.text_options())?)?;
    }
    exit(&found, args.fail_worse, output)
}

fn exit(found: &Comparison, fail_worse: bool, output: &Output) -> Result<Exit> {
    if found.verdict == ChangeVerdict::NotComparable {
        let reasons = found.obstacles.iter().map(|one| format!("{}; {}", one.reason, one.cure));
        bail!("not comparable: {}", reasons.collect::<Vec<_>>().join("; "));
    }
    if !fail_worse {
        return Ok(if found.same { Exit::Done } else { Exit::Failed });
    }
    if !found.worse.is_empty() {
        output.say(&format!("worse than the base: {}", found.worse.len()));
        return Ok(Exit::Failed);
    }
    // A gate that passed what it cannot lay on anything would be open.
    let undecided = found.by_inputs.iter().filter(|item| item.direction == Direction::Worse).count();
    if undecided > 0 {
        bail!(
            "{} may come from other inputs ({}): label both with the same --as-of, --advisories and other inputs",
            plimsoll_model::plural(undecided, "thing that got worse", "things that got worse"),
            found.inputs.join(", ")
        );
    }
    Ok(Exit::Done)
}

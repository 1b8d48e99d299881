//! `plimsoll plan`: the cheapest steps to the next tier.

use std::path::Path;

use anyhow::{Result, bail};
use plimsoll_model::one_line;

use super::table::wrapped;
use crate::{
    args::{DataFormat, PlanArgs},
    exit::Exit,
    judged,
    output::Output,
};

pub fn run(args: &PlanArgs, practices: Option<&Path>, output: &Output) -> Result<Exit> {
    let practices = plimsoll::practices(practices)?;
    let statement = judged::statement(&args.target, &args.at, &practices, output)?;
    let label = &statement.predicate;
    let Some(plan) = plimsoll::plan(label, args.to, &practices) else {
        if let Some(to) = args.to {
            bail!("there is no tier {to}")
        }
        output.print(format!("Tier {} is the highest there is.\n", label.tier.level))?;
        return Ok(Exit::Done);
    };
    if args.format == DataFormat::Json {
        output.print(serde_json::to_string_pretty(&plan)? + "\n")?;
        return Ok(Exit::Done);
    }
    let from = if plan.spoken { format!("tier {}", plan.from) } else { "no label".to_owned() };
    let mut text = format!("From {from} to tier {} ({}): ", plan.to, one_line(&plan.name));
    text.push_str(&match plan.steps.len() {
        0 => "nothing left that a criterion asks\n".to_owned(),
        1 => "1 step\n".to_owned(),
        steps => format!("{steps} steps, the cheapest first\n"),
    });
    if !plan.spoken {
        let first =
            "There is no plimsoll.toml: `plimsoll init` writes one, and every step that names it is a line of it.";
        text.push_str(&wrapped("", first, output.columns()));
    }
    if let Some(line) = &plan.source {
        let rungs = line.rungs.iter().filter(|rung| rung.asked > 0);
        let shares: Vec<String> =
            rungs.map(|rung| format!("tier {} {} of {}", rung.level, rung.met, rung.asked)).collect();
        text.push_str(&wrapped(
            "",
            &format!("The source alone shows, of what each tier asks of it: {}.", shares.join(", ")),
            output.columns(),
        ));
    }
    if let Some(cap) = &plan.cap {
        text.push('\n');
        text.push_str(&wrapped("!  ", &format!("Held down: {cap}"), output.columns()));
    }
    for (number, step) in plan.steps.iter().enumerate() {
        text.push_str(&format!("\n{:>2}. {}  [{}]\n", number + 1, one_line(&step.id), one_line(&step.effort)));
        text.push_str(&wrapped("    ", &step.action, output.columns()));
        for how in &step.how {
            text.push_str(&wrapped("    ", &format!("on {}:", how.on), output.columns()));
            for line in how.lines.trim_end().lines() {
                text.push_str(&format!("      {}\n", line.trim_end()));
            }
        }
        text.push_str(&wrapped("    now:     ", &step.now, output.columns()));
        if !step.places.is_empty() {
            text.push_str(&wrapped("    where:   ", &step.places.join(", "), output.columns()));
        }
        text.push_str(&wrapped("    unlocks: ", &step.unlocks.join(", "), output.columns()));
    }
    if !plan.out_of_reach.is_empty() {
        text.push_str("\nNot to be had with this version:\n");
        for (id, reason) in &plan.out_of_reach {
            text.push_str(&wrapped("    ", &format!("{id}: {reason}"), output.columns()));
        }
    }
    output.print(text)?;
    Ok(Exit::Done)
}

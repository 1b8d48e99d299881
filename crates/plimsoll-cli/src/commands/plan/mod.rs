//! `plimsoll plan`: the cheapest steps to the next tier.

mod markdown;
mod text;
mod write;

use std::path::Path;

use anyhow::{Result, bail};
use plimsoll::Plan;
use plimsoll_collect::Target;

use crate::{
    args::{PlanArgs, PlanFormat},
    claims,
    exit::Exit,
    judged,
    output::Output,
};

pub fn run(args: &PlanArgs, practices: Option<&Path>, output: &Output) -> Result<Exit> {
    let folder = practices;
    let practices = plimsoll::practices(folder)?;
    let statement = judged::statement(&args.target, &args.at, (&practices, folder), output)?;
    let label = &statement.predicate;
    // What is safe to write for any tier is safe to write now.
    let to = args.to.or_else(|| label.ladder.last().filter(|_| args.write).map(|rung| rung.level));
    let Some(plan) = plimsoll::plan(label, to, &practices) else {
        if let Some(to) = args.to {
            bail!("there is no tier {to}")
        }
        output.print(format!("Tier {} is the highest there is.\n", label.tier.level))?;
        return Ok(Exit::Done);
    };
    if args.write {
        if !args.target.is_dir() {
            bail!("{}: --write needs the repository, and this is a label", args.target.display());
        }
        let target = Target { path: args.target.clone(), worktree: args.at.worktree, ..Target::default() };
        output.print(write::write(&plan, label, &target)?)?;
        return Ok(Exit::Done);
    }
    let not_committed = !plan.spoken && args.target.is_dir() && claims::is_not_committed(&args.target, &args.at);
    output.print(match args.format {
        PlanFormat::Json => serde_json::to_string_pretty(&plan)? + "\n",
        PlanFormat::Text => text::of(&plan, &first(&plan, not_committed), output.columns()),
        PlanFormat::Markdown => markdown::of(&plan, &first(&plan, not_committed)),
    })?;
    Ok(Exit::Done)
}

/// What to do next, in one sentence.
fn first(plan: &Plan, not_committed: bool) -> String {
    if not_committed {
        return "Next: plimsoll.toml is there and not committed: commit it (`git add plimsoll.toml`, `git commit`), or add \
                --worktree to plan with it as it is."
            .to_owned();
    }
    let Some(group) = plan.groups.first() else {
        return "Next: nothing that a criterion asks is left.".to_owned();
    };
    if let (Some(first), Some(file)) = (&group.first, &group.file) {
        let values = plimsoll_model::plural(group.steps.len(), "value", "values");
        let first = first.split_once(", which").map_or(first.as_str(), |(first, _)| first);
        return format!("Next: {}: {values} in {file}, {}.", lower(first), group.effort);
    }
    let step = group.steps.first().and_then(|id| plan.steps.iter().find(|step| step.id == *id));
    step.map_or_else(String::new, |step| format!("Next: {} ({})", step.action.trim_end_matches('.'), step.id) + ".")
}

/// The first letter in lower case.
fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// From where to where, in how many steps and how long.
fn summary(plan: &Plan) -> String {
    let from = if plan.spoken { format!("tier {}", plan.from) } else { "no label".to_owned() };
    let steps = match plan.groups.len() {
        0 => "nothing left that a criterion asks".to_owned(),
        groups => format!("{}, {}", plimsoll_model::plural(groups, "step", "steps"), plan.effort),
    };
    format!("From {from} to tier {} ({}): {steps}", plan.to, plimsoll_model::one_line(&plan.name))
}

/// What the source shows of what each tier asks of it.
fn source(plan: &Plan) -> Option<String> {
    let rungs = plan.source.as_ref()?.rungs.iter().filter(|rung| rung.asked > 0);
    let shares: Vec<String> = rungs.map(|rung| format!("tier {} {} of {}", rung.level, rung.met, rung.asked)).collect();
    Some(format!("The source alone shows, of what each tier asks of it: {}.", shares.join(", ")))
}

/// What a step makes true.
fn makes_true(step: &plimsoll::Step) -> String {
    let line = if step.source { "; it counts for the source line too" } else { "" };
    format!("{}{line}", step.unlocks.join(", "))
}

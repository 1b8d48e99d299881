//! `plimsoll init`: a first plimsoll.toml, as an interview on a terminal, and as a file of suggestions elsewhere.

mod ask;
mod files;

use std::{io::IsTerminal as _, path::Path};

use anyhow::Result;
use plimsoll::init::{Confirmed, Interview, Known, claims_file, known, outlook};
use plimsoll_collect::{Inputs, Target, profile};
use plimsoll_practices::Practices;

use crate::{args::InitArgs, exit::Exit, options, output::Output};

pub fn run(args: &InitArgs, practices: Option<&Path>, output: &Output) -> Result<Exit> {
    let files = if args.print { None } else { Some(files::Files::of(&args.source.repository)?) };
    if let Some(files) = &files {
        files.check(args.force)?;
    }
    let folder = practices;
    let practices = plimsoll::practices(folder)?;
    let (target, inputs) = options::collection(&args.source.repository, &args.source.at, None, folder)?;
    let progress = output.progress();
    let labelled = plimsoll::label_repository(&target, &inputs, &practices, &|what| progress.tell(what))?;
    let profile = profile::profile(&target, &inputs)?;
    let known = known(&labelled.collected, &labelled.statement.predicate, &profile, &practices);
    drop(progress);
    let is_asked = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    let text = || claims_file(&known, &Confirmed::without_asking(&known), &practices);
    let Some(files) = files else {
        output.print(text())?;
        return Ok(Exit::Done);
    };
    if args.no_input || !is_asked {
        files.write_claims(&text())?;
        output.say(&format!(
            "wrote {}; remove the # where a line is true, commit it, then run `plimsoll label .` (or add --worktree before you commit)",
            files.claims().display()
        ));
        return Ok(Exit::Done);
    }
    interview(&files, &known, &practices, target, &inputs, output)
}

fn interview(
    files: &files::Files,
    known: &Known,
    practices: &Practices,
    target: Target,
    inputs: &Inputs,
    output: &Output,
) -> Result<Exit> {
    let mut interview = Interview::new(known, practices);
    let ask = ask::Ask::new(output);
    ask.begin(files.draft());
    if let Some(text) = files.kept()? {
        ask.resume(&mut interview, &text)?;
    }
    while let Some((number, of, question)) = interview.next() {
        ask.question(&mut interview, number, of, &question)?;
        files.write_draft(&interview.draft())?;
    }
    files.write_claims(&claims_file(known, &interview.confirmed(), practices))?;
    files.remove_draft();
    ask.end(files.claims(), interview.answered());
    // The file is judged as it is on disk: what is said next is what `label --worktree` says.
    let target = Target { worktree: true, ..target };
    if target.rev.is_some() {
        return Ok(Exit::Done);
    }
    let progress = output.progress();
    let labelled = plimsoll::label_repository(&target, inputs, practices, &|what| progress.tell(what));
    drop(progress);
    match labelled {
        Ok(labelled) => ask.outlook(&outlook(&labelled.statement.predicate, practices)),
        Err(error) => output.say(&format!("the label could not be computed: {error}")),
    }
    Ok(Exit::Done)
}

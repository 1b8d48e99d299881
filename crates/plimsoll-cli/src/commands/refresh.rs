//! `plimsoll refresh`: stored evidence judged anew.

use std::path::Path;

use anyhow::Result;
use plimsoll::Refresh;
use plimsoll_advisories::Database;
use plimsoll_model::to_canonical;

use super::{audit::lying_beside, label::verdict, verify::statements};
use crate::{
    args::RefreshArgs,
    exit::Exit,
    input,
    output::{Output, read_input},
    staging::write_files,
    trust,
};

/// What stands for the data that is built in.
const EMBEDDED: &str = "embedded";

pub fn run(args: &RefreshArgs, practices: Option<&Path>, output: &Output) -> Result<Exit> {
    let practices = plimsoll::practices(practices)?;
    let label = read_input(&args.label)?;
    let evidence_file = lying_beside(args.evidence.as_deref(), &args.label, "evidence.json")?;
    let evidence = read_input(&evidence_file)?;
    let database = match args.advisories.as_slice() {
        [] => None,
        [path] if path == Path::new(EMBEDDED) => Some(Database::embedded()?),
        paths => Some(Database::open(paths)?),
    };
    let with = statements(&args.with)?;
    let trust = trust::policy_of(args.trust.as_deref(), &[], None)?;
    let (evidence, statement) = plimsoll::refresh_label(&Refresh {
        label: &label,
        evidence: &evidence,
        advisories: database.as_ref(),
        with: &with,
        trust: &trust,
        practices: &practices,
        now: input::as_of(args.as_of),
    })
    .map_err(|error| {
        let file = if matches!(error, plimsoll::Error::ReadEvidence(_)) { &evidence_file } else { &args.label };
        anyhow::Error::new(error).context(file.display().to_string())
    })?;
    if let Some(folder) = &args.out {
        let mut files = vec![("evidence.json", to_canonical(&evidence)?)];
        files.extend(plimsoll::label_outputs(&statement)?);
        write_files(folder, &files, &plimsoll::label_files())?;
        let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
        output.say(&format!("wrote {} to {}", names.join(", "), folder.display()));
    }
    output.print((args.format.0.render)(&statement, &output.text_options())?)?;
    for one in statement.predicate.countersigned.iter().filter(|one| !one.counts) {
        output.say(&format!(
            "the countersignature of {} does not count: {}",
            one.by,
            one.reason.as_deref().unwrap_or("it is not said why")
        ));
    }
    let before = plimsoll::read_any_label(&label)?;
    let kept = |one: &plimsoll_model::Countersigned| {
        statement.predicate.countersigned.iter().any(|other| other.statement == one.statement)
    };
    for one in before.predicate.countersigned.iter().filter(|one| !kept(one)) {
        output.say(&format!("the countersignature of {} is not in the new label: give it again with --with", one.by));
    }
    Ok(verdict(&statement, &args.floors, output))
}

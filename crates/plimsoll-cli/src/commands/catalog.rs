//! `plimsoll catalog`: what the practices hold, and whether they are right.

mod show;

use std::path::Path;

use anyhow::Result;
use plimsoll_model::Assurance;

use super::table::wrapped;
use crate::{
    args::{CatalogAction, CatalogArgs, DataFormat},
    exit::Exit,
    output::Output,
};

pub fn run(args: &CatalogArgs, folder: Option<&Path>, output: &Output) -> Result<Exit> {
    match &args.action {
        CatalogAction::Check { format } => check(folder, *format, output),
        CatalogAction::Show { id } => show::show(folder, id, output),
        CatalogAction::Coverage { id, format } => show::covered(folder, id.as_deref(), *format, output),
        CatalogAction::Crosswalk { from, to, format } => show::crossed(folder, from, to, *format, output),
        CatalogAction::List { format } => {
            let practices = plimsoll::practices(folder)?;
            if *format == DataFormat::Json {
                let catalogs: Vec<_> = practices
                    .all_catalogs()
                    .iter()
                    .map(|catalog| {
                        let entries: Vec<_> = catalog.entries.iter().map(|entry| &entry.id).collect();
                        serde_json::json!({"id": catalog.id, "title": catalog.title, "version": catalog.version, "framework": catalog.framework, "inLabel": catalog.in_label, "entries": entries})
                    })
                    .collect();
                let criteria: Vec<_> = practices.criteria().keys().collect();
                let list = serde_json::json!({"catalogs": catalogs, "criteria": criteria});
                output.print(serde_json::to_string_pretty(&list)? + "\n")?;
                return Ok(Exit::Done);
            }
            let mut text = String::new();
            for catalog in practices.all_catalogs() {
                text.push_str(&wrapped("", &format!("{}  {}", catalog.id, catalog.title), output.columns()));
                for entry in &catalog.entries {
                    text.push_str(&listed(&entry.id, &entry.title, output.columns()));
                }
                text.push('\n');
            }
            text.push_str("criteria\n");
            for criterion in practices.criteria().values() {
                text.push_str(&wrapped(&format!("  {:<30} ", criterion.id), &criterion.asks, output.columns()));
            }
            output.print(text)?;
            Ok(Exit::Done)
        }
    }
}

/// One entry of the list; a long id has its title on the next line.
fn listed(id: &str, title: &str, columns: usize) -> String {
    const WIDE: usize = 10;
    if id.chars().count() > WIDE {
        return wrapped("  ", id, columns) + &wrapped("             ", title, columns);
    }
    wrapped(&format!("  {id:<WIDE$} "), title, columns)
}

fn check(folder: Option<&Path>, format: DataFormat, output: &Output) -> Result<Exit> {
    let practices = match plimsoll::practices(folder) {
        Ok(practices) => practices,
        // The question was asked, and the answer is no.
        Err(plimsoll::Error::Problems(problems)) => {
            if format == DataFormat::Json {
                let list: Vec<_> = problems
                    .0
                    .iter()
                    .map(|one| serde_json::json!({"file": one.file, "line": one.line, "message": one.message}))
                    .collect();
                output.print(
                    serde_json::to_string_pretty(&serde_json::json!({"valid": false, "problems": list}))? + "\n",
                )?;
            } else {
                let count = problems.0.len();
                output.print(format!("{problems}\n\n{count} {}\n", if count == 1 { "problem" } else { "problems" }))?;
            }
            return Ok(Exit::Failed);
        }
        Err(error) => return Err(error.into()),
    };
    let report = practices.report();
    if format == DataFormat::Json {
        let catalogs: Vec<_> = report
            .catalogs
            .iter()
            .map(|(id, title, entries, decided, declared)| {
                serde_json::json!({"id": id, "title": title, "entries": entries, "decidedByCriteria": decided, "declaredOnly": declared})
            })
            .collect();
        let tiers: Vec<_> = report
            .tiers
            .iter()
            .map(|tier| {
                let list = |all: &[(String, Assurance, String)]| -> Vec<_> {
                    all.iter().map(|(id, at, why)| serde_json::json!({"id": id, "at": at, "why": why})).collect()
                };
                serde_json::json!({
                    "level": tier.level, "name": tier.name, "reachable": tier.pending.is_empty(),
                    "pending": list(&tier.pending), "unlessNotApplicable": list(&tier.unless_not_applicable),
                })
            })
            .collect();
        let all = serde_json::json!({"valid": true, "criteria": report.criteria, "catalogs": catalogs, "tiers": tiers});
        output.print(serde_json::to_string_pretty(&all)? + "\n")?;
        return Ok(Exit::Done);
    }
    let mut text = format!("{} criteria, every example named\n", report.criteria);
    for (id, title, entries, decided, declared) in &report.catalogs {
        text.push_str(&wrapped("", &format!("{id}: {entries} of {entries} entries of {title}; {decided} decided by criteria, {declared} by the maker alone"), output.columns()));
    }
    for tier in &report.tiers {
        let (can, held_up) = match (tier.pending.is_empty(), tier.unless_not_applicable.is_empty()) {
            (true, true) => ("can be reached", &tier.pending),
            (true, false) => ("can be reached where these do not apply", &tier.unless_not_applicable),
            (false, _) => ("cannot be reached by this version", &tier.pending),
        };
        text.push_str(&format!("tier {} {}: {can}\n", tier.level, tier.name));
        for (id, at, why) in held_up {
            text.push_str(&wrapped("  ", &format!("{id} at {at}: {why}"), output.columns()));
        }
    }
    output.print(text)?;
    Ok(Exit::Done)
}

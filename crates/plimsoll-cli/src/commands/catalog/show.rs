//! `plimsoll catalog show`, `coverage` and `crosswalk`: what is behind the entries of a catalog.

use std::path::Path;

use anyhow::{Result, bail};
use plimsoll::{CoveredEntry, coverage, coverage_markdown, crosswalk, tally};
use plimsoll_practices::{Catalog, Practices, hint};

use super::super::{explain::about, table::wrapped};
use crate::{args::TableFormat, exit::Exit, output::Output};

/// One catalog with its entries under their groups, or what one id is.
pub fn show(folder: Option<&Path>, id: &str, output: &Output) -> Result<Exit> {
    let practices = plimsoll::practices(folder)?;
    if let Some(catalog) = practices.catalog_called(id) {
        output.print(whole(&practices, catalog, output.columns()))?;
        return Ok(Exit::Done);
    }
    match about(&practices, id, output.columns()) {
        Some(text) => output.print(text)?,
        None => bail!("nothing is called \"{id}\"; `plimsoll catalog list` lists every id"),
    }
    Ok(Exit::Done)
}

fn whole(practices: &Practices, catalog: &Catalog, columns: usize) -> String {
    let mut text = wrapped("", &format!("{}: {}", catalog.id, catalog.title), columns);
    text.push_str(&wrapped("", &format!("From {}.", catalog.source), columns));
    let rows = coverage(practices, catalog);
    text.push_str(&wrapped("", &tally(&rows), columns));
    let held = if catalog.in_label {
        "Every label holds it.".to_owned()
    } else {
        format!("A label holds it with `plimsoll label --catalog {}`.", catalog.id)
    };
    text.push_str(&wrapped("", &held, columns));
    for group in &catalog.groups {
        text.push('\n');
        text.push_str(&wrapped("", &format!("{}  {}", group.id, group.title), columns));
        for (entry, row) in catalog.entries.iter().zip(&rows).filter(|(entry, _)| entry.group == group.id) {
            text.push_str(&wrapped("  ", &format!("{}  {}", entry.id, entry.title), columns));
            text.push_str(&wrapped("      ", &decided(row), columns));
        }
    }
    text
}

/// How one entry is decided, in one line.
fn decided(row: &CoveredEntry) -> String {
    let level = row.level.as_ref().map(|level| format!("level {level}; ")).unwrap_or_default();
    if row.criteria.is_empty() {
        let pending = row.pending.as_ref().map(|pending| format!(" ({pending})")).unwrap_or_default();
        return format!("{level}decided by {}{pending}", row.by.as_str());
    }
    let open = row.uncovered.as_ref().or(row.beyond.as_ref()).map(|left| format!("; open: {left}")).unwrap_or_default();
    format!("{level}{}, up to {}: {}{open}", row.by.as_str(), row.reachable, row.criteria.join(", "))
}

/// For each entry what decides it, from which evidence, and how far it reaches.
pub fn covered(folder: Option<&Path>, id: Option<&str>, format: TableFormat, output: &Output) -> Result<Exit> {
    let practices = plimsoll::practices(folder)?;
    let catalogs: Vec<&Catalog> = match id {
        Some(id) => vec![named(&practices, id)?],
        None => practices.all_catalogs().iter().collect(),
    };
    let mut text = String::new();
    match format {
        TableFormat::Json => {
            let all: Vec<_> = catalogs
                .iter()
                .map(|catalog| {
                    let entries = coverage(&practices, catalog);
                    serde_json::json!({"id": catalog.id, "version": catalog.version, "inLabel": catalog.in_label, "entries": entries})
                })
                .collect();
            text = serde_json::to_string_pretty(&serde_json::json!({"catalogs": all}))? + "\n";
        }
        TableFormat::Markdown => {
            for catalog in catalogs {
                text.push_str(&format!("## {}: {}\n\n", catalog.id, catalog.title));
                text.push_str(&coverage_markdown(&practices, catalog));
                text.push('\n');
            }
        }
        TableFormat::Text => {
            for catalog in catalogs {
                text.push_str(&coverage_text(&practices, catalog, output.columns()));
            }
        }
    }
    output.print(text)?;
    Ok(Exit::Done)
}

fn coverage_text(practices: &Practices, catalog: &Catalog, columns: usize) -> String {
    let rows = coverage(practices, catalog);
    let mut text = wrapped("", &format!("{}: {}", catalog.id, tally(&rows)), columns);
    for row in &rows {
        text.push_str(&wrapped("  ", &format!("{}  {}", row.id, decided(row)), columns));
        if row.criteria.is_empty() {
            continue;
        }
        text.push_str(&wrapped("      evidence: ", &row.kinds.join(", "), columns));
        let names = |names: &[String]| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        let fixtures = format!(
            "holds in {}; fails in {}; unknown in {}",
            names(&row.holds_in),
            names(&row.fails_in),
            names(&row.unknown_in)
        );
        text.push_str(&wrapped("      fixtures: ", &fixtures, columns));
    }
    text.push('\n');
    text
}

/// Which entries of two catalogs rest on the same criteria.
pub fn crossed(folder: Option<&Path>, from: &str, to: &str, format: TableFormat, output: &Output) -> Result<Exit> {
    let practices = plimsoll::practices(folder)?;
    let (one, other) = (named(&practices, from)?, named(&practices, to)?);
    let found = crosswalk(one, other);
    let text = match format {
        TableFormat::Json => {
            let all = serde_json::json!({"from": one.id, "to": other.id, "related": found});
            serde_json::to_string_pretty(&all)? + "\n"
        }
        TableFormat::Markdown => {
            let mut text = format!("| {} | {} | Criteria of both |\n|---|---|---|\n", one.id, other.id);
            for row in &found {
                let criteria: Vec<String> = row.criteria.iter().map(|id| format!("`{id}`")).collect();
                text.push_str(&format!("| `{}` | `{}` | {} |\n", row.from, row.to, criteria.join(", ")));
            }
            text
        }
        TableFormat::Text => {
            let mut text = wrapped(
                "",
                &format!("{} and {}: entries that rest on the same criteria", one.id, other.id),
                output.columns(),
            );
            for row in &found {
                let says = format!("{} - {}: {}", row.from, row.to, row.criteria.join(", "));
                text.push_str(&wrapped("  ", &says, output.columns()));
            }
            if found.is_empty() {
                text.push_str("  none\n");
            }
            text.push_str(&wrapped("", "They are related; neither answers the other.", output.columns()));
            text
        }
    };
    output.print(text)?;
    Ok(Exit::Done)
}

fn named<'p>(practices: &'p Practices, id: &str) -> Result<&'p Catalog> {
    if let Some(catalog) = practices.catalog_called(id) {
        return Ok(catalog);
    }
    let hint = hint(id, practices.all_catalogs().iter().map(|catalog| catalog.id.as_str()));
    bail!("there is no catalog \"{id}\"{hint}; `plimsoll catalog list` lists them")
}

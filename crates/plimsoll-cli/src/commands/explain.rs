//! `plimsoll explain`: what an id asks, and what was found.

use std::{fmt::Write as _, path::Path};

use anyhow::{Result, bail};
use plimsoll_practices::{By, Catalog, Criterion, Entry, Practices};
use plimsoll_render::{Detail, TextOptions};

use super::table::wrapped;
use crate::{
    args::{DataFormat, ExplainArgs},
    exit::Exit,
    judged,
    output::Output,
};

pub fn run(args: &ExplainArgs, practices: Option<&Path>, output: &Output) -> Result<Exit> {
    if let Some(target) = &args.target {
        let known = plimsoll::practices(practices)?;
        let statement = judged::statement(target, &args.at, (&known, practices), output)?;
        if args.format == DataFormat::Text {
            let options =
                TextOptions { width: output.columns(), color: output.color(), detail: Detail::Full, on: None };
            // A label has no more to say of a tier than what the practices ask at it.
            let known = || about(&known, &args.id, output.columns());
            let Some(text) = plimsoll_render::explain(&statement, &args.id, &options).or_else(known) else {
                let body = &statement.predicate;
                let entries = body.catalogs.iter().flat_map(|catalog| &catalog.entries).map(|entry| &entry.id);
                let known = entries.chain(body.criteria.iter().map(|criterion| &criterion.id)).map(String::as_str);
                let hint = plimsoll_practices::hint(&args.id, known);
                bail!("the label has nothing called \"{}\"{hint}; `plimsoll catalog list` lists every id", args.id);
            };
            output.print(text)?;
            return Ok(Exit::Done);
        }
        let body = &statement.predicate;
        let bare = args.id.rsplit('/').next().unwrap_or_default();
        let entries = body.catalogs.iter().flat_map(|catalog| &catalog.entries).filter(|entry| entry.id == bare);
        let mut entries: Vec<_> = entries.collect();
        if entries.is_empty() {
            entries = plimsoll_render::group(&statement, &args.id);
        }
        let criteria: Vec<_> = body.criteria.iter().filter(|criterion| criterion.id == args.id).collect();
        if entries.is_empty() && criteria.is_empty() {
            bail!("the label has nothing called \"{}\"; `plimsoll catalog list` lists every id", args.id);
        }
        let found = serde_json::json!({"entries": entries, "criteria": criteria});
        output.print(serde_json::to_string_pretty(&found)? + "\n")?;
        return Ok(Exit::Done);
    }
    let practices = plimsoll::practices(practices)?;
    let Some(text) = about(&practices, &args.id, output.columns()) else {
        let entries = practices.all_catalogs().iter().flat_map(|catalog| &catalog.entries).map(|entry| &entry.id);
        let hint = plimsoll_practices::hint(&args.id, entries.chain(practices.criteria().keys()).map(String::as_str));
        bail!("nothing is called \"{}\"{hint}; `plimsoll catalog list` lists every id", args.id);
    };
    if args.format == DataFormat::Json {
        output.print(serde_json::to_string_pretty(&serde_json::json!({"id": args.id, "text": text}))? + "\n")?;
    } else {
        output.print(text)?;
    }
    Ok(Exit::Done)
}

/// What the practices say about an id: a criterion, an entry with or without its catalog, a tier's name or level.
pub fn about(practices: &Practices, id: &str, columns: usize) -> Option<String> {
    if let Some(criterion) = practices.criteria().get(id) {
        return Some(criterion_text(practices, criterion, columns));
    }
    // An id alone is one of the catalogs that every label holds, where one of those has it.
    let (own, all) = (practices.catalogs(), practices.all_catalogs());
    let others = all.get(own.len()..).unwrap_or_default();
    for catalogs in [own, others] {
        let entries = catalogs.iter().flat_map(|catalog| catalog.entries.iter().map(move |entry| (catalog, entry)));
        let found: Vec<String> = entries
            .filter(|(catalog, entry)| {
                entry.id.eq_ignore_ascii_case(id) || format!("{}/{}", catalog.id, entry.id) == id
            })
            .map(|(catalog, entry)| entry_text(practices, &catalog.title, entry, columns))
            .collect();
        if !found.is_empty() {
            return Some(found.join("\n"));
        }
    }
    for catalogs in [own, others] {
        let groups: Vec<String> = catalogs.iter().filter_map(|catalog| group_text(catalog, id, columns)).collect();
        if !groups.is_empty() {
            return Some(groups.join("\n"));
        }
    }
    let tier = practices.tiers().tiers.iter().find(|tier| {
        tier.name.eq_ignore_ascii_case(id) || tier.level.to_string() == id || format!("tier-{}", tier.level) == id
    })?;
    let mut text = format!("Tier {}: {}\n", tier.level, tier.name);
    text.push_str(&wrapped("  ", &tier.sentence, columns));
    if !tier.demands.is_empty() {
        text.push_str("\nAsks, beyond the tiers below it:\n");
    }
    for demand in &tier.demands {
        let title = practices
            .entry(&demand.id)
            .map(|entry| entry.title.clone())
            .or_else(|| practices.criteria().get(&demand.id).map(|criterion| criterion.asks.clone()))
            .unwrap_or_default();
        let by = match demand.by {
            By::Maker => "the maker",
            By::Evidence => "the evidence",
        };
        text.push_str(&wrapped("  ", &format!("{} at {}, by {by}: {title}", demand.id, demand.at), columns));
    }
    Some(text)
}

/// What is under an id that is the beginning of others (`PW.8` of `PW.8.1`), the id of a group, or that of a catalog.
fn group_text(catalog: &Catalog, id: &str, columns: usize) -> Option<String> {
    let id = id.strip_prefix(&format!("{}/", catalog.id)).unwrap_or(id);
    let whole = catalog.id.eq_ignore_ascii_case(id);
    let is_under = |entry: &&Entry| {
        let start = entry.id.get(..id.len()).is_some_and(|start| start.eq_ignore_ascii_case(id));
        let is_part = start && entry.id.get(id.len()..).is_some_and(|rest| rest.starts_with('.'));
        whole || is_part || entry.group.eq_ignore_ascii_case(id)
    };
    let under: Vec<&Entry> = catalog.entries.iter().filter(is_under).collect();
    let first = under.first()?;
    let group = catalog.groups.iter().find(|group| group.id == first.group);
    let title = group.map(|group| format!(": {}", group.title)).unwrap_or_default();
    let named = if whole {
        format!("{}: {}", catalog.id, catalog.title)
    } else {
        format!("{} ({}){title}", id.to_ascii_uppercase(), catalog.title)
    };
    let mut text = wrapped("", &named, columns);
    text.push_str("\n  Explain one of:\n");
    for entry in under {
        text.push_str(&wrapped("    ", &format!("{}: {}", entry.id, entry.title), columns));
    }
    Some(text)
}

fn criterion_text(practices: &Practices, criterion: &Criterion, columns: usize) -> String {
    let mut text = format!("{}\n", criterion.id);
    text.push_str(&wrapped("  ", &criterion.asks, columns));
    text.push('\n');
    text.push_str(&wrapped("  Why:       ", &criterion.why, columns));
    text.push_str(&wrapped("  To do:     ", &criterion.fix, columns));
    for how in &criterion.how {
        text.push_str(&wrapped("  ", &format!("On {}:", how.on), columns));
        for line in how.lines.trim_end().lines() {
            let _ = writeln!(text, "      {}", line.trim_end());
        }
    }
    text.push_str(&wrapped("  Effort:    ", criterion.effort.as_str(), columns));
    text.push_str(&wrapped("  Evidence:  ", &criterion.needs.join(", "), columns));
    text.push_str(&wrapped("  At most:   ", criterion.assurance.as_str(), columns));
    if let Some(proof) = &criterion.proof {
        text.push_str(&wrapped("  Proof:     ", proof, columns));
    }
    text.push_str(&wrapped("  Standards: ", &criterion.refs.join("; "), columns));
    let used: Vec<String> = practices
        .all_catalogs()
        .iter()
        .flat_map(|catalog| catalog.entries.iter().map(move |entry| (catalog, entry)))
        .filter(|(_, entry)| {
            entry.supported_by.contains(&criterion.id) || entry.strengthened_by.contains(&criterion.id)
        })
        .map(|(catalog, entry)| format!("{}/{}", catalog.id, entry.id))
        .collect();
    if !used.is_empty() {
        text.push_str(&wrapped("  Supports:  ", &used.join(", "), columns));
    }
    let _ = writeln!(text, "\n  Met when (CEL):");
    for line in criterion.met.source().lines() {
        let _ = writeln!(text, "    {}", line.trim());
    }
    let behind = practices.vocabulary().behind(criterion.met.definitions());
    if !behind.is_empty() {
        text.push_str("\n  Where:\n");
    }
    for definition in behind {
        text.push_str(&wrapped("    ", &format!("{}: {}", definition.call, definition.about), columns));
    }
    text
}

fn entry_text(practices: &Practices, catalog: &str, entry: &Entry, columns: usize) -> String {
    let mut text = format!("{} ({catalog})\n", entry.id);
    text.push_str(&wrapped("  ", &entry.title, columns));
    text.push('\n');
    text.push_str(&wrapped("  Reach:      ", &format!("{} at the highest", entry.reach), columns));
    if let Some(pending) = &entry.pending {
        text.push_str(&wrapped("  This version: ", &format!("{}. {pending}", entry.reachable), columns));
    }
    if let Some(level) = &entry.level {
        text.push_str(&wrapped("  Level:      ", level, columns));
    }
    if let Some(uncovered) = &entry.uncovered {
        let says = format!("{uncovered}. What is below shows a part; only the maker's word meets the entry.");
        text.push_str(&wrapped("  Not covered: ", &says, columns));
    }
    if let Some(beyond) = &entry.beyond {
        text.push_str(&wrapped("  Not looked at: ", &format!("{beyond}. A report calls it met in part."), columns));
    }
    if entry.claimable {
        text.push_str(&wrapped("  Your answer: ", &entry.ask, columns));
    }
    for (word, ids) in [
        ("  Decided by:  ", &entry.supported_by),
        ("  Raised by:   ", &entry.strengthened_by),
        ("  Disproved by: ", &entry.contradicted_by),
    ] {
        for id in ids {
            let asks = practices.criteria().get(id).map(|criterion| criterion.asks.clone()).unwrap_or_default();
            text.push_str(&wrapped(word, &format!("{id}: {asks}"), columns));
        }
    }
    if entry.supported_by.is_empty() {
        text.push_str(&wrapped("  Decided by:  ", "the maker's answer alone", columns));
    }
    text
}

//! Why two labels cannot be compared: each cause with both sides, and what to do.

use std::collections::BTreeSet;

use plimsoll_model::{Evidence, LabelBody, Obstacle, ObstacleCause, Tool, one_line};

/// Files of practices that are named.
const NAMED: usize = 3;
const SAME_WAY: &str =
    "label the base with the same program and options: `plimsoll label --rev BASE --out DIR`, then compare again";

/// Gives the causes for two labels.
pub fn of_labels(before: &LabelBody, after: &LabelBody, renamed: bool) -> Vec<Obstacle> {
    let mut found = Vec::new();
    let (one, other) = (&before.product.name, &after.product.name);
    if one != other && !renamed {
        let named = |name: &str| {
            let name = one_line(name);
            if name.is_empty() { "software without a name".to_owned() } else { name }
        };
        found.push(Obstacle {
            cause: ObstacleCause::Software,
            reason: format!("labels of different software: {} and {}", named(one), named(other)),
            cure: "compare two labels of one software; if it was renamed, pass --renamed".to_owned(),
        });
    }
    schema(&before.schema_version, &after.schema_version, "labels", &mut found);
    programs(&before.tool, &after.tool, &mut found);
    practices(before, after, &mut found);
    if found.is_empty() {
        parts(before, after, &mut found);
    }
    found
}

/// Gives those that evidence has of its own.
pub fn of_evidences(before: &Evidence, after: &Evidence) -> Vec<Obstacle> {
    let mut found = Vec::new();
    schema(&before.schema_version, &after.schema_version, "evidence", &mut found);
    programs(&before.tool, &after.tool, &mut found);
    found
}

/// The same practices give the same criteria, entries and rows, each of them once: where one is missing, somebody took it out.
fn parts(before: &LabelBody, after: &LabelBody, found: &mut Vec<Obstacle>) {
    let named = |body: &LabelBody| -> Vec<String> {
        let criteria = body.criteria.iter().map(|one| format!("criterion {}", one.id));
        let catalog = |one: &plimsoll_model::CatalogResult| {
            let id = one.id.clone();
            one.entries.iter().map(move |entry| format!("entry {id}/{}", entry.id)).collect::<Vec<_>>()
        };
        let rows = body.face.iter().map(|one| format!("row {}", one.id));
        let mut all: Vec<String> = criteria.chain(body.catalogs.iter().flat_map(catalog)).chain(rows).collect();
        all.sort();
        all
    };
    let (one, other) = (named(before), named(after));
    if one == other {
        return;
    }
    let times = |list: &[String], name: &String| list.iter().filter(|one| *one == name).count();
    let differing = |name: &&String| times(&one, name) != times(&other, name);
    let Some(first) = one.iter().chain(&other).find(differing) else { return };
    found.push(Obstacle {
        cause: ObstacleCause::Practices,
        reason: format!("by the same practices, and {} is not in both of them: one was edited", one_line(first)),
        cure: SAME_WAY.to_owned(),
    });
}

fn schema(one: &str, other: &str, what: &str, found: &mut Vec<Obstacle>) {
    if one != other {
        found.push(Obstacle {
            cause: ObstacleCause::Schema,
            reason: format!("{what} of different schema versions: {} and {}", one_line(one), one_line(other)),
            cure: SAME_WAY.to_owned(),
        });
    }
}

fn programs(one: &Tool, other: &Tool, found: &mut Vec<Obstacle>) {
    if one != other {
        let named = |tool: &Tool| format!("{} {}", one_line(&tool.name), one_line(&tool.version));
        found.push(Obstacle {
            cause: ObstacleCause::Tool,
            reason: format!("made by different programs: {} and {}", named(one), named(other)),
            cure: SAME_WAY.to_owned(),
        });
    }
}

fn practices(before: &LabelBody, after: &LabelBody, found: &mut Vec<Obstacle>) {
    let (one, other) = (&before.practices, &after.practices);
    let all: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    let differing: Vec<String> =
        all.into_iter().filter(|name| one.get(*name) != other.get(*name)).map(|name| one_line(name)).collect();
    if differing.is_empty() {
        return;
    }
    let shown: Vec<&str> = differing.iter().take(NAMED).map(String::as_str).collect();
    let more = differing.len() - shown.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    found.push(Obstacle {
        cause: ObstacleCause::Practices,
        reason: format!("evaluated by different practices: {}{more} differ", shown.join(", ")),
        cure: SAME_WAY.to_owned(),
    });
}

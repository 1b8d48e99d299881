//! The outcomes that are kept in `fixtures/labels/`, for the evidence of each tier: no sentence, so that a change of words
//! changes none of them, and one file for each catalog, so that a new one changes none of the others.

use std::{collections::BTreeMap, fmt::Write as _};

use plimsoll_model::{Assurance, LabelBody, Outcome};

use super::{fixtures, label, read};

const LEVELS: std::ops::RangeInclusive<u8> = 0..=4;
const UPDATE: &str = "UPDATE_FIXTURES=1 cargo test -p plimsoll-score";

/// A table with one line for each id and one column for each tier.
#[derive(Default)]
struct Table {
    lines: Vec<(String, Vec<String>)>,
}

impl Table {
    fn add(&mut self, level: u8, id: &str, cell: String) {
        match self.lines.iter_mut().find(|(known, _)| known == id) {
            Some((_, cells)) => cells.push(cell),
            None => self.lines.push((id.to_owned(), vec![cell])),
        }
        let all = self.lines.iter().find(|(known, _)| known == id).map_or(0, |(_, cells)| cells.len());
        assert_eq!(all, usize::from(level) + 1, "{id} is not in every label, or twice in one");
    }

    fn text(&self) -> String {
        let head = ("id".to_owned(), LEVELS.map(|level| format!("tier-{level}")).collect());
        let mut text = format!("# Written by {UPDATE}\n");
        for (id, cells) in std::iter::once(&head).chain(&self.lines) {
            let _ = write!(text, "{id:<32}");
            for cell in cells {
                let _ = write!(text, " {cell:<18}");
            }
            text.truncate(text.trim_end().len());
            text.push('\n');
        }
        text
    }
}

fn cell(outcome: Outcome, assurance: Option<Assurance>) -> String {
    assurance.map_or_else(|| outcome.to_string(), |assurance| format!("{outcome}/{assurance}"))
}

fn summarise(tables: &mut BTreeMap<String, Table>, level: u8, label: &LabelBody) {
    let tiers = tables.entry("tiers".to_owned()).or_default();
    tiers.add(level, "tier", label.tier.level.to_string());
    tiers.add(level, "cap", label.tier.cap.as_ref().map_or("-".to_owned(), |cap| cap.level.to_string()));
    tiers.add(level, "contradictions", label.contradictions.len().to_string());
    for row in &label.face {
        tiers.add(level, &format!("row {}", row.id), cell(row.outcome, row.assurance));
    }
    for rung in &label.ladder {
        tiers.add(level, &format!("missing for tier {}", rung.level), rung.missing.len().to_string());
    }
    let criteria = tables.entry("criteria".to_owned()).or_default();
    for criterion in &label.criteria {
        criteria.add(level, &criterion.id, cell(criterion.outcome, criterion.assurance));
    }
    for catalog in &label.catalogs {
        let entries = tables.entry(format!("catalog-{}", catalog.id)).or_default();
        for entry in &catalog.entries {
            entries.add(level, &entry.id, cell(entry.outcome, entry.assurance));
        }
    }
}

#[test]
fn the_kept_outcomes_are_what_the_evidence_gives() {
    let mut tables = BTreeMap::new();
    for level in LEVELS {
        let label = label(&read(&format!("evidence/tier-{level}.json")));
        let missing = label.ladder.iter().flat_map(|rung| {
            rung.missing.iter().map(|missing| format!("{} {}: {}", rung.level, missing.id, missing.reason))
        });
        let missing = missing.collect::<Vec<_>>().join("\n");
        assert_eq!(label.tier.level, level, "cap {:?}\n{missing}", label.tier.cap);
        summarise(&mut tables, level, &label);
    }
    let folder = fixtures().join("labels");
    let tables: BTreeMap<String, String> =
        tables.iter().map(|(name, table)| (format!("{name}.txt"), table.text())).collect();
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        for (name, text) in &tables {
            std::fs::write(folder.join(name), text).unwrap();
        }
    }
    let kept: BTreeMap<String, String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            (entry.file_name().into_string().unwrap(), std::fs::read_to_string(entry.path()).unwrap())
        })
        .collect();
    let names = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&kept), names(&tables), "a file too much or too few in {}; run {UPDATE}", folder.display());
    for (name, text) in &tables {
        assert!(kept[name] == *text, "{name} is stale: run {UPDATE}, and look at the difference");
    }
}

//! The built-in catalogs against tables of the standards that were made apart from them.

use std::{collections::BTreeSet, fs};

use plimsoll_model::Assurance;
use plimsoll_practices::{Catalog, Practices};

/// One row of a table: its cells, without markup.
pub(crate) fn rows(text: &str) -> Vec<Vec<String>> {
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().replace('*', "")).collect();
    text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("|---")).map(cells).collect()
}

pub(crate) fn standard(name: &str) -> Option<String> {
    let folder = plimsoll_testkit::corpus()?.parent()?.join("standards");
    Some(fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}")))
}

/// Between two headings.
pub(crate) fn part<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let (_, rest) = text.split_once(from).unwrap_or_else(|| panic!("no {from}"));
    rest.split_once(to).map_or(rest, |(part, _)| part)
}

pub(crate) fn practices() -> Practices {
    plimsoll::practices(None).unwrap()
}

/// Ids, levels and reaches of a catalog against rows of id, level and reach.
fn compare(catalog: &Catalog, expected: &[(String, Option<String>, String)]) {
    let own: Vec<&str> = catalog.entries.iter().map(|entry| entry.id.as_str()).collect();
    let theirs: Vec<&str> = expected.iter().map(|(id, ..)| id.as_str()).collect();
    assert_eq!(own, theirs, "{}", catalog.id);
    for (entry, (id, level, reach)) in catalog.entries.iter().zip(expected) {
        assert_eq!(entry.level.as_deref(), level.as_deref(), "{id}");
        // What a repository shows in part, or not at all, is never met without the maker's word.
        if reach.starts_with("part") || reach.starts_with("decl") {
            let by_evidence = !entry.supported_by.is_empty() && entry.uncovered.is_none();
            let declared = entry.reachable == Assurance::Declared;
            assert!(!by_evidence || declared, "{}/{id} is met by evidence, and the table says: {reach}", catalog.id);
        }
    }
}

#[test]
fn each_catalog_has_the_entries_of_its_standard() {
    let practices = practices();
    let catalog = |id: &str| practices.catalog(id).unwrap_or_else(|| panic!("no catalog {id}"));
    let is_id = |id: &str| id.starts_with(|one: char| one.is_ascii_alphanumeric()) && !id.contains(' ');
    let mut compared = 0;
    let mut check = |id: &str, rows: Vec<(String, Option<String>, String)>, count: usize| {
        assert_eq!(rows.len(), count, "the table of {id}");
        compare(catalog(id), &rows);
        compared += 1;
    };
    let Some(text) = standard("eu-cra.md") else { return };
    let annexes = part(&text, "## Annex I Part I", "## Remarks");
    let cra = rows(annexes).into_iter().filter(|row| row[0] != "id");
    check("eu-cra-2024-2847", cra.map(|row| (row[0].clone(), None, row[2].clone())).collect(), 31);

    let text = standard("osps-baseline.md").unwrap();
    let osps = rows(part(&text, "## Requirements", "## What the project")).into_iter().filter(|row| row[0] != "id");
    let osps = osps.map(|row| (row[0].clone(), Some(row[1].clone()), row[3].clone())).collect();
    check("osps-baseline-2026.08.28", osps, 64);

    let text = standard("nist-ir-8397.md").unwrap();
    let all = rows(&text).into_iter().filter(|row| row[0].starts_with("2."));
    check("nist-ir-8397", all.map(|row| (row[0].clone(), None, row[4].clone())).collect(), 11);

    let text = standard("openssf-best-practices-passing.md").unwrap();
    let all = rows(&text)
        .into_iter()
        .filter(|row| is_id(&row[0]) && ["MUST", "SHOULD", "SUGGESTED"].contains(&row[1].as_str()));
    let all: Vec<_> = all.collect();
    for row in &all {
        let entry = catalog("openssf-best-practices-passing").entries.iter().find(|entry| entry.id == row[0]);
        assert_eq!(entry.map(|entry| entry.may_not_apply), Some(row[2] == "yes"), "{}", row[0]);
    }
    let all = all.into_iter().map(|row| (row[0].clone(), Some(row[1].to_lowercase()), row[4].clone())).collect();
    check("openssf-best-practices-passing", all, 67);

    let text = standard("s2c2f.md").unwrap();
    let all = rows(&text).into_iter().filter(|row| row[0].contains('-'));
    check("s2c2f-1.1", all.map(|row| (row[0].clone(), Some(row[1].clone()), row[4].clone())).collect(), 25);

    // The draft is 1.1 with seven tasks more.
    let text = standard("ssdf-1.2-draft.md").unwrap();
    let new: BTreeSet<String> = rows(part(&text, "## New in the draft", "## Changed"))
        .into_iter()
        .map(|row| row[0].clone())
        .filter(|id| id.matches('.').count() == 2)
        .collect();
    let ids = |id: &str| catalog(id).entries.iter().map(|entry| entry.id.clone()).collect::<BTreeSet<_>>();
    assert_eq!(&ids("ssdf-1.2-draft") - &ids("ssdf-1.1"), new);
    assert_eq!((new.len(), ids("ssdf-1.2-draft").len()), (7, 49));

    // The levels of SLSA above the one that promises nothing.
    let text = standard("slsa-1.2.md").unwrap();
    for (id, track, count) in [("slsa-build-1.2", "Build", 3), ("slsa-source-1.2", "Source", 4)] {
        let levels = rows(&text).into_iter().filter_map(|row| {
            let level = row[0].strip_prefix(&format!("{track} L"))?.to_owned();
            (level != "0").then(|| format!("{track}.L{level}"))
        });
        let levels: Vec<String> = levels.collect();
        assert_eq!(levels.len(), count);
        assert_eq!(catalog(id).entries.iter().map(|entry| entry.id.clone()).collect::<Vec<_>>(), levels);
    }
    assert_eq!(compared, 5);
}

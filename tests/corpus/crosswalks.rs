//! The crosswalks that follow from shared criteria against those that the frameworks publish, each difference with its reason.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use plimsoll_practices::Catalog;

use crate::standards::{part, practices, rows, standard};

/// An id of the one framework and one of the other, as they are published.
type Pairs = BTreeSet<(String, String)>;

/// `AC-01` of `AC-01.01`: what is published of OSPS names controls.
fn control(id: &str) -> String {
    id.split('.').next().unwrap_or_default().to_owned()
}

/// Whole practices are named where tasks would be: one of its tasks is enough.
fn agrees(one: &str, other: &str) -> bool {
    one == other || one.starts_with(&format!("{other}."))
}

/// Compares what is `published` with what follows from criteria. `short` makes of an entry of `from` and of `to` what is published.
fn compared(from: &Catalog, to: &Catalog, published: &Pairs, short: [&dyn Fn(&str) -> String; 2]) -> String {
    let [of, on] = short;
    let mut ours: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for crossing in plimsoll::crosswalk(from, to) {
        ours.entry((of(&crossing.from), on(&crossing.to))).or_default().extend(crossing.criteria);
    }
    let mut text = String::new();
    let (mut same, mut loose, mut undecided) = (0, 0, 0);
    for (one, other) in published {
        if ours.keys().any(|(own, theirs)| own == one && agrees(theirs, other)) {
            same += 1;
            continue;
        }
        let entries = |catalog: &'_ Catalog, is: &dyn Fn(&str) -> bool| {
            let found: Vec<bool> = catalog
                .entries
                .iter()
                .filter(|entry| is(&entry.id))
                .map(|entry| !entry.supported_by.is_empty())
                .collect();
            assert!(!found.is_empty(), "{one} {other}: what is published names an entry that {} has not", catalog.id);
            found.contains(&true)
        };
        let why = if !entries(from, &|id| of(id) == *one) {
            undecided += 1;
            "no criterion decides the first"
        } else if !entries(to, &|id| agrees(&on(id), other)) {
            undecided += 1;
            "no criterion decides the second"
        } else {
            loose += 1;
            "related in subject; different evidence decides them"
        };
        let _ = writeln!(text, "published only  {one} {other}: {why}");
    }
    for ((one, other), criteria) in &ours {
        if published.iter().any(|(from, to)| from == one && agrees(other, to)) {
            continue;
        }
        let criteria: Vec<&str> = criteria.iter().map(String::as_str).collect();
        let _ =
            writeln!(text, "here only       {one} {other}: the same evidence decides both: {}", criteria.join(", "));
    }
    let head = format!(
        "{} published, {same} here as well, {loose} with other evidence, {undecided} without a criterion\n\n",
        published.len()
    );
    head + &text
}

fn same(id: &str) -> String {
    id.to_owned()
}

/// What OSPS publishes of the SSDF: each control with practices or tasks.
fn of_the_ssdf(text: &str) -> Pairs {
    let mut found = Pairs::new();
    for row in rows(text).into_iter().filter(|row| row[0] != "control") {
        for pair in row.chunks(2).filter(|pair| pair.len() == 2) {
            let tasks = pair[1].split_whitespace().filter(|task| task.contains('.'));
            found.extend(tasks.map(|task| (pair[0].clone(), task.to_owned())));
        }
    }
    // The table says "as VM-05".
    let same: Vec<_> = found.iter().filter(|(control, _)| control == "VM-05").map(|(_, task)| task.clone()).collect();
    found.extend(same.into_iter().map(|task| ("VM-06".to_owned(), task)));
    found
}

#[test]
fn the_crosswalk_of_osps_to_ssdf_differs_for_known_reasons() {
    let Some(text) = standard("osps-baseline.md") else { return };
    let practices = practices();
    let (osps, ssdf) = (practices.catalog("osps-baseline-2026.08.28").unwrap(), practices.catalog("ssdf-1.1").unwrap());
    let published = of_the_ssdf(part(&text, "## What the project itself maps", "Many are loose"));
    assert!(published.len() > 90, "{}", published.len());
    insta::assert_snapshot!("osps_to_ssdf", compared(osps, ssdf, &published, [&control, &same]));
}

/// What OSPS publishes of Annex I of the CRA: `1.2d AC-01 AC-04 BR-03`, with `to` between the ends of a range.
fn of_the_cra(text: &str) -> Pairs {
    let mut found = Pairs::new();
    let line = text.replace('\n', " ");
    for part in line.split(';') {
        let mut words = part.trim().trim_end_matches('.').split([' ', ',']).filter(|word| !word.is_empty());
        let Some(point) = words.next() else { continue };
        let (annex, rest) = point.split_once('.').unwrap_or_else(|| panic!("{point}"));
        let point = match annex {
            "1" => format!("I.{rest}"),
            "2" => format!("II.{rest}"),
            _ => panic!("{point} is in no part"),
        };
        let mut last: Option<String> = None;
        let mut range = false;
        for word in words.filter(|word| *word != "none") {
            if word == "to" {
                range = true;
                continue;
            }
            let (family, number) = word.split_once('-').unwrap_or_else(|| panic!("{word}"));
            let end: u32 = number.parse().unwrap();
            let first = match last.as_deref().filter(|_| range) {
                Some(before) => before.rsplit_once('-').unwrap().1.parse::<u32>().unwrap() + 1,
                None => end,
            };
            found.extend((first..=end).map(|number| (format!("{family}-{number:02}"), point.clone())));
            (last, range) = (Some(word.to_owned()), false);
        }
    }
    found
}

#[test]
fn the_crosswalk_of_osps_to_the_cra_differs_for_known_reasons() {
    let Some(text) = standard("osps-baseline.md") else { return };
    let practices = practices();
    let osps = practices.catalog("osps-baseline-2026.08.28").unwrap();
    let cra = practices.catalog("eu-cra-2024-2847").unwrap();
    let published = of_the_cra(part(&text, "CRA Annex I (Part.point) to controls:", "OpenSSF Scorecard"));
    assert!(published.len() > 90, "{}", published.len());
    insta::assert_snapshot!("osps_to_cra", compared(osps, cra, &published, [&control, &same]));
}

/// The form names the tasks of the SSDF for each of its rows; the catalog has them as they are published.
#[test]
fn the_crosswalk_of_the_cisa_form_to_ssdf_differs_for_known_reasons() {
    let practices = practices();
    let (form, ssdf) = (practices.catalog("cisa-form-1.0").unwrap(), practices.catalog("ssdf-1.1").unwrap());
    let tasks = |entry: &plimsoll_practices::Entry| -> Vec<(String, String)> {
        let tasks = entry.crosswalk.iter().filter_map(|id| id.strip_prefix("ssdf-1.1/"));
        tasks.map(|task| (entry.id.clone(), task.to_owned())).collect()
    };
    let published: Pairs = form.entries.iter().flat_map(tasks).collect();
    assert!(published.len() > 80, "{}", published.len());
    insta::assert_snapshot!("cisa_to_ssdf", compared(form, ssdf, &published, [&same, &same]));
}

//! Every relative link of the README and of docs/ leads to a file and, where it names one, to a heading in it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Paths of the pages, relative to the root.
fn pages() -> Vec<PathBuf> {
    let docs =
        fs::read_dir(root().join("docs")).unwrap().map(|entry| Path::new("docs").join(entry.unwrap().file_name()));
    let mut pages: Vec<PathBuf> = docs.filter(|path| path.extension().is_some_and(|ending| ending == "md")).collect();
    pages.push(PathBuf::from("README.md"));
    pages.sort();
    pages
}

/// The lines of a page that are not inside a block of code.
fn prose(text: &str) -> Vec<&str> {
    let mut inside = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            inside = !inside;
        } else if !inside {
            lines.push(line);
        }
    }
    assert!(!inside, "a block of code does not end");
    lines
}

/// What follows `](` in a line, up to the bracket that closes.
fn links(line: &str) -> Vec<&str> {
    line.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link).collect()
}

/// The anchors of the headings, as GitHub and mdBook make them.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut anchors = BTreeSet::new();
    for line in prose(text) {
        let title = line.trim_start_matches('#');
        if title.len() == line.len() || !title.starts_with(' ') {
            continue;
        }
        let anchor: String = title
            .trim()
            .chars()
            .filter(|character| character.is_alphanumeric() || matches!(character, ' ' | '-' | '_'))
            .map(|character| if character == ' ' { '-' } else { character.to_ascii_lowercase() })
            .collect();
        let times = seen.entry(anchor.clone()).or_default();
        anchors.insert(if *times == 0 { anchor } else { format!("{anchor}-{times}") });
        *times += 1;
    }
    anchors
}

/// What is wrong with a link on a page, if anything is.
fn fault(page: &Path, link: &str) -> Option<String> {
    if link.contains("://") || link.starts_with("mailto:") {
        return None;
    }
    let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
    let target = if path.is_empty() { page.to_owned() } else { page.parent().unwrap().join(path) };
    if !root().join(&target).exists() {
        return Some(format!("{}: {link}: there is no such file", page.display()));
    }
    if !anchor.is_empty() && !anchors(&fs::read_to_string(root().join(&target)).unwrap()).contains(anchor) {
        return Some(format!("{}: {link}: there is no such heading", page.display()));
    }
    None
}

#[test]
fn every_link_leads_somewhere() {
    let mut faults = Vec::new();
    let mut count = 0;
    for page in pages() {
        let text = fs::read_to_string(root().join(&page)).unwrap();
        for link in prose(&text).into_iter().flat_map(links) {
            count += 1;
            faults.extend(fault(&page, link));
        }
    }
    assert_eq!(faults, Vec::<String>::new());
    assert!(count > 100, "{count} links: are they still found?");
}

#[test]
fn a_link_that_leads_nowhere_is_told() {
    let page = Path::new("docs/model.md");
    assert_eq!(fault(page, "formats.md#exit-codes"), None);
    assert_eq!(fault(page, "https://example.org/#nothing"), None);
    assert!(fault(page, "formats.md#exit-code").unwrap().contains("no such heading"));
    assert!(fault(page, "#no-heading-of-it").unwrap().contains("no such heading"));
    assert!(fault(page, "nothing.md").unwrap().contains("no such file"));
    assert!(
        anchors("# A `b.c`: d\n## A\n## A\n```\n# not one\n```\n")
            .is_superset(&["a-bc-d", "a", "a-1"].map(str::to_owned).into())
    );
}

#[test]
fn every_page_stands_in_the_book() {
    let summary = fs::read_to_string(root().join("docs/SUMMARY.md")).unwrap();
    let listed: BTreeSet<PathBuf> = summary.lines().flat_map(links).map(|link| Path::new("docs").join(link)).collect();
    let outside = [Path::new("README.md"), Path::new("docs/SUMMARY.md")];
    let missing: Vec<PathBuf> =
        pages().into_iter().filter(|page| !outside.contains(&page.as_path()) && !listed.contains(page)).collect();
    assert_eq!(missing, Vec::<PathBuf>::new());
}

//! Licences, lists of maintainers, funding: the names in them. Folders with code of others.

use std::collections::BTreeSet;

use super::{Field, Profile, person};

/// Documents that are read.
pub(super) const MOST: usize = 20;
/// Lines of a document in which a name is looked for.
const MOST_LINES: usize = 60;
/// Files that may hold them, at the root or in these folders, by the beginning of their names in capitals.
const NAMES: &[&str] = &["LICENSE", "LICENCE", "COPYING", "MAINTAINERS", "FUNDING"];
const FOLDERS: &[&str] = &["", ".github", "docs"];
/// Holders that stand in the text of a licence itself.
const OF_THE_TEXT: &[&str] =
    &["free software foundation", "[name", "<name", "{name", "<year>", "[year", "[yyyy", "{yyyy"];
/// Folders with code of others.
const VENDORED: &[&str] = &["vendor", "third_party", "third-party", "thirdparty", "vendored"];

pub(super) fn is_document(path: &str) -> bool {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let name = name.to_uppercase();
    FOLDERS.contains(&folder) && NAMES.iter().any(|start| name.starts_with(start))
}

pub(super) fn read(path: &str, text: &str, found: &mut Profile) {
    let name = path.rsplit('/').next().unwrap_or_default().to_uppercase();
    let lines = text.lines().enumerate().take(MOST_LINES).map(|(at, line)| (at + 1, line.trim()));
    if name.starts_with("FUNDING") {
        funding(path, lines, found);
    } else if name.starts_with("MAINTAINERS") {
        maintainers(path, lines, found);
    } else {
        copyright(path, lines, found);
    }
}

/// The first holder, whose year is before the name.
fn copyright<'a>(path: &str, lines: impl Iterator<Item = (usize, &'a str)>, found: &mut Profile) {
    for (at, line) in lines {
        let lower = line.to_lowercase();
        let Some(rest) = lower.strip_prefix("copyright").and_then(|rest| line.get(line.len() - rest.len()..)) else {
            continue;
        };
        let is_mark = |letter: char| !letter.is_alphabetic();
        let holder = rest.trim_start_matches(is_mark);
        let holder = holder.strip_prefix("C)").or_else(|| holder.strip_prefix("c)")).unwrap_or(holder);
        let has_year = rest.chars().any(|letter| letter.is_ascii_digit());
        let holder = holder.trim_start_matches(is_mark).split(". ").next().unwrap_or_default();
        let holder = person(holder).trim_end_matches(['.', ',']);
        let holder = holder.strip_suffix(". All rights reserved").unwrap_or(holder);
        if has_year && !holder.is_empty() && !OF_THE_TEXT.iter().any(|known| lower.contains(known)) {
            found.say(Field::Claimant, holder, format!("{path}:{at}, copyright"), false);
            return;
        }
    }
}

/// A list entry that begins with a name.
fn maintainers<'a>(path: &str, lines: impl Iterator<Item = (usize, &'a str)>, found: &mut Profile) {
    for (at, line) in lines {
        let Some(entry) = line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")) else { continue };
        let name = person(entry.trim_start_matches(['[', '*', '@'])).split([']', '*', ',', '|']).next();
        let name = name.unwrap_or_default().trim();
        if name.split_whitespace().count() <= 4 {
            found.say(Field::Claimant, name, format!("{path}:{at}, first maintainer"), false);
        }
        return;
    }
}

/// `github: name` or `github: [name, ...]`.
fn funding<'a>(path: &str, lines: impl Iterator<Item = (usize, &'a str)>, found: &mut Profile) {
    for (at, line) in lines {
        let Some(rest) = line.strip_prefix("github:") else { continue };
        let name = rest.split('#').next().unwrap_or_default().trim().trim_start_matches('[');
        let name = name.split([',', ']']).next().unwrap_or_default().trim().trim_matches(['"', '\'']);
        found.say(Field::Claimant, name, format!("{path}:{at}, github"), false);
        return;
    }
}

/// Names the folders of the root with code of others: a label may leave them out.
pub(super) fn vendored<'a>(paths: impl Iterator<Item = &'a str>, found: &mut Profile) {
    let folders: BTreeSet<&str> = paths
        .filter_map(|path| path.split_once('/').map(|(folder, _)| folder))
        .filter(|folder| VENDORED.contains(folder))
        .collect();
    for folder in folders {
        found.say(Field::Outside, &format!("code of others in {folder}/"), format!("the folder {folder}/"), false);
    }
}

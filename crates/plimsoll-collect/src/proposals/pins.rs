//! Digests in the place of tags of actions, where another line of the repository has the digest of that very tag.

use std::{collections::BTreeMap, sync::LazyLock};

use plimsoll_snapshot::Snapshot;
use regex::Regex;

use super::{Change, Found, LARGEST};

/// Workflows that are read.
const MOST: usize = 500;

/// `uses: owner/name/path@reference # note`. Anything else in the line is left as it is.
#[expect(clippy::expect_used, reason = "the pattern is constant, and a test compiles it")]
static USES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r#"^(?<before>\s*(?:-\s+)?uses:\s+)(?<quote>["']?)(?<name>[A-Za-z0-9_.-]+/[A-Za-z0-9_./-]+)"#,
        r#"@(?<reference>[A-Za-z0-9_./-]+)(?<end>["']?)(?:\s+#\s*(?<note>.*?))?\s*$"#
    ))
    .expect("a constant pattern")
});

pub(super) fn changes(snapshot: &Snapshot) -> Found {
    let is_workflow = |path: &str| {
        let name = path.strip_prefix(".github/workflows/").unwrap_or_default();
        [".yml", ".yaml"].iter().any(|end| name.ends_with(end)) && !name.contains('/')
    };
    let files: Vec<(&str, String)> = snapshot
        .entries()
        .iter()
        .filter(|entry| entry.is_file() && is_workflow(&entry.path))
        .take(MOST)
        .filter_map(|entry| Some((entry.path.as_str(), snapshot.read_text(entry, LARGEST).ok()?)))
        .collect();
    let known = known(files.iter().map(|(_, text)| text.as_str()));
    let mut changes = Vec::new();
    let mut open = 0_usize;
    for (path, text) in &files {
        let mut lines = Vec::new();
        let mut after = String::with_capacity(text.len());
        for (at, line) in text.split_inclusive('\n').enumerate() {
            let bare = line.trim_end_matches(['\n', '\r']);
            match pinned(bare, &known) {
                Pin::Now(new) => {
                    after.push_str(&new);
                    after.push_str(line.get(bare.len()..).unwrap_or_default());
                    lines.push((at + 1, new.trim_start().to_owned()));
                }
                pin => {
                    open += usize::from(matches!(pin, Pin::Unknown));
                    after.push_str(line);
                }
            }
        }
        if !lines.is_empty() {
            changes.push(Change::Edit { path: (*path).to_owned(), before: text.clone(), after, lines });
        }
    }
    let left = (open > 0).then(|| {
        let what = plimsoll_model::plural(open, "action is", "actions are");
        format!("{what} left at a tag whose digest no line of the repository has: `pinact run` asks GitHub for it")
    });
    match (changes.is_empty(), left) {
        (true, Some(left)) => Err(left),
        (true, None) => Err("no line of a workflow names an action by a tag".to_owned()),
        (false, left) => Ok((changes, left)),
    }
}

enum Pin {
    /// The line with the digest.
    Now(String),
    /// A tag or branch whose digest is not known.
    Unknown,
    /// Nothing to pin.
    Nothing,
}

fn pinned(line: &str, known: &BTreeMap<(String, String), Option<String>>) -> Pin {
    let Some(found) = USES.captures(line) else { return Pin::Nothing };
    let part = |name: &str| found.name(name).map_or("", |part| part.as_str());
    let (name, reference) = (part("name"), part("reference"));
    if is_digest(reference) || part("quote") != part("end") || part("name").starts_with('.') {
        return Pin::Nothing;
    }
    match known.get(&(repository(name), reference.to_owned())) {
        Some(Some(digest)) => {
            let note = Some(part("note")).filter(|note| !note.is_empty());
            let note = note.map(|note| format!(" {note}")).unwrap_or_default();
            let (before, quote) = (part("before"), part("quote"));
            Pin::Now(format!("{before}{quote}{name}@{digest}{quote} # {reference}{note}"))
        }
        _ => Pin::Unknown,
    }
}

/// The digest of each tag of an action that a comment next to a digest names; nothing where two of them differ.
fn known<'a>(texts: impl Iterator<Item = &'a str>) -> BTreeMap<(String, String), Option<String>> {
    let mut known: BTreeMap<(String, String), Option<String>> = BTreeMap::new();
    for found in texts.flat_map(str::lines).filter_map(|line| USES.captures(line)) {
        let part = |name: &str| found.name(name).map_or("", |part| part.as_str());
        let tag = part("note").split_whitespace().next().unwrap_or_default();
        let tag = tag.strip_prefix("tag=").unwrap_or(tag);
        let is_version = tag.trim_start_matches('v').starts_with(|first: char| first.is_ascii_digit());
        if !is_digest(part("reference")) || !is_version {
            continue;
        }
        let digest = Some(part("reference").to_owned());
        known
            .entry((repository(part("name")), tag.to_owned()))
            .and_modify(|known| *known = known.take().filter(|one| Some(one) == digest.as_ref()))
            .or_insert(digest);
    }
    known
}

/// Owner and name, which GitHub compares without regard to case: actions of one repository have its tags.
fn repository(name: &str) -> String {
    name.splitn(3, '/').take(2).collect::<Vec<_>>().join("/").to_ascii_lowercase()
}

fn is_digest(reference: &str) -> bool {
    plimsoll_model::is_hex(reference, 40) || plimsoll_model::is_hex(reference, 64)
}

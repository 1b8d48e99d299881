//! Which files are CI, and in which order they are read.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_snapshot::{Entry, EntryKind};
use rayon::prelude::*;

use super::{github, gitlab, model::Pipeline};
use crate::{Context, PathClass};

/// Bytes of one CI file. GitHub itself refuses files beyond 512 KiB.
const LARGEST: u64 = 512 * 1024;
/// CI files that are read.
const MOST_FILES: usize = 2000;
/// Reasons of one sort that are told one by one.
const MOST_TOLD: usize = 20;
/// Paths of the source by which filters are judged.
const MOST_SOURCES: usize = 300;
/// Endings of source.
const SOURCE: &[&str] = &[
    "rs", "go", "py", "js", "ts", "jsx", "tsx", "java", "kt", "c", "cc", "cpp", "h", "hpp", "cs", "rb", "php", "swift",
    "scala", "ex", "hs", "zig",
];

/// What was read, in the order of paths, and what was not.
pub(super) struct Read<'a> {
    pub(super) files: Vec<(&'a Entry, Result<Pipeline, String>)>,
    pub(super) gaps: Vec<String>,
    /// Actions that are used from the tree and are not in it.
    pub(super) missing: Vec<String>,
}

/// Reads workflows first, then the actions that they use from this repository, then other actions. Those that are used,
/// and those in `.github`, are no tests or examples, whatever their folder is called.
pub(super) fn read<'a>(cx: &Context<'a>) -> Read<'a> {
    let entries = cx.snapshot.entries();
    let sources = sources(cx);
    let (mut gaps, mut missing) = (Vec::new(), Vec::new());
    let mut read: BTreeMap<&str, (&Entry, Result<Pipeline, String>)> = BTreeMap::new();
    let mut dropped = 0;
    let mut take = |files: Vec<&'a Entry>, read: &mut BTreeMap<&'a str, (&'a Entry, Result<Pipeline, String>)>| {
        let mut files: Vec<&Entry> =
            files.into_iter().filter(|entry| !read.contains_key(entry.path.as_str())).collect();
        dropped += files.len().saturating_sub(MOST_FILES.saturating_sub(read.len()));
        files.truncate(MOST_FILES.saturating_sub(read.len()));
        let outcomes: Vec<_> =
            files.par_iter().map(|entry| (entry.path.as_str(), (*entry, one(cx, entry, &sources)))).collect();
        read.extend(outcomes);
    };
    take(entries.iter().filter(|entry| entry.is_file() && is_pipeline(entry)).collect(), &mut read);
    // A link at the place of a workflow: what it leads to is not followed.
    for entry in entries.iter().filter(|entry| entry.kind == EntryKind::Symlink && is_pipeline(entry)) {
        gaps.push(format!("{}: is a link, which is not followed", entry.path));
    }
    let mut others: Vec<&Entry> = entries.iter().filter(|entry| is_action(entry, cx)).collect();
    let mut known: BTreeSet<String> = BTreeSet::new();
    loop {
        let used: BTreeSet<String> = read
            .values()
            .filter_map(|(_, outcome)| outcome.as_ref().ok())
            .flat_map(|pipeline| &pipeline.jobs)
            .flat_map(|job| &job.uses)
            .filter(|used| used.text.starts_with("./"))
            .map(|used| used.text.clone())
            .filter(|used| !known.contains(used))
            .collect();
        if used.is_empty() {
            // Those that nothing used so far, and then what they use.
            let others = std::mem::take(&mut others);
            if others.is_empty() {
                break;
            }
            take(others, &mut read);
        }
        let mut files = Vec::new();
        for text in &used {
            match local(text).and_then(|path| find(cx, &path)) {
                Some(Found::File(entry)) => files.push(entry),
                Some(Found::Elsewhere) => {}
                None => missing.push(format!("\"{text}\" is used and not in the tree")),
            }
        }
        known.extend(used);
        take(files, &mut read);
    }
    if dropped > 0 {
        gaps.push(format!("{dropped} more CI files than the {MOST_FILES} that are read"));
    }
    Read { files: read.into_values().collect(), gaps: told(gaps), missing: told(missing) }
}

fn told(mut gaps: Vec<String>) -> Vec<String> {
    let more = gaps.len().saturating_sub(MOST_TOLD);
    gaps.truncate(MOST_TOLD);
    gaps.extend((more > 0).then(|| format!("and {more} more of this sort")));
    gaps
}

/// Paths of what ships and looks like source, evenly taken where there are many.
fn sources<'a>(cx: &Context<'a>) -> Vec<&'a str> {
    let all: Vec<&str> = cx
        .snapshot
        .entries()
        .iter()
        .filter(|entry| entry.is_file() && entry.path.rsplit_once('.').is_some_and(|(_, end)| SOURCE.contains(&end)))
        .filter(|entry| cx.classes.of(&entry.path) == PathClass::Shipped)
        .map(|entry| entry.path.as_str())
        .collect();
    let step = all.len().div_ceil(MOST_SOURCES).max(1);
    all.into_iter().step_by(step).collect()
}

// Case matters: the forge runs no `CI.YML`.
fn is_pipeline(entry: &Entry) -> bool {
    let yaml = matches!(entry.path.rsplit_once('.'), Some((_, "yml" | "yaml")));
    (entry.folder() == ".github/workflows" && yaml) || entry.path == ".gitlab-ci.yml"
}

fn is_action(entry: &Entry, cx: &Context<'_>) -> bool {
    entry.is_file()
        && matches!(entry.name(), "action.yml" | "action.yaml")
        && (entry.path.starts_with(".github/") || cx.classes.of(&entry.path) == PathClass::Shipped)
}

/// The path that `uses: ./path` names.
fn local(text: &str) -> Option<String> {
    let path = text.strip_prefix("./")?;
    let path = path.split('@').next().unwrap_or(path);
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    (!parts.contains(&"..")).then(|| parts.join("/"))
}

enum Found<'a> {
    File(&'a Entry),
    /// A workflow that is read as one, or an image that is built from the tree.
    Elsewhere,
}

fn find<'a>(cx: &Context<'a>, path: &str) -> Option<Found<'a>> {
    let file = |name: &str| {
        let path = if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") };
        cx.snapshot.entry(&path).filter(|entry| entry.is_file())
    };
    if let Some(action) = file("action.yml").or_else(|| file("action.yaml")) {
        return Some(Found::File(action));
    }
    let workflow = cx.snapshot.entry(path).is_some_and(|entry| entry.is_file() && is_pipeline(entry));
    (workflow || file("Dockerfile").is_some()).then_some(Found::Elsewhere)
}

fn one(cx: &Context<'_>, entry: &Entry, sources: &[&str]) -> Result<Pipeline, String> {
    let text = cx.snapshot.read_text(entry, LARGEST).map_err(|error| error.to_string())?;
    if entry.path == ".gitlab-ci.yml" {
        gitlab::pipeline(&text, &|path| {
            let included = cx.snapshot.entry(path).ok_or("no such file")?;
            cx.snapshot.read_text(included, LARGEST).map_err(|error| error.to_string())
        })
    } else if is_pipeline(entry) {
        github::workflow(&text, sources)
    } else {
        github::action(&text)
    }
}

//! Facts that rest on the files of a commit alone, kept between runs.
//!
//! A commit is its id, so what was seen of its files by this very program, with the same tools of pipelines, holds as long as the files are here. Nothing is kept of a
//! working copy, nor where a file or folder could not be read: it may be readable the next time.

use plimsoll_snapshot::{ObjectStore, Snapshot};
use plimsoll_trust::Cache;

use crate::{Collector, Gathered, collector::GatheredRecord, collectors::COLLECTORS};

/// What was gathered, by collector.
pub(crate) type ByCollector = Vec<(&'static str, Vec<Gathered>)>;

/// The name of the file.
const NAME: &str = "facts";

/// What is kept of the commit with tools of this digest; nothing where something of it is not here any more.
pub(crate) fn read(cache: &Cache, snapshot: &Snapshot, tools: &str) -> Option<ByCollector> {
    if snapshot.worktree() || !snapshot.has_all_files() {
        return None;
    }
    // Bodies of facts are JSON, which says itself what it holds.
    let (store, digest, text): (ObjectStore, String, String) =
        cache.read(NAME, &place(snapshot), &snapshot.commit())?;
    if digest != tools || !snapshot.object_store()?.still_has(&store) {
        return None;
    }
    let records: Vec<(String, Vec<GatheredRecord>)> = serde_json::from_str(&text).ok()?;
    records
        .into_iter()
        .map(|(name, records)| {
            let collector = of_the_files().find(|collector| collector.name() == name)?;
            let all = records.into_iter().map(|record| Gathered::of_record(record, collector.states()));
            Some((collector.name(), all.collect::<Option<Vec<_>>>()?))
        })
        .collect()
}

/// Keeps what rests on the files of the commit. Gives why it cannot be kept.
pub(crate) fn write(cache: &Cache, snapshot: &Snapshot, tools: &str, gathered: &ByCollector) -> Option<String> {
    let of_files = of_the_files().map(|collector| gathered.iter().find(|(name, _)| *name == collector.name()));
    // Where some were not asked for, others would be missing the next time.
    let of_files: Vec<_> = of_files.collect::<Option<_>>()?;
    if snapshot.worktree() || snapshot.had_unreadable() {
        return None;
    }
    let store = snapshot.object_store()?;
    let records: Vec<(&str, Vec<GatheredRecord>)> =
        of_files.iter().map(|(name, all)| (*name, all.iter().map(Gathered::to_record).collect())).collect();
    let written = serde_json::to_string(&records).map_err(|error| error.to_string());
    let written = written.and_then(|text| {
        cache
            .write(NAME, &place(snapshot), &snapshot.commit(), &(store, tools, text))
            .map_err(|error| error.to_string())
    });
    written.err()
}

fn of_the_files() -> impl Iterator<Item = &'static dyn Collector> {
    COLLECTORS.iter().copied().filter(|collector| collector.is_of_the_files())
}

/// The commit that was looked at last is kept of each repository.
fn place(snapshot: &Snapshot) -> String {
    snapshot.git_dir().display().to_string()
}

//! Every commit read once, while walking.

use std::{
    collections::HashSet,
    path::Path,
    sync::{Mutex, PoisonError},
};

use git2::{ObjectType, Odb, Oid};
use rayon::prelude::*;

use crate::{
    CommitRecord, SnapshotError, TagRecord, commit,
    pool::{Handle, Pool},
};

/// With fewer unread commits than this, one thread reads them: waking another costs more than it saves.
const WIDE: usize = 16;
/// Commits that one worker takes at a time.
const BATCH: usize = 64;
/// Bytes of one commit object; a larger one counts as malformed.
const LARGEST_COMMIT: usize = 16 * 1024 * 1024;
/// Bytes of the `shallow` file.
const LARGEST_SHALLOW: u64 = 16 * 1024 * 1024;

/// The commits of a walk.
#[derive(Debug, Default)]
pub struct Walk {
    /// Newest first: by committer time, then by id. The order does not depend on the number of threads.
    pub commits: Vec<CommitRecord>,
    /// Ids of commits that are named as parents and cannot be read, sorted.
    pub missing: Vec<String>,
}

/// The history of the commit under examination.
#[derive(Debug, Default)]
pub struct History {
    /// The commit and its ancestors, newest first.
    pub commits: Vec<CommitRecord>,
    /// Tags on any of them, by name.
    pub tags: Vec<TagRecord>,
    /// Ids of commits that are named as parents and cannot be read, sorted.
    pub missing: Vec<String>,
    /// How many commits lack a header that every commit has.
    pub malformed: usize,
    /// The clone was cut off on purpose: older commits are not here.
    pub shallow: bool,
    /// References that look like tags and cannot be read.
    pub unreadable_tags: Vec<String>,
}

/// Reads every commit that any reference of the repository at `git_dir` reaches.
pub fn walk_all(git_dir: &Path) -> Result<Walk, SnapshotError> {
    let unreadable = |error: git2::Error| crate::snapshot::unreadable(git_dir, &error);
    let pool = Pool::open(git_dir).map_err(unreadable)?;
    let repository = pool.get().map_err(unreadable)?;
    let mut roots: Vec<Oid> = repository
        .references()
        .map_err(unreadable)?
        .filter_map(|reference| Some(reference.ok()?.peel_to_commit().ok()?.id()))
        .chain(repository.head().ok().and_then(|head| Some(head.peel_to_commit().ok()?.id())))
        .collect();
    roots.sort_unstable();
    roots.dedup();
    drop(repository);
    walk(&pool, &roots)
}

/// Reads every commit that `roots` reach, each once. What cannot be read is listed as missing.
///
/// One worker takes ids from a common heap of those that are known and unread, newest found first, and puts the
/// parents back. Where more lie there than it can use, it calls for another worker, as far as the rayon pool has
/// threads; a worker that finds nothing ends. So a narrow history is read by one thread without waiting for
/// others, and a wide one by all of them without a common beat.
pub(crate) fn walk(pool: &Pool, roots: &[Oid]) -> Result<Walk, SnapshotError> {
    let unreadable = |error: git2::Error| crate::snapshot::unreadable(pool.git_dir(), &error);
    let cut = shallow_commits(pool)?;
    let heap = Mutex::new(Heap {
        seen: roots.iter().copied().collect(),
        unread: roots.to_vec(),
        workers: 1,
        found: Walk::default(),
    });
    let first = pool.get().map_err(unreadable)?;
    let shared = Shared { pool, cut: &cut, heap: &heap };
    rayon::scope(|scope| work(scope, shared, first));
    let heap = heap.into_inner().unwrap_or_else(PoisonError::into_inner);
    debug_assert!(heap.unread.is_empty() && heap.workers == 0);
    let Walk { mut commits, mut missing } = heap.found;
    commits.par_sort_unstable_by(|one, other| {
        other.committer.seconds.cmp(&one.committer.seconds).then_with(|| one.oid.cmp(&other.oid))
    });
    missing.sort();
    Ok(Walk { commits, missing })
}

/// What the workers of a walk have in common.
#[derive(Clone, Copy)]
struct Shared<'a> {
    pool: &'a Pool,
    cut: &'a HashSet<Oid>,
    heap: &'a Mutex<Heap>,
}

struct Heap {
    seen: HashSet<Oid>,
    unread: Vec<Oid>,
    workers: usize,
    found: Walk,
}

#[expect(clippy::needless_pass_by_value, reason = "a worker owns its handle and gives it back when it ends")]
fn work<'a>(scope: &rayon::Scope<'a>, shared: Shared<'a>, handle: Handle<'a>) {
    let heap = || shared.heap.lock().unwrap_or_else(PoisonError::into_inner);
    let (mut commits, mut missing, mut parents) = (Vec::new(), Vec::new(), Vec::new());
    // A handle without an object database reads nothing, and all that it is asked for is missing.
    let odb = handle.odb().ok();
    loop {
        let batch = {
            let mut heap = heap();
            let Heap { seen, unread, workers, .. } = &mut *heap;
            unread.extend(parents.drain(..).filter(|parent| seen.insert(*parent)));
            if unread.is_empty() {
                *workers -= 1;
                heap.found.commits.append(&mut commits);
                heap.found.missing.append(&mut missing);
                return;
            }
            if unread.len() >= WIDE && *workers < rayon::current_num_threads() {
                // Where no other handle can be had, this worker does all of it.
                if let Ok(other) = shared.pool.get() {
                    *workers += 1;
                    scope.spawn(move |scope| work(scope, shared, other));
                }
            }
            let take = unread.len().div_ceil(*workers).min(BATCH);
            unread.split_off(unread.len() - take)
        };
        for oid in batch {
            match odb.as_ref().and_then(|odb| read_one(odb, oid)) {
                Some(record) => {
                    if !shared.cut.contains(&oid) {
                        parents.extend_from_slice(&record.parent_ids);
                    }
                    commits.push(record);
                }
                None => missing.push(oid.to_string()),
            }
        }
    }
}

fn read_one(odb: &Odb<'_>, oid: Oid) -> Option<CommitRecord> {
    let object = odb.read(oid).ok()?;
    (object.kind() == ObjectType::Commit && object.len() <= LARGEST_COMMIT).then(|| commit::parse(oid, object.data()))
}

/// Commits whose parents a shallow clone leaves out.
///
/// Source: git's `Documentation/technical/shallow`: one object id in a line of the file `shallow`.
fn shallow_commits(pool: &Pool) -> Result<HashSet<Oid>, SnapshotError> {
    use std::io::Read as _;
    let unreadable = |reason: String| SnapshotError::Unreadable { path: pool.git_dir().to_owned(), reason };
    let handle = pool.get().map_err(|error| unreadable(error.message().to_owned()))?;
    if !handle.is_shallow() {
        return Ok(HashSet::new());
    }
    let format = handle.object_format();
    let mut text = String::new();
    std::fs::File::open(handle.commondir().join("shallow"))
        .and_then(|file| file.take(LARGEST_SHALLOW).read_to_string(&mut text))
        .map_err(|error| unreadable(format!("the file \"shallow\": {error}")))?;
    Ok(text.lines().filter_map(|line| Oid::from_str_ext(line.trim(), format).ok()).collect())
}

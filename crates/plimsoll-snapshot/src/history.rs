//! Every commit read once, while walking.

use std::{
    collections::HashSet,
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use git2::{Odb, Oid};
use rayon::prelude::*;

use crate::{
    CommitRecord, SignatureScheme, SignedObject, SnapshotError, TagRecord, commit,
    objects::{self, Budget},
    pool::{Handle, Pool},
    signed,
};

/// With fewer unread commits than this, one thread reads them: waking another costs more than it saves.
const WIDE: usize = 16;
/// Commits that one worker takes at a time.
const BATCH: usize = 64;
/// Batches of signed commits that may wait for each thread: what they hold is kept until it is worked on.
const WAITING: usize = 4;
/// Bytes that the commits of a walk may hold beyond what ordinary ones do.
const MOST_COMMIT_BYTES: u64 = 256 * 1024 * 1024;
/// Bytes that the tags on the way to the commits of all references may hold beyond what ordinary ones do.
const MOST_TAG_BYTES: u64 = 64 * 1024 * 1024;
/// Bytes of the `shallow` file.
const LARGEST_SHALLOW: u64 = 16 * 1024 * 1024;

/// The commits of a walk.
#[derive(Debug, Default)]
pub struct Walk {
    /// Newest first: by committer time, then by id. The order does not depend on the number of threads.
    pub commits: Vec<CommitRecord>,
    /// Ids of commits that are named as parents and cannot be read, sorted.
    pub missing: Vec<String>,
    /// Commits that were known without being read, in no order.
    pub(crate) known: Vec<Oid>,
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
    /// Ids of commits that the watch knew and that were not read, as bytes.
    pub known: Vec<Vec<u8>>,
}

/// Which history is walked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The commit under examination and its ancestors.
    Commit,
    /// Everything that any reference reaches.
    AllReferences,
}

/// A signed commit, read while walking.
#[derive(Clone, Debug)]
pub struct SignedCommit {
    /// Its object id in hexadecimal.
    pub id: String,
    /// What was signed, and the signature.
    pub object: SignedObject,
}

/// Watches a walk. Is called from several threads.
pub trait Watch: Sync {
    /// Gives the parents of a commit that is not to be read; it is then in no list of the walk. Ids are bytes here.
    fn known(&self, _id: &[u8]) -> Option<&[Vec<u8>]> {
        None
    }
    /// Takes signed commits, some at a time and in no order. Work on them is spread over the threads of the walk.
    fn take(&self, commits: Vec<SignedCommit>);
}

/// Reads every commit that any reference of the repository at `git_dir` reaches.
pub fn walk_all(git_dir: &Path) -> Result<Walk, SnapshotError> {
    let unreadable = |error: git2::Error| crate::snapshot::unreadable(git_dir, &error);
    let pool = Pool::open(git_dir).map_err(unreadable)?;
    let repository = pool.get().map_err(unreadable)?;
    let roots = tips(&repository).map_err(unreadable)?;
    drop(repository);
    walk(&pool, &roots, None)
}

/// The commits that references stand on, and that of HEAD.
pub(crate) fn tips(repository: &git2::Repository) -> Result<Vec<Oid>, git2::Error> {
    let odb = repository.odb()?;
    let budget = Budget::of(MOST_TAG_BYTES);
    let commit = |reference: git2::Reference<'_>| {
        let target = reference.resolve().ok()?.target()?;
        objects::commit_within(&odb, target, &budget).ok()
    };
    let mut roots: Vec<Oid> = repository
        .references()?
        .filter_map(|reference| commit(reference.ok()?))
        .chain(repository.head().ok().and_then(commit))
        .collect();
    if budget.is_spent() {
        return Err(git2::Error::from_str(&budget.reason()));
    }
    roots.sort_unstable();
    roots.dedup();
    Ok(roots)
}

/// Reads every commit that `roots` reach, each once. What cannot be read is listed as missing.
///
/// One worker takes ids from a common heap of those that are known and unread, newest found first, and puts the
/// parents back. Where more lie there than it can use, it calls for another worker, as far as the rayon pool has
/// threads; a worker that finds nothing ends. So a narrow history is read by one thread without waiting for
/// others, and a wide one by all of them without a common beat.
///
/// `watch` is given every signed commit. Its work runs on threads that have nothing to read; where too much of it waits, the
/// reader does some itself.
pub(crate) fn walk(pool: &Pool, roots: &[Oid], watch: Option<&dyn Watch>) -> Result<Walk, SnapshotError> {
    let unreadable = |error: git2::Error| crate::snapshot::unreadable(pool.git_dir(), &error);
    let cut = shallow_commits(pool)?;
    let heap = Mutex::new(Heap {
        seen: roots.iter().copied().collect(),
        unread: roots.to_vec(),
        workers: 1,
        found: Walk::default(),
    });
    let first = pool.get().map_err(unreadable)?;
    let waiting = AtomicUsize::new(0);
    let budget = Budget::of(MOST_COMMIT_BYTES);
    let shared = Shared { pool, cut: &cut, heap: &heap, watch, waiting: &waiting, budget: &budget };
    rayon::scope(|scope| work(scope, shared, first));
    let heap = heap.into_inner().unwrap_or_else(PoisonError::into_inner);
    // Which commits were read until then depends on the threads; that it is spent does not.
    if budget.is_spent() {
        return Err(SnapshotError::Unreadable { path: pool.git_dir().to_owned(), reason: budget.reason() });
    }
    debug_assert!(heap.unread.is_empty() && heap.workers == 0);
    let Walk { mut commits, mut missing, known } = heap.found;
    commits.par_sort_unstable_by(|one, other| {
        other.committer.seconds.cmp(&one.committer.seconds).then_with(|| one.oid.cmp(&other.oid))
    });
    missing.sort();
    Ok(Walk { commits, missing, known })
}

/// What the workers of a walk have in common.
#[derive(Clone, Copy)]
struct Shared<'a> {
    pool: &'a Pool,
    cut: &'a HashSet<Oid>,
    heap: &'a Mutex<Heap>,
    watch: Option<&'a dyn Watch>,
    /// Batches that were handed to other threads and are not done.
    waiting: &'a AtomicUsize,
    budget: &'a Budget,
}

impl<'a> Shared<'a> {
    fn hand_over(self, scope: &rayon::Scope<'a>, watch: &'a dyn Watch, commits: Vec<SignedCommit>) {
        if commits.is_empty() {
            return;
        }
        let threads = rayon::current_num_threads();
        if threads == 1 || self.waiting.load(Ordering::Relaxed) >= WAITING * threads {
            watch.take(commits);
            return;
        }
        self.waiting.fetch_add(1, Ordering::Relaxed);
        scope.spawn(move |_| {
            watch.take(commits);
            self.waiting.fetch_sub(1, Ordering::Relaxed);
        });
    }
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
    let (mut signed, mut known) = (Vec::new(), Vec::new());
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
                heap.found.known.append(&mut known);
                break;
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
        if let Some(watch) = shared.watch
            && signed.len() >= BATCH
        {
            shared.hand_over(scope, watch, std::mem::take(&mut signed));
        }
        for oid in batch {
            if let Some(one) = shared.watch.and_then(|watch| watch.known(oid.as_bytes())) {
                if !shared.cut.contains(&oid) {
                    parents.extend(one.iter().filter_map(|id| Oid::from_bytes(id).ok()));
                }
                known.push(oid);
                continue;
            }
            if shared.budget.is_spent() {
                continue;
            }
            match odb
                .as_ref()
                .and_then(|odb| read_one(odb, oid, shared.budget, shared.watch.is_some().then_some(&mut signed)))
            {
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
    if let Some(watch) = shared.watch {
        shared.hand_over(scope, watch, signed);
    }
}

fn read_one(odb: &Odb<'_>, oid: Oid, budget: &Budget, signed: Option<&mut Vec<SignedCommit>>) -> Option<CommitRecord> {
    let object = objects::read_within(odb, oid, budget).ok()?;
    let record = commit::parse(oid, object.data());
    if let Some(signed) = signed
        && record.signature != SignatureScheme::None
    {
        let sha256 = oid.object_format() == git2::ObjectFormat::Sha256;
        let object = signed::split_commit(object.data(), sha256);
        signed.extend(object.map(|object| SignedCommit { id: oid.to_string(), object }));
    }
    Some(record)
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

//! Every commit read once, while walking.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use git2::{Odb, Oid};
use plimsoll_model::SignatureScheme;
use rayon::prelude::*;

use crate::{
    CommitRecord, Commits, SignedObject, SnapshotError, TagRecord, commit,
    objects::{self, Budget},
    pool::{Handle, Pool},
    rows::Rows,
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
/// Kept commits that one thread looks for at a time.
const CHECKED: usize = 4096;
/// Bytes of the `shallow` file.
const LARGEST_SHALLOW: u64 = 16 * 1024 * 1024;

/// The commits of a walk.
#[derive(Debug, Default)]
pub struct Walk {
    /// Newest first: by committer time, then by id. The order does not depend on the number of threads.
    pub commits: Commits,
    /// Ids of commits that are named as parents and cannot be read, sorted.
    pub missing: Vec<String>,
    /// How many commits were read.
    pub(crate) read: usize,
    /// Bytes beyond what ordinary commits have.
    pub(crate) spent: u64,
    /// The commits that were kept, where these are not just them.
    pub(crate) kept: Option<Commits>,
}

/// The history of the commit under examination.
#[derive(Debug, Default)]
pub struct History {
    /// The commit and its ancestors, newest first.
    pub commits: Commits,
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
    /// How many commits were read; all but those that were kept.
    pub read: usize,
    /// Bytes of commits beyond what ordinary ones have, those that were kept included.
    pub spent: u64,
    /// The commits that were kept and given, where `commits` is not just them.
    pub kept: Option<Commits>,
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
    /// Its object id as bytes.
    pub id: Vec<u8>,
    /// What was signed, and the signature.
    pub object: SignedObject,
}

/// Watches a walk. Is called from several threads.
pub trait Watch: Sync {
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
    walk(&pool, &roots, None, None)
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
///
/// Commits of `kept` are not read again, nor given to `watch`, where the repository still has all of them and is whole.
pub(crate) fn walk(
    pool: &Pool,
    roots: &[Oid],
    watch: Option<&dyn Watch>,
    kept: Option<(Commits, u64)>,
) -> Result<Walk, SnapshotError> {
    let unreadable = |error: git2::Error| crate::snapshot::unreadable(pool.git_dir(), &error);
    let cut = shallow_commits(pool)?;
    let (kept, refused, spent) = match kept {
        Some((kept, spent)) if cut.is_empty() && has_all(pool, &kept) => (Some(kept), None, spent),
        refused => (None, refused.map(|(kept, _)| kept), 0),
    };
    let mut heap = Heap { workers: 1, ..Heap::default() };
    for root in roots {
        heap.find(*root, kept.as_ref(), true);
    }
    let heap = Mutex::new(heap);
    let first = pool.get().map_err(unreadable)?;
    let waiting = AtomicUsize::new(0);
    let budget = Budget::of_which_spent(MOST_COMMIT_BYTES, spent);
    let kept_commits = kept.as_ref();
    let shared = Shared { pool, cut: &cut, kept: kept_commits, heap: &heap, watch, waiting: &waiting, budget: &budget };
    rayon::scope(|scope| work(scope, shared, first));
    let mut heap = heap.into_inner().unwrap_or_else(PoisonError::into_inner);
    // Which commits were read until then depends on the threads; that it is spent does not.
    if budget.is_spent() && kept.is_some() {
        // Not all of what was kept may be reached: what the bytes of this history are is seen by reading all of it.
        let again = walk(pool, roots, watch, None)?;
        return Ok(Walk { kept, ..again });
    }
    if budget.is_spent() {
        return Err(SnapshotError::Unreadable { path: pool.git_dir().to_owned(), reason: budget.reason() });
    }
    debug_assert!(heap.unread.is_empty() && heap.workers == 0);
    let mut missing = std::mem::take(&mut heap.missing);
    missing.sort();
    let read = heap.found.len();
    let reached = kept.as_ref().map(|kept| heap.reached(kept)).unwrap_or_default();
    match kept {
        Some(kept) if read == 0 && missing.is_empty() && reached.len() == kept.len() => {
            Ok(Walk { commits: kept, missing, read, spent: budget.spent(), kept: None })
        }
        kept => {
            let mut found = std::mem::take(&mut heap.found);
            if let Some(kept) = &kept {
                found.add_kept(kept, &reached, |id| heap.number_of(id));
            }
            let Heap { ids, numbers, .. } = heap;
            drop(numbers);
            Ok(Walk { commits: found.into_commits(&ids), missing, read, spent: budget.spent(), kept: kept.or(refused) })
        }
    }
}

/// Does the repository still have these commits? A commit is its id, so one that is here is the same.
fn has_all(pool: &Pool, kept: &Commits) -> bool {
    let places: Vec<usize> = (0..kept.len()).collect();
    places.par_chunks(CHECKED).all(|places| {
        let handle = pool.get().ok();
        let odb = handle.as_ref().and_then(|handle| handle.odb().ok());
        let has = |odb: &Odb<'_>, id: &[u8]| Oid::from_bytes(id).is_ok_and(|oid| odb.exists(oid));
        odb.is_some_and(|odb| places.iter().all(|place| has(&odb, kept.id_of(*place))))
    })
}

/// What the workers of a walk have in common.
#[derive(Clone, Copy)]
struct Shared<'a> {
    pool: &'a Pool,
    cut: &'a HashSet<Oid>,
    kept: Option<&'a Commits>,
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

/// What is found in a walk.
#[derive(Default)]
struct Heap {
    /// Every id that was named, and its number.
    numbers: HashMap<Oid, u32>,
    /// The ids by their numbers.
    ids: Vec<Oid>,
    /// Was each of them wanted?
    asked: Vec<bool>,
    unread: Vec<(Oid, u32)>,
    workers: usize,
    found: Rows,
    missing: Vec<String>,
    /// Places of the commits of an earlier walk at which this one ends.
    known: Vec<usize>,
}

impl Heap {
    /// Gives the number of an id. One that was not named before is to be read, where it is wanted and not known.
    fn find(&mut self, oid: Oid, kept: Option<&Commits>, wanted: bool) -> u32 {
        let next = self.next();
        let number = *self.numbers.entry(oid).or_insert(next);
        if number == next {
            self.ids.push(oid);
            self.asked.push(false);
        }
        // An id may first be named by a commit whose parents do not count.
        let asked = self.asked.get_mut(number as usize).filter(|asked| wanted && !**asked);
        if let Some(asked) = asked {
            *asked = true;
            match kept.and_then(|kept| kept.place_of(oid.as_bytes())) {
                Some(place) => self.known.push(place),
                None => self.unread.push((oid, number)),
            }
        }
        number
    }

    fn next(&self) -> u32 {
        u32::try_from(self.ids.len()).unwrap_or(u32::MAX)
    }

    /// Gives the number of an id that is not to be read.
    fn number_of(&mut self, id: &[u8]) -> u32 {
        Oid::from_bytes(id).map_or(u32::MAX, |oid| self.find(oid, None, false))
    }

    /// The places of the commits of an earlier walk that this one reaches.
    fn reached(&self, kept: &Commits) -> Vec<usize> {
        let mut reached = Vec::new();
        kept.reach(self.known.clone(), &mut kept.no_places(), |place| reached.push(place));
        reached
    }
}

#[expect(clippy::needless_pass_by_value, reason = "a worker owns its handle and gives it back when it ends")]
fn work<'a>(scope: &rayon::Scope<'a>, shared: Shared<'a>, handle: Handle<'a>) {
    let heap = || shared.heap.lock().unwrap_or_else(PoisonError::into_inner);
    let (mut rows, mut missing, mut parents) = (Rows::default(), Vec::new(), Vec::new());
    let mut signed = Vec::new();
    // A handle without an object database reads nothing, and all that it is asked for is missing.
    let odb = handle.odb().ok();
    loop {
        let batch = {
            let mut heap = heap();
            for (parent, wanted) in parents.drain(..) {
                rows.parent(heap.find(parent, shared.kept, wanted));
            }
            let Heap { unread, workers, .. } = &mut *heap;
            if unread.is_empty() {
                *workers -= 1;
                heap.found.append(rows);
                heap.missing.append(&mut missing);
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
        for (oid, number) in batch {
            if shared.budget.is_spent() {
                continue;
            }
            let signed = shared.watch.is_some().then_some(&mut signed);
            match odb.as_ref().and_then(|odb| read_one(odb, oid, shared.budget, signed)) {
                Some(record) => {
                    let wanted = !shared.cut.contains(&oid);
                    parents.extend(record.parent_ids.iter().map(|parent| (*parent, wanted)));
                    rows.push(number, record);
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
        signed.extend(object.map(|object| SignedCommit { id: oid.as_bytes().to_vec(), object }));
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

//! Every commit read once, while walking.

use std::{
    collections::{BTreeSet, HashSet},
    path::Path,
};

use git2::{ObjectType, Odb, Oid};
use rayon::prelude::*;

use crate::{CommitRecord, SnapshotError, TagRecord, commit, pool::Pool};

/// A frontier narrower than this is read by one thread: waking others costs more than they save.
const WIDE: usize = 16;
/// Commits that one worker takes at a time.
const CHUNK: usize = 16;
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

/// Reads every commit that `roots` reach, breadth first, each once.
///
/// A wide frontier is read by all threads of the rayon pool, each with a repository handle of its own; a
/// narrow one by one thread. What cannot be read is listed as missing.
pub(crate) fn walk(pool: &Pool, roots: &[Oid]) -> Result<Walk, SnapshotError> {
    let unreadable = |error: git2::Error| crate::snapshot::unreadable(pool.git_dir(), &error);
    let cut = shallow_commits(pool)?;
    let own = pool.get().map_err(unreadable)?;
    let odb = own.odb().map_err(unreadable)?;
    let parallel = rayon::current_num_threads() > 1;

    let mut seen: HashSet<Oid> = roots.iter().copied().collect();
    let mut frontier: Vec<Oid> = roots.to_vec();
    let mut commits = Vec::new();
    let mut missing = BTreeSet::new();
    while !frontier.is_empty() {
        let read: Vec<Result<CommitRecord, Oid>> = if parallel && frontier.len() >= WIDE {
            frontier
                .par_chunks(CHUNK.max(frontier.len() / (rayon::current_num_threads() * 4)))
                .map(|chunk| match pool.get().and_then(|handle| Ok(read_all(&handle.odb()?, chunk))) {
                    Ok(read) => read,
                    Err(_) => chunk.iter().map(|oid| Err(*oid)).collect(),
                })
                .flatten_iter()
                .collect()
        } else {
            read_all(&odb, &frontier)
        };
        frontier.clear();
        for one in read {
            match one {
                Ok(record) => {
                    if !cut.contains(&record.oid) {
                        frontier.extend(record.parent_ids.iter().copied().filter(|parent| seen.insert(*parent)));
                    }
                    commits.push(record);
                }
                Err(oid) => {
                    missing.insert(oid);
                }
            }
        }
    }
    commits.par_sort_unstable_by(|one, other| {
        other.committer.seconds.cmp(&one.committer.seconds).then_with(|| one.oid.cmp(&other.oid))
    });
    Ok(Walk { commits, missing: missing.iter().map(Oid::to_string).collect() })
}

fn read_all(odb: &Odb<'_>, ids: &[Oid]) -> Vec<Result<CommitRecord, Oid>> {
    ids.iter().map(|oid| read_one(odb, *oid).ok_or(*oid)).collect()
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

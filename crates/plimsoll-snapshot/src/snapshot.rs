//! The repository at one commit.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{
        Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use git2::{ErrorClass, ErrorCode, ObjectType, Odb, Oid, Repository};
use jiff::Timestamp;

use crate::{
    Commits, Entry, EntryKind, History, Note, ObjectStore, ReadError, Scope, SnapshotError, Watch, commit, history,
    notes, objects,
    pool::Pool,
    special, tags,
    tree::{self, Listing},
    worktree,
};

/// Bytes that a symbolic link may say.
const LONGEST_LINK: u64 = 4096;

/// Which commit, and whether the working copy counts.
#[derive(Clone, Debug, Default)]
pub struct OpenOptions {
    /// A revision as git writes it; `HEAD` when absent.
    pub rev: Option<String>,
    /// Lay the files of the working copy over the commit's tree.
    pub worktree: bool,
}

/// A repository at one commit, read only. May be shared between threads.
pub struct Snapshot {
    pub(crate) pool: Pool,
    pub(crate) commit: Oid,
    committed: Timestamp,
    entries: Vec<Entry>,
    gap: Option<String>,
    worktree: Option<PathBuf>,
    blobs: Blobs,
    store: OnceLock<Option<ObjectStore>>,
    /// Was something of the commit asked for that is not here or is damaged?
    unreadable: AtomicBool,
}

/// Bytes of one blob that is kept, and of all of them.
const LARGEST_KEPT: usize = 256 * 1024;
const MOST_KEPT: usize = 64 * 1024 * 1024;

/// Blobs that were read: what a file holds is looked at for several purposes, and taking it out of a pack costs more than most.
#[derive(Default)]
struct Blobs {
    kept: Mutex<(usize, HashMap<Oid, Vec<u8>>)>,
}

impl Blobs {
    fn get(&self, oid: Oid) -> Option<Vec<u8>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).1.get(&oid).cloned()
    }

    fn put(&self, oid: Oid, bytes: &[u8]) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (size, blobs) = &mut *kept;
        if bytes.len() <= LARGEST_KEPT
            && *size + bytes.len() <= MOST_KEPT
            && blobs.insert(oid, bytes.to_vec()).is_none()
        {
            *size += bytes.len();
        }
    }
}

/// Opens the repository at or above `path`.
pub(crate) fn discover(path: &Path) -> Result<Pool, SnapshotError> {
    if !path.exists() {
        return Err(SnapshotError::NoSuchPath { path: path.to_owned() });
    }
    if let Some(found) = special::on_the_way(path) {
        return Err(SnapshotError::Unreadable { path: path.to_owned(), reason: found });
    }
    let git_dir = Repository::discover_path(path, std::iter::empty::<&Path>()).map_err(|error| {
        if error.code() == ErrorCode::NotFound {
            SnapshotError::NotARepository { path: path.to_owned() }
        } else {
            unreadable(path, &error)
        }
    })?;
    Pool::open(&git_dir).map_err(|error| unreadable(&git_dir, &error))
}

impl Snapshot {
    /// Opens the repository at or above `path` and lists the tree of the commit.
    ///
    /// Refuses what is not a repository, a repository without a commit, an unknown revision, and a commit
    /// whose own object or root tree cannot be read. Missing folders further down are a gap, not an error.
    pub fn open(path: &Path, options: &OpenOptions) -> Result<Self, SnapshotError> {
        let pool = discover(path)?;
        let git_dir = pool.git_dir().to_owned();
        let repository = pool.get().map_err(|error| unreadable(&git_dir, &error))?;

        let odb = repository.odb().map_err(|error| unreadable(&git_dir, &error))?;
        let commit = resolve(&repository, &odb, &git_dir, options.rev.as_deref())?;
        let broken = |what, id: Oid, reason: &str| SnapshotError::Object {
            path: git_dir.clone(),
            what,
            id: id.to_string(),
            reason: reason.to_owned(),
        };
        let object = objects::read_commit(&odb, commit).map_err(|error| broken("commit", commit, error.message()))?;
        let record = commit::parse(commit, object.data());
        let root = root_tree(object.data(), commit).ok_or_else(|| broken("commit", commit, "it names no tree"))?;
        let seconds = record.committed.ok_or_else(|| broken("commit", commit, "it has no committer's date"))?;
        let committed = Timestamp::from_second(seconds)
            .map_err(|_| broken("commit", commit, "its date lies outside of the years that exist"))?;
        if let Err(error) = odb.read_header(root) {
            return Err(broken("tree", root, error.message()));
        }
        let Listing { mut entries, mut gap } = tree::list(&odb, root, commit.as_bytes().len());
        let mut folder = None;
        if options.worktree {
            let found = worktree::folder(&pool).ok_or_else(|| SnapshotError::NoWorktree { path: git_dir.clone() })?;
            let overlaid = worktree::overlay(&pool, &found, entries);
            entries = overlaid.entries;
            gap = [gap, overlaid.gap].into_iter().flatten().reduce(|one, other| format!("{one}; {other}"));
            folder = Some(found);
        }
        drop(object);
        drop(odb);
        drop(repository);
        Ok(Self {
            pool,
            commit,
            committed,
            entries,
            gap,
            worktree: folder,
            blobs: Blobs::default(),
            unreadable: AtomicBool::new(false),
            store: OnceLock::new(),
        })
    }

    /// Object id of the commit in hexadecimal.
    pub fn commit(&self) -> String {
        self.commit.to_string()
    }

    /// The committer's time of the commit.
    pub fn committed(&self) -> Timestamp {
        self.committed
    }

    /// `sha1` or `sha256`.
    pub fn object_format(&self) -> &'static str {
        match self.commit.object_format() {
            git2::ObjectFormat::Sha1 => "sha1",
            git2::ObjectFormat::Sha256 => "sha256",
        }
    }

    /// Were files of the working copy laid over the commit's tree?
    pub fn worktree(&self) -> bool {
        self.worktree.is_some()
    }

    /// Every file, symbolic link and submodule, sorted by path.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Why the listing is not whole; absent when it is.
    pub fn tree_gap(&self) -> Option<&str> {
        self.gap.as_deref()
    }

    /// Could something of the commit not be read so far that another time may be readable?
    pub fn had_unreadable(&self) -> bool {
        self.gap.is_some() || self.unreadable.load(Ordering::Relaxed)
    }

    /// Are the contents of all files of the commit here?
    pub fn has_all_files(&self) -> bool {
        let Ok(repository) = self.pool.get() else { return false };
        let Ok(odb) = repository.odb() else { return false };
        self.gap.is_none()
            && self
                .entries
                .iter()
                .filter(|entry| entry.kind != EntryKind::Submodule)
                .all(|entry| entry.oid.is_some_and(|oid| odb.exists(oid)))
    }

    /// The files of the repository's objects when this was asked first; nothing where that is not known.
    pub fn object_store(&self) -> Option<&ObjectStore> {
        let read = || ObjectStore::read(&self.pool.get().ok()?.commondir().join("objects"));
        self.store.get_or_init(read).as_ref()
    }

    /// The folder of the repository's objects and references.
    pub fn git_dir(&self) -> &Path {
        self.pool.git_dir()
    }

    /// What stands at exactly `path`.
    pub fn entry(&self, path: &str) -> Option<&Entry> {
        let at = self.entries.binary_search_by(|entry| entry.path.as_str().cmp(path)).ok()?;
        self.entries.get(at)
    }

    /// Gives the bytes of a regular file of at most `limit` bytes.
    pub fn read(&self, entry: &Entry, limit: u64) -> Result<Vec<u8>, ReadError> {
        match entry.kind {
            EntryKind::Symlink => return Err(ReadError::Symlink),
            EntryKind::Submodule => return Err(ReadError::Submodule),
            EntryKind::File | EntryKind::Executable => {}
        }
        let bytes = match entry.oid {
            Some(oid) => self.blob(oid, limit)?,
            None => worktree::read(self.worktree.as_deref().ok_or(ReadError::Missing)?, &entry.path, limit)?,
        };
        if is_lfs_pointer(&bytes) { Err(ReadError::LfsPointer) } else { Ok(bytes) }
    }

    /// Gives where a symbolic link of the commit leads: what it says, escaped as the paths of entries are, and not followed.
    ///
    /// Refused: what is no link, a link of the working copy, and one that says more than a path can be long.
    pub fn link(&self, entry: &Entry) -> Result<String, ReadError> {
        match (entry.kind, entry.oid) {
            (EntryKind::Symlink, Some(oid)) => Ok(tree::escape(&self.blob(oid, LONGEST_LINK)?)),
            _ => Err(ReadError::Symlink),
        }
    }

    fn blob(&self, oid: Oid, limit: u64) -> Result<Vec<u8>, ReadError> {
        let failed = |error: &git2::Error| {
            self.unreadable.store(true, Ordering::Relaxed);
            match error.code() {
                ErrorCode::NotFound => ReadError::Missing,
                _ => ReadError::Unreadable { reason: error.message().to_owned() },
            }
        };
        if let Some(bytes) = self.blobs.get(oid) {
            return if bytes.len() as u64 > limit { Err(ReadError::TooLarge { limit }) } else { Ok(bytes) };
        }
        let repository = self.pool.get().map_err(|error| failed(&error))?;
        let odb = repository.odb().map_err(|error| failed(&error))?;
        // The size comes before the bytes: a bomb is refused without being inflated.
        let (size, kind) = odb.read_header(oid).map_err(|error| failed(&error))?;
        if kind != ObjectType::Blob {
            return Err(ReadError::Unreadable { reason: "the object is not a blob".to_owned() });
        }
        if size as u64 > limit {
            return Err(ReadError::TooLarge { limit });
        }
        let object = odb.read(oid).map_err(|error| failed(&error))?;
        self.blobs.put(oid, object.data());
        Ok(object.data().to_vec())
    }

    /// As [`Snapshot::read`], and the bytes must be UTF-8; a byte order mark at the start is left out.
    pub fn read_text(&self, entry: &Entry, limit: u64) -> Result<String, ReadError> {
        let text = String::from_utf8(self.read(entry, limit)?).map_err(|_| ReadError::NotUtf8)?;
        Ok(text.strip_prefix('\u{feff}').map(ToOwned::to_owned).unwrap_or(text))
    }

    /// Gives the notes on the commit (`refs/notes/*`), and what of them could not be read.
    pub fn notes(&self) -> Result<(Vec<Note>, Vec<String>), SnapshotError> {
        let failed = |error: git2::Error| unreadable(self.pool.git_dir(), &error);
        let repository = self.pool.get().map_err(failed)?;
        notes::read(&repository, self.commit).map_err(failed)
    }

    /// Gives the commit, its ancestors and the tags on them. Other branches do not count: the result depends
    /// on the commit and its tags alone.
    pub fn history(&self) -> Result<History, SnapshotError> {
        self.watched_history(Scope::Commit, None, None)
    }

    /// Gives the commits of `scope` and the tags on them, and lets `watch` see the signed ones on the way. Commits of `kept`
    /// are neither read nor shown to it, where the repository still has all of them and is no shallow clone; the number with them is
    /// what they spent of the bytes that a history may have.
    pub fn watched_history(
        &self,
        scope: Scope,
        watch: Option<&dyn Watch>,
        kept: Option<(Commits, u64)>,
    ) -> Result<History, SnapshotError> {
        let failed = |error: git2::Error| unreadable(self.pool.git_dir(), &error);
        let repository = self.pool.get().map_err(failed)?;
        let roots = match scope {
            Scope::Commit => vec![self.commit],
            Scope::AllReferences => history::tips(&repository).map_err(failed)?,
        };
        let walk = history::walk(&self.pool, &roots, watch, kept)?;
        let (tags, unreadable_tags) = tags::read(&repository, &walk.commits).map_err(failed)?;
        Ok(History {
            malformed: walk.commits.malformed(),
            commits: walk.commits,
            tags,
            missing: walk.missing,
            shallow: repository.is_shallow(),
            unreadable_tags,
            read: walk.read,
            spent: walk.spent,
            kept: walk.kept,
        })
    }
}

fn resolve(repository: &Repository, odb: &Odb<'_>, git_dir: &Path, rev: Option<&str>) -> Result<Oid, SnapshotError> {
    let path = git_dir.to_owned();
    let Some(rev) = rev else {
        // By hand, so that "no commit yet" and "HEAD names something that is not here" stay apart.
        let head = repository.head().map_err(|error| match error.code() {
            ErrorCode::UnbornBranch => {
                SnapshotError::NoCommit { path: path.clone(), reason: "the branch of HEAD is unborn".to_owned() }
            }
            _ => SnapshotError::NoCommit { path: path.clone(), reason: error.message().to_owned() },
        })?;
        let target = head
            .target()
            .ok_or_else(|| SnapshotError::NoCommit { path: path.clone(), reason: "HEAD names no object".to_owned() })?;
        return objects::commit_of(odb, target).map_err(|error| SnapshotError::Object {
            path,
            what: "commit",
            id: target.to_string(),
            reason: error.message().to_owned(),
        });
    };
    objects::named(repository, odb, rev).map_err(|error| SnapshotError::UnknownRevision {
        path,
        rev: rev.to_owned(),
        reason: error.message().to_owned(),
    })
}

pub(crate) fn root_tree(data: &[u8], commit: Oid) -> Option<Oid> {
    let line = data.split(|byte| *byte == b'\n').next()?;
    let hex = std::str::from_utf8(line.strip_prefix(b"tree ")?).ok()?;
    Oid::from_str_ext(hex, commit.object_format()).ok().filter(|_| hex.len() == commit.as_bytes().len() * 2)
}

/// Sorts a failure to open into one that has a cure of its own and the rest.
pub(crate) fn unreadable(path: &Path, error: &git2::Error) -> SnapshotError {
    let path = path.to_owned();
    if error.code() == ErrorCode::Owner || (error.class() == ErrorClass::Config && error.message().contains("owned by"))
    {
        return SnapshotError::Owner { path };
    }
    SnapshotError::Unreadable { path, reason: error.message().to_owned() }
}

/// Does a file only name a content that is elsewhere?
///
/// Source: Git LFS specification, "The Pointer": below 1024 bytes, `version` first, then keys in their order.
pub(crate) fn is_lfs_pointer(bytes: &[u8]) -> bool {
    let start = [&b"version https://git-lfs.github.com/spec/v1\n"[..], b"version https://hawser.github.com/spec/v1\n"];
    let names = || bytes.split(|byte| *byte == b'\n').any(|line| line.starts_with(b"oid sha256:"));
    bytes.len() < 1024 && start.iter().any(|start| bytes.starts_with(start)) && names()
}

//! Commits and what leads to them, never inflated beyond their bounds: the size stands before the bytes.

use std::sync::atomic::{AtomicU64, Ordering};

use git2::{ObjectType, Odb, OdbObject, Oid, Repository};

/// Bytes of one commit object.
pub(crate) const LARGEST_COMMIT: usize = 16 * 1024 * 1024;
/// Bytes of one tag object.
pub(crate) const LARGEST_TAG: usize = 16 * 1024 * 1024;
/// Tags that point at tags.
pub(crate) const LONGEST_CHAIN: usize = 16;

/// Bytes of one object that count as nothing: that many of them have to be here as well.
const FREE: u64 = 4 * 1024;

/// Bytes that all objects of a walk may have beyond what ordinary ones have. A few bytes of a repository may inflate to
/// thousands of times as many, and as often as there are objects.
pub(crate) struct Budget {
    left: AtomicU64,
    most: u64,
}

impl Budget {
    pub(crate) fn of(most: u64) -> Self {
        Self { left: AtomicU64::new(most), most }
    }

    /// A budget of which so much is spent already.
    pub(crate) fn of_which_spent(most: u64, spent: u64) -> Self {
        Self { left: AtomicU64::new(most.checked_sub(spent).unwrap_or(u64::MAX)), most }
    }

    /// How much is spent; more than there was, where it is spent.
    pub(crate) fn spent(&self) -> u64 {
        self.most.checked_sub(self.left.load(Ordering::Relaxed)).unwrap_or(u64::MAX)
    }

    /// Takes the bytes of an object; refused where not as many are left, then and from then on.
    pub(crate) fn spend(&self, size: usize) -> Result<(), git2::Error> {
        let size = (size as u64).saturating_sub(FREE);
        let spent = |left: u64| Some(if left == u64::MAX { left } else { left.checked_sub(size).unwrap_or(u64::MAX) });
        let _ = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, spent);
        if self.is_spent() { Err(git2::Error::from_str(&self.reason())) } else { Ok(()) }
    }

    pub(crate) fn is_spent(&self) -> bool {
        self.left.load(Ordering::Relaxed) == u64::MAX
    }

    pub(crate) fn reason(&self) -> String {
        format!("its objects hold more than {} MiB beyond what ordinary ones do", self.most / 1024 / 1024)
    }
}

/// As [`read_commit`], within a budget.
pub(crate) fn read_within<'a>(odb: &'a Odb<'_>, oid: Oid, budget: &Budget) -> Result<OdbObject<'a>, git2::Error> {
    budget.spend(bounded(odb, oid, ObjectType::Commit, LARGEST_COMMIT)?)?;
    odb.read(oid)
}

/// Gives a commit's object. Refused: what is no commit, and one that is too large, before any of it is inflated.
pub(crate) fn read_commit<'a>(odb: &'a Odb<'_>, oid: Oid) -> Result<OdbObject<'a>, git2::Error> {
    bounded(odb, oid, ObjectType::Commit, LARGEST_COMMIT)?;
    odb.read(oid)
}

/// Gives the size, before anything is inflated.
fn bounded(odb: &Odb<'_>, oid: Oid, expected: ObjectType, most: usize) -> Result<usize, git2::Error> {
    match odb.read_header(oid)? {
        (_, kind) if kind != expected => Err(git2::Error::from_str(&format!("it is a {kind}, and no {expected}"))),
        (size, _) if size > most => Err(git2::Error::from_str(&format!("it is larger than {most} bytes"))),
        (size, _) => Ok(size),
    }
}

/// Gives the commit that an object is, or that a tag leads to.
pub(crate) fn commit_of(odb: &Odb<'_>, oid: Oid) -> Result<Oid, git2::Error> {
    commit_within(odb, oid, &Budget::of(u64::MAX - 1))
}

/// As [`commit_of`], within a budget.
pub(crate) fn commit_within(odb: &Odb<'_>, oid: Oid, budget: &Budget) -> Result<Oid, git2::Error> {
    let mut oid = oid;
    for _ in 0..LONGEST_CHAIN {
        let (_, kind) = odb.read_header(oid)?;
        if kind != ObjectType::Tag {
            bounded(odb, oid, ObjectType::Commit, LARGEST_COMMIT)?;
            return Ok(oid);
        }
        budget.spend(bounded(odb, oid, ObjectType::Tag, LARGEST_TAG)?)?;
        let tag = odb.read(oid)?;
        oid = tagged(tag.data(), oid).ok_or_else(|| git2::Error::from_str("the tag names no object"))?;
    }
    Err(git2::Error::from_str("the tags that lead to it are too many"))
}

/// What a tag object stands on.
pub(crate) fn tagged(data: &[u8], tag: Oid) -> Option<Oid> {
    let hex = data.strip_prefix(b"object ")?.split(|byte| *byte == b'\n').next()?;
    Oid::from_str_ext(std::str::from_utf8(hex).ok()?, tag.object_format()).ok()
}

/// Gives the commit that a revision names.
///
/// A name or a whole id is looked up without reading what it stands on; anything else (`HEAD~2`, half an id) is for libgit2,
/// once the commit that it begins at is known to be small enough.
pub(crate) fn named(repository: &Repository, odb: &Odb<'_>, rev: &str) -> Result<Oid, git2::Error> {
    let by_name = |name: &str| {
        let reference = repository.resolve_reference_from_short_name(name).ok()?;
        reference.resolve().ok()?.target()
    };
    let by_id = |id: &str| {
        [git2::ObjectFormat::Sha1, git2::ObjectFormat::Sha256].into_iter().find_map(|format| {
            Oid::from_str_ext(id, format).ok().filter(|oid| oid.to_string() == id && odb.exists(*oid))
        })
    };
    let known = |text: &str| by_id(text).or_else(|| by_name(text));
    if let Some(oid) = known(rev) {
        return commit_of(odb, oid);
    }
    let start = rev.split(['~', '^', '@', ':']).next().unwrap_or_default();
    if let Some(oid) = known(if start.is_empty() { "HEAD" } else { start }) {
        commit_of(odb, oid)?;
    }
    let object = repository.revparse_single(rev)?;
    commit_of(odb, object.id())
}

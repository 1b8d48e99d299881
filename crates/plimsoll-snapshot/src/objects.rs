//! Commits and what leads to them, never inflated beyond their bounds: the size stands before the bytes.

use git2::{ObjectType, Odb, OdbObject, Oid, Repository};

/// Bytes of one commit object.
pub(crate) const LARGEST_COMMIT: usize = 16 * 1024 * 1024;
/// Bytes of one tag object.
pub(crate) const LARGEST_TAG: usize = 16 * 1024 * 1024;
/// Tags that point at tags.
pub(crate) const LONGEST_CHAIN: usize = 16;

/// Gives a commit's object. Refused: what is no commit, and one that is too large, before any of it is inflated.
pub(crate) fn read_commit<'a>(odb: &'a Odb<'_>, oid: Oid) -> Result<OdbObject<'a>, git2::Error> {
    bounded(odb, oid, ObjectType::Commit, LARGEST_COMMIT)?;
    odb.read(oid)
}

fn bounded(odb: &Odb<'_>, oid: Oid, expected: ObjectType, most: usize) -> Result<(), git2::Error> {
    match odb.read_header(oid)? {
        (_, kind) if kind != expected => Err(git2::Error::from_str(&format!("it is a {kind}, and no {expected}"))),
        (size, _) if size > most => Err(git2::Error::from_str(&format!("it is larger than {most} bytes"))),
        _ => Ok(()),
    }
}

/// Gives the commit that an object is, or that a tag leads to.
pub(crate) fn commit_of(odb: &Odb<'_>, oid: Oid) -> Result<Oid, git2::Error> {
    let mut oid = oid;
    for _ in 0..LONGEST_CHAIN {
        let (_, kind) = odb.read_header(oid)?;
        if kind != ObjectType::Tag {
            bounded(odb, oid, ObjectType::Commit, LARGEST_COMMIT)?;
            return Ok(oid);
        }
        bounded(odb, oid, ObjectType::Tag, LARGEST_TAG)?;
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

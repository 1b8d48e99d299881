//! What one file was in the commits of a line of history: each folder read once, each content by its id.

use std::collections::HashMap;

use git2::{ObjectType, Odb, Oid};

use crate::{
    ReadError, Snapshot, SnapshotError, objects, past, snapshot,
    tree::{self, LARGEST_TREE},
};

/// Bytes of folders that are read for one file.
const MOST_TREE_BYTES: usize = 1024 * 1024 * 1024;

/// A file in one commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileVersion {
    /// The commit has no file there.
    Absent,
    /// The object id of its content, in hexadecimal.
    Content(String),
    /// The commit or a folder cannot be read, or what is there is no regular file.
    Unreadable,
}

/// Where an entry leads: its mode and id; nothing where there is none. An error is a folder that cannot be read.
type Step = Result<Option<(u32, Oid)>, ()>;

impl Snapshot {
    /// Gives what stood at `path`, spelled as [`crate::Entry::path`], in each of `commits` (object ids as bytes), in their order.
    pub fn versions_of<'a>(
        &self,
        path: &str,
        commits: impl Iterator<Item = &'a [u8]>,
    ) -> Result<Vec<FileVersion>, SnapshotError> {
        let failed = |error: git2::Error| snapshot::unreadable(self.pool.git_dir(), &error);
        let repository = self.pool.get().map_err(failed)?;
        let odb = repository.odb().map_err(failed)?;
        let parts: Vec<&str> = path.split('/').collect();
        let mut known: Vec<HashMap<Oid, Step>> = vec![HashMap::new(); parts.len()];
        let mut left = MOST_TREE_BYTES;
        let versions = commits.map(|commit| {
            let root = Oid::from_bytes(commit).ok().and_then(|oid| {
                let object = objects::read_commit(&odb, oid).ok()?;
                snapshot::root_tree(object.data(), oid)
            });
            let Some(mut tree) = root else { return FileVersion::Unreadable };
            for (at, (part, known)) in parts.iter().zip(&mut known).enumerate() {
                let step = known.entry(tree).or_insert_with(|| step(&odb, tree, part, &mut left));
                match *step {
                    Err(()) => return FileVersion::Unreadable,
                    Ok(None) => return FileVersion::Absent,
                    Ok(Some((mode, oid))) => match (at + 1 == parts.len(), mode & 0o170_000) {
                        (false, 0o040_000) => tree = oid,
                        (true, 0o100_000) => return FileVersion::Content(oid.to_string()),
                        // A folder in the place of the file, or a file in the place of a folder, is no such file.
                        (false, 0o100_000) | (true, 0o040_000) => return FileVersion::Absent,
                        _ => return FileVersion::Unreadable,
                    },
                }
            }
            FileVersion::Absent
        });
        Ok(versions.collect())
    }

    /// Reads a content of at most `limit` bytes by its object id.
    pub fn read_content(&self, id: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        let failed = |error: git2::Error| ReadError::Unreadable { reason: error.message().to_owned() };
        let repository = self.pool.get().map_err(failed)?;
        let odb = repository.odb().map_err(failed)?;
        let oid = Oid::from_str_ext(id, repository.object_format()).map_err(failed)?;
        let object = past::bounded(&odb, oid, limit)?;
        let bytes = object.data();
        if snapshot::is_lfs_pointer(bytes) { Err(ReadError::LfsPointer) } else { Ok(bytes.to_vec()) }
    }
}

/// Looks a name up in a folder.
fn step(odb: &Odb<'_>, tree: Oid, part: &str, left: &mut usize) -> Step {
    let (size, kind) = odb.read_header(tree).map_err(|_| ())?;
    if kind != ObjectType::Tree || size > LARGEST_TREE {
        return Err(());
    }
    *left = left.checked_sub(size).ok_or(())?;
    let object = odb.read(tree).map_err(|_| ())?;
    let mut rest = object.data();
    while !rest.is_empty() {
        let (mode, name, id, after) = tree::next_entry(rest, tree.as_bytes().len()).ok_or(())?;
        if tree::escape(name) == part {
            return Ok(Some((mode, Oid::from_bytes(id).map_err(|_| ())?)));
        }
        rest = after;
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use plimsoll_testkit::Repo;

    use super::{FileVersion::*, *};
    use crate::OpenOptions;

    #[test]
    fn a_file_is_what_each_commit_has_at_its_path() {
        let repo = Repo::new()
            .file("a/lock", "one")
            .commit("one")
            .file("a/lock", "two")
            .commit("two")
            .without("a/lock")
            .file("b", "x")
            .commit("none")
            .symlink("a/lock", "/etc/passwd")
            .commit("link")
            .without("a/lock")
            .file("a/lock/deeper", "x")
            .commit("folder")
            .without("a/lock/deeper")
            .file("a", "x")
            .commit("a file in the place of the folder");
        let snapshot = Snapshot::open(repo.path(), &OpenOptions::default()).unwrap();
        let history = snapshot.history().unwrap();
        let ids = (0..history.commits.len()).rev().map(|place| history.commits.id_of(place));
        let missing = [0_u8; 20];
        let versions = snapshot.versions_of("a/lock", ids.chain([missing.as_slice()])).unwrap();
        let content = |text: &[u8]| Content(Oid::hash_object(ObjectType::Blob, text).unwrap().to_string());
        assert_eq!(versions, [content(b"one"), content(b"two"), Absent, Unreadable, Absent, Absent, Unreadable]);
        let Content(id) = &versions[1] else { panic!("{versions:?}") };
        assert_eq!(snapshot.read_content(id, 3).unwrap(), b"two");
        assert!(matches!(snapshot.read_content(id, 2), Err(ReadError::TooLarge { limit: 2 })));
        assert!(snapshot.read_content(&"0".repeat(40), 3).is_err() && snapshot.read_content("x", 3).is_err());
    }
}

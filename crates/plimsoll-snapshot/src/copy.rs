//! The commit as a repository of its own in a folder of ours, for a program that wants to see one.
//!
//! Nothing but the commit's own objects is in it: no configuration, no hook, no reference, no history. Files are written as
//! their blobs are; no filter is asked.

use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
};

use git2::{ObjectType, Odb, Oid, Repository, RepositoryInitOptions};

use crate::{EntryKind, Snapshot};

/// Bytes of all files together.
const MOST_BYTES: u64 = 1 << 30;
/// Files that are written.
const MOST_FILES: usize = 100_000;

/// Why no copy was made: one clause.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CopyError {
    /// The commit has what is not copied.
    #[error("{path}: {reason}")]
    Refused {
        /// Which path of it.
        path: String,
        /// Why.
        reason: String,
    },
    /// The tree is not whole, or larger than what is copied.
    #[error("{reason}")]
    Tree {
        /// Why.
        reason: String,
    },
    /// An object cannot be read or written.
    #[error("git: {reason}")]
    Git {
        /// What libgit2 says.
        reason: String,
    },
    /// A file cannot be written.
    #[error("{path}: cannot be written ({kind})")]
    Write {
        /// Its path in the tree.
        path: String,
        /// What kind of error it was.
        kind: io::ErrorKind,
    },
}

impl From<git2::Error> for CopyError {
    fn from(error: git2::Error) -> Self {
        Self::Git { reason: error.message().to_owned() }
    }
}

impl Snapshot {
    /// Writes the commit into `folder`, which must be empty: its objects, an index, and its files.
    ///
    /// Refused as a whole: a tree that is not whole or too large, submodules, names that lead out or are no text, links that
    /// could lead out, and repositories of SHA-256. The commit has its own id there, without its ancestors.
    pub fn copy_to(&self, folder: &Path) -> Result<(), CopyError> {
        if let Some(gap) = self.tree_gap() {
            return Err(CopyError::Tree { reason: gap.to_owned() });
        }
        if self.worktree() || self.object_format() != "sha1" {
            return Err(CopyError::Tree { reason: "only commits of SHA-1 repositories are copied".to_owned() });
        }
        if self.entries().len() > MOST_FILES {
            return Err(CopyError::Tree { reason: format!("more than {MOST_FILES} files") });
        }
        let repository = self.pool.get()?;
        let source = repository.odb()?;
        let mut options = RepositoryInitOptions::new();
        options.external_template(false).no_reinit(true).initial_head("copy");
        let copy = Repository::init_opts(folder, &options)?;
        let target = copy.odb()?;
        let tree = objects(&source, &target, self.commit)?;
        let mut left = MOST_BYTES;
        let mut links = Vec::new();
        for entry in self.entries() {
            let refused = |reason: &str| CopyError::Refused { path: entry.path.clone(), reason: reason.to_owned() };
            let path = plain(&entry.path).ok_or_else(|| refused("a name that is not written to a disk"))?;
            let Some(oid) = entry.oid.filter(|_| entry.kind != EntryKind::Submodule) else {
                return Err(refused("a submodule, which is another repository"));
            };
            let (size, kind) = source.read_header(oid)?;
            left = left.checked_sub(size as u64).filter(|_| kind == ObjectType::Blob).ok_or_else(|| {
                CopyError::Tree { reason: format!("files of more than {MOST_BYTES} bytes, or what is no file") }
            })?;
            let object = source.read(oid)?;
            target.write(ObjectType::Blob, object.data())?;
            if entry.kind == EntryKind::Symlink {
                let link = std::str::from_utf8(object.data()).ok().filter(|link| stays(&path, link));
                links.push((path, link.ok_or_else(|| refused("a link that could lead out of the tree"))?.to_owned()));
            } else {
                write(&folder.join(&path), object.data(), entry.kind == EntryKind::Executable)
                    .map_err(|error| CopyError::Write { path: entry.path.clone(), kind: error.kind() })?;
            }
        }
        // After the files: no file is ever written through a link.
        for (path, link) in links {
            self::link(&folder.join(&path), &link).map_err(|error| CopyError::Write { path, kind: error.kind() })?;
        }
        let mut index = copy.index()?;
        index.read_tree(&copy.find_tree(tree)?)?;
        index.write()?;
        copy.set_head_detached(self.commit)?;
        Ok(())
    }
}

/// Copies the commit and its trees, each once, and gives the root tree.
fn objects(source: &Odb<'_>, target: &Odb<'_>, commit: Oid) -> Result<Oid, CopyError> {
    let object = source.read(commit)?;
    target.write(ObjectType::Commit, object.data())?;
    let broken = || CopyError::Git { reason: "the commit names no tree".to_owned() };
    let root = crate::snapshot::root_tree(object.data(), commit).ok_or_else(broken)?;
    let (mut stack, mut seen) = (vec![root], HashSet::from([root]));
    while let Some(tree) = stack.pop() {
        let object = source.read(tree)?;
        target.write(ObjectType::Tree, object.data())?;
        for folder in crate::tree::folders(object.data(), commit.as_bytes().len()) {
            if seen.insert(folder) {
                stack.push(folder);
            }
        }
    }
    Ok(root)
}

/// Gives the plain spelling of an entry's path where it is one that stays below a folder on every system.
fn plain(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        if *byte == b'%' {
            let (digits, after) = rest.split_at_checked(2)?;
            bytes.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
            rest = after;
        } else {
            bytes.push(*byte);
        }
    }
    let path = String::from_utf8(bytes).ok()?;
    let is_part = |part: &str| {
        // What git itself refuses to check out, on any system (core.protectHFS, core.protectNTFS).
        let bare: String = part.chars().filter(char::is_ascii_graphic).collect::<String>().to_ascii_lowercase();
        let bare = bare.trim_end_matches('.');
        !part.is_empty() && part != "." && part != ".." && part.len() <= 255 && bare != ".git" && bare != "git~1"
    };
    let is_clean = !path.contains(['\\', ':']) && !path.chars().any(char::is_control) && path.split('/').all(is_part);
    is_clean.then_some(path)
}

/// Does a link stay in the tree wherever the links beside it lead?
///
/// It may climb as far as the root first, and then go down by names alone: every one of those is a folder or such a link.
fn stays(path: &str, link: &str) -> bool {
    if link.is_empty() || link.starts_with('/') || link.contains(['\\', ':', '\0']) {
        return false;
    }
    let (mut depth, mut is_down) = (path.matches('/').count(), false);
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." if is_down || depth == 0 => return false,
            ".." => depth -= 1,
            _ => is_down = true,
        }
    }
    !link.split('/').any(|part| part.eq_ignore_ascii_case(".git"))
}

fn write(path: &PathBuf, bytes: &[u8], executable: bool) -> io::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(Path::new("")))?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, if executable { 0o755 } else { 0o644 });
    #[cfg(not(unix))]
    let _ = executable;
    io::Write::write_all(&mut options.open(path)?, bytes)
}

#[cfg(unix)]
fn link(path: &Path, target: &str) -> io::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(Path::new("")))?;
    std::os::unix::fs::symlink(target, path)
}

#[cfg(not(unix))]
fn link(_: &Path, _: &str) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_below_the_folder() {
        assert_eq!(plain("a/b%25c ü").as_deref(), Some("a/b%c ü"));
        for path in [
            "",
            "..",
            "a/../b",
            "./a",
            "a//b",
            "/a",
            "a\\b",
            "C:x",
            ".git/config",
            "a/.GIT/x",
            ".git./x",
            "%FF",
            "a%0Ab",
            ".g\u{200c}it/x",
            "GIT~1/x",
            "%2",
        ] {
            assert_eq!(plain(path), None, "{path}");
        }
    }

    #[test]
    fn links_stay_in_the_tree() {
        for (path, link, expected) in [
            ("a", "b", true),
            ("a/b", "../c", true),
            ("a/b", "./../c/d", true),
            ("a", "..", false),
            ("a/b", "../../c", false),
            ("a", "b/../c", false),
            ("a/b", "/c", false),
            ("a", "", false),
            ("a", ".git/config", false),
            ("a", "C:\\x", false),
        ] {
            assert_eq!(stays(path, link), expected, "{path} -> {link}");
        }
    }

    fn copied(repo: &plimsoll_testkit::Repo, folder: &Path) -> Result<(), String> {
        let snapshot = Snapshot::open(repo.path(), &crate::OpenOptions::default()).unwrap();
        snapshot.copy_to(folder).map_err(|error| error.to_string())
    }

    #[test]
    fn a_copy_holds_the_commit_and_nothing_else() {
        let repo = plimsoll_testkit::Repo::new()
            .file("a/b.txt", "b\r\n")
            .file("c%.txt", "")
            .entry(b"run", 0o100_755, b"#!")
            .file(".gitattributes", "* text eol=lf\n");
        #[cfg(unix)]
        let repo = repo.symlink("a/link", "b.txt");
        let repo = repo.commit("first").commit("second");
        let folder = tempfile::tempdir().unwrap();
        copied(&repo, folder.path()).unwrap();
        assert_eq!(fs::read(folder.path().join("a/b.txt")).unwrap(), b"b\r\n");
        assert!(folder.path().join("c%.txt").exists());
        #[cfg(unix)]
        assert_eq!(fs::read(folder.path().join("a/link")).unwrap(), b"b\r\n");
        let copy = Repository::open(folder.path()).unwrap();
        assert_eq!(copy.head().unwrap().target().unwrap().to_string(), repo.head().unwrap());
        assert_eq!(copy.references().unwrap().count(), 0);
        // There is something to overwrite.
        assert!(copied(&repo, folder.path()).is_err());
    }

    #[test]
    fn what_could_lead_out_is_refused() {
        let id = "0123456789abcdef0123456789abcdef01234567";
        let new = || plimsoll_testkit::Repo::new().file("a", "a");
        let lost = new().file("b", "lost").commit("first");
        lost.lose(&lost.blob("b"));
        for (repo, says) in [
            (new().symlink("b", "../x").commit("1"), "a link that could lead out"),
            (new().symlink("b", "/etc/passwd").commit("1"), "a link that could lead out"),
            (new().object("b", 0o160_000, id).commit("1"), "a submodule"),
            (new().entry(b".git/config", 0o100_644, b"").commit("1"), "a name that is not written"),
            (new().entry(b"b\\c", 0o100_644, b"").commit("1"), "a name that is not written"),
            (new().entry(b"b\n", 0o100_644, b"").commit("1"), "a name that is not written"),
            (new().entry(b"../b", 0o100_644, b"").commit("1"), ".."),
            (lost, "git:"),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let error = copied(&repo, &folder.path().join("in")).unwrap_err();
            assert!(error.contains(says), "{error} has no {says}");
            assert!(!folder.path().join("b").exists());
        }
    }
}

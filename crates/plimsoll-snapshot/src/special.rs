//! Files of a repository's own folder that are none: opening a pipe waits for somebody to write into it, and libgit2 opens what
//! it finds.
//!
//! Everything that libgit2 may open is asked for its kind before the repository is opened: the files at the top, references,
//! objects, and the object folders that this repository borrows from.

use std::{
    collections::HashSet,
    fs, io,
    io::Read as _,
    path::{Path, PathBuf},
};

/// Files and folders that are looked at; a repository has some thousands, one that was never packed a million.
const MOST: usize = 4_000_000;
/// Folders inside each other below `refs`.
const DEEPEST: usize = 64;
/// Repositories that borrow objects from each other in a row. Source: git's `object-file.c`, at most 5.
const LONGEST_CHAIN: usize = 8;
/// Bytes of a file that names other folders.
const LARGEST_LIST: u64 = 1024 * 1024;
/// Folders at the top that libgit2 reads files of.
const FOLDERS: [&str; 5] = ["info", "objects", "refs", "reftable", "logs"];

/// Says which file of the repository at `git_dir` is neither a file nor a folder; nothing where there is none.
pub(crate) fn find(git_dir: &Path) -> Option<String> {
    let mut search = Search { left: MOST, seen: HashSet::new() };
    search.repository(git_dir).err()
}

/// Says which file is none that libgit2 opens while it looks for the repository at or above `path`.
pub(crate) fn on_the_way(path: &Path) -> Option<String> {
    let start = path.canonicalize().ok()?;
    start.ancestors().flat_map(|folder| [folder.to_owned(), folder.join(".git")]).find_map(|place| {
        let folder = if place.is_file() {
            let named = line_of(&place)?;
            place.parent()?.join(named.strip_prefix("gitdir:")?.trim())
        } else {
            place
        };
        if !folder.join("objects").exists() && !folder.join("commondir").exists() {
            return None;
        }
        ["HEAD", "commondir", "gitdir"].into_iter().map(|name| folder.join(name)).find_map(|file| {
            let special = fs::metadata(&file).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir());
            special.then(|| format!("{} is not a regular file", file.display()))
        })
    })
}

struct Search {
    left: usize,
    /// Folders that were looked at, so that a circle ends.
    seen: HashSet<PathBuf>,
}

impl Search {
    fn repository(&mut self, git_dir: &Path) -> Result<(), String> {
        self.folder(git_dir, 0, &|_| false)?;
        for name in FOLDERS {
            self.folder(&git_dir.join(name), 0, &|_| true)?;
        }
        self.alternates(&git_dir.join("objects"), 0)?;
        // A second working copy has the rest of its repository elsewhere.
        if let Some(common) = line_of(&git_dir.join("commondir")).map(|line| git_dir.join(line)) {
            let common = common.canonicalize().unwrap_or(common);
            if self.seen.insert(common.clone()) {
                self.repository(&common)?;
            }
        }
        Ok(())
    }

    /// Looks at what lies in `folder`, and in its folders where `enter` says so of their depth.
    fn folder(&mut self, folder: &Path, depth: usize, enter: &dyn Fn(usize) -> bool) -> Result<(), String> {
        let Ok(listing) = fs::read_dir(folder) else { return Ok(()) };
        for entry in listing.flatten() {
            self.left = self.left.checked_sub(1).ok_or_else(|| format!("it holds more than {MOST} files"))?;
            let path = entry.path();
            // A link is what it leads to; one that leads nowhere is not opened.
            let kind = entry.file_type().and_then(|kind| {
                if kind.is_symlink() { fs::metadata(&path).map(|metadata| metadata.file_type()) } else { Ok(kind) }
            });
            let Ok(kind) = kind else { continue };
            if !kind.is_file() && !kind.is_dir() {
                return Err(format!("{} is not a regular file", path.display()));
            }
            if kind.is_dir() && enter(depth) {
                if depth + 1 >= DEEPEST {
                    return Err(format!("{} lies deeper than is looked", path.display()));
                }
                self.folder(&path, depth + 1, enter)?;
            }
        }
        Ok(())
    }

    fn alternates(&mut self, objects: &Path, depth: usize) -> Result<(), String> {
        if depth > LONGEST_CHAIN {
            return Ok(());
        }
        let Ok(list) = text_of(&objects.join("info/alternates")) else { return Ok(()) };
        for line in list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let other = objects.join(line);
            let other = other.canonicalize().unwrap_or(other);
            if self.seen.insert(other.clone()) {
                self.folder(&other, 0, &|depth| depth < 2)?;
                self.alternates(&other, depth + 1)?;
            }
        }
        Ok(())
    }
}

/// Both files are known to be files when they are read: the folder that they lie in was looked at.
fn text_of(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(LARGEST_LIST).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn line_of(path: &Path) -> Option<String> {
    text_of(path).ok()?.lines().next().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty())
}

//! Several files that belong together, put into a folder as one.
//!
//! All of them are written aside first: where one cannot be written, nothing in the folder has changed. Then the label that is
//! there is taken out, what it rests on is put in, and the new label comes last; where one cannot be put in, all that was there
//! comes back. A reader in between, or after the machine stopped in between, finds evidence without a label, and never a
//! label over other evidence.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use tempfile::TempDir;

use crate::output::write_file;

/// How names of what is written aside begin. The number of the process follows.
const ASIDE: &str = ".plimsoll-";
/// Seconds after which what lies aside is nobody's, where it cannot be seen whether its process still runs.
const ABANDONED: u64 = 24 * 60 * 60;

/// Writes `files` into `folder`, which is made where there is none. Those whose names are in `last` speak of the others: they
/// are gone before any other changes, and come after all others, in the order of `last`.
pub fn write_files(folder: &Path, files: &[(&str, Vec<u8>)], last: &[&str]) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("{}: the folder cannot be made", folder.display()))?;
    let aside = aside(folder).with_context(|| format!("{}: cannot write", folder.display()))?;
    for (name, bytes) in files {
        write_file(&aside.path().join(name), bytes).with_context(|| format!("{}: cannot write", folder.display()))?;
    }
    let names = || files.iter().map(|(name, _)| *name);
    for target in names().map(|name| folder.join(name)) {
        if fs::symlink_metadata(&target).is_ok_and(|found| found.is_dir()) {
            bail!("{}: it is a folder, which no file replaces; nothing was written", target.display());
        }
    }
    let (speaking, mut order): (Vec<&str>, Vec<&str>) = names().partition(|name| last.contains(name));
    order.extend(last.iter().filter(|name| speaking.contains(name)));
    let old = aside.path().join(OLD);
    fs::create_dir(&old).with_context(|| format!("{}: cannot write", folder.display()))?;
    let mut change = Change { folder, new: aside.path(), old: &old, out: Vec::new(), put: Vec::new() };
    let changed = change.make(&speaking, &order, &|from, to| fs::rename(from, to));
    if changed.is_err() {
        change.undo();
    }
    changed
}

/// The folder aside in which what was there waits.
const OLD: &str = "old";

/// Files of a folder that are exchanged.
struct Change<'a> {
    folder: &'a Path,
    new: &'a Path,
    old: &'a Path,
    /// Names of what was taken out.
    out: Vec<String>,
    /// Names of what was put in.
    put: Vec<String>,
}

/// Moves a file.
type Move<'a> = &'a dyn Fn(&Path, &Path) -> io::Result<()>;

impl Change<'_> {
    /// Takes out `first`, then exchanges the files in `order`.
    fn make(&mut self, first: &[&str], order: &[&str], rename: Move<'_>) -> Result<()> {
        first.iter().try_for_each(|name| self.take_out(name, rename))?;
        for name in order {
            self.take_out(name, rename)?;
            let target = self.folder.join(name);
            rename(&self.new.join(name), &target).with_context(|| format!("{}: cannot write", target.display()))?;
            self.put.push((*name).to_owned());
        }
        Ok(())
    }

    fn take_out(&mut self, name: &str, rename: Move<'_>) -> Result<()> {
        let target = self.folder.join(name);
        match rename(&target, &self.old.join(name)) {
            Ok(()) => self.out.push(name.to_owned()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(|| format!("{}: cannot be replaced", target.display())),
        }
        Ok(())
    }

    /// Puts back what was there, the label last. What cannot be put back is lost: the folder is not to be written to.
    fn undo(self) {
        for name in self.put {
            let _ = fs::remove_file(self.folder.join(name));
        }
        for name in self.out.into_iter().rev() {
            let _ = fs::rename(self.old.join(&name), self.folder.join(&name));
        }
    }
}

/// A folder of ours from which files can be moved into `folder`: next to it, so that nothing is left in it whatever happens,
/// or in it where that cannot be.
fn aside(folder: &Path) -> io::Result<TempDir> {
    let whole = folder.canonicalize()?;
    let next_to_it = whole.parent().filter(|parent| is_of_one_disk(parent, &whole));
    for place in [next_to_it, Some(whole.as_path())].into_iter().flatten() {
        clear(place);
        let made = tempfile::Builder::new().prefix(&format!("{ASIDE}{}-", std::process::id())).tempdir_in(place);
        match made {
            Err(_) if Some(place) == next_to_it => {}
            other => return other,
        }
    }
    Err(io::ErrorKind::NotFound.into())
}

#[cfg(unix)]
fn is_of_one_disk(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let device = |path: &Path| fs::metadata(path).map(|metadata| metadata.dev()).ok();
    device(one).is_some() && device(one) == device(other)
}

#[cfg(not(unix))]
fn is_of_one_disk(_: &Path, _: &Path) -> bool {
    false
}

/// Removes what runs of this program left in `folder` when they were ended. What cannot be removed stays.
fn clear(folder: &Path) {
    let Ok(listing) = fs::read_dir(folder) else { return };
    for entry in listing.flatten() {
        let name = entry.file_name();
        let Some(process) = name.to_str().and_then(process_of) else { continue };
        let path = entry.path();
        if is_abandoned(process, &path) && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            let _ = fs::remove_dir_all(&path);
        }
    }
}

/// The process that a name says it is of.
fn process_of(name: &str) -> Option<u32> {
    let (process, rest) = name.strip_prefix(ASIDE)?.split_once('-')?;
    process.parse().ok().filter(|_| !rest.is_empty())
}

fn is_abandoned(process: u32, path: &Path) -> bool {
    if process == std::process::id() {
        return false;
    }
    let processes = PathBuf::from("/proc");
    if processes.join("self").exists() {
        return !processes.join(process.to_string()).exists();
    }
    let age = fs::metadata(path).and_then(|metadata| metadata.modified()).ok().and_then(|time| time.elapsed().ok());
    age.is_some_and(|age| age.as_secs() > ABANDONED)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [&str; 3] = ["evidence.json", "label.json", "sbom.json"];

    fn files(text: &str) -> Vec<(&'static str, Vec<u8>)> {
        FILES.iter().map(|name| (*name, text.as_bytes().to_vec())).collect()
    }

    /// What lies in a folder, with what it says.
    fn listed(folder: &Path) -> Vec<(String, String)> {
        let mut listed: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| {
                let text = if path.is_dir() { "a folder".to_owned() } else { fs::read_to_string(&path).unwrap() };
                (path.file_name().unwrap().to_string_lossy().into_owned(), text)
            })
            .collect();
        listed.sort();
        listed
    }

    fn all(text: &str) -> Vec<(String, String)> {
        FILES.iter().map(|name| ((*name).to_owned(), text.to_owned())).collect()
    }

    #[test]
    fn a_set_is_new_or_old_and_nothing_is_left_over() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("a/out");
        for text in ["old", "new"] {
            write_files(&folder, &files(text), &["label.json"]).unwrap();
            assert_eq!(listed(&folder), all(text));
        }
        // One that cannot be written: a name in a folder that is not there.
        let mut broken = files("newer");
        broken.push(("no/folder", Vec::new()));
        write_files(&folder, &broken, &["label.json"]).unwrap_err();
        assert_eq!(listed(&folder), all("new"));
        assert_eq!(listed(folder.parent().unwrap()), [("out".to_owned(), "a folder".to_owned())]);
    }

    #[test]
    fn where_a_file_cannot_be_put_in_no_label_is_beside_other_evidence() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("out");
        write_files(&folder, &files("old"), &["label.json"]).unwrap();
        // No file takes the place of a folder, empty or not, whichever of them it is.
        for name in FILES {
            for inside in ["", "x"] {
                fs::remove_file(folder.join(name)).unwrap();
                fs::create_dir_all(folder.join(name).join(inside)).unwrap();
                let before = listed(&folder);
                let refused = write_files(&folder, &files("new"), &["label.json"]).unwrap_err().to_string();
                assert!(refused.contains(name) && refused.contains("it is a folder"), "{refused}");
                assert_eq!(listed(&folder), before);
                fs::remove_dir_all(folder.join(name)).unwrap();
                write_files(&folder, &files("old"), &["label.json"]).unwrap();
            }
        }
    }

    #[test]
    fn where_one_cannot_be_moved_all_that_was_there_comes_back() {
        let parent = tempfile::tempdir().unwrap();
        let [folder, new, old] = ["out", "new", "new/old"].map(|name| parent.path().join(name));
        for before in [&FILES[..], &FILES[..2], &FILES[2..], &[]] {
            for fails in 0.. {
                for path in [&folder, &new, &old] {
                    fs::create_dir_all(path).unwrap();
                }
                for name in FILES {
                    fs::write(new.join(name), "new").unwrap();
                }
                for name in before {
                    fs::write(folder.join(name), "old").unwrap();
                }
                let (there, moved) = (listed(&folder), std::cell::Cell::new(0));
                let rename = |from: &Path, to: &Path| {
                    moved.set(moved.get() + 1);
                    if moved.get() > fails { Err(io::Error::other("no")) } else { fs::rename(from, to) }
                };
                let mut change = Change { folder: &folder, new: &new, old: &old, out: Vec::new(), put: Vec::new() };
                let made = change.make(&["label.json"], &["evidence.json", "sbom.json", "label.json"], &rename);
                let whole = made.is_ok();
                if whole {
                    assert_eq!(listed(&folder), all("new"));
                } else {
                    change.undo();
                    assert_eq!(listed(&folder), there, "after {fails} moves");
                }
                for path in [&folder, &new] {
                    fs::remove_dir_all(path).unwrap();
                }
                if whole {
                    break;
                }
            }
        }
    }

    #[test]
    fn what_an_ended_run_left_is_cleared_and_nothing_else_is() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("out");
        // No process has this number: it is above the highest that Linux gives.
        let own = format!("{ASIDE}{}-x", std::process::id());
        for name in [".plimsoll-4194399-abc", &own, ".plimsoll-x", ".plimsoll--x", "plimsoll-4194399-abc"] {
            fs::create_dir_all(parent.path().join(name)).unwrap();
        }
        fs::write(parent.path().join(".plimsoll-4194399-file"), "").unwrap();
        write_files(&folder, &files("new"), &[]).unwrap();
        let left: Vec<String> = listed(parent.path()).into_iter().map(|(name, _)| name).collect();
        let mut kept = vec![
            ".plimsoll--x".to_owned(),
            ".plimsoll-4194399-file".to_owned(),
            own,
            ".plimsoll-x".to_owned(),
            "out".to_owned(),
            "plimsoll-4194399-abc".to_owned(),
        ];
        kept.sort();
        assert_eq!(left, kept);
    }
}

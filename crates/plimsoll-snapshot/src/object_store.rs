//! The files in which the objects of a repository are, to see whether they are those of an earlier time.

use std::{fs, path::Path, time::UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// Files that are looked at; of a repository with more, nothing is known.
const MOST: usize = 100_000;

/// Path, size and time of change of each file of objects, sorted. git never changes such a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectStore(Vec<(String, u64, u128)>);

impl ObjectStore {
    /// Reads the folder of objects. Nothing is given where a part of it cannot be looked at, where it holds too many files, or where
    /// objects are elsewhere too.
    pub(crate) fn read(objects: &Path) -> Option<Self> {
        if fs::symlink_metadata(objects.join("info/alternates")).is_ok() {
            return None;
        }
        let mut files = Vec::new();
        for folder in fs::read_dir(objects).ok()? {
            let folder = folder.ok()?;
            if !folder.file_type().ok()?.is_dir() {
                continue;
            }
            for file in fs::read_dir(folder.path()).ok()? {
                let file = file.ok()?;
                let metadata = file.metadata().ok()?;
                let changed = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?.as_nanos();
                let name = format!("{}/{}", folder.file_name().to_str()?, file.file_name().to_str()?);
                files.push((name, metadata.len(), changed));
                if files.len() > MOST {
                    return None;
                }
            }
        }
        files.sort();
        Some(Self(files))
    }

    /// Are all files of an earlier time here and unchanged? More may have come.
    pub fn still_has(&self, earlier: &Self) -> bool {
        earlier.0.iter().all(|file| self.0.binary_search(file).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_change_but_an_addition_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| {
            fs::create_dir_all(folder.path().join(name).parent().unwrap()).unwrap();
            fs::write(folder.path().join(name), text).unwrap();
        };
        let read = || ObjectStore::read(folder.path()).unwrap();
        put("ab/cdef", "one");
        put("pack/p.pack", "two");
        let first = read();
        assert!(read().still_has(&first) && first.still_has(&ObjectStore::default()));
        put("ab/more", "three");
        assert!(read().still_has(&first) && !first.still_has(&read()));
        // Another size, another time, gone.
        for change in [0, 1, 2] {
            let before = read();
            match change {
                0 => put("ab/cdef", "other"),
                1 => {
                    let file = fs::File::options().write(true).open(folder.path().join("pack/p.pack")).unwrap();
                    file.set_modified(UNIX_EPOCH + std::time::Duration::from_secs(5)).unwrap();
                }
                _ => fs::remove_file(folder.path().join("ab/cdef")).unwrap(),
            }
            assert!(!read().still_has(&before), "{change}");
        }
        put("info/alternates", "/elsewhere\n");
        assert_eq!(ObjectStore::read(folder.path()), None);
        assert_eq!(ObjectStore::read(&folder.path().join("nowhere")), None);
    }
}

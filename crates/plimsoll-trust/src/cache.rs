//! Files that are kept between runs, outside of the repository, and sealed.
//!
//! A file is sealed with a key that is in another folder, so that one from somebody else (a shared build machine's, for example)
//! is not taken. What is damaged, cut off or not ours is as if it were not there.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use aws_lc_rs::{hmac, rand};
use io::{Read as _, Write as _};
use serde::{Serialize, de::DeserializeOwned};

/// Another version of the program may compute otherwise, and knows other roots.
const PROGRAM: &str = env!("CARGO_PKG_VERSION");
const MAGIC: &[u8] = b"plimsoll kept\n";
const SEAL: usize = 32;
/// Bytes of a file; a larger one is neither read nor written.
const LARGEST: u64 = 2 * 1024 * 1024 * 1024;

/// A folder of files that are kept between runs.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    seal: hmac::Key,
}

impl Cache {
    /// Opens the folder, whose files are sealed with the key in the file `key`, which is made where there is none. Fails only
    /// where the key can be neither read nor made.
    pub fn open(folder: &Path, key: &Path) -> io::Result<Self> {
        Ok(Self { folder: folder.to_owned(), seal: hmac::Key::new(hmac::HMAC_SHA256, &seal_key(key)?) })
    }

    /// Gives what is kept under `name` about `subject`: everything that it rests on and that is not in it, which the seal covers.
    pub fn read<T: DeserializeOwned>(&self, name: &str, subject: &str) -> Option<T> {
        let mut bytes = Vec::new();
        regular(&self.file(name, subject)).ok()?.take(LARGEST).read_to_end(&mut bytes).ok()?;
        let rest = bytes.strip_prefix(MAGIC)?;
        let (tag, body) = rest.split_at_checked(SEAL)?;
        hmac::verify(&self.seal, body, tag).ok()?;
        let ((program, about), rest) = postcard::take_from_bytes::<(&str, &str)>(body).ok()?;
        (program == PROGRAM && about == subject).then(|| postcard::from_bytes(rest).ok())?
    }

    /// Keeps `kept` under `name` about `subject`: written aside, then renamed over what was there.
    pub fn write<T: Serialize>(&self, name: &str, subject: &str, kept: &T) -> io::Result<()> {
        let mut body = postcard::to_stdvec(&(PROGRAM, subject)).map_err(io::Error::other)?;
        body = postcard::to_extend(kept, body).map_err(io::Error::other)?;
        if body.len() as u64 > LARGEST - (MAGIC.len() + SEAL) as u64 {
            return Err(io::Error::other("it is more than is kept"));
        }
        fs::create_dir_all(&self.folder)?;
        let mut aside = tempfile::NamedTempFile::new_in(&self.folder)?;
        aside.write_all(MAGIC)?;
        aside.write_all(hmac::sign(&self.seal, &body).as_ref())?;
        aside.write_all(&body)?;
        aside.persist(self.file(name, subject)).map_err(|error| error.error)?;
        Ok(())
    }

    /// The name holds a part of the subject's digest alone; the seal covers all of it.
    fn file(&self, name: &str, subject: &str) -> PathBuf {
        let digest = plimsoll_model::sha256_hex(subject.as_bytes());
        self.folder.join(format!("{name}-{}.bin", digest.get(..16).unwrap_or_default()))
    }
}

/// Opens a file. Opening a pipe would wait for somebody to write into it.
fn regular(path: &Path) -> io::Result<fs::File> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    fs::File::open(path)
}

/// The key of the seal: 32 random bytes that only this user can read.
fn seal_key(path: &Path) -> io::Result<[u8; SEAL]> {
    let known = || -> io::Result<[u8; SEAL]> {
        let bytes = plimsoll_model::read_bounded(regular(path)?, SEAL as u64)?;
        bytes.and_then(|bytes| bytes.try_into().ok()).ok_or_else(|| io::Error::other("not a key"))
    };
    if let Ok(key) = known() {
        return Ok(key);
    }
    let mut key = [0; SEAL];
    rand::fill(&mut key).map_err(|_| io::Error::other("no random numbers"))?;
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    fs::create_dir_all(folder)?;
    // Made for its owner alone (mode 600), and whole or not at all; who comes first wins.
    let mut aside = tempfile::NamedTempFile::new_in(folder)?;
    aside.write_all(&key)?;
    match aside.persist_noclobber(path) {
        Ok(_) => Ok(key),
        Err(_) => known().or_else(|_| {
            // What is there is no key, or nothing that can be written to.
            regular(path)?;
            fs::write(path, key)?;
            Ok(key)
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(folder: &Path) -> Cache {
        Cache::open(&folder.join("cache"), &folder.join("state/key")).unwrap()
    }

    fn filled() -> (tempfile::TempDir, Cache, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let cache = open(folder.path());
        cache.write("a", "one", &kept()).unwrap();
        let file = cache.file("a", "one");
        (folder, cache, file)
    }

    fn kept() -> Vec<(u32, String)> {
        vec![(1, "x".to_owned()), (2, "y".to_owned())]
    }

    fn read(cache: &Cache) -> Option<Vec<(u32, String)>> {
        cache.read("a", "one")
    }

    #[test]
    fn what_is_kept_is_read_again() {
        let (folder, cache, _) = filled();
        assert_eq!(read(&cache), Some(kept()));
        assert_eq!(read(&open(folder.path())), Some(kept()));
        cache.write("a", "one", &vec![(3_u32, "z".to_owned())]).unwrap();
        assert_eq!(read(&cache), Some(vec![(3, "z".to_owned())]));
    }

    #[test]
    fn another_subject_another_key_or_another_name_reads_nothing() {
        let (folder, cache, file) = filled();
        assert_eq!(cache.read::<Vec<(u32, String)>>("a", "two"), None);
        assert_eq!(cache.read::<Vec<(u32, String)>>("b", "one"), None);
        // A file that was moved under another subject's name.
        fs::copy(&file, cache.file("a", "two")).unwrap();
        assert_eq!(cache.read::<Vec<(u32, String)>>("a", "two"), None);
        fs::write(folder.path().join("state/key"), [7; 32]).unwrap();
        assert!(file.exists());
        assert_eq!(read(&open(folder.path())), None);
    }

    #[test]
    fn each_byte_that_is_changed_and_each_cut_is_noticed() {
        let (_folder, cache, file) = filled();
        let whole = fs::read(&file).unwrap();
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            fs::write(&file, &damaged).unwrap();
            assert_eq!(read(&cache), None, "byte {at}");
            fs::write(&file, &whole[..at]).unwrap();
            assert_eq!(read(&cache), None, "cut at {at}");
        }
        fs::write(&file, &whole).unwrap();
        assert!(read(&cache).is_some());
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("cache.key");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert!(Cache::open(folder.path(), &pipe).is_err());
        let cache = Cache::open(folder.path(), &folder.path().join("other.key")).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(cache.file("a", "one")).status().unwrap().success());
        assert_eq!(read(&cache), None);
    }
}

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

const MAGIC: &[u8] = b"plimsoll kept\n";
const SEAL: usize = 32;
/// Bytes of a file; a larger one is neither read nor written.
const LARGEST: u64 = 2 * 1024 * 1024 * 1024;

/// How long a file is kept that is not written again.
const OLDEST: std::time::Duration = std::time::Duration::from_secs(30 * 24 * 3600);
/// Files of the folder that are looked at.
const MOST_LISTED: usize = 10_000;

/// A folder of files that are kept between runs.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    seal: hmac::Key,
    program: String,
}

impl Cache {
    /// Opens the folder, whose files are sealed with the key in the file `key`, which is made where there is none. Fails only
    /// where the key can be neither read nor made.
    ///
    /// `program` names the very build of the program: another one may see and compute otherwise, and knows other roots.
    pub fn open(folder: &Path, key: &Path, program: &str) -> io::Result<Self> {
        let seal = hmac::Key::new(hmac::HMAC_SHA256, &seal_key(key)?);
        Ok(Self { folder: folder.to_owned(), seal, program: program.to_owned() })
    }

    /// Gives what is kept under `name` for `place`, such as a repository, where it is about `subject`: everything that it rests on
    /// and that is not in it. The seal covers the subject.
    pub fn read<T: DeserializeOwned>(&self, name: &str, place: &str, subject: &str) -> Option<T> {
        let mut bytes = Vec::new();
        regular(&self.file(name, place)).ok()?.take(LARGEST).read_to_end(&mut bytes).ok()?;
        let rest = bytes.strip_prefix(MAGIC)?;
        let (tag, body) = rest.split_at_checked(SEAL)?;
        hmac::verify(&self.seal, body, tag).ok()?;
        let ((program, about), rest) = postcard::take_from_bytes::<(&str, &str)>(body).ok()?;
        (program == self.program && about == subject).then(|| postcard::from_bytes(rest).ok())?
    }

    /// Keeps `kept` under `name` for `place` about `subject`: written aside, then renamed over what was there. What nobody wrote for
    /// a month is removed.
    pub fn write<T: Serialize>(&self, name: &str, place: &str, subject: &str, kept: &T) -> io::Result<()> {
        let mut body = postcard::to_stdvec(&(&self.program, subject)).map_err(io::Error::other)?;
        body = postcard::to_extend(kept, body).map_err(io::Error::other)?;
        if body.len() as u64 > LARGEST - (MAGIC.len() + SEAL) as u64 {
            return Err(io::Error::other("it is more than is kept"));
        }
        fs::create_dir_all(&self.folder)?;
        let mut aside = tempfile::NamedTempFile::new_in(&self.folder)?;
        aside.write_all(MAGIC)?;
        aside.write_all(hmac::sign(&self.seal, &body).as_ref())?;
        aside.write_all(&body)?;
        aside.persist(self.file(name, place)).map_err(|error| error.error)?;
        self.remove_old();
        Ok(())
    }

    fn remove_old(&self) {
        let Ok(listing) = fs::read_dir(&self.folder) else { return };
        for entry in listing.take(MOST_LISTED).flatten() {
            let is_ours = entry.path().extension().is_some_and(|extension| extension == "bin");
            let written = entry.metadata().and_then(|metadata| metadata.modified());
            if is_ours && written.is_ok_and(|time| time.elapsed().is_ok_and(|age| age > OLDEST)) {
                // What cannot be removed stays.
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    fn file(&self, name: &str, place: &str) -> PathBuf {
        let digest = plimsoll_model::sha256_hex(place.as_bytes());
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
        Cache::open(&folder.join("cache"), &folder.join("state/key"), "1").unwrap()
    }

    fn filled() -> (tempfile::TempDir, Cache, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let cache = open(folder.path());
        cache.write("a", "here", "one", &kept()).unwrap();
        let file = cache.file("a", "here");
        (folder, cache, file)
    }

    fn kept() -> Vec<(u32, String)> {
        vec![(1, "x".to_owned()), (2, "y".to_owned())]
    }

    fn read(cache: &Cache) -> Option<Vec<(u32, String)>> {
        cache.read("a", "here", "one")
    }

    #[test]
    fn what_is_kept_is_read_again() {
        let (folder, cache, _) = filled();
        assert_eq!(read(&cache), Some(kept()));
        assert_eq!(read(&open(folder.path())), Some(kept()));
        cache.write("a", "here", "one", &vec![(3_u32, "z".to_owned())]).unwrap();
        assert_eq!(read(&cache), Some(vec![(3, "z".to_owned())]));
    }

    #[test]
    fn another_subject_another_key_another_program_or_another_name_reads_nothing() {
        let (folder, cache, file) = filled();
        let other = Cache::open(&folder.path().join("cache"), &folder.path().join("state/key"), "2").unwrap();
        assert_eq!(read(&other), None);
        assert_eq!(cache.read::<Vec<(u32, String)>>("a", "here", "two"), None);
        assert_eq!(cache.read::<Vec<(u32, String)>>("b", "here", "one"), None);
        assert_eq!(cache.read::<Vec<(u32, String)>>("a", "there", "one"), None);
        fs::write(folder.path().join("state/key"), [7; 32]).unwrap();
        assert!(file.exists());
        assert_eq!(read(&open(folder.path())), None);
    }

    #[test]
    fn what_is_old_is_removed() {
        let (_folder, cache, file) = filled();
        let long_ago = std::time::SystemTime::now() - OLDEST * 2;
        fs::File::options().write(true).open(&file).unwrap().set_modified(long_ago).unwrap();
        let (other, foreign) = (cache.file("b", "here"), cache.folder.join("x.txt"));
        fs::write(&foreign, "").unwrap();
        fs::File::options().write(true).open(&foreign).unwrap().set_modified(long_ago).unwrap();
        cache.write("b", "here", "one", &kept()).unwrap();
        assert_eq!((file.exists(), other.exists(), foreign.exists()), (false, true, true));
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
        assert!(Cache::open(folder.path(), &pipe, "1").is_err());
        let cache = Cache::open(folder.path(), &folder.path().join("other.key"), "1").unwrap();
        assert!(std::process::Command::new("mkfifo").arg(cache.file("a", "here")).status().unwrap().success());
        assert_eq!(read(&cache), None);
    }
}

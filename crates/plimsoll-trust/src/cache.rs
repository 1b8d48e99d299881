//! Results of signature checks that are kept between runs, outside of the repository.
//!
//! What is kept is what the arithmetic said ([`Checked`]), never a verdict: verdicts depend on a moment. A file is for one
//! policy and is sealed with a key that lies in another folder, so that a cache from somebody else (a shared build machine's,
//! for example) is not taken. What is damaged, cut off or not ours is as if it were not there.

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
};

use aws_lc_rs::{hmac, rand};
use io::{Read as _, Write as _};
use serde::{Deserialize, Serialize};

use crate::Checked;

/// Grows when what is kept changes.
const VERSION: u32 = 3;
/// Another version of the program may compute otherwise, and knows other roots.
const PROGRAM: &str = env!("CARGO_PKG_VERSION");
const MAGIC: &[u8] = b"plimsoll signatures\n";
const SEAL: usize = 32;
/// Bytes of a file; a larger one is not read.
const LARGEST: u64 = 512 * 1024 * 1024;
/// Commits that are kept for one policy; beyond that a new file is begun.
const MOST: usize = 1_000_000;

/// What is kept of one commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Object ids of its parents, as bytes.
    pub parents: Vec<Vec<u8>>,
    /// Committer's time, seconds since 1970.
    pub time: Option<i64>,
    /// Address of the author.
    pub author: String,
    /// Address of the committer.
    pub committer: String,
    /// What was computed.
    pub checked: Checked,
}

/// The kept results for one policy.
#[derive(Debug)]
pub struct CheckCache {
    file: PathBuf,
    seal: hmac::Key,
    kept: HashMap<Vec<u8>, Kept>,
    read: usize,
}

#[derive(Serialize)]
struct Written<'a> {
    version: u32,
    program: &'a str,
    policy: &'a str,
    commits: Vec<(&'a Vec<u8>, &'a Kept)>,
}

#[derive(Deserialize)]
struct Read {
    version: u32,
    program: String,
    policy: String,
    commits: Vec<(Vec<u8>, Kept)>,
}

impl CheckCache {
    /// Opens what is kept in `folder` for the policy with this digest, sealed with the key in the file `key`, which is made
    /// where there is none. Fails only where the key can be neither read nor made.
    pub fn open(folder: &Path, key: &Path, policy: &str) -> io::Result<Self> {
        let seal = hmac::Key::new(hmac::HMAC_SHA256, &seal_key(key)?);
        let file = folder.join(format!("signatures-{}.bin", policy.get(..16).unwrap_or(policy)));
        let kept = read(&file, &seal, policy).unwrap_or_default();
        Ok(Self { file, seal, read: kept.len(), kept })
    }

    /// What is kept of the commit with this id, as bytes.
    pub fn get(&self, id: &[u8]) -> Option<&Kept> {
        self.kept.get(id)
    }

    /// Keeps what was computed of a commit.
    pub fn put(&mut self, id: Vec<u8>, kept: Kept) {
        if self.kept.len() < MOST {
            self.kept.insert(id, kept);
        }
    }

    /// Writes what is kept, where there is more than was read: aside, then renamed over what was there.
    pub fn save(&self, policy: &str) -> io::Result<()> {
        if self.kept.len() == self.read {
            return Ok(());
        }
        let mut commits: Vec<_> = self.kept.iter().collect();
        commits.sort_by_key(|(id, _)| *id);
        let body = postcard::to_stdvec(&Written { version: VERSION, program: PROGRAM, policy, commits })
            .map_err(io::Error::other)?;
        let folder = self.file.parent().unwrap_or_else(|| Path::new("."));
        fs::create_dir_all(folder)?;
        let mut aside = tempfile::NamedTempFile::new_in(folder)?;
        aside.write_all(MAGIC)?;
        aside.write_all(hmac::sign(&self.seal, &body).as_ref())?;
        aside.write_all(&body)?;
        aside.persist(&self.file).map_err(|error| error.error)?;
        Ok(())
    }
}

fn read(file: &Path, seal: &hmac::Key, policy: &str) -> Option<HashMap<Vec<u8>, Kept>> {
    let mut bytes = Vec::new();
    regular(file).ok()?.take(LARGEST).read_to_end(&mut bytes).ok()?;
    let rest = bytes.strip_prefix(MAGIC)?;
    let (tag, body) = rest.split_at_checked(SEAL)?;
    hmac::verify(seal, body, tag).ok()?;
    let read: Read = postcard::from_bytes(body).ok()?;
    // The file's name holds a part of the policy's digest, the seal covers all of it.
    (read.version == VERSION && read.program == PROGRAM && read.policy == policy)
        .then(|| read.commits.into_iter().collect())
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
        let mut bytes = Vec::new();
        regular(path)?.take(SEAL as u64 + 1).read_to_end(&mut bytes)?;
        bytes.try_into().map_err(|_| io::Error::other("not a key"))
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
    use crate::{Proof, Scheme};

    fn kept(time: i64) -> Kept {
        let proof = Proof::OpenPgp { key: "A".repeat(40), made: time, expires: None, weak_digest: None, weak: None };
        let checked = Checked { scheme: Scheme::OpenPgp, proof };
        Kept { parents: vec![vec![1; 20]], time: Some(time), author: "a@x".into(), committer: "c@x".into(), checked }
    }

    fn open(folder: &Path, policy: &str) -> CheckCache {
        CheckCache::open(&folder.join("cache"), &folder.join("state/key"), policy).unwrap()
    }

    fn filled(policy: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let mut cache = open(folder.path(), policy);
        cache.put(vec![1; 20], kept(1));
        cache.put(vec![2; 20], kept(2));
        cache.save(policy).unwrap();
        let file = cache.file.clone();
        (folder, file)
    }

    #[test]
    fn what_is_kept_is_read_again() {
        let (folder, _) = filled("p1");
        let cache = open(folder.path(), "p1");
        assert_eq!(cache.get(&[1; 20]), Some(&kept(1)));
        assert_eq!(cache.get(&[3; 20]), None);
    }

    #[test]
    fn another_policy_or_another_key_reads_nothing() {
        let (folder, file) = filled("p1");
        assert_eq!(open(folder.path(), "p2").get(&[1; 20]), None);
        // A file that was moved under another policy's name.
        let long = "0123456789abcdef-one";
        let other = "0123456789abcdef-two";
        let mut cache = open(folder.path(), long);
        cache.put(vec![1; 20], kept(1));
        cache.save(long).unwrap();
        assert_eq!(open(folder.path(), other).get(&[1; 20]), None);
        fs::write(folder.path().join("state/key"), [7; 32]).unwrap();
        assert!(file.exists());
        assert_eq!(open(folder.path(), "p1").get(&[1; 20]), None);
    }

    #[test]
    fn each_byte_that_is_changed_and_each_cut_is_noticed() {
        let (folder, file) = filled("p1");
        let whole = fs::read(&file).unwrap();
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            fs::write(&file, &damaged).unwrap();
            assert_eq!(open(folder.path(), "p1").get(&[1; 20]), None, "byte {at}");
            fs::write(&file, &whole[..at]).unwrap();
            assert_eq!(open(folder.path(), "p1").get(&[1; 20]), None, "cut at {at}");
        }
        fs::write(&file, &whole).unwrap();
        assert!(open(folder.path(), "p1").get(&[1; 20]).is_some());
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("cache.key");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        assert!(CheckCache::open(folder.path(), &pipe, "0123456789abcdef").is_err());
        let kept = folder.path().join("signatures-0123456789abcdef.bin");
        assert!(std::process::Command::new("mkfifo").arg(&kept).status().unwrap().success());
        let cache = CheckCache::open(folder.path(), &folder.path().join("other.key"), "0123456789abcdef").unwrap();
        assert!(cache.get(b"x").is_none());
    }
}

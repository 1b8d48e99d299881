//! From arguments to what the library takes.

use std::{
    fs,
    io::Read as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Error, Result, anyhow, bail};
use jiff::Timestamp;
use plimsoll_collect::{GivenFile, InputFiles, org_defaults};
use plimsoll_model::{InputId, MOST_RESULT_FILES, ResultFile, ResultFiles, Taken, read_bounded};
use sha2::{Digest as _, Sha256, Sha512};

/// Bytes of an artifact; it is hashed in pieces.
const LARGEST_ARTIFACT: u64 = 64 * 1024 * 1024 * 1024;
/// Bytes of an artifact that is held as well, to look inside and to check signatures over it.
const LARGEST_HELD: u64 = 512 * 1024 * 1024;
/// Bytes of an attestation, which is held.
const LARGEST_ATTESTATION: u64 = 32 * 1024 * 1024;

/// Entries of a folder of results that are looked at.
const MOST_LISTED: usize = 10_000;

/// The moment for which a result speaks: as asked, else now in whole seconds. The only clock of the program.
pub fn as_of(asked: Option<Timestamp>) -> Timestamp {
    asked.unwrap_or_else(|| {
        let now = Timestamp::now();
        Timestamp::from_second(now.as_second()).unwrap_or(now)
    })
}

/// Gives an artifact: its digests, and its bytes where they can be held.
pub fn artifact(path: &Path) -> Result<GivenFile> {
    given(path, LARGEST_ARTIFACT, LARGEST_HELD)
}

/// Gives an attestation with its bytes.
pub fn attestation(path: &Path) -> Result<GivenFile> {
    given(path, LARGEST_ATTESTATION, LARGEST_ATTESTATION)
}

/// Gives the files that were given for inputs, each read within its bound.
pub fn files(given: &[(InputId, PathBuf)]) -> Result<InputFiles> {
    let mut files = InputFiles::default();
    for (id, path) in given {
        let named = || path.display().to_string();
        let limit = id.row().file().map_or(0, |file| file.limit);
        let bytes = match id.row().file().map(|file| file.taken) {
            Some(Taken::OfRepository) if path.is_dir() => org_defaults::packed(path).with_context(named)?,
            Some(Taken::OfFolder) => result_files(path, limit)?,
            _ => bounded(path, limit)?,
        };
        files.give(*id, bytes).map_err(Error::msg).with_context(named)?;
    }
    Ok(files)
}

fn bounded(path: &Path, limit: u64) -> Result<Vec<u8>> {
    let bytes = open(path).and_then(|file| read_bounded(file, limit));
    let bytes = bytes.with_context(|| format!("{}: cannot read", path.display()))?;
    bytes.ok_or_else(|| anyhow!("larger than {limit} bytes")).with_context(|| path.display().to_string())
}

/// Packs a file, or the files that lie in a folder, with their names. Hidden files and folders in it are passed over.
///
/// A name that is not UTF-8 is refused: it could not be said which file is meant.
fn result_files(path: &Path, limit: u64) -> Result<Vec<u8>> {
    let named = || path.display().to_string();
    let mut paths = vec![path.to_owned()];
    if path.is_dir() {
        let listed = fs::read_dir(path).and_then(|entries| {
            entries.take(MOST_LISTED + 1).map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()
        });
        paths = listed.with_context(|| format!("{}: cannot read", path.display()))?;
        if paths.len() > MOST_LISTED {
            bail!("{}: more than {MOST_LISTED} entries", path.display());
        }
        paths.retain(|path| path.file_name().is_some_and(|name| !name.as_encoded_bytes().starts_with(b".")));
        paths.retain(|path| !path.is_dir());
        if paths.len() > MOST_RESULT_FILES {
            bail!("{}: more than {MOST_RESULT_FILES} files of results", path.display());
        }
    }
    let (mut files, mut left) = (Vec::new(), limit);
    for path in paths {
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.ok_or_else(|| anyhow!("{}: not a name of a file of results", path.display()))?.to_owned();
        let bytes = bounded(&path, left)?;
        left = left.saturating_sub(bytes.len() as u64);
        files.push(ResultFile { name, bytes });
    }
    ResultFiles::new(files).and_then(|files| files.to_packed()).map_err(Error::msg).with_context(named)
}

/// Opens a file that an option names. Asked before it is opened, as opening a pipe waits for a writer.
pub fn open(path: &Path) -> std::io::Result<fs::File> {
    if fs::metadata(path)?.is_file() { fs::File::open(path) } else { Err(std::io::Error::other("not a regular file")) }
}

/// Reads such a file whole.
pub fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn given(path: &Path, limit: u64, held: u64) -> Result<GivenFile> {
    let read = || -> Result<GivenFile> {
        let mut file = open(path)?;
        let metadata = file.metadata()?;
        let keep = metadata.len() <= held;
        let (mut sha256, mut sha512, mut size, mut kept) = (Sha256::new(), Sha512::new(), 0_u64, Vec::new());
        let mut buffer = vec![0; 1 << 16];
        loop {
            let count = file.read(&mut buffer)?;
            let Some(piece) = buffer.get(..count).filter(|piece| !piece.is_empty()) else { break };
            size += count as u64;
            if size > limit {
                bail!("larger than {limit} bytes");
            }
            sha256.update(piece);
            sha512.update(piece);
            if keep {
                kept.extend_from_slice(piece);
            }
            if kept.len() as u64 > held {
                bail!("it grew while it was read");
            }
        }
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(GivenFile {
            name,
            sha256: plimsoll_model::hex(&sha256.finalize()),
            sha512: plimsoll_model::hex(&sha512.finalize()),
            size,
            bytes: keep.then_some(kept),
        })
    };
    read().with_context(|| format!("{}: cannot read", path.display()))
}

//! From arguments to what the library takes.

use std::{
    fs,
    io::Read as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Error, Result, anyhow, bail};
use jiff::Timestamp;
use plimsoll_collect::{GivenFile, InputFiles, org_defaults};
use plimsoll_model::{InputId, read_bounded};
use sha2::{Digest as _, Sha256, Sha512};

/// Bytes of an artifact; it is hashed in pieces.
const LARGEST_ARTIFACT: u64 = 64 * 1024 * 1024 * 1024;
/// Bytes of an artifact that is held as well, to look inside and to check signatures over it.
const LARGEST_HELD: u64 = 512 * 1024 * 1024;
/// Bytes of an attestation, which is held.
const LARGEST_ATTESTATION: u64 = 32 * 1024 * 1024;

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
        if path.is_dir() && id.row().file().is_some_and(|file| file.of_repository) {
            let bytes = org_defaults::packed(path).with_context(named)?;
            files.give(*id, bytes).map_err(Error::msg).with_context(named)?;
            continue;
        }
        let bytes = open(path).and_then(|file| read_bounded(file, limit));
        let bytes = bytes.with_context(|| format!("{}: cannot read", path.display()))?;
        let bytes = bytes.ok_or_else(|| anyhow!("larger than {limit} bytes")).with_context(named)?;
        files.give(*id, bytes).map_err(Error::msg).with_context(named)?;
    }
    Ok(files)
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

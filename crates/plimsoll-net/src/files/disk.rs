//! Files read within bounds and written whole or not at all; no symbolic link is followed.

use std::{
    fs::{self, File},
    io::{ErrorKind, Read, Write},
    path::Path,
};

use plimsoll_model::hex;
use sha2::{Digest as _, Sha256};

use crate::NetError;

/// Bytes of a file that statements speak of.
const LARGEST_ARTIFACT: u64 = 1 << 40;

/// The SHA-256 of a file in hexadecimal.
pub(super) fn sha256_of(path: &Path) -> Result<String, NetError> {
    let Some(mut file) = open(path)? else { return Err(NetError::file(path, "there is no such file")) };
    let (mut hash, mut buffer, mut read) = (Sha256::new(), vec![0; 64 * 1024], 0_u64);
    loop {
        let count = file.read(&mut buffer).map_err(|error| NetError::file(path, error.to_string()))?;
        let Some(part) = buffer.get(..count).filter(|part| !part.is_empty()) else { break };
        hash.update(part);
        read += count as u64;
        if read > LARGEST_ARTIFACT {
            return Err(NetError::file(path, format!("larger than {LARGEST_ARTIFACT} bytes")));
        }
    }
    Ok(hex(&hash.finalize()))
}

/// The bytes of a file; none where there is no file.
pub(super) fn read(path: &Path, bound: u64) -> Result<Option<Vec<u8>>, NetError> {
    let Some(file) = open(path)? else { return Ok(None) };
    let bytes = plimsoll_model::read_bounded(file, bound).map_err(|error| NetError::file(path, error.to_string()))?;
    bytes.map(Some).ok_or_else(|| NetError::file(path, format!("larger than {bound} bytes")))
}

/// Opens a file that is one; none where there is nothing.
fn open(path: &Path) -> Result<Option<File>, NetError> {
    let failed = |error: std::io::Error| NetError::file(path, error.to_string());
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(error)),
        Ok(kind) if kind.is_symlink() => {
            Err(NetError::file(path, "is a symbolic link, which is not followed; put the file itself there"))
        }
        Ok(kind) if !kind.is_file() => Err(NetError::file(path, "is not a file")),
        Ok(_) => File::open(path).map(Some).map_err(failed),
    }
}

/// Writes a file beside its place and moves it there, so that it appears whole.
///
/// Without `replaces` a file that appeared there meanwhile is left, and that is an error. A stop can leave a hidden file
/// that begins with `.plimsoll-`; it means nothing.
pub(super) fn write(path: &Path, bytes: &[u8], replaces: bool) -> Result<(), NetError> {
    let failed = |error: std::io::Error| NetError::file(path, format!("cannot be written: {error}"));
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".plimsoll-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // As any other file of a release: what others may read is up to the umask.
        let as_before =
            fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file).map(|kind| kind.permissions().mode());
        builder.permissions(fs::Permissions::from_mode(as_before.unwrap_or(0o644) & 0o777));
    }
    let mut file = builder.tempfile_in(folder).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    if replaces {
        file.persist(path).map_err(|error| failed(error.error))?;
    } else {
        file.persist_noclobber(path).map_err(|error| match error.error.kind() {
            ErrorKind::AlreadyExists => NetError::file(path, "appeared while it was to be written; repeat it"),
            _ => failed(error.error),
        })?;
    }
    #[cfg(unix)]
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
    Ok(())
}

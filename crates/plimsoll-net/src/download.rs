//! One large file, downloaded to a path: gone on with after a stop, not fetched again where nothing has changed, and whole or not
//! there at all.

mod address;
mod digests;
mod exchange;
mod partial;

use std::{
    fs,
    io::{Read, Write as _},
    path::Path,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use plimsoll_model::sha256_hex;
use serde::{Deserialize, Serialize};

pub use address::Address;

use self::{
    address::Place,
    digests::{Algorithm, Announced},
    partial::{Partial, State},
};
use crate::NetError;

/// Within which bounds to download, and what is known of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DownloadOptions {
    /// Bytes that the file may have.
    pub largest: u64,
    /// The time that the whole call may take.
    pub timeout: Duration,
    /// The time that one connection may take to be made.
    pub connect_timeout: Duration,
    /// The time in which a byte has to come, or the connection is given up.
    pub stall: Duration,
    /// The SHA-256 in lower-case hexadecimal that the file has to have.
    pub sha256: Option<String>,
    /// The version that the caller has: nothing is fetched where it is still the one.
    pub known: Option<FileVersion>,
}

impl Default for DownloadOptions {
    fn default() -> Self {
        Self {
            largest: 2 << 30,
            timeout: Duration::from_secs(60 * 60),
            connect_timeout: Duration::from_secs(10),
            stall: Duration::from_secs(60),
            sha256: None,
            known: None,
        }
    }
}

/// Which version of which file it is, to be kept by the caller and given again with the next download.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FileVersion {
    /// SHA-256 of the address that it is from.
    address: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last_modified: Option<String>,
    /// SHA-256 of the file in hexadecimal.
    sha256: String,
}

/// How a download ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Downloaded {
    /// The version that the caller knows is still the one; nothing was written.
    Unchanged,
    /// The file is at its path.
    Whole(Download),
}

/// A file that was downloaded.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Download {
    /// Its SHA-256 in hexadecimal.
    pub sha256: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// How many of them were there before the last request, and were not fetched again.
    pub resumed: u64,
    /// When it was changed last, as the server says. Of a file on this machine that is not known: copying changes it.
    pub last_modified: Option<Timestamp>,
    /// The digests that were announced or expected, and are right: `crc32c`, `md5`, `sha-256`, `sha-512`.
    pub checked: Vec<&'static str>,
    /// To be kept, and given with the next download.
    pub version: FileVersion,
}

/// Downloads a file to `into`, whose folder is there; `progress` hears the bytes so far and of the whole, where that is known.
///
/// The bytes are written to `into` with `.part` behind its name and moved at the end, so that what is at `into` is whole. After a
/// stop or a failure they are kept where the server gave them a strong validator, and the next call fetches the rest, if it is
/// still the same version. A connection that breaks off on the way is made again a few times.
///
/// Refused: more bytes than `options.largest`, or than come in `options.timeout`; a file with another digest than expected, or than
/// one that the server announces; a redirect to anything but https, or from plain HTTP to plain HTTP of the same host; a body that
/// is encoded, or of which nobody can say whether it is whole.
///
/// Source: RFC 9110 sections 8.8, 13.1 and 14 (validators, conditions, ranges).
pub fn download(
    from: &Address,
    into: &Path,
    options: &DownloadOptions,
    progress: &dyn Fn(u64, Option<u64>),
) -> Result<Downloaded, NetError> {
    match &from.0 {
        Place::Http(url) => exchange::download(url, into, options, progress),
        Place::Local(path) => copy(path, into, options, progress),
    }
}

/// What the bytes in a partial file are when all have come.
struct Arrived {
    state: State,
    /// Who sent them, for errors.
    host: String,
    resumed: u64,
    etag: Option<String>,
    last_modified: Option<String>,
}

/// Checks all digests of a file that has arrived, and moves it to its place.
fn finish(partial: &Partial, into: &Path, arrived: Arrived, options: &DownloadOptions) -> Result<Download, NetError> {
    let Arrived { state, host, resumed, etag, last_modified } = arrived;
    let failed = |error: std::io::Error| NetError::file(&partial.path, error.to_string());
    let file = partial.read()?;
    let bytes = file.metadata().map_err(failed)?.len();
    let expected =
        options.sha256.iter().map(|digest| Announced { algorithm: Algorithm::Sha256, digest: digest.clone() });
    let mut all: Vec<Announced> = state.announced.into_iter().chain(expected).collect();
    all.sort();
    let of = digests::digests(file, |algorithm| all.iter().any(|one| one.algorithm == algorithm)).map_err(failed)?;
    for Announced { algorithm, digest } in &all {
        // Each that was announced is computed.
        let actual = of(*algorithm).unwrap_or_default();
        if actual != *digest {
            let shown = |digest: &str| format!("{}:{digest}", algorithm.name().replace('-', ""));
            let (what, expected, actual) = ("the file".to_owned(), shown(digest), shown(&actual));
            return Err(NetError::Digest { host, what, expected, actual });
        }
    }
    partial.finish(into)?;
    let mut checked: Vec<&'static str> = all.iter().map(|one| one.algorithm.name()).collect();
    checked.dedup();
    let sha256 = of(Algorithm::Sha256).unwrap_or_default();
    Ok(Download {
        bytes,
        resumed,
        last_modified: last_modified.as_deref().and_then(exchange::moment),
        checked,
        version: FileVersion { address: state.source, etag, last_modified, sha256: sha256.clone() },
        sha256,
    })
}

/// Copies a file of this machine, within the same bounds and with the same checks.
fn copy(
    from: &Path,
    into: &Path,
    options: &DownloadOptions,
    progress: &dyn Fn(u64, Option<u64>),
) -> Result<Downloaded, NetError> {
    let failed = |error: std::io::Error| NetError::file(from, error.to_string());
    let metadata = fs::metadata(from).map_err(failed)?;
    // Asked before it is opened: opening a pipe waits for a writer.
    if !metadata.is_file() {
        return Err(NetError::file(from, "is not a file"));
    }
    let deadline = Instant::now() + options.timeout.min(Duration::from_secs(24 * 60 * 60));
    let mut file = fs::File::open(from).map_err(failed)?;
    let source = sha256_hex(from.as_os_str().as_encoded_bytes());
    let state = State { source, total: Some(metadata.len()), ..State::default() };
    let partial = Partial::of(into);
    let mut out = partial.start(&state)?;
    let unwritten = |error: std::io::Error| NetError::file(&partial.path, format!("cannot be written: {error}"));
    let (mut buffer, mut size) = (vec![0; 1 << 17], 0_u64);
    let outcome = loop {
        let count = match file.read(&mut buffer) {
            Ok(count) => count,
            Err(error) => break Err(failed(error)),
        };
        let Some(part) = buffer.get(..count).filter(|part| !part.is_empty()) else { break Ok(()) };
        size += count as u64;
        if size > options.largest {
            break Err(NetError::file(from, format!("larger than {} bytes", options.largest)));
        }
        if Instant::now() > deadline {
            let seconds = options.timeout.as_secs();
            break Err(NetError::file(from, format!("not read within the {seconds} seconds that it may take")));
        }
        if let Err(error) = out.write_all(part) {
            break Err(unwritten(error));
        }
        progress(size, state.total);
    };
    let outcome = outcome.and_then(|()| out.sync_all().map_err(unwritten));
    let host = plimsoll_model::one_line(&from.to_string_lossy());
    let finished = outcome.and_then(|()| {
        let known = options.known.as_ref().filter(|known| known.address == state.source);
        if let Some(known) = known {
            let of = digests::digests(partial.read()?, |_| false).map_err(unwritten)?;
            if of(Algorithm::Sha256).as_ref() == Some(&known.sha256) {
                return partial.remove().map(|()| Downloaded::Unchanged);
            }
        }
        let arrived = Arrived { state, host, resumed: 0, etag: None, last_modified: None };
        finish(&partial, into, arrived, options).map(Downloaded::Whole)
    });
    if finished.is_err() {
        // The first reason is the one to report.
        let _ = partial.remove();
    }
    finished
}

//! What came of a file so far, `NAME.part`, and of which version of it that is, `NAME.part.json`.

use std::{
    fs::{self, File, OpenOptions},
    io::{ErrorKind, Seek as _, SeekFrom},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::digests::Announced;
use crate::NetError;

/// Bytes of the description.
const LARGEST_STATE: u64 = 64 * 1024;

/// Of what the bytes are a part.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct State {
    /// SHA-256 of the address.
    pub source: String,
    /// What the server calls this version; one that names exactly these bytes.
    pub etag: Option<String>,
    /// When it was changed last.
    pub last_modified: Option<String>,
    /// Does that date name exactly these bytes?
    pub is_exact_date: bool,
    /// Bytes of the whole.
    pub total: Option<u64>,
    /// The digests that were announced of the whole.
    pub announced: Vec<Announced>,
}

impl State {
    /// What a server is asked to compare before it sends the rest.
    pub(super) fn validator(&self) -> Option<&str> {
        self.etag.as_deref().or(self.last_modified.as_deref().filter(|_| self.is_exact_date))
    }
}

/// The two files.
pub(super) struct Partial {
    pub path: PathBuf,
    state: PathBuf,
}

impl Partial {
    pub(super) fn of(into: &Path) -> Self {
        let with = |ending: &str| {
            let mut name = into.as_os_str().to_owned();
            name.push(ending);
            PathBuf::from(name)
        };
        Self { path: with(".part"), state: with(".part.json") }
    }

    /// What is there of `source` that a server can go on from: the version, and how many bytes of it are kept.
    ///
    /// Where all of it is there, the last byte is asked for once more: nothing can be asked for behind it.
    pub(super) fn kept(&self, source: &str) -> Option<(State, u64)> {
        let is_file = |path: &Path| fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file);
        let size = is_file(&self.path)?.len();
        is_file(&self.state)?;
        let bytes = plimsoll_model::read_bounded(File::open(&self.state).ok()?, LARGEST_STATE).ok()??;
        let state: State = serde_json::from_slice(&bytes).ok()?;
        let total = state.total?;
        let fits = state.source == source && state.validator().is_some() && size <= total;
        (fits && size > 0).then(|| (state, size.min(total.saturating_sub(1))))
    }

    /// Begins with nothing.
    pub(super) fn start(&self, state: &State) -> Result<File, NetError> {
        // In this order, so that no stop leaves old bytes under a new description.
        remove(&self.state)?;
        let file = self.open(0)?;
        if state.validator().is_some() && state.total.is_some() {
            self.describe(state)?;
        }
        Ok(file)
    }

    /// Goes on behind `size` bytes.
    pub(super) fn resume(&self, state: &State, size: u64) -> Result<File, NetError> {
        let file = self.open(size)?;
        self.describe(state)?;
        Ok(file)
    }

    fn describe(&self, state: &State) -> Result<(), NetError> {
        let failed = |error: String| NetError::file(&self.state, format!("cannot be written: {error}"));
        let bytes = serde_json::to_vec(state).map_err(|error| failed(error.to_string()))?;
        no_link(&self.state)?;
        fs::write(&self.state, bytes).map_err(|error| failed(error.to_string()))
    }

    fn open(&self, size: u64) -> Result<File, NetError> {
        let failed = |error: std::io::Error| NetError::file(&self.path, format!("cannot be written: {error}"));
        no_link(&self.path)?;
        let mut file = OpenOptions::new().write(true).create(true).truncate(false).open(&self.path).map_err(failed)?;
        file.set_len(size).and_then(|()| file.seek(SeekFrom::Start(size))).map_err(failed)?;
        Ok(file)
    }

    /// The bytes that came, as a file to read.
    pub(super) fn read(&self) -> Result<File, NetError> {
        File::open(&self.path).map_err(|error| NetError::file(&self.path, error.to_string()))
    }

    /// Moves the whole file to its place, where it replaces what was there.
    pub(super) fn finish(&self, into: &Path) -> Result<(), NetError> {
        let failed = |error: std::io::Error| NetError::file(into, format!("cannot be written: {error}"));
        fs::rename(&self.path, into).map_err(failed)?;
        #[cfg(unix)]
        {
            let folder =
                into.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
        }
        remove(&self.state)
    }

    /// Forgets what came.
    pub(super) fn remove(&self) -> Result<(), NetError> {
        remove(&self.state)?;
        remove(&self.path)
    }
}

/// A link is not followed: it could lead to a file that is not ours.
fn no_link(path: &Path) -> Result<(), NetError> {
    match fs::symlink_metadata(path) {
        Ok(kind) if !kind.is_file() => Err(NetError::file(path, "is not a file; move it away")),
        _ => Ok(()),
    }
}

fn remove(path: &Path) -> Result<(), NetError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(NetError::file(path, format!("cannot be removed: {error}")))
        }
        _ => Ok(()),
    }
}

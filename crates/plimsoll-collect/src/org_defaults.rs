//! The default documents of an organisation, taken out of the repository that holds them.

use std::path::Path;

use plimsoll_model::{DefaultDocument, OrgDefaults};
use plimsoll_snapshot::{OpenOptions, Snapshot};

use crate::{CollectError, collectors::policies};

/// Bytes of one document.
const LARGEST: u64 = 512 * 1024;
/// Documents that are taken.
const MOST: usize = 100;

/// Reads the commit at `HEAD` of the repository at `path`, and gives its default documents as the file that `--org-defaults` takes.
///
/// # Errors
///
/// Where the repository cannot be read, or a document of it is no text or too large: left out, it would count as missing.
pub fn packed(path: &Path) -> Result<Vec<u8>, CollectError> {
    let snapshot = Snapshot::open(path, &OpenOptions::default())?;
    let mut documents = Vec::new();
    for entry in snapshot.entries().iter().filter(|entry| policies::is_default_document(&entry.path)).take(MOST) {
        let read = snapshot.read_text(entry, LARGEST);
        let text =
            read.map_err(|error| CollectError::OrgDefaults { path: entry.path.clone(), reason: error.to_string() })?;
        documents.push(DefaultDocument { path: entry.path.clone(), text });
    }
    let defaults = OrgDefaults::new(snapshot.commit(), documents);
    serde_json::to_vec(&defaults)
        .map_err(|error| CollectError::OrgDefaults { path: path.display().to_string(), reason: error.to_string() })
}

//! The list of files that a wheel carries, checked against the files.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use crate::{
    ArtifactError, MetadataFault, RecordFault,
    package::{Unpacked, find, paths::shown},
};

struct Row<'a> {
    digest: &'a str,
    size: &'a str,
}

/// Passes where `RECORD` in `folder` lists every file of the wheel once, with digest and size, and no other.
///
/// `RECORD` and its signatures need no digest. Source: "Binary distribution format", "The .dist-info directory", and
/// "Recording installed projects": rows of path, digest and size as CSV; SHA-256 or stronger.
pub(super) fn check(unpacked: &Unpacked, folder: &str) -> Result<(), ArtifactError> {
    let own = format!("{folder}/RECORD");
    let in_metadata = |fault| ArtifactError::Metadata { path: own.clone(), fault };
    // As long as the wheel has files, so its bound is theirs.
    let bytes = unpacked.get(&own).ok_or_else(|| in_metadata(MetadataFault::Missing))?;
    let text = std::str::from_utf8(bytes)
        .map_err(|error| in_metadata(MetadataFault::Malformed { reason: error.to_string() }))?;
    let refused = |path: &str, fault| ArtifactError::Record { path: shown(path), fault };

    let mut rows = BTreeMap::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        let (path, row) = row(line).ok_or_else(|| refused(line, RecordFault::Row))?;
        // At once, so that there are no more rows than files.
        if find(&unpacked.entries, &path).is_none() {
            return Err(refused(&path, RecordFault::Absent));
        }
        if rows.insert(path.clone(), row).is_some() {
            return Err(refused(&path, RecordFault::Twice));
        }
    }
    for entry in &unpacked.entries {
        let path = &entry.path;
        let Some(row) = rows.remove(path) else {
            if is_signature(path, &own) {
                continue;
            }
            return Err(refused(path, RecordFault::Unlisted));
        };
        if (*path == own || is_signature(path, &own)) && row.digest.is_empty() {
            continue;
        }
        matches(unpacked.content(entry), &row).map_err(|fault| refused(path, fault))?;
    }
    Ok(())
}

fn is_signature(path: &str, own: &str) -> bool {
    matches!(path.strip_prefix(own), Some(".jws" | ".p7s"))
}

/// The path may be quoted, with its quotes doubled; digest and size have nothing to quote. No path has a line break.
fn row(line: &str) -> Option<(String, Row<'_>)> {
    let (rest, size) = line.rsplit_once(',')?;
    let (path, digest) = rest.rsplit_once(',')?;
    let path = match path.strip_prefix('"') {
        Some(quoted) => {
            let inner = quoted.strip_suffix('"')?;
            if inner.replace("\"\"", "").contains('"') {
                return None;
            }
            inner.replace("\"\"", "\"")
        }
        None if path.contains(['"', ',']) => return None,
        None => path.to_owned(),
    };
    Some((path, Row { digest, size }))
}

fn matches(content: &[u8], row: &Row<'_>) -> Result<(), RecordFault> {
    let (algorithm, written) = row.digest.split_once('=').ok_or(RecordFault::Weak)?;
    let right = match algorithm {
        "sha256" => Sha256::digest(content).to_vec(),
        "sha384" => Sha384::digest(content).to_vec(),
        "sha512" => Sha512::digest(content).to_vec(),
        _ => return Err(RecordFault::Weak),
    };
    // Some writers leave the padding in.
    if URL_SAFE_NO_PAD.encode(right) != written.trim_end_matches('=') {
        return Err(RecordFault::Digest);
    }
    if row.size.parse() == Ok(content.len()) { Ok(()) } else { Err(RecordFault::Size) }
}

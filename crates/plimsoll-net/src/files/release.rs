//! A folder of release files: a statement beside each file that it speaks of, and `SHA256SUMS` brought up to date.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use super::{
    disk,
    sidecar::{self, LINES, ONE},
    sums::{self, Sums},
};
use crate::{Attached, Attachment, Found, NetError, Options};

/// The list of digests.
const SUMS: &str = "SHA256SUMS";
/// The name for a statement that speaks of no file here.
const LABEL: &str = "label";
/// Files in a folder.
const MOST_FILES: usize = 10_000;
/// Bytes of the list.
const LARGEST_SUMS: u64 = 16 * 1024 * 1024;

pub(crate) fn attach(
    folder: &Path,
    attachment: &Attachment,
    options: &Options,
    progress: &dyn Fn(&str),
) -> Result<Attached, NetError> {
    let files = files(folder)?;
    let before = read_sums(folder)?;
    let mut digests = Sums::new();
    for (name, path) in files.iter().filter(|(name, _)| is_listed(name) || before.contains_key(*name)) {
        progress(&format!("reading {}", path.display()));
        digests.insert(name.clone(), disk::sha256_of(path)?);
    }
    hold(folder, &before, &digests)?;

    let mut spoken_of: Vec<&String> = digests
        .iter()
        .filter(|(name, digest)| is_artifact(name) && attachment.subjects.contains(*digest))
        .map(|(name, _)| name)
        .collect();
    let label = LABEL.to_owned();
    if spoken_of.is_empty() {
        if !options.any_subject {
            let reason = format!("it speaks of no file in {}", folder.display());
            return Err(NetError::Refused { reason });
        }
        spoken_of.push(&label);
    }
    // Everything is planned before anything is written, so that a refusal leaves the folder as it was.
    let mut plans = Vec::new();
    for name in &spoken_of {
        plans.push(sidecar::plan(&folder.join(name), &attachment.bytes)?);
    }
    let mut after = digests.clone();
    for write in plans.iter().flat_map(|plan| &plan.writes) {
        // The names are ours: a name of the folder with an ending.
        let name = write.path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        after.insert(name.to_owned(), plimsoll_model::sha256_hex(&write.bytes));
    }
    let list = folder.join(SUMS);
    let text = sums::write(&after);
    let stands = disk::read(&list, LARGEST_SUMS)?.is_some_and(|bytes| bytes == text.as_bytes());
    if let Some(signature) = files.keys().find(|name| !stands && name.starts_with("SHA256SUMS.")) {
        let reason =
            format!("the list changes, and {signature} is about the list as it was; remove it, and sign the list last");
        return Err(NetError::file(list, reason));
    }
    let already = stands && plans.iter().all(|plan| plan.writes.is_empty());
    for write in plans.iter().flat_map(|plan| &plan.writes) {
        progress(&format!("writing {}", write.path.display()));
        disk::write(&write.path, &write.bytes, write.replaces)?;
    }
    if !stands {
        progress(&format!("writing {}", list.display()));
        disk::write(&list, text.as_bytes(), true)?;
    }
    let subjects: BTreeSet<String> =
        spoken_of.iter().filter_map(|name| digests.get(*name)).map(|digest| format!("sha256:{digest}")).collect();
    Ok(Attached {
        subjects: subjects.into_iter().collect(),
        places: plans.iter().map(|plan| plan.place.display().to_string()).collect(),
        already,
        fallback_tag: None,
    })
}

pub(crate) fn fetch(folder: &Path, progress: &dyn Fn(&str)) -> Result<Found, NetError> {
    let files = files(folder)?;
    let sums = read_sums(folder)?;
    let mut found = Found::default();
    for (name, path) in &files {
        if !name.ends_with(ONE) && !name.ends_with(LINES) {
            continue;
        }
        progress(&format!("reading {}", path.display()));
        if let Some(listed) = sums.get(name) {
            is_as_listed(path, &disk::sha256_of(path)?, listed)?;
        }
        if name.ends_with(ONE) {
            sidecar::read_one(path, &mut found)?;
        } else {
            sidecar::read_lines(path, &mut found)?;
        }
        let of = name.strip_suffix(ONE).or_else(|| name.strip_suffix(LINES)).unwrap_or(name);
        if let Some(artifact) = files.get(of) {
            found.subjects.push(format!("sha256:{}", disk::sha256_of(artifact)?));
        }
    }
    found.normalize();
    Ok(found)
}

/// Is it a file that statements speak of? Not the statements themselves, and not the list.
fn is_artifact(name: &str) -> bool {
    is_listed(name) && !name.ends_with(ONE) && !name.ends_with(LINES)
}

/// Does it belong into the list? Not the list, its signatures, and hidden files.
fn is_listed(name: &str) -> bool {
    !name.starts_with('.') && name != SUMS && !name.starts_with("SHA256SUMS.")
}

/// The files of the folder by name; folders in it are left alone.
fn files(folder: &Path) -> Result<BTreeMap<String, PathBuf>, NetError> {
    let failed = |error: std::io::Error| NetError::file(folder, error.to_string());
    if !fs::symlink_metadata(folder).map_err(failed)?.is_dir() {
        return Err(NetError::file(folder, "is not a folder, or a symbolic link to one; name the folder itself"));
    }
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let kind = entry.file_type().map_err(failed)?;
        let path = entry.path();
        if kind.is_dir() {
            continue;
        }
        let name =
            entry.file_name().into_string().map_err(|_| NetError::file(&path, "has a name that is not UTF-8"))?;
        if !kind.is_file() {
            let reason = "is a symbolic link or something else than a file; a release has files alone";
            return Err(NetError::file(path, reason));
        }
        files.insert(name, path);
        if files.len() > MOST_FILES {
            return Err(NetError::file(folder, format!("has more than {MOST_FILES} files")));
        }
    }
    Ok(files)
}

fn read_sums(folder: &Path) -> Result<Sums, NetError> {
    let path = folder.join(SUMS);
    let Some(bytes) = disk::read(&path, LARGEST_SUMS)? else { return Ok(Sums::new()) };
    let text = String::from_utf8(bytes).map_err(|_| NetError::file(&path, "is not UTF-8"))?;
    sums::read(&text).map_err(|reason| NetError::file(path, reason))
}

/// The list as it is must be true, before it is written anew.
fn hold(folder: &Path, sums: &Sums, digests: &Sums) -> Result<(), NetError> {
    for (name, listed) in sums {
        let path = folder.join(name);
        match digests.get(name) {
            None => {
                let reason = format!("{SUMS} lists it, and it is not there; bring it back, or remove its line");
                return Err(NetError::file(path, reason));
            }
            Some(digest) => is_as_listed(&path, digest, listed)?,
        }
    }
    Ok(())
}

/// A file is as the list says, or it holds more statements than it did then, as a stop before the list is written leaves it.
fn is_as_listed(path: &Path, digest: &str, listed: &str) -> Result<(), NetError> {
    if digest == listed || sidecar::grew_from(path, listed)? {
        return Ok(());
    }
    let reason = format!("{SUMS} says sha256:{listed}, and it is sha256:{digest}; the file or its line is wrong");
    Err(NetError::file(path, reason))
}

//! A RustSec advisory-db checkout, read in parallel.

use std::{
    collections::BTreeMap,
    fs,
    io::Read as _,
    path::{Path, PathBuf},
};

use jiff::civil::Date;
use plimsoll_model::sha256_hex;
use rayon::prelude::*;
use rustsec::Collection;

use crate::{AdvisoryError, advisory::Advisory, rustsec_file};

/// Bytes of one advisory.
const LARGEST: u64 = 1024 * 1024;
/// Advisories of one checkout.
const MOST: usize = 200_000;

/// What a checkout holds.
pub(crate) struct Checkout {
    pub(crate) packages: BTreeMap<String, Vec<Advisory>>,
    /// Files that look like advisories and cannot be read, each with the reason.
    pub(crate) broken: Vec<String>,
    /// SHA-256 over the sorted lines `path<TAB>sha256`.
    pub(crate) digest: String,
    pub(crate) revision: Option<String>,
    /// Advisories about the standard library and the tools that come with the compiler.
    pub(crate) of_the_toolchain: u64,
    /// The newest day on which an advisory was made known or withdrawn.
    pub(crate) newest: Option<Date>,
}

/// Reads `folder`. Advisories about the standard library and the compiler (collection `rust`) belong to the
/// digest but to no package of a lockfile.
pub(crate) fn read(folder: &Path) -> Result<Checkout, AdvisoryError> {
    let paths = list(folder)?;
    let read: Vec<_> = paths.par_iter().map(|path| one(folder, path)).collect();
    let mut packages: BTreeMap<String, Vec<Advisory>> = BTreeMap::new();
    let (mut broken, mut lines, mut newest) = (Vec::new(), String::new(), None);
    let mut of_the_toolchain = 0;
    for (name, digest, outcome) in read {
        lines.push_str(&format!("{name}\t{digest}\n"));
        match outcome {
            Ok((collection, package, record)) => {
                newest = newest.max(record.last_day());
                if collection == Collection::Crates {
                    packages.entry(package).or_default().push(record);
                } else {
                    of_the_toolchain += 1;
                }
            }
            Err(reason) => broken.push(format!("{name}: {reason}")),
        }
    }
    if packages.is_empty() {
        return Err(AdvisoryError::Empty { path: folder.to_owned() });
    }
    for records in packages.values_mut() {
        records.sort_by(|one, other| one.id.cmp(&other.id));
    }
    let digest = sha256_hex(lines.as_bytes());
    Ok(Checkout { packages, broken, digest, revision: revision(folder), of_the_toolchain, newest })
}

fn list(folder: &Path) -> Result<Vec<(Collection, PathBuf)>, AdvisoryError> {
    let unreadable = |path: &Path, error: &std::io::Error| AdvisoryError::Unreadable {
        path: path.to_owned(),
        reason: error.to_string(),
    };
    let mut paths = Vec::new();
    for (collection, name) in [(Collection::Crates, "crates"), (Collection::Rust, "rust")] {
        let top = folder.join(name);
        let packages = match fs::read_dir(&top) {
            Ok(packages) => packages,
            // Only the crates are indispensable.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(unreadable(&top, &error)),
        };
        for package in packages {
            let package = package.map_err(|error| unreadable(&top, &error))?;
            if !package.file_type().map_err(|error| unreadable(&package.path(), &error))?.is_dir() {
                continue;
            }
            for file in fs::read_dir(package.path()).map_err(|error| unreadable(&package.path(), &error))? {
                let file = file.map_err(|error| unreadable(&package.path(), &error))?;
                if !file.file_name().as_encoded_bytes().starts_with(b".") {
                    paths.push((collection, file.path()));
                }
                if paths.len() > MOST {
                    return Err(AdvisoryError::Unreadable {
                        path: folder.to_owned(),
                        reason: format!("more than {MOST} advisories"),
                    });
                }
            }
        }
    }
    paths.sort_by(|one, other| one.1.cmp(&other.1));
    Ok(paths)
}

type Read = (String, String, Result<(Collection, String, Advisory), String>);

fn one(folder: &Path, (collection, path): &(Collection, PathBuf)) -> Read {
    let name = path
        .strip_prefix(folder)
        .unwrap_or(path)
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/");
    let mut text = String::new();
    // Asked before it is opened: opening a pipe waits for somebody to write.
    let opened = match fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() => Err(std::io::Error::other("not a regular file")),
        _ => fs::File::open(path),
    };
    let read = opened.and_then(|file| file.take(LARGEST + 1).read_to_string(&mut text));
    let digest = sha256_hex(text.as_bytes());
    let outcome = match read {
        Err(error) => Err(error.to_string()),
        Ok(length) if length as u64 > LARGEST => Err(format!("larger than {LARGEST} bytes")),
        Ok(_) => parse(*collection, path, &text),
    };
    (name, digest, outcome)
}

fn parse(collection: Collection, path: &Path, text: &str) -> Result<(Collection, String, Advisory), String> {
    let advisory: rustsec::Advisory = text.parse().map_err(|error: rustsec::Error| first_line(&error.to_string()))?;
    // An advisory that lies in another package's folder was moved by hand; whichever is right, one is missed.
    let folder = path.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    let package = advisory.metadata.package.to_string();
    if folder.as_deref() != Some(package.as_str()) {
        return Err(format!("it names the package \"{package}\", which is not its folder"));
    }
    Ok((collection, package, rustsec_file::of(&advisory)))
}

/// Is the folder one of RustSec's database, or of some of it?
pub(crate) fn is_one(folder: &Path) -> bool {
    let of_packages = fs::read_dir(folder.join("crates")).into_iter().flatten().flatten();
    of_packages.take(MOST).any(|package| package.path().is_dir())
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().trim().to_owned()
}

/// The commit that `.git` says is checked out. Files only: no git is run and no object is read, so that it is what the
/// folder says of itself; what was read is named by the digest.
fn revision(folder: &Path) -> Option<String> {
    let git = folder.join(".git");
    let small = |path: PathBuf, limit: u64| {
        let mut text = String::new();
        if !path.is_file() {
            return None;
        }
        fs::File::open(path).ok()?.take(limit).read_to_string(&mut text).ok()?;
        Some(text)
    };
    let head = small(git.join("HEAD"), 4096)?;
    let is_id = |text: &str| plimsoll_model::is_hex(text, 40) || plimsoll_model::is_hex(text, 64);
    let Some(name) = head.trim().strip_prefix("ref: ") else {
        return Some(head.trim().to_owned()).filter(|id| is_id(id));
    };
    if name.split('/').any(|part| part.is_empty() || part == "." || part == "..") {
        return None;
    }
    if let Some(loose) = small(git.join(name), 4096) {
        return Some(loose.trim().to_owned()).filter(|id| is_id(id));
    }
    let packed = small(git.join("packed-refs"), 16 * 1024 * 1024)?;
    packed
        .lines()
        .filter_map(|line| line.split_once(' '))
        .find(|(_, reference)| *reference == name)
        .map(|(id, _)| id.to_owned())
        .filter(|id| is_id(id))
}

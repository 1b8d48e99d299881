//! Records of OSV as databases publish them: a folder with one file for each, or a dump, which is a zip of such files.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use flate2::bufread::DeflateDecoder;
use jiff::civil::Date;
use plimsoll_model::{read_bounded, sha256_hex};
use rawzip::{CompressionMethod, ZipArchive, ZipSliceArchive};
use rayon::prelude::*;

use crate::{
    AdvisoryError,
    advisory::Advisory,
    osv::{LARGEST_RECORD, read_json, read_yaml},
    store::{ENDING, EcosystemData, Packages},
};

/// Files of one folder and those below it, or of one dump.
const MOST_FILES: usize = 1_000_000;
/// Folders inside one another.
const DEEPEST: usize = 12;
/// Bytes of a dump.
const LARGEST_DUMP: u64 = 2 * 1024 * 1024 * 1024;
/// Bytes that the files of a dump may come to. The largest that is published has about 2 GiB.
const LARGEST_UNPACKED: u64 = 16 * 1024 * 1024 * 1024;

/// What records come to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Records {
    pub(crate) packages: Packages,
    pub(crate) ecosystems: BTreeMap<String, EcosystemData>,
    /// Files that are no record, each with the reason.
    pub(crate) broken: Vec<String>,
    /// SHA-256 over the sorted lines `path<TAB>sha256`.
    pub(crate) digest: String,
}

/// Reads every `.json`, `.yaml` and `.yml` file of a folder and of those below it. What is hidden is passed over; a link, or a
/// packed file, is one that cannot be read.
///
/// A folder without any record is refused.
pub(crate) fn of_folder(folder: &Path) -> Result<Records, AdvisoryError> {
    let mut paths = Vec::new();
    list(folder, 0, &mut paths).map_err(|reason| AdvisoryError::Unreadable { path: folder.to_owned(), reason })?;
    paths.sort_unstable();
    let read: Vec<Read> = paths.par_iter().map(|path| read(shown(folder, path), of_file(path))).collect();
    records(folder, read)
}

/// Reads every `.json`, `.yaml` and `.yml` file of a dump.
pub(crate) fn of_dump(path: &Path) -> Result<Records, AdvisoryError> {
    let unreadable = |reason: String| AdvisoryError::Unreadable { path: path.to_owned(), reason };
    let file = fs::File::open(path).map_err(|error| unreadable(error.to_string()))?;
    let bytes = read_bounded(file, LARGEST_DUMP).map_err(|error| unreadable(error.to_string()))?;
    let bytes = bytes.ok_or_else(|| unreadable(format!("larger than {LARGEST_DUMP} bytes")))?;
    let archive =
        ZipArchive::from_slice(bytes.as_slice()).map_err(|error| unreadable(format!("not a zip: {error}")))?;
    let packed = entries(&archive).map_err(unreadable)?;
    let read: Vec<Read> =
        packed.par_iter().map(|entry| read(plimsoll_model::one_line(&entry.name), entry.unpacked())).collect();
    records(path, read)
}

/// One file: its name, its digest, and what it says of packages.
type Read = (String, Result<(String, Vec<(&'static str, String, Advisory)>), String>);

fn read(name: String, bytes: Result<Vec<u8>, String>) -> Read {
    let outcome = bytes.and_then(|bytes| {
        let record = if ends_with(&name, "json") {
            read_json(&bytes)?
        } else {
            read_yaml(std::str::from_utf8(&bytes).map_err(|_| "not UTF-8".to_owned())?)?
        };
        // Of an ecosystem of which nothing is read nobody asks.
        let of_packages = Advisory::of_record(&record).into_iter().filter(|(ecosystem, ..)| ecosystem.least() > 0);
        Ok((sha256_hex(&bytes), of_packages.map(|(ecosystem, name, one)| (ecosystem.name, name, one)).collect()))
    });
    (name, outcome)
}

fn records(path: &Path, read: Vec<Read>) -> Result<Records, AdvisoryError> {
    let mut found = Records::default();
    let mut lines = String::new();
    let mut any = false;
    let mut counted: BTreeMap<String, Counted> = BTreeMap::new();
    for (name, outcome) in read {
        match outcome {
            Ok((digest, advisories)) => {
                any = true;
                lines.push_str(&format!("{name}\t{digest}\n"));
                for (ecosystem, package, advisory) in advisories {
                    counted.entry(ecosystem.to_owned()).or_default().add(&advisory);
                    found.packages.entry((ecosystem.to_owned(), package)).or_default().push(advisory);
                }
            }
            Err(reason) => found.broken.push(format!("{name}: {reason}")),
        }
    }
    if !any {
        return Err(AdvisoryError::Empty { path: path.to_owned() });
    }
    for advisories in found.packages.values_mut() {
        advisories.sort_by(|one, other| one.id.cmp(&other.id));
    }
    found.digest = sha256_hex(lines.as_bytes());
    for (ecosystem, counted) in counted {
        let packages = found.packages.keys().filter(|(of, _)| *of == ecosystem).count() as u64;
        found.ecosystems.insert(ecosystem, EcosystemData { packages, ..counted.data() });
    }
    Ok(found)
}

/// What is counted of one ecosystem: each id once, in however many files it is.
#[derive(Default)]
struct Counted {
    ids: BTreeSet<String>,
    of_flaws: BTreeSet<String>,
    /// The last days of the advisories, the newest first; no more than are looked at.
    newest: Vec<Date>,
}

/// The newest advisory but so many says of which day records are that have no date of their own: one that was added to old ones
/// makes them no newer.
const ADDED: usize = 2;

impl Counted {
    fn add(&mut self, advisory: &Advisory) {
        if self.ids.insert(advisory.id.clone())
            && let Some(day) = advisory.last_day()
        {
            let place = self.newest.partition_point(|known| *known >= day);
            self.newest.insert(place, day);
            self.newest.truncate(ADDED + 1);
        }
        if advisory.is_counted() {
            self.of_flaws.insert(advisory.id.clone());
        }
    }

    fn data(&self) -> EcosystemData {
        let newest = self.newest.last().copied();
        let (advisories, counted) = (self.ids.len() as u64, self.of_flaws.len() as u64);
        EcosystemData { advisories, counted, date: newest, newest, ..EcosystemData::default() }
    }
}

fn list(folder: &Path, depth: usize, paths: &mut Vec<PathBuf>) -> Result<(), String> {
    if depth > DEEPEST {
        return Err(format!("its folders are nested deeper than {DEEPEST}"));
    }
    let unreadable = |error: std::io::Error| error.to_string();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        // Links are not followed, so that every folder is seen once.
        let (path, kind) = (entry.path(), entry.file_type().map_err(unreadable)?);
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        if kind.is_dir() {
            list(&path, depth + 1, paths)?;
        } else if is_record(&path.to_string_lossy()) || is_packed(&path.to_string_lossy()) || kind.is_symlink() {
            paths.push(path);
        }
        if paths.len() > MOST_FILES {
            return Err(format!("it has more than {MOST_FILES} files"));
        }
    }
    Ok(())
}

fn is_record(name: &str) -> bool {
    ["json", "yaml", "yml"].iter().any(|ending| ends_with(name, ending))
}

fn ends_with(name: &str, ending: &str) -> bool {
    Path::new(name).extension().is_some_and(|own| own.eq_ignore_ascii_case(ending))
}

/// The path below the folder, with slashes.
fn shown(folder: &Path, path: &Path) -> String {
    let below = path.strip_prefix(folder).unwrap_or(path);
    let parts: Vec<_> = below.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

/// Has it a name of packed files, or of packed snapshots?
fn is_packed(name: &str) -> bool {
    ["gz", "zip", "zst", "xz", "bz2", "tar", "tgz", ENDING].iter().any(|ending| ends_with(name, ending))
}

fn of_file(path: &Path) -> Result<Vec<u8>, String> {
    // What is there and is not read may be anything.
    if fs::symlink_metadata(path).map_err(|error| error.to_string())?.is_symlink() {
        return Err("a link, which is not followed".to_owned());
    }
    if !is_record(&path.to_string_lossy()) {
        return Err("packed in a folder of records: give it by itself, or unpack it".to_owned());
    }
    let file = fs::File::open(path).map_err(|error| error.to_string())?;
    let bytes = read_bounded(file, LARGEST_RECORD as u64).map_err(|error| error.to_string())?;
    bytes.ok_or_else(too_large)
}

fn too_large() -> String {
    format!("larger than {LARGEST_RECORD} bytes")
}

/// A file of a dump, not unpacked yet.
struct Packed<'a> {
    name: String,
    bytes: &'a [u8],
    is_deflated: bool,
    size: u64,
}

impl Packed<'_> {
    fn unpacked(&self) -> Result<Vec<u8>, String> {
        if self.size > LARGEST_RECORD as u64 {
            return Err(too_large());
        }
        let bytes = if self.is_deflated {
            read_bounded(DeflateDecoder::new(self.bytes), self.size).map_err(|error| error.to_string())?
        } else {
            Some(self.bytes.to_vec())
        };
        bytes.filter(|bytes| bytes.len() as u64 == self.size).ok_or_else(|| "it is not as long as it says".to_owned())
    }
}

/// The files of a zip that may be records, sorted by name.
fn entries<'a>(archive: &'a ZipSliceArchive<&'a [u8]>) -> Result<Vec<Packed<'a>>, String> {
    let failed = |error: rawzip::Error| format!("not a zip: {error}");
    let mut found = Vec::new();
    let mut total = 0_u64;
    let mut all = archive.entries();
    while let Some(record) = all.next_entry().map_err(failed)? {
        let name = String::from_utf8_lossy(record.file_path().as_ref()).into_owned();
        if !is_record(&name) {
            continue;
        }
        let is_deflated = match record.compression_method() {
            CompressionMethod::STORE => false,
            CompressionMethod::DEFLATE => true,
            _ => return Err(format!("{}: packed in a way that is not known", plimsoll_model::one_line(&name))),
        };
        let size = record.uncompressed_size_hint();
        total = total.saturating_add(size);
        if found.len() >= MOST_FILES || total > LARGEST_UNPACKED {
            return Err(format!("it has more than {MOST_FILES} files, or more than {LARGEST_UNPACKED} bytes in them"));
        }
        let bytes = archive.get_entry(record.wayfinder()).map_err(failed)?.data();
        found.push(Packed { name, bytes, is_deflated, size });
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    if found.windows(2).any(|pair| matches!(pair, [one, other] if one.name == other.name)) {
        return Err("it has two files of one name".to_owned());
    }
    Ok(found)
}

//! A folder of OSV records, as databases publish them: one file a record, JSON or YAML.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use jiff::civil::Date;
use plimsoll_model::sha256_hex;
use rayon::prelude::*;

use crate::{
    AdvisoryError,
    aliases::Aliases,
    ecosystem::Ecosystem,
    osv::{LARGEST_RECORD, read_json, read_yaml},
    record::{Affected, Record},
    verdict::Verdict,
};

/// Files of one folder and those below it.
const MOST_FILES: usize = 1_000_000;
/// Folders inside one another.
const DEEPEST: usize = 12;

/// Where a package is named: the numbers of records, and of their parts.
type Places = Vec<(usize, usize)>;

/// The records of a folder, by package.
#[derive(Clone, Debug, Default)]
pub struct OsvFolder {
    records: Vec<Record>,
    /// By ecosystem and normal name.
    packages: BTreeMap<&'static str, BTreeMap<String, Places>>,
    data: BTreeMap<String, EcosystemData>,
    broken: Vec<String>,
}

/// What a folder has of one ecosystem.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EcosystemData {
    /// Records that name a package of it, withdrawn ones too.
    pub records: u64,
    /// The last day on which one of them was published, changed or withdrawn.
    pub newest: Option<Date>,
    /// SHA-256 over the sorted lines `path<TAB>sha256` of their files.
    pub sha256: String,
}

/// What a record says of a version of a package: that it is affected, or that this cannot be told.
#[derive(Clone, Debug, PartialEq)]
pub struct OsvMatch<'a> {
    /// The record.
    pub record: &'a Record,
    /// The part of it that is about the package and speaks of the version.
    pub affected: &'a Affected,
    /// [`Verdict::Affected`] or [`Verdict::Uncomparable`].
    pub verdict: Verdict,
}

impl OsvFolder {
    /// Reads every `.json`, `.yaml` and `.yml` file of a folder and of those below it. What is hidden or a link is passed over.
    ///
    /// A file that is no record is listed in [`OsvFolder::broken`]; a folder without any record is refused.
    pub fn read(folder: &Path) -> Result<Self, AdvisoryError> {
        let mut paths = Vec::new();
        list(folder, 0, &mut paths).map_err(|reason| AdvisoryError::Unreadable { path: folder.to_owned(), reason })?;
        paths.sort_unstable();
        let read: Vec<_> = paths.par_iter().map(|path| (shown(folder, path), one(path))).collect();
        let mut found = Self::default();
        let mut lines: BTreeMap<String, String> = BTreeMap::new();
        for (name, outcome) in read {
            match outcome {
                Ok((digest, record)) => {
                    let mut ecosystems: Vec<&str> =
                        record.affected.iter().map(|part| part.ecosystem.as_str()).collect();
                    ecosystems.sort_unstable();
                    ecosystems.dedup();
                    for ecosystem in ecosystems.into_iter().filter(|name| !name.is_empty()) {
                        let data = found.data.entry(ecosystem.to_owned()).or_default();
                        data.records += 1;
                        data.newest = data.newest.max(record.last_day());
                        lines.entry(ecosystem.to_owned()).or_default().push_str(&format!("{name}\t{digest}\n"));
                    }
                    found.push(record);
                }
                Err(reason) => found.broken.push(format!("{name}: {reason}")),
            }
        }
        if found.records.is_empty() {
            return Err(AdvisoryError::Empty { path: folder.to_owned() });
        }
        for (ecosystem, data) in &mut found.data {
            data.sha256 = sha256_hex(lines.get(ecosystem).map(String::as_bytes).unwrap_or_default());
        }
        Ok(found)
    }

    fn push(&mut self, record: Record) {
        let number = self.records.len();
        for (part, affected) in record.affected.iter().enumerate() {
            // Of one that is not known nobody asks.
            let Some(ecosystem) = Ecosystem::of(&affected.ecosystem) else { continue };
            let name = ecosystem.normal_name(&affected.name).into_owned();
            self.packages.entry(ecosystem.name).or_default().entry(name).or_default().push((number, part));
        }
        self.records.push(record);
    }

    /// Every record, in the order of the files.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// What there is of each ecosystem, by the name that the records have for it. Of one that is not in it nothing was checked.
    pub fn data(&self) -> &BTreeMap<String, EcosystemData> {
        &self.data
    }

    /// Files that are no record, each with the reason.
    pub fn broken(&self) -> &[String] {
        &self.broken
    }

    /// Which ids name one flaw, by the records that are not withdrawn by `today`.
    pub fn aliases(&self, today: Date) -> Aliases {
        Aliases::of(self.records.iter().filter(|record| !record.is_withdrawn(today)))
    }

    /// What the records that are not withdrawn by `today` say of a version of a package, by id.
    pub fn matches(&self, ecosystem: &Ecosystem, name: &str, version: &str, today: Date) -> Vec<OsvMatch<'_>> {
        let places = self.packages.get(ecosystem.name).and_then(|names| names.get(&*ecosystem.normal_name(name)));
        let mut found: Vec<OsvMatch<'_>> = Vec::new();
        for (number, part) in places.into_iter().flatten() {
            let Some(record) = self.records.get(*number).filter(|record| !record.is_withdrawn(today)) else { continue };
            let Some(affected) = record.affected.get(*part) else { continue };
            let verdict = affected.verdict(version);
            if verdict != Verdict::NotAffected {
                found.push(OsvMatch { record, affected, verdict });
            }
        }
        // Of one record the worst part counts, and counts once.
        let is_open = |one: &OsvMatch<'_>| one.verdict != Verdict::Affected;
        found.sort_by(|one, other| (&one.record.id, is_open(one)).cmp(&(&other.record.id, is_open(other))));
        found.dedup_by(|one, other| one.record.id == other.record.id);
        found
    }
}

fn list(folder: &Path, depth: usize, paths: &mut Vec<PathBuf>) -> Result<(), String> {
    if depth > DEEPEST {
        return Err(format!("folders in it are nested more than {DEEPEST} deep"));
    }
    for entry in fs::read_dir(folder).map_err(|error| error.to_string())? {
        let entry = entry.map_err(|error| error.to_string())?;
        let (path, kind) = (entry.path(), entry.file_type().map_err(|error| error.to_string())?);
        if entry.file_name().as_encoded_bytes().starts_with(b".") {
            continue;
        }
        if kind.is_dir() {
            list(&path, depth + 1, paths)?;
        } else if kind.is_file() && (is_yaml(&path) || ends_with(&path, "json")) {
            paths.push(path);
        }
        if paths.len() > MOST_FILES {
            return Err(format!("it has more than {MOST_FILES} files"));
        }
    }
    Ok(())
}

fn ends_with(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|own| own.eq_ignore_ascii_case(ending))
}

fn is_yaml(path: &Path) -> bool {
    ends_with(path, "yaml") || ends_with(path, "yml")
}

/// The path below the folder, with slashes.
fn shown(folder: &Path, path: &Path) -> String {
    let below = path.strip_prefix(folder).unwrap_or(path);
    let parts: Vec<_> = below.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

fn one(path: &Path) -> Result<(String, Record), String> {
    let file = fs::File::open(path).map_err(|error| error.to_string())?;
    let bytes = plimsoll_model::read_bounded(file, LARGEST_RECORD as u64).map_err(|error| error.to_string())?;
    let bytes = bytes.ok_or_else(|| format!("larger than {LARGEST_RECORD} bytes"))?;
    let record = if is_yaml(path) {
        read_yaml(std::str::from_utf8(&bytes).map_err(|_| "not UTF-8".to_owned())?)?
    } else {
        read_json(&bytes)?
    };
    Ok((sha256_hex(&bytes), record))
}

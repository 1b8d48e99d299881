//! One source of advisories: a checkout, a folder, a dump or a packed snapshot.

use std::{borrow::Cow, collections::BTreeMap, fs, io::Read as _, path::Path};

use jiff::civil::Date;

use crate::{
    AdvisoryError,
    advisory::Advisory,
    ecosystem::{Ecosystem, REGISTRY},
    osv_files::{self, Records},
    rustsec_checkout,
    store::{self, ENDING, EcosystemData, Packages, Store},
};

/// Packed snapshots of one folder.
const MOST_SNAPSHOTS: usize = 200;

/// Advisories of one source.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// What it is, in a few words.
    pub(crate) what: &'static str,
    pub(crate) ecosystems: BTreeMap<String, EcosystemData>,
    /// SHA-256 that names all of it.
    pub(crate) digest: String,
    /// What of it could not be read, each with the reason.
    pub(crate) gaps: Vec<String>,
    /// Advisories about the standard library and the tools that come with the compiler.
    pub(crate) of_the_toolchain: u64,
    advisories: Advisories,
}

#[derive(Clone, Debug)]
enum Advisories {
    Packed(Store),
    Read(Packages),
}

impl Source {
    /// The snapshot that was built into this program.
    pub(crate) fn built_in(bytes: &'static [u8]) -> Result<Self, AdvisoryError> {
        Store::built_in(bytes).map(|store| Self::packed("embedded snapshot", store))
    }

    /// Reads `path`: a checkout of RustSec's advisory-db, a folder of OSV records or of packed snapshots, a dump of OSV's, or a
    /// packed snapshot. What it is is seen in it, and not by its name.
    pub(crate) fn open(path: &Path) -> Result<Vec<Self>, AdvisoryError> {
        let unreadable =
            |error: std::io::Error| AdvisoryError::Unreadable { path: path.to_owned(), reason: error.to_string() };
        let metadata = fs::metadata(path).map_err(unreadable)?;
        if metadata.is_dir() {
            let snapshots = snapshots(path).map_err(unreadable)?;
            if !snapshots.is_empty() {
                if let Some(other) = beside_snapshots(path).map_err(unreadable)? {
                    let reason = format!(
                        "{} is next to packed snapshots, and would not be read: give it by itself",
                        plimsoll_model::one_line(&other)
                    );
                    return Err(AdvisoryError::Unreadable { path: path.to_owned(), reason });
                }
                return snapshots.iter().map(|path| Self::open_file(path)).collect();
            }
            return if rustsec_checkout::is_one(path) { Self::of_rustsec(path) } else { Self::of_records(path) }
                .map(|source| vec![source]);
        }
        // Asked before it is opened: opening a pipe waits for somebody to write.
        if !metadata.is_file() {
            return Err(unreadable(std::io::Error::other("neither a regular file nor a folder")));
        }
        Self::open_file(path).map(|source| vec![source])
    }

    fn open_file(path: &Path) -> Result<Self, AdvisoryError> {
        let unreadable =
            |error: std::io::Error| AdvisoryError::Unreadable { path: path.to_owned(), reason: error.to_string() };
        let mut beginning = Vec::new();
        let file = fs::File::open(path).map_err(unreadable)?;
        file.take(store::BEGINNING.len() as u64).read_to_end(&mut beginning).map_err(unreadable)?;
        if beginning.starts_with(b"PK") {
            return osv_files::of_dump(path).map(|records| Self::read("given OSV dump", records));
        }
        if beginning != store::BEGINNING {
            return Err(AdvisoryError::Strange { path: path.to_owned() });
        }
        let store = Store::open(fs::File::open(path).map_err(unreadable)?)?;
        Ok(Self::packed("given packed snapshot", store))
    }

    fn packed(what: &'static str, store: Store) -> Self {
        let (ecosystems, digest) = (store.ecosystems().clone(), store.digest().to_owned());
        Self { what, ecosystems, digest, gaps: Vec::new(), of_the_toolchain: 0, advisories: Advisories::Packed(store) }
    }

    fn of_records(folder: &Path) -> Result<Self, AdvisoryError> {
        osv_files::of_folder(folder).map(|records| Self::read("given OSV records", records))
    }

    fn read(what: &'static str, records: Records) -> Self {
        let Records { packages, mut ecosystems, broken, digest } = records;
        for data in ecosystems.values_mut() {
            what.trim_start_matches("given ").clone_into(&mut data.source);
        }
        Self { what, ecosystems, digest, gaps: broken, of_the_toolchain: 0, advisories: Advisories::Read(packages) }
    }

    /// The date of a checkout is that of its newest advisory, which is never later than the checkout itself: age is reported too
    /// high rather than too low.
    fn of_rustsec(folder: &Path) -> Result<Self, AdvisoryError> {
        let checkout = rustsec_checkout::read(folder)?;
        let data = EcosystemData {
            source: "RustSec advisory-db".to_owned(),
            revision: checkout.revision,
            date: checkout.newest,
            newest: checkout.newest,
            advisories: checkout.packages.values().map(|advisories| advisories.len() as u64).sum(),
            counted: checkout.packages.values().flatten().filter(|advisory| advisory.is_counted()).count() as u64,
            packages: checkout.packages.len() as u64,
        };
        let named = checkout.packages.into_iter().map(|(name, advisories)| ((REGISTRY.to_owned(), name), advisories));
        Ok(Self {
            what: "given RustSec checkout",
            ecosystems: BTreeMap::from([(REGISTRY.to_owned(), data)]),
            digest: checkout.digest,
            gaps: checkout.broken,
            of_the_toolchain: checkout.of_the_toolchain,
            advisories: Advisories::Read(named.collect()),
        })
    }

    /// What it has of an ecosystem.
    pub(crate) fn data(&self, ecosystem: &Ecosystem) -> Option<&EcosystemData> {
        self.ecosystems.get(ecosystem.name)
    }

    /// The advisories about a package of this normal name, by id.
    pub(crate) fn advisories(&self, ecosystem: &Ecosystem, name: &str) -> Result<Cow<'_, [Advisory]>, AdvisoryError> {
        match &self.advisories {
            Advisories::Packed(store) => store.advisories(ecosystem.name, name).map(Cow::Owned),
            Advisories::Read(packages) => {
                let key = (ecosystem.name.to_owned(), name.to_owned());
                Ok(packages.get(&key).map(Vec::as_slice).unwrap_or_default().into())
            }
        }
    }

    /// Everything that it has.
    pub(crate) fn all(&self) -> Result<Cow<'_, Packages>, AdvisoryError> {
        match &self.advisories {
            Advisories::Packed(store) => store.all().map(Cow::Owned),
            Advisories::Read(packages) => Ok(Cow::Borrowed(packages)),
        }
    }
}

impl EcosystemData {
    /// The day up to which it knows what was known. Where something is published every few days, the newest advisory decides: a
    /// later day that it says of itself makes old data no newer.
    pub fn day(&self, ecosystem: &Ecosystem) -> Option<Date> {
        if ecosystem.is_busy() { self.date.min(self.newest) } else { self.date }
    }
}

/// What may hold records and is in a folder of packed snapshots: the first of it by name.
fn beside_snapshots(folder: &Path) -> std::io::Result<Option<String>> {
    let mut found = None;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
        // `db update` keeps where each is from, and what it has not fetched whole.
        let is_own = name.starts_with('.')
            || [".origin.json", ".dump.zip"].iter().any(|own| name.ends_with(own))
            || (ending == ENDING && entry.file_type()?.is_file())
            || !(["json", "yaml", "yml", "zip", ENDING].contains(&ending.as_str()) || entry.file_type()?.is_dir());
        if !is_own && found.as_ref().is_none_or(|known| name < *known) {
            found = Some(name);
        }
    }
    Ok(found)
}

/// The packed snapshots of a folder, sorted.
fn snapshots(folder: &Path) -> std::io::Result<Vec<std::path::PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.path().extension().is_some_and(|ending| ending == ENDING) && entry.file_type()?.is_file() {
            found.push(entry.path());
        }
        if found.len() > MOST_SNAPSHOTS {
            return Err(std::io::Error::other(format!("it has more than {MOST_SNAPSHOTS} packed snapshots")));
        }
    }
    found.sort();
    Ok(found)
}

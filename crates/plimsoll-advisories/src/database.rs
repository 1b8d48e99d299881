//! Where advisories come from, under one roof.

use std::{borrow::Cow, collections::BTreeMap, fs, io::Read as _, path::Path, sync::LazyLock};

use jiff::civil::Date;
use plimsoll_model::Input;

use crate::{
    AdvisoryError, Record, checkout,
    snapshot::{self, Packed},
};

/// The snapshot in the binary.
static EMBEDDED: &str = include_str!("../data/rustsec.snapshot");
static OPENED: LazyLock<Result<Packed, String>> =
    LazyLock::new(|| snapshot::read(Cow::Borrowed(EMBEDDED)).map_err(|error| error.to_string()));

/// Bytes of a packed snapshot.
const LARGEST_SNAPSHOT: u64 = 256 * 1024 * 1024;

/// Advisories by package.
#[derive(Clone, Debug)]
pub struct Database {
    store: Store,
    input: Input,
    gaps: Vec<String>,
}

#[derive(Clone, Debug)]
enum Store {
    Packed(Packed),
    Parsed(BTreeMap<String, Vec<Record>>),
}

impl Database {
    /// The snapshot that was built into this program.
    pub fn embedded() -> Result<Self, AdvisoryError> {
        match &*OPENED {
            Ok(packed) => Ok(Self::packed(packed.clone(), "embedded snapshot")),
            Err(problem) => Err(AdvisoryError::snapshot(problem)),
        }
    }

    /// Reads `path`: a folder as a RustSec advisory-db checkout, a file as a packed snapshot.
    ///
    /// Advisories of a checkout that cannot be read are listed in [`Database::gaps`]; a checkout without any
    /// is refused. The date of a checkout is that of its newest advisory, which is never later than the
    /// checkout itself: age is rather told too high than too low.
    pub fn open(path: &Path) -> Result<Self, AdvisoryError> {
        let unreadable =
            |error: std::io::Error| AdvisoryError::Unreadable { path: path.to_owned(), reason: error.to_string() };
        if !fs::metadata(path).map_err(unreadable)?.is_dir() {
            let mut text = String::new();
            let read = fs::File::open(path).and_then(|file| file.take(LARGEST_SNAPSHOT).read_to_string(&mut text));
            read.map_err(unreadable)?;
            return Ok(Self::packed(snapshot::read(Cow::Owned(text))?, "packed snapshot"));
        }
        let checkout = checkout::read(path)?;
        let input = Input {
            source: "RustSec checkout".to_owned(),
            revision: checkout.revision,
            date: checkout.newest.and_then(|date| date.parse::<Date>().ok()),
            count: Some(checkout.packages.values().map(|records| records.len() as u64).sum()),
            digest: BTreeMap::from([("sha256".to_owned(), checkout.digest)]),
            ..Input::default()
        };
        Ok(Self { store: Store::Parsed(checkout.packages), input, gaps: checkout.broken })
    }

    fn packed(packed: Packed, source: &str) -> Self {
        let input = Input {
            source: source.to_owned(),
            revision: packed.header.revision.clone(),
            date: Some(packed.header.date),
            count: Some(packed.header.count),
            digest: BTreeMap::from([("sha256".to_owned(), packed.digest.clone())]),
            ..Input::default()
        };
        Self { store: Store::Packed(packed), input, gaps: Vec::new() }
    }

    /// What this is, to be pinned: source, revision, date, count, digest.
    pub fn input(&self) -> Input {
        self.input.clone()
    }

    /// Advisories that could not be read, each with the reason.
    pub fn gaps(&self) -> &[String] {
        &self.gaps
    }

    /// The advisories about `package` of crates.io, by id.
    pub fn records(&self, package: &str) -> Result<Cow<'_, [Record]>, AdvisoryError> {
        match &self.store {
            Store::Packed(packed) => packed.records(package).map(Cow::Owned),
            Store::Parsed(packages) => Ok(packages.get(package).map(Vec::as_slice).unwrap_or_default().into()),
        }
    }

    pub(crate) fn all(&self) -> Result<BTreeMap<String, Vec<Record>>, AdvisoryError> {
        match &self.store {
            Store::Packed(packed) => packed.all(),
            Store::Parsed(packages) => Ok(packages.clone()),
        }
    }
}

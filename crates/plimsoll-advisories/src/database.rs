//! Where advisories come from, under one roof.

use std::{borrow::Cow, collections::BTreeMap, fs, io::Read as _, path::Path, sync::LazyLock};

use jiff::civil::Date;
use plimsoll_model::Input;

use crate::{
    AdvisoryError, RustsecRecord, checkout,
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
    given: Option<Given>,
    of_the_toolchain: u64,
}

/// How data that was given stands to what is built into this program.
///
/// Its date is what it says of itself, and so is its revision. What can be checked is that it knows what is known here:
/// data that is newer than the program lacks none of it, but may say that some was withdrawn.
#[derive(Clone, Debug, Default)]
struct Given {
    /// Ids of advisories that are built in and not in it.
    lacks: Vec<String>,
    /// Ids of advisories that count by what is built in and are withdrawn by it.
    withdrawn: Vec<String>,
}

#[derive(Clone, Debug)]
enum Store {
    Packed(Packed),
    Parsed(BTreeMap<String, Vec<RustsecRecord>>),
}

impl Database {
    /// The snapshot that was built into this program.
    pub fn embedded() -> Result<Self, AdvisoryError> {
        match &*OPENED {
            Ok(packed) => {
                let input = input_of(packed, "embedded snapshot");
                let store = Store::Packed(packed.clone());
                Ok(Self { store, input, gaps: Vec::new(), given: None, of_the_toolchain: 0 })
            }
            Err(problem) => Err(AdvisoryError::snapshot(problem)),
        }
    }

    /// Reads `path`: a folder as a RustSec advisory-db checkout, a file as a packed snapshot.
    ///
    /// Advisories of a checkout that cannot be read are listed in [`Database::gaps`]; a checkout without any
    /// is refused. The date of what is given is that of its newest advisory, which is never later than the
    /// checkout itself: age is reported too high rather than too low. Either is compared with what is built in, see
    /// [`Database::lacks`].
    pub fn open(path: &Path) -> Result<Self, AdvisoryError> {
        let unreadable =
            |error: std::io::Error| AdvisoryError::Unreadable { path: path.to_owned(), reason: error.to_string() };
        let metadata = fs::metadata(path).map_err(unreadable)?;
        if !metadata.is_dir() {
            // Asked before it is opened: opening a pipe waits for somebody to write.
            if !metadata.is_file() {
                return Err(unreadable(std::io::Error::other("neither a regular file nor a folder")));
            }
            let mut text = String::new();
            let read = fs::File::open(path).and_then(|file| file.take(LARGEST_SNAPSHOT).read_to_string(&mut text));
            read.map_err(unreadable)?;
            let packed = snapshot::read(Cow::Owned(text))?;
            let mut input = input_of(&packed, "given packed snapshot");
            // Its header is not what an advisory-db says: as for a checkout, the newest advisory decides.
            let newest =
                packed.all()?.into_values().flatten().filter_map(|record| record.date.parse::<Date>().ok()).max();
            input.date = input.date.min(newest);
            return Self::given(Store::Packed(packed), input, Vec::new(), 0);
        }
        let checkout = checkout::read(path)?;
        let input = Input {
            source: "given RustSec checkout".to_owned(),
            revision: checkout.revision,
            date: checkout.newest.and_then(|date| date.parse::<Date>().ok()),
            count: Some(checkout.packages.values().map(|records| records.len() as u64).sum()),
            digest: BTreeMap::from([("sha256".to_owned(), checkout.digest)]),
            ..Input::default()
        };
        Self::given(Store::Parsed(checkout.packages), input, checkout.broken, checkout.of_the_toolchain)
    }

    fn given(store: Store, mut input: Input, gaps: Vec<String>, of_the_toolchain: u64) -> Result<Self, AdvisoryError> {
        let given = Given::compare(&store, &Self::embedded()?)?;
        input.lacks = Some(given.lacks.len() as u64);
        Ok(Self { store, input, gaps, given: Some(given), of_the_toolchain })
    }

    /// What this is, to be pinned: source, revision, date, count, digest.
    pub fn input(&self) -> Input {
        self.input.clone()
    }

    /// Was it given, and not built into this program?
    pub fn is_given(&self) -> bool {
        self.given.is_some()
    }

    /// Ids of advisories that are built into this program and are missing here, sorted. Data that lacks any is not what it
    /// says that it is, and proves the absence of nothing.
    pub fn lacks(&self) -> &[String] {
        self.given.as_ref().map(|given| given.lacks.as_slice()).unwrap_or_default()
    }

    /// Ids of advisories that count by what is built in and are withdrawn by this, sorted.
    pub fn withdrawn(&self) -> &[String] {
        self.given.as_ref().map(|given| given.withdrawn.as_slice()).unwrap_or_default()
    }

    /// How many advisories about the standard library and the compiler's tools it holds. They are about no package of a
    /// lockfile and are compared with nothing.
    pub fn of_the_toolchain(&self) -> u64 {
        self.of_the_toolchain
    }

    /// Advisories that could not be read, each with the reason.
    pub fn gaps(&self) -> &[String] {
        &self.gaps
    }

    /// The advisories about `package` of crates.io, by id.
    pub fn records(&self, package: &str) -> Result<Cow<'_, [RustsecRecord]>, AdvisoryError> {
        self.store.records(package)
    }

    pub(crate) fn all(&self) -> Result<BTreeMap<String, Vec<RustsecRecord>>, AdvisoryError> {
        match &self.store {
            Store::Packed(packed) => packed.all(),
            Store::Parsed(packages) => Ok(packages.clone()),
        }
    }
}

impl Store {
    fn records(&self, package: &str) -> Result<Cow<'_, [RustsecRecord]>, AdvisoryError> {
        match self {
            Self::Packed(packed) => packed.records(package).map(Cow::Owned),
            Self::Parsed(packages) => Ok(packages.get(package).map(Vec::as_slice).unwrap_or_default().into()),
        }
    }
}

impl Given {
    fn compare(store: &Store, built_in: &Database) -> Result<Self, AdvisoryError> {
        let mut given = Self::default();
        for (package, records) in built_in.all()? {
            let theirs = store.records(&package)?;
            for record in records {
                match theirs.iter().find(|one| one.id == record.id) {
                    None => given.lacks.push(record.id),
                    Some(one) if one.withdrawn.is_some() && record.withdrawn.is_none() => {
                        given.withdrawn.push(record.id);
                    }
                    Some(_) => {}
                }
            }
        }
        given.lacks.sort();
        given.withdrawn.sort();
        Ok(given)
    }
}

fn input_of(packed: &Packed, source: &str) -> Input {
    Input {
        source: source.to_owned(),
        revision: packed.header.revision.clone(),
        date: Some(packed.header.date),
        count: Some(packed.header.count),
        digest: BTreeMap::from([("sha256".to_owned(), packed.digest.clone())]),
        ..Input::default()
    }
}

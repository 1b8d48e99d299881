//! Where advisories come from, under one roof: what was given, and for the ecosystems of which nothing was, what is built in.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{LazyLock, OnceLock},
};

use jiff::civil::Date;
use plimsoll_model::{Input, sha256_hex};

use crate::{
    AdvisoryError,
    advisory::Advisory,
    ecosystem::{Ecosystem, OSV_ECOSYSTEMS},
    source::Source,
    store::{self, EcosystemData, Packages},
};

/// The snapshot in the binary.
static EMBEDDED: &[u8] = include_bytes!("../data/embedded.advisories");
static OPENED: LazyLock<Result<Source, String>> =
    LazyLock::new(|| Source::built_in(EMBEDDED).map_err(|error| error.to_string()));

fn built_in() -> Result<&'static Source, AdvisoryError> {
    OPENED.as_ref().map_err(AdvisoryError::snapshot)
}

/// Advisories by package.
#[derive(Clone, Debug)]
pub struct Database {
    built_in: &'static Source,
    given: Vec<Source>,
    /// How what was given of each ecosystem compares with what is built in, once somebody has asked.
    held: OnceLock<BTreeMap<&'static str, Held>>,
}

/// How data that was given compares with what is built into this program.
///
/// Its date is what it says of itself, and so is its revision. What can be checked is that it knows what is known here:
/// data that is newer than the program lacks none of it, but may say that some was withdrawn.
#[derive(Clone, Debug, Default)]
struct Held {
    lacks: Vec<String>,
    withdrawn: Vec<String>,
}

/// What there is of one ecosystem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataOf {
    /// The ecosystem.
    pub ecosystem: &'static Ecosystem,
    /// Was it given, and not built into this program?
    pub given: bool,
    /// What it is, in a few words: `embedded snapshot`, `given RustSec checkout`.
    pub source: String,
    /// Its revision, where it has one.
    pub revision: Option<String>,
    /// The day up to which it knows what was known.
    pub date: Option<Date>,
    /// How many advisories.
    pub advisories: u64,
    /// SHA-256 of all that it was read from.
    pub sha256: String,
    /// Has any one source of it as many advisories as are published? Several that are parts are a part: which flaws they have in
    /// common is not known.
    pub whole: bool,
    /// Ids of advisories that are built into this program and are missing here, sorted. Data that lacks any is not what it
    /// says that it is, and proves the absence of nothing.
    pub lacks: Vec<String>,
    /// Ids of advisories that count by what is built in and are withdrawn by this, sorted.
    pub withdrawn: Vec<String>,
}

/// The day up to which several sources together know what was known.
fn date_of(ecosystem: &Ecosystem, sources: &[(&Source, &EcosystemData)], given: bool) -> Option<Date> {
    // What is built in says of itself what is true.
    let day = |data: &EcosystemData| if given { data.day(ecosystem) } else { data.date };
    let dates: Vec<_> = sources.iter().map(|(_, data)| (data.counted, day(data))).collect();
    joined(ecosystem.least(), &dates)
}

/// The last day of those that have as many advisories as are published, for what the others add makes it no older; else the first
/// of all, and none where one of them has none.
fn joined(least: u64, sources: &[(u64, Option<Date>)]) -> Option<Date> {
    let whole = sources.iter().filter(|(advisories, _)| *advisories >= least).filter_map(|(_, date)| *date).max();
    whole.or_else(|| sources.iter().map(|(_, date)| *date).min().flatten())
}

impl DataOf {
    /// Does it have fewer advisories than what is published of the ecosystem? Then it is a part, and proves the absence of nothing.
    pub fn is_part(&self) -> bool {
        !self.whole
    }

    fn input(&self) -> Input {
        Input {
            source: self.source.clone(),
            revision: self.revision.clone(),
            date: self.date,
            count: Some(self.advisories),
            lacks: self.given.then_some(self.lacks.len() as u64),
            digest: BTreeMap::from([("sha256".to_owned(), self.sha256.clone())]),
            ..Input::default()
        }
    }
}

impl Database {
    /// The snapshot that was built into this program.
    pub fn embedded() -> Result<Self, AdvisoryError> {
        Ok(Self { built_in: built_in()?, given: Vec::new(), held: OnceLock::new() })
    }

    /// Reads every path: a folder is a checkout of RustSec's advisory-db, OSV records, or packed snapshots that `db update` wrote;
    /// a file is a packed snapshot, or a dump as OSV publishes it.
    ///
    /// Advisories that cannot be read are listed in [`Database::gaps`]; a source without any is refused. What several say of
    /// one ecosystem is put together. Of ecosystems that none speaks of, what is built in counts.
    pub fn open<P: AsRef<Path>>(paths: &[P]) -> Result<Self, AdvisoryError> {
        let mut given = Vec::new();
        for path in paths {
            given.extend(Source::open(path.as_ref())?);
        }
        Ok(Self { built_in: built_in()?, given, held: OnceLock::new() })
    }

    /// Was anything given?
    pub fn is_given(&self) -> bool {
        !self.given.is_empty()
    }

    /// How many advisories about Rust's standard library and the compiler's tools it holds. They are about no package of a
    /// lockfile and are compared with nothing.
    pub fn of_the_toolchain(&self) -> u64 {
        self.given.iter().map(|source| source.of_the_toolchain).sum()
    }

    /// Advisories that could not be read, each with the reason.
    pub fn gaps(&self) -> impl Iterator<Item = &str> {
        self.given.iter().flat_map(|source| &source.gaps).map(String::as_str)
    }

    /// What was given of an ecosystem, else what is built in; none where there is neither.
    fn sources<'a>(&'a self, ecosystem: &'a Ecosystem) -> (bool, Vec<(&'a Source, &'a EcosystemData)>) {
        let of = |source: &'a Source| Some((source, source.data(ecosystem)?));
        let given: Vec<_> = self.given.iter().filter_map(of).collect();
        if given.is_empty() { (false, of(self.built_in).into_iter().collect()) } else { (true, given) }
    }

    /// The ecosystems of which there is data, in the order of their names.
    pub fn ecosystems(&self) -> Vec<&'static Ecosystem> {
        let mut all: Vec<_> = OSV_ECOSYSTEMS.iter().filter(|one| !self.sources(one).1.is_empty()).collect();
        all.sort_by_key(|ecosystem| ecosystem.name);
        all
    }

    /// What there is of an ecosystem. Where that is nothing, nothing was checked.
    pub fn data_of(&self, ecosystem: &'static Ecosystem) -> Result<Option<DataOf>, AdvisoryError> {
        let (given, sources) = self.sources(ecosystem);
        let [(first, data), more @ ..] = sources.as_slice() else { return Ok(None) };
        let held = if given { self.held()?.get(ecosystem.name).cloned().unwrap_or_default() } else { Held::default() };
        let mut found = DataOf {
            ecosystem,
            given,
            source: first.what.to_owned(),
            revision: data.revision.clone(),
            date: date_of(ecosystem, &sources, given),
            advisories: data.advisories,
            whole: sources.iter().any(|(_, data)| data.counted >= ecosystem.least()),
            sha256: first.digest.clone(),
            lacks: held.lacks,
            withdrawn: held.withdrawn,
        };
        for (source, data) in more {
            if !found.source.contains(source.what) {
                found.source.push_str(" and ");
                found.source.push_str(source.what);
            }
            // Of several revisions none names all of it.
            found.revision = None;
            found.advisories += data.advisories;
            found.sha256 = sha256_hex(format!("{}\n{}\n", found.sha256, source.digest).as_bytes());
        }
        Ok(Some(found))
    }

    /// What of this was used for `ecosystems`, to be pinned: source, date, count and digest of each, and of all together.
    pub fn input(&self, ecosystems: &[&'static Ecosystem]) -> Result<Input, AdvisoryError> {
        let mut parts: BTreeMap<String, Input> = BTreeMap::new();
        for ecosystem in ecosystems {
            if let Some(data) = self.data_of(ecosystem)? {
                parts.insert(ecosystem.name.to_owned(), data.input());
            }
        }
        if let (1, Some(only)) = (parts.len(), parts.first_key_value()) {
            return Ok(Input { parts: BTreeMap::from([(only.0.clone(), only.1.clone())]), ..only.1.clone() });
        }
        let mut words: Vec<&str> = parts.values().map(|part| part.source.as_str()).collect();
        words.sort_unstable();
        words.dedup();
        let mut lines = String::new();
        for (name, part) in &parts {
            lines.push_str(&format!("{name}\t{}\n", part.digest.get("sha256").map_or("", String::as_str)));
        }
        Ok(Input {
            source: if words.is_empty() { "no advisory data".to_owned() } else { words.join(" and ") },
            date: parts.values().map(|part| part.date).min().flatten(),
            count: Some(parts.values().filter_map(|part| part.count).sum()),
            lacks: parts.values().filter_map(|part| part.lacks).reduce(|one, other| one + other),
            digest: BTreeMap::from([("sha256".to_owned(), sha256_hex(lines.as_bytes()))]),
            parts,
            ..Input::default()
        })
    }

    /// The advisories about a package, however its name is spelled, by id. Of two with one id both are given.
    pub fn advisories(&self, ecosystem: &Ecosystem, name: &str) -> Result<Vec<Advisory>, AdvisoryError> {
        let (name, mut found) = (ecosystem.normal_name(name), Vec::new());
        for (source, _) in self.sources(ecosystem).1 {
            found.extend_from_slice(&source.advisories(ecosystem, &name)?);
        }
        found.sort_by(|one: &Advisory, other| one.id.cmp(&other.id));
        Ok(found)
    }

    /// What was given of each ecosystem against what is built in.
    fn held(&self) -> Result<&BTreeMap<&'static str, Held>, AdvisoryError> {
        if let Some(held) = self.held.get() {
            return Ok(held);
        }
        let mut found: BTreeMap<&'static str, Held> = BTreeMap::new();
        for ((ecosystem, package), advisories) in self.built_in.all()?.iter() {
            let Some(ecosystem) = Ecosystem::of(ecosystem) else { continue };
            if !self.sources(ecosystem).0 {
                continue;
            }
            let theirs = self.advisories(ecosystem, package)?;
            let held = found.entry(ecosystem.name).or_default();
            for advisory in advisories {
                let mut same = theirs.iter().filter(|one| one.id == advisory.id).peekable();
                // Another database may have the flaw under an id of its own.
                if same.peek().is_none() && !theirs.iter().any(|one| one.names(&advisory.id) || advisory.names(&one.id))
                {
                    held.lacks.push(advisory.id.clone());
                } else if same.peek().is_some()
                    && advisory.withdrawn.is_none()
                    && same.all(|one| one.withdrawn.is_some())
                {
                    held.withdrawn.push(advisory.id.clone());
                }
            }
        }
        for held in found.values_mut() {
            for ids in [&mut held.lacks, &mut held.withdrawn] {
                ids.sort();
                ids.dedup();
            }
        }
        Ok(self.held.get_or_init(|| found))
    }

    /// What is built in of an ecosystem, by package.
    #[cfg(test)]
    pub(crate) fn built_in_of(&self, ecosystem: &Ecosystem) -> Result<BTreeMap<String, Vec<Advisory>>, AdvisoryError> {
        let all = self.built_in.all()?.into_owned().into_iter();
        Ok(all.filter(|((of, _), _)| of == ecosystem.name).map(|((_, name), advisories)| (name, advisories)).collect())
    }

    /// Gives what was given as one packed snapshot, facts alone and no prose; where nothing was, what is built in. Of one
    /// ecosystem alone where `of` names it: a record may speak of several, and a few of another are not the data of that one.
    ///
    /// `revision` and `date` say of which state of the source it is, where the source itself does not say it; without a date
    /// nobody knows how old it is, hence that is refused. Refused is a source of which something cannot be read.
    pub fn pack(
        &self,
        of: Option<&Ecosystem>,
        revision: Option<&str>,
        date: Option<Date>,
    ) -> Result<Vec<u8>, AdvisoryError> {
        if let Some(first) = self.gaps().next() {
            let count = self.gaps().count();
            return Err(AdvisoryError::snapshot(format!(
                "{count} advisories of the source cannot be read (first: {first})"
            )));
        }
        let sources: &[Source] = if self.given.is_empty() { std::slice::from_ref(self.built_in) } else { &self.given };
        let is_wanted = |name: &str| of.is_none_or(|ecosystem| ecosystem.name == name);
        let mut packages = Packages::new();
        let mut ecosystems: BTreeMap<String, EcosystemData> = BTreeMap::new();
        let mut dates: BTreeMap<String, Vec<(u64, Option<Date>)>> = BTreeMap::new();
        for source in sources {
            for (key, advisories) in source.all()?.iter().filter(|(key, _)| is_wanted(&key.0)) {
                let all = packages.entry(key.clone()).or_default();
                all.extend_from_slice(advisories);
                all.sort_by(|one, other| one.id.cmp(&other.id));
                // Two sources may have the same.
                all.dedup();
            }
            for (name, data) in source.ecosystems.iter().filter(|(name, _)| is_wanted(name)) {
                let newest = |one: Option<Date>, other: Option<Date>| one.max(other);
                let known =
                    ecosystems.entry(name.clone()).or_insert_with(|| EcosystemData { newest: None, ..data.clone() });
                known.newest = newest(known.newest, data.newest);
                dates.entry(name.clone()).or_default().push((data.counted, data.date));
                if !known.source.contains(&data.source) {
                    known.source = format!("{} and {}", known.source, data.source);
                    known.revision = None;
                }
            }
        }
        for (name, data) in &mut ecosystems {
            data.revision = revision.map(ToOwned::to_owned).or(data.revision.take());
            let of_sources = dates.get(name).map(Vec::as_slice).unwrap_or_default();
            data.date = date.or(joined(Ecosystem::of(name).map_or(0, Ecosystem::least), of_sources));
            if data.date.is_none() {
                return Err(AdvisoryError::Undated { ecosystem: name.clone() });
            }
        }
        store::write(&packages, &ecosystems)
    }
}

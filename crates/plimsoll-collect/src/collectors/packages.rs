//! The files that were given: packages against the commit's tree, and binaries' own lists against what the commit locks.

use plimsoll_artifacts::{
    ArtifactError, BinaryFormat, DependencyList, Limits, Package,
    comparison::{ComparedFile, Comparison, Counts, Verdict, compare},
};
use plimsoll_model::{Assurance, InputId, Kind, Pointer, Rests, Subject};
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    Collector, Context, Gathered, GivenFile, Need,
    packages::{CommitTree, ListComparison, ListVerdict, UnlockedPackage, compare_list},
};

/// Packages of a binary that are told by name.
const MOST_UNLOCKED: usize = 200;

/// One package.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct PackageFact {
    /// Its file's name.
    artifact: String,
    /// SHA-256 of the file.
    sha256: String,
    /// `crate`, `npm`, `sdist`, `wheel`; `null` for an archive of which that could not be told.
    format: Option<&'static str>,
    /// Its name, by its own metadata.
    name: Option<String>,
    /// Its version, by its own metadata.
    version: Option<String>,
    /// The commit that it was compared with.
    commit: String,
    /// The commit that it says it was packed from.
    claimed_commit: Option<String>,
    /// The folder of the repository that it says it was packed from.
    claimed_path: Option<String>,
    /// Does it say that it was packed from a working copy with changes?
    dirty: bool,
    /// Is the commit that it names this one? `null` where it names none.
    commit_matches: Option<bool>,
    /// The folder of the tree that it was compared with; `null` where nothing was compared.
    folder: Option<String>,
    /// Its files by class; `null` where nothing was compared.
    counts: Option<Counts>,
    /// The answer.
    verdict: Verdict,
    /// What led to it, and what has to be known beside it.
    reasons: Vec<String>,
    /// Its files that are not simply the tree's, at most 200 of them; those that are not explained first.
    files: Vec<ComparedFile>,
    /// How many more such files there are.
    more: u64,
}

/// One binary.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct BinaryFact {
    /// Its file's name.
    artifact: String,
    /// SHA-256 of the file.
    sha256: String,
    /// `ELF`, `PE`, `Mach-O`, `WebAssembly`.
    format: &'static str,
    /// The package that was built, by the list.
    name: Option<String>,
    /// Its version.
    version: Option<String>,
    /// How many packages are listed, the one that was built among them.
    packages: usize,
    /// Path of the lockfile that the list was compared with.
    lockfile: Option<String>,
    /// The answer.
    verdict: ListVerdict,
    /// What led to it.
    reasons: Vec<String>,
    /// Listed packages that the commit does not lock, at most 200 of them.
    unlocked: Vec<UnlockedPackage>,
    /// How many more there are.
    more: usize,
}

const PACKAGE: Kind = Kind::of::<PackageFact>(
    "package-comparison",
    "A package that was given, each of its files compared with the tree of the commit.",
)
.resting_on(&[Rests::all(InputId::Files)]);
const BINARY: Kind = Kind::of::<BinaryFact>(
    "binary-dependencies",
    "A binary that was given: whether the packages that it says it was built from are those that the commit locks.",
)
.resting_on(&[Rests::all(InputId::Files), Rests::words(InputId::CrateSources), Rests::words(InputId::Resolver)]);

/// Packages and binaries that were given.
pub struct Packages;

impl Collector for Packages {
    fn name(&self) -> &'static str {
        "packages"
    }

    fn about(&self) -> &'static str {
        "Packages given with --artifact against the tree of the commit, and lists inside binaries against its lockfiles."
    }

    fn states(&self) -> &'static [Kind] {
        const { &[PACKAGE, BINARY] }
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Inventory]
    }

    fn collect(&self, cx: &Context<'_>) -> Vec<Gathered> {
        let count = cx.artifacts.len() as u64;
        let mut compared = Gathered::searched(&PACKAGE, "files given", count);
        let mut binaries = Gathered::searched(&BINARY, "files given", count);
        let facts: Vec<_> = cx.artifacts.par_iter().map(|file| (file, package(cx, file), binary(cx, file))).collect();
        for (file, package, binary) in facts {
            let subject = || Subject::artifact(&file.sha256);
            let pointers = || vec![Pointer::artifact(&file.sha256)];
            if let Some(fact) = package {
                let assurance = if fact.verdict == Verdict::Equal { Assurance::Verified } else { Assurance::Observed };
                compared.push(subject(), assurance, &fact, pointers());
            }
            if let Some(fact) = binary {
                binaries.push(subject(), Assurance::Observed, &fact, pointers());
            }
            if file.bytes.is_none() {
                binaries.gap(format!("{}: too large to look inside", file.name));
            }
        }
        if count > 0 {
            compared.limitation(
                "Whether files may be executed, times and owners are not compared; nor does it say whether the commit is good.",
            );
            binaries.limitation(
                "A list in a binary is a statement of its builder; a binary without one does not show what it was built from.",
            );
        }
        vec![compared, binaries]
    }
}

/// Gives what a package comes to; `None` for what is no package by its name and content.
fn package(cx: &Context<'_>, file: &GivenFile) -> Option<PackageFact> {
    let is_package = [".crate", ".whl"].iter().any(|ending| file.name.ends_with(ending));
    let is_archive = [".tgz", ".tar.gz"].iter().any(|ending| file.name.ends_with(ending));
    if !is_package && !is_archive {
        return None;
    }
    let reason = match &file.bytes {
        None => "too large to be unpacked".to_owned(),
        Some(bytes) => match Package::read(&file.name, bytes, &Limits::default()) {
            Ok(package) => {
                return Some(PackageFact::of(file, compare(&package, &CommitTree(cx.snapshot))));
            }
            // Any archive may end like a package of npm or Python.
            Err(ArtifactError::UnknownFormat { .. }) if is_archive => return None,
            Err(error) => error.to_string(),
        },
    };
    let format = [(".crate", "crate"), (".whl", "wheel")];
    Some(PackageFact {
        artifact: file.name.clone(),
        sha256: file.sha256.clone(),
        format: format.iter().find(|(ending, _)| file.name.ends_with(ending)).map(|(_, format)| *format),
        name: None,
        version: None,
        commit: cx.snapshot.commit(),
        claimed_commit: None,
        claimed_path: None,
        dirty: false,
        commit_matches: None,
        folder: None,
        counts: None,
        verdict: Verdict::Unreadable,
        reasons: vec![reason],
        files: Vec::new(),
        more: 0,
    })
}

impl PackageFact {
    fn of(file: &GivenFile, comparison: Comparison) -> Self {
        Self {
            artifact: file.name.clone(),
            sha256: file.sha256.clone(),
            format: Some(comparison.format.as_str()),
            name: Some(comparison.name),
            version: Some(comparison.version),
            commit: comparison.commit,
            claimed_commit: comparison.claimed.commit,
            claimed_path: comparison.claimed.path,
            dirty: comparison.claimed.dirty,
            commit_matches: comparison.commit_matches,
            folder: comparison.folder,
            counts: comparison.counts,
            verdict: comparison.verdict,
            reasons: comparison.reasons,
            files: comparison.files,
            more: comparison.more,
        }
    }
}

/// Gives what the list of a binary comes to; `None` for what is no binary.
fn binary(cx: &Context<'_>, file: &GivenFile) -> Option<BinaryFact> {
    let bytes = file.bytes.as_deref()?;
    let format = BinaryFormat::of(bytes)?;
    let mut fact = BinaryFact {
        artifact: file.name.clone(),
        sha256: file.sha256.clone(),
        format: format.as_str(),
        name: None,
        version: None,
        packages: 0,
        lockfile: None,
        verdict: ListVerdict::None,
        reasons: Vec::new(),
        unlocked: Vec::new(),
        more: 0,
    };
    match DependencyList::read(bytes, &Limits::default()) {
        Ok(None) => fact.reasons.push("it has no dependency list; `cargo auditable build` writes one".to_owned()),
        Err(error) => {
            fact.verdict = ListVerdict::Unreadable;
            fact.reasons.push(error.to_string());
        }
        Ok(Some(list)) => {
            let root = list.root();
            fact.name = root.map(|root| root.name.clone());
            fact.version = root.map(|root| root.version.clone());
            fact.packages = list.packages().len();
            let ListComparison { verdict, reason, lockfile, mut unlocked } = compare_list(&list, cx.inventory);
            fact.verdict = verdict;
            fact.lockfile = lockfile;
            fact.reasons.extend(reason);
            if !unlocked.is_empty() {
                fact.reasons.push(format!("{} of its packages are not locked by the commit", unlocked.len()));
            }
            fact.more = unlocked.len().saturating_sub(MOST_UNLOCKED);
            unlocked.truncate(MOST_UNLOCKED);
            fact.unlocked = unlocked;
        }
    }
    Some(fact)
}

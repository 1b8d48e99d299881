//! Tests that are there, tools that are configured, languages, unsafe code, toolchain and build settings.

mod configuration;
mod languages;
pub(crate) mod rust;

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::{Assurance, Kind, Pointer, Subject};
use plimsoll_snapshot::{Entry, EntryKind};
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;

use super::shipped_submodules;
use crate::{Collector, Context, Gathered, PathClass};
use rust::RustFile;

/// Bytes of one source file.
const LARGEST: u64 = 4 * 1024 * 1024;
/// Places that a fact points to.
const MOST_PLACES: usize = 5;

/// Tests of one type.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct SuiteFact {
    /// `unit`, `integration`, `doc`, `property`, `fuzz`, `bench`, `snapshot`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// How many.
    count: u64,
    /// In how many files.
    files: usize,
    /// In which languages.
    languages: Vec<&'static str>,
}

/// One tool that is configured.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CheckFact {
    /// `formatter`, `linter`, `coverage`, `fuzz`, `editor`.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The tool.
    tool: &'static str,
    /// Does it deny or forbid something?
    strict: bool,
}

/// One language of the source.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct LanguageFact {
    /// Its name.
    name: &'static str,
    /// Files that ship.
    files: u64,
    /// Bytes of these; of files that could not be read, none.
    bytes: u64,
    /// Does it keep memory safe by itself?
    memory_safe: bool,
    /// Share of all bytes of source that ship, in percent, rounded down.
    share: u64,
}

/// Unsafe code of one Rust package.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct UnsafeFact {
    /// Folder of the package; `.` at the root.
    package: String,
    /// Its manifest.
    path: String,
    /// How often the word `unsafe` stands in code, that of its tests and examples with it.
    unsafe_uses: u64,
    /// Is it forbidden in every crate root, or by the manifest?
    forbids: bool,
    /// Is it denied, or forbidden?
    denies: bool,
    /// Source files that were read.
    files: u64,
    /// Class of the manifest's path.
    class: PathClass,
}

/// One toolchain file.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ToolchainFact {
    /// Its path.
    path: String,
    /// The version or channel that it names.
    channel: String,
    /// One version and no other?
    pinned: bool,
}

/// One setting of the build.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SettingFact {
    /// Dotted path in the manifest.
    setting: String,
    /// Its value as text.
    value: String,
}

const SUITE: Kind = Kind::of::<SuiteFact>("test-suite", "The tests of one type that the source holds.");
const CHECK: Kind = Kind::of::<CheckFact>("check-configuration", "A tool that checks the source and is configured.");
const LANGUAGE: Kind =
    Kind::of::<LanguageFact>("source-language", "A language of the source that ships, and its share.");
const UNSAFE: Kind =
    Kind::of::<UnsafeFact>("unsafe-code", "How much unsafe code a Rust package has, and whether it is forbidden.");
const TOOLCHAIN: Kind = Kind::of::<ToolchainFact>("toolchain", "A file that names the toolchain.");
const SETTING: Kind = Kind::of::<SettingFact>("build-setting", "A setting of the build that matters for safety.");

/// Tests, tools, languages.
pub struct Tests;

impl Collector for Tests {
    fn name(&self) -> &'static str {
        "tests"
    }

    fn about(&self) -> &'static str {
        "Tests by type, configured tools, languages, unsafe code, toolchain and build settings."
    }

    fn states(&self) -> &'static [Kind] {
        const { &[SUITE, CHECK, LANGUAGE, UNSAFE, TOOLCHAIN, SETTING] }
    }

    fn is_of_the_commit(&self) -> bool {
        true
    }

    fn collect(&self, cx: &Context<'_>) -> Vec<Gathered> {
        let sources: Vec<_> = cx
            .snapshot
            .entries()
            .iter()
            .filter(|entry| entry.kind != EntryKind::Submodule)
            .filter_map(|entry| Some((entry, languages::of(entry.name())?, cx.classes.of(&entry.path))))
            // A link in what ships is source that is not followed to where it is; reading it says so.
            .filter(|(entry, _, class)| {
                *class != PathClass::Vendored && (entry.is_file() || *class == PathClass::Shipped)
            })
            .collect();
        let read: Vec<_> = sources
            .par_iter()
            .map(|(entry, language, _)| {
                let text =
                    cx.snapshot.read(entry, LARGEST).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())?;
                let rust = if language.name == "Rust" {
                    rust::read(&text)
                } else {
                    languages::tests_in(language.name, &entry.path, &text)
                };
                Ok::<_, plimsoll_snapshot::ReadError>((text.len() as u64, rust))
            })
            .collect();
        let done = read.iter().filter(|outcome| outcome.is_ok()).count();
        let gap = sources.iter().zip(&read).find_map(|((entry, _, _), outcome)| {
            let error = outcome.as_ref().err()?;
            Some(format!(
                "{} of {} source files could not be read ({}: {error})",
                sources.len() - done,
                sources.len(),
                entry.path
            ))
        });
        let submodules = shipped_submodules(cx);
        let start = |kind: &Kind| match &gap {
            Some(gap) if done == 0 => Gathered::unavailable(kind, "source files", gap.clone()),
            _ => {
                let mut gathered = Gathered::searched(kind, "source files", done as u64);
                gap.iter()
                    .chain(&cx.snapshot.tree_gap().map(ToOwned::to_owned))
                    .chain(&submodules)
                    .for_each(|gap| gathered.gap(gap.clone()));
                gathered
            }
        };
        let (mut suites, mut languages_found, mut unsafes) = (start(&SUITE), start(&LANGUAGE), start(&UNSAFE));
        suites.limitation("Tests are counted, not run; what they prove is not seen.");
        unsafes.limitation("Unsafe code of dependencies is not counted.");
        let known: Vec<_> = sources
            .iter()
            .zip(&read)
            .filter_map(|((entry, language, class), outcome)| {
                let (bytes, file) = outcome.as_ref().ok()?;
                Some(Source {
                    entry,
                    language: language.name,
                    memory_safe: language.memory_safe,
                    class: *class,
                    in_tests: cx.classes.in_tests(&entry.path),
                    bytes: *bytes,
                    file,
                })
            })
            .collect();
        push_suites(&known, &mut suites);
        push_languages(&known, &mut languages_found);
        push_unsafe(cx, &known, &mut unsafes);
        let mut all = vec![suites, languages_found, unsafes];
        all.extend(configuration::collect(cx, &CHECK, &TOOLCHAIN, &SETTING));
        all
    }
}

struct Source<'a> {
    entry: &'a Entry,
    language: &'static str,
    memory_safe: bool,
    class: PathClass,
    in_tests: bool,
    bytes: u64,
    file: &'a RustFile,
}

impl Source<'_> {
    /// Tests in a folder of tests see the product from outside; those beside the code are unit tests.
    fn test_kind(&self) -> &'static str {
        if self.in_tests { "integration" } else { "unit" }
    }
}

fn push_suites(sources: &[Source<'_>], gathered: &mut Gathered) {
    let mut sums: BTreeMap<&str, (u64, Vec<&Entry>, BTreeSet<&'static str>)> = BTreeMap::new();
    for source in sources.iter().filter(|source| matches!(source.class, PathClass::Shipped | PathClass::Test)) {
        let file = source.file;
        for (kind, count) in [
            (source.test_kind(), file.tests),
            ("property", file.properties),
            ("doc", file.doc_tests),
            ("bench", file.benches),
            ("fuzz", file.fuzz_targets),
            ("snapshot", file.snapshots),
        ] {
            if count > 0 {
                let sum = sums.entry(kind).or_default();
                sum.0 += count;
                sum.1.push(source.entry);
                sum.2.insert(source.language);
            }
        }
    }
    for (kind, (count, files, languages)) in sums {
        let fact = SuiteFact {
            kind: ["bench", "doc", "fuzz", "integration", "property", "snapshot", "unit"]
                .into_iter()
                .find(|name| *name == kind)
                .unwrap_or("unit"),
            count,
            files: files.len(),
            languages: languages.into_iter().collect(),
        };
        let pointers = files.iter().take(MOST_PLACES).map(|entry| entry.pointer()).collect();
        gathered.push(Subject::repository(), Assurance::Observed, &fact, pointers);
    }
}

fn push_languages(sources: &[Source<'_>], gathered: &mut Gathered) {
    let shipped: Vec<_> = sources.iter().filter(|source| source.class == PathClass::Shipped).collect();
    let total: u64 = shipped.iter().map(|source| source.bytes).sum();
    let mut sums: BTreeMap<&'static str, (u64, u64, bool, &Entry)> = BTreeMap::new();
    for source in &shipped {
        let sum = sums.entry(source.language).or_insert((0, 0, source.memory_safe, source.entry));
        sum.0 += 1;
        sum.1 += source.bytes;
    }
    for (name, (files, bytes, memory_safe, first)) in sums {
        let share = (bytes * 100).checked_div(total).unwrap_or_default();
        let fact = LanguageFact { name, files, bytes, memory_safe, share };
        gathered.push(Subject::repository(), Assurance::Observed, &fact, vec![first.pointer()]);
    }
}

fn push_unsafe(cx: &Context<'_>, sources: &[Source<'_>], gathered: &mut Gathered) {
    let manifests: BTreeMap<&str, &Entry> = cx
        .snapshot
        .entries()
        .iter()
        .filter(|entry| entry.is_file() && entry.name() == "Cargo.toml")
        .map(|entry| (entry.folder(), entry))
        .collect();
    let configuration::Packages { unsafe_lints: lints, named_roots } = configuration::packages(cx, &manifests);
    let mut packages: BTreeMap<&str, Vec<&Source<'_>>> = BTreeMap::new();
    for source in sources.iter().filter(|source| source.language == "Rust") {
        let mut folder = source.entry.folder();
        while !manifests.contains_key(folder) && !folder.is_empty() {
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
        }
        packages.entry(folder).or_default().push(source);
    }
    for (folder, files) in packages {
        let Some(manifest) = manifests.get(folder) else { continue };
        let inside = |path: &str| {
            path.strip_prefix(folder).map(|rest| rest.trim_start_matches('/').to_owned()).unwrap_or_default()
        };
        let mut missing: BTreeSet<&str> = named_roots.get(folder).into_iter().flatten().map(String::as_str).collect();
        let roots: Vec<_> = files
            .iter()
            .filter(|source| {
                let path = inside(&source.entry.path);
                missing.remove(path.as_str())
                    || matches!(path.as_str(), "src/lib.rs" | "src/main.rs")
                    || path.starts_with("src/bin/")
            })
            .collect();
        let by_manifest = lints.get(folder).copied();
        let every = |holds: fn(&RustFile) -> bool| {
            !roots.is_empty() && missing.is_empty() && roots.iter().all(|source| holds(source.file))
        };
        let forbids = by_manifest == Some(true) || every(|file| file.forbids_unsafe);
        // The compiler looks at what is taken in; here it is not.
        if let Some(gap) = left_out(cx, &files).filter(|_| !forbids) {
            gathered.gap(gap);
        }
        let denies = forbids || by_manifest.is_some() || every(|file| file.denies_unsafe || file.forbids_unsafe);
        let fact = UnsafeFact {
            package: if folder.is_empty() { ".".to_owned() } else { folder.to_owned() },
            path: manifest.path.clone(),
            unsafe_uses: files.iter().map(|source| source.file.unsafe_uses).sum(),
            forbids,
            denies,
            files: files.len() as u64,
            class: cx.classes.of(&manifest.path),
        };
        let mut pointers: Vec<Pointer> = vec![manifest.pointer()];
        pointers.extend(
            files
                .iter()
                .filter(|source| source.file.unsafe_uses > 0)
                .take(MOST_PLACES)
                .map(|source| source.entry.pointer()),
        );
        gathered.push(Subject::path(&manifest.path), Assurance::Observed, &fact, pointers);
    }
}

/// Says which source the compiler takes in from where it was not looked at: a file that is not named as Rust, or one in a
/// folder of others' source.
fn left_out(cx: &Context<'_>, sources: &[&Source<'_>]) -> Option<String> {
    let shipped = sources.iter().filter(|source| source.class == PathClass::Shipped);
    let named = shipped.flat_map(|source| source.file.named.iter().map(move |file| (source, file)));
    let mut unseen = named.filter(|(source, file)| {
        let joined = format!("{}/{file}", source.entry.folder());
        file.rsplit_once('.').is_none_or(|(_, ending)| ending != "rs")
            || cx.classes.of(joined.trim_start_matches('/')) == PathClass::Vendored
    });
    let (source, file) = unseen.next()?;
    let more = match unseen.count() {
        0 => String::new(),
        more => format!(", and {more} more of the kind"),
    };
    Some(format!("{}: takes in {file:?}, which is not looked at{more}", source.entry.path))
}

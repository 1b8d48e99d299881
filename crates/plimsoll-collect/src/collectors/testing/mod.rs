//! Tests that are there, tools that are configured, languages, unsafe code, toolchain and build settings.

mod configuration;
mod hardening;
mod toolchains;
mod unsafe_code;

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::{Assurance, Kind, Subject};
use plimsoll_snapshot::{Entry, EntryKind};
use plimsoll_sources::{
    Counts, Language, PytestSettings, RustFile, conventions, languages, rust, rust_counts, tested_packages,
};
use rayon::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;

use super::shipped_submodules;
use crate::{Collector, Context, Gathered, PathClass};
use unsafe_code::{UNSAFE, push_unsafe};

/// Bytes of one source file.
const LARGEST: u64 = 4 * 1024 * 1024;
/// Bytes of a file of settings.
const LARGEST_SETTINGS: u64 = 1024 * 1024;
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
    /// `formatter`, `linter`, `coverage`, `fuzz`, `editor`, `runner`.
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
    /// Files that ship, without what programs made.
    files: u64,
    /// Bytes of code in these, without comments and blanks; of files that could not be read, none.
    bytes: u64,
    /// Does it keep memory safe by itself? Null where sources do not say.
    memory_safe: Option<bool>,
    /// Share of all bytes of code that ship, in percent, rounded down.
    share: u64,
    /// The share of all languages that keep memory safe, in percent, rounded down; the same in each fact.
    safe_share: u64,
    /// The share of which that is not known, in percent, rounded up: languages that are not judged, and copies of others'
    /// source of which it is not seen whether it is built.
    open_share: u64,
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
    /// The languages that the tool compiles or runs; older evidence does not say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    languages: Vec<&'static str>,
}

/// One setting of the build.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SettingFact {
    /// Of Rust the dotted path in the manifest; of other languages `fortify-source`, `stack-protector`, `pie`,
    /// `warnings-as-errors` or `strict-types`, however their build system writes it.
    setting: String,
    /// Its value as text.
    value: String,
    /// The languages that it is about; older evidence does not say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    languages: Vec<&'static str>,
}

const SUITE: Kind = Kind::of::<SuiteFact>("test-suite", "The tests of one type that the source holds.");
const CHECK: Kind = Kind::of::<CheckFact>("check-configuration", "A tool that checks the source and is configured.");
const LANGUAGE: Kind =
    Kind::of::<LanguageFact>("source-language", "A language of the source that ships, and its share.");
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
            // A link in what ships is source that is not followed to where it is; reading it says so. Of others' source only
            // what may be unsafe matters.
            .filter(|(entry, language, class)| {
                let vendored = *class == PathClass::Vendored;
                (!vendored || language.memory_safe != Some(true) && entry.is_file())
                    && (entry.is_file() || *class == PathClass::Shipped)
            })
            .collect();
        let read: Vec<_> = sources
            .par_iter()
            .map(|(entry, language, class)| {
                let text =
                    cx.snapshot.read(entry, LARGEST).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())?;
                Ok::<_, plimsoll_snapshot::ReadError>(Read::new(entry, language, *class, &text))
            })
            .collect();
        let done = read.iter().filter(|outcome| outcome.is_ok()).count();
        let gap = sources.iter().zip(&read).find_map(|((entry, _, _), outcome)| {
            let error = outcome.as_ref().err()?;
            Some(format!(
                "{} of {} could not be read ({}: {error})",
                sources.len() - done,
                plimsoll_model::plural(sources.len(), "source file", "source files"),
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
            .filter_map(|((entry, _, class), outcome)| {
                let read = outcome.as_ref().ok()?;
                Some(Source {
                    entry,
                    language: read.language?,
                    class: *class,
                    in_tests: cx.classes.in_tests(&entry.path),
                    read,
                })
            })
            .collect();
        push_suites(cx, &known, &mut suites);
        push_languages(&known, &mut languages_found);
        push_unsafe(cx, &known, &mut unsafes);
        let mut all = vec![suites, languages_found, unsafes];
        all.extend(configuration::collect(cx, &CHECK, &TOOLCHAIN, &SETTING));
        all
    }
}

/// What was read of one file.
struct Read {
    /// Nothing where the file is no source after all.
    language: Option<&'static Language>,
    /// Bytes of code.
    bytes: u64,
    /// Was it made by a program?
    generated: bool,
    rust: RustFile,
    /// Of languages other than Rust.
    counts: Counts,
}

impl Read {
    fn new(entry: &Entry, language: &'static Language, class: PathClass, text: &str) -> Self {
        let language = languages::looked_at(language, text);
        let mut read = Self {
            language,
            bytes: 0,
            generated: languages::is_generated(entry.name(), text),
            rust: RustFile::default(),
            counts: Counts::default(),
        };
        match language {
            Some(language) if language.name == "Rust" => {
                read.rust = rust::read(text);
                read.bytes = read.rust.code;
            }
            Some(language) => {
                let code = languages::code(text, language.syntax);
                read.bytes = code.bytes().filter(|byte| !byte.is_ascii_whitespace()).count() as u64;
                if class != PathClass::Vendored {
                    read.counts = conventions::tests_in(&entry.path, text);
                }
            }
            None => {}
        }
        read
    }
}

struct Source<'a> {
    entry: &'a Entry,
    language: &'static Language,
    class: PathClass,
    in_tests: bool,
    read: &'a Read,
}

impl Source<'_> {
    /// Tests in a folder of tests see the product from outside; those beside the code are unit tests.
    fn test_kind(&self) -> &'static str {
        if self.in_tests { "integration" } else { "unit" }
    }
}

/// What of each Rust file is run.
fn counts_of_rust(cx: &Context<'_>, sources: &[Source<'_>], gathered: &mut Gathered) -> BTreeMap<String, Counts> {
    let files: BTreeMap<&str, &RustFile> = sources
        .iter()
        .filter(|source| source.language.name == "Rust")
        .map(|source| (source.entry.path.as_str(), &source.read.rust))
        .collect();
    let manifests = cx.snapshot.entries().iter().filter(|entry| entry.is_file() && entry.name() == "Cargo.toml");
    let mut tables: BTreeMap<&str, toml::Table> = BTreeMap::new();
    for manifest in manifests.filter(|entry| cx.classes.of(&entry.path) != PathClass::Vendored) {
        let Ok(text) = cx.snapshot.read_text(manifest, LARGEST) else { continue };
        let Ok(table) = text.parse::<toml::Table>() else { continue };
        tables.insert(manifest.folder(), table);
    }
    let packages: Vec<(&str, &toml::Table)> = tables
        .iter()
        .filter(|(_, table)| table.contains_key("package"))
        .map(|(folder, table)| (*folder, table))
        .collect();
    let (run, is_whole) = tested_packages(&tables);
    if !is_whole {
        gathered.gap("there are more patterns of workspace members than are compared");
    }
    // A package on its own, which tests are run against or which somebody may test by itself.
    let alone = |folder: &str| {
        let inside = format!("{folder}/Cargo.toml");
        (!run.contains(folder)).then(|| cx.classes.of(&inside) == PathClass::Shipped)
    };
    let (counted, is_cut) = rust_counts(&files, &packages, &alone);
    if is_cut {
        gathered.gap("there are more modules than are followed");
    }
    counted
}

fn push_suites(cx: &Context<'_>, sources: &[Source<'_>], gathered: &mut Gathered) {
    let rust = counts_of_rust(cx, sources, gathered);
    let mut sums: BTreeMap<&str, (u64, Vec<&Entry>, BTreeSet<&'static str>)> = BTreeMap::new();
    let mut unclear: Vec<&Source<'_>> = Vec::new();
    let mut tests = 0;
    let pytest = PytestSettings::read(&|name| {
        let entry = cx.snapshot.entry(name).filter(|entry| entry.is_file())?;
        cx.snapshot.read_text(entry, LARGEST_SETTINGS).ok()
    });
    let stopped: BTreeSet<&str> =
        sources.iter().filter(|source| source.read.counts.stops).map(|source| source.entry.folder()).collect();
    for source in sources.iter().filter(|source| matches!(source.class, PathClass::Shipped | PathClass::Test)) {
        let counts = rust.get(&source.entry.path).unwrap_or(&source.read.counts);
        if source.language.name == "Go" && stopped.contains(source.entry.folder()) {
            continue;
        }
        if source.language.name == "Python" && counts.tests + counts.properties > 0 && !pytest.takes(&source.entry.path)
        {
            unclear.push(source);
            continue;
        }
        if counts.unclear > 0 {
            unclear.push(source);
        }
        tests += counts.tests + counts.properties + counts.doc_tests;
        for (kind, count) in [
            (source.test_kind(), counts.tests),
            ("property", counts.properties),
            ("doc", counts.doc_tests),
            ("bench", counts.benches),
            ("fuzz", counts.fuzz_targets),
            ("snapshot", counts.snapshots),
        ] {
            if count > 0 {
                let sum = sums.entry(kind).or_default();
                sum.0 += count;
                sum.1.push(source.entry);
                sum.2.insert(source.language.name);
            }
        }
    }
    // Where some tests are known, others that are not known change nothing that is asked.
    if tests == 0 {
        if let Some(first) = unclear.first() {
            gathered.gap(format!(
                "{} looks like tests of {}, and whether something is tested there was not recognised",
                first.entry.path, first.language.name
            ));
        }
        let shipped = sources.iter().filter(|source| source.class == PathClass::Shipped);
        let without: BTreeSet<&str> =
            shipped.map(|source| source.language.name).filter(|name| !conventions::has_rule(name)).collect();
        for name in without {
            gathered.gap(format!("tests of {name} are not recognised"));
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
    let safe = |source: &Source<'_>| source.language.memory_safe == Some(true);
    let ships = |source: &&Source<'_>| source.class == PathClass::Shipped;
    // What programs made and what only helps to build does not make a product safe; what may be unsafe always counts.
    let product = |source: &&Source<'_>| {
        ships(source) && !(safe(source) && (source.read.generated || languages::is_beside(source.entry.folder())))
    };
    let mut counted: Vec<&Source<'_>> = sources.iter().filter(product).collect();
    if counted.is_empty() {
        counted = sources.iter().filter(ships).collect();
    }
    let copies: Vec<&Source<'_>> =
        sources.iter().filter(|source| source.class == PathClass::Vendored && !safe(source)).collect();
    let bytes = |sources: &[&Source<'_>]| sources.iter().map(|source| source.read.bytes).sum::<u64>();
    let total = bytes(&counted) + bytes(&copies);
    let is = |wanted: Option<bool>| {
        counted
            .iter()
            .filter(move |source| source.language.memory_safe == wanted)
            .map(|source| source.read.bytes)
            .sum::<u64>()
    };
    let percent = |part: u64| (part * 100).checked_div(total).unwrap_or_default();
    let safe_share = percent(is(Some(true)));
    let open_share = ((is(None) + bytes(&copies)) * 100).div_ceil(total.max(1));
    let mut sums: BTreeMap<&'static str, (u64, u64, Option<bool>, &Entry)> = BTreeMap::new();
    for source in &counted {
        let sum = sums.entry(source.language.name).or_insert((0, 0, source.language.memory_safe, source.entry));
        sum.0 += 1;
        sum.1 += source.read.bytes;
    }
    for (name, (files, bytes, memory_safe, first)) in sums {
        let share = percent(bytes);
        let fact = LanguageFact { name, files, bytes, memory_safe, share, safe_share, open_share };
        gathered.push(Subject::repository(), Assurance::Observed, &fact, vec![first.pointer()]);
    }
}

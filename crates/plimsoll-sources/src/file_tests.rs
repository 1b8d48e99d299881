//! The tests of each file, for those who ask whether a command reaches any.

use std::collections::BTreeMap;

use crate::{
    cfg::{Features, Holds},
    conventions,
    counts::Counts,
    languages, modules,
    rust::{self, RustFile},
    skips,
};

/// What one file holds that is run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FileTests {
    /// Tests and properties.
    pub tests: u64,
    /// Examples in documentation.
    pub examples: u64,
    /// What looks like tests, and of which it is not known whether something is tested.
    pub unclear: u64,
}

impl FileTests {
    fn of(counts: &Counts) -> Self {
        Self { tests: counts.tests + counts.properties, examples: counts.doc_tests, unclear: counts.unclear }
    }
}

/// What a file of a language other than Rust holds.
pub fn tests_of_file(path: &str, text: &str) -> FileTests {
    let counts = conventions::tests_in(path, text);
    let mut tests = FileTests::of(&counts);
    if path.rsplit('.').next() == Some("go") {
        // Without a fuzzer their seeds are run as tests.
        tests.tests += counts.fuzz_targets;
    }
    tests
}

/// Does a file of Go have no `TestMain`, or one that plainly runs the tests and ends as they do?
pub fn test_main_of_go_is_plain(text: &str) -> bool {
    let syntax = languages::of("a.go").map(|go| go.syntax);
    syntax.is_some_and(|syntax| skips::main_of_go(&languages::code(text, syntax)) == skips::Runs::Yes)
}

/// What each Rust file holds, in the packages of these manifests.
pub fn tests_of_rust(
    texts: &BTreeMap<String, String>,
    manifests: &BTreeMap<String, toml::Table>,
) -> BTreeMap<String, FileTests> {
    let read: BTreeMap<&str, RustFile> = texts.iter().map(|(path, text)| (path.as_str(), rust::read(text))).collect();
    let files: BTreeMap<&str, &RustFile> = read.iter().map(|(path, file)| (*path, file)).collect();
    let packages: Vec<(&str, &toml::Table)> = manifests
        .iter()
        .filter(|(_, table)| table.contains_key("package"))
        .map(|(folder, table)| (folder.as_str(), table))
        .collect();
    let (counts, _) = rust_counts(&files, &packages, &|_| None);
    counts.iter().map(|(path, counts)| (path.clone(), FileTests::of(counts))).collect()
}

/// What of each Rust file is run, and whether there are more modules than are followed. Only what a target of a package
/// takes in is built. `alone` says of the folder of a package that no run of its workspace takes in whether it may be run by
/// itself.
pub fn rust_counts(
    files: &BTreeMap<&str, &RustFile>,
    packages: &[(&str, &toml::Table)],
    alone: &dyn Fn(&str) -> Option<bool>,
) -> (BTreeMap<String, Counts>, bool) {
    let mut walk = modules::Walk::new(files);
    let mut features: Vec<(&str, Features)> = Vec::new();
    for (folder, table) in packages {
        walk.package(folder, table);
        features.push((folder, Features::of(table)));
    }
    let mut counted = BTreeMap::new();
    for (path, file) in files {
        let own = features.iter().filter(|(folder, _)| {
            folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
        });
        let package = own.max_by_key(|(folder, _)| folder.len());
        let none = Features::default();
        let all = file.counts(package.map_or(&none, |(_, features)| features));
        let reached = walk.reached.get(path).copied().unwrap_or_default();
        let is_program = u64::from(walk.programs.contains(path));
        let tests = all.tests + all.properties;
        let alone = package.and_then(|(folder, _)| alone(folder));
        let mut counts = match (package, reached.tested) {
            // Another build system may take it in.
            (None, _) => Counts { unclear: tests + all.unclear, ..Counts::default() },
            (Some(_), tested) if alone.is_some() => {
                let may_run = alone == Some(true) && tested != Holds::No;
                Counts { unclear: if may_run { tests + all.unclear } else { 0 }, ..Counts::default() }
            }
            (_, Holds::Yes | Holds::Somewhere) => all.clone(),
            (_, Holds::No) => Counts::default(),
            _ => Counts { unclear: tests + all.unclear, ..Counts::default() },
        };
        let built = reached.built >= Holds::Somewhere;
        (counts.benches, counts.fuzz_targets) = if built { (all.benches, all.fuzz_targets) } else { (0, 0) };
        if package.is_some() && alone.is_none() {
            counts.doc_tests = if reached.documented >= Holds::Somewhere { all.doc_tests } else { 0 };
            counts.tests += is_program;
        }
        counted.insert((*path).to_owned(), counts);
    }
    (counted, walk.is_cut())
}

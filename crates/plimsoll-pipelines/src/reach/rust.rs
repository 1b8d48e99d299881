//! What `cargo test` and its like run: the tests of the packages and targets that a command selects.
//!
//! Source: the Cargo book, "cargo test" and "Workspaces".

use plimsoll_sources::{FileTests, tests_of_rust};

use super::{BTreeMap, BTreeSet, Rc, Table, Tree, UNKNOWN, Value, is_in, tree, values};
use crate::rust_packages::RustPackages;

/// Bytes of Rust that are read for this.
const MOST_BYTES: usize = 256 << 20;

/// Manifests that are read.
const MOST_MANIFESTS: usize = 2_000;
/// Patterns of a workspace.
const MOST_PATTERNS: usize = 500;

impl RustPackages {
    pub(in super::super) fn read(tree: &dyn Tree) -> Self {
        let mut rust = Self::default();
        let mut texts = BTreeMap::new();
        let mut left = MOST_BYTES;
        for path in tree.sources().iter() {
            let name = path.rsplit('/').next().unwrap_or_default();
            let is_manifest = name == "Cargo.toml";
            if !is_manifest && path.rsplit('.').next() != Some("rs") {
                continue;
            }
            let Some(Ok(text)) = tree.text(path) else {
                rust.partial = true;
                continue;
            };
            if is_manifest {
                let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
                match text.parse::<Table>() {
                    Ok(table) if rust.manifests.len() < MOST_MANIFESTS => {
                        rust.manifests.insert(folder.to_owned(), table);
                    }
                    _ => rust.partial = true,
                }
            } else if let Some(rest) = left.checked_sub(text.len()) {
                left = rest;
                texts.insert(path.clone(), text);
            } else {
                rust.partial = true;
            }
        }
        // Where no manifest is, sources are counted as those of one package would be.
        let assumed =
            BTreeMap::from([(String::new(), Table::from_iter([("package".to_owned(), Table::new().into())]))]);
        let manifests = if rust.manifests.is_empty() { &assumed } else { &rust.manifests };
        let seen = tests_of_rust(&texts, manifests);
        rust.paths = texts.into_keys().collect();
        let some = seen.into_iter().filter(|(_, seen)| *seen != FileTests::default());
        rust.files = some
            .map(|(path, seen)| {
                let package = rust.package_of(&path).map(ToOwned::to_owned);
                (path, (package, seen))
            })
            .collect();
        rust
    }

    /// Are there tests below a folder?
    pub(in super::super) fn tests(&self, folder: &str) -> bool {
        self.files.iter().any(|(path, (_, seen))| seen.tests > 0 && is_in(folder, path))
    }

    /// The packages by their folders.
    pub(super) fn packages(&self) -> impl Iterator<Item = (&str, &Table)> {
        self.manifests
            .iter()
            .filter(|(_, table)| table.contains_key("package"))
            .map(|(folder, table)| (folder.as_str(), table))
    }

    /// Is there such a file of Rust?
    pub(super) fn has(&self, path: &str) -> bool {
        self.paths.contains(path)
    }

    /// Is there a file of Rust in a folder?
    pub(super) fn has_in(&self, folder: &str) -> bool {
        self.paths.iter().any(|path| is_in(folder, path))
    }

    /// The package that a file is a part of.
    fn package_of(&self, path: &str) -> Option<&str> {
        let packages =
            self.manifests.iter().filter(|(folder, table)| table.contains_key("package") && is_in(folder, path));
        packages.map(|(folder, _)| folder.as_str()).max_by_key(|folder| folder.len())
    }

    /// The members of the workspace in `folder`: those that its patterns name, and those that they depend on by path.
    fn members(&self, folder: &str, table: &Table) -> BTreeSet<&str> {
        let Some(workspace) = table.get("workspace") else { return BTreeSet::new() };
        let patterns = |name: &str| -> Vec<String> {
            let list = workspace.get(name).and_then(Value::as_array).into_iter().flatten();
            list.take(MOST_PATTERNS).filter_map(|one| tree::join(folder, one.as_str()?)).collect()
        };
        let (named, left_out) = (patterns("members"), patterns("exclude"));
        let may = |place: &str| is_in(folder, place) && !left_out.iter().any(|path| is_in(path, place));
        let packages: BTreeSet<&str> = self
            .manifests
            .iter()
            .filter(|(place, table)| {
                table.contains_key("package") && (*place == folder || !table.contains_key("workspace"))
            })
            .map(|(place, _)| place.as_str())
            .collect();
        let is_named = |place: &str| {
            place == folder || named.iter().any(|pattern| pattern == place || may(place) && fits(pattern, place))
        };
        let mut members: BTreeSet<&str> = packages.iter().copied().filter(|place| is_named(place)).collect();
        let mut waiting: Vec<&str> = members.iter().copied().collect();
        while let Some(place) = waiting.pop() {
            let Some(table) = self.manifests.get(place) else { continue };
            for path in paths_of(table, place) {
                if let Some(found) = packages.get(path.as_str()).copied().filter(|place| may(place))
                    && members.insert(found)
                {
                    waiting.push(found);
                }
            }
        }
        members
    }
}

/// `crates/*`: each star is within one part.
fn fits(pattern: &str, path: &str) -> bool {
    let (patterns, parts): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), path.split('/').collect());
    if patterns.contains(&"**") {
        return pattern.split("**").next().is_some_and(|start| path.starts_with(start));
    }
    patterns.len() == parts.len()
        && patterns.iter().zip(parts).all(|(pattern, part)| match pattern.split_once('*') {
            None => *pattern == part,
            Some((start, end)) => {
                part.len() >= start.len() + end.len()
                    && part.starts_with(start)
                    && part.ends_with(end.trim_matches('*'))
            }
        })
}

/// Folders that a manifest depends on by their paths.
fn paths_of(table: &Table, folder: &str) -> Vec<String> {
    let kinds = ["dependencies", "dev-dependencies", "build-dependencies"];
    let targets = table.get("target").and_then(Value::as_table).into_iter().flat_map(|targets| targets.values());
    let own = kinds.iter().filter_map(|kind| table.get(*kind));
    let of_workspace = table.get("workspace").and_then(|workspace| workspace.get("dependencies"));
    let all =
        own.chain(of_workspace).chain(targets.flat_map(|target| kinds.iter().filter_map(|kind| target.get(*kind))));
    all.filter_map(Value::as_table)
        .flat_map(|table| table.values())
        .filter_map(|one| tree::join(folder, one.get("path")?.as_str()?))
        .collect()
}

pub(super) fn reason(rust: &Rc<RustPackages>, folder: &str, name: &str, arguments: &[&str]) -> Option<String> {
    // Cargo looks for a manifest in the folders above as well.
    let places = std::iter::successors(Some(folder), |place| {
        (!place.is_empty()).then(|| place.rsplit_once('/').map_or("", |(above, _)| above))
    });
    let Some((place, table)) = places.into_iter().find_map(|place| Some((place, rust.manifests.get(place)?))) else {
        // Without a manifest cargo fails, and what fails lets no change pass unseen.
        let fails = rust.manifests.is_empty() && !rust.partial && rust.tests(folder);
        return (!fails).then(|| format!("there is no Cargo.toml that was understood for \"{name}\""));
    };
    let before = arguments.iter().take_while(|word| **word != "--");
    let has = |names: &[&str]| before.clone().any(|word| names.contains(word));
    let packages = values(arguments, &["-p", "--package"]);
    let whole = has(&["--workspace", "--all"]) || !packages.is_empty();
    let defaults = table.get("workspace").and_then(|workspace| workspace.get("default-members")?.as_array());
    let is_package = table.contains_key("package");
    let selected: BTreeSet<&str> = if whole || (!is_package && defaults.is_none()) {
        let mut members = rust.members(place, table);
        members.extend(is_package.then_some(place));
        members
    } else if let Some(defaults) = defaults {
        let patterns: Vec<String> = defaults.iter().filter_map(|one| tree::join(place, one.as_str()?)).collect();
        rust.members(place, table)
            .into_iter()
            .filter(|member| patterns.iter().any(|pattern| pattern == member || fits(pattern, member)))
            .collect()
    } else {
        BTreeSet::from([place])
    };
    let left_out = values(arguments, &["--exclude"]);
    let selected = if packages.is_empty() && left_out.is_empty() {
        selected
    } else {
        // A part that is named is the whole where nothing else has a test.
        let name_of = |folder: &str| rust.manifests.get(folder)?.get("package")?.get("name")?.as_str();
        let selected: BTreeSet<&str> = selected
            .into_iter()
            .filter(|folder| {
                name_of(folder)
                    .is_some_and(|name| (packages.is_empty() || packages.contains(&name)) && !left_out.contains(&name))
                    && !left_out.iter().any(|name| name.contains('*'))
            })
            .collect();
        let other = rust.files.values().find(|(package, seen)| {
            let has_some = seen.tests + seen.examples + seen.unclear > 0;
            has_some && package.as_deref().is_some_and(|package| !selected.contains(package))
        });
        if let Some((package, _)) = other {
            let package = package.as_deref().unwrap_or_default();
            return Some(format!(
                "the tests of {} are not among those that \"{name}\" is told to run",
                if package.is_empty() { "the package at the top" } else { package }
            ));
        }
        selected
    };
    let (lib, bins, tests) = (has(&["--lib"]), has(&["--bins"]), has(&["--tests", "--all-targets"]));
    let some_targets = lib || bins || tests;
    let documents = !some_targets && !["nextest", "llvm-cov", "tarpaulin"].iter().any(|tool| name.contains(tool));
    let mut unclear = rust.partial;
    for (path, (package, seen)) in &rust.files {
        let Some(package) = package.as_deref().filter(|package| selected.contains(package)) else { continue };
        let inner = path.strip_prefix(package).unwrap_or(path).trim_start_matches('/');
        let at = |name: &str| if package.is_empty() { name.to_owned() } else { format!("{package}/{name}") };
        let is_library = rust.paths.contains(&at("src/lib.rs"))
            || rust.manifests.get(package).is_some_and(|table| table.contains_key("lib"));
        let of_tests = inner.starts_with("tests/");
        let of_bins = inner == "src/main.rs" || inner.starts_with("src/bin/") || (!of_tests && !is_library);
        let taken = !some_targets || tests || lib && is_library && !of_tests && !of_bins || bins && of_bins;
        if (taken && seen.tests > 0) || (documents && seen.examples > 0) {
            return None;
        }
        unclear |= taken && seen.unclear > 0;
    }
    let words =
        std::iter::once(name).chain(before.copied().filter(|word| *word != UNKNOWN)).collect::<Vec<_>>().join(" ");
    Some(if unclear {
        format!("whether \"{words}\" builds and runs a test is not known")
    } else {
        format!("no test that \"{words}\" builds and runs was found")
    })
}

//! Bots that update dependencies: what Dependabot and Renovate are set to bring, and what is switched off.

mod dependabot;
mod dependencies;
mod forms;
mod renovate;
mod times;

use jiff::civil::Date;
use plimsoll_components::update_tools;
use plimsoll_snapshot::Snapshot;

use super::{PolicyFact, Statement};
use crate::{PathClass, PathClasses};

pub(super) use dependabot::dependabot;
pub(super) use renovate::{renovate, renovate_in_package};

/// The files in which a bot looks for the dependencies of an ecosystem, by name or by its beginning; of others any file counts.
///
/// Fewer than what [`plimsoll_components::ECOSYSTEMS`] has: a folder with a `go.work` alone gives a bot nothing to update.
const MANIFESTS: &[(&str, &[&str])] = &[
    ("cargo", &["Cargo.toml"]),
    ("composer", &["composer.json"]),
    ("go", &["go.mod"]),
    ("gradle", &["build.gradle", "settings.gradle"]),
    ("maven", &["pom.xml"]),
    ("npm", &["package.json"]),
    ("pub", &["pubspec.yaml"]),
    ("pypi", &["pyproject.toml", "requirements", "setup.py", "setup.cfg", "Pipfile", "uv.lock", "poetry.lock"]),
    ("rubygems", &["Gemfile", "gems.rb"]),
];

/// What Dependabot calls the ecosystems of [`MANIFESTS`], and whether one manifest speaks for those in folders below it.
///
/// Source: GitHub, "Dependabot options reference", `package-ecosystem`.
const DEPENDABOT: &[(&str, &str, bool)] = &[
    ("cargo", "cargo", true),
    ("composer", "composer", false),
    ("go", "gomod", false),
    ("gradle", "gradle", true),
    ("maven", "maven", true),
    ("npm", "npm", true),
    ("pub", "pub", false),
    ("pypi", "pip", false),
    ("rubygems", "bundler", false),
];

/// The names that Dependabot has for what a file of this name is a manifest of, each with whether it speaks for folders below.
pub(crate) fn updatable(file: &str) -> impl Iterator<Item = (&'static str, bool)> {
    let is_of = move |ecosystem: &str| {
        MANIFESTS.iter().any(|(name, files)| *name == ecosystem && files.iter().any(|one| file.starts_with(one)))
    };
    DEPENDABOT.iter().filter(move |(ecosystem, ..)| is_of(ecosystem)).map(|(_, name, below)| (*name, *below))
}

fn ecosystem(name: &str) -> &str {
    update_tools().iter().find(|(theirs, _)| *theirs == name).map_or(name, |(_, ecosystem)| ecosystem)
}

/// An ecosystem and the folders in which a bot looks for it; patterns may be among these.
pub(super) type Reach = (String, Vec<String>);

/// Takes out what is looked for in folders that do not hold it, and what is left out dependency by dependency.
pub(super) fn settle(fact: &mut PolicyFact, snapshot: &Snapshot, classes: &PathClasses) {
    leave_out(fact, snapshot, classes);
    leave_out_paths(fact, snapshot, classes);
    if fact.reach.is_empty() {
        return;
    }
    let mut nowhere = Vec::new();
    for (name, folders) in &fact.reach {
        let names = MANIFESTS.iter().find(|(ecosystem, _)| ecosystem == name).map(|(_, names)| *names);
        let is_manifest = |file: &str| {
            names.map_or(
                name != "all" || MANIFESTS.iter().any(|(_, all)| all.iter().any(|one| file.starts_with(one))),
                |names| names.iter().any(|one| file.starts_with(one)),
            )
        };
        let globs: Vec<_> = folders.iter().filter_map(|folder| matcher(folder)).collect();
        let found = snapshot.entries().iter().any(|entry| {
            entry.is_file()
                && classes.of(&entry.path) != PathClass::Vendored
                && is_manifest(entry.name())
                && globs.iter().any(|glob| glob.is_match(if name == "all" { &entry.path } else { entry.folder() }))
        });
        if !found {
            nowhere.push(name.clone());
        }
    }
    for name in nowhere {
        fact.covers.retain(|covered| *covered != name);
        fact.problems.push(if name == "all" {
            "none of the paths that it includes holds a manifest".to_owned()
        } else {
            format!("the folders that it names for {name} hold no manifest of it")
        });
    }
    // One folder that is not there does not take away what the others bring.
    if !fact.covers.is_empty() {
        fact.problems.retain(|problem| !problem.starts_with("the folders that it names"));
    }
}

/// Takes out the ecosystems of which every dependency is ignored.
fn leave_out(fact: &mut PolicyFact, snapshot: &Snapshot, classes: &PathClasses) {
    if fact.ignored.is_empty() || fact.covers.is_empty() {
        return;
    }
    let ignored = |ecosystem: &str, name: &str| {
        let mut own = fact.ignored.iter().filter(|(of, _)| of == ecosystem || of == "all");
        own.any(|(_, pattern)| dependencies::matches(pattern, name))
    };
    let all = fact.covers.iter().any(|covered| covered == "all");
    let (mut left_out, mut brought) = (Vec::new(), false);
    for ecosystem in dependencies::readable() {
        if !all && !fact.covers.iter().any(|covered| covered == ecosystem) {
            continue;
        }
        let names = dependencies::named(ecosystem, snapshot, classes);
        if names.is_empty() {
            continue;
        }
        if names.iter().all(|name| ignored(ecosystem, name)) {
            left_out.push(ecosystem);
        } else {
            brought = true;
        }
    }
    take_out(fact, &left_out, brought);
    if let Some(name) = left_out.first().filter(|_| fact.covers.is_empty()) {
        fact.problems.push(format!("it ignores every dependency that the manifests of {name} name"));
    }
}

/// Takes ecosystems out of those that are covered. `brought` is whether any is left of all.
fn take_out(fact: &mut PolicyFact, left_out: &[&str], brought: bool) {
    let all = fact.covers.iter().any(|covered| covered == "all");
    fact.covers.retain(|covered| !left_out.contains(&covered.as_str()));
    if all && !left_out.is_empty() {
        fact.covers.retain(|covered| covered != "all");
        let known = update_tools().iter().map(|(_, ecosystem)| *ecosystem).filter(|name| !left_out.contains(name));
        fact.covers.extend(known.filter(|_| brought).map(ToOwned::to_owned));
        fact.covers.sort();
        fact.covers.dedup();
    }
}

/// Takes out the ecosystems of which every manifest lies in a path that is left out.
fn leave_out_paths(fact: &mut PolicyFact, snapshot: &Snapshot, classes: &PathClasses) {
    if fact.excluded.is_empty() || fact.covers.is_empty() {
        return;
    }
    let all = fact.covers.iter().any(|covered| covered == "all");
    let (mut left_out, mut brought) = (Vec::new(), false);
    for (ecosystem, names) in MANIFESTS {
        if !all && !fact.covers.iter().any(|covered| covered == ecosystem) {
            continue;
        }
        // A path may be meant from the root or from the folder of the update; Renovate also searches for a part of the path.
        let folders: Vec<&str> = fact
            .reach
            .iter()
            .filter(|(of, _)| of == ecosystem)
            .flat_map(|(_, folders)| folders.iter().map(|folder| folder.trim_matches('/')))
            .collect();
        let patterns: Vec<&str> = fact
            .excluded
            .iter()
            .filter(|(of, _)| of == ecosystem || of == "all")
            .map(|(_, pattern)| pattern.trim_start_matches("./").trim_matches('/'))
            .collect();
        let of_all = fact.excluded.iter().filter(|(of, _)| of == "all");
        let parts: Vec<&str> = of_all.map(|(_, pattern)| pattern.as_str()).collect();
        let globs: Vec<_> = patterns
            .iter()
            .flat_map(|pattern| [(*pattern).to_owned(), format!("{}/**", pattern.trim_end_matches("/**"))])
            .filter_map(|pattern| matcher(&pattern))
            .collect();
        let is_excluded = |path: &str| {
            let below = folders.iter().filter_map(|folder| path.strip_prefix(folder)?.strip_prefix('/'));
            std::iter::once(path).chain(below).any(|path| {
                globs.iter().any(|glob| glob.is_match(path)) || parts.iter().any(|part| path.contains(part))
            })
        };
        let manifests: Vec<&str> = snapshot
            .entries()
            .iter()
            .filter(|entry| {
                entry.is_file()
                    && classes.of(&entry.path) == PathClass::Shipped
                    && names.iter().any(|name| entry.name().starts_with(name))
            })
            .map(|entry| entry.path.as_str())
            .collect();
        if manifests.is_empty() {
            continue;
        }
        if manifests.iter().all(|path| is_excluded(path)) {
            left_out.push(*ecosystem);
        } else {
            brought = true;
        }
    }
    take_out(fact, &left_out, brought);
    if let Some(name) = left_out.first().filter(|_| fact.covers.is_empty()) {
        fact.problems.push(format!("it leaves out every path with a manifest of {name}"));
    }
}

fn matcher(folder: &str) -> Option<globset::GlobMatcher> {
    let inner = folder.trim_matches('/');
    let inner = if inner == "." { "" } else { inner.trim_start_matches("./") };
    Some(globset::GlobBuilder::new(inner).literal_separator(true).build().ok()?.compile_matcher())
}

/// A bot whose configuration is known by its name alone.
pub(super) fn known_by_name(_: &str, fact: &mut PolicyFact, _: Date) {
    fact.statement = Some(Statement::NotUnderstood);
    fact.problems.push("the configuration of this bot is not read; what it updates is not known".to_owned());
}

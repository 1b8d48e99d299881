//! What the build takes in, whatever its folder is called: the one place where names are overruled.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    ops::Bound,
};

use globset::GlobBuilder;
use plimsoll_components::{SourceFile, ships};
use rayon::prelude::*;

use super::{PathClass, imports, join, names, rust};

/// Bytes of one source or manifest that is read for this; a larger one names nothing.
pub(super) const LARGEST: u64 = 4 * 1024 * 1024;
/// `package.json` files that are read.
const MOST_PACKAGES: usize = 5_000;
/// Packages that are looked for in scripts, scripts, and lines of one of them.
const MOST_RELEASED: usize = 100;
const MOST_SCRIPTS: usize = 200;
const SHIPPED: &str = PathClass::Shipped.as_str();
/// Paths that the patterns of one source are compared with.
const MOST_COMPARED: usize = 200_000;
/// Patterns of members of all workspaces of npm, and comparisons of them with folders.
const MOST_PATTERNS: usize = 500;

/// The tree as far as classes depend on it.
pub(super) struct Tree<'a> {
    pub(super) paths: &'a BTreeSet<&'a str>,
    /// Gives the text of a regular file that is not too large.
    pub(super) read: &'a (dyn Fn(&str) -> Option<String> + Sync),
    /// The name under which the product is released, where that is known.
    pub(super) product: Option<&'a str>,
}

/// What overrules names, each with its rule.
#[derive(Debug, Default)]
pub(super) struct Graph {
    folders: BTreeMap<String, String>,
    files: BTreeMap<String, String>,
    /// Sources that are compiled for tests alone.
    tests: BTreeSet<String>,
    /// Does no source ship by its name? Then names say nothing.
    all_ships: bool,
}

impl Graph {
    pub(super) fn of(tree: &Tree<'_>) -> Self {
        let mut graph = Self::default();
        graph.cargo(tree);
        graph.node(tree);
        graph.python(tree);
        graph.rust(tree);
        graph.imports(tree);
        let mut sources = tree.paths.iter().filter(|path| is_source(path)).peekable();
        graph.all_ships = sources.peek().is_some() && !sources.any(|path| graph.class(path).0.may_ship());
        graph
    }

    /// The class of a path, with the rule where the build and not a name decided.
    pub(super) fn class(&self, path: &str) -> (PathClass, Option<&str>) {
        if let Some(rule) = self.files.get(path) {
            return (PathClass::Shipped, Some(rule));
        }
        if self.tests.contains(path) {
            return (PathClass::Test, Some("it is compiled for tests alone"));
        }
        if let Some((folder, rule)) = self.folder_above(path) {
            let rest = path.get(folder.len() + 1..).unwrap_or_default();
            return (names::class(rest), Some(rule));
        }
        match names::class(path) {
            class if self.all_ships && !matches!(class, PathClass::Fixture | PathClass::Vendored) => {
                (PathClass::Shipped, (class != PathClass::Shipped).then_some("no other source would ship"))
            }
            class => (class, None),
        }
    }

    /// What overrules names, in one sentence each.
    pub(super) fn rules(&self) -> impl Iterator<Item = (&str, &str)> {
        self.folders.iter().map(|(folder, rule)| (folder.as_str(), rule.as_str()))
    }

    /// The innermost folder above a path that ships by the build.
    fn folder_above(&self, path: &str) -> Option<(&str, &str)> {
        if self.folders.is_empty() {
            return None;
        }
        let mut here = path;
        while let Some((above, _)) = here.rsplit_once('/') {
            if let Some((folder, rule)) = self.folders.get_key_value(above) {
                return Some((folder, rule));
            }
            here = above;
        }
        None
    }

    fn ships(&self, path: &str) -> bool {
        self.class(path).0 == PathClass::Shipped
    }

    /// Notes that a path is taken in; gives whether that was new.
    fn take(&mut self, tree: &Tree<'_>, path: &str, rule: &dyn Fn() -> String) -> bool {
        if self.is_taken(tree, path) || !(tree.paths.contains(path) || is_folder(tree, path)) {
            return false;
        }
        let taken = if tree.paths.contains(path) { &mut self.files } else { &mut self.folders };
        !path.is_empty() && taken.insert(path.to_owned(), rule()).is_none()
    }

    /// Does a file, or what lies in a folder, ship already?
    fn is_taken(&self, tree: &Tree<'_>, path: &str) -> bool {
        if tree.paths.contains(path) { self.ships(path) } else { self.ships(&format!("{path}/_")) }
    }

    fn cargo(&mut self, tree: &Tree<'_>) {
        let manifests: Vec<&str> = named(tree, "Cargo.toml").collect();
        let mut files: Vec<SourceFile> = manifests
            .par_iter()
            .filter_map(|path| {
                Some(SourceFile {
                    path: (*path).to_owned(),
                    blob: String::new(),
                    bytes: (tree.read)(path)?.into_bytes(),
                    class: names::class(path).as_str().to_owned(),
                })
            })
            .collect();
        let released = released(tree, &files);
        for (path, _) in &released {
            for file in files.iter_mut().filter(|file| file.path == *path) {
                SHIPPED.clone_into(&mut file.class);
            }
        }
        let found = ships(&files, tree.paths, tree.product);
        self.folders = found.folders;
        self.folders.extend(released.into_iter().map(|(path, rule)| (folder(&path).to_owned(), rule)));
        // A copy with a lockfile of its own is built by itself; what cargo vendored says so, and its lockfile is not used.
        for file in files.iter().filter(|file| file.class == PathClass::Vendored.as_str()) {
            let here = folder(&file.path);
            let beside = |name: &str| tree.paths.contains(format!("{here}/{name}").as_str());
            if beside("Cargo.lock") && !beside(".cargo-checksum.json") && !file.path.contains("node_modules/") {
                let rule = || "it has a lockfile of its own, so it is built by itself".to_owned();
                self.folders.entry(here.to_owned()).or_insert_with(rule);
            }
        }
        self.folders.remove("");
        // A source that is named and that its name says to ship is a root all the same, and no file for tests alone.
        self.files = found.files;
    }

    /// Members of npm's workspaces that may be published, and what a package that ships delivers and depends on by a path.
    fn node(&mut self, tree: &Tree<'_>) {
        let read: BTreeMap<&str, imports::NodePackage> = named(tree, "package.json")
            .take(MOST_PACKAGES)
            .filter(|path| !path.contains("node_modules/"))
            .collect::<Vec<_>>()
            .into_par_iter()
            .filter_map(|path| Some((path, imports::node_package(path, &(tree.read)(path)?)?)))
            .collect();
        let by_name: BTreeMap<&str, &str> =
            read.iter().filter_map(|(path, package)| Some((package.name.as_deref()?, folder(path)))).collect();
        let mut queue: VecDeque<&str> = read.keys().copied().filter(|path| self.ships(path)).collect();
        let mut done: BTreeSet<&str> = BTreeSet::new();
        let mut patterns = MOST_PATTERNS;
        while let Some(path) = queue.pop_front() {
            let Some(package) = read.get(path).filter(|_| done.insert(path)) else { continue };
            let mut new: Vec<String> = Vec::new();
            let mut take = |target: &str, rule: String| {
                if self.take(tree, target, &|| rule.clone()) {
                    new.push(target.to_owned());
                }
            };
            for found in package.delivered.iter().filter_map(|group| present(tree, group)) {
                take(found, format!("{path} delivers it"));
            }
            let named = package.names.iter().filter_map(|name| by_name.get(name.as_str()).copied());
            for depended in package.paths.iter().map(String::as_str).chain(named) {
                take(depended, format!("it is a dependency of {path}"));
            }
            for pattern in package.workspaces.iter().take(patterns) {
                patterns -= 1;
                let Some(joined) = join(folder(path), pattern.trim_end_matches('/')) else { continue };
                let Ok(glob) = GlobBuilder::new(&joined).literal_separator(true).build() else { continue };
                let matcher = glob.compile_matcher();
                let members = read.iter().filter(|(_, inside)| !inside.private && inside.name.is_some());
                for member in members.map(|(member, _)| folder(member)).filter(|member| matcher.is_match(member)) {
                    take(member, format!("it is a member of {path} that may be published"));
                }
            }
            for target in new {
                let inside = format!("{target}/");
                let below = read.range::<str, _>(from(&inside)).take_while(|(member, _)| member.starts_with(&inside));
                queue.extend(below.map(|(member, _)| *member).filter(|member| self.ships(member)));
            }
        }
    }

    fn python(&mut self, tree: &Tree<'_>) {
        let projects: Vec<&str> = named(tree, "pyproject.toml").filter(|path| self.ships(path)).collect();
        for path in projects {
            let Some(text) = (tree.read)(path) else { continue };
            for group in imports::python_project(path, &text) {
                if let Some(found) = present(tree, &group) {
                    self.take(tree, found, &|| format!("{path} delivers it"));
                }
            }
        }
    }

    /// Follows the modules of Rust from the roots of what ships.
    fn rust(&mut self, tree: &Tree<'_>) {
        let packages: BTreeSet<&str> = named(tree, "Cargo.toml").map(folder).collect();
        let own: Vec<&str> = tree.paths.iter().copied().filter(|path| is_rust(path) && self.ships(path)).collect();
        let mut modules = Modules { tree, packages, read: BTreeMap::new() };
        modules.scan(own.iter().copied());
        let led_to: BTreeSet<String> =
            own.iter().flat_map(|path| modules.taken(path).map(|(targets, _)| targets)).flatten().collect();
        let starts = |path: &str| !led_to.contains(path) || is_root(path) || self.files.contains_key(path);
        let mut reached: BTreeSet<String> = BTreeSet::new();
        let roots: Vec<&str> = own.iter().copied().filter(|path| starts(path)).collect();
        self.reach(&mut modules, roots, &mut reached);
        // What only tests take in, and what that takes in; what nothing takes in ships.
        let mut queue: VecDeque<String> = reached.iter().cloned().collect();
        let mut looked_at: BTreeSet<String> = BTreeSet::new();
        while let Some(path) = queue.pop_front() {
            if !looked_at.insert(path.clone()) {
                continue;
            }
            let within_tests = self.tests.contains(&path);
            let next: Vec<String> = modules
                .taken(&path)
                .filter(|(_, one)| one.test || within_tests)
                .flat_map(|(targets, _)| targets)
                .filter(|target| !reached.contains(target) && own.binary_search(&target.as_str()).is_ok())
                .collect();
            for target in next {
                self.tests.insert(target.clone());
                queue.push_back(target);
            }
        }
        let rest: Vec<&str> =
            own.iter().copied().filter(|path| !reached.contains(*path) && !self.tests.contains(*path)).collect();
        self.reach(&mut modules, rest, &mut reached);
        self.tests.retain(|path| !reached.contains(path));
    }

    fn reach(&mut self, modules: &mut Modules<'_>, roots: Vec<&str>, reached: &mut BTreeSet<String>) {
        let mut queue: VecDeque<String> = roots.into_iter().map(ToOwned::to_owned).collect();
        while let Some(path) = queue.pop_front() {
            if !reached.insert(path.clone()) {
                continue;
            }
            modules.scan([path.as_str()].into_iter());
            let taken: Vec<String> =
                modules.taken(&path).filter(|(_, one)| !one.test).flat_map(|(targets, _)| targets).collect();
            for target in taken {
                self.take(modules.tree, &target, &|| format!("{path} takes it in"));
                if is_rust(&target) && modules.tree.paths.contains(target.as_str()) {
                    queue.push_back(target);
                }
            }
        }
    }

    /// Follows the imports of other languages from what ships.
    fn imports(&mut self, tree: &Tree<'_>) {
        if tree.paths.iter().all(|path| self.ships(path)) {
            return;
        }
        let sources = || tree.paths.iter().copied().filter(|path| imports::ending(path).is_some());
        let modules: Vec<(String, String)> = named(tree, "go.mod")
            .filter(|path| self.ships(path))
            .take(100)
            .filter_map(|path| Some((imports::go_module(&(tree.read)(path)?)?, folder(path).to_owned())))
            .collect();
        let mut looked_at: BTreeSet<&str> = BTreeSet::new();
        let mut new: Vec<&str> = sources().filter(|path| self.ships(path)).collect();
        while !new.is_empty() {
            looked_at.extend(&new);
            let found: Vec<(&str, Vec<String>)> = new
                .par_iter()
                .filter_map(|path| {
                    let text = (tree.read)(path)?;
                    let groups = imports::imports(path, &text, &modules);
                    let targets = groups.iter().filter_map(|group| present(tree, group));
                    let is_go = path.rsplit('.').next() == Some("go");
                    let embedded = if is_go { embedded(tree, path, &text) } else { Vec::new() };
                    let targets = targets.chain(embedded).filter(|target| !self.is_taken(tree, target));
                    Some((*path, targets.map(ToOwned::to_owned).collect()))
                })
                .collect();
            new.clear();
            for (path, target) in found.iter().flat_map(|(path, targets)| targets.iter().map(move |one| (path, one))) {
                if self.take(tree, target, &|| format!("{path} takes it in")) {
                    let inside = format!("{target}/");
                    let below = tree.paths.range::<str, _>(from(&inside)).take_while(|one| one.starts_with(&inside));
                    new.extend(tree.paths.get(target.as_str()).into_iter().chain(below).copied());
                }
            }
            new.retain(|path| imports::ending(path).is_some() && !looked_at.contains(path) && self.ships(path));
            new.dedup();
        }
    }
}

/// The files that patterns with wildcards embed into a Go program; all below where there are too many to compare.
fn embedded<'a>(tree: &Tree<'a>, path: &str, text: &str) -> Vec<&'a str> {
    let here = folder(path);
    let mut found: Vec<&str> = Vec::new();
    let mut left = MOST_COMPARED;
    for pattern in imports::embedded(text).filter(|one| imports::has_wildcard(one)) {
        let Some(glob) =
            join(here, pattern).and_then(|glob| GlobBuilder::new(&glob).literal_separator(true).build().ok())
        else {
            continue;
        };
        let matcher = glob.compile_matcher();
        let Some(start) = join(here, imports::before_wildcard(pattern)) else { continue };
        let start = if start.is_empty() { start } else { format!("{start}/") };
        let below = tree.paths.range::<str, _>(from(&start)).copied().take_while(|one| one.starts_with(&start));
        found.extend(below.filter(|one| {
            left = left.saturating_sub(1);
            left == 0
                || std::iter::successors(Some(*one), |part| Some(part.rsplit_once('/')?.0))
                    .any(|part| matcher.is_match(part))
        }));
    }
    found
}

/// Manifests whose names say that they do not ship and which CI, a make file or an image builds for release all the same, each
/// with the rule. A line that names the package or its folder and a release is enough; what variables hold is not seen.
fn released(tree: &Tree<'_>, manifests: &[SourceFile]) -> Vec<(String, String)> {
    let packages: Vec<(&str, String)> = manifests
        .iter()
        .filter(|file| file.class != SHIPPED && !folder(&file.path).is_empty())
        .take(MOST_RELEASED)
        .filter_map(|file| {
            let table: toml::Table = toml::from_str(std::str::from_utf8(&file.bytes).ok()?).ok()?;
            Some((file.path.as_str(), table.get("package")?.get("name")?.as_str()?.to_owned()))
        })
        .collect();
    if packages.is_empty() {
        return Vec::new();
    }
    let is_script = |path: &&str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        path.starts_with(".github/workflows/")
            || (!path.contains('/')
                && (matches!(name, ".gitlab-ci.yml" | "Makefile" | "GNUmakefile" | "justfile")
                    || name.starts_with("Dockerfile")))
    };
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for script in tree.paths.iter().copied().filter(is_script).take(MOST_SCRIPTS) {
        let Some(text) = (tree.read)(script) else { continue };
        let releases = |line: &&str| {
            let words: Vec<&str> = line.split_whitespace().collect();
            words.contains(&"--release")
                || words.windows(2).any(|pair| matches!(pair, ["cargo", "publish" | "install" | "dist" | "deb"]))
        };
        for line in text.lines().filter(releases).take(MOST_SCRIPTS) {
            let words: BTreeSet<&str> = line.split([' ', '\t', '=', '"', '\'', ',']).collect();
            for (path, name) in &packages {
                let here = folder(path);
                let asks = |option: &str| words.contains(option) && words.contains(name.as_str());
                let names_folder = words.iter().any(|word| {
                    let word = word.trim_start_matches("./").trim_end_matches('/');
                    word == here || word == *path
                });
                if names_folder || ["-p", "--package", "--bin"].into_iter().any(asks) {
                    found.entry((*path).to_owned()).or_insert_with(|| format!("{script} builds it for release"));
                }
            }
        }
    }
    found.into_iter().collect()
}

/// The Rust sources that were read, and what they take in.
struct Modules<'a> {
    tree: &'a Tree<'a>,
    /// Folders of packages.
    packages: BTreeSet<&'a str>,
    read: BTreeMap<String, Vec<rust::Taken>>,
}

impl Modules<'_> {
    fn scan<'b>(&mut self, paths: impl Iterator<Item = &'b str>) {
        let new: Vec<&str> = paths.filter(|path| !self.read.contains_key(*path)).collect();
        let read: Vec<(String, Vec<rust::Taken>)> = new
            .par_iter()
            .map(|path| {
                let is_build_script =
                    path.rsplit('/').next() == Some("build.rs") && self.packages.contains(folder(path));
                let text = (self.tree.read)(path).unwrap_or_default();
                ((*path).to_owned(), rust::taken(&text, is_build_script))
            })
            .collect();
        self.read.extend(read);
    }

    /// What a source takes in that is in the tree.
    fn taken<'b>(&'b self, path: &'b str) -> impl Iterator<Item = (Vec<String>, &'b rust::Taken)> {
        let all = self.read.get(path).into_iter().flatten();
        all.map(move |one| (self.targets(path, one), one))
    }

    fn targets(&self, path: &str, one: &rust::Taken) -> Vec<String> {
        let here = folder(path);
        let found: Vec<Option<String>> = match &one.what {
            rust::What::Beside(named) => vec![join(here, named)],
            rust::What::InPackage(named) => vec![join(self.package(path), named)],
            rust::What::Module { within, name } => {
                let stem = path.strip_suffix(".rs").unwrap_or(path);
                let beside = is_root(path) || path.ends_with("/mod.rs") || path == "mod.rs";
                // For what ships both places count: a root may be called anything.
                let bases: &[&str] = if beside {
                    &[here]
                } else if one.test {
                    &[stem]
                } else {
                    &[stem, here]
                };
                let inner = [within.join("/"), name.clone()].into_iter().filter(|part| !part.is_empty());
                let inner = inner.collect::<Vec<_>>().join("/");
                bases
                    .iter()
                    .flat_map(|base| [format!("{inner}.rs"), format!("{inner}/mod.rs")].map(|file| join(base, &file)))
                    .collect()
            }
        };
        let by_name = matches!(one.what, rust::What::Module { .. });
        let there = |path: &String| {
            self.tree.paths.contains(path.as_str()) || (!by_name && !path.is_empty() && is_folder(self.tree, path))
        };
        found.into_iter().flatten().filter(there).collect()
    }

    fn package(&self, path: &str) -> &str {
        let mut here = folder(path);
        while !self.packages.contains(here) && !here.is_empty() {
            here = folder(here);
        }
        self.packages.get(here).copied().unwrap_or_default()
    }
}

fn is_rust(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| ending == "rs")
}

/// Is it one of the files that cargo takes for a root without being told?
fn is_root(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let parent = folder(path).rsplit('/').next().unwrap_or_default();
    matches!(name, "lib.rs" | "main.rs" | "build.rs") || parent == "bin"
}

/// Everything from `start` on.
fn from(start: &str) -> (Bound<&str>, Bound<&str>) {
    (Bound::Included(start), Bound::Unbounded)
}

pub(super) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

pub(super) fn named<'a>(tree: &Tree<'a>, name: &'static str) -> impl Iterator<Item = &'a str> {
    tree.paths.iter().copied().filter(move |path| path.rsplit('/').next() == Some(name))
}

fn is_folder(tree: &Tree<'_>, path: &str) -> bool {
    let start = format!("{path}/");
    tree.paths.range(start.as_str()..).next().is_some_and(|first| first.starts_with(&start))
}

/// The first of `group` that is in the tree.
pub(super) fn present<'a>(tree: &Tree<'_>, group: &'a [String]) -> Option<&'a str> {
    let there = |path: &&str| tree.paths.contains(path) || (!path.is_empty() && is_folder(tree, path));
    group.iter().map(String::as_str).find(there)
}

/// Is it source by its ending? Only of languages that products are written in.
pub(super) fn is_source(path: &str) -> bool {
    const SOURCE: &[&str] = &[
        "c", "cc", "clj", "cpp", "cs", "cxx", "dart", "erl", "ex", "fs", "go", "groovy", "hs", "java", "jl", "js",
        "jsx", "kt", "lua", "m", "ml", "mm", "nim", "php", "pl", "pm", "py", "rb", "rs", "scala", "swift", "ts", "tsx",
        "zig",
    ];
    path.rsplit_once('.').is_some_and(|(_, ending)| SOURCE.contains(&ending))
}

#[cfg(test)]
mod tests;

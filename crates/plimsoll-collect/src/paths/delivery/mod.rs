//! What is delivered although its name says that it only tests, shows or explains: by the lists of packages, by images, by
//! folders of resources, by name in what ships.
//!
//! It is asked for single paths, where something was found that must not ship, and reads the manifests then.

mod image;
mod lists;
mod python;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_snapshot::Snapshot;
use rayon::prelude::*;
use serde_json::Value as Json;

use super::{
    PathClasses,
    graph::{LARGEST, Tree, folder, is_source, named, present},
    imports::{self, before_wildcard},
    join, names,
};
use image::Image;
use lists::{List, Root, below};
use python::Project;

/// Paths that are asked for; of more it is not known.
const MOST: usize = 2000;
/// Manifests of one sort.
const MOST_MANIFESTS: usize = 2000;
/// Folders whose files a product carries along as they are.
const RESOURCES: &[&str] =
    &["resources", "Resources", "assets", "Assets", "public", "static", "wwwroot", "res", "priv", "webapp"];

/// Does something deliver a path?
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Delivery {
    /// Nothing that was read does.
    No,
    /// Why it is not known.
    Unknown(String),
    /// A clause that goes with "it ships:".
    Yes(String),
}

/// What manifests of a tree say of it.
struct Manifests {
    node: Vec<NodePackage>,
    cargo: Vec<CargoPackage>,
    python: Vec<Project>,
    gems: Vec<(String, String, List)>,
    images: Vec<Image>,
}

struct NodePackage {
    path: String,
    files: Option<List>,
    ignored: Option<(&'static str, List)>,
    /// Is it plainly a package, with something to load or to run?
    has_entry: bool,
}

struct CargoPackage {
    path: String,
    include: List,
    /// Texts of `[package.metadata]`, in which packagers are told what to install.
    metadata: Vec<String>,
}

impl PathClasses {
    /// Which of `paths`, whose class says that they do not ship, are delivered all the same.
    pub(crate) fn delivered<'a>(&self, snapshot: &Snapshot, paths: &BTreeSet<&'a str>) -> BTreeMap<&'a str, Delivery> {
        let files = snapshot.entries().iter().filter(|entry| entry.is_file()).map(|entry| entry.path.as_str());
        let read = |path: &str| {
            let bytes = snapshot.read(snapshot.entry(path)?, LARGEST).ok()?;
            Some(String::from_utf8_lossy(&bytes).into_owned())
        };
        self.delivered_in(&Tree { paths: &files.collect(), read: &read, product: None }, paths)
    }

    fn delivered_in<'a>(&self, tree: &Tree<'_>, paths: &BTreeSet<&'a str>) -> BTreeMap<&'a str, Delivery> {
        if paths.is_empty() {
            return BTreeMap::new();
        }
        let manifests = Manifests::of(tree, &|path| self.of(path).may_ship());
        let asked: Vec<&str> = paths.iter().copied().collect();
        let mut all: BTreeMap<&str, Delivery> = asked
            .par_iter()
            .enumerate()
            .map(|(number, path)| {
                let found = if number < MOST {
                    self.in_resources(path).or_else(|| manifests.delivery(tree, path)).unwrap_or(Delivery::No)
                } else {
                    Delivery::Unknown(format!("more than {MOST} files are like it"))
                };
                (*path, found)
            })
            .collect();
        let open: Vec<&str> = all.iter().filter(|(_, found)| **found == Delivery::No).map(|(path, _)| *path).collect();
        for (path, source) in self.mentioned(tree, &open) {
            all.insert(path, Delivery::Unknown(format!("{source} names it")));
        }
        all
    }

    /// Folders of resources, and the sources of a product by the layout of Maven and Gradle: names below them say nothing.
    fn in_resources(&self, path: &str) -> Option<Delivery> {
        let mut from = 0;
        for part in path.split('/') {
            let start = path.get(..from).unwrap_or_default();
            let is_main = part == "main" && start.ends_with("src/");
            if (RESOURCES.contains(&part) || is_main) && path.len() > from + part.len() {
                let here = path.get(..from + part.len()).unwrap_or_default();
                if self.of(&format!("{here}/_")).may_ship() {
                    let what =
                        if is_main { "the product's own sources" } else { "resources that the product carries along" };
                    return Some(Delivery::Yes(format!("{here} holds {what}")));
                }
            }
            from += part.len() + 1;
        }
        None
    }

    /// Which of the paths a source or a packager's file that ships names: the file's name, and its folder's not far before.
    fn mentioned<'a>(&self, tree: &Tree<'_>, paths: &[&'a str]) -> Vec<(&'a str, String)> {
        let sought: Vec<(&str, &str, &str)> = paths
            .iter()
            .filter_map(|path| {
                let (folders, name) = path.rsplit_once('/')?;
                // The folder whose name says that it does not ship.
                let mut parts = folders.split('/');
                let telling = parts.find(|part| !names::class(&format!("{part}/_")).may_ship())?;
                Some((*path, telling, name))
            })
            .collect();
        if sought.is_empty() {
            return Vec::new();
        }
        let Ok(matcher) = aho_corasick::AhoCorasick::new(sought.iter().map(|(_, _, name)| *name)) else {
            return Vec::new();
        };
        let may_name = |path: &&str| (names_files(path) || is_packagers(path)) && self.of(path).may_ship();
        let sources: Vec<&str> = tree.paths.iter().copied().filter(|path| may_name(path)).collect();
        let mut found: Vec<(&str, String)> = sources
            .par_iter()
            .flat_map_iter(|source| {
                let text = (tree.read)(source).unwrap_or_default();
                let hits = matcher.find_overlapping_iter(&text).take(1000);
                let named = hits.filter_map(|hit| {
                    let (path, telling, _) = sought.get(hit.pattern().as_usize())?;
                    let before = text.as_bytes().get(hit.start().saturating_sub(120)..hit.start()).unwrap_or_default();
                    let line = before.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
                    let line = String::from_utf8_lossy(line);
                    let is_word =
                        |byte: Option<char>| !byte.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
                    let has_folder = line.match_indices(telling).any(|(at, _)| {
                        is_word(line.get(..at).and_then(|head| head.chars().next_back()))
                            && is_word(line.get(at + telling.len()..).and_then(|tail| tail.chars().next()))
                    });
                    has_folder.then(|| (*path, (*source).to_owned()))
                });
                named.collect::<Vec<_>>()
            })
            .collect();
        found.sort_unstable();
        found.dedup_by_key(|(path, _)| *path);
        found
    }
}

/// A source that opens files by name. Rust's are followed by their modules; files that set up tools name tests.
fn names_files(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    let is_known = matches!(ending, "py" | "go" | "js" | "ts" | "mjs" | "cjs" | "mts" | "cts" | "jsx" | "tsx" | "vue");
    is_source(path) && ending != "rs" && (!is_known || imports::ending(path).is_some())
}

/// A file that says what a packager, an installer or a compiler takes in.
fn is_packagers(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    matches!(ending, "csproj" | "fsproj" | "vbproj" | "sqlproj" | "qrc" | "nuspec" | "wxs" | "iss" | "nsi" | "podspec")
        || [".goreleaser.", "nfpm.", "electron-builder.", "tauri.conf.", "snapcraft."]
            .iter()
            .any(|start| name.starts_with(start))
        || (path.starts_with("debian/") && (name == "install" || ending == "install"))
}

impl Manifests {
    fn of(tree: &Tree<'_>, ships: &dyn Fn(&str) -> bool) -> Self {
        let node = named(tree, "package.json").filter(|path| ships(path) && !path.contains("node_modules/"));
        let cargo = named(tree, "Cargo.toml").filter(|path| ships(path));
        let gems = tree.paths.iter().copied().filter(|path| path.ends_with(".gemspec") && ships(path));
        Self {
            node: node.take(MOST_MANIFESTS).filter_map(|path| NodePackage::of(tree, path)).collect(),
            cargo: cargo.take(MOST_MANIFESTS).filter_map(|path| CargoPackage::of(tree, path)).collect(),
            python: python::projects(tree, ships),
            gems: gems.take(MOST_MANIFESTS).filter_map(|path| gem(tree, path)).collect(),
            images: image::images(tree, ships),
        }
    }

    /// The strongest of what the manifests say.
    fn delivery(&self, tree: &Tree<'_>, path: &str) -> Option<Delivery> {
        let node = self.node.iter().map(|package| package.delivery(path));
        let cargo = self.cargo.iter().map(|package| package.delivery(path));
        let python = self.python.iter().map(|project| project.delivery(tree, path));
        let images = self.images.iter().map(|image| image.delivery(path));
        let gems = self.gems.iter().map(|(manifest, here, left_out)| match below(path, here) {
            Some(inside) if !left_out.takes(inside) => Delivery::Yes(format!("{manifest} delivers all that git lists")),
            _ => Delivery::No,
        });
        let all = node.chain(cargo).chain(python).chain(gems).chain(images);
        all.max().filter(|found| *found != Delivery::No)
    }
}

impl NodePackage {
    /// Source: npm documentation, `package.json` ("files", "private"); `npm help publish`, "Files included in package".
    fn of(tree: &Tree<'_>, path: &str) -> Option<Self> {
        let text = (tree.read)(path)?;
        let json: Json = serde_json::from_str(&text).ok()?;
        let is_text = |key: &str| json.get(key).is_some_and(Json::is_string);
        if json.get("private").is_some_and(|value| *value == Json::Bool(true))
            || !is_text("name")
            || !is_text("version")
        {
            return None;
        }
        let here = folder(path);
        let files = json.get("files").and_then(Json::as_array);
        let files = files.map(|list| List::of(list.iter().filter_map(Json::as_str), Root::Here));
        let read = |name: &'static str| Some((name, (tree.read)(&join(here, name)?)?));
        let ignored = read(".npmignore").or_else(|| read(".gitignore"));
        let ignored = ignored.map(|(name, text)| (name, List::of(text.lines(), Root::Anywhere)));
        let package = imports::node_package(path, &text)?;
        let index = join(here, "index.js").is_some_and(|index| tree.paths.contains(index.as_str()));
        let has_entry = index || package.delivered.iter().any(|group| present(tree, group).is_some());
        Some(Self { path: path.to_owned(), files, ignored, has_entry })
    }

    fn delivery(&self, path: &str) -> Delivery {
        let Some(inside) = below(path, folder(&self.path)) else { return Delivery::No };
        if inside.contains("node_modules/") {
            return Delivery::No;
        }
        let manifest = &self.path;
        if let Some(files) = &self.files {
            return match (files.takes(inside), &files.unread) {
                (true, _) => Delivery::Yes(format!("the files that {manifest} lists take it in")),
                (false, Some(line)) => {
                    let line = plimsoll_model::one_line(line);
                    Delivery::Unknown(format!("a pattern of the files of {manifest} was not understood: {line}"))
                }
                (false, None) => Delivery::No,
            };
        }
        if self.ignored.as_ref().is_some_and(|(_, list)| list.takes(inside)) {
            return Delivery::No;
        }
        let but = self
            .ignored
            .as_ref()
            .filter(|(name, _)| *name == ".npmignore")
            .map_or("", |_| ", and .npmignore leaves it in");
        if self.has_entry {
            Delivery::Yes(format!("{manifest} lists no files, so the package takes in all{but}"))
        } else {
            Delivery::Unknown(format!(
                "{manifest} lists no files and is not private, so a package would take in all{but}"
            ))
        }
    }
}

impl CargoPackage {
    /// Source: the Cargo Book, "The exclude and include fields", "The metadata table".
    fn of(tree: &Tree<'_>, path: &str) -> Option<Self> {
        let table: toml::Table = toml::from_str(&(tree.read)(path)?).ok()?;
        let package = table.get("package")?;
        let published = match package.get("publish") {
            Some(toml::Value::Boolean(publish)) => *publish,
            Some(toml::Value::Array(registries)) => !registries.is_empty(),
            _ => true,
        };
        let include = package.get("include").and_then(toml::Value::as_array).filter(|_| published);
        let include = List::of(include.into_iter().flatten().filter_map(toml::Value::as_str), Root::Anywhere);
        let mut metadata = Vec::new();
        texts(package.get("metadata"), 0, &mut metadata);
        Some(Self { path: path.to_owned(), include, metadata })
    }

    fn delivery(&self, path: &str) -> Delivery {
        let Some(inside) = below(path, folder(&self.path)) else { return Delivery::No };
        let manifest = &self.path;
        let metadata = List::of(self.metadata.iter().map(String::as_str), Root::Here);
        if metadata.takes(inside) {
            return Delivery::Yes(format!("[package.metadata] of {manifest} names it"));
        }
        // A pattern that names a folder of tests means it; one for all sources of a kind does not.
        match self.include.last(inside) {
            Some((pattern, true)) if !names::class(&format!("{}/_", before_wildcard(pattern))).may_ship() => {
                Delivery::Unknown(format!("the include list of {manifest} puts it into the published source archive"))
            }
            _ => Delivery::No,
        }
    }
}

/// The texts of a table that read as paths.
fn texts(value: Option<&toml::Value>, depth: usize, all: &mut Vec<String>) {
    match value {
        Some(toml::Value::String(text)) if text.contains('/') && all.len() < 200 => all.push(text.clone()),
        Some(toml::Value::Array(inside)) if depth < 8 => inside.iter().for_each(|one| texts(Some(one), depth + 1, all)),
        Some(toml::Value::Table(inside)) if depth < 8 => {
            inside.iter().for_each(|(_, one)| texts(Some(one), depth + 1, all));
        }
        _ => {}
    }
}

/// A gem whose files are all that git lists, with what it names to leave out: its folder's path and that list.
fn gem(tree: &Tree<'_>, path: &str) -> Option<(String, String, List)> {
    let text = (tree.read)(path)?;
    let (_, rest) = text.split_once("git ls-files")?;
    let rest: Vec<&str> = rest.lines().take(8).collect();
    let rest = rest.join("\n");
    let known = ["test", "tests", "spec", "specs", "features", "examples", "docs", "doc", "bin", "benchmark"];
    let words = rest.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    let is_filter = rest.contains("reject") || rest.contains("grep_v") || rest.contains(" - ") || rest.contains(" -- ");
    let left_out: Vec<&str> = words.filter(|word| is_filter && known.contains(word)).collect();
    Some((path.to_owned(), folder(path).to_owned(), List::of(left_out.into_iter(), Root::Here)))
}

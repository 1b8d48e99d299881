//! Which files of the tree a wheel carries, by the settings of its build backend.
//!
//! Sources: setuptools, "Package Discovery and Namespace Packages" and "Data Files Support"; Hatch, "Build configuration";
//! Poetry, "The pyproject.toml file"; Flit, "The pyproject.toml config file"; Python Packaging User Guide, `MANIFEST.in`.

use std::sync::LazyLock;

use globset::Glob;
use regex::Regex;
use toml::{Table, Value};

use super::{
    Delivery,
    lists::{List, Root, below},
};
use crate::paths::{PathClass, graph::Tree, names};

/// Projects that are read.
const MOST: usize = 500;

/// One project.
pub(super) struct Project {
    folder: String,
    manifest: String,
    backend: Backend,
    /// Folders in which packages lie.
    roots: Vec<String>,
    /// What `packages` names; the backend finds them where it is empty.
    named: Vec<String>,
    find: Option<Find>,
    /// Patterns of data in packages; is what `MANIFEST.in` or git lists data as well?
    data: Vec<String>,
    all_data: bool,
    /// What is taken in by name, what is left out, and what is in the source archive alone.
    takes: List,
    leaves: List,
    archive: List,
    sources: Vec<Line>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Backend {
    Setuptools,
    /// All files of the packages.
    Whole,
    Other,
}

#[derive(Default)]
struct Find {
    include: Vec<String>,
    exclude: Vec<String>,
    namespaces: bool,
}

/// A line of `MANIFEST.in`.
struct Line {
    takes: bool,
    folder: Option<String>,
    list: List,
}

pub(super) fn projects(tree: &Tree<'_>, ships: &dyn Fn(&str) -> bool) -> Vec<Project> {
    let is_manifest = |path: &&str| {
        matches!(path.rsplit('/').next(), Some("pyproject.toml" | "setup.cfg" | "setup.py")) && ships(path)
    };
    let mut folders: Vec<&str> = tree
        .paths
        .iter()
        .filter(|path| is_manifest(path))
        .map(|path| path.rsplit_once('/').map_or("", |(folder, _)| folder))
        .collect();
    folders.sort_unstable();
    folders.dedup();
    folders.into_iter().take(MOST).filter_map(|folder| Project::of(tree, folder)).collect()
}

impl Project {
    fn of(tree: &Tree<'_>, folder: &str) -> Option<Self> {
        let within = |name: &str| if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
        let read = |name: &str| (tree.read)(&within(name));
        let table: Option<Table> = read("pyproject.toml").and_then(|text| toml::from_str(&text).ok());
        let (script, settings) = (read("setup.py"), read("setup.cfg"));
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(ToOwned::to_owned);
        let project = table.as_ref().and_then(|table| table.get("project"));
        let poetry = at(table.as_ref(), &["tool", "poetry"]);
        let built_by = text(at(table.as_ref(), &["build-system", "build-backend"]));
        if project.is_none() && poetry.is_none() && built_by.is_none() && script.is_none() && settings.is_none() {
            return None;
        }
        let backend = match built_by.as_deref() {
            None => {
                if poetry.is_some() {
                    Backend::Whole
                } else {
                    Backend::Setuptools
                }
            }
            Some(name) if name.starts_with("setuptools") => Backend::Setuptools,
            Some(name)
                if ["hatchling", "poetry", "flit", "pdm", "maturin", "uv_build"]
                    .iter()
                    .any(|one| name.starts_with(one)) =>
            {
                Backend::Whole
            }
            Some(_) => Backend::Other,
        };
        let manifest = if table.is_some() && (script.is_none() || project.is_some()) {
            "pyproject.toml"
        } else if script.is_some() {
            "setup.py"
        } else {
            "setup.cfg"
        };
        let name = project
            .and_then(|project| text(project.get("name")))
            .or_else(|| poetry.and_then(|poetry| text(poetry.get("name"))));
        let mut made = Self {
            folder: folder.to_owned(),
            manifest: within(manifest),
            backend,
            roots: vec![String::new(), "src".to_owned()],
            named: Vec::new(),
            find: None,
            data: Vec::new(),
            all_data: false,
            takes: List::of(std::iter::empty(), Root::Here),
            leaves: List::of(std::iter::empty(), Root::Here),
            archive: List::of(std::iter::empty(), Root::Here),
            sources: read("MANIFEST.in").map(|text| source_lines(&text)).unwrap_or_default(),
        };
        match backend {
            Backend::Setuptools => made.setuptools(table.as_ref(), script.as_deref(), settings.as_deref()),
            Backend::Whole | Backend::Other => made.whole(table.as_ref(), name.as_deref()),
        }
        Some(made)
    }

    /// `name` is the distribution's, which its one package has where none is named.
    fn whole(&mut self, table: Option<&Table>, name: Option<&str>) {
        let list = |keys: &[&str]| strings(at(table, keys));
        let wheel = ["tool", "hatch", "build", "targets", "wheel"];
        let with = |key: &'static str| -> Vec<String> {
            let of_wheel = list(&[wheel.as_slice(), &[key]].concat());
            if of_wheel.is_empty() { list(&["tool", "hatch", "build", key]) } else { of_wheel }
        };
        let mut takes = with("include");
        takes.extend(with("only-include"));
        let forced = at(table, &[wheel.as_slice(), &["force-include"]].concat()).and_then(Value::as_table);
        takes.extend(forced.into_iter().flat_map(|forced| forced.keys().cloned()));
        let poetry = at(table, &["tool", "poetry"]);
        let one = |value: &Value| match value {
            Value::String(path) => Some(path.clone()),
            value => value.get("path").or_else(|| value.get("include"))?.as_str().map(ToOwned::to_owned),
        };
        let of_poetry = |key: &str| -> Vec<String> {
            let list = poetry.and_then(|poetry| poetry.get(key)).and_then(Value::as_array).into_iter().flatten();
            list.filter_map(one).collect()
        };
        takes.extend(of_poetry("include"));
        takes.extend(list(&["tool", "maturin", "include"]));
        takes.extend(list(&["tool", "pdm", "build", "includes"]));
        let mut leaves = with("exclude");
        leaves.extend(list(&["tool", "poetry", "exclude"]));
        leaves.extend(list(&["tool", "pdm", "build", "excludes"]));
        self.takes = List::of(takes.iter().map(String::as_str), Root::Here);
        self.leaves = List::of(leaves.iter().map(String::as_str), Root::Anywhere);
        let mut archive = list(&["tool", "flit", "sdist", "include"]);
        archive.extend(list(&["tool", "hatch", "build", "targets", "sdist", "include"]));
        self.archive = List::of(archive.iter().map(String::as_str), Root::Here);
        self.named = with("packages");
        self.named.extend(of_poetry("packages"));
        self.named
            .extend(at(table, &["tool", "flit", "module", "name"]).and_then(Value::as_str).map(ToOwned::to_owned));
        if let Some(root) = at(table, &["tool", "maturin", "python-source"]).and_then(Value::as_str) {
            self.roots.push(root.trim_matches('/').to_owned());
        }
        if self.named.is_empty() {
            self.named.extend(name.map(|name| name.replace(['-', '.'], "_").to_lowercase()));
        }
    }

    fn setuptools(&mut self, table: Option<&Table>, script: Option<&str>, settings: Option<&str>) {
        let tool = at(table, &["tool", "setuptools"]);
        self.all_data = at(table, &["tool", "setuptools_scm"]).is_some()
            || at(table, &["tool", "setuptools-scm"]).is_some()
            || script.is_some_and(|script| script.contains("use_scm_version"))
            || tool.is_some_and(|tool| tool.get("include-package-data").and_then(Value::as_bool) == Some(true));
        let inside = |keys: &[&str]| at(table, &[["tool", "setuptools"].as_slice(), keys].concat());
        self.named.extend(strings(inside(&["packages"])).into_iter().map(|name| name.replace('.', "/")));
        if let Some(find) = inside(&["packages", "find"]) {
            self.roots = strings(find.get("where"));
            let namespaces = find.get("namespaces").and_then(Value::as_bool) != Some(false);
            self.find =
                Some(Find { include: strings(find.get("include")), exclude: strings(find.get("exclude")), namespaces });
        }
        let data = inside(&["package-data"]).and_then(Value::as_table).into_iter().flatten();
        self.data.extend(data.flat_map(|(_, patterns)| strings(Some(patterns))));
        if let Some(script) = script {
            self.script(script);
        }
        if let Some(settings) = settings {
            self.settings(settings);
        }
        if self.roots.is_empty() {
            self.roots.push(String::new());
        }
    }

    fn script(&mut self, text: &str) {
        static FIND: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(r"find_(namespace_)?packages\s*\(([^()]*)\)").ok());
        static LIST: LazyLock<Option<Regex>> = LazyLock::new(|| {
            Regex::new(r"\b(packages|exclude|include|package_data|where)\s*=\s*([\[{(][^\]})]*|[\x22'][^\x22']*)").ok()
        });
        static ROOT: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(r#"package_dir\s*=\s*\{\s*["']["']\s*:\s*["']([^"']+)["']"#).ok());
        let values = |text: &str, name: &str| -> Vec<String> {
            let found = LIST.iter().flat_map(|list| list.captures_iter(text).take(100));
            let named = found.filter(|one| one.get(1).is_some_and(|key| key.as_str() == name));
            named.filter_map(|one| one.get(2)).flat_map(|list| quoted(list.as_str())).collect()
        };
        if let Some(found) = FIND.as_ref().and_then(|find| find.captures(text)) {
            let arguments = found.get(2).map_or("", |arguments| arguments.as_str());
            let mut roots = values(arguments, "where");
            if arguments.trim_start().starts_with(['"', '\'']) {
                roots.extend(quoted(arguments).into_iter().take(1));
            }
            self.roots = roots;
            self.find = Some(Find {
                include: values(arguments, "include"),
                exclude: values(arguments, "exclude"),
                namespaces: found.get(1).is_some(),
            });
        } else {
            self.named.extend(values(text, "packages").into_iter().map(|name| name.replace('.', "/")));
            let root = ROOT.as_ref().and_then(|root| root.captures(text)).and_then(|found| found.get(1));
            if let Some(root) = root {
                self.roots = vec![root.as_str().to_owned()];
            }
        }
        self.data.extend(values(text, "package_data"));
    }

    fn settings(&mut self, text: &str) {
        let mut section = "";
        let mut key = String::new();
        let (mut finds, mut find, mut roots) = (false, Find::default(), Vec::new());
        for line in text.lines().filter(|line| !line.trim_start().starts_with(['#', ';'])) {
            if line.starts_with('[') {
                section = line.trim_matches(['[', ']', ' ']);
                key.clear();
                continue;
            }
            let value = if line.starts_with(char::is_whitespace) {
                line.trim()
            } else {
                let Some((name, value)) = line.split_once('=') else { continue };
                name.trim().clone_into(&mut key);
                value.trim()
            };
            let parts = || value.split([',', '\n']).map(|part| part.trim().to_owned()).filter(|part| !part.is_empty());
            match (section, key.as_str()) {
                ("options", "packages") if value.starts_with("find") => {
                    finds = true;
                    find.namespaces = value.starts_with("find_namespace");
                }
                ("options", "packages") => self.named.extend(parts().map(|name| name.replace('.', "/"))),
                ("options", "package_dir") => roots.extend(value.strip_prefix('=').map(|root| root.trim().to_owned())),
                ("options.packages.find", "where") => roots.extend(parts()),
                ("options.packages.find", "include") => find.include.extend(parts()),
                ("options.packages.find", "exclude") => find.exclude.extend(parts()),
                ("options.package_data", _) => self.data.extend(parts()),
                _ => {}
            }
        }
        if !roots.is_empty() {
            self.roots = roots;
        }
        if finds {
            self.find = Some(find);
        }
    }

    pub(super) fn delivery(&self, tree: &Tree<'_>, path: &str) -> Delivery {
        let Some(inside) = below(path, &self.folder) else { return Delivery::No };
        let manifest = &self.manifest;
        if self.takes.takes(inside) {
            return Delivery::Yes(format!("{manifest} takes it into the wheel"));
        }
        let in_archive = self.in_archive(inside);
        if let Some(package) = self.package(tree, inside) {
            let yes = Delivery::Yes(format!("it is in the package {package}, which {manifest} puts into the wheel"));
            let is_source =
                std::path::Path::new(inside).extension().is_some_and(|ending| ending == "py" || ending == "pyi");
            match self.backend {
                Backend::Whole if !self.leaves.takes(inside) => return yes,
                Backend::Setuptools
                    if is_source || self.all_data || self.is_data(inside) || in_archive == Some(true) =>
                {
                    return yes;
                }
                Backend::Whole | Backend::Setuptools => {}
                Backend::Other => {
                    return Delivery::Unknown(format!(
                        "what the build backend of {manifest} puts into the wheel is not known"
                    ));
                }
            }
        }
        if in_archive == Some(true) {
            let list = if self.archive.takes(inside) {
                manifest.clone()
            } else {
                format!(
                    "{}MANIFEST.in",
                    manifest
                        .strip_suffix("pyproject.toml")
                        .or_else(|| manifest.strip_suffix("setup.py"))
                        .unwrap_or_default()
                )
            };
            return Delivery::Unknown(format!("{list} puts it into the published source archive"));
        }
        Delivery::No
    }

    /// The package in which a file is that the backend finds, or that is named.
    fn package(&self, tree: &Tree<'_>, inside: &str) -> Option<String> {
        let mut roots: Vec<&String> = self.roots.iter().filter(|root| *root != ".").collect();
        let here = String::new();
        if roots.len() < self.roots.len() {
            roots.push(&here);
        }
        // The innermost root that holds the file is where its packages lie.
        roots.sort_by_key(|root| std::cmp::Reverse(root.len()));
        let (root, rest) = roots.into_iter().find_map(|root| Some((root, below(inside, root)?)))?;
        let (folder, _) = rest.rsplit_once('/')?;
        if !self.named.is_empty() && (self.backend != Backend::Setuptools || self.find.is_none()) {
            let is_it = |name: &&String| {
                let name = name.trim_matches('/');
                let exact = self.backend == Backend::Setuptools;
                [folder, &format!("{root}/{folder}")].into_iter().any(|folder| {
                    folder == name
                        || (!exact && below(folder, name).is_some())
                        || (exact && self.all_data && below(folder, name).is_some())
                })
            };
            let by_name = self.named.iter().find(is_it).map(|name| name.replace('/', "."));
            return by_name;
        }
        let absolute = |folder: &str| {
            [self.folder.as_str(), root, folder]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join("/")
        };
        let is_regular = |folder: &str| tree.paths.contains(format!("{}/__init__.py", absolute(folder)).as_str());
        let top = folder.split('/').next().unwrap_or(folder);
        let dotted = folder.replace('/', ".");
        match &self.find {
            // What setuptools finds by itself: nothing under the names that tests and the like go by.
            None => {
                let reserved = root.is_empty() && names::class(&format!("{top}/_")) != PathClass::Shipped;
                (self.backend == Backend::Setuptools && !reserved && is_regular(top)).then_some(dotted)
            }
            Some(find) => {
                let matches = |patterns: &[String]| patterns.iter().any(|pattern| fits(pattern, &dotted));
                let whole = find.namespaces || super::lists::above(folder).all(is_regular);
                let is_found = whole && (find.include.is_empty() || matches(&find.include)) && !matches(&find.exclude);
                is_found.then_some(dotted)
            }
        }
    }

    fn is_data(&self, inside: &str) -> bool {
        let name = inside.rsplit('/').next().unwrap_or(inside);
        self.data.iter().any(|pattern| {
            fits(pattern, name)
                || super::lists::above(inside).any(|part| fits(pattern, part))
                || inside.match_indices('/').any(|(at, _)| inside.get(at + 1..).is_some_and(|rest| fits(pattern, rest)))
        })
    }

    fn in_archive(&self, inside: &str) -> Option<bool> {
        if self.archive.takes(inside) {
            return Some(true);
        }
        let matches = |line: &&Line| match &line.folder {
            Some(folder) => below(inside, folder).is_some_and(|rest| line.list.takes(rest)),
            None => line.list.takes(inside),
        };
        self.sources.iter().rev().find(matches).map(|line| line.takes)
    }
}

/// The lines of a `MANIFEST.in`.
fn source_lines(text: &str) -> Vec<Line> {
    let line = |line: &str| {
        let mut words = line.split_whitespace();
        let verb = words.next()?;
        let words: Vec<&str> = words.collect();
        let all = |root: Root, words: &[&str]| List::of(words.iter().copied(), root);
        let (takes, folder, list) = match verb {
            "include" | "graft" => (true, None, all(Root::Here, &words)),
            "exclude" | "prune" => (false, None, all(Root::Here, &words)),
            "global-include" => (true, None, all(Root::Anywhere, &words)),
            "global-exclude" => (false, None, all(Root::Anywhere, &words)),
            "recursive-include" | "recursive-exclude" => {
                let (folder, patterns) = words.split_first()?;
                let folder = folder.trim_matches('/').to_owned();
                (verb == "recursive-include", Some(folder), all(Root::Anywhere, patterns))
            }
            _ => return None,
        };
        Some(Line { takes, folder, list })
    };
    text.lines().take(1000).filter_map(line).collect()
}

/// `fnmatch`: a star goes over everything.
fn fits(pattern: &str, text: &str) -> bool {
    pattern == text
        || (pattern.contains(['*', '?', '['])
            && Glob::new(pattern).is_ok_and(|glob| glob.compile_matcher().is_match(text)))
}

fn at<'a>(table: Option<&'a Table>, keys: &[&str]) -> Option<&'a Value> {
    let (first, rest) = keys.split_first()?;
    rest.iter().try_fold(table?.get(*first)?, |value, key| value.get(*key))
}

fn strings(value: Option<&Value>) -> Vec<String> {
    let list = value.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|one| one.as_str().map(ToOwned::to_owned)).collect()
}

/// The texts between quotes.
fn quoted(text: &str) -> Vec<String> {
    static TEXT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#"["']([^"'\n]*)["']?"#).ok());
    let found = TEXT.iter().flat_map(|one| one.captures_iter(text).take(500));
    found.filter_map(|one| Some(one.get(1)?.as_str().to_owned())).filter(|one| !one.is_empty()).collect()
}

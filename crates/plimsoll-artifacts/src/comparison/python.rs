//! Source distributions and wheels of Python: what their builders make, and where modules lie in a tree.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Package, PackageFormat, PackagedFile,
    python::{fields, is_same_name, is_same_version},
};
use toml::{Table, Value};

use super::{
    configuration,
    judge::{Judged, against},
    requirements,
    tree::{LARGEST_MANIFEST, SourceFiles, within},
};

/// What setuptools writes into `NAME.egg-info`; builders make all of it anew.
const EGG_INFO: [&str; 8] = [
    "PKG-INFO",
    "SOURCES.txt",
    "dependency_links.txt",
    "entry_points.txt",
    "namespace_packages.txt",
    "not-zip-safe",
    "requires.txt",
    "top_level.txt",
];
/// Folders that modules lie in, the first of which has them.
const LAYOUTS: [&str; 4] = ["src", "", "lib", "python"];

/// A package of Python beside the tree.
pub(super) struct PythonRules<'a> {
    package: &'a Package,
    tree: SourceFiles<'a>,
    /// The project's folder in the tree.
    pub(super) folder: String,
    project: Result<Option<Table>, String>,
    /// For each first part of a wheel's paths the folder of the tree that it lies in.
    layout: BTreeMap<String, String>,
}

impl<'a> PythonRules<'a> {
    pub(super) fn new(package: &'a Package, tree: SourceFiles<'a>) -> Self {
        let packed = package.get("pyproject.toml").map(|file| file.bytes);
        let folder = tree.folder_of("pyproject.toml", packed, |text| {
            text.parse::<Table>()
                .is_ok_and(|table| stated(&table, "name").is_some_and(|name| is_same_name(&name, package.name())))
        });
        let folder = folder.unwrap_or_default();
        let project = tree.text(&within(&folder, "pyproject.toml"), LARGEST_MANIFEST).and_then(|text| {
            text.map(|text| text.parse::<Table>().map_err(|_| "the tree's pyproject.toml is not TOML".to_owned()))
                .transpose()
        });
        let mut layout = BTreeMap::new();
        if package.format() == PackageFormat::Wheel {
            for file in package.files() {
                let top = file.path.split('/').next().unwrap_or_default();
                if !layout.contains_key(top) {
                    let place = LAYOUTS.into_iter().find(|place| tree.has(&within(&within(&folder, place), top)));
                    layout.insert(top.to_owned(), within(&folder, place.unwrap_or_default()));
                }
            }
        }
        Self { package, tree, folder, project, layout }
    }

    /// Judges what builders make; `None` for what they take from the tree.
    pub(super) fn made(&self, file: &PackagedFile<'_>) -> Option<Judged> {
        match self.package.format() {
            PackageFormat::Sdist => self.made_for_sdist(file),
            _ => self.made_for_wheel(file),
        }
    }

    /// Gives where a file may be in the tree.
    pub(super) fn sources(&self, path: &str) -> Vec<String> {
        if self.package.format() == PackageFormat::Sdist {
            return vec![within(&self.folder, path)];
        }
        if let Some((_, rest)) = path.split_once(".dist-info/").filter(|(folder, _)| !folder.contains('/')) {
            // Licences lie in a folder of their own since core metadata 2.4.
            let rest = rest.strip_prefix("licenses/").or_else(|| rest.strip_prefix("license_files/")).unwrap_or(rest);
            return vec![within(&self.folder, rest)];
        }
        let purelib = format!("{}-{}.data/purelib/", self.package.name(), self.package.version());
        let path = path.strip_prefix(&purelib).unwrap_or(path);
        let top = path.split('/').next().unwrap_or_default();
        vec![within(self.layout.get(top).unwrap_or(&self.folder), path)]
    }

    fn made_for_sdist(&self, file: &PackagedFile<'_>) -> Option<Judged> {
        if file.path == "PKG-INFO" {
            return Some(self.metadata(file));
        }
        if file.path == "setup.cfg" {
            let source = within(&self.folder, file.path);
            return Some(match self.tree.text(&source, LARGEST_MANIFEST) {
                Ok(text) if configuration::is_rewritten(file.bytes, text.as_deref()) => {
                    let same = against(self.tree, file, std::slice::from_ref(&source));
                    if same.class == super::FileClass::Same {
                        return Some(same);
                    }
                    Judged::generated("the tree's with the defaults of setuptools' [egg_info]").from(source)
                }
                Ok(Some(_)) => against(self.tree, file, &[source]),
                Ok(None) => Judged::differs("more than the defaults of setuptools' [egg_info], and the tree has none"),
                Err(reason) => Judged::unknown(reason),
            });
        }
        let (folder, name) = file.path.rsplit_once('/')?;
        let stem = folder.strip_prefix("src/").unwrap_or(folder).strip_suffix(".egg-info")?;
        if stem.contains('/') || !EGG_INFO.contains(&name) || !is_same_name(stem, self.package.name()) {
            return None;
        }
        if name == "PKG-INFO" {
            let top = self.package.get("PKG-INFO").map(|top| top.bytes);
            return Some(if top == Some(file.bytes) {
                Judged::generated("the same as PKG-INFO at the top")
            } else {
                Judged::differs("another PKG-INFO than at the top")
            });
        }
        Some(match name {
            "entry_points.txt" => self.entry_points(file),
            "requires.txt" => self.requires(file),
            "top_level.txt" => self.top_level(file, &["", "src/"]),
            "SOURCES.txt" => Judged::generated("setuptools' list of what it packed; every build writes it again"),
            _ => empty(file),
        })
    }

    /// setuptools' own list of requirements, which says no more than the core metadata that were compared.
    fn requires(&self, file: &PackagedFile<'_>) -> Judged {
        let plain = |text: &str| -> String {
            let before = text.split(';').next().unwrap_or_default();
            before
                .chars()
                .filter(|one| !one.is_whitespace() && !matches!(one, '(' | ')'))
                .collect::<String>()
                .to_lowercase()
        };
        let metadata = self.package.get("PKG-INFO").map(|top| top.bytes).unwrap_or_default();
        let stated: BTreeSet<String> =
            fields(metadata, "Requires-Dist").map(|value| plain(&String::from_utf8_lossy(value))).collect();
        let Ok(text) = std::str::from_utf8(file.bytes) else { return Judged::differs("not a text") };
        let listed = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('['));
        match listed.map(plain).find(|one| !stated.contains(one)) {
            Some(other) => Judged::differs(format!("it requires {other}, which PKG-INFO does not")),
            None => Judged::generated("what PKG-INFO requires"),
        }
    }

    /// The names of modules at the top: each has to be one that the package holds.
    fn top_level(&self, file: &PackagedFile<'_>, folders: &[&str]) -> Judged {
        let Ok(text) = std::str::from_utf8(file.bytes) else { return Judged::differs("not a text") };
        let held = |name: &str| {
            folders.iter().any(|folder| {
                self.package.files().any(|one| {
                    let inner = one.path.strip_prefix(folder).and_then(|path| path.strip_prefix(name));
                    inner.is_some_and(|rest| rest.starts_with('/') || rest.starts_with('.'))
                })
            })
        };
        match text.lines().map(str::trim).filter(|line| !line.is_empty()).find(|name| !held(name)) {
            Some(other) => Judged::differs(format!("it names the module {other}, which is not in the package")),
            None => Judged::generated("the modules that the package holds"),
        }
    }

    fn made_for_wheel(&self, file: &PackagedFile<'_>) -> Option<Judged> {
        let (folder, name) = file.path.split_once('/')?;
        folder.strip_suffix(".dist-info")?;
        match name {
            "METADATA" => Some(self.metadata(file)),
            "WHEEL" => Some(Judged::generated("the builder's note of the wheel's form")),
            "RECORD" => Some(Judged::generated("the list of files, which holds")),
            "top_level.txt" => Some(self.top_level(file, &[""])),
            "zip-safe" => Some(empty(file)),
            "entry_points.txt" => Some(self.entry_points(file)),
            _ => None,
        }
    }

    /// Core metadata against what the tree states as data: name, version, and every requirement.
    fn metadata(&self, file: &PackagedFile<'_>) -> Judged {
        let project = match &self.project {
            Ok(project) => project.as_ref(),
            Err(reason) => return Judged::unknown(reason),
        };
        let source = within(&self.folder, "pyproject.toml");
        if let Some(project) = project {
            if let Some(name) = stated(project, "name").filter(|name| !is_same_name(name, self.package.name())) {
                return Judged::differs(format!("the tree's pyproject.toml says that it is {name}")).from(source);
            }
            let version =
                stated(project, "version").filter(|version| !is_same_version(version, self.package.version()));
            if let Some(version) = version {
                return Judged::differs(format!("the tree's pyproject.toml says version {version}")).from(source);
            }
        }
        let packed: Vec<String> =
            fields(file.bytes, "Requires-Dist").map(|value| String::from_utf8_lossy(value).into_owned()).collect();
        match requirements::compare(&packed, project) {
            requirements::Answer::Stated => {
                Judged::generated("name, version and requirements are the tree's").from(source)
            }
            requirements::Answer::None => Judged::generated("it requires nothing"),
            requirements::Answer::Differs(reason) => Judged::differs(reason).from(source),
            requirements::Answer::Unknown(reason) => Judged::unknown(reason),
        }
    }

    /// The commands that a wheel installs, against `[project.scripts]` and its like.
    fn entry_points(&self, file: &PackagedFile<'_>) -> Judged {
        let project = match &self.project {
            Ok(project) => project.as_ref().and_then(|table| table.get("project")).and_then(Value::as_table),
            Err(reason) => return Judged::unknown(reason),
        };
        let dynamic = |key: &str| {
            let listed = project.and_then(|project| project.get("dynamic")).and_then(Value::as_array);
            listed.is_some_and(|listed| listed.iter().any(|one| one.as_str() == Some(key)))
        };
        let Some(project) =
            project.filter(|_| !["scripts", "gui-scripts", "entry-points"].iter().any(|key| dynamic(key)))
        else {
            return Judged::unknown("the tree does not state its commands as data ([project] in pyproject.toml)");
        };
        let Some(packed) = configuration::sections(file.bytes) else { return Judged::differs("not an INI file") };
        let mut expected: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        let mut add = |section: &str, table: Option<&Value>| {
            for (name, value) in table.and_then(Value::as_table).into_iter().flatten() {
                let value = value.as_str().unwrap_or_default().to_owned();
                expected.entry(section.to_owned()).or_default().insert(name.clone(), spaceless(&value));
            }
        };
        add("console_scripts", project.get("scripts"));
        add("gui_scripts", project.get("gui-scripts"));
        for (section, table) in project.get("entry-points").and_then(Value::as_table).into_iter().flatten() {
            add(section, Some(table));
        }
        let packed: BTreeMap<_, BTreeMap<_, _>> = packed
            .into_iter()
            .map(|(section, lines)| (section, lines.into_iter().map(|(key, value)| (key, spaceless(&value))).collect()))
            .filter(|(_, lines): &(String, BTreeMap<String, String>)| !lines.is_empty())
            .collect();
        let source = within(&self.folder, "pyproject.toml");
        if packed == expected {
            Judged::generated("the commands that the tree states").from(source)
        } else {
            Judged::differs("other commands than the tree states").from(source)
        }
    }
}

/// A note of setuptools that says something by being there.
fn empty(file: &PackagedFile<'_>) -> Judged {
    if file.bytes.iter().all(u8::is_ascii_whitespace) {
        Judged::generated("setuptools' note, which is empty")
    } else {
        Judged::differs("it says something, and the tree says nothing of it")
    }
}

fn spaceless(text: &str) -> String {
    text.split_whitespace().collect()
}

/// Gives the name or the version that pyproject.toml states as data, by PEP 621 or for poetry.
fn stated(pyproject: &Table, key: &str) -> Option<String> {
    let poetry = pyproject.get("tool").and_then(|tool| tool.get("poetry"));
    let tables = [pyproject.get("project"), poetry];
    tables.into_iter().flatten().find_map(|table| table.get(key)?.as_str().map(ToOwned::to_owned))
}

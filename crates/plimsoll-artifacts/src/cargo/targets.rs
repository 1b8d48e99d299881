//! The libraries, binaries, examples, tests and benches of a package: what the manifest lists, and what cargo finds.

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

use super::{Era, Sources, paths, put};

/// The fields of a target that cargo keeps.
const KEPT: [&str; 15] = [
    "name",
    "crate-type",
    "crate_type",
    "path",
    "filename",
    "test",
    "doctest",
    "bench",
    "doc",
    "doc-scrape-examples",
    "proc-macro",
    "proc_macro",
    "harness",
    "required-features",
    "edition",
];

/// Marked compiler plugins, which were never stable; versions since 2020 leave it out.
const KEPT_BY_SOME: &str = "plugin";

/// A kind of target of which there may be several: its table, its switch in `[package]`, its folder.
struct Kind {
    key: &'static str,
    switch: &'static str,
    folder: &'static str,
}

const KINDS: [Kind; 4] = [
    Kind { key: "bin", switch: "autobins", folder: "src/bin" },
    Kind { key: "example", switch: "autoexamples", folder: "examples" },
    Kind { key: "test", switch: "autotests", folder: "tests" },
    Kind { key: "bench", switch: "autobenches", folder: "benches" },
];

/// What decides where targets are found.
struct Setting<'a> {
    name: &'a str,
    /// The edition is the first, in which a list switches finding off and a few odd places are looked at.
    first_edition: bool,
    has_lib: bool,
}

impl Sources<'_> {
    /// Puts the targets into `expected`. `source` is the source's `[package]` and `package` what has become of it.
    pub(super) fn targets(&self, source: &Table, package: &Table, expected: &mut Table) {
        let edition = package.get("edition").and_then(Value::as_str);
        let setting = Setting {
            name: package.get("name").and_then(Value::as_str).unwrap_or_default(),
            // An edition that could not be derived is a later one: inheriting is younger than all but the first.
            first_edition: edition.map_or(!source.contains_key("edition"), |edition| edition == "2015"),
            has_lib: self.original.contains_key("lib") || self.files.contains("src/lib.rs"),
        };
        let lib = self.original.get("lib");
        let packed = self.packed.get("lib");
        let automatic = source.get("autolib").and_then(Value::as_bool);
        put(
            expected,
            "lib",
            match self.era {
                Era::Found => lib.map(|lib| kept(lib, packed)),
                Era::WrittenOut => self.lib(lib, automatic, &setting),
            },
        );
        for kind in KINDS {
            let listed = self.original.get(kind.key);
            let packed = self.packed.get(kind.key).map(by_name);
            let listed = listed.map(|listed| match listed {
                Value::Array(listed) => {
                    Value::Array(listed.iter().map(|one| kept(one, packed_as(one, packed.as_ref()))).collect())
                }
                other => other.clone(),
            });
            let targets = match (self.era, listed) {
                (Era::Found, listed) => listed,
                (Era::WrittenOut, Some(listed)) if !listed.is_array() => Some(listed),
                (Era::WrittenOut, listed) => {
                    let automatic = source.get(kind.switch).and_then(Value::as_bool);
                    self.written_out(&kind, listed.as_ref().and_then(Value::as_array), automatic, &setting)
                }
            };
            put(expected, kind.key, targets);
        }
    }

    /// Gives the library with its name and path, if its file is in the package.
    fn lib(&self, listed: Option<&Value>, automatic: Option<bool>, setting: &Setting<'_>) -> Option<Value> {
        const FOUND: &str = "src/lib.rs";
        let mut lib = match listed {
            Some(Value::Table(_)) => kept(listed?, None).as_table()?.clone(),
            Some(other) => return Some(other.clone()),
            None if automatic == Some(false) || !self.files.contains(FOUND) => return None,
            None => Table::new(),
        };
        if !lib.contains_key("name") {
            lib.insert("name".to_owned(), Value::String(setting.name.replace('-', "_")));
        }
        let path = match lib.get("path").and_then(Value::as_str) {
            Some(path) => paths::inside(path)?,
            None if self.files.contains(FOUND) || !setting.first_edition => FOUND.to_owned(),
            None => format!("src/{}.rs", lib.get("name")?.as_str()?),
        };
        self.files.contains(&path).then(|| {
            lib.insert("path".to_owned(), Value::String(path));
            Value::Table(lib)
        })
    }

    /// Gives all targets of a kind with name and path, those in the list and those that are found.
    ///
    /// A target whose file is not in the package is left out. What cargo refuses (two files for one name, a name without
    /// a file) is left out as well, so that a package that has it is not explained.
    fn written_out(
        &self,
        kind: &Kind,
        listed: Option<&Vec<Value>>,
        automatic: Option<bool>,
        setting: &Setting<'_>,
    ) -> Option<Value> {
        let found = self.found(kind, setting.name);
        // A name that two files were found for stands for neither.
        let mut paths_by_name: BTreeMap<&str, Option<&String>> = BTreeMap::new();
        for (name, path) in &found {
            paths_by_name.entry(name).and_modify(|path| *path = None).or_insert(Some(path));
        }
        let mut targets: Vec<Table> = Vec::new();
        for target in listed.into_iter().flatten() {
            let mut target = target.as_table()?.clone();
            let stated = target.get("path").and_then(Value::as_str);
            let inferred = || {
                let name = target.get("name").and_then(Value::as_str).unwrap_or_default();
                let found = paths_by_name.get(name).copied().flatten().cloned();
                let odd = || self.found_in_odd_place(kind, name, setting.has_lib);
                if setting.first_edition { found.or_else(odd) } else { found }
            };
            let path = stated.map_or_else(inferred, paths::inside);
            let Some(path) = path.filter(|path| self.files.contains(path)) else { continue };
            target.insert("path".to_owned(), Value::String(path));
            targets.push(target);
        }
        if automatic.unwrap_or(listed.is_none() || !setting.first_edition) {
            let listed = || listed.into_iter().flatten();
            let names: BTreeSet<&str> = listed().filter_map(|target| target.get("name")?.as_str()).collect();
            let paths: BTreeSet<String> =
                listed().filter_map(|target| paths::inside(target.get("path")?.as_str()?)).collect();
            for (name, path) in
                found.iter().filter(|(name, path)| !names.contains(name.as_str()) && !paths.contains(path))
            {
                let fields = [("name", name), ("path", path)];
                targets.push(
                    fields.map(|(key, value)| (key.to_owned(), Value::String(value.clone()))).into_iter().collect(),
                );
            }
        }
        (!targets.is_empty()).then(|| Value::Array(targets.into_iter().map(Value::Table).collect()))
    }

    /// Gives name and path of what cargo finds: `tests/name.rs` and `tests/name/main.rs`, and `src/main.rs` for a binary.
    fn found(&self, kind: &Kind, package: &str) -> Vec<(String, String)> {
        let main = (kind.key == "bin" && self.files.contains("src/main.rs"))
            .then(|| (package.to_owned(), "src/main.rs".to_owned()));
        let prefix = format!("{}/", kind.folder);
        let below = self.files.range(prefix.clone()..).map_while(|path| Some((path, path.strip_prefix(&prefix)?)));
        let in_folder = below.filter_map(|(path, rest)| {
            let name = match rest.split_once('/') {
                Some((name, "main.rs")) => name,
                Some(_) => return None,
                None => rest.strip_suffix(".rs")?,
            };
            (!name.is_empty() && !name.starts_with('.')).then(|| (name.to_owned(), path.clone()))
        });
        main.into_iter().chain(in_folder).collect()
    }

    /// Gives the file that the first edition takes for a listed binary or bench without a path, where it is not in its place.
    fn found_in_odd_place(&self, kind: &Kind, name: &str, has_lib: bool) -> Option<String> {
        let places = match kind.key {
            "bin" => {
                let own = (!has_lib).then(|| format!("src/{name}.rs"));
                own.into_iter().chain(["src/main.rs".to_owned(), "src/bin/main.rs".to_owned()]).collect()
            }
            "bench" if name == "bench" => vec!["src/bench.rs".to_owned()],
            _ => Vec::new(),
        };
        places.into_iter().find(|path| self.files.contains(path))
    }
}

/// Gives a target with the fields that cargo keeps.
fn kept(target: &Value, packed: Option<&Value>) -> Value {
    let Some(target) = target.as_table() else {
        return target.clone();
    };
    let by_some = packed.is_some_and(|packed| packed.get(KEPT_BY_SOME).is_some());
    let is_kept = |key: &str| KEPT.contains(&key) || (by_some && key == KEPT_BY_SOME);
    Value::Table(
        target.iter().filter(|(key, _)| is_kept(key)).map(|(key, value)| (key.clone(), value.clone())).collect(),
    )
}

/// Gives the packed target of the same name.
fn packed_as<'a>(target: &Value, packed: Option<&'a Value>) -> Option<&'a Value> {
    packed?.as_table()?.get(target.get("name")?.as_str()?)
}

/// Gives a list of targets as a table by their names, in which order does not count.
///
/// What is no list of targets with a name each stays a list, and so differs from every list that is.
pub(super) fn by_name(list: &Value) -> Value {
    let Value::Array(targets) = list else {
        return Value::Array(vec![list.clone()]);
    };
    let mut named = Table::new();
    for target in targets {
        let name = target.as_table().and_then(|target| target.get("name")).and_then(Value::as_str);
        let Some(name) = name.filter(|name| !named.contains_key(*name)) else {
            return list.clone();
        };
        named.insert(name.to_owned(), target.clone());
    }
    Value::Table(named)
}

//! Which Rust files a build of a package takes in: from the roots of its targets along its modules.
//!
//! Source: the Rust reference, "Modules" (where a module's file is); the Cargo book, "Cargo Targets".

use std::collections::BTreeMap;

use crate::{
    cfg::{Features, Holds},
    rust::RustFile,
};

/// Steps from file to file for all packages together.
const MOST_STEPS: usize = 500_000;

/// Whether what a file holds is built and run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reached {
    /// As part of a target that is tested.
    pub(super) tested: Holds,
    /// As part of the library, whose documentation is tested.
    pub(super) documented: Holds,
    /// As part of any target.
    pub(super) built: Holds,
}

impl Default for Reached {
    fn default() -> Self {
        Self { tested: Holds::No, documented: Holds::No, built: Holds::No }
    }
}

/// One target.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Target {
    root: String,
    tested: bool,
    documented: bool,
    /// Features that it needs.
    required: Vec<String>,
    /// A test without the harness: its `main` is the test.
    program: bool,
}

/// The walk over all packages of a repository.
pub(super) struct Walk<'a> {
    files: &'a BTreeMap<&'a str, &'a RustFile>,
    pub(super) reached: BTreeMap<&'a str, Reached>,
    /// Tests that are programs of their own.
    pub(super) programs: Vec<&'a str>,
    steps: usize,
}

impl<'a> Walk<'a> {
    pub(super) fn new(files: &'a BTreeMap<&'a str, &'a RustFile>) -> Self {
        Self { files, reached: BTreeMap::new(), programs: Vec::new(), steps: 0 }
    }

    /// Were there more files than are followed?
    pub(super) fn is_cut(&self) -> bool {
        self.steps >= MOST_STEPS
    }

    /// Follows the targets of the package in `folder`.
    pub(super) fn package(&mut self, folder: &str, manifest: &toml::Table) {
        let features = Features::of(manifest);
        let here = |path: &str| if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") };
        let inside: Vec<&str> = self
            .files
            .keys()
            .filter_map(
                |path| if folder.is_empty() { Some(*path) } else { path.strip_prefix(folder)?.strip_prefix('/') },
            )
            .collect();
        for target in targets(manifest, &inside) {
            let Some((root, file)) = self.files.get_key_value(here(&target.root).as_str()) else { continue };
            let on = |name: &String| features.default.contains(name);
            let holds = if target.required.iter().all(on) { Holds::Yes } else { Holds::OnDemand };
            if target.program && file.has_main && holds == Holds::Yes {
                self.programs.push(root);
            }
            self.follow(root, &target, holds, &features);
        }
    }

    fn follow(&mut self, root: &'a str, target: &Target, holds: Holds, features: &Features) {
        let mut seen: BTreeMap<&str, Holds> = BTreeMap::new();
        // The file, whether its modules lie beside it, and how surely it is built.
        let mut open = vec![(root, true, holds)];
        while let Some((path, is_root, holds)) = open.pop() {
            if holds == Holds::No || self.is_cut() || seen.get(path).is_some_and(|before| *before >= holds) {
                continue;
            }
            self.steps += 1;
            seen.insert(path, holds);
            let reached = self.reached.entry(path).or_default();
            reached.built = reached.built.max(holds);
            if target.tested && !target.program {
                reached.tested = reached.tested.max(holds);
            }
            if target.documented {
                reached.documented = reached.documented.max(holds);
            }
            let Some(file) = self.files.get(path) else { continue };
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            let is_root = is_root || name == "mod.rs";
            let stem = name.strip_suffix(".rs").unwrap_or(name);
            let beside = if is_root { folder.to_owned() } else { join(folder, stem) };
            for module in &file.modules {
                let below = module.inside.iter().fold(beside.clone(), |folder, part| join(&folder, part));
                let candidates = match &module.path {
                    Some(path) if module.inside.is_empty() || module.included => vec![resolve(folder, path)],
                    Some(path) => vec![resolve(&below, path)],
                    None => vec![
                        Some(join(&below, &format!("{}.rs", module.name))),
                        Some(join(&join(&below, &module.name), "mod.rs")),
                    ],
                };
                let found = candidates.into_iter().flatten().find_map(|path| self.files.get_key_value(path.as_str()));
                if let Some((path, _)) = found {
                    open.push((path, module.path.is_some(), holds.min(module.holds(features))));
                }
            }
        }
    }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// `path` from `folder`; nothing where it leads out of the repository.
pub(super) fn resolve(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// The targets that a manifest names and those that Cargo finds, of which the files in `inside` are there.
fn targets(manifest: &toml::Table, inside: &[&str]) -> Vec<Target> {
    let Some(package) = manifest.get("package").and_then(toml::Value::as_table) else { return Vec::new() };
    let flag = |table: &toml::Value, name: &str, default: bool| {
        table.get(name).and_then(toml::Value::as_bool).unwrap_or(default)
    };
    let automatic = |name: &str| package.get(name).and_then(toml::Value::as_bool).unwrap_or(true);
    let mut found: Vec<Target> = Vec::new();
    let mut add = |root: String, table: Option<&toml::Value>, tested: bool, documented: bool| {
        let flag = |name: &str, default: bool| table.map_or(default, |table| flag(table, name, default));
        let required = table.and_then(|table| table.get("required-features")?.as_array()).into_iter().flatten();
        let target = Target {
            tested: flag("test", tested),
            documented: documented && flag("doctest", true),
            required: required.filter_map(|one| Some(one.as_str()?.to_owned())).collect(),
            program: tested && flag("test", true) && !flag("harness", true),
            root,
        };
        if !found.iter().any(|known| known.root == target.root) {
            found.push(target);
        }
    };
    let library = manifest.get("lib");
    let path = |table: &toml::Value| {
        table.get("path").and_then(toml::Value::as_str).map(|path| path.trim_start_matches("./").to_owned())
    };
    let root = library.and_then(path).unwrap_or_else(|| "src/lib.rs".to_owned());
    add(root, library, true, true);
    for (key, switch, folder, tested) in [
        ("bin", "autobins", "src/bin", true),
        ("test", "autotests", "tests", true),
        ("bench", "autobenches", "benches", false),
        ("example", "autoexamples", "examples", false),
    ] {
        for table in manifest.get(key).and_then(toml::Value::as_array).into_iter().flatten() {
            let name = table.get("name").and_then(toml::Value::as_str).unwrap_or_default();
            let usual = [format!("{folder}/{name}.rs"), format!("{folder}/{name}/main.rs")];
            let usual = usual.into_iter().find(|path| inside.contains(&path.as_str()));
            let main = || (key == "bin").then(|| "src/main.rs".to_owned());
            if let Some(root) = path(table).or(usual).or_else(main) {
                add(root, Some(table), tested, false);
            }
        }
        if !automatic(switch) {
            continue;
        }
        for path in inside {
            let own = path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/'));
            let is_root = own.is_some_and(|own| {
                own.strip_suffix(".rs").is_some_and(|stem| !stem.contains('/'))
                    || own.ends_with("/main.rs") && own.matches('/').count() == 1
            });
            if is_root || key == "bin" && *path == "src/main.rs" {
                add((*path).to_owned(), None, tested, false);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rust::read;

    /// What is tested of `files`, in a package with `manifest`: `?` before what may be.
    fn check(manifest: &str, files: &[(&str, &str)], expected: &str) {
        let read: Vec<(&str, RustFile)> = files.iter().map(|(path, text)| (*path, read(text))).collect();
        let files: BTreeMap<&str, &RustFile> = read.iter().map(|(path, file)| (*path, file)).collect();
        let mut walk = Walk::new(&files);
        walk.package("", &manifest.parse().unwrap());
        let shown: Vec<String> = walk
            .reached
            .iter()
            .filter_map(|(path, reached)| match reached.tested {
                Holds::No => None,
                Holds::Yes | Holds::Somewhere => Some((*path).to_owned()),
                _ => Some(format!("?{path}")),
            })
            .collect();
        assert_eq!(shown.join(" "), expected, "{manifest}\n{files:?}");
    }

    #[test]
    fn what_is_built_is_found_along_the_modules() {
        let package = "[package]\nname = \"a\"\n";
        check(
            package,
            &[("src/lib.rs", "mod a;"), ("src/a.rs", "mod b;"), ("src/a/b.rs", ""), ("src/orphan.rs", "")],
            "src/a.rs src/a/b.rs src/lib.rs",
        );
        check(
            package,
            &[("src/lib.rs", "mod a;"), ("src/a/mod.rs", "mod b;"), ("src/a/b.rs", "")],
            "src/a/b.rs src/a/mod.rs src/lib.rs",
        );
        check(
            package,
            &[("src/main.rs", "#[path = \"x/y.rs\"] mod a;"), ("src/x/y.rs", "mod z;"), ("src/x/z.rs", "")],
            "src/main.rs src/x/y.rs src/x/z.rs",
        );
        check(
            package,
            &[("src/lib.rs", "mod a { mod b; }"), ("src/a/b.rs", ""), ("src/b.rs", "")],
            "src/a/b.rs src/lib.rs",
        );
        check(package, &[("src/lib.rs", "include!(\"c.rs\");"), ("src/c.rs", "")], "src/c.rs src/lib.rs");
        check(
            package,
            &[("src/lib.rs", "#[cfg(any())] mod a; x! { mod b; }"), ("src/a.rs", ""), ("src/b.rs", "")],
            "?src/b.rs src/lib.rs",
        );
        check(
            package,
            &[
                ("src/lib.rs", "mod a; mod a;"),
                ("src/a.rs", "#[path = \"lib.rs\"] mod l; #[path = \"../../../x.rs\"] mod o;"),
            ],
            "src/a.rs src/lib.rs",
        );
    }

    #[test]
    fn targets_are_those_of_cargo() {
        let files = &[
            ("src/lib.rs", ""),
            ("src/main.rs", ""),
            ("src/bin/b.rs", ""),
            ("tests/t.rs", "mod common;"),
            ("tests/common/mod.rs", ""),
            ("tests/u/main.rs", ""),
            ("tests/u/v.rs", ""),
            ("benches/x.rs", ""),
            ("examples/y.rs", ""),
        ];
        let check = |more: &str, expected: &str| check(&format!("[package]\nname = \"a\"\n{more}"), files, expected);
        check("", "src/bin/b.rs src/lib.rs src/main.rs tests/common/mod.rs tests/t.rs tests/u/main.rs");
        check("autotests = false\n", "src/bin/b.rs src/lib.rs src/main.rs");
        check(
            "autotests = false\n[[test]]\nname = \"t\"\n",
            "src/bin/b.rs src/lib.rs src/main.rs tests/common/mod.rs tests/t.rs",
        );
        check("autobins = false\n[lib]\ntest = false\n", "tests/common/mod.rs tests/t.rs tests/u/main.rs");
        check(
            "[[test]]\nname = \"t\"\ntest = false\n[[test]]\nname = \"u\"\nharness = false\n",
            "src/bin/b.rs src/lib.rs src/main.rs",
        );
        check(
            "[[test]]\nname = \"t\"\nrequired-features = [\"f\"]\n",
            "src/bin/b.rs src/lib.rs src/main.rs ?tests/common/mod.rs ?tests/t.rs tests/u/main.rs",
        );
        check(
            "[[example]]\nname = \"y\"\ntest = true\n",
            "examples/y.rs src/bin/b.rs src/lib.rs src/main.rs tests/common/mod.rs tests/t.rs tests/u/main.rs",
        );
        super::tests::check("[workspace]\n", files, "");
    }
}

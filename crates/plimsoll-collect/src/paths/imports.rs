//! What sources of JavaScript, Python and Go take in, and what manifests of npm and Python say that they deliver.
//!
//! Only what leads to a path of the tree counts, so that a wrong guess names nothing. A comment that looks like an import
//! counts as one: then more ships, not less.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value as Json;
use toml::Table;

use super::join;

/// References of one file; one with more is told by those.
const MOST: usize = 5000;
/// Endings that JavaScript's tools try, in the order of habit.
const SCRIPTS: &[&str] = &["js", "ts", "jsx", "tsx", "mjs", "cjs", "mts", "cts", "vue", "svelte", "json"];

/// Paths that may be in the tree; the first of each group that is there is meant.
pub(super) type Groups = Vec<Vec<String>>;

fn pattern(text: &'static str) -> Option<Regex> {
    Regex::new(text).ok()
}

/// The ending of a source whose imports are understood.
pub(super) fn ending(path: &str) -> Option<&str> {
    let (stem, ending) = path.rsplit_once('.')?;
    let name = stem.rsplit('/').next().unwrap_or(stem);
    let known = matches!(ending, "go" | "py") || SCRIPTS.iter().any(|script| *script == ending && ending != "json");
    // Files that set up tools name tests and examples without shipping them.
    let is_setting = matches!(name.rsplit_once('.'), Some((_, "config" | "conf")))
        || (name.starts_with('.') && name.ends_with("rc"));
    let is_tool =
        matches!(name.to_ascii_lowercase().as_str(), "gulpfile" | "gruntfile" | "noxfile" | "tasks" | "setup");
    (known && !is_setting && !is_tool).then_some(ending)
}

/// What a source takes in. `modules` are the Go modules of the tree: their path and their folder.
pub(super) fn imports(path: &str, text: &str, modules: &[(String, String)]) -> Groups {
    match ending(path) {
        Some("go") => go(path, text, modules),
        Some("py") => python(path, text),
        Some(_) => scripts(path, text),
        None => Groups::new(),
    }
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn scripts(path: &str, text: &str) -> Groups {
    static IMPORT: LazyLock<Option<Regex>> =
        LazyLock::new(|| pattern(r#"\b(?:from|import|require)\s*\(?\s*["'`](\.{1,2}/[^"'`\n]+)["'`]"#));
    let Some(import) = IMPORT.as_ref() else { return Groups::new() };
    import
        .captures_iter(text)
        .take(MOST)
        .filter_map(|found| Some(script(&join(folder(path), found.get(1)?.as_str())?)))
        .collect()
}

/// The files that a path without its ending may mean.
fn script(path: &str) -> Vec<String> {
    let mut all = vec![path.to_owned()];
    all.extend(SCRIPTS.iter().map(|ending| format!("{path}.{ending}")));
    // TypeScript names the file that it will be.
    if let Some(stem) = path.strip_suffix(".js") {
        all.extend(["ts", "tsx"].map(|ending| format!("{stem}.{ending}")));
    }
    all.extend(SCRIPTS.iter().map(|ending| format!("{path}/index.{ending}")));
    all
}

fn python(path: &str, text: &str) -> Groups {
    static IMPORT: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(r"(?m)^[ \t]*(?:from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]+\(?([\w \t,*]*)|import[ \t]+([\w., \t]+))")
    });
    let Some(import) = IMPORT.as_ref() else { return Groups::new() };
    let mut groups = Groups::new();
    for found in import.captures_iter(text).take(MOST) {
        let part = |number: usize| found.get(number).map_or("", |part| part.as_str());
        let names = part(2).split(',').filter_map(|name| name.split_whitespace().next()).filter(|name| *name != "*");
        let module = part(1);
        let dots = module.bytes().take_while(|byte| *byte == b'.').count();
        if dots > 0 {
            let mut base = folder(path);
            (1..dots).for_each(|_| base = folder(base));
            let module = module.get(dots..).unwrap_or_default();
            let whole =
                |name: &str| [module, name].into_iter().filter(|one| !one.is_empty()).collect::<Vec<_>>().join(".");
            groups.extend(names.map(|name| module_files(base, &whole(name))));
            groups.push(module_files(base, module));
        } else if module.is_empty() {
            for name in part(3).split(',').filter_map(|name| name.split_whitespace().next()) {
                groups.extend(roots(path).map(|root| module_files(root, name)));
            }
        } else {
            let names: Vec<String> = names.map(|name| format!("{module}.{name}")).collect();
            for name in names.iter().map(String::as_str).chain([module]) {
                groups.extend(roots(path).map(|root| module_files(root, name)));
            }
        }
    }
    groups
}

/// Where a module's name may start: at the top, in `src`, in the folders above the file.
fn roots(path: &str) -> impl Iterator<Item = &str> {
    let above = std::iter::successors(Some(folder(path)), |here| (!here.is_empty()).then(|| folder(here)));
    above.chain(["src"]).take(16)
}

fn module_files(root: &str, module: &str) -> Vec<String> {
    let Some(path) = join(root, &module.replace('.', "/")).filter(|path| !path.is_empty()) else { return Vec::new() };
    vec![format!("{path}.py"), format!("{path}/__init__.py")]
}

fn go(path: &str, text: &str, modules: &[(String, String)]) -> Groups {
    static IMPORT: LazyLock<Option<Regex>> =
        LazyLock::new(|| pattern(r#"(?m)^[ \t]*(?:import[ \t]+)?(?:[\w.]+[ \t]+)?"([\w./~-]+)""#));
    let mut groups = Groups::new();
    for found in IMPORT.iter().flat_map(|import| import.captures_iter(text).take(MOST)) {
        let Some(name) = found.get(1) else { continue };
        for (module, root) in modules {
            let inside = name.as_str().strip_prefix(module.as_str()).and_then(|rest| rest.strip_prefix('/'));
            groups.extend(inside.and_then(|inside| join(root, inside)).map(|path| vec![path]));
        }
    }
    groups
        .extend(embedded(text).filter(|one| !has_wildcard(one)).filter_map(|one| Some(vec![join(folder(path), one)?])));
    groups
}

/// The patterns of `//go:embed`, from the source's folder on.
///
/// Source: documentation of Go's package `embed`.
pub(super) fn embedded(text: &str) -> impl Iterator<Item = &str> {
    static EMBED: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r"(?m)^[ \t]*//go:embed[ \t]+(.+)$"));
    static ONE: LazyLock<Option<Regex>> = LazyLock::new(|| pattern(r#""([^"\n]*)"|`([^`\n]*)`|(\S+)"#));
    let lines =
        EMBED.iter().flat_map(move |embed| embed.captures_iter(text).take(MOST)).filter_map(|found| found.get(1));
    let all = lines.flat_map(|line| ONE.iter().flat_map(move |one| one.captures_iter(line.as_str()).take(MOST)));
    let inner = all.filter_map(|found| found.get(1).or_else(|| found.get(2)).or_else(|| found.get(3)));
    inner.map(|one| one.as_str()).map(|one| one.strip_prefix("all:").unwrap_or(one))
}

pub(super) fn has_wildcard(pattern: &str) -> bool {
    pattern.contains(['*', '?', '['])
}

/// The whole parts of a pattern before its first wildcard.
pub(super) fn before_wildcard(pattern: &str) -> &str {
    match pattern.find(['*', '?', '[', '{']) {
        Some(at) => pattern.get(..at).and_then(|start| start.rsplit_once('/')).map_or("", |(folder, _)| folder),
        None => pattern.trim_end_matches('/'),
    }
}

/// The path of a Go module, from its `go.mod`.
pub(super) fn go_module(text: &str) -> Option<String> {
    let line = text.lines().find_map(|line| line.trim().strip_prefix("module "))?;
    line.split_whitespace().next().map(|name| name.trim_matches(['"', '`']).to_owned())
}

/// A `package.json` as far as it says what is delivered.
#[derive(Debug, Default)]
pub(super) struct NodePackage {
    pub(super) name: Option<String>,
    pub(super) private: bool,
    /// Patterns of members, relative to its folder.
    pub(super) workspaces: Vec<String>,
    /// Files and folders that are delivered.
    pub(super) delivered: Groups,
    /// Dependencies by a path, and those that are named.
    pub(super) paths: Vec<String>,
    pub(super) names: Vec<String>,
}

pub(super) fn node_package(path: &str, text: &str) -> Option<NodePackage> {
    let json: Json = serde_json::from_str(text).ok()?;
    let json = json.as_object()?;
    let here = folder(path);
    let texts = |value: Option<&Json>| -> Vec<String> {
        let list = value.and_then(Json::as_array).into_iter().flatten();
        list.filter_map(|one| one.as_str().map(ToOwned::to_owned)).take(MOST).collect()
    };
    let workspaces = match json.get("workspaces") {
        Some(Json::Object(inside)) => texts(inside.get("packages")),
        value => texts(value),
    };
    let mut named = Vec::new();
    for key in ["main", "module", "browser", "types", "typings", "bin", "exports", "imports", "directories"] {
        strings(json.get(key), 0, &mut named);
    }
    let mut delivered: Groups = named.iter().filter_map(|one| Some(script(&join(here, one)?))).collect();
    for one in texts(json.get("files")).iter().filter(|one| !one.starts_with('!')) {
        let one = before_wildcard(one.trim_start_matches('/'));
        delivered.extend(join(here, one).filter(|path| path != here).map(|path| vec![path]));
    }
    let (mut paths, mut names) = (Vec::new(), Vec::new());
    for key in ["dependencies", "optionalDependencies", "peerDependencies"] {
        for (name, version) in json.get(key).and_then(Json::as_object).into_iter().flatten() {
            names.push(name.clone());
            let version = version.as_str().unwrap_or_default();
            let by_path = ["file:", "link:", "portal:"].iter().find_map(|start| version.strip_prefix(start));
            paths.extend(by_path.and_then(|to| join(here, to)));
        }
    }
    Some(NodePackage {
        name: json.get("name").and_then(Json::as_str).map(ToOwned::to_owned),
        private: json.get("private").and_then(Json::as_bool).unwrap_or_default(),
        workspaces,
        delivered,
        paths,
        names,
    })
}

/// Every text in a value that reads as a path, a few levels deep.
fn strings(value: Option<&Json>, depth: usize, all: &mut Vec<String>) {
    match value {
        Some(Json::String(text)) if all.len() < MOST => all.push(before_wildcard(text).to_owned()),
        Some(Json::Object(inside)) if depth < 5 => inside.values().for_each(|one| strings(Some(one), depth + 1, all)),
        Some(Json::Array(inside)) if depth < 5 => inside.iter().for_each(|one| strings(Some(one), depth + 1, all)),
        _ => {}
    }
}

/// What a `pyproject.toml` says that is delivered.
pub(super) fn python_project(path: &str, text: &str) -> Groups {
    let Ok(table) = toml::from_str::<Table>(text) else { return Groups::new() };
    let here = folder(path);
    let at = |keys: &[&str]| {
        keys.iter().try_fold(None::<&toml::Value>, |inside, key| {
            let next = match inside {
                None => table.get(*key),
                Some(value) => value.get(*key),
            };
            next.map(Some)
        })
    };
    let mut groups = Groups::new();
    for keys in [["project", "scripts"].as_slice(), &["project", "gui-scripts"], &["tool", "poetry", "scripts"]] {
        let scripts = at(keys).flatten().and_then(toml::Value::as_table).into_iter().flatten();
        for module in scripts.filter_map(|(_, value)| value.as_str()?.split(':').next()) {
            groups.extend(["", "src"].iter().filter_map(|root| Some(module_files(&join(here, root)?, module))));
        }
    }
    let lists = [
        (["tool", "setuptools", "packages"].as_slice(), true),
        (&["tool", "hatch", "build", "targets", "wheel", "packages"], false),
    ];
    for (keys, dotted) in lists {
        for one in
            at(keys).flatten().and_then(toml::Value::as_array).into_iter().flatten().filter_map(toml::Value::as_str)
        {
            let one = if dotted { one.replace('.', "/") } else { one.to_owned() };
            groups.extend(["", "src"].iter().filter_map(|root| Some(vec![join(&join(here, root)?, &one)?])));
        }
    }
    let poetry = at(&["tool", "poetry", "packages"]).flatten().and_then(toml::Value::as_array).into_iter().flatten();
    for one in poetry {
        let text = |key: &str| one.get(key).and_then(toml::Value::as_str).unwrap_or_default();
        groups.extend(
            join(here, text("from"))
                .and_then(|from| join(&from, before_wildcard(text("include"))))
                .map(|path| vec![path]),
        );
    }
    groups.retain(|group| group.iter().all(|path| path != here && !path.is_empty()));
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, text: &str, expected: &[&str]) {
        let modules = [("example.org/a".to_owned(), String::new())];
        let found = imports(path, text, &modules);
        for one in expected {
            assert!(found.iter().flatten().any(|path| path == one), "{one} is not in {found:?}");
        }
        assert!(!expected.is_empty() || found.is_empty(), "{found:?}");
    }

    #[test]
    fn imports_are_seen() {
        check("src/a.js", "const a = require('../examples/b');", &["examples/b.js", "examples/b/index.ts"]);
        check("src/a.ts", "import { a } from \"./b.test\";\nawait import('./c.js')", &["src/b.test.ts", "src/c.ts"]);
        check("src/a.ts", "import a from 'left-pad'", &[]);
        check("jest.config.js", "require('./test/setup')", &[]);
        check("a/b.py", "from .tests import c\nimport examples.d as e", &["a/tests/c.py", "examples/d.py"]);
        check("a/b/c.py", "from ..testing.x import y", &["a/testing/x.py"]);
        check("a.go", "import (\n\tx \"example.org/a/examples/b\"\n\t\"fmt\"\n)\n", &["examples/b"]);
        check(
            "b/a.go",
            "//go:embed all:testdata \"samples/x.txt\"\nvar A embed.FS",
            &["b/testdata", "b/samples/x.txt"],
        );
        check("a.txt", "require('./test/setup')", &[]);
    }

    #[test]
    fn manifests_say_what_is_delivered() {
        let package = node_package(
            "package.json",
            r#"{"name": "a", "private": true, "workspaces": ["packages/*"], "main": "./examples/a", "bin": {"b": "tests/b.js"},
                "exports": {".": {"import": "./demo/c.mjs"}}, "files": ["samples/**", "!x"], "dependencies": {"d": "file:vendor/d"}}"#,
        )
        .unwrap();
        assert_eq!((package.name.as_deref(), package.private, package.workspaces.len()), (Some("a"), true, 1));
        assert_eq!(
            (package.paths.as_slice(), package.names.as_slice()),
            (["vendor/d".to_owned()].as_slice(), ["d".to_owned()].as_slice())
        );
        for path in ["examples/a.js", "tests/b.js", "demo/c.mjs", "samples"] {
            assert!(package.delivered.iter().flatten().any(|one| one == path), "{path}: {:?}", package.delivered);
        }
        let groups = python_project(
            "pyproject.toml",
            "[project.scripts]\na = \"examples.a:main\"\n[tool.setuptools]\npackages = [\"demo.b\"]\n\
             [tool.hatch.build.targets.wheel]\npackages = [\"samples/c\"]\n[[tool.poetry.packages]]\ninclude = \"tests\"\n",
        );
        for path in ["examples/a.py", "demo/b", "samples/c", "tests"] {
            assert!(groups.iter().flatten().any(|one| one == path), "{path}: {groups:?}");
        }
        assert!(node_package("package.json", "[]").is_none() && python_project("pyproject.toml", "[").is_empty());
        assert_eq!(go_module("// a\nmodule example.org/a // b\n").as_deref(), Some("example.org/a"));
    }
}

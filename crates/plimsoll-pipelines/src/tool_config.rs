//! What a tree sets for a tool, in which its commands mean something else: options that let it pass, a program of the
//! tree in its place, a list of what is looked at that is empty.
//!
//! Settings that can be parsed are; of the rest a word that may void a check makes it not known, also where it is harmless in
//! its place.

use serde_json::Value as Json;
use toml::{Table, Value};

use super::{tools::Settings, tree::Tree};

pub(super) mod jvm;
mod parsed;
mod php;
mod python;
mod table;
mod typescript;

use table::{ADDOPTS, ADDOPTS_WITH_VALUE, NPMRC};

/// Why a command with these words in `folder` may mean something else than it says.
pub(super) fn reason(tree: &dyn Tree, folder: &str, words: &[&str]) -> Option<String> {
    let named = |tool: &str| words.iter().take(4).any(|word| *word == tool);
    for place in places(folder) {
        for settings in tree.tools().settings.iter().filter(|settings| settings.tools.iter().any(|tool| named(tool))) {
            for (name, part) in &settings.files {
                let path = at(place, name);
                let Some(text) = tree.text(&path) else { continue };
                if !text.ok().and_then(|text| part_of(&text, name, part)).is_some_and(|text| is_plain(settings, &text))
                {
                    return Some(format!("{path} has a setting that is not understood"));
                }
            }
        }
        if let Some(reason) = parsed::reason(tree, place, words) {
            return Some(reason);
        }
        if named("pytest")
            && let Some(reason) = of_pytest(tree, place)
        {
            return Some(reason);
        }
    }
    None
}

/// Is it the name of a file that is looked at where it stands?
pub(super) fn is_looked_at(tree: &dyn Tree, name: &str) -> bool {
    tree.tools().settings.iter().flat_map(|settings| &settings.files).any(|(file, _)| file == name)
}

/// Is something of these languages left where the patterns are left out?
pub(super) fn leaves(tree: &dyn Tree, languages: &[&str], patterns: &[String]) -> bool {
    parsed::leaves(tree, languages, patterns)
}

/// Why the packages that a command of Node.js runs may be others than their names say.
pub(super) fn packages(tree: &dyn Tree, folder: &str, words: &[&str]) -> Option<String> {
    for place in places(folder) {
        let bin = at(place, "node_modules");
        if tree.has(&bin) {
            return Some(format!("{bin} is kept in the tree"));
        }
        let not_understood = |path: &str| Some(format!("{path} has a setting that is not understood"));
        for (name, is_plain) in [
            (".npmrc", is_plain_npmrc as fn(&str) -> bool),
            (".yarnrc", |text| !has_any(&squashed(text), "script-shell yarn-path ignore-scripts")),
            (".yarnrc.yml", |text| !has_any(&squashed(text), "yarnpath: plugins: scriptshell enablescripts")),
            ("pnpm-workspace.yaml", |text| {
                !has_any(&squashed(text), "scriptshell: script-shell: pnpmfile ignorescripts overrides: nodeoptions:")
            }),
        ] {
            let path = at(place, name);
            if tree.text(&path).is_some_and(|text| !text.is_ok_and(|text| is_plain(&text))) {
                return not_understood(&path);
            }
        }
        let path = at(place, "package.json");
        if let Some(text) = tree.text(&path) {
            let Some(package) = text.ok().and_then(|text| serde_json::from_str::<Json>(&text).ok()) else {
                return not_understood(&path);
            };
            if let Some(name) = replaced(tree, &package, words) {
                return Some(format!("{path} takes {name} from elsewhere than the registry"));
            }
        }
    }
    None
}

/// The name of the package of one of the words, where another is installed under it.
fn replaced<'w>(tree: &dyn Tree, package: &Json, words: &[&'w str]) -> Option<&'w str> {
    let pnpm = package.get("pnpm").and_then(|pnpm| pnpm.get("overrides"));
    let tables = ["dependencies", "devDependencies", "optionalDependencies", "overrides", "resolutions"];
    let tables: Vec<&Json> = tables.iter().filter_map(|name| package.get(name)).chain(pnpm).collect();
    words.iter().take(4).copied().find(|word| {
        let package = tree.tools().package(word);
        tables.iter().filter_map(|table| table.get(package)).any(|spec| {
            spec.as_str().is_none_or(|spec| {
                let scheme = spec.split_once(':').map(|(scheme, _)| scheme);
                spec.contains('/')
                    || scheme.is_some_and(|scheme| !matches!(scheme, "catalog" | "workspace"))
                    || spec.starts_with("workspace:")
            })
        })
    })
}

fn is_plain_npmrc(text: &str) -> bool {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with(['#', ';'])).all(|line| {
        let key = line.split('=').next().unwrap_or_default().trim().trim_end_matches("[]").to_ascii_lowercase();
        // Where packages come from, and who asks for them.
        let of_registry =
            key.starts_with("//") && key.contains("/:") || key.starts_with('@') && key.ends_with(":registry");
        of_registry || NPMRC.split_whitespace().any(|known| known == key)
    })
}

/// The folder and those above it.
fn places(folder: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(folder), |folder| {
        (!folder.is_empty()).then(|| folder.rsplit_once('/').map_or("", |(above, _)| above))
    })
}

fn at(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// The part of a file that is about a tool; absent where the file cannot be parsed.
fn part_of(text: &str, name: &str, part: &str) -> Option<String> {
    if part.is_empty() {
        return Some(text.to_owned());
    }
    match name.rsplit('.').next() {
        Some("json") => {
            let all: Json = serde_json::from_str(text).ok()?;
            Some(all.get(part).map(ToString::to_string).unwrap_or_default())
        }
        Some("toml") => {
            let all: Table = text.parse().ok()?;
            let found = table_at(&all, part);
            Some(found.map(ToString::to_string).unwrap_or_default())
        }
        _ => Some(section(text, part)),
    }
}

fn table_at<'a>(all: &'a Table, path: &str) -> Option<&'a Value> {
    let mut names = path.split('.');
    let first = all.get(names.next()?)?;
    names.try_fold(first, |value, name| value.get(name))
}

/// The lines of the sections whose names begin so.
fn section(text: &str, part: &str) -> String {
    let mut inside = false;
    let mut lines = String::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix('[') {
            inside = name.trim_start().starts_with(part);
        } else if inside {
            lines.push_str(line);
            lines.push('\n');
        }
    }
    lines
}

/// Without comments, blanks and quotes, in lower case.
fn squashed(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with(['#', ';']));
    let kept = lines.flat_map(str::chars).filter(|c| !c.is_whitespace() && !matches!(c, '"' | '\'' | '`'));
    kept.flat_map(char::to_lowercase).collect()
}

fn has_any(squashed: &str, words: &str) -> bool {
    words.split_whitespace().any(|word| squashed.contains(word))
}

fn is_plain(settings: &Settings, text: &str) -> bool {
    let everything = text.lines().any(|line| matches!(line.trim(), "*" | "**" | "**/*" | "." | "/" | "/*" | "./"));
    let squashed = squashed(text);
    let empty = &settings.empty;
    let empty = empty.as_ref().is_some_and(|(none, some)| squashed.contains(none) && !squashed.contains(some));
    !everything && !empty && !has_any(&squashed, &settings.words)
}

/// Options that pytest is given by a file, and hooks that decide for it.
fn of_pytest(tree: &dyn Tree, place: &str) -> Option<String> {
    for (name, part) in [
        ("pytest.ini", "pytest]"),
        (".pytest.ini", "pytest]"),
        ("tox.ini", "pytest]"),
        ("setup.cfg", "tool:pytest]"),
        ("pytest.toml", "pytest"),
        (".pytest.toml", "pytest"),
        ("pyproject.toml", "tool.pytest"),
    ] {
        let path = at(place, name);
        let Some(text) = tree.text(&path) else { continue };
        let plain = text.ok().is_some_and(|text| {
            if std::path::Path::new(name).extension().is_some_and(|extension| extension == "toml") {
                text.parse::<Table>().is_ok_and(|all| table_at(&all, part).is_none_or(are_plain_options))
            } else {
                added(&section(&text, part)).is_none_or(|options| are_options(&options))
            }
        });
        if !plain {
            return Some(format!("{path} has a setting that is not understood"));
        }
    }
    let mut folders = vec![place.to_owned()];
    folders.extend(["tests", "test", "src"].iter().map(|name| at(place, name)));
    folders.extend(tree.folders_of("conftest.py").into_iter().take(100));
    for folder in folders {
        let path = at(&folder, "conftest.py");
        let decides = "pytest_sessionfinish pytest_collection_modifyitems pytest_collection_finish exitstatus \
            pytest_runtest_makereport pytest_runtest_protocol pytest_runtestloop pytest_ignore_collect pytest_cmdline \
            pytest_pyfunc_call pytest_load_initial_conftests collect_ignore os._exit addopts";
        if tree.text(&path).is_some_and(|text| !text.is_ok_and(|text| !has_any(&squashed(&text), decides))) {
            return Some(format!("{path} decides with pytest which tests run, or what their failure comes to"));
        }
    }
    None
}

fn are_plain_options(table: &Value) -> bool {
    let own = table.get("ini_options").unwrap_or(table);
    match own.get("addopts") {
        None => true,
        Some(Value::String(text)) => are_options(text),
        Some(Value::Array(words)) => {
            let words: Option<Vec<&str>> = words.iter().map(Value::as_str).collect();
            words.is_some_and(|words| are_options(&words.join(" ")))
        }
        Some(_) => false,
    }
}

/// The value of `addopts` in lines of an INI file.
fn added(section: &str) -> Option<String> {
    let mut found: Option<String> = None;
    let mut inside = false;
    for line in section.lines().filter(|line| !line.trim_start().starts_with(['#', ';'])) {
        if line.starts_with([' ', '\t']) {
            if let Some(text) = found.as_mut().filter(|_| inside) {
                text.push(' ');
                text.push_str(line.trim());
            }
        } else {
            let (name, value) = line.split_once(['=', ':']).unwrap_or((line, ""));
            inside = name.trim() == "addopts";
            if inside {
                found = Some(value.trim().to_owned());
            }
        }
    }
    found
}

fn are_options(text: &str) -> bool {
    let mut words = text.split_whitespace();
    while let Some(word) = words.next() {
        let with_value = |name: &str| word.strip_prefix(name).is_some_and(|rest| rest.starts_with('='));
        if ADDOPTS_WITH_VALUE.split_whitespace().any(|name| name == word) {
            words.next();
        } else if !ADDOPTS.split_whitespace().any(|name| name == word)
            && !ADDOPTS_WITH_VALUE.split_whitespace().any(with_value)
        {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests;

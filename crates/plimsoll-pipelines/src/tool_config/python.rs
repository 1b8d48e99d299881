//! Settings of linters and type checkers of Python, in the form of INI and of TOML.
//!
//! Sources: flake8, "Configuring Flake8"; mypy, "The mypy configuration file"; Pylint, "Configuration".

use plimsoll_sources::languages;
use regex::Regex;
use toml::{Table, Value};

use super::{
    parsed::{globs, is_something_left, leaves},
    table_at,
};
use crate::tree::Tree;

pub(super) const MYPY: &[&str] = &["mypy.ini", ".mypy.ini", "setup.cfg", "pyproject.toml"];
pub(super) const PYLINT: &[&str] =
    &[".pylintrc", "pylintrc", ".pylintrc.toml", "pylintrc.toml", "pyproject.toml", "setup.cfg"];

/// Modules that are let go by one file.
const MOST_MODULES: usize = 300;

/// A key with its values.
struct Setting {
    section: String,
    /// In lower case, with hyphens.
    key: String,
    /// Lines, or the values of a list.
    values: Vec<String>,
}

impl Setting {
    /// Values that stand behind each other, with commas or blanks between them.
    fn words(&self) -> Vec<String> {
        let parts = self.values.iter().flat_map(|value| value.split(|c: char| c == ',' || c.is_whitespace()));
        parts.filter(|word| !word.is_empty()).map(ToOwned::to_owned).collect()
    }

    fn is_on(&self) -> bool {
        let value = self.values.concat().trim().to_ascii_lowercase();
        !matches!(value.as_str(), "" | "false" | "0" | "no" | "off")
    }
}

fn key_of(text: &str) -> String {
    text.trim().to_ascii_lowercase().replace('_', "-")
}

/// What is on lines that follow belongs to its key.
fn of_ini(text: &str) -> Vec<Setting> {
    let mut all: Vec<Setting> = Vec::new();
    let mut section = String::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with(['#', ';'])) {
        if let Some(name) = line.strip_prefix('[') {
            name.split(']').next().unwrap_or_default().trim().clone_into(&mut section);
        } else if line.starts_with([' ', '\t']) {
            if let Some(last) = all.last_mut() {
                last.values.push(line.trim().to_owned());
            }
        } else if !line.trim().is_empty() {
            let (key, value) = line.split_once(['=', ':']).unwrap_or((line, ""));
            let values = Some(value.trim().to_owned()).filter(|value| !value.is_empty()).into_iter().collect();
            all.push(Setting { section: section.clone(), key: key_of(key), values });
        }
    }
    all
}

fn of_toml(section: &str, table: &Table, all: &mut Vec<Setting>) {
    for (key, value) in table {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
        match value {
            Value::Table(inner) => of_toml(&format!("{section}.{key}"), inner, all),
            Value::Array(values) => {
                let values = values.iter().map(text).collect();
                all.push(Setting { section: section.to_owned(), key: key_of(key), values });
            }
            other => all.push(Setting { section: section.to_owned(), key: key_of(key), values: vec![text(other)] }),
        }
    }
}

fn is_toml(name: &str) -> bool {
    std::path::Path::new(name).extension().is_some_and(|extension| extension == "toml")
}

/// Is something of Python left where these expressions leave it out?
fn leaves_by(tree: &dyn Tree, patterns: &[String]) -> bool {
    let patterns: Option<Vec<Regex>> = patterns
        .iter()
        .map(|pattern| pattern.trim().trim_end_matches(','))
        .filter(|pattern| !pattern.is_empty())
        .map(|pattern| Regex::new(pattern).ok())
        .collect();
    patterns.is_some_and(|patterns| is_something_left(tree, &["Python"], &patterns))
}

pub(super) fn is_plain_flake8(tree: &dyn Tree, text: &str) -> bool {
    of_ini(text).iter().filter(|setting| setting.section == "flake8").all(|setting| {
        let own = setting.words();
        let of_a_kind = |code: &String| matches!(code.as_str(), "E" | "F" | "W");
        match setting.key.as_str() {
            "exclude" | "extend-exclude" => leaves(tree, &["Python"], &own),
            "ignore" | "extend-ignore" => !own.iter().any(of_a_kind),
            "select" => own.iter().any(of_a_kind),
            _ => true,
        }
    })
}

/// Do the patterns of modules take in all of a package of the tree, wherever it is?
fn takes_package(tree: &dyn Tree, patterns: &[String]) -> bool {
    let sources = tree.sources();
    let is_there = |name: &str| {
        let (folder, file) = (format!("{name}/"), format!("{name}.py"));
        let begins = |path: &str| path.starts_with(&folder) || path == file;
        sources
            .iter()
            .any(|path| begins(path) || path.match_indices('/').any(|(at, _)| path.get(at + 1..).is_some_and(begins)))
    };
    patterns.iter().any(|pattern| {
        let name = pattern.trim_end_matches(".*");
        name == "*"
            || !name.contains('.')
                && (is_there(name)
                    || ["", "src/", "lib/"]
                        .iter()
                        .any(|folder| tree.has(&format!("{folder}{name}")) || tree.has(&format!("{folder}{name}.py"))))
    })
}

/// Is there source of Python besides tests that no pattern of modules takes in? Where there is none at all, nothing is left out.
fn is_left_by(tree: &dyn Tree, modules: &[String]) -> bool {
    let patterns: Vec<Regex> = modules
        .iter()
        .take(MOST_MODULES)
        .filter_map(|module| {
            let (name, below) = module.strip_suffix(".*").map_or((module.as_str(), false), |name| (name, true));
            let path = regex::escape(name).replace("\\.", "/").replace("\\*", "[^/]*");
            let end = if below { "(?:/|\\.pyi?$)" } else { "(?:/__init__)?\\.pyi?$" };
            Regex::new(&format!("(?:^|/){path}{end}")).ok()
        })
        .collect();
    let sources = tree.sources();
    let mut own = sources
        .iter()
        .filter(|path| languages::name_of(path.rsplit('/').next().unwrap_or_default()) == Some("Python"))
        .filter(|path| !is_of_tests(path))
        .peekable();
    modules.len() <= MOST_MODULES
        && (own.peek().is_none() || own.any(|path| !patterns.iter().any(|pattern| pattern.is_match(path))))
}

/// Is it in a folder, or a file, that is there for tests, documents and builds?
fn is_of_tests(path: &str) -> bool {
    let first = path.split('/').next().unwrap_or(path);
    is_beside_product(first) || path.split('/').any(|part| matches!(part, "tests" | "test" | "testing"))
}

fn is_beside_product(first: &str) -> bool {
    matches!(
        first,
        "tests"
            | "test"
            | "docs"
            | "doc"
            | "examples"
            | "scripts"
            | "setup.py"
            | "noxfile.py"
            | "conftest.py"
            | "tasks.py"
    )
}

/// Do the places that a setting names hold more than tests?
fn names_product(places: &[String]) -> bool {
    places.iter().any(|place| {
        let place = place.trim_start_matches("./").trim_start_matches('^').trim_end_matches('/');
        !is_beside_product(place.split(['/', '.']).next().filter(|first| !first.is_empty()).unwrap_or("."))
            && !is_beside_product(place)
    })
}

pub(super) fn is_plain_mypy(tree: &dyn Tree, name: &str, text: &str) -> bool {
    let is_plain = |setting: &Setting, whole: bool| match setting.key.as_str() {
        "ignore-errors" => !whole || !setting.is_on(),
        "follow-imports" => !whole || !setting.values.concat().contains("skip"),
        // What is looked at where the command names nothing.
        "files" | "packages" | "modules" if whole => setting.values.is_empty() || names_product(&setting.words()),
        // In a file of INI it is one expression over several lines.
        "exclude" if is_toml(name) => leaves_by(tree, &setting.values),
        "exclude" => leaves_by(tree, &[setting.values.join("\n")]),
        _ => true,
    };
    let silences = |setting: &Setting| match setting.key.as_str() {
        "ignore-errors" => setting.is_on(),
        "follow-imports" => setting.values.concat().contains("skip"),
        _ => false,
    };
    let mut silenced: Vec<String> = Vec::new();
    if !is_toml(name) {
        let settings = of_ini(text);
        for setting in settings.iter().filter(|setting| silences(setting)) {
            let modules = setting.section.strip_prefix("mypy-").into_iter().flat_map(|modules| modules.split(','));
            silenced.extend(modules.map(|one| one.trim().to_owned()));
        }
        return is_left_by(tree, &silenced)
            && settings.iter().all(|setting| {
                let own = setting.section.strip_prefix("mypy");
                own.is_none_or(|modules| {
                    let modules: Vec<String> =
                        modules.trim_start_matches('-').split(',').map(|one| one.trim().to_owned()).collect();
                    let whole = setting.section == "mypy" || takes_package(tree, &modules);
                    is_plain(setting, whole)
                })
            });
    }
    let Ok(table) = text.parse::<Table>() else { return false };
    let Some(own) = table_at(&table, "tool.mypy") else { return true };
    let Some(own) = own.as_table() else { return false };
    let mut settings = Vec::new();
    of_toml("", own, &mut settings);
    let overrides = own.get("overrides").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_table);
    let overrides: Vec<&Table> = overrides.collect();
    for one in &overrides {
        let mut settings = Vec::new();
        of_toml("", one, &mut settings);
        if settings.iter().any(silences) {
            silenced.extend(settings.iter().filter(|setting| setting.key == "module").flat_map(Setting::words));
        }
    }
    is_left_by(tree, &silenced)
        && settings.iter().all(|setting| is_plain(setting, true))
        && overrides.into_iter().all(|one| {
            let mut settings = Vec::new();
            of_toml("", one, &mut settings);
            let modules = settings.iter().find(|setting| setting.key == "module").map(Setting::words);
            let whole = modules.is_none_or(|modules| takes_package(tree, &modules));
            settings.iter().all(|setting| is_plain(setting, whole))
        })
}

pub(super) fn is_plain_pylint(tree: &dyn Tree, name: &str, text: &str) -> bool {
    let settings = if is_toml(name) {
        let Ok(table) = text.parse::<Table>() else { return false };
        let own = table_at(&table, "tool.pylint");
        let mut settings = Vec::new();
        match own.map(Value::as_table) {
            None => return true,
            Some(None) => return false,
            Some(Some(own)) => of_toml("", own, &mut settings),
        }
        settings
    } else {
        let mut settings = of_ini(text);
        if name == "setup.cfg" {
            settings.retain(|setting| setting.section.starts_with("pylint"));
        }
        settings
    };
    settings.iter().all(|setting| match setting.key.as_str() {
        "disable" => !setting.words().iter().any(|code| matches!(code.as_str(), "all" | "E" | "F")),
        "fail-under" => setting.values.concat().trim().parse::<f64>().is_ok_and(|score| score >= 7.0),
        "ignore" => is_something_left(tree, &["Python"], &globs(&setting.words())),
        "ignore-paths" => leaves_by(tree, &setting.words()),
        "ignore-patterns" => {
            let of_names = |pattern: &String| format!("(?:^|/)(?:{})", pattern.trim_start_matches('^'));
            leaves_by(tree, &setting.words().iter().map(of_names).collect::<Vec<_>>())
        }
        _ => true,
    })
}

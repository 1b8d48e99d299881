//! What the settings of pytest leave out of a run of all tests.
//!
//! Source: pytest, "Configuration" (`testpaths`, `python_files`, `norecursedirs`, `addopts`) and "Command-line flags".

use globset::Glob;

/// Files of settings in the order in which pytest looks for them, each with its table.
const FILES: &[(&str, &str)] = &[
    ("pytest.toml", "pytest"),
    (".pytest.toml", "pytest"),
    ("pytest.ini", "pytest"),
    (".pytest.ini", "pytest"),
    ("pyproject.toml", "tool.pytest.ini_options"),
    ("tox.ini", "pytest"),
    ("setup.cfg", "tool:pytest"),
];
/// Options with which nothing is run.
const NOTHING: &[&str] =
    &["--collect-only", "--co", "--setup-plan", "--setup-only", "--fixtures", "--markers", "--version", "--help"];

/// The settings of the root.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct PytestSettings {
    /// Folders and files that are looked at; all where there are none.
    paths: Vec<String>,
    /// Patterns of names of files.
    files: Vec<String>,
    /// Patterns of folders that are not entered.
    left_out: Vec<String>,
    /// Is nothing run with the options that are always added?
    runs_nothing: bool,
}

/// The words of a setting by its name.
type Lookup = dyn Fn(&str) -> Vec<String>;

impl PytestSettings {
    /// Reads the first file of settings that there is. `text` gives a file of the root by its name; nothing where there is none,
    /// or where it cannot be read.
    pub fn read(text: &dyn Fn(&str) -> Option<String>) -> Self {
        let found = FILES.iter().find_map(|(name, table)| Self::of(name, table, &text(name)?));
        found.unwrap_or_default()
    }

    fn of(name: &str, table: &str, text: &str) -> Option<Self> {
        let get: Box<Lookup> = if name.rsplit('.').next() == Some("toml") {
            let mut here = toml::Value::Table(text.parse().ok()?);
            for part in table.split('.') {
                here = here.get(part)?.clone();
            }
            Box::new(move |key| match here.get(key) {
                Some(toml::Value::String(text)) => text.split_whitespace().map(ToOwned::to_owned).collect(),
                Some(toml::Value::Array(all)) => all.iter().filter_map(|one| Some(one.as_str()?.to_owned())).collect(),
                _ => Vec::new(),
            })
        } else {
            let header = format!("[{table}]");
            let lines: Vec<String> = text
                .lines()
                .skip_while(|line| line.trim() != header)
                .skip(1)
                .take_while(|line| !line.starts_with('['))
                .filter(|line| !line.trim_start().starts_with(['#', ';']))
                .map(ToOwned::to_owned)
                .collect();
            if !text.lines().any(|line| line.trim() == header) {
                return None;
            }
            Box::new(move |key| {
                let own = |line: &&String| {
                    line.split_once('=').is_some_and(|(name, _)| name.trim() == key && !line.starts_with(' '))
                };
                let Some(at) = lines.iter().position(|line| own(&line)) else { return Vec::new() };
                let first = lines.get(at).and_then(|line| line.split_once('=')).map_or("", |(_, value)| value);
                let more = lines.iter().skip(at + 1).take_while(|line| line.starts_with([' ', '\t']));
                let words = first.split_whitespace().chain(more.flat_map(|line| line.split_whitespace()));
                words.map(ToOwned::to_owned).collect()
            })
        };
        Some(Self {
            paths: get("testpaths"),
            files: get("python_files"),
            left_out: get("norecursedirs"),
            runs_nothing: get("addopts").iter().any(|option| NOTHING.contains(&option.as_str())),
        })
    }

    /// Does a run of all tests look into this file?
    pub fn takes(&self, path: &str) -> bool {
        let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
        let fits = |pattern: &String, text: &str| {
            Glob::new(pattern.trim_start_matches("./").trim_end_matches('/'))
                .is_ok_and(|glob| glob.compile_matcher().is_match(text))
        };
        let below = |pattern: &String| {
            let inner = pattern.trim_start_matches("./").trim_end_matches('/');
            inner.is_empty()
                || inner == "."
                || path.strip_prefix(inner).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                || pattern.contains('*') && fits(&format!("{inner}/**"), path)
        };
        !self.runs_nothing
            && (self.paths.is_empty() || self.paths.iter().any(below))
            && (self.files.is_empty() || self.files.iter().any(|pattern| fits(pattern, name)))
            && !folders.split('/').any(|folder| self.left_out.iter().any(|pattern| fits(pattern, folder)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, text: &str, taken: &[(&str, bool)]) {
        let table = FILES.iter().find(|(file, _)| *file == name).unwrap().1;
        let settings = PytestSettings::of(name, table, text).unwrap_or_default();
        for (path, expected) in taken {
            assert_eq!(settings.takes(path), *expected, "{name} {text}: {path} {settings:?}");
        }
    }

    #[test]
    fn settings_say_where_tests_are() {
        let (here, there) = ("tests/test_a.py", "src/x/test_b.py");
        check("pytest.ini", "[pytest]\ntestpaths = tests\n", &[(here, true), (there, false)]);
        check(
            "pytest.ini",
            "[pytest]\ntestpaths =\n    src\n    docs\naddopts = -q\n",
            &[(here, false), (there, true)],
        );
        check("setup.cfg", "[metadata]\n[tool:pytest]\naddopts = --collect-only\n", &[(here, false)]);
        check("setup.cfg", "[metadata]\ntestpaths = x\n", &[(here, true)]);
        check(
            "pyproject.toml",
            "[tool.pytest.ini_options]\ntestpaths = [\"./tests/\"]\n",
            &[(here, true), (there, false)],
        );
        check("pyproject.toml", "[tool.pytest.ini_options]\naddopts = \"-m 'not slow' -k x\"\n", &[(here, true)]);
        check("pyproject.toml", "[tool.pytest.ini_options]\npython_files = \"check_*.py\"\n", &[(here, false)]);
        check(
            "pyproject.toml",
            "[tool.pytest.ini_options]\nnorecursedirs = [\"te*\"]\n",
            &[(here, false), (there, true)],
        );
        check("pyproject.toml", "[project]\nname = \"x\"\n", &[(here, true)]);
        check("tox.ini", "[pytest]\n# testpaths = x\ntestpaths = .\n", &[(here, true)]);
    }
}

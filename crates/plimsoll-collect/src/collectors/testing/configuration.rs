//! Tools, toolchain and build settings, by the files that configure them.

use std::collections::BTreeMap;

use plimsoll_model::{Assurance, Kind, Subject};
use plimsoll_snapshot::{Entry, EntryKind};

use super::{CheckFact, SettingFact, ToolchainFact, hardening, toolchains};
use crate::{Context, Gathered, PathClass};

/// Bytes of one file.
const LARGEST: u64 = 1024 * 1024;

/// Settings of one manifest.
const MOST_SETTINGS: usize = 1000;

/// Name of a file, type, tool.
const FILES: &[(&str, &str, &str)] = &[
    ("rustfmt.toml", "formatter", "rustfmt"),
    (".rustfmt.toml", "formatter", "rustfmt"),
    ("clippy.toml", "linter", "clippy"),
    (".clippy.toml", "linter", "clippy"),
    (".pre-commit-config.yaml", "linter", "pre-commit"),
    (".golangci.yml", "linter", "golangci-lint"),
    (".golangci.yaml", "linter", "golangci-lint"),
    ("eslint.config.js", "linter", "eslint"),
    ("eslint.config.mjs", "linter", "eslint"),
    (".eslintrc.json", "linter", "eslint"),
    (".flake8", "linter", "flake8"),
    ("ruff.toml", "linter", "ruff"),
    ("mypy.ini", "linter", "mypy"),
    (".editorconfig", "editor", "editorconfig"),
    ("codecov.yml", "coverage", "codecov"),
    (".codecov.yml", "coverage", "codecov"),
    ("tarpaulin.toml", "coverage", "tarpaulin"),
    (".clang-tidy", "linter", "clang-tidy"),
    (".clang-format", "formatter", "clang-format"),
    (".eslintrc", "linter", "eslint"),
    (".eslintrc.js", "linter", "eslint"),
    (".eslintrc.cjs", "linter", "eslint"),
    (".eslintrc.yml", "linter", "eslint"),
    (".eslintrc.yaml", "linter", "eslint"),
    ("eslint.config.cjs", "linter", "eslint"),
    ("eslint.config.ts", "linter", "eslint"),
    ("biome.json", "linter", "biome"),
    ("biome.jsonc", "linter", "biome"),
    (".prettierrc", "formatter", "prettier"),
    (".prettierrc.json", "formatter", "prettier"),
    (".prettierrc.yml", "formatter", "prettier"),
    (".prettierrc.js", "formatter", "prettier"),
    ("prettier.config.js", "formatter", "prettier"),
    (".pylintrc", "linter", "pylint"),
    ("pylintrc", "linter", "pylint"),
    (".ruff.toml", "linter", "ruff"),
    (".bandit", "linter", "bandit"),
    ("tox.ini", "runner", "tox"),
    ("noxfile.py", "runner", "nox"),
    (".coveragerc", "coverage", "coverage"),
    (".rubocop.yml", "linter", "rubocop"),
    (".golangci.toml", "linter", "golangci-lint"),
    (".golangci.json", "linter", "golangci-lint"),
    ("detekt.yml", "linter", "detekt"),
    ("checkstyle.xml", "linter", "checkstyle"),
    (".scalafmt.conf", "formatter", "scalafmt"),
    (".scalafix.conf", "linter", "scalafix"),
    (".swiftlint.yml", "linter", "swiftlint"),
    (".swiftformat", "formatter", "swiftformat"),
    ("phpstan.neon", "linter", "phpstan"),
    ("phpstan.neon.dist", "linter", "phpstan"),
    ("psalm.xml", "linter", "psalm"),
    ("phpcs.xml", "linter", "phpcs"),
    ("phpcs.xml.dist", "linter", "phpcs"),
    (".php-cs-fixer.php", "formatter", "php-cs-fixer"),
    (".php-cs-fixer.dist.php", "formatter", "php-cs-fixer"),
    (".credo.exs", "linter", "credo"),
    (".formatter.exs", "formatter", "mix format"),
    (".hlint.yaml", "linter", "hlint"),
    (".luacheckrc", "linter", "luacheck"),
    ("stylua.toml", "formatter", "stylua"),
    (".perlcriticrc", "linter", "perlcritic"),
    (".lintr", "linter", "lintr"),
    ("analysis_options.yaml", "linter", "dart analyze"),
    (".shellcheckrc", "linter", "shellcheck"),
    (".hadolint.yaml", "linter", "hadolint"),
    (".semgrep.yml", "linter", "semgrep"),
    ("sonar-project.properties", "linter", "sonar"),
    ("lefthook.yml", "linter", "lefthook"),
];

/// Gives the three kinds that files of configuration state.
pub(super) fn collect(cx: &Context<'_>, check: &Kind, toolchain: &Kind, setting: &Kind) -> Vec<Gathered> {
    let what = "configuration files";
    let files: Vec<&Entry> = cx
        .snapshot
        .entries()
        .iter()
        // A link is among them, and says so when it is read.
        .filter(|entry| entry.kind != EntryKind::Submodule)
        .filter(|entry| cx.classes.of(&entry.path) == PathClass::Shipped)
        .filter(|entry| FILES.iter().any(|(name, _, _)| entry.name() == *name) || is_read(entry))
        .collect();
    let count = files.len() as u64;
    let mut all = [check, toolchain, setting].map(|kind| Gathered::searched(kind, what, count));
    if let Some(gap) = cx.snapshot.tree_gap() {
        for gathered in &mut all {
            gathered.gap(gap);
        }
    }
    let [checks, named, settings] = &mut all;
    for entry in files {
        let subject = || Subject::path(&entry.path);
        let text = match cx.snapshot.read_text(entry, LARGEST) {
            Ok(text) => text,
            Err(error) => {
                checks.gap(format!("{}: {error}", entry.path));
                if is_read(entry) {
                    named.gap(format!("{}: {error}", entry.path));
                    settings.gap(format!("{}: {error}", entry.path));
                }
                continue;
            }
        };
        if let Some((_, kind, tool)) = FILES.iter().find(|(name, _, _)| entry.name() == *name)
            && !is_blank(&text)
        {
            let fact = CheckFact { kind, tool, strict: false };
            checks.push(subject(), Assurance::Observed, &fact, vec![entry.pointer()]);
        }
        if !is_read(entry) {
            continue;
        }
        if entry.folder().is_empty() {
            for one in toolchains::named(entry.name(), &text).into_iter().take(MOST_SETTINGS) {
                let fact = ToolchainFact {
                    path: entry.path.clone(),
                    pinned: one.pinned,
                    channel: one.channel,
                    languages: one.languages.to_vec(),
                };
                named.push(subject(), Assurance::Observed, &fact, vec![entry.pointer()]);
            }
            for one in hardening::settings(entry.name(), &text) {
                let fact = SettingFact {
                    setting: one.setting.to_owned(),
                    value: one.value,
                    languages: one.languages.to_vec(),
                };
                settings.push(subject(), Assurance::Observed, &fact, vec![entry.pointer()]);
            }
        }
        let Ok(table) = text.parse::<toml::Table>() else { continue };
        if entry.name() == "Cargo.toml" {
            let found = settings_of(&table);
            let lints = found.iter().filter(|(name, _)| name.contains("lints."));
            if lints.clone().count() > 0 {
                let strict = lints.clone().any(|(_, value)| matches!(value.as_str(), "deny" | "forbid"));
                let fact = CheckFact { kind: "linter", tool: "rustc and clippy lints", strict };
                checks.push(subject(), Assurance::Observed, &fact, vec![entry.pointer()]);
            }
            // Settings of the root count for the whole workspace; those of members do not reach the build.
            if entry.folder().is_empty() {
                if found.len() > MOST_SETTINGS {
                    settings.gap(format!("{}: more than {MOST_SETTINGS} settings and lints", entry.path));
                }
                for (setting, value) in found.into_iter().take(MOST_SETTINGS) {
                    let fact = SettingFact { setting, value, languages: vec!["Rust"] };
                    settings.push(subject(), Assurance::Observed, &fact, vec![entry.pointer()]);
                }
            }
        }
        if entry.name() == "pyproject.toml" {
            let tools = table.get("tool").and_then(toml::Value::as_table);
            for (name, kind) in
                [("ruff", "linter"), ("mypy", "linter"), ("black", "formatter"), ("coverage", "coverage")]
            {
                if tools.is_some_and(|tools| tools.contains_key(name)) {
                    let strict = name == "mypy"
                        && tools.and_then(|tools| tools.get("mypy")?.get("strict")?.as_bool()) == Some(true);
                    checks.push(
                        subject(),
                        Assurance::Observed,
                        &CheckFact { kind, tool: name, strict },
                        vec![entry.pointer()],
                    );
                }
            }
        }
    }
    all.into()
}

fn is_read(entry: &Entry) -> bool {
    matches!(entry.name(), "Cargo.toml" | "pyproject.toml")
        || entry.folder().is_empty() && (toolchains::is_read(entry.name()) || hardening::is_read(entry.name()))
}

/// Does a file of configuration hold nothing but comments?
fn is_blank(text: &str) -> bool {
    text.lines()
        .map(str::trim)
        .all(|line| line.is_empty() || line == "{}" || line.starts_with('#') || line.starts_with("//"))
}

/// Settings of `[profile.release]` and the lints of rustc, as dotted names.
fn settings_of(table: &toml::Table) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut take = |path: &[&str]| {
        let Some((first, rest)) = path.split_first() else { return };
        let inner = rest.iter().try_fold(table.get(*first), |value, key| Some(value?.get(*key)));
        let Some(settings) = inner.flatten().and_then(toml::Value::as_table) else { return };
        for (name, value) in settings {
            let value = value.get("level").unwrap_or(value);
            let text = match value {
                toml::Value::String(text) => text.clone(),
                toml::Value::Table(_) | toml::Value::Array(_) => continue,
                other => other.to_string(),
            };
            found.push((format!("{}.{name}", path.join(".")), text));
        }
    };
    for path in [
        &["profile", "release"][..],
        &["lints", "rust"],
        &["workspace", "lints", "rust"],
        &["lints", "clippy"],
        &["workspace", "lints", "clippy"],
    ] {
        take(path);
    }
    found
}

/// What manifests say of their packages, by folder.
pub(super) struct Packages<'a> {
    /// Does it forbid (true) or deny (false) unsafe code, by itself or by its workspace?
    pub(super) unsafe_lints: BTreeMap<&'a str, bool>,
    /// Crate roots that it names, as paths in the package.
    pub(super) named_roots: BTreeMap<&'a str, Vec<String>>,
}

/// Reads the manifests.
pub(super) fn packages<'a>(cx: &Context<'_>, manifests: &BTreeMap<&'a str, &Entry>) -> Packages<'a> {
    let level = |table: &toml::Table, path: &[&str]| -> Option<bool> {
        let (first, rest) = path.split_first()?;
        let value = rest.iter().try_fold(table.get(*first)?, |value, key| value.get(*key))?;
        match value.get("level").unwrap_or(value).as_str()? {
            "forbid" => Some(true),
            "deny" => Some(false),
            _ => None,
        }
    };
    let tables: BTreeMap<&str, toml::Table> = manifests
        .iter()
        .filter_map(|(folder, entry)| Some((*folder, cx.snapshot.read_text(entry, LARGEST).ok()?.parse().ok()?)))
        .collect();
    let workspaces: BTreeMap<&str, Option<bool>> = tables
        .iter()
        .filter(|(_, table)| table.contains_key("workspace"))
        .map(|(folder, table)| (*folder, level(table, &["workspace", "lints", "rust", "unsafe_code"])))
        .collect();
    let mut lints = BTreeMap::new();
    for folder in manifests.keys() {
        let Some(table) = tables.get(folder) else { continue };
        let inherits =
            table.get("lints").and_then(|lints| lints.get("workspace")).and_then(toml::Value::as_bool) == Some(true);
        let own = level(table, &["lints", "rust", "unsafe_code"]);
        let above = || {
            let root = workspaces
                .keys()
                .filter(|root| root.is_empty() || folder == *root || folder.starts_with(&format!("{root}/")))
                .max_by_key(|root| root.len())?;
            *workspaces.get(root)?
        };
        if let Some(level) = own.or_else(|| if inherits { above() } else { None }) {
            lints.insert(*folder, level);
        }
    }
    let named_roots = tables.iter().map(|(folder, table)| (*folder, named_roots(table))).collect();
    Packages { unsafe_lints: lints, named_roots }
}

/// Paths of the library and the programs, where the manifest names them.
///
/// Source: the Cargo book, "Cargo Targets", the field `path`.
fn named_roots(table: &toml::Table) -> Vec<String> {
    let bins = table.get("bin").and_then(toml::Value::as_array).into_iter().flatten();
    let paths = table.get("lib").into_iter().chain(bins).filter_map(|target| target.get("path")?.as_str());
    paths.map(|path| path.trim_start_matches("./").to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roots_are_where_the_manifest_says() {
        let table = "[lib]\npath = \"./a.rs\"\n[[bin]]\nname = \"b\"\n[[bin]]\npath = \"b/c.rs\"\n".parse().unwrap();
        assert_eq!(named_roots(&table), ["a.rs", "b/c.rs"]);
        assert_eq!(named_roots(&"lib = 3\nbin = 4\n".parse().unwrap()), <[String; 0]>::default());
    }

    #[test]
    fn a_file_of_comments_configures_nothing() {
        for (text, expected) in
            [("", true), ("# msrv = 1\n\n", true), ("{}\n", true), ("// x\n", true), ("a = 1\n", false)]
        {
            assert_eq!(is_blank(text), expected, "{text}");
        }
    }

    #[test]
    fn settings_are_dotted() {
        let table: toml::Table = "[profile.release]\noverflow-checks = true\n[workspace.lints.rust]\nunsafe_code = \"forbid\"\nwarnings = { level = \"deny\", priority = -1 }\n".parse().unwrap();
        let found = settings_of(&table);
        assert!(found.contains(&("profile.release.overflow-checks".to_owned(), "true".to_owned())));
        assert!(found.contains(&("workspace.lints.rust.warnings".to_owned(), "deny".to_owned())));
    }
}

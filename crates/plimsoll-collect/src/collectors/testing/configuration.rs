//! Tools, toolchain and build settings, by the files that configure them.

use std::collections::BTreeMap;

use plimsoll_model::{Assurance, Kind, Subject};
use plimsoll_snapshot::{Entry, EntryKind};

use super::{CheckFact, SettingFact, ToolchainFact};
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
    let [checks, toolchains, settings] = &mut all;
    for entry in files {
        let subject = || Subject::path(&entry.path);
        let text = match cx.snapshot.read_text(entry, LARGEST) {
            Ok(text) => text,
            Err(error) => {
                checks.gap(format!("{}: {error}", entry.path));
                if is_read(entry) {
                    toolchains.gap(format!("{}: {error}", entry.path));
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
        if let Some(channel) = channel(entry.name(), &text).filter(|_| entry.folder().is_empty()) {
            let fact = ToolchainFact { path: entry.path.clone(), pinned: is_pinned(&channel), channel };
            toolchains.push(subject(), Assurance::Observed, &fact, vec![entry.pointer()]);
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
                    let fact = SettingFact { setting, value };
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
        || entry.folder().is_empty()
            && matches!(
                entry.name(),
                "rust-toolchain"
                    | "rust-toolchain.toml"
                    | ".python-version"
                    | ".nvmrc"
                    | ".node-version"
                    | ".ruby-version"
                    | ".go-version"
                    | ".java-version"
                    | ".swift-version"
                    | ".tool-versions"
                    | "go.mod"
                    | "package.json"
            )
}

/// Does a file of configuration hold nothing but comments?
fn is_blank(text: &str) -> bool {
    text.lines()
        .map(str::trim)
        .all(|line| line.is_empty() || line == "{}" || line.starts_with('#') || line.starts_with("//"))
}

fn channel(name: &str, text: &str) -> Option<String> {
    match name {
        "rust-toolchain.toml" => toolchain_table(text),
        // The old form is a bare line; a table is taken as well.
        "rust-toolchain" => toolchain_table(text).or_else(|| first_line(text)),
        ".python-version" | ".nvmrc" | ".node-version" | ".ruby-version" | ".go-version" | ".java-version"
        | ".swift-version" => first_line(text),
        // `go 1.22` is the least that it takes; what is taken stands in the other line.
        "go.mod" => text.lines().find_map(|line| Some(line.trim().strip_prefix("toolchain go")?.trim().to_owned())),
        // A range of versions that it runs with is no toolchain; one version is.
        "package.json" => {
            let package: serde_json::Value = serde_json::from_str(text).ok()?;
            let node = |table: &str| Some(package.get(table)?.get("node")?.as_str()?.trim_start_matches(['=', 'v']));
            node("volta").or_else(|| node("engines")).filter(|version| is_pinned(version)).map(ToOwned::to_owned)
        }
        "pyproject.toml" => {
            let table: toml::Table = text.parse().ok()?;
            let required = table.get("project")?.get("requires-python")?.as_str()?;
            let version = required.trim().trim_start_matches("==").trim();
            is_pinned(version).then(|| version.to_owned())
        }
        // One tool in each line; the least exact tells.
        ".tool-versions" => {
            let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
            let versions: Vec<&str> = lines
                .filter(|line| !line.is_empty())
                .map(|line| line.split_whitespace().nth(1).unwrap_or_default())
                .collect();
            versions
                .iter()
                .find(|version| !is_pinned(version))
                .or(versions.first())
                .map(|version| (*version).to_owned())
        }
        _ => None,
    }
}

fn toolchain_table(text: &str) -> Option<String> {
    let table: toml::Table = text.parse().ok()?;
    Some(table.get("toolchain")?.get("channel")?.as_str()?.to_owned())
}

fn first_line(text: &str) -> Option<String> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'))?;
    Some(line.chars().take(100).collect())
}

/// `1.95.0`, `nightly-2026-01-01`, `v20.1.2`: one version. `stable`, `1.95`, `20` move.
fn is_pinned(channel: &str) -> bool {
    let version = channel.trim_start_matches('v');
    let numbers: Vec<&str> = version.split('.').collect();
    let exact = numbers.len() == 3
        && numbers.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    let dated = channel.split_once('-').is_some_and(|(_, date)| date.parse::<jiff::civil::Date>().is_ok());
    exact || dated
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
    fn pinned_is_one_version() {
        for (channel, expected) in [
            ("1.95.0", true),
            ("nightly-2026-01-01", true),
            ("v20.1.2", true),
            ("stable", false),
            ("1.95", false),
            ("nightly", false),
            ("1.x.0", false),
            ("", false),
        ] {
            assert_eq!(is_pinned(channel), expected, "{channel}");
        }
        assert_eq!(channel("rust-toolchain", "1.70.0\n").as_deref(), Some("1.70.0"));
        assert_eq!(channel("rust-toolchain.toml", "[toolchain]\nchannel = \"stable\"\n").as_deref(), Some("stable"));
        assert_eq!(channel("rust-toolchain.toml", "channel = 3"), None);
        for (name, text, expected) in [
            ("go.mod", "module a\n\ngo 1.22\n\ntoolchain go1.22.3\n", Some("1.22.3")),
            ("go.mod", "module a\n\ngo 1.22.1\n", None),
            (".tool-versions", "python 3.12.4\nnodejs 20\n", Some("20")),
            (".tool-versions", "# x\npython 3.12.4\n", Some("3.12.4")),
            (".ruby-version", "3.3.0\n", Some("3.3.0")),
            ("package.json", "{\"engines\":{\"node\":\"20.11.1\"}}", Some("20.11.1")),
            ("package.json", "{\"volta\":{\"node\":\"20.11.1\"},\"engines\":{\"node\":\">=18\"}}", Some("20.11.1")),
            ("package.json", "{\"engines\":{\"node\":\">=18.0.0\"}}", None),
            ("package.json", "{\"engines\":{\"node\":\"20\"}}", None),
            ("pyproject.toml", "[project]\nrequires-python = \"==3.12.4\"\n", Some("3.12.4")),
            ("pyproject.toml", "[project]\nrequires-python = \">=3.12.4\"\n", None),
        ] {
            assert_eq!(channel(name, text).as_deref(), expected, "{name}: {text}");
        }
    }

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

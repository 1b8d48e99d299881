//! Settings that are parsed: what is left to look at when all that they leave out is left out, and what an audit or an
//! analysis is told to let pass.

use regex::Regex;
use serde_json::Value as Json;
use toml::{Table, Value};

use super::{at, jvm, php, python, table_at, typescript};
use plimsoll_sources::languages;

use crate::tree::Tree;
use plimsoll_formats::yaml;

/// Files of the source that are asked whether they are left out.
const MOST_FILES: usize = 2_000;
/// Patterns of one file of settings.
const MOST_PATTERNS: usize = 300;

/// Why the settings of a tool in `place` let pass what it would find.
pub(super) fn reason(tree: &dyn Tree, place: &str, words: &[&str]) -> Option<String> {
    let named = |tool: &str| words.iter().take(4).any(|word| *word == tool);
    let understood = |name: &str, is_plain: &dyn Fn(&str) -> bool| {
        let path = at(place, name);
        let text = tree.text(&path)?;
        let plain = text.is_ok_and(|text| is_plain(&text));
        (!plain).then(|| format!("{path} has a setting that is not understood"))
    };
    let toml = |is_plain: &'static dyn Fn(&Table) -> bool| {
        move |text: &str| text.parse::<Table>().is_ok_and(|table| is_plain(&table))
    };
    let any =
        |files: &[&str], is_plain: &dyn Fn(&str) -> bool| files.iter().find_map(|name| understood(name, is_plain));
    let mut found = None;
    if named("deny") || named("cargo-deny") {
        found = found.or_else(|| any(&["deny.toml", ".deny.toml", ".cargo/deny.toml"], &toml(&is_plain_deny)));
    }
    if (named("cargo") && named("audit")) || named("cargo-audit") {
        found = found.or_else(|| any(&[".cargo/audit.toml", "audit.toml"], &toml(&is_plain_audit)));
    }
    if named("clippy") {
        found = found.or_else(|| any(&["Cargo.toml"], &toml(&keeps_lints)));
    }
    if named("osv-scanner") {
        found = found.or_else(|| any(&["osv-scanner.toml"], &toml(&is_plain_osv)));
    }
    if named("trivy") {
        found = found.or_else(|| any(&["trivy.yaml"], &|text| has_keys(text, TRIVY)));
    }
    if named("grype") {
        found = found.or_else(|| any(&[".grype.yaml", ".grype/config.yaml"], &|text| has_keys(text, GRYPE)));
    }
    if named("audit") && ["npm", "pnpm", "yarn"].iter().any(|tool| named(tool)) {
        found = found.or_else(|| any(&[".npmrc"], &fails_for_what_matters));
    }
    if named("hatch") {
        found =
            found.or_else(|| any(&["pyproject.toml", "hatch.toml"], &|text| !text.contains("hatch-static-analysis")));
    }
    if named("ruff") || named("hatch") {
        found = found.or_else(|| {
            any(&["ruff.toml", ".ruff.toml"], &|text| {
                text.parse::<Table>().is_ok_and(|table| is_plain_ruff(tree, &Value::Table(table)))
            })
        });
        found = found.or_else(|| {
            any(&["pyproject.toml"], &|text| {
                text.parse::<Table>()
                    .is_ok_and(|table| table_at(&table, "tool.ruff").is_none_or(|own| is_plain_ruff(tree, own)))
            })
        });
    }
    if named("flake8") {
        found =
            found.or_else(|| any(&[".flake8", "setup.cfg", "tox.ini"], &|text| python::is_plain_flake8(tree, text)));
    }
    for (tool, files, is_plain) in [
        ("mypy", python::MYPY, python::is_plain_mypy as fn(&dyn Tree, &str, &str) -> bool),
        ("pylint", python::PYLINT, python::is_plain_pylint),
    ] {
        if named(tool) {
            found =
                found.or_else(|| files.iter().find_map(|name| understood(name, &|text| is_plain(tree, name, text))));
        }
    }
    if named("pyright") || named("basedpyright") {
        found = found.or_else(|| {
            any(&["pyrightconfig.json"], &|text| {
                serde_json::from_str::<Json>(text).is_ok_and(|value| is_plain_pyright(tree, &value))
            })
        });
        found = found.or_else(|| {
            any(&["pyproject.toml"], &|text| {
                let own = |table: &Table| {
                    let own = table_at(table, "tool.pyright").or_else(|| table_at(table, "tool.basedpyright"))?;
                    serde_json::to_value(own).ok()
                };
                text.parse::<Table>().is_ok_and(|table| own(&table).is_none_or(|own| is_plain_pyright(tree, &own)))
            })
        });
    }
    if named("rspec") {
        found = found.or_else(|| any(&[".rspec", ".rspec-local"], &are_options_of_rspec));
    }
    if named("rubocop") {
        found = found.or_else(|| any(&[".rubocop.yml"], &|text| is_plain_rubocop(tree, text)));
        found = found.or_else(|| any(&[".rubocop"], &|text| are_words(text, RUBOCOP, RUBOCOP_WITH_VALUE)));
    }
    if named("phpstan") {
        let files = ["phpstan.neon", "phpstan.neon.dist", "phpstan.dist.neon"];
        found = found.or_else(|| any(&files, &|text| php::is_plain_phpstan(tree, text)));
    }
    if named("composer") {
        found = found.or_else(|| {
            any(&["composer.json"], &|text| {
                let ignored = |value: &Json| value.get("config")?.get("audit")?.get("ignore-severity").cloned();
                serde_json::from_str::<Json>(text).is_ok_and(|value| ignored(&value).is_none())
            })
        });
    }
    if named("mvn") {
        found = found.or_else(|| any(&["pom.xml"], &|text| jvm::is_plain_pom(tree, text)));
    }
    if named("gradle") {
        let files = ["build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts"];
        found = found.or_else(|| any(&files, &|text| jvm::is_plain_gradle(tree, place, text)));
    }
    if named("tsc") {
        let checks = words.iter().any(|word| matches!(*word, "--checkJs" | "--checkjs"));
        found = found.or_else(|| {
            any(&["tsconfig.json", "jsconfig.json"], &|text| checks || typescript::looks_at_types(tree, text))
        });
    }
    if named("golangci-lint") {
        found = found.or_else(|| {
            any(&[".golangci.yml", ".golangci.yaml"], &|text| {
                yaml::read(text).is_ok_and(|value| is_plain_golangci(tree, &value))
            })
        });
    }
    if named("eslint") {
        found = found.or_else(|| {
            any(&[".eslintrc.json", ".eslintrc"], &|text| {
                // Comments and YAML are looked at by their words alone.
                serde_json::from_str::<Json>(text).map_or(true, |value| is_plain_eslint(tree, &value))
            })
        });
        found = found.or_else(|| {
            any(&["eslint.config.js", "eslint.config.mjs", "eslint.config.cjs", "eslint.config.ts"], &|text| {
                is_plain_flat(tree, text)
            })
        });
    }
    found
}

fn texts(value: Option<&Value>) -> Option<Vec<&str>> {
    match value {
        None => Some(Vec::new()),
        Some(Value::Array(all)) => all.iter().map(Value::as_str).collect(),
        Some(Value::String(one)) => Some(vec![one]),
        Some(_) => None,
    }
}

fn all_keys(value: Option<&Value>, listed: &[&str]) -> bool {
    value.is_none_or(|value| {
        value.as_table().is_some_and(|table| table.keys().all(|key| listed.contains(&key.as_str())))
    })
}

/// Source: the cargo-deny book, "Config".
fn is_plain_deny(table: &Table) -> bool {
    let top = [
        "graph",
        "output",
        "advisories",
        "licenses",
        "bans",
        "sources",
        "targets",
        "all-features",
        "no-default-features",
        "features",
        "exclude-dev",
        "feature-depth",
        "exclude-unpublished",
    ];
    let graph = table.get("graph");
    let own = table.get("advisories");
    let of = |name: &str| own.and_then(|own| own.get(name));
    let targets = graph.and_then(|graph| graph.get("targets")).or_else(|| table.get("targets"));
    let unpublished = [graph.and_then(|graph| graph.get("exclude-unpublished")), table.get("exclude-unpublished")];
    // What is not published may be all that ships.
    let published = unpublished.into_iter().flatten().all(|value| value.as_bool() == Some(false));
    let real = |target: &Value| {
        let triple = target.as_str().or_else(|| target.get("triple").and_then(Value::as_str)).unwrap_or_default();
        ["linux", "windows", "darwin"].iter().any(|system| triple.contains(system))
    };
    published
        && table.keys().all(|key| top.contains(&key.as_str()))
        && all_keys(
            graph,
            &["targets", "all-features", "no-default-features", "features", "exclude-dev", "exclude-unpublished"],
        )
        && targets.is_none_or(|targets| targets.as_array().is_some_and(|all| all.is_empty() || all.iter().any(real)))
        && all_keys(
            own,
            &[
                "version",
                "db-path",
                "db-urls",
                "ignore",
                "yanked",
                "unmaintained",
                "unsound",
                "notice",
                "vulnerability",
                "git-fetch-with-cli",
                "maximum-db-staleness",
                "unused-ignored-advisory",
            ],
        )
        && of("vulnerability").is_none_or(|level| level.as_str() == Some("deny"))
        && of("db-path").is_none_or(|path| path.as_str().is_some_and(|path| path.starts_with(['~', '$'])))
        && texts(of("db-urls").or_else(|| of("db-url"))).is_some_and(|all| {
            all.is_empty()
                || all
                    .iter()
                    .any(|url| url.trim_end_matches(".git").to_ascii_lowercase().ends_with("/rustsec/advisory-db"))
        })
}

/// Source: cargo-audit, `audit.toml.example`.
fn is_plain_audit(table: &Table) -> bool {
    let own = table.get("advisories");
    all_keys(own, &["ignore", "informational_warnings", "severity_threshold"])
        && own.and_then(|own| own.get("severity_threshold")).is_none_or(|level| {
            level
                .as_str()
                .is_some_and(|level| matches!(level.to_ascii_lowercase().as_str(), "none" | "low" | "medium" | "high"))
        })
        && table.keys().all(|key| matches!(key.as_str(), "advisories" | "output" | "yanked" | "packages"))
}

/// Does a manifest let clippy find something?
fn keeps_lints(table: &Table) -> bool {
    let workspace = table.get("workspace").and_then(|workspace| workspace.get("lints"));
    [table.get("lints"), workspace].into_iter().flatten().all(|lints| {
        [("clippy", "all"), ("rust", "warnings")].iter().all(|(tool, group)| {
            let level = |name: &str| {
                let level = lints.get(*tool)?.get(name)?;
                level.as_str().or_else(|| level.get("level").and_then(Value::as_str))
            };
            // What only warns fails nothing by itself; a group that is denied again finds what is most often wrong.
            let correctness = level("correctness");
            let weakened = *tool == "clippy" && matches!(correctness, Some("allow" | "warn"));
            !weakened && (level(group) != Some("allow") || matches!(correctness, Some("deny" | "forbid")))
        })
    })
}

/// Source: OSV-Scanner, "Configuration".
fn is_plain_osv(table: &Table) -> bool {
    let overrides = table.get("PackageOverrides").and_then(Value::as_array).into_iter().flatten();
    table.keys().all(|key| matches!(key.as_str(), "IgnoredVulns" | "PackageOverrides" | "GoVersionOverride"))
        && overrides
            .into_iter()
            .all(|one| one.get("name").and_then(Value::as_str).is_some_and(|name| !name.contains('*')))
}

const TRIVY: &[&str] = &["cache", "db", "timeout", "quiet", "debug", "format", "output", "ignorefile", "no-progress"];
const GRYPE: &[&str] = &["check-for-app-update", "output", "quiet", "log", "db", "only-fixed", "fail-on-severity"];

fn has_keys(text: &str, listed: &[&str]) -> bool {
    yaml::read(text).is_ok_and(|value| {
        value.is_null()
            || value.as_mapping().is_some_and(|table| {
                table.keys().all(|key| key.as_str().is_some_and(|key| listed.contains(&key)))
                    && table.get("fail-on-severity").and_then(yaml_serde::Value::as_str) != Some("critical")
            })
    })
}

fn fails_for_what_matters(text: &str) -> bool {
    text.lines().filter_map(|line| line.split_once('=')).all(|(key, value)| {
        let value = value.trim();
        key.trim() != "audit-level" || matches!(value, "info" | "low" | "moderate" | "high")
    })
}

/// Source: ruff, "Settings".
fn is_plain_ruff(tree: &dyn Tree, own: &Value) -> bool {
    let both = |name: &str| [own.get(name), own.get("lint").and_then(|lint| lint.get(name))];
    let some = both("select").into_iter().flatten().all(|select| select.as_array().is_some_and(|all| !all.is_empty()));
    let ignores = ["ignore", "extend-ignore"].iter().flat_map(|name| both(name)).map(texts);
    let kept = ignores.into_iter().all(|all| all.is_some_and(|all| !all.contains(&"ALL")));
    let mut left_out: Option<Vec<String>> = Some(Vec::new());
    for value in ["exclude", "extend-exclude"].iter().flat_map(|name| both(name)) {
        match (texts(value), left_out.as_mut()) {
            (Some(all), Some(left_out)) => left_out.extend(all.into_iter().map(ToOwned::to_owned)),
            _ => left_out = None,
        }
    }
    for table in ["per-file-ignores", "extend-per-file-ignores"].iter().flat_map(|name| both(name)).flatten() {
        for (pattern, codes) in table.as_table().into_iter().flatten() {
            if texts(Some(codes)).is_none_or(|codes| codes.contains(&"ALL"))
                && let Some(left_out) = left_out.as_mut()
            {
                left_out.push(pattern.clone());
            }
        }
    }
    let included = texts(own.get("include")).is_some_and(|all| {
        all.is_empty() || all.iter().any(|pattern| pattern.ends_with("*.py") || pattern.ends_with("**"))
    });
    some && kept && included && left_out.is_some_and(|left_out| is_something_left(tree, &["Python"], &globs(&left_out)))
}

/// Does something of these languages stay where patterns are left out?
pub(super) fn leaves(tree: &dyn Tree, languages: &[&str], patterns: &[String]) -> bool {
    is_something_left(tree, languages, &globs(patterns))
}

/// Source: Pyright, "Configuration".
fn is_plain_pyright(tree: &dyn Tree, value: &Json) -> bool {
    let texts = |name: &str| -> Option<Vec<String>> {
        let Some(list) = value.get(name) else { return Some(Vec::new()) };
        list.as_array()?.iter().map(|one| one.as_str().map(ToOwned::to_owned)).collect()
    };
    let included = value.get("include").is_none()
        || texts("include").is_some_and(|all| {
            all.iter().any(|one| matches!(one.as_str(), "." | "./" | "**") || tree.has(one.trim_start_matches("./")))
        });
    let strict = value.get("typeCheckingMode").is_none_or(|mode| mode.as_str().is_some_and(|mode| mode != "off"));
    let left = ["exclude", "ignore"].iter().map(|name| texts(name)).collect::<Option<Vec<_>>>();
    value.is_object() && included && strict && left.is_some_and(|left| leaves(tree, &["Python"], &left.concat()))
}

/// Options of rspec that change nothing about which examples run and whether it fails.
const RSPEC: &str =
    "--color --colour --force-color --force-colour --tty --warnings -w --backtrace -b --profile --fail-fast";
const RSPEC_WITH_VALUE: &str = "--require -r --format -f --order --out -o --seed --deprecation-out";
const RUBOCOP: &str =
    "--parallel -P --display-cop-names -D --extra-details -E --color --force-exclusion --display-style-guide -S";
const RUBOCOP_WITH_VALUE: &str = "--format -f --require -r --cache --out -o";

fn are_options_of_rspec(text: &str) -> bool {
    are_words(text, RSPEC, RSPEC_WITH_VALUE)
}

/// Options in lines of a file, all of them listed.
fn are_words(text: &str, alone: &str, with_value: &str) -> bool {
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    let mut words = lines.flat_map(str::split_whitespace);
    while let Some(word) = words.next() {
        let joined = |name: &str| word.strip_prefix(name).is_some_and(|rest| rest.starts_with('='));
        if with_value.split_whitespace().any(|name| name == word) {
            words.next();
        } else if !alone.split_whitespace().any(|name| name == word)
            && !with_value.split_whitespace().any(joined)
            && !matches!(word, "-fd" | "-fp" | "-fprogress" | "-fdocumentation")
        {
            return false;
        }
    }
    true
}

/// Source: `RuboCop`, "Configuration".
fn is_plain_rubocop(tree: &dyn Tree, text: &str) -> bool {
    let Ok(value) = yaml::read(text) else {
        return !["DisabledByDefault", "Exclude", "Include"].iter().any(|word| text.contains(word));
    };
    let Some(all) = value.get("AllCops") else { return true };
    let patterns = |name: &str| -> Option<Vec<String>> {
        let Some(list) = all.get(name) else { return Some(Vec::new()) };
        list.as_sequence()?.iter().map(|one| one.as_str().map(ToOwned::to_owned)).collect()
    };
    let off = all.get("DisabledByDefault").is_some_and(|value| value.as_bool() != Some(false));
    let included = all.get("Include").is_none()
        || patterns("Include").is_some_and(|all| all.iter().any(|one| one.ends_with("*.rb") || one.ends_with("**/*")));
    !off && included && patterns("Exclude").is_some_and(|left_out| leaves(tree, &["Ruby"], &left_out))
}

/// Source: golangci-lint, "Configuration file".
fn is_plain_golangci(tree: &dyn Tree, value: &yaml_serde::Value) -> bool {
    let linters = value.get("linters");
    let none = linters.is_some_and(|linters| {
        linters.get("disable-all").and_then(yaml_serde::Value::as_bool) == Some(true)
            || linters.get("default").and_then(yaml_serde::Value::as_str) == Some("none")
    });
    let named = linters
        .and_then(|linters| linters.get("enable"))
        .and_then(yaml_serde::Value::as_sequence)
        .is_some_and(|names| !names.is_empty());
    let code = value.get("run").and_then(|run| run.get("issues-exit-code"));
    let fails = code.is_none_or(|code| code.as_u64().is_some_and(|code| (1..=255).contains(&code)));
    let places = [
        linters.and_then(|linters| linters.get("exclusions")?.get("paths")),
        value.get("issues").and_then(|issues| issues.get("exclude-dirs")),
        value.get("issues").and_then(|issues| issues.get("exclude-files")),
        value.get("run").and_then(|run| run.get("skip-dirs")),
        value.get("run").and_then(|run| run.get("skip-files")),
    ];
    let patterns: Option<Vec<Regex>> = places
        .into_iter()
        .flatten()
        .flat_map(|list| list.as_sequence().into_iter().flatten())
        .take(MOST_PATTERNS)
        .map(|pattern| Regex::new(pattern.as_str()?).ok())
        .collect();
    fails && (!none || named) && patterns.is_some_and(|patterns| is_something_left(tree, &["Go"], &patterns))
}

const SCRIPTS: &[&str] = &["JavaScript", "TypeScript", "Vue"];

/// Source: `ESLint`, "Configuration files (deprecated)".
fn is_plain_eslint(tree: &dyn Tree, value: &Json) -> bool {
    let rules = value.get("rules").and_then(Json::as_object);
    let is_off = |rule: &Json| {
        let level = rule.as_array().and_then(|parts| parts.first()).unwrap_or(rule);
        level.as_str() == Some("off") || level.as_u64() == Some(0)
    };
    let finds = value.get("extends").is_some()
        || value.get("overrides").is_some()
        || rules.is_some_and(|rules| rules.values().any(|rule| !is_off(rule)));
    let left_out: Vec<String> = match value.get("ignorePatterns") {
        Some(Json::String(one)) => vec![one.clone()],
        Some(Json::Array(all)) => all.iter().filter_map(|one| one.as_str().map(ToOwned::to_owned)).collect(),
        _ => Vec::new(),
    };
    finds && is_something_left(tree, SCRIPTS, &globs(&left_out))
}

/// A configuration that is a program: it takes in rules of others or sets some, and what it leaves out can be read.
fn is_plain_flat(tree: &dyn Tree, text: &str) -> bool {
    let finds = ["recommended", "\"error\"", "'error'", "\"warn\"", "'warn'", "...", "extends", "(", "configs."]
        .iter()
        .any(|word| text.contains(word));
    let mut left_out: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some((_, behind)) = rest.split_once("ignores") {
        rest = behind;
        let Some(list) = behind.trim_start().strip_prefix(':').map(str::trim_start) else { continue };
        // A name in place of a list may hold anything.
        let Some((inside, _)) = list.strip_prefix('[').and_then(|list| list.split_once(']')) else { return false };
        for part in inside.split(['"', '\'', '`']).skip(1).step_by(2) {
            left_out.push(part.to_owned());
        }
    }
    left_out.len() <= MOST_PATTERNS && finds && is_something_left(tree, SCRIPTS, &globs(&left_out))
}

/// Patterns as a file that leaves something out has them. A star takes in more here than there, so that what is called left is.
pub(super) fn globs(patterns: &[String]) -> Vec<Regex> {
    let one = |pattern: &String| {
        let pattern = pattern.trim().trim_start_matches("./").trim_start_matches('/').trim_end_matches('/');
        if pattern.is_empty() || pattern.starts_with('!') {
            return None;
        }
        let pattern = if pattern == "." { "**" } else { pattern };
        let mut text = String::from("(?:^|/)");
        for (at, part) in regex::escape(pattern).split("\\*\\*/").enumerate() {
            if at > 0 {
                text.push_str("(?:.*/)?");
            }
            text.push_str(&part.replace("\\*", ".*").replace("\\?", "."));
        }
        text.push_str("(?:/|$)");
        Regex::new(&text).ok()
    };
    patterns.iter().take(MOST_PATTERNS).filter_map(one).collect()
}

/// Is there a file of these languages that none of the patterns takes in? Where there is none at all, a
/// place that nothing speaks of stands for them.
pub(super) fn is_something_left(tree: &dyn Tree, languages: &[&str], patterns: &[Regex]) -> bool {
    if patterns.is_empty() {
        return true;
    }
    let sources = tree.sources();
    let mut own = sources
        .iter()
        .filter(|path| {
            let name = path.rsplit('/').next().unwrap_or_default();
            // Settings are no source, though they are written as one.
            let is_settings = name.contains(".config.") || name.starts_with('.');
            !is_settings && languages::name_of(name).is_some_and(|name| languages.contains(&name))
        })
        .take(MOST_FILES)
        .peekable();
    let is_left = |path: &str| !patterns.iter().any(|pattern| pattern.is_match(path));
    if own.peek().is_none() { is_left("a/b") } else { own.any(|path| is_left(path)) }
}

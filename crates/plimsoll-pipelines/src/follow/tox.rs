//! Commands of tox in TOML: `pyproject.toml` and `tox.toml`.
//!
//! Source: tox, "Configuration": TOML, `env_run_base`, `env.NAME`, and the order in which files are looked for.

use toml::{Table, Value};

use super::{Steps, beside, quoted};
use crate::{
    commands::{Evaluator, How},
    doubts::doubt,
    shell::words,
};

/// Names of folders that tox makes: their paths are not known, and each is one word.
pub(super) const PLACES: &[&str] = &[
    "envtmpdir",
    "env_tmp_dir",
    "envdir",
    "env_dir",
    "toxworkdir",
    "work_dir",
    "tox_work_dir",
    "temp_dir",
    "distdir",
    "envlogdir",
    "env_log_dir",
    "envsitepackagesdir",
    "env_site_packages_dir",
    "envbindir",
    "env_bin_dir",
    "envname",
    "env_name",
];
/// Settings of an environment that change nothing about what its commands do and whether a failure counts.
const PLAIN: &[&str] = &[
    "description",
    "labels",
    "runner",
    "package",
    "package_env",
    "wheel_build_env",
    "extras",
    "deps",
    "dependency_groups",
    "no_default_groups",
    "base_python",
    "basepython",
    "constrain_package_deps",
    "use_frozen_constraints",
    "constraints",
    "skip_install",
    "env_tmp_dir",
    "pass_env",
    "passenv",
    "commands",
    "commands_post",
    "set_env",
    "setenv",
    "allowlist_externals",
    "uv_seed",
    "uv_python_preference",
    "uv_sync_flags",
    "uv_sync_locked",
    "use_develop",
    "recreate",
    "parallel_show_output",
    "pip_pre",
    "with_dev",
    "python",
    "depends",
    "download",
];

/// Follows the environments that are chosen, or those that are listed; absent where tox is set up in an INI file.
pub(super) fn native(to: &mut Evaluator<'_>, words: &[String], chosen: &[String], how: How) -> Option<bool> {
    if beside(to, "tox.ini").is_some()
        || beside(to, "setup.cfg").is_some_and(|text| !text.is_ok_and(|text| !text.contains("[tox")))
    {
        return None;
    }
    let (path, table) = match beside(to, "pyproject.toml").and_then(|text| own(&text.ok()?)) {
        Some(table) => ("pyproject.toml", table),
        None => ("tox.toml", beside(to, "tox.toml")?.ok()?.parse::<Table>().ok()?),
    };
    let steps = steps(to, path, &table, chosen);
    match steps {
        Some(steps) => steps.run(to, words, how),
        None => to.unclear(words, how),
    }
    Some(true)
}

/// `[tool.tox]`; absent where there is none, or where it holds the text of an INI file.
fn own(text: &str) -> Option<Table> {
    let all: Table = text.parse().ok()?;
    all.get("tool")?.get("tox")?.as_table().cloned()
}

fn steps(to: &Evaluator<'_>, path: &str, table: &Table, chosen: &[String]) -> Option<Steps> {
    let known =
        ["env_list", "env_run_base", "env_pkg_base", "env", "requires", "min_version", "isolated_build", "minversion"];
    if table.keys().any(|key| !known.contains(&key.as_str())) {
        return None;
    }
    let listed: Vec<String> = match table.get("env_list").map(Value::as_array) {
        Some(Some(list)) => list.iter().map(|one| one.as_str().map(ToOwned::to_owned)).collect::<Option<_>>()?,
        Some(None) => return None,
        None => Vec::new(),
    };
    let chosen = if chosen.is_empty() { &listed } else { chosen };
    let plain =
        |name: &String| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
    if chosen.is_empty() || !chosen.iter().all(plain) {
        return None;
    }
    let empty = Table::new();
    let base = match table.get("env_run_base") {
        Some(base) => base.as_table()?,
        None => &empty,
    };
    let mut steps = Steps::default();
    let mut done: Vec<&Value> = Vec::new();
    for name in chosen {
        let own = match table.get("env").map(Value::as_table) {
            Some(Some(all)) => match all.get(name) {
                Some(own) => own.as_table()?,
                None => &empty,
            },
            Some(None) => return None,
            None => &empty,
        };
        if ![base, own].into_iter().all(|settings| are_plain(to, path, settings)) {
            return None;
        }
        let commands = own.get("commands").or_else(|| base.get("commands"))?;
        if done.contains(&commands) {
            continue;
        }
        for command in commands.as_array()? {
            if !steps.push(line(command)?, false) {
                return None;
            }
        }
        done.push(commands);
    }
    Some(steps)
}

fn are_plain(to: &Evaluator<'_>, path: &str, settings: &Table) -> bool {
    settings.iter().all(|(key, value)| match key.as_str() {
        "set_env" | "setenv" => value.as_table().is_some_and(|table| {
            table.iter().all(|(name, value)| doubt(to.tree, name, value.as_str(), Some(path)).is_none())
        }),
        key => PLAIN.contains(&key),
    })
}

/// A command as a line of a script. What lets a failure pass, or turns it round, is not read.
fn line(command: &Value) -> Option<String> {
    let mut words = Vec::new();
    for word in command.as_array()? {
        match word {
            Value::String(text) => words.push(substituted(text)?),
            Value::Table(table) => {
                let posargs = table.get("replace").and_then(Value::as_str) == Some("posargs");
                let default = match table.get("default") {
                    None => &[][..],
                    Some(default) => default.as_array()?.as_slice(),
                };
                if !posargs {
                    return None;
                }
                for word in default {
                    words.push(substituted(word.as_str()?)?);
                }
            }
            _ => return None,
        }
    }
    let first = words.first()?;
    (!first.trim_start_matches('\'').starts_with(['-', '!'])).then(|| words.join(" "))
}

/// One word; a folder of tox stays a word that is not known.
fn substituted(text: &str) -> Option<String> {
    match text {
        "{envpython}" | "{env_python}" => return Some("python".to_owned()),
        "{posargs}" => return Some(String::new()),
        _ => {}
    }
    let mut whole = String::new();
    let mut rest = text;
    let mut places = false;
    while let Some((before, behind)) = rest.split_once('{') {
        let (name, after) = behind.split_once('}')?;
        whole.push_str(before);
        match name {
            "tox_root" | "toxinidir" => whole.push('.'),
            name if PLACES.contains(&name) => {
                places = true;
                whole.push_str("$plimsoll_value");
            }
            _ => return None,
        }
        rest = after;
    }
    whole.push_str(rest);
    if whole.contains(['}', words::ANYTHING, '\n']) || text.contains('$') {
        return None;
    }
    Some(match whole.split_once('=') {
        Some((option, value)) if places && option.starts_with("--") => format!("{option}=\"{value}\""),
        _ if places => format!("\"{whole}\""),
        _ if words::is_one_word(&whole) => whole,
        _ => quoted(&whole),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_read_as_tox_runs_them() {
        let check = |text: &str, chosen: &[&str]| {
            let tree = crate::tree::Made(vec![]);
            let chosen: Vec<String> = chosen.iter().map(|name| (*name).to_owned()).collect();
            let steps = steps(&Evaluator::new(&tree), "tox.toml", &text.parse().unwrap(), &chosen)?;
            Some(steps.commands.into_iter().map(|(text, _)| text).collect::<Vec<_>>().join("\n"))
        };
        let base = "env_list = ['a', 'b']\n[env_run_base]\nrunner = 'x'\ncommands = [['pytest', '--basetemp={env_tmp_dir}', {replace = 'posargs', default = ['-v'], extend = true}]]\n[env.b]\ncommands = [['mypy'], ['ruff', 'check', '{tox_root}']]\n";
        assert_eq!(check(base, &[]).unwrap(), "pytest --basetemp=\"$plimsoll_value\" -v\nmypy\nruff check .");
        assert_eq!(check(base, &["b"]).unwrap(), "mypy\nruff check .");
        assert_eq!(check(base, &["py3.14", "pypy3"]).unwrap(), "pytest --basetemp=\"$plimsoll_value\" -v");
        for text in [
            "[env_run_base]\ncommands = [['pytest']]",
            "env_list = ['a']\n[env_run_base]\nignore_outcome = true\ncommands = [['pytest']]",
            "env_list = ['a']\n[env_run_base]\ncommands = [['pytest']]\n[env.a]\nignore_errors = true",
            "env_list = ['a']\n[env_run_base]\ncommands = [['pytest']]\n[env.a]\nset_env = {PYTEST_ADDOPTS = '--co'}",
            "env_list = ['a']\n[env_run_base]\ncommands = [['pytest']]\n[env.a]\nchange_dir = 'x'",
            "env_list = ['a']\n[env_run_base]\ncommands = [['pytest']]\n[env.a]\nbase = ['x']",
            "env_list = ['a']\n[env_run_base]\ncommands = [['pytest']]\ncommands_pre = [['rm', '-r', 'tests']]",
            "env_list = ['a']\n[env_run_base]\ncommands = [['-', 'pytest']]",
            "env_list = ['a']\n[env_run_base]\ncommands = [['!', 'pytest']]",
            "env_list = ['a']\n[env_run_base]\ncommands = [['pytest', {replace = 'env', name = 'X'}]]",
            "env_list = ['a']\n[env_run_base]\ncommands = [['pytest', '{env:X}']]",
            "env_list = ['a']\n[env_run_base]\ncommands = ['pytest']",
            "env_list = ['a']\n[env_run_base]\nplatform = 'none'\ncommands = [['pytest']]",
            "env_list = ['a']\nskip_missing_interpreters = true\n[env_run_base]\ncommands = [['pytest']]",
            "env_list = ['{a,b}']\n[env_run_base]\ncommands = [['pytest']]",
            "env_list = 'a'\n[env_run_base]\ncommands = [['pytest']]",
            "legacy_tox_ini = '[tox]'",
        ] {
            assert_eq!(check(text, &[]), None, "{text}");
        }
    }
}

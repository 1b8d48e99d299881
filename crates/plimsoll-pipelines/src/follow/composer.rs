//! Scripts of composer.json.
//!
//! Source: Composer, "Scripts": the commands of a script run one after the other, and the first that fails ends it.

use serde_json::Value;

use super::{Steps, beside};
use crate::commands::{Evaluator, How};

/// Options that change nothing about which script runs and whether it fails.
const OPTIONS: &[&str] = &[
    "-q",
    "--quiet",
    "-v",
    "-vv",
    "-vvv",
    "--verbose",
    "--ansi",
    "--no-ansi",
    "-n",
    "--no-interaction",
    "--dev",
    "--timeout=0",
];

/// Commands of Composer itself, which go before a script of the same name.
const OWN: &[&str] = &[
    "about",
    "archive",
    "audit",
    "browse",
    "bump",
    "check-platform-reqs",
    "clear-cache",
    "clearcache",
    "completion",
    "config",
    "create-project",
    "depends",
    "diagnose",
    "dump-autoload",
    "dumpautoload",
    "exec",
    "fund",
    "global",
    "help",
    "home",
    "i",
    "info",
    "init",
    "install",
    "licenses",
    "list",
    "outdated",
    "prohibits",
    "r",
    "reinstall",
    "remove",
    "repository",
    "require",
    "rm",
    "search",
    "self-update",
    "selfupdate",
    "show",
    "status",
    "suggests",
    "u",
    "uninstall",
    "update",
    "upgrade",
    "validate",
    "why",
    "why-not",
];

/// `composer [run|run-script] NAME`; false where the command is another.
pub(super) fn composer(to: &mut Evaluator<'_>, words: &[String], how: How) -> bool {
    let plain: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
    let (options, named): (Vec<&str>, Vec<&str>) = plain.iter().partition(|word| word.starts_with('-'));
    let (name, more, asked) = match named.as_slice() {
        ["run" | "run-script", name, more @ ..] => (*name, more, true),
        [name, ..] if OWN.contains(name) => return false,
        [name, more @ ..] => (*name, more, false),
        [] => return false,
    };
    let package = beside(to, "composer.json").and_then(Result::ok);
    let package = package.and_then(|text| serde_json::from_str::<Value>(&text).ok());
    let scripts = package.as_ref().and_then(|package| package.get("scripts"));
    let there = scripts.and_then(|scripts| scripts.get(name)).is_some();
    if !there {
        if asked {
            to.unclear(words, how);
        }
        return asked;
    }
    let mut steps = Steps::default();
    let understood = more.is_empty()
        && options.iter().all(|option| OPTIONS.contains(option))
        && scripts.is_some_and(|scripts| of_script(scripts, name, &mut steps, 0));
    if understood {
        steps.run(to, words, how);
    } else {
        to.unclear(words, how);
    }
    true
}

/// The commands of a script; false where one is not understood.
fn of_script(scripts: &Value, name: &str, steps: &mut Steps, depth: usize) -> bool {
    let Some(script) = scripts.get(name).filter(|_| steps.enter(depth)) else { return false };
    let all: Vec<&Value> = script.as_array().map_or_else(|| vec![script], |all| all.iter().collect());
    all.into_iter().all(|one| {
        let Some(text) = one.as_str() else { return false };
        // A method of a class, and what changes the surroundings, is not followed.
        if text.contains("::") || text.starts_with("@putenv") || text.starts_with("@no_additional_args") {
            return false;
        }
        match text.strip_prefix('@') {
            Some(rest) => match rest.split_once(' ') {
                Some((program @ ("php" | "composer"), rest)) => steps.push(format!("{program} {rest}"), false),
                None => of_script(scripts, rest, steps, depth + 1),
                Some(_) => false,
            },
            None => steps.push(text.to_owned(), false),
        }
    })
}

//! Scripts of package.json, as npm, pnpm, yarn and Bun run them.

use serde_json::Value;

use super::{NO_ERREXIT, beside, quoted};
use crate::{
    commands::{Evaluator, How},
    tool_config,
    tools::UNKNOWN,
    tree,
};

/// Scripts that have a command of their own.
const SHORT: &[(&str, &str)] =
    &[("test", "test"), ("t", "test"), ("tst", "test"), ("start", "start"), ("stop", "stop")];
/// Words that run a script.
const RUN: &[&str] = &["run", "run-script", "rum", "urn"];
/// Options that change nothing about which script runs and whether it fails.
const OPTIONS: &[&str] = &[
    "-s",
    "--silent",
    "--quiet",
    "-q",
    "--color",
    "--no-color",
    "--verbose",
    "--bun",
    "--foreground-scripts",
    "--no-fund",
    "--no-audit",
    "--loglevel=error",
    "--loglevel=silent",
];

/// Does `.npmrc` of the folder or of the top say whether scripts around a script run?
///
/// Source: npm, "Config", `ignore-scripts`.
fn ignores_scripts(to: &Evaluator<'_>, folder: Option<&str>) -> bool {
    let places = folder.into_iter().chain([""]);
    let paths = places.filter_map(|folder| tree::join(folder, ".npmrc"));
    paths.filter_map(|path| to.tree.text(&path)).any(|text| text.is_ok_and(|text| text.contains("ignore-scripts")))
}

/// Runs a script of package.json; false where the command is another.
pub(super) fn command(to: &mut Evaluator<'_>, words: &[String], how: How) -> bool {
    let program = words.first().map(String::as_str).unwrap_or_default();
    let mut folder = to.folder.clone();
    let (mut rest, mut understood) = (Vec::new(), true);
    let mut at = 1;
    while let Some(word) = words.get(at).map(String::as_str) {
        at += 1;
        if !rest.is_empty() && rest.iter().any(|word| !RUN.contains(word)) {
            // What stands behind the script's name is handed to it.
            rest.push(word);
        } else if matches!(word, "--prefix" | "-C" | "--dir" | "--cwd") {
            folder = folder.as_deref().and_then(|folder| tree::join(folder, words.get(at)?));
            at += 1;
        } else if word.starts_with('-') {
            understood &= OPTIONS.contains(&word);
        } else {
            rest.push(word);
        }
    }
    let (name, arguments, asked) = match rest.as_slice() {
        [run, name, arguments @ ..] if RUN.contains(run) => (*name, arguments, true),
        [name, ..] if program == "bun" && *name == "test" => return false,
        [name, arguments @ ..] if SHORT.iter().any(|(short, _)| short == name) => {
            (SHORT.iter().find(|(short, _)| short == name).map_or(*name, |(_, script)| *script), arguments, true)
        }
        // pnpm and yarn also run a script by its bare name, and a program where there is no such script.
        [name, arguments @ ..] if matches!(program, "pnpm" | "yarn") => (*name, arguments, false),
        _ => return false,
    };
    let kept = std::mem::replace(&mut to.folder, folder.clone());
    let package = beside(to, "package.json");
    to.folder = kept;
    let whole = folder.as_deref().is_some_and(|folder| tree::is_whole(to.tree, folder, &["package.json"]));
    let scripts = match &package {
        Some(Ok(text)) => serde_json::from_str::<Value>(text).ok().and_then(|value| value.get("scripts").cloned()),
        _ => None,
    };
    let scripts_are_read = match &package {
        Some(Ok(text)) => serde_json::from_str::<Value>(text).is_ok_and(|value| value.is_object()),
        _ => false,
    };
    let script = |name: &str| scripts.as_ref()?.get(name)?.as_str().map(ToOwned::to_owned);
    // Without such a script nothing is done.
    let if_present = asked && arguments.iter().take_while(|word| **word != "--").any(|word| *word == "--if-present");
    let Some(text) = script(name) else {
        if if_present && scripts_are_read {
            return true;
        }
        if asked {
            to.unclear(&[program, "run", name].map(ToOwned::to_owned), how);
            return true;
        }
        // A program by its bare name, unless it is a command of the tool itself.
        let known = matches!(
            name,
            "install"
                | "audit"
                | "npm"
                | "publish"
                | "dlx"
                | "exec"
                | "cache"
                | "config"
                | "set"
                | "why"
                | "list"
                | "workspaces"
                | "workspace"
                | "fetch"
                | "store"
                | "i"
                | "add"
                | "remove"
                | "pack"
                | "link"
                | "version"
                | "info"
                | "outdated"
                | "up"
                | "update"
                | "create"
                | "init"
                | "node"
                | "cyclonedx"
        );
        if known || !understood || name == UNKNOWN {
            return false;
        }
        let inner: Vec<String> =
            std::iter::once(name).chain(arguments.iter().copied()).map(ToOwned::to_owned).collect();
        let shown = words.join(" ");
        to.tool(&inner, &shown, how);
        return true;
    };
    let settings = folder.as_deref().and_then(|folder| tool_config::packages(to.tree, folder, &[]));
    if let Some(reason) = &settings {
        to.not_understood(reason);
    }
    let around = [format!("pre{name}"), format!("post{name}")].iter().any(|name| script(name).is_some());
    if !understood || !whole || settings.is_some() || around && ignores_scripts(to, folder.as_deref()) {
        to.unclear(words, how);
        return true;
    }
    let arguments: Vec<&str> =
        arguments.iter().copied().filter(|word| !matches!(*word, "--" | "--if-present")).collect();
    let mut all: Vec<String> = Vec::new();
    // What stands before and behind a script of the same name runs with it.
    all.extend(script(&format!("pre{name}")));
    let given: String = arguments.iter().map(|word| format!(" {}", quoted(word))).collect::<Vec<_>>().concat();
    all.push(format!("{text}{given}"));
    all.extend(script(&format!("post{name}")));
    let followed = to.follow(|to| {
        to.folder = folder;
        for text in &all {
            // Each is a script of its own, and the first that fails ends it.
            to.script(text, NO_ERREXIT, how);
        }
    });
    if !followed {
        to.unclear(words, how);
    }
    true
}

//! Targets of a Makefile, as far as they are plain.

use std::collections::BTreeMap;

use super::{NO_ERREXIT, Seen, beside, harmless, overrides};
use crate::{
    commands::{Evaluator, Fails, How},
    shell::words,
    tools::UNKNOWN,
    tree,
};

/// A rule of a file: what comes before, and its lines.
#[derive(Debug, Default)]
pub(super) struct Rule {
    pub(super) before: Vec<String>,
    pub(super) lines: Vec<String>,
}

#[derive(Debug, Default)]
pub(super) struct Rules {
    pub(super) by_target: BTreeMap<String, Rule>,
    /// The first one.
    pub(super) first: Option<String>,
    /// Targets that are no files.
    pub(super) phony: Vec<String>,
    pub(super) variables: BTreeMap<String, Option<String>>,
    /// Is every part that decides understood?
    pub(super) understood: bool,
}

/// Are these words of a build and of nothing else? How many jobs there are may be what a program says.
fn builds(words: &[String]) -> bool {
    let mut before = "";
    words.iter().all(|word| {
        let known = matches!(word.as_str(), "all" | "-j" | "-s" | "-k" | "--silent" | "V=1")
            || before == "-C"
            || word == "-C"
            || before == "-j" && (word == UNKNOWN || word.chars().all(|c| c.is_ascii_digit() || c == '\u{3}'))
            || word.strip_prefix("-j").is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == '\u{3}'));
        before = word.as_str();
        known
    })
}

/// `make [-C folder] [target...]`
pub(super) fn make(to: &mut Evaluator<'_>, words: &[String], how: How) -> bool {
    let plain: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
    let (names, plain) = overrides(&plain);
    let mut folder = to.folder.clone();
    let mut file = None;
    let mut targets = Vec::new();
    let mut understood = harmless(&names) && !plain.contains(&UNKNOWN);
    let mut at = 0;
    while let Some(word) = plain.get(at).copied() {
        at += 1;
        match word {
            "-C" | "--directory" => {
                folder = folder.as_deref().and_then(|folder| tree::join(folder, plain.get(at)?));
                at += 1;
            }
            "-f" | "--file" | "--makefile" => {
                file = plain.get(at).copied();
                at += 1;
            }
            "-j" | "-l" => {
                at += usize::from(
                    plain.get(at).is_some_and(|word| word.chars().all(|c| c.is_ascii_digit()) || *word == "\u{3}"),
                );
            }
            // It says what it would do, or asks whether anything is to be done.
            "-n" | "--just-print" | "--dry-run" | "--recon" | "--version" | "-v" | "--help" | "-h" | "-q"
            | "--question" | "-t" | "--touch" | "-p" => return true,
            "-s"
            | "--silent"
            | "-k"
            | "--keep-going"
            | "-B"
            | "--always-make"
            | "--no-print-directory"
            | "-w"
            | "--output-sync"
            | "-O"
            | "V=1" => {}
            word if word.starts_with("-j") && word.chars().skip(2).all(|c| c.is_ascii_digit()) => {}
            // `-i` lets failures pass.
            word if word.starts_with('-') => understood = false,
            word => targets.push(word.to_owned()),
        }
    }
    let kept = std::mem::replace(&mut to.folder, folder.clone());
    let text = match file {
        Some(file) => beside(to, file),
        None => ["GNUmakefile", "makefile", "Makefile"].iter().find_map(|name| beside(to, name)),
    };
    to.folder = kept;
    // In a folder that the script made there is what CMake or another generator wrote: it builds, as `cmake --build` does.
    if text.is_none()
        && file.is_none()
        && builds(words.get(1..).unwrap_or_default())
        && folder.as_deref().is_some_and(|folder| to.has_made(folder))
    {
        return true;
    }
    let whole = folder.as_deref().is_some_and(|folder| tree::is_whole(to.tree, folder, &["Makefile"]));
    let (Some(Ok(text)), true, true) = (text, understood, whole) else {
        to.unclear(words, how);
        return true;
    };
    let mut rules = read_make(&text, &|name| to.names.contains_key(name) || to.given.contains(name));
    for (name, value) in names {
        rules.variables.insert(name.to_owned(), Some(value.to_owned()));
    }
    if targets.is_empty() {
        targets.extend(rules.first.clone());
    }
    if !rules.understood || targets.is_empty() {
        to.unclear(words, how);
        return true;
    }
    let followed = to.follow(|to| {
        to.folder = folder;
        let mut seen = Seen::new();
        for target in &targets {
            run(to, &rules, target, &mut seen, how, 0, words);
        }
    });
    if !followed {
        to.unclear(words, how);
    }
    true
}

fn run(to: &mut Evaluator<'_>, rules: &Rules, target: &str, seen: &mut Seen, how: How, depth: usize, words: &[String]) {
    if !seen.insert(target.to_owned()) || !to.may_go_on() {
        return;
    }
    let there =
        to.folder.as_deref().and_then(|folder| tree::join(folder, target)).is_some_and(|path| to.tree.has(&path));
    let phony = rules.phony.iter().any(|name| name == target);
    let Some(rule) = rules.by_target.get(target).filter(|_| depth < 20) else {
        // A file of the tree needs no rule.
        if !there || depth == 0 || depth >= 20 {
            to.unclear(words, how);
        }
        return;
    };
    // What is there and newer than what it is made of is not made again.
    if there && !phony {
        to.unclear(words, how);
        return;
    }
    for before in &rule.before {
        run(to, rules, before, seen, how, depth + 1, words);
    }
    for line in &rule.lines {
        let bare = line.trim_start_matches(['@', '+', ' ', '\t']);
        let (lenient, bare) = match bare.strip_prefix('-') {
            Some(rest) => (true, rest.trim_start_matches(['@', '+', ' ', '\t'])),
            None => (false, bare),
        };
        let text = expanded(bare, &rules.variables, target);
        let how = if lenient { How { fails: Fails::No, ..how } } else { how };
        to.follow(|to| to.script(&text, NO_ERREXIT, how));
    }
}

/// The line as the shell gets it; what make itself computes stays as a word that is not known.
fn expanded(line: &str, variables: &BTreeMap<String, Option<String>>, target: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some(at) = rest.find('$') {
        text.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at + 1..).unwrap_or_default();
        let Some(next) = rest.chars().next() else { break };
        let behind = rest.get(next.len_utf8()..).unwrap_or_default();
        match next {
            '$' => {
                text.push('$');
                rest = behind;
            }
            '(' | '{' => {
                let close = if next == '(' { ')' } else { '}' };
                let Some((name, after)) = behind.split_once(close) else {
                    text.push(words::ANYTHING);
                    break;
                };
                match (name, variables.get(name)) {
                    ("MAKE", _) => text.push_str("make"),
                    (_, Some(Some(value))) => text.push_str(value),
                    _ => text.push(words::ANYTHING),
                }
                rest = after;
            }
            '@' => {
                text.push_str(target);
                rest = behind;
            }
            _ => {
                text.push(words::ANYTHING);
                rest = behind;
            }
        }
    }
    text.push_str(rest);
    text
}

/// `given` says which names the environment may bring along.
fn read_make(text: &str, given: &dyn Fn(&str) -> bool) -> Rules {
    let mut rules = Rules { understood: true, ..Rules::default() };
    let joined = text.replace("\\\r\n", "\\\n");
    let mut lines = joined.lines().peekable();
    let mut current: Vec<String> = Vec::new();
    while let Some(line) = lines.next() {
        let mut line = line.trim_end_matches('\r').to_owned();
        let recipe = line.starts_with('\t');
        while line.ends_with('\\') {
            let Some(next) = lines.next() else { break };
            line.pop();
            if recipe {
                line.push_str("\\\n");
                line.push_str(next.strip_prefix('\t').unwrap_or(next));
            } else {
                line.push(' ');
                line.push_str(next.trim());
            }
        }
        if recipe {
            let body = line.trim_start_matches('\t').to_owned();
            for target in &current {
                if let Some(rule) = rules.by_target.get_mut(target) {
                    rule.lines.push(body.clone());
                }
            }
            continue;
        }
        let line = line.split('#').next().unwrap_or_default().trim().to_owned();
        if line.is_empty() {
            continue;
        }
        let word = line.split([' ', ':', '=', '\t']).next().unwrap_or_default();
        let exported = line.strip_prefix("export ").map(str::trim);
        let statement = exported.unwrap_or(&line);
        if let Some((name, value, lazy)) = assignment(statement) {
            current.clear();
            // What the environment brings along is handed on with the value that it gets here.
            let exported = exported.is_some() || given(name);
            if matches!(name, "SHELL" | "MAKEFLAGS" | ".SHELLFLAGS" | "MAKE" | "MAKEFILES")
                || exported && !crate::surroundings::is_harmless(name, Some(value))
            {
                let usual = name == "SHELL"
                    && matches!(value, "/bin/bash" | "/bin/sh" | "bash" | "sh" | "/usr/bin/env bash" | "/usr/bin/bash");
                rules.understood &= usual;
            }
            let plain = !value.contains(['$', '`', '\\']);
            let value = if plain {
                Some(value.to_owned())
            } else {
                let text = expanded(value, &rules.variables, "");
                (!lazy && !text.contains(words::ANYTHING) || lazy && !text.contains(words::ANYTHING)).then_some(text)
            };
            let first = !rules.variables.contains_key(name);
            let asked = statement.split_once('=').is_some_and(|(before, _)| before.ends_with('?'));
            let perhaps = asked && (!first || given(name)) || statement.contains("+=");
            if !asked || first {
                rules.variables.insert(name.to_owned(), if perhaps { None } else { value });
            }
            continue;
        }
        if let Some(names) = exported {
            let harmless = |name| crate::surroundings::is_harmless(name, None);
            rules.understood &= names.split_whitespace().all(harmless);
            continue;
        }
        if matches!(
            word,
            "include"
                | "-include"
                | "sinclude"
                | "define"
                | "endef"
                | "ifeq"
                | "ifneq"
                | "ifdef"
                | "ifndef"
                | "else"
                | "endif"
                | "override"
                | "unexport"
                | "vpath"
                | "load"
                | "undefine"
                | "private"
        ) {
            rules.understood = false;
            continue;
        }
        let Some((targets, before)) = line.split_once(':') else {
            rules.understood = false;
            continue;
        };
        let before = before.strip_prefix(':').unwrap_or(before);
        if targets.contains(['$', '%']) || before.contains(['=', ';', '%']) {
            // A rule for patterns makes no target of this name unless it is asked for; variables in names may be any.
            current.clear();
            if targets.contains('$') || before.contains(['=', ';']) {
                rules.understood = false;
            }
            continue;
        }
        let names: Vec<String> = targets.split_whitespace().map(ToOwned::to_owned).collect();
        let before = expanded(before, &rules.variables, "").replace('|', " ");
        let before: Vec<String> = before.split_whitespace().map(ToOwned::to_owned).collect();
        current.clear();
        for name in names {
            match name.as_str() {
                ".PHONY" => rules.phony.extend(before.iter().cloned()),
                ".DEFAULT_GOAL" | ".SUFFIXES" | ".DELETE_ON_ERROR" | ".SECONDARY" | ".NOTPARALLEL" => {}
                name if name.starts_with('.')
                    && !name.contains('/')
                    && name.len() > 1
                    && name.chars().skip(1).all(|c| c.is_ascii_uppercase() || c == '_') =>
                {
                    // `.IGNORE`, `.ONESHELL`, `.POSIX` and the like change how lines are run.
                    rules.understood = false;
                }
                _ => {
                    rules.first.get_or_insert_with(|| name.clone());
                    let rule = rules.by_target.entry(name.clone()).or_default();
                    if !rule.lines.is_empty() {
                        rule.lines.clear();
                    }
                    rule.before.extend(before.iter().cloned());
                    current.push(name);
                }
            }
        }
    }
    rules
}

/// `NAME = value` in each of its forms, and whether it is read late.
fn assignment(line: &str) -> Option<(&str, &str, bool)> {
    let at = line.find('=')?;
    let (before, value) = line.split_at_checked(at)?;
    let value = value.get(1..)?.trim();
    let lazy = !before.ends_with(':');
    let name = before.trim_end_matches([':', '?', '+', '!']).trim();
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
    plain.then_some((name, value, lazy))
}

//! Recipes of a justfile, as far as they are plain.

use std::collections::BTreeMap;

use super::{
    NO_ERREXIT, Seen, beside, first_line,
    make::{Rule, Rules},
};
use crate::{
    commands::{Evaluator, Fails, How, Mode},
    shell::words,
};

/// `just [recipe...]`
pub(super) fn just(to: &mut Evaluator<'_>, words: &[String], how: How) -> bool {
    const ABOUT: &[&str] = &[
        "--list",
        "-l",
        "--summary",
        "--version",
        "-V",
        "--help",
        "-h",
        "-n",
        "--dry-run",
        "--show",
        "--evaluate",
        "--fmt",
        "--choose",
    ];
    let plain: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
    if plain.first().is_some_and(|word| ABOUT.contains(word)) {
        return true;
    }
    let text = ["justfile", "Justfile", ".justfile"].iter().find_map(|name| beside(to, name));
    let understood = plain.iter().all(|word| !word.starts_with('-') && !word.contains(['=', '\u{2}', '\u{3}']));
    let (Some(Ok(text)), true) = (text, understood) else {
        to.unclear(words, how);
        return true;
    };
    let rules = read_just(&text);
    let targets: Vec<String> = if plain.is_empty() {
        rules.first.iter().cloned().collect()
    } else {
        plain.iter().map(|word| (*word).to_owned()).collect()
    };
    if !rules.understood || targets.is_empty() {
        to.unclear(words, how);
        return true;
    }
    let followed = to.follow(|to| {
        let mut seen = Seen::new();
        for target in &targets {
            recipe(to, &rules, target, &mut seen, how, 0, words);
        }
    });
    if !followed {
        to.unclear(words, how);
    }
    true
}

fn recipe(
    to: &mut Evaluator<'_>,
    rules: &Rules,
    target: &str,
    seen: &mut Seen,
    how: How,
    depth: usize,
    words: &[String],
) {
    if !seen.insert(target.to_owned()) || !to.may_go_on() {
        return;
    }
    let Some(rule) = rules.by_target.get(target).filter(|_| depth < 20) else {
        to.unclear(words, how);
        return;
    };
    for before in &rule.before {
        recipe(to, rules, before, seen, how, depth + 1, words);
    }
    let lines: Vec<String> = rule.lines.iter().map(|line| filled(line, &rules.variables)).collect();
    if lines.first().is_some_and(|line| line.starts_with("#!")) {
        let text = lines.join("\n");
        match first_line(&text) {
            Some(mode) => {
                to.follow(|to| to.script(&text, mode, how));
            }
            None => to.unclear(words, how),
        }
        return;
    }
    for line in &lines {
        let bare = line.trim_start_matches(['@', ' ']);
        let (lenient, bare) = match bare.strip_prefix('-') {
            Some(rest) => (true, rest.trim_start_matches(['@', ' '])),
            None => (false, bare),
        };
        let how = if lenient { How { fails: Fails::No, ..how } } else { how };
        let mode: Mode = NO_ERREXIT;
        to.follow(|to| to.script(bare, mode, how));
    }
}

fn filled(line: &str, variables: &BTreeMap<String, Option<String>>) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some((before, behind)) = rest.split_once("{{") {
        text.push_str(before);
        let Some((name, behind)) = behind.split_once("}}") else {
            rest = "";
            text.push(words::ANYTHING);
            break;
        };
        match variables.get(name.trim()) {
            Some(Some(value)) => text.push_str(value),
            _ => text.push(words::ANYTHING),
        }
        rest = behind;
    }
    text.push_str(rest);
    text
}

fn read_just(text: &str) -> Rules {
    let mut rules = Rules { understood: true, ..Rules::default() };
    let mut current: Option<String> = None;
    let mut waiting = String::new();
    for line in text.lines() {
        if line.starts_with([' ', '\t']) {
            if let Some(rule) = current.as_ref().and_then(|name| rules.by_target.get_mut(name)) {
                let line = line.trim();
                if let Some(start) = line.strip_suffix('\\') {
                    waiting.push_str(start);
                    continue;
                }
                rule.lines.push(format!("{}{line}", std::mem::take(&mut waiting)));
            }
            continue;
        }
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        current = None;
        if line.starts_with('[') {
            // `[private]`, `[group('x')]` and `[doc('x')]` change nothing; others say where and how it runs.
            let plain = ["[private]", "[group(", "[doc(", "[no-cd]", "[no-exit-message]", "[group:", "[doc:"]
                .iter()
                .any(|start| line.starts_with(start));
            rules.understood &= plain;
            continue;
        }
        if let Some((name, value)) = line.split_once(":=") {
            let name = name.trim();
            let exported = name.strip_prefix("export ").map(str::trim);
            let name = exported.unwrap_or(name);
            if let Some(setting) = name.strip_prefix("set ") {
                let usual = matches!(setting.trim(), "positional-arguments" | "quiet" | "ignore-comments" | "fallback")
                    || value.trim() == "false"
                    || setting.trim() == "shell"
                        && matches!(
                            value.trim(),
                            "[\"bash\", \"-uc\"]"
                                | "[\"bash\", \"-cu\"]"
                                | "[\"bash\", \"-c\"]"
                                | "[\"sh\", \"-cu\"]"
                                | "[\"bash\", \"-euo\", \"pipefail\", \"-c\"]"
                                | "[\"bash\", \"-eu\", \"-o\", \"pipefail\", \"-c\"]"
                        );
                rules.understood &= usual;
                continue;
            }
            let value = value.trim();
            let inside = value
                .strip_prefix('"')
                .and_then(|rest| rest.strip_suffix('"'))
                .or_else(|| value.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')));
            let plain = inside.filter(|inside| !inside.contains(['"', '\'', '\\', '{', '`']));
            if exported.is_some() {
                rules.understood &= crate::surroundings::is_harmless(name, plain);
            }
            rules.variables.insert(name.to_owned(), plain.map(ToOwned::to_owned));
            continue;
        }
        if let Some(setting) = line.strip_prefix("set ") {
            // With others, recipes get an environment that is not looked at.
            rules.understood &=
                matches!(setting.trim(), "positional-arguments" | "quiet" | "ignore-comments" | "fallback");
            continue;
        }
        if line.starts_with("alias ") {
            continue;
        }
        let Some((head, before)) = line.split_once(':') else {
            rules.understood = false;
            continue;
        };
        let mut parts = head.split_whitespace();
        let name = parts.next().unwrap_or_default().trim_start_matches('@').to_owned();
        let before: Vec<String> =
            before.split_whitespace().filter(|word| *word != "&&").map(ToOwned::to_owned).collect();
        // What a recipe is given is not known.
        for parameter in parts {
            // It is handed on in the environment.
            rules.understood &= !parameter.trim_start_matches(['*', '+']).starts_with('$');
            let parameter = parameter.trim_start_matches(['*', '+', '$']).split('=').next().unwrap_or_default();
            rules.variables.insert(parameter.to_owned(), None);
        }
        if before.iter().any(|word| word.contains(['(', ')', '"', '\''])) {
            rules.understood = false;
        }
        rules.first.get_or_insert_with(|| name.clone());
        rules.by_target.insert(name.clone(), Rule { before, lines: Vec::new() });
        current = Some(name);
    }
    rules
}

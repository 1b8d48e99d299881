//! `meson.build` at the root.
//!
//! Source: Meson, "Built-in options", `add_project_arguments`: arguments are refused once a target is made.

use super::{BOTH, C, CPP, Flags, Found, PIE, WERROR};

pub(super) fn settings(text: &str) -> Vec<Found> {
    let (mut c, mut cpp) = (Flags::default(), Flags::default());
    let mut found = Vec::new();
    let mut depth = 0_usize;
    for statement in statements(text) {
        let word = statement.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next().unwrap_or_default();
        match word {
            "if" | "foreach" => depth += 1,
            "endif" | "endforeach" => depth = depth.saturating_sub(1),
            "subdir_done" if depth == 0 => break,
            "project" if depth == 0 => found.extend(defaults(&statement)),
            "add_project_arguments" | "add_global_arguments" if depth == 0 => {
                let Some((arguments, language)) = statement.split_once("language") else { continue };
                // What a call gives is not known.
                if arguments.matches('(').count() != 1 || arguments.contains('+') {
                    continue;
                }
                let languages = quoted(language);
                for flag in quoted(arguments) {
                    for (name, flags) in [("c", &mut c), ("cpp", &mut cpp)] {
                        if languages.contains(&name) {
                            flags.take(flag);
                        }
                    }
                }
            }
            _ => {}
        }
    }
    found.extend(c.found(C));
    found.extend(cpp.found(CPP));
    found
}

/// What `default_options` of `project()` switches on.
fn defaults(statement: &str) -> Vec<Found> {
    let Some((_, options)) = statement.split_once("default_options") else { return Vec::new() };
    let options = quoted(options);
    let has = |option: &str| options.contains(&option);
    let one = |setting| Found { setting, value: "true".to_owned(), languages: BOTH };
    let mut found = Vec::new();
    if has("werror=true") && !has("warning_level=0") {
        found.push(one(WERROR));
    }
    if has("b_pie=true") {
        found.push(one(PIE));
    }
    found
}

/// Texts in single quotes.
fn quoted(text: &str) -> Vec<&str> {
    text.split('\'').skip(1).step_by(2).collect()
}

/// Statements without comments; one in brackets goes over several lines.
fn statements(text: &str) -> Vec<String> {
    let (mut all, mut now) = (Vec::new(), String::new());
    let (mut open, mut in_text) = (0_usize, false);
    for line in text.lines() {
        for letter in line.chars() {
            match letter {
                '#' if !in_text => break,
                '\'' => in_text = !in_text,
                '(' | '[' if !in_text => open += 1,
                ')' | ']' if !in_text => open = open.saturating_sub(1),
                _ => {}
            }
            now.push(letter);
        }
        in_text = false;
        if open == 0 {
            all.push(std::mem::take(&mut now).trim().to_owned());
        } else {
            now.push(' ');
        }
    }
    all
}

//! `CMakeLists.txt` at the root.
//!
//! Source: `CMake`, cmake-language(7), `add_compile_options`, `CMAKE_<LANG>_FLAGS`: a target takes the options that its folder
//! has when it is made.

use super::{BOTH, C, CPP, Flags, Found, PIE};

/// Commands that begin and end what may not run, or runs elsewhere.
const OPENS: &[&str] = &["if", "foreach", "while", "function", "macro", "block"];
const CLOSES: &[&str] = &["endif", "endforeach", "endwhile", "endfunction", "endmacro", "endblock"];
/// Behind these, options no longer count for all targets.
const TARGETS: &[&str] = &["add_executable", "add_library", "add_subdirectory", "return", "fetchcontent_makeavailable"];
const SETS: &[&str] =
    &["add_compile_options", "add_compile_definitions", "add_definitions", "set", "string", "add_link_options"];
/// Commands of one file.
const MOST: usize = 10_000;

pub(super) fn settings(text: &str) -> Vec<Found> {
    let Some(commands) = commands(text) else { return Vec::new() };
    let (mut all, mut c, mut cpp) = (Vec::new(), Vec::new(), Vec::new());
    let mut pie = false;
    let mut depth = 0_usize;
    for (name, arguments) in &commands {
        if OPENS.contains(&name.as_str()) {
            // A command of that name would no longer be the one that is known.
            if matches!(name.as_str(), "function" | "macro")
                && arguments.first().is_some_and(|own| SETS.contains(&own.to_ascii_lowercase().as_str()))
            {
                return Vec::new();
            }
            depth += 1;
            continue;
        }
        if CLOSES.contains(&name.as_str()) {
            depth = depth.saturating_sub(1);
            continue;
        }
        // Under a condition, too: targets that are there already do not take what is added behind them.
        if depth > 0 && TARGETS.contains(&name.as_str()) && name.starts_with("add_") {
            break;
        }
        if depth > 0 {
            continue;
        }
        if TARGETS.contains(&name.as_str()) {
            break;
        }
        let plain = arguments.iter().flat_map(|word| word.split_whitespace()).filter(|word| !word.contains('$'));
        match (name.as_str(), arguments.first().map(String::as_str)) {
            ("add_compile_options" | "add_compile_definitions" | "add_definitions", _) => {
                all.extend(plain.map(ToOwned::to_owned));
            }
            ("set", Some("CMAKE_POSITION_INDEPENDENT_CODE")) => {
                pie = arguments.get(1).is_some_and(|value| matches!(value.as_str(), "ON" | "TRUE" | "1" | "YES"));
            }
            ("set", Some("CMAKE_COMPILE_WARNING_AS_ERROR")) => {
                let on = arguments.get(1).is_some_and(|value| matches!(value.as_str(), "ON" | "TRUE" | "1" | "YES"));
                all.push(if on { "-Werror" } else { "-Wno-error" }.to_owned());
            }
            ("set", Some(variable @ ("CMAKE_C_FLAGS" | "CMAKE_CXX_FLAGS"))) => {
                let flags = if variable == "CMAKE_C_FLAGS" { &mut c } else { &mut cpp };
                if !arguments.iter().skip(1).any(|word| word.contains(&format!("${{{variable}}}"))) {
                    flags.clear();
                }
                flags.extend(plain.skip(1).map(ToOwned::to_owned));
            }
            ("string", Some("APPEND")) => {
                let flags = match arguments.get(1).map(String::as_str) {
                    Some("CMAKE_C_FLAGS") => &mut c,
                    Some("CMAKE_CXX_FLAGS") => &mut cpp,
                    _ => continue,
                };
                flags.extend(plain.skip(2).map(ToOwned::to_owned));
            }
            _ => {}
        }
    }
    // What undoes a protection anywhere may undo it for any target.
    let undone = |word: &str| {
        commands
            .iter()
            .flat_map(|(_, arguments)| arguments)
            .any(|argument| argument.split([' ', ';', '>', ':']).any(|flag| flag.trim_matches('"') == word))
    };
    let no_stack = undone("-fno-stack-protector");
    let no_fortify = undone("-D_FORTIFY_SOURCE=0") || undone("_FORTIFY_SOURCE=0");
    let flags = |own: &[String]| {
        let mut flags = Flags::default();
        // Flags of the language come first in the call of the compiler, those of the folder behind them.
        own.iter().chain(&all).for_each(|flag| flags.take(flag));
        if no_stack {
            flags.take("-fno-stack-protector");
        }
        if no_fortify {
            flags.take("-U_FORTIFY_SOURCE");
        }
        flags
    };
    let mut found = if c.is_empty() && cpp.is_empty() {
        flags(&[]).found(BOTH)
    } else {
        let mut found = flags(&c).found(C);
        found.extend(flags(&cpp).found(CPP));
        found
    };
    if pie && !found.iter().any(|one| one.setting == PIE) {
        found.push(Found { setting: PIE, value: "true".to_owned(), languages: BOTH });
    }
    found
}

/// The commands in lower case with their arguments; absent where the text is not understood to its end.
fn commands(text: &str) -> Option<Vec<(String, Vec<String>)>> {
    let mut all = Vec::new();
    let mut rest = text;
    loop {
        rest = passed(rest)?;
        if rest.is_empty() {
            return Some(all);
        }
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
        let (name, after) = rest.split_at_checked(end).filter(|(name, _)| !name.is_empty())?;
        rest = after.trim_start_matches([' ', '\t']).strip_prefix('(')?;
        let (arguments, after) = arguments(rest)?;
        all.push((name.to_ascii_lowercase(), arguments));
        rest = after;
        if all.len() > MOST {
            return None;
        }
    }
}

/// The text without blanks and comments at its front.
fn passed(text: &str) -> Option<&str> {
    let mut rest = text.trim_start();
    while let Some(comment) = rest.strip_prefix('#') {
        rest = match bracket(comment) {
            Some((_, after)) => after,
            None if comment.starts_with("[[") || comment.starts_with("[=") => return None,
            None => comment.split_once('\n').map_or("", |(_, after)| after),
        };
        rest = rest.trim_start();
    }
    Some(rest)
}

/// What is in `[[ ]]` or `[==[ ]==]` at the front, and what is behind.
fn bracket(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('[')?;
    let signs = inner.find(|c| c != '=')?;
    let body = inner.get(signs..)?.strip_prefix('[')?;
    body.split_once(&format!("]{}]", "=".repeat(signs)))
}

/// Arguments up to the closing bracket, and what is behind.
fn arguments(text: &str) -> Option<(Vec<String>, &str)> {
    let mut all = Vec::new();
    let (mut rest, mut depth) = (text, 0_usize);
    loop {
        rest = passed(rest)?;
        let first = rest.chars().next()?;
        match first {
            ')' if depth == 0 => return Some((all, rest.get(1..)?)),
            ')' => {
                depth -= 1;
                rest = rest.get(1..)?;
            }
            '(' => {
                depth += 1;
                rest = rest.get(1..)?;
            }
            '"' => {
                let mut word = String::new();
                let mut letters = rest.get(1..)?.char_indices();
                let end = loop {
                    match letters.next()? {
                        (at, '"') => break at,
                        (_, '\\') => word.extend(letters.next().map(|(_, letter)| letter)),
                        (_, letter) => word.push(letter),
                    }
                };
                all.push(word);
                rest = rest.get(end + 2..)?;
            }
            '[' if bracket(rest).is_some() => {
                let (body, after) = bracket(rest)?;
                all.push(body.to_owned());
                rest = after;
            }
            _ => {
                let end =
                    rest.find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"' | '#')).unwrap_or(rest.len());
                let (word, after) = rest.split_at_checked(end.max(first.len_utf8()))?;
                // A list in one word is several.
                all.extend(word.split(';').map(ToOwned::to_owned));
                rest = after;
            }
        }
    }
}

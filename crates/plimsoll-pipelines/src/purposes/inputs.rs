//! The inputs of an action, as the words of what it runs.

use crate::{actions, shell::words};

/// The languages for which `CodeQL` is set up; none where it finds them itself. Absent where they are not known.
pub(super) fn analysed(with: &[(String, String)]) -> Option<Vec<&'static str>> {
    if with.iter().any(|(key, _)| key.is_empty() || key.eq_ignore_ascii_case("config-file")) {
        return None;
    }
    let named =
        with.iter().find(|(key, _)| key.eq_ignore_ascii_case("languages")).map_or("", |(_, value)| value.as_str());
    let words = named.split([',', '\n']).map(str::trim).filter(|word| !word.is_empty());
    let known =
        |word: &str| actions::ANALYSED.iter().find(|(name, _)| word.eq_ignore_ascii_case(name)).map(|(_, of)| *of);
    let all: Option<Vec<&[&'static str]>> = words.map(known).collect();
    Some(all?.concat())
}

/// The command of an action with its inputs put in.
pub(super) fn template(command: &str, with: &[(String, String)]) -> String {
    let mut text = String::new();
    let mut rest = command;
    while let Some((before, behind)) = rest.split_once('{') {
        text.push_str(before);
        let (name, after) = behind.split_once('}').unwrap_or((behind, ""));
        let (name, otherwise) = name.split_once('|').unwrap_or((name, ""));
        let given = with
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty());
        // No shell reads it: what a shell would take apart may be anything.
        match given {
            Some(given) if given.contains(['|', ';', '&', '$', '`', '>', '<', '\n', '\\']) => {
                text.push(words::ANYTHING);
            }
            Some(given) => text.push_str(given),
            None => text.push_str(otherwise),
        }
        rest = after;
    }
    text.push_str(rest);
    text
}

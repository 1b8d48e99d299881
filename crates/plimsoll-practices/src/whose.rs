//! Whose practices they are: a label that rests on others than the built-in ones says so.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use crate::{
    PracticeError,
    source::{Source, at},
};

/// The file that says it.
pub const FILE: &str = "practices.toml";
/// Letters of a name, which has to fit on a label.
const LONGEST: usize = 60;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WhoseFile {
    /// The organisation or person who answers for them.
    of: Spanned<String>,
}

/// Gives whose practices `files` are; nothing where each of `built_in` is among them as it is, so that the rest can only add
/// entries that no tier asks for. Empty where the files do not say.
///
/// What tools of pipelines are (`tools/`) decides what is evidence: own rows make own practices.
pub(crate) fn of(
    files: &BTreeMap<String, String>,
    built_in: &BTreeMap<String, String>,
    problems: &mut Vec<PracticeError>,
) -> Option<String> {
    let named = files.get(FILE).map(|text| named(&Source { file: FILE, text }));
    let named = match named {
        Some(Err(problem)) => {
            problems.push(problem);
            String::new()
        }
        Some(Ok(name)) => name,
        None => String::new(),
    };
    let is_kept = built_in.iter().all(|(path, text)| files.get(path) == Some(text));
    let adds_tools = files.keys().any(|path| path.starts_with("tools/"));
    (!is_kept || adds_tools).then_some(named)
}

fn named(source: &Source<'_>) -> Result<String, PracticeError> {
    let file: WhoseFile = source.parse()?;
    let name = file.of.get_ref().trim();
    let is_text = !name.chars().any(char::is_control) && name.chars().any(char::is_alphanumeric);
    if !is_text || name.chars().count() > LONGEST {
        return Err(source.error(at(&file.of), format!("\"of\" has to be a name of 1 to {LONGEST} letters")));
    }
    // "Practices of Plimsoll, not those of Plimsoll" would be read as the built-in ones.
    let letters: String = name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    if letters.contains("plimsoll") {
        let message =
            "\"of\" names who answers for these practices, and may not be the name of this program".to_owned();
        return Err(source.error(at(&file.of), message));
    }
    Ok(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn only_what_leaves_all_that_is_built_in_is_of_nobody_else() {
        let built_in = files(&[("tiers/plimsoll.toml", "a"), ("criteria/ci.toml", "b")]);
        let with = |more: &[(&str, &str)]| {
            let mut all = built_in.clone();
            all.extend(files(more));
            let mut problems = Vec::new();
            let whose = of(&all, &built_in, &mut problems);
            (whose, problems.iter().map(ToString::to_string).collect::<Vec<_>>())
        };
        assert_eq!(with(&[]), (None, Vec::new()));
        assert_eq!(with(&[("catalogs/own.toml", "c"), ("practices.toml", "of = \"A\"")]), (None, Vec::new()));
        assert_eq!(with(&[("tiers/plimsoll.toml", "a ")]), (Some(String::new()), Vec::new()));
        assert_eq!(with(&[("tools/own.toml", "")]), (Some(String::new()), Vec::new()));
        let named = with(&[("criteria/ci.toml", ""), ("practices.toml", "of = \" Example Ltd. \"")]);
        assert_eq!(named, (Some("Example Ltd.".to_owned()), Vec::new()));
        let mut less = built_in.clone();
        less.remove("criteria/ci.toml");
        assert_eq!(of(&less, &built_in, &mut Vec::new()), Some(String::new()));
        for wrong in
            ["of = \"\"", "of = \"...\"", "of = 1", "", "of = \"a\\nb\"", "whose = \"a\"", "of = \"P l i m-soll Inc.\""]
        {
            let (_, problems) = with(&[("practices.toml", wrong)]);
            assert_eq!(problems.len(), 1, "{wrong}");
        }
        let long = format!("of = \"{}\"", "a".repeat(LONGEST + 1));
        assert_eq!(with(&[("practices.toml", &long)]).1.len(), 1);
    }
}

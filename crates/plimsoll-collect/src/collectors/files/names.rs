//! Names of files that are not what they look like, and that other file systems take for each other.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization as _;

use super::hidden::twin;

/// What is wrong with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    /// Two names that a file system without letter case takes for one.
    Case,
    /// Two names that look the same.
    Lookalike,
    /// A letter that nobody sees or that turns the direction.
    Hidden,
    /// A control character, or bytes that are no text.
    Control,
    /// Some file systems take it for git's own folder.
    GitFolder,
}

impl What {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Case => "case",
            Self::Lookalike => "lookalike",
            Self::Hidden => "hidden",
            Self::Control => "control",
            Self::GitFolder => "git-folder",
        }
    }
}

/// A name with a fault, by the place of its path among those that were given.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Odd {
    pub(super) place: usize,
    pub(super) what: What,
    /// The place of the path that it is taken for.
    pub(super) other: Option<usize>,
}

/// Finds them among all paths, as [`plimsoll_snapshot::Entry::path`] spells them, in the order of their places.
pub(super) fn find(paths: &[&str]) -> Vec<Odd> {
    let mut odd = Vec::new();
    let (mut folded, mut shapes): (BTreeMap<String, usize>, BTreeMap<String, usize>) =
        (BTreeMap::new(), BTreeMap::new());
    for (place, path) in paths.iter().enumerate() {
        for what in own_faults(path) {
            odd.push(Odd { place, what, other: None });
        }
        let fold = fold(path);
        if let Some(other) = folded.get(&fold) {
            odd.push(Odd { place, what: What::Case, other: Some(*other) });
        } else {
            folded.insert(fold.clone(), place);
            // A shape differs from its fold where there is a letter with a twin, or a letter without a shape.
            let shape = shape(&fold);
            if let Some(other) = shapes.get(&shape) {
                odd.push(Odd { place, what: What::Lookalike, other: Some(*other) });
            } else {
                shapes.insert(shape, place);
            }
        }
    }
    odd
}

/// As a file system without letter case, and one that composes letters, has it.
fn fold(path: &str) -> String {
    if path.is_ascii() { path.to_ascii_lowercase() } else { path.nfc().flat_map(char::to_lowercase).nfc().collect() }
}

/// What is seen of a name.
fn shape(fold: &str) -> String {
    if fold.is_ascii() {
        return fold.to_owned();
    }
    fold.nfkc()
        .filter(|letter| !is_unseen(*letter))
        .map(|letter| twin(letter).unwrap_or(letter))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Letters without a shape of their own, and those that turn the direction.
const fn is_unseen(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{e0000}'..='\u{e007f}')
}

fn own_faults(path: &str) -> Vec<What> {
    let mut faults = Vec::new();
    // `%` itself is spelled `%25`: what else follows it is a byte that cannot be shown.
    if path.match_indices('%').any(|(at, _)| path.get(at + 1..at + 3) != Some("25")) {
        faults.push(What::Control);
    }
    // Joiners are part of pictures and of some scripts; between letters of ASCII and next to dots they are not.
    let joins = |letter: char| matches!(letter, '\u{200c}' | '\u{200d}');
    let mut before: Option<char> = None;
    let hidden = path.chars().any(|letter| {
        let is_hidden = is_unseen(letter) && (!joins(letter) || before.is_none_or(|before| before.is_ascii()));
        before = Some(letter);
        is_hidden
    });
    if hidden {
        faults.push(What::Hidden);
    }
    // HFS+ passes over letters that nobody sees; NTFS has a short name, and drops dots and blanks at the end.
    let is_git = |part: &str| {
        let seen: String = part.chars().filter(|letter| !is_unseen(*letter)).flat_map(char::to_lowercase).collect();
        matches!(seen.trim_end_matches(['.', ' ']), ".git" | "git~1")
    };
    if path.split('/').any(is_git) {
        faults.push(What::GitFolder);
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(paths: &[&str], expected: &[(usize, What, Option<usize>)]) {
        let found: Vec<_> = find(paths).iter().map(|odd| (odd.place, odd.what, odd.other)).collect();
        assert_eq!(found, expected, "{paths:?}");
    }

    #[test]
    fn names_that_are_taken_for_others_are_found() {
        check(
            &["README.md", "readme.MD", "src/a.rs", "src/A.rs"],
            &[(1, What::Case, Some(0)), (3, What::Case, Some(2))],
        );
        check(&["src/utils.js", "src/util\u{0455}.js"], &[(1, What::Lookalike, Some(0))]);
        check(&["caf\u{e9}", "cafe\u{301}"], &[(1, What::Case, Some(0))]);
        check(&["a\u{ff42}", "ab"], &[(1, What::Lookalike, Some(0))]);
        check(&["a", "b/a", "\u{0430}bc", "abd"], &[]);
    }

    #[test]
    fn names_that_hide_something_are_found() {
        check(&["photo\u{202e}gpj.exe"], &[(0, What::Hidden, None)]);
        check(&["a\u{200b}b"], &[(0, What::Hidden, None)]);
        check(&["a%0Ab", "a%25b", "%FF"], &[(0, What::Control, None), (2, What::Control, None)]);
        check(&[".g\u{200c}it/config"], &[(0, What::Hidden, None), (0, What::GitFolder, None)]);
        check(
            &["a/.GIT/config", "GIT~1/config", ".git. /x"],
            &[(0, What::GitFolder, None), (1, What::GitFolder, None), (2, What::GitFolder, None)],
        );
        check(&[".github/a", ".gitignore", "git/x", "\u{1f468}\u{200d}\u{1f469}.png"], &[]);
    }

    proptest::proptest! {
        #[test]
        fn no_names_make_it_panic(paths: Vec<String>) {
            let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
            proptest::prop_assert!(find(&paths).iter().all(|odd| odd.place < paths.len()));
        }
    }
}

//! Lists of patterns that say what a package or an image leaves out or takes in: `.gitignore` and what is written like it.

use globset::{GlobBuilder, GlobMatcher};

/// Lines of one list; one with more is not read to its end.
const MOST: usize = 500;

/// How a pattern without a slash at its start is meant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Root {
    /// At any depth, as `.gitignore`, `.npmignore` and cargo do.
    Anywhere,
    /// From the folder of the list on, as `.dockerignore` and `files` of npm do.
    Here,
}

/// The patterns of one list, in their order.
pub(super) struct List {
    lines: Vec<Line>,
    /// The first line that could not be read as a pattern.
    pub(super) unread: Option<String>,
}

struct Line {
    text: String,
    takes: bool,
    matcher: GlobMatcher,
}

impl List {
    pub(super) fn of<'a>(lines: impl Iterator<Item = &'a str>, root: Root) -> Self {
        let mut list = Self { lines: Vec::new(), unread: None };
        for line in lines.map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if list.lines.len() >= MOST {
                list.unread.get_or_insert_with(|| line.to_owned());
                break;
            }
            let (text, takes) = line.strip_prefix('!').map_or((line, true), |rest| (rest, false));
            let text = text.trim_end_matches('/').trim_end_matches("/**");
            let text = text.strip_prefix("./").unwrap_or(text);
            let inside = text.trim_start_matches('/');
            let pattern = match inside {
                "" | "." => "**".to_owned(),
                _ if root == Root::Here || text.contains('/') => inside.to_owned(),
                _ => format!("**/{inside}"),
            };
            match GlobBuilder::new(&pattern).literal_separator(true).backslash_escape(true).build() {
                Ok(glob) => {
                    list.lines.push(Line { text: inside.to_owned(), takes, matcher: glob.compile_matcher() });
                }
                Err(_) => {
                    list.unread.get_or_insert_with(|| line.to_owned());
                }
            }
        }
        list
    }

    /// The last line that matches `path` or a folder above it, and whether it takes that in; a later `!` takes it out.
    pub(super) fn last(&self, path: &str) -> Option<(&str, bool)> {
        let matches = |line: &&Line| above(path).any(|part| line.matcher.is_match(part));
        self.lines.iter().rev().find(matches).map(|line| (line.text.as_str(), line.takes))
    }

    pub(super) fn takes(&self, path: &str) -> bool {
        self.last(path).is_some_and(|(_, takes)| takes)
    }
}

/// The path and the folders above it, the innermost first.
pub(super) fn above(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |here| here.rsplit_once('/').map(|(folder, _)| folder))
}

/// `path` from `folder` on, where it lies in there.
pub(super) fn below<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    if folder.is_empty() { Some(path) } else { path.strip_prefix(folder)?.strip_prefix('/') }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_as_their_tools_do() {
        for (root, lines, path, expected) in [
            (Root::Anywhere, "tests", "tests/a.pem", true),
            (Root::Anywhere, "tests/", "a/tests/a.pem", true),
            (Root::Anywhere, "/tests", "a/tests/a.pem", false),
            (Root::Anywhere, "*.pem", "a/b/c.pem", true),
            (Root::Anywhere, "a/*.pem", "a/b/c.pem", false),
            (Root::Anywhere, "# tests\n\n", "tests/a.pem", false),
            (Root::Anywhere, "tests\n!tests/keys", "tests/keys/a.pem", false),
            (Root::Anywhere, "!tests\ntests", "tests/keys/a.pem", true),
            (Root::Here, "tests", "a/tests/a.pem", false),
            (Root::Here, "*.pem", "a/b.pem", false),
            (Root::Here, "**/*.pem", "a/b.pem", true),
            (Root::Here, ".", "a/b.pem", true),
            (Root::Here, "./tests/**", "tests/a/b.pem", true),
            (Root::Here, "test", "tests/a.pem", false),
        ] {
            assert_eq!(List::of(lines.lines(), root).takes(path), expected, "{lines:?} {path}");
        }
        assert_eq!(List::of(["[a"].into_iter(), Root::Here).unread.as_deref(), Some("[a"));
    }
}

//! Which paths ship, and which only test, show, or copy.
//!
//! One function decides, [`PathClasses::of`]: what the build takes in first, the names of folders and files last.

mod delivery;
mod graph;
mod imports;
mod names;
mod rust;

use std::{collections::BTreeSet, sync::Arc};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
pub use plimsoll_components::PathClass;
use plimsoll_model::tree_path::join;
use plimsoll_snapshot::Snapshot;

pub(crate) use delivery::Delivery;
use graph::{Graph, LARGEST, Tree};
pub(crate) use rust::tests as rust_tests;

/// A pattern of the claims file that says too much.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PathsError {
    /// Not a pattern.
    #[error("[paths] {class}: \"{pattern}\" is not a path pattern: {reason}")]
    Pattern {
        /// The class.
        class: &'static str,
        /// The pattern.
        pattern: String,
        /// Why.
        reason: String,
    },
    /// It matches what no product can do without.
    #[error(
        "[paths] {class}: \"{pattern}\" also matches \"{path}\", which ships; name the folder that is meant, as in \"{class}/**\""
    )]
    TooWide {
        /// The class.
        class: &'static str,
        /// The pattern.
        pattern: String,
        /// What it matches.
        path: &'static str,
    },
    /// More patterns than are read.
    #[error("[paths] {class}: more than {most} patterns; name the folders above them")]
    TooMany {
        /// The class.
        class: &'static str,
        /// How many are read.
        most: usize,
    },
}

/// Paths that ship in every repository that has them.
const ALWAYS_SHIPPED: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "src/lib.rs",
    "src/main.rs",
    "package.json",
    "pyproject.toml",
    "go.mod",
    ".github/workflows/ci.yml",
];
/// Patterns of one class.
const MOST_PATTERNS: usize = 200;

/// The rules, what the build of one tree says before them, and what the producer's file says beside them.
#[derive(Clone, Debug, Default)]
pub struct PathClasses {
    declared: Vec<(PathClass, GlobSet)>,
    graph: Arc<Graph>,
}

impl PathClasses {
    /// The stated rules alone.
    pub fn stated() -> Self {
        Self::default()
    }

    /// The stated rules with patterns of the producer beside them (`*` within a part, `**` over parts).
    pub fn declared(patterns: &[(PathClass, Vec<String>)]) -> Result<Self, PathsError> {
        let mut declared = Vec::new();
        for (class, patterns) in patterns.iter().filter(|(_, patterns)| !patterns.is_empty()) {
            if patterns.len() > MOST_PATTERNS {
                return Err(PathsError::TooMany { class: class.as_str(), most: MOST_PATTERNS });
            }
            let mut set = GlobSetBuilder::new();
            for pattern in patterns {
                let refused =
                    |reason: String| PathsError::Pattern { class: class.as_str(), pattern: pattern.clone(), reason };
                let glob = GlobBuilder::new(pattern)
                    .literal_separator(true)
                    .backslash_escape(true)
                    .build()
                    .map_err(|error| refused(error.kind().to_string()))?;
                let matcher = glob.compile_matcher();
                if let Some(path) = ALWAYS_SHIPPED.iter().find(|path| matcher.is_match(path)) {
                    return Err(PathsError::TooWide { class: class.as_str(), pattern: pattern.clone(), path });
                }
                set.add(glob);
            }
            let set = set.build().map_err(|error| PathsError::Pattern {
                class: class.as_str(),
                pattern: patterns.join(", "),
                reason: error.to_string(),
            })?;
            declared.push((*class, set));
        }
        Ok(Self { declared, graph: Arc::default() })
    }

    /// The same rules for the tree of a commit: what its manifests and sources take in ships, whatever it is called.
    ///
    /// `product` is the name under which it is released, where that is known.
    #[must_use]
    pub fn in_commit(self, snapshot: &Snapshot, product: Option<&str>) -> Self {
        let paths = snapshot.entries().iter().filter(|entry| entry.is_file()).map(|entry| entry.path.as_str());
        let read = |path: &str| snapshot.read(snapshot.entry(path)?, LARGEST).ok();
        self.in_tree(&paths.collect(), &read, product)
    }

    /// The same rules for a tree of regular files, of which `read` gives the bytes.
    #[must_use]
    pub fn in_tree(
        self,
        paths: &BTreeSet<&str>,
        read: &(dyn Fn(&str) -> Option<Vec<u8>> + Sync),
        product: Option<&str>,
    ) -> Self {
        let text = |path: &str| Some(String::from_utf8_lossy(&read(path)?).into_owned());
        Self { graph: Arc::new(Graph::of(&Tree { paths, read: &text, product })), ..self }
    }

    /// What `path` counts as: what the build takes in ships, and of several folders the outermost name decides, then the
    /// file's.
    ///
    /// The producer's word takes nothing out of what ships: a file that the repository brings along would otherwise hide a
    /// secret or a known hole. What it says stands beside, see [`PathClasses::word`].
    pub fn of(&self, path: &str) -> PathClass {
        self.graph.class(path).0
    }

    /// Why the build decided on `path` and not its name: a clause that goes with "it ships:".
    pub fn why(&self, path: &str) -> Option<&str> {
        let (class, rule) = self.graph.class(path);
        rule.filter(|_| class != names::class(path))
    }

    /// The class of a file within a copy of somebody else's source: a test of theirs is one.
    pub fn within_copy(&self, path: &str) -> PathClass {
        let mut rest = path;
        while self.of(path) == PathClass::Vendored
            && let Some((_, below)) = rest.split_once('/')
        {
            rest = below;
            match names::class(rest) {
                PathClass::Shipped | PathClass::Vendored => {}
                class => return class,
            }
        }
        self.of(path)
    }

    /// Is it in a folder of tests, which see the product from outside, and not beside the code?
    pub fn in_tests(&self, path: &str) -> bool {
        self.of(path) == PathClass::Test && names::by_folder(path) == Some(PathClass::Test)
    }

    /// Folders that ship by the build although they are called otherwise, in one sentence; nothing where there are none.
    pub fn overruled(&self) -> Option<String> {
        let mut rules = self.graph.rules();
        let (first, rule) = rules.next()?;
        let first = plimsoll_model::one_line(first);
        let more = match rules.count() {
            0 => String::new(),
            1 => " One more folder ships by such a rule.".to_owned(),
            more => format!(" {more} more folders ship by such rules."),
        };
        Some(format!("{first} ships, whatever it is called: {}.{more}", plimsoll_model::one_line(rule)))
    }

    /// The class of a path that counts as shipped and of which the producer alone says otherwise.
    pub fn word(&self, path: &str) -> Option<PathClass> {
        let (class, _) = self.declared.iter().find(|(_, set)| set.is_match(path))?;
        (self.of(path) == PathClass::Shipped).then_some(*class)
    }

    /// Of which of `paths` the producer alone says that they do not ship, in one sentence; nothing where there are none.
    pub fn told<'a>(&self, paths: impl Iterator<Item = &'a str>) -> Option<String> {
        if self.declared.is_empty() {
            return None;
        }
        let mut said = paths.filter_map(|path| Some((path, self.word(path)?)));
        let (first, class) = said.next()?;
        let more = said.count();
        let first = plimsoll_model::one_line(first);
        let (more, they) = match more {
            0 => (String::new(), "it ships, and counts so"),
            1 => (", and of one more such file".to_owned(), "they ship, and count so"),
            more => (format!(", and of {more} more such files"), "they ship, and count so"),
        };
        Some(format!("The maker says that {first} is {} only{more}; by the stated rules {they}.", class.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_producers_word_stands_beside_and_takes_nothing_out() {
        let declared = |pattern: &str| PathClasses::declared(&[(PathClass::Fixture, vec![pattern.to_owned()])]);
        let classes = declared("corpus/**").unwrap();
        assert_eq!(classes.of("corpus/a/key.pem"), PathClass::Shipped);
        assert_eq!(classes.word("corpus/a/key.pem"), Some(PathClass::Fixture));
        assert_eq!((classes.of("corpora/a"), classes.word("corpora/a")), (PathClass::Shipped, None));
        // What the stated rules say needs no word.
        assert_eq!((classes.of("corpus/tests/a"), classes.word("corpus/tests/a")), (PathClass::Test, None));
        let told = classes.told(["src/lib.rs", "corpus/a", "corpus/b"].into_iter()).unwrap();
        assert!(
            told.contains("corpus/a is fixture only, and of one more such file; by the stated rules they ship"),
            "{told}"
        );
        assert_eq!(classes.told(["src/lib.rs", "corpus/tests/a"].into_iter()), None);
        for pattern in ["**", "*", "**/*.toml", "src/**", "{src,a}/**", "[", "**/*.rs", "*.lock"] {
            assert!(declared(pattern).is_err(), "{pattern}");
        }
    }

    #[test]
    fn patterns_beyond_the_bound_are_refused_and_not_dropped() {
        let patterns = |count: usize| vec![(PathClass::Test, vec!["it/**".to_owned(); count])];
        assert!(PathClasses::declared(&patterns(MOST_PATTERNS)).is_ok());
        let error = PathClasses::declared(&patterns(MOST_PATTERNS + 1)).unwrap_err().to_string();
        assert!(error.contains("more than 200 patterns"), "{error}");
    }
}

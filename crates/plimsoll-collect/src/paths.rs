//! Which paths ship, and which only test, show, or copy.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use schemars::JsonSchema;
use serde::Serialize;

/// What a path is for. Ordered from what reaches the user to what does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PathClass {
    /// Part of the product, or of how it is built.
    Shipped,
    /// Only for testing or measuring it.
    Test,
    /// Only to show how it is used.
    Example,
    /// Data that tests read.
    Fixture,
    /// A copy of somebody else's source.
    Vendored,
}

impl PathClass {
    /// The word as it stands in facts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Shipped => "shipped",
            Self::Test => "test",
            Self::Example => "example",
            Self::Fixture => "fixture",
            Self::Vendored => "vendored",
        }
    }
}

/// The stated rules: the name of a folder anywhere in the path, compared without regard to case.
const RULES: &[(&str, PathClass)] = &[
    ("vendor", PathClass::Vendored),
    ("vendored", PathClass::Vendored),
    ("third_party", PathClass::Vendored),
    ("third-party", PathClass::Vendored),
    ("node_modules", PathClass::Vendored),
    ("fixture", PathClass::Fixture),
    ("fixtures", PathClass::Fixture),
    ("testdata", PathClass::Fixture),
    ("test-data", PathClass::Fixture),
    ("test_data", PathClass::Fixture),
    ("__snapshots__", PathClass::Fixture),
    ("snapshots", PathClass::Fixture),
    ("test", PathClass::Test),
    ("tests", PathClass::Test),
    ("__tests__", PathClass::Test),
    ("spec", PathClass::Test),
    ("benches", PathClass::Test),
    ("benchmarks", PathClass::Test),
    ("fuzz", PathClass::Test),
    ("example", PathClass::Example),
    ("examples", PathClass::Example),
    ("demo", PathClass::Example),
    ("demos", PathClass::Example),
    ("samples", PathClass::Example),
];

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

/// The rules, and what the producer's file says beside them.
#[derive(Clone, Debug, Default)]
pub struct PathClasses {
    declared: Vec<(PathClass, GlobSet)>,
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
        Ok(Self { declared })
    }

    /// What `path` counts as: the stated rules alone decide, of several folders the outermost.
    ///
    /// The producer's word takes nothing out of what ships: a file that the repository brings along would otherwise hide a
    /// secret or a known hole. What it says stands beside, see [`PathClasses::word`].
    pub fn of(&self, path: &str) -> PathClass {
        let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
        let stated = |folder: &str| RULES.iter().find(|(name, _)| folder.eq_ignore_ascii_case(name));
        folders.split('/').find_map(stated).map_or(PathClass::Shipped, |(_, class)| *class)
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
        let more = if more == 0 { String::new() } else { format!(" and {more} more such files") };
        Some(format!(
            "The maker says that {first} is {} only{more}; by the stated rules they ship, and they count so.",
            class.as_str()
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_decide() {
        let classes = PathClasses::stated();
        for (path, class) in [
            ("src/lib.rs", PathClass::Shipped),
            ("src/tests.rs", PathClass::Shipped),
            ("tests", PathClass::Shipped),
            ("crates/a/tests/x.rs", PathClass::Test),
            ("Tests/fixtures/x", PathClass::Test),
            ("fixtures/Cargo.lock", PathClass::Fixture),
            ("examples/a/Cargo.toml", PathClass::Example),
            ("vendor/a/tests/x.rs", PathClass::Vendored),
            ("contest/x.rs", PathClass::Shipped),
        ] {
            assert_eq!(classes.of(path), class, "{path}");
        }
    }

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
        assert!(told.contains("corpus/a is fixture only and 1 more"), "{told}");
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

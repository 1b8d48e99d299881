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

/// A pattern of the claims file that would hide too much.
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

/// The rules, and what the producer's file adds to them.
#[derive(Clone, Debug, Default)]
pub struct PathClasses {
    declared: Vec<(PathClass, GlobSet)>,
}

impl PathClasses {
    /// The stated rules alone.
    pub fn stated() -> Self {
        Self::default()
    }

    /// The stated rules widened by patterns of the producer (`*` within a part, `**` over parts).
    pub fn widened(patterns: &[(PathClass, Vec<String>)]) -> Result<Self, PathsError> {
        let mut declared = Vec::new();
        for (class, patterns) in patterns.iter().filter(|(_, patterns)| !patterns.is_empty()) {
            let mut set = GlobSetBuilder::new();
            for pattern in patterns.iter().take(MOST_PATTERNS) {
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

    /// What `path` is for. A stated rule decides first; of several folders the outermost.
    pub fn of(&self, path: &str) -> PathClass {
        self.of_detailed(path).0
    }

    /// As [`PathClasses::of`], and whether it is the producer alone who says so.
    pub fn of_detailed(&self, path: &str) -> (PathClass, bool) {
        let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
        for folder in folders.split('/') {
            if let Some((_, class)) = RULES.iter().find(|(name, _)| folder.eq_ignore_ascii_case(name)) {
                return (*class, false);
            }
        }
        match self.declared.iter().find(|(_, set)| set.is_match(path)) {
            Some((class, _)) => (*class, true),
            None => (PathClass::Shipped, false),
        }
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
    fn the_producer_may_widen_but_not_hide_the_product() {
        let widened = |pattern: &str| PathClasses::widened(&[(PathClass::Fixture, vec![pattern.to_owned()])]);
        let classes = widened("corpus/**").unwrap();
        assert_eq!(classes.of_detailed("corpus/a/key.pem"), (PathClass::Fixture, true));
        assert_eq!(classes.of_detailed("corpora/a"), (PathClass::Shipped, false));
        for pattern in ["**", "*", "**/*.toml", "src/**", "{src,a}/**", "[", "**/*.rs", "*.lock"] {
            assert!(widened(pattern).is_err(), "{pattern}");
        }
    }
}

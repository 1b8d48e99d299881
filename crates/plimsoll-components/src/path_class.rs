//! The classes of paths, ordered by how near they are to what a user gets. This order is the only one.

use plimsoll_model::{body::Reach, tree_path};
use schemars::JsonSchema;
use serde::Serialize;

/// What a path is for. Ordered from what reaches the user to what does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PathClass {
    /// Part of the product, or of how it is built.
    Shipped,
    /// A copy of somebody else's source. It may be built in, so it counts as shipped where holes and secrets are asked for.
    Vendored,
    /// Only for those who work on it.
    Tool,
    /// Pages about it.
    Docs,
    /// Only to show how it is used.
    Example,
    /// Only for testing or measuring it.
    Test,
    /// Data that tests read.
    Fixture,
}

impl PathClass {
    /// All of them, nearest to the user first.
    pub const ALL: [Self; 7] =
        [Self::Shipped, Self::Vendored, Self::Tool, Self::Docs, Self::Example, Self::Test, Self::Fixture];

    /// The word as it stands in facts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Shipped => "shipped",
            Self::Vendored => "vendored",
            Self::Tool => "tool",
            Self::Docs => "docs",
            Self::Example => "example",
            Self::Test => "test",
            Self::Fixture => "fixture",
        }
    }

    /// Could a user get something of this class?
    pub const fn may_ship(self) -> bool {
        matches!(self, Self::Shipped | Self::Vendored)
    }

    /// May a text of this class speak for the product: is it the project's own, and about the product itself?
    pub const fn may_speak(self) -> bool {
        matches!(self, Self::Shipped | Self::Docs)
    }

    /// The class that a word means. A word that is not known counts as shipped.
    fn of_word(word: &str) -> Self {
        Self::ALL.into_iter().find(|class| class.as_str() == word).unwrap_or(Self::Shipped)
    }
}

/// The class of a path that belongs to what is shipped.
pub(crate) const SHIPPED: &str = PathClass::Shipped.as_str();

/// The class of a copy of somebody else's source.
pub(crate) const VENDORED: &str = PathClass::Vendored.as_str();

/// 0 for `shipped`, more the further it is from the user. A word that is not known counts as shipped.
pub(crate) fn rank(class: &str) -> usize {
    let class = PathClass::of_word(class);
    PathClass::ALL.iter().position(|one| *one == class).unwrap_or_default()
}

/// The word of a rank.
pub(crate) fn word(rank: usize) -> &'static str {
    PathClass::ALL.get(rank).map_or(SHIPPED, |class| class.as_str())
}

/// The one of two classes that is nearer to the user.
pub(crate) fn best<'a>(left: &'a str, right: &'a str) -> &'a str {
    if rank(right) < rank(left) { right } else { left }
}

/// Could a user get something of this class?
pub(crate) fn may_ship(class: &str) -> bool {
    PathClass::of_word(class).may_ship()
}

/// How far the package of a manifest reaches, by the class of that: whether a copy is built in is not known.
pub(crate) fn reach_of_package(class: &str) -> Reach {
    if class == SHIPPED {
        Reach::Shipped
    } else if may_ship(class) {
        Reach::Unknown
    } else {
        Reach::Dev
    }
}

/// Folders of what machines do with the repository, in small letters: images and scripts there are made for no user.
const FOR_MACHINES: &[&str] =
    &["ci", ".ci", ".github", ".gitlab", ".gitea", ".forgejo", ".circleci", ".buildkite", ".devcontainer"];

/// Is it an image or a script that the builds of the repository use?
pub(crate) fn is_for_machines(path: &str) -> bool {
    let is_one = |folder: &str| FOR_MACHINES.iter().any(|name| folder.eq_ignore_ascii_case(name));
    tree_path::folder(path).split('/').any(is_one)
}

/// The class of a file that says how something is built.
pub(crate) fn of_build_file<'a>(path: &str, class: &'a str) -> &'a str {
    if class == SHIPPED && is_for_machines(path) { PathClass::Tool.as_str() } else { class }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whether_a_copy_is_built_in_is_not_known() {
        for (class, expected) in [
            ("shipped", Reach::Shipped),
            ("vendored", Reach::Unknown),
            ("tool", Reach::Dev),
            ("docs", Reach::Dev),
            ("example", Reach::Dev),
            ("test", Reach::Dev),
            ("fixture", Reach::Dev),
        ] {
            assert_eq!(reach_of_package(class), expected, "{class}");
        }
    }

    #[test]
    fn there_is_one_order_and_every_word_has_its_place() {
        assert!(PathClass::ALL.is_sorted());
        for (number, class) in PathClass::ALL.into_iter().enumerate() {
            assert_eq!((rank(class.as_str()), word(number)), (number, class.as_str()));
            assert_eq!(may_ship(class.as_str()), class.may_ship());
        }
        assert_eq!((rank("unheard-of"), may_ship("unheard-of")), (0, true));
        assert_eq!(best("test", "vendored"), "vendored");
    }
}

//! What a comparison comes to.

use crate::PackageFormat;
use schemars::JsonSchema;
use serde::Serialize;

/// How a package relates to a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "PackageVerdict")]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Every file is the commit's, or follows from it; where packages of its format name their commit, it names this one.
    Equal,
    /// The same, but it does not name the commit that it was packed from, which packages of its format do.
    Matches,
    /// Something in it is not the commit's.
    Differs,
    /// It names another commit; its files were not compared.
    OtherCommit,
    /// It could not be unpacked.
    Unreadable,
    /// It is not known: a part of the commit is missing, or there is no rule for a part of the package.
    Unknown,
}

impl Verdict {
    /// The word as it stands in facts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Matches => "matches",
            Self::Differs => "differs",
            Self::OtherCommit => "other-commit",
            Self::Unreadable => "unreadable",
            Self::Unknown => "unknown",
        }
    }

    /// Is every byte of it accounted for by the commit?
    pub fn is_equal(self) -> bool {
        matches!(self, Self::Equal | Self::Matches)
    }
}

/// How one file of a package relates to the commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FileClass {
    /// Byte for byte a file of the tree.
    Same,
    /// Made while packing, and what it says follows from the tree or is of no effect.
    Generated,
    /// A file of the tree but for the ends of its lines.
    LineEndings,
    /// Another content than in the tree.
    Differs,
    /// The tree has no such file.
    OnlyInPackage,
    /// It could not be compared.
    Unknown,
}

impl FileClass {
    /// The word as it stands in facts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Generated => "generated",
            Self::LineEndings => "line-endings",
            Self::Differs => "differs",
            Self::OnlyInPackage => "only-in-package",
            Self::Unknown => "unknown",
        }
    }
}

/// Files by class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// Byte for byte as in the tree.
    pub same: u64,
    /// Made while packing, and explained.
    pub generated: u64,
    /// As in the tree but for the ends of lines.
    pub line_endings: u64,
    /// Other than in the tree.
    pub differs: u64,
    /// Not in the tree.
    pub only_in_package: u64,
    /// Not to be compared.
    pub unknown: u64,
    /// Files of the tree below the package's folder that the package leaves out: packages leave tests out.
    pub left_out: u64,
}

impl Counts {
    pub(super) fn add(&mut self, class: FileClass) {
        *match class {
            FileClass::Same => &mut self.same,
            FileClass::Generated => &mut self.generated,
            FileClass::LineEndings => &mut self.line_endings,
            FileClass::Differs => &mut self.differs,
            FileClass::OnlyInPackage => &mut self.only_in_package,
            FileClass::Unknown => &mut self.unknown,
        } += 1;
    }

    /// How many files the package has.
    pub fn files(&self) -> u64 {
        self.same + self.generated + self.line_endings + self.differs + self.only_in_package + self.unknown
    }
}

/// One file of a package that is not simply the tree's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ComparedFile {
    /// Its path in the package.
    pub path: String,
    /// How it relates to the tree.
    pub class: FileClass,
    /// The file of the tree that it was compared with.
    pub source: Option<String>,
    /// What is to be said of it.
    pub reason: Option<String>,
}

/// What a package says of where it comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Claim {
    /// The commit, in lower-case hexadecimal.
    pub commit: Option<String>,
    /// The package's folder in the repository; empty for the root.
    pub path: Option<String>,
    /// Does it say that it was packed from a working copy with changes?
    pub dirty: bool,
}

/// A package beside a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Its format.
    pub format: PackageFormat,
    /// Its name, by its own metadata.
    pub name: String,
    /// Its version, by its own metadata.
    pub version: String,
    /// The commit that it was compared with.
    pub commit: String,
    /// What it says of its source.
    pub claimed: Claim,
    /// Is the commit that it names the one that it was compared with? Absent where it names none.
    pub commit_matches: Option<bool>,
    /// The folder of the tree that it was compared with; absent where nothing was compared.
    pub folder: Option<String>,
    /// Files by class; absent where nothing was compared.
    pub counts: Option<Counts>,
    /// The answer.
    pub verdict: Verdict,
    /// What led to it, and what has to be known beside it: a few sentences.
    pub reasons: Vec<String>,
    /// Files that are not simply the tree's, sorted by path; at most [`MOST_NAMED`](super::MOST_NAMED).
    pub files: Vec<ComparedFile>,
    /// How many such files there are beyond those that are named.
    pub more: u64,
}

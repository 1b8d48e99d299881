//! How far a component reaches.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How far a component reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// Built into what ships, with default or with all features, on some target.
    Shipped,
    /// Runs while building what ships.
    Build,
    /// Used by tests, examples, benchmarks or members that do not ship.
    Dev,
    /// In the lockfile and in no graph.
    NotInGraph,
    /// Could not be told.
    Unknown,
}

impl Reach {
    /// The word as it stands in facts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Shipped => "shipped",
            Self::Build => "build",
            Self::Dev => "dev",
            Self::NotInGraph => "not-in-graph",
            Self::Unknown => "unknown",
        }
    }
}

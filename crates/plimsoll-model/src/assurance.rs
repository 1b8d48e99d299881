//! How well something is known, and what was found.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How do we know? Ordered from the weakest to the strongest.
///
/// Source: the design's four steps, after NIST CSWP 23 (self-attestation up to third-party assessment).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Assurance {
    /// The producer says so.
    Declared,
    /// It is seen in the repository's content at that commit.
    Observed,
    /// It was computed or proven here, by signature, digest or exact match.
    Verified,
    /// Another party in the auditor's trust policy reached the same result.
    Corroborated,
}

impl Assurance {
    /// All four, weakest first.
    pub const ALL: [Self; 4] = [Self::Declared, Self::Observed, Self::Verified, Self::Corroborated];

    /// How many of the four dots on the label's face are filled: 1 to 4.
    pub fn dots(self) -> usize {
        match self {
            Self::Declared => 1,
            Self::Observed => 2,
            Self::Verified => 3,
            Self::Corroborated => 4,
        }
    }

    /// The word as it stands in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Declared => "declared",
            Self::Observed => "observed",
            Self::Verified => "verified",
            Self::Corroborated => "corroborated",
        }
    }
}

impl std::fmt::Display for Assurance {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// What a criterion, a task or an attestation came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It holds.
    Met,
    /// A part of it holds.
    Partial,
    /// It was looked for and does not hold.
    Unmet,
    /// It could not be decided; the reason says why. Never counts as met.
    Unknown,
    /// The question does not arise, and the claim says why.
    NotApplicable,
}

impl Outcome {
    /// The word as it stands in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Partial => "partial",
            Self::Unmet => "unmet",
            Self::Unknown => "unknown",
            Self::NotApplicable => "not-applicable",
        }
    }
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assurance_is_ordered_as_the_design_says() {
        assert!(Assurance::ALL.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(Assurance::ALL.map(Assurance::dots), [1, 2, 3, 4]);
    }

    #[test]
    fn words_are_the_json_words() {
        for assurance in Assurance::ALL {
            assert_eq!(serde_json::to_value(assurance).unwrap(), assurance.as_str());
        }
        for outcome in [Outcome::Met, Outcome::Partial, Outcome::Unmet, Outcome::Unknown, Outcome::NotApplicable] {
            assert_eq!(serde_json::to_value(outcome).unwrap(), outcome.as_str());
        }
    }
}

//! What a label says of a framework that nobody's tier asks for: each entry in three words.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Assurance, Outcome};

/// The entries of one catalog that was asked for by its id. Titles and criteria are in the practices, whose files the label names
/// by their digests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FrameworkResult {
    /// The id of the catalog: `eu-cra-2024-2847`.
    pub id: String,
    /// The version of the framework.
    pub version: String,
    /// All entries, in the order of the catalog.
    pub entries: Vec<FrameworkEntry>,
}

/// One entry of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FrameworkEntry {
    /// Its id as the framework writes it.
    pub id: String,
    /// What it came to.
    pub outcome: Outcome,
    /// How we know; left out where nothing is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assurance: Option<Assurance>,
}

impl FrameworkResult {
    /// How many entries came to `outcome`.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.entries.iter().filter(|entry| entry.outcome == outcome).count()
    }
}

//! The advisory data that was used, as a fact.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Body;
use crate::{Extra, KindName};

/// The advisory data that was used of one ecosystem.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "DatabaseFact")]
pub struct AdvisoryDatabase {
    /// The ecosystem, as OSV calls it.
    pub ecosystem: String,
    /// Are packages of it given to users, or can that not be ruled out?
    pub ships: bool,
    /// `built-in`: it came with the program; `given`: whoever made the evidence gave it.
    pub origin: String,
    /// `embedded snapshot`, `given packed snapshot`, `given RustSec checkout`, `given OSV records`, `given OSV dump`.
    pub source: String,
    /// The revision that it says it has; the digest of the input says what was read.
    pub revision: Option<String>,
    /// Its date.
    pub date: Option<Date>,
    /// Days from that date to as-of; negative when the data is newer.
    pub age_days: Option<i64>,
    /// How many advisories.
    pub count: Option<u64>,
    /// Has it fewer advisories than what is published of the ecosystem, so that it is a part?
    pub part: bool,
    /// How many advisories that the program has built in it lacks, without saying that they were withdrawn.
    pub lacks: usize,
    /// Ids of those; at most five.
    pub lacks_first: Vec<String>,
    /// Was a registry's index asked which versions were yanked: `whole`, `part` (some are not in it), `none`?
    pub yanked: Yanked,
    /// Members that this version does not know.
    #[serde(flatten)]
    #[schemars(skip)]
    pub extra: Extra,
}

/// Was a registry's index asked which versions were yanked?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Yanked {
    /// It told of every package of it.
    Whole,
    /// Some packages are not in it.
    Part,
    /// It was not given.
    None,
}

impl Body for AdvisoryDatabase {
    const KIND: KindName = "advisory-database";
}

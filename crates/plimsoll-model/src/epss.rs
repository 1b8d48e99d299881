//! How likely it is that a vulnerability is exploited.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An EPSS score.
///
/// Source: FIRST, "The EPSS Model".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Epss {
    /// The probability that it is exploited within 30 days, as it is published: 0 to 1.
    pub probability: String,
    /// The share of all vulnerabilities with the same or a lower score: 0 to 1.
    pub percentile: String,
    /// The day of the scores.
    pub date: Option<Date>,
}

impl Epss {
    /// The probability as a number, to put several in order; 0 where it is none.
    pub fn number(&self) -> f64 {
        self.probability.parse::<f64>().ok().filter(|number| number.is_finite()).unwrap_or_default()
    }
}

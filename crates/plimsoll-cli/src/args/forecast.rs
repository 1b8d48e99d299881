//! Arguments of `plimsoll forecast`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::{Timestamp, civil::Date};

use super::moment;

/// How a forecast is shown.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ForecastFormat {
    /// For a terminal
    Text,
    /// For programs (docs/schemas/forecast.schema.json)
    Json,
    /// Calendar (iCalendar): one event for each day on which something changes
    Ics,
    /// One page with the tier over time
    Html,
}

#[derive(Args)]
#[command(after_help = "Examples:
  plimsoll forecast label/label.json
  plimsoll forecast evidence.json --until 2027-12-31 --format json
  plimsoll forecast label.json --format ics --out forecast.ics
  plimsoll forecast label.json --as-of 2027-01-15 --fail-within 30

The evidence is judged for every later day that its own dates and the limits of the practices name: the end of exceptions,
keys and certificates, promises and reviews, and of the label itself. New advisories and new commits are not in it.
Exit status: 0 done; 1 the tier falls or the label ends within --fail-within days; 2 invalid input or usage.")]
pub struct ForecastArgs {
    /// A label (label.json, or signed), or its evidence; - reads evidence from standard input
    #[arg(value_name = "LABEL|EVIDENCE")]
    pub file: PathBuf,
    /// Evidence of the label [default: evidence.json in the folder of LABEL]
    #[arg(long, value_name = "FILE")]
    pub evidence: Option<PathBuf>,
    /// Count days from this later time (RFC 3339) [default: that of the evidence]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub as_of: Option<Timestamp>,
    /// The last day to judge [default: a year from as-of]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub until: Option<Date>,
    /// Exit with status 1 if the tier falls or the label ends within so many days of as-of
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u16))]
    pub fail_within: Option<u16>,
    /// Output format
    #[arg(long, value_enum, default_value_t = ForecastFormat::Text)]
    pub format: ForecastFormat,
    /// Write to this file instead of standard output
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

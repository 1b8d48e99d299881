//! Days in a claims file.

use jiff::civil::Date;
use serde::Deserialize;

// TOML has dates of its own; a string with a date is what other tools write.
pub(super) fn day<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Day {
        Toml(toml::value::Datetime),
        Text(String),
    }
    let day = Day::deserialize(deserializer);
    let day =
        day.map_err(|_| serde::de::Error::custom("a day is written as 2026-11-01, with or without quotation marks"));
    let text = match day? {
        Day::Toml(date) => date.to_string(),
        Day::Text(text) => text,
    };
    text.parse().map_err(|_| serde::de::Error::custom(format!("\"{text}\" is not a day; write one as 2026-11-01")))
}

pub(super) fn maybe_day<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    day(deserializer).map(Some)
}

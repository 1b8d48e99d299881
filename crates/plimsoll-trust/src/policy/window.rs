//! The days between which an entry of a policy counts.

use jiff::civil::Date;
use toml::value::Datetime;

pub(super) fn window(
    after: Option<&Datetime>,
    before: Option<&Datetime>,
) -> Result<(Option<i64>, Option<i64>), String> {
    let (after, before) = (after.map(moment).transpose()?, before.map(moment).transpose()?);
    match (after, before) {
        (Some(after), Some(before)) if before <= after => Err("valid-before is not after valid-after".to_owned()),
        _ => Ok((after, before)),
    }
}

/// A day (its first moment in UTC) or a time with its offset.
fn moment(text: &Datetime) -> Result<i64, String> {
    let text = text.to_string();
    let day = || text.parse::<Date>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    let time = text.parse::<jiff::Timestamp>().ok().or_else(day);
    time.map(jiff::Timestamp::as_second).ok_or_else(|| format!("\"{text}\" is neither a day nor a time with an offset"))
}

//! Until when a signature counts, where it does today.
//!
//! A key ends, a certificate, a window of the trust policy: which of them it is need not be known to know the day. The same
//! question is asked for later days.

use jiff::{SignedDuration, Timestamp, ToSpan as _, civil::Date, tz::TimeZone};

/// Days ahead that are asked about: a label is good for fewer.
const AHEAD: i32 = 366;

/// Gives the last day on the whole of which `holds`, which is asked for moments after `as_of`; nothing where it still does a year
/// from then. `as_of` itself is held to be asked and answered with yes.
pub fn last_day(as_of: Timestamp, holds: impl Fn(Timestamp) -> bool) -> Option<Date> {
    let today = as_of.to_zoned(TimeZone::UTC).date();
    let day = |days: i32| today.checked_add(days.days()).ok();
    let on = |days: i32| {
        let next = day(days)?.tomorrow().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp();
        next.checked_sub(SignedDuration::from_secs(1)).ok()
    };
    let good = |days: i32| on(days).is_none_or(&holds);
    if good(AHEAD) {
        return None;
    }
    let (mut held, mut ended) = (0, AHEAD);
    while ended - held > 1 {
        let middle = i32::midpoint(held, ended);
        if good(middle) {
            held = middle;
        } else {
            ended = middle;
        }
    }
    day(held)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_day_is_the_last_whole_one() {
        let as_of: Timestamp = "2026-11-01T12:00:00Z".parse().unwrap();
        for (end, expected) in [
            ("2026-11-01T12:00:01Z", Some("2026-11-01")),
            ("2026-11-02T00:00:00Z", Some("2026-11-01")),
            ("2026-11-03T00:00:00Z", Some("2026-11-02")),
            ("2026-11-20T00:00:00Z", Some("2026-11-19")),
            ("2026-11-20T23:59:58Z", Some("2026-11-19")),
            ("2027-11-01T00:00:00Z", Some("2027-10-31")),
            ("2028-11-01T00:00:00Z", None),
        ] {
            let end: Timestamp = end.parse().unwrap();
            let found = last_day(as_of, |time| time < end).map(|day| day.to_string());
            assert_eq!(found.as_deref(), expected, "{end}");
        }
    }
}

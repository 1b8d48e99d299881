//! The days on which something may come out otherwise.

use std::collections::BTreeSet;

use jiff::{ToSpan as _, civil::Date};
use plimsoll_model::{Evidence, Fact};
use plimsoll_score::Days;
use serde_json::Value;

/// Longest text that may be a moment.
const LONGEST: usize = 40;
/// A limit that is longer than any number of days that matters is none of days.
const LONGEST_LIMIT: i64 = 36_500;

/// Gives every day after `first` and until `last` that the facts name, the day after it, and a year before it: an exception may
/// not end later than a year from the day on which it counts. Where days are counted, each limit is
/// added and taken off.
///
/// `on` gives the evidence on a day.
pub(super) fn of(
    days: &Days<'_>,
    on: &dyn Fn(Date) -> Option<Evidence>,
    (first, last): (Date, Date),
) -> BTreeSet<Date> {
    let following = first.tomorrow().ok().and_then(|day| Some((on(day)?, on(day.tomorrow().ok()?)?)));
    let Some((evidence, next)) = following else { return BTreeSet::new() };
    let counted: BTreeSet<&str> = (evidence.facts.iter().zip(&next.facts))
        .filter(|(one, other)| counts(one, other) || days.is_asked(&one.kind))
        .map(|(one, _)| one.kind.as_str())
        .collect();
    let (mut named, mut limited) = (BTreeSet::new(), BTreeSet::new());
    for fact in days.fixed().iter().filter(|fact| days.is_asked(&fact.kind)) {
        fact.body.values().for_each(|value| gather(value, &mut limited));
    }
    for fact in &evidence.facts {
        if counted.contains(fact.kind.as_str()) {
            fact.body.values().for_each(|value| gather(value, &mut limited));
        } else if days.is_changing(&fact.kind) {
            fact.body.values().for_each(|value| gather(value, &mut named));
        }
    }
    let limits: Vec<i64> = days.limits().iter().copied().filter(|limit| (1..=LONGEST_LIMIT).contains(limit)).collect();
    let signed = limits.iter().flat_map(|limit| [*limit, -limit]).collect::<Vec<i64>>();
    let apart = limited.iter().flat_map(|day| signed.iter().filter_map(|days| day.checked_add(days.days()).ok()));
    let mut found: BTreeSet<Date> = apart.collect();
    found.extend(named.iter().chain(&limited).copied());
    found.extend(named.iter().chain(&limited).filter_map(|day| day.checked_sub(1.year()).ok()));
    // What holds until a day is over on the next.
    let next: Vec<Date> = found.iter().filter_map(|day| day.tomorrow().ok()).collect();
    found.extend(next);
    found.retain(|day| *day > first && *day <= last);
    found
}

/// Does a fact count days: is a number of it another on the next day?
fn counts(one: &Fact, other: &Fact) -> bool {
    one.body.iter().any(|(name, value)| value.is_number() && other.body.get(name) != Some(value))
}

/// Adds every day that stands in a value, at whatever depth.
fn gather(value: &Value, named: &mut BTreeSet<Date>) {
    match value {
        Value::String(text) => named.extend(day_in(text)),
        Value::Array(values) => values.iter().for_each(|value| gather(value, named)),
        Value::Object(members) => members.values().for_each(|value| gather(value, named)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The day that a text is, or that of the moment that it is.
fn day_in(text: &str) -> Option<Date> {
    if text.len() > LONGEST || !text.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let moment = || text.parse::<jiff::Timestamp>().ok().map(crate::on_day::day_of);
    text.parse().ok().filter(|_| text.len() == 10).or_else(moment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_moments_are_found_at_any_depth() {
        for (text, expected) in [
            (r#""2026-11-01""#, &["2026-11-01"][..]),
            (r#""2026-11-01T23:30:00-02:00""#, &["2026-11-02"]),
            (r#"{"a": [{"b": "2026-11-01"}, "2027-01-01"], "c": 20261101}"#, &["2026-11-01", "2027-01-01"]),
            (r#"["", "2026-13-01", "2026-11-01 and more", "1.2.3", "20261101", "until 2026-11-01", null, true]"#, &[]),
        ] {
            let mut named = BTreeSet::new();
            gather(&serde_json::from_str(text).unwrap(), &mut named);
            assert_eq!(named.iter().map(ToString::to_string).collect::<Vec<_>>(), expected, "{text}");
        }
        assert_eq!(day_in(&"9".repeat(100)), None);
    }
}

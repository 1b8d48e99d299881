//! Times and schedules as Renovate writes them, in words or in five fields.

use plimsoll_pipelines::cron::{self, Begins};

/// The days of a time like `3 days`.
pub(super) fn days(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().ok()?;
    match unit.trim().to_ascii_lowercase().trim_end_matches('s') {
        "y" | "year" => number.checked_mul(365),
        "month" | "mo" => number.checked_mul(30),
        "w" | "week" => number.checked_mul(7),
        "d" | "day" => Some(number),
        "h" | "hour" | "m" | "min" | "minute" | "second" | "" => Some(number / 24),
        _ => None,
    }
}

/// Does a schedule in words or of five fields begin?
pub(super) fn schedule(schedule: &str) -> Begins {
    const WORDS: &[&str] = &[
        "at",
        "any",
        "time",
        "before",
        "after",
        "and",
        "on",
        "every",
        "weekend",
        "weekday",
        "weekdays",
        "day",
        "days",
        "of",
        "the",
        "month",
        "months",
        "week",
        "weeks",
        "first",
        "last",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
        "sat",
        "sun",
        "quarterly",
        "monthly",
        "weekly",
        "daily",
        "instance",
        "through",
    ];
    let lower = schedule.to_ascii_lowercase();
    let fields: Vec<&str> = lower.split_whitespace().collect();
    if fields.len() == 5
        && fields.iter().take(3).all(|field| field.contains(|letter: char| "*0123456789".contains(letter)))
    {
        // It looks in only now and then, so that a minute is none that it meets.
        let minute = fields.first().is_some_and(|minute| *minute == "*");
        return match cron::begins(&lower) {
            Begins::Sometimes if !minute => Begins::NotUnderstood,
            begins => begins,
        };
    }
    let short = (lower.contains("february") || lower.contains("feb ") || lower.ends_with("feb"))
        && (lower.contains("30") || lower.contains("31"));
    if lower.contains("never") || short {
        return Begins::Never;
    }
    let word = |word: &&str| {
        let word = word.trim_matches(',');
        WORDS.contains(&word)
            || ["am", "pm", "st", "nd", "rd", "th", ":00am", ":00pm", ""].iter().any(|end| {
                word.strip_suffix(end).is_some_and(|number| number.parse::<u8>().is_ok_and(|number| number <= 31))
            })
    };
    let far = fields.windows(2).any(
        |pair| matches!(pair, [number, "month" | "months"] if number.parse::<u8>().is_ok_and(|number| number > 6)),
    );
    if !fields.is_empty() && fields.iter().all(word) && !far { Begins::Sometimes } else { Begins::NotUnderstood }
}

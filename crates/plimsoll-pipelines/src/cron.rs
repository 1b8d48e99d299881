//! Schedules of five fields, as cron reads them.
//!
//! Source: crontab(5).

/// Does a schedule ever begin?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begins {
    /// Again and again.
    Sometimes,
    /// No clock or calendar has such a moment.
    Never,
    /// It is no schedule of five fields.
    NotUnderstood,
}

const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const DAYS: &[&str] = &["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/// Reads `minute hour day month weekday`. A value that no clock and no calendar has never comes.
pub fn begins(text: &str) -> Begins {
    let fields: Vec<&str> = text.split_whitespace().collect();
    let [minute, hour, day, month, weekday] = fields.as_slice() else { return Begins::NotUnderstood };
    let values = [
        field(minute, 0, 59, &[], 0),
        field(hour, 0, 23, &[], 0),
        field(day, 1, 31, &[], 0),
        field(month, 1, 12, MONTHS, 1),
        field(weekday, 0, 7, DAYS, 0),
    ];
    let [Some(minutes), Some(hours), Some(days), Some(months), Some(weekdays)] = &values else {
        return Begins::NotUnderstood;
    };
    if [minutes, hours, days, months, weekdays].into_iter().any(Vec::is_empty) {
        return Begins::Never;
    }
    let longest = |month: &u32| match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    // Where both are named, one of the day and the weekday is enough.
    let is_any = |field: &str| field.starts_with('*') || field == "?";
    let comes = months.iter().any(|month| days.iter().any(|day| *day <= longest(month)));
    if comes || !is_any(weekday) { Begins::Sometimes } else { Begins::Never }
}

/// The values of a field that there are; nothing where it is not understood.
fn field(text: &str, first: u32, last: u32, names: &[&str], offset: u32) -> Option<Vec<u32>> {
    let number = |text: &str| -> Option<u32> {
        let lower = text.to_ascii_lowercase();
        let named = names.iter().position(|name| *name == lower).and_then(|at| u32::try_from(at).ok());
        named.map(|at| at + offset).or_else(|| lower.parse().ok())
    };
    let mut found = Vec::new();
    for part in text.split(',') {
        let (range, step) = part.split_once('/').map_or((part, Some(1)), |(range, step)| (range, step.parse().ok()));
        let step: usize = step.filter(|step| *step > 0)?;
        let (from, to) = if matches!(range, "*" | "?") {
            (first, last)
        } else if let Some((from, to)) = range.split_once('-') {
            (number(from)?, number(to)?)
        } else if part.contains('/') {
            (number(range)?, last)
        } else {
            (number(range)?, number(range)?)
        };
        found.extend((from.max(first)..=to.min(last)).step_by(step));
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::{Begins::*, *};

    #[test]
    fn days_that_do_not_come_never_begin() {
        for (text, expected) in [
            ("0 4 * * *", Sometimes),
            ("*/5 0-3 1,15 * mon-fri", Sometimes),
            ("0 0 29 2 *", Sometimes),
            ("0 0 31 jan *", Sometimes),
            ("0 0 30 2 1", Sometimes),
            ("0 0 31 2,3 *", Sometimes),
            ("0 0 30 2 *", Never),
            ("0 0 31 FEB *", Never),
            ("0 0 31 4,6,9,11 *", Never),
            ("0 0 30-31 2 *", Never),
            ("0 25 * * *", Never),
            ("61 * * * *", Never),
            ("0 0 32 * *", Never),
            ("0 0 1 13 *", Never),
            ("0 0 0 * *", Never),
            ("0 0 31 2 ?", Never),
            ("0 0 L * *", NotUnderstood),
            ("0 0 * *", NotUnderstood),
            ("0 0 * * * *", NotUnderstood),
            ("*/0 0 * * *", NotUnderstood),
            ("every day at noon", NotUnderstood),
            ("", NotUnderstood),
        ] {
            assert_eq!(begins(text), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text: String) {
            let _ = begins(&text);
        }
    }
}

//! How long steps take together, in words.

/// Units of work from the smallest to the largest, and how many minutes one step of it is held to take.
const UNITS: [(&str, u64); 4] = [("minutes", 10), ("hours", 120), ("days", 960), ("weeks", 4800)];
/// Minutes of one value in a file that is open anyway.
const VALUE: u64 = 1;
/// Minutes of a value that answers a list of questions.
const ANSWERS: u64 = 20;
/// Minutes of a working day.
const DAY: u64 = 480;

/// The place of a word among the units; what is not known comes last.
pub(super) fn rank(effort: &str) -> usize {
    UNITS.iter().position(|(unit, _)| *unit == effort).unwrap_or(UNITS.len())
}

/// Minutes of a step by its word. A line of the claims file takes less than a file of its own.
pub(crate) fn minutes(effort: &str, is_claim: bool) -> u64 {
    match (rank(effort), is_claim) {
        (0, true) => VALUE,
        (1, true) => ANSWERS,
        (place, _) => UNITS.get(place).or(UNITS.last()).map_or(0, |(_, minutes)| *minutes),
    }
}

/// Minutes in words: `about 10 minutes`, `about 2 hours`, `about 3 days`, `some weeks`. Rounded up, as nobody is ever done early.
pub(crate) fn words(minutes: u64) -> String {
    let about = |count: u64, unit: &str| {
        let plural = if count == 1 { "" } else { "s" };
        format!("about {count} {unit}{plural}")
    };
    match minutes {
        0 => "no time".to_owned(),
        1..=55 => about(minutes.div_ceil(5) * 5, "minute"),
        56..DAY => about(minutes.div_ceil(60), "hour"),
        _ if minutes < 4800 => about(minutes.div_ceil(DAY), "day"),
        _ => "some weeks".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_are_said_in_the_unit_that_a_reader_plans_in() {
        for (minutes, expected) in [
            (0, "no time"),
            (1, "about 5 minutes"),
            (10, "about 10 minutes"),
            (47, "about 50 minutes"),
            (56, "about 1 hour"),
            (61, "about 2 hours"),
            (479, "about 8 hours"),
            (480, "about 1 day"),
            (481, "about 2 days"),
            (4799, "about 10 days"),
            (4800, "some weeks"),
        ] {
            assert_eq!(words(minutes), expected, "{minutes}");
        }
    }

    #[test]
    fn what_is_not_known_is_held_to_take_longest() {
        assert_eq!(minutes("years", false), minutes("weeks", false));
        assert!(minutes("minutes", true) < minutes("minutes", false));
        assert_eq!(rank("years"), 4);
    }
}

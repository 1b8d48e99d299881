//! How soon a page promises an answer.

use super::patterns::{fits, pattern};

/// Days after which what is promised is no answer.
const LATEST: u64 = 90;

pattern!(
    WITHIN,
    r"\b(?:(\d{1,3})|(an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|fifteen|twenty|thirty|sixty|ninety))[\s-]*(?:\(\d+\)\s*|(?:to|–|-|or)\s*(\d{1,3})\s*)?(?:business |working |calendar )?(hour|day|week|month)s?\b"
);
pattern!(
    ANSWERS,
    r"\b(?:respon[ds]\w*|acknowledg\w*|repl(?:y|ies|ied)|hear (?:back|from)|get back|answer\w*|confirm\w*|receive|reaction|first look|triage\w*|come back|reach out|feedback|look at (?:it|each|every|your))\b"
);
pattern!(
    ONLY_IF,
    r"\b(?:if|unless|until|should (?:we|you|there)|in case|after|wait|without|no answer|no reply|no response|lack of|publish)\b"
);
pattern!(
    MAKER,
    r"\b(?:we|we'll|we’ll|us|our|ours|i|i'll|i’ll|my|maintainers?|team|you (?:will|can|should|get|receive|shall|may)|you'll|you’ll|expect|reports? (?:is|are|will|gets?)|(?:are|is|be|gets?) (?:acknowledged|answered|confirmed)|response time|(?:answers?|repl(?:y|ies)|responses?|feedback|acknowledg\w+)\b(?: \w+){0,3} (?:within|in|after|take)|(?:an?|the|first|initial) (?:answer|reply|response)|acknowledg\w+ (?:within|in)|project|aim\w*)\b"
);

/// The days within which the maker promises an answer in `clause`, rounded up. What holds only where no answer came is a
/// right of the reporter, and no promise.
pub(super) fn promised_days(clause: &str) -> Option<u64> {
    let lower = clause.to_lowercase();
    if !fits(&ANSWERS, &lower) || !fits(&MAKER, &lower) || fits(&ONLY_IF, &lower) {
        return None;
    }
    let counted = WITHIN.iter().flat_map(|within| within.captures_iter(&lower)).filter_map(|found| {
        let number: u64 = match (found.get(3), found.get(1)) {
            (Some(digits), _) | (None, Some(digits)) => digits.as_str().parse().ok()?,
            (None, None) => match found.get(2)?.as_str() {
                "a" | "an" | "one" => 1,
                "two" => 2,
                "three" => 3,
                "four" => 4,
                "five" => 5,
                "six" => 6,
                "seven" => 7,
                "eight" => 8,
                "nine" => 9,
                "ten" => 10,
                "twelve" => 12,
                "fourteen" => 14,
                "fifteen" => 15,
                "twenty" => 20,
                "thirty" => 30,
                "sixty" => 60,
                _ => 90,
            },
        };
        Some(match found.get(4)?.as_str() {
            "hour" => number.div_ceil(24),
            "week" => number * 7,
            "month" => number * 30,
            _ => number,
        })
    });
    counted.filter(|days| *days <= LATEST).min()
}

//! What is wrong with a claims file, in words for the one who wrote it.

/// The parser's message in one short sentence: of a name that is not known, the one that is meant.
pub(super) fn plain(message: &str) -> String {
    let first = message.lines().next().unwrap_or_default();
    for (start, what) in [("unknown field `", "field"), ("unknown variant `", "answer")] {
        let Some((given, rest)) = first.strip_prefix(start).and_then(|rest| rest.split_once('`')) else { continue };
        let given = plimsoll_model::one_line(&given.chars().take(60).collect::<String>());
        let known: Vec<&str> = rest.split('`').skip(1).step_by(2).collect();
        let nearest = known.iter().map(|name| (distance(&given, name), *name)).min();
        return match nearest {
            Some((far, name)) if far <= 1 + name.chars().count() / 3 => {
                format!("`{given}` is not known; did you mean `{name}`?")
            }
            _ => format!("`{given}` is no {what} of this table; it has: {}", known.join(", ")),
        };
    }
    if first.contains("did not match any variant of untagged enum") {
        return "an answer is done, partly, planned, no or not-applicable, alone or as { answer = \"done\", note = \"...\" }"
            .to_owned();
    }
    first.to_owned()
}

/// Letters that are to be put in, taken out, changed or swapped with their neighbour to come from one word to the other.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().take(60).collect(), other.chars().take(60).collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=other.len()).collect()];
    let get = |rows: &[Vec<usize>], row: usize, column: usize| {
        rows.get(row).and_then(|row| row.get(column)).copied().unwrap_or(usize::MAX / 2)
    };
    for (at, letter) in one.iter().enumerate() {
        let mut row = vec![at + 1];
        for (to, theirs) in other.iter().enumerate() {
            let left = row.last().copied().unwrap_or_default() + 1;
            let mut best = left.min(get(&rows, at, to + 1) + 1).min(get(&rows, at, to) + usize::from(letter != theirs));
            let swapped = at > 0 && to > 0 && one.get(at - 1) == Some(theirs) && other.get(to - 1) == Some(letter);
            if swapped {
                best = best.min(get(&rows, at - 1, to - 1) + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    get(&rows, one.len(), other.len())
}

//! What is wrong with a claims file, in words for the one who wrote it.

/// The parser's message in one short sentence: of a name that is not known, the one that is meant.
pub(super) fn plain(message: &str) -> String {
    let first = message.lines().next().unwrap_or_default();
    for (start, what) in [("unknown field `", "field"), ("unknown variant `", "answer")] {
        let Some((given, rest)) = first.strip_prefix(start).and_then(|rest| rest.split_once('`')) else { continue };
        let given = plimsoll_model::one_line(&given.chars().take(60).collect::<String>());
        let known: Vec<&str> = rest.split('`').skip(1).step_by(2).collect();
        let nearest = known.iter().map(|name| (strsim::osa_distance(&given, name), *name)).min();
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

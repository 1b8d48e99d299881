//! What is wrong with a claims file, in words for the one who wrote it.

use plimsoll_model::{excerpt, one_line};

/// Characters of the file that are shown.
const SHOWN: usize = 60;

/// The parser's message in one short sentence, with the key of the line that it is about: of a name that is not known, the
/// one that is meant; of a value that does not fit, what would.
pub(super) fn plain(message: &str, line: &str) -> String {
    let key = line.split_once('=').map_or(line, |(key, _)| key).trim();
    let shown = |text: &str| excerpt(text, SHOWN);
    let first = message.lines().next().unwrap_or_default();
    for (start, what) in [("unknown field `", "field"), ("unknown variant `", "answer")] {
        let Some((given, rest)) = first.strip_prefix(start).and_then(|rest| rest.split_once('`')) else { continue };
        let given = shown(given);
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
    if let Some((given, wanted)) = first.strip_prefix("invalid type: ").and_then(|rest| rest.rsplit_once(", expected "))
    {
        return format!("`{}` is {}, and has to be {}", shown(key), kind_given(given), kind_wanted(wanted));
    }
    if [
        "invalid float",
        "invalid integer",
        "invalid boolean",
        "invalid value",
        "invalid mantissa",
        "string values must",
    ]
    .iter()
    .any(|start| first.starts_with(start))
    {
        return format!(
            "`{}` is not TOML: texts and dates have quotation marks around them; yes and no are true and false, without",
            shown(line.trim())
        );
    }
    first.to_owned()
}

/// What serde names, in the words of someone who writes TOML.
fn kind_given(given: &str) -> String {
    let (kind, value) = given.split_once(' ').unwrap_or((given, ""));
    let kind = match kind {
        "string" => "the text",
        "integer" | "floating" => "the number",
        "boolean" => "the value",
        "map" => return "a table".to_owned(),
        "sequence" => return "a list".to_owned(),
        _ => return one_line(given),
    };
    let value = value.trim_start_matches("point ").replace('`', "");
    format!("{kind} {}", excerpt(&value, SHOWN))
}

fn kind_wanted(wanted: &str) -> &str {
    match wanted {
        "a boolean" => "true or false, without quotation marks",
        "a string" => "a text in quotation marks",
        "a sequence" => "a list, as in [\"one\", \"two\"]",
        "u32" | "u64" | "i64" => "a number",
        wanted if wanted.starts_with("struct ") || wanted == "a map" => "a table",
        wanted => wanted,
    }
}

#[cfg(test)]
mod tests {
    use super::super::file::parse;

    const HEAD: &str = "schema = 1\ndate = \"2026-01-01\"\nreview-by = \"2026-06-01\"\n[product]\nname = \"demo\"\n";

    #[test]
    fn a_value_that_does_not_fit_is_named_with_what_would() {
        for (line, expected) in [
            (
                "accounts = \"no\"",
                "`accounts` is the text \"no\", and has to be true or false, without quotation marks",
            ),
            ("delivery = 3", "`delivery` is the number 3, and has to be a text in quotation marks"),
            ("delivery = 1.5", "`delivery` is the number 1.5, and has to be a text in quotation marks"),
            ("delivery = true", "`delivery` is the value true, and has to be a text in quotation marks"),
            ("delivery = [\"web\"]", "`delivery` is a list, and has to be a text in quotation marks"),
            ("platforms = \"all\"", "`platforms` is the text \"all\", and has to be a list, as in [\"one\", \"two\"]"),
            (
                "accounts = no",
                "`accounts = no` is not TOML: texts and dates have quotation marks around them; yes and no are true and false, without",
            ),
            (
                "delivery = web",
                "`delivery = web` is not TOML: texts and dates have quotation marks around them; yes and no are true and false, without",
            ),
            ("acounts = true", "`acounts` is not known; did you mean `accounts`?"),
        ] {
            let error = parse(&format!("{HEAD}{line}\n")).expect_err(line).to_string();
            assert_eq!(error, format!("line 6: {expected}"), "{line}");
        }
    }
}

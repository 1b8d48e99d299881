//! The shape of a claims file: what has to be a table, a list or a text. A parser into types takes a list for a table whose
//! members it has in the same order, and a table for a word.

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// Tables of the file.
const TABLES: &[&str] = &["product", "scope", "support", "paths", "claims", "data", "issuer"];
/// Texts of a table that have a few words alone.
const WORDS: &[(&str, &[&str])] = &[("support", &["status", "update-method"])];

/// What is of another shape than the file has it: where, and what it should be. What is not TOML is not judged here.
pub(super) fn mistake(text: &str) -> Option<(usize, String)> {
    let file = DeTable::parse(text).ok()?;
    let wrong = |value: &Spanned<DeValue<'_>>, message: String| Some((value.span().start, message));
    for (name, value) in file.get_ref() {
        let name: &str = name.get_ref();
        if name == "exception" && !value.get_ref().is_array() {
            return wrong(value, "exceptions are written as [[exception]], each a table".to_owned());
        }
        if !TABLES.contains(&name) {
            continue;
        }
        let Some(table) = value.get_ref().as_table() else {
            return wrong(value, format!("`{name}` is a table: write [{name}], and its lines below it"));
        };
        for (key, value) in table {
            let key: &str = key.get_ref();
            let words = WORDS.iter().any(|(table, keys)| *table == name && keys.contains(&key));
            if words && !value.get_ref().is_str() {
                return wrong(value, format!("`{key}` has to be a text in quotation marks"));
            }
            if !matches!(name, "claims" | "data") {
                continue;
            }
            let Some(entries) = value.get_ref().as_table() else {
                return wrong(value, format!("\"{key}\" is a table: write [{name}.\"{key}\"], and its lines below it"));
            };
            let is_answer = |value: &DeValue<'_>| value.is_str() || value.is_table();
            let odd = entries.iter().find(|(_, answer)| name == "claims" && !is_answer(answer.get_ref()));
            if let Some((entry, answer)) = odd {
                let entry: &str = entry.get_ref();
                let how = "done, partly, planned, no or not-applicable in quotation marks, or { answer = \"done\", note = \"...\" }";
                return wrong(answer, format!("\"{entry}\" is answered with {how}"));
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::file::parse;

    #[test]
    fn what_is_of_another_shape_is_a_mistake() {
        let head = "schema = 1\ndate = \"2026-01-01\"\nreview-by = \"2026-06-01\"\n";
        let product = "[product]\nname = \"demo\"\n";
        for (before, after, says) in [
            (
                "support = [\"supported\", \"2028-12-31\", \"manual\"]\n",
                "",
                "line 4: `support` is a table: write [support]",
            ),
            ("scope = \"all\"\n", "", "line 4: `scope` is a table: write [scope]"),
            ("", "[support]\nstatus = { supported = {} }\n", "line 7: `status` has to be a text in quotation marks"),
            ("", "[support]\nupdate-method = 5\n", "line 7: `update-method` has to be a text"),
            (
                "",
                "[claims.\"cswp-23\"]\n\"C.1\" = [\"done\", \"a note\"]\n",
                "line 7: \"C.1\" is answered with done, partly",
            ),
            ("", "[claims.\"cswp-23\"]\n\"C.1\" = true\n", "line 7: \"C.1\" is answered with done, partly"),
            ("", "[claims]\n\"cswp-23\" = \"done\"\n", "line 7: \"cswp-23\" is a table: write [claims.\"cswp-23\"]"),
            ("", "[data]\npersonal = []\n", "line 7: \"personal\" is a table: write [data.\"personal\"]"),
            ("", "[exception]\nadvisory = \"x\"\n", "exceptions are written as [[exception]]"),
        ] {
            let error = parse(&format!("{head}{before}{product}{after}")).expect_err(says).to_string();
            assert!(error.contains(says), "{error}, and not {says}");
        }
        assert!(parse(&format!("{head}{product}")).is_ok());
        for (day, line) in [("2028", 2), ("true", 2), ("[1]", 2), ("\"soon\"", 2)] {
            let text = format!("{head}{product}").replacen("\"2026-01-01\"", day, 1);
            let error = parse(&text).expect_err(day).to_string();
            assert!(error.starts_with(&format!("line {line}: ")) && error.contains("2026-11-01"), "{error}");
        }
    }
}

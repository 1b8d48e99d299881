//! What a package of Python requires, against what its source states.

use std::collections::BTreeSet;

use toml::{Table, Value};

/// Requirements that are named.
const MOST_NAMED: usize = 3;

/// Whether the requirements follow from the source.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// They are those that the source states.
    Stated,
    /// There are none, and the source states none.
    None,
    /// They are others.
    Differs(String),
    /// The source does not state them as data.
    Unknown(String),
}

/// Compares `Requires-Dist` fields with `[project]` of pyproject.toml.
///
/// Spaces, brackets around versions, the order of versions and extras, and quotation marks do not count. What a program
/// states (`setup.py`, `dynamic`) or another tool's table is not derived.
///
/// Source: "Dependency specifiers" (PEP 508) and "Declaring project metadata" (PEP 621).
pub(super) fn compare(packed: &[String], pyproject: Option<&Table>) -> Answer {
    let project = pyproject.and_then(|table| table.get("project")).and_then(Value::as_table);
    let is_dynamic = |key: &str| {
        let dynamic = project.and_then(|project| project.get("dynamic")).and_then(Value::as_array);
        dynamic.is_some_and(|dynamic| dynamic.iter().any(|one| one.as_str() == Some(key)))
    };
    let Some(project) = project.filter(|_| !is_dynamic("dependencies") && !is_dynamic("optional-dependencies")) else {
        return if packed.is_empty() {
            Answer::None
        } else {
            Answer::Unknown("the tree does not state its requirements as data ([project] in pyproject.toml)".to_owned())
        };
    };
    let listed = |value: Option<&Value>| -> Vec<String> {
        let listed = value.and_then(Value::as_array).into_iter().flatten();
        listed.filter_map(Value::as_str).map(ToOwned::to_owned).collect()
    };
    let mut expected: BTreeSet<String> =
        listed(project.get("dependencies")).iter().map(|one| normal(one, None)).collect();
    for (extra, value) in project.get("optional-dependencies").and_then(Value::as_table).into_iter().flatten() {
        expected.extend(listed(Some(value)).iter().map(|one| normal(one, Some(extra))));
    }
    let packed: BTreeSet<String> = packed.iter().map(|one| normal(one, None)).collect();
    let beyond: Vec<&str> = packed.difference(&expected).map(String::as_str).collect();
    let missing: Vec<&str> = expected.difference(&packed).map(String::as_str).collect();
    let named = |list: &[&str]| list.iter().copied().take(MOST_NAMED).collect::<Vec<_>>().join(", ");
    match (beyond.as_slice(), missing.as_slice()) {
        ([], []) if packed.is_empty() => Answer::None,
        ([], []) => Answer::Stated,
        ([], missing) => Answer::Differs(format!("it does not require what the tree states: {}", named(missing))),
        (beyond, _) => Answer::Differs(format!("it requires what the tree does not state: {}", named(beyond))),
    }
}

/// One requirement in one spelling, within `extra` where that is given.
fn normal(requirement: &str, extra: Option<&str>) -> String {
    let (what, marker) = requirement.split_once(';').unwrap_or((requirement, ""));
    let what: String = what.split_whitespace().collect();
    let end = what.find(|letter: char| !(letter.is_alphanumeric() || "-_.".contains(letter))).unwrap_or(what.len());
    let (name, rest) = what.split_at(end);
    let (extras, rest) = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((extras, rest)) => (sorted(&hyphenated(extras)), rest),
        None => (String::new(), rest),
    };
    let rest = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(rest);
    let rest = if rest.starts_with('@') { rest.to_owned() } else { sorted(rest) };
    let mut marker = marker.split_whitespace().collect::<String>().replace('"', "'");
    if let Some(extra) = extra {
        let extra = format!("extra=='{}'", hyphenated(extra));
        marker = match marker.as_str() {
            "" => extra,
            // An `and` binds more tightly: brackets are there where they matter.
            inner if inner.contains("or") && has_or(inner) => format!("({inner})and{extra}"),
            inner => format!("{inner}and{extra}"),
        };
    } else if let Some((before, name)) = marker.rsplit_once("extra=='") {
        let name = hyphenated(name);
        let before = before.strip_suffix("and").map_or_else(
            || before.to_owned(),
            |inner| {
                // Brackets around a condition without `or` say nothing.
                let bare = inner.strip_prefix('(').and_then(|inner| inner.strip_suffix(')'));
                let bare = bare.filter(|bare| !has_or(bare) && !bare.contains(['(', ')']));
                format!("{}and", bare.unwrap_or(inner))
            },
        );
        marker = format!("{before}extra=='{name}");
    }
    format!(
        "{}{}{rest}{}{marker}",
        hyphenated(name),
        if extras.is_empty() { String::new() } else { format!("[{extras}]") },
        if marker.is_empty() { "" } else { ";" }
    )
}

/// Does a marker without spaces hold an `or` between two conditions?
fn has_or(marker: &str) -> bool {
    // A value ends in a quotation mark, a group in a bracket; names of variables have no `or` behind one.
    marker.contains("'or") || marker.contains(")or")
}

/// Lower case, with one hyphen for each run of `-`, `_` and `.` (PEP 503).
fn hyphenated(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if matches!(letter, '-' | '_' | '.') {
            if !out.ends_with('-') {
                out.push('-');
            }
        } else {
            out.extend(letter.to_lowercase());
        }
    }
    out
}

fn sorted(list: &str) -> String {
    let mut parts: Vec<&str> = list.split(',').filter(|part| !part.is_empty()).collect();
    parts.sort_unstable();
    parts.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROJECT: &str = r#"
[project]
dependencies = ["Foo_Bar >= 1.0, <2", 'baz[b,a]; python_version < "3.9"']
[project.optional-dependencies]
Test_X = ["pytest", 'tox; os_name == "nt" or os_name == "posix"']
"#;

    fn check(packed: &[&str], project: &str) -> Answer {
        let packed: Vec<String> = packed.iter().map(|one| (*one).to_owned()).collect();
        compare(&packed, Some(&project.parse().unwrap()))
    }

    #[test]
    fn requirements_follow_from_the_project_table() {
        let good = [
            "foo-bar<2,>=1.0",
            "baz[a,b] ; python_version < '3.9'",
            "pytest; extra == 'test-x'",
            "tox; (os_name == \"nt\" or os_name == \"posix\") and extra == \"test-x\"",
        ];
        assert_eq!(check(&good, PROJECT), Answer::Stated);
        for (place, other) in [
            (0, "foo-bar"),
            (0, "foo-bar<2,>=0.9"),
            (0, "foo-bar @ https://example.org/foo.whl"),
            (1, "baz[a,b]"),
            (1, "baz"),
            (2, "pytest"),
            (2, "pytest; extra == 'test'"),
            (3, "tox; os_name == 'nt' or os_name == 'posix' and extra == 'test-x'"),
        ] {
            let mut bad = good;
            bad[place] = other;
            assert!(matches!(check(&bad, PROJECT), Answer::Differs(_)), "{other}");
        }
        assert!(matches!(check(&good[..3], PROJECT), Answer::Differs(_)));
        let more = [&good[..], &["evil"]].concat();
        assert!(matches!(check(&more, PROJECT), Answer::Differs(reason) if reason.contains("evil")));
    }

    #[test]
    fn what_is_not_stated_as_data_is_not_known() {
        assert_eq!(check(&[], "[project]\n"), Answer::None);
        assert_eq!(compare(&[], None), Answer::None);
        for project in ["", "[project]\ndynamic = ['dependencies']\n", "[tool.poetry.dependencies]\nfoo = '1'\n"] {
            assert!(matches!(check(&["foo"], project), Answer::Unknown(_)), "{project}");
        }
        assert!(matches!(check(&["foo"], "[project]\n"), Answer::Differs(_)));
    }
}

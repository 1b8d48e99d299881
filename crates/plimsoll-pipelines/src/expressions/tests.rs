use super::*;

fn carried(text: &str) -> Vec<String> {
    let expression = parse(text).unwrap_or_else(|| panic!("{text}"));
    let mut paths = Vec::new();
    expression.carried(&mut paths);
    paths.iter().map(|path| path.join(".")).collect()
}

#[test]
fn what_comes_out_is_told_from_what_is_asked() {
    for (text, expected) in [
        ("github.head_ref", vec!["github.head_ref"]),
        (
            "github.event_name == 'pull_request' && github.head_ref || github.ref_name",
            vec!["github.head_ref", "github.ref_name"],
        ),
        ("github.event.issue['Title']", vec!["github.event.issue.title"]),
        ("github['event']['issue'].title", vec!["github.event.issue.title"]),
        ("toJSON(github.event.issue)", vec!["github.event.issue"]),
        ("format('{0}', github.head_ref)", vec!["github.head_ref"]),
        ("fromJSON(toJSON(github.event)).issue", vec!["github.event"]),
        ("github.event.commits[0].message", vec!["github.event.commits.*.message"]),
        ("github.event.commits.*.message", vec!["github.event.commits.*.message"]),
        ("(github.event).issue.title", vec!["github.event.issue.title"]),
        ("github.head_ref == 'x'", vec![]),
        ("contains(github.head_ref, 'x')", vec![]),
        ("!github.head_ref", vec![]),
        ("github.head_ref && 'yes' || 'no'", vec![]),
        ("'github.head_ref'", vec![]),
    ] {
        assert_eq!(carried(text), expected, "{text}");
    }
}

#[test]
fn conditions_come_out_as_github_has_them() {
    let given = |path: &[String]| match path.join(".").as_str() {
        "github.event_name" => Known::Text("push".to_owned()),
        "github.ref" => Known::Begins("refs/heads/"),
        "github.event.pull_request.draft" => Known::Null,
        _ => Known::Unknown,
    };
    for (text, expected) in [
        ("true", Some(true)),
        ("false && true", Some(false)),
        ("'false'", Some(true)),
        ("0", Some(false)),
        ("github.event_name == 'PUSH'", Some(true)),
        ("github.event_name != 'push'", Some(false)),
        ("github.event_name == 'push' && github.actor == 'x'", None),
        ("github.actor == 'x' && false", Some(false)),
        ("github.actor == 'x' || true", Some(true)),
        ("github.event.pull_request.draft == false", Some(true)),
        ("!startsWith(github.ref, 'refs/tags/')", Some(true)),
        ("startsWith(github.ref, 'refs/heads/release-')", None),
        ("github.ref == 'refs/heads/main'", None),
        ("github.ref == 'refs/tags/v1'", Some(false)),
        ("contains(fromJSON('[\"push\", \"pull_request\"]'), github.event_name)", Some(true)),
        ("contains(github.event.pull_request.labels.*.name, 'x')", None),
        ("always()", Some(true)),
        ("success()", None),
        ("!cancelled()", Some(true)),
        ("failure()", Some(false)),
        ("success() || failure()", None),
    ] {
        assert_eq!(parse(text).unwrap().value(&given, Before::fine(None)).truth(), expected, "{text}");
    }
}

// Source: GitHub, "Evaluate expressions in workflows and actions", on operators; what the documentation leaves
// open is not known.
#[test]
fn texts_are_compared_as_texts_and_all_else_as_numbers() {
    let given = |path: &[String]| match path.join(".").as_str() {
        "own" => Known::Own,
        "stranger" => Known::Stranger,
        "other" => Known::Not(&["push"]),
        "ref" => Known::Begins("refs/pull/"),
        _ => Known::Unknown,
    };
    for (text, expected) in [
        ("'10' > '9'", Some(false)),
        ("'10' < '9'", Some(true)),
        ("10 > 9", Some(true)),
        ("'10' > 9", Some(true)),
        ("'abc' < 'ABD'", Some(true)),
        ("'_' < 'a'", Some(false)),
        ("'a' == 'A'", Some(true)),
        ("'À' == 'à'", None),
        ("'À' != 'à'", None),
        ("'À' == 'À'", Some(true)),
        ("contains('À', 'à')", None),
        ("contains('xÀ', 'x')", Some(true)),
        ("startsWith('a', 'à')", None),
        ("-0 == 0", Some(true)),
        ("-0 != 0", Some(false)),
        ("'0x10' == 16", Some(true)),
        ("'0xFFFFFFFF' == -1", Some(true)),
        ("'0o17' == 15", Some(true)),
        ("'inf' == 'inf'", Some(true)),
        ("'inf' > 1", Some(false)),
        ("'infinity' > 1", Some(false)),
        ("'Infinity' > 1", Some(true)),
        ("'nan' == 0", Some(false)),
        ("'x' == 0", Some(false)),
        ("'x' != 0", Some(true)),
        ("'x' >= 0", Some(false)),
        ("'' == 0", Some(true)),
        ("' 1 ' == 1", Some(true)),
        ("null == false", Some(true)),
        ("null == ''", Some(true)),
        ("true == 1", Some(true)),
        ("true == 'true'", Some(false)),
        ("stranger == own", Some(false)),
        ("stranger != own", Some(true)),
        ("own == stranger", Some(false)),
        ("stranger == 'acme/widget'", Some(false)),
        ("own == 'acme/widget'", None),
        ("own == own", Some(true)),
        ("other == 'push'", Some(false)),
        ("other == 'Push'", Some(false)),
        ("other == 'pull_request'", None),
        ("ref == 'refs/heads/main'", Some(false)),
        ("ref == 'refs/pull/1/merge'", None),
        ("stranger < 'a'", None),
        ("unknown == 1", None),
    ] {
        assert_eq!(parse(text).unwrap().value(&given, Before::ANYTHING).truth(), expected, "{text}");
    }
    for text in ["-inf == 1", "0x == 1", "1_0 == 10", "1e == 1"] {
        assert!(parse(text).is_none(), "{text}");
    }
}

#[test]
fn choices_between_constants_are_listed() {
    let given = |path: &[String]| match path.join(".").as_str() {
        "github.event_name" => Known::Text("push".to_owned()),
        _ => Known::Unknown,
    };
    for (text, expected) in [
        ("'a'", Some(vec!["a"])),
        ("1", Some(vec!["1"])),
        ("x && 'a' || 'b'", Some(vec!["a", "b"])),
        ("github.event_name == 'push' && 'a' || 'b'", Some(vec!["a"])),
        ("x && 'a'", Some(vec!["a"])),
        ("x || 'a'", None),
        ("x", None),
        ("format('{0}', 'a')", Some(vec!["a"])),
    ] {
        let expected = expected.map(|all| all.into_iter().map(ToOwned::to_owned).collect::<Vec<_>>());
        assert_eq!(parse(text).unwrap().choices(&given), expected, "{text}");
    }
}

#[test]
fn a_text_is_sure_where_nothing_else_can_come_out() {
    let given = |path: &[String]| match path.join(".").as_str() {
        "matrix.a" => Known::Text("b".to_owned()),
        "matrix.none" => Known::Null,
        _ => Known::Unknown,
    };
    for (text, expected) in [
        ("matrix.a || 'c'", Some("b")),
        ("matrix.none || 'C'", Some("C")),
        ("matrix.none || format('py{0}-{0}', matrix.a)", Some("pyb-b")),
        ("matrix.a == 'b' && '1' || ''", Some("1")),
        ("matrix.a == 'c' && '1' || ''", Some("")),
        ("matrix.none", Some("")),
        ("(matrix.a == 'swift' && 'macos-latest') || 'ubuntu-latest'", Some("ubuntu-latest")),
        // What is not known may decide, or come out.
        ("vars.x && 'a'", None),
        ("vars.x || 'a'", None),
        ("vars.x && 'a' || 'b'", None),
        ("matrix.a && vars.x", None),
        ("matrix.a && vars.x && 'a'", None),
        ("format('{0}', vars.x)", None),
        ("format('{1}', 'a')", None),
        ("format('{{{0}}}', 'a')", None),
        ("success() && 'a'", None),
        ("hashFiles('x') && 'a'", None),
    ] {
        assert_eq!(parse(text).unwrap().text(&given).as_deref(), expected, "{text}");
    }
}

#[test]
fn what_is_no_expression_is_refused_and_depth_is_bounded() {
    let deep = format!("{}a{}", "(".repeat(10_000), ")".repeat(10_000));
    let (calls, indexes) = ("f(".repeat(5_000), "a[".repeat(5_000));
    let row = "a == ".repeat(1000) + "a";
    for text in ["", "a b", "a ||", "(a", "'a", "a.", "a[1", "f(a b)", "${{ a }}", &deep, &calls, &indexes, &row] {
        assert!(parse(text).is_none(), "{}", text.chars().take(20).collect::<String>());
    }
    assert!(parse(&("!".repeat(10_000) + "a")).is_some());
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text: String, likely in "[a-z.'()!=&|<>\\[\\], 0-9*]{0,60}") {
        for text in [text, likely] {
            if let Some(expression) = parse(&text) {
                let mut paths = Vec::new();
                expression.carried(&mut paths);
                let _ = expression.value(&|_| Known::Unknown, Before::ANYTHING);
                let _ = expression.choices(&|_| Known::Stranger);
            }
        }
    }
}

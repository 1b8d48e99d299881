//! One file in, what it says out; and the places that say nothing.

use jiff::civil::Date;
use proptest::prelude::*;

use super::*;

const TODAY: Date = Date::constant(2026, 11, 1);

/// `field=value` of all that a file says, `!` where it is sure.
fn check(path: &str, text: &str, expected: &[&str]) {
    let mut found = Profile::default();
    found.read(path, text, TODAY);
    let said = |one: &Said| format!("{:?}={}{}", one.field, one.value, if one.sure { "!" } else { "" });
    assert_eq!(found.said.iter().map(said).collect::<Vec<_>>(), expected, "{path}: {text}");
}

#[test]
fn manifests_name_authors_addresses_and_packages() {
    check(
        "Cargo.toml",
        "[package]\nname = \"a\"\nauthors = [\"Ada <ada@acme.dev>\"]\nhomepage = \"https://acme.dev\"\nrepository = \"https://github.com/Acme/a\"\n",
        &[
            "Claimant=Ada!",
            "Url=https://acme.dev!",
            "Url=https://github.com/Acme/a",
            "Identifiers=pkg:github/acme/a",
            "Identifiers=pkg:cargo/a",
            "Inside=the package a",
        ],
    );
    // Two authors: who speaks is not known. What is kept back has no package URL.
    check(
        "Cargo.toml",
        "[package]\nname = \"a\"\npublish = false\nauthors = [\"Ada\", \"The A Developers\", \"Bo\"]\n",
        &["Claimant=Ada, Bo", "Inside=the package a"],
    );
    check(
        "Cargo.toml",
        "[package]\nname = \"a\"\npublish = []\n[[bin]]\nname = \"b\"\n",
        &["Inside=the program b", "Inside=the package a"],
    );
    check("Cargo.toml", "[workspace.package]\nauthors = [\"Ada\"]\n", &["Claimant=Ada!"]);
    check(
        "Cargo.toml",
        "[package]\nname = \"a\"\npublish = false\nauthors.workspace = true\n[workspace.package]\nauthors = [\"Ada\"]\n",
        &["Claimant=Ada!", "Inside=the package a"],
    );
    check(
        "Cargo.toml",
        "[package]\nname = \"a\"\npublish.workspace = true\n[workspace.package]\npublish = false\n",
        &["Inside=the package a"],
    );
    check(
        "pyproject.toml",
        "[project]\nname = \"A_b\"\nrequires-python = \">=3\"\nmaintainers = [{name = \"Ada\", email = \"a@acme.dev\"}]\n[project.urls]\nSource = \"https://git.acme.dev/a\"\n",
        &[
            "Claimant=Ada!",
            "Url=https://git.acme.dev/a",
            "Identifiers=pkg:pypi/a-b",
            "Inside=the package A_b",
            "Platforms=Python",
        ],
    );
    check(
        "package.json",
        r#"{"name": "@acme/a", "author": {"name": "Ada"}, "repository": "acme/a", "engines": {"node": ">=18"}}"#,
        &[
            "Claimant=Ada!",
            "Url=https://github.com/acme/a",
            "Identifiers=pkg:github/acme/a",
            "Identifiers=pkg:npm/%40acme/a",
            "Inside=the package @acme/a",
            "Platforms=Node.js",
        ],
    );
    check(
        "package.json",
        r#"{"name": "a", "private": true, "homepage": "http://acme.dev"}"#,
        &["Inside=the package a"],
    );
    check(
        "composer.json",
        r#"{"authors": [{"name": "Ada"}], "homepage": "https://acme.dev"}"#,
        &["Claimant=Ada!", "Url=https://acme.dev!"],
    );
    for text in ["", "[package", "{", "[package]\nauthors = 3\n", "[package]\nauthors = [\"\", \" <x@acme.dev>\"]\n"] {
        check("Cargo.toml", text, &[]);
        check("package.json", text, &[]);
    }
}

#[test]
fn security_insights_say_who_and_how_with_their_own_date() {
    let second = |reviewed: &str, version: &str| {
        format!(
            "header:\n  schema-version: {version}\n  last-reviewed: '{reviewed}'\nproject:\n  homepage: https://acme.dev\n  administrators:\n    - name: Ada\n  vulnerability-reporting:\n    contact:\n      email: sec@acme.dev\nrepository:\n  status: active\n"
        )
    };
    let path = "security-insights.yml";
    check(
        path,
        &second("2026-01-01", "2.0.0"),
        &["Claimant=Ada", "Contact=sec@acme.dev!", "Url=https://acme.dev!", "Status=supported"],
    );
    // What nobody looked at for years, or is dated after today, is sure of nothing.
    for reviewed in ["2020-01-01", "2027-01-01", "soon"] {
        check(
            path,
            &second(reviewed, "2.0.0"),
            &["Claimant=Ada", "Contact=sec@acme.dev", "Url=https://acme.dev", "Status=supported"],
        );
    }
    check(path, &second("2026-01-01", "3.0.0"), &[]);
    let first = "header:\n  schema-version: '1.0.0'\n  last-updated: '2026-01-01'\n  expiration-date: 'END'\n  project-url: https://acme.dev\nproject-lifecycle:\n  status: archived\n  core-maintainers:\n    - github:ada\nsecurity-contacts:\n  - type: email\n    value: sec@acme.dev\n";
    check(
        path,
        &first.replace("END", "2027-01-01"),
        &["Claimant=ada", "Contact=sec@acme.dev!", "Url=https://acme.dev!"],
    );
    check(path, &first.replace("END", "2026-02-01"), &["Claimant=ada", "Contact=sec@acme.dev", "Url=https://acme.dev"]);
}

#[test]
fn badge_answers_are_read_and_unknown_ones_are_not() {
    let mut found = Profile::default();
    let text = "{\"homepage_url\": \"https://acme.dev\",\n \"test_status\": \"Met\", \"test_justification\": \"CI\",\n \"build_status\": \"Unmet\", \"x_status\": \"?\", \"y_status\": 3}";
    found.read(badge::PATH, text, TODAY);
    let mut answers: Vec<_> =
        found.badge.iter().map(|one| (one.criterion.as_str(), one.met, one.from.as_str())).collect();
    answers.sort_unstable();
    assert_eq!(
        answers,
        [("build", false, ".bestpractices.json:3, build"), ("test", true, ".bestpractices.json:2, test")]
    );
    assert_eq!(found.said.len(), 1);
}

#[test]
fn documents_name_holders_and_no_text_of_a_form() {
    for (path, text, expected) in [
        ("LICENSE", "MIT License\n\nCopyright (c) 2015 Ada Example\n", &["Claimant=Ada Example"][..]),
        ("LICENSE", "Copyright \u{a9} 2015-2026, Acme Ltd. All rights reserved.\n", &["Claimant=Acme Ltd"]),
        ("LICENSE", "Copyright 2015 Ada Example <ada@acme.dev>\n", &["Claimant=Ada Example"]),
        ("LICENSE", "Copyright (C) 2007 Free Software Foundation, Inc. <https://fsf.org/>\n", &[]),
        ("LICENSE", "Copyright [yyyy] [name of copyright owner]\n", &[]),
        ("LICENSE", "copyright notice that is included\n", &[]),
        ("LICENSE", "Copyright (c)\n", &[]),
        ("MAINTAINERS.md", "# Who\n\n- [Ada Example](https://a.example), lead\n- Bo\n", &["Claimant=Ada Example"]),
        ("MAINTAINERS.md", "- See the file that names all of them by area\n", &[]),
        (".github/FUNDING.yml", "# x\ngithub: [ada, bo]\n", &["Claimant=ada"]),
        (".github/FUNDING.yml", "github: # none\n", &[]),
    ] {
        check(path, text, expected);
    }
    for (path, expected) in [
        ("LICENSE-MIT", true),
        (".github/FUNDING.yml", true),
        ("docs/MAINTAINERS.md", true),
        ("src/LICENSE", false),
        ("README.md", false),
    ] {
        assert_eq!(documents::is_document(path), expected, "{path}");
    }
}

#[test]
fn workflows_say_platforms_and_deliveries() {
    check(
        ".github/workflows/release.yml",
        "on: push\n# x86_64-pc-windows-msvc\n  target: x86_64-unknown-linux-gnu\n  - run: cargo publish # not npm publish\n",
        &["Platforms=Linux", "Delivery=crates.io"],
    );
    check(".github/workflows/ci.yml", "runs-on: windows-latest\nrun: npm ci\n", &[]);
    assert!(!workflows::is_workflow(".github/workflows/a/b.yml") && !workflows::is_workflow("ci.yml"));
}

proptest! {
    #[test]
    fn nothing_makes_it_panic(text in "(Copyright |github:|- |header:|\\[package\\]|authors = \\[|_status|\\{|\\}|[a-zé\"'<>()\\[\\]:,.\\n ]){0,40}") {
        read_anything(&text);
    }
}

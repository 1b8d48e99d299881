#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

use plimsoll_testkit::Repo;

use super::*;

const SHA: &str = "0123456789abcdef0123456789abcdef01234567";
const OTHER: &str = "89abcdef0123456789abcdef0123456789abcdef";

fn of(repo: &Repo, write: SafeWrite, contact: Option<&str>) -> Proposal {
    let target = Target { path: repo.path().to_owned(), ..Target::default() };
    let mut all = proposals(&target, &BTreeSet::from([write]), contact).unwrap();
    assert_eq!(all.len(), 1);
    all.remove(0)
}

fn left(proposal: &Proposal) -> &str {
    assert!(proposal.changes.is_empty(), "{proposal:?}");
    proposal.left.as_deref().unwrap()
}

fn text(proposal: &Proposal) -> &str {
    let [Change::New { text, .. }] = proposal.changes.as_slice() else { panic!("{proposal:?}") };
    text
}

#[test]
fn a_policy_says_where_to_report_and_promises_nothing() {
    let repo = Repo::new().file("README.md", "# A\n").commit("one");
    let written = of(&repo, SafeWrite::SecurityPolicy, Some("security@acme.dev"));
    assert!(text(&written).contains("in private to <security@acme.dev>"));
    assert!(!text(&written).contains("days"));
    let page = of(&repo, SafeWrite::SecurityPolicy, Some("https://acme.dev/security"));
    assert!(text(&page).contains("<https://acme.dev/security>"));
    for hostile in [
        "a@b.c> [x](https://evil.example)",
        "javascript:alert(1)",
        "http://acme.dev",
        "https://user@evil.example/",
        "a@b\n# Heading",
        "security at acme",
        "@acme.dev",
        "a@b@c.d",
        "x@y",
        &"a".repeat(300),
    ] {
        assert!(left(&of(&repo, SafeWrite::SecurityPolicy, Some(hostile))).contains("neither"), "{hostile}");
    }
    assert!(left(&of(&repo, SafeWrite::SecurityPolicy, None)).contains("no contact is known"));
    for there in ["SECURITY.md", "security.md", ".github/SECURITY.md", "docs/security.rst"] {
        let repo = Repo::new().file(there, "").commit("one");
        assert!(left(&of(&repo, SafeWrite::SecurityPolicy, Some("a@acme.dev"))).contains("is there"), "{there}");
    }
}

#[test]
fn a_bot_is_set_for_the_manifests_of_the_tree() {
    let repo = Repo::new()
        .file(".github/workflows/ci.yml", "on: push\n")
        .file("Cargo.toml", "")
        .file("crates/a/Cargo.toml", "")
        .file("tools/go.mod", "")
        .file("tools/more/go.mod", "")
        .file("web \"x\": y/package.json", "{}")
        .file("tests/fixtures/pom.xml", "")
        .commit("one");
    let written = of(&repo, SafeWrite::UpdateBot, None);
    let text = text(&written);
    insta::assert_snapshot!(text);
    let value: yaml_serde::Value = yaml_serde::from_str(text).unwrap();
    assert_eq!(value["updates"].as_sequence().unwrap().len(), 4);
    for (path, why) in [
        (".github/dependabot.yml", "is there"),
        (".github/dependabot.yaml", "is there"),
        ("renovate.json", "is there"),
        (".github/renovate.json5", "is there"),
    ] {
        let repo = Repo::new().file("Cargo.toml", "").file(".github/x", "").file(path, "").commit("one");
        assert!(left(&of(&repo, SafeWrite::UpdateBot, None)).contains(why), "{path}");
    }
    let elsewhere = Repo::new().file("Cargo.toml", "").file(".gitlab-ci.yml", "").commit("one");
    assert!(left(&of(&elsewhere, SafeWrite::UpdateBot, None)).contains("GitHub"));
    let nothing = Repo::new().file(".github/x", "").file("a.txt", "").commit("one");
    assert!(left(&of(&nothing, SafeWrite::UpdateBot, None)).contains("no manifest"));
}

#[test]
fn an_action_is_pinned_where_another_line_has_its_digest() {
    let ci = format!(
        "jobs:\n  a:\n    steps:\n      - uses: actions/checkout@{SHA} # v4.1.0\n      - uses: acme/sub/path@{OTHER} # tag=v2\n"
    );
    let more = "jobs:\r\n  b:\r\n    steps:\r\n      - uses: Actions/Checkout@v4.1.0\r\n      - uses: 'acme/sub/other@v2' # why\r\n      \
                - uses: actions/checkout@v4\r\n      - uses: ./local@v1\r\n      - run: echo uses acme/sub@v2\r\n";
    let repo = Repo::new().file(".github/workflows/a.yml", &ci).file(".github/workflows/b.yaml", more).commit("one");
    let written = of(&repo, SafeWrite::PinnedActions, None);
    let [Change::Edit { path, before, after, lines }] = written.changes.as_slice() else { panic!("{written:?}") };
    assert_eq!((path.as_str(), before.as_str()), (".github/workflows/b.yaml", more));
    let expected = more
        .replace("Checkout@v4.1.0", &format!("Checkout@{SHA} # v4.1.0"))
        .replace("'acme/sub/other@v2' # why", &format!("'acme/sub/other@{OTHER}' # v2 why"));
    assert_eq!(after, &expected);
    assert_eq!(lines.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [4, 5]);
    assert!(written.left.as_deref().unwrap().starts_with("1 action is left"), "{:?}", written.left);
}

#[test]
fn a_digest_that_is_doubtful_pins_nothing() {
    let two = format!(
        "steps:\n  - uses: a/b@{SHA} # v1\n  - uses: a/b@{OTHER} # v1\n  - uses: a/b@{SHA} # v1\n  - uses: a/b@v1\n"
    );
    let no_note = format!("steps:\n  - uses: a/b@{SHA}\n  - uses: a/b@v1\n");
    let branch = format!("steps:\n  - uses: a/b@{SHA} # main\n  - uses: a/b@main\n");
    let other = format!("steps:\n  - uses: a/c@{SHA} # v1\n  - uses: a/b@v1\n");
    let short = "steps:\n  - uses: a/b@0123456 # v1\n  - uses: a/b@v1\n".to_owned();
    for text in [two, no_note, branch, other, short] {
        let repo = Repo::new().file(".github/workflows/a.yml", &text).commit("one");
        assert!(left(&of(&repo, SafeWrite::PinnedActions, None)).contains("left at a tag"), "{text}");
    }
    let none = Repo::new().file(".github/workflows/a.yml", "on: push\n").commit("one");
    assert!(left(&of(&none, SafeWrite::PinnedActions, None)).contains("no line"));
}

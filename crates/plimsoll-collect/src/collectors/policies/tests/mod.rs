//! Documents that say what they should, and those that do not.

use super::*;

const TODAY: Date = jiff::civil::date(2026, 11, 1);

fn read(reader: Reader, text: &str) -> PolicyFact {
    let mut fact = start("x", "x", text);
    reader(text, &mut fact, TODAY);
    fact
}

mod bots;
mod documents_that_deny;
mod refusals;
mod reporting;
mod requests;

#[test]
fn security_txt_follows_the_rfc() {
    let good = "Contact: mailto:security@acme.dev\nExpires: 2027-01-01T00:00:00Z\nPolicy: https://example.org/p\n";
    assert_eq!(read(security_txt::read, good).problems, <[String; 0]>::default());
    let signed =
        format!("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{good}-----BEGIN PGP SIGNATURE-----\nx\n");
    assert_eq!(read(security_txt::read, &signed).problems, <[String; 0]>::default());
    for (bad, says) in [
        ("Expires: 2027-01-01T00:00:00Z\n".to_owned(), "no contact"),
        (good.replace("Expires: 2027-01-01T00:00:00Z\n", ""), "no end date"),
        (format!("{good}Expires: 2028-01-01T00:00:00Z\n"), "several end dates"),
        (good.replace("2027", "2026"), "expired on"),
        (good.replace("2027-01-01T00:00:00Z", "next year"), "no time"),
        (good.replace("mailto:", ""), "a contact is no address"),
        (good.replace("mailto:security@acme.dev", "http://acme.dev"), "a contact is no address"),
        (format!("{good}just text\n"), "is no field"),
        (format!("{good}Preferred-Languages: en\nPreferred-Languages: de\n"), "twice"),
        ("-----BEGIN PGP SIGNED MESSAGE-----\n\nContact: mailto:a@b.c\n".to_owned(), "cut off"),
        (String::new(), "no contact"),
    ] {
        let problems = read(security_txt::read, &bad).problems;
        assert!(problems.iter().any(|problem| problem.contains(says)), "{bad}: {problems:?}");
    }
}

#[test]
fn security_insights_of_both_versions_are_read() {
    let first = "header:\n  schema-version: 1.0.0\n  expiration-date: '2027-01-01T00:00:00Z'\nsecurity-contacts:\n  - type: email\n    value: a@acme.dev\nvulnerability-reporting:\n  accepts-vulnerability-reports: true\n";
    let fact = read(insights::read, first);
    assert_eq!((fact.problems.len(), fact.expired, fact.has_process), (0, Some(false), true));
    let second = "header:\n  schema-version: 2.0.0\n  last-reviewed: '2026-01-01'\nproject:\n  vulnerability-reporting:\n    reports-accepted: true\n    contact:\n      email: a@acme.dev\n  administrators:\n    - name: A\n";
    let fact = read(insights::read, second);
    assert_eq!((fact.problems.len(), fact.covers.len(), fact.contacts.len()), (0, 1, 1));
    for bad in [
        first.replace("2027", "2025"),
        first.replace("1.0.0", "3.0.0"),
        first.replace("value", "nothing"),
        second.replace("2026-01-01", "2099-01-01"),
        "[".repeat(5000),
        String::new(),
        "a: b: c".to_owned(),
    ] {
        assert!(!read(insights::read, &bad).problems.is_empty(), "{}", bad.chars().take(60).collect::<String>());
    }
}

#[test]
fn configuration_that_does_nothing_does_not_count() {
    let good =
        "version: 2\nupdates:\n  - package-ecosystem: cargo\n    directory: /\n    schedule:\n      interval: weekly\n";
    assert_eq!(read(super::bots::dependabot, good).covers, ["cargo"]);
    for bad in [
        good.replace(": 2", ": 1"),
        "version: 2\nupdates: []\n".to_owned(),
        good.replace("interval", "other"),
        "version: 2\n".to_owned(),
        "[".to_owned(),
        // Took minutes.
        "a: {".repeat(50_000),
        "a: {\n".repeat(50_000),
        format!("{good}    ignore:\n      - dependency-name: '*'\n"),
    ] {
        assert!(!read(super::bots::dependabot, &bad).problems.is_empty(), "{bad}");
    }
    assert!(
        read(super::bots::renovate, "{\"enabled\": false}").problems.len() == 1
            && read(super::bots::renovate, "{}").problems.is_empty()
    );
    for (settings, expected) in [
        ("{}", "all"),
        ("{\"packageRules\": [{\"matchManagers\": [\"pre-commit\"], \"enabled\": false}]}", "all"),
        ("{\"packageRules\": [{\"matchPackageNames\": [\"serde\"], \"enabled\": false}]}", "all"),
        ("{\"enabledManagers\": [\"github-actions\"]}", "github-actions"),
        ("{\"enabledManagers\": [\"cargo\", \"pip_requirements\"]}", "cargo,pypi"),
        ("{\"enabledManagers\": [\"cargo\"], \"cargo\": {\"enabled\": false}}", ""),
        ("{\"enabledManagers\": []}", ""),
    ] {
        assert_eq!(read(super::bots::renovate, settings).covers.join(","), expected, "{settings}");
    }
    // Of what is listed here all but that.
    let settings = "{\"packageRules\": [{\"matchManagers\": [\"github-actions\"], \"enabled\": false}]}";
    let covers = read(super::bots::renovate, settings).covers;
    assert!(covers.contains(&"cargo".to_owned()) && !covers.contains(&"github-actions".to_owned()), "{covers:?}");
    for bad in [
        "{\"packageRules\": [{\"matchPackageNames\": [\"*\"], \"enabled\": false}]}",
        "{\"packageRules\": [{\"enabled\": false}]}",
        "{\"enabledManagers\": []}",
    ] {
        assert!(!read(super::bots::renovate, bad).problems.is_empty(), "{bad}");
    }
    let without = "{\"packageRules\": [{\"matchManagers\": [\"cargo\"], \"enabled\": false}]}";
    let covers = read(super::bots::renovate, without).covers;
    assert!(covers.contains(&"npm".to_owned()) && !covers.contains(&"cargo".to_owned()), "{covers:?}");
    let named = |name: &str| read(super::bots::dependabot, &good.replace("cargo", name)).covers.join(",");
    assert_eq!(
        (named("gomod"), named("uv"), named("github-actions")),
        ("go".to_owned(), "pypi".to_owned(), "github-actions".to_owned())
    );
    assert!(!read(tools::deny, "[graph]\n").problems.is_empty() && read(tools::deny, "[bans]\n").covers == ["bans"]);
    assert!(!read(documents::code_owners, "# * @me\n*.rs\n").problems.is_empty());
    assert!(read(documents::code_owners, "* @me\n").problems.is_empty());
    for bad in [
        "* me@\n",
        "* not-an-owner\n",
        "* a@b\n",
        "[Docs] @me\n",
        "^[Docs][2]\n*.md\n",
        "^[Docs] @me\n*.md\n",
        "* @your-org/your-team\n",
        "* you@example.com\n",
        "* @username\n",
        "* @example\n",
        "* @Example/team\n",
        "* @org/team-name\n",
        "* @my-org/core\n",
        "* @acme/your-team\n",
        "* @global-owner1 @global-owner2\n",
        "* @<user>\n",
        "* @YourName # TODO\n",
        "* user@example.com\n",
        "",
    ] {
        assert!(!read(documents::code_owners, bad).problems.is_empty(), "{bad}");
    }
    for good in
        ["/src/ @me/team # x\n", "* me@example.org\n", "* @username @ada\n", "* @acme/owners\n", "[Docs] @me\n*.md\n"]
    {
        assert!(read(documents::code_owners, good).problems.is_empty(), "{good}");
    }
    for bad in ["Coming soon\n", "# Changelog\n\n## Unreleased\n", "# Changelog\n\n## [Unreleased]\n\n### Added\n"] {
        assert!(!read(documents::changelog, bad).problems.is_empty(), "{bad}");
    }
    for good in ["## [1.2.3] - 2026-01-01\n", "1.0.0 (2026)\n", "# Unreleased\n- Adds a\n", "v0.1.0\n"] {
        assert!(read(documents::changelog, good).problems.is_empty(), "{good}");
    }
}

#[test]
fn the_last_rule_that_matches_decides_who_owns_a_file() {
    let files = ["Cargo.toml", "docs/a.md", "src/deep/lib.rs"];
    let owned = |text: &str| documents::owned_files(text, files.into_iter()).0;
    for (rules, expected) in [
        ("* @me\n", 3),
        ("** @me\n", 3),
        ("/ @me\n", 3),
        ("src/ @me\n", 1),
        ("/src/ @me\n", 1),
        ("lib.rs @me\n", 1),
        ("*.rs @me\n", 1),
        ("/docs/* @me\n", 1),
        ("src/* @me\n", 0),
        ("src/**/lib.rs @me\n", 1),
        ("deep @me\n", 1),
        ("docs/nothing @me\n/lib.rs @me\n*.py @me\ndeep/x @me\n[ @me\nsrc/*.rs @me\ncargo.toml @me\n", 0),
        ("* @me\n*\n", 0),
        ("* @me\nsrc/\n", 2),
        ("*\n* @me\n", 3),
        ("* @me\n* nobody\n", 3),
        ("[Docs] @me\n*.md\n", 1),
        ("^[Docs] @me\n*.md\n", 0),
        ("* nobody\n", 0),
        ("", 0),
    ] {
        assert_eq!(owned(rules), expected, "{rules}");
    }
}

#[test]
fn what_a_reader_does_not_see_says_nothing() {
    for (text, seen) in [
        ("a<!-- b -->c", "ac"),
        ("a<!-- b --><!-- c -->d", "ad"),
        ("a<!-- b", "a"),
        ("<!-->b-->c", "c"),
        ("a -- b -->", "a -- b -->"),
    ] {
        assert_eq!(hidden::visible(text), seen, "{text}");
    }
}

#[test]
fn addresses_that_reach_nobody_are_none() {
    for address in [
        "nobody@nowhere.invalid",
        "git@github.com",
        "12+me@users.noreply.github.com",
        "you@example.com",
        "me@example.org",
    ] {
        let text = format!("# Security\n\nWrite privately to {address}.\nWe answer within a day.\n");
        assert!(!read(security::read, &text).problems.is_empty(), "{address}");
    }
    for contact in ["https://", "mailto:", "mailto:nobody", "tel:"] {
        let text = format!("Contact: {contact}\nExpires: 2027-01-01T00:00:00Z\n");
        assert!(!read(security_txt::read, &text).problems.is_empty(), "{contact}");
    }
    let first = "header:\n  schema-version: 1.0.0\n  expiration-date: '2027-01-01T00:00:00Z'\nsecurity-contacts:\n  - value: ''\nvulnerability-reporting:\n  accepts-vulnerability-reports: true\n  in-scope: []\n";
    let fact = read(insights::read, first);
    assert!(!fact.problems.is_empty() && !fact.has_scope);
}

#[test]
fn a_few_words_explain_nothing() {
    let long = "# How to contribute\n\nOpen a pull request against the main branch; somebody else reviews it, and CI has\nto pass before it is merged.\n";
    assert!(read(documents::explanation, long).problems.is_empty());
    for poor in ["", "a\nb\nc\n", &"TODO\n".repeat(100), "# Title\n\n1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n\nx\n"] {
        assert!(!read(documents::explanation, poor).problems.is_empty(), "{poor}");
    }
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text: String) {
        read_anything(&text);
    }
}

#[test]
fn insights_are_held_to_what_they_say() {
    let second = |reporting: &str, more: &str| {
        let text = format!(
            "header: {{schema-version: 2.0.0, last-reviewed: '2026-01-01'{more}}}\nproject:\n  administrators: [{{name: Ada}}]\n{reporting}repository: {{status: active, core-team: [{{name: Bo}}], security: {{champions: [{{name: Cy}}]}}}}\n"
        );
        read(insights::read, &text)
    };
    let with = |inner: &str| second(&format!("  vulnerability-reporting: {{{inner}}}\n"), "");
    for (fact, expected) in [
        (with("reports-accepted: true, contact: {email: sec@acme.dev}"), Statement::Stated),
        (with("reports-accepted: true, policy: https://acme.dev/security"), Statement::Stated),
        (with("reports-accepted: false, contact: {email: sec@acme.dev}"), Statement::Refused),
        (with("reports-accepted: false, policy: https://acme.dev/security"), Statement::Refused),
        (with("reports-accepted: true, contact: {name: Somebody}"), Statement::NotUnderstood),
        (with("reports-accepted: true, contact: {email: sec@example.org}"), Statement::Sample),
        (with("reports-accepted: true, policy: security.html"), Statement::Nothing),
        (with("reports-accepted: true"), Statement::Nothing),
        (second("", ", project-si-source: 'https://acme.dev/si.yml'"), Statement::Elsewhere),
        (second("", ""), Statement::Nothing),
    ] {
        assert_eq!(fact.statement, Some(expected), "{fact:?}");
        assert_eq!(fact.problems.is_empty(), expected == Statement::Stated, "{fact:?}");
        assert_eq!(fact.covers.len(), 4, "{fact:?}");
    }
    let old = "header: {schema-version: 2.0.0, last-reviewed: '2020-01-01'}\nproject: {vulnerability-reporting: {reports-accepted: true, contact: {email: sec@acme.dev}}}\n";
    assert_eq!(read(insights::read, old).statement, Some(Statement::Nothing));
}

#[test]
fn documents_are_known_by_their_usual_places() {
    let kind = |path: &str| {
        let repo = plimsoll_testkit::Repo::new().file(path, "x").commit("x");
        let snapshot =
            plimsoll_snapshot::Snapshot::open(repo.path(), &plimsoll_snapshot::OpenOptions::default()).unwrap();
        snapshot.entry(path).and_then(|entry| places::recognise(&entry.path)).map_or("", |place| place.kind)
    };
    for (expected, paths) in [
        ("design", &["docs/architecture/overview.md", "docs/dev/architecture.md", "DESIGN.md", "doc/design/a.rst"][..]),
        (
            "configuration-docs",
            &[
                "docs/reference/settings.md",
                "docs/configuration/index.md",
                "docs/config.rst",
                "docs/hardening.md",
                "docs/06-configuration.md",
            ],
        ),
        (
            "contributing",
            &[
                "HACKING.md",
                "DEVELOPMENT.md",
                "docs/development.md",
                "docs/developer-guide/contributing.md",
                ".github/CONTRIBUTING.md",
            ],
        ),
        (
            "changelog",
            &[
                "changelog.d/1.feature.rst",
                "debian/changelog",
                "docs/release-notes/1.0.md",
                "docs/changes/1.2.md",
                "docs/changes/12.fix.rst",
                "ChangeLog",
                "CHANGES.rst",
            ],
        ),
        ("maintainers", &["TEAM.md", "MAINTAINERS.toml", "OWNERS", "OWNERS_ALIASES", "docs/maintainers.md"]),
        ("authors", &["AUTHORS", "CONTRIBUTORS.md"]),
        (
            "threat-model",
            &["docs/threats.md", "docs/security/threat_model.md", "SECURITY-MODEL.md", "doc/security-model.md"],
        ),
        (
            "security-policy",
            &[
                "SECURITY.md",
                "SECURITY-POLICY.md",
                "SECURITY.markdown",
                "docs/source/security.rst",
                ".github/security.md",
            ],
        ),
        (
            "security-txt",
            &[".well-known/security.txt", "public/.well-known/security.txt", "web/static/.well-known/security.txt"],
        ),
        (
            "decision-record",
            &["docs/adr/0001-a.md", "doc/rfcs/1.md", "docs/proposals/1.md", "docs/architecture/decisions/0001-a.md"],
        ),
        ("support", &["EOL.md", "SUPPORT.md", "LIFECYCLE.md"]),
        ("dependency-update", &[".renovaterc.json5", ".gitlab/renovate.json5", "renovate.jsonc", ".pyup.yml"]),
        (
            "",
            &[
                "src/security.md",
                "security.txt",
                "docs/spec/.well-known/security.txt",
                "docs/public/.well-known/security.txt",
                "spec/static/.well-known/security.txt",
                "src/.well-known/security.txt",
                "public/foo.well-known/security.txt",
                "config",
                "requirements.txt",
                "docs/requirements.txt",
                "docs/guide/lifecycle.rst",
                "06-configuration.md",
                "src/config.md",
                "docs/adr/README.md",
                "src/maintainers.rs",
                "x/CODEOWNERS",
                "doc/CODEOWNERS",
                ".github/codeowners",
                ".github/Dependabot.yml",
                "Renovate.json",
                "docs/a/b/c/d/e/f/design.md",
                "docs/example/tier-1/SECURITY.md",
                "docs/guide/examples/app/security.md",
                "documentation/fixtures/SECURITY.md",
            ],
        ),
    ] {
        for path in paths {
            assert_eq!(kind(path), expected, "{path}");
        }
    }
}

#[test]
fn the_first_file_of_owners_counts_alone() {
    for (there, expected) in [
        (&[][..], None),
        (&["src/CODEOWNERS"], None),
        (&["CODEOWNERS"], Some("CODEOWNERS")),
        (&["CODEOWNERS", ".github/CODEOWNERS"], Some(".github/CODEOWNERS")),
        (&["docs/CODEOWNERS", "CODEOWNERS"], Some("CODEOWNERS")),
        (&[".gitlab/CODEOWNERS", "docs/CODEOWNERS"], Some("docs/CODEOWNERS")),
        (&[".gitlab-ci.yml", ".github/CODEOWNERS", ".gitlab/CODEOWNERS"], Some(".gitlab/CODEOWNERS")),
        (&[".gitlab-ci.yml", ".github/workflows", ".github/CODEOWNERS", "CODEOWNERS"], Some(".github/CODEOWNERS")),
    ] {
        assert_eq!(places::code_owners(|path| there.contains(&path)), expected, "{there:?}");
    }
}

#[test]
fn rules_that_allow_everything_are_none() {
    let open = "[advisories]\nvulnerability = \"allow\"\n[licenses]\nunlicensed = \"allow\"\ndefault = \"allow\"\n[bans]\nmultiple-versions = \"allow\"\n[sources]\nunknown-registry = \"allow\"\nunknown-git = \"allow\"\n";
    for (text, forbids) in [
        (open.to_owned(), false),
        ("[bans]\n".to_owned(), false),
        ("[sources]\nunknown-git = \"warn\"\n".to_owned(), false),
        ("[bans]\nmultiple-versions = \"warn\"\ndeny = []\n".to_owned(), false),
        (open.replace("unknown-git = \"allow\"", "unknown-git = \"deny\""), true),
        (open.replace("vulnerability = \"allow\"", ""), true),
        (open.replace("[bans]\n", "[bans]\ndeny = [\"openssl\"]\n"), true),
        ("[licenses]\nallow = [\"MIT\"]\n".to_owned(), true),
        ("[advisories]\nignore = [\"RUSTSEC-2020-0001\"]\n".to_owned(), true),
    ] {
        assert_eq!(read(tools::deny, &text).problems.is_empty(), forbids, "{text}");
    }
}

#[test]
fn a_page_of_one_link_explains_elsewhere() {
    for (text, expected) in [
        ("# How to contribute\n\nSee the [guide](https://acme.dev/contributing/).\n", Statement::Elsewhere),
        ("See docs/contributing.rst.\n", Statement::Elsewhere),
        ("TODO\n", Statement::Template),
        ("# Contributing\n\nJust do it.\n", Statement::Nothing),
        ("变更通过拉取请求提出。每个变更都由另一位维护者审查，并且必须通过所有测试。", Statement::Stated),
    ] {
        assert_eq!(read(documents::explanation, text).statement, Some(expected), "{text}");
    }
    for (text, named) in [
        ("# Maintainers\n\n- Ada Lovelace\n", true),
        ("* @ada\n", true),
        ("approvers:\n  - ada\n", true),
        ("ada@acme.dev\n", true),
        ("# Our Great Team\n\nwe are many\n", false),
        ("- Your Name (@username)\n", false),
        ("- First Last <you@example.com>\n", false),
        ("- John Doe\n", false),
        ("- Your Name\n- Ada Lovelace\n", true),
        ("# Maintainers\n\n- Ada Lovelace\n\n## Emeritus\n\n- Bo Diddley\n", true),
        ("# Former maintainers\n\n- Ada Lovelace\n\n# Maintainers\n\n- Bo Diddley\n", true),
        ("**Ada Lovelace** <ada@acme.dev>\n", true),
        ("# Former maintainers\n\n- Ada Lovelace\n", false),
        ("# Maintainers\n\n## Emeritus\n\n### Core\n\n- Ada Lovelace\n", false),
        ("Past maintainers:\n\n- Ada Lovelace\n- Bo Diddley\n", false),
        ("- Ada Lovelace (retired)\n", false),
        ("**Alumni**\n\n- Ada Lovelace\n", false),
        ("Ada Lovelace stepped down, and nobody took over.\n", false),
        ("", false),
    ] {
        assert_eq!(read(documents::people, text).problems.is_empty(), named, "{text}");
    }
}

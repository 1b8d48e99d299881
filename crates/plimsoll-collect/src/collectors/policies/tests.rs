//! Documents that say what they should, and those that do not.

use super::*;

const TODAY: Date = jiff::civil::date(2026, 11, 1);

fn read(reader: Reader, text: &str) -> PolicyFact {
    let mut fact = start("x", "x", text);
    reader(text, &mut fact, TODAY);
    fact
}

#[test]
fn a_security_policy_is_read() {
    let text = "# Security\n\nSend reports privately to security@example.org.\nWe acknowledge within 48 hours and fix within 90 days.\n\n## Supported versions\nThe latest.\n";
    let fact = read(documents::security, text);
    assert_eq!(
        (fact.problems.len(), fact.contacts, fact.response_days),
        (0, vec!["security@example.org".to_owned()], Some(2))
    );
    assert!(fact.has_process && fact.has_scope);
    let form =
        read(documents::security, "# Security\nUse the button *Report a vulnerability* under Security.\nThanks.\n");
    assert!(form.problems.is_empty() && form.has_process);
    for poor in ["", "# Security\n", "# Security\n\nWe care about security.\n\nVery much.\n", "a@b\n\nno host\n"] {
        assert!(!read(documents::security, poor).problems.is_empty(), "{poor}");
    }
}

#[test]
fn security_txt_follows_the_rfc() {
    let good = "Contact: mailto:security@example.org\nExpires: 2027-01-01T00:00:00Z\nPolicy: https://example.org/p\n";
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
        (good.replace("mailto:security@example.org", "http://example.org"), "a contact is no address"),
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
    let first = "header:\n  schema-version: 1.0.0\n  expiration-date: '2027-01-01T00:00:00Z'\nsecurity-contacts:\n  - type: email\n    value: a@example.org\nvulnerability-reporting:\n  accepts-vulnerability-reports: true\n";
    let fact = read(insights::read, first);
    assert_eq!((fact.problems.len(), fact.expired, fact.has_process), (0, Some(false), true));
    let second = "header:\n  schema-version: 2.0.0\n  last-reviewed: '2026-01-01'\nproject:\n  vulnerability-reporting:\n    reports-accepted: true\n    contact:\n      email: a@example.org\n  administrators:\n    - name: A\n";
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
    assert_eq!(read(tools::dependabot, good).covers, ["cargo"]);
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
        assert!(!read(tools::dependabot, &bad).problems.is_empty(), "{bad}");
    }
    assert!(
        read(tools::renovate, "{\"enabled\": false}").problems.len() == 1
            && read(tools::renovate, "{}").problems.is_empty()
    );
    for (settings, expected) in [
        ("{}", "all"),
        ("{\"packageRules\": [{\"matchManagers\": [\"github-actions\"], \"enabled\": false}]}", "all"),
        ("{\"packageRules\": [{\"matchPackageNames\": [\"serde\"], \"enabled\": false}]}", "all"),
        ("{\"enabledManagers\": [\"github-actions\"]}", "github-actions"),
        ("{\"enabledManagers\": [\"cargo\", \"pip_requirements\"]}", "cargo,pypi"),
        ("{\"enabledManagers\": [\"cargo\"], \"cargo\": {\"enabled\": false}}", ""),
        ("{\"enabledManagers\": []}", ""),
    ] {
        assert_eq!(read(tools::renovate, settings).covers.join(","), expected, "{settings}");
    }
    for bad in [
        "{\"packageRules\": [{\"matchPackageNames\": [\"*\"], \"enabled\": false}]}",
        "{\"packageRules\": [{\"enabled\": false}]}",
        "{\"enabledManagers\": []}",
    ] {
        assert!(!read(tools::renovate, bad).problems.is_empty(), "{bad}");
    }
    let without = "{\"packageRules\": [{\"matchManagers\": [\"cargo\"], \"enabled\": false}]}";
    let covers = read(tools::renovate, without).covers;
    assert!(covers.contains(&"npm".to_owned()) && !covers.contains(&"cargo".to_owned()), "{covers:?}");
    let named = |name: &str| read(tools::dependabot, &good.replace("cargo", name)).covers.join(",");
    assert_eq!(
        (named("gomod"), named("uv"), named("github-actions")),
        ("go".to_owned(), "pypi".to_owned(), "github-actions".to_owned())
    );
    assert!(!read(tools::deny, "[graph]\n").problems.is_empty() && read(tools::deny, "[bans]\n").covers == ["bans"]);
    assert!(!read(documents::code_owners, "# * @me\n*.rs\n").problems.is_empty());
    assert!(read(documents::code_owners, "* @me\n").problems.is_empty());
    for bad in ["* me@\n", "* not-an-owner\n", "* a@b\n", "[Docs] @me\n", "^[Docs][2]\n*.md\n", ""] {
        assert!(!read(documents::code_owners, bad).problems.is_empty(), "{bad}");
    }
    for good in ["/src/ @me/team # x\n", "* me@example.org\n", "[Docs] @me\n*.md\n"] {
        assert!(read(documents::code_owners, good).problems.is_empty(), "{good}");
    }
    assert!(!read(documents::changelog, "Coming soon\n").problems.is_empty());
    for good in ["## [1.2.3] - 2026-01-01\n", "1.0.0 (2026)\n", "# Unreleased\n", "v0.1.0\n"] {
        assert!(read(documents::changelog, good).problems.is_empty(), "{good}");
    }
}

#[test]
fn code_owners_of_nothing_own_nothing() {
    let own = |text: &str| documents::own_something(text, ["Cargo.toml", "docs/a.md", "src/deep/lib.rs"].into_iter());
    for rule in ["*", "**", "/", "src/", "/src/", "lib.rs", "*.rs", "/docs/*", "src/**/lib.rs", "deep", "/Cargo.toml"] {
        assert!(own(&format!("{rule} @me\n")), "{rule}");
    }
    for rule in ["docs/nothing", "/lib.rs", "*.py", "deep/x", "[", "src/*.rs", "cargo.toml"] {
        assert!(!own(&format!("{rule} @me\n")), "{rule}");
    }
    assert!(!own("* nobody\n") && !own(""));
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
        assert_eq!(documents::visible(text), seen, "{text}");
    }
}

#[test]
fn addresses_that_reach_nobody_are_none() {
    for address in ["nobody@nowhere.invalid", "git@github.com", "12+me@users.noreply.github.com", "you@example.com"] {
        let text = format!("# Security\n\nWrite privately to {address}.\nWe answer within a day.\n");
        assert!(!read(documents::security, &text).problems.is_empty(), "{address}");
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

#[test]
fn licences_are_told_apart() {
    let mit = "Permission is hereby granted, free of charge, to any person\nThe above copyright notice and this permission notice shall";
    assert_eq!(read(licences::read, mit).licences, ["MIT"]);
    assert_eq!(read(licences::read, "Apache License\n  Version 2.0, January 2004\n").licences, ["Apache-2.0"]);
    assert_eq!(read(licences::read, "All rights reserved.\nNo use.\n").licences, <[&str; 0]>::default());
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text: String) {
        read_anything(&text);
    }
}

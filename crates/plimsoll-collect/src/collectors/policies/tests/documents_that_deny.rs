//! Documents that deny what their name promises, and those of a few words that keep it.

use super::super::*;

fn of(kind: &'static str, text: &str) -> PolicyFact {
    let mut fact = start(kind, "x.md", text);
    documents::explanation(text, &mut fact, super::TODAY);
    fact
}

/// More words than a page that says nothing has.
const MORE: &str = " We wrote the software in our free time, and everybody may use it under its licence for whatever they like, at home, at work or elsewhere, as often as they want.";

#[test]
fn a_page_that_takes_no_contributions_says_not_how_to_contribute() {
    for text in [
        "We do not accept contributions.",
        "We don't accept any outside contributions at this time.",
        "This project does not currently accept pull requests.",
        "Sorry, we are not open to contributions.",
        "Pull requests are not accepted.",
        "If you have a fix, know that contributions are refused.",
        "This page says why pull requests are not accepted.",
        "Contributions are currently not welcome, sorry.",
        "This project is closed to contributions.",
        "We no longer take patches.",
        "This document is a stub.",
        "This page will be written.",
    ] {
        for text in [text.to_owned(), format!("# Contributing\n\n{text}{MORE}\n")] {
            assert!(!of("contributing", &text).problems.is_empty(), "{text}");
        }
    }
    for text in [
        "We do not accept pull requests without tests.",
        "Pull requests are not merged until another maintainer has looked at them.",
        "We cannot accept contributions that break the build.",
        "We do not take patches by mail; open a pull request.",
        "Contributions are not only code: write pages, too.",
        "If your contribution is rejected, ask why.",
        "When a pull request is closed, its branch is deleted.",
    ] {
        let text = format!("# Contributing\n\nOpen a pull request.{MORE} {text}\n");
        assert!(of("contributing", &text).problems.is_empty(), "{text}");
    }
}

#[test]
fn a_page_that_says_that_there_is_no_threat_model_is_none() {
    for text in [
        "There is no threat model yet.",
        "We have no threat model.",
        "We do not have a threat model yet.",
        "We plan to write a threat model.",
        "The threat model will be written later.",
        "Threat model: TBD.",
        "Our threat model is still missing.",
    ] {
        for text in [text.to_owned(), format!("# Threat model\n\n{text}{MORE}\n")] {
            assert!(!of("threat-model", &text).problems.is_empty(), "{text}");
        }
    }
    for text in
        ["The threat model is not only about attackers from outside.", "No attacker of this threat model has the key."]
    {
        let text = format!("# Threat model\n\n{text}{MORE}\n");
        assert!(of("threat-model", &text).problems.is_empty(), "{text}");
    }
}

#[test]
fn a_short_page_says_how_to_contribute() {
    for (text, says) in [
        ("# Contributing\n\nFork it, make a branch and open a pull request.\n", true),
        ("Send patches to the list; run the tests first, please.\n", true),
        ("# Contributing\n\nJust do it.\n", false),
        ("Pull requests welcome.\n", false),
        ("TODO: say how to open a pull request against the main branch.\n", false),
    ] {
        assert_eq!(of("contributing", text).problems.is_empty(), says, "{text}");
        assert!(!of("design", text).problems.is_empty(), "{text}");
    }
}

#[test]
fn sections_stand_for_pages() {
    let body = "The port is 8080 unless PORT says otherwise; TLS is on by default and is switched off with INSECURE, which is meant for tests alone and logs a warning each time that the server starts with it.";
    for (heading, configuration, threats) in [
        ("# A\n\n## Configuration\n\n", true, false),
        ("# A\n\n## Environment variables\n\n", true, false),
        ("# A\n\n## Configuration\n\n### Ports\n\n", true, false),
        ("# A\n\n## Threat model\n\n", false, true),
        ("# A\n\n## The A threat model\n\n### Attackers\n\n", false, true),
        ("# A\n\n## Usage\n\n", false, false),
        ("# Configuration management for everybody\n\n", false, false),
    ] {
        for (kind, expected) in [("configuration-docs", configuration), ("threat-model", threats)] {
            let (_, pattern) = SECTIONS.iter().find(|(name, _)| *name == kind).unwrap();
            for (text, expected) in [(body, expected), ("TBD", false), ("See the docs.", false)] {
                let text = format!("{heading}{text}\n");
                let mut fact = start(kind, "README.md", "");
                assert_eq!(documents::section(&text, pattern, &mut fact), expected, "{kind}: {text}");
            }
        }
    }
}

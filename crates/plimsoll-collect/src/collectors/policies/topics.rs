//! On what a document says something, by words that are used for it and for little else.
//!
//! A topic that is found shows that the document speaks of it, not that it does so well. One that is not found shows nothing: the
//! document may use other words, or another language.

use super::patterns::{Pattern, fits, pattern};

// How a change is proposed.
pattern!(
    CHANGES,
    r"\b(?:open|opens|opening|submit|submits|submitting|send|sends|sending|create|creates|creating|file|raise|propose|prepare|issue|push) (?:\w+ ){0,4}?(?:pull|merge)[- ]requests?\b|\b(?:submit|send|mail|e-?mail|propose|prepare|format) (?:\w+ ){0,3}?(?:patch|patches|prs?|changes?)\b|\b(?:proposed|submitted|sent|made|contributed|reviewed|merged|accepted) (?:as|via|through|by|using|with|in) (?:an? |the |github |gitlab )?(?:\w+ )?(?:pull|merge)[- ]requests?\b|\b(?:via|through|by) (?:an? )?(?:\w+ )?(?:pull|merge)[- ]requests?\b|\bfork (?:the|this|it|and clone|our)\b|\bgit (?:checkout -b|switch -c|send-email|format-patch|review)\b|\b(?:create|make|use|push) (?:\w+ ){0,3}?(?:feature|topic|new|separate|own) branch(?:es)?\b|\bcreate (?:an?|your) branch\b|\bgerrit\b"
);
// How a change is tested.
pattern!(
    TESTS,
    r"\b(?:run|runs|running|execute|pass|passes|add|adds|adding|write|writes|writing|include|includes|require|requires|cover|covered by|with|have|has) (?:\w+ ){0,4}?(?:unit |integration |regression |automated )?(?:tests?|test[- ]suite|test cases?)\b|\b(?:change|changes|code|patch|patches|feature|features|fix|fixes|it|them) (?:\w+ ){0,4}?(?:is|are|must be|should be|has to be|have to be|gets?|and) tested\b|\btested before\b|\b(?:cargo|npm|yarn|pnpm|go|make|mvn|gradle|gradlew|dotnet|composer|mix|bundle exec|rake|tox|nox|uv run|poetry run|bazel|ctest|meson|swift|flutter|dart|deno|bun)(?: run)? tests?\b|\b(?:pytest|tox|nox|ctest|rspec|phpunit|cargo nextest|mvn verify|jest|vitest)\b"
);
// How code has to look.
pattern!(
    STYLE,
    r"\b(?:coding|code|programming|commit message|formatting) (?:\w+ )?(?:style|standards?|conventions?|guidelines?|rules)\b|\bstyle ?guides?\b|\b(?:lint|linter|linters|linting|formatter|clang-format|rustfmt|cargo fmt|gofmt|eslint|prettier|ruff|flake8|black|clippy|rubocop|pre-commit|checkstyle|conventional commits|pep ?8)\b"
);
// How a change is looked at and merged.
pattern!(
    REVIEW,
    r"\b(?:is|are|be|being|get|gets|been|and) (?:\w+ ){0,2}?(?:code[- ])?(?:reviewed|approved) (?:\w+ ){0,3}?(?:by|before|and)\b|\breviewed by\b|\b(?:code|peer|change|patch|pull request|pr)[- ]reviews?\b|\breview process\b|\b(?:maintainers?|reviewers?|committers?|owners?|team|members?|we|someone|person|developers?) (?:\w+ ){0,3}?(?:will |must |should |have to |has to |needs? to |may |can )?(?:reviews?|approves?|looks? (?:at|over))\b|\b(?:approval|approvals|sign-off|lgtm|review) (?:\w+ )?(?:from|of|by) (?:\w+ ){0,4}?(?:maintainers?|reviewers?|committers?|owners?|person|people|developers?|members?)\b|\b(?:one|two|three|second|\d) (?:\w+ )?(?:approvals?|reviewers?|reviews)\b|\brequires? (?:\w+ ){0,3}?(?:approvals?|reviews?)\b"
);
// How it is built.
pattern!(
    BUILDS,
    r"\b(?:cargo|npm run|yarn|pnpm|pnpm run|go|dotnet|gradle|gradlew|swift|zig|bazel|mix|flutter|uv|poetry|python3? -m|stack|cabal|dune) build\b|\bcmake (?:--build|-[BS])|\bmeson (?:setup|compile)\b|\bmvn (?:clean )?(?:package|install|compile)\b|\bmake (?:all|build|install)\b|\b(?:build|building|compile|compiling) (?:\w+ ){0,3}?from source\b|\b(?:pip|uv pip) install (?:-e|--editable) "
);
// What holds for machines, accounts and pipelines.
pattern!(
    INFRASTRUCTURE,
    r"\b(?:2fa|mfa|two[- ]factor|multi[- ]factor|second factor|hardware (?:security )?(?:key|token)s?|yubikeys?|passkeys?)\b|\b(?:sign|signs|signed|signing) (?:\w+ ){0,3}?(?:commits?|tags?|releases?)\b|\b(?:commits?|tags?|releases?) (?:\w+ )?(?:must|have to|has to|need to|should|are|is) (?:\w+ )?(?:be )?(?:\w+ )?(?:gpg[- ]|ssh[- ])?signed\b|\bcommit signing\b|\b(?:branch protection|protected branch(?:es)?|rulesets?)\b|\b(?:pin|pins|pinned|pinning) (?:\w+ ){0,3}?actions?\b|\bactions? (?:\w+ ){0,3}?(?:pinned|by (?:its |their )?(?:hash|digest|commit|sha))\b|\b(?:rotate|rotated|rotation|scoped?|short-lived|expire|revoke|store|stored|leak|leaked|never commit|do not commit) (?:\w+ ){0,3}?(?:tokens?|secrets?|credentials?|keys?)\b|\b(?:tokens?|secrets?|credentials?|keys?) (?:\w+ ){0,4}?(?:rotated|scoped|short-lived|expire|expires|revoked|stored)\b|\bleast privileges?\b"
);
// Security itself, one word each.
pattern!(
    SECURITY,
    r"\b(?:secur(?:e|ed|ely|ity)|insecure(?:ly)?|attack(?:s|er|ers|ed)?|threats?|vulnerab\w+|trust(?:ed|s)? (?:boundar\w+|model|root\w*|anchor\w*)|untrusted|trusted|authentica\w+|authori[sz]\w+|encrypt\w*|decrypt\w*|crypto\w*|sandbox\w*|privileges?|adversar\w+|malicious\w*|hostile|exploit\w*|injection|tamper\w*|confidential\w*|integrity|isolat\w+|access control|permissions?|secrets?|credentials?|passwords?|tls|https|csrf|xss|hardening|hardened)\b"
);
pattern!(DEFAULTS, r"\bdefaults?(?:ed)?\b");
// Words by which something is required.
pattern!(
    ASKS,
    r"\b(?:must|shall|should|has to|have to|needs? to|requires?|required|requirements?|never|always|only|ensures?|guarantees?|assum(?:e|es|ed|ptions?)|goals?|protects?|prevents?|refuses?|not (?:be )?(?:allowed|trusted)|is not trusted)\b"
);

/// Topics of a guide, by name.
const OF_A_GUIDE: &[(&str, &Pattern)] = &[
    ("changes", &CHANGES),
    ("tests", &TESTS),
    ("style", &STYLE),
    ("review", &REVIEW),
    ("infrastructure", &INFRASTRUCTURE),
    ("build", &BUILDS),
];
/// Different words of security in a document that speaks of it.
const FEWEST: usize = 2;

/// The topics that a document of this type speaks of.
pub(super) fn of(kind: &str, text: &str) -> Vec<String> {
    let mut found: Vec<&str> = Vec::new();
    if matches!(kind, "contributing" | "governance") {
        found.extend(OF_A_GUIDE.iter().filter(|(_, pattern)| fits(pattern, text)).map(|(name, _)| *name));
    }
    if matches!(kind, "design" | "decision-record" | "configuration-docs" | "threat-model" | "support") {
        if speaks_of_security(text) {
            found.push("security");
        }
        if fits(&DEFAULTS, text) {
            found.push("defaults");
        }
        if fits(&ASKS, text) {
            found.push("requirements");
        }
    }
    found.into_iter().map(str::to_owned).collect()
}

fn speaks_of_security(text: &str) -> bool {
    let mut words: Vec<String> = Vec::new();
    for found in SECURITY.iter().flat_map(|pattern| pattern.find_iter(text)) {
        let word = found.as_str().to_lowercase();
        if !words.contains(&word) {
            words.push(word);
        }
        if words.len() >= FEWEST {
            return true;
        }
    }
    false
}

// Headings of a README.
pattern!(
    INSTALLING,
    r"\b(?:install\w*|getting started|get started|quick ?start|set ?up|setting up|downloads?|deploy\w*)\b"
);
pattern!(BUILDING, r"\b(?:build|building|compil\w+|from source)\b");
// Headings with these words are of something else than how it is built.
pattern!(NOT_BUILDING, r"\b(?:builds? status|status|badges?|built with|nightly)\b");
pattern!(
    USING,
    r"\b(?:usage|using|examples?|how to use|quick ?start|getting started|tutorial|synopsis|documentation|docs|guide)\b"
);
pattern!(TESTING, r"\b(?:tests?|testing|run(?:ning)? (?:the )?tests?)\b");

/// What a README has a section on.
pub(super) fn of_readme<'a>(sections: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<String> {
    let all: [(&str, &Pattern); 4] =
        [("install", &INSTALLING), ("build", &BUILDING), ("usage", &USING), ("tests", &TESTING)];
    let mut found = Vec::new();
    for (heading, text) in sections {
        let says = text.split_whitespace().take(3).count() == 3;
        for (name, pattern) in all {
            let other = name == "build" && fits(&NOT_BUILDING, heading);
            if says && fits(pattern, heading) && !other && !found.iter().any(|one| one == name) {
                found.push(name.to_owned());
            }
        }
        if fits(&BUILDS, text) && !found.iter().any(|one| one == "build") {
            found.push("build".to_owned());
        }
        if fits(&RUNS_TESTS, text) && !found.iter().any(|one| one == "tests") {
            found.push("tests".to_owned());
        }
    }
    found.sort();
    found
}

// Commands that run tests.
pattern!(
    RUNS_TESTS,
    r"\b(?:cargo|npm|yarn|pnpm|go|make|mvn|gradle|gradlew|dotnet|composer|mix|rake|tox|bazel)(?: run)? tests?\b|\b(?:run|running) (?:the |all |its |our )?(?:unit |integration )?(?:tests|test suite)\b"
);

#[cfg(test)]
mod tests {
    use super::*;

    fn topics(kind: &str, text: &str) -> String {
        of(kind, text).join(" ")
    }

    #[test]
    fn a_guide_says_how_to_contribute() {
        for (text, expected) in [
            ("Fork the repository, create a feature branch and open a pull request.", "changes"),
            ("Patches are welcome. Send patches to the list with git send-email.", "changes"),
            (
                "Every change is proposed as a pull request, reviewed by a second person and tested before it is merged.",
                "changes tests review",
            ),
            ("Build it with `cargo build --release`.", "build"),
            ("Configure with cmake -B out, then cmake --build out.", "build"),
            ("Run the tests with `cargo test` before you submit a PR.", "changes tests"),
            ("We follow PEP 8. Two approvals are needed.", "style review"),
            ("A maintainer will review your change.", "review"),
            ("All maintainers must use 2FA.", "infrastructure"),
            ("Commits must be GPG-signed, and actions are pinned by their commit.", "infrastructure"),
            ("Tokens of CI are short-lived and rotated.", "infrastructure"),
        ] {
            assert_eq!(topics("contributing", text), expected, "{text}");
        }
    }

    #[test]
    fn what_says_nothing_of_it_has_no_topic() {
        for text in [
            "",
            "We have a policy on the use of language models. A human has to write what is posted in issues.",
            "See the detailed documentation of our organisation for many ways to contribute, including reporting issues and making PRs.",
            "Thank you for your interest! Be kind.",
            "Contributions are welcome.",
            "Veuillez ouvrir une demande de tirage.",
            "This tests your patience. Style matters.",
            "Please review the license.",
            "We sign our mails.",
        ] {
            assert_eq!(topics("contributing", text), "", "{text}");
        }
        assert_eq!(topics("readme", "Open a pull request."), "");
    }

    #[test]
    fn a_document_speaks_of_security() {
        for (text, expected) in [
            (
                "Input is untrusted: an attacker may send anything, so each read must be bounded.",
                "security requirements",
            ),
            ("The default is that TLS is on and the password has to be set.", "security defaults requirements"),
            ("The parser has three layers.", ""),
            ("Security was not the reason for this design.", ""),
            ("Set the colour; the default is red.", "defaults"),
        ] {
            assert_eq!(topics("design", text), expected, "{text}");
        }
    }

    #[test]
    fn a_readme_has_sections() {
        let found = |sections: &[(&str, &str)]| of_readme(sections.iter().copied()).join(" ");
        assert_eq!(
            found(&[("Tool / Installation", "Run cargo install tool"), ("Tool / Building", "cargo build it here")]),
            "build install"
        );
        assert_eq!(found(&[("Tool", "Run `npm test` to see.")]), "tests");
        assert_eq!(found(&[("Build status", "All of it passes."), ("Development", "We meet on Mondays.")]), "");
        assert_eq!(found(&[("Development", "Run `cargo build --release` here.")]), "build");
        assert_eq!(found(&[("Installation", ""), ("Tests", "todo"), ("Tool", "A tool that greps files.")]), "");
    }
}

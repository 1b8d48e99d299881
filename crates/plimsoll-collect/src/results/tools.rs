//! What tools are for that write SARIF: a new one is a row.
//!
//! A tool that is not here counts for nothing: what it did not find says nothing that is known.

use super::report::Purpose::{self, Lint, Secrets, SecurityAnalysis, Vulnerabilities, WorkflowAnalysis};

/// Names as `tool.driver.name` has them, lower case, and what they are for. A name is the whole, or the words at its beginning.
const TOOLS: &[(&str, &[Purpose])] = &[
    ("actionlint", &[Lint]),
    ("ansible-lint", &[Lint]),
    ("bandit", &[SecurityAnalysis]),
    ("bearer", &[SecurityAnalysis]),
    ("biome", &[Lint]),
    ("brakeman", &[SecurityAnalysis]),
    ("cargo-audit", &[Vulnerabilities]),
    ("checkstyle", &[Lint]),
    ("clang-tidy", &[Lint]),
    ("clippy", &[Lint]),
    ("codeql", &[SecurityAnalysis]),
    ("coverity", &[SecurityAnalysis]),
    ("cppcheck", &[SecurityAnalysis, Lint]),
    ("dependency-check", &[Vulnerabilities]),
    ("detekt", &[Lint]),
    ("devskim", &[SecurityAnalysis]),
    ("eslint", &[Lint]),
    ("flawfinder", &[SecurityAnalysis]),
    ("fortify", &[SecurityAnalysis]),
    ("gitleaks", &[Secrets]),
    ("golangci-lint", &[Lint]),
    ("gosec", &[SecurityAnalysis]),
    ("govulncheck", &[Vulnerabilities]),
    ("grype", &[Vulnerabilities]),
    ("hadolint", &[Lint]),
    ("infer", &[SecurityAnalysis]),
    ("ktlint", &[Lint]),
    ("njsscan", &[SecurityAnalysis]),
    ("octoscan", &[WorkflowAnalysis]),
    ("opengrep", &[SecurityAnalysis]),
    ("osv-scanner", &[Vulnerabilities]),
    ("phpstan", &[Lint]),
    ("pmd", &[Lint]),
    ("poutine", &[WorkflowAnalysis]),
    ("psalm", &[SecurityAnalysis, Lint]),
    ("pylint", &[Lint]),
    ("roslyn", &[Lint]),
    ("rubocop", &[Lint]),
    ("ruff", &[Lint]),
    ("semgrep", &[SecurityAnalysis]),
    ("shellcheck", &[Lint]),
    ("snyk open source", &[Vulnerabilities]),
    ("snykcode", &[SecurityAnalysis]),
    ("sonarqube", &[SecurityAnalysis, Lint]),
    ("spotbugs", &[Lint]),
    ("staticcheck", &[Lint]),
    ("swiftlint", &[Lint]),
    ("trivy", &[Vulnerabilities]),
    ("trufflehog", &[Secrets]),
    ("zizmor", &[WorkflowAnalysis]),
];

/// What a tool of this name is for.
pub(super) fn purposes(name: &str) -> &'static [Purpose] {
    let name = name.trim().to_lowercase();
    let is_it = |row: &str| name.strip_prefix(row).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '(']));
    TOOLS.iter().find(|(row, _)| is_it(row)).map_or(&[], |(_, purposes)| purposes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_is_known_by_its_name_and_not_by_one_that_begins_so() {
        for (name, expected) in [
            ("CodeQL", &[SecurityAnalysis][..]),
            ("Semgrep OSS", &[SecurityAnalysis]),
            ("zizmor", &[WorkflowAnalysis]),
            ("ESLint", &[Lint]),
            ("CodeQLite", &[]),
            ("not CodeQL", &[]),
            ("", &[]),
        ] {
            assert_eq!(purposes(name), expected, "{name}");
        }
        assert!(TOOLS.windows(2).all(|pair| pair[0].0 < pair[1].0), "in order");
    }
}

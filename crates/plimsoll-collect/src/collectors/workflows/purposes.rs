//! What a job does, by the commands and actions that it names. The tables are the rules.

use std::collections::BTreeMap;

use super::model::Job;

/// Program, first words after it (flags and toolchains left out), purpose.
const COMMANDS: &[(&str, &[&str], &str)] = &[
    ("cargo", &["test"], "test"),
    ("cargo", &["nextest", "run"], "test"),
    ("cargo", &["miri", "test"], "test"),
    ("cargo", &["hack", "test"], "test"),
    ("cargo", &["hack", "check"], "build"),
    ("cargo", &["hack", "clippy"], "lint"),
    ("cargo", &["clippy"], "lint"),
    ("cargo", &["fmt"], "format"),
    ("cargo", &["audit"], "audit"),
    ("cargo", &["deny"], "audit"),
    ("cargo", &["vet"], "audit"),
    ("cargo", &["fuzz", "run"], "fuzz"),
    ("cargo", &["afl", "fuzz"], "fuzz"),
    ("cargo", &["bolero", "test"], "fuzz"),
    ("cargo", &["llvm-cov"], "coverage"),
    ("cargo", &["llvm-cov"], "test"),
    ("cargo", &["tarpaulin"], "coverage"),
    ("cargo", &["tarpaulin"], "test"),
    ("cargo", &["miri"], "analysis"),
    ("cargo", &["geiger"], "analysis"),
    ("cargo", &["semver-checks"], "analysis"),
    ("cargo", &["cyclonedx"], "sbom"),
    ("cargo", &["sbom"], "sbom"),
    ("cargo", &["publish"], "publish"),
    ("cargo", &["release"], "publish"),
    ("cargo", &["build"], "build"),
    ("cargo", &["auditable", "build"], "build"),
    ("cargo", &["check"], "build"),
    ("cargo", &["doc"], "docs"),
    ("rustfmt", &[], "format"),
    ("cargo-audit", &[], "audit"),
    ("cargo-deny", &[], "audit"),
    ("go", &["test"], "test"),
    ("go", &["vet"], "lint"),
    ("go", &["build"], "build"),
    ("govulncheck", &[], "audit"),
    ("golangci-lint", &[], "lint"),
    ("staticcheck", &[], "analysis"),
    ("gosec", &[], "analysis"),
    ("npm", &["test"], "test"),
    ("npm", &["run", "test"], "test"),
    ("npm", &["run", "lint"], "lint"),
    ("npm", &["run", "build"], "build"),
    ("npm", &["audit"], "audit"),
    ("npm", &["publish"], "publish"),
    ("pnpm", &["test"], "test"),
    ("pnpm", &["lint"], "lint"),
    ("pnpm", &["publish"], "publish"),
    ("yarn", &["test"], "test"),
    ("yarn", &["lint"], "lint"),
    ("yarn", &["npm", "audit"], "audit"),
    ("eslint", &[], "lint"),
    ("npx", &["eslint"], "lint"),
    ("npx", &["tsc"], "analysis"),
    ("prettier", &["--check"], "format"),
    ("pytest", &[], "test"),
    ("py.test", &[], "test"),
    ("tox", &[], "test"),
    ("nox", &[], "test"),
    ("python", &["-m", "pytest"], "test"),
    ("python", &["-m", "unittest"], "test"),
    ("python3", &["-m", "pytest"], "test"),
    ("python3", &["-m", "unittest"], "test"),
    ("ruff", &["check"], "lint"),
    ("ruff", &["format"], "format"),
    ("flake8", &[], "lint"),
    ("pylint", &[], "lint"),
    ("mypy", &[], "analysis"),
    ("bandit", &[], "analysis"),
    ("pip-audit", &[], "audit"),
    ("black", &[], "format"),
    ("twine", &["upload"], "publish"),
    ("mvn", &["test"], "test"),
    ("mvn", &["verify"], "test"),
    ("mvn", &["deploy"], "publish"),
    ("gradle", &["test"], "test"),
    ("gradle", &["check"], "test"),
    ("gradlew", &["test"], "test"),
    ("gradlew", &["check"], "test"),
    ("make", &["test"], "test"),
    ("make", &["check"], "test"),
    ("make", &["lint"], "lint"),
    ("make", &["fuzz"], "fuzz"),
    ("just", &["test"], "test"),
    ("just", &["lint"], "lint"),
    ("just", &["audit"], "audit"),
    ("ctest", &[], "test"),
    ("bundle", &["exec", "rspec"], "test"),
    ("bundle", &["exec", "rake", "test"], "test"),
    ("bundle", &["audit"], "audit"),
    ("dotnet", &["test"], "test"),
    ("shellcheck", &[], "lint"),
    ("actionlint", &[], "lint"),
    ("zizmor", &[], "analysis"),
    ("semgrep", &[], "analysis"),
    ("codeql", &[], "analysis"),
    ("osv-scanner", &[], "audit"),
    ("trivy", &[], "audit"),
    ("grype", &[], "audit"),
    ("syft", &[], "sbom"),
    ("cdxgen", &[], "sbom"),
    ("gitleaks", &[], "secret-scan"),
    ("trufflehog", &[], "secret-scan"),
    ("cosign", &["sign"], "sign"),
    ("cosign", &["sign-blob"], "sign"),
    ("cosign", &["attest"], "provenance"),
    ("gpg", &["--detach-sign"], "sign"),
    ("minisign", &["-S"], "sign"),
    ("gh", &["release", "create"], "publish"),
    ("gh", &["release", "upload"], "publish"),
    ("docker", &["push"], "publish"),
    ("goreleaser", &["release"], "publish"),
    ("codecov", &[], "coverage"),
];

/// Start of an action's name, purpose.
const ACTIONS: &[(&str, &str)] = &[
    ("actions-rs/clippy-check", "lint"),
    ("actions-rust-lang/rustfmt", "format"),
    ("rustsec/audit-check", "audit"),
    ("actions-rs/audit-check", "audit"),
    ("actions-rust-lang/audit", "audit"),
    ("EmbarkStudios/cargo-deny-action", "audit"),
    ("actions/dependency-review-action", "audit"),
    ("google/osv-scanner-action", "audit"),
    ("aquasecurity/trivy-action", "audit"),
    ("anchore/scan-action", "audit"),
    ("pypa/gh-action-pip-audit", "audit"),
    ("anchore/sbom-action", "sbom"),
    ("google/clusterfuzzlite", "fuzz"),
    ("google/oss-fuzz", "fuzz"),
    ("github/codeql-action/analyze", "analysis"),
    ("ossf/scorecard-action", "analysis"),
    ("zizmorcore/zizmor-action", "analysis"),
    ("returntocorp/semgrep-action", "analysis"),
    ("semgrep/semgrep-action", "analysis"),
    ("SonarSource/", "analysis"),
    ("sonarsource/", "analysis"),
    ("golangci/golangci-lint-action", "lint"),
    ("astral-sh/ruff-action", "lint"),
    ("pre-commit/action", "lint"),
    ("crate-ci/typos", "lint"),
    ("rhysd/actionlint", "lint"),
    ("gitleaks/gitleaks-action", "secret-scan"),
    ("trufflesecurity/trufflehog", "secret-scan"),
    ("codecov/codecov-action", "coverage"),
    ("coverallsapp/github-action", "coverage"),
    ("actions/attest-build-provenance", "provenance"),
    ("actions/attest-sbom", "sbom"),
    ("actions/attest", "provenance"),
    ("slsa-framework/slsa-github-generator", "provenance"),
    ("sigstore/gh-action-sigstore-python", "sign"),
    ("crazy-max/ghaction-import-gpg", "sign"),
    ("pypa/gh-action-pypi-publish", "publish"),
    ("softprops/action-gh-release", "publish"),
    ("ncipollo/release-action", "publish"),
    ("rust-lang/crates-io-auth-action", "publish"),
    ("release-plz/action", "publish"),
    ("goreleaser/goreleaser-action", "publish"),
    ("docker/build-push-action", "publish"),
    ("actions/deploy-pages", "docs"),
];

/// Words before a program that change nothing about what it does.
const PREFIXES: &[&str] = &[
    "sudo", "time", "nice", "env", "exec", "command", "xvfb-run", "if", "then", "do", "else", "!", "(", "{", "poetry",
    "uv", "run",
];

/// Gives each purpose once, sorted, and whether a failure of it fails the job.
pub(super) fn of(job: &Job) -> Vec<(&'static str, bool)> {
    let mut found: BTreeMap<&'static str, bool> = BTreeMap::new();
    for step in job.steps.iter().filter(|step| step.condition.as_deref().is_none_or(|condition| !is_never(condition))) {
        if let Some(script) = &step.run {
            for (purpose, tolerant) in in_script(script) {
                *found.entry(purpose).or_default() |= !tolerant && !step.tolerant;
            }
        }
        if let Some(action) = &step.action {
            for (start, purpose) in ACTIONS {
                if action.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start)) {
                    *found.entry(purpose).or_default() |= !step.tolerant;
                    break;
                }
            }
        }
    }
    found.into_iter().collect()
}

/// Is this condition never true?
pub(super) fn is_never(condition: &str) -> bool {
    let inner = condition.trim().trim_start_matches("${{").trim_end_matches("}}").trim();
    matches!(inner, "false" | "0" | "''")
}

/// The purposes of a shell script, each with whether its failure is swallowed.
fn in_script(script: &str) -> Vec<(&'static str, bool)> {
    let joined = script.replace("\\\n", " ");
    let lenient = joined.lines().any(|line| matches!(line.trim(), "set +e"));
    let mut found = Vec::new();
    let mut here_document: Option<String> = None;
    for line in joined.lines() {
        if let Some(end) = &here_document {
            if line.trim() == end {
                here_document = None;
            }
            continue;
        }
        let line = without_comment(line);
        here_document = here_document_end(line);
        let mut commands = split(line).into_iter().peekable();
        while let Some((text, separator)) = commands.next() {
            let swallowed = separator == "||"
                && commands.peek().is_some_and(|(next, _)| {
                    matches!(next.split_whitespace().next(), Some("true" | ":" | "echo" | "printf"))
                        || next.trim().starts_with("exit 0")
                });
            // In a pipe only the last program's failure counts, unless the shell is told otherwise.
            let piped = separator == "|" && !joined.contains("pipefail");
            found.extend(of_command(text).into_iter().map(|purpose| (purpose, lenient || swallowed || piped)));
        }
    }
    found
}

fn of_command(text: &str) -> Vec<&'static str> {
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.peek() {
        let assignment = word.split_once('=').is_some_and(|(name, _)| {
            !name.is_empty() && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
        });
        if assignment || PREFIXES.contains(word) {
            words.next();
        } else {
            break;
        }
    }
    let Some(program) = words.next() else { return Vec::new() };
    let program = program.trim_matches(['"', '\'', '(']).rsplit('/').next().unwrap_or_default();
    let program = if program == "cross" { "cargo" } else { program };
    let words: Vec<&str> = words.map(|word| word.trim_matches(['"', '\'', ')'])).collect();
    let dry = words.iter().any(|word| matches!(*word, "--dry-run" | "--help" | "--version" | "-V" | "--no-run"));
    let checks = words.iter().any(|word| matches!(*word, "--check" | "--diff" | "-l"));
    let plain: Vec<&str> = words.iter().copied().filter(|word| !word.starts_with('+')).collect();
    let verbs: Vec<&str> = plain.iter().copied().filter(|word| !word.starts_with('-')).collect();
    COMMANDS
        .iter()
        .filter(|(name, start, purpose)| {
            let starts = verbs.starts_with(start)
                || plain.starts_with(start)
                || (start.len() == 1 && start.iter().all(|word| word.starts_with('-') && plain.contains(word)));
            // A formatter that rewrites proves nothing; a test that is not run neither.
            *name == program && starts && !dry && (*purpose != "format" || checks)
        })
        .map(|(_, _, purpose)| *purpose)
        .collect()
}

// A '#' that begins a word begins a comment; one in quotes is text.
fn without_comment(line: &str) -> &str {
    let mut quote = None;
    let mut before = ' ';
    for (at, character) in line.char_indices() {
        match (quote, character) {
            (None, '\'' | '"') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            (None, '#') if before.is_whitespace() => return line.get(..at).unwrap_or_default(),
            _ => {}
        }
        before = character;
    }
    line
}

fn here_document_end(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("<<")?;
    let word = rest.trim_start_matches('-').trim_start().trim_matches(['"', '\'']);
    let word: String =
        word.chars().take_while(|character| character.is_ascii_alphanumeric() || *character == '_').collect();
    (!word.is_empty()).then_some(word)
}

/// Cuts a line at `&&`, `||`, `;`, `|` outside of quotes; each command with the separator behind it.
fn split(line: &str) -> Vec<(&str, &'static str)> {
    let mut commands = Vec::new();
    let (mut start, mut quote) = (0, None);
    let mut characters = line.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        match (quote, character) {
            (None, '\'' | '"') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            (None, '&' | '|' | ';') => {
                let double = characters.next_if(|(_, next)| *next == character && character != ';').is_some();
                let separator = match (character, double) {
                    ('&', true) => "&&",
                    ('|', true) => "||",
                    ('|', false) => "|",
                    _ => ";",
                };
                commands.push((line.get(start..at).unwrap_or_default(), separator));
                start = at + 1 + usize::from(double);
            }
            _ => {}
        }
    }
    commands.push((line.get(start..).unwrap_or_default(), ""));
    commands
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(script: &str, expected: &[(&str, bool)]) {
        assert_eq!(in_script(script), expected, "{script}");
    }

    #[test]
    fn commands_are_told_apart_from_words() {
        check("cargo test --workspace", &[("test", false)]);
        check("cargo +nightly clippy -- -D warnings", &[("lint", false)]);
        check("RUSTFLAGS=-Dwarnings cargo --locked test", &[("test", false)]);
        check("cargo build && \\\n cargo test", &[("build", false), ("test", false)]);
        check("cross test --target x", &[("test", false)]);
        check("./gradlew test", &[("test", false)]);
        check("cargo test || true", &[("test", true)]);
        check("set +e\ncargo audit", &[("audit", true)]);
        check("cargo test | tee log", &[("test", true)]);
        check("set -o pipefail\ncargo test | tee log", &[("test", false)]);
        for nothing in [
            "# cargo test",
            "echo 'cargo test'",
            "echo cargo test",
            "cargo test --no-run",
            "cargo fmt",
            "cargo publish --dry-run",
            "cat <<EOF\ncargo test\nEOF",
            "cargo install cargo-audit",
            "cargo-auditor",
            "",
        ] {
            check(nothing, &[]);
        }
        check("cargo fmt --all -- --check", &[("format", false)]);
    }

    proptest::proptest! {
        #[test]
        fn no_script_makes_it_panic(script: String) {
            let _ = in_script(&script);
        }
    }
}

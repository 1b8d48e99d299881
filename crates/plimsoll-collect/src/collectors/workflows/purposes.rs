//! What a job does, by the commands and actions that it names. The tables are the rules.

use std::collections::BTreeMap;

use super::{
    model::Job,
    shell::{self, Shell},
};

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
    ("cargo", &["vet"], "dependency-rules"),
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
    ("actionlint", &[], "workflow-lint"),
    ("zizmor", &[], "workflow-lint"),
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
    ("zizmorcore/zizmor-action", "workflow-lint"),
    ("returntocorp/semgrep-action", "analysis"),
    ("semgrep/semgrep-action", "analysis"),
    ("SonarSource/", "analysis"),
    ("sonarsource/", "analysis"),
    ("golangci/golangci-lint-action", "lint"),
    ("astral-sh/ruff-action", "lint"),
    ("pre-commit/action", "lint"),
    ("crate-ci/typos", "spelling"),
    ("rhysd/actionlint", "workflow-lint"),
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
const PREFIXES: &[&str] = &["sudo", "time", "nice", "env", "exec", "command", "xvfb-run", "poetry", "uv", "run"];

/// Words with which a program does not do its work at all.
const IDLE: &[&str] = &[
    "--dry-run",
    "--help",
    "-h",
    "--version",
    "-V",
    "--no-run",
    "--list",
    "--collect-only",
    "--co",
    // What is mended as it is found is not refused.
    "--fix",
    "fix",
];

/// Words with which a program's findings do not fail it.
const LENIENT: &[&str] =
    &["--exit-zero", "--issues-exit-code=0", "--exit-code=0", "--no-fail", "--passWithNoTests", "--cap-lints=allow"];

/// A purpose of a job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Weight {
    /// Does it run for every change, and does the change fail with it?
    pub(super) gates: bool,
    /// Does it run by the clock, and does the run fail with it?
    pub(super) scheduled: bool,
}

/// Gives each purpose once, sorted.
pub(super) fn of(job: &Job) -> BTreeMap<&'static str, Weight> {
    let mut found: BTreeMap<&'static str, Weight> = BTreeMap::new();
    for step in job.steps.iter().filter(|step| !step.never) {
        let mut add = |purpose, strict: bool| {
            let weight = found.entry(purpose).or_default();
            weight.gates |= strict && step.gates;
            weight.scheduled |= strict && step.scheduled;
        };
        if let Some(script) = &step.run {
            for (purpose, strict) in in_script(script, step.shell) {
                add(purpose, strict);
            }
        }
        if let Some(action) = &step.action {
            for (purpose, strict) in of_action(action, &step.with) {
                add(purpose, strict);
            }
        }
    }
    found
}

/// The purposes of a shell script, each with whether a failure fails the script.
fn in_script(script: &str, shell: Shell) -> Vec<(&'static str, bool)> {
    let commands = shell::commands(script, shell);
    commands
        .iter()
        .flat_map(|command| {
            of_command(&command.words).into_iter().map(|(purpose, strict)| (purpose, strict && command.strict))
        })
        .collect()
}

fn of_command(words: &[String]) -> Vec<(&'static str, bool)> {
    let mut words = words.iter().map(String::as_str).peekable();
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
    let program = program.trim_matches(['"', '\'']).rsplit('/').next().unwrap_or_default();
    let program = if program == "cross" { "cargo" } else { program };
    let words: Vec<&str> = words.map(|word| word.trim_matches(['"', '\''])).collect();
    if words.iter().any(|word| IDLE.contains(word)) {
        return Vec::new();
    }
    let checks = words.iter().any(|word| matches!(*word, "--check" | "--diff" | "-l"));
    let lenient = words.iter().any(|word| LENIENT.contains(word))
        || words.windows(2).any(|pair| matches!(pair, ["--exit-code" | "--issues-exit-code" | "--fail-under", "0"]))
        || words.windows(2).any(|pair| matches!(pair, ["--cap-lints", "allow"]));
    let plain: Vec<&str> = words.iter().copied().filter(|word| !word.starts_with('+')).collect();
    let verbs: Vec<&str> = plain.iter().copied().filter(|word| !word.starts_with('-')).collect();
    let deny = match (program, verbs.as_slice()) {
        ("cargo", ["deny", rest @ ..]) | ("cargo-deny", rest) => Some(rest),
        _ => None,
    };
    if let Some(rest) = deny {
        return of_deny(rest, &words);
    }
    COMMANDS
        .iter()
        .filter(|(name, start, purpose)| {
            let starts = verbs.starts_with(start)
                || plain.starts_with(start)
                || (start.len() == 1 && start.iter().all(|word| word.starts_with('-') && plain.contains(word)));
            // A formatter that rewrites proves nothing.
            *name == program && starts && (*purpose != "format" || checks)
        })
        .map(|(_, _, purpose)| (*purpose, !lenient))
        .collect()
}

/// cargo-deny: which of its checks run. Without a name all of them do.
///
/// Source: the cargo-deny book, "cargo deny check".
fn of_deny(verbs: &[&str], words: &[&str]) -> Vec<(&'static str, bool)> {
    let Some(("check", rest)) = verbs.split_first().map(|(first, rest)| (*first, rest)) else { return Vec::new() };
    let named: Vec<&str> = rest
        .iter()
        .copied()
        .filter(|word| matches!(*word, "advisories" | "ban" | "bans" | "license" | "licenses" | "sources" | "all"))
        .collect();
    // A lint that is allowed or only warned of fails nothing.
    let strict = !words.iter().any(|word| {
        matches!(*word, "-A" | "-W" | "--allow" | "--warn")
            || word.starts_with("--allow=")
            || word.starts_with("--warn=")
    });
    let mut found = vec![("dependency-rules", strict)];
    if named.is_empty() || named.contains(&"all") || named.contains(&"advisories") {
        found.push(("audit", strict));
    }
    found
}

fn of_action(action: &str, with: &[(String, String)]) -> Vec<(&'static str, bool)> {
    let is = |start: &str| action.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start));
    let input =
        |name: &str| with.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str());
    if is("EmbarkStudios/cargo-deny-action") {
        let command = input("command").unwrap_or("check");
        let words: Vec<&str> = command
            .split_whitespace()
            .chain(input("command-arguments").into_iter().flat_map(str::split_whitespace))
            .collect();
        let verbs: Vec<&str> = words.iter().copied().filter(|word| !word.starts_with('-')).collect();
        // What an expression puts in is not known.
        return if command.contains("${{") { Vec::new() } else { of_deny(&verbs, &words) };
    }
    if is("actions/dependency-review-action") && input("vulnerability-check") == Some("false") {
        return vec![("dependency-rules", true)];
    }
    let strict = if is("aquasecurity/trivy-action") || is("anchore/scan-action") {
        // Trivy passes with findings unless it is told not to; Grype's action fails unless it is told not to.
        match (is("anchore/scan-action"), input("exit-code"), input("fail-build")) {
            (true, _, fails) => fails != Some("false"),
            (false, code, _) => code.is_some_and(|code| code != "0"),
        }
    } else {
        !matches!(input("args"), Some(args) if args.split_whitespace().any(|word| LENIENT.contains(&word)))
    };
    ACTIONS.iter().find(|(start, _)| is(start)).map(|(_, purpose)| (*purpose, strict)).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(script: &str, expected: &[(&str, bool)]) {
        assert_eq!(in_script(script, Shell::Strict), expected, "{script}");
    }

    #[test]
    fn commands_are_told_apart_from_words() {
        check("cargo test --workspace", &[("test", true)]);
        check("cargo +nightly clippy -- -D warnings", &[("lint", true)]);
        check("RUSTFLAGS=-Dwarnings cargo --locked test", &[("test", true)]);
        check("cargo build && \\\n cargo test", &[("build", true), ("test", true)]);
        check("cross test --target x", &[("test", true)]);
        check("./gradlew test", &[("test", true)]);
        check("cargo test || true", &[("test", false)]);
        check("set +e\ncargo audit", &[("audit", false)]);
        check("cargo test | tee log", &[("test", false)]);
        check("set -o pipefail\ncargo test | tee log", &[("test", true)]);
        for nothing in [
            "# cargo test",
            "echo 'cargo test'",
            "echo cargo test",
            "cargo test --no-run",
            "cargo test -- --list",
            "cargo clippy --fix",
            "cargo clippy --fix --allow-dirty -- -D warnings",
            "cargo audit fix",
            "ruff check --fix",
            "pytest --collect-only",
            "cargo fmt",
            "cargo publish --dry-run",
            "cat <<EOF\ncargo test\nEOF",
            "cargo install cargo-audit",
            "cargo-auditor",
            "",
        ] {
            check(nothing, &[]);
        }
        check("cargo fmt --all -- --check", &[("format", true)]);
        check("flake8 --exit-zero", &[("lint", false)]);
        check("cargo clippy -- --cap-lints allow", &[("lint", false)]);
    }

    #[test]
    fn cargo_deny_audits_only_where_it_checks_advisories() {
        const RULES: (&str, bool) = ("dependency-rules", true);
        const AUDIT: (&str, bool) = ("audit", true);
        check("cargo deny check", &[RULES, AUDIT]);
        check("cargo deny --all-features check advisories", &[RULES, AUDIT]);
        check("cargo-deny check bans advisories", &[RULES, AUDIT]);
        check("cargo deny check licenses", &[RULES]);
        check("cargo deny check licenses bans sources", &[RULES]);
        check("cargo deny check -A vulnerability advisories", &[("dependency-rules", false), ("audit", false)]);
        check("cargo vet --locked", &[RULES]);
        for nothing in
            ["cargo deny", "cargo deny list", "cargo deny fetch", "cargo deny init", "cargo deny check --help"]
        {
            check(nothing, &[]);
        }
        let action = |name: &str, with: &[(&str, &str)]| {
            let with: Vec<_> = with.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
            of_action(name, &with)
        };
        let deny = "EmbarkStudios/cargo-deny-action";
        assert_eq!(action(deny, &[]), [RULES, AUDIT]);
        assert_eq!(action(deny, &[("command", "check advisories")]), [RULES, AUDIT]);
        assert_eq!(action(deny, &[("command", "check licenses")]), [RULES]);
        assert_eq!(action(deny, &[("command", "list")]), []);
        assert_eq!(action(deny, &[("command", "check ${{ matrix.checks }}")]), []);
        assert_eq!(action("crate-ci/typos", &[]), [("spelling", true)]);
        assert_eq!(action("aquasecurity/trivy-action", &[]), [("audit", false)]);
        assert_eq!(action("aquasecurity/trivy-action", &[("exit-code", "1")]), [("audit", true)]);
    }
}

//! What published actions are for, as data, by their exact names. Where an action runs a tool, its inputs become the
//! words of that tool's command, and the table of tools judges them.

use super::tools::DATA;

pub(super) mod documents;
mod plain;

pub(super) use plain::PLAIN;

/// One action.
pub(super) struct Action {
    /// Owner, name and path, in lower case.
    pub(super) names: &'static [&'static str],
    pub(super) is: &'static [&'static str],
    /// The languages of source that it is about; none for an action of any.
    pub(super) of: &'static [&'static str],
    /// The command that it runs; `{input}` is put in, `{input|text}` has a default. Without one it fails for what it finds.
    pub(super) command: &'static str,
    /// Inputs that change nothing about whether it fails.
    pub(super) inputs: &'static str,
    /// Inputs, with their value, by which it passes whatever it finds.
    pub(super) passes: &'static str,
    /// An input without which it passes whatever it finds.
    pub(super) needs: &'static str,
    /// Inputs, with their value, by which it does nothing of the sort.
    pub(super) void: &'static str,
    /// What it is for as well, where an input says so: `input=value` and the purpose.
    pub(super) also: &'static [(&'static str, &'static str)],
}

const ACTION: Action =
    Action { names: &[], is: &[], of: &[], command: "", inputs: "", passes: "", needs: "", void: "", also: &[] };

/// Inputs of many actions that say where and with which rights they work.
pub(super) const COMMON: &str = "token github-token github_token repo-token repo_token version cache cache-key python-version node-version \
    go-version rust-version toolchain name artifact-name upload-artifact retention-days verbose debug timeout skip-cache \
    install-mode cache-dependency-path log-level";

/// What `CodeQL` calls languages.
///
/// Source: GitHub, "`CodeQL`: supported languages".
pub(super) const ANALYSED: &[(&str, &[&str])] = &[
    ("actions", DATA),
    ("c-cpp", &["C", "C++"]),
    ("c", &["C", "C++"]),
    ("cpp", &["C", "C++"]),
    ("csharp", &["C#"]),
    ("go", &["Go"]),
    ("java-kotlin", &["Java", "Kotlin"]),
    ("java", &["Java", "Kotlin"]),
    ("kotlin", &["Java", "Kotlin"]),
    ("javascript-typescript", &["JavaScript", "TypeScript", "Vue"]),
    ("javascript", &["JavaScript", "TypeScript", "Vue"]),
    ("typescript", &["JavaScript", "TypeScript", "Vue"]),
    ("python", &["Python"]),
    ("ruby", &["Ruby"]),
    ("rust", &["Rust"]),
    ("swift", &["Swift"]),
];

/// All that are known.
pub(super) const ACTIONS: &[Action] = &[
    Action {
        names: &[
            "actions-rs/clippy-check",
            "actions-rs-plus/clippy-check",
            "giraffate/clippy-action",
            "clechasseur/rs-clippy-check",
        ],
        is: &["lint"],
        of: &["Rust"],
        needs: "args=--",
        inputs: "args",
        ..ACTION
    },
    Action { names: &["actions-rust-lang/rustfmt"], is: &["format"], ..ACTION },
    Action {
        names: &[
            "rustsec/audit-check",
            "actions-rs/audit-check",
            "actions-rust-lang/audit",
            "actions-rust-lang/audit-check",
        ],
        is: &["audit"],
        inputs: "token deny createIssues",
        void: "",
        ..ACTION
    },
    Action {
        names: &["actions/dependency-review-action"],
        is: &["audit", "dependency-rules"],
        inputs: "fail-on-severity=low fail-on-severity=moderate fail-on-severity=high fail-on-scopes=runtime fail-on-scopes=runtime,development fail-on-scopes=development,runtime fail-on-scopes=runtime,unknown fail-on-scopes=runtime,development,unknown allow-licenses deny-licenses comment-summary-in-pr base-ref head-ref license-check vulnerability-check=true show-openssf-scorecard deny-packages retry-on-snapshot-warnings",
        passes: "warn-only=true",
        ..ACTION
    },
    Action {
        names: &[
            "google/osv-scanner-action",
            "google/osv-scanner-action/osv-scanner-action",
            "google/osv-scanner-action/.github/workflows/osv-scanner-reusable.yml",
            "google/osv-scanner-action/.github/workflows/osv-scanner-reusable-pr.yml",
        ],
        is: &[],
        command: "osv-scanner {scan-args|-r ./}",
        inputs: "scan-args upload-sarif results-file-name fail-on-vuln=true checkout-submodules download-artifact matrix-property",
        ..ACTION
    },
    Action {
        names: &["aquasecurity/trivy-action"],
        is: &["audit"],
        command: "trivy {scan-type|image} --exit-code {exit-code|0} --scanners={scanners|vuln,secret} --severity={severity|HIGH} {scan-ref|.}",
        inputs: "scan-type exit-code scan-ref image-ref severity format output ignore-unfixed scanners vuln-type template timeout hide-progress cache-dir limit-severities-for-sarif trivyignores",
        also: &[
            ("format=cyclonedx", "sbom"),
            ("format=spdx-json", "sbom"),
            ("format=spdx", "sbom"),
            ("format=github", "sbom"),
        ],
        ..ACTION
    },
    Action {
        names: &["anchore/scan-action"],
        is: &["audit"],
        inputs: "path=. path=./ severity-cutoff=negligible severity-cutoff=low severity-cutoff=medium severity-cutoff=high fail-build=true output-format only-fixed add-cpes-if-none by-cve output-file vex registry-username registry-password",
        passes: "fail-build=false",
        ..ACTION
    },
    Action {
        names: &["pypa/gh-action-pip-audit"],
        is: &["audit"],
        inputs: "inputs require-hashes no-deps summary vulnerability-service virtual-environment local index-url extra-index-urls ignore-vulns disable-pip",
        passes: "internal-be-careful-allow-failure=true",
        ..ACTION
    },
    Action {
        names: &[
            "snyk/actions",
            "snyk/actions/node",
            "snyk/actions/python",
            "snyk/actions/golang",
            "snyk/actions/maven",
            "snyk/actions/gradle",
        ],
        is: &["audit"],
        command: "snyk {command|test} {args}",
        inputs: "command args",
        ..ACTION
    },
    Action {
        names: &["golang/govulncheck-action"],
        is: &["audit"],
        inputs: "go-version-input go-version-file go-package=./... work-dir=. work-dir=./ check-latest repo-checkout",
        passes: "output-format=json output-format=sarif",
        ..ACTION
    },
    Action {
        names: &["embarkstudios/cargo-deny-action"],
        is: &[],
        command: "cargo deny {arguments} {command|check} {command-arguments}",
        inputs: "command arguments command-arguments rust-version log-level use-git-cli",
        ..ACTION
    },
    Action { names: &["taiki-e/cargo-hack"], is: &[], ..ACTION },
    Action {
        names: &["actions-rs/cargo", "clechasseur/rs-cargo", "actions-rs-plus/cargo"],
        is: &[],
        command: "cargo {command} {args}",
        inputs: "command args toolchain use-cross",
        ..ACTION
    },
    Action {
        names: &["houseabsolute/actions-rust-cross"],
        is: &[],
        command: "cargo {command|build} {args}",
        inputs: "command args target toolchain strip cache-cross-binary",
        ..ACTION
    },
    Action {
        names: &["anchore/sbom-action", "anchore/sbom-action/publish-sbom"],
        is: &["sbom"],
        inputs: "*",
        ..ACTION
    },
    Action {
        names: &[
            "cyclonedx/gh-node-module-generatebom",
            "cyclonedx/gh-python-generate-sbom",
            "cyclonedx/gh-gomod-generate-sbom",
            "cyclonedx/gh-dotnet-generate-sbom",
            "cyclonedx/gh-php-composer-generate-sbom",
            "cyclonedx/cdxgen-action",
            "cyclonedx/cdxgen",
            "advanced-security/sbom-generator-action",
            "psastras/sbom-rs/actions/install-cargo-sbom",
            "advanced-security/spdx-to-dependency-graph-action",
            "microsoft/sbom-action",
            "crazy-max/ghaction-sbom",
            "philips-software/spdx-action",
            "eclipse-cdt/sbom-action",
            "plantir/sbom-action",
        ],
        is: &["sbom"],
        inputs: "*",
        ..ACTION
    },
    Action { names: &["docker/scout-action"], is: &[], inputs: "*", also: &[("command=sbom", "sbom")], ..ACTION },
    Action {
        names: &["google/clusterfuzzlite/actions/run_fuzzers", "google/oss-fuzz/infra/cifuzz/actions/run_fuzzers"],
        is: &["fuzz"],
        inputs: "fuzz-seconds mode sanitizer output-sarif oss-fuzz-project-name language report-unreproducible-crashes storage-repo storage-repo-branch minimize-crashes parallel-fuzzing report-timeouts report-ooms upload-all-crashes dry-run=false",
        passes: "dry-run=true",
        ..ACTION
    },
    Action {
        names: &["github/codeql-action/analyze"],
        is: &["analysis", "security-analysis"],
        inputs: "category output ram threads checkout_path add-snippets upload-database wait-for-processing ref sha matrix",
        passes: "",
        void: "upload=never upload=false upload=failure-only",
        ..ACTION
    },
    Action { names: &["ossf/scorecard-action"], is: &["posture"], inputs: "*", ..ACTION },
    Action {
        names: &["zizmorcore/zizmor-action"],
        is: &["workflow-lint"],
        inputs: "advanced-security persona inputs online-audits min-severity min-confidence annotations config",
        ..ACTION
    },
    Action {
        names: &["returntocorp/semgrep-action", "semgrep/semgrep-action"],
        is: &["analysis", "security-analysis"],
        inputs: "config publishToken publishDeployment generateSarif",
        passes: "auditOn=push",
        ..ACTION
    },
    Action {
        names: &[
            "sonarsource/sonarcloud-github-action",
            "sonarsource/sonarqube-scan-action",
            "sonarsource/sonarqube-quality-gate-action",
        ],
        is: &["analysis"],
        inputs: "args projectBaseDir",
        needs: "args=-Dsonar.qualitygate.wait=true",
        ..ACTION
    },
    Action {
        names: &["jetbrains/qodana-action"],
        is: &["analysis"],
        needs: "args=--fail-threshold",
        inputs: "args pr-mode",
        ..ACTION
    },
    Action {
        names: &["pycqa/bandit-action"],
        is: &["analysis", "security-analysis"],
        of: &["Python"],
        inputs: "targets configfile severity confidence exclude",
        passes: "exit-zero=true",
        ..ACTION
    },
    Action {
        names: &["securego/gosec"],
        is: &["analysis", "security-analysis"],
        command: "gosec {args|./...}",
        inputs: "args",
        ..ACTION
    },
    Action {
        names: &["dominikh/staticcheck-action"],
        is: &["analysis"],
        of: &["Go"],
        inputs: "install-go build-tags checks min-go-version output-format use-cache working-directory=.",
        ..ACTION
    },
    Action {
        names: &["jakebailey/pyright-action"],
        is: &["analysis", "types"],
        of: &["Python"],
        inputs: "project extra-args annotate pylance-version",
        passes: "no-comments=never",
        ..ACTION
    },
    Action {
        names: &["golangci/golangci-lint-action"],
        is: &[],
        command: "golangci-lint run {args}",
        inputs: "args only-new-issues problem-matchers verify",
        ..ACTION
    },
    Action {
        names: &["astral-sh/ruff-action", "chartboost/ruff-action"],
        is: &[],
        command: "ruff {args|check} {src|.}",
        inputs: "args src version-file checksum",
        ..ACTION
    },
    Action {
        names: &["psf/black"],
        is: &["format"],
        command: "black {options|--check --diff} {src|.}",
        inputs: "options src jupyter use_pyproject summary",
        ..ACTION
    },
    Action {
        names: &["pre-commit/action"],
        is: &[],
        command: "pre-commit run {extra_args|--all-files}",
        inputs: "extra_args",
        ..ACTION
    },
    Action {
        names: &["ludeeus/action-shellcheck"],
        is: &["lint"],
        of: &["Shell"],
        inputs: "severity scandir ignore_paths ignore_names check_together additional_files format ignore",
        ..ACTION
    },
    Action {
        names: &["hadolint/hadolint-action"],
        is: &["lint"],
        of: DATA,
        inputs: "dockerfile failure-threshold format config recursive trusted-registries",
        passes: "no-fail=true",
        ..ACTION
    },
    Action { names: &["biomejs/setup-biome"], is: &[], inputs: "*", ..ACTION },
    Action {
        names: &[
            "davidanson/markdownlint-cli2-action",
            "articulate/actions-markdownlint",
            "ibiqlik/action-yamllint",
            "dprint/check",
        ],
        is: &["lint"],
        of: DATA,
        inputs: "globs config file_or_dir config_file strict",
        ..ACTION
    },
    Action {
        names: &[
            "super-linter/super-linter",
            "github/super-linter",
            "super-linter/super-linter/slim",
            "oxsecurity/megalinter",
        ],
        is: &["lint"],
        inputs: "",
        passes: "",
        ..ACTION
    },
    Action {
        names: &["rhysd/actionlint", "raven-actions/actionlint"],
        is: &["workflow-lint"],
        inputs: "files flags",
        passes: "fail-on-error=false",
        ..ACTION
    },
    Action {
        names: &["crate-ci/typos", "codespell-project/actions-codespell"],
        is: &["spelling"],
        inputs: "files config isolated write_changes=false skip ignore_words_list",
        passes: "only_warn=1 only_warn=true",
        ..ACTION
    },
    Action {
        names: &["gitleaks/gitleaks-action", "zricethezav/gitleaks-action"],
        is: &["secret-scan"],
        inputs: "config-path",
        ..ACTION
    },
    Action {
        names: &["trufflesecurity/trufflehog"],
        is: &["secret-scan"],
        inputs: "path base head extra_args",
        ..ACTION
    },
    Action {
        names: &["cypress-io/github-action"],
        is: &["test"],
        inputs: "build start wait-on wait-on-timeout browser record install config-file",
        void: "runTests=false",
        ..ACTION
    },
    Action {
        names: &["codecov/codecov-action", "coverallsapp/github-action"],
        is: &["coverage"],
        inputs: "*",
        ..ACTION
    },
    Action {
        names: &[
            "actions/attest-build-provenance",
            "slsa-framework/slsa-github-generator/.github/workflows/generator_generic_slsa3.yml",
            "slsa-framework/slsa-github-generator/.github/workflows/generator_container_slsa3.yml",
            "slsa-framework/slsa-github-generator/.github/workflows/builder_go_slsa3.yml",
            "slsa-framework/slsa-github-generator/.github/workflows/builder_nodejs_slsa3.yml",
            "slsa-framework/slsa-github-generator/.github/workflows/builder_maven_slsa3.yml",
            "slsa-framework/slsa-github-generator/.github/workflows/builder_gradle_slsa3.yml",
            "slsa-framework/slsa-github-generator/.github/workflows/builder_container-based_slsa3.yml",
            "actions/attest-build-provenance/predicate",
            "philips-labs/slsa-provenance-action",
        ],
        is: &["provenance"],
        inputs: "*",
        ..ACTION
    },
    Action { names: &["actions/attest-sbom"], is: &["sbom", "provenance"], inputs: "*", ..ACTION },
    Action { names: &["actions/attest"], is: &["provenance"], inputs: "*", also: &[("sbom-path=+", "sbom")], ..ACTION },
    Action {
        names: &["sigstore/gh-action-sigstore-python", "crazy-max/ghaction-import-gpg"],
        is: &["sign"],
        inputs: "*",
        ..ACTION
    },
    Action {
        names: &["pypa/gh-action-pypi-publish"],
        is: &["publish", "provenance"],
        inputs: "*",
        void: "",
        passes: "",
        ..ACTION
    },
    Action {
        names: &[
            "softprops/action-gh-release",
            "ncipollo/release-action",
            "rust-lang/crates-io-auth-action",
            "release-plz/action",
            "release-plz/release-plz-action",
            "marvinpinto/action-automatic-releases",
            "actions/create-release",
            "actions/upload-release-asset",
            "svenstaro/upload-release-action",
            "taiki-e/upload-rust-binary-action",
            "cycjimmy/semantic-release-action",
            "changesets/action",
            "googleapis/release-please-action",
            "google-github-actions/release-please-action",
            "katyo/publish-crates",
            "js-devtools/npm-publish",
            "axodotdev/cargo-dist",
        ],
        is: &["publish"],
        inputs: "*",
        ..ACTION
    },
    Action {
        names: &["goreleaser/goreleaser-action"],
        is: &[],
        command: "goreleaser {args|release}",
        inputs: "args distribution workdir=. install-only=false",
        void: "install-only=true",
        ..ACTION
    },
    Action {
        names: &["docker/build-push-action", "docker/bake-action"],
        is: &["publish"],
        inputs: "*",
        also: &[("sbom=+", "sbom"), ("provenance=+", "provenance"), ("attests=+", "provenance")],
        ..ACTION
    },
    Action { names: &["actions/deploy-pages"], is: &["docs"], inputs: "*", ..ACTION },
];

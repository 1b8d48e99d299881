//! What surrounds a script decides with it: the environment, the folder, the shell, what is checked out, what came before.
//! A gate has its bare name, what passes whatever it finds a `~`, and what is not known a `?`; what is not made is left out.

use super::{purposes::Local, tree::Made, *};

mod hostile;
mod languages;
mod suites;

fn judged(workflow: &str) -> String {
    judged_in(workflow, &[])
}

fn judged_in(workflow: &str, files: &[(&'static str, &'static str)]) -> String {
    let mut tree = Made(vec![
        ("sub/Cargo.toml", ""),
        ("web/package.json", r#"{"scripts":{"test":"jest"}}"#),
        (
            ".pre-commit-config.yaml",
            "repos:\n  - repo: https://github.com/astral-sh/ruff-pre-commit\n    rev: v1\n    hooks:\n      - id: ruff\n",
        ),
        (
            "tox.ini",
            "[tox]\nenvlist = py312, lint\n[testenv]\ncommands = pytest {posargs}\n[testenv:lint]\ncommands =\n    ruff check .\n",
        ),
    ]);
    tree.0.extend(super::tree::TESTED);
    // What comes first is found.
    tree.0.splice(0..0, files.iter().copied());
    let pipeline = super::workflow(workflow, &["src/lib.rs"]).unwrap_or_else(|error| panic!("{error}: {workflow}"));
    let action = github::action(
        "name: a\nruns:\n  using: composite\n  steps:\n    - run: cargo test\n      shell: bash\n",
        None,
    )
    .unwrap();
    let changing = github::action(
        "name: a\nruns:\n  using: composite\n  steps:\n    - run: echo ./fake >> $GITHUB_PATH\n      shell: bash\n",
        None,
    )
    .unwrap();
    let lenient = |value: &str| {
        let text = format!(
            "name: a\nruns:\n  using: composite\n  steps:\n    - run: cargo test\n      shell: bash\n      continue-on-error: {value}\n"
        );
        github::action(&text, None).unwrap()
    };
    let (passing, perhaps, strict) = (lenient("true"), lenient("${{ inputs.x == 'y' }}"), lenient("false"));
    let actions = [
        ("ci/test".to_owned(), &action),
        ("ci/change".to_owned(), &changing),
        ("ci/passing".to_owned(), &passing),
        ("ci/perhaps".to_owned(), &perhaps),
        ("ci/strict".to_owned(), &strict),
    ]
    .into_iter()
    .collect();
    let local = Local { actions, own: Some("acme/own") };
    let found = purposes::found(&pipeline.jobs[0], &tree, &local);
    let shown = found.weights.iter().filter(|(_, weight)| weight.gates || weight.may_gate || weight.named).map(
        |(name, weight)| {
            let mark = match (weight.gates, weight.may_gate) {
                (true, _) => "",
                (false, true) => "?",
                (false, false) => "~",
            };
            format!("{name}{mark}")
        },
    );
    shown.collect::<Vec<_>>().join(" ")
}

fn written(job: &str, steps: &str) -> String {
    let steps: String = steps.lines().map(|line| format!("      {line}\n")).collect::<Vec<_>>().concat();
    format!("on: [push, pull_request]\njobs:\n  t:\n    runs-on: ubuntu-latest\n{job}    steps:\n{steps}")
}

const CHECKOUT: &str = "- uses: actions/checkout@v4\n";

fn check(rows: &[(&str, &str)]) {
    let wrong: Vec<String> = rows
        .iter()
        .map(|(steps, expected)| (steps, judged(&written("", &format!("{CHECKOUT}{steps}"))), expected))
        .filter(|(_, found, expected)| found != *expected)
        .map(|(steps, found, expected)| format!("{steps:?}: {found:?}, and not {expected:?}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_surrounds_a_check_decides_with_it() {
    check(&[
        ("- run: cargo test", "test"),
        ("- run: cargo test\n  env: {RUST_BACKTRACE: 1, DATABASE_URL: x, TOKEN: '${{ secrets.X }}'}", "test"),
        ("- run: cargo test ${{ env.FLAGS }}\n  env: {FLAGS: --workspace}", "test"),
        ("- run: ${{ env.CARGO }} test\n  env: {CARGO: cargo}", "test"),
        ("- run: cargo test\n  env: {CARGO: 'true'}", "test?"),
        ("- run: ${{ env.TOOL }} test\n  env: {TOOL: cargo}", "test"),
        ("- run: cargo test\n  working-directory: .", "test"),
        ("- run: npm test\n  working-directory: web", "test"),
        ("- run: cargo test\n  shell: bash", "test"),
        ("- run: echo ${{ github.sha }}\n- run: cargo test", "test"),
        ("- uses: dtolnay/rust-toolchain@stable\n- uses: Swatinem/rust-cache@v2\n- run: cargo test", "test"),
        ("- run: echo A=b >> $GITHUB_ENV\n- run: cargo test", "test"),
        ("- run: echo \"$HOME/.local/bin\" >> $GITHUB_PATH\n- run: cargo test", "test"),
        ("- uses: ./ci/test", "test"),
        ("- uses: some/thing@v1\n- run: cargo test", "any? test"),
        ("- run: some-tool --x\n- run: cargo test", "any? test"),
        ("- uses: pre-commit/action@v3", "lint"),
        ("- run: tox", "lint test"),
        ("- run: tox -e py312", "test"),
        ("- uses: actions/checkout@v4\n  with: {repository: other/x, path: other}\n- run: cargo test", "test"),
        (
            "- uses: actions/checkout@v4\n  with: {ref: '${{ github.event.pull_request.head.sha }}'}\n- run: cargo test",
            "test",
        ),
        (
            "- uses: actions/checkout@v4\n  with: {ref: '${{ github.event.pull_request.head.sha || github.sha }}'}\n- run: cargo test",
            "test",
        ),
        (
            "- uses: actions/checkout@v4\n  with: {repository: '${{ github.event.pull_request.head.repo.full_name }}', ref: '${{ github.head_ref }}'}\n- run: cargo test",
            "test",
        ),
        ("- uses: ./ci/strict", "test"),
        (
            "- uses: actions/checkout@v4\n  with: {github-server-url: '${{ github.server_url }}'}\n- run: cargo test",
            "test",
        ),
        ("- run: mkdir build\n- run: ctest\n  working-directory: build", "test"),
        // From here on nothing gates.
        ("- uses: ./ci/passing", "test~"),
        ("- uses: ./ci/perhaps", "test?"),
        ("- uses: actions/checkout@v4\n  with: {ref: '${{ github.base_ref }}'}\n- run: cargo test", "test?"),
        (
            "- uses: actions/checkout@v4\n  with: {ref: '${{ github.event.pull_request.base.sha }}'}\n- run: cargo test",
            "test?",
        ),
        (
            "- uses: actions/checkout@v4\n  with: {ref: '${{ github.event.repository.default_branch }}'}\n- run: cargo test",
            "test?",
        ),
        ("- uses: actions/checkout@v4\n  with: {ref: '${{ github.event.before }}'}\n- run: cargo test", "test?"),
        ("- uses: actions/checkout@v4\n  with: {repository: '${{ vars.X }}'}\n- run: cargo test", "test?"),
        (
            "- uses: actions/checkout@v4\n  with: {repository: '${{ github.event.pull_request.head.repo.full_name }}'}\n- run: cargo test",
            "test?",
        ),
        ("- run: cargo test\n  env: {HOME: ci}", "test?"),
        (
            "- uses: actions/checkout@v4\n  with: {github-server-url: 'https://other.example'}\n- run: cargo test",
            "test?",
        ),
        ("- uses: other/checkout@v4\n- run: cargo test", "any? test?"),
        ("- uses: other/checkout@v4\n- uses: actions/checkout@v4\n- run: cargo test", "any? test"),
        ("- run: cargo test ${{ env.X }}\n  env: {X: '|| true'}", "test~"),
        ("- run: cargo test ${{ inputs.x }}", "test?"),
        ("- run: cargo test ${{ vars.x }}", "test?"),
        ("- run: cargo test && echo ${{ github.head_ref }}", "test?"),
        ("- run: cargo test\n  env: {BASH_ENV: x}", "test?"),
        ("- run: cargo test\n  env: {PATH: x}", "test?"),
        ("- run: cargo test\n  env: {CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER: 'true'}", "test?"),
        ("- run: cargo clippy\n  env: {RUSTFLAGS: --cap-lints allow}", "lint?"),
        ("- run: cargo test\n  env: ${{ fromJSON(vars.x) }}", "test?"),
        ("- run: echo BASH_ENV=x >> $GITHUB_ENV\n- run: cargo test", "test?"),
        ("- run: echo ./fake >> $GITHUB_PATH\n- run: cargo test", "test?"),
        ("- uses: ./ci/change\n- run: cargo test", "test?"),
        ("- uses: acme/own/ci/test@v1\n- run: cargo test", "any? test?"),
        ("- uses: ./ci/none\n- run: cargo test", "any? test?"),
        ("- run: cargo test\n  working-directory: sub", "test?"),
        ("- run: cargo test\n  working-directory: none", "test?"),
        ("- run: cargo test\n  working-directory: ${{ inputs.x }}", "test?"),
        ("- run: rm -rf src\n- run: cargo test", "any? test?"),
        ("- run: git checkout other\n- run: cargo test", "any? test?"),
        ("- run: ./ci/none.sh\n- run: cargo test", "any? test?"),
        ("- uses: actions/checkout@v4\n  with: {repository: other/x}\n- run: cargo test", "test?"),
        ("- uses: actions/checkout@v4\n  with: {ref: good}\n- run: cargo test", "test?"),
        ("- run: cargo test\n  shell: bash -e -o noexec {0}", "any? test?"),
        ("- run: cargo test\n  shell: bash -e ./fake.sh {0}", "any? test?"),
        ("- run: cargo test\n  if: vars.x", "test?"),
        ("- run: cargo test\n  if: 'false'", ""),
        ("- run: cargo test\n  continue-on-error: true", "test~"),
    ]);
    // Without the source some checks fail, and others pass.
    assert_eq!(judged(&written("", "- run: cargo test\n- run: cargo +nightly fuzz run a")), "fuzz test");
    assert_eq!(judged(&written("", "- run: flake8")), "lint?");
    assert_eq!(judged(&written("", "- uses: google/osv-scanner-action/osv-scanner-action@v2")), "audit");
    assert_eq!(judged(&written("", "- run: npm --prefix web test")), "test");
    assert_eq!(judged(&written("", "- uses: google/clusterfuzzlite/actions/run_fuzzers@v1")), "fuzz");
    assert_eq!(judged(&written("", "- uses: ludeeus/action-shellcheck@v1")), "lint?");
    assert_eq!(judged(&written("", "- run: bash -c flake8")), "lint?");
    assert_eq!(judged(&written("", "- run: cargo init\n- run: cargo test")), "any? test?");
    assert_eq!(judged(&written("", "- run: tox\n- run: npm test")), "any? lint? test?");
    assert_eq!(judged(&written("", "- uses: actions/checkout@v4\n  with: {path: x}\n- run: cargo test")), "test?");
    assert_eq!(
        judged(&written("    env: {X: '|| true'}\n", &format!("{CHECKOUT}- run: cargo test ${{{{ env.X }}}}"))),
        "test~"
    );
    assert_eq!(
        judged(&written("    defaults: {run: {working-directory: sub}}\n", &format!("{CHECKOUT}- run: cargo test"))),
        "test?"
    );
    assert_eq!(judged(&written("    if: false\n", &format!("{CHECKOUT}- run: cargo cyclonedx"))), "");
    assert_eq!(
        judged(&written("", &format!("{CHECKOUT}- run: |\n    cargo test\n    echo x")).replace("ubuntu", "windows")),
        "any? test?"
    );
}

/// A script, files, and what it comes to.
type Row = (&'static str, &'static [(&'static str, &'static str)], &'static str);

fn check_files(rows: &[Row]) {
    let wrong: Vec<String> = rows
        .iter()
        .map(|(run, files, expected)| {
            (run, files, judged_in(&written("", &format!("{CHECKOUT}- run: {run}")), files), expected)
        })
        .filter(|(_, _, found, expected)| !found.split(' ').any(|one| one == **expected))
        .map(|(run, files, found, expected)| format!("{run:?} {files:?}: {found:?}, and not {expected:?}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_the_environment_gives_takes_the_place_of_what_a_file_sets() {
    const MAKE: &[(&str, &str)] = &[("Makefile", "T ?= cargo\n.PHONY: check\ncheck:\n\t$(T) test\n")];
    check_files(&[
        ("make check", MAKE, "test"),
        ("make check\n  env: {X: 'true'}", MAKE, "test"),
        ("make check\n  env: {T: 'true'}", MAKE, "any?"),
        ("'T=true make check'", MAKE, "any?"),
        ("'env T=true make check'", MAKE, "any?"),
        ("'export T=true; make check'", MAKE, "any?"),
        ("echo T=true >> $GITHUB_ENV\n- run: make check", MAKE, "any?"),
        ("make check", &[("Makefile", "export A ?= b\n.PHONY: check\ncheck:\n\tcargo test\n")], "test"),
        (
            "make check",
            &[("Makefile", "RUSTFLAGS = x\nexport RUSTFLAGS\n.PHONY: check\ncheck:\n\tcargo test\n")],
            "any?",
        ),
        ("just check", &[("justfile", "export A := 'b'\ncheck:\n  cargo test\n")], "test"),
        ("just check", &[("justfile", "set export := false\ncheck:\n  cargo test\n")], "test"),
        ("just check", &[("justfile", "export RUSTC_WRAPPER := 'true'\ncheck:\n  cargo test\n")], "any?"),
        ("just check", &[("justfile", "set export\nRUSTFLAGS := 'x'\ncheck:\n  cargo test\n")], "any?"),
        ("just check", &[("justfile", "set dotenv-load\ncheck:\n  cargo test\n")], "any?"),
        ("just check", &[("justfile", "set dotenv-load := true\ncheck:\n  cargo test\n")], "any?"),
        ("just check", &[("justfile", "check $RUSTFLAGS='x':\n  cargo test\n")], "any?"),
    ]);
}

#[test]
fn what_a_tree_sets_for_a_tool_decides_with_it() {
    const HOOKS: &str =
        "repos:\n  - repo: https://github.com/astral-sh/ruff-pre-commit\n    rev: v1\n    hooks:\n      - id: ruff\n";
    check_files(&[
        ("pytest", &[("pytest.ini", "[pytest]\naddopts = -ra\n")], "test"),
        ("./gradlew test", &[], "test"),
        (
            "./gradlew test",
            &[("gradlew", "#!/bin/sh\nexec java -jar gradle/wrapper/gradle-wrapper.jar \"$@\"\n")],
            "test",
        ),
        ("./gradlew test", &[("gradlew", "#!/bin/sh\nexit 0\n")], "test?"),
        ("./gradlew test", &[("gradlew", "#!/bin/sh\nexit 0\n# gradle-wrapper.jar\n")], "test?"),
        ("./mvnw test", &[("mvnw", "#!/bin/sh\n:\n")], "test?"),
        ("mvn dependency-check:check", &[("pom.xml", "<failBuildOnCVSS>7</failBuildOnCVSS>")], "audit"),
        ("mvn dependency-check:check", &[("pom.xml", "<failBuildOnCVSS>11</failBuildOnCVSS>")], "audit?"),
        ("gradle dependencyCheckAnalyze", &[("build.gradle", "dependencyCheck { failBuildOnCVSS = 7 }")], "audit"),
        ("docker build .", &[("Dockerfile", "FROM a\nRUN apt-get install -y x && \\\n  cargo test\n")], "test?"),
        ("pytest", &[("pytest.ini", "[pytest]\naddopts = --co\n")], "test?"),
        ("uv run pytest", &[("pytest.ini", "[pytest]\naddopts = --co\n")], "test?"),
        ("python -m pytest", &[], "test"),
        ("python -m pytest", &[("pytest.py", "")], "test?"),
        ("python3 -m pytest", &[("pytest/__main__.py", "")], "test?"),
        ("npx jest", &[("package.json", "{}")], "test"),
        ("npx jest", &[("package.json", r#"{"devDependencies": {"jest": "file:x"}}"#)], "test?"),
        ("npx jest", &[("package.json", r#"{"jest": {"passWithNoTests": true}}"#)], "test?"),
        ("npm --prefix web test", &[(".npmrc", "fund=false")], "test"),
        ("npm --prefix web test", &[(".npmrc", "shell=x")], "any?"),
        ("cross test", &[], "test"),
        ("cross test", &[("Cross.toml", "[target.x]\nrunner = 'true'")], "test?"),
        ("pre-commit run -a", &[(".pre-commit-config.yaml", HOOKS)], "lint"),
        (
            "pre-commit run -a",
            &[(
                ".pre-commit-config.yaml",
                "exclude: ^src\nrepos:\n  - repo: https://github.com/astral-sh/ruff-pre-commit\n    rev: v1\n    hooks:\n      - id: ruff\n",
            )],
            "lint?",
        ),
        (
            "pre-commit run -a",
            &[(
                ".pre-commit-config.yaml",
                "repos:\n  - repo: https://github.com/astral-sh/ruff-pre-commit\n    rev: v1\n    hooks:\n      - id: ruff\n        types: [text]\n",
            )],
            "any?",
        ),
    ]);
    let step =
        |action: &str, files| judged_in(&written("", &format!("{CHECKOUT}- uses: {action}\n- run: cargo test")), files);
    assert_eq!(step("jdx/mise-action@v2", &[("mise.toml", "[tools]\nnode = '22'")]), "test");
    assert_eq!(step("jdx/mise-action@v2", &[("mise.toml", "[env]\n_.path = 'x'")]), "test?");
    assert_eq!(step("oxsecurity/megalinter@v8", &[]), "lint test");
    assert_eq!(step("oxsecurity/megalinter@v8", &[(".mega-linter.yml", "DISABLE_ERRORS: true")]), "lint? test");
}

#[test]
fn an_audit_of_nothing_is_none() {
    check(&[("- run: cargo audit", "audit"), ("- run: npm audit", "audit"), ("- run: yarn audit", "audit")]);
    let pipeline = super::workflow(&written("", &format!("{CHECKOUT}- run: cargo audit")), &["src/lib.rs"]).unwrap();
    let found = purposes::found(&pipeline.jobs[0], &Made(vec![("src/lib.rs", "")]), &Local::default());
    assert!(!found.weights["audit"].gates && found.weights["audit"].may_gate);
}

#[test]
fn a_matrix_is_put_in() {
    let with = |matrix: &str, run: &str| {
        judged(&written(&format!("    strategy: {{matrix: {matrix}}}\n"), &format!("{CHECKOUT}- run: {run}")))
    };
    assert_eq!(with("{task: [test, clippy]}", "cargo ${{ matrix.task }}"), "lint test");
    assert_eq!(with("{check: [advisories, bans]}", "cargo deny check ${{ matrix.check }}"), "audit dependency-rules");
    assert_eq!(with("{flags: ['', --all-features]}", "cargo test ${{ matrix.flags }}"), "test");
    assert_eq!(with("{x: ['|| true']}", "cargo test ${{ matrix.x }}"), "test~");
    assert_eq!(with("'${{ fromJSON(x) }}'", "cargo test ${{ matrix.x }}"), "test?");
}

#[test]
fn actions_are_known_by_their_exact_names_and_inputs() {
    let uses = |uses: &str, with: &str| judged(&written("", &format!("{CHECKOUT}- uses: {uses}\n  with: {with}")));
    let rows = [
        ("EmbarkStudios/cargo-deny-action@v2", "{}", "audit dependency-rules"),
        ("embarkstudios/cargo-deny-action@v2", "{command: check advisories}", "audit dependency-rules"),
        ("EmbarkStudios/cargo-deny-action@v2", "{command: check licenses}", "dependency-rules"),
        ("EmbarkStudios/cargo-deny-action@v2", "{command: list}", ""),
        ("EmbarkStudios/cargo-deny-action@v2", "{command: 'check ${{ inputs.x }}'}", "audit? dependency-rules?"),
        ("EmbarkStudios/cargo-deny-action@v2", "{manifest-path: tests/x/Cargo.toml}", "audit? dependency-rules?"),
        ("rustsec/audit-check@v2", "{token: x}", "audit"),
        ("rustsec/audit-check-nothing@v1", "{}", "any?"),
        ("actions/dependency-review-action@v4", "{}", "audit"),
        ("actions/dependency-review-action@v4", "{allow-licenses: MIT}", "audit dependency-rules"),
        ("actions/dependency-review-action@v4", "{warn-only: true}", "audit~"),
        ("actions/dependency-review-action@v4", "{vulnerability-check: false}", ""),
        ("pypa/gh-action-pip-audit@v1", "{}", "audit"),
        ("pypa/gh-action-pip-audit@v1", "{internal-be-careful-allow-failure: true}", "audit~"),
        ("golangci/golangci-lint-action@v6", "{version: v2}", "lint"),
        ("golangci/golangci-lint-action@v6", "{args: '--issues-exit-code 0'}", "lint~"),
        ("golangci/golangci-lint-action@v6", "{args: '--issues-exit-code=0'}", "lint~"),
        ("astral-sh/ruff-action@v3", "{}", "lint"),
        ("astral-sh/ruff-action@v3", "{args: '--version'}", ""),
        ("aquasecurity/trivy-action@v0", "{scan-type: fs}", "audit~"),
        ("aquasecurity/trivy-action@v0", "{scan-type: fs, exit-code: 1}", "audit"),
        ("anchore/scan-action@v4", "{path: .}", "audit"),
        ("anchore/scan-action@v4", "{path: ., fail-build: false}", "audit~"),
        ("anchore/sbom-action@v0", "{}", "sbom"),
        ("anchore/sbom-action/download-syft@v0", "{}", ""),
        ("github/codeql-action/analyze@v3", "{}", "analysis security-analysis"),
        ("github/codeql-action/analyze@v3", "{upload: never}", ""),
        ("docker/build-push-action@v6", "{push: true}", "publish"),
        ("docker/build-push-action@v6", "{push: true, sbom: true, provenance: mode=max}", "provenance publish sbom"),
        ("docker/build-push-action@v6", "{sbom: false}", "publish"),
        ("pypa/gh-action-pypi-publish@v1", "{}", "provenance publish"),
        ("pypa/gh-action-pypi-publish@v1", "{attestations: false}", "publish"),
        ("actions/attest@v2", "{sbom-path: x, subject-path: y}", "provenance sbom"),
        ("actions/attest@v2", "{predicate-path: x}", "provenance?"),
        ("actions/attest@v2", "{predicate-path: x, subject-path: 'target/release/a'}", "provenance"),
        ("actions/attest-build-provenance@v2", "{subject-path: 'dist/*'}", "provenance"),
        ("actions/attest-build-provenance@v2", "{subject-name: x, subject-digest: y}", "provenance"),
        ("actions/attest-build-provenance@v2", "{subject-path: src/lib.rs}", "provenance?"),
        ("actions/attest-build-provenance@v2", "{}", "provenance?"),
        ("actions/attest-sbom@v2", "{sbom-path: x, subject-path: Cargo.toml}", "provenance? sbom?"),
        ("docker/build-push-action@v6", "{sbom: true}", "publish"),
        ("docker/build-push-action@v6", "{sbom: true, push: false}", "publish"),
        ("docker/build-push-action@v6", "{sbom: true, push: '${{ vars.X }}'}", "publish sbom"),
        ("docker/build-push-action@v6", "{sbom: true, outputs: 'type=image,push=true'}", "publish sbom"),
        ("anchore/sbom-action@v0", "{image: x}", "sbom?"),
        ("anchore/sbom-action@v0", "{path: sub}", "sbom?"),
        ("anchore/sbom-action@v0", "{upload-artifact: false}", ""),
        ("anchore/sbom-action@v0", "{upload-artifact: false, output-file: a.json}", "sbom"),
        ("aquasecurity/trivy-action@v0", "{scan-type: fs, exit-code: 1, scanners: secret}", ""),
        ("aquasecurity/trivy-action@v0", "{scan-type: fs, exit-code: 1, severity: 'CRITICAL,HIGH'}", "audit"),
        ("aquasecurity/trivy-action@v0", "{scan-type: fs, exit-code: 1, severity: CRITICAL}", "audit?"),
        ("aquasecurity/trivy-action@v0", "{scan-type: fs, exit-code: 1, scan-ref: sub}", "audit?"),
        ("aquasecurity/trivy-action@v0", "{exit-code: 1, image-ref: x}", "audit?"),
        ("anchore/scan-action@v4", "{image: x}", "audit?"),
        ("actions/dependency-review-action@v4", "{fail-on-severity: high}", "audit"),
        ("actions/dependency-review-action@v4", "{fail-on-scopes: 'runtime, development'}", "audit"),
        ("actions/dependency-review-action@v4", "{fail-on-scopes: development}", "audit?"),
        ("actions/dependency-review-action@v4", "{fail-on-severity: critical}", "audit?"),
        ("google/osv-scanner-action/osv-scanner-action@v2", "{}", "audit"),
        ("google/osv-scanner-action/osv-scanner-action@v2", "{scan-args: \"--recursive\\n./\"}", "audit"),
        ("google/osv-scanner-action/osv-scanner-action@v2", "{scan-args: '-r sub'}", "audit?"),
        ("hadolint/hadolint-action@v3", "{}", "other-lint"),
        ("ibiqlik/action-yamllint@v3", "{}", "other-lint"),
        ("acme/plimsoll@0123456789abcdef0123456789abcdef01234567", "{}", "sbom"),
        ("crate-ci/typos@v1", "{}", "spelling"),
        ("actions-rs/cargo@v1", "{command: test, args: --workspace}", "test"),
        ("actions-rs/cargo@v1", "{command: test, args: --no-run}", ""),
        ("ossf/scorecard-action@v2", "{}", "posture"),
    ];
    let wrong: Vec<String> = rows
        .into_iter()
        .map(|(action, with, expected)| (action, with, uses(action, with), expected))
        .filter(|(_, _, found, expected)| found != expected)
        .map(|(action, with, found, expected)| format!("{action} {with}: {found:?}, and not {expected:?}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_not_made_is_not_there() {
    let made = |run: &str| judged(&written("", &format!("{CHECKOUT}- run: {run}")));
    assert_eq!(made("cargo cyclonedx"), "sbom");
    assert_eq!(made("syft . -o cyclonedx-json"), "sbom");
    assert_eq!(made("exit 0; cargo cyclonedx"), "");
    assert_eq!(made("syft version"), "");
    assert_eq!(made("ko build --local"), "");
    for (run, expected) in [
        ("syft dir:. -o spdx-json=sbom.json", "sbom"),
        ("syft target/release/a -o cyclonedx-json", "sbom"),
        ("syft .", ""),
        ("syft . -o table", ""),
        ("syft . -o cyclonedx-json=/dev/null", ""),
        ("syft . -o cyclonedx-json > /dev/null", ""),
        ("syft alpine:3 -o cyclonedx-json", "sbom?"),
        ("syft ghcr.io/acme/a -o cyclonedx-json", "sbom?"),
        ("syft sub -o cyclonedx-json", "sbom?"),
        ("cdxgen -o /dev/null", ""),
        ("docker sbom a", "sbom?"),
        ("cosign attest --predicate x ghcr.io/acme/a", "provenance"),
        ("cosign attest-blob --predicate x src/lib.rs", "provenance?"),
    ] {
        assert_eq!(made(run), expected, "{run}");
    }
}

#[test]
fn an_audit_looks_at_all_of_the_source_and_fails_for_what_matters() {
    check(&[
        ("- run: trivy fs --exit-code 1 .", "audit"),
        ("- run: trivy fs --exit-code 1 --scanners vuln --ignore-unfixed .", "audit"),
        ("- run: trivy fs --exit-code 1 --severity HIGH,CRITICAL .", "audit"),
        ("- run: osv-scanner -r .", "audit"),
        ("- run: govulncheck ./...", "audit"),
        ("- run: npm audit --audit-level=high", "audit"),
        ("- run: grype dir:. --fail-on high", "audit"),
        // From here on it is not known, or nothing is audited.
        ("- run: trivy fs --exit-code 1 --scanners secret .", ""),
        ("- run: trivy fs --exit-code 1 --scanners=license .", ""),
        ("- run: trivy fs --exit-code 1 --vuln-type os .", ""),
        ("- run: trivy fs --exit-code 1 --skip-dirs '**' .", "audit?"),
        ("- run: osv-scanner -r . --config=sub/Cargo.toml", "audit?"),
        ("- run: trivy fs --exit-code 1 sub", "audit?"),
        ("- run: trivy fs --exit-code 1 --severity LOW .", "audit?"),
        ("- run: trivy fs --exit-code 1 --severity CRITICAL .", "audit?"),
        ("- run: trivy image --exit-code 1 alpine", "audit?"),
        ("- run: grype alpine --fail-on high", "audit?"),
        ("- run: grype dir:. --fail-on critical", "audit?"),
        ("- run: osv-scanner --lockfile=sub/Cargo.lock", "audit?"),
        ("- run: npm audit --audit-level=critical", "audit?"),
        ("- run: npm audit --audit-level critical", "audit?"),
        ("- run: cargo audit --stale", "audit?"),
        ("- run: cargo audit --no-fetch", "audit?"),
        ("- run: pip-audit -r none.txt", "audit?"),
        ("- run: osv-scanner -r . || true", "audit~"),
        ("- run: osv-scanner -r .\n  continue-on-error: true", "audit~"),
    ]);
}

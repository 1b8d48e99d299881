//! Scripts and what is known of their checks. A gate has its bare name, what passes whatever it finds a `~`, and what is
//! not known a `?`.

mod oracle;

use super::{super::tree, *};

fn judged(script: &str, shell: Shell) -> String {
    let mut tree = tree::Made(vec![
        (
            "web/package.json",
            r#"{"scripts":{"test":"vitest run","lint":"eslint .","nothing":"echo no tests","lenient":"vitest run || true","all":"npm run lint && npm test","later":"vitest run; echo done"}}"#,
        ),
        ("ci/test.sh", "#!/bin/sh\nset -e\ncd \"$(dirname \"$0\")/..\"\ncargo clippy -- -D warnings\ncargo test\n"),
        ("ci/last.sh", "cargo fmt --check\ncargo test\n"),
        ("ci/nothing.sh", "#!/bin/bash\necho nothing\nexit 0\n"),
        ("ci/own.py", "#!/usr/bin/env python3\n"),
        (
            "Makefile",
            "CARGO ?= cargo\n.PHONY: test check lint nothing lenient deep\ncheck: lint test\ntest:\n\t@$(CARGO) test\nlint:\n\tcargo clippy -- -D warnings\nnothing:\n\t@echo nothing yet\nlenient:\n\t-cargo test\nweb:\n\tcargo test\ndeep:\n\t$(MAKE) test\n",
        ),
        (
            "justfile",
            "flags := \"--workspace\"\ntest: build\n    cargo test {{flags}}\nbuild:\n    cargo build\nnothing:\n    @true\n",
        ),
        ("sub/Cargo.toml", ""),
    ]);
    tree.0.extend(tree::TESTED);
    let mut to = Evaluator::new(&tree);
    run(&mut to, script, shell, How { sure: true, fails: Fails::Yes });
    let mut shown: Vec<String> = Vec::new();
    for found in &to.found {
        let mark = match found.answer {
            Answer::Gates => "",
            Answer::Passes => "~",
            Answer::NotKnown => "?",
        };
        let one = format!("{}{mark}", found.purpose);
        if !shown.contains(&one) {
            shown.push(one);
        }
    }
    shown.join(" ")
}

fn check(rows: &[(&str, &str)]) {
    let wrong: Vec<String> = rows
        .iter()
        .map(|(script, expected)| (script, judged(script, Shell::Strict), expected))
        .filter(|(_, found, expected)| found != *expected)
        .map(|(script, found, expected)| format!("{script:?}: {found:?}, and not {expected:?}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn plain_checks_gate() {
    check(&[
        ("cargo test", "test"),
        ("cargo test --workspace --all-features --locked", "test"),
        ("cargo test -- --nocapture --test-threads=1", "test"),
        ("cargo +nightly clippy --all-targets -- -D warnings", "lint"),
        ("RUSTFLAGS=-Dwarnings cargo --locked test", "test"),
        ("cargo build && \\\n cargo test", "test"),
        ("cross test --target x86_64-unknown-linux-gnu", "test"),
        ("cargo fmt --all -- --check", "format"),
        ("cargo nextest run --workspace --profile ci", "test"),
        ("cargo llvm-cov --workspace --lcov --output-path lcov.info", "test coverage"),
        ("cargo audit --deny warnings", "audit"),
        ("cargo deny --all-features check advisories", "dependency-rules audit"),
        ("cargo deny check licenses", "dependency-rules"),
        ("cargo vet --locked", "dependency-rules"),
        ("set -euxo pipefail\ncargo test | tee test.log", "test"),
        (
            "set -ex\nmkdir -p out\necho hello\nexport RUST_BACKTRACE=1\nsudo apt-get update\nsudo apt-get install -y protobuf-compiler\ncargo test",
            "test",
        ),
        ("rustup component add clippy\ncargo clippy -- -D warnings", "lint"),
        ("cargo install cargo-audit --locked\ncargo audit", "audit"),
        ("cd web\nnpm ci\nnpm test", "test"),
        ("npm --prefix web test", "test"),
        ("cd web && npm run all", "lint test"),
        ("python -m pip install -r requirements.txt\npython -m pytest -q", "test"),
        ("uv run --locked pytest", "test"),
        ("uv run -m pytest", "test"),
        ("uvx --with x ruff check .", "lint"),
        ("poetry run pytest --cov=x", "test"),
        ("coverage run -m pytest", "test"),
        ("python3.12 -X dev -m pytest", "test"),
        ("python -m venv venv\n. venv/bin/activate\npip install -e .\npytest", "test"),
        ("bundle exec rubocop", "lint"),
        ("npx --yes eslint .", "lint"),
        ("npx tsc --noEmit", "analysis types"),
        ("go vet ./...\ngo test -race ./...", "lint test"),
        ("go run golang.org/x/vuln/cmd/govulncheck@latest ./...", "audit"),
        ("mvn -B verify", "test"),
        ("mvn -B clean verify", "test"),
        ("mvn -B verify -DskipITs", "test"),
        ("mvn -B verify -DskipITs=true", "test"),
        ("gradle --no-daemon check", "test"),
        ("mkdir build && cd build && cmake .. && ctest --output-on-failure", "test"),
        ("trivy fs --exit-code 1 --severity HIGH .", "audit"),
        ("semgrep ci", "analysis security-analysis"),
        ("osv-scanner -r . --licenses=MIT", "audit dependency-rules"),
        ("npx license-checker --onlyAllow=MIT", "dependency-rules"),
        ("uv run pip-licenses --allow-only=MIT", "dependency-rules"),
        ("bandit -r src", "analysis security-analysis"),
        ("osv-scanner -r .", "audit"),
        ("timeout 600 cargo test", "test"),
        ("time nice -n 5 cargo test", "test"),
        ("env RUST_LOG=x cargo test", "test"),
        ("xvfb-run -a cargo test", "test"),
        ("./ci/test.sh", "lint test"),
        ("bash ci/test.sh", "lint test"),
        ("sh -e ci/last.sh", "format test"),
        ("make test", "test"),
        ("make check", "lint test"),
        ("make deep", "test"),
        ("make -j4 check", "lint test"),
        ("just test", "test"),
        ("cargo test || exit 1", "test"),
        ("cargo test || { echo no; exit 1; }", "test"),
        ("(cd src/.. && cargo test)", "test"),
        ("{ cargo fmt --check; cargo test; }", "format test"),
        ("for f in a b; do cargo test --features $f; done", "test"),
        ("t() { cargo test \"$@\"; }\ncargo test", "test"),
        ("t() { cargo test; }\nt", "test"),
        ("cargo test # || true", "test"),
        ("cargo test > test.log 2>&1", "test"),
        ("cat <<EOF\nx\nEOF\ncargo test", "test"),
        ("echo \"A=b\" >> $GITHUB_OUTPUT\ncargo test", "test"),
        ("export PATH=\"$HOME/.cargo/bin:$PATH\"\ncargo test", "test"),
        ("if [ -n \"$X\" ]; then echo x; fi\ncargo test", "test"),
        ("cargo test; exit 0", "test"),
        ("cargo test --target \"$TARGET\"", "test"),
        ("plimsoll label . --out label", "sbom"),
        ("cargo cyclonedx", "sbom"),
        ("cd web\nnpm run build --if-present\nnpm test", "test"),
        ("cd web\nnpm test --if-present", "test"),
        ("cmake -B build\ncd build\nctest", "test"),
        ("revive -set_exit_status ./...", "lint"),
        ("flake8 --extend-ignore=E203,W503 --exclude=.git,build .", "lint"),
        ("bandit -r . -x ./tests", "analysis security-analysis"),
        ("trivy fs --exit-code 0 --exit-code 1 .", "audit"),
        ("mvn -B dependency-check:check -DfailBuildOnCVSS=7", "audit"),
        ("pnpm audit --prod", "audit"),
        ("yarn audit --groups dependencies", "audit"),
        ("docker build .\ncargo test", "test"),
    ]);
}

#[test]
fn what_passes_or_does_nothing_is_no_gate() {
    check(&[
        ("", ""),
        ("# cargo test", ""),
        ("echo 'cargo test'", ""),
        ("cargo test --no-run", ""),
        ("cargo test -- --list", ""),
        ("cargo test --help", ""),
        ("cargo clippy --fix", ""),
        ("cargo audit fix", ""),
        ("pytest --collect-only", ""),
        ("pytest --setup-plan", ""),
        ("cargo fmt", "format~"),
        ("cat <<EOF\ncargo test\nEOF", ""),
        ("cargo install cargo-audit", ""),
        ("exit 0\ncargo test", ""),
        ("exit 1\ncargo test", ""),
        ("true || cargo test", ""),
        ("if false; then cargo test; fi", ""),
        ("cargo test || true", "test~"),
        ("cargo test || :", "test~"),
        ("cargo test || echo failed", "test~"),
        ("cargo test || { echo failed; }", "test~"),
        ("cargo test || exit 0", "test~"),
        ("set +e\ncargo test\ntrue", "test~"),
        ("set +e\ncargo audit\nexit 0", "audit~"),
        ("set +o errexit; cargo test; true", "test~"),
        ("cargo test | tee test.log", "test~"),
        ("cargo test && echo ok\ntrue", "test~"),
        ("! cargo test", "test~"),
        ("trivy fs .", "audit~"),
        ("trivy fs --exit-code 1 --exit-code 0 .", "audit~"),
        ("trivy fs --exit-code=1 --exit-code=0 .", "audit~"),
        ("go vet -json ./...", "lint~"),
        ("{ cargo test && echo ok; }\ntrue", "test~"),
        ("{ { cargo clippy && echo ok; }; } > log\ntrue", "lint~"),
        ("{ cargo audit && echo ok; } 2>&1\necho done", "audit~"),
        ("trivy version", ""),
        ("grype dir:.", "audit~"),
        ("semgrep --config auto .", "analysis~ security-analysis~"),
        ("osv-scanner -r . --licenses=MIT --allow-no-lockfiles", "audit~ dependency-rules~"),
        ("npx license-checker", "dependency-rules~"),
        ("npx license-checker --production", "dependency-rules~"),
        ("uv run pip-licenses", "dependency-rules~"),
        ("go-licenses check ./...", "dependency-rules~"),
        ("lockfile-lint --path package-lock.json", "dependency-rules~"),
        ("trufflehog git file://.", "secret-scan~"),
        ("flake8 --exit-zero", "lint~"),
        ("pylint --fail-under=0 src", "lint~"),
        ("golangci-lint run --issues-exit-code 0", "lint~"),
        ("golangci-lint version", ""),
        ("npm audit signatures", ""),
        ("npm audit --audit-level=none", "audit~"),
        ("mvn verify -DskipTests", ""),
        ("mvn verify -DskipITs -DskipTests", ""),
        ("cmake --build build -j4 -- -k", ""),
        ("cmake --build build --target test", "test? any?"),
        ("cmake --build build -t test", "test? any?"),
        ("cmake --build build -- test", "test? any?"),
        ("mvn -fn test", "test~"),
        ("gradle check -x test", ""),
        ("gradle -m test", ""),
        ("make -n test", ""),
        ("make nothing", ""),
        ("make lenient", "test~"),
        ("just nothing", ""),
        ("./ci/nothing.sh", ""),
        ("sh ci/last.sh", "format~ test"),
        ("cd web\nnpm run nothing", ""),
        ("cd web\nnpm run lenient", "test~"),
        ("cd web\nnpm run later", "test~"),
        ("tox list", ""),
        ("nox -l", ""),
        ("ctest -N", ""),
        ("dotnet test --list-tests", ""),
        ("ruff check --exit-zero .", "lint~"),
        ("cosign version", ""),
        ("syft version", ""),
    ]);
}

#[test]
fn what_is_not_understood_is_not_known() {
    let scripts = [
        "cargo test no_such_test",
        "cargo test -- --skip ''",
        "cargo test --manifest-path sub/Cargo.toml",
        "cargo test --config 'x'",
        "cargo test -p sub",
        "cargo test $FLAGS",
        "cargo test \u{1}",
        "cargo test --features \u{1}",
        "cargo test && echo \u{1}",
        "cd sub\ncargo test",
        "cd $X\ncargo test",
        "cd nowhere\ncargo test",
        "builtin set +e\ncargo test\ntrue",
        "command set +e\ncargo test\ntrue",
        "\\set +e\ncargo test\ntrue",
        "'set' +e\ncargo test\ntrue",
        "s=set\n$s +e\ncargo test\ntrue",
        "eval 'set +e'\ncargo test\ntrue",
        "shopt -uo errexit\ncargo test\ntrue",
        "command exit 0\ncargo test",
        "'exit' 0\ncargo test",
        "X=1 exit 0\ncargo test",
        "eval exit 0\ncargo test",
        "X=1 exec true\ncargo test",
        "exec >log true\ncargo test",
        "trap 'ex''it 0' EXIT\ncargo test",
        "trap 'exit 0' EXIT\ncargo test",
        "eval 'cargo() { :; }'\ncargo test",
        ". ./fake.sh\ncargo test",
        "hash -p /bin/true cargo\ncargo test",
        "alias cargo=true\ncargo test",
        "export PATH=$PWD/fake:$PATH\ncargo test",
        "PATH=fake:$PATH\ncargo test",
        "export BASH_ENV=x\ncargo test",
        "export CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER=true\ncargo test",
        "RUSTFLAGS='--cap-lints allow' cargo test",
        "cat <<E\\ OF\nE\ncargo test\nE OF",
        "cat <<EOF\n  EOF\ncargo test\nEOF\ncargo test --x",
        "echo ${x:-\\}\ncargo test\nx}",
        "echo $'a\\'\ncargo test\nx\\'b' #'",
        "rm -rf src\ncargo init\ncargo test",
        "git checkout other\ncargo test",
        "echo x > Cargo.toml\ncargo test",
        "cp fake ~/.cargo/bin/cargo\ncargo test",
        "sed -i s/a/b/ src/lib.rs\ncargo test",
        "python -c 'x'\ncargo test",
        "set -n\ncargo test",
        "set -f\ncargo test",
        "[ -n x ] && exit 0\ncargo test",
        "if x; then exit 0; fi\ncargo test",
        "if [ -f x ]; then cargo test; fi",
        "case x in x) cargo test;; esac",
        "for x in $(ls); do cargo test; done",
        "while cargo test; do true; done",
        "cargo test & wait",
        "cargo test || ./notify",
        "(cargo test",
        "cargo test 'x",
        "unknown-tool --x\ncargo test",
        "docker compose run web cargo test\ncargo test",
        "echo $(rm -rf src)\ncargo test",
        "echo `rm -rf src`\ncargo test",
        "echo X=y >> $GITHUB_ENV\necho PATH=x >> $GITHUB_ENV\ncargo test",
        "echo ./fake >> $GITHUB_PATH\ncargo test",
        "make web",
        "make -i test",
        "make CARGO=true test",
        "make all-of-it-test",
        "go test -run XXX ./...",
        "pytest -k none",
        "pytest tests/none",
        "tox",
        "nox -s tests",
        "nox -s lint",
        "nix flake check",
        "mvn dependency-check:check",
        "mvn org.owasp:dependency-check-maven:check",
        "mvn dependency-check:check -DfailBuildOnCVSS=11",
        "gradle dependencyCheckAnalyze",
        "revive ./...",
        "yarn audit --groups devDependencies",
        "yarn npm audit --environment development",
        "pnpm audit --dev",
        "npm audit --only=dev",
        "go test -vet=only ./...",
        "flake8 --extend-ignore=E,F,W .",
        "flake8 --exclude .",
        "flake8 --exclude='*' .",
        "gosec -exclude-dir=. ./...",
        "bandit -r . -x .",
        "semgrep scan --error --exclude '*'",
        "cppcheck --error-exitcode=1 -i . .",
        "cppcheck --error-exitcode=1 -i. .",
        "ruff check --config 'lint.select=[]' .",
        "docker compose up --exit-code-from tests",
        "cd web\nnpm run build",
        "node --test nowhere/test.js",
        "cargo xtask test",
    ];
    let wrong: Vec<String> = scripts
        .into_iter()
        .map(|script| (script, judged(script, Shell::Strict)))
        .filter(|(_, found)| !(found.split(' ').all(|one| one.ends_with('?')) && found.contains('?')))
        .map(|(script, found)| format!("{script:?}: {found:?}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(judged("cargo test", Shell::Unknown), "any? test?");
}

#[test]
fn an_environment_variable_for_one_command_is_for_that_alone() {
    check(&[("BASH_ENV=x echo y\ncargo test", "test"), ("PYTEST_ADDOPTS=--co pytest\ncargo test", "test? test")]);
}

#[test]
fn the_shell_that_reads_it_decides() {
    for (name, expected) in [
        ("bash", Shell::Pipefail),
        ("sh", Shell::Strict),
        ("bash -e {0}", Shell::Strict),
        ("bash --noprofile --norc -eo pipefail {0}", Shell::Pipefail),
        ("bash -el {0}", Shell::Strict),
        ("pwsh", Shell::LastDecides),
        ("cmd", Shell::LastDecides),
        ("bash {0}", Shell::Unknown),
        ("bash -c true {0}", Shell::Unknown),
        ("bash -ne {0}", Shell::Unknown),
        ("bash -e +e {0}", Shell::Unknown),
        ("bash -e -o noexec {0}", Shell::Unknown),
        ("bash -e --help {0}", Shell::Unknown),
        ("bash -e ./fake.sh {0}", Shell::Unknown),
        ("./bash -e {0}", Shell::Unknown),
        ("python", Shell::Unknown),
        ("true {0}", Shell::Unknown),
    ] {
        assert_eq!(Shell::named(name), expected, "{name}");
    }
    assert_eq!(judged("cargo test", Shell::LastDecides), "test");
    assert_eq!(judged("cargo test\necho done", Shell::LastDecides), "any? test?");
    assert_eq!(judged("if ($x) { cargo test }", Shell::LastDecides), "any? test?");
    assert_eq!(judged("cargo test | tee test.log", Shell::Pipefail), "test");
}

#[test]
fn depth_and_length_are_bounded() {
    for part in [
        "(",
        "{ ",
        "if a; then ",
        "while ",
        "$(",
        "\"$(",
        "! ",
        "cargo test || ",
        "cargo test | ",
        "case x in ",
        "<<A\n",
        "f() ",
        "for x in 1 2 3; do ",
    ] {
        let found = judged(&part.repeat(20_000), Shell::Strict);
        assert!(!found.split(' ').any(|one| one == "test"), "{part}: {found}");
    }
    let nested = format!("{}cargo test\n{}", "for a in 1 2 3 4 5 6 7 8 9; do\n".repeat(20), "done\n".repeat(20));
    assert_eq!(judged(&nested, Shell::Strict), "test");
    let calls: String =
        (0..30).map(|number| format!("f{number}() {{ f{0}; f{0}; }}\n", number + 1)).collect::<Vec<_>>().concat();
    let _ = judged(&format!("{calls}f0\ncargo test"), Shell::Strict);
}

proptest::proptest! {
    #[test]
    fn no_script_makes_it_panic(script: String, likely in "(if |then |fi|cargo test|make test|npm test|;|&&|\\|\\||\\||\n|\\(|\\)|\\{ |\\}|'|\"|\\$\\(|<<|>|case x in|esac|do |done|for |! |#| ){0,40}") {
        let _ = judged(&script, Shell::Strict);
        let _ = judged(&likely, Shell::Strict);
    }
}

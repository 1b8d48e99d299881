//! Jobs that look like gates and are none, one for each thing that is let pass before a check.

use super::*;

/// Steps of a job that checks out, and files of the tree.
type Job = (&'static str, &'static [(&'static str, &'static str)]);

fn purposes(job: &Job) -> String {
    judged_in(&written("", &format!("{CHECKOUT}{}", job.0)), job.1)
}

fn gates(job: &Job) -> bool {
    purposes(job).split(' ').any(|one| matches!(one, "test" | "lint" | "types"))
}

fn none_gates(jobs: &[Job]) {
    let wrong: Vec<String> =
        jobs.iter().filter(|job| gates(job)).map(|job| format!("{job:?}: {}", purposes(job))).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn all_gate(jobs: &[Job]) {
    let wrong: Vec<String> =
        jobs.iter().filter(|job| !gates(job)).map(|job| format!("{job:?}: {}", purposes(job))).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_name_of_the_environment_gates_where_nothing_of_the_tree_reads_it() {
    all_gate(&[
        ("- run: cargo test\n  env: {WIDGET_COLOUR: red}", &[]),
        ("- run: cargo test\n  env: {PYO3_USE_ABI3_FORWARD_COMPATIBILITY: '1'}", &[]),
        ("- run: cargo test\n  env: {rust_pinned: '1.88'}", &[("CONTRIBUTING.md", "Change `rust_pinned` in CI.")]),
        ("- run: echo WIDGET_COLOUR=red >> $GITHUB_ENV\n- run: cargo test", &[]),
        ("- run: cargo test", &[(".cargo/config.toml", "[env]\nWIDGET_COLOUR = 'red'")]),
        (
            "- run: cargo test\n  env: {MAVEN_OPTS: -Xmx2g, NODE_OPTIONS: --max-old-space-size=4096, CARGO_BUILD_WARNINGS: deny}",
            &[],
        ),
    ]);
    none_gates(&[
        // The tests, their settings, a build script or a helper ask for it.
        (
            "- run: cargo test\n  env: {WIDGET_COLOUR: red}",
            &[("tests/a.rs", "if env::var(\"WIDGET_COLOUR\").is_ok() { return }")],
        ),
        ("- run: cargo test\n  env: {WIDGET_COLOUR: red}", &[("build.rs", "env::var(\"widget_colour\")")]),
        ("- run: pytest\n  env: {WIDGET_COLOUR: red}", &[("tests/helper.py", "os.environ['WIDGET_COLOUR']")]),
        ("- run: pytest\n  env: {WIDGET_COLOUR: red}", &[("doc/a.md", ">>> os.environ['WIDGET_COLOUR']\n")]),
        // By the beginning of the name, its end, or any name as a setting.
        (
            "- run: cargo test\n  env: {WIDGET_COLOUR: red}",
            &[("tests/a.rs", "vars().filter(|v| v.starts_with(\"WIDGET_\"))")],
        ),
        ("- run: cargo test\n  env: {WIDGET_COLOUR: red}", &[("tests/a.rs", "var(format!(\"{name}_COLOUR\"))")]),
        (
            "- run: go test ./...\n  env: {WIDGET_COLOUR: red}",
            &[("conf.go", "viper.SetEnvPrefix(\"widget\")\nviper.AutomaticEnv()")],
        ),
        ("- run: pytest\n  env: {WIDGET_COLOUR: red}", &[("conf.py", "class Conf(BaseSettings):\n    colour: str")]),
        // Tools read it, whatever the tree mentions.
        ("- run: pytest\n  env: {PYTEST_ADDOPTS: --co}", &[]),
        ("- run: go test ./...\n  env: {GOFLAGS: -run=none}", &[]),
        ("- run: mvn verify\n  env: {MAVEN_OPTS: -Xmx1g -DskipTests}", &[]),
        ("- run: cargo test\n  env: {GTEST_FILTER: '-*'}", &[]),
        ("- run: cargo test\n  env: {RUSTC_WRAPPER: 'true'}", &[]),
        ("- run: cargo clippy\n  env: {CARGO_BUILD_WARNINGS: allow}", &[]),
        ("- run: cargo test\n  env: {CARGO: ./fake}", &[]),
        ("- run: cargo test\n  env: {GOTOOLCHAIN: ./fake, LD_AUDIT: x}", &[]),
        ("- run: npx jest\n  env: {NODE_OPTIONS: --max-old-space-size=1 --require=./fake.js}", &[]),
        ("- run: cargo test\n  env: {INSTA_UPDATE: always}", &[]),
        ("- run: cargo test\n  env: {SKIP_WIDGETS: '1'}", &[]),
        ("- run: cargo test\n  env: {WIDGET_RUNNER: x}", &[]),
        (
            "- run: cargo test",
            &[(".cargo/config.toml", "[env]\nWIDGET_COLOUR = 'red'"), ("tests/a.rs", "WIDGET_COLOUR")],
        ),
    ]);
}

#[test]
fn what_is_said_to_later_steps_is_one_line_of_one_name() {
    all_gate(&[
        (
            "- run: echo \"GOVERSION=$(awk -F'[:@]' '/FROM golang/{print $2; exit}' Dockerfile)\" >> $GITHUB_ENV\n- run: cargo test",
            &[],
        ),
        ("- run: echo \"TAG=$(git describe)\" >> $GITHUB_ENV\n- run: cargo test", &[]),
        ("- run: echo \"V=$(cat VERSION)\" >> $GITHUB_ENV\n- run: cargo test", &[("VERSION", "1.2.3\n")]),
    ]);
    none_gates(&[
        (
            "- run: echo \"V=$(cat VERSION)\" >> $GITHUB_ENV\n- run: cargo test",
            &[("VERSION", "1\nRUSTC_WRAPPER=true\n")],
        ),
        ("- run: echo \"V=$(cat a.txt b.txt)\" >> $GITHUB_ENV\n- run: cargo test", &[]),
        ("- run: echo \"V=$(awk '{print $0}' a.txt)\" >> $GITHUB_ENV\n- run: cargo test", &[]),
        ("- run: echo \"V=$(awk '{print $1; print $2; exit}' a.txt)\" >> $GITHUB_ENV\n- run: cargo test", &[]),
        ("- run: echo \"V=$(awk '{print $1 ORS $2; exit}' a.txt)\" >> $GITHUB_ENV\n- run: cargo test", &[]),
        ("- run: echo \"V=$(awk -v RS=x '{print $1; exit}' a.txt)\" >> $GITHUB_ENV\n- run: cargo test", &[]),
        ("- run: echo \"V=$(date '+a%nRUSTC_WRAPPER=true')\" >> $GITHUB_ENV\n- run: cargo test", &[]),
        ("- run: echo \"V=$(basename -a a RUSTC_WRAPPER=true)\" >> $GITHUB_ENV\n- run: cargo test", &[]),
        ("- run: echo \"V=$(grep -o x a.txt)\" >> $GITHUB_ENV\n- run: cargo test", &[]),
        (
            "- run: echo \"V=$TITLE\" >> $GITHUB_ENV\n  env: {TITLE: '${{ github.event.pull_request.title }}'}\n- run: cargo test",
            &[],
        ),
        ("- run: echo RUSTC_WRAPPER=true | tee -a $GITHUB_ENV\n- run: cargo test", &[]),
        ("- run: echo \"./fake\" | tee -a \"${GITHUB_PATH}\"\n- run: cargo test", &[]),
        ("- run: echo WIDGET_COLOUR=red >> $GITHUB_ENV\n- run: cargo test", &[("tests/a.rs", "WIDGET_COLOUR")]),
    ]);
}

#[test]
fn what_computes_a_word_changes_nothing() {
    all_gate(&[
        ("- run: |\n    V=\"$(grep -m1 -oP 'channel.*\"(\\K.*?)(?=\")' rust-toolchain.toml)\"\n    cargo test", &[]),
        ("- run: |\n    F=$(find target -name stderr -print0 | xargs -0 ls -t | head -n1)\n    cargo test", &[]),
        ("- run: echo \"x=$(date | sed 's/a/b/g')\" | tee -a \"${GITHUB_OUTPUT}\"\n- run: cargo test", &[]),
    ]);
    none_gates(&[
        ("- run: |\n    V=$(find . -name '*.rs' -delete)\n    cargo test", &[]),
        ("- run: |\n    V=$(find . -exec rm {} +)\n    cargo test", &[]),
        ("- run: |\n    V=$(ls | xargs rm -r)\n    cargo test", &[]),
        ("- run: |\n    V=$(awk 'BEGIN{system(\"rm -r src\")}')\n    cargo test", &[]),
        ("- run: |\n    V=$(awk '{print > \"src/lib.rs\"}' x)\n    cargo test", &[]),
        ("- run: |\n    V=$(awk -f ci/x.awk a)\n    cargo test", &[]),
        ("- run: |\n    V=$(sed -i s/a/b/ src/lib.rs)\n    cargo test", &[]),
        ("- run: |\n    V=$(sed 's/a/b/w src/lib.rs' x)\n    cargo test", &[]),
        ("- run: |\n    V=$(sed '1e rm -r src' x)\n    cargo test", &[]),
        ("- run: |\n    V=$(awk \"$P\" x)\n    cargo test\n  env: {P: 'BEGIN{system(\"rm -r src\")}'}", &[]),
        ("- run: |\n    V=$(find $P)\n    cargo test\n  env: {P: 'src -delete'}", &[]),
        ("- run: |\n    V=$(node ci/sabotage.js)\n    cargo test", &[]),
        ("- run: |\n    V=$(cat a; rm -r src)\n    cargo test", &[]),
        ("- run: |\n    V=$(cat a > src/lib.rs)\n    cargo test", &[]),
        ("- run: |\n    V=\"$(echo \"$(rm -r src)\")\"\n    cargo test", &[]),
    ]);
}

#[test]
fn a_setting_or_a_removal_is_none_of_the_check() {
    all_gate(&[
        ("- run: npm config set loglevel error\n- run: cargo test", &[]),
        ("- run: git config --global user.name a && git config --global user.email a@b\n- run: cargo test", &[]),
        (
            "- run: rm rust-toolchain.toml\n- run: cargo test",
            &[("rust-toolchain.toml", "[toolchain]\nchannel = '1.90'\n")],
        ),
        ("- run: rm -rf /opt/ghc /usr/share/dotnet\n- run: cargo test", &[]),
        ("- run: cargo -vV\n- run: cargo test", &[]),
    ]);
    none_gates(&[
        ("- run: npm config set loglevel error script-shell ./fake\n- run: npm --prefix web test", &[]),
        ("- run: npm config set script-shell=./fake\n- run: npm --prefix web test", &[]),
        ("- run: git config core.hooksPath ci\n- run: cargo test", &[]),
        ("- run: git config --global url.x.insteadOf y\n- run: cargo test", &[]),
        (
            "- run: composer config scripts.test true\n- run: composer test",
            &[("composer.json", "{\"scripts\": {\"test\": \"phpunit\"}}")],
        ),
        (
            "- run: cargo clippy",
            &[("Cargo.toml", "[workspace.lints.clippy]\nall = \"allow\"\ncorrectness = \"warn\"\n")],
        ),
        ("- run: cargo clippy", &[("Cargo.toml", "[lints.clippy]\ncorrectness = \"warn\"\n")]),
        (
            "- run: php vendor/bin/phpstan analyse --configuration=ci/x.neon",
            &[("composer.json", "{}"), ("a.php", ""), ("ci/x.neon", "")],
        ),
        ("- run: rm -r src\n- run: cargo test", &[]),
        ("- run: rm -r sr*\n- run: cargo test", &[]),
        ("- run: rm -r $X\n- run: cargo test", &[]),
        ("- run: rm -r \"$X\"\n- run: cargo test", &[]),
        ("- run: npm config set loglevel $X\n- run: npm --prefix web test", &[]),
        ("- run: rm Cargo.toml\n- run: cargo test", &[]),
        ("- run: rm -rf /opt/../home\n- run: cargo test", &[]),
        (
            "- run: cargo clippy",
            &[(
                "Cargo.toml",
                "[workspace.lints.clippy]\nall = { level = \"allow\", priority = -2 }\ndbg_macro = \"warn\"\n",
            )],
        ),
    ]);
}

#[test]
fn packages_that_are_listed_hold_tests() {
    const MODULE: (&str, &str) = ("go.mod", "module example.org/widget\n");
    const TEST: (&str, &str) = ("core/a_test.go", "package a\n\nfunc TestA(t *testing.T) {\n\tt.Log(f())\n}\n");
    let run = |pattern: &str| format!("go test -race $(go list ./... | grep -v {pattern})");
    let judged = |command: &str| judged_in(&written("", &format!("{CHECKOUT}- run: {command}")), &[MODULE, TEST]);
    assert_eq!(judged(&run("third_party/")), "test");
    assert_eq!(judged(&run("/widget$")), "test");
    for pattern in ["widget", "example.org", "'^e'", ".", "'.*'", "-e x -e e", "\"$X\"", "-f list", "'\\(e\\)'", "''"] {
        assert_ne!(judged(&run(pattern)).split(' ').find(|one| *one == "test"), Some("test"), "{pattern}");
    }
    for command in [
        "go test $(go list ./... | head -n0)",
        "go test $(go list ./... | grep core | grep -v core)",
        "go test $(go list ./core | sed s/a/b/)",
        "go test $(cat packages)",
        "go test -run none $(go list ./... | grep -v third_party)",
        "go test $(go list ./... | grep -v third_party) -list .",
    ] {
        assert_ne!(judged(command).split(' ').find(|one| *one == "test"), Some("test"), "{command}");
    }
}

#[test]
fn an_expression_with_choices_comes_out_as_one_text_or_as_none() {
    let judged = |runs_on: &str, matrix: &str, step: &str| {
        let job = format!("    strategy: {{matrix: {{include: [{matrix}]}}}}\n");
        let text = written(&job, &format!("{CHECKOUT}{step}"))
            .replace("runs-on: ubuntu-latest", &format!("runs-on: {runs_on}"));
        judged(&text).split(' ').any(|one| one == "test")
    };
    let os = "\"${{ matrix.os || 'ubuntu-latest' }}\"";
    assert!(judged(os, "{a: b}, {a: c, os: windows-latest}", "- run: |\n    cargo test\n    echo x"));
    assert!(judged(os, "{a: b}", "- run: tox -e ${{ matrix.tox || format('py{0}', matrix.a) }}"));
    assert!(judged(os, "{a: b}", "- run: tox\n  env: {TOX_ENV: \"${{ matrix.tox || format('py{0}', matrix.a) }}\"}"));
    assert!(judged(os, "{a: b}, {a: c}", "- run: ./none\n  if: matrix.a == 'c'\n- run: cargo test"));
    for (matrix, step) in [
        ("{a: b, os: windows-latest}", "- run: |\n    cargo test\n    echo x"),
        ("{a: b}", "- run: ${{ vars.X || 'cargo' }} test"),
        ("{a: b}", "- run: ${{ vars.X && 'cargo test' }}"),
        ("{a: b}", "- run: ${{ matrix.none && 'cargo test' }}"),
        ("{a: 'true'}", "- run: ${{ matrix.a || 'cargo' }} test"),
        ("{a: b}", "- run: tox -e ${{ vars.X || 'py3' }}"),
        ("{a: b}", "- run: tox\n  env: {TOX_ENV: '${{ vars.X }}'}"),
        ("{a: b}", "- run: echo TOX_ENV=none >> $GITHUB_ENV\n- run: tox"),
        ("{a: b}", "- run: tox\n  env: {TOX_ENV: lint}"),
        ("{a: b}", "- run: tox\n  env: {TOX_SKIP_ENV: .*}"),
        ("{a: b}", "- run: cargo test\n  if: matrix.a == 'none'"),
        ("{a: b}, {a: c}", "- run: ./none\n  if: matrix.a != 'none'\n- run: cargo test"),
        ("{a: b}", "- run: rm -r src\n  if: matrix.a == 'b'\n- run: cargo test"),
        ("{a: b}", "- run: rm -r src\n  if: vars.X\n- run: cargo test"),
        ("{a: b}", "- run: cargo test ${{ matrix.none && '' || '|| true' }}"),
    ] {
        assert!(!judged(os, matrix, step), "{matrix} {step}");
    }
}

#[test]
fn settings_of_tools_in_toml_and_yaml_are_read_as_the_tools_do() {
    const CODE: &str = "package a\n";
    all_gate(&[
        ("- run: golangci-lint run", &[("a.go", CODE), (".golangci.yml", "run:\n  issues-exit-code: 1\n")]),
        (
            "- run: tox run -e py3",
            &[("tox.toml", "[env_run_base]\ncommands = [['pytest', '--basetemp={env_tmp_dir}']]\n")],
        ),
        ("- run: npx jest@29.7.0", &[("package.json", "{}")]),
        ("- run: php -d memory_limit=-1 vendor/bin/phpunit", &[("composer.json", "{}")]),
        ("- run: nyc --exclude examples --reporter=text npm --prefix web test", &[]),
    ]);
    none_gates(&[
        ("- run: golangci-lint run", &[("a.go", CODE), (".golangci.yml", "run:\n  issues-exit-code: 0\n")]),
        ("- run: golangci-lint run", &[("a.go", CODE), (".golangci.yml", "run:\n  issues-exit-code: 256\n")]),
        ("- run: golangci-lint run", &[("a.go", CODE), (".golangci.yml", "run:\n  issues-exit-code: '0'\n")]),
        ("- run: golangci-lint run", &[("a.go", CODE), (".golangci.toml", "[run]\nissues-exit-code = 0\n")]),
        ("- run: nyc --exclude x --require ./fake.js npm --prefix web test", &[]),
        ("- run: nyc --exclude x true", &[]),
        ("- run: npx jest@./fake", &[("package.json", "{}")]),
        ("- run: php vendor/bin/phpunit", &[("composer.json", "{}"), ("vendor/bin/phpunit", "<?php exit(0);")]),
        ("- run: php -d auto_prepend_file=ci/exit.php vendor/bin/phpunit", &[("composer.json", "{}")]),
        ("- run: php -l vendor/bin/phpunit", &[("composer.json", "{}")]),
        ("- run: php ci/phpunit", &[("composer.json", "{}")]),
        ("- run: php vendor/bin/../../ci/phpunit", &[("composer.json", "{}")]),
        ("- run: npx jest@npm:other", &[("package.json", "{}")]),
        ("- run: npx jest@29 --listTests", &[("package.json", "{}")]),
        ("- run: uv run jest@29", &[("package.json", "{}")]),
    ]);
}

#[test]
fn tox_in_toml_counts_where_no_other_file_goes_before_it() {
    const NATIVE: &str =
        "[tool.tox]\nenv_list = ['a']\n[tool.tox.env_run_base]\ncommands = [['pytest', 'test_a.py']]\n";
    let judged = |files: &[(&'static str, &'static str)]| {
        let mut tree = Made(files.to_vec());
        tree.0.extend(crate::tree::TESTED);
        let workflow = written("", &format!("{CHECKOUT}- run: tox\n"));
        let pipeline = crate::workflow(&workflow, &["src/lib.rs"]).unwrap();
        purposes::found(&pipeline.jobs[0], &tree, &Local::default())
            .weights
            .get("test")
            .is_some_and(|weight| weight.gates)
    };
    assert!(judged(&[("pyproject.toml", NATIVE)]));
    for files in [
        &[("pyproject.toml", NATIVE), ("tox.ini", "[testenv]\ncommands = true\n")][..],
        &[("pyproject.toml", NATIVE), ("setup.cfg", "[tox:tox]\nenvlist = x\n")],
        &[("pyproject.toml", "[tool.tox]\nlegacy_tox_ini = '[tox]'\n")],
        &[("pyproject.toml", "[tool.tox]\nenv_list = ['a']\n[tool.tox.env_run_base]\ncommands = [['true']]\n")],
        &[(
            "pyproject.toml",
            "[tool.tox]\nenv_list = ['a']\n[tool.tox.env_run_base]\ncommands = [['pytest']]\n[tool.tox.env.a]\ncommands = [['-', 'pytest']]\n",
        )],
        &[("pyproject.toml", "[tool.tox]\nenv_list = []\n[tool.tox.env_run_base]\ncommands = [['pytest']]\n")],
    ] {
        assert!(!judged(files), "{files:?}");
    }
}

#[test]
fn what_writes_into_the_tree_or_leaves_environments_out_is_no_gate() {
    none_gates(&[
        ("- run: |\n    sort -o conftest.py x\n    pytest", &[]),
        ("- run: |\n    sort --output=conftest.py x\n    pytest", &[]),
        ("- run: |\n    uniq x conftest.py\n    pytest", &[]),
        ("- run: |\n    tree -o conftest.py\n    pytest", &[]),
        ("- run: |\n    git diff --output=conftest.py HEAD~1\n    pytest", &[]),
        // Interpreters that are not there are passed over, and one other environment is enough to pass.
        (
            "- run: tox",
            &[(
                "tox.ini",
                "[tox]\nenvlist = py27,docs\nskip_missing_interpreters = true\n[testenv]\ncommands = pytest\n[testenv:docs]\ncommands = python -V\n",
            )],
        ),
        (
            "- run: tox",
            &[(
                "tox.ini",
                "[tox]\nenvlist = py{27},docs\nskip_missing_interpreters = true\n[testenv]\ncommands = pytest\n",
            )],
        ),
        (
            "- run: tox -e py27,docs",
            &[(
                "tox.ini",
                "[tox]\nskip_missing_interpreters = true\n[testenv]\ncommands = pytest\n[testenv:docs]\ncommands = python -V\n",
            )],
        ),
    ]);
    all_gate(&[
        ("- run: |\n    git diff --stat HEAD\n    pytest", &[]),
        (
            "- run: tox -e py312",
            &[("tox.ini", "[tox]\nskip_missing_interpreters = true\n[testenv]\ncommands = pytest\n")],
        ),
        (
            "- run: tox",
            &[(
                "tox.ini",
                "[tox]\nenvlist = py312,docs\nskip_missing_interpreters = false\n[testenv]\ncommands = pytest\n[testenv:docs]\ncommands = python -V\n",
            )],
        ),
    ]);
}

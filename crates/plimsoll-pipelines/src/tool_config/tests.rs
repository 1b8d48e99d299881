use super::{super::tree::Made, *};

type Row = (&'static str, &'static str, &'static str);

/// A tool, a file, its text.
fn check(rows: &[Row], plain: bool) {
    for (tool, file, text) in rows {
        let tree = Made(vec![(file, text)]);
        let words: Vec<&str> = tool.split(' ').collect();
        for folder in ["", "a/b"] {
            let found = reason(&tree, folder, &words);
            assert_eq!(found.is_none(), plain, "{tool} {file} {text}: {found:?}");
            assert!(found.is_none_or(|reason| reason.contains(file)), "{tool} {file}");
        }
    }
}

#[test]
fn settings_of_tools_that_may_void_them_are_told_from_others() {
    check(
        &[
            (
                "pytest",
                "pyproject.toml",
                "[tool.pytest.ini_options]\naddopts = \"-ra --cov=x --tb short\"\ntestpaths = [\"tests\"]",
            ),
            ("pytest", "pyproject.toml", "[project]\nname = \"x\""),
            ("pytest", "pytest.ini", "[pytest]\naddopts =\n  -ra\n  # words\n  --strict-markers\nmarkers = slow"),
            ("pytest", "tox.ini", "[testenv]\naddopts = --co"),
            ("pytest", "tests/conftest.py", "import pytest\n"),
            ("jest", "package.json", r#"{"scripts": {"x": "--passWithNoTests"}, "jest": {"preset": "ts-jest"}}"#),
            ("mocha", ".mocharc.yml", "spec: test\nrequire: ts-node/register\n# grep: x"),
            ("cargo nextest run", ".config/nextest.toml", "[profile.ci]\nretries = 2"),
            ("cargo test", ".config/nextest.toml", "[profile.default]\ndefault-filter = \"none()\""),
            ("golangci-lint run", ".golangci.yml", "linters:\n  disable-all: true\n  enable:\n    - govet"),
            ("ruff check", "pyproject.toml", "[tool.ruff]\nline-length = 100\n[tool.ruff.lint]\nselect = [\"E\"]"),
            ("flake8", ".flake8", "[flake8]\nmax-line-length = 100\nexclude = .git,build"),
            ("mypy", "mypy.ini", "[mypy]\nstrict = True"),
            ("pylint", ".pylintrc", "[MAIN]\nfail-under=9"),
            ("eslint", "eslint.config.js", "export default [{ignores: ['**/dist']}, a.recommended]"),
            ("tsc", "tsconfig.json", r#"{"include": ["src"]}"#),
            ("cross test", "Cross.toml", "[build]\nxargo = false"),
            ("mvn test", "pom.xml", "<project><version>1</version></project>"),
            ("gradle test", "build.gradle", "test {\n  useJUnitPlatform()\n}"),
        ],
        true,
    );
    check(
        &[
            ("pytest", "pyproject.toml", "[tool.pytest.ini_options]\naddopts = \"--co\""),
            ("pytest", "pyproject.toml", "[tool.pytest]\naddopts = [\"-k\", \"none\"]"),
            ("pytest", "pyproject.toml", "[tool.pytest.ini_options]\naddopts = \"tests/empty.py\""),
            ("pytest", "pyproject.toml", "not toml"),
            ("pytest", "pytest.ini", "[pytest]\naddopts =\n  -ra\n  --collect-only"),
            ("pytest", ".pytest.ini", "[pytest]\naddopts=--co"),
            ("pytest", "pytest.toml", "[pytest]\naddopts = [\"--co\"]"),
            ("pytest", "tox.ini", "[tox]\n[pytest]\naddopts = -p fake"),
            ("pytest", "setup.cfg", "[tool:pytest]\naddopts = --deselect=x"),
            (
                "pytest",
                "tests/conftest.py",
                "def pytest_sessionfinish(session, exitstatus):\n    session.exitstatus = 0\n",
            ),
            ("jest", "package.json", r#"{"jest": {"passWithNoTests": true}}"#),
            ("jest", "package.json", "not json"),
            ("jest", "jest.config.js", "module.exports = { runner: './fake.js' }"),
            ("mocha", ".mocharc.json", r#"{"fgrep": "none"}"#),
            ("mocha", "package.json", r#"{"mocha": {"dry-run": true}}"#),
            ("vitest run", "vite.config.ts", "test: { passWithNoTests: true }"),
            ("bun test", "bunfig.toml", "[test]\nroot = \"empty\""),
            ("cargo nextest run", ".config/nextest.toml", "[profile.default]\ndefault-filter = \"none()\""),
            ("golangci-lint run", ".golangci.yml", "run:\n  issues-exit-code: 0"),
            ("golangci-lint run", ".golangci.yml", "linters:\n  default: none"),
            ("golangci-lint run", ".golangci.yml", "linters:\n  disable-all: true"),
            ("ruff check", "ruff.toml", "[lint]\nselect = []"),
            ("ruff check", "pyproject.toml", "[tool.ruff]\nexclude = [\"*\"]"),
            ("flake8", "setup.cfg", "[flake8]\nexit-zero = true"),
            ("mypy", "pyproject.toml", "[tool.mypy]\nignore_errors = true"),
            ("pylint", ".pylintrc", "[MAIN]\nfail-under = 0"),
            ("eslint", ".eslintignore", "dist\n*\n"),
            ("eslint", "eslint.config.js", "export default [{ ignores: ['**/*'] }]"),
            ("tsc", "tsconfig.json", r#"{"files": []}"#),
            ("megalinter", ".mega-linter.yml", "DISABLE_ERRORS: true"),
            ("mise", "mise.toml", "[env]\n_.path = \"fake\""),
            ("cross test", "Cross.toml", "[target.x]\nrunner = \"true\""),
            ("mvn test", "pom.xml", "<properties><skipTests>true</skipTests></properties>"),
            ("mvn test", "pom.xml", "<configuration><testFailureIgnore>true</testFailureIgnore></configuration>"),
            ("mvn test", ".mvn/maven.config", "-DskipTests"),
            ("gradle test", "build.gradle", "test {\n  ignoreFailures = true\n}"),
            ("gradle test", "build.gradle.kts", "tasks.test { enabled = false }"),
        ],
        false,
    );
}

#[test]
fn packages_are_those_of_their_names() {
    let found = |file, text| packages(&Made(vec![(file, text)]), "a", &["jest"]);
    for (file, text) in [
        (
            ".npmrc",
            "registry=https://registry.npmjs.org/\n//x/:_authToken=${T}\n@a:registry=https://x\n# script-shell=x",
        ),
        (".yarnrc.yml", "nodeLinker: node-modules"),
        ("package.json", r#"{"devDependencies": {"jest": "^29.0.0", "mine": "file:x"}}"#),
    ] {
        assert_eq!(found(file, text), None, "{file} {text}");
    }
    for (file, text) in [
        (".npmrc", "script-shell=./fake"),
        (".npmrc", "shell-emulator=true"),
        (".npmrc", "node-options=--require x"),
        ("a/.npmrc", "prefix=x"),
        (".yarnrc", "script-shell ./fake"),
        (".yarnrc.yml", "yarnPath: x.cjs"),
        (".yarnrc.yml", "plugins:\n  - x"),
        ("pnpm-workspace.yaml", "scriptShell: ./fake"),
        ("node_modules/.bin/jest", ""),
        ("package.json", r#"{"devDependencies": {"jest": "file:fake"}}"#),
        ("package.json", r#"{"devDependencies": {"jest": "link:fake"}}"#),
        ("package.json", r#"{"devDependencies": {"jest": "npm:fake@1"}}"#),
        ("package.json", r#"{"devDependencies": {"jest": "a/fake"}}"#),
        ("package.json", r#"{"overrides": {"jest": "file:fake"}}"#),
        ("package.json", r#"{"resolutions": {"jest": "workspace:*"}}"#),
        ("package.json", "no"),
    ] {
        assert!(found(file, text).is_some(), "{file} {text}");
    }
}

/// A command, a file of settings, its text.
fn parsed(rows: &[Row], plain: bool) {
    for (command, file, text) in rows {
        let tree = Made(vec![(file, text), ("src/a.py", ""), ("src/b/c.go", ""), ("src/d.ts", ""), ("e.py", "")]);
        let words: Vec<&str> = command.split(' ').collect();
        let found = reason(&tree, "", &words);
        assert_eq!(found.is_none(), plain, "{command} {file} {text}: {found:?}");
    }
}

#[test]
fn settings_are_parsed_and_asked_what_they_leave() {
    parsed(
        &[
            (
                "cargo deny check",
                "deny.toml",
                "[graph]\ntargets = [\"x86_64-unknown-linux-gnu\"]\n[advisories]\nversion = 2\nignore = [\"RUSTSEC-2020-0001\"]\n[licenses]\nallow = [\"MIT\"]",
            ),
            ("cargo deny check", "deny.toml", "[advisories]\nvulnerability = \"deny\"\nyanked = \"warn\""),
            ("cargo audit", ".cargo/audit.toml", "[advisories]\nignore = [\"RUSTSEC-2020-0001\"]"),
            ("cargo clippy", "Cargo.toml", "[lints.clippy]\npedantic = \"warn\"\nneedless_return = \"allow\""),
            ("osv-scanner -r .", "osv-scanner.toml", "[[IgnoredVulns]]\nid = \"GHSA-x\""),
            ("npm audit", ".npmrc", "audit-level=high"),
            (
                "ruff check",
                "ruff.toml",
                "exclude = [\"build\", \"*_pb2.py\"]\n[lint]\nselect = [\"E\"]\nignore = [\"E501\"]",
            ),
            (
                "ruff check",
                "pyproject.toml",
                "[tool.ruff.lint]\nselect = [\"ALL\"]\nper-file-ignores = { \"tests/*\" = [\"ALL\"] }",
            ),
            (
                "golangci-lint run",
                ".golangci.yml",
                "linters:\n  default: none\n  enable: [govet]\n  exclusions:\n    paths: [third_party$]",
            ),
            ("eslint .", ".eslintrc.json", r#"{"extends": "x", "ignorePatterns": ["dist", "*.d.ts"]}"#),
            (
                "eslint .",
                "eslint.config.js",
                "export default [{ ignores: ['dist/**', 'coverage'] }, js.configs.recommended]",
            ),
            ("rspec", ".rspec", "--require spec_helper\n--format documentation\n--color\n"),
            ("rubocop", ".rubocop.yml", "AllCops:\n  NewCops: enable\n  Exclude: ['vendor/**/*']\n"),
            ("rubocop", ".rubocop.yml", "inherit_from: .rubocop_todo.yml\n"),
            (
                "flake8",
                "setup.cfg",
                "[metadata]\nexclude = .\n[flake8]\nextend-ignore =\n    E203,\n    W503\nselect = C,E,F,W\n",
            ),
            ("pyright", "pyrightconfig.json", r#"{"exclude": ["**/build"], "typeCheckingMode": "strict"}"#),
            ("composer audit", "composer.json", r#"{"config": {"audit": {"abandoned": "report"}}}"#),
            ("mypy src", "mypy.ini", "[mypy]\nexclude = ^build/\n[mypy-vendored.*]\nignore_errors = True\n"),
            ("mypy .", "mypy.ini", "[mypy]\nignore_errors = False\nfollow_imports = silent\n"),
            ("mypy .", "setup.cfg", "[other]\nignore_errors = True\n"),
            (
                "mypy .",
                "pyproject.toml",
                "[tool.mypy]\nexclude = ['^tests/']\n[[tool.mypy.overrides]]\nmodule = ['yaml.*']\nignore_errors = true",
            ),
            ("pylint src", ".pylintrc", "[MESSAGES CONTROL]\ndisable=C0114,\n  W0511\n[MAIN]\nignore=CVS\n"),
            ("pylint src", "pyproject.toml", "[tool.pylint.'messages control']\ndisable = ['C', 'R']"),
            ("pylint src", "setup.cfg", "[pylint.main]\nignore-patterns = ^test_.*\n"),
        ],
        true,
    );
    parsed(
        &[
            ("cargo deny check", "deny.toml", "[advisories]\nvulnerability = \"warn\""),
            ("cargo deny check", "deny.toml", "[advisories]\nseverity-threshold = \"critical\""),
            ("cargo deny check", "deny.toml", "[advisories]\ndb-path = \"empty\""),
            ("cargo deny check", "deny.toml", "[advisories]\ndb-urls = [\"https://example.org/none\"]"),
            ("cargo deny check", "deny.toml", "[graph]\ntargets = [\"none\"]"),
            ("cargo deny check", "deny.toml", "[graph]\nexclude = [\"a\"]"),
            ("cargo deny check", "deny.toml", "not toml"),
            ("cargo audit", ".cargo/audit.toml", "[advisories]\nseverity_threshold = \"critical\""),
            ("cargo audit", ".cargo/audit.toml", "[database]\npath = \"empty\"\nstale = true"),
            ("cargo audit", ".cargo/audit.toml", "[target]\nos = \"none\""),
            ("cargo clippy", "Cargo.toml", "[lints.clippy]\nall = \"allow\""),
            ("cargo clippy", "Cargo.toml", "[workspace.lints.rust]\nwarnings = { level = \"allow\", priority = 1 }"),
            ("osv-scanner -r .", "osv-scanner.toml", "[[PackageOverrides]]\nignore = true"),
            ("trivy fs .", "trivy.yaml", "exit-code: 0"),
            ("trivy fs .", "trivy.yaml", "scan:\n  scanners: [secret]"),
            ("grype dir:.", ".grype.yaml", "fail-on-severity: critical"),
            ("grype dir:.", ".grype.yaml", "exclude: ['./**']"),
            ("npm audit", ".npmrc", "audit-level=critical"),
            ("pnpm audit", ".npmrc", "audit-level = none"),
            ("ruff check", "ruff.toml", "exclude = [\"*.py\"]"),
            ("ruff check", "ruff.toml", "exclude = [\"src\", \"e.py\"]"),
            ("ruff check", "ruff.toml", "include = [\"none/*.txt\"]"),
            ("ruff check", "pyproject.toml", "[tool.ruff]\nlint.select = []"),
            ("ruff check", "pyproject.toml", "[tool.ruff.lint]\nignore = [\n  \"E501\",\n  \"ALL\",\n]"),
            ("ruff check", "pyproject.toml", "[tool.ruff.lint.per-file-ignores]\n\"**/*.py\" = [\"ALL\"]"),
            ("golangci-lint run", ".golangci.yml", "linters:\n  exclusions:\n    paths: [src]"),
            ("golangci-lint run", ".golangci.yml", "linters:\n  default: none\n  enable: []"),
            ("golangci-lint run", ".golangci.yml", "issues:\n  exclude-files: ['\\.go$']"),
            ("eslint .", ".eslintrc.json", r#"{"extends": "x", "ignorePatterns": ["src"]}"#),
            ("eslint .", ".eslintrc.json", r#"{"rules": {"semi": "off"}}"#),
            ("eslint .", "eslint.config.js", "export default [{ ignores: ['src/'] }, js.configs.recommended]"),
            (
                "eslint .",
                "eslint.config.js",
                "const a = ['**']; export default [{ ignores: a }, js.configs.recommended]",
            ),
            ("eslint .", "eslint.config.js", "export default [{}]"),
            ("rspec", ".rspec", "--dry-run\n"),
            ("rspec", ".rspec", "--color --failure-exit-code 0\n"),
            ("rspec", ".rspec", "--tag none\n"),
            ("rubocop", ".rubocop.yml", "AllCops:\n  DisabledByDefault: true\n"),
            ("rubocop", ".rubocop.yml", "AllCops:\n  Exclude: ['**/*']\n"),
            ("rubocop", ".rubocop.yml", "AllCops:\n  Include: ['none/*.txt']\n"),
            ("rubocop", ".rubocop", "--only None\n"),
            ("flake8", ".flake8", "[flake8]\nexclude = .\n"),
            ("flake8", "tox.ini", "[flake8]\nexclude =\n    build,\n    **\n"),
            ("flake8", ".flake8", "[flake8]\nselect = X999\n"),
            ("flake8", "setup.cfg", "[flake8]\nextend-ignore = E,F,W,C\n"),
            ("pyright", "pyrightconfig.json", r#"{"exclude": ["**"]}"#),
            ("pyright", "pyrightconfig.json", r#"{"ignore": ["*"]}"#),
            ("pyright", "pyrightconfig.json", r#"{"typeCheckingMode": "off"}"#),
            ("pyright", "pyrightconfig.json", r#"{"include": []}"#),
            ("pyright", "pyproject.toml", "[tool.pyright]\nexclude = ['**']"),
            ("composer audit", "composer.json", r#"{"config": {"audit": {"ignore-severity": ["high"]}}}"#),
            ("cargo deny check", "deny.toml", "[graph]\nexclude-unpublished = true"),
            ("mypy .", "mypy.ini", "[mypy]\nignore_errors: true\n"),
            ("mypy .", "mypy.ini", "[mypy]\nignore_errors =\n  True\n"),
            ("mypy .", ".mypy.ini", "[mypy-*]\nignore_errors = True\n"),
            ("mypy .", "mypy.ini", "[mypy-e, x]\nignore_errors = yes\n"),
            ("mypy .", "mypy.ini", "[mypy-src.*]\nfollow_imports = skip\n"),
            ("mypy .", "mypy.ini", "[mypy]\nfollow_imports: skip\n"),
            ("mypy .", "mypy.ini", "[mypy]\nexclude = .\n"),
            ("mypy .", "setup.cfg", "[mypy]\nexclude = (?x)(\n  src\n  | e.py\n  )\n"),
            ("mypy .", "mypy.ini", "[mypy]\nexclude = (\n"),
            ("mypy .", "pyproject.toml", "[tool.mypy]\nignore_errors = true"),
            ("mypy .", "pyproject.toml", "[tool.mypy]\nexclude = ['src', 'e\\.py']"),
            ("mypy .", "pyproject.toml", "[[tool.mypy.overrides]]\nmodule = '*'\nignore_errors = true"),
            ("mypy .", "pyproject.toml", "[[tool.mypy.overrides]]\nmodule = ['src.*', 'e']\nfollow_imports = 'skip'"),
            ("pylint src", ".pylintrc", "[MAIN]\ndisable: all\n"),
            ("pylint src", ".pylintrc", "[MAIN]\ndisable = C, R,\n  all\n"),
            ("pylint src", "pylintrc", "[MAIN]\ndisable=E,F\n"),
            ("pylint src", ".pylintrc", "[MAIN]\nignore=src,e.py\n"),
            ("pylint src", ".pylintrc", "[MAIN]\nignore-paths=^src,e\n"),
            ("pylint src", ".pylintrc", "[MAIN]\nignore-patterns=.*\n"),
            ("pylint src", ".pylintrc", "[MAIN]\nfail-under=1\n"),
            ("pylint src", "pyproject.toml", "[tool.pylint.main]\ndisable = ['all']"),
            ("pylint src", "pyproject.toml", "[tool.pylint]\nfail_under = 2.5"),
            ("pylint src", "setup.cfg", "[pylint.messages]\ndisable = all\n"),
        ],
        false,
    );
}

#[test]
fn what_takes_all_of_the_source_out_is_seen_wherever_the_source_is() {
    const CODE: &str = "x = 1\n";
    let tree = |file: &'static str, text: &'static str| {
        Made(vec![
            (file, text),
            ("backend/app/a.py", CODE),
            ("backend/app/b/c.py", CODE),
            ("tests/test_a.py", CODE),
            ("src/a.js", CODE),
            ("src/A.php", CODE),
        ])
    };
    for (tool, file, text, plain) in [
        ("mypy .", "mypy.ini", "[mypy]\nstrict = True\n", true),
        ("mypy .", "mypy.ini", "[mypy-yaml.*]\nignore_errors = True\n", true),
        ("mypy .", "mypy.ini", "[mypy-app.b.*]\nignore_errors = True\n", true),
        ("mypy .", "mypy.ini", "[mypy-tests.*]\ndisallow_untyped_defs = False\n", true),
        ("mypy .", "mypy.ini", "[mypy]\nfiles = backend, tests\n", true),
        ("mypy .", "mypy.ini", "[mypy]\nfiles = tests\n", false),
        ("mypy .", "mypy.ini", "[mypy-*]\nignore_errors = True\n", false),
        ("mypy .", "mypy.ini", "[mypy-app.*]\nignore_errors = True\n", false),
        ("mypy .", "mypy.ini", "[mypy-app.b.*,app.a]\nignore_errors = True\n", false),
        ("mypy .", "mypy.ini", "[mypy-app.b.*]\nignore_errors = True\n[mypy-app.a]\nfollow_imports = skip\n", false),
        ("mypy .", "pyproject.toml", "[[tool.mypy.overrides]]\nmodule = '*'\nignore_errors = true\n", false),
        ("mypy .", "pyproject.toml", "[[tool.mypy.overrides]]\nmodule = ['app.*']\nignore_errors = true\n", false),
        (
            "mypy .",
            "pyproject.toml",
            "[[tool.mypy.overrides]]\nmodule = ['app.b.*', 'app.a']\nignore_errors = true\n",
            false,
        ),
        ("mypy .", "pyproject.toml", "[[tool.mypy.overrides]]\nmodule = ['app.b.*']\nignore_errors = true\n", true),
        ("mypy .", "pyproject.toml", "[tool.mypy]\nfiles = ['tests']\n", false),
        ("mypy .", "pyproject.toml", "[tool.mypy]\npackages = ['app']\n", true),
        ("tsc --noEmit", "tsconfig.json", "{\"compilerOptions\": {\"checkJs\": true, \"skipLibCheck\": true}}", true),
        ("tsc --noEmit --checkJs", "tsconfig.json", "{}", true),
        ("tsc --noEmit", "tsconfig.json", "{\"compilerOptions\": {\"allowJs\": true, \"checkJs\": false}}", false),
        ("tsc --noEmit", "tsconfig.json", "{\"compilerOptions\": {\"allowJs\": true}}", false),
        ("phpstan analyse", "phpstan.neon", "parameters:\n  level: 6\n  paths: [src]\n", true),
        ("phpstan analyse", "phpstan.neon", "parameters:\n\tlevel: 6\n", true),
        (
            "phpstan",
            "phpstan.neon.dist",
            "includes: [phpstan-baseline.neon]\nparameters:\n  ignoreErrors: ['#Call to x#']\n",
            true,
        ),
        ("phpstan analyse", "phpstan.neon", "parameters:\n  ignoreErrors:\n    - '#.*#'\n", false),
        ("phpstan analyse", "phpstan.neon", "parameters:\n  paths: [tests]\n", false),
        ("phpstan analyse", "phpstan.neon", "parameters:\n  paths: [src]\n  excludePaths: [src]\n", false),
        ("phpstan analyse", "phpstan.neon", "parameters:\n  excludePaths: {analyse: ['*']}\n", false),
        ("phpstan analyse", "phpstan.neon", "parameters:\n  excludePaths: {analyse: [src/x]}\n", true),
        ("phpstan analyse", "phpstan.neon", "parameters:\n  customRulesetUsed: true\n", false),
        ("phpcs src", "phpcs.xml", "<ruleset><rule ref=\"PSR12\"/></ruleset>", true),
        ("phpcs src", "phpcs.xml", "<config name=\"ignore_errors_on_exit\" value=\"1\"/>", false),
        ("psalm", "psalm.xml", "<projectFiles><directory name=\"tests\"/></projectFiles>", false),
    ] {
        let words: Vec<&str> = tool.split(' ').collect();
        let found = reason(&tree(file, text), "", &words);
        assert_eq!(found.is_none(), plain, "{tool} {file} {text}: {found:?}");
    }
}

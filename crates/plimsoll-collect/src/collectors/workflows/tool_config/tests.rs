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

//! Files in which tools are set up, and the words in them that may void a check.

/// Files of a tool.
pub(super) struct Settings {
    pub(super) tools: &'static [&'static str],
    /// A name, and the part of the file that is about the tool: a key, a path of keys, the beginning of a section.
    pub(super) files: &'static [(&'static str, &'static str)],
    /// As they are without blanks and quotes, in lower case.
    pub(super) words: &'static str,
    /// What switches everything off, and what has to be there with it.
    pub(super) empty: Option<(&'static str, &'static str)>,
}

const fn settings(
    tools: &'static [&'static str],
    files: &'static [(&'static str, &'static str)],
    words: &'static str,
) -> Settings {
    Settings { tools, files, words, empty: None }
}

pub(super) const TABLE: &[Settings] = &[
    settings(
        &["mocha"],
        &[
            (".mocharc.js", ""),
            (".mocharc.cjs", ""),
            (".mocharc.mjs", ""),
            (".mocharc.json", ""),
            (".mocharc.jsonc", ""),
            (".mocharc.yml", ""),
            (".mocharc.yaml", ""),
            ("package.json", "mocha"),
        ],
        "grep dry-run dryrun pass-on-failing passonfailing invert ignore list-files process.exit",
    ),
    settings(
        &["jest", "react-scripts"],
        &[
            ("jest.config.js", ""),
            ("jest.config.ts", ""),
            ("jest.config.mjs", ""),
            ("jest.config.cjs", ""),
            ("jest.config.json", ""),
            ("package.json", "jest"),
        ],
        "passwithnotests testnamepattern onlychanged runner globalteardown testresultsprocessor process. listtests",
    ),
    settings(
        &["vitest"],
        &[
            ("vitest.config.js", ""),
            ("vitest.config.ts", ""),
            ("vitest.config.mjs", ""),
            ("vitest.config.mts", ""),
            ("vitest.config.cjs", ""),
            ("vitest.config.cts", ""),
            ("vite.config.js", ""),
            ("vite.config.ts", ""),
            ("vite.config.mjs", ""),
            ("vite.config.mts", ""),
            ("vitest.workspace.js", ""),
            ("vitest.workspace.ts", ""),
        ],
        "passwithnotests testnamepattern dangerouslyignore runner process.exit globalsetup",
    ),
    settings(&["ava"], &[("ava.config.js", ""), ("ava.config.mjs", ""), ("package.json", "ava")], "match process.exit"),
    settings(&["bun"], &[("bunfig.toml", "")], "preload root= testnamepattern passwithnotests pathignore shell"),
    settings(
        &["nextest"],
        &[(".config/nextest.toml", "")],
        "default-filter no-tests scripts script. run-wrapper runner setup",
    ),
    Settings {
        tools: &["golangci-lint"],
        files: &[(".golangci.yml", ""), (".golangci.yaml", ""), (".golangci.toml", ""), (".golangci.json", "")],
        words: "issues-exit-code new:true new=true new-from whole-files -.* :.* =.* [.* -./ fix:true fix=true \
            enable:[] enable=[]",
        empty: Some(("disable-all:true", "enable:")),
    },
    Settings {
        tools: &["golangci-lint"],
        files: &[(".golangci.yml", ""), (".golangci.yaml", "")],
        words: "run-nothing",
        empty: Some(("default:none", "enable:")),
    },
    settings(
        &["ruff", "hatch"],
        &[("ruff.toml", ""), (".ruff.toml", ""), ("pyproject.toml", "tool.ruff")],
        "exit-zero fix-only extend=",
    ),
    settings(
        &["flake8"],
        &[(".flake8", ""), ("setup.cfg", "flake8"), ("tox.ini", "flake8")],
        "exit-zero exit_zero exclude=* exclude=./ filename= ignore=e,w ignore=e,f ignore=f, ignore=w,e \
            per-file-ignores=*: per_file_ignores=*: diff=",
    ),
    settings(
        &["mypy"],
        &[("mypy.ini", ""), (".mypy.ini", ""), ("pyproject.toml", "tool.mypy"), ("setup.cfg", "mypy")],
        "plugins= disable_error_code",
    ),
    settings(
        &["pylint"],
        &[
            (".pylintrc", ""),
            ("pylintrc", ""),
            (".pylintrc.toml", ""),
            ("pylintrc.toml", ""),
            ("pyproject.toml", "tool.pylint"),
            ("setup.cfg", "pylint"),
        ],
        "exit-zero errors-only init-hook init_hook",
    ),
    settings(
        &["eslint"],
        &[
            ("eslint.config.js", ""),
            ("eslint.config.mjs", ""),
            ("eslint.config.cjs", ""),
            ("eslint.config.ts", ""),
            (".eslintrc", ""),
            (".eslintrc.js", ""),
            (".eslintrc.cjs", ""),
            (".eslintrc.json", ""),
            (".eslintrc.yml", ""),
            (".eslintrc.yaml", ""),
            (".eslintignore", ""),
            ("package.json", "eslintConfig"),
        ],
        "ignores:[**] ignores:[**/*] ignores:[**/*, ignores:[**, ignores:[*] ignores:[*, patterns:[*] patterns:[**] \
            patterns:[**/*] patterns:* patterns:-* process.exit exportdefault[] exports=[] only-warn",
    ),
    settings(
        &["tsc"],
        &[("tsconfig.json", "")],
        "files:[] include:[] nocheck exclude:[** exclude:[* exclude:[src exclude:[./",
    ),
    settings(
        &["megalinter"],
        &[(".mega-linter.yml", ""), (".mega-linter.yaml", ""), (".megalinter.yml", "")],
        "disable disable_errors enable: enable_linters filter_regex pre_commands extends",
    ),
    settings(
        &["mise"],
        &[
            ("mise.toml", ""),
            (".mise.toml", ""),
            ("mise.local.toml", ""),
            ("mise/config.toml", ""),
            (".mise/config.toml", ""),
            (".config/mise.toml", ""),
            (".config/mise/config.toml", ""),
        ],
        "[env env. env= hooks path: _.path alias plugins prefix:",
    ),
    settings(
        &["mvn"],
        &[(".mvn/maven.config", ""), (".mvn/jvm.config", "")],
        "skiptests maven.test.skip testfailureignore skipits -dskip",
    ),
    settings(&["gradle"], &[("gradle.properties", "")], "ignorefailures init-script"),
    settings(&["cross"], &[("Cross.toml", "")], "runner pre-build dockerfile image"),
];

/// Options of pytest that change nothing about which tests run and whether it fails.
pub(super) const ADDOPTS: &str = "-q -qq -v -vv -vvv -x -s -l -ra -rA -rs -rf -rfE -rfEX -rxXs -rxXs -r --verbose --quiet \
    --exitfirst --strict --strict-markers --strict-config --showlocals --no-header --no-summary --cov --cov-branch \
    --cov-append --doctest-modules --full-trace --no-cov-on-fail --durations-min --disable-socket --random-order";
pub(super) const ADDOPTS_WITH_VALUE: &str = "--tb --durations --color --cov --cov-report --cov-config --cov-fail-under \
    --junitxml --junit-xml --import-mode --maxfail -n --numprocesses --dist --timeout --capture --doctest-glob \
    --doctest-continue-on-failure -W --asyncio-mode --log-level --log-cli-level --verbosity --show-capture --basetemp";

/// Keys of `.npmrc` that change nothing about which program a script is. With `ignore-scripts` a script that is asked for runs,
/// and what is before and behind it does not.
pub(super) const NPMRC: &str = "registry save-exact save-prefix save engine-strict fund audit audit-level loglevel progress \
    package-lock lockfile auto-install-peers strict-peer-dependencies strict-peer-deps legacy-peer-deps always-auth \
    provenance access shamefully-hoist hoist hoist-pattern public-hoist-pattern link-workspace-packages \
    prefer-workspace-packages save-workspace-protocol shared-workspace-lockfile node-linker resolution-mode \
    dedupe-peer-dependents minimum-release-age prefer-frozen-lockfile color update-notifier sign-git-tag message \
    tag-version-prefix install-links workspaces-update strict-ssl fetch-retries fetch-timeout git-checks \
    ignore-workspace-root-check include-workspace-root side-effects-cache email maxsockets min-release-age allow-git \
    ignore-scripts";

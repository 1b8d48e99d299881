//! Names of the environment: which of them change what a shell or a tool does.

mod names;

/// Beginnings of names that shells and tools read.
const READ: &[&str] = &[
    "BASH",
    "ENV",
    "PATH",
    "LD_",
    "DYLD_",
    "IFS",
    "SHELL",
    "PS4",
    "CDPATH",
    "GLOBIGNORE",
    "PROMPT_COMMAND",
    "POSIXLY_CORRECT",
    "CARGO",
    "RUST",
    "CLIPPY",
    "RUSTC",
    "NEXTEST",
    "MIRI",
    "PROPTEST_",
    "NPM_",
    "NODE_",
    "YARN_",
    "PNPM_",
    "BUN_",
    "DENO_",
    "JEST_",
    "VITEST",
    "MOCHA_",
    "ESLINT_",
    "BIOME_",
    "PYTEST",
    "PYTHON",
    "TOX",
    "NOX",
    "PRE_COMMIT",
    "SKIP",
    "PIP_",
    "UV_",
    "POETRY_",
    "COVERAGE_",
    "RUFF_",
    "MYPY",
    "FLAKE8",
    "PYLINT",
    "BANDIT",
    "GO",
    "CGO_",
    "STATICCHECK",
    "MAVEN_",
    "MVN",
    "GRADLE_",
    "JAVA_",
    "_JAVA",
    "JDK_",
    "SBT_",
    "MAKE",
    "MFLAGS",
    "GNUMAKEFLAGS",
    "CMAKE_",
    "CTEST_",
    "MESON_",
    "NINJA_",
    "BAZEL",
    "RUBY",
    "BUNDLE_",
    "GEM_",
    "RAKE",
    "SPEC_",
    "PERL5",
    "PHP",
    "COMPOSER_",
    "DOTNET_",
    "VSTEST",
    "MSBUILD",
    "TRIVY_",
    "GRYPE_",
    "SYFT_",
    "SEMGREP_",
    "OSV_",
    "SNYK_",
    "SHELLCHECK_",
    "GITLEAKS_",
    "GIT_",
    "COSIGN_",
    "JUST_",
    "TASK_",
    "HATCH_",
    "PDM_",
    "CONDA_",
    "QEMU_",
    "ACTIONLINT",
    "GOLANGCI",
    // Where tools look for their own settings.
    "HOME",
    "USERPROFILE",
    "APPDATA",
    "LOCALAPPDATA",
    "XDG_",
    "ZDOTDIR",
    "VIRTUAL_ENV",
    // With these, what is found is written down as expected, or no case is tried.
    "INSTA_",
    "TRYBUILD",
    "TRYCMD",
    "SNAPSHOT",
    "UPDATE",
    "BLESS",
    "OVERWRITE",
    "REGENERATE",
    "ACCEPT",
    "QUICKCHECK_",
    "HYPOTHESIS_",
    "BOLERO_",
    "LOOM_",
    "AFL_",
    "FUZZ",
    "CROSS_",
    "MISE_",
    "RTX_",
    "ASDF_",
    "VOLTA_",
    "COREPACK_",
    "TURBO_",
    "NX_",
    "LERNA_",
    "CYPRESS_",
    "PLAYWRIGHT_",
    "KARMA_",
    "TS_NODE_",
    "VALGRIND_",
    "ASAN_",
    "UBSAN_",
    "TSAN_",
    "MSAN_",
    "LSAN_",
    "DISABLE_",
    "VALIDATE_",
    "FILTER_REGEX",
    "LEFTHOOK",
    "HUSKY",
    "CODESPELL",
    "YAMLLINT",
    "ANSIBLE_",
    "CHECKOV_",
    "TFLINT_",
    "TF_",
];

/// Of those the ones that change nothing about whether a check fails: whole names, and beginnings that end in `_`.
const KNOWN: &[&str] = &[
    "CARGO_TERM_",
    "CARGO_INCREMENTAL",
    "CARGO_NET_",
    "CARGO_REGISTRIES_CRATES_IO_PROTOCOL",
    "CARGO_REGISTRY_TOKEN",
    "CARGO_HTTP_",
    "CARGO_PROFILE_",
    "CARGO_BUILD_JOBS",
    "CARGO_TARGET_DIR",
    "CARGO_UNSTABLE_SPARSE_REGISTRY",
    "CARGO_MAKE_TOOLCHAIN",
    "RUST_BACKTRACE",
    "RUST_LIB_BACKTRACE",
    "RUST_LOG",
    "RUST_LOG_STYLE",
    "RUST_TEST_THREADS",
    "RUST_MIN_STACK",
    "RUST_MIN_SRV",
    "RUST_VERSION",
    "RUST_VERSION_",
    "RUST_STABLE",
    "RUST_STABLE_",
    "RUST_NIGHTLY",
    "RUST_NIGHTLY_",
    "RUST_TOOLCHAIN",
    "RUST_TOOLCHAIN_",
    "RUST_MSRV",
    "RUST_MSRV_",
    "RUSTUP_MAX_RETRIES",
    "RUSTUP_TOOLCHAIN",
    "RUSTUP_IO_THREADS",
    "RUSTUP_UNPACK_RAM",
    "NODE_ENV",
    "NODE_VERSION",
    "NODE_VERSIONS",
    "NODE_VERSION_",
    "NODE_AUTH_TOKEN",
    "NPM_TOKEN",
    "NPM_CONFIG_LOGLEVEL",
    "NPM_CONFIG_FUND",
    "NPM_CONFIG_AUDIT",
    "NPM_CONFIG_PROVENANCE",
    "PNPM_VERSION",
    "YARN_ENABLE_IMMUTABLE_INSTALLS",
    "UV_CACHE_DIR",
    "UV_PYTHON",
    "UV_PYTHON_PREFERENCE",
    "UV_PYTHON_DOWNLOADS",
    "UV_PYTHON_INSTALL_DIR",
    "UV_LOCKED",
    "UV_FROZEN",
    "UV_SYSTEM_PYTHON",
    "UV_VERSION",
    "UV_NO_PROGRESS",
    "PYTHONUNBUFFERED",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONIOENCODING",
    "PYTHONHASHSEED",
    "PYTHONUTF8",
    "PYTHON_VERSION",
    "PYTHON_VERSIONS",
    "PYTHON_VERSION_",
    "PYTHONDEVMODE",
    "PYTHONFAULTHANDLER",
    "PIP_DISABLE_PIP_VERSION_CHECK",
    "PIP_NO_CACHE_DIR",
    "PIP_CACHE_DIR",
    "PIP_PROGRESS_BAR",
    "PIP_NO_INPUT",
    "PRE_COMMIT_HOME",
    "PRE_COMMIT_COLOR",
    "POETRY_VERSION",
    "POETRY_VIRTUALENVS_",
    "GOPROXY",
    "GOOS",
    "GOARCH",
    "GO111MODULE",
    "GOTOOLCHAIN",
    "GO_VERSION",
    "GO_VERSIONS",
    "GO_VERSION_",
    "GOPRIVATE",
    "GOLANG_VERSION",
    "GOOGLE_",
    "GOLANGCI_LINT_VERSION",
    "GOLANGCI_LINT_CACHE",
    "CGO_ENABLED",
    "GOSUMDB",
    "GOCACHE",
    "GOMODCACHE",
    "GODEBUG",
    "JAVA_VERSION",
    "JAVA_VERSIONS",
    "JAVA_VERSION_",
    "JAVA_HOME",
    "JAVA_HOME_",
    "DOTNET_NOLOGO",
    "DOTNET_CLI_TELEMETRY_OPTOUT",
    "DOTNET_SKIP_FIRST_TIME_EXPERIENCE",
    "DOTNET_VERSION",
    "DOTNET_VERSION_",
    "RUBY_VERSION",
    "RUBY_VERSION_",
    "PHP_VERSION",
    "PHP_VERSION_",
    "BUNDLE_WITHOUT",
    "SEMGREP_APP_TOKEN",
    "SNYK_TOKEN",
    "GITHUB_TOKEN",
    "GITLEAKS_LICENSE",
    "COSIGN_EXPERIMENTAL",
    "COSIGN_PASSWORD",
    "COSIGN_PRIVATE_KEY",
    "GIT_AUTHOR_",
    "GIT_COMMITTER_",
    "GIT_DEPTH",
    "GIT_SUBMODULE_STRATEGY",
    "CMAKE_BUILD_PARALLEL_LEVEL",
    "CMAKE_GENERATOR",
    "CMAKE_GENERATOR_PLATFORM",
    "CMAKE_GENERATOR_TOOLSET",
    "CTEST_OUTPUT_ON_FAILURE",
    "CTEST_PARALLEL_LEVEL",
    "SHELLCHECK_VERSION",
    "ENVIRONMENT",
    "ENVIRONMENT_",
    "GITHUB_",
    "HOMEBREW_NO_",
    "CYPRESS_INSTALL_",
    "CYPRESS_CACHE_",
    "PLAYWRIGHT_BROWSERS_PATH",
    "HUSKY_VERSION",
    "CROSS_VERSION",
    "TF_CPP_",
    "FUZZ_TIME",
    "FUZZ_TIMEOUT",
    "TURBO_TOKEN",
    "TURBO_TEAM",
    "TURBO_TEAMID",
    "NX_CLOUD_",
    "MISE_VERSION",
];

/// Names whose values are options of the compiler.
const FLAGS: &[&str] = &["RUSTFLAGS", "RUSTDOCFLAGS", "CARGO_BUILD_RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"];

/// Does a name of the environment leave alone what the words of a script, and the tools and tests that it runs, do? `value`
/// is absent where it is not known. A name that is not known may switch anything off.
pub(super) fn is_harmless(name: &str, value: Option<&str>) -> bool {
    let upper = name.to_ascii_uppercase();
    let known = FLAGS.contains(&upper.as_str())
        || matches!(upper.as_str(), "GIT_STRATEGY" | "PROPTEST_CASES" | "QUICKCHECK_TESTS" | "MAVEN_ARGS")
        || names::is_in(KNOWN, &upper)
        || names::is_known(&upper);
    known && is_not_read(name, value)
}

/// The same for a name that the shell keeps to itself: only what shells and tools are known to read counts.
pub(super) fn is_not_read(name: &str, value: Option<&str>) -> bool {
    let upper = name.to_ascii_uppercase();
    if FLAGS.contains(&upper.as_str()) {
        return value.is_some_and(are_flags);
    }
    if matches!(upper.as_str(), "GITHUB_ENV" | "GITHUB_PATH" | "GITHUB_WORKSPACE") {
        return false;
    }
    // A path names a compiler of the tree.
    if upper == "RUSTUP_TOOLCHAIN" {
        return value.is_none_or(|value| !value.contains(['/', '\\']));
    }
    if upper == "MAVEN_ARGS" {
        const PLAIN: &str = "-B --batch-mode -ntp --no-transfer-progress -V --show-version -e --errors -q -U";
        let plain = |word: &str| PLAIN.split(' ').any(|known| known == word);
        return value.is_some_and(|value| value.split_whitespace().all(plain));
    }
    if upper == "GIT_STRATEGY" {
        return value.is_some_and(|value| matches!(value, "clone" | "fetch"));
    }
    if matches!(upper.as_str(), "PROPTEST_CASES" | "QUICKCHECK_TESTS") {
        return value.is_some_and(|value| value.parse::<u32>().is_ok_and(|cases| cases > 0));
    }
    let is_read = READ.iter().any(|start| upper.starts_with(start));
    // The runner that tests are handed to, and what is put round the compiler, make any check pass.
    let handed = ["_RUNNER", "_WRAPPER", "WORKSPACE_WRAPPER"].iter().any(|end| upper.ends_with(end))
        && upper.starts_with("CARGO");
    !handed && (!is_read || names::is_in(KNOWN, &upper))
}

/// Names that the compiler is given by many, and that switch no check off.
const CFGS: &[&str] = &[
    "tokio_unstable",
    "docsrs",
    "web_sys_unstable_apis",
    "tracing_unstable",
    "procmacro2_semver_exempt",
    "uuid_unstable",
];

/// Options of the compiler that allow nothing.
pub(super) fn are_flags(value: &str) -> bool {
    let mut words = value.split_whitespace();
    while let Some(word) = words.next() {
        let alone = matches!(
            word,
            "-D" | "--deny" | "-F" | "--forbid" | "-W" | "--warn" | "-C" | "--cfg" | "-L" | "-l" | "-Z" | "--codegen"
        );
        if alone {
            let value = words.next();
            if word == "--cfg" && !value.is_some_and(|value| CFGS.contains(&value)) {
                return false;
            }
        }
        let plain = alone
            || ["-D", "-F", "-W", "-C", "--deny=", "--forbid=", "--warn=", "-L", "-l", "--codegen="]
                .iter()
                .any(|start| word.starts_with(start))
            || matches!(
                word,
                "-Zsanitizer=address"
                    | "-Zsanitizer=thread"
                    | "-Zsanitizer=memory"
                    | "-Zsanitizer=leak"
                    | "-Zrandomize-layout"
                    | "-g"
            );
        if !plain {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_shells_and_tools_read_is_told_from_other_names() {
        for (name, value) in [
            ("CARGO_TERM_COLOR", "always"),
            ("RUSTFLAGS", "-D warnings -C target-cpu=native"),
            ("RUSTFLAGS", ""),
            ("DATABASE_URL", "x"),
            ("CI", "true"),
            ("NODE_ENV", "test"),
            ("PROPTEST_CASES", "1000"),
            ("HOMEBREW_NO_AUTO_UPDATE", "1"),
            ("MAVEN_ARGS", "-B -ntp"),
            ("RUST_BACKTRACE", "1"),
            ("RUSTUP_TOOLCHAIN", "nightly-2026-01-01"),
            ("FORCE_COLOR", "1"),
            ("GH_TOKEN", "x"),
            ("AWS_REGION", "x"),
            ("POSTGRES_PASSWORD", "x"),
            ("DEBIAN_FRONTEND", "noninteractive"),
            ("MY_SERVICE_URL", "x"),
            ("CC", "clang"),
            ("NPM_CONFIG_AUDIT", "false"),
            ("GOCACHE", "x"),
            ("PYTHON_VERSION_MAIN", "3.12"),
            ("JAVA_HOME_17_X64", "x"),
            ("UV_PYTHON_PREFERENCE", "only-managed"),
            ("ENVIRONMENT_NAME", "x"),
            ("PGHOST", "x"),
            ("PGPASSWORD", "x"),
            ("DOCKERHUB_USERNAME", "x"),
            ("POSTGRES_DB", "x"),
            ("TEST_FLAGS", "x"),
        ] {
            assert!(is_harmless(name, Some(value)), "{name}={value}");
        }
        for (name, value) in [
            ("BASH_ENV", "x"),
            ("PATH", "x"),
            ("path", "x"),
            ("ENV", "x"),
            ("LD_PRELOAD", "x"),
            ("CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER", "true"),
            ("CARGO_BUILD_RUSTC_WRAPPER", "true"),
            ("RUSTC_WRAPPER", "true"),
            ("RUSTC_WORKSPACE_WRAPPER", "true"),
            ("CARGO", "true"),
            ("RUSTFLAGS", "--cap-lints allow"),
            ("RUSTFLAGS", "-Awarnings"),
            ("RUSTFLAGS", "-D warnings -A clippy::all"),
            ("RUSTFLAGS", "--cfg no_tests"),
            ("RUSTUP_TOOLCHAIN", "./fake"),
            ("RUSTUP_TOOLCHAIN", "ci\\fake"),
            ("PYTEST_ADDOPTS", "--co"),
            ("GOFLAGS", "-run=XXX"),
            ("MAKEFLAGS", "-n"),
            ("MAVEN_ARGS", "-B -DskipTests"),
            ("MAVEN_ARGS", "-fn"),
            ("NODE_OPTIONS", "--require x"),
            ("npm_config_script_shell", "true"),
            // What a known name begins is another name.
            ("npm_config_audit_level", "none"),
            ("NPM_CONFIG_AUDITS", "x"),
            ("GOCACHEPROG", "true"),
            ("RUST_LOGGER", "x"),
            ("NODE_ENVS", "x"),
            ("CARGO_INCREMENTAL_X", "x"),
            ("GODEBUGGER", "x"),
            ("UV_PYTHON_MODE", "x"),
            ("PGSKIP", "x"),
            ("DOCKERMODE", "x"),
            ("SHELLOPTS", "noexec"),
            ("GIT_STRATEGY", "none"),
            ("SKIP", "ruff"),
            ("PYTHONPATH", "x"),
            ("HOME", "ci"),
            ("USERPROFILE", "ci"),
            ("XDG_CONFIG_HOME", "ci"),
            ("INSTA_UPDATE", "always"),
            ("INSTA_FORCE_PASS", "1"),
            ("TRYBUILD", "overwrite"),
            ("UPDATE_EXPECT", "1"),
            ("QUICKCHECK_TESTS", "0"),
            ("QUICKCHECK_GENERATOR_SIZE", "0"),
            ("MISE_ENV", "x"),
            ("PROPTEST_CASES", "0"),
            ("PROPTEST_MAX_GLOBAL_REJECTS", "0"),
            ("ASAN_OPTIONS", "exitcode=0"),
            ("DISABLE_ERRORS", "true"),
            // What no list has may be read by the tests themselves.
            ("SKIP_SLOW", "1"),
            ("NO_TESTS", "1"),
            ("WIDGET_MODE", "none"),
            ("RUN_ONLY_VERSION", "x"),
            ("DRY_RUN", "1"),
            ("CI_SKIP", "1"),
            ("ALLOW_FAILURES", "1"),
            ("TEST_FILTER", "x"),
        ] {
            assert!(!is_harmless(name, Some(value)), "{name}={value}");
        }
        assert!(is_not_read("WIDGET_MODE", Some("none")) && !is_not_read("PATH", Some("x")));
        assert!(!is_harmless("RUSTFLAGS", None) && is_harmless("TOKEN", None));
    }
}

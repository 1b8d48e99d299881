//! Names of the environment that a project gave itself: no tool is known to read them.
//!
//! What this does not see: a name that a package of others reads, and that is spelled like none of the tools below. A name that
//! the tree itself mentions is asked about elsewhere.

use super::{is_read, names};

/// Beginnings of names that tools read, next to those of [`super::READ`]: runners of tests, linters, compilers, shells, and what
/// starts them.
const READ: &[&str] = &[
    "ANGULAR",
    "ANT_",
    "AUTHOR_",
    "AUTOTEST",
    "BABEL",
    "BATS",
    "BEHAVE",
    "BOOST",
    "BROWSER",
    "BUSTED",
    "C8",
    "CABAL",
    "CATCH",
    "CHECK",
    "CHERE",
    "CHRUBY",
    "CK_",
    "CLANG",
    "CLJ",
    "CLOJURE",
    "CMOCKA",
    "COMPILER",
    "COMPLUS",
    "CORECLR",
    "COREHOST",
    "CPATH",
    "CRITERION",
    "CUCUMBER",
    "CURL_",
    "CYGWIN",
    "DART",
    "DASH",
    "DETEKT",
    "DETOX",
    "DIALYZER",
    "DISTUTILS",
    "DOCTEST",
    "DUNE",
    "ELIXIR",
    "EMACS",
    "ENABLE",
    "ERL",
    "ESBUILD",
    "EXEC",
    "EXTENDED_",
    "FACTER",
    "FISH",
    "FLIT",
    "FLUTTER",
    "FNM_",
    "FPATH",
    "GCC",
    "GHC",
    "GNUPG",
    "GTEST",
    "HARNESS",
    "HELM",
    "HEX_",
    "HIST",
    "HSPEC",
    "INPUTRC",
    "IVY",
    "JENV",
    "JULIA",
    "JUNIT",
    "JVM",
    "KOTEST",
    "KOTLIN",
    "KSH",
    "KTLINT",
    "KTFMT",
    "LARAVEL",
    "LEIN",
    "LIBRARY_",
    "LINT",
    "LIT_",
    "LUA",
    "MATRIX",
    "MIX",
    "MOCK",
    "MONO",
    "MSYS",
    "MUTMUT",
    "NETRC",
    "NEXT",
    "NG_",
    "NIM",
    "NODENV",
    "NOSE",
    "NUGET",
    "NUXT",
    "NVM_",
    "NYC",
    "OCAML",
    "OPAM",
    "OPENJDK",
    "PACKER",
    "PARCEL",
    "PERL",
    "PEST",
    "PHP",
    "PINT",
    "PREFIX",
    "PROFILE",
    "PROTO",
    "PROVE",
    "PSALM",
    "PUB_",
    "PYENV",
    "QTEST",
    "QT_",
    "QUARKUS",
    "R_",
    "_R_",
    "RAILS",
    "RBENV",
    "READLINE",
    "REBAR",
    "RELEASE_TEST",
    "ROBOT",
    "RSPEC",
    "RUBOCOP",
    "RUN_",
    "RVM",
    "SAUCE",
    "SCALA",
    "SDKMAN",
    "SETUPTOOLS",
    "SIMCTL",
    "SONAR",
    "SPEC",
    "SPOTLESS",
    "SPRING",
    "SSH_",
    "STACK",
    "STESTR",
    "STORYBOOK",
    "STRYKER",
    "SWC",
    "SWIFT",
    "SYMFONY",
    "TAP_",
    "TASTY",
    "TEST",
    "TRACE",
    "TSX",
    "TWISTED",
    "UNITY",
    "V8_",
    "VAGRANT",
    "VCR",
    "VITE",
    "WDIO",
    "WEBPACK",
    "WGETRC",
    "WINE",
    "WITH_",
    "XCODE",
    "XCRUN",
    "XCTEST",
    "XDEBUG",
    "ZIG",
    "ZSH",
    "_",
];

/// Words of names that tools read, or that may switch something off.
const ORDERS: &[&str] = &[
    "ADDOPTS",
    "ARG",
    "ARGS",
    "ARGUMENTS",
    "BACKEND",
    "CHECK",
    "CHECKS",
    "CMD",
    "COMMAND",
    "CONF",
    "CONFIG",
    "ENABLE",
    "ENABLED",
    "ENV",
    "ERROR",
    "ERRORS",
    "EXCLUDE",
    "EXIT",
    "FAIL",
    "FAILURES",
    "FILTER",
    "FILTERS",
    "FLAG",
    "FLAGS",
    "GREP",
    "HOME",
    "HOOK",
    "HOOKS",
    "IMPORT",
    "INCLUDE",
    "INIT",
    "INTERPRETER",
    "LAUNCHER",
    "LEVEL",
    "LINT",
    "MATCH",
    "MODE",
    "MODULE",
    "OPT",
    "OPTION",
    "OPTIONS",
    "OPTS",
    "PARAMS",
    "PARTITION",
    "PATH",
    "PATHS",
    "PATTERN",
    "PLUGIN",
    "PLUGINS",
    "PRELOAD",
    "PROFILE",
    "PROFILES",
    "PROG",
    "PROGRAM",
    "RC",
    "RCFILE",
    "REQUIRE",
    "RUN",
    "RUNNER",
    "SELECT",
    "SETTINGS",
    "SHARD",
    "SHELL",
    "SPEC",
    "SPECS",
    "STARTUP",
    "STRICT",
    "SUITE",
    "TEST",
    "TESTING",
    "TESTS",
    "WARN",
    "WARNINGS",
    "WITH",
    "WRAPPER",
];

/// Ends of names that are options of a tool, also without a blank before them.
const ENDS: &[&str] =
    &["OPTS", "OPTIONS", "FLAGS", "ARGS", "PATH", "RC", "PRELOAD", "ENV", "CONFIG", "TESTS", "RUNNER", "SHELL"];

/// Beginnings of names that projects give to the versions that they install, next to what the tools of that name read.
const VERSIONS: &[&str] =
    &["RUST_", "GO_", "NODE_", "PYTHON_", "JAVA_", "RUBY_", "PHP_", "DOTNET_", "CLIPPY_", "MIRI_"];

/// May a name be one that no tool reads, so that only what the tree itself does with it can matter? `value` is absent where it is
/// not known.
pub(in super::super) fn may_be_own(name: &str, value: Option<&str>) -> bool {
    let upper = name.to_ascii_uppercase();
    let plain = upper.len() > 2 && upper.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !plain || matches!(upper.as_str(), "GITHUB_ENV" | "GITHUB_PATH" | "GITHUB_WORKSPACE") {
        return false;
    }
    let words: Vec<&str> = upper.split('_').collect();
    let orders = words.iter().any(|word| ORDERS.contains(word) || names::ORDERS.contains(word));
    if orders || ENDS.iter().any(|end| upper.ends_with(end)) {
        return false;
    }
    let version = VERSIONS.iter().any(|start| upper.starts_with(start)) && value.is_some_and(is_version);
    version || !is_read(&upper) && !READ.iter().any(|start| upper.starts_with(start))
}

/// Is it a version with a dot in it, or the name of a channel, which no tool takes for an order?
fn is_version(value: &str) -> bool {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let text = value.strip_prefix('v').unwrap_or(value);
    let dotted = text.contains('.') && text.split('.').all(number) && !text.starts_with('0');
    let channel = value.strip_prefix("nightly-").map_or(matches!(value, "stable" | "beta" | "nightly"), |date| {
        date.len() == 10 && date.split('-').count() == 3 && date.split('-').all(number)
    });
    dotted || channel
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_tools_may_read_are_told_from_those_of_a_project() {
        for (name, value) in [
            ("PYO3_USE_ABI3_FORWARD_COMPATIBILITY", Some("1")),
            ("WIDGET_COLOUR", None),
            ("rust_clippy", Some("1.88")),
            ("rust_miri_nightly", Some("nightly-2026-06-29")),
            ("RUST_PINNED", Some("stable")),
            ("NODE_MAIN", Some("v22.1.0")),
        ] {
            assert!(may_be_own(name, value), "{name}");
        }
        for (name, value) in [
            ("", None),
            ("AB", Some("x")),
            ("A-B-C", Some("x")),
            ("GITHUB_PATH", Some("x")),
            ("rust_clippy", Some("1")),
            ("rust_clippy", Some("0.0")),
            ("rust_clippy", None),
            ("RUST_TEST_X", Some("1.2")),
            ("NODE_MAIN", Some("--require x")),
            ("GO_MAIN", Some("nightly-x")),
            ("PYTEST_ADDOPTS", Some("x")),
            ("NODE_OPTIONS", Some("x")),
            ("MY_OPTS", Some("x")),
            ("MYFLAGS", Some("x")),
            ("WIDGET_ARGS", Some("x")),
            ("SKIP_SLOW", Some("1")),
            ("WIDGET_MODE", Some("none")),
            ("GTEST_FILTER", Some("-*")),
            ("CK_RUN_CASE", Some("none")),
            ("HARNESS_X", Some("1")),
            ("TASTY_PATTERN", Some("none")),
            ("SPRING_PROFILES_ACTIVE", Some("x")),
            ("TESTSUITE", Some("x")),
            ("LIT_X", Some("x")),
            ("_JAVA_X", Some("x")),
            ("__WIDGET", Some("x")),
            ("npm_config_x", Some("x")),
            ("LD_AUDIT", Some("x")),
            ("RUN_SLOW", Some("0")),
            ("JUNIT_X", Some("x")),
        ] {
            assert!(!may_be_own(name, value), "{name}");
        }
    }
}

//! What the name of a folder or a file says of its class. Names come last: what the build takes in is asked before.
//!
//! Only names that a language, a tool or a wide habit gives a meaning are here. A word that products carry as well
//! (`integration`, `stubs`, `tools`) is not: what is wrongly taken out of what ships is worse than what is wrongly in it.

use std::{collections::BTreeMap, sync::LazyLock};

use crate::PathClass::{self, Docs, Example, Fixture, Test, Tool, Vendored};

/// The name of a folder anywhere in the path, compared without regard to case.
const FOLDERS: &[(&str, PathClass)] = &[
    ("vendor", Vendored),
    ("vendored", Vendored),
    ("third_party", Vendored),
    ("third-party", Vendored),
    ("node_modules", Vendored),
    ("fixture", Fixture),
    ("fixtures", Fixture),
    ("__fixtures__", Fixture),
    ("testdata", Fixture),
    ("test-data", Fixture),
    ("test_data", Fixture),
    ("test-fixtures", Fixture),
    ("test_fixtures", Fixture),
    ("testfixtures", Fixture),
    ("testresources", Fixture),
    ("test-resources", Fixture),
    ("test_resources", Fixture),
    ("__snapshots__", Fixture),
    ("snapshots", Fixture),
    ("cassettes", Fixture),
    ("test", Test),
    ("tests", Test),
    ("__tests__", Test),
    ("__test__", Test),
    ("testing", Test),
    ("testsuite", Test),
    ("test-suite", Test),
    ("testsuites", Test),
    ("testcases", Test),
    ("testutil", Test),
    ("testutils", Test),
    ("test-util", Test),
    ("test-utils", Test),
    ("test_util", Test),
    ("test_utils", Test),
    ("testhelpers", Test),
    ("test-helpers", Test),
    ("test_helpers", Test),
    ("test_support", Test),
    ("test-support", Test),
    ("unittest", Test),
    ("unittests", Test),
    ("unit-tests", Test),
    ("unit_tests", Test),
    ("e2e", Test),
    ("e2e-tests", Test),
    ("e2e_tests", Test),
    ("integration-test", Test),
    ("integration-tests", Test),
    ("integration_test", Test),
    ("integration_tests", Test),
    ("functional-tests", Test),
    ("functional_tests", Test),
    ("acceptance-tests", Test),
    ("acceptance_tests", Test),
    ("smoke-tests", Test),
    ("smoke_tests", Test),
    ("mocks", Test),
    ("__mocks__", Test),
    ("spec", Test),
    ("specs", Test),
    ("spec-helpers", Test),
    ("spec_helpers", Test),
    ("benches", Test),
    ("benchmarks", Test),
    ("fuzz", Test),
    ("example", Example),
    ("examples", Example),
    ("demo", Example),
    ("demos", Example),
    ("sample", Example),
    ("samples", Example),
    ("playground", Example),
    ("xtask", Tool),
    ("xtasks", Tool),
];

/// Pages, unless they lie within source, where a part of the product may be called so.
const PAGES: &[&str] = &["doc", "docs", "documentation"];
/// Folders that hold source.
const SOURCE: &[&str] = &["src", "lib", "pkg", "internal", "app"];

/// Endings of the stem of a file with tests, by what follows the last point.
///
/// Sources: `go help test`; the documentation of pytest, Jest, Vitest, Playwright, `JUnit` with Surefire and Failsafe, Kotest,
/// `XCTest`, `NUnit`, `RSpec`, Minitest, `PHPUnit`, `ExUnit`, Common Test, `GoogleTest`, Dart's `test`, hspec, busted, bats.
const FILES: &[(&[&str], &[&str])] = &[
    (&["go"], &["_test"]),
    (
        &["js", "jsx", "ts", "tsx", "mjs", "cjs", "mts", "cts", "vue"],
        &[".test", ".tests", ".spec", ".e2e", ".cy", "-test", ".test-d", ".spec-d"],
    ),
    (&["py"], &["_test", "_tests"]),
    (&["swift"], &["Test", "Tests", "Spec"]),
    (&["java", "kt", "kts", "scala", "groovy"], &["Test", "Tests", "TestCase", "IT", "Spec"]),
    (&["cs", "fs", "vb"], &["Test", "Tests"]),
    (&["rb"], &["_spec", "_test"]),
    (&["php"], &["Test"]),
    (&["exs"], &["_test"]),
    (&["dart", "clj", "cljs", "cljc"], &["_test"]),
    (&["erl"], &["_SUITE", "_tests"]),
    (&["hs"], &["Spec"]),
    (&["lua", "cr"], &["_spec"]),
    (&["c", "cc", "cpp", "cxx", "m", "mm"], &["_test", "_tests", "_unittest", "Tests"]),
];
/// Files with tests or for tests whatever their stem says: by the end of the name, and by its start and its end.
const ENDINGS: &[&str] = &[".t", ".bats", ".snap"];
const STARTS: &[(&str, &str)] = &[("test_", ".py"), ("test-", ".R")];
const WHOLE: &[&str] = &["conftest.py", "runtests.jl", "testthat.R"];

/// The class by names alone: of several folders the outermost decides, then the file.
pub(super) fn class(path: &str) -> PathClass {
    by_folder(path).unwrap_or_else(|| if is_test_file(path) { Test } else { PathClass::Shipped })
}

/// The class by the names of folders.
pub(super) fn by_folder(path: &str) -> Option<PathClass> {
    let (folders, _) = path.rsplit_once('/')?;
    let mut above: Option<&str> = None;
    let mut in_source = false;
    for folder in folders.split('/') {
        if let Some(class) = of_folder(folder, above, in_source) {
            return Some(class);
        }
        in_source |= SOURCE.contains(&folder);
        above = Some(folder);
    }
    None
}

/// The class that the table gives to a name.
fn stated(folder: &str) -> Option<PathClass> {
    static NAMES: LazyLock<BTreeMap<&'static [u8], PathClass>> =
        LazyLock::new(|| FOLDERS.iter().map(|(name, class)| (name.as_bytes(), *class)).collect());
    let mut lower = [0; 20];
    let lower = lower.get_mut(..folder.len())?;
    lower.copy_from_slice(folder.as_bytes());
    lower.make_ascii_lowercase();
    NAMES.get(&*lower).copied()
}

fn of_folder(folder: &str, above: Option<&str>, in_source: bool) -> Option<PathClass> {
    if let Some(class) = stated(folder) {
        return Some(class);
    }
    if !in_source && PAGES.iter().any(|name| folder.eq_ignore_ascii_case(name)) {
        return Some(Docs);
    }
    // Perl's tests are `t/` at the top; Maven's integration tests are `src/it`.
    if (folder == "t" && above.is_none()) || (folder == "it" && above == Some("src")) {
        return Some(Test);
    }
    // Targets of Xcode and projects of .NET; source sets of Gradle are below `src`.
    let stem = folder
        .strip_suffix("Tests")
        .or_else(|| folder.strip_suffix(".Test"))
        .or_else(|| (above == Some("src")).then(|| folder.strip_suffix("Test")).flatten())?;
    stem.ends_with(|last: char| last.is_ascii_alphanumeric() || last == '.').then_some(Test)
}

/// Does the name of the file say that it holds tests? Below `src/main` Java's convention is that it ships.
fn is_test_file(path: &str) -> bool {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    let Some((stem, ending)) = name.rsplit_once('.') else { return false };
    if path.starts_with("src/main/") || path.contains("/src/main/") || stem.is_empty() {
        return false;
    }
    let by_stem = FILES.iter().any(|(endings, ends)| {
        endings.contains(&ending) && ends.iter().any(|end| stem.len() > end.len() && stem.ends_with(end))
    });
    by_stem
        || WHOLE.contains(&name)
        || ENDINGS.iter().any(|end| name.ends_with(end))
        || STARTS.iter().any(|(start, end)| name.starts_with(start) && name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(expected: PathClass, paths: &[&str]) {
        for path in paths {
            assert_eq!(class(path), expected, "{path}");
        }
    }

    #[test]
    fn every_name_of_the_table_is_found() {
        for (name, class) in FOLDERS {
            assert_eq!((stated(name), stated(&name.to_uppercase())), (Some(*class), Some(*class)), "{name}");
        }
    }

    #[test]
    fn names_that_say_nothing_ship() {
        check(
            PathClass::Shipped,
            &[
                "src/lib.rs",
                "src/tests.rs",
                "tests",
                "contest/x.rs",
                "src/latest.ts",
                "a/protest.py",
                "cmd/test.go",
                "_test.go",
                "src/main/java/a/ParameterizedTest.java",
                "a/src/main/java/TestCase.java",
                "Manifest.java",
                "src/docs/mod.rs",
                "pkg/a/doc/doc.go",
                "locales/it/a.json",
                "it/a.json",
                "a/t/b.rs",
                "integration/a.rs",
                "stubs/a.php",
                "tools/a.py",
                "scripts/test_key.pem",
                "latest/a",
                "Contests/a",
                "README.md",
                "app/src/debug/a",
                "",
            ],
        );
    }

    #[test]
    fn folders_and_files_of_tests_are_told_by_each_languages_convention() {
        check(
            Test,
            &[
                "crates/a/tests/x.rs",
                "Tests/fixtures/x",
                "pkg/sign/keys_test.go",
                "src/login.test.ts",
                "src/login.spec.tsx",
                "a/test_b.py",
                "a/b_test.py",
                "conftest.py",
                "FooTests.swift",
                "a/FooTest.java",
                "a/FooIT.kt",
                "a/foo_spec.rb",
                "a/FooTest.php",
                "a/foo_test.exs",
                "a/foo_SUITE.erl",
                "a/foo_unittest.cc",
                "a/foo.bats",
                "lib/a.t",
                "t/key.pem",
                "src/it/a/pom.xml",
                "app/src/androidTest/key.pem",
                "MyApp.Tests/key.pem",
                "MyApp.Test/key.pem",
                "MyAppTests/key.pem",
                "MyAppUITests/key.pem",
                "e2e/key.pem",
                "integration-tests/key.pem",
                "testing/key.pem",
                "testutil/key.go",
                "mocks/key.pem",
                "__mocks__/key.js",
                "functional_tests/key.pem",
                "unittests/key.pem",
                "spec-helpers/key.rb",
                "fuzz/Cargo.toml",
            ],
        );
        check(
            Fixture,
            &[
                "fixtures/Cargo.lock",
                "test-fixtures/key.pem",
                "testresources/key.pem",
                "a/testdata/b",
                "cassettes/x.yml",
            ],
        );
        check(Example, &["examples/a/Cargo.toml", "sample/key.pem", "samples/a", "playground/key.pem"]);
        check(Docs, &["docs/a.md", "doc/a", "website/docs/tls.md", "crates/a/docs/b.md"]);
        check(Vendored, &["vendor/a/tests/x.rs", "third_party/a"]);
        check(Tool, &["xtask/src/main.rs"]);
    }
}

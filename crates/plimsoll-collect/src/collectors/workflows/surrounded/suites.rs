//! A suite that a build leaves out, or that is not where a runner looks, lets every change pass.

use super::*;

#[test]
fn a_build_tests_what_its_modules_hold() {
    const TEST: &str = "@Test\nvoid a() { assertTrue(x()); }\n";
    const POM: &str = "<project><artifactId>a</artifactId></project>";
    // The tree has a test at the top, where neither build looks.
    check_files(&[
        ("mvn -B verify", &[("pom.xml", POM), ("src/test/java/ATest.java", TEST)], "test"),
        (
            "mvn verify",
            &[
                ("pom.xml", "<packaging>pom</packaging><modules><module>core</module></modules>"),
                ("core/pom.xml", POM),
                ("core/src/test/java/ATest.java", TEST),
            ],
            "test",
        ),
        (
            "mvn verify",
            &[
                ("pom.xml", "<build><testSourceDirectory>${project.basedir}/t</testSourceDirectory></build>"),
                ("t/BTest.java", TEST),
            ],
            "test",
        ),
        ("gradle test", &[("build.gradle", "plugins { }"), ("src/test/java/ATest.java", TEST)], "test"),
        (
            "./gradlew check",
            &[
                ("settings.gradle.kts", "include(\":app\", \"lib\")"),
                ("app/build.gradle.kts", "plugins { }"),
                ("app/src/test/java/ATest.java", TEST),
            ],
            "test",
        ),
        // From here on no test runs.
        ("mvn verify", &[("pom.xml", POM)], "test?"),
        ("mvn verify", &[("pom.xml", "<packaging>pom</packaging>"), ("src/test/java/ATest.java", TEST)], "test?"),
        (
            "mvn verify",
            &[
                ("pom.xml", "<packaging>pom</packaging><modules><module>core</module></modules>"),
                ("core/pom.xml", POM),
                ("other/pom.xml", POM),
                ("other/src/test/java/ATest.java", TEST),
            ],
            "test?",
        ),
        (
            "mvn verify",
            &[
                ("pom.xml", "<packaging>pom</packaging><profiles><modules><module>core</module></modules></profiles>"),
                ("core/pom.xml", POM),
                ("core/src/test/java/ATest.java", TEST),
            ],
            "test?",
        ),
        (
            "mvn verify",
            &[
                ("pom.xml", "<packaging>pom</packaging><modules><module>core</module></modules>"),
                ("core/pom.xml", "<properties><skipTests>true</skipTests></properties>"),
                ("core/src/test/java/ATest.java", TEST),
            ],
            "test?",
        ),
        (
            "mvn verify",
            &[
                ("pom.xml", "<build><testSourceDirectory>none</testSourceDirectory></build>"),
                ("src/test/java/ATest.java", TEST),
            ],
            "test?",
        ),
        (
            "gradle test",
            &[
                ("ATest.java", ""),
                ("settings.gradle", "include 'app'"),
                ("app/build.gradle", "test { enabled = false }"),
                ("app/src/test/java/ATest.java", TEST),
            ],
            "test?",
        ),
        (
            "gradle test",
            &[
                ("ATest.java", ""),
                ("settings.gradle", "// include 'app'"),
                ("app/build.gradle", "plugins { }"),
                ("app/src/test/java/ATest.java", TEST),
            ],
            "test?",
        ),
        ("gradle test", &[("build.gradle", "test { exclude '**/*' }"), ("src/test/java/ATest.java", TEST)], "test?"),
    ]);
}

#[test]
fn a_runner_takes_the_tests_that_are_of_its_kind() {
    const CASE: &str =
        "import unittest\n\nclass TestA(unittest.TestCase):\n    def test_a(self):\n        self.assertTrue(x())\n";
    const FUNCTION: &str = "def test_b():\n    assert x()\n";
    check_files(&[
        ("python -m unittest", &[("test_a.py", CASE)], "test"),
        ("python -m unittest discover -s tests", &[("tests/test_b.py", CASE)], "test"),
        ("python -m unittest", &[("tests/test_b.py", CASE), ("tests/__init__.py", "")], "test"),
        ("ctest", &[], "test"),
        (
            "ctest",
            &[
                ("CMakeLists.txt", "include(CTest)\nadd_subdirectory(tests)\n"),
                ("tests/CMakeLists.txt", "gtest_discover_tests(a)\n"),
            ],
            "test",
        ),
        // From here on nothing is run.
        ("python -m unittest", &[], "test?"),
        ("python -m unittest discover -s tests", &[("tests/test_b.py", FUNCTION)], "test?"),
        ("python -m unittest discover -s none", &[("tests/test_b.py", CASE)], "test?"),
        ("python -m unittest discover -s tests -s none", &[("tests/test_b.py", CASE)], "test?"),
        ("python -m unittest", &[("tests/test_b.py", CASE)], "test?"),
        ("python -m unittest", &[("b_test.py", CASE)], "test?"),
        ("ctest", &[("CMakeLists.txt", "add_executable(a a.c)\n")], "test?"),
        ("ctest", &[("CMakeLists.txt", "enable_testing()\n")], "test?"),
        ("ctest", &[("CMakeLists.txt", "enable_testing()\n# add_test(NAME a COMMAND a)\n")], "test?"),
        ("ctest", &[("CMakeLists.txt", "add_test(NAME a COMMAND a)\n")], "test?"),
    ]);
}

#[test]
fn what_a_command_says_twice_is_not_known() {
    check(&[
        ("- run: ctest --test-dir build --test-dir=build", "test"),
        ("- run: pytest --cov=a --cov=b", "test"),
        ("- run: cargo test --manifest-path Cargo.toml --manifest-path sub/Cargo.toml", "test?"),
        ("- run: ctest --test-dir build --test-dir other", "test?"),
        ("- run: trivy fs --exit-code 1 --exit-code 0 .", "audit~"),
        ("- run: trivy fs --exit-code 1 --severity HIGH,CRITICAL --severity CRITICAL .", "audit?"),
    ]);
}

#[test]
fn an_image_is_built_by_the_file_that_is_named() {
    const FILES: &[(&str, &str)] = &[("ci.Dockerfile", "FROM a\nRUN cargo test\n"), ("b", "FROM a\nRUN x\n")];
    check_files(&[
        ("docker build -f ci.Dockerfile .", FILES, "test?"),
        ("docker build --file=ci.Dockerfile .", FILES, "test?"),
        ("docker build -f none .", FILES, "test?"),
        ("docker build -f b .", FILES, ""),
        ("docker build .", FILES, ""),
    ]);
}

#[test]
fn clippy_looks_at_what_does_not_allow_all() {
    check_files(&[
        ("cargo clippy --all-targets -- -D warnings", &[], "lint"),
        ("cargo clippy", &[("src/lib.rs", "#![allow(clippy::all)]\n")], "lint?"),
        ("cargo clippy --examples", &[], "lint?"),
    ]);
}

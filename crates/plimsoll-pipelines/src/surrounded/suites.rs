//! A suite that a build leaves out, or that is not where a runner looks, lets every change pass.

use super::*;

const GEM: &[(&str, &str)] = &[("a_test.rb", "def test_a; assert x; end\n")];

#[test]
fn a_build_tests_what_its_modules_hold() {
    const TEST: &str = "@Test\nvoid a() { assertTrue(x()); }\n";
    const POM: &str = "<project><artifactId>a</artifactId></project>";
    // The tree has a test at the top, where neither build looks.
    check_files(&[
        ("mvn -B verify", &[("pom.xml", POM), ("src/test/java/ATest.java", TEST)], "test"),
        ("mvn -B verify -DskipITs", &[("pom.xml", POM), ("src/test/java/ATest.java", TEST)], "test"),
        ("mvn -B verify -DskipITs", &[("pom.xml", POM), ("src/test/java/AIT.java", TEST)], "test?"),
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
        ("meson test -C build", &[("build/x", ""), ("meson.build", "project('a', 'c')\n")], "test?"),
        ("meson test", &[("meson.build", "project('a', 'c')\n# test('a', a)\n")], "test?"),
        ("go env -w GOFLAGS=-run=XXX && go test ./...", &[], "test?"),
        ("rustup override set ./fake && cargo test", &[], "test?"),
        ("go env -w GOPROXY=direct && go test ./...", &[], "test"),
        ("rustup override set nightly && cargo test", &[], "test"),
        ("meson test", &[("meson.build", "test('a', a)\n")], "test"),
        (
            "meson test",
            &[("meson.build", "x\n"), ("tests/meson.build", "foreach t : all\n  test(t, a)\nendforeach\n")],
            "test",
        ),
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

#[test]
fn a_question_whose_answer_ends_the_script_gates() {
    let script = |text: &str| judged(&written("", &format!("{CHECKOUT}- run: |\n{}", indented(text))));
    for (text, expected) in [
        ("if ! cargo test; then exit 1; fi", "test"),
        ("if ! cargo test; then\n  echo failed\n  exit 1\nfi", "test"),
        ("if cargo test; then echo good; else exit 1; fi", "test"),
        ("if ! cargo test; then exit 0; fi", "test~"),
        ("if ! cargo test; then echo failed; fi", "test~"),
        ("if cargo test; then exit 1; fi", "test?"),
        ("if ! cargo test; then echo x || exit 1; fi", "test~"),
        ("if cargo test; then exit 1; else echo x; fi", "test?"),
        ("if true; then echo x; elif cargo test; then echo y; else exit 1; fi", "test?"),
        ("if ! cargo test || true; then exit 1; fi", "test~"),
        ("(if ! cargo test; then exit 1; fi) || true", "test~"),
    ] {
        let found = script(text);
        assert!(found.split(' ').any(|one| one == expected), "{text}: {found:?}, and not {expected:?}");
    }
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect::<Vec<_>>().concat()
}

#[test]
fn what_starters_of_forges_write_is_understood() {
    let rake = |text: &'static str| {
        let files: &[(&'static str, &'static str)] = &[
            ("Rakefile", text),
            ("test/a_test.rb", "class A < Minitest::Test\n  def test_a\n    assert x\n  end\nend\n"),
        ];
        judged_in(&written("", &format!("{CHECKOUT}- run: bundle exec rake")), files)
    };
    for (text, expected) in [
        (
            "require \"rake/testtask\"\n\nRake::TestTask.new(:test) do |t|\n  t.libs << \"test\"\n  t.test_files = FileList[\"test/**/*_test.rb\"]\nend\n\ntask default: :test\n",
            "test",
        ),
        (
            "require \"bundler/gem_tasks\"\nrequire \"minitest/test_task\"\nMinitest::TestTask.create\nrequire \"rubocop/rake_task\"\nRuboCop::RakeTask.new\ntask default: %i[test rubocop]\n",
            "lint test",
        ),
        ("RSpec::Core::RakeTask.new(:spec)\ntask :default => :spec\n", "test"),
        ("Rake::TestTask.new(:test)\ntask default: :none\n", "test?"),
        ("Rake::TestTask.new(:test)\n", "test?"),
        ("Rake::TestTask.new(:test)\ntask :default do\nend\n", "test?"),
        ("Rake::TestTask.new(:test) do |t|\n  t.test_files = []\nend\ntask default: :test\n", "test?"),
        ("Rake::TestTask.new(:test) do |t|\n  t.pattern = 'none/**/*_test.rb'\nend\ntask default: :test\n", "test?"),
        ("RSpec::Core::RakeTask.new(:spec) do |t|\n  t.fail_on_error = false\nend\ntask default: :spec\n", "test?"),
        ("Rake::TestTask.new(:test)\nRake::Task[:test].clear\ntask default: :test\n", "test?"),
        ("task :test do\n  exit 0\nend\ntask default: :test\n", "test?"),
    ] {
        assert_eq!(rake(text), expected, "{text}");
    }
}

#[test]
fn what_starters_write_is_understood() {
    const BATS: &[(&str, &str)] = &[("test/a.bats", "@test \"a\" {\n  run x\n  [ \"$status\" -eq 0 ]\n}\n")];
    const PACKAGES: &[(&str, &str)] = &[
        ("Cargo.toml", "[workspace]\nmembers = [\"sub\", \"b\"]\n"),
        ("sub/Cargo.toml", "[package]\nname = \"sub\"\n"),
        ("b/Cargo.toml", "[package]\nname = \"b\"\n"),
        ("sub/src/lib.rs", "#[test]\nfn a() {\n    assert!(x());\n}\n"),
        ("b/src/lib.rs", ""),
        ("src/lib.rs", ""),
    ];
    check_files(&[
        ("flake8 . --count --select=E9,F63,F7,F82 --show-source --statistics", &[], "lint"),
        ("flake8 . --select=F999", &[], "lint?"),
        ("flake8 . --select X", &[], "lint?"),
        ("flake8 . --exit-zero", &[], "lint~"),
        ("hatch fmt --check", &[("pyproject.toml", "")], "lint"),
        ("hatch fmt", &[("pyproject.toml", "")], "lint~"),
        ("hatch fmt --check", &[("pyproject.toml", "[tool.hatch.envs.hatch-static-analysis]\nx = 1")], "lint?"),
        ("hatch fmt --check", &[("pyproject.toml", "[tool.ruff]\nexclude = ['*']")], "lint?"),
        ("bats test/", BATS, "test"),
        ("bats -r test", BATS, "test"),
        ("bats test", &[("test/a.sh", "x\n")], "test?"),
        ("bats --count test", BATS, ""),
        ("bats test", &[("test/a/a.bats", "@test \"a\" {\n  run x\n  [ \"$status\" -eq 0 ]\n}\n")], "test?"),
        ("bats -r test", &[("test/a/a.bats", "@test \"a\" {\n  run x\n  [ \"$status\" -eq 0 ]\n}\n")], "test"),
        ("cabal test", &[("test/Spec.hs", "main = hspec $ do\n  it \"a\" $ x `shouldBe` 1\n")], "test"),
        ("cabal test all", &[("test/Spec.hs", "main = hspec $ do\n  it \"a\" $ x `shouldBe` 1\n")], "test"),
        ("cabal test", &[], "test?"),
        ("cargo test -p sub", PACKAGES, "test"),
        ("cargo test --package=sub", PACKAGES, "test"),
        ("cargo test -psub", PACKAGES, "test"),
        ("cargo test --workspace --exclude b", PACKAGES, "test"),
        ("cargo test --workspace --exclude sub", PACKAGES, "test?"),
        ("cargo test --workspace --exclude '*'", PACKAGES, "test?"),
        ("cargo test -pb", PACKAGES, "test?"),
        ("cargo test -p=b", PACKAGES, "test?"),
        ("cargo test -p b", PACKAGES, "test?"),
        ("cargo test -p none", PACKAGES, "test?"),
        ("go test -run X ./...", &[], "test?"),
        ("pytest -k x", &[], "test?"),
        ("bundle exec rake", GEM, "test?"),
    ]);
    check(&[
        (
            "- run: cmake -B ${{github.workspace}}/build -DCMAKE_BUILD_TYPE=${{env.BUILD_TYPE}}\n  env: {BUILD_TYPE: Release}\n- run: cmake --build ${{github.workspace}}/build --config Release\n- run: ctest -C Release\n  working-directory: ${{github.workspace}}/build",
            "test",
        ),
        ("- run: cmake -B build -S .\n- run: ctest --build-config Release\n  working-directory: build", "test"),
        ("- run: cmake -B build -S .\n- run: ctest\n  working-directory: ${{github.workspace}}/none", "test?"),
        (
            "- id: strings\n  shell: bash\n  run: |\n    echo \"dir=${{ github.workspace }}/build\" >> \"$GITHUB_OUTPUT\"\n- run: >\n    cmake -B ${{ steps.strings.outputs.dir }}\n    -DCMAKE_BUILD_TYPE=Release\n    -S ${{ github.workspace }}\n- run: cmake --build ${{ steps.strings.outputs.dir }} --config Release\n- working-directory: ${{ steps.strings.outputs.dir }}\n  run: ctest --build-config Release",
            "test",
        ),
        (
            "- id: s\n  if: vars.x\n  run: echo \"x=build\" >> $GITHUB_OUTPUT\n- run: mkdir build\n- working-directory: ${{ steps.s.outputs.x }}\n  run: ctest",
            "test?",
        ),
        ("- id: s\n  run: echo x=true >> $GITHUB_OUTPUT\n- run: cargo test || ${{ steps.s.outputs.x }}", "test~"),
    ]);
}

#[test]
fn a_check_of_the_form_before_others_spoils_none() {
    const PACKAGE: &[(&str, &str)] =
        &[("package.json", "{\"scripts\": {\"lint\": \"prettier --check . && eslint .\"}}")];
    check_files(&[("npx prettier --check . && npx eslint .", &[], "lint"), ("npm run lint", PACKAGE, "lint")]);
}

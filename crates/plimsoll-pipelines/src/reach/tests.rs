use super::{
    super::tools::{Row, Tools},
    *,
};
use crate::tree::Made;

/// Is it known that a command reaches a test?
fn check(files: &[(&'static str, &'static str)], command: &str, expected: bool) {
    let tree = Made(files.to_vec());
    let words: Vec<String> = command.split(' ').map(ToOwned::to_owned).collect();
    let Some((Row::Tool(tool), used)) = Tools::known().row(&words) else { panic!("{command}") };
    let arguments: Vec<&str> = words.iter().skip(used.len()).map(String::as_str).collect();
    let arguments = arguments.as_slice();
    let operands: Vec<&str> = arguments.iter().copied().filter(|word| !word.starts_with('-') && *word != "x").collect();
    let found = reason(&tree, "", tool, arguments, &operands);
    assert_eq!(found.is_none(), expected, "{command}: {found:?}, {files:?}");
}

const UNIT: &str = "#[test]\nfn a() {\n    assert!(x());\n}\n";
const IGNORED: &str = "#[test]\n#[ignore]\nfn a() {\n    assert!(x());\n}\n";
const EXAMPLE: &str = "/// ```\n/// a::x();\n/// ```\npub fn x() {}\n";
const PACKAGE: &str = "[package]\nname = \"a\"\n";
const VIRTUAL: &str = "[workspace]\nmembers = [\"crates/*\"]\nexclude = [\"crates/left\"]\n";

#[test]
fn cargo_runs_the_tests_of_what_it_selects() {
    let unit = &[("Cargo.toml", PACKAGE), ("src/lib.rs", UNIT)];
    let outside = &[("Cargo.toml", PACKAGE), ("src/lib.rs", ""), ("tests/t.rs", UNIT)];
    let example = &[("Cargo.toml", PACKAGE), ("src/lib.rs", EXAMPLE)];
    let program = &[("Cargo.toml", PACKAGE), ("src/main.rs", UNIT)];
    for (files, command, expected) in [
        (&unit[..], "cargo test", true),
        (unit, "cargo test --lib", true),
        (unit, "cargo test --workspace --all-targets", true),
        (unit, "cargo nextest run", true),
        (unit, "cargo llvm-cov", true),
        (outside, "cargo test", true),
        (outside, "cargo test --tests", true),
        (example, "cargo test", true),
        (program, "cargo test", true),
        (program, "cargo test --bins", true),
        // It fails without a manifest, so nothing passes by it.
        (&[("src/lib.rs", UNIT)], "cargo test", true),
        // From here on nothing runs.
        (&[("src/lib.rs", "")], "cargo test", false),
        (&[("src/lib.rs", UNIT), ("Cargo.toml", "[package")], "cargo test", false),
        (&[("src/lib.rs", UNIT), ("other/Cargo.toml", PACKAGE)], "cargo test", false),
        (unit, "cargo test --bins", false),
        (outside, "cargo test --lib", false),
        (outside, "cargo test --lib --bins", false),
        (example, "cargo test --all-targets", false),
        (example, "cargo nextest run", false),
        (program, "cargo test --lib", false),
        (&[("Cargo.toml", PACKAGE), ("src/lib.rs", "")], "cargo test", false),
        (&[("Cargo.toml", PACKAGE), ("src/lib.rs", IGNORED)], "cargo test", false),
        (&[("Cargo.toml", PACKAGE), ("src/lib.rs", ""), ("src/orphan.rs", UNIT)], "cargo test", false),
        (
            &[("Cargo.toml", "[package]\nname = \"a\"\n[lib]\ntest = false\n"), ("src/lib.rs", UNIT)],
            "cargo test",
            false,
        ),
        (
            &[
                ("Cargo.toml", "[package]\nname = \"a\"\n[[test]]\nname = \"t\"\nharness = false\n"),
                ("src/lib.rs", ""),
                ("tests/t.rs", "fn main() {}\n"),
            ],
            "cargo test",
            false,
        ),
        (&[("Cargo.toml", "no toml"), ("src/lib.rs", UNIT)], "cargo test", false),
    ] {
        check(files, command, expected);
    }
}

#[test]
fn members_of_a_workspace_are_those_that_cargo_takes() {
    let member = ("crates/b/Cargo.toml", "[package]\nname = \"b\"\n");
    let tested = ("crates/b/src/lib.rs", UNIT);
    let root = "[package]\nname = \"a\"\n[workspace]\nmembers = [\"crates/*\"]\n";
    let by_path = "[package]\nname = \"a\"\n[workspace]\n[dependencies]\nb = { path = \"crates/b\" }\n";
    let defaults = "[workspace]\nmembers = [\"crates/*\"]\ndefault-members = [\"crates/c\"]\n";
    for (manifest, command, expected) in [
        (VIRTUAL, "cargo test", true),
        (VIRTUAL, "cargo test --workspace", true),
        (root, "cargo test --workspace", true),
        (root, "cargo test --all", true),
        (by_path, "cargo test --workspace", true),
        (defaults, "cargo test --workspace", true),
        (root, "cargo test", false),
        (by_path, "cargo test", false),
        (defaults, "cargo test", false),
        ("[workspace]\nmembers = [\"other/*\"]\n", "cargo test --workspace", false),
        (PACKAGE, "cargo test --workspace", false),
    ] {
        check(&[("Cargo.toml", manifest), ("src/lib.rs", ""), member, tested], command, expected);
    }
    let left = [("Cargo.toml", VIRTUAL), ("crates/left/Cargo.toml", PACKAGE), ("crates/left/src/lib.rs", UNIT)];
    check(&left, "cargo test --workspace", false);
}

const GO: &str = "package a\n\nfunc TestA(t *testing.T) {\n\tt.Log(f())\n}\n";

#[test]
fn go_runs_the_packages_that_it_names_as_far_as_they_are_built() {
    let main = |body: &'static str| [("go.mod", ""), ("a_test.go", GO), ("main_test.go", body)];
    for (files, command, expected) in [
        (&[("go.mod", ""), ("a_test.go", GO)][..], "go test", true),
        (&[("go.mod", ""), ("a/a_test.go", GO)], "go test ./...", true),
        (&[("go.mod", ""), ("a/a_test.go", GO)], "go test ./a", true),
        (&[("go.mod", ""), ("a/b/a_test.go", GO)], "go test ./a/...", true),
        (&[("go.mod", ""), ("a_linux_test.go", GO)], "go test ./...", true),
        (
            &[
                ("go.mod", ""),
                (
                    "a_test.go",
                    "//go:build unix && !nothing\n\npackage a\nfunc TestA(t *testing.T) {\n\tt.Log(f())\n}\n",
                ),
            ],
            "go test",
            true,
        ),
        (
            &[
                ("go.mod", ""),
                ("a_test.go", "//go:build slow\n\npackage a\nfunc TestA(t *testing.T) {\n\tt.Log(f())\n}\n"),
            ],
            "go test -tags slow ./...",
            true,
        ),
        (&main("package a\nfunc TestMain(m *testing.M) {\n\tos.Exit(m.Run())\n}\n"), "go test ./...", true),
        // From here on nothing runs.
        (&[("go.mod", ""), ("a/a_test.go", GO)], "go test", false),
        (&[("go.mod", ""), ("a/a_test.go", GO)], "go test .", false),
        (&[("go.mod", ""), ("a/a_test.go", GO), ("b/x.go", "")], "go test ./b/...", false),
        (&[("go.mod", ""), ("testdata/a_test.go", GO)], "go test ./...", false),
        (&[("go.mod", ""), ("_a/a_test.go", GO)], "go test ./...", false),
        (&[("go.mod", ""), ("sub/go.mod", ""), ("sub/a_test.go", GO)], "go test ./...", false),
        (&[("go.mod", ""), ("a_plan9_test.go", GO)], "go test ./...", false),
        (&[("go.mod", ""), ("a.go", GO)], "go test ./...", false),
        (
            &[
                ("go.mod", ""),
                ("a_test.go", "//go:build slow\n\npackage a\nfunc TestA(t *testing.T) {\n\tt.Log(f())\n}\n"),
            ],
            "go test ./...",
            false,
        ),
        (
            &[
                ("go.mod", ""),
                ("a_test.go", "// +build slow\n\npackage a\nfunc TestA(t *testing.T) {\n\tt.Log(f())\n}\n"),
            ],
            "go test ./...",
            false,
        ),
        (
            &[
                ("go.mod", ""),
                (
                    "a_test.go",
                    "//go:build linux && (slow || other)\n\npackage a\nfunc TestA(t *testing.T) {\n\tt.Log(f())\n}\n",
                ),
            ],
            "go test ./...",
            false,
        ),
        (
            &[
                ("go.mod", ""),
                ("a_test.go", "//go:build ignore\n\npackage a\nfunc TestA(t *testing.T) {\n\tt.Log(f())\n}\n"),
            ],
            "go test ./...",
            false,
        ),
        (&main("package a\nfunc TestMain(m *testing.M) {\n\tos.Exit(0)\n}\n"), "go test ./...", false),
        (&main("package a\nfunc TestMain(m *testing.M) {\n\tm.Run()\n\tos.Exit(0)\n}\n"), "go test ./...", false),
        (&main("package a\nfunc TestMain(m *testing.M) {\n}\n"), "go test ./...", false),
    ] {
        check(files, command, expected);
    }
}

#[test]
fn other_tools_find_a_test_of_their_language_where_they_look() {
    let python = ("tests/test_a.py", "def test_a():\n    assert x()\n");
    let script = ("test/a.test.js", "test('a', () => { expect(x()).toBe(1); });\n");
    for (files, command, expected) in [
        (&[python][..], "pytest", true),
        (&[python], "pytest tests", true),
        (&[script], "jest", true),
        (&[script], "mocha test", true),
        (&[("t/ATest.java", "@Test\nvoid a() { assertTrue(x()); }\n")], "mvn", true),
        (&[script], "node --test", true),
        (&[("spec/a.js", script.1)], "node --test", false),
        (&[python, ("docs/a.py", "")], "pytest docs", false),
        (&[script], "pytest", false),
        (&[python], "jest", false),
        (&[("a.js", "x();\n")], "jest", false),
        (&[("tests/test_a.py", "def test_a():\n    pass\n")], "pytest", false),
    ] {
        check(files, command, expected);
    }
}

use super::*;

/// Classes that the build changes: `path class`, in the order of paths.
fn check(files: &[(&str, &str)], expected: &[(&str, PathClass)]) {
    let texts: BTreeMap<&str, &str> = files.iter().copied().collect();
    let paths: BTreeSet<&str> = texts.keys().copied().collect();
    let read = |path: &str| texts.get(path).map(|text| (*text).to_owned());
    let graph = Graph::of(&Tree { paths: &paths, read: &read, product: None });
    let changed: Vec<_> = paths
        .iter()
        .map(|path| (*path, graph.class(path).0))
        .filter(|(path, class)| *class != names::class(path))
        .collect();
    assert_eq!(changed, expected, "{files:?}");
}

const ROOT: (&str, &str) = ("Cargo.toml", "[package]\nname = \"a\"\nversion = \"1.0.0\"\n");

#[test]
fn a_member_in_a_folder_of_examples_ships_and_its_tests_do_not() {
    let member = ("Cargo.toml", "[workspace]\nmembers = [\"*/app\", \"core\"]\n");
    let core = ("core/Cargo.toml", "[package]\nname = \"c\"\nversion = \"1.0.0\"\n");
    for folder in
        ["examples", "tests", "vendor", "demo", "spec", "fuzz", "fixtures", "third_party", "samples", "docs", "xtask"]
    {
        let [manifest, source, key, test] =
            ["Cargo.toml", "src/main.rs", "prod.key", "tests/key.pem"].map(|name| format!("{folder}/app/{name}"));
        let other = format!("{folder}/other/key.pem");
        let files = [
            member,
            core,
            ("core/src/lib.rs", ""),
            (&manifest, ROOT.1),
            (&source, ""),
            (&key, ""),
            (&test, ""),
            (&other, ""),
        ];
        let mut expected =
            vec![(manifest.as_str(), PathClass::Shipped), (&key, PathClass::Shipped), (&source, PathClass::Shipped)];
        if names::class(&test) != PathClass::Test {
            expected.push((&test, PathClass::Test));
        }
        check(&files, &expected);
        let private = format!("{}publish = false\n", ROOT.1);
        let files = [member, core, ("core/src/lib.rs", ""), (&manifest, private.as_str()), (&source, ""), (&key, "")];
        check(&files, &[]);
    }
}

#[test]
fn what_is_built_for_release_ships() {
    let tree = |script| {
        [
            ("core.c", ""),
            ("Makefile", script),
            ("examples/app/Cargo.toml", "[package]\nname = \"app\"\n[dependencies]\nb = { path = \"../b\" }\n"),
            ("examples/b/Cargo.toml", "[package]\nname = \"b\"\n"),
        ]
    };
    let both = [("examples/app/Cargo.toml", PathClass::Shipped), ("examples/b/Cargo.toml", PathClass::Shipped)];
    for script in [
        "all:\n\tcargo build --release -p app\n",
        "all:\n\tcargo build --release --manifest-path=examples/app/Cargo.toml\n",
        "all:\n\tcd x && cargo install --path ./examples/app\n",
    ] {
        check(&tree(script), &both);
    }
    for script in ["all:\n\tcargo test -p app\n", "all:\n\tcargo build --release -p apple\n", "# app --release\n", ""] {
        check(&tree(script), &[]);
    }
}

#[test]
fn a_copy_that_is_built_by_itself_ships() {
    let copy = |more| [("main.c", ""), ("vendor/a/Cargo.lock", ""), ("vendor/a/Cargo.toml", ROOT.1), (more, "")];
    let lock = ("vendor/a/Cargo.lock", PathClass::Shipped);
    check(&copy("x"), &[lock, ("vendor/a/Cargo.toml", PathClass::Shipped)]);
    check(&copy("vendor/a/.cargo-checksum.json"), &[]);
    check(&[("main.c", ""), ("vendor/a/Cargo.toml", ROOT.1)], &[]);
}

#[test]
fn what_rust_takes_in_ships_and_what_tests_alone_take_in_does_not() {
    let sources = |lib| [ROOT, ("src/lib.rs", lib), ("tests/a.txt", ""), ("tests/b.rs", "mod c;"), ("tests/c.rs", "")];
    check(&sources("const A: &str = include_str!(\"../tests/a.txt\");"), &[("tests/a.txt", PathClass::Shipped)]);
    check(&sources("#[cfg(test)] mod t { const A: &str = include_str!(\"../tests/a.txt\"); }"), &[]);
    check(
        &sources("#[path = \"../tests/b.rs\"] mod b;"),
        &[("tests/b.rs", PathClass::Shipped), ("tests/c.rs", PathClass::Shipped)],
    );
    check(
        &[
            ROOT,
            ("src/lib.rs", "mod tests;"),
            ("src/tests/mod.rs", "mod d;"),
            ("src/tests/d.rs", ""),
            ("src/tests/e.rs", ""),
        ],
        &[("src/tests/d.rs", PathClass::Shipped), ("src/tests/mod.rs", PathClass::Shipped)],
    );
    let own = |lib| {
        [
            ROOT,
            ("src/lib.rs", lib),
            ("src/a.rs", "mod b; fn f() { include_str!(\"../tests/x\") }"),
            ("src/a/b.rs", ""),
            ("tests/x", ""),
        ]
    };
    check(&own("#[cfg(test)] mod a;"), &[("src/a.rs", PathClass::Test), ("src/a/b.rs", PathClass::Test)]);
    check(&own("#[cfg(test)] mod a; #[cfg(not(test))] mod a;"), &[("tests/x", PathClass::Shipped)]);
    check(&own(""), &[("tests/x", PathClass::Shipped)]);
    check(
        &[ROOT, ("build.rs", "fn main() { cc(\"vendor/a.c\") }"), ("vendor/a.c", ""), ("vendor/b.c", "")],
        &[("vendor/a.c", PathClass::Shipped)],
    );
    let bin = format!("{}[[bin]]\nname = \"b\"\npath = \"examples/b.rs\"\n", ROOT.1);
    check(
        &[
            ("Cargo.toml", bin.as_str()),
            ("src/lib.rs", ""),
            ("examples/b.rs", "mod c;"),
            ("examples/c.rs", ""),
            ("examples/d.rs", ""),
        ],
        &[("examples/b.rs", PathClass::Shipped), ("examples/c.rs", PathClass::Shipped)],
    );
}

#[test]
fn manifests_and_imports_of_other_languages_say_what_ships() {
    let workspaces = ("package.json", "{\"workspaces\": [\"examples/*\", \"lib\"]}");
    check(
        &[
            workspaces,
            ("lib/package.json", "{\"name\": \"l\"}"),
            ("lib/a.js", ""),
            ("examples/a/package.json", "{\"name\": \"a\"}"),
            ("examples/a/test/b.js", ""),
            ("examples/b/package.json", "{\"name\": \"b\", \"private\": true}"),
        ],
        &[("examples/a/package.json", PathClass::Shipped), ("examples/a/test/b.js", PathClass::Test)],
    );
    check(
        &[
            ("package.json", "{\"main\": \"./examples/a\"}"),
            ("examples/a.js", "require('./b')"),
            ("examples/b.js", ""),
            ("examples/c.js", ""),
            ("d.js", ""),
        ],
        &[("examples/a.js", PathClass::Shipped), ("examples/b.js", PathClass::Shipped)],
    );
    check(
        &[
            ("go.mod", "module x.org/a\n"),
            ("main.go", "import \"x.org/a/testing/b\"\n"),
            ("testing/b/b.go", "import \"x.org/a/demo\""),
            ("testing/b/b_test.go", ""),
            ("demo/d.go", ""),
            ("examples/e/main.go", "package main"),
        ],
        &[("demo/d.go", PathClass::Shipped), ("testing/b/b.go", PathClass::Shipped)],
    );
    check(
        &[("a/__init__.py", "from . import testing\n"), ("a/testing/__init__.py", ""), ("a/testing/b.py", "")],
        &[("a/testing/__init__.py", PathClass::Shipped)],
    );
    check(&[("examples/a.c", ""), ("README.md", "")], &[("examples/a.c", PathClass::Shipped)]);
}

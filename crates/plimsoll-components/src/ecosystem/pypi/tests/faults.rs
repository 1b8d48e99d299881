//! What is missing, not understood or not readable.

use super::{
    tools::{PIPFILE, uv_lock},
    *,
};

#[test]
fn manifests_without_a_lockfile() {
    let check = |files: &[(&str, &str)], dependencies: Dependencies, locked: Locked, reason: &str| {
        let found = of(files);
        let workspace = &found.workspaces[0];
        assert_eq!((workspace.dependencies, workspace.locked), (dependencies, locked), "{files:?} {:?}", found.gaps);
        assert!(gaps(&found).first().unwrap_or(&"").contains(reason), "{files:?} {:?}", found.gaps);
    };
    check(&[("pyproject.toml", PROJECT)], Dependencies::Some, Locked::No, "4 direct dependencies have no versions");
    check(&[("pyproject.toml", "[project]\nname = \"a\"\n")], Dependencies::None, Locked::No, "");
    let program = "from setuptools import setup\nsetup(install_requires=open('x').read())\n";
    check(&[("setup.py", program)], Dependencies::NotKnown, Locked::NotKnown, "a program that runs");
    // Where the package says all as data, the program has no say.
    check(
        &[("pyproject.toml", "[project]\nname = \"a\"\n"), ("setup.py", program)],
        Dependencies::None,
        Locked::No,
        "",
    );
    check(
        &[("pyproject.toml", "[project]\ndynamic = [\"dependencies\"]\n")],
        Dependencies::NotKnown,
        Locked::NotKnown,
        "when it is built",
    );
    check(
        &[("setup.cfg", "[options]\ninstall_requires =\n  a\n")],
        Dependencies::Some,
        Locked::No,
        "1 direct dependency has",
    );
    check(
        &[("pyproject.toml", "[build-system]\nrequires = [\"x\"]\n")],
        Dependencies::Some,
        Locked::No,
        "1 direct dependency has",
    );
    // Tools alone.
    let found = of(&[("pyproject.toml", "[tool.black]\nline-length = 3\n"), ("setup.cfg", "[flake8]\n")]);
    assert_eq!((found.workspaces.len(), found.manifests, gaps(&found).len()), (0, 0, 0));
    for (text, reason) in [
        ("[project", "not TOML"),
        ("[project]\ndependencies = [\"a b\"]\n", "which is no requirement"),
        ("[project]\ndependencies = 1\n", "is no list"),
        ("[tool.poetry.dependencies]\na = 1\n", "of an unknown kind"),
        ("[dependency-groups]\na = [1]\n", "of an unknown kind"),
    ] {
        let found = of(&[("pyproject.toml", text)]);
        assert!(gaps(&found)[0].contains(reason), "{text} {:?}", found.gaps);
    }
}

#[test]
fn entries_that_are_not_as_the_format_has_them_are_gaps() {
    let uv = |entry: &str| ("uv.lock", format!("version = 1\n[[package]]\n{entry}"));
    let poetry = |entry: &str| ("poetry.lock", format!("[[package]]\n{entry}\n[metadata]\nlock-version = \"2.1\"\n"));
    let pdm = |entry: &str| ("pdm.lock", format!("[metadata]\nlock_version = \"4.4\"\n[[package]]\n{entry}"));
    let pylock = |entry: &str| ("pylock.toml", format!("lock-version = \"1.0\"\n[[packages]]\n{entry}"));
    let pipenv =
        |entry: &str| ("Pipfile.lock", format!("{{\"_meta\":{{\"pipfile-spec\":6}},\"default\":{{{entry}}}}}"));
    for ((path, text), reason) in [
        (uv("name = \"a\"\nversion = \"1\"\n"), "says not where it comes from"),
        (uv("name = \"a\"\nversion = \"1\"\nsource = { moon = \"x\" }"), "a source of an unknown kind"),
        (uv("name = \"a b\"\nversion = \"1\"\nsource = { registry = \"https://pypi.org/simple\" }"), "no valid name"),
        (
            uv("name = \"a\"\nversion = \"1 2\"\nsource = { registry = \"https://pypi.org/simple\" }"),
            "no valid version",
        ),
        (uv("name = \"a\"\nsource = { registry = \"https://i.example/simple\" }"), "no valid version"),
        (uv("name = \"a\"\nversion = \"1\"\nsource = { git = \"https://g.example/a?rev=main#main\" }"), "not pinned"),
        (
            uv(
                "name = \"a\"\nversion = \"1\"\nsource = { registry = \"https://pypi.org/simple\" }\ndependencies = [{ name = \"b\" }]",
            ),
            "asks for b, which it does not hold",
        ),
        (
            uv(
                "name = \"a\"\nversion = \"1\"\nsource = { registry = \"https://pypi.org/simple\" }\nsdist = { hash = \"sha256:00\" }",
            ),
            "a digest that is none",
        ),
        (poetry("name = \"\"\nversion = \"1\""), "no valid name"),
        (poetry("name = \"a\""), "no valid version"),
        (
            poetry("name = \"a\"\nversion = \"1\"\n[package.dependencies]\nb = \"*\""),
            "asks for b, which it does not hold",
        ),
        (
            poetry(
                "name = \"a\"\nversion = \"1\"\n[package.source]\ntype = \"git\"\nurl = \"https://g.example/a\"\nresolved_reference = \"v1\"",
            ),
            "not pinned",
        ),
        (
            poetry("name = \"a\"\nversion = \"1\"\n[package.source]\ntype = \"hg\"\nurl = \"https://g.example/a\""),
            "unknown kind",
        ),
        (pdm("name = \"a\""), "no valid version"),
        (pdm("name = \"a\"\nversion = \"1\"\nhg = \"https://g.example/a\""), "unknown kind"),
        (pdm("name = \"a\"\nversion = \"1\"\ndependencies = [\"b c\"]"), "no requirement"),
        (pdm("name = \"a\"\nversion = \"1\"\ndependencies = [\"b\"]"), "which it does not hold"),
        (pylock("name = \"a\"\nversion = \"1\""), "says not where it comes from"),
        (
            pylock(
                "name = \"a\"\nversion = \"1\"\nvcs = { type = \"git\", url = \"https://g.example/a\", commit-id = \"main\" }",
            ),
            "not pinned",
        ),
        (
            pylock("name = \"a\"\nversion = \"1\"\nvcs = { type = \"hg\", url = \"https://g.example/a\" }"),
            "unknown kind",
        ),
        (
            pylock(
                "name = \"a\"\nversion = \"1\"\narchive = { url = \"https://e.example/a.zip\", hashes = { sha256 = \"0\" } }",
            ),
            "a digest that is none",
        ),
        (pipenv("\"a\":1"), "no list of members"),
        (pipenv("\"a\":{\"version\":\">=1\"}"), "not pinned"),
        (pipenv("\"a\":{\"version\":\"*\"}"), "not pinned"),
        (pipenv("\"a\":{\"version\":\"==1\",\"index\":\"gone\"}"), "unknown kind"),
        (pipenv("\"a\":{\"git\":\"https://g.example/a\",\"ref\":\"main\"}"), "not pinned"),
    ] {
        let manifest = if path == "Pipfile.lock" {
            ("Pipfile", "[packages]\n")
        } else {
            ("pyproject.toml", "[project]\nname = \"app\"\n")
        };
        let found = of(&[manifest, (path, &text)]);
        let gap = found.gaps.iter().find(|gap| gap.cause == Cause::LockfileEntry);
        assert!(gap.is_some_and(|gap| gap.reason.contains(reason)), "{text}: {:?}", found.gaps);
        assert_ne!(found.workspaces[0].locked, Locked::Yes, "{text}");
    }
}

#[test]
fn lockfiles_that_cannot_be_read_are_gaps() {
    for (path, text, cause, reason) in [
        ("uv.lock", "", Cause::Lockfile, "no version of its format"),
        ("uv.lock", "version = 1\npackage = 2\n", Cause::Lockfile, "is no list"),
        ("uv.lock", "version = 1\npackage = [2]\n", Cause::Lockfile, "no table"),
        ("uv.lock", "version = 2\n", Cause::FutureLockfile, "version 2; this version of plimsoll reads 1"),
        ("uv.lock", "[", Cause::Lockfile, "not TOML"),
        ("poetry.lock", "", Cause::Lockfile, "no version of its format"),
        ("poetry.lock", "[metadata]\nlock-version = \"3.0\"\n", Cause::FutureLockfile, "version 3.0"),
        ("pdm.lock", "[metadata]\n", Cause::Lockfile, "no version of its format"),
        ("pdm.lock", "[metadata]\nlock_version = \"5.0\"\n", Cause::FutureLockfile, "version 5.0"),
        ("pylock.toml", "", Cause::Lockfile, "no version of its format"),
        ("pylock.toml", "lock-version = \"2.0\"\n", Cause::FutureLockfile, "version 2.0"),
        ("pylock.toml", "lock-version = \"1.0\"\n", Cause::Lockfile, "no list of packages"),
    ] {
        let found = of(&[("pyproject.toml", PROJECT), (path, text)]);
        let gap = found.gaps.iter().find(|gap| gap.cause == cause);
        assert!(gap.is_some_and(|gap| gap.reason.contains(reason)), "{path} {text}: {:?}", found.gaps);
        assert_ne!(found.workspaces[0].locked, Locked::Yes);
    }
    for (text, cause) in [
        ("", Cause::Lockfile),
        ("[]", Cause::Lockfile),
        ("{}", Cause::Lockfile),
        ("{\"_meta\":{}}", Cause::Lockfile),
        ("{\"_meta\":{\"pipfile-spec\":7}}", Cause::FutureLockfile),
        ("{\"_meta\":{\"pipfile-spec\":6},\"default\":1}", Cause::Lockfile),
    ] {
        let found = of(&[("Pipfile", PIPFILE), ("Pipfile.lock", text)]);
        assert!(found.gaps.iter().any(|gap| gap.cause == cause), "{text}: {:?}", found.gaps);
    }
    let options = Options { limits: crate::Limits { packages: 2, ..crate::Limits::default() }, ..Options::default() };
    let found = test_support::of(&[("pyproject.toml", PROJECT), ("uv.lock", &uv_lock())], &options);
    assert!(found.gaps.iter().any(|gap| gap.cause == Cause::Limit), "{:?}", found.gaps);
    // Files that are no text.
    let files: Vec<_> =
        ["pyproject.toml", "setup.cfg", "setup.py", "Pipfile", "requirements.txt", "uv.lock", "Pipfile.lock"]
            .map(|path| test_support::file(path, [0xff, 0xfe]))
            .into();
    let found = inventory(&files, &Survey::default(), &Options::default());
    assert!(gaps(&found).len() >= 5, "{:?}", found.gaps);
    let unread = crate::UnreadFile {
        path: "requirements.txt".to_owned(),
        class: "shipped".to_owned(),
        reason: "gone".to_owned(),
    };
    let found = inventory(&[], &Survey::default(), &Options { unread: vec![unread], ..Options::default() });
    assert_eq!(found.gaps.first().map(|gap| gap.cause), Some(Cause::Manifest));
}

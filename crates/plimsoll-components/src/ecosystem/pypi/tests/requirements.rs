//! Requirements files: which are lockfiles, and what they take in.

use super::{
    tools::{uv_entry, uv_lock},
    *,
};

pub(super) fn pinned(names: &[&str]) -> String {
    names
        .iter()
        .map(|name| format!("{name} \\\n    --hash=sha256:{} \\\n    --hash=sha256:{}\n", hash(1), hash(2)))
        .collect::<Vec<_>>()
        .concat()
}

#[test]
fn requirements_that_are_pinned_are_a_lockfile() {
    let lock = pinned(&["A==1.0", "b==2.0.1 ; os_name == 'nt'"]);
    let found = of(&[("requirements.txt", &lock)]);
    assert_eq!(listed(&found), ["a 1.0 shipped", "b 2.0.1 shipped"], "{:?}", found.gaps);
    assert_eq!((found.workspaces[0].locked, gaps(&found)), (Locked::Yes, vec![]), "{:?}", found.workspaces);
    assert_eq!((found.lockfiles[0].path.as_str(), found.lockfiles[0].registry_packages), ("requirements.txt", 2));
    assert_eq!(found.components[0].hashes.len(), 2);
    assert!(found.components.iter().all(|one| !one.member));
    // Without digests nobody can tell whether it lists all.
    let found = of(&[("requirements.txt", "a==1.0\nb==2.0.1 # why\n")]);
    assert_eq!((listed(&found).len(), found.workspaces[0].locked, found.lockfiles.len()), (2, Locked::NotKnown, 1));
    // What is for development is told by the name of the file.
    for path in ["requirements-dev.txt", "dev-requirements.txt", "requirements/dev.txt", "requirements/lint_tests.in"] {
        assert_eq!(listed(&of(&[(path, &lock)])), ["a 1.0 dev", "b 2.0.1 dev"], "{path}");
    }
    // Nor does what only tests are installed with ship.
    assert_eq!(listed(&of(&[("tests/requirements.txt", &lock)])), ["a 1.0 dev", "b 2.0.1 dev"]);
    for path in
        ["requirements-test-server.txt", "requirements/prod.txt", "requirements/base.txt", "requirements-3.12.txt"]
    {
        assert_eq!(listed(&of(&[(path, &lock)])), ["a 1.0 shipped", "b 2.0.1 shipped"], "{path}");
    }
}

#[test]
fn a_local_version_is_in_no_public_index() {
    for (version, is_public) in
        [("2.0.0", true), ("2.0.0.post1", true), ("2.0.0+cpu", false), ("2.0+ubuntu.1", false), ("1!2.0+l", false)]
    {
        let line = format!("torch=={version} --hash=sha256:{}\n", hash(1));
        for (path, text) in
            [("requirements.txt", line), ("uv.lock", format!("version = 1\n{}", uv_entry("torch", version, "")))]
        {
            let found = of(&[(path, &text)]);
            let torch = found.components.iter().find(|one| one.name == "torch").unwrap();
            assert_eq!((torch.is_from("PyPI"), torch.version.as_str()), (is_public, version), "{path}");
            let told = found.gaps.iter().any(|gap| gap.reason.contains("torch") && gap.cause == Cause::NotCompared);
            assert_eq!(told, !is_public, "{path} {version}: {:?}", found.gaps);
        }
    }
}

#[test]
fn requirements_that_are_not_pinned_are_no_lockfile() {
    for (line, reason) in [
        ("x", "2 direct dependencies have no versions"),
        ("x>=1", "2 direct dependencies"),
        ("x==1.*", "2 direct dependencies"),
        ("x==1,!=2", "2 direct dependencies"),
        ("x @ git+https://g.example/x.git@main", "2 direct dependencies"),
        ("git+https://g.example/x.git@v1#egg=x", "2 direct dependencies"),
        ("x y", "2 direct dependencies"),
        ("https://e.example/x-1.0.zip", "2 direct dependencies"),
        ("x==1.0 --hash=sha256:00", "2 direct dependencies"),
    ] {
        let found = of(&[("requirements.txt", &format!("a==1.0\n{line}\n"))]);
        assert!(found.lockfiles.is_empty(), "{line}");
        assert_eq!((found.workspaces[0].locked, found.workspaces[0].lockfile.as_deref()), (Locked::No, None), "{line}");
        assert!(gaps(&found)[0].contains(reason), "{line} {:?}", found.gaps);
        // What is pinned is listed.
        assert_eq!(listed(&found), ["a 1.0 shipped"], "{line}");
        assert_eq!(found.components[0].lockfile, None);
    }
    let id = "0a".repeat(20);
    for (line, purl) in [
        (
            format!("x @ git+https://g.example/x.git@{id}"),
            format!("pkg:pypi/x?vcs_url=git%2Bhttps:%2F%2Fg.example%2Fx.git%40{id}"),
        ),
        (
            format!("-e git+https://g.example/x.git@{id}#egg=x"),
            format!("pkg:pypi/x?vcs_url=git%2Bhttps:%2F%2Fg.example%2Fx.git%40{id}"),
        ),
        (
            "x @ https://e.example/x-1.0-py3-none-any.whl#sha256=00".to_owned(),
            "pkg:pypi/x@1.0?repository_url=https:%2F%2Fe.example".to_owned(),
        ),
        ("x===1.0".to_owned(), "pkg:pypi/x@1.0".to_owned()),
        (
            "--index-url=https://me:word@i.example/simple\nx==1.0".to_owned(),
            "pkg:pypi/x@1.0?repository_url=https:%2F%2Fi.example%2Fsimple".to_owned(),
        ),
        (
            "--extra-index-url https://i.example/simple/\nx==1.0".to_owned(),
            "pkg:pypi/x@1.0?repository_url=https:%2F%2Fi.example%2Fsimple".to_owned(),
        ),
        ("-i https://pypi.org/simple\n-e .\nx[y]==1.0".to_owned(), "pkg:pypi/x@1.0".to_owned()),
    ] {
        let found = of(&[("requirements.txt", &line)]);
        assert_eq!(found.lockfiles.len(), 1, "{line} {:?}", found.gaps);
        assert_eq!(found.components.iter().map(|one| one.purl.as_str()).collect::<Vec<_>>(), [purl.as_str()], "{line}");
    }
}

#[test]
fn what_a_requirements_file_takes_in_is_followed_within_the_tree() {
    let (a, b) = (pinned(&["a==1.0"]), pinned(&["b==1.0"]));
    let check = |files: &[(&str, &str)], expected: Locked, reason: &str| {
        let found = of(files);
        let one = found.workspaces.iter().find(|one| one.manifest == "requirements.txt").unwrap();
        assert_eq!(one.locked, expected, "{:?}", one.difference);
        assert!(one.difference.as_deref().unwrap_or_default().contains(reason), "{:?}", one.difference);
    };
    let with = |line: &str| format!("{line}\n{b}");
    check(&[("requirements.txt", &with("-r requirements/a.txt")), ("requirements/a.txt", &a)], Locked::Yes, "");
    check(
        &[("requirements.txt", &with("-rrequirements/a.txt")), ("requirements/a.txt", "a\n")],
        Locked::NotKnown,
        "a.txt, which it takes in",
    );
    check(&[("requirements.txt", &with("-r gone.txt"))], Locked::NotKnown, "not among the files");
    check(&[("requirements.txt", &with("--requirement ../x.txt"))], Locked::NotKnown, "not in the tree");
    check(&[("requirements.txt", &with("-r https://e.example/x.txt"))], Locked::NotKnown, "not in the tree");
    // Round and round.
    check(
        &[
            ("requirements.txt", &with("-r requirements/a.txt")),
            ("requirements/a.txt", &format!("-r ../requirements.txt\n{a}")),
        ],
        Locked::Yes,
        "",
    );
    // Bounds pin what is asked for.
    let found =
        of(&[("requirements.txt", "-c constraints.txt\nb\nx>=1\n"), ("constraints.txt", "b==1.0\nz==1.0\nx==2\n")]);
    assert_eq!(
        (listed(&found), found.workspaces[0].locked),
        (vec!["b 1.0 shipped".to_owned()], Locked::No),
        "{:?}",
        found.workspaces
    );
    let found = of(&[("requirements.txt", "-c constraints.txt\nb\n"), ("constraints.txt", "b==1.0\nz==1.0\n")]);
    assert_eq!((listed(&found), found.workspaces[0].locked), (vec!["b 1.0 shipped".to_owned()], Locked::NotKnown));
    assert!(
        found.limitations.iter().any(|one| one.starts_with("constraints.txt bounds versions")),
        "{:?}",
        found.limitations
    );
    // A file that takes in others alone asks for nothing itself.
    let found = of(&[("requirements.txt", "-r requirements/a.txt\n"), ("requirements/a.txt", &a)]);
    assert_eq!((found.workspaces.len(), found.workspaces[0].manifest.as_str()), (1, "requirements/a.txt"));
}

#[test]
fn remarks_say_who_asks_for_what() {
    let text = "a==1.0\n    # via -r requirements.in\nb==2.0\n    # via\n    #   a\n    #   c[x]\nc==3.0  # via a\n";
    let found = of(&[("requirements.txt", text)]);
    let all = test_support::by_name(&found);
    assert_eq!((all["a"].direct, all["b"].direct, all["c"].direct), (true, false, false));
    assert_eq!(all["a"].depends_on, ["pkg:pypi/b@2.0", "pkg:pypi/c@3.0"]);
    assert_eq!(all["c"].depends_on, ["pkg:pypi/b@2.0"]);
    assert_eq!((listed(&found).len(), found.workspaces[0].locked), (3, Locked::Yes), "{:?}", found.workspaces);
    // One without: nothing is concluded.
    let found = of(&[("requirements.txt", &format!("{text}d==1\n"))]);
    assert!(found.components.iter().all(|one| one.direct && one.depends_on.is_empty()));
}

#[test]
fn names_that_stand_there_many_times_take_no_time() {
    // Nothing that is listed is lost where remarks go round.
    let found = of(&[("requirements.txt", "a==1.0 # via b\nb==1.0 # via a\n")]);
    assert_eq!(listed(&found), ["a 1.0 unknown", "b 1.0 unknown"]);
    let many = |line: &dyn Fn(usize) -> String| (0..20_000).map(line).collect::<Vec<_>>().concat();
    let start = std::time::Instant::now();
    let same = many(&|number| format!("a=={number} # via a\n"));
    assert_eq!(
        of(&[("requirements.txt", &same), ("requirements.in", &many(&|number| format!("a>{number}\n")))])
            .components
            .len(),
        20_000
    );
    let entries = many(&|number| {
        format!(
            "[[package]]\nname = \"a\"\nversion = \"{number}\"\nsource = {{ registry = \"https://pypi.org/simple\" }}\ndependencies = [{{ name = \"a\", version = \"{number}\" }}]\n"
        )
    });
    let found = of(&[("pyproject.toml", PROJECT), ("uv.lock", &format!("version = 1\n{entries}"))]);
    assert!(found.gaps.iter().any(|gap| gap.cause == Cause::Limit), "{:?}", found.gaps);
    let including: Vec<(String, String)> = (0..300)
        .map(|number| {
            let all = (0..300).map(|other| format!("-r r{other}.txt\n")).collect::<Vec<_>>().concat();
            (format!("requirements/r{number}.txt"), format!("{all}{}", pinned(&["a==1.0"]).repeat(50)))
        })
        .collect();
    let files: Vec<(&str, &str)> = including.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    assert_eq!(of(&files).workspaces.len(), 300);
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

#[test]
fn what_a_lockfile_was_made_of_is_held_against_it() {
    let lock = pinned(&["a==1.0", "b==1.0"]);
    let check = |source: &str, expected: Locked, reason: &str| {
        let found = of(&[("requirements/app.in", source), ("requirements/app.txt", &lock)]);
        assert_eq!(
            (found.workspaces.len(), found.workspaces[0].locked),
            (1, expected),
            "{source} {:?}",
            found.workspaces
        );
        let told = found.workspaces[0].difference.as_deref().unwrap_or_default();
        assert!(told.contains(reason), "{source}: {told}");
        assert_eq!((found.manifests, found.components.len()), (2, 2), "{source}");
    };
    check("a\n", Locked::Yes, "");
    check("a >=1,<2 # why\n-e .\n", Locked::Yes, "");
    check("a~=2.0\n", Locked::No, "another version than a ~=2.0");
    check("a\nnew\n", Locked::No, "does not hold new");
    check("a>0.1rc1\n", Locked::NotKnown, "more than a comparison");
    // One that is not locked is told of.
    let found = of(&[("requirements/app.in", "a\n"), ("requirements/app.txt", "a\n")]);
    assert_eq!(found.workspaces.len(), 2);
}

#[test]
fn a_requirements_file_may_lock_the_package_beside_it() {
    let project = "[project]\nname = \"app\"\nversion = \"1\"\ndependencies = [\"a>=1\"]\n";
    let found = of(&[("pyproject.toml", project), ("requirements.txt", &pinned(&["a==1.0", "b==1.0"]))]);
    assert_eq!((found.workspaces.len(), found.workspaces[0].locked), (1, Locked::Yes), "{:?}", found.workspaces);
    assert_eq!(listed(&found), ["a 1.0 shipped", "b 1.0 unknown"]);
    for (asked, expected) in [("a>=2", Locked::No), ("a>=0rc1", Locked::NotKnown)] {
        let project = project.replace("a>=1", asked);
        let found = of(&[("pyproject.toml", &project), ("requirements.txt", &pinned(&["a==1.0", "b==1.0"]))]);
        assert_eq!(found.workspaces[0].locked, expected, "{asked} {:?}", found.workspaces);
    }
    // Not one that lacks what it asks for, nor beside the lockfile of its manager, nor of those who work on it.
    for (path, names) in [("requirements.txt", ["x==1.0"]), ("requirements-dev.txt", ["a==1.0"])] {
        let found = of(&[("pyproject.toml", project), (path, &pinned(&names))]);
        assert_eq!(
            found.workspaces.iter().map(|one| one.locked).collect::<Vec<_>>(),
            [Locked::No, Locked::Yes],
            "{path}"
        );
    }
    let found = of(&[("pyproject.toml", PROJECT), ("uv.lock", &uv_lock()), ("requirements.txt", &pinned(&["x==1.0"]))]);
    assert_eq!(found.workspaces.iter().map(|one| one.locked).collect::<Vec<_>>(), [Locked::Yes, Locked::Yes]);
    assert_eq!(gaps(&found), [""; 0]);
}

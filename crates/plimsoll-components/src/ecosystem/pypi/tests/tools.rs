//! What each tool locks: uv, Poetry, PDM, pip's pylock.toml and Pipenv.

use super::*;

pub(super) fn uv_entry(name: &str, version: &str, more: &str) -> String {
    format!(
        "[[package]]\nname = \"{name}\"\nversion = \"{version}\"\nsource = {{ registry = \"https://pypi.org/simple\" }}\nsdist = {{ url = \"https://files.pythonhosted.org/x\", hash = \"sha256:{}\" }}\nwheels = [{{ url = \"x\", hash = \"sha256:{}\" }}]\n{more}\n",
        hash(1),
        hash(2)
    )
}

pub(super) fn uv_lock() -> String {
    let own = "[[package]]\nname = \"app\"\nversion = \"2.0\"\nsource = { editable = \".\" }\ndependencies = [{ name = \"a\" }, { name = \"lib\" }]\n[package.optional-dependencies]\nmore = [{ name = \"o\" }]\n[package.dev-dependencies]\ndev = [{ name = \"t\" }]\n[package.metadata]\nrequires-dist = [{ name = \"a\", specifier = \">=1\" }, { name = \"lib\" }, { name = \"o\", marker = \"extra == 'more'\" }]\n[package.metadata.requires-dev]\ndev = [{ name = \"t\", specifier = \"==1.0\" }]\n";
    let packages = [
        uv_entry("a", "1.0", "dependencies = [{ name = \"b\", marker = \"os_name == 'nt'\" }]"),
        uv_entry("b", "2.0.1", ""),
        uv_entry("lib", "1.0", ""),
        uv_entry("o", "1.0", ""),
        uv_entry("t", "1.0", "dependencies = [{ name = \"b\" }]"),
    ];
    format!("version = 1\nrevision = 3\nrequires-python = \">=3.9\"\n{own}{}", packages.concat())
}

#[test]
fn uv_locks_a_project() {
    check_project(PROJECT, "uv.lock", &uv_lock(), Locked::Yes);
    let found = of(&[("pyproject.toml", PROJECT), ("uv.lock", &uv_lock())]);
    assert_eq!(found.lockfiles[0].format_version, "1.3");
    let built = format!("{PROJECT}[build-system]\nrequires = [\"hatchling\"]\n");
    let found = of(&[("pyproject.toml", &built), ("uv.lock", &uv_lock())]);
    assert_eq!(found.workspaces[0].locked, Locked::Yes);
    assert_eq!(
        found.limitations,
        ["what builds 1 locked package of Python is in no lockfile (pyproject.toml: hatchling)"]
    );
    for (changed, reason) in [
        (PROJECT.replace("A>=1", "A>=2"), "not written for a >=2"),
        (PROJECT.replace("\"A>=1\", ", ""), "for a, for which nothing asks"),
        (PROJECT.replace("t==1.0", "t"), "not written for t"),
        (PROJECT.replace("\"A>=1\"", "\"A[x]>=1\""), "not written for a [x]>=1"),
    ] {
        let found = of(&[("pyproject.toml", &changed), ("uv.lock", &uv_lock())]);
        assert!(gaps(&found)[0].contains(reason), "{reason}: {:?}", found.gaps);
    }
    // Where packages are found out when it is built, nobody can tell.
    let dynamic = PROJECT.replace("dependencies = [\"A>=1\", \"lib\"]", "dynamic = [\"dependencies\"]");
    let found = of(&[("pyproject.toml", &dynamic), ("uv.lock", &uv_lock())]);
    assert_eq!((found.workspaces[0].locked, listed(&found).len()), (Locked::NotKnown, 5), "{:?}", found.gaps);
}

#[test]
fn uv_locks_a_workspace() {
    let root = "[project]\nname = \"app\"\nversion = \"1\"\ndependencies = [\"lib\", \"a\"]\n[tool.uv.workspace]\nmembers = [\"tests/*\"]\n[tool.uv.sources]\nlib = { workspace = true }\na = { git = \"https://g.example/a\" }\n";
    let lib = "[project]\nname = \"lib\"\nversion = \"1\"\ndependencies = [\"b\"]\n";
    let e2e = "[project]\nname = \"e2e\"\nversion = \"1\"\ndependencies = [\"x\", \"lib\"]\n";
    let member = |name: &str, place: &str, asks: &str, requires: &str| {
        format!(
            "[[package]]\nname = \"{name}\"\nversion = \"1\"\nsource = {{ editable = \"{place}\" }}\ndependencies = [{asks}]\n[package.metadata]\nrequires-dist = [{requires}]\n"
        )
    };
    let id = "0a".repeat(20);
    let lock = [
        "version = 1\n[manifest]\nmembers = [\"app\", \"lib\", \"e2e\"]\n".to_owned(),
        format!(
            "[[package]]\nname = \"a\"\nversion = \"1.0\"\nsource = {{ git = \"https://g.example/a?rev=v1#{id}\" }}\n"
        ),
        member(
            "app",
            ".",
            "{ name = \"lib\" }, { name = \"a\" }",
            "{ name = \"lib\", editable = \"tests/lib\" }, { name = \"a\", git = \"https://g.example/a\" }",
        ),
        member("lib", "tests/lib", "{ name = \"b\" }", "{ name = \"b\" }"),
        member(
            "e2e",
            "tests/e2e",
            "{ name = \"x\" }, { name = \"lib\" }",
            "{ name = \"x\" }, { name = \"lib\", editable = \"tests/lib\" }",
        ),
        uv_entry("b", "2.0.1", ""),
        uv_entry("x", "1.0", ""),
    ]
    .concat();
    let files = [
        ("pyproject.toml", root),
        ("tests/lib/pyproject.toml", lib),
        ("tests/e2e/pyproject.toml", e2e),
        ("uv.lock", &lock),
    ];
    let found = of(&files);
    let (workspace, all) = (&found.workspaces[0], test_support::by_name(&found));
    assert_eq!((found.workspaces.len(), workspace.members), (1, 3));
    assert_eq!(workspace.locked, Locked::Yes, "{:?} {:?}", workspace.difference, found.gaps);
    assert_eq!(listed(&found), ["a 1.0 shipped", "b 2.0.1 shipped", "x 1.0 dev"]);
    // What the product is built with is part of it, wherever it lies.
    assert_eq!((all["lib"].reach, all["e2e"].reach, all["lib"].member), (Reach::Shipped, Reach::Dev, true));
    assert_eq!(all["a"].purl, format!("pkg:pypi/a@1.0?vcs_url=git%2Bhttps:%2F%2Fg.example%2Fa%40{id}"));
    // A member that is gone.
    let found = of(&[files[0], files[1], files[3]]);
    assert_eq!(found.workspaces[0].locked, Locked::No);
    assert!(gaps(&found)[0].contains("tests/e2e, which has no manifest"), "{:?}", found.gaps);
}

pub(super) const POETRY_PROJECT: &str = "[tool.poetry]\nname = \"App\"\nversion = \"2.0\"\n[tool.poetry.dependencies]\npython = \"^3.9\"\nA = \">=1\"\nlib = \"*\"\no = { version = \"1\", optional = true }\n[tool.poetry.extras]\nmore = [\"o\"]\n[tool.poetry.group.dev.dependencies]\nt = \"1.0\"\n";

/// What Poetry's digest is over, as Python writes it.
pub(super) const POETRY_CONTENT: &str = "{\"dependencies\": {\"A\": \">=1\", \"lib\": \"*\", \"o\": {\"optional\": true, \"version\": \"1\"}, \"python\": \"^3.9\"}, \"dev-dependencies\": null, \"extras\": {\"more\": [\"o\"]}, \"group\": {\"dev\": {\"dependencies\": {\"t\": \"1.0\"}}}, \"source\": null}";

pub(super) fn poetry_lock(digest: &str) -> String {
    let entry = |name: &str, version: &str, more: &str| {
        format!(
            "[[package]]\nname = \"{name}\"\nversion = \"{version}\"\ndescription = \"\"\noptional = false\npython-versions = \">=3.9\"\nfiles = [{{ file = \"x.whl\", hash = \"sha256:{}\" }}, {{ file = \"x.tar.gz\", hash = \"sha256:{}\" }}]\n{more}\n",
            hash(1),
            hash(2)
        )
    };
    [
        entry(
            "A",
            "1.0",
            "[package.dependencies]\nB = \"*\"\ngone = { version = \"1\", markers = \"os_name == 'nt'\" }\n",
        ),
        entry("b", "2.0.1", ""),
        entry("lib", "1.0", ""),
        entry("o", "1.0", ""),
        entry("t", "1.0", "[package.dependencies]\nb = \">=2\"\n"),
        format!("[metadata]\nlock-version = \"2.0\"\npython-versions = \"^3.9\"\ncontent-hash = \"{digest}\"\n"),
    ]
    .concat()
}

#[test]
fn poetry_locks_a_project_and_proves_it() {
    let digest = sha256_hex(POETRY_CONTENT.as_bytes());
    let found = of(&[("pyproject.toml", POETRY_PROJECT), ("poetry.lock", &poetry_lock(&digest))]);
    assert_eq!(listed(&found), EXPECTED, "{:?}", found.gaps);
    assert_eq!(found.workspaces[0].locked, Locked::Yes, "{:?}", found.workspaces[0].difference);
    assert_eq!(gaps(&found), [""; 0]);
    for changed in ["[tool.poetry.dependencies]\nnew = \"1\"", "[tool.poetry.dependencies]\n\"x.y\" = { path = \"x\" }"]
    {
        let changed = POETRY_PROJECT.replace("[tool.poetry.dependencies]", changed);
        let found = of(&[("pyproject.toml", &changed), ("poetry.lock", &poetry_lock(&digest))]);
        assert_eq!(found.workspaces[0].locked, Locked::No, "{:?}", found.workspaces[0].difference);
    }
    let without = poetry_lock("").replace("content-hash = \"\"\n", "");
    let found = of(&[("pyproject.toml", POETRY_PROJECT), ("poetry.lock", &without)]);
    assert_eq!(found.workspaces[0].locked, Locked::NotKnown);
    // The tables of PEP 621 are in the digest of later versions.
    let content = "{\"dependency-groups\": {\"dev\": [\"t==1.0\", {\"include-group\": \"x\"}], \"x\": []}, \"project\": {\"dependencies\": [\"A>=1\", \"lib\"], \"optional-dependencies\": {\"more\": [\"o\"]}}, \"tool\": {\"poetry\": {}}}";
    check_project(PROJECT, "poetry.lock", &poetry_lock(&sha256_hex(content.as_bytes())), Locked::Yes);
}

#[test]
fn poetry_of_version_1_keeps_archives_apart() {
    let lock = format!(
        "[[package]]\nname = \"a\"\nversion = \"1.0\"\ncategory = \"main\"\n[[package]]\nname = \"a\"\nversion = \"1.0.1\"\ncategory = \"dev\"\n[metadata]\nlock-version = \"1.1\"\ncontent-hash = \"x\"\n[metadata.files]\na = [{{ file = \"a-1.0-py3-none-any.whl\", hash = \"sha256:{}\" }}, {{ file = \"a-1.0.1.tar.gz\", hash = \"sha256:{}\" }}]\n",
        hash(1),
        hash(2)
    );
    let found = of(&[("poetry.lock", &lock)]);
    let hashes: Vec<_> = found
        .components
        .iter()
        .map(|one| one.hashes.iter().map(|hash| hash.value().to_owned()).collect::<Vec<_>>())
        .collect();
    // The shorter version is the beginning of the longer one.
    assert_eq!(hashes, [vec![hash(1), hash(2)], vec![hash(2)]]);
    assert_eq!(listed(&found), ["a 1.0 unknown", "a 1.0.1 dev"]);
}

#[test]
fn pdm_locks_a_project_and_proves_it() {
    let entry = |name: &str, version: &str, more: &str| {
        format!(
            "[[package]]\nname = \"{name}\"\nversion = \"{version}\"\ngroups = [\"default\"]\nfiles = [{{ file = \"x\", hash = \"sha256:{}\" }}, {{ file = \"y\", hash = \"sha256:{}\" }}]\n{more}\n",
            hash(1),
            hash(2)
        )
    };
    let content = "{\"dependencies\": [\"A>=1\", \"lib\"], \"dev-dependencies\": {\"dev\": [\"t==1.0\", {\"include-group\": \"x\"}], \"x\": []}, \"optional-dependencies\": {\"more\": [\"o\"]}, \"requires-python\": \"\", \"resolution\": {}, \"sources\": []}";
    let lock = [
        format!(
            "[metadata]\ngroups = [\"default\", \"dev\"]\nlock_version = \"4.5.0\"\ncontent_hash = \"sha256:{}\"\n",
            sha256_hex(content.as_bytes())
        ),
        entry("a", "1.0", "dependencies = [\"b[x]>=2\", \"gone; os_name == 'nt'\"]"),
        entry("b", "2.0.1", ""),
        entry("b", "2.0.1", "extras = [\"x\"]\ndependencies = [\"b==2.0.1\"]"),
        entry("lib", "1.0", ""),
        entry("o", "1.0", ""),
        entry("t", "1.0", ""),
    ]
    .concat();
    check_project(PROJECT, "pdm.lock", &lock, Locked::Yes);
    // From another index than the public one, nothing is known to be public.
    let other = format!("{PROJECT}[[tool.pdm.source]]\nname = \"pypi\"\nurl = \"https://me:word@i.example/simple\"\n");
    let found = of(&[("pyproject.toml", &other), ("pdm.lock", &lock)]);
    assert_eq!(test_support::by_name(&found)["a"].purl, "pkg:pypi/a@1.0?repository_url=https:%2F%2Fi.example%2Fsimple");
    assert_eq!(found.workspaces[0].locked, Locked::No);
}

#[test]
fn pylock_is_read_and_nothing_is_concluded_from_what_it_leaves_out() {
    let entry = |name: &str, version: &str, more: &str| {
        format!(
            "[[packages]]\nname = \"{name}\"\nversion = \"{version}\"\nindex = \"https://pypi.org/simple/\"\n{more}\nsdist = {{ name = \"x\", url = \"https://files.pythonhosted.org/x\", hashes = {{ sha256 = \"{}\" }} }}\nwheels = [{{ name = \"y\", url = \"https://files.pythonhosted.org/y\", hashes = {{ sha256 = \"{}\", blake2b = \"00\" }} }}]\n",
            hash(1),
            hash(2)
        )
    };
    let lock = [
        "lock-version = \"1.0\"\ncreated-by = \"x\"\n".to_owned(),
        entry("a", "1.0", ""),
        entry("b", "2.0.1", ""),
        entry("lib", "1.0", ""),
        entry("o", "1.0", "marker = \"'more' in extras\""),
        entry("t", "1.0", "marker = \"'dev' in dependency_groups\""),
    ]
    .concat();
    for path in ["pylock.toml", "pylock.web.toml"] {
        let found = of(&[("pyproject.toml", PROJECT), (path, &lock)]);
        let mut expected = EXPECTED.to_vec();
        // Nobody asks for it by name.
        expected[1] = "b 2.0.1 unknown";
        assert_eq!(listed(&found), expected);
        assert_eq!((found.workspaces[0].locked, gaps(&found)), (Locked::Yes, vec![]));
    }
    for (before, after, expected) in [
        ("A>=1", "A>=2", Locked::No),
        ("A>=1", "new", Locked::No),
        ("A>=1", "A[x]>=1", Locked::NotKnown),
        ("t==1.0", "new", Locked::NotKnown),
        ("t==1.0", "t==2.0", Locked::No),
    ] {
        let found = of(&[("pyproject.toml", &PROJECT.replace(before, after)), ("pylock.toml", &lock)]);
        assert_eq!(found.workspaces[0].locked, expected, "{after}");
    }
    // What is asked for to test may be needed by what ships.
    let asked = PROJECT.replace("t==1.0", "b");
    let found = of(&[("pyproject.toml", &asked), ("pylock.toml", &lock)]);
    assert!(listed(&found).contains(&"b 2.0.1 unknown".to_owned()), "{:?}", listed(&found));
}

pub(super) const PIPFILE: &str = "[packages]\nA = \">=1\"\nlib = \"*\"\no = \"*\"\n[dev-packages]\nt = \"==1.0\"\n[requires]\npython_version = \"3.11\"\n";

#[test]
fn pipenv_locks_an_environment_and_proves_it() {
    let content = "{\"_meta\":{\"requires\":{\"python_version\":\"3.11\"},\"sources\":[{\"name\":\"pypi\",\"url\":\"https://pypi.org/simple\",\"verify_ssl\":true}]},\"default\":{\"A\":\">=1\",\"lib\":\"*\",\"o\":\"*\"},\"develop\":{\"t\":\"==1.0\"}}";
    let entry = |version: &str| {
        format!("{{\"hashes\":[\"sha256:{}\",\"sha256:{}\"],\"version\":\"=={version}\"}}", hash(1), hash(2))
    };
    let lock = |digest: &str| {
        format!(
            "{{\"_meta\":{{\"hash\":{{\"sha256\":\"{digest}\"}},\"pipfile-spec\":6,\"requires\":{{}},\"sources\":[{{\"name\":\"pypi\",\"url\":\"https://pypi.org/simple\",\"verify_ssl\":true}}]}},\"default\":{{\"a\":{0},\"b\":{1},\"lib\":{0},\"o\":{0}}},\"develop\":{{\"b\":{1},\"t\":{0}}}}}",
            entry("1.0"),
            entry("2.0.1")
        )
    };
    let found = of(&[("Pipfile", PIPFILE), ("Pipfile.lock", &lock(&sha256_hex(content.as_bytes())))]);
    let mut expected = EXPECTED.to_vec();
    // It says not who needs it, and that it is there to run.
    expected[1] = "b 2.0.1 unknown";
    assert_eq!(listed(&found), expected, "{:?}", found.gaps);
    assert_eq!(
        (found.workspaces[0].locked, gaps(&found)),
        (Locked::Yes, vec![]),
        "{:?}",
        found.workspaces[0].difference
    );
    let found = of(&[("Pipfile", PIPFILE), ("Pipfile.lock", &lock(&hash(0)))]);
    assert_eq!(found.workspaces[0].locked, Locked::No);
    // A package beside it is another matter.
    let found = of(&[
        ("Pipfile", PIPFILE),
        ("Pipfile.lock", &lock(&sha256_hex(content.as_bytes()))),
        ("pyproject.toml", PROJECT),
        ("uv.lock", &uv_lock()),
    ]);
    assert_eq!(found.workspaces.iter().map(|one| one.locked).collect::<Vec<_>>(), [Locked::Yes, Locked::Yes]);
}

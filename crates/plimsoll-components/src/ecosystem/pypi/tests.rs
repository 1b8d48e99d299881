use std::{collections::BTreeSet, path::Path, process::Command};

use serde_json::Value;

use crate::{Cause, Component, Dependencies, Inventory, Locked, Options, Source, Survey, inventory, test_support};
use plimsoll_model::{body::Reach, sha256_hex};

fn of(files: &[(&str, &str)]) -> Inventory {
    test_support::of(files, &Options::default())
}

/// `NAME VERSION reach` of every component that is not a member, sorted.
fn listed(inventory: &Inventory) -> Vec<String> {
    let foreign = inventory.components.iter().filter(|component| !component.member);
    let mut all: Vec<String> =
        foreign.map(|one| format!("{} {} {}", one.name, one.version, one.reach.as_str())).collect();
    all.sort();
    all
}

/// Gaps but that components cannot be compared yet.
fn gaps(inventory: &Inventory) -> Vec<&str> {
    inventory.gaps.iter().filter(|gap| gap.cause != Cause::NotCompared).map(|gap| gap.reason.as_str()).collect()
}

fn hash(number: u8) -> String {
    format!("{number:02x}").repeat(32)
}

const PROJECT: &str = "[project]\nname = \"App\"\nversion = \"2.0\"\ndependencies = [\"A>=1\", \"lib\"]\n[project.optional-dependencies]\nmore = [\"o\"]\n[dependency-groups]\ndev = [\"t==1.0\", {include-group = \"x\"}]\nx = []\n";

/// What the same project is in every format: a, which needs b; o of an extra; t for development.
const EXPECTED: [&str; 5] = ["a 1.0 shipped", "b 2.0.1 shipped", "lib 1.0 shipped", "o 1.0 shipped", "t 1.0 dev"];

/// A lockfile that holds them, and is one of the manifest unless that asks for something else.
fn check_project(manifest: &str, path: &str, lock: &str, expected_locked: Locked) {
    let found = of(&[("pyproject.toml", manifest), (path, lock)]);
    assert_eq!(listed(&found), EXPECTED, "{path} {:?}", found.gaps);
    let workspace = &found.workspaces[0];
    assert_eq!(workspace.locked, expected_locked, "{path} {:?} {:?}", workspace.difference, found.gaps);
    let all = test_support::by_name(&found);
    assert_eq!(all["a"].purl, "pkg:pypi/a@1.0", "{path}");
    assert_eq!((all["a"].direct, all["a"].hashes.len()), (true, 2), "{path}");
    assert_eq!((found.lockfiles[0].registry_packages, found.lockfiles[0].missing_checksum), (5, 0), "{path}");
    assert_eq!((all["app"].member, all["app"].version.as_str()), (true, "2.0"), "{path}");
    assert!(found.components.iter().all(|one| one.member || one.source == Source::Registry), "{path}");
    assert_eq!(gaps(&found), [""; 0], "{path}");
    // Asked for since then.
    let changed = manifest.replace("\"A>=1\"", "\"A>=1\", \"new\"");
    let found = of(&[("pyproject.toml", &changed), (path, lock)]);
    assert_eq!(found.workspaces[0].locked, Locked::No, "{path}");
    assert!(found.gaps.iter().any(|gap| gap.cause == Cause::StaleLockfile), "{path} {:?}", found.gaps);
}

fn uv_entry(name: &str, version: &str, more: &str) -> String {
    format!(
        "[[package]]\nname = \"{name}\"\nversion = \"{version}\"\nsource = {{ registry = \"https://pypi.org/simple\" }}\nsdist = {{ url = \"https://files.pythonhosted.org/x\", hash = \"sha256:{}\" }}\nwheels = [{{ url = \"x\", hash = \"sha256:{}\" }}]\n{more}\n",
        hash(1),
        hash(2)
    )
}

fn uv_lock() -> String {
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

const POETRY_PROJECT: &str = "[tool.poetry]\nname = \"App\"\nversion = \"2.0\"\n[tool.poetry.dependencies]\npython = \"^3.9\"\nA = \">=1\"\nlib = \"*\"\no = { version = \"1\", optional = true }\n[tool.poetry.extras]\nmore = [\"o\"]\n[tool.poetry.group.dev.dependencies]\nt = \"1.0\"\n";

/// What Poetry's digest is over, as Python writes it.
const POETRY_CONTENT: &str = "{\"dependencies\": {\"A\": \">=1\", \"lib\": \"*\", \"o\": {\"optional\": true, \"version\": \"1\"}, \"python\": \"^3.9\"}, \"dev-dependencies\": null, \"extras\": {\"more\": [\"o\"]}, \"group\": {\"dev\": {\"dependencies\": {\"t\": \"1.0\"}}}, \"source\": null}";

fn poetry_lock(digest: &str) -> String {
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

const PIPFILE: &str = "[packages]\nA = \">=1\"\nlib = \"*\"\no = \"*\"\n[dev-packages]\nt = \"==1.0\"\n[requires]\npython_version = \"3.11\"\n";

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

fn pinned(names: &[&str]) -> String {
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

/// What tools of Python say of lockfiles: packages, and whether one belongs to its manifest. Nothing where they are not there.
fn peers(folder: &Path, files: &[String]) -> Option<serde_json::Map<String, Value>> {
    let python = std::env::var_os("PLIMSOLL_PYTHON").unwrap_or_else(|| "python3".into());
    let script = test_support::own_root().join("tests/corpus/python_lockfiles.py");
    match Command::new(python).arg(script).args(files).current_dir(folder).output() {
        Ok(output) if output.status.success() => serde_json::from_slice(&output.stdout).ok(),
        missing => {
            eprintln!(
                "not checked: tools of Python are missing; pip install packaging poetry pdm pipenv ({missing:?})"
            );
            None
        }
    }
}

/// The components of each lockfile against what the tool that wrote it reads. `PLIMSOLL_PYTHON_TREES` names folders of trees
/// that are compared as well.
#[test]
fn components_are_those_that_the_tools_read() {
    let folder = tempfile::tempdir().unwrap();
    let made = folder.path().join("made");
    let digest = sha256_hex(POETRY_CONTENT.as_bytes());
    for (path, text) in [
        ("uv/pyproject.toml", PROJECT),
        ("uv/uv.lock", &uv_lock()),
        ("poetry/pyproject.toml", POETRY_PROJECT),
        ("poetry/poetry.lock", &poetry_lock(&digest)),
        ("pip/requirements.txt", &pinned(&["A==1.0", "b==2.0.1"])),
        ("pip/requirements-more.txt", "-r requirements.txt\nc==1\nd>2\n-e .\ngit+https://g.example/x.git@v1#egg=x\n"),
    ] {
        let path = made.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let mut trees = vec![made];
    trees.extend(std::env::var_os("PLIMSOLL_PYTHON_TREES").iter().flat_map(std::env::split_paths));
    let mut differences = Vec::new();
    for tree in trees {
        compare(&tree, &mut differences);
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

fn compare(tree: &Path, differences: &mut Vec<String>) {
    let (files, options) = test_support::load(tree, Options::default());
    let found = inventory(&files, &Survey::default(), &options);
    let places: BTreeSet<String> = found.components.iter().map(|one| one.place.clone()).collect();
    let locks = found.lockfiles.iter().map(|one| one.path.clone());
    let all: BTreeSet<String> = locks.chain(places).filter(|path| tree.join(path).is_file()).collect();
    let is_manifest =
        |path: &str| ["pyproject.toml", "Pipfile", "setup.py", "setup.cfg"].iter().any(|end| path.ends_with(end));
    let all: Vec<String> = all.into_iter().filter(|path| !is_manifest(path)).collect();
    let Some(peers) = peers(tree, &all) else { return };
    let (mut count, mut packages) = (0, 0);
    for (path, told) in &peers {
        let Some(theirs) = told["packages"].as_array() else {
            // A tool may be stricter than what installs, and fixtures of tests are broken on purpose.
            eprintln!("{} {path}: its tool refuses it: {}", tree.display(), told["refused"]);
            continue;
        };
        let theirs: BTreeSet<&str> = theirs.iter().filter_map(Value::as_str).collect();
        let is_listed =
            |one: &&Component| one.place == *path && (one.lockfile.is_none() || one.lockfile.as_ref() == Some(path));
        let ours: Vec<String> =
            found.components.iter().filter(is_listed).map(|one| format!("{} {}", one.name, one.version)).collect();
        let ours: BTreeSet<&str> = ours.iter().map(String::as_str).collect();
        (count, packages) = (count + 1, packages + theirs.len());
        let own: BTreeSet<&str> = found
            .components
            .iter()
            .filter(|one| one.member && one.place == *path)
            .map(|one| one.name.as_str())
            .collect();
        let is_own = |text: &&&str| text.split(' ').next().is_some_and(|name| own.contains(name));
        let only = |one: &BTreeSet<&str>, other: &BTreeSet<&str>| {
            one.difference(other).filter(|text| !is_own(text)).map(|text| (*text).to_owned()).collect::<Vec<_>>()
        };
        let (only_ours, only_theirs) = (only(&ours, &theirs), only(&theirs, &ours));
        if !(only_ours.is_empty() && only_theirs.is_empty()) {
            differences
                .push(format!("{} {path}: only ours {only_ours:?}, only theirs {only_theirs:?}", tree.display()));
        }
        if let Some(fresh) = told["fresh"].as_bool() {
            let lockfile = found.lockfiles.iter().find(|one| one.path == *path);
            let is_stale = lockfile.is_some_and(|one| {
                one.whole_reason.as_deref().is_some_and(|reason| reason.contains("the digest that it keeps"))
            });
            if fresh == is_stale {
                differences.push(format!("{} {path}: fresh {fresh}, and ours {lockfile:?}", tree.display()));
            }
        }
    }
    eprintln!("{}: {count} lockfiles, {packages} packages", tree.display());
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,60}|[a-z=<>~!,;#\\[\\]{}\"' .\n@:/+-]{0,120}", number in 0_usize..12) {
        let names = ["pyproject.toml", "setup.cfg", "setup.py", "Pipfile", "requirements.txt", "constraints.txt", "uv.lock", "poetry.lock", "pdm.lock", "pylock.toml", "Pipfile.lock", "requirements.in"];
        let _ = of(&[(names[number], &text), (names[(number + 1) % 12], &text), ("x/requirements.txt", &format!("-r ../requirements.txt\n{text}"))]);
    }
}

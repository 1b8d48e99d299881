//! The same lockfiles as the tools themselves read them.

use super::{
    requirements::pinned,
    tools::{POETRY_CONTENT, POETRY_PROJECT, poetry_lock, uv_lock},
    *,
};

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

//! Lockfiles that belong to the manifests beside them, and those that do not.

use crate::{Cause, Inventory, Locked, Options, test_support};
use plimsoll_model::body::Reach;

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";
const GIT: &str = "git+https://git.example/dep?tag=v1#0123456789abcdef0123456789abcdef01234567";

/// A lockfile of `app` 1.0.0 that lists what it depends on, and those packages: name, version, source.
fn lock(packages: &[(&str, &str, &str)]) -> String {
    let names: Vec<String> = packages.iter().map(|(name, version, _)| format!("\"{name} {version}\"")).collect();
    let mut text = format!(
        "version = 4\n[[package]]\nname = \"app\"\nversion = \"1.0.0\"\ndependencies = [{}]\n",
        names.join(", ")
    );
    for (name, version, source) in packages {
        text.push_str(&format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n"));
        if !source.is_empty() {
            text.push_str(&format!("source = \"{source}\"\n"));
        }
    }
    text
}

fn of(manifest: &str, lock: &str, more: &[(&str, &str)]) -> Inventory {
    let manifest = format!("[package]\nname = \"app\"\nversion = \"1.0.0\"\n{manifest}");
    let mut files = vec![("Cargo.toml", manifest.as_str()), ("Cargo.lock", lock)];
    files.extend(more);
    // No cargo: what it would say is not known, and the comparison decides.
    test_support::of(&files, &test_support::lockfile_only())
}

/// Is the workspace at the root locked? Where it is not, that is a gap with the reason.
fn check(manifest: &str, lock: &str, more: &[(&str, &str)], expected: Result<(), &str>) {
    let inventory = of(manifest, lock, more);
    let gap = inventory.gaps.iter().find(|gap| gap.cause == Cause::StaleLockfile).map(|gap| gap.reason.as_str());
    assert_eq!(inventory.workspaces[0].locked == Locked::Yes, expected.is_ok(), "{manifest}\n{lock}\n{gap:?}");
    match expected {
        Ok(()) => assert_eq!(gap, None, "{manifest}"),
        Err(says) => assert!(gap.unwrap_or_default().contains(says), "{manifest}: {gap:?}"),
    }
}

#[test]
fn each_dependency_is_locked_at_a_version_and_from_a_source_that_is_asked_for() {
    for (manifest, packages) in [
        ("", vec![]),
        ("[dependencies]\ndep = \"1.2\"\n", vec![("dep", "1.3.0", CRATES_IO)]),
        ("[dependencies]\ndep = \"*\"\n", vec![("dep", "0.1.0", CRATES_IO)]),
        ("[dependencies]\ndep = \">=1, <3\"\n", vec![("dep", "2.9.0", CRATES_IO)]),
        ("[dependencies]\ndep = \"=1.0.0-rc.1\"\n", vec![("dep", "1.0.0-rc.1", CRATES_IO)]),
        ("[dependencies]\ndep = { version = \"1\", optional = true }\n", vec![("dep", "1.0.0", CRATES_IO)]),
        ("[target.'cfg(any())'.dependencies]\ndep = \"1\"\n", vec![("dep", "1.0.0", CRATES_IO)]),
        (
            "[dev-dependencies]\ndep = \"1\"\n[build-dependencies]\ndep = \"2\"\n",
            vec![("dep", "1.0.0", CRATES_IO), ("dep", "2.0.0", CRATES_IO)],
        ),
        ("[dependencies]\nold = { package = \"dep\", version = \"1\" }\n", vec![("dep", "1.0.0", CRATES_IO)]),
        ("[dependencies]\ndep = { git = \"https://git.example/dep\", tag = \"v1\" }\n", vec![("dep", "1.0.0", GIT)]),
        (
            "[dependencies]\ndep = { git = \"https://git.example/dep.git/\", tag = \"v1\" }\n",
            vec![("dep", "1.0.0", GIT)],
        ),
        (
            "[dependencies]\ndep = { version = \"1\", registry = \"own\" }\n",
            vec![("dep", "1.0.0", "registry+https://own.example/index")],
        ),
        // The same index in other words.
        (
            "[dependencies]\ndep = \"1\"\n",
            vec![("dep", "1.0.0", "registry+https://github.com/rust-lang/crates.io-index/")],
        ),
        ("[dependencies]\ndep = \"1\"\n", vec![("dep", "1.0.0", "sparse+https://index.crates.io")]),
        (
            "[dependencies]\ndep = \"1\"\n[patch.crates-io]\ndep = { git = \"https://git.example/dep\", tag = \"v1\" }\n",
            vec![("dep", "1.0.0", GIT)],
        ),
        ("[dev-dependencies]\napp = { path = \".\" }\n", vec![]),
    ] {
        check(manifest, &lock(&packages), &[], Ok(()));
    }
}

#[test]
fn a_lockfile_that_lacks_what_the_manifest_asks_for_is_not_its_lockfile() {
    let one = |manifest: &str, package: (&str, &str, &str), says: &str| {
        check(&format!("[dependencies]\n{manifest}\n"), &lock(&[package]), &[], Err(says));
    };
    check(
        "[dependencies]\nhyper = \"=0.14.1\"\ntime = \"0.1\"\n",
        &lock(&[]),
        &[],
        Err("hyper \"=0.14.1\" from crates.io"),
    );
    check("[dependencies]\nhyper = \"=0.14.1\"\ntime = \"0.1\"\n", &lock(&[]), &[], Err("(and 1 more)"));
    check("", &lock(&[]).replace("1.0.0", "0.9.0"), &[], Err("does not list app at the version"));
    check("[target.'cfg(windows)'.dependencies]\ndep = \"1\"\n", &lock(&[]), &[], Err("dep \"1\""));
    check("[build-dependencies]\ndep = \"1\"\n", &lock(&[]), &[], Err("dep \"1\""));
    check("[dev-dependencies]\ndep = \"1\"\n", &lock(&[]), &[], Err("dep \"1\""));
    one("dep = { version = \"1\", optional = true }", ("other", "1.0.0", CRATES_IO), "dep \"1\"");
    one("dep = \"1\"", ("dep", "2.0.0", CRATES_IO), "dep \"1\"");
    one("dep = \"1\"", ("dep", "1.0.0-rc.1", CRATES_IO), "dep \"1\"");
    one("dep = \"one\"", ("dep", "1.0.0", CRATES_IO), "dep \"one\"");
    one("old = { package = \"dep\", version = \"1\" }", ("old", "1.0.0", CRATES_IO), "dep \"1\"");
    // Another source than the one that is asked for: cargo would not take it.
    one("dep = \"1\"", ("dep", "1.0.0", ""), "from crates.io");
    one("dep = \"1\"", ("dep", "1.0.0", GIT), "from crates.io");
    one("dep = \"1\"", ("dep", "1.0.0", "registry+https://mirror.example/index"), "from crates.io");
    one("dep = \"1\"", ("dep", "1.0.0", "sparse+https://index.crates.io.example/"), "from crates.io");
    one("dep = { path = \"dep\" }", ("dep", "1.0.0", CRATES_IO), "by path");
    one("dep = { git = \"https://git.example/dep\" }", ("dep", "1.0.0", CRATES_IO), "from git");
    one("dep = { git = \"https://git.example/dep\", tag = \"v2\" }", ("dep", "1.0.0", GIT), "from git");
    one("dep = { git = \"https://git.example/dep\" }", ("dep", "1.0.0", GIT), "from git");
    one("dep = { git = \"https://git.example/other\", tag = \"v1\" }", ("dep", "1.0.0", GIT), "from git");
    let unpinned = GIT.split('#').next().unwrap();
    one("dep = { git = \"https://git.example/dep\", tag = \"v1\" }", ("dep", "1.0.0", unpinned), "from git");
    one("dep.workspace = true", ("dep", "1.0.0", CRATES_IO), "a workspace that does not state it");
    // A patch of another package, or to another place, explains nothing.
    one("dep = \"1\"\n[patch.crates-io]\nother = { path = \"x\" }", ("dep", "1.0.0", ""), "from crates.io");
    one("dep = \"1\"\n[patch.crates-io]\ndep = { path = \"x\" }", ("dep", "1.0.0", GIT), "from crates.io");
}

const OWN: &str = "registry+https://own.example/index";

#[test]
fn a_registry_that_is_named_is_not_another() {
    for (named, source, fits) in [
        ("registry = \"own\"", OWN, true),
        ("registry = \"own\"", "sparse+https://own.example/index/", true),
        ("registry = \"crates-io\"", CRATES_IO, true),
        ("registry-index = \"https://own.example/index\"", OWN, true),
        ("registry-index = \"https://own.example/index.git/\"", OWN, true),
        ("registry-index = \"sparse+https://index.crates.io/\"", CRATES_IO, true),
        ("registry = \"own\"", CRATES_IO, false),
        ("registry = \"own\"", "sparse+https://index.crates.io/", false),
        ("registry = \"own\"", GIT, false),
        ("registry = \"own\"", "", false),
        ("registry = 1", CRATES_IO, false),
        ("registry = \"crates-io\"", OWN, false),
        ("registry = \"Crates-io\"", CRATES_IO, false),
        ("registry-index = \"https://own.example/index\"", CRATES_IO, false),
        ("registry-index = \"https://own.example/index\"", "registry+https://other.example/index", false),
        ("registry-index = \"https://github.com/rust-lang/crates.io-index\"", OWN, false),
    ] {
        let manifest = format!("[dependencies]\ndep = {{ version = \"1\", {named} }}\n");
        let says = if fits { Ok(()) } else { Err("which it does not lock so") };
        check(&manifest, &lock(&[("dep", "1.0.0", source)]), &[], says);
    }
}

#[test]
fn a_patch_is_locked_or_listed_as_unused() {
    const FROM: &str = "git = \"https://git.example/dep\", tag = \"v1\"";
    const SAYS: Result<(), &str> = Err("neither locked nor listed as unused");
    let listed = |name: &str, version: &str, source: &str| {
        let source = if source.is_empty() { String::new() } else { format!("source = \"{source}\"\n") };
        format!("[[patch.unused]]\nname = \"{name}\"\nversion = \"{version}\"\n{source}")
    };
    for (patch, source, unused, expected) in [
        (format!("dep = {{ {FROM} }}"), GIT, String::new(), Ok(())),
        (format!("dep = {{ {FROM} }}"), CRATES_IO, listed("dep", "2.0.0", GIT), Ok(())),
        (format!("x = {{ package = \"dep\", {FROM} }}"), CRATES_IO, listed("dep", "2.0.0", GIT), Ok(())),
        (format!("dep = {{ {FROM}, version = \"2\" }}"), CRATES_IO, listed("dep", "2.0.0", GIT), Ok(())),
        ("dep = { path = \"x\" }".to_owned(), CRATES_IO, listed("dep", "2.0.0", ""), Ok(())),
        (format!("dep = {{ {FROM} }}"), CRATES_IO, String::new(), SAYS),
        (format!("x = {{ package = \"dep\", {FROM} }}"), CRATES_IO, String::new(), SAYS),
        (format!("dep = {{ {FROM} }}"), CRATES_IO, listed("other", "1.0.0", GIT), SAYS),
        (format!("dep = {{ {FROM} }}"), CRATES_IO, listed("dep", "1.0.0", CRATES_IO), SAYS),
        (format!("dep = {{ {FROM} }}"), CRATES_IO, listed("dep", "1.0.0", ""), SAYS),
        (format!("dep = {{ {FROM}, version = \"1\" }}"), CRATES_IO, listed("dep", "2.0.0", GIT), SAYS),
        ("dep = { git = \"https://git.example/other\" }".to_owned(), CRATES_IO, listed("dep", "1.0.0", GIT), SAYS),
        ("dep = { path = \"x\" }".to_owned(), CRATES_IO, String::new(), SAYS),
        ("dep = { version = \"1\", registry = \"own\" }".to_owned(), CRATES_IO, String::new(), SAYS),
    ] {
        for table in ["crates-io", "\"https://own.example/index\""] {
            let manifest = format!("[dependencies]\ndep = \"1\"\n[patch.{table}]\n{patch}\n");
            check(&manifest, &format!("{}{unused}", lock(&[("dep", "1.0.0", source)])), &[], expected);
        }
    }
}

#[test]
fn what_is_replaced_is_linked_to_what_takes_its_place() {
    const FROM: &str = "git = \"https://git.example/dep\", tag = \"v1\"";
    const SAYS: Result<(), &str> = Err("Cargo.toml replaces dep");
    let plain = lock(&[("dep", "1.0.0", CRATES_IO)]);
    let both = format!(
        "{}replace = \"dep 1.0.0 ({GIT})\"\n[[package]]\nname = \"dep\"\nversion = \"1.0.0\"\nsource = \"{GIT}\"\n",
        plain.replace("\"dep 1.0.0\"", &format!("\"dep 1.0.0 ({CRATES_IO})\""))
    );
    let index = "https://github.com/rust-lang/crates.io-index";
    for (replace, lock, expected) in [
        (format!("\"dep:1.0.0\" = {{ {FROM} }}"), both.as_str(), Ok(())),
        (format!("\"dep@1.0.0\" = {{ {FROM} }}"), &both, Ok(())),
        (format!("\"{index}#dep:1.0.0\" = {{ {FROM} }}"), &both, Ok(())),
        (format!("\"dep:2.0.0\" = {{ {FROM} }}"), &plain, Ok(())),
        (format!("\"other:1.0.0\" = {{ {FROM} }}"), &plain, Ok(())),
        (format!("\"dep:1.0.0\" = {{ {FROM} }}"), &plain, SAYS),
        (format!("\"dep@1.0.0\" = {{ {FROM} }}"), &plain, SAYS),
        (format!("\"{index}#dep:1.0.0\" = {{ {FROM} }}"), &plain, SAYS),
        (format!("\"https://git.example/dep.git#1.0.0\" = {{ {FROM} }}"), &plain, SAYS),
        ("\"dep:1.0.0\" = { path = \"x\" }".to_owned(), &plain, SAYS),
        ("\"dep:1.0.0\" = { git = \"https://git.example/other\" }".to_owned(), &both, SAYS),
        (format!("dep = {{ {FROM} }}"), &plain, SAYS),
        (format!("\"dep:one\" = {{ {FROM} }}"), &plain, SAYS),
    ] {
        check(&format!("[dependencies]\ndep = \"1\"\n[replace]\n{replace}\n"), lock, &[], expected);
    }
}

#[test]
fn what_is_listed_and_not_beneath_the_member_is_not_locked_for_it() {
    let apart = lock(&[("dep", "1.0.0", CRATES_IO)]).replace("dependencies = [\"dep 1.0.0\"]", "");
    let manifest = "[dependencies]\ndep = \"1\"\n";
    check(manifest, &apart, &[], Err("dep \"1\""));
    // And that nothing leads to it proves nothing.
    let inventory = of(manifest, &apart, &[]);
    assert_eq!(test_support::by_name(&inventory)["dep"].reach, Reach::Unknown);
}

#[test]
fn what_a_path_leads_to_is_looked_at_as_well() {
    let inner = "[package]\nname = \"inner\"\nversion = \"0.1.0\"\n[dependencies]\ndep = \"1\"\n\
                 more = { version = \"1\", optional = true }\n[dev-dependencies]\ntool = \"1\"\n";
    let app = "[workspace]\nexclude = [\"inner\"]\n[dependencies]\ninner = { path = \"inner\" }\n";
    let listed = lock(&[("inner", "0.1.0", ""), ("dep", "1.0.0", CRATES_IO)]);
    let files = [("inner/Cargo.toml", inner)];
    check(app, &listed, &files, Err("inner/Cargo.toml asks for dep"));
    let linked = listed.replace(
        "name = \"inner\"\nversion = \"0.1.0\"\n",
        "name = \"inner\"\nversion = \"0.1.0\"\ndependencies = [\"dep\"]\n",
    );
    check(app, &linked, &files, Ok(()));
    check(app, &linked.replace("0.1.0", "0.2.0"), &files, Err("does not list inner"));
}

#[test]
fn what_a_workspace_states_for_its_members_counts_for_them() {
    let root = "[workspace]\nmembers = [\"a\"]\n[workspace.package]\nversion = \"1.0.0\"\n\
                [workspace.dependencies]\nshort = { package = \"dep\", version = \"1\" }\n\
                [patch.crates-io]\ndep = { git = \"https://git.example/dep\", tag = \"v1\" }\n";
    let app = "[package]\nname = \"app\"\nversion.workspace = true\n[dependencies]\nshort = { workspace = true, optional = true }\n";
    for (packages, locked) in [
        // The patch takes its place.
        (vec![("dep", "1.0.0", CRATES_IO)], false),
        (vec![("dep", "1.0.0", GIT)], true),
        (vec![("dep", "2.0.0", CRATES_IO)], false),
        (vec![("short", "1.0.0", CRATES_IO)], false),
        (vec![], false),
    ] {
        let lock = lock(&packages);
        let files = [("Cargo.toml", root), ("Cargo.lock", lock.as_str()), ("a/Cargo.toml", app)];
        let inventory = test_support::of(&files, &test_support::lockfile_only());
        assert_eq!(inventory.workspaces[0].locked == Locked::Yes, locked, "{packages:?}: {:?}", inventory.gaps);
    }
}

/// What a configuration replaces is a gap of what ships, and says nothing of the lockfile.
#[test]
fn what_a_configuration_replaces_is_a_gap() {
    const PATCH: &str = "[patch.crates-io]\ndep = { git = \"https://git.example/dep\" }\n";
    let dep = "[dependencies]\ndep = \"1\"\n[workspace]\nmembers = [\"m\"]\n";
    let member = "[package]\nname = \"m\"\nversion = \"1.0.0\"\n";
    let own = "[package]\nname = \"t\"\nversion = \"1.0.0\"\n[dependencies]\ndep = \"1\"\n";
    let locked = format!("{}[[package]]\nname = \"m\"\nversion = \"1.0.0\"\n", lock(&[("dep", "1.0.0", CRATES_IO)]));
    let told = |manifest: &str, lock: &str, path: &str, text: &str| {
        let files = [("m/Cargo.toml", member), ("tests/t/Cargo.toml", own), (path, text)];
        let inventory = of(manifest, lock, &files);
        assert!(inventory.workspaces[0].locked == Locked::Yes, "{path} {text}: {:?}", inventory.gaps);
        inventory.gaps.iter().map(|gap| (gap.cause, gap.reason.clone())).collect::<Vec<_>>()
    };
    for (path, text) in [
        (".cargo/config.toml", "[build]\ntarget = \"x86_64-unknown-linux-musl\"\n[net]\nretry = 3\n"),
        ("other/.cargo/config.toml", PATCH),
        ("tests/t/.cargo/config.toml", PATCH),
        (".cargo/audit.toml", PATCH),
    ] {
        assert_eq!(told(dep, &locked, path, text), [], "{path} {text}");
    }
    for path in [".cargo/config.toml", ".cargo/config", "m/.cargo/config.toml"] {
        let reason = format!("{path} replaces sources ([patch]), which is not followed");
        assert_eq!(told(dep, &locked, path, PATCH), [(Cause::Configuration, reason)]);
    }
    let alone = "[workspace]\n";
    assert_eq!(told(alone, &lock(&[]), ".cargo/config.toml", PATCH), []);
}

#[test]
fn a_lockfile_of_a_test_that_does_not_fit_is_no_gap() {
    let manifest = "[package]\nname = \"app\"\nversion = \"1.0.0\"\n[dependencies]\ndep = \"1\"\n";
    let lock = lock(&[]);
    let files = [("tests/x/Cargo.toml", manifest), ("tests/x/Cargo.lock", lock.as_str())];
    let inventory = test_support::of(&files, &Options::default());
    assert!(inventory.workspaces[0].locked != Locked::Yes);
    assert!(inventory.gaps.is_empty(), "{:?}", inventory.gaps);
}

/// What is not from crates.io and ships makes the ecosystem one that is not checked; the repository's own does not.
#[test]
fn what_advisories_do_not_speak_of_is_told_where_it_ships() {
    let checked = |manifest: &str, packages: &[(&str, &str, &str)], more: &[(&str, &str)]| {
        let inventory = of(manifest, &lock(packages), more);
        let cargo = inventory.ecosystems[0].clone();
        assert_eq!(cargo.checked, cargo.reason.is_none());
        cargo.reason
    };
    let dep = "[dependencies]\ndep = \"1\"\n";
    let inner = "[package]\nname = \"dep\"\nversion = \"1.0.0\"\n";
    let by_path = "[dependencies]\ndep = { path = \"dep\" }\n";
    let patched = format!("{dep}[patch.crates-io]\ndep = {{ path = \"dep\" }}\n");
    for (manifest, source, files) in [
        (dep, CRATES_IO, vec![]),
        (dep, "registry+https://github.com/rust-lang/crates.io-index/", vec![]),
        (dep, "registry+https://github.com/Rust-Lang/crates.io-index.git", vec![]),
        (dep, "sparse+https://index.crates.io", vec![]),
        (by_path, "", vec![("dep/Cargo.toml", inner)]),
    ] {
        assert_eq!(checked(manifest, &[("dep", "1.0.0", source)], &files), None, "{source}");
    }
    for (manifest, source, files, says) in [
        (dep, GIT, vec![], "dep 1.0.0 (from git)"),
        (dep, "registry+https://mirror.example/index", vec![], "dep 1.0.0 (from another registry)"),
        (dep, "registry+https://crates.io", vec![], "dep 1.0.0 (from another registry)"),
        (dep, "sparse+https://index.crates.io.example/", vec![], "another registry"),
        (dep, "", vec![], "a folder that is not the repository's own"),
        // Its manifest is not in the tree.
        (by_path, "", vec![], "a folder that is not the repository's own"),
        // A changed copy of somebody else's package.
        (&patched, "", vec![("dep/Cargo.toml", inner)], "a folder that is not the repository's own"),
    ] {
        let reason = checked(manifest, &[("dep", "1.0.0", source)], &files);
        assert!(reason.as_deref().unwrap_or_default().contains(says), "{source}: {reason:?}");
    }
}

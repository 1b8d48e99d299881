//! Shapes of trees: one workspace, many, none, nested, without a lockfile.

use crate::{Cause, Dependencies, Inventory, Limits, Locked, Options, ResolvedBy, Source, Whole, test_support};
use plimsoll_model::body::Reach;

const LOCK: &str = r#"
version = 4
[[package]]
name = "app"
version = "1.2.3"
dependencies = ["dep 1.0.0"]
[[package]]
name = "helper"
version = "0.1.0"
[[package]]
name = "dep"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "0000000000000000000000000000000000000000000000000000000000000001"
dependencies = ["deep"]
[[package]]
name = "dep"
version = "2.0.0"
source = "git+https://user:secret@git.example/dep?branch=main#0123456789abcdef"
[[package]]
name = "deep"
version = "3.0.0"
source = "registry+https://registry.example/index"
"#;

fn package(name: &str, rest: &str) -> String {
    format!("[package]\nname = \"{name}\"\nversion = \"1.2.3\"\n{rest}")
}

/// Manifest, members, lockfile and class of each workspace.
fn check(files: &[(&str, &str)], expected: &[(&str, u64, bool)]) -> Inventory {
    let inventory = test_support::of(files, &test_support::lockfile_only());
    let told: Vec<_> = inventory
        .workspaces
        .iter()
        .map(|workspace| (workspace.manifest.as_str(), workspace.members, workspace.lockfile.is_some()))
        .collect();
    assert_eq!(told, expected);
    inventory
}

#[test]
fn members_are_those_that_cargo_takes() {
    let root = "[workspace]\nmembers = [\"crates/*\", \"tool\"]\nexclude = [\"crates/out\"]\n";
    let files = [
        ("Cargo.toml", root.to_owned()),
        ("crates/a/Cargo.toml", package("a", "[dependencies]\nb = { path = \"../../b\" }\nc = { path = \"../../c\" }")),
        ("crates/out/Cargo.toml", package("out", "")),
        ("tool/Cargo.toml", package("tool", "")),
        ("b/Cargo.toml", package("b", "")),
        ("c/Cargo.toml", package("c", "[workspace]")),
        ("stray/Cargo.toml", package("stray", "")),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    check(
        &files,
        &[
            ("Cargo.toml", 3, false),
            ("c/Cargo.toml", 1, false),
            ("crates/out/Cargo.toml", 1, false),
            ("stray/Cargo.toml", 1, false),
        ],
    );
}

#[test]
fn a_member_that_is_not_in_the_tree_is_a_gap() {
    let root = "[workspace]\nmembers = [\"a\", \"third/b\", \"c/*\"]\n";
    let a = package("a", "");
    let inventory = check(&[("Cargo.toml", root), ("a/Cargo.toml", &a)], &[("Cargo.toml", 1, false)]);
    let told: Vec<_> = inventory.gaps.iter().map(|gap| (gap.cause, gap.reason.as_str())).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].0, Cause::Manifest);
    assert!(told[0].1.contains("names the member third/b"), "{told:?}");
    // That of a test is counted.
    let files = [("tests/x/Cargo.toml", root), ("tests/x/a/Cargo.toml", a.as_str())];
    assert!(check(&files, &[("tests/x/Cargo.toml", 1, false)]).gaps.is_empty());
}

#[test]
fn inherited_path_dependencies_lead_to_members() {
    let root = "[workspace]\nmembers = [\"a\"]\n[workspace.package]\nversion = \"7.0.0\"\nlicense = \"MIT\"\n\
                [workspace.dependencies]\nb = { path = \"sub/b\" }\n";
    let a = "[package]\nname = \"a\"\nversion.workspace = true\nlicense.workspace = true\n[dependencies]\nb.workspace = true\n";
    let inventory = check(
        &[("Cargo.toml", root), ("a/Cargo.toml", a), ("sub/b/Cargo.toml", &package("b", ""))],
        &[("Cargo.toml", 2, false)],
    );
    let components = test_support::by_name(&inventory);
    assert_eq!(components["a"].version, "7.0.0");
    assert_eq!(components["a"].licence.as_deref(), Some("MIT"));
    assert!(components["b"].direct);
}

#[test]
fn a_package_that_another_takes_in_is_no_workspace_of_its_own() {
    let app = package("app", "[dependencies]\nhelper = { path = \"helper\" }\n");
    let helper = "[package]\nname = \"helper\"\nversion = \"0.1.0\"\n";
    let inventory =
        check(&[("Cargo.toml", &app), ("Cargo.lock", LOCK), ("helper/Cargo.toml", helper)], &[("Cargo.toml", 1, true)]);
    assert_eq!(test_support::by_name(&inventory)["helper"].source, Source::Path);
}

#[test]
fn every_package_of_the_lockfile_is_a_component() {
    let inventory = check(&[("Cargo.toml", &package("app", "")), ("Cargo.lock", LOCK)], &[("Cargo.toml", 1, true)]);
    let told: Vec<_> = inventory
        .components
        .iter()
        .map(|component| (component.purl.as_str(), component.source, component.direct, component.reach))
        .collect();
    insta::assert_debug_snapshot!(told);
    let lockfile = &inventory.lockfiles[0];
    assert_eq!((lockfile.packages, lockfile.registry_packages, lockfile.with_checksum), (5, 2, 1));
    assert_eq!((lockfile.missing_checksum, lockfile.git_pinned, lockfile.format_version.as_str()), (1, 1, "4"));
    assert!(inventory.workspaces[0].difference.as_deref().unwrap().contains("cargo was not to be asked"));
    assert_eq!(inventory.workspaces[0].resolver, ResolvedBy::Lockfile);
    assert!(LOCK.contains("user:secret@"));
    assert!(!format!("{:?}", inventory.components).contains("secret"));
}

#[test]
fn an_entry_to_which_no_member_leads_contradicts_the_lockfile() {
    let inventory = check(&[("Cargo.toml", &package("app", "")), ("Cargo.lock", LOCK)], &[("Cargo.toml", 1, true)]);
    assert!(inventory.workspaces[0].locked != Locked::Yes);
    assert!(inventory.gaps[0].reason.contains("dep 2.0.0, to which no member leads"), "{:?}", inventory.gaps);
    assert_eq!(inventory.lockfiles[0].whole, Whole::Contradicted);
    assert!(inventory.components.iter().all(|component| component.member || component.reach == Reach::Unknown));
    let whole = LOCK.replace("[\"dep 1.0.0\"]", "[\"dep 1.0.0\", \"dep 2.0.0\", \"helper\"]");
    let app = package("app", "[dependencies]\nhelper = { path = \"helper\" }\n");
    let helper = "[package]\nname = \"helper\"\nversion = \"0.1.0\"\n";
    let inventory = check(
        &[("Cargo.toml", &app), ("Cargo.lock", &whole), ("helper/Cargo.toml", helper)],
        &[("Cargo.toml", 1, true)],
    );
    assert!(inventory.workspaces[0].locked == Locked::Yes, "{:?}", inventory.gaps);
    assert_eq!(inventory.lockfiles[0].whole, Whole::NotChecked);
    // A lockfile that does not fit proves nothing.
    let stale = package("app", "").replace("1.2.3", "1.2.4");
    let inventory = check(&[("Cargo.toml", &stale), ("Cargo.lock", LOCK)], &[("Cargo.toml", 1, true)]);
    assert!(inventory.workspaces[0].locked != Locked::Yes);
    assert!(inventory.components.iter().all(|component| component.reach == Reach::Unknown));
}

#[test]
fn a_vendored_copy_of_a_locked_package_is_no_product() {
    let app = package("app", "[dependencies]\ndep = \"1\"\n");
    let copy = "[package]\nname = \"dep\"\nversion = \"1.0.0\"\n[dependencies]\ndeep = \"3\"\n";
    let lock = LOCK.split("[[package]]").filter(|entry| !entry.contains("helper") && !entry.contains("2.0.0"));
    let lock = lock.collect::<Vec<_>>().join("[[package]]");
    let mut files: Vec<_> = [
        ("Cargo.toml", app.as_str()),
        ("Cargo.lock", &lock),
        ("vendor/dep/Cargo.toml", copy),
        ("vendor/other/Cargo.toml", copy),
    ]
    .map(|(path, text)| test_support::file(path, text))
    .to_vec();
    files[3].bytes = copy.replace("1.0.0", "1.0.1").into_bytes();
    files.iter_mut().skip(2).for_each(|file| file.class = "vendored".to_owned());
    let inventory = crate::inventory(&files, &crate::Survey::default(), &test_support::lockfile_only());
    let told: Vec<_> =
        inventory.components.iter().map(|one| (one.name.as_str(), one.version.as_str(), one.member)).collect();
    assert_eq!(
        told,
        [("dep", "1.0.1", true), ("app", "1.2.3", true), ("deep", "3.0.0", false), ("dep", "1.0.0", false)]
    );
    assert!(
        inventory.limitations.iter().any(|text| text.contains("copies of locked packages")),
        "{:?}",
        inventory.limitations
    );
}

#[test]
fn without_a_lockfile_the_members_alone_are_known() {
    let app = package("app", "[dependencies]\nserde = \"1\"\n");
    let inventory = check(&[("Cargo.toml", &app)], &[("Cargo.toml", 1, false)]);
    assert_eq!(inventory.components.len(), 1);
    assert_eq!(inventory.gaps[0].cause, Cause::NoLockfile);
    assert_eq!(inventory.workspaces[0].resolver, ResolvedBy::None);
    // One that depends on nothing is known as a whole.
    let inventory = check(&[("Cargo.toml", &package("app", ""))], &[("Cargo.toml", 1, false)]);
    assert!(inventory.gaps.is_empty());
    // A test's is told and is no gap.
    let inventory = check(&[("tests/x/Cargo.toml", &app)], &[("tests/x/Cargo.toml", 1, false)]);
    assert!(inventory.gaps.is_empty());
    assert_eq!(inventory.limitations.len(), 1);
}

#[test]
fn a_lockfile_of_nobody_is_listed() {
    let inventory = check(&[("Cargo.lock", LOCK)], &[]);
    assert_eq!(inventory.components.len(), 5);
    assert!(inventory.components.iter().all(|component| component.reach == Reach::Unknown && !component.member));
    assert_eq!(inventory.limitations.len(), 1);
}

#[test]
fn nothing_is_found_in_nothing() {
    let inventory = check(&[], &[]);
    assert_eq!(inventory, Inventory::default());
}

#[test]
fn bounds_are_told() {
    let limits = Limits { manifests: 1, workspaces: 1, ..Limits::default() };
    let options = Options { limits, ..test_support::lockfile_only() };
    let (a, b) = (package("a", ""), package("b", ""));
    let inventory = test_support::of(&[("a/Cargo.toml", &a), ("b/Cargo.toml", &b)], &options);
    assert_eq!(inventory.gaps[0].cause, Cause::Limit);
    let limits = Limits { packages: 2, ..Limits::default() };
    let options = Options { limits, ..test_support::lockfile_only() };
    let inventory = test_support::of(&[("Cargo.toml", &a), ("Cargo.lock", LOCK)], &options);
    assert_eq!(inventory.gaps[0].cause, Cause::Limit);
    assert!(inventory.lockfiles.is_empty());
}

#[test]
fn the_order_of_files_does_not_matter() {
    let app = package("app", "[dependencies]\nhelper = { path = \"helper\" }\n");
    let mut files = vec![("Cargo.toml", app.as_str()), ("Cargo.lock", LOCK), ("tests/x/Cargo.toml", app.as_str())];
    let first = test_support::of(&files, &test_support::lockfile_only());
    files.reverse();
    assert_eq!(test_support::of(&files, &test_support::lockfile_only()), first);
}

#[test]
fn a_workspace_says_whether_it_depends_on_anything_from_elsewhere() {
    use Dependencies::{None, NotKnown, Some};
    let registry = "[dependencies]\nserde = \"1\"\n";
    let by_path = "[dependencies]\nb = { path = \"b\" }\n";
    let own = "version = 4\n[[package]]\nname = \"app\"\nversion = \"1.2.3\"\n";
    let foreign = format!(
        "{own}dependencies = [\"serde\"]\n[[package]]\nname = \"serde\"\nversion = \"1.0.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n"
    );
    for (rest, lock, b, expected) in [
        ("", "", "", None),
        ("", own, "", None),
        ("", "version = 99\n", "", NotKnown),
        ("", own.replace("1.2.3", "9.9.9").as_str(), "", NotKnown),
        (registry, "", "", Some),
        (registry, foreign.as_str(), "", Some),
        ("[dev-dependencies]\nserde = \"1\"\n", "", "", Some),
        ("[target.'cfg(any())'.dependencies]\nserde = \"1\"\n", "", "", Some),
        (by_path, "", "", None),
        (by_path, "", registry, Some),
        ("[dependencies]\nb = { path = \"../b\" }\n", "", "", NotKnown),
        ("[dependencies]\nb = { path = \"c\" }\n", "", "", NotKnown),
        ("[dependencies]\nb.workspace = true\n", "", "", NotKnown),
        ("[dependencies]\nb = { git = \"https://g.example/b\" }\n", "", "", Some),
    ] {
        let (app, b) = (package("app", &format!("{rest}[workspace]\n")), package("b", b));
        let mut files = vec![("Cargo.toml", app.as_str()), ("b/Cargo.toml", b.as_str())];
        if !lock.is_empty() {
            files.push(("Cargo.lock", lock));
        }
        let inventory = test_support::of(&files, &test_support::lockfile_only());
        let root = inventory.workspaces.iter().find(|workspace| workspace.manifest == "Cargo.toml").unwrap();
        assert_eq!(root.dependencies, expected, "{rest} {lock} {b}");
    }
}

//! What cargo is asked about a workspace whose dependencies all lie in the tree: no registry is needed.

use std::fmt::Write as _;

use crate::{Component, Inventory, Locked, Options, ResolvedBy, Scope, test_support};
use plimsoll_model::body::Reach;

const APP: &str = r#"
[package]
name = "app"
version = "1.0.0"
build = "build.rs"
[workspace]
members = ["tests/tool"]
exclude = ["dep"]
[features]
extra = ["dep:opt"]
[dependencies]
normal = { path = "dep/normal" }
mac = { path = "dep/mac" }
opt = { path = "dep/opt", optional = true }
renamed = { path = "dep/real", package = "real" }
[build-dependencies]
builds = { path = "dep/builds" }
[dev-dependencies]
devs = { path = "dep/devs" }
[target.'cfg(windows)'.dependencies]
win = { path = "dep/win" }
[target.'cfg(any())'.dependencies]
never = { path = "dep/never" }
[target.'cfg(loom)'.dependencies]
loom = { path = "dep/loom" }
[target.'cfg(target_os = "redox")'.dependencies]
redox = { path = "dep/redox" }
"#;

const TOOL: &str =
    "[package]\nname = \"tool\"\nversion = \"1.0.0\"\n[dependencies]\ntools = { path = \"../../dep/tools\" }\n";

/// Packages below `dep/`: name, what it depends on, and the rest of its manifest.
const DEPENDENCIES: [(&str, &[&str], &str); 15] = [
    ("normal", &["deep"], ""),
    ("deep", &[], ""),
    ("mac", &["below-mac", "deep"], "[lib]\nproc-macro = true\n"),
    ("below-mac", &[], ""),
    ("opt", &["below-opt"], ""),
    ("below-opt", &[], ""),
    ("real", &[], ""),
    ("builds", &["below-build"], ""),
    ("below-build", &[], ""),
    ("devs", &[], ""),
    ("win", &["unix-of-win"], ""),
    ("never", &[], ""),
    ("loom", &[], ""),
    ("redox", &[], ""),
    ("tools", &[], ""),
];

fn tree() -> Vec<(String, String)> {
    let mut files =
        vec![("Cargo.toml".to_owned(), APP.to_owned()), ("tests/tool/Cargo.toml".to_owned(), TOOL.to_owned())];
    let mut entries = vec![
        (
            "app".to_owned(),
            ["builds", "devs", "loom", "mac", "never", "normal", "opt", "real", "redox", "win"]
                .map(str::to_owned)
                .to_vec(),
            "1.0.0",
        ),
        ("tool".to_owned(), vec!["tools".to_owned()], "1.0.0"),
        ("unix-of-win".to_owned(), Vec::new(), "0.1.0"),
    ];
    let package = |name: &str, rest: &str| {
        (format!("dep/{name}/Cargo.toml"), format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\n{rest}"))
    };
    files.push(package("unix-of-win", ""));
    for (name, next, rest) in DEPENDENCIES {
        let mut text = rest.to_owned();
        // On Windows nothing is Unix: what stands here is built for no target.
        let table = if name == "win" { "target.'cfg(unix)'.dependencies" } else { "dependencies" };
        let _ = writeln!(text, "[{table}]");
        for next in next {
            let _ = writeln!(text, "{next} = {{ path = \"../{next}\" }}");
        }
        files.push(package(name, &text));
        entries.push((name.to_owned(), next.iter().map(|next| (*next).to_owned()).collect(), "0.1.0"));
    }
    entries.sort();
    let mut lock = "version = 4\n".to_owned();
    for (name, next, version) in entries {
        let _ = writeln!(lock, "\n[[package]]\nname = \"{name}\"\nversion = \"{version}\"\ndependencies = {next:?}");
    }
    files.push(("Cargo.lock".to_owned(), lock));
    files
}

fn told(options: &Options) -> Inventory {
    let files = tree();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    test_support::of(&files, options)
}

fn component<'a>(inventory: &'a Inventory, name: &str) -> &'a Component {
    inventory.components.iter().find(|component| component.name == name).unwrap()
}

#[test]
fn each_package_reaches_as_far_as_cargo_builds_it() {
    let inventory = told(&Options::default());
    let workspace = &inventory.workspaces[0];
    assert_eq!((workspace.resolver, &workspace.difference), (ResolvedBy::PackageManager, &None));
    assert_eq!(inventory.workspaces.len(), 1);
    assert!(workspace.locked == Locked::Yes);
    let windows = ["aarch64-pc-windows-msvc", "x86_64-pc-windows-msvc"].as_slice();
    let all = ["all"].as_slice();
    let (normal, build, dev) = (Scope::Normal, Scope::Build, Scope::Dev);
    for (name, reach, scopes, in_default, targets) in [
        ("app", Reach::Shipped, [normal].as_slice(), true, all),
        ("normal", Reach::Shipped, &[normal], true, all),
        ("deep", Reach::Shipped, &[normal, build], true, all),
        ("real", Reach::Shipped, &[normal], true, all),
        ("mac", Reach::Build, &[build], true, all),
        ("below-mac", Reach::Build, &[build], true, all),
        ("builds", Reach::Build, &[build], true, all),
        ("below-build", Reach::Build, &[build], true, all),
        ("devs", Reach::Dev, &[dev], true, all),
        ("opt", Reach::Shipped, &[normal], false, all),
        ("below-opt", Reach::Shipped, &[normal], false, all),
        ("win", Reach::Shipped, &[normal], true, windows),
        ("unix-of-win", Reach::NotInGraph, &[], false, &[]),
        ("never", Reach::NotInGraph, &[], false, &[]),
        // Somebody may build with `--cfg loom`.
        ("loom", Reach::Shipped, &[normal], true, &[]),
        // A member that is a test ships nothing.
        ("tool", Reach::Dev, &[normal], true, all),
        ("tools", Reach::Dev, &[normal], true, all),
    ] {
        let component = component(&inventory, name);
        assert_eq!(component.reach, reach, "{name}");
        assert_eq!(component.scopes, scopes, "{name}");
        assert_eq!(component.in_default, Some(in_default), "{name}");
        assert_eq!(component.in_all_features, Some(reach != Reach::NotInGraph), "{name}");
        assert_eq!(component.targets, targets, "{name}");
    }
    let redox = component(&inventory, "redox");
    assert_eq!(redox.reach, Reach::Shipped);
    assert!(!redox.targets.is_empty() && redox.targets.iter().all(|triple| triple.contains("redox")));
    assert_eq!(component(&inventory, "tools").class, "test");
    assert_eq!(component(&inventory, "normal").class, "shipped");
}

#[test]
fn from_the_lockfile_alone_nothing_is_told_that_cargo_would_deny() {
    let asked = told(&Options::default());
    let alone = told(&test_support::lockfile_only());
    assert_eq!(asked.components.len(), alone.components.len());
    for (asked, alone) in asked.components.iter().zip(&alone.components) {
        assert_eq!((&asked.name, asked.direct, asked.member), (&alone.name, alone.direct, alone.member));
        assert_eq!(asked.depends_on, alone.depends_on);
        assert!(alone.reach == Reach::Unknown || alone.reach == asked.reach, "{}", alone.name);
    }
}

#[test]
fn a_lockfile_that_does_not_fit_is_told() {
    let mut files = tree();
    files[0].1.push_str("extra-one = { path = \"dep/devs\", package = \"devs\" }\nfresh = { path = \"dep/fresh\" }\n");
    files.push(("dep/fresh/Cargo.toml".to_owned(), "[package]\nname = \"fresh\"\nversion = \"0.1.0\"\n".to_owned()));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let inventory = test_support::of(&files, &Options::default());
    let workspace = &inventory.workspaces[0];
    assert!(workspace.locked != Locked::Yes);
    assert_eq!(workspace.resolver, ResolvedBy::Lockfile);
    assert!(workspace.difference.as_deref().unwrap().contains("cargo asks for another"), "{workspace:?}");
}

/// What lies in the tree is known from the tree, whatever cargo says of it.
#[cfg(unix)]
#[test]
fn a_cargo_that_refuses_changes_nothing_where_all_manifests_are_in_the_tree() {
    let asked = told(&Options::default());
    for script in [
        "echo 'error: attempting to make an HTTP request, but --offline was specified' >&2; exit 101",
        "echo 'error: boom' >&2; exit 101",
        "case \"$*\" in *filter-platform*|*--version*) exec cargo \"$@\";; esac\n\
         echo 'error: attempting to make an HTTP request, but --offline was specified' >&2; exit 101",
        "case \"$*\" in *all-features*) echo 'error: --offline was specified' >&2; exit 101;; esac\nexec cargo \"$@\"",
    ] {
        let (_folder, options) = test_support::scripted(script);
        let inventory = told(&options);
        assert_eq!(inventory.workspaces[0].difference, None, "{script}");
        let reaches = |inventory: &Inventory| -> Vec<_> {
            let told = inventory.components.iter().cloned();
            told.map(|component| {
                (component.name, component.reach, component.scopes, component.in_default, component.targets)
            })
            .collect()
        };
        assert_eq!(reaches(&inventory), reaches(&asked), "{script}");
    }
}

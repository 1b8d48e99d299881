//! This project's own workspace: cargo is here, and so are the sources of what it is built from.

use std::time::Instant;

use crate::{Inventory, Locked, Options, ResolvedBy, Scope, SourceFile, Survey, inventory, test_support};
use plimsoll_model::body::Reach;

/// What cargo reads of it: tools of its tests are pinned for Python as well.
fn load(options: Options) -> (Vec<SourceFile>, Options) {
    let (mut files, options) = test_support::load(&test_support::own_root(), options);
    files.retain(|file| file.path.ends_with("Cargo.toml") || file.path.ends_with("Cargo.lock"));
    (files, options)
}

fn own() -> Inventory {
    let (files, options) = load(Options::default());
    let start = Instant::now();
    let inventory = inventory(&files, &Survey::default(), &options);
    eprintln!("own workspace: {} ms", start.elapsed().as_millis());
    inventory
}

/// A clean clone has built this crate, so the sources for this machine's target are here, maybe not those of others:
/// what is checked holds in both cases.
#[test]
fn cargo_tells_what_this_project_ships() {
    let mut inventory = own();
    // The fuzz targets are a workspace of their own, with a lockfile of their own.
    inventory.components.retain(|component| component.place != "fuzz/Cargo.lock");
    let workspace = &inventory.workspaces[0];
    if workspace.resolver != ResolvedBy::PackageManager && std::env::var_os("CI").is_none() {
        eprintln!("not checked: {:?}; run cargo fetch", workspace.difference);
        return;
    }
    assert_eq!(workspace.resolver, ResolvedBy::PackageManager, "{:?}", workspace.difference);
    assert!(workspace.locked == Locked::Yes);
    assert!(inventory.gaps.is_empty());
    assert!(inventory.package_managers.contains_key("cargo"));
    let components = test_support::by_name(&inventory);
    for (name, reach, scope) in [
        ("serde", Reach::Shipped, Scope::Normal),
        ("packageurl", Reach::Shipped, Scope::Normal),
        ("serde_derive", Reach::Build, Scope::Build),
        ("proptest", Reach::Dev, Scope::Dev),
        ("jsonschema", Reach::Dev, Scope::Dev),
    ] {
        let component = components[name];
        assert_eq!(component.lockfile.as_deref(), Some("Cargo.lock"), "{name}");
        assert_eq!(component.reach, reach, "{name}");
        assert!(component.scopes.contains(&scope), "{name}");
        assert_eq!(component.in_default, Some(true), "{name}");
        assert!(component.licence.is_some(), "{name}");
        assert!(component.sha256().is_some(), "{name}");
    }
    assert!(components["serde"].direct);
    assert!(!components["serde_core"].direct);
    assert!(components["plimsoll-components"].member);
    let exact = workspace.difference.is_none();
    // It is locked for a target that the compiler does not list: somebody else may build for it.
    let elsewhere = components.get("crunchy").map(|component| component.reach);
    assert!(!exact || elsewhere.is_none_or(|reach| reach == Reach::Dev), "{elsewhere:?}");
}

#[test]
fn each_lockfile_of_this_project_belongs_to_its_manifests() {
    let (files, options) = load(test_support::lockfile_only());
    let inventory = inventory(&files, &Survey::default(), &options);
    assert!(inventory.workspaces.iter().all(|workspace| workspace.locked == Locked::Yes), "{:?}", inventory.workspaces);
    assert!(inventory.gaps.is_empty(), "{:?}", inventory.gaps);
    assert!(inventory.ecosystems.iter().all(|ecosystem| ecosystem.checked), "{:?}", inventory.ecosystems);
}

#[test]
fn the_same_tree_gives_the_same_inventory() {
    let first = own();
    assert_eq!(own(), first);
    let (files, options) = load(Options::default());
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert_eq!(pool.install(|| inventory(&files, &Survey::default(), &options)), first);
}

/// What ships on one target is what `cargo tree` prints for it. Asked where the sources for every target are here.
#[test]
fn what_ships_on_a_target_is_what_cargo_prints_for_it() {
    use std::collections::BTreeSet;
    let inventory = own();
    if inventory.workspaces[0].difference.is_some() {
        eprintln!("not checked: {:?}; run cargo fetch", inventory.workspaces[0].difference);
        return;
    }
    for target in
        ["x86_64-unknown-linux-gnu", "x86_64-pc-windows-msvc", "aarch64-apple-darwin", "wasm32-unknown-unknown"]
    {
        let arguments =
            "tree --offline --locked --workspace --all-features --prefix none -e normal,no-proc-macro --target";
        let output = std::process::Command::new("cargo")
            .args(arguments.split(' '))
            .arg(target)
            .current_dir(test_support::own_root())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap();
        let lines = text.lines().filter_map(|line| {
            let mut words = line.split(' ');
            Some(format!("{} {}", words.next()?, words.next()?.strip_prefix('v')?))
        });
        let printed: BTreeSet<String> = lines.collect();
        let ships: BTreeSet<String> = inventory
            .components
            .iter()
            .filter(|component| component.lockfile.as_deref() == Some("Cargo.lock"))
            .filter(|component| component.scopes.contains(&Scope::Normal))
            .filter(|component| component.targets.iter().any(|on| on == "all" || on == target))
            .map(|component| format!("{} {}", component.name, component.version))
            .collect();
        // What is built for the machine that builds may be built for other targets as well.
        assert!(printed.is_subset(&ships), "{target}: {:?}", printed.difference(&ships).collect::<Vec<_>>());
        let more: Vec<_> = ships.difference(&printed).collect();
        let both = |name: &String| {
            let of = |component: &&crate::Component| format!("{} {}", component.name, component.version) == *name;
            inventory.components.iter().find(of).is_some_and(|component| component.scopes.len() > 1)
        };
        assert!(more.iter().all(|name| both(name)), "{target}: {more:?}");
    }
}

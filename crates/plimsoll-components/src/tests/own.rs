//! This project's own workspace: cargo is here, and so are the sources of what it is built from.

use std::time::Instant;

use crate::{Options, Reach, Resolver, inventory, support};

#[test]
fn cargo_tells_what_this_project_ships() {
    let (files, options) = support::load(&support::own_root(), Options::default());
    let start = Instant::now();
    let inventory = inventory(&files, &options);
    eprintln!("own workspace: {} ms", start.elapsed().as_millis());
    eprintln!(
        "{:#?}\n{:?}\n{:?} {:?}",
        inventory.workspaces, inventory.gaps, inventory.limitations, inventory.cargo_version
    );
    let components = support::by_name(&inventory);
    for name in ["serde", "proptest", "windows-sys", "syn", "insta", "cc", "git2", "serde_derive", "libc", "wasi"] {
        eprintln!(
            "{name}: {:?}",
            components.get(name).map(|c| (c.reach, &c.scopes, c.in_default, c.in_all_features, &c.targets, &c.licence))
        );
    }
    let mut n = std::collections::BTreeMap::new();
    for c in &inventory.components {
        n.entry(c.reach).or_insert_with(Vec::new).push(c.name.as_str());
    }
    eprintln!("{n:?}");
    assert_eq!(inventory.workspaces[0].resolver, Resolver::Cargo);
    assert_eq!(components["serde"].reach, Reach::Shipped);
}

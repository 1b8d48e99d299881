//! Made files against what other programs find in them.

use std::{collections::BTreeSet, fs};

use crate::{Inventory, Survey, inventory, test_support};

/// `tests/corpus/lockfile_peers.mjs` makes the list; which programs in which versions is said in its first line.
///
/// Both found the same in real projects: cdxgen in 110 packages.lock.json (12,957 packages), 7 packages.config and 115 pom.xml,
/// syft in 535 gradle.lockfile (79,243 packages) and 135 pom.xml, where it lists the project itself and what changes with time
/// (`-SNAPSHOT`) as well, and neither plugins nor what they need; it takes a comment for a package and reads no
/// buildscript-gradle.lockfile.
#[test]
fn other_programs_find_the_same_packages() {
    let root = test_support::own_root().join("fixtures/lockfiles");
    let (files, options) = test_support::load(&root, test_support::lockfile_only());
    let found: Inventory = inventory(&files, &Survey::default(), &options);
    let named = |own: bool| -> BTreeSet<String> {
        let all = found.components.iter().filter(|one| one.own == own);
        all.map(|one| format!("{}\t{} {}", one.lockfile.as_deref().unwrap_or(&one.place), one.name, one.version))
            .collect()
    };
    let text = fs::read_to_string(root.join("peers.tsv")).unwrap();
    let theirs: BTreeSet<String> = text.lines().filter(|line| !line.starts_with('#')).map(ToOwned::to_owned).collect();
    let (ours, own) = (named(false), named(true));
    assert!(theirs.len() > 15, "{theirs:?}");
    // The project itself; its version is one that the other program makes up where the file has none.
    let is_own = |one: &str| {
        own.iter()
            .any(|own| own.rsplit_once(' ').map(|(start, _)| start) == one.rsplit_once(' ').map(|(start, _)| start))
    };
    let missing: Vec<_> = theirs.iter().filter(|one| !ours.contains(*one) && !is_own(one)).collect();
    // What stands in a parent is listed for each project that has it; syft lists it where it stands.
    let is_inherited =
        |one: &&String| one.starts_with("jvm/maven/core/") && theirs.contains(&one.replace("/core/", "/"));
    let extra: Vec<_> = ours.iter().filter(|one| !theirs.contains(*one) && !is_inherited(one)).collect();
    assert_eq!((missing, extra), (Vec::<&String>::new(), Vec::<&String>::new()));
}

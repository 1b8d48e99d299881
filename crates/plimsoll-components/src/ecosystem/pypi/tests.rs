mod faults;
mod peers;
mod requirements;
mod tools;

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

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,60}|[a-z=<>~!,;#\\[\\]{}\"' .\n@:/+-]{0,120}", number in 0_usize..12) {
        let names = ["pyproject.toml", "setup.cfg", "setup.py", "Pipfile", "requirements.txt", "constraints.txt", "uv.lock", "poetry.lock", "pdm.lock", "pylock.toml", "Pipfile.lock", "requirements.in"];
        let _ = of(&[(names[number], &text), (names[(number + 1) % 12], &text), ("x/requirements.txt", &format!("-r ../requirements.txt\n{text}"))]);
    }
}

//! Real lockfiles: every package is listed, and the `cargo-lock` crate says the same of each.

use std::{collections::BTreeSet, fs, path::PathBuf, time::Instant};

use crate::{Cause, Locked, Options, ResolvedBy, Survey, inventory, test_support};

const CASES: [&str; 8] = [
    "BurntSushi__ripgrep__2019-09-25",
    "BurntSushi__ripgrep__2026-08-04",
    "nushell__nushell__2021-01-01",
    "nushell__nushell__2026-08-08",
    "rust-lang__cargo__2026-08-22",
    "sharkdp__bat__2020-06-01",
    "sharkdp__bat__2026-08-01",
    "tauri-apps__tauri__2024-10-24",
];

/// The folder of a case's manifests, and its name.
pub(crate) fn cases() -> Vec<(&'static str, PathBuf)> {
    let folder = |case: &str| plimsoll_testkit::unpack(&format!("lockfiles/{case}/manifests.tar.zst"));
    CASES.iter().filter_map(|case| Some((*case, folder(case)?.join(case)))).collect()
}

#[test]
fn every_package_of_every_lockfile_is_listed() {
    for (case, root) in cases() {
        let (files, options) = test_support::load(&root, Options::default());
        let start = Instant::now();
        let inventory = inventory(&files, &Survey::default(), &options);
        let time = start.elapsed();
        let manifests = files.iter().filter(|file| file.path.ends_with("toml")).count();
        let main = inventory.workspaces.iter().find(|workspace| workspace.manifest == "Cargo.toml").unwrap();
        eprintln!(
            "{case}: {manifests} manifests, {} workspaces, {} components, {} ms, {:?} {:?}",
            inventory.workspaces.len(),
            inventory.components.len(),
            time.as_millis(),
            main.resolver,
            main.difference
        );
        assert!(main.locked == Locked::Yes, "{case}: {:?}", main.difference);
        let unfit: Vec<_> = inventory.gaps.iter().filter(|gap| gap.cause == Cause::StaleLockfile).collect();
        assert!(unfit.is_empty(), "{case}: {unfit:?}");
        assert_eq!(
            inventory
                .workspaces
                .iter()
                .filter(|workspace| workspace.resolver == ResolvedBy::None && workspace.lockfile.is_some())
                .count(),
            0
        );
        for lockfile in &inventory.lockfiles {
            let text = fs::read_to_string(root.join(&lockfile.path)).unwrap();
            let listed = |name: &str, version: &str| {
                inventory.components.iter().any(|component| {
                    component.lockfile.as_deref() == Some(lockfile.path.as_str())
                        && component.name == name
                        && component.version == version
                })
            };
            let Ok(oracle) = text.parse::<cargo_lock::Lockfile>() else {
                // Of cargo's own broken fixtures it refuses some as a whole.
                assert!(lockfile.path.starts_with("tests/"), "{case} {}", lockfile.path);
                continue;
            };
            assert_eq!(oracle.packages.len() as u64, lockfile.packages, "{case} {}", lockfile.path);
            assert_eq!(u32::from(oracle.version).to_string(), lockfile.format_version, "{case} {}", lockfile.path);
            for package in &oracle.packages {
                assert!(listed(package.name.as_str(), &package.version.to_string()), "{case} {}", package.name);
            }
        }
        let members = inventory
            .components
            .iter()
            .filter(|component| component.member && component.lockfile.as_deref() == Some("Cargo.lock"));
        assert_eq!(members.count() as u64, main.members, "{case}");
    }
}

#[test]
fn edges_and_checksums_are_those_that_cargo_lock_reads() {
    for (case, root) in cases() {
        let bytes = fs::read(root.join("Cargo.lock")).unwrap();
        let lock = crate::ecosystem::cargo::lockfile::Lock::parse(&bytes, &crate::Limits::default()).unwrap();
        assert!(lock.faults.is_empty(), "{case}: {:?}", lock.faults);
        let oracle: cargo_lock::Lockfile = String::from_utf8(bytes).unwrap().parse().unwrap();
        for package in &oracle.packages {
            let (name, version) = (package.name.as_str(), package.version.to_string());
            let same = |own: &&crate::ecosystem::cargo::lockfile::Package| {
                own.name == name && own.version == version && own.source.is_some() == package.source.is_some()
            };
            let own = lock.packages.iter().find(same).unwrap();
            assert_eq!(package.checksum.as_ref().map(ToString::to_string), own.checksum, "{case} {name}");
            let theirs: BTreeSet<(String, String)> =
                package.dependencies.iter().map(|next| (next.name.to_string(), next.version.to_string())).collect();
            let ours: BTreeSet<(String, String)> = own
                .dependencies
                .iter()
                .map(|next| (lock.packages[*next].name.clone(), lock.packages[*next].version.clone()))
                .collect();
            assert_eq!(theirs, ours, "{case} {name}");
        }
    }
}

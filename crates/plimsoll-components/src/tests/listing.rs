//! What is told of real projects, to be compared with what other programs say of them.

use crate::{Cause, test_support};

/// Prints it for each in the folder that `PLIMSOLL_TREES` names, where it does.
#[test]
fn real_projects_are_read() {
    let Some(given) = std::env::var_os("PLIMSOLL_TREES") else { return };
    for project in std::fs::read_dir(given).unwrap().map(|entry| entry.unwrap().path()) {
        let (read, options) = test_support::load(&project, test_support::lockfile_only());
        let found = crate::inventory(&read, &crate::Survey::default(), &options);
        for one in &found.lockfiles {
            println!("LOCK {} {} {} {:?} {:?}", project.display(), one.path, one.packages, one.whole, one.whole_reason);
        }
        for one in &found.workspaces {
            println!("WORKSPACE {} {} {:?} {:?}", project.display(), one.manifest, one.locked, one.difference);
        }
        for one in &found.components {
            println!(
                "COMPONENT {}\t{}\t{} {}\t{}\t{}",
                project.display(),
                one.lockfile.as_deref().unwrap_or(&one.place),
                one.name,
                one.version,
                one.own,
                one.purl
            );
        }
        for gap in found.gaps.iter().filter(|gap| gap.cause != Cause::NotCompared) {
            println!("GAP {} {:?} {}", project.display(), gap.cause, gap.reason);
        }
    }
}

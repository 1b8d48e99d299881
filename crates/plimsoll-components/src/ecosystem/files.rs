//! The files of one ecosystem, and what of them could not be read.

use std::collections::BTreeMap;

use plimsoll_model::tree_path;

use super::Ecosystem;
use crate::{
    gap::{Cause, Gap},
    options::Options,
    path_class,
    tree_file::{Role, SourceFile},
};

/// Manifests and lockfiles of one ecosystem by path, each once, and no more than the bounds allow.
pub(crate) struct Files<'a> {
    pub manifests: Vec<&'a SourceFile>,
    pub lockfiles: Vec<&'a SourceFile>,
}

impl<'a> Files<'a> {
    /// Picks them out of the files of a tree. A path that is not clean or is given twice is a gap.
    pub fn of(ecosystem: &dyn Ecosystem, files: &'a [SourceFile], options: &Options, gaps: &mut Vec<Gap>) -> Self {
        let mut manifests: BTreeMap<&str, &SourceFile> = BTreeMap::new();
        let mut lockfiles: BTreeMap<&str, &SourceFile> = BTreeMap::new();
        for file in files {
            let (list, cause) = match ecosystem.role(&file.path) {
                Some(Role::Manifest) => (&mut manifests, Cause::Manifest),
                Some(Role::Lockfile) => (&mut lockfiles, Cause::Lockfile),
                _ => continue,
            };
            let shown = plimsoll_model::one_line(&file.path);
            if !tree_path::is_clean(&file.path) {
                let reason = format!("{shown} has a path that no tree should have; it was not read");
                gaps.push(Gap { cause, path: shown, reason });
            } else if list.insert(&file.path, file).is_some() {
                let reason = format!("{shown} is in the tree twice; one of the two was read");
                gaps.push(Gap { cause, path: shown, reason });
            }
        }
        let limit = options.limits.manifests;
        for list in [&manifests, &lockfiles] {
            if let Some((path, _)) = list.iter().nth(limit) {
                let reason = format!("{path} and what follows it is beyond the {limit} files that are read");
                gaps.push(Gap { cause: Cause::Limit, path: (*path).to_owned(), reason });
            }
        }
        Self {
            manifests: manifests.into_values().take(limit).collect(),
            lockfiles: lockfiles.into_values().take(limit).collect(),
        }
    }
}

/// What could not be read among examples, tests and fixtures: counted, since such files are broken on purpose.
pub(crate) struct Aside {
    manifest: &'static str,
    lockfile: &'static str,
    counts: BTreeMap<Cause, usize>,
}

impl Aside {
    /// With what manifests and lockfiles are called in a sentence.
    pub const fn new(manifest: &'static str, lockfile: &'static str) -> Self {
        Self { manifest, lockfile, counts: BTreeMap::new() }
    }

    /// Notes that a file was not read: a gap where it may ship, counted where not.
    pub fn note(&mut self, cause: Cause, path: &str, class: &str, reason: &str, gaps: &mut Vec<Gap>) {
        if path_class::may_ship(class) {
            gaps.push(Gap { cause, path: path.to_owned(), reason: format!("{path}: {reason}") });
        } else {
            *self.counts.entry(cause).or_default() += 1;
        }
    }

    /// What was counted, in sentences.
    pub fn told(&self) -> Vec<String> {
        let Self { manifest, lockfile, .. } = self;
        let text = |cause: Cause| match cause {
            Cause::Manifest => format!("{manifest} of examples, tests and fixtures could not be read"),
            Cause::LockfileEntry => {
                format!("entries in {lockfile} files of examples, tests and fixtures could not be read")
            }
            _ => format!("{lockfile} of examples, tests and fixtures could not be read"),
        };
        self.counts.iter().map(|(cause, count)| format!("{count} {}", text(*cause))).collect()
    }
}

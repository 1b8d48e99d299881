//! Packages against advisories.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::civil::Date;

use plimsoll_model::body::{AdvisoryKind, Severity};

use crate::{AdvisoryError, Database, LockedPackage, RustsecRecord};

/// An advisory that holds for a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The package.
    pub package: LockedPackage,
    /// The advisory.
    pub record: RustsecRecord,
}

/// Gives every advisory that holds for one of `packages` on the day `today`, by advisory, package and version, each once.
///
/// The rule is that of RustSec's own tools: only packages from crates.io, no withdrawn advisory, versions as
/// the rustsec crate judges them. The processor and system that an advisory is limited to do not remove it.
pub fn match_packages(
    database: &Database,
    packages: &[LockedPackage],
    today: Date,
) -> Result<Vec<Match>, AdvisoryError> {
    let mut seen = BTreeSet::new();
    let mut matches = Vec::new();
    for package in packages.iter().filter(|package| package.default_registry) {
        if !seen.insert((&package.name, &package.version)) {
            continue;
        }
        for record in database.records(&package.name)?.iter() {
            if !record.is_withdrawn(today) && record.source.is_none() && record.affects(&package.version) {
                matches.push(Match { package: package.clone(), record: record.clone() });
            }
        }
    }
    matches.sort_by(|one, other| (&one.record.id, &one.package).cmp(&(&other.record.id, &other.package)));
    Ok(matches)
}

/// Gives what `database` says less of than the data that is built into this program, for these packages: an advisory by
/// which a version is not affected that is affected by the built-in one, or is affected less. In words, sorted.
///
/// One that was withdrawn says less as well: who gave the data may have written that, and nothing here can check it.
pub fn understated(database: &Database, packages: &[LockedPackage], today: Date) -> Result<Vec<String>, AdvisoryError> {
    if !database.is_given() {
        return Ok(Vec::new());
    }
    let mut found = BTreeSet::new();
    for one in match_packages(&Database::embedded()?, packages, today)? {
        let records = database.records(&one.package.name)?;
        let theirs = || records.iter().filter(|record| record.id == one.record.id);
        if theirs().any(|theirs| says_less(theirs, &one, today)) {
            let withdrawn = if theirs().any(|theirs| theirs.is_withdrawn(today)) { ", which it withdraws" } else { "" };
            found.insert(format!("{} of {} {}{withdrawn}", one.record.id, one.package.name, one.package.version));
        }
    }
    Ok(found.into_iter().collect())
}

/// Does a record say less of a package than the one that is built in?
pub(crate) fn says_less(theirs: &RustsecRecord, built_in: &Match, today: Date) -> bool {
    let rated = |severity: Severity| matches!(severity, Severity::Critical | Severity::High);
    let (own, kind) = (built_in.record.severity(), built_in.record.kind);
    theirs.is_withdrawn(today)
        || !theirs.affects(&built_in.package.version)
        || theirs.source.is_some()
        // A vulnerability is the worst that something can be, and a notice the least.
        || (theirs.kind != kind && theirs.kind != AdvisoryKind::Vulnerability && kind != AdvisoryKind::Notice)
        // What is not rated comes last in the order: any rating is less than that. It is less than a high one too.
        || theirs.severity() < own
        || (rated(own) && !rated(theirs.severity()))
}

impl Match {
    /// What the advisory is about.
    pub fn kind(&self) -> AdvisoryKind {
        self.record.kind
    }
}

/// Gives the shortest way from one of `roots` to `target` along `edges`, both ends included; among equally
/// short ones the first in the order of names. Empty when there is none.
pub fn path_to(edges: &BTreeMap<String, Vec<String>>, roots: &[String], target: &str) -> Vec<String> {
    let mut came_from: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    let mut queue: VecDeque<&str> = VecDeque::new();
    for root in roots.iter().collect::<BTreeSet<_>>() {
        came_from.insert(root, None);
        queue.push_back(root);
    }
    while let Some(node) = queue.pop_front() {
        if node == target {
            let mut path = vec![node.to_owned()];
            let mut at = node;
            while let Some(Some(before)) = came_from.get(at) {
                path.push((*before).to_owned());
                at = before;
            }
            path.reverse();
            return path;
        }
        let mut next: Vec<&str> = edges.get(node).into_iter().flatten().map(String::as_str).collect();
        next.sort_unstable();
        for one in next {
            if !came_from.contains_key(one) {
                came_from.insert(one, Some(node));
                queue.push_back(one);
            }
        }
    }
    Vec::new()
}

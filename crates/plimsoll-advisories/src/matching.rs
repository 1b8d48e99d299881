//! Packages against advisories.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::civil::Date;
use plimsoll_model::body::{AdvisoryKind, Severity};
use rayon::prelude::*;

use crate::{AdvisoryError, Aliases, Database, advisory::Advisory, ecosystem::Ecosystem, verdict::Verdict};

/// A package at one version, of the public registry of its ecosystem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Its ecosystem.
    pub ecosystem: &'static Ecosystem,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

impl Package {
    fn key(&self) -> (&str, &str, &str) {
        (self.ecosystem.name, &self.name, &self.version)
    }
}

impl PartialOrd for Package {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Package {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

/// An advisory that holds for a package, or of which nobody can say whether it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The package.
    pub package: Package,
    /// The advisory.
    pub advisory: Advisory,
    /// [`Verdict::Affected`] or [`Verdict::Uncomparable`].
    pub verdict: Verdict,
    /// Other ids of the flaw, those of the advisory first: as aliases join them over all advisories about the packages.
    pub aliases: Vec<String>,
    /// The id that stands for the flaw: of the matches that are of it, the first in the order of their ids.
    pub flaw: String,
}

/// An advisory, and the packages that it holds for or may hold for.
type Judged = (Advisory, Vec<(Package, Verdict)>);

/// Gives every advisory that holds for one of `packages` on the day `today`, by advisory and package, each once.
///
/// No withdrawn advisory, and none about another registry. The processor and system that an advisory is limited to do not
/// remove it.
pub fn match_packages(database: &Database, packages: &[Package], today: Date) -> Result<Vec<Match>, AdvisoryError> {
    let mut versions: BTreeMap<(&str, &str), BTreeSet<&Package>> = BTreeMap::new();
    for package in packages {
        versions.entry((package.ecosystem.name, &package.name)).or_default().insert(package);
    }
    let of_one = |packages: &BTreeSet<&Package>| -> Result<Vec<Judged>, AdvisoryError> {
        let Some(first) = packages.first() else { return Ok(Vec::new()) };
        let mut advisories = database.advisories(first.ecosystem, &first.name)?;
        advisories.retain(|one| !one.is_withdrawn(today) && one.source.is_none());
        let judged = advisories.into_iter().map(|advisory| {
            let verdicts = packages.iter().map(|package| {
                let verdict = advisory.verdict(package.ecosystem, &package.version);
                ((*package).clone(), verdict)
            });
            let held = verdicts.filter(|(_, verdict)| *verdict != Verdict::NotAffected).collect();
            (advisory, held)
        });
        Ok(judged.collect())
    };
    let of_all: Vec<&BTreeSet<&Package>> = versions.values().collect();
    let judged: Vec<_> = of_all.into_par_iter().map(of_one).collect::<Result<Vec<_>, _>>()?;
    let all = || judged.iter().flatten();
    let joined = Aliases::of_ids(all().map(|(advisory, _)| (advisory.id.as_str(), advisory.aliases.as_slice())));
    // Of each flaw the first of those that hold.
    let mut named: BTreeMap<&str, &str> = BTreeMap::new();
    for (advisory, _) in all().filter(|(_, held)| !held.is_empty()) {
        let first = named.entry(joined.flaw(&advisory.id)).or_insert(&advisory.id);
        *first = (*first).min(&advisory.id);
    }
    let mut matches: Vec<Match> = Vec::new();
    for (advisory, held) in all() {
        let flaw = named.get(joined.flaw(&advisory.id)).map_or(advisory.id.as_str(), |first| first);
        let mut aliases = advisory.aliases.clone();
        let known = |id: &String, aliases: &[String]| {
            *id == advisory.id || aliases.iter().any(|alias| alias.eq_ignore_ascii_case(id))
        };
        for id in joined.all(&advisory.id) {
            if !known(id, &aliases) {
                aliases.push(id.clone());
            }
        }
        matches.extend(held.iter().map(|(package, verdict)| Match {
            package: package.clone(),
            advisory: advisory.clone(),
            verdict: verdict.clone(),
            aliases: aliases.clone(),
            flaw: flaw.to_owned(),
        }));
    }
    // What two sources say of one version under one id counts once: the worse of it.
    let open = |one: &Match| one.verdict != Verdict::Affected;
    matches.sort_by(|one, other| {
        let worse = |of: &Match| (open(of), of.advisory.kind, std::cmp::Reverse(rank(of.advisory.severity)));
        (&one.advisory.id, &one.package)
            .cmp(&(&other.advisory.id, &other.package))
            .then_with(|| worse(one).cmp(&worse(other)))
    });
    matches.dedup_by(|later, first| later.advisory.id == first.advisory.id && later.package == first.package);
    Ok(matches)
}

/// Does an advisory say that a package is not affected which is by the one that is built in, or only in a lesser way?
fn speaks_less(theirs: &Advisory, built_in: &Match, today: Date) -> bool {
    let kind = built_in.advisory.kind;
    let verdict = theirs.verdict(built_in.package.ecosystem, &built_in.package.version);
    theirs.is_withdrawn(today)
        || verdict == Verdict::NotAffected
        || (built_in.verdict == Verdict::Affected && verdict != Verdict::Affected)
        || theirs.source.is_some()
        // A vulnerability is the worst that something can be, and a notice the least.
        || (theirs.kind != kind && theirs.kind != AdvisoryKind::Vulnerability && kind != AdvisoryKind::Notice)
}

/// How bad a severity is; one that is not known is as bad as the worst.
fn rank(severity: Severity) -> u8 {
    match severity {
        Severity::None => 0,
        Severity::Low => 1,
        Severity::Medium => 2,
        Severity::High => 3,
        Severity::Critical | Severity::Unknown => 4,
    }
}

/// Gives what `database` says less of than the data that is built into this program, for these packages: an advisory by
/// which a version is not affected that is affected by the built-in one, or is affected less. In words, by ecosystem and sorted.
///
/// One that was withdrawn says less as well: who gave the data may have written that, and nothing here can check it. What is
/// missing as a whole is in [`crate::DataOf::lacks`].
pub fn understated(
    database: &Database,
    packages: &[Package],
    today: Date,
) -> Result<BTreeMap<&'static str, BTreeSet<String>>, AdvisoryError> {
    let mut found: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
    if !database.is_given() {
        return Ok(found);
    }
    for one in match_packages(&Database::embedded()?, packages, today)? {
        let advisories = database.advisories(one.package.ecosystem, &one.package.name)?;
        let same: Vec<&Advisory> = advisories.iter().filter(|theirs| theirs.id == one.advisory.id).collect();
        let own = &one.advisory;
        // Another database may have the flaw under an id of its own, and rate it in its own way.
        let named = || advisories.iter().filter(|theirs| theirs.names(&own.id) || own.names(&theirs.id));
        let other: Vec<&Advisory> = if same.is_empty() { named().collect() } else { Vec::new() };
        let less = same.iter().all(|theirs| says_less(theirs, &one, today))
            && other.iter().all(|theirs| speaks_less(theirs, &one, today));
        if less && !(same.is_empty() && other.is_empty()) {
            let is_withdrawn = same.iter().chain(&other).any(|theirs| theirs.is_withdrawn(today));
            let withdrawn = if is_withdrawn { ", which it withdraws" } else { "" };
            let words = format!("{} of {} {}{withdrawn}", one.advisory.id, one.package.name, one.package.version);
            found.entry(one.package.ecosystem.name).or_default().insert(words);
        }
    }
    Ok(found)
}

/// Does an advisory say less of a package than the one that is built in?
pub(crate) fn says_less(theirs: &Advisory, built_in: &Match, today: Date) -> bool {
    let rated = |severity: Severity| matches!(severity, Severity::Critical | Severity::High);
    let own = built_in.advisory.severity;
    speaks_less(theirs, built_in, today)
        // What is not rated comes last in the order: any rating is less than that. It is less than a high one too.
        || theirs.severity < own
        || (rated(own) && !rated(theirs.severity))
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

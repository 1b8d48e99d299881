//! Advisory findings that are new, gone, or reach further.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_model::{
    ChangeAbout, Direction, Finding, KindStatus, LabelBody, LabelChange, Pointer,
    body::{AdvisoryFinding, Body as _},
};

/// What a finding is about.
type Key<'a> = (&'a str, &'a str, &'a str, &'a str);

/// Severities, the worst first; what is not rated may be the worst.
const SEVERITIES: [&str; 6] = ["unknown", "critical", "high", "medium", "low", "none"];
/// Reaches, the furthest first; any other word, and `unknown`, is as the first.
const REACHES: [&str; 4] = ["shipped", "build", "dev", "not-in-graph"];

const HIDDEN: &str =
    "the file that named it is not examined any more, or not all of it: nothing shows that the finding was cured";

/// What is still looked at, so that a finding that is gone is cured and not hidden.
pub struct Still {
    lockfiles: BTreeSet<String>,
    as_well: bool,
}

impl Still {
    /// Reads it from two labels: the files that the second one names as evidence, and whether findings were looked for as well as in
    /// the first.
    pub fn of(before: &LabelBody, after: &LabelBody) -> Self {
        let pointers = after.criteria.iter().flat_map(|one| &one.pointers);
        let named = pointers.filter_map(|pointer| pointer.path.clone());
        let status = |body: &LabelBody| {
            let reports = body.limitations.iter().filter(|one| one.kind == AdvisoryFinding::KIND);
            let rank = |status| match status {
                KindStatus::Unavailable => 0,
                KindStatus::Partial => 1,
                KindStatus::Searched => 2,
            };
            reports.map(|one| rank(one.status)).min().unwrap_or(2)
        };
        Self {
            lockfiles: named.chain(after.findings.iter().map(|one| one.lockfile.clone())).collect(),
            as_well: status(after) >= status(before),
        }
    }

    fn looks_at(&self, finding: &Finding) -> bool {
        self.as_well && self.lockfiles.contains(&finding.lockfile)
    }
}

/// Gives what differs between two lists of findings, the most serious first.
pub fn changes(before: &[Finding], after: &[Finding], still: &Still, inputs: &[String]) -> Vec<LabelChange> {
    let (one, other) = (by_key(before), by_key(after));
    let mut gone: Vec<&Finding> =
        one.iter().filter(|(key, _)| !other.contains_key(*key)).map(|(_, finding)| *finding).collect();
    let mut found = Vec::new();
    for (key, finding) in &other {
        if let Some(was) = one.get(key) {
            found.extend(moved(was, finding));
            continue;
        }
        // The same advisory on another version of the package is the one that was there.
        let same = |was: &&Finding| {
            (&was.advisory, &was.package, &was.lockfile) == (&finding.advisory, &finding.package, &finding.lockfile)
        };
        match gone.iter().position(same) {
            Some(at) => found.push(item(Some(gone.remove(at)), Some(finding), Direction::Other)),
            None => found.push(item(None, Some(finding), Direction::Worse)),
        }
    }
    found.extend(gone.into_iter().map(|was| {
        if still.looks_at(was) {
            return item(Some(was), None, Direction::Better);
        }
        let (weight, change) = item(Some(was), None, Direction::Other);
        (weight, LabelChange { reason_after: HIDDEN.to_owned(), ..change })
    }));
    found.sort_by_key(|(weight, _)| *weight);
    found.into_iter().map(|(_, change)| LabelChange { inputs: inputs.to_vec(), ..change }).collect()
}

fn by_key(findings: &[Finding]) -> BTreeMap<Key<'_>, &Finding> {
    findings
        .iter()
        .map(|one| ((one.advisory.as_str(), one.package.as_str(), one.version.as_str(), one.lockfile.as_str()), one))
        .collect()
}

/// A finding that is on both sides and reaches further, or less far.
fn moved(was: &Finding, is: &Finding) -> Option<(usize, LabelChange)> {
    let direction = match rank(&is.reach).cmp(&rank(&was.reach)) {
        std::cmp::Ordering::Less => Direction::Worse,
        std::cmp::Ordering::Greater => Direction::Better,
        std::cmp::Ordering::Equal => return None,
    };
    Some(item(Some(was), Some(is), direction))
}

/// How far it reaches, the furthest first. What is not known reaches as far as what ships: nothing says that it does not.
fn rank(reach: &str) -> usize {
    REACHES.iter().position(|one| *one == reach).unwrap_or_default()
}

fn item(before: Option<&Finding>, after: Option<&Finding>, direction: Direction) -> (usize, LabelChange) {
    let word = |one: &Finding| format!("{} {}: {}", one.package, one.version, one.reach);
    let reason = |one: &Finding| {
        let patched = if one.patched.is_empty() {
            "no version is free of it".to_owned()
        } else {
            format!("fixed in {}", one.patched.join(", "))
        };
        format!("{} {} in {} {} ({}); {patched}", severity(one), one.kind, one.package, one.version, one.lockfile)
    };
    let named = after.or(before);
    let weight = named
        .map_or(usize::MAX, |one| SEVERITIES.iter().position(|severity| *severity == one.severity).unwrap_or_default());
    let place = after.or(before).filter(|one| !one.lockfile.is_empty());
    let change = LabelChange {
        about: ChangeAbout::Finding,
        id: named.map(|one| one.advisory.clone()).unwrap_or_default(),
        title: named.map(|one| format!("{} in {}", one.kind, one.package)).unwrap_or_default(),
        direction,
        before: before.map(word),
        after: after.map(word),
        reason_before: before.map(reason).unwrap_or_default(),
        reason_after: after.map(reason).unwrap_or_default(),
        places: place.map(|one| Pointer::path(one.lockfile.clone())).into_iter().collect(),
        inputs: Vec::new(),
    };
    (weight, change)
}

fn severity(finding: &Finding) -> String {
    if finding.severity == "unknown" { "unrated".to_owned() } else { finding.severity.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_cured_only_where_it_is_still_looked_for() {
        let finding = Finding {
            advisory: "X-1".to_owned(),
            aliases: Vec::new(),
            kind: "vulnerability".to_owned(),
            severity: "high".to_owned(),
            package: "p".to_owned(),
            version: "1.0.0".to_owned(),
            reach: "shipped".to_owned(),
            class: "shipped".to_owned(),
            lockfile: "a/Cargo.lock".to_owned(),
            patched: Vec::new(),
            known_exploited: None,
            epss: None,
            exceptions: Vec::new(),
        };
        for (lockfile, as_well, expected) in [
            ("a/Cargo.lock", true, Direction::Better),
            ("a/Cargo.lock", false, Direction::Other),
            ("Cargo.lock", true, Direction::Other),
        ] {
            let still = Still { lockfiles: BTreeSet::from([lockfile.to_owned()]), as_well };
            let found = changes(std::slice::from_ref(&finding), &[], &still, &[]);
            assert_eq!(found.first().map(|one| one.direction), Some(expected), "{lockfile} {as_well}");
        }
    }
}

//! Advisory findings that are new, gone, or reach further.

use std::collections::BTreeMap;

use plimsoll_model::{ChangeAbout, Direction, Finding, LabelChange, Pointer};

/// What a finding is about.
type Key<'a> = (&'a str, &'a str, &'a str, &'a str);

/// Severities, the worst first; what is not rated may be the worst.
const SEVERITIES: [&str; 6] = ["unknown", "critical", "high", "medium", "low", "none"];
/// Reaches, the furthest first; any other word, and `unknown`, is as the first.
const REACHES: [&str; 4] = ["shipped", "build", "dev", "not-in-graph"];

/// Gives what differs between two lists of findings, the most serious first.
pub fn changes(before: &[Finding], after: &[Finding], inputs: &[String]) -> Vec<LabelChange> {
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
    found.extend(gone.into_iter().map(|was| item(Some(was), None, Direction::Better)));
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

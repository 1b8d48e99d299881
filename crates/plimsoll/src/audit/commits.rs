//! Which commit of a history was found otherwise, where a digest over all of them differs.

use plimsoll_collect::Examination;
use plimsoll_model::{Difference, EveryCommit, Evidence, Fact, one_line};

/// The member of a body that holds a digest over every commit.
const MEMBER: &str = "everyCommit";

/// For each digest over every commit that differs, the first commit of which something else was found.
pub fn first_that_differ(audited: &Evidence, again: &Evidence, examination: &Examination<'_>) -> Vec<Difference> {
    let found = audited.facts.iter().filter_map(|fact| {
        let one = every_commit(fact)?;
        let same =
            |other: &&Fact| other.kind == fact.kind && other.subject == fact.subject && other.body.contains_key(MEMBER);
        let other = every_commit(again.facts.iter().find(same)?)?;
        let place = one.first_difference(&other)?;
        let commit = examination.commit_at(place)?;
        let mark = |one: &EveryCommit| one.mark(place).map(|mark| format!("found of it, in short: {}", one_line(mark)));
        let place = format!("fact {}: commit {commit}, the newest that differs", fact.kind);
        Some(Difference { place, audited: mark(&one), again: mark(&other) })
    });
    found.collect()
}

fn every_commit(fact: &Fact) -> Option<EveryCommit> {
    serde_json::from_value(fact.body.get(MEMBER)?.clone()).ok()
}

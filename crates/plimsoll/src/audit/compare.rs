//! What differs between two labels, or between two evidences.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

use plimsoll_model::{Change, CriterionResult, Difference, Evidence, Fact, LabelBody, Standing, one_line};
use serde::Serialize;
use serde_json::Value;

/// Differences that are told; the rest is counted.
const MOST: usize = 200;
/// Places that are kept.
const MOST_PLACES: usize = 10_000;
/// Members of a list that are looked up by their ids.
const MOST_IDS: usize = 1_000;
/// Characters of a value that is told.
const LONGEST: usize = 200;

/// Where two evidences differ, without what a fact is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// An input, by its name.
    Input(String),
    /// What was examined.
    Examined,
    /// A member of the report of a kind; nothing where one side alone has that report.
    Report {
        /// The kind.
        kind: String,
        /// The member.
        member: Option<String>,
    },
    /// A member of a fact, as in `body/class`.
    Member {
        /// The kind.
        kind: String,
        /// The member.
        member: String,
    },
    /// A fact that one side alone has.
    Fact {
        /// The kind.
        kind: String,
        /// What its body calls itself, where it does.
        what: Option<String>,
    },
    /// Anything else, and what is too much to be kept.
    Other,
}

/// Differences, bounded.
#[derive(Default)]
pub struct Differences {
    /// The first ones.
    pub told: Vec<Difference>,
    /// How many more.
    pub more: u64,
    /// Where all of them are, told or not, each with the words for the first one there.
    pub places: BTreeMap<Place, String>,
}

impl Differences {
    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    /// Two values are told apart as they are, member by member, and shown in short. `head` says where they are.
    fn member<T: Serialize + PartialEq>(
        &mut self,
        head: &str,
        place: impl Fn(Option<&str>) -> Place,
        audited: Option<&T>,
        again: Option<&T>,
    ) {
        if audited == again {
            return;
        }
        let json = |value: Option<&T>| value.and_then(|value| serde_json::to_value(value).ok());
        match (json(audited), json(again)) {
            (Some(one), Some(other)) => {
                for member in differing(&one, &other) {
                    self.at(place(Some(member)), &format!("{head} /{}", one_line(member)));
                }
                let inner = diff_json(&one, &other);
                for difference in inner.told {
                    let words = format!("{head} {}", difference.place);
                    self.push(words.trim_end().to_owned(), difference.audited, difference.again);
                }
                self.more += inner.more;
            }
            (one, other) => {
                self.at(place(None), head);
                self.push(head.to_owned(), one.as_ref().map(shown), other.as_ref().map(shown));
            }
        }
    }

    /// Keeps a place. Of more than can be kept nothing is believed.
    fn at(&mut self, place: Place, words: &str) {
        let place = if self.places.len() < MOST_PLACES { place } else { Place::Other };
        self.places.entry(place).or_insert_with(|| words.to_owned());
    }

    fn push(&mut self, place: String, audited: Option<String>, again: Option<String>) {
        if self.told.len() < MOST {
            self.told.push(Difference { place, audited, again });
        } else {
            self.more += 1;
        }
    }
}

/// The members of two objects that differ; of anything else that differs, one without a name.
fn differing<'a>(one: &'a Value, other: &'a Value) -> Vec<&'a str> {
    let (Value::Object(one), Value::Object(other)) = (one, other) else {
        return if one == other { Vec::new() } else { vec![""] };
    };
    let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    names.into_iter().filter(|name| one.get(*name) != other.get(*name)).map(String::as_str).collect()
}

/// A value in a bounded number of characters, whatever it holds.
fn shown(value: &impl Serialize) -> String {
    let text = serde_json::to_string(value).unwrap_or_default();
    let short: String = text.chars().take(LONGEST).collect();
    let dots = if short.len() < text.len() { "..." } else { "" };
    format!("{}{dots}", one_line(&short))
}

/// Gives every place at which two JSON values differ, by JSON Pointer (RFC 6901). In a list whose members all have an id, in the same
/// order on both sides, the id is the step in the place of the number: `/catalogs/slsa-build-1.2/entries/Build.L2/reason`.
pub fn diff_json(audited: &Value, again: &Value) -> Differences {
    let mut found = Differences::default();
    walk("", audited, again, &mut found);
    found
}

fn walk(place: &str, audited: &Value, again: &Value, found: &mut Differences) {
    match (audited, again) {
        (Value::Object(one), Value::Object(other)) => {
            for name in one.keys().chain(other.keys()).collect::<BTreeSet<_>>() {
                step_into(&format!("{place}/{}", step(name)), one.get(name), other.get(name), found);
            }
        }
        (Value::Array(one), Value::Array(other)) => {
            if let Some(ids) = common_ids(one, other) {
                for id in ids {
                    let member = |list: &'_ [Value]| list.iter().position(|value| id_of(value) == Some(id));
                    let (left, right) =
                        (member(one).and_then(|at| one.get(at)), member(other).and_then(|at| other.get(at)));
                    step_into(&format!("{place}/{}", step(id)), left, right, found);
                }
                return;
            }
            for at in 0..one.len().max(other.len()) {
                step_into(&format!("{place}/{at}"), one.get(at), other.get(at), found);
            }
        }
        _ if audited == again => {}
        _ => found.push(place.to_owned(), Some(shown(audited)), Some(shown(again))),
    }
}

fn step(name: &str) -> String {
    one_line(name).replace('~', "~0").replace('/', "~1")
}

fn id_of(value: &Value) -> Option<&str> {
    value.get("id").and_then(Value::as_str)
}

/// The ids of two lists, each once: those of the first, then those that the second alone has. Nothing where a member has none or two
/// have the same, where there are more than a few hundred, or where the order of what both have differs: then positions say more.
fn common_ids<'a>(one: &'a [Value], other: &'a [Value]) -> Option<Vec<&'a str>> {
    let ids = |list: &'a [Value]| list.iter().map(id_of).collect::<Option<Vec<&str>>>();
    let (one, other) = (ids(one)?, ids(other)?);
    let (left, right): (BTreeSet<&str>, BTreeSet<&str>) =
        (one.iter().copied().collect(), other.iter().copied().collect());
    if left.len() != one.len() || right.len() != other.len() || one.is_empty() || one.len().max(other.len()) > MOST_IDS
    {
        return None;
    }
    let both = |list: &[&'a str]| {
        list.iter().copied().filter(|id| left.contains(id) && right.contains(id)).collect::<Vec<_>>()
    };
    if both(&one) != both(&other) {
        return None;
    }
    Some(one.iter().chain(other.iter().filter(|id| !left.contains(*id))).copied().collect())
}

fn step_into(place: &str, one: Option<&Value>, other: Option<&Value>, found: &mut Differences) {
    match (one, other) {
        (Some(one), Some(other)) => walk(place, one, other, found),
        (one, other) => found.push(place.to_owned(), one.map(shown), other.map(shown)),
    }
}

/// Gives what differs between two evidences: what was examined, inputs, kinds, and fact by fact.
///
/// Facts are paired by kind and subject; of those that are the same on both sides nothing is told.
pub fn diff_evidence(audited: &Evidence, again: &Evidence) -> Differences {
    let mut found = Differences::default();
    let other = |_: Option<&str>| Place::Other;
    found.member("schema version", other, Some(&audited.schema_version), Some(&again.schema_version));
    found.member("tool", other, Some(&audited.tool), Some(&again.tool));
    found.member("as-of", other, Some(&audited.as_of), Some(&again.as_of));
    found.member("examined", |_| Place::Examined, Some(&audited.subject), Some(&again.subject));
    found.member("follows", other, audited.follows.as_ref(), again.follows.as_ref());
    let others = |evidence: &Evidence| Some(evidence.extra.clone()).filter(|extra| !extra.is_empty());
    found.member("other members", other, others(audited).as_ref(), others(again).as_ref());
    for name in audited.inputs.keys().chain(again.inputs.keys()).collect::<BTreeSet<_>>() {
        let place = |_: Option<&str>| Place::Input(name.clone());
        found.member(&format!("input {}", one_line(name)), place, audited.inputs.get(name), again.inputs.get(name));
    }
    for name in audited.kinds.keys().chain(again.kinds.keys()).collect::<BTreeSet<_>>() {
        let place = |member: Option<&str>| Place::Report { kind: name.clone(), member: member.map(ToOwned::to_owned) };
        found.member(&format!("kind {}", one_line(name)), place, audited.kinds.get(name), again.kinds.get(name));
    }
    facts(&audited.facts, &again.facts, &mut found);
    found
}

/// Kind and subject, and what a fact calls itself: of the facts about one thing those are paired that are about the same of it.
type Key<'a> = (&'a str, &'a plimsoll_model::Subject, [Option<&'a str>; SAME.len()]);
/// Members of a body that say what of its subject a fact is about.
const SAME: [&str; 8] = ["kind", "advisory", "lockfile", "catalog", "entry", "job", "scope", "category"];
/// Those of them that are named next to the subject, which says less.
const NAMED: [&str; 5] = ["catalog", "entry", "job", "scope", "category"];

/// What a fact is about, in words: its subject, and what of it.
pub(crate) fn fact_name(fact: &Fact) -> String {
    let id = one_line(&fact.subject.id);
    let text = |name: &&str| fact.body.get(*name).and_then(Value::as_str).map(one_line);
    let named: Vec<String> = NAMED.iter().filter_map(text).filter(|name| !id.contains(name.as_str())).collect();
    match (id.is_empty(), named.is_empty()) {
        (_, true) => id,
        (true, false) => named.join("/"),
        (false, false) => format!("{id}, {}", named.join(", ")),
    }
}

fn key(fact: &Fact) -> Key<'_> {
    (&fact.kind, &fact.subject, SAME.map(|name| fact.body.get(name).and_then(Value::as_str)))
}

fn facts(audited: &[Fact], again: &[Fact], found: &mut Differences) {
    let mut groups: BTreeMap<Key<'_>, (Vec<&Fact>, Vec<&Fact>)> = BTreeMap::new();
    for (one, other) in without_equals(audited, again) {
        if let Some(fact) = one {
            groups.entry(key(fact)).or_default().0.push(fact);
        }
        if let Some(fact) = other {
            groups.entry(key(fact)).or_default().1.push(fact);
        }
    }
    for ((kind, _, [what, ..]), (one, other)) in groups {
        let name = one.first().or(other.first()).map(|fact| fact_name(fact)).unwrap_or_default();
        let place = format!("fact {}: {name}", one_line(kind));
        for at in 0..one.len().max(other.len()) {
            match (one.get(at), other.get(at)) {
                (Some(one), Some(other)) => members(&place, one, other, found),
                (one, other) => {
                    let body = |fact: &&Fact| shown(&fact.body);
                    let alone = Place::Fact { kind: kind.to_owned(), what: what.map(ToOwned::to_owned) };
                    found.at(alone, &place);
                    found.push(place.clone(), one.map(body), other.map(body));
                }
            }
        }
    }
}

/// The facts that are on one side alone, each in its place of a pair: both sides in the one order that facts have, so that
/// a great many about one thing take no more time than as many about many.
fn without_equals<'a>(one: &'a [Fact], other: &'a [Fact]) -> Vec<(Option<&'a Fact>, Option<&'a Fact>)> {
    let sorted = |facts: &'a [Fact]| {
        let mut facts: Vec<&Fact> = facts.iter().collect();
        facts.sort_by(|one, other| one.order(other));
        facts
    };
    let (one, other) = (sorted(one), sorted(other));
    let (mut left, mut right) = (one.into_iter().peekable(), other.into_iter().peekable());
    let mut alone = Vec::new();
    loop {
        match (left.peek(), right.peek()) {
            (Some(one), Some(two)) => match one.order(two) {
                Ordering::Less => alone.push((left.next(), None)),
                Ordering::Greater => alone.push((None, right.next())),
                Ordering::Equal => {
                    left.next();
                    right.next();
                }
            },
            (Some(_), None) => alone.push((left.next(), None)),
            (None, Some(_)) => alone.push((None, right.next())),
            (None, None) => return alone,
        }
    }
}

/// Gives the entries of catalogs that result differently, as `CATALOG/ENTRY`: of those that both labels have.
pub fn diff_entries(before: &LabelBody, after: &LabelBody) -> Vec<Change> {
    let all = |body: &LabelBody| -> BTreeMap<String, (String, Standing)> {
        let full = body.catalogs.iter().flat_map(|catalog| {
            catalog.entries.iter().map(|entry| {
                let standing =
                    Standing { outcome: entry.outcome, assurance: entry.assurance, reason: entry.reason.clone() };
                (format!("{}/{}", catalog.id, entry.id), (entry.title.clone(), standing))
            })
        });
        let short = body.frameworks.iter().flat_map(|framework| {
            framework.entries.iter().map(|entry| {
                let standing = Standing { outcome: entry.outcome, assurance: entry.assurance, reason: String::new() };
                (format!("{}/{}", framework.id, entry.id), (String::new(), standing))
            })
        });
        full.chain(short).collect()
    };
    let (before, mut after) = (all(before), all(after));
    let pairs = before.into_iter().filter_map(|(id, (asks, one))| Some((after.remove(&id)?.1, id, asks, one)));
    pairs
        .filter(|(other, _, _, one)| (one.outcome, one.assurance) != (other.outcome, other.assurance))
        .map(|(other, id, asks, one)| Change { id, asks, before: Some(one), after: Some(other) })
        .collect()
}

/// What differs between two facts about the same thing.
fn members(place: &str, one: &Fact, other: &Fact, found: &mut Differences) {
    let (Ok(left), Ok(right)) = (serde_json::to_value(one), serde_json::to_value(other)) else {
        found.at(Place::Other, place);
        return;
    };
    let body = |value: &Value| value.get("body").cloned().unwrap_or_default();
    let inside: Vec<String> =
        differing(&body(&left), &body(&right)).into_iter().map(|name| format!("body/{name}")).collect();
    for member in differing(&left, &right) {
        let names = if member == "body" { inside.clone() } else { vec![member.to_owned()] };
        for member in names {
            let words = format!("{place} /{}", one_line(&member));
            found.at(Place::Member { kind: one.kind.clone(), member }, &words);
        }
    }
    let inner = diff_json(&left, &right);
    for difference in inner.told {
        found.push(format!("{place} {}", difference.place), difference.audited, difference.again);
    }
    found.more += inner.more;
}

/// Gives every criterion that comes to something else, in the order of the ids.
pub fn diff_criteria(before: &LabelBody, after: &LabelBody) -> Vec<Change> {
    let by_id = |body: &LabelBody| -> BTreeMap<String, CriterionResult> {
        body.criteria.iter().map(|one| (one.id.clone(), one.clone())).collect()
    };
    let (before, after) = (by_id(before), by_id(after));
    let standing =
        |one: &CriterionResult| Standing { outcome: one.outcome, assurance: one.assurance, reason: one.reason.clone() };
    let ids: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    ids.into_iter()
        .filter_map(|id| {
            let (one, other) = (before.get(id), after.get(id));
            let same = one.map(|one| (one.outcome, one.assurance)) == other.map(|one| (one.outcome, one.assurance));
            let asks = other.or(one).map(|one| one.asks.clone()).unwrap_or_default();
            (!same).then(|| Change { id: id.clone(), asks, before: one.map(standing), after: other.map(standing) })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_with_an_id_are_named_by_it() {
        for (one, other, expected) in [
            (json!([{"id": "a", "x": 1}]), json!([{"id": "a", "x": 2}]), vec!["/a/x"]),
            (json!([{"id": "a/b", "x": 1}]), json!([{"id": "a/b", "x": 2}]), vec!["/a~1b/x"]),
            (json!([{"id": "b"}]), json!([{"id": "a"}, {"id": "b"}]), vec!["/a"]),
            (json!([{"id": "a"}, {"id": "b"}]), json!([{"id": "b"}]), vec!["/a"]),
            // The order is part of the bytes.
            (json!([{"id": "a"}, {"id": "b"}]), json!([{"id": "b"}, {"id": "a"}]), vec!["/0/id", "/1/id"]),
            (json!([{"id": "a"}, {"id": "a"}]), json!([{"id": "a"}]), vec!["/1"]),
            (json!([{"id": 1}]), json!([{"id": 2}]), vec!["/0/id"]),
            (json!([1, 2]), json!([1, 3]), vec!["/1"]),
            (json!([]), json!([{"id": "a"}]), vec!["/0"]),
            (json!([{"id": "a"}]), json!([{"id": "a"}]), vec![]),
        ] {
            let places: Vec<String> = diff_json(&one, &other).told.into_iter().map(|one| one.place).collect();
            assert_eq!(places, expected, "{one} {other}");
        }
    }
}

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
/// Characters of a value that is told.
const LONGEST: usize = 200;

/// Differences, bounded.
#[derive(Default)]
pub struct Differences {
    /// The first ones.
    pub told: Vec<Difference>,
    /// How many more.
    pub more: u64,
    /// Where all of them are, told or not, without what a fact is about: `input trust`, `kind secret`, `fact secret`.
    pub places: BTreeSet<String>,
}

impl Differences {
    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    /// `head` is the place without what a fact is about.
    /// Two values are told apart as they are, member by member, and shown in short.
    fn member<T: Serialize + PartialEq>(&mut self, head: &str, audited: Option<&T>, again: Option<&T>) {
        if audited == again {
            return;
        }
        let json = |value: Option<&T>| value.and_then(|value| serde_json::to_value(value).ok());
        match (json(audited), json(again)) {
            (Some(one), Some(other)) => {
                let inner = values(&one, &other);
                for difference in inner.told {
                    let place = format!("{head} {}", difference.place);
                    self.push(head, place.trim_end().to_owned(), difference.audited, difference.again);
                }
                self.more += inner.more;
            }
            (one, other) => self.push(head, head.to_owned(), one.as_ref().map(shown), other.as_ref().map(shown)),
        }
    }

    fn push(&mut self, head: &str, place: String, audited: Option<String>, again: Option<String>) {
        if !self.places.contains(head) && self.places.len() < MOST_PLACES {
            self.places.insert(head.to_owned());
        }
        if self.told.len() < MOST {
            self.told.push(Difference { place, audited, again });
        } else {
            self.more += 1;
        }
    }
}

/// A value in a bounded number of characters, whatever it holds.
fn shown(value: &impl Serialize) -> String {
    let text = serde_json::to_string(value).unwrap_or_default();
    let short: String = text.chars().take(LONGEST).collect();
    let dots = if short.len() < text.len() { "..." } else { "" };
    format!("{}{dots}", one_line(&short))
}

/// Gives every place at which two JSON values differ, by JSON Pointer (RFC 6901).
pub fn values(audited: &Value, again: &Value) -> Differences {
    let mut found = Differences::default();
    walk("", audited, again, &mut found);
    found
}

fn walk(place: &str, audited: &Value, again: &Value, found: &mut Differences) {
    match (audited, again) {
        (Value::Object(one), Value::Object(other)) => {
            for name in one.keys().chain(other.keys()).collect::<BTreeSet<_>>() {
                let step = one_line(name).replace('~', "~0").replace('/', "~1");
                step_into(&format!("{place}/{step}"), one.get(name), other.get(name), found);
            }
        }
        (Value::Array(one), Value::Array(other)) => {
            for at in 0..one.len().max(other.len()) {
                step_into(&format!("{place}/{at}"), one.get(at), other.get(at), found);
            }
        }
        _ if audited == again => {}
        _ => found.push(place, place.to_owned(), Some(shown(audited)), Some(shown(again))),
    }
}

fn step_into(place: &str, one: Option<&Value>, other: Option<&Value>, found: &mut Differences) {
    match (one, other) {
        (Some(one), Some(other)) => walk(place, one, other, found),
        (one, other) => found.push(place, place.to_owned(), one.map(shown), other.map(shown)),
    }
}

/// Gives what differs between two evidences: what was examined, inputs, kinds, and fact by fact.
///
/// Facts are paired by kind and subject; of those that are the same on both sides nothing is told.
pub fn evidences(audited: &Evidence, again: &Evidence) -> Differences {
    let mut found = Differences::default();
    found.member("schema version", Some(&audited.schema_version), Some(&again.schema_version));
    found.member("tool", Some(&audited.tool), Some(&again.tool));
    found.member("as-of", Some(&audited.as_of), Some(&again.as_of));
    found.member("examined", Some(&audited.subject), Some(&again.subject));
    found.member("follows", audited.follows.as_ref(), again.follows.as_ref());
    let others = |evidence: &Evidence| Some(evidence.extra.clone()).filter(|extra| !extra.is_empty());
    found.member("other members", others(audited).as_ref(), others(again).as_ref());
    for name in audited.inputs.keys().chain(again.inputs.keys()).collect::<BTreeSet<_>>() {
        found.member(&format!("input {}", one_line(name)), audited.inputs.get(name), again.inputs.get(name));
    }
    for name in audited.kinds.keys().chain(again.kinds.keys()).collect::<BTreeSet<_>>() {
        found.member(&format!("kind {}", one_line(name)), audited.kinds.get(name), again.kinds.get(name));
    }
    facts(&audited.facts, &again.facts, &mut found);
    found
}

type Key<'a> = (&'a str, &'a plimsoll_model::Subject);

fn facts(audited: &[Fact], again: &[Fact], found: &mut Differences) {
    let mut groups: BTreeMap<Key<'_>, (Vec<&Fact>, Vec<&Fact>)> = BTreeMap::new();
    for (one, other) in without_equals(audited, again) {
        if let Some(fact) = one {
            groups.entry((&fact.kind, &fact.subject)).or_default().0.push(fact);
        }
        if let Some(fact) = other {
            groups.entry((&fact.kind, &fact.subject)).or_default().1.push(fact);
        }
    }
    for ((kind, subject), (one, other)) in groups {
        let head = format!("fact {}", one_line(kind));
        let place = format!("{head}: {}", one_line(&subject.id));
        for at in 0..one.len().max(other.len()) {
            match (one.get(at), other.get(at)) {
                (Some(one), Some(other)) => members(&head, &place, one, other, found),
                (one, other) => {
                    let body = |fact: &&Fact| shown(&fact.body);
                    found.push(&head, place.clone(), one.map(body), other.map(body));
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

/// What differs between two facts about the same thing.
fn members(head: &str, place: &str, one: &Fact, other: &Fact, found: &mut Differences) {
    let (Ok(left), Ok(right)) = (serde_json::to_value(one), serde_json::to_value(other)) else { return };
    let inner = values(&left, &right);
    for difference in inner.told {
        found.push(head, format!("{place} {}", difference.place), difference.audited, difference.again);
    }
    found.more += inner.more;
}

/// Gives every criterion that comes to something else, in the order of the ids.
pub fn changes(before: &LabelBody, after: &LabelBody) -> Vec<Change> {
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

//! For which events a workflow or a step runs.

use yaml_serde::{Mapping, Value};

use crate::{
    filters::{self, Reach},
    readers::draft::{Around, Runs, entries, list, text},
};

/// What is asked apart for each event, so that what two conditions say is about the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ByEvent {
    push: Reach,
    request: Reach,
    clock: Reach,
}

impl ByEvent {
    pub(super) const ALWAYS: Self = Self::all(Reach::Every);

    const fn all(reach: Reach) -> Self {
        Self { push: reach, request: reach, clock: reach }
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self {
            push: self.push.min(other.push),
            request: self.request.min(other.request),
            clock: self.clock.min(other.clock),
        }
    }

    fn or(self, other: Self) -> Self {
        Self {
            push: self.push.max(other.push),
            request: self.request.max(other.request),
            clock: self.clock.max(other.clock),
        }
    }

    pub(super) fn runs(self) -> Runs {
        Runs { changes: self.push.max(self.request), clock: self.clock }
    }

    pub(super) fn names(self) -> Vec<String> {
        let all = [(self.push, "push"), (self.request, "pull_request"), (self.clock, "schedule")];
        all.into_iter().filter(|(reach, _)| *reach > Reach::Unknown).map(|(_, name)| name.to_owned()).collect()
    }
}

/// One of several conditions is enough; in each all keys have to hold.
pub(super) fn holds(when: Option<&Value>, around: &Around<'_>) -> ByEvent {
    let Some(when) = when.filter(|when| !when.is_null()) else {
        // A clock starts it where the server has one set for it.
        return ByEvent { clock: Reach::Unknown, ..ByEvent::ALWAYS };
    };
    let all = list(Some(when)).into_iter().map(|one| one_of(one, around));
    all.reduce(ByEvent::or).unwrap_or(ByEvent::all(Reach::Unknown))
}

fn one_of(when: &Value, around: &Around<'_>) -> ByEvent {
    if !when.is_mapping() {
        return ByEvent::all(Reach::Unknown);
    }
    let mut runs = ByEvent { clock: Reach::Unknown, ..ByEvent::ALWAYS };
    for (key, value) in entries(Some(when)) {
        let own = match key {
            "event" => events(value),
            "branch" => branches(value, around),
            "path" => paths(value, around),
            // It is about the schedule alone.
            "cron" => ByEvent { clock: Reach::Every, ..ByEvent::all(Reach::None) },
            "status" => {
                let named: Vec<String> = named(value).unwrap_or_default();
                ByEvent::all(if named.iter().any(|one| one == "success") { Reach::Every } else { Reach::None })
            }
            _ => ByEvent::all(Reach::Unknown),
        };
        // That a schedule of this name exists is kept at the server.
        runs = if key == "cron" { ByEvent { clock: Reach::Unknown, ..runs.and(own) } } else { runs.and(own) };
    }
    runs
}

/// Texts, those behind `include` where it is a table; absent where one is no text or what is left out decides.
fn named(value: &Value) -> Option<Vec<String>> {
    let value = if value.is_mapping() { value.get("include")? } else { value };
    list(Some(value)).into_iter().map(text).collect()
}

fn events(value: &Value) -> ByEvent {
    let excluded: Vec<String> = list(value.get("exclude")).into_iter().filter_map(text).collect();
    let named = named(value);
    let has = |events: &[&str]| {
        let listed = |all: &[String]| events.iter().any(|event| all.iter().any(|one| one == event));
        match &named {
            Some(all) if all.iter().any(|one| one.contains(['*', '$'])) => Reach::Unknown,
            Some(all) if listed(all) && !listed(&excluded) => Reach::Every,
            Some(_) => Reach::None,
            None if !excluded.is_empty() => {
                if listed(&excluded) {
                    Reach::None
                } else {
                    Reach::Every
                }
            }
            None => Reach::Unknown,
        }
    };
    ByEvent { push: has(&["push"]), request: has(&["pull_request"]), clock: has(&["cron"]) }
}

pub(super) fn branches(value: &Value, around: &Around<'_>) -> ByEvent {
    let reach = |event| filtered(event, "branches", value, around);
    ByEvent { push: reach("push"), request: reach("pull_request"), clock: reach("push") }
}

fn paths(value: &Value, around: &Around<'_>) -> ByEvent {
    let reach = |event| filtered(event, "paths", value, around);
    // They are asked for changes alone.
    ByEvent { push: reach("push"), request: reach("pull_request"), clock: Reach::Every }
}

/// By a filter in the form of GitHub, which has the same patterns.
fn filtered(event: &str, key: &str, value: &Value, around: &Around<'_>) -> Reach {
    let texts = |value: Option<&Value>| list(value).into_iter().map(text).collect::<Option<Vec<String>>>();
    let (include, exclude) = if value.is_mapping() {
        (texts(value.get("include")), texts(value.get("exclude")))
    } else {
        (texts(Some(value)), Some(Vec::new()))
    };
    let (Some(mut include), Some(exclude)) = (include, exclude) else { return Reach::Unknown };
    // Other forms of patterns, and names that the server puts in.
    if include.iter().chain(&exclude).any(|one| one.contains(['{', '$', '!', '+', '?'])) {
        return Reach::Unknown;
    }
    if include.is_empty() {
        include.push("**".to_owned());
    }
    let patterns = include.into_iter().chain(exclude.into_iter().map(|one| format!("!{one}")));
    let patterns = Value::Sequence(patterns.map(Value::String).collect());
    let filters: Mapping = std::iter::once((Value::String(key.to_owned()), patterns)).collect();
    filters::reach(event, Some(&Value::Mapping(filters)), around.sources, &around.budget)
}

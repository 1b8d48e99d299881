//! What starts a pipeline of Azure: pushes, pull requests, the clock.
//!
//! Source: Microsoft, "YAML schema reference": `trigger`, `pr`, `schedules`. Where the file says nothing, pushes and pull
//! requests start it unless a setting of the project says otherwise, so that is not known.

use yaml_serde::{Mapping, Value};

use crate::{
    filters::{self, Reach},
    readers::draft::{Around, clock, list, text, text_of},
};

/// What starts it, each by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Starts {
    pub(super) push: Reach,
    pub(super) request: Reach,
    pub(super) clock: Reach,
}

impl Starts {
    pub(super) fn of(pipeline: &Value, around: &Around<'_>) -> Self {
        let times: Vec<Reach> = list(pipeline.get("schedules"))
            .into_iter()
            .map(|schedule| {
                let time = text_of(schedule, "cron");
                let branches = schedule
                    .get("branches")
                    .map_or(Reach::Every, |branches| reach("push", &with("branches", branches.clone()), around));
                clock(time.as_deref()).min(branches)
            })
            .collect();
        Self {
            push: pipeline.get("trigger").map_or(Reach::Unknown, |body| reach("push", body, around)),
            request: pipeline.get("pr").map_or(Reach::Unknown, |body| reach("pull_request", body, around)),
            clock: times.into_iter().max().unwrap_or(Reach::None),
        }
    }

    pub(super) fn names(self) -> Vec<String> {
        let all = [(self.push, "push"), (self.request, "pull_request"), (self.clock, "schedule")];
        all.into_iter().filter(|(reach, _)| *reach > Reach::Unknown).map(|(_, name)| name.to_owned()).collect()
    }
}

fn with(key: &str, value: Value) -> Value {
    Value::Mapping(std::iter::once((Value::String(key.to_owned()), value)).collect::<Mapping>())
}

fn reach(event: &str, body: &Value, around: &Around<'_>) -> Reach {
    match body {
        Value::String(word) if word == "none" => return Reach::None,
        Value::Null | Value::String(_) | Value::Bool(_) | Value::Number(_) => return Reach::Unknown,
        Value::Sequence(_) => return filtered(event, Some(with("include", body.clone())).as_ref(), None, around),
        Value::Mapping(_) | Value::Tagged(_) => {}
    }
    if body.get("enabled").is_some_and(|value| value.as_bool() == Some(false)) {
        return Reach::None;
    }
    let branches = body
        .get("branches")
        .map(|branches| if branches.is_sequence() { with("include", branches.clone()) } else { branches.clone() });
    // Whether branches start it as well where tags alone are named is not plain.
    if branches.is_none() && body.get("tags").is_some() {
        return Reach::Unknown;
    }
    let paths =
        body.get("paths").map(|paths| if paths.is_sequence() { with("include", paths.clone()) } else { paths.clone() });
    filtered(event, branches.as_ref(), paths.as_ref(), around)
}

/// By filters in the form of GitHub, which says the same in other words.
fn filtered(event: &str, branches: Option<&Value>, paths: Option<&Value>, around: &Around<'_>) -> Reach {
    let mut filters = Mapping::new();
    for (key, part, is_path) in [("branches", branches, false), ("paths", paths, true)] {
        let Some(part) = part else { continue };
        let named = |key: &str| list(part.get(key)).into_iter().map(text).collect::<Option<Vec<String>>>();
        let (Some(mut include), Some(exclude)) = (named("include"), named("exclude")) else { return Reach::Unknown };
        if include.iter().chain(&exclude).any(|one| one.contains(['$', '!'])) {
            return Reach::Unknown;
        }
        if include.is_empty() {
            include.push("*".to_owned());
        }
        let patterns = include.iter().map(|one| (one, "")).chain(exclude.iter().map(|one| (one, "!")));
        let patterns: Vec<Value> = patterns
            .flat_map(|(one, sign)| {
                let one = one.trim_start_matches("refs/heads/").trim_start_matches('/').trim_end_matches('/');
                // A folder stands for all that is in it, and `*` passes over slashes.
                let one = one.replace('*', "**");
                let whole = if one.is_empty() { "**".to_owned() } else { one };
                let inside = (is_path && !whole.contains('*')).then(|| format!("{sign}{whole}/**"));
                std::iter::once(format!("{sign}{whole}")).chain(inside)
            })
            .map(Value::String)
            .collect();
        filters.insert(Value::String(key.to_owned()), Value::Sequence(patterns));
    }
    // Whether a branch of a change passes is not asked: pull requests start it by settings that are not in the file.
    let event = if event == "push" { "pull_request" } else { event };
    filters::reach(event, Some(&Value::Mapping(filters)), around.sources, &around.budget)
}

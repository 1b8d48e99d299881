//! The stages of a pipeline, and what waits in one for somebody to start a job.
//!
//! Source: GitLab, "CI/CD YAML syntax reference": `stages`, `when: manual`, `allow_failure`.

use std::collections::BTreeMap;

use yaml_serde::{Mapping, Value};

use super::list;
use crate::model::Job;

const USUAL: &[&str] = &["build", "test", "deploy"];

/// Where a job stands.
pub(super) struct Place {
    pub(super) stage: String,
    /// It waits for somebody, and all later stages wait with it.
    blocks: bool,
    /// It names what it waits for, and does not wait for the stages before it.
    by_needs: bool,
}

impl Place {
    pub(super) fn of<'v>(get: &dyn Fn(&str) -> Option<&'v Value>) -> Self {
        let stage = get("stage").and_then(Value::as_str).unwrap_or("test").to_owned();
        let is_manual = |value: Option<&Value>| value.and_then(Value::as_str) == Some("manual");
        let own = get("allow_failure");
        // In rules a job that is started by hand blocks unless it is said otherwise; outside of them it is the other way round.
        let by_rules = list(get("rules")).iter().any(|rule| {
            let allowed = rule.get("allow_failure").or(own).and_then(Value::as_bool);
            is_manual(rule.get("when")) && allowed != Some(true)
        });
        let alone = get("rules").is_none() && is_manual(get("when")) && own.and_then(Value::as_bool) == Some(false);
        Self { stage, blocks: by_rules || alone, by_needs: get("needs").is_some() }
    }
}

/// The stages in their order.
pub(super) fn stages(all: &Mapping) -> Vec<String> {
    let named: Vec<String> = match all.get("stages") {
        Some(value) => list(Some(value)).iter().filter_map(|name| Some(name.as_str()?.to_owned())).collect(),
        None => USUAL.iter().map(|name| (*name).to_owned()).collect(),
    };
    let first = std::iter::once(".pre".to_owned());
    first.chain(named).chain(std::iter::once(".post".to_owned())).collect()
}

/// What stands in a stage behind one that waits for somebody does not run by itself.
pub(super) fn wait_for_people(all: &Mapping, jobs: &mut [Job], places: &[Place]) {
    let order = stages(all);
    let numbers: BTreeMap<&str, usize> = order.iter().enumerate().rev().map(|(at, name)| (name.as_str(), at)).collect();
    let at = |place: &Place| numbers.get(place.stage.as_str()).copied();
    let Some(first) = places.iter().filter(|place| place.blocks).filter_map(at).min() else { return };
    for (job, _) in
        jobs.iter_mut().zip(places).filter(|(_, place)| !place.by_needs && at(place).is_none_or(|stage| stage > first))
    {
        job.on_change = false;
        job.scheduled = false;
        for step in &mut job.steps {
            step.gates = false;
            step.scheduled = false;
        }
    }
}

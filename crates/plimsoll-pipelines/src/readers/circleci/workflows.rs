//! Which jobs the workflows start, and when.

use std::collections::BTreeMap;

use regex::RegexBuilder;
use yaml_serde::Value;

use super::{Given, doubled};
use crate::{
    filters::{MAIN_BRANCHES, Reach, TOPICS},
    readers::draft::{Runs, clock, entries, list, text, text_of},
};

/// Bytes that a compiled pattern may take.
const LARGEST_PATTERN: usize = 1 << 18;
/// What a workflow says of a job besides its parameters.
const OWN: &[&str] =
    &["context", "filters", "matrix", "name", "post-steps", "pre-steps", "requires", "serial-group", "type"];

/// A job as a workflow uses it.
pub(super) struct Use {
    pub(super) id: String,
    pub(super) job: String,
    pub(super) runs: Runs,
    pub(super) needs: Vec<String>,
    pub(super) given: Vec<(String, String)>,
    /// Somebody says go; there is nothing to run.
    pub(super) approval: bool,
    pub(super) before: Option<Value>,
    pub(super) after: Option<Value>,
}

/// All of them, each with an id of its own.
pub(super) fn uses(config: &Value, pipeline: &Given) -> Result<Vec<Use>, String> {
    let workflows: Vec<(&str, &Value)> =
        entries(config.get("workflows")).into_iter().filter(|(_, body)| body.is_mapping()).collect();
    let mut all = Vec::new();
    for (workflow, body) in &workflows {
        let around = starts(body, pipeline);
        let mut uses = Vec::new();
        for one in list(body.get("jobs")) {
            let (job, with) = match one {
                Value::String(name) => (name.clone(), &Value::Null),
                other => {
                    let [(name, with)] = entries(Some(other))
                        .try_into()
                        .map_err(|_| format!("the workflow {} has a job that is not understood", short(workflow)))?;
                    (name.to_owned(), with)
                }
            };
            uses.push(one_use(&job, with, around, pipeline));
        }
        all.push((*workflow, uses));
    }
    if workflows.is_empty() {
        // Without workflows the job of this name runs for every push.
        all.push(("", vec![one_use("build", &Value::Null, Runs::CHANGES, pipeline)]));
    }
    let names: Vec<&str> = all.iter().flat_map(|(_, uses)| uses).map(|one| one.id.as_str()).collect();
    let doubled = doubled(&names);
    let mut named = Vec::new();
    for (workflow, mut uses) in all {
        // A name that stands in several workflows is told with that of its own; in one workflow it is numbered.
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        let name = |id: &str| if doubled.contains(id) { format!("{workflow}: {id}") } else { id.to_owned() };
        for one in &mut uses {
            one.needs = one.needs.iter().map(|need| name(need)).collect();
            let id = name(&one.id);
            let count = counts.entry(id.clone()).or_default();
            *count += 1;
            one.id = if *count > 1 { format!("{id} ({count})") } else { id };
        }
        named.extend(uses);
    }
    Ok(named)
}

fn one_use(job: &str, with: &Value, around: Runs, pipeline: &Given) -> Use {
    let approval = text_of(with, "type").as_deref() == Some("approval");
    let own = |name: &str| OWN.contains(&name);
    let mut given = pipeline.filled(with);
    given.retain(|(name, _)| !own(name));
    // A value of a matrix is one of several.
    for (name, _) in entries(with.get("matrix").and_then(|matrix| matrix.get("parameters"))) {
        given.push((name.to_owned(), crate::readers::draft::anything()));
    }
    let needed = |need: &Value| match need {
        Value::String(name) => Some(name.clone()),
        // `- job: [failed]` names how it has to end.
        other => entries(Some(other)).first().map(|(name, _)| (*name).to_owned()),
    };
    let ends = list(with.get("requires")).iter().any(|need| need.is_mapping());
    let branches = Runs { changes: branches(with.get("filters")), clock: Reach::Every };
    let mut runs = around.and(branches);
    if approval {
        // What is behind it runs for the changes for which somebody says so.
        runs = runs.and(Runs { changes: Reach::Some, clock: Reach::Some });
    }
    if ends {
        runs = runs.and(Runs::UNKNOWN);
    }
    Use {
        id: text_of(with, "name").unwrap_or_else(|| job.to_owned()),
        job: job.to_owned(),
        runs,
        needs: list(with.get("requires")).into_iter().filter_map(needed).collect(),
        given,
        approval,
        before: with.get("pre-steps").cloned(),
        after: with.get("post-steps").cloned(),
    }
}

/// What starts a workflow: every push, or the clock where it names one.
fn starts(body: &Value, pipeline: &Given) -> Runs {
    let triggers = list(body.get("triggers"));
    let by_clock = triggers.iter().filter_map(|trigger| trigger.get("schedule"));
    let times: Vec<Reach> = by_clock.map(|schedule| clock(text_of(schedule, "cron").as_deref())).collect();
    let started = match times.iter().max() {
        _ if times.contains(&Reach::Unknown) => Runs { changes: Reach::None, clock: Reach::Unknown },
        Some(reach) => Runs { changes: Reach::None, clock: *reach },
        None if triggers.is_empty() => Runs::CHANGES,
        None => Runs::UNKNOWN,
    };
    let mut runs = started;
    for (name, negated) in [("when", false), ("unless", true)] {
        let Some(condition) = body.get(name) else { continue };
        let holds = pipeline.holds(condition, 0).map(|holds| holds != negated);
        runs.changes = runs.changes.min(Runs::of(holds).changes);
        // What a schedule of the settings hands over is not in the file.
        if times.is_empty() && format!("{condition:?}").contains("schedule") {
            runs.clock = Reach::Unknown;
        }
    }
    runs
}

/// For how many changes do the filters of a job let it run?
fn branches(filters: Option<&Value>) -> Reach {
    let Some(filters) = filters.filter(|filters| !filters.is_null()) else { return Reach::Every };
    if !filters.is_mapping() {
        // An expression.
        return Reach::Unknown;
    }
    let Some(branches) = filters.get("branches") else { return Reach::Every };
    let matching = |patterns: Option<&Value>, names: &[&str]| -> Option<Vec<bool>> {
        let patterns: Option<Vec<String>> = list(patterns).into_iter().map(text).collect();
        let patterns = patterns?;
        let one = |branch: &str| {
            patterns.iter().map(|pattern| fits(pattern, branch)).try_fold(false, |any, fit| Some(any | fit?))
        };
        names.iter().map(|branch| one(branch)).collect()
    };
    match (branches.get("only"), branches.get("ignore")) {
        // Every push to a branch starts it, and what comes to the main branch is taken already: branches of changes have to pass.
        (Some(only), None) => match matching(Some(only), TOPICS) {
            None => Reach::Unknown,
            Some(found) if found.contains(&true) => Reach::Every,
            Some(_) => Reach::Some,
        },
        (None, Some(ignored)) => match matching(Some(ignored), MAIN_BRANCHES) {
            None => Reach::Unknown,
            Some(found) if !found.contains(&false) => Reach::None,
            Some(found) if found.contains(&true) => Reach::Some,
            Some(_) => Reach::Every,
        },
        (None, None) => Reach::Every,
        (Some(_), Some(_)) => Reach::Unknown,
    }
}

/// Does a name, or a pattern between slashes, fit the whole branch?
fn fits(pattern: &str, branch: &str) -> Option<bool> {
    match pattern.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) {
        None => Some(pattern == branch),
        Some(inside) => {
            let whole = format!("^(?:{inside})$");
            let pattern = RegexBuilder::new(&whole).size_limit(LARGEST_PATTERN).build().ok()?;
            Some(pattern.is_match(branch))
        }
    }
}

fn short(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { '?' } else { c }).take(40).collect()
}

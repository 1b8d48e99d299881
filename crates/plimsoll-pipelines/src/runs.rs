//! Whether jobs and steps run for an event. What is not plainly understood is not known.

use std::collections::BTreeMap;

use yaml_serde::{Mapping, Value};

use super::expressions::{self, Before, Expression, Known};

/// An event under which a job may run.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Event<'a> {
    pub(super) name: &'a str,
    /// Does it come about again for a draft that is made ready?
    pub(super) sees_ready: bool,
    /// Is the change a draft, where that is asked?
    pub(super) draft: Option<bool>,
    /// Name of this repository, `owner/name`, where it is known.
    pub(super) own: Option<&'a str>,
    /// What a caller gives, where the workflow is called; names in lower case.
    pub(super) inputs: Option<&'a BTreeMap<String, Known>>,
    pub(super) asks: Asks,
}

/// What is asked about jobs and steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Asks {
    /// Do they surely run where nothing has gone wrong so far?
    #[default]
    Surely,
    /// Can they run at all, whoever causes the event?
    Possibly,
    /// Can they run for the change or the text of a stranger?
    Stranger,
    /// The same, where the one who causes the event is this to the repository.
    Outsider(&'static str),
}

/// What decides whether a job runs.
pub(super) struct Asked<'a> {
    pub(super) id: &'a str,
    pub(super) needs: Vec<&'a str>,
    pub(super) condition: Option<&'a str>,
}

/// Parts of the payload that only other events have.
const OF_OTHERS: &[&str] = &[
    "schedule",
    "inputs",
    "issue",
    "comment",
    "release",
    "workflow_run",
    "client_payload",
    "discussion",
    "deployment",
    "review",
    "milestone",
];

impl Event<'_> {
    /// What is known of a context before anything has run.
    pub(super) fn known(self, path: &[String]) -> Known {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let text = |text: &str| Known::Text(text.to_owned());
        let pull_request = self.name == "pull_request";
        match path.as_slice() {
            ["github", "event_name"] => return text(self.name),
            ["github", "repository"] | ["github", "event", "repository", "full_name"] => {
                return self.own.map_or(Known::Own, text);
            }
            ["github", "repository_owner"] | ["github", "event", "repository", "owner", "login"] => {
                return self.own.and_then(|own| own.split('/').next()).map_or(Known::Unknown, text);
            }
            ["inputs", name] if self.inputs.is_some() => {
                return self.inputs.and_then(|inputs| inputs.get(*name)).cloned().unwrap_or(Known::Null);
            }
            path if self.asks == Asks::Stranger => return self.of_stranger(path),
            path if matches!(self.asks, Asks::Outsider(_)) => {
                return self.of_outsider(path).unwrap_or_else(|| self.of_stranger(path));
            }
            _ if self.asks == Asks::Possibly => return Known::Unknown,
            _ => {}
        }
        match path.as_slice() {
            ["github", "ref"] => Known::Begins(match self.name {
                "pull_request" => "refs/pull/",
                "merge_group" => "refs/heads/gh-readonly-queue/",
                _ => "refs/heads/",
            }),
            ["github", "ref_type"] if !pull_request => text("branch"),
            ["inputs", _] => Known::Null,
            ["github", "event", "pull_request", "draft"] if pull_request && self.sees_ready => Known::Bool(false),
            ["github", "event", "pull_request", "draft"] if pull_request && self.draft.is_some() => {
                self.draft.map_or(Known::Unknown, Known::Bool)
            }
            ["github", "head_ref" | "base_ref"] | ["github", "event", "pull_request", ..] if !pull_request => {
                Known::Null
            }
            ["github", "event", "merge_group", ..] if self.name != "merge_group" => Known::Null,
            ["github", "event", "schedule"] if self.name == "schedule" => Known::Unknown,
            ["github", "event", "head_commit" | "commits" | "ref", ..] if self.name != "push" => Known::Null,
            // A change is no push that takes the branch away.
            ["github", "event", "deleted"] if self.name == "push" => Known::Bool(false),
            ["github", "event", "action" | "label" | "number"] if matches!(self.name, "push" | "schedule") => {
                Known::Null
            }
            ["github", "event", part, ..] if OF_OTHERS.contains(part) => Known::Null,
            _ => Known::Unknown,
        }
    }

    /// What a stranger's event surely holds. Who the actor is is left open: it is whoever acted last.
    fn of_stranger(self, path: &[&str]) -> Known {
        /// Events of runs that no fork starts.
        const NOT_FROM_FORKS: &[&str] = &[
            "push",
            "schedule",
            "workflow_dispatch",
            "repository_dispatch",
            "release",
            "create",
            "delete",
            "merge_group",
        ];
        let pull_request = self.name.starts_with("pull_request");
        match path {
            ["github", "ref"] if self.name == "pull_request" => Known::Begins("refs/pull/"),
            ["github", "event", "pull_request", "head", "repo", "fork"] if pull_request => Known::Bool(true),
            ["github", "event", "pull_request", "head", "repo", "full_name"]
            | ["github", "event", "pull_request", "head", "repo", "owner", "login"]
            | ["github", "event", "pull_request", "head", "user", "login"]
            | ["github", "event", "pull_request", "user", "login"]
                if pull_request =>
            {
                Known::Stranger
            }
            ["github", "event", "pull_request", "base", "repo", "full_name"] if pull_request => {
                self.own.map_or(Known::Own, |own| Known::Text(own.to_owned()))
            }
            ["github", "event", "workflow_run", "head_repository", "full_name"]
            | ["github", "event", "workflow_run", "head_repository", "owner", "login"]
                if self.name == "workflow_run" =>
            {
                Known::Stranger
            }
            ["github", "event", "workflow_run", "head_repository", "fork"] if self.name == "workflow_run" => {
                Known::Bool(true)
            }
            ["github", "event", "workflow_run", "event"] if self.name == "workflow_run" => Known::Not(NOT_FROM_FORKS),
            _ => Known::Unknown,
        }
    }

    fn before(self, succeeded: Option<bool>) -> Before {
        if self.asks == Asks::Surely {
            Before::fine(succeeded)
        } else {
            Before { succeeded: succeeded.filter(|succeeded| !succeeded), failed: None }
        }
    }

    /// Does each job run, in their order: surely, never, or is that not known?
    pub(super) fn jobs(self, jobs: &[Asked<'_>]) -> Vec<Option<bool>> {
        let places: BTreeMap<&str, usize> = jobs.iter().enumerate().map(|(at, job)| (job.id, at)).collect();
        let mut waiting: Vec<usize> = jobs.iter().map(|job| job.needs.len()).collect();
        let mut behind: Vec<Vec<usize>> = vec![Vec::new(); jobs.len()];
        for (at, job) in jobs.iter().enumerate() {
            for need in &job.needs {
                if let Some(list) = places.get(need).and_then(|place| behind.get_mut(*place)) {
                    list.push(at);
                }
            }
        }
        // What waits for itself or for a job that is not there never runs.
        let mut runs: Vec<Option<bool>> = vec![Some(false); jobs.len()];
        let mut ready: Vec<usize> = (0..jobs.len()).filter(|at| waiting.get(*at) == Some(&0)).collect();
        while let Some(at) = ready.pop() {
            let Some(job) = jobs.get(at) else { continue };
            let state =
                |name: &str| places.get(name).and_then(|place| runs.get(*place)).copied().unwrap_or(Some(false));
            let outcome = self.job(job, &state);
            if let Some(slot) = runs.get_mut(at) {
                *slot = outcome;
            }
            for next in behind.get(at).into_iter().flatten() {
                if let Some(count) = waiting.get_mut(*next) {
                    *count -= 1;
                    if *count == 0 {
                        ready.push(*next);
                    }
                }
            }
        }
        runs
    }

    /// Does each job run for all changes but drafts, and not again for one that is made ready?
    pub(super) fn leaves_drafts_out(self, jobs: &[Asked<'_>]) -> Vec<bool> {
        if self.name != "pull_request" || self.sees_ready {
            return vec![false; jobs.len()];
        }
        let of = |draft: bool| Event { draft: Some(draft), ..self }.jobs(jobs);
        of(true).into_iter().zip(of(false)).map(|both| both == (Some(false), Some(true))).collect()
    }

    fn job(self, job: &Asked<'_>, state: &dyn Fn(&str) -> Option<bool>) -> Option<bool> {
        let needed = every(job.needs.iter().map(|need| state(need)));
        let Some(text) = job.condition else { return needed };
        let condition = condition(text)?;
        let given = |path: &[String]| match path {
            [needs, name, result] if needs == "needs" && result == "result" => {
                let name = job.needs.iter().find(|need| need.eq_ignore_ascii_case(name));
                match name.map(|name| state(name)) {
                    Some(Some(true)) if self.asks == Asks::Surely => Known::Text("success".to_owned()),
                    Some(Some(false)) => Known::Text("skipped".to_owned()),
                    _ => Known::Unknown,
                }
            }
            _ => self.known(path),
        };
        let holds = condition.value(&given, self.before(needed)).truth();
        if condition.asks_for_status() { holds } else { every([holds, needed].into_iter()) }
    }

    /// Does a step or an option of one combination of the matrix hold?
    pub(super) fn holds(self, expression: &Expression, leg: &Leg<'_>) -> Option<bool> {
        let given = |path: &[String]| leg.known(path).unwrap_or_else(|| self.known(path));
        expression.value(&given, self.before(Some(true))).truth()
    }
}

/// One combination of a job's matrix.
#[derive(Clone, Copy)]
pub(super) struct Leg<'a> {
    /// Absent where the combinations are not known.
    pub(super) matrix: Option<&'a Mapping>,
    /// As the job writes it.
    pub(super) runs_on: Option<&'a str>,
}

impl Leg<'_> {
    pub(super) fn known(&self, path: &[String]) -> Option<Known> {
        match path {
            [matrix, names @ ..] if matrix == "matrix" && !names.is_empty() => {
                let mut table = self.matrix;
                let mut value = None;
                for name in names {
                    value = table.and_then(|table| {
                        table.iter().find(|(key, _)| key.as_str().is_some_and(|key| key.eq_ignore_ascii_case(name)))
                    });
                    table = value.and_then(|(_, value)| value.as_mapping());
                }
                Some(match value.map(|(_, value)| value) {
                    _ if self.matrix.is_none() || names.iter().any(|name| name == "*") => Known::Unknown,
                    None | Some(Value::Null) => Known::Null,
                    Some(Value::Bool(value)) => Known::Bool(*value),
                    Some(Value::Number(number)) => number.as_f64().map_or(Known::Unknown, Known::Number),
                    Some(Value::String(text)) if !text.contains("${{") => Known::Text(text.clone()),
                    Some(_) => Known::Unknown,
                })
            }
            [runner, os] if runner == "runner" && os == "os" => Some(self.system()),
            _ => None,
        }
    }

    /// Source: GitHub, "Contexts", on `runner.os`; the names of its own images.
    fn system(&self) -> Known {
        let label = match self.runs_on {
            Some(text) if text.contains("${{") => match condition(text) {
                Some(Expression::Path(path)) => self.known(&path),
                Some(expression) => {
                    let given = |path: &[String]| match path {
                        [matrix, ..] if matrix == "matrix" => self.known(path).unwrap_or(Known::Unknown),
                        _ => Known::Unknown,
                    };
                    expression.text(&given).map(Known::Text)
                }
                None => None,
            },
            Some(text) => Some(Known::Text(text.to_owned())),
            None => None,
        };
        let Some(Known::Text(label)) = label else { return Known::Unknown };
        let systems = [("ubuntu-", "Linux"), ("windows-", "Windows"), ("macos-", "macOS")];
        let found = systems.into_iter().find(|(image, _)| label.starts_with(image));
        found.map_or(Known::Unknown, |(_, system)| Known::Text(system.to_owned()))
    }
}

/// All of them: surely, never where one never does, and else not known.
pub(super) fn every(states: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut all = Some(true);
    for one in states {
        match one {
            Some(false) => return one,
            Some(true) => {}
            None => all = None,
        }
    }
    all
}

/// A condition, with or without `${{ }}` round the whole of it. With text beside it, it is no condition.
pub(super) fn condition(text: &str) -> Option<Expression> {
    let text = text.trim();
    let inner = match text.strip_prefix("${{") {
        Some(rest) => rest.strip_suffix("}}")?,
        None => text,
    };
    if inner.contains("${{") { None } else { expressions::parse(inner) }
}

/// Is this condition never true, whatever happens?
pub(super) fn is_never(text: &str) -> bool {
    condition(text)
        .is_some_and(|condition| condition.value(&|_| Known::Unknown, Before::ANYTHING).truth() == Some(false))
}

#[cfg(test)]
mod tests;

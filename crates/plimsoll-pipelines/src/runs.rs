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
    fn known(&self, path: &[String]) -> Option<Known> {
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
                _ => None,
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
mod tests {
    use super::*;

    const PUSH: Event<'static> = event("push", false);
    const PULL: Event<'static> = event("pull_request", true);

    const fn event(name: &str, sees_ready: bool) -> Event<'_> {
        Event { name, sees_ready, draft: None, own: None, inputs: None, asks: Asks::Surely }
    }

    fn one(event: Event<'_>, condition: &str) -> Option<bool> {
        event.jobs(&[Asked { id: "a", needs: vec![], condition: Some(condition) }]).pop().unwrap()
    }

    #[test]
    fn only_what_plainly_holds_is_sure() {
        for (condition, push, pull) in [
            ("true", Some(true), Some(true)),
            ("always()", Some(true), Some(true)),
            ("success()", Some(true), Some(true)),
            ("${{ !cancelled() }}", Some(true), Some(true)),
            ("github.event_name == 'push'", Some(true), Some(false)),
            ("github.event_name == 'push' || github.event_name == 'pull_request'", Some(true), Some(true)),
            (
                "github.event_name != 'pull_request' || github.event.pull_request.head.repo.full_name != github.repository",
                Some(true),
                None,
            ),
            ("github.event_name != 'schedule' && github.event_name != 'workflow_dispatch'", Some(true), Some(true)),
            ("!startsWith(github.ref, 'refs/tags/')", Some(true), Some(true)),
            ("github.event.pull_request.draft == false", Some(true), Some(true)),
            ("inputs.version == ''", Some(true), Some(true)),
            ("!contains(github.event.head_commit.message, '[skip]')", None, Some(true)),
            ("github.event_name == 'workflow_dispatch'", Some(false), Some(false)),
            ("false", Some(false), Some(false)),
            ("${{ false && true }}", Some(false), Some(false)),
            ("failure()", Some(false), Some(false)),
            ("startsWith(github.ref, 'refs/tags/')", Some(false), Some(false)),
            ("github.event_name == 'push' && startsWith(github.ref, 'refs/heads/release-never')", None, Some(false)),
            ("github.repository == 'nobody/none'", None, None),
            ("github.actor == 'nobody'", None, None),
            ("contains(github.event.pull_request.labels.*.name, 'run-ci')", Some(false), None),
            ("steps.x.outputs.y == 'true'", None, None),
            ("vars.RUN == 'true'", None, None),
            ("${{ true }} x", None, None),
            ("not an expression", None, None),
        ] {
            let found = (one(PUSH, condition), one(PULL, condition));
            assert_eq!(found, (push, pull), "{condition}");
        }
    }

    #[test]
    fn the_own_name_decides_where_it_is_known() {
        let own = Event { own: Some("acme/widget"), ..PUSH };
        for (condition, known, unknown) in [
            ("github.repository == 'acme/widget'", Some(true), None),
            ("github.repository == 'Acme/Widget'", Some(true), None),
            ("github.repository != 'acme/widget'", Some(false), None),
            ("github.repository == 'nobody/none'", Some(false), None),
            ("github.repository_owner == 'acme'", Some(true), None),
            ("github.event.repository.full_name == 'acme/widget'", Some(true), None),
            ("github.repository == github.event.repository.full_name", Some(true), Some(true)),
            ("startsWith(github.repository, 'acme/')", Some(true), None),
        ] {
            assert_eq!((one(own, condition), one(PUSH, condition)), (known, unknown), "{condition}");
        }
    }

    #[test]
    fn a_stranger_is_kept_out_by_what_no_stranger_has() {
        let stranger = |name| Event { name, asks: Asks::Stranger, ..Event::default() };
        for (event, condition, expected) in [
            ("pull_request_target", "github.event.pull_request.head.repo.full_name == github.repository", Some(false)),
            ("pull_request_target", "github.event.pull_request.head.repo.full_name != github.repository", Some(true)),
            ("pull_request_target", "github.event.pull_request.head.repo.full_name == 'acme/widget'", Some(false)),
            ("pull_request_target", "!github.event.pull_request.head.repo.fork", Some(false)),
            ("pull_request_target", "github.event.pull_request.head.repo.fork == false", Some(false)),
            ("pull_request_target", "github.event.pull_request.user.login == 'dependabot[bot]'", Some(false)),
            ("pull_request_target", "github.actor == 'dependabot[bot]'", None),
            ("pull_request_target", "github.event_name == 'pull_request'", Some(false)),
            ("pull_request_target", "github.event_name != 'push'", Some(true)),
            ("pull_request_target", "github.event_name == 'push' || vars.X", None),
            ("pull_request_target", "contains(github.event.pull_request.labels.*.name, 'ok')", None),
            ("pull_request_target", "failure()", None),
            ("pull_request_target", "cancelled()", None),
            ("pull_request_target", "success()", None),
            ("pull_request_target", "github.event.pull_request.merged == true", None),
            ("workflow_run", "github.event.workflow_run.event == 'push'", Some(false)),
            ("workflow_run", "github.event.workflow_run.event == 'pull_request'", None),
            ("workflow_run", "github.event.workflow_run.event != 'push'", Some(true)),
            ("workflow_run", "github.event.workflow_run.head_repository.full_name == github.repository", Some(false)),
            ("workflow_run", "github.event.workflow_run.conclusion == 'success'", None),
            ("workflow_run", "github.event.workflow_run.head_branch == 'main'", None),
            ("issue_comment", "github.event.issue.pull_request", None),
            ("push", "startsWith(github.ref, 'refs/tags/')", None),
            ("push", "false", Some(false)),
        ] {
            assert_eq!(one(stranger(event), condition), expected, "{event} {condition}");
        }
        let jobs = [
            Asked { id: "a", needs: vec![], condition: Some("github.event_name == 'push'") },
            Asked { id: "b", needs: vec!["a"], condition: None },
            Asked { id: "c", needs: vec!["a"], condition: Some("always()") },
        ];
        assert_eq!(stranger("pull_request").jobs(&jobs), [Some(false), Some(false), Some(true)]);
        let possibly = Event { name: "pull_request", asks: Asks::Possibly, ..Event::default() };
        assert_eq!(possibly.jobs(&jobs), [Some(false), Some(false), Some(true)]);
        let same = "github.event.pull_request.head.repo.full_name == github.repository";
        assert_eq!((one(possibly, same), one(possibly, "failure()")), (None, None));
    }

    #[test]
    fn what_a_caller_gives_is_known() {
        let inputs: BTreeMap<String, Known> =
            [("a".to_owned(), Known::Bool(true)), ("b".to_owned(), Known::Unknown)].into_iter().collect();
        let called = Event { inputs: Some(&inputs), ..PUSH };
        for (condition, expected) in
            [("inputs.a", Some(true)), ("!inputs.A", Some(false)), ("inputs.b == 'x'", None), ("inputs.c", Some(false))]
        {
            assert_eq!(one(called, condition), expected, "{condition}");
        }
    }

    #[test]
    fn what_a_job_needs_decides_with_it() {
        let check = |jobs: &[(&str, &[&str], Option<&str>)], expected: &[Option<bool>]| {
            let asked: Vec<_> = jobs
                .iter()
                .map(|(id, needs, condition)| Asked { id, needs: needs.to_vec(), condition: *condition })
                .collect();
            assert_eq!(PUSH.jobs(&asked), expected, "{jobs:?}");
        };
        check(&[("a", &[], None), ("b", &["a"], None)], &[Some(true), Some(true)]);
        check(&[("a", &[], Some("false")), ("b", &["a"], None), ("c", &["b"], None)], &[Some(false); 3]);
        check(&[("b", &["a"], None), ("a", &[], Some("vars.X"))], &[None, None]);
        check(&[("a", &[], Some("false")), ("b", &["a"], Some("always()"))], &[Some(false), Some(true)]);
        check(&[("a", &[], Some("false")), ("b", &["a"], Some("success()"))], &[Some(false), Some(false)]);
        check(&[("a", &[], Some("false")), ("b", &["a"], Some("true"))], &[Some(false), Some(false)]);
        check(&[("a", &[], None), ("b", &["a"], Some("needs.a.result == 'success'"))], &[Some(true), Some(true)]);
        check(&[("a", &[], None), ("b", &["a"], Some("needs.a.outputs.x == 'true'"))], &[Some(true), None]);
        check(&[("a", &["b"], None), ("b", &["a"], None)], &[Some(false), Some(false)]);
        check(&[("a", &["a"], None), ("b", &["none"], None)], &[Some(false), Some(false)]);
        let ids: Vec<String> = (0..20_000).map(|number| format!("j{number}")).collect();
        let row: Vec<_> = ids
            .iter()
            .enumerate()
            .map(|(at, id)| Asked {
                id,
                needs: at.checked_sub(1).map(|before| ids[before].as_str()).into_iter().collect(),
                condition: None,
            })
            .collect();
        assert!(PUSH.jobs(&row).iter().all(|runs| *runs == Some(true)));
    }

    #[test]
    fn a_leg_of_the_matrix_knows_its_values() {
        let table: Mapping = yaml_serde::from_str("{rust: stable, on: {os: ubuntu-latest}, x: '${{ y }}'}").unwrap();
        let check = |text: &str, matrix: Option<&Mapping>, runs_on: Option<&str>| {
            PUSH.holds(&condition(text).unwrap(), &Leg { matrix, runs_on })
        };
        assert_eq!(check("matrix.rust == 'stable'", Some(&table), None), Some(true));
        assert_eq!(check("matrix.rust == 'nightly'", Some(&table), None), Some(false));
        assert_eq!(check("matrix.none", Some(&table), None), Some(false));
        assert_eq!(check("matrix.x == 'y'", Some(&table), None), None);
        assert_eq!(check("matrix.rust == 'stable'", None, None), None);
        assert_eq!(check("runner.os == 'Linux'", Some(&table), Some("${{ matrix.on.os }}")), Some(true));
        assert_eq!(check("runner.os == 'Linux'", Some(&table), Some("windows-2022")), Some(false));
        assert_eq!(check("runner.os == 'Linux'", Some(&table), Some("big")), None);
    }

    #[test]
    fn never_is_told_from_sometimes() {
        for never in ["false", "${{ false }}", "0", "''", "false && github.actor == 'x'", "always() && false"] {
            assert!(is_never(never), "{never}");
        }
        for sometimes in ["failure()", "github.event_name == 'x'", "true", "'false'", "x y"] {
            assert!(!is_never(sometimes), "{sometimes}");
        }
    }
}

//! What the readers have in common: jobs and steps as a file has them, before it is decided what gates.

use std::{collections::BTreeMap, sync::Arc};

use yaml_serde::{Mapping, Value};

use crate::{
    commands::Fails,
    cron::{self, Begins},
    environment::Environment,
    filters::{Budget, Reach},
    model::{Job, Pinned, Pipeline, Step, Used},
    shell::{Shell, words},
    waiting::waits_for_itself,
};
use plimsoll_formats::yaml;

/// Jobs of one file.
const MOST_JOBS: usize = 5_000;
/// Documents of one file.
const MOST_DOCUMENTS: usize = 100;
/// Steps of one job.
pub(super) const MOST_STEPS: usize = 2_000;

/// What a reader is given besides the text.
pub(crate) struct Around<'a> {
    /// The path of the file.
    pub(crate) path: &'a str,
    /// Paths of the source, by which filters of paths are judged.
    pub(crate) sources: &'a [&'a str],
    /// What the filters of this file may take to compare.
    pub(crate) budget: Budget,
    /// The text of another file of this repository.
    pub(crate) read: &'a dyn Fn(&str) -> Result<String, String>,
}

/// When something runs, as far as the file shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Runs {
    pub(super) changes: Reach,
    pub(super) clock: Reach,
}

impl Runs {
    pub(super) const ALWAYS: Self = Self { changes: Reach::Every, clock: Reach::Every };
    pub(super) const NEVER: Self = Self { changes: Reach::None, clock: Reach::None };
    /// For every change, and never by the clock.
    pub(super) const CHANGES: Self = Self { changes: Reach::Every, clock: Reach::None };
    pub(super) const UNKNOWN: Self = Self { changes: Reach::Unknown, clock: Reach::Unknown };

    /// Where both have to hold.
    pub(super) fn and(self, other: Self) -> Self {
        Self { changes: self.changes.min(other.changes), clock: self.clock.min(other.clock) }
    }

    /// Where one is enough.
    pub(super) fn or(self, other: Self) -> Self {
        Self { changes: self.changes.max(other.changes), clock: self.clock.max(other.clock) }
    }

    /// By the answer to a condition, the same for changes and by the clock.
    pub(super) fn of(answer: Option<bool>) -> Self {
        match answer {
            Some(true) => Self::ALWAYS,
            Some(false) => Self::NEVER,
            None => Self::UNKNOWN,
        }
    }
}

/// A step of a job.
pub(super) struct StepDraft {
    /// Shell text.
    pub(super) run: Option<String>,
    /// What it uses in place of a script; what that does is not known.
    pub(super) uses: Option<String>,
    pub(super) shell: Shell,
    pub(super) environment: Arc<Environment>,
    /// The folder it runs in, from the top of the source.
    pub(super) folder: Option<String>,
    /// In addition to what decides it for the job.
    pub(super) runs: Runs,
    pub(super) fails: Fails,
}

impl StepDraft {
    pub(super) fn script(text: String, shell: Shell, environment: &Arc<Environment>) -> Self {
        Self {
            run: Some(text),
            uses: None,
            shell,
            environment: Arc::clone(environment),
            folder: None,
            runs: Runs::ALWAYS,
            fails: Fails::Yes,
        }
    }

    /// Something that is no script, and may be anything.
    pub(super) fn opaque(what: &str) -> Self {
        let mut step = Self::script(String::new(), Shell::Unknown, &Arc::default());
        step.run = None;
        // With a space it is the name of no published action.
        step.uses = Some(what.split_once(' ').map_or_else(|| format!("the step {what}"), |_| what.to_owned()));
        step
    }

    /// The source of the change is put into the folder of the job.
    pub(super) fn checkout() -> Self {
        let mut step = Self::opaque("");
        step.uses = Some("actions/checkout".to_owned());
        step
    }
}

/// A job.
pub(super) struct JobDraft {
    pub(super) id: String,
    pub(super) line: Option<u64>,
    pub(super) runs: Runs,
    pub(super) fails: Fails,
    pub(super) runner: &'static str,
    /// The source is there before the first step.
    pub(super) cloned: bool,
    pub(super) deploys: bool,
    pub(super) needs: Vec<String>,
    pub(super) uses: Vec<Used>,
    pub(super) steps: Vec<StepDraft>,
}

impl JobDraft {
    pub(super) fn new(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            line: None,
            runs: Runs::ALWAYS,
            fails: Fails::Yes,
            runner: "unknown",
            cloned: true,
            deploys: false,
            needs: Vec::new(),
            uses: Vec::new(),
            steps: Vec::new(),
        }
    }

    fn job(self) -> Job {
        let (runs, fails) = (self.runs, self.fails);
        let steps = self.steps.into_iter().map(|step| {
            let at = runs.and(step.runs);
            let counts = fails == Fails::Yes && step.fails == Fails::Yes;
            let may_count = fails != Fails::No && step.fails != Fails::No;
            let may = |reach| may_count && matches!(reach, Reach::Every | Reach::Unknown);
            Step {
                run: step.run,
                action: step.uses,
                shell: step.shell,
                shell_named: true,
                environment: step.environment,
                folder: step.folder,
                gates: counts && at.changes == Reach::Every,
                scheduled: counts && at.clock == Reach::Every,
                may_gate: may(at.changes),
                may_be_scheduled: may(at.clock),
                never: at == Runs::NEVER,
                ..Step::default()
            }
        });
        Job {
            id: self.id,
            line: self.line,
            on_change: runs.changes == Reach::Every,
            scheduled: runs.clock == Reach::Every,
            tolerant: fails != Fails::Yes,
            runner: self.runner,
            cloned: self.cloned,
            environment: self.deploys,
            steps: steps.collect(),
            uses: self.uses,
            needs: self.needs,
            dead: runs == Runs::NEVER,
            ..Job::default()
        }
    }
}

/// What runs and what does not, with the jobs that others wait for; and what the file as a whole then does.
pub(super) fn finish(mut pipeline: Pipeline, system: &str, mut jobs: Vec<JobDraft>) -> Result<Pipeline, String> {
    let needs: Vec<(&str, Vec<&str>)> =
        jobs.iter().map(|job| (job.id.as_str(), job.needs.iter().map(String::as_str).collect())).collect();
    if let Some(id) = waits_for_itself(&needs) {
        let id: String = id.chars().filter(|c| !c.is_control()).take(40).collect();
        return Err(format!(
            "not a pipeline that {system} would run: the job {id} needs jobs that wait for each other"
        ));
    }
    if jobs.len() > MOST_JOBS {
        pipeline.gaps.push(format!("more than {MOST_JOBS} jobs"));
        jobs.truncate(MOST_JOBS);
    }
    // Where it is not known whether the system starts it, none of its jobs surely runs.
    if pipeline.unsure.is_some() {
        for job in jobs.iter_mut().filter(|job| job.runs.changes == Reach::Every) {
            job.runs.changes = Reach::Unknown;
        }
    }
    wait_for_others(&mut jobs);
    let all = jobs.iter().map(|job| job.runs).reduce(Runs::or).unwrap_or(Runs::NEVER);
    // What was not read may hold jobs.
    let open = jobs.is_empty() && !pipeline.gaps.is_empty();
    pipeline.reach = if open { Reach::Unknown } else { all.changes };
    pipeline.on_change = all.changes == Reach::Every;
    pipeline.scheduled = all.clock == Reach::Every;
    if pipeline.triggers.is_empty() {
        let events = [(pipeline.on_change, "push"), (pipeline.scheduled, "schedule")];
        pipeline.triggers = events.into_iter().filter(|(runs, _)| *runs).map(|(_, name)| name.to_owned()).collect();
    }
    pipeline.triggers.sort();
    pipeline.triggers.dedup();
    pipeline.rights_gap = Some(format!("what a job's token may do is kept in the settings of {system}"));
    pipeline.dangers_gap = Some(format!("what is dangerous in the CI of {system} is not looked for"));
    pipeline.jobs = jobs.into_iter().map(JobDraft::job).collect();
    Ok(pipeline)
}

/// A job runs at most where those that it needs do.
fn wait_for_others(jobs: &mut [JobDraft]) {
    let places: BTreeMap<String, usize> = jobs.iter().enumerate().map(|(at, job)| (job.id.clone(), at)).collect();
    let mut behind: Vec<Vec<usize>> = vec![Vec::new(); jobs.len()];
    for (at, job) in jobs.iter_mut().enumerate() {
        for need in &job.needs {
            match places.get(need).and_then(|place| behind.get_mut(*place)) {
                Some(list) => list.push(at),
                None => job.runs = job.runs.and(Runs::UNKNOWN),
            }
        }
    }
    let mut waiting: Vec<usize> = (0..jobs.len()).collect();
    while let Some(at) = waiting.pop() {
        let Some(runs) = jobs.get(at).map(|job| job.runs) else { continue };
        for next in behind.get(at).into_iter().flatten() {
            if let Some(job) = jobs.get_mut(*next)
                && job.runs.and(runs) != job.runs
            {
                job.runs = job.runs.and(runs);
                waiting.push(*next);
            }
        }
    }
}

/// A list, or the one value in its place.
pub(super) fn list(value: Option<&Value>) -> Vec<&Value> {
    match value {
        Some(Value::Sequence(values)) => values.iter().collect(),
        Some(Value::Null) | None => Vec::new(),
        Some(other) => vec![other],
    }
}

/// A plain value as text.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

/// The text under a key.
pub(super) fn text_of(value: &Value, key: &str) -> Option<String> {
    text(value.get(key)?)
}

/// The entries of a table whose keys are texts.
pub(super) fn entries(table: Option<&Value>) -> Vec<(&str, &Value)> {
    let table = table.and_then(Value::as_mapping);
    table.into_iter().flat_map(Mapping::iter).filter_map(|(key, value)| Some((key.as_str()?, value))).collect()
}

/// Lays a table of names over `around`; a value that is no plain one may be anything.
pub(super) fn environment(around: &Arc<Environment>, table: Option<&Value>) -> Arc<Environment> {
    let own = entries(table).into_iter().map(|(name, value)| (name, text(value).unwrap_or_else(|| "$".to_owned())));
    Environment::over(around, own)
}

/// Lines of a script, one command or more in each.
pub(super) fn lines(value: Option<&Value>) -> String {
    list(value).into_iter().filter_map(text).flat_map(|line| [line, "\n".to_owned()]).collect()
}

/// Reads a document with its merge keys (`<<`) put in, as the systems that take them do.
pub(super) fn merged(source: &str) -> Result<Value, String> {
    let mut value = yaml::read(source)?;
    value.apply_merge().map_err(|error| error.to_string().replace('\n', " "))?;
    Ok(value)
}

/// The documents of a file. A line of three dashes parts them; in a text that holds one, the parts are no YAML, and the
/// file is refused.
pub(super) fn documents(source: &str) -> Result<Vec<Value>, String> {
    let mut parts = vec![String::new()];
    for line in source.split_inclusive('\n') {
        if line.trim_end() == "---" {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push_str(line);
        }
    }
    if parts.len() > MOST_DOCUMENTS {
        return Err(format!("more than {MOST_DOCUMENTS} documents"));
    }
    let read: Result<Vec<Value>, String> = parts.iter().map(|part| merged(part)).collect();
    Ok(read?.into_iter().filter(|document| !document.is_null()).collect())
}

/// By a schedule of five fields.
pub(super) fn clock(time: Option<&str>) -> Reach {
    match time.map(cron::begins) {
        Some(Begins::Sometimes) => Reach::Every,
        Some(Begins::Never) => Reach::None,
        Some(Begins::NotUnderstood) | None => Reach::Unknown,
    }
}

/// What stands in the place of a text that is not known.
pub(super) fn anything() -> String {
    words::ANYTHING.to_string()
}

/// An image by its name.
pub(super) fn image(name: &str, line: Option<u64>) -> Used {
    let known = !name.contains(words::ANYTHING);
    let text: String = name.replace(words::ANYTHING, "*");
    Used { pinned: if known { Pinned::of_image(name) } else { Pinned::Unknown }, text, first_party: false, line }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_runs_where_those_before_it_do() {
        let job = |id: &str, needs: &[&str], changes| {
            let mut job = JobDraft::new(id);
            job.needs = needs.iter().map(|name| (*name).to_owned()).collect();
            job.runs.changes = changes;
            job
        };
        let mut jobs = vec![
            job("c", &["b"], Reach::Every),
            job("b", &["a"], Reach::Every),
            job("a", &[], Reach::Some),
            job("d", &["none"], Reach::Every),
            job("g", &[], Reach::Every),
        ];
        wait_for_others(&mut jobs);
        let found: Vec<Reach> = jobs.iter().map(|job| job.runs.changes).collect();
        assert_eq!(found, [Reach::Some, Reach::Some, Reach::Some, Reach::Unknown, Reach::Every]);
        let circle = vec![job("e", &["f"], Reach::Every), job("f", &["e"], Reach::Every)];
        assert!(finish(Pipeline::default(), "x", circle).is_err());
    }

    #[test]
    fn what_may_not_run_or_may_pass_gates_nothing() {
        for (runs, step_runs, fails, step_fails, expected) in [
            (Runs::CHANGES, Runs::ALWAYS, Fails::Yes, Fails::Yes, (true, true)),
            (Runs::UNKNOWN, Runs::ALWAYS, Fails::Yes, Fails::Yes, (false, true)),
            (Runs::CHANGES, Runs::UNKNOWN, Fails::Yes, Fails::Yes, (false, true)),
            (Runs::CHANGES, Runs::ALWAYS, Fails::No, Fails::Yes, (false, false)),
            (Runs::CHANGES, Runs::ALWAYS, Fails::Yes, Fails::Unknown, (false, true)),
            (Runs::CHANGES, Runs::ALWAYS, Fails::Yes, Fails::No, (false, false)),
            (Runs::NEVER, Runs::ALWAYS, Fails::Yes, Fails::Yes, (false, false)),
        ] {
            let mut draft = JobDraft::new("a");
            (draft.runs, draft.fails) = (runs, fails);
            let mut step = StepDraft::script("x".to_owned(), Shell::Strict, &Arc::default());
            (step.runs, step.fails) = (step_runs, step_fails);
            draft.steps.push(step);
            let job = draft.job();
            assert_eq!((job.steps[0].gates, job.steps[0].may_gate), expected, "{runs:?} {step_runs:?}");
            assert_eq!(job.dead, runs == Runs::NEVER);
        }
    }
}

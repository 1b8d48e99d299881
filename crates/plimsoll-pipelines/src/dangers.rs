//! Ways for strangers to act with a workflow's rights: each job is looked at under the events that can make it run for
//! them, and files of the repository are followed from their callers.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    environment::Environment,
    model::{Access, Pipeline, Step},
    runners::{self, Runner},
    runs::{self, Asked, Asks, Event, Leg},
    sinks::{self, Input},
    taint::{Frame, Program, Scope, Sort, Taint},
};

mod acts;
mod conditions;
mod evaluated;
mod habits;
mod scripts;
mod tables;
mod windows;

use conditions::{always_true, asks_for_bot, asks_part_of_text, merges};

/// Something that lets strangers act with a workflow's rights.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Danger {
    /// The job, where it is in one.
    pub job: Option<String>,
    /// The rule.
    pub rule: &'static str,
    /// `high`, `medium`, `low`.
    pub severity: &'static str,
    /// What was seen.
    pub detail: String,
    /// The line, where one is known.
    pub line: Option<u64>,
}

/// Events that run with the repository's own rights on behalf of anybody.
const PRIVILEGED: &[&str] = &["pull_request_target", "workflow_run", "issue_comment"];
/// Events that anybody causes, and whose runs have rights or secrets of the repository.
const OF_STRANGERS: &[&str] = &[
    "pull_request_target",
    "workflow_run",
    "issue_comment",
    "issues",
    "discussion",
    "discussion_comment",
    "fork",
    "gollum",
    "watch",
];
/// Files that call one another, one inside the other.
const DEEPEST: usize = 10;
/// Files that are looked at, once for each way to them.
const MOST_VISITS: usize = 5_000;
/// Dangers of one collection that are rated high, and all others; more say nothing new.
const MOST_DANGERS: usize = 2_000;

/// What was found, by the path of the file, and what is not known.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) dangers: BTreeMap<String, Vec<Danger>>,
    pub(super) gaps: Vec<String>,
}

/// Looks at all files together.
pub(super) fn find(files: BTreeMap<&str, &Pipeline>, own: Option<&str>) -> Found {
    let program = Program::new(files, own);
    let mut walk = Walk {
        program: &program,
        dangers: BTreeMap::new(),
        gaps: BTreeSet::new(),
        seen: BTreeMap::new(),
        counts: [0, 0],
    };
    for (path, pipeline) in &program.files {
        walk.by_itself(path, pipeline);
        let events: Vec<&str> =
            pipeline.triggers.iter().map(String::as_str).filter(|event| *event != "workflow_call").collect();
        if !events.is_empty() {
            walk.visit(
                &Frame {
                    path,
                    pipeline,
                    outsiders: events.clone(),
                    events,
                    inputs: None,
                    around: None,
                    depth: 0,
                    number: program.number(),
                },
                &mut Left::default(),
            );
        }
    }
    // Parts that nothing leads to are looked at by themselves: others may use them.
    let seen: BTreeSet<String> = walk.seen.keys().map(|((path, ..), _)| path.clone()).collect();
    for (path, pipeline) in program.files.iter().filter(|(path, _)| !seen.contains(**path)) {
        walk.visit(
            &Frame {
                path,
                pipeline,
                events: Vec::new(),
                outsiders: Vec::new(),
                inputs: None,
                around: None,
                depth: 0,
                number: program.number(),
            },
            &mut Left::default(),
        );
    }
    if program.is_spent() || walk.seen.len() >= MOST_VISITS {
        walk.gaps.insert("the files lead to one another in more ways than are followed".to_owned());
    }
    let dangers = walk.dangers.into_iter().map(|(path, found)| (path, habits::once(found))).collect();
    Found { dangers, gaps: walk.gaps.into_iter().collect() }
}

/// Are there artifacts of another run, and the files that a stranger's text was written into.
type Files = (bool, BTreeSet<String>);
type Way = (String, Vec<String>, Vec<String>, Option<BTreeMap<String, Vec<Taint>>>);

struct Walk<'p, 'a> {
    program: &'p Program<'a>,
    dangers: BTreeMap<String, BTreeSet<Danger>>,
    gaps: BTreeSet<String>,
    /// What was gone through, with what it found lying there, and what it left.
    seen: BTreeMap<(Way, Files), Files>,
    /// How many are rated high, and all others: many small ones push no large one out.
    counts: [usize; 2],
}

/// A step or a job in its place.
struct Place<'a> {
    scope: &'a Scope<'a>,
    /// The events under which it can run for a stranger.
    events: &'a [&'a str],
    /// Those of them by which the act of anybody makes it run.
    outsiders: &'a [&'a str],
    line: Option<u64>,
}

/// What earlier steps of a job left for the later ones.
#[derive(Debug, Default)]
struct Left {
    /// There are artifacts of another run.
    artifacts: bool,
    /// Files that a stranger's text was written into.
    files: BTreeSet<String>,
    /// Only a change by a known bot comes past them.
    of_bot: bool,
    /// They ask who may do what, in a way that is not followed.
    asks_who: bool,
}

impl Place<'_> {
    /// An event by which a stranger's text comes here while the repository has rights or secrets.
    fn of_stranger(&self) -> Option<&str> {
        let other = self.scope.frame.pipeline.brings_texts.then(|| self.events.first().copied().unwrap_or("a change"));
        self.events.iter().copied().find(|event| OF_STRANGERS.contains(event)).or(other)
    }

    fn any_of(&self, events: &[&str]) -> Vec<&str> {
        self.events.iter().copied().filter(|event| events.contains(event)).collect()
    }
}

impl Walk<'_, '_> {
    fn add(&mut self, path: &str, danger: Danger) {
        let [high, others] = &mut self.counts;
        let count = if danger.severity == "high" { high } else { others };
        if *count >= MOST_DANGERS {
            self.gaps.insert(format!("more than {MOST_DANGERS} dangers are not told one by one"));
        } else if self.dangers.entry(path.to_owned()).or_default().insert(danger) {
            *count += 1;
        }
    }

    fn danger(&mut self, place: &Place<'_>, rule: &'static str, severity: &'static str, detail: String) {
        let job = Some(place.scope.job.id.clone());
        self.add(place.scope.frame.path, Danger { job, rule, severity, detail, line: place.line });
    }

    /// Something that matters under events of strangers and is not known.
    fn open(&mut self, place: &Place<'_>, what: &str) {
        if let Some(event) = place.of_stranger() {
            let (path, job) = (place.scope.frame.path, &place.scope.job.id);
            self.gaps.insert(format!("{path}: {job}: {what} under {event}"));
        }
    }

    /// What is dangerous whatever calls it.
    fn by_itself(&mut self, path: &str, pipeline: &Pipeline) {
        let mut add = |job: Option<&str>, rule, severity, detail: String, line| {
            self.add(path, Danger { job: job.map(ToOwned::to_owned), rule, severity, detail, line });
        };
        for event in PRIVILEGED.iter().filter(|event| **event != "issue_comment") {
            if pipeline.triggers.iter().any(|trigger| trigger == event) {
                let detail = format!("{event} runs with this repository's rights for anybody's change");
                add(None, "dangerous-trigger", "medium", detail, None);
            }
        }
        for flaw in &pipeline.flaws {
            add(flaw.job.as_deref(), flaw.rule, flaw.severity, flaw.detail.to_owned(), flaw.line);
        }
        // In the format of GitHub: others put nothing into scripts before a shell reads them.
        let habits = if pipeline.brings_texts {
            Vec::new()
        } else {
            let privileged = pipeline.triggers.iter().any(|trigger| PRIVILEGED.contains(&trigger.as_str()));
            habits::find(pipeline, privileged)
        };
        for habit in habits {
            add(habit.job.as_deref(), habit.rule, habit.severity, habit.detail, habit.line);
        }
        for job in &pipeline.jobs {
            let id = Some(job.id.as_str());
            if job.inherits_secrets {
                let detail = "hands all secrets to a workflow of another repository".to_owned();
                add(id, "secrets-inherit", "medium", detail, job.line);
            }
            let own = job.condition.iter().map(|condition| (condition, job.line));
            let of_steps = job.steps.iter().filter_map(|step| Some((step.condition.as_ref()?, step.line)));
            for (condition, line) in own.chain(of_steps) {
                if always_true(condition) {
                    let detail = "a condition with text around ${{ }} is always true".to_owned();
                    add(id, "unsound-condition", "medium", detail, line);
                }
                if let Some(path) = asks_part_of_text(condition) {
                    let detail = format!("contains() finds a part of a word, and {path} may be one");
                    add(id, "unsound-contains", "medium", detail, line);
                }
            }
        }
        for permission in pipeline.permissions.iter().filter(|one| one.scope == "all" && one.access == Access::Write) {
            add(permission.job.as_deref(), "write-all", "medium", "the token may write everything".to_owned(), None);
        }
    }

    fn visit(&mut self, frame: &Frame<'_>, left: &mut Left) {
        let names = |events: &[&str]| events.iter().map(|event| (*event).to_owned()).collect::<Vec<_>>();
        let way = (frame.path.to_owned(), names(&frame.events), names(&frame.outsiders), frame.inputs.clone());
        let way = (way, (left.artifacts, left.files.clone()));
        if let Some((artifacts, files)) = self.seen.get(&way) {
            left.artifacts |= artifacts;
            left.files.extend(files.iter().cloned());
            return;
        }
        if self.seen.len() >= MOST_VISITS {
            return;
        }
        self.seen.insert(way.clone(), way.1.clone());
        let jobs = &frame.pipeline.jobs;
        let asked: Vec<Asked<'_>> = jobs
            .iter()
            .map(|job| Asked {
                id: &job.id,
                needs: job.needs.iter().map(String::as_str).collect(),
                condition: job.condition.as_deref(),
            })
            .collect();
        let running: Vec<Vec<Option<bool>>> = frame.events.iter().map(|name| self.event(name).jobs(&asked)).collect();
        let outsiders = self.jobs_for_outsiders(frame, &asked);
        for (at, job) in jobs.iter().enumerate() {
            let runs = |jobs: &Vec<Option<bool>>| frame.pipeline.is_action || jobs.get(at) != Some(&Some(false));
            let events: Vec<&str> =
                frame.events.iter().zip(&running).filter(|(_, jobs)| runs(jobs)).map(|(event, _)| *event).collect();
            // Under none of its events does a stranger reach it.
            if events.is_empty() && !frame.events.is_empty() {
                continue;
            }
            let scope = Scope { frame, job };
            let outsiders = outsiders.get(at).map(Vec::as_slice).unwrap_or_default();
            let place = Place { scope: &scope, events: &events, outsiders, line: job.line };
            // An action works in the folder of the job that uses it; each job has a machine of its own.
            let mut own = Left::default();
            if frame.pipeline.is_action {
                own.artifacts = left.artifacts;
                own.files.clone_from(&left.files);
            }
            self.job(&place, &mut own);
            if frame.pipeline.is_action {
                left.artifacts |= own.artifacts;
                left.files.append(&mut own.files);
            }
        }
        self.seen.insert(way, (left.artifacts, left.files.clone()));
    }

    fn event<'e>(&'e self, name: &'e str) -> Event<'e> {
        Event { name, own: self.program.own, asks: Asks::Stranger, ..Event::default() }
    }

    fn job(&mut self, place: &Place<'_>, left: &mut Left) {
        let scope = place.scope;
        let job = scope.job;
        if let Some(call) = &job.call {
            if let Some((path, pipeline)) = self.program.target(&call.uses) {
                let inputs = Some(self.program.inputs(scope, &job.around, &call.with, 0));
                self.follow(place, path, pipeline, inputs, None, &mut Left::default());
            } else {
                self.called(place, call);
            }
            return;
        }
        self.machine(place);
        let is_shell = |text: &str| ["sh", "bash", "-c"].iter().any(|name| text.rsplit('/').next() == Some(name));
        let shell = job.settings.iter().any(|(_, text)| text.split_whitespace().any(is_shell));
        for (name, text) in &job.settings {
            for taint in self.program.text(scope, &job.around, text) {
                match taint.sort {
                    Sort::Code if matches!(*name, "args" | "entrypoint") => {}
                    // An argument is run where a shell is what takes it.
                    Sort::Text if *name == "args" && !shell => {
                        self.open(place, &format!("what a container does with {} is not known", taint.what));
                    }
                    Sort::Text | Sort::Code => {
                        let detail = format!("{} is put into the {name} of a container", taint.what);
                        self.danger(place, "template-injection", "high", detail);
                    }
                    Sort::Open => self.open(place, &format!("{} is put into the {name} of a container", taint.what)),
                    Sort::Number | Sort::Event | Sort::Owner => {}
                }
            }
        }
        for step in &job.steps {
            let condition = step.condition.as_deref().and_then(runs::condition);
            let runs = |event: &&&str| {
                condition.as_ref().is_none_or(|condition| {
                    self.event(event).holds(condition, &Leg { matrix: None, runs_on: None }) != Some(false)
                })
            };
            let events: Vec<&str> = place.events.iter().filter(runs).copied().collect();
            if events.is_empty() && !place.events.is_empty() {
                continue;
            }
            let outsiders = self.outsiders_of(place, condition.as_ref());
            let here = Place { scope, events: &events, outsiders: &outsiders, line: step.line };
            self.step(&here, step, left);
            self.act(&here, step, left);
        }
        self.bot(place);
    }

    /// Does it run a stranger's change on a machine that is used again?
    fn machine(&mut self, place: &Place<'_>) {
        let job = place.scope.job;
        if job.labels.is_null() {
            return;
        }
        for name in place.events.iter().filter(|event| event.starts_with("pull_request")) {
            let event = self.event(name);
            let runner = runners::of(&job.labels, job.matrix.as_ref(), &|path| event.known(path));
            let forges_own = place.scope.frame.pipeline.rights_gap.is_none();
            match runner {
                Runner::SelfHosted => {
                    let detail = "runs strangers' changes on a machine of its own".to_owned();
                    self.danger(place, "self-hosted-on-pull-request", "high", detail);
                }
                Runner::Hosted if forges_own => {}
                _ => {
                    let (path, id) = (place.scope.frame.path, &job.id);
                    self.gaps.insert(format!("{path}: {id}: it is not known whose machine runs strangers' changes"));
                }
            }
        }
    }

    fn follow(
        &mut self,
        place: &Place<'_>,
        path: &str,
        pipeline: &Pipeline,
        inputs: Option<BTreeMap<String, Vec<Taint>>>,
        around: Option<(&Scope<'_>, &Environment)>,
        left: &mut Left,
    ) {
        let depth = place.scope.frame.depth + 1;
        if depth > DEEPEST {
            self.gaps.insert(format!("{path}: is called through more files than are followed"));
            return;
        }
        let (events, outsiders) = (place.events.to_vec(), place.outsiders.to_vec());
        let number = self.program.number();
        self.visit(&Frame { path, pipeline, events, outsiders, inputs, around, depth, number }, left);
    }

    fn step(&mut self, place: &Place<'_>, step: &Step, left: &mut Left) {
        let (program, scope) = (self.program, place.scope);
        if let Some(text) = &step.run {
            self.put_in(place, &program.text(scope, &step.environment, text), "a script");
            self.script(place, step, left);
        }
        if let Some(text) = &step.shell_text {
            self.put_in(place, &program.text(scope, &step.environment, text), "the name of a shell");
        }
        if let Some(text) = &step.folder {
            self.put_in(place, &program.text(scope, &step.environment, text), "the name of a working directory");
        }
        self.environment(place, step);
        let Some(uses) = &step.uses else { return };
        if let Some((path, pipeline)) = program.target(uses) {
            let inputs = Some(program.inputs(scope, &step.environment, &step.with, 0));
            // A program or an image, and not steps.
            if pipeline.is_action && pipeline.jobs.iter().all(|job| job.steps.is_empty()) {
                self.given_to_program(place, step, path, Some(pipeline));
            }
            self.follow(place, path, pipeline, inputs, Some((scope, &step.environment)), left);
            return;
        }
        let action = step.action.as_deref().unwrap_or_default();
        let image = uses.trim().starts_with("docker://");
        for (name, text) in &step.with {
            let taints = program.text(scope, &step.environment, text);
            let takes = if image && matches!(name.as_str(), "args" | "entrypoint" | "") {
                Input::Code
            } else {
                sinks::input(action, name)
            };
            match takes {
                Input::Code => self.put_in(place, &taints, &format!("the input \"{name}\" of {action}, which runs it")),
                Input::Perhaps if taints.iter().any(|taint| taint.sort == Sort::Text) => {
                    self.open(
                        place,
                        &format!(
                            "{action} is given a stranger's text as \"{name}\", and what it does with it is not known"
                        ),
                    );
                }
                Input::Perhaps | Input::Data => {}
            }
        }
        if uses.starts_with("./") {
            self.given_to_program(place, step, uses, None);
        }
        if action.eq_ignore_ascii_case("actions/github-script") {
            self.program_of_javascript(place, step);
        }
        self.checkout(place, step, action);
        let event = place.events.contains(&"workflow_run");
        let named = |part: &str| action.to_ascii_lowercase().contains(part);
        let other_run = |name: &str| {
            matches!(name.to_ascii_lowercase().as_str(), "" | "run-id" | "run_id" | "workflow" | "workflow_conclusion")
        };
        let script = step
            .with
            .iter()
            .any(|(name, text)| name.eq_ignore_ascii_case("script") && text.contains("downloadArtifact"));
        let downloads =
            named("download-artifact") && (step.with.iter().any(|(name, _)| other_run(name)) || !named("actions/"));
        left.artifacts |= event && (downloads || script);
    }

    /// Text that is run as it is.
    fn put_in(&mut self, place: &Place<'_>, taints: &[Taint], into: &str) {
        for taint in taints {
            match taint.sort {
                Sort::Text => {
                    let detail = if into == "a script" {
                        format!("{} is put into a script as text", taint.what)
                    } else {
                        format!("{} is put into {into}", taint.what)
                    };
                    self.danger(place, "template-injection", "high", detail);
                }
                Sort::Open => {
                    self.open(place, &format!("{} is put into {into}, and what it holds is not known", taint.what));
                }
                Sort::Code | Sort::Number | Sort::Event | Sort::Owner => {}
            }
        }
    }

    /// Does it take the last actor for the author, and merge or approve by that?
    fn bot(&mut self, place: &Place<'_>) {
        let job = place.scope.job;
        if place.any_of(PRIVILEGED).is_empty() {
            return;
        }
        let conditions = job.condition.iter().chain(job.steps.iter().filter_map(|step| step.condition.as_ref()));
        if !conditions.into_iter().any(|condition| asks_for_bot(condition)) {
            return;
        }
        let merges = job.steps.iter().any(merges);
        let severity = if merges { "high" } else { "medium" };
        let detail = "the last actor is taken for the author of a change, and anybody can make a bot the last one";
        self.danger(place, "bot-conditions", severity, detail.to_owned());
    }
}

/// The dangers of one file alone.
#[cfg(test)]
pub(super) fn of_one(pipeline: &Pipeline) -> Vec<Danger> {
    find(BTreeMap::from([("a.yml", pipeline)]), None).dangers.into_values().flatten().collect()
}

//! What texts and references of strangers a text is made of, followed through environments, matrices, inputs, outputs
//! of steps and jobs, and the files by which a script hands them on.

use std::{
    cell::{Cell, OnceCell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};

use super::{
    environment::{Environment, Source},
    local,
    model::{Job, Pipeline, Step},
    scripts::{self, Command, Script},
};

mod contexts;
mod reading;

use contexts::{FOREIGN, NUMBERS, OWNERS, PLAIN_OUTPUTS, PLAIN_VARIABLES, UNTRUSTED};
pub(super) use reading::Reading;

/// Steps by which one text is followed.
const DEEPEST: usize = 20;
/// Texts, and hundreds of bytes of scripts, that are looked at for all files together.
const MOST_WORK: usize = 1_000_000;

/// How what a stranger gave can harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    /// A text that anybody can choose.
    Text,
    /// A name of what a stranger wrote: a commit, a branch, a repository.
    Code,
    /// The number of a change, which names it where a reference is made of it.
    Number,
    /// Who caused the event: as the owner of a repository, a name of what a stranger wrote.
    Owner,
    /// The file that holds the whole event.
    Event,
    /// Not known: it may be any of these.
    Open,
}

/// A part of a text that a stranger may have given.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Taint {
    pub(super) sort: Sort,
    /// The context that it comes from, or what is not known.
    pub(super) what: String,
}

impl Taint {
    fn new(sort: Sort, what: impl Into<String>) -> Self {
        Self { sort, what: what.into() }
    }
}

/// A frame, a step, and the file and name that it writes.
type Written = (usize, *const Step, String);

/// All files that are read, and what is left to spend on them.
pub(super) struct Program<'a> {
    pub(super) files: BTreeMap<&'a str, &'a Pipeline>,
    /// This repository's name, where it is known.
    pub(super) own: Option<&'a str>,
    left: Cell<usize>,
    frames: Cell<usize>,
    /// Scripts that were read, by where their step lies.
    scripts: RefCell<BTreeMap<*const Step, Rc<Script>>>,
    /// What is known to be written, by frame, step, file and name.
    known: RefCell<BTreeMap<Written, Vec<Taint>>>,
}

/// A file as it is reached: by an event of its own, or through a caller.
pub(super) struct Frame<'a> {
    pub(super) path: &'a str,
    pub(super) pipeline: &'a Pipeline,
    /// The events that lead here.
    pub(super) events: Vec<&'a str>,
    /// Those of them by which the act of anybody leads here, and not that of somebody whom the project trusts.
    pub(super) outsiders: Vec<&'a str>,
    /// What a caller gives; absent where none is known. The name is empty for an expression that gives all.
    pub(super) inputs: Option<BTreeMap<String, Vec<Taint>>>,
    /// For an action: what it runs in.
    pub(super) around: Option<(&'a Scope<'a>, &'a Environment)>,
    pub(super) depth: usize,
    /// No other has it.
    pub(super) number: usize,
}

/// A job in which a text is.
pub(super) struct Scope<'a> {
    pub(super) frame: &'a Frame<'a>,
    pub(super) job: &'a Job,
}

impl<'a> Program<'a> {
    pub(super) fn new(files: BTreeMap<&'a str, &'a Pipeline>, own: Option<&'a str>) -> Self {
        Self {
            files,
            own,
            left: Cell::new(MOST_WORK),
            frames: Cell::default(),
            scripts: RefCell::default(),
            known: RefCell::default(),
        }
    }

    /// The number of a new frame.
    pub(super) fn number(&self) -> usize {
        self.frames.set(self.frames.get() + 1);
        self.frames.get()
    }

    /// Was everything followed?
    pub(super) fn is_spent(&self) -> bool {
        self.left.get() == 0
    }

    fn spend(&self, work: usize) -> bool {
        self.left.set(self.left.get().saturating_sub(work));
        !self.is_spent()
    }

    /// The file of this repository that `uses` names.
    pub(super) fn target(&self, uses: &str) -> Option<(&'a str, &'a Pipeline)> {
        let path = local::path(uses, self.own)?;
        let folder = if path.is_empty() { String::new() } else { format!("{path}/") };
        [path, format!("{folder}action.yml"), format!("{folder}action.yaml")].iter().find_map(|path| {
            let (path, pipeline) = self.files.get_key_value(path.as_str())?;
            Some((*path, *pipeline))
        })
    }

    /// What a text is made of.
    pub(super) fn text(&self, scope: &Scope<'_>, environment: &Environment, text: &str) -> Vec<Taint> {
        let mut found = self.text_at(scope, environment, text, 0);
        found.sort();
        found.dedup();
        found
    }

    fn text_at(&self, scope: &Scope<'_>, environment: &Environment, text: &str, depth: usize) -> Vec<Taint> {
        if !text.contains("${{") {
            return Vec::new();
        }
        environment.sources(text).iter().flat_map(|source| self.source(scope, source, depth)).collect()
    }

    fn source(&self, scope: &Scope<'_>, source: &Source, depth: usize) -> Vec<Taint> {
        if depth > DEEPEST || !self.spend(1) {
            return vec![Taint::new(Sort::Open, "more than is followed")];
        }
        let path = match source {
            Source::Path(path) => path,
            // Not understood is not harmless where it speaks of what strangers write.
            Source::Unread(text) => {
                let text = text.replace(char::is_whitespace, "");
                let has = |parts: &[&str]| parts.iter().any(|part| text.contains(part));
                let what = "an expression that is not understood";
                if has(&["github.event.", "github.event)", "github[", "head_ref", "github)"]) {
                    return vec![Taint::new(Sort::Text, what), Taint::new(Sort::Code, what)];
                }
                let open = has(&["inputs", "steps", "needs", "env.", "env[", "env)"]);
                return open.then(|| Taint::new(Sort::Open, what)).into_iter().collect();
            }
            Source::TooMany => {
                let what = "more than can be followed";
                return vec![Taint::new(Sort::Text, what), Taint::new(Sort::Code, what)];
            }
        };
        let names: Vec<&str> = path.iter().map(String::as_str).collect();
        let open = || vec![Taint::new(Sort::Open, names.join("."))];
        match names.as_slice() {
            ["github", "event_path"] => vec![Taint::new(Sort::Event, "github.event_path")],
            ["github", ..] => {
                let tables =
                    [(Sort::Text, UNTRUSTED), (Sort::Code, FOREIGN), (Sort::Number, NUMBERS), (Sort::Owner, OWNERS)];
                let known = |(sort, table): (Sort, &[&str])| {
                    Some(Taint::new(sort, table.iter().find_map(|known| overlap(path, known))?))
                };
                tables.into_iter().filter_map(known).collect()
            }
            ["inputs", name] if *name != "*" => {
                let inputs = scope.frame.inputs.as_ref();
                let given = inputs.and_then(|inputs| inputs.get(*name).or_else(|| inputs.get("")));
                match (given, scope.frame.pipeline.defaults.get(*name)) {
                    (None, Some(text)) => self.text_at(scope, &Environment::default(), text, depth + 1),
                    (given, _) => given.cloned().unwrap_or_default(),
                }
            }
            // A caller may give any text as a secret.
            ["secrets", name] if *name != "*" => {
                let given = scope.frame.inputs.as_ref().and_then(|inputs| inputs.get(&format!("secrets.{name}")));
                given.cloned().unwrap_or_default()
            }
            ["inputs", ..] => scope.frame.inputs.iter().flat_map(BTreeMap::values).flatten().cloned().collect(),
            ["steps", id, "outputs", name] if *id != "*" && *name != "*" => {
                self.step_output(scope, id, name, depth + 1)
            }
            ["steps", _, "outcome" | "conclusion"] | ["needs" | "jobs", _, "result"] => Vec::new(),
            ["needs" | "jobs", id, "outputs", name] if *id != "*" && *name != "*" => {
                self.job_output(scope, id, name, depth + 1)
            }
            ["steps" | "needs" | "jobs", ..] => open(),
            ["matrix", names @ ..] => self.of_matrix(scope, names.first().copied(), depth + 1),
            ["env", name] if *name != "*" => {
                let plain = PLAIN_VARIABLES.iter().any(|plain| plain.eq_ignore_ascii_case(name));
                self.set_by_script(scope, name, depth + 1).unwrap_or_else(|| if plain { Vec::new() } else { open() })
            }
            _ => Vec::new(),
        }
    }

    fn of_matrix(&self, scope: &Scope<'_>, name: Option<&str>, depth: usize) -> Vec<Taint> {
        let mut texts = Vec::new();
        if let Some(matrix) = &scope.job.matrix {
            let mut all = vec![matrix];
            all.extend(matrix.get("include").and_then(yaml_serde::Value::as_sequence).into_iter().flatten());
            for table in all {
                match (table, name.filter(|name| *name != "*")) {
                    (yaml_serde::Value::Mapping(table), Some(name)) => {
                        for (key, value) in table {
                            let whole = key.as_str() == Some("include") && value.is_string();
                            if whole || key.as_str().is_some_and(|key| key.eq_ignore_ascii_case(name)) {
                                local::texts(value, &mut texts);
                            }
                        }
                    }
                    (other, _) => local::texts(other, &mut texts),
                }
            }
        }
        texts.into_iter().flat_map(|text| self.text_at(scope, &scope.job.around, text, depth)).collect()
    }

    fn step_output(&self, scope: &Scope<'_>, id: &str, name: &str, depth: usize) -> Vec<Taint> {
        let step = scope.job.steps.iter().find(|step| step.id.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(id)));
        let Some(step) = step else { return Vec::new() };
        let open = || vec![Taint::new(Sort::Open, format!("steps.{id}.outputs.{name}"))];
        if step.run.is_some() {
            return self.written(scope, step, "GITHUB_OUTPUT", name, depth);
        }
        if let Some((path, pipeline)) = step.uses.as_deref().and_then(|uses| self.target(uses)) {
            let (Some(text), Some(job)) = (pipeline.outputs.get(name), pipeline.jobs.first()) else { return open() };
            let inputs = self.inputs(scope, &step.environment, &step.with, depth);
            let frame = Frame {
                path,
                pipeline,
                events: Vec::new(),
                outsiders: Vec::new(),
                inputs: Some(inputs),
                around: Some((scope, &step.environment)),
                depth: scope.frame.depth + 1,
                number: self.number(),
            };
            return self.text_at(&Scope { frame: &frame, job }, &job.around, text, depth);
        }
        let action = step.action.as_deref().unwrap_or_default().to_ascii_lowercase();
        if PLAIN_OUTPUTS.iter().any(|start| action.starts_with(start)) { Vec::new() } else { open() }
    }

    fn job_output(&self, scope: &Scope<'_>, id: &str, name: &str, depth: usize) -> Vec<Taint> {
        let job = scope.frame.pipeline.jobs.iter().find(|job| job.id.eq_ignore_ascii_case(id));
        let Some(job) = job else { return Vec::new() };
        let Some(call) = &job.call else {
            let Some(text) = job.outputs.get(name) else { return Vec::new() };
            return self.text_at(&Scope { frame: scope.frame, job }, &job.around, text, depth);
        };
        let own = Scope { frame: scope.frame, job };
        match self.target(&call.uses).and_then(|(path, pipeline)| Some((path, pipeline, pipeline.outputs.get(name)?))) {
            Some((path, pipeline, text)) => {
                let inputs = Some(self.inputs(&own, &job.around, &call.with, depth));
                let (depth_of_calls, number) = (scope.frame.depth + 1, self.number());
                let events = Vec::new();
                let frame = Frame {
                    path,
                    pipeline,
                    events,
                    outsiders: Vec::new(),
                    inputs,
                    around: None,
                    depth: depth_of_calls,
                    number,
                };
                let nothing = Job::default();
                self.text_at(&Scope { frame: &frame, job: &nothing }, &nothing.around, text, depth)
            }
            None => vec![Taint::new(Sort::Open, format!("needs.{id}.outputs.{name}"))],
        }
    }

    /// What is handed to a file that is called, by names in lower case.
    pub(super) fn inputs(
        &self,
        scope: &Scope<'_>,
        environment: &Environment,
        with: &[(String, String)],
        depth: usize,
    ) -> BTreeMap<String, Vec<Taint>> {
        with.iter()
            .map(|(name, text)| {
                let mut found = self.text_at(scope, environment, text, depth);
                found.sort();
                found.dedup();
                found.truncate(32);
                (name.to_ascii_lowercase(), found)
            })
            .collect()
    }

    /// What a variable holds that no file sets, but a script of the job may; absent where none is seen to.
    fn set_by_script(&self, scope: &Scope<'_>, name: &str, depth: usize) -> Option<Vec<Taint>> {
        let mut found: Option<Vec<Taint>> = None;
        for step in
            scope.job.steps.iter().filter(|step| step.run.as_ref().is_some_and(|run| run.contains("GITHUB_ENV")))
        {
            found.get_or_insert_default().extend(self.written(scope, step, "GITHUB_ENV", name, depth));
        }
        // An action has the environment of the job that it runs in.
        if let Some((outer, environment)) = scope.frame.around {
            let outer = match environment.named(name) {
                Some(sources) => {
                    Some(sources.iter().flat_map(|source| self.source(outer, source, depth + 1)).collect())
                }
                None => self.set_by_script(outer, name, depth + 1),
            };
            found = match (found, outer) {
                (Some(own), Some(outer)) => Some([own, outer].concat()),
                (own, outer) => own.or(outer),
            };
        }
        found
    }

    /// What a variable holds.
    fn named(&self, scope: &Scope<'_>, environment: &Environment, name: &str, depth: usize) -> Vec<Taint> {
        if depth > DEEPEST || !self.spend(1) {
            return vec![Taint::new(Sort::Open, "more than is followed")];
        }
        match environment.named(name) {
            Some(sources) => sources.to_vec().iter().flat_map(|source| self.source(scope, source, depth + 1)).collect(),
            None => self.set_by_script(scope, &name.to_ascii_lowercase(), depth + 1).unwrap_or_default(),
        }
    }

    /// A step's script and what its variables hold.
    pub(super) fn script<'s>(&'s self, scope: &'s Scope<'s>, step: &'s Step) -> Option<Reading<'s>>
    where
        'a: 's,
    {
        self.script_at(scope, step, 0)
    }

    fn script_at<'s>(&'s self, scope: &'s Scope<'s>, step: &'s Step, depth: usize) -> Option<Reading<'s>>
    where
        'a: 's,
    {
        let text = step.run.as_deref()?;
        let place = std::ptr::from_ref(step);
        let read = self.scripts.borrow().get(&place).cloned();
        let script = read.unwrap_or_else(|| {
            self.spend(text.len() / 100 + 1);
            let script = Rc::new(scripts::read(text));
            self.scripts.borrow_mut().insert(place, Rc::clone(&script));
            script
        });
        let mut given: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let given_otherwise = script.commands.iter().flat_map(Command::bindings);
        for (name, value) in script.commands.iter().flat_map(Command::assignments).chain(given_otherwise) {
            given.entry(name.to_owned()).or_default().push(value.to_owned());
        }
        let (known, whole, constant) = (RefCell::default(), OnceCell::new(), OnceCell::new());
        Some(Reading { program: self, scope, step, script, given, known, whole, constant, depth })
    }

    /// What a script puts behind `name` into one of the runner's files.
    fn written(&self, scope: &Scope<'_>, step: &Step, file: &str, name: &str, depth: usize) -> Vec<Taint> {
        let name = name.to_ascii_lowercase();
        let key = (scope.frame.number, std::ptr::from_ref(step), format!("{file} {name}"));
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone();
        }
        let mut found = self.newly_written(scope, step, file, &name, depth);
        found.sort();
        found.dedup();
        self.known.borrow_mut().insert(key, found.clone());
        found
    }

    fn newly_written(&self, scope: &Scope<'_>, step: &Step, file: &str, name: &str, depth: usize) -> Vec<Taint> {
        let what = if file == "GITHUB_ENV" {
            format!("env.{name}")
        } else {
            format!("steps.{}.outputs.{name}", step.id.as_deref().unwrap_or_default())
        };
        let open = || vec![Taint::new(Sort::Open, what.clone())];
        if depth > DEEPEST || !self.spend(1) {
            return open();
        }
        let Some(reading) = self.script_at(scope, step, depth) else { return open() };
        let text = step.run.as_deref().unwrap_or_default();
        if !self.spend(text.len() / 128 + 1) {
            return open();
        }
        // What is not written here is written by a program that it starts.
        if !text.contains(file) && !text.contains("set-output") && !text.contains("set-env") {
            return open();
        }
        let (mut found, mut seen) = (Vec::new(), false);
        for command in &reading.script.commands {
            let sets = |word: &String| {
                let lower = word.to_ascii_lowercase();
                lower.match_indices(name).any(|(at, _)| {
                    let before = lower.get(..at).and_then(|before| before.chars().next_back());
                    let rest = lower.get(at + name.len()..).unwrap_or_default();
                    !before.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '$' | '{'))
                        && rest.starts_with(['=', '<', ':'])
                })
            };
            let own = command.words.len() == 1 && !command.assignments().is_empty();
            if own || !command.words.iter().any(sets) {
                continue;
            }
            seen = true;
            // A value of several lines is what the commands around it print.
            if command.mentions("<<") || command.mentions("EOF") || !reading.is_plain(command) {
                found.extend(open());
                found.extend(
                    reading.all().iter().filter(|taint| command.mentions("<<") && taint.sort == Sort::Text).cloned(),
                );
            }
            found.extend(reading.of(command));
        }
        // The whole event is in the file; which part of it came out is not known.
        for taint in &mut found {
            if taint.sort == Sort::Event {
                taint.sort = Sort::Open;
            }
        }
        if !seen && (text.contains(file) || text.contains("set-output")) {
            // Another output is written, or this one in a form that is not understood.
            return if reading.writes_plainly(file) { Vec::new() } else { open() };
        }
        found
    }
}

/// The context of the table that a path is made of: the one that it names, lies in, or holds.
fn overlap(path: &[String], known: &str) -> Option<String> {
    let matches = path.iter().zip(known.split('.')).all(|(name, known)| name == known || name == "*");
    let whole = path.len() >= known.split('.').count();
    matches.then(|| if whole { known.to_owned() } else { path.join(".") })
}

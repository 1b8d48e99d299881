//! Azure Pipelines: stages, jobs and steps of one file, with the templates of the tree put in.
//!
//! Source: Microsoft, "YAML schema reference" of Azure Pipelines. Which file a pipeline reads, what its variable groups hold,
//! and what asks for consent before a stage is kept in the project at Azure.

use std::{collections::BTreeMap, sync::Arc};

use yaml_serde::Value;

use crate::{
    commands::Fails,
    environment::Environment,
    filters::Reach,
    model::{Lines, Pinned, Pipeline, Used},
    readers::draft::{self, Around, JobDraft, MOST_STEPS, Runs, StepDraft, anything, entries, list, text, text_of},
    shell::Shell,
    tree,
};
use plimsoll_formats::yaml;

mod conditions;
mod place;
mod tasks;
mod triggers;

use conditions::Event;
use place::{Place, parameters, variable_name, variables};
use triggers::Starts;

/// Templates inside one another.
const DEEPEST: usize = 10;
/// Templates that are read for one file.
const MOST_TEMPLATES: usize = 200;

/// Reads a pipeline.
pub(crate) fn pipeline(source: &str, around: &Around<'_>) -> Result<Pipeline, String> {
    let value = yaml::read(source)?;
    if !["stages", "jobs", "steps", "extends"].iter().any(|key| value.get(key).is_some()) {
        return Err("it has no stages, jobs or steps".to_owned());
    }
    let starts = Starts::of(&value, around);
    let mut reader = Reader {
        around,
        // One event is asked about: what two conditions say is then about the same change.
        event: if starts.request >= starts.push { Event::Request } else { Event::Push },
        starts,
        pipeline: Pipeline { name: text_of(&value, "name"), ..Pipeline::default() },
        jobs: Vec::new(),
        left: MOST_TEMPLATES,
        lines: Lines::new(source),
        images: BTreeMap::new(),
    };
    reader.pipeline.triggers = starts.names();
    if has_keys_of_expressions(&value, 0) {
        let why = "an expression decides which keys a part of it has";
        reader.pipeline.unsure = Some(why.to_owned());
    } else if around.path.contains('/') {
        reader.pipeline.unsure =
            Some("whether Azure starts a file in this folder is a setting of the project there".to_owned());
    } else if starts.names().is_empty() {
        let why = "whether it runs for changes where the file does not say so is a setting of the project at Azure";
        reader.pipeline.unsure = Some(why.to_owned());
    }
    let resources = reader.resources(&value);
    let place = Place {
        file: around.path.to_owned(),
        parameters: parameters(&value, &[]),
        environment: Arc::default(),
        pool: None,
        runs: Runs { changes: starts.push.max(starts.request), clock: starts.clock },
        stage: String::new(),
        depth: 0,
    };
    reader.level(&value, &place);
    let Reader { pipeline, mut jobs, .. } = reader;
    if let Some(first) = jobs.first_mut() {
        first.uses.extend(resources);
    }
    draft::finish(pipeline, "Azure Pipelines", jobs)
}

struct Reader<'a, 'b> {
    around: &'a Around<'b>,
    event: Event,
    starts: Starts,
    pipeline: Pipeline,
    jobs: Vec<JobDraft>,
    left: usize,
    lines: Lines<'a>,
    /// Images of containers, by the names that the file gives them.
    images: BTreeMap<String, String>,
}

impl Reader<'_, '_> {
    /// What other repositories and images the file names.
    fn resources(&mut self, value: &Value) -> Vec<Used> {
        let mut uses = Vec::new();
        let Some(resources) = value.get("resources") else { return uses };
        for repository in list(resources.get("repositories")) {
            let Some(name) = text_of(repository, "name") else { continue };
            let reference = text_of(repository, "ref").unwrap_or_default();
            let plain = reference.trim_start_matches("refs/heads/").trim_start_matches("refs/tags/");
            let pinned = if reference.is_empty() { Pinned::Branch } else { Pinned::of_reference(plain) };
            let text = if plain.is_empty() { name.clone() } else { format!("{name}@{plain}") };
            uses.push(Used { text, pinned, first_party: false, line: self.lines.find(&name) });
        }
        for container in list(resources.get("containers")) {
            let (Some(id), Some(name)) = (text_of(container, "container"), text_of(container, "image")) else {
                continue;
            };
            uses.push(draft::image(&name, self.lines.find(&name)));
            self.images.insert(id, name);
        }
        uses
    }

    /// A condition, for the event that is asked about and by the clock.
    fn condition(&self, value: Option<&Value>, place: &Place) -> Runs {
        let Some(text) = value.and_then(text) else { return Runs::ALWAYS };
        let text = place.fill(&text);
        let ask = |event| conditions::holds(&text, event);
        let reach = |answer: Option<bool>| Runs::of(answer).changes;
        let other = if self.event == Event::Request { Event::Push } else { Event::Request };
        let started = if other == Event::Push { self.starts.push } else { self.starts.request };
        let changes = match (ask(self.event), ask(other)) {
            // It runs for what is pushed, and not for the change before.
            (Some(false), Some(true) | None) if started > Reach::None => Reach::Some,
            (answer, _) => reach(answer),
        };
        Runs { changes, clock: reach(ask(Event::Clock)) }
    }

    /// Whether a failure counts.
    fn fails(value: &Value) -> Fails {
        // A script of PowerShell may be told not to look at what its programs return.
        let inputs = [Some(value), value.get("inputs")];
        let ignores =
            |table: &Value| entries(Some(table)).iter().any(|(key, _)| key.eq_ignore_ascii_case("ignoreLASTEXITCODE"));
        if inputs.into_iter().flatten().any(ignores) {
            return Fails::Unknown;
        }
        match value.get("continueOnError") {
            None | Some(Value::Null | Value::Bool(false)) => Fails::Yes,
            Some(Value::Bool(true)) => Fails::No,
            Some(Value::String(text)) if text.eq_ignore_ascii_case("false") => Fails::Yes,
            Some(Value::String(text)) if text.eq_ignore_ascii_case("true") => Fails::No,
            Some(_) => Fails::Unknown,
        }
    }

    /// Stages, jobs or steps, whichever a file or a part of it has.
    fn level(&mut self, value: &Value, place: &Place) {
        let mut place = place.clone();
        place.environment = variables(value.get("variables"), &place);
        if let Some(pool) = value.get("pool") {
            place.pool = Some(pool.clone());
        }
        if let Some(extends) = value.get("extends") {
            self.template(extends, &place, &mut |reader, file, place| reader.level(file, place));
        }
        if let Some(stages) = value.get("stages") {
            let mut before = None;
            self.stages(stages, &place, &mut before);
        } else if let Some(jobs) = value.get("jobs") {
            self.jobs(jobs, &place);
        } else if value.get("steps").is_some() {
            self.job("job", value, &place);
        }
    }

    /// A template of the tree; what is elsewhere is a gap.
    fn template(&mut self, one: &Value, place: &Place, go_on: &mut dyn FnMut(&mut Self, &Value, &Place)) {
        let Some(path) = text_of(one, "template").map(|path| place.fill(&path)) else { return };
        let folder = place.file.rsplit_once('/').map_or("", |(folder, _)| folder);
        let path = path.trim_end_matches("@self");
        let (folder, inside) = path.strip_prefix('/').map_or((folder, path), |rest| ("", rest));
        let file = tree::join(folder, inside).filter(|path| !path.contains('@') && !path.contains(anything().as_str()));
        let shown = path.replace(anything().as_str(), "*");
        if place.depth >= DEEPEST || self.left == 0 {
            self.pipeline.gaps.push("it has more templates than are followed".to_owned());
            return;
        }
        self.left -= 1;
        let read = file.ok_or_else(|| "it is not in this repository".to_owned()).and_then(|file| {
            let text = (self.around.read)(&file)?;
            Ok((file, yaml::read(&text)?))
        });
        match read {
            Ok((file, value)) => {
                let given = entries(one.get("parameters")).into_iter().map(|(name, value)| {
                    (name.to_owned(), text(value).map_or_else(anything, |value| place.fill(&value)))
                });
                let given: Vec<(String, String)> = given.collect();
                let inside = Place {
                    parameters: parameters(&value, &given),
                    file: file.clone(),
                    depth: place.depth + 1,
                    ..place.clone()
                };
                self.pipeline.reads.insert(file);
                go_on(self, &value, &inside);
            }
            Err(reason) => self.pipeline.gaps.push(format!("the template {shown}: {reason}")),
        }
    }

    /// The parts of a list, those below `${{ if }}` and `${{ each }}` with it: whether they are there is not known.
    fn parts<'v>(value: &'v Value, place: &Place) -> Vec<(&'v Value, Place)> {
        let mut all = Vec::new();
        for one in list(Some(value)) {
            let keys = entries(Some(one));
            match keys.as_slice() {
                [(key, inner)] if key.trim_start().starts_with("${{") => {
                    let mut inside = place.clone();
                    inside.runs = inside.runs.and(Runs::UNKNOWN);
                    inside.depth += 1;
                    if inside.depth <= DEEPEST {
                        all.extend(Self::parts(inner, &inside));
                    }
                }
                _ => all.push((one, place.clone())),
            }
        }
        all
    }

    fn stages(&mut self, value: &Value, place: &Place, before: &mut Option<Runs>) {
        for (stage, place) in Self::parts(value, place) {
            if stage.get("template").is_some() {
                let mut inner = *before;
                self.template(stage, &place, &mut |reader, file, place| {
                    if let Some(stages) = file.get("stages") {
                        reader.stages(stages, place, &mut inner);
                    }
                });
                *before = inner;
                continue;
            }
            let name = text_of(stage, "stage").unwrap_or_default();
            let mut place = place.clone();
            place.runs = place.runs.and(self.condition(stage.get("condition"), &place));
            // Each stage waits for the one before, unless it names what it waits for.
            match stage.get("dependsOn") {
                None => place.runs = before.map_or(place.runs, |before| place.runs.and(before)),
                Some(named) if list(Some(named)).is_empty() => {}
                Some(_) => {}
            }
            if stage.get("trigger").and_then(Value::as_str) == Some("manual") {
                place.runs = place.runs.and(Runs { changes: Reach::Some, clock: Reach::None });
            }
            *before = Some(place.runs);
            place.stage.clone_from(&name);
            let first = self.jobs.len();
            self.level(stage, &place);
            let others: Vec<String> = list(stage.get("dependsOn")).into_iter().filter_map(text).collect();
            for other in others {
                let needed: Vec<Runs> = self
                    .jobs
                    .iter()
                    .take(first)
                    .filter(|job| job.id.starts_with(&format!("{other}/")))
                    .map(|job| job.runs)
                    .collect();
                let runs = needed.into_iter().reduce(Runs::and).unwrap_or(Runs::UNKNOWN);
                for job in self.jobs.iter_mut().skip(first) {
                    job.runs = job.runs.and(runs);
                }
            }
        }
    }

    fn jobs(&mut self, value: &Value, place: &Place) {
        for (job, place) in Self::parts(value, place) {
            if job.get("template").is_some() {
                self.template(job, &place, &mut |reader, file, place| {
                    if let Some(jobs) = file.get("jobs") {
                        reader.jobs(jobs, place);
                    }
                });
                continue;
            }
            let name = text_of(job, "job").or_else(|| text_of(job, "deployment")).unwrap_or_else(|| "job".to_owned());
            self.job(&name, job, &place);
        }
    }

    fn job(&mut self, name: &str, value: &Value, place: &Place) {
        let name = place.fill(name).replace(anything().as_str(), "*");
        let id = |name: &str| if place.stage.is_empty() { name.to_owned() } else { format!("{}/{name}", place.stage) };
        let taken = self.jobs.iter().filter(|job| job.id == id(&name)).count();
        let mut job = JobDraft::new(&if taken > 0 { format!("{} ({})", id(&name), taken + 1) } else { id(&name) });
        let line = self.lines.find(&format!("job: {name}"));
        job.line = line.or_else(|| self.lines.find(&format!("deployment: {name}")));
        job.runs = place.runs.and(self.condition(value.get("condition"), place));
        job.fails = Self::fails(value);
        job.deploys = value.get("deployment").is_some();
        job.needs = list(value.get("dependsOn")).into_iter().filter_map(text).map(|need| id(&need)).collect();
        let mut place = place.clone();
        place.environment = variables(value.get("variables"), &place);
        if let Some(strategy) = value.get("strategy") {
            // What a matrix puts in is another in each run.
            let names: Vec<String> = list(strategy.get("matrix"))
                .into_iter()
                .flat_map(|matrix| entries(Some(matrix)))
                .flat_map(|(_, leg)| entries(Some(leg)))
                .map(|(name, _)| variable_name(name))
                .collect();
            let own = names.iter().map(|name| (name.as_str(), "$".to_owned()));
            place.environment = Environment::over(&place.environment, own);
        }
        let pool = value.get("pool").or(place.pool.as_ref());
        let image = pool.and_then(|pool| text_of(pool, "vmImage")).map(|image| image.to_ascii_lowercase());
        job.runner = if image.is_some() { "hosted" } else { "unknown" };
        if let Some(container) = value.get("container") {
            let named = text(container).or_else(|| text_of(container, "image")).map(|name| place.fill(&name));
            if let Some(name) = named.filter(|name| !self.images.contains_key(name)) {
                let line = self.lines.find(&name);
                job.uses.push(draft::image(&name, line));
            }
        }
        let machine = match image.as_deref() {
            Some(image) if image.contains("windows") || image.starts_with("vs") => Machine::Windows,
            Some(image) if ["ubuntu", "macos"].iter().any(|name| image.starts_with(name)) => Machine::Unix,
            _ => Machine::Unknown,
        };
        let steps = value.get("steps").or_else(|| {
            let strategy = value.get("strategy")?;
            ["runOnce", "rolling", "canary"].iter().find_map(|name| strategy.get(name)?.get("deploy")?.get("steps"))
        });
        let checkouts = list(steps).into_iter().filter(|step| step.get("checkout").is_some()).count();
        // A deployment checks nothing out by itself.
        job.cloned = checkouts == 0 && !job.deploys;
        if job.deploys {
            // What asks for consent before it is kept with the environment at Azure.
            job.runs = job.runs.and(Runs::UNKNOWN);
        }
        let mut inner = Steps { job, machine, several: checkouts > 1 };
        if let Some(steps) = steps {
            let whole = Place { runs: Runs::ALWAYS, ..place };
            self.steps(steps, &whole, &mut inner);
        }
        self.jobs.push(inner.job);
    }

    fn steps(&mut self, value: &Value, place: &Place, to: &mut Steps) {
        for (step, place) in Self::parts(value, place) {
            if to.job.steps.len() >= MOST_STEPS {
                to.job.steps.push(StepDraft::opaque("behind as many steps as are followed"));
                return;
            }
            if step.get("template").is_some() {
                let gaps = self.pipeline.gaps.len();
                self.template(step, &place, &mut |reader, file, place| {
                    if let Some(steps) = file.get("steps") {
                        reader.steps(steps, place, to);
                    }
                });
                if self.pipeline.gaps.len() > gaps {
                    to.job.steps.push(StepDraft::opaque("a template that is not read"));
                }
                continue;
            }
            let runs = place.runs.and(self.condition(step.get("condition"), &place));
            let enabled = step.get("enabled").map(Value::as_bool);
            let disabled = enabled == Some(Some(false));
            // What is no plain yes may be a no.
            let runs = if enabled == Some(None) { runs.and(Runs::UNKNOWN) } else { runs };
            let own = entries(step.get("env")).into_iter().map(|(name, value)| {
                let value =
                    text(value).map(|text| place.fill(&text)).filter(|text| !text.contains(anything().as_str()));
                (name, value.unwrap_or_else(|| "$".to_owned()))
            });
            let environment = Environment::over(&place.environment, own);
            for mut draft in tasks::drafts(step, to.machine, to.several, &environment, &|text| place.fill(text)) {
                draft.runs = if disabled { Runs::NEVER } else { runs };
                if Self::fails(step) != Fails::Yes {
                    draft.fails = Self::fails(step);
                }
                to.job.steps.push(draft);
            }
        }
    }
}

/// What is kept while the steps of a job are gone through.
struct Steps {
    job: JobDraft,
    machine: Machine,
    /// Several repositories are checked out, each into a folder of its own.
    several: bool,
}

/// The system of a machine, which decides the shell.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Machine {
    Unix,
    Windows,
    Unknown,
}

impl Machine {
    fn shell(self) -> Shell {
        match self {
            Self::Unix => Shell::Lenient,
            Self::Windows | Self::Unknown => Shell::LastDecides,
        }
    }
}

/// Does an expression stand as a key next to others, so that what it brings may change them?
fn has_keys_of_expressions(value: &Value, depth: usize) -> bool {
    match value {
        _ if depth > DEEPEST * 4 => true,
        Value::Sequence(all) => all.iter().any(|one| has_keys_of_expressions(one, depth + 1)),
        Value::Mapping(table) => {
            let is_expression = |key: &Value| key.as_str().is_some_and(|key| key.trim_start().starts_with("${{"));
            table.len() > 1 && table.keys().any(is_expression)
                || table.values().any(|one| has_keys_of_expressions(one, depth + 1))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;

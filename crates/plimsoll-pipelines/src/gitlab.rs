//! GitLab CI: one file, what it includes from this repository, `extends` and `default` resolved.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use yaml_serde::{Mapping, Value};

use super::{
    environment::Environment,
    filters::Reach,
    model::{Job, Lines, Pinned, Pipeline, Step, Used},
    shell::Shell,
};
use plimsoll_formats::yaml;

mod child;
mod include;
mod refused;
mod rules;
mod stages;

pub(super) use include::Tree;
use rules::{rules_let_changes_in, runs_on_change};

/// Keys at the top that are no jobs.
///
/// Source: GitLab CI/CD YAML reference, "Global keywords" and the deprecated globals.
const GLOBALS: &[&str] = &[
    "default",
    "include",
    "stages",
    "variables",
    "workflow",
    "spec",
    "image",
    "services",
    "cache",
    "before_script",
    "after_script",
    "pages",
];
/// Files that are included, directly or not.
const MOST_INCLUDES: usize = 100;
/// `extends` in a row.
const LONGEST_CHAIN: usize = 11;
/// Jobs that one job is laid over, directly or not.
const MOST_PARENTS: usize = 50;
/// Jobs of one pipeline.
const MOST_JOBS: usize = 20_000;
/// `!reference` that lead to others.
const MOST_REFERENCES: usize = 10;
/// Values that all references of one job may put in.
const MOST_REFERENCED: usize = 2_000;
/// Tables in tables that are laid over each other.
const DEEPEST_MERGE: usize = 20;

/// Reads `text`; `read` gives the text of another file of this repository.
#[cfg(any(test, fuzzing))]
pub(super) fn pipeline(text: &str, read: &dyn Fn(&str) -> Result<String, String>) -> Result<Pipeline, String> {
    of_tree(text, &Tree { read, paths: &|_| Vec::new() })
}

/// Reads `text` and what it takes in from the tree.
pub(super) fn of_tree(text: &str, tree: &Tree<'_>) -> Result<Pipeline, String> {
    one(".gitlab-ci.yml", text, tree, 0)
}

/// Reads a pipeline; behind the first it is one that a job of another starts.
fn one(path: &str, text: &str, tree: &Tree<'_>, depth: usize) -> Result<Pipeline, String> {
    let mut pipeline = Pipeline::default();
    let mut all = Mapping::new();
    let mut waiting = vec![(path.to_owned(), text.to_owned())];
    let mut elsewhere: Vec<Used> = Vec::new();
    let mut triggers = Vec::new();
    let mut seen = BTreeSet::new();
    while let Some((path, text)) = waiting.pop() {
        let mut value = yaml::read(&text).map_err(|error| format!("not YAML: {error}"))?;
        value.apply_merge().map_err(|error| format!("not YAML: {}", error.to_string().replace('\n', " ")))?;
        let Value::Mapping(table) = value else { return Err(format!("{path} is not a table of jobs")) };
        for include in list(table.get("include")) {
            if include.get("rules").is_some() {
                let what = local_path(&include).unwrap_or_else(|| "a file from elsewhere".to_owned());
                pipeline.gaps.push(format!("{what} is included under rules, which are not followed"));
                continue;
            }
            let Some(local) = local_path(&include) else {
                elsewhere.extend(include::used(&include, &mut Lines::new(&text)));
                pipeline.gaps.push("it includes a file from elsewhere, which is not here".to_owned());
                continue;
            };
            let found = if local.contains('*') {
                (tree.paths)(&|path| include::fits(&local, path))
            } else {
                vec![local.clone()]
            };
            if found.is_empty() {
                pipeline.gaps.push(format!("no file fits the pattern \"{local}\" of an include"));
            }
            for local in found {
                if seen.len() >= MOST_INCLUDES {
                    pipeline.gaps.push(format!("more than {MOST_INCLUDES} included files"));
                    break;
                }
                if seen.insert(local.clone()) {
                    match (tree.read)(&local) {
                        Ok(text) => waiting.push((local, text)),
                        Err(reason) => pipeline.gaps.push(format!("{local}: {reason}")),
                    }
                }
            }
        }
        for (key, value) in table {
            // The including file wins over the included one, key by key.
            match all.get_mut(&key) {
                Some(over) => lay_under(over, value, 0),
                None => {
                    all.insert(key, value);
                }
            }
        }
    }
    let mut defaults: BTreeMap<&str, Value> = BTreeMap::new();
    let mut defaults_known = true;
    for name in ["before_script", "image", "tags"] {
        let written = all.get("default").and_then(|default| default.get(name)).or_else(|| all.get(name));
        match written.map(|value| referenced(&all, value, 0, &mut { MOST_REFERENCED })) {
            None => {}
            Some(Ok(value)) => {
                defaults.insert(name, value);
            }
            Some(Err(reference)) => {
                defaults_known = false;
                pipeline.gaps.push(format!("{name}: `!reference [{reference}]` leads to nothing in the files read"));
            }
        }
    }
    let global = |name: &str| defaults.get(name);
    let rules = all.get("workflow").and_then(|workflow| workflow.get("rules"));
    let whole = rules.map_or(Some(true), |rules| rules_let_changes_in(rules, depth > 0));
    let (mut on_change, mut scheduled, mut open) = (false, false, false);
    let mut lines = Lines::new(text);
    let mut places: Vec<stages::Place> = Vec::new();
    for (key, value) in &all {
        let (Some(id), Value::Mapping(_)) = (key.as_str(), untagged(value)) else { continue };
        if GLOBALS.contains(&id) || id.starts_with('.') {
            continue;
        }
        if pipeline.jobs.len() == MOST_JOBS {
            pipeline.gaps.push(format!("more than {MOST_JOBS} jobs"));
            break;
        }
        let (job, complete) = resolve(&all, value);
        if !complete {
            pipeline
                .gaps
                .push(format!("{id} extends more jobs than are followed, or one that is not in the files read"));
        }
        // A part that is put in by reference is there or the job is not known.
        let mut left = MOST_REFERENCED;
        let put_in: Result<BTreeMap<&str, Value>, String> =
            job.iter().map(|(name, value)| Ok((*name, referenced(&all, value, 0, &mut left)?))).collect();
        let complete = complete && defaults_known && put_in.is_ok();
        let job = match put_in {
            Ok(job) => job,
            Err(reference) => {
                pipeline.gaps.push(format!("{id}: `!reference [{reference}]` leads to nothing in the files read"));
                job.into_iter().map(|(name, value)| (name, value.clone())).collect()
            }
        };
        if let Some(child) = job.get("trigger").filter(|trigger| !trigger.is_null()) {
            let inherits = job.get("inherit").is_some_and(|inherit| inherit.get("variables").is_some());
            let given = child::given(all.get("variables"), job.get("variables"), child, inherits);
            triggers.push(child::Trigger { id: id.to_owned(), body: child.clone(), may_change: false, given });
        }
        let get = |name: &str| job.get(name).map(untagged);
        refused::job(id, &job, complete)?;
        places.push(stages::Place::of(&get));
        let manual = get("when").is_some_and(|when| !matches!(when.as_str(), Some("on_success" | "always")));
        let own =
            if manual { Some(false) } else { runs_on_change(get("rules"), get("only"), get("except"), depth > 0) };
        let may_change = whole != Some(false) && own != Some(false);
        if let Some(trigger) = triggers.last_mut().filter(|trigger| trigger.id == id) {
            trigger.may_change = may_change;
        }
        let changes = complete && whole == Some(true) && own == Some(true);
        let by_clock = !manual && (mentions(get("rules"), "schedule") || mentions(get("only"), "schedules"));
        on_change |= changes;
        open |= may_change;
        scheduled |= by_clock;
        // With codes of exit, some failures are let pass and others are not.
        let (tolerant, lets_all) = match get("allow_failure") {
            _ if manual => (true, true),
            None => (false, false),
            Some(allow) => (allow.as_bool() != Some(false), !allow.is_mapping()),
        };
        let mut read = Job {
            id: id.to_owned(),
            line: lines.find(&format!("{id}:")),
            on_change: changes,
            scheduled: by_clock,
            tolerant,
            // Whose machines have a tag is kept at the forge. A pipeline of another file has no machine here.
            runner: if get("trigger").is_some() {
                "called"
            } else if get("tags").or_else(|| global("tags")).is_some_and(|tags| !list(Some(tags)).is_empty()) {
                "unknown"
            } else {
                "hosted"
            },
            needs: list(get("needs")).iter().filter_map(needed).collect(),
            environment: get("environment").is_some(),
            cloned: true,
            ..Job::default()
        };
        let variables: Arc<Environment> =
            [all.get("variables"), get("variables")].into_iter().fold(Arc::default(), |around, table| {
                let table = table.and_then(Value::as_mapping).into_iter().flatten();
                Environment::over(&around, table.filter_map(|(name, value)| Some((name.as_str()?, variable(value)))))
            });
        // What is put in by rules and by a matrix may be anything.
        let perhaps = refused::names_put_in([rules, get("rules"), get("parallel")]);
        let variables = Environment::over(&variables, perhaps.iter().map(|name| (name.as_str(), "$".to_owned())));
        let tags = get("tags").or_else(|| global("tags"));
        let image = get("image").or_else(|| global("image")).filter(|image| !image.is_null());
        let plain_shell = refused::has_plain_shell(&get, image, tags);
        let shell = if plain_shell { Shell::default() } else { Shell::Unknown };
        // One shell reads both; what runs after them fails nothing.
        let script =
            [get("before_script").or_else(|| global("before_script")), get("script")].map(self::script).concat();
        for (script, counts) in [(script, true), (self::script(get("after_script")), false)] {
            if !script.is_empty() {
                read.steps.push(Step {
                    line: lines.find(&script),
                    run: Some(script),
                    environment: Arc::clone(&variables),
                    shell,
                    shell_named: !plain_shell,
                    gates: changes && !tolerant && counts,
                    scheduled: by_clock && !tolerant && counts,
                    may_gate: may_change && !(tolerant && lets_all) && counts,
                    may_be_scheduled: by_clock && !(tolerant && lets_all) && counts,
                    ..Step::default()
                });
            }
        }
        if let Some(image) = image.filter(|_| get("trigger").is_none()) {
            let name =
                image.as_str().or_else(|| image.get("name").and_then(Value::as_str)).unwrap_or_default().to_owned();
            read.uses.push(Used {
                line: lines.find(&name),
                pinned: Pinned::of_image(&name),
                first_party: false,
                text: name,
            });
        }
        for service in list(get("services")) {
            if let Some(name) = service.as_str().or_else(|| service.get("name").and_then(Value::as_str)) {
                let (line, pinned) = (lines.find(name), Pinned::of_image(name));
                read.uses.push(Used { line, pinned, first_party: false, text: name.to_owned() });
            }
        }
        pipeline.jobs.push(read);
    }
    if pipeline.gaps.is_empty() {
        refused::order(&all, &pipeline.jobs, &places)?;
    }
    stages::wait_for_people(&all, &mut pipeline.jobs, &places);
    wait_for_others(&mut pipeline.jobs);
    // They are of the whole file: the first job has them.
    if let Some(first) = pipeline.jobs.first_mut() {
        first.uses.extend(elsewhere);
    }
    child::follow(&mut pipeline, &triggers, tree, depth);
    on_change &= pipeline.jobs.iter().any(|job| job.on_change);
    scheduled &= pipeline.jobs.iter().any(|job| job.scheduled);
    pipeline.on_change = on_change;
    pipeline.reach = match (on_change, open) {
        (true, _) => Reach::Every,
        (false, true) => Reach::Unknown,
        (false, false) => Reach::None,
    };
    pipeline.scheduled = scheduled;
    pipeline.brings_texts = true;
    pipeline.rights_gap = Some("GitLab keeps what a job's token may do in the project's settings".to_owned());
    pipeline.triggers = [(on_change, "push"), (scheduled, "schedule")]
        .into_iter()
        .filter(|(runs, _)| *runs)
        .map(|(_, name)| name.to_owned())
        .collect();
    Ok(pipeline)
}

/// Lays `under` below `over`: tables are merged, all else is what the upper one has.
fn lay_under(over: &mut Value, under: Value, depth: usize) {
    if let (Value::Mapping(over), Value::Mapping(under)) = (over, under)
        && depth < DEEPEST_MERGE
    {
        for (key, value) in under {
            match over.get_mut(&key) {
                Some(upper) => lay_under(upper, value, depth + 1),
                None => {
                    over.insert(key, value);
                }
            }
        }
    }
}

/// The value with every `!reference` in it replaced by what it names; the names where that is not there.
fn referenced(all: &Mapping, value: &Value, depth: usize, left: &mut usize) -> Result<Value, String> {
    *left = left.checked_sub(1).ok_or("...")?;
    Ok(match value {
        Value::Tagged(tagged) if tagged.tag == "reference" => {
            let names: Vec<String> =
                list(Some(&tagged.value)).iter().filter_map(|name| name.as_str().map(ToOwned::to_owned)).collect();
            let told = || names.join(", ");
            let mut found = names.first().and_then(|name| all.get(name.as_str()));
            for name in names.iter().skip(1) {
                found = found.and_then(|value| untagged(value).get(name.as_str()));
            }
            let found = found.filter(|_| depth < MOST_REFERENCES).ok_or_else(told)?;
            referenced(all, found, depth + 1, left)?
        }
        Value::Sequence(values) => {
            let mut put_in = Vec::new();
            for value in values {
                let is_reference = matches!(value, Value::Tagged(_));
                match referenced(all, value, depth, left)? {
                    // A list that is put into a list becomes a part of it.
                    Value::Sequence(inner) if is_reference => put_in.extend(inner),
                    other => put_in.push(other),
                }
            }
            Value::Sequence(put_in)
        }
        Value::Mapping(table) => {
            let table: Result<Mapping, String> =
                table.iter().map(|(key, value)| Ok((key.clone(), referenced(all, value, depth, left)?))).collect();
            Value::Mapping(table?)
        }
        other => other.clone(),
    })
}

fn needed(need: &Value) -> Option<String> {
    let optional = need.get("optional").and_then(Value::as_bool) == Some(true);
    let name = need.as_str().or_else(|| need.get("job")?.as_str())?;
    (!optional).then(|| name.to_owned())
}

/// A job that needs one which does not surely run does not surely run either.
fn wait_for_others(jobs: &mut [Job]) {
    let places: BTreeMap<&str, usize> = jobs.iter().enumerate().map(|(at, job)| (job.id.as_str(), at)).collect();
    let mut behind: Vec<Vec<usize>> = vec![Vec::new(); jobs.len()];
    for (at, job) in jobs.iter().enumerate() {
        for need in &job.needs {
            if let Some(list) = places.get(need.as_str()).and_then(|place| behind.get_mut(*place)) {
                list.push(at);
            }
        }
    }
    let held = |runs: fn(&Job) -> bool| {
        let mut held: Vec<bool> = jobs.iter().map(|job| !runs(job)).collect();
        let mut waiting: Vec<usize> = (0..jobs.len()).filter(|at| held.get(*at) == Some(&true)).collect();
        while let Some(at) = waiting.pop() {
            for next in behind.get(at).into_iter().flatten() {
                if let Some(slot) = held.get_mut(*next).filter(|slot| !**slot) {
                    *slot = true;
                    waiting.push(*next);
                }
            }
        }
        held
    };
    let (changes, scheduled) = (held(|job| job.on_change), held(|job| job.scheduled));
    for ((job, no_change), no_schedule) in jobs.iter_mut().zip(changes).zip(scheduled) {
        job.on_change &= !no_change;
        job.scheduled &= !no_schedule;
        for step in &mut job.steps {
            step.gates &= !no_change;
            step.scheduled &= !no_schedule;
        }
    }
}

/// A variable's value as text; one that is not plain may be anything.
fn variable(value: &Value) -> String {
    let value = value.get("value").unwrap_or(value);
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(value) => value.to_string(),
        _ => "$".to_owned(),
    }
}

fn untagged(value: &Value) -> &Value {
    match value {
        Value::Tagged(tagged) => &tagged.value,
        other => other,
    }
}

fn list(value: Option<&Value>) -> Vec<Value> {
    match value.map(untagged) {
        Some(Value::Sequence(values)) => values
            .iter()
            // A list of lists is what `!reference` and anchors make of scripts.
            .flat_map(|value| match untagged(value) {
                Value::Sequence(inner) if !matches!(value, Value::Tagged(_)) => inner.clone(),
                _ => vec![value.clone()],
            })
            .collect(),
        Some(Value::Null) | None => Vec::new(),
        Some(other) => vec![other.clone()],
    }
}

fn local_path(include: &Value) -> Option<String> {
    let path = match include {
        Value::String(path) if !path.contains("://") => path.as_str(),
        other => other.get("local")?.as_str()?,
    };
    Some(path.trim_start_matches('/').to_owned())
}

fn script(part: Option<&Value>) -> String {
    let lines = list(part);
    let lines = lines.iter().filter_map(Value::as_str);
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// The job with everything that it extends laid under it, and whether that is all.
fn resolve<'a>(all: &'a Mapping, job: &'a Value) -> (BTreeMap<&'a str, &'a Value>, bool) {
    let mut merged = BTreeMap::new();
    let mut waiting = vec![(untagged(job), 0_usize)];
    let (mut seen, mut complete) = (0, true);
    while let Some((value, depth)) = waiting.pop() {
        let Value::Mapping(table) = value else { continue };
        seen += 1;
        if seen > MOST_PARENTS {
            return (merged, false);
        }
        for (key, value) in table {
            if let Some(key) = key.as_str() {
                merged.entry(key).or_insert(value);
            }
        }
        let parents = list(table.get("extends"));
        if depth == LONGEST_CHAIN && !parents.is_empty() {
            return (merged, false);
        }
        // The last parent named wins, so it has to be looked at first.
        for parent in parents {
            match parent.as_str().and_then(|name| all.get(name)) {
                Some(value) => waiting.push((untagged(value), depth + 1)),
                None => complete = false,
            }
        }
    }
    (merged, complete)
}

fn mentions(value: Option<&Value>, word: &str) -> bool {
    match value.map(untagged) {
        Some(Value::String(text)) => text.contains(word),
        Some(Value::Sequence(values)) => values.iter().any(|value| mentions(Some(value), word)),
        Some(Value::Mapping(table)) => table.values().any(|value| mentions(Some(value), word)),
        _ => false,
    }
}

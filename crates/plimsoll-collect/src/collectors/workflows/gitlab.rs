//! GitLab CI: one file, what it includes from this repository, `extends` and `default` resolved.

use std::collections::BTreeSet;

use yaml_serde::{Mapping, Value};

use super::model::{Job, Pinned, Pipeline, Step, Used, check_depth, line_of};

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

/// Reads `text`; `read` gives the text of another file of this repository.
pub(super) fn pipeline(text: &str, read: &dyn Fn(&str) -> Result<String, String>) -> Result<Pipeline, String> {
    let mut pipeline = Pipeline::default();
    let mut all = Mapping::new();
    let mut waiting = vec![(".gitlab-ci.yml".to_owned(), text.to_owned())];
    let mut seen = BTreeSet::new();
    while let Some((path, text)) = waiting.pop() {
        check_depth(&text)?;
        let value: Value = yaml_serde::from_str(&text)
            .map_err(|error| format!("not YAML: {}", error.to_string().replace('\n', " ")))?;
        let Value::Mapping(table) = value else { return Err(format!("{path} is not a table of jobs")) };
        for include in list(table.get("include")) {
            match local_path(&include) {
                Some(local) if local.contains('*') => {
                    pipeline.gaps.push(format!("the pattern \"{local}\" of an include is not followed"));
                }
                Some(local) if seen.len() < MOST_INCLUDES => {
                    if seen.insert(local.clone()) {
                        match read(&local) {
                            Ok(text) => waiting.push((local, text)),
                            Err(reason) => pipeline.gaps.push(format!("{local}: {reason}")),
                        }
                    }
                }
                Some(_) => pipeline.gaps.push(format!("more than {MOST_INCLUDES} included files")),
                None => pipeline.gaps.push("it includes a file from elsewhere, which is not here".to_owned()),
            }
        }
        for (key, value) in table {
            // The including file wins over the included one.
            if !all.contains_key(&key) {
                all.insert(key, value);
            }
        }
    }
    let default_image =
        all.get("default").and_then(|default| default.get("image")).or_else(|| all.get("image")).cloned();
    let (mut on_change, mut scheduled) = (false, false);
    for (key, value) in &all {
        let (Some(id), Value::Mapping(_)) = (key.as_str(), untagged(value)) else { continue };
        if GLOBALS.contains(&id) || id.starts_with('.') {
            continue;
        }
        let job = resolve(&all, value);
        let get = |name: &str| job.get(name).map(untagged);
        let changes = runs_on_change(&job);
        let by_clock = mentions(get("rules"), "schedule") || mentions(get("only"), "schedules");
        on_change |= changes;
        scheduled |= by_clock;
        let mut read = Job {
            id: id.to_owned(),
            line: line_of(text, &format!("{id}:")),
            on_change: changes,
            scheduled: by_clock,
            tolerant: get("allow_failure").is_some_and(|allow| allow.as_bool() != Some(false))
                || get("when").and_then(Value::as_str) == Some("manual"),
            runner: if get("tags").is_some() { "unknown" } else { "hosted" },
            environment: get("environment").is_some(),
            ..Job::default()
        };
        for part in ["before_script", "script", "after_script"] {
            for line in list(get(part)) {
                if let Some(line) = line.as_str() {
                    read.steps.push(Step { run: Some(line.to_owned()), line: line_of(text, line), ..Step::default() });
                }
            }
        }
        if let Some(image) = get("image").or(default_image.as_ref()) {
            let name =
                image.as_str().or_else(|| image.get("name").and_then(Value::as_str)).unwrap_or_default().to_owned();
            read.uses.push(Used {
                line: line_of(text, &name),
                pinned: Pinned::of_image(&name),
                first_party: false,
                text: name,
            });
        }
        pipeline.jobs.push(read);
    }
    pipeline.on_change = on_change;
    pipeline.scheduled = scheduled;
    pipeline.triggers = [(on_change, "push"), (scheduled, "schedule")]
        .into_iter()
        .filter(|(runs, _)| *runs)
        .map(|(_, name)| name.to_owned())
        .collect();
    Ok(pipeline)
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

/// The job with everything that it extends laid under it.
fn resolve(all: &Mapping, job: &Value) -> Mapping {
    let mut merged = Mapping::new();
    let mut waiting = vec![(untagged(job).clone(), 0_usize)];
    while let Some((value, depth)) = waiting.pop() {
        let Value::Mapping(table) = value else { continue };
        let parents = list(table.get("extends"));
        for (key, value) in table {
            if !merged.contains_key(&key) {
                merged.insert(key, value);
            }
        }
        if depth < LONGEST_CHAIN {
            // The last parent named wins, so it has to be looked at first.
            for parent in parents {
                if let Some(value) = parent.as_str().and_then(|name| all.get(name)) {
                    waiting.push((untagged(value).clone(), depth + 1));
                }
            }
        }
    }
    merged
}

fn mentions(value: Option<&Value>, word: &str) -> bool {
    value.is_some_and(|value| yaml_serde::to_string(value).is_ok_and(|text| text.contains(word)))
}

/// A job without rules runs for every push. With rules it counts where a merge request or a branch is named.
fn runs_on_change(job: &Mapping) -> bool {
    let rules = job.get("rules");
    let only = job.get("only");
    if job.get("when").and_then(Value::as_str) == Some("never") {
        return false;
    }
    match (rules, only) {
        (None, None) => true,
        (Some(rules), _) => {
            mentions(Some(rules), "merge_request")
                || mentions(Some(rules), "CI_COMMIT_BRANCH")
                || mentions(Some(rules), "\"push\"")
        }
        (None, Some(only)) => {
            mentions(Some(only), "merge_requests") || mentions(Some(only), "branches") || mentions(Some(only), "main")
        }
    }
}

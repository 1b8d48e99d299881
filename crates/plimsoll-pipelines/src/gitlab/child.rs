//! Child pipelines: what a job with `trigger` starts from files of the tree.
//!
//! Source: GitLab, "Downstream pipelines". The job that starts one fails with it where its strategy says so.

use std::sync::Arc;

use yaml_serde::{Mapping, Value};

use super::{Tree, list, local_path, one, variable};
use crate::{environment::Environment, model::Pipeline};

/// Children of children; GitLab follows as many.
const DEEPEST: usize = 2;

/// A job that starts a pipeline.
pub(super) struct Trigger {
    pub(super) id: String,
    pub(super) body: Value,
    /// It may run for changes.
    pub(super) may_change: bool,
    /// The variables that the pipeline is started with: where they are defined there too, these count.
    pub(super) given: Vec<(String, String)>,
}

/// The variables that a job gives the pipeline that it starts: those of its own file and its own. What it inherits of the file
/// where it says so is not looked at, and then the values are not known.
///
/// Source: GitLab, "Pass CI/CD variables to a downstream pipeline", `trigger:forward`, "CI/CD variable precedence".
pub(super) fn given(
    global: Option<&Value>,
    own: Option<&Value>,
    trigger: &Value,
    inherits: bool,
) -> Vec<(String, String)> {
    let forward = trigger.get("forward").and_then(|forward| forward.get("yaml_variables"));
    if forward.and_then(Value::as_bool) == Some(false) {
        return Vec::new();
    }
    let of = |table: Option<&Value>, known: bool| -> Vec<(String, String)> {
        let table = table.and_then(Value::as_mapping).map(Mapping::iter).into_iter().flatten();
        table
            .filter_map(|(name, value)| {
                Some((name.as_str()?.to_owned(), if known { variable(value) } else { "$".to_owned() }))
            })
            .collect()
    };
    // The later of two counts.
    [of(global, !inherits), of(own, true)].concat()
}

/// Puts the jobs of the children behind those of their parent.
pub(super) fn follow(parent: &mut Pipeline, triggers: &[Trigger], tree: &Tree<'_>, depth: usize) {
    for trigger in triggers {
        let includes = list(trigger.body.get("include"));
        if includes.iter().any(|include| include.get("rules").is_some()) {
            parent
                .gaps
                .push(format!("{}: the child pipeline is included under rules, which are not followed", trigger.id));
            continue;
        }
        let paths: Option<Vec<String>> = includes.iter().map(local_path).collect();
        let path = match paths.as_deref() {
            Some([path]) if depth < DEEPEST && !path.contains(['*', '$']) => path.clone(),
            _ => {
                let what = paths
                    .and_then(|paths| paths.first().cloned())
                    .unwrap_or_else(|| "of another project or file".to_owned());
                parent.gaps.push(format!("{}: the child pipeline {what} is not followed", trigger.id));
                continue;
            }
        };
        match (tree.read)(&path).and_then(|text| one(&path, &text, tree, depth + 1)) {
            Ok(child) => join(parent, trigger, child),
            Err(reason) => parent.gaps.push(format!("{}: the child pipeline {path}: {reason}", trigger.id)),
        }
    }
}

fn join(parent: &mut Pipeline, trigger: &Trigger, child: Pipeline) {
    let waits = matches!(trigger.body.get("strategy").and_then(Value::as_str), Some("depend" | "mirror"));
    let own = parent.jobs.iter().find(|job| job.id == trigger.id);
    let (changes, clock, tolerant) =
        own.map_or((false, false, true), |job| (job.on_change, job.scheduled, job.tolerant));
    for mut job in child.jobs {
        job.id = format!("{}/{}", trigger.id, job.id);
        job.needs.clear();
        job.on_change &= changes;
        job.scheduled &= clock;
        job.tolerant |= !waits || tolerant;
        // The line is one of the child's file.
        job.line = None;
        job.uses.iter_mut().for_each(|used| used.line = None);
        // What its own children are started with is not followed.
        let nested = job.id.matches('/').count() > 1;
        let given = trigger
            .given
            .iter()
            .map(|(name, value)| (name.as_str(), if nested { "$".to_owned() } else { value.clone() }));
        let given: Vec<(&str, String)> = given.collect();
        for step in &mut job.steps {
            step.environment = Environment::over(&Arc::clone(&step.environment), given.iter().cloned());
            step.line = None;
            step.gates &= changes && waits && !tolerant;
            step.scheduled &= clock && waits && !tolerant;
            step.may_gate &= trigger.may_change && waits && !tolerant;
            step.may_be_scheduled &= waits && !tolerant;
        }
        parent.jobs.push(job);
    }
    parent.gaps.extend(child.gaps.into_iter().map(|gap| format!("{}: {gap}", trigger.id)));
}

#[cfg(test)]
mod tests {
    use crate::{gitlab, purposes};

    /// The jobs that test: `!` gates, `?` may, `-` does not; and the number of gaps.
    fn check(text: &str, expected: &[&str], gaps: usize) {
        let read = |path: &str| match path {
            "ci/child.yml" => Ok("a: {script: [cargo test]}\n".to_owned()),
            "ci/rules.yml" => {
                Ok("a:\n  script: [cargo test]\n  rules: [{if: $CI_PIPELINE_SOURCE == \"parent_pipeline\"}]\n"
                    .to_owned())
            }
            "ci/request.yml" => {
                Ok("a:\n  script: [cargo test]\n  rules: [{if: $CI_PIPELINE_SOURCE == \"merge_request_event\"}]\n"
                    .to_owned())
            }
            "ci/only.yml" => Ok("a: {script: [cargo test], only: [merge_requests]}\n".to_owned()),
            "ci/loop.yml" => Ok("t: {trigger: {include: ci/loop.yml, strategy: depend}}\n".to_owned()),
            _ => Err("no such file".to_owned()),
        };
        let paths = |fits: &dyn Fn(&str) -> bool| {
            ["ci/child.yml", "ci/x/deep.yml"].iter().filter(|path| fits(path)).map(|path| (*path).to_owned()).collect()
        };
        let pipeline = gitlab::of_tree(text, &gitlab::Tree { read: &read, paths: &paths }).unwrap();
        let tests = pipeline.jobs.iter().filter_map(|job| Some((&job.id, purposes::of(job).get("test").copied()?)));
        let found: Vec<String> = tests
            .map(|(id, weight)| {
                format!(
                    "{id}{}",
                    if weight.gates {
                        '!'
                    } else if weight.may_gate {
                        '?'
                    } else {
                        '-'
                    }
                )
            })
            .collect();
        assert_eq!(
            (found, pipeline.gaps.len()),
            (expected.iter().map(|one| (*one).to_owned()).collect(), gaps),
            "{text} {:?}",
            pipeline.gaps
        );
    }

    #[test]
    fn a_child_gates_where_its_parent_waits_for_it() {
        let child = |path: &str, more: &str| format!("t:\n  trigger: {{include: {path}, strategy: depend}}\n{more}");
        check(&child("ci/child.yml", ""), &["t/a!"], 0);
        check(&child("ci/rules.yml", ""), &["t/a!"], 0);
        check(&child("[{local: ci/child.yml}]", ""), &["t/a!"], 0);
        check("t:\n  trigger: {include: ci/child.yml}\n", &["t/a-"], 0);
        check(&child("ci/child.yml", "  allow_failure: true\n"), &["t/a-"], 0);
        check(&child("ci/child.yml", "  rules: [{if: $CI_COMMIT_TAG}]\n"), &["t/a-"], 0);
        check(&child("ci/child.yml", "  rules: [{if: $X}]\n"), &["t/a?"], 0);
        // In a child the source is the parent, and not what started that.
        check(&child("ci/request.yml", ""), &["t/a-"], 0);
        check(&child("ci/only.yml", ""), &["t/a?"], 0);
        check(&child("ci/none.yml", ""), &[], 1);
        check(&child("[{artifact: x.yml, job: y}]", ""), &[], 1);
        check("t: {trigger: {project: a/b}}\n", &[], 1);
        check(&child("[{local: ci/child.yml, rules: [{if: $X}]}]", ""), &[], 1);
        check(&child("ci/loop.yml", ""), &[], 1);
    }

    #[test]
    fn a_child_is_started_with_the_variables_of_its_parent() {
        let child = |above: &str, trigger: &str, job: &str| {
            format!("{above}t:\n{job}  trigger: {{include: ci/child.yml, strategy: depend{trigger}}}\n")
        };
        let (harmful, harmless) = ("variables: {RUSTC_WRAPPER: ./x}\n", "variables: {COLOR: always}\n");
        check(&child(harmless, "", ""), &["t/a!"], 0);
        check(&child(harmful, "", ""), &["t/a?"], 0);
        check(&child("", "", "  variables: {RUSTC_WRAPPER: ./x}\n"), &["t/a?"], 0);
        check(&child(harmful, ", forward: {yaml_variables: false}", ""), &["t/a!"], 0);
        check(&child(harmful, ", forward: {yaml_variables: true}", ""), &["t/a?"], 0);
        check(&child(harmful, ", forward: {pipeline_variables: true}", ""), &["t/a?"], 0);
        check(
            &child("variables: {A: b}\n", "", "  inherit: {variables: false}\n  variables: {RUSTC: ./x}\n"),
            &["t/a?"],
            0,
        );
    }

    #[test]
    fn patterns_are_followed_and_codes_of_exit_let_some_pass() {
        check("include: ci/*.yml\n", &["a!"], 0);
        check("include: {local: /ci/*.yaml}\n", &[], 1);
        check("a: {script: [cargo test], allow_failure: {exit_codes: [42]}}\n", &["a?"], 0);
        check("a: {script: [cargo test], allow_failure: true}\n", &["a-"], 0);
    }
}

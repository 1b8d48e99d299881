//! The steps of one job.

use std::sync::Arc;

use github_actions_models::{
    common::expr::BoE,
    workflow::job::{NormalJob, ParallelStep, SharedStepFields, Step as GitHubStep},
};
use yaml_serde::Value;

use super::{condition, image_used, inputs, layer, name_of, raw_shell, shell, used, written};
use crate::{
    environment::Environment,
    expressions::Known,
    flaws,
    model::{Job, Lines, Step},
    runners,
    runs::{self, Event, Leg},
    shell::Shell,
};

/// Reads the steps of one job.
pub(super) struct StepReader<'a> {
    pub(super) job: &'a NormalJob,
    /// The same job as it is written.
    pub(super) raw: &'a Value,
    pub(super) own: Option<&'a str>,
    /// The events under which the job surely runs.
    pub(super) surely: &'a [Event<'a>],
    /// Those under which it may run.
    pub(super) perhaps: &'a [Event<'a>],
    /// The combinations of its matrix.
    pub(super) legs: Vec<Leg<'a>>,
    pub(super) shell: Shell,
    pub(super) shell_named: bool,
    pub(super) shell_text: Option<String>,
    pub(super) folder: Option<String>,
    pub(super) environment: Arc<Environment>,
}

impl StepReader<'_> {
    pub(super) fn job(&self, lines: &mut Lines<'_>) -> Job {
        let job = self.job;
        let matrix = self.raw.get("strategy").and_then(|strategy| strategy.get("matrix"));
        let runs_on = self.raw.get("runs-on").unwrap_or(&Value::Null);
        let mut read = Job {
            tolerant: !self.legs.iter().any(|leg| {
                let any = Event { name: "push", ..Event::default() };
                fails(&job.continue_on_error, self.surely.first().copied().unwrap_or(any), leg) == Some(true)
            }),
            runner: runners::of(runs_on, matrix, &|_| Known::Unknown).as_str(),
            environment: job.environment.is_some(),
            condition: job.r#if.as_ref().map(condition),
            needs: job.needs.clone(),
            outputs: job.outputs.iter().map(|(name, text)| (name.to_ascii_lowercase(), text.to_string())).collect(),
            labels: runs_on.clone(),
            around: Arc::clone(&self.environment),
            ..Job::default()
        };
        let start = lines.place();
        for step in &job.steps {
            match step {
                GitHubStep::Uses(step) => self.uses_step(step, lines, &mut read),
                GitHubStep::Run(step) => self.run_step(step, lines, &mut read),
                GitHubStep::Parallel { parallel } => {
                    for step in parallel {
                        match step {
                            ParallelStep::Uses(step) => self.uses_step(step, lines, &mut read),
                            ParallelStep::Run(step) => self.run_step(step, lines, &mut read),
                        }
                    }
                }
                GitHubStep::Wait { .. } | GitHubStep::WaitAll { .. } | GitHubStep::Cancel { .. } => {}
            }
        }
        for container in flaws::containers(self.raw) {
            let image =
                container.as_str().or_else(|| container.get("image").and_then(Value::as_str)).unwrap_or_default();
            read.settings.push(("image", image.to_owned()));
            if let Some(options) = container.get("options").and_then(Value::as_str) {
                read.settings.push(("options", options.to_owned()));
            }
            let line = lines.set_after(start, &["image", "container"], image);
            let images = runners::texts(image, matrix, &|_| Known::Unknown).unwrap_or_else(|| vec![image.to_owned()]);
            // An empty name is no container.
            for image in images.iter().filter(|image| !image.trim().is_empty()) {
                read.uses.push(image_used(image.strip_prefix("docker://").unwrap_or(image), line));
            }
        }
        read
    }

    fn uses_step(&self, step: &github_actions_models::workflow::job::UsesStep, lines: &mut Lines<'_>, job: &mut Job) {
        let line = lines.find(step.uses.raw());
        lines.pass();
        job.uses.push(used(&step.uses, line, self.own));
        job.steps.push(Step {
            uses: Some(written(&step.uses)),
            action: Some(name_of(&step.uses)),
            with: inputs(&step.with),
            line,
            ..self.shared(&step.shared)
        });
    }

    fn run_step(&self, step: &github_actions_models::workflow::job::RunStep, lines: &mut Lines<'_>, job: &mut Job) {
        let line = lines.find(&step.run);
        lines.pass();
        let shell = shell(step.shell.as_ref()).unwrap_or(self.shell);
        job.steps.push(Step {
            run: Some(step.run.clone()),
            shell,
            shell_named: self.shell_named || step.shell.is_some(),
            shell_text: step.shell.as_ref().map(raw_shell).map(ToOwned::to_owned).or_else(|| self.shell_text.clone()),
            folder: step.working_directory.clone().or_else(|| self.folder.clone()),
            line,
            ..self.shared(&step.shared)
        });
    }

    fn shared(&self, step: &SharedStepFields) -> Step {
        let condition = step.r#if.as_ref().map(condition);
        let asked = condition.as_deref().map(runs::condition);
        // Does it run and fail the job in this combination of the matrix? The answer may be that this is not known.
        let runs = |event: Event<'_>, leg: &Leg<'_>| match &asked {
            None => Some(true),
            Some(None) => None,
            Some(Some(asked)) => event.holds(asked, leg),
        };
        let counts = |event: Event<'_>, leg: &Leg<'_>| {
            let both = [&step.continue_on_error, &self.job.continue_on_error];
            runs::every(both.into_iter().map(|one| fails(one, event, leg)))
        };
        let strict = |event: Event<'_>, leg: &Leg<'_>| runs::every([runs(event, leg), counts(event, leg)].into_iter());
        let any = |events: &[Event<'_>], scheduled: bool, holds: &dyn Fn(Event<'_>) -> bool| {
            !step.background && events.iter().any(|event| (event.name == "schedule") == scheduled && holds(*event))
        };
        // What one event lets pass that another does not is no gate of every change.
        let of = |scheduled: bool, leg: &Leg<'_>| {
            any(self.surely, scheduled, &|event| strict(event, leg) == Some(true))
                && !any(self.surely, scheduled, &|event| {
                    runs(event, leg) != Some(false) && counts(event, leg) != Some(true)
                })
        };
        let may = |scheduled: bool| {
            any(self.perhaps, scheduled, &|event| self.legs.iter().any(|leg| strict(event, leg) != Some(false)))
        };
        let legs: Vec<(bool, bool)> = self.legs.iter().map(|leg| (of(false, leg), of(true, leg))).collect();
        Step {
            id: step.id.clone(),
            gates: legs.iter().any(|(gates, _)| *gates),
            scheduled: legs.iter().any(|(_, scheduled)| *scheduled),
            may_gate: may(false),
            may_be_scheduled: may(true),
            legs,
            never: condition.as_deref().is_some_and(runs::is_never),
            environment: layer(&self.environment, &step.env),
            condition,
            ..Step::default()
        }
    }
}

/// Does a failure count, where that is known?
fn fails(continues: &BoE, event: Event<'_>, leg: &Leg<'_>) -> Option<bool> {
    match continues {
        BoE::Literal(continues) => Some(!continues),
        BoE::Expr(text) => {
            let continues = runs::condition(text.as_curly()).and_then(|expression| event.holds(&expression, leg));
            continues.map(|continues| !continues)
        }
    }
}

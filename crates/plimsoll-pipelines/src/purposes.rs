//! What a job does: its steps in order, with what surrounds them.
//!
//! A purpose gates where everything up to the check is understood. What is not understood makes it *not known*, and
//! never a gate. What actions of others do to the machine is taken to be what they are made for; what a container's
//! image holds is not looked at.

use std::collections::BTreeMap;

use yaml_serde::{Mapping, Value};

use super::{
    actions::{self, documents::Doubt},
    change,
    commands::{ABSENT, ANY, Answer, Evaluator, Fails, How, MAKING},
    doubts::doubt,
    expressions::{self, Before, Expression, Known},
    local,
    model::{Job, Pipeline, Step},
    runs, shell,
    shell::{Shell, words, words::Names},
    tool_config,
    tools::Action,
    tree::{self, Tree},
    weights::Purposes,
};

#[cfg(test)]
use super::weights::Weight;

mod inputs;
mod outputs;

use inputs::{analysed, template};

/// Combinations of a matrix for which a job is gone through.
const MOST_LEGS: usize = 64;
/// Actions of the tree that use each other.
const DEEPEST: usize = 4;

/// What is known of this repository.
#[derive(Default)]
pub(super) struct Local<'a> {
    /// Its actions, by their folder.
    pub(super) actions: BTreeMap<String, &'a Pipeline>,
    /// Its name, where it is known.
    pub(super) own: Option<&'a str>,
}

/// Gives each purpose once, sorted, without a tree.
#[cfg(test)]
pub(super) fn of(job: &Job) -> BTreeMap<&'static str, Weight> {
    let mut weights = found(job, &tree::Empty, &Local::default()).weights;
    weights.retain(|_, weight| weight.named);
    weights
}

/// Goes through the steps of a job.
pub(super) fn found(job: &Job, tree: &dyn Tree, local: &Local<'_>) -> Purposes {
    let mut all = Purposes::default();
    if job.condition.as_deref().is_some_and(runs::is_never) {
        return all;
    }
    let by_matrix =
        |text: &str| expressions::inside(text).iter().any(|inside| inside.to_ascii_lowercase().contains("matrix"));
    let asks_matrix = |text: &str| text.to_ascii_lowercase().contains("matrix");
    let asks = job.steps.iter().any(|step| {
        step.run.as_deref().is_some_and(by_matrix)
            || step.with.iter().any(|(_, value)| by_matrix(value))
            || step.folder.as_deref().is_some_and(by_matrix)
            || step.condition.as_deref().is_some_and(asks_matrix)
            || step.environment.written().is_some_and(|written| written.iter().any(|(_, value)| by_matrix(value)))
    }) || job.runs_on.as_deref().is_some_and(by_matrix);
    let none = Mapping::new();
    if asks && (1..=MOST_LEGS).contains(&job.combinations.len()) {
        for (leg, combination) in job.combinations.iter().enumerate() {
            one(job, tree, local, combination, Some(leg), &mut all);
        }
    } else {
        one(job, tree, local, &none, None, &mut all);
    }
    all
}

/// One combination of the matrix.
fn one(job: &Job, tree: &dyn Tree, local: &Local<'_>, matrix: &Mapping, leg: Option<usize>, all: &mut Purposes) {
    let mut reader = Reader {
        to: Evaluator::new(tree),
        local,
        matrix,
        windows: false,
        missing: None,
        analysed: Some(Vec::new()),
        outputs: BTreeMap::new(),
        depth: 0,
    };
    reader.to.absent = !job.cloned;
    reader.windows = job.runs_on.as_deref().is_some_and(|text| {
        let text = reader.filled(text, &Names::new(), &[]).to_ascii_lowercase();
        text.contains("windows")
    });
    for step in job.steps.iter().filter(|step| !step.never) {
        if leg.is_some() && reader.is_left_out(step, job.runs_on.as_deref()) {
            continue;
        }
        reader.step(step, &[], How { sure: true, fails: Fails::Yes });
        let (gates, scheduled) =
            leg.and_then(|leg| step.legs.get(leg)).copied().unwrap_or((step.gates, step.scheduled));
        if gates {
            for (purpose, language) in reader.to.languages.drain(..) {
                all.languages.entry(purpose).or_default().insert(language);
            }
        }
        reader.to.languages.clear();
        if all.unclear.is_none() && all.unclear_line.is_none() && !reader.to.reasons.is_empty() {
            all.unclear_line = step.line;
        }
        for found in reader.to.found.drain(..) {
            let weight = all.weights.entry(found.purpose).or_default();
            let may = found.answer != Answer::Passes;
            weight.gates |= found.answer == Answer::Gates && gates;
            weight.scheduled |= found.answer == Answer::Gates && scheduled;
            weight.may_gate |= may && step.may_gate && !(found.answer == Answer::Gates && gates);
            weight.may_be_scheduled |= may && step.may_be_scheduled && !(found.answer == Answer::Gates && scheduled);
            let named = found.purpose != ANY && (found.done || !MAKING.contains(&found.purpose));
            weight.named |= named;
            weight.may_be |= !named;
        }
    }
    if all.unclear.is_none() {
        all.unclear = reader.to.reasons.first().cloned();
    }
}

struct Reader<'a, 't> {
    to: Evaluator<'t>,
    local: &'a Local<'a>,
    matrix: &'a Mapping,
    windows: bool,
    /// Why the source is another.
    missing: Option<String>,
    /// The languages that `CodeQL` was set up for; none where it finds them itself. Absent where they are not known.
    analysed: Option<Vec<&'static str>>,
    /// What steps gave, by their ids and names in small letters.
    outputs: BTreeMap<(String, String), String>,
    depth: usize,
}

impl Reader<'_, '_> {
    fn step(&mut self, step: &Step, inputs: &[(String, String)], how: How) {
        let mut names = Names::new();
        let mut harmful = None;
        match step.environment.written() {
            Some(written) => {
                for (name, value) in written {
                    if names.contains_key(name) {
                        continue;
                    }
                    // GitLab puts in what stands behind `$`.
                    let value = Some(self.filled(value, &Names::new(), inputs))
                        .filter(|value| !value.contains(['$', words::ANYTHING]));
                    if let Some(doubt) = doubt(self.to.tree, name, value.as_deref(), None) {
                        harmful = Some(format!("the environment sets {doubt}"));
                    }
                    names.insert(name.to_owned(), value);
                }
            }
            None => harmful = Some("the environment sets names that are not known".to_owned()),
        }
        let folder = match step.folder.as_deref() {
            None => Some(String::new()),
            Some(folder) => {
                let folder = self.filled(folder, &names, inputs);
                let folder = words::in_workspace(&folder).unwrap_or(&folder);
                tree::join("", folder)
                    .filter(|path| path.is_empty() || self.to.tree.has(path) || self.to.has_made(path))
            }
        };
        self.to.begin(folder, names.clone());
        if let Some(reason) = harmful.or_else(|| self.missing.clone()) {
            self.to.not_understood(&reason);
        }
        if let Some(script) = &step.run {
            let shell = if self.windows && !step.shell_named { Shell::LastDecides } else { step.shell };
            let script = self.filled(script, &names, inputs);
            shell::run(&mut self.to, &script, shell, how);
            // Of a step that may not run, nothing is known.
            if let Some(id) = step.id.as_deref().filter(|_| self.depth == 0 && step.condition.is_none()) {
                let own = |name: &str| (id.to_ascii_lowercase(), name.to_ascii_lowercase());
                self.outputs.extend(outputs::printed(&script).into_iter().map(|(name, value)| (own(&name), value)));
            }
        }
        if let Some(action) = &step.action {
            let with: Vec<(String, String)> =
                step.with.iter().map(|(name, value)| (name.clone(), self.filled(value, &names, inputs))).collect();
            self.action(action, &step.with, &with, how);
        }
    }

    /// Does the step surely not run in this combination of the matrix?
    fn is_left_out(&self, step: &Step, runs_on: Option<&str>) -> bool {
        let leg = runs::Leg { matrix: Some(self.matrix), runs_on };
        let given = |path: &[String]| leg.known(path).unwrap_or(Known::Unknown);
        let condition = step.condition.as_deref().and_then(runs::condition);
        condition.is_some_and(|condition| condition.value(&given, Before::ANYTHING).truth() == Some(false))
    }

    /// The text with what is known put in: what is not known may be anything.
    fn filled(&self, text: &str, names: &Names, inputs: &[(String, String)]) -> String {
        let mut filled = String::new();
        let mut parts = text.split("${{");
        filled.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let (inside, behind) = part.split_once("}}").unwrap_or((part, ""));
            match expressions::parse(inside) {
                Some(expression) => filled.push_str(&self.value(&expression, names, inputs)),
                None => filled.push(words::ANYTHING),
            }
            filled.push_str(behind);
        }
        filled
    }

    fn value(&self, expression: &Expression, names: &Names, inputs: &[(String, String)]) -> String {
        let anything = || words::ANYTHING.to_string();
        // One word of letters and digits, which one is not known.
        let word = || "$plimsoll_value".to_owned();
        let Expression::Path(path) = expression else {
            return match expression {
                Expression::Literal(Known::Text(text)) => text.clone(),
                Expression::Literal(Known::Number(number)) => number.to_string(),
                Expression::Call(name, _) if name == "hashfiles" => word(),
                other => {
                    let leg =
                        runs::Leg { matrix: Some(self.matrix).filter(|matrix| !matrix.is_empty()), runs_on: None };
                    let given = |path: &[String]| match path.first().map(String::as_str) {
                        Some("matrix") => leg.known(path).unwrap_or(Known::Unknown),
                        _ => Known::Unknown,
                    };
                    other.text(&given).unwrap_or_else(anything)
                }
            };
        };
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        match path.as_slice() {
            ["env", name] => {
                let found = names.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
                found.and_then(|(_, value)| value.clone()).unwrap_or_else(anything)
            }
            ["inputs", name] => {
                let found = inputs.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
                found.map_or_else(anything, |(_, value)| value.clone())
            }
            ["matrix", names @ ..] => {
                let mut value: Option<&Value> = None;
                let mut table = Some(self.matrix);
                for name in names {
                    value = table.and_then(|table| {
                        table
                            .iter()
                            .find(|(key, _)| key.as_str().is_some_and(|key| key.eq_ignore_ascii_case(name)))
                            .map(|(_, value)| value)
                    });
                    table = value.and_then(Value::as_mapping);
                }
                match value {
                    Some(Value::String(text)) if !text.contains("${{") => text.clone(),
                    Some(Value::Number(number)) => number.to_string(),
                    Some(Value::Bool(value)) => value.to_string(),
                    // A name that other combinations have is empty in this one.
                    None if !self.matrix.is_empty() && !names.contains(&"*") => String::new(),
                    _ => anything(),
                }
            }
            ["steps", id, "outputs", name] if self.depth == 0 => {
                let key = (id.to_ascii_lowercase(), name.to_ascii_lowercase());
                self.outputs.get(&key).cloned().unwrap_or_else(anything)
            }
            ["github", "workspace"] => "$GITHUB_WORKSPACE".to_owned(),
            [
                "github",
                "sha" | "run_id" | "run_number" | "run_attempt" | "token" | "job" | "event_name" | "repository"
                | "repository_owner" | "actor_id" | "repository_id",
            ]
            | ["runner", "os" | "arch" | "temp" | "tool_cache"]
            | ["github", "event", "number" | "pull_request", ..]
                if !path.contains(&"*")
                    && (path.get(1) != Some(&"event") || matches!(path.last(), Some(&("number" | "sha" | "id")))) =>
            {
                word()
            }
            _ => anything(),
        }
    }

    fn action(&mut self, action: &str, raw: &[(String, String)], with: &[(String, String)], how: How) {
        let name = action.to_ascii_lowercase();
        if name == "actions/checkout" {
            return self.checkout(raw, with);
        }
        if let Some(path) = local::path(action, self.local.own) {
            return self.local(action, &path, with, how);
        }
        // What is set up there holds for the steps behind as well.
        for (mark, tool) in [("megalinter", "megalinter"), ("jdx/mise-action", "mise")] {
            if name.contains(mark)
                && let Some(reason) = tool_config::reason(self.to.tree, "", &[tool])
            {
                self.to.not_understood(&reason);
                if tool == "mise" {
                    self.to.tamper(reason);
                }
            }
        }
        if name == "github/codeql-action/init" {
            self.analysed = analysed(with);
        }
        let has =
            |name: &str| with.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str());
        let known = self.to.tree.tools();
        let recipe = known.action(&name);
        if let Some(recipe) = recipe {
            // Others fail without the source, or fetch it themselves.
            let finds_nothing = ["lint", "spelling", "secret-scan", "workflow-lint", "format"]
                .iter()
                .any(|purpose| recipe.is.contains(purpose))
                || ["semgrep", "bandit", "anchore"].iter().any(|maker| name.contains(maker));
            if self.to.absent && finds_nothing {
                self.to.not_understood(ABSENT);
            }
            return self.known_action(recipe, &name, with, how);
        }
        // The label's own action makes an SBOM, whoever's copy it is.
        if name.split('/').nth(1) == Some("plimsoll") && name.split('/').count() == 2 {
            let command = format!(
                "plimsoll label . --out {}",
                has("out").filter(|out| words::is_one_word(out)).unwrap_or("label")
            );
            return self.to.script(&command, shell_of_actions(), how);
        }
        if name == "actions/github-script" || name.starts_with("docker://") {
            return self.to.action_not_known(action, how, name.starts_with("docker://"));
        }
        if !known.is_plain_action(&name) {
            self.to.action_not_known(action, how, false);
            // It may bring another source than the change.
            if self.to.absent || name.contains("checkout") {
                self.missing =
                    Some(format!("what \"{}\" checks out is not known", action.chars().take(60).collect::<String>()));
            }
        }
    }

    fn known_action(&mut self, recipe: &Action, name: &str, with: &[(String, String)], how: How) {
        let fits = |entry: &str| {
            let (input, expected) = entry.split_once('=').unwrap_or((entry, "+"));
            with.iter().any(|(key, value)| {
                key.eq_ignore_ascii_case(input)
                    && match expected {
                        "+" => !matches!(value.trim(), "" | "false" | "0"),
                        "--" => value.contains("-D"),
                        expected if expected.starts_with('-') => value.contains(expected),
                        expected => value.trim().eq_ignore_ascii_case(expected),
                    }
            })
        };
        if matches!(name, "docker/build-push-action" | "docker/bake-action") {
            self.to.look_at_image(&["build"], how);
        }
        if listed(&recipe.void).any(fits) {
            return;
        }
        let all = recipe.inputs == "*";
        let unlisted = with.iter().find(|(key, value)| {
            let common = listed(&self.to.tree.tools().common_inputs).any(|name| key.eq_ignore_ascii_case(name));
            let fitting = listed(&recipe.inputs).any(|entry| match entry.split_once('=') {
                None => key.eq_ignore_ascii_case(entry),
                Some((name, expected)) => {
                    key.eq_ignore_ascii_case(name) && value.split_whitespace().collect::<String>() == expected
                }
            });
            !(all || common || fitting || listed(&recipe.passes).any(fits))
        });
        let passes = listed(&recipe.passes).any(fits) || (!recipe.needs.is_empty() && !fits(&recipe.needs));
        if let Some((input, _)) = unlisted {
            self.to.not_understood(&format!(
                "what {} makes of {name} is not known",
                if input.is_empty() { "an input" } else { input }
            ));
        }
        let mut languages: &[&'static str] = &recipe.of;
        if name == "github/codeql-action/analyze" {
            match &self.analysed {
                Some(analysed) => languages = analysed,
                None => self.to.not_understood("which languages CodeQL analyses is not known"),
            }
        }
        for purpose in
            recipe.is.iter().chain(recipe.also.iter().filter(|(input, _)| fits(input)).map(|(_, purpose)| purpose))
        {
            if recipe.command.is_empty() || !recipe.is.contains(purpose) {
                let switched_off = *purpose == "provenance"
                    && with.iter().any(|(key, value)| key.eq_ignore_ascii_case("attestations") && value == "false");
                let review_off = *purpose == "audit"
                    && with
                        .iter()
                        .any(|(key, value)| key.eq_ignore_ascii_case("vulnerability-check") && value != "true");
                let document = matches!(*purpose, "sbom" | "provenance");
                match actions::documents::doubt(self.to.tree, name, with).filter(|_| document) {
                    Some(Doubt::Nothing) => continue,
                    Some(Doubt::NotKnown(reason)) => {
                        self.to.action_doubtful(purpose, reason, how);
                        continue;
                    }
                    None => {}
                }
                if !switched_off && !review_off {
                    let purpose = self.to.of_product(purpose, languages);
                    self.to.action_found(purpose, languages, passes, how);
                }
            }
        }
        if !recipe.command.is_empty() {
            // Each line of it is a word.
            let one_line = |(key, value): &(String, String)| {
                let value = if key == "scan-args" { value.trim().replace('\n', " ") } else { value.clone() };
                (key.clone(), value)
            };
            let with: Vec<(String, String)> = with.iter().map(one_line).collect();
            let command = template(&recipe.command, &with);
            self.to.script(&command, shell_of_actions(), how);
        }
    }

    fn checkout(&mut self, raw: &[(String, String)], with: &[(String, String)]) {
        let of = |inputs: &'_ [(String, String)], name: &str| {
            let found = inputs.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.trim().to_owned()).filter(|value| !value.is_empty())
        };
        let input = |name: &str| of(with, name);
        let path = input("path").filter(|path| path != ".");
        // What an expression gives is one word or anything: whether it is the change is decided by how it is written.
        let named = of(raw, "ref").filter(|_| input("ref").is_some());
        let fork = of(raw, "repository").is_some_and(|text| change::is_fork(&text) && named.is_some());
        let repository =
            of(raw, "repository").filter(|text| input("repository").is_some() && !change::is_repository(text) && !fork);
        let reference = named.filter(|text| !change::is_change(text));
        if with.iter().any(|(key, _)| key.is_empty()) {
            self.missing = Some("what is checked out is not known".to_owned());
        } else if of(raw, "github-server-url").is_some_and(|url| !change::is_server(&url)) {
            self.missing = Some("the source of another server is checked out".to_owned());
        } else if path.is_some() {
            // It stands beside what is there; where nothing is, commands run in an empty folder.
            if self.to.absent {
                self.missing = Some("the source is checked out into another folder".to_owned());
            }
        } else if repository.is_some() || reference.is_some() {
            self.missing = Some("another repository or revision than the change may be checked out".to_owned());
        } else if input("sparse-checkout").is_some() {
            self.missing = Some("a part of the source is checked out".to_owned());
        } else {
            self.missing = None;
            self.to.absent = false;
        }
    }

    fn local(&mut self, action: &str, path: &str, with: &[(String, String)], how: How) {
        // By the repository's name it is the one of another revision.
        let here = action.starts_with(['.', '$']) && self.depth < DEEPEST;
        let Some(pipeline) = self.local.actions.get(path).copied().filter(|_| here) else {
            self.to.action_not_known(action, how, true);
            return;
        };
        self.depth += 1;
        for step in pipeline.jobs.iter().flat_map(|job| &job.steps) {
            if step.never {
                continue;
            }
            let sure = how.sure && step.condition.is_none();
            let fails = step.fails.filter(|_| how.fails != Fails::No).unwrap_or(how.fails);
            self.step(step, with, How { sure, fails });
        }
        if pipeline.jobs.iter().all(|job| job.steps.is_empty()) {
            // An action of code, not of steps.
            self.to.action_not_known(action, how, true);
        }
        self.depth -= 1;
    }
}

fn listed(text: &str) -> std::str::SplitWhitespace<'_> {
    text.split_whitespace()
}

fn shell_of_actions() -> super::commands::Mode {
    super::commands::Mode { errexit: true, pipefail: false }
}

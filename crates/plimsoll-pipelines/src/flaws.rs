//! Settings of a workflow that are dangerous by themselves.

use yaml_serde::{Mapping, Value};

use super::{
    expressions,
    local::texts,
    model::{Flaw, Lines},
};
use plimsoll_formats::yaml;

/// Lets a script set the environment of later steps by what it prints.
const INSECURE: &str = "ACTIONS_ALLOW_UNSECURE_COMMANDS";

/// Gives the flaws of a workflow or an action.
pub(super) fn find(value: &Value, text: &str) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    let mut lines = Lines::new(text);
    let empty = Mapping::new();
    let jobs = value.get("jobs").and_then(Value::as_mapping).unwrap_or(&empty);
    if allows_insecure(value.get("env")) {
        flaws.push(insecure(None, &mut lines));
    }
    let action = value.get("runs").map(|runs| (None, runs));
    for (job, value) in jobs.iter().map(|(id, job)| (id.as_str(), job)).chain(action) {
        let steps = value.get("steps").and_then(Value::as_sequence).map(Vec::as_slice).unwrap_or_default();
        if allows_insecure(value.get("env")) || steps.iter().any(|step| allows_insecure(step.get("env"))) {
            flaws.push(insecure(job, &mut lines));
        }
        for container in containers(value) {
            let password = container.get("credentials").and_then(|credentials| credentials.get("password"));
            if password.and_then(Value::as_str).is_some_and(|word| !word.trim().is_empty() && !word.contains("${{")) {
                flaws.push(Flaw {
                    job: job.map(ToOwned::to_owned),
                    rule: "hardcoded-container-credentials",
                    severity: "high",
                    detail: "the password of a container registry is written into the file",
                    line: lines.find("credentials"),
                });
            }
        }
        if takes_all_secrets(value) {
            flaws.push(Flaw {
                job: job.map(ToOwned::to_owned),
                rule: "overprovisioned-secrets",
                severity: "medium",
                detail: "all secrets are put into one text, or one that is named at run time",
                line: lines.find("secrets"),
            });
        }
    }
    flaws
}

fn insecure(job: Option<&str>, lines: &mut Lines<'_>) -> Flaw {
    Flaw {
        job: job.map(ToOwned::to_owned),
        rule: "insecure-commands",
        severity: "high",
        detail: "what a script prints may set the environment of later steps",
        line: lines.find(INSECURE),
    }
}

fn allows_insecure(environment: Option<&Value>) -> bool {
    environment.and_then(Value::as_mapping).is_some_and(|table| {
        table.iter().any(|(name, value)| {
            name.as_str().is_some_and(|name| name.eq_ignore_ascii_case(INSECURE))
                && !matches!(value, Value::Bool(false) | Value::Null)
                && !value.as_str().is_some_and(|text| text.is_empty() || text.eq_ignore_ascii_case("false"))
        })
    })
}

/// The container of a job, and those of its services.
pub(super) fn containers(job: &Value) -> Vec<&Value> {
    let services = job.get("services").and_then(Value::as_mapping);
    job.get("container").into_iter().chain(services.into_iter().flat_map(Mapping::values)).collect()
}

fn takes_all_secrets(job: &Value) -> bool {
    let mut all = Vec::new();
    texts(job, &mut all);
    all.into_iter().filter(|text| text.contains("secrets")).flat_map(expressions::inside).any(|inside| {
        expressions::parse(inside).is_some_and(|expression| {
            let mut paths = Vec::new();
            expression.carried(&mut paths);
            paths.iter().any(|path| {
                matches!(path, [secrets] if secrets == "secrets")
                    || matches!(path, [secrets, name, ..] if secrets == "secrets" && name == "*")
            })
        })
    })
}

/// Places of Dependabot's settings.
pub(super) const UPDATES: &[&str] = &[".github/dependabot.yml", ".github/dependabot.yaml"];

/// Days that a release should be out before it is taken; most that are malicious are found sooner.
const FEWEST_DAYS: u64 = 7;

/// What is dangerous in Dependabot's settings. What is no settings runs nothing.
pub(super) fn of_updates(text: &str) -> Vec<Flaw> {
    let value = yaml::read(text).unwrap_or_default();
    let updates = value.get("updates").and_then(Value::as_sequence);
    let mut flaws = Vec::new();
    let mut lines = Lines::new(text);
    for update in updates.into_iter().flatten() {
        let line = lines.find("package-ecosystem");
        lines.pass();
        let mut add = |rule, severity, detail| flaws.push(Flaw { job: None, rule, severity, detail, line });
        if update.get("insecure-external-code-execution").and_then(Value::as_str) == Some("allow") {
            add("dependabot-execution", "medium", "updates run the code of the manifests that they change");
        }
        let days = update.get("cooldown").and_then(|cooldown| cooldown.get("default-days")).and_then(Value::as_u64);
        match days {
            None => add("dependabot-cooldown", "low", "new releases are taken on the day they are out: set cooldown"),
            Some(days) if days < FEWEST_DAYS => {
                add("dependabot-cooldown", "low", "new releases are taken before they are out for a week");
            }
            Some(_) => {}
        }
    }
    flaws
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(job: &str, expected: &[&str]) {
        let text = format!("on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n{job}");
        let found = find(&yaml_serde::from_str(&text).unwrap(), &text);
        assert_eq!(found.iter().map(|flaw| flaw.rule).collect::<Vec<_>>(), expected, "{job}");
    }

    #[test]
    fn updates_that_run_code_or_come_at_once_are_seen() {
        let cooldown = ", cooldown: {default-days: 7}";
        for (text, expected) in [
            (
                format!("updates: [{{package-ecosystem: bundler, insecure-external-code-execution: allow{cooldown}}}]"),
                &["dependabot-execution"][..],
            ),
            (
                format!("updates: [{{package-ecosystem: bundler, insecure-external-code-execution: deny{cooldown}}}]"),
                &[],
            ),
            (format!("updates: [{{package-ecosystem: bundler{cooldown}}}]"), &[]),
            ("updates: [{package-ecosystem: bundler}]".to_owned(), &["dependabot-cooldown"]),
            (
                "updates: [{package-ecosystem: bundler, cooldown: {default-days: 3}}]".to_owned(),
                &["dependabot-cooldown"],
            ),
            (
                "updates: [{package-ecosystem: bundler, cooldown: {semver-major-days: 30}}]".to_owned(),
                &["dependabot-cooldown"],
            ),
            ("insecure-external-code-execution: allow".to_owned(), &[]),
            ("updates: allow".to_owned(), &[]),
            ("[".to_owned(), &[]),
        ] {
            let found: Vec<&str> = of_updates(&text).iter().map(|flaw| flaw.rule).collect();
            assert_eq!(found, expected, "{text}");
        }
        let text = "version: 2\nupdates:\n  - package-ecosystem: a\n    x: y\n  - package-ecosystem: b\n";
        assert_eq!(of_updates(text).iter().map(|flaw| flaw.line).collect::<Vec<_>>(), [Some(3), Some(5)]);
    }

    #[test]
    fn a_flaw_is_seen_and_its_safe_forms_are_not() {
        let insecure = ["insecure-commands"];
        check("    env: {ACTIONS_ALLOW_UNSECURE_COMMANDS: true}\n", &insecure);
        check("    env: {actions_allow_unsecure_commands: 'TRUE'}\n", &insecure);
        check("    env: {ACTIONS_ALLOW_UNSECURE_COMMANDS: '${{ vars.X }}'}\n", &insecure);
        check("    steps: [{run: x, env: {ACTIONS_ALLOW_UNSECURE_COMMANDS: true}}]\n", &insecure);
        let password = ["hardcoded-container-credentials"];
        check("    container: {image: x, credentials: {username: a, password: hunter2}}\n", &password);
        check("    services: {db: {image: x, credentials: {username: a, password: hunter2}}}\n", &password);
        let all = ["overprovisioned-secrets"];
        check("    steps: [{run: x, env: {ALL: '${{ toJSON(secrets) }}'}}]\n", &all);
        check("    steps: [{run: x, env: {ONE: '${{ secrets[matrix.name] }}'}}]\n", &all);
        for safe in [
            "    env: {ACTIONS_ALLOW_UNSECURE_COMMANDS: false}\n",
            "    env: {ACTIONS_ALLOW_UNSECURE_COMMANDS: 'False'}\n",
            "    env: {OTHER: true}\n",
            "    container: {image: x, credentials: {username: a, password: '${{ secrets.P }}'}}\n",
            "    container: {image: x, credentials: {username: a}}\n",
            "    container: x\n",
            "    steps: [{run: x, env: {ONE: '${{ secrets.TOKEN }}'}}]\n",
            "    steps: [{run: x, env: {ONE: \"${{ secrets['TOKEN'] }}\"}}]\n",
            "    steps: [{run: 'echo secrets'}]\n",
            "    if: ${{ secrets != '' }}\n",
        ] {
            check(safe, &[]);
        }
    }
}

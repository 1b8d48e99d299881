//! Steps: scripts, and the tasks that run a command.

use std::sync::Arc;

use yaml_serde::Value;

use super::Machine;
use crate::{
    environment::Environment,
    readers::draft::{StepDraft, text_of},
    shell::Shell,
};

/// Tasks that set something up, or hand on what others made.
///
/// Source: Microsoft, "Azure Pipelines task reference".
const PLAIN: &[&str] = &[
    "cache",
    "copyfiles",
    "deletefiles",
    "downloadbuildartifacts",
    "downloadpipelineartifact",
    "gotool",
    "javatoolinstaller",
    "nodetool",
    "npmauthenticate",
    "nugetauthenticate",
    "nugettoolinstaller",
    "pipauthenticate",
    "publishbuildartifacts",
    "publishcodecoverageresults",
    "publishpipelineartifact",
    "publishtestresults",
    "userubyversion",
    "usedotnet",
    "usenode",
    "usepythonversion",
];
/// A task that runs a command: its name, and the command with inputs put in.
const COMMANDS: &[(&str, &str)] = &[
    ("dotnetcorecli", "dotnet {command|build} {projects} {arguments}"),
    ("go", "go {command} {arguments}"),
    ("gradle", "./gradlew {tasks|build} {options}"),
    ("maven", "mvn {options} {goals|package}"),
    ("npm", "npm {command|install}"),
];

/// What one step comes to.
pub(super) fn drafts(
    step: &Value,
    machine: Machine,
    several: bool,
    environment: &Arc<Environment>,
    fill: &dyn Fn(&str) -> String,
) -> Vec<StepDraft> {
    let folder =
        |of: &Value, key: &str| text_of(of, key).map(|folder| fill(&folder)).filter(|folder| !folder.is_empty());
    let script = |text: String, shell: Shell, folder: Option<String>| {
        let mut draft = StepDraft::script(fill(&text), shell, environment);
        draft.folder = folder;
        vec![draft]
    };
    let own = folder(step, "workingDirectory");
    for (key, shell) in [
        ("script", machine.shell()),
        ("bash", Shell::Lenient),
        ("pwsh", Shell::LastDecides),
        ("powershell", Shell::LastDecides),
    ] {
        if let Some(text) = text_of(step, key) {
            return script(text, shell, own);
        }
    }
    if let Some(what) = text_of(step, "checkout") {
        return match what.as_str() {
            "none" => Vec::new(),
            "self" if !several && text_of(step, "path").is_none() => vec![StepDraft::checkout()],
            _ => vec![StepDraft::opaque("checkout of several repositories")],
        };
    }
    if ["download", "publish"].iter().any(|key| step.get(key).is_some()) {
        return Vec::new();
    }
    let Some(task) = text_of(step, "task") else { return vec![StepDraft::opaque("a step that is not known")] };
    let name = task.split('@').next().unwrap_or_default().to_ascii_lowercase();
    if PLAIN.contains(&name.as_str()) {
        return Vec::new();
    }
    let none = Value::Null;
    let inputs = step.get("inputs").unwrap_or(&none);
    let own = folder(inputs, "workingDirectory").or_else(|| folder(inputs, "workingDir"));
    let inline = text_of(inputs, "targetType").is_none_or(|kind| kind.eq_ignore_ascii_case("inline"));
    match (name.as_str(), text_of(inputs, "script")) {
        ("cmdline", Some(text)) => return script(text, machine.shell(), own),
        ("bash", Some(text)) if inline => return script(text, Shell::Lenient, own),
        ("powershell", Some(text)) if inline => return script(text, Shell::LastDecides, own),
        _ => {}
    }
    if name == "npm" && text_of(inputs, "command").as_deref() == Some("custom") {
        let command = text_of(inputs, "customCommand").unwrap_or_default();
        return script(format!("npm {command}"), Shell::Strict, own);
    }
    if let Some((_, command)) = COMMANDS.iter().find(|(known, _)| *known == name) {
        let mut text = String::new();
        for part in command.split('{') {
            match part.split_once('}') {
                None => text.push_str(part),
                Some((input, behind)) => {
                    let (input, default) = input.split_once('|').unwrap_or((input, ""));
                    text.push_str(
                        text_of(inputs, input).as_deref().unwrap_or(default).lines().next().unwrap_or_default(),
                    );
                    text.push_str(behind);
                }
            }
        }
        return script(text, Shell::Strict, own);
    }
    vec![StepDraft::opaque(&format!("the task {task}"))]
}

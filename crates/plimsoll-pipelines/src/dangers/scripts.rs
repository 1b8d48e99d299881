//! What scripts and checkouts do with what strangers give.

use super::{Left, OF_STRANGERS, Place, Walk, windows::is_cmd};
use crate::{
    model::Step,
    scripts::{self, Command},
    sinks::{self, Fetch, Ran},
    taint::{Reading, Sort, Taint},
};

impl Walk<'_, '_> {
    pub(super) fn script(&mut self, place: &Place<'_>, step: &Step, left: &mut Left) {
        let Some(reading) = self.program.script(place.scope, step) else { return };
        let all = reading.all();
        let commands = &reading.script.commands;
        // Programs of other languages are not read.
        let interpreter = step.shell_text.as_deref().and_then(|shell| shell.split_whitespace().next());
        let other =
            interpreter.is_some_and(|name| !matches!(name, "bash" | "sh" | "pwsh" | "powershell") && !is_cmd(name));
        let text = step.run.as_deref().unwrap_or_default();
        if other && sinks::starts_programs(text) && all.iter().any(|one| matches!(one.sort, Sort::Text | Sort::Event)) {
            self.open(place, "what a program does with a stranger's text is not known");
        }
        let text_of =
            |taints: &[Taint]| taints.iter().find(|taint| taint.sort == Sort::Text).map(|taint| taint.what.clone());
        let event = all.iter().any(|taint| taint.sort == Sort::Event);
        let text_of_all = text_of(all);
        for (at, command) in commands.iter().enumerate() {
            let own = reading.of(command);
            if let Some(ran) = sinks::ran(command) {
                self.ran(place, &reading, (at, command), &ran);
            }
            for file in ["GITHUB_ENV", "GITHUB_PATH"].iter().filter(|file| command.mentions(file)) {
                match text_of(&own) {
                    Some(what) => {
                        let detail = format!("{what} is written into ${file}, and sets the environment of later steps");
                        self.danger(place, "environment-injection", "high", detail);
                    }
                    // What several commands print together.
                    None if text_of_all.is_some() && command.program().0 != "echo" => {
                        self.open(place, &format!("a script that reads a stranger's text writes into ${file}"));
                    }
                    None => {}
                }
            }
        }
        if interpreter.is_some_and(is_cmd) {
            self.of_cmd(place, step, &reading, text);
        }
        self.of_powershell(place, &reading, text);
        if !other {
            self.evaluated(place, &reading, text, left);
        }
        if place.events.contains(&"workflow_run") {
            if left.artifacts {
                let runs = |one: &Command| match sinks::ran(one) {
                    Some(ran) if ran.substitutes() || ran.input => Fetch::Named,
                    _ => sinks::runs_files(one),
                };
                match commands.iter().map(runs).find(|runs| *runs == Fetch::Named) {
                    Some(_) => {
                        let detail = "may run what the artifact of another run holds".to_owned();
                        self.danger(place, "artifact-execution", "high", detail);
                    }
                    None if commands.iter().any(|command| sinks::runs_files(command) == Fetch::Unknown) => {
                        self.open(place, "what is done with the artifact of another run is not known");
                    }
                    None => {}
                }
            }
            left.artifacts |= commands.iter().any(sinks::gets_artifacts);
            if left.artifacts {
                self.sets_from_artifact(place, &reading);
            }
            if left.artifacts
                && commands.iter().any(sinks::gets_artifacts)
                && commands.iter().any(|one| sinks::runs_files(one) == Fetch::Named)
            {
                let detail = "may run what the artifact of another run holds".to_owned();
                self.danger(place, "artifact-execution", "high", detail);
            }
        }
        let privileged = place.any_of(OF_STRANGERS);
        if privileged.is_empty() {
            return;
        }
        let foreign =
            |taints: &[Taint]| taints.iter().find(|taint| taint.sort == Sort::Code).map(|taint| taint.what.clone());
        let foreign_of_all = foreign(all);
        let named = |part: &str| commands.iter().any(|command| command.mentions(part));
        let set_to_change =
            || step.environment.written().into_iter().flatten().any(|(_, value)| value.contains("pull"));
        // The number of a change makes the address of its source.
        let numbered_source = |command: &Command| {
            let number = reading.of(command).into_iter().find(|taint| taint.sort == Sort::Number);
            number.filter(|_| named("pull") || set_to_change()).map(|taint| format!("the change of {}", taint.what))
        };
        let fetches: Vec<Fetch> = commands.iter().map(sinks::fetches).collect();
        // What is fetched comes from the event's file where the command itself computes it; else it may.
        let of_event = || {
            let mut fetching = commands.iter().zip(&fetches).filter(|(_, fetch)| **fetch == Fetch::Named);
            event && fetching.any(|(command, _)| command.substitutes())
        };
        let head = if fetches.contains(&Fetch::Change) {
            Some("the change".to_owned())
        } else if commands.iter().any(sinks::shows_change) && commands.iter().any(sinks::unpacks) {
            Some("the change as a patch".to_owned())
        } else if let Some(head) = commands
            .iter()
            .filter(|command| sinks::downloads(command))
            .find_map(|command| foreign(&reading.of(command)).or_else(|| numbered_source(command)))
            .filter(|_| commands.iter().any(|command| sinks::unpacks(command) || sinks::evaluates(command)))
        {
            Some(head)
        } else if fetches.contains(&Fetch::Named) {
            let numbered = commands.iter().zip(&fetches).any(|(command, fetch)| {
                *fetch == Fetch::Named && reading.of(command).iter().any(|taint| taint.sort == Sort::Number)
            });
            let set = numbered && set_to_change();
            // `refs/heads/` is a branch of the repository.
            let ends = |part: &str| {
                let mut words = commands.iter().flat_map(|command| &command.words);
                words.any(|word| word.split(part).skip(1).any(|rest| !rest.starts_with('s')))
            };
            let of_number = set || named("refs/pull") || named("pull/") && (ends("/head") || ends("/merge"));
            let mut fetching = commands.iter().zip(&fetches).filter(|(_, fetch)| **fetch == Fetch::Named);
            let owned = fetching.find_map(|(command, _)| owner(command, &reading));
            foreign_of_all
                .clone()
                .or(owned)
                .or_else(|| of_number.then(|| "refs/pull/".to_owned()))
                .or_else(|| of_event().then(|| "what the event's file names".to_owned()))
        } else {
            None
        };
        if let Some(head) = head {
            let detail = format!("checks out {head} under {}", privileged.join(", "));
            self.danger(place, "privileged-checkout", "high", detail);
            return;
        }
        if event && fetches.contains(&Fetch::Named) {
            self.open(place, "a script reads the event's file and checks something out");
        }
        for (command, fetch) in commands.iter().zip(&fetches) {
            let own = reading.of(command);
            let unpacked = sinks::unpacks(command) && foreign_of_all.is_some();
            if let Some(what) = foreign(&own).filter(|_| *fetch == Fetch::Unknown || unpacked) {
                self.open(place, &format!("what a command does with {what} is not known"));
            } else if *fetch == Fetch::Named && own.iter().any(|taint| taint.sort == Sort::Open) {
                self.open(place, "what a script checks out is not known");
            }
        }
    }

    /// A command that runs a text.
    fn ran(&mut self, place: &Place<'_>, reading: &Reading<'_>, (at, command): (usize, &Command), ran: &Ran<'_>) {
        let mut own = reading.replaced(&ran.code);
        // It replaces `%NAME%` before it reads the line.
        if command.calls("cmd").next().is_some() {
            own.extend(reading.of(command));
        }
        let mut from: Vec<Taint> = Vec::new();
        if ran.substitutes() {
            from.extend_from_slice(reading.all());
        } else if ran.input {
            match reading.input_of(at) {
                Some(input) => from.extend(input.iter().flat_map(|command| reading.of(command))),
                None => from.extend_from_slice(reading.all()),
            }
        }
        let sort =
            |taints: &[Taint], sort| taints.iter().find(|taint| taint.sort == sort).map(|taint| taint.what.clone());
        if let Some(what) = sort(&own, Sort::Text).or_else(|| sort(&from, Sort::Text)) {
            self.danger(place, "template-injection", "high", format!("{what} is run as a script"));
        } else if sort(&from, Sort::Event).is_some() {
            let detail = "a part of the event's file is run as a script".to_owned();
            self.danger(place, "template-injection", "high", detail);
        } else if sort(&own, Sort::Event).is_some() || (!ran.shell && sort(&reading.of(command), Sort::Event).is_some())
        {
            self.open(place, "what a script does with the event's file is not known");
        } else if sort(&own, Sort::Open).is_some() {
            self.open(place, "it is not known what a script runs as a script");
        }
    }

    pub(super) fn checkout(&mut self, place: &Place<'_>, step: &Step, action: &str) {
        let privileged = place.any_of(OF_STRANGERS);
        if privileged.is_empty() {
            return;
        }
        let action = action.to_ascii_lowercase();
        let checks_out = action.split(['/', '-', '_', '.']).any(|part| part == "checkout");
        let builds = action.contains("build-push") || action.contains("docker") || action.contains("bake");
        for (name, text) in &step.with {
            let name = name.to_ascii_lowercase();
            let of_source = ["ref", "repository", "repo", "branch", "sha", "commit", "url", "pr", ""];
            let asks = if checks_out {
                name.split(['-', '_']).any(|part| of_source.contains(&part))
            } else {
                matches!(name.as_str(), "ref" | "repository" | "branch" | "git-ref" | "git_ref" | "checkout")
                    || (builds && matches!(name.as_str(), "context" | "source" | "workdir"))
            };
            if !asks {
                continue;
            }
            let plain: String = text.split_whitespace().collect::<String>().to_ascii_lowercase();
            let taints = self.program.text(place.scope, &step.environment, text);
            let repository = matches!(name.as_str(), "repository" | "repo" | "url" | "context");
            let named = taints.iter().find(|taint| {
                matches!(taint.sort, Sort::Code | Sort::Number) || (repository && taint.sort == Sort::Owner)
            });
            let head = if plain.contains("refs/pull/") || plain.starts_with("pull/") {
                Some("refs/pull/")
            } else {
                named.map(|taint| taint.what.as_str())
            };
            match head {
                Some(head) if checks_out || action == "docker/build-push-action" => {
                    let detail = format!("checks out {head} under {}", privileged.join(", "));
                    self.danger(place, "privileged-checkout", "high", detail);
                }
                Some(head) => self.open(place, &format!("what {action} does with {head} is not known")),
                None => {
                    if let Some(open) = taints.iter().find(|taint| taint.sort == Sort::Open).filter(|_| checks_out) {
                        self.open(place, &format!("it is not known what is checked out by {}", open.what));
                    }
                }
            }
        }
    }
}

/// The owner of the repository that a command's words name, where anybody can be that. Behind `//` and in front of `:` or
/// `@` it is the name that one logs in with.
fn owner(command: &Command, reading: &Reading<'_>) -> Option<String> {
    command.words.iter().find_map(|word| {
        scripts::replaced(word).into_iter().find_map(|name| {
            let held = reading.name(&name).into_iter().find(|taint| taint.sort == Sort::Owner)?;
            let plain = word.replace(['{', '}'], "");
            let owns = plain.contains(&format!("${name}/")) || plain.contains(&format!("$env:{name}/"));
            owns.then_some(held.what)
        })
    })
}

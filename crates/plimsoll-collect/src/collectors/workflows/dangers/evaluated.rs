//! Scripts that hold a stranger's text and run what is not proven to be without it.

use super::{OF_STRANGERS, Place, Walk};
use crate::collectors::workflows::{
    model::Step,
    scripts::{self, Command},
    sinks::{self, Fetch},
    taint::{Reading, Scope, Sort, Taint},
};

/// Programs whose first word is a program of their own language.
const LANGUAGES: &[&str] = &["awk", "gawk", "mawk", "nawk", "sed", "gsed", "perl", "ruby"];
/// Programs that run what the repository says.
const BUILDERS: &[&str] = &[
    "ant", "bun", "bundle", "deno", "gradle", "invoke", "just", "make", "maven", "mvn", "node", "nox", "npm", "npx",
    "perl", "php", "pnpm", "pwsh", "python", "python3", "rake", "ruby", "source", "task", "tox", "yarn", ".",
];
/// Names of files that are made to be run.
const RUN: &[&str] = &[".sh", ".bash", ".py", ".js", ".mjs", ".cjs", ".ts", ".rb", ".pl", ".ps1", ".mk", "Makefile"];

fn text_of(taints: &[Taint]) -> bool {
    taints.iter().any(|taint| taint.sort == Sort::Text)
}

impl Walk<'_, '_> {
    /// What is not proven to leave a stranger's text alone is not known.
    pub(super) fn evaluated(&mut self, place: &Place<'_>, reading: &Reading<'_>, text: &str) {
        if place.any_of(OF_STRANGERS).is_empty() {
            return;
        }
        self.forge_answers(place, reading);
        let around = reading.around_text();
        let Some(what) = reading
            .all()
            .iter()
            .find(|taint| taint.sort == Sort::Text)
            .map(|taint| taint.what.clone())
            .or(around.clone())
        else {
            return;
        };
        let commands = &reading.script.commands;
        for command in commands {
            let own = text_of(&reading.of(command));
            if evaluates_more(command, reading) {
                self.open(place, &format!("a script that holds {what} evaluates what is not known"));
            }
            let files = repository_program(command);
            if files && (own || around.is_some()) {
                self.open(place, &format!("what a program of the repository does with {what} is not known"));
            }
        }
        if calculates(text, reading) {
            self.open(place, &format!("a script calculates with {what}, which may run a part of it"));
        }
        if writes_program(commands, reading) {
            self.open(place, &format!("a script writes {what} into a file that is run"));
        }
    }

    /// What the forge answers is what strangers wrote.
    fn forge_answers(&mut self, place: &Place<'_>, reading: &Reading<'_>) {
        let (mut asked, mut direct) = (false, false);
        for command in &reading.script.commands {
            if sinks::evaluates(command) && asked {
                let takes = sinks::reads_input(command) || command.substitutes() || command.words.len() <= 2;
                if takes && direct {
                    let detail = "what the forge answers of a stranger's text is run as a script".to_owned();
                    self.danger(place, "template-injection", "high", detail);
                } else if !reading.is_fixed(command) {
                    self.open(place, "it is not known whether what the forge answers is run as a script");
                }
            }
            let asks = command.calls("gh").any(|words| {
                let verb = words.iter().find(|word| !word.starts_with('-'));
                verb.is_some_and(|verb| matches!(verb.as_str(), "api" | "issue" | "pr" | "search"))
            });
            let passes = matches!(
                command.program().0.as_str(),
                "jq" | "grep" | "sed" | "awk" | "head" | "tail" | "cut" | "tr" | "sort" | "cat" | "tee" | "base64"
            );
            direct = asks || (direct && passes);
            asked |= asks;
        }
    }

    /// Text of strangers in a step's environment.
    pub(super) fn environment_text(&self, place: &Place<'_>, step: &Step) -> Option<String> {
        let mut around: Option<(&Scope<'_>, &_)> = Some((place.scope, &*step.environment));
        while let Some((scope, environment)) = around {
            for (_, value) in environment.written().into_iter().flatten() {
                let found = self.program.text(scope, environment, value);
                if let Some(taint) = found.into_iter().find(|taint| taint.sort == Sort::Text) {
                    return Some(taint.what);
                }
            }
            around = scope.frame.around;
        }
        None
    }

    /// A program of the repository that is an action.
    pub(super) fn given_to_program(&mut self, place: &Place<'_>, step: &Step, path: &str) {
        let given = step.with.iter().flat_map(|(_, text)| self.program.text(place.scope, &step.environment, text));
        let given = given.filter(|taint| taint.sort == Sort::Text).map(|taint| taint.what).next();
        if let Some(what) = given.or_else(|| self.environment_text(place, step)) {
            self.open(place, &format!("what {path} does with {what} is not known"));
        }
    }

    /// Environment and outputs that what another run left decides.
    pub(super) fn sets_from_artifact(&mut self, place: &Place<'_>, reading: &Reading<'_>) {
        for command in &reading.script.commands {
            let Some(file) =
                ["GITHUB_ENV", "GITHUB_PATH", "GITHUB_OUTPUT"].into_iter().find(|file| command.mentions(file))
            else {
                continue;
            };
            let prints = matches!(command.program().0.as_str(), "echo" | "printf" | "write-output");
            let unknown = reading.of(command).iter().any(|taint| taint.sort == Sort::Open);
            if !prints || command.substitutes() || unknown {
                let detail = format!("what the artifact of another run holds may be written into ${file}");
                if file == "GITHUB_OUTPUT" {
                    self.open(place, &detail);
                } else {
                    self.danger(place, "environment-injection", "high", detail);
                }
            } else if !reading.is_fixed(command) {
                self.open(place, &format!("what a script writes into ${file} is not known"));
            }
        }
    }
}

/// Constructs of a shell that evaluate a text, where it is not proven to be constant.
fn evaluates_more(command: &Command, reading: &Reading<'_>) -> bool {
    if sinks::evaluates(command) && !reading.is_fixed(command) {
        return true;
    }
    let words = &command.words;
    let indirect = words.iter().any(|word| {
        word.split("${!").skip(1).any(|rest| {
            let inside = rest.split('}').next().unwrap_or_default();
            !inside.ends_with("[@]") && !inside.ends_with("[*]")
        })
    });
    let names = matches!(command.program().0.as_str(), "declare" | "local" | "typeset")
        && words.iter().any(|word| word.starts_with('-') && word.contains(['n', 'i']));
    let (program, behind) = command.program();
    let holds = |word: &String| scripts::variables(word).iter().any(|name| text_of(&reading.name(name)));
    let compares = program == "[["
        && behind.iter().any(|word| matches!(word.as_str(), "-eq" | "-ne" | "-lt" | "-le" | "-gt" | "-ge" | "-v"))
        && behind.iter().any(|word| holds(word) || text_of(&reading.name(word)));
    let calculates = program == "let" && behind.iter().any(|word| holds(word) || !word.is_empty());
    let mut before = "";
    let mut language = false;
    if LANGUAGES.contains(&program.as_str()) {
        for word in behind {
            language |= holds(word) && !matches!(before, "-v" | "<" | ">");
            before = word;
        }
    }
    indirect || names || compares || calculates || language
}

fn repository_program(command: &Command) -> bool {
    let own = sinks::runs_files(command) == Fetch::Named;
    let (program, words) = command.program();
    let text = command.program_text();
    let path = text.contains('/') && !text.starts_with("/usr/") && !text.starts_with("/bin/") && !text.contains("://");
    let shell = matches!(program.as_str(), "bash" | "sh" | "zsh" | "dash")
        && words.iter().any(|word| !word.starts_with(['-', '<', '>']))
        && !words.iter().any(|word| word == "-c");
    let cargo =
        program == "cargo" && words.iter().any(|word| matches!(word.as_str(), "run" | "xtask" | "test" | "build"));
    (own && path) || shell || cargo || BUILDERS.contains(&program.as_str())
}

/// Does `((...))` or `$[...]` have a stranger's text in it?
fn calculates(text: &str, reading: &Reading<'_>) -> bool {
    let inside = text.split("((").skip(1).filter_map(|rest| rest.split("))").next());
    let older = text.split("$[").skip(1).filter_map(|rest| rest.split(']').next());
    inside.chain(older).any(|inside| {
        let names = inside.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        names.filter(|name| !name.is_empty()).take(64).any(|name| text_of(&reading.name(name)))
    })
}

/// Is a stranger's text written into a file that is run?
fn writes_program(commands: &[Command], reading: &Reading<'_>) -> bool {
    let into = |command: &Command| -> Option<String> {
        let written = text_of(&reading.of(command)) || command.program().0.starts_with('>');
        let redirected = command.words.iter().rev().skip_while(|word| word.ends_with('\n'));
        let at = command.words.iter().rposition(|word| word == ">");
        let file = match at {
            Some(at) => command.words.get(at + 1),
            None if command.program().0 == "tee" => redirected.clone().next(),
            None => None,
        }?;
        let file = file.trim_start_matches("./");
        (written && !file.is_empty() && !file.contains("GITHUB_") && !file.starts_with("/dev/"))
            .then(|| file.to_owned())
    };
    commands.iter().filter_map(into).any(|file| {
        let runs = |command: &Command| sinks::evaluates(command) || sinks::runs_files(command) == Fetch::Named;
        RUN.iter().any(|end| file.ends_with(end))
            || commands.iter().any(|command| runs(command) && command.mentions(&file))
    })
}

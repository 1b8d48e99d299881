//! Scripts that hold a stranger's text and run what is not proven to be without it.

use super::{
    Left, Place, Walk,
    tables::{DATA, INSTALLED, LANGUAGES, NAMES, RUN, WRITTEN, is_run},
    windows::{calls_by_value, is_powershell},
};
use crate::{
    environment::Environment,
    model::{Pipeline, Step},
    scripts::{self, Command, SUBSTITUTED},
    sinks::{self, Fetch, Ran},
    taint::{Reading, Scope, Sort, Taint},
};

fn text_of(taints: &[Taint]) -> bool {
    taints.iter().any(|taint| taint.sort == Sort::Text)
}

impl Walk<'_, '_> {
    /// What is not proven to leave a stranger's text alone is not known.
    pub(super) fn evaluated(&mut self, place: &Place<'_>, reading: &Reading<'_>, text: &str, left: &mut Left) {
        self.forge_answers(place, reading);
        self.files(place, reading, left);
        let commands = &reading.script.commands;
        let calls = !is_powershell(place, reading.step) || calls_by_value(text);
        for command in commands.iter().filter(|command| calls && !command.line) {
            let behind = command.program().1.first().map(String::as_str);
            let Some((held, first)) = reading.started(command).filter(|_| !matches!(behind, Some("=" | "+="))) else {
                continue;
            };
            if let Some(taint) = held.iter().find(|taint| taint.sort == Sort::Text) {
                let whole = command.program_text().trim_start_matches(['$', '{']).starts_with(|c: char| c != '/');
                if whole && !command.program_text().contains('/') {
                    self.danger(place, "template-injection", "high", format!("{} is run as a command", taint.what));
                } else {
                    self.open(place, &format!("a command is named by {}", taint.what));
                }
            } else if held.iter().any(|taint| taint.sort == Sort::Open) && first.is_none() {
                self.open(
                    place,
                    &format!("{} is run as a command, and what it holds is not known", command.program_text()),
                );
            }
        }
        let around = reading.around_text();
        let own = reading.all().iter().find(|taint| taint.sort == Sort::Text).map(|taint| taint.what.clone());
        let Some(what) = own.or_else(|| around.clone()) else { return };
        if place.of_stranger().is_none() {
            return;
        }
        for (at, command) in commands.iter().enumerate() {
            if !calls && command.program_text().starts_with('$') {
                continue;
            }
            // What it starts is in a variable that may hold anything.
            let starts = !command.line
                && reading.started(command).is_some_and(|(_, first)| first.is_none())
                && !reading.is_fixed(command.program_text());
            if starts || evaluates_more(at, command, reading) {
                self.open(place, &format!("a script that holds {what} evaluates what is not known"));
            }
            if command.line || sinks::ran(command).is_some() {
                continue;
            }
            let name = command.program().0;
            let known = |tables: &[&[&str]]| tables.iter().any(|table| table.contains(&name.as_str()));
            let looks = sinks::fetches(command) == Fetch::No || known(&[DATA]) || LANGUAGES.contains(&name.as_str());
            let assigns = name.is_empty() || !command.assignments().is_empty() && NAMES.contains(&name.as_str());
            let listed = reading.started(command).and_then(|(_, first)| first.map(ToOwned::to_owned));
            let listed = listed.is_some_and(|first| DATA.contains(&first.as_str()) || first == "echo");
            let own = text_of(&reading.of(command)) && !looks && !assigns && !listed;
            let given = around.is_some() && !looks && !assigns && !known(&[INSTALLED, NAMES]) && !is_syntax(&name);
            if own || given {
                let name = plimsoll_model::one_line(&name);
                self.open(place, &format!("what \"{name}\" does with {what} is not known"));
            }
        }
        if calculates(text, reading) {
            self.open(place, &format!("a script calculates with {what}, which may run a part of it"));
        }
    }

    /// Is a stranger's text written into a file that is run, here or by a later step?
    fn files(&mut self, place: &Place<'_>, reading: &Reading<'_>, left: &mut Left) {
        let commands = &reading.script.commands;
        let new: Vec<String> = commands.iter().filter_map(|command| written(command, reading)).collect();
        for file in &new {
            if RUN.iter().any(|end| file.ends_with(end)) {
                self.open(place, &format!("a stranger's text is written into {file}, which may be run"));
            }
        }
        left.files.extend(new);
        for command in commands.iter().filter(|command| !command.line) {
            let Some(file) = left.files.iter().find(|file| command.words.iter().any(|word| names(word, file))) else {
                continue;
            };
            let (program, words) = command.program();
            let shell = matches!(program.as_str(), "bash" | "sh" | "zsh" | "dash" | "ksh" | "source" | ".");
            let first = words.iter().find(|word| !word.starts_with('-'));
            if (shell && first.is_some_and(|first| names(first, file))) || names(command.program_text(), file) {
                let detail = format!("a stranger's text is written into {file}, which is run");
                self.danger(place, "template-injection", "high", detail);
            } else if sinks::evaluates(command) || sinks::runs_files(command) == Fetch::Named && program != "chmod" {
                self.open(place, &format!("what \"{program}\" does with a stranger's text in {file} is not known"));
            }
        }
    }

    /// What the forge answers is what strangers wrote.
    fn forge_answers(&mut self, place: &Place<'_>, reading: &Reading<'_>) {
        let commands = &reading.script.commands;
        for (at, command) in commands.iter().enumerate() {
            let Some(ran) = sinks::ran(command) else {
                continue;
            };
            let held = |name: &String| {
                let given = reading.given.get(name).into_iter().flatten();
                given.into_iter().any(|value| value.contains(SUBSTITUTED))
            };
            let replaced = ran.code.iter().any(|word| scripts::replaced(word).iter().any(held));
            let input = if ran.input { reading.input_of(at) } else { None };
            let asked: Vec<&Command> = match input {
                Some(input) => input.iter().filter(|one| asks_forge(one)).collect(),
                None if ran.input || ran.substitutes() || replaced => {
                    commands.iter().filter(|one| asks_forge(one)).collect()
                }
                None => Vec::new(),
            };
            if asked.is_empty() {
                continue;
            }
            let of_strangers = asked.iter().any(|one| WRITTEN.iter().any(|part| one.mentions(part)));
            let bare = asked.iter().all(|one| !one.mentions("--json") || WRITTEN.iter().any(|part| one.mentions(part)));
            if of_strangers && bare {
                let detail = "what the forge answers of a stranger's text is run as a script".to_owned();
                self.danger(place, "template-injection", "high", detail);
            } else {
                self.open(place, "it is not known whether what the forge answers is run as a script");
            }
        }
    }

    /// Names of the environment that programs run.
    pub(super) fn environment(&mut self, place: &Place<'_>, step: &Step) {
        for (name, value) in step.environment.written().into_iter().flatten().filter(|(name, _)| is_run(name)) {
            let found = self.program.text(place.scope, &step.environment, value);
            if let Some(taint) = found.into_iter().find(|taint| taint.sort == Sort::Text) {
                let detail = format!("{} is the value of {name}, which programs run", taint.what);
                self.danger(place, "environment-injection", "high", detail);
            }
        }
    }

    /// A program of JavaScript in a workflow.
    pub(super) fn program_of_javascript(&mut self, place: &Place<'_>, step: &Step) {
        let mut starting = step.with.iter().filter(|(_, text)| sinks::starts_programs(text)).peekable();
        if starting.peek().is_none() {
            return;
        }
        let has = |parts: &[&str]| step.with.iter().any(|(_, text)| parts.iter().any(|part| text.contains(part)));
        if has(&["process.env", "core.getInput", "exec"]) && self.environment_text(place, step).is_some() {
            self.open(place, "what a script does with a stranger's text in its environment is not known");
        }
        if has(&["payload"]) {
            self.open(place, "what a script does with the event is not known");
        }
        if has(&["github.rest.", "github.paginate", "github.graphql", "github.request", "octokit"]) {
            self.open(place, "what a script does with what the forge answers is not known");
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
    pub(super) fn given_to_program(&mut self, place: &Place<'_>, step: &Step, path: &str, called: Option<&Pipeline>) {
        let (scope, nothing) = (place.scope, Environment::default());
        let defaults = called.into_iter().flat_map(|called| called.defaults.iter());
        let defaults =
            defaults.filter(|(name, _)| !step.with.iter().any(|(given, _)| given.eq_ignore_ascii_case(name)));
        let defaults: Vec<Taint> = defaults.flat_map(|(_, text)| self.program.text(scope, &nothing, text)).collect();
        let given = step.with.iter().flat_map(|(_, text)| self.program.text(place.scope, &step.environment, text));
        let given = given.chain(defaults).filter(|taint| taint.sort == Sort::Text).map(|taint| taint.what).next();
        if let Some(what) = given.or_else(|| self.environment_text(place, step)) {
            self.open(place, &format!("what {path} does with {what} is not known"));
        }
    }

    /// Environment and outputs that what another run left decides.
    pub(super) fn sets_from_artifact(&mut self, place: &Place<'_>, reading: &Reading<'_>) {
        for command in &reading.script.commands {
            // A name as well as a value: that of a library, or of a script that shells run first.
            let (program, words) = command.program();
            let whole = words.iter().any(|word| word.starts_with(SUBSTITUTED));
            if whole && matches!(program.as_str(), "export" | "declare" | "typeset" | "readonly") {
                let detail = "what the artifact of another run holds may set the environment of a script".to_owned();
                self.danger(place, "environment-injection", "high", detail);
            }
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
            } else if !command.words.iter().all(|word| reading.is_fixed(word)) {
                self.open(place, &format!("what a script writes into ${file} is not known"));
            }
        }
    }
}

/// Constructs of a shell that evaluate a text, where it is not proven to be constant.
fn evaluates_more(at: usize, command: &Command, reading: &Reading<'_>) -> bool {
    if sinks::ran(command).is_some_and(|ran| !is_fixed(at, &ran, reading)) {
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
    let calculates = program == "let" && behind.iter().any(|word| names_text(word, reading));
    let mut before = "";
    let mut language = false;
    if LANGUAGES.contains(&program.as_str()) {
        for word in behind {
            language |= holds(word) && !matches!(before, "-v" | "<" | ">");
            before = word;
        }
    }
    let tests = matches!(program.as_str(), "[" | "test") && behind.iter().any(|word| word == "-v");
    let tests = tests && behind.iter().any(|word| holds(word) || text_of(&reading.name(word)));
    // A name that a stranger chooses, with an index that is evaluated, or one that programs run.
    let named = (NAMES.contains(&program.as_str()) || program == "unset")
        && behind.iter().any(|word| word.starts_with('$') && holds(word));
    let prompt = words.iter().any(|word| word.contains("@P}"));
    let starts = |word: &String| ["system(", "getline", "exec", "ENVIRON"].iter().any(|part| word.contains(part));
    let runs = LANGUAGES.contains(&program.as_str()) && reading.around_text().is_some() && behind.iter().any(starts);
    let index = words.iter().any(|word| is_index(word, reading));
    indirect || names || compares || calculates || language || tests || named || prompt || runs || index
}

/// Is a stranger's text an index or a place in `${NAME[...]}` or `${NAME:...}`, which are calculated?
fn is_index(word: &str, reading: &Reading<'_>) -> bool {
    word.split("${").skip(1).filter_map(|rest| rest.find('}').and_then(|end| rest.get(..end))).any(|inside| {
        let behind = inside.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
        let place = behind.strip_prefix(':').is_some_and(|rest| !rest.starts_with(['-', '=', '+', '?']));
        (behind.starts_with('[') || place) && names_text(behind, reading)
    })
}

fn names_text(text: &str, reading: &Reading<'_>) -> bool {
    let names = text.split(|c: char| !c.is_ascii_alphanumeric() && !"_#".contains(c));
    names.filter(|name| !name.is_empty() && !name.starts_with('#')).take(64).any(|name| text_of(&reading.name(name)))
}

/// Does no stranger choose a part of what is run?
fn is_fixed(at: usize, ran: &Ran<'_>, reading: &Reading<'_>) -> bool {
    // Scripts in words are commands of their own; programs of other languages are not read.
    if ran.substitutes() || !ran.code.iter().all(|word| reading.is_fixed(word)) {
        return false;
    }
    if !ran.shell && ran.code.iter().any(|code| sinks::starts_programs(code)) {
        return false;
    }
    let known = |command: &Command| {
        let prints = matches!(command.program().0.as_str(), "echo" | "printf" | "curl" | "wget" | "yes");
        prints
            && !asks_forge(command)
            && !command.substitutes()
            && command.words.iter().all(|word| reading.is_fixed(word))
    };
    !ran.input || reading.input_of(at).is_some_and(|input| input.iter().all(known))
}

/// Does `((...))` or `$[...]` have a stranger's text in it?
fn calculates(text: &str, reading: &Reading<'_>) -> bool {
    let inside = text.split("((").skip(1).filter_map(|rest| rest.split("))").next());
    let older = text.split("$[").skip(1).filter_map(|rest| rest.split(']').next());
    inside.chain(older).any(|inside| names_text(inside, reading))
}

/// The file that a stranger's text is written into.
fn written(command: &Command, reading: &Reading<'_>) -> Option<String> {
    let own = text_of(&reading.of(command)) || (command.program().0.starts_with('>') && text_of(reading.all()));
    let name = command.program().0;
    let redirected = command.words.iter().rposition(|word| word == ">").and_then(|at| command.words.get(at + 1));
    let file = match name.as_str() {
        "tee" => command.program().1.iter().rfind(|word| !word.starts_with('-') && !word.ends_with('\n')),
        "set-content" | "add-content" | "out-file" => command.program().1.iter().find(|word| !word.starts_with('-')),
        _ => redirected,
    }?;
    // What is given to `tee` comes from the command before it.
    let own = own || (name == "tee" && text_of(reading.all()));
    let file = file.trim_start_matches("./");
    let plain = !file.is_empty() && !file.contains("GITHUB_") && !file.starts_with("/dev/") && !file.starts_with('&');
    (own && plain).then(|| file.to_owned())
}

/// Does a word name this file?
fn names(word: &str, file: &str) -> bool {
    let word = word.trim_start_matches("./");
    word == file || word.rsplit('/').next() == file.rsplit('/').next() && !word.is_empty()
}

fn is_syntax(name: &str) -> bool {
    name.is_empty() || name.starts_with(['>', '<', '$', '-', '[']) || name.chars().all(|c| c.is_ascii_digit())
}

/// Does it ask a forge for what is written there?
fn asks_forge(command: &Command) -> bool {
    const ADDRESSES: &[&str] = &[
        "api.github.com",
        "GITHUB_API_URL",
        "/api/v3/",
        "/api/v4/",
        "CI_API_V4_URL",
        "GITHUB_GRAPHQL_URL",
        "/graphql",
    ];
    let gh = ["gh", "glab", "hub"].iter().any(|name| {
        command.calls(name).any(|words| {
            let verb = words.iter().find(|word| !word.starts_with('-'));
            verb.is_some_and(|verb| matches!(verb.as_str(), "api" | "issue" | "pr" | "mr" | "search"))
        })
    });
    gh || (sinks::downloads(command) && ADDRESSES.iter().any(|part| command.mentions(part)))
}

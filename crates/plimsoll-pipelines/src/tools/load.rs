//! From files of tools to rows.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;

use super::{
    Action, Operands, Place, Settings, Tool, ToolProblem, Tools,
    check::{Checked, start},
    file::{ActionRow, SettingsRow, ToolFile, ToolRow},
};

/// Bytes of one file.
const LARGEST: usize = 4 * 1024 * 1024;
/// The folder of the files.
const FOLDER: &str = "tools/";

/// Steps of builds with the purpose of each, by the name of the set.
type Goals = BTreeMap<String, Vec<(String, &'static str)>>;

impl Tools {
    /// Loads files by their paths under practices/: those of `tools/`, and no other.
    ///
    /// A row whose command, action or name another row has is refused, and so are languages and purposes that are not known, and
    /// words without meaning. Everything that is wrong is said at once, by file and line.
    pub fn load(files: &BTreeMap<String, String>) -> Result<Self, Vec<ToolProblem>> {
        let mut tools = Self::default();
        let mut problems = Vec::new();
        let none = BTreeMap::new();
        let mut parsed: Vec<(&str, &str, ToolFile)> = Vec::new();
        for (file, text) in files.iter().filter(|(file, _)| file.starts_with(FOLDER)) {
            tools.files.insert(file.clone(), text.clone());
            let mut checked = Checked { file, text, words: &none, problems: Vec::new() };
            if text.len() > LARGEST {
                checked.say(0, format!("larger than {LARGEST} bytes"));
            } else {
                match toml::from_str::<ToolFile>(text) {
                    Ok(read) => parsed.push((file, text, read)),
                    Err(error) => {
                        let at = error.span().map_or(0, |span| span.start);
                        checked.say(at, error.message().replace('\n', " "));
                    }
                }
            }
            problems.append(&mut checked.problems);
        }
        // What rows of any file name is read before all rows.
        let mut words: BTreeMap<String, String> = BTreeMap::new();
        let mut goals: Goals = BTreeMap::new();
        for (file, text, read) in &parsed {
            let mut checked = Checked { file, text, words: &none, problems: Vec::new() };
            for (name, value) in &read.words {
                let text = checked.words(name, Some(value));
                checked.once(start(value), "the set of words", name, text, &mut words);
            }
            for (name, steps) in &read.goals {
                let first = steps.values().next().map_or(0, start);
                let steps = steps.iter().map(|(step, purpose)| (step.clone(), step_purpose(&mut checked, purpose)));
                let steps = steps.collect();
                checked.once(first, "the set of goals", name, steps, &mut goals);
            }
            problems.append(&mut checked.problems);
        }
        let mut heads: BTreeMap<String, Place> = BTreeMap::new();
        for (file, text, read) in parsed {
            let mut checked = Checked { file, text, words: &words, problems: Vec::new() };
            tools.enter(read, &goals, &mut heads, &mut checked);
            problems.append(&mut checked.problems);
        }
        if !problems.is_empty() {
            problems.sort();
            return Err(problems);
        }
        for (head, place) in heads {
            let program = head.split(' ').next().unwrap_or_default().to_owned();
            tools.heads.entry(program).or_default().push((head, place));
        }
        for heads in tools.heads.values_mut() {
            heads.sort_by_key(|(_, place)| match place {
                Place::Tool(at) => (0, *at),
                Place::Harmless => (1, 0),
                Place::Tampers => (2, 0),
            });
        }
        Ok(tools)
    }

    /// Enters the rows of one file.
    fn enter(&mut self, read: ToolFile, goals: &Goals, heads: &mut BTreeMap<String, Place>, to: &mut Checked<'_>) {
        for row in read.tool {
            let place = Place::Tool(self.rows.len());
            for head in &row.get_ref().run {
                let command = to.command(head);
                to.once(start(head), "the command", &command, place, heads);
            }
            let tool = tool(start(&row), row.into_inner(), goals, to);
            self.rows.push(tool);
        }
        for (list, place) in [(&read.harmless, Place::Harmless), (&read.tampers, Place::Tampers)] {
            for head in list {
                let command = to.command(head);
                to.once(start(head), "the command", &command, place, heads);
            }
        }
        for row in read.action {
            for name in &row.get_ref().names {
                Self::action_name(name, to);
                to.once(start(name), "the action", name.get_ref(), self.actions.len(), &mut self.by_action);
                if self.plain_actions.contains(name.get_ref()) {
                    to.say(start(name), format!("the action \"{}\" has two rows", name.get_ref()));
                }
            }
            let action = action(start(&row), row.into_inner(), to);
            self.actions.push(action);
        }
        for name in &read.plain_actions {
            Self::action_name(name, to);
            if self.by_action.contains_key(name.get_ref()) || !self.plain_actions.insert(name.get_ref().clone()) {
                to.say(start(name), format!("the action \"{}\" has two rows", name.get_ref()));
            }
        }
        if let Some(inputs) = &read.common_inputs {
            let inputs = to.words("common-inputs", Some(inputs));
            let all = format!("{} {inputs}", self.common_inputs);
            all.trim().clone_into(&mut self.common_inputs);
        }
        for row in read.settings {
            let settings = settings(start(&row), row.into_inner(), to);
            self.settings.push(settings);
        }
        for row in read.runner {
            let run = to.command(&row.get_ref().run);
            if self.runners.iter().any(|(other, _)| *other == run) {
                to.say(start(&row), format!("the runner \"{run}\" has two rows"));
            }
            let options = to.words("options", row.get_ref().options.as_ref());
            self.runners.push((run, options));
        }
        for (list, all) in [
            (&read.asked_alone, &mut self.asked_alone),
            (&read.unless, &mut self.unless),
            (&read.fails_without_source, &mut self.fails_without_source),
        ] {
            enter_words(list, all, to);
        }
        for (program, options) in &read.before_subcommand {
            let words = to.words("before-subcommand", Some(options));
            to.once(start(options), "the program", program, words, &mut self.before_subcommand);
        }
        for (what, list, all) in
            [("the alias", &read.aliases, &mut self.aliases), ("the package of", &read.packages, &mut self.packages)]
        {
            for (name, value) in list {
                let word = to.word(value);
                to.once(start(value), what, name, word, all);
            }
        }
    }

    /// Names of actions are compared in small letters, and an action has an owner.
    fn action_name(name: &Spanned<String>, to: &mut Checked<'_>) {
        let text = to.word(name);
        if !text.contains('/') || text.chars().any(char::is_uppercase) || text.contains('@') {
            to.say(start(name), format!("\"{text}\" is no action: owner/name in small letters, without a version"));
        }
    }
}

fn enter_words(list: &[Spanned<String>], all: &mut BTreeSet<String>, to: &mut Checked<'_>) {
    for value in list {
        let word = to.word(value);
        if !all.insert(word.clone()) {
            to.say(start(value), format!("\"{word}\" appears twice"));
        }
    }
}

/// A step of a build with no purpose has none.
fn step_purpose(to: &mut Checked<'_>, value: &Spanned<String>) -> &'static str {
    if value.get_ref().is_empty() { "" } else { to.purpose(value) }
}

#[expect(clippy::needless_pass_by_value, reason = "a row is used up by what is made of it")]
fn tool(at: usize, row: ToolRow, goals: &Goals, to: &mut Checked<'_>) -> Tool {
    if row.run.is_empty() {
        to.say(at, "a tool has to be called by some command in `run`");
    }
    if row.is.is_empty() && row.goals.is_none() {
        to.say(at, "a tool has to have a purpose in `is`");
    }
    let operands = match (&row.operands, &row.goals) {
        (None, None) => Operands::None,
        (Some(operands), None) => match operands.get_ref().as_str() {
            "paths" => Operands::Paths,
            "any" => Operands::Any,
            "select" => Operands::Select,
            other => {
                to.say(start(operands), format!("operands are \"paths\", \"any\" or \"select\", and not \"{other}\""));
                Operands::None
            }
        },
        (None, Some(name)) => {
            if let Some(steps) = goals.get(name.get_ref()) {
                Operands::Goals(steps.clone())
            } else {
                to.say(start(name), format!("no file has goals that are called \"{}\"", name.get_ref()));
                Operands::None
            }
        }
        (Some(_), Some(name)) => {
            to.say(start(name), "a tool has either operands or goals");
            Operands::None
        }
    };
    let manifests = to.words("manifests", row.manifests.as_ref());
    if manifests.contains('/') {
        to.say(row.manifests.as_ref().map_or(at, start), "manifests are names of files, and no paths");
    }
    Tool {
        run: row.run.iter().map(|head| head.get_ref().clone()).collect(),
        is: to.purposes(&row.is),
        of: to.languages(&row.of),
        options: to.words("options", row.options.as_ref()),
        operands,
        void: to.words("void", row.void.as_ref()),
        passes: to.words("passes", row.passes.as_ref()),
        needs: to.words("needs", row.needs.as_ref()),
        behind: row.behind.as_ref().map(|behind| to.words("behind", Some(behind))),
        folder: to.words("folder", row.folder.as_ref()),
        manifests: manifests.split_whitespace().map(ToOwned::to_owned).collect(),
        scans: to.words("scans", row.scans.as_ref()),
        also: to.also(&row.also),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "a row is used up by what is made of it")]
fn action(at: usize, row: ActionRow, to: &mut Checked<'_>) -> Action {
    if row.names.is_empty() {
        to.say(at, "an action has to have a name in `names`");
    }
    Action {
        is: to.purposes(&row.is),
        of: to.languages(&row.of),
        command: to.text("command", row.command.as_ref()),
        inputs: to.words("inputs", row.inputs.as_ref()),
        passes: to.words("passes", row.passes.as_ref()),
        needs: to.text("needs", row.needs.as_ref()),
        void: to.words("void", row.void.as_ref()),
        also: to.also(&row.also),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "a row is used up by what is made of it")]
fn settings(at: usize, row: SettingsRow, to: &mut Checked<'_>) -> Settings {
    if row.tools.is_empty() || row.files.is_empty() {
        to.say(at, "settings have to name the tools that they are of, and the files that they are in");
    }
    let files = row.files.iter().map(|value| {
        let (name, part) = value.get_ref().split_once(' ').unwrap_or((value.get_ref(), ""));
        if name.is_empty() || name.starts_with('/') || name.split('/').any(|part| part.is_empty() || part == "..") {
            to.say(start(value), format!("\"{name}\" is no path in a tree"));
        }
        (name.to_owned(), part.to_owned())
    });
    let files = files.collect();
    let empty = match (&row.empty, &row.unless) {
        (Some(empty), Some(unless)) => Some((to.text("empty", Some(empty)), to.text("unless", Some(unless)))),
        (None, None) => None,
        (Some(one), None) | (None, Some(one)) => {
            to.say(start(one), "`empty` and `unless` go together");
            None
        }
    };
    if row.words.is_none() && empty.is_none() {
        to.say(at, "settings have to name words that may void a check");
    }
    Settings {
        tools: row.tools.iter().map(|tool| to.word(tool)).collect(),
        files,
        words: to.words("words", row.words.as_ref()),
        empty,
    }
}

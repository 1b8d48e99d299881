//! Goes through a script in order and tells which commands surely run and fail it.

use std::collections::BTreeSet;

use super::{
    Found,
    parse::{Command, Joined, List, Pipeline},
};

/// Programs that do not fail for what they find in the source: what is joined to them by `&&` runs.
const PREPARING: &[&str] =
    &["cd", "pushd", "popd", "mkdir", "echo", "printf", "export", "source", ".", "rustup", "touch"];

/// What becomes of a failure that `||` hands over.
#[derive(Clone, Copy)]
enum Handed {
    /// The script ends, and not well.
    Ends,
    /// It stays a failure.
    Fails,
    Swallowed,
}

struct Walk {
    errexit: bool,
    pipefail: bool,
    /// Nothing behind this point surely runs.
    dead: bool,
    functions: BTreeSet<String>,
    found: Vec<Found>,
}

pub(super) fn walk(list: &List, pipefail: bool) -> Vec<Found> {
    let mut walk = Walk { errexit: true, pipefail, dead: false, functions: BTreeSet::new(), found: Vec::new() };
    walk.list(list, false, true);
    for one in &mut walk.found {
        if one.words.first().is_some_and(|program| walk.functions.contains(program)) {
            one.strict = false;
        }
    }
    walk.found
}

impl Walk {
    /// `last`: is the script's own status that of the list?
    fn list(&mut self, list: &List, tolerant: bool, last: bool) {
        for (at, joined) in list.iter().enumerate() {
            self.joined(joined, tolerant || joined.background, last && at + 1 == list.len());
        }
    }

    fn joined(&mut self, joined: &Joined, tolerant: bool, last: bool) {
        let parts = &joined.parts;
        // The nearest `||` behind each part, found from the end: it is what a failure comes to.
        let mut behind = vec![None; parts.len()];
        let mut nearest = None;
        for (at, (operator, pipeline)) in parts.iter().enumerate().rev() {
            if let Some(slot) = behind.get_mut(at) {
                *slot = nearest;
            }
            if *operator == "||" {
                nearest = Some((at, handed(pipeline)));
            }
        }
        let (mut surely, mut prepared) = (true, true);
        for (at, ((operator, pipeline), behind)) in parts.iter().zip(behind).enumerate() {
            surely &= *operator != "||";
            let end = at + 1 == parts.len();
            let fails = match behind {
                Some((_, Handed::Ends)) => true,
                Some((handler, Handed::Fails)) => handler + 1 == parts.len(),
                Some((_, Handed::Swallowed)) => false,
                // Only the last of a list stops the script; a list that is itself the last gives the status.
                None => end || last,
            };
            let strict = !tolerant && surely && (prepared || last) && fails && !pipeline.negated;
            self.pipeline(pipeline, !strict, last && end);
            prepared &= prepares(pipeline);
        }
    }

    fn pipeline(&mut self, pipeline: &Pipeline, tolerant: bool, last: bool) {
        let count = pipeline.commands.len();
        for (at, command) in pipeline.commands.iter().enumerate() {
            let end = at + 1 == count;
            if count > 1 {
                // Each part of a pipe has a shell of its own.
                let kept = (self.errexit, self.pipefail, self.dead);
                self.command(command, tolerant || !(end || self.pipefail), false);
                (self.errexit, self.pipefail, self.dead) = kept;
            } else {
                self.command(command, tolerant, last);
            }
        }
    }

    fn command(&mut self, command: &Command, tolerant: bool, last: bool) {
        match command {
            Command::Simple(words) => self.simple(words, tolerant),
            Command::Tolerant(lists) => lists.iter().for_each(|list| self.list(list, true, false)),
            Command::For(body, sure) => {
                let dead = self.dead;
                self.list(body, tolerant || !sure, false);
                // Leaving the loop early ends nothing but the loop; `exit` is seen again by its own word.
                self.dead = dead || body.iter().any(ends_well);
            }
            Command::Case(commands) => commands.iter().for_each(|words| self.simple(words, true)),
            Command::Group(list) => self.list(list, tolerant, last),
            Command::Subshell(list) => {
                let kept = (self.errexit, self.pipefail, self.dead);
                self.list(list, tolerant, last);
                (self.errexit, self.pipefail, self.dead) = kept;
            }
            Command::Function(name, body) => {
                self.functions.insert(name.clone());
                self.command(body, true, false);
            }
        }
    }

    fn simple(&mut self, words: &[String], tolerant: bool) {
        let strict = !tolerant && !self.dead && self.errexit;
        let plain: Vec<&str> = words.iter().map(String::as_str).collect();
        match plain.as_slice() {
            ["set", options @ ..] => self.set(options, tolerant),
            ["exit" | "return", status, ..] if is_failure(status) || (tolerant && *status == "$?") => {
                self.dead |= !tolerant;
            }
            // It may end the script well before what follows.
            ["exit" | "return" | "break" | "continue", ..] => self.dead = true,
            ["trap", rest @ ..] if rest.iter().any(|word| word.contains("exit")) => self.dead = true,
            ["alias", rest @ ..] => {
                let names = rest.iter().filter_map(|word| Some(word.split_once('=')?.0.to_owned()));
                self.functions.extend(names);
            }
            ["exec", program, ..] if !program.contains(['<', '>']) => {
                self.found.push(Found { words: words.to_vec(), strict });
                self.dead = true;
                return;
            }
            _ => {}
        }
        self.found.push(Found { words: words.to_vec(), strict });
    }

    fn set(&mut self, options: &[&str], tolerant: bool) {
        let mut options = options.iter();
        while let Some(option) = options.next() {
            let Some(on) = option.chars().next().filter(|sign| matches!(sign, '-' | '+')).map(|sign| sign == '-')
            else {
                return;
            };
            let named = if option.ends_with('o') { options.next().copied().unwrap_or_default() } else { "" };
            let names = |letter: char, name: &str| option.contains(letter) || named == name;
            if names('n', "noexec") && on {
                self.dead = true;
            }
            if names('e', "errexit") {
                self.errexit = on && (!tolerant || self.errexit);
            }
            if named == "pipefail" {
                self.pipefail = on && (!tolerant || self.pipefail);
            }
        }
    }
}

fn is_failure(status: &str) -> bool {
    status.parse::<u32>().is_ok_and(|status| status % 256 != 0)
}

/// Is there an `exit` in it that may end the script well?
fn ends_well(joined: &Joined) -> bool {
    joined.parts.iter().flat_map(|(_, pipeline)| &pipeline.commands).any(|command| match command {
        Command::Simple(words) => {
            matches!(words.first().map(String::as_str), Some("exit" | "return"))
                && !words.get(1).is_some_and(|status| is_failure(status))
        }
        Command::Tolerant(lists) => lists.iter().flatten().any(ends_well),
        Command::For(list, _) | Command::Group(list) => list.iter().any(ends_well),
        Command::Case(commands) => commands.iter().any(|words| words.first().is_some_and(|word| word == "exit")),
        Command::Subshell(_) | Command::Function(..) => false,
    })
}

fn prepares(pipeline: &Pipeline) -> bool {
    let [Command::Simple(words)] = pipeline.commands.as_slice() else { return false };
    let program = words.iter().find(|word| !word.contains('='));
    !pipeline.negated && program.is_none_or(|program| PREPARING.contains(&program.as_str()))
}

fn handed(pipeline: &Pipeline) -> Handed {
    if pipeline.negated {
        return Handed::Swallowed;
    }
    match pipeline.commands.as_slice() {
        [Command::Simple(words)] => match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["exit" | "return", status] if *status == "$?" || is_failure(status) => Handed::Ends,
            ["false"] => Handed::Fails,
            _ => Handed::Swallowed,
        },
        [Command::Group(list)] => handed_list(list),
        [Command::Subshell(list)] => match handed_list(list) {
            Handed::Swallowed => Handed::Swallowed,
            Handed::Ends | Handed::Fails => Handed::Fails,
        },
        _ => Handed::Swallowed,
    }
}

// What comes before the last command must be plain: an `exit` or a condition there may end it well.
fn handed_list(list: &List) -> Handed {
    let pipelines: Vec<(&str, &Pipeline)> =
        list.iter().flat_map(|joined| joined.parts.iter().map(|(operator, pipeline)| (*operator, pipeline))).collect();
    let Some(((_, last), before)) = pipelines.split_last() else { return Handed::Swallowed };
    let plain = |pipeline: &Pipeline| match pipeline.commands.as_slice() {
        [Command::Simple(words)] => words.first().is_some_and(|word| {
            !matches!(word.as_str(), "exit" | "return" | "exec" | "break" | "continue" | "trap" | "eval" | "set")
        }),
        _ => false,
    };
    let joined_plainly = pipelines.iter().all(|(operator, _)| *operator != "||")
        && list.iter().all(|joined| !joined.background)
        && list.last().is_some_and(|joined| joined.parts.iter().rev().skip(1).all(|(_, pipeline)| prepares(pipeline)));
    match last.commands.as_slice() {
        // `$?` is by then the status of what came before.
        [Command::Simple(words)] if words.get(1).is_some_and(|status| status == "$?") && !before.is_empty() => {
            Handed::Swallowed
        }
        [Command::Simple(_)] if joined_plainly && before.iter().all(|(_, pipeline)| plain(pipeline)) => handed(last),
        _ => Handed::Swallowed,
    }
}

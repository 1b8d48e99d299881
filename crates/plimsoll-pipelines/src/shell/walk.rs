//! Goes through a script in order: which commands surely run, and what their failure comes to.
//!
//! A script is understood up to the first word that is not: all behind it may then mean something else.

use std::collections::BTreeMap;

use super::{
    Answer, Evaluator, Fails, How, Mode, parse,
    parse::{Command, Joined, List, Pipeline},
    tokens,
    words::{self, ANYTHING},
};

/// Values that a loop is gone through for.
const MOST_VALUES: usize = 16;
/// Functions inside one another.
const DEEPEST: usize = 8;

/// Whether what is behind this point runs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Ended {
    No,
    Maybe,
    Yes,
}

/// What a failure comes to around a command.
#[derive(Clone, Copy)]
struct Around {
    sure: bool,
    /// Where the shell stops at it.
    stops: Fails,
    /// Where it is the status of what is around.
    last: Fails,
    /// Where the script is ended with one.
    exits: Fails,
}

pub(super) struct Walk<'w, 'l, 't> {
    pub(super) to: &'w mut Evaluator<'t>,
    functions: BTreeMap<String, &'l Command>,
    calls: usize,
    errexit: Option<bool>,
    pipefail: Option<bool>,
    ended: Ended,
}

/// Goes through `script`; what its failure comes to is in `how`.
pub(super) fn script(to: &mut Evaluator<'_>, script: &str, mode: Mode, how: How) {
    let (tokens, whole) = tokens::tokens(script);
    let list = whole.then(|| parse::list(&tokens)).flatten();
    let Some(list) = list else {
        to.script_not_understood("a script has parts that are not understood", how);
        flat(to, &tokens, how);
        return;
    };
    let mut walk = Walk {
        to,
        functions: BTreeMap::new(),
        calls: 0,
        errexit: Some(mode.errexit),
        pipefail: Some(mode.pipefail),
        ended: Ended::No,
    };
    let around = Around { sure: how.sure, stops: how.fails, last: how.fails, exits: how.fails };
    walk.list(&list, around);
}

/// Commands of a script whose structure is not understood: nothing is known of what they come to.
pub(super) fn flat(to: &mut Evaluator<'_>, tokens: &[tokens::Token], how: How) {
    for words in parse::flat(tokens) {
        to.simple(&words, How { sure: false, fails: how.fails.and_unknown() });
    }
}

impl<'l> Walk<'_, 'l, '_> {
    fn list(&mut self, list: &'l List, around: Around) {
        for (at, joined) in list.iter().enumerate() {
            let last = if at + 1 == list.len() { around.last } else { Fails::No };
            self.joined(joined, Around { last, ..around });
        }
    }

    fn joined(&mut self, joined: &'l Joined, around: Around) {
        // A text that is put in may join other commands to these.
        if joined.parts.iter().any(|(_, pipeline)| holds_anything(pipeline)) {
            self.to.not_understood("an expression that is put into a script is not known");
        }
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
        let stops = match self.errexit {
            Some(true) => around.stops,
            Some(false) => Fails::No,
            None => around.stops.and_unknown(),
        };
        let (mut sure, mut never) = (around.sure, false);
        let mut before: Option<&Pipeline> = None;
        for (at, ((operator, pipeline), behind)) in parts.iter().zip(behind).enumerate() {
            let end = at + 1 == parts.len();
            let whole = if end { stops.or(around.last) } else { around.last };
            let fails = match behind {
                Some((_, Handed::Ends)) => around.exits,
                Some((handler, Handed::Fails)) if handler + 1 == parts.len() => stops.or(around.last),
                // What is joined behind it hands the failure on once more.
                Some((_, Handed::Fails)) => stops.or(around.last).and_unknown(),
                Some((_, Handed::Swallowed)) => Fails::No,
                Some((_, Handed::Unknown)) => around.stops.and_unknown(),
                None => whole,
            };
            if let Some(before) = before {
                match *operator {
                    "||" if never_fails(before) => never = true,
                    "||" => sure = false,
                    // What does not run because of what failed before it is no gap where that failure counts as well.
                    _ => sure &= prepares(before) || around.last == Fails::Yes,
                }
            }
            before = Some(pipeline);
            if never || self.ended == Ended::Yes {
                continue;
            }
            let fails = match (pipeline.negated, joined.background) {
                (true, _) => Fails::No,
                (false, true) => fails.and_unknown(),
                (false, false) => fails,
            };
            let sure = sure && !joined.background && self.ended == Ended::No;
            // In a condition and before `&&` and `||` the shell stops at nothing, however deep inside.
            let active = end && behind.is_none() && !pipeline.negated && !joined.background;
            let stops = if active { around.stops } else { Fails::No };
            // At the status of a group alone the shell does not stop: what `&&` let pass inside stays let pass.
            let last = if active && is_same_shell(pipeline) { around.last } else { fails };
            self.pipeline(pipeline, Around { sure, stops, last, exits: around.exits }, fails);
        }
    }

    fn pipeline(&mut self, pipeline: &'l Pipeline, around: Around, fails: Fails) {
        let count = pipeline.commands.len();
        if let [only] = pipeline.commands.as_slice() {
            self.command(only, around, fails);
            return;
        }
        for (at, command) in pipeline.commands.iter().enumerate() {
            // Each part of a pipe has a shell of its own.
            let kept = (self.errexit, self.pipefail, self.ended, self.to.keep());
            let counts = match (at + 1 == count, self.pipefail) {
                (true, _) | (_, Some(true)) => fails,
                (false, Some(false)) => Fails::No,
                (false, None) => fails.and_unknown(),
            };
            let stops = if around.stops == Fails::No { Fails::No } else { counts };
            self.command(command, Around { stops, last: counts, exits: counts, ..around }, counts);
            (self.errexit, self.pipefail, self.ended) = (kept.0, kept.1, kept.2);
            self.to.restore(kept.3);
        }
    }

    fn command(&mut self, command: &'l Command, around: Around, fails: Fails) {
        if !self.to.may_go_on() {
            return;
        }
        match command {
            Command::Simple(words) => self.simple(words, How { sure: around.sure, fails }, around),
            Command::Group(list) => self.list(list, around),
            Command::Subshell(list) => {
                let kept = (self.errexit, self.pipefail, self.ended, self.to.keep());
                let stops = if around.stops == Fails::No { Fails::No } else { fails };
                self.list(list, Around { stops, exits: fails, ..around });
                (self.errexit, self.pipefail, self.ended) = (kept.0, kept.1, kept.2);
                self.to.restore(kept.3);
            }
            Command::Redirected(command, words) => {
                self.command(command, around, fails);
                self.to.redirected(words, around.sure);
            }
            Command::Function(name, body) => {
                if around.sure && self.ended == Ended::No {
                    self.functions.insert(name.clone(), body);
                } else {
                    self.to.not_understood("a function is perhaps defined");
                }
            }
            Command::If(lists) => self.condition(lists, around),
            Command::While(lists) => {
                for list in lists {
                    self.list(list, Around { sure: false, stops: Fails::Unknown, last: Fails::Unknown, ..around });
                }
                self.settle();
            }
            Command::For(name, values, body) => self.repeat(name, values, body, around),
            Command::Case(commands) => {
                for words in commands {
                    self.simple(
                        words,
                        How { sure: false, fails: fails.and_unknown() },
                        Around { sure: false, ..around },
                    );
                }
                self.settle();
            }
        }
    }

    /// The body of an `if` runs or does not: its options and variables are not known behind it.
    fn condition(&mut self, lists: &'l [List], around: Around) {
        let mut certain = around.sure;
        let mut at = 0;
        while let Some(list) = lists.get(at) {
            let Some(body) = lists.get(at + 1) else {
                self.list(list, Around { sure: false, ..around });
                break;
            };
            // Where the branch for a failure ends the script with one, the failure of the question counts.
            let (negated, alone) = alone(list);
            let handler = if negated { Some(body) } else { lists.get(at + 2).filter(|_| lists.len() == at + 3) };
            let ends = alone.is_some() && handler.is_some_and(|list| matches!(handed_list(list), Handed::Ends));
            let last = if ends { around.exits } else { Fails::Unknown };
            match alone.filter(|pipeline| ends && negated && !holds_anything(pipeline)) {
                Some(pipeline) => {
                    self.pipeline(pipeline, Around { sure: certain, stops: Fails::No, last, ..around }, last);
                }
                None => self.list(list, Around { sure: certain, stops: Fails::No, last, ..around }),
            }
            certain = false;
            if !is_false(list) {
                self.list(body, Around { sure: false, ..around });
            }
            at += 2;
        }
        self.settle();
    }

    fn repeat(&mut self, name: &str, values: &[String], body: &'l List, around: Around) {
        let known: Option<Vec<String>> = values.iter().map(|value| words::value(value, &self.to.names)).collect();
        match known {
            Some(known) if !known.is_empty() && known.len() <= MOST_VALUES => {
                for value in known {
                    self.to.names.insert(name.to_owned(), Some(value));
                    // Only what is last in the last round is the loop's status.
                    self.list(body, Around { last: around.last.and_unknown(), ..around });
                }
            }
            _ => {
                self.to.check_substitutions(values);
                self.to.names.insert(name.to_owned(), None);
                self.list(body, Around { sure: false, ..around });
            }
        }
    }

    /// What was perhaps done is not known to be done or not.
    fn settle(&mut self) {
        if self.ended == Ended::Yes {
            self.ended = Ended::Maybe;
        }
    }

    fn simple(&mut self, words: &[String], how: How, around: Around) {
        if self.ended == Ended::Yes {
            return;
        }
        let sure = how.sure && self.ended == Ended::No;
        let how = How { sure, ..how };
        let plain: Vec<&str> = words.iter().map(String::as_str).collect();
        match plain.as_slice() {
            ["set", options @ ..] => self.set(options, sure),
            ["exit", status] if is_failure(status) => {
                if around.exits != Fails::Yes {
                    self.end(if sure { Ended::Yes } else { Ended::Maybe });
                } else if sure {
                    self.end(Ended::Yes);
                }
            }
            ["exit"] | ["exit", _] => self.end(if sure { Ended::Yes } else { Ended::Maybe }),
            ["return" | "break" | "continue", ..] => self.end(Ended::Maybe),
            [name, arguments @ ..] if self.functions.contains_key(*name) => self.call(name, arguments, how, around),
            _ => self.to.simple(words, how),
        }
    }

    fn call(&mut self, name: &str, arguments: &[&str], how: How, around: Around) {
        let Some(body) = self.functions.get(name).copied() else { return };
        if self.calls >= DEEPEST {
            self.to.not_understood("functions call each other more deeply than is followed");
            return;
        }
        self.calls += 1;
        let kept: Vec<(String, Option<Option<String>>)> = (1..=9)
            .map(|number: usize| (number.to_string(), self.to.names.get(&number.to_string()).cloned()))
            .collect();
        for (number, argument) in (1_usize..=9).zip(arguments) {
            let value = words::value(argument, &self.to.names);
            self.to.names.insert(number.to_string(), value);
        }
        self.command(body, Around { sure: how.sure, ..around }, how.fails);
        for (number, value) in kept {
            match value {
                Some(value) => self.to.names.insert(number, value),
                None => self.to.names.remove(&number),
            };
        }
        self.calls -= 1;
    }

    fn end(&mut self, ended: Ended) {
        self.ended = self.ended.max(ended);
    }

    fn set(&mut self, options: &[&str], sure: bool) {
        let mut options = options.iter();
        while let Some(option) = options.next() {
            let on = option.starts_with('-');
            let letters = option.get(1..).unwrap_or_default();
            let plain = option.starts_with(['-', '+'])
                && !letters.is_empty()
                && letters.chars().all(|letter| matches!(letter, 'e' | 'u' | 'x' | 'v' | 'o' | 'E'));
            let named = if letters.ends_with('o') { options.next().copied() } else { Some("") };
            let known = matches!(
                named,
                Some("" | "errexit" | "pipefail" | "nounset" | "xtrace" | "verbose" | "errtrace" | "posix")
            ) && letters.matches('o').count() <= 1;
            if !plain || !known {
                self.to.not_understood("`set` has an option that is not understood");
                return;
            }
            let value = if sure { Some(on) } else { None };
            if letters.contains('e') || named == Some("errexit") {
                self.errexit = if self.errexit == Some(on) { self.errexit } else { value };
            }
            if named == Some("pipefail") {
                self.pipefail = if self.pipefail == Some(on) { self.pipefail } else { value };
            }
        }
    }
}

/// A command of several that has no shell of its own.
fn is_same_shell(pipeline: &Pipeline) -> bool {
    let [only] = pipeline.commands.as_slice() else { return false };
    let mut only = only;
    while let Command::Redirected(inner, _) = only {
        only = inner;
    }
    !matches!(only, Command::Simple(_) | Command::Subshell(_) | Command::Function(..))
}

fn is_failure(status: &str) -> bool {
    status.parse::<u32>().is_ok_and(|status| status % 256 != 0)
}

/// Is the question one command, is it negated, and which one is it?
fn alone(list: &List) -> (bool, Option<&Pipeline>) {
    let [joined] = list.as_slice() else { return (false, None) };
    let [(_, pipeline)] = joined.parts.as_slice() else { return (false, None) };
    let one = pipeline.commands.len() == 1 && !joined.background;
    (pipeline.negated, Some(pipeline).filter(|_| one))
}

fn is_false(list: &List) -> bool {
    let [joined] = list.as_slice() else { return false };
    let [(_, pipeline)] = joined.parts.as_slice() else { return false };
    !pipeline.negated && simple(pipeline) == Some(&["false".to_owned()])
}

fn simple(pipeline: &Pipeline) -> Option<&[String]> {
    match pipeline.commands.as_slice() {
        [Command::Simple(words)] if !pipeline.negated => Some(words),
        _ => None,
    }
}

fn never_fails(pipeline: &Pipeline) -> bool {
    simple(pipeline).and_then(|words| words.first()).is_some_and(|word| matches!(word.as_str(), "true" | ":" | "echo"))
}

/// Programs that do not fail for what they find in the source: what is joined to them by `&&` runs.
fn prepares(pipeline: &Pipeline) -> bool {
    simple(pipeline).and_then(|words| words.iter().find(|word| !word.contains('='))).is_some_and(|word| {
        matches!(word.as_str(), "cd" | "mkdir" | "echo" | "printf" | "export" | "true" | ":" | "rustup" | "date")
    })
}

fn holds_anything(pipeline: &Pipeline) -> bool {
    pipeline.commands.iter().any(command_holds_anything)
}

fn command_holds_anything(command: &Command) -> bool {
    let list = |list: &List| list.iter().flat_map(|joined| &joined.parts).any(|(_, pipeline)| holds_anything(pipeline));
    let words = |words: &[String]| words.iter().any(|word| word.contains(ANYTHING));
    match command {
        Command::Simple(own) => words(own),
        Command::If(lists) | Command::While(lists) => lists.iter().any(list),
        Command::For(_, values, body) => words(values) || list(body),
        Command::Case(commands) => commands.iter().any(|own| words(own)),
        Command::Group(body) | Command::Subshell(body) => list(body),
        Command::Function(_, body) => command_holds_anything(body),
        Command::Redirected(body, own) => command_holds_anything(body) || words(own),
    }
}

/// What becomes of a failure that `||` hands over.
#[derive(Clone, Copy)]
enum Handed {
    /// The script ends, and not well.
    Ends,
    /// It stays a failure.
    Fails,
    Swallowed,
    Unknown,
}

fn handed(pipeline: &Pipeline) -> Handed {
    if pipeline.negated {
        return Handed::Unknown;
    }
    match pipeline.commands.as_slice() {
        [Command::Simple(words)] => match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["exit", status] if *status == "$?" || is_failure(status) => Handed::Ends,
            ["false"] => Handed::Fails,
            ["true" | ":" | "echo" | "printf" | "/bin/true", ..] | ["exit"] | ["exit", "0"] => Handed::Swallowed,
            _ => Handed::Unknown,
        },
        [Command::Group(list)] => handed_list(list),
        [Command::Subshell(list)] => match handed_list(list) {
            Handed::Ends | Handed::Fails => Handed::Fails,
            other => other,
        },
        _ => Handed::Unknown,
    }
}

// What comes before the last command must be plain: an `exit` or a condition there may end it well.
fn handed_list(list: &List) -> Handed {
    let mut parts = list.iter().flat_map(|joined| joined.parts.iter().map(move |part| (joined, part))).peekable();
    let mut first = true;
    while let Some((joined, (operator, pipeline))) = parts.next() {
        if joined.background || *operator == "||" {
            return Handed::Unknown;
        }
        let Some(words) = simple(pipeline) else { return Handed::Unknown };
        if parts.peek().is_none() {
            // `$?` is by then the status of what came before.
            let late = words.get(1).is_some_and(|status| status == "$?") && !first;
            return if late { Handed::Swallowed } else { handed(pipeline) };
        }
        let harmless =
            words.first().is_some_and(|word| matches!(word.as_str(), "echo" | "printf" | "true" | ":" | "cat"));
        if !harmless {
            return Handed::Unknown;
        }
        first = false;
    }
    Handed::Unknown
}

impl Fails {
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            _ => Self::No,
        }
    }

    /// Not known, where it might have been one.
    pub(super) fn and_unknown(self) -> Self {
        if self == Self::No { Self::No } else { Self::Unknown }
    }
}

impl How {
    /// What a purpose that fails for what it finds comes to here.
    pub(in super::super) fn answer(self) -> Answer {
        match (self.fails, self.sure) {
            (Fails::No, _) => Answer::Passes,
            (Fails::Yes, true) => Answer::Gates,
            _ => Answer::NotKnown,
        }
    }
}

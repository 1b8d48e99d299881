//! A script with what its variables hold.

use std::{
    cell::{OnceCell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};

use super::{
    DEEPEST, Program, Scope, Sort, Taint,
    contexts::{GITLAB_TEXTS, PLAIN_VARIABLES},
};
use crate::{
    environment::Environment,
    model::Step,
    scripts::{self, Command, Script},
};

/// A script with what its variables hold.
pub(in super::super) struct Reading<'s> {
    pub(super) program: &'s Program<'s>,
    pub(super) scope: &'s Scope<'s>,
    pub(in super::super) step: &'s Step,
    pub(in super::super) script: Rc<Script>,
    /// What the script gives to its own variables, in order.
    pub(in super::super) given: BTreeMap<String, Vec<String>>,
    pub(super) known: RefCell<BTreeMap<String, Vec<Taint>>>,
    pub(super) whole: OnceCell<Vec<Taint>>,
    pub(super) constant: OnceCell<bool>,
    pub(super) depth: usize,
}

impl Reading<'_> {
    /// What a command's words hold.
    pub(in super::super) fn of(&self, command: &Command) -> Vec<Taint> {
        let mut found: Vec<Taint> = command.variables().iter().flat_map(|name| self.variable(name, 0)).collect();
        found.sort();
        found.dedup();
        found
    }

    /// What a shell puts into these words.
    pub(in super::super) fn replaced(&self, words: &[&str]) -> Vec<Taint> {
        words.iter().flat_map(|word| scripts::replaced(word)).flat_map(|name| self.variable(&name, 0)).collect()
    }

    /// The commands whose output the one at `at` reads; nothing where they are not known.
    pub(in super::super) fn input_of(&self, at: usize) -> Option<&[Command]> {
        let commands = &self.script.commands;
        let mut from = at;
        while let Some(before) = from.checked_sub(1).and_then(|before| commands.get(before)).filter(|one| one.pipes) {
            let ends = matches!(before.program().0.as_str(), "done" | "fi" | "esac" | "}");
            if before.grouped || ends || before.substitutes() {
                return None;
            }
            from -= 1;
        }
        commands.get(from..at).filter(|input| !input.is_empty())
    }

    /// What the words in front of the first blank of a list are, and what they hold, where a command starts a variable.
    pub(in super::super) fn started(&self, command: &Command) -> Option<(Vec<Taint>, Option<&str>)> {
        let program = command.program_text();
        let name = scripts::replaced(program).into_iter().next().filter(|_| program.starts_with('$'))?;
        let list = self.given.get(&name).filter(|values| values.len() > 1 && program.contains("[@]"));
        match list.and_then(|values| values.first()) {
            Some(first) => Some((self.replaced(&[first]), Some(first))),
            None => Some((self.replaced(&[program]), None)),
        }
    }

    /// What all of its commands hold.
    pub(in super::super) fn all(&self) -> &[Taint] {
        self.whole.get_or_init(|| {
            let mut found: Vec<Taint> = self.script.commands.iter().flat_map(|command| self.of(command)).collect();
            found.sort();
            found.dedup();
            found
        })
    }

    /// What a variable of this name holds.
    pub(in super::super) fn name(&self, name: &str) -> Vec<Taint> {
        self.variable(name, 0)
    }

    /// A text of strangers in the step's environment, whether or not the script names it.
    pub(in super::super) fn around_text(&self) -> Option<String> {
        let mut around: Option<(&Scope<'_>, &Environment)> = Some((self.scope, &self.step.environment));
        while let Some((scope, environment)) = around {
            for (name, _) in environment.written().into_iter().flatten() {
                let held = self.program.named(scope, environment, name, self.depth + 1);
                if let Some(taint) = held.into_iter().find(|taint| taint.sort == Sort::Text) {
                    return Some(taint.what);
                }
            }
            around = scope.frame.around;
        }
        None
    }

    /// Does no stranger choose a part of a word? Only names of the file that the script leaves alone show it.
    pub(in super::super) fn is_fixed(&self, word: &str) -> bool {
        let bound = |name: &String| self.script.commands.iter().any(|other| other.words.contains(name));
        let fixed = |name: &String| {
            let set = self.step.environment.named(name).is_some() || name.starts_with("__put_");
            let plain = PLAIN_VARIABLES.iter().any(|plain| plain.eq_ignore_ascii_case(name));
            (set || plain) && !self.given.contains_key(name) && !bound(name) && !self.is_tainted(name)
        };
        !word.contains(scripts::SUBSTITUTED) && scripts::replaced(word).iter().all(fixed)
    }

    fn variable(&self, name: &str, depth: usize) -> Vec<Taint> {
        if let Some(known) = self.known.borrow().get(name) {
            return known.clone();
        }
        if depth > DEEPEST {
            return vec![Taint::new(Sort::Open, "more than is followed")];
        }
        // While it is looked at, it holds nothing.
        self.known.borrow_mut().insert(name.to_owned(), Vec::new());
        let mut found = Vec::new();
        if let Some(number) = name.strip_prefix("__put_") {
            let inside = number.parse().ok().and_then(|number: usize| self.script.put_in.get(number));
            let text = format!("${{{{{}}}}}", inside.map_or("", String::as_str));
            found = self.program.text_at(self.scope, &self.step.environment, &text, self.depth + 1);
        } else if name.eq_ignore_ascii_case("GITHUB_HEAD_REF") || name.eq_ignore_ascii_case("GITEA_HEAD_REF") {
            found = vec![Taint::new(Sort::Text, "github.head_ref"), Taint::new(Sort::Code, "github.head_ref")];
        } else if name.eq_ignore_ascii_case("GITHUB_EVENT_PATH") || name.eq_ignore_ascii_case("GITEA_EVENT_PATH") {
            found = vec![Taint::new(Sort::Event, "GITHUB_EVENT_PATH")];
        } else {
            if ["GITHUB_ACTOR", "GITHUB_TRIGGERING_ACTOR"].contains(&name) {
                found.push(Taint::new(Sort::Owner, "github.actor"));
            }
            let values = self.given.get(name).map(Vec::as_slice).unwrap_or_default();
            for value in values {
                if value.contains(scripts::SUBSTITUTED) && !self.is_constant() {
                    found.push(Taint::new(Sort::Open, format!("${name}")));
                }
                found.extend(scripts::variables(value).iter().flat_map(|inner| self.variable(inner, depth + 1)));
            }
            if values.is_empty() {
                found.extend(self.program.named(self.scope, &self.step.environment, name, self.depth + 1));
                let written = self.step.environment.written();
                let own: Vec<&str> =
                    written.iter().flatten().filter(|(own, _)| *own == name).map(|(_, value)| *value).collect();
                let inner: Vec<String> = own.iter().flat_map(|value| scripts::variables(value)).collect();
                let texts = GITLAB_TEXTS
                    .iter()
                    .filter(|text| own.is_empty() && **text == name || inner.iter().any(|inner| inner == *text));
                found.extend(texts.map(|text| Taint::new(Sort::Text, *text)));
            }
        }
        found.sort();
        found.dedup();
        found.truncate(64);
        self.known.borrow_mut().insert(name.to_owned(), found.clone());
        found
    }

    /// Do all substitutions of the script give what no stranger chooses? The programs alone show it.
    fn is_constant(&self) -> bool {
        const CONSTANT: &[&str] =
            &["date", "pwd", "nproc", "uname", "mktemp", "basename", "dirname", "hostname", "whoami", "echo", "printf"];
        let is_plain = |command: &Command| {
            CONSTANT.contains(&command.program().0.as_str())
                || matches!(command.git(), Some("rev-parse"))
                || !command.assignments().is_empty()
        };
        *self.constant.get_or_init(|| self.script.commands.iter().all(is_plain) && !self.is_any_tainted())
    }

    /// May a stranger choose more of it than a plain name?
    fn is_tainted(&self, name: &str) -> bool {
        self.variable(name, 0).iter().any(|taint| taint.sort != Sort::Owner)
    }

    /// What the commands read by themselves, their own assignments left out.
    fn is_any_tainted(&self) -> bool {
        let names = self.script.commands.iter().flat_map(Command::variables);
        let mut outer = names.filter(|name| !self.given.contains_key(name));
        outer.any(|name| self.is_tainted(&name))
    }

    /// Is it known what a command prints?
    pub(super) fn is_plain(&self, command: &Command) -> bool {
        let known = |name: &String| {
            name.starts_with("__put_")
                || PLAIN_VARIABLES.iter().any(|plain| plain.eq_ignore_ascii_case(name))
                || self.given.contains_key(name)
                || self.step.environment.named(name).is_some()
                || self.scope.frame.around.is_some_and(|(_, environment)| environment.named(name).is_some())
                || name.eq_ignore_ascii_case("GITHUB_HEAD_REF")
                || name.eq_ignore_ascii_case("GITHUB_EVENT_PATH")
        };
        let substitutes = command.substitutes() && !self.is_constant();
        matches!(command.program().0.as_str(), "echo" | "printf" | "write-output" | "tee")
            && !substitutes
            && command.variables().iter().all(known)
    }

    /// Does it write into one of the runner's files with nothing but `echo NAME=...`?
    pub(super) fn writes_plainly(&self, file: &str) -> bool {
        self.script.commands.iter().filter(|command| command.mentions(file)).all(|command| {
            matches!(command.program().0.as_str(), "echo" | "printf")
                && command.words.iter().any(|word| word.contains('=') && !word.starts_with(['$', '=']))
        })
    }
}

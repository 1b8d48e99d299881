//! The tree of the commit, for scripts that are followed into it.

use std::{
    cell::{OnceCell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};

use plimsoll_snapshot::EntryKind;
use plimsoll_sources::{FileTests, languages, tests_of_file};

use super::{reach::Rust, tree::Tree};
use crate::{Context, PathClass};

/// Bytes of one file into which a script is followed, and of one file of tests.
const LARGEST_FOLLOWED: u64 = 256 * 1024;
/// Different commands that are asked which tests they run.
const MOST_QUESTIONS: usize = 300;
/// A language of which less than one file in so many is written is not what the product is written in.
const FEWEST: usize = 10;
pub(super) struct OfCommit<'a> {
    cx: &'a Context<'a>,
    sources: OnceCell<Rc<Vec<String>>>,
    rust: OnceCell<Rc<Rust>>,
    languages: OnceCell<Rc<Vec<&'static str>>>,
    seen: RefCell<BTreeMap<String, FileTests>>,
    answers: RefCell<BTreeMap<String, Option<String>>>,
}

impl<'a> OfCommit<'a> {
    pub(super) fn new(cx: &'a Context<'a>) -> Self {
        Self {
            cx,
            sources: OnceCell::new(),
            rust: OnceCell::new(),
            languages: OnceCell::new(),
            seen: RefCell::default(),
            answers: RefCell::default(),
        }
    }

    fn languages_found(&self) -> Vec<&'static str> {
        let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
        let mut beside: BTreeMap<&'static str, usize> = BTreeMap::new();
        for entry in self.cx.snapshot.entries().iter().filter(|entry| entry.is_file()) {
            let Some(language) = languages::name_of(entry.name()) else { continue };
            if self.cx.classes.of(&entry.path) != PathClass::Shipped {
                continue;
            }
            *if languages::is_beside(entry.folder()) { &mut beside } else { &mut counts }
                .entry(language)
                .or_default() += 1;
        }
        if counts.is_empty() {
            counts = beside;
        }
        let all: usize = counts.values().sum();
        counts.into_iter().filter(|(_, count)| count * FEWEST >= all).map(|(language, _)| language).collect()
    }
}

impl Tree for OfCommit<'_> {
    fn text(&self, path: &str) -> Option<Result<String, String>> {
        let entry = self.cx.snapshot.entry(path)?;
        if entry.kind == EntryKind::Symlink || !entry.is_file() {
            return Some(Err("it is no file".to_owned()));
        }
        Some(self.cx.snapshot.read_text(entry, LARGEST_FOLLOWED).map_err(|error| error.to_string()))
    }

    fn has(&self, path: &str) -> bool {
        if path.is_empty() || self.cx.snapshot.entry(path).is_some() {
            return true;
        }
        let start = format!("{path}/");
        let entries = self.cx.snapshot.entries();
        let at = entries.partition_point(|entry| entry.path.as_str() < start.as_str());
        entries.get(at).is_some_and(|entry| entry.path.starts_with(&start))
    }

    fn folders_of(&self, name: &str) -> Vec<String> {
        self.cx
            .snapshot
            .entries()
            .iter()
            .filter(|entry| entry.is_file() && entry.name() == name)
            .filter(|entry| self.cx.classes.of(&entry.path) == PathClass::Shipped)
            .map(|entry| entry.folder().to_owned())
            .collect()
    }

    fn sources(&self) -> Rc<Vec<String>> {
        let read = || {
            let entries = self.cx.snapshot.entries().iter().filter(|entry| {
                entry.is_file()
                    && (matches!(entry.name(), "Cargo.toml" | "go.mod") || languages::name_of(entry.name()).is_some())
                    && self.cx.classes.of(&entry.path) != PathClass::Vendored
            });
            Rc::new(entries.map(|entry| entry.path.clone()).collect())
        };
        Rc::clone(self.sources.get_or_init(read))
    }

    fn seen(&self, path: &str) -> FileTests {
        if let Some(seen) = self.seen.borrow().get(path) {
            return *seen;
        }
        let seen = match self.text(path) {
            Some(Ok(text)) => tests_of_file(path, &text),
            Some(Err(_)) => FileTests { unclear: 1, ..FileTests::default() },
            None => FileTests::default(),
        };
        self.seen.borrow_mut().insert(path.to_owned(), seen);
        seen
    }

    fn rust(&self) -> Rc<Rust> {
        Rc::clone(self.rust.get_or_init(|| Rc::new(Rust::read(self))))
    }

    fn kept(&self, question: String, find: &dyn Fn() -> Option<String>) -> Option<String> {
        if let Some(answer) = self.answers.borrow().get(&question) {
            return answer.clone();
        }
        if self.answers.borrow().len() >= MOST_QUESTIONS {
            return Some("there are more commands than are asked which tests they run".to_owned());
        }
        let answer = find();
        self.answers.borrow_mut().insert(question, answer.clone());
        answer
    }

    fn languages(&self) -> Rc<Vec<&'static str>> {
        Rc::clone(self.languages.get_or_init(|| Rc::new(self.languages_found())))
    }
}

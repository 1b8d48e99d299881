//! The tree of a repository, for scripts that are followed into it: what is asked of it more than once is kept.

use std::{
    cell::{OnceCell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};

use plimsoll_sources::{FileTests, languages, tests_of_file};

use crate::{
    files,
    mentions::Mentions,
    repository::{File, Repository},
    rust_packages::RustPackages,
    tools::Tools,
    tree::Tree,
};

/// Bytes of one file into which a script is followed, and of one file of tests.
const LARGEST_FOLLOWED: u64 = 256 * 1024;
/// Different commands that are asked which tests they run.
const MOST_QUESTIONS: usize = 300;
/// A language of which less than one file in so many is written is not what the product is written in.
const FEWEST: usize = 10;

pub(super) struct CachedTree<'a> {
    repository: &'a dyn Repository,
    tools: &'a Tools,
    sources: OnceCell<Rc<Vec<String>>>,
    rust: OnceCell<Rc<RustPackages>>,
    mentions: OnceCell<Mentions>,
    languages: OnceCell<Rc<Vec<&'static str>>>,
    seen: RefCell<BTreeMap<String, FileTests>>,
    answers: RefCell<BTreeMap<String, Option<String>>>,
}

impl<'a> CachedTree<'a> {
    pub(super) fn new(repository: &'a dyn Repository, tools: &'a Tools) -> Self {
        Self {
            repository,
            tools,
            sources: OnceCell::new(),
            rust: OnceCell::new(),
            mentions: OnceCell::new(),
            languages: OnceCell::new(),
            seen: RefCell::default(),
            answers: RefCell::default(),
        }
    }

    fn languages_found(&self) -> Vec<&'static str> {
        let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
        let mut beside: BTreeMap<&'static str, usize> = BTreeMap::new();
        for file in self.repository.files().filter(|file| file.is_file()) {
            let Some(language) = languages::name_of(file.name()) else { continue };
            if !self.repository.ships(file.path) {
                continue;
            }
            *if languages::is_beside(file.folder()) { &mut beside } else { &mut counts }
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

impl Tree for CachedTree<'_> {
    fn text(&self, path: &str) -> Option<Result<String, String>> {
        let file = self.repository.file(path)?;
        if !file.is_file() {
            return Some(Err("it is no file".to_owned()));
        }
        Some(self.repository.text(file.path, LARGEST_FOLLOWED))
    }

    fn has(&self, path: &str) -> bool {
        path.is_empty() || self.repository.file(path).is_some() || self.repository.has_folder(path)
    }

    fn folders_of(&self, name: &str) -> Vec<String> {
        self.repository
            .files()
            .filter(|file| file.is_file() && file.name() == name)
            .filter(|file| self.repository.ships(file.path))
            .map(|file| file.folder().to_owned())
            .collect()
    }

    fn sources(&self) -> Rc<Vec<String>> {
        let read = || {
            let files = self.repository.files().filter(|file| {
                file.is_file()
                    && (matches!(file.name(), "Cargo.toml" | "go.mod") || languages::name_of(file.name()).is_some())
                    && !self.repository.is_vendored(file.path)
            });
            Rc::new(files.map(|file| file.path.to_owned()).collect())
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

    fn rust(&self) -> Rc<RustPackages> {
        Rc::clone(self.rust.get_or_init(|| Rc::new(RustPackages::read(self))))
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

    fn mention(&self, name: &str, but: Option<&str>) -> Option<String> {
        let is_ci =
            |file: File<'_>| files::system(file).is_some() || matches!(file.name(), "action.yml" | "action.yaml");
        self.mentions.get_or_init(|| Mentions::read(self.repository, &is_ci)).reason(name, but)
    }

    fn languages(&self) -> Rc<Vec<&'static str>> {
        Rc::clone(self.languages.get_or_init(|| Rc::new(self.languages_found())))
    }

    fn tools(&self) -> &Tools {
        self.tools
    }
}

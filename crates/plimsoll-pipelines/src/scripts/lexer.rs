//! The text of a script cut into commands and words.

use super::{Command, LITERAL, QUOTED, SUBSTITUTED};

/// Substitutions inside one another.
const DEEPEST: usize = 40;

#[derive(Default)]
struct Level {
    words: Vec<String>,
    word: String,
    begun: bool,
    double: bool,
    backtick: bool,
    /// `NAME=` of a list that is being read.
    list: Option<String>,
    /// Brackets that were opened.
    brackets: usize,
}

#[derive(Default)]
pub(super) struct Words {
    done: Vec<Command>,
    level: Level,
    around: Vec<Level>,
}

impl Words {
    pub(super) fn read(text: &str) -> Vec<Command> {
        let mut this = Self::default();
        let characters: Vec<char> = text.chars().collect();
        // Words that end the here documents of this line.
        let mut waiting: Vec<(String, bool)> = Vec::new();
        let mut bodies: Vec<String> = Vec::new();
        let (mut at, mut single) = (0, false);
        while let Some(character) = characters.get(at).copied() {
            let next = characters.get(at + 1).copied();
            at += 1;
            match character {
                '\'' if !this.level.double => {
                    single = !single;
                    this.level.begun = true;
                }
                // An expression is put in before a shell sees it.
                '$' if single && !put_in(&characters, at) => this.level.word.push(QUOTED),
                _ if single => this.level.word.push(character),
                '"' => {
                    this.level.double = !this.level.double;
                    this.level.begun = true;
                }
                '\\' => {
                    match next {
                        Some('\n') => {}
                        Some('$') => this.level.word.push(QUOTED),
                        _ => this.level.word.extend(next),
                    }
                    at += 1;
                }
                '$' if next == Some('(') => {
                    at += 1;
                    this.open(false);
                }
                '$' if next == Some('{') => {
                    this.level.word.push(character);
                    while let Some(inner) = characters.get(at).copied() {
                        this.level.word.push(inner);
                        at += 1;
                        if inner == '}' {
                            break;
                        }
                    }
                }
                '`' if this.level.backtick => this.close(),
                '`' => this.open(true),
                ')' if !this.level.double
                    && !this.around.is_empty()
                    && !this.level.backtick
                    && this.level.brackets == 0
                    && this.level.list.is_none() =>
                {
                    this.close();
                }
                _ if this.level.double => this.level.word.push(character),
                '#' if this.level.word.is_empty() && !this.level.begun => {
                    while characters.get(at).is_some_and(|one| *one != '\n') {
                        at += 1;
                    }
                }
                // A here string is one redirection, and what is behind it a word.
                '<' if next == Some('<') && characters.get(at + 1) == Some(&'<') => {
                    at += 2;
                    this.word();
                    this.level.words.push(character.to_string());
                }
                '<' if next == Some('<') && characters.get(at + 1) != Some(&'<') => {
                    at += 1;
                    if let Some(end) = here_document(&characters, &mut at) {
                        waiting.push(end);
                    }
                    this.word();
                }
                '\n' => {
                    if this.level.list.is_some() {
                        this.word();
                        continue;
                    }
                    for (end, literal) in waiting.drain(..) {
                        let body = until(&characters, &mut at, &end);
                        this.word();
                        let mark = literal.then_some(LITERAL);
                        this.level.words.push(mark.into_iter().chain(body.chars()).collect());
                        bodies.push(body);
                    }
                    this.command();
                }
                '&' if matches!(characters.get(at.wrapping_sub(2)), Some('>')) => this.level.word.push(character),
                '(' if this.level.word.ends_with('=') => {
                    this.level.list = Some(std::mem::take(&mut this.level.word));
                }
                ')' if this.level.list.is_some() => {
                    this.word();
                    this.level.list = None;
                }
                // `((` calculates, as `let` does.
                '(' if next == Some('(') && this.level.words.is_empty() && this.level.word.is_empty() => {
                    at += 1;
                    this.level.brackets += 2;
                    this.level.words.push("let".to_owned());
                }
                '(' => {
                    this.level.brackets += 1;
                    this.command();
                }
                // It ends a pattern of `case`, which is no command.
                ')' if this.level.brackets == 0 => {
                    this.word();
                    if !this.level.words.is_empty() {
                        this.level.words.insert(0, "in".to_owned());
                    }
                    this.command();
                }
                ')' => {
                    this.level.brackets -= 1;
                    this.command();
                }
                '|' if next == Some('|') => {
                    at += 1;
                    this.command();
                }
                '|' => this.pipe(),
                ';' | '&' => this.command(),
                '{' | '}' if this.level.word.is_empty() => this.command(),
                '>' | '<' => {
                    this.word();
                    this.level.words.push(character.to_string());
                }
                _ if character.is_whitespace() => this.word(),
                _ => this.level.word.push(character),
            }
        }
        while !this.around.is_empty() {
            this.close();
        }
        this.command();
        let mut done = this.done;
        // A shell may be what reads them.
        for body in bodies {
            let words = |line: &str| line.split_whitespace().map(ToOwned::to_owned).collect();
            let lines = body.lines().map(|line| Command { words: words(line), line: true, ..Command::default() });
            done.extend(lines.filter(|command| !command.words.is_empty()));
        }
        done
    }

    fn word(&mut self) {
        let word = std::mem::take(&mut self.level.word);
        if !word.is_empty() || self.level.begun {
            let list = self.level.list.as_deref().unwrap_or_default();
            self.level.words.push(format!("{list}{word}"));
        }
        self.level.begun = false;
    }

    fn command(&mut self) {
        self.word();
        let words = std::mem::take(&mut self.level.words);
        self.level.list = None;
        if !words.is_empty() {
            self.done.push(Command::of(words));
        }
    }

    fn pipe(&mut self) {
        let grouped = self.level.words.is_empty() && self.level.word.is_empty() && !self.level.begun;
        self.command();
        if let Some(last) = self.done.last_mut() {
            (last.pipes, last.grouped) = (true, grouped);
        }
    }

    fn open(&mut self, backtick: bool) {
        if self.around.len() >= DEEPEST {
            self.command();
            return;
        }
        self.level.word.push(SUBSTITUTED);
        let inner = Level { backtick, ..Level::default() };
        self.around.push(std::mem::replace(&mut self.level, inner));
    }

    fn close(&mut self) {
        self.command();
        if let Some(outer) = self.around.pop() {
            self.level = outer;
        }
    }
}

/// The word that ends a here document, and whether it is quoted; `at` is behind `<<`.
fn here_document(characters: &[char], at: &mut usize) -> Option<(String, bool)> {
    let mut literal = false;
    while let Some(one) = characters.get(*at).filter(|one| matches!(one, '-' | ' ' | '\'' | '"' | '\\')) {
        literal |= !matches!(one, '-' | ' ');
        *at += 1;
    }
    let mut end = String::new();
    while let Some(one) = characters.get(*at).filter(|one| one.is_ascii_alphanumeric() || **one == '_') {
        end.push(*one);
        *at += 1;
    }
    while characters.get(*at).is_some_and(|one| matches!(one, '\'' | '"')) {
        *at += 1;
    }
    (!end.is_empty()).then_some((end, literal))
}

/// The lines up to the one that is `end`.
fn until(characters: &[char], at: &mut usize, end: &str) -> String {
    let mut body = String::new();
    while *at < characters.len() {
        let line: String = characters.get(*at..).into_iter().flatten().take_while(|one| **one != '\n').collect();
        *at += line.chars().count() + 1;
        if line.trim() == end {
            break;
        }
        body.push_str(&line);
        body.push('\n');
    }
    body
}

/// Is `$` before `at` the start of an expression's place?
fn put_in(characters: &[char], at: usize) -> bool {
    characters.get(at..).is_some_and(|rest| rest.iter().take(7).eq("{__put_".chars().collect::<Vec<_>>().iter()))
}

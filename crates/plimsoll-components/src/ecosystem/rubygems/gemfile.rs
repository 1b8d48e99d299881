//! Gemfile and gems.rb, and *.gemspec: Ruby programs, of which what is a plain list is read.
//!
//! Source: Bundler, "Gemfile"; `RubyGems`, "Specification Reference".

use std::collections::{BTreeMap, BTreeSet};

use super::{
    names::{is_name, is_version},
    words::{self, Statement, Word},
};
use crate::ecosystem::locked::graph::Usage;

/// How many blocks deep a line may lie.
const DEEPEST: usize = 64;

/// What a requirement asks for: pairs of a comparison and a version, in no order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Requirement(BTreeSet<String>);

impl Requirement {
    /// From parts like `>= 1.0` and `1.0`, which is `= 1.0`.
    pub fn of<'a>(parts: impl Iterator<Item = &'a str>) -> Self {
        let part = |part: &str| {
            let part = part.trim();
            let at = part.find(|one: char| !"=<>!~ ".contains(one)).unwrap_or(part.len());
            let (sign, version) = part.split_at_checked(at).unwrap_or(("", part));
            let sign = if sign.trim().is_empty() { "=" } else { sign.trim() };
            format!("{sign} {version}")
        };
        Self(parts.map(part).filter(|part| part != ">= 0").collect())
    }

    /// As it is shown.
    pub fn shown(&self) -> String {
        self.0.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
    }
}

/// A gem that is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    pub requirement: Requirement,
    /// Only to develop or test, as far as its groups say.
    pub dev: bool,
    /// May it be missing: under a condition, or on other platforms?
    pub optional: bool,
    /// The folder in which it lies.
    pub path: Option<String>,
}

/// What a Gemfile or a gemspec says.
#[derive(Debug, Default)]
pub(super) struct Listed {
    pub name: Option<String>,
    pub version: Option<String>,
    pub licence: Option<String>,
    pub asked: BTreeMap<String, Vec<Asked>>,
    /// Does it ask for what a gemspec in its folder does?
    pub gemspec: bool,
    /// What was not understood, in one clause.
    pub open: Option<String>,
}

/// What a block that is open is for.
#[derive(Clone, Debug, Default)]
struct Frame {
    /// Groups; `None` where it names none.
    groups: Option<Vec<String>>,
    optional: bool,
    path: Option<String>,
    /// Nothing in it is understood.
    opaque: bool,
}

/// Groups of which nothing is shipped.
const DEV: [&str; 2] = ["development", "test"];

/// Options of a gem that change neither which one it is nor for what it is needed.
const HARMLESS: [&str; 10] =
    ["require", "force_ruby_platform", "branch", "tag", "ref", "submodules", "glob", "git", "github", "source"];

/// Reads a Gemfile.
pub(super) fn gemfile(bytes: &[u8]) -> Result<Listed, String> {
    let mut all = Listed::default();
    let mut frames: Vec<Frame> = Vec::new();
    for statement in words::read(bytes)? {
        let opaque = frames.last().is_some_and(|frame| frame.opaque);
        if !all.statement(&statement, &mut frames) && !opaque {
            all.open_at(&statement);
        }
    }
    if !frames.is_empty() {
        return Err("a block has no end".to_owned());
    }
    Ok(all)
}

/// Does a statement open a block that an `end` closes?
fn opens(words: &[Word]) -> bool {
    let first = ["if", "unless", "case", "while", "until", "for", "begin", "def", "class", "module"];
    let is = |word: &Word, names: &[&str]| matches!(word, Word::Name(name) if names.contains(&name.as_str()));
    // `x = if y`
    let assigned = words
        .windows(2)
        .any(|pair| matches!(pair, [Word::Sign('='), word] if is(word, &["if", "unless", "case", "begin"])));
    words.first().is_some_and(|word| is(word, &first)) || assigned || words.iter().any(|word| is(word, &["do"]))
}

impl Listed {
    fn open_at(&mut self, statement: &Statement) {
        if self.open.is_none() {
            let what = match statement.words.first() {
                Some(Word::Name(name)) => format!(" ({})", plimsoll_model::excerpt(name, 40)),
                _ => String::new(),
            };
            self.open = Some(format!("line {}{what} is Ruby that is not run to see what it asks for", statement.line));
        }
    }

    /// Takes in a statement of a Gemfile; is it understood?
    fn statement(&mut self, statement: &Statement, frames: &mut Vec<Frame>) -> bool {
        let words = statement.words.as_slice();
        let outer = frames.last().cloned().unwrap_or_default();
        let Some(Word::Name(verb)) = words.first() else {
            if opens(words) {
                frames.push(Frame { opaque: true, ..outer });
            }
            return false;
        };
        let rest = words.get(1..).unwrap_or_default();
        match verb.as_str() {
            "end" => return frames.pop().is_some() && rest.is_empty(),
            "else" | "elsif" | "when" => return frames.last().is_some_and(|frame| frame.optional || frame.opaque),
            _ => {}
        }
        // `gem "a" if b`
        let condition =
            rest.iter().position(|word| matches!(word, Word::Name(name) if name == "if" || name == "unless"));
        let (rest, conditional) = match condition {
            Some(at) => (rest.get(..at).unwrap_or_default(), true),
            None => (rest, false),
        };
        let is_do = |word: Option<&Word>| matches!(word, Some(Word::Name(name)) if name == "do");
        let block = is_do(rest.last());
        let frame = |frame: Frame| Frame { optional: frame.optional || outer.optional, opaque: outer.opaque, ..frame };
        let plain = || arguments(rest.get(..rest.len().saturating_sub(usize::from(block))).unwrap_or_default());
        // Each holds what those around it do: so deep no file is that people write.
        if frames.len() > DEEPEST {
            if opens(words) {
                frames.push(Frame { opaque: true, groups: None, path: None, ..outer });
            }
            return false;
        }
        match verb.as_str() {
            "if" | "unless" | "case" => {
                frames.push(frame(Frame { optional: true, ..outer.clone() }));
                true
            }
            "group" if block => {
                let Some((names, _)) = plain() else {
                    frames.push(Frame { opaque: true, ..outer });
                    return false;
                };
                let mut groups = outer.groups.clone().unwrap_or_default();
                groups.extend(names);
                frames.push(frame(Frame { groups: Some(groups), ..outer.clone() }));
                true
            }
            "platform" | "platforms" | "install_if" if block => {
                frames.push(frame(Frame { optional: true, ..outer.clone() }));
                true
            }
            "source" | "git" | "github" if block => {
                frames.push(frame(outer.clone()));
                plain().is_some()
            }
            "path" if block => {
                let path = plain().and_then(|(names, _)| names.into_iter().next());
                let known = path.is_some();
                frames.push(frame(Frame { path, ..outer.clone() }));
                known
            }
            // Its name for a place of repositories.
            "git_source" if opens(words) => {
                frames.push(Frame { opaque: true, ..outer });
                true
            }
            "source" | "ruby" | "git_source" if !opens(words) => true,
            "gemspec" if !opens(words) => {
                let known = plain().is_some_and(|(names, options)| {
                    names.is_empty() && options.iter().all(|(key, _)| key == "name" || key == "development_group")
                });
                self.gemspec = true;
                known && !outer.opaque
            }
            "gem" if !opens(words) => match plain().filter(|_| !outer.opaque) {
                Some((names, options)) => self.gem(&names, &options, &outer, conditional),
                None => false,
            },
            _ => {
                if opens(words) && !is_one_line(words) {
                    frames.push(Frame { opaque: true, ..outer });
                }
                false
            }
        }
    }

    fn gem(&mut self, names: &[String], options: &[(String, Value)], frame: &Frame, conditional: bool) -> bool {
        let Some((name, parts)) = names.split_first().filter(|(name, _)| is_name(name)) else { return false };
        let mut asked = Asked {
            requirement: Requirement::of(parts.iter().map(String::as_str)),
            optional: frame.optional || conditional,
            path: frame.path.as_ref().map(|path| format!("{path}/{name}")),
            ..Asked::default()
        };
        let mut groups = frame.groups.clone().unwrap_or_default();
        let mut understood = true;
        for (key, value) in options {
            match (key.as_str(), value) {
                ("group" | "groups", Value::Plain(names)) => groups.extend(names.iter().cloned()),
                ("path", Value::Plain(path)) => asked.path = path.first().cloned(),
                ("platform" | "platforms" | "install_if", _) => asked.optional = true,
                (key, _) if HARMLESS.contains(&key) => {}
                _ => understood = false,
            }
        }
        asked.dev = !groups.is_empty() && groups.iter().all(|group| DEV.contains(&group.as_str()));
        self.asked.entry(name.clone()).or_default().push(asked);
        understood
    }
}

/// Is a block closed where it opens?
fn is_one_line(words: &[Word]) -> bool {
    matches!(words.last(), Some(Word::Name(name)) if name == "end")
}

/// What an option is set to.
#[derive(Debug, PartialEq, Eq)]
enum Value {
    /// Texts and symbols.
    Plain(Vec<String>),
    /// Anything else.
    Other,
}

/// Texts and options of a call.
type Arguments = (Vec<String>, Vec<(String, Value)>);

/// The texts and the options of a call; nothing where anything else is in it.
fn arguments(words: &[Word]) -> Option<Arguments> {
    let words = match words {
        [Word::Sign('('), inner @ .., Word::Sign(')')] => inner,
        words => words,
    };
    let (mut names, mut options) = (Vec::new(), Vec::new());
    for part in split(words) {
        match part {
            [] => {}
            [Word::Label(key), value @ ..] | [Word::Symbol(key), Word::Sign('>'), value @ ..] => {
                options.push((key.clone(), of_value(value)));
            }
            value if options.is_empty() => match of_value(value) {
                Value::Plain(more) => names.extend(more),
                Value::Other => return None,
            },
            _ => return None,
        }
    }
    Some((names, options))
}

/// Splits words at the commas that are in no brackets.
fn split(words: &[Word]) -> Vec<&[Word]> {
    let (mut all, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    for (at, word) in words.iter().enumerate() {
        match word {
            Word::Sign('(' | '[' | '{') => depth += 1,
            Word::Sign(')' | ']' | '}') => depth = depth.saturating_sub(1),
            Word::Sign(',') if depth == 0 => {
                all.extend(words.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    all.extend(words.get(start..));
    all
}

fn of_value(words: &[Word]) -> Value {
    match words {
        [Word::Text(text) | Word::Symbol(text)] => Value::Plain(vec![text.clone()]),
        [Word::List(list)] => Value::Plain(list.clone()),
        [Word::Name(name)] if matches!(name.as_str(), "true" | "false" | "nil") => Value::Plain(vec![name.clone()]),
        [Word::Sign('['), inner @ .., Word::Sign(']')] => {
            let mut all = Vec::new();
            for part in split(inner) {
                match part {
                    [] => {}
                    [Word::Text(text) | Word::Symbol(text)] => all.push(text.clone()),
                    _ => return Value::Other,
                }
            }
            Value::Plain(all)
        }
        _ => Value::Other,
    }
}

/// Reads a gemspec: `Gem::Specification.new do |s| ... end` with what it asks for as plain calls.
pub(super) fn gemspec(bytes: &[u8]) -> Result<Listed, String> {
    let mut all = Listed::default();
    let mut inside: Option<String> = None;
    let mut depth = 0_usize;
    for statement in words::read(bytes)? {
        let words = statement.words.as_slice();
        let starts = |names: &[&str]| matches!(words.first(), Some(Word::Name(name)) if names.contains(&name.as_str()));
        let understood = match (&inside, words) {
            (None, [Word::Name(gem), ..]) if gem == "Gem" => {
                // What the block calls it: the last name in it.
                let name = words.iter().rev().find_map(|word| match word {
                    Word::Name(name) if name != "do" => Some(name.clone()),
                    _ => None,
                });
                depth = 1;
                inside = name;
                words.iter().any(|word| matches!(word, Word::Name(name) if name == "do"))
            }
            // Before it: where its version stands.
            (None, _) => {
                !opens(words) && !words.iter().any(|word| matches!(word, Word::Name(name) if name == "instance_eval"))
            }
            (Some(_), _) if starts(&["end"]) => {
                depth = depth.saturating_sub(1);
                true
            }
            (Some(own), [Word::Name(name), Word::Sign('.'), rest @ ..]) if name == own && depth == 1 => {
                // `s.files = Dir.chdir(x) do`
                depth += usize::from(opens(words) && !is_one_line(words));
                all.attribute(rest)
            }
            (Some(_), _) => {
                depth += usize::from(opens(words) && !is_one_line(words));
                // In the block of an attribute nothing is asked for, as far as it says.
                depth > 1 && !words.iter().any(|word| matches!(word, Word::Name(name) if name.contains("dependency")))
            }
        };
        if !understood {
            all.open_at(&statement);
        }
    }
    if inside.is_none() {
        all.open.get_or_insert_with(|| "it is Ruby that is not run to see what it asks for".to_owned());
    }
    Ok(all)
}

impl Listed {
    /// `name = "a"`, `add_dependency "b", "~> 1"`.
    fn attribute(&mut self, words: &[Word]) -> bool {
        match words {
            [Word::Name(name), Word::Sign('='), Word::Text(text)] => {
                match name.as_str() {
                    "name" => self.name = Some(text.clone()).filter(|name| is_name(name)),
                    "version" => {
                        self.version = Some(text.clone()).filter(|version| is_version(version));
                    }
                    "license" => self.licence = spdx::Expression::parse(text).is_ok().then(|| text.clone()),
                    _ => {}
                }
                true
            }
            [Word::Name(name), rest @ ..]
                if matches!(
                    name.as_str(),
                    "add_dependency" | "add_runtime_dependency" | "add_development_dependency"
                ) =>
            {
                let Some((names, options)) = arguments(rest) else { return false };
                let Some((gem, parts)) = names.split_first().filter(|(gem, _)| is_name(gem)) else { return false };
                let requirement = Requirement::of(parts.iter().map(String::as_str));
                let dev = name == "add_development_dependency";
                self.asked.entry(gem.clone()).or_default().push(Asked { requirement, dev, ..Asked::default() });
                options.is_empty()
            }
            // What else it says of itself, computed or not.
            [Word::Name(name), ..] => !name.contains("dependenc"),
            _ => false,
        }
    }
}

impl Asked {
    /// For what it is needed.
    pub fn usage(&self) -> Usage {
        if self.dev { Usage::Dev } else { Usage::Normal }
    }
}

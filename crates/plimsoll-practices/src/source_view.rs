//! What is shown of software whose maker has not spoken: rows that evidence answers, and what only the maker can say.

use serde::Deserialize;
use toml::Spanned;

use crate::{Expression, source::at};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct SourceFile {
    pub(crate) word_of_maker: Vec<Spanned<String>>,
    pub(crate) only_maker: Vec<String>,
    #[serde(default)]
    pub(crate) row: Vec<Spanned<SourceRowFile>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct SourceRowFile {
    id: String,
    topic: String,
    good: String,
    weak: Option<String>,
    bad: Option<String>,
    unknown: String,
    #[serde(default)]
    bad_unless: Vec<Spanned<String>>,
    #[serde(default)]
    weak_unless: Vec<Spanned<String>>,
    #[serde(default)]
    needs: Vec<String>,
    decided: Option<Spanned<String>>,
    text: Option<Spanned<String>>,
    found: Option<Spanned<String>>,
    missing: Option<Spanned<String>>,
}

/// One row of what the source shows by itself.
#[derive(Debug)]
pub struct SourceRowRule {
    /// Its id.
    pub id: String,
    /// What it is about, whatever it comes to.
    pub topic: String,
    /// Its title where all its criteria are met.
    pub good: String,
    /// Its title where one of `weak_unless` is not met, and all of `bad_unless` are.
    pub weak: String,
    /// Its title where one of `bad_unless` is not met.
    pub bad: String,
    /// Its title, as a question, where it is not known.
    pub unknown: String,
    /// Criteria; where one of them is not met, that is bad.
    pub bad_unless: Vec<String>,
    /// Criteria; where one of them is not met, that is weak.
    pub weak_unless: Vec<String>,
    /// Where this is not true, nothing but what is good is taken as known.
    pub decided: Option<Expression>,
    /// What was seen where it is good, in a few words; the reasons of its criteria where there is none.
    pub text: Option<Expression>,
    /// What was seen where it is weak or bad; the reasons of what is not met where there is none.
    pub found: Option<Expression>,
    /// What is missing where it is not known; the reason of the criterion where there is none, or it comes to nothing.
    pub missing: Option<Expression>,
}

impl SourceRowRule {
    /// Its expressions.
    pub(crate) fn expressions(&self) -> impl Iterator<Item = &Expression> {
        [&self.decided, &self.text, &self.found, &self.missing].into_iter().flatten()
    }

    /// All criteria that decide it, those whose failing is worst first.
    pub fn criteria(&self) -> impl Iterator<Item = &str> {
        self.bad_unless.iter().chain(&self.weak_unless).map(String::as_str)
    }
}

/// What is shown of software whose maker has not spoken.
#[derive(Debug, Default)]
pub struct SourceRules {
    /// Kinds of facts that are the maker's word. What the evidence carries is computed without them.
    pub word_of_maker: Vec<String>,
    /// What only the maker can say, in words.
    pub only_maker: Vec<String>,
    /// The rows.
    pub rows: Vec<SourceRowRule>,
}

/// A problem at a place of the file.
pub(crate) type Say<'a> = dyn FnMut(usize, String) + 'a;

/// Says which kinds an expression reads that are not among its `needs`.
pub(crate) fn needed(expression: &Expression, needs: &[String], place: usize, what: &str, say: &mut Say<'_>) {
    for kind in expression.reads() {
        if !needs.iter().any(|need| need.replace('-', "_") == *kind) {
            say(place, format!("{what} reads \"{kind}\" without needing it"));
        }
    }
}

/// Checks the rows: `known` says whether a criterion is there, `is_kind` whether a kind is.
pub(crate) fn check(
    file: SourceFile,
    known: &dyn Fn(&str) -> bool,
    is_kind: &dyn Fn(&str) -> bool,
    compile: &dyn Fn(&str) -> Result<Expression, String>,
    say: &mut Say<'_>,
) -> SourceRules {
    for kind in &file.word_of_maker {
        if !is_kind(kind.get_ref()) {
            say(at(kind), format!("word-of-maker: \"{}\" is no kind of fact", kind.get_ref()));
        }
    }
    let rows = file.row.into_iter().map(|row| source_row(row, known, compile, say)).collect();
    SourceRules {
        word_of_maker: file.word_of_maker.into_iter().map(Spanned::into_inner).collect(),
        only_maker: file.only_maker,
        rows,
    }
}

fn source_row(
    row: Spanned<SourceRowFile>,
    known: &dyn Fn(&str) -> bool,
    compile: &dyn Fn(&str) -> Result<Expression, String>,
    say: &mut Say<'_>,
) -> SourceRowRule {
    let start = at(&row);
    let row = row.into_inner();
    let id = row.id;
    if row.bad_unless.is_empty() && row.weak_unless.is_empty() {
        say(start, format!("source row {id} names no criterion that decides it"));
    }
    for (name, criteria, title) in
        [("bad", &row.bad_unless, row.bad.as_ref()), ("weak", &row.weak_unless, row.weak.as_ref())]
    {
        if criteria.is_empty() == title.is_some() {
            say(start, format!("source row {id} has to have both `{name}` and `{name}-unless`, or neither"));
        }
        for criterion in criteria.iter().filter(|criterion| !known(criterion.get_ref())) {
            say(at(criterion), format!("source row {id}: \"{}\" is no criterion", criterion.get_ref()));
        }
    }
    let mut expression = |name: &str, text: &Spanned<String>| match compile(text.get_ref()) {
        Ok(expression) => {
            needed(&expression, &row.needs, at(text), &format!("source row {id}"), say);
            Some(expression)
        }
        Err(reason) => {
            say(at(text), format!("source row {id}: {name}: {reason}"));
            None
        }
    };
    let mut optional = |name, text: Option<&Spanned<String>>| text.and_then(|text| expression(name, text));
    let decided = optional("decided", row.decided.as_ref());
    let text = optional("text", row.text.as_ref());
    let found = optional("found", row.found.as_ref());
    let missing = optional("missing", row.missing.as_ref());
    let names = |ids: Vec<Spanned<String>>| ids.into_iter().map(Spanned::into_inner).collect();
    SourceRowRule {
        id,
        topic: row.topic,
        good: row.good,
        weak: row.weak.unwrap_or_default(),
        bad: row.bad.unwrap_or_default(),
        unknown: row.unknown,
        bad_unless: names(row.bad_unless),
        weak_unless: names(row.weak_unless),
        decided,
        text,
        found,
        missing,
    }
}

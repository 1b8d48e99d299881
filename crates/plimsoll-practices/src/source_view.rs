//! What is shown of software whose maker has not spoken: rows that evidence answers, and what only the maker can say.

use serde::Deserialize;
use toml::Spanned;

use crate::{
    Expression, SignRule,
    sign::{self, SignFile},
    source::at,
    stated::{Say, needed},
};

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
    /// What makes it good or bad.
    pub signs: SignRule,
    /// What was seen where it is good, in a few words; the reasons of its criteria where there is none.
    pub text: Option<Expression>,
    /// What was seen where it is weak or bad; the reasons of what is not met where there is none.
    pub found: Option<Expression>,
    /// What is missing where it is not known; the reason of the criterion where there is none, or it comes to nothing.
    pub missing: Option<Expression>,
}

impl SourceRowRule {
    /// Its expressions.
    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        [&self.text, &self.found, &self.missing].into_iter().flatten().chain(self.signs.expressions())
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
    let name = format!("source row {id}");
    let signs = SignFile {
        good: row.good,
        weak: row.weak,
        bad: row.bad,
        unknown: row.unknown,
        bad_unless: row.bad_unless,
        weak_unless: row.weak_unless,
        weak_if: None,
        decided: row.decided,
        answer: None,
        bad_by_reasons: false,
    };
    let signs = sign::check(signs, start, &name, &row.needs, known, compile, say);
    let mut optional = |what: &str, text: Option<&Spanned<String>>| {
        let text = text?;
        match compile(text.get_ref()) {
            Ok(expression) => {
                needed(&expression, &row.needs, at(text), &name, say);
                Some(expression)
            }
            Err(reason) => {
                say(at(text), format!("{name}: {what}: {reason}"));
                None
            }
        }
    };
    let text = optional("text", row.text.as_ref());
    let found = optional("found", row.found.as_ref());
    let missing = optional("missing", row.missing.as_ref());
    SourceRowRule { id, topic: row.topic, signs, text, found, missing }
}

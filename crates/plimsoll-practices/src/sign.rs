//! What makes a row good, weak, bad or not known, and its title in each case.

use plimsoll_model::Sign;
use serde::Deserialize;
use toml::Spanned;

use crate::{
    Expression,
    source::at,
    stated::{Say, needed},
};

/// The table of a row of the face. Rows of the outside view have the same members without a table around them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct SignFile {
    pub(crate) good: String,
    pub(crate) weak: Option<String>,
    pub(crate) bad: Option<String>,
    pub(crate) unknown: String,
    #[serde(default)]
    pub(crate) bad_unless: Vec<Spanned<String>>,
    #[serde(default)]
    pub(crate) weak_unless: Vec<Spanned<String>>,
    pub(crate) weak_if: Option<Spanned<String>>,
    pub(crate) decided: Option<Spanned<String>>,
    pub(crate) answer: Option<Spanned<String>>,
    #[serde(default)]
    pub(crate) bad_by_reasons: bool,
}

/// What makes a row good, weak, bad or not known.
#[derive(Debug)]
pub struct SignRule {
    /// Its title where all its criteria are met.
    pub good: String,
    /// Its title where one of `weak_unless` is not met or `weak_if` holds, and all of `bad_unless` are met.
    pub weak: String,
    /// Its title where one of `bad_unless` is not met.
    pub bad: String,
    /// Its title, as a question, where it is not known.
    pub unknown: String,
    /// Criteria; where one of them is not met, that is bad.
    pub bad_unless: Vec<String>,
    /// Criteria; where one of them is not met, that is weak.
    pub weak_unless: Vec<String>,
    /// Where this is true, what would be good or not known is weak; where it cannot be computed, what would be good.
    pub weak_if: Option<Expression>,
    /// Where this is not true, nothing but what is good is taken as known.
    pub decided: Option<Expression>,
    /// Its title where it is good or weak, in the place of those; they are taken where this comes to nothing.
    pub answer: Option<Expression>,
    /// Where it is bad, the reasons of what is not met are its text: its own text speaks of something else.
    pub bad_by_reasons: bool,
}

impl SignRule {
    /// Its expressions.
    pub fn expressions(&self) -> impl Iterator<Item = &Expression> {
        [&self.weak_if, &self.decided, &self.answer].into_iter().flatten()
    }

    /// All criteria that decide it, those whose failing is worst first.
    pub fn criteria(&self) -> impl Iterator<Item = &str> {
        self.bad_unless.iter().chain(&self.weak_unless).map(String::as_str)
    }

    /// Its title.
    pub fn title(&self, sign: Sign) -> &str {
        match sign {
            Sign::Good => &self.good,
            Sign::Weak => &self.weak,
            Sign::Bad => &self.bad,
            Sign::Unknown => &self.unknown,
        }
    }
}

/// Checks the rule of `row`: `known` says whether a criterion is there, `needs` are the kinds that its expressions may read.
pub(crate) fn check(
    file: SignFile,
    start: usize,
    row: &str,
    needs: &[String],
    known: &dyn Fn(&str) -> bool,
    compile: &dyn Fn(&str) -> Result<Expression, String>,
    say: &mut Say<'_>,
) -> SignRule {
    let by = |criteria: &[Spanned<String>], or: bool| !criteria.is_empty() || or;
    let reasons = [
        ("bad", &file.bad_unless, by(&file.bad_unless, false), file.bad.as_ref()),
        ("weak", &file.weak_unless, by(&file.weak_unless, file.weak_if.is_some()), file.weak.as_ref()),
    ];
    for (name, criteria, can_be, title) in reasons {
        if can_be != title.is_some() {
            say(start, format!("{row} has to have both `{name}` and `{name}-unless`, or neither"));
        }
        for criterion in criteria.iter().filter(|criterion| !known(criterion.get_ref())) {
            say(at(criterion), format!("{row}: \"{}\" is no criterion", criterion.get_ref()));
        }
    }
    let mut optional = |name: &str, text: Option<&Spanned<String>>| {
        let text = text?;
        match compile(text.get_ref()) {
            Ok(expression) => {
                needed(&expression, needs, at(text), row, say);
                Some(expression)
            }
            Err(reason) => {
                say(at(text), format!("{row}: {name}: {reason}"));
                None
            }
        }
    };
    let weak_if = optional("weak-if", file.weak_if.as_ref());
    let decided = optional("decided", file.decided.as_ref());
    let answer = optional("answer", file.answer.as_ref());
    let names = |ids: Vec<Spanned<String>>| ids.into_iter().map(Spanned::into_inner).collect();
    SignRule {
        good: file.good,
        weak: file.weak.unwrap_or_default(),
        bad: file.bad.unwrap_or_default(),
        unknown: file.unknown,
        bad_unless: names(file.bad_unless),
        weak_unless: names(file.weak_unless),
        weak_if,
        decided,
        answer,
        bad_by_reasons: file.bad_by_reasons,
    }
}

//! A CEL expression that was compiled and whose names are known.

use std::{collections::BTreeSet, sync::LazyLock};

use cel::{ExecutionError, Program, Value};
use jiff::civil::Date;

use crate::{Environment, error::hint};

/// Bytes of one expression.
const LONGEST: usize = 8 * 1024;
/// Names that are always there.
const ALWAYS: &[&str] = &["report", "today", "limits", "f"];

static MACROS: LazyLock<[&str; 5]> = LazyLock::new(|| ["all", "exists", "exists_one", "map", "filter"]);

/// A compiled expression.
pub struct Expression {
    source: String,
    program: Program,
    reads: BTreeSet<String>,
}

impl std::fmt::Debug for Expression {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.source)
    }
}

impl Expression {
    /// Compiles `source`. Every name that it reads has to be one of `kinds` (written with underscores).
    pub(crate) fn compile(source: &str, kinds: &BTreeSet<String>) -> Result<Self, String> {
        if source.len() > LONGEST {
            return Err(format!("an expression of more than {LONGEST} bytes"));
        }
        let program = Program::compile(source)
            .map_err(|error| format!("not a CEL expression: {}", error.to_string().replace('\n', " ")))?;
        let bound = bound_names(source);
        let mut reads = BTreeSet::new();
        for name in program.references().variables() {
            let own = ALWAYS.contains(&name) || bound.contains(name) || name.starts_with(['@', '_']);
            if kinds.contains(name) {
                reads.insert(name.to_owned());
            } else if !own {
                let hint = hint(name, kinds.iter().map(String::as_str));
                return Err(format!("\"{name}\" is no kind of evidence that a collector states{hint}"));
            }
        }
        Ok(Self { source: source.to_owned(), program, reads })
    }

    /// The text.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The kinds that it reads, with underscores.
    pub fn reads(&self) -> &BTreeSet<String> {
        &self.reads
    }

    fn value(&self, environment: &Environment<'_>) -> Result<Value, String> {
        environment.afford(&self.program)?;
        self.program.execute(environment.context()).map_err(|error| match error {
            ExecutionError::NoSuchKey(key) => format!("a fact has no member \"{key}\""),
            other => other.to_string(),
        })
    }

    /// Gives true or false; anything else is an error.
    pub fn boolean(&self, environment: &Environment<'_>) -> Result<bool, String> {
        match self.value(environment)? {
            Value::Bool(value) => Ok(value),
            other => Err(format!("it gives {} and not true or false", other.type_of())),
        }
    }

    /// Gives the days of a list, which may hold further lists; anything else in it is an error.
    pub fn days(&self, environment: &Environment<'_>) -> Result<Vec<Date>, String> {
        let mut days = Vec::new();
        let mut left = vec![self.value(environment)?];
        while let Some(value) = left.pop() {
            match value {
                Value::List(values) => left.extend(values.iter().cloned()),
                Value::String(text) => {
                    days.push(text.parse::<Date>().map_err(|_| format!("\"{text}\" is no day"))?);
                }
                other => return Err(format!("it gives {} and not days", other.type_of())),
            }
        }
        Ok(days)
    }

    /// Gives a text that is not empty; anything else is an error.
    pub fn text(&self, environment: &Environment<'_>) -> Result<String, String> {
        match self.value(environment)? {
            Value::String(text) if !text.trim().is_empty() => Ok(text.to_string()),
            Value::String(_) => Err("it gives an empty text".to_owned()),
            other => Err(format!("it gives {} and not a text", other.type_of())),
        }
    }
}

/// The names that macros of `source` bind: `x` in `list.all(x, ...)`.
fn bound_names(source: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (at, _) in source.match_indices('(') {
        let (before, after) = source.split_at(at);
        if MACROS.iter().any(|name| before.ends_with(&format!(".{name}"))) {
            let name: String = after
                .chars()
                .skip(1)
                .skip_while(|character| character.is_whitespace())
                .take_while(|character| character.is_alphanumeric() || *character == '_')
                .collect();
            names.insert(name);
        }
    }
    names
}

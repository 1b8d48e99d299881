//! A CEL expression that was compiled and whose names are known.

use std::collections::BTreeSet;

use cel::{ExecutionError, IdedExpr, Value};
use jiff::civil::Date;

use crate::{Environment, Vocabulary, error::hint, syntax::free};

/// Bytes of one expression.
const LONGEST: usize = 8 * 1024;
/// Names that are always there.
pub(crate) const ALWAYS: &[&str] = &["report", "today", "limits", "f"];

/// A compiled expression.
pub struct Expression {
    source: String,
    tree: IdedExpr,
    reads: BTreeSet<String>,
    definitions: BTreeSet<String>,
}

impl std::fmt::Debug for Expression {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.source)
    }
}

impl Expression {
    /// Compiles `source`. Every name that it reads has to be one of `kinds` (written with underscores); a name that it calls
    /// may be one of `vocabulary`.
    pub(crate) fn compile(source: &str, kinds: &BTreeSet<String>, vocabulary: &Vocabulary) -> Result<Self, String> {
        if source.len() > LONGEST {
            return Err(format!("an expression of more than {LONGEST} bytes"));
        }
        let (tree, definitions) = vocabulary.compile(source)?;
        let mut reads = BTreeSet::new();
        for name in free(&tree)? {
            if kinds.contains(&name) {
                reads.insert(name);
            } else if !ALWAYS.contains(&name.as_str()) {
                let hint = hint(&name, kinds.iter().map(String::as_str));
                return Err(format!("\"{name}\" is no kind of evidence that a collector states{hint}"));
            }
        }
        Ok(Self { source: source.to_owned(), tree, reads, definitions })
    }

    /// The text.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The kinds that it reads, with underscores.
    pub fn reads(&self) -> &BTreeSet<String> {
        &self.reads
    }

    /// The names of the vocabulary that it calls.
    pub fn definitions(&self) -> &BTreeSet<String> {
        &self.definitions
    }

    fn value(&self, environment: &Environment<'_>) -> Result<Value, String> {
        environment.afford(&self.tree)?;
        Value::resolve(&self.tree, environment.context()).map_err(|error| match error {
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

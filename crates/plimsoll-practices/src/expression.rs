//! A CEL expression that was compiled and whose names are known.

use std::collections::BTreeSet;

use cel::{ExecutionError, IdedExpr, Value};
use jiff::civil::Date;

use crate::{
    Environment, Vocabulary,
    error::hint,
    syntax::{calls, free, numbers},
};

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
    asks_day: bool,
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
        let mut asks_day = calls(&tree, "days");
        for name in free(&tree)? {
            asks_day |= name == "today";
            if kinds.contains(&name) {
                reads.insert(name);
            } else if !ALWAYS.contains(&name.as_str()) {
                let hint = hint(&name, kinds.iter().map(String::as_str));
                return Err(format!("\"{name}\" is no kind of evidence that a collector states{hint}"));
            }
        }
        Ok(Self { source: source.to_owned(), tree, reads, definitions, asks_day })
    }

    /// The text.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The kinds that it reads, with underscores.
    pub fn reads(&self) -> &BTreeSet<String> {
        &self.reads
    }

    /// Does its answer depend on which day it is, whatever the facts are?
    pub fn asks_day(&self) -> bool {
        self.asks_day
    }

    /// The whole numbers that stand in it, those of the vocabulary that it calls included.
    pub fn numbers(&self) -> BTreeSet<i64> {
        numbers(&self.tree)
    }

    /// The names of the vocabulary that it calls.
    pub fn definitions(&self) -> &BTreeSet<String> {
        &self.definitions
    }

    fn value(&self, environment: &Environment<'_, '_>) -> Result<Value, String> {
        environment.afford(&self.tree)?;
        Value::resolve(&self.tree, environment.context()).map_err(|error| match error {
            ExecutionError::NoSuchKey(key) => format!("a fact has no member \"{key}\""),
            other => other.to_string(),
        })
    }

    /// Gives true or false; anything else is an error.
    pub fn boolean(&self, environment: &Environment<'_, '_>) -> Result<bool, String> {
        match self.value(environment)? {
            Value::Bool(value) => Ok(value),
            other => Err(format!("it gives {} and not true or false", other.type_of())),
        }
    }

    /// Gives the days of a list, which may hold further lists; anything else in it is an error.
    pub fn days(&self, environment: &Environment<'_, '_>) -> Result<Vec<Date>, String> {
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
    pub fn text(&self, environment: &Environment<'_, '_>) -> Result<String, String> {
        match self.value(environment)? {
            Value::String(text) if !text.trim().is_empty() => Ok(text.to_string()),
            Value::String(_) => Err("it gives an empty text".to_owned()),
            other => Err(format!("it gives {} and not a text", other.type_of())),
        }
    }
}

#[cfg(test)]
mod tests {
    use cel::Context;

    use super::*;

    /// What practices mean rests on these. A version of the parser or the evaluator that answers otherwise moves labels.
    /// What an expression may name and the evaluator does not know would pass the check and be decided never.
    #[test]
    fn every_function_that_may_be_named_can_be_evaluated() {
        let known = |name: &str| match name {
            "all" | "exists" | "exists_one" | "filter" | "map" => format!("[1].{name}(x, true)"),
            "has" => "has({'a': 1}.a)".to_owned(),
            "contains" | "endsWith" | "startsWith" => format!("'ab'.{name}('a')"),
            "max" | "min" => format!("{name}(1, 2)"),
            "size" | "bytes" => format!("{name}('a')"),
            "matches" => "'a'.matches('a')".to_owned(),
            "duration" => "duration('1s')".to_owned(),
            "timestamp" => "timestamp('2026-01-01T00:00:00Z')".to_owned(),
            "bool" => "bool('true')".to_owned(),
            _ => format!("{name}(1)"),
        };
        let own = ["day", "days", "distinct", "later", "listed", "number", "plural"];
        let context = Context::default();
        for name in crate::vocabulary::FUNCTIONS.iter().filter(|name| !own.contains(name)) {
            let source = known(name);
            let value = cel::Program::compile(&source).unwrap().execute(&context);
            assert!(value.is_ok(), "{source}: {value:?}");
        }
    }

    #[test]
    fn the_edges_of_cel_are_known() {
        let context = Context::default();
        let shown = [
            "9223372036854775807 + 1",
            "-9223372036854775808 - 1",
            "1 / 0",
            "1 % 0",
            "-7 / 2",
            "-7 % 2",
            "1.0 / 0.0",
            "0.1 + 0.2 == 0.3",
            "1 == 1.0",
            "1 == 1u",
            "'a' == 1",
            "'a' != 1",
            "null == false",
            "[1] == [1.0]",
            "[1, 2] == [2, 1]",
            "{'a': 1, 'b': 2} == {'b': 2, 'a': 1}",
            "null > 1",
            "'a' < 'B'",
            "'é' > 'z'",
            "true > false",
            "1 < 1.5",
            "'a' < 1",
            "false && 1 / 0 > 0",
            "1 / 0 > 0 && false",
            "true && 1 / 0 > 0",
            "true || 1 / 0 > 0",
            "1 / 0 > 0 || true",
            "false || 1 / 0 > 0",
            "'a' && true",
            "true ? 1 : 1 / 0",
            "{'a': 1}.b",
            "{'a': 1}['b']",
            "has({'a': null}.a)",
            "has({'a': 1}.b)",
            "{'a': null}.a.b",
            "{'a': 1, 'a': 2}.a",
            "[1][1]",
            "[1][-1]",
            "'abc'[0]",
            "'é'.size()",
            "'👍🏽'.size()",
            "size({'a': 1})",
            "'a' in ['a']",
            "1 in ['a', 1.0]",
            "'a' in {'a': null}",
            "'a' in 'abc'",
            "[].all(x, false)",
            "[].exists(x, true)",
            "[1, 'a'].all(x, x > 0)",
            "[1, 'a'].exists(x, x > 0)",
            "['a', 1].exists(x, x > 0)",
            "[0, 'a'].all(x, x > 0)",
            "[1, 2].exists_one(x, x > 0)",
            "[1, 2].map(x, x + 1)",
            "[1, 2].map(x, x > 1, x * 2)",
            "[[1], [2]].map(x, x[0])",
            "{'a': 1}.all(k, k == 'a')",
            "[1] + [2.0]",
            "'a' + 1",
            "string(1)",
            "string(1.0)",
            "string(true)",
            "int('12')",
            "int('x')",
            "int(1.9)",
            "double('1e400')",
            "'abc'.contains('')",
            "'abc'.startsWith('')",
            "nothing",
            "nothing.a",
            "nothing()",
        ]
        .map(|source| {
            let value = Vocabulary::default()
                .compile(source)
                .and_then(|(tree, _)| Value::resolve(&tree, &context).map_err(|error| error.to_string()));
            match value {
                Ok(value) => format!("{source} => {value:?}"),
                Err(error) => format!("{source} => error: {error}"),
            }
        });
        insta::assert_snapshot!("edges", shown.join("\n"));
    }
}

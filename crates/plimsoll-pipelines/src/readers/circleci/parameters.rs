//! Parameters of a pipeline, job, command or executor, and the conditions over them.

use std::collections::BTreeMap;

use yaml_serde::Value;

use crate::readers::draft::{anything, entries, text};

/// Conditions inside one another.
const DEEPEST: usize = 20;
/// Bytes of a text with its parameters put in.
const LONGEST: usize = 256 * 1024;

/// What the names between `<<` and `>>` stand for; one that is not here may be anything.
#[derive(Clone, Debug, Default)]
pub(super) struct Given(BTreeMap<String, String>);

/// What a push that nobody gave parameters to has: the defaults.
pub(super) fn of_pipeline(declared: Option<&Value>) -> Given {
    let mut given = Given::default();
    for (name, body) in entries(declared) {
        if let Some(value) = body.get("default").and_then(text) {
            given.0.insert(format!("pipeline.parameters.{name}"), value);
        }
    }
    // A push is told by the code host.
    given.0.insert("pipeline.trigger_source".to_owned(), "webhook".to_owned());
    given.0.insert("pipeline.git.tag".to_owned(), String::new());
    given
}

impl Given {
    /// What a part knows of its parameters: `own`, or their defaults.
    pub(super) fn of(declared: Option<&Value>, own: &[(String, String)], pipeline: &Self) -> Self {
        let mut given = pipeline.clone();
        for (name, body) in entries(declared) {
            let handed = own.iter().find(|(own, _)| own == name).map(|(_, value)| value.clone());
            if let Some(value) = handed.or_else(|| body.get("default").and_then(text)) {
                given.0.insert(format!("parameters.{name}"), value);
            }
        }
        given
    }

    /// The texts of a table with what is known put in.
    pub(super) fn filled(&self, table: &Value) -> Vec<(String, String)> {
        let one = |(name, value): (&str, &Value)| {
            (name.to_owned(), text(value).map_or_else(anything, |value| self.fill(&value)))
        };
        entries(Some(table)).into_iter().map(one).collect()
    }

    /// The text with what is known put in.
    pub(super) fn fill(&self, text: &str) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once("<<") {
            filled.push_str(before);
            // `\<<` is text, and `<<EOF` begins one.
            let name = behind.split_once(">>").map(|(name, _)| name.trim());
            if let Some(name) = name.filter(|name| is_name(name) && !before.ends_with('\\')) {
                filled.push_str(&self.0.get(name).cloned().unwrap_or_else(anything));
                rest = behind.split_once(">>").map_or("", |(_, rest)| rest);
            } else {
                filled.push_str("<<");
                rest = behind;
            }
            if filled.len() > LONGEST {
                return anything();
            }
        }
        filled.push_str(rest);
        filled
    }

    /// Does a condition hold? Absent where that is not known.
    pub(super) fn holds(&self, condition: &Value, depth: usize) -> Option<bool> {
        if depth > DEEPEST {
            return None;
        }
        match condition {
            Value::Mapping(table) => {
                let [(operator, operand)] = entries(Some(condition)).try_into().ok()?;
                if table.len() != 1 {
                    return None;
                }
                let all = || -> Vec<Option<bool>> {
                    let parts = operand.as_sequence().map(Vec::as_slice).unwrap_or_default();
                    parts.iter().map(|part| self.holds(part, depth + 1)).collect()
                };
                match operator {
                    "not" => self.holds(operand, depth + 1).map(|holds| !holds),
                    "and" => match all() {
                        parts if parts.contains(&Some(false)) => Some(false),
                        parts if parts.contains(&None) => None,
                        _ => Some(true),
                    },
                    "or" => match all() {
                        parts if parts.contains(&Some(true)) => Some(true),
                        parts if parts.contains(&None) => None,
                        _ => Some(false),
                    },
                    "equal" => {
                        let parts: Option<Vec<String>> =
                            operand.as_sequence()?.iter().map(|part| self.known(&text(part)?)).collect();
                        parts?.windows(2).map(|two| two.first() == two.last()).reduce(|one, other| one && other)
                    }
                    _ => None,
                }
            }
            other => {
                let value = self.known(&text(other)?)?;
                // An expression without a marker is one of the server's.
                if value.contains("pipeline.") || value.contains(['=', ' ', '(', '>', '<']) {
                    return None;
                }
                Some(!matches!(value.as_str(), "" | "false" | "0" | "null"))
            }
        }
    }

    /// The text with everything put in; absent where a part of it is not known.
    fn known(&self, text: &str) -> Option<String> {
        let filled = self.fill(text);
        (!filled.contains(anything().as_str()) && !filled.contains("<<")).then_some(filled)
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
}

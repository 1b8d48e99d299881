//! Conditions of stages, jobs and steps.
//!
//! Source: Microsoft, "Expressions" and "Specify conditions" of Azure Pipelines.

/// Bytes of a condition that is read.
const LONGEST: usize = 4_000;
/// Calls inside one another.
const DEEPEST: usize = 30;

/// What is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    Push,
    Request,
    Clock,
}

/// A value of an expression.
#[derive(Clone, Debug, PartialEq)]
enum Known {
    Bool(bool),
    Text(String),
    Not,
}

/// Does the condition hold where nothing before it failed? Absent where that is not known.
pub(super) fn holds(text: &str, event: Event) -> Option<bool> {
    if text.len() > LONGEST {
        return None;
    }
    let mut reader = Reader { rest: text.trim(), event };
    let value = reader.value(0)?;
    if !reader.rest.trim().is_empty() {
        return None;
    }
    match value {
        Known::Bool(value) => Some(value),
        Known::Text(_) | Known::Not => None,
    }
}

struct Reader<'t> {
    rest: &'t str,
    event: Event,
}

impl<'t> Reader<'t> {
    fn eat(&mut self, character: char) -> bool {
        self.rest = self.rest.trim_start();
        let found = self.rest.strip_prefix(character);
        if let Some(rest) = found {
            self.rest = rest;
        }
        found.is_some()
    }

    fn word(&mut self) -> &'t str {
        self.rest = self.rest.trim_start();
        let end = self.rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-')));
        let (word, rest) = self.rest.split_at_checked(end.unwrap_or(self.rest.len())).unwrap_or((self.rest, ""));
        self.rest = rest;
        word
    }

    fn quoted(&mut self) -> Option<String> {
        let mut text = String::new();
        loop {
            let (part, rest) = self.rest.split_once('\'')?;
            text.push_str(part);
            self.rest = rest;
            // Two of them are one in the text.
            match rest.strip_prefix('\'') {
                Some(behind) => {
                    text.push('\'');
                    self.rest = behind;
                }
                None => return Some(text),
            }
        }
    }

    /// Absent where it is not an expression.
    fn value(&mut self, depth: usize) -> Option<Known> {
        if depth > DEEPEST {
            return None;
        }
        if self.eat('\'') {
            return self.quoted().map(Known::Text);
        }
        let word = self.word();
        if word.is_empty() {
            return None;
        }
        if self.eat('(') {
            let mut arguments = Vec::new();
            while !self.eat(')') {
                arguments.push(self.value(depth + 1)?);
                let _ = self.eat(',');
                if self.rest.is_empty() {
                    return None;
                }
            }
            return Some(call(&word.to_ascii_lowercase(), &arguments));
        }
        let mut name = word.to_ascii_lowercase();
        while self.eat('[') {
            let _ = self.eat('\'');
            let key = self.quoted()?;
            if !self.eat(']') {
                return None;
            }
            name = format!("{name}.{}", key.to_ascii_lowercase());
        }
        Some(match name.as_str() {
            "true" => Known::Bool(true),
            "false" => Known::Bool(false),
            name => self.variable(name),
        })
    }

    fn variable(&self, name: &str) -> Known {
        let text = |text: &str| Known::Text(text.to_owned());
        match (name.trim_start_matches("variables."), self.event) {
            ("build.reason", Event::Request) => text("PullRequest"),
            ("build.reason", Event::Clock) => text("Schedule"),
            ("build.reason", Event::Push) => text("IndividualCI"),
            ("build.sourcebranch", Event::Request) => text("refs/pull/1/merge"),
            ("build.sourcebranch", Event::Push | Event::Clock) => text("refs/heads/main"),
            ("build.sourcebranchname", Event::Push | Event::Clock) => text("main"),
            _ => Known::Not,
        }
    }
}

fn call(name: &str, arguments: &[Known]) -> Known {
    let same = |one: &Known, other: &Known| match (one, other) {
        (Known::Text(one), Known::Text(other)) => Some(is_same(one, other)),
        (Known::Bool(one), Known::Bool(other)) => Some(one == other),
        _ => None,
    };
    let known = |answer: Option<bool>| answer.map_or(Known::Not, Known::Bool);
    match (name, arguments) {
        ("always" | "succeeded" | "succeededorfailed", []) => Known::Bool(true),
        ("failed" | "canceled", []) => Known::Bool(false),
        ("and", all) if !all.is_empty() => {
            if all.contains(&Known::Bool(false)) {
                Known::Bool(false)
            } else {
                known(all.iter().all(|one| *one == Known::Bool(true)).then_some(true))
            }
        }
        ("or", all) if !all.is_empty() => {
            if all.contains(&Known::Bool(true)) {
                Known::Bool(true)
            } else {
                known(all.iter().all(|one| *one == Known::Bool(false)).then_some(false))
            }
        }
        ("not", [Known::Bool(value)]) => Known::Bool(!value),
        ("eq", [one, other]) => known(same(one, other)),
        ("ne", [one, other]) => known(same(one, other).map(|same| !same)),
        ("in", [one, others @ ..]) => {
            let all: Option<Vec<bool>> = others.iter().map(|other| same(one, other)).collect();
            known(all.map(|all| all.contains(&true)))
        }
        ("notin", [one, others @ ..]) => {
            let all: Option<Vec<bool>> = others.iter().map(|other| same(one, other)).collect();
            known(all.map(|all| !all.contains(&true)))
        }
        ("startswith", [Known::Text(text), Known::Text(start)]) => {
            let (text, start) = (text.to_ascii_lowercase(), start.to_ascii_lowercase());
            // The main branch may have another name than the one that stands for it here.
            if start.starts_with("refs/heads/") && start.len() > "refs/heads/".len() && text.starts_with("refs/heads/")
            {
                Known::Not
            } else {
                Known::Bool(text.starts_with(&start))
            }
        }
        _ => Known::Not,
    }
}

/// Names of the main branch are the same: nobody says which one it is.
fn is_same(one: &str, other: &str) -> bool {
    let plain = |text: &str| {
        let lower = text.to_ascii_lowercase();
        let name = lower.strip_prefix("refs/heads/").unwrap_or(&lower);
        if matches!(name, "main" | "master" | "trunk" | "develop" | "dev") {
            lower.replace(name, "main")
        } else if matches!(lower.as_str(), "batchedci") {
            "individualci".to_owned()
        } else {
            lower
        }
    };
    plain(one) == plain(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_is_asked_for_each_event() {
        use Event::{Clock, Push, Request};
        for (text, push, request, clock) in [
            ("succeeded()", Some(true), Some(true), Some(true)),
            ("always()", Some(true), Some(true), Some(true)),
            ("failed()", Some(false), Some(false), Some(false)),
            ("false", Some(false), Some(false), Some(false)),
            ("eq(variables['Build.Reason'], 'PullRequest')", Some(false), Some(true), Some(false)),
            ("and(succeeded(), ne(variables['Build.Reason'], 'PullRequest'))", Some(true), Some(false), Some(true)),
            ("in(variables['Build.Reason'], 'IndividualCI', 'BatchedCI')", Some(true), Some(false), Some(false)),
            ("eq(variables['Build.SourceBranch'], 'refs/heads/master')", Some(true), Some(false), Some(true)),
            ("startsWith(variables['Build.SourceBranch'], 'refs/tags/')", Some(false), Some(false), Some(false)),
            ("startsWith(variables['Build.SourceBranch'], 'refs/heads/release/')", None, Some(false), None),
            ("eq(variables['own'], 'x')", None, None, None),
            ("and(failed(), eq(variables['own'], 'x'))", Some(false), Some(false), Some(false)),
            ("or(always(), eq(variables['own'], 'x'))", Some(true), Some(true), Some(true)),
            ("not(failed())", Some(true), Some(true), Some(true)),
            ("eq('It''s', 'it''s')", Some(true), Some(true), Some(true)),
            ("'x'", None, None, None),
            ("and(", None, None, None),
            ("and()", None, None, None),
            ("succeeded() x", None, None, None),
            ("$(x)", None, None, None),
            ("", None, None, None),
        ] {
            let found = [Push, Request, Clock].map(|event| holds(text, event));
            assert_eq!(found, [push, request, clock], "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(any: String, likely in "[a-z(),'\\[\\]. ]{0,60}") {
            for text in [any, likely] {
                let _ = holds(&text, Event::Push);
            }
        }
    }
}

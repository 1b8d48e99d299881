//! What is wrong with a document: where, and by which rule.

use std::fmt;

/// Faults of one document that are kept; of the others there is a count.
const KEPT: usize = 50;

/// One rule of a format that a document breaks, or why it cannot be read at all.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// A JSON pointer (RFC 6901) or a line; empty where it is about the whole.
    pub place: String,
    /// The rule, in a few words.
    pub rule: String,
}

impl Fault {
    pub(super) fn whole(rule: impl Into<String>) -> Self {
        Self { place: String::new(), rule: rule.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = plimsoll_model::excerpt(&self.place, 200);
        let colon = if place.is_empty() { "" } else { ": " };
        write!(formatter, "{place}{colon}{}", plimsoll_model::excerpt(&self.rule, 300))
    }
}

impl std::error::Error for Fault {}

/// The faults of one document, the first ones kept.
#[derive(Debug, Default)]
pub(super) struct Faults {
    pub found: Vec<Fault>,
}

impl Faults {
    pub(super) fn add(&mut self, place: &Place<'_>, rule: impl Into<String>) {
        self.add_at(place.to_string(), rule);
    }

    pub(super) fn add_at(&mut self, place: String, rule: impl Into<String>) {
        if self.found.len() < KEPT {
            self.found.push(Fault { place, rule: rule.into() });
        }
    }
}

/// Where in a JSON document: written out only when it is shown.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place<'a> {
    Root,
    Member(&'a Place<'a>, &'a str),
    Item(&'a Place<'a>, usize),
}

impl<'a> Place<'a> {
    pub(super) fn member(&'a self, name: &'a str) -> Self {
        Self::Member(self, name)
    }

    pub(super) fn item(&'a self, at: usize) -> Self {
        Self::Item(self, at)
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Member(outer, name) => write!(formatter, "{outer}/{}", name.replace('~', "~0").replace('/', "~1")),
            Self::Item(outer, at) => write!(formatter, "{outer}/{at}"),
        }
    }
}

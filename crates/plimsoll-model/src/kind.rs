//! The kinds of facts: a name, a meaning, a schema, and what they rest on.

use jiff::civil::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value};

use crate::{Evidence, Rests};

/// The name of a kind as it stands in JSON, in kebab-case.
pub type KindName = &'static str;

/// Changes a body for a day.
pub type ChangeForDay = fn(&mut Map<String, Value>, Date);

/// Gives in a sentence what of evidence was decided on its first day, and is not judged again on a later one.
pub type Settled = fn(&Evidence) -> Option<&'static str>;

/// A member that counts, and members that count a part of it.
pub type Parts = (&'static str, &'static [&'static str]);

/// One kind of fact that a collector states.
#[derive(Clone, Copy)]
#[must_use]
pub struct Kind {
    /// Kebab-case, singular: `advisory-finding`. In CEL the hyphens are underscores.
    pub name: KindName,
    /// One sentence: what one fact of this kind says.
    pub about: &'static str,
    /// The JSON Schema of the body.
    pub schema: fn(&mut SchemaGenerator) -> Schema,
    /// What of it rests on an input that is not the commit's own. An audit excuses this and nothing else for want of the input.
    pub rests_on: &'static [Rests],
    /// Members of a body that change with the day, for evidence that is scored again on a later one without its source.
    pub on_day: Option<ChangeForDay>,
    /// Does it say what keys or a history were on the first day, and not what they are on a later one?
    pub of_first_day: bool,
    /// What of it is decided on the first day and not judged again on a later one, where that matters for this evidence.
    pub settled: Option<Settled>,
    /// Members, all texts, in which no two facts of it are the same. Where that is an empty list there is one fact at most.
    pub unique: Option<&'static [&'static str]>,
    /// Counts in a body, each with those that are a part of it.
    pub parts: &'static [Parts],
}

impl Kind {
    /// A kind whose bodies are `B`, that rests on the commit alone and on no day.
    pub const fn of<B: JsonSchema>(name: KindName, about: &'static str) -> Self {
        let schema = SchemaGenerator::subschema_for::<B>;
        Self {
            name,
            about,
            schema,
            rests_on: &[],
            on_day: None,
            of_first_day: false,
            settled: None,
            unique: None,
            parts: &[],
        }
    }

    /// The same that rests on inputs.
    pub const fn resting_on(self, rests_on: &'static [Rests]) -> Self {
        Self { rests_on, ..self }
    }

    /// The same with members that change with the day.
    pub const fn on_day(self, change: ChangeForDay) -> Self {
        Self { on_day: Some(change), ..self }
    }

    /// The same with what is decided on the first day alone.
    pub const fn settled(self, what: Settled) -> Self {
        Self { settled: Some(what), ..self }
    }

    /// The same of which there is one fact at most.
    pub const fn once(self) -> Self {
        self.once_for(&[])
    }

    /// The same of which there is one fact at most for what these members are together.
    pub const fn once_for(self, unique: &'static [&'static str]) -> Self {
        Self { unique: Some(unique), ..self }
    }

    /// The same with counts that are parts of others.
    pub const fn with_parts(self, parts: &'static [Parts]) -> Self {
        Self { parts, ..self }
    }

    /// The same that is known as of the first day alone.
    pub const fn of_first_day(self) -> Self {
        Self { of_first_day: true, ..self }
    }
}

impl std::fmt::Debug for Kind {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name)
    }
}

//! The kinds of facts: a name, a meaning, a schema.

use schemars::{JsonSchema, Schema, SchemaGenerator};

/// The name of a kind as it stands in JSON, in kebab-case.
pub type KindName = &'static str;

/// One kind of fact that a collector states.
#[derive(Clone, Copy)]
pub struct Kind {
    /// Kebab-case, singular: `advisory-finding`. In CEL the hyphens are underscores.
    pub name: KindName,
    /// One sentence: what one fact of this kind says.
    pub about: &'static str,
    /// The JSON Schema of the body.
    pub schema: fn(&mut SchemaGenerator) -> Schema,
}

impl Kind {
    /// A kind whose bodies are `B`.
    pub const fn of<B: JsonSchema>(name: KindName, about: &'static str) -> Self {
        Self { name, about, schema: SchemaGenerator::subschema_for::<B> }
    }
}

impl std::fmt::Debug for Kind {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name)
    }
}

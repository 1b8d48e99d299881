//! JSON Schema (draft 2020-12) of what is written for machines.

use anyhow::{Context as _, Result};
use plimsoll_model::{
    AuditReport, Countersignature, Dispute, Evidence, Forecast, Report, Revocation, Statement, schema_generator,
};
use schemars::{JsonSchema, SchemaGenerator, generate::SchemaSettings};
use serde_json::{Value, json};

fn text(schema: &Value) -> Result<String> {
    Ok(serde_json::to_string_pretty(schema)? + "\n")
}

/// The schema of evidence.json; the body of each fact is tied to the kind of it.
pub fn evidence() -> Result<String> {
    let mut generator = schema_generator();
    let kinds: Vec<_> = plimsoll_collect::kinds()
        .into_iter()
        .map(|(_, kind)| {
            let mut body = (kind.schema)(&mut generator).to_value();
            if let Some(body) = body.as_object_mut() {
                body.insert("description".to_owned(), kind.about.into());
            }
            json!({
                "if": { "properties": { "kind": { "const": kind.name } } },
                "then": { "properties": { "body": body } },
            })
        })
        .collect();
    let mut schema = root::<Evidence>(generator);
    let fact = schema.pointer_mut("/$defs/Fact").and_then(Value::as_object_mut).context("there is no type Fact")?;
    fact.insert("allOf".to_owned(), kinds.into());
    text(&schema)
}

/// The schema of label.json.
pub fn label() -> Result<String> {
    text(&root::<Statement>(schema_generator()))
}

/// The schema of a countersignature's statement.
pub fn countersignature() -> Result<String> {
    text(&root::<Statement<Countersignature>>(schema_generator()))
}

/// The schema of a revocation's statement.
pub fn revocation() -> Result<String> {
    text(&root::<Statement<Revocation>>(schema_generator()))
}

/// The schema of `plimsoll audit --format json`.
pub fn audit() -> Result<String> {
    text(&root::<AuditReport>(schema_generator()))
}

/// The schema of `plimsoll forecast --format json`.
pub fn forecast() -> Result<String> {
    text(&root::<Forecast>(schema_generator()))
}

/// The schema of `plimsoll report --format json` and `plimsoll answer --format json`.
pub fn report() -> Result<String> {
    text(&root::<Report>(schema_generator()))
}

/// The schema of `plimsoll dispute --format json`.
pub fn dispute() -> Result<String> {
    text(&root::<Dispute>(schema_generator()))
}

/// The schema of one label in `plimsoll verify --format json`.
pub fn verification() -> Result<String> {
    text(&root::<plimsoll::Verification>(schema_generator()))
}

/// The schema of a trust policy, as it is read.
pub fn trust_policy() -> Result<String> {
    let generator = SchemaSettings::draft2020_12().for_deserialize().into_generator();
    text(&root::<plimsoll_trust::PolicyFile>(generator))
}

fn root<T: JsonSchema>(generator: SchemaGenerator) -> Value {
    generator.into_root_schema_for::<T>().to_value()
}

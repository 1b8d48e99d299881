//! The kinds of facts that a program knows, and evidence held to what they declare.

use std::collections::{BTreeMap, BTreeSet};

use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::Value;

use crate::{
    Evidence, EvidenceError, Fact, FactError, Kind, KindName, one_line,
    shape::{Named, Shape},
};

/// The kinds that a program knows.
///
/// Criteria read the members that are there and pass over those that are not. So a body that lacks a member, or has something
/// else in its place, could be judged better than a whole one, and evidence with such a body is refused when it is read. What a
/// body has to be is what its kind declares for the published schema; no second list is kept. Members that are not declared may
/// be there. Facts of kinds that are not known pass: no criterion reads them.
#[derive(Debug)]
pub struct Kinds {
    rules: BTreeMap<KindName, Rule>,
    named: Named,
}

#[derive(Debug)]
struct Rule {
    kind: Kind,
    body: Shape,
}

/// Writes the schemas of bodies as they are published and checked: what is written, not what is also read, so that every member
/// that is always written is required.
pub fn schema_generator() -> SchemaGenerator {
    SchemaSettings::draft2020_12().for_serialize().into_generator()
}

impl Kinds {
    /// These and no others.
    pub fn of(kinds: impl IntoIterator<Item = Kind>) -> Self {
        let mut generator = schema_generator();
        let mut rule =
            |kind: Kind| (kind.name, Rule { kind, body: Shape::of((kind.schema)(&mut generator).as_value()) });
        let rules = kinds.into_iter().map(&mut rule).collect();
        let named = generator.definitions().iter().map(|(name, schema)| (name.clone(), Shape::of(schema))).collect();
        Self { rules, named }
    }

    /// Reads evidence as [`Evidence::from_json`] does, and refuses it where [`Kinds::check`] does.
    pub fn read(&self, bytes: &[u8]) -> Result<Evidence, EvidenceError> {
        let evidence = Evidence::from_json(bytes)?;
        self.check(&evidence.facts)?;
        Ok(evidence)
    }

    /// Refuses the facts of evidence where one is not what its kind declares.
    pub fn check(&self, facts: &[Fact]) -> Result<(), FactError> {
        let mut seen = BTreeSet::new();
        for (at, fact) in facts.iter().enumerate() {
            let Some(rule) = self.rules.get(fact.kind.as_str()) else { continue };
            let refuse = |place: String, problem: String| FactError {
                kind: rule.kind.name,
                subject: one_line(&format!("{} {}", fact.subject.kind, fact.subject.id)).trim_end().to_owned(),
                place: format!("/facts/{at}/body{place}"),
                problem,
            };
            rule.body.check_members(&fact.body, &self.named).map_err(|misfit| {
                let problem = format!("{}; expected {}", misfit.found(), misfit.expected(&self.named));
                refuse(misfit.place(), problem)
            })?;
            let count = |name: &str| fact.body.get(name).and_then(Value::as_u64);
            for (whole, parts) in rule.kind.parts {
                if let Some(part) = parts.iter().find(|part| count(part) > count(whole)) {
                    return Err(refuse(format!("/{part}"), format!("is more than \"{whole}\", which it is a part of")));
                }
            }
            if let Some(members) = rule.kind.unique {
                let own: Vec<_> = members.iter().map(|name| fact.body.get(*name).and_then(Value::as_str)).collect();
                if !seen.insert((rule.kind.name, own)) {
                    let what =
                        if members.is_empty() { String::new() } else { format!(" for each {}", members.join(" and ")) };
                    return Err(refuse(
                        String::new(),
                        format!("is a second one; expected one fact of this kind{what}"),
                    ));
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use schemars::JsonSchema;
    use serde::Serialize;
    use serde_json::json;

    use super::*;
    use crate::{Assurance, Subject};

    #[derive(Serialize, JsonSchema)]
    #[serde(rename_all = "camelCase")]
    struct Thing {
        name: String,
        all: u64,
        some_of_all: u64,
        byte: u8,
        day: Option<jiff::civil::Date>,
        at: jiff::Timestamp,
        share: f64,
        word: Word,
        other_word: Option<Word>,
        parts: Vec<Part>,
        digests: BTreeMap<String, String>,
        any: Value,
        #[serde(skip_serializing_if = "Option::is_none")]
        later: Option<bool>,
    }

    #[derive(Serialize, JsonSchema)]
    #[serde(rename_all = "kebab-case")]
    #[expect(dead_code, reason = "it is there for its schema")]
    enum Word {
        /// With a sentence, it has a schema of its own.
        One,
        TwoWords,
    }

    #[derive(Serialize, JsonSchema)]
    struct Part {
        #[serde(rename = "a/b")]
        odd: bool,
        inner: Option<Box<Part>>,
    }

    const THING: Kind =
        Kind::of::<Thing>("thing", "A thing.").once_for(&["name"]).with_parts(&[("all", &["someOfAll"])]);

    fn whole() -> Value {
        json!({
            "name": "x", "all": 3, "someOfAll": 3, "byte": 255, "day": null, "at": "2026-11-01T00:00:00Z", "share": 1,
            "word": "two-words", "otherWord": null, "parts": [{"a/b": true, "inner": {"a/b": false, "inner": null}}],
            "digests": {"sha256": "00"}, "any": {"a": []},
        })
    }

    fn facts(kind: &str, bodies: &[Value]) -> Vec<Fact> {
        let fact = |body| Fact::new(kind, Subject::path("a\u{1b}b"), Assurance::Observed, body, Vec::new()).unwrap();
        bodies.iter().map(fact).collect()
    }

    fn refused(bodies: &[Value]) -> Option<String> {
        Kinds::of([THING]).check(&facts("thing", bodies)).err().map(|error| error.to_string())
    }

    #[test]
    fn a_body_is_what_its_kind_declares() {
        assert_eq!(refused(&[whole()]), None);
        for (place, value, says) in [
            ("/name", json!(null), "/name is null; expected a string"),
            ("/all", json!(-1), "/all is -1; expected a whole number from 0"),
            ("/all", json!(1.5), "/all is 1.5; expected a whole number from 0"),
            ("/all", json!("3"), "/all is \"3\"; expected a whole number from 0"),
            ("/byte", json!(256), "/byte is 256; expected a whole number from 0 to 255"),
            ("/day", json!("soon"), "/day is \"soon\"; expected a date (YYYY-MM-DD) or null"),
            ("/day", json!("2026-02-30"), "/day is \"2026-02-30\"; expected a date (YYYY-MM-DD) or null"),
            ("/at", json!("2026-02-01"), "/at is \"2026-02-01\"; expected a time (RFC 3339)"),
            ("/share", json!("1"), "/share is \"1\"; expected a number"),
            ("/word", json!("two_words"), "/word is \"two_words\"; expected \"two-words\" or \"one\""),
            ("/word", json!(null), "/word is null; expected \"two-words\" or \"one\""),
            ("/otherWord", json!("\u{1b}"), "/otherWord is \"\\u{1b}\"; expected \"two-words\" or \"one\" or null"),
            ("/parts", json!({}), "/parts is an object; expected a list"),
            ("/parts/0", json!([]), "/parts/0 is a list; expected an object"),
            ("/parts/0/inner/a~1b", json!(1), "/parts/0/inner/a~1b is 1; expected true or false"),
            ("/parts/0/inner", json!(true), "/parts/0/inner is true; expected an object or null"),
            ("/digests/sha256", json!([]), "/digests/sha256 is a list; expected a string"),
            ("/someOfAll", json!(4), "/someOfAll is more than \"all\", which it is a part of"),
        ] {
            let mut body = whole();
            *body.pointer_mut(place).unwrap() = value;
            let error = refused(&[whole_named("y"), body]).unwrap();
            let expected = format!(
                "a fact of kind \"thing\" cannot be read (path a\\u{{1b}}b: /facts/1/body{says}): collect again"
            );
            assert!(error.starts_with(&expected), "{error}\n{expected}");
        }
    }

    fn whole_named(name: &str) -> Value {
        let mut body = whole();
        body["name"] = json!(name);
        body
    }

    #[test]
    fn every_member_is_there_and_others_may_be() {
        let members = whole().as_object().unwrap().clone();
        for name in members.keys() {
            let mut body = members.clone();
            body.remove(name);
            let error = refused(&[body.into()]).unwrap();
            assert!(error.contains(&format!("/facts/0/body/{name} is missing; expected ")), "{error}");
        }
        let mut body = whole();
        body["ofALaterVersion"] = json!(1);
        body["parts"][0]["ofALaterVersion"] = json!(null);
        body["later"] = json!(true);
        assert_eq!(refused(&[body.clone()]), None);
        body["later"] = json!("true");
        assert!(refused(&[body]).unwrap().contains("/later is \"true\"; expected true or false"));
    }

    #[test]
    fn one_fact_is_stated_once() {
        assert_eq!(refused(&[whole(), whole_named("y")]), None);
        let error = refused(&[whole(), whole_named("y"), whole()]).unwrap();
        assert!(
            error.contains("/facts/2/body is a second one; expected one fact of this kind for each name"),
            "{error}"
        );
    }

    #[test]
    fn facts_of_other_kinds_pass() {
        assert!(Kinds::of([THING]).check(&facts("of-a-later-version", &[json!({"name": 1})])).is_ok());
    }

    #[test]
    fn nothing_fits_a_schema_that_is_not_understood() {
        for schema in [
            json!({"type": "string", "format": "uri"}),
            json!({"type": "array", "minItems": 1}),
            json!({"type": "object", "required": ["a"]}),
            json!({"type": ["string", "odd"]}),
            json!({"allOf": []}),
            json!({"not": {}}),
            json!({"$ref": "https://schemas.example/x"}),
            json!({"$ref": "#/$defs/absent"}),
            json!({"const": 1}),
            json!({"properties": {}}),
            json!(false),
        ] {
            let shape = Shape::of(&schema);
            for value in [json!("a"), json!(1), json!(["a"]), json!({"a": 1}), json!(null)] {
                assert!(shape.check(&value, &Named::new()).is_err(), "{schema} {value}");
            }
        }
    }
}

//! What a value has to be, read out of a JSON Schema as schemars writes it.

use std::{cmp::Reverse, collections::BTreeMap, fmt};

use jiff::{Timestamp, civil::Date};
use serde_json::{Map, Value};

use crate::excerpt;

/// Keywords that ask nothing.
const ANNOTATIONS: [&str; 5] = ["default", "deprecated", "description", "examples", "title"];
/// Where a schema refers to.
const DEFINITIONS: &str = "#/$defs/";

/// What a value has to be.
#[derive(Debug)]
pub(crate) enum Shape {
    Any,
    /// A schema that asks for what is not understood here. Nothing fits it, so that no demand is passed over.
    NotUnderstood,
    Named(String),
    Either(Vec<Shape>),
    Word(String),
    Null,
    Boolean,
    Whole {
        least: i64,
        most: i64,
    },
    Number,
    Text,
    Date,
    Moment,
    List(Box<Shape>),
    Object(Members),
}

/// The members of an object.
#[derive(Debug)]
pub(crate) struct Members {
    /// By name; is it required?
    known: BTreeMap<String, (Shape, bool)>,
    others: Box<Shape>,
}

/// The shapes that others refer to.
pub(crate) type Named = BTreeMap<String, Shape>;

/// Where a value is not what it has to be.
pub(crate) struct Misfit<'a> {
    /// From the inside out.
    steps: Vec<Step<'a>>,
    /// What is there; nothing where a member is missing.
    found: Option<&'a Value>,
    expected: &'a Shape,
}

enum Step<'a> {
    Member(&'a str),
    Item(usize),
}

impl Shape {
    pub fn of(schema: &Value) -> Self {
        match schema {
            Value::Bool(true) => Self::Any,
            Value::Object(schema) => Self::of_object(schema).unwrap_or(Self::NotUnderstood),
            _ => Self::NotUnderstood,
        }
    }

    fn of_object(schema: &Map<String, Value>) -> Option<Self> {
        let asks: Vec<&str> =
            schema.keys().map(String::as_str).filter(|keyword| !ANNOTATIONS.contains(keyword)).collect();
        let only = |keywords: &[&str]| asks.iter().all(|asked| keywords.contains(asked));
        let word = |value: &Value| value.as_str().map(|word| Self::Word(word.to_owned()));
        let list = |keyword: &str| schema.get(keyword).and_then(Value::as_array);
        if asks.is_empty() {
            return Some(Self::Any);
        }
        if let Some(target) = schema.get("$ref") {
            let name = target.as_str()?.strip_prefix(DEFINITIONS)?;
            return only(&["$ref"]).then(|| Self::Named(name.to_owned()));
        }
        if let Some(value) = schema.get("const") {
            return only(&["const", "type"]).then(|| word(value))?;
        }
        if let Some(values) = list("enum") {
            return only(&["enum", "type"])
                .then(|| values.iter().map(word).collect::<Option<_>>().map(Self::Either))?;
        }
        if let Some(schemas) = list("anyOf").or_else(|| list("oneOf")) {
            return (asks.len() == 1).then(|| Self::Either(schemas.iter().map(Self::of).collect()));
        }
        match schema.get("type")? {
            Value::String(name) => Self::of_type(name, schema, &only),
            Value::Array(names) => {
                let each = names.iter().map(|name| match name.as_str()? {
                    "null" => Some(Self::Null),
                    name => Self::of_type(name, schema, &only),
                });
                each.collect::<Option<_>>().map(Self::Either)
            }
            _ => None,
        }
    }

    fn of_type(name: &str, schema: &Map<String, Value>, only: &dyn Fn(&[&str]) -> bool) -> Option<Self> {
        let format = schema.get("format").map(Value::as_str);
        match name {
            "null" if only(&["type"]) => Some(Self::Null),
            "boolean" if only(&["type"]) => Some(Self::Boolean),
            "integer" if only(&["type", "format", "minimum", "maximum"]) => {
                let bound = |keyword: &str, without: i64| schema.get(keyword).map_or(Some(without), Value::as_i64);
                Some(Self::Whole { least: bound("minimum", i64::MIN)?, most: bound("maximum", i64::MAX)? })
            }
            "number" if only(&["type", "format"]) => Some(Self::Number),
            // A pattern is for readers of the schema: what a text has to look like is not checked here, only that it is one.
            "string" if only(&["type", "format", "pattern"]) => match format {
                None => Some(Self::Text),
                Some(Some("date")) => Some(Self::Date),
                Some(Some("date-time")) => Some(Self::Moment),
                Some(_) => None,
            },
            "array" if only(&["type", "items"]) => {
                Some(Self::List(Box::new(schema.get("items").map_or(Self::Any, Self::of))))
            }
            "object" if only(&["type", "properties", "required", "additionalProperties"]) => {
                let required = schema.get("required").map_or(Some(&[][..]), |names| Some(names.as_array()?))?;
                let members = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
                let is_required = |name: &str| required.iter().any(|one| one == name);
                let known: BTreeMap<_, _> =
                    members.map(|(name, schema)| (name.clone(), (Self::of(schema), is_required(name)))).collect();
                if !required.iter().all(|name| name.as_str().is_some_and(|name| known.contains_key(name))) {
                    return None;
                }
                let others = Box::new(schema.get("additionalProperties").map_or(Self::Any, Self::of));
                Some(Self::Object(Members { known, others }))
            }
            _ => None,
        }
    }

    /// Says where `value` is something else.
    pub fn check<'a>(&'a self, value: &'a Value, named: &'a Named) -> Result<(), Misfit<'a>> {
        let fits = match (self, value) {
            (Self::Any, _)
            | (Self::Null, Value::Null)
            | (Self::Boolean, Value::Bool(_))
            | (Self::Number, Value::Number(_))
            | (Self::Text, Value::String(_)) => true,
            (Self::Whole { least, most }, Value::Number(number)) => {
                number.as_i64().is_some_and(|number| (*least..=*most).contains(&number))
            }
            (Self::Word(word), Value::String(text)) => word == text,
            (Self::Date, Value::String(text)) => text.parse::<Date>().is_ok(),
            (Self::Moment, Value::String(text)) => text.parse::<Timestamp>().is_ok(),
            (Self::List(shape), Value::Array(values)) => {
                for (at, value) in values.iter().enumerate() {
                    shape.check(value, named).map_err(|misfit| misfit.within(Step::Item(at)))?;
                }
                true
            }
            (Self::Object(members), Value::Object(found)) => return members.check(found, named),
            (Self::Named(name), _) => match named.get(name) {
                Some(shape) => return shape.check(value, named),
                None => false,
            },
            (Self::Either(shapes), _) => {
                let mut misfits = Vec::new();
                for shape in shapes {
                    match shape.check(value, named) {
                        Ok(()) => return Ok(()),
                        Err(misfit) => misfits.push(misfit),
                    }
                }
                // The one that came furthest is what was meant.
                let furthest = misfits.into_iter().min_by_key(|misfit| Reverse(misfit.steps.len()));
                return Err(furthest.filter(|misfit| !misfit.steps.is_empty()).unwrap_or(self.misfit(value)));
            }
            _ => false,
        };
        if fits { Ok(()) } else { Err(self.misfit(value)) }
    }

    /// The same for the members of an object.
    pub fn check_members<'a>(&'a self, found: &'a Map<String, Value>, named: &'a Named) -> Result<(), Misfit<'a>> {
        let shape = match self {
            Self::Named(name) => named.get(name).unwrap_or(&Self::NotUnderstood),
            shape => shape,
        };
        match shape {
            Self::Any => Ok(()),
            Self::Object(members) => members.check(found, named),
            _ => Err(Misfit { steps: Vec::new(), found: None, expected: shape }),
        }
    }

    fn misfit<'a>(&'a self, found: &'a Value) -> Misfit<'a> {
        Misfit { steps: Vec::new(), found: Some(found), expected: self }
    }

    /// In words, without what is inside of it.
    fn words(&self, named: &Named) -> String {
        match self {
            Self::Any => "any value".to_owned(),
            Self::NotUnderstood => "what this version cannot check".to_owned(),
            Self::Named(name) => named.get(name).map_or_else(|| "an object".to_owned(), |shape| shape.words(named)),
            Self::Either(shapes) => shapes.iter().map(|shape| shape.words(named)).collect::<Vec<_>>().join(" or "),
            Self::Word(word) => format!("\"{word}\""),
            Self::Null => "null".to_owned(),
            Self::Boolean => "true or false".to_owned(),
            Self::Whole { least: i64::MIN, most: i64::MAX } => "a whole number".to_owned(),
            Self::Whole { least, most: i64::MAX } => format!("a whole number from {least}"),
            Self::Whole { least, most } => format!("a whole number from {least} to {most}"),
            Self::Number => "a number".to_owned(),
            Self::Text => "a string".to_owned(),
            Self::Date => "a date (YYYY-MM-DD)".to_owned(),
            Self::Moment => "a time (RFC 3339)".to_owned(),
            Self::List(_) => "a list".to_owned(),
            Self::Object(_) => "an object".to_owned(),
        }
    }
}

impl Members {
    fn check<'a>(&'a self, found: &'a Map<String, Value>, named: &'a Named) -> Result<(), Misfit<'a>> {
        for (name, (shape, required)) in &self.known {
            match found.get(name) {
                Some(value) => shape.check(value, named).map_err(|misfit| misfit.within(Step::Member(name)))?,
                None if *required => {
                    return Err(Misfit { steps: vec![Step::Member(name)], found: None, expected: shape });
                }
                None => {}
            }
        }
        if !matches!(*self.others, Shape::Any) {
            for (name, value) in found.iter().filter(|(name, _)| !self.known.contains_key(*name)) {
                self.others.check(value, named).map_err(|misfit| misfit.within(Step::Member(name)))?;
            }
        }
        Ok(())
    }
}

impl<'a> Misfit<'a> {
    fn within(mut self, step: Step<'a>) -> Self {
        self.steps.push(step);
        self
    }

    /// The place as a JSON Pointer (RFC 6901).
    pub fn place(&self) -> String {
        let steps = self.steps.iter().rev();
        steps.fold(String::new(), |place, step| place + "/" + &step.to_string())
    }

    /// What is there.
    pub fn found(&self) -> String {
        match self.found {
            None => "is missing".to_owned(),
            Some(Value::Null) => "is null".to_owned(),
            Some(Value::Bool(value)) => format!("is {value}"),
            Some(Value::Number(number)) => format!("is {number}"),
            Some(Value::String(text)) => format!("is \"{}\"", excerpt(text, 40)),
            Some(Value::Array(_)) => "is a list".to_owned(),
            Some(Value::Object(_)) => "is an object".to_owned(),
        }
    }

    /// What it has to be.
    pub fn expected(&self, named: &Named) -> String {
        self.expected.words(named)
    }
}

impl fmt::Display for Step<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Member(name) => formatter.write_str(&excerpt(&name.replace('~', "~0").replace('/', "~1"), 80)),
            Self::Item(at) => write!(formatter, "{at}"),
        }
    }
}

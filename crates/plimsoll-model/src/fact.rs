//! One fact: a subject, a typed body, where it was seen, and how we know.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};

use crate::{Assurance, canonical::LARGEST_EXACT, strict::is_exact};

/// Members that this version does not know, kept as they came.
pub type Extra = Map<String, Value>;

/// What a fact is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Subject {
    /// `commit`, `tag`, `component`, `path`, `artifact`, `product`, `repository`, `advisory-data`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Object id, tag name, package URL, path, `sha256:` digest; empty only for `product` and `repository`.
    pub id: String,
}

impl Subject {
    fn new(kind: &str, id: impl Into<String>) -> Self {
        Self { kind: kind.to_owned(), id: id.into() }
    }
    /// A commit by object id.
    pub fn commit(id: impl Into<String>) -> Self {
        Self::new("commit", id)
    }
    /// A tag by its short name.
    pub fn tag(name: impl Into<String>) -> Self {
        Self::new("tag", name)
    }
    /// A component by package URL.
    pub fn component(purl: impl Into<String>) -> Self {
        Self::new("component", purl)
    }
    /// A path in the commit's tree, with `/` between its parts.
    pub fn path(path: impl Into<String>) -> Self {
        Self::new("path", path)
    }
    /// An artifact by the lower-case hexadecimal SHA-256 of its bytes.
    pub fn artifact(sha256: &str) -> Self {
        Self::new("artifact", format!("sha256:{sha256}"))
    }
    /// The product that the repository makes.
    pub fn product() -> Self {
        Self::new("product", "")
    }
    /// The repository as a whole.
    pub fn repository() -> Self {
        Self::new("repository", "")
    }
    /// A set of advisories by its revision.
    pub fn advisory_data(revision: impl Into<String>) -> Self {
        Self::new("advisory-data", revision)
    }
}

/// Where a fact was seen. At least one member is present.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Pointer {
    /// Path in the commit's tree; bytes that are not UTF-8 stand as `%XX`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Object id of the blob at that path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blob: Option<String>,
    /// Line, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Commit object id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Tag name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// Advisory id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advisory: Option<String>,
    /// SHA-256 of an artifact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact: Option<String>,
    /// Members that this version does not know.
    #[serde(flatten)]
    #[schemars(skip)]
    pub extra: Extra,
}

impl Pointer {
    /// A blob at a path.
    pub fn blob(path: impl Into<String>, blob: impl Into<String>) -> Self {
        Self { path: Some(path.into()), blob: Some(blob.into()), ..Self::default() }
    }
    /// A path alone, for a thing that was given beside the repository or looked for and not found.
    pub fn path(path: impl Into<String>) -> Self {
        Self { path: Some(path.into()), ..Self::default() }
    }
    /// A commit.
    pub fn commit(id: impl Into<String>) -> Self {
        Self { commit: Some(id.into()), ..Self::default() }
    }
    /// A tag.
    pub fn tag(name: impl Into<String>) -> Self {
        Self { tag: Some(name.into()), ..Self::default() }
    }
    /// An advisory.
    pub fn advisory(id: impl Into<String>) -> Self {
        Self { advisory: Some(id.into()), ..Self::default() }
    }
    /// An artifact by its SHA-256.
    pub fn artifact(sha256: impl Into<String>) -> Self {
        Self { artifact: Some(sha256.into()), ..Self::default() }
    }
    /// The same place at a line, counted from 1.
    #[must_use]
    pub fn at_line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    /// The place in one line for people: `path:line`, a commit, a tag, an advisory, an artifact.
    pub fn display(&self) -> String {
        match (&self.path, self.line) {
            (Some(path), Some(line)) => return format!("{path}:{line}"),
            (Some(path), None) => return path.clone(),
            _ => {}
        }
        let named =
            [("commit", &self.commit), ("tag", &self.tag), ("advisory", &self.advisory), ("artifact", &self.artifact)];
        named
            .into_iter()
            .find_map(|(name, value)| value.as_ref().map(|value| format!("{name} {value}")))
            .unwrap_or_default()
    }

    fn order(&self, other: &Self) -> std::cmp::Ordering {
        self.path
            .cmp(&other.path)
            .then_with(|| self.line.cmp(&other.line))
            .then_with(|| self.commit.cmp(&other.commit))
            .then_with(|| self.tag.cmp(&other.tag))
            .then_with(|| self.advisory.cmp(&other.advisory))
            .then_with(|| self.artifact.cmp(&other.artifact))
    }
}

/// Something that was seen. No judgement: criteria judge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Fact {
    /// Which type of body this is; listed in the evidence's `kinds`.
    pub kind: String,
    /// What it is about.
    pub subject: Subject,
    /// How we know.
    pub assurance: Assurance,
    /// The members that the kind's schema names. A member that has no value is `null`, never absent.
    pub body: Map<String, Value>,
    /// Where it was seen.
    pub pointers: Vec<Pointer>,
    /// Members that this version does not know.
    #[serde(flatten)]
    #[schemars(skip)]
    pub extra: Extra,
}

impl Fact {
    /// Gives a fact whose body is the JSON object that `body` serializes to.
    ///
    /// A body that does not serialize to an object (a mistake in a collector) gives `None`.
    pub fn new<B: Serialize>(
        kind: &str,
        subject: Subject,
        assurance: Assurance,
        body: &B,
        pointers: Vec<Pointer>,
    ) -> Option<Self> {
        match serde_json::to_value(body) {
            Ok(Value::Object(mut body)) => {
                body.values_mut().for_each(keep_exact);
                Some(Self { kind: kind.to_owned(), subject, assurance, body, pointers, extra: Extra::new() })
            }
            _ => None,
        }
    }

    /// The order in which facts stand in evidence: kind, subject, pointers, then the canonical body.
    pub fn order(&self, other: &Self) -> std::cmp::Ordering {
        self.kind
            .cmp(&other.kind)
            .then_with(|| self.subject.cmp(&other.subject))
            .then_with(|| {
                let places = self.pointers.iter().zip(&other.pointers).map(|(one, two)| one.order(two));
                places.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
            })
            .then_with(|| self.pointers.len().cmp(&other.pointers.len()))
            .then_with(|| self.assurance.cmp(&other.assurance))
            .then_with(|| self.tie_break().cmp(&other.tie_break()))
    }

    // Reached only for two facts of one kind about one subject at one place.
    fn tie_break(&self) -> Vec<u8> {
        crate::to_canonical(self).unwrap_or_default()
    }
}

/// A fact that is not what its kind declares.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a fact of kind \"{kind}\" cannot be read ({subject}: {place} {problem}): collect again from the source")]
pub struct FactError {
    /// The kind.
    pub kind: &'static str,
    /// What the fact is about.
    pub subject: String,
    /// Where it is in the evidence: a JSON Pointer (RFC 6901).
    pub place: String,
    /// What is there, and what was expected.
    pub problem: String,
}

/// Takes the largest whole number that every reader keeps in the place of a larger one, which two readers would read as two
/// numbers: what is stated by a file may be any number.
fn keep_exact(value: &mut Value) {
    match value {
        Value::Number(number) if !is_exact(number) => {
            let least = number.as_i64().is_some_and(i64::is_negative);
            *number = if least { Number::from(-LARGEST_EXACT.cast_signed()) } else { Number::from(LARGEST_EXACT) };
        }
        Value::Array(values) => values.iter_mut().for_each(keep_exact),
        Value::Object(members) => members.values_mut().for_each(keep_exact),
        _ => {}
    }
}

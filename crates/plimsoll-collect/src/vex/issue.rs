//! Statements as documents: OpenVEX 0.2.0 and CycloneDX 1.6.
//!
//! The same statements give the same bytes: the id of a document is made from its content, and its moment is handed in.

use jiff::{Timestamp, civil::Date};
use plimsoll_model::{CanonicalError, sha256_hex, to_canonical, to_readable, urn_uuid};
use serde_json::{Map, Value, json};

use super::Status;

/// What a document says.
#[derive(Clone, Debug)]
pub struct Issued {
    /// The moment for which it is made.
    pub as_of: Timestamp,
    /// Who says it, where that is claimed.
    pub author: Option<String>,
    /// The version of this program.
    pub tool_version: String,
    /// The name of the product; it may be empty.
    pub product: String,
    /// Its version, where it is known.
    pub version: Option<String>,
    /// Package URLs of the product; where there is none, a statement is about the component by itself.
    pub purls: Vec<String>,
    /// What is said, in this order.
    pub statements: Vec<IssuedStatement>,
}

/// One statement about one vulnerability and one component.
#[derive(Clone, Debug)]
pub struct IssuedStatement {
    /// The name of the vulnerability, then its other names.
    pub ids: Vec<String>,
    /// The name of the component.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its package URL.
    pub purl: String,
    /// What is said.
    pub status: Status,
    /// Why; where it is affected, what to do. Not empty.
    pub reason: String,
    /// When it was said.
    pub time: Timestamp,
    /// The last day on which it counts, where it has one.
    pub until: Option<Date>,
}

/// A form in which statements are written.
#[derive(Debug)]
pub struct VexForm {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is, in a few words.
    pub about: &'static str,
    write: fn(&Issued) -> Result<Value, CanonicalError>,
}

impl VexForm {
    /// Writes the document. The same statements give the same bytes.
    pub fn write(&self, issued: &Issued) -> Result<String, CanonicalError> {
        to_readable(&(self.write)(issued)?)
    }
}

/// All of them.
pub const VEX_FORMS: &[VexForm] = &[
    VexForm { name: "openvex", about: "OpenVEX 0.2.0: what is known to be exploitable or not (JSON)", write: openvex },
    VexForm { name: "cyclonedx-vex", about: "The same as CycloneDX 1.6 VEX (JSON)", write: cyclonedx },
];

/// Adds an id that is made from everything else in the document.
fn identified(mut document: Map<String, Value>, member: &str) -> Result<Value, CanonicalError> {
    let digest = sha256_hex(&to_canonical(&document)?);
    document.insert(member.to_owned(), urn_uuid(&digest).into());
    Ok(Value::Object(document))
}

fn openvex(issued: &Issued) -> Result<Value, CanonicalError> {
    let named = |purl: &str| json!({"@id": purl, "identifiers": {"purl": purl}});
    let statements = issued.statements.iter().map(|one| {
        let mut vulnerability = Map::new();
        vulnerability.insert("name".to_owned(), one.ids.first().cloned().unwrap_or_default().into());
        if let Some(aliases) = one.ids.get(1..).filter(|aliases| !aliases.is_empty()) {
            vulnerability.insert("aliases".to_owned(), aliases.into());
        }
        let products: Vec<Value> = if issued.purls.is_empty() {
            vec![named(&one.purl)]
        } else {
            let product = |purl: &String| {
                json!({"@id": purl, "identifiers": {"purl": purl}, "subcomponents": [named(&one.purl)]})
            };
            issued.purls.iter().map(product).collect()
        };
        let (status, words) = match one.status {
            Status::NotAffected => ("not_affected", "impact_statement"),
            Status::Fixed => ("fixed", "status_notes"),
            Status::Affected => ("affected", "action_statement"),
            Status::UnderInvestigation => ("under_investigation", "status_notes"),
        };
        let mut statement = json!({
            "vulnerability": vulnerability, "products": products, "status": status,
            "timestamp": one.time, words: one.reason,
        });
        if let (Some(until), Status::NotAffected, Some(members)) = (one.until, one.status, statement.as_object_mut()) {
            members.insert("status_notes".to_owned(), format!("Counts until {until}.").into());
        }
        statement
    });
    let document = json!({
        "@context": "https://openvex.dev/ns/v0.2.0",
        "author": issued.author.as_deref().unwrap_or("Unknown Author"),
        "timestamp": issued.as_of,
        "version": 1,
        "tooling": format!("plimsoll {}", issued.tool_version),
        "statements": statements.collect::<Vec<_>>(),
    });
    identified(object(document), "@id")
}

fn cyclonedx(issued: &Issued) -> Result<Value, CanonicalError> {
    let mut product = Map::new();
    product.insert("bom-ref".to_owned(), "product".into());
    product.insert("type".to_owned(), "application".into());
    product.insert("name".to_owned(), issued.product.clone().into());
    if let Some(version) = &issued.version {
        product.insert("version".to_owned(), version.clone().into());
    }
    // Without a package URL it is known by its name and its maker together.
    if let Some(author) = &issued.author {
        product.insert("supplier".to_owned(), json!({"name": author}));
    }
    // The format has one product; of several packages none is more it than the others.
    if let [purl] = issued.purls.as_slice() {
        product.insert("purl".to_owned(), purl.clone().into());
    }
    let mut components: Vec<Value> = Vec::new();
    let mut vulnerabilities: Vec<Value> = Vec::new();
    for one in &issued.statements {
        let component = json!({
            "bom-ref": one.purl, "type": "library", "name": one.name, "version": one.version, "purl": one.purl,
        });
        if !components.iter().any(|other| other.get("bom-ref") == component.get("bom-ref")) {
            components.push(component);
        }
        let state = match one.status {
            Status::NotAffected => "not_affected",
            Status::Fixed => "resolved",
            Status::Affected => "exploitable",
            Status::UnderInvestigation => "in_triage",
        };
        let id = one.ids.first().map(String::as_str).unwrap_or_default();
        let mut vulnerability = json!({
            "id": id,
            "source": {"name": database(id)},
            "analysis": {"state": state, "detail": one.reason, "lastUpdated": one.time},
            "affects": [{"ref": one.purl}],
        });
        if let Some(members) = vulnerability.as_object_mut() {
            let equals = one.ids.iter().skip(1).map(|id| json!({"id": id, "source": {"name": database(id)}}));
            let equals: Vec<Value> = equals.collect();
            if !equals.is_empty() {
                members.insert("references".to_owned(), equals.into());
            }
            if let Some(until) = one.until {
                members.insert("properties".to_owned(), json!([{"name": "plimsoll:until", "value": until}]));
            }
        }
        vulnerabilities.push(vulnerability);
    }
    let tool = json!({"type": "application", "name": "plimsoll", "version": issued.tool_version});
    let mut metadata = json!({"timestamp": issued.as_of, "tools": {"components": [tool]}});
    if let Some(members) = metadata.as_object_mut() {
        if !issued.product.is_empty() {
            members.insert("component".to_owned(), product.into());
        }
        if let Some(author) = &issued.author {
            members.insert("authors".to_owned(), json!([{"name": author}]));
        }
    }
    let document = json!({
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "metadata": metadata, "components": components, "vulnerabilities": vulnerabilities,
    });
    identified(object(document), "serialNumber")
}

/// The database that an id is of, by its first word.
fn database(id: &str) -> &'static str {
    match id.split('-').next().unwrap_or_default() {
        "CVE" => "NVD",
        "GHSA" => "GitHub",
        "RUSTSEC" => "RustSec",
        _ => "OSV",
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

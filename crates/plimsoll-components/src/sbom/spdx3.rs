//! SPDX 3.0.1 JSON-LD.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use plimsoll_model::body::Reach;

use super::{
    described::{self, Form},
    entries::{self, DocumentInfo, Entries, Entry},
};
use crate::{component::Scope, error::ComponentsError, inventory::Inventory};

const FORMAT: &str = "SPDX";
const CONTEXT: &str = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld";
const CREATION: &str = "_:creation";
/// Element that stands for there being none.
const NONE: &str = "https://spdx.org/rdf/3.0.1/terms/Core/NoneElement";
/// Licence that stands for one that is not known.
const NO_LICENCE: &str = "https://spdx.org/rdf/3.0.1/terms/ExpandedLicensing/NoAssertionLicense";

/// Gives the components as an SPDX 3.0.1 document in JSON-LD, with two spaces of indent and a newline at the end.
///
/// The same inventory and info give the same bytes: identifiers are made from commit and content, the only time is `as_of`. What
/// is not known of a component is named in its comment, and a licence has an element for it. Whether what a component depends on is listed whole is
/// said in each relationship.
///
/// Source: SPDX 3.0.1, profiles Core, Software and `SimpleLicensing`; CISA, "2026 Minimum Elements for a Software Bill of
/// Materials"; BSI TR-03183-2 2.1.0.
pub(super) fn spdx3(inventory: &Inventory, info: &DocumentInfo) -> Result<Vec<u8>, ComponentsError> {
    let entries = entries::entries(inventory);
    let incomplete = entries::incomplete(inventory);
    // It stands in every identifier: half of the digest tells documents apart as well.
    let digest = entries::digest(info, &entries, incomplete.as_deref());
    let base = format!("https://plimsoll.dev/spdx3/{}#", digest.get(..32).unwrap_or(&digest));
    let mut graph = Graph { base, elements: Vec::new(), ids: Vec::new() };
    let claimant = info.claimant();
    let tool = graph.add("Tool", "tool", json!({ "name": format!("plimsoll-{}", info.tool_version) }));
    let maker = claimant.as_ref().map(|name| graph.add("Organization", "maker", json!({ "name": name })));
    // Where nobody is stated, the program is what made the document.
    let author = maker.clone().unwrap_or_else(|| {
        let name = format!("plimsoll {} (no person is stated)", info.tool_version);
        graph.add("SoftwareAgent", "author", json!({ "name": name }))
    });
    let product = graph.product(info, maker.as_deref());
    for (reference, entry) in &entries.all {
        graph.package(
            reference,
            entry,
            maker.as_deref().filter(|_| entries.own.contains(reference)),
            claimant.is_some(),
        );
    }
    graph.dependencies(&product, &entries, incomplete.is_none());
    graph.licences(&entries);
    let all = std::mem::take(&mut graph.ids);
    let sbom = graph.add(
        "software_Sbom",
        "sbom",
        json!({ "rootElement": [product], "element": all, "software_sbomType": ["source"] }),
    );
    let mut document = json!({
        "name": info.product(),
        "rootElement": [sbom],
        "element": all.iter().chain([&sbom]).collect::<Vec<_>>(),
        "profileConformance": ["core", "software", "simpleLicensing"],
    });
    if let (Some(object), Some(reason)) = (document.as_object_mut(), &incomplete) {
        object.insert("comment".to_owned(), json!(reason));
    }
    graph.add("SpdxDocument", "document", document);
    let creation = json!({
        "type": "CreationInfo",
        "@id": CREATION,
        "specVersion": "3.0.1",
        "created": info.time(),
        "createdBy": [author],
        "createdUsing": [tool],
    });
    graph.elements.insert(0, creation);
    let value = json!({ "@context": CONTEXT, "@graph": graph.elements });
    let write = |error: serde_json::Error| ComponentsError::Write { format: FORMAT, problem: error.to_string() };
    let mut bytes = serde_json::to_vec_pretty(&value).map_err(write)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The elements of a document, each with an identifier of its own.
struct Graph {
    base: String,
    elements: Vec<Value>,
    /// Their identifiers, in the same order.
    ids: Vec<String>,
}

impl Graph {
    /// Adds an element, and gives its identifier.
    fn add(&mut self, kind: &str, name: &str, mut members: Value) -> String {
        let id = format!("{}{name}", self.base);
        if let Some(object) = members.as_object_mut() {
            object.insert("type".to_owned(), json!(kind));
            object.insert("spdxId".to_owned(), json!(id));
            object.insert("creationInfo".to_owned(), json!(CREATION));
        }
        self.elements.push(members);
        self.ids.push(id.clone());
        id
    }

    fn id_of(&self, reference: &str) -> String {
        format!("{}package-{}", self.base, short(reference))
    }

    fn product(&mut self, info: &DocumentInfo, maker: Option<&str>) -> String {
        let mut members = json!({
            "name": info.product(),
            "software_primaryPurpose": "application",
            "software_sourceInfo": format!("commit {}", plimsoll_model::one_line(&info.commit)),
        });
        let version = info.version.as_deref().map(plimsoll_model::one_line).filter(|version| !version.is_empty());
        if let Some(object) = members.as_object_mut() {
            object.extend(version.map(|version| ("software_packageVersion".to_owned(), json!(version))));
            object.extend(maker.map(|maker| ("suppliedBy".to_owned(), json!(maker))));
        }
        self.add("software_Package", "product", members)
    }

    fn package(&mut self, reference: &str, entry: &Entry<'_>, maker: Option<&str>, has_claimant: bool) {
        let component = entry.component;
        let classes = entry.classes.iter().copied().collect::<Vec<_>>().join(", ");
        let unknown = described::unknown(entry, maker.is_some(), has_claimant);
        let unknown = if unknown.is_empty() { String::new() } else { format!("; not known: {}", unknown.join(", ")) };
        let purpose = match described::form(component) {
            Form::Library => "library",
            Form::Application => "application",
            Form::Container => "container",
        };
        let mut members = json!({
            "name": component.name,
            "software_primaryPurpose": purpose,
            "software_packageUrl": component.purl,
            "externalIdentifier": [{
                "type": "ExternalIdentifier",
                "externalIdentifierType": "packageUrl",
                "identifier": component.purl,
            }],
            "comment": format!("reach: {}; class: {classes}{unknown}", entry.reach.as_str()),
        });
        let Some(object) = members.as_object_mut() else { return };
        object.extend(maker.map(|maker| ("suppliedBy".to_owned(), json!(maker))));
        if !component.version.is_empty() {
            object.insert("software_packageVersion".to_owned(), json!(component.version));
        }
        let hashes: Vec<Value> = entry
            .hashes
            .iter()
            .filter(|hash| hash.algorithm().in_documents().is_some())
            .map(|hash| json!({ "type": "Hash", "algorithm": hash.algorithm().as_str(), "hashValue": hash.value() }))
            .collect();
        if !hashes.is_empty() {
            object.insert("verifiedUsing".to_owned(), json!(hashes));
        }
        if let Some(archive) = described::archive(entry) {
            object.insert("software_downloadLocation".to_owned(), json!(archive.url));
        }
        let name = format!("package-{}", short(reference));
        self.add("software_Package", &name, members);
    }

    /// What depends on what. Of a component that ships everything it depends on is listed where the whole is.
    fn dependencies(&mut self, product: &str, entries: &Entries<'_>, complete: bool) {
        let completeness = if complete { "complete" } else { "incomplete" };
        let to: Vec<String> = entries.product.iter().map(|reference| self.id_of(reference)).collect();
        self.depends("product", product, &to, Some("runtime"), completeness);
        if !entries.tools.is_empty() {
            let to: Vec<String> = entries.tools.iter().map(|reference| self.id_of(reference)).collect();
            let members = json!({
                "from": product, "relationshipType": "usesTool", "scope": "build", "to": to, "completeness": "incomplete",
            });
            self.add("LifecycleScopedRelationship", "uses-tools", members);
        }
        for (reference, entry) in &entries.all {
            let from = self.id_of(reference);
            // For what it is needed is a matter of each; those with several uses are needed for the first.
            let mut by_scope: BTreeMap<&str, Vec<String>> = BTreeMap::new();
            for next in &entry.depends_on {
                let scope = entries.all.get(next).map_or("runtime", scope);
                by_scope.entry(scope).or_default().push(self.id_of(next));
            }
            if by_scope.is_empty() {
                by_scope.insert("runtime", Vec::new());
            }
            for (scope, to) in by_scope {
                self.depends(&format!("{}-{scope}", short(reference)), &from, &to, Some(scope), completeness);
            }
        }
    }

    fn depends(&mut self, name: &str, from: &str, to: &[String], scope: Option<&str>, completeness: &str) {
        // A relationship has at least one end: that there is none is said with an element for it.
        let none = [NONE.to_owned()];
        let to = if to.is_empty() { &none } else { to };
        let mut members =
            json!({ "from": from, "relationshipType": "dependsOn", "to": to, "completeness": completeness });
        if let (Some(object), Some(scope)) = (members.as_object_mut(), scope) {
            object.insert("scope".to_owned(), json!(scope));
        }
        self.add("LifecycleScopedRelationship", &format!("depends-{name}"), members);
    }

    /// Licences as their makers declare them, and that none is known.
    fn licences(&mut self, entries: &Entries<'_>) {
        // A licence of the maker's own (`LicenseRef-`) would need its text in the document.
        let of_entry = |entry: &Entry<'_>| entry.licence.filter(|text| !text.contains("Ref-")).map(ToOwned::to_owned);
        let texts: BTreeSet<String> = entries.all.values().filter_map(of_entry).collect();
        let mut ids: BTreeMap<String, String> = BTreeMap::new();
        for text in texts {
            let members = json!({ "simplelicensing_licenseExpression": text });
            let id = self.add("simplelicensing_LicenseExpression", &format!("licence-{}", short(&text)), members);
            ids.insert(text, id);
        }
        for (reference, entry) in &entries.all {
            let declared = of_entry(entry).and_then(|text| ids.get(&text).cloned());
            let members = json!({
                "from": self.id_of(reference),
                "relationshipType": "hasDeclaredLicense",
                "to": [declared.unwrap_or_else(|| NO_LICENCE.to_owned())],
            });
            self.add("Relationship", &format!("declared-{}", short(reference)), members);
        }
    }
}

/// For what a component is needed: its reach, where that says it.
fn scope(entry: &Entry<'_>) -> &'static str {
    match entry.reach {
        Reach::Build => "build",
        Reach::Dev if entry.component.scopes.contains(&Scope::Normal) => "test",
        Reach::Dev => "development",
        Reach::Shipped | Reach::Unknown | Reach::NotInGraph => "runtime",
    }
}

/// What tells one reference from another, short enough for an identifier.
fn short(reference: &str) -> String {
    plimsoll_model::sha256_hex(reference.as_bytes()).chars().take(16).collect()
}

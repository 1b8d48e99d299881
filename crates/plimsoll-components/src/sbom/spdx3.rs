//! SPDX 3.0.1 JSON-LD.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use plimsoll_model::body::Reach;

use super::{
    described::{self, Archive, Form, Licence},
    entries::{self, DocumentInfo, Entries, Entry, Maker},
};
use crate::{component::Scope, error::ComponentsError, inventory::Inventory};

const FORMAT: &str = "SPDX";
const CONTEXT: &str = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld";
const CREATION: &str = "_:creation";
/// Element that stands for there being none.
const NONE: &str = "https://spdx.org/rdf/3.0.1/terms/Core/NoneElement";
/// Element that stands for what is not known.
const NO_ASSERTION: &str = "https://spdx.org/rdf/3.0.1/terms/Core/NoAssertionElement";
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
    let tool = graph.add("Tool", "tool", json!({ "name": format!("plimsoll-{}", info.tool_version) }));
    let maker = info.maker().map(|maker| graph.maker(&maker));
    // Where nobody is stated, the program is what made the document.
    let author = maker.clone().unwrap_or_else(|| {
        graph.add("SoftwareAgent", "author", json!({ "name": format!("plimsoll {}", info.tool_version) }))
    });
    let licence = described::licence_of_product(&entries);
    let product = graph.product(info, maker.as_deref(), licence);
    for (reference, entry) in &entries.all {
        let own = entries.own.contains(reference);
        let unknown = described::unknown(entry, own, info);
        graph.package(reference, entry, maker.as_deref().filter(|_| own), &unknown);
    }
    graph.dependencies(&product, &entries, incomplete.is_none());
    graph.licences(&product, licence, &entries);
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
    let said = described::comment([
        ("not known", described::unknown_of_document(info).join(", ")),
        ("withheld", "nothing".to_owned()),
    ]);
    if let Some(object) = document.as_object_mut() {
        let comment = incomplete.iter().fold(said, |said, reason| format!("{said}; {reason}"));
        object.insert("comment".to_owned(), json!(comment));
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

    fn maker(&mut self, maker: &Maker) -> String {
        let mut members = json!({ "name": maker.name });
        let contact = [("email", &maker.email), ("other", &maker.url)];
        let contact = contact.into_iter().find_map(|(kind, text)| Some(external(kind, text.as_deref()?)));
        if let (Some(object), Some(contact)) = (members.as_object_mut(), contact) {
            object.insert("externalIdentifier".to_owned(), json!([contact]));
        }
        self.add("Organization", "maker", members)
    }

    fn product(&mut self, info: &DocumentInfo, maker: Option<&str>, licence: Option<&str>) -> String {
        let unknown = described::unknown_of_product(info, licence).join(", ");
        let mut members = json!({
            "name": info.product(),
            "software_primaryPurpose": "application",
            "software_sourceInfo": format!("commit {}", plimsoll_model::one_line(&info.commit)),
            "comment": described::comment([("not known", unknown)]),
        });
        let identifiers = [("packageUrl", info.purl()), ("cpe23", info.cpe()), ("swhid", info.swhid())];
        let identifiers: Vec<Value> =
            identifiers.into_iter().filter_map(|(kind, text)| Some(external(kind, &text?))).collect();
        if let Some(object) = members.as_object_mut() {
            object.extend(info.version().map(|version| ("software_packageVersion".to_owned(), json!(version))));
            object.extend(info.purl().map(|purl| ("software_packageUrl".to_owned(), json!(purl))));
            object.extend(made_by(maker));
            if !identifiers.is_empty() {
                object.insert("externalIdentifier".to_owned(), json!(identifiers));
            }
        }
        self.add("software_Package", "product", members)
    }

    fn package(&mut self, reference: &str, entry: &Entry<'_>, maker: Option<&str>, unknown: &[&str]) {
        let component = entry.component;
        let comment = described::comment([
            ("reach", entry.reach.as_str().to_owned()),
            ("class", entry.classes.iter().copied().collect::<Vec<_>>().join(", ")),
            ("hash", described::other_hashes(entry).collect::<Vec<_>>().join(", ")),
            ("not known", unknown.join(", ")),
        ]);
        let purpose = match described::form(component) {
            Form::Library => "library",
            Form::Application => "application",
            Form::Container => "container",
        };
        let mut members = json!({
            "name": component.name,
            "software_primaryPurpose": purpose,
            "software_packageUrl": component.purl,
            "externalIdentifier": [external("packageUrl", &component.purl)],
            "comment": comment,
        });
        let Some(object) = members.as_object_mut() else { return };
        object.extend(made_by(maker));
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
        let archive = described::archive(entry);
        if let Some(archive) = &archive {
            object.insert("software_downloadLocation".to_owned(), json!(archive.url));
        }
        let package = self.add("software_Package", &format!("package-{}", short(reference)), members);
        if let Some(archive) = archive {
            self.archive(&package, reference, &archive, &hashes);
        }
    }

    /// The file in which a package is delivered: an archive of files, of which none runs by itself.
    fn archive(&mut self, package: &str, reference: &str, archive: &Archive, hashes: &[Value]) {
        let mut members = json!({
            "name": archive.file,
            "software_primaryPurpose": "archive",
            "software_additionalPurpose": ["container"],
        });
        if let Some(object) = members.as_object_mut().filter(|_| !hashes.is_empty()) {
            object.insert("verifiedUsing".to_owned(), json!(hashes));
        }
        let file = self.add("software_File", &format!("file-{}", short(reference)), members);
        let members = json!({ "from": package, "relationshipType": "hasDistributionArtifact", "to": [file] });
        self.add("Relationship", &format!("delivered-{}", short(reference)), members);
    }

    /// What depends on what. Whether the product's parts are all listed is one matter, whether those of each are another.
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
            let completeness = match (entry.edges_known, entry.depends_on.is_empty()) {
                (true, _) => "complete",
                (false, false) => "incomplete",
                (false, true) => "noAssertion",
            };
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
        // A relationship has at least one end: that there is none, or none is known, is said with an element for it.
        let none = [if completeness == "complete" { NONE } else { NO_ASSERTION }.to_owned()];
        let to = if to.is_empty() { &none } else { to };
        let mut members =
            json!({ "from": from, "relationshipType": "dependsOn", "to": to, "completeness": completeness });
        if let (Some(object), Some(scope)) = (members.as_object_mut(), scope) {
            object.insert("scope".to_owned(), json!(scope));
        }
        self.add("LifecycleScopedRelationship", &format!("depends-{name}"), members);
    }

    /// Licences as their makers declare them, and that none is known.
    fn licences(&mut self, product: &str, licence: Option<&str>, entries: &Entries<'_>) {
        let texts = entries.all.values().map(|entry| entry.licence).chain([licence]).flatten();
        let texts: BTreeSet<&str> = texts.collect();
        let ids: BTreeMap<&str, String> = texts.into_iter().map(|text| (text, self.licence(text))).collect();
        let all = entries.all.iter();
        let all = all.map(|(reference, entry)| (self.id_of(reference), short(reference), entry.licence));
        let all: Vec<_> = all.chain([(product.to_owned(), "product".to_owned(), licence)]).collect();
        for (from, name, licence) in all {
            let declared = licence.and_then(|text| ids.get(text)).map_or(NO_LICENCE, String::as_str);
            let members = json!({ "from": from, "relationshipType": "hasDeclaredLicense", "to": [declared] });
            self.add("Relationship", &format!("declared-{name}"), members);
        }
    }

    /// A licence. What is not on the format's list is an element with the words of a manifest, which are all of its text that is known.
    fn licence(&mut self, text: &str) -> String {
        let name = format!("licence-{}", short(text));
        if let Licence::Words = described::licence(text) {
            let text = plimsoll_model::one_line(text);
            let members = json!({ "name": text, "simplelicensing_licenseText": text });
            return self.add("simplelicensing_SimpleLicensingText", &name, members);
        }
        let mut members = json!({ "simplelicensing_licenseExpression": text });
        let own: BTreeSet<&str> = described::own_licences(text).collect();
        let own: Vec<Value> = own
            .into_iter()
            .map(|one| {
                let of_one =
                    json!({ "name": one, "simplelicensing_licenseText": "The text of this licence was not read." });
                // It may be in several expressions; each of those has an element for it.
                let name = format!("{name}-{}", short(one));
                let id = self.add("simplelicensing_SimpleLicensingText", &name, of_one);
                json!({ "type": "DictionaryEntry", "key": one, "value": id })
            })
            .collect();
        if let Some(object) = members.as_object_mut().filter(|_| !own.is_empty()) {
            object.insert("simplelicensing_customIdToUri".to_owned(), json!(own));
        }
        self.add("simplelicensing_LicenseExpression", &name, members)
    }
}

fn external(kind: &str, identifier: &str) -> Value {
    json!({ "type": "ExternalIdentifier", "externalIdentifierType": kind, "identifier": identifier })
}

/// Who makes and supplies something, as members of it.
fn made_by(maker: Option<&str>) -> impl Iterator<Item = (String, Value)> {
    let members = maker.map(|maker| [("suppliedBy", json!(maker)), ("originatedBy", json!([maker]))]);
    members.into_iter().flatten().map(|(name, value)| (name.to_owned(), value))
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

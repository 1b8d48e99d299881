//! SPDX 3.0 as JSON-LD with the context of the format itself, which gives every name one meaning; it is not looked up.
//!
//! Source: SPDX 3.0.1, model and JSON-LD serialisation; BSI TR-03183-2 2.1.0, annex, for what its fields are in it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    Digest, Document, Fault, Format, Listed, Party, Tool, digest,
    fault::{Faults, Place},
    is_moment, is_said_outside, list, names, owned, said, text,
};

/// Where the elements of the format itself are.
const VOCABULARY: &str = "https://spdx.org/rdf/3.";

pub(super) fn read(value: &Value, faults: &mut Faults) -> Result<Document, Fault> {
    let context = value.get("@context").map(ToString::to_string).unwrap_or_default();
    let graph = list(value, "@graph");
    let creation = graph.iter().find(|node| text(node, "type") == Some("CreationInfo")).unwrap_or(&Value::Null);
    let stated = text(creation, "specVersion").unwrap_or("3.0");
    if !stated.starts_with("3.0") || !(context.contains(VOCABULARY) || context.is_empty()) {
        return Err(Fault::whole("JSON-LD, and not of SPDX 3.0"));
    }
    let elements = Elements::of(graph);
    check(value, graph, &elements, faults);
    let mut document = Document {
        format: Format::Spdx,
        version: stated.to_owned(),
        form: "JSON-LD",
        timestamp: owned(creation, "created"),
        ..Document::default()
    };
    document.authors = elements.parties(creation, "createdBy", None);
    document.tools = references(creation, "createdUsing").filter_map(|id| elements.tool(id)).collect();
    // A program that stands where a person would is a tool.
    let is_program = |id: &&str| elements.get(id).is_some_and(|node| text(node, "type") == Some("SoftwareAgent"));
    if references(creation, "createdBy").all(|id| is_program(&id)) {
        document.authors.clear();
    }
    let mut roots: BTreeSet<&str> = BTreeSet::new();
    for node in graph {
        match text(node, "type") {
            Some("SpdxDocument") => {
                roots.extend(references(node, "rootElement"));
                let comment = text(node, "comment").unwrap_or_default();
                document.unknown.extend(said(comment, "not known").map(names).unwrap_or_default());
                document.withheld = said(comment, "withheld").map(names);
                document.identity = document.identity.take().or_else(|| identity(node));
            }
            Some("software_Sbom") => {
                roots.extend(references(node, "rootElement"));
                document.contexts.extend(references(node, "software_sbomType").map(ToOwned::to_owned));
            }
            Some(kind) if kind.starts_with("security_") && kind.ends_with("Vulnerability") => {
                document.vulnerabilities += 1;
            }
            _ => {}
        }
    }
    let relations = Relations::of(graph, &elements);
    roots.extend(&relations.described);
    for node in graph.iter().filter(|node| text(node, "type") == Some("software_Package")) {
        document.components.push(package(node, &roots, &relations, &elements));
    }
    // What is said of the product is about the whole.
    let (of_roots, of_parts): (Vec<&Listed>, Vec<&Listed>) = document.components.iter().partition(|one| one.root);
    let of =
        |all: Vec<&Listed>| -> BTreeSet<String> { all.iter().filter_map(|one| one.completeness.clone()).collect() };
    let whole = Some(of(of_roots)).filter(|words| !words.is_empty()).unwrap_or_else(|| of(of_parts));
    document.completeness = whole.into_iter().collect();
    Ok(document)
}

/// The document's own name, where it is one beyond the document.
fn identity(node: &Value) -> Option<String> {
    owned(node, "spdxId").filter(|id| id.contains("://") || id.starts_with("urn:"))
}

/// Nodes by their id.
struct Elements<'a> {
    by_id: BTreeMap<&'a str, &'a Value>,
}

fn id(node: &Value) -> Option<&str> {
    text(node, "spdxId").or_else(|| text(node, "@id"))
}

/// The references in a member, one or a list.
fn references<'a>(node: &'a Value, name: &str) -> impl Iterator<Item = &'a str> {
    let value = node.get(name);
    let one = value.and_then(Value::as_str);
    let many = value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    one.into_iter().chain(many)
}

impl<'a> Elements<'a> {
    fn of(graph: &'a [Value]) -> Self {
        Self { by_id: graph.iter().filter_map(|node| Some((id(node)?, node))).collect() }
    }

    fn get(&self, id: &str) -> Option<&'a Value> {
        self.by_id.get(id).copied()
    }

    /// Who is named in a member; with `unknown` where that is said not to be known.
    fn parties(&self, node: &Value, name: &str, mut unknown: Option<&mut BTreeSet<String>>) -> Vec<Party> {
        let mut parties = Vec::new();
        for id in references(node, name) {
            if id.ends_with("NoAssertion") || id.ends_with("NoAssertionElement") {
                if let Some(unknown) = unknown.as_deref_mut() {
                    unknown.insert("Component Producer".to_owned());
                }
            } else if let Some(agent) = self.get(id) {
                let contacts = list(agent, "externalIdentifier").iter().filter_map(|one| owned(one, "identifier"));
                let party = Party { name: owned(agent, "name"), contacts: contacts.collect() };
                parties.extend(Some(party).filter(|party| *party != Party::default()));
            }
        }
        parties
    }

    fn tool(&self, id: &str) -> Option<Tool> {
        let node = self.get(id)?;
        let name = owned(node, "name")?;
        let version = owned(node, "software_packageVersion");
        if version.is_some() {
            return Some(Tool { name, version });
        }
        // A Tool has no version of its own; makers put it behind the name.
        let split = name.rsplit_once([' ', '-']).filter(|(_, last)| {
            last.strip_prefix('v').unwrap_or(last).starts_with(|letter: char| letter.is_ascii_digit())
        });
        Some(match split {
            Some((name, version)) => Tool { name: name.to_owned(), version: Some(version.to_owned()) },
            None => Tool { name, version: None },
        })
    }

    /// The licence expression of an element.
    fn licence(&self, id: &str) -> Option<String> {
        let node = self.get(id)?;
        let expression = owned(node, "simplelicensing_licenseExpression");
        expression
            .or_else(|| id.rsplit_once("/licenses/").map(|(_, name)| name.to_owned()))
            .or_else(|| owned(node, "name"))
    }
}

#[derive(Default)]
struct Relations<'a> {
    next: BTreeMap<&'a str, Vec<String>>,
    states: BTreeSet<&'a str>,
    related: BTreeSet<&'a str>,
    needed: BTreeSet<&'a str>,
    tools: BTreeSet<&'a str>,
    completeness: BTreeMap<&'a str, &'a str>,
    described: BTreeSet<&'a str>,
    licences: BTreeMap<(&'a str, bool), Vec<&'a str>>,
    files: BTreeMap<&'a str, Vec<&'a str>>,
    sources: BTreeMap<&'a str, Vec<&'a str>>,
}

impl<'a> Relations<'a> {
    fn of(graph: &'a [Value], elements: &Elements<'a>) -> Self {
        let mut found = Self::default();
        for node in graph.iter().filter(|node| text(node, "type").is_some_and(|kind| kind.ends_with("Relationship"))) {
            let (Some(from), Some(kind)) = (text(node, "from"), text(node, "relationshipType")) else { continue };
            let to: Vec<&str> = references(node, "to").collect();
            let none = |id: &&str| id.ends_with("/NoneElement");
            let real = to.iter().copied().filter(|id| !none(id) && !id.ends_with("/NoAssertionElement"));
            match kind {
                "dependsOn" | "contains" | "hasStaticLink" | "hasDynamicLink" | "hasPrerequisite" => {
                    let real: Vec<&str> = real.collect();
                    if !real.is_empty() {
                        found.related.insert(from);
                        found.related.extend(&real);
                        found.needed.extend(&real);
                    }
                    if !real.is_empty() || to.is_empty() || to.iter().any(none) {
                        found.states.insert(from);
                    }
                    found.next.entry(from).or_default().extend(real.into_iter().map(ToOwned::to_owned));
                    found.completeness.extend(text(node, "completeness").map(|word| (from, word)));
                }
                // What is used to make it is no part of it.
                "usesTool" => found.tools.extend(real),
                "describes" if elements.get(from).is_some_and(|node| text(node, "type") == Some("SpdxDocument")) => {
                    found.described.extend(to);
                }
                "hasDeclaredLicense" => found.licences.entry((from, false)).or_default().extend(to),
                "hasConcludedLicense" => found.licences.entry((from, true)).or_default().extend(to),
                "hasDistributionArtifact" => found.files.entry(from).or_default().extend(to),
                "generates" => to.iter().for_each(|to| found.sources.entry(to).or_default().push(from)),
                _ => {}
            }
        }
        found
    }
}

fn package(node: &Value, roots: &BTreeSet<&str>, relations: &Relations<'_>, elements: &Elements<'_>) -> Listed {
    let id = id(node).unwrap_or_default();
    let comment = text(node, "comment").unwrap_or_default();
    let mut unknown = said(comment, "not known").map(names).unwrap_or_default();
    let mut unsaid = BTreeSet::new();
    let mut licences = |concluded: bool| {
        let ids = relations.licences.get(&(id, concluded)).into_iter().flatten();
        let mut found = Vec::new();
        for id in ids {
            if id.contains("NoAssertion") {
                unsaid.insert(concluded);
            } else if !id.contains("NoneLicense") {
                found.extend(elements.licence(id));
            }
        }
        found
    };
    let (declared, concluded) = (licences(false), licences(true));
    if declared.is_empty() && concluded.is_empty() && !unsaid.is_empty() {
        unknown.insert("Component License".to_owned());
    }
    if unsaid.contains(&true) {
        unknown.insert("Distribution licences".to_owned());
    }
    let of = |ids: Option<&Vec<&str>>| -> Vec<&Value> {
        ids.into_iter().flatten().filter_map(|id| elements.get(id)).collect()
    };
    let (files, sources) = (of(relations.files.get(id)), of(relations.sources.get(id)));
    let mut listed = Listed {
        id: id.to_owned(),
        root: roots.contains(id),
        excluded: !roots.contains(id)
            && (relations.tools.contains(id) && !relations.needed.contains(id) || is_said_outside(comment)),
        withheld: said(comment, "withheld").map(names).unwrap_or_default(),
        name: owned(node, "name"),
        version: owned(node, "software_packageVersion"),
        purl: owned(node, "software_packageUrl"),
        hashes: hashes(node),
        delivered_hashes: files.iter().flat_map(|file| hashes(file)).collect(),
        source_hashes: sources.iter().flat_map(|source| hashes(source)).collect(),
        suppliers: elements.parties(node, "suppliedBy", Some(&mut unknown)),
        producers: elements.parties(node, "originatedBy", Some(&mut unknown)),
        declared,
        concluded,
        depends_on: relations.next.get(id).cloned().unwrap_or_default(),
        states_dependencies: relations.states.contains(id),
        related: relations.related.contains(id),
        completeness: relations.completeness.get(id).map(|word| (*word).to_owned()),
        download_url: owned(node, "software_downloadLocation"),
        filename: files.iter().find_map(|file| owned(file, "name")),
        ..Listed::default()
    };
    if let Some(file) = files.first() {
        // What is not among its purposes is said not to be one.
        let purposes: Vec<&str> =
            references(file, "software_additionalPurpose").chain(references(file, "software_primaryPurpose")).collect();
        let word = |purpose: &[&str], yes: &str, no: &str| {
            Some(if purposes.iter().any(|one| purpose.contains(one)) { yes } else { no }.to_owned())
        };
        listed.executable = word(&["executable"], "executable", "non-executable");
        listed.archive = word(&["archive"], "archive", "no archive");
        listed.structured = word(&["container", "firmware"], "structured", "unstructured");
    }
    for one in list(node, "externalIdentifier") {
        let identifier = owned(one, "identifier");
        match text(one, "externalIdentifierType").map(str::to_ascii_lowercase).as_deref() {
            Some("packageurl") if listed.purl.is_none() => listed.purl = identifier,
            Some("packageurl" | "cpe22" | "cpe23" | "swid" | "swhid" | "gitoid") => {
                listed.identifiers.extend(identifier);
            }
            _ => {}
        }
    }
    for source in &sources {
        let locators = list(source, "externalRef").iter().flat_map(|one| references(one, "locator"));
        listed.source_url = listed.source_url.or_else(|| locators.map(ToOwned::to_owned).next());
    }
    let is_security_txt = |locator: &&str| locator.ends_with("/security.txt");
    let locators = list(node, "externalRef").iter().flat_map(|one| references(one, "locator"));
    listed.security_txt = locators.into_iter().find(is_security_txt).map(ToOwned::to_owned);
    listed.unknown = unknown;
    listed
}

fn hashes(node: &Value) -> Vec<Digest> {
    list(node, "verifiedUsing")
        .iter()
        .filter_map(|one| digest(text(one, "algorithm")?, text(one, "hashValue")?))
        .collect()
}

fn check(value: &Value, graph: &[Value], elements: &Elements<'_>, faults: &mut Faults) {
    if value.get("@context").is_none() {
        faults.add(&Place::Root, "has no @context");
    }
    let root = Place::Root;
    let outer = root.member("@graph");
    let mut seen = BTreeSet::new();
    let mut documents = 0;
    let outside = imports(graph);
    for (at, node) in graph.iter().enumerate() {
        let place = outer.item(at);
        let Some(kind) = text(node, "type") else {
            faults.add(&place, "has no type");
            continue;
        };
        documents += usize::from(kind == "SpdxDocument");
        if id(node).is_some_and(|id| !seen.insert(id)) {
            faults.add(&place, "has the name of something else, too");
        }
        match kind {
            "CreationInfo" => {
                for name in ["specVersion", "created", "createdBy"] {
                    required(node, name, place, faults);
                }
                if text(node, "created").is_some_and(|time| !is_moment(time)) {
                    faults.add(&place.member("created"), "has to be YYYY-MM-DDThh:mm:ssZ");
                }
            }
            _ => {
                for name in ["spdxId", "creationInfo"] {
                    required(node, name, place, faults);
                }
            }
        }
        if kind.ends_with("Relationship") {
            for name in ["from", "to", "relationshipType"] {
                required(node, name, place, faults);
            }
            let imported = |id: &str| id.starts_with(VOCABULARY) || id.starts_with("https://spdx.org/licenses/");
            for name in ["from", "to"] {
                for to in references(node, name).filter(|id| elements.get(id).is_none() && !imported(id)) {
                    if !outside.contains(to) {
                        faults.add(&place.member(name), "refers to nothing in the document");
                    }
                }
            }
        }
    }
    if documents != 1 {
        faults.add(&outer, format!("has {documents} elements of type SpdxDocument; one is needed"));
    }
}

/// Elements of other documents that this one names.
fn imports(graph: &[Value]) -> BTreeSet<&str> {
    let documents = graph.iter().filter(|node| text(node, "type") == Some("SpdxDocument"));
    documents.flat_map(|node| list(node, "import")).filter_map(|one| text(one, "externalSpdxId")).collect()
}

fn required(node: &Value, name: &str, place: Place<'_>, faults: &mut Faults) {
    if node.get(name).is_none() {
        faults.add(&place, format!("has no {name}"));
    }
}

//! SPDX 2.2 and 2.3, from values as their JSON has them.
//!
//! Source: SPDX 2.3, clauses 6 to 11.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    Document, Fault, Format, Listed, Party, Tool, digest, fault::Faults, is_said_outside, list, names, owned, said,
    spdx2_rules, text, version,
};

/// What stands where nothing is asserted.
const NO_ASSERTION: &str = "NOASSERTION";
/// Relationships by which the first needs or holds the second, and the same seen from the second.
const NEEDS: [&str; 6] =
    ["DEPENDS_ON", "CONTAINS", "DYNAMIC_LINK", "STATIC_LINK", "HAS_PREREQUISITE", "GENERATED_FROM"];
const NEEDED: [&str; 11] = [
    "DEPENDENCY_OF",
    "CONTAINED_BY",
    "RUNTIME_DEPENDENCY_OF",
    "BUILD_DEPENDENCY_OF",
    "DEV_DEPENDENCY_OF",
    "OPTIONAL_DEPENDENCY_OF",
    "PROVIDED_DEPENDENCY_OF",
    "TEST_DEPENDENCY_OF",
    "PREREQUISITE_FOR",
    "PACKAGE_OF",
    "DEPENDENCY_MANIFEST_OF",
];

/// Relationships of what is used to make the second and is no part of it.
const TOOLS: [&str; 3] = ["BUILD_TOOL_OF", "DEV_TOOL_OF", "TEST_TOOL_OF"];

/// Reads any form.
pub(super) fn read(value: &Value, form: &'static str, faults: &mut Faults) -> Result<Document, Fault> {
    let version = text(value, "spdxVersion").unwrap_or_default();
    let version = self::version(version.strip_prefix("SPDX-").unwrap_or_default().trim())?;
    if !["2.2", "2.3"].contains(&version.as_str()) {
        return Err(Fault::whole(format!("SPDX {version} is not read; 2.2, 2.3 and 3.0 are")));
    }
    spdx2_rules::check(value, faults);
    let creation = value.get("creationInfo").unwrap_or(&Value::Null);
    let mut document = Document {
        format: Format::Spdx,
        version,
        form,
        identity: owned(value, "documentNamespace"),
        timestamp: owned(creation, "created"),
        signed: false,
        ..Document::default()
    };
    for creator in list(creation, "creators").iter().filter_map(Value::as_str) {
        match creator.split_once(':') {
            Some(("Tool", tool)) => document.tools.push(self::tool(tool)),
            _ => match party(creator) {
                Some(author) => document.authors.push(author),
                None => {
                    document.unknown.insert("SBOM Author".to_owned());
                }
            },
        }
    }
    let comment = text(creation, "comment").unwrap_or_default();
    document.contexts.extend(said(comment, "generation context").map(ToOwned::to_owned));
    document.unknown.extend(said(comment, "not known").map(names).unwrap_or_default());
    document.withheld = said(comment, "withheld").map(names);
    let relationships = list(value, "relationships");
    let graph = Graph::of(relationships);
    let described = described(list(value, "documentDescribes"), relationships);
    document.components = list(value, "packages")
        .iter()
        .filter(|one| one.is_object())
        .map(|one| package(one, &graph, &described))
        .collect();
    let own = list(value, "hasExtractedLicensingInfos");
    let own: BTreeMap<&str, &str> =
        own.iter().filter_map(|one| Some((text(one, "licenseId")?, text(one, "name")?))).collect();
    for one in &mut document.components {
        for licence in one.declared.iter_mut().chain(&mut one.concluded) {
            // A name of this document alone says less than what it is called elsewhere.
            if let Some(name) = own.get(licence.as_str()).filter(|name| **name != NO_ASSERTION) {
                (*name).clone_into(licence);
            }
        }
    }
    Ok(document)
}

/// The ids of what a document is about.
fn described<'a>(listed: &'a [Value], relationships: &'a [Value]) -> BTreeSet<&'a str> {
    let related = relationships.iter().filter_map(|one| {
        let [from, to] = ["spdxElementId", "relatedSpdxElement"].map(|name| text(one, name));
        match text(one, "relationshipType")? {
            "DESCRIBES" if from == Some("SPDXRef-DOCUMENT") => to,
            "DESCRIBED_BY" if to == Some("SPDXRef-DOCUMENT") => from,
            _ => None,
        }
    });
    listed.iter().filter_map(Value::as_str).chain(related).collect()
}

#[derive(Default)]
struct Graph<'a> {
    next: BTreeMap<&'a str, Vec<String>>,
    states: BTreeSet<&'a str>,
    related: BTreeSet<&'a str>,
    unknown: BTreeSet<&'a str>,
    needed: BTreeSet<&'a str>,
    tools: BTreeSet<&'a str>,
}

impl<'a> Graph<'a> {
    fn of(relationships: &'a [Value]) -> Self {
        let mut graph = Self::default();
        for one in relationships {
            let [Some(from), Some(to), Some(kind)] =
                ["spdxElementId", "relatedSpdxElement", "relationshipType"].map(|name| text(one, name))
            else {
                continue;
            };
            if TOOLS.contains(&kind) {
                graph.tools.insert(from);
            }
            let (from, to) = if NEEDED.contains(&kind) {
                (to, from)
            } else if NEEDS.contains(&kind) {
                (from, to)
            } else {
                continue;
            };
            match to {
                NO_ASSERTION => {
                    graph.unknown.insert(from);
                }
                "NONE" => {
                    graph.states.insert(from);
                }
                _ => {
                    graph.states.insert(from);
                    graph.related.extend([from, to]);
                    graph.needed.insert(to);
                    graph.next.entry(from).or_default().push(to.to_owned());
                }
            }
        }
        graph
    }
}

fn package(value: &Value, graph: &Graph<'_>, described: &BTreeSet<&str>) -> Listed {
    let id = text(value, "SPDXID").unwrap_or_default();
    let asserted = |name: &str| owned(value, name).filter(|text| text != NO_ASSERTION);
    let mut listed = Listed {
        id: id.to_owned(),
        root: described.contains(id),
        name: asserted("name"),
        version: asserted("versionInfo"),
        hashes: hashes(value),
        suppliers: text(value, "supplier").and_then(party).into_iter().collect(),
        producers: text(value, "originator").and_then(party).into_iter().collect(),
        declared: asserted("licenseDeclared").into_iter().collect(),
        concluded: asserted("licenseConcluded").into_iter().collect(),
        depends_on: graph.next.get(id).cloned().unwrap_or_default(),
        states_dependencies: graph.states.contains(id),
        related: graph.related.contains(id),
        excluded: graph.tools.contains(id) && !graph.needed.contains(id) && !described.contains(id),
        download_url: asserted("downloadLocation").filter(|place| place != "NONE"),
        filename: asserted("packageFileName"),
        ..Listed::default()
    };
    for reference in list(value, "externalRefs") {
        let locator = owned(reference, "referenceLocator");
        match text(reference, "referenceType") {
            Some("purl") if listed.purl.is_none() => listed.purl = locator,
            Some(
                "purl" | "cpe22Type" | "cpe23Type" | "swid" | "swh" | "gitoid" | "maven-central" | "npm" | "nuget",
            ) => {
                listed.identifiers.extend(locator);
            }
            _ => {}
        }
    }
    let unsaid = |name: &str| text(value, name) == Some(NO_ASSERTION);
    let no_licence = listed.declared.is_empty() && listed.concluded.is_empty();
    let parts = [
        ("Component Version", unsaid("versionInfo")),
        ("Component Producer", unsaid("supplier") || unsaid("originator")),
        ("Component License", no_licence && (unsaid("licenseDeclared") || unsaid("licenseConcluded"))),
        ("Distribution licences", unsaid("licenseConcluded")),
        ("Component Dependency Relationship", graph.unknown.contains(id)),
        ("Address of the deployable form", unsaid("downloadLocation")),
    ];
    listed.unknown = parts.into_iter().filter(|(_, said)| *said).map(|(name, _)| name.to_owned()).collect();
    let comment = text(value, "comment").unwrap_or_default();
    listed.unknown.extend(said(comment, "not known").map(names).unwrap_or_default());
    listed.withheld = said(comment, "withheld").map(names).unwrap_or_default();
    listed.excluded |= !listed.root && is_said_outside(comment);
    listed
}

fn hashes(value: &Value) -> Vec<super::Digest> {
    let sums = list(value, "checksums").iter();
    sums.filter_map(|one| digest(text(one, "algorithm")?, text(one, "checksumValue")?)).collect()
}

/// `Organization: Example (mail@example.org)`, `Person: ...`; nothing where nothing is asserted.
fn party(text: &str) -> Option<Party> {
    let (kind, rest) = text.split_once(':')?;
    if !matches!(kind.trim(), "Person" | "Organization") {
        return None;
    }
    let rest = rest.trim();
    let (name, contact) = match rest.rsplit_once('(') {
        Some((name, contact)) => (name.trim(), contact.trim_end_matches(')').trim()),
        None => (rest, ""),
    };
    let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let name = filled(name).filter(|name| name != NO_ASSERTION)?;
    Some(Party { name: Some(name), contacts: filled(contact).into_iter().collect() })
}

/// A tool's name and version as the format joins them: with a hyphen before a version that begins with a digit.
fn tool(text: &str) -> Tool {
    let text = text.trim();
    let at = text.match_indices('-').map(|(at, _)| at).find(|at| {
        let rest = text.get(at + 1..).unwrap_or_default();
        rest.strip_prefix('v').unwrap_or(rest).starts_with(|letter: char| letter.is_ascii_digit())
    });
    match at.and_then(|at| Some((text.get(..at)?, text.get(at + 1..)?))) {
        Some((name, version)) => Tool { name: name.to_owned(), version: Some(version.to_owned()) },
        None => Tool { name: text.to_owned(), version: None },
    }
}

//! CycloneDX, from values as its JSON has them.
//!
//! Source: CycloneDX 1.2 to 1.7; properties of BSI TR-03183-2 from its taxonomy `bsi:component`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    DEEPEST, Digest, Document, Fault, Format, Listed, Party, Tool,
    cyclonedx_rules::{self, Dialect},
    digest,
    fault::Faults,
    list, owned, text, version,
};

/// The properties by which a document of ours names the fields that are not known, and those that are kept back.
const UNKNOWN: &str = "plimsoll:unknown";
const WITHHELD: &str = "plimsoll:withheld";

/// Reads JSON of any version.
pub(super) fn read(value: &Value, faults: &mut Faults) -> Result<Document, Fault> {
    if text(value, "bomFormat").is_some_and(|format| format != "CycloneDX") {
        return Err(Fault { place: "/bomFormat".to_owned(), rule: "has to be \"CycloneDX\"".to_owned() });
    }
    if text(value, "bomFormat").is_none() {
        return Err(super::neither());
    }
    let version = version(text(value, "specVersion").unwrap_or_default())?;
    let minor = minor(&version).filter(|minor| *minor >= 2);
    let Some(minor) = minor else {
        return Err(Fault {
            place: "/specVersion".to_owned(),
            rule: format!("CycloneDX {version} as JSON is not read; 1.2 to 1.7 are"),
        });
    };
    of_value(value, version, Dialect { minor, xml: false }, faults)
}

/// The second number of a version that is read.
pub(super) fn minor(version: &str) -> Option<u16> {
    version.strip_prefix("1.")?.parse().ok().filter(|minor| *minor <= 7)
}

/// Reads what either form says.
pub(super) fn of_value(
    value: &Value,
    version: String,
    dialect: Dialect,
    faults: &mut Faults,
) -> Result<Document, Fault> {
    cyclonedx_rules::check(value, dialect, faults);
    let metadata = value.get("metadata").unwrap_or(&Value::Null);
    let properties = || list(metadata, "properties").iter().chain(list(value, "properties"));
    let mut document = Document {
        format: Format::CycloneDx,
        version,
        form: if dialect.xml { "XML" } else { "JSON" },
        identity: owned(value, "serialNumber"),
        revision: value.get("version").and_then(Value::as_u64).map(|version| version.to_string()),
        timestamp: owned(metadata, "timestamp"),
        authors: list(metadata, "authors").iter().map(party).collect(),
        tools: tools(metadata),
        contexts: list(metadata, "lifecycles")
            .iter()
            .filter_map(|one| owned(one, "phase").or_else(|| owned(one, "name")))
            .collect(),
        signed: value.get("signature").is_some(),
        vulnerabilities: list(value, "vulnerabilities").len(),
        unknown: named(properties(), UNKNOWN).unwrap_or_default(),
        withheld: named(properties(), WITHHELD),
        ..Document::default()
    };
    for name in ["manufacturer", "manufacture", "supplier"] {
        document.authors.extend(metadata.get(name).filter(|one| one.is_object()).map(party));
    }
    document.authors.retain(|author| *author != Party::default());
    let graph = Graph::of(value);
    document.completeness.clone_from(&graph.whole);
    if let Some(product) = metadata.get("component").filter(|one| one.is_object()) {
        let mut read = component(product, &graph);
        (read.root, read.product) = (true, true);
        document.components.push(read);
        nested(list(product, "components"), 1, &graph, &mut document.components)?;
    }
    nested(list(value, "components"), 0, &graph, &mut document.components)?;
    Ok(document)
}

/// Who depends on whom, and what is said of its completeness.
struct Graph<'a> {
    next: BTreeMap<&'a str, Vec<String>>,
    related: BTreeSet<&'a str>,
    completeness: BTreeMap<&'a str, &'a str>,
    whole: Vec<String>,
}

impl<'a> Graph<'a> {
    fn of(value: &'a Value) -> Self {
        let mut graph =
            Self { next: BTreeMap::new(), related: BTreeSet::new(), completeness: BTreeMap::new(), whole: Vec::new() };
        for dependency in list(value, "dependencies") {
            let Some(from) = text(dependency, "ref") else { continue };
            let to: Vec<&str> = list(dependency, "dependsOn").iter().filter_map(Value::as_str).collect();
            if !to.is_empty() {
                graph.related.insert(from);
                graph.related.extend(&to);
            }
            graph.next.entry(from).or_default().extend(to.into_iter().map(ToOwned::to_owned));
        }
        let product = value.pointer("/metadata/component").and_then(|product| text(product, "bom-ref"));
        let mut of_parts = Vec::new();
        for composition in list(value, "compositions") {
            let Some(aggregate) = text(composition, "aggregate") else { continue };
            let [assemblies, dependencies] = ["assemblies", "dependencies"].map(|name| list(composition, name));
            let of: BTreeSet<&str> = assemblies.iter().chain(dependencies).filter_map(Value::as_str).collect();
            // What names the product or nothing is about the whole.
            let is_whole = of.is_empty() || product.is_some_and(|product| of.contains(product));
            if is_whole { &mut graph.whole } else { &mut of_parts }.push(aggregate.to_owned());
            graph.completeness.extend(of.into_iter().map(|one| (one, aggregate)));
        }
        if graph.whole.is_empty() {
            graph.whole = of_parts;
        }
        graph.whole.sort();
        graph.whole.dedup();
        graph
    }
}

fn nested(components: &[Value], depth: usize, graph: &Graph<'_>, all: &mut Vec<Listed>) -> Result<(), Fault> {
    if depth > DEEPEST {
        return Err(Fault::whole(format!("components deeper than {DEEPEST} levels")));
    }
    for one in components.iter().filter(|one| one.is_object()) {
        all.push(component(one, graph));
        nested(list(one, "components"), depth + 1, graph, all)?;
    }
    Ok(())
}

fn component(value: &Value, graph: &Graph<'_>) -> Listed {
    let properties = list(value, "properties");
    let property =
        |name: &str| properties.iter().find(|one| text(one, "name") == Some(name)).and_then(|one| owned(one, "value"));
    let id = text(value, "bom-ref").unwrap_or_default();
    let references = list(value, "externalReferences");
    let of_type = |types: &[&str]| {
        references.iter().filter(|one| text(one, "type").is_some_and(|word| types.contains(&word))).collect::<Vec<_>>()
    };
    let url = |types: &[&str]| of_type(types).into_iter().find_map(|one| owned(one, "url"));
    let sums = |types: &[&str]| of_type(types).into_iter().flat_map(hashes).collect::<Vec<Digest>>();
    let delivered = ["distribution", "distribution-intake"];
    let mut listed = Listed {
        id: id.to_owned(),
        excluded: text(value, "scope") == Some("excluded"),
        name: owned(value, "name"),
        version: owned(value, "version").or_else(|| owned(value, "versionRange")),
        purl: owned(value, "purl"),
        hashes: hashes(value),
        delivered_hashes: sums(&delivered),
        source_hashes: sums(&["source-distribution"]),
        depends_on: graph.next.get(id).cloned().unwrap_or_default(),
        states_dependencies: !id.is_empty() && graph.next.contains_key(id),
        related: !id.is_empty() && graph.related.contains(id),
        completeness: graph.completeness.get(id).map(|word| (*word).to_owned()),
        source_url: url(&["source-distribution", "vcs"]),
        download_url: url(&delivered),
        security_txt: url(&["rfc-9116"]),
        filename: property("bsi:component:filename"),
        executable: property("bsi:component:executable"),
        archive: property("bsi:component:archive"),
        structured: property("bsi:component:structured"),
        effective: property("bsi:component:effectiveLicence").or_else(|| property("bsi:component:effectiveLicense")),
        unknown: named(properties.iter(), UNKNOWN).unwrap_or_default(),
        withheld: named(properties.iter(), WITHHELD).unwrap_or_default(),
        ..Listed::default()
    };
    let swid = value.get("swid").and_then(|swid| owned(swid, "tagId"));
    listed.identifiers.extend(owned(value, "cpe").into_iter().chain(swid));
    for name in ["omniborId", "swhid"] {
        listed.identifiers.extend(list(value, name).iter().filter_map(Value::as_str).map(ToOwned::to_owned));
    }
    // Version 1.5 has no field for what names a commit for everybody.
    let of_commit = references.iter().filter_map(|one| owned(one, "url")).filter(|url| url.starts_with("swh:1:"));
    listed.identifiers.extend(of_commit);
    let organization = |name: &str| value.get(name).filter(|one| one.is_object()).map(party);
    listed.suppliers.extend(organization("supplier"));
    listed.producers.extend(organization("manufacturer"));
    listed.producers.extend(list(value, "authors").iter().map(party));
    for name in ["author", "publisher"] {
        listed.producers.extend(owned(value, name).map(|name| Party { name: Some(name), contacts: Vec::new() }));
    }
    for parties in [&mut listed.suppliers, &mut listed.producers] {
        parties.retain(|party| *party != Party::default());
    }
    for choice in list(value, "licenses") {
        let licence = choice.get("license").unwrap_or(choice);
        let name = owned(choice, "expression").or_else(|| owned(licence, "id")).or_else(|| owned(licence, "name"));
        let Some(name) = name else { continue };
        if text(licence, "acknowledgement") == Some("concluded") {
            listed.concluded.push(name);
        } else {
            listed.declared.push(name);
        }
    }
    listed
}

fn hashes(value: &Value) -> Vec<Digest> {
    list(value, "hashes").iter().filter_map(|one| digest(text(one, "alg")?, text(one, "content")?)).collect()
}

/// An organisation, or a person with an address.
fn party(value: &Value) -> Party {
    let mut contacts: Vec<String> = owned(value, "email").into_iter().collect();
    match value.get("url") {
        Some(Value::Array(urls)) => contacts.extend(urls.iter().filter_map(Value::as_str).map(ToOwned::to_owned)),
        _ => contacts.extend(owned(value, "url")),
    }
    let inner = list(value, "contact");
    contacts.extend(inner.iter().filter_map(|one| owned(one, "email")));
    let name = owned(value, "name").or_else(|| inner.iter().find_map(|one| owned(one, "name")));
    Party { name, contacts }
}

fn tools(metadata: &Value) -> Vec<Tool> {
    let Some(tools) = metadata.get("tools") else { return Vec::new() };
    let lists = match tools {
        Value::Array(all) => [all.as_slice(), &[]],
        _ => [list(tools, "components"), list(tools, "services")],
    };
    lists
        .into_iter()
        .flatten()
        .filter_map(|one| Some(Tool { name: owned(one, "name")?, version: owned(one, "version") }))
        .collect()
}

/// Names of fields in the properties of a name; nothing where there is no such property.
fn named<'v>(properties: impl Iterator<Item = &'v Value>, name: &str) -> Option<BTreeSet<String>> {
    let of_name = properties.filter(|one| text(one, "name") == Some(name)).filter_map(|one| text(one, "value"));
    let sets: Vec<BTreeSet<String>> = of_name.map(super::names).collect();
    (!sets.is_empty()).then(|| sets.into_iter().flatten().collect())
}

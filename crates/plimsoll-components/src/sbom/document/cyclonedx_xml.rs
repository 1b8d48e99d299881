//! CycloneDX as XML, put into the form of its JSON; one reader understands both.
//!
//! What of XML has no place there (elements of other namespaces, the order of elements) is not looked at. A document type
//! declaration is refused, and with it every entity of the document's own.
//!
//! Source: the XML schemas of CycloneDX 1.0 to 1.7.

use std::collections::BTreeMap;

use roxmltree::Node;
use serde_json::{Map, Value, json};

use super::{
    DEEPEST, Document, Fault,
    cyclonedx::{minor, of_value},
    cyclonedx_rules::Dialect,
    fault::Faults,
};
use crate::xml::{self, Refused};

const NAMESPACE: &str = "http://cyclonedx.org/schema/bom/";

pub(super) fn read(text: &str, faults: &mut Faults) -> Result<Document, Fault> {
    let parsed = xml::parse(text, 2 * DEEPEST + 20).map_err(|refused| match refused {
        Refused::TooDeep => too_deep(),
        Refused::Other(reason) => Fault::whole(reason),
    })?;
    let root = parsed.root_element();
    let name = root.tag_name();
    let namespace = name.namespace().unwrap_or_default();
    if name.name() == "RDF" && namespace.starts_with("http://www.w3.org/1999/02/22-rdf-syntax-ns") {
        return Err(Fault::whole("SPDX as RDF is not read; give it as JSON, YAML or tag-value"));
    }
    if name.name() == "Document" && root.children().any(|child| child.tag_name().name() == "spdxVersion") {
        return Err(Fault::whole("SPDX as XML is not read; give it as JSON, YAML or tag-value"));
    }
    let Some(version) = namespace.strip_prefix(NAMESPACE).filter(|_| name.name() == "bom") else {
        return Err(super::neither());
    };
    let version = super::version(version)?;
    let Some(minor) = minor(&version) else {
        return Err(Fault::whole(format!("CycloneDX {version} as XML is not read; 1.0 to 1.7 are")));
    };
    let mut reader = Reader { places: BTreeMap::new(), faults: Faults::default(), too_deep: false };
    let value = reader.bom(root, &version);
    if reader.too_deep {
        return Err(too_deep());
    }
    let mut found = std::mem::take(&mut reader.faults);
    let document = of_value(&value, version, Dialect { minor, xml: true }, &mut found)?;
    for fault in found.found {
        let line = reader.offset(&fault.place).map(|at| parsed.text_pos_at(at).row);
        let place = line.map_or(String::new(), |line| format!("line {line}"));
        let rule = match told(&fault.place) {
            Some(what) => format!("{what} {}", fault.rule),
            None => fault.rule,
        };
        faults.add_at(place, rule);
    }
    Ok(document)
}

fn too_deep() -> Fault {
    Fault::whole(format!("elements deeper than {DEEPEST} levels of components"))
}

/// The last name of a place, for who sees the line alone.
fn told(place: &str) -> Option<String> {
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (_, last) = place.rsplit_once('/')?;
    let name = place.rsplit('/').find(|part| !is_number(part))?;
    Some(if is_number(last) { format!("one of {name}") } else { name.to_owned() })
}

struct Reader {
    /// Where in the text an object begins, by its JSON pointer.
    places: BTreeMap<String, usize>,
    faults: Faults,
    too_deep: bool,
}

impl Reader {
    /// The offset of the innermost object at or above a place.
    fn offset(&self, place: &str) -> Option<usize> {
        let mut place = place;
        loop {
            if let Some(at) = self.places.get(place) {
                return Some(*at);
            }
            place = place.rsplit_once('/')?.0;
        }
    }

    fn bom(&mut self, node: Node<'_, '_>, version: &str) -> Value {
        let mut object = self.object(node, "", 0, &["version"]);
        if let Some(number) = node.attribute("version") {
            let number = number.trim();
            object.insert("version".to_owned(), number.parse::<u64>().map_or_else(|_| json!(number), Value::from));
        }
        object.insert("bomFormat".to_owned(), json!("CycloneDX"));
        object.insert("specVersion".to_owned(), json!(version));
        if node.children().any(|child| child.is_element() && child.tag_name().name() == "Signature") {
            object.insert("signature".to_owned(), json!({}));
        }
        Value::Object(object)
    }

    /// An element with attributes and elements inside.
    fn object(&mut self, node: Node<'_, '_>, place: &str, depth: usize, without: &[&str]) -> Map<String, Value> {
        let mut object = Map::new();
        // Each level of components is two levels of elements.
        if depth > 2 * DEEPEST {
            self.too_deep = true;
            return object;
        }
        self.places.insert(place.to_owned(), node.range().start);
        for attribute in node.attributes().filter(|attribute| attribute.namespace().is_none()) {
            if !without.contains(&attribute.name()) {
                object.insert(attribute.name().to_owned(), json!(attribute.value()));
            }
        }
        let namespace = node.tag_name().namespace();
        let own = |child: &Node<'_, '_>| child.is_element() && child.tag_name().namespace() == namespace;
        for child in node.children().filter(own) {
            let name = child.tag_name().name();
            let inner = format!("{place}/{name}");
            let value = self.member(child, node.tag_name().name(), &inner, depth + 1);
            // These may stand several times.
            if let ("url" | "contact" | "omniborId" | "swhid", Value::Array(more)) = (name, &value) {
                if let Some(Value::Array(all)) = object.get_mut(name) {
                    all.extend(more.iter().cloned());
                    continue;
                }
            } else if object.contains_key(name) {
                self.faults.add_at(place.to_owned(), format!("has {name} more than once"));
                continue;
            }
            object.insert(name.to_owned(), value);
        }
        object
    }

    /// What an element is, by its name and that of the element around it.
    fn member(&mut self, node: Node<'_, '_>, outer: &str, place: &str, depth: usize) -> Value {
        let name = node.tag_name().name();
        match (outer, name) {
            (_, list) if is_list(list) => self.items(node, place, depth),
            ("metadata", "tools") if elements(node).any(|child| child.tag_name().name() != "tool") => {
                Value::Object(self.object(node, place, depth, &[]))
            }
            ("metadata", "tools") => self.items(node, place, depth),
            (_, "properties") => self.texts_with(node, place, depth, "value"),
            (_, "hashes") => self.texts_with(node, place, depth, "content"),
            ("component" | "metadata" | "service", "licenses") => self.licences(node, place, depth),
            ("bom", "dependencies") => self.dependencies(node, place),
            ("composition", "assemblies" | "dependencies") => {
                elements(node).filter_map(|child| child.attribute("ref")).map(|to| json!(to)).collect()
            }
            ("citation", "pointers" | "expressions") | ("service", "endpoints") => {
                elements(node).map(|child| json!(content(child))).collect()
            }
            ("service", "data") => self.data(node, place),
            ("supplier" | "manufacturer" | "manufacture" | "provider", "url") | (_, "omniborId" | "swhid") => {
                json!([content(node)])
            }
            ("supplier" | "manufacturer" | "manufacture" | "provider", "contact") => {
                Value::Array(vec![Value::Object(self.object(node, place, depth, &[]))])
            }
            ("bom", "metadata")
            | ("metadata", "component" | "supplier" | "manufacture" | "manufacturer")
            | ("component", "supplier" | "manufacturer" | "pedigree" | "swid")
            | ("patch", "diff") => Value::Object(self.object(node, place, depth, &[])),
            (_, "text") => attachment(node),
            ("bom", "annotations" | "formulation" | "declarations" | "definitions") => json!([]),
            // What is not read in detail.
            _ if elements(node).next().is_some() => json!({}),
            _ => json!(content(node)),
        }
    }

    /// A list of objects, one for each element inside.
    fn items(&mut self, node: Node<'_, '_>, place: &str, depth: usize) -> Value {
        let mut items = Vec::new();
        let namespace = node.tag_name().namespace();
        let inside = elements(node).filter(|child| child.tag_name().namespace() == namespace);
        for (at, child) in inside.enumerate() {
            let inner = format!("{place}/{at}");
            if !singular(node.tag_name().name()).contains(&child.tag_name().name()) {
                self.places.insert(place.to_owned(), node.range().start);
                let name = plimsoll_model::excerpt(child.tag_name().name(), 60);
                self.faults.add_at(place.to_owned(), format!("has {name}, which does not belong there"));
                continue;
            }
            items.push(Value::Object(self.object(child, &inner, depth + 1, &[])));
        }
        Value::Array(items)
    }

    /// A list of elements with attributes and a text.
    fn texts_with(&mut self, node: Node<'_, '_>, place: &str, depth: usize, name: &str) -> Value {
        let mut items = Vec::new();
        for (at, child) in elements(node).enumerate() {
            let mut object = self.object(child, &format!("{place}/{at}"), depth + 1, &[]);
            object.insert(name.to_owned(), json!(content(child)));
            items.push(Value::Object(object));
        }
        Value::Array(items)
    }

    fn licences(&mut self, node: Node<'_, '_>, place: &str, depth: usize) -> Value {
        let mut items = Vec::new();
        for (at, child) in elements(node).enumerate() {
            let inner = format!("{place}/{at}");
            self.places.insert(inner.clone(), child.range().start);
            items.push(match child.tag_name().name() {
                "expression" => {
                    json!({ "expression": content(child), "acknowledgement": child.attribute("acknowledgement") })
                }
                "expression-detailed" => {
                    json!({ "expression": child.attribute("expression"), "acknowledgement": child.attribute("acknowledgement") })
                }
                _ => json!({ "license": self.object(child, &format!("{inner}/license"), depth + 1, &[]) }),
            });
        }
        Value::Array(items)
    }

    fn dependencies(&mut self, node: Node<'_, '_>, place: &str) -> Value {
        let mut items = Vec::new();
        for (at, child) in elements(node).enumerate() {
            self.places.insert(format!("{place}/{at}"), child.range().start);
            let mut object = Map::new();
            object.extend(child.attribute("ref").map(|from| ("ref".to_owned(), json!(from))));
            for (element, member) in [("dependency", "dependsOn"), ("provides", "provides")] {
                let to = elements(child).filter(|one| one.tag_name().name() == element);
                let to: Vec<Value> = to.map(|one| one.attribute("ref").map_or(Value::Null, |to| json!(to))).collect();
                if !to.is_empty() || element == "dependency" {
                    object.insert(member.to_owned(), Value::Array(to));
                }
            }
            items.push(Value::Object(object));
        }
        Value::Array(items)
    }

    /// What flows through a service: before 1.5 the classification alone.
    fn data(&mut self, node: Node<'_, '_>, place: &str) -> Value {
        let mut items = Vec::new();
        for (at, child) in elements(node).enumerate() {
            self.places.insert(format!("{place}/{at}"), child.range().start);
            let inner = elements(child).find(|one| one.tag_name().name() == "classification").unwrap_or(child);
            let mut object = Map::new();
            object.insert("classification".to_owned(), json!(content(inner)));
            object.extend(inner.attribute("flow").map(|flow| ("flow".to_owned(), json!(flow))));
            items.push(Value::Object(object));
        }
        Value::Array(items)
    }
}

/// Is it a list of objects wherever it stands?
fn is_list(name: &str) -> bool {
    name != "tools" && !singular(name).is_empty()
}

/// What a list's items are called.
fn singular(list: &str) -> &'static [&'static str] {
    match list {
        "components" | "ancestors" | "descendants" | "variants" => &["component"],
        "services" => &["service"],
        "patches" => &["patch"],
        "compositions" => &["composition"],
        "externalReferences" => &["reference"],
        "authors" => &["author"],
        "lifecycles" => &["lifecycle"],
        "vulnerabilities" => &["vulnerability"],
        "resolves" => &["issue"],
        "citations" => &["citation"],
        "tools" => &["tool"],
        _ => &[],
    }
}

fn elements<'a, 'i>(node: Node<'a, 'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(Node::is_element)
}

/// All texts of an element, without the space around.
fn content(node: Node<'_, '_>) -> String {
    let texts = node.children().filter(Node::is_text).filter_map(|child| child.text());
    texts.collect::<String>().trim().to_owned()
}

fn attachment(node: Node<'_, '_>) -> Value {
    let mut object = Map::new();
    object.insert("content".to_owned(), json!(content(node)));
    for (attribute, member) in [("encoding", "encoding"), ("content-type", "contentType")] {
        object.extend(node.attribute(attribute).map(|value| (member.to_owned(), json!(value))));
    }
    Value::Object(object)
}

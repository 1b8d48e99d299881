//! Rules of CycloneDX that a document may break: what has to be there, of which kind, out of which words, and what refers to
//! what. They stand for what the invalid documents of the specification's own tests show; a document that keeps them may still
//! break one that is not here.
//!
//! Source: the JSON schemas of CycloneDX 1.2 to 1.7.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    DEEPEST,
    cyclonedx_words::{self as words, Words, has},
    fault::{Faults, Place},
    is_moment,
};

/// The version of a document, and whether it is XML.
#[derive(Clone, Copy)]
pub(super) struct Dialect {
    pub minor: u16,
    pub xml: bool,
}

pub(super) fn check(bom: &Value, dialect: Dialect, faults: &mut Faults) {
    let mut rules = Rules { dialect, faults };
    rules.bom(bom);
    rules.references(bom);
}

struct Rules<'f> {
    dialect: Dialect,
    faults: &'f mut Faults,
}

impl Rules<'_> {
    fn bom(&mut self, bom: &Value) {
        let root = Place::Root;
        let minor = self.dialect.minor;
        self.members(bom, words::BOM, root, 4);
        if bom.get("bomFormat").and_then(Value::as_str) != Some("CycloneDX") {
            self.faults.add(&root.member("bomFormat"), "has to be \"CycloneDX\"");
        }
        match bom.get("version") {
            None if minor < 5 && !self.dialect.xml => self.faults.add(&root, "has no version, a number from 1"),
            None => {}
            Some(version) => {
                let least = u64::from(minor >= 5);
                if version.as_u64().is_none_or(|version| version < least) {
                    self.faults.add(&root.member("version"), format!("has to be a whole number from {least}"));
                }
            }
        }
        if let Some(serial) = self.string(bom, "serialNumber", root)
            && !is_serial(serial)
        {
            self.faults.add(&root.member("serialNumber"), "has to be urn:uuid: with a UUID in lower-case hexadecimal");
        }
        let place = root.member("metadata");
        if let Some(metadata) = self.object(bom, "metadata", root) {
            self.metadata(metadata, place);
        }
        self.each(bom, "components", root, |rules, component, place| rules.component(component, place, 0));
        self.each(bom, "services", root, |rules, service, place| rules.service(service, place, 0));
        self.each(bom, "externalReferences", root, Self::external_reference);
        self.each(bom, "properties", root, Self::property);
        self.each(bom, "dependencies", root, Self::dependency);
        self.each(bom, "compositions", root, |rules, composition, place| {
            rules.one_of(composition, "aggregate", words::AGGREGATE, place, true);
        });
        self.each(bom, "vulnerabilities", root, |_, _, _| ());
        self.each(bom, "citations", root, Self::citation);
    }

    fn metadata(&mut self, metadata: &Value, place: Place<'_>) {
        if let Some(time) = self.string(metadata, "timestamp", place) {
            // XML Schema has times without an offset.
            let civil = self.dialect.xml && time.parse::<jiff::civil::DateTime>().is_ok();
            if !is_moment(time) && !civil {
                self.faults.add(&place.member("timestamp"), "has to be a date with time and offset (RFC 3339)");
            }
        }
        if let Some(component) = self.object(metadata, "component", place) {
            self.component(component, place.member("component"), 0);
        }
        self.each(metadata, "authors", place, |_, _, _| ());
        self.licences(metadata, place);
        self.each(metadata, "properties", place, Self::property);
        self.each(metadata, "lifecycles", place, |rules, lifecycle, place| {
            if lifecycle.get("phase").is_some() {
                rules.one_of(lifecycle, "phase", words::PHASE, place, true);
            } else if rules.string(lifecycle, "name", place).is_none() {
                rules.faults.add(&place, "has neither phase nor name");
            }
        });
        match metadata.get("tools") {
            None | Some(Value::Array(_)) => self.each(metadata, "tools", place, |_, _, _| ()),
            Some(tools) if self.dialect.minor >= 5 && tools.is_object() => {
                let place = place.member("tools");
                self.each(tools, "components", place, |rules, tool, place| rules.component(tool, place, 1));
                self.each(tools, "services", place, |rules, tool, place| rules.service(tool, place, 1));
            }
            Some(_) => self.faults.add(&place.member("tools"), "is of another kind than the schema has it"),
        }
    }

    fn component(&mut self, component: &Value, place: Place<'_>, depth: usize) {
        if depth > DEEPEST {
            return self.faults.add(&place, format!("components deeper than {DEEPEST} levels"));
        }
        self.members(component, words::COMPONENT, place, 4);
        self.one_of(component, "type", words::TYPE, place, self.dialect.minor > 0 || !self.dialect.xml);
        self.required(component, "name", place);
        if self.dialect.minor < 4 {
            self.required(component, "version", place);
        }
        for name in ["version", "purl", "cpe", "group", "publisher", "author", "copyright", "description", "mime-type"]
        {
            self.string(component, name, place);
        }
        if self.string(component, "bom-ref", place) == Some("") {
            self.faults.add(&place.member("bom-ref"), "is empty");
        }
        self.one_of(component, "scope", words::SCOPE, place, false);
        for name in ["supplier", "manufacturer"] {
            self.object(component, name, place);
        }
        self.hashes(component, place);
        self.licences(component, place);
        self.each(component, "externalReferences", place, Self::external_reference);
        self.each(component, "properties", place, Self::property);
        if let Some(pedigree) = self.object(component, "pedigree", place) {
            let place = place.member("pedigree");
            for name in ["ancestors", "descendants", "variants"] {
                self.each(pedigree, name, place, |rules, inner, place| rules.component(inner, place, depth + 1));
            }
            self.each(pedigree, "patches", place, Self::patch);
        }
        self.each(component, "components", place, |rules, inner, place| rules.component(inner, place, depth + 1));
    }

    fn patch(&mut self, patch: &Value, place: Place<'_>) {
        self.one_of(patch, "type", words::PATCH, place, true);
        if let Some(diff) = self.object(patch, "diff", place) {
            self.attachment(diff, "text", place.member("diff"));
        }
        self.each(patch, "resolves", place, |rules, issue, place| {
            rules.one_of(issue, "type", words::ISSUE, place, true);
        });
    }

    fn service(&mut self, service: &Value, place: Place<'_>, depth: usize) {
        if depth > DEEPEST {
            return self.faults.add(&place, format!("services deeper than {DEEPEST} levels"));
        }
        self.members(service, words::SERVICE, place, 4);
        self.required(service, "name", place);
        self.licences(service, place);
        self.each(service, "externalReferences", place, Self::external_reference);
        self.each(service, "properties", place, Self::property);
        self.each(service, "data", place, |rules, data, place| {
            rules.one_of(data, "flow", words::FLOW, place, true);
            rules.required(data, "classification", place);
        });
        self.each(service, "services", place, |rules, inner, place| rules.service(inner, place, depth + 1));
    }

    fn hashes(&mut self, of: &Value, place: Place<'_>) {
        self.each(of, "hashes", place, |rules, hash, place| {
            rules.one_of(hash, "alg", words::ALGORITHM, place, true);
            if let Some(content) = rules.required(hash, "content", place)
                && !is_digest(content)
            {
                rules.faults.add(&place.member("content"), "is no digest of 32, 40, 64, 96 or 128 hexadecimal digits");
            }
        });
    }

    fn licences(&mut self, of: &Value, place: Place<'_>) {
        let mut kinds = BTreeSet::new();
        let mut count = 0;
        self.each(of, "licenses", place, |rules, choice, place| {
            count += 1;
            let expression = rules.string(choice, "expression", place).is_some();
            let licence = rules.object(choice, "license", place);
            kinds.insert(expression);
            match (licence, expression) {
                (Some(licence), false) => rules.licence(licence, place.member("license")),
                (None, true) => {}
                _ => rules.faults.add(&place, "has to have either license or expression"),
            }
        });
        let strict = self.dialect.minor < 7 && (self.dialect.minor >= 5 || self.dialect.xml);
        if strict && kinds.contains(&true) && count > 1 {
            self.faults.add(&place.member("licenses"), "holds an expression next to another licence");
        }
    }

    fn licence(&mut self, licence: &Value, place: Place<'_>) {
        let id = self.string(licence, "id", place);
        let name = self.string(licence, "name", place);
        if id.is_some() == name.is_some() {
            self.faults.add(&place, "has to have either id or name");
        }
        if let Some(id) = id
            && !is_listed(id)
        {
            self.faults.add(&place.member("id"), "is no identifier of the SPDX licence list");
        }
        self.attachment(licence, "text", place);
    }

    fn attachment(&mut self, of: &Value, name: &str, place: Place<'_>) {
        if let Some(text) = self.object(of, name, place) {
            let place = place.member(name);
            if self.string(text, "encoding", place).is_some_and(|encoding| encoding != "base64") {
                self.faults.add(&place.member("encoding"), "has to be \"base64\"");
            }
            self.required(text, "content", place);
        }
    }

    fn external_reference(&mut self, reference: &Value, place: Place<'_>) {
        self.one_of(reference, "type", words::REFERENCE, place, true);
        self.required(reference, "url", place);
        self.hashes(reference, place);
    }

    fn property(&mut self, property: &Value, place: Place<'_>) {
        if !property.is_object() {
            return self.faults.add(&place, "has to be an object");
        }
        self.string(property, "name", place);
        self.string(property, "value", place);
    }

    fn dependency(&mut self, dependency: &Value, place: Place<'_>) {
        if self.required(dependency, "ref", place) == Some("") {
            self.faults.add(&place.member("ref"), "is empty");
        }
        for name in ["dependsOn", "provides"] {
            self.each(dependency, name, place, |rules, one, place| {
                if one.as_str().is_none_or(str::is_empty) {
                    rules.faults.add(&place, "has to be a reference");
                }
            });
        }
    }

    fn citation(&mut self, citation: &Value, place: Place<'_>) {
        if citation.get("pointers").is_some() == citation.get("expressions").is_some() {
            self.faults.add(&place, "has to have either pointers or expressions");
        }
        if citation.get("attributedTo").is_none() && citation.get("process").is_none() {
            self.faults.add(&place, "has neither attributedTo nor process");
        }
        self.required(citation, "timestamp", place);
    }

    /// Names that stand for one thing, and references to nothing.
    fn references(&mut self, bom: &Value) {
        let mut names = BTreeSet::new();
        collect_references(bom, Place::Root, 0, &mut names, self.faults);
        // How it was made may say what was there more than once: the specification's own valid documents do.
        if let Some(formulation) = bom.get("formulation") {
            collect_references(formulation, Place::Root, 0, &mut names, &mut Faults::default());
        }
        let known = |reference: &str| names.contains(reference) || reference.starts_with("urn:cdx:");
        let mut dependents = BTreeSet::new();
        self.each(bom, "dependencies", Place::Root, |rules, dependency, place| {
            let Some(from) = dependency.get("ref").and_then(Value::as_str).filter(|from| !from.is_empty()) else {
                return;
            };
            if !dependents.insert(from.to_owned()) {
                rules.faults.add(&place, "is the second one of its ref");
            }
            if !known(from) {
                rules.faults.add(&place.member("ref"), "refers to nothing in the document");
            }
            for name in ["dependsOn", "provides"] {
                rules.each(dependency, name, place, |rules, to, place| {
                    if to.as_str().is_some_and(|to| !to.is_empty() && !known(to)) {
                        rules.faults.add(&place, "refers to nothing in the document");
                    }
                });
            }
        });
    }

    // What the schema says of members.

    fn members(&mut self, of: &Value, known: &Words, place: Place<'_>, since: u16) {
        let Some(object) = of.as_object() else { return self.faults.add(&place, "has to be an object") };
        // XML has its own places for what others add.
        if self.dialect.minor < since && !self.dialect.xml {
            return;
        }
        // A signature of XML is of another namespace, and may be in every version.
        let signature = |name: &str| self.dialect.xml && name == "signature";
        let strange = |name: &&String| !has(known, self.dialect.minor, name) && !signature(name);
        for name in object.keys().filter(strange) {
            let shown = plimsoll_model::excerpt(name, 60);
            self.faults.add(&place, format!("has {shown}, which version 1.{} does not have", self.dialect.minor));
        }
    }

    fn string<'v>(&mut self, of: &'v Value, name: &str, place: Place<'_>) -> Option<&'v str> {
        let value = of.get(name)?;
        if !value.is_string() {
            self.faults.add(&place.member(name), "has to be a text");
        }
        value.as_str()
    }

    fn required<'v>(&mut self, of: &'v Value, name: &str, place: Place<'_>) -> Option<&'v str> {
        if of.get(name).is_none() {
            self.faults.add(&place, format!("has no {name}"));
        }
        self.string(of, name, place)
    }

    fn object<'v>(&mut self, of: &'v Value, name: &str, place: Place<'_>) -> Option<&'v Value> {
        let value = of.get(name)?;
        if !value.is_object() {
            self.faults.add(&place.member(name), "has to be an object");
        }
        Some(value).filter(|value| value.is_object())
    }

    fn one_of(&mut self, of: &Value, name: &str, known: &Words, place: Place<'_>, required: bool) {
        let word = if required { self.required(of, name, place) } else { self.string(of, name, place) };
        if let Some(word) = word
            && !has(known, self.dialect.minor, word)
        {
            let shown = plimsoll_model::excerpt(word, 60);
            let minor = self.dialect.minor;
            self.faults.add(&place.member(name), format!("\"{shown}\" is no word that version 1.{minor} has for it"));
        }
    }

    fn each(&mut self, of: &Value, name: &str, place: Place<'_>, mut check: impl FnMut(&mut Self, &Value, Place<'_>)) {
        let Some(value) = of.get(name) else { return };
        let place = place.member(name);
        let Some(items) = value.as_array() else { return self.faults.add(&place, "has to be a list") };
        for (at, item) in items.iter().enumerate() {
            check(self, item, place.item(at));
        }
    }
}

/// Every `bom-ref` of the document; one that appears twice is a fault.
fn collect_references<'v>(
    value: &'v Value,
    place: Place<'_>,
    depth: usize,
    names: &mut BTreeSet<&'v str>,
    faults: &mut Faults,
) {
    // Bounded by the reader as well.
    if depth > 2 * DEEPEST + 20 {
        return;
    }
    match value {
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                collect_references(item, place.item(at), depth + 1, names, faults);
            }
        }
        Value::Object(members) => {
            if let Some(name) = members.get("bom-ref").and_then(Value::as_str)
                && !names.insert(name)
            {
                faults.add(&place.member("bom-ref"), "is the name of something else, too");
            }
            for (name, member) in members.iter().filter(|(name, _)| depth > 0 || *name != "formulation") {
                collect_references(member, place.member(name), depth + 1, names, faults);
            }
        }
        _ => {}
    }
}

/// Is it in the SPDX list? The list of the format has exceptions in it, too.
fn is_listed(id: &str) -> bool {
    let licence = spdx::identifiers::LICENSES.binary_search_by(|one| one.name.cmp(id)).is_ok();
    id != "NOASSERTION" && (licence || spdx::exception_id(id).is_some_and(|found| found.name == id))
}

fn is_serial(text: &str) -> bool {
    text.strip_prefix("urn:uuid:").is_some_and(|uuid| {
        let parts: Vec<&str> = uuid.split('-').collect();
        parts.len() == 5
            && parts.iter().zip([8, 4, 4, 4, 12]).all(|(part, length)| plimsoll_model::is_hex(part, length))
    })
}

fn is_digest(text: &str) -> bool {
    [32, 40, 64, 96, 128].contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

//! SPDX 2 as tag-value, put into the form of its JSON.
//!
//! Source: SPDX 2.3, clause 6 to 12, the tag of each field.

use serde_json::{Map, Value, json};

use super::Fault;

/// What the lines at hand are about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Document,
    Package,
    File,
    Other,
}

pub(super) fn read(text: &str) -> Result<Value, Fault> {
    let mut read = Read::default();
    let mut lines = text.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        if line.starts_with('#') {
            continue;
        }
        let Some((tag, value)) = line.split_once(':') else { continue };
        let value = value.trim();
        // A text may hold lines that look like tags.
        let mut whole = value.to_owned();
        if let Some(start) = value.strip_prefix("<text>") {
            start.clone_into(&mut whole);
            let mut ended = start.contains("</text>");
            while !ended {
                let Some((_, more)) = lines.next() else {
                    return Err(Fault {
                        place: format!("line {}", at + 1),
                        rule: "a text in it does not end".to_owned(),
                    });
                };
                ended = more.contains("</text>");
                whole.push('\n');
                whole.push_str(more);
            }
            whole.truncate(whole.find("</text>").unwrap_or_default());
        }
        read.tag(tag.trim(), &whole);
    }
    Ok(read.finish())
}

#[derive(Default)]
struct Read {
    document: Map<String, Value>,
    creation: Map<String, Value>,
    packages: Vec<Value>,
    files: Vec<Value>,
    relationships: Vec<Value>,
    extracted: Vec<Value>,
    section: Option<Section>,
}

impl Read {
    fn tag(&mut self, tag: &str, value: &str) {
        match tag {
            "PackageName" => {
                self.section = Some(Section::Package);
                self.packages.push(json!({ "name": value }));
            }
            "FileName" => {
                self.section = Some(Section::File);
                self.files.push(json!({ "fileName": value }));
            }
            "SnippetSPDXID" | "Reviewer" | "Annotator" => self.section = Some(Section::Other),
            "LicenseID" => {
                self.section = Some(Section::Other);
                self.extracted.push(json!({ "licenseId": value, "extractedText": "" }));
            }
            "Relationship" => {
                let mut words = value.split_whitespace();
                let (from, kind, to) = (words.next(), words.next(), words.next());
                self.relationships
                    .push(json!({ "spdxElementId": from, "relationshipType": kind, "relatedSpdxElement": to }));
            }
            "Creator" => push(&mut self.creation, "creators", json!(value)),
            "Created" => set(&mut self.creation, "created", json!(value)),
            "CreatorComment" => set(&mut self.creation, "comment", json!(value)),
            "ExternalDocumentRef" => {
                let id = value.split_whitespace().next().unwrap_or_default();
                push(&mut self.document, "externalDocumentRefs", json!({ "externalDocumentId": id }));
            }
            _ => self.field(tag, value),
        }
    }

    /// A field of what the lines at hand are about.
    fn field(&mut self, tag: &str, value: &str) {
        let section = self.section.unwrap_or(Section::Document);
        let object = match section {
            Section::Document => Some(&mut self.document),
            Section::Package => self.packages.last_mut().and_then(Value::as_object_mut),
            Section::File => self.files.last_mut().and_then(Value::as_object_mut),
            Section::Other => None,
        };
        let Some(object) = object else { return };
        let name = match (section, tag) {
            (_, "SPDXID") => "SPDXID",
            (Section::Document, "SPDXVersion") => "spdxVersion",
            (Section::Document, "DataLicense") => "dataLicense",
            (Section::Document, "DocumentName") => "name",
            (Section::Document, "DocumentNamespace") => "documentNamespace",
            (Section::Package, "PackageVersion") => "versionInfo",
            (Section::Package, "PackageSupplier") => "supplier",
            (Section::Package, "PackageOriginator") => "originator",
            (Section::Package, "PackageDownloadLocation") => "downloadLocation",
            (Section::Package, "PackageFileName") => "packageFileName",
            (Section::Package, "PackageLicenseConcluded") => "licenseConcluded",
            (Section::Package, "PackageLicenseDeclared") => "licenseDeclared",
            (Section::Package, "PackageComment") => "comment",
            (Section::Package, "PackageHomePage") => "homepage",
            (Section::Package, "PackageSourceInfo") => "sourceInfo",
            (Section::Package, "PackageChecksum") | (Section::File, "FileChecksum") => {
                let (algorithm, sum) = value.split_once(':').unwrap_or((value, ""));
                let sum = json!({ "algorithm": algorithm.trim(), "checksumValue": sum.trim() });
                return push(object, "checksums", sum);
            }
            (Section::Package, "ExternalRef") => {
                let mut words = value.split_whitespace();
                let (category, kind, locator) = (words.next(), words.next(), words.next());
                let reference =
                    json!({ "referenceCategory": category, "referenceType": kind, "referenceLocator": locator });
                return push(object, "externalRefs", reference);
            }
            _ => return,
        };
        set(object, name, json!(value));
    }

    fn finish(mut self) -> Value {
        let lists = [
            ("packages", self.packages),
            ("files", self.files),
            ("relationships", self.relationships),
            ("hasExtractedLicensingInfos", self.extracted),
        ];
        for (name, items) in lists {
            self.document.insert(name.to_owned(), Value::Array(items));
        }
        if !self.creation.is_empty() {
            self.document.insert("creationInfo".to_owned(), Value::Object(self.creation));
        }
        Value::Object(self.document)
    }
}

/// The first one holds.
fn set(object: &mut Map<String, Value>, name: &str, value: Value) {
    object.entry(name).or_insert(value);
}

fn push(object: &mut Map<String, Value>, name: &str, value: Value) {
    if let Value::Array(items) = object.entry(name).or_insert_with(|| Value::Array(Vec::new())) {
        items.push(value);
    }
}

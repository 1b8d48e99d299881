//! CycloneDX 1.6 and 1.7 JSON.
//!
//! The crate that writes 1.5 knows no newer version, and all that 1.5 says is said so in these. What they have besides is added
//! to its document.

use serde_json::{Map, Value, json};

use super::{
    cyclonedx::cyclonedx,
    described,
    entries::{self, DocumentInfo, Entries},
};
use crate::{error::ComponentsError, inventory::Inventory};

const FORMAT: &str = "CycloneDX";

/// Gives the components as a CycloneDX 1.6 document, with two spaces of indent and a newline at the end.
///
/// Beyond 1.5: who made what is the maker's own, under which acknowledgement a licence is known, the archive that a registry
/// delivers with its digests, and its form in BSI's words.
///
/// Source: CycloneDX 1.6; CISA, "2026 Minimum Elements for a Software Bill of Materials"; BSI TR-03183-2 2.1.0 with its
/// property taxonomy `bsi:component`.
pub(super) fn cyclonedx_1_6(inventory: &Inventory, info: &DocumentInfo) -> Result<Vec<u8>, ComponentsError> {
    newer(inventory, info, "1.6")
}

/// The same as CycloneDX 1.7.
pub(super) fn cyclonedx_1_7(inventory: &Inventory, info: &DocumentInfo) -> Result<Vec<u8>, ComponentsError> {
    newer(inventory, info, "1.7")
}

fn newer(inventory: &Inventory, info: &DocumentInfo, version: &str) -> Result<Vec<u8>, ComponentsError> {
    let write = |problem: String| ComponentsError::Write { format: FORMAT, problem };
    let older = cyclonedx(inventory, info)?;
    let mut document: Map<String, Value> = serde_json::from_slice(&older).map_err(|error| write(error.to_string()))?;
    document.insert("$schema".to_owned(), json!(format!("http://cyclonedx.org/schema/bom-{version}.schema.json")));
    document.insert("specVersion".to_owned(), json!(version));
    let entries = entries::entries(inventory);
    let maker = info.maker().map(|maker| {
        let mut shown = json!({ "name": maker.name });
        if let Some(object) = shown.as_object_mut() {
            object.extend(maker.url.map(|url| ("url".to_owned(), json!([url]))));
            object.extend(maker.email.map(|email| ("contact".to_owned(), json!([{ "email": email }]))));
        }
        shown
    });
    if let Some(metadata) = document.get_mut("metadata").and_then(Value::as_object_mut) {
        if let Some(product) = metadata.get_mut("component").and_then(Value::as_object_mut) {
            product.extend(maker.clone().map(|maker| ("manufacturer".to_owned(), maker)));
            declared(product);
            if let Some(id) = info.swhid() {
                product.remove("externalReferences");
                product.insert("swhid".to_owned(), json!([id]));
            }
        }
        metadata.extend(maker.clone().map(|maker| ("manufacturer".to_owned(), maker)));
    }
    let listed = document.get_mut("components").and_then(Value::as_array_mut).into_iter().flatten();
    for component in listed.filter_map(Value::as_object_mut) {
        describe(component, &entries, maker.as_ref());
    }
    let mut bytes = serde_json::to_vec_pretty(&document).map_err(|error| write(error.to_string()))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// What a manifest or lockfile says of a licence is declared by its maker; nobody here concluded anything.
fn declared(component: &mut Map<String, Value>) {
    let licences = component.get_mut("licenses").and_then(Value::as_array_mut).into_iter().flatten();
    for choice in licences {
        let licence = if choice.get("license").is_some() { choice.get_mut("license") } else { Some(choice) };
        if let Some(licence) = licence.and_then(Value::as_object_mut) {
            licence.insert("acknowledgement".to_owned(), json!("declared"));
        }
    }
}

/// Adds to one component what the older version has no place for.
fn describe(component: &mut Map<String, Value>, entries: &Entries<'_>, maker: Option<&Value>) {
    let reference = component.get("bom-ref").and_then(Value::as_str).unwrap_or_default().to_owned();
    let Some(entry) = entries.all.get(&reference) else { return };
    if component.get("version").is_some_and(|version| version == "") {
        component.remove("version");
    }
    if let Some(maker) = maker.filter(|_| entries.own.contains(&reference)) {
        component.insert("manufacturer".to_owned(), maker.clone());
    }
    declared(component);
    let Some(archive) = described::archive(entry) else { return };
    let mut reference = json!({ "type": "distribution", "url": archive.url });
    if let (Some(object), Some(hashes)) = (reference.as_object_mut(), component.get("hashes")) {
        object.insert("hashes".to_owned(), hashes.clone());
    }
    component.insert("externalReferences".to_owned(), json!([reference]));
    let properties = [
        ("bsi:component:filename", archive.file.as_str()),
        ("bsi:component:executable", "non-executable"),
        ("bsi:component:archive", "archive"),
        ("bsi:component:structured", "structured"),
    ];
    let properties = properties.map(|(name, value)| json!({ "name": name, "value": value }));
    if let Some(all) = component.entry("properties").or_insert_with(|| json!([])).as_array_mut() {
        all.extend(properties);
    }
}

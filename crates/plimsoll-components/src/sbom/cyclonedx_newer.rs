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
/// delivers with its digests, its form in BSI's words, and which of CISA's fields are not known of a component.
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
    let claimant = info.claimant();
    if let Some(metadata) = document.get_mut("metadata").and_then(Value::as_object_mut)
        && let Some(claimant) = &claimant
    {
        let maker = json!({ "name": claimant });
        if let Some(product) = metadata.get_mut("component").and_then(Value::as_object_mut) {
            product.insert("manufacturer".to_owned(), maker.clone());
        }
        metadata.insert("manufacturer".to_owned(), maker);
    }
    let listed = document.get_mut("components").and_then(Value::as_array_mut).into_iter().flatten();
    for component in listed.filter_map(Value::as_object_mut) {
        describe(component, &entries, claimant.as_deref());
    }
    let mut bytes = serde_json::to_vec_pretty(&document).map_err(|error| write(error.to_string()))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Adds to one component what the older version has no place for.
fn describe(component: &mut Map<String, Value>, entries: &Entries<'_>, claimant: Option<&str>) {
    let reference = component.get("bom-ref").and_then(Value::as_str).unwrap_or_default().to_owned();
    let Some(entry) = entries.all.get(&reference) else { return };
    let is_own = entries.own.contains(&reference);
    if component.get("version").is_some_and(|version| version == "") {
        component.remove("version");
    }
    if let Some(maker) = claimant.filter(|_| is_own) {
        component.insert("manufacturer".to_owned(), json!({ "name": maker }));
    }
    // What a manifest or lockfile says of its licence is declared by its maker; nobody here concluded anything.
    let licences = component.get_mut("licenses").and_then(Value::as_array_mut).into_iter().flatten();
    for licence in licences.filter_map(Value::as_object_mut) {
        licence.insert("acknowledgement".to_owned(), json!("declared"));
    }
    let mut properties = Vec::new();
    if let Some(archive) = described::archive(entry) {
        let mut reference = json!({ "type": "distribution", "url": archive.url });
        if let (Some(object), Some(hashes)) = (reference.as_object_mut(), component.get("hashes")) {
            object.insert("hashes".to_owned(), hashes.clone());
        }
        component.insert("externalReferences".to_owned(), json!([reference]));
        properties.extend([
            ("bsi:component:filename", archive.file.as_str().to_owned()),
            ("bsi:component:executable", "non-executable".to_owned()),
            ("bsi:component:archive", "archive".to_owned()),
            ("bsi:component:structured", "structured".to_owned()),
        ]);
    }
    let unknown = described::unknown(entry, is_own, claimant.is_some());
    if !unknown.is_empty() {
        properties.push(("plimsoll:unknown", unknown.join(", ")));
    }
    let properties = properties.into_iter().map(|(name, value)| json!({ "name": name, "value": value }));
    if let Some(all) = component.entry("properties").or_insert_with(|| json!([])).as_array_mut() {
        all.extend(properties);
    }
}

//! SPDX 2.3 JSON.

use serde_json::{Value, json};
use spdx_rs::models::{
    Algorithm, Checksum, DocumentCreationInformation, ExternalPackageReference, ExternalPackageReferenceCategory,
    PackageInformation, PrimaryPackagePurpose, Relationship, RelationshipType, SPDX,
};

use super::entries::{self, DocumentInfo, Entry};
use crate::{
    component::{Origin, Source},
    error::ComponentsError,
    hash::{self, Hash},
    inventory::Inventory,
};

const FORMAT: &str = "SPDX";
const PRODUCT: &str = "SPDXRef-Product";
const DOCUMENT: &str = "SPDXRef-DOCUMENT";
/// What the format writes where something is not known; it asserts nothing.
const NOASSERTION: &str = "NOASSERTION";

/// Gives the components as an SPDX 2.3 document in JSON, with two spaces of indent and a newline at the end.
///
/// The same inventory and info give the same bytes: the namespace is made from commit and content, the only time is
/// `as_of`. What is not known is `NOASSERTION`. Where a part that may ship was not read, the comment of the creation says so.
///
/// Source: SPDX 2.3 clauses 6, 7 and 11; NTIA, "The Minimum Elements For a Software Bill of Materials" (2021).
pub fn spdx(inventory: &Inventory, info: &DocumentInfo) -> Result<Vec<u8>, ComponentsError> {
    let entries = entries::entries(inventory);
    let write = |error: serde_json::Error| ComponentsError::Write { format: FORMAT, problem: error.to_string() };
    let mut creators = vec![format!("Tool: plimsoll-{}", info.tool_version)];
    let organization = info.claimant().map(|claimant| format!("Organization: {}", without_brackets(&claimant)));
    creators.extend(organization.clone());
    let incomplete = entries::incomplete(inventory);
    let mut creation_info = json!({ "creators": creators, "created": info.time() });
    if let (Some(object), Some(reason)) = (creation_info.as_object_mut(), &incomplete) {
        object.insert("comment".to_owned(), json!(reason));
    }
    let creation: DocumentCreationInformation = serde_json::from_value(json!({
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": DOCUMENT,
        "name": info.product(),
        "documentNamespace": format!("https://plimsoll.dev/spdx/{}/{}", segment(&info.commit), entries::digest(info, &entries, incomplete.as_deref())),
        "creationInfo": creation_info,
        "documentDescribes": [PRODUCT],
    }))
    .map_err(write)?;
    let product = PackageInformation {
        package_name: info.product(),
        package_spdx_identifier: PRODUCT.to_owned(),
        package_version: Some(info.version.as_deref().map_or_else(|| NOASSERTION.to_owned(), plimsoll_model::one_line)),
        package_supplier: Some(organization.clone().unwrap_or_else(|| NOASSERTION.to_owned())),
        files_analyzed: Some(false),
        source_information: Some(format!("commit {}", info.commit)),
        copyright_text: Some(NOASSERTION.to_owned()),
        primary_package_purpose: Some(PrimaryPackagePurpose::Application),
        ..PackageInformation::default()
    };
    let mut packages = vec![product];
    let mut relationships = vec![Relationship::new(DOCUMENT, PRODUCT, RelationshipType::Describes, None)];
    let depends = |from: &str, to: &str| Relationship::new(from, to, RelationshipType::DependsOn, None);
    relationships.extend(entries.product.iter().map(|reference| depends(PRODUCT, &identifier(reference))));
    relationships.extend(
        entries
            .tools
            .iter()
            .map(|reference| Relationship::new(&identifier(reference), PRODUCT, RelationshipType::BuildToolOf, None)),
    );
    for (reference, entry) in &entries.all {
        let from = identifier(reference);
        let supplier = if entries.own.contains(reference) { organization.clone() } else { None };
        relationships.extend(entry.depends_on.iter().map(|to| depends(&from, &identifier(to))));
        packages.push(package(from, entry, supplier));
    }
    let document = SPDX {
        document_creation_information: creation,
        package_information: packages,
        other_licensing_information_detected: Vec::new(),
        file_information: Vec::new(),
        snippet_information: Vec::new(),
        relationships,
        annotations: Vec::new(),
        spdx_ref_counter: 0,
    };
    let mut value = serde_json::to_value(&document).map_err(write)?;
    // Lists that the schema wants left out rather than empty.
    if let Value::Object(members) = &mut value {
        members.retain(|_, member| !member.as_array().is_some_and(Vec::is_empty));
    }
    let mut bytes = serde_json::to_vec_pretty(&value).map_err(write)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn package(identifier: String, entry: &Entry<'_>, supplier: Option<String>) -> PackageInformation {
    let component = entry.component;
    let classes = entry.classes.iter().copied().collect::<Vec<_>>().join(", ");
    let licence = |text: &str| serde_json::from_value(Value::String(text.to_owned())).ok();
    // A licence of the maker's own (`LicenseRef-`) would need its text in the document.
    let declared = entry.licence.filter(|text| !text.contains("Ref-")).and_then(licence);
    PackageInformation {
        package_name: component.name.clone(),
        package_spdx_identifier: identifier,
        package_version: Some(component.version.clone()),
        package_supplier: Some(supplier.unwrap_or_else(|| NOASSERTION.to_owned())),
        package_download_location: download(entry),
        files_analyzed: Some(false),
        package_checksum: entry.hashes.iter().filter_map(|hash| checksum(hash)).collect(),
        concluded_license: licence(NOASSERTION),
        declared_license: declared.or_else(|| licence(NOASSERTION)),
        copyright_text: Some(NOASSERTION.to_owned()),
        package_comment: Some(format!("reach: {}; class: {classes}", entry.reach.as_str())),
        external_reference: vec![ExternalPackageReference {
            reference_category: ExternalPackageReferenceCategory::PackageManager,
            reference_type: "purl".to_owned(),
            reference_locator: component.purl.clone(),
            reference_comment: None,
        }],
        ..PackageInformation::default()
    }
}

fn checksum(hash: &Hash) -> Option<Checksum> {
    let algorithm = match hash.algorithm() {
        hash::Algorithm::Md5 => Algorithm::MD5,
        hash::Algorithm::Sha1 => Algorithm::SHA1,
        hash::Algorithm::Sha256 => Algorithm::SHA256,
        hash::Algorithm::Sha384 => Algorithm::SHA384,
        hash::Algorithm::Sha512 => Algorithm::SHA512,
        // No digest of one file.
        hash::Algorithm::GoH1 | hash::Algorithm::NugetContent | hash::Algorithm::YarnCache => return None,
    };
    Some(Checksum::new(algorithm, hash.value()))
}

/// Where the package is had from, as far as that is a fixed address.
fn download(entry: &Entry<'_>) -> String {
    let component = entry.component;
    let archive = match (component.source, &component.origin) {
        (Source::Registry, Origin::Public(_)) => {
            crate::ecosystem::of_purl(&component.purl).and_then(|ecosystem| ecosystem.archive(component))
        }
        (Source::Git, Origin::Git { url, revision: Some(revision) })
            if has_usual_host(url) && is_plain(url) && is_plain(revision) =>
        {
            Some(format!("git+{url}@{revision}"))
        }
        _ => None,
    };
    archive.unwrap_or_else(|| NOASSERTION.to_owned())
}

/// Does the address have a host that the SPDX project's own validator takes: a last label of two to five characters?
fn has_usual_host(url: &str) -> bool {
    let host = url.strip_prefix("https://").unwrap_or_default().split(['/', ':']).next().unwrap_or_default();
    host.rsplit_once('.').is_some_and(|(name, last)| !name.is_empty() && (2..=5).contains(&last.len()))
}

fn is_plain(text: &str) -> bool {
    text.chars().all(|character| character.is_ascii_alphanumeric() || "-._~/:".contains(character))
}

/// An identifier with letters, digits, `.` and `-` alone, told apart by a digest of the reference.
fn identifier(reference: &str) -> String {
    let name = reference.strip_prefix("pkg:").and_then(|rest| rest.split_once('/')).map_or(reference, |(_, name)| name);
    let name = name.split(['?', '#']).next().unwrap_or_default();
    let name: String = name
        .chars()
        .take(80)
        .map(|character| if character.is_ascii_alphanumeric() || character == '.' { character } else { '-' })
        .collect();
    let digest = plimsoll_model::sha256_hex(reference.as_bytes());
    format!("SPDXRef-Package-{name}-{}", digest.get(..12).unwrap_or_default())
}

/// In a creator's line brackets hold an e-mail address.
fn without_brackets(text: &str) -> String {
    text.replace('(', "[").replace(')', "]")
}

fn segment(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

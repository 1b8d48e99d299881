//! SPDX 2.3 JSON.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use spdx_rs::models::{
    Algorithm, Checksum, DocumentCreationInformation, ExternalPackageReference, ExternalPackageReferenceCategory,
    OtherLicensingInformationDetected, PackageInformation, PrimaryPackagePurpose, Relationship, RelationshipType, SPDX,
    SpdxExpression,
};

use super::{
    described::{self, Licence},
    entries::{self, DocumentInfo, Entries, Entry, Maker},
};
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
/// What it writes where there is none.
const NONE: &str = "NONE";

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
    let maker = info.maker();
    let organization = maker.as_ref().map(organization);
    creators.extend(organization.clone());
    let incomplete = entries::incomplete(inventory);
    // The format has no place for these.
    let said = described::comment([
        ("generation context", "source".to_owned()),
        ("not known", described::unknown_of_document(info).join(", ")),
        ("withheld", "nothing".to_owned()),
    ]);
    let comment = incomplete.iter().fold(said, |said, reason| format!("{said}; {reason}"));
    let creation_info = json!({ "creators": creators, "created": info.time(), "comment": comment });
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
    let mut own_licences = OwnLicences::default();
    let mut packages = vec![product(info, organization.clone(), &entries, &mut own_licences)];
    let mut relationships = vec![Relationship::new(DOCUMENT, PRODUCT, RelationshipType::Describes, None)];
    let depends = |from: &str, to: &str| Relationship::new(from, to, RelationshipType::DependsOn, None);
    let whole = (entries.product.is_empty() && incomplete.is_none()).then_some(NONE);
    let in_part = (entries.product.is_empty() && incomplete.is_some()).then_some(NOASSERTION);
    relationships.extend(whole.or(in_part).map(|end| depends(PRODUCT, end)));
    relationships.extend(entries.product.iter().map(|reference| depends(PRODUCT, &identifier(reference))));
    relationships.extend(
        entries
            .tools
            .iter()
            .map(|reference| Relationship::new(&identifier(reference), PRODUCT, RelationshipType::BuildToolOf, None)),
    );
    for (reference, entry) in &entries.all {
        let from = identifier(reference);
        let own = entries.own.contains(reference);
        relationships.extend(entry.depends_on.iter().map(|to| depends(&from, &identifier(to))));
        // What is not all that it depends on is said so, and that it depends on nothing.
        let end = match (entry.edges_known, entry.depends_on.is_empty()) {
            (false, _) => Some(NOASSERTION),
            (true, true) => Some(NONE),
            (true, false) => None,
        };
        relationships.extend(end.map(|end| depends(&from, end)));
        let unknown = described::unknown(entry, own, info);
        packages.push(package(from, entry, organization.clone().filter(|_| own), &unknown, &mut own_licences));
    }
    let document = SPDX {
        document_creation_information: creation,
        package_information: packages,
        other_licensing_information_detected: own_licences.found.into_values().collect(),
        file_information: Vec::new(),
        snippet_information: Vec::new(),
        relationships,
        annotations: Vec::new(),
        spdx_ref_counter: 0,
    };
    let mut value = serde_json::to_value(&document).map_err(write)?;
    if let (Some(product), Some(id)) = (value.pointer_mut("/packages/0").and_then(Value::as_object_mut), info.swhid()) {
        // The crate's word for the category is not the format's.
        let id = json!({ "referenceCategory": "PERSISTENT-ID", "referenceType": "swh", "referenceLocator": id });
        let all = product.entry("externalRefs").or_insert_with(|| json!([]));
        all.as_array_mut().into_iter().for_each(|all| all.push(id.clone()));
    }
    // Lists that the schema wants left out rather than empty.
    if let Value::Object(members) = &mut value {
        members.retain(|_, member| !member.as_array().is_some_and(Vec::is_empty));
    }
    let mut bytes = serde_json::to_vec_pretty(&value).map_err(write)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// A licence as the format has it: an expression, `NOASSERTION` where none is known.
fn licence(text: Option<&str>) -> Option<SpdxExpression> {
    let parse = |text: &str| serde_json::from_value(Value::String(text.to_owned())).ok();
    text.and_then(parse).or_else(|| parse(NOASSERTION))
}

/// Licences that are not on the format's list. Each is defined once; the words of a manifest are all of its text that is known.
#[derive(Default)]
struct OwnLicences {
    found: BTreeMap<String, OtherLicensingInformationDetected>,
}

impl OwnLicences {
    /// A licence as an expression, with a name for what is no expression.
    fn declare(&mut self, text: &str) -> String {
        if let Licence::Expression(_) = described::licence(text) {
            for name in described::own_licences(text) {
                self.define(name.to_owned(), name, "The text of this licence was not read.");
            }
            return text.to_owned();
        }
        let digest = plimsoll_model::sha256_hex(text.as_bytes());
        let name = format!("LicenseRef-{}", digest.get(..12).unwrap_or_default());
        let text = plimsoll_model::one_line(text);
        self.define(name.clone(), &text, &text);
        name
    }

    fn define(&mut self, id: String, name: &str, text: &str) {
        self.found.entry(id.clone()).or_insert_with(|| OtherLicensingInformationDetected {
            license_identifier: id,
            extracted_text: text.to_owned(),
            license_name: name.to_owned(),
            license_cross_reference: Vec::new(),
            license_comment: Some("as the manifest of a package names it".to_owned()),
        });
    }
}

fn organization(maker: &Maker) -> String {
    let email = maker.email.as_deref().map(|email| format!(" ({})", without_brackets(email)));
    format!("Organization: {}{}", without_brackets(&maker.name), email.unwrap_or_default())
}

fn external(category: ExternalPackageReferenceCategory, kind: &str, locator: String) -> ExternalPackageReference {
    ExternalPackageReference {
        reference_category: category,
        reference_type: kind.to_owned(),
        reference_locator: locator,
        reference_comment: None,
    }
}

fn product(
    info: &DocumentInfo,
    organization: Option<String>,
    entries: &Entries<'_>,
    own_licences: &mut OwnLicences,
) -> PackageInformation {
    let declared = described::licence_of_product(entries);
    let purl = info.purl().map(|purl| external(ExternalPackageReferenceCategory::PackageManager, "purl", purl));
    let cpe = info.cpe().map(|cpe| external(ExternalPackageReferenceCategory::Security, "cpe23Type", cpe));
    PackageInformation {
        package_name: info.product(),
        package_spdx_identifier: PRODUCT.to_owned(),
        package_version: info.version(),
        package_supplier: Some(organization.clone().unwrap_or_else(|| NOASSERTION.to_owned())),
        package_originator: organization,
        package_download_location: NOASSERTION.to_owned(),
        files_analyzed: Some(false),
        source_information: Some(format!("commit {}", info.commit)),
        concluded_license: licence(None),
        declared_license: licence(declared.map(|text| own_licences.declare(text)).as_deref()),
        copyright_text: Some(NOASSERTION.to_owned()),
        package_comment: Some(described::comment([(
            "not known",
            described::unknown_of_product(info, declared).join(", "),
        )])),
        primary_package_purpose: Some(PrimaryPackagePurpose::Application),
        external_reference: purl.into_iter().chain(cpe).collect(),
        ..PackageInformation::default()
    }
}

fn package(
    identifier: String,
    entry: &Entry<'_>,
    supplier: Option<String>,
    unknown: &[&str],
    own_licences: &mut OwnLicences,
) -> PackageInformation {
    let component = entry.component;
    let comment = described::comment([
        ("reach", entry.reach.as_str().to_owned()),
        ("class", entry.classes.iter().copied().collect::<Vec<_>>().join(", ")),
        ("hash", described::other_hashes(entry).collect::<Vec<_>>().join(", ")),
        ("not known", unknown.join(", ")),
    ]);
    PackageInformation {
        package_name: component.name.clone(),
        package_spdx_identifier: identifier,
        package_version: Some(component.version.clone()).filter(|version| !version.is_empty()),
        package_file_name: described::archive(entry).map(|archive| archive.file),
        package_supplier: Some(supplier.clone().unwrap_or_else(|| NOASSERTION.to_owned())),
        package_originator: supplier,
        package_download_location: download(entry),
        files_analyzed: Some(false),
        package_checksum: entry.hashes.iter().filter_map(|hash| checksum(hash)).collect(),
        concluded_license: licence(None),
        declared_license: licence(entry.licence.map(|text| own_licences.declare(text)).as_deref()),
        copyright_text: Some(NOASSERTION.to_owned()),
        package_comment: Some(comment),
        external_reference: vec![external(
            ExternalPackageReferenceCategory::PackageManager,
            "purl",
            component.purl.clone(),
        )],
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

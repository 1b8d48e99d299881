//! Rules of SPDX 2 that a document may break.
//!
//! Source: the JSON schemas of SPDX 2.2 and 2.3; SPDX 2.3, clauses 6, 7, 8 and 11.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    fault::{Faults, Place},
    is_moment, list, text,
};

/// Hash algorithms and the hexadecimal digits of a digest; 0 where there is no one length.
const ALGORITHMS: [(&str, usize); 17] = [
    ("SHA1", 40),
    ("SHA224", 56),
    ("SHA256", 64),
    ("SHA384", 96),
    ("SHA512", 128),
    ("SHA3-256", 64),
    ("SHA3-384", 96),
    ("SHA3-512", 128),
    ("BLAKE2b-256", 64),
    ("BLAKE2b-384", 96),
    ("BLAKE2b-512", 128),
    ("BLAKE3", 0),
    ("MD2", 32),
    ("MD4", 32),
    ("MD5", 32),
    ("MD6", 0),
    ("ADLER32", 8),
];

const RELATIONSHIPS: [&str; 46] = [
    "AMENDS",
    "ANCESTOR_OF",
    "BUILD_DEPENDENCY_OF",
    "BUILD_TOOL_OF",
    "CONTAINED_BY",
    "CONTAINS",
    "COPY_OF",
    "DATA_FILE_OF",
    "DEPENDENCY_MANIFEST_OF",
    "DEPENDENCY_OF",
    "DEPENDS_ON",
    "DESCENDANT_OF",
    "DESCRIBED_BY",
    "DESCRIBES",
    "DEV_DEPENDENCY_OF",
    "DEV_TOOL_OF",
    "DISTRIBUTION_ARTIFACT",
    "DOCUMENTATION_OF",
    "DYNAMIC_LINK",
    "EXAMPLE_OF",
    "EXPANDED_FROM_ARCHIVE",
    "FILE_ADDED",
    "FILE_DELETED",
    "FILE_MODIFIED",
    "GENERATED_FROM",
    "GENERATES",
    "HAS_PREREQUISITE",
    "METAFILE_OF",
    "OPTIONAL_COMPONENT_OF",
    "OPTIONAL_DEPENDENCY_OF",
    "OTHER",
    "PACKAGE_OF",
    "PATCH_APPLIED",
    "PATCH_FOR",
    "PREREQUISITE_FOR",
    "PROVIDED_DEPENDENCY_OF",
    "REQUIREMENT_DESCRIPTION_FOR",
    "RUNTIME_DEPENDENCY_OF",
    "SPECIFICATION_FOR",
    "STATIC_LINK",
    "TEST_CASE_OF",
    "TEST_DEPENDENCY_OF",
    "TEST_OF",
    "TEST_TOOL_OF",
    "VARIANT_OF",
    "HAS_VARIANT",
];

const CATEGORIES: [&str; 7] =
    ["SECURITY", "PACKAGE-MANAGER", "PACKAGE_MANAGER", "PERSISTENT-ID", "PERSISTENT_ID", "OTHER", "REPOSITORY"];

pub(super) fn check(document: &Value, faults: &mut Faults) {
    let root = Place::Root;
    required(document, &["SPDXID", "creationInfo", "dataLicense", "name", "documentNamespace"], root, faults);
    if text(document, "SPDXID").is_some_and(|id| id != "SPDXRef-DOCUMENT") {
        faults.add(&root.member("SPDXID"), "has to be SPDXRef-DOCUMENT");
    }
    if let Some(namespace) = text(document, "documentNamespace")
        && (namespace.contains('#') || !namespace.contains(':') || namespace.contains(char::is_whitespace))
    {
        faults.add(&root.member("documentNamespace"), "has to be a URI without a fragment");
    }
    if let Some(creation) = document.get("creationInfo") {
        check_creation(creation, root.member("creationInfo"), faults);
    }
    let mut ids: BTreeSet<&str> = BTreeSet::from(["SPDXRef-DOCUMENT"]);
    for name in ["packages", "files", "snippets"] {
        let outer = root.member(name);
        if document.get(name).is_some_and(|value| !value.is_array()) {
            faults.add(&outer, "has to be a list");
        }
        for (at, element) in list(document, name).iter().enumerate() {
            let place = outer.item(at);
            match name {
                "packages" => {
                    required(element, &["SPDXID", "name", "downloadLocation"], place, faults);
                    check_references(element, place, faults);
                }
                "files" => required(element, &["SPDXID", "fileName"], place, faults),
                _ => required(element, &["SPDXID"], place, faults),
            }
            check_sums(element, place, faults);
            let Some(id) = text(element, "SPDXID") else { continue };
            if !is_id(id) {
                faults.add(&place.member("SPDXID"), "has to be SPDXRef- with letters, digits, \".\" and \"-\"");
            }
            if !ids.insert(id) {
                faults.add(&place.member("SPDXID"), "is the name of something else, too");
            }
        }
    }
    let outer = root.member("relationships");
    for (at, one) in list(document, "relationships").iter().enumerate() {
        check_relationship(one, outer.item(at), &ids, faults);
    }
    let outer = root.member("documentDescribes");
    for (at, one) in list(document, "documentDescribes").iter().enumerate() {
        if one.as_str().is_none_or(|id| !ids.contains(id)) {
            faults.add(&outer.item(at), "refers to nothing in the document");
        }
    }
}

fn check_creation(creation: &Value, place: Place<'_>, faults: &mut Faults) {
    required(creation, &["created", "creators"], place, faults);
    if let Some(created) = text(creation, "created")
        && (!created.ends_with('Z') || created.contains('.') || !is_moment(created) || !created.contains('T'))
    {
        faults.add(&place.member("created"), "has to be YYYY-MM-DDThh:mm:ssZ");
    }
    let creators = list(creation, "creators");
    if creation.get("creators").is_some_and(|all| !all.is_array())
        || creation.get("creators").is_some() && creators.is_empty()
    {
        faults.add(&place.member("creators"), "has to be a list of one or more");
    }
    let outer = place.member("creators");
    for (at, creator) in creators.iter().enumerate() {
        let kind = creator.as_str().and_then(|text| text.split_once(':')).map(|(kind, _)| kind.trim());
        if !matches!(kind, Some("Person" | "Organization" | "Tool")) {
            faults.add(&outer.item(at), "has to begin with Person:, Organization: or Tool:");
        }
    }
}

fn check_references(package: &Value, place: Place<'_>, faults: &mut Faults) {
    let outer = place.member("externalRefs");
    for (at, reference) in list(package, "externalRefs").iter().enumerate() {
        let place = outer.item(at);
        required(reference, &["referenceCategory", "referenceType", "referenceLocator"], place, faults);
        if text(reference, "referenceCategory").is_some_and(|category| !CATEGORIES.contains(&category)) {
            faults.add(&place.member("referenceCategory"), "is no category of the format");
        }
    }
}

fn check_sums(element: &Value, place: Place<'_>, faults: &mut Faults) {
    let outer = place.member("checksums");
    for (at, sum) in list(element, "checksums").iter().enumerate() {
        let place = outer.item(at);
        required(sum, &["algorithm", "checksumValue"], place, faults);
        let Some(algorithm) = text(sum, "algorithm") else { continue };
        let Some((_, length)) = ALGORITHMS.iter().find(|(name, _)| *name == algorithm) else {
            faults.add(&place.member("algorithm"), "is no algorithm of the format");
            continue;
        };
        let Some(value) = text(sum, "checksumValue") else { continue };
        let fits = (*length == 0 || value.len() == *length) && value.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !fits {
            faults.add(&place.member("checksumValue"), format!("is no digest of {algorithm}"));
        }
    }
}

fn check_relationship(one: &Value, place: Place<'_>, ids: &BTreeSet<&str>, faults: &mut Faults) {
    required(one, &["spdxElementId", "relationshipType", "relatedSpdxElement"], place, faults);
    if text(one, "relationshipType").is_some_and(|kind| !RELATIONSHIPS.contains(&kind)) {
        faults.add(&place.member("relationshipType"), "is no relationship of the format");
    }
    for name in ["spdxElementId", "relatedSpdxElement"] {
        let outside = |id: &str| id.starts_with("DocumentRef-") || matches!(id, "NONE" | "NOASSERTION");
        if text(one, name).is_some_and(|id| !ids.contains(id) && !outside(id)) {
            faults.add(&place.member(name), "refers to nothing in the document");
        }
    }
}

fn required(of: &Value, names: &[&str], place: Place<'_>, faults: &mut Faults) {
    for name in names {
        match of.get(name) {
            None | Some(Value::Null) => faults.add(&place, format!("has no {name}")),
            Some(Value::String(_)) => {}
            Some(_) if matches!(*name, "creationInfo" | "creators") => {}
            Some(_) => faults.add(&place.member(name), "has to be a text"),
        }
    }
}

fn is_id(id: &str) -> bool {
    id.strip_prefix("SPDXRef-").is_some_and(|rest| {
        !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
    })
}

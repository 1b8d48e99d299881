//! The documents of the shared data: what is valid is read, what is invalid is refused, and how many components there are.

use std::{fs, path::Path};

use serde_json::Value;

use super::*;

fn expected(name: &str) -> Option<Vec<Value>> {
    let text = fs::read(plimsoll_testkit::corpus()?.join("sbom").join(name)).unwrap();
    Some(serde_json::from_slice(&text).unwrap())
}

/// Components in a list and inside of each other, counted without the reader.
fn count(components: &Value) -> usize {
    let all = components.as_array().into_iter().flatten();
    all.map(|one| 1 + one.get("components").map_or(0, count)).sum()
}

fn bytes(folder: &Path, case: &Value) -> Vec<u8> {
    let path = case["path"].as_str().unwrap();
    let whole = folder.join(path);
    fs::read(&whole).unwrap_or_else(|error| panic!("{}: {error}", whole.display()))
}

#[test]
fn the_specification_s_own_documents() {
    let (Some(cases), Some(folder)) =
        (expected("cyclonedx-spec.expected.json"), plimsoll_testkit::unpack("sbom/cyclonedx-spec.tar.zst"))
    else {
        return;
    };
    let mut wrong = Vec::new();
    let (mut valid, mut invalid) = (0, 0);
    for case in &cases {
        let path = case["path"].as_str().unwrap();
        let bytes = bytes(&folder, case);
        let read = Document::read(&bytes);
        if case["expect"] == "valid" {
            valid += 1;
            match read {
                Err(fault) => wrong.push(format!("{path} valid, refused: {fault}")),
                Ok(document) => {
                    assert_eq!(
                        (document.format, document.version.as_str()),
                        (Format::CycloneDx, case["version"].as_str().unwrap())
                    );
                    if case["format"] == "json" {
                        let value: Value = serde_json::from_slice(&bytes).unwrap();
                        let listed = document.components.iter().filter(|one| !one.product).count();
                        let product = value["metadata"]["component"].get("components").map_or(0, count);
                        assert_eq!(listed, count(&value["components"]) + product, "{path}");
                    }
                }
            }
        } else {
            invalid += 1;
            match read {
                Ok(_) => wrong.push(format!("{path} invalid, read")),
                Err(fault) => assert!(!fault.place.is_empty() || path.contains("bomformat"), "{path}: {fault}"),
            }
        }
    }
    assert_eq!(wrong, [""; 0], "{}", wrong.join("\n"));
    assert_eq!((valid, invalid), (228, 157));
}

/// Documents that break a rule of their format, with the number of faults and the first, which is the reason; 0 where it is not
/// read at all. Of the CycloneDX ones the official JSON schemas say the same, but for `invalidMetadataTimestamp`, as a plain
/// schema check does not look at formats. The SPDX 3 ones of the scorer have elements without the `spdxId` and `creationInfo` that
/// the model demands.
const DEVIATIONS: &[(&str, usize, &str)] = &[
    (
        "spdx-tools-python/SPDXRdfExample-v2.2.spdx.rdf.xml",
        0,
        "SPDX as RDF is not read; give it as JSON, YAML or tag-value",
    ),
    (
        "spdx-tools-python/SPDXRdfExample-v2.3.spdx.rdf.xml",
        0,
        "SPDX as RDF is not read; give it as JSON, YAML or tag-value",
    ),
    (
        "spdx-tools-python/SPDXXMLExample-v2.2.spdx.xml",
        0,
        "SPDX as XML is not read; give it as JSON, YAML or tag-value",
    ),
    (
        "spdx-tools-python/SPDXXMLExample-v2.3.spdx.xml",
        0,
        "SPDX as XML is not read; give it as JSON, YAML or tag-value",
    ),
    (
        "sbomqs/testdata/bsi/cdx/invalidComponentLicenseID.cdx16.json",
        2,
        "/serialNumber: has to be urn:uuid: with a UUID in lower-case hexadecimal",
    ),
    (
        "sbomqs/testdata/bsi/cdx/invalidComponentLicenseNoAssertion.cdx16.json",
        1,
        "/components/0/licenses/0/license/id: is no identifier of the SPDX licence list",
    ),
    (
        "sbomqs/testdata/bsi/cdx/invalidComponentLicenseNone.cdx16.json",
        1,
        "/components/0/licenses/0/license/id: is no identifier of the SPDX licence list",
    ),
    (
        "sbomqs/testdata/bsi/cdx/invalidMetadataTimestamp.cdx16.json",
        1,
        "/metadata/timestamp: has to be a date with time and offset (RFC 3339)",
    ),
    (
        "sbomqs/testdata/bsi/cdx/mixComponentLicenses.cdx16.json",
        2,
        "/serialNumber: has to be urn:uuid: with a UUID in lower-case hexadecimal",
    ),
    (
        "sbomqs/testdata/bsi/cdx/validComponentExtRefDistributionHashEmpty.cdx16.json",
        2,
        "/serialNumber: has to be urn:uuid: with a UUID in lower-case hexadecimal",
    ),
    (
        "sbomqs/testdata/bsi/cdx/validComponentExtRefDistributionHashMD5.cdx16.json",
        1,
        "/serialNumber: has to be urn:uuid: with a UUID in lower-case hexadecimal",
    ),
    (
        "sbomqs/testdata/bsi/cdx/validComponentExtRefDistributionIntakeHashEmpty.cdx16.json",
        2,
        "/serialNumber: has to be urn:uuid: with a UUID in lower-case hexadecimal",
    ),
    (
        "sbomqs/testdata/bsi/cdx/validComponentExtRefDistributionIntakeHashSHA1.cdx16.json",
        1,
        "/serialNumber: has to be urn:uuid: with a UUID in lower-case hexadecimal",
    ),
    (
        "sbomqs/testdata/bsi/cdx/validComponentLicenseExp.cdx16.json",
        1,
        "/serialNumber: has to be urn:uuid: with a UUID in lower-case hexadecimal",
    ),
    (
        "sbomqs/testdata/bsi/spdx/brokenTargetComponentDependencies.spdx23.json",
        1,
        "/relationships/1/relatedSpdxElement: refers to nothing in the document",
    ),
    (
        "sbomqs/testdata/bsi/spdx/invalidMetadataTimestamp.spdx23.json",
        1,
        "/creationInfo/created: has to be YYYY-MM-DDThh:mm:ssZ",
    ),
    (
        "sbomqs/testdata/bsi/spdx/missingDocumentNamespace.spdx23.json",
        1,
        "/documentNamespace: has to be a URI without a fragment",
    ),
    (
        "sbomqs/testdata/bsi/spdx/missingMetadataTimestamp.spdx23.json",
        1,
        "/creationInfo/created: has to be YYYY-MM-DDThh:mm:ssZ",
    ),
    ("sbomqs/testdata/bsi/spdx3/v2.1.0-doc-missing-creator.json", 42, "/@graph/2: has no spdxId"),
    ("sbomqs/testdata/bsi/spdx3/v2.1.0-doc-missing-timestamp.json", 43, "/@graph/1: has no created"),
    ("sbomqs/testdata/bsi/spdx3/v2.1.0-two-comps-one-with-archive-prop.json", 42, "/@graph/2: has no spdxId"),
    ("sbomqs/testdata/bsi/spdx3/v2.1.0-two-comps-one-with-concluded-license.json", 40, "/@graph/2: has no spdxId"),
    ("sbomqs/testdata/bsi/spdx3/v2.1.0-two-comps-one-with-declared-license.json", 40, "/@graph/2: has no spdxId"),
    ("sbomqs/testdata/bsi/spdx3/v2.1.0-two-comps-one-with-download-url.json", 42, "/@graph/2: has no spdxId"),
    ("sbomqs/testdata/bsi/spdx3/v2.1.0-two-comps-one-with-executable-prop.json", 42, "/@graph/2: has no spdxId"),
    ("sbomqs/testdata/bsi/spdx3/v2.1.0-two-comps-one-with-purl-cpe.json", 42, "/@graph/2: has no spdxId"),
    ("sbomqs/testdata/bsi/spdx3/v2.1.0-two-comps-one-with-security-txt-url.json", 42, "/@graph/2: has no spdxId"),
    (
        "sbomqs/testdata/fixtures/cdx-mixed-licenses.cdx.json",
        1,
        "/components/1/licenses/0/license/id: is no identifier of the SPDX licence list",
    ),
    ("sbomqs/testdata/fixtures/cdx-old-version.json", 1, "/metadata/tools: is of another kind than the schema has it"),
    (
        "sbomqs/testdata/fixtures/cdx-with-ec-signature.json",
        1,
        "/metadata/component/hashes/0/content: is no digest of 32, 40, 64, 96 or 128 hexadecimal digits",
    ),
    (
        "sbomqs/testdata/fixtures/cdx-with-incomplete-signature.json",
        1,
        "/metadata/component/hashes/0/content: is no digest of 32, 40, 64, 96 or 128 hexadecimal digits",
    ),
    (
        "sbomqs/testdata/fixtures/cdx-with-multiple-signers.json",
        1,
        "/metadata/component/hashes/0/content: is no digest of 32, 40, 64, 96 or 128 hexadecimal digits",
    ),
    ("sbomqs/testdata/fixtures/spdx-no-authors.json", 1, "/creationInfo/creators: has to be a list of one or more"),
    ("sbomqs/testdata/fixtures/spdx-no-timestamp.json", 1, "/creationInfo: has no created"),
    (
        "sbomqs/testdata/fixtures/spdx-perfect-score.json",
        3,
        "/packages/0/checksums/0/checksumValue: is no digest of SHA256",
    ),
    ("sbomqs/testdata/fixtures/spdx3-no-checksum.json", 23, "/@graph/2: has no spdxId"),
    ("sbomqs/testdata/fixtures/spdx3-no-copyright.json", 23, "/@graph/2: has no spdxId"),
    ("sbomqs/testdata/fixtures/spdx3-no-cpe.json", 23, "/@graph/2: has no spdxId"),
    ("sbomqs/testdata/fixtures/spdx3-no-downloadlocation.json", 23, "/@graph/2: has no spdxId"),
    ("sbomqs/testdata/fixtures/spdx3-no-supplier.json", 19, "/@graph/2: has no spdxId"),
    ("sbomqs/testdata/fixtures/spdx3-no-timestamp.json", 24, "/@graph/1: has no created"),
    ("sbomqs/testdata/fixtures/spdx3-no-tool.json", 21, "/@graph/2: has no spdxId"),
    (
        "sbomqs/testdata/fixtures/spdx3-with-SBOM-invalid-timestamp.json",
        3,
        "/@graph/1/created: has to be YYYY-MM-DDThh:mm:ssZ",
    ),
    ("sbomqs/testdata/fixtures/spdx3-with-archive-prop.json", 14, "/@graph/2: has no spdxId"),
    ("sbomqs/testdata/fixtures/spdx3-with-bom-links.json", 6, "/@graph/2: has no spdxId"),
    ("sbomqs/testdata/fixtures/spdx3-with-comp-originator-with-org-name-email.json", 5, "/@graph/2: has no spdxId"),
    ("sbomqs/testdata/fixtures/spdx3-with-declared-concluded-licenses.json", 16, "/@graph/2: has no spdxId"),
    ("sbomqs/testdata/fixtures/spdx3-with-dependencies.json", 14, "/@graph/2: has no spdxId"),
    ("sbomqs/testdata/fixtures/spdx3-with-purl.json", 9, "/@graph/2: has no spdxId"),
    ("sbomqs/testdata/fixtures/spdx3-with-source-artifact-source-code.json", 12, "/@graph/2: has no spdxId"),
    ("sbomqs/testdata/fixtures/spdx3-with-source-code-hash.json", 10, "/@graph/2: has no spdxId"),
    ("sbomqs/testdata/fixtures/spdx3-with-structured-prop.json", 14, "/@graph/2: has no spdxId"),
    (
        "sbomqs/testdata/sboms/community-health-violations.cdx.json",
        1,
        "/metadata/tools/services/0: has vendor, which version 1.6 does not have",
    ),
    (
        "sbomqs/testdata/sboms/enterprise-complete-sbom-violations.cdx.json",
        1,
        "/metadata/tools/services/0: has vendor, which version 1.6 does not have",
    ),
    (
        "sbomqs/testdata/sboms/industry-finance-compliance-violations.cdx.json",
        1,
        "/metadata/tools/services/0: has vendor, which version 1.6 does not have",
    ),
    (
        "sbomqs/testdata/sboms/license-allowlist-violations.cdx.json",
        2,
        "/metadata/tools/services/0: has vendor, which version 1.6 does not have",
    ),
    (
        "sbomqs/testdata/sboms/license-block-copyleft-violations.cdx.json",
        1,
        "/metadata/tools/services/0: has vendor, which version 1.6 does not have",
    ),
    (
        "sbomqs/testdata/sboms/metadata-provenance-violations.cdx.json",
        1,
        "/metadata/tools/services/0: has vendor, which version 1.6 does not have",
    ),
    (
        "sbomqs/testdata/sboms/open-source-distribution-violations.cdx.json",
        1,
        "/metadata/tools/services/0: has vendor, which version 1.6 does not have",
    ),
    (
        "sbomqs/testdata/sboms/proprietary-licenses.cdx.json",
        3,
        "/serialNumber: has to be urn:uuid: with a UUID in lower-case hexadecimal",
    ),
    (
        "sbomqs/testdata/sboms/security-ban-vulnerables-violations.cdx.json",
        1,
        "/metadata/tools/services/0: has vendor, which version 1.6 does not have",
    ),
    (
        "sbomqs/testdata/sboms/security-no-snapshots-violations.cdx.json",
        1,
        "/metadata/tools/services/0: has vendor, which version 1.6 does not have",
    ),
    (
        "sbomqs/testdata/sboms/security-required-fields-violations.cdx.json",
        1,
        "/metadata/tools/services/0: has vendor, which version 1.6 does not have",
    ),
];

#[test]
fn other_documents() {
    let (Some(cases), Some(folder)) =
        (expected("other-sboms.expected.json"), plimsoll_testkit::unpack("sbom/other-sboms.tar.zst"))
    else {
        return;
    };
    let mut deviations = Vec::new();
    for case in &cases {
        let path = case["path"].as_str().unwrap();
        let bytes = bytes(&folder, case);
        let (document, faults) = match Document::read_with_faults(&bytes) {
            Ok(read) => read,
            Err(fault) => {
                deviations.push((path, 0, fault.to_string()));
                continue;
            }
        };
        let listed = document.components.iter().filter(|one| !one.product).count();
        let count = case.get("components").and_then(Value::as_u64).or_else(|| case["spdx_tools"]["packages"].as_u64());
        let count = count.or_else(|| {
            let value: Value = serde_json::from_slice(&bytes).ok()?;
            let packages = if let Some(graph) = value.get("@graph") {
                graph.as_array()?.iter().filter(|node| node["type"] == "software_Package").count()
            } else {
                value["packages"].as_array().map_or(0, Vec::len)
            };
            u64::try_from(packages).ok()
        });
        assert_eq!(count, u64::try_from(listed).ok(), "{path}");
        assert_eq!(document.format.as_str(), case["spec"], "{path}");
        assert_eq!(faults.is_empty(), Document::read(&bytes).is_ok(), "{path}");
        if let Some(first) = faults.first() {
            deviations.push((path, faults.len(), first.to_string()));
        }
    }
    let deviations: Vec<(&str, usize, &str)> =
        deviations.iter().map(|(path, count, first)| (*path, *count, first.as_str())).collect();
    assert_eq!(deviations, DEVIATIONS);
    assert_eq!(cases.len(), 185);
}

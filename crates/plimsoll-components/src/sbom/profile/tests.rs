use std::fs;

use serde_json::{Value, json};

use super::*;

/// A document that has every field of every paper.
fn whole() -> Value {
    json!({
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
        "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
        "signature": {"algorithm": "ES256", "value": "AA"},
        "metadata": {
            "timestamp": "2026-01-02T03:04:05Z",
            "lifecycles": [{"phase": "pre-build"}],
            "tools": {"components": [{"type": "application", "name": "t", "version": "1"}]},
            "authors": [{"name": "Ann", "email": "ann@example.org"}],
        },
        "components": [{
            "type": "library", "bom-ref": "a", "name": "a", "version": "1", "purl": "pkg:npm/a@1",
            "manufacturer": {"name": "M", "url": ["https://m.example"]},
            "supplier": {"name": "S"},
            "hashes": [{"alg": "SHA-512", "content": "0".repeat(128)}],
            "licenses": [
                {"license": {"id": "MIT", "acknowledgement": "concluded"}},
                {"license": {"id": "ISC", "acknowledgement": "declared"}},
            ],
            "externalReferences": [
                {"type": "distribution", "url": "https://m.example/a.tgz",
                 "hashes": [{"alg": "SHA-512", "content": "0".repeat(128)}]},
                {"type": "source-distribution", "url": "https://m.example/a-src.tgz",
                 "hashes": [{"alg": "SHA-512", "content": "0".repeat(128)}]},
                {"type": "rfc-9116", "url": "https://m.example/.well-known/security.txt"},
            ],
            "properties": [
                {"name": "bsi:component:filename", "value": "a.tgz"},
                {"name": "bsi:component:executable", "value": "non-executable"},
                {"name": "bsi:component:archive", "value": "archive"},
                {"name": "bsi:component:structured", "value": "structured"},
                {"name": "bsi:component:effectiveLicence", "value": "MIT"},
            ],
        }],
        "dependencies": [{"ref": "a", "dependsOn": []}],
        "compositions": [{"aggregate": "complete", "dependencies": ["a"]}],
    })
}

fn check(profile: &str, document: &Value) -> ProfileReport {
    let (document, _) = Document::read_with_faults(document.to_string().as_bytes()).unwrap();
    Profile::named(profile).unwrap().check(&document)
}

/// Fields that are not met, by any profile.
fn lacks(document: &Value) -> Vec<(&'static str, &'static str)> {
    let reports = PROFILES.iter().map(|profile| check(profile.id, document));
    let lacking = |field: &Field| field.verdict != Verdict::Met;
    reports
        .flat_map(|report| {
            let names = report.fields.iter().filter(|field| lacking(field)).map(|field| (report.profile, field.name));
            names.collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn each_profile_has_the_fields_of_its_paper() {
    let counts: Vec<_> = PROFILES
        .iter()
        .map(|profile| {
            let of = |part: &str| profile.rows.iter().filter(|row| row.part() == part).count();
            (profile.id, of("sbom"), of("component"), profile.practices.len())
        })
        .collect();
    // Two of BSI's are about the format.
    assert_eq!(counts, [("ntia-2021", 2, 5, 0), ("cisa-2026", 9, 8, 6), ("bsi-2.1", 2 + 3, 17, 0)]);
    let needs = |need: Need| PROFILES[2].rows.iter().filter(|row| row.need == need).count();
    assert_eq!((needs(Need::Required), needs(Need::IfExists), needs(Need::Optional)), (2 + 12, 5, 3));
}

#[test]
fn a_whole_document_lacks_nothing() {
    assert!(Document::read(whole().to_string().as_bytes()).is_ok());
    assert_eq!(lacks(&whole()), []);
    for profile in PROFILES {
        assert_eq!(check(profile.id, &whole()).verdict, Verdict::Met);
    }
}

#[test]
fn each_member_is_missed_by_the_fields_that_rest_on_it() {
    let component = "/components/0";
    for (outer, name, expected) in [
        ("", "serialNumber", vec![("bsi-2.1", "SBOM-URI")]),
        ("", "version", vec![("cisa-2026", "SBOM Version")]),
        ("", "signature", vec![("cisa-2026", "SBOM Author Signature")]),
        ("", "compositions", vec![("bsi-2.1", "Dependencies, with completeness")]),
        (
            "",
            "dependencies",
            vec![
                ("ntia-2021", "Dependency Relationship"),
                ("cisa-2026", "Component Dependency Relationship"),
                ("bsi-2.1", "Dependencies, with completeness"),
            ],
        ),
        (
            "/metadata",
            "timestamp",
            vec![("ntia-2021", "Timestamp"), ("cisa-2026", "SBOM Timestamp"), ("bsi-2.1", "Timestamp")],
        ),
        ("/metadata", "lifecycles", vec![("cisa-2026", "SBOM Generation Context")]),
        ("/metadata", "tools", vec![("cisa-2026", "SBOM Tool Name"), ("cisa-2026", "SBOM Tool Version")]),
        ("/metadata/tools/components/0", "version", vec![("cisa-2026", "SBOM Tool Version")]),
        (
            "/metadata",
            "authors",
            vec![
                ("ntia-2021", "Author of SBOM Data"),
                ("cisa-2026", "SBOM Author"),
                ("bsi-2.1", "Creator of the SBOM"),
            ],
        ),
        ("/metadata/authors/0", "email", vec![("bsi-2.1", "Creator of the SBOM")]),
        (
            component,
            "name",
            vec![("ntia-2021", "Component Name"), ("cisa-2026", "Component Name"), ("bsi-2.1", "Component name")],
        ),
        (
            component,
            "version",
            vec![
                ("ntia-2021", "Version of the Component"),
                ("cisa-2026", "Component Version"),
                ("bsi-2.1", "Component version"),
            ],
        ),
        (
            component,
            "purl",
            vec![
                ("ntia-2021", "Other Unique Identifiers"),
                ("cisa-2026", "Component Identifiers"),
                ("bsi-2.1", "Other unique identifiers"),
            ],
        ),
        // Somebody else is named, without an address.
        (component, "manufacturer", vec![("bsi-2.1", "Component creator")]),
        (component, "supplier", vec![]),
        (component, "hashes", vec![]),
        ("/components/0/externalReferences/0", "hashes", vec![("bsi-2.1", "SHA-512 of the deployable component")]),
        ("/components/0/externalReferences/1", "hashes", vec![("bsi-2.1", "Hash of the source code")]),
        (
            component,
            "licenses",
            vec![
                ("cisa-2026", "Component License"),
                ("bsi-2.1", "Distribution licences"),
                ("bsi-2.1", "Original licences"),
            ],
        ),
        ("/components/0/licenses/0/license", "acknowledgement", vec![("bsi-2.1", "Distribution licences")]),
        (
            component,
            "properties",
            vec![
                ("bsi-2.1", "Filename"),
                ("bsi-2.1", "Executable property"),
                ("bsi-2.1", "Archive property"),
                ("bsi-2.1", "Structured property"),
                ("bsi-2.1", "Effective licence"),
            ],
        ),
    ] {
        let mut document = whole();
        let removed = document.pointer_mut(outer).unwrap().as_object_mut().unwrap().remove(name);
        assert!(removed.is_some(), "{outer}/{name}");
        assert_eq!(lacks(&document), expected, "{outer}/{name}");
    }
}

#[test]
fn the_format_and_what_does_not_belong_there() {
    let mut document = whole();
    document["specVersion"] = json!("1.5");
    assert_eq!(lacks(&document), [("bsi-2.1", "Format: CycloneDX from 1.6, SPDX from 3.0.1")]);
    let mut document = whole();
    document["vulnerabilities"] = json!([{"id": "CVE-2026-1"}]);
    assert_eq!(lacks(&document), [("bsi-2.1", "No vulnerability data")]);
}

#[test]
fn what_is_said_to_be_unknown_is_not_missing() {
    let mut document = whole();
    let component = document["components"][0].as_object_mut().unwrap();
    component.remove("licenses");
    component["properties"]
        .as_array_mut()
        .unwrap()
        .push(json!({"name": "plimsoll:unknown", "value": "Component License"}));
    let report = check("cisa-2026", &document);
    let field = report.fields.iter().find(|field| field.name == "Component License").unwrap();
    assert_eq!((field.verdict, field.given, field.unknown, field.missing), (Verdict::Unknown, 0, 1, 0));
    assert_eq!((report.verdict, report.not_met, report.said_unknown), (Verdict::Unknown, 0, 1));
    // A second component that is silent about it.
    document["components"].as_array_mut().unwrap().push(json!({"type": "library", "name": "b", "version": "2"}));
    let report = check("cisa-2026", &document);
    let field = report.fields.iter().find(|field| field.name == "Component License").unwrap();
    assert_eq!((field.verdict, field.unknown, field.missing), (Verdict::NotMet, 1, 1));
    assert_eq!(field.missing_from, ["b 2"]);
    assert_eq!(report.verdict, Verdict::NotMet);
}

#[test]
fn a_document_of_nothing_is_not_complete() {
    let mut document = whole();
    document["components"] = json!([]);
    for profile in PROFILES {
        let report = check(profile.id, &document);
        assert_eq!(report.verdict, Verdict::NotMet, "{}", profile.id);
        let name = report.fields.iter().find(|field| field.name.to_lowercase() == "component name").unwrap();
        assert_eq!(name.verdict, Verdict::NotApplicable, "{}", profile.id);
    }
}

/// The cases of a scorer: each file's name says which field it is about and whether that is there.
#[test]
fn bsi_cases_of_a_scorer() {
    let Some(folder) = plimsoll_testkit::unpack("sbom/other-sboms.tar.zst") else { return };
    for (file, field, expected) in [
        ("absentMetadataAuthor", "Creator of the SBOM", Verdict::NotMet),
        ("missingMetadataAuthorEmail", "Creator of the SBOM", Verdict::NotMet),
        ("invalidMetadataAuthorEmail", "Creator of the SBOM", Verdict::NotMet),
        ("validMetadataManufacturerEmail", "Creator of the SBOM", Verdict::Met),
        ("validMetadataManufacturerEmailAndURL", "Creator of the SBOM", Verdict::Met),
        ("validMetadataSupplierEmail", "Creator of the SBOM", Verdict::Met),
        ("missingMetadataTimestamp", "Timestamp", Verdict::NotMet),
        ("invalidMetadataTimestamp", "Timestamp", Verdict::NotMet),
        ("missingComponentManufacturerEmailAndURL", "Component creator", Verdict::NotMet),
        ("missingComponentSupplierEmailAndURL", "Component creator", Verdict::NotMet),
        ("invalidComponentManufacturerEmail", "Component creator", Verdict::NotMet),
        ("validComponentManufacturerURL", "Component creator", Verdict::Met),
        ("validComponentSupplierEmail", "Component creator", Verdict::Met),
        ("validComponentName", "Component name", Verdict::Met),
        ("missingComponentBsiFilename", "Filename", Verdict::NotMet),
        // The scorer takes "true" for these three; the words of BSI's taxonomy are others.
        ("missingComponentBsiArchive", "Archive property", Verdict::NotMet),
        ("validComponentBsiArchive", "Archive property", Verdict::NotMet),
        ("missingComponentBsiExecutable", "Executable property", Verdict::NotMet),
        ("validComponentBsiExecutable", "Executable property", Verdict::NotMet),
        ("missingComponentBsiStructured", "Structured property", Verdict::NotMet),
        ("validComponentBsiStructured", "Structured property", Verdict::NotMet),
        ("missingComponentBsiEffectiveLicense", "Effective licence", Verdict::NotSeen),
        ("validComponentBsiEffectiveLicense", "Effective licence", Verdict::Met),
        ("missingDependencyInfo", "Dependencies, with completeness", Verdict::NotMet),
        ("primaryNoDependencies", "Dependencies, with completeness", Verdict::NotMet),
        ("missingComponentDeployableHash", "SHA-512 of the deployable component", Verdict::NotMet),
        ("invalidComponentDeployableHashComponentLevelOnly", "SHA-512 of the deployable component", Verdict::NotMet),
        ("validComponentExtRefDistributionHashMD5", "SHA-512 of the deployable component", Verdict::NotMet),
        ("validComponentLicenseConcluded", "Distribution licences", Verdict::Met),
        ("missingComponentDownloadURL", "URI of the deployable form", Verdict::NotSeen),
        ("missingComponentOtherUniqueIDs", "Other unique identifiers", Verdict::NotSeen),
        ("validComponentCPE", "Other unique identifiers", Verdict::Met),
        ("validComponentSourceCodeURL", "Source code URI", Verdict::Met),
        ("missingComponentSourceHash", "Hash of the source code", Verdict::NotSeen),
        ("missingComponentSecurityTxtURL", "URL of security.txt", Verdict::NotSeen),
        ("validComponentSecurityTxtURL", "URL of security.txt", Verdict::Met),
        ("noVulnerabilities", "No vulnerability data", Verdict::Met),
    ] {
        let path = folder.join(format!("sbomqs/testdata/bsi/cdx/{file}.cdx16.json"));
        let (document, _) = Document::read_with_faults(&fs::read(&path).unwrap()).unwrap();
        let report = Profile::named("bsi-2.1").unwrap().check(&document);
        let found = report.fields.iter().find(|one| one.name == field).unwrap();
        assert_eq!(found.verdict, expected, "{file}: {field}");
    }
}

#[test]
fn what_is_kept_back_is_told_from_what_is_unknown() {
    let mut document = whole();
    document["metadata"]["properties"] = json!([{"name": "plimsoll:withheld", "value": "nothing"}]);
    let practice = |document: &Value| {
        let practices = check("cisa-2026", document).practices;
        let one = practices.into_iter().find(|one| one.name.starts_with("Explicitly")).unwrap();
        one.seen.unwrap()
    };
    assert!(practice(&whole()).ends_with("whether anything is withheld is not said"));
    assert!(practice(&document).ends_with("nothing is withheld, it says"));
    let component = document["components"][0].as_object_mut().unwrap();
    component.remove("licenses");
    let properties = component["properties"].as_array_mut().unwrap();
    properties.push(json!({"name": "plimsoll:withheld", "value": "Component License"}));
    let report = check("cisa-2026", &document);
    let field = report.fields.iter().find(|field| field.name == "Component License").unwrap();
    assert_eq!((field.verdict, field.unknown, field.withheld, field.missing), (Verdict::Withheld, 0, 1, 0));
    assert_eq!((report.verdict, report.said_unknown, report.said_withheld), (Verdict::Withheld, 0, 1));
    assert!(practice(&document).ends_with("fields of 1 components"));
    let properties = document["components"][0]["properties"].as_array_mut().unwrap();
    properties.push(json!({"name": "plimsoll:unknown", "value": "Component Producer"}));
    let report = check("cisa-2026", &document);
    assert_eq!((report.verdict, report.not_met), (Verdict::Withheld, 0));
}

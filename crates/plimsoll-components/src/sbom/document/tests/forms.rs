//! The same document in each form says the same.

use std::{collections::BTreeMap, fs};

use super::*;

pub(super) const CDX_JSON: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":3,
"serialNumber":"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
"metadata":{"timestamp":"2026-01-02T03:04:05Z","lifecycles":[{"phase":"build"}],
"tools":{"components":[{"type":"application","name":"t","version":"1"}]},
"authors":[{"name":"Ann","email":"a@example.org"}],
"component":{"type":"application","name":"p","version":"2","bom-ref":"p"},
"supplier":{"name":"S","url":["https://s.example"],"contact":[{"email":"s@s.example"}]}},
"components":[{"type":"library","bom-ref":"a","name":"a","version":"1","purl":"pkg:npm/a@1","cpe":"cpe:2.3:a:a:a:1:*:*:*:*:*:*:*",
"supplier":{"name":"M"},"hashes":[{"alg":"SHA-1","content":"e6b1000b94e835ffd37f4c6dcbdad43f4b48a02a"}],
"licenses":[{"license":{"id":"MIT","acknowledgement":"concluded"}}],
"externalReferences":[{"type":"distribution","url":"https://a.example/a.tgz","hashes":[{"alg":"MD5","content":"3942447fac867ae5cdb3229b658f4d48"}]}],
"properties":[{"name":"bsi:component:filename","value":"a.tgz"},{"name":"plimsoll:unknown","value":"Component Version, Component License"}]},
{"type":"library","bom-ref":"b","name":"b","scope":"excluded","components":[{"type":"file","name":"c"}]}],
"dependencies":[{"ref":"p","dependsOn":["a","b"]},{"ref":"a","dependsOn":[]}],
"compositions":[{"aggregate":"complete","assemblies":["p"],"dependencies":["a"]}]}"#;

pub(super) const CDX_XML: &str = r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="3" serialNumber="urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79">
<metadata><timestamp>2026-01-02T03:04:05Z</timestamp><lifecycles><lifecycle><phase>build</phase></lifecycle></lifecycles>
<tools><components><component type="application"><name>t</name><version>1</version></component></components></tools>
<authors><author><name>Ann</name><email>a@example.org</email></author></authors>
<component type="application" bom-ref="p"><name>p</name><version>2</version></component>
<supplier><name>S</name><url>https://s.example</url><contact><email>s@s.example</email></contact></supplier></metadata>
<components><component type="library" bom-ref="a"><supplier><name>M</name></supplier><name>a</name><version>1</version>
<hashes><hash alg="SHA-1">e6b1000b94e835ffd37f4c6dcbdad43f4b48a02a</hash></hashes>
<licenses><license acknowledgement="concluded"><id>MIT</id></license></licenses>
<cpe>cpe:2.3:a:a:a:1:*:*:*:*:*:*:*</cpe><purl>pkg:npm/a@1</purl>
<externalReferences><reference type="distribution"><url>https://a.example/a.tgz</url><hashes><hash alg="MD5">3942447fac867ae5cdb3229b658f4d48</hash></hashes></reference></externalReferences>
<properties><property name="bsi:component:filename">a.tgz</property><property name="plimsoll:unknown">Component Version, Component License</property></properties></component>
<component type="library" bom-ref="b"><name>b</name><scope>excluded</scope><components><component type="file"><name>c</name></component></components></component></components>
<dependencies><dependency ref="p"><dependency ref="a"/><dependency ref="b"/></dependency><dependency ref="a"/></dependencies>
<compositions><composition><aggregate>complete</aggregate><assemblies><assembly ref="p"/></assemblies><dependencies><dependency ref="a"/></dependencies></composition></compositions></bom>"#;

pub(super) const SPDX_JSON: &str = r#"{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","dataLicense":"CC0-1.0","name":"d",
"documentNamespace":"https://example.org/d","creationInfo":{"created":"2026-01-02T03:04:05Z","creators":["Tool: syft-1.2.3","Organization: Example (mail@example.org)"]},
"packages":[{"SPDXID":"SPDXRef-a","name":"a","versionInfo":"1","downloadLocation":"NOASSERTION","supplier":"NOASSERTION",
"licenseDeclared":"MIT","licenseConcluded":"NOASSERTION","checksums":[{"algorithm":"SHA1","checksumValue":"e6b1000b94e835ffd37f4c6dcbdad43f4b48a02a"}],
"externalRefs":[{"referenceCategory":"PACKAGE-MANAGER","referenceType":"purl","referenceLocator":"pkg:npm/a@1"}]},
{"SPDXID":"SPDXRef-b","name":"b","downloadLocation":"https://b.example/b.tgz","supplier":"Person: Bo"}],
"relationships":[{"spdxElementId":"SPDXRef-DOCUMENT","relationshipType":"DESCRIBES","relatedSpdxElement":"SPDXRef-a"},
{"spdxElementId":"SPDXRef-b","relationshipType":"DEPENDENCY_OF","relatedSpdxElement":"SPDXRef-a"}]}"#;

pub(super) const SPDX_TAGS: &str = "SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: d
DocumentNamespace: https://example.org/d
Creator: Tool: syft-1.2.3
Creator: Organization: Example (mail@example.org)
Created: 2026-01-02T03:04:05Z
## a package
PackageName: a
SPDXID: SPDXRef-a
PackageVersion: 1
PackageSupplier: NOASSERTION
PackageDownloadLocation: NOASSERTION
PackageChecksum: SHA1: e6b1000b94e835ffd37f4c6dcbdad43f4b48a02a
PackageLicenseConcluded: NOASSERTION
PackageLicenseDeclared: MIT
PackageComment: <text>PackageName: x
PackageVersion: 7</text>
ExternalRef: PACKAGE-MANAGER purl pkg:npm/a@1
PackageName: b
SPDXID: SPDXRef-b
PackageSupplier: Person: Bo
PackageDownloadLocation: https://b.example/b.tgz
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-a
Relationship: SPDXRef-b DEPENDENCY_OF SPDXRef-a
";

pub(super) const SPDX_3: &str = r#"{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[
{"type":"CreationInfo","@id":"_:c","specVersion":"3.0.1","created":"2026-01-02T03:04:05Z","createdBy":["https://e.example/o"],"createdUsing":["https://e.example/t"]},
{"type":"Organization","spdxId":"https://e.example/o","creationInfo":"_:c","name":"Example","externalIdentifier":[{"type":"ExternalIdentifier","externalIdentifierType":"email","identifier":"m@e.example"}]},
{"type":"Tool","spdxId":"https://e.example/t","creationInfo":"_:c","name":"syft 1.2.3"},
{"type":"SpdxDocument","spdxId":"https://e.example/d","creationInfo":"_:c","rootElement":["https://e.example/a"]},
{"type":"software_Package","spdxId":"https://e.example/a","creationInfo":"_:c","name":"a","software_packageVersion":"1","software_packageUrl":"pkg:npm/a@1","suppliedBy":"https://e.example/o",
"verifiedUsing":[{"type":"Hash","algorithm":"sha256","hashValue":"00"}],"comment":"reach: shipped; not known: Component Version, Component License"},
{"type":"LifecycleScopedRelationship","spdxId":"https://e.example/r","creationInfo":"_:c","from":"https://e.example/a","relationshipType":"dependsOn","to":["https://spdx.org/rdf/3.0.1/terms/Core/NoneElement"],"completeness":"complete"}]}"#;

#[test]
fn xml_says_what_json_says() {
    let [json, xml] = [CDX_JSON, CDX_XML].map(|text| Document::read(text.as_bytes()).unwrap());
    assert_eq!(Document { form: "JSON", ..xml }, json);
    let names: Vec<_> = json.components.iter().map(|one| (one.shown(), one.product, one.excluded)).collect();
    let of = |name: &str, product, excluded| (name.to_owned(), product, excluded);
    assert_eq!(names, [of("p 2", true, false), of("a 1", false, false), of("b", false, true), of("c", false, false)]);
    let a = &json.components[1];
    assert_eq!(
        (a.concluded.as_slice(), a.delivered_hashes[0].algorithm.as_str()),
        (["MIT".to_owned()].as_slice(), "MD5")
    );
    assert_eq!((a.completeness.as_deref(), a.states_dependencies, a.unknown.len()), (Some("complete"), true, 2));
    assert_eq!(json.authors[1].contacts, ["https://s.example", "s@s.example"]);
}

#[test]
fn spdx_2_says_the_same_in_each_form() {
    let [json, tags, yaml] = [SPDX_JSON, SPDX_TAGS, &yaml()].map(|text| Document::read(text.as_bytes()).unwrap());
    let mut json = json;
    assert_eq!(Document { form: "JSON", ..yaml }, json);
    assert_eq!(Document { form: "JSON", ..tags }, json);
    let a = json.components.remove(0);
    assert!(a.root && a.related && a.suppliers.is_empty() && a.concluded.is_empty());
    assert_eq!(a.depends_on, ["SPDXRef-b"]);
    assert_eq!(
        a.unknown.iter().map(String::as_str).collect::<Vec<_>>(),
        ["Address of the deployable form", "Component Producer", "Distribution licences"]
    );
    assert_eq!(json.tools, [Tool { name: "syft".to_owned(), version: Some("1.2.3".to_owned()) }]);
    assert_eq!(json.authors[0].contacts, ["mail@example.org"]);
}

/// JSON is YAML; this one begins as people write it.
fn yaml() -> String {
    let (_, rest) = SPDX_JSON.split_once(',').unwrap();
    let value: Value = serde_json::from_str(&format!("{{{rest}")).unwrap();
    let members = value.as_object().unwrap().iter().map(|(name, value)| format!("{name}: {value}\n"));
    format!("spdxVersion: SPDX-2.3\n{}", members.collect::<String>())
}

#[test]
fn spdx_3_is_a_graph() {
    let document = Document::read(SPDX_3.as_bytes()).unwrap();
    assert_eq!((document.version.as_str(), document.form), ("3.0.1", "JSON-LD"));
    assert_eq!(document.tools, [Tool { name: "syft".to_owned(), version: Some("1.2.3".to_owned()) }]);
    let a = &document.components[0];
    assert!(a.root && a.states_dependencies && a.depends_on.is_empty() && !a.related);
    assert_eq!((a.purl.as_deref(), a.completeness.as_deref()), (Some("pkg:npm/a@1"), Some("complete")));
    assert_eq!(a.unknown.iter().map(String::as_str).collect::<Vec<_>>(), ["Component License", "Component Version"]);
    assert_eq!(a.suppliers[0].contacts, ["m@e.example"]);
}

/// The specification has most of its documents in both forms.
#[test]
fn the_specification_s_xml_lists_what_its_json_lists() {
    let Some(folder) = plimsoll_testkit::unpack("sbom/cyclonedx-spec.tar.zst") else { return };
    let mut both: BTreeMap<String, Vec<Document>> = BTreeMap::new();
    for minor in 2..=7 {
        let mut paths: Vec<_> = fs::read_dir(folder.join(format!("cyclonedx-spec/1.{minor}")))
            .unwrap()
            .map(|one| one.unwrap().path())
            .collect();
        paths.sort();
        for path in paths.iter().filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("valid-")) {
            let name = path.with_extension("").display().to_string();
            both.entry(name).or_default().push(Document::read(&fs::read(path).unwrap()).unwrap());
        }
    }
    let (mut equal, mut different) = (0, Vec::new());
    for (name, mut pair) in both.into_iter().filter(|(_, pair)| pair.len() == 2) {
        for one in &mut pair {
            one.form = "";
        }
        if pair[0].components == pair[1].components {
            equal += 1;
        } else {
            different.push(name.rsplit('/').next().unwrap().to_owned());
        }
    }
    assert_eq!((equal, different.iter().map(String::as_str).collect::<Vec<_>>()), (80, DIFFERENT.to_vec()));
}

/// Pairs whose two files say different things: more hashes and a package URL in the XML of the licences, a publisher in the JSON
/// of the services, another digest, version, package URL or set of components in the others.
const DIFFERENT: [&str; 22] = [
    "valid-license-expression-1.2",
    "valid-license-id-1.2",
    "valid-license-name-1.2",
    "valid-service-1.2",
    "valid-external-reference-1.3",
    "valid-license-expression-1.3",
    "valid-license-id-1.3",
    "valid-license-name-1.3",
    "valid-service-1.3",
    "valid-external-reference-1.4",
    "valid-license-expression-1.4",
    "valid-license-id-1.4",
    "valid-license-name-1.4",
    "valid-service-1.4",
    "valid-external-reference-1.5",
    "valid-license-expression-1.5",
    "valid-license-id-1.5",
    "valid-license-name-1.5",
    "valid-machine-learning-1.5",
    "valid-service-1.5",
    "valid-component-external-with-version",
    "valid-cryptography-implementation-1.7",
];

use proptest::prelude::*;

use super::*;

mod corpus;
mod forms;

fn refused(text: &str) -> String {
    match Document::read(text.as_bytes()) {
        Ok(document) => format!("read: {}", document.title()),
        Err(fault) => fault.to_string(),
    }
}

const CDX: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[COMPONENT]}"#;

#[test]
fn a_broken_rule_is_named_with_its_place() {
    for (component, expected) in [
        (r#"{"type":"library","name":"a"}"#, "read: CycloneDX 1.6 (JSON)"),
        (r#"{"type":"library"}"#, "/components/0: has no name"),
        (r#"{"name":"a"}"#, "/components/0: has no type"),
        (r#"{"type":1,"name":"a"}"#, "/components/0/type: has to be a text"),
        (r#""a""#, "/components/0: has to be an object"),
        (r#"{"type":"library","name":"a","color":1}"#, "/components/0: has color, which version 1.6 does not have"),
        (
            r#"{"type":"library","name":"a","isExternal":true}"#,
            "/components/0: has isExternal, which version 1.6 does not have",
        ),
        (
            r#"{"type":"library","name":"a","scope":"some"}"#,
            "/components/0/scope: \"some\" is no word that version 1.6 has for it",
        ),
        (r#"{"type":"library","name":"a","hashes":{}}"#, "/components/0/hashes: has to be a list"),
        (
            r#"{"type":"library","name":"a","hashes":[{"alg":"SHA-2","content":"00"}]}"#,
            "/components/0/hashes/0/alg: \"SHA-2\" is no word that version 1.6 has for it",
        ),
        (
            r#"{"type":"library","name":"a","licenses":[{"license":{"id":"MIT","name":"MIT"}}]}"#,
            "/components/0/licenses/0/license: has to have either id or name",
        ),
        (
            r#"{"type":"library","name":"a","licenses":[{"expression":"MIT"},{"license":{"id":"MIT"}}]}"#,
            "/components/0/licenses: holds an expression next to another licence",
        ),
        (
            r#"{"type":"library","name":"a","bom-ref":"x"},{"type":"library","name":"b","bom-ref":"x"}"#,
            "/components/1/bom-ref: is the name of something else, too",
        ),
        (
            r#"{"type":"library","name":"a","bom-ref":"x"}],"dependencies":[{"ref":"x","dependsOn":["y"]}"#,
            "/dependencies/0/dependsOn/0: refers to nothing in the document",
        ),
        (
            r#"{"type":"library","name":"a"}],"dependencies":[{"ref":"z"}"#,
            "/dependencies/0/ref: refers to nothing in the document",
        ),
        (
            r#"{"type":"library","name":"a","bom-ref":"x"}],"dependencies":[{"ref":"x"},{"ref":"x"}"#,
            "/dependencies/1: is the second one of its ref",
        ),
        (
            r#"{"type":"library","name":"a"}],"metadata":{"timestamp":"today"},"services":["#,
            "/metadata/timestamp: has to be a date with time and offset (RFC 3339)",
        ),
    ] {
        assert_eq!(refused(&CDX.replace("COMPONENT", component)), expected, "{component}");
    }
    // What a later version has, that one may have.
    let later = CDX.replace("1.6", "1.7").replace("COMPONENT", r#"{"type":"library","name":"a","isExternal":true}"#);
    assert_eq!(refused(&later), "read: CycloneDX 1.7 (JSON)");
}

#[test]
fn what_is_not_read_is_refused_with_the_reason() {
    let deep = r#"{"type":"library","name":"a","components":["#;
    for (text, expected) in [
        ("", "neither CycloneDX nor SPDX"),
        ("{}", "neither CycloneDX nor SPDX"),
        ("<html/>", "neither CycloneDX nor SPDX"),
        ("name: value", "neither CycloneDX nor SPDX"),
        (
            r#"{"bomFormat":"CycloneDX","specVersion":"1.8"}"#,
            "/specVersion: CycloneDX 1.8 as JSON is not read; 1.2 to 1.7 are",
        ),
        (
            r#"{"bomFormat":"CycloneDX","specVersion":"1.1"}"#,
            "/specVersion: CycloneDX 1.1 as JSON is not read; 1.2 to 1.7 are",
        ),
        (r#"{"bomFormat":"Cyclone","specVersion":"1.6"}"#, "/bomFormat: has to be \"CycloneDX\""),
        (r#"{"spdxVersion":"SPDX-2.1"}"#, "SPDX 2.1 is not read; 2.2, 2.3 and 3.0 are"),
        (r#"{"@graph":[],"@context":"https://schema.org"}"#, "JSON-LD, and not of SPDX 3.0"),
        (r#"{"@graph":[{"type":"CreationInfo","specVersion":"3.1.0"}]}"#, "JSON-LD, and not of SPDX 3.0"),
        (r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.8"/>"#, "CycloneDX 1.8 as XML is not read; 1.0 to 1.7 are"),
        (
            "<?xml version=\"1.0\"?><!-- a --><!DOCTYPE bom><bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\"/>",
            "not read: it has a document type declaration, which it does not need",
        ),
        (
            r#"<!DOCTYPE bom [<!ENTITY a "b">]><bom xmlns="http://cyclonedx.org/schema/bom/1.6">&a;</bom>"#,
            "not read: it has a document type declaration, which it does not need",
        ),
        (
            r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>"#,
            "SPDX as RDF is not read; give it as JSON, YAML or tag-value",
        ),
        ("SPDXVersion: SPDX-2.3\nDocumentComment: <text>a\n", "line 2: a text in it does not end"),
    ] {
        assert_eq!(refused(text), expected, "{text}");
    }
    let nested = deep.repeat(60) + &"]}".repeat(60);
    assert!(refused(&CDX.replace("COMPONENT", &nested)).contains("not JSON that can be read"));
    let nested = deep.repeat(45) + &"]}".repeat(45);
    assert_eq!(refused(&CDX.replace("COMPONENT", &nested)), "read: CycloneDX 1.6 (JSON)");
    let open = r#"<components><component type="library"><name>a</name>"#;
    let xml = |count: usize| {
        format!(
            r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1">{}{}</bom>"#,
            open.repeat(count),
            "</component></components>".repeat(count)
        )
    };
    assert_eq!(refused(&xml(40)), "read: CycloneDX 1.6 (XML)");
    assert_eq!(refused(&xml(5_000)), "elements deeper than 50 levels of components");
}

#[test]
fn xml_does_not_keep_the_parser_busy() {
    let bom = |attributes: &str, inside: &str| {
        format!(r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1"{attributes}>{inside}</bom>"#)
    };
    let many: String = (0..200_000).map(|number| format!(" a{number}='>'")).collect::<Vec<_>>().concat();
    assert_eq!(refused(&bom(&many, "")), "an element with more than 100 attributes");
    let nested: String = (0..100_000).map(|number| format!("<a xmlns:b{number}='c'>")).collect::<Vec<_>>().concat();
    assert_eq!(refused(&bom("", &nested)), "more than 300 declarations of namespaces");
    assert_eq!(refused(&bom("", &"<a>".repeat(1_000_000))), "elements deeper than 50 levels of components");
    assert_eq!(refused(&bom("", &"<a b='/>'/>".repeat(1_000))), "line 1: has a more than once");
    assert_eq!(refused(&bom("", &"<!--<a>-->".repeat(1_000))), "read: CycloneDX 1.6 (XML)");
}

#[test]
fn a_document_type_in_a_text_is_no_declaration() {
    let text = r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1"><components><component type="library"><name>a</name><description><![CDATA[<!DOCTYPE html>]]></description></component></components></bom>"#;
    assert_eq!(refused(text), "read: CycloneDX 1.6 (XML)");
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,200}", at in 0_usize..400, byte in any::<u8>()) {
        let _ = Document::read(text.as_bytes());
        for whole in [forms::CDX_JSON, forms::CDX_XML, forms::SPDX_JSON, forms::SPDX_TAGS, forms::SPDX_3] {
            let mut bytes = whole.as_bytes().to_vec();
            let length = bytes.len();
            bytes[at % length] = byte;
            let _ = Document::read_with_faults(&bytes);
            bytes.truncate(at);
            let _ = Document::read_with_faults(&bytes);
        }
    }
}

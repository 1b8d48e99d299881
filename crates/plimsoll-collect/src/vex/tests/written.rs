//! Any document, and documents that are written and read back.

use proptest::{prelude::*, strategy::ValueTree as _};
use serde_json::{Value, json};

use crate::vex::*;

/// JSON that is made of the members and words that the formats have.
fn documents() -> impl Strategy<Value = Value> {
    let words = vec![
        "https://openvex.dev/ns/v0.2.0",
        "CycloneDX",
        "1.6",
        "2.0",
        "csaf_vex",
        "not_affected",
        "fixed",
        "resolved",
        "CVE-1",
        "pkg:cargo/a@1",
        "pkg:",
        "urn:cdx:a/1#pkg%3Acargo%2Fa",
        "%",
        "A",
        "2026-01-01T00:00:00Z",
        "impact",
        "component_not_present",
        "default_component_of",
        "",
        "draft",
    ];
    let members = vec![
        "@context",
        "statements",
        "vulnerability",
        "name",
        "aliases",
        "products",
        "subcomponents",
        "@id",
        "identifiers",
        "purl",
        "status",
        "timestamp",
        "bomFormat",
        "specVersion",
        "metadata",
        "component",
        "components",
        "bom-ref",
        "vulnerabilities",
        "analysis",
        "state",
        "detail",
        "affects",
        "ref",
        "versions",
        "version",
        "document",
        "csaf_version",
        "category",
        "tracking",
        "product_tree",
        "branches",
        "product",
        "product_id",
        "relationships",
        "product_reference",
        "relates_to_product_reference",
        "full_product_name",
        "product_status",
        "known_not_affected",
        "flags",
        "label",
        "product_ids",
        "id",
        "cve",
    ];
    let leaf = prop_oneof![
        8 => proptest::sample::select(words).prop_map(|word| json!(word)),
        1 => any::<i64>().prop_map(|number| json!(number)),
        1 => Just(Value::Null),
        1 => any::<String>().prop_map(|text| json!(text)),
    ];
    leaf.prop_recursive(8, 200, 8, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::vec((proptest::sample::select(members.clone()), inner), 0..8).prop_map(|list| {
                Value::Object(list.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
            }),
        ]
    })
}

fn text() -> impl Strategy<Value = String> {
    "[a-zA-Z][ -~é\u{1f980}]{0,20}[a-zA-Z.]"
}

fn issued_statement() -> impl Strategy<Value = IssuedStatement> {
    let status = proptest::sample::select(vec![
        Status::NotAffected,
        Status::Fixed,
        Status::Affected,
        Status::UnderInvestigation,
    ]);
    let ids = proptest::collection::btree_set("(CVE|GHSA|RUSTSEC)-[0-9]{1,4}", 1..4);
    (ids, "[a-z][a-z0-9_-]{0,8}", "[0-9]{1,2}\\.[0-9]{1,2}\\.0", status, text(), 0_i64..2_000_000_000).prop_map(
        |(ids, name, version, status, reason, second)| IssuedStatement {
            ids: ids.into_iter().collect(),
            purl: format!("pkg:cargo/{name}@{version}"),
            name,
            version,
            status,
            reason,
            time: Timestamp::from_second(second).unwrap(),
            until: None,
        },
    )
}

fn issued() -> impl Strategy<Value = Issued> {
    let purls = proptest::collection::btree_set("pkg:cargo/[a-z]{3,8}@1\\.0\\.0", 0..3);
    (proptest::collection::vec(issued_statement(), 0..8), purls, text(), proptest::option::of(text())).prop_map(
        |(statements, purls, product, author)| Issued {
            as_of: Timestamp::from_second(1_900_000_000).unwrap(),
            author,
            tool_version: "0.1.0".to_owned(),
            product,
            version: Some("1.0.0".to_owned()),
            purls: purls.into_iter().collect(),
            statements,
        },
    )
}

/// What reading gives of what is written: the same statements, each about each package of the product.
fn expected(issued: &Issued, one_product: bool) -> Vec<VexStatement> {
    let products: Vec<Option<&String>> = match issued.purls.as_slice() {
        [] => vec![None],
        [purl] => vec![Some(purl)],
        _ if one_product => vec![None],
        purls => purls.iter().map(Some).collect(),
    };
    let statements = issued.statements.iter().flat_map(|one| {
        products.iter().map(move |purl| {
            let named = |purl: &String| Named { purl: Some(purl.clone()), ..Named::default() };
            let about = match (purl, one_product) {
                (None, false) => About { product: Some(named(&one.purl)), component: None },
                (purl, true) => {
                    let (name, version) = (Some(issued.product.clone()), issued.version.clone());
                    let product =
                        Named { purl: purl.cloned(), address: None, name, version, maker: issued.author.clone() };
                    About { product: Some(product), component: Some(one.purl.clone()) }
                }
                (Some(purl), false) => About { product: Some(named(purl)), component: Some(one.purl.clone()) },
            };
            VexStatement {
                ids: one.ids.clone(),
                about,
                status: one.status,
                reason: one.reason.trim().to_owned(),
                fault: None,
                time: Some(one.time),
            }
        })
    });
    statements.collect()
}

proptest! {
    #[test]
    fn no_document_makes_it_panic(text: String, value in documents()) {
        read_anything(&text);
        read_anything(&value.to_string());
        for (member, start) in [
            ("statements", json!({"@context": "https://openvex.dev/ns/v0.2.0"})),
            ("vulnerabilities", json!({"bomFormat": "CycloneDX", "specVersion": "1.6"})),
            ("vulnerabilities", json!({"document": {"csaf_version": "2.0", "category": "csaf_vex"}, "product_tree": value.clone()})),
        ] {
            let mut document = start;
            document[member] = json!([value.clone()]);
            read_anything(&document.to_string());
        }
    }

    #[test]
    fn what_is_written_is_read_back(issued in issued()) {
        for form in VEX_FORMS {
            let written = form.write(&issued).unwrap();
            prop_assert_eq!(&written, &form.write(&issued).unwrap());
            let read = match read(&written) {
                Ok(document) => document,
                Err(NoVex::Other) => VexDocument::new("none"),
                Err(NoVex::Unreadable(reason)) => panic!("{reason}\n{written}"),
            };
            prop_assert!(read.unread.is_empty());
            prop_assert_eq!(read.statements, expected(&issued, form.name != "openvex"));
        }
    }
}

/// A document of a different content has a different id.
#[test]
fn the_id_is_made_from_the_content() {
    let issued = |reason: &str| Issued {
        as_of: Timestamp::UNIX_EPOCH,
        author: None,
        tool_version: "0.1.0".to_owned(),
        product: "app".to_owned(),
        version: None,
        purls: Vec::new(),
        statements: vec![IssuedStatement {
            ids: vec!["CVE-1".to_owned()],
            name: "a".to_owned(),
            version: "1".to_owned(),
            purl: "pkg:cargo/a@1".to_owned(),
            status: Status::Affected,
            reason: reason.to_owned(),
            time: Timestamp::UNIX_EPOCH,
            until: None,
        }],
    };
    for (form, member) in VEX_FORMS.iter().zip(["@id", "serialNumber"]) {
        let id = |reason: &str| -> Value {
            let document: Value = serde_json::from_str(&form.write(&issued(reason)).unwrap()).unwrap();
            document[member].clone()
        };
        assert!(id("x").as_str().unwrap().starts_with("urn:uuid:") && id("x") == id("x") && id("x") != id("y"));
    }
}

/// The official schema refuses nothing of what is written.
#[test]
fn cyclonedx_passes_the_published_schema() {
    let Some(folder) = plimsoll_testkit::unpack("sbom/cyclonedx-json-schemas.tar.zst") else { return };
    let folder = folder.join("cyclonedx-json-schemas");
    let read = |name: &str| -> Value { serde_json::from_slice(&std::fs::read(folder.join(name)).unwrap()).unwrap() };
    let mut registry = jsonschema::Registry::new();
    for name in ["spdx.schema.json", "jsf-0.82.schema.json", "cryptography-defs.schema.json"] {
        if folder.join(name).exists() {
            registry = registry.add(format!("http://cyclonedx.org/schema/{name}"), read(name)).unwrap();
        }
    }
    let registry = registry.prepare().unwrap();
    let schema = jsonschema::options().with_registry(&registry).build(&read("bom-1.6.schema.json")).unwrap();
    let form = VEX_FORMS.iter().find(|form| form.name == "cyclonedx-vex").unwrap();
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for _ in 0..50 {
        let issued = issued().new_tree(&mut runner).unwrap().current();
        let document: Value = serde_json::from_str(&form.write(&issued).unwrap()).unwrap();
        let errors: Vec<String> = schema.iter_errors(&document).map(|error| error.to_string()).take(3).collect();
        assert!(errors.is_empty(), "{errors:?}\n{document}");
    }
}

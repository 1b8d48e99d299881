//! A label in forms that other tools read, judged by their published schema.

use serde_json::Value;

use crate::{
    common::{AS_OF, run},
    label::demo,
};

#[test]
fn declarations_pass_the_published_schema() {
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
    let repo = demo().commit("one");
    let path = repo.path().display().to_string();
    let ran = run(&["label", &path, "--as-of", AS_OF, "--format", "cyclonedx-declarations"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    let errors: Vec<String> =
        schema.iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert_eq!(errors, Vec::<String>::new());
    // Each bom-ref is one thing, and each that is named is there.
    let mut refs = Vec::new();
    collect(&document, "bom-ref", &mut refs);
    let all = refs.len();
    refs.sort_unstable();
    refs.dedup();
    assert_eq!(refs.len(), all);
    let mut named = Vec::new();
    for member in ["requirement", "claims", "counterClaims", "target", "evidence", "counterEvidence"] {
        collect(&document["declarations"], member, &mut named);
    }
    for name in named {
        assert!(refs.binary_search(&name).is_ok(), "{name}");
    }
}

/// Every text under a member of this name.
fn collect<'a>(value: &'a Value, member: &str, found: &mut Vec<&'a str>) {
    match value {
        Value::Array(all) => all.iter().for_each(|one| collect(one, member, found)),
        Value::Object(all) => {
            for (name, one) in all {
                if name == member {
                    found.extend(one.as_str());
                    found.extend(one.as_array().into_iter().flatten().filter_map(Value::as_str));
                }
                collect(one, member, found);
            }
        }
        _ => {}
    }
}

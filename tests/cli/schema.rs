//! Outputs are what the committed schemas say, strictly: no member more, none less.

use std::path::Path;

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::{
    common::{evidence_json, label_json, run},
    label::demo,
};

/// A committed schema that admits no member it does not name. Readers have to admit them; what we write has none.
fn strict(name: &str) -> Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/schemas").join(name);
    let mut schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    close(&mut schema);
    jsonschema::validator_for(&schema).unwrap()
}

fn close(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if members.get("type") == Some(&json!("object")) && members.contains_key("properties") {
                members.entry("additionalProperties").or_insert(json!(false));
            }
            members.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

fn assert_valid(schema: &Validator, value: &Value, what: &str) {
    let errors: Vec<String> =
        schema.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).take(5).collect();
    assert!(errors.is_empty(), "{what}: {errors:#?}");
}

fn kept(folder: &str) -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(folder);
    std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            (path.display().to_string(), serde_json::from_str(&text).unwrap())
        })
        .collect()
}

#[test]
fn evidence_and_label_fit_their_schemas() {
    let repo = demo()
        .file(".github/workflows/ci.yml", "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: cargo test\n")
        .file("key.pem", "x")
        .file("deny.toml", "[advisories]\nignore = [\"RUSTSEC-2019-0009\"]\n")
        .file("plimsoll.toml", "schema = 1\ndate = 2026-10-01\nreview-by = 2027-10-01\n[product]\nname = \"demo\"\nclaimant = \"We\"\ncontact = \"security@acme.example\"\n[claims.\"ssdf-1.1\"]\n\"PO.1\" = \"done\"\n[data.personal]\ncollects = false\nstores = false\nshares = false\nderives = false\n")
        .commit("first")
        .tag("v1.2.3");
    let (evidence, label) = (strict("evidence.schema.json"), strict("label.schema.json"));
    assert_valid(&evidence, &evidence_json(repo.path()), "evidence.json");
    assert_valid(&label, &label_json(repo.path()), "label.json");
    for (name, value) in kept("evidence").into_iter().chain(kept("criteria")) {
        assert_valid(&evidence, &value, &name);
        let scored = run(&["score", &name, "--format", "json"]);
        assert_eq!(scored.code, 0, "{name}: {}", scored.stderr);
        assert_valid(&label, &serde_json::from_str(&scored.stdout).unwrap(), &name);
    }
}

#[test]
fn the_schema_tells_what_does_not_fit() {
    let schema = strict("evidence.schema.json");
    let whole = evidence_json(demo().commit("first").path());
    let wrong: [fn(&mut Value); 5] = [
        |value| drop(value.as_object_mut().unwrap().remove("asOf")),
        |value| value["facts"][0]["assurance"] = json!("certain"),
        |value| value["facts"][0]["body"] = json!({}),
        |value| value["facts"][0]["body"]["extra"] = json!(1),
        |value| value["kinds"]["commit"]["count"] = json!("many"),
    ];
    for (number, break_it) in wrong.iter().enumerate() {
        let mut value = whole.clone();
        break_it(&mut value);
        assert!(!schema.is_valid(&value), "{number}");
    }
}

/// The tests of the practices take the kinds from there.
#[test]
fn the_reference_lists_every_kind_and_input() {
    let text = include_str!("../../docs/evidence.md");
    let (kinds, inputs) = text.split_once("\n## Inputs\n").unwrap();
    let listed = |text: &'static str| -> Vec<&'static str> {
        text.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect()
    };
    assert_eq!(listed(kinds), plimsoll::kind_names());
    assert_eq!(listed(inputs), plimsoll_model::INPUTS.iter().map(|row| row.name).collect::<Vec<_>>());
}

/// Names on which others build: a change here is a change of the contract.
#[test]
fn names_that_others_build_on() {
    let mut names = format!("kinds:\n  {}\n", plimsoll::kind_names().join("\n  "));
    let list: Value = serde_json::from_str(&run(&["catalog", "list", "--format", "json"]).stdout).unwrap();
    let words = |value: &Value| {
        value.as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect::<Vec<_>>().join("\n  ")
    };
    names.push_str(&format!("criteria:\n  {}\n", words(&list["criteria"])));
    names.push_str(&format!("files:\n  {}\n", plimsoll::output_files().join("\n  ")));
    names.push_str(&format!("predicate: {}\n", plimsoll_model::LABEL_PREDICATE_TYPE));
    insta::assert_snapshot!(names);
}

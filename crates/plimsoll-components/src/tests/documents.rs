//! Both documents: against the published schema, the SPDX project's own validator, and themselves.

use std::{collections::BTreeSet, fs, process::Command};

use jsonschema::Registry;
use serde_json::Value;

use crate::ecosystem::cargo::tests::corpus::cases;
use crate::{DocumentInfo, Inventory, Options, Survey, cyclonedx, inventory, spdx, test_support};

pub(super) fn info() -> DocumentInfo {
    DocumentInfo {
        name: "tiny".to_owned(),
        version: Some("1.2.3".to_owned()),
        commit: "0123456789012345678901234567890123456789".to_owned(),
        as_of: "2026-11-01T00:00:00Z".parse().unwrap(),
        claimant: Some("Example (Inc)".to_owned()),
        tool_version: "0.1.0".to_owned(),
    }
}

const TINY: &str = r#"
version = 4
[[package]]
name = "app"
version = "1.2.3"
dependencies = ["dep 1.0.0", "dep 2.0.0"]
[[package]]
name = "dep"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "00000000000000000000000000000000000000000000000000000000000000ab"
dependencies = ["other"]
[[package]]
name = "dep"
version = "2.0.0"
source = "git+https://git.example.org/dep?branch=main#0123456789abcdef"
[[package]]
name = "other"
version = "0.1.0+build"
source = "sparse+https://registry.example/index/"
"#;

fn tiny() -> Inventory {
    let app = "[package]\nname = \"app\"\nversion = \"1.2.3\"\nlicense = \"MIT/Apache-2.0\"\n";
    test_support::of(&[("Cargo.toml", app), ("Cargo.lock", TINY)], &test_support::lockfile_only())
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_tiny_document_of_each_format() {
    insta::assert_snapshot!("tiny-cyclonedx", text(cyclonedx(&tiny(), &info()).unwrap()));
    insta::assert_snapshot!("tiny-spdx", text(spdx(&tiny(), &info()).unwrap()));
}

#[test]
fn documents_are_the_same_twice_and_differ_with_the_content() {
    let other = DocumentInfo { as_of: "2026-11-02T00:00:00Z".parse().unwrap(), ..info() };
    for write in [cyclonedx, spdx] {
        assert_eq!(write(&tiny(), &info()).unwrap(), write(&tiny(), &info()).unwrap());
        assert_ne!(write(&tiny(), &info()).unwrap(), write(&tiny(), &other).unwrap());
    }
}

/// The published schema, where the shared data is.
fn schema() -> Option<jsonschema::Validator> {
    let folder = plimsoll_testkit::unpack("sbom/cyclonedx-json-schemas.tar.zst")?.join("cyclonedx-json-schemas");
    let read = |name: &str| -> Value { serde_json::from_slice(&fs::read(folder.join(name)).unwrap()).unwrap() };
    let mut registry = Registry::new();
    for name in ["spdx.schema.json", "jsf-0.82.schema.json"] {
        registry = registry.add(format!("http://cyclonedx.org/schema/{name}"), read(name)).unwrap();
    }
    let registry = registry.prepare().unwrap();
    Some(jsonschema::options().with_registry(&registry).build(&read("bom-1.5.schema.json")).unwrap())
}

#[test]
fn cyclonedx_passes_the_published_schema() {
    let Some(schema) = schema() else { return };
    let check = |name: &str, inventory: &Inventory| {
        let value: Value = serde_json::from_slice(&cyclonedx(inventory, &info()).unwrap()).unwrap();
        let errors: Vec<String> = schema.iter_errors(&value).map(|error| error.to_string()).take(3).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
        let references: BTreeSet<&str> = value["components"]
            .as_array()
            .unwrap()
            .iter()
            .map(|component| component["bom-ref"].as_str().unwrap())
            .collect();
        for dependency in value["dependencies"].as_array().unwrap() {
            for next in dependency["dependsOn"].as_array().into_iter().flatten() {
                assert!(references.contains(next.as_str().unwrap()), "{name}: {next}");
            }
        }
    };
    check("tiny", &tiny());
    check("empty", &Inventory::default());
    for (case, root) in cases() {
        let (files, options) = test_support::load(&root, test_support::lockfile_only());
        check(case, &inventory(&files, &Survey::default(), &options));
    }
    let mut broken: Value = serde_json::from_slice(&cyclonedx(&tiny(), &info()).unwrap()).unwrap();
    broken["components"][0]["type"] = "nonsense".into();
    assert!(!schema.is_valid(&broken));
}

#[test]
fn spdx_is_read_back_and_passes_the_python_validator() {
    let folder = tempfile::tempdir().unwrap();
    let mut names = Vec::new();
    let mut add = |name: &str, inventory: &Inventory| {
        let bytes = spdx(inventory, &info()).unwrap();
        let document: spdx_rs::models::SPDX = serde_json::from_slice(&bytes).unwrap();
        let distinct: BTreeSet<(&str, bool)> = inventory
            .components
            .iter()
            .map(|component| {
                (component.purl.as_str(), matches!(component.source, crate::Source::Path | crate::Source::Workspace))
            })
            .collect();
        assert_eq!(document.package_information.len(), distinct.len() + 1, "{name}");
        let path = folder.path().join(format!("{name}.spdx.json"));
        fs::write(&path, bytes).unwrap();
        names.push(path);
    };
    add("tiny", &tiny());
    add("empty", &Inventory::default());
    let (files, options) = test_support::load(&test_support::own_root(), Options::default());
    add("own", &inventory(&files, &Survey::default(), &options));
    for (case, root) in cases() {
        let (files, options) = test_support::load(&root, test_support::lockfile_only());
        add(case, &inventory(&files, &Survey::default(), &options));
    }
    let python = std::env::var_os("PLIMSOLL_PYTHON").unwrap_or_else(|| "python3".into());
    let script = test_support::own_root().join("tests/corpus/spdx_validate.py");
    let output = match Command::new(python).arg(script).args(&names).output() {
        Ok(output) if output.status.code() != Some(3) => output,
        missing => {
            assert!(
                std::env::var_os("CI").is_none(),
                "the SPDX validator is missing: pip install spdx-tools ({missing:?})"
            );
            eprintln!(
                "not checked: the Python module spdx_tools is missing; pip install spdx-tools, or set PLIMSOLL_PYTHON"
            );
            return;
        }
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    eprintln!("{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn text_of_strangers_does_not_break_a_document() {
    let hostile = DocumentInfo {
        name: "a\u{202e}b\n\"<>".to_owned(),
        version: Some("\u{1b}[31m".to_owned()),
        commit: "x/../y\n".to_owned(),
        claimant: Some("\n (mail@x) \u{200b}".to_owned()),
        ..info()
    };
    for write in [cyclonedx, spdx] {
        let bytes = write(&tiny(), &hostile).unwrap();
        assert!(serde_json::from_slice::<Value>(&bytes).is_ok());
        assert!(!text(bytes).contains(['\u{1b}', '\u{202e}', '\u{200b}']));
    }
    let empty = DocumentInfo { name: String::new(), version: None, claimant: None, ..info() };
    for write in [cyclonedx, spdx] {
        assert!(write(&tiny(), &empty).is_ok());
    }
}

//! Both documents: against the published schema, the SPDX project's own validator, and themselves.

use std::{collections::BTreeSet, fs, process::Command};

use jsonschema::Registry;
use serde_json::Value;

use crate::ecosystem::cargo::tests::corpus::cases;
use crate::{DocumentInfo, Inventory, Options, SBOM_FORMS, SbomForm, Survey, cyclonedx, inventory, spdx, test_support};

pub(super) fn info() -> DocumentInfo {
    DocumentInfo {
        name: "tiny".to_owned(),
        version: Some("1.2.3".to_owned()),
        commit: "0123456789012345678901234567890123456789".to_owned(),
        as_of: "2026-11-01T00:00:00Z".parse().unwrap(),
        changed: false,
        claimant: Some("Example (Inc)".to_owned()),
        contact: Some("mailto:sbom@example.org".to_owned()),
        identifiers: vec!["cpe:2.3:a:example:tiny:*:*:*:*:*:*:*:*".to_owned(), "pkg:generic/tiny@1.2.3".to_owned()],
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

/// Packages of two ecosystems, with digests of several algorithms and without, with a licence and without.
pub(super) fn mixed() -> Inventory {
    let app = "[package]\nname = \"app\"\nversion = \"1.2.3\"\nlicense = \"MIT/Apache-2.0\"\n";
    let manifest = r#"{"name":"web","dependencies":{"a":"^1"},"devDependencies":{"t":"^1"}}"#;
    let lock = format!(
        r#"{{"lockfileVersion":3,"packages":{{"":{{"name":"web","dependencies":{{"a":"^1"}},"devDependencies":{{"t":"^1"}}}},
        "node_modules/a":{{"version":"1.0.0","license":"ISC","integrity":"sha512-{}== sha1-{}=","dependencies":{{"b":"*"}}}},
        "node_modules/b":{{"version":"2.0.0","resolved":"https://registry.example/b.tgz"}},
        "node_modules/t":{{"version":"1.0.0","dev":true,"license":"SEE LICENSE IN x","integrity":"sha1-{}="}}}}}}"#,
        "A".repeat(86),
        "A".repeat(27),
        "A".repeat(27)
    );
    let files =
        [("Cargo.toml", app), ("Cargo.lock", TINY), ("web/package.json", manifest), ("web/package-lock.json", &lock)];
    test_support::of(&files, &test_support::lockfile_only())
}

/// A package, what builds it, and what it takes in besides packages.
pub(super) fn built(dockerfile: bool) -> Inventory {
    let app = "[package]\nname = \"app\"\nversion = \"1.2.3\"\nlicense = \"MIT\"\n";
    let lock = "version = 4\n[[package]]\nname = \"app\"\nversion = \"1.2.3\"\n";
    let workflow = "jobs: {a: {container: 'x:1', steps: [{uses: A/b/c@v1}, {uses: A/b@x/y}]}}";
    let image = format!("FROM g.io/a/b@sha256:{}\n", "0".repeat(64));
    let mut files = vec![("Cargo.toml", app), ("Cargo.lock", lock), (".github/workflows/ci.yml", workflow)];
    files.extend(dockerfile.then_some(("Dockerfile", image.as_str())));
    test_support::of(&files, &test_support::lockfile_only())
}

fn form(name: &str) -> &'static SbomForm {
    SbomForm::named(name).unwrap()
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

#[test]
fn a_tiny_document_of_each_format() {
    insta::assert_snapshot!("tiny-cyclonedx", text(cyclonedx(&tiny(), &info()).unwrap()));
    insta::assert_snapshot!("tiny-spdx", text(spdx(&tiny(), &info()).unwrap()));
    for name in ["cyclonedx-1.6", "spdx-3.0.1"] {
        insta::assert_snapshot!(format!("tiny-{name}"), text(form(name).write(&mixed(), &info()).unwrap()));
    }
}

#[test]
fn documents_are_the_same_twice_and_differ_with_the_content() {
    let other = DocumentInfo { as_of: "2026-11-02T00:00:00Z".parse().unwrap(), ..info() };
    for form in SBOM_FORMS {
        assert_eq!(form.write(&mixed(), &info()).unwrap(), form.write(&mixed(), &info()).unwrap());
        assert_ne!(form.write(&mixed(), &info()).unwrap(), form.write(&mixed(), &other).unwrap());
    }
}

/// The published schema of a version, where the shared data is.
fn schema(version: &str) -> Option<jsonschema::Validator> {
    let folder = plimsoll_testkit::unpack("sbom/cyclonedx-json-schemas.tar.zst")?.join("cyclonedx-json-schemas");
    let read = |name: &str| -> Value { serde_json::from_slice(&fs::read(folder.join(name)).unwrap()).unwrap() };
    let mut registry = Registry::new();
    for name in ["spdx.schema.json", "jsf-0.82.schema.json", "cryptography-defs.schema.json"] {
        if !folder.join(name).is_file() {
            continue;
        }
        registry = registry.add(format!("http://cyclonedx.org/schema/{name}"), read(name)).unwrap();
    }
    let registry = registry.prepare().unwrap();
    Some(jsonschema::options().with_registry(&registry).build(&read(&format!("bom-{version}.schema.json"))).unwrap())
}

#[test]
fn cyclonedx_passes_the_published_schema() {
    for (version, name) in [("1.5", "cyclonedx"), ("1.6", "cyclonedx-1.6"), ("1.7", "cyclonedx-1.7")] {
        passes_the_published_schema(version, form(name));
    }
}

fn passes_the_published_schema(version: &str, form: &SbomForm) {
    let Some(schema) = schema(version) else { return };
    let check = |name: &str, inventory: &Inventory| {
        let value: Value = serde_json::from_slice(&form.write(inventory, &info()).unwrap()).unwrap();
        assert_eq!(value["specVersion"], version);
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
    check("mixed", &mixed());
    check("built", &built(true));
    check("empty", &Inventory::default());
    // What the newer ones have besides is the same for every component.
    let large = if version == "1.5" { usize::MAX } else { 1 };
    for (case, root) in cases().into_iter().take(large) {
        let (files, options) = test_support::load(&root, test_support::lockfile_only());
        check(case, &inventory(&files, &Survey::default(), &options));
    }
    let mut broken: Value = serde_json::from_slice(&form.write(&tiny(), &info()).unwrap()).unwrap();
    broken["components"][0]["type"] = "nonsense".into();
    assert!(!schema.is_valid(&broken));
}

#[test]
fn spdx_is_read_back_and_passes_the_python_validator() {
    let folder = tempfile::tempdir().unwrap();
    let mut names = Vec::new();
    let mut add = |name: &str, inventory: &Inventory| {
        let bytes = spdx(inventory, &info()).unwrap();
        // The crate reads one category by another word than the format has.
        let read = text(bytes.clone()).replace("PERSISTENT-ID", "PERSISTENT_ID");
        let document: spdx_rs::models::SPDX = serde_json::from_str(&read).unwrap();
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
    add("built", &built(true));
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
    for form in SBOM_FORMS {
        let bytes = form.write(&mixed(), &hostile).unwrap();
        assert!(serde_json::from_slice::<Value>(&bytes).is_ok());
        assert!(!text(bytes).contains(['\u{1b}', '\u{202e}', '\u{200b}']));
    }
    let empty = DocumentInfo { name: String::new(), version: None, claimant: None, ..info() };
    for form in SBOM_FORMS {
        assert!(form.write(&mixed(), &empty).is_ok());
        assert!(form.write(&Inventory::default(), &empty).is_ok());
    }
}

#[test]
fn spdx_3_is_read_by_the_python_model() {
    let folder = tempfile::tempdir().unwrap();
    let mut names = Vec::new();
    let own = {
        let (files, options) = test_support::load(&test_support::own_root(), test_support::lockfile_only());
        inventory(&files, &Survey::default(), &options)
    };
    let (tiny, mixed, built) = (tiny(), mixed(), built(true));
    let all = [("tiny", &tiny), ("mixed", &mixed), ("built", &built), ("empty", &Inventory::default()), ("own", &own)];
    for (name, inventory) in all {
        let bytes = form("spdx-3.0.1").write(inventory, &info()).unwrap();
        let value: Value = serde_json::from_slice(&bytes).unwrap();
        let graph = value["@graph"].as_array().unwrap();
        let ids: BTreeSet<&str> = graph.iter().filter_map(|element| element["spdxId"].as_str()).collect();
        assert_eq!(ids.len() + 1, graph.len(), "{name}: every element but the creation has an identifier of its own");
        for to in graph.iter().flat_map(|element| element["to"].as_array().into_iter().flatten()) {
            let to = to.as_str().unwrap();
            assert!(ids.contains(to) || to.starts_with("https://spdx.org/rdf/3.0.1/terms/"), "{name}: {to}");
        }
        let path = folder.path().join(format!("{name}.spdx3.json"));
        fs::write(&path, bytes).unwrap();
        names.push(path);
    }
    let python = std::env::var_os("PLIMSOLL_PYTHON").unwrap_or_else(|| "python3".into());
    let script = test_support::own_root().join("tests/corpus/spdx3_validate.py");
    let output = match Command::new(python).arg(script).args(&names).output() {
        Ok(output) if output.status.code() != Some(3) => output,
        missing => {
            assert!(
                std::env::var_os("CI").is_none(),
                "the model of SPDX 3 is missing: pip install spdx-python-model ({missing:?})"
            );
            eprintln!("not checked: the Python module spdx_python_model is missing; pip install spdx-python-model");
            return;
        }
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

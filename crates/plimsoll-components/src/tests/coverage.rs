//! What was not read makes every statement about all components incomplete, in the inventory, the documents and the comparison.

use serde_json::Value;

use super::documents::{built, info};
use crate::{
    Cause, ComponentSet, Document, ECOSYSTEMS, Inventory, PublishedSbom, SBOM_FORMS, Survey, cyclonedx, inventory,
    spdx, test_support,
};

const CRATE: &str = "[package]\nname = \"app\"\nversion = \"1.0.0\"\n[dependencies]\ndep = \"1\"\n";
const LOCK: &str = "version = 4\n[[package]]\nname = \"app\"\nversion = \"1.0.0\"\ndependencies = [\"dep\"]\n[[package]]\nname = \"dep\"\nversion = \"1.0.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"00000000000000000000000000000000000000000000000000000000000000ab\"\n";

/// A small crate with a lockfile, and files of these names and classes.
fn with(files: &[(&str, &str)]) -> Inventory {
    let mut survey = Survey::default();
    survey.file("src/lib.rs", "shipped");
    for (path, class) in files {
        survey.file(path, class);
    }
    let options = test_support::lockfile_only();
    inventory(&[test_support::file("Cargo.toml", CRATE), test_support::file("Cargo.lock", LOCK)], &survey, &options)
}

fn aggregate(inventory: &Inventory) -> (String, bool, bool) {
    let cdx: Value = serde_json::from_slice(&cyclonedx(inventory, &info()).unwrap()).unwrap();
    let spdx: Value = serde_json::from_slice(&spdx(inventory, &info()).unwrap()).unwrap();
    let names =
        cdx["metadata"]["properties"].as_array().into_iter().flatten().any(|one| {
            one["name"] == "plimsoll:not-listed" && one["value"].as_str().unwrap().contains("is not checked")
        });
    let comment = spdx["creationInfo"]["comment"].as_str().is_some_and(|text| text.contains("is not checked"));
    (cdx["compositions"][0]["aggregate"].as_str().unwrap().to_owned(), names, comment)
}

#[test]
fn every_ecosystem_that_is_not_read_makes_the_whole_incomplete_where_it_may_ship() {
    assert!(with(&[]).gaps.is_empty());
    assert_eq!(aggregate(&with(&[])), ("complete".to_owned(), false, false));
    for ecosystem in ECOSYSTEMS.iter().filter(|ecosystem| !ecosystem.is_read()) {
        let patterns = || ecosystem.manifests().iter().chain(ecosystem.lockfiles());
        for name in patterns().map(|pattern| pattern.replace('*', "x")) {
            for (class, may_ship) in
                [("shipped", true), ("vendored", true), ("test", false), ("example", false), ("fixture", false)]
            {
                let inventory = with(&[(&name, class)]);
                let told = inventory
                    .gaps
                    .iter()
                    .any(|gap| gap.cause == Cause::NotListed && gap.reason.contains(ecosystem.name()));
                assert_eq!(told, may_ship, "{name} {class}: {:?}", inventory.gaps);
            }
        }
        let Some(name) = patterns().next().map(|pattern| pattern.replace('*', "x")) else { continue };
        assert_eq!(aggregate(&with(&[(&name, "shipped")])), ("incomplete".to_owned(), true, true), "{name}");
    }
}

#[test]
fn documents_assert_nothing_in_words_of_another_format() {
    let nameless = crate::DocumentInfo { version: None, claimant: None, ..info() };
    let text = String::from_utf8(cyclonedx(&with(&[]), &nameless).unwrap()).unwrap();
    assert!(!text.contains("NOASSERTION"), "{text}");
}

fn compare(purls: &[&str], files: &[(&str, &str)]) -> (&'static str, usize, usize) {
    let components = purls.iter().map(|purl| {
        let (_, rest) = purl.rsplit_once('/').unwrap();
        let (name, version) = rest.split_once('@').unwrap();
        format!(r#"{{"name":"{name}","version":"{version}","purl":"{purl}"}}"#)
    });
    let components = components.collect::<Vec<_>>().join(",");
    let text = format!(r#"{{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{components}]}}"#);
    let compared = PublishedSbom::read(text.as_bytes()).unwrap().compare(&with(files));
    assert_eq!(compared.reason.is_some(), compared.verdict == "unknown" || !files.is_empty(), "{compared:?}");
    (compared.verdict, compared.missing.len(), compared.extra.len())
}

#[test]
fn an_sbom_is_compared_where_the_commit_was_read_and_equal_only_where_all_was() {
    let (dep, elm, action) = ("pkg:cargo/dep@1.0.0", "pkg:elm/minimist@0.0.8", "pkg:github/actions/checkout@v4");
    let other = "pkg:cargo/other@1.0.0";
    let web: &[(&str, &str)] = &[("web/elm.json", "shipped")];
    let jar: &[(&str, &str)] = &[("libs/a.jar", "shipped")];
    for (purls, files, expected) in [
        (&[dep][..], &[][..], ("equal", 0, 0)),
        (&[dep, action], &[], ("equal", 0, 0)),
        (&[dep, elm], &[], ("differs", 0, 1)),
        (&[elm], &[], ("differs", 1, 1)),
        // The true one of a mixed repository, and the one that leaves out what was not read: nobody here can tell.
        (&[dep, elm], web, ("unknown", 0, 0)),
        (&[dep], web, ("unknown", 0, 0)),
        // The part that is read differs, whatever the rest is.
        (&[elm], web, ("differs", 1, 0)),
        (&[dep, other, elm], web, ("differs", 0, 1)),
        (&[dep, "pkg:gem/rack@1.0"], web, ("differs", 0, 1)),
        (&[dep, "pkg:maven/a/b@1.0"], jar, ("unknown", 0, 0)),
    ] {
        assert_eq!(compare(purls, files), expected, "{purls:?} {files:?}");
    }
}

#[test]
fn what_builds_is_kept_apart_from_what_ships_in_every_form() {
    for form in SBOM_FORMS {
        for (dockerfile, verdict) in [(false, "equal"), (true, "unknown")] {
            let inventory = built(dockerfile);
            let bytes = form.write(&inventory, &info()).unwrap();
            let document = Document::read(&bytes).unwrap();
            let purls = |excluded: bool| {
                let listed = document.components.iter().filter(|one| !one.product && one.excluded == excluded);
                let mut purls: Vec<&str> = listed.filter_map(|one| one.purl.as_deref()).collect();
                purls.sort_unstable();
                purls
            };
            let tools = ["pkg:docker/x@1", "pkg:githubactions/a/b@v1#c", "pkg:githubactions/a/b@x%2Fy"];
            assert_eq!(purls(true), tools, "{}", form.name);
            assert_eq!(purls(false).iter().any(|purl| purl.starts_with("pkg:docker/")), dockerfile, "{}", form.name);
            let published = PublishedSbom::read(&bytes).unwrap().compare(&inventory);
            assert_eq!((published.verdict, published.missing.len(), published.extra.len()), (verdict, 0, 0));
            let compared = ComponentSet::of_document(&document).difference(&ComponentSet::of_inventory(&inventory));
            assert_eq!(compared.missing, [""; 0], "{}", form.name);
        }
    }
}

#[test]
fn what_is_no_package_need_not_be_listed() {
    // What others list of images and steps says nothing, and neither does that they do not.
    let tools = ["pkg:cargo/dep@1.0.0", "pkg:githubactions/a/b@v1", "pkg:github/a/b@v1"];
    assert_eq!(compare(&tools, &[]), ("equal", 0, 0));
    assert_eq!(compare(&["pkg:cargo/dep@1.0.0", "pkg:docker/a@1"], &[]), ("differs", 0, 1));
    let with_image = |purls: &str| {
        let text = format!(r#"{{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{purls}]}}"#);
        PublishedSbom::read(text.as_bytes()).unwrap().compare(&built(true))
    };
    let listed = r#"{"name":"other","version":"1","purl":"pkg:docker/other@1"}"#;
    assert_eq!(with_image(listed).verdict, "unknown");
    assert_eq!(with_image(&listed.replace("docker/", "cargo/")).verdict, "differs");
}

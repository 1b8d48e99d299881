use crate::{Cause, Dependencies, Inventory, Locked, Options, component::Origin, test_support};

fn of(files: &[(&str, &str)]) -> Inventory {
    test_support::of(files, &Options::default())
}

/// `NAME VERSION reach` of every component that is not a member, sorted.
fn listed(inventory: &Inventory) -> Vec<String> {
    let foreign = inventory.components.iter().filter(|component| !component.member);
    let mut all: Vec<String> =
        foreign.map(|one| format!("{} {} {}", one.name, one.version, one.reach.as_str())).collect();
    all.sort();
    all
}

/// Gaps but that nothing is compared with advisories.
fn gaps(inventory: &Inventory) -> Vec<String> {
    let all = inventory.gaps.iter().filter(|gap| gap.cause != Cause::NotCompared);
    all.map(|gap| format!("{:?} {}", gap.cause, gap.reason)).collect()
}

const MANIFEST: &str = r#"{"name": "app", "version-semver": "1.0.0", "license": "MIT",
    "builtin-baseline": "0a0a",
    "dependencies": ["fmt", {"name": "zlib", "version>=": "1.2.13"}, {"name": "cmake-helper", "host": true}, {"name": "fmt"}],
    "features": {"tests": {"description": "x", "dependencies": ["catch2", {"name": "app", "features": ["x"]}]}},
    "overrides": [{"name": "zlib", "version": "1.3.1", "port-version": 2}, {"name": "unasked", "version": "1"}]}"#;

#[test]
fn names_of_direct_dependencies_are_listed() {
    let found = of(&[("vcpkg.json", MANIFEST)]);
    assert_eq!(listed(&found), ["catch2  shipped", "cmake-helper  build", "fmt  shipped", "zlib 1.3.1#2 shipped"]);
    let workspace = &found.workspaces[0];
    assert_eq!((workspace.locked, workspace.dependencies), (Locked::No, Dependencies::Some));
    let told =
        "1 direct dependency can be listed, and what they need is not known, nor which versions of 3 more it takes";
    assert!(gaps(&found).len() == 1 && gaps(&found)[0].contains(told), "{:?}", gaps(&found));
    let all = test_support::by_name(&found);
    let built_in = Origin::Registry("https://github.com/microsoft/vcpkg".to_owned());
    assert_eq!((&all["fmt"].origin, all["fmt"].purl.as_str()), (&built_in, "pkg:vcpkg/fmt"));
    assert_eq!(all["zlib"].purl, "pkg:vcpkg/zlib@1.3.1%232");
    assert_eq!(
        (all["app"].member, all["app"].version.as_str(), all["app"].licence.as_deref()),
        (true, "1.0.0", Some("MIT"))
    );
    assert!(found.components.iter().all(|component| component.lockfile.is_none()));
    let without = of(&[("vcpkg.json", r#"{"dependencies": ["fmt"]}"#)]);
    assert!(gaps(&without)[0].contains("its 1 direct dependency has no versions"), "{:?}", gaps(&without));
    assert_eq!(listed(&without), ["fmt  shipped"]);
    let nothing = of(&[("vcpkg.json", "{}")]);
    assert_eq!((gaps(&nothing), nothing.workspaces[0].dependencies), (vec![], Dependencies::None));
}

#[test]
fn where_packages_come_from_is_configured() {
    let configuration = r#"{"default-registry": {"kind": "git", "repository": "https://u:w@g.example/v.git", "baseline": "0a"},
        "registries": [{"kind": "git", "repository": "https://h.example/w", "baseline": "0b", "packages": ["z*", "beicode"]},
        {"kind": "artifact", "location": "https://x.example/a.zip", "name": "microsoft"}]}"#;
    let embedded = format!(r#"{{"dependencies": ["fmt", "zlib"], "configuration": {configuration}}}"#);
    for files in
        [&[("vcpkg.json", MANIFEST), ("vcpkg-configuration.json", configuration)][..], &[("vcpkg.json", &embedded)]]
    {
        let found = of(files);
        let all = test_support::by_name(&found);
        assert_eq!(all["fmt"].purl, "pkg:vcpkg/fmt?repository_url=https:%2F%2Fg.example%2Fv.git");
        assert_eq!(all["zlib"].origin, Origin::Registry("https://h.example/w".to_owned()));
        assert!(gaps(&found).iter().all(|gap| gap.starts_with("NoLockfile")), "{:?}", gaps(&found));
    }
    for (text, told) in [
        ("[]", "no JSON object"),
        (r#"{"default-registry": 1}"#, "default-registry is not as the format has it"),
        (r#"{"default-registry": {"kind": "git"}}"#, "a registry has no address"),
        (r#"{"registries": {}}"#, "registries are no list"),
        (r#"{"registries": [1]}"#, "a registry is not as the format has it"),
        (r#"{"registries": [{"kind": "ftp"}]}"#, "a registry is of an unknown kind"),
    ] {
        let found = of(&[("vcpkg.json", MANIFEST), ("vcpkg-configuration.json", text)]);
        assert!(
            gaps(&found).iter().any(|gap| gap.starts_with("Manifest") && gap.contains(told)),
            "{told} {:?}",
            gaps(&found)
        );
        let found = of(&[("vcpkg.json", &format!(r#"{{"configuration": {text}}}"#))]);
        assert!(text == "[]" || gaps(&found).iter().any(|gap| gap.contains(told)), "{told} {:?}", gaps(&found));
    }
}

#[test]
fn what_is_not_understood_is_told() {
    for (text, told) in [
        ("", "Manifest"),
        ("[]", "no JSON object"),
        (r#"{"dependencies": {}}"#, "its dependencies are no list"),
        (r#"{"features": 1}"#, "its features are no list"),
        (r#"{"features": {"a": {"dependencies": 1}}}"#, "its dependencies are no list"),
        (r#"{"dependencies": [1]}"#, "what it asks for as 1 is not understood"),
        (r#"{"dependencies": ["a b"]}"#, "is not understood"),
        (r#"{"dependencies": ["../a"]}"#, "is not understood"),
        (r#"{"dependencies": [{"host": true}]}"#, "is not understood"),
        (r#"{"dependencies": [{"name": "a", "host": 1}]}"#, "is not understood"),
        (r#"{"overrides": [{"name": "a"}]}"#, "what it overrides as"),
    ] {
        let found = of(&[("vcpkg.json", text)]);
        assert!(gaps(&found).iter().any(|gap| gap.contains(told)), "{text} {:?}", gaps(&found));
        assert!(found.workspaces.first().is_none_or(|one| one.dependencies != Dependencies::None), "{text}");
    }
    let found = of(&[("vcpkg.json", r#"{"license": "MIT or so", "dependencies": ["a", 1]}"#)]);
    let told =
        "its 1 direct dependency has no versions and theirs are not known; what it asks for as 1 is not understood";
    assert!(gaps(&found)[0].contains(told), "{:?}", gaps(&found));
    assert!(found.components.iter().all(|component| component.licence.is_none()));
    // People write comments.
    assert_eq!(listed(&of(&[("vcpkg.json", "// x\n{\"dependencies\": [\"a\"]}")])), ["a  shipped"]);
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,40}", json in "([{}\\[\\],:]|\"(dependencies|features|overrides|name|version|kind|a)\"|1|null){0,40}") {
        for text in [&text, &json] {
            let _ = of(&[("vcpkg.json", text), ("vcpkg-configuration.json", text)]);
            let _ = of(&[("vcpkg.json", &format!("{{\"dependencies\":[{text}],\"overrides\":[{text}]}}")), ("vcpkg-configuration.json", &format!("{{\"registries\":[{text}]}}"))]);
        }
    }
}

use plimsoll_model::body::Reach;

use crate::{Cause, Component, Inventory, UnreadFile, component::Origin, inventory, test_support};

const ID: &str = "0123456789012345678901234567890123456789";
const CRATE: &str = "[package]\nname = \"app\"\nversion = \"1.0.0\"\n";
const COMPOSITE: &str = "runs: {using: composite, steps: [{uses: a/b@v1}]}\n";

fn workflow() -> String {
    format!(
        "on: push\njobs:\n  a:\n    container: alpine:3\n    steps:\n      - uses: actions/checkout@{ID} # v4.2.0\n      \
         - uses: actions/cache@v4\n      - uses: ./.github/actions/own\n"
    )
}

fn of(files: &[(&str, &str)]) -> Inventory {
    test_support::of(files, &test_support::lockfile_only())
}

fn told(inventory: &Inventory) -> Vec<String> {
    let foreign = inventory.components.iter().filter(|one| !one.member);
    foreign.map(|one| format!("{} {} {}", one.purl, one.reach.as_str(), one.class)).collect()
}

#[test]
fn what_a_workflow_takes_in_builds_and_does_not_ship() {
    let found = of(&[(".github/workflows/ci.yml", &workflow())]);
    let expected = [
        "pkg:docker/alpine@3 build tool".to_owned(),
        "pkg:githubactions/actions/cache@v4 build tool".to_owned(),
        format!("pkg:githubactions/actions/checkout@{ID} build tool"),
    ];
    assert_eq!(told(&found), expected);
    let [_, cache, checkout] = &found.components[..] else { panic!("{found:?}") };
    let url = |of: &Component| match &of.origin {
        Origin::Git { url, revision } => (url.clone(), revision.clone()),
        other => panic!("{other:?}"),
    };
    // A ref that can move pins nothing, and the comment behind a commit is a word.
    assert_eq!(url(cache), ("https://github.com/actions/cache".to_owned(), None));
    assert_eq!(url(checkout), ("https://github.com/actions/checkout".to_owned(), Some(ID.to_owned())));
    assert_eq!((checkout.version.as_str(), checkout.reach, checkout.ships()), (ID, Reach::Build, false));
    assert_eq!((checkout.release.as_deref(), cache.release.as_deref()), (Some("v4.2.0"), None));
    assert_eq!(crate::published_in(checkout), Some("GitHub Actions"));
    assert_eq!(found.components.iter().filter_map(crate::published_in).count(), 2, "an image is none");
    let told = "1 step is compared with advisories by the release that a comment behind the commit names, which is the \
                maker's word.";
    assert!(found.limitations.iter().any(|one| one == told), "{found:?}");
    assert!(found.limitations.iter().any(|told| told.starts_with("2 of 3 steps and images")), "{found:?}");
}

#[test]
fn a_crate_with_workflows_is_known_as_a_crate_alone_is() {
    let alone = of(&[("Cargo.toml", CRATE)]);
    let broken = "jobs: {";
    let own = "runs: {using: composite, steps: [{run: x, shell: sh}]}";
    let node = "runs: {using: node20, main: a.js}";
    for (path, text, is_one) in [
        (".github/workflows/ci.yml", workflow().as_str(), true),
        (".github/workflows/ci.yml", broken, true),
        (".github/actions/x/action.yml", COMPOSITE, true),
        (".github/actions/x/action.yml", broken, true),
        ("action.yml", own, true),
        ("action.yml", node, true),
        ("vendor/x/action.yml", COMPOSITE, true),
        ("src/action.yml", "name: x\n", false),
        ("x/.github/workflows/ci.yml", broken, false),
    ] {
        let mut files = vec![("Cargo.toml", CRATE)];
        files.extend(crate::role(path).map(|_| (path, text)));
        let mut found = of(&files);
        if path.starts_with("vendor/") {
            found = inventory(
                &[
                    test_support::file("Cargo.toml", CRATE),
                    crate::SourceFile { class: "vendored".to_owned(), ..test_support::file(path, text) },
                ],
                &crate::Survey::default(),
                &test_support::lockfile_only(),
            );
        }
        assert_eq!(
            (&found.gaps, &found.workspaces, &found.lockfiles),
            (&alone.gaps, &alone.workspaces, &alone.lockfiles)
        );
        assert_eq!(found.manifests, alone.manifests);
        assert!(found.components.iter().all(|one| one.member || !one.ships()), "{path}: {found:?}");
        let others: Vec<_> = found.ecosystems.iter().filter(|one| one.name != "cargo").collect();
        assert_eq!(others.len(), usize::from(is_one), "{path}: {others:?}");
        assert!(others.iter().all(|one| one.class == "tool" && !one.read), "{path}: {others:?}");
    }
}

#[test]
fn an_action_for_others_may_ship_what_it_takes_in() {
    let found = of(&[("Cargo.toml", CRATE), ("action.yml", COMPOSITE)]);
    assert_eq!(told(&found), ["pkg:githubactions/a/b@v1 unknown shipped"]);
    let own = found.ecosystems.iter().find(|one| one.name == "github-actions").unwrap();
    assert!(own.class == "shipped" && !own.read && !own.checked, "{own:?}");
    let gaps: Vec<_> = found.gaps.iter().map(|gap| (gap.cause, gap.reason.as_str())).collect();
    let reason = "github-actions is not checked: what action.yml brings in is not listed by this version";
    assert_eq!(gaps, [(Cause::NotListed, reason)]);
    // One that cannot be read may take in anything.
    assert_eq!(of(&[("action.yml", "runs: {")]).gaps.len(), 2);
    assert_eq!(told(&of(&[("tests/action.yml", COMPOSITE)])), ["pkg:githubactions/a/b@v1 dev test"]);
    let image = "runs: {using: docker, image: 'docker://x:1'}";
    assert_eq!(told(&of(&[("x/action.yaml", image)])), ["pkg:docker/x@1 unknown shipped"]);
}

#[test]
fn a_step_is_listed_once_and_one_that_is_not_known_is_named() {
    let steps = "jobs: {a: {steps: [{uses: a/b@v1}, {uses: A/B@v1}, {uses: x}, {uses: '${{ y }}'}]}}";
    let found =
        of(&[(".github/workflows/a.yml", steps), (".github/workflows/b.yml", steps), ("action.yml", COMPOSITE)]);
    assert_eq!(told(&found), ["pkg:githubactions/a/b@v1 unknown shipped"]);
    let expected = "What workflows and actions take in is not all listed (.github/workflows/a.yml: \"x\" is no name of an \
                    action, and 3 more).";
    assert!(found.limitations.iter().any(|told| told == expected), "{:?}", found.limitations);
}

#[test]
fn comments_that_contradict_each_other_name_no_release() {
    let step = |id: &str, comment: &str| format!("jobs:\n  a:\n    steps:\n      - uses: a/b{id}{comment}\n");
    for (one, other, expected) in [
        (step(&format!("@{ID}"), " # v1.0.0"), step(&format!("@{ID}"), " # v1.0.0"), Some("v1.0.0")),
        (step(&format!("@{ID}"), " # v1.0.0"), step(&format!("/c@{ID}"), ""), Some("v1.0.0")),
        (step(&format!("@{ID}"), " # v1.0.0"), step(&format!("@{ID}"), " # v2.0.0"), None),
        (step("@v1", " # v1.0.0"), step("@v1", ""), None),
        (step("@main", " # v1.0.0"), step(&format!("@{ID}"), ""), None),
    ] {
        let found = of(&[(".github/workflows/a.yml", &one), (".github/workflows/b.yml", &other)]);
        let releases: Vec<_> = found.components.iter().map(|one| one.release.as_deref()).collect();
        assert!(releases.iter().all(|release| *release == expected), "{one}{other}: {releases:?}");
        let back = serde_json::to_value(&found.components[0]).unwrap();
        let back = crate::component_of_fact(back.as_object().unwrap()).unwrap();
        assert_eq!((back.release.as_deref(), crate::published_in(&back)), (expected, Some("GitHub Actions")));
    }
}

#[test]
fn a_workflow_that_was_not_read_is_told() {
    for (path, gaps) in [(".github/workflows/ci.yml", 0), ("action.yml", 2)] {
        let unread = UnreadFile { path: path.to_owned(), class: "shipped".to_owned(), reason: "too large".to_owned() };
        let options = crate::Options { unread: vec![unread], ..test_support::lockfile_only() };
        let found = inventory(&[], &crate::Survey::default(), &options);
        assert_eq!((found.gaps.len(), found.limitations.len()), (gaps, usize::from(gaps == 0)), "{path}: {found:?}");
    }
}

use crate::{Inventory, SourceFile, UnreadFile, inventory, test_support};

/// The images of a tree with their reach and class.
fn told(inventory: &Inventory) -> Vec<String> {
    let of = |one: &crate::Component| format!("{} {} {}", one.purl, one.reach.as_str(), one.class);
    inventory.components.iter().map(of).collect()
}

/// What is in nothing but one file.
fn of(path: &str, text: &str) -> Inventory {
    test_support::of(&[(path, text)], &test_support::lockfile_only())
}

fn faults(inventory: &Inventory) -> Vec<&str> {
    let gaps = inventory.gaps.iter().map(|gap| gap.reason.as_str());
    gaps.filter(|reason| !reason.starts_with("docker is not checked: what ")).collect()
}

#[test]
fn what_an_image_is_for_goes_by_its_stage_and_its_place() {
    let text = "FROM a AS x\nFROM b AS y\nFROM c\nCOPY --from=x / /\n";
    let images = |reaches: [&str; 3], class: &str| -> Vec<String> {
        let one = |(name, reach): (&str, &str)| format!("pkg:docker/{name}@latest {reach} {class}");
        ["a", "b", "c"].into_iter().zip(reaches).map(one).collect()
    };
    let found = of("Dockerfile", text);
    assert_eq!(told(&found), images(["unknown", "build", "unknown"], "shipped"));
    assert_eq!(found.components.iter().filter(|one| one.ships()).count(), 2);
    assert_eq!(faults(&found), [""; 0]);
    assert_eq!(told(&of("ci/Dockerfile", text)), images(["build"; 3], "tool"));
    assert_eq!(told(&of("tests/x.dockerfile", text)), images(["dev"; 3], "test"));
    assert_eq!(told(&of("Dockerfile.dockerignore", text)), [""; 0]);
}

#[test]
fn what_builds_bring_in_stays_unknown() {
    for (path, text) in [
        ("Dockerfile", "FROM scratch\n"),
        ("Dockerfile", "FROM a@sha256:0000000000000000000000000000000000000000000000000000000000000000\n"),
        ("compose.yaml", "services: {a: {image: x}}\n"),
        ("docker-compose.yml", "services: {a: {build: .}}\n"),
        ("Dockerfile.dockerignore", "x\n"),
    ] {
        let found = of(path, text);
        let own = &found.ecosystems[0];
        assert!(!own.read && !own.checked, "{path} {own:?}");
        assert_eq!((own.name.as_str(), own.class.as_str(), found.gaps.len()), ("docker", "shipped", 1), "{path}");
        assert!(of(&format!("ci/{path}"), text).gaps.is_empty(), "{path}");
    }
}

#[test]
fn an_image_that_is_not_known_is_named() {
    for (path, text, reason) in [
        (
            "Dockerfile",
            "ARG V\n\nFROM a:$V\n",
            "Dockerfile: line 3: which image \"a:$V\" is, is only known to the build",
        ),
        ("Dockerfile", "FROM A\n", "Dockerfile: line 1: \"A\" is no name of an image"),
        ("Dockerfile", "RUN x\n", "Dockerfile: it has no FROM"),
        ("compose.yml", "a: b\n", "compose.yml: it names no services"),
        (
            "compose.yml",
            "services: {a: {image: $X}}\n",
            "compose.yml: which image \"$X\" is, is only known to the build",
        ),
    ] {
        assert_eq!(faults(&of(path, text)), [reason], "{text}");
        let aside = of(&format!("ci/{path}"), text);
        assert_eq!(aside.gaps, [], "{text}");
        let expected = format!("What builds of images take in is not all listed (ci/{reason}).");
        assert_eq!(aside.limitations, [expected], "{text}");
    }
    let found = of("Dockerfile", &"FROM a:$V\n".repeat(9));
    assert_eq!(faults(&found).len(), 5);
    assert!(faults(&found).iter().any(|reason| reason.ends_with(" (and 4 more like it)")));
}

#[test]
fn an_image_is_listed_once_as_what_is_nearest_to_the_user() {
    let files = [("a/Dockerfile", "FROM x\n"), ("tests/Dockerfile", "FROM x\n"), ("ci/Dockerfile", "FROM x\n")];
    let found = test_support::of(&files, &test_support::lockfile_only());
    assert_eq!(told(&found), ["pkg:docker/x@latest unknown shipped"]);
    assert_eq!((found.components[0].place.as_str(), found.ecosystems[0].packages), ("a/Dockerfile", 1));
    assert!(found.limitations.iter().any(|told| told.starts_with("3 images are named by a tag")));
}

#[test]
fn what_was_not_read_is_a_gap_where_it_may_ship() {
    for (path, gaps) in [("Dockerfile", 2), ("ci/Dockerfile", 0)] {
        let unread = UnreadFile { path: path.to_owned(), class: "shipped".to_owned(), reason: "too large".to_owned() };
        let options = crate::Options { unread: vec![unread], ..test_support::lockfile_only() };
        let found = inventory(&[], &crate::Survey::default(), &options);
        assert_eq!((found.gaps.len(), found.ecosystems.len()), (gaps, 1), "{path}");
    }
    let files: Vec<SourceFile> =
        ["a", "b"].map(|path| test_support::file(&format!("{path}/Dockerfile"), "FROM x")).into();
    let mut options = test_support::lockfile_only();
    options.limits.manifests = 1;
    let found = inventory(&files, &crate::Survey::default(), &options);
    assert_eq!(faults(&found), ["b/Dockerfile: it and what follows is beyond the bounds"]);
}

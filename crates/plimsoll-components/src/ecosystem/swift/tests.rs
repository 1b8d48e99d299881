use crate::{Cause, Inventory, Locked, Options, component::Origin, test_support};

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

const PROGRAM: &str = "// swift-tools-version: 6.0
import PackageDescription
let package = Package(name: \"App\", dependencies: [.package(url: \"https://g.example/a/b\", from: \"1.0.0\")])
";
const NOTHING: &str = "import PackageDescription\nlet package = Package(name: \"App\")\n";

fn id() -> String {
    "0a".repeat(20)
}

/// A pin of the versions 2 and 3.
fn pin(kind: &str, location: &str, state: &str) -> String {
    format!(r#"{{"identity": "x.b", "kind": "{kind}", "location": "{location}", "state": {{{state}}}}}"#)
}

fn version(version: &str) -> String {
    format!(r#""revision": "{}", "version": "{version}""#, id())
}

/// A lockfile of version 3.
fn lock(pins: &[String], hash: &str) -> String {
    format!(r#"{{"originHash": "{hash}", "pins": [{}], "version": 3}}"#, pins.join(","))
}

fn small(program: &str) -> String {
    let branch = format!(r#""branch": "main", "revision": "{}""#, id());
    let pins = [
        pin("remoteSourceControl", "https://g.example/a/b.git", &version("1.2.0")),
        pin("remoteSourceControl", "git@g.example:c/d.git", &branch),
    ];
    lock(&pins, &plimsoll_model::sha256_hex(program.as_bytes()))
}

#[test]
fn the_versions_of_the_format_say_the_same() {
    let three = small(PROGRAM);
    let two = three.replace("\"version\": 3", "\"version\": 2").replace("\"originHash\"", "\"x\"");
    let one = format!(
        r#"{{"object": {{"pins": [
        {{"package": "b", "repositoryURL": "https://g.example/a/b.git", "state": {{"branch": null, "revision": "{0}", "version": "1.2.0"}}}},
        {{"package": "d", "repositoryURL": "git@g.example:c/d.git", "state": {{"branch": "main", "revision": "{0}", "version": null}}}}
        ]}}, "version": 1}}"#,
        id()
    );
    let digest = "which is a program that is not run";
    for (number, text, locked) in
        [("1", &one, Locked::NotKnown), ("2", &two, Locked::NotKnown), ("3", &three, Locked::Yes)]
    {
        let found = of(&[("Package.swift", PROGRAM), ("Package.resolved", text)]);
        let expected = ["g.example/a/b 1.2.0 shipped".to_owned(), format!("g.example/c/d {} unknown", id())];
        assert_eq!(listed(&found), expected, "{number} {:?}", found.gaps);
        let workspace = &found.workspaces[0];
        assert_eq!(workspace.locked, locked, "{number} {:?}", workspace.difference);
        assert_eq!(gaps(&found).len(), usize::from(locked != Locked::Yes), "{number} {:?}", gaps(&found));
        assert!(gaps(&found).iter().all(|gap| gap.contains(digest)), "{:?}", gaps(&found));
        let lockfile = &found.lockfiles[0];
        assert_eq!((lockfile.format.as_str(), lockfile.format_version.as_str()), ("Package.resolved", number));
        assert_eq!((lockfile.registry_packages, lockfile.git_pinned), (0, 2));
        let all = test_support::by_name(&found);
        let b = all["g.example/a/b"];
        let origin = Origin::Git { url: "https://g.example/a/b.git".to_owned(), revision: Some(id()) };
        assert_eq!((&b.origin, b.hashes.len()), (&origin, 0));
        let purl = "pkg:swift/g.example/a/b@1.2.0?vcs_url=git%2Bhttps:%2F%2Fg.example%2Fa%2Fb.git%40";
        assert_eq!(b.purl, format!("{purl}{}", id()));
        assert!(all["App"].member);
    }
}

#[test]
fn whether_a_lockfile_belongs_to_a_program_is_told_where_it_can_be() {
    let check = |program: &str, text: &str, locked: Locked, told: &str| {
        let found = of(&[("Package.swift", program), ("Package.resolved", text)]);
        let workspace = &found.workspaces[0];
        assert_eq!(workspace.locked, locked, "{program} {:?}", workspace.difference);
        let difference = workspace.difference.clone().unwrap_or_default();
        assert!(difference.contains(told), "{told}: {difference}");
    };
    check(PROGRAM, &small(PROGRAM), Locked::Yes, "");
    check(&format!("{PROGRAM}\n"), &small(PROGRAM), Locked::NotKnown, "its digest is not that of");
    // A digest alone is not believed.
    let gone = small(PROGRAM).replace("g.example/a/b", "g.example/a/c");
    check(PROGRAM, &gone, Locked::NotKnown, "it does not hold https://g.example/a/b");
    check(NOTHING, &small(NOTHING), Locked::No, "for which nothing asks");
    check(NOTHING, &lock(&[], ""), Locked::Yes, "");
    for (more, told) in [
        ("let a = Context.environment", "looks at where it is built"),
        ("import Foundation", "may look at where it is built"),
        ("#if os(Linux)\n#endif", "different things on different systems"),
        ("let b = [Package.Dependency.package(path: \"../b\")]", "packages of the tree"),
    ] {
        let program = format!("{PROGRAM}{more}\n");
        check(&program, &small(&program), Locked::NotKnown, told);
    }
    let built = format!(
        "{PROGRAM}let c = Target.binaryTarget(name: \"c\", url: \"https://e.example/c.zip\", checksum: \"\")\n"
    );
    check(&built, &small(&built), Locked::NotKnown, "archives of built code");
    let found = of(&[("Package.swift", &built), ("Package.resolved", &small(&built))]);
    assert!(gaps(&found)[0].starts_with("NotListed"), "{:?}", gaps(&found));
    // Which of two counts, the version of Swift decides.
    let text = small(PROGRAM);
    let found = of(&[("Package.swift", PROGRAM), ("Package@swift-5.9.swift", NOTHING), ("Package.resolved", &text)]);
    assert_eq!((found.workspaces.len(), found.workspaces[0].locked), (1, Locked::NotKnown));
    // None, and none is needed.
    let found = of(&[("Package.swift", NOTHING)]);
    assert_eq!((gaps(&found), found.workspaces[0].dependencies), (vec![], crate::Dependencies::None));
    let found = of(&[("Package.swift", PROGRAM)]);
    assert_eq!(gaps(&found).len(), 1, "{:?}", gaps(&found));
    assert!(gaps(&found)[0].contains("no lockfile next to it, and what Package.swift asks for is not known"));
    let found = of(&[("Package.swift", "\"")]);
    assert!(gaps(&found)[0].contains("can be split into words"), "{:?}", gaps(&found));
    // That of an Xcode project is for what is not read.
    for (place, told) in [
        ("App.xcodeproj/project.xcworkspace/xcshareddata/swiftpm", "belongs to the Xcode project App.xcodeproj,"),
        ("ios/A.xcworkspace/xcshareddata/swiftpm", "belongs to the Xcode workspace ios/A.xcworkspace,"),
        ("App/project.xcworkspace/xcshareddata/swiftpm", "belongs to the Xcode workspace App/project.xcworkspace,"),
        ("App.xcodeproj/xcshareddata/swiftpm", "belongs to no manifest"),
        ("xcshareddata/swiftpm", "belongs to no manifest"),
        ("x", "belongs to no manifest"),
    ] {
        let place = format!("{place}/Package.resolved");
        let found = of(&[(&place, &text)]);
        assert_eq!(listed(&found).len(), 2);
        assert!(gaps(&found)[0].contains(told), "{place}: {:?}", gaps(&found));
    }
    let place = "lib/.swiftpm/xcode/package.xcworkspace/xcshareddata/swiftpm/Package.resolved";
    let found = of(&[(place, &text), ("lib/Package.swift", PROGRAM)]);
    assert_eq!(found.workspaces[0].locked, Locked::Yes, "{:?}", gaps(&found));
    // What is fetched into the tree is a copy.
    let found = of(&[(".build/checkouts/b/Package.swift", PROGRAM)]);
    assert_eq!((found.workspaces.len(), listed(&found)), (0, vec!["App  unknown".to_owned()]));
}

#[test]
fn where_a_package_comes_from_is_told() {
    let check = |pin: String, expected: Result<&str, &str>| {
        let text = lock(std::slice::from_ref(&pin), "");
        let found = of(&[("Package.swift", PROGRAM), ("Package.resolved", &text)]);
        match expected {
            Ok(purl) => {
                let purls: Vec<&str> =
                    found.components.iter().filter(|one| !one.member).map(|one| one.purl.as_str()).collect();
                assert_eq!(purls, [purl], "{pin} {:?}", gaps(&found));
            }
            Err(told) => {
                let told = gaps(&found).iter().any(|gap| gap.starts_with("LockfileEntry") && gap.contains(told));
                assert!(told, "{pin} {:?}", gaps(&found));
                assert_ne!(found.workspaces[0].locked, Locked::Yes);
            }
        }
    };
    let git = |location: &str| pin("remoteSourceControl", location, &version("1.0.0"));
    let at = |url: &str| format!("?vcs_url=git%2B{}%40{}", url.replace('/', "%2F"), id());
    for (location, name, url) in [
        ("https://u:w@g.example/a/b", "g.example/a/b", "https://g.example/a/b"),
        ("https://g.example/a/b/", "g.example/a/b", "https://g.example/a/b/"),
        ("ssh://git@g.example/x/y/b.git", "g.example/x/y/b", "ssh://g.example/x/y/b.git"),
    ] {
        check(git(location), Ok(&format!("pkg:swift/{name}@1.0.0{}", at(url))));
    }
    let registry = |location: &str| pin("registry", location, "\"version\": \"1.0.0\"");
    let purl = "pkg:swift/x/b@1.0.0?repository_url=https:%2F%2Fr.example%2F";
    check(registry("https://r.example"), Ok(purl));
    for (pin, told) in [
        (registry(""), "a registry whose address it does not have"),
        (registry("").replace("x.b", "xb"), "no valid identity"),
        (pin("registry", "https://r.example", ""), "has no version"),
        (pin("remoteSourceControl", "https://g.example/a", "\"version\": \"1.0.0\""), "not pinned to a revision"),
        (pin("remoteSourceControl", "https://g.example/a", "\"version\": \"1\", \"revision\": \"abc\""), "not pinned"),
        (pin("remoteSourceControl", "https://g.example/a", "\"version\": 1"), "has no valid version"),
        (pin("remoteSourceControl", "https://g.example/a", "\"branch\": \"\""), "has no valid branch"),
        (pin("localSourceControl", "/srv/b", &version("1.0.0")), "on the machine where it was written"),
        (git("/srv/b"), "on the machine where it was written"),
        (git("../b"), "on the machine where it was written"),
        (git("https://g.example"), "no valid address"),
        (git(""), "no valid address"),
        (pin("fileSystem", "https://g.example/a", &version("1.0.0")), "a source of an unknown kind"),
        ("{\"identity\": \"b\"}".to_owned(), "the package b has no state"),
        ("7".to_owned(), "the package without a name is not as the format has it"),
    ] {
        check(pin, Err(told));
    }
    // The same repository in two revisions.
    let other = version("1.0.0").replace("0a", "0b");
    let text = lock(&[git("https://g.example/a/b"), pin("remoteSourceControl", "https://g.example/a/b", &other)], "");
    assert_eq!(listed(&of(&[("Package.swift", PROGRAM), ("Package.resolved", &text)])).len(), 2);
}

#[test]
fn a_lockfile_that_is_not_understood_is_named() {
    for (text, cause, told) in [
        (
            small("").replace("\"version\": 3", "\"version\": 4"),
            Cause::FutureLockfile,
            "version 4; this version of plimsoll reads 1 to 3",
        ),
        (small("").replace("\"version\": 3", "\"version\": 0"), Cause::FutureLockfile, "version 0"),
        (small("").replace("\"version\": 3", "\"version\": \"3\""), Cause::Lockfile, "no version of its format"),
        (small("").replace("\"version\": 3", "\"version\": 3.5"), Cause::Lockfile, "no whole number"),
        (small("").replace("\"version\": 3", "\"version\": 1"), Cause::Lockfile, "no list of pins"),
        (small("").replace("\"pins\": [", "\"pins\": [], \"pins\": ["), Cause::Lockfile, "\"pins\" appears twice"),
        ("{\"version\": 2}".to_owned(), Cause::Lockfile, "no list of pins"),
        ("[]".to_owned(), Cause::Lockfile, "no JSON object"),
        (String::new(), Cause::Lockfile, "EOF"),
    ] {
        let found = of(&[("Package.swift", PROGRAM), ("Package.resolved", &text)]);
        let named = found.gaps.iter().any(|gap| gap.cause == cause && gap.reason.contains(told));
        assert!(named, "{told}: {:?}", found.gaps);
        assert_ne!(found.workspaces[0].locked, Locked::Yes, "{told}");
    }
}

/// Of 18 files with 161 packages in eight projects none differed (syft 1.18.1). In one more, of version 1, it has 16 packages by
/// the names that they have in their own manifests, and not by their addresses.
#[test]
fn syft_finds_the_same_packages() {
    let small = small(PROGRAM).replacen("x.b", "b", 1).replacen("x.b", "d", 1);
    let made: &[(&str, &str)] = &[("Package.swift", PROGRAM), ("Package.resolved", &small)];
    // By the identity of a package: the last part of its address.
    crate::tests::syft::compare(&["Package.resolved"], "swift-package-manager-cataloger", &[made], |one| {
        let version = if one.version.len() == 40 { "UNKNOWN" } else { &one.version };
        Some(format!("{} {version}", plimsoll_model::tree_path::name(&one.name)))
    });
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,40}", json in "([{}\\[\\],:]|\"(pins|object|version|state|kind|location|identity|revision)\"|1|null){0,40}") {
        let inner = text.replace(['"', '\\'], "");
        for text in [&text, &json] {
            let _ = of(&[("Package.swift", text), ("Package.resolved", text)]);
            let _ = of(&[("Package.swift", PROGRAM), ("Package.resolved", &lock(std::slice::from_ref(text), ""))]);
        }
        let _ = of(&[("Package.resolved", &lock(&[pin("registry", &inner, &version(&inner)), pin("remoteSourceControl", &inner, "")], ""))]);
    }
}

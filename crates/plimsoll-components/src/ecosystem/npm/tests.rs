mod formats;

use crate::{Cause, Inventory, Locked, Options, Source, test_support};
use plimsoll_model::body::Reach;

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

const INTEGRITY: &str = "sha1-AAAAAAAAAAAAAAAAAAAAAAAAAAA=";

/// A lockfile of version 3 with these entries besides that of the root.
fn version_3(root: &str, entries: &[(&str, &str)]) -> String {
    let mut text = format!("{{\"lockfileVersion\":3,\"packages\":{{\"\":{{\"name\":\"app\",{root}}}");
    for (place, members) in entries {
        let comma = if members.is_empty() { "" } else { "," };
        text += &format!(",\"{place}\":{{\"version\":\"1.0.0\",\"integrity\":\"{INTEGRITY}\"{comma}{members}}}");
    }
    text + "}}"
}

const ROOT: &str = r#""dependencies":{"a":"^1"},"devDependencies":{"t":"^1"}"#;

fn manifest(members: &str) -> String {
    format!("{{\"name\":\"app\",\"version\":\"2.0.0\",{members}}}")
}

#[test]
fn a_lockfile_says_what_runs_and_what_is_for_tests() {
    let lock = version_3(
        ROOT,
        &[
            ("node_modules/a", r#""dependencies":{"b":"1"}"#),
            ("node_modules/b", ""),
            ("node_modules/t", r#""dev":true,"dependencies":{"b":"2"}"#),
            ("node_modules/t/node_modules/b", r#""version":"2.0.0""#),
        ],
    );
    // The last of two members of one name is not read at all: this one is written by hand.
    let lock = lock.replace(
        &format!("{{\"version\":\"1.0.0\",\"integrity\":\"{INTEGRITY}\",\"version\":\"2.0.0\"}}"),
        &format!("{{\"version\":\"2.0.0\",\"integrity\":\"{INTEGRITY}\"}}"),
    );
    let found = of(&[("package.json", &manifest(ROOT)), ("package-lock.json", &lock)]);
    assert_eq!(listed(&found), ["a 1.0.0 shipped", "b 1.0.0 shipped", "b 2.0.0 dev", "t 1.0.0 dev"]);
    assert_eq!(found.workspaces[0].locked, Locked::Yes, "{:?}", found.gaps);
    let lockfile = &found.lockfiles[0];
    assert_eq!((lockfile.format.as_str(), lockfile.format_version.as_str()), ("package-lock.json", "3"));
    assert_eq!((lockfile.registry_packages, lockfile.missing_checksum), (4, 0));
    let a = test_support::by_name(&found)["a"];
    assert_eq!((a.purl.as_str(), a.direct, a.source), ("pkg:npm/a@1.0.0", true, Source::Registry));
    assert_eq!(a.depends_on, ["pkg:npm/b@1.0.0"]);
    let app = test_support::by_name(&found)["app"];
    assert_eq!((app.member, app.purl.as_str()), (true, "pkg:npm/app@2.0.0?download_url=file:%2F%2F."));
    assert_eq!(app.depends_on, ["pkg:npm/a@1.0.0", "pkg:npm/t@1.0.0"]);
    let npm = found.ecosystems.iter().find(|one| one.name == "npm").unwrap();
    assert_eq!((npm.read, npm.checked, npm.registry.as_deref()), (true, true, Some("npm")));
    assert_eq!(found.gaps, []);
}

#[test]
fn a_lockfile_that_does_not_belong_to_its_manifest_is_seen() {
    let entries = [("node_modules/a", ""), ("node_modules/t", "")];
    let check = |manifest_members: &str, lock: &str, expected: Result<(), &str>| {
        let found = of(&[("package.json", &manifest(manifest_members)), ("package-lock.json", lock)]);
        let workspace = &found.workspaces[0];
        match expected {
            Ok(()) => assert_eq!(workspace.locked, Locked::Yes, "{manifest_members} {:?}", workspace.difference),
            Err(reason) => {
                assert_eq!(workspace.locked, Locked::No, "{manifest_members}");
                let told = workspace.difference.as_deref().unwrap();
                assert!(told.contains(reason), "{told}");
            }
        }
    };
    let lock = version_3(ROOT, &entries);
    check(ROOT, &lock, Ok(()));
    check(r#""dependencies":{"a":"^2"},"devDependencies":{"t":"^1"}"#, &lock, Err("not written for a ^2"));
    check(r#""dependencies":{"a":"^1","x":"1"},"devDependencies":{"t":"^1"}"#, &lock, Err("not written for x 1"));
    check(r#""dependencies":{"a":"^1"}"#, &lock, Err("for t, for which nothing asks"));
    check(r#""dependencies":{"a":"^1","t":"^1"}"#, &lock, Err("not written for t ^1"));
    // What it asks for is not in it.
    check(ROOT, &version_3(ROOT, &entries[..1]), Err("is not t ^1"));
    check(
        ROOT,
        &version_3(ROOT, &[("node_modules/a", r#""dependencies":{"b":"1"}"#), entries[1]]),
        Err("not understood"),
    );
    // What may be missing may be.
    let peer = [("node_modules/a", r#""peerDependencies":{"b":"1"},"optionalDependencies":{"c":"1"}"#), entries[1]];
    check(ROOT, &version_3(ROOT, &peer), Ok(()));
}

#[test]
fn what_a_tests_own_package_asks_for_does_not_ship_and_members_are_never_from_elsewhere() {
    let root = r#""workspaces":["packages/*","tests/*"]"#;
    let lock = version_3(
        root,
        &[
            ("packages/lib", r#""name":"lib","dependencies":{"a":"1"}"#),
            ("tests/e2e", r#""name":"e2e","dependencies":{"x":"1","lib":"*"}"#),
            ("node_modules/lib", ""),
            ("node_modules/a", ""),
            ("node_modules/x", r#""dependencies":{"a":"1"}"#),
        ],
    )
    .replace(
        &format!("\"node_modules/lib\":{{\"version\":\"1.0.0\",\"integrity\":\"{INTEGRITY}\"}}"),
        "\"node_modules/lib\":{\"resolved\":\"packages/lib\",\"link\":true}",
    );
    let lib = r#"{"name":"lib","version":"1.0.0","dependencies":{"a":"1"}}"#;
    let e2e = r#"{"name":"e2e","version":"1.0.0","dependencies":{"x":"1","lib":"*"}}"#;
    let files = [
        ("package.json", manifest(root)),
        ("packages/lib/package.json", lib.to_owned()),
        ("tests/e2e/package.json", e2e.to_owned()),
        ("package-lock.json", lock),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let found = of(&files);
    assert_eq!(listed(&found), ["a 1.0.0 shipped", "x 1.0.0 dev"], "{:?}", found.gaps);
    let (workspace, all) = (&found.workspaces[0], test_support::by_name(&found));
    assert_eq!((workspace.members, workspace.locked), (3, Locked::Yes), "{:?}", workspace.difference);
    assert_eq!((all["lib"].member, all["lib"].reach, all["e2e"].reach), (true, Reach::Shipped, Reach::Dev));
    assert_eq!(all["x"].class, "test");
    assert_eq!(all["e2e"].depends_on, [all["lib"].purl.clone(), all["x"].purl.clone()]);
    // A member that is gone.
    let found = of(&[files[0], files[1], files[3]]);
    assert_eq!(found.workspaces[0].locked, Locked::No);
    assert!(found.gaps.iter().any(|gap| gap.reason.contains("tests/e2e, which has no manifest")), "{:?}", found.gaps);
}

#[test]
fn entries_that_are_not_as_the_format_has_them_are_gaps() {
    for (place, members, reason) in [
        ("node_modules/a", r#""resolved":"ftp://x.example/a""#, "a source of an unknown kind"),
        ("node_modules/a", r#""resolved":"git+https://g.example/a.git#main""#, "not pinned to a revision"),
        ("node_modules/a b", "", "has no valid name"),
        ("node_modules/../a", "", "has no valid name"),
        ("node_modules/@a", "", "has no valid name"),
        ("node_modules/a", r#""link":"yes""#, "not as the format has it"),
        ("../a", "", "not as the format has it"),
    ] {
        let lock = version_3(r#""license":"MIT""#, &[(place, members)]);
        let found = of(&[("package.json", "{}"), ("package-lock.json", &lock)]);
        let gap = found.gaps.iter().find(|gap| gap.cause == Cause::LockfileEntry);
        assert!(gap.is_some_and(|gap| gap.reason.contains(reason)), "{place} {members}: {:?}", found.gaps);
        assert_ne!(found.workspaces[0].locked, Locked::Yes);
    }
    for (text, cause, reason) in [
        ("", Cause::Lockfile, "EOF"),
        ("[]", Cause::Lockfile, "no JSON object"),
        ("{\"lockfileVersion\":3}", Cause::Lockfile, "no list of packages"),
        ("{\"lockfileVersion\":\"3\"}", Cause::Lockfile, "no version of its format"),
        ("{\"lockfileVersion\":9}", Cause::FutureLockfile, "version 9; this version of plimsoll reads 1 to 3"),
        ("{\"lockfileVersion\":1,\"lockfileVersion\":3}", Cause::Lockfile, "lockfileVersion"),
    ] {
        let found = of(&[("package.json", r#"{"dependencies":{"a":"1"}}"#), ("package-lock.json", text)]);
        let gap = found.gaps.iter().find(|gap| gap.cause == cause);
        assert!(gap.is_some_and(|gap| gap.reason.contains(reason)), "{text}: {:?}", found.gaps);
        assert_ne!(found.workspaces[0].locked, Locked::Yes);
        assert!(found.lockfiles.is_empty());
    }
}

#[test]
fn what_has_no_lockfile_is_known_to_have_none() {
    let found = of(&[("package.json", &manifest(ROOT))]);
    assert_eq!((found.workspaces[0].locked, found.workspaces[0].lockfile.as_deref()), (Locked::No, None));
    assert!(found.gaps[0].reason.contains("2 direct dependencies have no versions"), "{:?}", found.gaps);
    // What asks for nothing needs none.
    let found = of(&[("package.json", &manifest(r#""license":"MIT""#))]);
    assert_eq!(found.workspaces[0].dependencies, crate::Dependencies::None);
    assert_eq!(found.gaps, []);
    assert!(found.ecosystems[0].checked && found.ecosystems[0].packages == 0);
    // What it asks for outside of the tree comes from elsewhere.
    for requirement in ["file:../x", "link:/x", "workspace:*", "file:lib", "portal:../../x"] {
        let found = of(&[("package.json", &format!("{{\"dependencies\":{{\"x\":\"{requirement}\"}}}}"))]);
        assert_eq!(found.workspaces[0].dependencies, crate::Dependencies::NotKnown, "{requirement}");
        assert_eq!(found.workspaces[0].locked, Locked::NotKnown, "{requirement}");
        assert!(
            found.gaps.iter().any(|gap| gap.reason.contains("x, which is no package of this tree")),
            "{requirement}"
        );
    }
    let lib = ("lib/package.json", r#"{"name":"x"}"#);
    let found = of(&[("package.json", r#"{"dependencies":{"x":"file:lib"}}"#), lib]);
    assert!(found.gaps.iter().all(|gap| gap.cause == Cause::NotCompared), "{:?}", found.gaps);
    // Nor does what lies in node_modules; it is a copy of something.
    let found = of(&[("package.json", "{}"), ("node_modules/a/package.json", r#"{"name":"a","version":"1.0.0"}"#)]);
    assert_eq!((found.workspaces.len(), listed(&found)), (1, vec!["a 1.0.0 unknown".to_owned()]));
    assert_eq!(found.ecosystems[0].packages, 1);
}

#[test]
fn what_is_bundled_is_pinned_by_what_brings_it_and_by_nothing_else() {
    let check = |place: &str, members: &str, missing: u64| {
        let brings = r#""bundleDependencies":["b"]"#;
        let lock =
            version_3(r#""license":"MIT""#, &[("node_modules/a", brings), ("node_modules/c", ""), (place, members)])
                .replace(
                    &format!("\"{place}\":{{\"version\":\"1.0.0\",\"integrity\":\"{INTEGRITY}\""),
                    &format!("\"{place}\":{{\"version\":\"1.0.0\""),
                );
        let found = of(&[("package.json", "{}"), ("package-lock.json", &lock)]);
        assert_eq!(found.lockfiles[0].missing_checksum, missing, "{place} {members}");
    };
    check("node_modules/a/node_modules/b", r#""inBundle":true"#, 0);
    check("node_modules/a/node_modules/b", "\"dev\":true", 1);
    check("node_modules/b", r#""inBundle":true"#, 1);
    check("node_modules/c/node_modules/b", r#""inBundle":true"#, 1);
    check("node_modules/a/node_modules/d/node_modules/b", r#""inBundle":true"#, 0);
    check(
        "node_modules/a/node_modules/b",
        r#""inBundle":true,"resolved":"https://registry.npmjs.org/b/-/b-1.0.0.tgz""#,
        1,
    );
}

#[test]
fn what_a_plugin_is_for_is_needed_to_run() {
    let both = r#""peerDependencies":{"a":"*"},"devDependencies":{"a":"^1","t":"^1"}"#;
    let lock = version_3(both, &[("node_modules/a", ""), ("node_modules/t", "")]);
    let found = of(&[("package.json", &manifest(both)), ("package-lock.json", &lock)]);
    assert_eq!(listed(&found), ["a 1.0.0 shipped", "t 1.0.0 dev"]);
    let entry = |name: &str| format!("{name}@^1:\n  version \"1.0.0\"\n  integrity {INTEGRITY}\n\n");
    let lock = format!("# yarn lockfile v1\n\n{}{}", entry("a"), entry("t"));
    let found = of(&[("package.json", &manifest(both)), ("yarn.lock", &lock)]);
    assert_eq!(listed(&found), ["a 1.0.0 shipped", "t 1.0.0 dev"]);
}

#[test]
fn patterns_with_alternatives_are_several() {
    for (pattern, expected) in [
        ("packages/*", &["packages/*"][..]),
        ("packages/{x,y}", &["packages/x", "packages/y"]),
        ("{a,b}/{c,d}", &["a/c", "a/d", "b/c", "b/d"]),
        ("a{", &["a{"]),
        ("a{b{c}", &["a{b{c}"]),
        ("!{a,b}", &["!a", "!b"]),
    ] {
        assert_eq!(super::package_json::alternatives(pattern), expected, "{pattern}");
    }
    assert!(super::package_json::alternatives(&"{a,b}".repeat(50)).len() < 300);
}

#[test]
fn what_is_held_is_what_is_asked_for() {
    let check = |entry: (&str, &str), reason: &str| {
        let lock = version_3(r#""dependencies":{"a":"^1.0.0"}"#, &[entry]);
        let found =
            of(&[("package.json", &manifest(r#""dependencies":{"a":"^1.0.0"}"#)), ("package-lock.json", &lock)]);
        let workspace = &found.workspaces[0];
        assert_eq!(workspace.locked == Locked::Yes, reason.is_empty(), "{entry:?} {:?}", workspace.difference);
        let told = found.gaps.iter().any(|gap| gap.reason.contains(reason));
        assert!(reason.is_empty() || told, "{entry:?} {:?}", found.gaps);
    };
    check(("node_modules/a", ""), "");
    check(("node_modules/a", r#""resolved":"https://registry.npmjs.org/a/-/a-1.0.0.tgz""#), "");
    check(
        ("node_modules/a", r#""resolved":"https://registry.npmjs.org/evil/-/evil-1.0.0.tgz""#),
        "another package or version",
    );
    check(
        ("node_modules/a", r#""resolved":"https://registry.npmjs.org/a/-/a-9.0.0.tgz""#),
        "another package or version",
    );
    check(("node_modules/a", r#""name":"evil""#), "is not a ^1.0.0");
    check(("node_modules/b", ""), "asks for a, which it does not hold");
    for (requirement, version, expected) in [
        ("^1.0.0", "1.2.3", Some(true)),
        ("^1.0.0", "2.0.0", Some(false)),
        ("1.2.3", "1.2.4", Some(false)),
        (">=1.0.0 <2", "1.9.0", Some(true)),
        (">=1.0.0 <2", "2.0.0", Some(false)),
        ("^1 || ^2", "2.1.0", Some(true)),
        ("*", "0.0.1", Some(true)),
        ("1.x", "1.4.0", Some(true)),
        ("^1", "2.0.0-rc.1", Some(true)),
        ("latest", "1.0.0", None),
        ("1 - 2", "1.0.0", None),
        ("npm:b@^1", "1.0.0", None),
        ("git+https://g.example/a.git", "1.0.0", None),
    ] {
        assert_eq!(super::package_json::fits(requirement, version), expected, "{requirement} {version}");
    }
}

#[test]
fn what_may_be_missing_may_be_so_in_a_package_alone() {
    let optional = r#""optionalDependencies":{"gone":"^1"}"#;
    let lock = version_3(optional, &[]);
    let found = of(&[("package.json", &manifest(optional)), ("package-lock.json", &lock)]);
    assert_ne!(found.workspaces[0].locked, Locked::Yes);
    let found = of(&[("package.json", &manifest(optional)), ("yarn.lock", "# yarn lockfile v1\n")]);
    assert_ne!(found.workspaces[0].locked, Locked::Yes);
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "(\\PC|\n|  |\"|:){0,80}", json in "[{}\\[\\]\",:a-c0-9]{0,60}") {
        let _ = of(&[("package.json", &json), ("package-lock.json", &json), ("yarn.lock", &text), ("bun.lock", &json)]);
        let _ = of(&[("package.json5", &json), ("pnpm-lock.yaml", &text), ("pnpm-workspace.yaml", &text)]);
        let metadata = format!("__metadata:\n  version: 8\n{text}");
        let _ = of(&[("yarn.lock", &metadata)]);
        let lock = format!("{{\"lockfileVersion\":3,\"packages\":{{\"node_modules/{}\":{{\"version\":\"1\"}}}}}}", text.replace(['"', '\\', '\n'], ""));
        let _ = of(&[("package.json", "{}"), ("package-lock.json", &lock)]);
    }
}

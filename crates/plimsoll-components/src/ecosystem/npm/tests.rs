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
    // No advisories of npm are read: that is no "none is known".
    let npm = found.ecosystems.iter().find(|one| one.name == "npm").unwrap();
    assert!(npm.read && !npm.checked);
    assert!(found.gaps.iter().all(|gap| gap.cause == Cause::NotCompared), "{:?}", found.gaps);
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
    check(ROOT, &version_3(ROOT, &entries[..1]), Err("not understood"));
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
    assert!(found.gaps.is_empty(), "{:?}", found.gaps);
    assert!(found.ecosystems[0].checked);
    // Nor does what lies in node_modules; it is a copy of something.
    let found = of(&[("package.json", "{}"), ("node_modules/a/package.json", r#"{"name":"a","version":"1.0.0"}"#)]);
    assert_eq!((found.workspaces.len(), listed(&found)), (1, vec!["a 1.0.0 unknown".to_owned()]));
    assert!(!found.ecosystems[0].checked);
}

#[test]
fn version_1_nests_packages() {
    let entry = |members: &str| format!("{{\"version\":\"1.0.0\",\"integrity\":\"{INTEGRITY}\"{members}}}");
    let lock = format!(
        "{{\"lockfileVersion\":1,\"dependencies\":{{\"a\":{},\"b\":{},\"t\":{}}}}}",
        entry(&format!(
            ",\"requires\":{{\"b\":\"2\"}},\"dependencies\":{{\"b\":{}}}",
            entry("").replace("1.0.0", "2.0.0")
        )),
        entry(""),
        entry(",\"requires\":{\"b\":\"1\"}"),
    );
    let found = of(&[("package.json", &manifest(ROOT)), ("package-lock.json", &lock)]);
    assert_eq!(listed(&found), ["a 1.0.0 shipped", "b 1.0.0 dev", "b 2.0.0 shipped", "t 1.0.0 dev"]);
    // What was asked for is not in it.
    assert_eq!(found.workspaces[0].locked, Locked::NotKnown);
    let found = of(&[("package.json", &manifest(r#""dependencies":{"z":"1"}"#)), ("package-lock.json", &lock)]);
    assert_eq!(found.workspaces[0].locked, Locked::No);
}

#[test]
fn yarn_classic_is_read_by_descriptor() {
    let lock = format!(
        "# yarn lockfile v1\n\n\na@^1, \"a@>= 1\":\n  version \"1.0.0\"\n  resolved \"https://registry.yarnpkg.com/a/-/a-1.0.0.tgz#{}\"\n  integrity {INTEGRITY}\n  dependencies:\n    \"@s/b\" \"~2.0\"\n\n\"@s/b@~2.0\":\n  version \"2.0.1\"\n  resolved \"https://registry.yarnpkg.com/@s/b/-/b-2.0.1.tgz#{}\"\n\nt@^1:\n  version \"1.0.0\"\n  optionalDependencies:\n    gone \"1\"\n",
        "00".repeat(20),
        "01".repeat(20)
    );
    let found = of(&[("package.json", &manifest(ROOT)), ("yarn.lock", &lock)]);
    assert_eq!(listed(&found), ["@s/b 2.0.1 shipped", "a 1.0.0 shipped", "t 1.0.0 dev"], "{:?}", found.gaps);
    let all = test_support::by_name(&found);
    assert_eq!(all["@s/b"].purl, "pkg:npm/%40s/b@2.0.1");
    assert_eq!(all["a"].depends_on, ["pkg:npm/%40s/b@2.0.1"]);
    assert_eq!((found.lockfiles[0].registry_packages, found.lockfiles[0].missing_checksum), (3, 1));
    assert_eq!(found.workspaces[0].locked, Locked::Yes, "{:?}", found.workspaces[0].difference);
    let found = of(&[("package.json", &manifest(r#""dependencies":{"a":"^2"}"#)), ("yarn.lock", &lock)]);
    assert_eq!(found.workspaces[0].locked, Locked::No);
    for broken in [
        "a@1\n  version \"1\"\n",
        "  version \"1\"\n",
        "a@1:\n   version \"1\"\n",
        "a@1:\n    b \"1\"\n",
        "\"a@1:\n",
        "__metadata:\n",
    ] {
        let found = of(&[("package.json", "{}"), ("yarn.lock", broken)]);
        assert!(found.gaps.iter().any(|gap| gap.cause == Cause::Lockfile), "{broken}: {:?}", found.gaps);
    }
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "(\\PC|\n|  |\"|:){0,80}", json in "[{}\\[\\]\",:a-c0-9]{0,60}") {
        let _ = of(&[("package.json", &json), ("package-lock.json", &json), ("yarn.lock", &text)]);
        let lock = format!("{{\"lockfileVersion\":3,\"packages\":{{\"node_modules/{}\":{{\"version\":\"1\"}}}}}}", text.replace(['"', '\\', '\n'], ""));
        let _ = of(&[("package.json", "{}"), ("package-lock.json", &lock)]);
    }
}

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

/// A root and two members, one of them a tool that the root is built with.
fn workspace(root: &str) -> [(&'static str, String); 3] {
    [
        (
            "package.json",
            format!(
                "{{\"name\":\"app\",\"version\":\"2.0.0\",\"dependencies\":{{\"a\":\"^1\",\"lib\":\"workspace:*\"}},\"devDependencies\":{{\"t\":\"^1\"}}{root}}}"
            ),
        ),
        ("tests/lib/package.json", r#"{"name":"lib","version":"1.0.0","dependencies":{"b":"~2"}}"#.to_owned()),
        ("tests/e2e/package.json", r#"{"name":"e2e","dependencies":{"x":"1","a":"^1"}}"#.to_owned()),
    ]
}

/// The lockfile of that workspace in each format holds the same.
fn check_workspace(root: &str, more: &[(&str, &str)], path: &str, lock: &str) {
    let own = workspace(root);
    let mut files: Vec<(&str, &str)> = own.iter().map(|(path, text)| (*path, text.as_str())).collect();
    files.extend(more);
    files.push((path, lock));
    let found = of(&files);
    assert_eq!(
        listed(&found),
        ["a 1.0.0 shipped", "b 2.0.1 shipped", "t 1.0.0 dev", "x 1.0.0 dev"],
        "{path} {:?}",
        found.gaps
    );
    let (workspace, all) = (&found.workspaces[0], test_support::by_name(&found));
    assert_eq!(
        (workspace.members, workspace.locked),
        (3, Locked::Yes),
        "{path} {:?} {:?}",
        workspace.difference,
        found.gaps
    );
    assert_eq!((found.workspaces.len(), found.lockfiles[0].missing_checksum), (1, 0), "{path}");
    // What the product is built with is part of it, wherever it lies.
    assert_eq!(
        (all["lib"].class.as_str(), all["lib"].reach, all["e2e"].class.as_str()),
        ("shipped", Reach::Shipped, "test"),
        "{path}"
    );
    assert_eq!((all["b"].class.as_str(), all["x"].class.as_str()), ("shipped", "test"), "{path}");
    assert_eq!(all["a"].depends_on, ["pkg:npm/b@2.0.1"], "{path}");
    assert!(found.components.iter().all(|one| one.member || one.source == Source::Registry), "{path}");
    // Each that asks for something else.
    for at in 0..own.len() {
        let changed = own[at].1.replace("\"dependencies\":{", "\"dependencies\":{\"new\":\"9\",");
        let mut files = files.clone();
        files[at].1 = &changed;
        assert_eq!(of(&files).workspaces[0].locked, Locked::No, "{path} {at}");
    }
}

#[test]
fn pnpm_locks_a_workspace() {
    let members = [("pnpm-workspace.yaml", "packages:\n  - tests/*\n")];
    let hash = format!("resolution: {{integrity: {INTEGRITY}}}");
    let importers = "importers:\n\n  .:\n    dependencies:\n      a:\n        specifier: ^1\n        version: 1.0.0\n      lib:\n        specifier: workspace:*\n        version: link:tests/lib\n    devDependencies:\n      t:\n        specifier: ^1\n        version: 1.0.0(a@1.0.0)\n\n  tests/e2e:\n    dependencies:\n      a:\n        specifier: ^1\n        version: 1.0.0\n      x:\n        specifier: '1'\n        version: 1.0.0\n\n  tests/lib:\n    dependencies:\n      b:\n        specifier: ~2\n        version: 2.0.1\n\n";
    let nine = format!(
        "lockfileVersion: '9.0'\n\n{importers}packages:\n\n  a@1.0.0:\n    {hash}\n\n  b@2.0.1:\n    {hash}\n\n  t@1.0.0:\n    {hash}\n    peerDependencies:\n      a: '*'\n\n  x@1.0.0:\n    {hash}\n\nsnapshots:\n\n  a@1.0.0:\n    dependencies:\n      b: 2.0.1\n\n  b@2.0.1: {{}}\n\n  t@1.0.0(a@1.0.0):\n    dependencies:\n      a: 1.0.0\n\n  x@1.0.0: {{}}\n"
    );
    check_workspace("", &members, "pnpm-lock.yaml", &nine);
    let six = format!(
        "lockfileVersion: '6.0'\n\n{importers}packages:\n\n  /a@1.0.0:\n    {hash}\n    dependencies:\n      b: 2.0.1\n    dev: false\n\n  /b@2.0.1:\n    {hash}\n    dev: false\n\n  /t@1.0.0(a@1.0.0):\n    {hash}\n    dependencies:\n      a: 1.0.0\n    dev: true\n\n  /x@1.0.0:\n    {hash}\n    dev: false\n"
    );
    check_workspace("", &members, "pnpm-lock.yaml", &six);
    let five = format!(
        "lockfileVersion: 5.4\n\nimporters:\n\n  .:\n    specifiers:\n      a: ^1\n      lib: workspace:*\n      t: ^1\n    dependencies:\n      a: 1.0.0\n      lib: link:tests/lib\n    devDependencies:\n      t: 1.0.0_a@1.0.0\n\n  tests/e2e:\n    specifiers:\n      a: ^1\n      x: '1'\n    dependencies:\n      a: 1.0.0\n      x: 1.0.0\n\n  tests/lib:\n    specifiers:\n      b: ~2\n    dependencies:\n      b: 2.0.1\n\npackages:\n\n  /a/1.0.0:\n    {hash}\n    dependencies:\n      b: 2.0.1\n\n  /b/2.0.1:\n    {hash}\n\n  /t/1.0.0_a@1.0.0:\n    {hash}\n    dependencies:\n      a: 1.0.0\n\n  /x/1.0.0:\n    {hash}\n"
    );
    check_workspace("", &members, "pnpm-lock.yaml", &five);
    for (broken, cause) in [
        ("lockfileVersion: '12.0'\n", Cause::FutureLockfile),
        ("a: 1\n", Cause::Lockfile),
        ("lockfileVersion: [\n", Cause::Lockfile),
        ("lockfileVersion: '9.0'\npackages: 7\n", Cause::Lockfile),
        ("lockfileVersion: '9.0'\nsnapshots:\n  a@1.0.0: {}\n", Cause::LockfileEntry),
        ("lockfileVersion: '6.0'\npackages:\n  /a@1.0.0: {}\n", Cause::LockfileEntry),
        ("lockfileVersion: '6.0'\nimporters:\n  ../x: {}\n", Cause::LockfileEntry),
    ] {
        let found = of(&[("package.json", "{}"), ("pnpm-lock.yaml", broken)]);
        assert!(found.gaps.iter().any(|gap| gap.cause == cause), "{broken}: {:?}", found.gaps);
    }
}

#[test]
fn yarn_berry_locks_a_workspace() {
    let sum = format!("checksum: 10c0/{}", "0a".repeat(64));
    let entry = |key: &str, resolution: &str, version: &str, more: &str| {
        format!(
            "\"{key}\":\n  version: {version}\n  resolution: \"{resolution}\"\n{more}  {sum}\n  languageName: node\n  linkType: hard\n\n"
        )
    };
    let own = |key: &str, path: &str, more: &str| {
        format!(
            "\"{key}@workspace:{path}\":\n  version: 0.0.0-use.local\n  resolution: \"{key}@workspace:{path}\"\n  dependencies:\n{more}  languageName: unknown\n  linkType: soft\n\n"
        )
    };
    let lock = [
        "__metadata:\n  version: 8\n  cacheKey: 10c0\n\n".to_owned(),
        entry("a@npm:^1", "a@npm:1.0.0", "1.0.0", "  dependencies:\n    b: \"npm:~2\"\n"),
        own("app", ".", "    a: \"npm:^1\"\n    lib: \"workspace:*\"\n    t: \"npm:^1\"\n"),
        entry("b@npm:~2, b@npm:~2.0", "b@npm:2.0.1", "2.0.1", ""),
        own("e2e", "tests/e2e", "    a: \"npm:^1\"\n    x: \"npm:1\"\n"),
        own("lib@workspace:*, lib", "tests/lib", "    b: \"npm:~2\"\n"),
        entry("t@npm:^1", "t@npm:1.0.0", "1.0.0", "  dependencies:\n    a: \"npm:^1\"\n    gone: \"npm:1\"\n  dependenciesMeta:\n    gone:\n      optional: true\n"),
        entry("x@npm:1", "x@npm:1.0.0", "1.0.0", ""),
    ]
    .concat()
    .replace("resolution: \"lib@workspace:*, lib@workspace:tests/lib\"", "resolution: \"lib@workspace:tests/lib\"");
    check_workspace(",\"workspaces\":[\"tests/*\"]", &[], "yarn.lock", &lock);
    let old = lock
        .replace("version: 8\n", "version: 4\n")
        .replace("10c0/", "")
        .replace("\"npm:", "\"")
        .replace("    \"", "    ");
    check_workspace(",\"workspaces\":{\"packages\":[\"tests/*\"]}", &[], "yarn.lock", &old);
    // Another version of what a package asks for is right where the root says so.
    let replaced = lock.replace("    b: \"npm:~2\"\n  checksum", "    b: \"npm:~1\"\n  checksum");
    assert_ne!(replaced, lock);
    for (root, expected) in [
        ("", Locked::No),
        (",\"resolutions\":{\"b\":\"2\"}", Locked::Yes),
        (",\"resolutions\":{\"c\":\"2\"}", Locked::No),
        (",\"resolutions\":{\"a/**/b@npm:~1\":\"2\"}", Locked::Yes),
    ] {
        let own = workspace(&format!(",\"workspaces\":[\"tests/*\"]{root}"));
        let mut files: Vec<(&str, &str)> = own.iter().map(|(path, text)| (*path, text.as_str())).collect();
        files.push(("yarn.lock", &replaced));
        let found = of(&files);
        assert_eq!(found.workspaces[0].locked, expected, "{root} {:?}", found.gaps);
        assert_eq!(listed(&found), ["a 1.0.0 shipped", "b 2.0.1 shipped", "t 1.0.0 dev", "x 1.0.0 dev"]);
    }
    // What a catalog has is not in the lockfile.
    let own = workspace(",\"workspaces\":[\"tests/*\"]")
        .map(|(path, text)| (path, text.replace("\"t\":\"^1\"", "\"t\":\"catalog:\"")));
    let mut files: Vec<(&str, &str)> = own.iter().map(|(path, text)| (*path, text.as_str())).collect();
    files.push(("yarn.lock", &lock));
    assert_eq!(of(&files).workspaces[0].locked, Locked::NotKnown);
    for (broken, cause) in [
        ("__metadata:\n  version: 99\n", Cause::FutureLockfile),
        ("__metadata: {}\n", Cause::Lockfile),
        ("__metadata:\n  version: 8\n\"a@npm:1\":\n  version: 1\n", Cause::LockfileEntry),
        ("__metadata:\n  version: 8\n\"a@npm:1\":\n  version: 1\n  resolution: \"a@gopher:1\"\n", Cause::LockfileEntry),
        (
            "__metadata:\n  version: 8\n\"a@npm:1\":\n  version: 1\n  resolution: \"a@npm:1\"\n  checksum: x\n",
            Cause::LockfileEntry,
        ),
    ] {
        let found = of(&[("package.json", "{}"), ("yarn.lock", broken)]);
        assert!(found.gaps.iter().any(|gap| gap.cause == cause), "{broken}: {:?}", found.gaps);
    }
}

#[test]
fn bun_locks_a_workspace() {
    let lock = format!(
        r#"{{
  "lockfileVersion": 1,
  "workspaces": {{
    "": {{ "name": "app", "dependencies": {{ "a": "^1", "lib": "workspace:*", }}, "devDependencies": {{ "t": "^1", }}, }},
    "tests/e2e": {{ "name": "e2e", "dependencies": {{ "x": "1", "a": "^1", }}, }},
    "tests/lib": {{ "name": "lib", "version": "1.0.0", "dependencies": {{ "b": "~2", }}, }},
  }},
  "packages": {{
    "a": ["a@1.0.0", "", {{ "dependencies": {{ "b": "2" }} }}, "{INTEGRITY}"],
    "b": ["b@2.0.1", "", {{}}, "{INTEGRITY}"],
    "e2e": ["e2e@workspace:tests/e2e"],
    "lib": ["lib@workspace:tests/lib"],
    "t": ["t@1.0.0", "", {{ "dependencies": {{ "a": "1" }}, "optionalDependencies": {{ "gone": "1" }} }}, "{INTEGRITY}"],
    "x": ["x@1.0.0", "", {{}}, "{INTEGRITY}"],
  }}
}}
"#
    );
    check_workspace(",\"workspaces\":[\"tests/*\"]", &[], "bun.lock", &lock);
    for (broken, cause) in [
        (lock.replace("\"lockfileVersion\": 1", "\"lockfileVersion\": 7"), Cause::FutureLockfile),
        ("{}".to_owned(), Cause::Lockfile),
        (lock.replace("lib@workspace:tests/lib", "lib@workspace:tests/other"), Cause::LockfileEntry),
        (lock.replace("\"b@2.0.1\"", "\"b@gopher:2\""), Cause::LockfileEntry),
        (lock.replace("    \"b\": [", "    \"c\": ["), Cause::LockfileEntry),
    ] {
        let found = of(&[("package.json", "{}"), ("bun.lock", &broken)]);
        assert!(found.gaps.iter().any(|gap| gap.cause == cause), "{broken}: {:?}", found.gaps);
    }
    let found = of(&[("package.json", "{}"), ("bun.lockb", "#!/usr/bin/env bun")]);
    assert!(found.gaps.iter().any(|gap| gap.reason.contains("--save-text-lockfile")), "{:?}", found.gaps);
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

//! Lockfiles of other versions and other tools than those of npm today.

use super::*;

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

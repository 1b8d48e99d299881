use std::fmt::Write as _;

use crate::{Cause, Inventory, Locked, Options, Source, component::Origin, test_support};

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

const SPEC: &str = "
name: app
version: 1.0.0+3
environment: {sdk: ^3.5.0}
dependencies:
  flutter: {sdk: flutter}
  a: ^1.0.0
  g: {git: {url: https://g.example/g.git, ref: v1, path: packages/g}}
dev_dependencies:
  t: any
";

/// An entry from the public registry.
fn hosted(name: &str, version: &str, dependency: &str) -> String {
    let digest = "0a".repeat(32);
    format!(
        "  {name}:\n    dependency: {dependency}\n    description: {{name: {name}, sha256: \"{digest}\", url: \"https://pub.dev\"}}\n    source: hosted\n    version: \"{version}\"\n"
    )
}

/// An entry with this description.
fn entry(name: &str, source: &str, description: &str) -> String {
    format!(
        "  {name}:\n    dependency: \"direct main\"\n    description: {description}\n    source: {source}\n    version: \"1.0.0\"\n"
    )
}

fn git(reference: &str) -> String {
    let id = "0b".repeat(20);
    entry(
        "g",
        "git",
        &format!("{{path: packages/g, ref: {reference}, resolved-ref: \"{id}\", url: \"https://g.example/g.git\"}}"),
    )
}

fn lock(entries: &[String]) -> String {
    let mut text = "packages:\n".to_owned();
    for entry in entries {
        let _ = write!(text, "{entry}");
    }
    text + "sdks:\n  dart: \">=3.5.0 <4.0.0\"\n"
}

fn small() -> String {
    lock(&[
        hosted("a", "1.2.0", "\"direct main\""),
        hosted("b", "0.1.0", "transitive"),
        hosted("t", "3.0.0", "\"direct dev\""),
        entry("flutter", "sdk", "flutter"),
        git("v1"),
    ])
}

#[test]
fn a_lockfile_says_what_is_asked_for_by_name_and_no_more() {
    let found = of(&[("pubspec.yaml", SPEC), ("pubspec.lock", &small())]);
    let expected =
        ["a 1.2.0 shipped", "b 0.1.0 unknown", "flutter 1.0.0 shipped", "g 1.0.0 shipped", "t 3.0.0 unknown"];
    assert_eq!(listed(&found), expected, "{:?}", found.gaps);
    assert_eq!(found.workspaces[0].locked, Locked::Yes, "{:?} {:?}", found.workspaces[0].difference, found.gaps);
    let lockfile = &found.lockfiles[0];
    assert_eq!((lockfile.registry_packages, lockfile.missing_checksum, lockfile.git_pinned), (3, 0, 1));
    let all = test_support::by_name(&found);
    assert_eq!((all["a"].purl.as_str(), all["a"].direct), ("pkg:pub/a@1.2.0", true));
    assert_eq!((all["b"].direct, all["t"].direct, all["app"].member), (false, true, true));
    assert_eq!(all["a"].hashes[0].to_string(), format!("sha256:{}", "0a".repeat(32)));
    assert_eq!((all["flutter"].source, all["flutter"].own), (Source::Path, false));
    assert_eq!(all["app"].version, "1.0.0+3");
    assert_eq!(gaps(&found), [""; 0]);
    // Nobody is known who takes it.
    let alone = of(&[("pubspec.lock", &small())]);
    assert!(listed(&alone).iter().all(|one| one.ends_with("unknown")), "{:?}", listed(&alone));
    assert!(gaps(&alone)[0].contains("belongs to no manifest"));
}

#[test]
fn a_lockfile_that_does_not_belong_to_its_manifest_is_seen() {
    let check = |from: &str, to: &str, locked: Locked, told: &str| {
        let spec = SPEC.replace(from, to);
        assert!(from == to || spec != SPEC, "{from}");
        let found = of(&[("pubspec.yaml", &spec), ("pubspec.lock", &small())]);
        assert_eq!(found.workspaces[0].locked, locked, "{to} {:?}", found.workspaces[0].difference);
        let difference = found.workspaces[0].difference.clone().unwrap_or_default();
        assert!(difference.contains(told), "{to} {difference}");
    };
    for (from, to) in [
        ("", ""),
        ("^1.0.0", "'>=1.0.0 <2.0.0'"),
        ("^1.0.0", "{version: ^1.1.0, hosted: https://pub.dev}"),
        ("^1.0.0", "{version: ^1.1.0, hosted: {name: a, url: https://pub.dartlang.org/}}"),
        ("^1.0.0", ""),
        ("ref: v1, ", "tag_pattern: 'v{{version}}', "),
    ] {
        check(from, to, Locked::Yes, "");
    }
    for (from, to, told) in [
        ("^1.0.0", "^2.0.0", "what it holds is not a ^2.0.0"),
        ("^1.0.0", "1.2.1", "what it holds is not a 1.2.1"),
        ("^1.0.0", "<1.2.0", "what it holds is not a <1.2.0"),
        ("  a:", "  n: any\n  a:", "it does not hold n any"),
        ("  a: ^1.0.0\n", "", "it was written for a, for which nothing asks"),
        ("  t: any\n", "", "it was written for t, for which nothing asks"),
        ("^1.0.0", "{version: ^1.1.0, hosted: https://r.example}", "it was not written for a ^1.1.0"),
        ("^1.0.0", "{git: https://g.example/a}", "it was not written for a git https://g.example/a"),
        ("^1.0.0", "{sdk: flutter}", "it was not written for a sdk flutter"),
        ("ref: v1", "ref: v2", "it was not written for g git"),
        ("ref: v1, ", "", "it was not written for g git"),
        ("g.example/g.git", "evil.example/g.git", "it was not written for g git"),
        ("{sdk: flutter}", "{sdk: dart}", "it was not written for flutter sdk dart"),
        ("environment:", "resolution: workspace\nenvironment:", "the lockfile of its root counts"),
        ("environment:", "dependency_overrides: {b: 1.0.0}\nenvironment:", "what it holds is not b 1.0.0"),
        ("environment:", "dependency_overrides: {a: {path: x}}\nenvironment:", "it was not written for a path x"),
    ] {
        check(from, to, Locked::No, told);
    }
    for (from, to) in [
        ("^1.0.0", "[1]"),
        ("^1.0.0", "{git: {ref: x}}"),
        ("^1.0.0", "{git: x, path: y}"),
        ("^1.0.0", "{from: x}"),
        ("^1.0.0", "{version: 1}"),
        ("^1.0.0", "latest"),
    ] {
        let spec = SPEC.replace(from, to);
        let found = of(&[("pubspec.yaml", &spec), ("pubspec.lock", &small())]);
        assert_ne!(found.workspaces[0].locked, Locked::Yes, "{to}");
        assert!(!gaps(&found).is_empty(), "{to}");
    }
    // What is taken in place of what is asked for.
    let over = "dependency_overrides: {a: ^1.2.0, b: 0.1.0}\n";
    let spec = SPEC.replace("^1.0.0", "^9.0.0");
    let found = of(&[("pubspec.yaml", &spec), ("pubspec_overrides.yaml", over), ("pubspec.lock", &small())]);
    assert_eq!(found.workspaces[0].locked, Locked::Yes, "{:?}", found.workspaces[0].difference);
    for broken in ["dependency_overrides: [a]", "a: [", "dependency_overrides: {a: [1]}"] {
        let found = of(&[("pubspec.yaml", SPEC), ("pubspec_overrides.yaml", broken), ("pubspec.lock", &small())]);
        assert_ne!(found.workspaces[0].locked, Locked::Yes, "{broken}");
        assert!(!gaps(&found).is_empty(), "{broken}");
    }
}

#[test]
fn where_a_package_comes_from_is_told() {
    let id = "0a".repeat(20);
    let check = |source: &str, description: &str, expected: Result<(&Origin, &str), &str>| {
        let text = lock(&[entry("a", source, description)]);
        let found = of(&[("pubspec.yaml", "name: x\ndependencies: {a: any}\n"), ("pubspec.lock", &text)]);
        match expected {
            Ok((origin, purl)) => {
                let a = test_support::by_name(&found)["a"];
                assert_eq!((&a.origin, a.purl.as_str()), (origin, purl), "{description}");
            }
            Err(reason) => {
                let told = gaps(&found);
                assert!(
                    told.iter().any(|gap| gap.contains("LockfileEntry") && gap.contains(reason)),
                    "{description} {told:?}"
                );
                assert_ne!(found.workspaces[0].locked, Locked::Yes, "{description}");
            }
        }
    };
    let public = Origin::Public("Pub");
    for description in
        ["{name: a, url: \"https://pub.dev\"}", "{name: a, url: \"https://pub.dartlang.org/\"}", "{name: a}", "a"]
    {
        check("hosted", description, Ok((&public, "pkg:pub/a@1.0.0")));
    }
    for (url, expected) in [
        ("http://pub.dev", "http://pub.dev"),
        ("https://pub.dev:444", "https://pub.dev:444"),
        ("https://pub.dev/x", "https://pub.dev/x"),
        ("https://pub.dev.evil.example", "https://pub.dev.evil.example"),
        ("https://pub.dev@evil.example", "https://evil.example"),
        ("https://u:w@r.example/pub/?key=1", "https://r.example/pub"),
    ] {
        let purl = format!("pkg:pub/a@1.0.0?repository_url={}", expected.replace('/', "%2F"));
        let origin = Origin::Registry(expected.to_owned());
        check("hosted", &format!("{{name: a, url: \"{url}\"}}"), Ok((&origin, &purl)));
    }
    let pinned = Origin::Git { url: "https://g.example/a".to_owned(), revision: Some(id.clone()) };
    let purl = format!("pkg:pub/a@1.0.0?vcs_url=git%2Bhttps:%2F%2Fg.example%2Fa%40{id}");
    check("git", &format!("{{url: \"https://u:w@g.example/a\", resolved-ref: \"{id}\"}}"), Ok((&pinned, &purl)));
    for (source, description, told) in [
        ("git", "{url: \"https://g.example/a\", ref: main}".to_owned(), "not pinned to a revision"),
        ("git", "{url: \"https://g.example/a\", resolved-ref: abc}".to_owned(), "not pinned to a revision"),
        ("git", format!("{{url: ../a, resolved-ref: \"{id}\"}}"), "without an address"),
        ("git", format!("{{resolved-ref: \"{id}\"}}"), "without an address"),
        ("hosted", "{name: b, url: \"https://pub.dev\"}".to_owned(), "listed under another name"),
        ("hosted", "{url: \"https://pub.dev\"}".to_owned(), "listed under another name"),
        ("hosted", "{name: a, url: pub.dev}".to_owned(), "registry without an address"),
        ("hosted", "{name: a, url: 1}".to_owned(), "registry without an address"),
        ("hosted", "{name: a, sha256: abc}".to_owned(), "a digest that is none"),
        ("hosted", "{name: a, sha256: 12}".to_owned(), "a digest that is none"),
        ("path", "{relative: true}".to_owned(), "no folder"),
        ("path", "{path: \"../a\", relative: true}".to_owned(), "which is not in the tree"),
        ("path", "{path: \"/srv/a\", relative: false}".to_owned(), "which is not in the tree"),
        ("path", "{path: \"lib/a\", relative: true}".to_owned(), "which has no pubspec.yaml"),
        ("sdk", "{}".to_owned(), "an SDK without a name"),
        ("svn", "{}".to_owned(), "a source of an unknown kind"),
    ] {
        check(source, &description, Err(told));
    }
}

#[test]
fn members_of_a_workspace_and_folders_of_the_tree_are_the_products_own() {
    let root = "name: root\npublish_to: none\nworkspace: [pkg/one, pkg/two]\n";
    let one = "name: one\nversion: 1.0.0\nresolution: workspace\ndependencies: {two: ^2.0.0, a: ^1.0.0}\n";
    let two = "name: two\nversion: 2.1.0\nresolution: workspace\ndev_dependencies: {t: any}\n";
    let text = lock(&[hosted("a", "1.2.0", "\"direct main\""), hosted("t", "3.0.0", "\"direct dev\"")]);
    let with = |one: &str, two: &str| {
        of(&[
            ("pubspec.yaml", root),
            ("pubspec.lock", &text),
            ("pkg/one/pubspec.yaml", one),
            ("pkg/two/pubspec.yaml", two),
        ])
    };
    let found = with(one, two);
    let workspace = &found.workspaces[0];
    assert_eq!((found.workspaces.len(), workspace.members, workspace.locked), (1, 3, Locked::Yes), "{workspace:?}");
    assert_eq!(
        (listed(&found), gaps(&found)),
        (vec!["a 1.2.0 shipped".to_owned(), "t 3.0.0 unknown".to_owned()], vec![])
    );
    for (one, two, told) in [
        (one, &two.replace("2.1.0", "3.0.0")[..], "the member two is of version 3.0.0"),
        (one, &two.replace("{t: any}", "{t: any, n: any}"), "it does not hold n any"),
        (one, &two.replace("{t: any}", "{}"), "it was written for t"),
        (&one.replace("a: ^1.0.0", "a: ^2.0.0"), two, "what it holds is not a ^2.0.0"),
    ] {
        let found = with(one, two);
        let difference = found.workspaces[0].difference.clone().unwrap_or_default();
        assert!(found.workspaces[0].locked == Locked::No && difference.contains(told), "{told}: {difference}");
    }
    // A member overrides for all.
    let over = two.replace("dev_d", "dependency_overrides: {a: 1.2.0}\ndev_d");
    let found = with(&one.replace("a: ^1.0.0", "a: ^7.0.0"), &over);
    assert_eq!(found.workspaces[0].locked, Locked::Yes, "{:?}", found.workspaces[0].difference);

    let app = "name: app\ndependencies: {lib: {path: ../lib}}\n";
    let lib = "name: lib\nversion: 1.0.0\ndependencies: {a: ^1.0.0}\ndev_dependencies: {u: any}\n";
    let path = entry("lib", "path", "{path: \"../lib\", relative: true}");
    let text = lock(&[path, hosted("a", "1.2.0", "transitive")]);
    let files = [("app/pubspec.yaml", app), ("app/pubspec.lock", &text), ("lib/pubspec.yaml", lib)];
    let found = of(&files);
    assert_eq!(found.workspaces.len(), 1, "{:?}", found.workspaces);
    assert_eq!((found.workspaces[0].members, found.workspaces[0].locked), (2, Locked::Yes), "{:?}", gaps(&found));
    let own = test_support::by_name(&found)["lib"];
    assert_eq!((own.own, own.member, own.depends_on.as_slice()), (true, true, &["pkg:pub/a@1.2.0".to_owned()][..]));
    assert_eq!(listed(&found), ["a 1.2.0 shipped"]);
    let more = lib.replace("{a:", "{n: any, a:");
    assert_eq!(of(&[files[0], files[1], (files[2].0, &more)]).workspaces[0].locked, Locked::No);
    // What it overrides counts for itself alone.
    let over = lib.replace("dev_d", "dependency_overrides: {a: 9.0.0}\ndev_d");
    assert_eq!(of(&[files[0], files[1], (files[2].0, &over)]).workspaces[0].locked, Locked::Yes);
    // One that is not there.
    assert_ne!(of(&files[..2]).workspaces[0].locked, Locked::Yes);
    // The lockfile of a test does not lock the product that it takes.
    let (app, text) = (app.replace("../lib", "../.."), text.replace("../lib", "../.."));
    let found = of(&[("tests/app/pubspec.yaml", &app), ("tests/app/pubspec.lock", &text), ("pubspec.yaml", lib)]);
    let product = found.workspaces.iter().find(|one| one.manifest == "pubspec.yaml").unwrap();
    assert_eq!((product.lockfile.as_deref(), product.locked), (None, Locked::No));
}

#[test]
fn an_entry_that_is_not_understood_is_named() {
    for (text, cause, told) in [
        (small().replace("  b:\n", "  b-b:\n"), Cause::LockfileEntry, "the package \"b-b\" has no valid name"),
        (small().replace("  b:\n", "  1:\n"), Cause::LockfileEntry, "no valid name"),
        (small().replace("\"0.1.0\"", "\"0 1\""), Cause::LockfileEntry, "the package \"b\" has no valid version"),
        (small().replace("\"0.1.0\"", "0.1"), Cause::LockfileEntry, "no valid version"),
        (small().replace("transitive", "sometimes"), Cause::LockfileEntry, "a use that is not known"),
        (small().replace("  b:\n", "  c: 7\n  b:\n"), Cause::LockfileEntry, "\"c\" is not as the format has it"),
        (small().replace("  b:\n", "  a:\n"), Cause::Lockfile, "not YAML"),
        (small().replace("packages:", "package:"), Cause::Lockfile, "no list of packages"),
        ("packages: []".to_owned(), Cause::Lockfile, "no list of packages"),
        ("[]".to_owned(), Cause::Lockfile, "no list of packages"),
        (String::new(), Cause::Lockfile, "no list of packages"),
        ("packages: {".to_owned(), Cause::Lockfile, "not YAML"),
    ] {
        let found = of(&[("pubspec.yaml", SPEC), ("pubspec.lock", &text)]);
        let named = found.gaps.iter().any(|gap| gap.cause == cause && gap.reason.contains(told));
        assert!(named, "{told}: {:?}", found.gaps);
        assert_ne!(found.workspaces[0].locked, Locked::Yes, "{told}");
    }
    for (text, told) in [
        ("[]", "no members"),
        ("a: [", "not YAML"),
        ("dependencies: [a]", "dependencies are no list of names"),
        ("workspace: a", "workspace is no list"),
        ("workspace: [1]", "an entry that is no text"),
    ] {
        let found = of(&[("pubspec.yaml", text)]);
        assert!(
            gaps(&found).iter().any(|gap| gap.starts_with("Manifest") && gap.contains(told)),
            "{told} {:?}",
            gaps(&found)
        );
    }
    let found = of(&[("pubspec.yaml", "name: a\ndependencies: {b: any}\n")]);
    assert!(gaps(&found)[0].contains("has no lockfile next to it, so its 1 direct dependency"), "{:?}", gaps(&found));
}

/// Of 6 files with 1,039 packages in five projects none differed (syft 1.18.1).
#[test]
fn syft_finds_the_same_packages() {
    let small = small();
    let made: &[(&str, &str)] = &[("pubspec.yaml", SPEC), ("pubspec.lock", &small)];
    crate::tests::syft::compare(&["pubspec.lock"], "dart-pubspec-lock-cataloger", &[made], |one| {
        Some(format!("{} {}", one.name, one.version))
    });
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,40}", yaml in "([{}\\[\\],:]|\n {0,4}|(name|packages|source|path|git|url|version|a|dependencies): )|1{0,40}") {
        for text in [&text, &yaml] {
            let _ = of(&[("pubspec.yaml", text), ("pubspec_overrides.yaml", text), ("pubspec.lock", text)]);
            let _ = of(&[("pubspec.yaml", SPEC), ("pubspec.lock", &lock(&[entry("a", "path", text), entry("g", "git", text)]))]);
            let _ = of(&[("pubspec.yaml", &format!("dependencies: {{a: {text}}}")), ("pubspec.lock", &small())]);
        }
    }
}

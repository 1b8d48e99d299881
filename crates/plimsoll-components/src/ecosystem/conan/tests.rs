use std::{collections::BTreeSet, path::Path, process::Command};

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

const TEXT: &str = "# what it is built from
[requires]
zlib/1.3.1 # a comment
aa/1.0@me/stable#r1

[tool_requires]
cmake/3.31.11

[generators]
CMakeDeps
";

const TWO: &str = r#"{"version": "0.5", "requires": [
    "zlib/1.3.1#r0%1743582315.558", "bb/2.0#r2%1.0", "aa/1.0@me/stable#r1%1.0"
], "build_requires": ["cmake/3.31.11#r3%1.0"], "python_requires": [], "config_requires": []}"#;

const ONE: &str = r#"{"graph_lock": {"nodes": {
    "0": {"options": "", "path": "conanfile.txt", "requires": ["1", "2"], "build_requires": ["4"], "context": "host"},
    "1": {"ref": "zlib/1.3.1#r0", "package_id": "x", "prev": "0", "context": "host"},
    "2": {"ref": "aa/1.0@me/stable#r1", "requires": ["3"], "build_requires": ["5"], "python_requires": ["pp/1#r5"], "context": "host"},
    "3": {"ref": "bb/2.0#r2", "requires": [], "context": "host"},
    "4": {"ref": "cmake/3.31.11#r3", "context": "build"},
    "5": {"ref": "ninja/1.13#r4", "context": "build"}
}, "revisions_enabled": true}, "version": "0.4", "profile_host": ""}"#;

#[test]
fn a_lockfile_says_what_runs_and_what_builds() {
    let found = of(&[("conanfile.txt", TEXT), ("conan.lock", TWO)]);
    assert_eq!(listed(&found), ["aa 1.0 shipped", "bb 2.0 unknown", "cmake 3.31.11 build", "zlib 1.3.1 shipped"]);
    assert_eq!(found.workspaces[0].locked, Locked::Yes, "{:?} {:?}", found.workspaces[0].difference, found.gaps);
    assert_eq!(gaps(&found), [""; 0]);
    let lockfile = &found.lockfiles[0];
    assert_eq!((lockfile.format.as_str(), lockfile.format_version.as_str()), ("conan.lock", "0.5"));
    // A revision of a recipe is no digest of an archive.
    assert_eq!((lockfile.registry_packages, lockfile.with_checksum), (4, 0));
    let all = test_support::by_name(&found);
    assert_eq!(
        (&all["zlib"].origin, all["zlib"].purl.as_str()),
        (&Origin::Public("ConanCenter"), "pkg:conan/zlib@1.3.1")
    );
    let user = Origin::Registry("conan:me/stable".to_owned());
    assert_eq!((&all["aa"].origin, all["aa"].purl.as_str()), (&user, "pkg:conan/aa@1.0?channel=stable&user=me"));
    assert_eq!((all["bb"].direct, all["zlib"].direct), (false, true));

    let found = of(&[("conanfile.txt", TEXT), ("conan.lock", ONE)]);
    let expected = [
        "aa 1.0 shipped",
        "bb 2.0 shipped",
        "cmake 3.31.11 build",
        "ninja 1.13 build",
        "pp 1 build",
        "zlib 1.3.1 shipped",
    ];
    assert_eq!(listed(&found), expected, "{:?}", gaps(&found));
    assert_eq!(found.workspaces[0].locked, Locked::NotKnown);
    assert!(gaps(&found).len() == 1 && gaps(&found)[0].contains("Conan 1 takes it only where a command names it"));
    assert_eq!(test_support::by_name(&found)["aa"].depends_on.len(), 3);
    // A program asks for it.
    let program = "class App(ConanFile):\n    name = \"app\"\n    version = '1.2'\n    requires = \"zlib/1.3.1\"\n";
    for lock in [ONE, TWO] {
        let found = of(&[("conanfile.py", program), ("conan.lock", lock)]);
        assert_eq!(found.workspaces[0].locked, Locked::NotKnown);
        assert!(gaps(&found)[0].contains("what conanfile.py asks for is not known"), "{:?}", gaps(&found));
        let own = test_support::by_name(&found)["app"];
        assert_eq!((own.member, own.version.as_str()), (true, "1.2"));
    }
    // Another for another way to build.
    let other = TWO.replace("2.0#r2", "2.1#r2");
    let found = of(&[("conanfile.txt", TEXT), ("conan.lock", TWO), ("conan-arm.lock", &other)]);
    assert_eq!((found.lockfiles.len(), found.workspaces[0].locked), (2, Locked::NotKnown), "{:?}", gaps(&found));
    assert!(gaps(&found)[0].contains("takes a lockfile of this name only where"), "{:?}", gaps(&found));
    assert_eq!(listed(&found).iter().filter(|one| one.starts_with("bb ")).count(), 2);
    let found = of(&[("conanfile.txt", TEXT)]);
    assert!(gaps(&found)[0].contains("3 direct dependencies can be listed, and what they need"), "{:?}", gaps(&found));
    assert_eq!(listed(&found), ["aa 1.0 shipped", "cmake 3.31.11 build", "zlib 1.3.1 shipped"]);
    let found = of(&[("conanfile.txt", &TEXT.replace("zlib/1.3.1", "zlib/[^1]"))]);
    assert!(gaps(&found)[0].contains("nor which versions of 1 more it takes"), "{:?}", gaps(&found));
    let found = of(&[("conanfile.txt", "[generators]\nCMakeDeps\n"), ("recipes/a/conandata.yml", "sources: {}")]);
    assert_eq!(gaps(&found).len(), 1);
    assert!(gaps(&found)[0].contains("which sources conandata.yml names is not read"), "{:?}", gaps(&found));
}

#[test]
fn a_lockfile_that_does_not_belong_to_its_manifest_is_seen() {
    let check = |from: &str, to: &str, locked: Locked, told: &str| {
        let text = TEXT.replacen(from, to, 1);
        assert_ne!(text, TEXT);
        for lock in [ONE, TWO] {
            let found = of(&[("conanfile.txt", &text), ("conan.lock", lock)]);
            let difference = found.workspaces[0].difference.clone().unwrap_or_default();
            // That of Conan 1 counts only where a command names it.
            let is_weaker = lock == ONE && locked != Locked::No;
            let (locked, told) = if is_weaker { (Locked::NotKnown, "") } else { (locked, told) };
            assert!(found.workspaces[0].locked == locked && difference.contains(told), "{to}: {difference}");
        }
    };
    check("#r1", "", Locked::Yes, "");
    check("zlib/1.3.1", "zlib/1.3.1@", Locked::Yes, "");
    check("CMakeDeps", "CMakeToolchain", Locked::Yes, "");
    check("1.3.1", "1.3.2", Locked::No, "it does not hold zlib/1.3.2");
    check("#r1", "#r9", Locked::No, "it does not hold aa/1.0@me/stable#r9");
    check("me/stable", "me/testing", Locked::No, "it does not hold aa/1.0@me/testing");
    check("@me/stable", "", Locked::No, "it does not hold aa/1.0");
    check("3.31.11", "4.0", Locked::No, "it does not hold cmake/4.0");
    check("[requires]", "[requires]\nn/1", Locked::No, "it does not hold n/1");
    check("1.3.1", "[>=1.3 <2]", Locked::NotKnown, "whether it holds zlib/[>=1.3 <2] is not compared");
    check("[requires]", "[requires]\nn", Locked::NotKnown, "what it asks for as n is not understood");
    let less = TEXT.replace("zlib/1.3.1 # a comment\n", "");
    let found = of(&[("conanfile.txt", &less), ("conan.lock", ONE)]);
    assert!(
        found.workspaces[0].difference.as_deref().unwrap().contains("it was written for zlib, for which nothing asks")
    );
    for (text, told) in [
        ("zlib/1.3.1\n[requires]", "a line before its first section"),
        ("[require]\nzlib/1.3.1", "its section \"require\" is not known"),
    ] {
        let found = of(&[("conanfile.txt", text)]);
        assert!(gaps(&found)[0].starts_with("Manifest") && gaps(&found)[0].contains(told), "{:?}", gaps(&found));
    }
}

#[test]
fn an_entry_that_is_not_understood_is_named() {
    for (lock, from, to, cause, told) in [
        (TWO, "0.5", "0.6", Cause::FutureLockfile, "version 0.6; this version of plimsoll reads 0.4 and 0.5"),
        (TWO, "0.5", "0.3", Cause::FutureLockfile, "version 0.3"),
        (TWO, "\"0.5\"", "5", Cause::Lockfile, "no version of its format"),
        (TWO, "\"python_requires\": []", "\"python_requires\": {}", Cause::Lockfile, "python_requires is no list"),
        (TWO, "\"bb/2.0#r2%1.0\"", "7", Cause::LockfileEntry, "is no reference to a recipe"),
        (TWO, "bb/2.0#r2", "bb#r2", Cause::LockfileEntry, "the entry \"bb#r2%1.0\" is no reference"),
        (TWO, "bb/2.0#r2", "bb/[>=2]#r2", Cause::LockfileEntry, "is no reference to a recipe"),
        (TWO, "bb/2.0#r2", "zlib/1.3.1#r9", Cause::LockfileEntry, "zlib 1.3.1 is listed with two revisions"),
        (TWO, "bb/2.0#r2", "bb/2.0", Cause::NotListed, "it does not say of which revision every recipe is"),
        (ONE, "\"ref\": \"bb/2.0#r2\"", "\"ref\": 1", Cause::LockfileEntry, "is no reference to a recipe"),
        (
            ONE,
            "\"requires\": [\"3\"]",
            "\"requires\": [\"9\"]",
            Cause::LockfileEntry,
            "the node 2 asks for one that it does not have",
        ),
        (ONE, "\"requires\": [\"3\"]", "\"requires\": \"3\"", Cause::Lockfile, "requires of a node is no list"),
        (ONE, "\"pp/1#r5\"", "\"pp\"", Cause::LockfileEntry, "the entry \"pp\" is no reference"),
        (
            ONE,
            "\"ref\": \"bb/2.0#r2\"",
            "\"ref\": \"bb/2.0#r2\", \"path\": \"/x\"",
            Cause::LockfileEntry,
            "bb 2.0 is on the machine where",
        ),
        (ONE, "graph_lock", "graph", Cause::Lockfile, "no nodes of a graph"),
        (ONE, "\"nodes\": {", "\"nodes\": {\"0\": {}, ", Cause::Lockfile, "appears twice"),
    ] {
        let text = lock.replacen(from, to, 1);
        assert_ne!(text, lock, "{from}");
        let found = of(&[("conanfile.txt", TEXT), ("conan.lock", &text)]);
        let named = found.gaps.iter().any(|gap| gap.cause == cause && gap.reason.contains(told));
        assert!(named && found.workspaces[0].locked != Locked::Yes, "{told}: {:?}", found.gaps);
    }
    for text in ["", "[]", "{}", "{\"version\": \"0.4\"}"] {
        let found = of(&[("conanfile.txt", TEXT), ("conan.lock", text)]);
        assert!(found.gaps.iter().any(|gap| gap.cause == Cause::Lockfile), "{text}");
    }
    // Conan 2 takes one without a number.
    let found = of(&[("conanfile.txt", TEXT), ("conan.lock", &TWO.replace("\"version\": \"0.5\", ", ""))]);
    assert_eq!(found.workspaces[0].locked, Locked::Yes);
}

/// What Conan itself reads: `NAME VERSION USER/CHANNEL REVISION`. The two versions of it are two installations.
const PYTHON: &str = r#"
import json, sys
data = json.load(open(sys.argv[1]))
try:
    if data.get("version") == "0.4":
        from conans.model.graph_lock import GraphLock
        lock = data["graph_lock"]
        nodes = GraphLock.deserialize(lock, lock["revisions_enabled"])._nodes.values()
        refs = [node.ref for node in nodes if node.ref and not node.path]
        refs += [ref for node in nodes for ref in node.python_requires or []]
    else:
        from conan.internal.model.lockfile import Lockfile
        lock = Lockfile.loads(json.dumps(data))
        lists = [lock._requires, lock._build_requires, lock._python_requires, lock._conf_requires]
        refs = [ref for one in lists for ref in one.refs()]
except ImportError:
    sys.exit(3)
for ref in refs:
    user = "/".join(part for part in (ref.user, ref.channel) if part and part != "_")
    print(ref.name, ref.version, user or "-", ref.revision or "-")
"#;

fn by_conan(python: &str, path: &Path) -> Option<BTreeSet<String>> {
    let output = Command::new(python).args(["-c", PYTHON]).arg(path).output().ok()?;
    if output.status.code() == Some(3) {
        return None;
    }
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap().lines().map(ToOwned::to_owned).collect())
}

fn by_us(bytes: &[u8]) -> BTreeSet<String> {
    let file = test_support::file("conan.lock", bytes);
    let graph = super::lockfile::read(&file, &crate::Limits::default()).unwrap();
    assert!(graph.faults.is_empty(), "{:?}", graph.faults);
    let revision = |index: usize| {
        let key = graph.answers.iter().find_map(|(key, found)| {
            found.contains(&index).then(|| key.split_once('#')).flatten().map(|(_, revision)| revision.to_owned())
        });
        key.unwrap_or_else(|| "-".to_owned())
    };
    let packages = graph.packages.iter().enumerate().filter(|(_, package)| !package.own);
    let line = |(index, package): (usize, &crate::ecosystem::locked::graph::Package)| {
        let user = match &package.origin {
            Origin::Registry(user) => user.trim_start_matches("conan:").to_owned(),
            _ => "-".to_owned(),
        };
        format!("{} {} {user} {}", package.name, package.version, revision(index))
    };
    packages.map(line).collect()
}

/// Made ones, and those of a folder of real projects where `PLIMSOLL_TREES` names one. `PLIMSOLL_PYTHON` has Conan 2,
/// `PLIMSOLL_CONAN_1` names a Python that has Conan 1.
///
/// Of 10 files with 163 packages in eight projects none differed (Conan 1.66 and 2.34).
#[test]
fn conan_itself_reads_the_same() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("one", ONE), ("two", TWO)] {
        std::fs::create_dir(folder.path().join(name)).unwrap();
        std::fs::write(folder.path().join(name).join("conan.lock"), text).unwrap();
    }
    let python = std::env::var("PLIMSOLL_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let first = std::env::var("PLIMSOLL_CONAN_1").unwrap_or_else(|_| "python3".to_owned());
    let given = std::env::var_os("PLIMSOLL_TREES");
    let (mut files, mut packages) = (0, 0);
    for root in [Some(folder.path().to_owned()), given.map(Into::into)].into_iter().flatten() {
        for project in std::fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()) {
            let (read, options) = test_support::load(&project, test_support::lockfile_only());
            if root != folder.path() {
                let found = crate::inventory(&read, &crate::Survey::default(), &options);
                for gap in gaps(&found) {
                    eprintln!("{}: {gap}", project.display());
                }
            }
            for file in read
                .iter()
                .filter(|file| crate::role(&file.path) == Some(crate::Role::Lockfile) && file.path.contains("conan"))
            {
                let is_first = String::from_utf8_lossy(&file.bytes).contains("\"0.4\"");
                let Some(theirs) = by_conan(if is_first { &first } else { &python }, &project.join(&file.path)) else {
                    eprintln!(
                        "not checked: {} is missing; pip install conan",
                        if is_first { "Conan 1" } else { "Conan 2" }
                    );
                    continue;
                };
                assert_eq!(theirs, by_us(&file.bytes), "{} {}", project.display(), file.path);
                (files, packages) = (files + 1, packages + theirs.len());
            }
        }
    }
    eprintln!("{files} files with {packages} packages compared with Conan");
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,40}", json in "([{}\\[\\],:]|\"(version|0.4|0.5|requires|ref|nodes|graph_lock|a/1|0)\"|1|null){0,40}") {
        for text in [&text, &json] {
            let _ = of(&[("conanfile.txt", text), ("conanfile.py", text), ("conan.lock", text)]);
            let _ = of(&[("conanfile.txt", &format!("[requires]\n{text}")), ("conan.lock", &format!("{{\"version\":\"0.5\",\"requires\":[{text}]}}"))]);
            let _ = of(&[("conanfile.txt", TEXT), ("conan.lock", &format!("{{\"version\":\"0.4\",\"graph_lock\":{{\"nodes\":{{\"0\":{text},\"1\":{{\"ref\":\"a/1\"}}}}}}}}"))]);
        }
    }
}

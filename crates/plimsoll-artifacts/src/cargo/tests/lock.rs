//! Packed lockfiles beside the source's.

use crate::cargo::{
    LockComparison, LockMismatch, LockVerdict, ManifestError, PackedLock, SourceText, unexplained_lock,
};

const INDEX: &str = "registry+https://github.com/rust-lang/crates.io-index";

fn entry(name: &str, version: &str, source: &str, checksum: &str, dependencies: &str) -> String {
    let source = if source.is_empty() { String::new() } else { format!("source = \"{source}\"\n") };
    let checksum = if checksum.is_empty() { String::new() } else { format!("checksum = \"{checksum}\"\n") };
    let dependencies: Vec<String> = dependencies.split_terminator(',').map(|one| format!("\"{one}\"")).collect();
    let dependencies = format!("dependencies = [{}]\n", dependencies.join(", "));
    format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n{source}{checksum}{dependencies}")
}

/// A workspace of `tool` and `helper`, with two versions of `log`.
fn source() -> String {
    "version = 4\n".to_owned()
        + &entry("helper", "0.2.0", "", "", "log 0.3.9")
        + &entry("log", "0.3.9", INDEX, "aa", "log 0.4.1")
        + &entry("log", "0.4.1", INDEX, "bb", "")
        + &entry("other", "1.0.0", INDEX, "cc", "")
        + &entry("tool", "1.0.0", "", "", "helper,log 0.4.1,other")
}

/// What cargo packs for `tool`: `helper` from the registry, and `other` gone with the tests that need it.
fn packed() -> String {
    "version = 3\n".to_owned()
        + &entry("helper", "0.2.0", INDEX, "dd", "log 0.3.9")
        + &entry("log", "0.3.9", INDEX, "aa", "log 0.4.1")
        + &entry("log", "0.4.1", INDEX, "bb", "")
        + &entry("tool", "1.0.0", "", "", "helper,log 0.4.1")
}

fn compare(packed: &str, source: Option<&str>) -> LockComparison {
    unexplained_lock(&PackedLock { packed, source, name: "tool", version: "1.0.0" }).unwrap()
}

/// Changes the packed lockfile in one place and gives what is named.
fn differing(from: &str, to: &str) -> Vec<(String, LockMismatch)> {
    let text = packed();
    assert!(text.contains(from), "{from:?}");
    let found = compare(&text.replacen(from, to, 1), Some(&source()));
    assert_eq!(found.verdict, if found.differing.is_empty() { LockVerdict::Subset } else { LockVerdict::Differs });
    found.differing.into_iter().map(|one| (one.package, one.mismatch)).collect()
}

#[test]
fn a_part_of_the_source() {
    let found = compare(&packed(), Some(&source()));
    assert_eq!((found.verdict, found.packages), (LockVerdict::Subset, 3));
    assert_eq!(found.differing, []);
    let [helper] = found.from_registry.as_slice() else { panic!("{found:?}") };
    assert_eq!((helper.name.as_str(), helper.version.as_str()), ("helper", "0.2.0"));
    assert_eq!((helper.source.as_deref(), helper.checksum.as_deref()), (Some(INDEX), Some("dd")));
}

#[test]
fn the_same_as_the_source() {
    let whole = packed() + &entry("other", "1.0.0", INDEX, "cc", "");
    assert_eq!(compare(&whole, Some(&source())).verdict, LockVerdict::Equal);
}

#[test]
fn a_source_without_a_lockfile() {
    let found = compare(&packed(), None);
    assert_eq!((found.verdict, found.differing.len(), found.packages), (LockVerdict::NoSource, 0, 3));
}

#[test]
fn every_change_is_named() {
    use LockMismatch::{Checksum, Dependency, Foreign, NotInSource, Path, Source};
    let evil = entry("evil", "1.0.0", INDEX, "ee", "");
    for (from, to, package, mismatch) in [
        ("checksum = \"bb\"", "checksum = \"be\"", "log 0.4.1", Checksum),
        ("checksum = \"bb\"\n", "", "log 0.4.1", Checksum),
        ("[[package]]", &format!("{evil}[[package]]"), "evil 1.0.0", NotInSource),
        ("\"helper\", \"log 0.4.1\"", "\"helper\", \"log 0.3.9\"", "tool 1.0.0", Dependency),
        (
            "\"log 0.4.1\"]\n[[package]]\nname = \"log\"",
            "\"helper\"]\n[[package]]\nname = \"log\"",
            "log 0.3.9",
            Dependency,
        ),
        ("checksum = \"bb\"", "checksum = \"bb\"\nreplace = \"tool\"", "log 0.4.1", Foreign),
        ("version = 3\n", "version = 3\n[patch]\n", "tool 1.0.0", Foreign),
        ("name = \"tool\"\nversion = \"1.0.0\"", "name = \"tool\"\nversion = \"1.0.1\"", "tool 1.0.0", Foreign),
        (&format!("source = \"{INDEX}\"\nchecksum = \"dd\"\n"), "", "helper 0.2.0", Path),
        (&format!("source = \"{INDEX}\"\nchecksum = \"dd\""), "source = \"git+https://e#1\"", "helper 0.2.0", Source),
        (&format!("source = \"{INDEX}\"\nchecksum = \"bb\""), "source = \"git+https://e#1\"", "log 0.4.1", Source),
        (
            &format!("source = \"{INDEX}\"\nchecksum = \"bb\""),
            "source = \"registry+https://e\"\nchecksum = \"bb\"",
            "log 0.4.1",
            Source,
        ),
    ] {
        let found = differing(from, to);
        assert!(found.contains(&(package.to_owned(), mismatch)), "{from:?} made {to:?}: {found:?}");
    }
    assert_eq!(differing("version = 3", "version = 4"), []);
}

#[test]
fn another_version_of_a_package_is_not_in_the_source() {
    let text = packed().replace("0.3.9", "0.3.8");
    let found = compare(&text, Some(&source()));
    let named: Vec<_> = found.differing.iter().map(|one| (one.package.as_str(), one.mismatch)).collect();
    assert_eq!(named, [("log 0.3.8", LockMismatch::NotInSource)]);
}

/// A workspace member from another registry than before is seen by its source.
#[test]
fn the_registry_of_a_member_is_passed_on() {
    let text = packed().replacen(INDEX, "registry+https://evil.example", 1);
    let found = compare(&text, Some(&source()));
    assert_eq!(
        found.from_registry.first().and_then(|one| one.source.as_deref()),
        Some("registry+https://evil.example")
    );
}

/// A lockfile that was not updated for the release has the package with its last version.
#[test]
fn the_version_of_the_package_may_be_newer_than_in_the_source() {
    let old = source().replace("name = \"tool\"\nversion = \"1.0.0\"", "name = \"tool\"\nversion = \"0.9.0\"");
    assert_eq!(compare(&packed(), Some(&old)).verdict, LockVerdict::Subset);
    let none = source().replace("name = \"tool\"", "name = \"loot\"");
    let found = compare(&packed(), Some(&none));
    assert_eq!(found.differing.first().map(|one| one.mismatch), Some(LockMismatch::NotInSource));
}

#[test]
fn the_revision_of_a_git_source_counts() {
    let own = entry("tool", "1.0.0", "", "", "a");
    let locked =
        |revision: &str| own.clone() + &entry("a", "1.0.0", &format!("git+https://g?branch=b#{revision}"), "", "");
    assert_eq!(compare(&locked("1"), Some(&locked("1"))).verdict, LockVerdict::Equal);
    let found = compare(&locked("2"), Some(&locked("1")));
    assert_eq!(found.differing.first().map(|one| one.mismatch), Some(LockMismatch::Source));
}

/// The first version of the format: the package apart, checksums apart, dependencies with their sources.
#[test]
fn the_first_version_of_the_format() {
    let old = |checksum: &str| {
        format!(
            "[root]\nname = \"tool\"\nversion = \"1.0.0\"\ndependencies = [\"log 0.4.1 ({INDEX})\"]\n\
             [[package]]\nname = \"log\"\nversion = \"0.4.1\"\nsource = \"{INDEX}\"\n\
             [metadata]\n\"checksum log 0.4.1 ({INDEX})\" = \"{checksum}\"\n"
        )
    };
    assert_eq!(compare(&old("bb"), Some(&source())).verdict, LockVerdict::Subset);
    assert_eq!(compare(&old("bb"), Some(&old("bb"))).verdict, LockVerdict::Equal);
    assert_eq!(compare(&old("be"), Some(&source())).verdict, LockVerdict::Differs);
    assert_eq!(compare(&old("<none>"), Some(&source())).verdict, LockVerdict::Differs);
}

#[test]
fn what_is_no_lockfile_is_refused() {
    let own = entry("tool", "1.0.0", "", "", "");
    for text in [
        "package = 1".to_owned(),
        "unknown = 1".to_owned(),
        "[[package]]\nname = \"a\"".to_owned(),
        "[[package]]\nname = 1\nversion = \"1\"".to_owned(),
        format!("{own}unknown = 1"),
        format!("{own}{own}"),
        own.replace("[]", "[\"gone\"]"),
        own.replace("[]", "[1]"),
        own.replace("[]", "\"tool\""),
        // Two packages that the dependency could be.
        packed().replace("\"helper\", \"log 0.4.1\"", "\"log\""),
        "package = [1]".to_owned(),
    ] {
        let result = unexplained_lock(&PackedLock { packed: &text, source: None, name: "tool", version: "1.0.0" });
        assert!(matches!(result, Err(ManifestError::NotLockfile { .. })), "{text}: {result:?}");
        let result =
            unexplained_lock(&PackedLock { packed: &own, source: Some(&text), name: "tool", version: "1.0.0" });
        assert!(
            matches!(result, Err(ManifestError::NotLockfile { text: SourceText::SourceLockfile, .. })),
            "{result:?}"
        );
    }
}

use super::{CRATE, building::*, refusal};
use crate::{
    ArtifactError, Limits, MetadataFault, Package, PackageFormat,
    package::python::{fields, is_called, is_same_name, is_same_version},
};

fn tarball(folder: &str, files: &[(&str, &str)]) -> Vec<u8> {
    let parts: Vec<Vec<u8>> = files.iter().map(|(path, content)| file(&format!("{folder}/{path}"), content)).collect();
    gzip(&finished(&parts))
}

fn check(file: &str, bytes: &[u8], expected: (PackageFormat, &str, &str, &str)) {
    let package = Package::read(file, bytes, &Limits::default()).unwrap();
    assert_eq!((package.format(), package.name(), package.version(), package.folder()), expected);
    assert_eq!(PackageFormat::of(file, bytes), Some(expected.0));
    assert!(package.is_pure());
}

fn fault(file: &str, bytes: &[u8]) -> MetadataFault {
    match refusal(file, bytes) {
        ArtifactError::Metadata { fault, .. } => fault,
        other => panic!("{other:?}"),
    }
}

fn is_unknown(file: &str, bytes: &[u8]) -> bool {
    PackageFormat::of(file, bytes).is_none() && matches!(refusal(file, bytes), ArtifactError::UnknownFormat { .. })
}

#[test]
fn crates_say_who_they_are() {
    check(CRATE, &crate_with(&[]), (PackageFormat::Crate, "a", "1.0.0", "a-1.0.0"));
    let manifest = "[project]\nname = \"b_c\"\nversion = \"0.1.0-rc.1+x\"\n[dependencies]\n";
    let old = tarball("b_c-0.1.0-rc.1+x", &[("Cargo.toml", manifest)]);
    check("b_c-0.1.0-rc.1+x.crate", &old, (PackageFormat::Crate, "b_c", "0.1.0-rc.1+x", "b_c-0.1.0-rc.1+x"));
}

#[test]
fn crates_that_say_something_else_are_refused() {
    let whole = crate_with(&[]);
    for name in ["a-1.0.1.crate", "b-1.0.0.crate", "a.crate", "x/a-1.0.0.crate", "A-1.0.0.crate"] {
        assert!(matches!(fault(name, &whole), MetadataFault::FileName { .. }), "{name}");
    }
    let with = |folder: &str, manifest: &str| tarball(folder, &[("Cargo.toml", manifest)]);
    let right = std::str::from_utf8(MANIFEST).unwrap();
    assert!(matches!(fault(CRATE, &with("a-1.0.1", right)), MetadataFault::Folder { .. }));
    let named = |name: &str, version: &str| with("a-1.0.0", &format!("[package]\nname={name:?}\nversion={version:?}"));
    for name in ["", "a/b", "../a", "a b", "\u{430}"] {
        assert_eq!(fault(CRATE, &named(name, "1.0.0")), MetadataFault::Field { field: "name" });
    }
    for version in ["", "1", "1.0", "1.0.0/x"] {
        assert_eq!(fault(CRATE, &named("a", version)), MetadataFault::Field { field: "version" });
    }
    assert_eq!(fault(CRATE, &with("a-1.0.0", "[workspace]")), MetadataFault::Field { field: "package" });
    let twice = format!("{right}{}", right.replace("package", "project"));
    assert_eq!(fault(CRATE, &with("a-1.0.0", &twice)), MetadataFault::Twice { field: "package" });
    for broken in ["[package", "[package]\nname = \"a\"", &format!("{right}name = \"b\"\n"), &"[".repeat(100_000)] {
        assert!(matches!(fault(CRATE, &with("a-1.0.0", broken)), MetadataFault::Malformed { .. }));
    }
    assert_eq!(fault(CRATE, &tarball("a-1.0.0", &[("cargo.TOML", right)])), MetadataFault::Missing);
    assert_eq!(fault(CRATE, &gzip(&finished(&[]))), MetadataFault::Missing);
}

#[test]
fn npm_packages_say_who_they_are() {
    let json = r#"{"version": "1.0.0", "name": "@scope/a", "other": {"name": 1}}"#;
    let whole = tarball("package", &[("package.json", json), ("index.js", "")]);
    check("whatever.tgz", &whole, (PackageFormat::Npm, "@scope/a", "1.0.0", "package"));
    let marked = tarball("node", &[("package.json", &format!("\u{feff}{json}"))]);
    check("a.tgz", &marked, (PackageFormat::Npm, "@scope/a", "1.0.0", "node"));
    let with = |json: &str| fault("a.tgz", &tarball("package", &[("package.json", json)]));
    let deep = format!(r#"{{"name": "a", "version": "1", "x": {}"#, "[".repeat(100_000));
    for broken in [
        "",
        "[]",
        r#"{"name": "a"}"#,
        r#"{"name": "a", "version": 1}"#,
        r#"{"name": "a", "version": "1", "name": "b"}"#,
        r#"{"name": "a", "version": "1"} {}"#,
        &deep,
    ] {
        assert!(matches!(with(broken), MetadataFault::Malformed { .. }), "{}", &broken[..broken.len().min(60)]);
    }
    assert_eq!(with(r#"{"name": "a\u001b", "version": "1"}"#), MetadataFault::Field { field: "name" });
    assert_eq!(with(r#"{"name": "a", "version": ""}"#), MetadataFault::Field { field: "version" });
}

#[test]
fn sdists_say_who_they_are() {
    let info = "Metadata-Version: 2.1\nName: My.Package\nVersion: 1.0rc1\nSummary: x\n\nName: not a header\n";
    for (stem, folder) in [
        ("my_package-1.0rc1", "my_package-1.0rc1"),
        ("My.Package-1.0rc1", "My.Package-1.0rc1"),
        ("my-package-1.0-rc.1", "My-Package-1.0rc1"),
    ] {
        let whole = tarball(folder, &[("PKG-INFO", info)]);
        check(&format!("{stem}.tar.gz"), &whole, (PackageFormat::Sdist, "My.Package", "1.0rc1", folder));
    }
    let with = |stem: &str, folder: &str, info: &str| {
        fault(&format!("{stem}.tar.gz"), &tarball(folder, &[("PKG-INFO", info)]))
    };
    let right = "my_package-1.0rc1";
    for other in ["my_package-1.0rc2", "my_package-1.0", "mypackage-1.0rc1", "my_package", "x-my_package-1.0rc1", ""] {
        assert!(matches!(with(other, right, info), MetadataFault::FileName { .. }), "{other}");
    }
    assert!(matches!(with(right, "my_package-1.0", info), MetadataFault::Folder { .. }));
    assert_eq!(with(right, right, "Version: 1.0rc1\n"), MetadataFault::Field { field: "Name" });
    assert_eq!(with(right, right, "\nName: my.package\nVersion: 1.0rc1\n"), MetadataFault::Field { field: "Name" });
    assert_eq!(with(right, right, "Name: a/b\nVersion: 1\n"), MetadataFault::Field { field: "Name" });
    assert_eq!(with(right, right, "Name: a\nVersion: 1 0\n"), MetadataFault::Field { field: "Version" });
    for second in ["\nNAME: other\n", "\rname: other\n", "\r\nName:other\n"] {
        let twice = info.replacen('\n', second, 1);
        assert_eq!(with(right, right, &twice), MetadataFault::Twice { field: "Name" }, "{second:?}");
    }
}

#[test]
fn other_files_are_no_packages() {
    assert!(is_unknown("a.tar.gz", &tarball("a-1", &[("README", "")])));
    assert!(is_unknown("a.tgz", &tarball("package", &[("lib/package.json", "{}")])));
    assert!(is_unknown("a-1.tar.gz", &tarball("a-1", &[("a.egg-info/PKG-INFO", "Name: a\nVersion: 1\n")])));
    assert!(is_unknown("a.zip", &zip(&[])));
    assert!(is_unknown("a.tar", &tar_with(&[])));
    assert!(is_unknown("crate", &crate_with(&[])));
    assert!(is_unknown("", b""));
    assert_eq!(PackageFormat::of(CRATE, b"PK"), None);
    assert_eq!(PackageFormat::of("a.tgz", b"\x1f\x8b broken"), None);
    assert_eq!(PackageFormat::of("a-1-py3-none-any.whl", b"\x1f\x8b"), None);
}

#[test]
fn python_names_and_versions_have_many_spellings() {
    assert!(is_same_name("Foo.-_Bar", "foo-bar"));
    assert!(!is_same_name("foobar", "foo-bar") && !is_same_name("", "") && !is_same_name("foo", "fo"));
    for (one, other) in [
        ("1.0", "v1.0"),
        ("1.0-rc.1", "1.0rc1"),
        ("1.0.preview_2", "1.0rc2"),
        ("1.0alpha", "1.0a0"),
        ("1.0-1", "1.0.post1"),
        ("1.0.rev3", "1.0post3"),
        ("2024.01.05", "2024.1.5"),
        ("1.0.DEV4", "1.0dev4"),
        ("1.0+Ubuntu_1", "1.0+ubuntu.1"),
        ("1!2.0", "1!2.0"),
        ("1.0a1.dev2", "1.0-a.1-dev.2"),
        ("1.0a.dev2", "1.0a0.dev2"),
    ] {
        assert!(is_same_version(one, other), "{one} {other}");
    }
    for (one, other) in [
        ("1.0", "1.1"),
        ("1.0", "10"),
        ("1.01", "1.0.1"),
        ("1.0", "1.0rc0"),
        ("1.0a1", "1.0b1"),
        ("1.0-1", "1.0.1"),
        ("1.0+1", "1.0"),
        ("1.0+1", "1.0.1"),
        ("1!2", "12"),
        ("1!2", "1.2"),
        ("1.0a1", "1.0a11"),
        ("1.0/..", "1.0"),
    ] {
        assert!(!is_same_version(one, other), "{one} {other}");
    }
    assert!(is_called("a-b-1.0-2", "a.b", "1.0.post2"));
    assert!(!is_called("a-1.0", "a", "") && !is_called("a-", "a", "1") && !is_called("-1", "", "1"));
}

#[test]
fn headers_are_read_as_e_mail_has_them() {
    let found = |text: &str| -> Vec<String> {
        fields(text.as_bytes(), "Tag").map(|value| String::from_utf8_lossy(value).into_owned()).collect()
    };
    assert_eq!(found("Tag: 1\r\ntag:2\rTAG : 3\n Tag: 4\nX: y\nTag: 5"), [" 1", "2", " 5"]);
    assert_eq!(found("Tag: 1\n\nTag: 2"), [" 1"]);
    assert_eq!(found("Tag: 1\r\n\r\nTag: 2"), [" 1"]);
    assert_eq!(found("no header\nTag: 2"), [""; 0]);
}

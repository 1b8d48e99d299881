//! Lists of binaries against components.

use std::io::Write as _;

use flate2::write::ZlibEncoder;
use plimsoll_artifacts::DependencyList;
use plimsoll_components::{Inventory, Options, Resolver, SourceFile, Survey, inventory};

use super::*;

const LOCK: &str = r#"version = 4
[[package]]
name = "log"
version = "0.4.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "0123456789012345678901234567890123456789012345678901234567890123"
[[package]]
name = "tool"
version = "1.0.0"
dependencies = ["log"]
"#;
const MANIFEST: &str = "[package]\nname = \"tool\"\nversion = \"1.0.0\"\n[dependencies]\nlog = \"0.4\"\n";
const LIST: &str = r#"{"packages":[{"name":"log","version":"0.4.0","source":"crates.io"},{"name":"tool","version":"1.0.0","source":"local","dependencies":[0],"root":true}]}"#;

/// A module of WebAssembly with a list in it.
fn binary(list: &str) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(list.as_bytes()).unwrap();
    let content = [b"\x07.dep-v0".as_slice(), &encoder.finish().unwrap()].concat();
    let length = [(content.len() & 0x7f) as u8 | 0x80, u8::try_from(content.len() >> 7).unwrap()];
    [b"\0asm\x01\0\0\0\0".as_slice(), &length, &content].concat()
}

fn components(files: &[(&str, &str)]) -> Inventory {
    let file = |(path, content): &(&str, &str)| SourceFile {
        path: (*path).to_owned(),
        blob: String::new(),
        bytes: content.as_bytes().to_vec(),
        class: "shipped".to_owned(),
    };
    let files: Vec<SourceFile> = files.iter().map(file).collect();
    inventory(&files, &Survey::default(), &Options { resolver: Resolver::Lockfile, ..Options::default() })
}

fn check(list: &str, inventory: &Inventory) -> (ListVerdict, Vec<String>) {
    let list = DependencyList::read(&binary(list), &Limits::default()).unwrap().unwrap();
    let compared = compare_list(&list, inventory);
    (compared.verdict, compared.unlocked.iter().map(|one| format!("{} {}", one.name, one.version)).collect())
}

#[test]
fn all_that_is_listed_has_to_be_locked() {
    let locked = components(&[("Cargo.toml", MANIFEST), ("Cargo.lock", LOCK)]);
    assert_eq!(check(LIST, &locked), (ListVerdict::Fits, vec![]));
    for (from, to, unlocked) in [
        ("0.4.0", "0.4.1", "log 0.4.1"),
        ("\"log\"", "\"gol\"", "gol 0.4.0"),
        ("crates.io", "git", "log 0.4.0"),
        ("crates.io", "registry", "log 0.4.0"),
        ("crates.io", "local", "log 0.4.0"),
        ("crates.io", "elsewhere", "log 0.4.0"),
        ("1.0.0", "1.0.1", "tool 1.0.1"),
        ("\"local\"", "\"crates.io\"", "tool 1.0.0"),
        // What is locked and is no member was not built from here.
        (
            "\"dependencies\":[0],\"root\":true}",
            "\"dependencies\":[0]},{\"name\":\"log\",\"version\":\"0.4.0\",\"source\":\"crates.io\",\"root\":true}",
            "log 0.4.0",
        ),
    ] {
        let list = LIST.replace(from, to);
        assert_ne!(list, LIST);
        assert_eq!(check(&list, &locked), (ListVerdict::Differs, vec![unlocked.to_owned()]), "{to}");
    }
}

#[test]
fn what_cannot_be_told_is_not_fitting() {
    let locked = components(&[("Cargo.toml", MANIFEST), ("Cargo.lock", LOCK)]);
    assert_eq!(check(&LIST.replace(",\"root\":true", ""), &locked).0, ListVerdict::Unknown);
    for files in [&[][..], &[("Cargo.toml", MANIFEST)], &[("Cargo.toml", MANIFEST), ("Cargo.lock", "version = 99\n")]] {
        assert_eq!(check(LIST, &components(files)).0, ListVerdict::Unknown, "{files:?}");
    }
}

/// Two workspaces of one repository do not lend each other what they lock.
#[test]
fn one_lockfile_has_to_hold_all() {
    let other = LOCK.replace("log", "gol").replace("\"tool\"", "\"loot\"");
    let manifest = MANIFEST.replace("log", "gol").replace("tool", "loot");
    let files =
        [("a/Cargo.toml", MANIFEST), ("a/Cargo.lock", LOCK), ("b/Cargo.toml", &manifest), ("b/Cargo.lock", &other)];
    let locked = components(&files);
    assert_eq!(check(LIST, &locked), (ListVerdict::Fits, vec![]));
    let mixed = LIST.replace("\"log\"", "\"gol\"");
    assert_eq!(check(&mixed, &locked).0, ListVerdict::Differs);
}

//! Lockfiles of every version, whole and broken.

use std::fmt::Write as _;

use super::super::lockfile::{Lock, LockError};
use crate::Limits;

fn parse(text: &str) -> Result<Lock, LockError> {
    Lock::parse(text.as_bytes(), &Limits::default())
}

const SOURCE: &str = "registry+https://github.com/rust-lang/crates.io-index";

#[test]
fn every_version_says_the_same() {
    let sum = "ab".repeat(32);
    let one = format!(
        "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\ndependencies = [\n \"b 2.0.0 ({SOURCE})\",\n]\n\
         [[package]]\nname = \"b\"\nversion = \"2.0.0\"\nsource = \"{SOURCE}\"\n\
         [metadata]\n\"checksum b 2.0.0 ({SOURCE})\" = \"{sum}\"\n"
    );
    let two = format!(
        "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\ndependencies = [\"b\"]\n\
         [[package]]\nname = \"b\"\nversion = \"2.0.0\"\nsource = \"{SOURCE}\"\nchecksum = \"{sum}\"\n"
    );
    for (text, version) in
        [(one, 1), (two.clone(), 2), (format!("version = 3\n{two}"), 3), (format!("version = 4\n{two}"), 4)]
    {
        let lock = parse(&text).unwrap();
        assert_eq!(lock.version, version);
        assert!(lock.faults.is_empty(), "{:?}", lock.faults);
        assert_eq!(lock.packages.len(), 2);
        assert_eq!(lock.packages[0].dependencies, [1]);
        assert_eq!(lock.packages[1].checksum.as_deref(), Some(sum.as_str()));
    }
}

#[test]
fn a_future_version_is_told_by_its_number() {
    for text in ["version = 5\n", "version = 99\n[[package]]\nid = \"a@1\"\n", "version = 7\npackage = \"other\"\n"] {
        let version = text.split(['=', '\n']).nth(1).unwrap().trim().parse().unwrap();
        assert_eq!(parse(text).unwrap_err(), LockError::Future(version));
    }
}

#[test]
fn what_is_no_lockfile_is_refused() {
    for text in [
        "version = 0\n",
        "version = -1\n",
        "version = \"4\"\n",
        "package = 3\n",
        "[[package]]\nname = \"a\"\n",
        "[[package]]\nname = \"a\"\nversion = 1\n",
        "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\ndependencies = [1]\n",
        "[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n[[package]]\nname = ",
        "<<<<<<< HEAD\n",
        "{}",
    ] {
        assert!(matches!(parse(text), Err(LockError::Malformed(_))), "{text}");
    }
    assert!(matches!(Lock::parse(&[0xff, 0xfe], &Limits::default()), Err(LockError::Malformed(_))));
}

#[test]
fn faults_are_told_and_the_rest_is_kept() {
    for (text, expected) in [
        ("[[package]]\nname = \"a b\"\nversion = \"1.0.0\"\n", "no valid name"),
        ("[[package]]\nname = \"b\"\nversion = \"one\"\n", "no valid name"),
        ("[[package]]\nname = \"b\"\nversion = \"1.0.0\"\ndependencies = [\"c\"]\n", "not listed"),
        ("[[package]]\nname = \"b\"\nversion = \"1.0.0\"\ndependencies = [\"a 2.0.0\"]\n", "not listed"),
        ("[[package]]\nname = \"b\"\nversion = \"1.0.0\"\nsource = \"carrier+pigeon\"\n", "unknown kind"),
        ("[[package]]\nname = \"b\"\nversion = \"1.0.0\"\nsource = \"git+https://g.example/b\"\n", "not pinned"),
        ("[[package]]\nname = \"b\"\nversion = \"1.0.0\"\nsource = \"git+https://g.example/b#main\"\n", "not pinned"),
        ("[[package]]\nname = \"b\"\nversion = \"1.0.0\"\nchecksum = \"123\"\n", "not a SHA-256"),
        ("[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n", "listed twice"),
    ] {
        let lock = parse(&format!("[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n{text}")).unwrap();
        assert_eq!(lock.faults.len(), 1, "{:?}", lock.faults);
        assert!(lock.faults[0].contains(expected), "{:?}", lock.faults);
        assert!(lock.find("a", "1.0.0", None).is_some());
    }
}

#[test]
fn of_two_checksums_none_is_right() {
    let entry =
        |sum: &str| format!("[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nchecksum = \"{}\"\n", sum.repeat(32));
    let lock = parse(&format!("{}{}", entry("aa"), entry("bb"))).unwrap();
    assert_eq!(lock.packages[0].checksum, None);
    assert_eq!(lock.faults.len(), 1);
}

#[test]
fn a_large_lockfile_is_read() {
    let mut text = "version = 4\n".to_owned();
    for number in 0..20_000 {
        let _ = write!(
            text,
            "[[package]]\nname = \"p{number}\"\nversion = \"1.0.0\"\ndependencies = [\"p{}\", \"p{}\"]\n",
            (number + 1) % 20_000,
            (number * 7) % 20_000
        );
    }
    let lock = parse(&text).unwrap();
    assert_eq!(lock.packages.len(), 20_000);
    assert!(lock.faults.is_empty());
}

//! What the fuzz targets call.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};

use crate::{BinaryFormat, DependencyList, Limits, Package, PackageFormat};

fn limits() -> Limits {
    Limits { unpacked: 1 << 20, list: 1 << 16, ..Limits::default() }
}

fn check(name: &str, bytes: &[u8]) {
    if let Ok(package) = Package::read(name, bytes, &limits()) {
        let paths: Vec<&str> = package.files().map(|file| file.path).collect();
        assert!(paths.is_sorted_by(|one, other| one < other), "{paths:?}");
        for file in package.files() {
            assert_eq!(package.get(file.path), Some(file));
            assert!(!file.path.split('/').any(|part| matches!(part, "" | "." | "..")), "{:?}", file.path);
        }
    }
}

/// The bytes as a package of each kind, as they are and as what a right gzip holds: no fuzzer guesses a checksum.
pub fn package(bytes: &[u8]) {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::none());
    let packed = encoder.write_all(bytes).and_then(|()| encoder.finish()).unwrap_or_default();
    for name in ["a-1.0.0.crate", "a-1.0.0.tgz", "a-1.0.0.tar.gz"] {
        check(name, bytes);
        check(name, &packed);
        let _ = PackageFormat::of(name, bytes);
    }
    check("a-1.0.0-py3-none-any.whl", bytes);
}

/// The bytes as a binary.
pub fn binary(bytes: &[u8]) {
    let read = DependencyList::read(bytes, &limits());
    if let Ok(Some(list)) = read {
        assert_eq!(Some(list.binary()), BinaryFormat::of(bytes));
        for package in list.packages() {
            assert_eq!(list.dependencies_of(package).count(), package.dependencies.len());
        }
    }
}

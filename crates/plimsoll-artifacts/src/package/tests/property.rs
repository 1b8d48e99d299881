use std::{collections::BTreeMap, io::Read as _};

use proptest::prelude::*;

use super::{CRATE, building::*};
use crate::{Limits, Package};

const WHL: &str = "a-1.0.0-py3-none-any.whl";

type Files = BTreeMap<String, Vec<u8>>;

fn packed_files() -> impl Strategy<Value = Files> {
    let path = "[a-z]{1,3}(/[a-z]{1,3}){0,3}\\.[a-z]{1,3}";
    prop::collection::btree_map(path, prop::collection::vec(any::<u8>(), 0..700), 0..12)
}

fn found(package: &Package) -> Files {
    package.files().map(|file| (file.path.to_owned(), file.bytes.to_vec())).collect()
}

fn tarred(files: &Files) -> Vec<u8> {
    let parts: Vec<Vec<u8>> =
        files.iter().map(|(path, content)| raw(format!("a-1.0.0/{path}").as_bytes(), b'0', content)).collect();
    tar_with(&parts)
}

fn zipped(files: &Files) -> Vec<u8> {
    let mut entries: Vec<ZipEntry> = files.iter().map(|(path, content)| ZipEntry::deflated(path, content)).collect();
    let mut list: String = files.iter().map(|(path, content)| row(path, content)).collect();
    for (path, content) in wheel_files(&[]).iter().take(2) {
        entries.push(ZipEntry::deflated(path, content.as_bytes()));
        list.push_str(&row(path, content.as_bytes()));
    }
    list.push_str("a-1.0.0.dist-info/RECORD,,\n");
    entries.push(ZipEntry::deflated("a-1.0.0.dist-info/RECORD", list.as_bytes()));
    zip(&entries)
}

fn read(name: &str, bytes: &[u8]) -> Option<Package> {
    Package::read(name, bytes, &Limits::default()).ok()
}

/// What the unpacker that cargo uses finds, files only.
fn by_tar(archive: &[u8]) -> Option<Files> {
    let mut files = Files::new();
    for entry in tar::Archive::new(archive).entries().ok()? {
        let mut entry = entry.ok()?;
        if entry.header().entry_type().is_file() {
            let path = entry.path().ok()?.strip_prefix("a-1.0.0").ok()?.to_str()?.to_owned();
            let mut content = Vec::new();
            entry.read_to_end(&mut content).ok()?;
            files.insert(path, content);
        }
    }
    Some(files)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_was_packed_is_what_is_read(files in packed_files()) {
        let mut expected = files.clone();
        expected.insert("Cargo.toml".to_owned(), MANIFEST.to_vec());
        prop_assert_eq!(found(&read(CRATE, &gzip(&tarred(&files))).unwrap()), expected);
        let of_wheel = found(&read(WHL, &zipped(&files)).unwrap());
        for (path, content) in &files {
            prop_assert_eq!(of_wheel.get(path), Some(content));
        }
        prop_assert_eq!(of_wheel.len(), files.len() + 3);
    }

    #[test]
    fn nothing_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        for name in [CRATE, "a-1.0.0.tgz", "a-1.0.0.tar.gz", WHL] {
            prop_assert!(read(name, &bytes).is_none());
            prop_assert!(read(name, &gzip(&bytes)).is_none());
        }
    }

    #[test]
    fn a_damaged_gzip_gives_no_other_files(files in packed_files(), at in any::<prop::sample::Index>(), bit in 0_u32..8) {
        let whole = gzip(&tarred(&files));
        let mut damaged = whole.clone();
        *at.get_mut(&mut damaged) ^= 1_u8 << bit;
        if let Some(package) = read(CRATE, &damaged) {
            prop_assert_eq!(found(&package), found(&read(CRATE, &whole).unwrap()));
        }
    }

    // The checksum of gzip is made anew, so that only the tar stands between damage and another file.
    #[test]
    fn a_damaged_tar_is_refused_or_read_as_cargo_reads_it(
        files in packed_files(), at in any::<prop::sample::Index>(), byte in any::<u8>(), sealed in any::<bool>()
    ) {
        let mut damaged = tarred(&files);
        let at = at.index(damaged.len());
        damaged[at] = byte;
        if sealed {
            let start = at / 512 * 512;
            if let Some(header) = damaged[start..].first_chunk_mut() {
                seal(header);
            }
        }
        if let Some(package) = read(CRATE, &gzip(&damaged)) {
            prop_assert_eq!(Some(found(&package)), by_tar(&damaged));
        }
    }

    #[test]
    fn a_damaged_wheel_gives_no_other_files(
        files in packed_files(), at in any::<prop::sample::Index>(), bit in 0_u32..8, cut in any::<prop::sample::Index>()
    ) {
        let whole = zipped(&files);
        let mut damaged = whole.clone();
        *at.get_mut(&mut damaged) ^= 1_u8 << bit;
        if let Some(package) = read(WHL, &damaged) {
            prop_assert_eq!(found(&package), found(&read(WHL, &whole).unwrap()));
        }
        prop_assert!(read(WHL, &whole[..cut.index(whole.len())]).is_none());
    }
}

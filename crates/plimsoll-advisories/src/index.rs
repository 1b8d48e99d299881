//! Which versions were taken back, by a copy of the registry's index that lies on disk.

use std::{
    collections::BTreeMap,
    fs,
    io::Read as _,
    path::{Path, PathBuf},
};

use plimsoll_model::{Extra, Input, sha256_hex};
use serde::Deserialize;

use crate::{AdvisoryError, LockedPackage};

/// Bytes of the file of one package.
const LARGEST: u64 = 32 * 1024 * 1024;
/// The layout of cargo's own cache that is read.
///
/// Source: cargo, `src/cargo/sources/registry/index/cache.rs`: one byte of layout, four of the index's format, the
/// index's own version, then version and JSON line by turns; each text ends in a zero byte.
const CACHE_LAYOUT: u8 = 3;

/// A copy of the crates.io index: a checkout of it, or what cargo keeps of it under
/// `CARGO_HOME/registry/index/`.
#[derive(Debug)]
pub struct RegistryIndex {
    folder: PathBuf,
    cache: bool,
}

/// What an index says of some packages.
#[derive(Debug, Default)]
pub struct YankedReport {
    /// Packages whose locked version was taken back, sorted.
    pub yanked: Vec<LockedPackage>,
    /// How many packages of the registry are not in this copy, or not in this version.
    pub unlisted: usize,
    /// How many were looked up.
    pub asked: usize,
    /// What could not be read.
    pub gaps: Vec<String>,
    /// The pinned input: a digest over all answers.
    pub input: Input,
}

#[derive(Deserialize)]
struct Line {
    name: String,
    vers: String,
    yanked: bool,
}

impl RegistryIndex {
    /// Opens the copy at `folder`. A folder that is none is refused.
    pub fn open(folder: &Path) -> Result<Self, AdvisoryError> {
        let cached = folder.join(".cache");
        if cached.is_dir() {
            return Ok(Self { folder: cached, cache: true });
        }
        if folder.join("config.json").is_file() {
            return Ok(Self { folder: folder.to_owned(), cache: false });
        }
        Err(AdvisoryError::Unreadable {
            path: folder.to_owned(),
            reason: "not a registry index: neither a checkout with config.json nor cargo's copy with .cache".to_owned(),
        })
    }

    /// Looks up those of `packages` that come from crates.io.
    pub fn yanked(&self, packages: &[LockedPackage]) -> YankedReport {
        let mut asked: Vec<&LockedPackage> = packages.iter().filter(|package| package.default_registry).collect();
        asked.sort();
        asked.dedup();
        let mut report = YankedReport { asked: asked.len(), ..YankedReport::default() };
        let mut lines = String::new();
        // A file holds all versions of a package; it is read once.
        let mut by_name: BTreeMap<&str, Vec<&LockedPackage>> = BTreeMap::new();
        for package in asked {
            by_name.entry(&package.name).or_default().push(package);
        }
        for (name, versions) in by_name {
            let told = match self.read(name) {
                Ok(told) => told,
                Err(reason) => {
                    report.gaps.push(format!("{name}: {reason}"));
                    continue;
                }
            };
            for package in versions {
                let answer = match told.get(&package.version.to_string()) {
                    Some(true) => {
                        report.yanked.push(package.clone());
                        "yanked"
                    }
                    Some(false) => "offered",
                    None => {
                        report.unlisted += 1;
                        "unlisted"
                    }
                };
                lines.push_str(&format!("{name} {} {answer}\n", package.version));
            }
        }
        report.input = Input {
            source: if self.cache { "cargo's copy of the crates.io index" } else { "crates.io index checkout" }
                .to_owned(),
            digest: BTreeMap::from([("sha256".to_owned(), sha256_hex(lines.as_bytes()))]),
            count: Some(report.asked as u64),
            extra: Extra::new(),
            ..Input::default()
        };
        report
    }

    /// Version and whether it was taken back, of one package; empty where the copy does not have the package.
    fn read(&self, name: &str) -> Result<BTreeMap<String, bool>, String> {
        let Some(path) = path_of(name) else { return Err("no name of a package".to_owned()) };
        let path = self.folder.join(path);
        match fs::symlink_metadata(&path) {
            Ok(found) if found.is_file() => {}
            Ok(_) => return Err("not a regular file".to_owned()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
            Err(error) => return Err(error.to_string()),
        }
        let mut bytes = Vec::new();
        fs::File::open(&path)
            .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
            .map_err(|error| error.to_string())?;
        if bytes.len() as u64 > LARGEST {
            return Err(format!("larger than {LARGEST} bytes"));
        }
        if self.cache { cached(name, &bytes) } else { plain(name, &bytes) }
    }
}

/// Where a package's file lies.
///
/// Source: The Cargo Book, "Registry Index", Index files: by the length of the name, in small letters.
fn path_of(name: &str) -> Option<String> {
    let good = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if name.is_empty() || name.len() > 64 || !name.as_bytes().iter().all(good) {
        return None;
    }
    let name = name.to_ascii_lowercase();
    Some(match (name.len(), name.get(..1)?, name.get(..2)) {
        (1, ..) => format!("1/{name}"),
        (2, ..) => format!("2/{name}"),
        (3, first, _) => format!("3/{first}/{name}"),
        (_, _, two) => format!("{}/{}/{name}", two?, name.get(2..4)?),
    })
}

fn plain(name: &str, bytes: &[u8]) -> Result<BTreeMap<String, bool>, String> {
    bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.trim_ascii().is_empty())
        .map(|line| entry(name, line))
        .collect()
}

fn cached(name: &str, bytes: &[u8]) -> Result<BTreeMap<String, bool>, String> {
    let (head, rest) = bytes.split_at_checked(5).ok_or("cut off")?;
    if head.first() != Some(&CACHE_LAYOUT) {
        return Err("written by a version of cargo whose layout is not known".to_owned());
    }
    let mut parts = rest.split(|byte| *byte == 0).skip(1);
    let mut told = BTreeMap::new();
    while let Some(version) = parts.next().filter(|version| !version.is_empty()) {
        let (named, yanked) = entry(name, parts.next().ok_or("cut off")?)?;
        if named.as_bytes() != version {
            return Err(format!("the entry of {named} stands under another version"));
        }
        told.insert(named, yanked);
    }
    Ok(told)
}

fn entry(name: &str, line: &[u8]) -> Result<(String, bool), String> {
    let line: Line = serde_json::from_slice(line).map_err(|error| format!("not a line of an index: {error}"))?;
    if line.name != name {
        return Err(format!("an entry of \"{}\" in it", plimsoll_model::one_line(&line.name)));
    }
    Ok((line.vers, line.yanked))
}

/// Reads anything; properties and fuzzing ask that it ends and does not panic.
#[cfg(any(test, fuzzing))]
pub fn read_anything(bytes: &[u8]) {
    let _ = (plain("a", bytes), cached("a", bytes));
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: &str = "{\"name\":\"Abcd\",\"vers\":\"1.0.0\",\"deps\":[],\"yanked\":true}\n{\"name\":\"Abcd\",\"vers\":\"1.1.0+x\",\"deps\":[],\"yanked\":false}\n";

    fn cache() -> Vec<u8> {
        let mut bytes = vec![CACHE_LAYOUT, 2, 0, 0, 0];
        bytes.extend(b"etag: 1\0");
        for line in LINES.lines() {
            bytes.extend(line.split('"').nth(7).unwrap().bytes());
            bytes.push(0);
            bytes.extend(line.bytes());
            bytes.push(0);
        }
        bytes
    }

    fn package(name: &str, version: &str, default_registry: bool) -> LockedPackage {
        LockedPackage { name: name.to_owned(), version: version.parse().unwrap(), default_registry }
    }

    fn check(index: &RegistryIndex) {
        let report = index.yanked(&[
            package("Abcd", "1.0.0", true),
            package("Abcd", "1.0.0", true),
            package("Abcd", "1.1.0+x", true),
            package("Abcd", "9.0.0", true),
            package("other", "1.0.0", true),
            package("Abcd", "1.0.0", false),
        ]);
        assert_eq!(report.yanked, [package("Abcd", "1.0.0", true)]);
        assert_eq!((report.asked, report.unlisted, report.gaps.len()), (4, 2, 0));
        let fewer = index.yanked(&[package("Abcd", "1.0.0", true)]);
        assert_ne!(report.input.digest, fewer.input.digest);
    }

    #[test]
    fn both_layouts_are_read() {
        let folder = tempfile::tempdir().unwrap();
        assert!(RegistryIndex::open(folder.path()).is_err());
        fs::write(folder.path().join("config.json"), "{}").unwrap();
        fs::create_dir_all(folder.path().join("ab/cd")).unwrap();
        fs::write(folder.path().join("ab/cd/abcd"), LINES).unwrap();
        check(&RegistryIndex::open(folder.path()).unwrap());
        fs::create_dir_all(folder.path().join(".cache/ab/cd")).unwrap();
        fs::write(folder.path().join(".cache/ab/cd/abcd"), cache()).unwrap();
        check(&RegistryIndex::open(folder.path()).unwrap());
        fs::write(folder.path().join(".cache/ab/cd/abcd"), "nonsense").unwrap();
        let report = RegistryIndex::open(folder.path()).unwrap().yanked(&[package("Abcd", "1.0.0", true)]);
        assert!(report.yanked.is_empty() && report.gaps.len() == 1, "{report:?}");
    }

    #[test]
    fn what_is_broken_says_nothing() {
        assert_eq!(cached("Abcd", &cache()).unwrap().len(), 2);
        for bad in
            [&b""[..], b"\x03", b"\x02\0\0\0\0v\0", b"\x03\x02\0\0\0v\x001.0.0\0", b"\x03\x02\0\0\0v\x001.0.0\0{}\0"]
        {
            assert!(cached("Abcd", bad).is_err(), "{bad:?}");
        }
        let swapped = String::from_utf8(cache()).unwrap().replacen("1.0.0", "1.0.1", 1);
        assert!(cached("Abcd", swapped.as_bytes()).is_err());
        assert!(plain("Abcd", b"{\"name\":\"Abcd\"}").is_err() && plain("other", LINES.as_bytes()).is_err());
    }

    #[test]
    fn files_lie_where_the_book_says() {
        for (name, path) in [("a", "1/a"), ("ab", "2/ab"), ("Abc", "3/a/abc"), ("serde_json", "se/rd/serde_json")] {
            assert_eq!(path_of(name).as_deref(), Some(path));
        }
        for bad in ["", "..", "a/b", "ä", "a b"] {
            assert_eq!(path_of(bad), None, "{bad}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            read_anything(&bytes);
            read_anything(&[&[CACHE_LAYOUT, 2, 0, 0, 0][..], &bytes].concat());
        }
    }
}

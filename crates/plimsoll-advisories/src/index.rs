//! Which versions were taken back, by a copy of the registry's index that lies on disk.

use std::{
    collections::{BTreeMap, BTreeSet},
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

/// Bytes of an index's `config.json`.
const LARGEST_CONFIG: u64 = 64 * 1024;
/// Entries of a folder that are looked at to tell what it is.
const MOST_ENTRIES: usize = 10_000;
/// Folders below `registry/index` that hold cargo's copy of crates.io, by the sparse protocol and by git; the newest way first.
const CRATES_IO: [&str; 2] = ["index.crates.io-", "github.com-"];

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
    /// Packages of which the index has another checksum than the lockfile, sorted: what is locked is not what the registry has.
    pub altered: Vec<LockedPackage>,
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
    #[serde(default)]
    cksum: String,
}

/// What an index says of one version.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Offer {
    yanked: bool,
    /// SHA-256 of the package's archive.
    checksum: String,
}

impl RegistryIndex {
    /// Opens the copy at `folder`: a checkout of the index, cargo's copy of it, or cargo's home, which holds that copy.
    ///
    /// A folder that is none of these is refused, and so is one that has the name of an index and not its layout: an index
    /// that has nothing would say that nothing was yanked.
    pub fn open(folder: &Path) -> Result<Self, AdvisoryError> {
        let refused = |reason: &str| AdvisoryError::Unreadable { path: folder.to_owned(), reason: reason.to_owned() };
        for list in [folder.join("registry").join("index"), folder.to_owned()] {
            if let Some(copy) = copy_in(&list) {
                return Ok(Self { folder: copy.join(".cache"), cache: true });
            }
        }
        if is_copy(folder) {
            return Ok(Self { folder: folder.join(".cache"), cache: true });
        }
        if has_config(folder) {
            if !has_layout(folder) {
                return Err(refused(
                    "a registry index without a package: it has a config.json and none of the folders that index files lie in",
                ));
            }
            return Ok(Self { folder: folder.to_owned(), cache: false });
        }
        Err(refused(
            "not a registry index; give a checkout of the crates.io index (it has a config.json), cargo's home, or a folder of \
             its registry/index",
        ))
    }

    /// Looks up those of `packages` that come from crates.io, each with the checksum that its lockfile has.
    pub fn look_up(&self, packages: &[(LockedPackage, Option<String>)]) -> YankedReport {
        let asked: BTreeSet<&(LockedPackage, Option<String>)> =
            packages.iter().filter(|(package, _)| package.default_registry).collect();
        // A file holds all versions of a package; it is read once.
        let mut by_name: BTreeMap<&str, BTreeMap<&LockedPackage, Vec<&str>>> = BTreeMap::new();
        for (package, checksum) in asked {
            let sums = by_name.entry(&package.name).or_default().entry(package).or_default();
            sums.extend(checksum.as_deref());
        }
        let asked = by_name.values().map(BTreeMap::len).sum();
        let mut report = YankedReport { asked, ..YankedReport::default() };
        let mut lines = String::new();
        for (name, versions) in by_name {
            let told = match self.read(name) {
                Ok(told) => told,
                Err(reason) => {
                    report.gaps.push(format!("{name}: {reason}"));
                    continue;
                }
            };
            for (package, sums) in versions {
                let offer = told.get(&package.version.to_string());
                let answer = match offer {
                    Some(Offer { yanked: true, .. }) => {
                        report.yanked.push(package.clone());
                        "yanked"
                    }
                    Some(_) => "offered",
                    None => {
                        report.unlisted += 1;
                        "unlisted"
                    }
                };
                let checksum = offer.map(|offer| offer.checksum.as_str()).unwrap_or_default();
                if !checksum.is_empty() && sums.iter().any(|sum| !sum.eq_ignore_ascii_case(checksum)) {
                    report.altered.push(package.clone());
                }
                lines.push_str(&format!("{name} {} {answer} {checksum}\n", package.version));
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

    /// What it says of each version of one package; empty where the copy does not have the package.
    fn read(&self, name: &str) -> Result<BTreeMap<String, Offer>, String> {
        let Some(path) = path_of(name) else { return Err("no name of a package".to_owned()) };
        let path = self.folder.join(path);
        match fs::symlink_metadata(&path) {
            Ok(found) if found.is_file() => {}
            Ok(_) => return Err("not a regular file".to_owned()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
            Err(error) => return Err(error.to_string()),
        }
        let bytes = fs::File::open(&path)
            .and_then(|file| plimsoll_model::read_bounded(file, LARGEST))
            .map_err(|error| error.to_string())?;
        let bytes = bytes.ok_or_else(|| format!("larger than {LARGEST} bytes"))?;
        if self.cache { cached(name, &bytes) } else { plain(name, &bytes) }
    }
}

/// Cargo's copy of the crates.io index among the folders of `list`, the newest way of keeping one first.
fn copy_in(list: &Path) -> Option<PathBuf> {
    let names: BTreeSet<String> = folders(list).into_iter().collect();
    let of = |start: &str| names.iter().find(|name| name.starts_with(start)).map(|name| list.join(name));
    CRATES_IO.into_iter().filter_map(of).find(|folder| is_copy(folder))
}

/// Is it a folder in which cargo keeps the answers of a registry's index?
fn is_copy(folder: &Path) -> bool {
    (has_config(folder) || folder.join(".git").is_dir()) && has_layout(&folder.join(".cache"))
}

/// Has it the file by which a registry says where its packages are?
///
/// Source: The Cargo Book, "Registry Index", Index Configuration.
fn has_config(folder: &Path) -> bool {
    let path = folder.join("config.json");
    if !fs::symlink_metadata(&path).is_ok_and(|found| found.is_file()) {
        return false;
    }
    let mut bytes = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(LARGEST_CONFIG).read_to_end(&mut bytes));
    read.is_ok() && serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(&bytes).is_ok()
}

/// Are there folders that index files lie in, and is every other one hidden?
fn has_layout(folder: &Path) -> bool {
    let names = folders(folder);
    let is_part = |name: &String| {
        let short = name.len() == 2 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        short || ["1", "2", "3"].contains(&name.as_str())
    };
    let mut shown = names.iter().filter(|name| !name.starts_with('.')).peekable();
    shown.peek().is_some() && shown.all(is_part)
}

/// Names of the folders in a folder; none where it cannot be read.
fn folders(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().take(MOST_ENTRIES).filter_map(Result::ok);
    let folders = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    folders.filter_map(|entry| entry.file_name().into_string().ok()).collect()
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

fn plain(name: &str, bytes: &[u8]) -> Result<BTreeMap<String, Offer>, String> {
    bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.trim_ascii().is_empty())
        .map(|line| entry(name, line))
        .collect()
}

fn cached(name: &str, bytes: &[u8]) -> Result<BTreeMap<String, Offer>, String> {
    let (head, rest) = bytes.split_at_checked(5).ok_or("cut off")?;
    if head.first() != Some(&CACHE_LAYOUT) {
        return Err("written by a version of cargo whose layout is not known".to_owned());
    }
    let mut parts = rest.split(|byte| *byte == 0).skip(1);
    let mut told = BTreeMap::new();
    while let Some(version) = parts.next().filter(|version| !version.is_empty()) {
        let (named, offer) = entry(name, parts.next().ok_or("cut off")?)?;
        if named.as_bytes() != version {
            return Err(format!("the entry of {named} is listed under another version"));
        }
        told.insert(named, offer);
    }
    Ok(told)
}

fn entry(name: &str, line: &[u8]) -> Result<(String, Offer), String> {
    let line: Line = serde_json::from_slice(line).map_err(|error| format!("not a line of an index: {error}"))?;
    if line.name != name {
        return Err(format!("an entry of \"{}\" in it", plimsoll_model::one_line(&line.name)));
    }
    Ok((line.vers, Offer { yanked: line.yanked, checksum: line.cksum }))
}

/// Reads anything; properties and fuzzing ask that it ends and does not panic.
#[cfg(any(test, fuzzing))]
pub fn read_anything(bytes: &[u8]) {
    let _ = (plain("a", bytes), cached("a", bytes));
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINES: &str = "{\"name\":\"Abcd\",\"vers\":\"1.0.0\",\"deps\":[],\"cksum\":\"aa\",\"yanked\":true}\n{\"name\":\"Abcd\",\"vers\":\"1.1.0+x\",\"deps\":[],\"yanked\":false}\n";

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

    type Asked = (LockedPackage, Option<String>);

    fn package(name: &str, version: &str, default_registry: bool) -> LockedPackage {
        LockedPackage { name: name.to_owned(), version: version.parse().unwrap(), default_registry }
    }

    fn asked(name: &str, version: &str, checksum: Option<&str>) -> Asked {
        (package(name, version, true), checksum.map(ToOwned::to_owned))
    }

    fn check(index: &RegistryIndex) {
        let report = index.look_up(&[
            asked("Abcd", "1.0.0", None),
            asked("Abcd", "1.0.0", Some("AA")),
            asked("Abcd", "1.1.0+x", None),
            asked("Abcd", "9.0.0", None),
            asked("other", "1.0.0", None),
            (package("Abcd", "1.0.0", false), Some("bb".to_owned())),
        ]);
        assert_eq!(report.yanked, [package("Abcd", "1.0.0", true)]);
        assert_eq!((report.asked, report.unlisted, report.gaps.len(), report.altered.len()), (4, 2, 0, 0));
        let fewer = index.look_up(&[asked("Abcd", "1.0.0", None)]);
        assert_ne!(report.input.digest, fewer.input.digest);
        // A checksum that is not the index's, in one of two lockfiles.
        let altered = index.look_up(&[asked("Abcd", "1.0.0", Some("aa")), asked("Abcd", "1.0.0", Some("ab"))]);
        assert_eq!(altered.altered, [package("Abcd", "1.0.0", true)]);
    }

    fn write(folder: &Path, path: &str, content: impl AsRef<[u8]>) {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    #[test]
    fn both_layouts_are_read_from_wherever_cargo_keeps_them() {
        let of = |files: &[(&str, &[u8])]| {
            let folder = tempfile::tempdir().unwrap();
            for (path, content) in files {
                write(folder.path(), path, content);
            }
            folder
        };
        let (config, cache) = (&b"{\"dl\":\"https://x\"}"[..], cache());
        let sparse = "registry/index/index.crates.io-0/";
        for files in [
            vec![("config.json", config), ("ab/cd/abcd", LINES.as_bytes())],
            vec![("config.json", config), (".cache/ab/cd/abcd", &cache[..])],
            vec![(".git/HEAD", b""), (".cache/ab/cd/abcd", &cache)],
            vec![(&format!("{sparse}config.json"), config), (&format!("{sparse}.cache/ab/cd/abcd"), &cache)],
            vec![("index.crates.io-0/config.json", config), ("index.crates.io-0/.cache/ab/cd/abcd", &cache)],
        ] {
            let folder = of(&files);
            check(&RegistryIndex::open(folder.path()).unwrap());
        }
        let broken = of(&[("config.json", config), (".cache/ab/cd/abcd", b"nonsense")]);
        let report = RegistryIndex::open(broken.path()).unwrap().look_up(&[asked("Abcd", "1.0.0", None)]);
        assert!(report.yanked.is_empty() && report.gaps.len() == 1, "{report:?}");
        for files in [
            vec![],
            vec![("config.json", config)],
            vec![("config.json", b"dl"), ("ab/cd/abcd", LINES.as_bytes())],
            vec![("config.json", config), ("src/main.rs", b"")],
            // A home folder: its cache is of other things.
            vec![(".cache/pip/x", b""), (".cache/ab/x", b"")],
            vec![(".cache/ab/cd/abcd", &cache)],
            vec![("config.json", config), (".cache/fontconfig/x", b"")],
            vec![("registry/index/other.example-0/.cache/ab/cd/abcd", &cache)],
        ] {
            let folder = of(&files);
            let error = RegistryIndex::open(folder.path()).unwrap_err().to_string();
            assert!(error.contains("registry index"), "{error}");
        }
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

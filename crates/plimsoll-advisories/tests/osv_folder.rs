//! A folder of OSV records as packages are matched with it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

use std::{fs, path::Path};

use jiff::civil::Date;
use plimsoll_advisories::{Database, Ecosystem, Match, Package, Verdict, match_packages};

const TODAY: Date = jiff::civil::date(2026, 11, 1);

fn json(id: &str, more: &str, name: &str, fixed: &str) -> String {
    format!(
        r#"{{"id":"{id}","modified":"2026-10-0{day}T00:00:00Z"{more},"affected":[{{"package":{{"ecosystem":"PyPI","name":"{name}"}},
        "ranges":[{{"type":"ECOSYSTEM","events":[{{"introduced":"0"}},{{"fixed":"{fixed}"}}]}}]}}]}}"#,
        day = id.len(),
    )
}

fn matches(database: &Database, ecosystem: &str, name: &str, version: &str) -> Vec<Match> {
    let ecosystem = Ecosystem::of(ecosystem).unwrap();
    let package = Package { ecosystem, name: name.to_owned(), version: version.to_owned() };
    match_packages(database, &[package], TODAY).unwrap()
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

#[test]
fn a_package_is_matched_in_whatever_file_it_is() {
    let (one, two) = (json("A-1", r#","aliases":["CVE-1"]"#, "Zope.Interface", "2.0"), json("B-2", "", "other", "2.0"));
    let withdrawn = json("C-3", r#","withdrawn":"2026-01-01T00:00:00Z","aliases":["CVE-1"]"#, "zope-interface", "9");
    let later = json("D-4", r#","withdrawn":"2027-01-01T00:00:00Z""#, "zope_interface", "3.0");
    let unreadable = json("E-5", "", "zope-interface", "oops");
    let yaml = "id: F-6\naliases: [CVE-1]\naffected:\n- package: {ecosystem: PyPI, name: zope.interface}\n  versions: ['1.0.0']\n";
    let files = [
        ("a/2020/A-1.json", one.as_str()),
        ("B-2.json", &two),
        ("C-3.json", &withdrawn),
        ("D-4.json", &later),
        ("E-5.json", &unreadable),
        ("deep/er/F-6.yaml", yaml),
        ("broken.json", "{"),
        ("list.yml", "- a\n"),
        (".hidden.json", "{"),
        ("README.md", "no record"),
    ];
    let folder = folder(&files);
    let database = Database::open(&[folder.path()]).unwrap();
    assert_eq!(database.gaps().count(), 2, "{:?}", database.gaps().collect::<Vec<_>>());
    let found = |version: &str| {
        let matches = matches(&database, "PyPI", "zope_Interface", version);
        matches.iter().map(|one| (one.advisory.id.clone(), one.verdict == Verdict::Affected)).collect::<Vec<_>>()
    };
    let (yes, open) = (|id: &str| (id.to_owned(), true), |id: &str| (id.to_owned(), false));
    assert_eq!(found("1.0"), [yes("A-1"), yes("D-4"), open("E-5"), yes("F-6")]);
    assert_eq!(found("2.0"), [yes("D-4"), open("E-5")]);
    assert_eq!(found("no version"), [open("A-1"), open("D-4"), open("E-5")]);
    assert_eq!(matches(&database, "npm", "other", "1.0"), []);
    // One flaw counts once, whichever id names it, and what was withdrawn joins nothing.
    let all = matches(&database, "PyPI", "zope.interface", "1.0");
    let flaws: Vec<_> = all.iter().map(|one| (one.flaw.as_str(), one.aliases.join(" "))).collect();
    assert_eq!(
        flaws,
        [
            ("A-1", "CVE-1 F-6".to_owned()),
            ("D-4", String::new()),
            ("E-5", String::new()),
            ("A-1", "CVE-1 A-1".to_owned()),
        ]
    );
    let data_of = |database: &Database| database.data_of(Ecosystem::of("PyPI").unwrap()).unwrap().unwrap();
    let data = data_of(&database);
    // The one that is withdrawn next year makes the others no newer.
    assert_eq!((data.advisories, data.date), (6, Some(jiff::civil::date(2026, 10, 3))));
    assert!(data.given && data.is_part(), "{data:?}");
    // The digest is that of what is in the files, and of where they are.
    let digest = |change: &dyn Fn(&Path)| {
        change(folder.path());
        data_of(&Database::open(&[folder.path()]).unwrap()).sha256
    };
    assert_eq!(digest(&|_| ()), data.sha256);
    assert_ne!(digest(&|folder| fs::rename(folder.join("B-2.json"), folder.join("B.json")).unwrap()), data.sha256);
}

#[test]
fn a_folder_without_a_record_is_refused() {
    for files in [&[][..], &[("a.json", "{}")], &[("a.txt", "")]] {
        assert!(Database::open(&[folder(files).path()]).is_err(), "{files:?}");
    }
    assert!(Database::open(&[Path::new("nowhere")]).is_err());
    let deep = "a/".repeat(14) + "a.json";
    let deep = folder(&[(&deep, ""), ("B.json", &json("B-2", "", "other", "2.0"))]);
    assert!(Database::open(&[deep.path()]).unwrap_err().to_string().contains("nested"));
}

/// The whole of what was read is asked as each of its parts is; from a folder, from a dump of it, and packed.
#[test]
fn the_shared_data_is_matched() {
    if plimsoll_testkit::corpus().is_none() {
        return;
    }
    let folder = plimsoll_testkit::unpack("advisories/go-osv.tar.zst").unwrap().join("go-osv");
    let (mut records, mut files) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        records.push(plimsoll_advisories::read_json(&bytes).unwrap());
        files.push((path.file_name().unwrap().to_str().unwrap().to_owned(), bytes));
    }
    assert_eq!(records.len(), 2146);
    let packed_folder = tempfile::tempdir().unwrap();
    let (dump, packed) = (packed_folder.path().join("all.zip"), packed_folder.path().join("packed/go.advisories"));
    fs::create_dir(packed_folder.path().join("packed")).unwrap();
    fs::write(&dump, zip(&files)).unwrap();
    let read = Database::open(&[&folder]).unwrap();
    fs::write(&packed, read.pack(None, None, None).unwrap()).unwrap();
    let go = Ecosystem::of("Go").unwrap();
    let mut asked = 0;
    let mut packages = Vec::new();
    let mut expected = Vec::new();
    for record in records.iter().filter(|record| !record.is_withdrawn(TODAY)) {
        for affected in &record.affected {
            for version in ["0.0.1", "v1.5.0", "99.0.0"] {
                let name = affected.name.clone();
                let verdict = record.verdict(go, &name, version);
                if verdict != Verdict::NotAffected {
                    expected.push((record.id.clone(), name.clone(), version, verdict));
                }
                packages.push(Package { ecosystem: go, name, version: version.to_owned() });
                asked += 1;
            }
        }
    }
    assert!(asked > 9000, "{asked}");
    let key = |one: &(String, String, &str, Verdict)| (one.0.clone(), one.1.clone(), one.2.to_owned());
    expected.sort_by_key(key);
    expected.dedup_by_key(|one| key(one));
    // Opened as it is in a folder of such files too.
    for database in
        [read, Database::open(&[&dump]).unwrap(), Database::open(&[packed_folder.path().join("packed")]).unwrap()]
    {
        assert_eq!(database.gaps().next(), None);
        let data = database.data_of(go).unwrap().unwrap();
        assert_eq!((data.advisories, data.is_part()), (2146, false));
        let found: Vec<_> = match_packages(&database, &packages, TODAY).unwrap();
        assert_eq!(found.len(), expected.len());
        for (one, right) in found.iter().zip(&expected) {
            let own = (&one.advisory.id, &one.package.name, one.package.version.as_str(), &one.verdict);
            assert_eq!(own, (&right.0, &right.1, right.2, &right.3));
        }
    }
}

/// A zip with these files, each other of them stored as it is.
fn zip(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    use std::io::Write as _;
    let (mut all, mut directory) = (Vec::new(), Vec::new());
    let short = |number: usize| u16::try_from(number).unwrap().to_le_bytes();
    let long = |number: usize| u32::try_from(number).unwrap().to_le_bytes();
    for (number, (name, content)) in files.iter().enumerate() {
        let is_deflated = number % 2 == 1;
        let packed = if is_deflated {
            let mut packer = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
            packer.write_all(content).unwrap();
            packer.finish().unwrap()
        } else {
            content.clone()
        };
        let mut crc = flate2::Crc::new();
        crc.update(content);
        let method = short(if is_deflated { 8 } else { 0 });
        let mut common = [[20, 0], [0, 0], method, [0, 0], [0x21, 0]].concat();
        common.extend([crc.sum().to_le_bytes(), long(packed.len()), long(content.len())].concat());
        common.extend([short(name.len()), [0, 0]].concat());
        directory.extend([&b"PK\x01\x02\x14\0"[..], &common, &[0; 10], &long(all.len()), name.as_bytes()].concat());
        all.extend([&b"PK\x03\x04"[..], &common, name.as_bytes(), &packed].concat());
    }
    let end =
        [&[0; 4][..], &short(files.len()), &short(files.len()), &long(directory.len()), &long(all.len()), &[0; 2]];
    [&all[..], &directory, b"PK\x05\x06", &end.concat()].concat()
}

#[test]
fn a_dump_that_is_broken_is_refused() {
    let record = json("A-1", "", "a", "2.0");
    let good = zip(&[("A-1.json".to_owned(), record.clone().into()), ("B.json".to_owned(), record.clone().into())]);
    let open = |bytes: &[u8]| {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), bytes).unwrap();
        Database::open(&[file.path()]).map_err(|error| error.to_string())
    };
    assert_eq!(open(&good).unwrap().gaps().next(), None);
    let twice = zip(&[("A.json".to_owned(), record.clone().into()), ("A.json".to_owned(), record.clone().into())]);
    let mut longer = good.clone();
    let size = u32::try_from(record.len()).unwrap().to_le_bytes();
    let at = good.windows(4).rposition(|four| four == size).unwrap();
    longer[at] += 1;
    for (bytes, says) in [
        (good[..good.len() - 30].to_vec(), "zip"),
        (b"PK".to_vec(), "zip"),
        (zip(&[]), "no advisory in it"),
        (zip(&[("README.md".to_owned(), b"x".to_vec())]), "no advisory in it"),
        (zip(&[("a.json".to_owned(), b"{}".to_vec())]), "no advisory in it"),
        (twice, "two files of one name"),
        (b"nothing known".to_vec(), "neither a packed snapshot"),
        (Vec::new(), "neither a packed snapshot"),
    ] {
        let error = open(&bytes).unwrap_err();
        assert!(error.contains(says), "{error} does not say {says}");
    }
    // A file that is not as long as it says is a gap, and the others count.
    let read = open(&longer).unwrap();
    assert!(read.gaps().next().unwrap().contains("not as long as it says"), "{:?}", read.gaps().collect::<Vec<_>>());
    assert!(read.pack(None, None, None).is_err());
}

//! A folder of OSV records as packages are matched with it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

use std::{fs, path::Path};

use jiff::civil::Date;
use plimsoll_advisories::{Ecosystem, OsvFolder, Verdict};

const TODAY: Date = jiff::civil::date(2026, 11, 1);

fn json(id: &str, more: &str, name: &str, fixed: &str) -> String {
    format!(
        r#"{{"id":"{id}","modified":"2026-10-0{day}T00:00:00Z"{more},"affected":[{{"package":{{"ecosystem":"PyPI","name":"{name}"}},
        "ranges":[{{"type":"ECOSYSTEM","events":[{{"introduced":"0"}},{{"fixed":"{fixed}"}}]}}]}}]}}"#,
        day = id.len(),
    )
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
    let read = OsvFolder::read(folder.path()).unwrap();
    assert_eq!((read.records().len(), read.broken().len()), (6, 2), "{:?}", read.broken());
    let found = |version: &str| {
        let matches = read.matches(Ecosystem::of("PyPI").unwrap(), "zope_Interface", version, TODAY);
        matches.iter().map(|one| (one.record.id.clone(), one.verdict == Verdict::Affected)).collect::<Vec<_>>()
    };
    let (yes, open) = (|id: &str| (id.to_owned(), true), |id: &str| (id.to_owned(), false));
    assert_eq!(found("1.0"), [yes("A-1"), yes("D-4"), open("E-5"), yes("F-6")]);
    assert_eq!(found("2.0"), [yes("D-4"), open("E-5")]);
    assert_eq!(found("no version"), [open("A-1"), open("D-4"), open("E-5")]);
    assert_eq!(read.matches(Ecosystem::of("npm").unwrap(), "other", "1.0", TODAY), []);
    // What was withdrawn joins nothing.
    let aliases = read.aliases(TODAY);
    assert!(aliases.same("A-1", "F-6") && !aliases.same("C-3", "A-1"));
    let data = &read.data()["PyPI"];
    assert_eq!((data.records, data.newest), (6, Some(jiff::civil::date(2027, 1, 1))));
    assert_eq!(read.data().len(), 1);
    // The digest is that of what is in the files, and of where they are.
    let digest = |change: &dyn Fn(&Path)| {
        change(folder.path());
        OsvFolder::read(folder.path()).unwrap().data()["PyPI"].sha256.clone()
    };
    assert_eq!(digest(&|_| ()), data.sha256);
    assert_ne!(digest(&|folder| fs::rename(folder.join("B-2.json"), folder.join("B.json")).unwrap()), data.sha256);
}

#[test]
fn a_folder_without_a_record_is_refused() {
    for files in [&[][..], &[("a.json", "{}")], &[("a.txt", "")]] {
        assert!(OsvFolder::read(folder(files).path()).is_err(), "{files:?}");
    }
    assert!(OsvFolder::read(Path::new("nowhere")).is_err());
    let deep = "a/".repeat(14) + "a.json";
    let deep = folder(&[(&deep, ""), ("B.json", &json("B-2", "", "other", "2.0"))]);
    assert!(OsvFolder::read(deep.path()).unwrap_err().to_string().contains("nested"));
}

/// The whole of what was read is asked as each of its parts is.
#[test]
fn the_shared_data_is_matched() {
    if plimsoll_testkit::corpus().is_none() {
        return;
    }
    let folder = plimsoll_testkit::unpack("advisories/go-osv.tar.zst").unwrap();
    let read = OsvFolder::read(&folder).unwrap();
    assert_eq!((read.records().len(), read.broken().len()), (2146, 0), "{:?}", read.broken().first());
    assert_eq!(read.data()["Go"].records, 2146);
    let go = Ecosystem::of("Go").unwrap();
    let mut asked = 0;
    for record in read.records().iter().filter(|record| !record.is_withdrawn(TODAY)) {
        for affected in &record.affected {
            for version in ["0.0.1", "v1.5.0", "99.0.0"] {
                let matches = read.matches(go, &affected.name, version, TODAY);
                let found = matches.iter().find(|one| one.record.id == record.id).map(|one| &one.verdict);
                let right = record.verdict(go, &affected.name, version);
                assert_eq!(found.unwrap_or(&Verdict::NotAffected), &right, "{} {version}", record.id);
                asked += 1;
            }
        }
    }
    assert!(asked > 9000, "{asked}");
}

//! `db update`: dumps from a mirror of files, and from one small server.

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpListener,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    thread,
};

use serde_json::{Value, json};

use crate::common::{Ran, run};

/// A record of OSV about a package of each of these ecosystems.
fn record(id: &str, ecosystems: &[&str]) -> (String, Vec<u8>) {
    let affected = |ecosystem: &&str| {
        json!({
            "package": { "ecosystem": ecosystem, "name": "left-pad" },
            "ranges": [{ "type": "ECOSYSTEM", "events": [{ "introduced": "0" }, { "fixed": "1.2.3" }] }],
        })
    };
    let record = json!({
        "schema_version": "1.6.0", "id": id, "published": "2026-07-01T00:00:00Z", "modified": "2026-08-01T00:00:00Z",
        "affected": ecosystems.iter().map(affected).collect::<Vec<_>>(),
    });
    (format!("{id}.json"), record.to_string().into_bytes())
}

/// A zip in which these files are stored as they are.
fn zip(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let (mut all, mut directory) = (Vec::new(), Vec::new());
    let short = |number: usize| u16::try_from(number).unwrap().to_le_bytes();
    let long = |number: usize| u32::try_from(number).unwrap().to_le_bytes();
    for (name, content) in files {
        let mut crc = flate2::Crc::new();
        crc.update(content);
        let mut common = [[20, 0], [0, 0], [0, 0], [0, 0], [0x21, 0]].concat();
        common.extend([crc.sum().to_le_bytes(), long(content.len()), long(content.len())].concat());
        common.extend([short(name.len()), [0, 0]].concat());
        directory.extend([&b"PK\x01\x02\x14\0"[..], &common, &[0; 10], &long(all.len()), name.as_bytes()].concat());
        all.extend([&b"PK\x03\x04"[..], &common, name.as_bytes(), content].concat());
    }
    let end =
        [&[0; 4][..], &short(files.len()), &short(files.len()), &long(directory.len()), &long(all.len()), &[0; 2]];
    [&all[..], &directory, b"PK\x05\x06", &end.concat()].concat()
}

/// A mirror of files, and a folder that is updated from it.
struct Mirror(tempfile::TempDir);

impl Mirror {
    fn new() -> Self {
        let mirror = Self(tempfile::tempdir().unwrap());
        mirror.publish("npm", &zip(&[record("GHSA-1", &["npm"]), record("GHSA-2", &["npm", "PyPI"])]));
        mirror.publish("PyPI", &zip(&[record("GHSA-2", &["npm", "PyPI"])]));
        mirror.publish("GitHub Actions", &zip(&[record("GHSA-3", &["GitHub Actions"])]));
        mirror
    }

    fn publish(&self, ecosystem: &str, dump: &[u8]) {
        let folder = self.0.path().join("mirror").join(ecosystem);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("all.zip"), dump).unwrap();
    }

    fn folder(&self) -> PathBuf {
        self.0.path().join("advisories")
    }

    fn update(&self, more: &[&str]) -> Ran {
        self.update_from(&self.0.path().join("mirror").display().to_string(), more)
    }

    fn update_from(&self, base: &str, more: &[&str]) -> Ran {
        run(&[&["db", "update", "--from", base, "--dir", &self.folder().display().to_string()], more].concat())
    }

    /// What became of each ecosystem.
    fn outcomes(&self, more: &[&str], code: i32) -> Vec<(String, String)> {
        let ran = self.update(&[&["--format", "json"], more].concat());
        assert_eq!(ran.code, code, "{}", ran.stderr);
        let report: Value = serde_json::from_str(&ran.stdout).unwrap();
        let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
        report["ecosystems"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| (text(row, "ecosystem"), text(row, "outcome")))
            .collect()
    }

    fn names(&self) -> BTreeSet<String> {
        let entries = fs::read_dir(self.folder()).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    /// What `db status` says of an ecosystem; nothing where there is no data that was given.
    fn status(&self, ecosystem: &str) -> Option<Value> {
        let folder = self.folder().display().to_string();
        let ran = run(&["db", "status", "--advisories", &folder, "--as-of", "2026-08-11", "--format", "json"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let status: Value = serde_json::from_str(&ran.stdout).unwrap();
        let all = status["ecosystems"].as_array().unwrap();
        all.iter().find(|row| row["ecosystem"] == ecosystem && row["origin"] == "given").cloned()
    }
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(one, other)| ((*one).to_owned(), (*other).to_owned())).collect()
}

#[test]
fn each_ecosystem_gets_a_snapshot_of_its_own() {
    let mirror = Mirror::new();
    let ran = mirror.update(&["npm", "github actions"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let expected = format!(
        "npm: 2 advisories of 2026-08-01; 0.0 MB fetched, without a digest to check\n\
         GitHub Actions: 1 advisory of 2026-08-01; 0.0 MB fetched, without a digest to check\n--advisories {}\n",
        mirror.folder().display()
    );
    assert_eq!(ran.stdout, expected);
    // That little is a part of what is published, and is said to be one.
    assert!(ran.stderr.contains("npm: 2 advisories, and more than"), "{}", ran.stderr);
    let names = ["GitHub Actions.advisories", "GitHub Actions.origin.json", "npm.advisories", "npm.origin.json"];
    assert_eq!(mirror.names(), names.map(ToOwned::to_owned).into());
    let npm = mirror.status("npm").unwrap();
    assert_eq!((&npm["advisories"], &npm["date"], &npm["ageDays"]), (&json!(2), &json!("2026-08-01"), &json!(10)));
    // The record about two ecosystems makes no data of the other one.
    assert_eq!(mirror.status("PyPI"), None);
    mirror.update(&["pypi"]);
    assert_eq!(mirror.status("PyPI").unwrap()["advisories"], 1);
    assert_eq!(mirror.status("npm").unwrap(), npm);
}

#[test]
fn what_has_not_changed_is_left() {
    let mirror = Mirror::new();
    let snapshot = mirror.folder().join("npm.advisories");
    assert_eq!(mirror.outcomes(&["npm"], 0), pairs(&[("npm", "updated")]));
    let bytes = fs::read(&snapshot).unwrap();
    assert_eq!(mirror.outcomes(&["npm"], 0), pairs(&[("npm", "unchanged")]));
    assert_eq!(fs::read(&snapshot).unwrap(), bytes);
    // A snapshot that is gone, or is not what it was, is made again, and so is one of which nobody knows what it is from.
    let another = Mirror::new();
    another.publish("npm", &zip(&[record("GHSA-1", &["npm"])]));
    another.update(&["npm"]);
    let other = fs::read(another.folder().join("npm.advisories")).unwrap();
    let spoil: [&dyn Fn(); 6] = [
        &|| fs::write(&snapshot, &other).unwrap(),
        &|| fs::remove_file(&snapshot).unwrap(),
        &|| fs::write(&snapshot, "x").unwrap(),
        &|| fs::write(&snapshot, &bytes[..bytes.len() - 1]).unwrap(),
        &|| fs::remove_file(mirror.folder().join("npm.origin.json")).unwrap(),
        &|| fs::write(mirror.folder().join("npm.origin.json"), "{}").unwrap(),
    ];
    for spoil in spoil {
        spoil();
        assert_eq!(mirror.outcomes(&["npm"], 0), pairs(&[("npm", "updated")]));
        assert_eq!(fs::read(&snapshot).unwrap(), bytes);
    }
    mirror.publish("npm", &zip(&[record("GHSA-1", &["npm"])]));
    assert_eq!(mirror.outcomes(&["npm"], 0), pairs(&[("npm", "updated")]));
    assert_eq!(mirror.status("npm").unwrap()["advisories"], 1);
}

#[test]
fn one_that_fails_stops_no_other_and_loses_nothing() {
    let mirror = Mirror::new();
    mirror.update(&["npm", "PyPI"]);
    let before = fs::read(mirror.folder().join("npm.advisories")).unwrap();
    let whole = zip(&[record("GHSA-1", &["npm"])]);
    let bad = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
    for (dump, word) in [
        (
            zip(&[record("GHSA-1", &["npm"]), bad("GHSA-9.json", "{"), bad("GHSA-8.json", "[]")]),
            "2 records of the dump cannot be read",
        ),
        (zip(&[record("GHSA-2", &["PyPI"])]), "no advisory about it"),
        (zip(&[]), "no advisory in it"),
        (whole[..whole.len() - 10].to_vec(), "not a zip"),
        (b"<html>not found</html>".to_vec(), "neither"),
        (Vec::new(), "neither"),
    ] {
        mirror.publish("npm", &dump);
        mirror.publish("PyPI", &zip(&[record("GHSA-2", &["npm", "PyPI"]), record(word, &["PyPI"])]));
        let ran = mirror.update(&["npm", "PyPI", "Go"]);
        assert_eq!(ran.code, 2, "{}", ran.stdout);
        assert!(ran.stderr.contains(word) && ran.stderr.contains("plimsoll: Go: "), "{word}: {}", ran.stderr);
        assert!(
            ran.stdout.contains("npm: failed; the data of before is still there\nPyPI: 2 advisories"),
            "{}",
            ran.stdout
        );
        assert!(ran.stdout.contains("\nGo: failed\n--advisories "), "{}", ran.stdout);
        assert_eq!(fs::read(mirror.folder().join("npm.advisories")).unwrap(), before);
        assert!(
            mirror.names().iter().all(|name| !name.contains("dump") && !name.starts_with('.')),
            "{:?}",
            mirror.names()
        );
    }
    // Each that cannot be read is named.
    mirror.publish("npm", &zip(&[bad("GHSA-9.json", "{"), record("GHSA-1", &["npm"]), bad("GHSA-8.json", "[]")]));
    let ran = mirror.update(&["npm"]);
    assert!(ran.stderr.contains("GHSA-9.json") && ran.stderr.contains("GHSA-8.json"), "{}", ran.stderr);
}

#[test]
fn names_of_ecosystems() {
    let mirror = Mirror::new();
    for name in ["crates.io", "Go", "RubyGems"] {
        mirror.publish(name, &zip(&[record("GHSA-1", &[name])]));
    }
    let names = ["cargo", "CRATES.IO", "golang", "go", "gem", "pip-pi", "NPM"];
    let ran = mirror.update(&names);
    // A misspelt one is found before anything is fetched.
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("pip-pi: no ecosystem of OSV has this name; known are"), "{}", ran.stderr);
    assert!(!mirror.folder().exists());
    let names = names.map(|name| if name == "pip-pi" { "pypi" } else { name });
    let expected = ["crates.io", "Go", "RubyGems", "PyPI", "npm"].map(|name| (name, "updated"));
    assert_eq!(mirror.outcomes(&names, 0), pairs(&expected));
    // All are those of which it is known how much is published; one that a mirror has not is a failure.
    let all = mirror.outcomes(&[], 2);
    let of = |outcome: &str| all.iter().filter(|row| row.1 == outcome).map(|row| row.0.as_str()).collect::<Vec<_>>();
    assert_eq!(of("updated"), ["GitHub Actions"]);
    assert_eq!(of("unchanged"), ["Go", "PyPI", "RubyGems", "crates.io", "npm"]);
    assert!(of("failed").contains(&"Maven"));
}

#[test]
fn dumps_are_kept_on_demand_and_bases_are_refused() {
    let mirror = Mirror::new();
    assert_eq!(mirror.update(&["npm", "--keep"]).code, 0);
    assert!(mirror.names().contains("npm.dump.zip"), "{:?}", mirror.names());
    assert_eq!(mirror.status("npm").unwrap()["advisories"], 2);
    let url = format!("file://{}", mirror.0.path().join("mirror").display());
    assert_eq!(mirror.update_from(&url, &["github actions"]).code, 0);
    for (base, word) in
        [("ftp://a.example", "write https://"), ("https://me:pw@a.example", "a name or a password"), ("", "no path")]
    {
        let ran = mirror.update_from(base, &["npm"]);
        assert_eq!(ran.code, 2);
        assert!(ran.stderr.contains(word) && !ran.stderr.contains("pw"), "{}", ran.stderr);
    }
}

/// A server on loopback that has one dump, and the first lines of what it is asked.
fn serve(dump: Vec<u8>, headers: &'static str) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/osv/", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let shared = Arc::clone(&asked);
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let lines: Vec<String> =
                reader.by_ref().lines().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
            let unchanged = lines.iter().any(|line| line.to_ascii_lowercase().starts_with("if-none-match:"));
            shared.lock().unwrap().push(lines.first().cloned().unwrap_or_default());
            let (status, body) = if unchanged { (304, &[][..]) } else { (200, dump.as_slice()) };
            let head =
                format!("HTTP/1.1 {status} x\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n", body.len());
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
        }
    });
    (address, asked)
}

#[test]
fn the_day_of_a_dump_is_that_of_its_last_change() {
    let mirror = Mirror::new();
    let dump = zip(&[record("GHSA-3", &["GitHub Actions"])]);
    let (base, asked) = serve(dump.clone(), "etag: \"a\"\r\nlast-modified: Sun, 09 Aug 2026 10:00:00 GMT\r\n");
    let ran = mirror.update_from(&base, &["GitHub Actions"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("of 2026-08-09;"), "{}", ran.stdout);
    assert!(ran.stderr.contains("anyone on the way can change what comes"), "{}", ran.stderr);
    assert_eq!(mirror.status("GitHub Actions").unwrap()["ageDays"], 2);
    let again = mirror.update_from(&base, &["GitHub Actions"]);
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert!(again.stdout.contains("of 2026-08-09; nothing has changed"), "{}", again.stdout);
    assert_eq!(*asked.lock().unwrap(), ["GET /osv/GitHub%20Actions/all.zip HTTP/1.1"; 2]);
    // Bytes that are not those that the server announces are not packed.
    let (base, _) = serve(dump.clone(), "x-goog-hash: crc32c=AAAAAA==\r\n");
    let ran = mirror.update_from(&base, &["GitHub Actions"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("should have the digest crc32c:00000000"), "{}", ran.stderr);
    assert_eq!(mirror.status("GitHub Actions").unwrap()["ageDays"], 2);
    // A day to come counts as today, and where records come every few days, that of the newest one.
    let (base, _) = serve(zip(&[record("GHSA-1", &["npm"])]), "last-modified: Fri, 09 Aug 2126 10:00:00 GMT\r\n");
    assert_eq!(mirror.update_from(&base, &["npm"]).code, 0);
    assert_eq!(mirror.status("npm").unwrap()["date"], "2026-08-01");
    let (base, _) = serve(dump, "last-modified: Fri, 09 Aug 2126 10:00:00 GMT\r\n");
    assert_eq!(mirror.update_from(&base, &["GitHub Actions"]).code, 0);
    let date = mirror.status("GitHub Actions").unwrap()["date"].as_str().unwrap().to_owned();
    assert!(*"2026-08-09" < *date && *date < *"2126-08-09", "{date}");
}

/// The folder of the user is that of the environment, and is made where there is none.
#[test]
fn the_folder_of_the_user() {
    let mirror = Mirror::new();
    let data = mirror.0.path().join("data");
    let from = mirror.0.path().join("mirror");
    let output = crate::common::command()
        .args(["db", "update", "npm", "--from", &from.display().to_string()])
        .env("XDG_DATA_HOME", &data)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(Path::new(&data).join("plimsoll/advisories/npm.advisories").is_file());
}

//! One file downloaded: whole and checked, not again where nothing has changed, and from this machine.

mod bounds;
mod resumed;

use std::{cell::RefCell, collections::BTreeSet, fs, path::PathBuf, time::Duration};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use plimsoll_model::{sha256, sha256_hex};
use plimsoll_net::{Address, Download, DownloadOptions, Downloaded, FileVersion, NetError, download};

use crate::fake::{Act, Asked, Fake, Reply};

const OLD: &str = "Sat, 01 Aug 2026 10:00:00 GMT";
const NOW: &str = "Sat, 01 Aug 2026 12:00:00 GMT";

/// Bytes that differ at every place.
fn content(number: u8) -> Vec<u8> {
    (0..200_000_u32).flat_map(u32::to_le_bytes).map(|byte| byte ^ number).collect()
}

/// A server whose answer depends on the request and its number, from 1.
fn serve(act: impl Fn(&Asked, usize) -> Act + Send + Sync + 'static) -> Fake {
    Fake::start(true, move |asked, state| Some(act(asked, state.asked.len())))
}

/// What an honest server answers that has this version.
fn honest(asked: &Asked, bytes: &[u8], more: &[(&str, &str)]) -> Reply {
    let given = |name: &str| asked.headers.get(name).map(String::as_str);
    let own = |name: &str| more.iter().find(|(own, _)| *own == name).map(|(_, value)| *value);
    if given("if-none-match").is_some_and(|etag| own("etag") == Some(etag)) {
        return Reply::new(304, &[], "");
    }
    let same = given("if-range").is_none_or(|one| own("etag") == Some(one) || own("last-modified") == Some(one));
    let Some(from) = given("range").filter(|_| same) else { return Reply::new(200, more, bytes) };
    let from: usize = from.strip_prefix("bytes=").unwrap().strip_suffix('-').unwrap().parse().unwrap();
    if from >= bytes.len() {
        return Reply::new(416, &[], "");
    }
    let range = format!("bytes {from}-{}/{}", bytes.len() - 1, bytes.len());
    Reply::new(206, &[&[("content-range", range.as_str())], more].concat(), &bytes[from..])
}

/// The same, and it breaks off behind so many bytes.
fn breaking_off(asked: &Asked, bytes: &[u8], more: &[(&str, &str)], behind: usize) -> Act {
    let mut reply = honest(asked, bytes, more);
    reply.headers.push(("content-length".into(), reply.body.len().to_string()));
    reply.body.truncate(behind);
    Act::Answer(reply)
}

/// A folder that is downloaded into.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn names(&self) -> BTreeSet<String> {
        fs::read_dir(self.0.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    fn get(&self, from: &str, options: &DownloadOptions) -> Result<Downloaded, NetError> {
        let last = RefCell::new((0, None));
        let from = Address::read(from).unwrap();
        let outcome =
            download(&from, &self.path("all.zip"), options, &|bytes, total| *last.borrow_mut() = (bytes, total));
        if let Ok(Downloaded::Whole(download)) = &outcome {
            let (bytes, total) = last.into_inner();
            assert_eq!(bytes, download.bytes);
            assert!(total.is_none_or(|total| total == bytes), "{total:?}");
            assert!(!self.path("all.zip.part").exists() && !self.path("all.zip.part.json").exists());
        }
        outcome
    }

    /// It comes whole, and is this.
    fn gets(&self, from: &Fake, options: &DownloadOptions, expected: &[u8]) -> Download {
        match self.get(&address(from), options).unwrap() {
            Downloaded::Whole(download) => {
                assert!(fs::read(self.path("all.zip")).unwrap() == expected);
                assert_eq!(download.sha256, sha256_hex(expected));
                download
            }
            Downloaded::Unchanged => panic!("it is not there"),
        }
    }

    /// It is refused with this word, and no file is there.
    fn refuses(&self, from: &Fake, options: &DownloadOptions, word: &str) -> NetError {
        let error = self.get(&address(from), options).unwrap_err();
        assert!(error.to_string().contains(word), "{word}: {error}");
        assert!(!self.path("all.zip").exists());
        error
    }
}

fn address(fake: &Fake) -> String {
    format!("http://{}/npm/all.zip", fake.address)
}

fn options() -> DownloadOptions {
    DownloadOptions { timeout: Duration::from_secs(20), ..DownloadOptions::default() }
}

/// The header of a request.
fn asked(fake: &Fake, number: usize, name: &str) -> Option<String> {
    fake.state().asked[number].headers.get(name).cloned()
}

fn base64(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(bytes)
}

#[test]
fn what_comes_whole_is_checked_by_all_that_is_announced() {
    let bytes = content(0);
    let digest = format!("sha-256=:{}:", base64(&sha256(&bytes)));
    let served = bytes.clone();
    let fake = serve(move |asked, _| {
        let headers = [("repr-digest", digest.as_str()), ("last-modified", OLD), ("etag", "\"a\"")];
        Act::Answer(honest(asked, &served, &headers))
    });
    let sha256 = Some(sha256_hex(&bytes));
    let got = Place::new().gets(&fake, &DownloadOptions { sha256, ..options() }, &bytes);
    assert_eq!((got.bytes, got.resumed, got.checked), (800_000, 0, vec!["sha-256"]));
    assert_eq!(got.last_modified, Some("2026-08-01T10:00:00Z".parse().unwrap()));
    assert_eq!(asked(&fake, 0, "accept-encoding").as_deref(), Some("identity"));
    // A file that was there is replaced.
    let place = Place::new();
    fs::write(place.path("all.zip"), "old").unwrap();
    place.gets(&fake, &options(), &bytes);
}

#[test]
fn digests_that_are_wrong_or_none() {
    let zeros = |count: usize| base64(&vec![0; count]);
    for (name, value, word) in [
        ("x-goog-hash", format!("crc32c={}", zeros(4)), "crc32c:00000000"),
        ("x-goog-hash", format!("md5={}", zeros(16)), "md5:0000"),
        ("digest", format!("sha-256={}", zeros(32)), "sha256:0000"),
        ("repr-digest", format!("sha-512=:{}:", zeros(64)), "sha512:0000"),
        ("content-digest", format!("sha-256=:{}:", zeros(32)), "sha256:0000"),
        ("content-md5", zeros(16), "md5:0000"),
        ("content-md5", "words".into(), "no md5 digest that can be read"),
        ("x-goog-hash", format!("crc32c={}", zeros(5)), "no crc32c digest that can be read"),
    ] {
        let fake =
            serve(move |asked, _| Act::Answer(honest(asked, b"a file", &[(name, value.as_str()), ("etag", "\"a\"")])));
        let place = Place::new();
        place.refuses(&fake, &options(), word);
        assert_eq!(place.names(), BTreeSet::new());
        assert_eq!(fake.state().asked.len(), 1);
    }
    let fake = serve(|asked, _| Act::Answer(honest(asked, b"a file", &[])));
    let other = Some(sha256_hex(b"another file"));
    let error = Place::new().refuses(&fake, &DownloadOptions { sha256: other, ..options() }, "sha256:");
    assert!(matches!(error, NetError::Digest { .. }));
}

#[test]
fn nothing_is_fetched_where_nothing_has_changed() {
    let fake = serve(|asked, number| {
        let bytes = content(u8::from(number > 2));
        Act::Answer(honest(
            asked,
            &bytes,
            &[("etag", if number > 2 { "W/\"b\"" } else { "W/\"a\"" }), ("last-modified", OLD)],
        ))
    });
    let place = Place::new();
    let version = place.gets(&fake, &options(), &content(0)).version;
    // As a caller keeps it.
    let version: FileVersion = serde_json::from_slice(&serde_json::to_vec(&version).unwrap()).unwrap();
    let known = DownloadOptions { known: Some(version), ..options() };
    fs::remove_file(place.path("all.zip")).unwrap();
    assert_eq!(place.get(&address(&fake), &known).unwrap(), Downloaded::Unchanged);
    assert_eq!(place.names(), BTreeSet::new());
    assert_eq!(asked(&fake, 1, "if-none-match").as_deref(), Some("W/\"a\""));
    assert_eq!(asked(&fake, 1, "if-modified-since").as_deref(), Some(OLD));
    place.gets(&fake, &known, &content(1));
    // Of another address nothing is known.
    let other = format!("{}?x", address(&fake));
    place.get(&other, &known).unwrap();
    assert_eq!(asked(&fake, 3, "if-none-match"), None);
}

#[test]
fn answers_to_what_was_not_asked() {
    let unchanged = serve(|_, _| Act::Answer(Reply::new(304, &[("etag", "\"a\"")], "")));
    Place::new().refuses(&unchanged, &options(), "was not asked whether");
    let part = serve(|_, _| Act::Answer(Reply::new(206, &[("content-range", "bytes 0-0/1")], "x")));
    Place::new().refuses(&part, &options(), "the whole was asked for");
    for (status, word) in
        [(204, "204"), (403, "not for everyone"), (404, "it is not there"), (302, "302"), (400, "400")]
    {
        let fake = serve(move |_, _| Act::Answer(Reply::new(status, &[], "words")));
        let error = Place::new().refuses(&fake, &options(), word);
        assert!(matches!(error, NetError::Status { .. }) && !error.to_string().contains("words"), "{error}");
    }
}

#[test]
fn files_of_this_machine_are_copied_with_the_same_checks() {
    let mirror = Place::new();
    fs::write(mirror.path("all of it.zip"), content(0)).unwrap();
    let path = mirror.path("all of it.zip").display().to_string();
    let url = format!("file://{}", path.replace(' ', "%20"));
    for from in [&path, &url] {
        let place = Place::new();
        let Ok(Downloaded::Whole(got)) = place.get(from, &options()) else { panic!("{from}") };
        assert_eq!((got.bytes, got.sha256.as_str()), (800_000, sha256_hex(&content(0)).as_str()));
        assert_eq!((got.last_modified, got.checked), (None, Vec::new()));
        let known = DownloadOptions { known: Some(got.version), ..options() };
        assert_eq!(place.get(from, &known).unwrap(), Downloaded::Unchanged);
        let sha256 = Some(sha256_hex(b"another file"));
        assert!(matches!(place.get(from, &DownloadOptions { sha256, ..options() }), Err(NetError::Digest { .. })));
        // What was there before is still there.
        assert_eq!(place.names(), ["all.zip".to_owned()].into());
        let error = place.get(from, &DownloadOptions { largest: 799_999, ..options() }).unwrap_err();
        assert!(error.to_string().contains("larger than 799999 bytes"), "{error}");
        assert_eq!(place.names(), ["all.zip".to_owned()].into());
    }
    let place = Place::new();
    for (from, word) in [(mirror.path("nothing"), "No such file"), (mirror.0.path().to_owned(), "is not a file")] {
        let error = place.get(from.to_str().unwrap(), &options()).unwrap_err();
        assert!(error.to_string().contains(word), "{error}");
    }
    assert_eq!(place.names(), BTreeSet::new());
}

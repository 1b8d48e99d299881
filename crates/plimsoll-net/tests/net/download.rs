//! One file downloaded: from servers that break off, lie, forget and never end, and from this machine.

use std::{
    cell::RefCell,
    collections::BTreeSet,
    fs,
    io::Write as _,
    net::TcpStream,
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};

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
fn a_connection_that_breaks_off_is_made_again_for_the_rest() {
    for (header, value) in [("etag", "\"a\""), ("last-modified", OLD)] {
        let bytes = content(0);
        let served = bytes.clone();
        let fake = serve(move |asked, number| {
            let headers = [(header, value), ("date", NOW)];
            if number < 3 {
                breaking_off(asked, &served, &headers, 300_000)
            } else {
                Act::Answer(honest(asked, &served, &headers))
            }
        });
        let got = Place::new().gets(&fake, &options(), &bytes);
        assert_eq!(got.resumed, 600_000);
        assert_eq!(asked(&fake, 1, "range").as_deref(), Some("bytes=300000-"));
        assert_eq!(asked(&fake, 2, "range").as_deref(), Some("bytes=600000-"));
        assert_eq!(asked(&fake, 2, "if-range").as_deref(), Some(value));
        assert_eq!(asked(&fake, 0, "range"), None);
    }
}

#[test]
fn repetition_has_an_end() {
    let bytes = content(0);
    let fake = serve(move |asked, _| breaking_off(asked, &bytes, &[("etag", "\"a\"")], 1));
    let place = Place::new();
    place.refuses(&fake, &options(), "connection failed");
    assert_eq!(fake.state().asked.len(), 6);
    // Without a byte it is not repeated at all.
    let bytes = content(0);
    let silent = serve(move |asked, _| breaking_off(asked, &bytes, &[("etag", "\"a\"")], 0));
    Place::new().refuses(&silent, &options(), "connection failed");
    assert_eq!(silent.state().asked.len(), 1);
}

/// A folder in which the first 300,000 bytes of a version are kept that is called `"a"`, and the server that gave them, which
/// answers by `then` from now on.
fn stopped(then: impl Fn(&Asked, usize) -> Act + Send + Sync + 'static) -> (Place, Fake) {
    let fake = serve(move |asked, number| match number {
        1 => breaking_off(asked, &content(0), &[("etag", "\"a\""), ("last-modified", OLD)], 300_000),
        2 => Act::Answer(Reply::new(404, &[], "")),
        number => then(asked, number - 2),
    });
    let place = Place::new();
    place.refuses(&fake, &options(), "404: it is not there");
    assert_eq!(place.names(), ["all.zip.part".to_owned(), "all.zip.part.json".to_owned()].into());
    assert_eq!(fs::metadata(place.path("all.zip.part")).unwrap().len(), 300_000);
    (place, fake)
}

#[test]
fn a_later_call_goes_on() {
    let (place, fake) = stopped(|asked, _| Act::Answer(honest(asked, &content(0), &[("etag", "\"a\"")])));
    let got = place.gets(&fake, &options(), &content(0));
    assert_eq!((got.resumed, got.bytes), (300_000, 800_000));
    // The rest came without a date; that of the beginning holds.
    assert_eq!(got.last_modified, Some("2026-08-01T10:00:00Z".parse().unwrap()));
    assert_eq!(asked(&fake, 2, "if-range").as_deref(), Some("\"a\""));
    assert_eq!(fake.state().asked.len(), 3);
}

#[test]
fn a_version_that_changed_meanwhile_is_fetched_whole() {
    let (place, fake) = stopped(|asked, _| Act::Answer(honest(asked, &content(1), &[("etag", "\"b\"")])));
    assert_eq!(place.gets(&fake, &options(), &content(1)).resumed, 0);
    assert_eq!(fake.state().asked.len(), 3);
}

/// What a server may answer that was asked for the rest, and sends something else; then the whole is asked for.
#[test]
fn rests_that_are_none() {
    let part = |range: &'static str, headers: &'static [(&str, &str)], bytes: fn() -> Vec<u8>| (range, headers, bytes);
    let rest = || content(0)[300_000..].to_vec();
    for (range, headers, bytes) in [
        part("", &[], rest),
        part("bytes", &[], rest),
        part("bytes 300000-799999/*", &[], rest),
        part("bytes */800000", &[], rest),
        part("items 300000-799999/800000", &[], rest),
        part("bytes 0-499999/800000", &[], rest),
        part("bytes 299999-799999/800000", &[], rest),
        part("bytes 300000-799998/800000", &[], rest),
        part("bytes 300000-799999/800001", &[], rest),
        part("bytes 300000-18446744073709551615/800000", &[], rest),
        part("bytes 300000-799999/800000", &[], || vec![0; 3]),
        part("bytes 300000-799999/800000", &[("etag", "\"b\"")], rest),
        part("bytes 300000-799999/800000", &[("last-modified", NOW)], rest),
        part("bytes 300000-799999/800000", &[("content-encoding", "gzip")], rest),
        part("bytes 300000-799999/800000", &[("x-goog-hash", "md5=x")], rest),
        // Other bytes, and an honest digest of the whole.
        part(
            "bytes 300000-799999/800000",
            &[("repr-digest", "sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:")],
            || vec![7; 500_000],
        ),
    ] {
        let (place, fake) = stopped(move |asked, number| {
            if number == 1 {
                let range = [("content-range", range)];
                let headers = [if range[0].1.is_empty() { &[] } else { range.as_slice() }, headers].concat();
                return Act::Answer(Reply::new(206, &headers, bytes()));
            }
            assert_eq!(asked.headers.get("range"), None);
            Act::Answer(honest(asked, &content(0), &[("etag", "\"a\"")]))
        });
        assert_eq!(place.gets(&fake, &options(), &content(0)).resumed, 0, "{range} {headers:?}");
        assert_eq!(fake.state().asked.len(), 4, "{range} {headers:?}");
    }
    // One that was announced with the first bytes holds for the whole, too.
    let digest = format!("sha-256={}", base64(&sha256(&content(0))));
    let fake = serve(move |asked, number| match number {
        1 => breaking_off(asked, &content(0), &[("etag", "\"a\""), ("digest", digest.as_str())], 300_000),
        2 => Act::Answer(honest(asked, &content(1), &[("etag", "\"a\"")])),
        _ => Act::Answer(honest(asked, &content(0), &[("etag", "\"a\"")])),
    });
    assert_eq!(Place::new().gets(&fake, &options(), &content(0)).checked, Vec::<&str>::new());
    assert_eq!(fake.state().asked.len(), 3);
}

#[test]
fn a_range_that_cannot_be_satisfied_begins_again_once() {
    let (place, fake) = stopped(|asked, number| match number {
        1 => Act::Answer(Reply::new(416, &[("content-range", "bytes */10")], "")),
        _ => Act::Answer(honest(asked, b"shorter", &[("etag", "\"b\"")])),
    });
    place.gets(&fake, &options(), b"shorter");
    let (place, fake) = stopped(|_, _| Act::Answer(Reply::new(416, &[], "")));
    place.refuses(&fake, &options(), "416");
    assert_eq!(fake.state().asked.len(), 4);
    assert_eq!(place.names(), BTreeSet::new());
}

#[test]
fn all_bytes_were_there_when_it_was_stopped() {
    let (place, fake) = stopped(|asked, _| Act::Answer(honest(asked, &content(0), &[("etag", "\"a\"")])));
    fs::write(place.path("all.zip.part"), content(0)).unwrap();
    assert_eq!(place.gets(&fake, &options(), &content(0)).resumed, 799_999);
}

#[test]
fn partial_files_that_are_not_gone_on_with() {
    type Spoil = fn(&Place);
    let spoils: [Spoil; 6] = [
        |place| fs::write(place.path("all.zip.part.json"), "{").unwrap(),
        |place| fs::remove_file(place.path("all.zip.part.json")).unwrap(),
        |place| fs::remove_file(place.path("all.zip.part")).unwrap(),
        |place| fs::write(place.path("all.zip.part"), "").unwrap(),
        |place| fs::write(place.path("all.zip.part"), vec![0; 800_001]).unwrap(),
        |place| {
            let text = fs::read_to_string(place.path("all.zip.part.json")).unwrap();
            // As of another address.
            fs::write(place.path("all.zip.part.json"), text.replacen("\"source\":\"", "\"source\":\"0", 1)).unwrap();
        },
    ];
    for (number, spoil) in spoils.into_iter().enumerate() {
        let (place, fake) = stopped(|asked, _| Act::Answer(honest(asked, &content(0), &[("etag", "\"a\"")])));
        spoil(&place);
        place.gets(&fake, &options(), &content(0));
        assert_eq!(asked(&fake, 2, "range"), None, "{number}");
    }
    // What names a version only roughly, or one of two changes within a second, is no ground to go on.
    let weak: [&[(&str, &str)]; 6] = [
        &[("etag", "W/\"a\""), ("date", NOW)],
        &[("etag", "a"), ("date", NOW)],
        &[("last-modified", NOW), ("date", NOW)],
        &[("last-modified", OLD)],
        &[("last-modified", "yesterday"), ("date", NOW)],
        &[("date", NOW)],
    ];
    for headers in weak {
        let fake = serve(move |asked, number| match number {
            1 => breaking_off(asked, &content(0), headers, 300_000),
            _ => Act::Answer(honest(asked, &content(1), headers)),
        });
        Place::new().gets(&fake, &options(), &content(1));
        assert_eq!(asked(&fake, 1, "range"), None, "{headers:?}");
    }
}

#[cfg(unix)]
#[test]
fn no_link_is_followed() {
    let fake = serve(|asked, _| Act::Answer(honest(asked, &content(0), &[("etag", "\"a\"")])));
    for name in ["all.zip.part", "all.zip.part.json"] {
        let other = Place::new();
        fs::write(other.path("kept"), "kept").unwrap();
        std::os::unix::fs::symlink(other.path("kept"), other.path(name)).unwrap();
        let outcome = other.get(&address(&fake), &options());
        // A link under the other name is removed before anything is written.
        assert_eq!(outcome.is_err(), name == "all.zip.part");
        assert_eq!(fs::read(other.path("kept")).unwrap(), b"kept");
    }
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
fn a_server_that_asks_for_patience_gets_some() {
    let fake = serve(|asked, number| match number {
        1 => Act::Answer(Reply::new(503, &[("retry-after", "0")], "")),
        2 => Act::Answer(Reply::new(502, &[], "")),
        _ => Act::Answer(honest(asked, b"a file", &[])),
    });
    Place::new().gets(&fake, &options(), b"a file");
    for wait in ["21", "Sat, 01 Aug 2026 10:00:00 GMT", "-1"] {
        let fake = serve(move |_, _| Act::Answer(Reply::new(503, &[("retry-after", wait)], "")));
        Place::new().refuses(&fake, &options(), "asks for patience");
        assert_eq!(fake.state().asked.len(), 1);
    }
}

/// Writes a head, then `part` again and again until nobody reads.
fn endless(head: &'static str, part: Vec<u8>, pause: Duration) -> Act {
    Act::Raw(Box::new(move |stream: &mut TcpStream| {
        let _ = stream.write_all(head.as_bytes());
        let end = Instant::now() + Duration::from_secs(30);
        while Instant::now() < end && stream.write_all(&part).and_then(|()| stream.flush()).is_ok() {
            thread::sleep(pause);
        }
    }))
}

#[test]
fn files_without_end() {
    let small = DownloadOptions { largest: 1_000_000, ..options() };
    let chunk = || [b"10000\r\n".as_slice(), &vec![b' '; 0x10000], b"\r\n"].concat();
    let length = serve(|_, _| endless("HTTP/1.1 200 x\r\ncontent-length: 1000001\r\n\r\n", vec![0], Duration::ZERO));
    let chunked =
        serve(move |_, _| endless("HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n", chunk(), Duration::ZERO));
    let digest = "HTTP/1.1 200 x\r\ncontent-md5: kAFQmDzST7DWlj99KOF/cg==\r\n\r\n";
    let open = serve(move |_, _| endless(digest, vec![0; 65_536], Duration::ZERO));
    for fake in [length, chunked, open] {
        let place = Place::new();
        let error = place.refuses(&fake, &small, "larger than 1000000 bytes");
        assert!(matches!(error, NetError::TooLarge { .. }));
        assert_eq!(place.names(), BTreeSet::new());
    }
    // A part that grows beyond it.
    let (place, _) = stopped(|_, _| Act::Answer(Reply::new(404, &[], "")));
    let fake = serve(|asked, _| Act::Answer(honest(asked, &content(0), &[])));
    place.refuses(&fake, &DownloadOptions { largest: 799_999, ..options() }, "larger than");
    // Bytes that drip, and none at all.
    let head = "HTTP/1.1 200 x\r\ncontent-length: 100000\r\n\r\n";
    let drips = serve(move |_, _| endless(head, vec![0], Duration::from_millis(20)));
    let short = DownloadOptions { timeout: Duration::from_secs(1), ..options() };
    let error = Place::new().refuses(&drips, &short, "within the 1 seconds");
    assert!(matches!(error, NetError::Time { .. }));
    let silent = serve(|_, _| Act::Raw(Box::new(|_| thread::sleep(Duration::from_secs(5)))));
    let stall = DownloadOptions { stall: Duration::from_millis(200), ..options() };
    Place::new().refuses(&silent, &stall, "no byte came for too long");
}

#[test]
fn bodies_of_which_nobody_can_say_whether_they_are_whole() {
    let to_the_end = |headers: &'static str| {
        serve(move |_, _| {
            Act::Raw(Box::new(move |stream| {
                let text = format!("HTTP/1.1 200 x\r\nconnection: close\r\n{headers}\r\nabc");
                let _ = stream.write_all(text.as_bytes());
            }))
        })
    };
    Place::new().refuses(&to_the_end(""), &options(), "nobody can say whether all came");
    let sha256 = Some(sha256_hex(b"abc"));
    Place::new().gets(&to_the_end(""), &DownloadOptions { sha256, ..options() }, b"abc");
    let got = Place::new().gets(&to_the_end("content-md5: kAFQmDzST7DWlj99KOF/cg==\r\n"), &options(), b"abc");
    assert_eq!(got.checked, ["md5"]);
    let got = Place::new().gets(
        &to_the_end("x-goog-hash: crc32c=Nks/tw==,md5=kAFQmDzST7DWlj99KOF/cg==\r\n"),
        &options(),
        b"abc",
    );
    assert_eq!(got.checked, ["crc32c", "md5"]);
    // Chunks that end without the last one.
    let cut = serve(|_, _| {
        Act::Raw(Box::new(|stream| {
            let _ = stream.write_all(b"HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n");
        }))
    });
    Place::new().refuses(&cut, &options(), "connection failed");
    for encoding in ["gzip", "br", "identity, gzip"] {
        let fake = serve(move |asked, _| Act::Answer(honest(asked, b"abc", &[("content-encoding", encoding)])));
        Place::new().refuses(&fake, &options(), "encoded");
    }
}

#[test]
fn redirects_lead_nowhere_but_to_https_or_the_same_host() {
    let secret = tempfile::NamedTempFile::new().unwrap();
    let file = format!("file://{}", secret.path().display());
    for (location, word) in [
        (file.as_str(), "not reached by https"),
        ("ftp://127.0.0.1/all.zip", "not reached by https"),
        ("http://localhost/all.zip", "not reached by https"),
        ("http://mirror.example/all.zip", "not reached by https"),
        ("http://me:x@127.0.0.1/all.zip", "a name or password"),
        ("https://me@mirror.example/all.zip", "a name or password"),
        ("http://[::", "cannot be read"),
        ("all.zip", "more than 5 redirects"),
    ] {
        let location = location.to_owned();
        let fake = serve(move |_, _| Act::Answer(Reply::new(302, &[("location", location.as_str())], "")));
        Place::new().refuses(&fake, &options(), word);
    }
    let fake = serve(|asked, _| {
        if asked.path == "/npm/all.zip" {
            return Act::Answer(Reply::new(301, &[("location", "/store/npm")], ""));
        }
        Act::Answer(honest(asked, b"a file", &[]))
    });
    Place::new().gets(&fake, &options(), b"a file");
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

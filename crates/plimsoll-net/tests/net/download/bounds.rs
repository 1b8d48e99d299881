//! Servers that never end, stall, send no whole file, lead elsewhere, or ask for patience.

use std::{
    collections::BTreeSet,
    io::Write as _,
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use plimsoll_model::sha256_hex;
use plimsoll_net::{DownloadOptions, NetError};

use super::{Place, content, honest, options, resumed::stopped, serve};
use crate::fake::{Act, Reply};

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
    Place::new().refuses(&to_the_end(""), &options(), "it cannot be known whether all arrived");
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

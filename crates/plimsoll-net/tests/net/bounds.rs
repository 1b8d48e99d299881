//! Answers that are too large, too slow, or never end; each ends here in an error that says so.

use std::{
    io::Write,
    net::{TcpListener, TcpStream},
    thread,
    time::{Duration, Instant},
};

use plimsoll_net::{NetError, Options, Target, attach, fetch};

use crate::{
    common::{options, put, statement},
    fake::{Act, Fake, MANIFEST, Reply},
};

fn quick(reference: &str) -> NetError {
    let options = Options { timeout: Duration::from_secs(2), connect_timeout: Duration::from_secs(1), ..options() };
    fetch(&Target::read(reference).unwrap(), &options, &|_| ()).unwrap_err()
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
fn an_endless_manifest() {
    let fake = Fake::start(true, |asked, _| {
        let head = "HTTP/1.1 200 x\r\ncontent-type: application/vnd.oci.image.manifest.v1+json\r\n\r\n";
        asked.is("GET", "manifests/").then(|| endless(head, vec![b' '; 64 * 1024], Duration::ZERO))
    });
    let error = quick(&fake.reference());
    assert!(matches!(error, NetError::TooLarge { bound: 4_194_304, .. }), "{error}");
}

#[test]
fn an_endless_body_in_chunks_and_an_endless_refusal() {
    let chunked = Fake::start(true, |asked, _| {
        let head = "HTTP/1.1 200 x\r\ntransfer-encoding: chunked\r\n\r\n";
        let chunk = [b"10000\r\n".as_slice(), &vec![b' '; 0x10000], b"\r\n"].concat();
        asked.is("GET", "manifests/").then(|| endless(head, chunk, Duration::ZERO))
    });
    assert!(matches!(quick(&chunked.reference()), NetError::TooLarge { .. }));
    let refusal = Fake::start(true, |asked, _| {
        let head = "HTTP/1.1 500 x\r\n\r\n";
        asked.is("GET", "manifests/").then(|| endless(head, vec![b' '; 64 * 1024], Duration::ZERO))
    });
    let error = quick(&refusal.reference());
    assert!(matches!(error, NetError::Status { status: 500, .. }), "{error}");
}

#[test]
fn a_length_beyond_the_bound_is_not_waited_for() {
    let fake = Fake::start(true, |asked, _| {
        let head = "HTTP/1.1 200 x\r\ncontent-length: 99999999999\r\n\r\n";
        asked.is("GET", "manifests/").then(|| endless(head, b" ".to_vec(), Duration::from_millis(50)))
    });
    assert!(matches!(quick(&fake.reference()), NetError::TooLarge { .. }));
}

#[test]
fn a_list_of_referrers_that_does_not_end() {
    let fake = Fake::start(true, |asked, _| {
        let head = "HTTP/1.1 200 x\r\ncontent-type: application/vnd.oci.image.index.v1+json\r\n\r\n";
        asked.is("GET", "referrers/").then(|| endless(head, vec![b' '; 64 * 1024], Duration::ZERO))
    });
    let error = quick(&fake.reference());
    assert!(matches!(error, NetError::TooLarge { bound: 4_194_304, .. }), "{error}");
}

#[test]
fn bytes_that_drip() {
    for head in ["HTTP/1.1 200 x\r\n\r\n", "HTTP/1.1 200 x\r\nx-header: "] {
        let fake = Fake::start(true, move |asked, _| {
            asked.is("GET", "manifests/").then(|| endless(head, b" ".to_vec(), Duration::from_millis(20)))
        });
        let error = quick(&fake.reference());
        assert!(matches!(error, NetError::Time { seconds: 2, .. }), "{error}");
    }
}

#[test]
fn an_endless_header() {
    let fake = Fake::start(true, |asked, _| {
        let line = format!("x-more: {}\r\n", "y".repeat(1_000)).into_bytes();
        asked.is("GET", "manifests/").then(|| endless("HTTP/1.1 200 x\r\n", line, Duration::ZERO))
    });
    let error = quick(&fake.reference());
    assert!(matches!(error, NetError::Connection { .. }), "{error}");
}

#[test]
fn silence() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let reference = format!("{}/app", listener.local_addr().unwrap());
    let error = quick(&reference);
    assert!(matches!(error, NetError::Time { .. } | NetError::Connection { .. }), "{error}");
    drop(listener);
    let error = quick(&reference);
    assert!(matches!(error, NetError::Connection { .. }), "{error}");
}

#[test]
fn what_is_not_http() {
    for text in [
        "",
        "x",
        "220 mail\r\n",
        "HTTP/1.1\r\n\r\n",
        "HTTP/1.1 999999 x\r\n\r\n",
        "\0\0\0\0\r\n\r\n",
        "HTTP/1.1 200 x\r\n\u{1} : x\r\n\r\n",
    ] {
        let fake = Fake::start(true, move |asked, _| {
            let speak = Act::Raw(Box::new(move |stream: &mut TcpStream| drop(stream.write_all(text.as_bytes()))));
            asked.is("GET", "manifests/").then_some(speak)
        });
        let error = quick(&fake.reference());
        assert!(matches!(error, NetError::Connection { .. } | NetError::Time { .. }), "{text:?}: {error}");
    }
}

#[test]
fn an_answer_that_breaks_off() {
    let fake = Fake::start(true, |asked, _| {
        let headers = [("content-type", MANIFEST), ("content-length", "1000")];
        asked.is("GET", "manifests/").then(|| Act::Answer(Reply::new(200, &headers, "{")))
    });
    let error = quick(&fake.reference());
    assert!(matches!(error, NetError::Connection { .. }), "{error}");
}

#[test]
fn redirects_without_end() {
    let fake = Fake::start(true, |asked, _| {
        let around = Reply::new(307, &[("location", "/v2/app/manifests/latest")], "");
        asked.is("GET", "manifests/").then_some(Act::Answer(around))
    });
    assert!(quick(&fake.reference()).to_string().contains("more than 5 redirects"));
}

#[test]
fn patience_has_an_end_too() {
    // It asks for patience for ever, or for longer than anyone waits.
    for (wait, asked_for) in [("0", 4), ("86400", 1), ("Fri, 31 Dec 1999 23:59:59 GMT", 1)] {
        let fake = Fake::start(true, move |asked, _| {
            asked.is("GET", "manifests/").then(|| Act::Answer(Reply::new(429, &[("retry-after", wait)], "")))
        });
        let error = quick(&fake.reference());
        assert!(matches!(error, NetError::Status { status: 429, .. }), "{error}");
        assert_eq!(fake.state().asked.len(), asked_for);
    }
    // It asks once, and then answers.
    let fake = Fake::start(true, |asked, state| {
        let first = asked.is("GET", "manifests/") && state.asked.len() == 1;
        first.then(|| Act::Answer(Reply::new(429, &[("retry-after", "1")], "")))
    });
    put(&fake.reference(), &statement(1, &[&fake.digest()])).unwrap();
}

#[test]
fn an_upload_that_nobody_takes_ends_in_time() {
    let fake = Fake::start(true, |asked, _| {
        asked
            .is("PUT", "blobs/uploads/")
            .then(|| Act::Raw(Box::new(|_: &mut TcpStream| thread::sleep(Duration::from_secs(8)))))
    });
    let options = Options { timeout: Duration::from_secs(2), ..options() };
    let error = attach(&Target::read(&fake.reference()).unwrap(), &statement(1, &[&fake.digest()]), &options, &|_| ());
    assert!(matches!(error, Err(NetError::Time { .. })), "{error:?}");
    assert!(fake.referrers().is_empty());
}

#[test]
fn a_page_that_is_no_list_is_none() {
    let fake = Fake::start(true, |asked, _| {
        let login = Reply::new(200, &[("content-type", "text/html")], "<html>log in</html>");
        asked.is("GET", "referrers/").then_some(Act::Answer(login))
    });
    // A page of a gateway is not a list: the list is under the tag, where there is one.
    let target = Target::read(&fake.reference()).unwrap();
    assert!(fetch(&target, &options(), &|_| ()).unwrap().statements.is_empty());
}

//! A download that broke off: gone on with where the server has the same version, else begun again.

use std::{collections::BTreeSet, fs};

use plimsoll_model::sha256;

use super::{NOW, OLD, Place, address, asked, base64, breaking_off, content, honest, options, serve};
use crate::fake::{Act, Asked, Fake, Reply};

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
pub fn stopped(then: impl Fn(&Asked, usize) -> Act + Send + Sync + 'static) -> (Place, Fake) {
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

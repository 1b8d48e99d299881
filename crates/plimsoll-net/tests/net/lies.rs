//! Registries that serve other bytes than they announce: each lie is an error that names what was wrong.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use serde_json::{Value, json};

use crate::{
    common::{KIND, bundle, digest_of, get, put, statement},
    fake::{Act, Asked, Fake, INDEX, MANIFEST, Reply, State, answer, image},
};

/// Attaches honestly, then lets `lie` speak; gives the registry.
fn liar(api: bool, lie: impl Fn(&Asked, &mut State) -> Option<Reply> + Send + Sync + 'static) -> Fake {
    let lying = Arc::new(AtomicBool::new(false));
    let switch = Arc::clone(&lying);
    let fake = Fake::start(
        api,
        move |asked, state| {
            if lying.load(Ordering::SeqCst) { lie(asked, state).map(Act::Answer) } else { None }
        },
    );
    put(&fake.reference(), &statement(1, &[&fake.digest()])).unwrap();
    switch.store(true, Ordering::SeqCst);
    fake
}

/// The fetch fails and says all of these words.
fn check(fake: &Fake, words: &[&str]) {
    let error = get(&fake.reference()).unwrap_err().to_string();
    for word in words {
        assert!(error.contains(word), "{word}: {error}");
    }
    assert!(!error.contains("words of the registry") && error.lines().count() == 1, "{error}");
}

fn referrer(fake: &Fake) -> String {
    fake.referrers()[0]["digest"].as_str().unwrap().to_owned()
}

/// Answers honestly, and changes the body.
fn change(asked: &Asked, state: &mut State, with: impl Fn(Vec<u8>) -> Vec<u8>) -> Reply {
    let mut reply = answer(asked, state);
    reply.body = with(reply.body);
    reply
}

fn edit(bytes: &[u8], with: impl Fn(&mut Value)) -> Vec<u8> {
    let mut value: Value = serde_json::from_slice(bytes).unwrap();
    with(&mut value);
    value.to_string().into_bytes()
}

#[test]
fn another_manifest_under_the_digest_that_was_asked_for() {
    for api in [true, false] {
        let fake =
            liar(api, |asked, state| asked.is("GET", "manifests/sha256:").then(|| change(asked, state, |_| image(5))));
        check(&fake, &[&referrer(&fake), &digest_of(&image(5)), "its bytes have"]);
    }
}

#[test]
fn another_image_than_the_pinned_one() {
    let fake = Fake::start(true, |asked, state| {
        asked.is("GET", "manifests/sha256:").then(|| Act::Answer(change(asked, state, |_| image(5))))
    });
    let pinned = format!("{}@{}", fake.reference(), fake.digest());
    for error in [get(&pinned).unwrap_err(), put(&pinned, &statement(1, &[&digest_of(&image(5))])).unwrap_err()] {
        let error = error.to_string();
        assert!(error.contains(&fake.digest()) && error.contains(&digest_of(&image(5))), "{error}");
    }
    assert!(fake.state().blobs.is_empty());
}

#[test]
fn a_header_with_another_digest_than_the_bytes() {
    let other = digest_of(b"other");
    let fake = liar(true, move |asked, state| {
        let mut reply = asked.is("GET", "manifests/latest").then(|| answer(asked, state))?;
        reply.headers.retain(|(name, _)| name != "docker-content-digest");
        reply.headers.push(("docker-content-digest".into(), digest_of(b"other")));
        Some(reply)
    });
    check(&fake, &[&other, &fake.digest()]);
}

#[test]
fn another_blob_a_longer_one_a_shorter_one() {
    for number in 0..3 {
        let fake = liar(true, move |asked, state| {
            asked.is("GET", "blobs/sha256:").then(|| {
                change(asked, state, |bytes| match number {
                    0 => bundle(2),
                    1 => [bytes.as_slice(), b" "].concat(),
                    _ => bytes[1..].to_vec(),
                })
            })
        });
        match number {
            1 => check(&fake, &["larger than", &bundle(1).len().to_string()]),
            _ => check(&fake, &[&digest_of(&bundle(1)), "its bytes have"]),
        }
    }
}

#[test]
fn a_list_with_another_size() {
    for (size, word) in [(1, "larger than 1 bytes"), (100_000, "is announced with 100000 bytes")] {
        let fake = liar(true, move |asked, state| {
            asked
                .is("GET", "referrers/")
                .then(|| change(asked, state, |bytes| edit(&bytes, |list| list["manifests"][0]["size"] = json!(size))))
        });
        check(&fake, &[word]);
    }
}

#[test]
fn a_referrer_of_another_image() {
    for subject in [json!({ "mediaType": MANIFEST, "digest": digest_of(b"other"), "size": 5 }), Value::Null] {
        let shown = subject["digest"].as_str().unwrap_or("nothing").to_owned();
        let fake = Fake::start(true, move |asked, state| {
            if !asked.is("GET", "referrers/") {
                return None;
            }
            let layer = bundle(1);
            let manifest = json!({
                "schemaVersion": 2, "mediaType": MANIFEST, "artifactType": KIND, "subject": subject,
                "config": { "mediaType": "application/vnd.oci.empty.v1+json", "digest": digest_of(b"{}"), "size": 2 },
                "layers": [{ "mediaType": KIND, "digest": digest_of(&layer), "size": layer.len() }],
            })
            .to_string()
            .into_bytes();
            let entry = json!({ "mediaType": MANIFEST, "digest": digest_of(&manifest), "size": manifest.len(), "artifactType": KIND });
            state.manifests.insert(digest_of(&manifest), (MANIFEST.into(), manifest));
            let list = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": [entry] }).to_string();
            Some(Act::Answer(Reply::new(200, &[("content-type", INDEX)], list)))
        });
        check(&fake, &["as a referrer of", &fake.digest(), &format!("it refers to {shown}")]);
    }
}

#[test]
fn a_registry_that_takes_note_of_another_subject() {
    let other = digest_of(b"other");
    let fake = Fake::start(true, |asked, state| {
        let mut reply = asked.is("PUT", "manifests/sha256:").then(|| answer(asked, state))?;
        reply.headers.retain(|(name, _)| name != "oci-subject");
        reply.headers.push(("oci-subject".into(), digest_of(b"other")));
        Some(Act::Answer(reply))
    });
    let error = put(&fake.reference(), &statement(1, &[&fake.digest()])).unwrap_err().to_string();
    assert!(error.contains(&other) && error.contains(&fake.digest()), "{error}");
}

#[test]
fn a_registry_that_takes_and_does_not_list() {
    let fake = Fake::start(true, |asked, _| {
        let empty = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": [] }).to_string();
        asked.is("GET", "referrers/").then(|| Act::Answer(Reply::new(200, &[("content-type", INDEX)], empty)))
    });
    let error = put(&fake.reference(), &statement(1, &[&fake.digest()])).unwrap_err().to_string();
    assert!(error.contains("does not list it"), "{error}");
}

#[test]
fn what_is_listed_and_cannot_be_read_is_told_and_hides_nothing() {
    let fake = liar(true, |asked, state| {
        asked.is("GET", "referrers/").then(|| {
            change(asked, state, |bytes| {
                edit(&bytes, |list| {
                    let list = list["manifests"].as_array_mut().unwrap();
                    list.push(json!({ "digest": "sha512:00", "size": 1, "artifactType": KIND }));
                    list.push(json!({ "digest": digest_of(b"gone"), "size": 4, "artifactType": KIND }));
                    list.push(json!({ "digest": digest_of(b"huge"), "size": 1_u64 << 40, "artifactType": KIND }));
                    list.push(
                        json!({ "digest": digest_of(b"index"), "size": 4, "mediaType": INDEX, "artifactType": KIND }),
                    );
                    list.push(json!(7));
                })
            })
        })
    });
    let found = get(&fake.reference()).unwrap();
    assert_eq!(found.statements.len(), 1);
    assert_eq!(found.passed_over.len(), 5, "{:?}", found.passed_over);
}

#[test]
fn answers_that_are_not_what_was_asked_for() {
    let pages: [(&str, &str, &str); 6] = [
        ("manifests/latest", "text/html", "<html>words of the registry</html>"),
        ("manifests/latest", MANIFEST, "{}{}"),
        ("manifests/latest", MANIFEST, r#"{"mediaType":"a","mediaType":"b"}"#),
        ("manifests/latest", MANIFEST, r#"{"mediaType":"application/vnd.oci.image.index.v1+json"}"#),
        ("referrers/", INDEX, r#"{"manifests":"words of the registry"}"#),
        ("referrers/", INDEX, r#"{"mediaType":"words of the registry","manifests":[]}"#),
    ];
    for (path, kind, body) in pages {
        let fake =
            liar(true, move |asked, _| asked.is("GET", path).then(|| Reply::new(200, &[("content-type", kind)], body)));
        check(&fake, &[&fake.address]);
    }
    let old = "application/vnd.docker.distribution.manifest.v1+prettyjws";
    let fake = liar(true, move |asked, _| {
        asked.is("GET", "manifests/latest").then(|| Reply::new(200, &[("content-type", old)], "{}"))
    });
    check(&fake, &["schema 1", "nothing can be attached to it"]);
}

#[test]
fn pages_without_end_and_pages_elsewhere() {
    for (next, word) in [
        ("</v2/app/referrers/loop>; rel=\"next\"", "more than 20 pages"),
        ("<http://127.0.0.1:1/x>; rel=\"next\"", "not at the same registry"),
        ("<//evil.example/x>; rel=\"next\"", "not at the same registry"),
        ("rel=\"next\"", "not at the same registry"),
        ("<http://[>; rel=\"next\"", "not at the same registry"),
    ] {
        let fake = liar(true, move |asked, _| {
            let empty = json!({ "manifests": [] }).to_string();
            asked.is("GET", "referrers/").then(|| Reply::new(200, &[("content-type", INDEX), ("link", next)], empty))
        });
        check(&fake, &[word]);
    }
}

#[test]
fn more_referrers_than_the_bound() {
    let entries = |from: usize, count: usize| -> Vec<Value> {
        (from..from + count)
            .map(|n| json!({ "digest": format!("sha256:{n:064x}"), "size": 1, "artifactType": "x/y" }))
            .collect()
    };
    // In one page, and over pages.
    for size in [1_001, 400] {
        let fake = liar(true, move |asked, _| {
            let from: usize = asked.path.split_once("from=").map_or(0, |(_, from)| from.parse().unwrap());
            let list = json!({ "manifests": entries(from, size) }).to_string();
            let next = format!("</v2/app/referrers/x?from={}>; rel=\"next\"", from + size);
            asked.is("GET", "referrers/").then(|| Reply::new(200, &[("content-type", INDEX), ("link", &next)], list))
        });
        check(&fake, &["more than 1000 referrers"]);
    }
}

#[test]
fn a_fallback_tag_that_holds_an_image_is_not_overwritten() {
    let fake = Fake::honest(false);
    let digest = fake.digest();
    let tag = digest.replace(':', "-");
    fake.image(&tag, 3);
    let error = put(&fake.reference(), &statement(1, &[&digest])).unwrap_err().to_string();
    assert!(error.contains("should hold a list of referrers"), "{error}");
    assert_eq!(fake.state().tags[&tag], digest_of(&image(3)));
}

//! Attaching to an image and finding again, at registries that keep their word.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use plimsoll_net::{Options, Target, attach, fetch};
use serde_json::{Value, json};

use crate::{
    common::{KIND, PREDICATE, bundle, bundles, digest_of, get, options, put, statement},
    fake::{Act, Fake, INDEX, MANIFEST, Reply, answer, image},
};

#[test]
fn what_was_attached_is_found_and_nothing_is_doubled() {
    for api in [true, false] {
        let fake = Fake::honest(api);
        let digest = fake.digest();
        assert!(get(&fake.reference()).unwrap().statements.is_empty());
        let tag = digest.replace(':', "-");
        for number in 1..=3 {
            let attached = put(&fake.reference(), &statement(number, &[&digest])).unwrap();
            assert!(!attached.already);
            assert_eq!(attached.subjects, std::slice::from_ref(&digest));
            assert_eq!(attached.fallback_tag.as_deref(), (!api).then_some(tag.as_str()));
            let again = put(&fake.reference(), &statement(number, &[&digest])).unwrap();
            assert!(again.already);
            assert_eq!(again.places, attached.places);
        }
        // A later time does not make another statement of the same bytes.
        let mut later = statement(2, &[&digest]);
        later.created = "2027-01-01T00:00:00Z".parse().unwrap();
        assert!(put(&fake.reference(), &later).unwrap().already);
        assert_eq!(fake.referrers().len(), 3);
        let found = get(&fake.reference()).unwrap();
        assert_eq!(bundles(&found), (1..=3).map(bundle).collect());
        assert_eq!((found.subjects, found.passed_over.len()), (vec![digest.clone()], 0));
        assert_eq!(found.statements[0].predicate_type.as_deref(), Some(PREDICATE));
        assert_eq!(found.statements[0].created.as_deref(), Some("2026-01-02T03:04:05Z"));
        assert_eq!(found.statements[0].media_type, KIND);
        assert_eq!(get(&format!("{}@{digest}", fake.reference())).unwrap().statements, found.statements);
    }
}

#[test]
fn the_manifest_is_what_other_clients_look_for() {
    let fake = Fake::honest(true);
    let digest = fake.digest();
    let attached = put(&fake.reference(), &statement(1, &[&digest])).unwrap();
    let place = attached.places[0].rsplit_once('@').unwrap().1.to_owned();
    let manifest: Value = serde_json::from_slice(&fake.state().manifests[&place].1).unwrap();
    let subject = image(0);
    let bundle = bundle(1);
    assert_eq!(
        manifest,
        json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "artifactType": KIND,
            "config": { "mediaType": "application/vnd.oci.empty.v1+json", "digest": digest_of(b"{}"), "size": 2 },
            "layers": [{ "mediaType": KIND, "digest": digest_of(&bundle), "size": bundle.len() }],
            "subject": { "mediaType": MANIFEST, "digest": digest, "size": subject.len() },
            "annotations": {
                "dev.sigstore.bundle.content": "dsse-envelope",
                "dev.sigstore.bundle.predicateType": PREDICATE,
                "org.opencontainers.image.created": "2026-01-02T03:04:05Z",
            },
        })
    );
}

#[test]
fn a_statement_about_something_else_is_refused_before_anything_is_written() {
    let fake = Fake::honest(true);
    let other = digest_of(b"other");
    let refused = put(&fake.reference(), &statement(1, &[&other])).unwrap_err().to_string();
    assert!(refused.contains("does not speak of") && refused.contains(&fake.digest()), "{refused}");
    assert!(fake.state().blobs.is_empty() && fake.referrers().is_empty());
    let any = Options { any_subject: true, ..options() };
    attach(&Target::read(&fake.reference()).unwrap(), &statement(1, &[&other]), &any, &|_| ()).unwrap();
    assert_eq!(fake.referrers().len(), 1);
}

#[test]
fn an_image_for_several_platforms_says_which_one_is_meant() {
    let fake = Fake::honest(true);
    let platform = digest_of(&image(7));
    let index = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": [
        { "mediaType": MANIFEST, "digest": platform, "size": image(7).len() },
    ] })
    .to_string()
    .into_bytes();
    let digest = digest_of(&index);
    fake.state().manifests.insert(digest.clone(), (INDEX.into(), index));
    fake.state().tags.insert("latest".into(), digest.clone());
    let refused = put(&fake.reference(), &statement(1, &[&platform])).unwrap_err().to_string();
    assert!(refused.contains(&format!("app@{platform}")), "{refused}");
    put(&fake.reference(), &statement(1, &[&digest])).unwrap();
    assert_eq!(get(&fake.reference()).unwrap().statements.len(), 1);
}

#[test]
fn a_tag_that_moves_meanwhile_changes_nothing() {
    let moved = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&moved);
    let fake = Fake::start(true, move |asked, state| {
        // Behind the first look at the tag it names another image.
        if asked.is("GET", "referrers/") && count.fetch_add(1, Ordering::SeqCst) == 0 {
            state.tags.insert("latest".into(), digest_of(&image(1)));
        }
        None
    });
    let before = fake.digest();
    fake.image("next", 1);
    put(&fake.reference(), &statement(1, &[&before])).unwrap();
    assert_ne!(fake.digest(), before);
    assert!(fake.referrers().is_empty());
    assert_eq!(get(&format!("{}@{before}", fake.reference())).unwrap().statements.len(), 1);
}

#[test]
fn referrers_of_other_kinds_are_left_alone() {
    let fake = Fake::honest(true);
    let digest = fake.digest();
    put(&fake.reference(), &statement(1, &[&digest])).unwrap();
    for (number, kind) in
        ["application/spdx+json", "application/vnd.dev.sigstore.bundle+json;version=0.2"].iter().enumerate()
    {
        let layer = bundle(50 + number);
        let manifest = json!({
            "schemaVersion": 2, "mediaType": MANIFEST, "artifactType": kind,
            "config": { "mediaType": "application/vnd.oci.empty.v1+json", "digest": digest_of(b"{}"), "size": 2 },
            "layers": [{ "mediaType": kind, "digest": digest_of(&layer), "size": layer.len() }],
            "subject": { "mediaType": MANIFEST, "digest": digest, "size": 1 },
        })
        .to_string()
        .into_bytes();
        let mut state = fake.state();
        state.blobs.insert(digest_of(&layer), layer);
        state.manifests.insert(digest_of(&manifest), (MANIFEST.into(), manifest));
    }
    // Bundles of an older version are bundles.
    assert_eq!(bundles(&get(&fake.reference()).unwrap()), [bundle(1), bundle(51)].into());
    let spdx = Options { artifact_type: Some("application/spdx+json".into()), ..options() };
    let found = fetch(&Target::read(&fake.reference()).unwrap(), &spdx, &|_| ()).unwrap();
    assert_eq!(bundles(&found), [bundle(50)].into());
}

#[test]
fn all_pages_are_read() {
    let fake = Fake::honest(true);
    let digest = fake.digest();
    fake.state().page = Some(2);
    for number in 0..5 {
        put(&fake.reference(), &statement(number, &[&digest])).unwrap();
    }
    assert_eq!(bundles(&get(&fake.reference()).unwrap()), (0..5).map(bundle).collect());
}

#[test]
fn the_list_under_a_tag_keeps_what_others_wrote() {
    let fake = Fake::honest(false);
    let digest = fake.digest();
    let theirs = image(9);
    let entry = json!({ "mediaType": MANIFEST, "digest": digest_of(&theirs), "size": theirs.len(), "artifactType": "x/y", "odd": [1] });
    let list = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": [entry], "annotations": { "a": "b" } })
        .to_string();
    {
        let mut state = fake.state();
        state.manifests.insert(digest_of(&theirs), (MANIFEST.into(), theirs));
        state.manifests.insert(digest_of(list.as_bytes()), (INDEX.into(), list.clone().into_bytes()));
        state.tags.insert(digest.replace(':', "-"), digest_of(list.as_bytes()));
    }
    put(&fake.reference(), &statement(1, &[&digest])).unwrap();
    let state = fake.state();
    let now: Value = serde_json::from_slice(&state.manifests[&state.tags[&digest.replace(':', "-")]].1).unwrap();
    assert_eq!((&now["manifests"][0], &now["annotations"]["a"]), (&entry, &json!("b")));
    assert_eq!(now["manifests"][1]["artifactType"], KIND);
    assert_eq!(now["manifests"][1]["annotations"]["dev.sigstore.bundle.predicateType"], PREDICATE);
}

#[test]
fn a_registry_that_takes_note_of_the_subject_and_keeps_no_list() {
    let fake = Fake::start(false, |asked, state| {
        let mut reply = asked.is("PUT", "manifests/sha256:").then(|| answer(asked, state))?;
        reply.headers.push(("oci-subject".into(), state.tags["latest"].clone()));
        Some(Act::Answer(reply))
    });
    let attached = put(&fake.reference(), &statement(1, &[&fake.digest()])).unwrap();
    assert!(attached.fallback_tag.is_some());
    assert_eq!(get(&fake.reference()).unwrap().statements.len(), 1);
}

#[test]
fn what_another_client_overwrites_is_written_again() {
    let writes = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&writes);
    let fake = Fake::start(false, move |asked, _| {
        // The first two writes of the list are lost: another client wrote its own at the same time.
        let lost = asked.is("PUT", "manifests/sha256-") && count.fetch_add(1, Ordering::SeqCst) < 2;
        lost.then(|| Act::Answer(Reply::new(201, &[], "")))
    });
    put(&fake.reference(), &statement(1, &[&fake.digest()])).unwrap();
    assert_eq!(writes.load(Ordering::SeqCst), 3);
    assert_eq!(get(&fake.reference()).unwrap().statements.len(), 1);
}

#[test]
fn what_another_client_left_out_is_brought_back() {
    let writes = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&writes);
    let fake = Fake::start(false, move |asked, state| {
        if !asked.is("PUT", "manifests/sha256-") || count.fetch_add(1, Ordering::SeqCst) != 1 {
            return None;
        }
        // Another client wrote at the same time, and knew of nothing but its own.
        let theirs = image(9);
        let entry =
            json!({ "mediaType": MANIFEST, "digest": digest_of(&theirs), "size": theirs.len(), "artifactType": "x/y" });
        let list = json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": [entry] }).to_string().into_bytes();
        state.manifests.insert(digest_of(&theirs), (MANIFEST.into(), theirs));
        state.tags.insert(asked.path.rsplit_once('/')?.1.to_owned(), digest_of(&list));
        state.manifests.insert(digest_of(&list), (INDEX.into(), list));
        Some(Act::Answer(Reply::new(201, &[], "")))
    });
    let digest = fake.digest();
    put(&fake.reference(), &statement(1, &[&digest])).unwrap();
    put(&fake.reference(), &statement(2, &[&digest])).unwrap();
    assert_eq!(bundles(&get(&fake.reference()).unwrap()), [bundle(1), bundle(2)].into());
    let state = fake.state();
    let list: Value = serde_json::from_slice(&state.manifests[&state.tags[&digest.replace(':', "-")]].1).unwrap();
    assert_eq!(list["manifests"].as_array().unwrap().len(), 3);
}

#[test]
fn a_list_that_never_stays_ends_in_an_error() {
    let fake = Fake::start(false, |asked, _| {
        asked.is("PUT", "manifests/sha256-").then(|| Act::Answer(Reply::new(201, &[], "")))
    });
    let refused = put(&fake.reference(), &statement(1, &[&fake.digest()])).unwrap_err().to_string();
    assert!(refused.contains("changed by others all the time"), "{refused}");
}

#[test]
fn clients_that_attach_at_once_lose_nothing() {
    let fake = Arc::new(Fake::honest(false));
    let digest = fake.digest();
    let clients: Vec<_> = (0..6)
        .map(|number| {
            let (fake, digest) = (Arc::clone(&fake), digest.clone());
            thread::spawn(move || put(&fake.reference(), &statement(number, &[&digest])).unwrap())
        })
        .collect();
    for client in clients {
        client.join().unwrap();
    }
    let expected: BTreeSet<Vec<u8>> = (0..6).map(bundle).collect();
    assert_eq!(bundles(&get(&fake.reference()).unwrap()), expected);
}

#[test]
fn what_is_no_bundle_is_not_attached() {
    let fake = Fake::honest(true);
    let digest = fake.digest();
    let good = statement(1, &[&digest]);
    let text = |bytes: &str| bytes.as_bytes().to_vec();
    let mut wrong = vec![
        (text(""), good.clone()),
        (text("{}"), good.clone()),
        (text("[]"), good.clone()),
        (text(r#"{"mediaType":"application/vnd.dev.sigstore.bundle+json;version=0.1"}"#), good.clone()),
        (text(&format!(r#"{{"mediaType":"{KIND}","mediaType":"{KIND}"}}"#)), good.clone()),
        (text(&format!(r#"{{"mediaType":"{KIND}"}} x"#)), good.clone()),
    ];
    for predicate in ["", "a b", "a\nb", "\u{e9}"] {
        let mut other = good.clone();
        other.predicate_type = predicate.into();
        wrong.push((good.bytes.clone(), other));
    }
    for subject in ["", "ab", &"A".repeat(64)] {
        let mut other = good.clone();
        other.subjects.insert(subject.into());
        wrong.push((good.bytes.clone(), other));
    }
    for (bytes, mut attachment) in wrong {
        attachment.bytes = bytes;
        assert!(put(&fake.reference(), &attachment).is_err(), "{attachment:?}");
    }
    assert!(fake.state().asked.is_empty());
}

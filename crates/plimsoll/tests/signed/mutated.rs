//! A hundred thousand bundles that were taken apart and put together wrongly.

mod tree;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::atomic::{AtomicUsize, Ordering},
};

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE},
};
use plimsoll_attest::Signer as _;
use rayon::prelude::*;
use serde_json::json;

use self::tree::{Node, Random};
use crate::made::{Keys, TINY, asked, changed, label_of, opened, set, tiny_evidence};

/// How many are made.
const MUTATIONS: u64 = 100_000;

/// The bundle, and others from which parts are taken: none of them holds another label that the key's owner signed.
struct Donors {
    own: Node,
    others: Vec<Node>,
}

impl Donors {
    fn new(keys: &Keys) -> (Vec<u8>, Self) {
        let label = label_of(&tiny_evidence(1), &TINY);
        let bundle = keys.sign("maker", &label);
        let higher = changed(&label, |label| label["predicate"]["tier"]["level"] = json!(4));
        let digest = plimsoll_model::sha256_hex(&label);
        let strangers = keys.sign("stranger", &higher);
        // Signed by the same key, and no label: the same words with another type, or without any.
        let mut statement = opened(&bundle).1;
        statement["predicateType"] = json!("https://plimsoll.dev/label/v2");
        statement["predicate"]["tier"]["level"] = json!(4);
        let other_type = keys.sign_any("maker", &statement);
        let raw = |payload: &[u8], signed: &[u8], kind: &str| {
            let signature = keys.key("maker").sign(signed).unwrap();
            json!({
                "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
                "verificationMaterial": { "publicKey": { "hint": "" } },
                "dsseEnvelope": {
                    "payload": STANDARD.encode(payload), "payloadType": kind,
                    "signatures": [{ "keyid": "", "sig": STANDARD.encode(signature) }],
                },
            })
            .to_string()
            .into_bytes()
        };
        let plain = raw(&higher, &higher, "application/vnd.in-toto+json");
        let as_text = raw(&higher, &plimsoll_attest::pae("text/plain", &higher), "text/plain");
        let countersignature = keys.countersign("maker", &digest, &"0".repeat(64), |_| {});
        let revocation = keys.revoke("maker", &strangers);
        let all = [strangers, other_type, plain, as_text, countersignature, revocation];
        let others = all.iter().map(|bytes| Node::read(bytes)).collect();
        (bundle.clone(), Self { own: Node::read(&bundle), others })
    }
}

type Change = fn(&mut Node, &Donors, &mut Random);

/// One change, by its number. The names are for counting.
const CHANGES: [(&str, Change); 19] = [
    ("drop", |node, _, random| drop(node.any_object(random).take(random))),
    ("double", |node, donors, random| {
        let other = donors.any(random).member(random);
        let members = node.any_object(random);
        let Some((name, value)) = members.copy(random) else { return };
        // The same again, or something else under the same name; before or after.
        let value = if random.one_of(3) == 0 { value } else { other.map_or(Node::null(), |(_, value)| value) };
        members.put(random, name, value);
    }),
    ("rename", |node, _, random| {
        let members = node.any_object(random);
        let Some((name, value)) = members.take(random) else { return };
        let name = tree::other_name(&name, random);
        members.put(random, name, value);
    }),
    ("move", |node, _, random| {
        let Some((name, value)) = node.any_object(random).take(random) else { return };
        node.any_object(random).put(random, name, value);
    }),
    ("foreign", |node, donors, random| {
        let Some((name, value)) = donors.any(random).clone().any_object(random).copy(random) else { return };
        node.any_object(random).put(random, name, value);
    }),
    ("swap-same", |node, donors, random| {
        // The value of the same name elsewhere.
        let name = random.pick(&["payload", "sig", "signatures", "keyid", "hint", "dsseEnvelope", "payloadType"]);
        let Some(value) = donors.any(random).find(name).cloned() else { return };
        if let Some(place) = node.find_mut(name) {
            *place = value;
        }
    }),
    ("swap-within", |node, _, random| {
        let (Some(one), Some(other)) = (node.scalar(random).map(|one| one.clone()), node.scalar(random)) else {
            return;
        };
        let kept = std::mem::replace(other, one);
        if let Some(third) = node.scalar(random) {
            *third = kept;
        }
    }),
    ("type", |node, _, random| {
        let kind = random.pick(&[
            "text/plain",
            "application/vnd.in-toto+json ",
            "Application/vnd.in-toto+json",
            "application/vnd.in-toto+JSON",
            "",
            "application/vnd.in-toto",
            "application/json",
            "application/vnd.in-toto+json\u{0}",
            "application/vnd.in-toto+json; v=1",
        ]);
        if let Some(place) = node.find_mut("payloadType") {
            *place = Node::text(kind);
        }
    }),
    ("second-envelope", |node, donors, random| {
        let Some(value) = donors.any(random).find("dsseEnvelope").cloned() else { return };
        let name = random.pick(&["dsseEnvelope", "dsse_envelope", "envelope", "content", "messageSignature"]);
        node.any_object(random).put(random, name.to_owned(), value);
    }),
    ("signatures", |node, donors, random| {
        let foreign = donors.any(random).find("signatures").and_then(|list| list.first().cloned());
        let Some(list) = node.find_mut("signatures").and_then(Node::list) else { return };
        match (random.one_of(4), foreign, list.first().cloned()) {
            (0, _, _) => list.clear(),
            (1, _, Some(own)) => list.push(own),
            (2, Some(foreign), _) => list.push(foreign),
            (_, Some(foreign), _) => list.insert(0, foreign),
            _ => {}
        }
    }),
    ("key-name", |node, donors, random| {
        let name = random.pick(&["keyid", "hint"]);
        let values = ["", "x", "AAAA", "SHA256:jl3bwswu80PjjokCgh0o2w5c2U4LhQAE57gj9cz1kzA"];
        let foreign = donors.any(random).find(name).cloned();
        let value = if random.one_of(3) == 0 { foreign } else { Some(Node::text(random.pick(&values))) };
        if let (Some(place), Some(value)) = (node.find_mut(name), value) {
            *place = value;
        }
    }),
    ("base64", |node, _, random| {
        let name = random.pick(&["payload", "sig", "hint"]);
        let Some(place) = node.find_mut(name) else { return };
        let Some(bytes) = place.string().and_then(|text| STANDARD.decode(text).ok()) else { return };
        let good = STANDARD.encode(&bytes);
        let half = good.len() / 2;
        *place = Node::text(&match random.one_of(7) {
            0 => URL_SAFE.encode(&bytes),
            1 => STANDARD_NO_PAD.encode(&bytes),
            2 => format!("{}\n{}", &good[..half], &good[half..]),
            3 => format!(" {good}"),
            4 => format!("{good}===="),
            5 => format!("{good}{good}"),
            _ => plimsoll_model::hex(&bytes),
        });
    }),
    ("payload", |node, _, random| {
        // The label itself is changed, and nobody signs it anew.
        let Some(place) = node.find_mut("payload") else { return };
        let Some(bytes) = place.string().and_then(|text| STANDARD.decode(text).ok()) else { return };
        let Ok(text) = String::from_utf8(bytes) else { return };
        let text = match random.one_of(6) {
            0 => text.replace("\"level\":1", "\"level\":4"),
            1 => text.replace("2027", "2099"),
            2 => text.replacen('{', "{ ", 1),
            3 => format!("\u{feff}{text}"),
            4 => text.replacen("{\"_type\"", "{\"_type\":\"https://in-toto.io/Statement/v1\",\"_type\"", 1),
            _ => format!("{text}\n"),
        };
        *place = Node::text(&STANDARD.encode(text));
    }),
    ("other-type", |node, _, random| {
        let Some(place) = node.scalar(random) else { return };
        let text = place.string().unwrap_or_default().to_owned();
        *place = match random.one_of(6) {
            0 => Node::null(),
            1 => Node::raw("0"),
            2 => Node::raw("true"),
            3 => Node::List(vec![Node::text(&text)]),
            4 => Node::Object(vec![(text, Node::null())]),
            _ => Node::raw("1e400"),
        };
    }),
    ("nest", |node, _, random| {
        let inner = std::mem::replace(node, Node::null());
        let name = |name: &str, value| Node::Object(vec![(name.to_owned(), value)]);
        *node = match random.one_of(6) {
            0 => Node::List(vec![inner]),
            1 => name("bundle", inner),
            2 => name("attestations", Node::List(vec![name("bundle", inner)])),
            3 => name("attestation_bundles", Node::List(vec![name("attestations", Node::List(vec![inner]))])),
            4 => inner.find("dsseEnvelope").cloned().unwrap_or(inner),
            _ => (0..random.one_of(120)).fold(inner, |inner, _| Node::List(vec![inner])),
        };
    }),
    ("material", |node, _, random| {
        let (name, value) = random.pick(&[
            ("certificate", r#"{"rawBytes":"MAA="}"#),
            ("x509CertificateChain", r#"{"certificates":[]}"#),
            ("tlogEntries", "[]"),
            ("tlogEntries", "[{}]"),
            ("timestampVerificationData", "{}"),
            ("timestampVerificationData", r#"{"rfc3161Timestamps":[{"signedTimestamp":"MAA="}]}"#),
            ("publicKey", r#"{"hint":""}"#),
            ("messageSignature", r#"{"signature":"AA=="}"#),
            ("version", "1"),
        ]);
        let members = if random.one_of(2) == 0 { node.find_mut("verificationMaterial") } else { None };
        let value = Node::read(value.as_bytes());
        match members {
            Some(members) => members.put(random, name.to_owned(), value),
            None => node.any_object(random).put(random, name.to_owned(), value),
        }
    }),
    ("media-type", |node, _, random| {
        let kind = random.pick(&[
            "application/vnd.dev.sigstore.bundle+json;version=0.1",
            "application/vnd.dev.sigstore.bundle+json;version=0.2",
            "application/vnd.dev.sigstore.bundle+json;version=0.3",
            "application/vnd.dev.sigstore.bundle.v0.4+json",
            "",
            "x",
        ]);
        if let Some(place) = node.find_mut("mediaType") {
            *place = Node::text(kind);
        }
    }),
    ("whole", |node, donors, random| *node = donors.any(random).clone()),
    ("nothing", |_, _, _| {}),
];

impl Donors {
    fn any(&self, random: &mut Random) -> &Node {
        let at = random.one_of(self.others.len() + 1);
        self.others.get(at).unwrap_or(&self.own)
    }

    /// The bytes of one mutation, and the names of its changes.
    fn mutation(&self, seed: u64) -> (Vec<u8>, Vec<&'static str>) {
        let mut random = Random::new(seed);
        let mut node = self.own.clone();
        let mut names = Vec::new();
        for _ in 0..=random.one_of(3) {
            let (name, change) = CHANGES[random.one_of(CHANGES.len())];
            change(&mut node, self, &mut random);
            names.push(name);
        }
        let mut text = String::new();
        // Before, between, and behind.
        match random.one_of(12) {
            0 => text.push('\u{feff}'),
            1 => text.push_str(" \n"),
            2 => text.push_str("\u{feff}\u{feff}"),
            3 => text.push('\u{a0}'),
            _ => {}
        }
        let style = random.one_of(4);
        node.write(&mut text, style, &mut random);
        match random.one_of(12) {
            0 => text.push_str("\n\n"),
            1 | 2 => {
                text.push('\n');
                self.any(&mut random).write(&mut text, 0, &mut random);
                names.push("line-behind");
            }
            3 => {
                let mut before = String::new();
                self.any(&mut random).write(&mut before, 0, &mut random);
                text = format!("{before}\n{text}");
                names.push("line-before");
            }
            4 => text.push('\u{0}'),
            5 => text.push('}'),
            _ => {}
        }
        (text.into_bytes(), names)
    }
}

#[test]
fn none_of_a_hundred_thousand_mutations_verifies_to_anything_else() {
    let keys = Keys::new();
    let (bundle, donors) = Donors::new(&keys);
    let trust = keys.only(&["maker"]);
    let asked = asked();
    let digest = plimsoll::label_digest(&bundle).unwrap();
    let yes = AtomicUsize::new(0);
    let applied: Vec<(&str, bool)> = (0..MUTATIONS)
        .into_par_iter()
        .flat_map_iter(|seed| {
            let (bytes, names) = donors.mutation(seed);
            let answer = catch_unwind(AssertUnwindSafe(|| plimsoll::verify(&bytes, &trust, &*TINY, &asked)));
            let shown = || format!("mutation {seed} ({}): {}", names.join(", "), String::from_utf8_lossy(&bytes));
            let verified = match answer.unwrap_or_else(|_| panic!("{}", shown())) {
                Ok(answer) if answer.verified => {
                    assert_eq!(answer.label_digest.as_ref(), Some(&digest), "{}", shown());
                    assert!(answer.counted_tier <= 1, "{}", shown());
                    yes.fetch_add(1, Ordering::Relaxed);
                    true
                }
                Ok(answer) => {
                    assert!(answer.counted_tier == 0 && !answer.checks.is_empty(), "{}", shown());
                    false
                }
                Err(_) => false,
            };
            names.into_iter().map(move |name| (name, verified))
        })
        .collect();
    let yes = yes.into_inner();
    eprintln!("{MUTATIONS} mutations, of which {yes} say what was signed");
    // Else the test would be about bytes that nothing can be read from.
    assert!(yes > 5_000, "{yes}");
    let names = set(CHANGES.iter().map(|(name, _)| *name).chain(["line-before", "line-behind"]));
    assert_eq!(set(applied.iter().map(|(name, _)| *name)), names);
}

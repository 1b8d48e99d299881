//! Readers of attestations on anything, and good attestations with parts exchanged: none of it may be a yes about another
//! file.

use std::{collections::BTreeMap, sync::OnceLock};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::*;
use crate::policy::TrustPolicy;

/// Two bytes tell one edit: where, and what is done there.
const MOST_EDITS: usize = 8;
/// What nobody has signed.
const OTHER: &[u8] = b"nobody has signed this\n";

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../../../../fixtures/provenance/", $name))
    };
}

/// Good attestations, each about another file than the one that is asked about.
const GOOD: &[&[u8]] = &[
    fixture!("cases/v0.1-message/bundle.sigstore.json"),
    fixture!("cases/v0.1-intoto/bundle.sigstore.json"),
    fixture!("cases/v0.2-message/bundle.sigstore.json"),
    fixture!("cases/v0.3-message/bundle.sigstore.json"),
    fixture!("cases/v0.3-dsse/bundle.sigstore.json"),
    fixture!("cases/rekor2-message/bundle.sigstore.json"),
    fixture!("cases/rekor2-dsse/bundle.sigstore.json"),
    fixture!("cases/github-dsse/bundle.sigstore.json"),
    fixture!("cases/key-p256-message-logged/bundle.sigstore.json"),
    fixture!("cases/key-p256-dsse/bundle.sigstore.json"),
    fixture!("cases/cosign-bundle-key/product-1.0.0.txt.cosign.bundle"),
    fixture!("cases/npm-attestations/attestations.json"),
    fixture!("cases/pep740-slsa/product-1.0.0.tar.gz.publish.attestation"),
    fixture!("cases/pypi-provenance/product-1.0.0.tar.gz.provenance"),
    fixture!("cases/source-vsa-key/attestation.dsse.json"),
];

fn policy() -> &'static TrustPolicy {
    static POLICY: OnceLock<TrustPolicy> = OnceLock::new();
    POLICY.get_or_init(|| {
        let mut policy = TrustPolicy::new();
        let trust = policy.attestations_mut();
        let _ = trust.replace_roots(fixture!("trusted_root.json"));
        let _ = trust.add_root(fixture!("github-like.trusted_root.json"), true);
        let _ = trust.replace_npm_keys(fixture!("npm-registry-keys.json"));
        for key in [&fixture!("keys/p256.pub.pem")[..], fixture!("keys/ed25519.pub.pem"), fixture!("keys/minisign.pub")]
        {
            let _ = trust.add_keys(key, None);
        }
        assert!(trust.names_signers());
        policy
    })
}

/// Asks about a file that none of the good attestations is about.
fn never(file: &[u8]) {
    let artifact = ArtifactFile::of_bytes(Some("other.txt"), OTHER);
    let Ok(as_of) = "2026-11-24T00:00:00Z".parse() else { return };
    let question = Question::about(artifact, as_of);
    assert!(!policy().answer(file, &question).is_verified(), "a yes about another file");
    let commit = Question { artifact: ArtifactFile::of_digest("gitCommit", &"ab".repeat(20)), ..question };
    assert!(!policy().answer(file, &commit).is_verified(), "a yes about another commit");
}

/// As it is, and as edits to a good attestation.
pub(crate) fn bundle(bytes: &[u8]) {
    never(bytes);
    let Some((which, edits)) = bytes.split_first() else { return };
    let good = |which: u8| GOOD.get(usize::from(which) % GOOD.len()).copied().unwrap_or_default();
    let Ok(mut value) = json::parse(good(*which)) else { return };
    for edit in edits.chunks_exact(4).take(MOST_EDITS) {
        let &[place, what, other, from] = edit else { return };
        let Ok(donor) = json::parse(good(other)) else { return };
        let (places, parts) = (places(&value), self::places(&donor));
        let pick = |all: &[String], number: u8| all.get(usize::from(number) % all.len().max(1)).cloned();
        let (Some(at), Some(part)) = (pick(&places, place), pick(&parts, from)) else { return };
        let part = donor.pointer(&part).cloned().unwrap_or_default();
        let Some(target) = value.pointer_mut(&at) else { continue };
        match (what % 6, target) {
            (0, target) => *target = part,
            (1, target) => *target = Value::Null,
            (2, Value::String(text)) => *text = damaged(text, from),
            (3, Value::Array(list)) => list.push(part),
            (3, Value::Object(map)) => drop(map.insert("dsseEnvelope".to_owned(), part)),
            (4, Value::String(text)) => *text = text.to_ascii_lowercase(),
            (5, Value::String(text)) => drop(text.pop()),
            _ => {}
        }
    }
    if let Ok(made) = serde_json::to_vec(&value) {
        never(&made);
    }
}

fn damaged(text: &str, number: u8) -> String {
    let Ok(mut raw) = STANDARD.decode(text) else { return format!("{text}{number}") };
    let at = usize::from(number) % raw.len().max(1);
    if let Some(byte) = raw.get_mut(at) {
        *byte ^= 1 << (number % 8);
    }
    STANDARD.encode(raw)
}

fn places(value: &Value) -> Vec<String> {
    fn collect(value: &Value, place: &str, all: &mut Vec<String>) {
        all.push(place.to_owned());
        match value {
            Value::Array(list) => {
                list.iter().enumerate().for_each(|(at, one)| collect(one, &format!("{place}/{at}"), all));
            }
            Value::Object(map) => {
                map.iter().for_each(|(name, one)| collect(one, &format!("{place}/{}", name.replace('/', "~1")), all));
            }
            _ => {}
        }
    }
    let mut all = Vec::new();
    collect(value, "", &mut all);
    all
}

/// An envelope as it is, and around any payload.
pub(crate) fn dsse(bytes: &[u8]) {
    never(bytes);
    let signature = STANDARD.encode(bytes.get(..64).unwrap_or(bytes));
    for kind in ["application/vnd.in-toto+json", "text/plain"] {
        let envelope = json!({
            "payloadType": kind, "payload": STANDARD.encode(bytes), "signatures": [{ "sig": signature, "keyid": "" }],
        });
        never(envelope.to_string().as_bytes());
        let lines = format!("{envelope}\n{envelope}\n");
        never(lines.as_bytes());
    }
}

/// Statements, and predicates of the types that are known.
pub(crate) fn statement(bytes: &[u8]) {
    let _ = InTotoStatement::read(bytes).map(|statement| predicates(&statement));
    let text = String::from_utf8_lossy(bytes);
    let _ = (SourceName::read(&text), npm::package_of(&text), npm::is_distribution(&text, "a-1.0.tar.gz"));
    let Ok(predicate) = json::parse(bytes) else { return };
    for predicate_type in [
        "https://slsa.dev/provenance/v0.2",
        "https://slsa.dev/provenance/v1",
        "https://slsa.dev/verification_summary/v0.1",
        "https://slsa.dev/verification_summary/v1",
        "https://github.com/npm/attestation/tree/main/specs/publish/v0.1",
    ] {
        let mut statement = InTotoStatement::saying(predicate_type, predicate.clone());
        statement.subjects = vec![StatementSubject { name: text.clone().into_owned(), digest: BTreeMap::new() }];
        predicates(&statement);
    }
}

fn predicates(statement: &InTotoStatement) {
    let _ = (Provenance::read(statement), Summary::read(statement), publisher::Publisher::read(statement.predicate()));
    for subject in &statement.subjects {
        let _ = npm::is_about(statement, &subject.name, Some("a"), Some("1"));
    }
}

/// Signatures over a file, lists of checksums, keys and roots.
pub(crate) fn detached(bytes: &[u8]) {
    never(bytes);
    let minisign = format!(
        "untrusted comment: a\n{}\ntrusted comment: b\n{}\n",
        STANDARD.encode([b"ED", bytes.get(..72).unwrap_or(bytes)].concat()),
        STANDARD.encode(bytes.get(..64).unwrap_or(bytes))
    );
    never(minisign.as_bytes());
    never(STANDARD.encode(bytes).as_bytes());
    if let Ok(sums) = Checksums::read(bytes) {
        let _ = sums.lists(Some("other.txt"), &ArtifactFile::of_bytes(None, OTHER).digests);
    }
    let mut trust = AttestationTrust::default();
    let _ = trust.add_keys(bytes, None);
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(bytes));
    let _ = trust.add_keys(pem.as_bytes(), Some("a"));
    let _ = trust.replace_npm_keys(bytes);
    let _ = trust.replace_roots(bytes);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn nothing_that_is_exchanged_is_a_yes_about_another_file(bytes in proptest::collection::vec(any::<u8>(), 0..33)) {
            super::bundle(&bytes);
            super::dsse(&bytes);
            super::statement(&bytes);
            super::detached(&bytes);
        }
    }
}

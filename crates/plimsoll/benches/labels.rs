//! Signing and verifying a label, against the least that anybody has to do for it, and against the Python client.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a bench that cannot be set up has to fail at once"
)]

use std::{hint::black_box, path::Path, process::Command, time::Duration};

use criterion::Criterion;
use plimsoll::{PracticeFiles, VerificationPolicy, verify};
use plimsoll_attest::{KeyKind, PublicPart, Signer as _, SigningKey, pae};
use plimsoll_model::to_canonical;
use plimsoll_trust::TrustPolicy;
use serde_json::Value;

const GROUP: &str = "labels";
/// What Python does: the envelope by its key, and the payload parsed.
const PYTHON: &str = "
import json, sys, time
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from securesystemslib.dsse import Envelope
from securesystemslib.signer import SSlibKey
key = SSlibKey.from_crypto(load_pem_public_key(open(sys.argv[2], 'rb').read()))
text = open(sys.argv[1]).read()
count = int(sys.argv[3])
start = time.perf_counter()
for _ in range(count):
    envelope = Envelope.from_dict(json.loads(text)['dsseEnvelope'])
    for one in list(envelope.signatures):
        key.keyid = one
    envelope.verify([key], 1)
    json.loads(envelope.payload)
print((time.perf_counter() - start) / count)
";

fn main() {
    let evidence = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/evidence/tier-3.json");
    let practices = plimsoll::practices(None).unwrap();
    let label = plimsoll::score(&std::fs::read(evidence).unwrap(), &practices).unwrap();
    let canonical = to_canonical(&label).unwrap();
    let key = SigningKey::generate(KeyKind::Ed25519).unwrap();
    let bundle = plimsoll::sign_label(&canonical, None, &key).unwrap();
    let mut trust = TrustPolicy::new();
    let pem = key.public_key().pem();
    trust.attestations_mut().add_keys(pem.as_bytes(), None).unwrap();
    let rules = PracticeFiles::read(None).unwrap();
    let asked = || VerificationPolicy {
        keys: Vec::new(),
        identity: None,
        issuer: None,
        run_of: None,
        artifacts: Vec::new(),
        has_claims: false,
        commit: None,
        evidence: None,
        with: &[],
        min_tier: Some(3),
        max_age_days: None,
        now: "2026-11-10T00:00:00Z".parse().unwrap(),
    };
    let answer = verify(&bundle, &trust, &rules, &asked()).unwrap();
    assert!(answer.verified, "{:?}", answer.checks);

    let mut criterion = Criterion::default().measurement_time(Duration::from_secs(3)).configure_from_args();
    let mut group = criterion.benchmark_group(GROUP);
    group.bench_function("sign", |bencher| {
        bencher.iter(|| plimsoll::sign_label(black_box(&canonical), None, &key).unwrap());
    });
    group.bench_function("verify", |bencher| {
        bencher.iter(|| verify(black_box(&bundle), &trust, &rules, &asked()).unwrap());
    });
    let signature = key.sign(&pae("application/vnd.in-toto+json", &canonical)).unwrap();
    let public = PublicPart::read(pem.as_bytes()).unwrap();
    group.bench_function("least", |bencher| {
        bencher.iter(|| {
            let message = pae("application/vnd.in-toto+json", black_box(&canonical));
            assert!(public.verifies(&message, &signature));
            serde_json::from_slice::<Value>(&canonical).unwrap()
        });
    });
    group.bench_function("first-in-process", |bencher| {
        bencher.iter(|| {
            let rules = PracticeFiles::read(None).unwrap();
            verify(black_box(&bundle), &trust, &rules, &asked()).unwrap()
        });
    });
    group.finish();
    criterion.final_summary();

    for other in ["least", "sign", "first-in-process"] {
        plimsoll_testkit::print_ratio(GROUP, "verify", other);
    }
    python(&bundle, &pem);
}

/// The same by securesystemslib, where `PLIMSOLL_PYTHON` names a Python that has it.
fn python(bundle: &[u8], pem: &str) {
    let Some(python) = std::env::var_os("PLIMSOLL_PYTHON") else {
        eprintln!("PLIMSOLL_PYTHON names no Python with securesystemslib: not compared");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (file, key) = (folder.path().join("bundle.json"), folder.path().join("key.pem"));
    std::fs::write(&file, bundle).unwrap();
    std::fs::write(&key, pem).unwrap();
    let ran = Command::new(python).args(["-c", PYTHON]).arg(&file).arg(&key).arg("200").output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let theirs: f64 = String::from_utf8_lossy(&ran.stdout).trim().parse().unwrap();
    plimsoll_testkit::print_ratio_to(GROUP, "verify", "securesystemslib", Duration::from_secs_f64(theirs));
}

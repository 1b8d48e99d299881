//! Self-made cases: each has one thing wrong, or nothing.

use std::path::{Path, PathBuf};

use super::*;
use crate::policy::TrustPolicy;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/provenance")
}

fn cases() -> Vec<Value> {
    serde_json::from_slice(&std::fs::read(folder().join("cases.json")).unwrap()).unwrap()
}

fn read(name: &Value) -> Option<Vec<u8>> {
    name.as_str().map(|name| std::fs::read(folder().join(name)).unwrap())
}

/// The policy that a case is asked with.
fn policy(case: &Value) -> TrustPolicy {
    let mut policy = TrustPolicy::new();
    let trust = policy.attestations_mut();
    if let Some(root) = read(&case["trusted_root"]) {
        trust.replace_roots(&root).unwrap();
    }
    if let Some(key) = read(&case["key"]) {
        trust.add_keys(&key, None).unwrap();
    }
    if let Some(keys) = read(&case["npm_keys"]) {
        trust.replace_npm_keys(&keys).unwrap();
    }
    policy
}

/// What is asked in a case, about `bytes` where they are at hand.
fn question<'a>(case: &'a Value, bytes: Option<&'a [u8]>) -> Question<'a> {
    let name = case["artifact_digest"]["name"].as_str();
    let artifact = if let Some(bytes) = bytes {
        ArtifactFile::of_bytes(name, bytes)
    } else {
        let digests = case["artifact_digest"].as_object().unwrap();
        let digests = digests.iter().filter(|(name, _)| !matches!(name.as_str(), "name" | "size"));
        let digests = digests.map(|(name, digest)| (name.clone(), digest.as_str().unwrap().to_owned())).collect();
        ArtifactFile { name, digests, bytes: None }
    };
    let text = |name: &str| case[name].as_str().map(ToOwned::to_owned);
    Question {
        // Who gives a key wants that key.
        named: case["key"].is_string() && !case["identity"].is_string(),
        identity: text("identity").map(IdentityRule::Exact),
        issuer: text("issuer"),
        source: text("source").map(|source| SourceName::read(&source).unwrap()),
        commit: text("commit"),
        package: text("package"),
        version: text("package_version"),
        builder: text("builder"),
        ..Question::about(artifact, "2026-11-24T00:00:00Z".parse().unwrap())
    }
}

fn answer(case: &Value, bundle: &[u8]) -> Option<Refusal> {
    let policy = policy(case);
    let artifact = read(&case["artifact"]);
    if let Some(sums) = read(&case["sums"]) {
        let asked = Question::about(ArtifactFile::of_bytes(None, &sums), "2026-11-24T00:00:00Z".parse().unwrap());
        let signed = policy.answer(bundle, &asked).refusal;
        let own = question(case, artifact.as_deref()).artifact;
        return signed.or_else(|| match Checksums::read(&sums) {
            Ok(sums) => sums.lists(own.name, &own.digests).err(),
            Err(reason) => Some(Refusal::new(Layer::Subject, reason)),
        });
    }
    policy.answer(bundle, &question(case, artifact.as_deref())).refusal
}

#[test]
fn every_case_comes_out_as_it_has_to() {
    let cases = cases();
    let mut wrong = Vec::new();
    for case in &cases {
        let name = case["case"].as_str().unwrap();
        let found = answer(case, &read(&case["bundle"]).unwrap());
        let also = case["also"].as_array().into_iter().flatten();
        let right = match &found {
            None => case["expect"] == "pass",
            Some(refusal) => {
                case["expect"] == "fail"
                    && std::iter::once(&case["layer"]).chain(also).any(|layer| layer == refusal.layer.as_str())
            }
        };
        if !right {
            wrong.push(format!(
                "{name} ({} {} {}): {found:?}; {}",
                case["expect"], case["layer"], case["also"], case["why"]
            ));
        }
    }
    assert!(cases.len() > 300);
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn no_case_is_verified_when_a_part_of_it_is_damaged() {
    let mut count = 0;
    // A part that is damaged alike in cases that share a file is damaged once.
    let mut seen = std::collections::BTreeSet::new();
    for case in cases().iter().filter(|case| case["expect"] == "pass") {
        let bundle = read(&case["bundle"]).unwrap();
        if !seen.insert(case["bundle"].to_string())
            || std::str::from_utf8(&bundle).is_ok_and(|text| !text.starts_with('{'))
        {
            continue;
        }
        count +=
            damaged::none_is_verified(case["case"].as_str().unwrap(), &bundle, &|file| answer(case, file).is_none());
    }
    assert!(count > 500, "{count}");
}

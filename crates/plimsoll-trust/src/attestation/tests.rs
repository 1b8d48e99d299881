//! The shared cases, each as it has to come out.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics has failed")]

use std::{collections::BTreeMap, path::Path};

use serde_json::Value;

use super::*;

mod damaged;
mod own;
mod shared_workflow;

fn case_question(case: &Value) -> Question<'static> {
    let digests: BTreeMap<String, String> = ["sha256", "sha512"]
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), case["artifact_digest"][*name].as_str()?.to_owned())))
        .collect();
    let artifact = ArtifactFile { digests, ..ArtifactFile::default() };
    let mut question = Question::about(artifact, "2026-11-24T00:00:00Z".parse().unwrap());
    question.issuer = case["issuer"].as_str().map(ToOwned::to_owned);
    match &case["identity"] {
        Value::String(identity) => question.identity = Some(IdentityRule::Exact(identity.clone())),
        Value::Object(named) if named.contains_key("workflow") => {
            let workflow = format!(
                "^https://github\\.com/{}/\\.github/workflows/{}@",
                regex::escape(named["repository"].as_str().unwrap()),
                regex::escape(named["workflow"].as_str().unwrap())
            );
            question.identity = Some(IdentityRule::Pattern(regex::Regex::new(&workflow).unwrap()));
        }
        Value::Object(named) => {
            let text = |name: &str| named.get(name).and_then(Value::as_str).map(ToOwned::to_owned);
            question.source = text("source").map(|source| SourceName::read(&source).unwrap());
            question.package = text("package");
            question.version = text("version");
            question.builder = text("builder");
        }
        _ => {}
    }
    question
}

fn case_trust(folder: &Path, case: &Value) -> Result<AttestationTrust, String> {
    let mut trust = AttestationTrust::default();
    let read = |name: &str| std::fs::read(folder.join(name)).unwrap();
    if let Some(root) = case["trusted_root"].as_str() {
        trust.replace_roots(&read(root))?;
    }
    if let Some(key) = case["key"].as_str() {
        trust.add_keys(&read(key), None)?;
    }
    Ok(trust)
}

/// What is asked in a case. One case names no artifact: it is asked about what it says itself that it speaks of.
fn case_question_of(case: &Value, file: &[u8]) -> Question<'static> {
    let mut question = case_question(case);
    if question.artifact.digests.is_empty() {
        let all = Attestation::read_all(file).unwrap_or_default();
        let own = all.first().and_then(Attestation::statement).map(|statement| statement.subjects[0].digest.clone());
        question.artifact.digests = own.unwrap_or_default();
    }
    question
}

fn case_answer(folder: &Path, case: &Value) -> Result<Answer, String> {
    let file = std::fs::read(folder.join(case["path"].as_str().unwrap())).unwrap();
    Ok(case_trust(folder, case)?.answer(&file, &case_question_of(case, &file)))
}

fn cases() -> Option<(std::path::PathBuf, Vec<Value>)> {
    let folder = plimsoll_testkit::corpus()?.join("sigstore");
    let cases = serde_json::from_slice(&std::fs::read(folder.join("cases.json")).unwrap()).unwrap();
    Some((folder, cases))
}

#[test]
fn every_shared_case_comes_out_as_it_has_to() {
    let Some((folder, cases)) = cases() else { return };
    let mut wrong = Vec::new();
    for case in &cases {
        let name = case["case"].as_str().unwrap();
        let (expected, layer) = (case["expect"] == "pass", case["layer"].as_str().unwrap_or_default());
        let answer = case_answer(&folder, case);
        let found = match &answer {
            Ok(answer) => answer.refusal.as_ref().map(|refusal| (refusal.layer.as_str(), format!("{refusal:?}"))),
            Err(reason) => Some(("trusted root", reason.clone())),
        };
        println!("{name}: {found:?}");
        let right = match (&found, layer) {
            (None, _) => expected,
            (Some(_), _) if expected => false,
            (Some((found, _)), "bundle") => {
                ["format", "signature", "certificate", "transparency-log", "timestamp"].contains(found)
            }
            (Some((found, _)), "subject digest") => *found == "subject",
            (Some((found, _)), "policy (identity)") => *found == "identity",
            (Some((found, _)), "trusted root parsing") => *found == "trusted root",
            (Some((found, _)), layer) if layer.starts_with("policy") => ["source", "subject"].contains(found),
            _ => false,
        };
        if !right {
            wrong.push(format!("{name} ({}, {layer}): {found:?}", case["expect"]));
        }
    }
    assert_eq!(cases.len(), 70);
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

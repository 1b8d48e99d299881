//! `plimsoll inspect provenance --bundle`: one attestation or signature against one artifact.

use std::{collections::BTreeMap, io::Read as _, path::Path};

use anyhow::{Context as _, Result, bail};
use plimsoll_model::one_line;
use plimsoll_trust::{Answer, ArtifactFile, Finding, IdentityRule, KeyOwner, Question, Signer};
use serde_json::{Map, Value, json};

use super::table::wrapped;
use crate::{
    args::{BundleArgs, DataFormat, ProvenanceArgs},
    exit::Exit,
    input,
    output::Output,
    trust,
};

/// Bytes of a bundle: one more is enough to be told that it is too large.
const LARGEST_BUNDLE: u64 = 32 * 1024 * 1024 + 1;

pub fn run(path: &Path, args: &ProvenanceArgs, output: &Output) -> Result<Exit> {
    let asked = &args.bundle;
    let trust = trust::policy(&args.at)?;
    for gap in trust.gaps() {
        output.say(gap);
    }
    let bundle = read(path)?;
    let given = match (args.at.artifacts.as_slice(), asked.artifact_digest.is_empty()) {
        ([one], _) => Some(input::artifact(one)?),
        ([], false) => None,
        ([], true) => {
            bail!("nothing is verified without an artifact: give --artifact FILE or --artifact-digest sha256:HEX")
        }
        _ => bail!("one artifact at a time: give --artifact once"),
    };
    let artifact = match &given {
        Some(file) => ArtifactFile { name: Some(&file.name), digests: file.digests(), bytes: file.bytes.as_deref() },
        None => ArtifactFile { digests: digests(&asked.artifact_digest)?, ..ArtifactFile::default() },
    };
    let mut question = question(asked, artifact, input::as_of(args.at.as_of));
    // Who says whose signature is wanted, by a key or a trust policy, wants no other.
    let by_policy = question.source.is_none() && question.builder.is_none() && trust.attestations().names_signers();
    question.named = question.identity.is_none() && (!args.at.key.is_empty() || by_policy);
    let answer = trust.answer(&bundle, &question);
    for note in notes(asked, &answer) {
        output.say(&note);
    }
    match args.format {
        DataFormat::Json => {
            output.print(plimsoll_model::to_readable(&report(&answer, &question))?)?;
        }
        DataFormat::Text => output.print(text(&answer, output.columns()))?,
    }
    Ok(if answer.is_verified() { Exit::Done } else { Exit::Failed })
}

/// The digests that were given, one of each kind.
fn digests(given: &[(String, String)]) -> Result<BTreeMap<String, String>> {
    let mut digests = BTreeMap::new();
    for (algorithm, digest) in given {
        if digests.insert(algorithm.clone(), digest.clone()).is_some_and(|known| known != *digest) {
            bail!("one artifact at a time: --artifact-digest names two {algorithm} digests");
        }
    }
    Ok(digests)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input::open(path)
        .and_then(|file| file.take(LARGEST_BUNDLE).read_to_end(&mut bytes))
        .with_context(|| format!("{}: cannot read", path.display()))?;
    Ok(bytes)
}

fn question<'a>(asked: &BundleArgs, artifact: ArtifactFile<'a>, as_of: jiff::Timestamp) -> Question<'a> {
    let exact = asked.identity.clone().map(IdentityRule::Exact);
    Question {
        identity: exact.or_else(|| asked.identity_regex.clone().map(IdentityRule::Pattern)),
        issuer: asked.issuer.clone(),
        source: asked.source_repository.clone(),
        commit: asked.source_commit.clone(),
        package: asked.package.clone(),
        version: asked.package_version.clone(),
        builder: asked.builder.clone(),
        ..Question::about(artifact, as_of)
    }
}

/// What a person should know about the answer beyond it.
fn notes(asked: &BundleArgs, answer: &Answer) -> Vec<String> {
    let mut notes = Vec::new();
    if answer.is_verified() && !answer.is_identified() {
        notes.push(
            "who has to have signed it was not said (--identity, or a trust policy): anybody could have, and it proves no more \
             than that somebody did"
                .to_owned(),
        );
    }
    if let Some(pattern) = &asked.identity_regex
        && !(pattern.as_str().starts_with('^') && pattern.as_str().ends_with('$'))
    {
        notes.push(
            "--identity-regex is found anywhere in an identity unless it begins with ^ and ends with $".to_owned(),
        );
    }
    notes
}

/// The answer for programs: `verdict`, `layer`, `reason` are stable.
fn report(answer: &Answer, question: &Question<'_>) -> Value {
    let refusal = answer.refusal.as_ref();
    let assurance = match (answer.is_verified(), answer.is_identified()) {
        (false, _) => Value::Null,
        (true, true) => json!("verified"),
        (true, false) => json!("observed"),
    };
    json!({
        "verdict": if answer.is_verified() { "verified" } else { "not-verified" },
        "layer": refusal.map(|refusal| refusal.layer),
        "reason": refusal.map(|refusal| &refusal.reason),
        "detail": refusal.and_then(|refusal| refusal.detail.as_ref()),
        "assurance": assurance,
        "artifact": { "name": question.artifact.name, "digest": question.artifact.digests },
        "asOf": question.as_of,
        "attestations": answer.findings.iter().map(attestation).collect::<Vec<_>>(),
    })
}

fn attestation(one: &Finding) -> Value {
    let mut all = Map::new();
    let mut put = |name: &str, value: Value| {
        if !value.is_null() {
            all.insert(name.to_owned(), value);
        }
    };
    put("format", json!(one.form));
    put("place", json!(one.place));
    put("verdict", json!(if one.is_verified() { "verified" } else { "not-verified" }));
    put("layer", json!(one.refusal.as_ref().map(|refusal| refusal.layer)));
    put("reason", json!(one.refusal.as_ref().map(|refusal| &refusal.reason)));
    put("detail", json!(one.refusal.as_ref().and_then(|refusal| refusal.detail.as_ref())));
    put("predicateType", json!(one.predicate_type));
    put("subject", json!(one.subject));
    put("subjects", json!(one.subjects));
    put("signer", one.signer.as_ref().map_or(Value::Null, signer));
    put("identified", json!(one.identified));
    put("party", json!(one.party));
    put("times", json!(one.times));
    put("transparencyLog", json!(one.logged));
    put("repository", json!(one.repository.as_ref().map(ToString::to_string)));
    put("commit", json!(one.commit));
    let builder = one.builder.as_ref();
    put(
        "builder",
        json!(one.provenance.as_ref().map(|provenance| json!({
            "id": provenance.builder,
            "name": builder.map(|builder| &builder.name),
            "buildLevel": builder.map_or(u8::from(one.is_signed()), |builder| builder.level),
            "reason": builder.map(|builder| &builder.reason),
        }))),
    );
    put(
        "provenance",
        json!(one.provenance.as_ref().map(|provenance| json!({
            "version": provenance.version,
            "buildType": provenance.build_type,
            "reference": provenance.reference,
            "entryPoint": provenance.entry_point,
            "invocation": provenance.invocation,
            "parameters": provenance.parameters,
            "materials": provenance.materials.iter().map(|(uri, digest)| json!({"uri": uri, "digest": digest})).collect::<Vec<_>>(),
        }))),
    );
    put(
        "summary",
        json!(one.summary.as_ref().map(|summary| json!({
            "verifier": summary.verifier,
            "time": summary.time,
            "resource": summary.resource,
            "passed": summary.passed,
            "levels": summary.levels,
            "policy": summary.policy,
        }))),
    );
    Value::Object(all)
}

fn signer(signer: &Signer) -> Value {
    match signer {
        Signer::Certificate { identity, issuer, claims, instance } => json!({
            "identity": identity,
            "issuer": issuer,
            "instance": instance.shown(),
            "runner": claims.runner,
            "workflow": claims.workflow,
            "trigger": claims.trigger,
            "run": claims.run,
        }),
        Signer::Key { fingerprint, owner } => json!({
            "key": fingerprint,
            "owner": match owner { KeyOwner::Given => "given", KeyOwner::NpmRegistry => "npm registry" },
        }),
    }
}

fn text(answer: &Answer, columns: usize) -> String {
    let mut text = match &answer.refusal {
        None if answer.is_identified() => "verified\n".to_owned(),
        None => "verified, by a signer without a name\n".to_owned(),
        // What the attestation brings in never begins a line of its own.
        Some(refusal) => wrapped("not verified: ", &format!("{}: {}", refusal.layer.as_str(), refusal.reason), columns),
    };
    if let Some(detail) = answer.refusal.as_ref().and_then(|refusal| refusal.detail.as_ref()) {
        text.push_str(&wrapped("  ", detail, columns));
    }
    for one in &answer.findings {
        let place = one.place.as_ref().map_or_else(String::new, |place| format!("{place}: "));
        let kind = one.predicate_type.as_deref().unwrap_or("a signature over the file");
        let mark = if one.is_verified() { "+ " } else { "- " };
        text.push_str(&wrapped(mark, &format!("{place}{} ({})", one_line(kind), one.form.as_str()), columns));
        let mut line = |name: &str, value: &str| text.push_str(&wrapped(&format!("    {name:<9} "), value, columns));
        match &one.signer {
            Some(Signer::Certificate { identity, issuer, instance, .. }) => {
                line("signed by", identity);
                line("vouched", &format!("{} ({})", issuer.as_deref().unwrap_or("nobody"), instance.shown()));
            }
            Some(Signer::Key { fingerprint, owner: KeyOwner::NpmRegistry }) => {
                line("signed by", &format!("npm's registry, {fingerprint}"));
            }
            Some(Signer::Key { fingerprint, .. }) => line("signed by", fingerprint),
            None => {}
        }
        if let Some(time) = one.times.first() {
            line("at", &format!("{time}{}", if one.logged { ", in a transparency log" } else { "" }));
        }
        if let Some(subject) = one.subject.as_ref().filter(|subject| !subject.is_empty()) {
            line("of", subject);
        }
        if let Some(provenance) = &one.provenance {
            let level = match &one.builder {
                Some(builder) => format!(", SLSA Build level {} ({})", builder.level, builder.name),
                // Whether it is known was asked only where all before it held.
                None if one.is_verified() => ", which is not known".to_owned(),
                None => String::new(),
            };
            line("built by", &format!("{}{level}", provenance.builder));
        }
        if let Some(repository) = &one.repository {
            line("from", &repository.to_string());
        }
        if let Some(commit) = &one.commit {
            line("commit", commit);
        }
        if let Some(summary) = &one.summary {
            let word = if summary.passed { "passed" } else { "failed" };
            line("judged", &format!("{word} by {}: {}", summary.verifier, summary.levels.join(" ")));
        }
        if let Some(refusal) = &one.refusal {
            line("but", &format!("{}: {}", refusal.layer.as_str(), refusal.reason));
        }
    }
    text
}

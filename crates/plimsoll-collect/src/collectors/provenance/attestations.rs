//! One fact for each attestation and each thing that it speaks of.

use std::collections::BTreeMap;

use plimsoll_model::{Assurance, Subject};
use plimsoll_trust::{ArtifactFile, Attestation, Checksums, Finding, KeyOwner, Layer, Question, Signer, last_day};
use schemars::JsonSchema;
use serde::Serialize;

use super::{File, Vouched};
use crate::Context;

/// Subjects that a fact names; the others are counted.
const NAMED: usize = 100;

/// One attestation, and what it proves of what it speaks of.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AttestationFact {
    /// `repository`, `note` or `given`.
    source: &'static str,
    /// Its path or name.
    path: String,
    /// Where in the file it stands, where that holds several.
    place: Option<String>,
    /// `sigstore-bundle`, `npm`, `pep740`, `cosign-bundle`, `dsse`, `in-toto-statement`.
    format: &'static str,
    /// What it says, as a URI.
    predicate_type: Option<String>,
    /// What it speaks of; at most a hundred.
    subjects: Vec<Attested>,
    /// How many things it speaks of.
    subject_count: usize,
    /// What of it was looked at: `artifact`, `checksums`, `commit`, or `other` for what was not given.
    about: &'static str,
    /// SHA-256 of the artifact.
    artifact: Option<String>,
    /// Is one of its subjects, by digest, an artifact that was given?
    matches_artifact: bool,
    /// `verified`, `not-verified`, or `not-checked` where it speaks of nothing that is at hand.
    verdict: &'static str,
    /// The layer that did not hold.
    layer: Option<&'static str>,
    /// Why it is not verified.
    reason: Option<String>,
    /// Does the signature hold, whoever made it?
    signed: bool,
    /// Who signed: the identity of the certificate, or the key.
    signer: Option<String>,
    /// Who vouches for that identity.
    issuer: Option<String>,
    /// Which Sigstore instance: `public-good`, `github`, `given:` and a digest.
    instance: Option<String>,
    /// Does the trust policy name who signed?
    identified: bool,
    /// Is it by somebody whom the trust policy names: who signed, or a builder that is known, for a repository of the policy?
    known: bool,
    /// The party of the policy.
    party: Option<String>,
    /// The name of that party.
    party_name: Option<String>,
    /// Is that the name of whoever claims to stand behind the product?
    claimant: bool,
    /// When it was made, as far as that is proven.
    time: Option<String>,
    /// The last day on which it is verified, where a key, a certificate or the trust policy ends that within a year.
    until: Option<String>,
    /// Is it in a transparency log?
    logged: bool,
    /// The repository that was built.
    repository: Option<String>,
    /// Is it one that the trust policy is about? Absent where the policy names none.
    repository_known: Option<bool>,
    /// The commit that was built.
    commit: Option<String>,
    /// Is it this commit?
    commit_matches: Option<bool>,
    /// Who built, by the provenance's word.
    builder: Option<String>,
    /// The builder of the table that it was.
    builder_name: Option<String>,
    /// The level of the SLSA Build track that this provenance shows: 0 where it is not signed, 1 where nobody knows the
    /// builder.
    build_level: Option<u8>,
    /// Why this level.
    build_reason: Option<String>,
    /// How it was built, as a URI.
    build_type: Option<String>,
    /// Who verified, of a summary of a verification.
    verifier: Option<String>,
    /// The levels that a summary states, where its verification passed.
    verified_levels: Vec<String>,
}

/// A subject of a statement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
struct Attested {
    /// Its name.
    name: String,
    /// Its digests by algorithm.
    digest: BTreeMap<String, String>,
}

/// Something that an attestation may speak of.
struct Target<'a> {
    about: &'static str,
    /// SHA-256 of an artifact, path of a file of checksums, id of the commit.
    id: String,
    file: ArtifactFile<'a>,
}

fn targets<'a>(cx: &Context<'a>, lists: &[(&'a File, Checksums)]) -> Vec<Target<'a>> {
    let artifacts = cx.artifacts.iter().map(|one| Target {
        about: "artifact",
        id: one.sha256.clone(),
        file: ArtifactFile { name: Some(&one.name), digests: one.digests(), bytes: one.bytes.as_deref() },
    });
    let lists = lists.iter().map(|(file, _)| Target {
        about: "checksums",
        id: file.path.clone(),
        file: ArtifactFile::of_bytes(Some(file.name()), &file.bytes),
    });
    let commit = cx.snapshot.commit();
    let commit = Target { about: "commit", file: ArtifactFile::of_digest("gitCommit", &commit), id: commit };
    artifacts.chain(lists).chain([commit]).collect()
}

/// What the attestations of one file came to.
#[derive(Default)]
pub(super) struct Found {
    pub(super) facts: Vec<(Subject, Assurance, AttestationFact)>,
    pub(super) gap: Option<String>,
    /// Files of checksums that a signer of the policy vouches for.
    pub(super) vouched: Vec<Vouched>,
}

/// Looks at the attestations of a file.
pub(super) fn of(cx: &Context<'_>, file: &File, lists: &[(&File, Checksums)]) -> Found {
    let mut found = Found::default();
    let all = match Attestation::read_all(&file.bytes) {
        Ok(all) => all,
        // What is no attestation proves nothing; only of what was given somebody expects that it does.
        Err(_) if file.source != "given" => return found,
        Err(refusal) => {
            found.gap = Some(format!("{}: {}", file.path, refusal.reason));
            return found;
        }
    };
    let trust = cx.policy.attestations();
    let targets = targets(cx, lists);
    for attestation in &all {
        let judged: Vec<(&Target<'_>, Finding)> = targets
            .iter()
            // What a statement does not name it does not speak of; of a signature over a file only trying tells.
            .filter(|target| {
                attestation.statement().is_none_or(|statement| statement.subject_of(&target.file.digests).is_some())
            })
            .map(|target| (target, trust.find(attestation, &Question::about(target.file.clone(), cx.as_of))))
            .filter(|(_, finding)| {
                let other = finding.refusal.as_ref().is_some_and(|refusal| refusal.layer == Layer::Subject);
                attestation.statement().is_some() || !other
            })
            .collect();
        if judged.is_empty() {
            let fact = AttestationFact::of(file, attestation);
            found.facts.push((Subject::path(&file.path), Assurance::Observed, fact));
        }
        for (target, finding) in judged {
            let mut fact = AttestationFact::of(file, attestation);
            fact.found(cx, target, &finding);
            if finding.is_verified() {
                let ask = |time| trust.find(attestation, &Question::about(target.file.clone(), time)).is_verified();
                fact.until = last_day(cx.as_of, ask).map(|day| day.to_string());
            }
            if target.about == "checksums" && finding.is_verified() && finding.identified {
                let who = fact.signer.clone().unwrap_or_default();
                found.vouched.push(Vouched { path: target.id.clone(), who, until: fact.until.clone() });
            }
            let assurance = if finding.is_verified() && fact.known { Assurance::Verified } else { Assurance::Observed };
            let subject = match target.about {
                "artifact" => Subject::artifact(&target.id),
                _ => Subject::path(&file.path),
            };
            found.facts.push((subject, assurance, fact));
        }
    }
    found
}

impl AttestationFact {
    fn of(file: &File, attestation: &Attestation) -> Self {
        let statement = attestation.statement();
        let subjects = statement.map(|statement| statement.subjects.as_slice()).unwrap_or_default();
        let named = subjects.iter().take(NAMED);
        Self {
            source: file.source,
            path: file.path.clone(),
            place: attestation.place.clone(),
            format: attestation.form.as_str(),
            predicate_type: statement.map(|statement| statement.predicate_type.clone()),
            subjects: named.map(|one| Attested { name: one.name.clone(), digest: one.digest.clone() }).collect(),
            subject_count: subjects.len(),
            about: "other",
            artifact: None,
            matches_artifact: false,
            verdict: "not-checked",
            layer: None,
            reason: None,
            signed: false,
            signer: None,
            issuer: None,
            instance: None,
            identified: false,
            known: false,
            party: None,
            party_name: None,
            claimant: false,
            time: None,
            until: None,
            logged: false,
            repository: None,
            repository_known: None,
            commit: None,
            commit_matches: None,
            builder: None,
            builder_name: None,
            build_level: None,
            build_reason: None,
            build_type: None,
            verifier: None,
            verified_levels: Vec::new(),
        }
    }

    fn found(&mut self, cx: &Context<'_>, target: &Target<'_>, finding: &Finding) {
        self.about = target.about;
        self.artifact = (target.about == "artifact").then(|| target.id.clone());
        self.matches_artifact = target.about == "artifact";
        self.verdict = if finding.is_verified() { "verified" } else { "not-verified" };
        self.layer = finding.refusal.as_ref().map(|refusal| refusal.layer.as_str());
        self.reason = finding.refusal.as_ref().map(|refusal| refusal.reason.clone());
        self.signed = finding.is_signed();
        match &finding.signer {
            Some(Signer::Certificate { identity, issuer, instance, .. }) => {
                self.signer = Some(identity.clone());
                self.issuer.clone_from(issuer);
                self.instance = Some(instance.shown());
            }
            Some(Signer::Key { fingerprint, owner }) => {
                self.signer = Some(match owner {
                    KeyOwner::Given => fingerprint.clone(),
                    KeyOwner::NpmRegistry => format!("npm registry {fingerprint}"),
                });
            }
            None => {}
        }
        self.identified = finding.identified;
        self.party.clone_from(&finding.party);
        self.party_name = finding.party.as_ref().and_then(|id| cx.policy.party(id)).map(|party| party.name.clone());
        self.claimant = self.party_name.as_deref().is_some_and(|name| cx.claims.is_claimant(name));
        self.time = finding.times.first().map(ToString::to_string);
        self.logged = finding.logged;
        let own = cx.policy.attestations().repositories();
        self.repository = finding.repository.as_ref().map(ToString::to_string);
        self.repository_known =
            finding.repository.as_ref().filter(|_| !own.is_empty()).map(|repository| own.contains(repository));
        self.commit.clone_from(&finding.commit);
        self.commit_matches = finding.commit.as_ref().map(|commit| *commit == cx.snapshot.commit());
        if let Some(provenance) = &finding.provenance {
            self.builder = Some(provenance.builder.clone());
            self.build_type = Some(provenance.build_type.clone());
            self.build_level = Some(match (&finding.builder, finding.is_verified()) {
                (_, false) => 0,
                (None, true) => 1,
                (Some(builder), true) => builder.level,
            });
            self.build_reason = Some(match &finding.builder {
                Some(builder) => builder.reason.clone(),
                None => "the trust policy knows no builder that calls itself so and signs so".to_owned(),
            });
        }
        self.known = match self.repository_known {
            Some(true) => finding.identified || finding.builder.is_some(),
            Some(false) => false,
            None => finding.identified,
        };
        self.builder_name = finding.builder.as_ref().map(|builder| builder.name.clone());
        if let Some(summary) = finding.summary.as_ref().filter(|summary| summary.passed) {
            self.verifier = Some(summary.verifier.clone());
            self.verified_levels.clone_from(&summary.levels);
        }
    }
}

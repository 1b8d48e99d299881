//! One attestation against a question and a trust policy.

use super::{
    bundle::{self, Signed, Trusted},
    envelope,
    envelope::{Attestation, AttestationForm, Content, Envelope},
    instance::InstanceName,
    keys::PublicKey,
    npm,
    question::{Answer, Finding, IdentityRule, Question},
    refusal::{Layer, Refusal},
    signer::{KeyOwner, Signer},
    slsa::Provenance,
    source::SourceName,
    trust::{AttestationTrust, KnownKey},
    vsa::Summary,
};

impl AttestationTrust {
    /// Answers a question about a file of attestations.
    ///
    /// The signature comes first, then whether it speaks of the artifact, then who signed, then what was built by whom:
    /// the layer of a refusal is the first that does not hold.
    pub fn answer(&self, file: &[u8], question: &Question<'_>) -> Answer {
        match Attestation::read_all(file) {
            // Once for all of them: it may be a large file.
            Ok(all) if all.iter().any(|one| one.is_without_digest(question)) => {
                let question = Question { artifact: question.artifact.with_sha384(), ..question.clone() };
                Answer::of(all.iter().map(|one| self.find(one, &question)).collect())
            }
            Ok(all) => Answer::of(all.iter().map(|one| self.find(one, question)).collect()),
            Err(refusal) => Answer::unread(refusal),
        }
    }

    /// Answers a question about one attestation.
    pub fn find(&self, attestation: &Attestation, question: &Question<'_>) -> Finding {
        if attestation.is_without_digest(question) {
            return self.find(attestation, &Question { artifact: question.artifact.with_sha384(), ..question.clone() });
        }
        let statement = attestation.statement();
        let subject = statement.and_then(|statement| statement.subject_of(&question.artifact.digests));
        let mut finding = Finding {
            place: attestation.place.clone(),
            predicate_type: statement.map(|statement| statement.predicate_type.clone()),
            subject: subject.map(|subject| subject.name.clone()),
            subjects: statement.map_or(1, |statement| statement.subjects.len()),
            ..Finding::of(attestation.form)
        };
        finding.refusal = self.judge(attestation, question, &mut finding).err();
        finding
    }

    /// Gives every key that is trusted without end and signed an envelope with nothing beside it, each with its party: of several
    /// signatures any may count, and [`find`](Self::find) tells the first.
    pub fn signers(&self, attestation: &Attestation) -> Vec<(Signer, Option<String>)> {
        let Content::Envelope(envelope) = &attestation.content else { return Vec::new() };
        let pae = envelope.pae();
        let signed = |key: &PublicKey| envelope.signatures.iter().any(|one| key.verifies(&pae, &one.signature));
        // What a builder's key signs are builds.
        self.file_keys()
            .into_iter()
            // No moment is asked for here: one that counts for a time alone is told by `find`.
            .filter(|key| self.known_key(&key.fingerprint).is_none_or(KnownKey::always_counts))
            .filter(signed)
            .map(|key| {
                let party = self.known_key(&key.fingerprint).and_then(|known| known.party.clone());
                (Signer::Key { fingerprint: key.fingerprint, owner: KeyOwner::Given }, party)
            })
            .collect()
    }

    fn judge(&self, attestation: &Attestation, question: &Question<'_>, finding: &mut Finding) -> Result<(), Refusal> {
        let statement = attestation.statement();
        let signed = self.signed(attestation, question)?;
        if let Some(late) = signed.times.iter().find(|time| **time > question.as_of) {
            return Err(Refusal::new(
                Layer::Timestamp,
                format!("it was made on {late}, after the moment that is asked for"),
            ));
        }
        finding.times = signed.times;
        finding.logged = signed.logged;
        let signer = finding.signer.insert(signed.signer).clone();
        let vouching = (signed.instances.as_slice(), signed.general);
        // What is said is read once it is known to be said; a broken predicate is a broken attestation.
        if let Some(statement) = statement {
            let unread = |reason: String| Refusal::format(reason);
            finding.summary = Summary::read(statement).transpose().map_err(unread)?;
            finding.provenance = Provenance::read(statement).transpose().map_err(unread)?;
        }
        if finding.summary.as_ref().and_then(|summary| summary.time).is_some_and(|time| time > question.as_of) {
            let reason = "it says that somebody looked after the moment that is asked for";
            return Err(Refusal::new(Layer::Timestamp, reason));
        }
        about(attestation, question, finding, signed.over.as_ref())?;
        if finding.summary.as_ref().is_some_and(|summary| !summary.passed) {
            return Err(Refusal::new(Layer::Builder, "whoever looked says that it FAILED"));
        }
        if let (Some(statement), Some(subject)) = (statement, &finding.subject) {
            npm::is_about(statement, subject, question.package.as_deref(), question.version.as_deref())
                .map_err(|reason| Refusal::new(Layer::Subject, reason))?;
        } else if question.package.is_some() || question.version.is_some() {
            return Err(Refusal::new(Layer::Subject, "a signature over a file names no package"));
        }
        if let Some(publisher) = &attestation.publisher {
            publisher.is(&signer).map_err(|reason| Refusal::new(Layer::Identity, reason))?;
        }
        let is_publish = finding.predicate_type.as_deref().is_some_and(npm::is_publish);
        if attestation.form == AttestationForm::Npm && is_publish != signer.is_npm_registry() {
            let reason = if is_publish {
                "npm's registry did not sign it"
            } else {
                "npm's registry signs no more than that it published"
            };
            return Err(Refusal::new(Layer::Identity, reason));
        }
        self.identify(&signer, vouching, question, finding)?;
        self.origin(statement, &signer, signed.general, question, finding)
    }

    fn signed(&self, attestation: &Attestation, question: &Question<'_>) -> Result<Signed, Refusal> {
        // A builder's key speaks of builds, in statements; of anything else those count first who may speak of it.
        let keys = match attestation.statement() {
            Some(statement) if Provenance::is_one(&statement.predicate_type) => self.plain_keys(),
            Some(_) => self.keys_with_builders_last(),
            None => self.file_keys(),
        };
        let npm = &self.npm;
        let trusted = Trusted { instances: self.instances(), keys: &keys, npm };
        match &attestation.content {
            Content::Bundle { bundle, envelope } => {
                bundle::verify(bundle, envelope.as_ref(), attestation.form, &question.artifact, &trusted)
            }
            Content::Envelope(envelope) => bare(envelope, &trusted),
            Content::Unsigned(_) => Err(Refusal::new(Layer::Signature, "nobody signed it")),
        }
    }

    fn identify(
        &self,
        signer: &Signer,
        (vouching, general): (&[InstanceName], bool),
        question: &Question<'_>,
        finding: &mut Finding,
    ) -> Result<(), Refusal> {
        let refuse = |reason: String| Err(Refusal::new(Layer::Identity, reason));
        match signer {
            Signer::Certificate { identity, issuer, claims, .. } => {
                let shown = plimsoll_model::one_line(identity);
                if question.identity.as_ref().is_some_and(|expected| !expected.holds(identity)) {
                    return refuse(format!("{shown} signed it"));
                }
                if question.issuer.as_ref().is_some_and(|expected| Some(expected) != issuer.as_ref()) {
                    let issuer = plimsoll_model::one_line(issuer.as_deref().unwrap_or("nobody"));
                    return refuse(format!("{issuer} vouches for who signed it"));
                }
                let run = claims.repository.as_ref();
                if question.run_of.as_ref().is_some_and(|expected| run != Some(expected)) {
                    let run = run.map_or("no repository that its certificate names".to_owned(), ToString::to_string);
                    return refuse(format!("{shown} signed it, in a run of {run}"));
                }
                let mut named =
                    vouching.iter().flat_map(|one| self.known_identities(one, identity, issuer.as_deref())).peekable();
                let asked = question.identity.as_ref().is_some_and(IdentityRule::names_somebody);
                let is_named = asked || named.peek().is_some();
                let known = named.find(|known| {
                    question.run_of.is_some() && known.run_of.is_empty() || self.counts_run(Some(known), identity, run)
                });
                // Where the question names the source, it is compared further on.
                let is_own = question.run_of.is_some() || question.source.is_some();
                finding.identified = (asked && (is_own || self.counts_run(None, identity, run))) || known.is_some();
                if is_named && !finding.identified && (asked || question.named) {
                    return refuse(of_any_caller(&shown, run));
                }
                finding.party = known.and_then(|known| known.party.clone());
                // A root that stands in the trust policy for some speaks of nobody else.
                if !general && known.is_none() {
                    return refuse(format!(
                        "{shown} signed it, for whom the trust policy does not name its trusted root"
                    ));
                }
                if question.named && !finding.identified {
                    return refuse(format!("{shown} signed it, whom neither the question nor the trust policy names"));
                }
            }
            Signer::Key { fingerprint, .. } => {
                // npm's registry signs that it published, whoever the maker is.
                if (question.identity.is_some() || question.issuer.is_some() || question.run_of.is_some())
                    && !signer.is_npm_registry()
                {
                    return refuse("a key signed it, and a key has no identity that an issuer gave".to_owned());
                }
                let known = self.known_key(fingerprint);
                known.map_or(Ok(()), |known| known.counts(question.as_of))?;
                let of_builder = known.is_some_and(|known| known.builder);
                if of_builder && finding.provenance.is_none() {
                    return refuse("the key is a builder's, and a builder speaks of what it built alone".to_owned());
                }
                // Whoever trusts a builder to say what it built has not said whose builds count.
                finding.identified = !of_builder;
                finding.party = self.known_key(fingerprint).and_then(|known| known.party.clone());
            }
        }
        Ok(())
    }
}

/// Why an identity that is named does not say who signed.
fn of_any_caller(identity: &str, run: Option<&SourceName>) -> String {
    match run {
        Some(run) => format!(
            "{identity} signed it in a run of {run}, and everyone who calls that workflow has this identity: name the \
             repository too (--source, or `run-of` in the trust policy)"
        ),
        None => format!("{identity} signed it, and its certificate names no repository whose run it was"),
    }
}

/// An envelope with nothing beside it: a key that is trusted, or nothing that proves a time.
fn bare(envelope: &Envelope, trusted: &Trusted<'_>) -> Result<Signed, Refusal> {
    let pae = envelope.pae();
    // DSSE counts signatures of keys that are known and passes over the others.
    for key in trusted.keys {
        if envelope.signatures.iter().any(|one| key.verifies(&pae, &one.signature)) {
            let signer = Signer::Key { fingerprint: key.fingerprint.clone(), owner: KeyOwner::Given };
            return Ok(Signed::by(signer));
        }
    }
    if !trusted.keys.is_empty() {
        return Err(Refusal::new(Layer::Signature, "no key that is trusted made it"));
    }
    let by_certificate = envelope.signatures.iter().find_map(|one| Some((one, one.certificate.as_deref()?)));
    let Some((signature, certificate)) = by_certificate else {
        return Err(Refusal::new(
            Layer::Signature,
            "no key that is trusted made it; give it with --key or in the trust policy",
        ));
    };
    let refuse = |reason: String| Refusal::new(Layer::Certificate, reason);
    let der = envelope::one_certificate(certificate).map_err(refuse)?;
    let key = crate::x509::public_key(&der).and_then(super::keys::PublicKey::new).map_err(refuse)?;
    if !key.verifies(&pae, &signature.signature) {
        return Err(Refusal::new(Layer::Signature, "the signature is not one by its certificate"));
    }
    let reason =
        "the signature fits its certificate of a few minutes, and no log entry or time stamp proves when it was made";
    Err(Refusal::new(Layer::Timestamp, reason))
}

/// Is it about the artifact?
fn about(
    attestation: &Attestation,
    question: &Question<'_>,
    finding: &Finding,
    over: Option<&(String, String)>,
) -> Result<(), Refusal> {
    let refuse = |reason: &str| Err(Refusal::new(Layer::Subject, reason));
    let digests = &question.artifact.digests;
    match (attestation.statement(), over) {
        (Some(_), _) if finding.subject.is_some() => match (attestation.form, question.artifact.name, &finding.subject)
        {
            // PEP 740: the subject is the distribution, by its file name.
            (AttestationForm::Pep740, Some(name), Some(said)) if !npm::is_distribution(said, name) => {
                refuse("it speaks of a distribution with another name")
            }
            _ => Ok(()),
        },
        (Some(statement), _) => {
            let weak = !statement.subjects.iter().any(super::statement::StatementSubject::is_strong);
            let needs =
                statement.subjects.iter().flat_map(|one| one.digest.keys()).find(|name| !digests.contains_key(*name));
            match needs {
                _ if weak => refuse("its subjects have no digest that tells one file from another"),
                Some(name)
                    if !statement
                        .subjects
                        .iter()
                        .any(|one| one.digest.keys().any(|name| digests.contains_key(name))) =>
                {
                    Err(Refusal::new(
                        Layer::Subject,
                        format!("its subjects have a {name} digest, and none is known of the artifact"),
                    ))
                }
                _ => refuse("it speaks of another artifact"),
            }
        }
        (None, Some((algorithm, proven))) if digests.get(algorithm) != Some(proven) => {
            refuse("it is a signature over another file")
        }
        // The signature itself was over the artifact's bytes or digest.
        (None, _) => Ok(()),
    }
}

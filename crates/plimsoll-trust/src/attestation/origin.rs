//! What was built from where, by whom: the certificate's word before the statement's.

use super::{
    builders,
    claims::CertificateClaims,
    json::text,
    npm,
    question::{Finding, Question},
    refusal::{Layer, Refusal},
    signer::Signer,
    source::SourceName,
    statement::{InTotoStatement, StatementSubject},
    trust::AttestationTrust,
};

/// The type of statement by which a forge says how a revision came about.
const SOURCE_PROVENANCE: &str = "https://github.com/slsa-framework/slsa-source-poc/source-provenance/v1-draft";
/// The type of statement by which a publisher tells an index of Python packages that it published a file; where from is
/// what its certificate says.
const PUBLISHED: &str = "https://docs.pypi.org/attestations/publish/v1";

impl AttestationTrust {
    /// Compares repository, commit and builder with what is asked, and keeps what was proven of them.
    pub(super) fn origin(
        &self,
        statement: Option<&InTotoStatement>,
        signer: &Signer,
        general: bool,
        question: &Question<'_>,
        finding: &mut Finding,
    ) -> Result<(), Refusal> {
        let refuse = |layer, reason: String| Err(Refusal::new(layer, reason));
        // The registry says that it published; the other attestation of the pair says what was built.
        if finding.predicate_type.as_deref().is_some_and(npm::is_publish) && signer.is_npm_registry() {
            return Ok(());
        }
        let none = CertificateClaims::default();
        let claims = match signer {
            Signer::Certificate { claims, .. } => &**claims,
            Signer::Key { .. } => &none,
        };
        let subject = statement.and_then(|statement| statement.subject_of(&question.artifact.digests));
        let of_revision = statement.zip(subject).and_then(|(statement, subject)| revision(statement, subject, finding));
        let said = match (&finding.provenance, &of_revision) {
            (Some(provenance), _) => (provenance.repository.clone(), provenance.commit.clone()),
            (None, Some((repository, commit))) => (repository.clone(), commit.clone()),
            (None, None) => (None, None),
        };
        // Who vouches for a revision need not be run by its repository.
        let run = if of_revision.is_some() { &none } else { claims };
        // The platform's word in the certificate counts before what the build wrote.
        if let (Some(proven), Some(said)) = (&run.repository, &said.0)
            && proven != said
        {
            return refuse(Layer::Source, format!("it says {said}, and its certificate says {proven}"));
        }
        if let (Some(proven), Some(said)) = (&run.commit, &said.1)
            && proven != said
        {
            let (said, proven) = (plimsoll_model::one_line(said), plimsoll_model::one_line(proven));
            return refuse(Layer::Source, format!("it says commit {said}, and its certificate says {proven}"));
        }
        finding.repository = run.repository.clone().or(said.0);
        finding.commit = run.commit.clone().or(said.1);
        // A statement of a type that is not known is kept and counts for nothing.
        let counts = finding.provenance.is_some()
            || of_revision.is_some()
            || finding.predicate_type.as_deref().is_none_or(|kind| kind == PUBLISHED);
        if !counts && (question.source.is_some() || question.commit.is_some() || question.builder.is_some()) {
            return refuse(Layer::Source, "it is no provenance: it does not say what was built".to_owned());
        }
        let called = match (&finding.provenance, signer) {
            (Some(provenance), _) => Some(provenance.builder.as_str()),
            // No provenance: the run that signed is all that is known.
            (None, Signer::Certificate { identity, .. }) if of_revision.is_none() => Some(identity.as_str()),
            (None, _) => None,
        };
        finding.builder =
            called.and_then(|called| self.builders().find_map(|one| one.recognise(signer, called, general)));
        // Any account can vouch for any revision: what it says counts by who it is.
        if of_revision.is_some() && !finding.identified && (question.source.is_some() || question.commit.is_some()) {
            let reason = "anybody can say so of a revision: say who has to (--identity, --key, or a trust policy)";
            return refuse(Layer::Identity, reason.to_owned());
        }
        self.of_policy(run, signer, finding)?;
        if let Some(expected) = &question.source {
            match &finding.repository {
                None => {
                    return refuse(
                        Layer::Source,
                        "it does not say, in a way that is proven, what was built".to_owned(),
                    );
                }
                Some(other) if other != expected => return refuse(Layer::Source, format!("it was built from {other}")),
                Some(_)
                    if run.repository.is_none()
                        && of_revision.is_none()
                        && matches!(signer, Signer::Certificate { .. }) =>
                {
                    return refuse(Layer::Source, "its certificate names no repository".to_owned());
                }
                Some(_) => {}
            }
        }
        if let Some(expected) = &question.commit
            && finding.commit.as_ref() != Some(expected)
        {
            let other = plimsoll_model::one_line(finding.commit.as_deref().unwrap_or("none that it names"));
            return refuse(Layer::Source, format!("it was built from another commit: {other}"));
        }
        let wants_builder = question.builder.is_some()
            || (question.source.is_some() && of_revision.is_none())
            // A commit is the word of a builder that is known, or of somebody who was named.
            || (question.commit.is_some() && !finding.identified);
        if !wants_builder {
            return Ok(());
        }
        let Some(called) = called else {
            return refuse(Layer::Builder, "it does not say, in a way that is proven, who built".to_owned());
        };
        let shown = plimsoll_model::excerpt(called, 200);
        if let Some(expected) = &question.builder {
            let known = finding.builder.as_ref().is_some_and(|builder| builder.id == *expected);
            if !builders::is_named(expected, called) && !known {
                return refuse(Layer::Builder, format!("{shown} built it"));
            }
        }
        if finding.builder.is_none() {
            let runner = builders::runner_reason(run);
            return refuse(
                Layer::Builder,
                format!("the trust policy knows no builder \"{shown}\" that signs so ({runner})"),
            );
        }
        Ok(())
    }
}

impl AttestationTrust {
    /// Is what a provenance says that was built one of the repositories that the trust policy is about, where it names some?
    fn of_policy(&self, run: &CertificateClaims, signer: &Signer, finding: &Finding) -> Result<(), Refusal> {
        let known = self.repositories();
        if known.is_empty() || finding.provenance.is_none() {
            return Ok(());
        }
        let refuse = |reason: String| Err(Refusal::new(Layer::Source, reason));
        // A key that is trusted stands in the policy, as a builder's or as somebody's.
        let by_key = matches!(signer, Signer::Key { .. });
        let proven = run.repository.is_some() || finding.identified || by_key;
        match &finding.repository {
            Some(repository) if proven && known.contains(repository) => Ok(()),
            Some(repository) if proven => {
                refuse(format!("it was built from {repository}, and the trust policy is about other repositories"))
            }
            _ => refuse("it does not say, in a way that is proven, what was built".to_owned()),
        }
    }
}

/// The repository and the commit that a statement about a revision names; `None` for a statement about anything else.
fn revision(
    statement: &InTotoStatement,
    subject: &StatementSubject,
    finding: &Finding,
) -> Option<(Option<SourceName>, Option<String>)> {
    let commit = Some(subject.digest.get("gitCommit")?.clone());
    if let Some(summary) = &finding.summary {
        return Some((SourceName::read(&summary.resource), commit));
    }
    let repository = text(statement.predicate(), "repo_uri").and_then(SourceName::read);
    (statement.predicate_type == SOURCE_PROVENANCE).then_some((repository, commit))
}

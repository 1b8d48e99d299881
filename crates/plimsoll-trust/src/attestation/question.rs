//! What is asked about an attestation, and what comes back.

use jiff::Timestamp;
use regex::Regex;

use super::{
    artifact::ArtifactFile,
    builders::Builder,
    envelope::AttestationForm,
    refusal::{Layer, Refusal},
    signer::Signer,
    slsa::Provenance,
    source::SourceName,
    vsa::Summary,
};

/// Who has to have signed.
#[derive(Clone, Debug)]
pub enum IdentityRule {
    /// This address or URI.
    Exact(String),
    /// One in which the pattern is found; anchored only where it says so, as with cosign.
    Pattern(Regex),
}

impl IdentityRule {
    /// Does this identity fit?
    pub fn holds(&self, identity: &str) -> bool {
        match self {
            Self::Exact(expected) => expected == identity,
            Self::Pattern(pattern) => pattern.is_match(identity),
        }
    }

    /// Does it name anybody? What fits the empty text (`.*`) fits everybody.
    pub(super) fn names_somebody(&self) -> bool {
        !self.holds("")
    }
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// What the attestation has to speak of.
    pub artifact: ArtifactFile<'a>,
    /// Who has to have signed it.
    pub identity: Option<IdentityRule>,
    /// Who has to have told the instance who that is.
    pub issuer: Option<String>,
    /// The repository whose run has to have asked for the signer's certificate. A workflow that lies in another repository gives
    /// everyone who calls it one identity: such an identity names somebody only together with this.
    pub run_of: Option<SourceName>,
    /// Has the signer to be somebody whom the question or the trust policy names? Else anybody's signature is told as such.
    pub named: bool,
    /// The repository that it has to be built from.
    pub source: Option<SourceName>,
    /// The commit that it has to be built from, in full.
    pub commit: Option<String>,
    /// The package that it has to be.
    pub package: Option<String>,
    /// The version of that package.
    pub version: Option<String>,
    /// Who has to have built it.
    pub builder: Option<String>,
    /// The moment for which it is asked: what was made later is not there yet.
    pub as_of: Timestamp,
}

impl<'a> Question<'a> {
    /// Asks no more than whether it is signed and speaks of `artifact`.
    pub fn about(artifact: ArtifactFile<'a>, as_of: Timestamp) -> Self {
        Self {
            artifact,
            identity: None,
            issuer: None,
            run_of: None,
            named: false,
            source: None,
            commit: None,
            package: None,
            version: None,
            builder: None,
            as_of,
        }
    }
}

/// What came out for one attestation.
#[derive(Clone, Debug)]
pub struct Finding {
    /// How it is written down.
    pub form: AttestationForm,
    /// Where in its file it stands.
    pub place: Option<String>,
    /// What it says, as a URI; `None` for a signature over a file alone.
    pub predicate_type: Option<String>,
    /// Name of the subject that is the artifact.
    pub subject: Option<String>,
    /// How many subjects it has.
    pub subjects: usize,
    /// Who signed, once the signature was proven.
    pub signer: Option<Signer>,
    /// Moments that a log or a time-stamp authority proves.
    pub times: Vec<Timestamp>,
    /// Is it in a transparency log?
    pub logged: bool,
    /// Is the signer somebody whom the question or the trust policy names?
    pub identified: bool,
    /// The party of the trust policy that the signer is.
    pub party: Option<String>,
    /// The builder of the table that it was.
    pub builder: Option<Builder>,
    /// What its provenance says.
    pub provenance: Option<Provenance>,
    /// What its summary of a verification says.
    pub summary: Option<Summary>,
    /// The repository that was built: by the certificate where it says so, else by the provenance.
    pub repository: Option<SourceName>,
    /// The commit that was built, likewise.
    pub commit: Option<String>,
    /// Why it is not verified; `None` where it is.
    pub refusal: Option<Refusal>,
}

impl Finding {
    /// Nothing is known yet but what it is.
    pub(crate) fn of(form: AttestationForm) -> Self {
        Self {
            form,
            place: None,
            predicate_type: None,
            subject: None,
            subjects: 1,
            signer: None,
            times: Vec::new(),
            logged: false,
            identified: false,
            party: None,
            builder: None,
            provenance: None,
            summary: None,
            repository: None,
            commit: None,
            refusal: None,
        }
    }

    /// Why it is not verified, with where it stands.
    fn refused_in_place(&self) -> Option<Refusal> {
        let refusal = self.refusal.clone()?;
        let reason = match &self.place {
            Some(place) => format!("{place}: {}", refusal.reason),
            None => refusal.reason,
        };
        Some(Refusal { reason, ..refusal })
    }

    /// Does the signature hold, whatever else was asked and whoever it is by?
    pub fn is_signed(&self) -> bool {
        self.signer.is_some()
    }

    /// Is it about the artifact, proven, and all that was asked?
    pub fn is_verified(&self) -> bool {
        self.refusal.is_none()
    }
}

/// What came out for a file of attestations.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Each of them.
    pub findings: Vec<Finding>,
    /// Why the file does not answer the question with yes; `None` where it does.
    pub refusal: Option<Refusal>,
}

impl Answer {
    /// A file that could not be read.
    pub fn unread(refusal: Refusal) -> Self {
        Self { findings: Vec::new(), refusal: Some(refusal) }
    }

    /// Does the file answer the question with yes?
    pub fn is_verified(&self) -> bool {
        self.refusal.is_none()
    }

    /// Is every attestation that the yes rests on by somebody who was named?
    pub fn is_identified(&self) -> bool {
        let mut verified = self.findings.iter().filter(|one| one.is_verified()).peekable();
        verified.peek().is_some() && verified.all(|one| one.identified)
    }

    /// Joins what came out for each attestation.
    ///
    /// One has to be verified, and none may be broken, whatever it speaks of: a file with a good and a forged attestation is
    /// one that somebody changed. npm's form holds two, and both have to be there.
    pub(crate) fn of(findings: Vec<Finding>) -> Self {
        let npm = findings.iter().any(|one| one.form == AttestationForm::Npm);
        let broken = |one: &&Finding| one.refusal.as_ref().is_some_and(|refusal| refusal.layer <= Layer::Timestamp);
        let refusal = if let Some(refusal) = findings.iter().find(broken) {
            refusal.refused_in_place()
        } else if npm {
            npm_refusal(&findings)
        } else if findings.iter().any(Finding::is_verified) {
            None
        } else {
            let about = findings.iter().find(|one| one.subject.is_some());
            about
                .or(findings.first())
                .and_then(|one| one.refusal.clone())
                .or_else(|| Some(Refusal::format("no attestation")))
        };
        Self { findings, refusal }
    }
}

fn npm_refusal(findings: &[Finding]) -> Option<Refusal> {
    if let Some(one) = findings.iter().find_map(|one| one.refusal.clone()) {
        return Some(one);
    }
    // None of them has a refusal here, so that it is the registry that signed this one.
    let published = findings.iter().any(|one| one.predicate_type.as_deref().is_some_and(super::npm::is_publish));
    let built = findings.iter().any(|one| one.provenance.is_some());
    let missing = match (published, built) {
        (true, true) => return None,
        (false, _) => "that the registry published it",
        (true, false) => "where it was built",
    };
    Some(Refusal::format(format!("no attestation of npm says {missing}")))
}

//! A signed label against what somebody asks of it: who signed, what it is about, whether it holds today, and which tier
//! can be relied on.
//!
//! Each question is answered by name, and what was not asked is told as such. The tier that counts is never above the one
//! that is stated; what rests on the word of others counts only where that word is at hand and verified.

mod report;
mod statements;
mod tier;

use jiff::Timestamp;
use plimsoll_model::{
    CheckVerdict, DigestSet, Extra, KindStatus, LabelBody, LabelForm, Limitation, ResourceDescriptor, Statement,
    canonical_of, one_line, parse_strict, plural, sha256_hex, to_canonical,
};
use plimsoll_trust::{ArtifactFile, Attestation, Finding, IdentityRule, Question, Signer, SourceName, TrustPolicy};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

pub(crate) use self::report::report_of;
pub use self::statements::Known;
pub(crate) use self::{
    statements::{countersignatures, known, refuse_unreadable},
    tier::{Given, Rescored, own_subjects},
};
use crate::{Error, Rules, corroborate::signer, label_of};

/// The name of the subject where a label is one.
pub(crate) const LABEL_FILE: &str = "label.json";
/// Subjects that are tried as label.json.
const MOST_TRIED: usize = 8;

/// What is asked of a label.
pub struct VerificationPolicy<'a> {
    /// Fingerprints of the keys of which one has to have signed; any that the trust policy names where there are none.
    pub keys: Vec<String>,
    /// Who has to have signed, where it is not the trust policy that says so.
    pub identity: Option<IdentityRule>,
    /// Who has to vouch for that identity.
    pub issuer: Option<String>,
    /// The repository whose run has to have signed, where a workflow of another one does it.
    pub run_of: Option<SourceName>,
    /// Files that it has to be about: name and SHA-256.
    pub artifacts: Vec<(String, String)>,
    /// The commit that it has to be about.
    pub commit: Option<String>,
    /// Has that commit a plimsoll.toml? An outside view of it is then none.
    pub has_claims: bool,
    /// The evidence that it has to be of.
    pub evidence: Option<&'a [u8]>,
    /// Statements about labels that are known: name and bytes.
    pub with: &'a [(String, Vec<u8>)],
    /// The lowest tier that is enough.
    pub min_tier: Option<u8>,
    /// The most days since the moment that it speaks for.
    pub max_age_days: Option<u32>,
    /// The moment at which it is asked.
    pub now: Timestamp,
}

impl VerificationPolicy<'_> {
    /// Does it say what the certificate of the signer has to say?
    fn names_certificate(&self) -> bool {
        self.identity.is_some() || self.issuer.is_some() || self.run_of.is_some()
    }
}

/// One question and what came of it. The names are stable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Check {
    /// `format`, `signature`, `subject`, `validity`, `age`, `revocation`, `practices`, `evidence`, `countersignature`, `tier`.
    pub name: &'static str,
    /// What came of it.
    pub verdict: CheckVerdict,
    /// Why, in one sentence.
    pub reason: String,
}

/// What came of all questions.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Verification {
    /// Does nothing fail?
    pub verified: bool,
    /// Each question in a fixed order.
    pub checks: Vec<Check>,
    /// Who signed, once the signature was proven.
    pub signer: Option<String>,
    /// The party of the trust policy that this is.
    pub party: Option<String>,
    /// SHA-256 of the canonical statement.
    pub label_digest: Option<String>,
    /// `label`, `source-view` for a view of what the source shows, or `report`; the last two state no tier.
    pub form: Option<&'static str>,
    /// Of a report: which framework it answers, of what, and how much of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
    /// Whose view a source view is, by their own word.
    pub assessor: Option<String>,
    /// The tier that the label states; a source view states none.
    pub stated_tier: Option<u8>,
    /// The tier that can be relied on by this verification: 0 where anything failed.
    pub counted_tier: u8,
    /// What else a person should know.
    pub notes: Vec<String>,
    /// The label, once its signature was proven.
    #[serde(skip)]
    #[schemars(skip)]
    pub label: Option<Statement>,
}

/// A label taken out of what it was signed in.
pub struct SignedLabel {
    /// The label.
    pub statement: Statement,
    /// SHA-256 of label.json: of its canonical bytes, or as its subject names it where a pipeline's tool signed it as a file.
    pub digest: String,
    /// SHA-256 of the canonical bytes of what was signed.
    own: String,
    attestation: Attestation,
    /// Statements that lie in the same file.
    others: Vec<Attestation>,
}

impl SignedLabel {
    /// Takes the one label out of a file: a Sigstore bundle, a DSSE envelope, or several of them in lines.
    ///
    /// Refused: a file without a signed label or with several, JSON in which a name appears twice, another predicate or
    /// another major version of it.
    pub fn read(file: &[u8]) -> Result<Self, Error> {
        let refuse = |reason: String| Error::Bundle { reason };
        let all = Attestation::read_all(file).map_err(|refusal| refuse(refusal.reason))?;
        let is_label = |one: &Attestation| {
            one.statement().is_some_and(|statement| LabelForm::named(&statement.predicate_type).is_some())
        };
        let (mut labels, others): (Vec<_>, Vec<_>) = all.into_iter().partition(is_label);
        let attestation = match (labels.pop(), labels.is_empty()) {
            (Some(one), true) => one,
            (Some(_), false) => return Err(refuse("it holds several labels: give one".to_owned())),
            (None, _) => {
                let found = others.first().and_then(|one| one.statement()).map(|one| one_line(&one.predicate_type));
                return Err(refuse(match found {
                    Some(kind) => format!("it holds no label (the predicate type is \"{kind}\")"),
                    None => "it holds no label".to_owned(),
                }));
            }
        };
        let (Some(payload), Some(read)) = (attestation.payload(), attestation.statement()) else {
            return Err(refuse("nobody has signed it; `plimsoll sign` does".to_owned()));
        };
        let own = sha256_hex(&canonical_of(read.value(), payload)?);
        let statement = label_of(read.value())?;
        let digest = file_digest(&statement).map_or_else(|| own.clone(), ToOwned::to_owned);
        Ok(Self { statement, digest, own, attestation, others })
    }

    /// What comes of its signature: by somebody whom `identity` or the trust policy names, over this statement.
    pub fn signature(&self, trust: &TrustPolicy, asked: &VerificationPolicy<'_>) -> Finding {
        statements::signed_as_asked(&self.attestation, trust, asked)
    }

    /// The digests by which it is meant: that of label.json, and that of what was signed.
    pub(crate) fn digests(&self) -> [&str; 2] {
        [&self.digest, &self.own]
    }
}

/// The digest of label.json, where a statement has that file as a subject in the place of its commit.
fn file_digest(statement: &Statement) -> Option<&str> {
    let has_commit = statement.subject.iter().any(|one| one.digest.contains_key("gitCommit"));
    let mut files = statement.subject.iter().filter(|one| one.name == LABEL_FILE && !has_commit);
    let file = files.next().filter(|_| files.next().is_none())?;
    file.digest.get("sha256").map(String::as_str)
}

/// Asks about a statement whether somebody signed it who was asked for: about what it says itself that it is about.
fn about_itself(attestation: &Attestation, asked: &VerificationPolicy<'_>) -> Question<'static> {
    let digests = attestation.statement().and_then(|statement| statement.subjects.first());
    let digests = digests.map(|subject| subject.digest.clone()).unwrap_or_default();
    Question {
        identity: asked.identity.clone(),
        issuer: asked.issuer.clone(),
        run_of: asked.run_of.clone(),
        named: true,
        ..Question::about(ArtifactFile { digests, ..ArtifactFile::default() }, asked.now)
    }
}

/// Answers everything that `asked` asks of the label or the report in `bundle`, by `trust` and by `rules`.
///
/// An error is what keeps the question from being asked: practices that cannot be read. A label that cannot be read is an
/// answer: no; a statement of `with` that cannot be read may be what ends the label, and the answer to that is no as well.
pub fn verify(
    bundle: &[u8],
    trust: &TrustPolicy,
    rules: &dyn Rules,
    asked: &VerificationPolicy<'_>,
) -> Result<Verification, Error> {
    let read = match report::SignedReport::read(bundle) {
        Some(Ok(signed)) => return report::verify(&signed, trust, rules, asked),
        Some(Err(error)) => Err(error),
        None => SignedLabel::read(bundle),
    };
    let signed = match read {
        Ok(signed) => signed,
        Err(error) => {
            let mut answer = Answer::default();
            answer.failed("format", error.to_string());
            return Ok(answer.done(None, None, 0));
        }
    };
    let body = &signed.statement.predicate;
    let given = match asked.evidence {
        None => None,
        Some(bytes) => {
            let given = Given::read(bytes, body);
            let again = given.label(body, rules.practices()?);
            Some((given, again))
        }
    };
    let rescored = given.as_ref().map(|(given, again)| (given, again));
    let verification = verify_signed(&signed, trust, rules, asked, rescored)?;
    let proven = verification.label_digest.is_some();
    Ok(Verification { label: Some(signed.statement).filter(|_| proven), ..verification })
}

/// The same for a label that was read, and evidence from which the label was computed again.
pub(crate) fn verify_signed(
    signed: &SignedLabel,
    trust: &TrustPolicy,
    rules: &dyn Rules,
    asked: &VerificationPolicy<'_>,
    rescored: Option<Rescored<'_>>,
) -> Result<Verification, Error> {
    let mut answer = Answer::default();
    let body = &signed.statement.predicate;
    let what = match body.form() {
        LabelForm::Label => "a label",
        LabelForm::SourceView => "an outside view, and no maker's label,",
    };
    answer.passed("format", format!("{what} of schema version {}", one_line(&body.schema_version)));
    let finding = signed.signature(trust, asked);
    match &finding.refusal {
        None => answer.passed("signature", told_signer(&finding, trust)),
        Some(refusal) => {
            answer.failed("signature", format!("{}: {}", refusal.layer.as_str(), refusal.reason));
            // What nobody known has signed is not read any further.
            return Ok(answer.done(None, None, 0));
        }
    }
    let known = statements::known(signed, &finding, trust, asked);
    answer.notes.extend(known.notes.iter().cloned());
    subject(&signed.statement, asked, &mut answer);
    validity(&signed.statement, &finding, asked, &mut answer);
    match &known.ended {
        Some(reason) => answer.failed("revocation", reason.clone()),
        None if !known.spoken => {
            answer.not_checked("revocation", "no revocations or later labels were given (--with)");
        }
        None => answer.passed("revocation", "nothing that was given takes it back or follows it"),
    }
    if is_of_worktree(body) {
        answer.note(
            "it is about files of a working copy, which are in no commit: nobody can compute it again".to_owned(),
        );
    }
    if let Some(follows) = &body.follows {
        answer.note(format!(
            "it judges evidence anew by newer advisories; the source itself was examined on {}",
            follows.examined
        ));
    }
    let party = finding.party.as_deref().and_then(|id| trust.party(id));
    if let Some(view) = &body.source_view {
        let name = view.assessor.as_deref();
        match (name, party) {
            (None, _) => answer.failed("format", "an outside view that is signed has to say whose view it is"),
            (Some(name), Some(party)) if party.name != name => answer.note(format!(
                "it is signed by {}, and says that it is the view of {}",
                one_line(&party.name),
                one_line(name)
            )),
            (Some(_), _) => {}
        }
    }
    if let Some(party) = party.filter(|party| !body.product.claimant.is_empty() && party.name != body.product.claimant)
    {
        answer.note(format!(
            "it is signed by {}, and who stands behind the product is {}",
            one_line(&party.name),
            one_line(&body.product.claimant)
        ));
    }
    let is_sound = tier::practices(&signed.statement, rules, rescored.is_some(), &mut answer)?;
    let counted = tier::counted(signed, &known, trust, rules, rescored, &mut answer)?;
    // A tier that does not follow from what stands beside it is none.
    let counted = if is_sound { counted } else { 0 };
    tier::enough(&signed.statement, counted, asked, &mut answer);
    Ok(answer.done(Some(signed), Some((&finding, trust)), counted))
}

fn told_signer(finding: &Finding, trust: &TrustPolicy) -> String {
    let by = finding.signer.as_ref().map(|one| match one {
        // Enough to tell keys apart; the whole stands in the answer for programs.
        Signer::Key { fingerprint, .. } => format!("the key {}...", fingerprint.chars().take(23).collect::<String>()),
        Signer::Certificate { .. } => signer(one),
    });
    let by = by.unwrap_or_default();
    let party = finding.party.as_deref().and_then(|id| trust.party(id));
    let who = party.map_or(by.clone(), |party| format!("{} ({by})", one_line(&party.name)));
    match finding.times.first() {
        Some(time) => format!("by {who} at {time}{}", if finding.logged { ", in a transparency log" } else { "" }),
        None => format!("by {who}; nothing proves when"),
    }
}

fn subject(statement: &Statement, asked: &VerificationPolicy<'_>, answer: &mut Answer) {
    let of = |algorithm: &str, digest: &str| {
        statement.subject.iter().any(|one| one.digest.get(algorithm).is_some_and(|own| own == digest))
    };
    if asked.artifacts.is_empty() && asked.commit.is_none() {
        answer.not_checked("subject", "what it has to be about was not said (--artifact, --repo)");
        return;
    }
    if let Some((name, _)) = asked.artifacts.iter().find(|(_, sha256)| !of("sha256", sha256)) {
        answer.failed("subject", format!("it is not about {}: no subject has its SHA-256", one_line(name)));
        return;
    }
    let is_of = |commit: &str| of("gitCommit", commit) || is_of_commit(statement, commit);
    if let Some(commit) = asked.commit.as_ref().filter(|commit| !is_of(commit)) {
        let own = statement.subject.iter().find_map(|one| one.digest.get("gitCommit"));
        let own = own.map_or("no commit".to_owned(), |own| format!("commit {}", one_line(own)));
        answer.failed("subject", format!("it is about {own}, and not about commit {commit}"));
        return;
    }
    if asked.has_claims && statement.predicate.form() == LabelForm::SourceView {
        answer.failed("subject", "it is an outside view, and its commit has a plimsoll.toml: its maker has spoken");
        return;
    }
    let mut about: Vec<String> = asked.artifacts.iter().map(|(name, _)| one_line(name)).collect();
    about.extend(asked.commit.iter().map(|commit| format!("commit {commit}")));
    if asked.commit.is_some() && is_of_worktree(&statement.predicate) {
        answer.failed("subject", "it is about files of a working copy, which are in no commit");
        return;
    }
    answer.passed("subject", format!("it is about {}", about.join(", ")));
}

/// Is it about files of a working copy, which are in no commit? Labels that an earlier version made say so in a row alone.
fn is_of_worktree(label: &LabelBody) -> bool {
    let says_so = |one: &Limitation| one.kind == "subject" && one.status == KindStatus::Partial;
    label.worktree || label.limitations.iter().any(says_so)
}

/// Is it about this commit by the label.json that it names by digest?
///
/// A pipeline's own tool may sign the predicate of a label under subjects of its own, files alone: label.json and the
/// artifacts. The commit is then in label.json, whose bytes follow from the predicate, the artifacts and the commit.
fn is_of_commit(statement: &Statement, commit: &str) -> bool {
    let named = |one: &ResourceDescriptor| one.digest.get("sha256").cloned();
    let label = |without: &str| {
        let name = &statement.predicate.product.name;
        let mut subject = vec![ResourceDescriptor {
            name: if name.is_empty() { "source".to_owned() } else { name.clone() },
            digest: DigestSet::from([("gitCommit".to_owned(), commit.to_owned())]),
            extra: Extra::new(),
        }];
        let others = statement.subject.iter().filter(|one| named(one).as_deref() != Some(without));
        let mut others: Vec<ResourceDescriptor> = others.cloned().collect();
        others.sort_by(|one, other| (&one.name, &one.digest).cmp(&(&other.name, &other.digest)));
        subject.extend(others);
        to_canonical(&Statement { subject, ..statement.clone() }).map(|bytes| sha256_hex(&bytes))
    };
    let without_commit = statement.subject.iter().all(|one| !one.digest.contains_key("gitCommit"));
    // Each may be the label; a handful of them is tried.
    without_commit
        && statement
            .subject
            .iter()
            .filter_map(named)
            .take(MOST_TRIED)
            .any(|sha256| label(&sha256).is_ok_and(|again| again == sha256))
}

fn validity(statement: &Statement, finding: &Finding, asked: &VerificationPolicy<'_>, answer: &mut Answer) {
    let body = &statement.predicate;
    if body.as_of > asked.now {
        answer.failed("validity", format!("it speaks for {}, which is to come", body.as_of));
    } else if body.expires < asked.now {
        answer.failed("validity", format!("it was good until {}", body.expires));
    } else if let Some(late) = finding.times.iter().find(|time| **time > body.expires) {
        answer.failed("validity", format!("it was signed on {late}, after it had ended"));
    } else {
        answer.passed("validity", format!("it speaks for {} and is good until {}", body.as_of, body.expires));
    }
    days_old(body.as_of, asked, answer);
}

/// Is what speaks for `as_of` young enough?
fn days_old(as_of: Timestamp, asked: &VerificationPolicy<'_>, answer: &mut Answer) {
    let days = asked.now.duration_since(as_of).as_hours() / 24;
    match asked.max_age_days {
        None => answer.not_checked("age", "no greatest age was given (--max-age)"),
        Some(most) if days > i64::from(most) || as_of > asked.now => {
            answer.failed("age", format!("it is {} old, and {most} were asked for", plural(days, "day", "days")));
        }
        Some(most) => answer.passed("age", format!("it is {} old, of at most {most}", plural(days, "day", "days"))),
    }
}

/// The checks so far.
#[derive(Default)]
pub(crate) struct Answer {
    checks: Vec<Check>,
    notes: Vec<String>,
}

impl Answer {
    fn push(&mut self, name: &'static str, verdict: CheckVerdict, reason: impl Into<String>) {
        self.checks.push(Check { name, verdict, reason: reason.into() });
    }

    pub(crate) fn passed(&mut self, name: &'static str, reason: impl Into<String>) {
        self.push(name, CheckVerdict::Passed, reason);
    }

    pub(crate) fn failed(&mut self, name: &'static str, reason: impl Into<String>) {
        self.push(name, CheckVerdict::Failed, reason);
    }

    pub(crate) fn not_checked(&mut self, name: &'static str, reason: impl Into<String>) {
        self.push(name, CheckVerdict::NotChecked, reason);
    }

    pub(crate) fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    fn done(self, signed: Option<&SignedLabel>, by: Option<(&Finding, &TrustPolicy)>, counted: u8) -> Verification {
        let verified = self.checks.iter().all(|check| check.verdict != CheckVerdict::Failed);
        let party = by.and_then(|(finding, trust)| trust.party(finding.party.as_deref()?));
        Verification {
            verified,
            checks: self.checks,
            signer: by.and_then(|(finding, _)| finding.signer.as_ref()).map(signer),
            party: party.map(|party| party.name.clone()),
            label_digest: signed.map(|signed| signed.digest.clone()),
            form: signed.map(|signed| match signed.statement.predicate.form() {
                LabelForm::Label => "label",
                LabelForm::SourceView => "source-view",
            }),
            report: None,
            assessor: signed.and_then(|signed| signed.statement.predicate.source_view.as_ref()?.assessor.clone()),
            stated_tier: signed
                .map(|signed| &signed.statement.predicate)
                .filter(|body| body.form() == LabelForm::Label)
                .map(|body| body.tier.level),
            counted_tier: if verified { counted } else { 0 },
            notes: self.notes,
            label: None,
        }
    }
}

/// SHA-256 of the canonical form of JSON that somebody gives.
pub(crate) fn canonical_digest(json: &[u8]) -> Result<(Value, String), String> {
    let value = parse_strict(json)?;
    let canonical = to_canonical(&value).map_err(|error| error.to_string())?;
    Ok((value, sha256_hex(&canonical)))
}

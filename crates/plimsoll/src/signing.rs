//! What is signed here: labels as they are, and statements about them.

use jiff::Timestamp;
use plimsoll_attest::{PublicPart, Signer, sign};
use plimsoll_model::{
    Auditor, COUNTERSIGNATURE_PREDICATE_TYPE, COUNTERSIGNATURE_SCHEMA_VERSION, Countersignature, DigestSet, Extra,
    LabelForm, REPORT_PREDICATE_TYPE, REVOCATION_PREDICATE_TYPE, REVOCATION_SCHEMA_VERSION, Repeated,
    ResourceDescriptor, Revocation, STATEMENT_TYPE, Statement, canonical_of, one_line, parse_strict, sha256_hex,
    to_canonical,
};
use plimsoll_trust::{ArtifactFile, Attestation, Question, TrustPolicy};
use serde::Serialize;

use crate::{
    Error, SignedLabel, bad_assessor, label_of, tool,
    verify::{LABEL_FILE, report_of},
};

/// Gives the bundle in which `signer` signs a label: its canonical bytes, whatever blanks `label` has. A view of the source is
/// signed with the name of whose view it is, `assessor`; a label is the maker's and has none.
///
/// Refused: what is no label, JSON in which a name appears twice, a view without a name, and a label with one.
pub fn sign_label(label: &[u8], assessor: Option<&str>, signer: &dyn Signer) -> Result<Vec<u8>, Error> {
    let refuse = |reason: String| Error::Label { reason };
    let mut value = parse_strict(label).map_err(refuse)?;
    let statement = label_of(&value)?;
    match (&statement.predicate.source_view, assessor) {
        (None, None) => return Ok(sign(&canonical_of(&value, label)?, signer)?),
        (None, Some(_)) => {
            return Err(refuse(
                "it is a label, and not an outside view: an assessor countersigns it (`plimsoll countersign`)"
                    .to_owned(),
            ));
        }
        (Some(_), None) => {
            return Err(refuse(
                "it is an outside view: signing it says whose view it is (--assessor \"NAME\")".to_owned(),
            ));
        }
        (Some(view), Some(name)) => {
            if let Some(other) = view.assessor.as_deref().filter(|other| *other != name) {
                return Err(refuse(format!("it is the view of \"{}\" already", one_line(other))));
            }
            if let Some(reason) = bad_assessor(name) {
                return Err(refuse(reason));
            }
            let view = value.pointer_mut("/predicate/sourceView").and_then(serde_json::Value::as_object_mut);
            if let Some(view) = view {
                view.insert("assessor".to_owned(), name.into());
            }
        }
    }
    Ok(sign(&to_canonical(&value)?, signer)?)
}

/// Is this the statement of a report, by its predicate type?
pub fn is_report(statement: &[u8]) -> bool {
    let kind =
        |value: serde_json::Value| value.get("predicateType").and_then(|kind| kind.as_str().map(ToOwned::to_owned));
    parse_strict(statement).ok().and_then(kind).as_deref() == Some(REPORT_PREDICATE_TYPE)
}

/// Gives the bundle in which `signer` signs the statement of a report (`plimsoll report --format statement`): its canonical bytes.
///
/// Refused: what is no such statement, and JSON in which a name appears twice.
pub fn sign_report(statement: &[u8], signer: &dyn Signer) -> Result<Vec<u8>, Error> {
    let refuse = |reason: String| Error::Statement { name: "report".to_owned(), reason };
    let value = parse_strict(statement).map_err(refuse)?;
    report_of(&value).map_err(refuse)?;
    Ok(sign(&canonical_of(&value, statement)?, signer)?)
}

/// What is said by whoever countersigns.
pub struct AuditorStatement {
    /// Who.
    pub auditor: Auditor,
    /// When.
    pub time: Timestamp,
    /// Files that were built again: name and SHA-256.
    pub rebuilt: Vec<(String, String)>,
}

/// Gives the bundle in which `signer` countersigns the label with the digest `label`, over the evidence with the digest
/// `evidence`, that was collected and scored again.
pub fn countersign(
    label: &str,
    evidence: &str,
    word: &AuditorStatement,
    signer: &dyn Signer,
) -> Result<Vec<u8>, Error> {
    let digest = |sha256: &str| DigestSet::from([("sha256".to_owned(), sha256.to_owned())]);
    let predicate = Countersignature {
        schema_version: COUNTERSIGNATURE_SCHEMA_VERSION.to_owned(),
        tool: tool(),
        time: word.time,
        auditor: word.auditor.clone(),
        evidence: digest(evidence),
        repeated: vec![Repeated::Score, Repeated::Collect],
        rebuilt: word
            .rebuilt
            .iter()
            .map(|(name, sha256)| ResourceDescriptor {
                name: name.clone(),
                digest: digest(sha256),
                extra: Extra::new(),
            })
            .collect(),
        extra: Extra::new(),
    };
    about(label, LABEL_FILE, COUNTERSIGNATURE_PREDICATE_TYPE, predicate, signer)
}

/// Gives the bundle in which `signer` revokes the label, countersignature or report in `bundle`.
///
/// Refused: a file that does not hold exactly one signed statement.
pub fn revoke(
    bundle: &[u8],
    reason: &str,
    replaced_by: Option<String>,
    time: Timestamp,
    signer: &dyn Signer,
) -> Result<Vec<u8>, Error> {
    let refuse = |reason: String| Error::Bundle { reason };
    let all = Attestation::read_all(bundle).map_err(|refusal| refuse(refusal.reason))?;
    let [one] = all.as_slice() else { return Err(refuse("it holds several statements: give one".to_owned())) };
    let payload =
        one.payload().ok_or_else(|| refuse("nobody has signed it: there is nothing to take back".to_owned()))?;
    let mut target = sha256_hex(&to_canonical(&parse_strict(payload).map_err(refuse)?)?);
    let kind = one.statement().map(|statement| statement.predicate_type.as_str()).unwrap_or_default();
    let name = match kind {
        kind if LabelForm::named(kind).is_some() => {
            // By the one name that all its forms have.
            target = SignedLabel::read(bundle)?.digest;
            LABEL_FILE
        }
        COUNTERSIGNATURE_PREDICATE_TYPE => "countersignature",
        REPORT_PREDICATE_TYPE => "report",
        other => {
            let other = plimsoll_model::one_line(other);
            return Err(refuse(format!(
                "neither a label, a countersignature nor a report (the predicate type is \"{other}\")"
            )));
        }
    };
    let predicate = Revocation {
        schema_version: REVOCATION_SCHEMA_VERSION.to_owned(),
        tool: tool(),
        time,
        reason: reason.to_owned(),
        replaced_by: replaced_by.map(|sha256| DigestSet::from([("sha256".to_owned(), sha256)])),
        extra: Extra::new(),
    };
    about(&target, name, REVOCATION_PREDICATE_TYPE, predicate, signer)
}

/// Is this key one of those that signed the statement in `bundle`?
pub fn is_signed_by(bundle: &[u8], key: &PublicPart) -> bool {
    let mut trust = TrustPolicy::new();
    if trust.attestations_mut().add_keys(key.pem().as_bytes(), None).is_err() {
        return false;
    }
    let Ok(all) = Attestation::read_all(bundle) else { return false };
    all.iter().any(|one| {
        let digests = one.statement().and_then(|statement| statement.subjects.first());
        let digests = digests.map(|subject| subject.digest.clone()).unwrap_or_default();
        let artifact = ArtifactFile { digests, ..ArtifactFile::default() };
        trust.attestations().find(one, &Question::about(artifact, Timestamp::MAX)).is_verified()
    })
}

/// Gives the SHA-256 of a label, signed or not, by its canonical bytes.
pub fn label_digest(file: &[u8]) -> Result<String, Error> {
    let value = parse_strict(file).map_err(|reason| Error::Label { reason })?;
    if value.get("_type").is_some() {
        label_of(&value)?;
        return Ok(sha256_hex(&canonical_of(&value, file)?));
    }
    Ok(SignedLabel::read(file)?.digest)
}

fn about<P: Serialize>(
    sha256: &str,
    name: &str,
    predicate_type: &str,
    predicate: P,
    signer: &dyn Signer,
) -> Result<Vec<u8>, Error> {
    let statement = Statement {
        statement_type: STATEMENT_TYPE.to_owned(),
        subject: vec![ResourceDescriptor {
            name: name.to_owned(),
            digest: DigestSet::from([("sha256".to_owned(), sha256.to_owned())]),
            extra: Extra::new(),
        }],
        predicate_type: predicate_type.to_owned(),
        predicate,
        extra: Extra::new(),
    };
    Ok(sign(&to_canonical(&statement)?, signer)?)
}

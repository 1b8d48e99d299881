//! The library people import: label, outputs, plan, init.
//!
//! One decision shaped this crate: it joins the parts and decides nothing. What is seen is decided by the collectors, what
//! it means by the practices, how it looks by the renderers. The cost is a thin crate; what is won is that the command and
//! any other caller get the same bytes.

mod audit;
mod comparison;
mod corroborate;
mod coverage;
mod dispute;
mod error;
mod evidence_file;
mod forecast;
pub mod init;
mod on_day;
mod outputs;
mod plan;
mod practice_folder;
mod refresh;
mod report;
mod rules;
mod signed_statement;
mod signing;
mod verify;
mod vex;

pub use audit::{
    Audit, Differences, Repository, audit, diff_criteria, diff_entries, diff_evidence, diff_json, differs_beyond,
    kinds_that_rest_on,
};
pub use comparison::{Compare, compare_evidence, compare_labels};
pub use corroborate::{
    CorroborateError, ReadCountersignature, corroborate, read_countersignatures, without_countersignatures,
};
pub use coverage::{CoveredEntry, Crossing, DecidedBy, coverage, coverage_markdown, crosswalk, tally};
pub use dispute::{DisputeError, Issued, dispute};
pub use error::{Error, ForecastError, RefreshError};
pub use evidence_file::read_evidence;
pub use forecast::{Horizon, forecast};
pub use on_day::evidence_on;
pub use outputs::{document_info, label_files, label_outputs, output_files, outputs};
pub use plan::{Group, Plan, Step, plan};
use plimsoll_collect::{Collected, Inputs, Progress, Target};
use plimsoll_model::{CanonicalEvidence, Extra, LabelForm, STATEMENT_TYPE, Statement, Tool};
use plimsoll_practices::Practices;
pub use plimsoll_score::practices_of;
pub use practice_folder::{practices, tools};
pub use refresh::{Refresh, read_any_label, refresh_evidence, refresh_label};
pub use report::{
    CodeHost, Form, MachineFormError, badge_proposals, gemara, machine_form, read_form, report, report_form,
    report_statement,
};
pub use rules::{PracticeFiles, Rules};
use serde::Deserialize as _;
pub use signing::{
    AuditorStatement, countersign, is_report, is_signed_by, label_digest, revoke, sign_label, sign_report,
};
pub use verify::{Check, SignedLabel, Verification, VerificationPolicy, verify};
pub use vex::{VexError, vex_document};

/// A label with what it was computed from.
pub struct Labelled {
    /// Evidence and components.
    pub collected: Collected,
    /// The bytes of the evidence file.
    pub evidence: Vec<u8>,
    /// The label.
    pub statement: Statement,
}

/// This program, as it stands in evidence and label.
pub fn tool() -> Tool {
    Tool { name: "plimsoll".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned(), extra: Extra::new() }
}

/// The names of all kinds that collectors state.
pub fn kind_names() -> Vec<&'static str> {
    plimsoll_collect::kinds().into_iter().map(|(_, kind)| kind.name).collect()
}

/// Collects, assesses and scores one repository.
pub fn label_repository(
    target: &Target,
    inputs: &Inputs,
    practices: &Practices,
    progress: Progress<'_>,
) -> Result<Labelled, Error> {
    let collected = plimsoll_collect::collect(target, inputs, progress)?;
    progress("scoring");
    let canonical = CanonicalEvidence::of(&collected.evidence).map_err(plimsoll_score::ScoreError::from)?;
    let statement = plimsoll_score::score_canonical(&canonical, practices, &tool())?;
    let evidence = canonical.into_bytes();
    Ok(Labelled { collected, evidence, statement })
}

/// Computes the label of an evidence file.
pub fn score(evidence: &[u8], practices: &Practices) -> Result<Statement, Error> {
    let evidence = read_evidence(evidence)?;
    Ok(plimsoll_score::score(&evidence, practices, &tool())?)
}

/// The same with the entries of the catalogs `catalogs` in short; see [`plimsoll_score::with_frameworks`].
pub fn score_for(evidence: &[u8], practices: &Practices, catalogs: &[String]) -> Result<Statement, Error> {
    let evidence = read_evidence(evidence)?;
    let statement = plimsoll_score::score(&evidence, practices, &tool())?;
    Ok(plimsoll_score::with_frameworks(statement, &evidence, practices, catalogs)?)
}

/// Says why the catalogs `catalogs` cannot be put into a label, before anything is collected for it.
pub fn check_catalogs(practices: &Practices, catalogs: &[String]) -> Result<(), Error> {
    plimsoll_score::chosen(practices, catalogs)?;
    Ok(())
}

/// Puts the entries of the catalogs `catalogs` into a label in short; see [`plimsoll_score::with_frameworks`].
pub fn label_for(labelled: Labelled, practices: &Practices, catalogs: &[String]) -> Result<Labelled, Error> {
    let Labelled { collected, evidence, statement } = labelled;
    let statement = plimsoll_score::with_frameworks(statement, &collected.evidence, practices, catalogs)?;
    Ok(Labelled { collected, evidence, statement })
}

/// Reads a label file. What is not a label of schema version `1.x` is refused.
pub fn read_label(bytes: &[u8]) -> Result<Statement, Error> {
    let value = plimsoll_model::parse_strict(bytes).map_err(|reason| Error::Label { reason })?;
    label_of(&value)
}

/// Members of what a statement is signed in.
const SIGNED_MARKS: [&str; 13] = [
    "attestation_bundles",
    "attestations",
    "base64Signature",
    "dsseEnvelope",
    "envelope",
    "mediaType",
    "messageSignature",
    "payload",
    "payloadType",
    "rekorBundle",
    "signatures",
    "verificationMaterial",
    "verification_material",
];

/// Characters of the name of an assessor.
const LONGEST_NAME: usize = 200;

/// Why a name cannot be that of the signer of an outside view.
pub(crate) fn bad_assessor(name: &str) -> Option<String> {
    let is_bad =
        name.trim().is_empty() || plimsoll_model::one_line(name) != name || name.chars().count() > LONGEST_NAME;
    is_bad.then(|| format!("the assessor's name has to be one line of at most {LONGEST_NAME} characters"))
}

/// The same for JSON that was read.
pub(crate) fn label_of(value: &serde_json::Value) -> Result<Statement, Error> {
    let refuse = |reason: String| Error::Label { reason: plimsoll_model::one_line(&reason) };
    if let Some(other) = plimsoll_model::other_document(value, plimsoll_model::Document::Label) {
        return Err(refuse(other.to_owned()));
    }
    plimsoll_model::exact_numbers(value).map_err(refuse)?;
    let statement: Statement =
        Statement::deserialize(value).map_err(|error| refuse(plimsoll_model::unfit(&error, "a label")))?;
    if statement.statement_type != STATEMENT_TYPE {
        return Err(refuse(format!("a statement of another type, \"{}\"", statement.statement_type)));
    }
    let Some(form) = LabelForm::named(&statement.predicate_type) else {
        return Err(refuse(format!("its predicate type is \"{}\"", statement.predicate_type)));
    };
    // One must not pass for the other, whichever of its marks somebody changed.
    if form != statement.predicate.form() {
        return Err(refuse(match form {
            LabelForm::Label => "it says that it is a label and holds a view of the source alone".to_owned(),
            LabelForm::SourceView => "it says that it is a view of the source and holds a label".to_owned(),
        }));
    }
    let assessor = statement.predicate.source_view.as_ref().and_then(|view| view.assessor.as_deref());
    if let Some(reason) = assessor.and_then(bad_assessor) {
        return Err(refuse(reason));
    }
    if form == LabelForm::SourceView && statement.predicate.tier.level > 0 {
        return Err(refuse(format!(
            "a view of the source has no tier, and it states tier {}",
            statement.predicate.tier.level
        )));
    }
    // What looks like a signed label and like a bare one at once would be shown as what nobody signed.
    if let Some(name) = SIGNED_MARKS.iter().find(|name| statement.extra.contains_key(**name)) {
        return Err(refuse(format!("it has a member \"{name}\", which is that of a signed statement")));
    }
    if !plimsoll_model::is_version_one(&statement.predicate.schema_version) {
        return Err(refuse(format!(
            "its schema version is {}; this version of plimsoll reads 1.0, 1.1 and so on",
            statement.predicate.schema_version
        )));
    }
    Ok(statement)
}

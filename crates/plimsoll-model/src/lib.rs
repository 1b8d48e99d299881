//! The words of Plimsoll: facts, subjects, pointers, assurance, outcomes, statements, digests.
//!
//! One decision shaped this crate: evidence is a flat list of facts whose bodies are JSON, and every
//! struct keeps the members it does not know. The cost is that a fact's body is checked by its schema
//! when evidence is read ([`Kinds`]), and by the compiler only where it has a type in [`body`]; what is
//! won is that evidence written by a newer version passes through an older one without loss, and its
//! digest stays the same.

mod assurance;
mod audit;
pub mod body;
mod bounded;
mod canonical;
mod canonical_evidence;
mod comparison;
mod countersignature;
mod digest;
mod dispute;
mod document;
mod epss;
mod every_commit;
mod evidence;
mod fact;
mod finding;
mod forecast;
mod framework;
mod input;
mod kind;
mod kinds;
mod label;
mod org_defaults;
mod readable;
mod report;
mod results;
mod revocation;
mod safe_write;
mod shape;
mod signature_scheme;
mod source_view;
mod strict;
mod text;
pub mod tree_path;
mod wildcard;

pub use assurance::{Assurance, Outcome};
pub use audit::{
    AUDIT_SCHEMA_VERSION, AuditCheck, AuditReport, AuditVerdict, AuditedLabel, Change, CheckVerdict, Difference,
    Judged, Repetition, RepetitionVerdict, Standing,
};
pub use bounded::read_bounded;
pub use canonical::{CanonicalError, canonical_of, to_canonical};
pub use canonical_evidence::CanonicalEvidence;
pub use comparison::{
    COMPARISON_SCHEMA_VERSION, ChangeAbout, ChangeVerdict, Comparison, Direction, LabelChange, Obstacle, ObstacleCause,
    Sides,
};
pub use countersignature::{
    Auditor, COUNTERSIGNATURE_PREDICATE_TYPE, COUNTERSIGNATURE_SCHEMA_VERSION, Countersignature, Repeated,
};
pub use digest::{DigestSet, hex, is_hex, sha256, sha256_hex, urn_uuid};
pub use dispute::{DISPUTE_SCHEMA_VERSION, Dispute, DisputeKind, DisputePlace, DisputeSide, Disputed};
pub use document::{Document, other_document, unfit};
pub use epss::Epss;
pub use every_commit::EveryCommit;
pub use evidence::{
    Artifact, EVIDENCE_SCHEMA_VERSION, Evidence, EvidenceError, Examined, Follows, Input, KindReport, KindStatus, Tool,
};
pub use fact::{Extra, Fact, FactError, Pointer, Subject};
pub use finding::{Finding, FindingException};
pub use forecast::{
    Came, CriterionChange, DayOfChange, FORECAST_SCHEMA_VERSION, Fall, Forecast, Lapse, LapseItem, Level, RowChange,
};
pub use framework::{FrameworkEntry, FrameworkResult};
pub use input::{
    Alone, BUILT_IN_TOOLS, FileInput, Given, INPUTS, InputId, InputRow, Members, Pin, Rests, Taken, digest_alone,
};
pub use kind::{Kind, KindName, Parts};
pub use kinds::{Kinds, schema_generator};
pub use label::{
    Cap, CatalogResult, Claimed, Contradiction, Countersigned, CriterionResult, EntryResult, FaceRow,
    LABEL_PREDICATE_TYPE, LABEL_SCHEMA_VERSION, LabelBody, LabelForm, Limitation, Missing, Product, ResourceDescriptor,
    Rung, SOURCE_VIEW_PREDICATE_TYPE, STATEMENT_TYPE, Statement, Support, TierResult,
};
pub use org_defaults::{DefaultDocument, OrgDefaults};
pub use readable::to_readable;
pub use report::{
    REPORT_PREDICATE_TYPE, REPORT_SCHEMA_VERSION, Report, ReportAnswer, ReportCatalog, ReportCounts, ReportCriterion,
    ReportCrosswalk, ReportEntry, ReportField, ReportInput, ReportIssuer, ReportPlace, ReportSearched, ReportStep,
    ReportSubject,
};
pub use results::{MOST_RESULT_FILES, ResultFile, ResultFiles};
pub use revocation::{REVOCATION_PREDICATE_TYPE, REVOCATION_SCHEMA_VERSION, Revocation};
pub use safe_write::SafeWrite;
pub use signature_scheme::SignatureScheme;
pub use source_view::{Sign, SourceLine, SourceRow, SourceRung, SourceView};
pub use strict::{exact_numbers, parse_strict};
pub use text::{excerpt, is_version_one, names_in, one_line, plural, visible};
pub use wildcard::matches_wildcard;

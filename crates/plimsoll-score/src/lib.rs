//! Assess and score: evidence and practices to a label.
//!
//! Where the maker has not spoken the statement is no label but a view of what the source shows.
//!
//! One decision shaped this crate: it is one pure function. Evidence, practices and the tool's name come in, a statement
//! comes out; there is no clock, no file and no environment. The cost is that whoever calls it has to read and pin all
//! inputs; what is won is that an auditor who has the same inputs gets the same bytes.

mod again;
mod answers;
mod consistency;
mod contradictions;
mod criteria;
mod days;
mod end;
mod entries;
mod face;
mod frameworks;
mod ladder;
mod line_by_line;
mod product;
mod sign;
mod source;

#[cfg(test)]
mod reasons;
#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Mutex,
};

use jiff::Timestamp;
use plimsoll_model::{
    BUILT_IN_TOOLS, CanonicalEvidence, CatalogResult, Contradiction, DigestSet, Evidence, EvidenceError, Extra,
    FaceRow, Input, InputId, KindStatus, LABEL_SCHEMA_VERSION, LabelBody, LabelForm, Limitation, ResourceDescriptor,
    Rung, STATEMENT_TYPE, SourceLine, SourceView, Statement, TierResult, Tool,
    body::{Body as _, BodyError, Claim},
};
use plimsoll_practices::{Environment, Lists, Practices};

pub use answers::{Answers, answers};
pub use consistency::inconsistency;
pub use days::{Days, End, Standing};
pub use frameworks::{chosen, with_frameworks};
pub use line_by_line::{WholeEntry, line_by_line};

/// Places that are kept for one result.
const MOST_POINTERS: usize = 10;
/// Places of one criterion in one file: more lines of it are no other place to look at.
const MOST_POINTERS_OF_FILE: usize = 3;

/// Evidence that gives no label.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScoreError {
    /// It contradicts itself, or is of another version.
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
    /// It cannot be written canonically.
    #[error("the evidence cannot be hashed: {0}")]
    Canonical(#[from] plimsoll_model::CanonicalError),
    /// Its as-of time is so late that no expiry follows it.
    #[error("the as-of time {0} leaves no room for an expiry")]
    AsOf(jiff::Timestamp),
    /// No catalog has the id that was asked for.
    #[error("there is no catalog \"{id}\"{hint}; `plimsoll catalog list` lists them")]
    Catalog {
        /// The id.
        id: String,
        /// The one that may be meant, or nothing.
        hint: String,
    },
    /// Two versions of one framework were asked for.
    #[error("\"{one}\" and \"{other}\" are two versions of one framework, and a label holds one; ask for one of them")]
    TwoVersions {
        /// The one.
        one: String,
        /// The other.
        other: String,
    },
    /// Something that the label shows cannot be read.
    #[error(transparent)]
    Body(#[from] BodyError),
}

/// Gives the label that `evidence` and `practices` come to.
///
/// The order of the facts does not matter. Evidence whose facts are not those that its collectors counted is refused.
pub fn score(evidence: &Evidence, practices: &Practices, tool: &Tool) -> Result<Statement, ScoreError> {
    score_canonical(&CanonicalEvidence::of(evidence)?, practices, tool)
}

/// The same for evidence that was written already.
pub fn score_canonical(
    evidence: &CanonicalEvidence<'_>,
    practices: &Practices,
    tool: &Tool,
) -> Result<Statement, ScoreError> {
    judge(evidence.evidence(), evidence.digest(), practices, tool)
}

/// The same for evidence whose facts are in their order, under the name `digest`: for whoever asks what evidence comes to and
/// hands the label to nobody.
pub fn judge(
    evidence: &Evidence,
    digest: DigestSet,
    practices: &Practices,
    tool: &Tool,
) -> Result<Statement, ScoreError> {
    evidence.check()?;
    let limits = &practices.tiers().limits;
    let lists = Lists::of(evidence.facts.iter(), &practices.reads());
    let environment = Environment::new(&lists, evidence, limits);
    let facts = criteria::by_kind(evidence.facts.iter());
    let criteria = criteria::assess(&evidence.kinds, &facts, practices.criteria().values(), &environment);
    let came =
        come_to(&Known { evidence, facts: &facts, lists: &lists, last: None }, practices, criteria, &environment)?;
    let product = product::of(evidence, practices, &environment)?;
    let name = if product.name.is_empty() { "source".to_owned() } else { product.name.clone() };
    let mut subject = vec![ResourceDescriptor {
        name,
        digest: DigestSet::from([("gitCommit".to_owned(), evidence.subject.commit.clone())]),
        extra: Extra::new(),
    }];
    subject.extend(evidence.subject.artifacts.iter().map(|artifact| ResourceDescriptor {
        name: artifact.name.clone(),
        digest: artifact.digest.clone(),
        extra: Extra::new(),
    }));
    Ok(Statement {
        statement_type: STATEMENT_TYPE.to_owned(),
        subject,
        predicate_type: LabelForm::of(came.source_view.is_some()).predicate_type().to_owned(),
        predicate: LabelBody {
            schema_version: LABEL_SCHEMA_VERSION.to_owned(),
            tool: tool.clone(),
            as_of: evidence.as_of,
            expires: came.expires,
            product,
            tier: came.tier,
            ladder: came.ladder,
            face: came.face,
            source_line: Some(came.source_line),
            source_view: came.source_view,
            contradictions: came.contradictions,
            catalogs: came.catalogs,
            frameworks: Vec::new(),
            criteria: came.criteria.into_values().map(|judged| judged.result).collect(),
            findings: product::findings(evidence)?,
            limitations: limitations(evidence),
            inputs: evidence.inputs.clone(),
            evidence: digest,
            worktree: evidence.subject.worktree,
            follows: evidence.follows.clone(),
            countersigned: product::countersigned(evidence)?,
            practices: practices.digests().clone(),
            practices_of: practices_of(&evidence.inputs, practices),
            extra: Extra::new(),
        },
        extra: Extra::new(),
    })
}

/// What is known of one moment.
struct Known<'e> {
    /// The evidence; of facts that rest on no day it may hold none.
    evidence: &'e Evidence,
    /// All its facts.
    facts: &'e criteria::ByKind<'e>,
    /// The same as expressions read them.
    lists: &'e Lists,
    /// Where several moments are judged: what the one before came to without a word of the maker, and the kinds whose facts may be
    /// others since.
    last: Option<(&'e Mutex<again::Last>, &'e BTreeSet<String>)>,
}

/// What judged criteria come to.
struct Came {
    tier: TierResult,
    ladder: Vec<Rung>,
    face: Vec<FaceRow>,
    source_line: SourceLine,
    source_view: Option<SourceView>,
    contradictions: Vec<Contradiction>,
    catalogs: Vec<CatalogResult>,
    criteria: Judged,
    expires: Timestamp,
}

/// From judged criteria to tier, rows, source line and the end of the label.
fn come_to(
    known: &Known<'_>,
    practices: &Practices,
    criteria: Judged,
    environment: &Environment<'_, '_>,
) -> Result<Came, ScoreError> {
    let evidence = known.evidence;
    let claims = entries::claims(evidence)?;
    let catalogs: Vec<CatalogResult> =
        practices.catalogs().iter().map(|catalog| entries::assess(catalog, &claims, practices, &criteria)).collect();
    // A claims file that is there and cannot be understood must not leave a label as if there were none.
    let unreadable = evidence.kinds.get(Claim::KIND).is_some_and(|report| report.status == KindStatus::Unavailable);
    let found = contradictions::find(practices, practices.catalogs(), &catalogs, &criteria, unreadable);
    let catalogs = contradictions::mark(catalogs, &found.contradictions);
    let (tier, ladder) = ladder::climb(practices, &catalogs, &criteria, found.cap.as_ref());
    let face = face::rows(practices, &catalogs, &criteria, evidence, environment, &found.contradictions);

    let silent = source::Silent::of(known, practices, &criteria);
    let source_line = source::line(practices, &silent);
    let source_view = source::view(evidence, practices, &silent, environment);

    let resting = match &source_view {
        Some(_) => end::resting_on(source::shown(practices), practices),
        None => end::resting(tier.level, practices, &catalogs, &criteria),
    };
    let expires = end::expiry(evidence.as_of, &resting, practices, environment);
    let expires = expires.ok_or(ScoreError::AsOf(evidence.as_of))?;
    // What judged it borrows the criteria.
    drop(silent);
    Ok(Came {
        tier,
        ladder,
        face,
        source_line,
        source_view,
        contradictions: found.contradictions,
        catalogs,
        criteria,
        expires,
    })
}

/// Whose practices a label rests on, where they are others than the built-in ones. Own tools make own practices, since they decide
/// which job of a pipeline is a test.
pub fn practices_of(inputs: &BTreeMap<String, Input>, practices: &Practices) -> Option<String> {
    let tools = inputs.get(InputId::Tools.name());
    let own_tools = tools.is_some_and(|tools| tools.source != BUILT_IN_TOOLS);
    practices.whose().map(str::to_owned).or_else(|| own_tools.then(String::new))
}

/// What was not seen, the widest gaps first.
fn limitations(evidence: &Evidence) -> Vec<Limitation> {
    let mut limitations = Vec::new();
    for (kind, report) in &evidence.kinds {
        let reasons = report.reason.iter().chain(&report.limitations);
        for (number, reason) in reasons.enumerate() {
            let status = if number == 0 && report.reason.is_some() { report.status } else { KindStatus::Searched };
            limitations.push(Limitation {
                kind: kind.clone(),
                collector: report.collector.clone(),
                status,
                reason: reason.clone(),
            });
        }
    }
    if evidence.subject.worktree {
        limitations.push(Limitation {
            kind: "subject".to_owned(),
            collector: String::new(),
            status: KindStatus::Partial,
            reason: "files of a working copy were examined that are in no commit: no one else can compute this label"
                .to_owned(),
        });
    }
    limitations
        .sort_by(|one, other| (one.status, &one.kind, &one.reason).cmp(&(other.status, &other.kind, &other.reason)));
    limitations
}

/// Judged criteria by id.
pub(crate) type Judged = BTreeMap<String, criteria::Judged>;

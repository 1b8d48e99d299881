//! A follow-up label from stored evidence: newer advisories, or countersignatures, without the source.

use jiff::Timestamp;
use plimsoll_advisories::Database;
use plimsoll_model::{DigestSet, Evidence, Follows, Statement, sha256_hex, to_canonical};
use plimsoll_practices::Practices;
use plimsoll_trust::TrustPolicy;

mod evidence;

pub use evidence::refresh_evidence;

use crate::{Error, corroborate, label_digest, label_of, read_evidence, tool};

/// Labels before one that can be named: some years of one a week. One more is refused, as a revocation of a label that is left
/// out would not be honoured.
const MOST_EARLIER: usize = 200;

/// What a label is judged anew with.
pub struct Refresh<'a> {
    /// The label: label.json, or signed.
    pub label: &'a [u8],
    /// Its evidence.
    pub evidence: &'a [u8],
    /// Newer advisory data; without it, advisories and moment stay those of the evidence.
    pub advisories: Option<&'a Database>,
    /// Countersignatures: name and bytes.
    pub with: &'a [(String, Vec<u8>)],
    /// Who is trusted, to judge countersignatures by.
    pub trust: &'a TrustPolicy,
    /// The practices.
    pub practices: &'a Practices,
    /// The moment for which it is judged.
    pub now: Timestamp,
}

/// Gives the evidence and the label that follow.
///
/// Refused: evidence that is not the one of the label, data that is older than what was used, nothing to judge anew with,
/// and a label that has too many before it to name them all. A label that is judged anew by newer advisories names the one that it follows by digest; one to which only
/// countersignatures are added speaks of the same evidence and names the label that those are over.
pub fn refresh_label(asked: &Refresh<'_>) -> Result<(Evidence, Statement), Error> {
    let refuse = |reason| Error::Refresh { reason };
    let label = read_any_label(asked.label)?;
    // By what was written, members that this version does not know included.
    let digest = label_digest(asked.label)?;
    let mut evidence = read_evidence(asked.evidence)?;
    evidence.sort();
    let own = sha256_hex(&to_canonical(&evidence)?);
    if label.predicate.evidence.get("sha256") != Some(&own) {
        return Err(refuse("the evidence that was given is not the one of the label"));
    }
    if asked.advisories.is_none() && asked.with.is_empty() {
        return Err(refuse("nothing to judge it anew with: give --advisories or --with"));
    }
    if let Some(database) = asked.advisories {
        let sha256 = |digest: &str| DigestSet::from([("sha256".to_owned(), digest.to_owned())]);
        let examined = evidence.follows.as_ref().map_or(evidence.as_of, |follows| follows.examined);
        let earlier = earlier(&label, &digest).map_err(refuse)?;
        let follows = Follows { label: sha256(&digest), evidence: sha256(&own), examined, earlier };
        evidence = refresh_evidence(&evidence, database, asked.now, follows, &tool())?;
    }
    if !asked.with.is_empty() {
        evidence = corroborate(&evidence, asked.with, asked.trust, asked.now)?;
    }
    let statement = plimsoll_score::score(&evidence, asked.practices, &tool())?;
    let ids: Vec<String> = label.predicate.frameworks.iter().map(|framework| framework.id.clone()).collect();
    let statement = plimsoll_score::with_frameworks(statement, &evidence, asked.practices, &ids)?;
    Ok((evidence, statement))
}

/// The labels before `label`, which has the digest `digest`: those to which countersignatures were added, and those that it
/// follows itself.
fn earlier(label: &Statement, digest: &str) -> Result<Vec<DigestSet>, &'static str> {
    let body = &label.predicate;
    let before = body.follows.iter().flat_map(|follows| std::iter::once(&follows.label).chain(&follows.earlier));
    let mut earlier: Vec<DigestSet> = Vec::new();
    for one in body.countersigned.iter().map(|one| &one.label).chain(before) {
        let Some(sha256) = one.get("sha256") else {
            return Err("the label names one before it without its SHA-256; make a new one from the source");
        };
        if sha256 == digest || earlier.contains(one) {
            continue;
        }
        if earlier.len() == MOST_EARLIER {
            return Err("the label follows 200 others, and no more can be named; make a new one from the source");
        }
        earlier.push(one.clone());
    }
    Ok(earlier)
}

/// A label as it is, or out of what it was signed in.
pub fn read_any_label(file: &[u8]) -> Result<Statement, Error> {
    let value = plimsoll_model::parse_strict(file).map_err(|reason| Error::Label { reason });
    match value {
        Ok(value) if value.get("_type").is_some() => label_of(&value),
        _ => Ok(crate::SignedLabel::read(file)?.statement),
    }
}

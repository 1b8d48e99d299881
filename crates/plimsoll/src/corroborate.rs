//! Countersignatures put beside the evidence that they are over.
//!
//! One rule shapes it: a countersignature is over evidence as it was collected. What is added here is left out again before
//! the digest is compared, so that one countersignature does not change what another is over.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use plimsoll_collect::{
    Collector as _, Gathered,
    collectors::countersignatures::{COUNTERSIGNATURE, Countersignatures, LOOKED_AT},
};
use plimsoll_model::{
    Assurance, CanonicalError, Countersignature, Evidence, Extra, Input, InputId, KindReport, Pointer, Repeated,
    Subject,
    body::{BodyError, JudgedCountersignature, Product},
    one_line, sha256_hex, to_canonical,
};
use plimsoll_trust::{ArtifactFile, Attestation, Finding, Question, Signer, TrustPolicy, last_day};

use crate::signed_statement::SignedStatement;

/// The inputs that countersignatures are.
const INPUTS: [&str; 2] = [InputId::Countersignatures.name(), InputId::CountersignatureTrust.name()];
/// What a countersignature is whose signature is verified.
const VERIFIED: &str = "verified";
/// Countersignatures of one evidence.
const MOST: usize = 100;

/// Countersignatures that cannot be put beside evidence.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CorroborateError {
    /// A file is no countersignature.
    #[error("{name}: {reason}")]
    File {
        /// The file.
        name: String,
        /// Why.
        reason: String,
    },
    /// There are too many.
    #[error("more than {MOST} countersignatures; give those that matter")]
    TooMany,
    /// Who stands behind the product cannot be read: then nobody is known to be independent of them.
    #[error(transparent)]
    Product(#[from] BodyError),
    /// It cannot be written canonically.
    #[error(transparent)]
    Canonical(#[from] CanonicalError),
}

/// A countersignature that was taken apart and held against a trust policy.
#[derive(Clone, Debug)]
pub struct ReadCountersignature {
    /// SHA-256 of its canonical statement.
    pub statement: String,
    /// What it says.
    pub says: Countersignature,
    /// SHA-256 of the label that it is over.
    pub label: String,
    /// What came of its signature.
    pub finding: Finding,
    /// The last day on which that comes of it, where it ends within a year.
    pub until: Option<Date>,
}

/// Reads the countersignatures of a file, and verifies their signatures against `policy` as of `now`.
///
/// Refused: a file that is no attestation, one that holds anything but countersignatures, a predicate of another major
/// version, one that is dated after `now`, and a statement whose one subject is not a label by its SHA-256.
pub fn read_countersignatures(
    file: &[u8],
    policy: &TrustPolicy,
    now: Timestamp,
) -> Result<Vec<ReadCountersignature>, String> {
    Attestation::read_all(file)
        .map_err(|refusal| format!("no countersignature can be read: {}", refusal.reason))?
        .iter()
        .map(|one| read_countersignature(one, policy, now))
        .collect()
}

/// The same for one attestation.
pub fn read_countersignature(
    attestation: &Attestation,
    policy: &TrustPolicy,
    now: Timestamp,
) -> Result<ReadCountersignature, String> {
    let SignedStatement { predicate: says, subject: label, digest } =
        SignedStatement::<Countersignature>::read(attestation)?;
    if says.time > now {
        return Err(format!("it says that it was made on {}, which is to come", says.time));
    }
    let question = Question { named: true, ..Question::about(ArtifactFile::of_digest("sha256", &label), now) };
    let mut finding = policy.attestations().find(attestation, &question);
    // Of several signatures that of somebody independent is the one that says something; the others take nothing from it.
    let independent = |party: &Option<String>| {
        party.as_deref().and_then(|id| policy.party(id)).is_some_and(|party| party.independent)
    };
    let signers = policy.attestations().signers(attestation);
    if finding.is_verified()
        && !independent(&finding.party)
        && let Some((signer, party)) = signers.into_iter().find(|(_, party)| independent(party))
    {
        finding.signer = Some(signer);
        finding.party = party;
    }
    let until = finding.is_verified().then(|| {
        let ask = |time| policy.attestations().find(attestation, &Question { as_of: time, ..question.clone() });
        last_day(now, |time| ask(time).is_verified())
    });
    Ok(ReadCountersignature { statement: digest, says, label, finding, until: until.flatten() })
}

/// Gives the evidence without any countersignature: what a countersignature is over.
pub fn without_countersignatures(evidence: &Evidence) -> Evidence {
    let mut base = evidence.clone();
    if !base.kinds.contains_key(COUNTERSIGNATURE.name) {
        return base;
    }
    base.facts.retain(|fact| fact.kind != COUNTERSIGNATURE.name);
    let (report, _) = Gathered::searched(&COUNTERSIGNATURE, LOOKED_AT, 0).finish(Countersignatures.name());
    base.kinds.insert(COUNTERSIGNATURE.name.to_owned(), report);
    base.inputs.retain(|name, _| !INPUTS.contains(&name.as_str()));
    base
}

/// Gives `evidence` with the countersignatures of `files` (name and bytes) in the place of those that it had, judged by
/// `policy` as of `now`.
///
/// One that does not count is put in as such, with the reason. Refused is what is no countersignature at all.
pub fn corroborate(
    evidence: &Evidence,
    files: &[(String, Vec<u8>)],
    policy: &TrustPolicy,
    now: Timestamp,
) -> Result<Evidence, CorroborateError> {
    let mut all = Vec::new();
    for (name, bytes) in files {
        let refuse = |reason: String| CorroborateError::File { name: name.clone(), reason };
        all.extend(read_countersignatures(bytes, policy, now).map_err(refuse)?);
    }
    corroborate_by(evidence, &all, policy)
}

/// The same with countersignatures that were read by the same policy.
///
/// The order does not matter. Of the same statement the signature that counts is taken, so that a broken copy laid beside a
/// good one takes nothing away.
pub fn corroborate_by(
    evidence: &Evidence,
    countersignatures: &[ReadCountersignature],
    policy: &TrustPolicy,
) -> Result<Evidence, CorroborateError> {
    let mut evidence = without_countersignatures(evidence);
    evidence.sort();
    let digest = sha256_hex(&to_canonical(&evidence)?);
    let products: Vec<Product> = evidence.bodies().collect::<Result<_, _>>()?;
    let claimant = products.into_iter().find_map(|product| product.claimant);
    let mut best: BTreeMap<&str, (JudgedCountersignature, Assurance)> = BTreeMap::new();
    for read in countersignatures {
        let one = fact(read, (&digest, evidence.as_of), claimant.as_deref(), policy);
        if best.get(read.statement.as_str()).is_none_or(|(known, _)| rank(&one.0) < rank(known)) {
            best.insert(&read.statement, one);
        }
        if best.len() > MOST {
            return Err(CorroborateError::TooMany);
        }
    }
    let digests: Vec<&str> = best.keys().copied().collect();
    let listed = sha256_hex(digests.join("\n").as_bytes());
    let gathered: Vec<_> = best.into_values().collect();
    let mut kind = Gathered::searched(&COUNTERSIGNATURE, LOOKED_AT, gathered.len() as u64);
    for (fact, assurance) in &gathered {
        let pointers = vec![Pointer::artifact(&fact.label)];
        kind.push(Subject::artifact(&fact.statement), *assurance, fact, pointers);
    }
    let (report, facts): (KindReport, _) = kind.finish(Countersignatures.name());
    evidence.kinds.insert(COUNTERSIGNATURE.name.to_owned(), report);
    evidence.facts.extend(facts);
    let input = |source: &str, sha256: String, count: usize| Input {
        source: source.to_owned(),
        count: Some(count as u64),
        digest: BTreeMap::from([("sha256".to_owned(), sha256)]),
        ..Input::default()
    };
    let [given, trust] = INPUTS;
    evidence.inputs.insert(given.to_owned(), input("countersignatures", listed, gathered.len()));
    evidence.inputs.insert(trust.to_owned(), input("trust policy", policy.digest(), policy.file_count()));
    evidence.sort();
    Ok(evidence)
}

/// Of two signatures of the same statement the lower one is taken.
fn rank(fact: &JudgedCountersignature) -> (bool, bool, Option<&str>, Option<&str>) {
    (!fact.counts, fact.verdict != VERIFIED, fact.signer.as_deref(), fact.reason.as_deref())
}

/// Gives `evidence` with the countersignatures of `other`: for another judgement of what `other` was collected from.
pub fn with_countersignatures_of(evidence: &Evidence, other: &Evidence) -> Evidence {
    let mut joined = without_countersignatures(evidence);
    joined.facts.extend(other.facts_of(COUNTERSIGNATURE.name).cloned());
    if let Some(report) = other.kinds.get(COUNTERSIGNATURE.name) {
        joined.kinds.insert(COUNTERSIGNATURE.name.to_owned(), report.clone());
    }
    for name in INPUTS {
        if let Some(input) = other.inputs.get(name) {
            joined.inputs.insert(name.to_owned(), input.clone());
        }
    }
    joined.sort();
    joined
}

fn fact(
    read: &ReadCountersignature,
    (evidence, as_of): (&str, Timestamp),
    claimant: Option<&str>,
    policy: &TrustPolicy,
) -> (JudgedCountersignature, Assurance) {
    let says = &read.says;
    let party = read.finding.party.as_deref().and_then(|id| policy.party(id));
    let over = says.evidence.get("sha256").cloned().unwrap_or_default();
    let same_evidence = over == evidence;
    let reason = doubt(read, policy, claimant).or_else(|| {
        (!same_evidence).then(|| "it is over other evidence than this: have it countersigned anew".to_owned())
    });
    let counts = reason.is_none();
    let mut rebuilt: Vec<String> = says.rebuilt.iter().filter_map(|file| file.digest.get("sha256").cloned()).collect();
    rebuilt.sort();
    rebuilt.dedup();
    let mut repeated = says.repeated.clone();
    repeated.sort();
    repeated.dedup();
    let fact = JudgedCountersignature {
        statement: read.statement.clone(),
        by: party.map_or_else(|| one_line(&says.auditor.name), |party| party.name.clone()),
        role: one_line(&says.auditor.role),
        party: read.finding.party.clone(),
        signer: read.finding.signer.as_ref().map(signer),
        verdict: if read.finding.is_verified() { VERIFIED } else { "not-verified" }.to_owned(),
        independent: party.is_some_and(|party| party.independent),
        declares_independent: says.auditor.independent,
        same_evidence,
        counts,
        reason,
        evidence: over,
        label: read.label.clone(),
        time: says.time.to_string(),
        date: says.time.to_zoned(TimeZone::UTC).date(),
        // Whole days, downwards: a second before is a day before.
        days_after: says.time.duration_since(as_of).as_secs().div_euclid(24 * 60 * 60),
        until: read.until,
        tool: one_line(&format!("{} {}", says.tool.name, says.tool.version)),
        repeated,
        rebuilt,
        extra: Extra::new(),
    };
    (fact, if counts { Assurance::Corroborated } else { Assurance::Observed })
}

/// Why a countersignature is not one by somebody independent who repeated everything; nothing where it is.
///
/// `claimant` is who stands behind the product: they are not independent of themselves, whatever a policy says.
pub fn doubt(read: &ReadCountersignature, policy: &TrustPolicy, claimant: Option<&str>) -> Option<String> {
    let says = &read.says;
    if let Some(refusal) = &read.finding.refusal {
        return Some(format!("its signature is not verified: {}", refusal.reason));
    }
    let Some((id, party)) = read.finding.party.as_deref().and_then(|id| Some((id, policy.party(id)?))) else {
        return Some("the trust policy names no party for who signed it".to_owned());
    };
    let id = one_line(id);
    if !party.independent {
        return Some(format!("the trust policy does not have \"{id}\" as independent of the maker"));
    }
    // However the name is written.
    let letters =
        |name: &str| name.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>().to_lowercase();
    if claimant.is_some_and(|claimant| letters(claimant) == letters(&party.name)) {
        return Some(format!("\"{id}\" is who stands behind the product, and not independent of it"));
    }
    if !says.auditor.independent {
        return Some(format!("\"{id}\" does not declare to be independent of the maker"));
    }
    // A time that a log or an authority proves is later than the word of who signed only where that word is not true.
    if let Some(proven) = read.finding.times.first()
        && *proven < says.time.checked_sub(jiff::SignedDuration::from_hours(24)).unwrap_or(Timestamp::MIN)
    {
        return Some(format!("it says that it was made on {}, and was signed on {proven}", says.time));
    }
    let missing = [Repeated::Collect, Repeated::Score].iter().any(|part| !says.repeated.contains(part));
    missing.then(|| "it does not say that the evidence was collected and the label computed again".to_owned())
}

/// Who signed, in one word.
pub(crate) fn signer(signer: &Signer) -> String {
    match signer {
        Signer::Certificate { identity, .. } => one_line(identity),
        Signer::Key { fingerprint, .. } => fingerprint.clone(),
    }
}

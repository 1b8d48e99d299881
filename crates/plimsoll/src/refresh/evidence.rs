//! Stored evidence judged anew: newer advisory data against the components that were seen, without the source.
//!
//! What is seen of a commit stays as it was seen. Anew are what depends on other data (advisories) or on the day (claims,
//! exceptions and documents that end, the time since the last commit); what can be told only with keys and source at hand
//! keeps the day on which it was told, and says so.

use jiff::{Timestamp, tz::TimeZone};
use plimsoll_advisories::Database;
use plimsoll_collect::{
    Gathered,
    collectors::{
        advisories,
        advisory_data::{self, DATABASE},
        advisory_finding::FINDING,
        exception_use::{self, exceptions_of},
        exploitation,
        sbom::{COMPONENT, LOCKFILE},
    },
    kinds, published_packages,
};
use plimsoll_components::FoundEcosystem;
use plimsoll_model::{
    Evidence, Fact, Follows, Input, InputId, KindReport, KindStatus, Tool,
    body::{AdvisoryFinding, AdvisoryKind, BodyError},
    one_line,
};

use crate::{
    corroborate::without_countersignatures,
    error::RefreshError,
    on_day::{bodies_on, components},
};

/// Gives the evidence that follows `evidence`: for `as_of`, by the advisories of `database`.
///
/// `follows` is the label and evidence that it is made from. Countersignatures are not taken over: they are over the
/// evidence that they are over. Nothing that could not be looked at then is looked at now: a gap stays one.
pub fn refresh_evidence(
    evidence: &Evidence,
    database: &Database,
    as_of: Timestamp,
    follows: Follows,
    tool: &Tool,
) -> Result<Evidence, RefreshError> {
    if as_of < evidence.as_of {
        return Err(RefreshError::Earlier { have: evidence.as_of, asked: as_of });
    }
    let today = as_of.to_zoned(TimeZone::UTC).date();
    let mut fresh = without_countersignatures(evidence);
    bodies_on(&mut fresh, today);
    mark_as_of_first_label(&mut fresh, evidence.as_of);

    let components = components(&fresh)?;
    let found = fresh.bodies::<FoundEcosystem>().collect::<Result<Vec<_>, _>>()?;
    let in_use = advisory_data::in_use(&found, &components);
    let input = advisory_data::input_of(database, &in_use).map_err(RefreshError::Advisories)?;
    not_older(evidence.inputs.get(InputId::Advisories.name()), &input)?;
    let exceptions = exceptions_of(&fresh, &components)?;
    let yanked = yanked(&fresh)?;
    let unlisted = unlisted(&fresh)?;
    let failed = RefreshError::Advisories;
    let mut found = advisories::findings(database, None, &components, &exceptions, today).map_err(failed)?;
    let alike = advisories::of_the_same_name(database, &components, &exceptions, today).map_err(failed)?;
    let said: Vec<&AdvisoryFinding> = found.findings.iter().chain(&alike.findings).collect();
    let exception_kind = exception_use::exception_kind(&exceptions, &said, today);
    let replaced = [
        {
            let packages: Vec<_> = components.iter().flat_map(published_packages).collect();
            let yanked = advisory_data::yanked_of_evidence(&fresh);
            advisory_data::database(Ok(database), &packages, &in_use, yanked, today)
        },
        {
            let known = evidence.kinds.get(FINDING.name);
            let mut kind = Gathered::searched(&FINDING, "lockfiles", known.map_or(0, |report| report.searched_count));
            let (gaps, answers) = advisories::told_of_the_same_name(&alike);
            let open = advisories::undecided(&found.findings).into_iter().chain(found.gaps.iter().cloned());
            let gaps = gaps.into_iter().chain(open).chain(unlisted);
            let answers = answers.into_iter().chain(found.limitations.iter().cloned()).collect();
            told(&mut kind, known, gaps, answers);
            let findings = &mut found.findings;
            // The lists are not asked again: what they said of a flaw is kept, with its day.
            let before = evidence.bodies::<AdvisoryFinding>().collect::<Result<Vec<_>, _>>()?;
            exploitation::keep(&before, findings);
            findings.sort_by(|one, other| (&one.advisory, &one.purl).cmp(&(&other.advisory, &other.purl)));
            for finding in findings {
                advisories::push_finding(&mut kind, finding, pointer_of(&fresh, finding.lockfile.as_deref()));
            }
            kind
        },
        {
            let mut kind = exception_kind;
            if let Some(report) = fresh.kinds.get(kind.kind()) {
                report.reason.iter().for_each(|reason| kind.gap(reason.clone()));
                let of_files = report.limitations.iter().filter(|limitation| !exception_use::is_of_use(limitation));
                of_files.for_each(|limitation| kind.limitation(limitation.clone()));
            }
            kind
        },
    ];
    for gathered in replaced {
        let kind = gathered.kind();
        // What could not be looked at at all is not looked at now; only the data itself is another.
        let blind = fresh.kinds.get(kind).is_some_and(|report| report.status == KindStatus::Unavailable);
        if blind && kind != DATABASE.name {
            continue;
        }
        let (report, facts) = gathered.finish("advisories");
        fresh.facts.retain(|fact| fact.kind != kind);
        fresh.facts.extend(facts);
        fresh.kinds.insert(kind.to_owned(), report);
    }
    // Versions that were taken back are told by an index that is not asked again.
    let taken_back = yanked.len() as u64;
    fresh.facts.extend(yanked);
    if let Some(report) = fresh.kinds.get_mut(FINDING.name) {
        report.count += taken_back;
    }
    fresh.tool = tool.clone();
    fresh.as_of = as_of;
    fresh.follows = Some(follows);
    fresh.inputs.insert(InputId::Advisories.name().to_owned(), input);
    fresh.sort();
    Ok(fresh)
}

/// Refuses data of which a part is older than what was used before, or is no more. Evidence of before ecosystems had data of their
/// own says one date for all.
fn not_older(had: Option<&Input>, given: &Input) -> Result<(), RefreshError> {
    let Some(had) = had else { return Ok(()) };
    let parts = had.parts.iter().map(|(name, part)| (part.date, given.parts.get(name).and_then(|part| part.date)));
    for (had, given) in parts.chain([(had.date, given.date)]) {
        if let (Some(given), Some(had)) = (given, had)
            && given < had
        {
            return Err(RefreshError::OlderData { given, had });
        }
    }
    Ok(())
}

/// Says of what rests on keys, or on a history that goes on, for which day it was told.
fn mark_as_of_first_label(evidence: &mut Evidence, then: Timestamp) {
    // The first day is the one that counts where evidence is judged anew again.
    let then = evidence.follows.as_ref().map_or(then, |follows| follows.examined);
    let told = format!(
        "It was told for {then} and not judged anew: keys that ended and commits that were made since are not seen."
    );
    for (_, kind) in kinds().into_iter().filter(|(_, kind)| kind.of_first_day) {
        if let Some(report) =
            evidence.kinds.get_mut(kind.name).filter(|report| report.status != KindStatus::Unavailable)
            && !report.limitations.contains(&told)
        {
            report.limitations.push(told.clone());
        }
    }
}

/// Findings about versions that were taken back.
fn yanked(evidence: &Evidence) -> Result<Vec<Fact>, BodyError> {
    let mut found = Vec::new();
    for fact in evidence.facts_of(FINDING.name) {
        if fact.body_as::<AdvisoryFinding>()?.kind == AdvisoryKind::Yanked {
            found.push(fact.clone());
        }
    }
    Ok(found)
}

/// What may ship and was not read, by the facts: an earlier version of the program did not call it a gap.
fn unlisted(evidence: &Evidence) -> Result<Vec<String>, BodyError> {
    let mut gaps = Vec::new();
    for ecosystem in evidence.bodies() {
        let FoundEcosystem { name, checked, class, reason, .. } = ecosystem?;
        if !checked && matches!(class.as_str(), "shipped" | "vendored") {
            gaps.push(format!("{} is not checked: {}", one_line(&name), one_line(&reason.unwrap_or_default())));
        }
    }
    Ok(gaps)
}

fn pointer_of(evidence: &Evidence, lockfile: Option<&str>) -> Option<String> {
    let lockfile = lockfile?;
    let pointers =
        evidence.facts_of(LOCKFILE.name).chain(evidence.facts_of(COMPONENT.name)).flat_map(|fact| &fact.pointers);
    pointers.filter(|pointer| pointer.path.as_deref() == Some(lockfile)).find_map(|pointer| pointer.blob.clone())
}

/// Takes over what was told of the kind, and adds what is told now where it is not among that.
fn told(kind: &mut Gathered, known: Option<&KindReport>, gaps: impl Iterator<Item = String>, limitations: Vec<String>) {
    let (reason, before) = match known {
        None => {
            kind.gap("the evidence does not say what was searched");
            ("", &[][..])
        }
        Some(report) => (report.reason.as_deref().unwrap_or_default(), report.limitations.as_slice()),
    };
    if !reason.is_empty() {
        kind.gap(reason);
    }
    gaps.filter(|gap| !reason.contains(gap.as_str())).for_each(|gap| kind.gap(gap));
    for limitation in before {
        kind.limitation(limitation.clone());
    }
    limitations.into_iter().filter(|told| !before.contains(told)).for_each(|told| kind.limitation(told));
}

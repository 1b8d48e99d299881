//! An advisory that holds for a locked package, as a fact.

use plimsoll_model::{
    Evidence, InputId, Kind, Rests,
    body::{ANSWERED_BY_THE_MAKER, AdvisoryFinding},
};

/// The kind of what is known about a locked package.
pub const FINDING: Kind = Kind::of_body::<AdvisoryFinding>("An advisory that holds for a locked package.")
    .resting_on(&[
        Rests::all(InputId::Advisories),
        // Versions that were yanked, and nothing else.
        Rests::called(InputId::RegistryIndex, "yanked"),
        Rests::members(InputId::Vex, &["body/exceptions", "body/handled"]),
        Rests::members(InputId::Kev, &["body/knownExploited"]),
        Rests::members(InputId::Epss, &["body/epss"]),
        Rests::members(InputId::CrateSources, GRAPH),
        Rests::members(InputId::Resolver, GRAPH),
    ])
    .settled(answered_by_name);
/// What is locked is in the repository; how it is reached is what is resolved.
const GRAPH: &[&str] = &["body/path", "body/reach"];

/// The end of such an answer is in no finding.
fn answered_by_name(evidence: &Evidence) -> Option<&'static str> {
    let report = evidence.kinds.get(FINDING.name)?;
    report.limitations.iter().any(|limitation| limitation.ends_with(ANSWERED_BY_THE_MAKER)).then_some(
        "When exceptions end that answer advisories about another package of the same name: that was decided when the \
         evidence was collected.",
    )
}

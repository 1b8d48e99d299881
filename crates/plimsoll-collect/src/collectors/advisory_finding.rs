//! An advisory that holds for a locked package, as a fact.

use plimsoll_model::{InputId, Kind, Rests, body::AdvisoryFinding};

/// The kind of what is known about a locked package.
pub const FINDING: Kind =
    Kind::of_body::<AdvisoryFinding>("An advisory that holds for a locked package.").resting_on(&[
        Rests::all(InputId::Advisories),
        // Versions that were yanked, and nothing else.
        Rests::called(InputId::RegistryIndex, "yanked"),
        Rests::members(InputId::Vex, &["body/exceptions", "body/handled"]),
        Rests::members(InputId::Kev, &["body/knownExploited"]),
        Rests::members(InputId::Epss, &["body/epss"]),
        Rests::members(InputId::CrateSources, GRAPH),
        Rests::members(InputId::Resolver, GRAPH),
    ]);
/// What is locked is in the repository; how it is reached is what is resolved.
const GRAPH: &[&str] = &["body/path", "body/reach"];
